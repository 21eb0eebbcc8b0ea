package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.Width;
import dev.intaglio.assembly.table.Access;
import dev.intaglio.assembly.table.FlagEffects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an instruction does to a {@link MachineState}. The common integer instructions have their arithmetic; any other is a
 * function of what the table says it reads, about which nothing else is known. Flags follow the table, and besides:
 * <ol>
 *   <li>s, z and p of the integer instructions depend on the result alone;
 *   <li>adding, subtracting or comparing with zero clears o, c and a;
 *   <li>inc and dec set the flags that they write as adding and subtracting one do;
 *   <li>a shift by a constant zero leaves the flags alone.
 * </ol>
 */
final class Meaning {
    /** Thrown for an instruction that rules cannot use yet. */
    static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unknown(String message) {
            super(message);
        }
    }

    private static final Set<String> RESULT_SETS_SZP =
            Set.of("add", "sub", "cmp", "and", "or", "xor", "test", "inc", "dec", "neg", "adc", "sbb");
    private static final Set<String> SHIFTS = Set.of("shl", "sal", "shr", "sar", "rol", "ror");

    private final Facts facts;
    private final Instruction instruction;
    private final MachineState state;
    private final List<Term> inputs = new ArrayList<>();
    /** Of operands in memory, before any register is written. */
    private final Map<Integer, Term> addresses = new HashMap<>();

    private Meaning(Facts facts, Instruction instruction, MachineState state) {
        this.facts = facts;
        this.instruction = instruction;
        this.state = state;
    }

    /** Changes the state as the instruction does. */
    static void apply(Facts facts, Instruction instruction, MachineState state) {
        if (facts.opaque() || facts.implicitMemory()) {
            throw new Unknown("rules cannot use '" + instruction.mnemonic()
                    + "': it does more than its operands tell, or uses memory that it does not name");
        }
        new Meaning(facts, instruction, state).run();
    }

    private void run() {
        for (int at = 0; at < instruction.operands().size(); at++) {
            if (operand(at) instanceof Operand.Memory memory) {
                addresses.put(at, state.address(memory));
            }
            inputs.add(facts.access().get(at).reads() ? read(at) : Term.constant(0, bits(at)));
        }
        String mnemonic = instruction.mnemonic();
        Optional<Term> result = result(mnemonic);
        List<Term> everything = everythingRead();
        FlagEffects effects = facts.flags();
        boolean shiftByZero = SHIFTS.contains(mnemonic) && input(1).isConstant() && input(1).value() == 0;
        List<Term> flags = new ArrayList<>();
        for (Flag flag : Flag.values()) {
            flags.add(shiftByZero ? state.flag(flag) : flag(effects, flag, result, everything));
        }
        for (int at = 0; at < instruction.operands().size(); at++) {
            if (facts.access().get(at).writes()) {
                write(at, result.isPresent() && at == 0 ? result.get() : unknown("result " + at, bits(at), everything));
            }
        }
        for (int at = 0; at < facts.implicit().size(); at++) {
            Facts.Implicit implicit = facts.implicit().get(at);
            if (implicit.access().writes() && implicit.register() instanceof RegisterOperand.Fixed fixed) {
                int bits = fixed.register().kind().bytes() * 8;
                state.write(fixed.register(), unknown("implicit result " + at, bits, everything));
            }
        }
        for (Flag flag : Flag.values()) {
            state.flag(flag, flags.get(flag.ordinal()));
        }
    }

    /** The result of an instruction whose arithmetic is known; for cmp and test, what the flags depend on. */
    private Optional<Term> result(String mnemonic) {
        if (facts.access().isEmpty()
                || facts.implicit().size() > 0
                || instruction.operands().size() > 2) {
            return Optional.empty();
        }
        return switch (mnemonic) {
            case "mov" ->
                instruction.operands().stream().allMatch(Meaning::isInteger) ? Optional.of(input(1)) : Optional.empty();
            case "movzx" -> Optional.of(input(1).extended(bits(0)));
            case "lea" -> Optional.of(addresses.get(1).low(bits(0)));
            case "add", "and", "or", "xor" -> Optional.of(Term.binary(mnemonic, input(0), input(1)));
            case "test" -> Optional.of(Term.binary("and", input(0), input(1)));
            case "sub", "cmp" -> Optional.of(input(0).minus(input(1)));
            case "inc" -> Optional.of(input(0).plus(Term.constant(1, bits(0))));
            case "dec" -> Optional.of(input(0).plus(Term.constant(-1, bits(0))));
            case "not" -> Optional.of(input(0).not());
            case "neg" -> Optional.of(Term.constant(0, bits(0)).minus(input(0)));
            default ->
                mnemonic.startsWith("cmov") && input(0).equals(input(1))
                                || SHIFTS.contains(mnemonic) && input(1).isConstant() && input(1).value() == 0
                        ? Optional.of(input(0))
                        : Optional.empty();
        };
    }

    private static boolean isInteger(Operand operand) {
        return !(operand instanceof RegisterOperand register) || register.kind().isGeneral();
    }

    private Term flag(FlagEffects effects, Flag flag, Optional<Term> result, List<Term> everything) {
        if (effects.cleared().contains(flag)) {
            return Term.constant(0, 1);
        }
        if (effects.set().contains(flag)) {
            return Term.constant(1, 1);
        }
        if (effects.undefined().contains(flag)) {
            return Term.UNDEFINED;
        }
        if (effects.maybe().contains(flag)) {
            return Term.of("perhaps " + name(flag), 1, append(everything, state.flag(flag)));
        }
        if (!effects.written().contains(flag)) {
            return state.flag(flag);
        }
        if (result.isEmpty()) {
            return unknown(flag.toString(), 1, everything);
        }
        String mnemonic = instruction.mnemonic();
        // (1)
        if (RESULT_SETS_SZP.contains(mnemonic) && (flag == Flag.S || flag == Flag.Z || flag == Flag.P)) {
            return ofResult(flag, result.get());
        }
        // (2)
        boolean sums = Set.of("add", "sub", "cmp").contains(mnemonic);
        if (sums && input(1).isConstant() && input(1).value() == 0) {
            return Term.constant(0, 1);
        }
        // (3)
        Term one = Term.constant(1, bits(0));
        return switch (mnemonic) {
            case "inc" -> Term.of("add." + flag, 1, input(0), one);
            case "dec" -> Term.of("sub." + flag, 1, input(0), one);
            case "add" -> Term.of("add." + flag, 1, input(0), input(1));
            case "sub", "cmp" -> Term.of("sub." + flag, 1, input(0), input(1));
            default -> unknown(flag.toString(), 1, everything);
        };
    }

    private static Term ofResult(Flag flag, Term result) {
        if (!result.isConstant()) {
            return ofUnknownResult(flag, result);
        }
        long value = result.value();
        boolean holds = switch (flag) {
            case S -> (value >>> result.bits() - 1) != 0;
            case Z -> value == 0;
            default -> Long.bitCount(value & 0xFF) % 2 == 0;
        };
        return Term.constant(holds ? 1 : 0, 1);
    }

    /** p depends on the low byte; so does z where only the low byte can have ones; s is clear where the first bit is. */
    private static Term ofUnknownResult(Flag flag, Term result) {
        long possible = result.possibleOnes();
        if (flag == Flag.S && possible >>> result.bits() - 1 == 0) {
            return Term.constant(0, 1);
        }
        boolean lowByte = flag == Flag.P || flag == Flag.Z && possible >>> 8 == 0;
        return Term.of(flag.toString(), 1, lowByte ? result.low(8) : result);
    }

    private String name(Object detail) {
        return instruction.mnemonic() + "." + detail;
    }

    private Term unknown(String detail, int bits, List<Term> everything) {
        return Term.of(name(detail), bits, everything.toArray(Term[]::new));
    }

    private static Term[] append(List<Term> terms, Term last) {
        List<Term> all = new ArrayList<>(terms);
        all.add(last);
        return all.toArray(Term[]::new);
    }

    /** The operands' values, the implicit ones, old values that a partial write may keep, and the flags that are read. */
    private List<Term> everythingRead() {
        List<Term> all = new ArrayList<>(inputs);
        for (int at = 0; at < instruction.operands().size(); at++) {
            if (operand(at) instanceof RegisterOperand.Fixed fixed
                    && fixed.kind().isVector()) {
                all.add(state.whole(MachineState.holder(fixed.register())));
            }
            if (facts.access().get(at) == Access.NONE && addresses.containsKey(at)) {
                all.add(addresses.get(at));
            }
        }
        for (Facts.Implicit implicit : facts.implicit()) {
            if (implicit.access().reads() && implicit.register() instanceof RegisterOperand.Fixed fixed) {
                all.add(state.read(fixed.register()));
            }
        }
        for (Flag flag : Flag.values()) {
            if (facts.flags().read().contains(flag)) {
                all.add(state.flag(flag));
            }
        }
        return all;
    }

    private Operand operand(int at) {
        return instruction.operands().get(at);
    }

    private Term input(int at) {
        return inputs.get(at);
    }

    /** The size of an operand: its own, or for numbers and for memory without a size word that of the first that has one. */
    private int bits(int at) {
        return size(operand(at))
                .or(() -> instruction.operands().stream()
                        .flatMap(operand -> size(operand).stream())
                        .findFirst())
                .orElseThrow(() -> new Unknown("'" + instruction + "' has no size"));
    }

    private static Optional<Integer> size(Operand operand) {
        if (operand instanceof RegisterOperand register) {
            return Optional.of(register.kind().bytes() * 8);
        }
        return operand instanceof Operand.Memory memory ? memory.width().map(Width::bits) : Optional.empty();
    }

    private Term read(int at) {
        if (operand(at) instanceof RegisterOperand.Fixed fixed) {
            return state.read(fixed.register());
        }
        if (addresses.containsKey(at)) {
            return state.load(addresses.get(at), bits(at));
        }
        if (operand(at) instanceof Operand.Immediate immediate) {
            Expression value = immediate.value();
            return value.isConstant()
                    ? Term.constant(value.constant().getAsLong(), bits(at))
                    : Term.symbol("expression " + value, bits(at));
        }
        throw new Unknown("'" + instruction + "' has an operand that rules cannot use");
    }

    private void write(int at, Term value) {
        if (operand(at) instanceof RegisterOperand.Fixed fixed) {
            state.write(fixed.register(), value);
        } else if (addresses.containsKey(at)) {
            state.store(addresses.get(at), bits(at), value);
        } else {
            throw new Unknown("'" + instruction + "' writes an operand that rules cannot use");
        }
    }
}
