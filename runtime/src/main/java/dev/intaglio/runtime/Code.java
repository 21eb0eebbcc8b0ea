package dev.intaglio.runtime;

import dev.intaglio.runtime.call.Binder;
import dev.intaglio.runtime.call.Gate;
import dev.intaglio.runtime.call.LongCall;
import dev.intaglio.runtime.call.OwnCode;
import dev.intaglio.runtime.call.StackRoom;
import dev.intaglio.runtime.memory.Region;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A committed piece of machine code: it has an address, can be bound to a Java interface and called, and is freed by
 * {@link #close}.
 *
 * <p>Objects bound to it keep it; calls that are under way when it is closed end undisturbed. Its memory is freed when the last of them has
 * ended and no other piece refers to it. That of code that is {@linkplain #makeCollected left to the garbage collector} is freed later, that of
 * {@linkplain #makePermanent permanent} code never; calls of both cost less. A piece, committed or still being emitted, refers to it if it
 * calls, jumps to or addresses (relative to rip) a place in it, was patched to do so, or keeps it by {@link CodeBuffer#keep}. Where only
 * native memory knows its address, the client must keep it open.
 *
 * <p>Any thread may use it, also at once with others.
 */
public final class Code implements AutoCloseable {
    private final CodeCache cache;
    private final String name;
    private final long emission;
    private final List<Part> parts;
    private final List<EmissionNote> notes;
    private final List<PlacedLabel> labels;
    private final Frame.Made made;
    private final Gate gate;
    private final Leak leak;
    private final Runnable whenFreed;

    Code(
            CodeCache cache,
            String name,
            long emission,
            List<Part> parts,
            List<EmissionNote> notes,
            List<PlacedLabel> labels,
            Frame.Made made,
            Runnable whenFreed) {
        this.whenFreed = whenFreed;
        this.cache = cache;
        this.name = name;
        this.emission = emission;
        this.parts = List.copyOf(parts);
        this.notes = List.copyOf(notes);
        this.labels = List.copyOf(labels);
        this.made = made;
        this.gate = new Gate(name, parts.get(0).address(), this::left);
        this.leak = Leak.of("code ", name);
    }

    /** {@return the name given at commit} */
    public String name() {
        return name;
    }

    /**
     * {@return the address of its first byte of hot code}
     *
     * @throws IllegalStateException when the code is closed
     */
    public long address() {
        return gate.address();
    }

    /**
     * {@return the number of bytes of the frame that its {@code .enter} makes, beside the saved rbp: what the neediest of its stencils
     * asks for, rounded up to 16; -1 where none needs a frame}
     */
    public int frameSize() {
        return made.bytes();
    }

    Frame.Made made() {
        return made;
    }

    /** {@return the number of bytes of all its sections} */
    public int size() {
        int bytes = 0;
        for (Part part : parts) {
            bytes += part.length();
        }
        return bytes;
    }

    /**
     * {@return the number of bytes of its section of this name; 0 when it has none}
     *
     * @param section {@code code}, {@code cold}, {@code data}, or a name of the user's
     */
    public int size(String section) {
        return parts.stream()
                .filter(part -> part.section().equals(section))
                .mapToInt(Part::length)
                .sum();
    }

    /** How many bytes it holds in a region. */
    long held(Region region) {
        long bytes = 0;
        for (Part part : parts) {
            bytes += part.region() == region ? cache.held(region, part.length()) : 0;
        }
        return bytes;
    }

    /**
     * {@return whether the address lies in this piece}
     *
     * @param address any address
     */
    public boolean contains(long address) {
        for (Part part : parts) {
            if (part.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return the address of a label that was bound in this piece and in no other since}
     *
     * @param label a label of this piece
     * @throws IllegalArgumentException when the label is not of this piece
     * @throws IllegalStateException when the code is closed
     */
    public long addressOf(Label label) {
        gate.address();
        if (label.emission != emission) {
            throw new IllegalArgumentException(
                    label + " was not bound in " + name + ", or has been bound in another piece since");
        }
        return label.address;
    }

    /**
     * {@return an object of a functional interface whose method calls this code by the System V calling convention} The method
     * takes up to 32 of long, int, double and boolean, and returns one of them or nothing. Any thread may call it. The same interface
     * gives the same object.
     *
     * <p>In a program that is a module the interface must be public and in a package that is exported to {@code dev.intaglio.runtime};
     * for another one this returns a {@link java.lang.reflect.Proxy}, a new one each time, which calls some fifty times more slowly.
     *
     * @param <T> the functional interface
     * @param type the functional interface
     * @throws IllegalArgumentException when the type is no such interface; the message says why
     * @throws IllegalStateException when the code is closed, or the system property {@code intaglio.binding} asks for a way of calls that
     *     cannot be had
     */
    public <T> T bind(Class<T> type) {
        Objects.requireNonNull(type, "type");
        gate.address();
        return Binder.bind(type, gate);
    }

    /**
     * {@return the same as {@link #bind} for code that is short: the JVM does not leave the state of Java code for the call, which saves most
     * of what a call costs}
     *
     * <p><b>Warning.</b> While such a call runs its thread cannot come to a safepoint: garbage collection, and with it every other
     * thread, waits for it. The code must therefore end soon (microseconds), must not wait for anything (a lock, input), and
     * must not call back into Java: an upcall from here crashes the JVM. Nothing of this is checked. Code with SSE instructions should
     * begin with {@code vzeroupper} where the CPU has AVX: other calls find the upper halves of vector registers clear, this one
     * finds what Java's code left there, which can make such instructions ten times slower.
     *
     * @param <T> the functional interface
     * @param type the functional interface
     * @throws UnsupportedOperationException before Java 22, which has no such calls
     * @throws IllegalArgumentException when the type is no such interface
     * @throws IllegalStateException when the code is closed
     */
    public <T> T bindCritical(Class<T> type) {
        Objects.requireNonNull(type, "type");
        gate.address();
        return Binder.bindCritical(type, gate);
    }

    /**
     * Calls this code with up to six integer arguments; convenient rather than fast.
     *
     * @param arguments up to six
     * @return what the code leaves in rax
     * @throws IllegalArgumentException for more than six arguments
     * @throws IllegalStateException when the code is closed, or the system property {@code intaglio.binding} asks for a way of calls that
     *     cannot be had
     */
    public long call(long... arguments) {
        return LongCall.call(gate, arguments);
    }

    /**
     * {@return the code as text: address, bytes, and where the buffer was asked for it source lines and labels}
     *
     * @throws IllegalStateException when the code is closed
     */
    public String listing() {
        enter();
        try {
            return new Listing(name, parts, notes, labels, cache::read).toString();
        } finally {
            gate.exit();
        }
    }

    /** What lies at an address of this piece. */
    Optional<CodePlace> place(long address) {
        return parts.stream().filter(part -> part.contains(address)).findFirst().map(part -> {
            long offset = address - part.address();
            Optional<CodePlace.Source> source = Listing.lines(part, notes).stream()
                    .filter(line -> line.position() <= offset)
                    .reduce((earlier, later) -> later)
                    .map(Listing.Line::place);
            return new CodePlace(name, part.title(), offset, isClosed(), source);
        });
    }

    void patch(PatchSite.Field field, long value) {
        enter();
        try {
            cache.patch(field, value);
        } finally {
            gate.exit();
        }
    }

    /** Has a branch go here. */
    void becomeTarget(PatchSite.Field branch) {
        if (!branch.isBranch() || !branch.code().isOf(cache)) {
            throw new IllegalArgumentException(branch.site() + " cannot go to " + this + ": "
                    + (branch.isBranch() ? "that is code of another cache" : "it is a constant, and no branch"));
        }
        long address = enter(); // until the piece with the branch keeps this one
        try {
            branch.code().patch(branch, address);
        } finally {
            gate.exit();
        }
    }

    long valueAt(PatchSite.Field field) {
        enter();
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap(cache.read(field.address(), field.width())).order(ByteOrder.LITTLE_ENDIAN);
            if (field.width() == Long.BYTES) {
                return bytes.getLong();
            }
            int value = bytes.getInt();
            return field.isBranch() ? field.address() + Integer.BYTES + value : Integer.toUnsignedLong(value);
        } finally {
            gate.exit();
        }
    }

    /** Keeps the memory until {@code gate.exit()}, for which there is room on the stack. */
    private long enter() {
        StackRoom.require();
        return gate.enter();
    }

    /** What native tools call a section of it. */
    String name(Part part) {
        return part.section().equals("code") ? name : name + "." + part.title();
    }

    /** The source lines of a section, where they were noted. */
    List<Listing.Line> lines(Part part) {
        return Listing.lines(part, notes);
    }

    /** The bytes of a section; the caller keeps the piece. */
    byte[] bytes(Part part) {
        return cache.read(part.address(), part.length());
    }

    /**
     * Makes this code permanent: it stays until the JVM ends, and with it what it refers to, each target that a patch site of it ever has,
     * and the memory of its cache, also where they are closed. Closing it does nothing from now on.
     *
     * <p>Objects that are bound to it afterwards do not ask at each call whether it is open, nor note that a thread is inside. Such a call
     * costs little more than one of a native method, from any number of threads: make code permanent that is entered all the time, such as
     * the stub through which an interpreter enters what it compiles. With native methods each such piece takes a trampoline of its own;
     * where these have no room left, further pieces are called as code that is not permanent.
     *
     * @return this code
     * @throws IllegalStateException when it is closed
     */
    public Code makePermanent() {
        gate.makePermanent();
        leak.end();
        return this;
    }

    /**
     * Leaves the memory of this code to the garbage collector: {@link #close} lets nobody in, as before, but the memory is free only when a
     * collection behind that has found nobody who is inside.
     *
     * <p>Objects that are bound to it afterwards need not note that a thread is inside. Such a call costs little more than one of a native
     * method, from any number of threads. A cache that is full asks for a collection ({@link System#gc}), in the thread that emits, where
     * that may free as much as is wanted. Of code that nobody bound or {@linkplain #call called} afterwards the memory is free at once.
     *
     * @return this code
     * @throws IllegalStateException when it is closed
     */
    public Code makeCollected() {
        StackRoom.require();
        gate.makeCollected();
        return this;
    }

    /** Whether it is closed, and its memory waits for the garbage collector. */
    boolean awaitsCollector() {
        return gate.awaitsCollector();
    }

    /** {@return whether it was closed; never where it is permanent} */
    public boolean isClosed() {
        return gate.isClosed();
    }

    /**
     * Lets nobody call it from now on, and frees its memory as soon as nobody is in it and nothing refers to it, or later where that is
     * {@linkplain #makeCollected left to the garbage collector}; does nothing the second time, or where it is permanent.
     */
    @Override
    public void close() {
        StackRoom.require();
        leak.end();
        gate.close();
    }

    /** It could not be committed. */
    void abandon() {
        leak.end();
    }

    /** The memory is gone. */
    void freed() {
        whenFreed.run();
    }

    private void left() {
        cache.left(this);
    }

    /** The cache is closed, and this with it. */
    void closeWithCache() {
        if (!isClosed()) {
            leak.report("was open when its cache was closed: it");
        }
        gate.close();
    }

    boolean isOf(CodeCache owner) {
        return cache == owner;
    }

    List<Part> parts() {
        return parts;
    }

    /** {@code mulAdd at 0x7f0000000000, 12 bytes}. */
    @Override
    public String toString() {
        return gate + ", " + size() + " bytes";
    }

    /** The bytes of one section in memory. */
    record Part(String section, Region region, long address, int length) {
        /** Code of the runtime's own, which has one section. */
        static Part of(OwnCode.Piece own) {
            return new Part("code", Region.HOT, own.address(), own.length());
        }

        /** The section's name for a person. */
        String title() {
            return CodeBuffer.title(section);
        }

        boolean contains(long place) {
            return place >= address && place < address + length;
        }
    }

    /** A label where it was bound. */
    record PlacedLabel(String name, long address) {}
}
