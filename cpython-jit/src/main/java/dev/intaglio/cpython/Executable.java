package dev.intaglio.cpython;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** What {@code sys.executable} names: a script that starts this Python again, so that programs can start children. */
final class Executable {
    private Executable() {}

    /** The script's path; it is written by the first who asks. */
    static Path script() {
        String text = "#!/bin/sh\nexec " + String.join(" ", command()) + " \"$@\"\n";
        Path folder = Distribution.cache().resolve("bin-" + Integer.toHexString(text.hashCode()));
        Path script = folder.resolve("python3");
        if (!Files.isExecutable(script)) {
            write(script, text);
        }
        return script;
    }

    private static void write(Path script, String text) {
        try {
            Files.createDirectories(script.getParent());
            Path written = Files.createTempFile(script.getParent(), "python3", "");
            Files.writeString(written, text);
            Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(written, script, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new HostException("cannot write " + script + ": " + e.getMessage(), e);
        }
    }

    private static List<String> command() {
        String launcher = System.getProperty("intaglio.launcher");
        if (launcher != null) {
            return List.of(quoted(launcher), "python");
        }
        List<String> command = new ArrayList<>();
        command.add(
                quoted(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            command.add(quoted(option));
        }
        command.add("-cp");
        command.add(quoted(System.getProperty("java.class.path")));
        command.add(Python.class.getName());
        return command;
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
