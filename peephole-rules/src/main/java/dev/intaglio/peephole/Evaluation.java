package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.peephole.KnownRegisters.Known;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The value that one instruction computes from registers whose values are known at emission (SDM volume 2). */
final class Evaluation {
    private final Instruction instruction;
    private final List<Operand> operands;
    private final KnownRegisters known;
    private final Set<Integer> loads = new TreeSet<>();
    private final Set<Integer> registers = new TreeSet<>();

    Evaluation(Instruction instruction, KnownRegisters known) {
        this.instruction = instruction;
        this.operands = instruction.operands();
        this.known = known;
    }

    /** The moves that loaded what the value is made of. */
    Set<Integer> loads() {
        return loads;
    }

    /** The numbers of the registers that it is made of. */
    Set<Integer> registers() {
        return registers;
    }

    /** All 64 bits of the target, a 32-bit or 64-bit register; empty where they are not known. */
    Optional<Expression> value() {
        boolean narrow = ((RegisterOperand) operands.get(0)).kind() == RegisterClass.R32;
        Optional<Expression> value = switch (operands.size()) {
            case 1 -> ofOne();
            case 2 -> ofTwo(narrow);
            case 3 -> ofThree();
            default -> Optional.empty();
        };
        return narrow ? value.map(EmissionArithmetic::low32) : value;
    }

    private Optional<Expression> ofOne() {
        Optional<Expression> value = operand(0);
        return value.flatMap(old -> switch (instruction.mnemonic()) {
            case "inc" -> Optional.of(EmissionArithmetic.add(old, Expression.of(1)));
            case "dec" -> Optional.of(EmissionArithmetic.subtract(old, Expression.of(1)));
            case "neg" -> Optional.of(EmissionArithmetic.negate(old));
            case "not" -> Optional.of(EmissionArithmetic.not(old));
            default -> Optional.empty();
        });
    }

    private Optional<Expression> ofTwo(boolean narrow) {
        switch (instruction.mnemonic()) {
            case "mov":
                return operands.get(1) instanceof RegisterOperand ? operand(1) : Optional.empty();
            case "movzx":
                return register(1).map(value -> EmissionArithmetic.and(value, mask(operands.get(1))));
            case "movsx", "movsxd":
                return register(1).map(value -> EmissionArithmetic.truncated(value, bytes(operands.get(1))));
            case "lea":
                return address();
            case "shl", "sal", "shr", "sar":
                return shifted(narrow);
            case "imul":
                return product(0, 1);
            default:
                return combined();
        }
    }

    private Optional<Expression> ofThree() {
        return instruction.mnemonic().equals("imul") ? product(1, 2) : Optional.empty();
    }

    private Optional<Expression> combined() {
        if (!Set.of("add", "sub", "and", "or", "xor").contains(instruction.mnemonic())) {
            return Optional.empty();
        }
        Optional<Expression> left = operand(0);
        Optional<Expression> right = operand(1);
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (instruction.mnemonic()) {
                    case "add" -> EmissionArithmetic.add(left.get(), right.get());
                    case "sub" -> EmissionArithmetic.subtract(left.get(), right.get());
                    case "and" -> EmissionArithmetic.and(left.get(), right.get());
                    case "or" -> EmissionArithmetic.or(left.get(), right.get());
                    default -> EmissionArithmetic.xor(left.get(), right.get());
                });
    }

    /** A product with a constant; two values of emission are rare, and a sum of them is all that an address needs. */
    private Optional<Expression> product(int left, int right) {
        Optional<Expression> first = operand(left);
        Optional<Expression> second = operand(right);
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        if (second.get().isConstant()) {
            return Optional.of(
                    Expression.product(first.get(), second.get().constant().getAsLong()));
        }
        return first.get().isConstant()
                ? Optional.of(
                        Expression.product(second.get(), first.get().constant().getAsLong()))
                : Optional.empty();
    }

    private Optional<Expression> shifted(boolean narrow) {
        if (!(operands.get(1) instanceof Operand.Immediate count)
                || !count.value().isConstant()) {
            return Optional.empty();
        }
        int bits = (int) count.value().constant().getAsLong() & (narrow ? 31 : 63);
        return register(0).map(old -> {
            if (instruction.mnemonic().equals("shr")) {
                return EmissionArithmetic.shiftRight(narrow ? EmissionArithmetic.low32(old) : old, bits);
            }
            if (instruction.mnemonic().equals("sar")) {
                return EmissionArithmetic.shiftRightSigned(narrow ? EmissionArithmetic.truncated(old, 4) : old, bits);
            }
            return EmissionArithmetic.shiftLeft(old, bits);
        });
    }

    private Optional<Expression> address() {
        if (!(operands.get(1) instanceof Operand.Memory memory)
                || !(memory.address() instanceof Address.Indexed address)
                || !EmissionArithmetic.isInteger(address.displacement())
                || !ValueRange.of(address.displacement()).fitsInt()
                || !is64(address.base())
                || !is64(address.index())) {
            return Optional.empty();
        }
        Optional<Expression> base = address.base().isEmpty()
                ? Optional.of(Expression.ZERO)
                : value(address.base().get());
        Optional<Expression> index = address.index().isEmpty()
                ? Optional.of(Expression.ZERO)
                : value(address.index().get());
        if (base.isEmpty() || index.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(EmissionArithmetic.add(
                EmissionArithmetic.add(base.get(), Expression.product(index.get(), address.scale())),
                address.displacement()));
    }

    private static boolean is64(Optional<RegisterOperand> register) {
        return register.isEmpty() || register.get().kind() == RegisterClass.R64;
    }

    /** A register's value, or an immediate that surely fits its field. */
    private Optional<Expression> operand(int index) {
        Operand operand = operands.get(index);
        if (operand instanceof Operand.Immediate immediate) {
            boolean good = EmissionArithmetic.isInteger(immediate.value())
                    && ValueRange.of(immediate.value()).fitsInt();
            return good ? Optional.of(immediate.value()) : Optional.empty();
        }
        return register(index);
    }

    private Optional<Expression> register(int index) {
        return operands.get(index) instanceof RegisterOperand register ? value(register) : Optional.empty();
    }

    private Optional<Expression> value(RegisterOperand register) {
        Optional<Known> found = known.of(register);
        found.ifPresent(one -> {
            loads.add(one.line());
            registers.add(((RegisterOperand.Fixed) register).register().number());
        });
        return found.map(Known::value);
    }

    private static Expression mask(Operand operand) {
        return Expression.of(bytes(operand) == 1 ? 0xff : 0xffff);
    }

    private static int bytes(Operand operand) {
        return operand instanceof RegisterOperand register ? register.kind().bytes() : 8;
    }
}
