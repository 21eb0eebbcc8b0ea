package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who follows rbp from emitted code, as profilers do, comes to its caller and on to Java. */
class FrameWalkTest {

    /** Stores the return addresses of so many frames, its own first, and gives back the rbp of the one behind them. */
    private static Code walker(CodeBuffer buffer) {
        return new HandEmitter(buffer)
                .hex("55 4889e5 4889e8") // push rbp; mov rbp, rsp; mov rax, rbp
                .hex("488b4808 48890f") // 1: mov rcx, [rax + 8]; mov [rdi], rcx
                .hex("4883c708 488b00") // add rdi, 8; mov rax, [rax]
                .hex("48ffce 75ed 5dc3") // dec rsi; jnz <1; pop rbp; ret
                .commit("walker", buffer);
    }

    @Test
    void framesAreLinkedFromEmittedCodeToJava() {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer();
                Memory addresses = new Memory(3 * Long.BYTES);
                Code walker = walker(buffer);
                Code caller = new HandEmitter(buffer)
                        .enterFrame()
                        .callAddress(walker.address())
                        .leaveFrame(0)
                        .hex("c3")
                        .commit("caller", buffer)) {
            long rbp = caller.bind(Nine.class).call(Pointer.nativeValue(addresses), 3, 3, 4, 5, 6, 7, 8, 9);
            List<String> ours = List.of(
                    CodeRegistry.lookup(addresses.getLong(0) - 1).orElseThrow().code(),
                    CodeRegistry.lookup(addresses.getLong(8) - 1).orElseThrow().code());
            assertThat(ours).containsExactly("caller", "intaglio trampoline (JJJJJJJJJ)J");
            long java = addresses.getLong(16);
            assertThat(CodeRegistry.lookup(java)).isEmpty();
            assertThat(Mappings.at(java).orElseThrow().permissions())
                    .as("where HotSpot's code is")
                    .isEqualTo("rwxp");
            assertThat(Mappings.at(rbp).orElseThrow().permissions())
                    .as("the stack")
                    .startsWith("rw-");
        }
    }
}
