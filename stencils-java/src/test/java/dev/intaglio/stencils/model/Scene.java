package dev.intaglio.stencils.model;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Layout;
import dev.intaglio.stencils.Registers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A state before a stencil runs, with objects as CPython lays them out; values are boundary ones as often as random ones. */
final class Scene implements Layout {
    private static final long[] INTS = {
        0,
        1,
        -1,
        2,
        -2,
        3,
        7,
        -5,
        -6,
        255,
        256,
        257,
        1 << 15,
        1 << 29,
        1 << 30,
        1L << 31,
        1L << 32,
        1L << 52,
        1L << 53,
        1L << 54,
        1L << 59,
        1L << 60,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        3037000499L,
        3037000500L
    };
    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        2.0,
        3.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        1e308,
        1e-308,
        0x1p53,
        0x1p63,
        -0x1p63,
        Math.PI
    };

    final Bench bench;
    final Machine m;
    final Random random;
    private long next;

    Scene(Bench bench, Random random) {
        this.bench = bench;
        this.random = random;
        m = bench.machine(random);
        next = m.base + Machine.HEAP;
    }

    Label label(String name) {
        return m.label(name);
    }

    boolean coin() {
        return random.nextBoolean();
    }

    /** One time in so many. */
    boolean rarely(int times) {
        return random.nextInt(times) == 0;
    }

    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    long anInt() {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt();
            case 2 -> random.nextInt(20) - 10;
            default -> INTS[random.nextInt(INTS.length)] * (coin() ? 1 : -1) + random.nextInt(3) - 1;
        };
    }

    double aDouble() {
        return switch (random.nextInt(4)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextGaussian();
            default -> DOUBLES[random.nextInt(DOUBLES.length)];
        };
    }

    /** A displacement or number as stencils carry it: small, or too large for a byte. */
    int index() {
        return oneOf(0, 1, 2, 3, 14, 15, 16, 17);
    }

    /** So many different registers for ints. */
    int[] registers(int count) {
        return choose(Registers.ints(), count);
    }

    /** So many different registers for floats. */
    int[] floats(int count) {
        return choose(Registers.floats(), count);
    }

    private int[] choose(int[] pool, int count) {
        for (int i = 0; i < count; i++) {
            int other = i + random.nextInt(pool.length - i);
            int kept = pool[i];
            pool[i] = pool[other];
            pool[other] = kept;
        }
        return Arrays.copyOf(pool, count);
    }

    /** Zeroed memory of its own. */
    long allocate(int bytes) {
        long address = next;
        next += (bytes + 15) & -16;
        if (next > m.base + Machine.BYTES) {
            throw new IllegalStateException("the heap is full");
        }
        for (int i = 0; i < bytes; i += 8) {
            m.store(address + i, 0);
        }
        return address;
    }

    /** Where a function of the thread, the interpreter or the frame lies. */
    long thread() {
        return m.base + Machine.THREAD;
    }

    long interpreter() {
        return m.base + Machine.INTERPRETER;
    }

    long frame() {
        return m.base + Machine.FRAME;
    }

    long references() {
        return oneOf(1L, 1L, 2L, 3L, 1000L);
    }

    /** A type: only its address counts to most. */
    long type() {
        return allocate(16);
    }

    long object(long type, int bytes) {
        long address = allocate(bytes);
        m.store(address + OBJECT_REFCNT, references());
        m.store(address + OBJECT_TYPE, type);
        return address;
    }

    long object() {
        return object(type(), 32);
    }

    long objectOrNull() {
        return rarely(3) ? 0 : object();
    }

    long floatObject(long type, double value) {
        long address = object(type, 24);
        m.store(address + FLOAT_VALUE, Double.doubleToRawLongBits(value));
        return address;
    }

    /** An int of so many digits, which are 30 bits each. */
    long intObject(long type, int digits, boolean negative) {
        long address = object(type, 64);
        m.store(address + VAR_SIZE, negative ? -digits : digits);
        for (int i = 0; i < digits; i++) {
            int digit = oneOf(0, 1, (1 << 30) - 1, random.nextInt(1 << 30));
            m.store4(address + LONG_DIGIT + 4 * i, i == digits - 1 && digit == 0 ? 1 : digit);
        }
        return address;
    }

    /** A list or a tuple of so many objects. */
    long sequence(boolean list, long type, int size) {
        long address = object(type, list ? 48 : TUPLE_ITEMS + 8 * size);
        m.store(address + VAR_SIZE, size);
        long items = address + TUPLE_ITEMS;
        if (list) {
            items = allocate(8 * size);
            m.store(address + LIST_ITEMS, items);
        }
        long one = type();
        for (int i = 0; i < size; i++) {
            m.store(items + 8L * i, object(one, 24));
        }
        return address;
    }

    /** A slot of the frame, near or far, that holds this; the displacement from the frame. */
    int slot(long value) {
        int slot = slot();
        m.store(frame() + slot, value);
        return slot;
    }

    private int slots;

    int slot() {
        int place = slots == 0 ? random.nextInt(4) : slots + 1 + random.nextInt(30);
        slots = place + 2; // two may be used together
        return FRAME_SLOTS + 8 * place;
    }

    /** A spill slot with noise in it; the displacement from rsp. */
    int spill() {
        return Registers.SPILLS + 8 * oneOf(0, 1, 12, 13, 14, 40);
    }

    long instruction() {
        return oneOf(0x1234L, 0x7FFF_FFFFL, 0x8000_0000L, 0x7F12_3456_789AL, m.base + 0x42);
    }

    long function(String name, Integer... arguments) {
        return bench.function(name, arguments);
    }

    long routine(String name, List<Integer> arguments, Integer... changed) {
        return bench.routine(name, arguments, changed);
    }

    /** Has the stencil called as a routine: where it returns to is on the stack, which may be aligned or not. */
    void returnTo(String door, boolean aligned) {
        if (!aligned) {
            m.set(Machine.RSP, m.get(Machine.RSP) - 8);
        }
        m.push(bench.door(door));
    }

    /** {@code _Py_Dealloc} of C. */
    long dealloc() {
        return function("_Py_Dealloc", Machine.RDI);
    }

    /** The routine that saves what C may change: see {@code Helpers}. */
    long deallocRoutine() {
        return routine("dealloc", List.of(Machine.RDI), Machine.RCX, Machine.RDX);
    }

    long boxRoutine(String name) {
        return routine(name, List.of(Machine.RAX), Machine.RCX, Machine.RDX);
    }
}
