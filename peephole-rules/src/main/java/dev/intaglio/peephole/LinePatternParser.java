package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads a line of a rule behind its bar: an instruction or a label. */
final class LinePatternParser {
    private final RuleCursor cursor;

    private LinePatternParser(RuleCursor cursor) {
        this.cursor = cursor;
    }

    static LinePattern parse(RuleCursor cursor, int line) {
        LinePatternParser parser = new LinePatternParser(cursor);
        LinePattern pattern = cursor.take("$") ? parser.label(line) : parser.instruction(line);
        cursor.expectEnd();
        return pattern;
    }

    private LinePattern label(int line) {
        String name = cursor.word("a variable");
        cursor.expect(":");
        return new LinePattern.LabelPattern(name, line);
    }

    private LinePattern instruction(int line) {
        LinePattern.Mnemonic mnemonic = mnemonic();
        List<OperandPattern> operands = new ArrayList<>();
        if (!cursor.atEnd()) {
            do {
                operands.add(operand());
            } while (cursor.take(","));
        }
        return new LinePattern.InstructionPattern(mnemonic, operands, line);
    }

    private LinePattern.Mnemonic mnemonic() {
        if (cursor.take("{")) {
            List<String> words = new ArrayList<>();
            do {
                words.add(cursor.word("a mnemonic"));
            } while (cursor.take(","));
            cursor.expect("}");
            return new LinePattern.Mnemonic(words, Optional.empty(), false);
        }
        int start = cursor.position();
        String stem = cursor.word("a mnemonic");
        // A condition is written directly behind its stem; a space makes it an operand.
        boolean joined = cursor.position() == start + stem.length();
        boolean negated = joined && cursor.take("!");
        if (joined && cursor.take("$")) {
            return new LinePattern.Mnemonic(List.of(stem), Optional.of(cursor.word("a condition")), negated);
        }
        if (negated) {
            throw cursor.wrong("expected a condition such as $cc");
        }
        return new LinePattern.Mnemonic(List.of(stem), Optional.empty(), false);
    }

    private OperandPattern operand() {
        if (cursor.at("$")) {
            return variable();
        }
        if (cursor.atNumber()) {
            return new OperandPattern.Number(cursor.number());
        }
        if (cursor.take("[")) {
            return sum(Optional.empty());
        }
        int start = cursor.position();
        String word = cursor.word("an operand: $variable, register, number or address");
        Optional<Width> width = Width.parse(word);
        if (width.isPresent()) {
            cursor.expect("[");
            return sum(width);
        }
        return new OperandPattern.Named(Register.parse(word)
                .orElseThrow(() -> cursor.wrong(start, "no register '" + word + "'; a variable begins with $")));
    }

    private OperandPattern.Variable variable() {
        cursor.expect("$");
        String name = cursor.word("a variable");
        List<OperandClass> classes = new ArrayList<>();
        if (cursor.take(":")) {
            do {
                int start = cursor.position();
                String word = cursor.word("a class");
                List<OperandClass> among = OperandClass.parse(word.toLowerCase(Locale.ROOT));
                if (among.isEmpty()) {
                    throw cursor.wrong(start, "no class '" + word + "'; there are: " + OperandClass.all());
                }
                classes.addAll(among);
            } while (cursor.take("|"));
        }
        return new OperandPattern.Variable(name, classes, cursor.take(".") ? bits() : 0);
    }

    private int bits() {
        int start = cursor.position();
        long bits = cursor.number();
        if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
            throw cursor.wrong(start, "a register has parts of 8, 16, 32 and 64 bits");
        }
        return (int) bits;
    }

    /** {@code $a + $b*4 + $c]}, behind the bracket; whether {@code $b} is an index or a number, its binding tells. */
    private OperandPattern sum(Optional<Width> width) {
        OperandPattern.Variable base = variable();
        Optional<OperandPattern.Variable> index = Optional.empty();
        Optional<OperandPattern> number = Optional.empty();
        int scale = 1;
        if (cursor.take("+")) {
            if (cursor.atNumber()) {
                number = Optional.of(new OperandPattern.Number(cursor.number()));
            } else {
                OperandPattern.Variable second = variable();
                int start = cursor.position();
                if (cursor.take("*")) {
                    scale = (int) cursor.number();
                    if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
                        throw cursor.wrong(start, "a scale is 1, 2, 4 or 8");
                    }
                }
                index = Optional.of(second);
            }
        }
        if (cursor.take("+")) {
            number = Optional.of(cursor.atNumber() ? new OperandPattern.Number(cursor.number()) : variable());
        }
        cursor.expect("]");
        return new OperandPattern.Sum(width, base, index, scale, number);
    }
}
