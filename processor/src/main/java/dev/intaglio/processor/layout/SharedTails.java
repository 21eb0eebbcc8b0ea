package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.LabelReferences;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Has equal cold code emitted once a piece. A block of the cold section that is entered by its label alone and ends by leaving gets a
 * label which the buffer knows by the block's text and values; where that is bound already, the block is not emitted again.
 *
 * <p>What comes out is a stencil as an author could have written it: the label is a variable of a Java line, the block stands in
 * an {@code if}.
 */
final class SharedTails {
    private static final String COLD = "cold";
    private static final int MOST_VALUES = 3;

    private final List<Line> lines;
    /** By the lines of their labels. */
    private final Map<Integer, Tail> starts = new TreeMap<>();

    private final Set<String> names;

    private SharedTails(List<Line> lines, Set<String> names) {
        this.lines = lines;
        this.names = names;
    }

    /**
     * A block that can be shared.
     *
     * @param end the line behind it
     * @param key the Java arguments that say what it is
     */
    private record Tail(String variable, int end, String key) {}

    /**
     * The lines with the tails that can be shared; as they were where lines of Java are among them.
     *
     * @param names those of the stencil's parameters
     */
    static List<Line> of(List<Line> lines, Set<String> names) {
        return lines.stream().anyMatch(line -> line instanceof Line.Java || line instanceof Line.BadLine)
                ? lines
                : new SharedTails(lines, names).shared();
    }

    private List<Line> shared() {
        String section = "code";
        boolean entered = false;
        for (int at = 0; at < lines.size(); at++) {
            Line line = lines.get(at);
            if (line instanceof Line.SectionSwitch change) {
                section = change.section();
                entered = false;
            } else if (section.equals(COLD)
                    && !entered
                    && line instanceof Line.LabelDefinition definition
                    && LocalLabels.number(definition.label()) >= 0) {
                int label = at;
                tail(at).ifPresent(tail -> starts.put(label, tail));
            }
            entered = !(line instanceof Line.SectionSwitch) && !leaves(line);
        }
        return starts.isEmpty() ? lines : rewritten();
    }

    private static boolean leaves(Line line) {
        return line instanceof Instruction instruction
                && (instruction.mnemonic().equals("jmp")
                        || instruction.mnemonic().startsWith("ret")
                        || instruction.mnemonic().startsWith("ud"));
    }

    /** The line behind the block of a label, if that is instructions which end by leaving. */
    private OptionalInt end(int label) {
        for (int at = label + 1; at < lines.size(); at++) {
            boolean plain = lines.get(at) instanceof Instruction || lines.get(at) instanceof Line.Leave;
            if (!plain) {
                return OptionalInt.empty();
            }
            if (leaves(lines.get(at))) {
                return OptionalInt.of(at + 1);
            }
        }
        return OptionalInt.empty();
    }

    private Optional<Tail> tail(int label) {
        OptionalInt end = end(label);
        if (end.isEmpty() || !isEnteredAhead(label)) {
            return Optional.empty();
        }
        Key key = new Key();
        for (Line line : lines.subList(label + 1, end.getAsInt())) {
            if (!key.add(line)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Tail(variable(label), end.getAsInt(), key.java()));
    }

    private String variable(int label) {
        String name = "tail" + label;
        while (names.contains(name)) {
            name += "_";
        }
        return name;
    }

    /** Whether all that leads to a label is branches before it. */
    private boolean isEnteredAhead(int label) {
        int number = LocalLabels.number(((Line.LabelDefinition) lines.get(label)).label());
        boolean any = false;
        for (int at = 0; at < lines.size(); at++) {
            for (LabelReference reference : LabelReferences.of(lines.get(at))) {
                if (LocalLabels.number(reference) != number
                        || !LocalLabels.definition(lines, reference, at).equals(OptionalInt.of(label))) {
                    continue;
                }
                boolean isBranch = at < label
                        && lines.get(at) instanceof Instruction branch
                        && branch.mnemonic().startsWith("j")
                        && branch.operands().get(0) instanceof Operand.LabelTarget target
                        && target.offset().isZero();
                if (!isBranch) {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }

    private List<Line> rewritten() {
        List<Line> all = new ArrayList<>();
        starts.forEach((at, tail) -> all.add(new Line.Java(
                "Label " + tail.variable() + " = this.tail(" + tail.key() + ");",
                lines.get(at).span())));
        Tail open = null;
        for (int at = 0; at < lines.size(); at++) {
            Line line = lines.get(at);
            Tail begins = starts.get(at);
            if (begins != null) {
                all.add(new Line.Java("if (this.isNew(" + begins.variable() + ")) {", line.span()));
                all.add(new Line.LabelDefinition(given(begins), line.span()));
                open = begins;
                continue;
            }
            int here = at;
            all.add(LabelReferences.map(line, reference -> meant(reference, here)));
            if (open != null && at + 1 == open.end()) {
                all.add(new Line.Java("}", line.span()));
                open = null;
            }
        }
        return all;
    }

    private LabelReference meant(LabelReference reference, int at) {
        if (LocalLabels.number(reference) < 0) {
            return reference;
        }
        OptionalInt definition = LocalLabels.definition(lines, reference, at);
        Tail tail = definition.isPresent() ? starts.get(definition.getAsInt()) : null;
        return tail == null ? reference : given(tail);
    }

    private static LabelReference given(Tail tail) {
        return new LabelReference.Given(new Expression.Variable(tail.variable(), ExpressionType.LABEL));
    }

    /** What a block is: its text with holes, the values in them, and a label. */
    private static final class Key {
        private final StringBuilder text = new StringBuilder();
        private final List<String> values = new ArrayList<>();
        private Optional<String> label = Optional.empty();

        /** Adds a line; whether blocks with it can be told apart. */
        boolean add(Line line) {
            text.append(text.isEmpty() ? "" : "; ");
            if (line instanceof Line.Leave) {
                text.append(line);
                return true;
            }
            Instruction instruction = (Instruction) line;
            if (!instruction.decoration().equals(Decoration.NONE)) {
                return false; // a mask may be chosen at emission
            }
            instruction.prefixes().forEach(prefix -> text.append(prefix).append(' '));
            text.append(instruction.mnemonic());
            for (Operand operand : instruction.operands()) {
                text.append(' ');
                if (!add(operand)) {
                    return false;
                }
            }
            return true;
        }

        private boolean add(Operand operand) {
            if (operand instanceof RegisterOperand register) {
                return add(register);
            }
            if (operand instanceof Operand.Immediate immediate) {
                immediate.width().ifPresent(width -> text.append(width).append(' '));
                return add(immediate.value());
            }
            if (operand instanceof Operand.LabelTarget target) {
                boolean isFirst = label.isEmpty()
                        && target.label() instanceof LabelReference.Given given
                        && given.label() instanceof Expression.Variable
                        && target.offset().isZero();
                if (isFirst) {
                    label = Optional.of(
                            ((LabelReference.Given) target.label()).label().java());
                }
                text.append("=>");
                return isFirst;
            }
            Operand.Memory memory = (Operand.Memory) operand;
            if (!(memory.address() instanceof Address.Indexed address)) {
                return false;
            }
            text.append(memory.width()).append(memory.displacementSize()).append('[');
            for (Optional<RegisterOperand> register : List.of(address.base(), address.index())) {
                if (register.isPresent() && !add(register.get())) {
                    return false;
                }
                text.append(' ');
            }
            text.append(address.scale()).append(' ');
            boolean known = add(address.displacement());
            text.append(']');
            return known;
        }

        private boolean add(RegisterOperand register) {
            if (register instanceof RegisterOperand.Chosen chosen) {
                text.append(chosen.kind());
                return add(chosen.number());
            }
            text.append(register);
            return true;
        }

        private boolean add(Expression value) {
            if (value.isConstant()) {
                text.append(value);
                return true;
            }
            boolean plain = value.type() == ExpressionType.INT || value.type() == ExpressionType.LONG;
            // What calls something may give another value when the block is emitted.
            if (!plain || !value.isPure() || values.size() == MOST_VALUES) {
                return false;
            }
            text.append('?');
            values.add(value.java());
            return true;
        }

        String java() {
            StringBuilder java = new StringBuilder("\"")
                    .append(text.toString().replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
            for (int i = 0; i < MOST_VALUES; i++) {
                java.append(", ").append(i < values.size() ? values.get(i) : "0");
            }
            return java.append(", ").append(label.orElse("null")).toString();
        }
    }
}
