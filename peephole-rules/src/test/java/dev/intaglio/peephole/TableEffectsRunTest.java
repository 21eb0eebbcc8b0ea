package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.InstructionTable;
import dev.intaglio.peephole.RunnableForm.Variant;
import dev.intaglio.peephole.VectorImage.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Runs the forms of the instruction table that this processor has and that a program can run, and compares general, vector, mask,
 * MMX and x87 registers, flags and memory with what the table says of them: the optimizer rests on those columns.
 * {@code -Dintaglio.seed=N} sets the seed, {@code -Dintaglio.list=true} lists the forms that are not run.
 */
class TableEffectsRunTest {
    private static final int RUNS = 8;

    private final long seed = Long.getLong("intaglio.seed", 4711);
    private final Random random = new Random(seed);
    private final Set<String> wrong = new LinkedHashSet<>();
    private final Map<NotRun, List<InstructionForm>> notRun = new EnumMap<>(NotRun.class);
    private int lines;

    @Test
    void formsDoToRegistersAndFlagsWhatTheTableSays() throws IOException {
        assumeTrue(
                Files.isReadable(CpuFlags.SOURCE), "which features the processor has is read from " + CpuFlags.SOURCE);
        CpuFlags flags = CpuFlags.read();
        assumeTrue(flags.has("xsave"), "vector registers are set and read by XSAVE");
        List<InstructionForm> run = new ArrayList<>();
        Layout layout = layout(flags);
        try (Processor processor = new Processor(layout.components())) {
            StartingState states = new StartingState(processor, layout, random);
            for (InstructionForm form : forms()) {
                Optional<NotRun> reason = NotRun.of(form, flags);
                reason.ifPresent(why ->
                        notRun.computeIfAbsent(why, none -> new ArrayList<>()).add(form));
                if (reason.isEmpty()) {
                    run.add(form);
                    run(processor, states, form);
                }
            }
        }
        System.out.println(report(run));
        assertThat(wrong).as("seed %d", seed).isEmpty();
        assertThat(run).hasSizeGreaterThan(1000);
        assertThat(run.stream().filter(TableEffectsRunTest::usesVectors)).hasSizeGreaterThan(400);
        assertThat(run.stream().filter(form -> form.cpu().equals("x87"))).hasSizeGreaterThan(150);
    }

    private static List<InstructionForm> forms() {
        InstructionTable table = InstructionTable.x86_64();
        return table.mnemonics().stream()
                .flatMap(mnemonic -> table.forms(mnemonic).stream())
                .toList();
    }

    /** Where XSAVE puts what: by CPUID leaf 13 (SDM Vol. 2A, CPUID). */
    private static Layout layout(CpuFlags flags) {
        if (!flags.has("avx512f")) {
            return new Layout(flags.has("avx") ? 7 : 3, 0, 0, 0);
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

    private void run(Processor processor, StartingState states, InstructionForm form) {
        int before = lines;
        for (Variant variant : Variant.values()) {
            RunnableForm.of(form, variant, random).ifPresent(line -> {
                lines++;
                line.load(processor);
                for (int i = 0; i < RUNS; i++) {
                    compare(processor, states, line);
                }
            });
        }
        if (lines == before) {
            wrong.add(form + ": has neither a line nor a reason why it is not run");
        }
    }

    private void compare(Processor processor, StartingState states, RunnableForm line) {
        Processor.State before = states.random(line);
        Processor.State after = processor.run(before);
        EffectsCheck check = new EffectsCheck(
                states, line, before, after, message -> wrong.add(line.form() + " (" + line.text() + "): " + message));
        check.nothingElseChanged();
        check.resultsDependOnNothingElse(processor.run(states.disturbed(before, line)));
    }

    private static boolean usesVectors(InstructionForm form) {
        return form.operands().stream().anyMatch(operand -> operand.typeName().matches("<?[xyz]mm.*"));
    }

    private String report(List<InstructionForm> run) {
        StringBuilder text = new StringBuilder();
        text.append(run.size())
                .append(" forms run in ")
                .append(lines)
                .append(" lines, seed ")
                .append(seed);
        notRun.forEach((reason, forms) -> {
            Set<String> names = new TreeSet<>();
            forms.forEach(form -> names.add(reason == NotRun.LACKED ? form.cpu() : form.mnemonic()));
            text.append("\n").append(forms.size()).append(" not: ").append(reason.reason());
            text.append(Boolean.getBoolean("intaglio.list") || reason == NotRun.LACKED ? " " + names : "");
        });
        return text.toString();
    }
}
