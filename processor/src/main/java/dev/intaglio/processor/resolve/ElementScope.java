package dev.intaglio.processor.resolve;

import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Scope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * The names that a stencil sees, by the rules of the place where it is declared: parameters, members of its interface and of
 * all that extends, members of enclosing types, what its file imports (as far as the compiler shows it), and
 * {@code Type.CONSTANT} of types there, in the same package, in java.lang, or by full name.
 */
final class ElementScope implements Scope {
    private final Members members;
    private final TypeElement emitted;
    private final TypeElement declaring;
    private final Imports imports;
    private final List<StencilParameter> parameters;

    /**
     * @param emitted the interface that the emitter implements
     * @param declaring the interface that declares the stencil: the same, or one that it extends
     * @param imports of its file
     */
    ElementScope(
            Members members,
            TypeElement emitted,
            TypeElement declaring,
            Imports imports,
            List<StencilParameter> parameters) {
        this.imports = imports;
        this.members = members;
        this.emitted = emitted;
        this.declaring = declaring;
        this.parameters = parameters;
    }

    @Override
    public Optional<Symbol> find(String name) {
        Optional<Symbol> parameter = parameters.stream()
                .filter(candidate -> candidate.name().equals(name))
                .map(candidate -> new Symbol(name, candidate.type(), OptionalLong.empty()))
                .findFirst();
        if (parameter.isPresent()) {
            return parameter;
        }
        return field(name).flatMap(field -> symbol(field, isInherited(field, name) ? name : qualified(field)));
    }

    private boolean isInherited(VariableElement field, String name) {
        return members.field(emitted, name).filter(field::equals).isPresent();
    }

    /** The static field of this name, as the place where the stencil stands sees it. */
    private Optional<VariableElement> field(String name) {
        int dot = name.lastIndexOf('.');
        if (dot > 0) {
            return type(name.substring(0, dot)).flatMap(owner -> members.field(owner, name.substring(dot + 1)));
        }
        List<TypeElement> owners = new ArrayList<>(enclosing());
        owners.addAll(imports.ownersOf(members.elements(), name));
        return owners.stream()
                .flatMap(owner -> members.field(owner, name).stream())
                .findFirst();
    }

    @Override
    public Optional<ExpressionType> method(String name) {
        int dot = name.lastIndexOf('.');
        if (dot > 0) {
            return type(name.substring(0, dot)).flatMap(owner -> result(owner, name.substring(dot + 1)));
        }
        List<TypeElement> owners = new ArrayList<>(enclosing());
        owners.addAll(imports.ownersOf(members.elements(), name));
        return owners.stream().flatMap(owner -> result(owner, name).stream()).findFirst();
    }

    private Optional<ExpressionType> result(TypeElement owner, String method) {
        Set<ExpressionType> results = new LinkedHashSet<>();
        members.methods(owner, method).forEach(found -> results.add(expressionType(found.getReturnType())));
        // Which of several overloads is called, javac will know.
        return results.size() > 1
                ? Optional.of(ExpressionType.UNKNOWN)
                : results.stream().findFirst();
    }

    @Override
    public Optional<ExpressionType> element(String array) {
        return field(array)
                .map(VariableElement::asType)
                .filter(ArrayType.class::isInstance)
                .map(type -> expressionType(((ArrayType) type).getComponentType()));
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        parameters.forEach(parameter -> names.add(parameter.name()));
        enclosing().forEach(owner -> names.addAll(members.fieldNames(owner)));
        return names;
    }

    /** The declaring interface and the types around it, innermost first. */
    private List<TypeElement> enclosing() {
        List<TypeElement> owners = new ArrayList<>();
        for (Element owner = declaring; owner instanceof TypeElement type; owner = owner.getEnclosingElement()) {
            owners.add(type);
        }
        return owners;
    }

    /** A field that is constant is known by its value, any other must be one that the emitter may name. */
    private Optional<Symbol> symbol(VariableElement field, String name) {
        OptionalLong value = value(field.getConstantValue());
        return value.isPresent() || members.isAccessible(field)
                ? Optional.of(new Symbol(name, expressionType(field.asType()), value))
                : Optional.empty();
    }

    private static String qualified(VariableElement field) {
        return ((TypeElement) field.getEnclosingElement()).getQualifiedName() + "." + field.getSimpleName();
    }

    private Optional<TypeElement> type(String name) {
        int dot = name.lastIndexOf('.');
        if (dot > 0) {
            Optional<TypeElement> nested =
                    type(name.substring(0, dot)).flatMap(owner -> members.type(owner, name.substring(dot + 1)));
            return nested.isPresent()
                    ? nested
                    : Optional.ofNullable(members.elements().getTypeElement(name));
        }
        for (TypeElement owner : enclosing()) {
            if (owner.getSimpleName().contentEquals(name)) {
                return Optional.of(owner);
            }
            Optional<TypeElement> nested = members.type(owner, name);
            if (nested.isPresent()) {
                return nested;
            }
        }
        return imports.single(members.elements(), name)
                .or(() -> members.topLevel(members.elements().getPackageOf(declaring), name))
                .or(() -> imports.onDemand(members.elements(), name))
                .or(() -> Optional.ofNullable(members.elements().getTypeElement("java.lang." + name)));
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
        return switch (typeName(type)) {
            case "int", "short", "byte", "char" -> ExpressionType.INT;
            case "long" -> ExpressionType.LONG;
            case "boolean" -> ExpressionType.BOOLEAN;
            case "double" -> ExpressionType.DOUBLE;
            case "dev.intaglio.runtime.Label" -> ExpressionType.LABEL;
            case "dev.intaglio.runtime.Gpr" -> ExpressionType.GPR;
            case "dev.intaglio.runtime.Xmm" -> ExpressionType.XMM;
            case "dev.intaglio.runtime.PatchSite" -> ExpressionType.PATCH_SITE;
            case "float" -> ExpressionType.UNKNOWN;
            default ->
                isBox(type) || type.getKind() == TypeKind.TYPEVAR || type.getKind() == TypeKind.ERROR
                        ? ExpressionType.UNKNOWN
                        : ExpressionType.OBJECT;
        };
    }

    /** Whether Java takes a primitive value out of objects of this type by itself. */
    private static boolean isBox(TypeMirror type) {
        return Set.of("Integer", "Long", "Short", "Byte", "Character", "Boolean", "Double", "Float").stream()
                .anyMatch(box -> typeName(type).equals("java.lang." + box));
    }

    /** A type as it is written, without annotations on it. */
    static String typeName(TypeMirror type) {
        if (type.getKind().isPrimitive()) {
            return type.getKind().name().toLowerCase(Locale.ROOT);
        }
        return type instanceof DeclaredType declared
                ? ((TypeElement) declared.asElement()).getQualifiedName().toString()
                : type.toString();
    }
}
