package dev.intaglio.processor.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.table.InstructionTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Whatever the line, {@code assemble} answers with one line: bytes, or a diagnostic. {@code -Dintaglio.fuzz=N} makes N times as
 * many, {@code -Dintaglio.seed=N} sets the seed.
 */
class AssembleFuzzTest {
    private static final int ROUNDS = Integer.getInteger("intaglio.fuzz", 1) * 20_000;
    /** The most bytes of an instruction (SDM Vol. 2A, 2.3.11). */
    private static final int LONGEST = 15;

    private static final List<String> PIECES = List.of(
            ", ",
            ", ",
            " + ",
            " - ",
            "*",
            "*8",
            "[",
            "]",
            "(",
            ")",
            "{k1}",
            "{k0}",
            "{z}",
            "{1to16}",
            "{rn-sae}",
            "{sae}",
            "{evex}",
            "{vex}",
            "{vex3}",
            "{load}",
            "{store}",
            "lock ",
            "rep ",
            "repne ",
            "addr32 ",
            "data16 ",
            "xacquire ",
            "bnd ",
            "notrack ",
            "byte ",
            "word ",
            "dword ",
            "qword ",
            "oword ",
            "yword ",
            "zword ",
            "tword ",
            "fword ",
            "rip",
            "fs:",
            "cs:",
            "st(1)",
            "st(9)",
            "0",
            "1",
            "-1",
            "127",
            "128",
            "-128",
            "255",
            "0x7fffffff",
            "0x80000000",
            "0xffffffff",
            "0xffffffffffffffff",
            "0x8000000000000000",
            "99999999999999999999",
            "'a'",
            "1.5",
            "1e400",
            "=>x",
            "->x",
            ">1",
            "<1",
            "1:",
            ".align 8",
            ".byte 1",
            ".dword <1 - .",
            ".if X",
            ".endmacro",
            ".macro m",
            "; ",
            "//",
            "/*",
            "\"",
            "'",
            "\\",
            "|",
            "||",
            "&x",
            "#T",
            "T->f",
            "Rq(1)",
            "Rb(4)",
            "xmm(3)",
            "k(1)",
            "~",
            "!",
            "? 1 : 2",
            "<<",
            ">>>",
            "(int)",
            "new int[1]",
            "x -> x",
            "\u0000",
            "\u2028",
            "\ud800",
            "\t");

    private final long seed = Long.getLong("intaglio.seed", 4711);
    private final Random random = new Random(seed);
    private final List<String> mnemonics = List.copyOf(InstructionTable.x86_64().mnemonics());
    private final List<String> registers = List.copyOf(new java.util.TreeSet<>(Register.allNames()));
    private int taken;

    @Test
    void everyLineIsAnsweredByOneLine() throws IOException {
        System.out.println("AssembleFuzzTest seed " + seed);
        List<String> good = referenceLines();
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(120), () -> {
            for (int round = 0; round < ROUNDS; round++) {
                String line = switch (round % 4) {
                    case 0 -> bytes();
                    case 1 -> tokens();
                    case 2 -> mutatedChars(good);
                    default -> mutatedTokens(good);
                };
                answered(line);
            }
        });
        assertThat(taken).as("lines that were taken, seed %d", seed).isPositive();
    }

    private void answered(String line) {
        String answer;
        try {
            answer = AssembleCommand.assemble(line);
        } catch (RuntimeException | StackOverflowError thrown) {
            throw new AssertionError("seed " + seed + ": " + line, thrown);
        }
        if (answer.startsWith("error: ")) {
            assertThat(answer)
                    .as("seed %d: %s", seed, line)
                    .matches("error: \\[asm/[a-z-]+\\] .+")
                    .doesNotContain("asm/internal")
                    .doesNotContain("\n");
            return;
        }
        assertThat(answer).as("seed %d: %s", seed, line).matches("([0-9a-f]{2})*");
        if (!line.contains(";")) {
            assertThat(answer.length()).as("seed %d: %s", seed, line).isLessThanOrEqualTo(2 * LONGEST);
        }
        taken += answer.isEmpty() ? 0 : 1;
    }

    private String bytes() {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return new String(bytes, random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1)
                .replace('\n', ' ');
    }

    private String tokens() {
        StringBuilder line = new StringBuilder(pick(mnemonics)).append(' ');
        int count = random.nextInt(10);
        for (int i = 0; i < count; i++) {
            line.append(random.nextInt(3) == 0 ? pick(registers) : pick(PIECES));
            line.append(random.nextInt(4) == 0 ? ", " : "");
        }
        return line.toString();
    }

    private String mutatedChars(List<String> good) {
        StringBuilder line = new StringBuilder(pick(good));
        for (int changes = 1 + random.nextInt(3); changes > 0 && line.length() > 0; changes--) {
            int at = random.nextInt(line.length());
            char other = line.charAt(random.nextInt(line.length()));
            switch (random.nextInt(4)) {
                case 0 -> line.deleteCharAt(at);
                case 1 -> line.insert(at, other);
                case 2 -> line.setCharAt(at, (char) (' ' + random.nextInt(95)));
                default -> line.setLength(at);
            }
        }
        return line.toString();
    }

    /** A reference line with words of others, and with pieces between them. */
    private String mutatedTokens(List<String> good) {
        List<String> words = new ArrayList<>(List.of(pick(good).split("(?<=\\W)|(?=\\W)")));
        for (int changes = 1 + random.nextInt(4); changes > 0 && !words.isEmpty(); changes--) {
            int at = random.nextInt(words.size());
            switch (random.nextInt(5)) {
                case 0 -> words.remove(at);
                case 1 -> words.add(at, pick(PIECES));
                case 2 -> words.set(at, pick(registers));
                case 3 -> words.set(at, pick(PIECES));
                default -> words.set(0, pick(mnemonics));
            }
        }
        return String.join("", words);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** Lines of all kinds of instructions, to begin with. */
    private static List<String> referenceLines() throws IOException {
        try (InputStream in = AssembleFuzzTest.class.getResourceAsStream("/fuzz/lines.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
