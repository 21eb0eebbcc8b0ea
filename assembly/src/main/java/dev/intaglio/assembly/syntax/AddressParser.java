package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Parses what stands between the brackets of a memory operand. */
final class AddressParser {
    /** A register of an address with its factor; {@code scaled} where a factor is written. */
    private record Scaled(RegisterOperand register, int factor, boolean scaled) {}

    private final ExpressionParser expressions;

    AddressParser(ExpressionParser expressions) {
        this.expressions = expressions;
    }

    Address parse(Text text) throws SyntaxError {
        if (text.isBlank()) {
            throw new SyntaxError(DiagnosticCode.BAD_ADDRESS, text.span(), "expected an address between [ and ]");
        }
        Optional<LabelParser.Parsed> label = LabelParser.reference(text, expressions);
        if (label.isPresent()) {
            return new Address.RipLabel(label.get().label(), label.get().offset());
        }
        if (text.at(0) == '&') {
            return new Address.RipAddress(expressions.number(text.from(1)));
        }
        Optional<Text> behindRip = behindRip(text);
        if (behindRip.isPresent()) {
            return ripRelative(behindRip.get(), text);
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

    private Address ripRelative(Text rest, Text whole) throws SyntaxError {
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
                    whole.span(),
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
                        place(text, register.get().register()),
                        "a register cannot be subtracted in an address");
            } else {
                registers.add(register.get());
            }
        }
        return combine(registers, displacement, text);
    }

    private Address combine(List<Scaled> registers, Expression displacement, Text text) throws SyntaxError {
        for (Scaled scaled : registers) {
            checkAddressRegister(scaled.register(), text);
        }
        if (registers.size() > 2) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    place(text, registers.get(2).register()),
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
                        place(text, scaled.register()),
                        "an address has one scaled register, and this is the second");
            }
        }
        if (index != null && base != null && isStackPointer(index.register())) {
            if (index.factor() != 1 || isStackPointer(base.register())) {
                throw stackPointerIndex(index, text);
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
                throw stackPointerIndex(index, text);
            }
            if (index.factor() == 3 || index.factor() == 5 || index.factor() == 9) {
                return address(index, index, index.factor() - 1, displacement);
            }
        }
        if (index != null) {
            checkScale(index, text);
            checkSameSize(base, index, text);
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

    private static void checkAddressRegister(RegisterOperand register, Text text) throws SyntaxError {
        RegisterClass kind = register.kind();
        if (kind != RegisterClass.R64 && kind != RegisterClass.R32 && !kind.isVector()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    place(text, register),
                    "an address needs 64-bit registers (or 32-bit ones), and '" + register + "' is none",
                    "use the 64-bit name");
        }
    }

    private static void checkScale(Scaled index, Text text) throws SyntaxError {
        int factor = index.factor();
        if (factor != 1 && factor != 2 && factor != 4 && factor != 8) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    place(text, index.register()),
                    "an index is scaled by 1, 2, 4 or 8, not by " + factor);
        }
    }

    private static void checkSameSize(Scaled base, Scaled index, Text text) throws SyntaxError {
        boolean mixed = base != null
                && !index.register().kind().isVector()
                && base.register().kind() != index.register().kind();
        if (mixed) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    place(text, index.register()),
                    "base and index must be of one size: '" + base.register() + "' and '" + index.register() + "'");
        }
    }

    private static SyntaxError stackPointerIndex(Scaled index, Text text) {
        return new SyntaxError(
                DiagnosticCode.BAD_ADDRESS,
                place(text, index.register()),
                "'" + index.register() + "' cannot be an index: its number means that there is none",
                "make it the base, or copy it to another register first");
    }

    private static boolean isStackPointer(RegisterOperand register) {
        return register instanceof RegisterOperand.Fixed fixed
                && fixed.register().number() == 4
                && !fixed.kind().isVector();
    }

    private static dev.intaglio.assembly.diagnostic.Span place(Text text, RegisterOperand register) {
        String name = register instanceof RegisterOperand.Fixed ? register.toString() : register.toString();
        return ExpressionParser.wordPlace(text, name.contains("(") ? name.substring(0, name.indexOf('(')) : name);
    }

    /** The register that a term is, with its scale; empty for a number. */
    private Optional<Scaled> scaled(Node node, Text text) throws SyntaxError {
        Optional<RegisterOperand> plain = register(node, text);
        if (plain.isPresent()) {
            return Optional.of(new Scaled(plain.get(), 1, false));
        }
        if (node instanceof Node.Parenthesized inner) {
            return register(inner.inner(), text).map(register -> new Scaled(register, 1, false));
        }
        if (!(node instanceof Node.Binary product) || !product.operator().equals("*")) {
            return Optional.empty();
        }
        Optional<RegisterOperand> left = register(product.left(), text);
        Optional<RegisterOperand> right = register(product.right(), text);
        if (left.isEmpty() && right.isEmpty()) {
            return Optional.empty();
        }
        if (left.isPresent() && right.isPresent()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    place(text, right.get()),
                    "an index is scaled by a number, not by a register");
        }
        Expression factor = expressions.type(left.isPresent() ? product.right() : product.left(), text);
        if (!factor.isConstant()
                || factor.constant().getAsLong() < 1
                || factor.constant().getAsLong() > 9) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_ADDRESS,
                    place(text, left.or(() -> right).get()),
                    "an index is scaled by the constant 1, 2, 4 or 8, not by '" + factor + "'");
        }
        return Optional.of(
                new Scaled(left.or(() -> right).get(), (int) factor.constant().getAsLong(), true));
    }

    /** The register that a node names or chooses. */
    Optional<RegisterOperand> register(Node node, Text text) throws SyntaxError {
        Scope scope = expressions.scope();
        if (node instanceof Node.Name name) {
            Optional<Register> register = Register.parse(name.name());
            if (register.isPresent()) {
                OperandParser.checkNotTaken(scope, name.name(), text);
                return Optional.of(new RegisterOperand.Fixed(register.get()));
            }
            if (name.name().equalsIgnoreCase("rip")) {
                throw new SyntaxError(
                        DiagnosticCode.BAD_ADDRESS,
                        ExpressionParser.wordPlace(text, name.name()),
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
        return Optional.empty();
    }

    private RegisterOperand chosen(Node.Call call, RegisterClass kind, Text text) throws SyntaxError {
        if (call.arguments().size() != 1) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_EXPRESSION,
                    ExpressionParser.wordPlace(text, call.name()),
                    call.name() + "(…) takes one number, the register's");
        }
        Expression number = expressions.type(call.arguments().get(0), text);
        if (!number.isConstant()) {
            return new RegisterOperand.Chosen(kind, number);
        }
        long value = number.constant().getAsLong();
        if (value < 0 || value >= kind.count()) {
            throw new SyntaxError(
                    DiagnosticCode.OUT_OF_RANGE,
                    ExpressionParser.wordPlace(text, call.name()),
                    "there is no register " + call.name() + "(" + value + "): numbers run from 0 to "
                            + (kind.count() - 1));
        }
        return new RegisterOperand.Fixed(new Register(kind, (int) value));
    }
}
