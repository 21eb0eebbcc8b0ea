package dev.intaglio.assembly.table;

import dev.intaglio.assembly.machine.FlagSet;

/**
 * What an instruction does to each flag.
 *
 * @param read tested by the instruction
 * @param written set according to the result
 * @param cleared always 0 afterwards
 * @param set always 1 afterwards
 * @param undefined left in a state the manual does not tell
 * @param maybe written or left alone, depending on an operand (a shift by cl)
 */
public record FlagEffects(
        FlagSet read, FlagSet written, FlagSet cleared, FlagSet set, FlagSet undefined, FlagSet maybe) {
    public static final FlagEffects NONE =
            new FlagEffects(FlagSet.NONE, FlagSet.NONE, FlagSet.NONE, FlagSet.NONE, FlagSet.NONE, FlagSet.NONE);

    /** The flags whose old value surely does not survive: a liveness analysis may end their life here. */
    public FlagSet killed() {
        return written.plus(cleared).plus(set).plus(undefined);
    }

    /** The flags that may differ afterwards. */
    public FlagSet touched() {
        return killed().plus(maybe);
    }
}
