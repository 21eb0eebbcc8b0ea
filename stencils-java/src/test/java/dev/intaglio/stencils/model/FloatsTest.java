package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RAX;

import dev.intaglio.stencils.Floats;
import dev.intaglio.stencils.FloatsCopyAndPatchEmitter;
import dev.intaglio.stencils.FloatsEmitter;
import org.junit.jupiter.api.Test;

class FloatsTest extends StencilTest<Floats> {
    FloatsTest() {
        super(Floats.class, FloatsEmitter::new, FloatsCopyAndPatchEmitter::new, FloatsModel::new);
    }

    @Test
    void valuesMoveBetweenRegistersAndSpillSlots() {
        check(s -> {
            int[] r = s.floats(3);
            int spill = s.spill();
            return floats -> {
                floats.move(r[0], r[1]);
                floats.spill(spill, r[0]);
                floats.reload(r[2], spill);
            };
        });
    }

    @Test
    void constantsKeepAllTheirBits() {
        check(s -> {
            int to = s.floats(1)[0];
            long bits = Double.doubleToRawLongBits(s.aDouble());
            return floats -> floats.constant(to, bits);
        });
    }

    @Test
    void unboxingReadsTheValue() {
        check(s -> {
            s.m.set(RAX, s.floatObject(s.type(), s.aDouble()));
            int to = s.floats(1)[0];
            return floats -> floats.unbox(to);
        });
    }

    @Test
    void theLastReferenceFreesTheFloat() {
        check(s -> {
            s.m.set(RAX, s.object());
            long drop = s.routine("dropFloat", java.util.List.of(Machine.RDI));
            return floats -> floats.drop(drop);
        });
    }

    @Test
    void boxingHandsTheBitsOver() {
        check(s -> {
            int from = s.floats(1)[0];
            int spill = s.spill();
            s.m.setBits(from, Double.doubleToRawLongBits(s.aDouble()));
            long box = s.boxRoutine("boxFloat");
            s.m.reply("boxFloat", s.random.nextLong());
            s.m.reply("boxFloat", s.random.nextLong());
            return floats -> {
                floats.box(from, box);
                floats.boxSpilled(spill, box);
            };
        });
    }

    @Test
    void operatorsAreThoseOfIeee754() {
        for (char operator : "+-*/".toCharArray()) {
            check(s -> {
                int[] r = operands(s);
                return floats -> floats.apply(operator, r[0], r[1]);
            });
        }
    }

    @Test
    void bothZerosLeaveADivision() {
        check(s -> {
            int divisor = operands(s)[0];
            if (s.rarely(4)) {
                s.m.setNumber(divisor, s.oneOf(0.0, -0.0));
            }
            return floats -> floats.unlessZero(divisor, s.label("zero"));
        });
    }

    @Test
    void basesOfPowersThatAreNotAboveZeroLeave() {
        check(s -> {
            int base = operands(s)[0];
            return floats -> floats.unlessPositive(base, s.label("special"));
        });
    }

    @Test
    void resultsThatAreNotFiniteLeave() {
        check(s -> {
            s.m.setNumber(0, s.aDouble());
            return floats -> floats.unlessFinite(s.label("special"));
        });
    }

    @Test
    void functionsOfTheMathLibraryGetAndGiveXmm0() {
        check(s -> {
            s.m.setNumber(0, s.aDouble());
            s.m.setNumber(1, s.aDouble());
            long pow = s.function("pow", 16, 17);
            s.m.reply("pow", Double.doubleToRawLongBits(s.aDouble()));
            return floats -> floats.callMath(pow);
        });
    }

    @Test
    void negationChangesTheSignOfZerosAndOfWhatIsNoNumber() {
        check(s -> {
            int to = s.floats(1)[0];
            s.m.setNumber(to, s.aDouble());
            return floats -> floats.negate(to);
        });
    }

    @Test
    void intsRoundToTheNearestDouble() {
        check(s -> {
            int to = s.floats(1)[0];
            int from = s.registers(1)[0];
            s.m.set(from, s.anInt());
            return floats -> floats.ofInt(to, from);
        });
    }

    @Test
    void comparisonsWithWhatIsNoNumberDoNotHoldButForUnequal() {
        for (int comparison = 0; comparison < 6; comparison++) {
            int which = comparison;
            for (boolean ifTrue : new boolean[] {false, true}) {
                check(s -> {
                    int[] r = operands(s);
                    return floats -> floats.compare(which, r[0], r[1], ifTrue, s.label("target"));
                });
            }
        }
    }

    private static int[] operands(Scene s) {
        int[] r = s.floats(2);
        s.m.setNumber(r[0], s.aDouble());
        s.m.setNumber(r[1], s.rarely(4) ? s.m.number(r[0]) : s.aDouble());
        return r;
    }
}
