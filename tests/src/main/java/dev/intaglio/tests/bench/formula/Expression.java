package dev.intaglio.tests.bench.formula;

import java.util.Random;

/** A formula over two variables, of doubles or of longs: the same tree means either. */
public sealed interface Expression {
    /** Trees are full to this depth, so that a formula has 31 operations. */
    int DEPTH = 5;

    /** The value for doubles, by walking the tree. */
    double value(double x, double y);

    /** The value for longs, by walking the tree; what does not fit wraps. */
    long value(long x, long y);

    /** x is 0, y is 1. */
    record Variable(int index) implements Expression {
        @Override
        public double value(double x, double y) {
            return index == 0 ? x : y;
        }

        @Override
        public long value(long x, long y) {
            return index == 0 ? x : y;
        }

        @Override
        public String toString() {
            return index == 0 ? "x" : "y";
        }
    }

    /** A whole number. */
    record Constant(int number) implements Expression {
        @Override
        public double value(double x, double y) {
            return number;
        }

        @Override
        public long value(long x, long y) {
            return number;
        }

        @Override
        public String toString() {
            return Integer.toString(number);
        }
    }

    /** One of {@code + - *}. */
    record Operation(char operator, Expression left, Expression right) implements Expression {
        @Override
        public double value(double x, double y) {
            double a = left.value(x, y);
            double b = right.value(x, y);
            return switch (operator) {
                case '+' -> a + b;
                case '-' -> a - b;
                default -> a * b;
            };
        }

        @Override
        public long value(long x, long y) {
            long a = left.value(x, y);
            long b = right.value(x, y);
            return switch (operator) {
                case '+' -> a + b;
                case '-' -> a - b;
                default -> a * b;
            };
        }

        @Override
        public String toString() {
            return "(" + left + " " + operator + " " + right + ")";
        }
    }

    /** A formula of 31 operations. */
    static Expression random(Random random) {
        return random(random, DEPTH);
    }

    private static Expression random(Random random, int depth) {
        if (depth > 0) {
            return new Operation(
                    "++--*".charAt(random.nextInt(5)), random(random, depth - 1), random(random, depth - 1));
        }
        return random.nextInt(3) > 0 ? new Variable(random.nextInt(2)) : new Constant(1 + random.nextInt(200));
    }
}
