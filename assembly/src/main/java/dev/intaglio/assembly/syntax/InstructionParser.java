package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses a statement that is an instruction: prefixes, mnemonic, operands, decorations in braces. */
final class InstructionParser {
    private static final Set<String> PREFIXES = Set.of(
            "lock",
            "rep",
            "repe",
            "repz",
            "repne",
            "repnz",
            "xacquire",
            "xrelease",
            "bnd",
            "notrack",
            "data16",
            "addr32");
    private static final Set<String> ENCODINGS =
            Set.of("vex", "vex2", "vex3", "evex", "load", "store", "likely", "unlikely");
    private static final Set<String> ROUNDINGS = Set.of("rn-sae", "rd-sae", "ru-sae", "rz-sae", "sae");
    private static final Pattern BRACES = Pattern.compile("\\{\\s*([^{}]*?)\\s*\\}");
    private static final Pattern BROADCAST = Pattern.compile("1to(2|4|8|16|32)");
    private static final Pattern MASK = Pattern.compile("k([0-7])");

    private final OperandParser operands;

    InstructionParser(OperandParser operands) {
        this.operands = operands;
    }

    Instruction parse(Text statement) throws SyntaxError {
        Decorations decorations = new Decorations();
        List<String> prefixes = new ArrayList<>();
        Text rest = statement.strip();
        while (rest.at(0) == '{') {
            rest = leading(rest, decorations).strip();
        }
        int word = mnemonicEnd(rest);
        String mnemonic = rest.chars().substring(0, word).toLowerCase(Locale.ROOT);
        while (PREFIXES.contains(mnemonic) && !rest.from(word).isBlank()) {
            prefixes.add(mnemonic);
            rest = rest.from(word).strip();
            word = mnemonicEnd(rest);
            mnemonic = rest.chars().substring(0, word).toLowerCase(Locale.ROOT);
        }
        if (word == 0) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    rest.span(),
                    "expected an instruction, a label or a directive, found '" + rest + "'");
        }
        char after = rest.at(word);
        if (after != 0 && !Character.isWhitespace(after) && after != '{') {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    rest.span(word, word + 1),
                    "expected a blank after '" + mnemonic + "', found '" + after + "'");
        }
        List<Operand> parsed = new ArrayList<>();
        List<Span> spans = new ArrayList<>();
        for (Text operand : operands.split(rest.from(word))) {
            Text undecorated = trailing(operand.strip(), parsed.isEmpty(), decorations);
            if (undecorated.isBlank() && !operand.isBlank()) {
                continue; // {rn-sae} as an operand of its own
            }
            parsed.add(operands.parse(undecorated.length() == 0 ? operand : undecorated));
            spans.add(undecorated.strip().span());
        }
        return new Instruction(
                prefixes,
                mnemonic,
                parsed,
                decorations.build(),
                statement.strip().span(),
                spans);
    }

    private static int mnemonicEnd(Text text) {
        return Scanner.wordEnd(text, 0);
    }

    private Text leading(Text text, Decorations decorations) throws SyntaxError {
        Matcher braces = BRACES.matcher(text.chars());
        if (!braces.lookingAt()) {
            throw new SyntaxError(DiagnosticCode.UNBALANCED, text.span(0, 1), "this { is not closed");
        }
        String word = braces.group(1).toLowerCase(Locale.ROOT);
        if (!ENCODINGS.contains(word)) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    text.span(0, braces.end()),
                    "'{" + word + "}' is not known before an instruction",
                    word.startsWith("disp")
                            ? "a displacement's size is written in the brackets: [byte rax], [dword rax]"
                            : "one of {vex} {vex2} {vex3} {evex} {load} {store} {likely} {unlikely}");
        }
        decorations.encoding = Optional.of(word);
        return text.from(braces.end());
    }

    /** The operand before its braces, which are taken down. */
    private Text trailing(Text operand, boolean first, Decorations decorations) throws SyntaxError {
        int open = Scanner.find(operand, '{', 0);
        if (open < 0 || Scanner.word(operand, 0).equals("new")) {
            return operand;
        }
        Text before = operand.slice(0, open).strip();
        boolean memory = before.length() > 0 && before.at(before.length() - 1) == ']';
        Text braces = operand.from(open);
        Matcher matcher = BRACES.matcher(braces.chars());
        int at = 0;
        while (matcher.find() && braces.chars().substring(at, matcher.start()).isBlank()) {
            decorations.take(
                    matcher.group(1),
                    new Seat(braces.span(matcher.start(), matcher.end()), before.length() == 0, first, memory),
                    operands,
                    braces.slice(matcher.start(1), matcher.end(1)));
            at = matcher.end();
        }
        if (!braces.from(at).isBlank()) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    braces.from(at).strip().span(),
                    "expected nothing after the braces, found '"
                            + braces.from(at).strip() + "'");
        }
        return operand.slice(0, open).strip();
    }

    /** Where a decoration stands: alone between commas, behind the first operand, behind brackets. */
    private record Seat(Span place, boolean alone, boolean first, boolean memory) {}

    /** The decorations found so far. */
    private static final class Decorations {
        private Optional<RegisterOperand> mask = Optional.empty();
        private boolean zeroing;
        private int broadcast;
        private Optional<String> rounding = Optional.empty();
        private Optional<String> encoding = Optional.empty();

        void take(String text, Seat seat, OperandParser operands, Text inner) throws SyntaxError {
            String word = text.toLowerCase(Locale.ROOT);
            Matcher toAll = BROADCAST.matcher(word);
            Matcher register = MASK.matcher(word);
            if (word.equals("z")) {
                require(!zeroing && seat.first() && !seat.alone(), text, seat, "once, behind the destination");
                zeroing = true;
            } else if (toAll.matches()) {
                require(broadcast == 0 && seat.memory(), text, seat, "once, behind a memory operand");
                broadcast = Integer.parseInt(toAll.group(1));
            } else if (ROUNDINGS.contains(word)) {
                require(rounding.isEmpty() && !seat.memory(), text, seat, "once, after the registers");
                rounding = Optional.of(word);
            } else if (register.matches() || word.startsWith("k(")) {
                require(mask.isEmpty() && seat.first() && !seat.alone(), text, seat, "once, behind the destination");
                mask = Optional.of(mask(register, operands, inner));
            } else {
                throw new SyntaxError(
                        DiagnosticCode.UNEXPECTED_TOKEN,
                        seat.place(),
                        "'{" + text + "}' is not known after an operand",
                        "one of {k1} to {k7}, {z}, {1to2} to {1to32}, {rn-sae}, {rd-sae}, {ru-sae}, {rz-sae}, {sae}");
            }
        }

        private static void require(boolean fits, String text, Seat seat, String where) throws SyntaxError {
            if (!fits) {
                throw new SyntaxError(DiagnosticCode.UNEXPECTED_TOKEN, seat.place(), "{" + text + "} stands " + where);
            }
        }

        private static RegisterOperand mask(Matcher register, OperandParser operands, Text inner) throws SyntaxError {
            if (register.matches()) {
                return new RegisterOperand.Fixed(new Register(RegisterClass.MASK, Integer.parseInt(register.group(1))));
            }
            if (operands.parse(inner) instanceof RegisterOperand mask) {
                return mask;
            }
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN, inner.span(), "expected a mask register, found '" + inner + "'");
        }

        Decoration build() {
            return new Decoration(mask, zeroing, broadcast, rounding, encoding);
        }
    }
}
