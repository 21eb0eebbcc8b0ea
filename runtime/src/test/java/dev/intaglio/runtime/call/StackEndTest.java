package dev.intaglio.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.memory.CodeMemory;
import dev.intaglio.runtime.memory.MemoryPlan;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls where the stack ends: before, in and behind the emitted code. */
class StackEndTest {
    private static final CodeMemory MEMORY = CodeMemory.open(new MemoryPlan("intaglio-test", 1 << 20, 64, false));
    private static final byte[] RETURN = {(byte) 0xc3};
    private static final int THREADS = 5;
    private static final int OVERFLOWS = 10;

    /** Not bound by other tests, so that its class is run by the interpreter first and by both compilers later. */
    private interface Nothing {
        void run();
    }

    @AfterAll
    static void unmap() {
        MEMORY.close();
    }

    /** Else the code is never freed. */
    @ParameterizedTest
    @ValueSource(strings = {"owner", "others", "proxy"})
    void nobodyIsCountedInsideAfterAnOverflow(String who) throws InterruptedException {
        for (int i = 0; i < THREADS; i++) {
            AtomicInteger left = new AtomicInteger();
            Gate gate = new Gate("nothing", place(), left::incrementAndGet);
            Binder binder = new Binder(Nothing.class, Calls.ofJvm(), Lifetime.COUNTED);
            Nothing bound = (Nothing) (who.equals("proxy") ? binder.proxied(gate) : binder.make(gate));
            if (who.equals("others")) {
                bound.run(); // this thread is the owner
            }
            Thread deep = new Thread(null, () -> overflow(bound), "deep", (400 << 10) + 16 * i);
            deep.start();
            deep.join();
            gate.close();
            assertThat(left).as("the code of thread %d is freed", i).hasValue(1);
            assertThat(Attention.isDue()).isFalse();
        }
    }

    private static void overflow(Nothing bound) {
        for (int i = 0; i < OVERFLOWS; i++) {
            try {
                recurse(bound);
            } catch (StackOverflowError expected) {
                continue;
            }
        }
    }

    private static int recurse(Nothing bound) {
        bound.run();
        return 1 + recurse(bound);
    }

    private static long place() {
        Window window = MEMORY.acquire(Region.HOT, 64).orElseThrow();
        MEMORY.write(window, ByteBuffer.wrap(RETURN));
        return window.address();
    }
}
