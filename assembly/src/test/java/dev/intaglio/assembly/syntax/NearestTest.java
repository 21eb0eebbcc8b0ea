package dev.intaglio.assembly.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.table.InstructionTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a misspelled mnemonic most likely means. */
class NearestTest {
    /** Letters exchanged, added, left out and replaced; of several as near the one that begins alike. */
    @ParameterizedTest
    @CsvSource({"mvo, mov", "xorq, xor", "psuh, push", "imull, imul", "vaddp, vaddpd", "tets, test", "leave1, leave"})
    void isTheOneThatTakesTheFewestChanges(String word, String meant) {
        assertThat(Nearest.to(word, InstructionTable.x86_64().mnemonics())).hasValue(meant);
    }
}
