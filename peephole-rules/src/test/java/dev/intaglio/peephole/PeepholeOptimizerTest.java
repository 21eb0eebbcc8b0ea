package dev.intaglio.peephole;

import static dev.intaglio.peephole.Stencils.optimized;
import static dev.intaglio.peephole.Stencils.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeepholeOptimizerTest {
    @Test
    void rewritesAreRecordedWithRuleAndLines() {
        Optimized optimized =
                PeepholeOptimizer.optimize(Stencils.parse("| mov eax, 0\n| ret"), RuleOptions.ALL, Contract.DEFAULT);
        assertThat(optimized.lines()).hasToString("[xor eax, eax, ret]");
        assertThat(optimized.rewrites()).hasToString("[zero-idiom: mov eax, 0 => xor eax, eax]");
        assertThat(optimized.rewrites().get(0).span())
                .isEqualTo(Stencils.parse("| mov eax, 0\n| ret").get(0).span());
    }

    @Test
    void rulesGoOnUntilNoneFits() {
        assertThat(optimized("| and rax, rcx\n| cmp rax, 0\n| jz =>target"))
                .containsExactly("and rax, rcx", "jz =>target");
        assertThat(optimized("| mov [rbx + 8], rax\n| mov rax, [rbx + 8]")).containsExactly("mov [rbx + 8], rax");
        assertThat(optimized("| jz >1\n| jmp >1\n|1:")).isEmpty();
    }

    @Test
    void rulesCanBeSwitchedOffByName() {
        String stencil = "| mov eax, 0\n| mov rcx, rcx";
        assertThat(PeepholeOptimizer.optimize(
                                Stencils.parse(stencil), RuleOptions.parse("-zero-idiom"), Contract.DEFAULT)
                        .lines())
                .hasToString("[mov eax, 0]");
        assertThat(PeepholeOptimizer.optimize(Stencils.parse(stencil), RuleOptions.parse("none"), Contract.DEFAULT)
                        .lines())
                .hasToString("[mov eax, 0, mov rcx, rcx]");
        assertThatThrownBy(() -> RuleOptions.parse("zero-idiom")).hasMessageContaining("-zero-idiom");
        assertThatThrownBy(() -> RuleOptions.parse("-zero-idom")).hasMessageContaining("zero-idiom");
    }

    @Test
    void holesMatchVariablesButMeetNoGuardAboutTheirValue() {
        assertThat(optimized("| mov rax, [rbx + index*8]\n| add rcx, rax\n| mov rax, 7"))
                .containsExactly("add rcx, [rbx + index*8]", "mov rax, 7");
        assertThat(optimized("| mov Rq(reg), 0")).containsExactly("xor Rd(reg), Rd(reg)");
        String chosen = "| mov Rq(reg), rax\n| add Rq(reg), Rq(index)";
        assertThat(optimized(chosen)).isEqualTo(plain(chosen));
        String open = "| mov rax, rcx\n| add rax, value";
        assertThat(optimized(open)).isEqualTo(plain(open));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "| mov [rbx], rax\n|=>target:\n| mov rcx, [rbx]",
                "| mov [rbx], rax\nint x = more();\n| mov rcx, [rbx]",
                "| mov [rbx], rax\n|.cold\n| mov rcx, [rbx]\n|.code",
                "| mov [rbx], rax\n| call function\n| mov rcx, [rbx]",
                "| mov [rbx + foo(1)], rax\n| mov rcx, [rbx + foo(1)]",
                "| mov [rbx], rax\n| mov rcx, fs:[rbx]",
                "| mov [rbx], eax\n| mov rcx, [rbx]",
                "| mov eax, eax",
                "| mov ebx, edi\n| mov edi, ebx",
                "| mov rax, 0\n| jz =>target",
                "| mov rax, 0\nfoo(1);",
                "| mov ah, 0",
                "| cmp rax, 0\n| pushfq",
                "| add rax, 1\n| jc =>target",
                "| and rax, rcx\n| test eax, eax\n| js =>target",
                "| add rax, rcx\n| test rax, rax\n| jl =>target",
                "| lock add qword [rbx], 1",
                "| mov rax, [rbx]\n| add rcx, rax",
                "| mov rcx, rax\n| add rcx, rcx",
                "| jz >1\n| jmp =>target\n|=>other:\n|1:",
                "| mov rax, 0\n| jmp <1 + 1\n|1:",
                "| mov rax, 0\n| lea rcx, [rip + 5]",
                "| mov rcx, rcx\n| jmp <2 + 1\n|2:"
            })
    void whatMustStayStays(String stencil) {
        String defined = stencil.contains("<1 +") || stencil.contains("<2 +")
                ? "|" + stencil.substring(stencil.length() - 2) + "\n" + stencil.substring(0, stencil.length() - 4)
                : stencil;
        assertThat(optimized(defined)).isEqualTo(plain(defined));
    }

    @Test
    void guardsAboutNumbersProcessorsAndAimsAreKept() {
        String text = """
                # A guard of each kind.
                rule each
                  | add $d:r64, $c:imm
                =>
                  | sub $d, $c
                where fits $c imm8s, cpu bmi1, prefer speed
                """;
        RuleSet rules = RuleSet.of(RuleReader.read("test", text));
        RuleOptions all = RuleOptions.ALL.withFeatures(Set.of("bmi1")).preferring(Preference.SPEED);
        assertThat(fires(rules, "| add rax, 127", all)).isTrue();
        assertThat(fires(rules, "| add rax, 128", all)).isFalse();
        assertThat(fires(rules, "| add rax, value", all)).isFalse();
        assertThat(fires(rules, "| add rax, 127", all.preferring(Preference.SIZE)))
                .isFalse();
        assertThat(fires(rules, "| add rax, 127", all.withFeatures(Set.of()))).isFalse();
    }

    private static boolean fires(RuleSet rules, String stencil, RuleOptions options) {
        return !PeepholeOptimizer.optimize(Stencils.parse(stencil), rules, options, Contract.DEFAULT)
                .rewrites()
                .isEmpty();
    }

    @Test
    void rulesThatDoNotEndAreStopped() {
        String text = "# There.\nrule there\n | inc $d:r64\n=>\n | dec $d\n"
                + "# And back.\nrule back\n | dec $d:r64\n=>\n | inc $d\n";
        RuleSet rules = RuleSet.of(RuleReader.read("test", text));
        assertThatThrownBy(() -> fires(rules, "| inc rax", RuleOptions.ALL))
                .hasMessageContaining("do not come to an end");
    }

    @Test
    void branchesAreInvertedAroundJumps() {
        assertThat(optimized("| jz >1\n| jmp =>target\n|1:\n| ret")).isEqualTo(List.of("jne =>target", "ret"));
    }

    @Test
    void slotsOfLargeStencilsAreForgottenOrLeftAlone() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            text.append("| mov [rbx + ").append(8 * i).append("], rax\n");
        }
        assertThat(optimized(text + "| mov rcx, [rbx + 792]")).endsWith("mov rcx, rax");
        assertThat(optimized(text + "| mov rcx, [rbx]")).endsWith("mov rcx, [rbx]");
        String large = text.toString().repeat(11) + "| mov rcx, [rbx]";
        assertThat(optimized(large)).isEqualTo(plain(large));
    }
}
