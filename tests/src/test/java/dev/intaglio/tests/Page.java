package dev.intaglio.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation. */
record Page(String text) {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** The page of a name that begins at the root, as {@code docs/runtime.md}. */
    static Page of(String name) {
        try {
            return new Page(Files.readString(ROOT.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands between {@code ```java} and {@code ```}, block by block, without the indentation of a list. */
    List<String> javaBlocks() {
        List<String> blocks = new ArrayList<>();
        Matcher matcher = Pattern.compile("(?ms)^( *)```java\\n(.*?)\\n\\1```$").matcher(text);
        while (matcher.find()) {
            blocks.add(matcher.group(2).stripIndent());
        }
        return blocks;
    }
}
