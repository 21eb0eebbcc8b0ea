package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RCX;
import static dev.intaglio.stencils.model.Machine.RDI;

import dev.intaglio.stencils.Attributes;
import dev.intaglio.stencils.AttributesCopyAndPatchEmitter;
import dev.intaglio.stencils.AttributesEmitter;
import org.junit.jupiter.api.Test;

class AttributesTest extends StencilTest<Attributes> {
    AttributesTest() {
        super(Attributes.class, AttributesEmitter::new, AttributesCopyAndPatchEmitter::new, AttributesModel::new);
    }

    @Test
    void typesOfOtherVersionsLeave() {
        check(s -> {
            long type = s.allocate(400);
            int version = s.oneOf(1, 127, 128, 70_000, -1);
            s.m.store(type + Attributes.TYPE_VERSION, s.random.nextLong());
            s.m.store4(type + Attributes.TYPE_VERSION, s.coin() ? version : s.oneOf(0, version + 1));
            s.m.set(RAX, s.object(type, 32));
            return attributes -> attributes.guard(version, s.label("other"));
        });
    }

    @Test
    void valuesLieInFrontOfTheObject() {
        check(s -> {
            s.m.set(RAX, s.allocate(64) + 32);
            s.m.store(s.m.get(RAX) + Attributes.OBJECT_VALUES, s.objectOrNull());
            return attributes -> attributes.values(s.label("dictionary"));
        });
    }

    @Test
    void keysThatHaveGrownLeave() {
        check(s -> {
            long keys = s.allocate(64);
            int used = s.oneOf(0, 1, 30, 127, 128);
            s.m.store(keys + Attributes.KEYS_USED, s.coin() ? used : s.oneOf(used + 1L, used + (1L << 32)));
            return attributes -> attributes.sameKeys(keys, used, s.label("more"));
        });
    }

    @Test
    void unboundAttributesLeave() {
        check(s -> {
            int place = 8 * s.index();
            s.m.set(RCX, s.allocate(160));
            s.m.store(s.m.get(RCX) + place, s.objectOrNull());
            return attributes -> attributes.loadFromValues(place, s.label("unbound"));
        });
        check(s -> {
            int place = 8 * s.index();
            s.m.set(RAX, s.allocate(160));
            s.m.store(s.m.get(RAX) + place, s.objectOrNull());
            return attributes -> attributes.loadFromSlot(place, s.label("unbound"));
        });
    }

    @Test
    void attributesAreFoundAmongTheValuesOrInTheDictionary() {
        check(s -> {
            int place = 8 * s.index();
            long object = s.allocate(64) + 32;
            s.m.set(RAX, object);
            long keys = s.allocate(64);
            long values = s.allocate(160);
            s.m.store(values + place, s.objectOrNull());
            long name = s.object();
            long dictionary = s.object(s.type(), 48);
            switch (s.random.nextInt(4)) {
                case 0 -> s.m.store(object + Attributes.OBJECT_VALUES, values);
                case 1 -> {} // an instance without any
                case 2 -> {
                    s.m.store(object + Attributes.OBJECT_DICTIONARY, dictionary);
                    s.m.store(dictionary + Attributes.DICT_VALUES, values);
                    s.m.store(dictionary + Attributes.DICT_KEYS, s.rarely(3) ? s.allocate(64) : keys);
                }
                default -> {
                    s.m.store(object + Attributes.OBJECT_DICTIONARY, dictionary);
                    s.m.store(dictionary + Attributes.DICT_KEYS, keys(s, name));
                }
            }
            long hint = s.allocate(8);
            s.m.store(hint, s.oneOf(0L, 1L, 2L, 3L, 1L << 40, -1L));
            return attributes -> attributes.loadFromEither(place, keys, name, hint, s.label("unbound"));
        });
    }

    /** The keys of a dictionary, in most of which is this one. */
    private static long keys(Scene s, long name) {
        int log2 = s.oneOf(3, 4, 5);
        int entries = s.random.nextInt(5);
        long keys = s.allocate(Attributes.KEYS_INDICES + (1 << log2) + 16 * entries);
        s.m.store1(keys + Attributes.KEYS_LOG2_INDEX_BYTES, log2);
        s.m.store1(keys + Attributes.KEYS_KIND, s.oneOf(0, 1, 1, 1, 1, 2));
        s.m.store(keys + Attributes.KEYS_USED, entries);
        int itsPlace = s.random.nextInt(entries + 1);
        for (int i = 0; i < entries; i++) {
            long entry = keys + Attributes.KEYS_INDICES + (1 << log2) + 16L * i;
            s.m.store(entry, i == itsPlace ? name : s.object());
            s.m.store(entry + 8, s.objectOrNull());
        }
        return keys;
    }

    @Test
    void placesAreAmongTheValuesOrInTheObject() {
        check(s -> {
            boolean values = s.coin();
            int displacement = 8 * s.index();
            return attributes -> attributes.place(values, displacement);
        });
    }

    @Test
    void theFirstValueOfAnAttributeIsNotedInOrder() {
        check(s -> {
            int index = place(s, s.type());
            s.m.set(RAX, s.object());
            long instruction = s.instruction();
            long dealloc = s.deallocRoutine();
            return attributes -> attributes.store(index, instruction, dealloc);
        });
    }

    @Test
    void aFloatOfItsOwnIsWrittenInPlace() {
        check(s -> {
            long type = s.type();
            int index = place(s, type);
            int value = s.floats(1)[0];
            long box = s.boxRoutine("boxFloat");
            s.m.reply("boxFloat", s.object());
            long instruction = s.instruction();
            long dealloc = s.deallocRoutine();
            return attributes -> attributes.storeFloat(value, index, type, box, instruction, dealloc);
        });
    }

    /** Sets rdi to a place that is empty or holds an object, often a float; the index, or -1 for a slot. */
    private static int place(Scene s, long floatType) {
        long values = s.allocate(256) + 64;
        int taken = s.random.nextInt(20);
        s.m.store1(values + Attributes.VALUES_SIZE, taken);
        int index = s.oneOf(-1, 0, 1, 17, 29);
        long place = values + 8L * Math.max(0, index);
        s.m.store(place, s.oneOf(0L, s.object(), s.floatObject(floatType, 1.5)));
        s.m.set(RDI, place);
        return index;
    }

    @Test
    void methodsComeWithAReferenceToSelf() {
        check(s -> {
            s.m.set(RAX, s.object());
            int slot = s.slot();
            long method = s.object();
            boolean borrowed = s.coin();
            return attributes -> attributes.method(slot, method, borrowed);
        });
    }
}
