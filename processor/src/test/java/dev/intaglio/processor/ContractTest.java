package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What {@code @Stencil} says of the registers around a stencil is held and used. */
class ContractTest {
    private static ProcessorRun compile(String elements, String lines) {
        return ProcessorRun.javac("""
                package p;
                import dev.intaglio.dsl.*;
                @Stencils
                interface X {
                    @Stencil(%svalue = \"""
                %s\""")
                    void a(int n);
                }
                """.formatted(elements, lines.indent(8)));
    }

    private static String emitter(String elements, String lines) {
        ProcessorRun run = compile(elements, lines);
        assertThat(run.errors()).isEmpty();
        return run.generated().get("p.XEmitter");
    }

    @Test
    void onlyResultsKeepTheirValue() {
        String lines = "| mov rcx, 3\n| mov rax, [rbx + rcx*8]\n| ret\n";
        assertThat(emitter("", lines)).contains("mov rax, [rbx + rcx*8]");
        assertThat(emitter("out = \"rax\", ", lines))
                .contains("mov rax, [rbx + 24]")
                .doesNotContain("mov rcx");
        assertThat(emitter("out = {\"rax\", \"rcx\"}, ", lines)).contains("mov rax, [rbx + rcx*8]");
    }

    @Test
    void flagsLiveOnlyWhereThatIsSaid() {
        assertThat(emitter("", "| mov ecx, 0\n")).contains("xor ecx, ecx");
        assertThat(emitter("flagsLive = true, ", "| mov ecx, 0\n")).contains("mov ecx, 0");
    }

    @Test
    void readingWhatIsNotSetIsAnErrorAtTheLine() {
        ProcessorRun run = compile("in = \"rbx\", ", "| mov rax, [rbx]\n| «add rax, rcx\n| ret\n");
        assertThat(run.errors())
                .singleElement()
                .asString()
                .contains("[asm/broken-contract] the stencil reads rcx, which its contract does not have among in");
        assertThat(run.only().getLineNumber()).isEqualTo(7);
        assertThat(compile("in = {\"rbx\", \"rcx\"}, ", "| mov rax, [rbx]\n| add rax, rcx\n")
                        .errors())
                .isEmpty();
    }

    @Test
    void changingWhatIsNotNamedIsAnErrorAtTheLine() {
        ProcessorRun run =
                compile("out = \"rax\", clobbers = \"rcx\", ", "| mov eax, ecx\n| «mov edx, 1\n| mov ecx, edx\n");
        assertThat(run.errors())
                .singleElement()
                .asString()
                .contains("[asm/broken-contract] the stencil changes rdx", "help: add it to clobbers of @Stencil");
        assertThat(compile("out = \"rax\", clobbers = {}, ", "| push rbx\n| mov ebx, 1\n| mov eax, ebx\n| pop rbx\n")
                        .errors())
                .isEmpty();
    }

    @Test
    void aNameThatIsNoRegisterIsRefused() {
        assertThat(compile("out = \"rxx\", ", "| ret\n").only().getMessage(Locale.ROOT))
                .contains("[asm/bad-stencil] 'rxx' in out is no general or vector register");
    }

    @Test
    void whatIsPreservedMayNotChange() {
        assertThat(compile("preserves = \"rbx\", ", "| mov rax, rbx\n| «inc rbx\n")
                        .errors())
                .singleElement()
                .asString()
                .contains("[asm/broken-contract] the stencil changes rbx, which its contract does not let it change");
        assertThat(compile("preserves = \"rbx\", ", "| push rbx\n| inc rbx\n| mov rax, rbx\n| pop rbx\n")
                        .errors())
                .isEmpty();
        assertThat(compile("preserves = \"rbx\", ", "| push rbx\n| inc rbx\n| jz >1\n| ret\n|1:\n| pop rbx\n")
                        .errors())
                .isNotEmpty()
                .allMatch(error ->
                        error.contains("changes rbx") && error.contains("does not restore it on each way out"));
    }

    @Test
    void callsReadOnlyWhatTheAbiSaysWhereThatIsAskedFor() {
        String lines = "| mov rsi, 7\n| mov r11, 9\n| mov rbx, 3\n| call rax\n| mov rsi, rax\n| mov r11, rax\n";
        assertThat(emitter("", lines)).contains("| mov rsi, 7", "| mov r11, 9");
        assertThat(emitter("calls = \"sysv\", ", lines))
                .contains("| mov rsi, 7")
                .doesNotContain("| mov r11, 9");
        assertThat(emitter("calls = \"sysv 1\", ", lines))
                .contains("| mov rbx, 3", "| call rax")
                .doesNotContain("| mov rsi, 7", "| mov r11, 9");
        assertThat(compile("calls = \"win64\", ", "| ret\n").only().getMessage(Locale.ROOT))
                .contains("[asm/bad-stencil] 'win64' tells nothing about calls");
    }

    @Test
    void nobodyLooksAtScratchSlotsAtTheEnd() {
        String lines = "| mov [r13 + 64], r14\n| inc rax\n";
        assertThat(emitter("", lines)).contains("mov [r13 + 64], r14");
        assertThat(emitter("scratch = \"[r13 + 64]\", ", lines)).doesNotContain("mov [r13 + 64], r14");
        assertThat(emitter("scratch = \"r13 + 72\", ", lines)).contains("mov [r13 + 64], r14");
        assertThat(compile("scratch = \"[r13 + rax]\", ", "| ret\n").only().getMessage(Locale.ROOT))
                .contains("[asm/bad-stencil] '[r13 + rax]' is no slot of a 64-bit register and a number");
    }

    @Test
    void memoryIsAccessedAsWrittenWhereThatIsAskedFor() {
        String lines = "| mov rax, [rbx]\n| mov rcx, [rbx]\n| mov [rbx + 8], rdx\n| mov rsi, [rbx + 8]\n";
        assertThat(emitter("", lines)).contains("| mov rcx, rax", "| mov rsi, rdx");
        assertThat(emitter("memoryAsWritten = true, ", lines)).contains("| mov rcx, [rbx]", "| mov rsi, [rbx + 8]");
    }
}
