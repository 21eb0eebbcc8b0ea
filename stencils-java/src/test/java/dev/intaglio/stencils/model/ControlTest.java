package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RCX;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RDX;
import static dev.intaglio.stencils.model.Machine.RSI;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Control;
import dev.intaglio.stencils.ControlCopyAndPatchEmitter;
import dev.intaglio.stencils.ControlEmitter;
import org.junit.jupiter.api.Test;

class ControlTest extends StencilTest<Control> {
    ControlTest() {
        super(Control.class, ControlEmitter::new, ControlCopyAndPatchEmitter::new, ControlModel::new);
    }

    @Test
    void theEvalBreakerIsPolled() {
        check(s -> {
            s.m.store4(s.interpreter() + Control.INTERPRETER_EVAL_BREAKER, s.oneOf(0, 0, 1, 256, -1));
            return control -> control.poll(s.label("pending"));
        });
    }

    @Test
    void pendingCallsAreServedAndExceptionsAreTheInterpretersMatter() {
        check(s -> {
            long makePendingCalls = s.function("Py_MakePendingCalls");
            long save = s.function("PyEval_SaveThread");
            long restore = s.function("PyEval_RestoreThread", RDI);
            s.m.reply("Py_MakePendingCalls", s.oneOf(0L, 0L, -1L, 0xFFFF_FFFFL));
            s.m.reply("PyEval_SaveThread", s.thread());
            s.m.store(s.thread() + Control.THREAD_ASYNC_EXCEPTION, s.objectOrNull());
            s.m.beginInCold();
            Label start = new Label("start");
            return control -> control.serve(
                    start,
                    makePendingCalls,
                    save,
                    restore,
                    s.label("failed"),
                    s.label("asynchronous"),
                    s.label("done"));
        });
    }

    @Test
    void backEdgesCountAndAskForFasterCode() {
        check(s -> {
            long cell = s.allocate(256);
            int counter = s.oneOf(8, 16, 120, 128);
            long faster = s.bench.door("faster code");
            s.m.store(cell, s.rarely(3) ? faster : 0);
            s.m.store(cell + counter, s.oneOf(1L, 1L, 2L, 1000L, 0L));
            long optimize = s.function("optimize", RDI, RSI);
            if (s.coin()) {
                s.m.reply("optimize", 0, cell, faster);
            }
            int id = s.oneOf(0, 1, 500, 1 << 20);
            int unit = s.oneOf(0, 1, 500, 1 << 20);
            return control -> control.backEdge(cell, counter, optimize, id, unit, s.label("loop"));
        });
    }

    @Test
    void entriesCountAndAskForFasterCode() {
        check(s -> {
            long counter = s.allocate(8);
            s.m.store(counter, s.oneOf(1L, 2L, 0L));
            long optimize = s.function("optimize", RDI, RSI);
            int id = s.oneOf(0, 1, 500, 1 << 20);
            return control -> control.countEntry(counter, optimize, id, -1);
        });
    }

    @Test
    void exitsCountAndAskForNewCode() {
        check(s -> {
            long counter = s.allocate(8);
            s.m.store(counter, s.oneOf(1L, 2L, 0L));
            long optimize = s.function("optimize", RDI, RSI);
            long sites = s.allocate(80);
            s.m.set(RCX, s.index());
            s.m.set(RDX, s.bench.door("slower code"));
            int id = s.oneOf(0, 1, 500, 1 << 20);
            s.m.beginInCold();
            Label start = new Label("start");
            return control -> control.counted(start, sites, counter, optimize, id);
        });
    }

    @Test
    void anExitSaysWhereItWasAndWhereToGoOn() {
        check(s -> {
            long slower = s.bench.door("slower code");
            int site = s.oneOf(0, 1, 500, 1 << 20);
            s.m.beginInCold();
            return control -> control.exit(site, slower, s.label("counted"));
        });
    }
}
