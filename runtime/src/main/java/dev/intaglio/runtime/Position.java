package dev.intaglio.runtime;

/**
 * Where the running program is, as far as the emitter knows: the value that a slot of memory is to hold when somebody looks, and the one
 * that it holds. It is written only where somebody looks.
 */
final class Position {
    /** The most bytes of a write: two stores of 32 bits each, with a SIB byte and a long displacement. */
    static final int LONGEST = 24;

    private static final int NONE = -1;
    private static final int QWORD = 0x48;
    private static final int STORE_IMMEDIATE = 0xC7;
    private static final int ADD_BYTE = 0x83;
    private static final int ADD = 0x81;
    private static final int STORE = 0x89;

    private final Section code;

    /** How many labels had been bound in hot code when the rest was true. */
    private int bound;

    private int base = NONE;
    private long displacement;
    private boolean isSet;
    private long value;
    private boolean isHeld;
    private long held;
    /** How often one was set, in all pieces. */
    private int count;

    /** The position in this section. */
    Position(Section code) {
        this.code = code;
    }

    /** Control may come from elsewhere behind a label. */
    private void look() {
        if (bound != code.bound) {
            forget();
        }
    }

    /** The slot is to hold a value from here on. */
    void set(int register, long offset, long now) {
        look();
        if (register != base || offset != displacement) {
            base = register;
            displacement = offset;
            isHeld = false;
        }
        isSet = true;
        value = now;
        count++;
    }

    int count() {
        return count;
    }

    /** Neither what the slot is to hold nor what it holds is known. */
    void forget() {
        bound = code.bound;
        isSet = false;
        isHeld = false;
    }

    /** What the slot holds is not known. */
    void unsettle() {
        look();
        isHeld = false;
    }

    boolean isSet() {
        look();
        return isSet;
    }

    /**
     * Writes the position in hot code: nothing where the slot holds it, a sum where that is shorter.
     *
     * @param here the address that place p will have
     * @param scratch a register that may change, or -1
     * @param flagsDead whether flags may be lost
     */
    long settle(long p, long here, int scratch, boolean flagsDead) {
        long end = p;
        if (!isHeld || held != value) {
            end = write(p, here, scratch);
            long step = value - held;
            if (isHeld && flagsDead && step == (int) step) {
                boolean isByte = step == (byte) step;
                int length = 2 + address() + (isByte ? 1 : 4);
                if (length < end - p) {
                    end = add(p, (int) step, isByte);
                }
            }
        }
        isHeld = true;
        held = value;
        return end;
    }

    /** Writes the position elsewhere, where it is not known what the slot holds. */
    long write(long p, long here, int scratch) {
        return write(p, here, base, displacement, value, scratch);
    }

    /** Writes a value to a slot. */
    static long write(long p, long here, int base, long displacement, long value, int scratch) {
        if (value == (int) value) {
            long end = operand(p, QWORD, STORE_IMMEDIATE, 0, base, displacement);
            Shapes.put4(end, (int) value);
            return end + 4;
        }
        if (scratch != NONE) {
            long end = Emitter.constantKeepingFlags(p, here, scratch, value);
            return operand(end, QWORD, STORE, scratch, base, displacement);
        }
        long low = operand(p, 0x40, STORE_IMMEDIATE, 0, base, displacement);
        Shapes.put4(low, (int) value);
        long high = operand(low + 4, 0x40, STORE_IMMEDIATE, 0, base, displacement + 4);
        Shapes.put4(high, (int) (value >> 32));
        return high + 4;
    }

    private long add(long p, int step, boolean isByte) {
        long end = operand(p, QWORD, isByte ? ADD_BYTE : ADD, 0, base, displacement);
        Shapes.put4(end, step);
        return end + (isByte ? 1 : 4);
    }

    /** The bytes of ModRM, SIB and displacement. */
    private int address() {
        boolean none = displacement == 0 && (base & 7) != 5;
        return 1 + ((base & 7) == 4 ? 1 : 0) + (none ? 0 : displacement == (byte) displacement ? 1 : 4);
    }

    /** REX, opcode, ModRM, SIB and displacement (SDM volume 2A, tables 2-2 and 2-3); returns the place behind. */
    private static long operand(long p, int rex, int opcode, int register, int base, long displacement) {
        long at = p;
        int prefix = rex | register >> 3 << 2 | base >> 3;
        if (prefix != 0x40) {
            Shapes.put1(at++, prefix);
        }
        Shapes.put1(at++, opcode);
        boolean none = displacement == 0 && (base & 7) != 5;
        boolean isByte = displacement == (byte) displacement;
        int mod = none ? 0 : isByte ? 0x40 : 0x80;
        Shapes.put1(at++, mod | (register & 7) << 3 | base & 7);
        if ((base & 7) == 4) {
            Shapes.put1(at++, 0x24);
        }
        if (!none) {
            Shapes.put4(at, (int) displacement);
            at += isByte ? 1 : 4;
        }
        return at;
    }
}
