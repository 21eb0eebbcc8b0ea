package dev.intaglio.assembly.machine;

import java.util.Locale;
import java.util.Optional;

/** The size of a memory operand, by the word that stands before it. */
public enum Width {
    BYTE(1),
    WORD(2),
    DWORD(4),
    FWORD(6),
    QWORD(8),
    TWORD(10),
    OWORD(16),
    YWORD(32),
    ZWORD(64);

    private final int bytes;

    Width(int bytes) {
        this.bytes = bytes;
    }

    public int bytes() {
        return bytes;
    }

    public int bits() {
        return bytes * 8;
    }

    /** The width that a size word names ({@code xmmword} and the like included), whatever its case. */
    public static Optional<Width> parse(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "byte" -> Optional.of(BYTE);
            case "word" -> Optional.of(WORD);
            case "dword" -> Optional.of(DWORD);
            case "fword" -> Optional.of(FWORD);
            case "qword" -> Optional.of(QWORD);
            case "tword", "tbyte" -> Optional.of(TWORD);
            case "oword", "xmmword" -> Optional.of(OWORD);
            case "yword", "ymmword" -> Optional.of(YWORD);
            case "zword", "zmmword" -> Optional.of(ZWORD);
            default -> Optional.empty();
        };
    }

    /** The size word. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
