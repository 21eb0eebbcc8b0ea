package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random stencils run on the processor as written and as optimized: registers and memory at the end must be equal. Flags
 * are dead there. Another seed: {@code -Dintaglio.seed=N}; more stencils: {@code -Dintaglio.stencils=N}.
 */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class OptimizerFuzzTest {
    private static final long SEED = Long.getLong("intaglio.seed", 4711);
    private static final int STENCILS = Integer.getInteger("intaglio.stencils", 1500);
    private static final int STATES = 6;

    private static final int SCRATCH_AT = 8;
    private static final Contract SCRATCH = Contract.DEFAULT.withMemory(MemoryContract.DEFAULT.withScratch(
            List.of(MemoryContract.Scratch.parse("[rbx + " + SCRATCH_AT + "]").orElseThrow())));

    private static final List<String> LONG = List.of("rax", "rcx", "rdx", "r8");
    private static final List<String> SHORT = List.of("eax", "ecx", "edx", "r8d");
    private static final List<String> WORDS = List.of("ax", "cx", "dx", "r8w");
    private static final List<String> BYTES = List.of("al", "cl", "dl", "r8b");
    private static final List<String> NUMBERS = List.of("0", "1", "-1", "8", "100", "-128", "255", "65535");
    private static final List<String> CONDITIONS =
            List.of("z", "nz", "c", "nc", "s", "ns", "o", "no", "p", "np", "be", "a", "l", "ge", "le", "g");

    private final Random random = new Random(SEED);

    @Test
    void optimizedStencilsDoTheSame() {
        System.out.println("OptimizerFuzzTest seed " + SEED);
        Set<String> fired = new TreeSet<>();
        try (Processor processor = new Processor()) {
            for (int at = 0; at < STENCILS; at++) {
                String text = stencil();
                List<Line> lines = Stencils.parse(text);
                boolean scratch = random.nextBoolean();
                Optimized optimized =
                        PeepholeOptimizer.optimize(lines, options(), scratch ? SCRATCH : Contract.DEFAULT);
                optimized.rewrites().forEach(rewrite -> fired.add(rewrite.rule()));
                if (!optimized.rewrites().isEmpty()) {
                    compare(processor, text, lines, optimized, scratch);
                }
            }
        }
        assertThat(fired)
                .as("rules that fired")
                .hasSizeGreaterThan(15)
                .containsAll(SlotPasses.NAMES)
                .contains(SelectedConstants.NAME);
    }

    private RuleOptions options() {
        String off = Stream.concat(RuleSet.builtIn().rules().stream().map(Rule::name), RuleOptions.passes())
                .filter(name -> random.nextInt(6) == 0)
                .map(name -> "-" + name)
                .collect(Collectors.joining(","));
        return RuleOptions.parse(off);
    }

    private void compare(Processor processor, String text, List<Line> lines, Optimized optimized, boolean scratch) {
        Processor.State[] before = new Processor.State[STATES];
        Processor.State[] wanted = new Processor.State[STATES];
        processor.load(lines);
        for (int at = 0; at < STATES; at++) {
            before[at] = state(processor);
            wanted[at] = processor.run(before[at]);
        }
        processor.load(optimized.lines());
        for (int at = 0; at < STATES; at++) {
            Processor.State got = processor.run(before[at]);
            if (scratch) { // nobody looks there
                Arrays.fill(wanted[at].memory(), SCRATCH_AT, SCRATCH_AT + 8, (byte) 0);
                Arrays.fill(got.memory(), SCRATCH_AT, SCRATCH_AT + 8, (byte) 0);
            }
            assertThat(got.registers())
                    .as(
                            "seed %d: registers after%n%s%nrewritten by %s%nfrom %s",
                            SEED, text, optimized.rewrites(), Arrays.toString(before[at].registers()))
                    .isEqualTo(wanted[at].registers());
            assertThat(got.memory())
                    .as("seed %d: memory after%n%s%nrewritten by %s", SEED, text, optimized.rewrites())
                    .isEqualTo(wanted[at].memory());
        }
    }

    private Processor.State state(Processor processor) {
        long[] registers = new long[16];
        for (int number = 0; number < 16; number++) {
            registers[number] =
                    random.nextInt(3) == 0 ? random.nextInt(5) - 2 : random.nextLong() >> random.nextInt(64);
        }
        registers[3] = processor.memoryAddress();
        registers[6] = processor.memoryAddress() + random.nextInt(3) * 4L;
        registers[7] = random.nextInt(3);
        byte[] memory = new byte[Processor.MEMORY];
        if (random.nextBoolean()) {
            random.nextBytes(memory);
        }
        return new Processor.State(registers, random.nextLong(), memory, 0);
    }

    /** Up to twenty instructions; branches go to one of two labels further down, and perhaps some lines run twice. */
    private String stencil() {
        List<String> lines = new ArrayList<>();
        int size = 4 + random.nextInt(17);
        boolean slots = random.nextBoolean();
        for (int at = 0; at < size; at++) {
            lines.add("| " + (slots && random.nextInt(3) > 0 ? access() : instruction()));
        }
        if (random.nextInt(4) == 0) {
            lines.addAll(random.nextInt(lines.size()), selected());
        }
        for (int label = 1; label <= 2; label++) {
            int last = -1;
            for (int at = 0; at < lines.size(); at++) {
                last = lines.get(at).endsWith(">" + label) ? at : last;
            }
            lines.add(last + 1 + random.nextInt(lines.size() - last), "|" + label + ":");
        }
        if (random.nextInt(4) == 0) {
            int from = random.nextInt(lines.size());
            lines.add(from + random.nextInt(lines.size() - from + 1), "| dec r9d\n| jnz <3");
            lines.add(from, "| mov r9d, 2\n|3:");
            return withoutWaysAround(lines);
        }
        return String.join("\n", lines);
    }

    /** A choice between two numbers, and something done to it. */
    private List<String> selected() {
        int one = random.nextInt(4);
        int other = random.nextInt(4);
        List<String> registers = random.nextBoolean() ? LONG : SHORT;
        return List.of(
                "| mov " + LONG.get(one) + ", " + any(NUMBERS),
                "| mov " + LONG.get(other) + ", " + any(NUMBERS),
                "| cmov" + any(CONDITIONS) + " " + registers.get(one) + ", " + registers.get(other),
                "| " + any(List.of("or ", "and ", "xor ", "add ", "sub ")) + registers.get(one) + ", " + any(NUMBERS),
                "| mov " + LONG.get(other) + ", " + any(LONG),
                "| cmp " + any(LONG) + ", " + any(NUMBERS));
    }

    /** Nothing may jump over the line that begins to count. */
    private static String withoutWaysAround(List<String> lines) {
        String text = String.join("\n", lines);
        return text.replace("| mov r9d, 2\n", "").lines().reduce("| mov r9d, 2", (a, b) -> a + "\n" + b);
    }

    /** A load or a store of one of a few places that overlap, by several addresses. */
    private String access() {
        String place = any(List.of("rbx", "rbx", "rbx", "rsi", "rsp + 64", "rbx + rdi*4")) + " + "
                + any(List.of("0", "0", "8", "8", "16", "4", "12", "1"));
        int size = random.nextInt(8);
        String word = size < 4 ? "qword" : size < 6 ? "dword" : size < 7 ? "word" : "byte";
        int register = random.nextInt(4);
        String name = (size < 4 ? LONG : size < 6 ? SHORT : size < 7 ? WORDS : BYTES).get(register);
        String memory = word + " [" + place + "]";
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 ->
                size < 6 || random.nextBoolean()
                        ? "mov " + name + ", " + memory
                        : any(List.of("movzx ", "movsx ")) + any(random.nextBoolean() ? LONG : SHORT) + ", " + memory;
            case 4, 5, 6 -> "mov " + memory + ", " + name;
            case 7 -> "mov " + memory + ", " + any(List.of("0", "5", "-1"));
            case 8 -> any(List.of("add ", "sub ", "cmp ", "and ")) + name + ", " + memory;
            default -> any(List.of("mov ", "add ")) + any(LONG) + ", " + any(LONG);
        };
    }

    private String instruction() {
        boolean wide = random.nextInt(3) > 0;
        List<String> registers = wide ? LONG : SHORT;
        String memory = (wide ? "qword" : "dword") + " [rbx + " + 8 * random.nextInt(3) + "]";
        String to = any(registers);
        String from = any(registers);
        return switch (random.nextInt(18)) {
            case 0, 1 -> "mov " + to + ", " + from;
            case 2 -> "mov " + to + ", " + any(NUMBERS);
            case 3, 4 -> "mov " + to + ", " + memory;
            case 5, 6 -> "mov " + memory + ", " + from;
            case 7, 8 -> any(List.of("add", "sub", "and", "or", "xor", "cmp")) + " " + to + ", " + from;
            case 9, 10 -> any(List.of("add", "sub", "and", "or", "xor", "cmp")) + " " + to + ", " + any(NUMBERS);
            case 11 -> "test " + to + ", " + (random.nextInt(4) == 0 ? any(NUMBERS) : to);
            case 12 -> any(List.of("inc ", "dec ", "not ", "neg ")) + (random.nextInt(4) == 0 ? memory : to);
            case 13 -> "set" + any(CONDITIONS) + " " + any(List.of("dl", "r8b"));
            case 14 -> "cmov" + any(CONDITIONS) + " " + to + ", " + from;
            case 15 -> any(List.of("adc", "sbb")) + " " + to + ", " + from;
            case 16 -> "j" + any(CONDITIONS) + " >" + (1 + random.nextInt(2));
            default ->
                random.nextInt(3) == 0
                        ? "jmp >" + (1 + random.nextInt(2))
                        : "mov " + any(List.of("al", "ch", "dl")) + ", " + any(List.of("al", "cl", "dl"));
        };
    }

    private String any(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
