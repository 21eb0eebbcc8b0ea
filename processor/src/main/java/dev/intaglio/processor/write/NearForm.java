package dev.intaglio.processor.write;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The form of a run for what nearly all emissions have: displacements as small as those of slots of a frame, which the runtime's tables have;
 * addresses of functions, outside the cache and in reach of all of it; and nobody who wants a listing. One test tells so, and nothing is
 * asked behind it. The form for everything else stands in the same method, which is thereby as a rule too large for HotSpot to inline
 * (FreqInlineSize, 325 bytes): a loop into which many stencils are inlined is a fifth slower, as it computes before the choice what several of
 * them need.
 */
final class NearForm {
    /** What the runtime's tables have: -128 to 383. */
    private static final String NEAR = " + 128";

    private static final int BITS = 9;

    private static final Pattern DISPLACED = Pattern.compile("(?m)^( *\\w+ = displaced(?:Always)?)\\(");
    private static final Pattern TO_ADDRESS =
            Pattern.compile("(?m)^( *\\w+ = (?:call|jump|branch))Address(\\([^;]*),\\s+\\d+\\);$");
    private static final Pattern BIND = Pattern.compile("(?m)^( *bind)\\(");
    private static final Pattern START = Pattern.compile("(?m)^ *long (start\\d*) = \\w+;\n");

    private final Set<String> displacements = new LinkedHashSet<>();
    private final Set<String> addresses = new LinkedHashSet<>();

    /** Notes that an instruction has the displacement that a local holds. */
    void addDisplacement(String local) {
        displacements.add(local);
    }

    /** Notes that an instruction goes to the address that a local holds. */
    void addAddress(String local) {
        addresses.add(local);
    }

    /**
     * The run in both forms; in one where there is nothing to ask once, or both together are more than HotSpot compiles.
     *
     * @param head the values
     * @param tests those of the checks
     * @param emission what emits any values
     * @param unlisted the same without what records for the listing
     */
    String beside(String head, Checks checks, String tests, String emission, String unlisted) {
        String one = head + tests + emission;
        if (displacements.isEmpty() && addresses.isEmpty()) {
            return one;
        }
        boolean isChecked = checks.areOfInts(displacements); // near ones pass
        Source forms = new Source();
        forms.open("if (" + condition() + ") {");
        of(unlisted).lines().forEach(forms::line);
        forms.middle("} else {");
        ((isChecked ? tests : "") + emission).lines().forEach(forms::line);
        forms.close();
        String both = head + (isChecked ? "" : tests) + forms;
        return MethodSize.estimate(both) <= MethodSize.LARGEST_COMPILED ? both : one;
    }

    /** The condition that the values have this form. */
    private String condition() {
        List<String> parts = new ArrayList<>();
        if (!displacements.isEmpty()) {
            String all = displacements.stream().map(local -> local + NEAR).collect(Collectors.joining(" | "));
            parts.add("(" + all + ") >>> " + BITS);
        }
        addresses.forEach(local -> parts.add("special(" + local + ")"));
        if (addresses.isEmpty()) {
            parts.add("listed()");
        }
        return "(" + String.join(" | ", parts) + ") == 0";
    }

    /** Statements for such values, from those for all but for the listing. */
    private static String of(String statements) {
        String near = DISPLACED.matcher(statements).replaceAll("$1Near(");
        near = TO_ADDRESS.matcher(near).replaceAll("$1Near$2);");
        near = BIND.matcher(near).replaceAll("$1Near(");
        return withoutUnused(near);
    }

    /** What holds the start of a line is there for the listing, and only sometimes for a label, too. */
    private static String withoutUnused(String statements) {
        StringBuilder rest = new StringBuilder();
        Matcher start = START.matcher(statements);
        while (start.find()) {
            boolean isUsed = Pattern.compile("\\b" + start.group(1) + "\\b")
                            .matcher(statements)
                            .results()
                            .count()
                    > 1;
            start.appendReplacement(rest, isUsed ? Matcher.quoteReplacement(start.group()) : "");
        }
        return start.appendTail(rest).toString();
    }
}
