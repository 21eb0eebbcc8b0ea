/**
 * What generated emitters run on, and what their users hold: a {@link dev.intaglio.runtime.CodeCache} owns executable
 * memory, a {@link dev.intaglio.runtime.CodeBuffer} collects what emitters write, {@code commit} links it into a
 * {@link dev.intaglio.runtime.Code}, which is bound to a Java functional interface and called.
 *
 * <p>The path of a byte: emitter to {@link dev.intaglio.runtime.Section} (native memory whose final address is already
 * reserved), link (forward references, distances and the frame are left to settle), one copy into the cache's writable view, run through its
 * executable view.
 *
 * <p>No parameter takes null and no method returns it, where {@code @Nullable} does not say otherwise.
 */
@NullMarked
package dev.intaglio.runtime;

import org.jspecify.annotations.NullMarked;
