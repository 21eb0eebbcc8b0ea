package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Register;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Branches on what is known at emission; {@code index} is an int, {@code value} a long. */
class DecidedBranchesTest {
    private static String decided(String... lines) {
        String text = List.of(lines).stream().map(line -> "| " + line).collect(Collectors.joining("\n"));
        Contract contract =
                Contract.DEFAULT.withOut(List.of(Register.parse("rax").orElseThrow()));
        return PeepholeOptimizer.optimize(Stencils.parse(text), RuleOptions.ALL, contract).lines().stream()
                .map(Line::toString)
                .collect(Collectors.joining("; "));
    }

    @Test
    void whatABranchPassesOverStandsInAnIf() {
        assertThat(decided("mov rcx, index", "cmp rcx, 5", "jge >1", "inc rax", "1:", "neg rax"))
                .isEqualTo("if (!(index >= 5)) {; inc rax; }; neg rax");
    }

    @Test
    void twoWaysBecomeIfAndElse() {
        assertThat(decided("mov rcx, value", "test rcx, rcx", "jnz >1", "inc rax", "jmp >2", "1:", "neg rax", "2:"))
                .isEqualTo("if (!(value != 0)) {; inc rax; } else {; neg rax; }");
    }

    @Test
    void aBranchThatLeavesStaysAJump() {
        assertThat(decided("mov ecx, index", "cmp ecx, 5", "ja =>target", "inc rax"))
                .isEqualTo(
                        "if ((index ^ 0x8000000000000000L) > (5 ^ 0x8000000000000000L)) {; jmp =>target; }; inc rax");
    }

    @Test
    void aBlockThatIsEnteredFromElsewhereStays() {
        assertThat(decided("mov rcx, index", "jc >3", "cmp rcx, 5", "je >1", "inc rax", "3:", "neg rax", "1:"))
                .isEqualTo("jc >3; if (index == 5) {; jmp >1; }; inc rax; 3:; neg rax; 1:");
    }

    @Test
    void aSwitchIsManyDecisions() {
        assertThat(decided(
                        "mov rcx, index",
                        "cmp rcx, 1",
                        "je >1",
                        "cmp rcx, 2",
                        "je >2",
                        "jmp =>other",
                        "1:",
                        "inc rax",
                        "jmp =>target",
                        "2:",
                        "neg rax"))
                .isEqualTo("if (!(index == 1)) {; if (index == 2) {; jmp >2; }; jmp =>other; };"
                        + " inc rax; jmp =>target; 2:; neg rax");
    }

    @Test
    void whatIsKnownNowIsDecidedNow() {
        assertThat(decided("mov ecx, 5", "cmp ecx, 6", "jl >1", "inc rax", "1:", "neg rax"))
                .isEqualTo("neg rax");
        assertThat(decided("mov ecx, 5", "cmp ecx, 6", "jg >1", "inc rax", "1:", "neg rax"))
                .isEqualTo("inc rax; neg rax");
        assertThat(decided("mov rcx, -1", "cmp ecx, 6", "jb >1", "inc rax", "1:"))
                .as("-1 is the largest number without a sign")
                .isEqualTo("inc rax");
        assertThat(decided("mov ecx, index", "test ecx, ecx", "jo =>target", "inc rax"))
                .as("test clears OF")
                .isEqualTo("inc rax");
    }

    @Test
    void rangesDecideToo() {
        assertThat(decided("mov rcx, (byte) value", "cmp rcx, 128", "jge =>target", "inc rax"))
                .isEqualTo("inc rax");
    }

    @Test
    void parityAndTheSignOfADifferenceAreTheProcessors() {
        assertThat(decided("mov rcx, index", "cmp rcx, 5", "jp =>target")).endsWith("jp =>target");
        assertThat(decided("mov rcx, index", "cmp rcx, 5", "js =>target")).endsWith("js =>target");
    }

    @Test
    void aValueThatMayNotFitIsStillAnError() {
        assertThat(decided("mov rcx, index", "cmp rcx, value", "je =>target")).endsWith("cmp rcx, value; je =>target");
    }
}
