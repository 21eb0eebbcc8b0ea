package dev.intaglio.peephole.proof;

import com.microsoft.z3.ArrayExpr;
import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BitVecSort;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.BoolSort;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * General registers, flags and memory as formulas. An access to a place that is not mapped is a fault: memory stays as it is
 * from there on, and what comes in registers afterwards means nothing.
 */
public final class State {
    private static final int PAGE = 4096;

    private final Logic logic;
    private final Pages pages;
    private final BitVecExpr[] registers = new BitVecExpr[16];
    private final Map<Flag, BoolExpr> flags = new EnumMap<>(Flag.class);
    private ArrayExpr<BitVecSort, BitVecSort> memory;
    private BoolExpr faulted;

    /** What is there of the memory. */
    public enum Pages {
        /** All of it. */
        ALL,
        /** Any, or none: an access may fault. */
        ANY,
        /** Any but the first page, which systems leave out so that null pointers fault. */
        ANY_BUT_THE_FIRST
    }

    /** The state before a window: everything is unknown. */
    public State(Logic logic, Pages pages) {
        this.logic = logic;
        this.pages = pages;
        for (int number = 0; number < registers.length; number++) {
            registers[number] = logic.symbol(register(number), 64);
        }
        for (Flag flag : Flag.values()) {
            flags.put(flag, logic.fact("flag " + flag));
        }
        memory = logic.bytes("memory");
        faulted = logic.truth(false);
    }

    private State(State other) {
        logic = other.logic;
        pages = other.pages;
        System.arraycopy(other.registers, 0, registers, 0, registers.length);
        flags.putAll(other.flags);
        memory = other.memory;
        faulted = other.faulted;
    }

    public State copy() {
        return new State(this);
    }

    static String register(int number) {
        return new Register(RegisterClass.R64, number).toString();
    }

    /** All 64 bits. */
    public BitVecExpr register64(int number) {
        return registers[number];
    }

    public void register64(int number, BitVecExpr value) {
        registers[number] = value;
    }

    public BitVecExpr read(Register register) {
        return switch (register.kind()) {
            case R8H -> logic.part(registers[register.number() - 4], 8, 8);
            case R8, R16, R32, R64 ->
                logic.low(registers[register.number()], register.kind().bytes() * 8);
            default -> throw new Unmodelled("register " + register);
        };
    }

    public void write(Register register, BitVecExpr value) {
        int number = register.number();
        switch (register.kind()) {
            case R8H -> {
                BitVecExpr old = registers[number - 4];
                registers[number - 4] = logic.inserted(old, logic.joined(value, logic.low(old, 8)));
            }
            case R8, R16 -> registers[number] = logic.inserted(registers[number], value);
            case R32 -> registers[number] = logic.zeroExtended(value, 64);
            case R64 -> registers[number] = value;
            default -> throw new Unmodelled("register " + register);
        }
    }

    public BoolExpr flag(Flag flag) {
        return flags.get(flag);
    }

    public void flag(Flag flag, BoolExpr value) {
        flags.put(flag, value);
    }

    public ArrayExpr<BitVecSort, BitVecSort> memory() {
        return memory;
    }

    public void memory(ArrayExpr<BitVecSort, BitVecSort> bytes) {
        memory = bytes;
    }

    public BoolExpr faulted() {
        return faulted;
    }

    BitVecExpr load(BitVecExpr address, int bits) {
        mustBe("readable", address, bits);
        return peek(address, bits);
    }

    /** Memory's content, without an access. */
    public BitVecExpr peek(BitVecExpr address, int bits) {
        BitVecExpr value = (BitVecExpr) logic.z3().mkSelect(memory, address);
        for (int at = 1; at < bits / 8; at++) {
            BitVecExpr place = logic.plus(address, logic.number(at, 64));
            value = logic.joined((BitVecExpr) logic.z3().mkSelect(memory, place), value);
        }
        return value;
    }

    void store(BitVecExpr address, BitVecExpr value) {
        int bits = value.getSortSize();
        mustBe("readable", address, bits);
        mustBe("writable", address, bits);
        ArrayExpr<BitVecSort, BitVecSort> now = memory;
        for (int at = 0; at < bits / 8; at++) {
            BitVecExpr place = logic.plus(address, logic.number(at, 64));
            now = logic.z3().mkStore(now, place, logic.part(value, at * 8, 8));
        }
        memory = pages == Pages.ALL ? now : logic.choose(faulted, memory, now);
    }

    private void mustBe(String what, BitVecExpr address, int bits) {
        if (pages == Pages.ALL) {
            return;
        }
        ArrayExpr<BitVecSort, BoolSort> places = logic.places(what);
        List<BoolExpr> wrong = new ArrayList<>(List.of(faulted));
        for (int at = 0; at < bits / 8; at++) {
            BitVecExpr place = logic.plus(address, logic.number(at, 64));
            wrong.add(logic.not((BoolExpr) logic.z3().mkSelect(places, place)));
            if (pages == Pages.ANY_BUT_THE_FIRST) {
                wrong.add(logic.less(place, logic.number(PAGE, 64)));
            }
        }
        faulted = logic.any(wrong);
    }

    /** This state where the condition holds, else the other. */
    State or(BoolExpr condition, State other) {
        State merged = copy();
        for (int number = 0; number < registers.length; number++) {
            merged.registers[number] = logic.choose(condition, registers[number], other.registers[number]);
        }
        flags.forEach((flag, value) -> merged.flags.put(flag, logic.choose(condition, value, other.flag(flag))));
        merged.memory = logic.choose(condition, memory, other.memory);
        merged.faulted = logic.choose(condition, faulted, other.faulted);
        return merged;
    }
}
