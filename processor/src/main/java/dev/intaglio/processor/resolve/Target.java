package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.machine.CpuFeatures;
import java.util.Set;

/**
 * The CPUs that a stencil's text is for.
 *
 * @param allowed what its instructions may use
 * @param condition what the CPU must have, beyond what the interface counts on, for the text to be taken; empty for one that
 *     is always right
 */
public record Target(CpuFeatures allowed, String condition) {
    /** Every CPU, and every instruction. */
    public static final Target ANY = new Target(CpuFeatures.ANY, "");

    /** Whether there are CPUs on which the text is not taken. */
    public boolean isConditional() {
        return !condition.isEmpty();
    }

    /** What a rewrite may use that the author did not write: nothing that was not promised. */
    public Set<String> promised() {
        return allowed.names();
    }
}
