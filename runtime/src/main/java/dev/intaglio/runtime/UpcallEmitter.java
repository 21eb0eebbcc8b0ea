package dev.intaglio.runtime;

/** Emits code that is bytes already. */
final class UpcallEmitter extends Emitter {
    UpcallEmitter(CodeBuffer buffer) {
        super(buffer);
    }

    @Override
    protected StencilSource[] sources() {
        return new StencilSource[0];
    }

    void write(byte[] bytes) {
        long p = reserve(code, bytes.length);
        for (byte b : bytes) {
            put1(p++, b);
        }
        advance(code, p);
    }
}
