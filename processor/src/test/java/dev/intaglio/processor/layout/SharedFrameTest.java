package dev.intaglio.processor.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames that stencils make for themselves, left out. */
class SharedFrameTest {
    private static final Scope SCOPE = new Scope() {
        @Override
        public Optional<Symbol> find(String name) {
            ExpressionType type = name.equals("exit") ? ExpressionType.LABEL : ExpressionType.LONG;
            return names().contains(name)
                    ? Optional.of(new Symbol(name, type, OptionalLong.empty()))
                    : Optional.empty();
        }

        @Override
        public Optional<ExpressionType> method(String name) {
            return Optional.empty();
        }

        @Override
        public Set<String> names() {
            return Set.of("exit", "address");
        }
    };

    private final Diagnostics diagnostics = new Diagnostics();

    private String shared(String lines) {
        String text =
                List.of(lines.split("; *")).stream().map(line -> "| " + line).collect(Collectors.joining("\n"));
        List<Line> parsed = StencilParser.parse(text, SCOPE, ParserOptions.DEFAULT, diagnostics);
        return SharedFrame.of(parsed, diagnostics).stream().map(Line::toString).collect(Collectors.joining("; "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
                    push rbp; sub rsp, 24; mov [rsp + 8], rax; add rsp, 24; pop rbp ! .frame 24; mov [rsp + 8], rax
                    push rbp; mov rbp, rsp; sub rsp, 24; mov [rbp - 8], rax; leave ! .frame 24; mov [rbp - 8], rax
                    push rbp; mov rbp, rsp; sub rsp, 16; mov rax, [rsp]; mov rsp, rbp; pop rbp ! .frame 16; mov rax, [rsp]
                    push rbp; sub rsp, 16; call address; lea rsp, [rsp + 16]; pop rbp; ret ! .frame 16; call address; .leave; ret
                    push rbp; call address; pop rbp ! .frame 0; call address
                    inc rax; ret ! inc rax; .leave; ret
                    jmp rcx ! .leave; jmp rcx
                    jmp qword [rax + 48] ! .leave; jmp qword [rax + 48]
                    jmp address ! .leave; jmp address
                    jmp =>exit ! jmp =>exit
                    call address ! .frame 0; call address
                    push rbx; mov rbx, rax; pop rbx ! push rbx; mov rbx, rax; pop rbx
                    sub rsp, 8; mov [rsp], rax; add rsp, 8 ! sub rsp, 8; mov [rsp], rax; add rsp, 8
                    push rbp; sub rsp, 32; push rbx; mov [rsp + 32], rax; pop rbx; add rsp, 32; pop rbp ! .frame 32; push rbx; mov [rsp + 32], rax; pop rbx
                    .leave; ret ! .leave; ret
                    cpuid; rdtsc ! cpuid; rdtsc
                    """)
    void aFrameIsLeftOut(String lines, String now) {
        assertThat(shared(lines)).isEqualTo(now);
        assertThat(diagnostics.all()).isEmpty();
    }

    @Test
    void everyWayOutTakesTheSharedFrameDown() {
        assertThat(shared("push rbp; sub rsp, 16; test rax, rax; jz <1".replace("<1", ">1")
                        + "; add rsp, 16; pop rbp; jmp =>exit; 1:; mov eax, 1; add rsp, 16; pop rbp; ret"))
                .isEqualTo(".frame 16; test rax, rax; jz >1; jmp =>exit; 1:; mov eax, 1; .leave; ret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
                    push rbp; sub rsp, 24; mov rax, [rsp + 24]; add rsp, 24; pop rbp ! reaches above the stencil's own frame
                    push rbp; mov rbp, rsp; mov rax, [rbp + 8]; pop rbp ! reaches above the stencil's own frame
                    push rbp; sub rsp, 24; mov rax, [rsp + address]; add rsp, 24; pop rbp ! reaches above the stencil's own frame
                    push rbp; sub rsp, 24; ret ! leaves the stencil under its own frame
                    push rbp; sub rsp, 24; jne =>exit; add rsp, 24; pop rbp ! leaves the stencil under its own frame
                    push rbp; sub rsp, 24; nop ! ends with its own frame on the stack
                    push rbx; ret ! leaves the stencil under what it has pushed
                    push rbp; sub rsp, 16; mov rax, rbp; add rsp, 16; pop rbp ! uses rbp
                    push rbp; mov rbp, rsp; sub rsp, 16; mov [rbp - 8], rax; mov rcx, [rsp]; leave ! from its upper end
                    push rbp; sub rsp, 16; and rsp, -32; add rsp, 16; pop rbp ! cannot be followed
                    push rbp; sub rsp, 16; add rsp, 24; pop rbp ! takes more from the stack
                    pop rax ! takes more from the stack
                    mov rbp, rax ! cannot be followed
                    push rbp; sub rsp, 16; jz 1F; add rsp, 16; 1:; pop rbp ! differs between the ways
                    jne address ! cannot take the frame down
                    call 1F; 1:; ret ! may return under another stack
                    jmp [rsp + 8] ! uses a stack register behind the frame
                    enter 16, 0 ! cannot be followed
                    """)
    void whatCannotBeCarriedOverIsAnError(String lines, String message) {
        shared(lines.replace("1F", ">" + 1));
        assertThat(diagnostics.all()).isNotEmpty();
        assertThat(diagnostics.all().get(0).toString()).contains("asm/unshared-frame", message);
    }

    @Test
    void javaAndSectionsLeaveTheStackAlone() {
        List<Line> plain = StencilParser.parse(
                "if (address > 0) {\n| jmp rax\n}\n|.cold\n| ret", SCOPE, ParserOptions.DEFAULT, diagnostics);
        assertThat(SharedFrame.of(plain, diagnostics).stream()
                        .map(Line::toString)
                        .toList())
                .containsExactly("if (address > 0) {", ".leave", "jmp rax", "}", ".cold", ".leave", "ret");
        List<Line> pushing =
                StencilParser.parse("if (address > 0) {\n| push rax\n}", SCOPE, ParserOptions.DEFAULT, diagnostics);
        SharedFrame.of(pushing, diagnostics);
        assertThat(diagnostics.all())
                .singleElement()
                .asString()
                .contains("'push rax' cannot be followed between lines of Java or sections");
    }
}
