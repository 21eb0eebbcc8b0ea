package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random arithmetic on values known at emission, run on the processor with the values written out: the lines as written and
 * the lines with everything folded leave the same in the registers that are looked at.
 */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class FoldingFuzzTest {
    private static final long SEED = Long.getLong("intaglio.seed", 4711);
    private static final int STENCILS = Integer.getInteger("intaglio.stencils", 1500);
    private static final int STATES = 3;
    private static final List<String> REGISTERS = List.of("ax", "cx", "dx", "si");
    private static final List<Long> VALUES = List.of(
            0L,
            1L,
            -1L,
            2L,
            3L,
            127L,
            128L,
            -128L,
            -129L,
            255L,
            65535L,
            0x7fff_ffffL,
            0x8000_0000L,
            0xffff_ffffL,
            -0x8000_0000L,
            0x1_0000_0000L,
            0x1234_5678_9abc_def0L,
            Long.MAX_VALUE,
            Long.MIN_VALUE);

    /** Lines of Java are not read back; they are run with the emitters that come of them. */
    private static final RuleOptions WITHOUT_JAVA =
            RuleOptions.parse("-" + FittedImmediates.NAME + ",-" + DecidedBranches.NAME);

    private final Random random = new Random(SEED);

    @Test
    void whatIsFoldedIsWhatTheProcessorComputes() {
        System.out.println("FoldingFuzzTest seed " + SEED);
        int folded = 0;
        int run = 0;
        try (Processor processor = new Processor()) {
            for (int i = 0; i < STENCILS; i++) {
                String text = stencil();
                List<Register> out = REGISTERS.stream()
                        .filter(name -> random.nextInt(3) == 0)
                        .map(name -> Register.parse("r" + name).orElseThrow())
                        .toList();
                Contract contract = random.nextInt(4) == 0 ? Contract.DEFAULT : Contract.DEFAULT.withOut(out);
                Optimized optimized = PeepholeOptimizer.optimize(Stencils.parse(text), WITHOUT_JAVA, contract);
                if (optimized.rewrites().stream()
                        .noneMatch(rewrite -> rewrite.rule().equals(ConstantFolding.NAME))) {
                    continue;
                }
                folded++;
                for (int values = 0; values < STATES; values++) {
                    run += compare(processor, text, optimized, contract) ? 1 : 0;
                }
            }
        }
        assertThat(folded).as("stencils that were folded").isGreaterThan(STENCILS / 5);
        assertThat(run).as("runs").isGreaterThan(folded);
    }

    private boolean compare(Processor processor, String text, Optimized optimized, Contract contract) {
        Map<String, Long> values = Map.of(
                "index",
                (long) (int) (long) any(VALUES),
                "reg",
                (long) random.nextInt(100),
                "value",
                any(VALUES),
                "flag",
                0L,
                "function",
                random.nextLong(),
                "target",
                0L,
                "other",
                0L);
        Optional<List<Line>> written = Stencils.parse(text, values);
        if (written.isEmpty()) {
            return false; // an error at emission
        }
        String about = "seed " + SEED + ", " + values + "\n" + text + "\n" + optimized.rewrites();
        String now = optimized.lines().stream().map(line -> "| " + line).collect(Collectors.joining("\n"));
        List<Line> folded = Stencils.parse(now, values).orElseThrow(() -> new AssertionError(about + "\n" + now));
        Processor.State before = state(processor);
        processor.load(written.get());
        Processor.State wanted = processor.run(before);
        processor.load(folded);
        Processor.State got = processor.run(before);
        for (int number = 0; number < 16; number++) {
            long live = contract.liveOut().general() >>> 4 * number & 0xf;
            if (live == 0xf) {
                assertThat(got.registers()[number])
                        .as("register %d after %s", number, about)
                        .isEqualTo(wanted.registers()[number]);
            }
        }
        assertThat(got.memory()).as(about).isEqualTo(wanted.memory());
        return true;
    }

    private Processor.State state(Processor processor) {
        long[] registers = new long[16];
        for (int number = 0; number < 16; number++) {
            registers[number] = random.nextLong();
        }
        registers[3] = processor.memoryAddress();
        byte[] memory = new byte[Processor.MEMORY];
        random.nextBytes(memory);
        return new Processor.State(registers, random.nextLong(), memory, 0);
    }

    private String stencil() {
        List<String> lines = new ArrayList<>();
        int size = 3 + random.nextInt(8);
        for (int i = 0; i < size; i++) {
            lines.add("| " + line());
        }
        return String.join("\n", lines);
    }

    private String line() {
        boolean wide = random.nextInt(3) > 0;
        String to = register(wide ? 8 : 4);
        String from = register(wide ? 8 : 4);
        String index = any(REGISTERS);
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> "mov " + to + ", " + number();
            case 3 -> "mov " + to + ", " + from;
            case 4, 5 -> any(List.of("add", "sub", "and", "or", "xor", "cmp", "test")) + " " + to + ", " + from;
            case 6, 7 -> any(List.of("add", "sub", "and", "or", "xor")) + " " + to + ", " + small();
            case 8 -> any(List.of("shl", "shr", "sar")) + " " + to + ", " + random.nextInt(65);
            case 9 -> any(List.of("inc", "dec", "neg", "not")) + " " + to;
            case 10 ->
                "lea " + to + ", [r" + any(REGISTERS) + " + r" + any(REGISTERS) + "*" + any(List.of(1, 2, 4, 8)) + " + "
                        + small() + "]";
            case 11 -> any(List.of("movzx ", "movsx ")) + to + ", " + register(1 + random.nextInt(2));
            case 12 ->
                random.nextBoolean()
                        ? "movsxd r" + any(REGISTERS) + ", e" + any(REGISTERS)
                        : "imul " + to + ", " + from + ", " + random.nextInt(200);
            case 13 ->
                "mov " + any(List.of("byte", "word", "dword", "qword")) + " [rbx + 8*" + random.nextInt(8) + "], "
                        + random.nextInt(100);
            case 14 -> store();
            default ->
                "mov r" + index + ", " + random.nextInt(8) + "\n| " + any(List.of("mov", "add", "cmp", "xor")) + " "
                        + to + ", [rbx + r" + index + "*" + any(List.of(1, 2, 4, 8)) + " + 16]";
        };
    }

    private String store() {
        int bytes = any(List.of(1, 2, 4, 8));
        String operation = any(List.of("mov", "add", "or", "cmp", "test", "xor"));
        return operation + " [rbx + 8*" + random.nextInt(8) + "], " + register(bytes);
    }

    private String register(int bytes) {
        String name = any(REGISTERS);
        return switch (bytes) {
            case 1 -> name.equals("si") ? "sil" : name.charAt(0) + "l";
            case 2 -> name;
            case 4 -> "e" + name;
            default -> "r" + name;
        };
    }

    private String number() {
        return any(List.of("index", "value", "reg", "reg*8 + 3", "(short) value", Long.toString(any(VALUES))));
    }

    private String small() {
        return any(List.of("5", "-3", "127", "128", "4096", "65535", "index", "reg", "0", "-1"));
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
