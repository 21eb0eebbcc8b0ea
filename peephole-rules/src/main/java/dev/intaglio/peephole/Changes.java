package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.table.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an instruction may change, as far as code behind it can tell that control reaches from it directly.
 *
 * @param registers a bit for each general register, whatever part of it is written
 * @param chosen the numbers of registers that are chosen at emission
 * @param memory whether it writes memory, or lets others see what was written
 * @param flags whether it changes arithmetic flags
 * @param anything whether it may change whatever there is: a call, and what the instruction table does not tell all about
 */
public record Changes(int registers, List<Expression> chosen, boolean memory, boolean flags, boolean anything) {
    /** What is no instruction changes nothing. */
    public static final Changes NOTHING = new Changes(0, List.of(), false, false, false);
    /** Of what is not understood. */
    public static final Changes ANYTHING = new Changes(0xffff, List.of(), true, true, true);

    /** Instructions without operands of which the table tells all. */
    private static final Set<String> SIMPLE = Set.of(
            "nop",
            "cbw",
            "cwde",
            "cdqe",
            "cwd",
            "cdq",
            "cqo",
            "clc",
            "stc",
            "cmc",
            "cld",
            "std",
            "vzeroupper",
            "vzeroall");

    public Changes {
        chosen = List.copyOf(chosen);
    }

    /** The change of a register alone. */
    public static Changes of(RegisterOperand.Fixed register) {
        return new Changes(RegisterUse.bit(register), List.of(), false, false, false);
    }

    /** What an instruction may change. */
    public static Changes of(Instruction instruction) {
        return of(instruction, new TableFacts());
    }

    static Changes of(Instruction instruction, Facts.Source source) {
        if (instruction.branchCondition().isPresent()) {
            return NOTHING;
        }
        Optional<Facts> found = source.of(instruction);
        boolean known = found.isPresent()
                && !found.get().opaque()
                && (instruction.prefixes().isEmpty() || instruction.prefixes().equals(List.of("lock")))
                && instruction.decoration().equals(Decoration.NONE)
                && instruction.operands().stream().noneMatch(Operand.LabelTarget.class::isInstance)
                && !RegisterUse.leaves(instruction)
                && (!instruction.operands().isEmpty() || SIMPLE.contains(instruction.mnemonic()));
        return known ? told(instruction, found.get()) : ANYTHING;
    }

    private static Changes told(Instruction instruction, Facts facts) {
        int registers = 0;
        List<Expression> chosen = new ArrayList<>();
        boolean memory = facts.implicitMemory();
        for (int i = 0; i < instruction.operands().size(); i++) {
            Access access = facts.access().get(i);
            if (!access.writes()) {
                continue;
            }
            Operand operand = instruction.operands().get(i);
            if (operand instanceof RegisterOperand.Chosen register
                    && register.kind().isGeneral()) {
                chosen.add(register.number());
            } else if (operand instanceof RegisterOperand register) {
                registers |= RegisterUse.bit(register);
            }
            memory |= operand instanceof Operand.Memory;
        }
        for (Facts.Implicit implicit : facts.implicit()) {
            registers |= implicit.access().writes() ? RegisterUse.bit(implicit.register()) : 0;
        }
        return new Changes(registers, chosen, memory, !facts.flags().touched().isEmpty(), false);
    }
}
