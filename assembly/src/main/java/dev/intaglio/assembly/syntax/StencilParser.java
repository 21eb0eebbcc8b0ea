package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.machine.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the text of a stencil. Lines that begin with a bar are assembly, all others Java. A statement that is wrong is
 * reported once and becomes a {@link Line.BadLine}; parsing goes on behind it.
 */
public final class StencilParser {
    private static final int DEEPEST_EXPANSION = 20;
    private static final Pattern LOCAL_LABEL = Pattern.compile("(\\d{1,3})\\s*:");
    private static final Pattern GLOBAL_LABEL = Pattern.compile("->\\s*([A-Za-z_$][A-Za-z0-9_$]*)\\s*:");

    private final Diagnostics diagnostics;
    private final Defines defines = new Defines();
    private final Macros macros = new Macros();
    private final StructTypes types = new StructTypes();
    private final Conditionals conditionals;
    private final OperandParser operands;
    private final InstructionParser instructions;
    private final DirectiveParser directives;
    private final List<Line> lines = new ArrayList<>();
    private int depth;

    private StencilParser(Scope scope, ParserOptions options, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        conditionals = new Conditionals(options.defines());
        operands = new OperandParser(scope, types);
        instructions = new InstructionParser(operands);
        directives = new DirectiveParser(operands, defines, macros, types);
    }

    /** The lines of a whole stencil; spans are offsets into {@code text}. */
    public static List<Line> parse(String text, Scope scope, ParserOptions options, Diagnostics diagnostics) {
        StencilParser parser = new StencilParser(JavaLocals.within(text, scope), options, diagnostics);
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            parser.physicalLine(Text.at(text.substring(start, end), start));
            start = end + 1;
        }
        parser.finish();
        return List.copyOf(parser.lines);
    }

    /** The lines of one line of assembly, without the bar. */
    public static List<Line> parseAssembly(String line, Scope scope, ParserOptions options, Diagnostics diagnostics) {
        StencilParser parser = new StencilParser(scope, options, diagnostics);
        parser.assembly(Text.at(line, 0));
        return List.copyOf(parser.lines);
    }

    private void physicalLine(Text line) {
        Text stripped = line.strip();
        if (stripped.length() == 0) {
            return;
        }
        if (stripped.at(0) == '|') {
            assembly(stripped.from(1));
        } else {
            java(stripped);
        }
    }

    private void java(Text line) {
        if (macros.isOpen()) {
            macros.add(new Macros.BodyLine(true, line.chars()));
        } else if (conditionals.isActive()) {
            lines.add(new Line.Java(line.chars(), line.span()));
        }
    }

    private void assembly(Text line) {
        for (Text statement : Scanner.split(Scanner.withoutComment(line), ';')) {
            if (statement.isBlank()) {
                continue;
            }
            try {
                statement(statement.strip());
            } catch (SyntaxError wrong) {
                diagnostics.report(wrong.diagnostic());
                lines.add(new Line.BadLine(statement.strip().span()));
            }
        }
    }

    private void statement(Text statement) throws SyntaxError {
        String directive = directiveName(statement);
        if (macros.isOpen()) {
            if (directive.equals("endmacro")) {
                macros.end();
            } else {
                macros.add(new Macros.BodyLine(false, statement.chars()));
            }
            return;
        }
        Text argument = statement.from(directive.isEmpty() ? 0 : directive.length() + 1);
        if (conditionals.take(directive, argument, statement.span()) || !conditionals.isActive()) {
            return;
        }
        if (directive.equals("define") || directive.equals("macro") || directive.equals("type")) {
            directives.declare(directive, argument, statement);
            return;
        }
        Text expanded = types.withSizes(defines.apply(statement)).strip();
        checkBalanced(expanded);
        Text rest = labels(expanded);
        if (rest.length() == 0) {
            return;
        }
        directive = directiveName(rest);
        if (!directive.isEmpty()) {
            lines.add(directives.line(directive, rest.from(directive.length() + 1), rest));
        } else {
            instructionOrMacro(rest);
        }
    }

    private static String directiveName(Text statement) {
        if (statement.at(0) != '.') {
            return "";
        }
        return statement.chars().substring(1, Scanner.wordEnd(statement, 1));
    }

    private static void checkBalanced(Text statement) throws SyntaxError {
        var unbalanced = Scanner.unbalanced(statement);
        if (unbalanced.isPresent()) {
            int at = unbalanced.getAsInt();
            char c = statement.at(at);
            boolean opens = "([{\"'".indexOf(c) >= 0;
            throw new SyntaxError(
                    DiagnosticCode.UNBALANCED,
                    statement.span(at, at + 1),
                    opens ? "this " + c + " is not closed" : "this " + c + " was not opened");
        }
    }

    /** Takes the labels that a statement begins with; gives what follows them. */
    private Text labels(Text statement) throws SyntaxError {
        Text rest = statement;
        while (true) {
            Matcher local = LOCAL_LABEL.matcher(rest.chars());
            Matcher global = GLOBAL_LABEL.matcher(rest.chars());
            if (local.lookingAt()) {
                LabelReference label = new LabelReference.Next(Integer.parseInt(local.group(1)));
                lines.add(new Line.LabelDefinition(label, rest.span(0, local.end())));
                rest = rest.from(local.end()).strip();
            } else if (global.lookingAt()) {
                lines.add(new Line.LabelDefinition(
                        new LabelReference.Global(global.group(1)), rest.span(0, global.end())));
                rest = rest.from(global.end()).strip();
            } else if (rest.startsWith("=>")) {
                rest = givenLabel(rest).strip();
            } else {
                return rest;
            }
        }
    }

    /** {@code =>expression:}; of several colons the first that leaves a Java expression before it ends the label. */
    private Text givenLabel(Text statement) throws SyntaxError {
        SyntaxError first = null;
        for (int colon = Scanner.find(statement, ':', 2); colon >= 0; colon = Scanner.find(statement, ':', colon + 1)) {
            Text expression = statement.slice(2, colon);
            try {
                var label = operands.expressions().plain(expression);
                OperandParser.requireLabel(label, expression);
                lines.add(new Line.LabelDefinition(new LabelReference.Given(label), statement.span(0, colon + 1)));
                return statement.from(colon + 1);
            } catch (SyntaxError wrong) {
                first = first == null ? wrong : first;
            }
        }
        if (first != null) {
            throw first;
        }
        throw new SyntaxError(
                DiagnosticCode.UNEXPECTED_TOKEN, statement.span(), "expected a colon after the label", statement + ":");
    }

    private void instructionOrMacro(Text statement) throws SyntaxError {
        int word = Scanner.wordEnd(statement, 0);
        String name = statement.chars().substring(0, word);
        if (!macros.isDefined(name)) {
            Instruction instruction = instructions.parse(statement);
            lines.add(instruction);
            return;
        }
        if (depth == DEEPEST_EXPANSION) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_MACRO, statement.span(), "macro '" + name + "' uses itself without end");
        }
        depth++;
        try {
            for (Macros.BodyLine line : macros.expand(name, operands.split(statement.from(word)), statement)) {
                Text text = Text.replacing(line.text(), statement.span());
                if (line.isJava()) {
                    java(text);
                } else {
                    assembly(text);
                }
            }
        } finally {
            depth--;
        }
    }

    private void finish() {
        macros.unclosed()
                .ifPresent(place -> diagnostics.report(
                        DiagnosticCode.BAD_MACRO, place.span(), "this .macro has no .endmacro", "| .endmacro"));
        conditionals
                .unclosed()
                .ifPresent(place ->
                        diagnostics.report(DiagnosticCode.BAD_DIRECTIVE, place, "this .if has no .endif", "| .endif"));
        LabelChecker.check(lines, diagnostics);
    }

    /** The names of all registers, which no Java name of a stencil should share. */
    static boolean isRegisterName(String name) {
        return Register.parse(name).isPresent();
    }

    /** A place for messages about the whole text. */
    static Span beginning() {
        return new Span(0, 0);
    }
}
