package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class ListingTest {
    @Test
    void aListingShowsAddressBytesSourceAndLabels() {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer().withListing()) {
            HandEmitter emitter = new HandEmitter(buffer);
            Label loop = buffer.newLabel("loop");
            emitter.bind(loop);
            int jump = emitter.code.size();
            emitter.jump(loop);
            int move = emitter.code.size();
            emitter.constant(0, 0x1122334455667788L, false);
            emitter.note(jump, move, 0x1122334455667788L);
            emitter.callAddress(0x4000);
            String listing = buffer.commit("spin").listing().replaceAll("7[0-9a-f]{11}", "ADDRESS");
            String call = listing.lines()
                    .filter(line -> line.contains("ff 15"))
                    .findFirst()
                    .orElseThrow();
            assertThat(listing.replace(call + "\n", "")).isEqualTo("""
                            spin: 26 bytes at 0xADDRESS
                            .code
                            loop:
                              ; Hand.jumps(target=loop)
                              ADDRESS  eb fe                          jmp =>target                                  ; Hand.java:7
                              ADDRESS  48 b8 88 77 66 55 44 33 22 11  mov rax, 0x1122334455667788                   ; Hand.java:8
                            .data
                              ADDRESS  00 40 00 00 00 00 00 00        .qword 0x4000
                            """);
        }
    }

    @Test
    void aCallThatJavaLinesSplitIsNamedOnce() {
        StencilSource source = new StencilSource(
                "Ops",
                "Ops.java",
                "twice",
                new String[] {"n"},
                new StencilLine(3, "code", "nop"),
                new StencilLine(5, "code", "ret"));
        EmissionNote first = new EmissionNote(source, new int[] {0, 0}, new Object[] {1}, new long[0]);
        EmissionNote second = new EmissionNote(source, new int[] {1, 1}, new Object[] {1}, new long[0]);
        assertThat(second.continues(first)).isTrue();
        assertThat(first.continues(second)).isFalse();
        assertThat(first.continues(first)).isFalse();
        assertThat(second.call()).isEqualTo("Ops.twice(n=1)");
    }

    @Test
    void operandsStandInTheText() {
        StencilLine line = new StencilLine(1, "code", "mov [rdi + {0}], {1}");
        assertThat(line.text(-8, 65536)).isEqualTo("mov [rdi - 8], 0x10000");
        assertThat(line.text(1)).isEqualTo("mov [rdi + 1], {1}");
    }

    @Test
    void withoutNotesTheBytesAreDumped() {
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer()) {
            HandEmitter emitter =
                    new HandEmitter(buffer).nops(buffer.code(), 17).hex("c3");
            emitter.bytes(emitter.cold, 0xcc);
            String listing = buffer.commit("nops").listing().replaceAll("7[0-9a-f]{11}", "ADDRESS");
            assertThat(listing).isEqualTo("""
                            nops: 19 bytes at 0xADDRESS
                            .code
                              ADDRESS  90 90 90 90 90 90 90 90 90 90 90 90 90 90 90 90
                              ADDRESS  90 c3
                            .cold
                              ADDRESS  cc
                            (source lines are shown for code of a buffer that notes them: cache.newBuffer().withListing())
                            """);
        }
    }

    @Test
    void numbersAreWrittenInTheSameDigitsEverywhere() {
        Locale locale = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try (CodeCache cache = CodeCache.options().size(1 << 20).create();
                CodeBuffer buffer = cache.newBuffer()) {
            Code code = new HandEmitter(buffer).hex("31c0c3").commit("zero", buffer);
            assertThat(String.format("%d", 3)).as("digits of this locale").isEqualTo("\u0663");
            assertThat(code.listing()).startsWith("zero: 3 bytes at 0x");
            assertThat(cache.statistics().toString())
                    .startsWith("hot 512 KiB, ")
                    .matches("\\p{ASCII}+");
            assertThat(cache.describe()).matches("\\p{ASCII}+");
        } finally {
            Locale.setDefault(locale);
        }
    }
}
