package dev.intaglio.tests.python;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CPython's own regression tests, under the compiler. */
class RegressionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "test_float", "test_int", "test_list", "test_tuple", "test_dict", "test_generators", "test_scope",
                "test_call", "test_frame", "test_range", "test_iter", "test_unpack", "test_compare", "test_augassign"
            })
    void passes(String module) {
        PythonProcess run = PythonProcess.hosted("-m", "test", module);
        assertThat(run.status()).as(run.output() + run.errors()).isZero();
        assertThat(run.output()).contains("Tests result: SUCCESS");
    }
}
