package dev.intaglio.cpython.jit;

import dev.intaglio.stencils.Layout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * A {@code PyCodeObject}: its numbers, its constants and names, its instructions, and the depth of the stack in front of
 * each that normal control flow reaches from its start. Handlers of exceptions are reached by none: they are the
 * interpreter's.
 */
final class CodeObject {
    private static final int GENERATOR_KINDS = 0x20 | 0x80 | 0x200;
    private static final int OPTIMIZED_WITH_NEW_LOCALS = 0x3;

    private final long address;
    private final int units;
    private final Instruction[] at;
    private final int[] depths;
    private final boolean[] targets;
    private boolean loops;

    CodeObject(long address) {
        this.address = address;
        units = (int) Native.word(address + Layout.CODE_UNITS);
        at = new Instruction[units + 1];
        depths = new int[units + 1];
        targets = new boolean[units + 1];
        decode();
        Arrays.fill(depths, -1);
        walk();
    }

    /** A function's code that is no generator's or coroutine's: names are in slots, and each call is one frame's life. */
    boolean isPlainFunction() {
        int flags = Native.integer(address + Layout.CODE_FLAGS);
        return (flags & GENERATOR_KINDS) == 0 && (flags & OPTIMIZED_WITH_NEW_LOCALS) == OPTIMIZED_WITH_NEW_LOCALS;
    }

    long address() {
        return address;
    }

    int units() {
        return units;
    }

    /** Whether normal control flow jumps back anywhere. */
    boolean loops() {
        return loops;
    }

    /** The instruction that begins at a code unit. */
    Instruction at(int unit) {
        return at[unit];
    }

    /** Whether normal control flow reaches the instruction at this unit. */
    boolean reached(int unit) {
        return unit < units && depths[unit] >= 0;
    }

    /** The depth of the stack in front of the instruction at this unit. */
    int depth(int unit) {
        return depths[unit];
    }

    /** Whether a jump leads to the instruction at this unit. */
    boolean isTarget(int unit) {
        return targets[unit];
    }

    int locals() {
        return Native.integer(address + Layout.CODE_LOCALS_PLUS);
    }

    int stackSize() {
        return Native.integer(address + Layout.CODE_STACKSIZE);
    }

    /** The address of a code unit. */
    long instruction(int unit) {
        return address + Layout.CODE_BYTECODE + 2L * unit;
    }

    /** What the frame's instruction is before the one at this unit runs. */
    long before(int unit) {
        return instruction(unit - 1);
    }

    long constant(int index) {
        return Native.word(Native.word(address + Layout.CODE_CONSTS) + Layout.TUPLE_ITEMS + 8L * index);
    }

    long name(int index) {
        return Native.word(Native.word(address + Layout.CODE_NAMES) + Layout.TUPLE_ITEMS + 8L * index);
    }

    /** The instruction in front of this one, which is not the first. */
    Instruction previous(Instruction instruction) {
        int unit = instruction.start() - 1;
        while (at[unit] == null) {
            unit--;
        }
        return at[unit];
    }

    /** The STORE_FAST that surely follows an addition, which may then append in place. */
    Optional<Instruction> storeOfSum(Instruction instruction) {
        Instruction next = at[instruction.next()];
        boolean sums = instruction.opcode() == Opcode.BINARY_OP
                && Api.operator(instruction.argument()).equals("Add")
                && next != null
                && next.opcode() == Opcode.STORE_FAST
                && !targets[next.start()];
        return sums ? Optional.of(next) : Optional.empty();
    }

    /** The names of the keyword arguments of a CALL, a tuple, where it has any. */
    Optional<Long> keywords(Instruction call) {
        for (int unit = call.start() - 1; unit >= 0; unit--) {
            Instruction before = at[unit];
            if (before != null) {
                if (before.opcode() == Opcode.KW_NAMES) {
                    return Optional.of(constant(before.argument()));
                }
                if (before.opcode() != Opcode.PRECALL) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** The first instruction that control flow reaches and the compiler does not know, and that does not raise anyhow. */
    Optional<Instruction> unknown() {
        for (int unit = 0; unit < units; unit++) {
            if (reached(unit) && at[unit].opcode() == Opcode.UNKNOWN) {
                return Optional.of(at[unit]);
            }
        }
        return Optional.empty();
    }

    /** {@code advance:75}. */
    @Override
    public String toString() {
        long name = Native.word(address + Layout.CODE_QUALIFIED_NAME);
        return Native.ascii(name + Layout.ASCII_DATA) + ":" + Native.integer(address + Layout.CODE_FIRST_LINE);
    }

    private void decode() {
        int unit = 0;
        while (unit < units) {
            int start = unit;
            int argument = 0;
            int number = Native.unsignedByte(instruction(unit));
            Opcode opcode = Opcode.of(number);
            argument = Native.unsignedByte(instruction(unit) + 1);
            while (opcode == Opcode.EXTENDED_ARG) {
                unit++;
                number = Native.unsignedByte(instruction(unit));
                opcode = Opcode.of(number);
                argument = argument << 8 | Native.unsignedByte(instruction(unit) + 1);
            }
            int next = unit + 1 + opcode.caches();
            at[start] = new Instruction(start, unit, next, opcode, number, argument);
            unit = next;
        }
    }

    private void walk() {
        Deque<Integer> open = new ArrayDeque<>();
        reach(0, 0, open);
        while (!open.isEmpty()) {
            Instruction instruction = at[open.pop()];
            int depth = depths[instruction.start()];
            Opcode opcode = instruction.opcode();
            if (opcode.jumpsForward() || opcode.jumpsBackward()) {
                targets[instruction.target()] = true;
                loops |= opcode.jumpsBackward();
                reach(instruction.target(), depth + instruction.jumpEffect(), open);
            }
            if (!opcode.ends()) {
                reach(instruction.next(), depth + instruction.effect(), open);
            }
        }
    }

    private void reach(int unit, int depth, Deque<Integer> open) {
        if (depths[unit] < 0) {
            depths[unit] = depth;
            open.push(unit);
        } else if (depths[unit] != depth) {
            throw new IllegalStateException("unit " + unit + " of " + this + " is reached with a stack of "
                    + depths[unit] + " and of " + depth + " values");
        }
    }
}
