package dev.intaglio.assembly.table;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * How a form becomes bytes, in the manual's words.
 *
 * @param text as written
 * @param scheme the kind of prefix
 * @param prefixes legacy prefixes before the opcode, in order
 * @param wide REX.W, VEX.W1 or EVEX.W1
 * @param vectorBits 128, 256 or 512; 0 where length does not matter
 * @param map 0 for one-byte opcodes, then 1 for 0F, 2 for 0F38, 3 for 0F3A, 5 and 6 (VEX and EVEX)
 * @param prefixCode 0 none, 1 for 66, 2 for F3, 3 for F2 (VEX and EVEX)
 * @param opcode the opcode bytes; with VEX and EVEX the one behind the map
 * @param plusRegister a register's number is added to the last opcode byte
 * @param plusCondition a condition's number is added to the last opcode byte
 * @param hasModRm {@code /r} or {@code /digit}
 * @param digit the digit of {@code /digit}
 * @param immediates the sizes of the fields behind, in bytes
 * @param registerImmediate {@code /is4}: a register in the upper half of a last byte
 * @param trailing bytes behind the operands that never change: the predicate of a comparison
 * @param displacementUnit {@code disp8*N} (EVEX), where N is not the size of the memory operand
 */
public record Encoding(
        String text,
        Scheme scheme,
        List<Integer> prefixes,
        boolean wide,
        int vectorBits,
        int map,
        int prefixCode,
        List<Integer> opcode,
        boolean plusRegister,
        boolean plusCondition,
        boolean hasModRm,
        OptionalInt digit,
        List<Integer> immediates,
        boolean registerImmediate,
        List<Integer> trailing,
        OptionalInt displacementUnit) {

    /** The kinds of prefix that extend an opcode. */
    public enum Scheme {
        LEGACY,
        VEX,
        EVEX
    }

    /** Understands an encoding column. */
    public static Encoding parse(String text) {
        return new Reader(text).read();
    }

    @Override
    public String toString() {
        return text;
    }

    private static final Pattern OPCODE = Pattern.compile("[0-9A-F]{2}(\\+r|\\+cc|\\+i)?");
    private static final Pattern DIGIT = Pattern.compile("/[0-7]");
    private static final Pattern DISPLACEMENT_UNIT = Pattern.compile("disp8\\*[1248]");

    private static final class Reader {
        private final String text;
        private Scheme scheme = Scheme.LEGACY;
        private final List<Integer> prefixes = new ArrayList<>();
        private final List<Integer> opcode = new ArrayList<>();
        private final List<Integer> immediates = new ArrayList<>();
        private boolean wide;
        private int vectorBits;
        private int map;
        private int prefixCode;
        private boolean plusRegister;
        private boolean plusCondition;
        private boolean hasModRm;
        private OptionalInt digit = OptionalInt.empty();
        private boolean registerImmediate;
        private final List<Integer> trailing = new ArrayList<>();
        private OptionalInt displacementUnit = OptionalInt.empty();

        Reader(String text) {
            this.text = text;
        }

        Encoding read() {
            for (String token : text.trim().split("\\s+")) {
                token(token);
            }
            if (opcode.isEmpty()) {
                throw new IllegalArgumentException("the encoding has no opcode: " + text);
            }
            if (scheme == Scheme.LEGACY) {
                while (opcode.size() > 1 && isPrefix(opcode.get(0))) {
                    prefixes.add(opcode.remove(0));
                }
            }
            return new Encoding(
                    text,
                    scheme,
                    List.copyOf(prefixes),
                    wide,
                    vectorBits,
                    map,
                    prefixCode,
                    List.copyOf(opcode),
                    plusRegister,
                    plusCondition,
                    hasModRm,
                    digit,
                    List.copyOf(immediates),
                    registerImmediate,
                    List.copyOf(trailing),
                    displacementUnit);
        }

        private static boolean isPrefix(int value) {
            return value == 0x66 || value == 0xF2 || value == 0xF3 || value == 0x67 || value == 0x9B;
        }

        private void token(String token) {
            switch (token) {
                case "REX.W" -> {
                    wide = true;
                    prefixes.addAll(opcode);
                    opcode.clear();
                }
                case "/r" -> hasModRm = true;
                case "ib", "cb" -> immediates.add(1);
                case "iw" -> immediates.add(2);
                case "id", "cd" -> immediates.add(4);
                case "io" -> immediates.add(8);
                case "/is4" -> registerImmediate = true;
                case "+r" -> plusRegister = true;
                case "+cc" -> plusCondition = true;
                case "+p" -> trailing.add(0); // of a whole family; its members have the predicate's byte here
                default -> other(token);
            }
        }

        private void other(String token) {
            if (token.startsWith("VEX.") || token.startsWith("EVEX.")) {
                scheme = token.startsWith("V") ? Scheme.VEX : Scheme.EVEX;
                for (String part : token.split("\\.")) {
                    vectorPart(part);
                }
            } else if (DISPLACEMENT_UNIT.matcher(token).matches()) {
                displacementUnit = OptionalInt.of(token.charAt(token.length() - 1) - '0');
            } else if (DIGIT.matcher(token).matches()) {
                hasModRm = true;
                digit = OptionalInt.of(token.charAt(1) - '0');
            } else if (hasModRm && OPCODE.matcher(token).matches()) {
                trailing.add(Integer.parseInt(token, 16));
            } else if (OPCODE.matcher(token).matches()) {
                opcode.add(Integer.parseInt(token.substring(0, 2), 16));
                plusRegister |= token.endsWith("+r") || token.endsWith("+i");
                plusCondition |= token.endsWith("+cc");
            } else {
                throw new IllegalArgumentException("'" + token + "' is not known in an encoding");
            }
        }

        private void vectorPart(String part) {
            switch (part) {
                case "VEX", "EVEX", "NP", "W0", "WIG", "LIG", "LLIG", "L0", "LZ", "NDS", "NDD", "DDS" -> {}
                case "128" -> vectorBits = 128;
                case "256", "L1" -> vectorBits = 256;
                case "512" -> vectorBits = 512;
                case "66" -> prefixCode = 1;
                case "F3" -> prefixCode = 2;
                case "F2" -> prefixCode = 3;
                case "0F" -> map = 1;
                case "0F38" -> map = 2;
                case "0F3A" -> map = 3;
                case "MAP5" -> map = 5;
                case "MAP6" -> map = 6;
                case "W1" -> wide = true;
                default -> throw new IllegalArgumentException("'" + part + "' is not known in an encoding");
            }
        }
    }
}
