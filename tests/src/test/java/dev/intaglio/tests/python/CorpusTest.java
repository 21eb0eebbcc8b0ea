package dev.intaglio.tests.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that try the compiler's borders behave with the compiler as without it, and as under the system's python3.11. */
class CorpusTest {
    private static final Pattern PIECES = Pattern.compile("(\\d+) code objects compiled, (\\d+) pieces of fast code");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exceptions.py",
                "numbers.py",
                "frames.py",
                "references.py",
                "globals.py",
                "calls.py",
                "strings.py",
                "blocks.py",
                "attributes.py"
            })
    void aProgramOfTheCorpus(String name) throws URISyntaxException {
        compare(Path.of(Objects.requireNonNull(getClass().getResource(name), name)
                        .toURI())
                .toString());
    }

    @ParameterizedTest
    @CsvSource({"nbody.py, 3000", "spectral_norm.py, 60", "mandelbrot.py, 60", "collatz.py, 5000"})
    void anExample(String name, String size) {
        compare(Path.of("..", "examples", "python", name).toAbsolutePath().toString(), size);
    }

    private static void compare(String... program) {
        String[] with = new String[program.length + 1];
        with[0] = "--stats";
        System.arraycopy(program, 0, with, 1, program.length);
        Outcome compiled = Interpreter.HOSTED.run(with);
        assertThat(compiled.status()).as(compiled.err()).isZero();
        Matcher pieces = PIECES.matcher(compiled.err());
        assertThat(pieces.find()).as(compiled.err()).isTrue();
        assertThat(Integer.parseInt(pieces.group(2))).as("pieces of fast code").isPositive();
        with[0] = "--jit=off";
        Outcome interpreted = Interpreter.HOSTED.run(with);
        assertThat(compiled.out()).isEqualTo(interpreted.out());
        Assumptions.assumeTrue(Interpreter.SYSTEM.exists(), "there is no python3.11 here to compare with");
        assertThat(compiled.out()).isEqualTo(Interpreter.SYSTEM.run(program).out());
    }
}
