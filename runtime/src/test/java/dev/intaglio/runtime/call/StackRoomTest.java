package dev.intaglio.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StackRoomTest {
    private static final int CALLS = 20;

    /** Wherever the stack ends: behind the question there is room, whichever compiler has seen it. */
    @Test
    void whereItIsGrantedThereIsRoom() throws InterruptedException {
        AtomicInteger granted = new AtomicInteger();
        AtomicInteger overflows = new AtomicInteger();
        for (int round = 0; round < 50; round++) {
            int frames = 300 + round;
            LastFrames.inThread(() -> descend(frames, granted, overflows));
        }
        assertThat(granted).hasPositiveValue();
        assertThat(overflows).hasValue(0);
    }

    /** Asks in each of the last frames. */
    private static int descend(int frames, AtomicInteger granted, AtomicInteger overflows) {
        int left;
        try {
            left = descend(frames, granted, overflows);
        } catch (StackOverflowError end) {
            left = frames;
        }
        if (left > 0) {
            ask(granted, overflows);
        }
        return left - 1;
    }

    private static void ask(AtomicInteger granted, AtomicInteger overflows) {
        try {
            StackRoom.require();
        } catch (StackOverflowError refused) {
            return;
        }
        try {
            if (call(CALLS) == CALLS) {
                granted.incrementAndGet();
            }
        } catch (StackOverflowError e) {
            overflows.incrementAndGet();
        }
    }

    private static int call(int times) {
        return times == 0 ? 0 : 1 + call(times - 1);
    }
}
