package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.Width;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Parses directives: sections, data, alignment, and the declarations of words, macros and structs. */
final class DirectiveParser {
    private static final List<String> KNOWN = List.of(
            "code",
            "cold",
            "data",
            "section",
            "align",
            "space",
            "byte",
            "word",
            "dword",
            "qword",
            "patch",
            "enter",
            "leave",
            "frame",
            "position",
            "observe",
            "define",
            "macro",
            "endmacro",
            "type",
            "if",
            "elif",
            "else",
            "endif",
            "error");
    private static final int LARGEST_ALIGNMENT = 4096;
    private static final int LARGEST_SPACE = 1 << 16;
    private static final int LARGEST_FRAME = 1 << 20;

    private final OperandParser operands;
    private final PatchParser patches;
    private final PositionParser positions;
    private final Defines defines;
    private final Macros macros;
    private final StructTypes types;
    private final Set<String> sections = new LinkedHashSet<>(List.of("code", "cold", "data"));

    DirectiveParser(OperandParser operands, Defines defines, Macros macros, StructTypes types) {
        this.operands = operands;
        this.patches = new PatchParser(operands);
        this.positions = new PositionParser(operands);
        this.defines = defines;
        this.macros = macros;
        this.types = types;
    }

    /** {@code .define}, {@code .macro} and {@code .type}: the words that they declare are taken as they stand. */
    void declare(String directive, Text argument, Text statement) throws SyntaxError {
        List<Text> parts =
                Scanner.split(argument, ',').stream().map(Text::strip).toList();
        String name = parts.get(0).chars();
        Optional<SyntaxError> wrong = wrongName(directive, name, parts.get(0), statement);
        if (directive.equals("macro")) {
            List<String> parameters = parts.stream().skip(1).map(Text::chars).toList();
            macros.begin(name, parameters, wrong.isPresent(), statement);
        }
        if (wrong.isPresent()) {
            throw wrong.get();
        }
        if (directive.equals("define")) {
            define(name, argument, statement);
        } else if (directive.equals("type")) {
            type(name, parts, statement);
        }
    }

    private static Optional<SyntaxError> wrongName(String directive, String name, Text place, Text statement) {
        if (!Scanner.isName(name)) {
            return Optional.of(new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    place.length() == 0 ? statement.span() : place.span(),
                    "expected a name after ." + directive + ", found "
                            + (name.isEmpty() ? "nothing" : "'" + name + "'")));
        }
        if (Register.parse(name).isPresent()) {
            return Optional.of(new SyntaxError(
                    DiagnosticCode.REGISTER_NAME_TAKEN,
                    place.span(),
                    "'" + name + "' is a register and cannot be defined as something else"));
        }
        return Optional.empty();
    }

    private void define(String name, Text argument, Text statement) throws SyntaxError {
        int comma = argument.chars().indexOf(',');
        Text behind = argument.strip().from(name.length());
        if (comma < 0 && !behind.isBlank()) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN, behind.strip().span(), "expected a comma after '" + name + "'");
        }
        if (!defines.define(
                name, comma < 0 ? "" : argument.from(comma + 1).strip().chars())) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    statement.span(),
                    "'" + name + "' is defined already, as something else");
        }
    }

    private void type(String name, List<Text> parts, Text statement) throws SyntaxError {
        if (parts.size() < 2 || parts.size() > 3 || parts.get(1).length() == 0) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    statement.span(),
                    ".type takes a name, a Java class of field offsets, and perhaps a register",
                    ".type FRAME, FrameLayout, r13");
        }
        Text javaClass = parts.get(1);
        for (String word : javaClass.chars().split("\\.", -1)) {
            if (!Scanner.isName(word)) {
                throw new SyntaxError(
                        DiagnosticCode.BAD_DIRECTIVE,
                        javaClass.span(),
                        "expected the name of a Java class, found '" + javaClass + "'");
            }
        }
        Optional<Text> register =
                parts.size() == 3 ? Optional.of(defines.apply(parts.get(2)).strip()) : Optional.empty();
        if (register.isPresent()) {
            requireRegister(register.get(), statement);
        }
        if (!types.declare(name, javaClass.chars(), register)) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE, parts.get(0).span(), "struct '" + name + "' is declared already");
        }
    }

    private void requireRegister(Text register, Text statement) throws SyntaxError {
        if (register.length() == 0 || !(operands.parse(register) instanceof RegisterOperand)) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    register.length() == 0 ? statement.span() : register.span(),
                    "expected a register, found " + (register.length() == 0 ? "nothing" : "'" + register + "'"));
        }
    }

    /** The line that any other directive makes. */
    Line line(String directive, Text argument, Text statement) throws SyntaxError {
        if (sections.contains(directive)) {
            requireNothing(directive, argument);
            return new Line.SectionSwitch(directive, statement.span());
        }
        return switch (directive) {
            case "section" -> section(argument, statement);
            case "align" -> align(argument, statement);
            case "space" -> space(argument, statement);
            case "byte" -> data(1, argument, statement);
            case "word" -> data(2, argument, statement);
            case "dword" -> data(4, argument, statement);
            case "qword" -> data(8, argument, statement);
            case "enter" -> {
                requireNothing(directive, argument);
                yield new Line.Enter(statement.span());
            }
            case "leave" -> {
                requireNothing(directive, argument);
                yield new Line.Leave(statement.span());
            }
            case "position" -> positions.position(argument, statement);
            case "observe" -> positions.observe(argument, statement);
            case "frame" -> frame(argument, statement);
            case "patch" -> patches.parse(argument, statement);
            case "endmacro" ->
                throw new SyntaxError(DiagnosticCode.BAD_MACRO, statement.span(), "this .endmacro ends no .macro");
            case "error" -> throw new SyntaxError(DiagnosticCode.BAD_DIRECTIVE, statement.span(), complaint(argument));
            default -> throw unknown(directive, statement);
        };
    }

    /** What the author of an {@code .error} has to say. */
    private static String complaint(Text argument) {
        String text = argument.strip().chars().replaceAll("^\"|\"$", "");
        return text.isBlank() ? "the stencil says .error here" : text;
    }

    private SyntaxError unknown(String directive, Text statement) {
        List<String> known = new ArrayList<>(KNOWN);
        known.addAll(sections);
        return new SyntaxError(
                DiagnosticCode.UNKNOWN_DIRECTIVE,
                statement.span(0, directive.length() + 1),
                directive.isEmpty()
                        ? "expected a directive after the dot"
                        : "there is no directive or section ." + directive,
                Nearest.to(directive, known)
                        .map(near -> "did you mean ." + near + "?")
                        .or(() -> Optional.of("a section of your own is declared with .section name")));
    }

    private static void requireNothing(String directive, Text argument) throws SyntaxError {
        if (!argument.isBlank()) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    argument.strip().span(),
                    "expected nothing after ." + directive + ", found '" + argument.strip() + "'");
        }
    }

    private Line section(Text argument, Text statement) throws SyntaxError {
        String name = argument.strip().chars();
        if (!name.matches("[A-Za-z_]\\w*") || KNOWN.indexOf(name) >= 3) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE, statement.span(), "expected a section's name, found '" + name + "'");
        }
        sections.add(name);
        return new Line.SectionSwitch(name, statement.span());
    }

    private Line align(Text argument, Text statement) throws SyntaxError {
        Expression value = Width.parse(argument.strip().chars()).isPresent()
                ? Expression.of(Width.parse(argument.strip().chars()).get().bytes())
                : operands.expressions().number(argument);
        long bytes = value.constant().orElse(0);
        if (bytes < 1 || bytes > LARGEST_ALIGNMENT || Long.bitCount(bytes) != 1) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    argument.strip().span(),
                    "an alignment is a constant power of two up to " + LARGEST_ALIGNMENT + ", not '" + value + "'");
        }
        return new Line.Align((int) bytes, statement.span());
    }

    private Line frame(Text argument, Text statement) throws SyntaxError {
        if (argument.isBlank()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    statement.span(),
                    ".frame takes the number of bytes that the stencil needs from rsp upwards");
        }
        Expression bytes = operands.expressions().number(argument);
        boolean isInteger = bytes.type() == ExpressionType.INT || bytes.type() == ExpressionType.LONG;
        if (!isInteger
                || bytes.isConstant()
                        && (bytes.constant().getAsLong() < 0 || bytes.constant().getAsLong() > LARGEST_FRAME)) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    argument.strip().span(),
                    "a frame has 0 to " + LARGEST_FRAME + " bytes, not '" + bytes + "'");
        }
        return new Line.Frame(bytes, statement.span());
    }

    private Line space(Text argument, Text statement) throws SyntaxError {
        List<Text> parts = Scanner.split(argument, ',');
        Expression count = operands.expressions().number(parts.get(0));
        Expression fill = parts.size() > 1 ? operands.expressions().number(parts.get(1)) : Expression.ZERO;
        long bytes = count.constant().orElse(-1);
        if (bytes < 0 || bytes > LARGEST_SPACE || parts.size() > 2) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    argument.strip().span(),
                    ".space takes a constant number of bytes up to " + LARGEST_SPACE + " and perhaps a fill",
                    "space that depends on the emission is written by a Java loop around .byte");
        }
        return new Line.Data(1, Collections.nCopies((int) bytes, new Line.DataItem.Value(fill)), statement.span());
    }

    private Line data(int itemBytes, Text argument, Text statement) throws SyntaxError {
        List<Line.DataItem> items = new ArrayList<>();
        for (Text part : Scanner.split(argument, ',')) {
            Text item = part.strip();
            if (item.length() == 0) {
                throw new SyntaxError(DiagnosticCode.UNEXPECTED_TOKEN, part.span(), "expected a value, found nothing");
            }
            if (item.at(0) == '"') {
                items.addAll(string(itemBytes, item));
            } else {
                items.add(item(itemBytes, item));
            }
        }
        return new Line.Data(itemBytes, items, statement.span());
    }

    private List<Line.DataItem> string(int itemBytes, Text item) throws SyntaxError {
        if (itemBytes != 1 || Scanner.literalEnd(item.chars(), 0) != item.length()) {
            throw new SyntaxError(DiagnosticCode.BAD_DIRECTIVE, item.span(), "a string stands alone, in a .byte");
        }
        String text;
        try {
            text = item.chars().substring(1, item.length() - 1).translateEscapes();
        } catch (IllegalArgumentException wrong) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    item.span(),
                    "a string has Java's escapes and no other",
                    "a backslash is written \\\\");
        }
        List<Line.DataItem> bytes = new ArrayList<>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(new Line.DataItem.Value(Expression.of(b)));
        }
        return bytes;
    }

    /** A number, a label's address, {@code label - .} or {@code label - label}; each label with an offset. */
    private Line.DataItem item(int itemBytes, Text item) throws SyntaxError {
        ExpressionParser expressions = operands.expressions();
        if (!isLabel(item)) {
            Expression value = expressions.number(item);
            if (value.type() == ExpressionType.DOUBLE && itemBytes != 8) {
                throw new SyntaxError(
                        DiagnosticCode.BAD_DIRECTIVE,
                        item.span(),
                        "a double has 8 bytes",
                        "use .qword, or .dword with Float.floatToRawIntBits(…)");
            }
            return new Line.DataItem.Value(value);
        }
        for (int minus = Scanner.find(item, '-', 2); minus > 0; minus = Scanner.find(item, '-', minus + 1)) {
            Text right = item.from(minus + 1).strip();
            boolean here = right.at(0) == '.' && !Character.isDigit(right.at(1));
            if (item.at(minus + 1) == '>' || !here && !isLabel(right)) {
                continue;
            }
            LabelParser.Parsed label = label(item.slice(0, minus));
            if (here) {
                Expression offset = LabelParser.offset(right.from(1), expressions);
                return new Line.DataItem.LabelDistance(label.label(), Expression.sum(label.offset(), offset));
            }
            LabelParser.Parsed from = label(right);
            return new Line.DataItem.LabelDifference(
                    label.label(), from.label(), Expression.sum(label.offset(), from.offset()));
        }
        LabelParser.Parsed label = label(item);
        if (itemBytes != 8) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    item.span(),
                    "a label's address has 8 bytes",
                    "use .qword, or the distance from here: " + item + " - .");
        }
        return new Line.DataItem.LabelAddress(label.label(), label.offset());
    }

    private LabelParser.Parsed label(Text text) throws SyntaxError {
        return LabelParser.reference(text, operands.expressions())
                .orElseThrow(() -> new SyntaxError(
                        DiagnosticCode.UNEXPECTED_TOKEN, text.span(), "expected a label, found '" + text + "'"));
    }

    private static boolean isLabel(Text text) {
        return text.startsWith("=>") || text.startsWith("->") || text.at(0) == '<' || text.at(0) == '>';
    }
}
