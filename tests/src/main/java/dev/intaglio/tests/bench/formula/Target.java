package dev.intaglio.tests.bench.formula;

/** What the compiler of formulas writes instructions with; registers have the machine's numbers. */
public interface Target {
    /** {@code to = from}. */
    void copy(int to, int from);

    /** {@code to = number}. */
    void constant(int to, int number);

    /** {@code to = to operator from}. */
    void apply(int operator, int to, int from);

    /** Returns the value. */
    void giveBack(int from);

    /**
     * The registers of a function.
     *
     * @param x where its first argument lies
     * @param y where its second one lies
     * @param free those it may use
     */
    record Registers(int x, int y, int... free) {
        /** Of {@code double f(double, double)}: those of SSE. */
        public static final Registers DOUBLES = new Registers(0, 1, 2, 3, 4, 5, 6, 7, 8);
        /** Of {@code long f(long, long)}: rdi and rsi, and those that a function need not keep. */
        public static final Registers LONGS = new Registers(7, 6, 0, 1, 2, 8, 9, 10, 11);
    }

    /** Compiles a formula: an operand stack in registers, and variables where the caller put them. */
    static void compile(Expression expression, Target target, Registers registers) {
        value(expression, target, registers, 0);
        target.giveBack(registers.free()[0]);
    }

    private static void value(Expression expression, Target target, Registers registers, int depth) {
        int to = registers.free()[depth];
        if (expression instanceof Expression.Operation operation) {
            value(operation.left(), target, registers, depth);
            if (operation.right() instanceof Expression.Variable variable) {
                target.apply(operation.operator(), to, register(variable, registers));
            } else {
                value(operation.right(), target, registers, depth + 1);
                target.apply(operation.operator(), to, registers.free()[depth + 1]);
            }
        } else if (expression instanceof Expression.Variable variable) {
            target.copy(to, register(variable, registers));
        } else if (expression instanceof Expression.Constant constant) {
            target.constant(to, constant.number());
        }
    }

    private static int register(Expression.Variable variable, Registers registers) {
        return variable.index() == 0 ? registers.x() : registers.y();
    }
}
