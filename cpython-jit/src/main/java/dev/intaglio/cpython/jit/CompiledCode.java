package dev.intaglio.cpython.jit;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.stencils.Layout;
import java.util.ArrayList;
import java.util.List;

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
    private boolean entered;

    CompiledCode(int id, CodeObject object, long block) {
        this.id = id;
        this.object = object;
        this.block = block;
        profile = new Profile(object, ENTRIES_OF_PLAIN, EXITS);
        profile.backEdges(BACK_EDGES_OF_PLAIN);
    }

    void compilePlain(Api api, CodeBuffer buffer, long optimize, Statistics statistics) {
        long start = System.nanoTime();
        Emission emission = new Emission(object, api, buffer);
        PlainCompiler compiler = new PlainCompiler(emission, profile, optimize, id);
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
        statistics.compiled(false, code.size("code"), code.size("cold"), System.nanoTime() - start);
    }

    /**
     * Compiles the fast form: the first time because plain code has run often enough (back at {@code unit}, or with -1
     * from its start), later because the fast code was left too often at {@code unit}.
     */
    void compileFast(Api api, Routines routines, CodeBuffer buffer, long optimize, Statistics statistics, int unit) {}

    void close() {
        pieces.forEach(Code::close);
    }

    @Override
    public String toString() {
        return object.toString();
    }
}
