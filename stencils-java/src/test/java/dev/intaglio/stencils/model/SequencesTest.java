package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RDI;

import dev.intaglio.stencils.Sequences;
import dev.intaglio.stencils.SequencesCopyAndPatchEmitter;
import dev.intaglio.stencils.SequencesEmitter;
import org.junit.jupiter.api.Test;

class SequencesTest extends StencilTest<Sequences> {
    SequencesTest() {
        super(Sequences.class, SequencesEmitter::new, SequencesCopyAndPatchEmitter::new, SequencesModel::new);
    }

    @Test
    void objectsOfOtherTypesLeave() {
        check(s -> {
            long type = s.type();
            s.m.set(RAX, s.object(s.coin() ? type : s.type(), 32));
            return sequences -> sequences.guard(type, s.label("other"));
        });
    }

    @Test
    void unboundLocalsLeave() {
        check(s -> {
            int slot = s.slot(s.objectOrNull());
            return sequences -> sequences.loadBound(slot, s.label("unbound"));
        });
    }

    @Test
    void itemsAreReadWithinTheirSequence() {
        for (boolean list : new boolean[] {false, true}) {
            check(s -> {
                s.m.set(RAX, s.sequence(list, s.type(), s.index()));
                int index = s.index();
                return sequences -> sequences.item(list, index, s.label("outside"));
            });
            check(s -> {
                s.m.set(RAX, s.sequence(list, s.type(), s.index()));
                int index = index(s);
                return sequences -> sequences.itemAt(list, index, s.label("outside"));
            });
        }
    }

    @Test
    void placesAreFoundWithinTheirList() {
        check(s -> {
            s.m.set(RAX, s.sequence(true, s.type(), s.index()));
            int index = s.index();
            return sequences -> sequences.place(index, s.label("outside"));
        });
        check(s -> {
            s.m.set(RAX, s.sequence(true, s.type(), s.index()));
            int index = index(s);
            return sequences -> sequences.placeAt(index, s.label("outside"));
        });
    }

    @Test
    void aStoreGivesUpWhatWasThere() {
        check(s -> {
            s.m.set(RDI, s.allocate(8));
            s.m.store(s.m.get(RDI), s.object());
            s.m.set(RAX, s.object());
            long instruction = s.instruction();
            long dealloc = s.deallocRoutine();
            return sequences -> sequences.replace(instruction, dealloc);
        });
    }

    @Test
    void aFloatOfItsOwnIsWrittenInPlace() {
        check(s -> {
            long type = s.type();
            s.m.set(RDI, s.allocate(8));
            s.m.store(s.m.get(RDI), s.rarely(4) ? s.object() : s.floatObject(type, s.aDouble()));
            int value = s.floats(1)[0];
            long box = s.boxRoutine("boxFloat");
            s.m.reply("boxFloat", s.object());
            long instruction = s.instruction();
            long dealloc = s.deallocRoutine();
            return sequences -> sequences.replaceFloat(value, type, box, instruction, dealloc);
        });
    }

    @Test
    void theLastReferenceFreesTheObject() {
        check(s -> {
            s.m.set(RDI, s.object());
            long instruction = s.instruction();
            long dealloc = s.deallocRoutine();
            return sequences -> sequences.drop(instruction, dealloc);
        });
        check(s -> {
            s.m.set(RDI, s.objectOrNull());
            long instruction = s.instruction();
            long dealloc = s.deallocRoutine();
            return sequences -> sequences.dropIfAny(instruction, dealloc);
        });
    }

    @Test
    void sequencesOfOtherSizesAreNotUnpacked() {
        for (boolean list : new boolean[] {false, true}) {
            check(s -> {
                int size = s.index();
                s.m.set(RAX, s.sequence(list, s.type(), s.coin() ? size : s.index()));
                return sequences -> sequences.unpack(list, size, s.label("other"));
            });
        }
    }

    @Test
    void rangesCountAndEnd() {
        check(s -> {
            long range = s.object(s.type(), 48);
            long length = s.oneOf(0L, 1L, 5L, Long.MAX_VALUE);
            s.m.store(range + Sequences.RANGE_INDEX, s.oneOf(0L, 1L, 4L, length, length - 1));
            s.m.store(range + Sequences.RANGE_LENGTH, length);
            s.m.store(range + Sequences.RANGE_START, s.anInt());
            s.m.store(range + Sequences.RANGE_STEP, s.anInt());
            s.m.set(RAX, range);
            int to = s.registers(1)[0];
            return sequences -> sequences.nextOfRange(to, s.label("end"));
        });
    }

    @Test
    void iteratorsGiveTheirItemsAndEnd() {
        for (boolean list : new boolean[] {false, true}) {
            check(s -> {
                int size = s.index();
                s.m.set(RAX, iterator(s, s.rarely(4) ? 0 : s.sequence(list, s.type(), size)));
                s.m.store(s.m.get(RAX) + Sequences.ITERATOR_INDEX, s.oneOf(0, size / 2, Math.max(0, size - 1), size));
                return sequences -> sequences.nextOfSequence(list, s.label("end"));
            });
        }
    }

    @Test
    void anIteratorAtItsEndLetsGoOfItsSequence() {
        check(s -> {
            s.m.set(RAX, iterator(s, s.objectOrNull()));
            return Sequences::exhaust;
        });
    }

    @Test
    void framesWithAFrameObjectLeave() {
        check(s -> {
            s.m.store(s.frame() + Sequences.FRAME_OBJECT, s.objectOrNull());
            return sequences -> sequences.unlessSeen(s.label("seen"));
        });
    }

    private static long iterator(Scene s, long sequence) {
        long iterator = s.object(s.type(), 32);
        s.m.store(iterator + Sequences.ITERATOR_SEQUENCE, sequence);
        return iterator;
    }

    /** A register that holds an index, often inside. */
    private static int index(Scene s) {
        int index = s.registers(1)[0];
        s.m.set(index, s.rarely(3) ? s.anInt() : s.index());
        return index;
    }
}
