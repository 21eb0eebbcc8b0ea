package dev.intaglio.assembly.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Line;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotationTest {
    private static final ParserOptions OPTIONS =
            new ParserOptions(Map.of("DEBUG", "1", "LEVEL", "3", "FAST", "true", "SLOW", "false"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "mov RAX, SPL ! mov rax, spl",
                "mov r8l, ah ! mov r8b, ah",
                "fadd st, st( 3 ) ! fadd st0, st3",
                "mov Rb(3), Rw(i) ! mov bl, Rw(i)",
                "vaddps ymm(i), ymm(i + 1), zmm(2) ! vaddps ymm(i), ymm((i + 1)), zmm2",
                "mov rax, reg ! mov rax, Rq(reg)",
                "addsd vec, xmm(i) ! addsd xmm(vec), xmm(i)",
                "mov Rd(reg), pick(3, i) ! mov Rd(reg), Rq(pick(3, i))",
                "mov rax, [rbx] ! mov rax, [rbx]",
                "mov dword ptr [rbx], 1 ! mov dword [rbx], 1",
                "mov rax, [8 + index*8 + rbx - 4] ! mov rax, [rbx + index*8 + 4]",
                "mov rax, [rbx + (index + 1)*8 + rcx*4] ! mov rax, [rbx + rcx*4 + (index + 1)*8]",
                "mov rax, [4*rcx - SLOT + rbx] ! mov rax, [rbx + rcx*4 - 16]",
                "mov rax, [rbx + rcx*SCALE] ! mov rax, [rbx + rcx*8]",
                "mov rax, [rbx*5] ! mov rax, [rbx + rbx*4]",
                "mov rax, [rbx + rbx] ! mov rax, [rbx + rbx]",
                "mov rax, [rax + rsp] ! mov rax, [rsp + rax]",
                "mov rax, [rsp*1 + 8] ! mov rax, [rsp + 8]",
                "mov rax, [8*Rq(i) + Rq(index)] ! mov rax, [Rq(index) + Rq(i)*8]",
                "mov rax, [reg + rcx] ! mov rax, [Rq(reg) + rcx]",
                "mov rax, [byte rbx + value] ! mov rax, [byte rbx + value]",
                "mov rax, [dword rbx + 1] ! mov rax, [dword rbx + 1]",
                "mov rax, [eax + ebx*2] ! mov rax, [eax + ebx*2]",
                "mov rax, dword fs:[0x28] ! mov rax, dword [fs:40]",
                "mov rax, [gs: rbx + 8] ! mov rax, [gs:rbx + 8]",
                "mov rax, [fs:byte rbx + 8] ! mov rax, [byte fs:rbx + 8]",
                "mov rax, [rip - 5] ! mov rax, [rip + -5]",
                "mov rax, [rip] ! mov rax, [rip + 0]",
                "mov rax, [rip + =>target] ! mov rax, [=>target]",
                "mov rax, [rip + ->name + 8] ! mov rax, [->name + 8]",
                "mov rax, [=>target + index*8 - 4] ! mov rax, [=>target + index*8 + -4]",
                "mov rax, [&dealloc + 8] ! mov rax, [&dealloc + 8]",
                "mov rax, [rip + &dealloc] ! mov rax, [&dealloc]",
                "vgatherdps xmm1, [rax + xmm2*4], xmm3 ! vgatherdps xmm1, [rax + xmm2*4], xmm3",
                "vgatherdps xmm1, [xmm2 + rax], xmm3 ! vgatherdps xmm1, [rax + xmm2], xmm3",
                "call dealloc ! call dealloc",
                "jmp &dealloc ! jmp dealloc",
                "jmp =>labels[i + 1] ! jmp =>labels[i + 1]",
                "jmp =>label(3) + 8 ! jmp =>label(3) + 8",
                "jmp =>(flag ? target : other) ! jmp =>(flag ? target : other)",
                "jmp ->done - 2 ! jmp ->done + -2",
                "mov rax, 'a' + 1 ! mov rax, 98",
                "mov rax, 0xffffffff ! mov rax, 4294967295",
                "mov rax, -2147483648 ! mov rax, -2147483648",
                "mov rax, 0b1010_1010 ! mov rax, 170",
                "mov rax, 017L ! mov rax, 15",
                "mov rax, 0x7fffffff + 1 ! mov rax, 2147483648",
                "mov rax, (0x7fffffff + 1) ! mov rax, -2147483648",
                "mov rax, (byte) 0x80 ! mov rax, -128",
                "mov rax, (byte) value + 1 ! mov rax, ((byte) value) + 1",
                "mov rax, 1.5 ! mov rax, 4609434218613702656",
                "mov rax, -1.5 ! mov rax, -4613937818241073152",
                "mov rax, ratio * 2 ! mov rax, (ratio * 2)",
                "mov al, flag ! mov al, flag",
                "mov al, true ! mov al, true",
                "mov rax, \"a,b;[(\".length() ! mov rax, (\"a,b;[(\".length())",
                "mov rax, offset(i, ']') + wide(\"//\") ! mov rax, offset(i, ']') + wide(\"//\")",
                "mov rax, flag ? offset(1) : -1 ! mov rax, (flag ? offset(1) : -1)",
                "mov rax, i << 2 | 1 ! mov rax, ((i << 2) | 1)",
                "mov rax, java.util.Map.<Integer, Long>of(i, 3L).get(i) ! mov rax, (java.util.Map.<Integer, Long>of(i, 3L).get(i))",
                "mov rax, new int[] { 1, 2 }[i] ! mov rax, (new int[] { 1, 2 }[i])",
                "push dword 5 ! push dword 5",
                "lock add [rbx], rax ! lock add [rbx], rax",
                "rep movsq ! rep movsq",
                "REP MOVSQ ! rep movsq",
                "{evex} vaddps xmm1, xmm2, xmm3 ! {evex} vaddps xmm1, xmm2, xmm3",
                "vaddps zmm1{k1}{z}, zmm2, [rax]{1to16} ! vaddps zmm1{k1}{z}, zmm2, [rax]{1to16}",
                "vaddps zmm1 {k(i)}, zmm2, zmm3, {rn-sae} ! vaddps zmm1{k(i)}, zmm2, zmm3, {rn-sae}",
                "vaddps zmm1, zmm2, zmm3{rz-sae} ! vaddps zmm1, zmm2, zmm3, {rz-sae}",
                ".align 8*2 ! .align 16",
                ".align qword ! .align 8",
                ".byte 1, -1, i, 'a', \"hi,\" ! .byte 1, -1, i, 97, 104, 105, 44",
                ".word value ! .word value",
                ".dword =>target - . ! .dword =>target - .",
                ".dword =>target + 4 - . - 8 ! .dword =>target - . + -4",
                ".dword ->a - =>other + 4 ! .dword ->a - =>other + 4",
                ".qword ->a + 8, =>labels[i - 1] ! .qword ->a + 8, =>labels[i - 1]",
                ".patch site, jmp =>target + 4 ! .patch site, jmp =>target + 4",
                ".patch site ,call dealloc ! .patch site, call dealloc",
                ".patch site, mov Rq(i), 5 ! .patch site, mov Rq(i), 5",
                ".space 3, 0x90 ! .byte 144, 144, 144",
            })
    void aLineMeansWhatItPrints(String line, String printed) {
        assertThat(assembled(line)).isEqualTo(printed);
        assertThat(assembled(printed)).as("printed again").isEqualTo(printed);
    }

    private static String assembled(String line) {
        Diagnostics diagnostics = new Diagnostics();
        List<Line> lines = StencilParser.parseAssembly(line, SampleScope.INSTANCE, OPTIONS, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return printed(lines);
    }

    private static String printed(List<Line> lines) {
        return lines.stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    private static String stencil(String text) {
        Diagnostics diagnostics = new Diagnostics();
        List<Line> lines = StencilParser.parse(text, SampleScope.INSTANCE, OPTIONS, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return printed(lines);
    }

    @Test
    void labelsStatementsAndCommentsShareALine() {
        assertThat(stencil("""
                |1: ->start: =>target: nop; inc rax // not "this
                | jmp <1 ; ; jmp >2
                |2:
                """)).isEqualTo("1:\n->start:\n=>target:\nnop\ninc rax\njmp <1\njmp >2\n2:");
    }

    @Test
    void linesWithoutABarAreJava() {
        assertThat(stencil("""
                for (int k = 0, m = 1; k < 3; k++) {  // ; a comment
                    | add rax, k + m
                }
                java.util.List<java.util.Map<String, Integer>> maps = maps();
                Label a = newLabel(), b = newLabel();
                |=>b: mov rax, maps.size()
                """)).isEqualTo("""
                for (int k = 0, m = 1; k < 3; k++) {  // ; a comment
                add rax, k + m
                }
                java.util.List<java.util.Map<String, Integer>> maps = maps();
                Label a = newLabel(), b = newLabel();
                =>b:
                mov rax, maps.size()""");
    }

    @Test
    void conditionsAreDecidedByTheOptions() {
        assertThat(stencil("""
                |.if DEBUG && LEVEL >= 3 && FAST
                | mov rax, 1
                |  .if MISSING || SLOW
                | mov rax, 2
                |  .elif LEVEL == 3
                | mov rax, 3
                |  .else
                | this is not looked at
                |  .endif
                |.else
                neither(is(this));
                |.endif
                """)).isEqualTo("mov rax, 1\nmov rax, 3");
    }

    @Test
    void sectionsOfTheUserAreSwitchedToByName() {
        assertThat(stencil("|.section rare\n| nop\n|.code\n|.rare\n|.cold\n|.data"))
                .isEqualTo(".rare\nnop\n.code\n.rare\n.cold\n.data");
    }

    @Test
    void definedWordsAreReplacedOutsideOfStrings() {
        assertThat(stencil("""
                |.define BASE, rbx
                |.define CELL, qword [BASE + index*8]
                |.define NOTHING
                | mov rax, CELL NOTHING
                | mov rax, offset("BASE", 0xBASE.length)
                """.replace("0xBASE.length", "1")))
                .isEqualTo("mov rax, qword [rbx + index*8]\nmov rax, offset(\"BASE\", 1)");
    }

    @Test
    void macrosAreChosenByTheNumberOfTheirParameters() {
        assertThat(stencil("""
                |.macro load, to
                | load to, 8
                |.endmacro
                |.macro load, to, from
                | mov to, [rbx + from]; inc e..to
                if (flag) { log("to..from", to); }
                |.endmacro
                |.define to, rcx
                |1: load ax
                """)).isEqualTo("1:\nmov ax, [rbx + 8]\ninc eax\nif (flag) { log(\"to..from\", ax); }");
    }

    @Test
    void structsGiveFieldsAndSizes() {
        assertThat(stencil("""
                |.define FP, r13
                |.type FRAME, Frame, FP
                |.type CELL, Cell
                | mov rax, FRAME->locals
                | mov dword FRAME:rbx->code, 1
                | mov rax, FRAME:Rq(i - 1)[index].code
                | mov rax, CELL:rax[rcx]
                | add rax, #FRAME*2
                | mov rax, Frame.code
                """)).isEqualTo("""
                mov rax, [r13 + 24]
                mov dword [rbx + 8], 1
                mov rax, [Rq((i - 1)) + index*32 + 8]
                mov rax, [rax + rcx*8]
                add rax, 64
                mov rax, 8""");
    }

    @Test
    void metavariablesOfRulesAreJavaNames() {
        assertThat(assembled("mov Rd($d), [Rq($d) + 8]")).isEqualTo("mov Rd($d), [Rq($d) + 8]");
    }
}
