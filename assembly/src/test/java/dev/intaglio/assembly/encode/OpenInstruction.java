package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.machine.Width;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.OperandType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** An instruction some of whose registers and numbers are left to the emission, made from one in which all are written. */
final class OpenInstruction {
    private final Random random;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Instruction open;

    /** What a variable stands for; a register's class is empty for a number. */
    record Place(Optional<RegisterClass> register, long written) {}

    /** Opens what the form does not fix, each with even chances. */
    OpenInstruction(Instruction closed, InstructionForm form, Random random) {
        this.random = random;
        List<Operand> operands = new ArrayList<>();
        for (int i = 0; i < closed.operands().size(); i++) {
            OperandType type = form.explicitOperands().get(i).type();
            boolean fixed = type instanceof OperandType.Exactly || type instanceof OperandType.Number;
            Operand operand = closed.operands().get(i);
            operands.add(fixed ? operand : opened(operand));
        }
        Decoration decoration = closed.decoration();
        open = new Instruction(
                closed.prefixes(),
                closed.mnemonic(),
                operands,
                new Decoration(
                        decoration.mask().map(this::register),
                        decoration.zeroing(),
                        decoration.broadcast(),
                        decoration.rounding(),
                        decoration.encoding()),
                closed.span(),
                List.of());
    }

    Instruction instruction() {
        return open;
    }

    Map<String, Place> places() {
        return places;
    }

    private Operand opened(Operand operand) {
        if (operand instanceof RegisterOperand register) {
            return register(register);
        }
        if (operand instanceof Operand.Immediate immediate) {
            return new Operand.Immediate(number(immediate.value()), immediate.width());
        }
        Operand.Memory memory = (Operand.Memory) operand;
        return new Operand.Memory(memory.width(), address(memory.address()), displacementSize(memory.address()));
    }

    private Optional<Width> displacementSize(Address address) {
        boolean based =
                address instanceof Address.Indexed indexed && indexed.base().isPresent();
        return !based
                ? Optional.empty()
                : switch (random.nextInt(16)) {
                    case 0 -> Optional.of(Width.BYTE);
                    case 1 -> Optional.of(Width.DWORD);
                    default -> Optional.empty();
                };
    }

    /** Whether the size of a displacement is forced: it may then be one that the displacement cannot have. */
    static boolean hasForcedDisplacement(Instruction open) {
        return open.operands().stream()
                .anyMatch(operand -> operand instanceof Operand.Memory memory
                        && memory.displacementSize().isPresent());
    }

    private Address address(Address address) {
        if (address instanceof Address.RipRaw raw) {
            return new Address.RipRaw(number(raw.displacement()));
        }
        if (address instanceof Address.InSegment inner) {
            return new Address.InSegment(inner.segment(), address(inner.address()));
        }
        Address.Indexed indexed = (Address.Indexed) address;
        return new Address.Indexed(
                indexed.base().map(this::register),
                indexed.index().map(this::register),
                indexed.scale(),
                number(indexed.displacement()));
    }

    /** A register whose class has no notation for a chosen one stays. */
    private RegisterOperand register(RegisterOperand register) {
        boolean canBeChosen = switch (register.kind()) {
            case R8, R16, R32, R64, XMM, YMM, ZMM, MASK, MMX, X87, SEGMENT, CONTROL, DEBUG -> true;
            case R8H, BOUND -> false;
        };
        if (!canBeChosen || random.nextBoolean()) {
            return register;
        }
        int number = ((RegisterOperand.Fixed) register).register().number();
        return new RegisterOperand.Chosen(register.kind(), variable(new Place(Optional.of(register.kind()), number)));
    }

    private Expression number(Expression value) {
        if (random.nextBoolean()) {
            return value;
        }
        long written = value.constant().getAsLong();
        if (random.nextInt(4) == 0 && Math.abs(written) < 1L << 40) {
            return Expression.sum(
                    Expression.product(variable(new Place(Optional.empty(), written >> 3)), 8),
                    Expression.of(written & 7));
        }
        return variable(new Place(Optional.empty(), written));
    }

    private Expression variable(Place place) {
        String name = "v" + places.size();
        places.put(name, place);
        return new Expression.Variable(name, ExpressionType.LONG);
    }

    /** The instruction with these values written out; empty where there is no such register. */
    static Optional<Instruction> closed(Instruction open, Map<String, Long> values) {
        Closing closing = new Closing(values);
        List<Operand> operands = open.operands().stream().map(closing::operand).toList();
        Decoration decoration = open.decoration();
        Decoration closed = new Decoration(
                decoration.mask().map(closing::register),
                decoration.zeroing(),
                decoration.broadcast(),
                decoration.rounding(),
                decoration.encoding());
        return closing.impossible
                ? Optional.empty()
                : Optional.of(
                        new Instruction(open.prefixes(), open.mnemonic(), operands, closed, open.span(), List.of()));
    }

    private static final class Closing {
        private final PlanEvaluator evaluator;
        private boolean impossible;

        Closing(Map<String, Long> values) {
            evaluator = new PlanEvaluator(values);
        }

        Operand operand(Operand operand) {
            if (operand instanceof RegisterOperand register) {
                return register(register);
            }
            if (operand instanceof Operand.Immediate immediate) {
                return new Operand.Immediate(number(immediate.value()), immediate.width());
            }
            Operand.Memory memory = (Operand.Memory) operand;
            return new Operand.Memory(memory.width(), address(memory.address()), memory.displacementSize());
        }

        private Address address(Address address) {
            if (address instanceof Address.RipRaw raw) {
                return new Address.RipRaw(number(raw.displacement()));
            }
            if (address instanceof Address.InSegment inner) {
                return new Address.InSegment(inner.segment(), address(inner.address()));
            }
            Address.Indexed indexed = (Address.Indexed) address;
            Optional<RegisterOperand> index = indexed.index().map(this::register);
            impossible |= index.map(register -> register.kind().isGeneral()
                            && ((RegisterOperand.Fixed) register).register().number() == 4)
                    .orElse(false);
            return new Address.Indexed(
                    indexed.base().map(this::register), index, indexed.scale(), number(indexed.displacement()));
        }

        RegisterOperand register(RegisterOperand register) {
            if (!(register instanceof RegisterOperand.Chosen chosen)) {
                return register;
            }
            long number = evaluator.value(chosen.number());
            boolean exists = number >= 0 && number < chosen.kind().count();
            impossible |= !exists;
            return new RegisterOperand.Fixed(new Register(chosen.kind(), exists ? (int) number : 0));
        }

        private Expression number(Expression value) {
            return Expression.of(evaluator.value(value));
        }
    }
}
