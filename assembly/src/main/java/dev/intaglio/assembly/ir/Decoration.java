package dev.intaglio.assembly.ir;

import java.util.Optional;

/**
 * What stands in braces after an operand or before an instruction.
 *
 * @param mask {@code {k1}} after the destination
 * @param zeroing {@code {z}} after the destination
 * @param broadcast the 8 of {@code {1to8}}, 0 where there is none
 * @param rounding {@code rn-sae}, {@code rd-sae}, {@code ru-sae}, {@code rz-sae} or {@code sae}
 * @param encoding {@code vex2}, {@code vex3}, {@code evex}, {@code load} or {@code store}: the form that is forced; of a branch
 *     {@code likely} or {@code unlikely}, which changes no byte of it
 */
public record Decoration(
        Optional<RegisterOperand> mask,
        boolean zeroing,
        int broadcast,
        Optional<String> rounding,
        Optional<String> encoding) {
    public static final Decoration NONE =
            new Decoration(Optional.empty(), false, 0, Optional.empty(), Optional.empty());
}
