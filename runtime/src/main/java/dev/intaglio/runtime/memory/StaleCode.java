package dev.intaglio.runtime.memory;

import java.util.BitSet;

/**
 * Where code has lain that a core may still know: what was given back and no {@linkplain Cores barrier} has come behind. One barrier
 * does for all that was given back before it, so that of many pieces in the places of others only the first waits for one.
 *
 * <p>That the barrier lies between old code and new suffices, since nobody is sent there in between: behind it no
 * core has the old instructions under way any more, and those in its caches the processor keeps up to date (SDM volume 3, 12.6).
 * Not thread-safe.
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

    /** Forgets what a barrier has come behind. */
    private void forget() {
        if (barriers.isOverSince(sinceRecent)) {
            recent.clear();
        }
        if (barriers.isOverSince(sinceOlder)) {
            older.clear();
        }
    }
}
