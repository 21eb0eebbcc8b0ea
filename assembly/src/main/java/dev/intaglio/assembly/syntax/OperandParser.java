package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.machine.Width;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses one operand. */
final class OperandParser {
    private static final Pattern STACK_REGISTER =
            Pattern.compile("^(st)\\s*\\(\\s*([0-7])\\s*\\)$", Pattern.CASE_INSENSITIVE);

    private final ExpressionParser expressions;
    private final AddressParser addresses;
    private final StructTypes types;

    OperandParser(Scope scope, StructTypes types) {
        this.types = types;
        expressions = new ExpressionParser(scope);
        addresses = new AddressParser(expressions);
    }

    ExpressionParser expressions() {
        return expressions;
    }

    Operand parse(Text text) throws SyntaxError {
        Text operand = text.strip();
        if (operand.length() == 0) {
            throw new SyntaxError(DiagnosticCode.UNEXPECTED_TOKEN, text.span(), "expected an operand, found nothing");
        }
        int word = Scanner.wordEnd(operand, 0);
        Optional<Width> width = Width.parse(operand.chars().substring(0, word));
        if (width.isPresent()) {
            return sized(width.get(), operand.from(word).strip(), operand);
        }
        if (isBracketed(operand)) {
            return memory(Optional.empty(), operand);
        }
        return unsized(operand);
    }

    private Operand sized(Width width, Text rest, Text whole) throws SyntaxError {
        int word = Scanner.wordEnd(rest, 0);
        if (rest.chars().substring(0, word).equalsIgnoreCase("ptr")) {
            rest = rest.from(word).strip();
        }
        if (rest.length() == 0) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    whole.span(),
                    "expected a memory operand or a number after '" + width + "'");
        }
        if (isBracketed(rest)) {
            return memory(Optional.of(width), rest);
        }
        Optional<Operand> field = types.operand(rest, Optional.of(width), this);
        if (field.isPresent()) {
            return field.get();
        }
        if (registerOf(rest).isPresent()) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    whole.span(),
                    "a register has its own size: '" + width + "' cannot stand before '" + rest + "'");
        }
        return new Operand.Immediate(expressions.number(rest), Optional.of(width));
    }

    private static boolean isBracketed(Text operand) {
        if (operand.at(0) == '[') {
            return true;
        }
        int word = Scanner.wordEnd(operand, 0);
        return word > 0
                && operand.at(word) == ':'
                && isSegment(operand.chars().substring(0, word))
                && operand.from(word + 1).strip().at(0) == '[';
    }

    static boolean isSegment(String word) {
        return Register.parse(word)
                .filter(register -> register.kind() == RegisterClass.SEGMENT)
                .isPresent();
    }

    private Operand.Memory memory(Optional<Width> width, Text operand) throws SyntaxError {
        Optional<Register> segment = Optional.empty();
        Text brackets = operand;
        if (operand.at(0) != '[') {
            int word = Scanner.wordEnd(operand, 0);
            segment = Register.parse(operand.chars().substring(0, word));
            brackets = operand.from(word + 1).strip();
        }
        int end = Scanner.find(brackets.from(1), ']', 0);
        if (end < 0) {
            throw new SyntaxError(DiagnosticCode.UNBALANCED, brackets.span(0, 1), "this [ is not closed");
        }
        Text behind = brackets.from(end + 2).strip();
        if (behind.length() > 0) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN, behind.span(), "expected nothing after ], found '" + behind + "'");
        }
        return memoryOperand(width, segment, brackets.slice(1, end + 1));
    }

    /** A memory operand from what stands between its brackets. */
    Operand.Memory memoryOperand(Optional<Width> width, Optional<Register> segment, Text inner) throws SyntaxError {
        Text rest = inner.strip();
        int word = Scanner.wordEnd(rest, 0);
        String first = rest.chars().substring(0, word);
        Optional<Width> displacementSize = displacementSize(first);
        if (displacementSize.isPresent()) {
            rest = rest.from(word).strip();
            word = Scanner.wordEnd(rest, 0);
            first = rest.chars().substring(0, word);
        }
        Optional<Register> innerSegment = segment;
        if (word > 0 && isSegment(first) && rest.from(word).strip().at(0) == ':') {
            if (segment.isPresent()) {
                throw new SyntaxError(
                        DiagnosticCode.BAD_ADDRESS,
                        rest.span(0, word),
                        "an address has one segment, and this is the second");
            }
            innerSegment = Register.parse(first);
            rest = rest.from(rest.chars().indexOf(':') + 1).strip();
            word = Scanner.wordEnd(rest, 0);
            first = rest.chars().substring(0, word);
        }
        if (displacementSize.isEmpty() && displacementSize(first).isPresent()) {
            displacementSize = displacementSize(first);
            rest = rest.from(word).strip();
        }
        Address address = addresses.parse(rest);
        if (innerSegment.isPresent()) {
            address = new Address.InSegment(innerSegment.get(), address);
        }
        return new Operand.Memory(width, address, displacementSize);
    }

    private static Optional<Width> displacementSize(String word) {
        return word.equalsIgnoreCase("byte") || word.equalsIgnoreCase("dword") ? Width.parse(word) : Optional.empty();
    }

    private Operand unsized(Text operand) throws SyntaxError {
        Optional<LabelParser.Parsed> label = LabelParser.reference(operand, expressions);
        if (label.isPresent()) {
            return new Operand.LabelTarget(label.get().label(), label.get().offset());
        }
        if (operand.at(0) == '&') {
            return new Operand.Immediate(expressions.number(operand.from(1)), Optional.empty());
        }
        Optional<Operand> field = types.operand(operand, Optional.empty(), this);
        if (field.isPresent()) {
            return field.get();
        }
        Optional<RegisterOperand> register = registerOf(operand);
        if (register.isPresent()) {
            return register.get();
        }
        int word = Scanner.wordEnd(operand, 0);
        Text behind = operand.from(word).strip();
        if (Register.parse(operand.chars().substring(0, word)).isPresent() && Scanner.isWordPart(behind.at(0))) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    behind.span(),
                    "expected a comma after '" + operand.chars().substring(0, word) + "', found '" + behind + "'");
        }
        String first = operand.chars().substring(0, word);
        if (first.equals("short") || first.equals("near") && Scanner.isWordPart(behind.at(0))) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    operand.span(0, word),
                    "'" + first + "' is no part of an operand",
                    "leave it out: a branch takes the shortest form that reaches");
        }
        Node node = expressions.parse(operand);
        Optional<RegisterOperand> chosen = addresses.register(node, operand);
        if (chosen.isPresent()) {
            return chosen.get();
        }
        return new Operand.Immediate(expressions.number(node, operand), Optional.empty());
    }

    private Optional<RegisterOperand> registerOf(Text operand) throws SyntaxError {
        Optional<Register> register =
                Register.parse(STACK_REGISTER.matcher(operand.chars()).replaceAll("$1($2)"));
        if (register.isPresent()) {
            checkNotTaken(expressions.scope(), operand.chars(), operand.span());
            return Optional.of(new RegisterOperand.Fixed(register.get()));
        }
        return Optional.empty();
    }

    /** A name that is a register's and a parameter's would be taken for the register in silence. */
    static void checkNotTaken(Scope scope, String name, Span place) throws SyntaxError {
        if (scope.find(name).isPresent()) {
            Typer.TypeException taken = Typer.taken(name, 0);
            throw new SyntaxError(taken.code(), place, taken.getMessage(), taken.help());
        }
    }

    /** The register that a name chooses by its type. */
    static Optional<RegisterClass> typedRegister(Scope scope, String name) {
        return scope.find(name).map(Scope.Symbol::type).flatMap(OperandParser::registerOfType);
    }

    static Optional<RegisterClass> registerOfType(ExpressionType type) {
        return switch (type) {
            case GPR -> Optional.of(RegisterClass.R64);
            case XMM -> Optional.of(RegisterClass.XMM);
            default -> Optional.empty();
        };
    }

    /** A label expression that is no label is an error, not an address. */
    static void requireLabel(Expression label, Text place) throws SyntaxError {
        if (label.type() != ExpressionType.LABEL && label.type() != ExpressionType.UNKNOWN) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_EXPRESSION,
                    place.strip().span(),
                    "'" + label + "' is " + Typer.described(label) + " and no label",
                    "an address is written without =>, and [&" + label + "] in a memory operand");
        }
    }

    /** All operands of an instruction. */
    List<Text> split(Text operands) {
        return operands.isBlank() ? List.of() : Scanner.split(operands, ',');
    }
}
