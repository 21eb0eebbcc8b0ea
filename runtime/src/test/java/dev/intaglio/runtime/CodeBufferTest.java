package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CodeBufferTest {
    private final CodeCache cache = CodeCache.options().size(1 << 20).create();

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void emissionAllocatesNothingOnceTheBufferHasGrown() {
        CodeBuffer buffer = cache.newBuffer();
        HandEmitter emitter = new HandEmitter(buffer);
        Label[] labels = new Label[300];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = new Label();
        }
        for (int warm = 0; warm < 3000; warm++) {
            emit(buffer, emitter, labels);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        threads.getThreadAllocatedBytes(id);
        long before = threads.getThreadAllocatedBytes(id);
        for (int n = 0; n < 1000; n++) {
            emit(buffer, emitter, labels);
        }
        // The measurement itself may allocate a little; a single object a round would be 16000 bytes.
        assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(4000);
    }

    private static void emit(CodeBuffer buffer, HandEmitter emitter, Label... labels) {
        buffer.reset();
        for (Label label : labels) {
            emitter.jump(label).constant(3, label.hashCode() * 0x10000L, false);
            emitter.callAddress(label.hashCode());
        }
        for (Label label : labels) {
            emitter.bind(label).jump(label);
        }
        buffer.fixups.resolve(buffer.emission);
    }

    @Test
    void aWindowIsExtendedWhenWhatFollowsIsFree() {
        CodeBuffer buffer = cache.newBuffer(1024);
        HandEmitter emitter =
                new HandEmitter(buffer).nops(buffer.code(), 200_000).hex("31c0c3");
        Code code = buffer.commit("long");
        assertThat(code.size()).isEqualTo(200_003);
        assertThat(code.call()).isZero();
        assertThat(emitter.code.size()).isZero();
    }

    @Test
    void aWindowThatCannotGrowNamesTheRemedy() {
        CodeBuffer buffer = cache.newBuffer(1024);
        CodeBuffer neighbour = cache.newBuffer(1024);
        HandEmitter emitter = new HandEmitter(buffer);
        assertThatThrownBy(() -> emitter.nops(buffer.code(), 10_000))
                .isInstanceOf(CodeBufferException.class)
                .hasMessageContaining("section .code holds 0 bytes and needs 10000 more")
                .hasMessageContaining("cache.newBuffer(16384)");
        assertThat(neighbour.size()).isZero();
        buffer.reset();
        emitter.hex("31c0c3");
        assertThat(buffer.commit("small").size()).isEqualTo(3);
        try (CodeBuffer larger = cache.newBuffer(16384)) {
            new HandEmitter(larger).nops(larger.code(), 16_000);
            assertThat(larger.size()).isEqualTo(16_000);
        }
    }

    @Test
    void aLargerBufferIsNotTheRemedyWhereTheCacheIsTooSmall() {
        try (CodeCache small = CodeCache.options().size(1 << 20).create()) {
            CodeBuffer whole = small.newBuffer(8 << 20);
            assertThatThrownBy(() -> new HandEmitter(whole).nops(whole.code(), 600 << 10))
                    .isInstanceOf(CodeBufferException.class)
                    .hasMessageContaining("needs 614400 more, but its window of the code cache ends at 262144")
                    .hasMessageContaining("or make the cache larger")
                    .hasMessageNotContaining("newBuffer");
            whole.close();
            CodeBuffer buffer = small.newBuffer(64 << 10);
            assertThatThrownBy(() -> buffer.dataAddress(1 << 20, 8))
                    .isInstanceOf(CodeBufferException.class)
                    .hasMessageContaining("or make the cache larger")
                    .hasMessageNotContaining("newBuffer");
        }
    }

    @Test
    void theRemedyForDataIsABufferThatHasSoMuch() {
        try (CodeCache small = CodeCache.options().size(1 << 20).create()) {
            CodeBuffer buffer = small.newBuffer(1024);
            CodeBuffer neighbour = small.newBuffer(1024);
            assertThatThrownBy(() -> buffer.dataAddress(20_000, 8))
                    .isInstanceOf(CodeBufferException.class)
                    .hasMessageContaining("cache.newBuffer(131072)");
            neighbour.close();
            try (CodeBuffer larger = small.newBuffer(131072)) {
                assertThat(larger.dataAddress(20_000, 8)).isPositive();
            }
        }
    }

    @Test
    void nullIsRefusedByName() {
        CodeBuffer buffer = cache.newBuffer();
        assertThatThrownBy(() -> buffer.handOver(null)).hasMessage("thread");
        Code code = new HandEmitter(buffer).hex("31c0c3").commit("zero", buffer);
        assertThatThrownBy(() -> code.bind(null)).hasMessage("type");
        assertThatThrownBy(() -> CodeCache.options().whenFull(null)).hasMessage("makesRoom");
        assertThatThrownBy(() -> new PatchSite(null)).hasMessage("name");
    }

    @Test
    void aFullCacheSaysSoAndGoesOnWhenCodeIsClosed() {
        CodeBuffer buffer = cache.newBuffer(200_000);
        HandEmitter emitter = new HandEmitter(buffer);
        Code[] pieces = new Code[8];
        int made = 0;
        try {
            for (; made < pieces.length; made++) {
                pieces[made] =
                        emitter.nops(buffer.code(), 100_000).hex("31c0c3").commit("piece", buffer);
            }
        } catch (CodeBufferException e) {
            assertThat(e).hasMessageMatching("(?s).*(taken|no room left).*");
        }
        assertThat(made).isEqualTo(5);
        buffer.reset();
        for (int i = 0; i < made; i++) {
            pieces[i].close();
        }
        buffer.close();
        assertThat(cache.used()).isZero();
        try (CodeBuffer again = cache.newBuffer(200_000)) {
            HandEmitter next = new HandEmitter(again);
            assertThat(next.nops(again.code(), 190_000)
                            .hex("31c0c3")
                            .commit("again", again)
                            .call())
                    .isZero();
        }
    }

    @Test
    void aBufferThatFoundTheCacheFullGoesOnWhenThereIsRoom() {
        CodeBuffer buffer = cache.newBuffer(512 << 10);
        HandEmitter emitter = new HandEmitter(buffer);
        int all = buffer.code().window.size();
        Code everything = emitter.nops(buffer.code(), all - 3).hex("31c0c3").commit("everything", buffer);
        assertThatThrownBy(() -> emitter.hex("31c0c3"))
                .isInstanceOf(CodeBufferException.class)
                .hasMessageContaining("no room left for section .code")
                .hasMessageContaining("close code that is not needed and buffers (1 open, which hold ");
        everything.close();
        buffer.reset();
        assertThat(emitter.hex("31c0c3").commit("more", buffer).call()).isZero();
    }

    @Test
    void anotherThreadIsRefusedUntilTheBufferIsHandedOver() throws Exception {
        CodeBuffer buffer = cache.newBuffer();
        new HandEmitter(buffer).hex("31c0c3");
        Thread other = new Thread(() -> buffer.commit("other"), "other");
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        other.setUncaughtExceptionHandler((thread, e) -> failure.complete(e));
        other.start();
        assertThat(failure.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("but thread other used it; take a buffer for each thread");
        Code[] committed = new Code[1];
        Thread heir = new Thread(() -> committed[0] = buffer.commit("heir"));
        buffer.handOver(heir);
        heir.start();
        heir.join();
        assertThat(committed[0].call()).isZero();
    }

    @Test
    void aSecondThreadInTheMidstOfAPieceIsNoticed() throws Exception {
        CodeBuffer buffer = cache.newBuffer();
        HandEmitter emitter = new HandEmitter(buffer).hex("31c0");
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread other = new Thread(() -> emitter.hex("cc"), "second");
        other.setUncaughtExceptionHandler((thread, e) -> failure.complete(e));
        other.start();
        assertThat(failure.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("but thread second used it");
        assertThat(emitter.hex("c3").commit("whole", buffer).call()).isZero();
    }

    @Test
    void nothingToCommitIsAnError() {
        CodeBuffer buffer = cache.newBuffer();
        assertThatThrownBy(() -> buffer.commit("nothing")).hasMessageContaining("section .code is empty");
        CodeBuffer detached = CodeBuffer.detached(0x10000000);
        assertThatThrownBy(() -> detached.commit("nothing")).hasMessageContaining("detached buffer");
    }

    @Test
    void aLinkErrorLeavesTheBufferToBeReset() {
        CodeBuffer buffer = cache.newBuffer();
        HandEmitter emitter = new HandEmitter(buffer).jump(new Label("nowhere"));
        assertThatThrownBy(() -> buffer.commit("broken")).isInstanceOf(LinkException.class);
        buffer.reset();
        assertThat(emitter.hex("31c0c3").commit("whole", buffer).call()).isZero();
    }

    @Test
    void aUsersSectionIsCommittedWithTheRest() {
        CodeBuffer buffer = cache.newBuffer();
        HandEmitter emitter = new HandEmitter(buffer);
        for (int piece = 0; piece < 3; piece++) {
            Label far = new Label();
            Section late = emitter.named("late");
            emitter.jump(far).bind(far, late).bytes(late, 0xb8, piece, 0, 0, 0, 0xc3);
            Code code = buffer.commit("piece");
            assertThat(code.call()).isEqualTo(piece);
            assertThat(code.size("late")).isEqualTo(6);
            assertThat(code.addressOf(far)).isGreaterThan(code.address());
        }
    }

    @Test
    void dataOfImpossibleSizeIsRefused() {
        CodeBuffer buffer = cache.newBuffer();
        for (int bytes : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, (1 << 30) + 1}) {
            assertThatThrownBy(() -> buffer.dataAddress(bytes, 8))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cannot reserve " + bytes + " bytes");
        }
        for (int alignment : new int[] {0, 3, -8, 8192, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> buffer.dataAddress(8, alignment))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("aligned to " + alignment);
        }
        assertThatThrownBy(() -> buffer.dataAddress(1 << 30, 8)).isInstanceOf(CodeBufferException.class);
    }

    @Test
    void anExitToWhereNothingLiesIsRefusedAndOneToAPieceKeepsIt() {
        CodeBuffer one = cache.newBuffer(4096);
        CodeBuffer two = cache.newBuffer(4096);
        Code target = new HandEmitter(two).constant(0, 111, false).hex("c3").commit("target", two);
        long address = target.address();
        new HandEmitter(one).jump(one.exitTo(address));
        target.close();
        assertThat(cache.statistics().pieces()).isOne();
        assertThat(one.commit("jumper").call()).isEqualTo(111);
        Code gone = new HandEmitter(two).hex("c3").commit("gone", two);
        long free = gone.address();
        gone.close();
        assertThatThrownBy(() -> one.exitTo(free))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("no piece of the code cache lies there, or none any more");
    }

    @Test
    void whatTheClientThrowsWhenAskedForRoomLosesNoMemory() {
        Eviction throwing = (full, region, bytes) -> {
            throw new IllegalStateException("the client's");
        };
        try (CodeCache small =
                CodeCache.options().size(1 << 20).whenFull(throwing).create()) {
            assertThatThrownBy(() -> small.newBuffer(450 << 10)).hasMessage("the client's"); // for its cold code
            assertThat(small.used()).isZero();
        }
    }

    @Test
    void aConstantOfAClosedBufferIsRefusedThoughItIsKnown() {
        CodeBuffer buffer = cache.newBuffer(4096);
        assertThat(buffer.constantAddress(5)).isEqualTo(buffer.constantAddress(5));
        buffer.close();
        assertThatThrownBy(() -> buffer.constantAddress(5)).hasMessage("the buffer is closed");
    }

    @Test
    void aBufferThatAsksForRoomIsNotUsed() {
        CodeBuffer[] asking = new CodeBuffer[1];
        List<Throwable> refusals = new ArrayList<>();
        Eviction uses = (full, region, bytes) -> {
            refusals.add(catchThrowable(asking[0]::reset));
            refusals.add(catchThrowable(asking[0]::link));
            return false;
        };
        try (CodeCache small = CodeCache.options().size(1 << 16).whenFull(uses).create();
                CodeBuffer buffer = small.newBuffer(4096)) {
            asking[0] = buffer;
            while (refusals.isEmpty()) {
                new HandEmitter(buffer).nops(buffer.code(), 1000).commit("piece", buffer);
            }
        } catch (CodeBufferException | IllegalStateException e) {
            // It is full at last.
        }
        assertThat(refusals)
                .isNotEmpty()
                .allSatisfy(refusal -> assertThat(refusal)
                        .hasMessageContaining("the buffer is used while it asks the client for room"));
    }

    @Test
    void anEmitterForAnotherThreadsBufferIsRefused() throws InterruptedException {
        CodeBuffer buffer = cache.newBuffer(4096);
        List<Throwable> refusals = new ArrayList<>();
        Thread other = new Thread(() -> refusals.add(catchThrowable(() -> new HandEmitter(buffer))));
        other.start();
        other.join();
        assertThat(refusals.get(0)).hasMessageContaining("the buffer belongs to thread");
    }

    @Test
    void aSectionsNameIsOneThatADirectiveCanHave() {
        CodeBuffer buffer = cache.newBuffer(4096);
        for (String name : List.of("", ".pool", "a b", "a\nb", "far.away")) {
            assertThatThrownBy(() -> buffer.section(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a section cannot be called '" + name + "'");
        }
        assertThatThrownBy(() -> buffer.section(null)).hasMessage("name");
        assertThat(buffer.section("far_2")).isSameAs(buffer.section("far_2"));
    }

    @Test
    void aPieceWithoutANameIsRefusedBeforeAnythingIsWritten() {
        CodeBuffer buffer = cache.newBuffer();
        new HandEmitter(buffer).hex("31c0c3");
        assertThatThrownBy(() -> buffer.commit(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("name");
        assertThat(cache.statistics().pieces()).isZero();
        assertThat(buffer.commit("zero").call()).isZero();
        assertThatThrownBy(() -> new Label(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aBufferThatIsClosedWhileItAsksForRoomIsClosedBehindIt() {
        CodeBuffer[] asking = new CodeBuffer[1];
        Eviction closes = (full, region, bytes) -> {
            asking[0].close();
            return false;
        };
        try (CodeCache small =
                CodeCache.options().size(1 << 16).whenFull(closes).create()) {
            CodeBuffer buffer = small.newBuffer(4096);
            asking[0] = buffer;
            HandEmitter emitter = new HandEmitter(buffer);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            emitter.nops(buffer.code(), 1000).hex("c3");
                            buffer.commit("piece");
                        }
                    })
                    .isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> buffer.commit("again"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the buffer is closed");
        }
    }

    @Test
    void othersThanTheOwnerAreRefusedWhereverTheyComeIn() {
        CodeBuffer buffer = cache.newBuffer();
        for (Runnable use : new Runnable[] {
            () -> buffer.exitTo(1), () -> buffer.section("mine"), buffer::withListing, () -> buffer.commit("theirs")
        }) {
            assertThatThrownBy(() -> CompletableFuture.runAsync(use).join())
                    .hasRootCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("take a buffer for each thread");
        }
    }
}
