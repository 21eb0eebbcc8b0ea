package dev.intaglio.processor.write;

import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.peephole.Changes;
import dev.intaglio.processor.layout.Carried;
import dev.intaglio.processor.layout.LocalLabels;
import dev.intaglio.processor.layout.Shape;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes hot code that uses what stencils before it have left, and tells what it changes itself. */
final class CarriedWriter {
    // The bits of the runtime's Knowledge, on which the processor does not depend.
    private static final int MEMORY = 1 << 16;
    private static final int FLAGS = 1 << 17;
    private static final int BRANCHES = 1 << 18;
    private static final String ALL = "-1";

    private final RunWriter run;
    private final StencilWriter stencil;
    private final String known;

    /** What the lines since the last call have changed. */
    private Mask pending = new Mask();

    CarriedWriter(RunWriter run, StencilWriter stencil) {
        this.run = run;
        this.stencil = stencil;
        known = stencil.names().member("known");
    }

    /** What changes, as a Java expression. */
    private final class Mask {
        private int bits;
        private boolean all;
        private final Set<String> chosen = new LinkedHashSet<>();

        void add(Changes changes) {
            all |= changes.anything();
            bits |= changes.registers();
            bits |= changes.memory() ? MEMORY : 0;
            bits |= changes.flags() ? FLAGS : 0;
            changes.chosen().forEach(number -> chosen.add("1 << (int) " + run.value(number, "register")));
        }

        boolean isEmpty() {
            return !all && bits == 0 && chosen.isEmpty();
        }

        @Override
        public String toString() {
            if (all) {
                return ALL;
            }
            Set<String> terms = new LinkedHashSet<>();
            if (bits != 0) {
                terms.add(String.format(Locale.ROOT, "0x%X", bits));
            }
            terms.addAll(chosen);
            return String.join(" | ", terms);
        }
    }

    /** Begins a run, once there is room for it. */
    void begin(SectionState section, Source source) {
        source.line(known + ".resume(" + section.position() + ");");
    }

    /** Ends a run whose bytes are all stored. */
    void end(SectionState section, Source source) {
        forget(source);
        source.line(known + ".carry(" + section.position() + ");");
    }

    /** Tells what the lines until here have changed. */
    private void forget(Source source) {
        if (!pending.isEmpty()) {
            source.line(known + ".forget(" + pending + ");");
            pending = new Mask();
        }
    }

    /** A label in hot code: of a local one it is known what the ways to it change, of others nothing. */
    void label(LabelReference label, Source source) {
        Mask mask = new Mask();
        if (LocalLabels.number(label) < 0 || stencil.callsJava()) {
            mask.all = true;
        } else {
            pending = new Mask();
            stencil.unit().lines().forEach(line -> mask.add(changes(line)));
            mask.all |= !mask.chosen.isEmpty() && stencil.hasJava();
            mask.bits |= BRANCHES;
        }
        pending = mask;
        forget(source);
    }

    private static Changes changes(Line line) {
        boolean quiet = line instanceof Line.LabelDefinition
                || line instanceof Line.SectionSwitch
                || line instanceof Line.Align
                || line instanceof Line.Frame
                || line instanceof Line.Position
                || line instanceof Line.Java;
        if (line instanceof Line.Observe observe) {
            int scratch = observe.scratch()
                    .map(register -> 1 << register.register().number())
                    .orElse(0);
            return new Changes(scratch, List.of(), true, true, false);
        }
        return line instanceof Instruction instruction
                ? Changes.of(instruction)
                : quiet ? Changes.NOTHING : Changes.ANYTHING;
    }

    /** A line of hot code that is no instruction has been written. */
    void written(Line line) {
        pending.add(changes(line));
    }

    /** Writes an instruction of hot code; {@code plain} writes it as it is. */
    void line(int at, SectionState section, Source source, Runnable plain) {
        Line what = stencil.planned(at).line();
        if (stencil.carried().at(at).isEmpty()) {
            plain.run();
            pending.add(changes(what));
            return;
        }
        Carried carried = stencil.carried().at(at).get();
        if (carried instanceof Carried.Constant constant) {
            constant(constant, at, section, source, plain);
        } else if (carried instanceof Carried.Load load) {
            load(load, section, source, plain);
        } else if (carried instanceof Carried.Store store) {
            store(store, section, source, plain);
        } else if (carried instanceof Carried.Copy copy) {
            forget(source);
            plain.run();
            source.line(known + ".copied(" + number(copy.to()) + ", " + number(copy.from()) + ");");
        } else if (carried instanceof Carried.Write write) {
            forget(source);
            plain.run();
            source.line(known + ".wrote(" + number(write.base()) + ", "
                    + run.value(write.displacement(), "displacement") + ", " + write.bytes() + ");");
            pending.add(withoutMemory(changes(what)));
        }
    }

    private static Changes withoutMemory(Changes changes) {
        return new Changes(changes.registers(), changes.chosen(), false, changes.flags(), changes.anything());
    }

    private void constant(Carried.Constant constant, int at, SectionState section, Source source, Runnable plain) {
        forget(source);
        String register = number(constant.register());
        String value = run.value(constant.value(), "value");
        boolean isLoad = stencil.planned(at).plan().orElseThrow() instanceof EncodingPlan.LoadConstant;
        if (!constant.vanishes()) {
            plain.run();
            pending.add(changes(stencil.planned(at).line()));
            forget(source);
            source.line(known + ".constant(" + register + ", " + value + ");");
        } else if (isLoad) {
            EncodingPlan.LoadConstant load =
                    (EncodingPlan.LoadConstant) stencil.planned(at).plan().orElseThrow();
            run.checkRegister(load);
            String address = "slide(" + section.section() + ") + " + section.here();
            section.append(
                    known + ".constant",
                    "",
                    address + ", " + register + ", " + value + ", " + load.flagsDead(),
                    source);
        } else {
            String what = "(" + register + ", " + value + ")";
            unless("isConstant" + what, section, source, plain, "constant" + what);
        }
    }

    /** Writes lines that are left out where something is known, and what is known behind them. */
    private void unless(String known, SectionState section, Source source, Runnable plain, String told) {
        section.flush(source);
        source.open("if (!" + this.known + "." + known + ") {");
        plain.run();
        section.flush(source);
        source.line(this.known + "." + told + ";");
        source.close();
        section.movedSomehow();
    }

    private void load(Carried.Load load, SectionState section, Source source, Runnable plain) {
        forget(source);
        section.flush(source);
        String register = number(load.register());
        String slot = number(load.base()) + ", " + run.value(load.displacement(), "displacement");
        String holder = stencil.names().fresh("holder");
        source.line("int " + holder + " = " + known + ".holder(" + register + ", " + slot + ");");
        source.open("if (" + holder + " < 0) {");
        plain.run();
        section.flush(source);
        source.line(known + ".loaded(" + register + ", " + slot + ");");
        source.middle("} else if (" + holder + " != " + register + ") {");
        source.line(section.position() + " = " + known + ".copy(" + section.position() + ", " + register + ", " + holder
                + ");");
        source.line(known + ".copied(" + register + ", " + holder + ");");
        source.close();
        section.movedSomehow();
    }

    private void store(Carried.Store store, SectionState section, Source source, Runnable plain) {
        forget(source);
        String slot = "(" + number(store.register()) + ", " + number(store.base()) + ", "
                + run.value(store.displacement(), "displacement") + ")";
        unless("isHeld" + slot, section, source, plain, "stored" + slot);
    }

    /** Writes a comparison and its branch; {@code second} writes the branch. */
    void branch(Carried.Branch branch, SectionState section, Source source, Runnable first, Runnable second) {
        forget(source);
        StringBuilder values = new StringBuilder();
        for (int i = 0; i < Shape.MOST_VALUES; i++) {
            values.append(", ")
                    .append(
                            i < branch.values().size()
                                    ? run.value(branch.values().get(i), "value")
                                    : "0");
        }
        Mask depends = new Mask();
        depends.bits = branch.memory() ? MEMORY : 0;
        for (RegisterOperand register : branch.registers()) {
            if (register instanceof RegisterOperand.Fixed fixed) {
                depends.add(Changes.of(fixed));
            } else {
                depends.chosen.add("1 << " + number(register));
            }
        }
        String shape = stencil.shape(branch.shape());
        Runnable both = () -> {
            first.run();
            second.run();
            section.flush(source);
            source.line(known + ".forget(" + String.format(Locale.ROOT, "0x%X", FLAGS) + ");");
        };
        String told = "learned(" + shape + ", " + (depends.isEmpty() ? "0" : depends) + values + ")";
        unless("knows(" + shape + values + ")", section, source, both, told);
    }

    private String number(RegisterOperand register) {
        if (register instanceof RegisterOperand.Fixed fixed) {
            return Integer.toString(fixed.register().number());
        }
        return "(int) " + run.value(((RegisterOperand.Chosen) register).number(), "register");
    }
}
