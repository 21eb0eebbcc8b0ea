package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;

/** Whole interfaces, random ones, through javac and the processor: diagnostics, or an emitter that compiles without a warning. */
class InterfaceFuzzTest {
    private static final long SEED = Long.getLong("intaglio.seed", 4711);
    private static final int ROUNDS = Integer.getInteger("intaglio.fuzz", 1) * 3;
    private static final int INTERFACES = 6;
    private static final int STENCILS = 8;
    private static final String START = "// stencil\n";
    private static final String LABEL = "    @Stencil(\"|->shared: ret\") void shared();\n";

    @Test
    void whatIsNotRefusedCompilesWithoutAWarning() {
        int right = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED + round);
            List<String> sources = new ArrayList<>();
            for (int i = 0; i < INTERFACES; i++) {
                sources.add(withLabel(RandomInterface.source("X" + i, STENCILS, random)));
            }
            List<String> options = random.nextInt(3) == 0 ? List.of("-Aintaglio.rules=none") : List.of();
            ProcessorRun first = ProcessorRun.javac(options, sources.toArray(new String[0]));
            assertOnlyOurs(first, round);
            List<String> kept = sources.stream()
                    .map(source -> withoutMistakes(source, first))
                    .toList();
            for (String source : kept) {
                right += source.split(START, -1).length - 1;
            }
            ProcessorRun second = ProcessorRun.javac(options, kept.toArray(new String[0]));
            assertThat(second.diagnostics())
                    .as("seed %d, round %d", SEED, round)
                    .isEmpty();
        }
        assertThat(right).isGreaterThan(ROUNDS * INTERFACES * STENCILS / 4);
    }

    @Test
    void whateverTheTextTheProcessorDoesNotFail() {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED - 1 - round);
            List<String> sources = new ArrayList<>();
            for (int i = 0; i < INTERFACES; i++) {
                sources.add(mutated(withLabel(RandomInterface.source("X" + i, STENCILS, random)), random));
            }
            ProcessorRun run = ProcessorRun.javac(List.of(), sources.toArray(new String[0]));
            assertThat(run.errors())
                    .as("seed %d, round %d", SEED, round)
                    .noneMatch(error -> error.contains("asm/internal"));
        }
    }

    @Test
    void whateverIsDeclaredTheProcessorDoesNotFail() {
        String[][] changes = {
            {"void stencil", "int stencil"},
            {"void stencil", "<T> void stencil"},
            {"void stencil", "default void stencil"},
            {"void stencil", "static void stencil"},
            {"(int i", "(int... i"},
            {"int i", "String i"},
            {"int i", "float i"},
            {"int i", "int[] i"},
            {"int i", "Missing i"},
            {"int i", "int j"},
            {"int i", "int rax"},
            {"int i", "int code"},
            {"void stencil1(", "void describe("},
            {"void stencil2(", "void reserve("},
            {"int K", "int code"},
            {"public interface", "interface"},
            {"public interface", "public abstract class"},
            {"public interface", "public @interface"},
            {"public interface X", "public sealed interface X"},
            {"interface X0", "interface X0<T>"},
            {"@Stencils", ""},
            {"@Stencil(\"\"\"", "@Stencil(cpu = \"bmi9\", value = \"\"\""},
            {"@Stencil(\"\"\"", "@Stencil(cpu = \"any\", value = \"\"\""},
            {"@Stencil(\"\"\"", "@Stencil(cpu = \"avx2\", value = \"\"\""},
            {"@Stencils", "@Stencils(cpu = \"x86-64-v9\")"},
            {"@Stencil(\"\"\"", "@Stencil(\"| nop\") @Stencil(\"\"\""},
            {"@Stencil(\"\"\"", "@Stencil(\"\") @Stencil(\"\"\""},
            {"@Stencil(\"\"\"", "@Stencil({}) @Stencil(\"\"\""},
            {"@Stencil(\"\"\"", "@Stencil(\"a\" + \"\"\""},
            {"import java.util.List;", "import java.awt.List; import java.util.List;"},
            {"import java.util.List;", "import no.such.Type;"},
            {"import static java.lang.Math.max;", "import static no.Such.max;"},
            {"package p;", ""},
            {"twice(int n)", "put8(int n)"},
            {"default long wide", "private long wide"},
            {"static int twice", "int twice"},
            {"int TIME", "Integer TIME"}
        };
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED + 1_000_000 + round);
            for (int i = 0; i < INTERFACES; i++) {
                String source = withLabel(RandomInterface.source("X0", 3, random));
                for (int k = 0; k < 3; k++) {
                    String[] change = changes[random.nextInt(changes.length)];
                    source = source.replaceFirst(
                            java.util.regex.Pattern.quote(change[0]),
                            java.util.regex.Matcher.quoteReplacement(change[1]));
                }
                String tried = source;
                assertThat(ProcessorRun.javac(List.of(), tried).errors())
                        .as(() -> "seed " + SEED + ":\n" + tried)
                        .noneMatch(error -> error.contains("asm/internal"));
            }
        }
    }

    private static String withLabel(String source) {
        return source.replaceFirst(START, START + LABEL.replace("$", "\\$") + START);
    }

    /** All errors are the processor's own, and lie in the interfaces; what else there is follows from an emitter not written. */
    private static void assertOnlyOurs(ProcessorRun run, int round) {
        for (Diagnostic<?> diagnostic : run.diagnostics()) {
            String text = ProcessorRun.text(diagnostic);
            assertThat(text)
                    .as("seed %d, round %d: %s", SEED, round, diagnostic)
                    .startsWith("[asm/")
                    .doesNotContain("asm/internal");
            assertThat(diagnostic.getLineNumber()).as(text).isPositive();
        }
    }

    /** The source without the stencils in which there are errors. */
    private static String withoutMistakes(String source, ProcessorRun run) {
        String name = source.replaceAll("(?s).*public interface (\\w+) .*", "$1");
        TreeSet<Long> lines = new TreeSet<>();
        run.diagnostics().stream()
                .filter(diagnostic -> diagnostic.getSource().getName().endsWith("/" + name + ".java"))
                .forEach(diagnostic -> lines.add(diagnostic.getLineNumber()));
        String[] parts = source.split(START, -1);
        StringBuilder kept = new StringBuilder(parts[0]);
        long line = parts[0].lines().count() + 1;
        for (int i = 1; i < parts.length; i++) {
            long end = line + parts[i].lines().count() + 1;
            boolean isLast = i == parts.length - 1;
            boolean isWrong = !lines.subSet(line, end).isEmpty();
            if (!isWrong) {
                kept.append(START).append(parts[i]);
            } else if (isLast) {
                kept.append("}\n");
            }
            line = end;
        }
        return kept.toString();
    }

    private static String mutated(String source, Random random) {
        StringBuilder text = new StringBuilder(source);
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            int start = text.indexOf("\"\"\"\n", random.nextInt(text.length()));
            int end = start < 0 ? -1 : text.indexOf("\"\"\"", start + 4);
            if (end < 0 || end - start < 12) {
                continue;
            }
            int at = start + 4 + random.nextInt(end - start - 4);
            char c = text.charAt(at);
            if (c == '\n' || c == '"') {
                continue;
            }
            String put = "|[](){};:,.+-*/%&=<>>'#@$_0x9 aRq\t->1{k}é";
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, put.charAt(random.nextInt(put.length())));
                case 1 -> text.deleteCharAt(at);
                default -> text.insert(at, put.charAt(random.nextInt(put.length())));
            }
        }
        return text.toString();
    }
}
