package dev.intaglio.processor.resolve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;

/** Reads the annotations of stencils as mirrors: their classes need not be there when the processor runs. */
public final class Annotations {
    /** The annotation of an interface, by name. */
    public static final String STENCILS = "dev.intaglio.dsl.Stencils";

    /** The annotation of a stencil, by name. */
    public static final String STENCIL = "dev.intaglio.dsl.Stencil";

    /** What holds the annotations of a stencil with alternatives. */
    public static final String ALTERNATIVES = STENCIL + ".Alternatives";

    private Annotations() {}

    /** Whether a method is a stencil. */
    public static boolean isStencil(Element method) {
        return !stencils(method).isEmpty();
    }

    /** The texts of a method in the order in which they are written; none where it is no stencil. */
    static List<AnnotationMirror> stencils(Element method) {
        List<AnnotationMirror> found = new ArrayList<>();
        for (AnnotationMirror annotation : method.getAnnotationMirrors()) {
            String name = annotation.getAnnotationType().toString();
            if (name.equals(STENCIL)) {
                found.add(annotation);
            } else if (name.equals(ALTERNATIVES)) {
                value(annotation, "value").map(Annotations::items).orElse(List.of()).stream()
                        .map(AnnotationValue::getValue)
                        .filter(AnnotationMirror.class::isInstance)
                        .forEach(inner -> found.add((AnnotationMirror) inner));
            }
        }
        return found;
    }

    /** Whether an interface wants what is seldom run in the cold section. */
    public static boolean asksForSplit(Element type) {
        return asksFor("split", type);
    }

    /** Whether an interface wants what its stencils know to be carried from one to the next. */
    public static boolean asksForCarry(Element type) {
        return asksFor("carry", type);
    }

    /** Whether the stencils of an interface share one frame. */
    public static boolean asksForFrame(Element type) {
        return asksFor("frame", type);
    }

    /** Whether an interface wants equal cold code once a piece. */
    public static boolean asksForShare(Element type) {
        return asksFor("share", type);
    }

    private static boolean asksFor(String what, Element type) {
        return find(type, STENCILS)
                .map(annotation -> text(annotation, what).equals("true"))
                .orElse(false);
    }

    /** The annotation of this name. */
    static Optional<AnnotationMirror> find(Element element, String name) {
        for (AnnotationMirror annotation : element.getAnnotationMirrors()) {
            if (annotation.getAnnotationType().toString().equals(name)) {
                return Optional.of(annotation);
            }
        }
        return Optional.empty();
    }

    /** A value that is written, no default. */
    static Optional<AnnotationValue> value(AnnotationMirror annotation, String name) {
        return annotation.getElementValues().entrySet().stream()
                .filter(entry -> entry.getKey().getSimpleName().contentEquals(name))
                .<AnnotationValue>map(Map.Entry::getValue)
                .findFirst();
    }

    /** A text that is written, or the empty one. */
    static String text(AnnotationMirror annotation, String name) {
        return value(annotation, name)
                .map(value -> String.valueOf(value.getValue()))
                .orElse("");
    }

    /** The items of an array; a single value stands for an array of one. */
    static List<AnnotationValue> items(AnnotationValue value) {
        if (value.getValue() instanceof List<?> list) {
            return list.stream().map(AnnotationValue.class::cast).toList();
        }
        return List.of(value);
    }

    /** The warnings that an element suppresses for itself, or that an element around it does. */
    public static Set<String> suppressed(Element element) {
        Set<String> suppressed = new TreeSet<>();
        for (Element owner = element; owner != null; owner = owner.getEnclosingElement()) {
            find(owner, "java.lang.SuppressWarnings")
                    .flatMap(annotation -> value(annotation, "value"))
                    .ifPresent(value -> items(value).forEach(item -> suppressed.add(String.valueOf(item.getValue()))));
        }
        return suppressed;
    }
}
