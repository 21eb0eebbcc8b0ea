package dev.intaglio.processor.write;

import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.peephole.Changes;
import dev.intaglio.processor.layout.LocalLabels;
import java.util.Optional;

/** Writes positions, and where they are looked at. */
final class PositionWriter {
    private static final int NO_SCRATCH = -1;

    private final RunWriter run;
    private final StencilWriter stencil;
    /** What code aside has said since the label that it was entered by. */
    private Optional<Line.Position.Slot> aside = Optional.empty();

    PositionWriter(RunWriter run, StencilWriter stencil) {
        this.run = run;
        this.stencil = stencil;
    }

    void position(Line.Position position, String section, Source source) {
        if (!section.equals(Line.SectionSwitch.HOT)) {
            aside = position.slot();
        } else if (position.slot().isEmpty()) {
            source.line("forgetPosition();");
        } else {
            Line.Position.Slot slot = position.slot().get();
            source.line("setPosition(" + place(slot) + ", " + run.value(slot.value(), "position") + ");");
        }
    }

    private String place(Line.Position.Slot slot) {
        // The upper half may be written by itself.
        run.check(RangeCheck.within(
                slot.displacement(), Integer.MIN_VALUE, Integer.MAX_VALUE - 4L, "32-bit displacement"));
        return slot.base().register().number() + ", " + run.value(slot.displacement(), "displacement");
    }

    void observe(Line.Observe observe, String section, SectionState state, Source source) {
        String here = "slide(" + state.section() + ") + " + state.here();
        int scratch =
                observe.scratch().map(register -> register.register().number()).orElse(NO_SCRATCH);
        if (section.equals(Line.SectionSwitch.HOT)) {
            state.append(
                    "settlePosition",
                    "",
                    here + ", " + scratch + ", " + stencil.flagsDeadBehind(run.line()) + ", " + run.site(),
                    source);
        } else if (aside.isPresent()) {
            Line.Position.Slot slot = aside.get();
            state.append(
                    "writePosition",
                    "",
                    here + ", " + place(slot) + ", " + run.value(slot.value(), "position") + ", " + scratch,
                    source);
        } else {
            state.append("writePosition", "", here + ", " + scratch + ", " + run.site(), source);
        }
    }

    /** A label is defined: code aside has another position, and ways of hot code join that may have written it or not. */
    void label(Line.LabelDefinition definition, String section, Source source) {
        if (!section.equals(Line.SectionSwitch.HOT)) {
            aside = Optional.empty();
        } else if (LocalLabels.number(definition.label()) >= 0 && stencil.observes()) {
            source.line("unsettlePosition();");
        }
    }

    /** An instruction was written: if it changes the register of a slot, the position is another's. */
    void written(Line line, Source source) {
        if (line instanceof Instruction instruction && stencil.positionBases() != 0) {
            Changes changes = Changes.of(instruction);
            if (!changes.anything() && (changes.registers() & stencil.positionBases()) != 0) {
                source.line("forgetPosition();");
            }
        }
    }
}
