package dev.intaglio.tests.bench.formula;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import java.nio.ByteBuffer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** The ways from a tree to something that computes it. */
public enum Maker {
    INTAGLIO("Intaglio"),
    CRITICAL("Intaglio, critical calls"),
    COPY_AND_PATCH("copy-and-patch's encodings, by Intaglio"),
    BYTECODE("JVM bytecode by ASM, a hidden class"),
    JNR("jnr-x86asm, committed and bound by Intaglio"),
    TREE("the tree itself, walked");

    private final String text;

    Maker(String text) {
        this.text = text;
    }

    /** What is made; code is freed with it, classes when nothing refers to them. */
    public record Made<T>(T function, Runnable free) {}

    /** A function of doubles. */
    public Made<DoubleBinaryOperator> doubles(Expression expression, CodeBuffer buffer) {
        return switch (this) {
            case TREE -> new Made<>(expression::value, () -> {});
            case BYTECODE -> new Made<>(Bytecode.compile(expression, DoubleBinaryOperator.class, true), () -> {});
            default -> bound(emitted(expression, buffer, true), DoubleBinaryOperator.class);
        };
    }

    /** A function of longs. */
    public Made<LongBinaryOperator> longs(Expression expression, CodeBuffer buffer) {
        return switch (this) {
            case TREE -> new Made<>(expression::value, () -> {});
            case BYTECODE -> new Made<>(Bytecode.compile(expression, LongBinaryOperator.class, false), () -> {});
            default -> bound(emitted(expression, buffer, false), LongBinaryOperator.class);
        };
    }

    private <T> Made<T> bound(Code code, Class<T> type) {
        return new Made<>(this == CRITICAL ? code.bindCritical(type) : code.bind(type), code::close);
    }

    private Code emitted(Expression expression, CodeBuffer buffer, boolean doubles) {
        if (this == CRITICAL && doubles && buffer.cpu().has("avx")) {
            new UpperEmitter(buffer).clear();
        }
        write(expression, buffer, doubles);
        return buffer.commit("formula");
    }

    /** Emission alone, into the buffer. */
    public void write(Expression expression, CodeBuffer buffer, boolean doubles) {
        Target.Registers registers = doubles ? Target.Registers.DOUBLES : Target.Registers.LONGS;
        switch (this) {
            case COPY_AND_PATCH ->
                Target.compile(
                        expression,
                        doubles
                                ? new DoubleStencilsCopyAndPatchEmitter(buffer)
                                : new LongStencilsCopyAndPatchEmitter(buffer),
                        registers);
            case JNR -> {
                JnrAssembler assembler = new JnrAssembler(doubles);
                Target.compile(expression, assembler, registers);
                Raw raw = new RawEmitter(buffer);
                ByteBuffer bytes = assembler.bytes();
                while (bytes.hasRemaining()) {
                    raw.put(bytes.get());
                }
            }
            default ->
                Target.compile(
                        expression,
                        doubles ? new DoubleStencilsEmitter(buffer) : new LongStencilsEmitter(buffer),
                        registers);
        }
    }

    /** Whether it writes machine code, which lies in a code cache. */
    public boolean emits() {
        return this != BYTECODE && this != TREE;
    }

    /** Whether this JVM has it. */
    public boolean isThere() {
        return this != CRITICAL || Runtime.version().feature() >= 22;
    }

    @Override
    public String toString() {
        return text;
    }
}
