package dev.intaglio.processor.write;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * About how many bytes of bytecode a method's body takes: a name or a literal is a load or a call of two to four bytes, an
 * operator one byte. It is off by a few percent, and rather upwards.
 */
final class MethodSize {
    /** What a class file can hold (JVMS 17, 4.7.3), less what the estimate may be off. */
    static final int LARGEST = 60_000;
    /** HotSpot interprets larger methods for ever (its flag HugeMethodLimit). */
    static final int LARGEST_COMPILED = 8_000;

    private static final Pattern TOKEN = Pattern.compile(
            "//.*|\"(?:\\\\.|[^\"\\\\])*\"|(?<name>(?<![\\w.$])[A-Za-z_$][\\w$]*)|(?<literal>(?<!\\w)\\d\\w*)"
                    + "|(?<operator>[-+*&|^<>=!/%]+)");
    private static final Set<String> NO_CODE =
            Set.of("long", "int", "byte", "else", "this", "boolean", "Label", "Section");
    /** Locals beyond this many need a prefix. */
    private static final int NARROW_LOCALS = 250;

    private MethodSize() {}

    static int estimate(String body) {
        Set<String> distinct = new HashSet<>();
        int names = 0;
        int bytes = 0;
        Matcher token = TOKEN.matcher(body);
        while (token.find()) {
            String name = token.group("name");
            if (name != null && !NO_CODE.contains(name)) {
                names++;
                distinct.add(name);
                bytes += 3;
            } else if (token.group("literal") != null) {
                bytes += 3;
            } else if (token.group("operator") != null) {
                bytes++;
            }
        }
        return bytes + (distinct.size() > NARROW_LOCALS ? names : 0);
    }
}
