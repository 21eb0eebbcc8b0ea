package dev.intaglio.processor.write;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The displacements of a run that are nearly always small, such as those of slots of a frame: one test tells that all of them are in the
 * runtime's tables, and thereby in 32 bits. Where one is not, another method emits the run, with a test for each.
 */
final class NearForm {
    /** What the runtime's tables have: -128 to 383. */
    private static final String NEAR = " + 128";

    private static final int BITS = 9;

    /** Bytes of bytecode: two methods of such a size stay far below what HotSpot compiles. */
    private static final int LARGEST = MethodSize.LARGEST_COMPILED / 2;

    private static final Pattern CALL = Pattern.compile("(?m)^( *\\w+ = displaced(?:Always)?)\\(");

    private final Set<String> locals = new LinkedHashSet<>();
    private int uses;

    /** Notes that an instruction has the displacement that a local holds. */
    void add(String local) {
        locals.add(local);
        uses++;
    }

    /** Whether it saves tests beside the checks of the run, which it must imply, and the run's statements may stand twice. */
    boolean isWorthIt(Checks checks, String statements) {
        return uses > (checks.isEmpty() ? 1 : 0)
                && checks.areOfInts(locals)
                && MethodSize.estimate(statements) <= LARGEST;
    }

    /** The condition that some displacement is not near. */
    String isFar() {
        String all = locals.stream().map(local -> local + NEAR).collect(Collectors.joining(" | "));
        return "((" + all + ") >>> " + BITS + ") != 0";
    }

    /** Statements for near displacements, from those for all. */
    static String of(String statements) {
        return CALL.matcher(statements).replaceAll("$1Near(");
    }
}
