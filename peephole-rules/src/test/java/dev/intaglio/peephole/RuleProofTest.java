package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.peephole.RuleProof.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proves the rules. The page of them is written by {@code -Dgolden=bless}; {@code -Drules.shapes=all} takes more shapes of
 * addresses, which the page does not count.
 */
class RuleProofTest {
    private static final Path PAGE = Path.of("../docs/peephole-proofs.md");
    private static final String HEAD = """
            # Proofs of the peephole rules

            Written by `RuleProofTest` (`-Dgolden=bless`). Z3 shows that both sides of a rule do the same for all values of registers,
            flags, memory and numbers, once for each shape that its operands can have: each width, each way in which registers (also
            those within addresses) can be the same, each condition. The semantics behind it is written from the manual, without a look at
            the instruction table or at the optimizer, and is itself compared with the processor (`SemanticsRunTest`). What the left side
            leaves undefined the right side may define; an access to a page that is not there must stay one; a right side must have an
            encoding for every number that the left side has one for. Whether an address is that of two operands at once is left
            open, so that it is proved for both.

            | rule | shapes | result |
            | --- | --- | --- |
            """;

    @Test
    void theRulesAreProvedAsThePageSays() throws IOException {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        long begin = System.nanoTime();
        for (Rule rule : RuleSet.builtIn().rules()) {
            long start = System.nanoTime();
            Verdict verdict = RuleProof.of(rule);
            verdicts.put(rule.name(), verdict);
            if (System.nanoTime() - start > 2_000_000_000L) {
                System.out.printf("%s: %.1f s%n", rule.name(), (System.nanoTime() - start) / 1e9);
            }
            assertThat(verdict.counterexample()).as("rule %s", rule.name()).isEmpty();
            assertThat(verdict.shapes()).as("shapes of rule %s", rule.name()).isPositive();
        }
        int shapes = verdicts.values().stream().mapToInt(Verdict::proved).sum();
        System.out.printf(
                "%d rules, %d shapes proved in %.1f s%n", verdicts.size(), shapes, (System.nanoTime() - begin) / 1e9);
        if (System.getProperty("rules.shapes") == null) {
            pageIs(page(verdicts));
        }
    }

    private static void pageIs(String page) throws IOException {
        if ("bless".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("%s (-Dgolden=bless rewrites it)", PAGE)
                .isEqualTo(page);
    }

    private static String page(Map<String, Verdict> verdicts) {
        StringBuilder page = new StringBuilder(HEAD);
        verdicts.forEach((name, verdict) -> {
            String result = verdict.proved() == verdict.shapes()
                    ? "proved"
                    : (verdict.proved() == 0 ? "only run: " : verdict.proved() + " proved, the others only run: ")
                            + String.join("; ", verdict.open());
            page.append("| `" + name + "` | " + verdict.shapes() + " | " + result + " |\n");
        });
        return page.toString();
    }

    /** A proof that cannot fail proves nothing: rules that look right and are wrong are refuted. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "  | mov $a:r32, $b:r32\n  | mov $b, $a\n=>\n  | mov $a, $b\n|[r9]",
                "  | add $d:r64, 1\n=>\n  | inc $d\n|[flag c]",
                "  | mov $d:r64, $a:r64\n  | add $d, $b:r64\n=>\n  | lea $d, [$a + $b]\nwhere dead oszapc\n|[r8]",
                "  | cmp $m:m64, 0\n=>\n  | test $m, 1\n|flag z",
                "  | cmp $d:r64, 0\n=>\n  | test $d, $d\n|[flag a]",
                "  | j$cc $skip:label\n  | jmp  $far:label\n  |$skip:\n=>\n  | j$cc $far\n  |$skip:\n|the next line",
                "  | mov $d:r64, 0\n=>\n  | xor $d.32, $d.32\n|flag z",
                "  | mov $t:r64, $m:m64\n  | mov $t, 0\n=>\n  | mov $t, 0\n|a fault]",
                "  | mov $m:m64, $s:r64\n  | mov $n:m64, $s\n=>\n  | mov $n, $s\n|memory",
                "  | mov $m:m64, $s:r64\n  | mov $d:r64, $n:m64\n=>\n  | mov $d, $n\n  | mov $m, $s\n|r8",
                "  | mov $t:r64, $m:m64\n  | add $t, $s:r64\n  | mov $m, $t\n=>\n  | add $m, $s\nwhere dead $t\n|a fault]",
                "  | shl $d:r64, $c:imm8s\n=>\n  | rol $d, $c\nwhere dead oszapc\n|[r8]",
                "  | shl $d:r32, cl\n  | test $d, $d\n=>\n  | shl $d, cl\nwhere dead oca\n|flag",
                "  | cmov$cc $d:r32, $d\n=>\nwhere dead oszapc\n|[r8]",
                "  | movsx $d:r64, $s:r8\n=>\n  | movzx $d.32, $s\n|[r8]",
                "  | neg $d:r64\n  | dec $d\n=>\n  | not $d\n|flag",
                "  | mov $d:r64, $c:imm\n  | mov $m:m64, $d\n=>\n  | mov $m, $c\nwhere dead $d, $d != $m\n|encoding",
                "  | imul $d:r64, $s:r64, 8\n=>\n  | lea $d, [$s + $s*8]\nwhere dead oszapc\n|[r8]",
                "  | and $d:r32, $s:r32\n  | test $d, $d\n=>\n  | and $d, $s\n  | bt $d, 0\n|flag"
            })
    void wrongRulesAreRefuted(String textAndDifference) {
        int bar = textAndDifference.lastIndexOf('|');
        String text = textAndDifference.substring(0, bar);
        Rule rule = RuleReader.read("wrong", "# Wrong.\nrule wrong\n" + text).get(0);
        Verdict verdict = RuleProof.of(rule);
        assertThat(verdict.counterexample()).as("open: %s", verdict.open()).isPresent();
        assertThat(verdict.counterexample().get()).contains("against").contains(textAndDifference.substring(bar + 1));
    }
}
