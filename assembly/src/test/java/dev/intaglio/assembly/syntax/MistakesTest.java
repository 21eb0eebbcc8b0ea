package dev.intaglio.assembly.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The mistakes of {@code mistakes.txt}, each with its message under the column where it stands. With
 * {@code -Dintaglio.bless} the test prints what the parser says now instead of comparing.
 */
class MistakesTest {
    private static final ParserOptions OPTIONS = new ParserOptions(Map.of("DEBUG", "1", "LEVEL", "3"));

    @TestFactory
    Stream<DynamicTest> eachMistakeIsReportedOnceAtItsPlace() {
        return cases().stream()
                .map(marked -> DynamicTest.dynamicTest(title(marked), () -> {
                    String text = MarkedMistakes.withoutMarks(body(marked)).stripTrailing();
                    assertThat(MarkedMistakes.mark(text, SampleScope.INSTANCE, OPTIONS))
                            .isEqualTo(body(marked).strip());
                }));
    }

    @Test
    void blessedTextIsPrintedOnRequest() {
        List<String> cases = cases();
        assertThat(cases).isNotEmpty().allMatch(marked -> body(marked).contains("|"));
        if (System.getProperty("intaglio.bless") != null) {
            cases.forEach(marked -> System.out.println("BLESS ---- " + title(marked) + "\n"
                    + MarkedMistakes.mark(
                                    MarkedMistakes.withoutMarks(body(marked)).stripTrailing(),
                                    SampleScope.INSTANCE,
                                    OPTIONS)
                            .indent(0)));
        }
    }

    private static String title(String marked) {
        return marked.lines().findFirst().orElseThrow();
    }

    private static String body(String marked) {
        return marked.substring(marked.indexOf('\n') + 1);
    }

    private static List<String> cases() {
        try (InputStream in = MistakesTest.class.getResourceAsStream("/syntax/mistakes.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(all.split("(?m)^---- ")).skip(1).toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
