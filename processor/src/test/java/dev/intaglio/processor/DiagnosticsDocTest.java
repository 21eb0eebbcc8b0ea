package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/diagnostics.md} is what the enum says, with an example of each code and what it really gives. */
class DiagnosticsDocTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "diagnostics.md");

    private static final String INDENT = " ".repeat(8);

    /** Texts of a stencil {@code void example(int n, long address, Label out)}. */
    private static final Map<DiagnosticCode, String> EXAMPLES = new EnumMap<>(Map.ofEntries(
            Map.entry(DiagnosticCode.UNEXPECTED_TOKEN, "| mov rax, [rbx] rcx"),
            Map.entry(DiagnosticCode.UNBALANCED, "| mov rax, [rbx + 8"),
            Map.entry(DiagnosticCode.BAD_EXPRESSION, "| mov rax, n + *"),
            Map.entry(DiagnosticCode.UNKNOWN_NAME, "| mov rax, [rbx + ofset*8]"),
            Map.entry(DiagnosticCode.UNKNOWN_DIRECTIVE, "| .qwrod 1"),
            Map.entry(DiagnosticCode.BAD_DIRECTIVE, "| .align 3"),
            Map.entry(DiagnosticCode.BAD_MACRO, "| .endmacro"),
            Map.entry(DiagnosticCode.UNKNOWN_MNEMONIC, "| movsxdq rax, ecx"),
            Map.entry(DiagnosticCode.UNKNOWN_REGISTER, "| mov rax, rcy"),
            Map.entry(DiagnosticCode.REGISTER_NAME_TAKEN, "int al = n;\n| mov ecx, al"),
            Map.entry(DiagnosticCode.BAD_ADDRESS, "| mov rax, [rbx + rcx*3]"),
            Map.entry(DiagnosticCode.NO_SUCH_FORM, "| movzx rax, ecx"),
            Map.entry(DiagnosticCode.SIZE_MISSING, "| inc [rbx]"),
            Map.entry(DiagnosticCode.OUT_OF_RANGE, "| add rax, 0x1122334455667788"),
            Map.entry(DiagnosticCode.REX_CONFLICT, "| mov ah, r8b"),
            Map.entry(DiagnosticCode.BAD_REGISTER, "| mov rax, cr1"),
            Map.entry(DiagnosticCode.BAD_PREFIX, "| lock add rax, rbx"),
            Map.entry(DiagnosticCode.MISSING_FEATURE, "| vpopcntq zmm0, zmm1"),
            Map.entry(DiagnosticCode.UNDEFINED_LABEL, "| jmp >1"),
            Map.entry(DiagnosticCode.DUPLICATE_LABEL, "|->again:\n| nop\n|->again:"),
            Map.entry(DiagnosticCode.OUT_OF_REACH, "| jrcxz >1\n| ret\n|.align 256\n|1: ret"),
            Map.entry(DiagnosticCode.BAD_JAVA, "for (int i = 0; i < n) {\n| nop\n}")));

    /** What no text of a stencil can bring about, or none that a page would show. */
    private static final Set<DiagnosticCode> WITHOUT_EXAMPLE = EnumSet.of(
            DiagnosticCode.BAD_STENCIL,
            DiagnosticCode.INTERNAL,
            DiagnosticCode.BROKEN_CONTRACT,
            DiagnosticCode.UNSHARED_FRAME,
            DiagnosticCode.TOO_LARGE,
            DiagnosticCode.LARGE_STENCIL);

    private static ProcessorRun compile(String text) {
        return ProcessorRun.javac("""
                package p;
                import dev.intaglio.dsl.*;
                import dev.intaglio.runtime.*;
                @Stencils(cpu = "x86-64-v3")
                interface X {
                    @Stencil(\"""
                %s
                        \""")
                    void example(int n, long address, Label out);
                }
                """.formatted(text.indent(INDENT.length()).stripTrailing()));
    }

    @Test
    void everyCodeHasAnExampleThatGivesIt() {
        assertThat(EnumSet.complementOf(EnumSet.copyOf(WITHOUT_EXAMPLE))).isEqualTo(EXAMPLES.keySet());
        EXAMPLES.forEach((code, text) -> assertThat(
                        compile(text).errors().stream().map(error -> error.replaceAll("(?s)\\].*", "]")))
                .as("%s: %s", code, text)
                .containsExactly("[" + code + "]"));
    }

    @Test
    void theDocumentIsCurrent() throws IOException {
        String document = document();
        if ("bless".equals(System.getProperty("golden"))) {
            Files.writeString(DOCUMENT, document);
        }
        assertThat(Files.readString(DOCUMENT))
                .as("%s (-Dgolden=bless rewrites it)", DOCUMENT)
                .isEqualTo(document);
    }

    private static String document() {
        StringBuilder document = new StringBuilder("""
                # Diagnostics

                What the processor says about a stencil, by the code in brackets. (Generated from `DiagnosticCode`; the examples
                are compiled, and what they give is what is shown.) The examples are lines of
                `void example(int n, long address, Label out)` in an interface for `x86-64-v3`; the caret stands where the
                compiler points.

                Under javac a message has the line and column in the source file, inside the text block too. Eclipse's compiler
                does not tell where a string stands, nor can a text that is joined of constants be followed: the message then
                begins with line and column of the stencil's text and brings the line along. A stencil shows its first twenty
                mistakes.

                """);
        for (DiagnosticCode code : DiagnosticCode.values()) {
            document.append("## `").append(code.id()).append("`\n\n");
            document.append(code.meaning()).append("\n\n").append(code.remedy()).append("\n\n");
            if (EXAMPLES.containsKey(code)) {
                document.append(example(EXAMPLES.get(code))).append('\n');
            }
        }
        return document.toString().stripTrailing() + "\n";
    }

    private static String example(String text) {
        ProcessorRun run = compile(text);
        int position = (int) run.only().getPosition();
        String source = run.sources().get(0);
        int start = source.indexOf(INDENT, source.indexOf("\"\"\""));
        StringBuilder shown = new StringBuilder();
        for (String line : text.lines().toList()) {
            int column = position - start - INDENT.length();
            start += INDENT.length() + line.length() + 1;
            shown.append(line).append('\n');
            if (column >= 0 && column < line.length()) {
                shown.append(" ".repeat(column))
                        .append("^\n")
                        .append(run.errors().get(0))
                        .append('\n');
            }
        }
        return shown.toString().lines().map(line -> "    " + line).collect(Collectors.joining("\n", "", "\n"));
    }
}
