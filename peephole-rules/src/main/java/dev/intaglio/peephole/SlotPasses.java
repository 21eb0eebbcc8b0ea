package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is done with slots of memory: loads and stores that are not needed, or not needed where they stand. */
final class SlotPasses {
    static final List<String> NAMES =
            List.of(SlotLoads.LOADS, SlotLoads.STORES, SplitReload.NAME, DeadStores.NAME, DeadStores.SINK);

    private SlotPasses() {}

    /** Rewrites the lines until no more can be done, and tells what was. */
    static List<Rewrite> rewrite(List<Line> lines, Contract contract, Facts.Source facts, RuleOptions options) {
        List<Rewrite> done = new ArrayList<>();
        boolean changed = NAMES.stream().anyMatch(options::allows);
        while (changed && mayBe(lines, contract)) {
            Optional<ControlFlow> flow = ControlFlow.of(lines);
            if (flow.isEmpty()) {
                break;
            }
            int before = done.size();
            done.addAll(SlotLoads.rewrite(lines, flow.get(), facts, options));
            if (done.size() == before) {
                one(lines, flow.get(), contract, facts, options).ifPresent(done::add);
            }
            changed = done.size() > before;
        }
        return done;
    }

    private static Optional<Rewrite> one(
            List<Line> lines, ControlFlow flow, Contract contract, Facts.Source facts, RuleOptions options) {
        Optional<Rewrite> split =
                options.allows(SplitReload.NAME) ? SplitReload.rewrite(lines, flow, facts) : Optional.empty();
        return split.or(() -> DeadStores.rewrite(lines, flow, contract, facts, options));
    }

    /** Whether two operands name one place, or there are slots that nobody reads: otherwise there is nothing to compare. */
    private static boolean mayBe(List<Line> lines, Contract contract) {
        Set<Address> seen = new HashSet<>();
        for (Line line : lines) {
            if (line instanceof Instruction instruction) {
                for (Operand operand : instruction.operands()) {
                    boolean again = operand instanceof Operand.Memory memory && !seen.add(memory.address());
                    if (again) {
                        return true;
                    }
                }
            }
        }
        return !contract.memory().scratch().isEmpty() && !seen.isEmpty();
    }
}
