package dev.intaglio.processor.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TextBlockMapTest {
    private static TextBlockMap block(String raw) {
        return TextBlockMap.at("x \"\"\"\n" + raw + "\"\"\" y", 2).orElseThrow();
    }

    @Test
    void valueAndOffsetsOfAnIndentedBlock() {
        TextBlockMap map = block("    | a\n      b  \n    ");
        assertThat(map.value()).isEqualTo("| a\n  b\n");
        assertThat(map.fileOffset(0)).isEqualTo(6 + 4);
        assertThat(map.fileOffset(3)).isEqualTo(6 + 7);
        assertThat(map.fileOffset(4)).isEqualTo(6 + 8 + 4);
        assertThat(map.fileOffset(8)).as("behind the end").isEqualTo(6 + 8 + 10 + 4);
    }

    @Test
    void quotesWithinABlockAreText() {
        assertThat(block("say \"x\", \"\" and \\\"\"\"\n").value()).isEqualTo("say \"x\", \"\" and \"\"\"\n");
    }

    @Test
    void whatIsNoLiteralGivesNothing() {
        assertThat(TextBlockMap.at("abc", 1)).isEmpty();
        assertThat(TextBlockMap.at("\"abc", 0)).isEmpty();
        assertThat(TextBlockMap.at("\"abc\n\"", 0)).isEmpty();
        assertThat(TextBlockMap.at("\"\"\"\nabc\"\"", 0)).isEmpty();
        assertThat(TextBlockMap.at("\"\"\"", 0)).isEmpty();
        assertThat(TextBlockMap.at("", 0)).isEmpty();
        assertThat(TextBlockMap.at("\"abc\\", 0)).isEmpty();
    }

    @Test
    void everyBlockHasTheValueThatTheLibraryGives() {
        long seed = 20261123;
        Random random = new Random(seed);
        String[] bits = {
            " ", "  ", "\t", "\n", "\n    ", "|", "a", "b", "\\n", "\\t", "\\s", "\\\"", "\\\\", "\\\n", "\\101", "\\7",
            "\\380", "\"", "é", "\f"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder raw = new StringBuilder();
            for (int n = random.nextInt(25); n >= 0; n--) {
                raw.append(bits[random.nextInt(bits.length)]);
            }
            String text = raw.toString().replaceAll("\"+", "\"") + "\n" + " ".repeat(random.nextInt(6));
            TextBlockMap map = block(text);
            assertThat(map.value())
                    .as("seed %d, block <%s>", seed, text)
                    .isEqualTo(text.stripIndent().translateEscapes());
            for (int at = 1; at < map.value().length(); at++) {
                assertThat(map.fileOffset(at)).as("<%s>", text).isGreaterThan(map.fileOffset(at - 1));
            }
            int bar = map.value().indexOf('|');
            if (bar >= 0) {
                assertThat(text.charAt(map.fileOffset(bar) - 6)).isEqualTo('|');
            }
        }
    }
}
