package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.FlagSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads rule files:
 *
 * <pre>
 * # why
 * rule zero-idiom
 *   | mov $d:r32|r64, 0
 * =&gt;
 *   | xor $d.32, $d.32
 * where dead oszapc
 * </pre>
 */
final class RuleReader {
    private final RuleSource source;
    private final List<Rule> rules = new ArrayList<>();
    private int at;

    private RuleReader(RuleSource source) {
        this.source = source;
    }

    /** The rules of a file, in their order. */
    static List<Rule> read(String file, String text) {
        RuleReader reader = new RuleReader(RuleSource.of(file, text));
        reader.file();
        return List.copyOf(reader.rules);
    }

    private void file() {
        Set<String> names = new HashSet<>();
        List<String> comment = new ArrayList<>();
        while (at < source.lines().size()) {
            String line = source.lines().get(at);
            if (line.startsWith("#")) {
                comment.add(line.substring(1).strip());
                at++;
            } else if (line.isBlank()) {
                comment.clear();
                at++;
            } else {
                rule(String.join(" ", comment), names);
                comment.clear();
            }
        }
    }

    private void rule(String why, Set<String> names) {
        RuleCursor head = cursor();
        head.expectWord("rule");
        int line = at + 1;
        String name = head.name("a rule's name");
        if (!names.add(name)) {
            throw head.wrong("two rules have the name '" + name + "'");
        }
        head.expectEnd();
        at++;
        List<LinePattern> left = patterns();
        if (left.isEmpty() || !(left.get(0) instanceof LinePattern.InstructionPattern)) {
            throw cursor().wrong("the left side of rule " + name + " must begin with an instruction");
        }
        RuleCursor arrow = cursor();
        arrow.expect("=>");
        arrow.expectEnd();
        at++;
        List<LinePattern> right = patterns();
        List<Guard> guards = new ArrayList<>();
        while (at < source.lines().size() && source.lines().get(at).startsWith("where")) {
            guards(cursor(), guards);
            at++;
        }
        rules.add(new Rule(name, why, left, right, guards, source, line));
    }

    private List<LinePattern> patterns() {
        List<LinePattern> patterns = new ArrayList<>();
        while (at < source.lines().size() && source.lines().get(at).strip().startsWith("|")) {
            RuleCursor cursor = cursor();
            cursor.expect("|");
            patterns.add(LinePatternParser.parse(cursor, at + 1));
            at++;
        }
        return patterns;
    }

    private static void guards(RuleCursor cursor, List<Guard> guards) {
        cursor.expectWord("where");
        do {
            guards.add(guard(cursor));
        } while (cursor.take(","));
        cursor.expectEnd();
    }

    private static Guard guard(RuleCursor cursor) {
        if (cursor.take("$")) {
            String left = cursor.name("a variable");
            cursor.expect("!=");
            cursor.expect("$");
            return new Guard.Differ(left, cursor.name("a variable"));
        }
        int start = cursor.position();
        String word = cursor.name("a guard: dead, fits, cpu, prefer, or $a != $b");
        switch (word) {
            case "dead":
                return cursor.take("$") ? new Guard.DeadRegister(cursor.name("a variable")) : flags(cursor);
            case "fits":
                cursor.expect("$");
                String variable = cursor.name("a variable");
                return new Guard.Fits(variable, numbers(cursor));
            case "cpu":
                return new Guard.Cpu(cursor.name("a CPU feature"));
            case "prefer":
                return preference(cursor);
            default:
                throw cursor.wrong(start, "no guard '" + word + "'; there are: dead, fits, cpu, prefer, and $a != $b");
        }
    }

    private static Guard flags(RuleCursor cursor) {
        int start = cursor.position();
        String letters = cursor.name("flags (letters of oszapcd) or a variable");
        if (!letters.matches("[oszapcd]+")) {
            throw cursor.wrong(start, "no flags '" + letters + "'; the letters are o s z a p c d");
        }
        return new Guard.DeadFlags(FlagSet.parse(letters));
    }

    private static OperandClass numbers(RuleCursor cursor) {
        int start = cursor.position();
        List<OperandClass> classes = OperandClass.parse(cursor.name("a class of numbers: imm8s, imm32s or imm32u"));
        if (classes.size() != 1 || !classes.get(0).isImmediate()) {
            throw cursor.wrong(start, "expected a class of numbers: imm8s, imm32s or imm32u");
        }
        return classes.get(0);
    }

    private static Guard preference(RuleCursor cursor) {
        int start = cursor.position();
        String word = cursor.name("size or speed");
        for (Preference preference : Preference.values()) {
            if (preference.toString().equals(word)) {
                return new Guard.Prefer(preference);
            }
        }
        throw cursor.wrong(start, "expected size or speed, found '" + word + "'");
    }

    private RuleCursor cursor() {
        return new RuleCursor(source, at + 1);
    }
}
