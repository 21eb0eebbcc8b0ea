package dev.intaglio.runtime;

import java.util.LinkedHashMap;
import java.util.Map;

/** The jumps out of a piece that its branches share: one for each address, in the cold section, written when it is linked. */
final class Exits {
    /** A jump through a pool slot has six bytes. */
    private static final int LONGEST = 8;

    private final Map<Long, Label> labels = new LinkedHashMap<>();
    /** How many of the jumps are there, the first ones. */
    private int written;
    /** Where cold code ended behind the jumps that a link wrote; -1 before. */
    private int end = -1;

    /** The label of the jump to an address. */
    Label to(long address) {
        return labels.computeIfAbsent(address, key -> new Label("exit to 0x" + Long.toHexString(key)));
    }

    /** Writes the jumps that are not there yet. */
    void emit(CodeBuffer buffer) {
        if (end >= 0 && buffer.cold().size() != end) {
            throw new LinkException(
                    "cold code was emitted behind the jumps out of the piece that link() wrote, and what fell"
                            + " through to it would run into them; link once all is emitted, or reset the buffer");
        }
        if (written == labels.size()) {
            return;
        }
        Jumps jumps = new Jumps(buffer);
        int number = 0;
        for (Map.Entry<Long, Label> exit : labels.entrySet()) {
            if (number++ == written) {
                jumps.write(exit.getValue(), exit.getKey()); // which refuses a label that a stencil has bound
                written++;
            }
        }
        end = buffer.cold().size();
    }

    void clear() {
        if (!labels.isEmpty()) {
            labels.clear();
        }
        written = 0;
        end = -1;
    }

    /** What a stencil {@code =>label: jmp address} would emit. */
    private static final class Jumps extends Emitter {
        Jumps(CodeBuffer buffer) {
            super(buffer);
        }

        void write(Label label, long address) {
            long p = reserve(cold, LONGEST);
            bind(label, cold, p, 0);
            if (advance(cold, jumpAddress(cold, p, address, 0))) {
                recordCall(0, new Object[] {"0x" + Long.toHexString(address)}, new long[] {address});
                recordLines(0, p);
            }
        }

        @Override
        protected StencilSource[] sources() {
            return new StencilSource[] {
                new StencilSource(
                        "CodeBuffer",
                        "CodeBuffer.java",
                        "exitTo",
                        new String[] {"address"},
                        new StencilLine(0, "cold", "jmp {0:address}"))
            };
        }
    }
}
