package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.FlagSet;
import java.util.List;
import java.util.Optional;

/** Whether an earlier rule takes the lines that a later one was written for. */
final class Shadow {
    private Shadow() {}

    /** Whether {@code earlier} fits these lines whenever the guards of {@code later} hold there. */
    static boolean covers(Rule earlier, Rule later, List<Line> lines, Bindings laterBindings) {
        Optional<Bindings> bindings = Window.match(earlier, lines, 0);
        if (bindings.isEmpty()) {
            return false;
        }
        boolean sameEnd = earlier.left().size() == later.left().size();
        GuardCheck known =
                new GuardCheck(bindings.get(), RuleOptions.ALL, () -> Liveness.of(List.of(), Contract.DEFAULT), 0);
        return earlier.guards().stream().allMatch(guard -> {
            if (guard instanceof Guard.DeadFlags dead) {
                return sameEnd && deadFlags(later).containsAll(dead.flags());
            }
            if (guard instanceof Guard.DeadRegister dead) {
                return sameEnd && deadToo(dead, bindings.get(), later, laterBindings);
            }
            return guard instanceof Guard.Differ || guard instanceof Guard.Fits
                    ? known.holds(guard)
                    : later.guards().contains(guard);
        });
    }

    private static FlagSet deadFlags(Rule rule) {
        return rule.guards().stream()
                .filter(Guard.DeadFlags.class::isInstance)
                .map(guard -> ((Guard.DeadFlags) guard).flags())
                .reduce(FlagSet.NONE, FlagSet::plus);
    }

    private static boolean deadToo(Guard.DeadRegister dead, Bindings bindings, Rule later, Bindings laterBindings) {
        return later.guards().stream()
                .filter(Guard.DeadRegister.class::isInstance)
                .map(guard -> ((Guard.DeadRegister) guard).variable())
                .flatMap(variable -> laterBindings.operand(variable).stream())
                .anyMatch(bound -> bound.operand() instanceof RegisterOperand.Fixed other
                        && bindings.operand(dead.variable()).orElseThrow().operand()
                                instanceof RegisterOperand.Fixed one
                        && MachineState.holder(one.register()).equals(MachineState.holder(other.register())));
    }
}
