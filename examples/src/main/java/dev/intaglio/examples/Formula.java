package dev.intaglio.examples;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.util.function.DoubleBinaryOperator;

/**
 * Compiles a formula over {@code x} and {@code y} to machine code: a recursive descent parser that emits as it reads. The
 * operand stack lives in xmm2 to xmm15; x and y stay where the caller put them, in xmm0 and xmm1.
 */
public final class Formula {
    /** Registers are chosen when code is emitted: {@code xmm(to)} takes the shortest encoding for each number. */
    @Stencils
    interface Arithmetic {
        @Stencil("""
            | movapd xmm(to), xmm(from)
            """)
        void copy(int to, int from);

        /** The bits of a double are a 64-bit constant; zero needs no load at all. */
        @Stencil("""
            if (Double.doubleToRawLongBits(value) == 0) {
            | xorpd  xmm(to), xmm(to)
            } else {
            | mov    rax, value
            | movq   xmm(to), rax
            }
            """)
        void constant(int to, double value);

        @Stencil("""
            switch (operator) {
            case '+':
            | addsd  xmm(to), xmm(from)
            break;
            case '-':
            | subsd  xmm(to), xmm(from)
            break;
            case '*':
            | mulsd  xmm(to), xmm(from)
            break;
            default:
            | divsd  xmm(to), xmm(from)
            }
            """)
        void apply(int operator, int to, int from);

        @Stencil("""
            | movapd xmm0, xmm(from)
            | ret
            """)
        void giveBack(int from);
    }

    private static final int FIRST = 2;
    private static final int LAST = 15;

    private final String text;
    private final Arithmetic ops;
    private int at;
    private int free = FIRST;

    private Formula(String text, Arithmetic ops) {
        this.text = text;
        this.ops = ops;
    }

    public static void main(String[] arguments) {
        String text = arguments.length > 0 ? arguments[0] : "(x + 1) * (x - 1) / y + 0.5";
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer().withListing();
                Code code = compile(text, buffer)) {
            DoubleBinaryOperator f = code.bind(DoubleBinaryOperator.class);
            System.out.println("x = 3, y = 4: " + text + " = " + f.applyAsDouble(3, 4));
            System.out.println(code.listing());
        }
    }

    /** The code of a formula; the caller closes it. */
    static Code compile(String text, CodeBuffer buffer) {
        Formula formula = new Formula(text, new Formula_ArithmeticEmitter(buffer));
        int result = formula.sum();
        if (formula.peek() != 0) {
            throw new IllegalArgumentException("column " + (formula.at + 1) + " of " + text + ": expected an operator");
        }
        formula.ops.giveBack(result);
        return buffer.commit("formula " + text);
    }

    private int sum() {
        int left = product();
        while (peek() == '+' || peek() == '-') {
            combine(text.charAt(at++), left, product());
        }
        return left;
    }

    private int product() {
        int left = operand();
        while (peek() == '*' || peek() == '/') {
            combine(text.charAt(at++), left, operand());
        }
        return left;
    }

    private void combine(char operator, int left, int right) {
        ops.apply(operator, left, right);
        free--;
    }

    private int operand() {
        char next = peek();
        if (next == '(') {
            at++;
            int inner = sum();
            if (peek() != ')') {
                throw new IllegalArgumentException("column " + (at + 1) + " of " + text + ": expected )");
            }
            at++;
            return inner;
        }
        int register = push();
        if (next == 'x' || next == 'y') {
            at++;
            ops.copy(register, next - 'x');
            return register;
        }
        int start = at;
        while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        if (start == at) {
            throw new IllegalArgumentException("column " + (at + 1) + " of " + text + ": expected x, y, a number or (");
        }
        ops.constant(register, Double.parseDouble(text.substring(start, at)));
        return register;
    }

    private int push() {
        if (free > LAST) {
            throw new IllegalArgumentException("the formula needs more than " + (LAST - FIRST + 1) + " registers");
        }
        return free++;
    }

    private char peek() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }
}
