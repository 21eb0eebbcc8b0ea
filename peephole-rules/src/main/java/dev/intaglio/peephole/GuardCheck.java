package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Decides whether the guards of a rule hold for a window. What is known at emission only does not hold. */
record GuardCheck(Bindings bindings, RuleOptions options, Supplier<Liveness> liveness, int lastLine) {

    boolean holds(Guard guard) {
        if (guard instanceof Guard.DeadFlags dead) {
            return liveness.get().flagsDeadAfter(lastLine).containsAll(dead.flags());
        }
        if (guard instanceof Guard.DeadRegister dead) {
            return operand(dead.variable())
                    .filter(RegisterOperand.class::isInstance)
                    .filter(register -> liveness.get().isDeadAfter(lastLine, (RegisterOperand) register))
                    .isPresent();
        }
        if (guard instanceof Guard.Differ differ) {
            Optional<Operand> left = operand(differ.left());
            Optional<Operand> right = operand(differ.right());
            return left.isPresent() && right.isPresent() && disjoint(left.get(), right.get());
        }
        if (guard instanceof Guard.Fits fits) {
            return operand(fits.variable())
                    .filter(value -> value instanceof Operand.Immediate immediate
                            && immediate.value().isConstant()
                            && fits.numbers().holds(immediate.value().constant().getAsLong()))
                    .isPresent();
        }
        if (guard instanceof Guard.Cpu cpu) {
            return options.features().contains(cpu.feature());
        }
        return options.preference() == ((Guard.Prefer) guard).preference();
    }

    private Optional<Operand> operand(String variable) {
        return bindings.operand(variable).map(Bindings.Bound::operand);
    }

    /** Whether no register is used by both operands, as far as names tell. */
    static boolean disjoint(Operand left, Operand right) {
        return registers(left).allMatch(a -> registers(right).allMatch(b -> differ(a, b)));
    }

    private static boolean differ(RegisterOperand left, RegisterOperand right) {
        return left instanceof RegisterOperand.Fixed a
                && right instanceof RegisterOperand.Fixed b
                && (a.kind().isGeneral() != b.kind().isGeneral() || number(a) != number(b));
    }

    /** The number of the register that holds it: ah is a part of rax. */
    private static int number(RegisterOperand.Fixed fixed) {
        int number = fixed.register().number();
        return fixed.kind() == RegisterClass.R8H ? number - 4 : number;
    }

    private static Stream<RegisterOperand> registers(Operand operand) {
        if (operand instanceof RegisterOperand register) {
            return Stream.of(register);
        }
        if (operand instanceof Operand.Memory memory) {
            Address address =
                    memory.address() instanceof Address.InSegment inside ? inside.address() : memory.address();
            return address instanceof Address.Indexed indexed
                    ? Stream.concat(indexed.base().stream(), indexed.index().stream())
                    : Stream.empty();
        }
        return Stream.empty();
    }
}
