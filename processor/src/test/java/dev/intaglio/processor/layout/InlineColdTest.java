package dev.intaglio.processor.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class InlineColdTest {
    static List<Line> parse(String text) {
        Diagnostics diagnostics = new Diagnostics();
        List<Line> lines = StencilParser.parse(text, Scope.EMPTY, ParserOptions.DEFAULT, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return lines;
    }

    static String print(List<Line> lines) {
        return lines.stream().map(Line::toString).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String inlined(String text) {
        return print(InlineCold.of(parse(text)));
    }

    @Test
    void coldCodeFollowsTheHotWhichJumpsOverIt() {
        assertThat(inlined("""
                        | dec qword [rdi]
                        | jz  >1
                        |.cold
                        |1:
                        | call rax
                        | jmp >2
                        |.code
                        |2:
                        | ret
                        """)).isEqualTo("""
                        dec qword [rdi]
                        jz >1
                        2:
                        ret
                        1:
                        call rax
                        jmp <2
                        """);
        assertThat(inlined("""
                        | dec qword [rdi]
                        | jz  >1
                        |2:
                        |.cold
                        |1:
                        | call rax
                        | jmp <2
                        """)).isEqualTo("""
                        dec qword [rdi]
                        jz >1
                        2:
                        jmp >3
                        1:
                        call rax
                        jmp <2
                        3:
                        """);
    }

    @Test
    void labelsKeepTheirMeaningWhenLinesChangePlaces() {
        assertThat(inlined("""
                        | jz  >1
                        |.cold
                        |1:
                        | call rax
                        | jmp >1
                        |.code
                        |1:
                        | jnz <1
                        """)).isEqualTo("""
                        jz >2
                        1:
                        jnz <1
                        jmp >1
                        2:
                        call rax
                        jmp <1
                        1:
                        """);
    }

    @Test
    void coldCodeThatOthersEnterOrContinueStaysWhereItIs() {
        for (String text : List.of(
                "|.cold\n| mov eax, ecx\n| ret\n",
                "| jz >1\n|.cold\n|1:\n| call rax\n",
                "| nop\n|.cold\n| call rax\n| ret\n",
                "| jz >1\nif (true) {\n| nop\n}\n|.cold\n|1:\n| ret\n",
                "| nop\n")) {
            assertThat(inlined(text)).as(text).isEqualTo(print(parse(text)));
        }
    }
}
