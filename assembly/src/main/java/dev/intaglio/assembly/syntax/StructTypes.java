package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.Width;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The native structs that {@code .type NAME, JavaClass, register} declares. Fields are constants of the Java class, in bytes
 * from the struct's start; its size is the class's {@code SIZEOF}.
 */
final class StructTypes {
    private record StructType(String javaClass, Optional<Text> register) {}

    private final Map<String, StructType> types = new HashMap<>();

    /** Declares a struct; false if the name is one already. */
    boolean declare(String name, String javaClass, Optional<Text> register) {
        return types.putIfAbsent(name, new StructType(javaClass, register)) == null;
    }

    /** {@code #NAME}, the size of a struct, as Java. */
    Text withSizes(Text text) throws SyntaxError {
        Text result = Text.EMPTY;
        int copied = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.at(i);
            if (c == '"' || c == '\'') {
                i = Scanner.literalEnd(text.chars(), i);
            } else if (c == '#') {
                int end = Scanner.wordEnd(text, i + 1);
                String name = text.chars().substring(i + 1, end);
                StructType type = types.get(name);
                if (type == null) {
                    throw new SyntaxError(
                            DiagnosticCode.UNKNOWN_NAME,
                            text.span(i, end),
                            "# stands before the name of a struct, and '" + name + "' is none",
                            Nearest.to(name, types.keySet())
                                    .map(near -> "did you mean #" + near + "?")
                                    .or(() -> Optional.of("declare it: .type " + name + ", JavaClass")));
                }
                result = result.plus(text.slice(copied, i))
                        .plus(Text.replacing(type.javaClass() + ".SIZEOF", text.span(i, end)));
                copied = end;
                i = end;
            } else {
                i++;
            }
        }
        return copied == 0 ? text : result.plus(text.from(copied));
    }

    /** The memory operand that {@code NAME->field}, {@code NAME:register->field} or {@code NAME[i].field} is. */
    Optional<Operand> operand(Text text, Optional<Width> width, OperandParser operands) throws SyntaxError {
        int word = Scanner.wordEnd(text, 0);
        String name = text.chars().substring(0, word);
        StructType type = types.get(name);
        Text rest = text.from(word).strip();
        if (type == null || rest.at(0) == '.') {
            return Optional.empty();
        }
        Optional<Text> register = type.register().map(fixed -> Text.replacing(fixed.chars(), text.span(0, word)));
        if (rest.at(0) == ':') {
            int end = selector(rest);
            register = Optional.of(register(rest.slice(1, end).strip(), text, operands));
            rest = rest.from(end);
        }
        if (register.isEmpty()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    text.span(0, word),
                    "struct '" + name + "' has no register of its own",
                    "name one, " + name + ":rax->field, or declare it: .type " + name + ", " + type.javaClass()
                            + ", rax");
        }
        Text address = register.get().plus(offset(type, rest, text));
        return Optional.of(operands.memoryOperand(width, Optional.empty(), address));
    }

    private static Text register(Text register, Text whole, OperandParser operands) throws SyntaxError {
        if (register.length() == 0 || !(operands.parse(register) instanceof RegisterOperand)) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    register.length() == 0 ? whole.span() : register.span(),
                    "expected a register after the colon, found "
                            + (register.length() == 0 ? "nothing" : "'" + register + "'"));
        }
        return register;
    }

    /** Where a register after a colon ends: before {@code ->} or {@code [} outside of brackets. */
    private static int selector(Text rest) {
        int bracket = Scanner.find(rest, '[', 1);
        for (int minus = Scanner.find(rest, '-', 1); minus >= 0; minus = Scanner.find(rest, '-', minus + 1)) {
            if (rest.at(minus + 1) == '>') {
                return bracket < 0 ? minus : Math.min(minus, bracket);
            }
        }
        return bracket < 0 ? rest.length() : bracket;
    }

    private Text offset(StructType type, Text rest, Text whole) throws SyntaxError {
        if (rest.startsWith("->")) {
            return field(type, rest.from(2), whole);
        }
        int close = rest.at(0) == '[' ? Scanner.find(rest.from(1), ']', 0) : -1;
        if (close < 0) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    rest.length() == 0 ? whole.span() : rest.span(),
                    "a struct is followed by ->field, :register->field, [index].field or [index]",
                    "its size is written #" + Scanner.word(whole, 0));
        }
        Text index = rest.slice(1, close + 1).strip();
        boolean isRegister = Register.parse(index.chars()).isPresent();
        Text scaled = join(" + ", whole)
                .plus(isRegister ? index : join("(", whole).plus(index).plus(join(")", whole)))
                .plus(join("*" + type.javaClass() + ".SIZEOF", whole));
        Text behind = rest.from(close + 2).strip();
        if (behind.length() == 0) {
            return scaled;
        }
        if (behind.at(0) != '.') {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN, behind.span(), "expected .field after ], found '" + behind + "'");
        }
        return scaled.plus(field(type, behind.from(1), whole));
    }

    private static Text field(StructType type, Text field, Text whole) throws SyntaxError {
        Text name = field.strip();
        if (!Scanner.isName(name.chars())) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    name.length() == 0 ? whole.span() : name.span(),
                    "expected the name of a field of " + type.javaClass() + ", found "
                            + (name.length() == 0 ? "nothing" : "'" + name + "'"));
        }
        return join(" + ", whole).plus(Text.replacing(type.javaClass() + "." + name, name.span()));
    }

    private static Text join(String chars, Text whole) {
        return Text.replacing(chars, whole.span());
    }
}
