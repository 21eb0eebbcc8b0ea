package dev.intaglio.peephole;

import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes lines from one side of a rule and what its variables stand for. */
final class Template {
    private final Bindings bindings;
    private final Span span;

    private Template(Bindings bindings, Span span) {
        this.bindings = bindings;
        this.span = span;
    }

    /** The lines; empty if a part of a register is asked for that it does not have. */
    static Optional<List<Line>> lines(List<LinePattern> patterns, Bindings bindings, Span span) {
        Template template = new Template(bindings, span);
        List<Line> lines = new ArrayList<>();
        for (LinePattern pattern : patterns) {
            Optional<Line> line = template.line(pattern);
            if (line.isEmpty()) {
                return Optional.empty();
            }
            lines.add(line.get());
        }
        return Optional.of(lines);
    }

    /** The part of a general register with this many bits. */
    static Optional<RegisterOperand> part(RegisterOperand register, int bits) {
        if (!register.kind().isGeneral() || register.kind() == RegisterClass.R8H) {
            return Optional.empty();
        }
        RegisterClass kind = switch (bits) {
            case 8 -> RegisterClass.R8;
            case 16 -> RegisterClass.R16;
            case 32 -> RegisterClass.R32;
            default -> RegisterClass.R64;
        };
        return Optional.of(
                register instanceof RegisterOperand.Fixed fixed
                        ? new RegisterOperand.Fixed(
                                new Register(kind, fixed.register().number()))
                        : new RegisterOperand.Chosen(kind, ((RegisterOperand.Chosen) register).number()));
    }

    private Optional<Line> line(LinePattern pattern) {
        if (pattern instanceof LinePattern.LabelPattern label) {
            return bindings.operand(label.name())
                    .map(bound -> new Line.LabelDefinition(((Operand.LabelTarget) bound.operand()).label(), span));
        }
        LinePattern.InstructionPattern instruction = (LinePattern.InstructionPattern) pattern;
        List<Operand> operands = new ArrayList<>();
        for (OperandPattern each : instruction.operands()) {
            Optional<Operand> operand = operand(each);
            if (operand.isEmpty()) {
                return Optional.empty();
            }
            operands.add(operand.get());
        }
        // Without a register beside it, an operand in memory needs its size word.
        if (operands.stream().noneMatch(RegisterOperand.class::isInstance)) {
            for (int at = 0; at < operands.size(); at++) {
                operands.set(at, withSizeWord(instruction.operands().get(at), operands.get(at)));
            }
        }
        return Optional.of(new Instruction(
                List.of(), mnemonic(instruction.mnemonic()), operands, Decoration.NONE, span, List.of()));
    }

    private String mnemonic(LinePattern.Mnemonic mnemonic) {
        String word = mnemonic.words().get(mnemonic.words().size() == 1 ? 0 : bindings.word());
        if (mnemonic.condition().isEmpty()) {
            return word;
        }
        Condition condition = bindings.condition(mnemonic.condition().get()).orElseThrow();
        return word + (mnemonic.negated() ? condition.negated() : condition);
    }

    private Optional<Operand> operand(OperandPattern pattern) {
        if (pattern instanceof OperandPattern.Named named) {
            return Optional.of(new RegisterOperand.Fixed(named.register()));
        }
        if (pattern instanceof OperandPattern.Number number) {
            return Optional.of(new Operand.Immediate(Expression.of(number.value()), Optional.empty()));
        }
        if (pattern instanceof OperandPattern.Sum sum) {
            return sum(sum);
        }
        OperandPattern.Variable variable = (OperandPattern.Variable) pattern;
        Optional<Operand> bound = bindings.operand(variable.name()).map(Bindings.Bound::operand);
        if (variable.bits() == 0) {
            return bound;
        }
        return bound.flatMap(operand -> operand instanceof RegisterOperand register
                ? part(register, variable.bits()).map(Operand.class::cast)
                : Optional.empty());
    }

    private Operand withSizeWord(OperandPattern pattern, Operand operand) {
        if (!(operand instanceof Operand.Memory memory) || !(pattern instanceof OperandPattern.Variable variable)) {
            return operand;
        }
        return new Operand.Memory(
                bindings.operand(variable.name()).orElseThrow().memoryWidth(),
                memory.address(),
                memory.displacementSize());
    }

    private Optional<Operand> sum(OperandPattern.Sum sum) {
        Optional<RegisterOperand> base = register(sum.base());
        if (base.isEmpty()) {
            return Optional.empty();
        }
        Optional<RegisterOperand> index = Optional.empty();
        Expression displacement = Expression.ZERO;
        if (sum.index().isPresent()) {
            Optional<Operand> second = operand(sum.index().get());
            if (second.orElse(null) instanceof Operand.Immediate number && sum.scale() == 1) {
                displacement = number.value();
            } else {
                index = register(sum.index().get());
                if (index.isEmpty()) {
                    return Optional.empty();
                }
            }
        }
        if (sum.number().isPresent()) {
            if (!(operand(sum.number().get()).orElse(null) instanceof Operand.Immediate number)) {
                return Optional.empty();
            }
            displacement = Expression.sum(displacement, number.value());
        }
        Address address = new Address.Indexed(base, index, sum.scale(), displacement);
        return Optional.of(new Operand.Memory(sum.width(), address, Optional.empty()));
    }

    private Optional<RegisterOperand> register(OperandPattern.Variable variable) {
        return operand(variable).filter(RegisterOperand.class::isInstance).map(RegisterOperand.class::cast);
    }
}
