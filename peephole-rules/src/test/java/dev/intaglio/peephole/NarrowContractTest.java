package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Register;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Foldings that look right and are wrong, where almost nothing is live behind the stencil. */
class NarrowContractTest {
    private static String optimized(String out, String lines) {
        List<Register> registers = List.of(out.split(" ")).stream()
                .map(name -> Register.parse(name).orElseThrow())
                .toList();
        String text =
                List.of(lines.split("; ")).stream().map(line -> "| " + line).collect(Collectors.joining("\n"));
        return PeepholeOptimizer.optimize(Stencils.parse(text), RuleOptions.ALL, Contract.DEFAULT.withOut(registers))
                .lines()
                .stream()
                .map(Line::toString)
                .collect(Collectors.joining("; "));
    }

    /** The lines that remain are those that came, written as the optimizer prints them. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        a call reads its arguments            | rax     | mov rdi, value; mov [rbx + 8], rdi; call function
        an indirect jump reads its target     | rcx     | mov rax, value; mov [rbx + 8], rax; jmp rax
        the index is stored, too              | rax     | mov ecx, 5; mov [r14 + rcx*8], rcx
        the sum's flags are read              | rax     | mov eax, 1; mov rdi, value; add rdi, rax; jo =>target; mov rax, rdi
        another way out reads the constant    | rcx     | mov ecx, 7; je =>target; mov [rbx], rcx; mov ecx, 8
        a zero source keeps the target        | rcx     | mov ecx, 1; bsf rcx, [rbx + rcx*8]
        the second move clears the upper half | rbx rdi | mov ebx, edi; mov edi, ebx
        one of two values is moved            | rax     | mov ecx, 5; mov eax, 3; test rdi, rdi; cmove rax, rcx
        the shift reads its count             | rdx     | mov ecx, 5; shl rdx, cl
        the value goes to the other register  | rdx     | mov ecx, 5; xchg rcx, rdx
        the comparison reads rax unnamed      | rdx     | mov eax, 5; mov ecx, 6; cmpxchg [rdx], rcx; sete dl
        ah is not the low byte                | rdx     | mov eax, 4660; mov [rdx], ah
        writing al keeps the rest             | rax     | mov eax, ecx; mov al, 5
        the carry is added                    | rax     | mov ecx, 5; mov eax, 1; stc; adc eax, ecx
        another store may be to the slot      | rax     | mov [rbx + 8], rax; mov [rcx], rdx; mov rax, [rbx + 8]
        """)
    void isLeftAlone(String why, String out, String lines) {
        assertThat(optimized(out, lines)).as(why).isEqualTo(lines);
    }

    @Test
    void anIndexThatIsLoadedAnewIsFoldedOnce() {
        assertThat(optimized("rax", "mov ecx, 5; mov rcx, [rbx + rcx*8 + 16]; mov rax, [rdx + rcx*8]"))
                .isEqualTo("mov rcx, [rbx + 56]; mov rax, [rdx + rcx*8]");
    }

    @Test
    void sixInstructionsOfASmallIntBecomeOneMove() {
        assertThat(optimized(
                        "rsi",
                        "mov esi, index; movzx esi, si; shl esi, 5; mov rax, value + 14280; add rsi, rax; or rsi, 1"))
                .startsWith("mov rsi, (")
                .endsWith(" | 1)")
                .doesNotContain(";");
    }
}
