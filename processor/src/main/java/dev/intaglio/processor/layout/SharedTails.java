package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.LabelReferences;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
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
        String section = Line.SectionSwitch.HOT;
        boolean entered = false;
        for (int at = 0; at < lines.size(); at++) {
            Line line = lines.get(at);
            if (line instanceof Line.SectionSwitch change) {
                section = change.section();
                entered = false;
            } else if (section.equals(Line.SectionSwitch.COLD)
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

    /** What a block is: its shape, and the label that it goes to. */
    private static final class Key {
        private final Shape shape = new Shape();
        private Optional<String> label = Optional.empty();

        /** Adds a line; whether blocks with it can be told apart. */
        boolean add(Line line) {
            shape.add(";");
            if (!(line instanceof Instruction instruction)) {
                shape.add(line.toString()); // .leave
                return true;
            }
            instruction.prefixes().forEach(shape::add);
            shape.add(instruction.mnemonic());
            // A mask may be chosen at emission.
            return instruction.decoration().equals(Decoration.NONE)
                    && instruction.operands().stream().allMatch(this::add)
                    && shape.values().size() <= Shape.MOST_VALUES
                    && shape.values().stream().allMatch(Key::isPlain);
        }

        private boolean add(Operand operand) {
            if (!(operand instanceof Operand.LabelTarget target)) {
                return shape.add(operand);
            }
            shape.add("=>");
            boolean isFirst = label.isEmpty()
                    && target.label() instanceof LabelReference.Given given
                    && given.label() instanceof Expression.Variable
                    && target.offset().isZero();
            if (isFirst) {
                label = Optional.of(
                        ((LabelReference.Given) target.label()).label().java());
            }
            return isFirst;
        }

        /** Whether it is an integer now and when the block is emitted; what calls something may give another value then. */
        private static boolean isPlain(Expression value) {
            boolean isInteger = value.type() == ExpressionType.INT || value.type() == ExpressionType.LONG;
            return isInteger && value.isPure();
        }

        String java() {
            StringBuilder java = new StringBuilder("\"")
                    .append(shape.text().replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
            for (int i = 0; i < Shape.MOST_VALUES; i++) {
                java.append(", ")
                        .append(
                                i < shape.values().size()
                                        ? shape.values().get(i).java()
                                        : "0");
            }
            return java.append(", ").append(label.orElse("null")).toString();
        }
    }
}
