package dev.intaglio.runtime;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Committed code as text, from what its emitters noted: no disassembler is needed, because the source of every byte is
 * known. Where nothing was noted, bytes are dumped.
 */
final class Listing {
    private static final int BYTES = 10;
    private static final int DUMPED = 16;
    private static final int TEXT = 44;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final String HINT =
            "(source lines are shown for code of a buffer that notes them: cache.newBuffer().withListing())";

    private final StringBuilder text = new StringBuilder();

    Listing(
            String name,
            List<Code.Part> parts,
            List<EmissionNote> notes,
            List<Code.PlacedLabel> labels,
            Memory memory) {
        int size = parts.stream().mapToInt(Code.Part::length).sum();
        line(String.format(
                Locale.ROOT, "%s: %d bytes at 0x%x", name, size, parts.get(0).address()));
        for (Code.Part part : parts) {
            line("." + part.title());
            part(part, memory.read(part.address(), part.length()), lines(part, notes), labels);
        }
        if (notes.isEmpty()) {
            line(HINT);
        }
    }

    /** The lines that went to a section, in the order of their positions. */
    static List<Line> lines(Code.Part part, List<EmissionNote> notes) {
        List<Line> lines = new ArrayList<>();
        for (EmissionNote note : notes) {
            int[] starts = note.starts();
            for (int i = 0; i + 1 < starts.length; i += 2) {
                StencilLine source = note.source().lines()[starts[i]];
                if (source.section().equals(part.section())) {
                    lines.add(new Line(starts[i + 1], source, note));
                }
            }
        }
        return lines;
    }

    private void part(Code.Part part, byte[] bytes, List<Line> lines, List<Code.PlacedLabel> labels) {
        int first = lines.isEmpty() ? bytes.length : lines.get(0).position();
        if (part.section().equals(CodeBuffer.POOL)) {
            pool(part, bytes);
        } else {
            dump(part, bytes, 0, first);
        }
        Optional<EmissionNote> shown = Optional.empty();
        int printed = 0;
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            int end = i + 1 < lines.size() ? lines.get(i + 1).position() : bytes.length;
            printed = labels(part, labels, printed, line.position() + 1);
            if (shown.isEmpty() || line.note() != shown.get() && !line.note().continues(shown.get())) {
                line("  ; " + line.note().call());
            }
            shown = Optional.of(line.note());
            line(part, bytes, line, end);
        }
        labels(part, labels, printed, bytes.length + 1);
    }

    /** One source line: as many rows as its bytes need, the text beside the first. */
    private void line(Code.Part part, byte[] bytes, Line line, int end) {
        String source = line.source().text(line.note().operands());
        String place = "; " + line.note().source().file() + ":" + line.source().fileLine();
        int from = line.position();
        int to = Math.min(end, from + BYTES);
        row(part.address() + from, HEX.formatHex(bytes, from, Math.max(from, to)), source, place);
        for (int at = to; at < end; at += BYTES) {
            row(part.address() + at, HEX.formatHex(bytes, at, Math.min(end, at + BYTES)), "", "");
        }
    }

    private void row(long address, String bytes, String source, String place) {
        line(String.format(
                Locale.ROOT,
                "  %012x  %-" + (3 * BYTES - 1) + "s  %-" + TEXT + "s  %s",
                address,
                bytes,
                source,
                place));
    }

    private void dump(Code.Part part, byte[] bytes, int from, int to) {
        for (int at = from; at < to; at += DUMPED) {
            line(String.format(
                    Locale.ROOT,
                    "  %012x  %s",
                    part.address() + at,
                    HEX.formatHex(bytes, at, Math.min(to, at + DUMPED))));
        }
    }

    private void pool(Code.Part part, byte[] bytes) {
        for (int at = 0; at < bytes.length; at += Long.BYTES) {
            long value = 0;
            for (int i = Long.BYTES - 1; i >= 0; i--) {
                value = value << 8 | bytes[at + i] & 0xff;
            }
            row(
                    part.address() + at,
                    HEX.formatHex(bytes, at, at + Long.BYTES),
                    String.format(Locale.ROOT, ".qword 0x%x", value),
                    "");
        }
    }

    /** Prints the labels at positions in a range, and returns its end. */
    private int labels(Code.Part part, List<Code.PlacedLabel> labels, int from, int to) {
        for (Code.PlacedLabel label : labels) {
            long position = label.address() - part.address();
            if (position >= from && position < to) {
                line(label.name() + ":");
            }
        }
        return to;
    }

    private void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** Where the bytes are read from. */
    @FunctionalInterface
    interface Memory {
        byte[] read(long address, int length);
    }

    record Line(int position, StencilLine source, EmissionNote note) {
        CodePlace.Source place() {
            StencilSource stencil = note.source();
            return new CodePlace.Source(
                    stencil.emitter() + "." + stencil.stencil(),
                    stencil.file(),
                    source.fileLine(),
                    source.text(note.operands()));
        }
    }
}
