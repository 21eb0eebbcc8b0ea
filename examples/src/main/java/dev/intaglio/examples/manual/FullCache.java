package dev.intaglio.examples.manual;

import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Eviction;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.RegionStatistics;
import java.util.ArrayDeque;
import java.util.Deque;

/** A small cache that closes its oldest code when it is full. */
public final class FullCache {
    @Stencils
    interface Constants {
        @Stencil("""
            | mov eax, value
            | ret
            """)
        void constant(int value);
    }

    public static void main(String[] arguments) {
        Deque<Code> byAge = new ArrayDeque<>();
        Eviction oldestFirst = (full, region, bytes) -> {
            Code oldest = byAge.poll();
            if (oldest == null) {
                return false; // nothing is left to close: the emission fails
            }
            oldest.close();
            return true;
        };
        CodeCache cache =
                CodeCache.options().size(64 << 10).whenFull(oldestFirst).create();
        try (cache;
                CodeBuffer buffer = cache.newBuffer(1024)) {
            Constants ops = new FullCache_ConstantsEmitter(buffer);
            for (int value = 0; value < 2000; value++) { // of which the cache holds a quarter
                ops.constant(value);
                byAge.add(buffer.commit("constant" + value));
            }
            System.out.println(cache.statistics().commits() + " committed");
            System.out.println(byAge.getLast().call());
            RegionStatistics hot = cache.statistics().region(Region.HOT);
            System.out.println(hot.pieces() + " of " + hot.size() + " bytes are code");
        }
    }

    private FullCache() {}
}
