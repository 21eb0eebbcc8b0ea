package dev.intaglio.processor.write;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.processor.layout.Run;
import java.util.ArrayList;
import java.util.List;

/** The numbers in a stencil's lines that are known only at emission: <code>{0}</code>, <code>{1}</code>… in the listing. */
final class Holes {
    private record Hole(Expression expression, int line) {}

    private final List<Hole> holes = new ArrayList<>();
    private int line;

    /** The text of a line with numbered places for values that are known only at emission. */
    String text(Line what, int at) {
        line = at;
        if (!(what instanceof Instruction instruction)) {
            return what instanceof Line.Java java ? java.source() : what.toString();
        }
        List<Operand> operands = new ArrayList<>();
        for (Operand operand : instruction.operands()) {
            operands.add(numbered(operand));
        }
        return instruction.with(instruction.mnemonic(), operands).toString();
    }

    /** The Java of all values, zeros for those of other runs and those that a run does not compute. */
    List<String> values(Values values, Run run) {
        return holes.stream()
                .map(hole -> hole.line() < run.first() || hole.line() >= run.end()
                        ? "0"
                        : values.known(hole.expression(), hole.line()).orElse("0"))
                .toList();
    }

    private Operand numbered(Operand operand) {
        if (operand instanceof Operand.Immediate immediate) {
            return new Operand.Immediate(numbered(immediate.value()), immediate.width());
        }
        if (operand instanceof Operand.Memory memory && memory.address() instanceof Address.Indexed indexed) {
            Address address = new Address.Indexed(
                    indexed.base().map(this::numbered),
                    indexed.index().map(this::numbered),
                    indexed.scale(),
                    numbered(indexed.displacement()));
            return new Operand.Memory(memory.width(), address, memory.displacementSize());
        }
        return operand instanceof RegisterOperand register ? numbered(register) : operand;
    }

    private RegisterOperand numbered(RegisterOperand register) {
        return register instanceof RegisterOperand.Chosen chosen
                ? new RegisterOperand.Chosen(chosen.kind(), numbered(chosen.number()))
                : register;
    }

    private Expression numbered(Expression expression) {
        if (expression.isConstant()) {
            return expression;
        }
        int index = holes.indexOf(new Hole(expression, line));
        if (index < 0) {
            index = holes.size();
            holes.add(new Hole(expression, line));
        }
        String source = expression.toString();
        boolean isPlain = source.indexOf('{') < 0 && source.indexOf('}') < 0;
        return new Expression.Variable("{" + index + (isPlain ? ":" + source : "") + "}", ExpressionType.LONG);
    }
}
