package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapesTest {
    private static final long BASE = 0x7e00_0000_0000L;

    private final CodeBuffer buffer = CodeBuffer.detached(BASE);
    private final HandEmitter emitter = new HandEmitter(buffer);

    // mov rax, [rdi + d] is 48 8b 07; mov rax, [rbp + d] is 48 8b 45
    @ParameterizedTest
    @CsvSource({
        "0, 488b07, 488b4700",
        "1, 488b4701, 488b4701",
        "127, 488b477f, 488b477f",
        "128, 488b8780000000, 488b8780000000",
        "-128, 488b4780, 488b4780",
        "-129, 488b877fffffff, 488b877fffffff",
        "2147483647, 488b87ffffff7f, 488b87ffffff7f",
        "-2147483648, 488b8700000080, 488b8700000080"
    })
    void aDisplacementTakesTheFewestBytes(long displacement, String plain, String always) {
        emitter.displaced(0x078b48, 3, 2, displacement, false);
        assertThat(code()).isEqualTo(plain);
        emitter.displaced(0x078b48, 3, 2, displacement, true);
        assertThat(code()).isEqualTo(always);
    }

    @Test
    void aSevenByteHeadKeepsItsDisplacement() {
        // the head's last bytes are a ModRM and a SIB
        emitter.displaced(0x24_04_10_0f_f2_66_67L, 7, 5, -2, false);
        assertThat(code()).isEqualTo("6766f20f104424fe");
        emitter.displaced(0x24_04_10_0f_f2_66_67L, 7, 5, 0x12345678, false);
        assertThat(code()).isEqualTo("6766f20f10842478563412");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 31c0, b800000000",
        "3, 0, 31db, bb00000000",
        "15, 0, 4531ff, 41bf00000000",
        "1, 1, b901000000, b901000000",
        "8, 4294967295, 41b8ffffffff, 41b8ffffffff",
        "7, -1, 48c7c7ffffffff, 48c7c7ffffffff",
        "12, -2147483648, 49c7c400000080, 49c7c400000080",
        "0, 4294967296, 48b80000000001000000, 48b80000000001000000",
        "9, -2147483649, 49b9ffffff7fffffffff, 49b9ffffff7fffffffff",
        "0, 138538465099783, 488d0500000000, 488d0500000000",
        "9, 138538465099784, 4c8d0d01000000, 4c8d0d01000000",
        "15, 138536317616136, 4c8d3d01000080, 4c8d3d01000080"
    })
    void aConstantTakesTheFewestBytes(int register, long value, String plain, String keepingFlags) {
        // 138538465099776 is 0x7e0000000000, the address of the instruction
        emitter.constant(register, value, false);
        assertThat(code()).isEqualTo(plain);
        emitter.constant(register, value, true);
        assertThat(code()).isEqualTo(keepingFlags);
    }

    @Test
    void alignmentIsFilledWithAsFewNopsAsCanBe() {
        String[] nops = {
            "",
            "90",
            "6690",
            "0f1f00",
            "0f1f4000",
            "0f1f440000",
            "660f1f440000",
            "0f1f8000000000",
            "0f1f840000000000",
            "660f1f840000000000",
            "660f1f84000000000090"
        };
        for (int gap = 0; gap < nops.length; gap++) {
            emitter.nops(emitter.code, 16 - gap).align(16).hex("c3");
            assertThat(code()).isEqualTo("90".repeat(16 - gap) + nops[gap] + "c3");
        }
    }

    @Test
    void anAddressInReachIsCalledInFiveBytes() {
        emitter.callAddress(BASE + 0x1000).jumpAddress(BASE).branchAddress(4, BASE + 11);
        assertThat(code()).isEqualTo("e8fb0f0000" + "ebf9" + "0f84feffffff");
        emitter.jumpAddress(BASE + 0x1005);
        assertThat(code()).isEqualTo("e900100000");
    }

    @Test
    void anAddressOutOfReachGoesThroughOneSlot() {
        emitter.callAddress(0x4000).jumpAddress(0x4000).branchAddress(4, 0x5000);
        buffer.link();
        int exit = (int) (emitter.cold.base() - emitter.code.base());
        Section pool = buffer.section(CodeBuffer.POOL);
        int slot = (int) (pool.base() - emitter.code.base());
        assertThat(pool.size()).isEqualTo(16);
        assertThat(code()).isEqualTo("ff15" + le(slot - 6) + "ff25" + le(slot - 12) + "0f84" + le(exit - 18));
    }

    @Test
    void thousandsOfSlotsAreEachFoundAgain() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 5000; i++) {
                assertThat(buffer.pool(i * 0x123456789L))
                        .isEqualTo(buffer.section(CodeBuffer.POOL).base() + 8L * i);
            }
        }
        buffer.reset();
        assertThat(buffer.pool(77)).isEqualTo(buffer.section(CodeBuffer.POOL).base());
    }

    @Test
    void aFieldThatCannotReachAnAddressIsAnError() {
        emitter.relativeAddress(BASE + 100, 1);
        assertThat(code()).isEqualTo(le(95));
        assertThatThrownBy(() -> emitter.relativeAddress(0x10, 0))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("Hand.jumps (Hand.java:7)")
                .hasMessageContaining("address 0x10 is out of the reach of 32 bits")
                .hasMessageContaining("near(address)");
    }

    @Test
    void registersKnowTheirNumbers() {
        assertThat(Gpr.of(5)).isEqualTo(Gpr.RBP).hasToString("rbp");
        assertThat(Gpr.R15.number()).isEqualTo(15);
        assertThat(Xmm.of(9)).isEqualTo(Xmm.XMM9).hasToString("xmm9");
        assertThatThrownBy(() -> Gpr.of(16)).hasMessageContaining("no general register has number 16");
        assertThatThrownBy(() -> Xmm.of(-1)).hasMessageContaining("no xmm register has number -1");
    }

    private String code() {
        return HexFormat.of().formatHex(buffer.image().code());
    }

    private static String le(int value) {
        return String.format("%08x", Integer.reverseBytes(value));
    }
}
