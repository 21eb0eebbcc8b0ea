package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.machine.Register;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses references to labels: {@code =>expression}, {@code ->name}, {@code <1}, {@code >1}, each with an offset. */
final class LabelParser {
    /** A label and what is added to its address. */
    record Parsed(LabelReference label, Expression offset) {}

    private static final Pattern LOCAL = Pattern.compile("([<>])\\s*([0-9]+)");
    private static final Pattern GLOBAL = Pattern.compile("->\\s*([A-Za-z_$][A-Za-z0-9_$]*)");

    private LabelParser() {}

    /** The reference; empty where the text does not begin as one. */
    static Optional<Parsed> reference(Text text, ExpressionParser expressions) throws SyntaxError {
        Text operand = text.strip();
        if (operand.startsWith("=>")) {
            return Optional.of(given(operand.from(2), expressions));
        }
        if (operand.startsWith("->")) {
            Matcher global = GLOBAL.matcher(operand.chars());
            if (!global.lookingAt()) {
                throw new SyntaxError(DiagnosticCode.UNEXPECTED_TOKEN, operand.span(), "expected a name after ->");
            }
            return Optional.of(new Parsed(
                    new LabelReference.Global(global.group(1)), offset(operand.from(global.end()), expressions)));
        }
        Matcher local = LOCAL.matcher(operand.chars());
        if (local.lookingAt()) {
            int number = number(local.group(2), operand.span(local.start(2), local.end(2)));
            LabelReference label =
                    local.group(1).equals("<") ? new LabelReference.Last(number) : new LabelReference.Next(number);
            return Optional.of(new Parsed(label, offset(operand.from(local.end()), expressions)));
        }
        if (operand.at(0) == '<' || operand.at(0) == '>') {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    operand.span(),
                    "expected a label's number after " + operand.at(0));
        }
        return Optional.empty();
    }

    /** The number of a local label. */
    static int number(String digits, Span place) throws SyntaxError {
        if (digits.length() > 2 || digits.matches("0+")) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    place,
                    "local labels are numbered from 1 to 99, found '" + digits + "'",
                    "a name that is known in the whole emitter is written ->name");
        }
        return Integer.parseInt(digits);
    }

    private static Parsed given(Text text, ExpressionParser expressions) throws SyntaxError {
        List<ExpressionParser.Term> terms = ExpressionParser.terms(expressions.parse(text));
        if (terms.get(0).negative()) {
            throw new SyntaxError(DiagnosticCode.BAD_EXPRESSION, text.strip().span(), "expected a label after =>");
        }
        Expression label = expressions.type(terms.get(0).node(), text);
        OperandParser.requireLabel(label, text);
        Expression offset = Expression.ZERO;
        for (ExpressionParser.Term term : terms.subList(1, terms.size())) {
            refuseRegister(term, text);
            offset = expressions.add(offset, term, text);
        }
        return new Parsed(new LabelReference.Given(label), offset);
    }

    /** What is added to a label, after its name. */
    static Expression offset(Text text, ExpressionParser expressions) throws SyntaxError {
        Text rest = text.strip();
        if (rest.length() == 0) {
            return Expression.ZERO;
        }
        if (rest.at(0) != '+' && rest.at(0) != '-') {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    rest.span(),
                    "expected + or - and an offset after a label, found '" + rest + "'");
        }
        Text number = rest.at(0) == '+' ? rest.from(1) : rest;
        Node node = expressions.parse(number);
        for (ExpressionParser.Term term : ExpressionParser.terms(node)) {
            refuseRegister(term, number);
        }
        return expressions.number(node, number);
    }

    private static void refuseRegister(ExpressionParser.Term term, Text text) throws SyntaxError {
        Node node = term.node() instanceof Node.Binary product ? product.left() : term.node();
        boolean register =
                node instanceof Node.Name name && Register.parse(name.name()).isPresent()
                        || node instanceof Node.Call call
                                && RegisterFamilies.find(call.name()).isPresent();
        if (register) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    ExpressionParser.place(node, text),
                    "a label's address is relative to rip and takes no register",
                    "lea a register from the label first");
        }
    }
}
