package dev.intaglio.runtime.call;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
        return of(method, method.getReturnType(), method.getParameterTypes());
    }

    /** The signature of a method handle. */
    static Signature of(MethodHandle method) {
        return of(method, method.type().returnType(), method.type().parameterArray());
    }

    private static Signature of(Object method, Class<?> result, Class<?>[] types) {
        if (types.length > MOST) {
            throw new IllegalArgumentException(
                    method + " has " + types.length + " parameters, but emitted code takes at most " + MOST);
        }
        List<Kind> parameters = new ArrayList<>();
        for (Class<?> type : types) {
            parameters.add(kind(method, type));
        }
        return new Signature(kind(method, result), parameters);
    }

    private static Kind kind(Object method, Class<?> type) {
        Optional<Kind> kind = Kind.of(type);
        if (kind.isEmpty()) {
            throw unknown(method, type);
        }
        return kind.get();
    }

    private static IllegalArgumentException unknown(Object method, Class<?> type) {
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
        List<Method> methods = new ArrayList<>();
        for (Method method : type.getMethods()) { // no stream: see ClassFile
            if (Modifier.isAbstract(method.getModifiers()) && !isOfObject(method) && !repeats(methods, method)) {
                methods.add(method);
            }
        }
        if (methods.size() != 1) {
            throw new IllegalArgumentException(
                    type.getName() + " has " + methods.size() + " abstract methods; bind to an interface that has one");
        }
        return methods.get(0);
    }

    /** Whether one of them is the same method, inherited from another interface. */
    private static boolean repeats(List<Method> methods, Method method) {
        for (Method other : methods) {
            if (other.getName().equals(method.getName())
                    && Arrays.equals(other.getParameterTypes(), method.getParameterTypes())) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is one of the public methods of {@link Object} that an interface may repeat. */
    private static boolean isOfObject(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        return switch (method.getName()) {
            case "equals" -> parameters.length == 1 && parameters[0] == Object.class;
            case "hashCode", "toString" -> parameters.length == 0;
            default -> false;
        };
    }

    /** The method type of a caller that takes the address first. */
    MethodType addressed() {
        return plain().insertParameterTypes(0, long.class);
    }

    /** The method type without the address. */
    MethodType plain() {
        Class<?>[] types = new Class<?>[parameters.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = parameters.get(i).type();
        }
        return MethodType.methodType(result.type(), types);
    }

    /** As class files spell it, with the address first if there is one; a method type would take longer to make, and is seldom needed. */
    String descriptor(boolean addressed) {
        StringBuilder text = new StringBuilder(addressed ? "(J" : "(");
        for (Kind kind : parameters) {
            text.append(kind.descriptor());
        }
        return text.append(')').append(result.descriptor()).toString();
    }

    /** Local variable slots of the parameters. */
    int slots() {
        int slots = 0;
        for (Kind kind : parameters) {
            slots += kind.slots();
        }
        return slots;
    }

    /** Like {@code long (long, double)}. */
    @Override
    public String toString() {
        return plain().toString();
    }
}
