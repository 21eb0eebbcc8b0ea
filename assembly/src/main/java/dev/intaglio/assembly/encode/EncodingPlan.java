package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How one instruction becomes bytes when code is emitted: everything that can be decided before, is decided. */
public sealed interface EncodingPlan {
    Instruction instruction();

    /** The most bytes that the instruction can take. */
    int maxLength();

    /** The fewest bytes that the instruction can take. */
    int minLength();

    /**
     * Parts that are written one after the other. All {@link #checks} are made before the first byte.
     *
     * @param checks what must hold of values known at emission; anything else is an error naming line and value
     * @param differences registers chosen at emission that must not be the same
     */
    record Straight(
            Instruction instruction, List<RangeCheck> checks, List<DifferenceCheck> differences, List<Part> parts)
            implements EncodingPlan {
        public Straight {
            checks = List.copyOf(checks);
            differences = List.copyOf(differences);
            parts = List.copyOf(parts);
        }

        @Override
        public int maxLength() {
            return parts.stream().mapToInt(Part::maxLength).sum();
        }

        @Override
        public int minLength() {
            return parts.stream().mapToInt(Part::minLength).sum();
        }

        /** {@code 48 8B 87 {index*8:4}}, with the cases of a part in parentheses. */
        @Override
        public String toString() {
            return String.join(" ", parts.stream().map(Part::toString).toList());
        }
    }

    /**
     * {@code mov register, value} with a value known at emission: xor (only where flags are dead), mov r32, sign-extended
     * mov, lea rip or mov imm64. Only for 64-bit registers and expressions that are not constant.
     */
    record LoadConstant(Instruction instruction, RegisterOperand register, Expression value, boolean flagsDead)
            implements EncodingPlan {
        @Override
        public int maxLength() {
            return 10;
        }

        @Override
        public int minLength() {
            return flagsDead ? 2 : 5;
        }

        @Override
        public String toString() {
            return "(constant " + register + " = " + value + ")";
        }
    }

    /**
     * A branch or call relative to rip, to a label or to an address.
     *
     * @param target a {@link Operand.LabelTarget}, or an {@link Operand.Immediate} that is an address
     * @param shortOpcode the opcode before a rel8, if the instruction has that form (jmp, jcc, jrcxz, loop)
     * @param nearOpcode the opcode before a rel32, if the instruction has that form
     * @param throughMemory the opcode and ModRM of the form that goes through an 8-byte slot ({@code FF 15}, {@code FF 25})
     */
    record Branch(
            Instruction instruction,
            Operand target,
            Optional<Bytes> shortOpcode,
            Optional<Bytes> nearOpcode,
            Optional<Bytes> throughMemory)
            implements EncodingPlan {
        @Override
        public int maxLength() {
            int near = nearOpcode.map(bytes -> bytes.size() + 4).orElse(0);
            int shortest = shortOpcode.map(bytes -> bytes.size() + 1).orElse(0);
            // An address out of reach: an inverted short branch over the six bytes of a jump through a slot.
            int far = target instanceof Operand.Immediate ? 8 : 0;
            return Math.max(Math.max(near, far), shortest);
        }

        @Override
        public int minLength() {
            return shortOpcode
                    .map(bytes -> bytes.size() + 1)
                    .orElseGet(() -> nearOpcode.orElseThrow().size() + 4);
        }

        @Override
        public String toString() {
            return "(branch " + instruction.mnemonic() + " " + target + ")";
        }
    }

    /** Constant bytes. */
    record Bytes(List<Integer> values) {
        public Bytes {
            values = List.copyOf(values);
        }

        public int size() {
            return values.size();
        }
    }

    /** The first case whose conditions all hold is written; the last case has none. */
    record Part(List<Case> cases) {
        public Part {
            cases = List.copyOf(cases);
            if (cases.isEmpty() || !cases.get(cases.size() - 1).conditions().isEmpty()) {
                throw new IllegalArgumentException("the last case must be unconditional: " + cases);
            }
        }

        public static Part always(List<Piece> pieces) {
            return new Part(List.of(new Case(List.of(), pieces)));
        }

        public int maxLength() {
            return cases.stream().mapToInt(Case::length).max().orElseThrow();
        }

        public int minLength() {
            return cases.stream().mapToInt(Case::length).min().orElseThrow();
        }

        @Override
        public String toString() {
            if (cases.size() == 1) {
                return cases.get(0).toString();
            }
            return "(" + String.join(" | ", cases.stream().map(Case::toString).toList()) + ")";
        }
    }

    /** Pieces of fixed size that are written if all conditions hold. */
    record Case(List<Condition> conditions, List<Piece> pieces) {
        public Case {
            conditions = List.copyOf(conditions);
            pieces = List.copyOf(pieces);
        }

        public int length() {
            return pieces.stream().mapToInt(Piece::size).sum();
        }

        @Override
        public String toString() {
            return String.join(" ", pieces.stream().map(Piece::toString).toList());
        }
    }

    /** What a case asks of a value known at emission. */
    sealed interface Condition {
        /** The value is zero. */
        record Zero(Expression value) implements Condition {}

        /** The value is the number that has a form of its own: a shift by 1, interrupt 3. */
        record Is(Expression value, long number) implements Condition {}

        /** The value, divided by {@code unit}, fits a sign-extended byte (and is a multiple of {@code unit}: 1 but for disp8*N). */
        record FitsByte(Expression value, int unit) implements Condition {}

        /** The low {@code bits} of the value, 16 or 32 of them, are a sign-extended byte: 0xFFFFFFFF is -1 in 32 bits. */
        record LowBitsFitByte(Expression value, int bits) implements Condition {}

        /** {@code value & mask} equals {@code equal} (or does not). The value is a register's number. */
        record Bits(Expression number, int mask, int equal, boolean negated) implements Condition {}

        /** None of the registers is extended: all numbers are below {@code limit}. */
        record AllBelow(List<Expression> numbers, int limit) implements Condition {}
    }

    /**
     * A value that must fit its field: {@code minimum <= value <= maximum}, and not {@code excluded} (the number of rsp for an
     * index), which lies outside of the range where nothing is excluded.
     *
     * @param what the field, for the message: "32-bit immediate", "index register"
     */
    record RangeCheck(Expression value, long minimum, long maximum, long excluded, String what) {
        /** Nothing within the range is excluded. */
        public static RangeCheck within(Expression value, long minimum, long maximum, String what) {
            return new RangeCheck(value, minimum, maximum, minimum == Long.MIN_VALUE ? maximum : minimum - 1, what);
        }

        public boolean excludesOne() {
            return excluded >= minimum && excluded <= maximum;
        }
    }

    /**
     * Two register numbers that must differ; at most one is constant.
     *
     * @param what the first of them, for the message: "destination register"
     */
    record DifferenceCheck(Expression first, Expression second, String what) {}

    /** Bytes at a fixed place of a case. */
    sealed interface Piece {
        int size();

        /** Constant bytes. */
        record Fixed(Bytes bytes) implements Piece {
            @Override
            public int size() {
                return bytes.size();
            }

            @Override
            public String toString() {
                return String.join(
                        " ",
                        bytes.values().stream()
                                .map(value -> String.format(Locale.ROOT, "%02X", value))
                                .toList());
            }
        }

        /** The low {@code size} bytes of {@code value / unit}, little-endian. */
        record Value(Expression value, int size, int unit) implements Piece {
            @Override
            public String toString() {
                return "{" + value + ":" + size + "}";
            }
        }

        /** One byte made of constant bits and bits of register numbers. */
        record Registers(int constant, List<RegisterBits> bits) implements Piece {
            public Registers {
                bits = List.copyOf(bits);
            }

            @Override
            public int size() {
                return 1;
            }

            @Override
            public String toString() {
                return String.format(Locale.ROOT, "{%02X %s}", constant, bits);
            }
        }

        /** Distance from the end of the instruction to a label; {@code trailing} bytes follow this field. Always 4 bytes. */
        record ToLabel(Operand.LabelTarget target, int trailing) implements Piece {
            @Override
            public int size() {
                return 4;
            }

            @Override
            public String toString() {
                return "{" + target + ":rel32}";
            }
        }

        /** Distance from the end of the instruction to an address; {@code trailing} bytes follow this field. Always 4 bytes. */
        record ToAddress(Expression address, int trailing) implements Piece {
            @Override
            public int size() {
                return 4;
            }

            @Override
            public String toString() {
                return "{&" + address + ":rel32}";
            }
        }
    }

    /** Adds {@code ((number & mask) >> right) << left} to a byte, with the bits inverted first where VEX and EVEX want it. */
    record RegisterBits(Expression number, int mask, int right, int left, boolean inverted) {}
}
