package dev.intaglio.cpython.jit;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Calls;
import dev.intaglio.stencils.Helpers;

/** Machine code that all fast code calls: it keeps every register but those that it says it changes. */
final class Routines {
    final long dealloc;
    final long boxFloat;
    final long boxInt;
    final long dropFloat;
    final long call;
    private final Code code;

    Routines(Emitters emitters, Api api, CodeBuffer buffer, long evaluate) {
        Helpers helpers = emitters.helpers(buffer);
        Label deallocLabel = new Label("dealloc");
        Label boxFloatLabel = new Label("boxFloat");
        Label boxIntLabel = new Label("boxInt");
        Label dropFloatLabel = new Label("dropFloat");
        helpers.call(deallocLabel, api.dealloc, false, false);
        Label slowFloat = new Label("slowFloat");
        helpers.call(slowFloat, api.of("PyFloat_FromDouble"), true, false);
        helpers.boxFloat(boxFloatLabel, api.floatType, slowFloat);
        Label slowInt = new Label("slowInt");
        helpers.call(slowInt, api.of("PyLong_FromLong"), false, true);
        helpers.boxInt(boxIntLabel, api.smallInts, slowInt);
        helpers.dropFloat(dropFloatLabel, deallocLabel);
        Label callLabel = new Label("call");
        call(emitters.calls(buffer), api, callLabel, evaluate);
        code = buffer.commit("routines");
        dealloc = code.addressOf(deallocLabel);
        boxFloat = code.addressOf(boxFloatLabel);
        boxInt = code.addressOf(boxIntLabel);
        dropFloat = code.addressOf(dropFloatLabel);
        call = code.addressOf(callLabel);
    }

    private static void call(Calls calls, Api api, Label here, long evaluate) {
        Label defaults = new Label("defaults");
        Label complete = new Label("complete");
        Label clear = new Label("clear");
        Label seen = new Label("seen");
        Label locals = new Label("locals");
        Label pop = new Label("pop");
        Label other = new Label("other");
        Label general = new Label("general");
        calls.routine(here, api.of("PyFunction_Type"), evaluate, defaults, complete, clear, other);
        calls.clear(clear, seen, locals, pop, api.dealloc);
        calls.defaults(defaults, complete, other);
        Label nativeCode = new Label("native");
        Label ends = new Label("ends");
        calls.unbind(other, api.of("PyMethod_Type"), api.dealloc, here, nativeCode);
        calls.callNative(
                nativeCode,
                api.of("PyCFunction_Type"),
                api.of("PyMethodDescr_Type"),
                api.of("_Py_CheckFunctionResult"),
                ends,
                general);
        calls.general(general, ends, api.of("PyObject_Vectorcall"), api.dealloc);
        calls.seen(
                seen,
                locals,
                pop,
                api.dealloc,
                api.of("memcpy"),
                api.of("PyFrame_GetBack"),
                api.of("PyObject_GC_IsTracked"),
                api.of("PyObject_GC_Track"));
    }

    Code code() {
        return code;
    }
}
