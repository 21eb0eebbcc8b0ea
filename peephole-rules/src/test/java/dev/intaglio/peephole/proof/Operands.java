package dev.intaglio.peephole.proof;

import com.microsoft.z3.BitVecExpr;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.Optional;

/** The operands of one instruction in one state. An address is computed before anything is written. */
final class Operands {
    private final Instruction instruction;
    private final State state;
    private final Side side;
    private final Logic logic;
    private final Optional<BitVecExpr> address;

    Operands(Instruction instruction, State state, Side side) {
        this.instruction = instruction;
        this.state = state;
        this.side = side;
        logic = side.logic();
        address = instruction.operands().stream()
                .filter(Operand.Memory.class::isInstance)
                .map(memory -> address(((Operand.Memory) memory).address()))
                .findFirst();
    }

    Side side() {
        return side;
    }

    int count() {
        return instruction.operands().size();
    }

    Operand operand(int index) {
        return instruction.operands().get(index);
    }

    boolean isImmediate(int index) {
        return operand(index) instanceof Operand.Immediate;
    }

    boolean isMemory(int index) {
        return operand(index) instanceof Operand.Memory;
    }

    /** The width of an operand; of memory without a size word that of the first register. */
    int bits(int index) {
        Operand operand = operand(index);
        if (operand instanceof RegisterOperand register) {
            return register.kind().bytes() * 8;
        }
        if (operand instanceof Operand.Memory memory) {
            return memory.width()
                    .map(width -> width.bytes() * 8)
                    .or(() -> instruction.operands().stream()
                            .filter(RegisterOperand.class::isInstance)
                            .map(each -> ((RegisterOperand) each).kind().bytes() * 8)
                            .findFirst())
                    .orElseThrow(() -> new Unmodelled("the width of " + instruction));
        }
        throw new Unmodelled("the width of " + operand);
    }

    /** The value of an operand, a number as wide as is asked for. */
    BitVecExpr read(int index, int bits) {
        Operand operand = operand(index);
        if (operand instanceof RegisterOperand.Fixed fixed) {
            return state.read(fixed.register());
        }
        if (operand instanceof Operand.Memory) {
            return state.load(address(), bits(index));
        }
        if (operand instanceof Operand.Immediate immediate) {
            BitVecExpr value = value(immediate.value());
            boolean whole = instruction.mnemonic().equals("mov") && operand(0) instanceof RegisterOperand;
            if (bits == 64 && !whole) {
                side.requireFitsSigned(value, 32);
            } else if (bits < 64) {
                side.requireFits(value, bits);
            }
            return logic.low(value, bits);
        }
        throw new Unmodelled("operand " + operand);
    }

    /** An operand of its own width. */
    BitVecExpr read(int index) {
        return read(index, bits(index));
    }

    void write(int index, BitVecExpr value) {
        if (operand(index) instanceof RegisterOperand.Fixed fixed) {
            state.write(fixed.register(), value);
        } else if (isMemory(index)) {
            state.store(address(), value);
        } else {
            throw new Unmodelled("operand " + operand(index));
        }
    }

    /** The address of the operand in memory. */
    BitVecExpr address() {
        return address.orElseThrow();
    }

    private BitVecExpr address(Address written) {
        if (!(written instanceof Address.Indexed indexed)) {
            throw new Unmodelled("address " + written);
        }
        BitVecExpr displacement = value(indexed.displacement());
        side.requireFitsSigned(displacement, 32);
        BitVecExpr sum = displacement;
        boolean narrow = false;
        if (indexed.base().isPresent()) {
            sum = logic.plus(sum, part(indexed.base().get()));
            narrow = indexed.base().get().kind() == RegisterClass.R32;
        }
        if (indexed.index().isPresent()) {
            BitVecExpr scale = logic.number(indexed.scale(), 64);
            sum = logic.plus(sum, logic.times(part(indexed.index().get()), scale));
            narrow |= indexed.index().get().kind() == RegisterClass.R32;
        }
        return narrow ? logic.zeroExtended(logic.low(sum, 32), 64) : sum;
    }

    private BitVecExpr part(RegisterOperand register) {
        if (register instanceof RegisterOperand.Fixed fixed
                && (fixed.kind() == RegisterClass.R64 || fixed.kind() == RegisterClass.R32)) {
            return logic.zeroExtended(state.read(fixed.register()), 64);
        }
        throw new Unmodelled("register " + register + " of an address");
    }

    private BitVecExpr value(Expression expression) {
        return Values.of(expression, logic);
    }
}
