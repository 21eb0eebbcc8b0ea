package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatchSiteTest {
    private static final int JMP = 0xE9;
    private static final int CALL = 0xE8;
    private static final int JZ = 0x840F;

    private final CodeCache cache = CodeCache.options().size(1 << 20).create();
    private final CodeBuffer buffer = cache.newBuffer(16 << 10);
    private final HandEmitter emitter = new HandEmitter(buffer);
    private final PatchSite site = new PatchSite("guard");

    @AfterEach
    void close() {
        cache.close();
    }

    private Code constant(int value) {
        return emitter.constant(0, value, false).hex("c3").commit("constant" + value, buffer);
    }

    @Test
    void aJumpGoesWhereItIsPatched() {
        Label slow = new Label();
        Label fast = new Label();
        emitter.patchBranch(site, JMP, slow)
                .bind(fast)
                .constant(0, 1, false)
                .hex("c3")
                .bind(slow)
                .constant(0, 2, false)
                .hex("c3");
        Code code = buffer.commit("switch");
        assertThat(code.call()).isEqualTo(2);
        assertThat(site.value()).isEqualTo(slow.address());
        site.patch(fast.address());
        assertThat(code.call()).isEqualTo(1);
        assertThat(site.value()).isEqualTo(fast.address());
    }

    @Test
    void callsAndConditionalJumpsArePatchedToo() {
        Code one = constant(1);
        Code two = constant(2);
        PatchSite branch = new PatchSite();
        emitter.hex("4883ec08")
                .patchBranch(site, CALL, one.address())
                .hex("4883c408 4885ff")
                .patchBranch(branch, JZ, two.address())
                .hex("c3");
        Code code = buffer.commit("calls");
        assertThat(code.call(5)).isEqualTo(1);
        assertThat(code.call(0)).isEqualTo(2);
        branch.patch(constant(3).address());
        site.patch(constant(4).address());
        assertThat(code.call(5)).isEqualTo(4);
        assertThat(code.call(0)).isEqualTo(3);
    }

    @Test
    void constantsArePatchedInTheirWidth() {
        PatchSite narrow = new PatchSite();
        emitter.patchConstant(site, 8, 8, 0x1122334455667788L)
                .patchConstant(narrow, 0, 4, -1)
                .hex("4c01c0c3"); // add rax, r8
        Code code = buffer.commit("sum");
        assertThat(code.call()).isEqualTo(0x1122334455667788L + 0xffff_ffffL);
        narrow.patch(3);
        site.patch(-5);
        assertThat(code.call()).isEqualTo(-2);
        assertThat(site.value()).isEqualTo(-5);
        assertThat(narrow.value()).isEqualTo(3);
        assertThatThrownBy(() -> narrow.patch(1L << 32)).hasMessageContaining("its constant has 32 bits");
        narrow.patch(0xffff_ffffL);
        assertThat(narrow.value()).isEqualTo(0xffff_ffffL);
    }

    @Test
    void aFieldLiesWithinEightAlignedBytesWhereverTheInstructionStands() {
        for (int before = 0; before < 16; before++) {
            PatchSite jump = new PatchSite();
            PatchSite value = new PatchSite();
            Label end = new Label();
            emitter.nops(buffer.code(), before)
                    .patchConstant(value, 0, 8, before)
                    .patchBranch(jump, JMP, end)
                    .hex("cc")
                    .bind(end)
                    .hex("c3");
            Code code = buffer.commit("aligned");
            assertThat(value.address() % 8).isZero();
            assertThat(jump.address() % 8).isLessThanOrEqualTo(4);
            assertThat(code.call()).isEqualTo(before);
            value.patch(-7);
            assertThat(code.call()).isEqualTo(-7);
        }
    }

    @Test
    void whatCannotBePatchedSaysWhy() {
        assertThatThrownBy(() -> site.patch(1)).hasMessageContaining("patch site guard is in no code yet");
        Code target = constant(1);
        long address = target.address();
        Code code = emitter.patchBranch(site, JMP, address).commit("jump", buffer);
        assertThatThrownBy(() -> site.patch(1)).hasMessageContaining("a branch reaches 2 GiB");
        Code gone = constant(2);
        long nothing = gone.address();
        gone.close();
        assertThatThrownBy(() -> site.patch(nothing)).hasMessageContaining("no piece of the code cache lies there");
        assertThat(code.call()).isEqualTo(1);
        code.close();
        assertThatThrownBy(() -> site.patch(address)).hasMessage("code jump is closed");
        assertThatThrownBy(site::value).hasMessage("code jump is closed");
        assertThatThrownBy(site::address).hasMessage("code jump is closed");
        emitter.patchBranch(site, JMP, address);
        assertThatThrownBy(() -> emitter.patchBranch(site, JMP, address))
                .hasMessageContaining("patch site guard is in this piece already");
        buffer.reset();
    }

    @Test
    void aTargetIsHeldUntilThePatchedPieceIsFreed() {
        Code first = constant(1);
        Code second = constant(2);
        Code code = emitter.patchBranch(site, JMP, first.address()).commit("jump", buffer);
        site.patch(second.address());
        second.close();
        first.close();
        assertThat(code.call()).isEqualTo(2);
        assertThat(cache.statistics().pieces()).isEqualTo(3);
        code.close();
        assertThat(cache.statistics().pieces()).isZero();
    }

    @Test
    void piecesThatArePatchedToEachOtherAreFreedTogether() {
        Code end = constant(1);
        PatchSite there = new PatchSite();
        Code one = emitter.patchBranch(site, JMP, end.address()).commit("one", buffer);
        Code two = emitter.patchBranch(there, JMP, one.address()).commit("two", buffer);
        site.patch(two.address());
        site.patch(end.address());
        end.close();
        one.close();
        assertThat(two.call()).isEqualTo(1);
        assertThat(cache.statistics().pieces()).isEqualTo(3);
        two.close();
        assertThat(cache.statistics().pieces()).isZero();
    }

    @Test
    void aPatchThatIsUnderWayWhileTheSiteIsEmittedAnewGoesToTheOldPiece() throws Exception {
        Code one = constant(1);
        Code two = constant(2);
        Code old = emitter.patchBranch(site, JMP, one.address()).commit("old", buffer);
        site.patch(one.address());
        Thread patching = new Thread(() -> site.patch(two.address()));
        Code anew;
        synchronized (cache) { // where a patch asks what lies at its target
            patching.start();
            while (patching.isAlive() && patching.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            emitter.nops(buffer.code(), 16).patchBranch(site, JMP, one.address());
            anew = buffer.commit("new");
        }
        patching.join();
        assertThat(site.value()).isEqualTo(one.address());
        assertThat(anew.call()).isEqualTo(1);
        assertThat(old.call()).isEqualTo(2);
    }

    @Test
    void aSiteBelongsToTheEmissionThatMarkedItLastWhateverIsCommittedLast() {
        Code one = constant(1);
        try (CodeBuffer other = cache.newBuffer(16 << 10)) {
            emitter.nops(buffer.code(), 32).patchBranch(site, JMP, one.address());
            new HandEmitter(other).patchBranch(site, JMP, one.address());
            buffer.commit("earlier");
            assertThatThrownBy(site::address).hasMessageContaining("patch site guard is in no code yet");
            Code later = other.commit("later");
            assertThat(later.contains(site.address())).isTrue();
        }
    }

    @Test
    void aBranchGoesToAPieceThatIsOpenAndHoldsIt() {
        Code one = constant(1);
        Code two = constant(2);
        PatchSite number = new PatchSite("number");
        Code jump = emitter.patchConstant(number, 0, 8, 0)
                .patchBranch(site, JMP, one.address())
                .commit("jump", buffer);
        site.patch(two);
        two.close();
        assertThat(jump.call()).isEqualTo(2);
        assertThatThrownBy(() -> site.patch(two)).hasMessage("code constant2 is closed");
        assertThatThrownBy(() -> number.patch(one)).hasMessageContaining("it is a constant, and no branch");
        try (CodeCache elsewhere = CodeCache.options().size(1 << 20).create();
                CodeBuffer its = elsewhere.newBuffer(4096)) {
            Code foreign = new HandEmitter(its).hex("c3").commit("foreign", its);
            assertThatThrownBy(() -> site.patch(foreign)).hasMessageContaining("that is code of another cache");
        }
        jump.close();
        assertThat(cache.statistics().pieces()).isEqualTo(1);
    }

    @Test
    void threadsThatRunThroughSeeEachPatchOnceItIsMade() throws Exception {
        assertThat(Race.run(cache, Races.seconds(1))).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anonymous", "hardened", "switched"})
    void otherKindsOfMemoryArePatchedToo(String memory, @TempDir Path folder) {
        ChildJvm.Ending ending = new ChildJvm("-Dintaglio.memory=" + memory).run(folder, Race.class);
        assertThat(ending.output()).startsWith("patched ").endsWith("times\n");
        assertThat(ending.status()).isZero();
    }

    /**
     * Threads call a jump, a call and two constants while they are patched to ever larger numbers. A call that begins after a
     * patch has returned gives at least its number, and none gives more than has begun to be patched.
     */
    static final class Race {
        private static final int THREADS = 3;

        private Race() {}

        public static void main(String[] arguments) throws Exception {
            try (CodeCache cache = CodeCache.options().size(16 << 20).create()) {
                System.out.println("patched " + run(cache, Races.seconds(0.3)) + " times");
            }
        }

        static long run(CodeCache cache, double seconds) throws InterruptedException {
            CodeBuffer buffer = cache.newBuffer(16 << 10);
            HandEmitter emitter = new HandEmitter(buffer);
            PatchSite wide = new PatchSite("wide");
            PatchSite narrow = new PatchSite("narrow");
            PatchSite jump = new PatchSite("jump");
            List<Code> targets = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                targets.add(emitter.constant(0, i, false).hex("c3").commit("target" + i, buffer));
            }
            long both = 1L << 32 | 1;
            Code wideCode = emitter.patchConstant(wide, 0, 8, 0).hex("c3").commit("wide", buffer);
            Code narrowCode =
                    emitter.hex("90").patchConstant(narrow, 0, 4, 0).hex("c3").commit("narrow", buffer);
            Code jumpCode = emitter.hex("9090")
                    .patchBranch(jump, JMP, targets.get(0).address())
                    .commit("jump", buffer);
            AtomicLong begun = new AtomicLong();
            AtomicLong made = new AtomicLong();
            AtomicLong wrong = new AtomicLong();
            AtomicLong calls = new AtomicLong();
            List<Thread> threads = new ArrayList<>();
            boolean[] stop = {false};
            for (int i = 0; i < THREADS; i++) {
                LongSupplier wideCall = wideCode.bind(LongSupplier.class);
                LongSupplier narrowCall = narrowCode.bind(LongSupplier.class);
                LongSupplier jumpCall = jumpCode.bind(LongSupplier.class);
                threads.add(new Thread(() -> {
                    while (made.get() >= 0 && !stop[0]) {
                        long least = made.get();
                        long one = wideCall.getAsLong();
                        long two = narrowCall.getAsLong();
                        long three = jumpCall.getAsLong();
                        long most = begun.get();
                        boolean good = one % both == 0 && in(one / both, least, most) && in(two, least, most);
                        good &= most - least >= targets.size()
                                || in(three, least % 50, most % 50)
                                || most / 50 > least / 50;
                        if (!good) {
                            wrong.incrementAndGet();
                        }
                        calls.incrementAndGet();
                    }
                }));
            }
            threads.forEach(Thread::start);
            long end = System.nanoTime() + (long) (seconds * 1e9);
            long number = 0;
            while (System.nanoTime() < end && wrong.get() == 0) {
                number++;
                begun.set(number);
                wide.patch(number * both);
                narrow.patch(number);
                jump.patch(targets.get((int) (number % 50)).address());
                made.set(number);
            }
            stop[0] = true;
            for (Thread thread : threads) {
                thread.join();
            }
            if (wrong.get() > 0 || calls.get() == 0) {
                throw new AssertionError(wrong + " of " + calls + " rounds saw what was not patched");
            }
            buffer.close();
            return number;
        }

        private static boolean in(long value, long least, long most) {
            return value >= least && value <= most;
        }
    }
}
