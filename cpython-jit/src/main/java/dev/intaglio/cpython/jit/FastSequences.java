package dev.intaglio.cpython.jit;

import static dev.intaglio.stencils.Registers.RAX;
import static dev.intaglio.stencils.Registers.RDI;
import static dev.intaglio.stencils.Registers.RSI;

import dev.intaglio.cpython.jit.FastContext.Kind;
import dev.intaglio.runtime.Label;

/** Lists, tuples and iterators without the C API. Answers false where the C API has to do it. */
final class FastSequences {
    private final FastContext context;
    private final Emission emission;

    FastSequences(FastContext context) {
        this.context = context;
        emission = context.emission;
    }

    /** The exact list or tuple type that a stack value has or was noted to have; 0 for all others. */
    private long sequenceType(int index, Profile.Note note) {
        if (context.profile.refused(context.instruction) || !context.isObject(index)) {
            return 0;
        }
        long type = context.type(index);
        if (type == Value.UNKNOWN) {
            type = context.profile.type(context.instruction, note);
        }
        return type == context.api.listType || type == context.api.tupleType ? type : 0;
    }

    /** BINARY_SUBSCR. */
    boolean item() {
        int b = context.depth() - 1;
        int a = b - 1;
        long type = sequenceType(a, Profile.Note.LEFT);
        if (type == 0 || context.kind(b, Profile.Note.RIGHT) != Kind.INT) {
            return false;
        }
        boolean isStatic = context.isImmediate(b);
        if (isStatic && context.immediate(b) < 0) {
            return false;
        }
        boolean isList = type == context.api.listType;
        int index = isStatic ? -1 : context.intOf(b);
        context.loadObject(a);
        context.guard(a, type);
        if (isStatic) {
            context.stencils.sequences.item(isList, (int) context.immediate(b), context.exit(Reason.BOUNDS));
        } else {
            context.stencils.sequences.itemAt(isList, index, context.exit(Reason.BOUNDS));
        }
        long result = context.profile.type(context.instruction, Profile.Note.RESULT);
        if (result == context.api.floatType) {
            context.stencils.sequences.guard(result, context.exit(Reason.TYPE));
            int to = context.registers.takeFloat();
            context.stencils.floats.unbox(to);
            context.pop();
            context.drop();
            context.pushFloat(to);
        } else if (result == context.api.intType) {
            context.stencils.sequences.guard(result, context.exit(Reason.TYPE));
            int to = context.registers.takeInt();
            context.stencils.ints.unbox(to, context.exit(Reason.LARGE));
            context.pop();
            context.drop();
            context.pushInt(to);
        } else {
            emission.objects.retain(RAX);
            boolean owns = context.value(a) instanceof Value.InSlot;
            if (owns) {
                emission.objects.load(RDI, emission.stack(a));
            }
            emission.objects.store(emission.stack(a), RAX);
            context.pop();
            context.pop();
            context.push(new Value.InSlot(Value.UNKNOWN));
            if (owns) {
                context.stencils.sequences.drop(context.instructionAddress(), context.routines.dealloc);
            }
        }
        return true;
    }

    /** STORE_SUBSCR: value, container, index. */
    boolean store() {
        int b = context.depth() - 1;
        int a = b - 1;
        int v = a - 1;
        long type = sequenceType(a, Profile.Note.LEFT);
        if (type != context.api.listType || context.kind(b, Profile.Note.RIGHT) != Kind.INT) {
            return false;
        }
        boolean isStatic = context.isImmediate(b);
        if (isStatic && context.immediate(b) < 0) {
            return false;
        }
        int index = isStatic ? -1 : context.intOf(b);
        context.loadObject(a);
        context.guard(a, type);
        boolean isFloat = context.type(v) == context.api.floatType && !context.isObject(v);
        int value = isFloat ? context.floatOf(v, Kind.FLOAT) : -1;
        context.loadObject(a);
        if (isStatic) {
            context.stencils.sequences.place((int) context.immediate(b), context.exit(Reason.BOUNDS));
        } else {
            context.stencils.sequences.placeAt(index, context.exit(Reason.BOUNDS));
        }
        if (isFloat) {
            context.stencils.sequences.replaceFloat(
                    value,
                    context.api.floatType,
                    context.routines.boxFloat,
                    context.instructionAddress(),
                    context.routines.dealloc);
        } else {
            context.exits.reference(context.state, v);
            context.stencils.sequences.replace(context.instructionAddress(), context.routines.dealloc);
        }
        context.pop();
        context.drop();
        context.pop();
        return true;
    }

    /** UNPACK_SEQUENCE: the last item lies deepest. */
    boolean unpack() {
        int top = context.depth() - 1;
        int size = context.instruction.argument();
        long type = sequenceType(top, Profile.Note.LEFT);
        if (type == 0) {
            return false;
        }
        context.loadObject(top);
        context.guard(top, type);
        context.stencils.sequences.unpack(type == context.api.listType, size, context.exit(Reason.SIZE));
        boolean owns = context.value(top) instanceof Value.InSlot;
        emission.objects.move(RDI, RAX);
        for (int i = 0; i < size; i++) {
            emission.objects.field(RAX, RSI, 8 * i);
            emission.objects.retain(RAX);
            emission.objects.store(emission.stack(top + size - 1 - i), RAX);
        }
        context.pop();
        for (int i = 0; i < size; i++) {
            context.push(new Value.InSlot(Value.UNKNOWN));
        }
        if (owns) {
            context.stencils.sequences.drop(context.instructionAddress(), context.routines.dealloc);
        }
        return true;
    }

    /** FOR_ITER; at the end of the iterator goes to another version of {@code target}. */
    boolean next(FastCompiler compiler) {
        int top = context.depth() - 1;
        if (context.profile.refused(context.instruction) || !(context.value(top) instanceof Value.InSlot)) {
            return false;
        }
        long type = context.type(top);
        if (type == Value.UNKNOWN) {
            type = context.profile.type(context.instruction, Profile.Note.LEFT);
        }
        boolean isRange = type == context.api.rangeIterator;
        boolean isList = type == context.api.listIterator;
        if (!isRange && !isList && type != context.api.tupleIterator) {
            return false;
        }
        for (int i = 0; i < top; i++) {
            context.registers.spill(i);
        }
        context.loadObject(top);
        context.guard(top, type);
        Label end = new Label();
        State atEnd = context.state.withoutRegisters();
        atEnd.stack.remove(top);
        Label target = compiler.label(context.instruction.target(), atEnd);
        if (isRange) {
            int to = context.registers.takeInt();
            context.stencils.sequences.nextOfRange(to, end);
            context.pushInt(to);
        } else {
            context.stencils.sequences.nextOfSequence(isList, end);
            emission.objects.store(emission.stack(top + 1), RAX);
            context.push(new Value.InSlot(Value.UNKNOWN));
        }
        long address = context.instructionAddress();
        emission.later(() -> {
            emission.objects.here(end);
            if (!isRange) {
                emission.objects.load(RAX, emission.stack(top));
                context.stencils.sequences.exhaust();
                context.stencils.sequences.dropIfAny(address, context.routines.dealloc);
            }
            emission.objects.load(RDI, emission.stack(top));
            context.stencils.sequences.drop(address, context.routines.dealloc);
            emission.objects.jump(target);
        });
        return true;
    }
}
