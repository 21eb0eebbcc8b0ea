package dev.intaglio.cpython.jit;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Calls;
import dev.intaglio.stencils.Checks;
import dev.intaglio.stencils.Control;
import dev.intaglio.stencils.Frames;
import dev.intaglio.stencils.Layout;
import dev.intaglio.stencils.Objects;
import dev.intaglio.stencils.Registers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One form of one code object while it is emitted: the stencils, the frame's slots, and the ways to the interpreter. */
final class Emission {
    private record Surrender(int stacktop, long instruction, boolean thrown, Instruction at, Reason reason) {}

    final CodeObject code;
    final Api api;
    final Services services;
    final Frames frames;
    final Objects objects;
    final Control control;
    final Calls calls;
    final Checks checks;
    final Label leave = new Label("leave");
    private final Label giveUp = new Label("giveUp");
    private final Map<Surrender, Label> surrenders = new HashMap<>();
    private final List<Runnable> cold = new ArrayList<>();
    private final int frameBytes;

    Emission(CodeObject code, Services services, CodeBuffer buffer) {
        this.code = code;
        this.services = services;
        api = services.api();
        Emitters emitters = services.emitters();
        frames = emitters.frames(buffer);
        objects = emitters.objects(buffer);
        control = emitters.control(buffer);
        calls = emitters.calls(buffer);
        checks = emitters.checks(buffer);
        // Scratch, a spill slot for each local and stack value; entered at 8 modulo 16, six registers pushed.
        int bytes = Registers.SPILLS + 8 * (1 + code.locals() + code.stackSize());
        frameBytes = (bytes + 15) / 16 * 16 + 8;
    }

    /** The displacement of a local's slot from the frame. */
    static int local(int index) {
        return Layout.FRAME_SLOTS + 8 * index;
    }

    /** The displacement of a stack slot from the frame. */
    int stack(int index) {
        return local(code.locals() + index);
    }

    /** Where an unboxed local, or with an index from the number of locals on a stack value, is spilled: from rsp. */
    static int spill(int index) {
        return Registers.SPILLS + 8 * (1 + index);
    }

    void enter(Label here) {
        frames.enter(here, frameBytes, interpreter());
    }

    /** The way to the interpreter in front of an instruction, the stack in its slots. */
    Label before(int unit, int depth, Reason reason) {
        return surrender(new Surrender(code.locals() + depth, code.before(unit), false, code.at(unit), reason));
    }

    /** The way to the interpreter with the exception that an instruction raised. */
    Label raised(Instruction instruction, int depth) {
        long failed = code.instruction(instruction.unit());
        return surrender(new Surrender(code.locals() + depth, failed, true, instruction, Reason.RAISED));
    }

    private Label surrender(Surrender surrender) {
        return surrenders.computeIfAbsent(surrender, s -> new Label());
    }

    /** What is emitted behind the rest. */
    void later(Runnable emitter) {
        cold.add(emitter);
    }

    /** Emits what was left for later, and the common ends. */
    void finish() {
        for (int i = 0; i < cold.size(); i++) {
            cold.get(i).run();
        }
        surrenders.forEach((s, label) -> frames.surrender(
                label, counter(true, s.at(), s.reason()), s.stacktop(), s.instruction(), s.thrown(), giveUp));
        frames.giveUp(giveUp, frameBytes, interpreter());
        frames.leave(leave, frameBytes);
    }

    /** The address of the counter of a way out, or 0. */
    long counter(boolean toInterpreter, Instruction instruction, Reason reason) {
        return services.statistics().counter(toInterpreter, code, instruction, api, reason);
    }

    private long interpreter() {
        return api.of("_PyEval_EvalFrameDefault");
    }

    void at(Instruction instruction) {
        objects.at(code.instruction(instruction.unit()));
    }
}
