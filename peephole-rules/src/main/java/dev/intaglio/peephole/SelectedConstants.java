package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.peephole.KnownRegisters.Known;
import java.util.List;
import java.util.Optional;

/**
 * What is done with a number to the result of a conditional move between two values known at emission is done to both values: a tag
 * becomes part of each pointer.
 */
final class SelectedConstants {
    static final String NAME = "select-constants";

    private final List<Line> lines;
    private final Liveness liveness;
    private final Facts.Source facts;

    private SelectedConstants(List<Line> lines, Liveness liveness, Facts.Source facts) {
        this.lines = lines;
        this.liveness = liveness;
        this.facts = facts;
    }

    /** Rewrites the first such operation. */
    static Optional<Rewrite> rewrite(List<Line> lines, Liveness liveness, Facts.Source facts) {
        SelectedConstants constants = new SelectedConstants(lines, liveness, facts);
        KnownRegisters known = KnownRegisters.untilRead(facts);
        for (int at = 0; at + 1 < lines.size(); at++) {
            Optional<Rewrite> rewrite = constants.at(at, known);
            if (rewrite.isPresent()) {
                return rewrite;
            }
            known.pass(lines.get(at), at);
        }
        return Optional.empty();
    }

    private Optional<Rewrite> at(int at, KnownRegisters known) {
        if (!(lines.get(at) instanceof Instruction move)
                || !(lines.get(at + 1) instanceof Instruction operation)
                || !move.mnemonic().startsWith("cmov")
                || RegisterUse.of(move, facts).isEmpty()
                || RegisterUse.of(operation, facts).isEmpty()
                || !(move.operands().get(0) instanceof RegisterOperand.Fixed target)
                || !(move.operands().get(1) instanceof RegisterOperand.Fixed source)
                || target.kind() != RegisterClass.R64 && target.kind() != RegisterClass.R32
                || target.equals(source)
                || operation.operands().size() != 2
                || !operation.operands().get(0).equals(target)
                || !(operation.operands().get(1) instanceof Operand.Immediate number)
                || !number.value().isConstant()
                || !ValueRange.of(number.value()).fitsInt()) {
            return Optional.empty();
        }
        Optional<Known> kept = known.of(target);
        Optional<Known> moved = known.of(source);
        RegisterOperand other = whole(source);
        boolean possible = kept.isPresent()
                && moved.isPresent()
                && liveness.isDeadAfter(at + 1, other)
                && liveness.flagsDeadAfter(at + 1)
                        .containsAll(facts.of(operation).orElseThrow().flags().touched());
        if (!possible) {
            return Optional.empty();
        }
        boolean narrow = target.kind() == RegisterClass.R32;
        Optional<Expression> first = combined(operation.mnemonic(), kept.get().value(), number.value(), narrow);
        Optional<Expression> second = combined(operation.mnemonic(), moved.get().value(), number.value(), narrow);
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        int one = kept.get().line();
        int two = moved.get().line();
        List<Line> before = List.of(lines.get(one), lines.get(two), move, operation);
        lines.set(one, load(whole(target), first.get(), lines.get(one)));
        lines.set(two, load(other, second.get(), lines.get(two)));
        lines.remove(at + 1);
        return Optional.of(new Rewrite(NAME, before, List.of(lines.get(one), lines.get(two), move), operation.span()));
    }

    private static Optional<Expression> combined(String mnemonic, Expression value, Expression number, boolean narrow) {
        Optional<Expression> result = switch (mnemonic) {
            case "or" -> Optional.of(EmissionArithmetic.or(value, number));
            case "and" -> Optional.of(EmissionArithmetic.and(value, number));
            case "xor" -> Optional.of(EmissionArithmetic.xor(value, number));
            case "add" -> Optional.of(EmissionArithmetic.add(value, number));
            case "sub" -> Optional.of(EmissionArithmetic.subtract(value, number));
            default -> Optional.empty();
        };
        return narrow ? result.map(EmissionArithmetic::low32) : result;
    }

    private static RegisterOperand whole(RegisterOperand.Fixed register) {
        return new RegisterOperand.Fixed(
                new Register(RegisterClass.R64, register.register().number()));
    }

    private static Line load(RegisterOperand register, Expression value, Line old) {
        return Instruction.of("mov", register, new Operand.Immediate(value, Optional.empty()))
                .at(old.span());
    }
}
