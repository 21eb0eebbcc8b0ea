package dev.intaglio.assembly.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/instructions.md} is made from the table; {@code -Dintaglio.update=true} writes it anew. */
class InstructionReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "instructions.md");

    @Test
    void thePageIsCurrent() throws IOException {
        String page = page();
        if (Boolean.getBoolean("intaglio.update")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("mvn -pl assembly test -Dtest=InstructionReferenceTest -Dintaglio.update=true writes %s anew", PAGE)
                .isEqualTo(page);
    }

    /** What the rows of one mnemonic say together. */
    private static final class Entry {
        private final List<String> operands = new ArrayList<>();
        private final Set<String> flags = new LinkedHashSet<>();
        private final Set<String> cpu = new LinkedHashSet<>();
    }

    private static String page() {
        List<String> text = InstructionTable.resource().lines().toList();
        StringBuilder page = new StringBuilder();
        Map<String, Entry> entries = new LinkedHashMap<>();
        int forms = 0;
        for (int i = text.indexOf(""); i < text.size(); i++) {
            String line = text.get(i);
            if (line.startsWith("# ----")) {
                rows(page, entries);
                page.append("\n## ")
                        .append(line.replaceAll("[#-]+ | -+$", "").trim())
                        .append("\n\n");
                page.append("| | operands | flags | feature |\n|---|---|---|---|\n");
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                forms++;
                add(entries, TableLine.parse(i + 1, line));
            }
        }
        rows(page, entries);
        return head(forms) + page;
    }

    private static String head(int forms) {
        int mnemonics = InstructionTable.x86_64().mnemonics().size();
        String text = """
                # The instructions

                Made from `x86-64.isa`, whose first lines explain the words: %,d mnemonics (all spellings of conditions and predicates
                counted), %,d lines. Operands are those that one writes; access and encoding stand in the table. Flags: `r` read, `w`
                written, `0` cleared, `1` set, `u` undefined, `m` maybe written, of `o s z a p c d`; `cc` stands for conditions and
                their flags, a star for the predicates of comparisons.
                """;
        return String.format(Locale.ROOT, text, mnemonics, forms);
    }

    private static void add(Map<String, Entry> entries, TableLine line) {
        Entry entry = entries.computeIfAbsent(line.mnemonic(), unused -> new Entry());
        InstructionForm form = line.form(line.mnemonic(), Optional.empty());
        String operands = form.explicitOperands().stream()
                .map(InstructionReferenceTest::typeWithBraces)
                .collect(Collectors.joining(", "));
        if (!entry.operands.contains(operands)) {
            entry.operands.add(operands);
        }
        entry.flags.add(line.flags());
        entry.cpu.add(form.cpu());
    }

    private static String typeWithBraces(OperandPattern operand) {
        return operand.toString().replaceFirst("^(r|w|rw|n):", "");
    }

    private static void rows(StringBuilder page, Map<String, Entry> entries) {
        entries.forEach((mnemonic, entry) -> page.append("| **")
                .append(mnemonic.replace("*", "\\*"))
                .append("** | ")
                .append(entry.operands.stream()
                        .map(operands -> operands.isEmpty() ? "none" : "`" + operands + "`")
                        .collect(Collectors.joining("<br>")))
                .append(" | ")
                .append(joined(entry.flags))
                .append(" | ")
                .append(joined(entry.cpu))
                .append(" |\n"));
        entries.clear();
    }

    private static String joined(Set<String> texts) {
        return texts.stream().filter(text -> !text.isEmpty()).collect(Collectors.joining("<br>"));
    }
}
