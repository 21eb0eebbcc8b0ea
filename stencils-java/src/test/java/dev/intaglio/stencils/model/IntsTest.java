package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.RAX;

import dev.intaglio.stencils.Ints;
import dev.intaglio.stencils.IntsCopyAndPatchEmitter;
import dev.intaglio.stencils.IntsEmitter;
import org.junit.jupiter.api.Test;

class IntsTest extends StencilTest<Ints> {
    IntsTest() {
        super(Ints.class, IntsEmitter::new, IntsCopyAndPatchEmitter::new, IntsModel::new);
    }

    @Test
    void valuesComeBackFromTheirSpillSlots() {
        check(s -> {
            int[] r = s.registers(2);
            int spill = s.spill();
            return ints -> {
                ints.spill(spill, r[0]);
                ints.reload(r[1], spill);
            };
        });
    }

    @Test
    void intsOfUpToTwoDigitsAreUnboxedAndLargerOnesLeave() {
        check(s -> {
            s.m.set(RAX, s.intObject(s.type(), s.random.nextInt(5), s.coin()));
            int to = s.registers(1)[0];
            return ints -> ints.unbox(to, s.label("large"));
        });
    }

    @Test
    void theLastReferenceFreesTheInt() {
        check(s -> {
            s.m.set(RAX, s.object());
            long dealloc = s.deallocRoutine();
            return ints -> ints.drop(dealloc);
        });
    }

    @Test
    void boxingHandsTheValueOver() {
        check(s -> {
            int from = s.registers(1)[0];
            s.m.set(from, s.anInt());
            long box = s.boxRoutine("boxInt");
            s.m.reply("boxInt", s.random.nextLong());
            return ints -> ints.box(from, box);
        });
    }

    @Test
    void operatorsAreExactOrLeave() {
        for (char operator : "+-*".toCharArray()) {
            check(s -> {
                int[] r = operands(s);
                return ints -> ints.apply(operator, r[0], r[1], r[2], s.label("overflow"));
            });
        }
        for (char operator : "&|^".toCharArray()) {
            check(s -> {
                int[] r = operands(s);
                return ints -> ints.apply(operator, r[0], r[1], r[2], new dev.intaglio.runtime.Label("never"));
            });
        }
    }

    @Test
    void operatorsWithNumbersAreExactOrLeave() {
        for (char operator : "+-*".toCharArray()) {
            check(s -> {
                int[] r = operands(s);
                int right = (int) s.anInt();
                return ints -> ints.applyConstant(operator, r[0], r[1], right, s.label("overflow"));
            });
        }
        for (char operator : "&|^".toCharArray()) {
            check(s -> {
                int[] r = operands(s);
                int right = (int) s.anInt();
                return ints -> ints.applyConstant(operator, r[0], r[1], right, new dev.intaglio.runtime.Label("never"));
            });
        }
    }

    @Test
    void shiftsToTheRightRoundDown() {
        check(s -> {
            int[] r = operands(s);
            int count = s.random.nextInt(64);
            return ints -> ints.shiftRight(r[0], r[1], count);
        });
    }

    @Test
    void divisionRoundsDownAsPythonDoes() {
        for (boolean remainder : new boolean[] {false, true}) {
            check(s -> {
                int[] r = operands(s);
                return ints -> ints.divide(remainder, r[0], r[1], r[2], s.label("special"));
            });
        }
    }

    @Test
    void theSmallestIntHasNoNegative() {
        check(s -> {
            int[] r = operands(s);
            if (s.rarely(4)) {
                s.m.set(r[1], Long.MIN_VALUE);
            }
            return ints -> ints.negate(r[0], r[1], s.label("overflow"));
        });
    }

    @Test
    void intsThatNoDoubleIsLeave() {
        check(s -> {
            int value = operands(s)[0];
            s.m.set(value, s.anInt());
            return ints -> ints.exact(value, s.label("inexact"));
        });
    }

    @Test
    void comparisonsJumpWhereTheyHoldOrDoNot() {
        for (int comparison = 0; comparison < 6; comparison++) {
            int which = comparison;
            check(s -> {
                int[] r = operands(s);
                boolean ifTrue = s.coin();
                return ints -> ints.compare(which, r[1], r[2], ifTrue, s.label("target"));
            });
            check(s -> {
                int[] r = operands(s);
                boolean ifTrue = s.coin();
                int right = s.coin() ? (int) s.m.get(r[1]) : (int) s.anInt();
                return ints -> ints.compareConstant(which, r[1], right, ifTrue, s.label("target"));
            });
        }
    }

    @Test
    void onlyZeroIsFalse() {
        check(s -> {
            int value = operands(s)[1];
            boolean ifTrue = s.coin();
            if (s.rarely(3)) {
                s.m.set(value, 0);
            }
            return ints -> ints.jumpOnTruth(value, ifTrue, s.label("target"));
        });
    }

    /** A register for the result and two with values, which may be one. */
    private static int[] operands(Scene s) {
        int[] r = s.registers(3);
        s.m.set(r[1], s.anInt());
        s.m.set(r[2], s.rarely(5) ? s.m.get(r[1]) : s.anInt());
        if (s.rarely(6)) {
            r[2] = r[1];
        }
        return r;
    }
}
