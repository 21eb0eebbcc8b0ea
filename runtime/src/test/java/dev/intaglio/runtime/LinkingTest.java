package dev.intaglio.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class LinkingTest {
    private static final long BASE = 0x7e00_0000_0000L;

    private final CodeBuffer buffer = CodeBuffer.detached(BASE);
    private final HandEmitter emitter = new HandEmitter(buffer);
    private final Label label = new Label("loop");

    @Test
    void aBackwardJumpIsTwoBytesUpTo128BytesBack() {
        emitter.bind(label).nops(emitter.code, 126).jump(label);
        byte[] code = buffer.image().code();
        assertThat(code).hasSize(128).endsWith(0xeb, 0x80);
    }

    @Test
    void aBackwardJumpBeyondThatIsFiveBytes() {
        emitter.bind(label).nops(emitter.code, 127).jump(label);
        byte[] code = buffer.image().code();
        assertThat(code).hasSize(132).endsWith(0xe9, 0x7c, 0xff, 0xff, 0xff);
    }

    @Test
    void aBackwardBranchTakesTwoOrSixBytes() {
        emitter.bind(label).nops(emitter.code, 126).branch(5, label);
        assertThat(buffer.image().code()).hasSize(128).endsWith(0x75, 0x80);
        emitter.bind(label).nops(emitter.code, 127).branch(5, label);
        assertThat(buffer.image().code()).hasSize(133).endsWith(0x0f, 0x85, 0x7b, 0xff, 0xff, 0xff);
    }

    @Test
    void aBoundLabelAheadTakesTheShortFormUpTo127Bytes() {
        emitter.bind(label).jump(label, 129);
        assertThat(hex(buffer.image().code())).isEqualTo("eb7f");
        emitter.bind(label).jump(label, 130);
        assertThat(hex(buffer.image().code())).isEqualTo("e97d000000");
    }

    @Test
    void forwardReferencesAreLinked() {
        emitter.jump(label)
                .branch(4, label)
                .call(label)
                .relative(label, 1)
                .bytes(0xcc)
                .bind(label);
        assertThat(hex(buffer.image().code()))
                .isEqualTo("e913000000" + "0f840d000000" + "e808000000" + "488d0500000000" + "cc");
    }

    @Test
    void codeReachesColdAndColdReachesCode() {
        emitter.jump(label).bind(label, emitter.cold);
        Label back = new Label("back");
        emitter.bind(back).jump(emitter.cold, back, 0);
        CodeBuffer.Image image = buffer.image();
        assertThat(hex(image.code())).isEqualTo("e9fbffff00");
        assertThat(hex(image.cold())).isEqualTo("e9000000ff");
    }

    @Test
    void aRel8FieldReaches127BytesForwardAndNoFurther() {
        emitter.jrcxz(label).nops(emitter.code, 127).bind(label);
        assertThat(buffer.image().code()).startsWith(0xe3, 0x7f);
        emitter.jrcxz(label).nops(emitter.code, 128).bind(label);
        assertThatThrownBy(buffer::image)
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("label loop is 128 bytes away, out of the reach of a 1-byte field")
                .hasMessageContaining("Hand.jumps (Hand.java:7)");
    }

    @Test
    void aRel8FieldReaches128BytesBackAndNoFurther() {
        emitter.bind(label).nops(emitter.code, 126).jrcxz(label);
        assertThat(buffer.image().code()).endsWith(0xe3, 0x80);
        emitter.bind(label).nops(emitter.code, 127);
        assertThatThrownBy(() -> emitter.jrcxz(label)).isInstanceOf(LinkException.class);
    }

    @Test
    void anAddressFieldHoldsLabelPlusOffset() {
        emitter.qword(emitter.data, label, 3).nops(emitter.code, 2).bind(label).qword(emitter.data, label, 0);
        assertThat(buffer.image().data()).isEqualTo(longs(BASE + 5, BASE + 2));
    }

    @Test
    void distancesCountFromALabelOrFromTheirField() {
        Label head = new Label("head");
        emitter.bind(head).nops(emitter.code, 16);
        for (int width : new int[] {1, 2, 4, 8}) {
            emitter.distance(emitter.code, width, label, head, 1);
        }
        emitter.distance(emitter.code, 4, label, null, 0).bind(label);
        String code = hex(buffer.image().code()).substring(32);
        assertThat(code).isEqualTo("24" + "2400" + "24000000" + "2400000000000000" + "04000000");
    }

    @Test
    void aDistanceThatDoesNotFitItsFieldIsAnError() {
        emitter.distance(emitter.code, 1, label, null, 0)
                .nops(emitter.code, 127)
                .bind(label);
        assertThatThrownBy(buffer::image).isInstanceOf(LinkException.class).hasMessageContaining("128 bytes away");
    }

    @Test
    void anUnboundLabelIsNamedWithStencilAndLine() {
        emitter.jump(label);
        assertThatThrownBy(buffer::image)
                .isInstanceOf(LinkException.class)
                .hasMessage("Hand.jumps (Hand.java:7): `jmp =>target`: label loop is not bound;"
                        + " bind it before commit: emit the stencil of this piece that has `=>label:`, or `->name:`");
    }

    @Test
    void aLabelOfAnEarlierPieceIsNotBoundInThisOne() {
        emitter.bind(label);
        buffer.image();
        emitter.jump(label);
        assertThatThrownBy(buffer::image)
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("it was bound in another piece; to reach that one, pass label.address()");
    }

    @Test
    void aLabelIsBoundOnceInAPiece() {
        emitter.bind(label);
        assertThatThrownBy(() -> emitter.bind(label))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("label loop is already bound, by Hand.jumps (Hand.java:7): `jmp =>target`");
        buffer.reset();
        emitter.nops(emitter.code, 3).bind(label);
        assertThat(label.address()).isEqualTo(BASE + 3);
    }

    @Test
    void aPieceThatWasLinkedGoesOnAsIfItHadNotBeen() {
        CodeBuffer.Image once = linked(() -> {});
        assertThat(hex(once.code()))
                .startsWith("55" + "4889e5" + "4881ec20000000") // push rbp; mov rbp, rsp; sub rsp, 32
                .endsWith("c9" + "c3");
        CodeBuffer.Image again = linked(buffer::link);
        assertThat(again.code()).isEqualTo(once.code());
        assertThat(again.cold()).isEqualTo(once.cold());
    }

    private CodeBuffer.Image linked(Runnable between) {
        emitter.enterFrame().jump(label).bind(label).branch(4, buffer.exitTo(BASE));
        between.run();
        emitter.callAddress(0x4000).branch(5, buffer.exitTo(BASE));
        between.run();
        emitter.branch(6, buffer.exitTo(BASE + 1)).leaveFrame(24).bytes(0xc3);
        return buffer.image();
    }

    /** What it stores there would overwrite the caller's frame. */
    @Test
    void aFrameThatNobodyMakesIsAnError() {
        emitter.leaveFrame(24).bytes(0xc3);
        assertThatThrownBy(buffer::link)
                .isInstanceOf(LinkException.class)
                .hasMessage(
                        "Hand.jumps (Hand.java:7): `jmp =>target`: it needs a frame of 24 bytes, and no stencil of this piece makes"
                                + " one; emit one that says `.enter` first");
        emitter.enterFrame();
        assertThat(buffer.image().code()).isNotEmpty();
    }

    @Test
    void globalLabelsAreFreshInEachPiece() {
        for (int piece = 0; piece < 2; piece++) {
            emitter.jump(emitter.globalLabel(1)).bind(emitter.globalLabel(1));
            assertThat(hex(buffer.image().code())).isEqualTo("e900000000");
        }
        assertThat(emitter.globalLabel(0).name()).isEqualTo("head");
    }

    @Test
    void aSectionOfTheUsersHasAddressesOfItsOwn() {
        Section late = emitter.named("late");
        emitter.jump(label).bind(label, late).bytes(late, 0xc3);
        assertThat(label.address()).isEqualTo(late.base()).isGreaterThan(emitter.code.base());
        assertThat(emitter.named("late")).isSameAs(late);
        assertThat(emitter.named("code")).isSameAs(emitter.code);
    }

    @Test
    void aValueThatDoesNotFitLeavesThePieceAsItWas() {
        emitter.nops(emitter.code, 1);
        assertThatThrownBy(() -> emitter.throwOutOfRange(300))
                .hasMessage(
                        "Hand.jumps (Hand.java:8): `mov rax, {0}`: the immediate is 300, but only -128 to 127 can be"
                                + " encoded");
        assertThat(hex(buffer.image().code())).isEqualTo("90");
    }

    @Test
    void aStencilThatFailedHalfwaySpoilsThePiece() {
        emitter.bind(label);
        assertThatThrownBy(() -> emitter.bind(label)).isInstanceOf(EmissionException.class);
        assertThatThrownBy(buffer::image)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a stencil failed halfway: Hand.jumps (Hand.java:7)")
                .hasMessageEndingWith("reset the buffer and emit the piece again");
        buffer.reset();
        emitter.nops(emitter.code, 1);
        assertThat(hex(buffer.image().code())).isEqualTo("90");
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** What falls through to it would run into the jumps. */
    @Test
    void coldCodeBehindTheExitsOfALinkIsRefused() {
        emitter.branch(4, buffer.exitTo(BASE)).bytes(0xc3);
        buffer.link();
        emitter.nops(emitter.cold, 1);
        assertThatThrownBy(buffer::link)
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("cold code was emitted behind the jumps out of the piece")
                .hasMessageContaining("reset the buffer");
        buffer.reset();
        emitter.nops(emitter.cold, 1).bytes(0xc3);
        buffer.link();
    }
}
