package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code in the place of other code wants a barrier once that was given back; what is refused one is told. */
class BarrierTest {
    private static final int COUNT = 100;

    @TempDir
    private Path folder;

    private static List<Code> pieces(CodeCache cache, int count) {
        try (CodeBuffer buffer = cache.newBuffer()) { // begins where memory is free first
            List<Code> pieces = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                new HandEmitter(buffer).nops(buffer.code(), 32).bytes(0xc3);
                pieces.add(buffer.commit("piece" + i));
            }
            return pieces;
        }
    }

    /** A process that may not use the barrier any more once it has used it. */
    static final class OnceBarred {
        public static void main(String[] arguments) {
            try (CodeCache cache = CodeCache.create()) {
                pieces(cache, COUNT).forEach(Code::close);
                Code first = pieces(cache, 1).get(0);
                Seccomp.refuse(Seccomp.MEMBARRIER);
                List<Code> others = pieces(cache, COUNT - 1);
                System.out.println("the others");
                others.forEach(Code::close);
                pieces(cache, 1).forEach(Code::close);
                System.out.println("one of them again");
                first.close();
            }
        }
    }

    @Test
    void oneBarrierDoesForAllThatWasGivenBackBeforeIt() {
        String output = new ChildJvm().run(folder, OnceBarred.class).output();
        assertThat(output)
                .startsWith("the others")
                .contains("the kernel refuses membarrier")
                .endsWith("one of them again\n");
    }
}
