package dev.intaglio.dsl;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The assembly of one stencil. Lines that begin with {@code |} are x86-64 assembly, all others are Java and run when the
 * code is emitted.
 *
 * <p>The annotated method is abstract, returns {@code void}, and belongs to an interface marked {@link Stencils}. Its
 * parameters are the values known at emission: {@code int}, {@code long}, {@code double} (its bits), {@code boolean},
 * labels and registers of the runtime.
 *
 * <p>A method may have several of them, each for another CPU: the emitter takes the first whose {@link #cpu} it finds, once,
 * when it is made. The last has no {@code cpu} and runs everywhere.
 *
 * <pre>{@code
 * @Stencil(cpu = "bmi2", value = """
 *     | pext rax, rdi, rsi
 *     """)
 * @Stencil("""
 *     | call extract
 *     """)
 * void extractBits(long extract);
 * }</pre>
 */
@Documented
@Repeatable(Stencil.Alternatives.class)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Stencil {
    /**
     * The stencil's lines: one text block, or one string a line.
     *
     * @return the lines
     */
    String[] value();

    /**
     * What the CPU must have beyond the interface's {@link Stencils#cpu} for this text to be taken: features and levels joined
     * by a plus, such as {@code "bmi2"} or {@code "x86-64-v3+aes"}. Empty: nothing.
     *
     * @return features and levels, joined by a plus
     */
    String cpu() default "";

    /**
     * The registers that are set where the stencil begins. A register that it reads before it writes it, and that is not named
     * here, is an error. Unstated: any may be.
     *
     * @return names of registers
     */
    String[] in() default {};

    /**
     * The registers that are looked at where the stencil ends, at each of its ways out, beside rsp. What it computes elsewhere
     * may be optimized away. Unstated: all of them; {@code {}}: none.
     *
     * @return names of registers
     */
    String[] out() default {};

    /**
     * The registers that the stencil changes beside those of {@link #out}. Any other that it changes, and does not save by push
     * and take back by pop, is an error. What it calls is not looked at. Unstated: it may change any.
     *
     * @return names of registers
     */
    String[] clobbers() default {};

    /**
     * The registers that the stencil does not change. One that it changes, and does not save by push and take back by pop, is an
     * error. Unstated: as {@link #clobbers} says.
     *
     * @return names of registers
     */
    String[] preserves() default {};

    /**
     * What the stencil's calls to addresses and through registers read and leave: {@code "sysv"} by the System V ABI, all six
     * argument registers; {@code "sysv 2"} the same for functions with at most two integer arguments. What no call reads, and none
     * leaves a value in, may be optimized away before it. Unstated: calls read all registers and may keep any.
     *
     * @return {@code "sysv"}, perhaps with a number, or nothing
     */
    String calls() default "";

    /**
     * Slots of eight bytes, such as {@code "[r13 + 64]"}, at which nobody looks where the stencil ends. Its calls may. Stores that
     * only the end would see are left out; one that only a call needs moves to the way that leads to the call.
     *
     * @return slots as they are written in operands
     */
    String[] scratch() default {};

    /**
     * Whether each access to memory happens as it is written, since another thread, a signal handler or a device changes or watches
     * the memory meanwhile. Unstated, a load of what a register is known to hold, and a store of what the slot holds since the
     * last store, may be left out; a fence or a locked instruction ends that knowledge.
     *
     * @return whether it does
     */
    boolean memoryAsWritten() default false;

    /**
     * Whether the arithmetic flags are looked at where the stencil ends, too.
     *
     * @return whether they are
     */
    boolean flagsLive() default false;

    /** Holds the stencils of a method that has several; the compiler writes it. */
    @Documented
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.CLASS)
    @interface Alternatives {
        /**
         * The alternatives in the order of preference.
         *
         * @return the texts
         */
        Stencil[] value();
    }
}
