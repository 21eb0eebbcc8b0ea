package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.CodeBuffer;
import java.lang.reflect.Method;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the file of an interface imports, its stencils may name; what the emitter has already, it keeps. */
class ImportsTest {
    private static final String OTHER = """
            package q;
            public final class Other {
                private Other() {}
                public static final int SIZE = 24;
                public static int count = 3;
                public static int twice(int n) { return 2 * n; }
                public static class Inner { public static final int DEPTH = 7; }
            }
            """;

    /** The bytes of stencil {@code a}, whose source compiles without a warning. */
    private static String emitted(String emitter, String... sources) {
        ProcessorRun run = ProcessorRun.javac(List.of("-Aintaglio.rules=none", "-Werror"), sources);
        assertThat(run.diagnostics()).as("%s", run.generated()).isEmpty();
        CodeBuffer buffer = CodeBuffer.detached(0x1000);
        try {
            var constructor = run.load(emitter).getDeclaredConstructor(CodeBuffer.class);
            constructor.setAccessible(true);
            Object instance = constructor.newInstance(buffer);
            Method method = instance.getClass().getDeclaredMethod("a");
            method.setAccessible(true);
            method.invoke(instance);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
        return HexFormat.of().formatHex(buffer.image().code());
    }

    private static String mov(int... values) {
        StringBuilder hex = new StringBuilder();
        for (int value : values) {
            hex.append("b8").append(HexFormat.of().toHexDigits(Integer.reverseBytes(value)));
        }
        return hex.toString();
    }

    @Test
    void importedTypesAreKnownInJavaLinesAndOperands() {
        assertThat(emitted("p.XEmitter", """
                package p;
                import dev.intaglio.dsl.*;
                import java.util.ArrayList;
                import java.util.List;
                import java.util.function.*;
                import q.Other;
                import q.Other.Inner;
                @Stencils
                public interface X {
                    @Stencil(\"""
                        List<Integer> sizes = new ArrayList<>(List.of(1, 2)); // a List, and "List"
                        IntUnaryOperator next = n -> n + Other.SIZE;
                        for (int size : sizes) {
                        | mov eax, size + next.applyAsInt(size)
                        }
                        String name = "List";
                        | mov eax, name.length() + Other.SIZE + Inner.DEPTH
                        | mov eax, Other.twice(4)
                        \""")
                    void a();
                }
                """, OTHER)).isEqualTo(mov(26, 28, 4 + 24 + 7, 8));
    }

    @Test
    void staticImportsAreKnownToo() {
        assertThat(emitted("p.XEmitter", """
                package p;
                import dev.intaglio.dsl.*;
                import static q.Other.SIZE;
                import static q.Other.twice;
                import static java.lang.Math.*;
                @Stencils
                public interface X {
                    @Stencil(\"""
                        int n = max(twice(SIZE), 5);
                        | mov eax, n
                        | mov eax, SIZE
                        | mov eax, twice(3)
                        \""")
                    void a();
                }
                """, OTHER)).isEqualTo(mov(48, 24, 6));
    }

    @Test
    void whatIsNearerHidesAnImport() {
        assertThat(emitted("p.XEmitter", """
                package p;
                import dev.intaglio.dsl.*;
                import q.*;
                import static q.Other.SIZE;
                @Stencils
                interface X {
                    int SIZE = 5;
                    class ArrayList { static int size() { return 9; } }
                    @Stencil(\"""
                        int n = Other.twice(Other.SIZE);
                        | mov eax, n
                        | mov eax, SIZE
                        | mov eax, ArrayList.size()
                        \""")
                    void a();
                }
                class Other { static final int SIZE = 1; static int twice(int n) { return n; } }
                """, OTHER)).isEqualTo(mov(1, 5, 9));
    }

    @Test
    void aMemberTypeWithTheNameOfOursDoesNotDisturb() {
        assertThat(emitted("p.XEmitter", """
                package p;
                import dev.intaglio.dsl.*;
                @Stencils
                public interface X {
                    class CodeBuffer {}
                    class Section {}
                    class StencilSource {}
                    @Stencil({"for (int i = 0; i < 2; i++) {", "| jmp >1", "}", "|1:", "|.section mine", "| nop"})
                    void a();
                }
                """)).isEqualTo("e905000000e900000000");
    }

    @Test
    void anInheritedStencilSeesWhatItsOwnFileSees() {
        assertThat(emitted("p.XEmitter", """
                package p;
                import dev.intaglio.dsl.*;
                import q.Base;
                @Stencils
                public interface X extends Base {}
                """, """
                package q;
                import dev.intaglio.dsl.*;
                import java.util.List;
                @Stencils
                public interface Base {
                    @Stencil({"int n = List.of(1, 2).size() + Other.SIZE;", "| mov eax, n"})
                    void a();
                }
                """, OTHER)).isEqualTo(mov(26));
    }

    @Test
    void inTheUnnamedPackageStaticMembersAndNestedTypesAreKnown() {
        assertThat(emitted("Outer_XEmitter", """
                import dev.intaglio.dsl.*;
                class Outer {
                    static int count = 5;
                    static int twice(int n) { return 2 * n; }
                    static class Inner { static int level = 8; }
                    @Stencils
                    interface X {
                        static int thrice(int n) { return 3 * n; }
                        @Stencil({
                            "int m = twice(count) + new Inner().hashCode() * 0 + Inner.level;",
                            "| mov eax, m",
                            "| mov eax, twice(3) + thrice(count)",
                            "count++;",
                            "| mov eax, Outer.count"})
                        void a();
                    }
                }
                """)).isEqualTo(mov(18, 21, 6));
    }

    @Test
    void inTheUnnamedPackageALocalVariableHidesAField() {
        assertThat(emitted("Outer_XEmitter", """
                import dev.intaglio.dsl.*;
                class Outer {
                    static int count = 5;
                    @Stencils
                    interface X {
                        @Stencil({"int count = 1;", "count++;", "| mov eax, count"})
                        void a();
                    }
                }
                """)).isEqualTo(mov(2));
    }

    @Test
    void membersThatEmittersHaveAreRefusedByName() {
        String[][] clashes = {
            {
                "@Stencil(\"| nop\") void describe();",
                "method describe() is taken for a method of dev.intaglio.runtime.Emitter"
            },
            {"default String describe() { return \"\"; }", "method describe() is taken for a method"},
            {"@Stencil(\"| nop\") void put8(long p, int v);", "method put8(long,int) is taken for a method"},
            {"@Stencil(\"| nop\") void operandBits(int n);", "method operandBits(int) is taken for a method"},
            {"@Stencil(\"| nop\") void finalize();", "method finalize() is taken for a method"},
            {"int code = 5; @Stencil(\"| mov eax, code\") void a();", "constant code has the name of a field"},
            {
                "static int align(int n) { return n; } @Stencil(\"| mov eax, align(3)\") void a();",
                "static method align is hidden where stencils call it"
            },
        };
        for (String[] clash : clashes) {
            ProcessorRun run = ProcessorRun.javac(
                    "package p;\nimport dev.intaglio.dsl.*;\n@Stencils\npublic interface X {\n" + clash[0] + "\n}\n");
            assertThat(run.errors())
                    .as(clash[0])
                    .hasSize(1)
                    .allMatch(error -> error.startsWith("[asm/bad-stencil] " + clash[1]));
        }
    }

    @Test
    void namesThatOnlyLookLikeThoseOfEmittersAreFree() {
        assertThat(emitted("p.XEmitter", """
                package p;
                import dev.intaglio.dsl.*;
                import dev.intaglio.runtime.*;
                @Stencils
                public interface X {
                    static int align(int n) { return n; }
                    @Stencil("| jmp =>target") void jump(Label target);
                    @Stencil("| call =>target") void call(Label target);
                    default int checkA(int n) { return n; }
                    default void listA() {}
                    @Stencil({"int n = X.align(3);", "| mov eax, n", "| mov al, checkA(n)"}) void a();
                }
                """)).isEqualTo(mov(3) + "b003");
    }

    @Test
    void whatTheAuthorSuppressesIsSuppressedInTheEmitter() {
        String source = """
                package p;
                import dev.intaglio.dsl.*;
                import java.util.List;
                @Stencils
                public interface X {
                    @SuppressWarnings({"rawtypes", "unchecked"})
                    @Stencil({"List some = List.of(1); some.contains(2);", "List<Integer> same = some;", "| mov eax, same.size()"})
                    void a();
                }
                """;
        assertThat(emitted("p.XEmitter", source)).isEqualTo(mov(1));
        assertThat(ProcessorRun.javac(List.of("-Werror"), source).generated().get("p.XEmitter"))
                .contains("@SuppressWarnings({\"rawtypes\", \"unchecked\"})");
    }
}
