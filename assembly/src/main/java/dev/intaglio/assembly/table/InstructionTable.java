package dev.intaglio.assembly.table;

import dev.intaglio.assembly.machine.Condition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** All instruction forms. Loading only finds the mnemonics; a line is understood when its mnemonic is first asked for. */
public final class InstructionTable {
    private static final class Holder {
        private static final InstructionTable X86_64 = new InstructionTable(resource());
    }

    /** A line as it stands in the file; of a line with a star, one for each predicate. */
    private record Entry(int number, String text, Optional<Predicate> predicate) {
        TableLine line() {
            TableLine line = TableLine.parse(number, text);
            return predicate.map(line::member).orElse(line);
        }
    }

    private final Map<String, List<Entry>> lines = new LinkedHashMap<>();
    private final Map<String, List<Entry>> families = new LinkedHashMap<>();
    private final Map<String, List<InstructionForm>> forms = new ConcurrentHashMap<>();

    InstructionTable(String text) {
        int number = 0;
        int end;
        for (int start = 0; start < text.length(); start = end + 1) {
            end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            number++;
            if (end > start && text.charAt(start) != '#') {
                add(number, text.substring(start, end));
            }
        }
    }

    private void add(int number, String line) {
        int blank = line.indexOf(' ');
        String mnemonic = blank < 0 ? line : line.substring(0, blank);
        if (mnemonic.indexOf('*') >= 0) {
            for (Predicate predicate : Predicate.of(mnemonic)) {
                add(lines, mnemonic.replace("*", predicate.name()), new Entry(number, line, Optional.of(predicate)));
            }
            return;
        }
        boolean family = mnemonic.contains("cc") && line.contains("+cc");
        add(family ? families : lines, mnemonic, new Entry(number, line, Optional.empty()));
    }

    private static void add(Map<String, List<Entry>> home, String mnemonic, Entry entry) {
        home.computeIfAbsent(mnemonic, unused -> new ArrayList<>()).add(entry);
    }

    /** The table of this library. */
    public static InstructionTable x86_64() {
        return Holder.X86_64;
    }

    /** The text of the table. */
    public static String resource() {
        try (InputStream in = InstructionTable.class.getResourceAsStream("x86-64.isa")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The forms of a mnemonic in the order of the table; empty where it is not known. */
    public List<InstructionForm> forms(String mnemonic) {
        return forms.computeIfAbsent(mnemonic, this::make);
    }

    public boolean knows(String mnemonic) {
        return !forms(mnemonic).isEmpty();
    }

    /** All mnemonics, families written out. */
    public Set<String> mnemonics() {
        Set<String> all = new TreeSet<>(lines.keySet());
        for (String family : families.keySet()) {
            for (Condition condition : Condition.values()) {
                condition.names().forEach(name -> all.add(family.replace("cc", name)));
            }
        }
        return all;
    }

    /** All CPU features that forms ask for. */
    public Set<String> features() {
        Set<String> features = new TreeSet<>();
        for (Map<String, List<Entry>> home : List.of(lines, families)) {
            home.values()
                    .forEach(entries -> entries.forEach(entry -> {
                        String cpu = entry.text().substring(entry.text().lastIndexOf(':') + 1);
                        features.addAll(TableLine.features(cpu));
                    }));
        }
        return features;
    }

    private List<InstructionForm> make(String mnemonic) {
        List<InstructionForm> made = new ArrayList<>();
        for (Entry entry : lines.getOrDefault(mnemonic, List.of())) {
            made.add(entry.line().form(mnemonic, Optional.empty()));
        }
        if (made.isEmpty()) {
            families.forEach((family, entries) -> {
                int stem = family.indexOf("cc");
                String tail = family.substring(stem + 2);
                boolean fits = mnemonic.length() > stem + tail.length()
                        && mnemonic.startsWith(family.substring(0, stem))
                        && mnemonic.endsWith(tail);
                if (fits) {
                    Condition.parse(mnemonic.substring(stem, mnemonic.length() - tail.length()))
                            .ifPresent(condition -> entries.forEach(
                                    entry -> made.add(entry.line().form(mnemonic, Optional.of(condition)))));
                }
            });
        }
        return List.copyOf(made);
    }
}
