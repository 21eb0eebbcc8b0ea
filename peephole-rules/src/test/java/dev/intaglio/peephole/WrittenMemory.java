package dev.intaglio.peephole;

import java.util.Arrays;

/**
 * Where a line may write by what the table tells of it; empty where it writes nothing.
 *
 * @param start an offset in the memory of a {@link Processor.State}
 * @param end the offset behind
 */
record WrittenMemory(int start, int end) {
    private static final int RSP = 4;
    private static final int RDI = 7;
    private static final int LINE = 64;

    static WrittenMemory of(RunnableForm line, Processor.State before, Processor.State after) {
        if (line.writesImplicitMemory()) {
            return implicit(line, before, after);
        }
        boolean writes = line.memory().map(memory -> memory.access().writes()).orElse(false);
        if (!writes) {
            return new WrittenMemory(0, 0);
        }
        if (line.index().isPresent()) {
            return new WrittenMemory(0, StartingState.PLACE + 2 * LINE);
        }
        int bytes = line.memoryBytes() == 0 ? StartingState.STACK - StartingState.PLACE : line.memoryBytes();
        return new WrittenMemory(StartingState.PLACE, StartingState.PLACE + bytes);
    }

    /** The stack down to where rsp points, the string that rdi went along, or a line of the cache. */
    private static WrittenMemory implicit(RunnableForm line, Processor.State before, Processor.State after) {
        if (uses(line, RSP)) {
            int pushed = (int) (before.registers()[RSP] - after.registers()[RSP]);
            return new WrittenMemory(StartingState.STACK - Math.max(pushed, 0), StartingState.STACK);
        }
        if (uses(line, RDI)) {
            int size = line.implicitBytes();
            int went = (int) (after.registers()[RDI] - before.registers()[RDI]);
            int first = StartingState.STRING + (went < 0 ? went + size : 0);
            int count = went == 0 && line.isRepeated() ? 0 : Math.max(Math.abs(went), size);
            return new WrittenMemory(first, first + count);
        }
        return new WrittenMemory(StartingState.TARGET, StartingState.TARGET + LINE);
    }

    private static boolean uses(RunnableForm line, int number) {
        return line.uses().stream()
                .anyMatch(use ->
                        use.register().kind().isGeneral() && use.register().number() == number);
    }

    /** Whether all that differs lies here. */
    boolean isAll(byte[] before, byte[] after) {
        return Arrays.equals(before, 0, start, after, 0, start)
                && Arrays.equals(before, end, before.length, after, end, after.length);
    }

    /** Whether two runs left the same here. */
    boolean isSame(byte[] first, byte[] second) {
        return Arrays.equals(first, start, end, second, start, end);
    }
}
