package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Label;
import java.util.Random;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Equal cold code of a piece is emitted once. */
class SharedTailsTest {
    private static CompiledEmitter emitter(boolean shares) {
        CompiledEmitter.Builder builder = CompiledEmitter.of(shares ? "Sharing" : "Single");
        if (shares) {
            builder.share();
        }
        return builder.stencil(
                        "guard(int number, int exit, Label out)",
                        "| cmp rdi, number\n| je >2\n|.cold\n|2:\n| mov eax, exit\n| jmp =>out\n")
                .stencil(
                        "leave(int number, long result)",
                        "| cmp rsi, number\n| je >1\n|.cold\n|1:\n| mov rax, result\n| ret\n")
                .stencil(
                        "again(int number, int step)",
                        "| cmp rsi, number\n| je >1\n|2:\n|.cold\n|1:\n| add rdi, step\n| jmp <2\n")
                .stencil(
                        "two(int number)",
                        "| cmp rsi, number\n| je >1\n| ja >2\n|.cold\n|1:\n| mov eax, 5\n| ret\n|2:\n| mov eax, 6\n| ret\n")
                .stencil("end()", "| lea rax, [rdi + rsi*8]\n| ret")
                .stencil("bind(Label out)", "|=>out:\n| neg rax\n| ret")
                .compile();
    }

    @Test
    void oneBlockServesAllThatSayTheSame() {
        CompiledEmitter emitter = emitter(true);
        try (CodeBuffer buffer = CodeBuffer.detached(0x1000_0000L)) {
            CompiledEmitter.Instance ops = emitter.on(buffer);
            for (int i = 0; i < 5; i++) {
                ops.emit("leave", i, 77L);
            }
            assertThat(buffer.image().cold()).as("mov eax, 77; ret").hasSize(6);
            ops.emit("leave", 1, 77L);
            ops.emit("leave", 2, 78L);
            ops.emit("leave", 3, 77L);
            assertThat(buffer.image().cold()).as("two results").hasSize(12);
            Label out = new Label();
            Label other = new Label();
            ops.emit("guard", 1, 9, out);
            ops.emit("guard", 2, 9, out);
            ops.emit("guard", 3, 9, other);
            ops.emit("bind", out);
            ops.emit("bind", other);
            assertThat(buffer.image().cold()).as("two labels").hasSize(20);
            ops.emit("again", 1, 4);
            ops.emit("again", 2, 4);
            assertThat(buffer.image().cold())
                    .as("what goes back into its stencil is its own")
                    .hasSize(18);
        }
    }

    @Test
    void whatIsEvaluatedAnewIsNotShared() {
        CompiledEmitter emitter = CompiledEmitter.of("Anew")
                .share()
                .method(
                        "next",
                        dev.intaglio.assembly.ir.ExpressionType.INT,
                        "default int next() { return Integer.parseInt(System.setProperty(\"intaglio.next\","
                                + " String.valueOf(Integer.getInteger(\"intaglio.next\") + 1))); }")
                .stencil("leave()", "| jz >1\n|.cold\n|1:\n| mov eax, next() + 1\n| ret\n")
                .stencil("masked(int n)", "| jz >1\n|.cold\n|1:\n| vmovdqa64 zmm0{k(n)}, zmm1\n| ret\n")
                .compile();
        System.setProperty("intaglio.next", "7");
        try (CodeBuffer buffer = CodeBuffer.detached(0x1000_0000L)) {
            CompiledEmitter.Instance ops = emitter.on(buffer);
            ops.emit("leave");
            ops.emit("leave");
            assertThat(buffer.image().cold()).containsExactly(0xb8, 8, 0, 0, 0, 0xc3, 0xb8, 9, 0, 0, 0, 0xc3);
            ops.emit("masked", 1);
            ops.emit("masked", 2);
            assertThat(buffer.image().cold()).hasSize(2 * 7);
        } finally {
            System.clearProperty("intaglio.next");
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void tracesRunTheSame() {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("SharedTailsTest seed " + seed);
        Random random = new Random(seed);
        CompiledEmitter sharing = emitter(true);
        CompiledEmitter single = emitter(false);
        int smaller = 0;
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            for (int trace = 0; trace < 300; trace++) {
                long choice = random.nextLong();
                try (Code one = trace(sharing, buffer, new Random(choice));
                        Code other = trace(single, buffer, new Random(choice))) {
                    smaller += one.size("cold") < other.size("cold") ? 1 : 0;
                    for (int run = 0; run < 20; run++) {
                        long a = random.nextInt(6);
                        long b = random.nextInt(6);
                        assertThat(one.bind(LongBinaryOperator.class).applyAsLong(a, b))
                                .as("seed %d, trace %d of %d, %d", seed, trace, a, b)
                                .isEqualTo(other.bind(LongBinaryOperator.class).applyAsLong(a, b));
                    }
                }
            }
        }
        assertThat(smaller).isGreaterThan(100);
    }

    private static Code trace(CompiledEmitter emitter, CodeBuffer buffer, Random random) {
        CompiledEmitter.Instance ops = emitter.on(buffer);
        Label first = new Label();
        Label second = new Label();
        for (int i = 1 + random.nextInt(9); i > 0; i--) {
            int number = random.nextInt(6);
            switch (random.nextInt(4)) {
                case 0 -> ops.emit("guard", number, random.nextInt(3), random.nextBoolean() ? first : second);
                case 1 -> ops.emit("leave", number, random.nextBoolean() ? 1L << 40 : random.nextInt(2));
                case 2 -> ops.emit("again", number, random.nextInt(3));
                default -> ops.emit("two", number);
            }
        }
        ops.emit("end");
        ops.emit("bind", first);
        ops.emit("bind", second);
        return buffer.commit("trace");
    }
}
