package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.EmissionException;
import dev.intaglio.runtime.Label;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Positions are written where somebody may look at them, and in the fewest bytes. */
class PositionTest {
    private static final CompiledEmitter EMITTER = CompiledEmitter.of("Positions")
            .stencil("at(long ip)", "| .position [r13 + 56], ip")
            .stencil("lost()", "| .position")
            .stencil("look()", "| .observe rax")
            .stencil("lookPlain()", "| .observe")
            .stencil("keepFlags(Label exit)", "| cmp rcx, 5\n| .observe rax\n| je =>exit")
            .stencil("near(long ip)", "| .position [rbx], ip\n| .observe")
            .stencil(
                    "slow(long ip)",
                    "| .position [r13 + 56], ip\n| test rdi, rdi\n| jz >2\n|1:\n|.cold\n|2:\n| .observe rax\n| mov edi, 1\n"
                            + "| jmp <1")
            .stencil("exit(Label exit, long ip)", "|.cold\n|=>exit:\n| .position [r13 + 56], ip\n| .observe\n| ret")
            .stencil("leave(Label exit)", "| cmp rdi, 7\n| je =>exit")
            .stencil("bind(Label label)", "|=>label:")
            .stencil("otherFrame()", "| mov r13, [r13 + 8]")
            .stencil("begin(long slot)", "| push r13\n| mov r13, slot\n| sub r13, 56")
            .stencil("end()", "| pop r13\n| ret")
            .stencil("read()", "| mov rax, [r13 + 56]")
            .compile();

    private static String bytes(Consumer<CompiledEmitter.Instance> trace) {
        try (CodeBuffer buffer = CodeBuffer.detached(0x1000_0000L)) {
            trace.accept(EMITTER.on(buffer));
            CodeBuffer.Image image = buffer.image();
            String hot = HexFormat.ofDelimiter(" ").formatHex(image.code());
            return image.cold().length == 0
                    ? hot
                    : hot + " / " + HexFormat.ofDelimiter(" ").formatHex(image.cold());
        }
    }

    @Test
    void nothingIsWrittenBeforeSomebodyLooks() {
        assertThat(bytes(ops -> {
                    ops.emit("at", 1000L);
                    ops.emit("at", 1002L);
                    ops.emit("look");
                    ops.emit("look");
                }))
                .as("mov qword [r13 + 56], 1002")
                .isEqualTo("49 c7 45 38 ea 03 00 00");
    }

    @Test
    void theNextPositionIsAsum() {
        String trace = bytes(ops -> {
            ops.emit("at", 0x1234_5678_9abcL);
            ops.emit("look");
            ops.emit("at", 0x1234_5678_9abeL);
            ops.emit("look");
            ops.emit("at", 0x1234_5678_9abcL);
            ops.emit("look");
            ops.emit("at", 0x1234_5678_9abcL);
            ops.emit("look");
        });
        assertThat(trace)
                .as("mov rax, ip; mov [r13 + 56], rax; add qword [r13 + 56], 2; add qword [r13 + 56], -2")
                .isEqualTo("48 b8 bc 9a 78 56 34 12 00 00 49 89 45 38 49 83 45 38 02 49 83 45 38 fe");
    }

    @Test
    void liveFlagsAreKept() {
        assertThat(bytes(ops -> {
                    Label exit = new Label();
                    ops.emit("at", 1000L);
                    ops.emit("look");
                    ops.emit("at", 1002L);
                    ops.emit("keepFlags", exit);
                    ops.emit("bind", exit);
                }))
                .as("no add between cmp and je")
                .isEqualTo("49 c7 45 38 e8 03 00 00 48 83 f9 05 49 c7 45 38 ea 03 00 00 0f 84 00 00 00 00");
    }

    @Test
    void withoutScratchTwoHalvesAreWritten() {
        assertThat(bytes(ops -> {
                    ops.emit("at", 0x1234_5678_9abcL);
                    ops.emit("lookPlain");
                    ops.emit("near", -5L);
                }))
                .isEqualTo("41 c7 45 38 bc 9a 78 56 41 c7 45 3c 34 12 00 00 48 c7 03 fb ff ff ff");
    }

    @Test
    void exitsWriteTheirOwn() {
        assertThat(bytes(ops -> {
                    Label exit = new Label();
                    ops.emit("at", 1000L);
                    ops.emit("leave", exit);
                    ops.emit("exit", exit, 1000L);
                    ops.emit("at", 1002L);
                    ops.emit("slow", 1004L);
                }))
                .as("hot code writes nothing at all")
                .endsWith(
                        "/ 49 c7 45 38 e8 03 00 00 c3 49 c7 45 38 ec 03 00 00 bf 01 00 00 00 e9 " + bytesOfJumpBack());
    }

    private static String bytesOfJumpBack() {
        String all = bytes(ops -> {
            Label exit = new Label();
            ops.emit("at", 1000L);
            ops.emit("leave", exit);
            ops.emit("exit", exit, 1000L);
            ops.emit("at", 1002L);
            ops.emit("slow", 1004L);
        });
        return all.substring(all.length() - 11);
    }

    @Test
    void whatIsNotKnownIsAnError() {
        assertThatThrownBy(() -> bytes(ops -> ops.emit("look")))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining(
                        "Positions.look (Positions.java:1): `.observe rax`: the position is not known here");
        for (String forgetting : List.of("lost", "otherFrame")) {
            assertThatThrownBy(() -> bytes(ops -> {
                        ops.emit("at", 1000L);
                        ops.emit(forgetting);
                        ops.emit("look");
                    }))
                    .as(forgetting)
                    .hasMessageContaining("the position is not known here");
        }
        assertThatThrownBy(() -> bytes(ops -> {
                    ops.emit("at", 1000L);
                    ops.emit("bind", new Label());
                    ops.emit("look");
                }))
                .hasMessageContaining("behind the label or stencil that made it unknown");
    }

    @Test
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
    void whoeverLooksSeesThePosition() {
        Random random = new Random(4711);
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            CompiledEmitter.Instance ops = EMITTER.on(buffer);
            for (int trace = 0; trace < 300; trace++) {
                long slot = buffer.dataAddress(16, 16);
                List<String> story = new ArrayList<>();
                ops.emit("begin", slot);
                long ip = 0;
                for (int i = random.nextInt(12); i >= 0; i--) {
                    long step = random.nextInt(4) == 0
                            ? random.nextLong() >>> random.nextInt(60)
                            : random.nextInt(300) - 150;
                    ip += step;
                    String how = random.nextInt(3) == 0 ? "slow" : "at";
                    story.add(how + " " + ip);
                    ops.emit(how, ip);
                    if (random.nextInt(2) == 0) {
                        story.add("look");
                        ops.emit(random.nextBoolean() ? "look" : "lookPlain");
                    }
                }
                ops.emit("lookPlain");
                ops.emit("read");
                ops.emit("end");
                try (Code code = buffer.commit("trace")) {
                    for (long argument : new long[] {0, 1}) {
                        assertThat(code.bind(LongUnaryOperator.class).applyAsLong(argument))
                                .as("%s with %d", story, argument)
                                .isEqualTo(ip);
                    }
                }
            }
        }
    }
}
