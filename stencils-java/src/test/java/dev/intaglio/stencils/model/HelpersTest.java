package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RSI;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Helpers;
import dev.intaglio.stencils.HelpersCopyAndPatchEmitter;
import dev.intaglio.stencils.HelpersEmitter;
import org.junit.jupiter.api.Test;

class HelpersTest extends StencilTest<Helpers> {
    HelpersTest() {
        super(Helpers.class, HelpersEmitter::new, HelpersCopyAndPatchEmitter::new, HelpersModel::new);
    }

    @Test
    void cFunctionsChangeNoRegisterOfFastCode() {
        check(s -> {
            s.returnTo("caller", s.coin());
            long function = s.function("PyLong_FromLong", RDI, RSI, 16);
            s.m.reply("PyLong_FromLong", s.random.nextLong());
            int kind = s.random.nextInt(3);
            return helpers -> helpers.call(new Label("here"), function, kind == 1, kind == 2);
        });
    }

    @Test
    void aFreeFloatIsTakenFirst() {
        check(s -> {
            s.returnTo("caller", s.coin());
            long free = s.rarely(3) ? 0 : s.allocate(24);
            if (free != 0) {
                s.m.store(free + Helpers.FLOAT_NEXT_FREE, s.coin() ? 0 : s.allocate(24));
            }
            s.m.store(s.interpreter() + Helpers.INTERPRETER_FREE_FLOAT, free);
            s.m.store4(s.interpreter() + Helpers.INTERPRETER_FREE_FLOATS, s.oneOf(1, 2, 100));
            s.m.set(RAX, Double.doubleToRawLongBits(s.aDouble()));
            long type = s.type();
            return helpers -> helpers.boxFloat(new Label("here"), type, s.label("slow"));
        });
    }

    @Test
    void smallIntsAreTheOnesThatExist() {
        check(s -> {
            s.returnTo("caller", s.coin());
            long smallInts = s.allocate(Helpers.SMALL_INTS * Helpers.SMALL_INT_BYTES);
            s.m.set(RAX, s.coin() ? s.random.nextInt(264) - 6 : s.oneOf(-6L, -5L, 0L, 256L, 257L, s.anInt()));
            return helpers -> helpers.boxInt(new Label("here"), smallInts, s.label("slow"));
        });
    }

    @Test
    void freeFloatsAreKeptUpToALimit() {
        check(s -> {
            s.returnTo("caller", s.coin());
            s.m.store(s.interpreter() + Helpers.INTERPRETER_FREE_FLOAT, s.coin() ? 0 : s.allocate(24));
            s.m.store4(s.interpreter() + Helpers.INTERPRETER_FREE_FLOATS, s.oneOf(0, 1, 98, 99, 100, 101));
            s.m.set(RDI, s.floatObject(s.type(), s.aDouble()));
            return helpers -> helpers.dropFloat(new Label("here"), s.label("slow"));
        });
    }
}
