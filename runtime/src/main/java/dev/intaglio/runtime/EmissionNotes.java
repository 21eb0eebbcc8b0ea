package dev.intaglio.runtime;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What the stencils of a piece emitted and which labels they bound, for its listing. */
final class EmissionNotes {
    private final List<EmissionNote> notes = new ArrayList<>();
    private final List<Label> bound = new ArrayList<>();

    void add(EmissionNote note) {
        notes.add(note);
    }

    void bind(Label label) {
        bound.add(label);
    }

    void clear() {
        notes.clear();
        bound.clear();
    }

    /** The notes, with labels replaced by their names. */
    List<EmissionNote> named() {
        Map<Label, String> names = names();
        return notes.stream().map(note -> note.naming(names)).toList();
    }

    /** The labels at their addresses. */
    List<Code.PlacedLabel> labels() {
        Map<Label, String> names = names();
        return bound.stream()
                .map(label -> new Code.PlacedLabel(names.get(label), label.address))
                .toList();
    }

    /** Labels without a name are numbered. */
    private Map<Label, String> names() {
        Map<Label, String> names = new IdentityHashMap<>();
        for (Label label : bound) {
            names.put(label, label.name().isEmpty() ? "L" + (names.size() + 1) : label.name());
        }
        return names;
    }
}
