package dev.intaglio.processor.write;

import java.util.ArrayList;
import java.util.List;

/** The {@code ->name} labels of an emitter, by number. */
final class Globals {
    private final List<String> names = new ArrayList<>();

    int index(String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            names.add(name);
            index = names.size() - 1;
        }
        return index;
    }

    List<String> names() {
        return names;
    }
}
