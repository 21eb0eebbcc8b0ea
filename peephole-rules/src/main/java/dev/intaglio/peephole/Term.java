package dev.intaglio.peephole;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A value as a formula over the values before a window. Two equal terms are equal values; two different terms may be equal
 * all the same, in which case the checker refuses what it could have allowed.
 *
 * @param operation what is computed, or the name of a starting value
 * @param arguments of what
 * @param value of a constant, without a sign
 * @param bits the size of the result
 */
record Term(String operation, List<Term> arguments, long value, int bits) {
    private static final String CONSTANT = "constant";
    private static final String EXTENDED = "zero-extended";
    private static final String LOW = "low";
    private static final String INSERTED = "inserted";

    static final Term UNDEFINED = new Term("undefined", List.of(), 0, 1);

    Term {
        arguments = List.copyOf(arguments);
    }

    static Term constant(long value, int bits) {
        return new Term(CONSTANT, List.of(), mask(value, bits), bits);
    }

    static Term symbol(String name, int bits) {
        return new Term(name, List.of(), 0, bits);
    }

    /** An operation about which nothing is known but that equal arguments give equal results. */
    static Term of(String operation, int bits, Term... arguments) {
        return new Term(operation, List.of(arguments), 0, bits);
    }

    boolean isConstant() {
        return operation.equals(CONSTANT);
    }

    private boolean isConstant(long wanted) {
        return isConstant() && value == mask(wanted, bits);
    }

    /** The bits that can be one: those of a constant that the rest is masked with, those before zeros in front. */
    long possibleOnes() {
        if (isConstant()) {
            return value;
        }
        if (operation.equals("and")) {
            return arguments.get(0).possibleOnes() & arguments.get(1).possibleOnes();
        }
        return operation.equals(EXTENDED) ? arguments.get(0).possibleOnes() : mask(-1, bits);
    }

    /** The low bits. */
    Term low(int wanted) {
        if (wanted == bits) {
            return this;
        }
        return switch (operation) {
            case CONSTANT -> constant(value, wanted);
            case LOW -> arguments.get(0).low(wanted);
            case EXTENDED -> {
                Term inner = arguments.get(0);
                yield inner.bits >= wanted ? inner.low(wanted) : inner.extended(wanted);
            }
            case INSERTED -> {
                Term inner = arguments.get(1);
                yield inner.bits >= wanted ? inner.low(wanted) : of(LOW, wanted, this);
            }
            // The low bits of these depend on the low bits of their arguments only.
            case "add", "and", "or", "xor" ->
                binary(operation, arguments.get(0).low(wanted), arguments.get(1).low(wanted));
            case "sub" -> arguments.get(0).low(wanted).minus(arguments.get(1).low(wanted));
            case "mul" ->
                of("mul", wanted, arguments.get(0).low(wanted), arguments.get(1).low(wanted));
            case "not" -> arguments.get(0).low(wanted).not();
            default -> of(LOW, wanted, this);
        };
    }

    /** With zeros in front. */
    Term extended(int wanted) {
        if (wanted == bits) {
            return this;
        }
        if (operation.equals(EXTENDED)) {
            return arguments.get(0).extended(wanted);
        }
        return isConstant() ? constant(value, wanted) : of(EXTENDED, wanted, this);
    }

    /** With its low bits replaced. */
    Term inserted(Term part) {
        Term under = operation.equals(INSERTED) && arguments.get(1).bits <= part.bits ? arguments.get(0) : this;
        if (under.isConstant() && part.bits < 64 && under.value >>> part.bits == 0) {
            return part.extended(bits);
        }
        return part.equals(under.low(part.bits)) ? under : of(INSERTED, bits, under, part);
    }

    Term plus(Term other) {
        return binary("add", this, other);
    }

    Term minus(Term other) {
        if (equals(other)) {
            return constant(0, bits);
        }
        return other.isConstant() ? plus(constant(-other.value, bits)) : of("sub", bits, this, other);
    }

    Term not() {
        return isConstant() ? constant(~value, bits) : of("not", bits, this);
    }

    /** add, and, or, xor with what school knows of them. */
    static Term binary(String operation, Term left, Term right) {
        int bits = left.bits;
        if (left.isConstant() && right.isConstant()) {
            return constant(compute(operation, left.value, right.value), bits);
        }
        if (left.isConstant()) {
            return binary(operation, right, left);
        }
        boolean same = left.equals(right);
        switch (operation) {
            case "add" -> {
                if (right.isConstant()
                        && left.operation.equals("add")
                        && left.arguments.get(1).isConstant()) {
                    return binary("add", left.arguments.get(0), binary("add", left.arguments.get(1), right));
                }
            }
            case "and" -> {
                if (same || right.isConstant(-1)) {
                    return left;
                }
                if (right.isConstant(0)) {
                    return right;
                }
                for (int part = 8; part < bits; part *= 2) {
                    if (right.isConstant() && right.value == mask(-1, part)) {
                        return left.low(part).extended(bits);
                    }
                }
            }
            case "or" -> {
                if (same) {
                    return left;
                }
                if (right.isConstant(-1)) {
                    return right;
                }
            }
            case "xor" -> {
                if (same) {
                    return constant(0, bits);
                }
                if (right.isConstant(-1)) {
                    return left.not();
                }
            }
            default -> throw new IllegalArgumentException(operation);
        }
        if (right.isConstant(0)) {
            return left;
        }
        if (right.isConstant()) {
            return of(operation, bits, left, right);
        }
        List<Term> sorted = Stream.of(left, right)
                .sorted(Comparator.comparing(Term::toString))
                .toList();
        return of(operation, bits, sorted.get(0), sorted.get(1));
    }

    private static long compute(String operation, long left, long right) {
        return switch (operation) {
            case "add" -> left + right;
            case "and" -> left & right;
            case "or" -> left | right;
            default -> left ^ right;
        };
    }

    static long mask(long value, int bits) {
        return bits >= 64 ? value : value & (1L << bits) - 1;
    }

    @Override
    public String toString() {
        if (isConstant()) {
            return Long.toHexString(value);
        }
        return arguments.isEmpty()
                ? operation
                : operation + bits + arguments.stream().map(Term::toString).collect(Collectors.joining(", ", "(", ")"));
    }
}
