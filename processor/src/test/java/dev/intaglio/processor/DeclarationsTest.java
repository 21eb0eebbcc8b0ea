package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stencil's declaration must be, and what a user is told who declares it otherwise. */
class DeclarationsTest {
    private static final String HEAD = """
            package p;
            import dev.intaglio.dsl.*;
            import dev.intaglio.runtime.*;
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '%', textBlock = """
            @Stencils class X {}                                           % X is none
            @Stencils record X() {}                                        % X is none
            @Stencils @interface X {}                                      % X is none
            @Stencils interface X<T> {}                                    % takes no type parameters
            @Stencils sealed interface X permits Y {} non-sealed interface Y extends X {} % sealed
            class X { @Stencils private interface Y {} }                   % Y: it is private
            class X { private static class Y { @Stencils interface Z {} } } % p.X.Y is private
            @Stencils interface X { void a(); }                            % abstract and has no @Stencil
            @Stencils interface X { @Stencil("| nop") default void a() {} } % has a body
            @Stencils interface X { @Stencil("| nop") static void a() {} } % has a body
            @Stencils interface X { @Stencil("| nop") int a(); }           % returns void
            @Stencils interface X { @Stencil("| nop") <T> void a(); }      % type parameters
            @Stencils interface X { @Stencil("| nop") void a(int... n); }  % variable number
            @Stencils interface X { @Stencil("| nop") void a(String s); }  % has type java.lang.String
            @Stencils interface X { @Stencil("| nop") void a(float f); }   % has type float
            @Stencils interface X { @Stencil("| nop") void a(int[] n); }   % has type int[]
            @Stencils interface X { @Stencil("") void a(); }               % has no text
            @Stencils interface X { @Stencil({}) void a(); }               % has no text
            @Stencils interface X { @Stencil({" ", ""}) void a(); }        % has no text
            abstract class X { @Stencil("| nop") abstract void a(); }      % belongs on the methods of an interface
            interface A { @Stencil("| nop") void a(); } interface B { @Stencil("| nop") void a(); } @Stencils interface X extends A, B {} % inherited from p.A and from p.B
            """)
    void aWrongDeclarationIsToldWithItsRemedy(String declaration, String told) {
        ProcessorRun run = ProcessorRun.javac(List.of("-Xlint:none"), HEAD + declaration.replace(" %", ""));
        assertThat(run.errors())
                .singleElement()
                .asString()
                .startsWith("[asm/bad-stencil] ")
                .contains(told, "\nhelp: ");
        assertThat(run.generated()).isEmpty();
    }

    @Test
    void javacPointsAtTheDeclaration() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                @Stencils
                interface X {
                    @Stencil("| nop") void a(int n, String «s);
                }
                """);
        assertThat(run.only().getPosition()).isEqualTo(run.marked());
    }

    @Test
    void aStencilThatNoEmitterWillHaveIsWarnedOf() {
        ProcessorRun run = ProcessorRun.javac(HEAD + "interface X { @Stencil(\"| nop\") void a(); }");
        assertThat(run.succeeded()).isTrue();
        assertThat(run.messages(Diagnostic.Kind.MANDATORY_WARNING))
                .singleElement()
                .asString()
                .startsWith("[asm/bad-stencil] no emitter is written for X")
                .contains("\nhelp: ");
    }

    @Test
    void aTypeThatDoesNotExistIsTheCompilersBusiness() {
        ProcessorRun run =
                ProcessorRun.javac(HEAD + "@Stencils interface X { @Stencil(\"| nop\") void a(Lable out); }");
        assertThat(run.errors()).singleElement().asString().contains("cannot find symbol");
    }

    @Test
    void allKindsOfParametersAreTaken() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                import java.lang.annotation.*;
                @Stencils
                interface X {
                    @Target(ElementType.TYPE_USE) @interface Odd {}
                    @Stencil({"| mov Rq(r), n", "| mov Rq(r), m", "| mov Rq(r), d", "if (b) {", "| jmp =>l", "}"})
                    void a(@Odd Gpr r, @Odd int n, long m, double d, boolean b, @Odd Label l);
                    @Override String toString();
                    boolean equals(Object other);
                }
                """);
        assertThat(run.diagnostics()).isEmpty();
        assertThat(run.generated()).containsOnlyKeys("p.XEmitter");
    }

    @Test
    void aRepeatedMethodIsImplementedByTheStencilOfAnotherParent() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                interface Plain { void a(); }
                interface Base { @Stencil("| nop") void a(); }
                @Stencils
                interface X extends Plain, Base {}
                """);
        assertThat(run.errors()).isEmpty();
        assertThat(run.generated().get("p.XEmitter")).contains("void a()");
    }

    @Test
    void nestedInterfacesGetTheNamesOfTheTypesAround() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                public class X {
                    public interface Y {
                        @Stencils interface Z { @Stencil("| nop") void a(); }
                    }
                }
                """);
        assertThat(run.generated()).containsOnlyKeys("p.X_Y_ZEmitter");
        assertThat(run.generated().get("p.X_Y_ZEmitter")).contains("public final class X_Y_ZEmitter");
    }

    @Test
    void anEmitterIsAsVisibleAsItsInterface() {
        ProcessorRun run = ProcessorRun.javac(HEAD + "@Stencils interface X { @Stencil(\"| nop\") void a(); }");
        assertThat(run.generated().get("p.XEmitter")).contains("\nfinal class XEmitter");
    }

    @Test
    void anInterfaceInTheUnnamedPackageIsServed() {
        ProcessorRun run = ProcessorRun.javac(
                "@dev.intaglio.dsl.Stencils interface X { @dev.intaglio.dsl.Stencil(\"| nop\") void a(); }");
        assertThat(run.diagnostics()).isEmpty();
        assertThat(run.generated()).containsOnlyKeys("XEmitter");
    }

    @Test
    void stencilsOfACompiledParentAreInherited() {
        ProcessorRun parent = ProcessorRun.javac(HEAD + """
                @Stencils
                public interface Base { int N = 7; @Stencil("| mov eax, N") void a(); }
                """);
        ProcessorRun run = ProcessorRun.javac(
                List.of("-cp", parent.classes() + ":" + System.getProperty("java.class.path")),
                HEAD + "@Stencils interface X extends Base { @Stencil(\"| nop\") void b(); }");
        assertThat(run.diagnostics()).isEmpty();
        assertThat(run.generated().get("p.XEmitter")).contains("void a()", "void b()");
    }

    @Test
    void theSameSourceGivesTheSameEmitter() {
        String source = HEAD + """
                @Stencils
                interface X {
                    @Stencil({"|->there:", "| jmp ->there", "| mov rax, [rbx + n]"}) void a(int n);
                    @Stencil("| nop") void b();
                    @Stencil("| nop") void aa();
                }
                """;
        String first = ProcessorRun.javac(source).generated().get("p.XEmitter");
        assertThat(ProcessorRun.javac(source).generated().get("p.XEmitter")).isEqualTo(first);
        assertThat(first.indexOf("void a(")).isLessThan(first.indexOf("void b("));
        assertThat(first.indexOf("void b(")).isLessThan(first.indexOf("void aa("));
    }

    @Test
    void aMissingEmitterIsAnOrdinaryErrorWhereNoProcessorRuns() {
        ProcessorRun run = ProcessorRun.javac(List.of("-proc:none"), HEAD + """
                @Stencils
                interface X {
                    @Stencil("| nop") void a();
                    static X of(CodeBuffer buffer) { return new XEmitter(buffer); }
                }
                """);
        assertThat(run.only().getMessage(Locale.ROOT))
                .contains("cannot find symbol")
                .contains("class XEmitter");
    }
}
