package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.table.Encoding;
import java.util.ArrayList;
import java.util.List;

/**
 * The two sources of a VEX instruction the other way round, where the table says that this changes nothing: an extended
 * register costs a byte in the last place only (SDM Vol. 2, 2.3.5.6). Sums and products of floats are not swapped: of two NaNs
 * the first is the result.
 */
final class SwappedSources {
    private static final int SHORT_PREFIX = 2;

    private SwappedSources() {}

    /** The encoders to try in order, with that of the swapped sources where it is shorter for some registers. */
    static List<FormEncoder> among(List<FormEncoder> encoders, Instruction instruction) {
        FormEncoder written = encoders.get(encoders.size() - 1);
        if (encoders.size() > 1 || !canSwap(written, instruction) || isShort(written) && !isConditional(written)) {
            return encoders;
        }
        FormEncoder swapped = swapped(written, instruction);
        if (!isShort(swapped)) {
            return encoders;
        }
        List<FormEncoder> tried = new ArrayList<>();
        if (isShort(written)) {
            tried.add(written.withShortestPrefix());
        }
        tried.add(swapped.withShortestPrefix());
        if (isConditional(swapped)) {
            tried.add(written);
        }
        return tried;
    }

    private static boolean canSwap(FormEncoder encoder, Instruction instruction) {
        List<Operand> operands = instruction.operands();
        return encoder.form().has("comm")
                && encoder.form().encoding().scheme() == Encoding.Scheme.VEX
                && operands.size() == 3
                && operands.stream()
                        .allMatch(operand -> operand instanceof RegisterOperand register
                                && register.kind().isVector());
    }

    private static FormEncoder swapped(FormEncoder encoder, Instruction instruction) {
        List<Operand> operands = instruction.operands();
        Instruction other =
                instruction.with(instruction.mnemonic(), List.of(operands.get(0), operands.get(2), operands.get(1)));
        try {
            return new FormEncoder(encoder.form(), other);
        } catch (EncodingException wrong) {
            throw new IllegalStateException(
                    "'" + instruction + "' can be encoded, but not with its sources swapped", wrong);
        }
    }

    private static boolean isShort(FormEncoder encoder) {
        return encoder.prefixes().get(0).length() == SHORT_PREFIX;
    }

    private static boolean isConditional(FormEncoder encoder) {
        return encoder.prefixes().size() > 1;
    }
}
