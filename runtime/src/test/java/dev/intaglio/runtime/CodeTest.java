package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.intaglio.runtime.memory.MemoryMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CodeTest {
    /** {@code -Dintaglio.rounds=1000000} for long. */
    private static final int ROUNDS = Integer.getInteger("intaglio.rounds", 10_000);

    /** More than the JVM maps for itself meanwhile, far less than one a commit. */
    private static final int OTHER_MAPPINGS = 200;

    private final CodeCache cache = CodeCache.options().size(1 << 20).create();
    private final CodeBuffer buffer = cache.newBuffer();
    private final HandEmitter emitter = new HandEmitter(buffer);

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void committedCodeRuns() {
        Code code = emitter.hex("488d047f c3").commit("triple", buffer); // lea rax, [rdi + 2*rdi]
        assertThat(code.bind(LongUnaryOperator.class).applyAsLong(14)).isEqualTo(42);
        assertThat(code.call(5)).isEqualTo(15);
        assertThat(code.name()).isEqualTo("triple");
        assertThat(code.size()).isEqualTo(5);
        assertThat(code.contains(code.address() + 4)).isTrue();
        assertThat(code.contains(code.address() + 5)).isFalse();
        assertThat(code).hasToString("triple at 0x" + Long.toHexString(code.address()) + ", 5 bytes");
    }

    @Test
    void callTakesUpToSixArguments() {
        Code sixth = emitter.hex("4c89c8c3").commit("sixth", buffer); // mov rax, r9; ret
        assertThat(sixth.call(1, 2, 3, 4, 5, 6)).isEqualTo(6);
        assertThatThrownBy(() -> sixth.call(1, 2, 3, 4, 5, 6, 7)).hasMessageContaining("up to 6");
    }

    @Test
    void aLoopOverColdCodeAndDataRuns() {
        // rax = 0; while (rdi != 0) { cold: rax += [counter]; rdi-- }
        Label loop = new Label("loop");
        Label rare = new Label("rare");
        Label back = new Label("back");
        Label done = new Label("done");
        Label step = new Label("step");
        emitter.hex("31c0").bind(loop).hex("4885ff").branch(4, done).jump(rare);
        emitter.bind(back).hex("48ffcf").jump(loop).bind(done).hex("c3");
        emitter.bind(rare, emitter.cold).bytes(emitter.cold, 0x48, 0x03, 0x05); // add rax, [rip + step]
        emitter.relative32(emitter.cold, step).jump(emitter.cold, back, 0);
        emitter.bind(step, emitter.data).bytes(emitter.data, 7, 0, 0, 0, 0, 0, 0, 0);
        Code code = buffer.commit("sum");
        assertThat(code.call(6)).isEqualTo(42);
        assertThat(code.addressOf(rare)).isGreaterThan(code.addressOf(done));
        assertThat(code.size("cold")).isEqualTo(12);
        new Pointer(code.addressOf(step)).setLong(0, 9);
        assertThat(code.call(6)).isEqualTo(54);
    }

    @Test
    void aReservedDataAddressIsSharedWithTheHost() {
        emitter.bytes(emitter.data, 1, 2, 3);
        long cell = buffer.dataAddress(8, 8);
        assertThat(cell % 8).isZero();
        emitter.constant(0, cell, false).hex("48ff00 488b00 c3"); // inc qword [rax]; mov rax, [rax]
        Code code = buffer.commit("count");
        LongSupplier count = code.bind(LongSupplier.class);
        assertThat(count.getAsLong()).isEqualTo(1);
        assertThat(count.getAsLong()).isEqualTo(2);
        assertThat(new Pointer(cell).getLong(0)).isEqualTo(2);
        new Pointer(cell).setLong(0, 99);
        assertThat(count.getAsLong()).isEqualTo(100);
    }

    @Test
    void libraryFunctionsAreCalledInFiveBytes() {
        long pow = Pointer.nativeValue(NativeLibrary.getInstance("m").getFunction("pow"));
        emitter.hex("4883ec08").callAddress(pow).hex("4883c408c3");
        assertThat(emitter.code.size()).isEqualTo(14);
        Code code = buffer.commit("pow");
        assertThat(cache.reaches(pow)).isTrue();
        assertThat(code.bind(DoubleBinaryOperator.class).applyAsDouble(2, 10)).isEqualTo(1024);
    }

    @Test
    void anAddressIsPlainWhereNothingNeedBeAskedOfIt() {
        long pow = Pointer.nativeValue(NativeLibrary.getInstance("m").getFunction("pow"));
        long end = cache.address() + cache.size();
        assertThat(buffer.special(pow)).isZero();
        assertThat(buffer.special(cache.address())).isNotZero();
        assertThat(buffer.special(end - 1)).isNotZero();
        assertThat(buffer.special(end)).isNotZero();
        assertThat(buffer.special(cache.address() - 1000)).isZero();
        assertThat(buffer.special(cache.address() - (256L << 20))).isZero();
        assertThat(buffer.special(cache.address() - (2L << 30))).isNotZero();
        assertThat(buffer.special(0)).isNotZero();
        buffer.withListing();
        assertThat(buffer.special(pow)).isNotZero();
    }

    @Test
    void piecesLieOneBehindTheOther() {
        Code first = emitter.nops(emitter.code, 100).hex("c3").commit("first", buffer);
        Code second = emitter.hex("c3").commit("second", buffer);
        assertThat(second.address()).isEqualTo(first.address() + 128);
        assertThat(first.address() % 64).isZero();
    }

    @Test
    void whatRunsOffTheEndTraps() {
        Code code = emitter.hex("c3").commit("short", buffer);
        byte[] behind = new Pointer(code.address()).getByteArray(1, 63);
        assertThat(behind).containsOnly(0xf4);
    }

    @Test
    void memoryOfClosedCodeIsUsedAgain() {
        long before = cache.used();
        Code first = emitter.hex("31c0c3").commit("first", buffer);
        long held = cache.used();
        first.close();
        first.close();
        // The buffer's windows have moved; what the piece held is free.
        assertThat(cache.used()).isEqualTo(held - 64);
        buffer.close();
        assertThat(cache.used()).isZero();
        assertThat(before).isPositive();
    }

    @Test
    void memoryIsAsItWasAfterManyCommitsAndCloses() {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("CodeTest seed " + seed);
        Random random = new Random(seed);
        int mappings = MemoryMap.read().mappings().size();
        try (CodeBuffer own = cache.newBuffer(8 << 10)) {
            HandEmitter mine = new HandEmitter(own);
            List<Code> held = new ArrayList<>();
            for (int n = 0; n < ROUNDS; n++) {
                mine.constant(0, n, false).hex("c3").nops(mine.code, random.nextInt(2000));
                mine.nops(mine.cold, random.nextInt(2) * random.nextInt(500));
                mine.bytes(mine.data, new int[random.nextInt(100)]);
                Code code = own.commit("piece" + n);
                assertThat(code.call()).as("piece %d, seed %d", n, seed).isEqualTo(n);
                held.add(code);
                while (held.size() > 150 || !held.isEmpty() && random.nextInt(3) == 0) {
                    held.remove(random.nextInt(held.size())).close();
                }
            }
            held.forEach(Code::close);
        }
        buffer.close();
        assertThat(cache.used()).as("seed %d", seed).isZero();
        assertThat(cache.statistics().pieces()).isZero();
        assertThat(cache.statistics().freed()).isEqualTo(ROUNDS);
        assertThat(cache.statistics().regions())
                .allMatch(region -> region.blocks() == 1 && region.pieces() == 0 && region.free() == region.size());
        assertThat(MemoryMap.read().mappings().size()).isLessThan(mappings + OTHER_MAPPINGS);
    }

    @Test
    void codeCannotBeUsedAfterClose() {
        Code code = emitter.hex("c3").commit("gone", buffer);
        Runnable bound = code.bind(Runnable.class);
        code.close();
        assertThat(code.isClosed()).isTrue();
        for (Runnable use : List.<Runnable>of(
                bound,
                code::address,
                code::listing,
                code::call,
                () -> code.bind(Runnable.class),
                () -> code.addressOf(new Label()))) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("code gone is closed");
        }
    }

    @Test
    void codeThatRunsIsNotFreedBeforeItEnds() throws Exception {
        long cell = buffer.dataAddress(8, 8);
        Label wait = new Label("wait");
        emitter.constant(0, cell, false)
                .hex("48c70001000000")
                .bind(wait)
                .hex("f390 48833802")
                .branch(5, wait)
                .hex("c3");
        Code code = buffer.commit("wait");
        Runnable bound = code.bind(Runnable.class);
        Thread runner = new Thread(bound);
        runner.start();
        Pointer pointer = new Pointer(cell);
        while (pointer.getLong(0) == 0) {
            Thread.onSpinWait();
        }
        long held = cache.used();
        code.close();
        assertThat(cache.used()).isEqualTo(held);
        pointer.setLong(0, 2);
        runner.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(runner.isAlive()).isFalse();
        assertThat(cache.used()).isLessThan(held);
    }

    @Test
    void aClosedCacheRefusesEverythingButClosing() {
        Code code = emitter.hex("c3").commit("gone", buffer);
        cache.close();
        cache.close();
        assertThat(code.isClosed()).isTrue();
        assertThatThrownBy(cache::newBuffer).hasMessage("the code cache is closed");
        assertThatThrownBy(() -> emitter.hex("c3")).hasMessage("the code cache is closed");
        assertThatThrownBy(() -> buffer.commit("late")).hasMessage("the code cache is closed");
        buffer.close();
    }

    @Test
    void twoCachesLiveBesideEachOther() {
        try (CodeCache other = CodeCache.options().size(1 << 20).create();
                CodeBuffer otherBuffer = other.newBuffer()) {
            Code mine = emitter.hex("b801000000c3").commit("one", buffer);
            Code its = new HandEmitter(otherBuffer).hex("b802000000c3").commit("two", otherBuffer);
            assertThat(mine.call()).isEqualTo(1);
            mine.close();
            assertThat(its.call()).isEqualTo(2);
        }
    }

    @Test
    void manyThreadsEmitAndCallAtOnce() throws Exception {
        int threads = 8;
        var pool = Executors.newFixedThreadPool(threads);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Long>> sums = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int id = t;
            sums.add(pool.submit(() -> {
                start.await();
                long sum = 0;
                try (CodeBuffer own = cache.newBuffer(16 << 10)) {
                    HandEmitter mine = new HandEmitter(own);
                    for (int i = 0; i < 500; i++) {
                        mine.constant(0, (long) id << 40 | i, false).hex("c3");
                        try (Code code = own.commit("constant")) {
                            sum += code.bind(LongSupplier.class).getAsLong();
                        }
                    }
                }
                return sum;
            }));
        }
        start.countDown();
        for (int t = 0; t < threads; t++) {
            assertThat(sums.get(t).get(60, TimeUnit.SECONDS)).isEqualTo(500 * ((long) t << 40) + 499 * 500 / 2);
        }
        pool.shutdown();
    }

    @Test
    void aCacheDescribesItself() {
        assertThat(cache.describe())
                .contains("memory     memory file, executable view at 0x")
                .contains("placement  all targets in reach of rel32")
                .contains("calls      ")
                .contains("code       0 pieces");
        assertThat(cache.toString()).startsWith("code cache of 1024 KiB at 0x");
        emitter.hex("c3").commit("nothing", buffer).makePermanent();
        cache.close();
        assertThat(cache.describe())
                .startsWith("closed     memory held by code that is called, kept, permanent or not collected yet");
        CodeCache idle = CodeCache.options().size(1 << 20).create();
        idle.close();
        assertThat(idle.describe()).startsWith("closed     memory unmapped\n");
        assertThat(CodeCache.isSupported()).isTrue();
        assertThatThrownBy(() -> CodeCache.options().size(1)).hasMessageContaining("cannot have 1 bytes");
    }
}
