package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.EmissionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an emitter writes for values given at emission is what the assembler writes for the same line with the values written
 * out; where the assembler refuses them, so does the emitter, and nothing is emitted.
 */
class OperandValuesTest {
    private static final String PARAMETERS = "(long x, int y, int r, int s, int t, boolean flag)";
    private static final String[] B = {
        "al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"
    };
    private static final String[] W = {
        "ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"
    };
    private static final String[] D = {
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d",
        "r15d"
    };
    private static final String[] Q = {
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"
    };

    private static final String[] S = {"es", "cs", "ss", "ds", "fs", "gs"};

    private static final List<String> LINES = List.of(
            "mov Rq(r), [Rq(s) + x]",
            "mov [Rq(s) + x], Rb(r)",
            "mov Rw(r), [Rq(s) + Rq(t)*4 + x]",
            "mov Rd(r), [Rq(s)]",
            "mov Rq(r), [Rq(s) + y*8]",
            "add qword [Rq(s) + y*8 - 16], 1",
            "mov Rq(r), [rbx + y*-24 + 100]",
            "mov [r13 + y*1024 - 2147483000], rcx",
            "mov Rd(r), [Rq(s) + y + 80]",
            "mov Rb(r), Rb(s)",
            "mov dword [Rq(s) + Rq(t) + x], y",
            "mov qword [rsp + x], y",
            "mov word [r12 + x], y",
            "mov byte [rbp + x], y",
            "lea Rq(r), [Rq(t)*8 + x]",
            "lea Rd(r), [rdi + rsi*2 + x + y*8]",
            "movzx Rd(r), byte [Rq(s) + x]",
            "movsxd Rq(r), Rd(s)",
            "add Rd(s), x",
            "and Rq(s), x",
            "cmp qword [Rq(s) + x], y",
            "sub word [rdi + x], y",
            "xor Rb(s), y",
            "cmp Rb(s), x",
            "or Rw(s), y",
            "sub Rq(s), 1000",
            "adc Rd(s), 1000",
            "test Rq(s), x",
            "xchg Rd(r), Rd(s)",
            "xchg eax, Rd(s)",
            "xchg Rq(s), rax",
            "rol byte [Rq(s) + x], y",
            "sar Rb(s), y",
            "vpaddd xmm(r), xmm(s), xmm(t)",
            "vpand ymm(r), ymm3, ymm(t)",
            "vpxor xmm1, xmm(s), xmm13",
            "vpsubd xmm(r), xmm(s), xmm(t)",
            "vfmulcph xmm(r), xmm(s), xmm(t)",
            "vfcmulcsh xmm2, xmm(s), xmm5",
            "test Rd(s), y",
            "imul Rq(r), Rq(s), y",
            "imul Rw(r), [rbx + x], y",
            "shl Rq(s), y",
            "push x",
            "push Rq(r)",
            "inc Rb(r)",
            "setne Rb(s)",
            "cmovl Rq(r), [r13 + x]",
            "bt dword [Rq(s) + x], y",
            "xchg Rq(r), [rsp + x]",
            "lock cmpxchg [Rq(s) + x], Rd(r)",
            "mov Rd(r), y",
            "mov Rb(r), flag",
            "ret y",
            "int y",
            "movsd xmm(r), [Rq(s) + x]",
            "addsd xmm(r), xmm(s)",
            "cvtsi2sd xmm(r), Rq(s)",
            "pshufd xmm(r), [rdi + x], y",
            "roundsd xmm(r), xmm(s), y",
            "vaddsd xmm(r), xmm(s), [Rq(t) + x]",
            "vmulpd ymm(r), ymm(s), ymm(t)",
            "vfmadd231sd xmm(r), xmm(s), xmm(t)",
            "vmovups ymm(r), [Rq(s) + Rq(t)*2 + x]",
            "vmovaps xmm(r), xmm(s)",
            "vmovss xmm(r), xmm1, xmm(s)",
            "vpaddw xmm(r), xmm3, [Rq(s) + x]",
            "vcvtsi2sd xmm(r), xmm(s), Rq(t)",
            "vpsrld ymm(r), ymm(s), y",
            "vpermd ymm(r), ymm(s), [rdi + x]",
            "kandw k(r), k(s), k(t)",
            "vaddps zmm(r){k(s)}, zmm(t), [rdi + x]{1to16}",
            "paddb mm(r), mm(s)",
            "movabs rax, [x]",
            "movabs fs:[x], al",
            "fadd st0, st(r)",
            "fxch st(s)",
            "mov sreg(r), Rd(s)",
            "mov Rq(s), sreg(r)",
            "mov cr(r), Rq(s)",
            "mov Rq(s), dr(r)");

    @Test
    void valuesGivenAtEmissionMakeTheSameBytes() {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("OperandValuesTest seed " + seed);
        Random random = new Random(seed);
        CompiledEmitter.Builder builder = CompiledEmitter.of("Values");
        for (int i = 0; i < LINES.size(); i++) {
            builder.stencil("s" + i + PARAMETERS, "| " + LINES.get(i) + "\n");
        }
        CompiledEmitter compiled = builder.compile();
        int refused = 0;
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < LINES.size(); i++) {
            for (int run = 0; run < 300; run++) {
                Values values = Values.random(random);
                String line = values.in(LINES.get(i));
                Optional<String> wanted = Images.assembledOrEmpty(line);
                CodeBuffer buffer = CodeBuffer.detached(0x7000_0000_0000L);
                String found;
                try {
                    compiled.on(buffer).emit("s" + i, values.x, values.y, values.r, values.s, values.t, values.flag);
                    found = Images.hex(buffer.image().code());
                } catch (EmissionException e) {
                    assertThat(buffer.size()).isZero();
                    found = "refused";
                    refused++;
                }
                if (!isSame(found, wanted.orElse("refused"), line)) {
                    wrong.add(line + ": " + found + " instead of " + wanted.orElse("refused"));
                }
            }
        }
        assertThat(wrong).as("seed %d", seed).isEmpty();
        assertThat(refused).isPositive();
    }

    /** Of which one test tells that both are good. */
    @Test
    void twoDisplacementsThatAreSums() {
        long seed = Long.getLong("intaglio.seed", 4711);
        Random random = new Random(seed);
        CompiledEmitter compiled = CompiledEmitter.of("Pair")
                .stencil("take(int a, int b)", "| mov rax, [rdi + a*8 + 80]\n| mov rcx, [rsi + b*4096 - 5]\n")
                .compile();
        for (int run = 0; run < 3000; run++) {
            int a = (int) Values.value(random);
            int b = (int) (Values.value(random) >> random.nextInt(12));
            Optional<String> first = Images.assembledOrEmpty("mov rax, [rdi + (" + a + ")*8 + 80]");
            Optional<String> second = Images.assembledOrEmpty("mov rcx, [rsi + (" + b + ")*4096 - 5]");
            CodeBuffer buffer = CodeBuffer.detached(0x7000_0000_0000L);
            String found;
            try {
                compiled.on(buffer).emit("take", a, b);
                found = Images.hex(buffer.image().code());
            } catch (EmissionException e) {
                assertThat(buffer.size()).isZero();
                found = "refused";
            }
            boolean good = first.isPresent() && second.isPresent();
            String wanted = good ? first.get() + second.get() : "refused";
            assertThat(found.replace(" ", "")).as("seed %d: %d, %d", seed, a, b).isEqualTo(wanted.replace(" ", ""));
        }
    }

    /** Those of the runtime's tables and their neighbours, with each kind of base, a head of seven bytes, and bytes behind. */
    @Test
    void allNearDisplacements() {
        List<String> lines = List.of(
                "mov rax, [rbx + x]",
                "mov [r13 + x], rcx",
                "cmp dword [r12 + x], 1000",
                "lock cmpxchg16b [r8 + r9*8 + x]");
        CompiledEmitter compiled = CompiledEmitter.of("Near")
                .stencil("take(long x)", "| " + String.join("\n| ", lines) + "\n")
                .compile();
        for (long x = -260; x < 520; x++) {
            StringBuilder wanted = new StringBuilder();
            for (String line : lines) {
                wanted.append(Images.assembled(line.replace("x]", x + "]"))).append(' ');
            }
            CodeBuffer buffer = CodeBuffer.detached(0x7000_0000_0000L);
            compiled.on(buffer).emit("take", x);
            assertThat(Images.hex(buffer.image().code()) + " ")
                    .as("displacement %d", x)
                    .isEqualTo(wanted.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mov rax, Rq(r)                  | 16 | register has register number 16, but only 0 to 15 exist",
                "mov rax, [Rq(r)]                | -1 | base register has register number -1",
                "mov rax, [rbx + Rq(r)]          | 4  | (rsp), which cannot be an index",
                "addsd xmm(r), xmm1              | 16 | only 0 to 15 exist",
                "vaddsd xmm(r), xmm1, xmm2       | 32 | only 0 to 31 exist",
                "vgatherdps xmm1, [rax + xmm(r)], xmm2 | 16 | index register has register number 16",
                "vaddps zmm1{k(r)}, zmm2, zmm3   | 0  | (k0), which means no mask",
                "kmovq k(r), rax                 | 8  | only 0 to 7 exist",
                "movq mm(r), rax                 | 8  | only 0 to 7 exist",
                "fadd st0, st(r)                 | 8  | only 0 to 7 exist",
                "mov sreg(r), eax                | 1  | segment register has register number 1, which the processor refuses",
                "mov eax, sreg(r)                | 6  | only 0 to 5 exist",
                "mov cr(r), rax                  | 5  | control register has register number 5, which the processor refuses",
                "mov rax, dr(r)                  | 8  | only 0 to 7 exist",
                "vfmulcph xmm(r), xmm1, xmm2     | 2  | which another operand has too",
            })
    void anIllegalChoiceIsNamed(String line, int register, String message) {
        CompiledEmitter compiled = CompiledEmitter.of("Choice")
                .stencil("take(int r)", "| " + line + "\n")
                .compile();
        CodeBuffer buffer = CodeBuffer.detached(0x7000_0000_0000L);
        assertThatThrownBy(() -> compiled.on(buffer).emit("take", register))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining(line)
                .hasMessageContaining("take")
                .hasMessageContaining(message);
        assertThat(buffer.size()).isZero();
    }

    /**
     * The same bytes, or as many where the sign-extended form and the accumulator's are equally long. And rsp, refused as an
     * index chosen at emission, changes places with the base when both are known.
     */
    private static boolean isSame(String found, String wanted, String line) {
        if (found.equals("refused") || wanted.equals("refused")) {
            return found.equals(wanted) || line.contains(" + rsp + ");
        }
        boolean equallyLong = line.matches("\\w+ ax, .*") && found.length() == wanted.length();
        return found.equals(wanted) || equallyLong;
    }

    private record Values(long x, int y, int r, int s, int t, boolean flag) {
        private static final long[] BOUNDARIES = {
            0,
            1,
            -1,
            127,
            128,
            -128,
            -129,
            255,
            256,
            32767,
            32768,
            -32768,
            -32769,
            65535,
            65536,
            (1 << 21) - 1,
            -1 << 21,
            (1 << 27) - 1,
            1 << 27,
            -1 << 27,
            (-1 << 27) - 1,
            (1 << 28) - 1,
            1 << 28,
            (1 << 28) + 1,
            (1 << 28) + 2,
            -1 << 28,
            (-1 << 28) + 1,
            (-1 << 28) - 1,
            Integer.MAX_VALUE - 80,
            Integer.MAX_VALUE - 79,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            1L << 31,
            0xFFFF_FFFFL,
            1L << 32,
            -(1L << 31) - 1,
            Long.MAX_VALUE,
            Long.MIN_VALUE
        };

        static Values random(Random random) {
            return new Values(
                    value(random),
                    (int) value(random),
                    register(random),
                    register(random),
                    register(random),
                    random.nextBoolean());
        }

        private static long value(Random random) {
            return switch (random.nextInt(4)) {
                case 0 -> random.nextInt(256) - 128;
                case 1 -> random.nextInt();
                default -> BOUNDARIES[random.nextInt(BOUNDARIES.length)];
            };
        }

        private static int register(Random random) {
            return random.nextInt(6) == 0 ? random.nextInt(48) - 10 : random.nextInt(16);
        }

        /** The line with the values written out. */
        String in(String line) {
            String text = line;
            text = registers(registers(registers(text, "r", r), "s", s), "t", t);
            return text.replaceAll("\\bx\\b", "(" + x + ")")
                    .replaceAll("\\by\\b", "(" + y + ")")
                    .replace("flag", flag ? "1" : "0");
        }

        private static String registers(String text, String name, int number) {
            boolean exists = number >= 0 && number < 16;
            boolean isVector = number >= 0 && number < 32;
            boolean isOfEight = number >= 0 && number < 8;
            String suffix = "(" + name + ")";
            return text.replace("Rb" + suffix, exists ? B[number] : "none")
                    .replace("Rw" + suffix, exists ? W[number] : "none")
                    .replace("Rd" + suffix, exists ? D[number] : "none")
                    .replace("Rq" + suffix, exists ? Q[number] : "none")
                    .replace("xmm" + suffix, isVector ? "xmm" + number : "none")
                    .replace("ymm" + suffix, isVector ? "ymm" + number : "none")
                    .replace("zmm" + suffix, isVector ? "zmm" + number : "none")
                    .replace(" mm" + suffix, isOfEight ? " mm" + number : " none")
                    .replace("st" + suffix, isOfEight ? "st" + number : "none")
                    .replaceAll("\\bk\\(" + name + "\\)", isOfEight ? "k" + number : "none")
                    .replace("sreg" + suffix, number >= 0 && number < S.length ? S[number] : "none")
                    .replace("cr" + suffix, exists ? "cr" + number : "none")
                    .replace("dr" + suffix, exists ? "dr" + number : "none");
        }
    }
}
