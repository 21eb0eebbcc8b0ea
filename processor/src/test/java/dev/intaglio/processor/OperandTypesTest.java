package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is no number, or a double among integers, is refused where it stands, not by javac in the emitter. */
class OperandTypesTest {
    private static final String SOURCE = """
            package p;
            import dev.intaglio.dsl.*;
            import dev.intaglio.runtime.*;
            class Near {
                static double half() { return 0.5; }
                static double[] halves = {0.5};
                static String[] names = {"a"};
                static String name = "a";
                static Integer boxed() { return 7; }
                static <T> T same(T value) { return value; }
                static Gpr first() { return Gpr.RAX; }
                static void nothing() {}
                static class Point { int x; }
                static int over(int n) { return n; }
                static String over(String s) { return s; }
            }
            @Stencils
            interface X {
                default String text() { return ""; }
                default Gpr pick() { return Gpr.RBX; }
                @Stencil(\"""
                    double[] some = {1.0};
                    int[] ints = {(int) 1};
                    String words = "";
                    Near.Point point = new Near.Point();
                    | %s
                    \""")
                void a(boolean flag, Gpr reg, Xmm vec, Label target, int n, double d);
            }
            """;

    private static ProcessorRun compile(String line) {
        return ProcessorRun.javac(List.of("-Werror", "-Xlint:-static"), SOURCE.formatted(line));
    }

    @Test
    void aDoubleCannotBePartOfAnAddress() {
        for (String operand : List.of(
                "[rbx + «Near.half()]",
                "[rbx + «Near.halves[0] + n]",
                "[«some[0] + 1]",
                "[rbx + «(flag ? 1.0 : 2.0)]",
                "[rcx + 8*«d]")) {
            assertRefused("mov rax, " + operand, "is a double");
        }
    }

    @Test
    void aRegisterIsNoNumber() {
        for (String operand : List.of(
                "«pick() + 1",
                "«Near.first()",
                "«(flag ? reg : pick())",
                "«reg + 1",
                "n + «vec",
                "[rbx + 2*«Near.first()]")) {
            assertRefused("mov rax, " + operand, "register");
        }
    }

    @Test
    void anObjectIsNoNumber() {
        for (String operand : List.of(
                "«text()",
                "«Near.name",
                "«Near.names[0]",
                "«Near.halves",
                "«Near.nothing()",
                "«words",
                "«some",
                "«(flag ? words : text())",
                "[rbx + «text()]")) {
            assertRefused("mov rax, " + operand, "number");
        }
        assertRefused("jmp =>«text()", "is no number and no label");
    }

    @Test
    void whatIsANumberIsTaken() {
        for (String operand : List.of(
                "Near.half()",
                "Near.halves[0]",
                "some[0]",
                "flag ? 1.0 : 2",
                "Near.boxed() + 1",
                "[rbx + Near.same(n)]",
                "ints[0] + n",
                "Near.over(3) + 1",
                "words.length() + text().length()",
                "flag ? n : 7",
                "(Near.name == null ? 1 : 0) + 2",
                "(long) d + 1",
                "words.isEmpty() ? 1 : 0",
                "Near.names.length + some.length",
                "Near.half() + 1",
                "Near.halves[0] + n",
                "(flag ? 1.0 : 2.0) + 1",
                "point.x + 1",
                "(int) n",
                "Near.over((int) n)")) {
            ProcessorRun run = compile("mov rax, " + operand);
            assertThat(run.diagnostics()).as(operand).isEmpty();
        }
    }

    private static void assertRefused(String marked, String why) {
        ProcessorRun run = compile(marked);
        assertThat(run.errors())
                .as(marked)
                .hasSize(1)
                .allSatisfy(error ->
                        assertThat(error).startsWith("[asm/bad-expression]").contains(why));
        assertThat(run.diagnostics().get(0).getLineNumber())
                .as(marked)
                .isEqualTo(Long.parseLong(run.markedPlace().split(":")[0]));
    }
}
