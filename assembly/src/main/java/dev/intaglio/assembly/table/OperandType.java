package dev.intaglio.assembly.table;

import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.Map;
import java.util.Optional;

/** What may stand in an operand's place, by the manual's words: {@code r/m32}, {@code imm8s}, {@code xmm/m64}. */
public sealed interface OperandType {
    /** A register of a class, a memory operand of a size, or either. */
    record RegisterOrMemory(Optional<RegisterClass> register, Optional<MemoryType> memory) implements OperandType {}

    /** One register by name. */
    record Exactly(Register register) implements OperandType {}

    /** One number that the encoding has no field for: 1 in shifts, 3 of an interrupt. */
    record Number(long value) implements OperandType {}

    /** Memory of a size at an address of 64 bits, which stands in the instruction: the accumulator's. */
    record Offset(int bytes) implements OperandType {}

    /**
     * An immediate.
     *
     * @param bytes the size of its field
     * @param range which values the field can hold
     */
    record Immediate(int bytes, Range range) implements OperandType {}

    /** A branch's distance. */
    record Relative(int bytes) implements OperandType {}

    /** The values that an immediate's field takes. */
    enum Range {
        /** Signed and unsigned values of the field alike. */
        ANY,
        /** Sign-extended to the size of the operand. */
        SIGNED,
        UNSIGNED
    }

    /**
     * @param bytes 0 for an address of any size
     * @param broadcastBytes the element that {@code /m32bcst} repeats, 0 where there is no broadcast
     * @param index the register class of the index of a gather or scatter
     */
    record MemoryType(int bytes, int broadcastBytes, Optional<RegisterClass> index) {}

    Map<String, RegisterClass> REGISTERS = Map.ofEntries(
            Map.entry("r8", RegisterClass.R8),
            Map.entry("r16", RegisterClass.R16),
            Map.entry("r32", RegisterClass.R32),
            Map.entry("r64", RegisterClass.R64),
            Map.entry("xmm", RegisterClass.XMM),
            Map.entry("ymm", RegisterClass.YMM),
            Map.entry("zmm", RegisterClass.ZMM),
            Map.entry("mm", RegisterClass.MMX),
            Map.entry("k", RegisterClass.MASK),
            Map.entry("sti", RegisterClass.X87),
            Map.entry("sreg", RegisterClass.SEGMENT),
            Map.entry("cr", RegisterClass.CONTROL),
            Map.entry("dr", RegisterClass.DEBUG),
            Map.entry("bnd", RegisterClass.BOUND));

    /** The type of this name; empty if there is none. */
    static Optional<OperandType> parse(String name) {
        if (name.equals("1") || name.equals("3")) {
            return Optional.of(new Number(Long.parseLong(name)));
        }
        if (name.matches("moffs(8|16|32|64)")) {
            return Optional.of(new Offset(Integer.parseInt(name.substring(5)) / 8));
        }
        if (name.startsWith("imm")) {
            return immediate(name.substring(3));
        }
        if (name.startsWith("rel")) {
            return Optional.of(new Relative(Integer.parseInt(name.substring(3)) / 8));
        }
        if (name.startsWith("vm")) {
            return vectorIndexed(name);
        }
        if (name.equals("st0")) {
            return Optional.of(new Exactly(new Register(RegisterClass.X87, 0)));
        }
        if (name.startsWith("r/m") && REGISTERS.containsKey("r" + name.substring(3))) {
            String bits = name.substring(3);
            return Optional.of(new RegisterOrMemory(
                    Optional.of(REGISTERS.get("r" + bits)), Optional.of(plainMemory(Integer.parseInt(bits) / 8))));
        }
        return registerOrMemory(name).or(() -> Register.parse(name).map(Exactly::new));
    }

    private static Optional<OperandType> immediate(String rest) {
        Range range = rest.endsWith("s") ? Range.SIGNED : rest.endsWith("u") ? Range.UNSIGNED : Range.ANY;
        String bits = range == Range.ANY ? rest : rest.substring(0, rest.length() - 1);
        return bits.matches("8|16|32|64")
                ? Optional.of(new Immediate(Integer.parseInt(bits) / 8, range))
                : Optional.empty();
    }

    private static Optional<OperandType> vectorIndexed(String name) {
        RegisterClass index =
                name.endsWith("x") ? RegisterClass.XMM : name.endsWith("y") ? RegisterClass.YMM : RegisterClass.ZMM;
        return name.matches("vm(32|64)[xyz]")
                ? Optional.of(
                        new RegisterOrMemory(Optional.empty(), Optional.of(new MemoryType(0, 0, Optional.of(index)))))
                : Optional.empty();
    }

    private static Optional<OperandType> registerOrMemory(String name) {
        Optional<RegisterClass> register = Optional.empty();
        Optional<MemoryType> memory = Optional.empty();
        int broadcast = 0;
        for (String part : name.split("/")) {
            if (REGISTERS.containsKey(part) && register.isEmpty() && memory.isEmpty()) {
                register = Optional.of(REGISTERS.get(part));
            } else if (part.matches("m\\d+bcst")) {
                broadcast = Integer.parseInt(part.substring(1, part.length() - 4)) / 8;
            } else if (part.matches("m\\d*") && memory.isEmpty()) {
                memory = Optional.of(plainMemory(part.length() == 1 ? 0 : Integer.parseInt(part.substring(1)) / 8));
            } else {
                return Optional.empty();
            }
        }
        int element = broadcast;
        memory = memory.map(plain -> new MemoryType(plain.bytes(), element, Optional.empty()));
        return Optional.of(new RegisterOrMemory(register, memory));
    }

    private static MemoryType plainMemory(int bytes) {
        return new MemoryType(bytes, 0, Optional.empty());
    }
}
