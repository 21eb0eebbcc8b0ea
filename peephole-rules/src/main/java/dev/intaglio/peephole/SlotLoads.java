package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Loads of what a register or a number is known to hold, and stores of what the slot holds already: the load becomes a move or
 * vanishes, an operand in memory becomes a register, the store vanishes.
 *
 * <p>A store vanishes only where the same bytes have been stored before on all ways, so that none that could fault is lost.
 */
final class SlotLoads {
    static final String LOADS = "known-slot";
    static final String STORES = "same-store";

    /** Instructions that may have a register for an operand in memory that they read. */
    private static final Set<String> READERS =
            Set.of("add", "sub", "and", "or", "xor", "adc", "sbb", "cmp", "test", "imul", "movzx", "movsx", "movsxd");

    private static final Set<String> WITH_NUMBER = Set.of("mov", "add", "sub", "and", "or", "xor", "cmp");

    private final Facts.Source facts;
    private final RuleOptions options;

    private SlotLoads(Facts.Source facts, RuleOptions options) {
        this.facts = facts;
        this.options = options;
    }

    /** Rewrites all such loads and stores in these lines, and tells what it did. */
    static List<Rewrite> rewrite(List<Line> lines, ControlFlow flow, Facts.Source facts, RuleOptions options) {
        SlotLoads loads = new SlotLoads(facts, options);
        KnownSlots known = KnownSlots.of(flow, lines, facts);
        List<Rewrite> rewrites = new ArrayList<>();
        for (int at = lines.size() - 1; at >= 0; at--) { // what is known stays true while the lines behind change
            Optional<Rewrite> rewrite = loads.rewrite(lines.get(at), known, at);
            if (rewrite.isPresent()) {
                rewrites.add(0, rewrite.get());
                lines.remove(at);
                lines.addAll(at, rewrite.get().after());
            }
        }
        return rewrites;
    }

    private Optional<Rewrite> rewrite(Line line, KnownSlots known, int at) {
        if (!(line instanceof Instruction instruction)
                || instruction.operands().stream().noneMatch(Operand.Memory.class::isInstance)) {
            return Optional.empty();
        }
        MemoryUse use = MemoryUse.of(instruction, facts);
        Optional<Set<SlotFact>> facts = use.slot().isPresent() ? known.before(at) : Optional.empty();
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        Slot slot = use.slot().get();
        boolean loads = use.reads() && !use.writes();
        if (loads && options.allows(LOADS)) {
            return load(instruction, slot, facts.get())
                    .map(after -> new Rewrite(LOADS, List.of(line), after, line.span()));
        }
        boolean stores = use.writes() && !use.reads() && options.allows(STORES);
        return stores && isStored(instruction, slot, facts.get())
                ? Optional.of(new Rewrite(STORES, List.of(line), List.of(), line.span()))
                : Optional.empty();
    }

    // ---- loads

    private Optional<List<Line>> load(Instruction instruction, Slot slot, Set<SlotFact> known) {
        int target = KnownSlots.general(instruction.operands().get(0));
        List<SlotFact.InRegister> registers = known.stream()
                .filter(SlotFact.InRegister.class::isInstance)
                .map(SlotFact.InRegister.class::cast)
                .filter(fact -> fact.slot().beginsWith(slot))
                .sorted(Comparator.<SlotFact.InRegister>comparingInt(
                                fact -> vanishes(instruction, fact, slot) ? 0 : fact.register() == target ? 2 : 1)
                        .thenComparingInt(SlotFact.InRegister::register))
                .toList();
        if (!registers.isEmpty() && vanishes(instruction, registers.get(0), slot)) {
            return Optional.of(List.of());
        }
        return registers.stream()
                .flatMap(fact -> withOperand(instruction, part(fact.register(), slot.bytes())).stream())
                .findFirst()
                .or(() -> number(instruction, slot, known))
                .map(List::of);
    }

    /** Whether a register holds already what a load would put there. */
    private static boolean vanishes(Instruction instruction, SlotFact.InRegister fact, Slot slot) {
        Operand target = instruction.operands().get(0);
        if (KnownSlots.general(target) != fact.register()) {
            return false;
        }
        int bytes = ((RegisterOperand) target).kind().bytes();
        boolean exact = fact.extended() && fact.slot().bytes() == slot.bytes();
        return switch (instruction.mnemonic()) {
            case "mov" -> bytes != 4 || exact;
            case "movzx" -> exact;
            default -> false;
        };
    }

    private Optional<Line> number(Instruction instruction, Slot slot, Set<SlotFact> known) {
        boolean possible = slot.bytes() >= 4
                && WITH_NUMBER.contains(instruction.mnemonic())
                && KnownSlots.general(instruction.operands().get(0)) >= 0;
        return !possible
                ? Optional.empty()
                : known.stream()
                        .filter(SlotFact.Number.class::isInstance)
                        .map(SlotFact.Number.class::cast)
                        .filter(fact -> fact.slot().beginsWith(slot))
                        .filter(fact -> ValueRange.of(fact.value()).fitsInt())
                        .flatMap(fact ->
                                withOperand(instruction, new Operand.Immediate(value(fact, slot), Optional.empty()))
                                        .stream())
                        .findFirst();
    }

    private static Expression value(SlotFact.Number fact, Slot slot) {
        return slot.bytes() == 4 ? EmissionArithmetic.truncated(fact.value(), 4) : fact.value();
    }

    /** The instruction with another operand for the one in memory, if there is such an instruction. */
    private Optional<Line> withOperand(Instruction instruction, Operand operand) {
        boolean reads = instruction.mnemonic().equals("mov")
                || READERS.contains(instruction.mnemonic())
                || instruction.mnemonic().startsWith("cmov");
        List<Operand> operands = instruction.operands().stream()
                .map(old -> old instanceof Operand.Memory ? operand : old)
                .toList();
        Instruction now = instruction.with(instruction.mnemonic(), operands);
        boolean general = operands.stream()
                .noneMatch(old -> old instanceof RegisterOperand register
                        && !register.kind().isGeneral());
        return reads && general && facts.of(now).isPresent() ? Optional.of(now) : Optional.empty();
    }

    private static RegisterOperand part(int register, int bytes) {
        RegisterClass kind = switch (bytes) {
            case 1 -> RegisterClass.R8;
            case 2 -> RegisterClass.R16;
            case 4 -> RegisterClass.R32;
            default -> RegisterClass.R64;
        };
        return new RegisterOperand.Fixed(new Register(kind, register));
    }

    // ---- stores

    private static boolean isStored(Instruction instruction, Slot slot, Set<SlotFact> known) {
        boolean writable = known.stream()
                .anyMatch(
                        fact -> fact instanceof SlotFact.Writable && fact.slot().covers(slot));
        if (!writable || !instruction.mnemonic().equals("mov")) {
            return false;
        }
        Operand source = instruction.operands().get(1);
        return known.stream()
                .filter(fact -> fact.slot().beginsWith(slot))
                .anyMatch(fact -> fact instanceof SlotFact.InRegister held
                        ? held.register() == KnownSlots.general(source)
                        : fact instanceof SlotFact.Number number
                                && number.slot().equals(slot)
                                && source instanceof Operand.Immediate immediate
                                && SameValue.expressions(number.value(), immediate.value()));
    }
}
