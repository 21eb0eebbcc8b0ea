package dev.intaglio.cpython.jit;

import dev.intaglio.runtime.Label;

/** Emits the plain form: every instruction that control flow reaches, in order, each with a label that can be entered. */
final class PlainCompiler {
    private final Emission emission;
    private final CodeObject code;
    private final Profile profile;
    private final PlainOperations operations;
    private final Label[] labels;
    private final Label entry = new Label("entry");
    private final long optimize;
    private final int id;

    PlainCompiler(Emission emission, Profile profile, int id) {
        this.emission = emission;
        this.profile = profile;
        optimize = emission.services.optimize();
        this.id = id;
        code = emission.code;
        operations = new PlainOperations(emission, profile, true);
        labels = new Label[code.units()];
        for (int unit = 0; unit < labels.length; unit++) {
            labels[unit] = new Label();
        }
    }

    Label entry() {
        return entry;
    }

    /** The label in front of the instruction at this unit. */
    Label label(int unit) {
        return labels[unit];
    }

    void emit() {
        emission.enter(entry);
        emission.control.countEntry(profile.entryCounter(), optimize, id, -1);
        for (int unit = 0; unit < code.units(); ) {
            Instruction instruction = code.at(unit);
            if (code.reached(unit)) {
                emission.objects.here(labels[unit]);
                emit(instruction, code.depth(unit));
            }
            unit = instruction.next();
        }
        emission.finish();
    }

    private void emit(Instruction instruction, int depth) {
        Opcode opcode = instruction.opcode();
        switch (opcode) {
            case JUMP_FORWARD -> emission.objects.jump(labels[instruction.target()]);
            case JUMP_BACKWARD -> backEdge(instruction, depth);
            case FOR_ITER -> operations.forIter(instruction, depth, labels[instruction.target()]);
            case JUMP_IF_FALSE_OR_POP, JUMP_IF_TRUE_OR_POP ->
                operations.jumpOrPop(instruction, depth, labels[instruction.target()]);
            case BINARY_OP -> {
                code.storeOfSum(instruction).ifPresent(store -> append(instruction, store, depth));
                operations.emit(instruction, depth);
            }
            case RESUME -> {
                emission.at(instruction);
                operations.poll(instruction, instruction.next(), depth);
            }
            default -> {
                if (opcode.popsAndJumps()) {
                    popAndJump(instruction, depth);
                } else {
                    operations.emit(instruction, depth);
                }
            }
        }
    }

    private void append(Instruction sum, Instruction store, int depth) {
        Label other = new Label();
        operations.append(sum, store, depth, other);
        emission.objects.jump(labels[store.next()]);
        emission.objects.here(other);
    }

    private void popAndJump(Instruction instruction, int depth) {
        boolean ifTrue = operations.condition(instruction, depth);
        if (!instruction.opcode().jumpsBackward()) {
            emission.objects.jumpOnInt(ifTrue, labels[instruction.target()]);
            return;
        }
        emission.objects.jumpOnInt(!ifTrue, labels[instruction.next()]);
        backEdge(instruction, depth - 1);
    }

    private void backEdge(Instruction instruction, int depth) {
        int target = instruction.target();
        emission.at(instruction);
        operations.poll(instruction, target, depth);
        emission.control.backEdge(profile.loop(target), 8, optimize, id, target, labels[target]);
    }
}
