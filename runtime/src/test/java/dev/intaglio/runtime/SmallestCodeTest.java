package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SmallestCodeTest {
    private static final int JZ = 4;

    private final CodeCache cache = CodeCache.options().size(4 << 20).create();
    private final CodeBuffer buffer = cache.newBuffer(64 << 10);
    private final HandEmitter emitter = new HandEmitter(buffer);

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void forwardBranchesAreShortWhereThatReaches() {
        Label near = new Label();
        Label far = new Label();
        Code code = buffer.smallest(() -> emitter.hex("4885ff")
                        .branch(JZ, far)
                        .jump(near)
                        .nops(buffer.code(), 127)
                        .bind(near)
                        .nops(buffer.code(), 128)
                        .bind(far)
                        .hex("488d47 05 c3")) // lea rax, [rdi + 5]
                .commit("near");
        assertThat(code.size()).isEqualTo(3 + 6 + 2 + 127 + 128 + 5);
        assertThat(code.call(0)).isEqualTo(5);
        assertThat(code.call(2)).isEqualTo(7);
    }

    @Test
    void oneShortBranchBringsTheNextOneNear() {
        int branches = 40;
        Label[] targets =
                IntStream.range(0, branches).mapToObj(i -> new Label()).toArray(Label[]::new);
        // The branches and the bytes between are 127 bytes only when all branches before are short.
        Runnable emission = () -> {
            for (int i = 0; i < branches; i++) {
                emitter.jump(targets[i]);
            }
            emitter.nops(buffer.code(), 127 - 2 * (branches - 1));
            for (Label target : targets) {
                emitter.bind(target);
            }
            emitter.hex("31c0c3");
        };
        Code code = buffer.smallest(emission).commit("chain");
        assertThat(code.size()).isEqualTo(2 * branches + 127 - 2 * (branches - 1) + 3);
        assertThat(code.call()).isZero();
    }

    @Test
    void aJumpToWhatFollowsIsLeftOut() {
        Label next = new Label();
        Code code = buffer.smallest(
                        () -> emitter.hex("31c0").jump(next).bind(next).hex("c3"))
                .commit("next");
        assertThat(code.size()).isEqualTo(3);
        assertThat(code.call()).isZero();
    }

    @Test
    void aBranchOverAFillingThatGrowsIsMadeLongerAgain() {
        for (int before = 0; before < 64; before++) {
            for (int between = 96; between < 128; between += 5) {
                int first = before;
                int second = between;
                Label over = new Label();
                Label end = new Label();
                Code code = buffer.smallest(() -> emitter.nops(buffer.code(), first)
                                .jump(over)
                                .hex("cc")
                                .bind(over)
                                .jump(end)
                                .nops(buffer.code(), second)
                                .align(32)
                                .bind(end)
                                .hex("31c0c3"))
                        .commit("filled");
                assertThat(code.call()).isZero();
                assertThat(code.addressOf(end) % 32).isZero();
                code.close();
            }
        }
    }

    @Test
    void randomCodeDoesTheSameInFewerBytes() {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("SmallestCodeTest seed " + seed);
        int saved = 0;
        for (int round = 0; round < 150; round++) {
            long own = seed + round;
            buffer.reset();
            new Blocks(emitter, own).run();
            Code plain = buffer.commit("plain");
            Code small = buffer.smallest(new Blocks(emitter, own)).commit("small");
            for (long fuel : new long[] {1, 2, 10, 1000}) {
                assertThat(small.call(fuel)).as("seed %d, fuel %d", own, fuel).isEqualTo(plain.call(fuel));
            }
            assertThat(small.size()).as("seed %d", own).isLessThanOrEqualTo(plain.size());
            saved += plain.size() - small.size();
            plain.close();
            small.close();
        }
        assertThat(saved).isPositive();
    }

    /** Blocks that count down their fuel and go to random ones; the way they take is in rax. */
    private static final class Blocks implements Runnable {
        private final HandEmitter emitter;
        private final long seed;

        Blocks(HandEmitter emitter, long seed) {
            this.emitter = emitter;
            this.seed = seed;
        }

        @Override
        public void run() {
            Random random = new Random(seed);
            Section hot = emitter.code;
            Section cold = emitter.cold;
            int count = 2 + random.nextInt(30);
            int largest = 1 + random.nextInt(60);
            Label[] labels =
                    IntStream.rangeClosed(0, count).mapToObj(i -> new Label()).toArray(Label[]::new);
            emitter.hex("31c0").jump(labels[random.nextInt(count)]);
            for (int i = 0; i < count; i++) {
                Section s = random.nextInt(4) == 0 ? cold : hot;
                if (random.nextInt(4) == 0) {
                    emitter.align(s, 4 << random.nextInt(3));
                }
                emitter.bind(labels[i], s).bytes(s, 0x48, 0x6b, 0xc0, 31, 0x48, 0x83, 0xc0, i); // rax = rax * 31 + i
                emitter.bytes(s, 0x48, 0xff, 0xcf).branch(s, JZ, labels[count], 0); // dec rdi; jz
                emitter.nops(s, random.nextInt(largest));
                emitter.bytes(s, 0xa8, 1 << random.nextInt(8)); // test al, imm8
                emitter.branch(s, JZ, labels[random.nextInt(count)], 0);
                int target = random.nextInt(4) == 0 ? Math.min(i + 1, count - 1) : random.nextInt(count);
                emitter.jump(s, labels[target], 0);
            }
            emitter.bind(labels[count], hot).hex("c3");
        }
    }

    @Test
    void anEmissionThatIsNotRepeatedIsRefused() {
        int[] runs = {0};
        Label end = new Label();
        assertThatThrownBy(() -> buffer.smallest(() -> {
                    runs[0]++;
                    for (int i = 0; i < runs[0]; i++) {
                        emitter.jump(end).hex("90");
                    }
                    emitter.bind(end).hex("c3");
                }))
                .hasMessageContaining("must be the same each time");
        assertThat(buffer.size()).isZero();
        emitter.hex("31c0c3");
        assertThatThrownBy(() -> buffer.smallest(() -> {})).hasMessageContaining("holds 3 bytes of a piece");
        assertThat(buffer.commit("whole").call()).isZero();
    }

    /** Each run begins with a reset. */
    @Test
    void whatWouldBeForgottenBetweenTheRunsIsRefused() {
        Code target = emitter.constant(0, 5, false).hex("c3").commit("target", buffer);
        buffer.keep(target);
        assertThatThrownBy(() -> buffer.smallest(() -> emitter.hex("c3"))).hasMessageContaining("refers to others");
        buffer.reset();
        emitter.needFrame(24, HandEmitter.SITE);
        assertThatThrownBy(() -> buffer.smallest(() -> emitter.hex("c3"))).hasMessageContaining("needs a frame");
        buffer.reset();
        buffer.smallest(() -> {
            buffer.keep(target);
            emitter.constant(0, target.address(), true).hex("c3");
        });
        target.close();
        assertThat(cache.statistics().pieces()).isOne();
        assertThat(buffer.commit("keeps").frameSize()).isEqualTo(-1);
    }

    @Test
    void aBranchThatWasLeftOutIsToldToTheLinkerWhenItsLabelIsGone() {
        int[] runs = {0};
        Label gone = new Label("gone");
        buffer.smallest(() -> {
            emitter.jump(gone);
            if (runs[0]++ == 0) {
                emitter.bind(gone);
            }
            emitter.hex("31c0c3");
        });
        assertThatThrownBy(() -> buffer.commit("piece")).hasMessageContaining("label gone is not bound");
    }

    @Test
    void anEmissionThatFailsLeavesAnEmptyBuffer() {
        assertThatThrownBy(() -> buffer.smallest(() -> {
                    emitter.hex("31c0");
                    throw new IllegalArgumentException("the client's");
                }))
                .hasMessage("the client's");
        assertThat(emitter.hex("31c0c3").commit("next", buffer).size()).isEqualTo(3);
    }

    @Test
    void exitsToOneAddressShareAJump() {
        Code out = emitter.constant(0, 99, false).hex("c3").commit("out", buffer);
        emitter.hex("4885ff").branch(JZ, buffer.exitTo(out.address()));
        emitter.hex("4883ff01").branch(JZ, buffer.exitTo(out.address()));
        emitter.hex("31c0c3");
        Code code = buffer.withListing().commit("exits");
        assertThat(code.size("cold")).isEqualTo(5);
        assertThat(code.call(0)).isEqualTo(99);
        assertThat(code.call(1)).isEqualTo(99);
        assertThat(code.call(2)).isZero();
        emitter.hex("31c0c3");
        assertThat(buffer.commit("none").size("cold")).isZero();
    }

    @Test
    void noStencilMayBindAnExit() {
        Code target = emitter.constant(0, 99, false).hex("c3").commit("target", buffer);
        Label out = buffer.exitTo(target.address());
        emitter.jump(out).bind(out).hex("31c0c3");
        assertThatThrownBy(() -> buffer.commit("exits"))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("is already bound, by Hand.jumps (Hand.java:7)");
        assertThatThrownBy(() -> buffer.commit("exits")).hasMessageContaining("the piece is incomplete");
    }

    @Test
    void branchesToFarAddressesShareAJumpThroughOneSlot() {
        long far = 0x10_0000_0000L;
        assertThat(cache.reaches(far)).isFalse();
        emitter.hex("4885ff")
                .branchAddress(JZ, far)
                .hex("4885f6")
                .branchAddress(JZ, far)
                .hex("31c0c3");
        Code code = buffer.commit("far");
        assertThat(code.size("code")).isEqualTo(3 + 6 + 3 + 6 + 3);
        assertThat(code.size("cold")).isEqualTo(6);
        assertThat(code.call(1, 1)).isZero();
    }

    @Test
    void equalConstantsShareASlot() {
        long one = buffer.constantAddress(Double.doubleToRawLongBits(1.5));
        assertThat(buffer.constantAddress(Double.doubleToRawLongBits(1.5))).isEqualTo(one);
        assertThat(buffer.constantAddress(7)).isEqualTo(one + 8);
        emitter.bytes(0x48, 0x8b, 0x05).relativeAddress(one, 0).hex("c3");
        Code code = buffer.commit("constant");
        assertThat(code.call()).isEqualTo(Double.doubleToRawLongBits(1.5));
    }
}
