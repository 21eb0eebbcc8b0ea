package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.machine.Width;
import dev.intaglio.peephole.KnownRegisters.Known;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Folds what is computed in registers from values known at emission into one value: {@code mov}, shifts, sums and bitwise
 * operations into a single {@code mov}, and a register that only serves an address or an operand into its displacement or
 * immediate. The loads that fed it go.
 *
 * <p>A load goes only where nothing else reads its register: between it and its use no line names the register, and behind
 * the use it is dead. A value goes into a field only if it surely fits; the field would be an error at emission otherwise, and
 * the lines as they were are none.
 */
final class ConstantFolding {
    static final String NAME = "fold-constants";

    private static final Set<String> ALU = Set.of("add", "sub", "and", "or", "xor", "cmp", "test");

    private final List<Line> lines;
    private final Liveness liveness;
    private final Facts.Source facts;
    /** Whether values are looked for that fit their fields at some emissions only. */
    private final boolean wide;

    private ConstantFolding(List<Line> lines, Liveness liveness, Facts.Source facts, boolean wide) {
        this.lines = lines;
        this.liveness = liveness;
        this.facts = facts;
        this.wide = wide;
    }

    /**
     * What a folding does.
     *
     * @param use the line that is replaced
     * @param loads the lines before it that go
     */
    record Folding(int use, Set<Integer> loads, Instruction now) {}

    /** The first folding that is possible. */
    static Optional<Folding> find(List<Line> lines, Liveness liveness, Facts.Source facts) {
        return new ConstantFolding(lines, liveness, facts, false).find();
    }

    /** The foldings of values of 64 bits into operands that hold 32, which are right where the value fits. */
    static List<Folding> findWide(List<Line> lines, Liveness liveness, Facts.Source facts) {
        return new ConstantFolding(lines, liveness, facts, true).findWide();
    }

    private List<Folding> findWide() {
        List<Folding> found = new ArrayList<>();
        KnownRegisters known = KnownRegisters.untilRead(facts);
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at) instanceof Instruction instruction
                    && RegisterUse.of(instruction, facts).isPresent()) {
                immediate(instruction, at, known)
                        .filter(folding -> facts.of(folding.now()).isPresent() && loadsWhole(folding))
                        .ifPresent(found::add);
            }
            known.pass(lines.get(at), at);
        }
        return found;
    }

    /** Whether the load writes a 64-bit register, so that what it says is the value. */
    private boolean loadsWhole(Folding folding) {
        Instruction load = (Instruction) lines.get(folding.loads().iterator().next());
        return ((RegisterOperand) load.operands().get(0)).kind() == RegisterClass.R64;
    }

    private Optional<Folding> find() {
        KnownRegisters known = KnownRegisters.untilRead(facts);
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at) instanceof Instruction instruction
                    && RegisterUse.of(instruction, facts).isPresent()) {
                Optional<Folding> folding = fold(instruction, at, known);
                if (folding.isPresent()) {
                    return folding;
                }
            }
            known.pass(lines.get(at), at);
        }
        return Optional.empty();
    }

    private Optional<Folding> fold(Instruction instruction, int at, KnownRegisters known) {
        return computed(instruction, at, known)
                .or(() -> immediate(instruction, at, known))
                .or(() -> displaced(instruction, at, known))
                .filter(folding -> facts.of(folding.now()).isPresent());
    }

    // ---- a value computed

    private Optional<Folding> computed(Instruction instruction, int at, KnownRegisters known) {
        boolean flagsMatter = facts.of(instruction)
                .map(some ->
                        !liveness.flagsDeadAfter(at).containsAll(some.flags().touched()))
                .orElse(true);
        if (flagsMatter
                || instruction.operands().isEmpty()
                || !(instruction.operands().get(0) instanceof RegisterOperand.Fixed target)
                || target.kind() != RegisterClass.R64 && target.kind() != RegisterClass.R32) {
            return Optional.empty();
        }
        Evaluation evaluation = new Evaluation(instruction, known);
        Optional<Expression> value = evaluation.value();
        if (value.isEmpty() || evaluation.loads().isEmpty() || !diesHere(evaluation.registers(), target, at)) {
            return Optional.empty();
        }
        Register whole = new Register(RegisterClass.R64, target.register().number());
        Instruction load = Instruction.of(
                        "mov", new RegisterOperand.Fixed(whole), new Operand.Immediate(value.get(), Optional.empty()))
                .at(instruction.span());
        return Optional.of(new Folding(at, evaluation.loads(), load));
    }

    /** Whether no value of these registers is read behind a line that overwrites its target. */
    private boolean diesHere(Set<Integer> registers, RegisterOperand.Fixed target, int at) {
        return registers.stream()
                .allMatch(register -> register == target.register().number() || isDead(register, at));
    }

    private boolean isDead(int register, int at) {
        return liveness.isDeadAfter(at, new RegisterOperand.Fixed(new Register(RegisterClass.R64, register)));
    }

    // ---- a value as an operand

    private Optional<Folding> immediate(Instruction instruction, int at, KnownRegisters known) {
        List<Operand> operands = instruction.operands();
        boolean stores = instruction.mnemonic().equals("mov");
        if (operands.size() != 2 || !stores && !ALU.contains(instruction.mnemonic())) {
            return Optional.empty();
        }
        if (stores && !(operands.get(0) instanceof Operand.Memory)) {
            return Optional.empty();
        }
        Optional<Folding> folding = immediate(instruction, operands.get(0), operands.get(1), at, known);
        return instruction.mnemonic().equals("test")
                ? folding.or(() -> immediate(instruction, operands.get(1), operands.get(0), at, known))
                : folding;
    }

    private Optional<Folding> immediate(
            Instruction instruction, Operand other, Operand source, int at, KnownRegisters known) {
        Optional<Known> found =
                source instanceof RegisterOperand.Fixed register ? known.of(register) : Optional.empty();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        RegisterOperand.Fixed register = (RegisterOperand.Fixed) source;
        int bytes = register.kind().bytes();
        Expression value = found.get().value();
        boolean fits = bytes < 8 || ValueRange.of(value).fitsInt();
        if (fits == wide
                || wide && !ValueRange.of(value).mayFitInt()
                || (names(other) & RegisterUse.bit(register)) != 0
                || !isDead(register.register().number(), at)) {
            return Optional.empty();
        }
        Expression field = bytes < 8 || wide ? EmissionArithmetic.truncated(value, wide ? 4 : bytes) : value;
        Operand first = other instanceof Operand.Memory memory && memory.width().isEmpty()
                ? new Operand.Memory(Optional.of(width(bytes)), memory.address(), memory.displacementSize())
                : other;
        Instruction now = instruction.with(
                instruction.mnemonic(), List.of(first, new Operand.Immediate(field, Optional.empty())));
        return Optional.of(new Folding(at, Set.of(found.get().line()), now));
    }

    private static Width width(int bytes) {
        for (Width width : Width.values()) {
            if (width.bytes() == bytes) {
                return width;
            }
        }
        throw new IllegalArgumentException("no size word for " + bytes + " bytes");
    }

    private static int names(Operand operand) {
        if (operand instanceof RegisterOperand register) {
            return RegisterUse.bit(register);
        }
        return operand instanceof Operand.Memory memory ? RegisterUse.address(memory.address()) : 0;
    }

    // ---- a value in an address

    private Optional<Folding> displaced(Instruction instruction, int at, KnownRegisters known) {
        for (int i = 0; i < instruction.operands().size(); i++) {
            if (instruction.operands().get(i) instanceof Operand.Memory memory
                    && memory.address() instanceof Address.Indexed address
                    && memory.displacementSize().isEmpty()) {
                return displaced(instruction, i, memory, address, at, known);
            }
        }
        return Optional.empty();
    }

    private Optional<Folding> displaced(
            Instruction instruction,
            int operand,
            Operand.Memory memory,
            Address.Indexed address,
            int at,
            KnownRegisters known) {
        Optional<Known> index = address.index().flatMap(known::of);
        Optional<Known> base = address.base().flatMap(known::of);
        boolean onlyIndex = index.isPresent() && address.base().isPresent();
        if (!onlyIndex && (base.isEmpty() || address.index().isEmpty() || index.isPresent())) {
            return Optional.empty(); // a register must remain
        }
        if (onlyIndex && base.isPresent() && !address.base().equals(address.index())) {
            base = Optional.empty(); // one after the other
        }
        if (onlyIndex && address.base().equals(address.index())) {
            return Optional.empty();
        }
        RegisterOperand.Fixed folded =
                (RegisterOperand.Fixed) (onlyIndex ? address.index() : address.base()).orElseThrow();
        Known value = onlyIndex ? index.get() : base.orElseThrow();
        Expression part = Expression.product(value.value(), onlyIndex ? address.scale() : 1);
        Expression displacement = Expression.sum(address.displacement(), part);
        boolean wide = folded.kind() == RegisterClass.R64
                && address.base().map(r -> r.kind() == RegisterClass.R64).orElse(true)
                && address.index().map(r -> r.kind() == RegisterClass.R64).orElse(true);
        if (!wide || !ValueRange.of(displacement).fitsInt() || !endsWith(instruction, operand, folded, at)) {
            return Optional.empty();
        }
        Address.Indexed now = onlyIndex
                ? new Address.Indexed(address.base(), Optional.empty(), 1, displacement)
                : new Address.Indexed(Optional.empty(), address.index(), address.scale(), displacement);
        List<Operand> operands = new ArrayList<>(instruction.operands());
        operands.set(operand, new Operand.Memory(memory.width(), now, memory.displacementSize()));
        return Optional.of(new Folding(at, Set.of(value.line()), instruction.with(instruction.mnemonic(), operands)));
    }

    /** Whether a register is read in one operand only, and dead or overwritten behind the instruction. */
    private boolean endsWith(Instruction instruction, int operand, RegisterOperand.Fixed register, int at) {
        Facts known = facts.of(instruction).orElseThrow();
        int bit = RegisterUse.bit(register);
        boolean overwritten = false;
        for (int i = 0; i < instruction.operands().size(); i++) {
            Operand other = instruction.operands().get(i);
            if (i == operand || (names(other) & bit) == 0) {
                continue;
            }
            boolean whole = other instanceof RegisterOperand written
                    && (written.kind() == RegisterClass.R64 || written.kind() == RegisterClass.R32)
                    && known.access().get(i).writes()
                    && !known.access().get(i).reads();
            if (!whole || instruction.mnemonic().startsWith("cmov")) {
                return false;
            }
            overwritten = true;
        }
        boolean implicit = known.implicit().stream().anyMatch(one -> (RegisterUse.bit(one.register()) & bit) != 0);
        return !implicit && (overwritten || isDead(register.register().number(), at));
    }

    /** The lines that a folding takes away, and what stands there afterwards. */
    static Rewrite apply(Folding folding, List<Line> lines) {
        List<Line> before = new ArrayList<>();
        Set<Integer> gone = new TreeSet<>(folding.loads());
        gone.forEach(line -> before.add(lines.get(line)));
        Line use = lines.get(folding.use());
        before.add(use);
        lines.set(folding.use(), folding.now());
        gone.stream().sorted((a, b) -> b - a).forEach(line -> lines.remove((int) line));
        return new Rewrite(NAME, before, List.of(folding.now()), use.span());
    }
}
