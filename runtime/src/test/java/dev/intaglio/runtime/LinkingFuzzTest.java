package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random references between random labels: each field, decoded, leads to its label, by the shortest form known then. */
class LinkingFuzzTest {
    private static final int PIECES = 400;

    private final CodeBuffer buffer = CodeBuffer.detached(0x7e00_0000_0000L);
    private final HandEmitter emitter = new HandEmitter(buffer);
    private final List<Reference> references = new ArrayList<>();

    @Test
    void everyReferenceLeadsToItsLabel() {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("LinkingFuzzTest seed " + seed);
        Random random = new Random(seed);
        Label[] labels = new Label[12];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = new Label("l" + i);
        }
        for (int piece = 0; piece < PIECES; piece++) {
            references.clear();
            emit(random, labels);
            Section[] sections = {emitter.code, emitter.cold};
            CodeBuffer.Image image = buffer.image();
            for (Reference reference : references) {
                byte[] bytes = reference.section() == sections[0] ? image.code() : image.cold();
                assertThat(reference.target(bytes))
                        .as("piece %d, seed %d, %s", piece, seed, reference)
                        .isEqualTo(reference.label().address() + reference.offset());
            }
        }
    }

    private void emit(Random random, Label... labels) {
        boolean[] bound = new boolean[labels.length];
        int unbound = labels.length;
        while (unbound > 0) {
            Section section = random.nextInt(4) == 0 ? emitter.cold : emitter.code;
            int label = random.nextInt(labels.length);
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (!bound[label]) {
                        bound[label] = true;
                        unbound--;
                        emitter.bind(labels[label], section);
                    }
                }
                case 1 -> emitter.nops(section, random.nextInt(100));
                default -> refer(random, section, labels[label], bound[label]);
            }
        }
        emitter.nops(emitter.code, 1).nops(emitter.cold, 1);
    }

    private void refer(Random random, Section section, Label label, boolean bound) {
        int position = section.size();
        long offset = random.nextInt(5) == 0 ? random.nextInt(200) - 100 : 0;
        int kind = random.nextInt(4);
        switch (kind) {
            case 0 -> emitter.jump(section, label, offset);
            case 1 -> emitter.branch(section, 5, label, offset);
            case 2 -> emitter.call(section, label, offset);
            default -> emitter.qword(section, label, offset);
        }
        references.add(new Reference(section, position, kind, label, offset));
        if (bound && kind < 2) {
            long distance = label.address() + offset - (section.base() + position + 2);
            boolean isShort = section.size() - position == 2;
            assertThat(isShort).as("shortest form over %d bytes", distance).isEqualTo(distance == (byte) distance);
        }
    }

    /** A reference as it was asked for, decoded from what was written. */
    private record Reference(Section section, int position, int kind, Label label, long offset) {
        long target(byte[] code) {
            ByteBuffer bytes = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
            long here = section.base() + position;
            if (kind == 3) {
                return bytes.getLong(position);
            }
            return switch (bytes.get(position) & 0xff) {
                case 0xeb, 0x75 -> here + 2 + bytes.get(position + 1);
                case 0xe9, 0xe8 -> here + 5 + bytes.getInt(position + 1);
                case 0x0f -> here + 6 + bytes.getInt(position + 2);
                default -> throw new AssertionError("no reference at " + position);
            };
        }
    }
}
