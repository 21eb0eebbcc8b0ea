package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.FlagEffects;
import dev.intaglio.peephole.RunnableForm.Use;
import dev.intaglio.peephole.VectorImage.Layout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** States to run a line from: random, but for what would make it fault or reach beyond its memory. */
final class StartingState {
    /** Where in the memory the operand lies, the strings, the stack and what is addressed by a register of the instruction's own. */
    static final int PLACE = 64;

    static final int TARGET = 256;
    static final int STACK = 640;
    private static final int FRAME = 704;
    private static final int SOURCE_STRING = 768;
    static final int STRING = 896;

    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    private static final int RBX = 3;
    private static final int RSP = 4;
    private static final int RBP = 5;
    private static final int RSI = 6;
    private static final int RDI = 7;
    private static final int BASE = 15;
    private static final int MXCSR_AT = 24;
    private static final int XSAVE_HEADER_AT = 512;

    /** Bits of RFLAGS (SDM Vol. 1, 3.4.3). */
    static final Map<Flag, Integer> FLAGS =
            Map.of(Flag.C, 0, Flag.P, 2, Flag.A, 4, Flag.Z, 6, Flag.S, 7, Flag.D, 10, Flag.O, 11);

    private final Processor processor;
    private final Layout layout;
    private final Random random;

    StartingState(Processor processor, Layout layout, Random random) {
        this.processor = processor;
        this.layout = layout;
        this.random = random;
    }

    VectorImage image(Processor.State state) {
        return new VectorImage(layout, state.image());
    }

    /** A state for the line, which the processor has loaded. */
    Processor.State random(RunnableForm line) {
        long[] registers = new long[16];
        for (int i = 0; i < 16; i++) {
            registers[i] = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(70);
                case 1 ->
                    List.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 0x7FFFFFFFL, 0x80000000L)
                            .get(random.nextInt(6));
                default -> random.nextLong();
            };
        }
        byte[] memory = new byte[Processor.MEMORY];
        random.nextBytes(memory);
        registers[BASE] = address(PLACE);
        registers[RSP] = address(STACK);
        VectorImage image = VectorImage.random(layout, random);
        if (line.isOfStack()) {
            image.fillStack(random);
        }
        line.index().ifPresent(index -> image.put(index, distances(line, index)));
        special(line, registers, ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN));
        long flags = random.nextLong() & (Processor.FLAG_BITS | Processor.DIRECTION);
        return new Processor.State(registers, flags, memory, 0, image.bytes());
    }

    private long address(int place) {
        return processor.memoryAddress() + place;
    }

    /** What the line must find so that it neither faults nor leaves its memory. */
    private void special(RunnableForm line, long[] registers, ByteBuffer memory) {
        switch (line.form().mnemonic()) {
            case "div", "idiv" -> {
                registers[RAX] = random.nextInt(128);
                registers[RDX] = 0;
                registers[first(line)] |= 1;
                memory.put(PLACE, (byte) (memory.get(PLACE) | 1));
            }
            case "bt", "bts", "btr", "btc" -> {
                if (line.memory().isPresent()) {
                    line.uses()
                            .forEach(use -> registers[use.register().number()] =
                                    random.nextInt(use.register().kind().bytes() * 8));
                }
            }
            case "jmp", "call" -> {
                line.uses().stream()
                        .filter(use -> use.register().number() != RSP)
                        .forEach(use -> registers[use.register().number()] = processor.endOfWindow());
                memory.putLong(PLACE, processor.endOfWindow());
            }
            case "ret" -> memory.putLong(STACK, processor.endOfWindow());
            case "popf", "popfq", "popfw" ->
                memory.putLong(STACK, random.nextLong() & (Processor.FLAG_BITS | Processor.DIRECTION) | 0x202);
            case "enter", "leave", "leavew" -> registers[RBP] = address(FRAME);
            case "xlat", "xlatb" -> registers[RBX] = address(TARGET);
            case "clzero" -> registers[RAX] = address(TARGET);
            case "movdir64b" -> registers[first(line)] = address(TARGET);
            case "xgetbv" -> registers[RCX] = 0;
            case "cpuid" -> {
                registers[RAX] = random.nextInt(32);
                registers[RCX] = random.nextInt(8);
            }
            case "ldmxcsr", "vldmxcsr" -> memory.putInt(PLACE, roundings());
            case "fldcw", "fldenv", "frstor" -> memory.putShort(PLACE, (short) (0x37F | random.nextInt(4) << 10));
            case "fxrstor", "fxrstor64" -> memory.putInt(PLACE + MXCSR_AT, roundings());
            case "xrstor", "xrstor64" -> {
                registers[RAX] = 3;
                registers[RDX] = 0;
                memory.putInt(PLACE + MXCSR_AT, roundings());
                memory.put(PLACE + XSAVE_HEADER_AT, new byte[64]);
                memory.put(PLACE + XSAVE_HEADER_AT, (byte) random.nextInt(4));
            }
            case "xsave", "xsave64", "xsavec", "xsavec64", "xsaveopt", "xsaveopt64" -> {
                registers[RAX] = random.nextInt(4);
                registers[RDX] = 0;
                memory.put(PLACE + XSAVE_HEADER_AT, new byte[64]);
            }
            default -> {
                if (line.form().mnemonic().startsWith("cmpxchg") && random.nextBoolean()) {
                    registers[first(line)] = registers[RAX];
                    memory.putLong(PLACE, registers[RAX]).putLong(PLACE + 8, registers[RDX]);
                }
            }
        }
        if (line.hasImplicitMemory()) {
            strings(line, registers);
        }
    }

    /** Strings that the line goes along, at most eight elements in either direction. */
    private void strings(RunnableForm line, long[] registers) {
        for (Use use : line.uses()) {
            switch (use.register().number()) {
                case RSI -> registers[RSI] = address(SOURCE_STRING);
                case RDI -> registers[RDI] = address(STRING);
                default -> {}
            }
        }
        if (line.isRepeated()) {
            registers[RCX] = random.nextInt(8);
        }
    }

    /** Rounding and flushing at random, all exceptions masked (SDM Vol. 1, 10.2.3). */
    private int roundings() {
        return 0x1F80 | random.nextInt() & 0xE07F;
    }

    /** The number of the first register of an operand; of r15, which is not drawn, where there is none. */
    private static int first(RunnableForm line) {
        return line.uses().stream()
                .map(Use::register)
                .filter(register -> register.kind().isGeneral() && register.number() > RDX && register.number() != RSP)
                .findFirst()
                .map(Register::number)
                .orElse(RSP + 4);
    }

    /** A state that differs from another in all that the line does not read. */
    Processor.State disturbed(Processor.State like, RunnableForm line) {
        Processor.State other = random(line);
        VectorImage image = image(other);
        if (line.isOfStack()) {
            image.putStackState(image(like));
        }
        for (Use use : line.uses()) {
            Register register = use.register();
            if (!use.read()) {
                continue;
            }
            switch (register.kind()) {
                case SEGMENT -> {}
                case X87 -> image.stack(register.number(), image(like).stack(register.number()));
                case XMM, YMM, ZMM, MASK, MMX -> image.put(register, image(like).get(register));
                default -> {
                    GeneralPart part = GeneralPart.readOf(register, line);
                    part.put(other.registers(), part.of(like.registers()));
                }
            }
        }
        boolean copies = line.index().isPresent() || line.hasImplicitMemory() || !line.tellsAll();
        if (copies) {
            System.arraycopy(like.memory(), 0, other.memory(), 0, Processor.MEMORY);
        } else if (line.memoryIsRead()) {
            int bytes = line.memoryBytes() == 0 ? STACK - PLACE : line.memoryBytes();
            System.arraycopy(like.memory(), PLACE, other.memory(), PLACE, bytes);
        }
        return new Processor.State(other.registers(), flags(other, like, line), other.memory(), 0, image.bytes());
    }

    private static long flags(Processor.State other, Processor.State like, RunnableForm line) {
        FlagEffects effects = line.form().flags();
        long flags = other.flags();
        for (Map.Entry<Flag, Integer> flag : FLAGS.entrySet()) {
            boolean counts = effects.read().contains(flag.getKey())
                    || effects.maybe().contains(flag.getKey())
                    || line.isRepeated() && effects.touched().contains(flag.getKey());
            if (counts) {
                long bit = 1L << flag.getValue();
                flags = flags & ~bit | like.flags() & bit;
            }
        }
        return flags;
    }

    /** The elements of a gather's index: small, of either sign. */
    private byte[] distances(RunnableForm line, Register index) {
        boolean wide = line.memory().orElseThrow().typeName().startsWith("vm64");
        ByteBuffer bytes = ByteBuffer.allocate(index.kind().bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            int distance = random.nextInt(128) - PLACE;
            if (wide) {
                bytes.putLong(distance);
            } else {
                bytes.putInt(distance);
            }
        }
        return bytes.array();
    }

    /** The bits of a general register that an operand uses. */
    record GeneralPart(int number, long mask) {
        static GeneralPart of(Register register) {
            return switch (register.kind()) {
                case R8 -> new GeneralPart(register.number(), 0xFFL);
                case R8H -> new GeneralPart(register.number() - 4, 0xFF00L);
                case R16 -> new GeneralPart(register.number(), 0xFFFFL);
                case R32 -> new GeneralPart(register.number(), 0xFFFF_FFFFL);
                default -> new GeneralPart(register.number(), -1L);
            };
        }

        /** What counts of a register that is read: the whole where the line may leave its upper half alone. */
        static GeneralPart readOf(Register register, RunnableForm line) {
            boolean kept = register.kind() == RegisterClass.R32 && !line.clearsUpperHalves();
            return kept ? new GeneralPart(register.number(), -1L) : of(register);
        }

        long of(long[] registers) {
            return registers[number] & mask;
        }

        void put(long[] registers, long value) {
            registers[number] = registers[number] & ~mask | value & mask;
        }
    }
}
