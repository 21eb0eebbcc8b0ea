package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The manual's examples of whole interfaces compile as they stand. */
class StencilLanguageExamplesTest {
    private static final Path MANUAL = Path.of("..", "docs", "stencil-language.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

    private static List<String> examples() throws IOException {
        return BLOCK.matcher(Files.readString(MANUAL))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> eachExampleCompiles() throws IOException {
        return examples().stream()
                .map(block ->
                        BLOCK.matcher(block).results().findFirst().orElseThrow().group(1))
                .map(example -> DynamicTest.dynamicTest(
                        example.lines().skip(1).findFirst().orElse(""),
                        () -> assertThat(ProcessorRun.javac(
                                                List.of("-Werror"),
                                                "package p;\nimport dev.intaglio.dsl.*;\nimport dev.intaglio.runtime.*;\n"
                                                        + example)
                                        .diagnostics())
                                .isEmpty()));
    }

    @Test
    void thereAreExamples() throws IOException {
        assertThat(examples()).hasSizeGreaterThan(1);
    }
}
