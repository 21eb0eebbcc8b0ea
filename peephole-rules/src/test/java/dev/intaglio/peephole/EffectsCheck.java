package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.FlagEffects;
import dev.intaglio.peephole.RunnableForm.Use;
import dev.intaglio.peephole.StartingState.GeneralPart;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;

/** Compares what a line did with what the table tells of its form. */
final class EffectsCheck {
    /** They load or clear vector registers that are no operands. */
    private static final Set<String> VECTORS_AT_ONCE =
            Set.of("vzeroupper", "vzeroall", "fxrstor", "fxrstor64", "xrstor", "xrstor64");
    /** They write the mask beside their operand, too (SDM volume 2C, VP2INTERSECTD), and are opaque therefore. */
    private static final Set<String> PAIRS_OF_MASKS = Set.of("vp2intersectd", "vp2intersectq");
    /** They set up or turn the x87 stack as a whole. */
    private static final Set<String> STACK_AT_ONCE = Set.of(
            "finit",
            "fninit",
            "fsave",
            "fnsave",
            "frstor",
            "fldenv",
            "fincstp",
            "fdecstp",
            "emms",
            "fxrstor",
            "fxrstor64",
            "xrstor",
            "xrstor64");
    /** Their results depend on time, chance, or the core they run on. */
    private static final Set<String> OF_THE_MOMENT = Set.of("rdtsc", "rdtscp", "rdrand", "rdseed", "rdpid", "cpuid");

    private final StartingState states;
    private final RunnableForm line;
    private final Processor.State before;
    private final Processor.State after;
    private final Consumer<String> report;

    EffectsCheck(
            StartingState states,
            RunnableForm line,
            Processor.State before,
            Processor.State after,
            Consumer<String> report) {
        this.states = states;
        this.line = line;
        this.before = before;
        this.after = after;
        this.report = report;
    }

    private void note(boolean right, String message) {
        if (!right) {
            report.accept(message);
        }
    }

    /** What is not told to change is as it was. */
    void nothingElseChanged() {
        generalRegistersAreAsTold();
        if (!VECTORS_AT_ONCE.contains(line.form().mnemonic())) {
            vectorRegistersAreAsTold();
        }
        if (line.isOfStack() && !STACK_AT_ONCE.contains(line.form().mnemonic())) {
            new StackCheck(line, states.image(before), states.image(after), report).run();
        }
        flagsAreAsTold();
        WrittenMemory written = WrittenMemory.of(line, before, after);
        note(written.isAll(before.memory(), after.memory()), "writes memory that the table does not tell");
    }

    /** Above a 32-bit register that is written there are zeros. */
    private void generalRegistersAreAsTold() {
        long[] expected = before.registers().clone();
        for (Use use : line.uses()) {
            Register register = use.register();
            if (!use.written() || !register.kind().isGeneral()) {
                continue;
            }
            GeneralPart part = GeneralPart.of(register);
            part.put(expected, part.of(after.registers()));
            boolean clears = line.clearsUpperHalves() || after.registers()[part.number()] >>> 32 == 0;
            if (register.kind() == RegisterClass.R32 && clears) {
                expected[part.number()] &= part.mask();
            }
        }
        note(Arrays.equals(expected, after.registers()), "writes a register that the table does not tell");
    }

    /** Above what VEX and EVEX write there are zeros. */
    private void vectorRegistersAreAsTold() {
        VectorImage image = states.image(before).copy();
        VectorImage found = states.image(after);
        for (Use use : line.uses()) {
            Register register = use.register();
            boolean isFile = register.kind().isVector()
                    || register.kind() == RegisterClass.MASK
                    || register.kind() == RegisterClass.MMX;
            if (!use.written() || !isFile) {
                continue;
            }
            if (register.kind().isVector() && !line.isLegacy()) {
                image.putAlone(register, found.get(register));
            } else {
                image.put(register, found.get(register));
            }
            if (PAIRS_OF_MASKS.contains(line.form().mnemonic())) {
                note(line.form().has("opaque"), "writes a register that no operand tells, and is not opaque");
                Register neighbour = new Register(RegisterClass.MASK, register.number() ^ 1);
                image.put(neighbour, found.get(neighbour));
            }
        }
        boolean ofStack = line.isOfStack() || STACK_AT_ONCE.contains(line.form().mnemonic());
        for (Register register : image.registers()) {
            if (!ofStack || register.kind() != RegisterClass.MMX) {
                boolean same = Arrays.equals(image.get(register), found.get(register));
                note(same, "does to " + register + " what the table does not tell");
            }
        }
    }

    private void flagsAreAsTold() {
        FlagEffects flags = line.form().flags();
        for (Flag flag : StartingState.FLAGS.keySet()) {
            boolean old = has(before.flags(), flag);
            boolean now = has(after.flags(), flag);
            note(flags.touched().contains(flag) || old == now, "changes " + flag);
            note(!flags.cleared().contains(flag) || !now, "does not clear " + flag);
            note(!flags.set().contains(flag) || now, "does not set " + flag);
        }
    }

    /** A run from a state that differs in all that is not told to be read has the same results. */
    void resultsDependOnNothingElse(Processor.State otherwise) {
        if (OF_THE_MOMENT.contains(line.form().mnemonic())) {
            return;
        }
        VectorImage found = states.image(after);
        VectorImage other = states.image(otherwise);
        for (Use use : line.uses()) {
            Register register = use.register();
            if (!use.written()) {
                continue;
            }
            boolean same = switch (register.kind()) {
                case SEGMENT -> true;
                case X87 ->
                    Arrays.equals(
                            found.stackRegister(states.image(before).top() + register.number() & 7),
                            other.stackRegister(states.image(before).top() + register.number() & 7));
                case XMM, YMM, ZMM, MASK, MMX -> Arrays.equals(found.get(register), other.get(register));
                default ->
                    GeneralPart.of(register).of(after.registers())
                            == GeneralPart.of(register).of(otherwise.registers());
            };
            note(same, register + " depends on more than is told");
        }
        if (line.form().has("push")) {
            note(Arrays.equals(found.stack(0), other.stack(0)), "st0 depends on more than is told");
        }
        FlagSet told = line.form().flags().touched().minus(line.form().flags().undefined());
        for (Flag flag : StartingState.FLAGS.keySet()) {
            boolean same = has(after.flags(), flag) == has(otherwise.flags(), flag);
            note(!told.contains(flag) || same, flag + " depends on more than is told");
        }
        boolean sized = line.memoryBytes() > 0
                || line.hasImplicitMemory()
                || line.index().isPresent();
        if (sized) {
            WrittenMemory written = WrittenMemory.of(line, before, after);
            note(written.isSame(after.memory(), otherwise.memory()), "memory depends on more than is told");
        }
    }

    private static boolean has(long flags, Flag flag) {
        return (flags >> StartingState.FLAGS.get(flag) & 1) != 0;
    }
}
