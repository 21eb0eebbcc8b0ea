package dev.intaglio.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;

/**
 * Does while the first cache is made what the first piece of a JVM would wait for: loads our classes, and has the JIT compiler see what all
 * stencils call. Nobody sees the pieces.
 *
 * <p>Stencils are emitted in a thread of their own, beside JNA, which takes longer to load. A piece is committed, bound, called and closed
 * in the memory of that cache.
 */
final class Rehearsal extends Emitter {
    /**
     * Together twenty times what HotSpot counts before it compiles a method (Tier3InvocationThreshold, 200), since it counts on while many
     * methods wait to be compiled, and many do as a JVM starts.
     */
    private static final int PIECES = 10;

    private static final int ROUNDS = 400;
    private static final int LAST = 20;

    /**
     * A store is a long chain of calls where it goes through a memory segment, and a single instruction once the optimizing compiler
     * has seen it: more than that one counts (Tier4InvocationThreshold, 5000, looked at every 1024 calls).
     */
    private static final int STORES = 6200;

    /** A first piece of at most this part of a cache lies apart from the rehearsed one, in whose place it would wait for a barrier. */
    private static final int APART = 512;

    private static final long BASE = 1L << 40;
    private static final AtomicBoolean BEGUN = new AtomicBoolean();
    private static final AtomicBoolean COMMITTED = new AtomicBoolean();
    private static final AtomicBoolean ENDED = new AtomicBoolean();
    private static final Thread EMITTING = new Emitting();

    private Rehearsal(CodeBuffer buffer) {
        super(buffer);
    }

    private static final class Emitting extends Thread {
        Emitting() {
            super(null, null, "intaglio-rehearsal", 0, false);
            setDaemon(true);
        }

        @Override
        public void run() {
            try (CodeBuffer detached = CodeBuffer.detached(BASE)) {
                emit(detached);
            } catch (RuntimeException | LinkageError e) {
                // It fails again, with the user's first piece, whose author wants to know.
            }
        }
    }

    /** Emits, in a detached buffer. */
    static void emit(CodeBuffer detached) {
        new Rehearsal(detached).emit();
    }

    /** Begins to emit, once in a JVM. */
    static void begin() {
        if (!BEGUN.getAndSet(true)) {
            try {
                EMITTING.start();
            } catch (OutOfMemoryError e) {
                // A process may have so many threads and no more: its first piece takes longer.
            }
        }
    }

    /** Commits in a cache that nobody is told of, once in a JVM. */
    static void commit(CodeCache secret) {
        if (COMMITTED.getAndSet(true)) {
            return;
        }
        try {
            commitBehind(secret.newBuffer(secret.size() / APART), secret);
        } catch (RuntimeException | LinkageError e) {
            // As above.
        }
    }

    private static void commitBehind(CodeBuffer first, CodeCache secret) {
        try (first;
                CodeBuffer buffer = secret.newBuffer(1)) {
            new Rehearsal(buffer).identity();
            try (Code code = buffer.commit("rehearsal")) {
                code.bind(LongUnaryOperator.class).applyAsLong(1);
            }
        }
    }

    /** Waits until everything is emitted, and emits a little more: what the JIT compiler has made meanwhile finds at its first call what it calls. */
    static void end() {
        try {
            EMITTING.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ENDED.getAndSet(true)) {
            try (CodeBuffer detached = CodeBuffer.detached(BASE)) {
                new Rehearsal(detached).piece(LAST);
            } catch (RuntimeException | LinkageError e) {
                // As above.
            }
        }
    }

    /** {@code mov rax, rdi}; {@code ret}. */
    private void identity() {
        long p = reserve(code, 8);
        put8(p, 0xC3F88948L);
        advance(code, p + 4);
    }

    private void emit() {
        // Another class of emitters: while there is one only, the optimizing compiler counts on that, and what it made
        // is void with the next.
        buffer.exitTo(BASE >> 8);
        buffer.link();
        buffer.reset();
        long first = reserve(code, 16);
        for (int i = 0; i < STORES; i++) {
            put8(first, i);
            put4(first, i);
        }
        advance(code, first);
        for (int n = 0; n < PIECES; n++) {
            piece(ROUNDS);
        }
    }

    private void piece(int stencils) {
        Label end = new Label();
        for (int i = 0; i < stencils; i++) {
            stencil(new Label(), end, i);
        }
        long last = reserve(code, 1);
        bind(end, code, last, 0);
        advance(code, last);
        buffer.link();
        buffer.reset();
    }

    /** One of each kind of what stencils are made of. */
    private void stencil(Label here, Label end, int i) {
        long p = reserve(code, 64);
        long q = reserveMore(cold, 64);
        bind(here, code, p, 0);
        put8(p, between(code, cold), p + 8, i);
        p = displaced(p, 0x38B48L, 3, 2, 8L * i);
        p = displacedAlways(p, 0x58B49L, 3, 2, 8L * i);
        p = displacedNear(p, 0x38B48L, 3, 2, i & 0xff);
        p = displacedNear(p, 0xC0043A4E110FF2L, 7, 6, i & 0xff);
        p = displacedNear(p, 0xF0448B48L, 4, 2, i & 0xff);
        p = displacedAlwaysNear(p, 0x58B49L, 3, 2, i & 0xff);
        p = constant(p, slide(code) + p, 0, i);
        p = constant(p, slide(code) + p, 0, Long.MAX_VALUE - i);
        p = branch(code, p, 2, end, 0, 0);
        p = branch(code, p, 2, here, 0, 0);
        long plain = special(BASE) | listed();
        bindNear(new Label(), code, p, 0);
        q = callNear(cold, q, plain);
        q = jumpNear(cold, q, plain);
        q = callAddress(cold, q, BASE, 0);
        q = jumpAddress(cold, q, BASE, 0);
        q = jump(cold, q, end, 0, 0);
        q = jump(cold, q, here, 0, 0);
        put4(p, i);
        put1(p, i);
        if (isListed() | advance(code, p) | advance(code, p, cold, q)) {
            throw new AssertionError("nobody asked for a listing");
        }
    }

    @Override
    protected StencilSource[] sources() {
        return new StencilSource[0];
    }
}
