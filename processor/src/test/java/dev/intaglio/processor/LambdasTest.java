package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.CodeBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Assembly in lambdas and anonymous classes of a stencil's Java lines. */
class LambdasTest {
    private static String source(String parameters, String text) {
        return """
                package p;
                import dev.intaglio.dsl.*;
                import dev.intaglio.runtime.*;
                @Stencils
                public interface X {
                    @Stencil(\"""
                %s
                        \""")
                    void a(%s);
                }
                """.formatted(text.indent(8).stripTrailing(), parameters);
    }

    private static String emitted(String text, int argument) {
        ProcessorRun run = ProcessorRun.javac(List.of("-Werror"), source("int n", text));
        assertThat(run.diagnostics()).as("%s", run.generated()).isEmpty();
        CodeBuffer buffer = CodeBuffer.detached(0x1000).withListing();
        try {
            Class<?> type = run.load("p.XEmitter");
            Object emitter = type.getConstructor(CodeBuffer.class).newInstance(buffer);
            type.getMethod("a", int.class).invoke(emitter, argument);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return HexFormat.of().formatHex(buffer.image().code());
    }

    @Test
    void aLambdaEmitsThoughAParameterChangesThatItDoesNotUse() {
        assertThat(emitted("""
                n += 2;
                int now = n;
                Runnable twice = () -> {
                | mov eax, now
                };
                twice.run();
                n++;
                twice.run();
                | mov ecx, n
                """, 3)).isEqualTo("b805000000b805000000b906000000");
    }

    @Test
    void labelsOfALambdaMayBeDefinedAgainAndAgain() {
        assertThat(emitted("""
                java.util.function.IntConsumer loop = count -> {
                |1: dec ecx
                for (int i = 0; i < count; i++) {
                | jz >2
                }
                | jnz <1
                |2:
                };
                loop.accept(n);
                loop.accept(n);
                """, 1)).isEqualTo("ffc90f840200000075f6ffc90f840200000075f6");
    }

    @Test
    void anAnonymousClassEmitsToo() {
        assertThat(emitted("""
                Runnable once = new Runnable() {
                @Override public void run() {
                | mov eax, n
                }
                };
                once.run();
                """, 3)).isEqualTo("b803000000");
    }

    @Test
    void aVariableThatChangesCannotBeUsedInALambda() {
        for (String text : List.of(
                "n++;\nRunnable r = () -> {\n| mov eax, «n\n};\nr.run();",
                "int m = 1;\nm = n;\nRunnable r = () -> {\nint k = «m;\n| mov eax, k\n};\nr.run();",
                "int m = n;\nRunnable r = () -> {\n| mov eax, [rbx + «m*8]\n};\nr.run();\n--m;",
                "n = 2;\nRunnable r = new Runnable() {\npublic void run() {\n| mov eax, «n\n}\n};\nr.run();")) {
            ProcessorRun run = ProcessorRun.javac(source("int n", text));
            assertThat(run.errors())
                    .as(text)
                    .singleElement()
                    .asString()
                    .contains("changes in this stencil, and a lambda");
            assertThat(run.diagnostics().get(0).getLineNumber())
                    .isEqualTo(Long.parseLong(run.markedPlace().split(":")[0]));
        }
    }

    @Test
    void aVariableThatIsAssignedOnceDoesNotChange() {
        assertThat(emitted("""
                int m;
                m = n + 1;
                Runnable r = () -> {
                int own = 1;
                own++;
                | mov eax, m + own
                };
                r.run();
                """, 3)).isEqualTo("b806000000");
    }
}
