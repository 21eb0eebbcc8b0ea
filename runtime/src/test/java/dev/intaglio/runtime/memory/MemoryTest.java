package dev.intaglio.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private static final long MIB = 1L << 20;

    private static List<String> permissions(String name) {
        return MemoryMap.read().mappings().stream()
                .filter(mapping -> mapping.path().contains(name))
                .map(MemoryMap.Mapping::permissions)
                .distinct()
                .sorted()
                .toList();
    }

    private static CodeMemory written(MemoryPlan plan) {
        CodeMemory memory = CodeMemory.open(plan);
        for (Region region : Region.values()) {
            Window window = memory.acquire(region, 4096).orElseThrow();
            memory.write(window, ByteBuffer.wrap(new byte[] {(byte) 0xc3}));
            assertThat(memory.read(window.address(), 2)).startsWith(0xc3);
        }
        return memory;
    }

    @Test
    void codeIsWrittenThroughOneViewAndRunThroughAnother() {
        CodeMemory memory = written(new MemoryPlan("intaglio-views", 1 << 20, 64, false));
        assertThat(permissions("intaglio-views")).containsExactly("---s", "r-xs", "rw-p", "rw-s");
        memory.close();
    }

    @Test
    void hardenedCodeCanBeWrittenAtNoAddress() {
        CodeMemory memory = written(new MemoryPlan("intaglio-hardened", 1 << 20, 64, true));
        assertThat(permissions("intaglio-hardened")).containsExactly("---s", "r-xs", "rw-p");
        assertThat(memory.protection()).contains("hardened: no writable view");
        byte[] large = new byte[300_000];
        new Random(4711).nextBytes(large);
        Window window = memory.acquire(Region.HOT, large.length).orElseThrow();
        memory.write(window, ByteBuffer.wrap(large));
        assertThat(memory.read(window.address(), large.length)).isEqualTo(large);
        memory.close();
    }

    /** A fault for each page is felt in the first pieces of a JVM. */
    @Test
    void theFirstPagesOfCodeAreThereBeforeTheyAreTouched() throws IOException {
        String[] kernel = System.getProperty("os.version").split("[.-]");
        int version = 100 * Integer.parseInt(kernel[0]) + Integer.parseInt(kernel[1]);
        assumeTrue(version >= 514, "MADV_POPULATE_READ came with Linux 5.14");
        CodeMemory memory = CodeMemory.open(new MemoryPlan("intaglio-populated", 16 << 20, 64, false));
        memory.acquire(Region.HOT, 4096);
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        List<String> resident = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches(".* (r-x|rw-)s .*intaglio-populated.*")) {
                resident.add(lines.subList(i, i + 5).stream()
                        .filter(line -> line.startsWith("Rss:"))
                        .findFirst()
                        .orElseThrow()
                        .replaceAll("\\s+", " "));
            }
        }
        memory.close();
        assertThat(resident).containsExactly("Rss: 64 kB", "Rss: 64 kB");
    }

    @Test
    void memoryIsMappedAsItIsUsedAndNeverMoves() {
        CodeMemory memory = CodeMemory.open(new MemoryPlan("intaglio-growing", 16 << 20, 64, false));
        assertThat(memory.statistics(Region.HOT).mapped()).isZero();
        Window window = memory.acquire(Region.HOT, 8 << 20).orElseThrow();
        byte[] first = {1, 2, 3};
        memory.write(window, ByteBuffer.wrap(first));
        assertThat(memory.statistics(Region.HOT).mapped()).isEqualTo(MIB);
        Window last = new Window(Region.HOT, window.end() - 64, 64);
        memory.write(last, ByteBuffer.wrap(first));
        assertThat(memory.statistics(Region.HOT).mapped()).isEqualTo(8 * MIB);
        assertThat(memory.read(window.address(), 3)).isEqualTo(first);
        assertThat(memory.read(last.address(), 3)).isEqualTo(first);
        assertThat(memory.statistics(Region.COLD).mapped()).isZero();
        memory.close();
    }

    @Test
    void aClosedCacheIsUnmapped() {
        CodeMemory memory = CodeMemory.open(new MemoryPlan("intaglio-closing", 1 << 20, 64, false));
        assertThat(MemoryMap.read().toString()).contains("intaglio-closing");
        memory.close();
        assertThat(MemoryMap.read().toString()).doesNotContain("intaglio-closing");
    }

    @Test
    void theLibrariesAreInReach() {
        CodeMemory memory = CodeMemory.open(new MemoryPlan("intaglio-test", 64 << 20, 64, false));
        try {
            List<Long> targets = Placement.targets(MemoryMap.read());
            assertThat(targets).hasSizeGreaterThan(6).allMatch(memory::reaches);
            assertThat(memory.placement()).isEqualTo("all targets in reach of rel32");
        } finally {
            memory.close();
        }
    }

    @Test
    void whatIsOutOfReachIsNamed() {
        CodeMemory memory = CodeMemory.open(new MemoryPlan("intaglio-test", 1 << 20, 64, false, 0x40_0000_0000L));
        try {
            assertThat(memory.placement()).startsWith("out of reach of rel32").contains("libc");
            assertThat(memory.reaches(0x40_0000_0000L)).isTrue();
        } finally {
            memory.close();
        }
    }

    @Test
    void theGapAboveTheLibrariesIsTriedFirstThenThoseBelow() {
        MemoryMap map = MemoryMap.parse(List.of(
                "555500000000-555500100000 r-xp 00000000 08:01 1 /usr/bin/java",
                "7f0000000000-7f0000100000 r-xp 00000000 08:01 1 /usr/lib/libjvm.so",
                "7f0010000000-7f0010100000 r-xp 00000000 08:01 1 /usr/lib/libc.so.6",
                "7f0010100000-7f0010200000 rw-p 00000000 00:00 0",
                "7f0030000000-7f0030100000 rw-p 00000000 00:00 0 [stack]"));
        assertThat(Placement.candidates(map, 64 * MIB, Placement.targets(map)))
                .containsExactly(
                        0x7f0010200000L, 0x7f0030100000L, 0x7f0010000000L - 64 * MIB, 0x7f0000000000L - 64 * MIB);
        // 500 MiB fit neither between the two nor above without touching the room for the stack
        assertThat(Placement.candidates(map, 500 * MIB, Placement.targets(map)))
                .containsExactly(0x7f0030100000L, 0x7f0000000000L - 500 * MIB);
    }

    @Test
    void onlyWholeNamesAreLibraries() {
        MemoryMap map = MemoryMap.parse(List.of(
                "1000-2000 r-xp 00000000 08:01 1 /lib/libc.so.6",
                "3000-4000 r-xp 00000000 08:01 1 /lib/libcrypto.so.3",
                "5000-6000 r-xp 00000000 08:01 1 /lib/libm-2.31.so",
                "7000-8000 r-xp 00000000 08:01 1 /lib/libmagic.so.1"));
        assertThat(Placement.targets(map, 0x9000)).containsExactly(0x1000L, 0x1fffL, 0x5000L, 0x5fffL, 0x9000L);
    }

    @Test
    void theFreeListIsExactAfterTenThousandRandomPieces() {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("MemoryTest seed " + seed);
        Random random = new Random(seed);
        FreeList list = new FreeList(0x10000, 8 * MIB, 64);
        List<long[]> held = new ArrayList<>();
        boolean[] taken = new boolean[(int) (8 * MIB / 64)];
        long used = 0;
        for (int n = 0; n < 10_000; n++) {
            if (held.isEmpty() || random.nextInt(5) > 1 && used < 7 * MIB) {
                long size = list.rounded(1 + random.nextInt(4096));
                if (size <= list.largest()) {
                    long address = list.take(size);
                    mark(taken, address, size, true, seed);
                    held.add(new long[] {address, size});
                    used += size;
                }
            } else {
                long[] piece = held.remove(random.nextInt(held.size()));
                mark(taken, piece[0], piece[1], false, seed);
                list.give(piece[0], piece[1]);
                used -= piece[1];
            }
            assertThat(list.free()).as("seed %d", seed).isEqualTo(8 * MIB - used);
        }
        while (!held.isEmpty()) {
            long[] piece = held.remove(random.nextInt(held.size()));
            list.give(piece[0], piece[1]);
        }
        assertThat(list.blocks()).as("seed %d", seed).isEqualTo(1);
        assertThat(list.largest()).isEqualTo(8 * MIB);
    }

    private static void mark(boolean[] taken, long address, long size, boolean value, long seed) {
        for (long at = address; at < address + size; at += 64) {
            int granule = (int) (at - 0x10000 >> 6);
            assertThat(taken[granule]).as("granule %d, seed %d", granule, seed).isEqualTo(!value);
            taken[granule] = value;
        }
    }

    @Test
    void whatIsGivenBackTwiceIsNoticed() {
        FreeList list = new FreeList(0, 4096, 64);
        long first = list.take(128);
        list.take(128);
        list.give(first, 128);
        assertThatThrownBy(() -> list.give(first, 128)).hasMessageContaining("given back twice");
        assertThatThrownBy(() -> list.give(first + 64, 128)).hasMessageContaining("given back twice");
    }
}
