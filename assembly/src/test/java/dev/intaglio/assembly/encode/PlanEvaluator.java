package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.encode.EncodingPlan.Case;
import dev.intaglio.assembly.encode.EncodingPlan.Condition;
import dev.intaglio.assembly.encode.EncodingPlan.Part;
import dev.intaglio.assembly.encode.EncodingPlan.Piece;
import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.encode.EncodingPlan.RegisterBits;
import dev.intaglio.assembly.ir.Expression;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;

/** Does what an emitter does, with the plan at hand: the meaning of plans in the fewest words. */
record PlanEvaluator(Map<String, Long> values) {
    /** The bytes; empty where a check fails. */
    Optional<byte[]> bytes(EncodingPlan.Straight plan) {
        boolean differ = plan.differences().stream().allMatch(check -> value(check.first()) != value(check.second()));
        if (!differ || !plan.checks().stream().allMatch(this::holds)) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Part part : plan.parts()) {
            Case taken = part.cases().stream()
                    .filter(one -> one.conditions().stream().allMatch(this::holds))
                    .findFirst()
                    .orElseThrow();
            taken.pieces().forEach(piece -> write(piece, bytes));
        }
        return Optional.of(bytes.toByteArray());
    }

    private boolean holds(RangeCheck check) {
        long value = value(check.value());
        return value >= check.minimum() && value <= check.maximum() && value != check.excluded();
    }

    private boolean holds(Condition condition) {
        if (condition instanceof Condition.Zero zero) {
            return value(zero.value()) == 0;
        }
        if (condition instanceof Condition.Is is) {
            return value(is.value()) == is.number();
        }
        if (condition instanceof Condition.FitsByte fits) {
            long value = value(fits.value());
            return value % fits.unit() == 0 && (byte) (value / fits.unit()) == value / fits.unit();
        }
        if (condition instanceof Condition.LowBitsFitByte fits) {
            long value = value(fits.value());
            return (fits.bits() == 16 ? (short) value : (int) value) == (byte) value;
        }
        if (condition instanceof Condition.Bits bits) {
            return (value(bits.number()) & bits.mask()) == bits.equal() != bits.negated();
        }
        Condition.AllBelow below = (Condition.AllBelow) condition;
        return below.numbers().stream().allMatch(number -> value(number) < below.limit());
    }

    private void write(Piece piece, ByteArrayOutputStream bytes) {
        if (piece instanceof Piece.Fixed fixed) {
            fixed.bytes().values().forEach(bytes::write);
        } else if (piece instanceof Piece.Value field) {
            long value = value(field.value()) / field.unit();
            for (int i = 0; i < field.size(); i++) {
                bytes.write((int) (value >> 8 * i));
            }
        } else if (piece instanceof Piece.Registers registers) {
            int value = registers.constant();
            for (RegisterBits bits : registers.bits()) {
                long number = value(bits.number());
                value += (int) (((bits.inverted() ? ~number : number) & bits.mask()) >> bits.right() << bits.left());
            }
            bytes.write(value);
        } else {
            throw new IllegalArgumentException("only the linker knows " + piece);
        }
    }

    long value(Expression expression) {
        if (expression instanceof Expression.Variable variable) {
            return values.get(variable.name());
        }
        if (expression instanceof Expression.Sum sum) {
            return value(sum.left()) + value(sum.right());
        }
        if (expression instanceof Expression.Product product) {
            return value(product.term()) * product.factor();
        }
        return expression.constant().orElseThrow();
    }
}
