package dev.intaglio.tests.bench.formula;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;

/** Formulas of longs, in general registers. */
@Stencils
public interface LongStencils extends Target {
    @Override
    @Stencil("""
        | mov  Rq(to), Rq(from)
        """)
    void copy(int to, int from);

    @Override
    @Stencil("""
        | mov  Rq(to), number
        """)
    void constant(int to, int number);

    @Override
    @Stencil("""
        switch (operator) {
        case '+':
        | add  Rq(to), Rq(from)
        break;
        case '-':
        | sub  Rq(to), Rq(from)
        break;
        default:
        | imul Rq(to), Rq(from)
        }
        """)
    void apply(int operator, int to, int from);

    @Override
    @Stencil("""
        | mov  rax, Rq(from)
        | ret
        """)
    void giveBack(int from);
}
