package dev.intaglio.processor.write;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code variable * factor + constant} in 64 bits, of a local variable that is an int. Whether that fits 32 bits is told from the variable,
 * without the sum: while it lies between -2<sup>n</sup> and 2<sup>n</sup> it does.
 *
 * @param variable the variable's name
 * @param factor not zero
 * @param constant what is added
 */
record LinearInt(String variable, long factor, long constant) {
    private static final int FEWEST_BITS = 16;

    /** What an expression is, if it is that, and n is not small. */
    static Optional<LinearInt> of(Expression expression) {
        return sum(expression).filter(found -> found.bits() >= FEWEST_BITS);
    }

    private static Optional<LinearInt> sum(Expression expression) {
        if (expression instanceof Expression.Sum sum && sum.right().isConstant()) {
            long constant = sum.right().constant().getAsLong();
            return product(sum.left()).map(found -> new LinearInt(found.variable, found.factor, constant));
        }
        return product(expression);
    }

    private static Optional<LinearInt> product(Expression expression) {
        if (expression instanceof Expression.Product product) {
            return variable(product.term(), product.factor());
        }
        return variable(expression, 1);
    }

    private static Optional<LinearInt> variable(Expression expression, long factor) {
        if (expression instanceof Expression.Variable variable
                && variable.type() == ExpressionType.INT
                && !variable.name().contains(".")) {
            return Optional.of(new LinearInt(variable.name(), factor, 0));
        }
        return Optional.empty();
    }

    /** The n; less than 0 where there is none. */
    int bits() {
        if (factor != (int) factor || constant != (int) constant) {
            return -1;
        }
        long room = (Integer.MAX_VALUE - Math.abs(constant)) / Math.abs(factor);
        return room <= 0 ? -1 : Long.SIZE - 1 - Long.numberOfLeadingZeros(room);
    }

    /** An int of which only the low n + 1 bits are set while the variable is within its limits. */
    String shifted(int n) {
        return variable + String.format(Locale.ROOT, " + 0x%X", 1 << n);
    }
}
