package dev.intaglio.assembly.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong line of the table is refused when its form is first asked for, with line, column and a caret. */
class TableMistakesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "add r/m32, imm8s : 83 /0 : :              |  20 | immediates of [1] bytes",
                "add r/m32, imm32 : 81 /0 ib : :           |  20 | fields of [1]",
                "add r/m32, r32 : 81 /0 : :                |  18 | places for 1 registers or addresses, there are 2",
                "add r/m32, r32 : 01 : :                   |  18 | places for 0 registers",
                "add r/m32 : 01 /r : :                     |  13 | places for 2 registers",
                "add r/m32, r/m32 : 01 /r : :              |   1 | 2 operands that may be memory",
                "push m64 : 50+r : :                       |   6 | has no ModRM byte",
                "add r/m99x, r32 : 01 /r : :               |   5 | 'r/m99x' is no operand type",
                "add r/m32, r32 : 01 /8 : :                |  21 | '/8' is not known in an encoding",
                "add r/m32, r32 : 0G /r : :                |  18 | '0G' is not known in an encoding",
                "add r/m32, r32 : 01 /r : x c :            |  26 | 'x' is no effect on flags",
                "add q:r/m32, r32 : 01 /r : :              |   5 | 'q' is no access",
                "vaddps w:zmm, zmm, zmm : VEX.256.0F 58 /r : : |  10 | needs EVEX",
                "vaddps w:xmm{z}, xmm, xmm : EVEX.128.0F 58 /r : : |  10 | {z} without {k}",
                "cmp r/m32, r32 : 39 /r : : lock           |  28 | 'lock' needs memory that is written",
                "vmov w:xmm, xmm : VEX.128.0F 28 /r : : mvr |  40 | 'mvr' tells the order of three operands",
                "add r/m32, r32 : 01 /r :                  |   1 | expected four columns",
            })
    void aLineIsRefusedAtThePlaceOfTheMistake(String line, int column, String message) {
        String mnemonic = line.substring(0, line.indexOf(' '));
        assertThatThrownBy(() -> new InstructionTable("# two lines\n" + line + "\n").forms(mnemonic))
                .isInstanceOf(TableException.class)
                .hasMessageContaining(message)
                .hasMessageStartingWith("x86-64.isa:2:" + column + ": ")
                .hasMessageEndingWith("\n    " + line + "\n    " + " ".repeat(column - 1) + "^");
    }

    @Test
    void everyFormOfTheTableIsChecked() {
        InstructionTable table = InstructionTable.x86_64();
        assertThat(table.mnemonics())
                .allSatisfy(mnemonic -> assertThat(table.forms(mnemonic)).isNotEmpty());
    }
}
