package dev.intaglio.processor.layout;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.machine.Width;
import dev.intaglio.peephole.Contract;
import dev.intaglio.peephole.Liveness;
import dev.intaglio.processor.layout.Plans.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The lines of a stencil's hot code of which later lines can know something. */
public final class CarriedLines {
    private static final Set<String> COMPARISONS = Set.of("cmp", "test");
    private static final Set<String> WRITES = Set.of(
            "mov", "add", "adc", "sub", "sbb", "and", "or", "xor", "inc", "dec", "neg", "not", "shl", "shr", "sar",
            "movss", "movsd");

    private final List<Planned> planned;
    private final LocalLabels labels;
    private final List<Optional<Carried>> carried = new ArrayList<>();

    private CarriedLines(List<Planned> planned, LocalLabels labels, Contract contract) {
        this.planned = planned;
        this.labels = labels;
        boolean asWritten = contract.memory().asWritten();
        Liveness liveness = Liveness.of(planned.stream().map(Planned::line).toList(), contract);
        for (int i = 0; i < planned.size(); i++) {
            carried.add(isHot(i) && !(asWritten && readsOrWritesMemory(i)) ? of(i, liveness) : Optional.empty());
        }
    }

    private CarriedLines(List<Planned> planned, LocalLabels labels) {
        this.planned = planned;
        this.labels = labels;
        planned.forEach(line -> carried.add(Optional.empty()));
    }

    /** What the lines carry on. */
    public static CarriedLines of(List<Planned> planned, LocalLabels labels, Contract contract) {
        return new CarriedLines(planned, labels, contract);
    }

    /** Of a stencil that carries nothing. */
    public static CarriedLines none(List<Planned> planned, LocalLabels labels) {
        return new CarriedLines(planned, labels);
    }

    /** What a line does that need not be done twice. */
    public Optional<Carried> at(int line) {
        return carried.get(line);
    }

    /** Whether a line is not emitted where what it does is done already. */
    public boolean mayVanish(int line) {
        boolean isBranch = line > 0 && carried.get(line - 1).orElse(null) instanceof Carried.Branch;
        return isBranch || carried.get(line).map(Carried::mayVanish).orElse(false);
    }

    private boolean readsOrWritesMemory(int line) {
        return planned.get(line).line() instanceof Instruction instruction
                && instruction.operands().stream().anyMatch(Operand.Memory.class::isInstance);
    }

    private boolean isHot(int line) {
        return planned.get(line).section().equals(Line.SectionSwitch.HOT)
                && planned.get(line).plan().isPresent();
    }

    private Optional<Carried> of(int line, Liveness liveness) {
        if (!(planned.get(line).line() instanceof Instruction instruction)
                || !instruction.prefixes().isEmpty()
                || !instruction.decoration().equals(Decoration.NONE)
                || instruction.operands().size() != 2) {
            return write(line);
        }
        Operand first = instruction.operands().get(0);
        Operand second = instruction.operands().get(1);
        if (COMPARISONS.contains(instruction.mnemonic())) {
            return branch(line, instruction, liveness);
        }
        if (instruction.mnemonic().equals("xor") && first.equals(second) && isFixed(first)) {
            return Optional.of(new Carried.Constant((RegisterOperand) first, Expression.ZERO, false));
        }
        if (!instruction.mnemonic().equals("mov")) {
            return write(line);
        }
        if (first instanceof RegisterOperand register && second instanceof Operand.Immediate immediate) {
            return constant(register, immediate.value());
        }
        if (isWhole(first) && second instanceof Operand.Memory memory) {
            return slot(memory)
                    .map(slot -> new Carried.Load(
                            (RegisterOperand) first, slot.base().orElseThrow(), slot.displacement()));
        }
        if (first instanceof Operand.Memory memory && isWhole(second)) {
            return slot(memory)
                    .map(slot -> new Carried.Store(
                            (RegisterOperand) second, slot.base().orElseThrow(), slot.displacement()));
        }
        return isWhole(first) && isWhole(second)
                ? Optional.of(new Carried.Copy((RegisterOperand) first, (RegisterOperand) second))
                : write(line);
    }

    private static boolean isWhole(Operand operand) {
        return operand instanceof RegisterOperand register && register.kind() == RegisterClass.R64;
    }

    private static boolean isFixed(Operand operand) {
        return operand instanceof RegisterOperand.Fixed register
                && (register.kind() == RegisterClass.R64 || register.kind() == RegisterClass.R32);
    }

    private static Optional<Carried> constant(RegisterOperand register, Expression value) {
        boolean known =
                register.kind() == RegisterClass.R64 || register.kind() == RegisterClass.R32 && value.isConstant();
        if (!known || !value.type().isNumeric()) {
            return Optional.empty();
        }
        Expression whole = register.kind() == RegisterClass.R64
                ? value
                : Expression.of(value.constant().getAsLong() & 0xffff_ffffL);
        return Optional.of(new Carried.Constant(register, whole, true));
    }

    /** The address, if it is one 64-bit register and a displacement. */
    private static Optional<Address.Indexed> slot(Operand.Memory memory) {
        return memory.address() instanceof Address.Indexed address
                        && address.index().isEmpty()
                        && address.base()
                                .map(base -> base.kind() == RegisterClass.R64)
                                .orElse(false)
                ? Optional.of(address)
                : Optional.empty();
    }

    /** A line that writes its first operand, memory of a known size, and nothing else in memory. */
    private Optional<Carried> write(int line) {
        if (!(planned.get(line).line() instanceof Instruction instruction)
                || instruction.operands().isEmpty()
                || !(instruction.operands().get(0) instanceof Operand.Memory memory)
                || !instruction.decoration().equals(Decoration.NONE)
                || !WRITES.contains(instruction.mnemonic())) {
            return Optional.empty();
        }
        int bytes = writtenBytes(instruction, memory);
        return bytes == 0
                ? Optional.empty()
                : slot(memory).map(slot -> new Carried.Write(slot.base().orElseThrow(), slot.displacement(), bytes));
    }

    /** How many bytes are written; 0 where that is not told. */
    private static int writtenBytes(Instruction instruction, Operand.Memory memory) {
        switch (instruction.mnemonic()) {
            case "movss":
                return 4;
            case "movsd":
                return 8;
            case "shl", "shr", "sar": // a count has a size of its own
                return memory.width().map(Width::bytes).orElse(0);
            default:
                boolean sized = instruction.operands().size() == 2
                        && instruction.operands().get(1) instanceof RegisterOperand;
                int register = sized
                        ? ((RegisterOperand) instruction.operands().get(1))
                                .kind()
                                .bytes()
                        : 0;
                return memory.width().map(Width::bytes).orElse(register);
        }
    }

    // ---- comparisons

    private Optional<Carried> branch(int line, Instruction comparison, Liveness liveness) {
        if (line + 1 == planned.size() || !isOutside(line + 1)) {
            return Optional.empty();
        }
        Instruction branch = (Instruction) planned.get(line + 1).line();
        if (!liveness.flagsDeadAfter(line + 1).containsAll(FlagSet.ARITHMETIC)) {
            return Optional.empty();
        }
        Shape shape = new Shape().add(comparison.mnemonic());
        boolean known = comparison.operands().stream().allMatch(shape::add)
                && shape.registers().stream()
                        .allMatch(register -> register.kind().isGeneral())
                && shape.values().size() <= Shape.MOST_VALUES;
        shape.add("; j" + branch.branchCondition().orElseThrow());
        return known
                ? Optional.of(new Carried.Branch(shape.text(), shape.values(), shape.registers(), shape.memory()))
                : Optional.empty();
    }

    /** Whether a line is a conditional branch to a label that the linker or the caller places. */
    private boolean isOutside(int line) {
        return isHot(line)
                && planned.get(line).line() instanceof Instruction branch
                && branch.prefixes().isEmpty()
                && branch.branchCondition().isPresent()
                && branch.operands().get(0) instanceof Operand.LabelTarget target
                && !labels.isStatic(target.label(), line);
    }
}
