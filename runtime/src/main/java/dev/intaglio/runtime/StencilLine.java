package dev.intaglio.runtime;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a stencil, as listings and messages print it.
 *
 * @param fileLine the line in the source file, counted from 1
 * @param section the section its bytes go to: {@code code}, {@code cold}, {@code data} or a user's name
 * @param text the assembly, with {@code {0}} or {@code {0:expression}} where a value chosen at emission stands
 */
public record StencilLine(int fileLine, String section, String text) {
    private static final Pattern HOLE = Pattern.compile("\\{(\\d+)(?::([^{}]*))?}");

    /**
     * {@return the text with {@code {n}} replaced by the n-th value; holes without a value stay as they are}
     *
     * @param operands the values of all holes of the stencil
     */
    public String text(long... operands) {
        if (text.indexOf('{') < 0) {
            return text;
        }
        return HOLE.matcher(text)
                .replaceAll(hole -> {
                    int n = Integer.parseInt(hole.group(1));
                    return Matcher.quoteReplacement(n < operands.length ? number(operands[n]) : hole.group());
                })
                .replace("+ -", "- ");
    }

    /** {@return the text as it was written, as far as it is known: with the expressions that the values come from} */
    public String source() {
        return HOLE.matcher(text)
                .replaceAll(hole -> Matcher.quoteReplacement(hole.group(2) == null ? hole.group() : hole.group(2)));
    }

    /** Small numbers in decimal; addresses, masks and the bits of doubles in hexadecimal. */
    private static String number(long value) {
        return value > 0xffff || value < Integer.MIN_VALUE ? "0x" + Long.toHexString(value) : Long.toString(value);
    }
}
