package dev.intaglio.cpython.jit;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Pointer;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Frames;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The compiler as CPython sees it: a frame evaluation function, and what that function and compiled code ask Java for. All
 * of it runs with the GIL held.
 */
public final class Jit {
    /** A call from machine code. */
    interface Request extends Callback {
        /** The arguments are a code object's and its block's address, or the number of a unit and an instruction. */
        void invoke(long first, long second);
    }

    /** A call from machine code for a block whose code object dies. */
    interface Death extends Callback {
        void invoke(long block);
    }

    /** Calls in the interpreter before code without a loop is compiled. */
    private static final int WARM = 120;

    private static final int BUFFER_BYTES = 4 << 20;
    private static final long CACHE_BYTES = 256L << 20;
    private static final boolean TRACE = Boolean.getBoolean("intaglio.trace");

    private final Api api;
    private final CodeCache cache;
    private final Statistics statistics;
    private final Emitters emitters;
    private final Map<Integer, CompiledCode> compiled = new HashMap<>();
    private final List<Object> kept = new ArrayList<>();
    private Services services;
    private int ids;

    /**
     * A compiler for the libpython whose symbols these are.
     *
     * @param emitters where the stencils come from
     * @param countExits whether compiled code counts its exits
     */
    public Jit(ToLongFunction<String> symbols, Emitters emitters, boolean countExits) {
        api = new Api(symbols);
        this.emitters = emitters;
        statistics = new Statistics(countExits);
        cache = CodeCache.options()
                .size(CACHE_BYTES)
                .near(api.of("_PyEval_EvalFrameDefault"), api.of("PyFloat_Type"))
                .create();
    }

    /**
     * Emits the frame evaluation function, and the free function of the blocks that it hangs into code objects.
     *
     * @param extraIndex reserves the index of our block among a code object's extras, given the blocks' free function
     * @return the address of the frame evaluation function
     */
    public long evaluator(java.util.function.LongUnaryOperator extraIndex) {
        try (CodeBuffer buffer = cache.newBuffer(1 << 16)) {
            Frames frames = emitters.frames(buffer);
            Label release = new Label("release");
            long forget = gate(buffer, (Death) this::forget);
            frames.release(release, forget, api.of("PyMem_RawFree"));
            Code code = buffer.commit("release");
            kept.add(code);
            long compile = gate(buffer, (Request) this::compile);
            int index = (int) extraIndex.applyAsLong(code.addressOf(release));
            frames.evaluate(
                    index,
                    WARM,
                    api.of("_PyEval_EvalFrameDefault"),
                    compile,
                    api.of("PyMem_RawCalloc"),
                    api.of("_PyCode_SetExtra"));
            Code evaluate = buffer.commit("evaluate");
            kept.add(evaluate);
            Routines routines = new Routines(emitters, api, buffer, evaluate.address());
            kept.add(routines.code());
            services = new Services(emitters, api, routines, statistics, gate(buffer, (Request) this::optimize));
            return evaluate.address();
        }
    }

    /** Tells what was compiled. */
    public void printStatistics(PrintStream out) {
        statistics.print(out);
    }

    /** The address of machine code that calls back, unless in a forked child. */
    private long gate(CodeBuffer buffer, Callback callback) {
        kept.add(callback);
        Label gate = new Label("gate");
        emitters.frames(buffer)
                .gate(
                        gate,
                        api.of("getpid"),
                        (int) ProcessHandle.current().pid(),
                        Pointer.nativeValue(CallbackReference.getFunctionPointer(callback)));
        Code code = buffer.commit("gate");
        kept.add(code);
        return code.address();
    }

    private void compile(long code, long block) {
        try {
            CodeObject object = new CodeObject(code);
            if (!object.isPlainFunction()) {
                statistics.refused("generators, coroutines, modules, classes");
                return;
            }
            if (object.unknown().isPresent() && !object.loops()) {
                statistics.refused(
                        "straight code with opcode " + object.unknown().get().number());
                return;
            }
            object.unknown().ifPresent(i -> statistics.refused("from opcode " + i.number() + " on"));
            int id = ++ids;
            CompiledCode unit = new CompiledCode(id, object, block);
            compiled.put(id, unit);
            try (CodeBuffer buffer = cache.newBuffer(BUFFER_BYTES)) {
                unit.compilePlain(services, buffer);
            }
            trace("plain " + object);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void optimize(long id, long unit) {
        try {
            CompiledCode code = compiled.get((int) id);
            try (CodeBuffer buffer = cache.newBuffer(BUFFER_BYTES)) {
                code.compileFast(services, buffer, (int) unit);
            }
            trace("fast " + code);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void forget(long block) {
        CompiledCode code = compiled.remove((int) Native.word(block + dev.intaglio.stencils.Layout.BLOCK_ID));
        if (code != null) {
            code.close();
        }
    }

    /** Code that cannot be compiled stays with the interpreter; what went wrong is ours, not the program's. */
    private void failed(Throwable e) {
        statistics.refused(e.toString());
        if (TRACE) {
            e.printStackTrace();
        }
    }

    private static void trace(String text) {
        if (TRACE) {
            System.err.println("intaglio: " + text);
        }
    }
}
