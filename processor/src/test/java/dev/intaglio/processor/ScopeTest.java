package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.CodeBuffer;
import java.lang.reflect.InvocationTargetException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stencil's names mean what Java would have them mean in its place. */
class ScopeTest {
    private static final String HALF = "48b8000000000000e03f";
    private static final String HEAD = """
            package p;
            import dev.intaglio.dsl.*;
            import dev.intaglio.runtime.*;
            """;

    /** The bytes of stencil {@code a} without parameters. */
    private static String emitted(String emitter, String... sources) {
        ProcessorRun run = ProcessorRun.javac(List.of("-Aintaglio.rules=none"), sources);
        assertThat(run.diagnostics()).isEmpty();
        CodeBuffer buffer = CodeBuffer.detached(0x1000);
        try {
            Class<?> type = run.load(emitter);
            var constructor = type.getDeclaredConstructor(CodeBuffer.class);
            constructor.setAccessible(true);
            Object instance = constructor.newInstance(buffer);
            var method = type.getDeclaredMethod("a");
            method.setAccessible(true);
            method.invoke(instance);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return HexFormat.of().formatHex(buffer.image().code());
    }

    private static String mov(int value) {
        return "b8" + HexFormat.of().toHexDigits(Integer.reverseBytes(value));
    }

    @Test
    void aConstantHidesTheInheritedOne() {
        assertThat(emitted("p.XEmitter", HEAD + """
                interface Base { int N = 1; }
                @Stencils
                interface X extends Base {
                    int N = 2;
                    @Stencil("| mov eax, N") void a();
                }
                """)).isEqualTo(mov(2));
    }

    @Test
    void anInheritedStencilSeesTheConstantsOfItsOwnInterface() {
        assertThat(emitted("p.XEmitter", HEAD + """
                @Stencils
                interface X extends Base {
                    int N = 2;
                    long TIME = Long.parseLong("9");
                }
                @Stencils
                interface Base {
                    int N = 1;
                    int TIME = Integer.parseInt("7");
                    @Stencil({"| mov eax, N", "| mov eax, TIME"}) void a();
                }
                """)).isEqualTo(mov(1) + mov(7));
    }

    @Test
    void aNameInheritedTwiceMeansNothing() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                interface A { int N = 1; }
                interface B { int N = 2; }
                @Stencils
                interface X extends A, B {
                    @Stencil("| mov eax, N") void a();
                }
                """);
        assertThat(run.errors())
                .singleElement()
                .asString()
                .contains("'N' is not known")
                .doesNotContain("did you mean N?");
    }

    @Test
    void constantsOfTheTypesAroundAreSeenPrivateOnesToo() {
        assertThat(emitted("p.Outer_XEmitter", HEAD + """
                class Outer {
                    private static final int SLOT = 8;
                    static final int TIME = Integer.parseInt("5");
                    @Stencils
                    interface X {
                        @Stencil({"| mov eax, SLOT*2", "| mov eax, TIME", "| mov eax, TIME + 1"}) void a();
                    }
                }
                """)).isEqualTo(mov(16) + mov(5) + mov(6));
    }

    @Test
    void constantsOfOtherTypesAreSeenByTheirNames() {
        assertThat(emitted("p.XEmitter", HEAD + """
                @Stencils
                interface X {
                    @Stencil({
                        "| mov eax, Layout.SIZE", "| mov eax, Layout.Inner.DEPTH", "| mov eax, q.Far.AWAY",
                        "| mov eax, Integer.MAX_VALUE", "| mov eax, Layout.time", "| mov eax, java.lang.Byte.SIZE"
                    })
                    void a();
                }
                class Layout {
                    static final int SIZE = 3;
                    static int time = 4;
                    static class Inner { static final char DEPTH = 'A'; }
                }
                """, "package q; public interface Far { int AWAY = 6; }"))
                .isEqualTo(mov(3) + mov(65) + mov(6) + mov(Integer.MAX_VALUE) + mov(4) + mov(8));
    }

    @Test
    void anImportedTypesConstantAsksForTheFullNameWhereImportsAreNotShown() {
        ProcessorRun run = ProcessorRun.eclipse(HEAD + """
                import q.Far;
                @Stencils
                interface X {
                    @Stencil("| mov eax, Far.AWAY") void a();
                }
                """, "package q; public interface Far { int AWAY = 6; }");
        assertThat(run.errors()).singleElement().asString().contains("'Far.AWAY'", "full name");
    }

    @Test
    void whatTheEmitterCannotTouchIsNotKnown() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                @Stencils
                interface X {
                    @Stencil({"| mov eax, q.Far.hidden", "| mov eax, Near.secret"}) void a();
                }
                class Near { private static int secret = 1; }
                """, "package q; public class Far { static int hidden = 6; }");
        assertThat(run.errors()).hasSize(2).allMatch(error -> error.startsWith("[asm/unknown-name]"));
    }

    @Test
    void methodsOfEveryKindCanBeCalledInOperandsAndJavaLines() {
        assertThat(emitted("p.Outer_XEmitter", HEAD + """
                class Outer {
                    enum Kind { FEW, MANY }
                    static int counted = Integer.parseInt("2");
                    static int around(int n) { return n + 1; }
                    interface Base {
                        static int lost() { return 0; }
                        default int base() { return 30; }
                    }
                    @Stencils
                    interface X extends Base {
                        @Stencil(\"""
                            | mov eax, twice(20)
                            | mov eax, base()
                            | mov eax, around(base())
                            for (Kind kind : Kind.values()) {
                            | mov eax, kind.ordinal()
                            }
                            for (int i = 0; i < counted; i++) {
                            more(half(i));
                            }
                            \""")
                        void a();

                        @Stencil("| mov eax, n") void more(int n);
                        static int twice(int n) { return 2 * n; }
                        default int half(int n) { return 100 + n / 2; }
                    }
                }
                """))
                .isEqualTo(mov(40) + mov(30) + mov(31) + mov(0) + mov(1) + mov(100) + mov(100));
    }

    @Test
    void theInnermostOfSeveralMembersIsMeant() {
        assertThat(emitted("p.Outer_Inner_XEmitter", HEAD + """
                class Outer {
                    static int f(int n) { return 1; }
                    static int time = 1;
                    static class Inner {
                        static int f(int n) { return 2; }
                        static int time = 2;
                        @Stencils
                        interface X {
                            @Stencil({"int n = time;", "| mov eax, n", "| mov eax, f(0)", "| mov eax, time"}) void a();
                        }
                    }
                }
                """)).isEqualTo(mov(2) + mov(2) + mov(2));
    }

    @Test
    void overloadsWithDifferentResultsAreLeftToJavac() {
        assertThat(emitted("p.XEmitter", HEAD + """
                @Stencils
                interface X {
                    static int f(int n) { return n; }
                    static long f(long n) { return n << 32; }
                    @Stencil("| mov rax, f(1L)") void a();
                }
                """)).isEqualTo("48b80000000001000000");
    }

    @Test
    void parametersHideConstants() {
        ProcessorRun run = ProcessorRun.javac(HEAD + """
                @Stencils
                interface X {
                    int n = 1;
                    @Stencil("| mov eax, n") void b(int n);
                    @Stencil("b(n + 1);") void a();
                }
                """);
        assertThat(run.succeeded()).as("%s", run.diagnostics()).isTrue();
        assertThat(run.generated().get("p.XEmitter")).contains("void b(int n)");
    }

    @Test
    void stencilsMayBeOverloaded() {
        assertThat(emitted("p.XEmitter", HEAD + """
                @Stencils
                interface X {
                    @Stencil({"a(3);", "a(true);"}) void a();
                    @Stencil("| mov eax, n") void a(int n);
                    @Stencil({"if (b) {", "| nop", "}"}) void a(boolean b);
                }
                """)).isEqualTo(mov(3) + "90");
    }

    @Test
    void aFieldIsReadAnewBehindACallThatMayChangeIt() {
        assertThat(emitted("p.Outer_XEmitter", HEAD + """
                class Outer {
                    static int count = 5;
                    static long wide = 5;
                    static int next() { wide++; return ++count; }
                    @Stencils
                    interface X {
                        @Stencil(\"""
                            | mov eax, count
                            | mov rax, wide
                            | mov eax, Outer.next()
                            | mov eax, count
                            | mov rax, wide
                            \""") void a();
                    }
                }
                """)).isEqualTo(mov(5) + mov(5) + mov(6) + mov(6) + mov(6));
    }

    @Test
    void whatOnlyJavacKnowsTheTypeOfStandsForItsBits() {
        assertThat(emitted("p.XEmitter", HEAD + """
                class Near {
                    static double half() { return 0.5; }
                    static float quarter() { return 0.25f; }
                    static boolean yes() { return true; }
                    static double[] some = {0.5};
                    static int[] ints = {7};
                }
                @Stencils
                interface X {
                    @Stencil(\"""
                        | mov rax, Near.half()
                        | mov eax, Near.quarter()
                        | mov eax, Near.yes()
                        | mov rax, Near.some[0]
                        | mov rax, Near.yes() ? 0.5 : 1.5
                        | mov eax, Near.ints[0] + 2 + Near.ints[0]
                        \""") void a();
                }
                """))
                .isEqualTo(HALF + mov(0x3e800000) + mov(1) + HALF + HALF + mov(16));
    }

    @Test
    void aDoubleInASumIsNotCutInSilence() {
        assertThat(emitted("p.XEmitter", HEAD + """
                class Near { static double half() { return -0.5; } }
                @Stencils
                interface X {
                    @Stencil("| mov rax, Near.half() + 1") void a();
                }
                """)).isEqualTo(HALF);
    }

    @Test
    void fieldsAroundAStencilInTheUnnamedPackageAreSeen() {
        assertThat(emitted("Outer_XEmitter", """
                import dev.intaglio.dsl.*;
                class Outer {
                    static final int OFFSET = 6;
                    static int count = 5;
                    static class Inner { static final int DEPTH = 7; static int level = 8; }
                    @Stencils
                    interface X {
                        @Stencil({"| mov eax, OFFSET", "| mov eax, count", "| mov eax, Inner.DEPTH", "| mov eax, Inner.level"})
                        void a();
                    }
                }
                """)).isEqualTo(mov(6) + mov(5) + mov(7) + mov(8));
    }
}
