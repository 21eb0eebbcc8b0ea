package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.machine.Width;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The native structs that {@code .type NAME, JavaClass, register} declares. Fields are constants of the Java class, in bytes
 * from the struct's start; its size is the class's {@code SIZEOF}.
 */
final class StructTypes {
    private record StructType(String javaClass, Optional<String> register) {}

    private static final Pattern OPERAND = Pattern.compile(
            "([A-Za-z_$][\\w$]*)\\s*(?::\\s*([^\\[\\]>-]+?))?\\s*(?:->\\s*([A-Za-z_$][\\w$]*)|\\[(.*)\\]\\s*(?:\\.\\s*([A-Za-z_$][\\w$]*))?)");

    private final Map<String, StructType> types = new HashMap<>();

    void declare(String name, String javaClass, Optional<String> register) {
        types.put(name, new StructType(javaClass, register));
    }

    boolean isDeclared(String name) {
        return types.containsKey(name);
    }

    /** {@code #NAME}, the size of a struct, as Java. */
    Text withSizes(Text text) {
        Matcher matcher = Pattern.compile("#([A-Za-z_$][\\w$]*)").matcher(text.chars());
        Text result = text;
        int shift = 0;
        while (matcher.find()) {
            StructType type = types.get(matcher.group(1));
            if (type == null) {
                continue;
            }
            Text size = Text.replacing(type.javaClass() + ".SIZEOF", text.span(matcher.start(), matcher.end()));
            result = result.slice(0, matcher.start() + shift).plus(size).plus(result.from(matcher.end() + shift));
            shift += size.length() - (matcher.end() - matcher.start());
        }
        return result;
    }

    /** The memory operand that {@code NAME->field}, {@code NAME:register->field} or {@code NAME[i].field} is. */
    Optional<Operand> operand(Text text, Optional<Width> width, OperandParser operands) throws SyntaxError {
        Matcher matcher = OPERAND.matcher(text.chars());
        if (types.isEmpty() || !matcher.matches() || !types.containsKey(matcher.group(1))) {
            return Optional.empty();
        }
        StructType type = types.get(matcher.group(1));
        Optional<String> register = Optional.ofNullable(matcher.group(2)).or(type::register);
        if (register.isEmpty()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    text.span(),
                    "type '" + matcher.group(1) + "' has no register of its own",
                    "name one: " + matcher.group(1) + ":rax->field, or declare it in .type");
        }
        StringBuilder address = new StringBuilder(register.get());
        if (matcher.group(3) != null) {
            address.append(" + ").append(type.javaClass()).append('.').append(matcher.group(3));
        } else {
            address.append(" + (")
                    .append(matcher.group(4))
                    .append(")*")
                    .append(type.javaClass())
                    .append(".SIZEOF");
            if (matcher.group(5) != null) {
                address.append(" + ").append(type.javaClass()).append('.').append(matcher.group(5));
            }
        }
        return Optional.of(
                operands.memoryOperand(width, Optional.empty(), Text.replacing(address.toString(), text.span())));
    }
}
