package dev.intaglio.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Interfaces of random stencils whose Java is right and whose assembly is mostly so. */
final class RandomInterface {
    private static final String[][] PARAMETERS = {
        {"int", "i"},
        {"int", "j"},
        {"long", "v"},
        {"long", "w"},
        {"boolean", "b"},
        {"double", "d"},
        {"Label", "target"},
        {"Label", "other"},
        {"Gpr", "reg"},
        {"Gpr", "base"},
        {"Xmm", "vec"}
    };
    private static final String[] R64 = {"rax", "rcx", "rbp", "rsp", "r12", "r13", "r15", "rdi"};
    private static final String[] R32 = {"eax", "ecx", "ebp", "esp", "r12d", "r13d", "r15d"};
    private static final String[] SIZES = {"", "byte ", "word ", "dword ", "qword ", "oword "};
    private static final String[] LINES = {
        "mov @q, @n",
        "mov @d, @n",
        "mov @q, @m",
        "mov @m, @q",
        "mov dword @m, @n",
        "mov byte @m, @n",
        "add @q, @n",
        "add @d, dword @n",
        "cmp @s@m, @n",
        "and @s@m, @n",
        "test @q, @q",
        "lea @q, @m",
        "inc @s@m",
        "push @q",
        "push @n",
        "pop @q",
        "imul @q, @q, @n",
        "shl @q, @n",
        "shl @d, cl",
        "sar @s@m, 1",
        "movzx @d, byte @m",
        "movsxd @q, @d",
        "xchg @q, @q",
        "lock add @s@m, @n",
        "cmovz @q, @q",
        "setnz @b",
        "jmp @l",
        "jz @l",
        "call @l",
        "call @n",
        "jmp @n",
        "jnz @n",
        "jrcxz @l",
        "call @q",
        "jmp @m",
        "ret",
        "ret @n",
        "nop",
        "rep movsb",
        "addsd @x, @x",
        "addsd @x, @m",
        "movsd @m, @x",
        "vaddps @x, @x, @x",
        "vaddps @y, @y, @m",
        "vfmadd213sd @x, @x, @x",
        "vpblendvb @x, @x, @x, @x",
        "vpermq zmm1{k1}{z}, zmm2, @n",
        "vaddpd zmm@k, zmm2, @m{1to8}",
        "pdep @q, @q, @q",
        "popcnt @d, @d",
        "andn @q, @q, @m",
        "movd @x, @d",
        "movq @x, @q",
        "pshufd @x, @x, @n",
        "cvtsi2sd @x, @q",
        "ucomisd @x, @m",
        "bsf @q, @q",
        "bt @s@m, @n",
        "mov @q, [=>@L + @c]",
        "lea @q, [->shared]",
        "cmp dword [rip + @c], @n",
        "mov @q, [&v]",
        "fld qword @m",
        "crc32 @d, byte @m",
        "movbe @q, @m",
        "shlx @q, @m, @q",
        "int3",
        "syscall",
        "xor @d, @d",
        "sub @q, @n",
        "sete @b",
        "vgatherdps xmm1, [rax + xmm2*4], xmm3",
        "mov64 @q, @n",
        "mov Rb(i), @n",
        "cmpxchg @m, @q",
        "bswap @q"
    };

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private List<String> known = List.of();
    private int locals;
    private int loops;

    RandomInterface(Random random) {
        this.random = random;
    }

    /** The source of an interface of this name; each stencil begins behind a line {@code // stencil}. */
    static String source(String name, int stencils, Random random) {
        StringBuilder text =
                new StringBuilder("""
                package p;
                import dev.intaglio.dsl.*;
                import dev.intaglio.runtime.*;
                import java.util.List;
                import static java.lang.Math.max;
                @Stencils%s
                public interface %s {
                    int K = 8;
                    long BIG = 0x123456789abcL;
                    double PI = 3.25;
                    boolean YES = true;
                    int TIME = Integer.parseInt("24");
                    static int twice(int n) { return 2 * n; }
                    static double half(int n) { return n / 2.0; }
                    default long wide(long n) { return n << 20; }
                    default boolean odd(int n) { return (n & 1) != 0; }
                """.formatted(random.nextInt(4) == 0 ? "(cpu = \"x86-64-v3\")" : "", name));
        for (int i = 0; i < stencils; i++) {
            text.append("// stencil\n").append(new RandomInterface(random).stencil(i));
        }
        return text.append("}\n").toString();
    }

    private String stencil(int number) {
        List<String[]> parameters = new ArrayList<>();
        for (String[] parameter : PARAMETERS) {
            if (random.nextInt(3) > 0) {
                parameters.add(parameter);
            }
        }
        known = parameters.stream().map(parameter -> parameter[1]).toList();
        List<String> declared = parameters.stream()
                .map(parameter -> parameter[0] + " " + parameter[1])
                .toList();
        if (random.nextInt(6) == 0) {
            text.append("    @Stencil(cpu = \"avx512f+sha\", value = \"\"\"\n        | nop\n        \"\"\")\n");
        }
        text.append("    @Stencil(\"\"\"\n");
        block(1 + random.nextInt(6), 0);
        if (random.nextInt(8) == 0) {
            text.append("        |.data\n        |.align 8\n        |.qword 1, ")
                    .append(random.nextInt())
                    .append("\n");
        }
        return text.append("        \"\"\")\n    void stencil")
                .append(number)
                .append("(")
                .append(String.join(", ", declared))
                .append(");\n")
                .toString();
    }

    private void block(int lines, int depth) {
        for (int k = 0; k < lines; k++) {
            switch (depth < 2 ? random.nextInt(20) : 19) {
                case 0 -> {
                    line("if (" + truth() + ") {");
                    block(1 + random.nextInt(2), depth + 1);
                    if (random.nextBoolean()) {
                        line("} else {");
                        block(1 + random.nextInt(2), depth + 1);
                    }
                    line("}");
                }
                case 1 -> {
                    String variable = "k" + loops++;
                    line("for (int " + variable + " = 0; " + variable + " < 3; " + variable + "++) {");
                    block(1 + random.nextInt(2), depth + 1);
                    line("}");
                }
                case 2 -> {
                    String name = "local" + locals++;
                    line(
                            random.nextBoolean()
                                    ? "int " + name + " = " + integer(1) + ";"
                                    : "long " + name + " = " + wide(1) + ";");
                    line("| mov rax, " + name);
                }
                case 3 -> line("|1: dec ecx; jnz " + (random.nextBoolean() ? "<1" : ">1; nop; nop\n        |1:"));
                case 4 -> {
                    line("|.cold");
                    assembly();
                    line("|.code");
                }
                case 5 ->
                    line("List<Integer> list" + locals + " = List.of(1, max(2, 3)); assert list" + locals++
                            + ".size() == 2;");
                case 6 -> {
                    String body = "step" + locals++;
                    line("Runnable " + body + " = () -> {");
                    block(1 + random.nextInt(2), depth + 1);
                    line("};");
                    line(body + ".run();");
                }
                case 7 -> {
                    line("switch (" + integer(1) + ") {");
                    line("case 3:");
                    block(1, depth + 1);
                    line("break;");
                    line("default:");
                    block(1, depth + 1);
                    line("}");
                }
                case 8 -> line("|.define D" + locals + ", " + integer(1) + "\n        | mov eax, D" + locals++);
                case 9 ->
                    line("|.macro m" + locals + ", x\n        | add x, " + number()
                            + "\n        |.endmacro\n        | m" + locals++ + " " + operand('q'));
                case 10 -> {
                    String numbers = "numbers" + locals++;
                    line("int[] " + numbers + " = {1, 2, " + integer(1) + "};");
                    line("| mov " + operand('d') + ", " + numbers + "[" + random.nextInt(3) + "] + " + numbers
                            + ".length");
                }
                case 11 -> line("| mov rax, " + known.stream().findFirst().orElse("K") + "; // the first parameter");
                case 12 -> line("|=>" + operand('L') + ": nop\n        |.align " + (1 << random.nextInt(6)));
                case 13 ->
                    line("|.data\n        |.dword =>" + operand('L') + " - ., ->shared - =>" + operand('L') + " + 4, "
                            + number() + "\n        |.qword ->shared, " + number() + "\n        |.code");
                default -> assembly();
            }
        }
    }

    private void line(String line) {
        text.append("        ").append(line).append('\n');
    }

    private void assembly() {
        StringBuilder line = new StringBuilder("| ");
        String template = pick(LINES);
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            line.append(c == '@' ? operand(template.charAt(++i)) : String.valueOf(c));
        }
        line(line.toString());
    }

    private String operand(char kind) {
        return switch (kind) {
            case 'q' -> random.nextInt(3) == 0 && known.contains("reg") ? "reg" : chosen("Rq", pick(R64));
            case 'd' -> chosen("Rd", pick(R32));
            case 'b' -> chosen("Rb", "al");
            case 'x' ->
                random.nextInt(3) == 0 && known.contains("vec") ? "vec" : chosen("xmm", "xmm" + random.nextInt(16));
            case 'y' -> chosen("ymm", "ymm" + random.nextInt(20));
            case 'k' -> random.nextInt(32) + (random.nextBoolean() ? "{k2}" : "");
            case 's' -> pick(SIZES);
            case 'm' -> memory();
            case 'c' -> Integer.toString(random.nextInt(300) - 150);
            case 'n' -> number();
            case 'L' -> known.contains("other") ? "other" : "target";
            default -> label();
        };
    }

    private String chosen(String family, String fixed) {
        return random.nextInt(3) == 0 ? family + "(" + integer(1) + ")" : fixed;
    }

    private String memory() {
        List<String> terms = new ArrayList<>();
        terms.add(random.nextInt(4) == 0 && known.contains("base") ? "base" : chosen("Rq", pick(R64)));
        if (random.nextInt(3) == 0) {
            terms.add(chosen("Rq", pick(R64)) + pick(new String[] {"", "*2", "*4", "*8", "*K", "*3"}));
        }
        if (random.nextInt(3) > 0) {
            terms.add(random.nextBoolean() ? wide(1) : integer(1));
        }
        return "[" + String.join(" + ", terms) + "]";
    }

    private String number() {
        return switch (random.nextInt(8)) {
            case 0 -> wide(2);
            case 1 -> known.contains("d") ? "d" : "PI";
            case 2 -> truth();
            case 3 -> "half(" + integer(1) + ")";
            case 4 -> Long.toString(random.nextLong() >> random.nextInt(64));
            default -> integer(2);
        };
    }

    private String label() {
        return switch (random.nextInt(5)) {
            case 0 -> "->shared";
            case 1 ->
                known.contains("target") && known.contains("other")
                        ? "=>(" + truth() + " ? target : other)"
                        : "->shared";
            default -> known.contains("target") ? "=>target" : "->shared";
        };
    }

    /** An int expression. */
    private String integer(int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 4)) {
            case 0 -> known.contains("i") ? "i" : "K";
            case 1 -> known.contains("j") ? "j" : "TIME";
            case 2 -> Integer.toString(random.nextInt(1 << 1 + random.nextInt(30)));
            case 3 -> "K";
            case 4 -> "twice(" + integer(depth - 1) + ")";
            case 5 ->
                "(" + integer(depth - 1) + pick(new String[] {" + ", " - ", " * ", " & ", " | ", " ^ "})
                        + integer(depth - 1) + ")";
            case 6 ->
                "(" + integer(depth - 1) + pick(new String[] {" << ", " >> ", " >>> "}) + random.nextInt(34) + ")";
            case 7 -> "(" + truth() + " ? " + integer(depth - 1) + " : " + integer(depth - 1) + ")";
            case 8 -> "(" + pick(new String[] {"byte", "short", "int", "char"}) + ") " + "(" + integer(depth - 1) + ")";
            case 9 -> "max(" + integer(depth - 1) + ", " + integer(depth - 1) + ")";
            case 10 -> "-" + integer(0);
            default -> "~" + integer(0);
        };
    }

    /** A long expression. */
    private String wide(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 3)) {
            case 0 -> known.contains("v") ? "v" : "BIG";
            case 1 -> known.contains("w") ? "w" : "7L";
            case 2 -> "BIG";
            case 3 -> "wide(" + wide(depth - 1) + ")";
            case 4 ->
                "(" + wide(depth - 1) + pick(new String[] {" + ", " - ", " * ", " ^ "}) + integer(depth - 1) + ")";
            case 5 -> "(long) " + (known.contains("d") ? "d" : "PI");
            default -> "(" + wide(depth - 1) + " >> " + random.nextInt(70) + ")";
        };
    }

    private String truth() {
        return switch (random.nextInt(5)) {
            case 0 -> known.contains("b") ? "b" : "odd(TIME)";
            case 1 -> "odd(" + integer(0) + ")";
            case 2 -> "(" + integer(0) + pick(new String[] {" < ", " >= ", " == ", " != "}) + integer(0) + ")";
            case 3 -> "!odd(" + integer(0) + ")";
            default -> known.contains("b") ? "(b || odd(K))" : "YES";
        };
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }
}
