package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.table.Access;
import java.util.Comparator;
import java.util.List;

/**
 * What lines cost. Every rewriting makes it fall, in the order of the components, so that rewriting comes to an end.
 *
 * @param accesses how many operands in memory are read or written
 * @param bytes at most
 * @param instructions how many
 */
record Cost(int accesses, int bytes, int instructions) implements Comparable<Cost> {
    private static final Comparator<Cost> ORDER = Comparator.comparingInt(Cost::accesses)
            .thenComparingInt(Cost::bytes)
            .thenComparingInt(Cost::instructions);

    /** The cost of lines all of whose instructions have forms. */
    static Cost of(List<Line> lines, Facts.Source facts) {
        int accesses = 0;
        int bytes = 0;
        int instructions = 0;
        for (Line line : lines) {
            if (line instanceof Instruction instruction) {
                Facts known = facts.of(instruction).orElseThrow();
                for (int at = 0; at < instruction.operands().size(); at++) {
                    boolean used = known.access().get(at) != Access.NONE;
                    accesses += used && instruction.operands().get(at) instanceof Operand.Memory ? 1 : 0;
                }
                bytes += facts.maxLength(instruction);
                instructions++;
            }
        }
        return new Cost(accesses, bytes, instructions);
    }

    @Override
    public int compareTo(Cost other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return accesses + " accesses to memory, " + bytes + " bytes, " + instructions + " instructions";
    }
}
