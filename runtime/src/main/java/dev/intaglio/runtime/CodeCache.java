package dev.intaglio.runtime;

import dev.intaglio.runtime.call.Binder;
import dev.intaglio.runtime.call.StackRoom;
import dev.intaglio.runtime.call.UpcallEntry;
import dev.intaglio.runtime.call.Upcalls;
import dev.intaglio.runtime.events.CodeEvents;
import dev.intaglio.runtime.memory.CodeMemory;
import dev.intaglio.runtime.memory.Cores;
import dev.intaglio.runtime.memory.MemoryPlan;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.RegionStatistics;
import dev.intaglio.runtime.memory.Window;
import java.lang.invoke.MethodHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Owns executable memory: reserved once, near the libraries that code calls, shared out to buffers and pieces of code, and
 * never writable and executable at one address. It may be used by any number of threads, each with its own buffer.
 */
public final class CodeCache implements AutoCloseable {
    private static final int DEFAULT_BUFFER = 1 << 20;
    /** More than the code of any upcall. */
    private static final int UPCALL_BUFFER = 2048;

    private final CodeMemory memory;
    private final CacheWindows windows;
    private final Optional<Eviction> eviction;
    private final Optional<Cpu> cpu;
    /** Whether others hear of the pieces: the registry, JFR and native tools. */
    private final boolean isKnown;

    private final Leak leak;
    private final Pieces pieces = new Pieces();
    /** What each open buffer keeps, and the buffer if it is still reachable. */
    private final Map<Set<Code>, WeakReference<CodeBuffer>> buffers = new IdentityHashMap<>();

    private long commits;
    /** Threads that copy code into the memory. */
    private int committing;
    /** Pieces that are given up and whose memory is being erased. */
    private final Set<Code> freeing = Collections.newSetFromMap(new IdentityHashMap<>());

    private boolean closed;
    private boolean unmapped;

    private CodeCache(Options options) {
        cpu = options.cpu;
        memory = CodeMemory.open(
                new MemoryPlan("intaglio", options.size, options.granule, options.hardened, options.near));
        eviction = options.eviction;
        windows = new CacheWindows(this, memory, eviction);
        isKnown = true;
        leak = Leak.ofOwned(this, "a code cache"); // one that is refused is none
        Binder.prepare();
        CodeRegistry.add(this);
    }

    /** For {@link Rehearsal}, in the memory of another cache, which outlives it. */
    private CodeCache(CodeMemory memory) {
        this.memory = memory;
        cpu = Optional.empty();
        eviction = Optional.empty();
        windows = new CacheWindows(this, memory, eviction);
        isKnown = false;
        leak = Leak.of("a rehearsal", "");
        leak.end();
    }

    /**
     * {@return a cache of 64 MiB near libc, libm and libjvm, which its owner closes}
     *
     * @throws UnsupportedOperationException where the system grants no executable memory; the message says why and what can be done
     * @throws java.io.UncheckedIOException where a file for native tools that a system property asks for cannot be made
     * @throws IllegalArgumentException where the system property {@code intaglio.memory} asks for what is not known
     */
    public static CodeCache create() {
        return options().create();
    }

    /** {@return what a cache can be made with} */
    public static Options options() {
        return new Options();
    }

    /**
     * {@return whether this system and its settings grant what {@link #create} takes; where not, that says why}
     *
     * @throws IllegalArgumentException where the system property {@code intaglio.memory} asks for what is not known
     */
    public static boolean isSupported() {
        return options().isSupported();
    }

    /**
     * {@return a buffer with windows of 1 MiB for hot code, 1 MiB for cold code and 256 KiB for data; less in caches of less than 16 MiB,
     * where a sixteenth takes the place of 1 MiB}
     *
     * @throws CodeBufferException when the cache has no room for it
     * @throws IllegalStateException when the cache is closed
     */
    public CodeBuffer newBuffer() {
        return newBuffer(Math.min(DEFAULT_BUFFER, memory.size() / 16));
    }

    /**
     * {@return a buffer with windows of {@code bytes} for hot code, as many for cold code and a quarter of it for data} A window grows
     * where what follows it is free. In a cache that has not so much left it is smaller: a piece that does not fit is refused as it is
     * emitted.
     *
     * @param bytes 1 and more
     * @throws CodeBufferException when the cache has no room for it
     * @throws IllegalStateException when the cache is closed
     * @throws IllegalArgumentException when {@code bytes} is 0 or less
     */
    public CodeBuffer newBuffer(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a buffer cannot have " + bytes + " bytes");
        }
        synchronized (this) {
            checkOpen();
        }
        CodeBuffer buffer;
        try {
            buffer = new CodeBuffer(this, windows, bytes);
        } catch (CodeBufferException e) {
            synchronized (this) {
                checkOpen(); // that is why there was no room
            }
            throw e;
        }
        synchronized (this) {
            buffers.put(buffer.kept, new WeakReference<>(buffer));
            if (!closed) {
                return buffer;
            }
        }
        buffer.closeWithCache();
        throw closed();
    }

    /**
     * Makes a Java function callable by emitted code: its address takes the function's parameters by the System V calling
     * convention and returns its result.
     *
     * <p>Upcalls come from threads that called into emitted code from Java. In a thread that the JVM does not know the function is not
     * run, and zero returned; with {@code -Dintaglio.upcalls=ffm}, on Java 22 and later, the JVM attaches the thread and the function is
     * run, but nobody gets what it throws. What the function throws elsewhere is thrown by that call when it returns; until then this and
     * all further upcalls of the thread return zero at once, so let emitted code end soon.
     *
     * @param <T> the functional interface
     * @param type a functional interface with up to 32 parameters of long, int, double and boolean, and one of them or no result
     * @param function an object of a functional interface
     * @return what has the address, and closes it
     * @throws IllegalArgumentException when the type is no such interface, or not accessible
     * @throws IllegalStateException when the cache is closed, or the system property {@code intaglio.upcalls} asks for a way of upcalls
     *     that cannot be had
     * @throws CodeBufferException when the cache has no room for its code
     * @throws UnsupportedOperationException when the system does not let code be written, or this process is a fork of the one that
     *     made the cache
     */
    public <T> Upcall upcall(Class<T> type, T function) {
        return upcall(type.getSimpleName(), Upcalls.open(type, Objects.requireNonNull(function, "function")));
    }

    /**
     * The same for any method: an interface with a method of the handle's type is not needed.
     *
     * @param function takes up to 32 of long, int, double and boolean, and returns one of them or nothing
     * @return what has the address, and closes it
     * @throws IllegalArgumentException when its type is another one
     * @throws IllegalStateException when the cache is closed, or the system property {@code intaglio.upcalls} asks for a way of upcalls
     *     that cannot be had
     * @throws CodeBufferException when the cache has no room for its code
     * @throws UnsupportedOperationException when the system does not let code be written, or this process is a fork of the one that
     *     made the cache
     */
    public Upcall upcall(MethodHandle function) {
        return upcall(function.type().toString(), Upcalls.open(function));
    }

    private Upcall upcall(String name, UpcallEntry entry) {
        AtomicBoolean ended = new AtomicBoolean();
        Runnable end = () -> {
            if (!ended.getAndSet(true)) {
                entry.close().run();
            }
        };
        try (CodeBuffer buffer = newBuffer(UPCALL_BUFFER)) {
            new UpcallEmitter(buffer).write(entry.stub());
            return new Upcall(buffer.commit("upcall " + name, end));
        } catch (RuntimeException | Error e) {
            end.run();
            throw e;
        }
    }

    /** {@return the number of bytes that buffers and pieces of code hold} */
    public long used() {
        return statistics().held();
    }

    /** {@return how full it is; the figures of different regions may be some commits apart} */
    public CacheStatistics statistics() {
        List<RegionStatistics> regions =
                Stream.of(Region.values()).map(memory::statistics).toList();
        synchronized (this) {
            return new CacheStatistics(regions, pieces.count(), commits);
        }
    }

    /** {@return the CPU for which emitters write code here} */
    public Cpu cpu() {
        return cpu.orElseGet(Cpu::host);
    }

    /** {@return its first address} */
    public long address() {
        return memory.address();
    }

    /** {@return the most bytes it can have; addresses for them are reserved, memory is mapped as it is needed} */
    public int size() {
        return memory.size();
    }

    /**
     * {@return whether code in this cache calls the address in five bytes}
     *
     * @param address where a call goes
     */
    public boolean reaches(long address) {
        return memory.reaches(address);
    }

    /**
     * {@return what is in force here: views, placement, barrier, the way of calls, what happens when it is full, sizes; and that it is
     * closed, if so}
     */
    public String describe() {
        CacheStatistics now = statistics();
        StringBuilder text = new StringBuilder();
        synchronized (this) {
            if (closed) {
                line(
                        text,
                        "closed",
                        unmapped
                                ? "memory unmapped"
                                : "memory held by code that is called, kept, permanent or not collected yet");
            }
        }
        line(text, "memory", memory.protection());
        line(text, "placement", memory.placement());
        line(text, "barrier", Cores.describe());
        line(text, "calls", Binder.describe());
        line(text, "cpu", cpu().toString());
        line(
                text,
                "limit",
                size() / 1024 + " KiB, " + now.mapped() / 1024 + " mapped; when full "
                        + (eviction.isPresent() ? "the client is asked to make room" : "emission fails"));
        for (RegionStatistics region : now.regions()) {
            line(
                    text,
                    region.region().name().toLowerCase(Locale.ROOT),
                    region.free() / 1024 + " KiB free in " + region.blocks() + " blocks, the largest "
                            + region.largest() / 1024 + " KiB");
        }
        line(text, "buffers", openBuffers(now));
        line(
                text,
                "code",
                now.pieces() + " pieces at multiples of " + memory.granule() + " bytes, " + now.held() / 1024 + " of "
                        + size() / 1024 + " KiB held");
        return text.toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(String.format(Locale.ROOT, "%-10s %s%n", key, value));
    }

    /**
     * Closes all code of this cache but what is {@linkplain Code#makePermanent permanent}, and unmaps the memory, unless there is such
     * code, when the last call has ended. From now on its buffers refuse everything but being closed: at once in this thread, in others at
     * the latest when they link or commit.
     */
    @Override
    public void close() {
        StackRoom.require();
        List<Code> all;
        List<CodeBuffer> open;
        List<Code> given = new ArrayList<>();
        synchronized (this) {
            closed = true;
            all = pieces.all();
            open = buffers.values().stream()
                    .map(WeakReference::get)
                    .filter(Objects::nonNull)
                    .toList();
            buffers.keySet().forEach(kept -> given.addAll(pieces.dismiss(kept)));
            buffers.clear();
            freeing.addAll(given);
        }
        leak.end();
        open.forEach(CodeBuffer::closeWithCache);
        free(given);
        all.forEach(Code::closeWithCache);
        unmapWhenIdle();
    }

    /** {@code code cache of 65536 KiB at 0x7f0000000000}. */
    @Override
    public String toString() {
        return "code cache of " + size() / 1024 + " KiB at 0x" + Long.toHexString(memory.address());
    }

    // ---- for buffers and code

    /** Closed pieces whose memory the garbage collector may free. */
    synchronized Set<Code> awaitingCollector() {
        Set<Code> waiting = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Code code : pieces.all()) {
            if (code.awaitsCollector()) {
                waiting.add(code);
            }
        }
        return waiting;
    }

    /** What holds memory that need not, for a person. */
    String holders() {
        int waiting = awaitingCollector().size();
        return openBuffers(statistics())
                + (waiting == 0 ? "" : "; " + waiting + " closed pieces wait for the garbage collector");
    }

    /** How many there are and what they hold beside pieces, for a person. */
    private synchronized String openBuffers(CacheStatistics now) {
        long pieces = now.regions().stream().mapToLong(RegionStatistics::pieces).sum();
        return buffers.size() + " open, which hold " + (now.held() - pieces) / 1024 + " of " + size() / 1024 + " KiB";
    }

    /**
     * Copies the sections to their places and makes a piece of them; the sections go on with fresh windows. Whatever is wrong with what was
     * emitted has failed before anything is written.
     */
    Code commit(String name, CodeBuffer buffer, List<Section> sections, Runnable whenFreed) {
        synchronized (this) {
            checkOpen();
            committing++; // so that nothing is unmapped; the windows are the buffer's own and need no lock
        }
        try {
            Object event = events().committing();
            List<Section> filled = filled(sections);
            Code code = new Code(
                    this,
                    name,
                    buffer.emission,
                    parts(filled),
                    buffer.notes == null ? List.of() : buffer.notes.named(),
                    buffer.notes == null ? List.of() : buffer.notes.labels(),
                    buffer.frame.made(buffer.code()),
                    whenFreed);
            boolean registered = false;
            try {
                for (Section s : filled) {
                    windows.prepare(s.window, s.size());
                }
                write(filled);
                moveOn(buffer, filled);
                register(code, buffer);
                registered = true;
            } finally {
                if (!registered) {
                    code.abandon();
                }
            }
            events().committed(event, name, code.parts().get(0).address(), code.size());
            return code;
        } finally {
            synchronized (this) {
                committing--;
            }
            unmapWhenIdle();
        }
    }

    private CodeEvents events() {
        CodeEvents events = CodeEvents.events(); // also where they are not wanted: its classes are to be loaded
        return isKnown ? events : CodeEvents.NONE;
    }

    /** No stream here and in what commit calls: the first lambda of a JVM costs tens of milliseconds. */
    private static List<Section> filled(List<Section> sections) {
        List<Section> filled = new ArrayList<>(sections.size());
        for (Section section : sections) {
            if (section.size() > 0) {
                filled.add(section);
            }
        }
        return filled;
    }

    private static List<Code.Part> parts(List<Section> filled) {
        List<Code.Part> parts = new ArrayList<>(filled.size());
        for (Section s : filled) {
            parts.add(new Code.Part(s.name(), s.region(), s.base(), s.size()));
        }
        return parts;
    }

    /** Gives the sections what follows in their windows, or other windows. */
    private void moveOn(CodeBuffer buffer, List<Section> filled) {
        for (Section s : filled) {
            Window used = s.window;
            int length = s.size();
            Window none = new Window(s.region(), s.base(), 0);
            s.place(none); // what fails from here on loses memory rather than giving it twice
            Optional<Window> next = windows.next(used, length, buffer.window(s.name()));
            s.place(next.isPresent() ? next.get() : none);
        }
    }

    /** Makes what is written a piece. */
    private void register(Code code, CodeBuffer buffer) {
        boolean replaced = false;
        for (Code.Part part : code.parts()) {
            replaced |= memory.occupy(part.region(), part.address(), part.length());
        }
        boolean isAdded = false;
        try {
            if (replaced) {
                Cores.synchronize();
            }
            if (isKnown) {
                NativeTools.placed(code);
            }
            synchronized (this) {
                checkOpen();
                pieces.add(code, buffer.kept);
                commits++;
                isAdded = true;
            }
        } finally {
            if (!isAdded) {
                synchronized (this) {
                    pieces.remove(code, buffer.kept);
                }
                giveBack(code);
            }
        }
        if (isKnown) {
            NativeTools.committed();
        }
    }

    /** All sections or none: where the system refuses one, the others can be written again. */
    private void write(List<Section> sections) {
        int begun = 0;
        boolean written = false;
        try {
            for (Section s : sections) {
                begun++;
                memory.write(s.window, s.bytes());
            }
            written = true;
        } finally {
            if (!written) {
                for (Section s : sections.subList(0, begun)) {
                    memory.takeBack(s.window, s.size());
                }
            }
        }
    }

    /** Keeps the piece an address lies in as long as the buffer's piece; false when none that holds memory lies there. */
    synchronized boolean keep(long address, CodeBuffer buffer) {
        checkKeeper(buffer);
        Optional<Code> code = pieces.at(address);
        code.ifPresent(kept -> pieces.keep(kept, buffer.kept));
        return code.isPresent();
    }

    /** Keeps a piece of this cache as long as the buffer's piece; false where it is closed and nobody else keeps it. */
    synchronized boolean keep(Code code, CodeBuffer buffer) {
        checkKeeper(buffer);
        return pieces.keepIfThere(code, buffer.kept);
    }

    /** Another thread may have closed the buffer meanwhile, and what it kept from now on would never be dropped. */
    private void checkKeeper(CodeBuffer buffer) {
        checkOpen();
        if (!buffers.containsKey(buffer.kept)) {
            throw new IllegalStateException("the buffer is closed");
        }
    }

    /** Drops what a buffer kept. */
    void dismiss(CodeBuffer buffer) {
        dismiss(buffer, false);
    }

    /** The same for a buffer that is closed, which need not be told when the cache is. */
    void forget(CodeBuffer buffer) {
        dismiss(buffer, true);
    }

    private void dismiss(CodeBuffer buffer, boolean isClosed) {
        List<Code> given;
        synchronized (this) {
            given = pieces.dismiss(buffer.kept);
            freeing.addAll(given);
            if (isClosed) {
                buffers.remove(buffer.kept);
            }
        }
        free(given);
    }

    /** Nobody is in a closed piece any more. */
    void left(Code code) {
        List<Code> given;
        synchronized (this) {
            given = pieces.left(code);
            freeing.addAll(given);
        }
        free(given);
    }

    private void free(List<Code> given) {
        if (given.isEmpty()) {
            return;
        }
        Throwable failure = null;
        for (Code code : given) {
            try {
                giveBack(code);
                events().freed(code.name(), code.parts().get(0).address(), code.size());
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                synchronized (this) {
                    freeing.remove(code);
                }
            }
        }
        unmapWhenIdle();
        if (failure != null) {
            // Not thrown: it would reach whoever happened to be the last in the code.
            System.getLogger("dev.intaglio.runtime")
                    .log(
                            System.Logger.Level.WARNING,
                            "code could not be freed, and its memory stays taken until the cache is closed",
                            failure);
        }
    }

    private void giveBack(Code code) {
        try {
            for (Code.Part part : code.parts()) {
                memory.free(part.region(), part.address(), part.length());
            }
        } finally {
            code.freed();
        }
    }

    /** Exchanges a field; the caller keeps the piece. */
    void patch(PatchSite.Field field, long value) {
        Object event = CodeEvents.events().patching();
        long stored = field.isBranch() ? value - (field.address() + Integer.BYTES) : value;
        boolean fits = field.width() == Long.BYTES
                || stored == (int) stored
                || !field.isBranch() && stored >>> Integer.SIZE == 0;
        if (!fits) {
            throw new IllegalArgumentException(field.site() + " cannot have 0x" + Long.toHexString(value) + ": "
                    + (field.isBranch()
                            ? "a branch reaches 2 GiB; let it go to code of the cache that jumps on"
                            : "its constant has 32 bits"));
        }
        if (field.isBranch()) {
            refer(field.code(), field.site(), value);
        }
        memory.patch(field.address(), field.width(), stored);
        Cores.synchronize();
        CodeEvents.events().patched(event, field.code().name(), field.address(), value);
    }

    private synchronized void refer(Code code, PatchSite site, long target) {
        Optional<Code> kept = pieces.at(target);
        kept.ifPresent(other -> pieces.refer(code, other));
        if (kept.isEmpty() && target >= memory.address() && target < memory.address() + memory.size()) {
            throw new IllegalStateException(site + " cannot go to 0x" + Long.toHexString(target)
                    + ": no piece of the code cache lies there, or none any more");
        }
    }

    /** The frame that a piece makes which begins at an address. */
    synchronized Frame.Made frameAt(long address) {
        return pieces.at(address)
                .filter(code -> code.parts().get(0).address() == address)
                .map(Code::made)
                .orElse(Frame.Made.NOTHING);
    }

    /** What lies at an address, if it is in this cache. */
    Optional<CodePlace> place(long address) {
        synchronized (this) {
            return pieces.at(address).flatMap(code -> code.place(address));
        }
    }

    /** All pieces that hold memory. */
    synchronized List<Code> pieces() {
        return pieces.all();
    }

    /** The bytes that a piece of this length holds. */
    int held(Region region, int length) {
        return memory.occupied(region, length);
    }

    byte[] read(long address, int length) {
        return memory.read(address, length);
    }

    private synchronized void unmapWhenIdle() {
        if (closed && pieces.count() == 0 && committing == 0 && freeing.isEmpty() && !unmapped) {
            unmapped = true;
            CodeRegistry.remove(this);
            memory.close();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw closed();
        }
    }

    static IllegalStateException closed() {
        return new IllegalStateException("the code cache is closed");
    }

    /** How a cache is to be made. */
    public static final class Options {
        private static final long LARGEST = 1L << 30;
        private static final long SMALLEST = 1L << 15;

        private int size = 64 << 20;
        private int granule = 64;
        private boolean hardened;
        private Optional<Eviction> eviction = Optional.empty();
        private long[] near = {};
        private Optional<Cpu> cpu = Optional.empty();

        private Options() {}

        /**
         * The most bytes it may have, of which half is for hot code, three eighths for cold code, the rest for data. Only
         * addresses are taken at once; memory is mapped as code comes, and code never moves.
         *
         * @param bytes 32 KiB to 1 GiB; 64 MiB unless this is called
         * @return these options
         * @throws IllegalArgumentException for another size
         */
        public Options size(long bytes) {
            if (bytes < SMALLEST || bytes > LARGEST) {
                throw new IllegalArgumentException(
                        "a code cache cannot have " + bytes + " bytes, only " + SMALLEST + " to " + LARGEST);
            }
            size = (int) bytes;
            return this;
        }

        /**
         * Pieces start at multiples of 16 or of 64 bytes. 64, a cache line, is the default; 16 holds more small pieces. Where
         * protection has to be switched pieces take whole pages whatever is asked for.
         *
         * @param bytes 16 or 64
         * @return these options
         * @throws IllegalArgumentException for anything else
         */
        public Options granule(int bytes) {
            if (bytes != 16 && bytes != 64) {
                throw new IllegalArgumentException(
                        "pieces of code start at multiples of 16 or of 64 bytes, not of " + bytes);
            }
            granule = bytes;
            return this;
        }

        /**
         * Leaves no view of code that can be written: bytes go through the memory file, which costs one or two system calls for a section
         * at its commit and one a page when it is freed. Where memory files are refused there is no such cache.
         *
         * @return these options
         */
        public Options hardened() {
            hardened = true;
            return this;
        }

        /**
         * Who is asked to make room before emission fails because the cache is full.
         *
         * @param makesRoom closes pieces and tells whether it did
         * @return these options
         */
        public Options whenFull(Eviction makesRoom) {
            eviction = Optional.of(Objects.requireNonNull(makesRoom, "makesRoom"));
            return this;
        }

        /**
         * Addresses that code will call or touch: the cache is placed so that 32-bit distances reach them, where there is such a place.
         * {@link CodeCache#reaches} and {@link CodeCache#describe} tell; what is out of reach takes longer code.
         *
         * @param addresses what emitted code calls or touches, in place of those named before
         * @return these options
         */
        public Options near(long... addresses) {
            near = addresses.clone();
            return this;
        }

        /**
         * The CPU for which emitters choose among alternatives: this one, or one that has less, for comparing them.
         *
         * @param wanted a CPU that has nothing which this one lacks
         * @return these options
         * @throws IllegalArgumentException for a CPU that has what this one lacks: its code could not run here (a detached
         *     buffer shows it)
         */
        public Options cpu(Cpu wanted) {
            Set<String> lacking = new TreeSet<>(wanted.features());
            lacking.removeAll(Cpu.host().features());
            if (!lacking.isEmpty()) {
                throw new IllegalArgumentException("this CPU lacks " + String.join(", ", lacking) + ", so code for "
                        + wanted + " cannot run here; look at it in CodeBuffer.detached(base, cpu)");
            }
            cpu = Optional.of(wanted);
            return this;
        }

        /**
         * {@return whether this system and its settings grant such a cache; where not, {@link #create} says why} A cache of this size is
         * reserved, and given back.
         *
         * @throws IllegalArgumentException where the system property {@code intaglio.memory} asks for what is not known
         */
        public boolean isSupported() {
            try (CodeCache cache = new CodeCache(this)) {
                return cache.size() > 0;
            } catch (UnsupportedOperationException e) {
                return false;
            }
        }

        /**
         * Makes the cache.
         *
         * @return a cache, which its owner closes
         * @throws UnsupportedOperationException when the system grants no executable memory; the message says why and what
         *     can be done
         * @throws java.io.UncheckedIOException when a file for native tools that a system property asks for cannot be made
         * @throws IllegalArgumentException where the system property {@code intaglio.memory} asks for what is not known
         */
        public CodeCache create() {
            NativeTools.open();
            Rehearsal.begin();
            try {
                CodeCache cache = new CodeCache(this);
                Rehearsal.commit(new CodeCache(cache.memory));
                return cache;
            } finally {
                Rehearsal.end();
            }
        }
    }
}
