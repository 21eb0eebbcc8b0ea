package dev.intaglio.assembly.table;

import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.FlagSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of the table, taken apart; it becomes a form when its mnemonic is asked for. */
record TableLine(int number, String mnemonic, String operands, String encoding, String flags, String cpu, String text) {
    /** The words behind the feature: the table's head explains them. */
    private static final Set<String> MODIFIERS =
            Set.of(("alt lock rep comm default distinct apart address twice mvr opaque push pop pop2").split(" "));

    private static final Pattern QUOTED = Pattern.compile("'([^']+)'");

    static TableLine parse(int number, String line) {
        String[] columns = line.split(":(?=\\s|$)", -1);
        if (columns.length != 4) {
            throw new TableException(
                    number, line, 0, "expected four columns: mnemonic operands : encoding : flags : cpu");
        }
        String first = columns[0].trim();
        int blank = first.indexOf(' ');
        return new TableLine(
                number,
                blank < 0 ? first : first.substring(0, blank),
                blank < 0 ? "" : first.substring(blank).trim(),
                columns[1].trim(),
                columns[2].trim(),
                columns[3].trim(),
                line);
    }

    /** The line of one predicate, of a line with a star in its mnemonic. */
    TableLine member(Predicate predicate) {
        String immediate = String.format(Locale.ROOT, "%02X", predicate.number());
        return new TableLine(
                number,
                mnemonic.replace("*", predicate.name()),
                operands,
                encoding.replace("+p", immediate),
                flags,
                cpu,
                text);
    }

    InstructionForm form(String name, Optional<Condition> condition) {
        try {
            List<OperandPattern> patterns = new ArrayList<>();
            if (!operands.isEmpty()) {
                for (String operand : operands.split(",")) {
                    patterns.add(pattern(operand.trim()));
                }
            }
            Set<String> words = new LinkedHashSet<>(List.of(cpu.split("\\s+")));
            words.remove("");
            String feature =
                    words.stream().filter(word -> !isModifier(word)).findFirst().orElse("");
            words.remove(feature);
            InstructionForm form = new InstructionForm(
                    name,
                    List.copyOf(patterns),
                    Encoding.parse(encoding),
                    effects(condition),
                    feature,
                    Set.copyOf(words),
                    condition);
            FormCheck.check(form);
            return form;
        } catch (IllegalArgumentException wrong) {
            throw mistake(wrong.getMessage());
        }
    }

    /** A mistake at the place of the first thing that the message quotes. */
    private TableException mistake(String message) {
        Matcher quoted = QUOTED.matcher(message);
        int column = quoted.find() ? Math.max(0, text.indexOf(quoted.group(1))) : 0;
        return new TableException(number, text, column, message);
    }

    /** The features in a text of the last column. */
    static List<String> features(String cpu) {
        for (String word : cpu.trim().split(" ")) {
            if (!word.isEmpty() && !isModifier(word)) {
                return List.of(word.split("\\+"));
            }
        }
        return List.of();
    }

    private static boolean isModifier(String word) {
        return MODIFIERS.contains(word);
    }

    private static OperandPattern pattern(String text) {
        String rest = text;
        Access access = Access.R;
        int colon = rest.indexOf(':');
        if (colon > 0) {
            String word = rest.substring(0, colon);
            access = access(word);
            rest = rest.substring(colon + 1);
        }
        boolean masked = rest.contains("{k}");
        boolean zeroed = rest.contains("{z}");
        boolean rounded = rest.contains("{er}");
        boolean suppressed = rest.contains("{sae}");
        int brace = rest.indexOf('{');
        rest = brace < 0 ? rest : rest.substring(0, brace);
        boolean implicit = rest.startsWith("<");
        String name = implicit ? rest.substring(1, rest.length() - 1) : rest;
        OperandType type = OperandType.parse(name)
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no operand type"));
        return new OperandPattern(access, implicit, name, type, masked, zeroed, rounded, suppressed);
    }

    private static Access access(String word) {
        return switch (word) {
            case "r" -> Access.R;
            case "w" -> Access.W;
            case "rw" -> Access.RW;
            case "n" -> Access.NONE;
            default -> throw new IllegalArgumentException("'" + word + "' is no access: r, w, rw or n");
        };
    }

    private FlagEffects effects(Optional<Condition> condition) {
        FlagSet read = FlagSet.NONE;
        FlagSet written = FlagSet.NONE;
        FlagSet cleared = FlagSet.NONE;
        FlagSet set = FlagSet.NONE;
        FlagSet undefined = FlagSet.NONE;
        FlagSet maybe = FlagSet.NONE;
        for (String group : flags.isEmpty() ? new String[0] : flags.split(",")) {
            String[] words = group.trim().split("\\s+");
            if (words.length != 2) {
                throw new IllegalArgumentException("expected a letter and flags, found '" + group.trim() + "'");
            }
            FlagSet letters = words[1].equals("cc")
                    ? condition.map(Condition::reads).orElse(FlagSet.ARITHMETIC)
                    : FlagSet.parse(words[1]);
            switch (words[0]) {
                case "r" -> read = read.plus(letters);
                case "w" -> written = written.plus(letters);
                case "0" -> cleared = cleared.plus(letters);
                case "1" -> set = set.plus(letters);
                case "u" -> undefined = undefined.plus(letters);
                case "m" -> maybe = maybe.plus(letters);
                default -> throw new IllegalArgumentException("'" + words[0] + "' is no effect on flags");
            }
        }
        return new FlagEffects(read, written, cleared, set, undefined, maybe);
    }
}
