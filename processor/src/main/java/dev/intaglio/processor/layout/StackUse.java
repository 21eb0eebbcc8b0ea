package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.peephole.Changes;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What an instruction does with the stack, under a stencil's own frame or none. */
record StackUse(Instruction instruction, Prologue prologue) {
    private static final int RSP = 4;
    private static final int RBP = 5;
    private static final int WORD = 8;

    /** Instructions that change rsp or rbp without naming them, and of which the table does not tell all. */
    private static final Set<String> OPAQUE =
            Set.of("enter", "leave", "iret", "iretd", "iretq", "popf", "popfq", "pushf", "pushfq", "sysexit", "sysret");

    /** Whether control leaves the piece: by a return, or by a jump to an address or through a register or memory. */
    static boolean leavesPiece(Instruction instruction) {
        return instruction.mnemonic().startsWith("ret")
                || instruction.mnemonic().equals("jmp")
                        && !(instruction.operands().get(0) instanceof Operand.LabelTarget);
    }

    /** Whether an instruction does more to rsp and rbp than reading what lies on the stack. */
    static boolean changesFrame(Instruction instruction) {
        boolean touches = (registersChanged(instruction) & (1 << RSP | 1 << RBP)) != 0;
        return touches && !instruction.mnemonic().equals("call") && !leavesPiece(instruction)
                || instruction.mnemonic().startsWith("j") && isConditionalExit(instruction);
    }

    /** The state behind the instruction, which makes no mistake in the state before it. */
    StackState after(StackState state) {
        if (takesDown(state)) {
            return afterTakingDown(state);
        }
        return state.withPushed(state.pushed() + pushes());
    }

    /** Whether the instruction takes down a part of the frame: the prologue's counterpart. */
    boolean takesDown(StackState state) {
        if (state.isDown() || state.pushed() > 0) {
            return false;
        }
        String text = instruction.toString();
        boolean byPointer = prologue.pointer() && (text.equals("mov rsp, rbp") || text.equals("leave"));
        return state.frame() && (freesFrame() || byPointer)
                || !state.frame() && state.base() && (text.equals("pop rbp") || byPointer);
    }

    private StackState afterTakingDown(StackState state) {
        String text = instruction.toString();
        if (text.equals("leave") || text.equals("pop rbp")) {
            return StackState.DOWN;
        }
        return new StackState(false, true, 0);
    }

    private boolean freesFrame() {
        int bytes = prologue.bytes().orElse(0);
        OptionalInt added = Prologue.constantTo("add", instruction);
        return added.isPresent() && added.getAsInt() == bytes
                || instruction.toString().equals("lea rsp, [rsp + " + bytes + "]");
    }

    /** The bytes by which rsp goes down. */
    private int pushes() {
        OptionalInt subtracted = Prologue.constantTo("sub", instruction);
        OptionalInt added = Prologue.constantTo("add", instruction);
        return switch (instruction.mnemonic()) {
            case "push" -> WORD;
            case "pop" -> -WORD;
            default -> subtracted.orElse(0) - added.orElse(0);
        };
    }

    /** Why the frame cannot be shared, because of this instruction. */
    Optional<String> mistake(StackState state) {
        if (takesDown(state)) {
            return Optional.empty();
        }
        if (instruction.mnemonic().equals("call")) {
            return instruction.operands().get(0) instanceof Operand.LabelTarget
                    ? Optional.of("a call of lines of the piece, which may return under another stack")
                    : Optional.empty();
        }
        boolean isOut = leavesPiece(instruction) || leavesStencil();
        if (isOut && !state.isDown()) {
            return Optional.of("'" + instruction + "' leaves the stencil under "
                    + (state.base() ? "its own frame" : "what it has pushed"));
        }
        if (isConditionalExit(instruction)) {
            return Optional.of(
                    "'" + instruction + "' cannot take the frame down; branch to a label with a jmp behind it");
        }
        if (leavesPiece(instruction) && names(RSP, RBP)) {
            return Optional.of("'" + instruction + "' uses a stack register behind the frame");
        }
        return leavesPiece(instruction) ? Optional.empty() : register(state).or(() -> memory(state));
    }

    private boolean leavesStencil() {
        return instruction.mnemonic().startsWith("j")
                && instruction.operands().get(0) instanceof Operand.LabelTarget target
                && LocalLabels.number(target.label()) < 0;
    }

    private static boolean isConditionalExit(Instruction instruction) {
        return instruction.mnemonic().startsWith("j")
                && !instruction.mnemonic().equals("jmp")
                && instruction.operands().size() == 1
                && instruction.operands().get(0) instanceof Operand.Immediate;
    }

    private static int registersChanged(Instruction instruction) {
        Changes changes = Changes.of(instruction);
        boolean isPlain = changes.anything() && !OPAQUE.contains(instruction.mnemonic()) && !names(instruction);
        return instruction.mnemonic().startsWith("j") || isPlain ? 0 : changes.registers();
    }

    private static boolean names(Instruction instruction) {
        return new StackUse(instruction, Prologue.NONE).names(RSP, RBP);
    }

    private Optional<String> register(StackState state) {
        int changed = registersChanged(instruction);
        boolean moves = pushes() != 0;
        boolean toItself = instruction.mnemonic().equals("pop")
                && instruction.operands().get(0) instanceof RegisterOperand.Fixed register
                && (register.register().number() == RSP || register.register().number() == RBP);
        if (toItself || (changed & 1 << RBP) != 0 || (changed & 1 << RSP) != 0 && !moves) {
            return Optional.of("'" + instruction + "' changes a stack register in a way that cannot be followed");
        }
        if (state.pushed() + pushes() < 0) {
            return Optional.of("'" + instruction + "' takes more from the stack than the stencil has put there");
        }
        boolean strange = state.base() && !prologue.pointer() && names(RBP);
        return strange
                ? Optional.of("'" + instruction + "' uses rbp, which in a shared frame is not what it was")
                : Optional.empty();
    }

    private boolean names(int... numbers) {
        for (Operand operand : instruction.operands()) {
            for (int number : numbers) {
                boolean named = operand instanceof RegisterOperand register && is(register, number)
                        || operand instanceof Operand.Memory memory
                                && address(memory, number).isPresent();
                if (named) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean is(RegisterOperand register, int number) {
        return register instanceof RegisterOperand.Fixed fixed
                && fixed.kind().isGeneral()
                && fixed.register().number() == number;
    }

    private static Optional<Address.Indexed> address(Operand.Memory memory, int number) {
        return memory.address() instanceof Address.Indexed indexed
                        && (indexed.base().map(base -> is(base, number)).orElse(false)
                                || indexed.index()
                                        .map(index -> is(index, number))
                                        .orElse(false))
                ? Optional.of(indexed)
                : Optional.empty();
    }

    private Optional<String> memory(StackState state) {
        if (!state.base()) {
            return Optional.empty(); // the piece's own frame, or nothing
        }
        for (Operand operand : instruction.operands()) {
            if (!(operand instanceof Operand.Memory memory)) {
                continue;
            }
            Optional<Address.Indexed> top = address(memory, RSP);
            Optional<Address.Indexed> bottom = address(memory, RBP);
            if (top.isPresent() && !below(top.get(), prologue.bytes().orElse(0) + state.pushed())
                    || bottom.isPresent() && !below(bottom.get(), 0)) {
                return Optional.of("'" + instruction + "' reaches above the stencil's own frame");
            }
            if (bottom.isPresent() && prologue.fromTop()) {
                return Optional.of("'" + instruction
                        + "' addresses the frame from its upper end, which lies elsewhere in a larger one; address it"
                        + " from rsp");
            }
        }
        return Optional.empty();
    }

    private static boolean below(Address.Indexed address, int limit) {
        return address.displacement().isConstant()
                && address.displacement().constant().getAsLong() < limit;
    }
}
