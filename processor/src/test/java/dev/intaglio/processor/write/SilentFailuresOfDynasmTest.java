package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.EmissionException;
import dev.intaglio.runtime.Label;
import dev.intaglio.runtime.LinkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What DynASM 1.5 turns into wrong code without a word (tried with its checks on, or where these are off by default): each is an
 * error here, or right code.
 */
class SilentFailuresOfDynasmTest {
    private static final long BASE = 0x7000_0000_0000L;

    /** There {@code mov r64, value} is always 7 bytes, and a wider value loses its upper half. */
    @ParameterizedTest
    @CsvSource({
        "0,                    48 C7 C0 00 00 00 00 | B8 00 00 00 00 | 31 C0",
        "5,                    B8 05 00 00 00",
        "-1,                   48 C7 C0 FF FF FF FF",
        "2147483648,           B8 00 00 00 80",
        "-2147483649,          48 B8 FF FF FF 7F FF FF FF FF",
        "1311768467463790320,  48 B8 F0 DE BC 9A 78 56 34 12",
    })
    void aConstantOf64BitsIsLoadedWhole(long value, String bytes) {
        assertThat(bytes.split(" \\| ")).contains(emitted("| mov rax, x", value));
    }

    /** There an immediate beyond its field is cut unless DASM_CHECKS is defined. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "| add rax, x",
                "| cmp qword [rbx], x",
                "| mov qword [rbx], x",
                "| imul rax, rcx, x",
                "| push x",
                "| mov eax, x",
                "| mov ax, x",
                "| mov al, x",
                "| shl rax, x",
                "| test rax, x"
            })
    void anImmediateThatDoesNotFitIsRefused(String line) {
        assertRefused(line, 1L << 40, "immediate is 1099511627776");
    }

    /** There a displacement is cut to 32 bits. */
    @Test
    void aDisplacementThatDoesNotFitIsRefused() {
        assertRefused("| mov rax, [rbx + x]", 1L << 31, "displacement is 2147483648");
        assertRefused("| mov rax, [rbx + rcx*8 + x]", -(1L << 31) - 1, "displacement is -2147483649");
    }

    /** There a register's number is masked, or spills into other fields, unless DASM_CHECKS is defined. */
    @Test
    void aRegisterThatDoesNotExistIsRefused() {
        assertRefused("| mov Rq(x), rax", 16, "register number 16");
        assertRefused("| mov rax, [Rq(x)]", -1, "register number -1");
        assertRefused("| mov rax, [rbx + Rq(x)*2]", 4, "(rsp), which cannot be an index");
        assertRefused("| addsd xmm(x), xmm1", 16, "register number 16");
    }

    /** There {@code jmp >1} without its label gives a jump somewhere, and the link succeeds. */
    @ParameterizedTest
    @ValueSource(strings = {"| jmp >1", "| jnz <1", "| lea rax, [>1]"})
    void aLocalLabelThatIsNotDefinedIsRefused(String line) {
        assertThat(CompiledEmitter.of("Undefined")
                        .stencil("s(int x)", line + "\n")
                        .problems())
                .singleElement()
                .asString()
                .contains("[asm/undefined-label]");
    }

    /** There it is wherever the caller's array says. (The processor refuses it earlier: no stencil of the interface has it.) */
    @ParameterizedTest
    @ValueSource(strings = {"| call ->nowhere", "| mov rax, [->nowhere]"})
    void aGlobalLabelThatIsNotDefinedIsRefused(String line) {
        assertThatThrownBy(() -> emitted(line, 0))
                .isInstanceOf(LinkException.class)
                .hasMessageContaining(line.substring(2))
                .hasMessageContaining("nowhere is not bound");
    }

    /** There only checks tell that a label of the caller has no place. */
    @Test
    void aLabelOfTheCallerThatIsNotBoundIsRefusedByTheLinker() {
        CodeBuffer buffer = CodeBuffer.detached(BASE);
        CompiledEmitter.of("Unbound")
                .stencil("s(Label target)", "| jmp =>target\n")
                .compile()
                .on(buffer)
                .emit("s", buffer.newLabel("target"));
        assertThatThrownBy(buffer::image)
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("jmp =>target")
                .hasMessageContaining("not bound");
    }

    /** There the second place wins. */
    @Test
    void aLabelOfTheCallerIsBoundOnce() {
        CodeBuffer buffer = CodeBuffer.detached(BASE);
        Label label = buffer.newLabel("twice");
        CompiledEmitter.Instance emitter = CompiledEmitter.of("Twice")
                .stencil("s(Label target)", "|=>target:\n| nop\n")
                .compile()
                .on(buffer);
        emitter.emit("s", label);
        assertThatThrownBy(() -> emitter.emit("s", label))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("already bound");
    }

    /** There {@code call &address} takes the low 32 bits of whatever distance there is (LuaJIT#234). */
    @Test
    void aCallOutOfReachGoesThroughASlot() {
        assertThat(emitted("| call x", BASE + 0x100)).isEqualTo("E8 FB 00 00 00");
        assertThat(emitted("| call x", 0x1234_5678_9ABCL)).startsWith("FF 15");
        assertThat(emitted("| jmp x", 0x1234_5678_9ABCL)).startsWith("FF 25");
    }

    /** There the distance to data at an address is cut. */
    @Test
    void anAddressOutOfReachIsRefused() {
        assertThat(emitted("| mov rax, [&x]", BASE + 0x107)).isEqualTo("48 8B 05 00 01 00 00");
        assertThatThrownBy(() -> emitted("| mov rax, [&x]", 0x1234_5678_9ABCL))
                .hasMessageContaining("mov rax, [&x]")
                .hasMessageContaining("reach");
    }

    /** There 8 bytes of address are written where 4 belong, and all that follows is garbage (LuaJIT#801). */
    @ParameterizedTest
    @ValueSource(strings = {"| mov rax, [rcx*2 + ->here]", "| mov rax, [rcx + ->here]", "| lea rax, [->here + rcx*8]"})
    void aLabelBesideRegistersInAnAddressIsRefused(String line) {
        assertThat(CompiledEmitter.of("Mixed")
                        .stencil("s(int x)", "|->here:\n" + line + "\n")
                        .problems())
                .singleElement()
                .asString()
                .contains("[asm/bad-address]");
    }

    /** There a variable that is called as a register is the register. */
    @ParameterizedTest
    @ValueSource(strings = {"| mov eax, cl", "| mov eax, [rbx + cl*8]", "| add eax, cl + 1"})
    void aVariableThatIsCalledAsARegisterIsRefused(String line) {
        assertThat(CompiledEmitter.of("Taken").stencil("s(int cl)", line + "\n").problems())
                .first()
                .asString()
                .contains("[asm/register-name-taken]");
    }

    /** There insertps took 128 bits of memory for years (LuaJIT#1483), and movd and movq had wrong sizes until 2026. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "insertps xmm1, dword [rax], 0x10 | 66 0F 3A 21 08 10",
                "insertps xmm1, xmm10, 0x10       | 66 41 0F 3A 21 CA 10",
                "movd xmm1, dword [rax]           | 66 0F 6E 08",
                "movd xmm1, eax                   | 66 0F 6E C8",
                "movq xmm1, rax                   | 66 48 0F 6E C8",
                "movq xmm1, qword [rax]           | F3 0F 7E 08",
                "movq rax, xmm1                   | 66 48 0F 7E C8",
            })
    void instructionsThatWereWrongThereAreRight(String line, String bytes) {
        assertThat(Images.assembled(line)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"insertps xmm1, oword [rax], 0x10", "movd xmm1, word [rax]", "movq xmm1, eax"})
    void theirWrongSizesAreRefused(String line) {
        assertThat(Images.assembledOrEmpty(line)).isEmpty();
    }

    /** There Rb(4) to Rb(7) rest on a REX prefix that no line shows; ah is never meant here either. */
    @Test
    void aByteRegisterChosenAtEmissionIsNeverAHighOne() {
        assertThat(emitted("| mov Rb(x), 1", 4)).isEqualTo(Images.assembled("mov spl, 1"));
        assertThat(emitted("| mov Rb(x), 1", 3)).isEqualTo(Images.assembled("mov bl, 1"));
    }

    private static void assertRefused(String line, long value, String message) {
        CodeBuffer buffer = CodeBuffer.detached(BASE);
        assertThatThrownBy(() -> emit(line, value, buffer))
                .as(line)
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(line.substring(2));
        assertThat(buffer.size()).as(line).isZero();
    }

    private static String emitted(String line, long value) {
        CodeBuffer buffer = CodeBuffer.detached(BASE);
        emit(line, value, buffer);
        return Images.hex(buffer.image().code());
    }

    private static void emit(String line, long value, CodeBuffer buffer) {
        CompiledEmitter.of("Silent")
                .stencil("s(long x)", line + "\n")
                .compile()
                .on(buffer)
                .emit("s", value);
    }
}
