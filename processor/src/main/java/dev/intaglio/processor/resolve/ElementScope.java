package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Scope;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * The names that a stencil sees, as the emitter's methods will: parameters, members of the interface and of all it extends,
 * members of enclosing types, and {@code Type.CONSTANT} of types in the same package, in java.lang, or by full name.
 */
final class ElementScope implements Scope {
    private final Elements elements;
    private final TypeElement type;
    private final List<StencilParameter> parameters;

    ElementScope(Elements elements, TypeElement type, List<StencilParameter> parameters) {
        this.elements = elements;
        this.type = type;
        this.parameters = parameters;
    }

    @Override
    public Optional<Symbol> find(String name) {
        int dot = name.lastIndexOf('.');
        if (dot > 0) {
            return type(name.substring(0, dot)).flatMap(owner -> field(owner, name.substring(dot + 1), name));
        }
        Optional<Symbol> parameter = parameters.stream()
                .filter(candidate -> candidate.name().equals(name))
                .map(candidate -> new Symbol(name, candidate.type(), OptionalLong.empty()))
                .findFirst();
        if (parameter.isPresent()) {
            return parameter;
        }
        for (Element owner = type; owner instanceof TypeElement enclosing; owner = owner.getEnclosingElement()) {
            String qualified = owner.equals(type) ? name : enclosing.getQualifiedName() + "." + name;
            Optional<Symbol> field = field(enclosing, name, qualified);
            if (field.isPresent()) {
                return field;
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<ExpressionType> method(String name) {
        for (Element owner = type; owner instanceof TypeElement enclosing; owner = owner.getEnclosingElement()) {
            for (ExecutableElement method : ElementFilter.methodsIn(elements.getAllMembers(enclosing))) {
                if (method.getSimpleName().contentEquals(name)) {
                    return Optional.of(expressionType(method.getReturnType()));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        parameters.forEach(parameter -> names.add(parameter.name()));
        for (VariableElement field : ElementFilter.fieldsIn(elements.getAllMembers(type))) {
            names.add(field.getSimpleName().toString());
        }
        return names;
    }

    private Optional<Symbol> field(TypeElement owner, String name, String qualified) {
        for (VariableElement field : ElementFilter.fieldsIn(elements.getAllMembers(owner))) {
            boolean isStatic = field.getModifiers().contains(Modifier.STATIC);
            if (isStatic && field.getSimpleName().contentEquals(name)) {
                return Optional.of(
                        new Symbol(qualified, expressionType(field.asType()), value(field.getConstantValue())));
            }
        }
        return Optional.empty();
    }

    private Optional<TypeElement> type(String name) {
        for (Element owner = type; owner instanceof TypeElement enclosing; owner = owner.getEnclosingElement()) {
            if (enclosing.getSimpleName().contentEquals(name)) {
                return Optional.of(enclosing);
            }
            for (TypeElement nested : ElementFilter.typesIn(elements.getAllMembers(enclosing))) {
                if (nested.getSimpleName().contentEquals(name)) {
                    return Optional.of(nested);
                }
            }
        }
        String here = elements.getPackageOf(type).getQualifiedName().toString();
        for (String candidate : List.of(here.isEmpty() ? name : here + "." + name, "java.lang." + name, name)) {
            TypeElement found = elements.getTypeElement(candidate);
            if (found != null && found.getKind() != ElementKind.PACKAGE) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private static OptionalLong value(Object constant) {
        if (constant instanceof Integer
                || constant instanceof Long
                || constant instanceof Short
                || constant instanceof Byte) {
            return OptionalLong.of(((Number) constant).longValue());
        }
        if (constant instanceof Character c) {
            return OptionalLong.of(c);
        }
        if (constant instanceof Boolean b) {
            return OptionalLong.of(b ? 1 : 0);
        }
        return constant instanceof Double d ? OptionalLong.of(Double.doubleToRawLongBits(d)) : OptionalLong.empty();
    }

    static ExpressionType expressionType(TypeMirror type) {
        return switch (type.toString()) {
            case "int", "short", "byte", "char" -> ExpressionType.INT;
            case "long" -> ExpressionType.LONG;
            case "boolean" -> ExpressionType.BOOLEAN;
            case "double" -> ExpressionType.DOUBLE;
            case "dev.intaglio.runtime.Label" -> ExpressionType.LABEL;
            case "dev.intaglio.runtime.Gpr" -> ExpressionType.GPR;
            case "dev.intaglio.runtime.Xmm" -> ExpressionType.XMM;
            default -> ExpressionType.UNKNOWN;
        };
    }
}
