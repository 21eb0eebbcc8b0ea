package dev.intaglio.runtime.memory;

import java.util.BitSet;

/**
 * Where code has lain that a core may still know: what was given back and not yet followed by a {@linkplain Cores barrier}. One barrier
 * serves for all that was given back before it, so of many pieces in the places of others only the first waits for one.
 *
 * <p>The barrier comes between old code and new, while nobody is sent there: after it no core has the old instructions in flight. To the
 * letter the SDM (volume 3, 9.1.3) wants another one after the new code is stored, for a core whose branch predictor had it fetch what lay
 * there in between. That it drops those bytes when they are written is left to the processor's coherence, as it is for code in fresh
 * memory, and for all code of the JVM's own compilers, which use no barrier at all. Not thread-safe.
 */
final class StaleCode {
    private final Barriers barriers;

    private BitSet older = new BitSet();
    private BitSet recent = new BitSet();

    /** When the last of the older ones was given back. */
    private long sinceOlder;

    private long sinceRecent;

    StaleCode(Barriers barriers) {
        this.barriers = barriers;
    }

    /** Code has lain in these blocks until now. */
    void add(int block, int count) {
        long now = barriers.now();
        if (now != sinceRecent) {
            forget();
            if (older.isEmpty()) {
                BitSet empty = older;
                older = recent;
                sinceOlder = sinceRecent;
                recent = empty;
            }
            sinceRecent = now;
        }
        recent.set(block, block + count);
    }

    /** Whether a core may still know what lay in one of these blocks. */
    boolean isAmong(int block, int count) {
        forget();
        // Not nextSetBit, which goes on behind them, and not bit by bit, which takes long while it is interpreted.
        return !recent.get(block, block + count).isEmpty()
                || !older.get(block, block + count).isEmpty();
    }

    /** Forgets what a barrier has come after. */
    private void forget() {
        if (barriers.isOverSince(sinceRecent)) {
            recent.clear();
        }
        if (barriers.isOverSince(sinceOlder)) {
            older.clear();
        }
    }
}
