package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import java.util.Optional;

/** An operand that fits its form's types and still cannot be encoded. */
final class EncodingException extends Exception {
    private static final long serialVersionUID = 1L;
    private final DiagnosticCode code;
    private final transient Optional<String> help;

    EncodingException(DiagnosticCode code, String message, Optional<String> help) {
        super(message, null, false, false);
        this.code = code;
        this.help = help;
    }

    DiagnosticCode code() {
        return code;
    }

    Optional<String> help() {
        return help;
    }
}
