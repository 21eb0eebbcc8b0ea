package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodeRegistryTest {
    private static final int RETURN = 0xc3;

    @Test
    void anAddressIsFoundWithPieceStencilFileAndLine() {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer().withListing()) {
            HandEmitter emitter = new HandEmitter(buffer);
            Label loop = buffer.newLabel("loop");
            emitter.bind(loop);
            emitter.jump(loop);
            int move = emitter.code.size();
            emitter.constant(0, 0x1122334455667788L, false);
            emitter.note(0, move, 0x1122334455667788L);
            try (Code code = buffer.commit("spin")) {
                assertThat(CodeRegistry.lookup(code.address() + move - 1))
                        .hasToString("Optional[spin+0x1, Hand.jumps (Hand.java:7): jmp =>target]");
                CodePlace place = CodeRegistry.lookup(code.address() + move + 9).orElseThrow();
                assertThat(place.code()).isEqualTo("spin");
                assertThat(place.section()).isEqualTo("code");
                assertThat(place.offset()).isEqualTo(move + 9);
                assertThat(place.source())
                        .hasValue(new CodePlace.Source("Hand.jumps", "Hand.java", 8, "mov rax, 0x1122334455667788"));
                assertThat(CodeRegistry.lookup(code.address() + move + 10)).isEmpty();
            }
        }
    }

    @Test
    void theRightOneOfManyPiecesAndCachesIsFound() {
        try (CodeCache first = CodeCache.options().size(1 << 20).create();
                CodeCache second = CodeCache.options().size(1 << 20).create();
                CodeBuffer ofFirst = first.newBuffer();
                CodeBuffer ofSecond = second.newBuffer()) {
            for (int i = 0; i < 20; i++) {
                CodeBuffer buffer = i % 2 == 0 ? ofFirst : ofSecond;
                HandEmitter emitter = new HandEmitter(buffer).nops(buffer.code(), i);
                emitter.bytes(RETURN).bytes(emitter.cold, RETURN);
                Code code = buffer.commit("piece" + i);
                assertThat(CodeRegistry.lookup(code.address() + i))
                        .hasToString("Optional[piece" + i + "+0x" + Integer.toHexString(i) + "]");
                assertThat(CodeRegistry.lookup(code.parts().get(1).address()))
                        .hasToString("Optional[piece" + i + ".cold+0x0]");
            }
        }
    }

    @Test
    void whatLiesInNoOpenCacheIsNotFound() {
        long address;
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer()) {
            new HandEmitter(buffer).bytes(RETURN);
            address = buffer.commit("gone").address();
            assertThat(CodeRegistry.lookup(address)).isPresent();
        }
        assertThat(CodeRegistry.lookup(address)).isEmpty();
        assertThat(CodeRegistry.lookup(0)).isEmpty();
        assertThat(CodeRegistry.lookup(-1)).isEmpty();
    }

    @Test
    void codeThatOthersKeepIsFoundAsClosed() {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer()) {
            HandEmitter emitter = new HandEmitter(buffer);
            emitter.bytes(RETURN);
            Code callee = buffer.commit("callee");
            long address = callee.address();
            emitter.jumpAddress(address);
            Code caller = buffer.commit("caller");
            callee.close();
            assertThat(CodeRegistry.lookup(address)).hasToString("Optional[callee+0x0, closed]");
            caller.close();
            assertThat(CodeRegistry.lookup(address)).isEmpty();
        }
    }
}
