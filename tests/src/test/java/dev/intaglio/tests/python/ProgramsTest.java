package dev.intaglio.tests.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs print, raise and end the same with compiled code, without it, and under the system's python3.11. */
class ProgramsTest {
    static List<String> programs() {
        return List.of(
                "arithmetic.py",
                "classes.py",
                "errors.py",
                "flow.py",
                "frames.py",
                "interrupt.py",
                "lifetimes.py",
                "sequences.py",
                "switching.py",
                "uncaught.py");
    }

    static List<String> examples() {
        return List.of("nbody.py 2000", "spectral_norm.py 30", "mandelbrot.py 40", "collatz.py 3000");
    }

    /** The first start unpacks CPython and says so. */
    @BeforeAll
    static void unpack() {
        assertThat(Interpreter.INTERPRETED.run("-c", "pass").status()).isZero();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void programsDoTheSameCompiledInterpretedAndUnderTheSystemsPython(String program) {
        compare(program);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void examplesPrintTheSameEverywhere(String line) {
        compare(("../../../../examples/python/" + line).split(" "));
    }

    /** The comparison that benchmarks make would mean nothing otherwise. */
    @ParameterizedTest
    @MethodSource("examples")
    void examplesPrintTheSameFromCopiedAndPatchedCode(String line) {
        String[] program = ("../../../../examples/python/" + line).split(" ");
        assertThat(Interpreter.COPY_AND_PATCH.run(program).toString())
                .isEqualTo(Interpreter.INTERPRETED.run(program).toString());
    }

    /**
     * No rule is applied to copied and patched code: rules on and rules off, on whole programs ({@code -Drules.programs=all}). The
     * models of the stencils compare them one by one, and with each rule alone where that makes other code.
     */
    @ParameterizedTest
    @EnabledIfSystemProperty(named = "rules.programs", matches = "all")
    @MethodSource("programs")
    void programsDoTheSameWithRulesAndWithout(String program) {
        assertThat(Interpreter.COPY_AND_PATCH.run(program).toString())
                .isEqualTo(Interpreter.COMPILED.run(program).toString());
    }

    /** Each line of output begins with its function's seed; {@code generated.py SEED} prints that function. */
    @Test
    void randomFunctionsComputeTheSameEverywhere() {
        String seed = Long.toString(Long.getLong("intaglio.seed", 4711));
        compare("generated.py", seed, Integer.toString(Integer.getInteger("intaglio.functions", 250)));
    }

    private static void compare(String... line) {
        var compiled = CompletableFuture.supplyAsync(() -> Interpreter.COMPILED.run(line));
        String interpreted = Interpreter.INTERPRETED.run(line).toString();
        assertThat(compiled.join().toString())
                .as(List.of(line) + ", compiled and interpreted")
                .isEqualTo(interpreted);
        assumeTrue(Interpreter.SYSTEM.exists(), "no python3.11 on this machine to compare with");
        assertThat(interpreted)
                .as(List.of(line) + ", hosted and the system's")
                .isEqualTo(Interpreter.SYSTEM.run(line).toString());
    }
}
