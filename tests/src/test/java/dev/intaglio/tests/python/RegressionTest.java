package dev.intaglio.tests.python;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CPython's own regression tests, under the compiler. */
class RegressionTest {
    /** {@code -m test}, with an interrupt that raises: a process in the background of a shell begins without. */
    private static final String PROGRAM = """
            import runpy, signal, sys
            signal.signal(signal.SIGINT, signal.default_int_handler)
            sys.argv[0] = "test"
            runpy.run_module("test", run_name="__main__", alter_sys=True)
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "test_float", "test_int", "test_list", "test_tuple", "test_dict", "test_generators", "test_scope",
                "test_call", "test_frame", "test_range", "test_iter", "test_unpack", "test_compare", "test_augassign",
                "test_extcall", "test_with", "test_keywordonlyarg", "test_property"
            })
    void passes(String module) {
        Outcome run = Interpreter.HOSTED.run("-c", PROGRAM, module);
        assertThat(run.status()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("Tests result: SUCCESS");
    }
}
