package dev.intaglio.runtime;

import java.util.Arrays;
import java.util.Map;
import java.util.StringJoiner;

/** What one call of a stencil emitted, as noted for the listing: {@code starts} are pairs of line index and position. */
record EmissionNote(StencilSource source, int[] starts, Object[] arguments, long[] operands) {

    /** The same with the places of its lines. */
    EmissionNote at(int[] places) {
        return new EmissionNote(source, places, arguments, operands);
    }

    /** The same with labels replaced by their names, because labels are used again. */
    EmissionNote naming(Map<Label, String> names) {
        Object[] named = arguments.clone();
        for (int i = 0; i < named.length; i++) {
            if (named[i] instanceof Label label) {
                named[i] = names.getOrDefault(label, label.name());
            }
        }
        return new EmissionNote(source, starts, named, operands);
    }

    /** Whether this is a later part of the same call, whose Java lines split it. */
    boolean continues(EmissionNote earlier) {
        return source == earlier.source
                && Arrays.equals(arguments, earlier.arguments)
                && starts.length > 0
                && earlier.starts.length > 0
                && starts[0] > earlier.starts[earlier.starts.length - 2];
    }

    /** {@code FloatOps.loadFast(index=3, unbound=exit)}. */
    String call() {
        StringJoiner list = new StringJoiner(", ", source.emitter() + "." + source.stencil() + "(", ")");
        String[] names = source.parameters();
        for (int i = 0; i < arguments.length; i++) {
            list.add((i < names.length ? names[i] + "=" : "") + arguments[i]);
        }
        return list.toString();
    }
}
