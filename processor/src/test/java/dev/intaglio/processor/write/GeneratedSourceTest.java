package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The Java of an emitter, as a person would read it; {@code -Dgolden=bless} writes the expected text anew. */
class GeneratedSourceTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/FloatOpsEmitter.java.txt");

    @Test
    void theEmitterReadsLikeThis() throws IOException {
        String source = floatOps().source();
        if ("bless".equals(System.getProperty("golden"))) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, source);
        }
        assertThat(source).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void theSameInterfaceGivesTheSameText() {
        assertThat(floatOps().source()).isEqualTo(floatOps().source());
    }

    private static CompiledEmitter floatOps() {
        return CompiledEmitter.of("FloatOps")
                .constant("LOCALS", 72)
                .stencil("loadFast(int index, Label unbound)", """
                    | mov  rdi, [r13 + LOCALS + index*8]
                    | test rdi, rdi
                    | jz   =>unbound
                    | inc  qword [rdi]
                    """)
                .stencil("release(long dealloc)", """
                    | dec  qword [rdi]
                    | jz   >1
                    |.cold
                    |1:
                    | call dealloc
                    | jmp  >2
                    |.code
                    |2:
                    """)
                .stencil("popJump(int reg, boolean branchOnTrue, Label target)", """
                    | test Rd(reg), Rd(reg)
                    if (branchOnTrue) {
                    | jnz  =>target
                    } else {
                    | jz   =>target
                    }
                    """)
                .compile();
    }
}
