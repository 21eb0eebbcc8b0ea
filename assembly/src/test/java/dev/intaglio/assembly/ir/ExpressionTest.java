package dev.intaglio.assembly.ir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpressionTest {
    private static final Expression INT = new Expression.Variable("i", ExpressionType.INT);
    private static final Expression LONG = new Expression.Variable("value", ExpressionType.LONG);

    private static Expression call(ExpressionType type) {
        return new Expression.Opaque("f(i)", type, Set.of("i"));
    }

    @Test
    void whatIsKnownOfASumStandsLastAsOneConstant() {
        Expression sum = Expression.sum(Expression.sum(Expression.of(8), INT), Expression.sum(LONG, Expression.of(-3)));
        assertThat(sum.toString()).isEqualTo("i + value + 5");
        assertThat(Expression.sum(sum, Expression.of(-5)).toString()).isEqualTo("i + value");
        assertThat(Expression.sum(Expression.of(Integer.MAX_VALUE), Expression.of(1)))
                .isEqualTo(Expression.of(1L << 31));
    }

    @Test
    void termsOfASumAreWidenedAndNeverCut() {
        assertThat(Expression.sum(INT, LONG).java()).isEqualTo("(i + value)");
        assertThat(Expression.sum(INT, INT).java()).isEqualTo("((long) i + i)");
        assertThat(Expression.sum(call(ExpressionType.LONG), INT).java()).isEqualTo("(0L + (f(i)) + i)");
        assertThat(Expression.sum(call(ExpressionType.UNKNOWN), INT).java()).isEqualTo("(0L + (f(i)) + i)");
        assertThat(Expression.product(INT, 8).java()).isEqualTo("(i * 8L)");
    }

    @Test
    void onlyCallsArePrintedWithoutParentheses() {
        assertThat(call(ExpressionType.INT).toString()).isEqualTo("f(i)");
        assertThat(new Expression.Opaque("f(\")\", 'x') + 1", ExpressionType.INT, Set.of()).toString())
                .isEqualTo("(f(\")\", 'x') + 1)");
        assertThat(new Expression.Opaque("a.b[i](c ? \"(\" : d)", ExpressionType.INT, Set.of()).toString())
                .isEqualTo("a.b[i](c ? \"(\" : d)");
    }
}
