package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.EmissionException;
import dev.intaglio.runtime.Label;
import dev.intaglio.runtime.PatchSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code .patch} marks is found where the runtime patches it. */
class PatchSitesTest {
    private CodeCache cache;
    private CodeBuffer buffer;

    @BeforeEach
    void open() {
        Assumptions.assumeTrue(CodeCache.isSupported());
        cache = CodeCache.options().size(1 << 20).create();
        buffer = cache.newBuffer(16 << 10);
    }

    @AfterEach
    void close() {
        if (cache != null) {
            cache.close();
        }
    }

    @Test
    void branchesToLocalLabelsArePatched() {
        CompiledEmitter compiled = CompiledEmitter.of("Patched")
                .stencil("choose(PatchSite jump, PatchSite branch, Label two, Label three)", """
                    |.patch jump, jmp >1
                    |=>two: mov eax, 2
                    | ret
                    |1: cmp rdi, 7
                    |.patch branch, je =>two
                    | mov eax, 1
                    | ret
                    |.cold
                    |=>three: mov eax, 3
                    | ret
                    """)
                .compile();
        PatchSite jump = new PatchSite("jump");
        PatchSite branch = new PatchSite("branch");
        Label two = new Label();
        Label three = new Label();
        compiled.on(buffer).emit("choose", jump, branch, two, three);
        Code code = buffer.commit("choose");
        assertThat(code.call(7)).isEqualTo(2);
        assertThat(code.call(8)).isEqualTo(1);
        branch.patch(three.address());
        assertThat(code.call(7)).isEqualTo(3);
        assertThat(code.call(8)).isEqualTo(1);
        jump.patch(three.address());
        assertThat(code.call(8)).isEqualTo(3);
    }

    @Test
    void constantsOfChosenRegistersArePatched() {
        CompiledEmitter compiled = CompiledEmitter.of("Constants")
                .stencil("load(int register, PatchSite wide, PatchSite narrow, long value)", """
                    | push rbx
                    | push r12
                    |.patch wide, mov Rq(register), value
                    |.patch narrow, mov edx, 0
                    | lea rax, [Rq(register) + rdx]
                    | pop r12
                    | pop rbx
                    | ret
                    """)
                .compile();
        for (int register : new int[] {1, 3, 8, 12}) {
            PatchSite wide = new PatchSite();
            PatchSite narrow = new PatchSite();
            compiled.on(buffer).emit("load", register, wide, narrow, 0L);
            Code code = buffer.commit("load");
            assertThat(code.call()).isZero();
            wide.patch(0x0123456789abcdefL);
            narrow.patch(0x10);
            assertThat(code.call()).isEqualTo(0x0123456789abcdffL);
        }
        assertThatThrownBy(() -> compiled.on(buffer).emit("load", 16, new PatchSite(), new PatchSite(), 0L))
                .isInstanceOf(EmissionException.class);
    }

    @Test
    void codeAroundAPatchedInstructionIsNotRewritten() {
        CompiledEmitter compiled =
                CompiledEmitter.of("Kept").stencil("next(PatchSite site)", """
                    |.patch site, jmp >1
                    |1: mov eax, 5
                    | ret
                    """).compile();
        PatchSite site = new PatchSite();
        compiled.on(buffer).emit("next", site);
        Code code = buffer.commit("next");
        assertThat(code.size()).isEqualTo(11);
        assertThat(code.call()).isEqualTo(5);
        assertThat(site.value()).isEqualTo(code.address() + 5);
    }

    @Test
    void aCallOfAnAddressIsPatched() {
        CompiledEmitter compiled = CompiledEmitter.of("Calls")
                .stencil("constant(int value)", """
                    | mov eax, value
                    | ret
                    """)
                .stencil("calls(PatchSite site, long target)", """
                    | sub rsp, 8
                    |.patch site, call target
                    | add rsp, 8
                    | ret
                    """)
                .compile();
        compiled.on(buffer).emit("constant", 11);
        Code first = buffer.commit("first");
        compiled.on(buffer).emit("constant", 22);
        Code second = buffer.commit("second");
        PatchSite site = new PatchSite();
        compiled.on(buffer).emit("calls", site, first.address());
        Code code = buffer.commit("calls");
        assertThat(code.call()).isEqualTo(11);
        site.patch(second.address());
        assertThat(code.call()).isEqualTo(22);
    }
}
