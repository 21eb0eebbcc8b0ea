/**
 * The annotations that a stencil's author compiles against; they depend on nothing.
 *
 * <pre>{@code
 * @Stencils
 * public interface Arithmetic {
 *     @Stencil("""
 *         | lea rax, [rdi + rdi*4 + displacement]
 *         | ret
 *         """)
 *     void timesFivePlus(int displacement);
 * }
 * }</pre>
 */
package dev.intaglio.dsl;
