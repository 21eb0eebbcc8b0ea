package dev.intaglio.stencils.model;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Exits;
import dev.intaglio.stencils.ExitsCopyAndPatchEmitter;
import dev.intaglio.stencils.ExitsEmitter;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ExitsTest extends StencilTest<Exits> {
    ExitsTest() {
        super(Exits.class, ExitsEmitter::new, ExitsCopyAndPatchEmitter::new, ExitsModel::new);
    }

    /** Checks what follows the beginning of an exit. */
    private void checkExit(Function<Scene, Consumer<Exits>> exit) {
        check(s -> {
            s.m.beginInCold();
            Label start = new Label("start");
            long counter = s.coin() ? 0 : s.allocate(8);
            Consumer<Exits> rest = exit.apply(s);
            return exits -> {
                exits.here(start, counter);
                rest.accept(exits);
            };
        });
    }

    @Test
    void exitsCountThemselves() {
        checkExit(s -> exits -> {});
    }

    @Test
    void unboxedValuesBecomeObjectsInTheirSlots() {
        checkExit(s -> {
            long boxFloat = s.boxRoutine("boxFloat");
            long boxInt = s.boxRoutine("boxInt");
            s.m.reply("boxFloat", s.object());
            s.m.reply("boxInt", s.object());
            s.m.reply("boxInt", s.object());
            int[] slots = {s.slot(), s.slot(), s.slot()};
            int spill = s.spill();
            int xmm = s.floats(1)[0];
            int register = s.registers(1)[0];
            return exits -> {
                exits.boxFloat(slots[0], xmm, boxFloat);
                exits.boxInt(slots[1], register, boxInt);
                exits.boxSpilled(slots[2], spill, boxInt);
            };
        });
    }

    @Test
    void objectsGetAReferenceForEachSlot() {
        checkExit(s -> {
            int from = s.slot(s.object());
            int[] to = {s.slot(), s.slot()};
            long object = s.object();
            return exits -> {
                exits.duplicate(to[0], from);
                exits.constant(to[1], object);
            };
        });
    }

    @Test
    void exitsEndInJumps() {
        checkExit(s -> exits -> exits.jump(s.label("slower")));
        checkExit(s -> {
            long door = s.bench.door("slower code elsewhere");
            return exits -> exits.jumpTo(door);
        });
    }
}
