package dev.intaglio.stencils.model;

import dev.intaglio.runtime.Label;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a stencil sees: registers, memory, functions to call and ways to leave. Models work on it in plain Java; the
 * {@link Bench} gives the same state to a stencil and compares.
 */
final class Machine {
    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final int RBX = 3;
    static final int RSP = 4;
    static final int RBP = 5;
    static final int RSI = 6;
    static final int RDI = 7;
    static final int R8 = 8;
    static final int R9 = 9;
    static final int R10 = 10;
    static final int R11 = 11;
    static final int R12 = 12;
    static final int R13 = 13;
    static final int R14 = 14;
    static final int R15 = 15;

    // Places in the memory. What lies below rsp in the stack's part is nobody's.
    static final int STACK = 0;
    static final int STACK_TOP = 0x800;
    static final int THREAD = 0x1000;
    static final int INTERPRETER = 0x1200;
    static final int FRAME = 0x2100;
    static final int HEAP = 0x2A00;
    static final int BYTES = 0x8000;

    /** Where the end of the hot and of the cold code lead. */
    static final String END = "the end";

    static final String END_OF_COLD = "the end of the cold code";

    final long base;
    final long[] general = new long[16];
    final boolean[] undefined = new boolean[16];
    final long[] floats = new long[16];
    final boolean[] undefinedFloats = new boolean[16];
    /** Whether a float is the result of an operation, so that one NaN is as good as another. */
    final boolean[] calculated = new boolean[16];

    final ByteBuffer memory;
    final List<String> calls = new ArrayList<>();
    final Map<Long, String> ways;
    final Map<String, Label> labels = new LinkedHashMap<>();
    final Map<String, List<Reply>> replies = new HashMap<>();
    private final Map<Long, Foreign> functions;
    private boolean cold;
    private String where = END;

    /** What one call of a function gives back, and what it stores. */
    record Reply(long result, long place, long value) {}

    Machine(long base, byte[] noise, Map<Long, Foreign> functions, Map<Long, String> ways) {
        this.base = base;
        this.memory = ByteBuffer.wrap(noise).order(ByteOrder.LITTLE_ENDIAN);
        this.functions = functions;
        this.ways = ways;
    }

    /** A copy for a model to work on; functions and labels are the same. */
    Machine copy() {
        Machine copy = new Machine(base, memory.array().clone(), functions, ways);
        System.arraycopy(general, 0, copy.general, 0, general.length);
        System.arraycopy(floats, 0, copy.floats, 0, floats.length);
        copy.labels.putAll(labels);
        if (cold) {
            copy.beginInCold();
        }
        replies.forEach((name, list) -> copy.replies.put(name, new ArrayList<>(list)));
        return copy;
    }

    /** How control left. */
    String where() {
        return where;
    }

    /** The stencils are in the cold section. */
    void beginInCold() {
        cold = true;
        where = END_OF_COLD;
    }

    boolean beginsInCold() {
        return cold;
    }

    void leftTo(String place) {
        where = place;
    }

    long get(int register) {
        if (undefined[register]) {
            throw new IllegalStateException("the model reads " + name(register) + ", which nothing defines here");
        }
        return general[register];
    }

    void set(int register, long value) {
        general[register] = value;
        undefined[register] = false;
    }

    /** Sets what a 32-bit instruction writes. */
    void set4(int register, long value) {
        set(register, value & 0xFFFF_FFFFL);
    }

    long bits(int xmm) {
        if (undefinedFloats[xmm]) {
            throw new IllegalStateException("the model reads xmm" + xmm + ", which nothing defines here");
        }
        return floats[xmm];
    }

    double number(int xmm) {
        return Double.longBitsToDouble(bits(xmm));
    }

    void setBits(int xmm, long bits) {
        floats[xmm] = bits;
        undefinedFloats[xmm] = false;
        calculated[xmm] = false;
    }

    void setNumber(int xmm, double value) {
        setBits(xmm, Double.doubleToRawLongBits(value));
        calculated[xmm] = true;
    }

    /** Leaves to the stencil what stands in these registers from now on. */
    void scratch(int... registers) {
        for (int register : registers) {
            undefined[register] = true;
        }
    }

    void scratchFloats(int... registers) {
        for (int register : registers) {
            undefinedFloats[register] = true;
        }
    }

    private int at(long address) {
        long offset = address - base;
        if (offset < 0 || offset >= BYTES) {
            throw new IllegalStateException(
                    "the model looks at 0x" + Long.toHexString(address) + ", outside of memory");
        }
        return (int) offset;
    }

    long load(long address) {
        return memory.getLong(at(address));
    }

    int load4(long address) {
        return memory.getInt(at(address));
    }

    int load1(long address) {
        return memory.get(at(address)) & 0xFF;
    }

    void store(long address, long value) {
        memory.putLong(at(address), value);
    }

    void store4(long address, int value) {
        memory.putInt(at(address), value);
    }

    void store2(long address, int value) {
        memory.putShort(at(address), (short) value);
    }

    void store1(long address, int value) {
        memory.put(at(address), (byte) value);
    }

    void add(long address, long change) {
        store(address, load(address) + change);
    }

    void add4(long address, int change) {
        store4(address, load4(address) + change);
    }

    void push(long value) {
        set(RSP, get(RSP) - 8);
        store(get(RSP), value);
    }

    long pop() {
        long value = load(get(RSP));
        set(RSP, get(RSP) + 8);
        return value;
    }

    /** A label outside of the stencil, by its name. */
    Label label(String name) {
        return labels.computeIfAbsent(name, Label::new);
    }

    /** For models: {@code throw m.leave(label)}. */
    Left leave(Label label) {
        return new Left(label.name());
    }

    /** For models: jumps to an address. */
    Left jump(long address) {
        return new Left(ways.getOrDefault(address, "0x" + Long.toHexString(address)));
    }

    /** For models: {@code ret}. */
    Left ret() {
        return jump(pop());
    }

    /** The next call of a function replies with this; without any it replies with 0. */
    void reply(String function, long result) {
        reply(function, result, 0, 0);
    }

    void reply(String function, long result, long place, long value) {
        replies.computeIfAbsent(function, f -> new ArrayList<>()).add(new Reply(result, place, value));
    }

    /** For models: calls a function with what the registers hold. */
    long call(long address) {
        Foreign function = functions.get(address);
        if (function == null) {
            throw new IllegalStateException("the model calls 0x" + Long.toHexString(address) + ", no function");
        }
        if (function.isC() && (get(RSP) & 15) != 0) {
            throw new AssertionError(function.name() + " is called with the stack at 0x" + Long.toHexString(get(RSP)));
        }
        note(function, this::get, this::bits, get(RSP) - 8);
        List<Reply> left = replies.getOrDefault(function.name(), List.of());
        Reply reply = left.isEmpty() ? new Reply(0, 0, 0) : left.remove(0);
        if (reply.place() != 0) {
            store(reply.place(), reply.value());
        }
        function.changed().forEach(this::scratch);
        set(RAX, reply.result());
        if (function.isC()) {
            for (int i = 1; i < 16; i++) {
                scratchFloats(i);
            }
            setBits(0, reply.result());
        }
        return reply.result();
    }

    interface Registers {
        long get(int register);
    }

    void note(Foreign function, Registers registers, Registers xmms, long rsp) {
        StringBuilder line = new StringBuilder(function.name()).append('(');
        for (int argument : function.arguments()) {
            if (argument < 16) {
                line.append(name(argument)).append("=0x").append(Long.toHexString(registers.get(argument)));
            } else {
                line.append("xmm").append(argument - 16).append('=').append(xmms.get(argument - 16));
            }
            line.append(' ');
        }
        calls.add(
                line.append("rsp=0x").append(Long.toHexString(rsp)).append(')').toString());
    }

    static String name(int register) {
        return dev.intaglio.runtime.Gpr.of(register).toString();
    }
}
