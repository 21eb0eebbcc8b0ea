package dev.intaglio.peephole.proof;

import com.microsoft.z3.BoolExpr;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.machine.Condition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All ways through lines, from one of them, with the state at each place where they lead. */
public final class Ways {
    /** Where a way leads that runs off the end. */
    public static final String NEXT = "the next line";

    private static final String RETURN = "the caller";
    private static final int MOST_STEPS = 64;

    /**
     * A place that ways lead to.
     *
     * @param condition when one does
     * @param state what is then
     * @param last whether all of them leave from the last line
     */
    public record Exit(BoolExpr condition, State state, boolean last) {}

    private final List<Line> lines;
    private final Side side;
    private final Logic logic;
    private final Map<String, Exit> exits = new LinkedHashMap<>();
    private int steps;

    private Ways(List<Line> lines, Side side) {
        this.lines = lines;
        this.side = side;
        logic = side.logic();
    }

    public static Map<String, Exit> through(List<Line> lines, int from, State before, Side side) {
        Ways ways = new Ways(lines, side);
        ways.run(from, ways.logic.truth(true), before.copy());
        return ways.exits;
    }

    private void run(int from, BoolExpr condition, State state) {
        for (int at = from; at < lines.size(); at++) {
            if (++steps > MOST_STEPS) {
                throw new Unmodelled("a loop");
            }
            if (lines.get(at) instanceof Line.LabelDefinition) {
                continue;
            }
            if (!(lines.get(at) instanceof Instruction instruction)) {
                throw new Unmodelled(lines.get(at).toString());
            }
            if (instruction.mnemonic().equals("jmp")) {
                jump(instruction, at, condition, state);
                return;
            }
            if (instruction.mnemonic().equals("ret") && instruction.operands().isEmpty()) {
                leave(RETURN, condition, state, at == lines.size() - 1);
                return;
            }
            Optional<Condition> branch = instruction.mnemonic().startsWith("j")
                    ? Condition.parse(instruction.mnemonic().substring(1))
                    : Optional.empty();
            if (branch.isPresent()) {
                BoolExpr taken = Flags.holds(branch.get(), state, logic);
                jump(instruction, at, logic.all(condition, taken), state.copy());
                condition = logic.all(condition, logic.not(taken));
            } else {
                Semantics.execute(instruction, state, side);
            }
        }
        leave(NEXT, condition, state, true);
    }

    private void jump(Instruction instruction, int at, BoolExpr condition, State state) {
        if (!(instruction.operands().get(0) instanceof Operand.LabelTarget target)
                || !target.offset().isZero()) {
            throw new Unmodelled(instruction.toString());
        }
        int place = place(target.label(), at);
        if (place >= 0) {
            run(place, condition, state);
            return;
        }
        leave(target.label().toString(), condition, state, at == lines.size() - 1);
    }

    private void leave(String target, BoolExpr condition, State state, boolean last) {
        Exit other = exits.get(target);
        exits.put(
                target,
                other == null
                        ? new Exit(condition, state, last)
                        : new Exit(
                                logic.any(condition, other.condition()),
                                state.or(condition, other.state()),
                                last && other.last()));
    }

    /** Where a label is defined, as a jump at a line sees it; -1 where it is not. */
    private int place(LabelReference label, int at) {
        if (label instanceof LabelReference.Last last) {
            for (int place = at; place >= 0; place--) {
                if (defines(place, new LabelReference.Next(last.number()))) {
                    return place;
                }
            }
            return -1;
        }
        for (int place = label instanceof LabelReference.Next ? at : 0; place < lines.size(); place++) {
            if (defines(place, label)) {
                return place;
            }
        }
        return -1;
    }

    private boolean defines(int place, LabelReference label) {
        return lines.get(place) instanceof Line.LabelDefinition definition
                && definition.label().equals(label);
    }
}
