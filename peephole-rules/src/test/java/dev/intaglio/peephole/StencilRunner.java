package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Runs stencils as written and as rewritten from the same states. Registers that stencils may load from point to a few places of one
 * memory, so that they are often the same. A call is code that looks at all that a callee may see, and changes all that it may
 * change.
 */
final class StencilRunner implements AutoCloseable {
    private static final long[] BOUNDARIES = {
        0, 1, -1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL, 1L << 63, ~(1L << 63)
    };
    private static final List<Integer> POINTERS = List.of(6, 7, 12, 13, 14);
    private static final int BASE = 3;
    private static final int CALL = 15;
    private static final int BASE_AT = 64;
    private static final String CALLEE = """
            | add [r15], rdi
            | rol qword [r15], 7
            | add [r15], rsi
            | rol qword [r15], 7
            | add [r15], rdx
            | rol qword [r15], 7
            | add [r15], rcx
            | rol qword [r15], 7
            | add [r15], r8
            | rol qword [r15], 7
            | add [r15], r9
            | rol qword [r15], 7
            | movzx eax, al
            | add [r15], rax
            | add [rbx + 40], rsi
            | push 77
            | push 78
            | push 79
            | add rsp, 24
            | mov rax, [r15]
            | mov ecx, 5
            | mov edx, 0x2222
            | lea rsi, [rbx + 8]
            | lea rdi, [rbx + 16]
            | mov r8d, 2
            | mov r9d, 0x6666
            | mov r10d, 0x7777
            | mov r11d, 0x8888
            | cmp rax, 0x9999
            """;

    /** What is below the stack must be the same for both, too. */
    private static final List<Line> RED_ZONE = Stencils.parse("""
            | mov qword [rsp - 8], 0x1234567
            | mov qword [rsp - 16], -77
            | mov qword [rsp - 24], 0
            | mov qword [r15 + 24], 0
            """);

    /**
     * Clears the flags that a product leaves undefined (SDM volume 2, IMUL and MUL): Intel's processors compute them, AMD's leave them as they
     * were, and what was before may have been optimized away.
     */
    private static final List<Line> DEFINED = Stencils.parse("""
            | mov [r15 + 24], rax
            | setc ah
            | sahf
            | mov rax, [r15 + 24]
            | mov qword [r15 + 24], 0
            """);

    private final Processor processor = new Processor();
    private final Random random;

    StencilRunner(Random random) {
        this.random = random;
    }

    @Override
    public void close() {
        processor.close();
    }

    /** What differs between two stencils after some run; empty where nothing does. */
    Optional<String> difference(List<Line> written, List<Line> rewritten, Contract contract, int states) {
        List<Processor.State> before = new ArrayList<>();
        List<Processor.State> wanted = new ArrayList<>();
        processor.load(runnable(written));
        for (int at = 0; at < states; at++) {
            before.add(state());
            wanted.add(processor.run(before.get(at)));
        }
        processor.load(runnable(rewritten));
        for (int at = 0; at < states; at++) {
            Optional<String> difference = difference(wanted.get(at), processor.run(before.get(at)), contract);
            if (difference.isPresent()) {
                Processor.State from = before.get(at);
                return Optional.of(difference.get() + ", from registers " + Arrays.toString(from.registers())
                        + " and flags " + Long.toHexString(from.flags()));
            }
        }
        return Optional.empty();
    }

    /** The lines with each call replaced by what it may do, and the flags defined behind products. */
    private static List<Line> runnable(List<Line> lines) {
        List<Line> runnable = new ArrayList<>(RED_ZONE);
        for (Line line : lines) {
            if (line instanceof Instruction instruction
                    && instruction.mnemonic().equals("call")) {
                runnable.addAll(Stencils.parse(CALLEE));
            } else {
                runnable.add(line);
            }
            if (line instanceof Instruction instruction
                    && instruction.mnemonic().endsWith("mul")) {
                runnable.addAll(DEFINED);
            }
        }
        return runnable;
    }

    private static Optional<String> difference(Processor.State wanted, Processor.State got, Contract contract) {
        if (wanted.exit() != got.exit()) {
            return Optional.of("the way out " + got.exit() + " instead of " + wanted.exit());
        }
        for (int number = 0; number < 16; number++) {
            long live = contract.liveOut().general() >>> 4 * number & 0xF;
            long wants = wanted.registers()[number];
            long has = got.registers()[number];
            if (live != 0 && wants != has) {
                return Optional.of(new Register(RegisterClass.R64, number) + " " + has + " instead of " + wants);
            }
        }
        for (Flag flag : Flag.values()) {
            long bit = 1L << RuleExecutionTest.bitNumber(flag);
            boolean live = contract.liveOut().intersects(Locations.of(FlagSet.of(flag)));
            if (live && ((wanted.flags() ^ got.flags()) & bit) != 0) {
                return Optional.of("flag " + flag);
            }
        }
        return Arrays.equals(wanted.memory(), got.memory())
                ? Optional.empty()
                : Optional.of("memory at " + Arrays.mismatch(wanted.memory(), got.memory()));
    }

    private Processor.State state() {
        long[] registers = new long[16];
        for (int number = 0; number < 16; number++) {
            registers[number] =
                    random.nextBoolean() ? BOUNDARIES[random.nextInt(BOUNDARIES.length)] : random.nextLong();
        }
        long memory = processor.memoryAddress() + BASE_AT;
        registers[1] = random.nextInt(8);
        registers[8] = random.nextInt(8);
        registers[BASE] = memory;
        registers[CALL] = memory + 128;
        POINTERS.forEach(number -> registers[number] = memory + 8 * random.nextInt(4));
        byte[] bytes = new byte[Processor.MEMORY];
        if (random.nextInt(4) > 0) {
            random.nextBytes(bytes);
        }
        if (random.nextInt(3) == 0) {
            registers[0] = registers[2];
            registers[9] = registers[10];
        }
        return new Processor.State(registers, random.nextLong() & Processor.FLAG_BITS, bytes, 0);
    }
}
