package dev.intaglio.cpython;

/** CPython cannot be hosted here; the message says why and what can be done. */
public final class HostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    HostException(String message) {
        super(message);
    }

    HostException(String message, Throwable cause) {
        super(message, cause);
    }
}
