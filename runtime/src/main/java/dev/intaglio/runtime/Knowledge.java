package dev.intaglio.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of registers and memory at the place where the next stencil's hot code begins; for generated code, of interfaces
 * that ask for it with {@code @Stencils(carry = true)}.
 *
 * <p>It holds for code that is reached from the line before it and from nowhere else: a label that is bound in hot code ends it, and so
 * does hot code that was emitted without {@link #carry}. A register may be known to hold a constant, or what a slot of memory (a base
 * register and a displacement, eight bytes) holds; a branch that was not taken is known not to be taken again while what it compared is
 * unchanged.
 *
 * <p>What a line changes is a mask: a bit for each general register by its number, and the bits below.
 */
public final class Knowledge {
    /** Some memory, anywhere. */
    public static final int MEMORY = 1 << 16;
    /** The arithmetic flags. */
    public static final int FLAGS = 1 << 17;
    /** Branches that were not taken: what is learned of them is forgotten. */
    public static final int BRANCHES = 1 << 18;
    /** Registers, memory, flags, branches. */
    public static final int ALL = -1;

    private static final int REGISTERS = 16;
    private static final int FACTS = 4;
    private static final int SLOT_BYTES = 8;
    private static final long NOWHERE = 0;

    private final Section code;

    /** Where it holds: the place in the hot section's storage. */
    private long place = NOWHERE;
    /** How many labels had been bound in hot code by then. */
    private int bound;
    /** A mask of all that some knowledge depends on; it may have more. */
    private int watched;

    private int constants;
    private final long[] constant = new long[REGISTERS];
    private int slots;
    private final int[] slotBase = new int[REGISTERS];
    private final long[] slotDisplacement = new long[REGISTERS];

    private final int[] factShape = new int[FACTS];
    private final int[] factDepends = new int[FACTS];
    private final long[] factA = new long[FACTS];
    private final long[] factB = new long[FACTS];
    private final long[] factC = new long[FACTS];
    private int oldestFact;

    private final List<String> shapes = new ArrayList<>();

    /** What is known in this section. */
    Knowledge(Section code) {
        this.code = code;
    }

    // ---- where it holds

    /**
     * Begins lines at a place; what is known is forgotten unless it was known there.
     *
     * @param p a place in the hot section's storage
     */
    public void resume(long p) {
        if (place != p || bound != code.bound) {
            forget(ALL);
        }
    }

    /**
     * Ends lines at a place.
     *
     * @param p a place in the hot section's storage
     */
    public void carry(long p) {
        place = p;
        bound = code.bound;
    }

    /** A piece has ended, and with it what is known. */
    void end() {
        place = NOWHERE;
    }

    // ---- what lines change

    /**
     * Forgets what depends on something that has changed.
     *
     * @param changed a mask of what has changed
     */
    public void forget(int changed) {
        if ((changed & watched) != 0) {
            forgetWatched(changed);
        }
    }

    private void forgetWatched(int changed) {
        constants &= ~changed;
        slots &= (changed & MEMORY) != 0 ? 0 : ~changed;
        for (int some = slots; some != 0; some &= some - 1) {
            int register = Integer.numberOfTrailingZeros(some);
            if ((changed >>> slotBase[register] & 1) != 0) {
                slots &= ~(1 << register);
            }
        }
        for (int i = 0; i < FACTS; i++) {
            if ((factDepends[i] & changed) != 0) {
                factDepends[i] = 0;
            }
        }
        watch();
    }

    private void watch() {
        watched = constants | slots;
        for (int some = slots; some != 0; some &= some - 1) {
            watched |= MEMORY | 1 << slotBase[Integer.numberOfTrailingZeros(some)];
        }
        for (int i = 0; i < FACTS; i++) {
            watched |= factDepends[i];
        }
    }

    // ---- constants

    /**
     * {@return whether a register holds a constant already}
     *
     * @param register a register's number, 0 to 15
     * @param value all 64 bits
     */
    public boolean isConstant(int register, long value) {
        return (constants >>> register & 1) != 0 && constant[register] == value;
    }

    /**
     * A register was loaded with a constant.
     *
     * @param register a register's number, 0 to 15
     * @param value all 64 bits
     */
    public void constant(int register, long value) {
        forget(1 << register);
        constants |= 1 << register;
        constant[register] = value;
        watched |= 1 << register;
    }

    /**
     * {@code mov r64, value}, in the fewest bytes: none where the register holds it already, a copy or a {@code lea} where another
     * one holds it or something near.
     *
     * @param p a place in the hot section's storage
     * @param register a register's number, 0 to 15
     * @param value all 64 bits
     * @param here the address that place p will have
     * @param flagsDead whether flags may be lost
     * @return the place behind it
     */
    public long constant(long p, long here, int register, long value, boolean flagsDead) {
        if (isConstant(register, value)) {
            return p;
        }
        long end = flagsDead
                ? Emitter.constant(p, here, register, value)
                : Emitter.constantKeepingFlags(p, here, register, value);
        if (constants != 0 && end - p > 3) {
            end = derived(p, end, register, value);
        }
        constant(register, value);
        return end;
    }

    /** The same from a register that holds a constant at most 127 away, where that takes fewer bytes. */
    private long derived(long p, long end, int register, long value) {
        for (int some = constants; some != 0; some &= some - 1) {
            int from = Integer.numberOfTrailingZeros(some);
            long distance = value - constant[from];
            if (distance == 0) {
                return copy(p, register, from);
            }
            if (distance == (byte) distance && end - p > 5) {
                return sum(p, register, from, (int) distance);
            }
        }
        return end;
    }

    /**
     * Writes {@code mov r64, r64}.
     *
     * @param p a place in the hot section's storage
     * @param to the number of the register that is written
     * @param from the number of the register that is read
     * @return the place behind it
     */
    public long copy(long p, int to, int from) {
        // REX.W + 89 /r (SDM volume 2B, MOV)
        Shapes.put4(p, 0xC08948 | from >> 3 << 2 | to >> 3 | (from & 7) << 19 | (to & 7) << 16);
        return p + 3;
    }

    /** {@code lea r64, [r64 + disp8]}. */
    private static long sum(long p, int to, int from, int displacement) {
        long head = 0x408D48 | to >> 3 << 2 | from >> 3 | (to & 7) << 19 | (from & 7) << 16;
        if ((from & 7) == 4) { // rsp and r12 need a SIB byte
            Shapes.put8(p, head | 0x24L << 24 | (long) (displacement & 0xff) << 32);
            return p + 5;
        }
        Shapes.put4(p, (int) head | displacement << 24);
        return p + 4;
    }

    // ---- slots

    /**
     * {@return the register that holds what a slot holds, the wanted one before any other; -1 where none is known}
     *
     * @param wanted a register's number, 0 to 15
     * @param base the number of the base register, 0 to 15
     * @param displacement bytes from the base register on
     */
    public int holder(int wanted, int base, long displacement) {
        if (isHeld(wanted, base, displacement)) {
            return wanted;
        }
        for (int some = slots; some != 0; some &= some - 1) {
            int register = Integer.numberOfTrailingZeros(some);
            if (isHeld(register, base, displacement)) {
                return register;
            }
        }
        return -1;
    }

    /**
     * {@return whether a register is known to hold what a slot holds}
     *
     * @param register a register's number, 0 to 15
     * @param base the number of the base register, 0 to 15
     * @param displacement bytes from the base register on
     */
    public boolean isHeld(int register, int base, long displacement) {
        return (slots >>> register & 1) != 0
                && slotBase[register] == base
                && slotDisplacement[register] == displacement;
    }

    /**
     * A register was loaded from a slot.
     *
     * @param register a register's number, 0 to 15
     * @param base the number of the base register, 0 to 15
     * @param displacement bytes from the base register on
     */
    public void loaded(int register, int base, long displacement) {
        forget(1 << register);
        if (register != base) {
            hold(register, base, displacement);
        }
    }

    /**
     * A register was stored to a slot.
     *
     * @param register a register's number, 0 to 15
     * @param base the number of the base register, 0 to 15
     * @param displacement bytes from the base register on
     */
    public void stored(int register, int base, long displacement) {
        wrote(base, displacement, SLOT_BYTES);
        hold(register, base, displacement);
    }

    private void hold(int register, int base, long displacement) {
        slots |= 1 << register;
        slotBase[register] = base;
        slotDisplacement[register] = displacement;
        watched |= 1 << register | 1 << base | MEMORY;
    }

    /**
     * Bytes behind a base register were written: slots elsewhere behind the same register keep what they hold.
     *
     * @param base the number of the base register, 0 to 15
     * @param displacement bytes from the base register on
     * @param bytes how many are written
     */
    public void wrote(int base, long displacement, int bytes) {
        for (int some = slots; some != 0; some &= some - 1) {
            int register = Integer.numberOfTrailingZeros(some);
            long distance = slotDisplacement[register] - displacement;
            boolean apart = slotBase[register] == base && (distance >= bytes || distance <= -SLOT_BYTES);
            if (!apart) {
                slots &= ~(1 << register);
            }
        }
        for (int i = 0; i < FACTS; i++) {
            if ((factDepends[i] & MEMORY) != 0) {
                factDepends[i] = 0;
            }
        }
    }

    /**
     * A register was copied to another one.
     *
     * @param to the number of the register that is written
     * @param from the number of the register that is read
     */
    public void copied(int to, int from) {
        if (to == from) {
            return;
        }
        forget(1 << to);
        if ((constants >>> from & 1) != 0) {
            constant(to, constant[from]);
        }
        if ((slots >>> from & 1) != 0 && slotBase[from] != to) {
            hold(to, slotBase[from], slotDisplacement[from]);
        }
    }

    // ---- branches that are not taken

    /**
     * {@return the number of lines, a comparison and a branch, in which only some values are not known yet}
     *
     * @param lines the lines with holes for values
     */
    public int shape(String lines) {
        int index = shapes.indexOf(lines);
        if (index < 0) {
            shapes.add(lines);
            return shapes.size();
        }
        return index + 1;
    }

    /**
     * {@return whether lines of this shape with these values are known to change nothing but flags}
     *
     * @param shape what {@link #shape} gave
     * @param a the first value, 0 where there is none
     * @param b the second value
     * @param c the third value
     */
    public boolean knows(int shape, long a, long b, long c) {
        for (int i = 0; i < FACTS; i++) {
            if (factDepends[i] != 0 && factShape[i] == shape && factA[i] == a && factB[i] == b && factC[i] == c) {
                return true;
            }
        }
        return false;
    }

    /**
     * Lines of this shape with these values were run and went on to the next line.
     *
     * @param shape what {@link #shape} gave
     * @param a the first value, 0 where there is none
     * @param b the second value
     * @param c the third value
     * @param depends what they read
     */
    public void learned(int shape, int depends, long a, long b, long c) {
        int i = oldestFact;
        for (int free = 0; free < FACTS; free++) {
            if (factDepends[free] == 0) {
                i = free;
            }
        }
        oldestFact = (i + 1) % FACTS;
        factShape[i] = shape;
        factDepends[i] = depends | BRANCHES;
        factA[i] = a;
        factB[i] = b;
        factC[i] = c;
        watched |= depends | BRANCHES;
    }
}
