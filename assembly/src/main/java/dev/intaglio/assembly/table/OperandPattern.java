package dev.intaglio.assembly.table;

/**
 * An operand of a form.
 *
 * @param access how it is used
 * @param implicit used but not written by the author
 * @param typeName the type in the table's words
 * @param type the same, understood
 * @param masked {@code {k}}: may be masked
 * @param zeroed {@code {z}}: masking may zero
 * @param rounded {@code {er}}: may carry a rounding mode
 * @param suppressed {@code {sae}}: may suppress exceptions
 */
public record OperandPattern(
        Access access,
        boolean implicit,
        String typeName,
        OperandType type,
        boolean masked,
        boolean zeroed,
        boolean rounded,
        boolean suppressed) {

    /** Whether the type offers a memory operand beside a register: the one that ModRM.rm holds. */
    public boolean hasSlash() {
        return typeName.contains("/");
    }

    public boolean isMemoryOnly() {
        return type instanceof OperandType.RegisterOrMemory either
                && either.register().isEmpty();
    }

    /** The table's spelling. */
    @Override
    public String toString() {
        String name = implicit ? "<" + typeName + ">" : typeName;
        String braces =
                (masked ? "{k}" : "") + (zeroed ? "{z}" : "") + (rounded ? "{er}" : "") + (suppressed ? "{sae}" : "");
        String before = switch (access) {
            case R -> "";
            case W -> "w:";
            case RW -> "rw:";
            case NONE -> "n:";
        };
        return before + name + braces;
    }
}
