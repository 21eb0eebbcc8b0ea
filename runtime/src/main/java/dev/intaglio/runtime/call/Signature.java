package dev.intaglio.runtime.call;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The parameters and the result of emitted code as Java sees them.
 *
 * @param result what is returned, in rax or xmm0
 * @param parameters what is passed, in order
 */
record Signature(Kind result, List<Kind> parameters) {
    private static final int MOST = 32;

    Signature {
        parameters = List.copyOf(parameters);
    }

    /** The signature of a method, which must use only the types that emitted code knows. */
    static Signature of(Method method) {
        if (method.getParameterCount() > MOST) {
            throw new IllegalArgumentException(method + " has " + method.getParameterCount()
                    + " parameters, but emitted code takes at most " + MOST);
        }
        List<Kind> parameters = new ArrayList<>();
        for (Class<?> type : method.getParameterTypes()) {
            parameters.add(Kind.of(type).orElseThrow(() -> unknown(method, type)));
        }
        Class<?> result = method.getReturnType();
        return new Signature(Kind.of(result).orElseThrow(() -> unknown(method, result)), parameters);
    }

    private static IllegalArgumentException unknown(Method method, Class<?> type) {
        return new IllegalArgumentException("emitted code cannot be bound to " + method + ": " + type.getTypeName()
                + " is not among long, int, double, boolean"
                + (type.isPrimitive()
                        ? ""
                        : "; generic interfaces box their"
                                + " arguments, so use one with primitive types, such as LongUnaryOperator"));
    }

    /** The one abstract method of a functional interface. */
    static Method method(Class<?> type) {
        if (!type.isInterface()) {
            throw new IllegalArgumentException(type.getName() + " is not an interface; bind to a functional interface");
        }
        List<Method> methods = Arrays.stream(type.getMethods())
                .filter(m -> Modifier.isAbstract(m.getModifiers()) && !isOfObject(m))
                .toList();
        if (methods.size() != 1) {
            throw new IllegalArgumentException(
                    type.getName() + " has " + methods.size() + " abstract methods; bind to an interface that has one");
        }
        return methods.get(0);
    }

    private static boolean isOfObject(Method method) {
        try {
            Object.class.getMethod(method.getName(), method.getParameterTypes());
            return true;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /** The method type of a caller that takes the address first. */
    MethodType addressed() {
        return plain().insertParameterTypes(0, long.class);
    }

    /** The method type without the address. */
    MethodType plain() {
        return MethodType.methodType(
                result.type(), parameters.stream().<Class<?>>map(Kind::type).toList());
    }

    /** Local variable slots of the parameters. */
    int slots() {
        return parameters.stream().mapToInt(Kind::slots).sum();
    }

    /** Like {@code long (long, double)}. */
    @Override
    public String toString() {
        return plain().toString();
    }
}
