package dev.intaglio.peephole;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a stencil keeps what its contract says of the registers that it reads and changes. */
public final class ContractCheck {
    private static final int EVERY = 0xffff;

    private final List<Line> lines;
    private final Contract contract;
    private final Diagnostics diagnostics;
    private final TableFacts facts = new TableFacts();

    private ContractCheck(List<Line> lines, Contract contract, Diagnostics diagnostics) {
        this.lines = lines;
        this.contract = contract;
        this.diagnostics = diagnostics;
    }

    /** Reports each general register that is read without being among those set, or changed without being among those that may. */
    public static void check(List<Line> lines, Contract contract, Diagnostics diagnostics) {
        ContractCheck check = new ContractCheck(lines, contract, diagnostics);
        contract.in().ifPresent(check::reads);
        contract.writable().ifPresent(check::writes);
    }

    private void reads(Locations set) {
        Locations read = Liveness.readAtEntry(lines, new TableEffects(facts));
        for (int number = 0; number < 16; number++) {
            Locations register = locations(number);
            if (!read.intersects(register) || set.intersects(register)) {
                continue;
            }
            int bit = 1 << number;
            for (Line line : lines) {
                boolean reads = use(line).map(use -> (use.read() & bit) != 0).orElse(false);
                if (reads) {
                    report(line, "reads " + name(number) + ", which its contract does not have among in", "in");
                    break;
                }
            }
        }
    }

    private void writes(Locations writable) {
        Optional<Set<Integer>> kept = Optional.empty();
        for (Line line : lines) {
            int written = line instanceof Instruction instruction ? written(instruction, facts) : 0;
            for (int number = 0; number < 16; number++) {
                boolean changes = (written >> number & 1) != 0 && written != EVERY;
                if (changes && !writable.intersects(locations(number))) {
                    if (kept.isEmpty()) {
                        kept = Optional.of(SavedRegisters.of(lines, facts).orElse(Set.of()));
                    }
                    if (!kept.get().contains(number)) {
                        reportChange(line, number);
                    }
                }
            }
        }
    }

    private void reportChange(Line line, int number) {
        boolean saved = lines.stream()
                .anyMatch(each -> each instanceof Instruction instruction
                        && instruction.mnemonic().equals("push")
                        && instruction.operands().equals(List.of(register(number))));
        String message = "changes " + name(number) + ", which its contract does not let it change";
        report(line, saved ? message + ", and does not restore it on each way out" : message, "clobbers");
    }

    /** The general registers that an instruction changes itself, one bit each; all of them where one is chosen at emission. */
    static int written(Instruction instruction, Facts.Source facts) {
        Optional<Facts> found = facts.of(instruction);
        if (found.isEmpty() || RegisterUse.leaves(instruction)) {
            return 0;
        }
        int written = 0;
        for (int at = 0; at < instruction.operands().size(); at++) {
            boolean writes = found.get().access().get(at).writes();
            if (writes && instruction.operands().get(at) instanceof RegisterOperand register) {
                written |= RegisterUse.bit(register);
            }
        }
        for (Facts.Implicit implicit : found.get().implicit()) {
            written |= implicit.access().writes() ? RegisterUse.bit(implicit.register()) : 0;
        }
        return written;
    }

    private Optional<RegisterUse> use(Line line) {
        return line instanceof Instruction instruction ? RegisterUse.of(instruction, facts) : Optional.empty();
    }

    private void report(Line line, String message, String list) {
        diagnostics.report(
                DiagnosticCode.BROKEN_CONTRACT,
                line.span(),
                "the stencil " + message,
                "add it to " + list + " of @Stencil, or use another register");
    }

    private static RegisterOperand register(int number) {
        return new RegisterOperand.Fixed(new Register(RegisterClass.R64, number));
    }

    private static Locations locations(int number) {
        return Locations.readThrough(register(number));
    }

    private static String name(int number) {
        return register(number).toString();
    }
}
