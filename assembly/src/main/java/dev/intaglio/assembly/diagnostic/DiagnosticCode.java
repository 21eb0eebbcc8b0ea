package dev.intaglio.assembly.diagnostic;

/** The kinds of mistakes, by the name that a message shows in brackets and that the documentation explains. */
public enum DiagnosticCode {
    // Text and lines.
    UNEXPECTED_TOKEN(
            "asm/unexpected-token",
            "A line does not have the shape of an instruction, a label or a directive.",
            "The message tells what stands there and what may stand there."),
    UNBALANCED(
            "asm/unbalanced",
            "A bracket, brace, parenthesis or quote has no partner in its line.",
            "Close what is open, or remove what was never opened. Everything of one instruction stands on one line."),
    BAD_EXPRESSION(
            "asm/bad-expression",
            "What stands where a number belongs is no Java expression, or none of a type that can be a number there.",
            "Operands take Java expressions of type int, long, double (its bits) or char. Registers add up within an"
                    + " address only."),
    UNKNOWN_NAME(
            "asm/unknown-name",
            "A name in an expression is no parameter, no variable of a Java line, no constant and no method that the"
                    + " emitter can reach.",
            "Correct the spelling. Constants of other types are written Type.NAME for types of the same package and, under"
                    + " javac, imported ones, else with the full name; or the interface extends the type that has them."),
    UNKNOWN_DIRECTIVE(
            "asm/unknown-directive",
            "A word behind a dot is neither a directive nor a macro.",
            "Correct the spelling. A section of your own is entered with .section name."),
    BAD_DIRECTIVE(
            "asm/bad-directive",
            "A directive is known, and its arguments or its place are wrong.",
            "The message tells what the directive takes; .if, .elif, .else and .endif stand in this order."),
    BAD_MACRO(
            "asm/bad-macro",
            "A macro is defined or used in a way that cannot be expanded.",
            "Define it once for each number of arguments, end it with .endmacro, and do not let it use itself."),
    // Operands.
    UNKNOWN_MNEMONIC(
            "asm/unknown-mnemonic",
            "There is no instruction of this name in the table.",
            "Correct the spelling; mnemonics are those of the Intel manual. A line of Java begins without |."),
    UNKNOWN_REGISTER(
            "asm/unknown-register",
            "An operand looks like a register, and there is none of this name, nor a Java name.",
            "Correct the spelling. A register chosen at emission is written Rb, Rw, Rd, Rq or xmm with its number in"
                    + " parentheses."),
    REGISTER_NAME_TAKEN(
            "asm/register-name-taken",
            "A parameter, variable or constant has the name of a register, so that an operand could mean either.",
            "Rename the Java name."),
    BAD_ADDRESS(
            "asm/bad-address",
            "What stands between brackets is no address that the processor can compute.",
            "An address is a base, an index times 1, 2, 4 or 8, and a displacement; rip takes a label or an address."),
    NO_SUCH_FORM(
            "asm/no-such-form",
            "The instruction exists, but not with these operands.",
            "Choose one of the forms that the message lists."),
    SIZE_MISSING(
            "asm/size-missing",
            "Neither a register nor a size word tells how many bytes of memory are meant.",
            "Write byte, word, dword, qword, oword, yword or zword before the bracket."),
    OUT_OF_RANGE(
            "asm/out-of-range",
            "A constant does not fit the field that holds it. Values known only at emission are checked there and throw"
                    + " an EmissionException.",
            "Load the constant into a register first, or use a smaller one."),
    REX_CONFLICT(
            "asm/rex-conflict",
            "ah, bh, ch and dh cannot be encoded beside anything that needs a REX prefix (Intel manual, volume 2A, 2.2.1.2).",
            "Use a low byte register, or move the value through one."),
    BAD_REGISTER(
            "asm/bad-register",
            "A register has an encoding in its place, and the processor refuses the instruction with it wherever it runs.",
            "Use one that the message names. The destination of a complex multiplication must be none of its sources."),
    BAD_PREFIX(
            "asm/bad-prefix",
            "A prefix cannot stand before this instruction or these operands.",
            "lock takes a read-modify-write of memory, rep a string instruction."),
    MISSING_FEATURE(
            "asm/missing-feature",
            "The instruction needs a CPU feature that the interface, or this alternative of the stencil, does not count on.",
            "Raise cpu in @Stencils or in this @Stencil, or offer the text as an alternative: @Stencil(cpu = …, value = …)"
                    + " before one that needs less."),
    // Labels and sections.
    UNDEFINED_LABEL(
            "asm/undefined-label",
            "A reference names a label that is not defined where it looks for it.",
            "<1 looks for 1: before the line, >1 behind it, ->name in all stencils of the interface."),
    DUPLICATE_LABEL(
            "asm/duplicate-label",
            "A label is defined twice.",
            "Give one of them another name; numbers such as 1: may be used again and again."),
    OUT_OF_REACH(
            "asm/out-of-reach",
            "An instruction that can only jump 127 bytes far has a target that may lie farther away.",
            "Let it branch around a jmp, or move the target nearer."),
    // Stencils and Java.
    BAD_STENCIL(
            "asm/bad-stencil",
            "A declaration is none from which an emitter can be written.",
            "A stencil is an abstract method of an interface marked @Stencils; it returns void and takes int, long, double,"
                    + " boolean, Label, Gpr, Xmm and PatchSite."),
    BROKEN_CONTRACT(
            "asm/broken-contract",
            "A stencil reads or changes a register that its @Stencil does not name.",
            "Add the register to in, out or clobbers of @Stencil; what has its old value again on each way out need not be named."),
    BAD_JAVA(
            "asm/bad-java",
            "The lines without | are not Java statements.",
            "Check braces and semicolons; an assembly line begins with |, and counts as one block together with its"
                    + " neighbours. Names and types in these lines are checked by the compiler, in the generated class."),
    TOO_LARGE(
            "asm/too-large",
            "The method that emits a stencil would not fit a class file, which holds 65535 bytes of bytecode a method.",
            "Split the stencil into several, and let one call the others in its Java lines: they emit one after the other."),
    UNSHARED_FRAME(
            "asm/unshared-frame",
            "The stencil's interface has one frame for all its stencils, and this stencil does with the stack what cannot be"
                    + " carried over to that.",
            "Have each way out take down what the way in made, and address the frame from rsp or from rbp; or declare the"
                    + " stencil in an interface without @Stencils(frame = true)."),
    LARGE_STENCIL(
            "asm/large-stencil",
            "A warning: the method that emits a stencil has more than 8000 bytes of bytecode, so HotSpot does not compile it"
                    + " and emission is slow. What is emitted is right.",
            "Split the stencil as for asm/too-large, if it is emitted often."),
    INTERNAL("asm/internal", "Intaglio made a mistake, not you.", "Please report the message with the stencil.");

    private final String id;
    private final String meaning;
    private final String remedy;

    DiagnosticCode(String id, String meaning, String remedy) {
        this.id = id;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** The name in brackets, such as {@code asm/no-such-form}. */
    public String id() {
        return id;
    }

    /** Whether the stencil is right nevertheless. */
    public boolean isWarning() {
        return this == LARGE_STENCIL;
    }

    /** What kind of mistake this is, for the documentation. */
    public String meaning() {
        return meaning;
    }

    /** What to do in general; a message tells what to do in its case. */
    public String remedy() {
        return remedy;
    }

    @Override
    public String toString() {
        return id;
    }
}
