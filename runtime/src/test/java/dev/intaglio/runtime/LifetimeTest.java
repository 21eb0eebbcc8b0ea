package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long the memory of code is held: as long as something can run it. */
class LifetimeTest {
    private final CodeCache cache = CodeCache.options().size(1 << 20).create();
    private final CodeBuffer buffer = cache.newBuffer(16 << 10);
    private final HandEmitter emitter = new HandEmitter(buffer);

    @AfterEach
    void close() {
        cache.close();
    }

    private int pieces() {
        return cache.statistics().pieces();
    }

    private Code constant(int value) {
        return emitter.constant(0, value, false).hex("c3").commit("constant" + value, buffer);
    }

    @Test
    void codeThatOtherCodeCallsIsHeldUntilThatIsClosed() {
        Code callee = constant(42);
        Code caller = emitter.hex("4883ec08")
                .callAddress(callee.address())
                .hex("4883c408c3")
                .commit("caller", buffer);
        callee.close();
        assertThatThrownBy(callee::call).hasMessage("code constant42 is closed");
        assertThat(caller.call()).isEqualTo(42);
        assertThat(pieces()).isEqualTo(2);
        caller.close();
        assertThat(pieces()).isZero();
    }

    @Test
    void jumpsBranchesAndReferencesToDataHoldToo() {
        Code code = constant(1);
        long cell = buffer.dataAddress(8, 8);
        Code data = emitter.hex("c3").commit("data", buffer);
        Code jumps = emitter.jumpAddress(code.address()).commit("jumps", buffer);
        Code branches = emitter.branchAddress(4, code.address()).hex("c3").commit("branches", buffer);
        Code loads = emitter.bytes(0x48, 0x8b, 0x05)
                .relativeAddress(cell, 0)
                .hex("c3")
                .commit("loads", buffer);
        code.close();
        data.close();
        assertThat(pieces()).isEqualTo(5);
        jumps.close();
        assertThat(pieces()).isEqualTo(4);
        branches.close();
        assertThat(pieces()).isEqualTo(2);
        loads.close();
        assertThat(pieces()).isZero();
    }

    @Test
    void aBufferHoldsWhatItsPieceRefersToUntilReset() {
        Code callee = constant(7);
        emitter.jumpAddress(callee.address());
        callee.close();
        assertThat(pieces()).isEqualTo(1);
        buffer.reset();
        assertThat(pieces()).isZero();
    }

    @Test
    void codeThatIsOnlyStoredIsKeptOnRequest() {
        Code callee = constant(7);
        buffer.keep(callee);
        Code caller = emitter.constant(0, callee.address(), false).hex("ffe0").commit("caller", buffer);
        callee.close();
        assertThat(caller.call()).isEqualTo(7);
        caller.close();
        assertThat(pieces()).isZero();
        assertThatThrownBy(() -> buffer.keep(callee)).hasMessage("code constant7 is closed");
        try (CodeCache other = CodeCache.options().size(1 << 20).create();
                CodeBuffer its = other.newBuffer(4096)) {
            Code foreign = new HandEmitter(its).hex("c3").commit("foreign", its);
            assertThatThrownBy(() -> buffer.keep(foreign)).hasMessageContaining("is not of this buffer's cache");
        }
    }

    @Test
    void anAddressWhereNothingLiesAnyMoreIsRefused() {
        Code gone = constant(7);
        long address = gone.address();
        gone.close();
        assertThatThrownBy(() -> emitter.callAddress(address))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("no piece lies at address 0x" + Long.toHexString(address));
        buffer.reset();
        assertThat(constant(8).call()).isEqualTo(8);
    }

    /** Such as what looks up a function gives where there is none. */
    @Test
    void thereIsNoCodeAtNull() {
        List<Runnable> emissions = List.of(
                () -> emitter.callAddress(0), () -> emitter.jumpAddress(42), () -> emitter.branchAddress(4, 4095));
        for (Runnable emission : emissions) {
            assertThatThrownBy(emission::run)
                    .isInstanceOf(EmissionException.class)
                    .hasMessageContaining("there can be no code at address ");
            buffer.reset();
        }
        assertThatThrownBy(() -> buffer.exitTo(0)).hasMessageContaining("there is no exit to address 0");
        emitter.callAddress(4096);
        buffer.reset();
    }

    /** A window of another buffer covers the place, which says nothing of who will lie there. */
    @Test
    void soIsOneWhereAnotherBufferIsAboutToEmit() {
        PatchSite site = new PatchSite("site");
        Code jumps = emitter.patchBranch(site, 0xe9, constant(6).address()).commit("jumps", buffer);
        Code gone = constant(7);
        long address = gone.address();
        Label inside = new Label("inside");
        gone.close();
        try (CodeBuffer other = cache.newBuffer(16)) {
            new HandEmitter(other).hex("90").bind(inside).hex("c3");
            for (long target : new long[] {address, inside.address(), other.dataAddress(8, 8)}) {
                assertThatThrownBy(() -> emitter.callAddress(target))
                        .isInstanceOf(EmissionException.class)
                        .hasMessageContaining("no piece lies at address 0x" + Long.toHexString(target));
                buffer.reset();
                assertThatThrownBy(() -> buffer.exitTo(target)).isInstanceOf(EmissionException.class);
                assertThatThrownBy(() -> site.patch(target))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("no piece of the code cache lies there");
            }
        }
        assertThat(jumps.call()).isEqualTo(6);
    }

    @Test
    void aPieceMayReferToItself() {
        Label inside = new Label("inside");
        long cell = buffer.dataAddress(8, 8);
        emitter.hex("e801000000c3").bind(inside).constant(0, 9, false).hex("c3"); // call inside; ret
        emitter.callAddress(inside.address()).relativeAddress(cell, 0);
        assertThat(emitter.commit("self", buffer).call()).isEqualTo(9);
    }

    /** The piece ends where its window does, and the other one begins. */
    @Test
    void aPieceBehindAFullWindowIsHeldToo() {
        CodeBuffer other = cache.newBuffer(16 << 10);
        long cell = other.dataAddress(8, 8);
        Code behind = new HandEmitter(other).hex("c3").commit("behind", other);
        int size = (int) (cell - buffer.data().base());
        assertThat(buffer.data().window.size()).isEqualTo(size);
        buffer.dataAddress(size - 1, 1);
        emitter.bytes(buffer.data(), 0).hex("488d05").relativeAddress(cell, 0).hex("c3");
        behind.close();
        assertThat(pieces()).isOne();
        assertThat(emitter.commit("full", buffer).call()).isEqualTo(cell);
    }

    @Test
    void theEndOfAFullWindowIsThePiecesOwnWhereNothingLiesBehind() {
        long start = buffer.dataAddress(buffer.data().window.size() - 1, 1);
        emitter.bytes(buffer.data(), 0);
        long end = start + buffer.data().size();
        assertThat(end).isEqualTo(buffer.data().window.end());
        emitter.hex("488d05").relativeAddress(end, 0).hex("c3");
        assertThat(emitter.commit("full", buffer).call()).isEqualTo(end);
    }

    /** The section stands, empty, where that piece lies until there is another window. */
    @Test
    void soIsAPieceBehindWhichTheCacheIsFull() {
        try (CodeCache small = CodeCache.options().size(1 << 15).create()) {
            CodeBuffer mine = small.newBuffer(4096);
            HandEmitter hand = new HandEmitter(mine);
            long cell = mine.dataAddress(mine.data().window.size() - 1, 1);
            Code data = hand.hex("c3").commit("data", mine);
            hand.hex("488d05").relativeAddress(cell, 0).hex("c3");
            data.close();
            assertThat(small.statistics().pieces()).isOne();
            assertThat(hand.commit("refers", mine).call()).isEqualTo(cell);
        }
    }

    /** Between where a stencil begins and where it names the piece. */
    @Test
    void aBufferThatIsClosedMeanwhileKeepsNothing() throws InterruptedException {
        Code target = constant(5);
        CodeBuffer other = cache.newBuffer(16);
        HandEmitter begun = new HandEmitter(other);
        long p = begun.reserve(other.code(), 16);
        Thread closer = new Thread(other::close);
        closer.start();
        closer.join();
        assertThatThrownBy(() -> begun.callAddress(other.code(), p, target.address(), 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the buffer is closed");
        long before = cache.statistics().pieces();
        target.close();
        assertThat(cache.statistics().pieces()).isEqualTo(before - 1);
    }

    @Test
    void aChainOfTenThousandPiecesIsFreedFromItsHead() {
        try (CodeCache large = CodeCache.options().size(16 << 20).granule(16).create();
                CodeBuffer its = large.newBuffer(4096)) {
            HandEmitter mine = new HandEmitter(its);
            Code last = mine.constant(0, 42, false).hex("c3").commit("end", its);
            for (int i = 0; i < 10_000; i++) {
                Code next = mine.jumpAddress(last.address()).commit("link", its);
                last.close();
                last = next;
            }
            assertThat(last.call()).isEqualTo(42);
            assertThat(large.statistics().pieces()).isEqualTo(10_001);
            last.close();
            assertThat(large.statistics().pieces()).isZero();
        }
    }

    @Test
    void aClosedCacheIsUnmappedThoughPiecesReferToEachOther() {
        for (int i = 0; i < 20; i++) {
            Code callee = constant(i);
            emitter.jumpAddress(callee.address()).commit("caller", buffer);
        }
        emitter.jumpAddress(constant(99).address());
        long address = cache.address();
        cache.close();
        assertThat(Mappings.at(address).filter(mapping -> mapping.path().contains("intaglio")))
                .isEmpty();
    }

    /** Random pieces that refer to each other, against a search of what can be reached from what is open. */
    @Test
    void exactlyWhatOpenPiecesReachIsHeld() {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("LifetimeTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Pieces pieces = new Pieces();
            Map<Code, List<Code>> model = new HashMap<>();
            List<Code> open = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                if (open.size() < 2 || random.nextInt(3) == 0) {
                    Code code = new Code(
                            cache,
                            "c" + step,
                            0,
                            List.of(new Code.Part("code", dev.intaglio.runtime.memory.Region.HOT, 64L * step, 16)),
                            List.of(),
                            List.of(),
                            Frame.Made.NOTHING,
                            () -> {});
                    pieces.add(code, new HashSet<>());
                    model.put(code, new ArrayList<>());
                    open.add(code);
                } else if (random.nextBoolean()) {
                    Code from = open.get(random.nextInt(open.size()));
                    Code to = open.get(random.nextInt(open.size()));
                    pieces.refer(from, to);
                    model.get(from).add(to);
                } else {
                    pieces.left(open.remove(random.nextInt(open.size())));
                }
                assertThat(pieces.all())
                        .as("seed %d, round %d", seed, round)
                        .containsExactlyInAnyOrderElementsOf(reachable(open, model));
            }
        }
    }

    private static List<Code> reachable(List<Code> open, Map<Code, List<Code>> model) {
        List<Code> reached = new ArrayList<>(open);
        for (int i = 0; i < reached.size(); i++) {
            for (Code target : model.get(reached.get(i))) {
                if (!reached.contains(target)) {
                    reached.add(target);
                }
            }
        }
        return reached;
    }

    @Test
    void piecesAreClosedInAnyOrder() {
        long seed = Long.getLong("intaglio.seed", 4711);
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            List<Code> all = new ArrayList<>(List.of(constant(round)));
            for (int i = 0; i < 10; i++) {
                Code callee = all.get(random.nextInt(all.size()));
                all.add(emitter.jumpAddress(callee.address()).commit("jump", buffer));
            }
            Collections.shuffle(all, random);
            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).call()).as("seed %d", seed).isEqualTo(round);
                all.get(i).close();
            }
            assertThat(pieces()).as("seed %d", seed).isZero();
        }
    }

    @Test
    void leaksAreLoggedWithThePlaceOfTheirCreation(@TempDir Path folder) {
        String output =
                new ChildJvm("-Dintaglio.leaks=true").run(folder, Leaking.class).output();
        assertThat(output)
                .contains("code forgotten was open when its cache was closed")
                .contains("a code buffer was open when its cache was closed")
                .contains("LifetimeTest$Leaking.forget")
                .contains("a code cache became unreachable and was not closed")
                .contains("LifetimeTest$Leaking.drop")
                .contains("code kept was open when the JVM ended")
                .contains("a code cache was open when the JVM ended")
                .contains("LifetimeTest$Leaking.main")
                .doesNotContain("code tidy");
    }

    @Test
    void codeThatIsBeingClosedIsKeptOrRefused() throws InterruptedException {
        CodeBuffer mine = cache.newBuffer(4096);
        CodeBuffer maker = cache.newBuffer(4096);
        HandEmitter emitter = new HandEmitter(maker);
        AtomicReference<Code> slot = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread closer = new Thread(() -> {
            while (!over.get()) {
                Code code = slot.getAndSet(null);
                if (code != null) {
                    code.close();
                }
            }
        });
        closer.start();
        Random random = new Random(Long.getLong("intaglio.seed", 4711));
        long end = Races.end(0.5);
        int kept = 0;
        for (int n = 0; n < 100 || System.nanoTime() < end; n++) {
            Code code = emitter.constant(0, n, false)
                    .hex("c3")
                    .nops(maker.code(), 3000)
                    .commit("piece " + n, maker);
            long address = code.address();
            slot.set(code);
            for (int i = random.nextInt(300); i > 0; i--) {
                Thread.onSpinWait();
            }
            try {
                mine.keep(code);
                assertThat(CodeRegistry.lookup(address).orElseThrow().code()).isEqualTo("piece " + n);
                kept++;
            } catch (IllegalStateException closed) {
                assertThat(closed).hasMessageContaining("closed");
            }
            while (slot.get() != null) {
                Thread.onSpinWait();
            }
            mine.reset();
        }
        over.set(true);
        closer.join();
        assertThat(kept).isPositive();
    }

    /** Leaves open what it should close. */
    static final class Leaking {
        private static CodeCache reachable;

        private Leaking() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (CodeCache cache = CodeCache.options().size(1 << 20).create()) {
                forget(cache);
            }
            drop();
            for (int i = 0; i < 20; i++) {
                System.gc();
                Thread.sleep(20);
            }
            reachable = CodeCache.options().size(1 << 16).create();
            try (CodeBuffer buffer = reachable.newBuffer()) {
                new HandEmitter(buffer).hex("c3").commit("kept", buffer);
            }
        }

        private static void forget(CodeCache cache) {
            CodeBuffer buffer = cache.newBuffer();
            HandEmitter emitter = new HandEmitter(buffer);
            emitter.hex("c3").commit("tidy", buffer).close();
            emitter.hex("c3").commit("forgotten", buffer);
        }

        private static void drop() {
            System.out.println(CodeCache.options().size(1 << 16).create());
        }
    }
}
