package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The basic blocks of lines in one section whose local labels are unique. The block behind the last one, without lines, is the
 * continuation: what follows the stencil.
 */
final class Blocks {
    private final List<List<Line>> blocks = new ArrayList<>();
    private final Map<Integer, Integer> blockOfLabel = new HashMap<>();
    private final List<Set<Integer>> successors = new ArrayList<>();
    private final List<Set<Integer>> predecessors = new ArrayList<>();

    Blocks(List<Line> lines) {
        List<Line> block = new ArrayList<>();
        for (Line line : lines) {
            boolean begins =
                    line instanceof Line.LabelDefinition && block.stream().anyMatch(Instruction.class::isInstance);
            if (begins) {
                blocks.add(block);
                block = new ArrayList<>();
            }
            block.add(line);
            if (line instanceof Instruction instruction && ends(instruction)) {
                blocks.add(block);
                block = new ArrayList<>();
            }
        }
        blocks.add(block);
        for (int b = 0; b < blocks.size(); b++) {
            for (Line line : blocks.get(b)) {
                if (line instanceof Line.LabelDefinition definition) {
                    blockOfLabel.put(LocalLabels.number(definition.label()), b);
                }
            }
            predecessors.add(new TreeSet<>());
        }
        predecessors.add(new TreeSet<>());
        for (int b = 0; b < blocks.size(); b++) {
            Set<Integer> next = new TreeSet<>();
            target(b).ifPresent(next::add);
            if (fallsThrough(b)) {
                next.add(b + 1);
            }
            successors.add(next);
            for (int successor : next) {
                predecessors.get(successor).add(b);
            }
        }
        successors.add(Set.of());
    }

    private static boolean ends(Instruction instruction) {
        String mnemonic = instruction.mnemonic();
        return mnemonic.startsWith("j")
                || mnemonic.startsWith("loop")
                || mnemonic.startsWith("ret")
                || mnemonic.startsWith("ud")
                || mnemonic.equals("hlt");
    }

    /** The number of blocks, and so the number of the continuation. */
    int continuation() {
        return blocks.size();
    }

    List<Line> lines(int block) {
        return blocks.get(block);
    }

    Set<Integer> successors(int block) {
        return successors.get(block);
    }

    Set<Integer> predecessors(int block) {
        return predecessors.get(block);
    }

    /** The instruction that ends a block. */
    Optional<Instruction> last(int block) {
        List<Line> lines = blocks.get(block);
        return !lines.isEmpty() && lines.get(lines.size() - 1) instanceof Instruction instruction && ends(instruction)
                ? Optional.of(instruction)
                : Optional.empty();
    }

    /** The block that the last instruction may go to, where it is one of this stencil. */
    Optional<Integer> target(int block) {
        return last(block)
                .flatMap(instruction -> instruction.operands().stream()
                        .filter(Operand.LabelTarget.class::isInstance)
                        .map(operand -> ((Operand.LabelTarget) operand).label())
                        .filter(label -> LocalLabels.number(label) >= 0)
                        .map(label -> blockOfLabel.get(LocalLabels.number(label)))
                        .findFirst());
    }

    boolean fallsThrough(int block) {
        return last(block)
                .map(instruction -> !instruction.mnemonic().equals("jmp")
                        && !instruction.mnemonic().startsWith("ret")
                        && !instruction.mnemonic().startsWith("ud")
                        && !instruction.mnemonic().equals("hlt"))
                .orElse(true);
    }

    boolean calls(int block) {
        return blocks.get(block).stream()
                .anyMatch(line -> line instanceof Instruction instruction
                        && instruction.mnemonic().equals("call"));
    }

    boolean hasInstructions(int block) {
        return block < blocks.size() && blocks.get(block).stream().anyMatch(Instruction.class::isInstance);
    }

    /** The label at the head of a block. */
    Optional<LabelReference.Next> label(int block) {
        return blocks.get(block).stream()
                .filter(Line.LabelDefinition.class::isInstance)
                .map(line -> ((Line.LabelDefinition) line).label())
                .filter(label -> LocalLabels.number(label) >= 0)
                .map(label -> (LabelReference.Next) label)
                .findFirst();
    }
}
