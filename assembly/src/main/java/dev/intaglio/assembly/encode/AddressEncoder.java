package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.encode.EncodingPlan.Case;
import dev.intaglio.assembly.encode.EncodingPlan.Condition;
import dev.intaglio.assembly.encode.EncodingPlan.Piece;
import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.encode.PieceList.BitByte;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ModRM, SIB and displacement of a memory operand (SDM Vol. 2, tables 2-2 and 2-3). Where the machine surprises: a base with
 * the low bits of rsp needs a SIB byte, one with those of rbp a displacement, and an index without base always has 32 bits of
 * displacement.
 */
final class AddressEncoder {
    private static final int SIB_FOLLOWS = 4;
    private static final int NO_INDEX = 4 << 3;
    private static final int NO_BASE = 5;

    private final Operand.Memory memory;
    private final BitByte fields;
    private final int unit;
    private final int trailing;
    private final List<RangeCheck> checks;

    AddressEncoder(Operand.Memory memory, BitByte fields, int unit, int trailing, List<RangeCheck> checks) {
        this.memory = memory;
        this.fields = fields;
        this.unit = unit;
        this.trailing = trailing;
        this.checks = checks;
    }

    List<Case> cases() throws EncodingException {
        Address address = OperandMatcher.unsegmented(memory.address());
        boolean hasBase =
                address instanceof Address.Indexed based && based.base().isPresent();
        if (!hasBase && isForcedByte()) {
            throw new EncodingException(
                    DiagnosticCode.BAD_ADDRESS,
                    "without a base register a displacement always has 32 bits: '" + memory + "'",
                    Optional.of("leave 'byte' out"));
        }
        if (address instanceof Address.RipRaw raw) {
            return rip(new PieceList().value(checked(raw.displacement()), 4, 1).build());
        }
        if (address instanceof Address.RipLabel label) {
            return rip(List.of(new Piece.ToLabel(new Operand.LabelTarget(label.label(), label.offset()), trailing)));
        }
        if (address instanceof Address.RipAddress absolute) {
            return rip(List.of(new Piece.ToAddress(absolute.address(), trailing)));
        }
        Address.Indexed indexed = (Address.Indexed) address;
        checked(indexed.displacement());
        checkNumbers(indexed);
        if (indexed.base().isEmpty()) {
            BitByte sib = new BitByte(
                    scaleBits(indexed.scale()) | NO_BASE | (indexed.index().isEmpty() ? NO_INDEX : 0));
            indexed.index().ifPresent(index -> sib.add(index, 7, 0, 3, false));
            return List.of(new Case(
                    List.of(),
                    new PieceList()
                            .bits(fields.copyWith(SIB_FOLLOWS))
                            .bits(sib)
                            .value(indexed.displacement(), 4, 1)
                            .build()));
        }
        return based(indexed, indexed.base().get());
    }

    private List<Case> rip(List<Piece> displacement) {
        return List.of(new Case(
                List.of(),
                new PieceList().bits(fields.copyWith(NO_BASE)).all(displacement).build()));
    }

    private List<Case> based(Address.Indexed indexed, RegisterOperand base) {
        List<Case> cases = new ArrayList<>();
        boolean needsSib = indexed.index().isPresent()
                || lowBits(base).map(bits -> bits == 4).orElse(false);
        if (!needsSib && base instanceof RegisterOperand.Chosen chosen) {
            Condition likeRsp = new Condition.Bits(chosen.number(), 7, 4, false);
            displacements(indexed, base, true, List.of(likeRsp), cases);
        }
        displacements(indexed, base, needsSib, List.of(), cases);
        return cases;
    }

    /** The cases by size of displacement, shortest first. */
    private void displacements(
            Address.Indexed indexed, RegisterOperand base, boolean sib, List<Condition> conditions, List<Case> cases) {
        Expression displacement = indexed.displacement();
        Optional<Width> forced = memory.displacementSize();
        boolean zeroPossible =
                forced.isEmpty() && lowBits(base).map(bits -> bits != 5).orElse(true);
        if (zeroPossible && (!displacement.isConstant() || displacement.isZero())) {
            List<Condition> zero = new ArrayList<>(conditions);
            if (base instanceof RegisterOperand.Chosen chosen && !sibImpliesNotRbp(indexed, conditions)) {
                zero.add(new Condition.Bits(chosen.number(), 7, 5, true));
            }
            if (!displacement.isConstant()) {
                zero.add(new Condition.Zero(displacement));
            }
            cases.add(new Case(zero, start(0x00, indexed, base, sib).build()));
            if (zero.equals(conditions)) {
                return;
            }
        }
        boolean bytePossible = forced.map(width -> width == Width.BYTE).orElse(true) && fitsByte(displacement);
        if (bytePossible) {
            List<Condition> small = new ArrayList<>(conditions);
            if (!displacement.isConstant() && forced.isEmpty()) {
                small.add(new Condition.FitsByte(displacement, unit));
            }
            cases.add(new Case(
                    small,
                    start(0x40, indexed, base, sib).value(displacement, 1, unit).build()));
            if (displacement.isConstant() || forced.isPresent()) {
                return;
            }
        }
        cases.add(new Case(
                conditions,
                start(0x80, indexed, base, sib).value(displacement, 4, 1).build()));
    }

    /** In the case of a base like rsp, the base is not like rbp. */
    private static boolean sibImpliesNotRbp(Address.Indexed indexed, List<Condition> conditions) {
        return indexed.index().isEmpty() && !conditions.isEmpty();
    }

    private boolean fitsByte(Expression displacement) {
        if (!displacement.isConstant()) {
            return true;
        }
        long value = displacement.constant().getAsLong();
        return value % unit == 0 && (byte) (value / unit) == value / unit;
    }

    private PieceList start(int mod, Address.Indexed indexed, RegisterOperand base, boolean sib) {
        PieceList pieces = new PieceList();
        if (!sib) {
            return pieces.bits(fields.copyWith(mod).add(base, 7, 0, 0, false));
        }
        BitByte sibByte =
                new BitByte(scaleBits(indexed.scale()) | (indexed.index().isEmpty() ? NO_INDEX : 0));
        indexed.index().ifPresent(index -> sibByte.add(index, 7, 0, 3, false));
        return pieces.bits(fields.copyWith(mod | SIB_FOLLOWS)).bits(sibByte.add(base, 7, 0, 0, false));
    }

    private static Optional<Integer> lowBits(RegisterOperand register) {
        return register instanceof RegisterOperand.Fixed fixed
                ? Optional.of(fixed.register().number() & 7)
                : Optional.empty();
    }

    private static int scaleBits(int scale) {
        return Integer.numberOfTrailingZeros(scale) << 6;
    }

    private boolean isForcedByte() {
        return memory.displacementSize().map(width -> width == Width.BYTE).orElse(false);
    }

    private Expression checked(Expression displacement) throws EncodingException {
        boolean forcedByte = isForcedByte();
        long limit = forcedByte ? 128L * unit : 1L << 31;
        if (!displacement.isConstant()) {
            if (forcedByte && unit > 1) {
                throw new EncodingException(
                        DiagnosticCode.OUT_OF_RANGE,
                        "this instruction multiplies a byte displacement by " + unit
                                + ": nothing ensures that the value at emission is a multiple",
                        Optional.of("leave 'byte' out: the displacement takes a byte wherever it can"));
            }
            checks.add(RangeCheck.within(
                    displacement, -limit, limit - 1, forcedByte ? "8-bit displacement" : "32-bit displacement"));
            return displacement;
        }
        long value = displacement.constant().getAsLong();
        if (value < -limit || value > limit - 1 || forcedByte && value % unit != 0) {
            throw new EncodingException(
                    DiagnosticCode.OUT_OF_RANGE,
                    "the displacement " + value + " does not fit " + (forcedByte ? "8" : "32") + " bits with a sign",
                    Optional.of("load it into a register first and use that as base or index"));
        }
        return displacement;
    }

    private void checkNumbers(Address.Indexed indexed) {
        indexed.base().ifPresent(base -> {
            if (base instanceof RegisterOperand.Chosen chosen) {
                checks.add(RangeCheck.within(chosen.number(), 0, 15, "base register"));
            }
        });
        indexed.index().ifPresent(index -> {
            if (index instanceof RegisterOperand.Chosen chosen) {
                checks.add(
                        index.kind().isVector()
                                ? RangeCheck.within(chosen.number(), 0, unit > 1 ? 31 : 15, "index register")
                                : new RangeCheck(chosen.number(), 0, 15, 4, "index register"));
            }
        });
    }
}
