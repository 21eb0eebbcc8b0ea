package dev.intaglio.processor.resolve;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/** Finds members of an interface that its emitter cannot have, because the class that all emitters extend has the name. */
final class EmitterClashes {
    private static final String EMITTER = "dev.intaglio.runtime.Emitter";

    private final TypeElement type;
    private final Members members;
    private final List<Problem> problems;

    EmitterClashes(TypeElement type, Members members, List<Problem> problems) {
        this.type = type;
        this.members = members;
        this.problems = problems;
    }

    /** Reports what clashes, given what the texts of the stencils name. */
    void check(Collection<OutsideNames> names, Collection<List<String>> texts) {
        TypeElement emitter = members.elements().getTypeElement(EMITTER);
        if (emitter == null) {
            return; // the runtime is missing, as the compiler will say of the emitter
        }
        List<Element> inherited = inheritable(emitter);
        for (VariableElement field : ElementFilter.fieldsIn(inherited)) {
            String name = field.getSimpleName().toString();
            if (members.field(type, name).isPresent()) {
                report(members.field(type, name).get(), "constant " + name + " has the name of a field");
            }
        }
        List<ExecutableElement> own = ElementFilter.methodsIn(inherited);
        for (ExecutableElement method : members.methods(type)) {
            if (method.getEnclosingElement().getKind().isInterface()
                    && own.stream().anyMatch(other -> clash(method, other))) {
                report(method, "method " + method + " is taken for a method");
            }
        }
        Set<String> imported = new TreeSet<>();
        names.forEach(some -> {
            some.staticImports().values().forEach(imported::addAll);
            imported.addAll(some.references().methods().keySet());
        });
        for (ExecutableElement method : own) {
            String name = method.getSimpleName().toString();
            if (imported.remove(name) && isCalled(name, texts)) {
                problems.add(Problem.of(
                        type,
                        "static method " + name
                                + " is hidden where stencils call it: emitters have a method of this name",
                        "write it with its type, Type." + name + "(…), or give it another name"));
            }
        }
    }

    private static boolean isCalled(String name, Collection<List<String>> texts) {
        Pattern call = Pattern.compile("(?<![\\w.$])" + name + "\\s*\\(");
        return texts.stream()
                .anyMatch(some ->
                        some.stream().anyMatch(text -> call.matcher(text).find()));
    }

    /** What a class has and gives to its subclasses; of Object only what an interface may declare anew, and an emitter must not. */
    private static List<Element> inheritable(TypeElement owner) {
        List<Element> all = new ArrayList<>();
        TypeElement from = owner;
        while (!from.getQualifiedName().contentEquals("java.lang.Object")) {
            all.addAll(from.getEnclosedElements());
            from = (TypeElement) ((DeclaredType) from.getSuperclass()).asElement();
        }
        ElementFilter.methodsIn(from.getEnclosedElements()).stream()
                .filter(method -> method.getSimpleName().contentEquals("finalize"))
                .forEach(all::add);
        all.removeIf(member -> !member.getModifiers().contains(Modifier.PROTECTED)
                && !member.getModifiers().contains(Modifier.PUBLIC));
        return all;
    }

    /** Whether the one overrides the other, or could be called in its place by what the processor writes. */
    private static boolean clash(ExecutableElement method, ExecutableElement other) {
        if (!method.getSimpleName().equals(other.getSimpleName())
                || method.getParameters().size() != other.getParameters().size()
                || Members.isStaticOfInterface(method)) {
            return false;
        }
        for (int i = 0; i < method.getParameters().size(); i++) {
            TypeMirror mine = method.getParameters().get(i).asType();
            TypeMirror theirs = other.getParameters().get(i).asType();
            boolean numbers = isNumber(mine) && isNumber(theirs);
            if (!numbers && !ElementScope.typeName(mine).equals(ElementScope.typeName(theirs))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(TypeMirror type) {
        return type.getKind().isPrimitive() && type.getKind() != TypeKind.BOOLEAN;
    }

    private void report(Element member, String what) {
        Element place = member.getEnclosingElement().equals(type) ? member : type;
        problems.add(Problem.of(
                place, what + " of dev.intaglio.runtime.Emitter, which every emitter extends", "give it another name"));
    }
}
