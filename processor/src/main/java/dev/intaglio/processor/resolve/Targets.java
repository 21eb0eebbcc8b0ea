package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.assembly.syntax.Nearest;
import dev.intaglio.assembly.table.InstructionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;

/** What the {@code cpu} of an interface and of its stencils say, and whether the alternatives make sense together. */
public final class Targets {
    private static final String CPU = "cpu";

    private final CpuFeatures counted;
    private final List<Problem> problems;

    private Targets(CpuFeatures counted, List<Problem> problems) {
        this.counted = counted;
        this.problems = problems;
    }

    /**
     * The targets of an interface.
     *
     * @param usual what holds for an interface that says nothing
     */
    static Targets of(Element type, CpuFeatures usual, List<Problem> problems) {
        Optional<AnnotationMirror> annotation = Annotations.find(type, Annotations.STENCILS);
        Optional<CpuFeatures> stated = annotation
                .filter(mirror -> !Annotations.text(mirror, CPU).isBlank())
                .flatMap(mirror -> features(type, mirror, problems));
        return new Targets(stated.orElse(usual), problems);
    }

    /** What the interface counts on. */
    CpuFeatures counted() {
        return counted;
    }

    /** The target of each text of a stencil, in order; what is wrong with them is reported. */
    List<Target> of(Element method, List<AnnotationMirror> texts) {
        List<Target> targets = new ArrayList<>();
        List<CpuFeatures> earlier = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            AnnotationMirror text = texts.get(i);
            boolean isLast = i == texts.size() - 1;
            if (Annotations.text(text, CPU).isBlank()) {
                if (!isLast) {
                    report(
                            method,
                            text,
                            "has no cpu, so that it is always taken, and those behind it are not",
                            "put it last");
                }
                targets.add(new Target(counted, ""));
                continue;
            }
            CpuFeatures wanted = features(method, text, problems).orElse(CpuFeatures.ANY);
            if (wanted.isAny()) {
                targets.add(Target.ANY); // wrong, and reported
                continue;
            }
            targets.add(target(method, text, wanted, isLast));
            for (CpuFeatures other : earlier) {
                if (wanted.promises(other)) {
                    report(
                            method,
                            text,
                            "for \"" + wanted + "\" is never taken: that for \"" + other + "\" stands before it",
                            "put the one that asks for more first");
                }
            }
            earlier.add(wanted);
        }
        return targets;
    }

    private Target target(Element method, AnnotationMirror text, CpuFeatures wanted, boolean isLast) {
        if (counted.promises(wanted)) {
            if (!isLast) {
                report(
                        method,
                        text,
                        "for \"" + wanted + "\" is always taken: the interface counts on \"" + counted + "\"",
                        "remove those behind it, or lower the interface's cpu");
            }
            return new Target(counted, "");
        }
        if (isLast && !counted.isAny()) {
            report(
                    method,
                    text,
                    "for \"" + wanted + "\" is the last, and the interface counts on \"" + counted + "\" only",
                    "write a last @Stencil without cpu, or raise the interface's cpu");
        }
        CpuFeatures basis = counted.isAny() ? CpuFeatures.BASELINE : counted;
        return new Target(basis.plus(wanted), wanted.text());
    }

    private void report(Element method, AnnotationMirror text, String message, String help) {
        problems.add(Problem.of(
                method,
                text,
                Annotations.value(text, CPU),
                "the text of stencil " + method.getSimpleName() + " " + message,
                help));
    }

    private static Optional<CpuFeatures> features(
            Element element, AnnotationMirror annotation, List<Problem> problems) {
        String text = Annotations.text(annotation, CPU);
        Set<String> known = InstructionTable.x86_64().features();
        boolean ofStencil = annotation.getAnnotationType().toString().equals(Annotations.STENCIL);
        try {
            CpuFeatures features = CpuFeatures.parse(text, known);
            if (!ofStencil || !features.isAny()) {
                return Optional.of(features);
            }
            problems.add(Problem.of(
                    element,
                    annotation,
                    Annotations.value(annotation, CPU),
                    "cpu = \"any\" belongs in @Stencils",
                    "name the features that this text needs, or leave cpu out"));
        } catch (IllegalArgumentException unknown) {
            problems.add(Problem.of(
                    element,
                    annotation,
                    Annotations.value(annotation, CPU),
                    "cpu = \"" + text + "\": '" + unknown.getMessage() + "' is neither a level nor a feature",
                    remedy(unknown.getMessage(), known)));
        }
        return Optional.empty();
    }

    /** What to write instead of a word that is no feature. */
    public static String remedy(String word, Set<String> known) {
        return Nearest.to(word, known)
                        .map(near -> "did you mean " + near + "? ")
                        .orElse("")
                + "levels are x86-64, x86-64-v2, x86-64-v3 and x86-64-v4, features those of docs/instructions.md, and a plus"
                + " joins them";
    }
}
