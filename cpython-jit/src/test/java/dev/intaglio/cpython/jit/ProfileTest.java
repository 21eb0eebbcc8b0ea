package dev.intaglio.cpython.jit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProfileTest {
    private final NativeCode source = new NativeCode()
            .op("LOAD_GLOBAL", 1)
            .op("LOAD_FAST")
            .op("BINARY_OP")
            .op("RETURN_VALUE");
    private final CodeObject code = source.build(1, 3);
    private final Profile profile = new Profile(code, 100, 20);
    private final Instruction sum = code.at(7);

    @Test
    void nothingIsKnownAtFirst() {
        assertThat(profile.type(sum, Profile.Note.LEFT)).isEqualTo(Profile.NEVER);
        assertThat(profile.refused(sum)).isFalse();
        assertThat(profile.leftOften(sum)).isFalse();
        assertThat(Native.word(profile.loop(3))).isZero();
        assertThat(Native.word(profile.global(code.at(0)))).isZero();
        assertThat(Native.word(profile.entryCounter())).isEqualTo(100);
        assertThat(Native.word(profile.exitCounter())).isEqualTo(20);
    }

    @Test
    void everyNoteHasACellOfItsOwn() {
        long value = 7;
        for (Profile.Note note : Profile.Note.values()) {
            Native.word(profile.cell(sum, note), value++);
        }
        value = 7;
        for (Profile.Note note : Profile.Note.values()) {
            assertThat(profile.type(sum, note)).isEqualTo(value++);
            assertThat(profile.type(code.at(6), note)).isEqualTo(Profile.NEVER);
        }
    }

    @Test
    void whatFailedTooOftenCountsAsManyTypes() {
        Native.word(profile.cell(sum, Profile.Note.LEFT), 4096);
        profile.refuse(sum.start());
        assertThat(profile.type(sum, Profile.Note.LEFT)).isEqualTo(Profile.MANY);
        assertThat(profile.refused(sum)).isTrue();
    }

    @Test
    void exitsAreCountedByInstructionAndReason() {
        count(Profile.site(sum, Reason.TYPE), 3);
        assertThat(profile.leftOften(sum)).isFalse();
        assertThat(profile.metDictionaries(sum)).isFalse();
        count(Profile.site(sum, Reason.DICTIONARY), 4);
        assertThat(profile.leftOften(sum)).isTrue();
        assertThat(profile.metDictionaries(sum)).isTrue();
        assertThat(profile.leftOften(code.at(6))).isFalse();
        profile.forgetExits();
        assertThat(profile.leftOften(sum)).isFalse();
        assertThat(profile.metDictionaries(sum)).as("is remembered").isTrue();
    }

    /** As the exits' common end does it. */
    private void count(int site, int times) {
        var counter = new com.sun.jna.Pointer(profile.sites() + 4L * site);
        counter.setInt(0, counter.getInt(0) + times);
    }

    @Test
    void loopsHaveTheirEntryAndTheirBackEdges() {
        profile.backEdges(60);
        profile.loopEntry(2, 0x1234);
        assertThat(Native.word(profile.loop(2))).isEqualTo(0x1234);
        assertThat(Native.word(profile.loop(2) + 8)).isEqualTo(60);
        assertThat(Native.word(profile.loop(1))).isZero();
    }
}
