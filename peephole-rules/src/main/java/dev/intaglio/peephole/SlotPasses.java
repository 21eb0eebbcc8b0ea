package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is done with slots of memory: loads and stores that are not needed, or not needed where they stand. */
final class SlotPasses {
    static final List<String> NAMES =
            List.of(SlotLoads.LOADS, SlotLoads.STORES, SplitReload.NAME, DeadStores.NAME, DeadStores.SINK);

    private SlotPasses() {}

    /** Rewrites the lines until no more can be done, and tells what was. */
    static List<Rewrite> rewrite(List<Line> lines, Contract contract, Facts.Source facts, RuleOptions options) {
        List<Rewrite> done = new ArrayList<>();
        boolean changed = NAMES.stream().anyMatch(options::allows);
        while (changed && accesses(lines) > (contract.memory().scratch().isEmpty() ? 1 : 0)) {
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

    /** How many instructions name memory: with fewer than two there is nothing to compare. */
    private static long accesses(List<Line> lines) {
        return lines.stream()
                .filter(line -> line instanceof Instruction instruction
                        && instruction.operands().stream().anyMatch(Operand.Memory.class::isInstance))
                .limit(2)
                .count();
    }
}
