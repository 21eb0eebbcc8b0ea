package dev.intaglio.runtime;

/**
 * The checks of what stencils are given, and the messages that say where it was refused. A {@code site} is the stencil's number shifted
 * left by 16, or'ed with the line's index; it is how a message finds the source line.
 */
abstract class Sites extends Shapes {
    /** What this emitter writes to. */
    protected final CodeBuffer buffer;

    /**
     * Its one element is whether a stencil is being left by an exception and {@link #halted} has not come to its end. Generated code stores
     * it before that call, for which the stack may have no room.
     */
    protected final boolean[] left;

    /** The buffer's number of this emitter's class, in the upper half: to store a reference instead would cost a GC barrier. */
    private final long signature;

    @SuppressWarnings("this-escape") // the buffer asks an emitter for its sources when something goes wrong, not before
    Sites(CodeBuffer buffer) {
        this.buffer = buffer;
        left = buffer.left;
        signature = (long) buffer.enlist((Emitter) this) << 32;
    }

    /** {@return what messages and listings know of the stencils, by stencil number; asked for only when one is made} */
    protected abstract StencilSource[] sources();

    /**
     * Refuses a value that does not fit its field.
     *
     * @param site the line, for messages
     * @param what what the value is, for the message
     * @param value the value
     * @param minimum the least that fits
     * @param maximum the greatest that fits
     * @throws EmissionException naming line, value and limits
     */
    protected final void checkRange(int site, String what, long value, long minimum, long maximum) {
        if (value < minimum | value > maximum) {
            throw outOfRange(site, what, value, minimum, maximum);
        }
    }

    /**
     * Refuses a register that the operand cannot name.
     *
     * @param site the line, for messages
     * @param operand what the register is, for the message
     * @param number its number
     * @param limit how many there are
     * @param excluded the number among them that is refused too; -1: none
     * @throws EmissionException naming line and number
     */
    protected final void checkRegister(int site, String operand, long number, int limit, int excluded) {
        if (number < 0 | number >= limit) {
            throw badRegister(site, operand, number, limit);
        }
        if (number == excluded) {
            throw excludedRegister(site, operand, number);
        }
    }

    /**
     * Refuses one register for two operands that must differ: the processor raises #UD where they do not.
     *
     * @param site the line, for messages
     * @param operand what the register is, for the message
     * @param number its number
     * @param other the number of the register that it must not be
     * @throws EmissionException naming line and number
     */
    protected final void checkDifferent(int site, String operand, long number, long other) {
        if (number == other) {
            throw new EmissionException(quote(site) + ": " + operand + " has register number " + number
                    + ", which another operand has too: the processor refuses one register for both");
        }
    }

    /**
     * {@return the exception for a value that does not fit, to be thrown before anything is stored}
     *
     * @param site the line
     * @param what what the value is
     * @param value the value
     * @param minimum the least that fits
     * @param maximum the greatest that fits
     */
    protected final EmissionException outOfRange(int site, String what, long value, long minimum, long maximum) {
        return new EmissionException(quote(site) + ": " + what + " is " + value + ", but only " + minimum + " to "
                + maximum + " can be encoded");
    }

    /**
     * {@return the exception for a register number that the operand cannot name, to be thrown before anything is stored}
     *
     * @param site the line
     * @param operand what the register is
     * @param number its number
     * @param limit how many there are
     */
    protected final EmissionException badRegister(int site, String operand, long number, int limit) {
        return new EmissionException(quote(site) + ": " + operand + " has register number " + number
                + ", but only 0 to " + (limit - 1) + " exist");
    }

    private EmissionException excludedRegister(int site, String operand, long number) {
        String why = switch (operand) {
            case "index register" ->
                " (rsp), which cannot be an index; make it the base, or copy it to another register first";
            case "mask register" -> " (k0), which means no mask; write the line without one for that";
            default -> ", which the processor refuses there";
        };
        return new EmissionException(quote(site) + ": " + operand + " has register number " + number + why);
    }

    /** {@return how far the emission is, for {@link #halted}: bytes, labels, and what waits for the link} */
    protected final int emitted() {
        return buffer.emitted();
    }

    /**
     * A stencil is left by an exception: where it has emitted something, the piece is good for a reset only.
     *
     * @param before what {@link #emitted} gave when the stencil began
     * @param thrown the exception
     */
    protected final void halted(int before, Throwable thrown) {
        halted(emitted() != before, thrown);
    }

    /**
     * A stencil refuses a value behind lines of Java.
     *
     * @param begun whether it has emitted something by then, so that the piece is good for a reset only
     * @param refused the exception
     */
    protected final void halted(boolean begun, Throwable refused) {
        if (begun) {
            buffer.spoil(refused);
        }
        left[0] = false;
    }

    /** The exception of a stencil that has stored something already: the piece is good for a reset only. */
    final <T extends RuntimeException> T failed(T exception) {
        buffer.spoil(exception);
        return exception;
    }

    /** A site together with the number of this emitter's class. */
    final long signed(int site) {
        return signature | site;
    }

    /** The place and the text of the line that a site stands for. */
    final String quote(int site) {
        StencilSource[] all = sources();
        int stencil = site >>> 16;
        return stencil < all.length
                ? all[stencil].quote(site & 0xffff)
                : getClass().getSimpleName();
    }
}
