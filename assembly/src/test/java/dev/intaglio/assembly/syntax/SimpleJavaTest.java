package dev.intaglio.assembly.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.javaparser.JavaParser;
import com.github.javaparser.ParserConfiguration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is taken for plain Java, the full grammar takes too. */
class SimpleJavaTest {
    private static final long SEED = Long.getLong("intaglio.seed", 4711);
    private static final int ROUNDS = Integer.getInteger("intaglio.fuzz", 1) * 30_000;

    private static final String[] PLAIN = {
        "if (flag) {",
        "} else if (a.b(1, x[2]) >= 3 && !c) {",
        "} else {",
        "}",
        "for (int i = 0; i < n; i++) {",
        "for (int size : sizes) {",
        "while (x != 0) x >>>= 1;",
        "int a = 1, b;",
        "final Label end = new_(3);",
        "var y = (long) x << 3 | 0x7fL;",
        "f(a ? b : c, \"text\", 'c');",
        "a.b.c[i + 1] += 2;",
        "++n;",
        "n--;",
        "return;",
        "Foo.Bar[] z = w;",
        "x = y = 3;",
        "{}",
        ";",
        "long q = -~+n;",
        "// nothing",
        "for (;;) {",
        "break;",
        "a().b();",
        "switch (x) { case 1: case 'c': f(); break; default: {} }"
    };

    private static final String[] PIECES = {
        "if",
        "(",
        ")",
        "{",
        "}",
        "{",
        "}",
        "else",
        "for",
        ";",
        ";",
        ";",
        "int",
        "i",
        "=",
        "0",
        "<",
        "n",
        "++",
        "flag",
        "&&",
        "x",
        ".",
        "f",
        "(",
        ")",
        ",",
        "[",
        "]",
        "?",
        ":",
        "return",
        "while",
        "-",
        "!",
        "~",
        "long",
        "(int)",
        "'c'",
        "\"s\"",
        "var",
        "final",
        "new",
        "0x1F",
        "12L",
        "08",
        "null",
        "true",
        "this",
        "->",
        "+=",
        ">>",
        "Label",
        "==",
        "instanceof",
        "switch",
        "case",
        "default:",
        "1:"
    };

    private static boolean parses(String text) {
        return new JavaParser(new ParserConfiguration().setLanguageLevel(ParserConfiguration.LanguageLevel.JAVA_17))
                .parseBlock(text)
                .isSuccessful();
    }

    @Test
    void thePlainIsRecognized() {
        for (String line : PLAIN) {
            String opened = (line.startsWith("} else if") || line.startsWith("} else")
                            ? "if (x) {"
                            : line.equals("}") ? "{" : "")
                    + line;
            String text = "{\n" + opened + "\n" + (line.endsWith("{") ? "}" : "") + "\n}";
            assertThat(SimpleJava.isBlock(text)).as(text).isTrue();
            assertThat(parses(text)).as(text).isTrue();
        }
    }

    @Test
    void whatIsNotPlainOrNotJavaIsLeftToTheGrammar() {
        for (String line : new String[] {
            "int;",
            "if (x {",
            "for (int i = 0; i < n) {}",
            "x + 1;",
            "f(;",
            "Runnable r = () -> {};",
            "int x = 08;",
            "a b c;",
            "List<Integer> some;",
            "if (x) int y;",
            "int i = 99999999999;",
            "a ? b : c = 3;",
            "'';",
            "\"open",
            "x++ ++;",
            "(x) = 3;",
            "new Foo();",
            "var x;",
            "class A {}",
            "switch (x) { f(); }",
            "switch (x) { case 1 -> f(); }",
            "case 1:",
            "(Foo) x;",
            "1.f();",
            "}",
            "{",
            "x = \"\\u0022;"
        }) {
            assertThat(SimpleJava.isBlock("{\n" + line + "\n}")).as(line).isFalse();
        }
    }

    @Test
    void whatIsTakenForPlainTheGrammarTakes() {
        Random random = new Random(SEED);
        int plain = 0;
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder("{ ");
            int count = 1 + random.nextInt(9);
            for (int k = 0; k < count; k++) {
                boolean whole = random.nextInt(5) == 0;
                String[] from = whole ? PLAIN : PIECES;
                text.append(from[random.nextInt(from.length)]).append(whole || random.nextInt(6) == 0 ? "\n" : " ");
            }
            text.append(random.nextBoolean() ? "; }" : "}");
            if (SimpleJava.isBlock(text.toString())) {
                plain++;
                assertThat(parses(text.toString()))
                        .as("seed %d: %s", SEED, text)
                        .isTrue();
            }
        }
        assertThat(plain).isGreaterThan(ROUNDS / 100);
    }
}
