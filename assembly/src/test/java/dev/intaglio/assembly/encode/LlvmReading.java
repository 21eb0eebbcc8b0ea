package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.InstructionTable;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** LLVM's text of an instruction, understood: its words for sizes and its own spellings become ours. */
final class LlvmReading {
    private static final Pattern SIZE = Pattern.compile("\\b(\\w+) ptr ");
    private static final Pattern SCALED = Pattern.compile("\\b([1248])\\*(\\w+)");

    /** A line of {@code llvm-differences.txt}. */
    private record Spelling(boolean ofBoth, Pattern pattern, String text) {}

    private final List<Spelling> spellings = new ArrayList<>();
    private final Set<String> halves = new HashSet<>();
    private final Set<String> skipped = new HashSet<>();

    /** @param differences in the words that the head of {@code llvm-differences.txt} explains */
    LlvmReading(String differences) {
        differences
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> add(line.split("\\s+", 2)));
    }

    private void add(String[] words) {
        switch (words[0]) {
            case "half" -> halves.addAll(List.of(words[1].split(" ")));
            case "skip" -> skipped.addAll(List.of(words[1].split(" ")));
            case "both", "theirs" -> {
                String[] pair = words[1].split(" => ?", 2);
                spellings.add(new Spelling(words[0].equals("both"), Pattern.compile(pair[0].strip()), pair[1].strip()));
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    /** Whether LLVM is asked about the mnemonic. */
    boolean asks(String mnemonic) {
        return !skipped.contains(mnemonic);
    }

    /** LLVM's text in our notation. */
    String inOurNotation(String text) {
        String line = SIZE.matcher(text).replaceAll(word -> switch (word.group(1)) {
            case "xmmword" -> "oword ";
            case "ymmword" -> "yword ";
            case "zmmword" -> "zword ";
            case "tbyte" -> "tword ";
            default -> word.group(1) + " ";
        });
        return spelled(SCALED.matcher(line).replaceAll("$2*$1"), true);
    }

    private String spelled(String line, boolean theirs) {
        String spelled = line;
        for (Spelling spelling : spellings) {
            if (theirs || spelling.ofBoth()) {
                spelled = spelling.pattern().matcher(spelled).replaceAll(spelling.text());
            }
        }
        return spelled.strip();
    }

    /** Whether the text means what a line of ours does that was written for a form. */
    boolean means(String text, String line, InstructionForm form) {
        Optional<Instruction> theirs = parse(inOurNotation(text));
        Instruction ours = parse(spelled(line, false)).orElseThrow();
        if (theirs.isEmpty()
                || !theirs.get().mnemonic().equals(ours.mnemonic())
                || !theirs.get().prefixes().equals(ours.prefixes())
                || !same(theirs.get().decoration(), ours.decoration())) {
            return false;
        }
        List<Operand> operands = ours.operands();
        return same(theirs.get().operands(), operands, form)
                || isSymmetric(ours) && same(theirs.get().operands(), lastExchanged(operands), form);
    }

    /** Whether the last two operands may be exchanged. */
    private static boolean isSymmetric(Instruction instruction) {
        boolean commutes = instruction.operands().size() == 3
                && InstructionTable.x86_64().forms(instruction.mnemonic()).stream()
                        .anyMatch(form -> form.has("comm") && form.encoding().scheme() == Encoding.Scheme.VEX);
        return commutes || Set.of("test", "xchg").contains(instruction.mnemonic());
    }

    private static List<Operand> lastExchanged(List<Operand> operands) {
        List<Operand> exchanged = new ArrayList<>(operands);
        Collections.swap(exchanged, operands.size() - 1, operands.size() - 2);
        return exchanged;
    }

    private static Optional<Instruction> parse(String line) {
        Diagnostics diagnostics = new Diagnostics();
        List<Line> lines = StencilParser.parseAssembly(line, Scope.EMPTY, ParserOptions.DEFAULT, diagnostics);
        return lines.size() == 1 && lines.get(0) instanceof Instruction instruction && !diagnostics.hasErrors()
                ? Optional.of(instruction)
                : Optional.empty();
    }

    /** All braces but those that force an encoding. */
    private static boolean same(Decoration theirs, Decoration ours) {
        return theirs.mask().equals(ours.mask())
                && theirs.zeroing() == ours.zeroing()
                && theirs.broadcast() == ours.broadcast()
                && theirs.rounding().equals(ours.rounding());
    }

    private boolean same(List<Operand> theirs, List<Operand> ours, InstructionForm form) {
        if (theirs.size() != ours.size()) {
            return false;
        }
        List<OperandPattern> patterns = form.explicitOperands();
        for (int i = 0; i < ours.size(); i++) {
            // An immediate stands last, whatever else was left out before it.
            int place = patterns.size() - ours.size() + i;
            Optional<OperandType> type = place < 0
                    ? Optional.empty()
                    : Optional.of(patterns.get(place).type());
            if (!same(theirs.get(i), ours.get(i), type, form)) {
                return false;
            }
        }
        return true;
    }

    private boolean same(Operand theirs, Operand ours, Optional<OperandType> type, InstructionForm form) {
        if (theirs instanceof Operand.Memory their && ours instanceof Operand.Memory our) {
            boolean sameSize = our.width().isEmpty()
                    || their.width().isEmpty()
                    || our.width().equals(their.width());
            return sameSize && our.address().equals(their.address());
        }
        if (theirs instanceof Operand.Immediate their
                && ours instanceof Operand.Immediate our
                && type.isPresent()
                && type.get() instanceof OperandType.Immediate field) {
            long difference = their.value().constant().orElseThrow()
                    - our.value().constant().orElseThrow();
            return difference == 0
                    || isPower(difference, field.bytes())
                    || isPower(difference, ImmediateRange.operandBytes(form));
        }
        return theirs.equals(ours) || halves.contains(form.mnemonic()) && isPartOf(theirs, ours);
    }

    /** Whether two operands are parts of one general register. */
    private static boolean isPartOf(Operand theirs, Operand ours) {
        return theirs instanceof RegisterOperand.Fixed their
                && ours instanceof RegisterOperand.Fixed our
                && their.kind().isGeneral()
                && our.kind().isGeneral()
                && their.register().number() == our.register().number();
    }

    /** Whether two numbers that differ so are one in a field of that many bytes: with a sign here, without one there. */
    private static boolean isPower(long difference, int bytes) {
        return bytes < 8 && Math.abs(difference) == 1L << bytes * 8;
    }
}
