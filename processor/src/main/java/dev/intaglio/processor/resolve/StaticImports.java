package dev.intaglio.processor.resolve;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;

/**
 * What an emitter imports so that a stencil's Java means there what it means where it stands: the emitter inherits the
 * interface's constants and default methods, but neither its static methods nor anything of the types around it.
 */
final class StaticImports {
    private static final Pattern WORD = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*");

    private StaticImports() {}

    /**
     * The static members that the stencils' texts name and the emitter does not inherit.
     *
     * @param texts of each interface that declares stencils, their texts
     * @return names by the type that has them, both sorted
     */
    static Map<TypeElement, Set<String>> of(TypeElement type, Members members, Map<TypeElement, List<String>> texts) {
        Map<TypeElement, Set<String>> imports = new LinkedHashMap<>();
        texts.forEach((declaring, some) -> {
            Set<String> words = words(some);
            words.removeIf(word -> inherited(type, members, word));
            for (Element owner = declaring; owner instanceof TypeElement scope; owner = owner.getEnclosingElement()) {
                Set<String> offered = words.stream()
                        .filter(word -> offers(scope, members, word))
                        .collect(Collectors.toCollection(TreeSet::new));
                words.removeAll(offered); // the innermost hides those further out
                if (!offered.isEmpty()) {
                    imports.computeIfAbsent(scope, unused -> new TreeSet<>()).addAll(offered);
                }
            }
        });
        Map<TypeElement, Set<String>> sorted = new TreeMap<>(
                java.util.Comparator.comparing(owner -> owner.getQualifiedName().toString()));
        sorted.putAll(imports);
        return sorted;
    }

    private static Set<String> words(Collection<String> texts) {
        return texts.stream()
                .flatMap(text -> WORD.matcher(text).results())
                .map(java.util.regex.MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether the emitter has a member of this name by inheritance. */
    private static boolean inherited(TypeElement type, Members members, String name) {
        return members.field(type, name).isPresent()
                || members.type(type, name).isPresent()
                || members.methods(type, name).stream().anyMatch(method -> !Members.isStaticOfInterface(method));
    }

    private static boolean offers(TypeElement scope, Members members, String name) {
        boolean method = members.methods(scope, name).stream()
                .anyMatch(candidate -> candidate.getModifiers().contains(Modifier.STATIC));
        boolean field = members.field(scope, name).filter(members::isAccessible).isPresent();
        boolean type = ElementFilter.typesIn(scope.getEnclosedElements()).stream()
                .anyMatch(candidate -> candidate.getSimpleName().contentEquals(name)
                        && candidate.getModifiers().contains(Modifier.STATIC)
                        && members.isAccessible(candidate));
        return method || field || type;
    }
}
