package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Registers, flags and memory as formulas over what they were before a window. */
final class MachineState {
    /**
     * An access to memory.
     *
     * @param value what is stored; a load's own value
     * @param forwarded whether a load reads what the window itself stored there just before, so that it may be left out
     */
    record MemoryAccess(boolean store, Term address, int bits, Term value, boolean forwarded) {}

    private final Map<Register, Term> registers = new LinkedHashMap<>();
    private final Map<Flag, Term> flags = new EnumMap<>(Flag.class);
    private final List<MemoryAccess> accesses = new ArrayList<>();

    MachineState copy() {
        MachineState copy = new MachineState();
        copy.registers.putAll(registers);
        copy.flags.putAll(flags);
        copy.accesses.addAll(accesses);
        return copy;
    }

    Term flag(Flag flag) {
        return flags.getOrDefault(flag, Term.symbol("flag " + flag, 1));
    }

    void flag(Flag flag, Term term) {
        flags.put(flag, term);
    }

    List<MemoryAccess> accesses() {
        return List.copyOf(accesses);
    }

    /** The whole 64 bits (or, of a vector, the whole register). */
    Term whole(Register register) {
        return registers.getOrDefault(
                register, Term.symbol(register.toString(), register.kind().bytes() * 8));
    }

    /** All registers that either state wrote. */
    static Set<Register> touched(MachineState left, MachineState right) {
        Set<Register> all = new LinkedHashSet<>(left.registers.keySet());
        all.addAll(right.registers.keySet());
        return all;
    }

    Term read(Register register) {
        RegisterClass kind = register.kind();
        if (kind == RegisterClass.R8H) {
            return Term.of("high", 8, whole(holder(register)));
        }
        return whole(holder(register)).low(kind.bytes() * 8);
    }

    void write(Register register, Term value) {
        Register holder = holder(register);
        Term old = whole(holder);
        Term now = switch (register.kind()) {
            case R8, R16 -> old.inserted(value);
            case R8H -> Term.of("inserted high", 64, old, value);
            case R32 -> value.extended(64);
            default -> value;
        };
        registers.put(holder, now);
    }

    /** The largest register that this one is a part of. */
    static Register holder(Register register) {
        RegisterClass kind = register.kind();
        if (kind == RegisterClass.R8H) {
            return new Register(RegisterClass.R64, register.number() - 4);
        }
        if (kind.isGeneral()) {
            return new Register(RegisterClass.R64, register.number());
        }
        return kind.isVector() ? new Register(RegisterClass.ZMM, register.number()) : register;
    }

    Term load(Term address, int bits) {
        long stores = accesses.stream().filter(MemoryAccess::store).count();
        for (int at = accesses.size() - 1; at >= 0; at--) {
            MemoryAccess last = accesses.get(at);
            if (last.store()) {
                if (last.address().equals(address) && last.bits() == bits) {
                    accesses.add(new MemoryAccess(false, address, bits, last.value(), true));
                    return last.value();
                }
                break;
            }
        }
        Term value = Term.of("memory after " + stores + " stores", bits, address);
        accesses.add(new MemoryAccess(false, address, bits, value, false));
        return value;
    }

    void store(Term address, int bits, Term value) {
        accesses.add(new MemoryAccess(true, address, bits, value, false));
    }

    /** The address of an operand in memory, of which only the samples' kinds occur. */
    Term address(Operand.Memory memory) {
        if (!(memory.address() instanceof Address.Indexed indexed)) {
            return Term.symbol("address " + memory.address(), 64);
        }
        Term displacement = indexed.displacement().isConstant()
                ? Term.constant(indexed.displacement().constant().getAsLong(), 64)
                : Term.symbol("expression " + indexed.displacement(), 64);
        Term sum = indexed.base().map(this::addressPart).orElse(Term.constant(0, 64));
        if (indexed.index().isPresent()) {
            Term index = addressPart(indexed.index().get());
            Term scaled = indexed.scale() == 1 ? index : Term.of("mul", 64, index, Term.constant(indexed.scale(), 64));
            sum = sum.plus(scaled);
        }
        return sum.plus(displacement);
    }

    private Term addressPart(RegisterOperand register) {
        return read(((RegisterOperand.Fixed) register).register()).extended(64);
    }
}
