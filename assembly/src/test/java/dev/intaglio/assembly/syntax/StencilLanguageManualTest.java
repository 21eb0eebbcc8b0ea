package dev.intaglio.assembly.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.Assembler;
import dev.intaglio.assembly.encode.Encoder;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The examples of the stencil language's manual are true. */
class StencilLanguageManualTest {
    private static final Path MANUAL = Path.of("..", "docs", "stencil-language.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
    private static final Pattern BYTES = Pattern.compile("// ((?:[0-9a-f]{2} )*[0-9a-f]{2})$");
    private static final ParserOptions OPTIONS = new ParserOptions(Map.of("DEBUG", "1", "LEVEL", "3"));

    @TestFactory
    Stream<DynamicTest> eachStencilCanBeEncodedAndHasTheBytesItShows() throws IOException {
        return blocks("stencil").stream()
                .map(text -> DynamicTest.dynamicTest(text.lines().findFirst().orElse(""), () -> check(text)));
    }

    @Test
    void mistakesAreReportedAsShown() throws IOException {
        for (String marked : blocks("mistakes")) {
            String text = MarkedMistakes.withoutMarks(marked).stripTrailing();
            assertThat(MarkedMistakes.mark(text, SampleScope.INSTANCE, OPTIONS)).isEqualTo(marked.strip());
        }
    }

    @Test
    void manualShowsBytesAndMistakes() throws IOException {
        assertThat(blocks("stencil")).hasSizeGreaterThan(8);
        assertThat(blocks("mistakes")).isNotEmpty();
    }

    private static void check(String text) {
        Diagnostics diagnostics = new Diagnostics();
        List<Line> lines = StencilParser.parse(text, SampleScope.INSTANCE, OPTIONS, diagnostics);
        for (Line line : lines) {
            if (line instanceof Instruction instruction) {
                Encoder.plan(instruction, false, diagnostics);
            }
        }
        assertThat(diagnostics.all()).isEmpty();
        int start = 0;
        for (String source : text.split("\n")) {
            Matcher bytes = BYTES.matcher(source);
            if (bytes.find()) {
                assertThat(bytes(lines, start, start + source.length()))
                        .as(source)
                        .isEqualTo(bytes.group(1));
            }
            start += source.length() + 1;
        }
    }

    /** The bytes of the one instruction between two offsets. */
    private static String bytes(List<Line> lines, int start, int end) {
        List<Line> here = lines.stream()
                .filter(line -> line.span().start() >= start && line.span().end() <= end)
                .toList();
        assertThat(here).hasSize(1);
        Diagnostics diagnostics = new Diagnostics();
        return Assembler.assemble((Instruction) here.get(0), diagnostics)
                .map(HexFormat.ofDelimiter(" ")::formatHex)
                .orElseGet(() -> diagnostics.all().toString());
    }

    private static List<String> blocks(String kind) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(MANUAL));
        while (block.find()) {
            if (block.group(1).equals(kind)) {
                blocks.add(block.group(2));
            }
        }
        return blocks;
    }
}
