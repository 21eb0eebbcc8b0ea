package dev.intaglio.cpython.jit;

/**
 * One bytecode instruction.
 *
 * @param start its first code unit, an EXTENDED_ARG where it has one
 * @param unit the code unit of its opcode
 * @param next the code unit of the instruction behind it and its inline caches
 * @param opcode what it was before the interpreter specialized it
 * @param number the opcode's number as it stands
 * @param argument its argument, extended
 */
record Instruction(int start, int unit, int next, Opcode opcode, int number, int argument) {
    /** The code unit of the instruction that it may jump to. */
    int target() {
        return opcode.jumpsBackward() ? next - argument : next + argument;
    }

    /** How many values it adds to the stack where it does not jump. */
    int effect() {
        return switch (opcode) {
            case POP_TOP,
                    BINARY_OP,
                    BINARY_SUBSCR,
                    COMPARE_OP,
                    IS_OP,
                    CONTAINS_OP,
                    STORE_FAST,
                    STORE_DEREF,
                    STORE_GLOBAL,
                    LIST_APPEND,
                    LIST_EXTEND,
                    SET_ADD,
                    SET_UPDATE,
                    DICT_MERGE,
                    DICT_UPDATE,
                    DELETE_ATTR,
                    RETURN_VALUE,
                    JUMP_IF_FALSE_OR_POP,
                    JUMP_IF_TRUE_OR_POP -> -1;
            case STORE_ATTR, DELETE_SUBSCR, MAP_ADD -> -2;
            case STORE_SUBSCR -> -3;
            case PUSH_NULL,
                    LOAD_CONST,
                    LOAD_FAST,
                    LOAD_CLOSURE,
                    LOAD_DEREF,
                    COPY,
                    LOAD_METHOD,
                    FOR_ITER,
                    BEFORE_WITH,
                    LOAD_ASSERTION_ERROR -> 1;
            case LOAD_GLOBAL -> 1 + (argument & 1);
            case CALL -> -1 - argument;
            case BUILD_TUPLE, BUILD_LIST, BUILD_SET, BUILD_STRING -> 1 - argument;
            case BUILD_CONST_KEY_MAP -> -argument;
            case MAKE_FUNCTION -> -Integer.bitCount(argument & 0xF);
            case CALL_FUNCTION_EX -> -2 - (argument & 1);
            case BUILD_MAP -> 1 - 2 * argument;
            case BUILD_SLICE -> argument == 3 ? -2 : -1;
            case FORMAT_VALUE -> (argument & 4) != 0 ? -1 : 0;
            case UNPACK_SEQUENCE -> argument - 1;
            default -> opcode.popsAndJumps() ? -1 : 0;
        };
    }

    /** How many values it adds to the stack where it jumps. */
    int jumpEffect() {
        return switch (opcode) {
            case FOR_ITER -> -1;
            case JUMP_IF_FALSE_OR_POP, JUMP_IF_TRUE_OR_POP -> 0;
            default -> effect();
        };
    }

    @Override
    public String toString() {
        return 2 * unit + " " + (opcode == Opcode.UNKNOWN ? "opcode " + number : opcode) + " " + argument;
    }
}
