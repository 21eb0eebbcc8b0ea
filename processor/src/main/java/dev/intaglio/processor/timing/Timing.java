package dev.intaglio.processor.timing;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** How long the processor's stages took, in this compilation. */
public final class Timing {
    /** What the processor does, in order. */
    public enum Stage {
        /** Declarations, places and names. */
        COLLECT,
        /** Texts to lines. */
        PARSE,
        /** The rules. */
        OPTIMIZE,
        /** Lines to plans of their bytes. */
        ENCODE,
        /** The Java of emitters. */
        WRITE
    }

    private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
    private int interfaces;
    private int stencils;

    /** Does something, and counts its time. Stages do not contain each other. */
    public <T> T measure(Stage stage, Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            nanos.merge(stage, System.nanoTime() - start, Long::sum);
        }
    }

    /** Counts an interface with its stencils. */
    public void count(int ofInterface) {
        interfaces++;
        stencils += ofInterface;
    }

    /** {@code 10 stencils of 1 interface: collect 3 ms, parse 12 ms, …, 50 ms in all}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder()
                .append(stencils)
                .append(stencils == 1 ? " stencil of " : " stencils of ")
                .append(interfaces)
                .append(interfaces == 1 ? " interface:" : " interfaces:");
        for (Stage stage : Stage.values()) {
            text.append(' ')
                    .append(stage.name().toLowerCase(Locale.ROOT))
                    .append(' ')
                    .append(milliseconds(nanos.getOrDefault(stage, 0L)))
                    .append(" ms,");
        }
        long whole = nanos.values().stream().mapToLong(Long::longValue).sum();
        return text.append(' ').append(milliseconds(whole)).append(" ms in all").toString();
    }

    private static long milliseconds(long nanos) {
        return Math.round(nanos / 1e6);
    }
}
