package dev.intaglio.processor.resolve;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * Looks members up by Java's rules: what a type declares hides what it inherits, and a name that it inherits twice means
 * nothing.
 *
 * @param here the package of the emitter, which decides what it may touch
 * @param declared the fields of the types that were asked, by name: interfaces of many stencils are asked often
 */
record Members(Elements elements, PackageElement here, Map<TypeElement, Map<String, List<VariableElement>>> declared) {
    Members(Elements elements, PackageElement here) {
        this(elements, here, new HashMap<>());
    }

    /** The static field of a type that has this simple name. */
    Optional<VariableElement> field(TypeElement owner, String name) {
        Set<VariableElement> fields = new LinkedHashSet<>(
                declared.computeIfAbsent(owner, Members::declaredBy).getOrDefault(name, List.of()));
        if (fields.isEmpty()) {
            supertypes(owner)
                    .forEach(inherited -> field(inherited, name)
                            .filter(found -> !found.getModifiers().contains(Modifier.PRIVATE))
                            .ifPresent(fields::add));
        }
        return fields.stream()
                .filter(field -> fields.size() == 1 && field.getModifiers().contains(Modifier.STATIC))
                .findFirst();
    }

    private static Map<String, List<VariableElement>> declaredBy(TypeElement owner) {
        return ElementFilter.fieldsIn(owner.getEnclosedElements()).stream()
                .collect(Collectors.groupingBy(field -> field.getSimpleName().toString()));
    }

    /** All methods of a type, its own before inherited ones, else in the order of declaration: compilers differ there. */
    List<ExecutableElement> methods(TypeElement owner) {
        Set<TypeElement> types = new LinkedHashSet<>();
        addWithSupertypes(owner, types);
        List<ExecutableElement> declared = types.stream()
                .flatMap(type -> ElementFilter.methodsIn(type.getEnclosedElements()).stream())
                .toList();
        return ElementFilter.methodsIn(elements.getAllMembers(owner)).stream()
                .sorted(Comparator.comparingInt(declared::indexOf))
                .toList();
    }

    private static void addWithSupertypes(TypeElement type, Set<TypeElement> types) {
        types.add(type);
        supertypes(type).forEach(inherited -> addWithSupertypes(inherited, types));
    }

    /** The methods of this simple name that the emitter can call on a type's behalf. */
    List<ExecutableElement> methods(TypeElement owner, String name) {
        return ElementFilter.methodsIn(elements.getAllMembers(owner)).stream()
                .filter(method -> method.getSimpleName().contentEquals(name))
                .filter(this::isAccessible)
                .filter(method -> !isStaticOfInterface(method)
                        || method.getEnclosingElement().equals(owner))
                .toList();
    }

    /** The member type of a type that has this simple name. */
    Optional<TypeElement> type(TypeElement owner, String name) {
        return ElementFilter.typesIn(elements.getAllMembers(owner)).stream()
                .filter(type -> type.getSimpleName().contentEquals(name))
                .findFirst();
    }

    /** The top-level type of a package that has this simple name. */
    Optional<TypeElement> topLevel(PackageElement home, String name) {
        String prefix = home.isUnnamed() ? "" : home.getQualifiedName() + ".";
        return Optional.ofNullable(elements.getTypeElement(prefix + name));
    }

    /** The names of a type's methods and fields, inherited ones too. */
    Set<String> names(TypeElement owner) {
        Set<String> names = new LinkedHashSet<>();
        for (Element member : elements.getAllMembers(owner)) {
            if (member.getKind() == ElementKind.METHOD || member.getKind().isField()) {
                names.add(member.getSimpleName().toString());
            }
        }
        return names;
    }

    /** The names of a type's member types, inherited ones too. */
    Set<String> typeNames(TypeElement owner) {
        return ElementFilter.typesIn(elements.getAllMembers(owner)).stream()
                .map(member -> member.getSimpleName().toString())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** All fields of a type, for suggestions. */
    List<String> fieldNames(TypeElement owner) {
        return ElementFilter.fieldsIn(elements.getAllMembers(owner)).stream()
                .map(field -> field.getSimpleName().toString())
                .toList();
    }

    /** Whether the emitter's source may name a member. */
    boolean isAccessible(Element member) {
        for (Element element = member;
                element != null && element.getKind() != ElementKind.PACKAGE;
                element = element.getEnclosingElement()) {
            Set<Modifier> modifiers = element.getModifiers();
            boolean samePackage = elements.getPackageOf(element).equals(here);
            if (modifiers.contains(Modifier.PRIVATE) || !modifiers.contains(Modifier.PUBLIC) && !samePackage) {
                return false;
            }
        }
        return true;
    }

    /** Static methods of interfaces are not inherited. */
    static boolean isStaticOfInterface(ExecutableElement method) {
        return method.getModifiers().contains(Modifier.STATIC)
                && method.getEnclosingElement().getKind().isInterface();
    }

    private static List<TypeElement> supertypes(TypeElement type) {
        Set<TypeMirror> mirrors = new LinkedHashSet<>(type.getInterfaces());
        mirrors.add(type.getSuperclass());
        return mirrors.stream()
                .filter(DeclaredType.class::isInstance)
                .map(mirror -> (TypeElement) ((DeclaredType) mirror).asElement())
                .toList();
    }
}
