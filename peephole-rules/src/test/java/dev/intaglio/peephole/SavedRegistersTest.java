package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.machine.Register;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A register that a contract does not let a stencil change may be used if each way out has its old value. */
class SavedRegistersTest {
    private static List<String> complaints(String lines) {
        String text = Stream.of(lines.split("; "))
                .map(line -> line.endsWith(":") || line.startsWith(".") ? "|" + line : "| " + line)
                .collect(Collectors.joining("\n"));
        Diagnostics diagnostics = new Diagnostics();
        Contract contract = Contract.DEFAULT.withPreserved(List.of(
                Register.parse("rbx").orElseThrow(), Register.parse("r12").orElseThrow()));
        ContractCheck.check(Stencils.parse(text), contract, diagnostics);
        return diagnostics.all().stream().map(Diagnostic::toString).toList();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        pushed and popped                 | push rbx; mov ebx, 1; pop rbx
        two, in their order               | push rbx; push r12; inc rbx; inc r12; pop r12; pop rbx
        over other values                 | push rbx; push rax; inc rbx; add rsp, 8; pop rbx
        in a frame                        | sub rsp, 24; mov [rsp + 8], rbx; inc rbx; mov rbx, [rsp + 8]; add rsp, 24
        through a frame pointer           | push rbp; mov rbp, rsp; push rbx; inc rbx; mov rbx, [rbp - 8]; leave
        in another register               | mov rcx, rbx; inc rbx; mov rbx, rcx
        over a call                       | push rbx; mov rbx, rdi; call function; pop rbx
        on both ways                      | push rbx; inc rbx; jz >1; pop rbx; ret; 1:; pop rbx; ret
        around a loop                     | push rbx; 1:; inc rbx; jnz <1; pop rbx
        left before it is changed         | jz =>target; push rbx; inc rbx; pop rbx
        from the cold section             | push rbx; inc rbx; jz >1; 2:; pop rbx; ret; .cold; 1:; dec rbx; jmp <2
        """)
    void isRestored(String how, String lines) {
        assertThat(complaints(lines)).as(how).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        popped into another               | push rbx; push r12; inc rbx; inc r12; pop rbx; pop r12
        popped before it changes          | push rbx; pop rbx; mov ebx, 1
        not popped on one way             | push rbx; inc rbx; jz =>target; pop rbx
        not popped before a return        | push rbx; inc rbx; jz >1; ret; 1:; pop rbx
        another's value is popped         | push rax; push rbx; inc rbx; add rsp, 8; pop rbx; pop rbx
        the slot is overwritten           | push rbx; inc rbx; mov [rsp], rax; pop rbx
        a part of the slot is overwritten | push rbx; inc rbx; mov dword [rsp + 4], 0; pop rbx
        only half of it is kept           | mov ecx, ebx; inc rbx; mov rbx, rcx
        a register that calls change      | mov rcx, rbx; mov rbx, rdi; call function; mov rbx, rcx
        rounds push what only one pops    | 1:; push rbx; inc rbx; dec rax; jnz <1; pop rbx
        implicitly                        | mov rax, 5; cpuid
        with a prefix                     | lock xadd [rsi], rbx
        """)
    void isNotRestored(String how, String lines) {
        assertThat(complaints(lines)).as(how).isNotEmpty().allMatch(each -> each.contains("does not let it change"));
    }
}
