package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The control-flow graph of a stencil.
 *
 * <p>Each section is a text of its own: control falls from a line to the next line of the same section, however many
 * switches lie between, and from the last line out of the stencil. Java lines belong to every section. So there is a node
 * for each line in each section (a line of another section is an empty node), and one node after each section's end.
 */
final class ControlFlow {
    private final List<Line> lines;
    private final List<String> sections;
    private final int[] sectionOf;
    private final JavaFlow java;
    private final List<Integer> labels = new ArrayList<>();
    private final List<Integer> afterCalls = new ArrayList<>();

    private ControlFlow(List<Line> lines, JavaFlow java) {
        this.lines = lines;
        this.java = java;
        this.sectionOf = new int[lines.size()];
        Set<String> names = new LinkedHashSet<>(List.of("code"));
        List<String> ordered = new ArrayList<>(names);
        int section = 0;
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at) instanceof Line.SectionSwitch change) {
                if (names.add(change.section())) {
                    ordered.add(change.section());
                }
                section = ordered.indexOf(change.section());
            }
            sectionOf[at] = section;
            if (lines.get(at) instanceof Line.LabelDefinition) {
                labels.add(at);
            }
        }
        this.sections = List.copyOf(ordered);
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at) instanceof Instruction call && isCall(call) && staysInside(call)) {
                afterCalls.add(node(sectionOf[at], at + 1));
            }
        }
    }

    /** The graph of these lines; empty where it cannot be known, as where branches are patched. */
    static Optional<ControlFlow> of(List<Line> lines) {
        if (lines.stream().anyMatch(line -> measuresCode(line) || line instanceof Line.PatchPoint)) {
            return Optional.empty();
        }
        return JavaFlow.of(lines).map(java -> new ControlFlow(lines, java));
    }

    /** Whether a line depends on the size of the instructions around it: {@code [rip + 5]}, {@code jmp >1 + 3}. */
    static boolean measuresCode(Line line) {
        return line instanceof Instruction instruction
                && instruction.operands().stream()
                        .anyMatch(operand -> operand instanceof Operand.LabelTarget target
                                        && !target.offset().isZero()
                                || operand instanceof Operand.Memory memory && isRipRaw(memory.address()));
    }

    private static boolean isRipRaw(Address address) {
        return address instanceof Address.RipRaw
                || address instanceof Address.InSegment inSegment && isRipRaw(inSegment.address());
    }

    static boolean isCall(Instruction instruction) {
        return instruction.mnemonic().equals("call");
    }

    static boolean isJump(Instruction instruction) {
        return instruction.mnemonic().equals("jmp");
    }

    int nodes() {
        return sections.size() * (lines.size() + 1);
    }

    /** The line that a node stands for; empty for another section's line and for a section's end. */
    Optional<Line> line(int node) {
        int at = node % (lines.size() + 1);
        if (at == lines.size()) {
            return Optional.empty();
        }
        Line line = lines.get(at);
        boolean here = line instanceof Line.Java || sectionOf[at] == node / (lines.size() + 1);
        return here ? Optional.of(line) : Optional.empty();
    }

    /** Whether a node is a Java line that may emit lines of other stencils. */
    boolean emitsMore(int node) {
        return line(node).map(Line.Java.class::isInstance).orElse(false) && callsJava(node);
    }

    /** Whether the Java line of this node calls something. */
    boolean callsJava(int node) {
        return java.calls()[node % (lines.size() + 1)];
    }

    /** Whether a line stands in hot code. */
    boolean isHot(int at) {
        return sections.get(sectionOf[at]).equals("code");
    }

    /** The nodes of a line: one, or one a section for Java lines. */
    List<Integer> nodesOf(int at) {
        if (!(lines.get(at) instanceof Line.Java)) {
            return List.of(node(sectionOf[at], at));
        }
        List<Integer> nodes = new ArrayList<>();
        for (int section = 0; section < sections.size(); section++) {
            nodes.add(node(section, at));
        }
        return nodes;
    }

    private int node(int section, int at) {
        return section * (lines.size() + 1) + at;
    }

    /** Where control may go after a node, and whether it may leave the stencil there. */
    Edges edges(int node) {
        int at = node % (lines.size() + 1);
        if (at == lines.size()) {
            return new Edges(Set.of(), true);
        }
        Set<Integer> successors = new TreeSet<>();
        Optional<Line> line = line(node);
        boolean fallsThrough = true;
        boolean leaves = false;
        if (line.isPresent() && line.get() instanceof Line.Java) {
            java.successors().get(at).forEach(other -> successors.add(node + other - at));
            leaves = java.leaves()[at];
            fallsThrough = !java.arms()[at];
        } else if (line.isPresent() && line.get() instanceof Instruction instruction) {
            fallsThrough = !isJump(instruction) && !isReturn(instruction);
            leaves = !fallsThrough;
            if (isReturn(instruction)) {
                successors.addAll(afterCalls);
            } else if (goesSomewhere(instruction)) {
                Targets targets = targets(instruction, at);
                targets.lines().forEach(target -> successors.add(node(sectionOf[target], target)));
                leaves = targets.outside();
            }
        }
        if (fallsThrough) {
            successors.add(node + 1);
        }
        return new Edges(successors, leaves);
    }

    record Edges(Set<Integer> successors, boolean leaves) {}

    private record Targets(List<Integer> lines, boolean outside) {}

    /** A branch, a call, or anything that takes a label as its target. */
    private static boolean goesSomewhere(Instruction instruction) {
        return isJump(instruction)
                || isCall(instruction)
                || instruction.mnemonic().startsWith("j")
                || instruction.mnemonic().startsWith("loop")
                || instruction.operands().stream().anyMatch(Operand.LabelTarget.class::isInstance);
    }

    private static boolean isReturn(Instruction instruction) {
        return instruction.mnemonic().startsWith("ret")
                || instruction.mnemonic().startsWith("iret");
    }

    /** Whether a call may run lines of this stencil, so that flags may pass through it. */
    boolean staysInside(Instruction call) {
        boolean toAddress = call.operands().stream().allMatch(Operand.Immediate.class::isInstance);
        return !toAddress && !labels.isEmpty();
    }

    private Targets targets(Instruction instruction, int at) {
        if (instruction.operands().size() == 1 && instruction.operands().get(0) instanceof Operand.LabelTarget target) {
            return resolve(target.label(), at);
        }
        boolean toAddress = instruction.operands().stream().allMatch(Operand.Immediate.class::isInstance);
        return new Targets(toAddress ? List.of() : labels, true);
    }

    private Targets resolve(LabelReference reference, int at) {
        if (reference instanceof LabelReference.Next next) {
            return local(next.number(), at, 1);
        }
        if (reference instanceof LabelReference.Last last) {
            return local(last.number(), at, -1);
        }
        if (reference instanceof LabelReference.Global) {
            List<Integer> same = labels.stream()
                    .filter(label -> definition(label).equals(reference))
                    .toList();
            return new Targets(same, same.isEmpty());
        }
        // Two given labels may be one label: which, is known at emission only.
        List<Integer> given = labels.stream()
                .filter(label -> definition(label) instanceof LabelReference.Given)
                .toList();
        return new Targets(given, true);
    }

    private Targets local(int number, int at, int step) {
        LabelReference.Next wanted = new LabelReference.Next(number);
        if (java.loops()) {
            List<Integer> all = labels.stream()
                    .filter(label -> definition(label).equals(wanted))
                    .toList();
            return new Targets(all, true);
        }
        for (int label = at + step; label >= 0 && label < lines.size(); label += step) {
            if (labels.contains(label) && definition(label).equals(wanted)) {
                return new Targets(List.of(label), false);
            }
        }
        return new Targets(List.of(), true);
    }

    private LabelReference definition(int at) {
        return ((Line.LabelDefinition) lines.get(at)).label();
    }
}
