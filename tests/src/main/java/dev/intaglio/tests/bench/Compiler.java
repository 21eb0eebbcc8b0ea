package dev.intaglio.tests.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs that translate others: g++ and what DynASM needs. */
final class Compiler {
    /** What tells most of a failure; the linker's last line, which has "error:" as well, tells nothing. */
    private static final Pattern ERROR =
            Pattern.compile("(?<!collect2: )error: |cannot find |undefined reference|cannot open ");

    private static final Pattern ABSENT =
            Pattern.compile("fatal error: (\\S+): No such file or directory|cannot find (-l[^\\s:]+)");

    private Compiler() {}

    /** Its first error, or nothing where it did its work. */
    static Optional<String> complaint(List<String> command, Path folder) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C"); // the messages that are looked for
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return Optional.of(command.get(0) + " is not installed");
        }
        List<String> lines;
        try (var reader = process.inputReader()) {
            lines = reader.lines().filter(line -> !line.isBlank()).toList();
        }
        int status = process.waitFor();
        if (status == 0) {
            return Optional.empty();
        }
        return Optional.of(lines.stream()
                .filter(line -> ERROR.matcher(line).find())
                .findFirst()
                .or(() -> lines.stream().findFirst())
                .orElse(command.get(0) + " ended with status " + status));
    }

    /** The header or library that was not found, where that was the error. */
    static Optional<String> absent(String complaint) {
        Matcher matcher = ABSENT.matcher(complaint);
        return matcher.find()
                ? Optional.ofNullable(matcher.group(1)).or(() -> Optional.of(matcher.group(2)))
                : Optional.empty();
    }
}
