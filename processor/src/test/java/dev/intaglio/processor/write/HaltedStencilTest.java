package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.EmissionException;
import dev.intaglio.runtime.Gpr;
import dev.intaglio.runtime.Label;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** A stencil that is left by an exception leaves no half of itself in a piece. */
class HaltedStencilTest {
    private final CodeBuffer buffer = CodeBuffer.detached(0x7000_0000_0000L);
    private final CompiledEmitter.Instance emitter = CompiledEmitter.of("Halted")
            .method("fail", ExpressionType.INT, "default int fail(int at) { return 10 / (at - 5); }")
            .method(
                    "pick",
                    ExpressionType.LABEL,
                    "default dev.intaglio.runtime.Label pick(int at) { throw new IndexOutOfBoundsException(at); }")
            .stencil("midway(int at)", """
                | nop
                int value = fail(at);
                | mov eax, value
                """)
            .stencil("first(int at)", """
                if (at == 5) { throw new IllegalArgumentException("five"); }
                | mov eax, at
                """)
            .stencil("chosen(Label target, int at)", """
                | jmp =>target
                | jmp =>pick(at)
                """)
            .stencil("jump(Label one, Label two)", """
                | jz =>one
                | jmp =>two
                """)
            .stencil("behind(Label here, int at)", """
                |=>here:
                int value = fail(at);
                | mov eax, value
                """)
            .stencil("twice(int at)", """
                | nop
                int wide = at * 2;
                | mov [rbx + wide*8L], eax
                """)
            .stencil("either(boolean first, int at)", """
                if (first) {
                | nop
                } else {
                | mov [rbx + at*8L], eax
                }
                """)
            .stencil("loop(int at)", """
                for (int i = 0; i < 2; i++) {
                | mov [rbx + (at + i)*8L], eax
                }
                """)
            .stencil("inner(int at)", """
                | nop
                Runnable rest = () -> {
                | mov [rbx + at*8L], eax
                };
                rest.run();
                """)
            .stencil("operand(int at)", """
                | nop
                if (at > 0) {
                | mov eax, fail(at)
                }
                """)
            .stencil("register(Gpr to)", """
                for (int i = 0; i < 2; i++) {
                | inc Rq(i == 0 ? 1 : to.number())
                }
                """)
            .stencil("position(long at)", "| .position [rbx + 8], at\n")
            .stencil("placed(int at)", """
                | .position [rbx + 8], at
                int value = fail(at);
                | mov eax, value
                """)
            .stencil("observe()", "| .observe\n")
            .stencil("end()", "| ret\n")
            .compile()
            .on(buffer);

    private void assertIncomplete(String cause) {
        assertThatThrownBy(buffer::link)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the piece is incomplete, because a stencil failed halfway: " + cause);
        buffer.reset();
        emitter.emit("end");
        assertThat(HexFormat.of().formatHex(buffer.image().code())).isEqualTo("c3");
    }

    @Test
    void anExceptionBetweenLinesSpoilsThePiece() {
        assertThatThrownBy(() -> emitter.emit("midway", 5)).isInstanceOf(ArithmeticException.class);
        assertIncomplete("/ by zero");
    }

    @Test
    void anExceptionBeforeTheFirstLineDoesNot() {
        emitter.emit("first", 4);
        assertThatThrownBy(() -> emitter.emit("first", 5)).hasMessage("five");
        emitter.emit("end");
        assertThat(HexFormat.of().formatHex(buffer.image().code())).isEqualTo("b804000000c3");
    }

    /** It is computed, as all values are, before the first byte. */
    @Test
    void soDoesNotOneInALabelsExpression() {
        assertThatThrownBy(() -> emitter.emit("chosen", new Label(), 3)).isInstanceOf(IndexOutOfBoundsException.class);
        emitter.emit("end");
        assertThat(HexFormat.of().formatHex(buffer.image().code())).isEqualTo("c3");
    }

    @Test
    void anExceptionInAValueBehindLinesSpoilsThePiece() {
        assertThatThrownBy(() -> emitter.emit("operand", 5)).isInstanceOf(ArithmeticException.class);
        assertIncomplete("/ by zero");
        assertThatThrownBy(() -> emitter.emit("register", (Gpr) null)).isInstanceOf(NullPointerException.class);
        assertIncomplete("");
    }

    @Test
    void aPositionIsEmittedTooThoughItHasNoBytes() {
        emitter.emit("position", 17L);
        assertThatThrownBy(() -> emitter.emit("placed", 5)).isInstanceOf(ArithmeticException.class);
        assertIncomplete("/ by zero");
        emitter.emit("position", 17L);
        emitter.emit("observe");
        assertThat(HexFormat.of().formatHex(buffer.image().code())).isEqualTo("48c7430811000000");
    }

    @Test
    void aLabelThatIsBoundAlreadySpoilsThePiece() {
        assertThatThrownBy(() -> emitter.emit("behind", new Label(), 5)).isInstanceOf(ArithmeticException.class);
        assertIncomplete("/ by zero");
    }

    @Test
    void aValueThatIsRefusedBehindLinesOfJavaSpoilsThePiece() {
        assertThatThrownBy(() -> emitter.emit("twice", 1 << 29)).isInstanceOf(EmissionException.class);
        assertIncomplete("Halted.twice");
    }

    @Test
    void soDoesOneInALoopOrALambda() {
        assertThatThrownBy(() -> emitter.emit("loop", (1 << 28) - 1)).isInstanceOf(EmissionException.class);
        assertIncomplete("Halted.loop");
        assertThatThrownBy(() -> emitter.emit("inner", 1 << 29)).isInstanceOf(EmissionException.class);
        assertIncomplete("Halted.inner");
    }

    @Test
    void oneThatIsRefusedBeforeAnythingIsEmittedDoesNot() {
        assertThatThrownBy(() -> emitter.emit("either", false, 1 << 29)).isInstanceOf(EmissionException.class);
        assertThatThrownBy(() -> emitter.emit("loop", 1 << 28)).isInstanceOf(EmissionException.class);
        emitter.emit("end");
        assertThat(HexFormat.of().formatHex(buffer.image().code())).isEqualTo("c3");
    }

    @Test
    void noLabelIsAnErrorThatNamesTheLine() {
        assertThatThrownBy(() -> emitter.emit("jump", new Label(), null))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("jmp =>two")
                .hasMessageContaining("the label is null");
        assertIncomplete("Halted.jump");
    }
}
