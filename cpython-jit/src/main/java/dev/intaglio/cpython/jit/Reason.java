package dev.intaglio.cpython.jit;

/** Why compiled code is left, as {@code --stats} tells it. */
enum Reason {
    TYPE("a value of another type"),
    LARGE("an int of more than two digits"),
    OVERFLOW("an int of more than 64 bits"),
    DIVISOR("division by zero or minus one"),
    DOMAIN("an operand that the C library treats apart"),
    INEXACT("an int that no float is"),
    BOUNDS("an index outside"),
    SIZE("another number of values"),
    MEMORY("no memory"),
    FIRST("first run of this instruction"),
    UNBOUND("an unbound variable or attribute"),
    DICTIONARY("attributes in a dictionary of their own"),
    KEYS("instances with more attributes than before"),
    GLOBAL("a global name that is not there"),
    SEEN("locals seen through a frame object"),
    WAITING("signals, threads or calls that wait"),
    TRACED("tracing begun"),
    RAISED("an exception"),
    UNKNOWN("an instruction left to the interpreter");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
