/**
 * The compiler: bytecode of CPython 3.11 to micro-ops, micro-ops to stencils.
 *
 * <p>Code runs in two forms. The <em>plain</em> form ({@link dev.intaglio.cpython.jit.PlainCompiler}) keeps every value
 * where the interpreter would, does everything through the C API, and notes the types it meets. The <em>fast</em> form
 * ({@link dev.intaglio.cpython.jit.FastCompiler}) believes those notes: it keeps floats and ints unboxed and knows types.
 * Where a belief fails it brings the frame into the interpreter's shape and goes on in the plain form at the same
 * instruction, from where the next back edge or call leads back to fast code. What neither compiles goes on in CPython's
 * own interpreter.
 */
package dev.intaglio.cpython.jit;
