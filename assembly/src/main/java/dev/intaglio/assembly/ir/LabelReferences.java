package dev.intaglio.assembly.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

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

    /** The line with other labels in their places; a definition's label is left alone. */
    public static Line map(Line line, UnaryOperator<LabelReference> change) {
        if (line instanceof Instruction instruction && !of(line).isEmpty()) {
            return new Instruction(
                    instruction.prefixes(),
                    instruction.mnemonic(),
                    instruction.operands().stream()
                            .map(operand -> map(operand, change))
                            .toList(),
                    instruction.decoration(),
                    instruction.span(),
                    List.of());
        }
        if (line instanceof Line.PatchPoint patch) {
            return new Line.PatchPoint(patch.site(), (Instruction) map(patch.instruction(), change), patch.span());
        }
        if (line instanceof Line.Data data && !of(line).isEmpty()) {
            return new Line.Data(
                    data.itemBytes(),
                    data.items().stream().map(item -> map(item, change)).toList(),
                    data.span());
        }
        return line;
    }

    private static Operand map(Operand operand, UnaryOperator<LabelReference> change) {
        if (operand instanceof Operand.LabelTarget target) {
            return new Operand.LabelTarget(change.apply(target.label()), target.offset());
        }
        return operand instanceof Operand.Memory memory
                ? new Operand.Memory(memory.width(), map(memory.address(), change), memory.displacementSize())
                : operand;
    }

    private static Address map(Address address, UnaryOperator<LabelReference> change) {
        if (address instanceof Address.RipLabel label) {
            return new Address.RipLabel(change.apply(label.label()), label.offset());
        }
        return address instanceof Address.InSegment inner
                ? new Address.InSegment(inner.segment(), map(inner.address(), change))
                : address;
    }

    private static Line.DataItem map(Line.DataItem item, UnaryOperator<LabelReference> change) {
        if (item instanceof Line.DataItem.LabelAddress address) {
            return new Line.DataItem.LabelAddress(change.apply(address.label()), address.offset());
        }
        if (item instanceof Line.DataItem.LabelDistance distance) {
            return new Line.DataItem.LabelDistance(change.apply(distance.label()), distance.offset());
        }
        if (item instanceof Line.DataItem.LabelDifference difference) {
            return new Line.DataItem.LabelDifference(
                    change.apply(difference.label()), change.apply(difference.from()), difference.offset());
        }
        return item;
    }

    private static void collect(Address address, List<LabelReference> references) {
        if (address instanceof Address.RipLabel label) {
            references.add(label.label());
        } else if (address instanceof Address.InSegment inner) {
            collect(inner.address(), references);
        }
    }
}
