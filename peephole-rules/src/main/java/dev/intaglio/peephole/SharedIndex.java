package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A register with a value known at emission that serves several addresses as their index: the value becomes part of each
 * displacement, and the load of the register goes.
 *
 * <p>All that names the register, up to where it is dead, must be an index behind a base, in one straight stretch of lines.
 */
final class SharedIndex {
    private final List<Line> lines;
    private final Liveness liveness;
    private final Facts.Source facts;

    private SharedIndex(List<Line> lines, Liveness liveness, Facts.Source facts) {
        this.lines = lines;
        this.liveness = liveness;
        this.facts = facts;
    }

    /** Folds the first such register. */
    static Optional<Rewrite> rewrite(List<Line> lines, Liveness liveness, Facts.Source facts) {
        SharedIndex shared = new SharedIndex(lines, liveness, facts);
        for (int at = 0; at < lines.size(); at++) {
            Optional<Rewrite> rewrite = shared.at(at);
            if (rewrite.isPresent()) {
                return rewrite;
            }
        }
        return Optional.empty();
    }

    private Optional<Rewrite> at(int load) {
        if (!(lines.get(load) instanceof Instruction instruction)
                || KnownRegisters.loaded(instruction).isEmpty()) {
            return Optional.empty();
        }
        Expression value = KnownRegisters.loaded(instruction).get();
        int register = ((RegisterOperand.Fixed) instruction.operands().get(0))
                .register()
                .number();
        Optional<Map<Integer, Instruction>> uses = uses(load, register, value);
        return uses.map(found -> apply(load, found));
    }

    private Rewrite apply(int load, Map<Integer, Instruction> uses) {
        List<Line> before = new ArrayList<>(List.of(lines.get(load)));
        uses.forEach((at, now) -> before.add(lines.set(at, now)));
        lines.remove(load);
        return new Rewrite(
                ConstantFolding.NAME,
                before,
                List.copyOf(uses.values()),
                before.get(0).span());
    }

    /** The lines that use the register as an index, as they are without it; empty if it must be loaded, or serves only one. */
    private Optional<Map<Integer, Instruction>> uses(int load, int register, Expression value) {
        RegisterOperand whole = new RegisterOperand.Fixed(new Register(RegisterClass.R64, register));
        Map<Integer, Instruction> uses = new TreeMap<>();
        for (int at = load + 1; at < lines.size(); at++) {
            Optional<RegisterUse> use =
                    lines.get(at) instanceof Instruction plain ? RegisterUse.of(plain, facts) : Optional.empty();
            boolean evaluates = lines.get(at) instanceof Instruction calls
                    && calls.operands().stream()
                            .anyMatch(operand ->
                                    SameValue.opaque(operand).findAny().isPresent());
            if (use.isEmpty() || evaluates) {
                return Optional.empty();
            }
            Instruction instruction = (Instruction) lines.get(at);
            boolean reads = (use.get().read() >> register & 1) != 0;
            boolean writes = (use.get().written() >> register & 1) != 0;
            if (reads) {
                Optional<Instruction> now = without(instruction, register, value, whole);
                boolean stillReads = now.flatMap(other -> RegisterUse.of(other, facts))
                        .map(other -> (other.read() >> register & 1) != 0)
                        .orElse(true);
                if (stillReads) {
                    return Optional.empty();
                }
                uses.put(at, now.get());
            }
            if (liveness.isDeadAfter(at, whole) || writes && isWhole(instruction, register)) {
                return uses.size() > 1 ? Optional.of(uses) : Optional.empty();
            }
            if (writes) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Whether a plain instruction leaves nothing of what a register held. */
    private boolean isWhole(Instruction instruction, int register) {
        return instruction.operands().get(0) instanceof RegisterOperand.Fixed target
                && target.register().number() == register
                && (target.kind() == RegisterClass.R64 || target.kind() == RegisterClass.R32)
                && !facts.of(instruction).orElseThrow().access().get(0).reads();
    }

    private Optional<Instruction> without(
            Instruction instruction, int register, Expression value, RegisterOperand whole) {
        List<Operand> operands = new ArrayList<>(instruction.operands());
        for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i) instanceof Operand.Memory memory
                    && memory.displacementSize().isEmpty()
                    && memory.address() instanceof Address.Indexed address
                    && address.index().equals(Optional.of(whole))
                    && address.base()
                            .filter(base -> base.kind() == RegisterClass.R64)
                            .isPresent()) {
                Expression displacement =
                        Expression.sum(address.displacement(), Expression.product(value, address.scale()));
                if (!ValueRange.of(displacement).fitsInt()) {
                    return Optional.empty();
                }
                Address now = new Address.Indexed(address.base(), Optional.empty(), 1, displacement);
                operands.set(i, new Operand.Memory(memory.width(), now, memory.displacementSize()));
            }
        }
        Instruction changed = instruction.with(instruction.mnemonic(), operands);
        return facts.of(changed).isPresent() ? Optional.of(changed) : Optional.empty();
    }
}
