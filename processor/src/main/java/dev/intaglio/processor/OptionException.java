package dev.intaglio.processor;

/** An {@code -Aintaglio.…} option that cannot be understood. */
public final class OptionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OptionException(String option, String value, String message) {
        super("-A" + option + "=" + value + ": " + message);
    }
}
