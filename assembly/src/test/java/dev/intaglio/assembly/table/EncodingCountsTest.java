package dev.intaglio.assembly.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The counts in {@code docs/encodings.md} are the table's; {@code -Dintaglio.update=true} writes them anew. */
class EncodingCountsTest {
    private static final Path PAGE = Path.of("..", "docs", "encodings.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| Intaglio \\|.*$");

    @Test
    void theCountsAreCurrent() throws IOException {
        String page = Files.readString(PAGE);
        String current = ROW.matcher(page).replaceFirst(Matcher.quoteReplacement(row()));
        if (Boolean.getBoolean("intaglio.update")) {
            Files.writeString(PAGE, current);
            page = current;
        }
        assertThat(page)
                .as("mvn -pl assembly test -Dtest=EncodingCountsTest -Dintaglio.update=true writes %s anew", PAGE)
                .isEqualTo(current)
                .contains(row());
    }

    private static String row() {
        InstructionTable table = InstructionTable.x86_64();
        int forms = table.mnemonics().stream()
                .mapToInt(mnemonic -> table.forms(mnemonic).size())
                .sum();
        long lines = InstructionTable.resource()
                .lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .count();
        return String.format(
                Locale.ROOT, "| Intaglio | %,d | %,d | %,d |", table.mnemonics().size(), lines, forms);
    }
}
