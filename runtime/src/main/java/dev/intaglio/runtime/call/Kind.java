package dev.intaglio.runtime.call;

import java.util.Optional;

/** A type that passes between Java and emitted code. */
public enum Kind {
    LONG(long.class, "J"),
    INT(int.class, "I"),
    DOUBLE(double.class, "D"),
    BOOLEAN(boolean.class, "Z"),
    VOID(void.class, "V");

    private final Class<?> type;
    private final String descriptor;

    Kind(Class<?> type, String descriptor) {
        this.type = type;
        this.descriptor = descriptor;
    }

    static Optional<Kind> of(Class<?> type) {
        for (Kind kind : values()) {
            if (kind.type == type) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    Class<?> type() {
        return type;
    }

    /** As class files spell it. */
    String descriptor() {
        return descriptor;
    }

    /** Local variable slots it takes in a Java method. */
    int slots() {
        return this == LONG || this == DOUBLE ? 2 : 1;
    }
}
