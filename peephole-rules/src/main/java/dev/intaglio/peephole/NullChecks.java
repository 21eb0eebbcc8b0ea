package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.List;
import java.util.Optional;

/**
 * Branches on whether a pointer is null, or null with a tag in its lowest bit, where memory has just been accessed through it: the
 * first page is not mapped, so the access would have faulted.
 *
 * <p>In one straight stretch of lines. The comparison stays; it goes by the rules where nothing else reads its flags.
 */
final class NullChecks {
    static final String NAME = "null-check";

    private static final int PAGE = 4096;

    private final Facts.Source facts;
    /** The registers whose value is neither 0 nor 1, one bit each. */
    private int pointers;

    private NullChecks(Facts.Source facts) {
        this.facts = facts;
    }

    /** Decides the first branch that it can. */
    static Optional<Rewrite> rewrite(List<Line> lines, Facts.Source facts) {
        NullChecks checks = new NullChecks(facts);
        boolean decided = false;
        for (int at = 0; at < lines.size(); at++) {
            Line line = lines.get(at);
            if (!(line instanceof Instruction instruction)) {
                checks.pointers = 0;
                decided = false;
                continue;
            }
            boolean never = is(instruction, "jz", "je");
            boolean always = is(instruction, "jnz", "jne");
            if (decided && (never || always)) {
                List<Line> after = never ? List.of() : List.of(instruction.with("jmp", instruction.operands()));
                lines.remove(at);
                lines.addAll(at, after);
                return Optional.of(new Rewrite(NAME, List.of(line), after, line.span()));
            }
            decided = checks.decides(instruction) || decided && isBranch(instruction);
            checks.pass(instruction);
        }
        return Optional.empty();
    }

    private static boolean is(Instruction instruction, String one, String other) {
        return isBranch(instruction)
                && (instruction.mnemonic().equals(one) || instruction.mnemonic().equals(other));
    }

    private static boolean isBranch(Instruction instruction) {
        return instruction.prefixes().isEmpty()
                && instruction.mnemonic().startsWith("j")
                && !ControlFlow.isJump(instruction)
                && instruction.operands().size() == 1
                && instruction.operands().get(0) instanceof Operand.LabelTarget;
    }

    /** Whether a comparison of a pointer with 0 or 1, which must tell that they differ. */
    private boolean decides(Instruction instruction) {
        if (!instruction.prefixes().isEmpty() || instruction.operands().size() != 2) {
            return false;
        }
        Operand first = instruction.operands().get(0);
        Operand second = instruction.operands().get(1);
        if (!isPointer(first)) {
            return false;
        }
        if (instruction.mnemonic().equals("test")) {
            return first.equals(second);
        }
        return instruction.mnemonic().equals("cmp")
                && second instanceof Operand.Immediate number
                && number.value().isConstant()
                && number.value().constant().getAsLong() >>> 1 == 0;
    }

    private boolean isPointer(Operand operand) {
        return number(operand) >= 0 && (pointers >> number(operand) & 1) != 0;
    }

    private static int number(Operand operand) {
        return operand instanceof RegisterOperand.Fixed fixed && fixed.kind() == RegisterClass.R64
                ? fixed.register().number()
                : -1;
    }

    /** Goes behind an instruction. */
    private void pass(Instruction instruction) {
        if (isBranch(instruction)) {
            return;
        }
        Optional<RegisterUse> use = RegisterUse.of(instruction, facts);
        if (use.isEmpty()) {
            pointers = 0;
            return;
        }
        int accessed = accessed(instruction);
        boolean keeps = instruction.operands().size() == 2
                && number(instruction.operands().get(0)) >= 0
                && (instruction.mnemonic().equals("mov")
                                && isPointer(instruction.operands().get(1))
                        || instruction.mnemonic().equals("or")
                                && (isPointer(instruction.operands().get(0))
                                        || isPointer(instruction.operands().get(1))));
        pointers = (pointers | accessed) & ~use.get().written();
        if (keeps) {
            pointers |= 1 << number(instruction.operands().get(0));
        }
    }

    /** The base of an access that would hit the first page if the base were 0 or 1. */
    private int accessed(Instruction instruction) {
        int found = 0;
        for (int at = 0; at < instruction.operands().size(); at++) {
            boolean accesses = facts.of(instruction)
                    .filter(known ->
                            instruction.operands().size() == known.access().size())
                    .isPresent();
            if (accesses
                    && instruction.operands().get(at) instanceof Operand.Memory memory
                    && (facts.of(instruction).orElseThrow().access().get(at).reads()
                            || facts.of(instruction)
                                    .orElseThrow()
                                    .access()
                                    .get(at)
                                    .writes())
                    && MemoryUse.of(instruction, facts).slot().isPresent()
                    && memory.address() instanceof Address.Indexed address
                    && address.index().isEmpty()) {
                Expression displacement = address.displacement();
                boolean near = displacement.isConstant()
                        && displacement.constant().getAsLong() >= 0
                        && displacement.constant().getAsLong() < PAGE - 64;
                found |= near ? 1 << number(address.base().orElseThrow()) : 0;
            }
        }
        return found;
    }
}
