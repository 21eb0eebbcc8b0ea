package dev.intaglio.cpython.jit;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Addresses of libpython's functions, types and objects. */
final class Api {
    private static final String[] BINARY = {
        "Add",
        "And",
        "FloorDivide",
        "Lshift",
        "MatrixMultiply",
        "Multiply",
        "Remainder",
        "Or",
        "Power",
        "Rshift",
        "Subtract",
        "TrueDivide",
        "Xor"
    };

    private final ToLongFunction<String> symbols;
    private final Map<String, Long> known = new HashMap<>();
    private final Map<String, Long> strings = new HashMap<>();

    final long dealloc;
    final long yes;
    final long no;
    final long none;
    final long floatType;
    final long intType;
    final long boolType;
    final long listType;
    final long tupleType;
    final long stringType;
    final long rangeIterator;
    final long listIterator;
    final long tupleIterator;
    final long smallInts;

    Api(ToLongFunction<String> symbols) {
        this.symbols = symbols;
        dealloc = of("_Py_Dealloc");
        yes = of("_Py_TrueStruct");
        no = of("_Py_FalseStruct");
        none = of("_Py_NoneStruct");
        floatType = of("PyFloat_Type");
        intType = of("PyLong_Type");
        boolType = of("PyBool_Type");
        listType = of("PyList_Type");
        tupleType = of("PyTuple_Type");
        stringType = of("PyUnicode_Type");
        rangeIterator = of("PyRangeIter_Type");
        listIterator = of("PyListIter_Type");
        tupleIterator = of("PyTupleIter_Type");
        smallInts = of("_PyRuntime") + dev.intaglio.stencils.Layout.RUNTIME_SMALL_INTS;
    }

    /** The address of a symbol. */
    long of(String name) {
        return known.computeIfAbsent(name, symbols::applyAsLong);
    }

    /** An interned string, which lives for ever. */
    long string(String text) {
        return strings.computeIfAbsent(
                text,
                t -> Function.getFunction(new Pointer(of("PyUnicode_InternFromString")))
                        .invokeLong(new Object[] {t}));
    }

    /** Calls a function of addresses that returns one. */
    long call(String function, Object... arguments) {
        return Function.getFunction(new Pointer(of(function))).invokeLong(arguments);
    }

    /** The function of the C API for the operator of BINARY_OP. */
    long binary(int operator) {
        return operator < BINARY.length
                ? of("PyNumber_" + BINARY[operator])
                : of("PyNumber_InPlace" + BINARY[operator - BINARY.length]);
    }

    /** The operator without regard to whether it works in place. */
    static String operator(int number) {
        return BINARY[number % BINARY.length];
    }
}
