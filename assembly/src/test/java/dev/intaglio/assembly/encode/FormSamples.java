package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.machine.Width;
import dev.intaglio.assembly.table.Access;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.InstructionTable;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A line for each form of the table, again and again, with registers, addresses and values drawn at random, limits more often than not. */
final class FormSamples {
    /** A line with the form that it was written for. */
    record Sample(String line, InstructionForm form) {}

    private static final long[] VALUES = {
        0,
        1,
        -1,
        2,
        3,
        5,
        127,
        128,
        -128,
        -129,
        255,
        256,
        32767,
        32768,
        -32768,
        65535,
        65536,
        0x12345678L,
        0x7FFFFFFFL,
        0x80000000L,
        -0x80000000L,
        0xFFFFFFFFL,
        0x100000000L,
        0x123456789ABCDEFL,
        Long.MIN_VALUE,
        Long.MAX_VALUE
    };
    private static final int[] DISPLACEMENTS = {
        0, 1, 8, 16, 64, 127, 128, -128, -129, 256, 1024, 8128, -8192, 0x1234, Integer.MAX_VALUE, Integer.MIN_VALUE
    };
    private static final List<String> ROUNDINGS = List.of("rn-sae", "rd-sae", "ru-sae", "rz-sae");

    private final Random random;

    FormSamples(Random random) {
        this.random = random;
    }

    /** A line for each form that can be written, but for those that are left out. */
    List<Sample> round(Set<InstructionForm> leftOut) {
        List<Sample> samples = new ArrayList<>();
        InstructionTable table = InstructionTable.x86_64();
        for (String mnemonic : table.mnemonics()) {
            for (InstructionForm form : table.forms(mnemonic)) {
                if (!leftOut.contains(form)) {
                    line(form).ifPresent(line -> samples.add(new Sample(line, form)));
                }
            }
        }
        return samples;
    }

    /** A line for the form; empty where it branches to a place. */
    Optional<String> line(InstructionForm form) {
        List<OperandPattern> patterns = form.explicitOperands();
        boolean branches = patterns.stream().anyMatch(pattern -> pattern.type() instanceof OperandType.Relative);
        if (branches) {
            return Optional.empty();
        }
        boolean fromMemory = random.nextInt(3) > 0;
        List<String> operands = new ArrayList<>();
        boolean memoryWritten = false;
        boolean fixedSize = false;
        String destination = "";
        for (OperandPattern pattern : patterns) {
            boolean first = operands.isEmpty();
            String operand;
            do {
                operand = operand(pattern, form, fromMemory);
            } while (form.has("apart") && operand.equals(destination));
            destination = first ? operand : destination;
            boolean memory = operand.contains("[");
            memoryWritten |= memory;
            fixedSize |= pattern.rounded() || pattern.suppressed();
            operands.add(operand + (first ? mask(pattern, memory) : ""));
        }
        if (fixedSize && !memoryWritten && random.nextBoolean()) {
            rounding(patterns, operands);
        }
        String forced = form.isAlternative() ? "{vex} " : prefix(form, operands);
        return Optional.of((forced + form.mnemonic() + " " + String.join(", ", operands)).trim());
    }

    private String prefix(InstructionForm form, List<String> operands) {
        boolean locks = form.has("lock") && operands.stream().anyMatch(operand -> operand.contains("["));
        if (locks && random.nextInt(6) == 0) {
            return "lock ";
        }
        return form.has("rep") && random.nextInt(3) == 0 ? random.nextBoolean() ? "rep " : "repne " : "";
    }

    private String operand(OperandPattern pattern, InstructionForm form, boolean fromMemory) {
        OperandType type = pattern.type();
        if (type instanceof OperandType.Exactly exactly) {
            return exactly.register().toString();
        }
        if (type instanceof OperandType.Number number) {
            return Long.toString(number.value());
        }
        if (type instanceof OperandType.Immediate immediate) {
            return Long.toString(value(ImmediateRange.of(immediate, form)));
        }
        if (type instanceof OperandType.Offset offset) {
            // what fits 32 bits has a shorter form
            long address = random.nextLong() | 1L << 40;
            String segment = random.nextInt(4) == 0 ? "fs:" : "";
            return width(offset.bytes()) + " " + segment + "[" + address + "]";
        }
        OperandType.RegisterOrMemory either = (OperandType.RegisterOrMemory) type;
        if (either.memory().isPresent() && (fromMemory || either.register().isEmpty())) {
            return memory(either.memory().get(), form, pattern.access());
        }
        return register(either.register().orElseThrow(), form).toString();
    }

    private long value(ImmediateRange range) {
        while (true) {
            long value = VALUES[random.nextInt(VALUES.length)];
            if (value >= range.minimum() && value <= range.maximum()) {
                return value;
            }
        }
    }

    private Register register(RegisterClass kind, InstructionForm form) {
        int count = kind.isVector() && form.encoding().scheme() != Encoding.Scheme.EVEX ? 16 : kind.count();
        int number = random.nextInt(count);
        return switch (kind) {
            case SEGMENT -> new Register(kind, number == 1 && writesSegment(form) ? 3 : number);
            case CONTROL -> new Register(kind, List.of(0, 2, 3, 4, 8).get(number % 5));
            case DEBUG -> new Register(kind, number % 8);
            default -> new Register(kind, number);
        };
    }

    /** cs cannot be loaded. */
    private static boolean writesSegment(InstructionForm form) {
        return form.explicitOperands().get(0).typeName().equals("sreg");
    }

    private String memory(OperandType.MemoryType type, InstructionForm form, Access access) {
        boolean repeats = type.broadcastBytes() > 0 && access.reads() && random.nextInt(3) == 0;
        int bytes = repeats ? type.broadcastBytes() : type.bytes();
        String size = bytes == 0 ? "" : width(bytes) + " ";
        String segment = random.nextInt(12) == 0 ? random.nextBoolean() ? "fs:" : "gs:" : "";
        String address =
                segment + (type.index().isPresent() ? gathered(type.index().get(), form) : address(form));
        return size + address + (repeats ? "{1to" + type.bytes() / type.broadcastBytes() + "}" : "");
    }

    private static Width width(int bytes) {
        for (Width width : Width.values()) {
            if (width.bytes() == bytes) {
                return width;
            }
        }
        throw new IllegalArgumentException("no width of " + bytes + " bytes");
    }

    private String gathered(RegisterClass index, InstructionForm form) {
        return "[" + new Register(RegisterClass.R64, random.nextInt(16)) + "+" + register(index, form) + "*"
                + (1 << random.nextInt(4)) + displacement() + "]";
    }

    private String address(InstructionForm form) {
        boolean asWide = form.has("address");
        boolean narrow = asWide ? form.encoding().prefixes().contains(0x67) : random.nextInt(12) == 0;
        RegisterClass kind = narrow ? RegisterClass.R32 : RegisterClass.R64;
        String base = new Register(kind, random.nextInt(16)).toString();
        int number = random.nextInt(16);
        String index = new Register(kind, number == 4 ? 12 : number).toString();
        int scale = 1 << random.nextInt(4);
        return switch (random.nextInt(asWide ? 1 : 0, 8)) {
            case 0 -> "[rip" + displacement() + "]";
            case 1 -> "[" + index + "*" + Math.max(scale, 4) + displacement() + "]";
            case 2, 3, 4 -> "[" + base + displacement() + "]";
            default -> "[" + base + "+" + index + "*" + scale + displacement() + "]";
        };
    }

    private String displacement() {
        int value = DISPLACEMENTS[random.nextInt(DISPLACEMENTS.length)];
        return value == 0 ? "" : value < 0 ? Integer.toString(value) : "+" + value;
    }

    private String mask(OperandPattern pattern, boolean memory) {
        if (!pattern.masked()) {
            return "";
        }
        boolean gathers = pattern.typeName().startsWith("vm") || pattern.access() == Access.RW && !pattern.zeroed();
        if (!gathers && random.nextBoolean()) {
            return "";
        }
        String mask = "{k" + (1 + random.nextInt(7)) + "}";
        return pattern.zeroed() && !memory && random.nextBoolean() ? mask + "{z}" : mask;
    }

    /** The rounding stands before an immediate. */
    private void rounding(List<OperandPattern> patterns, List<String> operands) {
        boolean rounds = patterns.stream().anyMatch(OperandPattern::rounded);
        int last = patterns.size() - 1;
        boolean immediate = patterns.get(last).type() instanceof OperandType.Immediate;
        String word = rounds ? ROUNDINGS.get(random.nextInt(ROUNDINGS.size())) : "sae";
        operands.add(immediate ? last : last + 1, "{" + word + "}");
    }
}
