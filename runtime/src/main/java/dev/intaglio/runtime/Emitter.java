package dev.intaglio.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The base of generated emitters.
 *
 * <p>Protected members are for generated code. A stencil method reserves room, which gives it the place where the next byte of a section is
 * collected, stores in ascending order (a store may write up to seven bytes beyond those that matter), and tells at its end how far it
 * came. A method that returns the place behind something has stored it.
 *
 * <p>A value is refused by an {@link EmissionException} before the first byte is stored. What fails later (a label that is null, bound
 * already or out of reach, an address likewise or where nothing lies any more, a position that is not known, a site that the piece has
 * already, no room) spoils the piece, which can then only be reset. The sizes of forward branches told here hold where
 * {@link CodeBuffer#smallest} does not choose smaller ones.
 */
public abstract class Emitter extends References {
    /** Whether stencils trust that their buffer is used by its thread only. */
    private static final boolean UNCHECKED = "false".equals(System.getProperty("intaglio.checks"));

    private static final int[] NOWHERE = {};

    /** The hot section, {@code .code}, in which each stencil begins. */
    protected final Section code;
    /** The cold section, {@code .cold}: what is seldom run. */
    protected final Section cold;
    /** The data section, {@code .data}: mapped writable, never executable. */
    protected final Section data;
    /** What is known where the next stencil begins, for interfaces that carry it on. */
    protected final Knowledge known;

    private String cpuNeeded = "";
    private final List<String> choices = new ArrayList<>();

    /** What is being emitted, for the listing. */
    private EmissionNote call;

    /**
     * An emitter that writes to {@code buffer}.
     *
     * @param buffer where its stencils go; all emitters of a buffer write to the same piece
     */
    protected Emitter(CodeBuffer buffer) {
        super(buffer);
        this.code = buffer.code();
        this.cold = buffer.cold();
        this.data = buffer.data();
        this.known = buffer.known;
    }

    /** {@return the buffer this emitter writes to} */
    public final CodeBuffer buffer() {
        return buffer;
    }

    // ---- the CPU

    /**
     * Refuses a CPU that lacks what the interface counts on.
     *
     * @param cpu levels and features joined by a plus, as {@code @Stencils(cpu = …)} has them
     * @throws UnsupportedOperationException naming what it lacks
     */
    protected final void require(String cpu) {
        List<String> missing = buffer.cpu().missing(cpu);
        if (!missing.isEmpty()) {
            throw new UnsupportedOperationException(getClass().getSimpleName() + " is written for CPUs with " + cpu
                    + ", and this one lacks " + String.join(", ", missing) + " (it is " + buffer.cpu()
                    + "); lower @Stencils(cpu = …) and offer what needs more as alternatives, or run elsewhere");
        }
        cpuNeeded = cpu;
    }

    /**
     * {@return the number, from 0, of the first text of a stencil that the CPU can run}
     *
     * @param stencil the stencil's name, for messages
     * @param conditions what each text needs: levels and features joined by a plus, empty where it runs anywhere
     * @throws UnsupportedOperationException where it can run none
     */
    protected final int choose(String stencil, String... conditions) {
        int chosen = 0;
        while (chosen < conditions.length && !buffer.cpu().has(conditions[chosen])) {
            chosen++;
        }
        if (chosen == conditions.length) {
            throw new UnsupportedOperationException("stencil " + stencil + " of "
                    + getClass().getSimpleName()
                    + " needs a CPU with " + String.join(" or with ", conditions) + ", and this one is " + buffer.cpu()
                    + "; add a last @Stencil without cpu");
        }
        List<String> named = new ArrayList<>();
        for (String condition : conditions) {
            named.add(condition.isEmpty() ? "anywhere" : condition);
        }
        choices.add(stencil + ": " + named.get(chosen) + " of " + String.join(", ", named));
        return chosen;
    }

    /**
     * {@return which CPU the emitter counts on, which it found, and which of its stencils' alternatives it took; a line each}
     */
    public String describe() {
        StringBuilder text = new StringBuilder(getClass().getSimpleName())
                .append(" needs ")
                .append(cpuNeeded.isEmpty() ? "no particular CPU" : cpuNeeded)
                .append('\n');
        if (!cpuNeeded.isEmpty() || !choices.isEmpty()) {
            text.append("CPU: ").append(buffer.cpu()).append('\n');
        }
        choices.forEach(choice -> text.append(choice).append('\n'));
        return text.toString();
    }

    // ---- sections

    /**
     * {@return the section that the user named; one that is new lies in the hot region, in a window of its own}
     *
     * @param name its name, without the dot of the directive
     */
    protected final Section section(String name) {
        return buffer.section(name);
    }

    /**
     * {@return the place of the first of {@code need} more bytes, good until the next call that reserves in this section}
     *
     * @param s the section
     * @param need the most bytes that will be emitted there; what stores write beyond is not counted
     * @throws CodeBufferException where the cache has no more room for the section
     * @throws IllegalStateException where another thread owns the buffer, or the buffer or its cache is closed
     */
    protected final long reserve(Section s, int need) {
        long p = s.next;
        if (p + need > s.end || !UNCHECKED && Thread.currentThread() != buffer.owner) {
            // At the end of the stack the call may fail, behind other lines of the stencil.
            if (Thread.currentThread() == buffer.owner) {
                s.next = p - s.memory < Section.OPEN ? p + Section.OPEN : p;
            }
            p = buffer.reserve(s, p, need);
        }
        s.next = p + Section.OPEN;
        return p & NativeMemory.ADDRESS_BITS;
    }

    /**
     * {@return what {@link #reserve} gives, for a further section of a stencil: the call for its first has looked at the thread}
     *
     * @param s the section
     * @param need the most bytes that will be emitted there; what stores write beyond is not counted
     * @throws CodeBufferException where the cache has no more room for the section
     */
    protected final long reserveMore(Section s, int need) {
        long p = s.next;
        return (p + need <= s.end ? p : buffer.reserve(s, need)) & NativeMemory.ADDRESS_BITS;
    }

    /**
     * Tells a section that everything before a place is emitted.
     *
     * @param s the section
     * @param p the place behind the last byte that matters
     * @return whether the buffer wants {@link #recordLines} to be called
     */
    protected final boolean advance(Section s, long p) {
        s.next = p;
        return buffer.notes != null;
    }

    /**
     * The same for two sections in one call: before the JIT compiler has seen them, calls take most of the time of an emission.
     *
     * @param s a section
     * @param p the place behind the last byte that matters in it
     * @param t another section
     * @param q the place behind the last byte that matters in that
     * @return whether the buffer wants {@link #recordLines} to be called
     */
    protected final boolean advance(Section s, long p, Section t, long q) {
        s.next = p;
        t.next = q;
        return buffer.notes != null;
    }

    // ---- cold code that stencils share

    /**
     * {@return the label of a cold block that stencils share: one in a piece for the same lines, values and target}
     *
     * @param lines the block's text with holes for values
     * @param a the first value, 0 where there is none
     * @param b the second value
     * @param c the third value
     * @param target the label that the block goes to; null where it goes to none
     */
    protected final Label tail(String lines, long a, long b, long c, @Nullable Label target) {
        return buffer.tails.label(lines, a, b, c, target);
    }

    /**
     * {@return whether a label is not bound in this piece yet: then its block is still to be emitted}
     *
     * @param label what {@link #tail} gave
     */
    protected final boolean isNew(Label label) {
        return label.emission != buffer.emission;
    }

    // ---- the position

    /**
     * {@code .position [base + displacement], value} in hot code: what the slot is to hold from here on. Stores nothing.
     *
     * @param base the number of the base register, 0 to 15
     * @param displacement 32 bits with sign, at most 2147483643: the slot's upper half must be in reach
     * @param value the eight bytes of the slot
     */
    protected final void setPosition(int base, long displacement, long value) {
        buffer.position.set(base, displacement, value);
    }

    /** {@code .position} alone in hot code, or the base register changes: neither what the slot is to hold nor what it holds is known. */
    protected final void forgetPosition() {
        buffer.position.forget();
    }

    /** Ways of hot code join that may have written the position differently: what the slot holds is not known. */
    protected final void unsettlePosition() {
        buffer.position.unsettle();
    }

    /**
     * {@return the place behind {@code .observe} in hot code: at most 24 bytes, none where the slot holds the position}
     *
     * @param p the place of the first byte
     * @param here the address that place p will have
     * @param scratch the number of a register that may change, or -1
     * @param flagsDead whether flags may be lost
     * @param site the line, for messages
     * @throws EmissionException where the position is not known
     */
    protected final long settlePosition(long p, long here, int scratch, boolean flagsDead, int site) {
        checkPosition(site);
        return buffer.position.settle(p, here, scratch, flagsDead);
    }

    /**
     * {@return the place behind {@code .observe} elsewhere, which writes hot code's position, at most 24 bytes}
     *
     * @param p the place of the first byte
     * @param here the address that place p will have
     * @param scratch the number of a register that may change, or -1
     * @param site the line, for messages
     * @throws EmissionException where the position is not known
     */
    protected final long writePosition(long p, long here, int scratch, int site) {
        checkPosition(site);
        return buffer.position.write(p, here, scratch);
    }

    /**
     * {@return the place behind {@code .position [base + displacement], value} and {@code .observe} elsewhere, at most 24 bytes}
     *
     * @param p the place of the first byte
     * @param here the address that place p will have
     * @param base the number of the base register, 0 to 15
     * @param displacement as {@link #setPosition} takes it
     * @param value the eight bytes of the slot
     * @param scratch the number of a register that may change, or -1
     */
    protected static long writePosition(long p, long here, int base, long displacement, long value, int scratch) {
        return Position.write(p, here, base, displacement, value, scratch);
    }

    private void checkPosition(int site) {
        if (!buffer.position.isSet()) {
            throw failed(new EmissionException(quote(site)
                    + ": the position is not known here; say `.position [slot], value` behind the label or stencil that"
                    + " made it unknown"));
        }
    }

    // ---- the frame

    /**
     * Says what the stencil needs of the piece's frame, which is as large as the neediest wants.
     *
     * @param bytes from rsp upwards, 0 to 1048576
     * @param site the line, for messages
     * @throws EmissionException for other numbers
     */
    protected final void needFrame(long bytes, int site) {
        if (bytes < 0 || bytes > Frame.LARGEST) {
            throw failed(new EmissionException(
                    quote(site) + ": a frame has 0 to " + Frame.LARGEST + " bytes, not " + bytes));
        }
        buffer.frame.need((int) bytes, this, site);
    }

    /**
     * {@return the place behind {@code .enter}: eleven bytes that make the frame, NOPs if no stencil of the piece needs one}
     *
     * @param s the section
     * @param p the place of the first byte
     */
    protected final long enterFrame(Section s, long p) {
        return buffer.frame.enter(s, p);
    }

    /**
     * {@return the place behind {@code .leave}: a byte that takes the frame down, a NOP if there is none}
     *
     * @param s the section
     * @param p the place of the byte
     */
    protected final long leaveFrame(Section s, long p) {
        return buffer.frame.leave(s, p);
    }

    /**
     * {@return the place behind {@code .leave}, {@code jmp address}: a piece there that needs no larger frame takes this one over}
     *
     * @param s the section
     * @param p the place of the first byte
     * @param address where the jump goes
     * @param site the line, for messages
     */
    protected final long leaveFrameFor(Section s, long p, long address, int site) {
        Frame.Made other = buffer.frameAt(address);
        if (other == Frame.Made.NOTHING || !buffer.reaches(address)) {
            return jumpAddress(s, leaveFrame(s, p), address, site);
        }
        refer(address, site);
        long jump = buffer.frame.leaveFor(other, s, p);
        put8(jump, 0xE9 | (address - (s.slide + jump + 5)) << 8);
        return jump + 5;
    }

    // ---- listing

    /** {@return 0 where {@link #isListed} is false} */
    protected final long listed() {
        return buffer.listed;
    }

    /** {@return whether the buffer wants {@link #recordCall} and {@link #recordLines} to be called} */
    protected final boolean isListed() {
        return buffer.notes != null;
    }

    /**
     * Notes that a stencil, or a part of it between lines of Java, is about to emit. It is called before the emission, because behind it
     * each emission, listed or not, would have to keep the arguments until then.
     *
     * @param stencil the stencil's number
     * @param arguments the stencil's arguments
     * @param operands the values for {@code {0}}, {@code {1}}… in the lines' texts
     */
    protected final void recordCall(int stencil, Object[] arguments, long[] operands) {
        call = new EmissionNote(sources()[stencil], NOWHERE, arguments, operands);
    }

    /**
     * Notes where the lines of what {@link #recordCall} told have come to lie.
     *
     * @param starts pairs of line index and place, in the order of emission
     */
    protected final void recordLines(long... starts) {
        StencilSource source = call.source();
        int[] positions = new int[starts.length];
        for (int i = 0; i < starts.length; i += 2) {
            positions[i] = (int) starts[i];
            Section section = buffer.section(source.lines()[positions[i]].section());
            positions[i + 1] = section.position(starts[i + 1]);
        }
        buffer.notes.add(call.at(positions));
    }
}
