package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.peephole.Contract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** Finds the stencils of an interface and checks their declarations. */
public final class StencilCollector {
    /**
     * A text of a stencil as declared.
     *
     * @param alternative which of the texts of its method it is, from 0
     * @param pieces the text, one string for each element of the annotation's value
     */
    public record Declared(
            ExecutableElement method,
            int alternative,
            Target target,
            Contract contract,
            AnnotationMirror annotation,
            AnnotationValue value,
            List<String> pieces,
            List<StencilParameter> parameters,
            Scope scope) {
        /** The interface that declares it. */
        public TypeElement declaring() {
            return (TypeElement) method.getEnclosingElement();
        }
    }

    private final Elements elements;
    private final CpuFeatures usual;
    private final Function<TypeElement, Imports> imports;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param usual what an interface counts on that says nothing
     * @param imports of the file that declares an interface
     */
    public StencilCollector(Elements elements, CpuFeatures usual, Function<TypeElement, Imports> imports) {
        this.elements = elements;
        this.imports = imports;
        this.usual = usual;
    }

    public List<Problem> problems() {
        return problems;
    }

    /** A stencil's texts, and what the interface that has them counts on. */
    public record Collected(CpuFeatures cpu, List<Declared> stencils) {}

    /** The stencils of an interface in the order of declaration, behind them those that it inherits. */
    public Collected collect(TypeElement type) {
        if (!isFit(type)) {
            return new Collected(usual, List.of());
        }
        Targets targets = Targets.of(type, usual, problems);
        Members members = new Members(elements, elements.getPackageOf(type));
        List<Declared> stencils = new ArrayList<>();
        Map<String, ExecutableElement> seen = new HashMap<>();
        List<ExecutableElement> methods = members.methods(type);
        for (ExecutableElement method : methods) {
            if (!Annotations.isStencil(method)) {
                checkImplemented(method, methods);
                continue;
            }
            ExecutableElement other = seen.putIfAbsent(signature(method), method);
            if (other != null) {
                report(
                        type,
                        "stencil " + method.getSimpleName() + " is inherited from " + other.getEnclosingElement()
                                + " and from " + method.getEnclosingElement(),
                        "declare it in " + type.getSimpleName() + " again, with the text that is meant");
                continue;
            }
            stencils.addAll(declared(members, type, method, targets));
        }
        return new Collected(targets.counted(), stencils);
    }

    /** What the texts of the stencils name and the emitter does not have, by the interfaces that declare them. */
    public Map<TypeElement, OutsideNames> outsideNames(TypeElement type, List<Declared> stencils) {
        Members members = new Members(elements, elements.getPackageOf(type));
        Map<TypeElement, List<String>> texts = new LinkedHashMap<>();
        stencils.forEach(stencil -> texts.computeIfAbsent(stencil.declaring(), unused -> new ArrayList<>())
                .addAll(stencil.pieces()));
        Map<TypeElement, OutsideNames> names = new LinkedHashMap<>();
        texts.forEach((declaring, some) ->
                names.put(declaring, OutsideNames.of(type, declaring, members, imports.apply(declaring), some)));
        new EmitterClashes(type, members, problems).check(names.values(), texts.values());
        return names;
    }

    /** The names of the members that the emitter inherits from its interface. */
    public InheritedNames inheritedNames(TypeElement type) {
        Members members = new Members(elements, elements.getPackageOf(type));
        return new InheritedNames(members.names(type), members.typeNames(type));
    }

    private boolean isFit(TypeElement type) {
        int before = problems.size();
        if (type.getKind() != ElementKind.INTERFACE) {
            report(
                    type,
                    "@Stencils belongs on an interface, and " + type.getSimpleName() + " is none",
                    "make it an interface");
            return false;
        }
        for (Element owner = type; owner instanceof TypeElement; owner = owner.getEnclosingElement()) {
            if (owner.getModifiers().contains(Modifier.PRIVATE)) {
                report(
                        type,
                        "the emitter cannot see " + type.getSimpleName()
                                + (owner.equals(type) ? ": it is private" : ": " + owner + " is private"),
                        "remove private: the emitter is a class of its own in the same package");
            }
        }
        if (!type.getTypeParameters().isEmpty()) {
            report(type, "an interface of stencils takes no type parameters", "remove <…>");
        }
        if (type.getModifiers().contains(Modifier.SEALED)) {
            report(type, "the emitter cannot implement a sealed interface", "remove sealed and permits");
        }
        return problems.size() == before;
    }

    /** An abstract method that is no stencil must be one that the emitter inherits from Object or elsewhere. */
    private void checkImplemented(ExecutableElement method, List<ExecutableElement> methods) {
        boolean isOpen = method.getModifiers().contains(Modifier.ABSTRACT)
                && method.getEnclosingElement().getKind() == ElementKind.INTERFACE;
        if (!isOpen) {
            return;
        }
        TypeElement object = elements.getTypeElement("java.lang.Object");
        boolean implemented = Stream.concat(
                        methods.stream().filter(other -> !other.equals(method)),
                        ElementFilter.methodsIn(object.getEnclosedElements()).stream())
                .filter(other -> signature(other).equals(signature(method)))
                .anyMatch(other -> Annotations.isStencil(other)
                        || other.getEnclosingElement().equals(object));
        if (!implemented) {
            report(
                    method,
                    "the emitter cannot implement " + method.getSimpleName() + ": it is abstract and has no @Stencil",
                    "annotate it with @Stencil, or make it a default method");
        }
    }

    private static String signature(ExecutableElement method) {
        return method.getSimpleName()
                + method.getParameters().stream()
                        .map(parameter -> ElementScope.typeName(parameter.asType()))
                        .collect(Collectors.joining(",", "(", ")"));
    }

    private List<Declared> declared(Members members, TypeElement type, ExecutableElement method, Targets targets) {
        Set<Modifier> modifiers = method.getModifiers();
        String name = method.getSimpleName().toString();
        if (!modifiers.contains(Modifier.ABSTRACT)) {
            report(
                    method,
                    "stencil " + name + " has a body",
                    "a stencil is abstract: its text stands in the annotation");
            return List.of();
        }
        if (method.getReturnType().getKind() != TypeKind.VOID) {
            report(method, "stencil " + name + " returns something", "a stencil returns void: it emits code");
            return List.of();
        }
        if (method.isVarArgs() || !method.getTypeParameters().isEmpty()) {
            report(
                    method,
                    "stencil " + name + " takes type parameters or a variable number of arguments",
                    "remove them");
            return List.of();
        }
        List<StencilParameter> parameters = new ArrayList<>();
        for (VariableElement parameter : method.getParameters()) {
            if (parameter.asType().getKind() == TypeKind.ERROR) {
                return List.of(); // which the compiler reports
            }
            String javaType = ElementScope.typeName(parameter.asType());
            ExpressionType expressionType = ElementScope.expressionType(parameter.asType());
            boolean known = Set.of("int", "long", "double", "boolean").contains(javaType)
                    || expressionType == ExpressionType.LABEL
                    || expressionType == ExpressionType.GPR
                    || expressionType == ExpressionType.XMM
                    || expressionType == ExpressionType.PATCH_SITE;
            if (!known) {
                report(
                        parameter,
                        "parameter " + parameter.getSimpleName() + " of stencil " + name + " has type " + javaType,
                        "a stencil takes int, long, double, boolean, and Label, Gpr, Xmm and PatchSite of dev.intaglio.runtime");
                return List.of();
            }
            parameters.add(new StencilParameter(parameter.getSimpleName().toString(), expressionType, javaType));
        }
        TypeElement declaring = (TypeElement) method.getEnclosingElement();
        Scope scope = new ElementScope(members, type, declaring, imports.apply(declaring), List.copyOf(parameters));
        List<AnnotationMirror> texts = Annotations.stencils(method);
        List<Target> targetOf = targets.of(method, texts);
        List<Declared> declared = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            AnnotationMirror annotation = texts.get(i);
            Optional<AnnotationValue> value = Annotations.value(annotation, "value");
            List<String> pieces = value.map(StencilCollector::pieces).orElse(List.of());
            if (value.isEmpty() || pieces.stream().allMatch(String::isBlank)) {
                report(
                        method,
                        "stencil " + name + " has no text",
                        "write its lines between the quotes, each behind a |, or make it a default method");
                return List.of();
            }
            Contract contract = Contracts.of(method, annotation, problems);
            declared.add(new Declared(
                    method, i, targetOf.get(i), contract, annotation, value.get(), pieces, parameters, scope));
        }
        return declared;
    }

    private static List<String> pieces(AnnotationValue value) {
        return Annotations.items(value).stream()
                .map(item -> String.valueOf(item.getValue()))
                .toList();
    }

    private void report(Element element, String message, String help) {
        problems.add(Problem.of(element, message, help));
    }
}
