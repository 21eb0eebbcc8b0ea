package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** Finds the stencils of an interface and checks their declarations. */
public final class StencilCollector {
    /** The annotation of a stencil, by name. */
    public static final String STENCIL = "dev.intaglio.dsl.Stencil";

    /** A stencil as declared. */
    public record Declared(
            ExecutableElement method,
            AnnotationMirror annotation,
            AnnotationValue value,
            List<StencilParameter> parameters,
            Scope scope) {}

    private final Elements elements;
    private final List<Problem> problems = new ArrayList<>();

    public StencilCollector(Elements elements) {
        this.elements = elements;
    }

    public List<Problem> problems() {
        return problems;
    }

    /** The stencils of an interface, inherited ones included, in the order of declaration. */
    public List<Declared> collect(TypeElement type) {
        if (type.getKind() != ElementKind.INTERFACE) {
            report(
                    type,
                    "@Stencils belongs on an interface, and " + type.getSimpleName() + " is none",
                    "make it an interface");
            return List.of();
        }
        if (type.getNestingKind() == NestingKind.LOCAL || type.getModifiers().contains(Modifier.PRIVATE)) {
            report(
                    type,
                    "the emitter could not see " + type.getSimpleName(),
                    "declare the interface where its package can see it");
            return List.of();
        }
        if (!type.getTypeParameters().isEmpty()) {
            report(type, "an interface of stencils takes no type parameters", "remove <…>");
            return List.of();
        }
        List<Declared> stencils = new ArrayList<>();
        for (ExecutableElement method : ElementFilter.methodsIn(elements.getAllMembers(type))) {
            Optional<AnnotationMirror> annotation = stencilAnnotation(method);
            boolean isAbstract = method.getModifiers().contains(Modifier.ABSTRACT);
            if (annotation.isPresent()) {
                declared(type, method, annotation.get()).ifPresent(stencils::add);
            } else if (isAbstract && method.getEnclosingElement().getKind() == ElementKind.INTERFACE) {
                report(
                        method,
                        "the emitter cannot implement " + method.getSimpleName()
                                + ": it is abstract and has no @Stencil",
                        "annotate it with @Stencil, or make it a default method");
            }
        }
        return stencils;
    }

    /** The annotation of a stencil, if a method is one. */
    public static Optional<AnnotationMirror> stencilAnnotation(Element method) {
        for (AnnotationMirror annotation : method.getAnnotationMirrors()) {
            if (annotation.getAnnotationType().toString().equals(STENCIL)) {
                return Optional.of(annotation);
            }
        }
        return Optional.empty();
    }

    private Optional<Declared> declared(TypeElement type, ExecutableElement method, AnnotationMirror annotation) {
        Set<Modifier> modifiers = method.getModifiers();
        String name = method.getSimpleName().toString();
        if (!modifiers.contains(Modifier.ABSTRACT)) {
            report(
                    method,
                    "stencil " + name + " has a body",
                    "a stencil is abstract: its text stands in the annotation");
            return Optional.empty();
        }
        if (method.getReturnType().getKind() != TypeKind.VOID) {
            report(method, "stencil " + name + " returns something", "a stencil returns void: it emits code");
            return Optional.empty();
        }
        if (method.isVarArgs() || !method.getTypeParameters().isEmpty()) {
            report(
                    method,
                    "stencil " + name + " takes type parameters or a variable number of arguments",
                    "remove them");
            return Optional.empty();
        }
        List<StencilParameter> parameters = new ArrayList<>();
        for (VariableElement parameter : method.getParameters()) {
            String javaType = parameter.asType().toString();
            ExpressionType expressionType = ElementScope.expressionType(parameter.asType());
            boolean known = Set.of("int", "long", "double", "boolean").contains(javaType)
                    || expressionType == ExpressionType.LABEL
                    || expressionType == ExpressionType.GPR
                    || expressionType == ExpressionType.XMM;
            if (!known) {
                report(
                        parameter,
                        "parameter " + parameter.getSimpleName() + " of stencil " + name + " has type " + javaType,
                        "a stencil takes int, long, double, boolean, Label, Gpr and Xmm");
                return Optional.empty();
            }
            parameters.add(new StencilParameter(parameter.getSimpleName().toString(), expressionType, javaType));
        }
        for (var entry : annotation.getElementValues().entrySet()) {
            if (entry.getKey().getSimpleName().contentEquals("value")) {
                Scope scope = new ElementScope(elements, type, parameters);
                return Optional.of(new Declared(method, annotation, entry.getValue(), parameters, scope));
            }
        }
        report(method, "stencil " + name + " has no text", "write @Stencil(\"\"\" … \"\"\")");
        return Optional.empty();
    }

    private void report(Element element, String message, String help) {
        problems.add(new Problem(
                element,
                new Diagnostic(DiagnosticCode.BAD_STENCIL, new Span(0, 0), message, List.of(), Optional.of(help))));
    }
}
