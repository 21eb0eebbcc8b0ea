package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.EmissionException;
import dev.intaglio.runtime.Label;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** One frame for all stencils of a piece. */
class FrameTest {
    private static final String COMPILED = """
            | push rbp
            | mov rbp, rsp
            | sub rsp, 48
            | mov [rsp + 8], rdi
            | lea rax, [rdi + rdi*2]
            | mov [rsp + 40], rax
            | add rax, [rsp + 8]
            | cmp rax, limit
            | ja >1
            | mov rdi, [rsp + 40]
            | add rsp, 48
            | pop rbp
            | jmp >2
            |1:
            | mov rax, rdi
            | leave
            | ret
            |2:
            """;

    private static final String CALLING = """
            | push rbp
            | sub rsp, 16
            | mov [rsp], rdi
            | mov rax, function
            | call rax
            | mov rdi, [rsp]
            | add rdi, rax
            | lea rsp, [rsp + 16]
            | pop rbp
            """;

    private static CompiledEmitter emitter(boolean oneFrame) {
        CompiledEmitter.Builder builder = CompiledEmitter.of(oneFrame ? "OneFrame" : "OwnFrames");
        if (oneFrame) {
            builder.oneFrame().stencil("enter()", "| .enter");
        } else {
            builder.stencil("enter()", "");
        }
        return builder.stencil("compiled(long limit)", COMPILED)
                .stencil("calling(long function)", CALLING)
                .stencil("need(int bytes)", "| .frame bytes")
                .stencil("triple()", "| lea rax, [rdi + rdi*2]\n| ret")
                .stencil("end()", "| mov rax, rdi\n| ret")
                .stencil("go(long address)", "| inc rdi\n| jmp address")
                .stencil("peek()", "| mov rax, [rdi]\n| .leave\n| ret")
                .stencil("bind(Label label)", "|=>label:")
                .compile();
    }

    @Test
    void theFrameIsAsLargeAsTheNeediestStencilWants() {
        CompiledEmitter emitter = emitter(true);
        try (CodeBuffer buffer = CodeBuffer.detached(0x1000_0000L)) {
            CompiledEmitter.Instance ops = emitter.on(buffer);
            ops.emit("enter");
            ops.emit("need", 24);
            ops.emit("need", 8);
            ops.emit("end");
            assertThat(HexFormat.ofDelimiter(" ").formatHex(buffer.image().code()))
                    .isEqualTo("55 48 89 e5 48 81 ec 20 00 00 00 48 89 f8 c9 c3");
            ops.emit("enter");
            ops.emit("end");
            assertThat(HexFormat.ofDelimiter(" ").formatHex(buffer.image().code()))
                    .as("nobody needs one")
                    .isEqualTo("0f 1f 84 00 00 00 00 00 0f 1f 00 48 89 f8 90 c3");
            assertThatThrownBy(() -> ops.emit("need", -1))
                    .isInstanceOf(EmissionException.class)
                    .hasMessageContaining("a frame has 0 to 1048576 bytes, not -1");
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void aTraceRunsTheSameUnderOneFrame() {
        Random random = new Random(4711);
        CompiledEmitter shared = emitter(true);
        CompiledEmitter own = emitter(false);
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer();
                Code triple = function(own, buffer)) {
            for (int trace = 0; trace < 200; trace++) {
                long seed = random.nextLong();
                try (Code one = trace(shared, buffer, triple.address(), new Random(seed));
                        Code other = trace(own, buffer, triple.address(), new Random(seed))) {
                    assertThat(one.size()).isLessThan(other.size() + 13);
                    for (long argument : new long[] {0, 1, 77, random.nextLong()}) {
                        assertThat(one.bind(LongUnaryOperator.class).applyAsLong(argument))
                                .as("trace %d of %d", trace, argument)
                                .isEqualTo(other.bind(LongUnaryOperator.class).applyAsLong(argument));
                    }
                }
            }
        }
    }

    private static Code function(CompiledEmitter own, CodeBuffer buffer) {
        own.on(buffer).emit("triple");
        return buffer.commit("triple");
    }

    private static Code trace(CompiledEmitter emitter, CodeBuffer buffer, long function, Random random) {
        CompiledEmitter.Instance ops = emitter.on(buffer);
        ops.emit("enter");
        for (int i = random.nextInt(8); i > 0; i--) {
            if (random.nextBoolean()) {
                ops.emit("compiled", (long) random.nextInt(1000));
            } else {
                ops.emit("calling", function);
            }
        }
        ops.emit("end");
        return buffer.commit("trace");
    }

    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void aPieceThatNeedsNoMoreTakesTheFrameOver() {
        CompiledEmitter emitter = emitter(true);
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            CompiledEmitter.Instance ops = emitter.on(buffer);
            Code small = piece(ops, buffer, 16, "end");
            Code large = piece(ops, buffer, 64, "end");
            Code none = piece(ops, buffer, -1, "end");
            assertThat(small.frameSize()).isEqualTo(16);
            assertThat(none.frameSize()).isEqualTo(-1);
            ops.emit("peek");
            LongUnaryOperator peek = buffer.commit("peek").bind(LongUnaryOperator.class);
            for (Code target : new Code[] {small, large, none}) {
                for (int bytes : new int[] {-1, 0, 16, 32, 64}) {
                    ops.emit("enter");
                    if (bytes >= 0) {
                        ops.emit("need", bytes);
                    }
                    ops.emit("bind", new Label());
                    ops.emit("go", target.address());
                    try (Code from = buffer.commit("from " + bytes)) {
                        assertThat(from.bind(LongUnaryOperator.class).applyAsLong(41))
                                .isEqualTo(42);
                        boolean takesOver = target.frameSize() >= 0 && target.frameSize() <= bytes;
                        assertThat(jumpTarget(from, peek)).isEqualTo(target.address() + (takesOver ? 11 : 0));
                    }
                }
            }
        }
    }

    private static Code piece(CompiledEmitter.Instance ops, CodeBuffer buffer, int bytes, String last) {
        ops.emit("enter");
        if (bytes >= 0) {
            ops.emit("need", bytes);
        }
        ops.emit(last);
        return buffer.commit("needs " + bytes);
    }

    /** Where the jump that ends the piece goes. */
    private static long jumpTarget(Code code, LongUnaryOperator peek) {
        long end = code.address() + code.size("code");
        return end + (peek.applyAsLong(end - 8) >> 32);
    }
}
