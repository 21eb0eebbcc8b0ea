package dev.intaglio.runtime;

import dev.intaglio.runtime.call.StackRoom;
import dev.intaglio.runtime.memory.DetachedWindows;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import dev.intaglio.runtime.memory.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Collects what emitters write: the sections of one piece of code, its labels and the fields that wait for them.
 *
 * <p>A buffer is used by one thread at a time and for one piece after the other; neither reset nor commit gives up its
 * arrays, so that emission allocates nothing once they have grown.
 */
public final class CodeBuffer implements AutoCloseable {
    private static final AtomicLong EMISSIONS = new AtomicLong();
    /** Where far addresses and constants lie; no user can name a section like this. */
    static final String POOL = ".pool";

    private static final Pattern NAME = Pattern.compile("\\w+");

    private static final int MOST_DATA = 1 << 30;

    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int CLOSING = 2;
    private static final int CLOSED = 3;

    /** No jump of two bytes goes as far: it reaches 127 bytes. */
    private static final int SHORT_REACH = 256;

    private static final int SMALLEST_WINDOW = 4096;
    private static final int POOL_WINDOW = 64 << 10;
    private static final int USER_WINDOW = 256 << 10;
    /** A buffer has this many times as much room for code as for data. */
    private static final int DATA_SHARE = 4;

    private final Optional<CodeCache> cache;
    private final Optional<Cpu> cpu;
    private final Windows windows;
    private final int windowBytes;
    private final List<Section> sections = new ArrayList<>();
    private final Section code;
    private final Section cold;
    private final Section data;
    private Section pool;
    private final ConstantPool constants = new ConstantPool();
    private final Exits exits = new Exits();
    /** The sizes of branches while a piece is emitted again and again; null otherwise. */
    BranchSizes sizes;

    private PatchSite[] sites = new PatchSite[8];
    private int siteCount;
    private final long reachLow;
    private final long reachHigh;
    private final long cacheLow;
    private final long cacheEnd;
    /** The lowest plain address; {@link #special}. */
    private final long plain;

    private long plainMask;
    /** Not 0 where {@link #notes} are wanted. */
    long listed;

    /** The pieces that the present one refers to; the cache's lock guards it. */
    final Set<Code> kept = new HashSet<>();

    private boolean refers;

    /** Whether a window has grown since it was last trimmed. */
    private boolean grown;

    private final Leak leak;
    /** The only thread that may use the buffer; each stencil compares it with its own. */
    Thread owner = Thread.currentThread();

    /** {@link #IDLE}, {@link #BUSY}, and so on. A thread that closes a busy buffer leaves the closing to the one that keeps it busy. */
    private final AtomicInteger state = new AtomicInteger(IDLE);

    private volatile boolean cacheClosed;
    private Optional<Throwable> spoiled = Optional.empty();
    /** {@link Sites#left}. */
    final boolean[] left = new boolean[1];

    private final List<Emitter> emitters = new ArrayList<>();
    final Knowledge known;
    final Frame frame = new Frame();
    final Tails tails = new Tails();
    final Position position;
    final Fixups fixups = new Fixups(sections, emitters);
    /** For the listing; null where none is wanted. */
    EmissionNotes notes;

    long emission;

    CodeBuffer(CodeCache cache, Windows windows, int windowBytes) {
        this(Optional.of(cache), Optional.empty(), windows, windowBytes);
    }

    private CodeBuffer(Optional<CodeCache> cache, Optional<Cpu> cpu, Windows windows, int windowBytes) {
        this.cache = cache;
        this.cpu = cpu;
        this.windows = windows;
        this.windowBytes = windowBytes;
        this.reachLow = windows.reachLow();
        this.reachHigh = windows.reachHigh();
        // No lambda on the way to the first piece: the first ones of a JVM cost tens of milliseconds.
        this.cacheLow = cache.isPresent() ? cache.get().address() : 0;
        this.cacheEnd = cache.isPresent() ? cacheLow + cache.get().size() : 0;
        long below = (cache.isPresent() ? cacheLow : reachHigh - Integer.MAX_VALUE) - SHORT_REACH;
        this.plainMask = -Long.highestOneBit(below - reachLow); // 512 MiB at least, as a cache has a GiB at most
        this.plain = below + plainMask;
        try {
            code = open("code", Region.HOT);
            cold = open("cold", Region.COLD);
            data = open("data", Region.DATA);
        } catch (RuntimeException | Error e) {
            for (Section section : sections) {
                windows.release(section.window);
            }
            throw e;
        }
        known = new Knowledge(code);
        position = new Position(code);
        emission = EMISSIONS.incrementAndGet();
        leak = cache.isPresent() ? Leak.ofOwned(this, "a code buffer") : Leak.of("a detached code buffer", "");
    }

    /**
     * {@return a buffer without memory behind it: pieces are linked for addresses from {@code base} upwards and looked at as
     * {@link #image}, but never run} It works where executable memory is refused, or JNA cannot be loaded.
     *
     * @param base the address that the first byte will have
     * @throws UnsupportedOperationException where this JVM lets nobody store at an address, as Java 22 and later may; the message says why
     *     and what can be done
     */
    public static CodeBuffer detached(long base) {
        return detached(base, Optional.empty());
    }

    /**
     * {@return a detached buffer in which emitters take what suits another CPU than this one: for looking at code that cannot run here}
     *
     * @param base the address that the first byte will have
     * @param cpu the CPU that code is emitted for
     * @throws UnsupportedOperationException where this JVM lets nobody store at an address, as Java 22 and later may; the message says why
     *     and what can be done
     */
    public static CodeBuffer detached(long base, Cpu cpu) {
        return detached(base, Optional.of(cpu));
    }

    private static CodeBuffer detached(long base, Optional<Cpu> cpu) {
        NativeMemory.require();
        return new CodeBuffer(Optional.empty(), cpu, new DetachedWindows(base), 1 << 20);
    }

    /** {@return the CPU for which emitters write here: that of the cache, or the one given to a detached buffer} */
    public Cpu cpu() {
        return cpu.or(() -> cache.map(CodeCache::cpu)).orElseGet(Cpu::host);
    }

    /** {@return a label without a name} */
    public Label newLabel() {
        return new Label();
    }

    /**
     * {@return a label that listings and messages call {@code name}}
     *
     * @param name what listings and messages call it
     */
    public Label newLabel(String name) {
        return new Label(name);
    }

    /**
     * Makes the buffer note what each stencil emits, for {@code Code.listing()}; slower, and it allocates.
     *
     * @return this buffer
     */
    public CodeBuffer withListing() {
        checkOwner();
        if (notes == null) {
            notes = new EmissionNotes();
            listed = 1;
            plainMask = -1; // but for one address none is plain
        }
        return this;
    }

    /** {@return the hot section} */
    public Section code() {
        return code;
    }

    /** {@return the cold section} */
    public Section cold() {
        return cold;
    }

    /** {@return the data section} */
    public Section data() {
        return data;
    }

    /**
     * {@return the section of this name; one that is new lies in the hot region, in a window of its own}
     *
     * @param name the section's name: letters, digits and underlines, as behind {@code .section}
     * @throws CodeBufferException when the cache has no room for a new one
     * @throws IllegalArgumentException when a new one cannot have the name
     * @throws IllegalStateException when there is none yet, and the buffer is closed or another thread's
     */
    public Section section(String name) {
        Objects.requireNonNull(name, "name");
        for (int i = 0; i < sections.size(); i++) {
            Section s = sections.get(i);
            if (s.name().equals(name)) {
                return s;
            }
        }
        checkOwner();
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a section cannot be called '" + name + "': a name has letters, digits and underlines");
        }
        return open(name, Region.HOT);
    }

    /** {@return the number of bytes emitted so far, in all sections} */
    public int size() {
        int size = 0;
        for (Section s : sections) {
            size += s.size();
        }
        return size;
    }

    /**
     * Reserves zeroed bytes in the data section and returns the address they will have: a place for a counter, a cell or
     * a table that both the code and its host know.
     *
     * @param bytes how many; 0 to 1 GiB
     * @param alignment a power of two up to 4096
     * @return the address of the first of them, from the commit on
     * @throws CodeBufferException when the cache has no room for them
     * @throws IllegalArgumentException when size or alignment are out of range
     * @throws IllegalStateException when the buffer is closed or another thread's
     */
    public long dataAddress(int bytes, int alignment) {
        if (bytes < 0 || bytes > MOST_DATA || alignment < 1 || Integer.bitCount(alignment) != 1 || alignment > 4096) {
            throw new IllegalArgumentException("cannot reserve " + bytes + " bytes aligned to " + alignment
                    + ": the size must be 0 to " + MOST_DATA + ", the alignment a power of two up to 4096");
        }
        long start = Shapes.alignData(reserve(data, bytes + alignment), data.slide, alignment);
        for (long at = start; at < start + bytes; at += Long.BYTES) {
            Shapes.put8(at, 0);
        }
        data.next = start + bytes;
        return data.slide + start;
    }

    /**
     * Forgets everything emitted since the last commit or reset.
     *
     * @throws IllegalStateException when the buffer is closed or another thread's, or is asking the client for room
     */
    public void reset() {
        checkIdle();
        code.open(); // the end of the stack in the midst of this must not leave a piece that looks whole
        for (int i = 1; i < sections.size(); i++) { // an iterator would be an allocation
            sections.get(i).clear();
        }
        if (refers) {
            StackRoom.require();
            cache.orElseThrow().dismiss(this);
        }
        begin();
        code.clear();
        if (grown && sizes == null) { // else it is about to grow again
            trim();
        }
    }

    /** Gives back what a large piece took. */
    private void trim() {
        occupy();
        try {
            for (Section s : sections) {
                Window less = windows.trim(s.window, window(s.name()));
                if (less.size() < s.window.size()) {
                    s.place(less);
                }
            }
            grown = false;
        } finally {
            vacate();
        }
    }

    /**
     * Links what was emitted, copies it to executable memory, and starts a new piece. Where this fails the buffer keeps the piece until
     * {@link #reset}.
     *
     * @param name what listings, messages and profilers call the code
     * @return the piece, which its owner closes
     * @throws LinkException when a label is not bound or out of reach, a frame is needed that none makes, or cold code was
     *     emitted behind the jumps that an earlier
     *     {@link #link} wrote
     * @throws CodeBufferException when the system grants no more of the memory that is reserved for the cache
     * @throws IllegalStateException when section .code is empty, a stencil failed halfway, or the buffer is detached, closed or
     *     another thread's
     * @throws UnsupportedOperationException when the system does not let code be written, or this process is a fork of the one that
     *     made the cache
     */
    public Code commit(String name) {
        return commit(name, () -> {});
    }

    /** The same; something is run when the memory of the piece is gone. */
    Code commit(String name, Runnable whenFreed) {
        Objects.requireNonNull(name, "name");
        checkOwner();
        if (cache.isEmpty()) {
            throw new IllegalStateException(
                    "a detached buffer has no executable memory; look at its image(), or take a buffer of a CodeCache");
        }
        if (code.size() == 0) {
            checkComplete(); // else the link does
            throw new IllegalStateException("there is no code to commit as " + name + ": section .code is empty");
        }
        link();
        occupy();
        Code committed;
        try {
            committed = cache.get().commit(name, this, sections, whenFreed);
        } finally {
            vacate();
        }
        for (int i = 0; i < siteCount; i++) {
            sites[i].commit(emission, committed);
        }
        begin();
        return committed;
    }

    /**
     * Emits a piece in the fewest bytes: forward branches, which otherwise take five or six bytes wherever they go, get two
     * where that reaches, and none where they go to what follows. For this {@code emission} is run until all sizes are
     * settled, three or four times as a rule; it must emit the same each time. Without it a piece is emitted and linked in
     * one pass.
     *
     * @param emission what emits the piece, each time the same
     * @return this buffer, to be committed or linked
     * @throws IllegalStateException when something was emitted, kept or needed since the last commit or reset, the runs differ, it is
     *     called within itself, or the buffer is closed or another thread's
     */
    public CodeBuffer smallest(Runnable emission) {
        checkOwner();
        if (size() > 0) {
            throw new IllegalStateException("the buffer holds " + size()
                    + " bytes of a piece, which cannot be emitted again; commit or reset first");
        }
        if (refers || frame.bytes() != Frame.NONE) {
            throw new IllegalStateException(
                    "the piece refers to others or needs a frame already, which would be forgotten from"
                            + " one run to the next; say it within the emission, or reset first");
        }
        if (sizes != null) {
            throw new IllegalStateException("the smallest form of a piece is being looked for already");
        }
        sizes = new BranchSizes();
        try {
            do {
                reset();
                sizes.begin();
                emission.run();
                checkOwner();
                checkWhole();
            } while (sizes.change(this.emission));
        } catch (RuntimeException | Error e) {
            if (state.get() < CLOSING && !cacheClosed) {
                reset();
            }
            throw e;
        } finally {
            sizes = null;
        }
        return this;
    }

    /**
     * {@return a label at which this piece jumps to an address: all branches to the label share one jump in the cold section, which reaches
     * any address} The link binds it: a piece in which a stencil binds it as well is refused then.
     *
     * @param address where the jump goes
     * @throws EmissionException when the address is one of the cache where no piece lies, or none any more
     * @throws IllegalStateException when the buffer is closed or another thread's
     */
    public Label exitTo(long address) {
        checkOwner();
        if (!refer(address)) {
            throw new EmissionException("there is no exit to 0x" + Long.toHexString(address)
                    + ": no piece of the code cache lies there, or none any more; keep code open as long as its address is"
                    + " emitted");
        }
        if (!reaches(address) && References.isInFirstPage(address)) {
            throw new EmissionException("there is no exit to address " + address + ": " + References.FIRST_PAGE);
        }
        return exits.to(address);
    }

    /**
     * {@return the address of eight bytes of this piece's data that hold a value, such as a mask or a double's bits: the same for the same
     * value} Nobody may write to them.
     *
     * @param value the eight bytes
     * @throws CodeBufferException when the cache has no room for them
     * @throws IllegalStateException when the buffer is closed or another thread's
     */
    public long constantAddress(long value) {
        checkOwner();
        return pool(value);
    }

    /**
     * Settles all references to labels, so that the bytes are final, as {@link #commit} does; call this to learn of an unbound label
     * earlier, or to measure. It also writes the jumps of {@link #exitTo}; where there are some, no cold code can be emitted afterwards.
     *
     * @throws LinkException when a label is not bound or out of reach, a frame is needed that none makes, or cold code was
     *     emitted behind the jumps that an earlier
     *     link wrote
     * @throws CodeBufferException when there is no room for the jumps
     * @throws IllegalStateException when a stencil failed halfway, or the buffer is closed, another thread's, or is asking the client for
     *     room
     */
    public void link() {
        checkIdle();
        checkComplete();
        exits.emit(this);
        fixups.resolve(emission);
        frame.resolve(sections);
    }

    /**
     * Links what was emitted and returns a copy of the bytes; the buffer starts a new piece.
     *
     * @return the bytes of .code, .cold and .data; those of named sections and of constants are not in it
     * @throws LinkException when a label is not bound or out of reach, or a frame is needed that none makes
     * @throws IllegalStateException when a stencil failed halfway, or the buffer is closed or another thread's
     */
    public Image image() {
        link();
        Image image = new Image(code.toByteArray(), cold.toByteArray(), data.toByteArray());
        reset();
        return image;
    }

    /**
     * Gives the buffer to another thread, which must be the only one to use it from now on.
     *
     * @param thread the thread that goes on with the buffer
     * @throws IllegalStateException when the buffer is closed, or another thread's
     */
    public void handOver(Thread thread) {
        Objects.requireNonNull(thread, "thread");
        checkOwner();
        owner = thread;
    }

    /**
     * Has the present piece keep another one of the same cache. Pieces whose addresses it calls or jumps to are kept unasked; call this for
     * addresses that it loads into registers or stores in tables.
     *
     * @param code an open piece of the same cache
     * @throws IllegalArgumentException when it is a piece of another cache
     * @throws IllegalStateException when it is closed, or the buffer is detached, closed or another thread's
     */
    public void keep(Code code) {
        checkOwner();
        CodeCache common = cache.orElseThrow(() -> new IllegalStateException("a detached buffer keeps no code"));
        if (!code.isOf(common)) {
            throw new IllegalArgumentException(code + " is not of this buffer's cache");
        }
        code.address(); // refuses where it is closed
        refers = true;
        if (!common.keep(code, this)) {
            throw new IllegalStateException(code + " was closed meanwhile");
        }
    }

    /**
     * Gives the buffer's windows back to the cache; does nothing the second time. Another thread than the owner may close it, too: the
     * owner's next stencil, or at the latest its commit, is then refused; a commit that is under way ends first.
     */
    @Override
    public void close() {
        StackRoom.require();
        while (state.get() < CLOSING) {
            if (state.compareAndSet(IDLE, CLOSED)) {
                end();
            } else {
                state.compareAndSet(BUSY, CLOSING); // who keeps it busy ends it
            }
        }
    }

    private void end() {
        leak.end();
        if (cache.isPresent()) {
            cache.get().forget(this);
        }
        shut();
        for (Section s : sections) {
            windows.release(s.window);
        }
    }

    /** Begins to change windows: nobody else gives them back until {@link #vacate}. */
    private void occupy() {
        StackRoom.require();
        if (!state.compareAndSet(IDLE, BUSY)) {
            checkOwner();
            throw inUse();
        }
    }

    private void vacate() {
        if (!state.compareAndSet(BUSY, IDLE)) {
            state.set(CLOSED);
            end();
        }
    }

    /** The cache is closed, in whatever thread: nothing more can be emitted. */
    void closeWithCache() {
        cacheClosed = true;
        leak.report("was open when its cache was closed: it");
        shut();
    }

    /** Leaves no room, so that the next stencil asks for some and is refused. */
    private void shut() {
        code.shut();
        cold.shut();
        data.shut();
    }

    /** {@code code 120 bytes, cold 16 bytes, 3 fixups}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Section s : sections) {
            text.append(s.name()).append(' ').append(s.size()).append(" bytes, ");
        }
        return text.append(fixups.count()).append(" fixups").toString();
    }

    // ---- for emitters

    /**
     * Keeps the piece in which an address lies that the present one calls or jumps to.
     *
     * @return false when the address is one of the cache's, but nothing lies there
     */
    boolean refer(long address) {
        return address < cacheLow || address >= cacheEnd || keepAt(address);
    }

    /**
     * 0 for a plain address, if no listing is wanted. One is plain that lies in some GiB below the cache, as libraries do (the cache is placed
     * above them): all code reaches it, and nothing there need be kept. The range has a size of a power of two, so this is two instructions.
     */
    long special(long address) {
        return address - plain & plainMask;
    }

    boolean reaches(long address) {
        return address >= reachLow && address <= reachHigh;
    }

    /** Notes a patch site and where its field is. */
    void marked(PatchSite site, long address, int width, boolean isBranch) {
        if (siteCount == sites.length) {
            sites = Arrays.copyOf(sites, siteCount * 2);
        }
        site.mark(emission, address, width, isBranch);
        sites[siteCount++] = site;
    }

    /** A number that grows with each byte, label, patch site, position, and place that waits for the link. */
    int emitted() {
        int emitted = size() + fixups.count() + siteCount + frame.count() + position.count();
        for (int i = 0; i < sections.size(); i++) {
            emitted += sections.get(i).bound;
        }
        return emitted;
    }

    /** The frame that a piece of the same cache makes which begins at an address. */
    Frame.Made frameAt(long address) {
        return cache.map(owner -> owner.frameAt(address)).orElse(Frame.Made.NOTHING);
    }

    private boolean keepAt(long address) {
        boolean isEnd = false;
        for (int i = 0; i < sections.size(); i++) {
            if (sections.get(i).contains(address)) {
                return true; // of the piece itself
            }
            isEnd |= sections.get(i).endsAt(address);
        }
        refers = true;
        return cache.orElseThrow().keep(address, this) || isEnd;
    }

    /** The address of the 8-byte slot that holds {@code value} in this piece. */
    long pool(long value) {
        if (pool == null) {
            pool = open(POOL, Region.DATA);
        }
        int slot = constants.slot(value, emission);
        if (slot < 0) {
            slot = pool.size();
            long place = reserve(pool, 8);
            Shapes.put8(place, value);
            pool.next = place + 8;
            constants.put(value, slot, emission);
        }
        return pool.base() + slot;
    }

    /** The number of the emitter's class, from 1: to all emitters of a class a site means the same line. */
    int enlist(Emitter emitter) {
        checkOwner();
        for (int i = 0; i < emitters.size(); i++) {
            if (emitters.get(i).getClass() == emitter.getClass()) {
                return i + 1;
            }
        }
        emitters.add(emitter);
        return emitters.size();
    }

    /** Makes room for {@code need} more bytes in a section that no stencil has begun, and returns the place of the first. */
    long reserve(Section s, int need) {
        return reserve(s, s.next, need);
    }

    /** The same where {@code before} is what the next place was before a stencil that begins has marked it. */
    long reserve(Section s, long before, int need) {
        checkIdle();
        if (s.isOpen(before)) {
            refuseUnended();
        }
        try {
            makeRoom(s, (long) s.size() + need);
            return s.place(s.size());
        } catch (RuntimeException | Error e) { // the client, who is asked for room, may throw what he likes
            spoil(e);
            throw e;
        }
    }

    private void makeRoom(Section s, long wanted) {
        occupy();
        try {
            enlarge(s, wanted);
        } finally {
            vacate();
        }
    }

    private void enlarge(Section s, long wanted) {
        s.checkRoom();
        if (s.window.size() == 0) {
            placeAnew(s);
        }
        if (wanted > s.window.size()) {
            s.window = windows.extend(s.window, (int) Math.min(wanted, Integer.MAX_VALUE))
                    .orElseThrow(() -> new CodeBufferException("section ." + s.title() + " holds " + s.size()
                            + " bytes and needs " + (wanted - s.size())
                            + " more, but its window of the code cache ends at "
                            + s.window.size() + " and " + (cache.isPresent() ? "what follows is taken; " : "")
                            + remedy(s, wanted)));
            grown = true;
        }
        s.grow((int) wanted);
    }

    /** What helps where a section does not fit its window. */
    private String remedy(Section s, long wanted) {
        if (cache.isEmpty()) {
            return "a detached buffer has no more for a section";
        }
        long bytes = Long.highestOneBit(wanted) * 2 * (s.region() == Region.DATA ? DATA_SHARE : 1);
        boolean isLargeEnough = wanted <= window(s.name()); // but was given less
        boolean helps = !isLargeEnough
                && wanted <= cache.get().statistics().region(s.region()).size()
                && bytes <= cache.get().size()
                && window(s.name(), (int) bytes) >= wanted;
        return helps ? "emit the piece again into a larger buffer: cache.newBuffer(" + bytes + ")" : room();
    }

    /** Notes that a stencil failed halfway: until reset the piece cannot be linked. */
    void spoil(Throwable exception) {
        spoiled = Optional.of(exception);
    }

    /** Refuses a client that uses the buffer which is asking it for room. */
    private void checkIdle() {
        checkOwner();
        if (state.get() == BUSY) {
            throw inUse();
        }
    }

    private static IllegalStateException inUse() {
        return new IllegalStateException("the buffer is used while it asks the client for room or commits a piece");
    }

    private void checkComplete() {
        for (int i = 0; i < sections.size(); i++) {
            checkEnded(sections.get(i));
            sections.get(i).checkRoom();
        }
        checkWhole();
    }

    private void checkEnded(Section s) {
        if (s.isOpen()) {
            refuseUnended();
        }
    }

    private void refuseUnended() {
        if (spoiled.isEmpty()) {
            spoil(new IllegalStateException("it was left by an exception, or emits another one within an operand"));
        }
        checkWhole();
    }

    private void checkWhole() {
        if (left[0] && spoiled.isEmpty()) {
            spoil(new IllegalStateException("it was left by an exception, with no stack left to tell so"));
        }
        if (spoiled.isPresent()) {
            Throwable cause = spoiled.get();
            throw new IllegalStateException(
                    "the piece is incomplete, because a stencil failed halfway: " + cause.getMessage()
                            + "; reset the buffer and emit the piece again",
                    cause);
        }
    }

    private Section open(String name, Region region) {
        occupy();
        try {
            Window window = window(windows.acquire(region, window(name)), name);
            int number = sections.size();
            try {
                sections.add(new Section(number, name, region, window));
            } finally {
                if (sections.size() == number) {
                    windows.release(window);
                }
            }
            return sections.get(number);
        } finally {
            vacate();
        }
    }

    /** What a person calls a section of this name. */
    static String title(String section) {
        return section.equals(POOL) ? "data" : section;
    }

    /** The size of window that a section of this name asks for. */
    int window(String section) {
        return window(section, windowBytes);
    }

    private static int window(String section, int windowBytes) {
        return switch (section) {
            case "code", "cold" -> windowBytes;
            case "data" -> Math.max(windowBytes / DATA_SHARE, SMALLEST_WINDOW);
            case POOL -> Math.min(Math.max(windowBytes / 16, SMALLEST_WINDOW), POOL_WINDOW);
            default -> Math.min(windowBytes, USER_WINDOW);
        };
    }

    /** A section that found the cache full after the last commit tries again. */
    private void placeAnew(Section s) {
        s.place(window(windows.acquire(s.region(), window(s.name())), s.name()));
    }

    private Window window(Optional<Window> found, String name) {
        if (found.isEmpty()) {
            throw full(name);
        }
        return found.get();
    }

    private CodeBufferException full(String name) {
        return new CodeBufferException("the code cache has no room left for section ." + title(name) + "; " + room());
    }

    /** How there may be more room. */
    private String room() {
        String open = cache.map(CodeCache::holders).orElse("none open");
        return "close code that is not needed and buffers (" + open
                + "), or make the cache larger: CodeCache.options().size(bytes)";
    }

    private void begin() {
        known.end();
        frame.clear();
        tails.clear();
        position.forget();
        fixups.clear();
        exits.clear();
        siteCount = 0;
        refers = false;
        spoiled = Optional.empty();
        left[0] = false;
        if (notes != null) {
            notes.clear();
        }
        emission = EMISSIONS.incrementAndGet();
    }

    private void checkOwner() {
        if (state.get() >= CLOSING) {
            throw new IllegalStateException("the buffer is closed");
        }
        if (cacheClosed) {
            throw CodeCache.closed();
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("the buffer belongs to thread " + owner.getName() + ", but thread "
                    + Thread.currentThread().getName()
                    + " used it; take a buffer for each thread, or pass it on with handOver");
        }
    }

    /**
     * The linked bytes of a piece, without those of named sections and of constants.
     *
     * @param code the hot section
     * @param cold the cold section
     * @param data the data section
     */
    public record Image(byte[] code, byte[] cold, byte[] data) {}
}
