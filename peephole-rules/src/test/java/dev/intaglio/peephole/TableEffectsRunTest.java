package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.FlagEffects;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.InstructionTable;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Runs the general-purpose forms of the instruction table, and compares registers, flags and memory with what the table
 * says of them: the optimizer rests on those columns.
 */
class TableEffectsRunTest {
    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final int RUNS = 12;
    /** Where in the memory the operand lies, and the register that holds that place's address. */
    private static final int PLACE = 64;

    private static final int BASE = 15;
    private static final List<Integer> FREE = List.of(3, 6, 9, 10, 11, 13, 14);
    private static final Map<String, String> LINUX_NAMES =
            Map.of("sse4.2", "sse4_2", "lzcnt", "abm", "lahf", "lahf_lm", "rao-int", "raoint");
    /** Bits of RFLAGS (SDM Vol. 1, 3.4.3). */
    private static final Map<Flag, Integer> BITS =
            Map.of(Flag.C, 0, Flag.P, 2, Flag.A, 4, Flag.Z, 6, Flag.S, 7, Flag.O, 11);
    /** They trap, leave, or reach memory beyond their operand. */
    private static final Set<String> NOT_RUN = Set.of("div", "idiv", "bt", "bts", "btr", "btc", "jmp");

    private final long seed = Long.getLong("intaglio.seed", 4711);
    private final Random random = new Random(seed);
    private final List<String> wrong = new ArrayList<>();
    private int run;

    @Test
    void formsDoToRegistersAndFlagsWhatTheTableSays() throws IOException {
        assumeTrue(Files.isReadable(CPU), "which features the processor has is read from " + CPU);
        Set<String> features = features();
        InstructionTable table = InstructionTable.x86_64();
        try (Processor processor = new Processor()) {
            for (String mnemonic : table.mnemonics()) {
                for (InstructionForm form : table.forms(mnemonic)) {
                    if (!runs(form, features)) {
                        continue;
                    }
                    check(processor, form, false);
                    check(processor, form, true);
                }
            }
        }
        System.out.println(run + " forms run, seed " + seed);
        assertThat(wrong).as("seed %d", seed).isEmpty();
        assertThat(run).isGreaterThan(400);
    }

    private static Set<String> features() throws IOException {
        return Files.readAllLines(CPU).stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.of(line.split("\\s+")))
                .orElse(Set.of());
    }

    private static boolean runs(InstructionForm form, Set<String> features) {
        boolean supported = form.cpu().isEmpty() || features.contains(LINUX_NAMES.getOrDefault(form.cpu(), form.cpu()));
        boolean skipped = form.has("opaque") || form.has("rep") || NOT_RUN.contains(form.mnemonic());
        return supported && !skipped && form.operands().stream().allMatch(TableEffectsRunTest::isGeneral);
    }

    private static boolean isGeneral(OperandPattern operand) {
        if (operand.type() instanceof OperandType.Exactly exactly) {
            return exactly.register().kind().isGeneral()
                    && !Set.of(4, 5).contains(exactly.register().number() % 16)
                    && exactly.register().kind() != RegisterClass.R8H;
        }
        if (operand.type() instanceof OperandType.RegisterOrMemory either) {
            boolean plain =
                    either.memory().map(memory -> memory.index().isEmpty()).orElse(true);
            return !operand.implicit()
                    && plain
                    && either.register().map(RegisterClass::isGeneral).orElse(true);
        }
        return !(operand.type() instanceof OperandType.Relative);
    }

    /** A register that the form uses, with how. */
    private record Use(OperandPattern pattern, Register register) {}

    private void check(Processor processor, InstructionForm form, boolean withMemory) {
        List<Use> uses = new ArrayList<>();
        List<String> operands = new ArrayList<>();
        OperandPattern memory = null;
        Set<Integer> taken = new HashSet<>();
        form.operands().stream()
                .filter(pattern -> pattern.type() instanceof OperandType.Exactly)
                .forEach(pattern -> taken.add(
                        ((OperandType.Exactly) pattern.type()).register().number()));
        List<Integer> free = new ArrayList<>(FREE);
        free.removeAll(taken);
        for (OperandPattern pattern : form.operands()) {
            if (pattern.type() instanceof OperandType.Exactly exactly) {
                uses.add(new Use(pattern, exactly.register()));
                if (!pattern.implicit()) {
                    operands.add(exactly.register().toString());
                }
            } else if (pattern.type() instanceof OperandType.RegisterOrMemory either) {
                boolean takesMemory = either.memory().isPresent()
                        && (withMemory || either.register().isEmpty());
                if (takesMemory) {
                    memory = pattern;
                    operands.add(size(either.memory().get().bytes()) + "[r15]");
                } else {
                    Register register = new Register(either.register().orElseThrow(), free.remove(0));
                    uses.add(new Use(pattern, register));
                    operands.add(register.toString());
                }
            } else {
                operands.add(pattern.type() instanceof OperandType.One ? "1" : Integer.toString(random.nextInt(70)));
            }
        }
        if (withMemory && memory == null) {
            return;
        }
        run++;
        String text = (form.mnemonic() + " " + String.join(", ", operands)).trim();
        List<Line> lines = Stencils.parse("| " + text);
        processor.load(lines);
        for (int i = 0; i < RUNS; i++) {
            compare(processor, form, uses, memory, text);
        }
    }

    private static String size(int bytes) {
        return new LinkedHashMap<>(
                        Map.of(0, "", 1, "byte ", 2, "word ", 4, "dword ", 6, "fword ", 8, "qword ", 16, "oword "))
                .get(bytes);
    }

    private void compare(
            Processor processor, InstructionForm form, List<Use> uses, OperandPattern memory, String text) {
        Processor.State before = random(processor);
        Processor.State after = processor.run(before);
        long[] expected = before.registers().clone();
        expected[4] = 0;
        for (Use use : uses) {
            if (use.pattern().access().writes()) {
                int number = use.register().number();
                long mask = written(use.register());
                expected[number] = expected[number] & ~mask | after.registers()[number] & mask;
                if (use.register().kind() == RegisterClass.R32) {
                    expected[number] &= 0xFFFFFFFFL;
                }
            }
        }
        note(Arrays.equals(expected, after.registers()), text, "writes a register that the table does not tell");
        FlagEffects flags = form.flags();
        for (Flag flag : BITS.keySet()) {
            boolean old = has(before.flags(), flag);
            boolean now = has(after.flags(), flag);
            note(flags.touched().contains(flag) || old == now, text, "changes " + flag);
            note(!flags.cleared().contains(flag) || !now, text, "does not clear " + flag);
            note(!flags.set().contains(flag) || now, text, "does not set " + flag);
        }
        byte[] kept = before.memory().clone();
        int bytes = memory == null
                ? 0
                : ((OperandType.RegisterOrMemory) memory.type())
                        .memory()
                        .orElseThrow()
                        .bytes();
        if (memory != null && memory.access().writes()) {
            System.arraycopy(after.memory(), PLACE, kept, PLACE, bytes);
        }
        note(Arrays.equals(kept, after.memory()), text, "writes memory that the table does not tell");
        Processor.State otherwise = processor.run(disturbed(processor, before, form, uses, memory, bytes));
        for (Use use : uses) {
            if (use.pattern().access().writes()) {
                int number = use.register().number();
                long difference = after.registers()[number] ^ otherwise.registers()[number];
                note(
                        (difference & written(use.register())) == 0,
                        text,
                        use.register() + " depends on more than is told");
            }
        }
        FlagSet told = flags.touched().minus(flags.undefined());
        for (Flag flag : BITS.keySet()) {
            boolean same = has(after.flags(), flag) == has(otherwise.flags(), flag);
            note(!told.contains(flag) || same, text, flag + " depends on more than is told");
        }
        if (memory != null && memory.access().writes()) {
            boolean same =
                    Arrays.equals(after.memory(), PLACE, PLACE + bytes, otherwise.memory(), PLACE, PLACE + bytes);
            note(same, text, "memory depends on more than is told");
        }
    }

    /** A state that differs in all that the form does not read. */
    private Processor.State disturbed(
            Processor processor,
            Processor.State like,
            InstructionForm form,
            List<Use> uses,
            OperandPattern memory,
            int bytes) {
        Processor.State other = random(processor);
        for (Use use : uses) {
            if (use.pattern().access().reads()) {
                int number = use.register().number();
                long mask = use.register().kind() == RegisterClass.R32 ? 0xFFFFFFFFL : written(use.register());
                other.registers()[number] = other.registers()[number] & ~mask | like.registers()[number] & mask;
            }
        }
        long flags = other.flags();
        for (Flag flag : BITS.keySet()) {
            if (form.flags().read().contains(flag) || form.flags().maybe().contains(flag)) {
                long bit = 1L << BITS.get(flag);
                flags = flags & ~bit | like.flags() & bit;
            }
        }
        if (memory != null && memory.access().reads()) {
            System.arraycopy(like.memory(), PLACE, other.memory(), PLACE, bytes);
        }
        return new Processor.State(other.registers(), flags, other.memory(), 0);
    }

    private Processor.State random(Processor processor) {
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
        registers[BASE] = processor.memoryAddress() + PLACE;
        byte[] memory = new byte[Processor.MEMORY];
        random.nextBytes(memory);
        return new Processor.State(registers, random.nextLong() & Processor.FLAG_BITS, memory, 0);
    }

    /** The bits of the 64-bit register that a write changes; a 32-bit write clears the upper half. */
    private static long written(Register register) {
        return switch (register.kind()) {
            case R8 -> 0xFFL;
            case R16 -> 0xFFFFL;
            default -> -1L;
        };
    }

    private static boolean has(long flags, Flag flag) {
        return (flags >> BITS.get(flag) & 1) != 0;
    }

    private void note(boolean right, String text, String message) {
        if (!right && !wrong.contains(text + ": " + message)) {
            wrong.add(text + ": " + message);
        }
    }
}
