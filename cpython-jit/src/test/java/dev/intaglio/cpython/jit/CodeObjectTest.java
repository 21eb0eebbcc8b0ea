package dev.intaglio.cpython.jit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CodeObjectTest {
    /** {@code for x in y: pass}: the builder of this must outlive what it built. */
    private final NativeCode loop = new NativeCode()
            .op("RESUME")
            .op("LOAD_FAST")
            .op("GET_ITER")
            .op("FOR_ITER", 2)
            .op("STORE_FAST", 1)
            .op("JUMP_BACKWARD", 3)
            .op("LOAD_CONST")
            .op("RETURN_VALUE");

    private final NativeCode other = new NativeCode();

    @Test
    void depthsFollowControlFlow() {
        CodeObject code = loop.build(2, 2);
        assertThat(code.depth(3)).as("FOR_ITER").isEqualTo(1);
        assertThat(code.depth(4)).as("inside").isEqualTo(2);
        assertThat(code.depth(5)).as("JUMP_BACKWARD").isEqualTo(1);
        assertThat(code.depth(6)).as("behind").isZero();
        assertThat(code.depth(7)).isEqualTo(1);
    }

    @Test
    void loopsAndTargetsAreKnown() {
        CodeObject code = loop.build(2, 2);
        assertThat(code.loops()).isTrue();
        assertThat(code.isTarget(3)).isTrue();
        assertThat(code.isTarget(6)).isTrue();
        assertThat(code.isTarget(4)).isFalse();
        assertThat(other.op("LOAD_CONST").op("RETURN_VALUE").build(0, 1).loops())
                .isFalse();
    }

    @Test
    void inlineCachesBelongToTheirInstruction() {
        CodeObject code = other.op("LOAD_GLOBAL", 1)
                .op("LOAD_FAST")
                .op("BINARY_SUBSCR")
                .op("RETURN_VALUE")
                .build(1, 3);
        assertThat(code.at(0).next()).isEqualTo(6);
        assertThat(code.at(6).opcode()).isEqualTo(Opcode.LOAD_FAST);
        assertThat(code.at(7).next()).isEqualTo(12);
        assertThat(code.at(12).opcode()).isEqualTo(Opcode.RETURN_VALUE);
        assertThat(code.at(3)).as("inside of a cache").isNull();
        assertThat(code.depth(12)).isEqualTo(2);
        assertThat(code.unknown()).isEmpty();
        assertThat(code.loops()).as("caches jump nowhere").isFalse();
    }

    @Test
    void extendedArgumentsAreOneInstruction() {
        CodeObject code = other.op("LOAD_CONST", 0x12345).op("RETURN_VALUE").build(0, 1);
        Instruction load = code.at(0);
        assertThat(load.argument()).isEqualTo(0x12345);
        assertThat(load.unit()).isEqualTo(2);
        assertThat(load.next()).isEqualTo(3);
        assertThat(code.previous(code.at(3))).isEqualTo(load);
    }

    @Test
    void specializedInstructionsAreWhatTheyWere() {
        CodeObject code = other.raw(45, 0, 0) // LOAD_FAST__LOAD_CONST
                .op("LOAD_CONST")
                .raw(4, 0, 1) // BINARY_OP_ADD_FLOAT
                .op("RETURN_VALUE")
                .build(1, 2);
        assertThat(code.at(0).opcode()).isEqualTo(Opcode.LOAD_FAST);
        assertThat(code.at(2).opcode()).isEqualTo(Opcode.BINARY_OP);
        assertThat(code.depth(4)).isEqualTo(1);
    }

    @Test
    void handlersOfExceptionsAreNotReached() {
        CodeObject code = other.op("LOAD_CONST")
                .op("RETURN_VALUE")
                .op("PUSH_EXC_INFO")
                .op("RERAISE")
                .build(0, 2);
        assertThat(code.reached(1)).isTrue();
        assertThat(code.reached(2)).isFalse();
        assertThat(code.unknown()).isEmpty();
    }

    @Test
    void theFirstUnknownInstructionThatIsReachedIsTold() {
        CodeObject code =
                other.op("NOP").op("LOAD_BUILD_CLASS").op("RETURN_VALUE").build(0, 1);
        assertThat(code.unknown()).hasValueSatisfying(instruction -> {
            assertThat(instruction.unit()).isEqualTo(1);
            assertThat(instruction).hasToString("2 opcode 71 0");
        });
    }

    @Test
    void differentDepthsAtOnePlaceAreRefused() {
        // The branch taken has one value less than the one that falls through.
        other.op("LOAD_FAST").op("POP_JUMP_FORWARD_IF_TRUE", 1).op("LOAD_FAST").op("RETURN_VALUE");
        assertThatThrownBy(() -> other.build(1, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unit 3 of advance:75");
    }

    @Test
    void generatorsAndClassBodiesAreNoPlainFunctions() {
        int optimized = 0x1;
        int newLocals = 0x2;
        int generator = 0x20;
        other.op("RETURN_VALUE");
        assertThat(other.flags(optimized | newLocals).build(0, 1).isPlainFunction())
                .isTrue();
        assertThat(other.flags(optimized | newLocals | generator).build(0, 1).isPlainFunction())
                .isFalse();
        assertThat(other.flags(newLocals).build(0, 1).isPlainFunction()).isFalse();
    }

    @Test
    void namesOfKeywordsAreFoundBehindPrecall() {
        CodeObject code = other.op("KW_NAMES", 1)
                .op("PRECALL", 2)
                .op("CALL", 2)
                .op("RETURN_VALUE")
                .constants(111, 222)
                .build(0, 4);
        assertThat(code.keywords(code.at(3))).hasValue(222L);
        NativeCode without =
                new NativeCode().op("LOAD_CONST").op("PRECALL", 0).op("CALL", 0).op("RETURN_VALUE");
        CodeObject plain = without.build(0, 4);
        assertThat(plain.keywords(plain.at(3))).isEmpty();
    }

    @Test
    void onlyASumThatIsStoredAtOnceMayAppend() {
        int add = 0;
        int multiply = 5;
        CodeObject sum = other.op("LOAD_FAST")
                .op("LOAD_FAST")
                .op("BINARY_OP", add)
                .op("STORE_FAST", 3)
                .op("LOAD_FAST")
                .op("LOAD_FAST")
                .op("BINARY_OP", multiply)
                .op("STORE_FAST", 3)
                .op("LOAD_CONST")
                .op("RETURN_VALUE")
                .build(4, 2);
        assertThat(sum.storeOfSum(sum.at(2)))
                .hasValueSatisfying(store -> assertThat(store.argument()).isEqualTo(3));
        assertThat(sum.storeOfSum(sum.at(7))).isEmpty();
    }

    @Test
    void codePrintsAsItsNameAndLine() {
        assertThat(loop.build(2, 2)).hasToString("advance:75");
    }
}
