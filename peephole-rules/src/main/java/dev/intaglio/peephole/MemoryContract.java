package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who looks at the memory that a stencil uses.
 *
 * @param asWritten whether each access happens as it is written, since somebody else changes or watches memory meanwhile
 * @param scratch slots at which nobody looks where the stencil ends; its calls may
 */
public record MemoryContract(boolean asWritten, List<Scratch> scratch) {
    /** Nobody changes memory while the stencil runs, but what it calls; all of it may be looked at afterwards. */
    public static final MemoryContract DEFAULT = new MemoryContract(false, List.of());

    private static final Pattern SCRATCH =
            Pattern.compile("\\[?\\s*(\\w+)\\s*(?:([+-])\\s*(\\d+|0x[0-9a-fA-F]+)\\s*)?]?");

    public MemoryContract {
        scratch = List.copyOf(scratch);
    }

    /** Eight bytes at a 64-bit register and a number. */
    public record Scratch(Register base, long offset) {
        /** {@code [r13 + 64]}, with or without its brackets; empty where it is written otherwise. */
        public static Optional<Scratch> parse(String text) {
            Matcher found = SCRATCH.matcher(text.trim());
            if (!found.matches()) {
                return Optional.empty();
            }
            long offset = found.group(3) == null ? 0 : Long.decode(found.group(3));
            return Register.parse(found.group(1))
                    .filter(register -> register.kind() == RegisterClass.R64 && (int) offset == offset)
                    .map(register -> new Scratch(register, "-".equals(found.group(2)) ? -offset : offset));
        }

        private boolean holds(Slot slot) {
            return slot.base() == base.number()
                    && slot.index() < 0
                    && slot.open().isZero()
                    && slot.offset() >= offset
                    && slot.offset() + slot.bytes() <= offset + 8;
        }
    }

    /** Each access happens as it is written. */
    public MemoryContract withAccessesAsWritten() {
        return new MemoryContract(true, scratch);
    }

    /** Nobody looks at these slots, either, where the stencil ends. */
    public MemoryContract withScratch(List<Scratch> more) {
        List<Scratch> all = new ArrayList<>(scratch);
        all.addAll(more);
        return new MemoryContract(asWritten, all);
    }

    boolean isScratch(Slot slot) {
        return scratch.stream().anyMatch(each -> each.holds(slot));
    }
}
