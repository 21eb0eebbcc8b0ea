package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R13;
import static dev.intaglio.stencils.model.Machine.R15;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RDX;
import static dev.intaglio.stencils.model.Machine.RSI;
import static dev.intaglio.stencils.model.Machine.RSP;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Frames;
import dev.intaglio.stencils.FramesCopyAndPatchEmitter;
import dev.intaglio.stencils.FramesEmitter;
import org.junit.jupiter.api.Test;

class FramesTest extends StencilTest<Frames> {
    FramesTest() {
        super(Frames.class, FramesEmitter::new, FramesCopyAndPatchEmitter::new, FramesModel::new);
    }

    @Test
    void codeThatHasAnEntryRunsAndOtherCodeCountsDown() {
        check(s -> {
            int index = s.oneOf(0, 1, 7, 40);
            long block = s.allocate(Frames.BLOCK_BYTES);
            s.m.store(block + Frames.BLOCK_ENTRY, s.coin() ? s.bench.door("compiled code") : 0);
            s.m.store(block + Frames.BLOCK_COUNTER, s.oneOf(1L, 2L, 50L));
            long code = code(s, s.oneOf(9, 100));
            long extra = s.allocate(400);
            s.m.store(code + Frames.CODE_EXTRA, extra);
            s.m.store(extra + Frames.EXTRA_SIZE, index + 1L);
            s.m.store(extra + Frames.EXTRA_ITEMS + 8L * index, block);
            return evaluate(s, index, block);
        });
    }

    @Test
    void codeSeenForTheFirstTimeGetsABlock() {
        check(s -> {
            int index = s.oneOf(0, 1, 7);
            long code = code(s, s.oneOf(9, 139, 140, 141, 172, 173, 174, 176, 177));
            if (s.coin()) {
                long extra = s.allocate(400);
                s.m.store(code + Frames.CODE_EXTRA, extra);
                s.m.store(extra + Frames.EXTRA_SIZE, s.oneOf(index, index + 1));
            }
            long block = s.rarely(5) ? 0 : s.allocate(Frames.BLOCK_BYTES);
            s.m.reply("PyMem_Calloc", block);
            return evaluate(s, index, block);
        });
    }

    private static java.util.function.Consumer<Frames> evaluate(Scene s, int index, long block) {
        s.returnTo("caller", true);
        s.m.set(RDI, s.thread());
        s.m.set(RSI, s.frame());
        s.m.set(RDX, s.rarely(5) ? 1 : s.random.nextLong() << 32);
        long interpreter = s.bench.door("interpreter");
        long compile = s.function("compile", RDI, RSI);
        if (block != 0 && s.coin()) {
            s.m.reply("compile", 0, block + Frames.BLOCK_ENTRY, s.bench.door("compiled code"));
        }
        long allocate = s.function("PyMem_Calloc", RDI, RSI);
        long setExtra = s.function("_PyCode_SetExtra", RDI, RSI, RDX);
        int warm = s.oneOf(1, 2, 100);
        return frames -> frames.evaluate(index, warm, interpreter, compile, allocate, setExtra);
    }

    /** The frame's code: some units, among them one of this opcode. */
    private static long code(Scene s, int opcode) {
        int units = 1 + s.random.nextInt(20);
        long code = s.object(s.type(), Frames.CODE_BYTECODE + 64);
        s.m.store(code + Frames.CODE_UNITS, units);
        for (int i = 0; i < units; i++) {
            s.m.store1(code + Frames.CODE_BYTECODE + 2L * i, 9);
            s.m.store1(code + Frames.CODE_BYTECODE + 2L * i + 1, 140); // an argument, no jump
        }
        s.m.store1(code + Frames.CODE_BYTECODE + 2L * s.random.nextInt(units), opcode);
        s.m.store(s.frame() + Frames.FRAME_CODE, code);
        return code;
    }

    @Test
    void onlyBlocksThatWereCompiledAreToldOf() {
        check(s -> {
            s.returnTo("caller", true);
            long block = s.allocate(Frames.BLOCK_BYTES);
            s.m.store(block + Frames.BLOCK_ID, s.oneOf(0L, 1L, 1L << 40));
            s.m.set(RDI, block);
            long forget = s.function("forget", RDI);
            long free = s.bench.door("PyMem_Free");
            return frames -> frames.release(new Label("here"), forget, free);
        });
    }

    @Test
    void enteringLinksTheFrameAndTheLimitAndTracingAreTheInterpretersMatter() {
        check(s -> {
            s.returnTo("caller", true);
            s.m.set(RDI, s.thread());
            s.m.set(RSI, s.frame());
            long cFrame = s.allocate(Frames.CFRAME_BYTES);
            s.m.store(cFrame + Frames.CFRAME_CURRENT_FRAME, s.objectOrNull());
            s.m.store1(cFrame + Frames.CFRAME_USE_TRACING, s.oneOf(0, 0, 255));
            s.m.store(s.thread() + Frames.THREAD_CFRAME, cFrame);
            s.m.store(s.thread() + Frames.THREAD_INTERPRETER, s.interpreter());
            s.m.store4(s.thread() + Frames.THREAD_RECURSION_REMAINING, s.oneOf(-1, 0, 1, 1000));
            long interpreter = s.bench.door("interpreter");
            int bytes = s.oneOf(24, 40, 120, 136, 520);
            return frames -> frames.enter(new Label("here"), bytes, interpreter);
        });
    }

    @Test
    void leavingRestoresEverythingAndHandsTracingOn() {
        check(s -> {
            int bytes = bytesOfAnEnteredFrame(s);
            return frames -> frames.leave(new Label("here"), bytes);
        });
    }

    @Test
    void givingUpRestoresEverythingButTheFrame() {
        check(s -> {
            int bytes = bytesOfAnEnteredFrame(s);
            s.m.beginInCold();
            long interpreter = s.bench.door("interpreter");
            return frames -> frames.giveUp(new Label("here"), bytes, interpreter);
        });
    }

    private static int bytesOfAnEnteredFrame(Scene s) {
        int bytes = s.oneOf(24, 40, 120, 136, 520);
        long cFrame = s.allocate(Frames.CFRAME_BYTES);
        long ours = s.m.get(RSP);
        s.m.store(ours + Frames.CFRAME_PREVIOUS, cFrame);
        s.m.store1(ours + Frames.CFRAME_USE_TRACING, s.oneOf(0, 255));
        s.m.store(ours + bytes + 48, s.bench.door("caller"));
        s.m.set(R13, s.frame());
        s.m.set(R15, s.thread());
        return bytes;
    }

    @Test
    void theInterpreterIsToldWhereItStands() {
        check(s -> {
            s.m.beginInCold();
            long counter = s.coin() ? 0 : s.allocate(8);
            int stacktop = s.oneOf(0, 1, 200, 1 << 20);
            long instruction = s.instruction();
            boolean thrown = s.coin();
            return frames ->
                    frames.surrender(new Label("here"), counter, stacktop, instruction, thrown, s.label("giveUp"));
        });
    }

    @Test
    void aForkedChildAsksJavaForNothing() {
        check(s -> {
            s.returnTo("caller", true);
            long processId = s.function("getpid");
            s.m.reply("getpid", s.oneOf(4711, 4712));
            long function = s.bench.door("a function of the Java side");
            return frames -> frames.gate(new Label("here"), processId, 4711, function);
        });
    }
}
