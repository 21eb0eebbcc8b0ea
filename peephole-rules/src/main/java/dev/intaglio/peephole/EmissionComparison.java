package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.Optional;

/**
 * A {@code cmp} or {@code test} of two values that are known when code is emitted, and so are the conditions behind it. Both values
 * are extended by their signs, which keeps the order of unsigned numbers too. A {@code test} is the comparison of the common
 * bits with zero: it clears CF and OF, as that does.
 */
record EmissionComparison(Expression left, Expression right) {
    private static final String ALWAYS = "true";
    private static final String NEVER = "false";

    /** What an instruction compares, if it compares and both values are known. */
    static Optional<EmissionComparison> of(Instruction instruction, KnownRegisters known) {
        boolean isTest = instruction.mnemonic().equals("test");
        if (!isTest && !instruction.mnemonic().equals("cmp")
                || !instruction.prefixes().isEmpty()
                || instruction.operands().size() != 2
                || !(instruction.operands().get(0) instanceof RegisterOperand first)
                || !first.kind().isGeneral()) {
            return Optional.empty();
        }
        int bytes = first.kind().bytes();
        Optional<Expression> left = value(first, bytes, known);
        Optional<Expression> right = value(instruction.operands().get(1), bytes, known);
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                isTest
                        ? new EmissionComparison(common(left.get(), right.get()), Expression.ZERO)
                        : new EmissionComparison(left.get(), right.get()));
    }

    private static Expression common(Expression left, Expression right) {
        return left.equals(right) ? left : EmissionArithmetic.and(left, right);
    }

    private static Optional<Expression> value(Operand operand, int bytes, KnownRegisters known) {
        Optional<Expression> value = Optional.empty();
        if (operand instanceof RegisterOperand register && register.kind() != RegisterClass.R8H) {
            value = known.of(register).map(KnownRegisters.Known::value);
        } else if (operand instanceof Operand.Immediate immediate
                && EmissionArithmetic.isInteger(immediate.value())
                && fits(immediate.value(), bytes)) {
            value = Optional.of(immediate.value());
        }
        return value.map(some -> bytes == 8 ? some : EmissionArithmetic.truncated(some, bytes));
    }

    /** Whether a value surely fits its field; another may be an error at emission, and must stay one. */
    private static boolean fits(Expression value, int bytes) {
        ValueRange range = ValueRange.of(value);
        return bytes == 8 ? range.fitsInt() : range.least() >= -1L << 8 * bytes - 1 && range.most() < 1L << 8 * bytes;
    }

    /** The Java condition under which a condition of the processor holds; empty of one that reads more than the order. */
    Optional<String> java(Condition condition) {
        return switch (condition) {
            case E -> Optional.of(signed("=="));
            case NE -> Optional.of(signed("!="));
            case L -> Optional.of(signed("<"));
            case GE -> Optional.of(signed(">="));
            case LE -> Optional.of(signed("<="));
            case G -> Optional.of(signed(">"));
            case B -> Optional.of(unsigned("<"));
            case AE -> Optional.of(unsigned(">="));
            case BE -> Optional.of(unsigned("<="));
            case A -> Optional.of(unsigned(">"));
            case S -> right.isZero() ? Optional.of(signed("<")) : Optional.empty();
            case NS -> right.isZero() ? Optional.of(signed(">=")) : Optional.empty();
            case O -> right.isZero() ? Optional.of(NEVER) : Optional.empty();
            case NO -> right.isZero() ? Optional.of(ALWAYS) : Optional.empty();
            case P, NP -> Optional.empty();
        };
    }

    static boolean isAlways(String condition) {
        return condition.equals(ALWAYS);
    }

    static boolean isNever(String condition) {
        return condition.equals(NEVER);
    }

    private String signed(String operator) {
        if (left.equals(right)) {
            return decided(operator.contains("=") && !operator.equals("!="));
        }
        ValueRange first = ValueRange.of(left);
        ValueRange second = ValueRange.of(right);
        if (first.most() < second.least()) {
            return decided(operator.startsWith("<") || operator.equals("!="));
        }
        if (first.least() > second.most()) {
            return decided(operator.startsWith(">") || operator.equals("!="));
        }
        boolean both = left.isConstant() && right.isConstant(); // and equal
        return both
                ? decided(operator.contains("=") && !operator.equals("!="))
                : left.java() + " " + operator + " " + right.java();
    }

    /** Numbers without a sign are in the order of those whose uppermost bit is exchanged. */
    private String unsigned(String operator) {
        ValueRange first = ValueRange.of(left);
        ValueRange second = ValueRange.of(right);
        boolean sameSign = first.least() >= 0 && second.least() >= 0 || first.most() < 0 && second.most() < 0;
        if (sameSign || left.equals(right)) {
            return signed(operator);
        }
        if (left.isConstant() && right.isConstant()) {
            boolean less = Long.compareUnsigned(
                            left.constant().getAsLong(), right.constant().getAsLong())
                    < 0;
            return decided(operator.startsWith("<") == less);
        }
        if (right.isZero()) {
            return switch (operator) {
                case "<" -> NEVER;
                case ">=" -> ALWAYS;
                case "<=" -> signed("==");
                default -> signed("!=");
            };
        }
        return flipped(left) + " " + operator + " " + flipped(right);
    }

    private static String flipped(Expression value) {
        return "(" + value.java() + " ^ 0x8000000000000000L)";
    }

    private static String decided(boolean holds) {
        return holds ? ALWAYS : NEVER;
    }
}
