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

    private static final List<String> LONG = List.of("rax", "rcx", "rdx", "r8");
    private static final List<String> SHORT = List.of("eax", "ecx", "edx", "r8d");
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
                Optimized optimized = PeepholeOptimizer.optimize(lines, options(), Contract.DEFAULT);
                optimized.rewrites().forEach(rewrite -> fired.add(rewrite.rule()));
                if (!optimized.rewrites().isEmpty()) {
                    compare(processor, text, lines, optimized);
                }
            }
        }
        assertThat(fired).as("rules that fired").hasSizeGreaterThan(15);
    }

    private RuleOptions options() {
        String off = RuleSet.builtIn().rules().stream()
                .filter(rule -> random.nextInt(6) == 0)
                .map(rule -> "-" + rule.name())
                .collect(Collectors.joining(","));
        return RuleOptions.parse(off);
    }

    private void compare(Processor processor, String text, List<Line> lines, Optimized optimized) {
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
        byte[] memory = new byte[Processor.MEMORY];
        if (random.nextBoolean()) {
            random.nextBytes(memory);
        }
        return new Processor.State(registers, random.nextLong(), memory, 0);
    }

    /** Up to fourteen instructions; branches go to one of two labels further down. */
    private String stencil() {
        List<String> lines = new ArrayList<>();
        int size = 4 + random.nextInt(11);
        for (int at = 0; at < size; at++) {
            lines.add("| " + instruction());
        }
        for (int label = 1; label <= 2; label++) {
            int last = -1;
            for (int at = 0; at < lines.size(); at++) {
                last = lines.get(at).endsWith(">" + label) ? at : last;
            }
            lines.add(last + 1 + random.nextInt(lines.size() - last), "|" + label + ":");
        }
        return String.join("\n", lines);
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
