package dev.intaglio.runtime;

import java.util.Objects;

/**
 * A place in emitted code whose branch target or constant is exchanged while threads run through it: what {@code .patch site, …}
 * marks in a stencil. The client owns it, as it owns labels; it stands for the piece that was emitted with it last.
 *
 * <p>A thread that runs through the site sees the old value or the new one and nothing between: the field lies in eight aligned bytes,
 * which are stored at once (AMD APM volume 2, 7.6.1; SDM volume 3, 9.1.1). When {@link #patch} returns, all threads have run a serializing
 * instruction and see the new value (SDM volume 3, 9.1.3), if the kernel has the barrier for it ({@code membarrier}, Linux 4.16); without
 * it they see it as soon as their caches do, for which the manual gives no bound.
 */
public final class PatchSite {
    private final String name;

    /** The emission in which a stencil marked it last; 0 before the first. */
    long emission;

    /** Where that was: for the thread that emits, until the commit publishes it. */
    private long markedAddress;

    private int markedWidth;
    private boolean markedBranch;

    private volatile Field field;

    /**
     * What is patched, whole: a thread that patches while the site is emitted anew writes to the piece that it found.
     *
     * @param site whose field it is
     * @param code the piece it lies in
     * @param address its address
     * @param width 4 or 8
     * @param isBranch whether it holds the distance from its end
     */
    record Field(PatchSite site, Code code, long address, int width, boolean isBranch) {}

    /** A site without a name. */
    public PatchSite() {
        this("");
    }

    /**
     * A site that messages call {@code name}.
     *
     * @param name what messages call it
     */
    public PatchSite(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** {@return the name; empty when it has none} */
    public String name() {
        return name;
    }

    /**
     * Exchanges what is there, from any thread: the new target of a branch, as an address, or the new constant.
     *
     * <p>A target in the same cache is kept, as {@link Code} tells, until the piece with the site is freed: a thread may have
     * gone to an earlier target and still be there. If another thread may close the target meanwhile, take
     * {@link #patch(Code)}.
     *
     * @param value an address, or a number of the field's width
     * @throws IllegalStateException when no code with this site has been committed, it is closed, or the target is
     * @throws IllegalArgumentException when the distance or the constant does not fit 32 bits
     * @throws UnsupportedOperationException when the system does not let code be written, or this process is a fork of the one that
     *     made the cache
     */
    public void patch(long value) {
        Field now = committed();
        now.code().patch(now, value);
    }

    /**
     * Has a branch go to a piece of the same cache, from any thread; the piece is kept as with its address. If another thread closes
     * it meanwhile, it is kept or refused, whereas its address may be another piece's by then.
     *
     * @param target the new target, an open piece
     * @throws IllegalStateException when no code with this site has been committed, it is closed, or the target is
     * @throws IllegalArgumentException when the site is a constant's, or the target of another cache
     * @throws UnsupportedOperationException as of {@link #patch(long)}
     */
    public void patch(Code target) {
        target.becomeTarget(committed());
    }

    /**
     * {@return what is there now: the branch's target or the constant, of 32 bits without sign}
     *
     * @throws IllegalStateException when no code with this site has been committed, or it is closed
     */
    public long value() {
        Field now = committed();
        return now.code().valueAt(now);
    }

    /**
     * {@return the address of the field that is patched}
     *
     * @throws IllegalStateException when no code with this site has been committed, or it is closed
     */
    public long address() {
        Field now = committed();
        now.code().address(); // open, or this throws
        return now.address();
    }

    private Field committed() {
        Field now = field;
        if (now == null) {
            throw new IllegalStateException(this + " is in no code yet: emit a stencil with it, and commit");
        }
        return now;
    }

    /** A stencil marks it at an address. */
    void mark(long newEmission, long address, int bytes, boolean branch) {
        field = null;
        emission = newEmission;
        markedAddress = address;
        markedWidth = bytes;
        markedBranch = branch;
    }

    /** The code of an emission is there, unless the site has been marked in another one since. */
    void commit(long committed, Code code) {
        if (emission == committed) {
            field = new Field(this, code, markedAddress, markedWidth, markedBranch);
        }
    }

    /** {@code patch site guard}, or {@code an unnamed patch site}. */
    @Override
    public String toString() {
        return name.isEmpty() ? "an unnamed patch site" : "patch site " + name;
    }
}
