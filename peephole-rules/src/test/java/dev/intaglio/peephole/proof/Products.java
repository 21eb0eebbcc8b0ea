package dev.intaglio.peephole.proof;

import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BoolExpr;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;

/** imul, mul and mulx. */
final class Products {
    private final String mnemonic;
    private final Operands operands;
    private final State state;
    private final Flags flags;
    private final Logic logic;

    Products(String mnemonic, Operands operands, State state, Flags flags, Logic logic) {
        this.mnemonic = mnemonic;
        this.operands = operands;
        this.state = state;
        this.flags = flags;
        this.logic = logic;
    }

    /** False for an instruction of another kind. */
    boolean execute() {
        switch (mnemonic) {
            case "mul" -> whole(false);
            case "imul" -> {
                if (operands.count() == 1) {
                    whole(true);
                } else {
                    low();
                }
            }
            case "mulx" -> withoutFlags();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void low() {
        int bits = operands.bits(0);
        int first = operands.count() == 3 ? 1 : 0;
        BitVecExpr left = operands.read(first, bits);
        BitVecExpr right = operands.read(first + 1, bits);
        BitVecExpr product = product(left, right, true);
        BitVecExpr result = logic.low(product, bits);
        overflows(logic.not(logic.same(product, logic.signExtended(result, 2 * bits))));
        operands.write(0, result);
    }

    /** Into ax, dx:ax, edx:eax or rdx:rax. */
    private void whole(boolean signed) {
        int bits = operands.bits(0);
        BitVecExpr right = operands.read(0);
        BitVecExpr product = product(state.read(new Register(kind(bits), 0)), right, signed);
        BitVecExpr low = logic.low(product, bits);
        BitVecExpr fits = signed ? logic.signExtended(low, 2 * bits) : logic.zeroExtended(low, 2 * bits);
        overflows(logic.not(logic.same(product, fits)));
        if (bits == 8) {
            state.write(new Register(RegisterClass.R16, 0), product);
        } else {
            state.write(new Register(kind(bits), 0), low);
            state.write(new Register(kind(bits), 2), logic.part(product, bits, bits));
        }
    }

    /** high, low, source: the other factor is in rdx. If both targets are one register, it gets the high half. */
    private void withoutFlags() {
        int bits = operands.bits(0);
        BitVecExpr product = product(state.read(new Register(kind(bits), 2)), operands.read(2), false);
        operands.write(1, logic.low(product, bits));
        operands.write(0, logic.part(product, bits, bits));
    }

    private BitVecExpr product(BitVecExpr left, BitVecExpr right, boolean signed) {
        int wide = 2 * left.getSortSize();
        return signed
                ? logic.times(logic.signExtended(left, wide), logic.signExtended(right, wide))
                : logic.times(logic.zeroExtended(left, wide), logic.zeroExtended(right, wide));
    }

    private void overflows(BoolExpr tooWide) {
        flags.set(Flag.C, tooWide);
        flags.set(Flag.O, tooWide);
        flags.undefined(Flag.S, Flag.Z, Flag.A, Flag.P);
    }

    private static RegisterClass kind(int bits) {
        return switch (bits) {
            case 8 -> RegisterClass.R8;
            case 16 -> RegisterClass.R16;
            case 32 -> RegisterClass.R32;
            default -> RegisterClass.R64;
        };
    }
}
