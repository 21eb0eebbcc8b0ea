package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the text of a stencil. Lines that begin with a bar are assembly, all others Java. A statement that is wrong is
 * reported once and becomes a {@link Line.BadLine}; parsing goes on behind it.
 */
public final class StencilParser {
    private static final int DEEPEST_BRACKETS = 100;
    private static final Pattern LOCAL_LABEL = Pattern.compile("([0-9]+)\\s*:");
    private static final Pattern GLOBAL_LABEL = Pattern.compile("->\\s*([A-Za-z_$][A-Za-z0-9_$]*)\\s*:");

    private final String source;
    private final Diagnostics diagnostics;
    private final Defines defines = new Defines();
    private final Macros macros = new Macros();
    private final StructTypes types = new StructTypes();
    private final Conditionals conditionals;
    private final OperandParser operands;
    private final InstructionParser instructions;
    private final DirectiveParser directives;
    private final List<Line> lines = new ArrayList<>();
    private final Deque<Expansion> expansions = new ArrayDeque<>();
    private final Set<String> reported = new HashSet<>();

    /** A line of a macro that is being expanded, and the place of the macro's use. */
    private record Expansion(String line, Span use) {}

    private StencilParser(String source, Scope scope, ParserOptions options, Diagnostics diagnostics) {
        this.source = source;
        this.diagnostics = diagnostics;
        conditionals = new Conditionals(options.defines());
        operands = new OperandParser(scope, types);
        instructions = new InstructionParser(operands);
        directives = new DirectiveParser(operands, defines, macros, types);
    }

    /** The lines of a whole stencil; spans are offsets into {@code text}. */
    public static List<Line> parse(String text, Scope scope, ParserOptions options, Diagnostics diagnostics) {
        StencilParser parser = new StencilParser(text, JavaLocals.within(text, scope), options, diagnostics);
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
        StencilParser parser = new StencilParser(line, scope, options, diagnostics);
        parser.assembly(Text.at(line, 0));
        return List.copyOf(parser.lines);
    }

    private void physicalLine(Text line) {
        Text stripped = line.strip();
        if (stripped.startsWith("||")) {
            report(new SyntaxError(
                            DiagnosticCode.UNEXPECTED_TOKEN,
                            stripped.span(0, 2),
                            "a line that begins with | is assembly, and this one begins with ||",
                            "end the Java line above with ||, or begin the assembly with a single |")
                    .diagnostic());
            java(stripped);
        } else if (stripped.at(0) == '|') {
            assembly(stripped.from(1));
        } else if (stripped.length() > 0) {
            java(stripped);
        }
    }

    private void java(Text line) {
        if (macros.isOpen()) {
            macros.add(true, line);
        } else if (conditionals.isActive()) {
            lines.add(new Line.Java(line.chars(), line.span()));
        }
    }

    private void assembly(Text line) {
        for (Text part : Scanner.split(Scanner.withoutComment(line), ';')) {
            Text statement = part.strip();
            if (statement.length() == 0) {
                continue;
            }
            try {
                statement(statement);
            } catch (SyntaxError wrong) {
                report(wrong.diagnostic());
                lines.add(new Line.BadLine(statement.span()));
            }
        }
    }

    /**
     * Reports a mistake, with the macro lines that led to it. A name that is a register's is reported once, and so is what
     * is wrong in a macro's own text, however often it is used, and in its argument, however often that is put in.
     */
    private void report(Diagnostic wrong) {
        List<String> origin = expansions.stream().map(Expansion::line).toList();
        boolean inMacroText = !expansions.isEmpty() && expansions.peek().use().equals(wrong.span());
        boolean taken = wrong.code() == DiagnosticCode.REGISTER_NAME_TAKEN;
        String place = taken ? "" : inMacroText ? origin.get(0) : wrong.span().toString();
        if (!reported.add(place + wrong.message())) {
            return;
        }
        diagnostics.report(new Diagnostic(wrong.code(), wrong.span(), wrong.message(), origin, wrong.help()));
    }

    private void statement(Text statement) throws SyntaxError {
        String directive = directiveName(statement);
        if (macros.isOpen()) {
            macroBody(directive, statement);
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
        checkBrackets(expanded);
        Text rest = labels(expanded);
        if (rest.length() == 0) {
            return;
        }
        directive = directiveName(rest);
        if (rest.at(0) == '.') {
            lines.add(directives.line(directive, rest.from(directive.length() + 1), rest));
        } else {
            instructionOrMacro(rest);
        }
    }

    private void macroBody(String directive, Text statement) throws SyntaxError {
        if (directive.equals("endmacro")) {
            macros.end();
        } else if (directive.equals("macro")) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_MACRO,
                    statement.span(),
                    "a macro cannot be defined within a macro",
                    "end the first one with .endmacro");
        } else {
            macros.add(false, statement);
        }
    }

    private static String directiveName(Text statement) {
        if (statement.at(0) != '.') {
            return "";
        }
        return statement.chars().substring(1, Scanner.wordEnd(statement, 1));
    }

    private static void checkBrackets(Text statement) throws SyntaxError {
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
        if (Scanner.depth(statement.chars()) > DEEPEST_BRACKETS) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_EXPRESSION,
                    statement.span(),
                    "brackets are nested more than " + DEEPEST_BRACKETS + " deep");
        }
    }

    /** Takes the labels that a statement begins with; gives what follows them. */
    private Text labels(Text statement) throws SyntaxError {
        Text rest = statement;
        while (true) {
            Matcher local = LOCAL_LABEL.matcher(rest.chars());
            Matcher global = GLOBAL_LABEL.matcher(rest.chars());
            if (local.lookingAt()) {
                int number = LabelParser.number(local.group(1), rest.span(0, local.end(1)));
                LabelReference label = new LabelReference.Next(number);
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
        String name = Scanner.word(statement, 0);
        if (!macros.isDefined(name)) {
            lines.add(instructions.parse(statement));
            return;
        }
        int blocks = conditionals.depth();
        boolean expanded = macros.expand(name, operands.split(statement.from(name.length())), statement, line -> {
            expansions.push(new Expansion(
                    "in macro '" + name + "', line " + lineNumber(line.written()) + ": "
                            + line.written().chars(),
                    statement.span()));
            if (line.isJava()) {
                java(line.text());
            } else {
                assembly(line.text());
            }
            expansions.pop();
        });
        if (!expanded) {
            lines.add(new Line.BadLine(statement.span()));
        }
        if (conditionals.depth() != blocks) {
            conditionals.closeTo(blocks);
            throw new SyntaxError(
                    DiagnosticCode.BAD_MACRO,
                    statement.span(),
                    ".if and .endif must be in pairs within macro '" + name + "'");
        }
    }

    private long lineNumber(Text line) {
        return 1
                + source.substring(0, Math.min(source.length(), line.span().start()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    private void finish() {
        macros.unclosed()
                .ifPresent(place -> diagnostics.report(
                        DiagnosticCode.BAD_MACRO, place.span(), "this .macro has no .endmacro", "| .endmacro"));
        conditionals
                .unclosed()
                .forEach(place ->
                        diagnostics.report(DiagnosticCode.BAD_DIRECTIVE, place, "this .if has no .endif", "| .endif"));
        if (macros.unclosed().isEmpty() && conditionals.unclosed().isEmpty()) {
            LabelChecker.check(lines, diagnostics);
            JavaLineChecker.check(lines, diagnostics);
        }
    }
}
