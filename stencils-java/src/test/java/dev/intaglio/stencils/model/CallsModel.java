package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R10;
import static dev.intaglio.stencils.model.Machine.R11;
import static dev.intaglio.stencils.model.Machine.R12;
import static dev.intaglio.stencils.model.Machine.R13;
import static dev.intaglio.stencils.model.Machine.R14;
import static dev.intaglio.stencils.model.Machine.R15;
import static dev.intaglio.stencils.model.Machine.R8;
import static dev.intaglio.stencils.model.Machine.R9;
import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RBP;
import static dev.intaglio.stencils.model.Machine.RCX;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RDX;
import static dev.intaglio.stencils.model.Machine.RSI;
import static dev.intaglio.stencils.model.Machine.RSP;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Calls;

/** {@link Calls} in plain Java. */
final class CallsModel implements Calls {
    private final Machine m;
    private final References references;
    /** Control has come to where a routine that follows has all arguments. */
    private boolean complete;

    CallsModel(Machine m) {
        this.m = m;
        references = new References(m);
    }

    private void scratch() {
        m.scratch(RAX, RCX, RDX, RSI, RDI, R8, R9, R10, R11);
    }

    @Override
    public void call(int slot, int arguments, long routine) {
        m.set(RBP, m.get(R13) + slot);
        m.set4(R14, arguments);
        m.call(routine);
    }

    @Override
    public void routine(
            Label here, long functionType, long evaluate, Label defaults, Label complete, Label clear, Label other) {
        if (!this.complete) {
            begin(functionType, defaults, other);
        }
        pushFrame();
        m.set(RDI, m.get(R15));
        m.set(RSI, m.get(R14));
        m.set(RDX, 0);
        m.set(R12, m.call(evaluate));
        scratch();
        throw m.leave(clear);
    }

    @Override
    public void unbind(Label here, long methodType, long dealloc, Label routine, Label other) {
        long slots = m.get(RBP);
        scratch();
        long method = m.load(slots + 8);
        if (m.load(slots) != 0 || m.load(method + OBJECT_TYPE) != methodType) {
            throw m.leave(other);
        }
        long function = m.load(method + METHOD_FUNCTION);
        long self = m.load(method + METHOD_SELF);
        references.retain(function);
        references.retain(self);
        m.store(slots, function);
        m.store(slots + 8, self);
        references.drop(method, dealloc);
        m.set(RSP, m.get(RSP) + 8);
        throw m.leave(routine);
    }

    private void begin(long functionType, Label defaults, Label other) {
        long slots = m.get(RBP);
        long given = m.get(R14);
        boolean bound = m.load(slots) != 0;
        long function = bound ? m.load(slots) : m.load(slots + 8);
        m.set(RSP, m.get(RSP) - 8);
        scratch();
        if (m.load(function + OBJECT_TYPE) != functionType) {
            throw m.leave(other);
        }
        long code = m.load(function + FUNCTION_CODE);
        int flags = m.load4(code + CODE_FLAGS);
        long frame = m.load(m.get(R15) + THREAD_DATA_TOP);
        long top = frame + FRAME_SLOTS + 8L * (m.load4(code + CODE_LOCALS_PLUS) + m.load4(code + CODE_STACKSIZE));
        boolean plain = (flags & OPTIMIZED) != 0 && (flags & STARRED) == 0 && m.load4(code + CODE_KEYWORD_ONLY) == 0;
        if (!plain || top >= m.load(m.get(R15) + THREAD_DATA_LIMIT)) {
            throw m.leave(other);
        }
        m.set(RAX, function);
        m.set(RDX, code);
        m.set(RSI, frame);
        m.set(RDI, frame + FRAME_SLOTS);
        m.set(R8, slots + (bound ? 8 : 16));
        m.set(R9, bound ? given + 1 : given);
        m.set(R10, m.load4(code + CODE_ARGUMENTS) - m.get(R9));
        m.set(R11, top);
        if (m.get(R10) != 0) {
            throw m.leave(defaults);
        }
    }

    /** The frame takes over the references to the function and its arguments. */
    private void pushFrame() {
        long function = m.get(RAX);
        long code = m.get(RDX);
        long frame = m.get(RSI);
        int locals = m.load4(code + CODE_LOCALS_PLUS);
        m.store(m.get(R15) + THREAD_DATA_TOP, m.get(R11));
        for (long i = 0; i < m.get(R9); i++) {
            m.store(frame + FRAME_SLOTS + 8 * i, m.load(m.get(R8) + 8 * i));
        }
        for (long i = m.get(R9) + m.get(R10); i < locals; i++) {
            m.store(frame + FRAME_SLOTS + 8 * i, 0);
        }
        references.retain(code);
        m.store(frame + FRAME_FUNCTION, function);
        m.store(frame + FRAME_GLOBALS, m.load(function + FUNCTION_GLOBALS));
        m.store(frame + FRAME_BUILTINS, m.load(function + FUNCTION_BUILTINS));
        m.store(frame + FRAME_NAMES, 0);
        m.store(frame + FRAME_CODE, code);
        m.store(frame + FRAME_OBJECT, 0);
        m.store(frame + FRAME_INSTRUCTION, code + CODE_BYTECODE - 2);
        m.store4(frame + FRAME_STACKTOP, locals);
        m.store2(frame + FRAME_IS_ENTRY, 0); // and the owner: a thread
        m.set(R14, frame);
    }

    @Override
    public void defaults(Label here, Label complete, Label other) {
        long missing = m.get(R10);
        long defaults = m.load(m.get(RAX) + FUNCTION_DEFAULTS);
        m.scratch(R12, RCX);
        if (missing < 0 || defaults == 0 || m.load(defaults + VAR_SIZE) < missing) {
            scratch();
            throw m.leave(other);
        }
        long first = m.load(defaults + VAR_SIZE) - missing;
        for (long i = 0; i < missing; i++) {
            long value = m.load(defaults + TUPLE_ITEMS + 8 * (first + i));
            references.retain(value);
            m.store(m.get(RSI) + FRAME_SLOTS + 8 * (m.get(R9) + i), value);
        }
        m.set(RDI, m.get(RSI) + FRAME_SLOTS);
        this.complete = true;
    }

    @Override
    public void clear(Label here, Label seen, Label locals, Label pop, long dealloc) {
        long frame = m.get(R14);
        m.scratch(RBP);
        scratch();
        if (m.load(frame + FRAME_OBJECT) != 0) {
            m.set(R14, frame);
            throw m.leave(seen);
        }
        for (int i = 0; i < m.load4(frame + FRAME_STACKTOP); i++) {
            references.dropIfAny(m.load(frame + FRAME_SLOTS + 8L * i), dealloc);
        }
        references.dropIfAny(m.load(frame + FRAME_NAMES), dealloc);
        references.drop(m.load(frame + FRAME_FUNCTION), dealloc);
        references.drop(m.load(frame + FRAME_CODE), dealloc);
        m.store(m.get(R15) + THREAD_DATA_TOP, frame);
        m.set(RSP, m.get(RSP) + 8);
        throw m.ret();
    }

    @Override
    public void seen(
            Label here, Label locals, Label pop, long dealloc, long copy, long getBack, long isTracked, long track) {
        long frame = m.get(R14);
        long object = m.load(frame + FRAME_OBJECT);
        m.scratch(RBP);
        scratch();
        m.store(frame + FRAME_OBJECT, 0);
        if (m.load(object + OBJECT_REFCNT) == 1) {
            references.drop(object, dealloc);
            throw m.leave(locals);
        }
        long data = object + FRAME_OBJECT_DATA;
        m.set(RDI, data);
        m.set(RSI, frame);
        m.set(RDX, FRAME_SLOTS + 8L * m.load4(frame + FRAME_STACKTOP));
        m.call(copy);
        m.store(object + FRAME_OBJECT_FRAME, data);
        m.store1(data + FRAME_OWNER, OWNED_BY_FRAME_OBJECT);
        long code = m.load(data + FRAME_CODE);
        long first = code + CODE_BYTECODE + 2L * m.load4(code + CODE_FIRST_TRACEABLE);
        m.store(data + FRAME_INSTRUCTION, Math.max(first, m.load(data + FRAME_INSTRUCTION)));
        m.set(RDI, object);
        m.store(object + FRAME_OBJECT_BACK, m.call(getBack));
        m.store(data + FRAME_PREVIOUS, 0);
        m.set(RDI, object);
        if ((int) m.call(isTracked) == 0) {
            m.set(RDI, object);
            m.call(track);
        }
        m.add(object + OBJECT_REFCNT, -1);
        scratch();
        throw m.leave(pop);
    }

    @Override
    public void callNative(Label here, long functionType, long descriptorType, long check, Label ends, Label other) {
        long slots = m.get(RBP);
        long given = m.get(R14);
        boolean bound = m.load(slots) != 0;
        long callable = m.load(bound ? slots : slots + 8);
        long self = m.load(slots + 8);
        long thread = m.get(R15);
        scratch();
        boolean fits = bound
                ? m.load(callable + OBJECT_TYPE) == descriptorType
                        && m.load(self + OBJECT_TYPE) == m.load(callable + DESCRIPTOR_TYPE)
                : m.load(callable + OBJECT_TYPE) == functionType;
        if (!fits) {
            throw m.leave(other);
        }
        long method = m.load(callable + (bound ? DESCRIPTOR_METHOD : NATIVE_METHOD));
        int takes = m.load4(method + METHOD_FLAGS) & TAKES;
        boolean takesThese =
                takes == TAKES_ARRAY || takes == TAKES_ONE && given == 1 || takes == TAKES_NOTHING && given == 0;
        if (!takesThese || m.load4(thread + THREAD_RECURSION_REMAINING) <= 0) {
            throw m.leave(other);
        }
        long arguments = slots + 16;
        m.set(RDI, bound ? self : m.load(callable + NATIVE_SELF));
        m.set(RSI, takes == TAKES_ARRAY ? arguments : takes == TAKES_ONE ? m.load(arguments) : 0);
        m.set(RDX, given);
        m.add4(thread + THREAD_RECURSION_REMAINING, -1);
        long result = m.call(m.load(method + METHOD_CODE));
        m.add4(thread + THREAD_RECURSION_REMAINING, 1);
        if (result == 0 || m.load(thread + THREAD_EXCEPTION) != 0) {
            m.set(RDI, thread);
            m.set(RSI, callable);
            m.set(RDX, result);
            m.set(RCX, 0);
            result = m.call(check);
        }
        scratch();
        m.set(R12, result);
        throw m.leave(ends);
    }

    @Override
    public void general(Label here, Label ends, long vectorcall, long dealloc) {
        long slots = m.get(RBP);
        long given = m.get(R14);
        boolean bound = m.load(slots) != 0;
        m.set(RDI, bound ? m.load(slots) : m.load(slots + 8));
        m.set(RSI, slots + (bound ? 8 : 16));
        m.set(RDX, OFFSET_FLAG + given + (bound ? 1 : 0));
        m.set(RCX, 0);
        long result = m.call(vectorcall);
        scratch();
        for (long i = 0; i < given + 2; i++) {
            references.dropIfAny(m.load(slots + 8 * i), dealloc);
        }
        m.set(R12, result);
        m.scratch(RBP, R14);
        scratch();
        m.set(RSP, m.get(RSP) + 8);
        throw m.ret();
    }
}
