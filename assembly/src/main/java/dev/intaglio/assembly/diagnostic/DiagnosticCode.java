package dev.intaglio.assembly.diagnostic;

/** The kinds of mistakes, by the name that a message shows in brackets and that the documentation explains. */
public enum DiagnosticCode {
    // Text and lines.
    UNEXPECTED_TOKEN("asm/unexpected-token"),
    UNBALANCED("asm/unbalanced"),
    BAD_EXPRESSION("asm/bad-expression"),
    UNKNOWN_NAME("asm/unknown-name"),
    UNKNOWN_DIRECTIVE("asm/unknown-directive"),
    BAD_DIRECTIVE("asm/bad-directive"),
    BAD_MACRO("asm/bad-macro"),
    // Operands.
    UNKNOWN_MNEMONIC("asm/unknown-mnemonic"),
    UNKNOWN_REGISTER("asm/unknown-register"),
    REGISTER_NAME_TAKEN("asm/register-name-taken"),
    BAD_ADDRESS("asm/bad-address"),
    NO_SUCH_FORM("asm/no-such-form"),
    SIZE_MISSING("asm/size-missing"),
    OUT_OF_RANGE("asm/out-of-range"),
    REX_CONFLICT("asm/rex-conflict"),
    BAD_PREFIX("asm/bad-prefix"),
    CPU_FEATURE("asm/cpu-feature"),
    // Labels and sections.
    UNDEFINED_LABEL("asm/undefined-label"),
    DUPLICATE_LABEL("asm/duplicate-label"),
    OUT_OF_REACH("asm/out-of-reach"),
    UNKNOWN_SECTION("asm/unknown-section"),
    // Stencils and Java.
    BAD_STENCIL("asm/bad-stencil"),
    BAD_JAVA("asm/bad-java"),
    TOO_LARGE("asm/too-large"),
    INTERNAL("asm/internal");

    private final String id;

    DiagnosticCode(String id) {
        this.id = id;
    }

    /** The name in brackets, such as {@code asm/no-such-form}. */
    public String id() {
        return id;
    }

    @Override
    public String toString() {
        return id;
    }
}
