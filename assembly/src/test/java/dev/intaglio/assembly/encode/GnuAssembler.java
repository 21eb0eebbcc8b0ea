package dev.intaglio.assembly.encode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GNU as as a judge: assembles many lines in our notation at once. */
final class GnuAssembler {
    /** A slot for each line: its length, then its bytes. */
    private static final int SLOT = 32;

    private static final Map<String, String> SIZE_WORDS =
            Map.of("tword", "tbyte", "oword", "xmmword", "yword", "ymmword", "zword", "zmmword");
    private static final Pattern SIZED =
            Pattern.compile("\\b(byte|word|dword|fword|qword|tword|oword|yword|zword) (?=(?:[c-gs]s:)?\\[)");
    private static final Pattern ERROR = Pattern.compile("lines\\.s:(\\d+): Error");

    private final Path folder;

    GnuAssembler(Path folder) {
        this.folder = folder;
    }

    /** The version's line, where both programs that are needed are installed. */
    static Optional<String> version() {
        try {
            run(List.of("objcopy", "--version"));
            return run(List.of("as", "--version")).lines().findFirst();
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    /** The bytes of each line as hex; empty where the assembler does not take it. */
    List<Optional<String>> assemble(List<String> lines) {
        try {
            return assembled(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Optional<String>> assembled(List<String> lines) throws IOException {
        boolean[] refused = new boolean[lines.size()];
        Path source = folder.resolve("lines.s");
        String errors;
        do {
            Files.writeString(source, source(lines, refused), StandardCharsets.US_ASCII);
            errors = run(List.of("as", "--64", "-o", folder.resolve("lines.o").toString(), source.toString()));
        } while (mark(errors, refused));
        Path image = folder.resolve("lines.bin");
        run(List.of(
                "objcopy",
                "-O",
                "binary",
                "-j",
                ".text",
                folder.resolve("lines.o").toString(),
                image.toString()));
        byte[] bytes = Files.readAllBytes(image);
        List<Optional<String>> result = new ArrayList<>();
        for (int i = 0; i < refused.length; i++) {
            int start = i * SLOT;
            byte[] one = Arrays.copyOfRange(bytes, start + 1, start + 1 + bytes[start]);
            result.add(
                    refused[i] ? Optional.empty() : Optional.of(HexFormat.of().formatHex(one)));
        }
        return result;
    }

    private static String source(List<String> lines, boolean[] refused) {
        StringBuilder text = new StringBuilder(".intel_syntax noprefix\n");
        for (int i = 0; i < refused.length; i++) {
            String line = refused[i] ? "nop" : notation(lines.get(i));
            text.append(".byte 9f-8f; 8: ")
                    .append(line)
                    .append("; 9: .balign ")
                    .append(SLOT)
                    .append('\n');
        }
        return text.toString();
    }

    private static boolean mark(String errors, boolean[] refused) {
        boolean marked = false;
        for (Matcher error = ERROR.matcher(errors); error.find(); ) {
            refused[Integer.parseInt(error.group(1)) - 2] = true;
            marked = true;
        }
        return marked;
    }

    /** Size words with {@code ptr}, and x87 registers in parentheses. */
    private static String notation(String line) {
        String sized =
                SIZED.matcher(line).replaceAll(word -> SIZE_WORDS.getOrDefault(word.group(1), word.group(1)) + " ptr ");
        return sized.replaceAll("\\bst([0-7])\\b", "st($1)");
    }

    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            process.waitFor();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
        return output;
    }
}
