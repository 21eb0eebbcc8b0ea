package dev.intaglio.cpython.jit;

import static dev.intaglio.stencils.Registers.R12;
import static dev.intaglio.stencils.Registers.RAX;
import static dev.intaglio.stencils.Registers.RDI;

import dev.intaglio.cpython.jit.FastContext.Kind;
import dev.intaglio.runtime.Label;
import java.util.Optional;

/**
 * One instruction after the other in the fast form. What needs no C API works on unboxed values and known types; for the
 * rest the state takes the interpreter's shape and the plain operation follows.
 */
final class FastOperations {
    /** There is nothing to go on with behind the instruction. */
    private static final int ENDS = -1;

    private final FastContext context;
    private final Emission emission;
    private final CodeObject code;
    private final PlainOperations plain;
    private final FastArithmetic arithmetic;
    private final FastSequences sequences;
    private final FastAttributes attributes;
    private final FastLocals locals;

    FastOperations(FastContext context) {
        this.context = context;
        emission = context.emission;
        code = context.code;
        plain = new PlainOperations(emission, context.profile, false);
        arithmetic = new FastArithmetic(context);
        sequences = new FastSequences(context);
        attributes = new FastAttributes(context);
        locals = new FastLocals(context);
    }

    void use(State state) {
        context.use(state);
    }

    State state() {
        return context.state;
    }

    void spillAll() {
        context.spillAll();
    }

    void flush() {
        context.flush();
    }

    /** Emits an instruction; answers the unit of the one that follows, or -1. */
    int emit(Instruction instruction, FastCompiler compiler) {
        context.instruction = instruction;
        context.registers.unlock();
        int argument = instruction.argument();
        boolean done = switch (instruction.opcode()) {
            case NOP, PRECALL, KW_NAMES -> true;
            case LOAD_FAST -> locals.load(argument);
            case STORE_FAST -> locals.store(argument);
            case LOAD_CONST -> {
                context.push(new Value.Constant(code.constant(argument)));
                yield true;
            }
            case POP_TOP -> {
                context.drop();
                yield true;
            }
            case PUSH_NULL -> {
                emission.objects.clear(emission.stack(context.depth()));
                context.push(new Value.InSlot(Value.UNKNOWN));
                yield true;
            }
            case COPY -> locals.copy(argument);
            case SWAP -> locals.swap(argument);
            case UNARY_NEGATIVE -> arithmetic.negate();
            case BINARY_SUBSCR -> sequences.item();
            case STORE_SUBSCR -> sequences.store();
            case UNPACK_SEQUENCE -> sequences.unpack();
            case LOAD_ATTR -> attributes.load();
            case STORE_ATTR -> attributes.store();
            case LOAD_METHOD -> attributes.method();
            case LOAD_GLOBAL -> loadGlobal(instruction);
            case GET_ITER -> getIter(instruction);
            default -> false;
        };
        if (done) {
            return instruction.next();
        }
        return switch (instruction.opcode()) {
            case BINARY_OP -> binary(instruction);
            case COMPARE_OP -> compare(instruction, compiler);
            case FOR_ITER -> forIter(instruction, compiler);
            case JUMP_FORWARD -> {
                context.spillAll();
                emission.objects.jump(compiler.label(instruction.target(), context.state));
                yield ENDS;
            }
            case JUMP_BACKWARD -> {
                context.spillAll();
                emission.control.poll(context.quietExit(Reason.WAITING));
                emission.objects.jump(compiler.label(instruction.target(), context.state));
                yield ENDS;
            }
            case JUMP_IF_FALSE_OR_POP, JUMP_IF_TRUE_OR_POP -> {
                context.flush();
                plain.jumpOrPop(instruction, context.depth(), compiler.label(instruction.target(), context.state));
                context.pop();
                yield instruction.next();
            }
            case RESUME -> {
                emission.control.poll(context.quietExit(Reason.WAITING));
                yield instruction.next();
            }
            case RETURN_VALUE -> {
                if (anyUnboxed()) {
                    context.stencils.sequences.unlessSeen(context.quietExit(Reason.SEEN));
                }
                emission.at(instruction);
                context.exits.reference(context.state, context.depth() - 1);
                emission.objects.jump(emission.leave);
                yield ENDS;
            }
            case UNKNOWN, RAISE_VARARGS, RERAISE -> {
                emission.objects.jump(context.quietExit(Reason.UNKNOWN));
                yield ENDS;
            }
            default -> instruction.opcode().popsAndJumps() ? popAndJump(instruction, compiler) : general(instruction);
        };
    }

    private boolean anyUnboxed() {
        for (Variable variable : context.state.locals) {
            if (!variable.isObject()) {
                return true;
            }
        }
        return false;
    }

    /** The plain operation, everything in its place. */
    private int general(Instruction instruction) {
        int depth = context.depth();
        context.flush();
        plain.emit(instruction, depth);
        switch (instruction.opcode()) {
            case MAKE_CELL, DELETE_FAST -> context.state.locals[instruction.argument()] = Variable.UNKNOWN;
            case COPY_FREE_VARS -> {
                for (int i = 1; i <= instruction.argument(); i++) {
                    context.state.locals[code.locals() - i] = Variable.UNKNOWN;
                }
            }
            default -> {}
        }
        // An instruction leaves alone what lies deeper than its operands.
        int untouched = depth - popped(instruction);
        while (context.depth() > untouched) {
            context.pop();
        }
        while (context.depth() < depth + instruction.effect()) {
            context.push(new Value.InSlot(Value.UNKNOWN));
        }
        return instruction.next();
    }

    private static int popped(Instruction instruction) {
        int argument = instruction.argument();
        return switch (instruction.opcode()) {
            case UNARY_NEGATIVE,
                    UNARY_POSITIVE,
                    UNARY_INVERT,
                    UNARY_NOT,
                    GET_ITER,
                    LOAD_ATTR,
                    LOAD_METHOD,
                    UNPACK_SEQUENCE,
                    LIST_APPEND,
                    LIST_EXTEND,
                    LIST_TO_TUPLE,
                    SET_ADD,
                    SET_UPDATE,
                    DICT_MERGE,
                    DICT_UPDATE,
                    DELETE_ATTR,
                    BEFORE_WITH,
                    STORE_DEREF,
                    STORE_FAST,
                    STORE_GLOBAL,
                    POP_TOP -> 1;
            case BINARY_OP, BINARY_SUBSCR, COMPARE_OP, IS_OP, CONTAINS_OP, STORE_ATTR, DELETE_SUBSCR, MAP_ADD -> 2;
            case STORE_SUBSCR -> 3;
            case CALL -> argument + 2;
            case BUILD_TUPLE, BUILD_LIST, BUILD_SET, BUILD_STRING, BUILD_SLICE -> argument;
            case BUILD_CONST_KEY_MAP -> argument + 1;
            case MAKE_FUNCTION -> 1 + Integer.bitCount(argument & 0xF);
            case CALL_FUNCTION_EX -> 3 + (argument & 1);
            case BUILD_MAP -> 2 * argument;
            case FORMAT_VALUE -> (argument & 4) != 0 ? 2 : 1;
            default -> 0;
        };
    }

    private int binary(Instruction instruction) {
        Kind left = context.kind(context.depth() - 2, Profile.Note.LEFT);
        Kind right = context.kind(context.depth() - 1, Profile.Note.RIGHT);
        if (left == Kind.NEVER || right == Kind.NEVER) {
            return never();
        }
        if (arithmetic.binary(left, right)) {
            return instruction.next();
        }
        Optional<Instruction> store = code.storeOfSum(instruction);
        return store.isPresent() && addsStrings(instruction) ? append(instruction, store.get()) : general(instruction);
    }

    private boolean addsStrings(Instruction instruction) {
        long string = context.api.stringType;
        return context.profile.type(instruction, Profile.Note.LEFT) == string
                && context.profile.type(instruction, Profile.Note.RIGHT) == string
                && context.value(context.depth() - 2) instanceof Value.OfLocal local
                && local.index() == code.at(instruction.next()).argument();
    }

    private int append(Instruction instruction, Instruction store) {
        context.flush();
        int depth = context.depth();
        plain.append(instruction, store, depth, context.exit(Reason.TYPE));
        context.pop();
        context.pop();
        context.state.locals[store.argument()] = Variable.object(context.api.stringType);
        return store.next();
    }

    /** Plain code finds out what happens here. */
    private int never() {
        emission.objects.jump(context.exit(Reason.FIRST));
        return ENDS;
    }

    /** A comparison with the jump behind it; without one the C API compares. */
    private int compare(Instruction instruction, FastCompiler compiler) {
        Kind left = context.kind(context.depth() - 2, Profile.Note.LEFT);
        Kind right = context.kind(context.depth() - 1, Profile.Note.RIGHT);
        Instruction jump = code.at(instruction.next());
        boolean fuses = jump != null
                && !code.isTarget(instruction.next())
                && jump.opcode().popsAndJumps()
                && !jump.opcode().name().endsWith("NONE");
        if (left == Kind.NEVER || right == Kind.NEVER) {
            return never();
        }
        if (!fuses || left == Kind.OTHER || right == Kind.OTHER || !arithmetic.comparesExactly(left, right)) {
            return general(instruction);
        }
        arithmetic.prepare(left, right);
        for (int i = 0; i < context.depth() - 2; i++) {
            context.registers.spill(i);
        }
        State after = context.state.withoutRegisters();
        after.stack.remove(after.depth() - 1);
        after.stack.remove(after.depth() - 1);
        boolean ifTrue = jump.opcode().name().endsWith("TRUE");
        Label target = branchTarget(jump, after, compiler);
        arithmetic.compare(left, right, ifTrue, target);
        context.pop();
        context.pop();
        return jump.next();
    }

    /** Where a conditional jump goes: a version of its target, with a look at the eval breaker on the way back. */
    private Label branchTarget(Instruction jump, State after, FastCompiler compiler) {
        Label target = compiler.label(jump.target(), after);
        if (!jump.opcode().jumpsBackward()) {
            return target;
        }
        Label back = new Label();
        Label pending = context.exits.quietExit(code.at(jump.target()), after, Reason.WAITING);
        emission.later(() -> {
            emission.objects.here(back);
            emission.control.poll(pending);
            emission.objects.jump(target);
        });
        return back;
    }

    private int forIter(Instruction instruction, FastCompiler compiler) {
        if (sequences.next(compiler)) {
            return instruction.next();
        }
        if (context.profile.type(instruction, Profile.Note.LEFT) == Profile.NEVER) {
            return never();
        }
        context.flush();
        State atEnd = context.state.copy();
        atEnd.stack.remove(atEnd.depth() - 1);
        plain.forIter(instruction, context.depth(), compiler.label(instruction.target(), atEnd));
        context.push(new Value.InSlot(Value.UNKNOWN));
        return instruction.next();
    }

    private int popAndJump(Instruction jump, FastCompiler compiler) {
        int top = context.depth() - 1;
        Value value = context.value(top);
        boolean isInt = value instanceof Value.IntIn
                || value instanceof Value.IntSpilled
                || value instanceof Value.OfLocal local
                        && context.state.locals[local.index()].kind() == Variable.Kind.INT;
        if (isInt && !jump.opcode().name().endsWith("NONE")) {
            int register = context.intOf(top);
            for (int i = 0; i < top; i++) {
                context.registers.spill(i);
            }
            State after = context.state.withoutRegisters();
            after.stack.remove(top);
            Label target = branchTarget(jump, after, compiler);
            context.stencils.ints.jumpOnTruth(register, jump.opcode().name().endsWith("TRUE"), target);
            context.pop();
            return jump.next();
        }
        context.flush();
        boolean ifTrue = plain.condition(jump, context.depth());
        context.pop();
        Label target = branchTarget(jump, context.state.withoutRegisters(), compiler);
        emission.objects.jumpOnInt(ifTrue, target);
        return jump.next();
    }

    private boolean loadGlobal(Instruction instruction) {
        context.spillAll();
        Label missing = context.quietExit(Reason.GLOBAL);
        int slot = emission.stack(context.depth());
        boolean pushesNull = (instruction.argument() & 1) != 0;
        if (pushesNull) {
            emission.objects.clear(slot);
            slot += 8;
        }
        emission.objects.loadGlobal(
                slot,
                context.profile.global(instruction),
                code.name(instruction.argument() >> 1),
                context.api.of("PyDict_GetItemWithError"),
                missing);
        if (pushesNull) {
            context.push(new Value.InSlot(Value.UNKNOWN));
        }
        context.push(new Value.InSlot(Value.UNKNOWN));
        return true;
    }

    /** The iterator of an exact list or tuple: making it runs no code that could see the frame. */
    private boolean getIter(Instruction instruction) {
        int top = context.depth() - 1;
        if (!context.isObject(top) || context.profile.refused(instruction)) {
            return false;
        }
        long type = context.type(top);
        if (type == Value.UNKNOWN) {
            type = context.profile.type(instruction, Profile.Note.LEFT);
        }
        boolean isList = type == context.api.listType;
        if (!isList && type != context.api.tupleType) {
            return false;
        }
        context.loadObject(top);
        context.guard(top, type);
        context.spillAll();
        context.loadObject(top);
        emission.objects.move(RDI, RAX);
        emission.objects.call(context.api.of("PyObject_GetIter"));
        emission.objects.failIfNull(context.exit(Reason.MEMORY));
        boolean owns = context.value(top) instanceof Value.InSlot;
        if (owns) {
            emission.objects.load(RDI, emission.stack(top));
        }
        emission.objects.store(emission.stack(top), R12);
        context.pop();
        context.push(new Value.InSlot(isList ? context.api.listIterator : context.api.tupleIterator));
        if (owns) {
            context.stencils.sequences.drop(context.instructionAddress(), context.routines.dealloc);
        }
        return true;
    }
}
