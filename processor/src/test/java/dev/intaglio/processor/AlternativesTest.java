package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Cpu;
import dev.intaglio.runtime.Emitter;
import java.lang.reflect.InvocationTargetException;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Texts of one stencil for several CPUs: the first that the CPU can run is emitted, and all compute the same. */
class AlternativesTest {
    private static final long SEED = Long.getLong("intaglio.seed", 4711);

    private static final String BITS = """
            package p;
            import dev.intaglio.dsl.*;
            import dev.intaglio.runtime.*;
            @Stencils(cpu = "x86-64")
            public interface Bits {
                @Stencil(cpu = "popcnt", value = \"""
                    | lea rax, [rdi + offset]
                    | popcnt rax, rax
                    | ret
                    \""")
                @Stencil(\"""
                    | lea rdi, [rdi + offset]
                    | xor eax, eax
                    |1: test rdi, rdi
                    | jz >2
                    | lea rdx, [rdi - 1]
                    | and rdi, rdx
                    | inc rax
                    | jmp <1
                    |2: ret
                    \""")
                void count(int offset);

                @Stencil(cpu = "x86-64-v4+avx512_vbmi2", value = "| mov eax, 3")
                @Stencil(cpu = "x86-64-v3", value = "| mov eax, 2")
                @Stencil(cpu = "x86-64-v2", value = "| mov eax, 1")
                @Stencil({"| xor eax, eax", "|->zero: ret"})
                void level();
            }
            """;

    private static Object emitter(Class<?> type, CodeBuffer buffer) {
        try {
            return type.getConstructor(CodeBuffer.class).newInstance(buffer);
        } catch (InvocationTargetException thrown) {
            throw (RuntimeException) thrown.getCause();
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void emit(Object emitter, String stencil, Class<?>[] types, Object... arguments) {
        try {
            emitter.getClass().getMethod(stencil, types).invoke(emitter, arguments);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void allTextsAgreeWithTheModel() {
        Assumptions.assumeTrue(CodeCache.isSupported());
        Class<?> type = ProcessorRun.javac(BITS).load("p.BitsEmitter");
        for (Cpu cpu : new Cpu[] {Cpu.of("x86-64"), Cpu.host()}) {
            Random random = new Random(SEED);
            try (CodeCache cache = CodeCache.options().size(1 << 18).cpu(cpu).create()) {
                CodeBuffer buffer = cache.newBuffer();
                Object emitter = emitter(type, buffer);
                for (int i = 0; i < 20; i++) {
                    int offset = random.nextInt() >> random.nextInt(32);
                    emit(emitter, "count", new Class<?>[] {int.class}, offset);
                    try (Code code = buffer.commit("count")) {
                        LongUnaryOperator count = code.bind(LongUnaryOperator.class);
                        for (int k = 0; k < 20; k++) {
                            long value = random.nextLong();
                            assertThat(count.applyAsLong(value))
                                    .as("%s: %d + %d, seed %d", cpu, value, offset, SEED)
                                    .isEqualTo(Long.bitCount(value + offset));
                        }
                    }
                }
            }
        }
    }

    @Test
    void theFirstTextThatTheCpuCanRunIsTaken() {
        Class<?> type = ProcessorRun.javac(BITS).load("p.BitsEmitter");
        String[][] expected = {
            {"x86-64", "31c0c3"},
            {"x86-64-v2", "b801000000"},
            {"x86-64-v3", "b802000000"},
            {"x86-64-v4", "b802000000"},
            {"x86-64-v4+avx512_vbmi2", "b803000000"}
        };
        for (String[] row : expected) {
            CodeBuffer buffer = CodeBuffer.detached(0x1000, Cpu.of(row[0]));
            Object emitter = emitter(type, buffer);
            emit(emitter, "level", new Class<?>[0]);
            assertThat(java.util.HexFormat.of().formatHex(buffer.image().code()))
                    .as(row[0])
                    .isEqualTo(row[1]);
        }
    }

    @Test
    void describeShowsTheChoice() {
        Class<?> type = ProcessorRun.javac(BITS).load("p.BitsEmitter");
        Emitter emitter = (Emitter) emitter(type, CodeBuffer.detached(0x1000, Cpu.of("x86-64-v3+aes")));
        assertThat(emitter.describe()).isEqualTo("""
                BitsEmitter needs x86-64
                CPU: x86-64-v3+aes
                count: popcnt of popcnt, anywhere
                level: x86-64-v3 of x86-64-v4+avx512_vbmi2, x86-64-v3, x86-64-v2, anywhere
                """);
    }

    @Test
    void aCpuThatLacksWhatTheInterfaceCountsOnIsRefused() {
        ProcessorRun run = ProcessorRun.javac("""
                package p;
                import dev.intaglio.dsl.*;
                @Stencils(cpu = "x86-64-v2+bmi2")
                public interface X {
                    @Stencil("| pdep rax, rdi, rsi") void a();
                }
                """);
        Class<?> type = run.load("p.XEmitter");
        CodeBuffer small = CodeBuffer.detached(0x1000, Cpu.of("x86-64-v2"));
        assertThatThrownBy(() -> emitter(type, small))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage(
                        "XEmitter is written for CPUs with x86-64-v2+bmi2, and this one lacks bmi2 (it is x86-64-v2);"
                                + " lower @Stencils(cpu = …) and offer what needs more as alternatives, or run elsewhere");
        assertThat(emitter(type, CodeBuffer.detached(0x1000, Cpu.of("x86-64-v3"))))
                .isNotNull();
    }

    @Test
    void aStencilThatNoTextFitsIsRefused() {
        ProcessorRun run = ProcessorRun.javac("""
                package p;
                import dev.intaglio.dsl.*;
                @Stencils
                public interface X {
                    @Stencil(cpu = "avx2", value = "| vpaddd ymm0, ymm1, ymm2")
                    @Stencil(cpu = "sse4.1", value = "| pmulld xmm0, xmm1")
                    void a();
                }
                """);
        Class<?> type = run.load("p.XEmitter");
        CodeBuffer small = CodeBuffer.detached(0x1000, Cpu.of("x86-64"));
        assertThatThrownBy(() -> emitter(type, small))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("stencil a of XEmitter needs a CPU with avx2 or with sse4.1, and this one is x86-64;"
                        + " add a last @Stencil without cpu");
    }

    @Test
    void theEmitterChoosesOnceAndReadsWell() {
        String source = ProcessorRun.javac(BITS).generated().get("p.BitsEmitter");
        assertThat(source).contains("""
                    private final int countChoice;

                    private final int levelChoice;

                    /**
                     * An emitter that writes to {@code buffer}.
                     */
                    public BitsEmitter(CodeBuffer buffer) {
                        super(buffer);
                        require("x86-64");
                        countChoice = choose("count", "popcnt", "");
                        levelChoice = choose("level", "x86-64-v4+avx512_vbmi2", "x86-64-v3", "x86-64-v2", "");
                    }

                    @Override
                    public void count(int offset) {
                        if (this.countChoice == 0) {
                            countWithPopcnt(offset);
                        } else {
                            countAnywhere(offset);
                        }
                    }

                    @Override
                    public void level() {
                        if (this.levelChoice == 0) {
                            levelWithX8664V4Avx512Vbmi2();
                        } else if (this.levelChoice == 1) {
                            levelWithX8664V3();
                        } else if (this.levelChoice == 2) {
                            levelWithX8664V2();
                        } else {
                            levelAnywhere();
                        }
                    }

                    private void countWithPopcnt(int offset) {
                """.indent(0));
    }

    @Test
    void emittersOfAllStrategiesChoose() {
        ProcessorRun run =
                ProcessorRun.javac(java.util.List.of("-Aintaglio.strategy=optimized,copy-and-patch", "-Werror"), BITS);
        assertThat(run.diagnostics()).isEmpty();
        CodeBuffer buffer = CodeBuffer.detached(0x1000, Cpu.of("x86-64-v3"));
        Object emitter = emitter(run.load("p.BitsCopyAndPatchEmitter"), buffer);
        emit(emitter, "level", new Class<?>[0]);
        assertThat(java.util.HexFormat.of().formatHex(buffer.image().code())).isEqualTo("b802000000");
    }

    @Test
    void alternativesWorkUnderEclipseToo() {
        assertThat(ProcessorRun.eclipse(BITS).generated().get("p.BitsEmitter"))
                .contains("countChoice = choose(\"count\"");
    }
}
