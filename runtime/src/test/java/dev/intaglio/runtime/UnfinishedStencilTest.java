package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stencil that is left by whatever exception spoils the piece: what it noted must not meet what another one stores. */
class UnfinishedStencilTest {
    private final CodeCache cache = CodeCache.options().size(1 << 20).create();
    private final CodeBuffer buffer = cache.newBuffer(4096);
    private final HandEmitter emitter = new HandEmitter(buffer);

    @AfterEach
    void close() {
        cache.close();
    }

    /** Notes a jump, and does not come to its end. */
    private void fail(Section s, Throwable thrown) throws Throwable {
        emitter.jump(s, emitter.reserve(s, 16), new Label("never"), 0, HandEmitter.SITE);
        throw thrown;
    }

    /** Takes buffers until the cache refuses one. */
    private static void fill(CodeCache full, List<CodeBuffer> taken) {
        while (true) {
            taken.add(full.newBuffer(1));
        }
    }

    private static void assertIncomplete(HandEmitter emitter, String cause) {
        CodeBuffer buffer = emitter.buffer();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> emitter.hex("c3"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the piece is incomplete, because a stencil failed halfway: " + cause);
        }
        assertThatThrownBy(() -> buffer.commit("piece")).hasMessageContaining("incomplete");
        buffer.reset();
        assertThat(emitter.constant(0, 7, false)
                        .hex("c3")
                        .commit("whole", buffer)
                        .call())
                .isEqualTo(7);
    }

    @Test
    void anEndOfTheStackIsSuchAnException() {
        emitter.hex("90");
        assertThatThrownBy(() -> fail(buffer.code(), new StackOverflowError())).isInstanceOf(StackOverflowError.class);
        assertIncomplete(emitter, "it was left by an exception");
    }

    /** Where less stack than it needs is left, until it has forgotten some of the piece. */
    private void resetAtTheEndOfTheStack() {
        try {
            resetAtTheEndOfTheStack();
        } catch (StackOverflowError e) {
            // Each caller has more.
        }
        if (buffer.cold().size() > 0) {
            try {
                buffer.reset();
            } catch (StackOverflowError e) {
                // Bytes are gone, and what was noted of them is not.
            }
        }
    }

    @Test
    void aResetThatDoesNotComeToItsEndIsNoticedToo() throws InterruptedException {
        Code target = emitter.constant(0, 7, false).hex("c3").commit("target", buffer);
        Thread deep = new Thread(null, this::resetAtTheEndOfTheStack, "deep", 512 << 10);
        buffer.keep(target);
        emitter.jump(new Label("forgotten")).bytes(buffer.cold(), 0xc3);
        long emission = buffer.emission;
        Thread mine = Thread.currentThread();
        buffer.owner = deep;
        deep.start();
        deep.join();
        buffer.owner = mine;
        assertThat(buffer.cold().size()).isZero();
        assertThat(buffer.emission).isEqualTo(emission);
        assertIncomplete(emitter, "it was left by an exception");
    }

    @Test
    void itIsNoticedAtTheLinkWhereNoStencilFollows() {
        emitter.hex("90");
        assertThatThrownBy(() -> fail(buffer.cold(), new OutOfMemoryError())).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(buffer::link).hasMessageContaining("incomplete");
    }

    @Test
    void anotherStencilWithinAnOperandIsRefused() {
        long p = emitter.reserve(buffer.code(), 16);
        assertThatThrownBy(() -> emitter.hex("90")).hasMessageContaining("or emits another one within an operand");
        emitter.advance(buffer.code(), p);
        assertThatThrownBy(buffer::link).hasMessageContaining("incomplete");
    }

    @Test
    void noPatchSiteIsAnErrorThatNamesTheLine() {
        assertThatThrownBy(() -> emitter.patchBranch(null, 0xe9, new Label("target")))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("Hand.jumps")
                .hasMessageContaining("the patch site is null");
        assertIncomplete(emitter, "");
    }

    @Test
    void soIsNoRoomForTheFirstFarAddress() {
        try (CodeCache small = CodeCache.options().size(1 << 15).create()) {
            CodeBuffer mine = small.newBuffer(4096);
            HandEmitter far = new HandEmitter(mine);
            List<CodeBuffer> others = new ArrayList<>();
            assertThatThrownBy(() -> fill(small, others)).isInstanceOf(CodeBufferException.class);
            assertThatThrownBy(() -> far.callAddress(0x1000))
                    .isInstanceOf(CodeBufferException.class)
                    .hasMessageContaining("no room left for section .data");
            others.forEach(CodeBuffer::close);
            assertIncomplete(far, "");
        }
    }

    @Test
    void soIsWhatTheClientThrowsWhenAskedForRoom() {
        Eviction throwing = (full, region, bytes) -> {
            throw new IllegalStateException("the client's");
        };
        try (CodeCache small =
                CodeCache.options().size(1 << 15).whenFull(throwing).create()) {
            CodeBuffer mine = small.newBuffer(4096);
            HandEmitter far = new HandEmitter(mine);
            List<CodeBuffer> others = new ArrayList<>();
            assertThatThrownBy(() -> fill(small, others)).hasMessage("the client's");
            assertThatThrownBy(() -> far.callAddress(0x1000)).hasMessage("the client's");
            others.forEach(CodeBuffer::close);
            assertIncomplete(far, "");
        }
    }
}
