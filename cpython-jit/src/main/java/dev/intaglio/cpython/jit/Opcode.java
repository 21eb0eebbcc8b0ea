package dev.intaglio.cpython.jit;

import java.util.HashMap;
import java.util.Map;

/** The opcodes of 3.11 that the compiler knows, and those that the interpreter rewrites them to (opcode.h). */
enum Opcode {
    POP_TOP(1),
    PUSH_NULL(2),
    NOP(9),
    UNARY_POSITIVE(10),
    UNARY_NEGATIVE(11),
    UNARY_NOT(12),
    UNARY_INVERT(15),
    BEFORE_WITH(53),
    BINARY_SUBSCR(25, 17, 18, 19, 20, 21),
    STORE_SUBSCR(60, 168, 169, 170),
    DELETE_SUBSCR(61),
    GET_ITER(68),
    LOAD_ASSERTION_ERROR(74),
    RETURN_GENERATOR(75),
    LIST_TO_TUPLE(82),
    RETURN_VALUE(83),
    UNPACK_SEQUENCE(92, 177, 178, 179, 180),
    FOR_ITER(93),
    STORE_ATTR(95, 153, 154, 158, 159),
    DELETE_ATTR(96),
    STORE_GLOBAL(97),
    SWAP(99),
    LOAD_CONST(100, 44),
    BUILD_TUPLE(102),
    BUILD_LIST(103),
    BUILD_SET(104),
    BUILD_MAP(105),
    LOAD_ATTR(106, 39, 40, 41, 42, 43),
    COMPARE_OP(107, 26, 27, 28, 29),
    JUMP_FORWARD(110),
    JUMP_IF_FALSE_OR_POP(111),
    JUMP_IF_TRUE_OR_POP(112),
    POP_JUMP_FORWARD_IF_FALSE(114),
    POP_JUMP_FORWARD_IF_TRUE(115),
    LOAD_GLOBAL(116, 47, 48, 55),
    IS_OP(117),
    CONTAINS_OP(118),
    RERAISE(119),
    COPY(120),
    BINARY_OP(122, 3, 4, 5, 6, 7, 8, 13, 14, 16),
    LOAD_FAST(124, 45, 46),
    STORE_FAST(125, 161, 167),
    DELETE_FAST(126),
    POP_JUMP_FORWARD_IF_NOT_NONE(128),
    POP_JUMP_FORWARD_IF_NONE(129),
    RAISE_VARARGS(130),
    MAKE_FUNCTION(132),
    BUILD_SLICE(133),
    MAKE_CELL(135),
    LOAD_CLOSURE(136),
    LOAD_DEREF(137),
    STORE_DEREF(138),
    JUMP_BACKWARD(140, 38),
    CALL_FUNCTION_EX(142),
    EXTENDED_ARG(144, 34),
    LIST_APPEND(145),
    SET_ADD(146),
    MAP_ADD(147),
    COPY_FREE_VARS(149),
    RESUME(151, 150),
    FORMAT_VALUE(155),
    BUILD_CONST_KEY_MAP(156),
    BUILD_STRING(157),
    LOAD_METHOD(160, 56, 57, 58, 59, 62, 63),
    LIST_EXTEND(162),
    SET_UPDATE(163),
    DICT_MERGE(164),
    DICT_UPDATE(165),
    PRECALL(166, 64, 65, 66, 67, 72, 73, 76, 77, 78, 79, 80, 81, 113, 121, 127, 141, 143),
    CALL(171, 22, 23, 24),
    KW_NAMES(172),
    POP_JUMP_BACKWARD_IF_NOT_NONE(173),
    POP_JUMP_BACKWARD_IF_NONE(174),
    POP_JUMP_BACKWARD_IF_FALSE(175),
    POP_JUMP_BACKWARD_IF_TRUE(176),
    UNKNOWN(-1);

    private static final Map<Integer, Opcode> BY_NUMBER = new HashMap<>();

    static {
        for (Opcode opcode : values()) {
            BY_NUMBER.put(opcode.number, opcode);
            for (int specialized : opcode.specialized) {
                BY_NUMBER.put(specialized, opcode);
            }
        }
    }

    private final int number;
    private final int[] specialized;

    Opcode(int number, int... specialized) {
        this.number = number;
        this.specialized = specialized;
    }

    /** The opcode of this number, or what one of this number was before the interpreter specialized it. */
    static Opcode of(int number) {
        return BY_NUMBER.getOrDefault(number, UNKNOWN);
    }

    /** Code units behind the instruction that belong to the interpreter's inline caches (pycore_opcode.h). */
    int caches() {
        return switch (this) {
            case STORE_SUBSCR, UNPACK_SEQUENCE, BINARY_OP, PRECALL -> 1;
            case COMPARE_OP -> 2;
            case BINARY_SUBSCR, STORE_ATTR, LOAD_ATTR, CALL -> 4;
            case LOAD_GLOBAL -> 5;
            case LOAD_METHOD -> 10;
            default -> 0;
        };
    }

    boolean jumpsForward() {
        return switch (this) {
            case FOR_ITER,
                    JUMP_FORWARD,
                    JUMP_IF_FALSE_OR_POP,
                    JUMP_IF_TRUE_OR_POP,
                    POP_JUMP_FORWARD_IF_FALSE,
                    POP_JUMP_FORWARD_IF_TRUE,
                    POP_JUMP_FORWARD_IF_NONE,
                    POP_JUMP_FORWARD_IF_NOT_NONE -> true;
            default -> false;
        };
    }

    boolean jumpsBackward() {
        return switch (this) {
            case JUMP_BACKWARD,
                    POP_JUMP_BACKWARD_IF_FALSE,
                    POP_JUMP_BACKWARD_IF_TRUE,
                    POP_JUMP_BACKWARD_IF_NONE,
                    POP_JUMP_BACKWARD_IF_NOT_NONE -> true;
            default -> false;
        };
    }

    /** The jump that pops its condition, without its direction. */
    boolean popsAndJumps() {
        return name().startsWith("POP_JUMP_");
    }

    /** Whether nothing follows it. */
    boolean ends() {
        return switch (this) {
            case RETURN_VALUE, JUMP_FORWARD, JUMP_BACKWARD, RAISE_VARARGS, RERAISE, UNKNOWN -> true;
            default -> false;
        };
    }
}
