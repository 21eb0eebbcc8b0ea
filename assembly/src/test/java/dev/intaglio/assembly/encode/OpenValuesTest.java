package dev.intaglio.assembly.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.EncodingPlan.Piece;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.InstructionTable;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every form of the table with registers and numbers left open: the bytes of its plan for given values are an encoding of the
 * instruction with the values written out, as short as any of the forms that fit whatever the values are; and what cannot be
 * encoded is refused. {@code -Dintaglio.samples=N} sets the lines for each form, {@code -Dintaglio.seed=N} the seed.
 */
class OpenValuesTest {
    private static final int RUNS = 10;
    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        63,
        64,
        127,
        128,
        -128,
        -129,
        255,
        256,
        512,
        1024,
        8128,
        -8192,
        8192,
        32767,
        32768,
        -32768,
        -32769,
        65408,
        65535,
        65536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 31,
        0xFFFF_FF7FL,
        0xFFFF_FF80L,
        0xFFFF_FFFFL,
        1L << 32,
        -(1L << 31) - 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final long seed = Long.getLong("intaglio.seed", 4711);
    private final Random random = new Random(seed);
    private final List<String> wrong = new ArrayList<>();
    private int evaluated;
    private int refused;

    @Test
    void plansForOpenValuesGiveTheBytesOfTheValuesWrittenOut() {
        int samples = Integer.getInteger("intaglio.samples", 2);
        FormSamples lines = new FormSamples(random);
        InstructionTable table = InstructionTable.x86_64();
        for (String mnemonic : table.mnemonics()) {
            for (InstructionForm form : table.forms(mnemonic)) {
                for (int i = 0; i < samples; i++) {
                    lines.line(form).ifPresent(line -> check(line, form));
                }
            }
        }
        System.out.println("OpenValuesTest seed " + seed + ": " + evaluated + " evaluated, " + refused + " refused");
        assertThat(wrong.subList(0, Math.min(40, wrong.size())))
                .as("seed %d, %d wrong", seed, wrong.size())
                .isEmpty();
        assertThat(evaluated).isGreaterThan(3 * refused);
        assertThat(refused).isPositive();
    }

    private void check(String line, InstructionForm form) {
        Diagnostics diagnostics = new Diagnostics();
        Instruction written =
                (Instruction) StencilParser.parseAssembly(line, Scope.EMPTY, ParserOptions.DEFAULT, diagnostics)
                        .get(0);
        OpenInstruction open = new OpenInstruction(written, form, random);
        Optional<EncodingPlan> plan = Encoder.plan(open.instruction(), false, diagnostics);
        if (plan.isEmpty() && OpenInstruction.hasForcedDisplacement(open.instruction())) {
            assertThat(diagnostics.all())
                    .singleElement()
                    .satisfies(one -> assertThat(one.code()).isEqualTo(DiagnosticCode.OUT_OF_RANGE));
            return;
        }
        if (plan.isEmpty()) {
            wrong.add(line + " as " + open.instruction() + ": " + diagnostics.all());
            return;
        }
        if (!(plan.get() instanceof EncodingPlan.Straight straight)) {
            return; // a constant to load: the emitter's own business
        }
        for (int run = 0; run < RUNS; run++) {
            Map<String, Long> values = new LinkedHashMap<>();
            boolean asWritten = run == 0;
            open.places()
                    .forEach((name, place) ->
                            values.put(name, asWritten || random.nextInt(4) == 0 ? place.written() : drawn(place)));
            compare(open.instruction(), straight, values);
        }
    }

    private long drawn(OpenInstruction.Place place) {
        if (place.register().isEmpty()) {
            return switch (random.nextInt(4)) {
                case 0 -> random.nextInt(256) - 128;
                case 1 -> random.nextInt();
                default -> NUMBERS[random.nextInt(NUMBERS.length)];
            };
        }
        return random.nextInt(40) == 0
                ? random.nextInt(60) - 20
                : random.nextInt(place.register().get().count());
    }

    private void compare(Instruction open, EncodingPlan.Straight plan, Map<String, Long> values) {
        Optional<Instruction> closed = OpenInstruction.closed(open, values);
        Map<String, InstructionForm> right =
                closed.map(OpenValuesTest::encodings).orElse(Map.of());
        Optional<String> found = new PlanEvaluator(values).bytes(plan).map(HexFormat.of()::formatHex);
        String line = open + " with " + values + " ("
                + closed.map(Instruction::toString).orElse("none") + ")";
        Set<Integer> general = new TreeSet<>();
        right.keySet().forEach(bytes -> general.add(bytes.length() / 2));
        if (found.isEmpty()) {
            refused++;
            // EVEX scales a displacement that is forced into a byte: of open ones it takes none.
            boolean scaled = OpenInstruction.hasForcedDisplacement(open)
                    && right.values().stream().allMatch(form -> form.encoding().scheme() == Encoding.Scheme.EVEX);
            // An address of 64 bits that is not known before has an instruction of its own: movabs.
            boolean wide = right.values().stream()
                    .allMatch(form -> form.mnemonic().equals("mov")
                            && form.operands().toString().contains("moffs"));
            if (!general.isEmpty() && !scaled && !wide) {
                wrong.add(line + ": refused, could be " + right);
            }
            return;
        }
        evaluated++;
        int length = found.get().length() / 2;
        if (!right.containsKey(found.get()) && !found.get().equals(Ours.hex(closed.get()))) {
            wrong.add(line + ": " + found.get() + " is none of " + right.keySet());
        } else if (length > general.iterator().next()) {
            wrong.add(line + ": " + found.get() + " is longer than one of " + right.keySet());
        } else if (length < plan.minLength() || length > plan.maxLength()) {
            wrong.add(line + ": " + length + " bytes, not " + plan.minLength() + " to " + plan.maxLength());
        }
    }

    /** All encodings of an instruction in which everything is known, with the form of each. */
    private static Map<String, InstructionForm> encodings(Instruction instruction) {
        Map<String, InstructionForm> encodings = new LinkedHashMap<>();
        for (InstructionForm form : FormSelector.candidates(instruction, CpuFeatures.ANY, new Diagnostics())) {
            try {
                FormEncoder encoder = new FormEncoder(form, instruction);
                StringBuilder hex = new StringBuilder();
                for (Piece piece : new PieceList()
                        .all(encoder.prefixes().get(0).pieces())
                        .all(encoder.rest().get(0).pieces())
                        .build()) {
                    ((Piece.Fixed) piece).bytes().values().forEach(value -> hex.append(String.format("%02x", value)));
                }
                encodings.put(hex.toString(), form);
            } catch (EncodingException impossible) {
                // not by this form
            }
        }
        return encodings;
    }
}
