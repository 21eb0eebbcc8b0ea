package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Register;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Values known at emission go where they are needed; {@code index} and {@code reg} are ints, {@code value} a long. */
class ConstantFoldingTest {
    private static String folded(String out, String... lines) {
        List<Register> registers = out.isEmpty()
                ? List.of()
                : List.of(out.split(" ")).stream()
                        .map(name -> Register.parse(name).orElseThrow())
                        .toList();
        String text = List.of(lines).stream().map(line -> "| " + line).collect(Collectors.joining("\n"));
        return PeepholeOptimizer.optimize(Stencils.parse(text), RuleOptions.ALL, Contract.DEFAULT.withOut(registers))
                .lines()
                .stream()
                .map(Line::toString)
                .collect(Collectors.joining("; "));
    }

    @Test
    void aChainOfArithmeticBecomesOneMove() {
        assertThat(folded(
                        "rax",
                        "mov rax, index",
                        "add rax, 5",
                        "shl rax, 5",
                        "mov rcx, value",
                        "lea rax, [rax + rcx + 4096]",
                        "or rax, 1"))
                .isEqualTo("mov rax, ((((((long) index + 5) * 32L) + value) + 4096) | 1)");
        assertThat(folded("rdx", "mov eax, 100", "imul ecx, eax, 3", "lea rdx, [rcx - 44]"))
                .isEqualTo("mov rdx, 256");
    }

    @Test
    void thirtyTwoBitResultsLoseTheirUpperHalf() {
        assertThat(folded("rax", "mov rax, -1", "add eax, 3")).isEqualTo("mov rax, 2");
        assertThat(folded("rax", "mov eax, -1", "inc rax")).isEqualTo("mov rax, 4294967296");
        assertThat(folded("rax", "mov rax, -1", "shr eax, 28")).isEqualTo("mov rax, 15");
        assertThat(folded("rax", "mov rax, 128", "movsx rax, al")).isEqualTo("mov rax, -128");
        assertThat(folded("rax", "mov rax, value", "mov eax, eax")).isEqualTo("mov rax, (value & 4294967295L)");
    }

    @Test
    void whatIsDoneToAChoiceIsDoneToBothOfItsValues() {
        assertThat(folded("rax", "mov rax, flag ? 8 : 32", "or rax, 1")).isEqualTo("mov rax, (flag ? 9 : 33)");
        assertThat(folded("rax", "mov rax, index > 3 ? value : 7", "or rax, 1", "add rax, 4"))
                .isEqualTo("mov rax, (((index > 3) ? value : 7) | 1) + 4");
        assertThat(folded("rcx", "mov rax, flag ? 1000 : -1000", "add rcx, rax"))
                .as("both fit")
                .isEqualTo("add rcx, (flag ? 1000 : -1000)");
    }

    @Test
    void operandsBecomeImmediatesWhereTheySurelyFit() {
        assertThat(folded("", "mov rax, index", "mov [rbx + 8], rax")).isEqualTo("mov qword [rbx + 8], index");
        assertThat(folded("", "mov rax, value", "mov [rbx + 8], al")).isEqualTo("mov byte [rbx + 8], ((byte) value)");
        assertThat(folded("rcx", "mov rax, value", "add ecx, eax")).isEqualTo("add ecx, ((int) value)");
        assertThat(folded("rcx", "mov rax, index", "add rcx, rax")).isEqualTo("add rcx, index");
        assertThat(folded("rcx", "mov rax, value", "add rcx, rax"))
                .as("whether a long fits is known at emission")
                .isEqualTo(
                        "if (value == (int) value) {; add rcx, ((int) value); } else {; mov rax, value; add rcx, rax; }");
        assertThat(folded("rcx rdx", "mov rax, value", "mov rsi, function", "add rcx, rax", "cmp [rdx], rsi"))
                .contains(
                        "if (value == (int) value) {; add rcx, ((int) value); } else {; mov rax, value; add rcx, rax; }")
                .endsWith("if (function == (int) function) {; cmp qword [rdx], ((int) function); } else {;"
                        + " mov rsi, function; cmp [rdx], rsi; }");
        assertThat(folded("rcx", "mov rax, 0x123456789a", "add rcx, rax"))
                .isEqualTo("mov rax, 78187493530; add rcx, rax");
        assertThat(folded("rcx", "mov eax, index", "add rcx, rax"))
                .as("a negative index is a large unsigned one")
                .isEqualTo("mov eax, index; add rcx, rax");
    }

    @Test
    void addressesTakeWhatTheirFieldCanHold() {
        assertThat(folded("rax", "mov rcx, 3", "mov rax, [rbx + rcx*8 + 48]")).isEqualTo("mov rax, [rbx + 72]");
        assertThat(folded("rcx", "mov rcx, 3", "mov rcx, [rbx + rcx*8]")).isEqualTo("mov rcx, [rbx + 24]");
        assertThat(folded("rax", "mov rcx, (short) value", "mov rax, [rbx + rcx*8 + 48]"))
                .isEqualTo("mov rax, [rbx + ((short) value)*8 + 48]");
        assertThat(folded("rax", "mov rcx, index", "mov rax, [rbx + rcx*8 + 48]"))
                .as("a large index would not fit, and is no error as it stands")
                .isEqualTo("mov rcx, index; mov rax, [rbx + rcx*8 + 48]");
    }

    @Test
    void whatIsReadElsewhereStays() {
        assertThat(folded("rax rcx", "mov rcx, 3", "mov rax, [rbx + rcx*8]"))
                .isEqualTo("mov rcx, 3; mov rax, [rbx + rcx*8]");
        assertThat(folded("rax", "mov rcx, 3", "mov rcx, [rbx + rcx*8]", "mov rax, [rdx + rcx*8]"))
                .isEqualTo("mov rcx, [rbx + 24]; mov rax, [rdx + rcx*8]");
        assertThat(folded("", "mov rcx, index", "mov [rcx + 8], rcx")).isEqualTo("mov rcx, index; mov [rcx + 8], rcx");
        assertThat(folded("rcx", "mov rdi, index", "mov [rbx + 8], rdi", "call function"))
                .as("the callee reads rdi")
                .isEqualTo("mov rdi, index; mov [rbx + 8], rdi; call function");
        assertThat(folded("rax", "mov rax, index", "add rax, 5", "adc rax, 0"))
                .as("the carry is read")
                .startsWith("mov rax, index; add rax, 5");
    }
}
