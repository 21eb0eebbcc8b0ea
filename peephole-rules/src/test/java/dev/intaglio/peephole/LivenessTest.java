package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Register;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each stencil asks about the line with {@code nop} in it. */
class LivenessTest {
    private static String flags(String stencil) {
        List<Line> lines = Stencils.parse(stencil);
        return Liveness.of(lines, Contract.DEFAULT)
                .flagsLiveAfter(at(lines))
                .toString()
                .replace("d", "");
    }

    private static boolean dead(String register, String stencil) {
        List<Line> lines = Stencils.parse(stencil);
        RegisterOperand operand =
                new RegisterOperand.Fixed(Register.parse(register).orElseThrow());
        return Liveness.of(lines, Contract.DEFAULT).isDeadAfter(at(lines), operand);
    }

    private static int at(List<Line> lines) {
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at).toString().equals("nop")) {
                return at;
            }
        }
        throw new AssertionError("no nop");
    }

    @Test
    void flagsAreDeadAtTheEndAndRegistersLive() {
        assertThat(flags("| nop")).isEmpty();
        assertThat(dead("rax", "| nop")).isFalse();
        assertThat(dead("xmm3", "| nop")).isFalse();
    }

    @Test
    void aFramePointerIsForWhoeverWalksTheStack() {
        List<Line> lines = Stencils.parse("| push rbp\n| mov rbp, rsp\n| inc rdi\n| pop rbp\n| ret");
        assertThat(PeepholeOptimizer.optimize(lines, RuleOptions.ALL, Contract.DEFAULT)
                        .lines())
                .isEqualTo(lines);
    }

    @Test
    void flagsAreDeadWhereTheStencilIsLeft() {
        assertThat(flags("| nop\n| jmp =>target")).isEmpty();
        assertThat(flags("| nop\n| ret")).isEmpty();
        assertThat(flags("| nop\n| jmp rax")).isEmpty();
    }

    @Test
    void conditionsReadTheirFlagsOnly() {
        assertThat(flags("| nop\n| jz =>target")).isEqualTo("z");
        assertThat(flags("| nop\n| jbe =>target")).isEqualTo("zc");
        assertThat(flags("| nop\n| setl al\n| cmovo rax, rcx")).isEqualTo("os");
        assertThat(flags("| nop\n| adc rax, rcx")).isEqualTo("c");
    }

    @Test
    void whatOverwritesAFlagEndsItsLife() {
        assertThat(flags("| nop\n| add rax, rcx\n| jz =>target")).isEmpty();
        assertThat(flags("| nop\n| inc rax\n| jc =>target")).isEqualTo("c");
        assertThat(flags("| nop\n| mov rax, 5\n| jc =>target")).isEqualTo("c");
    }

    @Test
    void shiftsByAVariableCountLetFlagsThrough() {
        assertThat(flags("| nop\n| shl rax, cl\n| jc =>target")).isEqualTo("c");
        assertThat(flags("| nop\n| shl rax, index\n| jc =>target")).isEqualTo("c");
        assertThat(flags("| nop\n| shl rax, 1\n| jc =>target")).isEmpty();
    }

    @Test
    void callsReadRegistersAndLeaveFlagsUndefined() {
        assertThat(flags("| nop\n| call function\n| jz =>target")).isEmpty();
        assertThat(dead("rdi", "| nop\n| call function\n| mov rdi, 0")).isFalse();
    }

    @Test
    void flagsPassIntoAndOutOfCallsOfOwnLines() {
        assertThat(flags("| nop\n| call >1\n| ret\n|1:\n| jz =>target\n| ret")).isEqualTo("z");
        assertThat(flags("| call >1\n| jc =>target\n| ret\n|1:\n| nop\n| ret")).isEqualTo("c");
    }

    @Test
    void labelsAreFollowedForthAndBack() {
        assertThat(flags("| nop\n| jmp >1\n| jc =>target\n|1:\n| jz =>target")).isEqualTo("z");
        assertThat(flags("|1:\n| js =>target\n| nop\n| jmp <1")).isEqualTo("s");
        assertThat(flags("|=>target:\n| jo =>other\n| nop\n| jmp =>other")).isEqualTo("o");
        assertThat(flags("|->again:\n| jp =>other\n| nop\n| jmp ->again")).isEqualTo("p");
    }

    @Test
    void sectionsFallThroughByThemselves() {
        assertThat(flags("| nop\n|.cold\n| jc =>target\n|.code\n| jz =>target")).isEqualTo("z");
        assertThat(flags("|.cold\n| nop\n|.code\n| jc =>target\n|.cold\n| jz =>target"))
                .isEqualTo("z");
    }

    @Test
    void bothArmsOfAJavaConditionCount() {
        assertThat(flags("| nop\nif (flag) {\n| jz =>target\n} else {\n| jc =>target\n}"))
                .isEqualTo("zc");
        assertThat(flags("| nop\nif (flag) {\n| xor eax, eax\n}\n| jz =>target"))
                .isEqualTo("z");
        assertThat(flags("if (flag) {\n| nop\n} else {\n| jc =>target\n}\n| jz =>target"))
                .isEqualTo("z");
        assertThat(flags(
                        "| nop\nif (flag) {\n| xor eax, eax\n} else if (index > 1) {\n| jc =>target\n}\n| jz =>target"))
                .isEqualTo("zc");
        assertThat(flags("| nop\nif (flag) {\n| xor eax, eax\n} else {\n| sub eax, eax\n}\n| jz =>target"))
                .isEmpty();
        assertThat(flags("| nop\nif (flag) {\n| xor eax, eax\n} else if (foo(1)) {\n| sub eax, eax\n}\n"))
                .isEqualTo("oszapc");
    }

    @Test
    void javaLoopsLeadBackAndMayNotRun() {
        assertThat(flags("for (int i = 0; i < index; i++) {\n| jc =>target\n| nop\n}"))
                .isEqualTo("c");
        assertThat(flags("| nop\nwhile (flag) {\n| xor eax, eax\n}\n| jz =>target"))
                .isEqualTo("z");
    }

    @Test
    void switchesLeadToEveryCase() {
        assertThat(flags("| nop\nswitch (index) {\ncase 1:\n| jz =>target\nbreak;\ndefault:\n| jc =>target\n}"))
                .isEqualTo("zc");
    }

    @Test
    void javaThatCallsMayEmitAnything() {
        assertThat(flags("| nop\nfoo(index);")).isEqualTo("oszapc");
        assertThat(flags("| nop\nint x = index + 1;\n| jz =>target")).isEqualTo("z");
    }

    @Test
    void javaThatIsNotUnderstoodKeepsEverythingAlive() {
        assertThat(flags("| nop\nif (flag)\n| jz =>target\n| xor eax, eax")).isEqualTo("oszapc");
        assertThat(flags("| nop\ntry {\n| xor eax, eax\n} finally {\n}")).isEqualTo("oszapc");
    }

    @Test
    void returnInAConditionLeavesTheStencil() {
        assertThat(dead("rcx", "| nop\nif (flag) {\nreturn;\n}\n| mov rcx, 1")).isFalse();
        assertThat(dead("rcx", "| nop\nif (flag) {\nint x = 1;\n}\n| mov rcx, 1"))
                .isTrue();
    }

    @Test
    void a32BitWriteEndsAllBitsAndShorterWritesDoNot() {
        assertThat(dead("rcx", "| nop\n| mov ecx, 1")).isTrue();
        assertThat(dead("rcx", "| nop\n| mov cl, 1")).isFalse();
        assertThat(dead("cl", "| nop\n| mov cl, 1")).isTrue();
        assertThat(dead("ch", "| nop\n| mov cl, 1")).isFalse();
        assertThat(dead("cx", "| nop\n| mov cx, 1")).isTrue();
        assertThat(dead("ecx", "| nop\n| mov cx, 1")).isFalse();
    }

    @Test
    void addressesAndImplicitOperandsAreRead() {
        assertThat(dead("rcx", "| nop\n| lea rax, [rdx + rcx*8]\n| mov rcx, 1")).isFalse();
        assertThat(dead("rdx", "| nop\n| div rcx")).isFalse();
        assertThat(dead("rdx", "| nop\n| mul rcx")).isTrue();
        assertThat(dead("rcx", "| nop\n| shl rax, cl\n| mov rcx, 1")).isFalse();
        assertThat(dead("rdx", "| nop\n| cqo")).isTrue();
    }

    @Test
    void conditionalMovesMayKeepTheirDestination() {
        assertThat(dead("rcx", "| nop\n| cmovz rcx, rdx")).isFalse();
    }

    @Test
    void repeatedInstructionsMayRunZeroTimes() {
        assertThat(dead("rdi", "| nop\n| rep stosq\n| mov rdi, 1")).isFalse();
    }

    @Test
    void registersChosenAtEmissionMayBeAny() {
        assertThat(dead("rcx", "| nop\n| mov Rq(reg), 1\n| mov rcx, 1")).isTrue();
        assertThat(dead("rcx", "| nop\n| mov rax, Rq(reg)\n| mov rcx, 1")).isFalse();
        assertThat(dead("rcx", "| nop\n| mov Rq(reg), 1")).isFalse();
    }

    @Test
    void bytesAmongInstructionsMayBeInstructions() {
        assertThat(flags("| nop\n| .byte 0x90\n| xor eax, eax")).isEqualTo("oszapc");
    }

    @Test
    void aBranchIntoTheMiddleKeepsEverythingAlive() {
        assertThat(flags("| nop\n| xor eax, eax\n|1:\n| jmp <1 + 1")).isEqualTo("oszapc");
    }
}
