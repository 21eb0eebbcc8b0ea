package dev.intaglio.assembly.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Constants are folded as javac folds them: random expressions are compiled by javac and compared. */
class FoldingTest {
    private static final String[] BINARY = {"+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>"};
    private static final String[] COMPARISONS = {"<", "<=", ">", ">=", "==", "!="};
    private static final String[] LITERALS = {
        "0",
        "1",
        "2",
        "7",
        "-1",
        "31",
        "33",
        "63",
        "255",
        "0x80",
        "0x7fffffff",
        "-2147483648",
        "2147483647",
        "017",
        "0b101",
        "1_000",
        "'a'",
        "'\\n'",
        "1L",
        "-1L",
        "0x7fffffffffffffffL",
        "-9223372036854775808L",
        "64L",
        "5L"
    };
    private static final String[] CASTS = {"(byte)", "(short)", "(char)", "(int)", "(long)"};

    @TempDir
    private Path folder;

    @Test
    void randomConstantsHaveJavacsValues() throws Exception {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("FoldingTest seed " + seed);
        Random random = new Random(seed);
        List<String> expressions = new ArrayList<>();
        while (expressions.size() < 1500) {
            String expression = number(random, 4);
            if (folded(expression) != null) { // null: a division by a constant zero, an error for both
                expressions.add(expression);
            }
        }
        long[] wanted = Compiled.values(expressions, folder);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < wanted.length; i++) {
            long got = folded(expressions.get(i));
            if (got != wanted[i]) {
                wrong.add(expressions.get(i) + " is " + wanted[i] + ", folded to " + got);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void theFastPathAndTheFullGrammarGiveTheSameTree() throws Exception {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("FoldingTest seed " + seed);
        Random random = new Random(seed);
        int compared = 0;
        for (int i = 0; i < 3000; i++) {
            String expression = number(random, 3).replace("'a'", "index").replace("33", "Frame.code");
            var fast = SimpleExpressions.parse(expression);
            if (fast.isPresent()) {
                assertThat(fast.get()).as(expression).isEqualTo(JavaExpressions.parse(expression));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(1000);
    }

    private static String number(Random random, int depth) {
        if (depth == 0 || random.nextInt(6) == 0) {
            return LITERALS[random.nextInt(LITERALS.length)];
        }
        String left = number(random, depth - 1);
        return switch (random.nextInt(8)) {
            case 0 -> "(" + left + ")";
            case 1 -> CASTS[random.nextInt(CASTS.length)] + " (" + left + ")";
            case 2 -> "~" + "(" + left + ")";
            case 3 -> "- " + left;
            default -> left + " " + BINARY[random.nextInt(BINARY.length)] + " " + number(random, depth - 1);
        };
    }

    @Test
    void comparisonsOfConstantsHaveJavacsValues() throws Exception {
        Random random = new Random(1);
        List<String> expressions = new ArrayList<>();
        while (expressions.size() < 300) {
            String truth = "((" + number(random, 1) + ") " + COMPARISONS[random.nextInt(COMPARISONS.length)] + " ("
                    + number(random, 1) + "))";
            String both = random.nextBoolean() ? truth : "!" + truth + " && true ^ " + truth;
            if (folded(both) != null) {
                expressions.add(both);
            }
        }
        long[] wanted = Compiled.values(
                expressions.stream().map(truth -> "(" + truth + ") ? 1 : 0").toList(), folder);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(folded(expressions.get(i))).as(expressions.get(i)).isEqualTo(wanted[i]);
        }
    }

    private static Long folded(String expression) throws Exception {
        try {
            Expression value = new ExpressionParser(Scope.EMPTY).plain(Text.at(expression, 0));
            assertThat(value.isConstant())
                    .as(expression.toLowerCase(Locale.ROOT))
                    .isTrue();
            return value.constant().getAsLong();
        } catch (SyntaxError wrong) {
            assertThat(wrong.diagnostic().message()).as(expression).isEqualTo("division by zero");
            return null;
        }
    }
}
