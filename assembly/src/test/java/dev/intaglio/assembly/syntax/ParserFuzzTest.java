package dev.intaglio.assembly.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.intaglio.assembly.Conformance;
import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Line;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Whatever the text, the parser comes back with lines and with messages that lie in the text. */
class ParserFuzzTest {
    private static final ParserOptions OPTIONS = new ParserOptions(Map.of("DEBUG", "1"));
    private static final int ROUNDS = Integer.getInteger("intaglio.fuzz", 1) * 4000;
    private static final String ALPHABET =
            "|| mov rax,rbx[]{}()<>=>->+-*/%&^~!#;:.\"'\\0123456789xLlabRq\n\t$_@?é∀\u0000";
    private static final String[] PIECES = {
        "rax",
        "Rq(i)",
        "[",
        "]",
        "(",
        ")",
        "=>target",
        "->name",
        "<1",
        ">1",
        "1:",
        ".macro m, a",
        ".endmacro",
        ".if DEBUG",
        ".endif",
        ".else",
        ".define a, b",
        ".define b, a",
        ".type FRAME, Frame, r13",
        "FRAME->locals",
        "#FRAME",
        "\"",
        "'",
        "//",
        ";",
        "\n|",
        "\n",
        "{k1}",
        "{z}",
        "{1to8}",
        "m a",
        "m m",
        "..",
        "0x",
        "1e",
        ".byte",
        ".dword",
        ".align",
        ".patch site, ",
        ", ",
        " + ",
        "*8",
        "rip",
        "&",
        "flag ? 1 : 2",
        "(int) ",
        "((",
        "~",
        "- ",
        "i",
        "value",
        "new int[]{1}[0]",
        "x -> x"
    };

    private static final String GOOD = """
            |.define BASE, rbx
            |.type FRAME, Frame, r13
            |.macro release, object
            | dec qword [object]
            | jz >1
            |.cold
            |1: mov rdi, object; call dealloc
            |.code
            |.endmacro
            for (int k = 0, m = index; k < 3; k++) {
            | mov Rq(i), [BASE + rcx*8 + index*SLOT - 4] // load
            | vaddps zmm1{k1}{z}, zmm2, [rax + value]{1to16}
            }
            |->loop: =>target: lock add dword fs:[0x28], (byte) value + offset(i, "],;") * 2
            | mov rax, FRAME->locals; lea rcx, [=>labels[i + 1] + 8]; mov rax, flag ? 1 : #FRAME
            | release rax
            |.if DEBUG
            | jmp =>(flag ? target : other); jne ->loop
            |.endif
            |.data
            |.align 8
            |2: .byte "text", 'c', 0x7f; .qword =>other, <2 + 8; .dword ->loop - ., <2 - =>other + 4
            """;

    private final Random random;

    ParserFuzzTest() {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("ParserFuzzTest seed " + seed);
        random = new Random(seed);
    }

    @Test
    void noTextMakesTheParserThrowOrHang() throws IOException {
        List<String> good = stencils();
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(120), () -> {
            for (int round = 0; round < ROUNDS; round++) {
                check(round % 3 == 0 ? noise() : round % 3 == 1 ? pieces() : mutated(good));
            }
        });
    }

    @Test
    void substitutionsCannotGrowWithoutBound() {
        StringBuilder defines = new StringBuilder();
        StringBuilder macros = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            defines.append("|.define w")
                    .append(i)
                    .append(", w")
                    .append(i + 1)
                    .append(" + w")
                    .append(i + 1)
                    .append('\n');
            macros.append("|.macro m")
                    .append(i)
                    .append("\n| m")
                    .append(i + 1)
                    .append("; m")
                    .append(i + 1)
                    .append("\n|.endmacro\n");
        }
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            check(defines + "| mov rax, w0\n");
            check(macros + "| m0\n");
            check("| mov rax, " + "(".repeat(5000) + "1" + ")".repeat(5000));
            check("| mov rax, " + "-~".repeat(900) + "1");
            check("| mov rax, " + "1 + ".repeat(450) + "1");
            check("| mov rax, " + "!".repeat(1900) + "flag");
            check("| mov rax, " + "offset(".repeat(90) + "1" + ")".repeat(90));
        });
    }

    private static void check(String text) {
        Diagnostics diagnostics = new Diagnostics();
        assertThatCode(() -> {
                    List<Line> lines = StencilParser.parse(text, SampleScope.INSTANCE, OPTIONS, diagnostics);
                    lines.forEach(
                            line -> inside(line.span().start(), line.span().end(), text));
                    if (!diagnostics.hasErrors()) {
                        assertThat(printed(again(lines))).isEqualTo(printed(lines));
                    }
                })
                .as(text)
                .doesNotThrowAnyException();
        for (Diagnostic diagnostic : diagnostics.all()) {
            inside(diagnostic.span().start(), diagnostic.span().end(), text);
            assertThat(diagnostic.message()).as(text).isNotBlank();
        }
    }

    private static List<Line> again(List<Line> lines) {
        Diagnostics diagnostics = new Diagnostics();
        List<Line> result = StencilParser.parse(printed(lines), SampleScope.INSTANCE, OPTIONS, diagnostics);
        assertThat(diagnostics.all()).as(printed(lines)).isEmpty();
        return result;
    }

    private static String printed(List<Line> lines) {
        return lines.stream()
                .map(line -> line instanceof Line.Java
                        ? line.toString()
                        : line instanceof Line.SectionSwitch section ? "|.section " + section.section() : "| " + line)
                .collect(Collectors.joining("\n"));
    }

    private static void inside(int start, int end, String text) {
        assertThat(start).as(text).isBetween(0, text.length());
        assertThat(end).as(text).isBetween(start, text.length());
    }

    private String noise() {
        StringBuilder text = new StringBuilder("| ");
        int length = random.nextInt(60);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    private String pieces() {
        StringBuilder text = new StringBuilder("| ").append(random.nextBoolean() ? "mov " : "");
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            text.append(PIECES[random.nextInt(PIECES.length)]).append(random.nextInt(3) == 0 ? "" : " ");
        }
        return text.toString();
    }

    private String mutated(List<String> good) {
        StringBuilder text = new StringBuilder(good.get(random.nextInt(good.size())));
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && text.length() > 0; i++) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 2 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                default -> text.setCharAt(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
        }
        return text.toString();
    }

    private static List<String> stencils() throws IOException {
        try (InputStream in = ParserFuzzTest.class.getResourceAsStream("/syntax/mistakes.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<String> stencils =
                    new ArrayList<>(List.of(MarkedMistakes.withoutMarks(all).split("(?m)^---- .*\n")));
            List<Conformance.Encoding> lines = Conformance.encodings();
            for (int i = 0; i + 4 <= lines.size(); i += 40) {
                stencils.add(lines.subList(i, i + 4).stream()
                        .map(line -> "| " + line.line())
                        .collect(Collectors.joining("\n")));
            }
            for (int i = 0; i < 60; i++) {
                stencils.add(GOOD);
            }
            return stencils;
        }
    }
}
