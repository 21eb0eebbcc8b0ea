package dev.intaglio.cpython.jit;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Helpers;

/** Machine code that all fast code calls: it keeps every register but those that it says it changes. */
final class Routines {
    final long dealloc;
    final long boxFloat;
    final long boxInt;
    final long dropFloat;
    private final Code code;

    Routines(Emitters emitters, Api api, CodeBuffer buffer) {
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
        code = buffer.commit("routines");
        dealloc = code.addressOf(deallocLabel);
        boxFloat = code.addressOf(boxFloatLabel);
        boxInt = code.addressOf(boxIntLabel);
        dropFloat = code.addressOf(dropFloatLabel);
    }

    Code code() {
        return code;
    }
}
