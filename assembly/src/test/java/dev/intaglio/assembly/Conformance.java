package dev.intaglio.assembly;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The reference lines: instructions with the bytes that GNU as gives, and instructions that must be refused. */
public final class Conformance {
    /** A line to encode. */
    public record Encoding(String group, String line, String hex) {}

    /** A line to refuse. */
    public record Rejected(String reason, String line) {}

    private Conformance() {}

    public static List<Encoding> encodings() {
        return read("x64-encodings.tsv")
                .map(row -> new Encoding(row[0], row[1], row[2]))
                .toList();
    }

    public static List<Rejected> rejected() {
        return read("x64-rejected.tsv").map(row -> new Rejected(row[0], row[1])).toList();
    }

    private static java.util.stream.Stream<String[]> read(String name) {
        try (InputStream in = Conformance.class.getResourceAsStream("/conformance/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(line -> line.split("\t"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
