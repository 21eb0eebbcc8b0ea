package dev.intaglio.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table in docs/peephole.md of what the emission workload comes to tells what is emitted today. */
class EmissionTableTest {
    private static final int TRACES = 20;
    /** Far from the trace's pointers: what the system gives a cache may be near them, which makes constants shorter. */
    private static final long BASE = 1L << 40;

    /** An address, bytes in hex, and what they are. */
    private static final Pattern INSTRUCTION = Pattern.compile("  [0-9a-f]{8,}  ([0-9a-f]{2} )+ .*");

    private record Size(long instructions, long hot, long all) {}

    @Test
    void theEmissionWorkloadIsAsLargeAsTheDocumentSays() throws Exception {
        Size copied = size(EmissionStencilsCopyAndPatchEmitter::new);
        String table = "| emission workload | instructions | bytes, hot | bytes, all | all, of copy-and-patch |\n"
                + "| --- | ---: | ---: | ---: | ---: |\n"
                + row("copy-and-patch", copied, copied)
                + row("unoptimized", size(EmissionStencilsUnoptimizedEmitter::new), copied)
                + row("optimized", size(EmissionStencilsEmitter::new), copied);
        assertThat(Files.readString(Path.of("../docs/peephole.md"))).contains(table);
    }

    private static String row(String name, Size size, Size whole) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %.2f |%n",
                name,
                size.instructions(),
                size.hot(),
                size.all(),
                (double) size.all() / whole.all());
    }

    /** The mean of a trace. */
    private static Size size(Function<CodeBuffer, EmissionStencils> emitter) {
        List<Trace> traces = Trace.random(TRACES, EmissionRun.SEED);
        long instructions = 0;
        long hot = 0;
        long all = 0;
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer().withListing();
                CodeBuffer fixed = CodeBuffer.detached(BASE)) {
            StencilTrace stencils = new StencilTrace(emitter.apply(buffer));
            StencilTrace elsewhere = new StencilTrace(emitter.apply(fixed));
            for (Trace trace : traces) {
                // What is called lies where a call of five bytes reaches it, whatever the address of the cache.
                long away = cache.address() + EmissionRun.AWAY;
                stencils.emit(trace, away, away + 64, away + 128);
                try (Code code = buffer.commit("trace")) {
                    instructions += code.listing()
                            .lines()
                            .filter(line -> INSTRUCTION.matcher(line).matches())
                            .count();
                }
                elsewhere.emit(
                        trace, BASE + EmissionRun.AWAY, BASE + EmissionRun.AWAY + 64, BASE + EmissionRun.AWAY + 128);
                CodeBuffer.Image image = fixed.image();
                hot += image.code().length;
                all += image.code().length + image.cold().length;
            }
        }
        return new Size(instructions / TRACES, hot / TRACES, all / TRACES);
    }
}
