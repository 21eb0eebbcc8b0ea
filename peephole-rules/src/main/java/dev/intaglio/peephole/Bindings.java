package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.Width;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the variables of a rule stand for in one window.
 *
 * <p>Operands in memory are held with the width they have there, since the word for it may be left out.
 */
final class Bindings {
    /** An operand and, if it is in memory, the width of the access. */
    record Bound(Operand operand, Optional<Width> memoryWidth) {}

    private final Map<String, Bound> operands = new HashMap<>();
    private final Map<String, Condition> conditions = new HashMap<>();
    private int word = -1;

    Optional<Bound> operand(String variable) {
        return Optional.ofNullable(operands.get(variable));
    }

    Optional<Condition> condition(String variable) {
        return Optional.ofNullable(conditions.get(variable));
    }

    /** Which word of {@code {and,or,xor}} the window has. */
    int word() {
        return word;
    }

    /** Binds the operand; false if the variable already stands for something else. */
    boolean bind(String variable, Bound bound) {
        Bound old = operands.putIfAbsent(variable, bound);
        return old == null
                || SameValue.operands(old.operand(), bound.operand())
                        && old.memoryWidth().equals(bound.memoryWidth());
    }

    boolean bind(String variable, Condition condition) {
        Condition old = conditions.putIfAbsent(variable, condition);
        return old == null || old == condition;
    }

    boolean bindWord(int index) {
        boolean same = word == -1 || word == index;
        word = index;
        return same;
    }
}
