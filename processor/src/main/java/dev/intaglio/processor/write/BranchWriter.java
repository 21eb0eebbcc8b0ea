package dev.intaglio.processor.write;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.encode.EncodingPlan.Bytes;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.processor.layout.Strategy;

/** Writes branches and calls. */
final class BranchWriter {
    private static final int SHORT_JUMP = 0xEB;
    private static final int FIRST_SHORT_CONDITION = 0x70;
    private static final int NEAR_CALL = 0xE8;

    private final RunWriter run;
    private final StencilWriter stencil;
    private final StaticLabels labels;

    BranchWriter(RunWriter run, StencilWriter stencil, StaticLabels labels) {
        this.run = run;
        this.stencil = stencil;
        this.labels = labels;
    }

    void write(EncodingPlan.Branch branch, SectionState section) {
        if (branch.target() instanceof Operand.Immediate address) {
            toAddress(branch, address, section);
            return;
        }
        Operand.LabelTarget target = (Operand.LabelTarget) branch.target();
        if (stencil.labels().isStatic(target.label(), run.line())) {
            toStaticLabel(branch, target, section);
        } else {
            toLabel(branch, target, section);
        }
    }

    private void toStaticLabel(EncodingPlan.Branch branch, Operand.LabelTarget target, SectionState section) {
        int line = run.line();
        boolean onlyShort = branch.nearOpcode().isEmpty();
        if (onlyShort && !stencil.reach().isShort(line)) {
            stencil.report(
                    DiagnosticCode.OUT_OF_REACH,
                    line,
                    "'" + branch.instruction().mnemonic() + "' reaches 127 bytes, and " + target
                            + " may lie farther away",
                    "branch around a jmp, or move the label nearer");
            return;
        }
        if (stencil.reach().isShort(line)) {
            opcode(branch.shortOpcode().orElseThrow(), section);
            labels.refer(target.label(), target.offset(), 1, 0, section);
            return;
        }
        boolean backward = target.label() instanceof LabelReference.Last;
        boolean sameSection = stencil.isInSameSection(target.label(), line);
        if (backward
                && sameSection
                && branch.shortOpcode().isPresent()
                && target.offset().isZero()) {
            farBackward(branch, target, section);
            return;
        }
        opcode(branch.nearOpcode().orElseThrow(), section);
        labels.refer(target.label(), target.offset(), 4, 0, section);
    }

    /** Backwards over bytes whose number is known only at emission: two bytes if they are near enough. */
    private void farBackward(EncodingPlan.Branch branch, Operand.LabelTarget target, SectionState section) {
        Bytes shortOpcode = branch.shortOpcode().orElseThrow();
        Bytes nearOpcode = branch.nearOpcode().orElseThrow();
        section.flush(run.source());
        String label = stencil.names().fresh("distance");
        int definition = stencil.labels().definition(target.label(), run.line()).orElseThrow();
        run.source().line("long " + label + " = " + labels.position(definition) + " - " + section.position() + ";");
        int shortSize = shortOpcode.size() + 1;
        int nearSize = nearOpcode.size() + 4;
        run.source().open("if (" + label + " >= " + (shortSize - 128) + ") {");
        opcode(shortOpcode, section);
        section.stores().value(1, "(" + label + " - " + shortSize + ")");
        section.flush(run.source());
        run.source().middle("} else {");
        opcode(nearOpcode, section);
        section.stores().value(4, "(" + label + " - " + nearSize + ")");
        section.flush(run.source());
        run.source().close();
    }

    private static void opcode(Bytes opcode, SectionState section) {
        opcode.values().forEach(section.stores()::constant);
    }

    private void toLabel(EncodingPlan.Branch branch, Operand.LabelTarget target, SectionState section) {
        String target32 = run.target(target);
        int site = run.site();
        String where = section.section() + ", ";
        int shortOpcode = branch.shortOpcode()
                .filter(bytes -> bytes.size() == 1)
                .map(bytes -> bytes.values().get(0))
                .orElse(0);
        if (shortOpcode == SHORT_JUMP && branch.nearOpcode().isPresent()) {
            section.append("jump", where, target32 + ", " + site, run.source());
        } else if (shortOpcode >> 4 == FIRST_SHORT_CONDITION >> 4
                && branch.nearOpcode().isPresent()) {
            section.append("branch", where, (shortOpcode & 15) + ", " + target32 + ", " + site, run.source());
        } else if (isCall(branch)) {
            section.append("call", where, target32 + ", " + site, run.source());
        } else {
            boolean near = branch.nearOpcode().isPresent();
            opcode(near ? branch.nearOpcode().get() : branch.shortOpcode().orElseThrow(), section);
            section.flush(run.source());
            String field = section.section() + ", " + section.position() + ", ";
            run.source()
                    .line((near ? "relative(" + field + "0, " : "relative8(" + field) + target32 + ", " + site + ");");
            section.advance(near ? 4 : 1, run.source());
        }
    }

    private static boolean isCall(EncodingPlan.Branch branch) {
        return branch.nearOpcode()
                .map(bytes -> bytes.values().equals(java.util.List.of(NEAR_CALL)))
                .orElse(false);
    }

    private void toAddress(EncodingPlan.Branch branch, Operand.Immediate target, SectionState section) {
        String where = section.section() + ", ";
        boolean isPooled = stencil.unit().strategy() == Strategy.COPY_AND_PATCH;
        String address = isPooled ? run.value(target.value(), "address") : run.address(target.value());
        String end = address + ", " + run.site();
        String pooled = isPooled ? "Pooled" : "";
        int shortOpcode =
                branch.shortOpcode().map(bytes -> bytes.values().get(0)).orElse(0);
        if (isCall(branch)) {
            section.append("callAddress" + pooled, where, end, run.source());
        } else if (shortOpcode == SHORT_JUMP) {
            section.append("jumpAddress" + pooled, where, end, run.source());
        } else if (shortOpcode >> 4 == FIRST_SHORT_CONDITION >> 4
                && branch.nearOpcode().isPresent()) {
            section.append("branchAddress" + pooled, where, (shortOpcode & 15) + ", " + end, run.source());
        } else {
            stencil.report(
                    DiagnosticCode.NO_SUCH_FORM,
                    run.line(),
                    "'" + branch.instruction().mnemonic() + "' cannot go to an absolute address",
                    "branch to a label, and jump from there");
        }
    }
}
