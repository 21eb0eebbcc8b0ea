package dev.intaglio.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.examples.manual.Addresses;
import dev.intaglio.examples.manual.CriticalCall;
import dev.intaglio.examples.manual.Detached;
import dev.intaglio.examples.manual.FirstCall;
import dev.intaglio.examples.manual.FullCache;
import dev.intaglio.examples.manual.HandedOver;
import dev.intaglio.examples.manual.HardenedCache;
import dev.intaglio.examples.manual.JavaFunction;
import dev.intaglio.examples.manual.Lifetimes;
import dev.intaglio.examples.manual.Lookup;
import dev.intaglio.examples.manual.Patching;
import dev.intaglio.examples.manual.Recursion;
import dev.intaglio.examples.manual.Refused;
import dev.intaglio.examples.manual.ShortBranches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java of the manual is taken from examples that are compiled, and these give what the manual says. */
class ManualTest {
    private static final Path EXAMPLES = Path.of("../examples/src/main/java/dev/intaglio/examples/manual");

    @ParameterizedTest
    @ValueSource(strings = {"docs/runtime.md", "docs/debugging.md"})
    void javaStandsInAnExample(String page) throws IOException {
        List<List<String>> examples = new ArrayList<>();
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            for (Path file : files.toList()) {
                examples.add(Files.readAllLines(file));
            }
        }
        List<String> blocks = Page.of(page).javaBlocks();
        assertThat(blocks).isNotEmpty();
        assertThat(blocks).allMatch(block -> examples.stream().anyMatch(example -> holds(example, block)));
    }

    /** Whether these lines stand in the file, one behind the other, whatever their common indentation. */
    private static boolean holds(List<String> file, String block) {
        int lines = (int) block.lines().count();
        for (int i = 0; i + lines <= file.size(); i++) {
            String there = String.join("\n", file.subList(i, i + lines));
            if (there.stripIndent().equals(block)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aStencilIsCalled() {
        assertThat(Printed.by(FirstCall::main)).isEqualTo("46\n");
    }

    @Test
    void theSmallestCodeSavesFourBytesOfABranch() {
        assertThat(Printed.by(ShortBranches::main)).isEqualTo("4\n5\n");
    }

    @Test
    void aPieceGoesToAddressesAndReadsFromThem() {
        assertThat(Printed.by(Addresses::main)).isEqualTo("42\n3 -1\n10.0\n");
    }

    @Test
    void anotherThreadEndsAPiece() {
        assertThat(Printed.by(HandedOver::main)).isEqualTo("7\n");
    }

    @Test
    void emittedCodeCallsJava() {
        assertThat(Printed.by(JavaFunction::main)).isEqualTo("7\n");
    }

    @Test
    void aPatchedJumpGoesElsewhere() {
        assertThat(Printed.by(Patching::main)).isEqualTo("1\n2\n");
    }

    @Test
    void aFullCacheGoesOnWithoutItsOldestCode() {
        assertThat(Printed.by(FullCache::main)).matches("2000 committed\n1999\n[1-9]\\d+ of 32768 bytes are code\n");
    }

    @Test
    void aCriticalCallGivesWhatACallGives() {
        assertThat(Printed.by(CriticalCall::main)).isEqualTo("65\n");
    }

    @Test
    void codeIsCollectedOrStays() {
        assertThat(Printed.by(Lifetimes::main)).isEqualTo("40\n40\n");
    }

    @Test
    void aHardenedCacheHasNoWritableView() {
        assertThat(Printed.by(HardenedCache::main)).startsWith("42\nmemory ").contains("hardened: no writable view");
    }

    @Test
    void aCacheDescribesItselfInTheLinesOfTheManual() {
        String manual = Page.of("docs/runtime.md").text();
        assertThat(Printed.by(HardenedCache::main).lines().skip(1))
                .hasSizeGreaterThan(5)
                .allMatch(line -> manual.contains("\n    " + line.substring(0, 11)));
    }

    @Test
    void emissionGoesOnBehindWhatIsRefused() {
        assertThat(Printed.by(Refused::main)).isEqualTo("40\n2\n");
    }

    @Test
    void codeIsWrittenForAnotherCpu() {
        assertThat(Printed.by(Detached::main))
                .isEqualTo("x86-64: 8 bytes add\n14 in all\nx86-64-v3: 4 bytes add\n10 in all\n");
    }

    @Test
    void recursionEndsBeforeTheStackDoes() {
        assertThat(Printed.by(Recursion::main)).isEqualTo("500500\n-1\n");
    }

    @Test
    void anAddressLeadsToItsLine() {
        String place = Printed.by(Lookup::main).lines().findFirst().orElseThrow();
        assertThat(Page.of("docs/debugging.md").text()).contains("\n    " + place + "\n");
    }
}
