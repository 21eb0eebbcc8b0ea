package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.Label;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What stencils know of those before them. */
class CarriedTest {
    private static final long FAR = 0x1234_5678_9abcL;

    private static final CompiledEmitter EMITTER = CompiledEmitter.of("Trace")
            .carry()
            .stencil("load(int to, long value)", "| mov Rq(to), value")
            .stencil("get(int to, int slot)", "| mov Rq(to), [rbx + slot]")
            .stencil("put(int slot, int from)", "| mov [rbx + slot], Rq(from)")
            .stencil("putByte(int slot)", "| mov byte [rbx + slot], 7")
            .stencil("putAnywhere()", "| mov [rsi], rdi")
            .stencil("guard(long type, Label exit)", "| cmp qword [rax + 8], type\n| jne =>exit")
            .stencil("poll(Label exit)", "| lfence\n| cmp byte [r15], 0\n| jne =>exit")
            .stencil("bind(Label label)", "|=>label:")
            .stencil("call(long function)", "| call function")
            .stencil("skip()", "| test eax, eax\n| jz >1\n| mov rcx, 5\n|1:")
            .compile();

    private static final CompiledEmitter FOREIGN =
            CompiledEmitter.of("Foreign").stencil("other()", "| inc rax").compile();

    private static String bytes(Consumer<CompiledEmitter.Instance> trace) {
        try (CodeBuffer buffer = CodeBuffer.detached(0x1000_0000L)) {
            trace.accept(EMITTER.on(buffer));
            return HexFormat.ofDelimiter(" ").formatHex(buffer.image().code());
        }
    }

    private static int length(Consumer<CompiledEmitter.Instance> trace) {
        return (bytes(trace).length() + 1) / 3;
    }

    @Test
    void aConstantIsLoadedOnce() {
        assertThat(bytes(ops -> {
                    ops.emit("load", 0, FAR);
                    ops.emit("load", 0, FAR);
                }))
                .isEqualTo("48 b8 bc 9a 78 56 34 12 00 00");
    }

    @Test
    void anotherRegisterOrAnearConstantServes() {
        assertThat(bytes(ops -> {
                    ops.emit("load", 0, FAR);
                    ops.emit("load", 1, FAR);
                    ops.emit("load", 9, FAR + 16);
                    ops.emit("load", 2, FAR - 129);
                }))
                .as("mov; mov rcx, rax; lea r9, [rax + 16]; mov")
                .isEqualTo("48 b8 bc 9a 78 56 34 12 00 00 48 89 c1 4c 8d 48 10 48 ba 3b 9a 78 56 34 12 00 00");
    }

    @Test
    void aSlotIsNotReadBehindItsStore() {
        assertThat(bytes(ops -> {
                    ops.emit("put", 16, 0);
                    ops.emit("get", 0, 16);
                    ops.emit("get", 1, 16);
                    ops.emit("put", 16, 1);
                }))
                .as("mov [rbx + 16], rax; mov rcx, rax")
                .isEqualTo("48 89 43 10 48 89 c1");
    }

    @Test
    void aWriteElsewhereBehindTheSameRegisterLeavesASlotAlone() {
        assertThat(length(ops -> {
                    ops.emit("put", 16, 0);
                    ops.emit("putByte", 24);
                    ops.emit("get", 0, 16);
                }))
                .isEqualTo(8);
        assertThat(length(ops -> {
                    ops.emit("put", 16, 0);
                    ops.emit("putByte", 23);
                    ops.emit("get", 0, 16);
                }))
                .isEqualTo(12);
        assertThat(length(ops -> {
                    ops.emit("put", 16, 0);
                    ops.emit("putAnywhere");
                    ops.emit("get", 0, 16);
                }))
                .isEqualTo(11);
    }

    @Test
    void aGuardIsNotRepeatedWhileWhatItReadIsUnchanged() {
        Label exit = new Label("exit");
        assertThat(length(ops -> {
                    ops.emit("guard", 0x1000L, exit);
                    ops.emit("load", 1, 5L);
                    ops.emit("guard", 0x1000L, exit);
                    ops.emit("bind", exit);
                }))
                .isEqualTo(8 + 6 + 5);
        assertThat(length(ops -> {
                    ops.emit("guard", 0x1000L, exit);
                    ops.emit("guard", 0x1008L, exit);
                    ops.emit("bind", exit);
                }))
                .as("another type")
                .isEqualTo(2 * 14);
        assertThat(length(ops -> {
                    ops.emit("guard", 0x1000L, exit);
                    ops.emit("load", 0, 5L);
                    ops.emit("guard", 0x1000L, exit);
                    ops.emit("bind", exit);
                }))
                .as("another object")
                .isEqualTo(2 * 14 + 5);
        assertThat(length(ops -> {
                    ops.emit("guard", 0x1000L, exit);
                    ops.emit("put", 0, 7);
                    ops.emit("guard", 0x1000L, exit);
                    ops.emit("bind", exit);
                }))
                .as("memory may be the object")
                .isEqualTo(2 * 14 + 3);
    }

    @Test
    void aFenceHasMemoryReadAgain() {
        Label exit = new Label("exit");
        int once = length(ops -> {
            ops.emit("poll", exit);
            ops.emit("bind", exit);
        });
        assertThat(length(ops -> {
                    ops.emit("poll", exit);
                    ops.emit("poll", exit);
                    ops.emit("bind", exit);
                }))
                .isEqualTo(2 * once);
    }

    @Test
    void knowledgeEndsAtLabelsAndCalls() {
        assertThat(length(ops -> {
                    ops.emit("load", 0, FAR);
                    ops.emit("bind", new Label());
                    ops.emit("load", 0, FAR);
                }))
                .isEqualTo(20);
        assertThat(length(ops -> {
                    ops.emit("load", 3, FAR);
                    ops.emit("call", 0x1000_0000L);
                    ops.emit("load", 3, FAR);
                }))
                .isEqualTo(25);
    }

    @Test
    void aLocalLabelEndsOnlyWhatItsStencilChanges() {
        assertThat(length(ops -> {
                    ops.emit("load", 2, FAR);
                    ops.emit("load", 1, FAR);
                    ops.emit("skip");
                    ops.emit("load", 2, FAR);
                    ops.emit("load", 1, FAR);
                }))
                .as("rdx is as it was, rcx may be 5")
                .isEqualTo(10 + 3 + 2 + 2 + 5 + 3);
    }

    @Test
    void foreignCodeEndsIt() {
        try (CodeBuffer buffer = CodeBuffer.detached(0x1000_0000L)) {
            CompiledEmitter.Instance ops = EMITTER.on(buffer);
            ops.emit("load", 0, FAR);
            FOREIGN.on(buffer).emit("other");
            ops.emit("load", 0, FAR);
            assertThat(buffer.image().code()).hasSize(23);
            ops.emit("load", 0, FAR);
            buffer.reset();
            ops.emit("load", 0, FAR);
            assertThat(buffer.image().code()).as("another piece").hasSize(10);
        }
    }
}
