package dev.intaglio.runtime.call;

import dev.intaglio.runtime.memory.CodeMemory;
import dev.intaglio.runtime.memory.MemoryPlan;
import dev.intaglio.runtime.memory.MemoryRefusedException;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory for the code that calls go through, as long as the JVM lives. Code for one piece may use up the hot region; code that many
 * pieces share has the cold one left then.
 */
final class CallMemory {
    private static final int SIZE = 1 << 20;
    /** No trampoline is longer. */
    private static final int LONGEST = 1024;

    private static final Region[] SHARED = {Region.HOT, Region.COLD};

    private final CodeMemory memory;
    /** Where the next code of a region goes; none where there was no room behind the last one. */
    private final Map<Region, Window> rest = new EnumMap<>(Region.class);

    CallMemory(CodeMemory memory) {
        this.memory = memory;
    }

    /** Code is written once in a while, so that memory without a writable view costs nothing; but perf knows no names there. */
    static CallMemory open() {
        try {
            return new CallMemory(open(!CodeMemory.isForPerf()));
        } catch (MemoryRefusedException e) {
            return new CallMemory(open(false));
        }
    }

    private static CodeMemory open(boolean hardened) {
        return CodeMemory.open(new MemoryPlan("intaglio-calls", SIZE, 16, hardened));
    }

    /** Copies code that many pieces share to where it can run, under a name for native tools; returns its address. */
    synchronized long place(String name, byte[] code) {
        Throwable refusal = null;
        for (Region region : SHARED) {
            try {
                OptionalLong address = place(region, name, code);
                if (address.isPresent()) {
                    return address.getAsLong();
                }
            } catch (MemoryRefusedException e) {
                refusal = e;
            }
        }
        throw new IllegalStateException(
                "there is no room for " + name + ": what calls go through has " + memory.size() / 1024 + " KiB, "
                        + (refusal == null
                                ? "which are used up"
                                : "of which no more can be had: " + refusal.getMessage())
                        + "; bind to interfaces of fewer signatures, or choose calls without trampolines:"
                        + " -Dintaglio.binding=ffm (Java 22 or later) or jna",
                refusal);
    }

    /** Copies code for one piece as {@link #place} does; nothing where what remains is kept for code that many share. */
    synchronized OptionalLong placeForOne(String name, byte[] code) {
        try {
            return place(Region.HOT, name, code);
        } catch (MemoryRefusedException e) {
            return OptionalLong.empty();
        }
    }

    private OptionalLong place(Region region, String name, byte[] code) {
        Window window = rest.get(region);
        if (window == null) {
            Optional<Window> found = memory.acquire(region, LONGEST);
            if (found.isEmpty()) {
                return OptionalLong.empty();
            }
            window = found.get();
            rest.put(region, window);
        }
        memory.write(window, ByteBuffer.wrap(code));
        rest.remove(region); // whatever comes now: nothing is written over what may run
        Optional<Window> next = memory.next(window, code.length, LONGEST);
        if (next.isPresent()) {
            rest.put(region, next.get());
        }
        OwnCode.add(new OwnCode.Piece(name, window.address(), code.length));
        return OptionalLong.of(window.address());
    }
}
