package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.Width;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares the left side of a rule with lines that stand one after the other. */
final class Window {
    /** Instructions whose operand in memory is as wide as their register, so that the size word may be left out. */
    private static final Set<String> ONE_WIDTH =
            Set.of("mov", "add", "or", "adc", "sbb", "and", "sub", "xor", "cmp", "test", "xchg", "lea", "imul");

    private final Rule rule;
    private final List<Line> lines;
    private final Bindings bindings = new Bindings();

    private Window(Rule rule, List<Line> lines) {
        this.rule = rule;
        this.lines = lines;
    }

    /** What the rule's variables stand for if its left side fits the lines that begin at {@code from}. */
    static Optional<Bindings> match(Rule rule, List<Line> lines, int from) {
        int size = rule.left().size();
        if (from + size > lines.size()) {
            return Optional.empty();
        }
        Window window = new Window(rule, lines.subList(from, from + size));
        return window.matches() ? Optional.of(window.bindings) : Optional.empty();
    }

    private boolean matches() {
        for (int at = 0; at < lines.size(); at++) {
            if (!matches(rule.left().get(at), at)) {
                return false;
            }
        }
        return true;
    }

    private boolean matches(LinePattern pattern, int at) {
        Line line = lines.get(at);
        if (pattern instanceof LinePattern.InstructionPattern wanted) {
            return line instanceof Instruction instruction && matches(wanted, instruction);
        }
        String variable = ((LinePattern.LabelPattern) pattern).name();
        return line instanceof Line.LabelDefinition definition && bindsLabel(variable, definition.label(), at);
    }

    private boolean matches(LinePattern.InstructionPattern wanted, Instruction instruction) {
        if (!instruction.prefixes().isEmpty()
                || !instruction.decoration().equals(Decoration.NONE)
                || instruction.operands().size() != wanted.operands().size()
                || !matches(wanted.mnemonic(), instruction.mnemonic())) {
            return false;
        }
        for (int at = 0; at < wanted.operands().size(); at++) {
            if (!matches(
                    wanted.operands().get(at),
                    instruction,
                    instruction.operands().get(at))) {
                return false;
            }
        }
        return true;
    }

    private boolean matches(LinePattern.Mnemonic wanted, String mnemonic) {
        if (wanted.condition().isPresent()) {
            String stem = wanted.words().get(0);
            Optional<Condition> condition =
                    mnemonic.startsWith(stem) ? Condition.parse(mnemonic.substring(stem.length())) : Optional.empty();
            return condition.isPresent()
                    && bindings.bind(
                            wanted.condition().get(),
                            wanted.negated() ? condition.get().negated() : condition.get());
        }
        int word = wanted.words().indexOf(mnemonic);
        return word >= 0 && (wanted.words().size() == 1 || bindings.bindWord(word));
    }

    private boolean matches(OperandPattern wanted, Instruction instruction, Operand operand) {
        if (wanted instanceof OperandPattern.Named named) {
            return operand.equals(new RegisterOperand.Fixed(named.register()));
        }
        if (wanted instanceof OperandPattern.Number number) {
            return operand instanceof Operand.Immediate immediate
                    && immediate.width().isEmpty()
                    && immediate.value().isConstant()
                    && immediate.value().constant().getAsLong() == number.value();
        }
        return wanted instanceof OperandPattern.Variable variable && matches(variable, instruction, operand);
    }

    private boolean matches(OperandPattern.Variable variable, Instruction instruction, Operand operand) {
        Optional<Width> width =
                operand instanceof Operand.Memory memory ? width(memory, instruction) : Optional.empty();
        Bindings.Bound bound = new Bindings.Bound(operand, width);
        if (!variable.classes().isEmpty()) {
            return variable.classes().stream().anyMatch(each -> each.holds(operand, width))
                    && bindings.bind(variable.name(), bound);
        }
        Optional<Bindings.Bound> first = bindings.operand(variable.name());
        if (first.isEmpty()) {
            return false;
        }
        if (variable.bits() == 0) {
            return bindings.bind(variable.name(), bound);
        }
        return first.get().operand() instanceof RegisterOperand register
                && operand instanceof RegisterOperand part
                && Template.part(register, variable.bits())
                        .filter(wanted -> SameValue.registers(wanted, part))
                        .isPresent();
    }

    /** The width of an access to memory: the size word, or what the register beside it implies. */
    static Optional<Width> width(Operand.Memory memory, Instruction instruction) {
        if (memory.width().isEmpty() && instruction.mnemonic().equals("movsd")) {
            return Optional.of(Width.QWORD);
        }
        if (memory.width().isPresent() || !ONE_WIDTH.contains(instruction.mnemonic())) {
            return memory.width();
        }
        return instruction.operands().stream()
                .filter(RegisterOperand.class::isInstance)
                .map(register -> ((RegisterOperand) register).kind().bytes())
                .flatMap(bytes -> Arrays.stream(Width.values()).filter(width -> width.bytes() == bytes))
                .findFirst();
    }

    /** A definition fits a variable that an operand before it bound, if that operand names this very definition. */
    private boolean bindsLabel(String variable, LabelReference defined, int at) {
        Optional<Bindings.Bound> bound = bindings.operand(variable);
        if (bound.isEmpty() || !(bound.get().operand() instanceof Operand.LabelTarget target)) {
            return false;
        }
        if (target.label() instanceof LabelReference.Next next) {
            // The next definition of the number must be this one: none of the same number in the lines before.
            return next.equals(defined)
                    && lines.subList(0, at).stream()
                            .noneMatch(line -> line instanceof Line.LabelDefinition other
                                    && other.label().equals(defined));
        }
        return SameValue.labels(target.label(), defined);
    }
}
