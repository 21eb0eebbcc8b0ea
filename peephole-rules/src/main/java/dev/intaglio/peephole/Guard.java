package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.FlagSet;

/** A condition of a rule. The vocabulary is closed, so that the checker can reason about it. It prints as a rule spells it. */
sealed interface Guard {
    /** {@code dead oszapc}: nothing reads these flags after the window. */
    record DeadFlags(FlagSet flags) implements Guard {
        @Override
        public String toString() {
            return "dead " + flags;
        }
    }

    /** {@code dead $t}: nothing reads the register after the window (for a 32-bit register: all its 64 bits). */
    record DeadRegister(String variable) implements Guard {
        @Override
        public String toString() {
            return "dead $" + variable;
        }
    }

    /** {@code $a != $b}: different registers, or a register that an address does not use; known now, not at emission. */
    record Differ(String left, String right) implements Guard {
        @Override
        public String toString() {
            return "$" + left + " != $" + right;
        }
    }

    /** {@code fits $c imm8s}: a known number of that class. */
    record Fits(String variable, OperandClass numbers) implements Guard {
        @Override
        public String toString() {
            return "fits $" + variable + " " + numbers;
        }
    }

    /** {@code cpu bmi1}: the processor that the stencils are made for has the feature. */
    record Cpu(String feature) implements Guard {
        @Override
        public String toString() {
            return "cpu " + feature;
        }
    }

    /** {@code prefer size}: what the user wants most. */
    record Prefer(Preference preference) implements Guard {
        @Override
        public String toString() {
            return "prefer " + preference;
        }
    }
}
