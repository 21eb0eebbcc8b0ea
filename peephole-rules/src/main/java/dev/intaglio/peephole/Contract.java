package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.Register;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What surrounds a stencil: the registers that it finds set, and those whose values are looked at where it ends.
 *
 * @param in the registers that have a value where the stencil begins; empty where nothing is said
 * @param liveOut what may be read after the stencil, at each of its ways out
 * @param writable the registers that the stencil may change; empty where nothing is said
 * @param calls what the stencil's calls read and leave
 * @param memory who looks at memory
 */
public record Contract(
        Optional<Locations> in,
        Locations liveOut,
        Optional<Locations> writable,
        CallContract calls,
        MemoryContract memory) {
    /** Of a stencil that says nothing: all registers are live and the arithmetic flags dead at its ways out. */
    public static final Contract DEFAULT = new Contract(
            Optional.empty(), Locations.AT_EXIT, Optional.empty(), CallContract.UNKNOWN, MemoryContract.DEFAULT);

    /** What no stencil may lose: the stack, and the direction flag, which the System V ABI wants kept. */
    private static final Locations ALWAYS_LIVE =
            registers(List.of(Register.RSP)).plus(Locations.of(FlagSet.parse("d")));

    /** Only these registers are live at the ways out (and rsp). */
    public Contract withOut(Collection<Register> registers) {
        return new Contract(in, registers(registers).plus(ALWAYS_LIVE), writable, calls, memory);
    }

    /** These registers are set at the beginning. */
    public Contract withIn(Collection<Register> registers) {
        return new Contract(Optional.of(registers(registers).plus(ALWAYS_LIVE)), liveOut, writable, calls, memory);
    }

    /** The arithmetic flags are live at the ways out, too. */
    public Contract withLiveFlags() {
        return new Contract(in, liveOut.plus(Locations.of(FlagSet.ARITHMETIC)), writable, calls, memory);
    }

    /** Only these registers, those of the results, and rsp may change. */
    public Contract withWritable(Collection<Register> results, Collection<Register> clobbers) {
        Locations all = registers(results).plus(registers(clobbers)).plus(ALWAYS_LIVE);
        return new Contract(in, liveOut, Optional.of(all), calls, memory);
    }

    /** These registers may not change, and are looked at where the stencil ends. */
    public Contract withPreserved(Collection<Register> preserved) {
        Locations kept = registers(preserved).minus(ALWAYS_LIVE);
        return new Contract(
                in,
                liveOut.plus(kept),
                Optional.of(writable.orElse(Locations.ALL).minus(kept)),
                calls,
                memory);
    }

    /** Calls do as their contract says. */
    public Contract withCalls(CallContract others) {
        return new Contract(in, liveOut, writable, others, memory);
    }

    /** Others see memory as this says. */
    public Contract withMemory(MemoryContract other) {
        return new Contract(in, liveOut, writable, calls, other);
    }

    static Locations registers(Collection<Register> registers) {
        return registers.stream()
                .map(register -> Locations.readThrough(new RegisterOperand.Fixed(register)))
                .reduce(Locations.NONE, Locations::plus);
    }
}
