package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** A piece is reset where the stack ends. */
    static final class DeepReset {
        private static CodeBuffer buffer;

        private DeepReset() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (CodeCache cache = CodeCache.create()) {
                buffer = cache.newBuffer();
                HandEmitter emitter = new HandEmitter(buffer);
                buffer.keep(emitter.hex("c3").commit("target", buffer));
                emitter.jump(new Label("forgotten")).bytes(buffer.cold(), 0xc3);
                long emission = buffer.emission;
                Thread deep = new Thread(null, DeepReset::reset, "deep", 512 << 10);
                buffer.owner = deep;
                deep.start();
                deep.join();
                buffer.owner = Thread.currentThread();
                boolean isHalf = buffer.cold().size() == 0 && buffer.emission == emission;
                System.out.println(isHalf ? "half of it was forgotten" : "it was reset");
                emitter.hex("90");
            }
        }

        /** Where less stack than it needs is left, until it has forgotten some of the piece. */
        private static void reset() {
            try {
                reset();
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
    }

    /** Interpreted: a compiled method asks at once for the stack of all that is compiled into it. */
    @Test
    void aResetThatDoesNotComeToItsEndIsNoticedToo(@TempDir Path folder) {
        assertThat(new ChildJvm("-Xint").run(folder, DeepReset.class).output())
                .contains("half of it was forgotten")
                .contains("incomplete, because a stencil failed halfway: it was left by an exception");
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

    @Test
    void theStackMayEndBetweenTwoPartsOfAStencil(@TempDir Path folder) {
        assertThat(new ChildJvm().run(folder, EndsOfTheStack.class, "plain").output())
                .matches("[1-9]\\d* refused, 0 in halves\n");
    }

    /** Compiled by the optimizing compiler, which leaves least room. */
    @Test
    void theStackMayHaveNoRoomToTellThatItHasEnded(@TempDir Path folder) {
        ChildJvm optimizing = new ChildJvm("-XX:TieredStopAtLevel=4");
        assertThat(optimizing.run(folder, EndsOfTheStack.class, "guarded").output())
                .matches("[1-9]\\d* refused, 0 in halves\n");
    }

    /** Emits a stencil of two parts at ends of the stack, as it is compiled; the buffer is asked for the second one's room. */
    static final class EndsOfTheStack {
        private static final int FILLED = (64 << 10) - 4;
        private static final int LEVELS = 24;

        private final Function<CodeBuffer, Parts> maker;
        private final List<Parts> left = new ArrayList<>();
        private int level;

        private EndsOfTheStack(Function<CodeBuffer, Parts> maker) {
            this.maker = maker;
        }

        public static void main(String[] arguments) throws InterruptedException {
            Function<CodeBuffer, Parts> maker = arguments[0].equals("guarded") ? GuardedParts::new : Parts::new;
            try (CodeBuffer buffer = CodeBuffer.detached(0)) {
                Parts parts = maker.apply(buffer);
                for (int i = 0; i < 20_000; i++) {
                    parts.emit();
                    buffer.reset();
                }
            }
            int refused = 0;
            int halves = 0;
            for (int depth = 0; depth < 50; depth++) {
                for (Parts parts : new EndsOfTheStack(maker).at(depth)) {
                    int bytes = parts.buffer().code().size() - FILLED;
                    boolean isWhole = bytes == 0 || bytes == Parts.BYTES;
                    try (CodeBuffer buffer = parts.buffer()) {
                        buffer.link();
                        halves += isWhole ? 0 : 1;
                    } catch (IllegalStateException e) {
                        refused++;
                    }
                }
            }
            System.out.println(refused + " refused, " + halves + " in halves");
        }

        private List<Parts> at(int depth) throws InterruptedException {
            for (int i = 0; i < LEVELS; i++) {
                CodeBuffer buffer = CodeBuffer.detached(0);
                left.add(maker.apply(buffer));
                new HandEmitter(buffer).nops(buffer.code(), FILLED);
            }
            Thread thread = new Thread(null, () -> begin(depth, 0, 0), "deep", 256 << 10);
            left.forEach(parts -> parts.buffer().handOver(thread));
            thread.start();
            thread.join();
            left.forEach(parts -> parts.buffer().owner = Thread.currentThread());
            return left;
        }

        /** Its frame is not as large as that of {@link #recurse}. */
        private int begin(int depth, long some, long more) {
            return depth > 0 ? begin(depth - 1, more, some) : recurse();
        }

        private int recurse() {
            int calls = 0;
            try {
                calls = 1 + recurse();
            } catch (StackOverflowError e) {
                calls = 1;
            }
            if (level < LEVELS) {
                try {
                    left.get(level++).emit();
                } catch (StackOverflowError e) {
                    calls++;
                }
            }
            return calls;
        }
    }

    /** As a stencil with a line of Java in its midst that cannot throw is written. */
    private static class Parts extends Emitter {
        static final int BYTES = 6;

        Parts(CodeBuffer buffer) {
            super(buffer);
        }

        void emit() {
            long p = reserve(code, 1);
            put8(p, 0x90);
            advance(code, p + 1);
            long q = reserve(code, 5);
            put8(q, 0x7B8);
            advance(code, q + 5);
        }

        @Override
        protected StencilSource[] sources() {
            return new StencilSource[0];
        }
    }

    /** As one whose line of Java calls something, which takes much of the stack. */
    private static final class GuardedParts extends Parts {
        private static final int FRAMES = 200;

        GuardedParts(CodeBuffer buffer) {
            super(buffer);
        }

        @Override
        void emit() {
            int before = emitted();
            try {
                long p = reserve(code, 1);
                put8(p, 0x90);
                advance(code, p + 1);
                take(FRAMES);
                long q = reserve(code, 5);
                put8(q, 0x7B8);
                advance(code, q + 5);
            } catch (RuntimeException | Error thrown) {
                left[0] = true;
                halted(before, thrown);
                throw thrown;
            }
        }

        private static int take(int frames) {
            return frames == 0 ? 0 : 1 + take(frames - 1);
        }
    }
}
