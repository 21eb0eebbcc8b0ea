package dev.intaglio.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;

/**
 * A piece that is emitted, committed, bound, called and closed with the first cache of a JVM, and that nobody sees. Otherwise the
 * user's first piece would wait while our classes are loaded and what all stencils call is interpreted: several times as long
 * as it takes itself. Done again and again, what stencils call is handed to the JIT compiler meanwhile.
 */
final class Rehearsal extends Emitter {
    /** Twice what HotSpot counts before it compiles a method (Tier3InvocationThreshold, 200). */
    private static final int ROUNDS = 400;

    /**
     * A store is a long chain of calls where it goes through a memory segment, and a single instruction once the optimizing compiler
     * has seen it: more than that one counts (Tier4InvocationThreshold, 5000, looked at every 1024 calls).
     */
    private static final int STORES = 6200;

    private static final long BASE = 1L << 40;
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private Rehearsal(CodeBuffer buffer) {
        super(buffer);
    }

    /** Rehearses in a cache that nobody is told of, once in a JVM. */
    static void once(CodeCache secret) {
        if (BEGUN.getAndSet(true)) {
            return;
        }
        try (CodeBuffer detached = CodeBuffer.detached(BASE);
                CodeBuffer buffer = secret.newBuffer(1)) {
            new Rehearsal(detached).emit();
            detached.link();
            new Rehearsal(buffer).identity();
            try (Code code = buffer.commit("rehearsal")) {
                code.bind(LongUnaryOperator.class).applyAsLong(1);
            }
        } catch (RuntimeException | LinkageError e) {
            // It fails again, with the user's first piece, whose author wants to know.
        }
    }

    /** {@code mov rax, rdi}; {@code ret}. */
    private void identity() {
        long p = reserve(code, 8);
        put8(p, 0xC3F88948L);
        advance(code, p + 4);
    }

    private void emit() {
        long first = reserve(code, 16);
        for (int i = 0; i < STORES; i++) {
            put8(first, i);
            put4(first, i);
        }
        Label end = new Label();
        for (int i = 0; i < ROUNDS; i++) {
            stencil(new Label(), end, i);
        }
        bind(end, code, reserve(code, 1), 0);
    }

    /** One of each kind of what stencils are made of. */
    private void stencil(Label here, Label end, int i) {
        long p = reserve(code, 64);
        long q = reserveMore(cold, 64);
        bind(here, code, p, 0);
        put8(p, between(code, cold), p + 8, i);
        p = displaced(p, 0x38B48L, 3, 2, 8L * i);
        p = displacedAlways(p, 0x58B49L, 3, 2, 8L * i);
        p = constant(p, slide(code) + p, 0, i);
        p = constant(p, slide(code) + p, 0, Long.MAX_VALUE - i);
        p = branch(code, p, 2, end, 0, 0);
        p = branch(code, p, 2, here, 0, 0);
        q = callAddress(cold, q, BASE, 0);
        q = jumpAddress(cold, q, BASE, 0);
        q = jump(cold, q, end, 0, 0);
        put1(p, i);
        if (advance(code, p) | advance(code, p, cold, q)) {
            throw new AssertionError("nobody asked for a listing");
        }
    }

    @Override
    protected StencilSource[] sources() {
        return new StencilSource[0];
    }
}
