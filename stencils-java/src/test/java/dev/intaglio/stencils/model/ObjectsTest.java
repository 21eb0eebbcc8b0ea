package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R12;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RDX;
import static dev.intaglio.stencils.model.Machine.RSI;
import static dev.intaglio.stencils.model.Machine.RSP;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Objects;
import dev.intaglio.stencils.ObjectsCopyAndPatchEmitter;
import dev.intaglio.stencils.ObjectsEmitter;
import org.junit.jupiter.api.Test;

class ObjectsTest extends StencilTest<Objects> {
    ObjectsTest() {
        super(Objects.class, ObjectsEmitter::new, ObjectsCopyAndPatchEmitter::new, ObjectsModel::new);
    }

    @Test
    void jumpsGoToLabelsAndAddresses() {
        check(s -> {
            Label here = new Label("here");
            return objects -> {
                objects.here(here);
                objects.jump(s.label("target"));
            };
        });
        check(s -> {
            long door = s.bench.door("elsewhere");
            return objects -> objects.jumpTo(door);
        });
    }

    @Test
    void theFrameIsToldWhatRuns() {
        check(s -> {
            long instruction = s.instruction();
            return objects -> objects.at(instruction);
        });
    }

    @Test
    void valuesMoveBetweenSlotsFieldsAndRegisters() {
        check(s -> {
            int[] r = s.registers(3);
            int from = s.slot();
            int to = s.slot();
            return objects -> {
                objects.load(r[0], from);
                objects.store(to, r[0]);
                objects.slotAddress(r[1], from);
                objects.move(r[2], r[1]);
                objects.clear(from);
            };
        });
        check(s -> {
            int[] r = s.registers(2);
            s.m.set(r[0], s.allocate(400));
            int field = s.oneOf(0, 8, 120, 128, 384);
            int other = s.oneOf(0, 8, 120, 128, 384);
            return objects -> {
                objects.setField(r[0], field, r[1]);
                objects.field(r[1], r[0], other);
            };
        });
    }

    @Test
    void constantsAreWhole() {
        check(s -> {
            int register = s.registers(1)[0];
            long value = s.anInt();
            return objects -> objects.constant(register, value);
        });
    }

    @Test
    void everyCopyIsAReference() {
        check(s -> {
            int from = s.slot(s.object());
            int[] to = {s.slot(), s.slot()};
            long object = s.object();
            int register = s.registers(1)[0];
            s.m.set(register, s.object());
            return objects -> {
                objects.retain(register);
                objects.storeConstant(to[0], object);
                objects.duplicate(to[1], from);
            };
        });
        check(s -> {
            int from = s.slot(s.objectOrNull());
            int to = s.slot();
            return objects -> objects.duplicateBound(to, from, s.label("empty"));
        });
    }

    @Test
    void swappingKeepsBoth() {
        check(s -> {
            int a = s.slot();
            int b = s.slot();
            return objects -> objects.swap(a, b);
        });
    }

    @Test
    void aLocalGivesUpWhatItHeld() {
        check(s -> {
            int to = s.slot(s.objectOrNull());
            int from = s.slot(s.object());
            long dealloc = s.dealloc();
            return objects -> objects.moveToLocal(to, from, dealloc);
        });
    }

    @Test
    void theLastReferenceFreesTheObject() {
        check(s -> {
            int slot = s.slot(s.object());
            long dealloc = s.dealloc();
            return objects -> objects.drop(slot, dealloc);
        });
        check(s -> {
            int slot = s.slot(s.objectOrNull());
            long dealloc = s.dealloc();
            return objects -> objects.dropIfAny(slot, dealloc);
        });
        check(s -> {
            int register = s.oneOf(R12, 14, 5);
            s.m.set(register, s.object());
            long dealloc = s.dealloc();
            return objects -> objects.dropRegister(register, dealloc);
        });
    }

    @Test
    void stringsGrowInPlaceWhereALocalIsReplaced() {
        check(s -> {
            long string = s.type();
            long left = s.object(s.rarely(5) ? s.type() : string, 64);
            s.m.store(left, 2);
            int slot = s.slot(left);
            s.m.store(s.frame() + slot + 8, s.object(s.rarely(5) ? s.type() : string, 64));
            int local = s.slot(s.rarely(5) ? s.object() : left);
            long append = s.function("PyUnicode_Append", RDI, RSI);
            s.m.reply("PyUnicode_Append", 0, s.frame() + local, s.rarely(3) ? 0 : s.object());
            long dealloc = s.dealloc();
            return objects ->
                    objects.appendString(slot, local, string, append, dealloc, s.label("other"), s.label("failed"));
        });
    }

    @Test
    void callsGetArgumentsAndTheirFailureLeaves() {
        check(s -> {
            long function = s.function("PyObject_Something", RDI, RSI, RDX);
            s.m.reply("PyObject_Something", s.coin() ? 0 : s.anInt());
            return objects -> {
                objects.call(function);
                objects.failIfNull(s.label("failed"));
            };
        });
        check(s -> {
            s.m.set(R12, s.coin() ? -1 & 0xFFFF_FFFFL : s.anInt());
            return objects -> objects.failIfNegative(s.label("failed"));
        });
        check(s -> {
            s.m.set(R12, s.coin() ? 0 : s.anInt());
            return objects -> objects.jumpOnNull(s.label("null"));
        });
    }

    @Test
    void truthsAreReferencesToTrueAndFalse() {
        check(s -> {
            s.m.set(R12, s.coin() ? 0xFFL << 32 : s.anInt());
            long yes = s.object();
            long no = s.object();
            return objects -> objects.truth(yes, no);
        });
        check(s -> {
            s.m.set(R12, s.coin() ? 0xFFL << 32 : s.anInt());
            boolean ifTrue = s.coin();
            return objects -> objects.jumpOnInt(ifTrue, s.label("target"));
        });
        check(s -> {
            s.m.set(R12, s.oneOf(0, 1));
            return Objects::invert;
        });
    }

    @Test
    void aCellNotesOneTypeOrThatTheyDiffer() {
        check(s -> {
            long object = s.object();
            int slot = s.slot(object);
            long cell = cell(s, s.m.load(object + Objects.OBJECT_TYPE));
            return objects -> objects.note(slot, cell);
        });
        check(s -> {
            long object = s.objectOrNull();
            int slot = s.slot(object);
            long cell = cell(s, object == 0 ? s.type() : s.m.load(object + Objects.OBJECT_TYPE));
            return objects -> objects.noteIfAny(slot, cell);
        });
    }

    private static long cell(Scene s, long type) {
        long cell = s.allocate(8);
        s.m.store(cell, s.oneOf(0L, 1L, type, s.type()));
        return cell;
    }

    @Test
    void conditionsAskWhatIsNeitherTrueNorFalse() {
        check(s -> {
            long yes = s.object();
            long no = s.object();
            int slot = s.slot(s.oneOf(yes, no, s.object()));
            long isTrue = s.function("PyObject_IsTrue", RDI);
            s.m.reply("PyObject_IsTrue", s.oneOf(0L, 1L, -1L));
            long dealloc = s.dealloc();
            return objects -> objects.condition(slot, yes, no, isTrue, dealloc);
        });
    }

    @Test
    void iteratorsAreAskedThroughTheirType() {
        check(s -> {
            long type = s.allocate(240);
            s.m.store(type + Objects.TYPE_ITERNEXT, s.function("tp_iternext", RDI));
            int slot = s.slot(s.object(type, 32));
            s.m.reply("tp_iternext", s.objectOrNull());
            return objects -> objects.next(slot);
        });
    }

    @Test
    void onlyStopIterationEndsALoop() {
        check(s -> {
            s.m.store(s.thread() + Objects.THREAD_EXCEPTION, s.objectOrNull());
            long place = s.allocate(8);
            s.m.store(place, s.object());
            long matches = s.function("PyErr_ExceptionMatches", RDI);
            long clear = s.function("PyErr_Clear");
            s.m.reply("PyErr_ExceptionMatches", s.oneOf(0L, 1L));
            return objects -> objects.atEnd(place, matches, clear, s.label("failed"));
        });
    }

    @Test
    void callsTakeAMethodWithSelfOrACallable() {
        check(s -> {
            int slot = s.slot(s.objectOrNull());
            s.m.store(s.frame() + slot + 8, s.object());
            int positional = s.oneOf(0, 1, 2, 200, 300);
            long names = s.objectOrNull();
            long vectorcall = s.function("PyObject_Vectorcall", RDI, RSI, RDX, Machine.RCX);
            s.m.reply("PyObject_Vectorcall", s.objectOrNull());
            return objects -> objects.callVector(slot, positional, names, vectorcall);
        });
    }

    @Test
    void tracingIsSeenInTheCFrame() {
        check(s -> {
            s.m.store1(s.m.get(RSP) + Objects.CFRAME_USE_TRACING, s.oneOf(0, 0, 1, 255));
            return objects -> objects.unlessTraced(s.label("traced"));
        });
    }

    @Test
    void cellsOfClosuresAreReadAndWritten() {
        check(s -> {
            long cell = s.object();
            s.m.store(cell + Objects.CELL_CONTENTS, s.objectOrNull());
            int from = s.slot(cell);
            int to = s.slot();
            return objects -> objects.loadCell(to, from, s.label("empty"));
        });
        check(s -> {
            long cell = s.object();
            s.m.store(cell + Objects.CELL_CONTENTS, s.objectOrNull());
            int to = s.slot(cell);
            int from = s.slot(s.object());
            long dealloc = s.dealloc();
            return objects -> objects.storeCell(to, from, dealloc);
        });
        check(s -> {
            long function = s.object(s.type(), 96);
            s.m.store(function + Objects.FUNCTION_CLOSURE, s.sequence(false, s.type(), 20));
            s.m.store(s.frame() + Objects.FRAME_FUNCTION, function);
            int index = s.index();
            int to = s.slot();
            return objects -> objects.copyFreeVariable(to, index);
        });
    }

    @Test
    void identityComparesAddresses() {
        check(s -> {
            long object = s.oneOf(s.object(), 0x7FFF_FFFF_FFFFL);
            int slot = s.slot(s.coin() ? object : s.object());
            boolean ifSame = s.coin();
            return objects -> objects.jumpOnIdentity(slot, object, ifSame, s.label("target"));
        });
        check(s -> {
            long object = s.object();
            int slot = s.slot(s.coin() ? object : s.object());
            return objects -> objects.same(slot, object);
        });
        check(s -> {
            long object = s.object();
            int a = s.slot(object);
            int b = s.slot(s.coin() ? object : s.object());
            return objects -> objects.sameSlots(a, b);
        });
    }

    @Test
    void methodsComeWithSelfAndAttributesWithNull() {
        check(s -> {
            int slot = s.slot(s.object());
            long getMethod = s.function("_PyObject_GetMethod", RDI, RSI, RDX);
            if (!s.rarely(3)) {
                s.m.reply("_PyObject_GetMethod", s.oneOf(0, 1), s.m.get(RSP) + Objects.CFRAME_BYTES, s.object());
            }
            long name = s.object();
            long dealloc = s.dealloc();
            return objects -> objects.loadMethod(slot, name, getMethod, dealloc, s.label("failed"));
        });
    }

    @Test
    void globalsAreCachedUntilADictionaryChanges() {
        check(s -> {
            long globals = s.object();
            long builtins = s.object();
            s.m.store(s.frame() + Objects.FRAME_GLOBALS, globals);
            s.m.store(s.frame() + Objects.FRAME_BUILTINS, builtins);
            s.m.store(globals + Objects.DICT_VERSION, 17);
            s.m.store(builtins + Objects.DICT_VERSION, 1L << 40);
            long cell = s.allocate(24);
            s.m.store(cell, s.oneOf(17, 17, 18));
            s.m.store(cell + 8, s.oneOf(1L << 40, 1L << 40, 0L));
            s.m.store(cell + 16, s.object());
            long getItem = s.function("_PyDict_GetItemWithError", RDI, RSI);
            s.m.reply("_PyDict_GetItemWithError", s.coin() ? 0 : s.object());
            s.m.reply("_PyDict_GetItemWithError", s.coin() ? 0 : s.object());
            long name = s.object();
            int slot = s.slot();
            return objects -> objects.loadGlobal(slot, cell, name, getItem, s.label("missing"));
        });
    }

    @Test
    void onlyTuplesAndListsOfTheSizeAreUnpacked() {
        check(s -> {
            long tuple = s.type();
            long list = s.type();
            int size = s.index();
            boolean ofList = s.coin();
            int slot = s.slot(
                    s.sequence(ofList, s.rarely(4) ? s.type() : ofList ? list : tuple, s.rarely(4) ? s.index() : size));
            return objects -> objects.sequence(slot, tuple, list, size, s.label("other"));
        });
    }
}
