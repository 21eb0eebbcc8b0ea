package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * In what the two sides of a rule differ.
 *
 * @param flags that the left side defines and the right side does not define equally
 * @param registers that hold something else, by the name of all their bits
 * @param memory how loads and stores differ
 * @param control how the ways through differ
 * @param insideBranch whether a branch leaves from before the last line of the left side
 */
record Differences(
        FlagSet flags, Set<String> registers, Optional<String> memory, Optional<String> control, boolean insideBranch) {
    boolean none() {
        return flags.isEmpty() && registers.isEmpty() && memory.isEmpty() && control.isEmpty();
    }

    /** {@code flags oc}, {@code register rax}: what the sides differ in. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        control.ifPresent(parts::add);
        memory.ifPresent(parts::add);
        if (!registers.isEmpty()) {
            parts.add("the sides leave different values in " + String.join(", ", registers));
        }
        if (!flags.isEmpty()) {
            parts.add("the sides leave different flags " + flags);
        }
        return String.join("; ", parts);
    }

    /** Compares two windows from their beginning and from each label in them, where jumps from elsewhere arrive. */
    static Differences between(List<Line> left, List<Line> right, Facts.Source facts) {
        Collected collected = new Collected();
        List<Integer> leftLabels = labels(left);
        List<Integer> rightLabels = labels(right);
        List<Line> leftDefinitions = leftLabels.stream().map(left::get).toList();
        List<Line> rightDefinitions = rightLabels.stream().map(right::get).toList();
        if (!leftDefinitions.equals(rightDefinitions)) {
            collected.control = Optional.of("the sides define different labels");
        } else {
            for (int label = 0; label < leftLabels.size(); label++) {
                collected.add(
                        Outcomes.of(left, leftLabels.get(label), facts),
                        Outcomes.of(right, rightLabels.get(label), facts));
            }
        }
        collected.add(Outcomes.of(left, 0, facts), Outcomes.of(right, 0, facts));
        return new Differences(
                collected.flags, collected.registers, collected.memory, collected.control, collected.insideBranch);
    }

    private static List<Integer> labels(List<Line> lines) {
        List<Integer> labels = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at) instanceof Line.LabelDefinition) {
                labels.add(at);
            }
        }
        return labels;
    }

    private static final class Collected {
        private FlagSet flags = FlagSet.NONE;
        private final Set<String> registers = new TreeSet<>();
        private Optional<String> memory = Optional.empty();
        private Optional<String> control = Optional.empty();
        private boolean insideBranch;

        void add(List<Outcomes.Outcome> left, List<Outcomes.Outcome> right) {
            for (Outcomes.Outcome one : left) {
                insideBranch |= !one.last();
                for (Outcomes.Outcome other : right) {
                    if (one.agrees(other)) {
                        add(one, other);
                    }
                }
            }
        }

        private void add(Outcomes.Outcome left, Outcomes.Outcome right) {
            if (!left.target().equals(right.target())) {
                control = Optional.of(
                        "the left side goes to " + left.target() + " where the right side goes to " + right.target());
            }
            for (Flag flag : Flag.values()) {
                Term wanted = left.state().flag(flag);
                // What the left side leaves undefined, nobody can rely on.
                if (!wanted.equals(Term.UNDEFINED)
                        && !wanted.equals(right.state().flag(flag))) {
                    flags = flags.plus(FlagSet.of(flag));
                }
            }
            for (Register register : MachineState.touched(left.state(), right.state())) {
                if (!left.state().whole(register).equals(right.state().whole(register))) {
                    registers.add(register.toString());
                }
            }
            addMemory(left.state().accesses(), right.state().accesses());
        }

        private void addMemory(List<MachineState.MemoryAccess> left, List<MachineState.MemoryAccess> right) {
            List<MachineState.MemoryAccess> needed = needed(left);
            if (!needed.equals(needed(right))) {
                memory = Optional.of(
                        "the sides differ in their loads and stores, or in the order, width or value of one");
            } else if (right.size() > left.size()) {
                memory = Optional.of("the right side loads more than the left side");
            }
        }

        /** All accesses but loads of what the window stored just before. */
        private static List<MachineState.MemoryAccess> needed(List<MachineState.MemoryAccess> accesses) {
            return accesses.stream().filter(access -> !access.forwarded()).toList();
        }
    }
}
