package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.ir.ExpressionType;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Java's integer literals, with one liberty: a number that an int cannot hold is a long, also without the suffix, so that
 * {@code 0xffffffff} and {@code 4294967295} are one number as in any other assembler.
 */
final class IntegerLiterals {
    private static final Pattern LITERAL =
            Pattern.compile("(0[xX][0-9a-fA-F](_*[0-9a-fA-F])*|0[bB][01](_*[01])*|0(_*[0-7])*|[1-9](_*[0-9])*)[lL]?");

    private IntegerLiterals() {}

    /** The number; empty where the text is none, or none of 64 bits. */
    static Optional<Node.Literal> parse(String literal) {
        if (!LITERAL.matcher(literal).matches()) {
            return Optional.empty();
        }
        String digits = literal.replace("_", "");
        boolean isLong = digits.endsWith("L") || digits.endsWith("l");
        digits = isLong ? digits.substring(0, digits.length() - 1) : digits;
        int radix = 10;
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            radix = 16;
            digits = digits.substring(2);
        } else if (digits.startsWith("0b") || digits.startsWith("0B")) {
            radix = 2;
            digits = digits.substring(2);
        } else if (digits.startsWith("0")) {
            radix = 8;
        }
        BigInteger value = new BigInteger(digits, radix);
        if (value.bitLength() > 64) {
            return Optional.empty();
        }
        return Optional.of(new Node.Literal(
                value.longValue(), isLong || value.bitLength() > 31 ? ExpressionType.LONG : ExpressionType.INT));
    }

    /** Whether this is the literal whose negation alone is an int in Java. */
    static boolean isSmallest(String literal) {
        return literal.replace("_", "").equals("2147483648");
    }

    /** The smallest int, from the literal behind its minus. */
    static Optional<Node> negated(String literal) {
        return parse(literal).map(unused -> new Node.Literal(Integer.MIN_VALUE, ExpressionType.INT));
    }
}
