package dev.intaglio.processor.resolve;

import dev.intaglio.processor.resolve.References.Owner;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;

/**
 * What a stencil's Java names and the emitter does not have by itself, so that it means there what it means where it stands. The
 * emitter inherits the interface's constants and default methods, but neither its static methods nor anything of the types
 * around it, nor what its file imports.
 *
 * @param staticImports the static members that the emitter imports, by the type that has them
 */
public record OutsideNames(Map<String, Set<String>> staticImports, References references) {
    private static final Pattern WORD = Pattern.compile("(?<![\\w.$])[\\p{L}_$][\\p{L}\\p{N}_$]*");

    /**
     * The names in the texts of the stencils that one interface declares.
     *
     * @param type the interface that the emitter implements
     * @param declaring the interface that declares the texts: the same, or one that it extends
     */
    static OutsideNames of(
            TypeElement type, TypeElement declaring, Members members, Imports imports, Collection<String> texts) {
        Search search = new Search(type, declaring, members, imports);
        for (String word : words(texts)) {
            if (!search.isInherited(word)) {
                search.find(word);
            }
        }
        return new OutsideNames(search.staticImports, new References(search.types, search.methods, search.fields));
    }

    private static Set<String> words(Collection<String> texts) {
        return texts.stream()
                .flatMap(text -> WORD.matcher(text).results())
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static final class Search {
        private final TypeElement type;
        private final TypeElement declaring;
        private final Members members;
        private final Imports imports;
        private final Set<String> inherited;
        private final Map<TypeElement, Set<String>> known = new HashMap<>();
        private final Map<String, Set<String>> staticImports = new TreeMap<>();
        private final Map<String, Owner> types = new LinkedHashMap<>();
        private final Map<String, Owner> methods = new LinkedHashMap<>();
        private final Map<String, Owner> fields = new LinkedHashMap<>();

        Search(TypeElement type, TypeElement declaring, Members members, Imports imports) {
            this.type = type;
            this.declaring = declaring;
            this.members = members;
            this.imports = imports;
            inherited = namesOf(type);
        }

        /** The names of all members of a type, so that the many words that are none cost little. */
        private Set<String> namesOf(TypeElement owner) {
            return known.computeIfAbsent(owner, some -> {
                Set<String> names = new HashSet<>(members.names(some));
                names.addAll(members.typeNames(some));
                return names;
            });
        }

        /** Whether the emitter has a member of this name by inheritance. */
        boolean isInherited(String word) {
            return inherited.contains(word) && isInheritedIndeed(word);
        }

        private boolean isInheritedIndeed(String word) {
            return members.field(type, word).isPresent()
                    || members.type(type, word).isPresent()
                    || members.methods(type, word).stream().anyMatch(method -> !Members.isStaticOfInterface(method));
        }

        void find(String word) {
            for (Element owner = declaring; owner instanceof TypeElement scope; owner = owner.getEnclosingElement()) {
                if (offer(scope, word)) {
                    return; // the innermost hides those further out
                }
            }
            Optional<TypeElement> imported = type(word);
            imported.ifPresent(found -> types.put(word, owner(found)));
            for (TypeElement owner : imports.ownersOf(members.elements(), word)) {
                if (imported.isEmpty() && offer(owner, word)) {
                    return;
                }
            }
        }

        /** A type that is not found by its name from the emitter's package. */
        private Optional<TypeElement> type(String word) {
            Optional<TypeElement> single = imports.single(members.elements(), word);
            if (single.isPresent()) {
                return single;
            }
            boolean sameHome = members.elements().getPackageOf(declaring).equals(members.here());
            Optional<TypeElement> neighbour = Character.isUpperCase(word.charAt(0))
                    ? members.topLevel(members.elements().getPackageOf(declaring), word)
                    : Optional.empty();
            if (neighbour.isPresent()) {
                return sameHome ? Optional.empty() : neighbour.filter(members::isAccessible);
            }
            return imports.onDemand(members.elements(), word).filter(members::isAccessible);
        }

        private boolean offer(TypeElement scope, String word) {
            if (!namesOf(scope).contains(word)) {
                return false;
            }
            boolean isMethod = members.methods(scope, word).stream()
                    .anyMatch(candidate -> candidate.getModifiers().contains(Modifier.STATIC));
            boolean isField =
                    members.field(scope, word).filter(members::isAccessible).isPresent();
            Optional<TypeElement> nested = ElementFilter.typesIn(scope.getEnclosedElements()).stream()
                    .filter(candidate -> candidate.getSimpleName().contentEquals(word)
                            && candidate.getModifiers().contains(Modifier.STATIC)
                            && members.isAccessible(candidate))
                    .findFirst();
            if (!isMethod && !isField && nested.isEmpty()) {
                return false;
            }
            if (!members.elements().getPackageOf(scope).isUnnamed()) {
                staticImports
                        .computeIfAbsent(scope.getQualifiedName().toString(), unused -> new TreeSet<>())
                        .add(word);
                return true;
            }
            nested.ifPresent(found -> types.put(word, owner(found)));
            if (isMethod) {
                methods.put(word, owner(scope));
            }
            if (isField) {
                fields.put(word, owner(scope));
            }
            return true;
        }

        private Owner owner(TypeElement element) {
            String home =
                    members.elements().getPackageOf(element).getQualifiedName().toString();
            String qualified = element.getQualifiedName().toString();
            return new Owner(home, home.isEmpty() ? qualified : qualified.substring(home.length() + 1));
        }
    }
}
