package dev.intaglio.runtime.memory;

import java.util.ArrayList;
import java.util.List;

/** Where an arena is mapped: near its targets if that can be done, anywhere otherwise. */
final class Site {
    private final List<Long> candidates;

    /** Looks for places for {@code size} bytes; targets beyond reach of all are given up, the client's own last. */
    Site(int size, long... near) {
        MemoryMap map = MemoryMap.read();
        List<Long> all = Placement.candidates(map, size, Placement.targets(map, near));
        List<Long> places = new ArrayList<>(all);
        if (places.isEmpty() && near.length > 0) {
            places.addAll(Placement.candidates(map, size, Placement.targets(new MemoryMap(List.of()), near)));
        }
        if (places.isEmpty()) {
            places.addAll(Placement.candidates(map, size, Placement.targets(map)));
        }
        candidates = List.copyOf(places);
    }

    /** Maps at the first candidate that is still free. */
    long map(int size, int protection, int flags, int fd) throws Linux.Errno {
        for (long candidate : candidates) {
            try {
                long mapped = Linux.mmap(candidate, size, protection, flags | Linux.MAP_FIXED_NOREPLACE, fd, 0);
                if (mapped == candidate) {
                    return mapped;
                }
                Linux.munmap(mapped, size); // a kernel before 4.17 took the address as a hint
            } catch (Linux.Errno taken) {
                // By another thread since the map was read; a refusal in principle shows again in the last attempt.
            }
        }
        return Linux.mmap(0, size, protection, flags, fd, 0);
    }

    /** Reserves memory without a file: code that can be mapped once more, and data that a forked child has for itself. */
    long reserve(MemoryPlan plan) throws Linux.Errno {
        int anonymous = Linux.MAP_ANONYMOUS | Linux.MAP_NORESERVE;
        long address = map(plan.size(), Linux.PROT_NONE, Linux.MAP_SHARED | anonymous, -1);
        try {
            long data = address + plan.codeSize();
            int flags = Linux.MAP_PRIVATE | Linux.MAP_FIXED | anonymous;
            Linux.mmap(data, plan.size() - plan.codeSize(), Linux.PROT_NONE, flags, -1, 0);
            return address;
        } catch (Linux.Errno e) {
            Linux.munmap(address, plan.size());
            throw e;
        }
    }
}
