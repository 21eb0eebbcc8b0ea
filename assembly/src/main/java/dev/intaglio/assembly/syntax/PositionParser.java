package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.List;
import java.util.Optional;

/** Parses {@code .position [slot], value} and {@code .observe scratch}. */
final class PositionParser {
    private static final String SHAPE = ".position [r13 + 56], value";

    private final OperandParser operands;

    PositionParser(OperandParser operands) {
        this.operands = operands;
    }

    Line position(Text argument, Text statement) throws SyntaxError {
        if (argument.isBlank()) {
            return new Line.Position(Optional.empty(), statement.span());
        }
        List<Text> parts = Scanner.split(argument, ',');
        if (parts.size() != 2 || parts.get(1).isBlank()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE, argument.strip().span(), ".position takes a slot and a value", SHAPE);
        }
        Text place = parts.get(0).strip();
        if (place.length() == 0
                || !(operands.parse(place) instanceof Operand.Memory memory)
                || !(memory.address() instanceof Address.Indexed address)
                || address.index().isPresent()
                || !(address.base().orElse(null) instanceof RegisterOperand.Fixed base)
                || base.kind() != RegisterClass.R64) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    place.length() == 0 ? statement.span() : place.span(),
                    "the slot of a position is a 64-bit register and a displacement",
                    SHAPE);
        }
        Expression value = operands.expressions().number(parts.get(1));
        if (value.type() != ExpressionType.INT && value.type() != ExpressionType.LONG) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    parts.get(1).strip().span(),
                    "a position is an int or a long, not " + Typer.described(value));
        }
        return new Line.Position(
                Optional.of(new Line.Position.Slot(base, address.displacement(), value)), statement.span());
    }

    Line observe(Text argument, Text statement) throws SyntaxError {
        if (argument.isBlank()) {
            return new Line.Observe(Optional.empty(), statement.span());
        }
        Text name = argument.strip();
        if (!(operands.parse(name) instanceof RegisterOperand.Fixed scratch)
                || scratch.kind() != RegisterClass.R64
                || scratch.register().number() == 4) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    name.span(),
                    ".observe takes a 64-bit register that it may change, or nothing",
                    ".observe rax");
        }
        return new Line.Observe(Optional.of(scratch), statement.span());
    }
}
