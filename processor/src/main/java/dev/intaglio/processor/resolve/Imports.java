package dev.intaglio.processor.resolve;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * The imports of the file that declares an interface, by what they name.
 *
 * @param types {@code java.util.List}
 * @param packages of {@code import java.util.*}; a type may stand there too
 * @param members {@code java.lang.Math.max} of static imports
 * @param owners of {@code import static java.lang.Math.*}
 */
public record Imports(List<String> types, List<String> packages, List<String> members, List<String> owners) {
    /** Of a file that is not there, or of a compiler that does not show it. */
    public static final Imports NONE = new Imports(List.of(), List.of(), List.of(), List.of());

    public Imports {
        types = List.copyOf(types);
        packages = List.copyOf(packages);
        members = List.copyOf(members);
        owners = List.copyOf(owners);
    }

    /** The type that is imported by its name: before those of the same package. */
    Optional<TypeElement> single(Elements elements, String name) {
        return types.stream()
                .filter(qualified -> simpleName(qualified).equals(name))
                .map(elements::getTypeElement)
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** The type that is imported with its package: behind those of the same package. */
    Optional<TypeElement> onDemand(Elements elements, String name) {
        // Asking a compiler for types that do not exist takes long, and types begin with a capital.
        if (!Character.isUpperCase(name.charAt(0))) {
            return Optional.empty();
        }
        return packages.stream()
                .map(home -> elements.getTypeElement(home + "." + name))
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** The types of which a static import may give a member of this name, those that name it first. */
    List<TypeElement> ownersOf(Elements elements, String name) {
        List<String> candidates = new ArrayList<>();
        members.stream()
                .filter(member -> simpleName(member).equals(name))
                .forEach(member -> candidates.add(member.substring(0, member.lastIndexOf('.'))));
        candidates.addAll(owners);
        return candidates.stream()
                .map(elements::getTypeElement)
                .filter(Objects::nonNull)
                .toList();
    }

    private static String simpleName(String qualified) {
        return qualified.substring(qualified.lastIndexOf('.') + 1);
    }
}
