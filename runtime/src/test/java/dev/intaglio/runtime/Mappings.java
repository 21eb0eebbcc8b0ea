package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.MemoryMap;
import java.util.Optional;

/** What is mapped in this process. */
final class Mappings {
    private Mappings() {}

    /** The mapping that an address is in. */
    static Optional<MemoryMap.Mapping> at(long address) {
        return MemoryMap.read().mappings().stream()
                .filter(mapping -> mapping.start() <= address && address < mapping.end())
                .findFirst();
    }
}
