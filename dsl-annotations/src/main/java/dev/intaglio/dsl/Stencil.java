package dev.intaglio.dsl;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
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
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Stencil {
    /** The stencil's lines: one text block, or one string a line. */
    String[] value();
}
