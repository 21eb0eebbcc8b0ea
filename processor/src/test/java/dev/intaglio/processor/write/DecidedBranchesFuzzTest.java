package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.machine.Register;
import dev.intaglio.peephole.Contract;
import dev.intaglio.peephole.RuleOptions;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random stencils that branch on values known at emission, with the branches decided by the emitter and without: both leave the
 * same trail of the lines that ran.
 */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class DecidedBranchesFuzzTest {
    private static final long SEED = Long.getLong("intaglio.seed", 4711);
    private static final int STENCILS = Integer.getInteger("intaglio.stencils", 80);
    private static final int RUNS = 12;
    private static final List<String> CONDITIONS =
            List.of("e", "ne", "l", "ge", "le", "g", "b", "ae", "be", "a", "s", "ns", "o", "no", "p", "np");
    private static final long[] VALUES = {
        0,
        1,
        -1,
        2,
        5,
        127,
        128,
        -128,
        255,
        256,
        65535,
        65536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffff_ffffL,
        0x8000_0000L,
        1L << 32,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0x1_0000_0005L,
        -0x1_0000_0000L
    };

    private final Random random = new Random(SEED);

    @Test
    void whatTheEmitterDecidesIsWhatTheProcessorWouldHave() {
        System.out.println("DecidedBranchesFuzzTest seed " + SEED);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < STENCILS; i++) {
            texts.add(stencil());
        }
        CompiledEmitter plain = compiled(texts, RuleOptions.NONE);
        CompiledEmitter decided = compiled(texts, RuleOptions.ALL);
        assertThat(decided.source()
                        .lines()
                        .filter(line -> line.matches("\\s*(} else )?if \\(.*"))
                        .count())
                .as("ifs of the emitter")
                .isGreaterThan(plain.source()
                                .lines()
                                .filter(line -> line.matches("\\s*(} else )?if \\(.*"))
                                .count()
                        + STENCILS);
        long shorter = 0;
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            for (int i = 0; i < STENCILS; i++) {
                for (int run = 0; run < RUNS; run++) {
                    int a = (int) value();
                    long b = value();
                    long start = random.nextLong();
                    try (Code one = emitted(plain, buffer, i, a, b);
                            Code other = emitted(decided, buffer, i, a, b)) {
                        assertThat(other.bind(LongUnaryOperator.class).applyAsLong(start))
                                .as("seed %d, a = %d, b = %d%n%s", SEED, a, b, texts.get(i))
                                .isEqualTo(one.bind(LongUnaryOperator.class).applyAsLong(start));
                        shorter += other.size() < one.size() ? 1 : 0;
                    }
                }
            }
        }
        assertThat(shorter).as("pieces that became shorter").isGreaterThan(STENCILS * RUNS / 2);
    }

    private static CompiledEmitter compiled(List<String> texts, RuleOptions rules) {
        CompiledEmitter.Builder builder = CompiledEmitter.of("Decided")
                .rules(
                        rules,
                        Contract.DEFAULT.withOut(List.of(Register.parse("rax").orElseThrow())));
        for (int i = 0; i < texts.size(); i++) {
            builder.stencil("s" + i + "(int a, long b)", texts.get(i));
        }
        return builder.compile();
    }

    private static Code emitted(CompiledEmitter emitter, CodeBuffer buffer, int stencil, int a, long b) {
        emitter.on(buffer).emit("s" + stencil, a, b);
        return buffer.commit("s" + stencil);
    }

    private long value() {
        return VALUES[random.nextInt(VALUES.length)];
    }

    private String stencil() {
        List<String> lines = new ArrayList<>();
        lines.addAll(List.of("mov r11, rdi", "mov rcx, rdi", "imul edx, edi, 77", "test rdi, rdi"));
        int size = 6 + random.nextInt(14);
        for (int i = 0; i < size; i++) {
            if (random.nextInt(3) == 0) {
                lines.add(1 + random.nextInt(3) + ":");
            }
            switch (random.nextInt(9)) {
                case 8 -> {
                    lines.add("mov rsi, " + any("b", "b", "b + 1", "b*3", "a + b"));
                    lines.add(any("add r11, rsi", "xor r11, rsi", "cmp r11, rsi", "sub r11, rsi", "test rsi, r11"));
                    if (lines.get(lines.size() - 1).matches("(cmp|test).*")) {
                        lines.add("j" + CONDITIONS.get(random.nextInt(CONDITIONS.size())) + " >"
                                + (1 + random.nextInt(3)));
                    }
                }
                case 0 -> lines.add("mov " + any("rcx", "rdx") + ", " + any("a", "b", "5", "-1", "b + 1"));
                case 1 -> lines.add("mov " + any("ecx", "edx") + ", " + any("a", "(int) b", "7"));
                case 2, 3, 4 -> compareAndBranch(lines);
                case 5 -> lines.add("jmp >" + (1 + random.nextInt(3)));
                default -> {
                    lines.add("imul r11, r11, 31");
                    lines.add("add r11, " + random.nextInt(100));
                }
            }
        }
        lines.addAll(List.of("1:", "2:", "3:", "mov rax, r11", "ret"));
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append("| ").append(line).append('\n'));
        return text.toString();
    }

    private void compareAndBranch(List<String> lines) {
        if (random.nextBoolean()) {
            lines.add("mov rcx, " + any("a", "b", "(short) b"));
        }
        String register = any("rcx", "ecx", "cx", "cl");
        String other = register.replace('c', 'd');
        lines.add(
                switch (random.nextInt(3)) {
                    case 0 ->
                        "cmp " + register + ", " + (register.equals("rcx") ? any("a", "0", "5") : any("0", "5", "-1"));
                    case 1 -> "cmp " + register + ", " + other;
                    default -> "test " + register + ", " + any(register, other, "1");
                });
        int branches = 1 + random.nextInt(2);
        for (int i = 0; i < branches; i++) {
            lines.add("j" + CONDITIONS.get(random.nextInt(CONDITIONS.size())) + " >" + (1 + random.nextInt(3)));
        }
    }

    private String any(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
