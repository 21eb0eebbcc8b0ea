package dev.intaglio.dsl;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an interface whose {@link Stencil} methods are compiled to an emitter: for an interface {@code X} the processor
 * writes the class {@code XEmitter implements X} to the same package ({@code Outer_XEmitter} for an {@code X} nested in
 * {@code Outer}).
 *
 * <p>Where the compiler says {@code cannot find symbol … class XEmitter} and nothing else, no processor ran: from JDK 23 on,
 * javac runs none that merely lies on the class path. Put {@code intaglio-processor} on the processor path
 * ({@code annotationProcessorPaths} in Maven, {@code annotationProcessor} in Gradle), or pass {@code -proc:full}.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface Stencils {
    /**
     * {@return what the emitter may count on: a level of the System V ABI ({@code x86-64}, {@code x86-64-v2}, {@code x86-64-v3},
     * {@code x86-64-v4}), single features, or several joined by a plus: {@code "x86-64-v2+popcnt+bmi2"}} Features have the
     * names that the instruction reference gives them.
     *
     * <p>An instruction beyond it is a compile error, and an emitter made on a CPU that lacks it is an exception. Empty: what
     * the option {@code -Aintaglio.cpu} says, or else {@code "any"}: every instruction is allowed and nothing is asked of the
     * CPU.
     */
    String cpu() default "";

    /**
     * {@return whether what is seldom run moves to the cold section by itself: blocks from which the stencil's end cannot be reached, and
     * calls that the end can be reached without} For stencils that a compiler made or that read better in one piece; a stencil
     * that switches sections, or has lines of Java, stays as it is written. The option {@code -Aintaglio.split} asks for it
     * everywhere.
     */
    boolean split() default false;

    /**
     * {@return whether stencils know what those before them have left: a load of a constant that its register holds already is not
     * emitted, nor one of a slot of memory (a 64-bit base register and a displacement) that a register holds, nor a store
     * of what is there, nor a {@code cmp} or {@code test} with its branch to another stencil's label that was not taken before
     * and whose operands are as they were} Knowledge ends at labels that the caller binds, at calls and at whatever the
     * instruction table does not tell all about, and is for code that runs straight on.
     *
     * <p>Memory that somebody else changes between two stencils may so be read once instead of twice. Where it must be read
     * each time, as a flag that another thread sets, the stencil says {@link Stencil#memoryAsWritten}.
     */
    boolean carry() default false;

    /**
     * {@return whether equal cold code of a piece is emitted once} A block behind a local label of the cold section, which ends with
     * a {@code jmp} or {@code ret} and which only branches before it lead to, is the same in another stencil if its lines and the
     * values in them are (at most three that are known at emission, and one {@code =>label}). For exits that many stencils have;
     * each stencil's cold code must end by leaving. A stencil with lines of Java stays as it is written.
     */
    boolean share() default false;

    /**
     * {@return whether the stencils of a piece share one frame, which {@code .enter} makes: a prologue at the head of a stencil
     * ({@code push rbp}, perhaps {@code mov rbp, rsp}, {@code sub rsp, size}) and all that takes it down again are left out, and
     * before what leaves the piece ({@code ret}, and {@code jmp} to an address or through a register or memory) the shared frame
     * is taken down} For stencils that a compiler made. One whose use of the stack cannot be carried over is an error; one
     * that says {@code .enter} or {@code .leave} itself stays as it is written.
     */
    boolean frame() default false;
}
