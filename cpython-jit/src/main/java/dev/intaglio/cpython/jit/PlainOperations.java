package dev.intaglio.cpython.jit;

import static dev.intaglio.stencils.Registers.R12;
import static dev.intaglio.stencils.Registers.RAX;
import static dev.intaglio.stencils.Registers.RCX;
import static dev.intaglio.stencils.Registers.RDI;
import static dev.intaglio.stencils.Registers.RDX;
import static dev.intaglio.stencils.Registers.RSI;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Layout;
import dev.intaglio.stencils.Objects;

/**
 * Each instruction as the interpreter would do it, through the C API: its operands are in the frame's stack slots, and so are
 * its results.
 */
final class PlainOperations {
    private static final int R14 = 14;

    private final Emission emission;
    private final CodeObject code;
    private final Api api;
    private final Objects objects;
    private final Profile profile;
    private final boolean notes;
    private final PlainCollections collections;

    /** With {@code notes}, the code tells the profile which types it meets. */
    PlainOperations(Emission emission, Profile profile, boolean notes) {
        this.emission = emission;
        this.profile = profile;
        this.notes = notes;
        code = emission.code;
        api = emission.api;
        objects = emission.objects;
        collections = new PlainCollections(emission);
    }

    /** An instruction that does not jump, with so many values on the stack. */
    void emit(Instruction instruction, int depth) {
        int argument = instruction.argument();
        int top = emission.stack(depth - 1);
        int above = emission.stack(depth);
        switch (instruction.opcode()) {
            case NOP, PRECALL, KW_NAMES -> {}
            case PUSH_NULL -> objects.clear(above);
            case LOAD_FAST, LOAD_CLOSURE ->
                objects.duplicateBound(
                        above, Emission.local(argument), emission.before(instruction.start(), depth, Reason.UNBOUND));
            case LOAD_CONST -> objects.storeConstant(above, code.constant(argument));
            case STORE_FAST -> {
                emission.at(instruction);
                objects.moveToLocal(Emission.local(argument), top, api.dealloc);
            }
            case POP_TOP -> {
                emission.at(instruction);
                objects.drop(top, api.dealloc);
            }
            case COPY -> objects.duplicate(above, emission.stack(depth - argument));
            case SWAP -> objects.swap(top, emission.stack(depth - argument));
            case UNARY_NEGATIVE -> unary(instruction, depth, "PyNumber_Negative");
            case UNARY_POSITIVE -> unary(instruction, depth, "PyNumber_Positive");
            case UNARY_INVERT -> unary(instruction, depth, "PyNumber_Invert");
            case GET_ITER -> unary(instruction, depth, "PyObject_GetIter");
            case UNARY_NOT -> not(instruction, depth);
            case BINARY_OP -> binary(instruction, depth, api.binary(argument));
            case BINARY_SUBSCR -> binary(instruction, depth, api.of("PyObject_GetItem"));
            case COMPARE_OP -> binary(instruction, depth, api.of("PyObject_RichCompare"));
            case STORE_SUBSCR -> storeItem(instruction, depth);
            case DELETE_SUBSCR -> {
                begin(instruction, depth, 2, RDI, RSI);
                objects.call(api.of("PyObject_DelItem"));
                drop(depth - 1, depth - 2);
                objects.failIfNegative(emission.raised(instruction, depth - 2));
                unlessTraced(instruction, depth - 2);
            }
            case IS_OP -> {
                emission.at(instruction);
                objects.sameSlots(emission.stack(depth - 2), top);
                if (argument != 0) {
                    objects.invert();
                }
                drop(depth - 1, depth - 2);
                bool(depth - 2);
            }
            case CONTAINS_OP -> {
                begin(instruction, depth, 2, RSI, RDI);
                objects.call(api.of("PySequence_Contains"));
                drop(depth - 2, depth - 1);
                objects.failIfNegative(emission.raised(instruction, depth - 2));
                if (argument != 0) {
                    objects.invert();
                }
                bool(depth - 2);
                unlessTraced(instruction, depth - 1);
            }
            case LOAD_ATTR -> unary(instruction, depth, "PyObject_GetAttr");
            case STORE_ATTR -> {
                emission.at(instruction);
                note(top, instruction, Profile.Note.LEFT);
                objects.load(RDI, top);
                objects.constant(RSI, code.name(argument));
                objects.load(RDX, emission.stack(depth - 2));
                objects.call(api.of("PyObject_SetAttr"));
                drop(depth - 2, depth - 1);
                objects.failIfNegative(emission.raised(instruction, depth - 2));
                unlessTraced(instruction, depth - 2);
            }
            case LOAD_METHOD -> {
                emission.at(instruction);
                note(top, instruction, Profile.Note.LEFT);
                objects.loadMethod(
                        top,
                        code.name(argument),
                        api.of("_PyObject_GetMethod"),
                        api.dealloc,
                        emission.raised(instruction, depth));
                unlessTraced(instruction, depth + 1);
            }
            case LOAD_GLOBAL -> {
                int slot = above;
                if ((argument & 1) != 0) {
                    objects.clear(above);
                    slot = emission.stack(depth + 1);
                }
                objects.loadGlobal(
                        slot,
                        profile.global(instruction),
                        code.name(argument >> 1),
                        api.of("PyDict_GetItemWithError"),
                        emission.before(instruction.start(), depth, Reason.GLOBAL));
            }
            case CALL -> call(instruction, depth);
            case BUILD_TUPLE -> buildTuple(instruction, depth);
            case BUILD_LIST -> buildList(instruction, depth);
            case BUILD_SLICE -> buildSlice(instruction, depth);
            case BUILD_STRING -> buildString(instruction, depth);
            case FORMAT_VALUE -> formatValue(instruction, depth);
            case LIST_APPEND -> {
                emission.at(instruction);
                objects.load(RDI, emission.stack(depth - 1 - argument));
                objects.load(RSI, top);
                objects.call(api.of("PyList_Append"));
                drop(depth - 1);
                objects.failIfNegative(emission.raised(instruction, depth - 1));
            }
            case STORE_GLOBAL -> {
                emission.at(instruction);
                objects.load(RDI, Layout.FRAME_GLOBALS);
                objects.constant(RSI, code.name(argument));
                objects.load(RDX, top);
                objects.call(api.of("PyDict_SetItem"));
                drop(depth - 1);
                objects.failIfNegative(emission.raised(instruction, depth - 1));
            }
            case UNPACK_SEQUENCE -> unpack(instruction, depth);
            case LOAD_DEREF ->
                objects.loadCell(
                        above, Emission.local(argument), emission.before(instruction.start(), depth, Reason.UNBOUND));
            case STORE_DEREF -> {
                emission.at(instruction);
                objects.storeCell(Emission.local(argument), top, api.dealloc);
            }
            case MAKE_CELL -> {
                objects.load(RDI, Emission.local(argument));
                objects.call(api.of("PyCell_New"));
                objects.failIfNull(emission.raised(instruction, depth));
                objects.dropIfAny(Emission.local(argument), api.dealloc);
                objects.store(Emission.local(argument), R12);
            }
            case COPY_FREE_VARS -> {
                int first = code.locals() - argument;
                for (int i = 0; i < argument; i++) {
                    objects.copyFreeVariable(Emission.local(first + i), i);
                }
            }
            case RETURN_VALUE -> {
                // Whoever keeps the frame's object sees the line of the return.
                emission.at(instruction);
                objects.load(RAX, top);
                objects.jump(emission.leave);
            }
            case DELETE_FAST -> {
                emission.at(instruction);
                objects.load(R12, Emission.local(argument));
                objects.jumpOnNull(emission.before(instruction.start(), depth, Reason.UNBOUND));
                objects.clear(Emission.local(argument));
                objects.dropRegister(R12, api.dealloc);
            }
            case DELETE_ATTR -> {
                emission.at(instruction);
                objects.load(RDI, top);
                objects.constant(RSI, code.name(argument));
                objects.constant(RDX, 0);
                objects.call(api.of("PyObject_SetAttr"));
                drop(depth - 1);
                objects.failIfNegative(emission.raised(instruction, depth - 1));
                unlessTraced(instruction, depth - 1);
            }
            case MAKE_FUNCTION -> makeFunction(instruction, depth);
            case CALL_FUNCTION_EX -> callStarred(instruction, depth);
            case BEFORE_WITH -> beforeWith(instruction, depth);
            default -> {
                if (!collections.emit(instruction, depth)) {
                    objects.jump(emission.before(instruction.start(), depth, Reason.UNKNOWN));
                }
            }
        }
    }

    /** Serves what waits; where the interpreter must, it goes on at {@code resume}. */
    void poll(Instruction instruction, int resume, int depth) {
        Label pending = new Label();
        Label done = new Label();
        emission.control.poll(pending);
        emission.objects.here(done);
        emission.control.serve(
                pending,
                emission.api.of("Py_MakePendingCalls"),
                emission.api.of("PyEval_SaveThread"),
                emission.api.of("PyEval_RestoreThread"),
                emission.raised(instruction, depth),
                emission.before(resume, depth, Reason.WAITING),
                done);
    }

    /** A sum that goes to a local: a string grows in place. All else leaves through {@code other}. */
    void append(Instruction sum, Instruction store, int depth, Label other) {
        emission.at(sum);
        note(emission.stack(depth - 2), sum, Profile.Note.LEFT);
        note(emission.stack(depth - 1), sum, Profile.Note.RIGHT);
        objects.appendString(
                emission.stack(depth - 2),
                Emission.local(store.argument()),
                api.stringType,
                api.of("PyUnicode_Append"),
                api.dealloc,
                other,
                emission.raised(sum, depth - 2));
    }

    /** The condition of a jump, popped: 1 or 0 in r12d; answers which of them jumps. */
    boolean condition(Instruction instruction, int depth) {
        int top = emission.stack(depth - 1);
        emission.at(instruction);
        switch (instruction.opcode()) {
            case POP_JUMP_FORWARD_IF_NONE, POP_JUMP_BACKWARD_IF_NONE -> {
                objects.same(top, api.none);
                objects.drop(top, api.dealloc);
                return true;
            }
            case POP_JUMP_FORWARD_IF_NOT_NONE, POP_JUMP_BACKWARD_IF_NOT_NONE -> {
                objects.same(top, api.none);
                objects.drop(top, api.dealloc);
                return false;
            }
            default -> {
                objects.condition(top, api.yes, api.no, api.of("PyObject_IsTrue"), api.dealloc);
                objects.failIfNegative(emission.raised(instruction, depth - 1));
                return instruction.opcode().name().endsWith("TRUE");
            }
        }
    }

    void jumpOrPop(Instruction instruction, int depth, Label target) {
        emission.at(instruction);
        objects.load(RDI, emission.stack(depth - 1));
        objects.call(api.of("PyObject_IsTrue"));
        objects.failIfNegative(emission.raised(instruction, depth));
        objects.jumpOnInt(instruction.opcode() == Opcode.JUMP_IF_TRUE_OR_POP, target);
        drop(depth - 1);
    }

    /** Takes the iterator's next value; at its end drops it and goes to {@code target}. */
    void forIter(Instruction instruction, int depth, Label target) {
        int top = emission.stack(depth - 1);
        note(top, instruction, Profile.Note.LEFT);
        emission.at(instruction);
        objects.next(top);
        Label end = new Label();
        objects.jumpOnNull(end);
        objects.store(emission.stack(depth), R12);
        unlessTraced(instruction, depth + 1);
        emission.later(() -> {
            emission.objects.here(end);
            objects.atEnd(
                    api.of("PyExc_StopIteration"),
                    api.of("PyErr_ExceptionMatches"),
                    api.of("PyErr_Clear"),
                    emission.raised(instruction, depth));
            objects.drop(top, api.dealloc);
            objects.jump(target);
        });
    }

    private void note(int slot, Instruction instruction, Profile.Note note) {
        if (notes) {
            objects.note(slot, profile.cell(instruction, note));
        }
    }

    /** Tells where the code is, notes up to two operands, and loads them. */
    private void begin(Instruction instruction, int depth, int operands, int first, int second) {
        emission.at(instruction);
        note(emission.stack(depth - operands), instruction, Profile.Note.LEFT);
        objects.load(first, emission.stack(depth - operands));
        if (operands > 1) {
            note(emission.stack(depth - 1), instruction, Profile.Note.RIGHT);
            objects.load(second, emission.stack(depth - 1));
        }
    }

    private void drop(int... indices) {
        for (int index : indices) {
            objects.drop(emission.stack(index), api.dealloc);
        }
    }

    /** The result in r12 into a stack slot. */
    private void result(Instruction instruction, int index) {
        objects.failIfNull(emission.raised(instruction, index));
        objects.store(emission.stack(index), R12);
        note(emission.stack(index), instruction, Profile.Note.RESULT);
        unlessTraced(instruction, index + 1);
    }

    /** What ran may have begun to trace or to profile this frame, which is the interpreter's from the next instruction on. */
    private void unlessTraced(Instruction instruction, int depth) {
        objects.unlessTraced(emission.before(instruction.next(), depth, Reason.TRACED));
    }

    private void bool(int index) {
        objects.truth(api.yes, api.no);
        objects.store(emission.stack(index), R12);
    }

    private void unary(Instruction instruction, int depth, String function) {
        begin(instruction, depth, 1, RDI, RSI);
        if (instruction.opcode() == Opcode.LOAD_ATTR) {
            objects.constant(RSI, code.name(instruction.argument()));
        }
        objects.call(api.of(function));
        if (instruction.opcode() == Opcode.LOAD_ATTR) {
            // A failed LOAD_ATTR leaves its object to the handler, as the interpreter does.
            objects.failIfNull(emission.raised(instruction, depth));
        }
        drop(depth - 1);
        result(instruction, depth - 1);
    }

    private void not(Instruction instruction, int depth) {
        emission.at(instruction);
        objects.load(RDI, emission.stack(depth - 1));
        objects.call(api.of("PyObject_Not"));
        drop(depth - 1);
        objects.failIfNegative(emission.raised(instruction, depth - 1));
        bool(depth - 1);
    }

    private void binary(Instruction instruction, int depth, long function) {
        begin(instruction, depth, 2, RDI, RSI);
        switch (instruction.opcode()) {
            case COMPARE_OP -> objects.constant(RDX, instruction.argument());
            case BINARY_OP -> {
                if (Api.operator(instruction.argument()).equals("Power")) {
                    objects.constant(RDX, api.none);
                }
            }
            default -> {}
        }
        objects.call(function);
        drop(depth - 2, depth - 1);
        result(instruction, depth - 2);
    }

    private void storeItem(Instruction instruction, int depth) {
        emission.at(instruction);
        note(emission.stack(depth - 3), instruction, Profile.Note.RESULT);
        note(emission.stack(depth - 2), instruction, Profile.Note.LEFT);
        note(emission.stack(depth - 1), instruction, Profile.Note.RIGHT);
        objects.load(RDI, emission.stack(depth - 2));
        objects.load(RSI, emission.stack(depth - 1));
        objects.load(RDX, emission.stack(depth - 3));
        objects.call(api.of("PyObject_SetItem"));
        drop(depth - 3, depth - 2, depth - 1);
        objects.failIfNegative(emission.raised(instruction, depth - 3));
        unlessTraced(instruction, depth - 3);
    }

    private void call(Instruction instruction, int depth) {
        int arguments = instruction.argument();
        int first = depth - 2 - arguments;
        long names = code.keywords(instruction).orElse(0L);
        int keywords = names == 0 ? 0 : (int) Native.word(names + Layout.VAR_SIZE);
        emission.at(instruction);
        if (names == 0) {
            emission.calls.call(emission.stack(first), arguments, emission.services.routines().call);
        } else {
            objects.callVector(emission.stack(first), arguments - keywords, names, api.of("PyObject_Vectorcall"));
            objects.dropIfAny(emission.stack(first), api.dealloc);
            for (int index = first + 1; index < depth; index++) {
                drop(index);
            }
        }
        result(instruction, first);
        // As the interpreter does: an interrupt of the call is raised at the call, inside its try block.
        poll(instruction, instruction.next(), first + 1);
    }

    /** CALL_FUNCTION_EX of an exact tuple and, with the flag, a dictionary. */
    private void callStarred(Instruction instruction, int depth) {
        boolean hasKeywords = (instruction.argument() & 1) != 0;
        int arguments = hasKeywords ? depth - 2 : depth - 1;
        emission.checks.exactly(
                emission.stack(arguments), api.tupleType, emission.before(instruction.start(), depth, Reason.TYPE));
        emission.at(instruction);
        objects.load(RDI, emission.stack(arguments - 1));
        objects.load(RSI, emission.stack(arguments));
        if (hasKeywords) {
            objects.load(RDX, emission.stack(depth - 1));
        } else {
            objects.constant(RDX, 0);
        }
        objects.call(api.of("PyObject_Call"));
        drop(arguments - 1, arguments);
        if (hasKeywords) {
            drop(depth - 1);
        }
        result(instruction, arguments - 2);
        poll(instruction, instruction.next(), arguments - 1);
    }

    private void makeFunction(Instruction instruction, int depth) {
        int flags = instruction.argument();
        emission.at(instruction);
        objects.load(RDI, emission.stack(depth - 1));
        objects.load(RSI, Layout.FRAME_GLOBALS);
        objects.call(api.of("PyFunction_New"));
        drop(depth - 1);
        objects.failIfNull(emission.raised(instruction, depth - 1));
        int[] fields = {
            Layout.FUNCTION_DEFAULTS,
            Layout.FUNCTION_KEYWORD_DEFAULTS,
            Layout.FUNCTION_ANNOTATIONS,
            Layout.FUNCTION_CLOSURE
        };
        int index = depth - 1;
        for (int bit = fields.length - 1; bit >= 0; bit--) {
            if ((flags >> bit & 1) != 0) {
                index--;
                objects.load(RAX, emission.stack(index));
                objects.setField(R12, fields[bit], RAX);
            }
        }
        objects.store(emission.stack(index), R12);
    }

    /** The manager's exit method takes its place, and what its enter method returned follows. */
    private void beforeWith(Instruction instruction, int depth) {
        int top = emission.stack(depth - 1);
        Label missing = new Label();
        Label onlyEnter = new Label();
        emission.at(instruction);
        lookUp(top, "__enter__", missing);
        objects.move(R14, R12);
        lookUp(top, "__exit__", onlyEnter);
        objects.load(RDI, top);
        objects.store(top, R12);
        objects.move(R12, RDI);
        objects.dropRegister(R12, api.dealloc);
        objects.move(RDI, R14);
        objects.call(api.of("PyObject_CallNoArgs"));
        objects.dropRegister(R14, api.dealloc);
        objects.failIfNull(emission.raised(instruction, depth));
        objects.store(emission.stack(depth), R12);
        unlessTraced(instruction, depth + 1);
        Label other = emission.before(instruction.start(), depth, Reason.UNBOUND);
        emission.later(() -> {
            objects.here(onlyEnter);
            objects.dropRegister(R14, api.dealloc);
            objects.jump(missing);
            emission.checks.whetherRaised(missing, emission.raised(instruction, depth), other);
        });
    }

    private void lookUp(int slot, String name, Label missing) {
        objects.load(RDI, slot);
        objects.constant(RSI, api.string(name));
        objects.call(api.of("_PyObject_LookupSpecial"));
        objects.jumpOnNull(missing);
    }

    private void buildTuple(Instruction instruction, int depth) {
        int size = instruction.argument();
        emission.at(instruction);
        objects.constant(RDI, size);
        objects.call(api.of("PyTuple_New"));
        objects.failIfNull(emission.raised(instruction, depth));
        for (int i = 0; i < size; i++) {
            objects.load(RAX, emission.stack(depth - size + i));
            objects.setField(R12, Layout.TUPLE_ITEMS + 8 * i, RAX);
        }
        objects.store(emission.stack(depth - size), R12);
    }

    private void buildList(Instruction instruction, int depth) {
        int size = instruction.argument();
        emission.at(instruction);
        objects.constant(RDI, size);
        objects.call(api.of("PyList_New"));
        objects.failIfNull(emission.raised(instruction, depth));
        if (size > 0) {
            objects.field(RCX, R12, Layout.LIST_ITEMS);
        }
        for (int i = 0; i < size; i++) {
            objects.load(RAX, emission.stack(depth - size + i));
            objects.setField(RCX, 8 * i, RAX);
        }
        objects.store(emission.stack(depth - size), R12);
    }

    private void buildSlice(Instruction instruction, int depth) {
        int parts = instruction.argument();
        emission.at(instruction);
        objects.load(RDI, emission.stack(depth - parts));
        objects.load(RSI, emission.stack(depth - parts + 1));
        if (parts == 3) {
            objects.load(RDX, emission.stack(depth - 1));
        } else {
            objects.constant(RDX, 0);
        }
        objects.call(api.of("PySlice_New"));
        for (int i = 1; i <= parts; i++) {
            drop(depth - i);
        }
        result(instruction, depth - parts);
    }

    private void buildString(Instruction instruction, int depth) {
        int parts = instruction.argument();
        emission.at(instruction);
        objects.constant(RDI, api.of("empty string"));
        objects.slotAddress(RSI, emission.stack(depth - parts));
        objects.constant(RDX, parts);
        objects.call(api.of("_PyUnicode_JoinArray"));
        objects.failIfNull(emission.raised(instruction, depth));
        for (int i = 1; i <= parts; i++) {
            drop(depth - i);
        }
        objects.store(emission.stack(depth - parts), R12);
    }

    private void formatValue(Instruction instruction, int depth) {
        boolean specified = (instruction.argument() & 4) != 0;
        int value = specified ? depth - 2 : depth - 1;
        emission.at(instruction);
        String conversion = switch (instruction.argument() & 3) {
            case 1 -> "PyObject_Str";
            case 2 -> "PyObject_Repr";
            case 3 -> "PyObject_ASCII";
            default -> "";
        };
        if (!conversion.isEmpty()) {
            objects.load(RDI, emission.stack(value));
            objects.call(api.of(conversion));
            objects.failIfNull(emission.raised(instruction, depth));
            objects.load(R14, emission.stack(value));
            objects.store(emission.stack(value), R12);
            objects.dropRegister(R14, api.dealloc);
        }
        objects.load(RDI, emission.stack(value));
        if (specified) {
            objects.load(RSI, emission.stack(depth - 1));
        } else {
            objects.constant(RSI, 0);
        }
        objects.call(api.of("PyObject_Format"));
        drop(value);
        if (specified) {
            drop(depth - 1);
        }
        result(instruction, value);
    }

    /** Unpacks exact tuples and lists of the right size; all else is the interpreter's. */
    private void unpack(Instruction instruction, int depth) {
        int size = instruction.argument();
        note(emission.stack(depth - 1), instruction, Profile.Note.LEFT);
        objects.sequence(
                emission.stack(depth - 1),
                api.tupleType,
                api.listType,
                size,
                emission.before(instruction.start(), depth, Reason.SIZE));
        for (int i = 0; i < size; i++) {
            objects.field(RAX, R12, 8 * i);
            objects.retain(RAX);
            objects.store(emission.stack(depth - 1 + size - 1 - i), RAX);
        }
        emission.at(instruction);
        objects.dropRegister(R14, api.dealloc);
    }
}
