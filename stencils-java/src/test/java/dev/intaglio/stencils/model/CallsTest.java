package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R10;
import static dev.intaglio.stencils.model.Machine.R11;
import static dev.intaglio.stencils.model.Machine.R14;
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
import dev.intaglio.stencils.CallsCopyAndPatchEmitter;
import dev.intaglio.stencils.CallsEmitter;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallsTest extends StencilTest<Calls> {
    CallsTest() {
        super(Calls.class, CallsEmitter::new, CallsCopyAndPatchEmitter::new, CallsModel::new);
    }

    @Test
    void theRoutineIsToldWhereAndHowMany() {
        check(s -> {
            int slot = s.slot();
            int arguments = s.oneOf(0, 1, 3, 300);
            long routine = s.routine("call", List.of(RBP, R14));
            s.m.reply("call", 0);
            return calls -> calls.call(slot, arguments, routine);
        });
    }

    @Test
    void aPythonFunctionGetsAFrameWithItsArguments() {
        check(s -> {
            s.returnTo("caller", true);
            long functionType = s.type();
            int given = s.random.nextInt(4);
            int slot = s.slot(s.objectOrNull());
            long slots = s.frame() + slot;
            s.m.set(RBP, slots);
            s.m.set(R14, given);
            int arguments = s.m.load(slots) == 0 ? given : given + 1;
            long function = function(s, s.rarely(8) ? s.type() : functionType, arguments + s.oneOf(0, 0, 0, 1, -1));
            s.m.store(slots + (s.m.load(slots) == 0 ? 8 : 0), function);
            fill(s, slots, given);
            long evaluate = s.function("evaluate", RDI, RSI, RDX);
            s.m.reply("evaluate", s.objectOrNull());
            Label complete = new Label("complete");
            return calls -> calls.routine(
                    new Label("here"),
                    functionType,
                    evaluate,
                    s.label("defaults"),
                    complete,
                    s.label("clear"),
                    s.label("other"));
        });
    }

    /** The slots behind the first two, or the second. */
    private static void fill(Scene s, long slots, int given) {
        for (int i = s.m.load(slots) == 0 ? 2 : 1; i < given + 2; i++) {
            s.m.store(slots + 8L * i, s.object());
        }
    }

    private static long function(Scene s, long type, int arguments) {
        long code = s.object(s.type(), Calls.CODE_BYTECODE + 16);
        int locals = Math.max(0, arguments) + s.random.nextInt(3);
        s.m.store4(code + Calls.CODE_FLAGS, s.rarely(8) ? s.random.nextInt(16) : s.oneOf(1, 3, 0x43));
        s.m.store4(code + Calls.CODE_KEYWORD_ONLY, s.rarely(8) ? 1 : 0);
        s.m.store4(code + Calls.CODE_ARGUMENTS, Math.max(0, arguments));
        s.m.store4(code + Calls.CODE_LOCALS_PLUS, locals);
        s.m.store4(code + Calls.CODE_STACKSIZE, 2);
        long function = s.object(type, 144);
        s.m.store(function + Calls.FUNCTION_CODE, code);
        s.m.store(function + Calls.FUNCTION_GLOBALS, s.object());
        s.m.store(function + Calls.FUNCTION_BUILTINS, s.object());
        int bytes = Calls.FRAME_SLOTS + 8 * (locals + 2);
        long stack = s.allocate(bytes + 16);
        s.m.store(s.thread() + Calls.THREAD_DATA_TOP, stack);
        s.m.store(s.thread() + Calls.THREAD_DATA_LIMIT, stack + bytes + s.oneOf(-8, 0, 8, 16, 16, 16));
        return function;
    }

    @Test
    void missingArgumentsAreTheLastOfTheDefaults() {
        check(s -> {
            s.m.set(RSP, s.m.get(RSP) - 16); // what the routine's call and its first instruction took
            int given = s.random.nextInt(3);
            int missing = s.oneOf(-1, 1, 2, 3);
            long function = function(s, s.type(), given + missing);
            long defaults = s.rarely(4) ? 0 : s.sequence(false, s.type(), 2 + s.random.nextInt(3));
            s.m.store(function + Calls.FUNCTION_DEFAULTS, defaults);
            long frame = s.m.load(s.thread() + Calls.THREAD_DATA_TOP);
            long slots = s.frame() + s.slot();
            fill(s, slots, given);
            s.m.set(RAX, function);
            s.m.set(RDX, s.m.load(function + Calls.FUNCTION_CODE));
            s.m.set(RSI, frame);
            s.m.set(RDI, frame + Calls.FRAME_SLOTS);
            s.m.set(RBP, slots);
            s.m.set(R8, slots + 16);
            s.m.set(R9, given);
            s.m.set(R10, missing);
            s.m.set(R11, s.m.load(s.thread() + Calls.THREAD_DATA_LIMIT));
            s.m.set(R14, given);
            long evaluate = s.function("evaluate", RDI, RSI, RDX);
            s.m.reply("evaluate", s.objectOrNull());
            Label defaultsLabel = new Label("defaults");
            Label complete = new Label("complete");
            return calls -> {
                calls.defaults(defaultsLabel, complete, s.label("other"));
                calls.routine(
                        new Label("routine"), 0, evaluate, defaultsLabel, complete, s.label("clear"), s.label("other"));
            };
        });
    }

    @Test
    void aFrameThatHasReturnedGivesUpAllItHolds() {
        check(s -> {
            long frame = returned(s);
            s.m.store(frame + Calls.FRAME_OBJECT, s.rarely(4) ? s.object() : 0);
            long dealloc = s.dealloc();
            Label locals = new Label("locals");
            Label pop = new Label("pop");
            return calls -> calls.clear(new Label("here"), s.label("seen"), locals, pop, dealloc);
        });
    }

    @Test
    void aFrameThatOthersHoldIsCopiedToItsObject() {
        check(s -> {
            long frame = returned(s);
            long object = s.object(s.type(), 512);
            s.m.store(frame + Calls.FRAME_OBJECT, object);
            long data = object + Calls.FRAME_OBJECT_DATA;
            long code = s.m.load(frame + Calls.FRAME_CODE);
            s.m.store(data + Calls.FRAME_CODE, code); // as the copy would leave it
            s.m.store4(code + Calls.CODE_FIRST_TRACEABLE, s.oneOf(0, 3));
            s.m.store(data + Calls.FRAME_INSTRUCTION, code + Calls.CODE_BYTECODE + s.oneOf(-2, 0, 4, 6, 8));
            long dealloc = s.dealloc();
            long copy = s.function("memcpy", RDI, RSI, RDX);
            long getBack = s.function("PyFrame_GetBack", RDI);
            s.m.reply("PyFrame_GetBack", s.objectOrNull());
            long isTracked = s.function("PyObject_GC_IsTracked", RDI);
            s.m.reply("PyObject_GC_IsTracked", s.oneOf(0, 1));
            long track = s.function("PyObject_GC_Track", RDI);
            return calls -> calls.seen(
                    new Label("here"), s.label("locals"), s.label("pop"), dealloc, copy, getBack, isTracked, track);
        });
    }

    /** In r14, with what it holds. */
    private static long returned(Scene s) {
        s.returnTo("caller", true);
        s.m.set(RSP, s.m.get(RSP) - 8);
        int size = s.random.nextInt(5);
        long frame = s.allocate(Calls.FRAME_SLOTS + 8 * size);
        s.m.store4(frame + Calls.FRAME_STACKTOP, size);
        for (int i = 0; i < size; i++) {
            s.m.store(frame + Calls.FRAME_SLOTS + 8L * i, s.objectOrNull());
        }
        s.m.store(frame + Calls.FRAME_NAMES, s.objectOrNull());
        s.m.store(frame + Calls.FRAME_FUNCTION, s.object());
        s.m.store(frame + Calls.FRAME_CODE, s.object(s.type(), Calls.CODE_BYTECODE + 16));
        s.m.set(R14, frame);
        return frame;
    }

    @Test
    void everythingElseIsCalledThroughTheCApi() {
        check(s -> {
            s.returnTo("caller", true);
            s.m.set(RSP, s.m.get(RSP) - 8);
            int given = s.random.nextInt(4);
            long slots = s.frame() + s.slot(s.objectOrNull());
            s.m.store(slots + 8, s.object());
            fill(s, slots, given);
            s.m.set(RBP, slots);
            s.m.set(R14, given);
            long vectorcall = s.function("PyObject_Vectorcall", RDI, RSI, RDX, RCX);
            s.m.reply("PyObject_Vectorcall", s.objectOrNull());
            long dealloc = s.dealloc();
            return calls -> calls.general(new Label("here"), new Label("ends"), vectorcall, dealloc);
        });
    }

    @Test
    void aBoundMethodIsTakenApart() {
        check(s -> {
            s.m.set(RSP, s.m.get(RSP) - 16); // what the routine's call and its first instruction took
            long methodType = s.type();
            long method = s.object(s.rarely(4) ? s.type() : methodType, 48);
            s.m.store(method + Calls.METHOD_FUNCTION, s.object());
            s.m.store(method + Calls.METHOD_SELF, s.object());
            int slot = s.slot(s.rarely(4) ? s.object() : 0);
            long slots = s.frame() + slot;
            s.m.store(slots + 8, method);
            s.m.set(RBP, slots);
            s.m.set(R14, s.random.nextInt(4));
            long dealloc = s.dealloc();
            return calls -> calls.unbind(new Label("here"), methodType, dealloc, s.label("routine"), s.label("other"));
        });
    }

    @Test
    void cFunctionsThatTakeWhatIsGivenAreCalledAtOnce() {
        check(s -> {
            s.m.set(RSP, s.m.get(RSP) - 16); // what the routine's call and its first instruction took
            long functionType = s.type();
            long descriptorType = s.type();
            boolean bound = s.coin();
            long self = s.object();
            long kind = s.rarely(8) ? s.type() : bound ? descriptorType : functionType;
            long callable = s.object(kind, 64);
            long method = s.allocate(32);
            long meth = s.function("meth", RDI, RSI);
            s.m.store(method + Calls.METHOD_CODE, meth);
            s.m.store4(method + Calls.METHOD_FLAGS, s.oneOf(0x4, 0x8, 0x8, 0x80, 0x80, 0x82, 0x1, 0x48, 0x28));
            s.m.store(callable + (bound ? Calls.DESCRIPTOR_METHOD : Calls.NATIVE_METHOD), method);
            s.m.store(
                    callable + (bound ? Calls.DESCRIPTOR_TYPE : Calls.NATIVE_SELF),
                    s.rarely(8) ? s.object() : s.m.load(self + (bound ? Calls.OBJECT_TYPE : Calls.OBJECT_REFCNT)));
            long slots = s.frame() + s.slot(bound ? callable : 0);
            s.m.store(slots + 8, bound ? self : callable);
            s.m.store(slots + 16, s.object());
            s.m.set(RBP, slots);
            s.m.set(R14, s.oneOf(0, 1, 1, 2));
            s.m.store4(s.thread() + Calls.THREAD_RECURSION_REMAINING, s.oneOf(0, 1, 2, 1000));
            s.m.store(s.thread() + Calls.THREAD_EXCEPTION, s.rarely(4) ? s.object() : 0);
            s.m.reply("meth", s.objectOrNull());
            long check = s.function("check", RDI, RSI, RDX, RCX);
            return calls -> calls.callNative(
                    new Label("here"), functionType, descriptorType, check, s.label("ends"), s.label("other"));
        });
    }
}
