package dev.intaglio.cpython.jit;

import static dev.intaglio.stencils.Registers.R12;
import static dev.intaglio.stencils.Registers.RDI;
import static dev.intaglio.stencils.Registers.RDX;
import static dev.intaglio.stencils.Registers.RSI;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Layout;
import dev.intaglio.stencils.Objects;

/** Dictionaries, sets and lists being built, through the C API. What may fail with a message of its own is the interpreter's. */
final class PlainCollections {
    private static final int R14 = 14;

    private final Emission emission;
    private final Api api;
    private final Objects objects;

    PlainCollections(Emission emission) {
        this.emission = emission;
        api = emission.api;
        objects = emission.objects;
    }

    /** Answers whether the instruction is one of these. */
    boolean emit(Instruction instruction, int depth) {
        int argument = instruction.argument();
        int container = depth - 1 - argument;
        switch (instruction.opcode()) {
            case BUILD_MAP -> buildMap(instruction, depth);
            case BUILD_CONST_KEY_MAP -> buildConstantKeyMap(instruction, depth);
            case BUILD_SET -> buildSet(instruction, depth);
            case SET_ADD -> add(instruction, depth, "PySet_Add");
            case SET_UPDATE -> add(instruction, depth, "_PySet_Update");
            case MAP_ADD -> mapAdd(instruction, depth);
            case LIST_EXTEND -> listExtend(instruction, depth, container);
            case LIST_TO_TUPLE -> {
                emission.at(instruction);
                objects.load(RDI, emission.stack(depth - 1));
                objects.call(api.of("PyList_AsTuple"));
                drop(depth - 1);
                objects.failIfNull(emission.raised(instruction, depth - 1));
                objects.store(emission.stack(depth - 1), R12);
            }
            case DICT_UPDATE -> {
                Label other = emission.before(instruction.start(), depth, Reason.TYPE);
                emission.checks.exactly(emission.stack(depth - 1), api.of("PyDict_Type"), other);
                add(instruction, depth, "PyDict_Update");
            }
            case DICT_MERGE -> {
                // A key that is there already is an error that names the function: not so where there is no key yet.
                Label other = emission.before(instruction.start(), depth, Reason.TYPE);
                emission.checks.exactly(emission.stack(depth - 1), api.of("PyDict_Type"), other);
                emission.checks.isEmpty(emission.stack(container), other);
                add(instruction, depth, "PyDict_Update");
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void drop(int index) {
        objects.drop(emission.stack(index), api.dealloc);
    }

    /** Gives the top to a function of the container that lies deeper. */
    private void add(Instruction instruction, int depth, String function) {
        emission.at(instruction);
        objects.load(RDI, emission.stack(depth - 1 - instruction.argument()));
        objects.load(RSI, emission.stack(depth - 1));
        objects.call(api.of(function));
        drop(depth - 1);
        objects.failIfNegative(emission.raised(instruction, depth - 1));
    }

    private void mapAdd(Instruction instruction, int depth) {
        emission.at(instruction);
        objects.load(RDI, emission.stack(depth - 2 - instruction.argument()));
        objects.load(RSI, emission.stack(depth - 2));
        objects.load(RDX, emission.stack(depth - 1));
        objects.call(api.of("PyDict_SetItem"));
        drop(depth - 2);
        drop(depth - 1);
        objects.failIfNegative(emission.raised(instruction, depth - 2));
    }

    private void listExtend(Instruction instruction, int depth, int container) {
        emission.checks.either(
                emission.stack(depth - 1),
                api.tupleType,
                api.listType,
                emission.before(instruction.start(), depth, Reason.TYPE));
        emission.at(instruction);
        objects.load(RDI, emission.stack(container));
        objects.load(RSI, emission.stack(depth - 1));
        objects.call(api.of("_PyList_Extend"));
        objects.failIfNull(emission.raised(instruction, depth));
        objects.dropRegister(R12, api.dealloc);
        drop(depth - 1);
    }

    private void buildMap(Instruction instruction, int depth) {
        int size = instruction.argument();
        int first = depth - 2 * size;
        Label failed = begin(instruction, depth, size);
        for (int i = 0; i < size; i++) {
            objects.move(RDI, R14);
            objects.load(RSI, emission.stack(first + 2 * i));
            objects.load(RDX, emission.stack(first + 2 * i + 1));
            objects.call(api.of("PyDict_SetItem"));
            objects.failIfNegative(failed);
        }
        end(depth, first);
    }

    private void buildConstantKeyMap(Instruction instruction, int depth) {
        int size = instruction.argument();
        int first = depth - 1 - size;
        Label failed = begin(instruction, depth, size);
        for (int i = 0; i < size; i++) {
            objects.move(RDI, R14);
            objects.load(RSI, emission.stack(depth - 1));
            objects.field(RSI, RSI, Layout.TUPLE_ITEMS + 8 * i);
            objects.load(RDX, emission.stack(first + i));
            objects.call(api.of("PyDict_SetItem"));
            objects.failIfNegative(failed);
        }
        end(depth, first);
    }

    /** A new dictionary in r14; answers where its failures go. */
    private Label begin(Instruction instruction, int depth, int size) {
        emission.at(instruction);
        if (size == 0) {
            objects.call(api.of("PyDict_New"));
        } else {
            objects.constant(RDI, size);
            objects.call(api.of("_PyDict_NewPresized"));
        }
        return hold(instruction, depth);
    }

    private Label hold(Instruction instruction, int depth) {
        objects.failIfNull(emission.raised(instruction, depth));
        objects.move(R14, R12);
        Label failed = new Label();
        emission.later(() -> {
            objects.here(failed);
            objects.dropRegister(R14, api.dealloc);
            objects.jump(emission.raised(instruction, depth));
        });
        return failed;
    }

    /** The container in r14 takes the place of what it was built of. */
    private void end(int depth, int first) {
        for (int i = depth - 1; i >= first; i--) {
            drop(i);
        }
        objects.store(emission.stack(first), R14);
    }

    private void buildSet(Instruction instruction, int depth) {
        int size = instruction.argument();
        emission.at(instruction);
        objects.constant(RDI, 0);
        objects.call(api.of("PySet_New"));
        Label failed = hold(instruction, depth);
        for (int i = depth - size; i < depth; i++) {
            objects.move(RDI, R14);
            objects.load(RSI, emission.stack(i));
            objects.call(api.of("PySet_Add"));
            objects.failIfNegative(failed);
        }
        end(depth, depth - size);
    }
}
