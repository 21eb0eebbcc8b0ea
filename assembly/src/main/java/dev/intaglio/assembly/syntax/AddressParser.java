package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses what stands between the brackets of a memory operand. */
final class AddressParser {
    /** A register of an address with its factor; {@code scaled} where a factor is written. */
    private record Scaled(RegisterOperand register, int factor, boolean scaled, Span place) {}

    /** A register and where it stands. */
    private record Placed(RegisterOperand register, Span place) {}

    private static final Pattern LABEL_WITHIN = Pattern.compile("[+-]\\s*(=>|->|[<>](?=\\s*[0-9]))");

    private final ExpressionParser expressions;

    AddressParser(ExpressionParser expressions) {
        this.expressions = expressions;
    }

    Address parse(Text text) throws SyntaxError {
        if (text.isBlank()) {
            throw new SyntaxError(DiagnosticCode.BAD_ADDRESS, text.span(), "expected an address between [ and ]");
        }
        Optional<LabelParser.Parsed> reference = LabelParser.reference(text, expressions);
        if (reference.isPresent()) {
            return new Address.RipLabel(reference.get().label(), reference.get().offset());
        }
        if (text.at(0) == '&') {
            return new Address.RipAddress(expressions.number(text.from(1)));
        }
        Optional<Text> behindRip = behindRip(text);
        if (behindRip.isPresent()) {
            return ripRelative(behindRip.get());
        }
        Matcher label = LABEL_WITHIN.matcher(text.chars());
        if (label.find() && Scanner.unbalanced(text.slice(0, label.start(1))).isEmpty()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    text.span(label.start(1), label.end(1)),
                    "a label stands first in an address, which is relative to rip and has no other register",
                    "lea a register from the label first");
        }
        return indexed(text);
    }

    /** What follows {@code rip}, where the address begins with it. */
    private static Optional<Text> behindRip(Text text) {
        int word = Scanner.wordEnd(text, 0);
        return text.chars().substring(0, word).equalsIgnoreCase("rip")
                ? Optional.of(text.from(word).strip())
                : Optional.empty();
    }

    private Address ripRelative(Text rest) throws SyntaxError {
        if (rest.at(0) == '+' && rest.from(1).strip().at(0) == '&') {
            return new Address.RipAddress(
                    expressions.number(rest.from(1).strip().from(1)));
        }
        if (rest.at(0) == '+') {
            Optional<LabelParser.Parsed> label = LabelParser.reference(rest.from(1), expressions);
            if (label.isPresent()) {
                return new Address.RipLabel(label.get().label(), label.get().offset());
            }
        }
        if (rest.length() == 0) {
            return new Address.RipRaw(Expression.ZERO);
        }
        if (rest.at(0) != '+' && rest.at(0) != '-') {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS, rest.span(), "expected + or - after rip, found '" + rest + "'");
        }
        Expression displacement = expressions.number(rest.at(0) == '+' ? rest.from(1) : rest);
        if (!displacement.isConstant()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    rest.from(1).strip().span(),
                    "[rip + n] takes a plain number, the raw distance from the next instruction",
                    "an absolute address is written [&" + displacement + "], a label [=>label]");
        }
        return new Address.RipRaw(displacement);
    }

    private Address indexed(Text text) throws SyntaxError {
        List<Scaled> registers = new ArrayList<>();
        Expression displacement = Expression.ZERO;
        for (ExpressionParser.Term term : ExpressionParser.terms(expressions.parse(text))) {
            Optional<Scaled> register = scaled(term.node(), text);
            if (register.isEmpty()) {
                displacement = expressions.add(displacement, term, text);
            } else if (term.negative()) {
                throw new SyntaxError(
                        DiagnosticCode.BAD_ADDRESS,
                        register.get().place(),
                        "a register cannot be subtracted in an address");
            } else {
                registers.add(register.get());
            }
        }
        return combine(registers, displacement);
    }

    private Address combine(List<Scaled> registers, Expression displacement) throws SyntaxError {
        for (Scaled scaled : registers) {
            checkAddressRegister(scaled);
        }
        if (registers.size() > 2) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    registers.get(2).place(),
                    "an address has at most two registers, a base and an index",
                    "add two of them with lea first");
        }
        if (registers.isEmpty()) {
            return new Address.Indexed(Optional.empty(), Optional.empty(), 1, displacement);
        }
        Scaled base = null;
        Scaled index = null;
        for (Scaled scaled : registers) {
            boolean mayBeBase = !scaled.scaled() && !scaled.register().kind().isVector();
            if (mayBeBase && base == null) {
                base = scaled;
            } else if (index == null) {
                index = scaled;
            } else if (base == null
                    && scaled.factor() == 1
                    && !scaled.register().kind().isVector()) {
                base = scaled;
            } else if (base == null
                    && index.factor() == 1
                    && !index.register().kind().isVector()) {
                base = index;
                index = scaled;
            } else {
                throw new SyntaxError(
                        DiagnosticCode.BAD_ADDRESS,
                        scaled.place(),
                        "an address has one scaled register, and this is the second");
            }
        }
        if (index != null && base != null && isStackPointer(index.register())) {
            if (index.factor() != 1 || isStackPointer(base.register())) {
                throw stackPointerIndex(index);
            }
            Scaled swap = base;
            base = index;
            index = swap;
        }
        if (index != null && base == null) {
            // reg*1 is a plain base; reg*3, *5 and *9 are reg + reg*2, *4, *8.
            if (index.factor() == 1 && !index.register().kind().isVector()) {
                return address(index, null, 1, displacement);
            }
            if (isStackPointer(index.register())) {
                throw stackPointerIndex(index);
            }
            if (index.factor() == 3 || index.factor() == 5 || index.factor() == 9) {
                return address(index, index, index.factor() - 1, displacement);
            }
        }
        if (index != null) {
            checkScale(index);
            checkSameSize(base, index);
        }
        return address(base, index, index == null ? 1 : index.factor(), displacement);
    }

    private static Address address(Scaled base, Scaled index, int scale, Expression displacement) {
        return new Address.Indexed(
                Optional.ofNullable(base).map(Scaled::register),
                Optional.ofNullable(index).map(Scaled::register),
                scale,
                displacement);
    }

    private static void checkAddressRegister(Scaled scaled) throws SyntaxError {
        RegisterOperand register = scaled.register();
        RegisterClass kind = register.kind();
        if (kind != RegisterClass.R64 && kind != RegisterClass.R32 && !kind.isVector()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    scaled.place(),
                    "an address needs 64-bit registers (or 32-bit ones), and '" + register + "' is none",
                    register instanceof RegisterOperand.Fixed fixed && kind.isGeneral() && kind != RegisterClass.R8H
                            ? "write "
                                    + new Register(
                                            RegisterClass.R64, fixed.register().number())
                            : "a 64-bit register chosen at emission is Rq(n)");
        }
    }

    private static void checkScale(Scaled index) throws SyntaxError {
        int factor = index.factor();
        if (factor != 1 && factor != 2 && factor != 4 && factor != 8) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS, index.place(), "an index is scaled by 1, 2, 4 or 8, not by " + factor);
        }
    }

    private static void checkSameSize(Scaled base, Scaled index) throws SyntaxError {
        boolean mixed = base != null
                && !index.register().kind().isVector()
                && base.register().kind() != index.register().kind();
        if (mixed) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    index.place(),
                    "base and index must be of one size: '" + base.register() + "' and '" + index.register() + "'");
        }
    }

    private static SyntaxError stackPointerIndex(Scaled index) {
        return new SyntaxError(
                DiagnosticCode.BAD_ADDRESS,
                index.place(),
                "'" + index.register() + "' cannot be an index: its number means that there is none",
                "make it the base, or copy it to another register first");
    }

    private static boolean isStackPointer(RegisterOperand register) {
        return register instanceof RegisterOperand.Fixed fixed
                && fixed.register().number() == 4
                && !fixed.kind().isVector();
    }

    /** The register that a term is, with its scale; empty for a number. */
    private Optional<Scaled> scaled(Node node, Text text) throws SyntaxError {
        Optional<Placed> plain = placed(node, text);
        if (plain.isPresent()) {
            return plain.map(found -> new Scaled(found.register(), 1, false, found.place()));
        }
        if (!(node instanceof Node.Binary product) || !product.operator().equals("*")) {
            return Optional.empty();
        }
        Optional<Placed> left = placed(product.left(), text);
        Optional<Placed> right = placed(product.right(), text);
        if (left.isEmpty() && right.isEmpty()) {
            return Optional.empty();
        }
        if (left.isPresent() && right.isPresent()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    right.get().place(),
                    "an index is scaled by a number, not by a register");
        }
        Placed register = left.or(() -> right).orElseThrow();
        Expression factor = expressions.type(left.isPresent() ? product.right() : product.left(), text);
        long value = factor.constant().orElse(-1);
        if (value < 1 || value > 9) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    register.place(),
                    "an index is scaled by the constant 1, 2, 4 or 8, not by '" + factor + "'");
        }
        return Optional.of(new Scaled(register.register(), (int) value, true, register.place()));
    }

    private Optional<Placed> placed(Node node, Text text) throws SyntaxError {
        Node inner = node;
        while (inner instanceof Node.Parenthesized parenthesized) {
            inner = parenthesized.inner();
        }
        Optional<RegisterOperand> register = register(inner, text);
        if (register.isEmpty()) {
            return Optional.empty();
        }
        Span place = inner instanceof Node.Name name
                ? place(text, name.name(), name.at())
                : inner instanceof Node.Call call
                        ? place(text, call.name(), call.at())
                        : text.strip().span();
        return Optional.of(new Placed(register.get(), place));
    }

    private static Span place(Text text, String word, int at) {
        return text.strip().span(at, at + word.length());
    }

    /** The register that a node names or chooses. */
    Optional<RegisterOperand> register(Node node, Text text) throws SyntaxError {
        Scope scope = expressions.scope();
        if (node instanceof Node.Name name) {
            Optional<Register> register = Register.parse(name.name());
            if (register.isPresent()) {
                OperandParser.checkNotTaken(scope, name.name(), place(text, name.name(), name.at()));
                return Optional.of(new RegisterOperand.Fixed(register.get()));
            }
            if (name.name().equalsIgnoreCase("rip")) {
                throw new SyntaxError(
                        DiagnosticCode.BAD_ADDRESS,
                        place(text, name.name(), name.at()),
                        "rip stands first in an address, and without other registers: [rip + n]");
            }
            Optional<RegisterClass> typed = OperandParser.typedRegister(scope, name.name());
            if (typed.isPresent()) {
                return Optional.of(new RegisterOperand.Chosen(typed.get(), expressions.type(node, text)));
            }
            return Optional.empty();
        }
        if (node instanceof Node.Call call && RegisterFamilies.find(call.name()).isPresent()) {
            return Optional.of(chosen(call, RegisterFamilies.find(call.name()).get(), text));
        }
        if (node instanceof Node.Call call) {
            Optional<RegisterClass> typed = scope.method(call.name()).flatMap(OperandParser::registerOfType);
            if (typed.isPresent()) {
                return Optional.of(new RegisterOperand.Chosen(typed.get(), expressions.type(node, text)));
            }
        }
        return Optional.empty();
    }

    private RegisterOperand chosen(Node.Call call, RegisterClass kind, Text text) throws SyntaxError {
        if (call.arguments().size() != 1) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_EXPRESSION,
                    place(text, call.name(), call.at()),
                    call.name() + "(…) takes one number, the register's");
        }
        Expression number = expressions.type(call.arguments().get(0), text);
        boolean fits = number.type().isNumeric() && number.type() != ExpressionType.DOUBLE
                || number.type() == ExpressionType.GPR
                || number.type() == ExpressionType.XMM;
        if (!fits) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_EXPRESSION,
                    place(text, call.name(), call.at()),
                    call.name() + "(…) takes a register's number, and '" + number + "' is " + Typer.described(number));
        }
        if (!number.isConstant()) {
            return new RegisterOperand.Chosen(kind, number);
        }
        long value = number.constant().getAsLong();
        if (value < 0 || value >= kind.count()) {
            throw new SyntaxError(
                    DiagnosticCode.OUT_OF_RANGE,
                    place(text, call.name(), call.at()),
                    "there is no register " + call.name() + "(" + value + "): numbers run from 0 to "
                            + (kind.count() - 1));
        }
        return new RegisterOperand.Fixed(new Register(kind, (int) value));
    }
}
