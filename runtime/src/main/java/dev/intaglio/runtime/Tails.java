package dev.intaglio.runtime;

import java.util.HashMap;
import java.util.Map;

/** The labels of cold blocks that stencils of a piece share, by what the blocks do. */
final class Tails {
    /**
     * What a block is.
     *
     * @param lines its text with holes for values
     * @param label the label that it names; null where it names none
     */
    private record Key(String lines, long a, long b, long c, Object label) {}

    private final Map<Key, Label> labels = new HashMap<>();

    /** The label of a block, bound or not. */
    Label label(String lines, long a, long b, long c, Object label) {
        return labels.computeIfAbsent(new Key(lines, a, b, c, label), unused -> new Label());
    }

    void clear() {
        if (!labels.isEmpty()) {
            labels.clear();
        }
    }
}
