package dev.intaglio.runtime;

/**
 * One line of a stencil, as listings and messages print it.
 *
 * @param fileLine the line in the source file, counted from 1
 * @param section the section its bytes go to: {@code code}, {@code cold}, {@code data} or a user's name
 * @param text the assembly, with {@code {0}}, {@code {1}}… where values chosen at emission stand
 */
public record StencilLine(int fileLine, String section, String text) {

    /** The text with {@code {n}} replaced by the n-th value; holes without a value stay as they are. */
    public String text(long... operands) {
        if (text.indexOf('{') < 0) {
            return text;
        }
        String filled = text;
        for (int n = 0; n < operands.length; n++) {
            filled = filled.replace("{" + n + "}", number(operands[n]));
        }
        return filled.replace("+ -", "- ");
    }

    /** Small numbers in decimal; addresses, masks and the bits of doubles in hexadecimal. */
    private static String number(long value) {
        return value > 0xffff || value < Integer.MIN_VALUE ? "0x" + Long.toHexString(value) : Long.toString(value);
    }
}
