package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.FlagEffects;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.InstructionTable;
import dev.intaglio.peephole.RunnableForm.Use;
import dev.intaglio.peephole.RunnableForm.Variant;
import dev.intaglio.peephole.VectorImage.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Runs the forms of the instruction table that this processor has, and compares general, vector, mask and MMX registers, flags
 * and memory with what the table says of them: the optimizer rests on those columns. {@code -Dintaglio.seed=N} sets the seed.
 */
class TableEffectsRunTest {
    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final int RUNS = 8;
    /** Where in the memory the operand lies, and the register that holds that place's address. */
    private static final int PLACE = 64;

    private static final int BASE = 15;
    /** The table's names of features that Linux calls otherwise. */
    private static final Map<String, String> LINUX_NAMES = Map.ofEntries(
            Map.entry("sse3", "pni"),
            Map.entry("sse4.1", "sse4_1"),
            Map.entry("sse4.2", "sse4_2"),
            Map.entry("lzcnt", "abm"),
            Map.entry("lahf", "lahf_lm"),
            Map.entry("rao-int", "raoint"),
            Map.entry("sha", "sha_ni"),
            Map.entry("avx-vnni", "avx_vnni"),
            Map.entry("avx-vnni-int8", "avx_vnni_int8"),
            Map.entry("avx-vnni-int16", "avx_vnni_int16"),
            Map.entry("avx-ifma", "avx_ifma"),
            Map.entry("avx-ne-convert", "avx_ne_convert"),
            Map.entry("prefetchw", "3dnowprefetch"));
    /** Bits of RFLAGS (SDM Vol. 1, 3.4.3). */
    private static final Map<Flag, Integer> BITS =
            Map.of(Flag.C, 0, Flag.P, 2, Flag.A, 4, Flag.Z, 6, Flag.S, 7, Flag.O, 11);
    /** They trap, leave, or reach memory beyond their operand. */
    private static final Set<String> NOT_RUN = Set.of("div", "idiv", "bt", "bts", "btr", "btc", "jmp", "call");

    private final long seed = Long.getLong("intaglio.seed", 4711);
    private final Random random = new Random(seed);
    private final Set<String> wrong = new LinkedHashSet<>();
    private final Set<String> lacking = new LinkedHashSet<>();
    private Layout layout = new Layout(3, 0, 0, 0);
    private int lines;
    private int vectorForms;

    @Test
    void formsDoToRegistersAndFlagsWhatTheTableSays() throws IOException {
        assumeTrue(Files.isReadable(CPU), "which features the processor has is read from " + CPU);
        Set<String> features = features();
        assumeTrue(features.contains("xsave"), "vector registers are set and read by XSAVE");
        layout = layout(features);
        int forms = 0;
        InstructionTable table = InstructionTable.x86_64();
        try (Processor processor = new Processor(layout.components())) {
            for (String mnemonic : table.mnemonics()) {
                for (InstructionForm form : table.forms(mnemonic)) {
                    if (!runs(form, features)) {
                        continue;
                    }
                    forms++;
                    vectorForms += usesVectors(form) ? 1 : 0;
                    for (Variant variant : Variant.values()) {
                        RunnableForm.of(form, variant, random).ifPresent(line -> check(processor, line));
                    }
                }
            }
        }
        System.out.println(forms + " forms run in " + lines + " lines, " + vectorForms + " of vectors, seed " + seed
                + "; this processor lacks " + lacking);
        assertThat(wrong).as("seed %d", seed).isEmpty();
        assertThat(forms).isGreaterThan(800);
        assertThat(vectorForms).isGreaterThan(400);
    }

    private static Set<String> features() throws IOException {
        return Files.readAllLines(CPU).stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.of(line.split("\\s+")))
                .orElse(Set.of());
    }

    /** Where XSAVE puts what: by CPUID leaf 13 (SDM Vol. 2A, CPUID). */
    private static Layout layout(Set<String> features) {
        if (!features.contains("avx512f")) {
            return new Layout(features.contains("avx") ? 7 : 3, 0, 0, 0);
        }
        try (Processor processor = new Processor()) {
            processor.load(Stencils.parse("| mov eax, 13\n| cpuid"));
            int[] places = new int[8];
            for (int component = 5; component < 8; component++) {
                long[] registers = new long[16];
                registers[1] = component;
                places[component] =
                        (int) processor.run(new Processor.State(registers, 0, new byte[Processor.MEMORY], 0))
                                .registers()[3];
            }
            return new Layout(0xE7, places[5], places[6], places[7]);
        }
    }

    private boolean runs(InstructionForm form, Set<String> features) {
        if (form.has("opaque")
                || form.has("rep")
                || NOT_RUN.contains(form.mnemonic())
                || !RunnableForm.isRunnable(form)) {
            return false;
        }
        for (String feature : form.cpu().isEmpty() ? new String[0] : form.cpu().split("\\+")) {
            if (!features.contains(LINUX_NAMES.getOrDefault(feature, feature))) {
                lacking.add(feature);
                return false;
            }
        }
        return true;
    }

    private static boolean usesVectors(InstructionForm form) {
        return form.operands().stream().anyMatch(operand -> operand.typeName().matches("<?[xyz]mm.*"));
    }

    private void check(Processor processor, RunnableForm line) {
        lines++;
        processor.load(Stencils.parse("| " + line.text()));
        for (int i = 0; i < RUNS; i++) {
            compare(processor, line);
        }
    }

    private void compare(Processor processor, RunnableForm line) {
        Processor.State before = random(processor, line);
        Processor.State after = processor.run(before);
        registersAreAsTold(line, before, after);
        flagsAreAsTold(line, before, after);
        byte[] kept = before.memory().clone();
        boolean writesMemory =
                line.memory().map(memory -> memory.access().writes()).orElse(false);
        if (writesMemory) {
            System.arraycopy(after.memory(), PLACE, kept, PLACE, line.memoryBytes());
        }
        note(Arrays.equals(kept, after.memory()), line, "writes memory that the table does not tell");
        Processor.State otherwise = processor.run(disturbed(processor, before, line));
        resultsDependOnNothingElse(line, after, otherwise);
        if (writesMemory) {
            int end = PLACE + line.memoryBytes();
            boolean same = Arrays.equals(after.memory(), PLACE, end, otherwise.memory(), PLACE, end);
            note(same, line, "memory depends on more than is told");
        }
    }

    /** What is not written stays; above what VEX and EVEX write there are zeros, above a 32-bit register too. */
    private void registersAreAsTold(RunnableForm line, Processor.State before, Processor.State after) {
        long[] expected = before.registers().clone();
        expected[4] = 0;
        VectorImage image = image(before).copy();
        VectorImage found = image(after);
        for (Use use : line.uses()) {
            Register register = use.register();
            if (!use.written()) {
                continue;
            }
            if (register.kind().isGeneral()) {
                int number = register.number();
                long mask = written(register);
                expected[number] = expected[number] & ~mask | after.registers()[number] & mask;
                if (register.kind() == RegisterClass.R32) {
                    expected[number] &= 0xFFFFFFFFL;
                }
            } else if (register.kind().isVector() && !line.isLegacy()) {
                image.putAlone(register, found.get(register));
            } else {
                image.put(register, found.get(register));
            }
        }
        note(Arrays.equals(expected, after.registers()), line, "writes a register that the table does not tell");
        for (Register register : image.registers()) {
            note(
                    Arrays.equals(image.get(register), found.get(register)),
                    line,
                    "does to " + register + " what the table does not tell");
        }
    }

    private void flagsAreAsTold(RunnableForm line, Processor.State before, Processor.State after) {
        FlagEffects flags = line.form().flags();
        for (Flag flag : BITS.keySet()) {
            boolean old = has(before.flags(), flag);
            boolean now = has(after.flags(), flag);
            note(flags.touched().contains(flag) || old == now, line, "changes " + flag);
            note(!flags.cleared().contains(flag) || !now, line, "does not clear " + flag);
            note(!flags.set().contains(flag) || now, line, "does not set " + flag);
        }
    }

    private void resultsDependOnNothingElse(RunnableForm line, Processor.State after, Processor.State otherwise) {
        for (Use use : line.uses()) {
            Register register = use.register();
            if (!use.written()) {
                continue;
            }
            boolean same = register.kind().isGeneral()
                    ? ((after.registers()[register.number()] ^ otherwise.registers()[register.number()])
                                    & written(register))
                            == 0
                    : Arrays.equals(image(after).get(register), image(otherwise).get(register));
            note(same, line, register + " depends on more than is told");
        }
        FlagSet told = line.form().flags().touched().minus(line.form().flags().undefined());
        for (Flag flag : BITS.keySet()) {
            boolean same = has(after.flags(), flag) == has(otherwise.flags(), flag);
            note(!told.contains(flag) || same, line, flag + " depends on more than is told");
        }
    }

    /** A state that differs in all that the form does not read. */
    private Processor.State disturbed(Processor processor, Processor.State like, RunnableForm line) {
        Processor.State other = random(processor, line);
        VectorImage image = image(other);
        for (Use use : line.uses()) {
            Register register = use.register();
            if (!use.read()) {
                continue;
            }
            if (register.kind().isGeneral()) {
                int number = register.number();
                long mask = register.kind() == RegisterClass.R32 ? 0xFFFFFFFFL : written(register);
                other.registers()[number] = other.registers()[number] & ~mask | like.registers()[number] & mask;
            } else {
                image.put(register, image(like).get(register));
            }
        }
        long flags = other.flags();
        FlagEffects effects = line.form().flags();
        for (Flag flag : BITS.keySet()) {
            if (effects.read().contains(flag) || effects.maybe().contains(flag)) {
                long bit = 1L << BITS.get(flag);
                flags = flags & ~bit | like.flags() & bit;
            }
        }
        if (line.index().isPresent()) {
            System.arraycopy(like.memory(), 0, other.memory(), 0, Processor.MEMORY);
        } else if (line.memoryIsRead()) {
            System.arraycopy(like.memory(), PLACE, other.memory(), PLACE, line.memoryBytes());
        }
        return new Processor.State(other.registers(), flags, other.memory(), 0, image.bytes());
    }

    private Processor.State random(Processor processor, RunnableForm line) {
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
        VectorImage image = VectorImage.random(layout, random);
        line.index().ifPresent(index -> image.put(index, distances(line, index)));
        return new Processor.State(registers, random.nextLong() & Processor.FLAG_BITS, memory, 0, image.bytes());
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

    private VectorImage image(Processor.State state) {
        return new VectorImage(layout, state.image());
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

    private void note(boolean right, RunnableForm line, String message) {
        if (!right) {
            wrong.add(line.form() + " (" + line.text() + "): " + message);
        }
    }
}
