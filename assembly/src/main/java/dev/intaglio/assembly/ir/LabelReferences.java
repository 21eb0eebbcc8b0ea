package dev.intaglio.assembly.ir;

import java.util.ArrayList;
import java.util.List;

/** The labels that a line refers to. */
public final class LabelReferences {
    private LabelReferences() {}

    public static List<LabelReference> of(Line line) {
        if (line instanceof Line.PatchPoint patch) {
            return of(patch.instruction());
        }
        List<LabelReference> references = new ArrayList<>();
        if (line instanceof Instruction instruction) {
            for (Operand operand : instruction.operands()) {
                if (operand instanceof Operand.LabelTarget target) {
                    references.add(target.label());
                } else if (operand instanceof Operand.Memory memory) {
                    collect(memory.address(), references);
                }
            }
        } else if (line instanceof Line.Data data) {
            for (Line.DataItem item : data.items()) {
                if (item instanceof Line.DataItem.LabelAddress address) {
                    references.add(address.label());
                } else if (item instanceof Line.DataItem.LabelDistance distance) {
                    references.add(distance.label());
                } else if (item instanceof Line.DataItem.LabelDifference difference) {
                    references.add(difference.label());
                    references.add(difference.from());
                }
            }
        }
        return references;
    }

    private static void collect(Address address, List<LabelReference> references) {
        if (address instanceof Address.RipLabel label) {
            references.add(label.label());
        } else if (address instanceof Address.InSegment inner) {
            collect(inner.address(), references);
        }
    }
}
