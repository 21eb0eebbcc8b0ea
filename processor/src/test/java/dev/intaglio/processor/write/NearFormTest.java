package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.EmissionException;
import dev.intaglio.runtime.Label;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Whichever form of a run is taken, it emits what the run does where a Java line keeps it from having two. */
class NearFormTest {
    private static final long BASE = 0x7000_0000_0000L;
    /** The addresses that a detached buffer may use. */
    private static final long SPAN = 1L << 30;

    private static final String PARAMETERS = "(Label here, long x, int y, long imm, long f, long g, Label there)";
    private static final String TEXT = """
            |=>here:
            | mov rax, [rbx + x]
            | cmp dword [rax + 0x1a0], y
            | jne >2
            | mov [r13 + y*8 + 16], rax
            | call f
            | je g
            | jc =>there
            | jmp f
            |.cold
            |2:
            | mov rcx, imm
            | call g
            | jmp f
            """;

    private static final CompiledEmitter COMPILED = CompiledEmitter.of("Forms")
            .stencil("both" + PARAMETERS, TEXT)
            .stencil("one" + PARAMETERS, "int unused = 0;\n" + TEXT)
            .stencil("checkedBoth(long x, long imm, long f)", "| mov qword [rsp + x], imm\n| call f\n")
            .stencil("checkedOne(long x, long imm, long f)", "int unused = 0;\n| mov qword [rsp + x], imm\n| call f\n")
            .compile();

    @Test
    void bothFormsStandInOneMethod() {
        assertThat(COMPILED.source())
                .contains(
                        "if (((x + 128 | displacement + 128) >>> 9 | special(f) | special(g)) == 0) {",
                        "p = callNear(code, p, f);",
                        "p = branchNear(code, p, 4, g);",
                        "p = jumpNear(code, p, f);",
                        "if (((x + 128) >>> 9 | special(f)) == 0) {");
    }

    @Test
    void bothFormsEmitTheSame() {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("NearFormTest seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int run = 0; run < 20_000; run++) {
            Object[] arguments = {
                null, value(random), (int) value(random), value(random), address(random), address(random), null
            };
            String wanted = emitted("one", arguments, false);
            assertThat(emitted("both", arguments, false))
                    .as("seed %d, run %d: %s", seed, run, Arrays.toString(arguments))
                    .isEqualTo(wanted);
            assertThat(emitted("both", arguments, true)).isEqualTo(wanted);
            refused += wanted.startsWith("refused") ? 1 : 0;
        }
        assertThat(refused).isBetween(100, 10_000);
    }

    @Test
    void aCheckThatTheFormDoesNotImplyIsMadeBeforeIt() {
        long seed = Long.getLong("intaglio.seed", 4711);
        Random random = new Random(seed);
        for (int run = 0; run < 5000; run++) {
            Object[] arguments = {value(random), value(random), address(random)};
            assertThat(emitted("checkedBoth", arguments, false))
                    .as("seed %d: %s", seed, Arrays.toString(arguments))
                    .isEqualTo(emitted("checkedOne", arguments, false));
        }
    }

    private static String emitted(String stencil, Object[] arguments, boolean isListed) {
        CodeBuffer buffer = CodeBuffer.detached(BASE);
        if (isListed) {
            buffer.withListing();
        }
        Object[] own = arguments.clone();
        if (own.length > 3) {
            own[0] = new Label("here");
            own[6] = own[0];
        }
        try {
            COMPILED.on(buffer).emit(stencil, own);
            CodeBuffer.Image image = buffer.image();
            return Images.hex(image.code()) + " .cold " + Images.hex(image.cold());
        } catch (EmissionException e) {
            return "refused: " + e.getMessage().replaceAll("^\\S+ \\S+ |\\w+\\.java:\\d+", "");
        }
    }

    /** Mostly near, or at an edge of a displacement of one or four bytes or of the runtime's table. */
    private static long value(Random random) {
        long[] edges = {-129, -128, -1, 0, 127, 128, 383, 384, Integer.MAX_VALUE, Integer.MIN_VALUE};
        return switch (random.nextInt(10)) {
            case 0 -> edges[random.nextInt(edges.length)] + random.nextInt(3) - 1;
            case 1 -> random.nextLong() >> random.nextInt(64);
            default -> random.nextInt(300) - 100;
        };
    }

    /** Mostly of an edge: where the buffer ends, or all of it ceases to reach, or what is plain ends. */
    private static long address(Random random) {
        long[] edges = LongStream.of(
                        BASE,
                        BASE + SPAN,
                        BASE + SPAN - (1L << 31),
                        BASE + (1L << 31),
                        BASE - SPAN,
                        BASE + 2 * SPAN,
                        BASE - (1L << 29),
                        BASE + SPAN + (1L << 29),
                        BASE + SPAN / 2,
                        BASE + 64,
                        0x4000,
                        Long.MAX_VALUE,
                        Long.MIN_VALUE)
                .toArray();
        return switch (random.nextInt(4)) {
            case 0 -> BASE - random.nextInt(1 << 28);
            case 1 -> BASE + SPAN + random.nextInt(1 << 28);
            default -> edges[random.nextInt(edges.length)] + random.nextInt(5) - 2;
        };
    }
}
