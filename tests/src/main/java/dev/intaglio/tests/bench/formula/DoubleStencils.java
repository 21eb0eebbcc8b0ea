package dev.intaglio.tests.bench.formula;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;

/** Formulas of doubles, in SSE registers. */
@Stencils
public interface DoubleStencils extends Target {
    @Override
    @Stencil("""
        | movapd xmm(to), xmm(from)
        """)
    void copy(int to, int from);

    @Override
    @Stencil("""
        | mov    rax, Double.doubleToRawLongBits(number)
        | movq   xmm(to), rax
        """)
    void constant(int to, int number);

    @Override
    @Stencil("""
        switch (operator) {
        case '+':
        | addsd  xmm(to), xmm(from)
        break;
        case '-':
        | subsd  xmm(to), xmm(from)
        break;
        default:
        | mulsd  xmm(to), xmm(from)
        }
        """)
    void apply(int operator, int to, int from);

    @Override
    @Stencil("""
        | movapd xmm0, xmm(from)
        | ret
        """)
    void giveBack(int from);
}
