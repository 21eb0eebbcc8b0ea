package dev.intaglio.tests.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The input of one emission: a thousand stencils with the values they are emitted with, drawn from a seeded generator.
 *
 * @param ops which of the ten stencils
 * @param sp operand stack slots
 * @param a local or attribute slots
 * @param exit exit numbers
 * @param target the stencil a branch goes to
 * @param imm 32-bit immediates
 * @param ptr 64-bit constants
 */
record Trace(int[] ops, int[] sp, int[] a, int[] exit, int[] target, int[] imm, long[] ptr) {
    static final int LENGTH = 1000;
    static final int LOAD = 0;
    static final int STORE = 1;
    static final int GUARD = 2;
    static final int ADD = 3;
    static final int CONSTANT = 4;
    static final int COMPARE = 5;
    static final int LOOP = 6;
    static final int EXIT = 7;
    static final int ATTRIBUTE = 8;
    static final int INTEGER = 9;
    private static final int[] INSTRUCTIONS = {5, 9, 6, 10, 4, 9, 6, 5, 11, 11};
    private static final int[] STACK_SLOTS = {2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 10, 14, 18, 22, 26};
    /** Linux maps nothing near by itself: to code that lay within 2 GiB these would be shorter constants. */
    private static final long OBJECTS = 0x6f1234000000L;

    /** Traces with the stencils in cyclic order, which a branch predictor learns. */
    static List<Trace> predictable(int count, long seed) {
        return traces(count, seed, false);
    }

    /** Traces with the stencils in random order. */
    static List<Trace> random(int count, long seed) {
        return traces(count, seed, true);
    }

    /** The columns of 32 bits, in order. */
    List<int[]> columns() {
        return List.of(ops, sp, a, exit, target, imm);
    }

    /** The instructions that the trace emits, those in the cold section included. */
    int instructions() {
        int sum = 0;
        for (int op : ops) {
            sum += INSTRUCTIONS[op];
        }
        return sum;
    }

    private static List<Trace> traces(int count, long seed, boolean shuffled) {
        Random random = new Random(seed);
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            traces.add(trace(random, shuffled));
        }
        return Collections.unmodifiableList(traces);
    }

    private static Trace trace(Random random, boolean shuffled) {
        int[] ops = new int[LENGTH];
        int[] sp = new int[LENGTH];
        int[] a = new int[LENGTH];
        int[] exit = new int[LENGTH];
        int[] target = new int[LENGTH];
        int[] imm = new int[LENGTH];
        long[] ptr = new long[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            int op = i == LENGTH - 1 ? EXIT : shuffled ? random.nextInt(10) : i % 10;
            boolean backward = op == LOOP;
            boolean noRoomAhead = !backward && i + 40 >= LENGTH;
            ops[i] = op;
            a[i] = random.nextInt(16);
            sp[i] = STACK_SLOTS[random.nextInt(STACK_SLOTS.length)];
            exit[i] = i + 1;
            target[i] = backward
                    ? random.nextInt(Math.max(1, i - 40 + 1))
                    : noRoomAhead ? LENGTH - 1 : i + 40 + random.nextInt(LENGTH - i - 40);
            imm[i] = random.nextInt(10) < 6 ? 1 + random.nextInt(127) : 1000 + random.nextInt((1 << 30) - 1000);
            ptr[i] = pointer(random, op == CONSTANT);
        }
        return new Trace(ops, sp, a, exit, target, imm, ptr);
    }

    private static long pointer(Random random, boolean constant) {
        int percent = random.nextInt(100);
        if (constant && percent < 10) {
            return 0;
        }
        if (percent < (constant ? 35 : 20)) {
            return 1 + random.nextLong(0xffff_ffffL);
        }
        return OBJECTS + 16L * random.nextInt(1 << 20);
    }
}
