package dev.intaglio.cpython.jit;

import static dev.intaglio.stencils.Registers.RAX;
import static dev.intaglio.stencils.Registers.RDI;

import dev.intaglio.cpython.jit.FastContext.Kind;
import dev.intaglio.stencils.Attributes;
import java.util.Optional;

/** Attributes and methods without the C API, by the version of the type. Answers false where the C API has to do it. */
final class FastAttributes {
    private final FastContext context;
    private final Emission emission;
    private final Attributes attributes;

    FastAttributes(FastContext context) {
        this.context = context;
        emission = context.emission;
        attributes = context.stencils.attributes;
    }

    /** LOAD_ATTR. */
    boolean load() {
        int top = context.depth() - 1;
        Optional<Attribute> found =
                type(top).flatMap(type -> Attribute.read(context.api, type, context.code.name(name())));
        if (found.isEmpty() || found.get() instanceof Attribute.OfType ofType && !isConstant(ofType)) {
            return false;
        }
        context.loadObject(top);
        fetch(found.get());
        long result = context.profile.type(context.instruction, Profile.Note.RESULT);
        if (result == context.api.floatType) {
            context.stencils.sequences.guard(result, context.exit(Reason.TYPE));
            int to = context.registers.takeFloat();
            context.stencils.floats.unbox(to);
            context.drop();
            context.pushFloat(to);
        } else if (result == context.api.intType) {
            context.stencils.sequences.guard(result, context.exit(Reason.TYPE));
            int to = context.registers.takeInt();
            context.stencils.ints.unbox(to, context.exit(Reason.LARGE));
            context.drop();
            context.pushInt(to);
        } else {
            emission.objects.retain(RAX);
            replace(top);
        }
        return true;
    }

    /** LOAD_METHOD: a method and self, or NULL and what is no method. */
    boolean method() {
        int top = context.depth() - 1;
        Optional<Attribute> found =
                type(top).flatMap(type -> Attribute.read(context.api, type, context.code.name(name())));
        if (found.isEmpty()) {
            return false;
        }
        if (found.get() instanceof Attribute.OfType ofType) {
            if (!ofType.isMethod() || context.profile.metDictionaries(context.instruction)) {
                return false;
            }
            context.loadObject(top);
            guard(ofType);
            boolean owns = context.value(top) instanceof Value.InSlot;
            attributes.method(emission.stack(top), ofType.object(), !owns);
            context.pop();
            context.push(new Value.InSlot(Value.UNKNOWN));
            context.push(new Value.InSlot(Value.UNKNOWN));
            return true;
        }
        context.loadObject(top);
        fetch(found.get());
        emission.objects.retain(RAX);
        boolean owns = context.value(top) instanceof Value.InSlot;
        emission.objects.store(emission.stack(top + 1), RAX);
        if (owns) {
            emission.objects.load(RDI, emission.stack(top));
        }
        emission.objects.clear(emission.stack(top));
        context.pop();
        context.push(new Value.InSlot(Value.UNKNOWN));
        context.push(new Value.InSlot(Value.UNKNOWN));
        if (owns) {
            context.stencils.sequences.drop(context.instructionAddress(), context.routines.dealloc);
        }
        return true;
    }

    /** STORE_ATTR: value, object. */
    boolean store() {
        int top = context.depth() - 1;
        int v = top - 1;
        Optional<Attribute> found =
                type(top).flatMap(type -> Attribute.write(context.api, type, context.code.name(name())));
        if (found.isEmpty()
                || context.profile.metDictionaries(context.instruction)
                || found.get() instanceof Attribute.OfType
                || found.get() instanceof Attribute.OfSlot slot && !slot.writable()) {
            return false;
        }
        boolean isFloat = context.type(v) == context.api.floatType && !context.isObject(v);
        int value = isFloat ? context.floatOf(v, Kind.FLOAT) : -1;
        context.loadObject(top);
        attributes.guard(found.get().version(), context.exit(Reason.TYPE));
        int index = -1;
        if (found.get() instanceof Attribute.OfValues ofValues) {
            attributes.values(context.exit(Reason.DICTIONARY));
            attributes.place(true, ofValues.displacement());
            index = ofValues.index();
        } else {
            attributes.place(false, ((Attribute.OfSlot) found.get()).offset());
        }
        long at = context.instructionAddress();
        if (isFloat) {
            attributes.storeFloat(
                    value, index, context.api.floatType, context.routines.boxFloat, at, context.routines.dealloc);
        } else {
            context.exits.reference(context.state, v);
            attributes.store(index, at, context.routines.dealloc);
        }
        context.drop();
        context.pop();
        return true;
    }

    private boolean isConstant(Attribute.OfType attribute) {
        return attribute.isPlain() && !context.profile.metDictionaries(context.instruction);
    }

    private int name() {
        return context.instruction.argument();
    }

    /** The type that a stack value was noted to have. */
    private Optional<Long> type(int index) {
        if (context.profile.refused(context.instruction) || !context.isObject(index)) {
            return Optional.empty();
        }
        long type = context.profile.type(context.instruction, Profile.Note.LEFT);
        return type == Profile.NEVER || type == Profile.MANY ? Optional.empty() : Optional.of(type);
    }

    /** The attribute of the object in rax, borrowed, into rax. */
    private void fetch(Attribute attribute) {
        if (attribute instanceof Attribute.OfType ofType) {
            guard(ofType);
            emission.objects.constant(RAX, ofType.object());
            return;
        }
        attributes.guard(attribute.version(), context.exit(Reason.TYPE));
        if (attribute instanceof Attribute.OfValues ofValues && context.profile.metDictionaries(context.instruction)) {
            attributes.loadFromEither(
                    ofValues.displacement(),
                    ofValues.keys().address(),
                    context.code.name(name()),
                    context.profile.hint(context.instruction),
                    context.exit(Reason.UNBOUND));
        } else if (attribute instanceof Attribute.OfValues ofValues) {
            attributes.values(context.exit(Reason.DICTIONARY));
            attributes.loadFromValues(ofValues.displacement(), context.exit(Reason.UNBOUND));
        } else {
            attributes.loadFromSlot(((Attribute.OfSlot) attribute).offset(), context.exit(Reason.UNBOUND));
        }
    }

    /** Leaves where the object in rax may have an attribute of its own before the type's. */
    private void guard(Attribute.OfType attribute) {
        attributes.guard(attribute.version(), context.exit(Reason.TYPE));
        attribute.keys().ifPresent(keys -> {
            attributes.values(context.exit(Reason.DICTIONARY));
            attributes.sameKeys(keys.address(), keys.used(), context.exit(Reason.KEYS));
        });
    }

    /** The reference in rax takes the place of the top. */
    private void replace(int top) {
        boolean owns = context.value(top) instanceof Value.InSlot;
        if (owns) {
            emission.objects.load(RDI, emission.stack(top));
        }
        emission.objects.store(emission.stack(top), RAX);
        context.pop();
        context.push(new Value.InSlot(Value.UNKNOWN));
        if (owns) {
            context.stencils.sequences.drop(context.instructionAddress(), context.routines.dealloc);
        }
    }
}
