package dev.intaglio.runtime;

/** Which 8-byte value has which pool slot in the present emission: open addressing, cleared by changing the emission. */
final class ConstantPool {
    private long[] values = new long[64];
    private int[] slots = new int[64];
    private long[] emissions = new long[64];
    private int count;
    private long current;

    /** The slot of {@code value}, or -1 when it has none yet. */
    int slot(long value, long emission) {
        int i = find(value, emission);
        return emissions[i] == emission ? slots[i] : -1;
    }

    /** Remembers a slot for a value that has none. */
    void put(long value, int slot, long emission) {
        if (current != emission) {
            current = emission;
            count = 0;
        }
        if (++count * 2 > values.length) {
            rehash(emission);
        }
        insert(value, slot, emission);
    }

    private void insert(long value, int slot, long emission) {
        int i = find(value, emission);
        values[i] = value;
        slots[i] = slot;
        emissions[i] = emission;
    }

    private int find(long value, long emission) {
        int mask = values.length - 1;
        int i = (int) (value * 0x9E3779B97F4A7C15L >>> 40) & mask;
        while (emissions[i] == emission && values[i] != value) {
            i = i + 1 & mask;
        }
        return i;
    }

    private void rehash(long emission) {
        long[] oldValues = values;
        int[] oldSlots = slots;
        long[] oldEmissions = emissions;
        int size = oldValues.length * 2;
        values = new long[size];
        slots = new int[size];
        emissions = new long[size];
        for (int i = 0; i < oldValues.length; i++) {
            if (oldEmissions[i] == emission) {
                insert(oldValues[i], oldSlots[i], emission);
            }
        }
    }
}
