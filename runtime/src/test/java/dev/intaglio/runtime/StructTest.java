package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import java.lang.ref.Reference;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Emitted code gets pointers to native structures, as the manual tells. */
class StructTest {

    /** {@code struct { long first; int second; double third; }}, whose fields are aligned as in C. */
    @FieldOrder({"first", "second", "third"})
    public static class Three extends Structure {
        public long first;
        public int second;
        public double third;
    }

    @Test
    void aStructureIsReadAndWritten() {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer()) {
            Code code = new HandEmitter(buffer)
                    .hex("48634708") // movsxd rax, dword [rdi + 8]
                    .hex("480307") // add rax, [rdi]
                    .hex("f20f104710") // movsd xmm0, [rdi + 16]
                    .hex("f20f58c0") // addsd xmm0, xmm0
                    .hex("f20f114710") // movsd [rdi + 16], xmm0
                    .hex("48c70705000000") // mov qword [rdi], 5
                    .hex("c3")
                    .commit("sum", buffer);
            LongUnaryOperator sum = code.bind(LongUnaryOperator.class);
            Three three = new Three();
            three.first = 1L << 40;
            three.second = -2;
            three.third = 1.25;
            three.write();
            long result = sum.applyAsLong(Pointer.nativeValue(three.getPointer()));
            three.read();
            Reference.reachabilityFence(three);
            assertThat(result).isEqualTo((1L << 40) - 2);
            assertThat(three.first).isEqualTo(5);
            assertThat(three.third).isEqualTo(2.5);
        }
    }
}
