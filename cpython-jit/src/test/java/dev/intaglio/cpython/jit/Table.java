package dev.intaglio.cpython.jit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One opcode, as CPython's own modules describe it.
 *
 * @param effects on the stack for the arguments 0 to 5, where it does not jump
 * @param jumpEffects the same where it does
 */
record Table(
        String name,
        int number,
        int caches,
        List<Integer> specialized,
        List<Integer> effects,
        List<Integer> jumpEffects) {
    /** All opcodes of 3.11. */
    static List<Table> read() {
        var stream = Objects.requireNonNull(Table.class.getResourceAsStream("opcodes-3.11.txt"), "the table");
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Table::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Table parse(String line) {
        String[] f = line.split(" ");
        return new Table(
                f[0],
                Integer.parseInt(f[1]),
                Integer.parseInt(f[2]),
                f[3].equals("none") ? List.of() : numbers(f[3]),
                numbers(f[4]),
                numbers(f[5]));
    }

    private static List<Integer> numbers(String list) {
        return Arrays.stream(list.split(",")).map(Integer::valueOf).toList();
    }
}
