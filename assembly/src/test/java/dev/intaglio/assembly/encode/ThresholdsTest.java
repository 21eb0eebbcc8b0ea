package dev.intaglio.assembly.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.InstructionTable;
import dev.intaglio.assembly.table.OperandType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each immediate and each displacement of every form of the table, at and around all sizes that a field may have: it stands
 * whole in the bytes, in the shortest field that holds it, or is refused; and the same where it is known at emission only.
 */
class ThresholdsTest {
    private static final List<Long> VALUES = values();
    /** Without a displacement the base would need none: rbx; it always has one: r13; there is an index. */
    private static final List<Address.Indexed> ADDRESSES = List.of(
            address(Optional.of(3), Optional.empty()),
            address(Optional.of(13), Optional.empty()),
            address(Optional.of(4), Optional.of(1)),
            address(Optional.empty(), Optional.of(9)));

    private final FormSamples samples = new FormSamples(new Random(4711));
    private final Set<String> wrong = new TreeSet<>();
    private int encoded;
    private int refused;

    private static List<Long> values() {
        Set<Long> values = new TreeSet<>(Set.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L, 1L, -1L, 3L));
        for (int bits : new int[] {7, 8, 9, 10, 12, 13, 15, 16, 31, 32}) {
            for (long near = -1; near <= 1; near++) {
                values.add((1L << bits) + near);
                values.add(-(1L << bits) + near);
            }
        }
        for (int bits : new int[] {16, 32}) {
            for (long near = -130; near <= -126; near++) {
                values.add((1L << bits) + near);
            }
        }
        return List.copyOf(values);
    }

    private static Address.Indexed address(Optional<Integer> base, Optional<Integer> index) {
        return new Address.Indexed(
                base.map(ThresholdsTest::register), index.map(ThresholdsTest::register), 4, Expression.ZERO);
    }

    private static RegisterOperand register(int number) {
        return new RegisterOperand.Fixed(new Register(RegisterClass.R64, number));
    }

    @Test
    void everyFieldHoldsItsValueOrRefusesIt() {
        int immediates = 0;
        int displacements = 0;
        for (InstructionForm form : forms().toList()) {
            Optional<String> line = samples.line(form);
            if (line.isEmpty()) {
                continue;
            }
            Instruction instruction = (Instruction)
                    StencilParser.parseAssembly(line.get(), Scope.EMPTY, ParserOptions.DEFAULT, new Diagnostics())
                            .get(0);
            for (int place = 0; place < instruction.operands().size(); place++) {
                OperandType type = form.explicitOperands().get(place).type();
                if (type instanceof OperandType.Immediate) {
                    immediates++;
                    immediate(instruction, place);
                } else if (type instanceof OperandType.RegisterOrMemory
                        && instruction.operands().get(place) instanceof Operand.Memory memory
                        && !isGather(memory)
                        && !form.has("address")) {
                    displacement(form, instruction, memory, ADDRESSES.get(displacements++ % ADDRESSES.size()));
                }
            }
        }
        System.out.println("ThresholdsTest: " + immediates + " immediates and " + displacements + " displacements, "
                + encoded + " encoded, " + refused + " refused");
        assertThat(wrong).isEmpty();
        assertThat(encoded).isGreaterThan(400_000);
        assertThat(refused).isGreaterThan(10_000);
    }

    private static Stream<InstructionForm> forms() {
        InstructionTable table = InstructionTable.x86_64();
        return table.mnemonics().stream().flatMap(mnemonic -> table.forms(mnemonic).stream());
    }

    private static boolean isGather(Operand.Memory memory) {
        return OperandMatcher.unsegmented(memory.address()) instanceof Address.Indexed indexed
                && indexed.index().map(index -> index.kind().isVector()).orElse(false);
    }

    private void immediate(Instruction instruction, int place) {
        Optional<EncodingPlan> open = plan(with(instruction, place, variable()));
        for (long value : VALUES) {
            Instruction closed = with(instruction, place, Expression.of(value));
            Optional<byte[]> bytes = Assembler.assemble(closed, new Diagnostics());
            boolean fits = fittingForms(closed).anyMatch(form -> fits(form, place, value));
            check(bytes.isPresent() == fits, closed, bytes, "is " + (fits ? "refused" : "taken"));
            bytes.ifPresent(some -> check(holds(closed, place, value, some), closed, bytes, "holds another value"));
            asAtEmission(open, value, closed, bytes);
        }
    }

    private static Stream<InstructionForm> fittingForms(Instruction instruction) {
        return InstructionTable.x86_64().forms(instruction.mnemonic()).stream()
                .filter(form -> OperandMatcher.fitsTypes(form, instruction));
    }

    /** Whether the form has a field for the value, by the table's words. */
    private static boolean fits(InstructionForm form, int place, long value) {
        if (!(form.explicitOperands().get(place).type() instanceof OperandType.Immediate type)) {
            return form.explicitOperands().get(place).type() instanceof OperandType.Number number
                    && number.value() == value;
        }
        BigInteger wanted = BigInteger.valueOf(value);
        int bits = type.bytes() * 8;
        BigInteger least = BigInteger.TWO.pow(bits - 1).negate();
        BigInteger half = BigInteger.TWO.pow(bits - 1);
        BigInteger all = BigInteger.TWO.pow(bits);
        return switch (type.range()) {
            case ANY -> wanted.compareTo(least) >= 0 && wanted.compareTo(all) < 0;
            case UNSIGNED -> wanted.signum() >= 0 && wanted.compareTo(all) < 0;
            case SIGNED -> {
                BigInteger top = BigInteger.TWO.pow(ImmediateRange.operandBytes(form) * 8);
                boolean asUnsigned = ImmediateRange.operandBytes(form) < 8
                        && wanted.compareTo(top) < 0
                        && wanted.compareTo(top.subtract(half)) >= 0;
                yield wanted.compareTo(least) >= 0 && wanted.compareTo(half) < 0 || asUnsigned;
            }
        };
    }

    /** Whether the bytes end with the value, extended as the operand's size asks. */
    private static boolean holds(Instruction closed, int place, long value, byte[] bytes) {
        boolean isLowerHalf = closed.mnemonic().equals("mov") && value >>> 32 == 0;
        if (isLowerHalf && closed.operands().get(0).toString().matches("r\\w*[^dwb]")) {
            return field(bytes, bytes.length - 4, 4) == value;
        }
        return fittingForms(closed).filter(form -> fits(form, place, value)).anyMatch(form -> {
            if (!(form.explicitOperands().get(place).type() instanceof OperandType.Immediate type)) {
                return true;
            }
            int behind = 0;
            for (int i = place + 1; i < form.explicitOperands().size(); i++) {
                if (form.explicitOperands().get(i).type() instanceof OperandType.Immediate next) {
                    behind += next.bytes();
                }
            }
            int start = bytes.length - behind - type.bytes();
            return start >= 0 && field(bytes, start, type.bytes()) == truncated(value, type.bytes());
        });
    }

    private static long field(byte[] bytes, int start, int size) {
        long field = 0;
        for (int i = size - 1; i >= 0; i--) {
            field = field << 8 | bytes[start + i] & 0xFF;
        }
        return truncated(field, size);
    }

    private static long truncated(long value, int size) {
        return size == 8 ? value : value & (1L << size * 8) - 1;
    }

    private void displacement(
            InstructionForm form, Instruction instruction, Operand.Memory memory, Address.Indexed address) {
        Instruction none = at(instruction, memory, address, Expression.ZERO);
        Optional<byte[]> shortest = Assembler.assemble(none, new Diagnostics());
        if (shortest.isEmpty()) {
            check(false, none, shortest, "is refused");
            return;
        }
        boolean based = address.base().isPresent();
        boolean needsOne = based && number(address.base().get()) % 8 == 5;
        int bare = shortest.get().length - (based ? needsOne ? 1 : 0 : 4);
        Optional<EncodingPlan> open = plan(at(instruction, memory, address, variable()));
        InstructionForm taken = Encoder.select(none, new Diagnostics()).orElse(form);
        int unit = unit(taken, instruction);
        int behind = behind(taken);
        for (long value : VALUES) {
            Instruction closed = at(instruction, memory, address, Expression.of(value));
            Optional<byte[]> bytes = Assembler.assemble(closed, new Diagnostics());
            boolean small = based && value % unit == 0 && (byte) (value / unit) == value / unit;
            int size = based && value == 0 && !needsOne ? 0 : small ? 1 : 4;
            boolean fits = (int) value == value;
            check(bytes.isPresent() == fits, closed, bytes, "is " + (fits ? "refused" : "taken"));
            if (bytes.isPresent() && fits) {
                boolean right = bytes.get().length == bare + size
                        && field(bytes.get(), bytes.get().length - behind - size, size)
                                == truncated(size == 1 ? value / unit : value, size);
                check(size == 0 ? bytes.get().length == bare : right, closed, bytes, "has another displacement");
            }
            asAtEmission(open, value, closed, bytes);
        }
    }

    private static int number(RegisterOperand register) {
        return ((RegisterOperand.Fixed) register).register().number();
    }

    /** What EVEX divides an 8-bit displacement by (SDM Vol. 2, 2.7.5). */
    private static int unit(InstructionForm taken, Instruction instruction) {
        if (taken.encoding().scheme() != Encoding.Scheme.EVEX) {
            return 1;
        }
        return taken.explicitOperands().stream()
                .filter(operand -> operand.type() instanceof OperandType.RegisterOrMemory either
                        && either.memory().isPresent())
                .map(operand ->
                        ((OperandType.RegisterOrMemory) operand.type()).memory().orElseThrow())
                .map(type -> instruction.decoration().broadcast() > 0
                        ? type.broadcastBytes()
                        : taken.encoding().displacementUnit().orElse(Math.max(1, type.bytes())))
                .findFirst()
                .orElse(1);
    }

    /** The bytes behind the displacement. */
    private static int behind(InstructionForm form) {
        return form.encoding().immediates().stream().mapToInt(Integer::intValue).sum()
                + form.encoding().trailing().size()
                + (form.encoding().registerImmediate() ? 1 : 0);
    }

    private static Expression variable() {
        return new Expression.Variable("v", ExpressionType.LONG);
    }

    private static Optional<EncodingPlan> plan(Instruction instruction) {
        return Encoder.plan(instruction, false, new Diagnostics());
    }

    /** The plan with the value open gives bytes as few as those with it written out, or refuses it too. */
    private void asAtEmission(Optional<EncodingPlan> open, long value, Instruction closed, Optional<byte[]> bytes) {
        if (open.isEmpty()) {
            check(false, closed, bytes, "has no plan with the value open");
        } else if (open.get() instanceof EncodingPlan.Straight straight) {
            Optional<byte[]> found = new PlanEvaluator(Map.of("v", value)).bytes(straight);
            boolean same = found.isPresent() == bytes.isPresent()
                    && found.map(some -> some.length).equals(bytes.map(some -> some.length));
            check(same, closed, found, "differs when it is known at emission only");
        }
    }

    private static Instruction with(Instruction instruction, int place, Expression value) {
        List<Operand> operands = new ArrayList<>(instruction.operands());
        operands.set(place, new Operand.Immediate(value, Optional.empty()));
        return instruction.with(instruction.mnemonic(), operands);
    }

    private static Instruction at(
            Instruction instruction, Operand.Memory memory, Address.Indexed address, Expression displacement) {
        List<Operand> operands = new ArrayList<>(instruction.operands());
        Address whole = new Address.Indexed(address.base(), address.index(), address.scale(), displacement);
        operands.set(operands.indexOf(memory), new Operand.Memory(memory.width(), whole, Optional.empty()));
        return instruction.with(instruction.mnemonic(), operands);
    }

    private void check(boolean right, Instruction instruction, Optional<byte[]> bytes, String message) {
        if (right) {
            encoded += bytes.isPresent() ? 1 : 0;
            refused += bytes.isPresent() ? 0 : 1;
        } else {
            String hex = bytes.map(HexFormat.of()::formatHex).orElse("none");
            wrong.add(instruction + " (" + hex + ") " + message);
        }
    }
}
