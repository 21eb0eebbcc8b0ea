package dev.intaglio.cpython.jit;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Control;
import dev.intaglio.stencils.Layout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One code object with what was compiled of it. It dies with the code object, so no frame runs its code any more. */
final class CompiledCode {
    private static final int ENTRIES_OF_PLAIN = 100;
    private static final int BACK_EDGES_OF_PLAIN = 60;
    private static final int EXITS = 20;
    private static final int MOST_TIMES = 8;

    private final int id;
    private final CodeObject object;
    private final long block;
    private final Profile profile;
    private final List<Code> pieces = new ArrayList<>();
    private long[] plain = {};
    private int times;
    private final Set<Integer> loops = new TreeSet<>();
    private final Set<Integer> exited = new HashSet<>();

    CompiledCode(int id, CodeObject object, long block) {
        this.id = id;
        this.object = object;
        this.block = block;
        profile = new Profile(object, ENTRIES_OF_PLAIN, EXITS);
        profile.backEdges(BACK_EDGES_OF_PLAIN);
    }

    void compilePlain(Services services, CodeBuffer buffer) {
        long start = System.nanoTime();
        Emission emission = new Emission(object, services, buffer);
        PlainCompiler compiler = new PlainCompiler(emission, profile, id);
        compiler.emit();
        Code code = buffer.commit(object.toString());
        pieces.add(code);
        plain = new long[object.units()];
        for (int unit = 0; unit < plain.length; unit++) {
            if (object.reached(unit)) {
                plain[unit] = code.addressOf(compiler.label(unit));
            }
        }
        Native.word(block + Layout.BLOCK_ID, id);
        Native.word(block + Layout.BLOCK_ENTRY, code.addressOf(compiler.entry()));
        services.statistics().compiled(false, code.size("code"), code.size("cold"), System.nanoTime() - start);
    }

    /**
     * Compiles the fast form: the first time because plain code has run often enough (back at {@code unit}, or with -1
     * from its start), later because the fast code was left too often at {@code unit}.
     */
    void compileFast(Services services, CodeBuffer buffer, int unit) {
        if (times >= MOST_TIMES) {
            return;
        }
        long start = System.nanoTime();
        if (unit >= Control.EXIT) {
            learn(services.statistics());
        } else if (unit >= 0) {
            loops.add(unit);
        }
        times++;
        Emission emission = new Emission(object, services, buffer);
        FastStencils stencils = new FastStencils(services.emitters(), buffer);
        FastExits exits = new FastExits(emission, stencils, plain);
        FastContext context = new FastContext(emission, profile, stencils, exits);
        Label entry = new Label("entry");
        FastCompiler compiler = new FastCompiler(emission, new FastOperations(context));
        emission.later(() -> emission.control.counted(
                exits.counted(), profile.sites(), profile.exitCounter(), services.optimize(), id));
        Map<Integer, Label> entries = compiler.emit(entry, loops);
        Code code = buffer.commit(object.toString());
        pieces.add(code);
        profile.exits(EXITS << times);
        entries.forEach((loop, label) -> profile.loopEntry(loop, code.addressOf(label)));
        Native.word(block + Layout.BLOCK_ENTRY, code.addressOf(entry));
        services.statistics().compiled(true, code.size("code"), code.size("cold"), System.nanoTime() - start);
    }

    /** Looks for where fast code was left often: what plain code has noted meanwhile may do there; the second time it did not. */
    private void learn(Statistics statistics) {
        for (int unit = 0; unit < object.units(); unit++) {
            if (object.reached(unit) && profile.leftOften(object.at(unit))) {
                statistics.again(object + " " + object.at(unit));
                if (!exited.add(unit)) {
                    profile.refuse(unit);
                }
            }
        }
        profile.forgetExits();
    }

    void close() {
        pieces.forEach(Code::close);
    }

    @Override
    public String toString() {
        return object.toString();
    }
}
