package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.EmissionException;
import dev.intaglio.runtime.Label;
import dev.intaglio.runtime.LinkException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class JavaLinesTest {
    private final CodeBuffer buffer = CodeBuffer.detached(0x7000_0000_0000L);

    @Test
    void stencilsAndHelpersAreCalledBetweenLines() {
        CompiledEmitter compiled = CompiledEmitter.of("Calls")
                .method("twice", ExpressionType.INT, "default int twice(int x) { return 2 * x; }")
                .method("wide", ExpressionType.LONG, "static long wide(int x) { return x + 1L; }")
                .method("stops", ExpressionType.UNKNOWN, "default void stops() { stop(); stop(); }")
                .stencil("stop()", "| ret\n")
                .stencil("whole(int n)", """
                    | mov eax, twice(n)
                    stops();
                    | add rcx, [rdi + twice(n) + twice(n)*4]
                    stop();
                    | inc eax
                    """)
                .compile();
        compiled.on(buffer).emit("whole", 10);
        assertCode("mov eax, 20; ret; ret; add rcx, [rdi + 100]; ret; inc eax");
    }

    /** What computes a label may emit its code, also in the sections that the stencil itself goes on in. */
    @Test
    void stencilsAreCalledWithinLabels() {
        CompiledEmitter compiled = CompiledEmitter.of("Labels")
                .method("slow", ExpressionType.LABEL, """
                        default dev.intaglio.runtime.Label slow(int n) {
                            Label here = new Label();
                            path(here, n);
                            return here;
                        }""")
                .stencil("path(Label here, int n)", """
                    |.cold
                    |=>here:
                    | mov edx, n
                    | ud2
                    """)
                .stencil("test(int n)", """
                    | jz >1
                    | jnz =>slow(n)
                    | ret
                    |.cold
                    |1:
                    | inc eax
                    | ud2
                    |.dword =>slow(7) - =>slow(9)
                    """)
                .compile();
        compiled.on(buffer).emit("test", 3);
        long cold = buffer.cold().base() - buffer.code().base();
        CodeBuffer.Image image = buffer.image();
        assertThat(Images.hex(image.cold()))
                .isEqualTo(Images.assembled("mov edx, 3; ud2; mov edx, 7; ud2; mov edx, 9; ud2; inc eax; ud2")
                        + " F9 FF FF FF");
        ByteBuffer code = ByteBuffer.wrap(image.code()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(code.getInt(2) + 6).isEqualTo(cold + 3 * 7);
        assertThat(code.getInt(8) + 12).isEqualTo(cold);
    }

    @Test
    void anOffsetThatCarriesALocalLabelOutOfReachIsRefused() {
        CompiledEmitter compiled = CompiledEmitter.of("Far")
                .stencil("ahead(long n)", "| lea rax, [>1 + n]\n|1: ret\n")
                .stencil("back(long n)", "|1: jmp <1 + n\n")
                .stencil("aside(int n)", "| jmp >1 - n\n|.cold\n|1: ret\n")
                .compile();
        CompiledEmitter.Instance emitter = compiled.on(buffer);
        for (String stencil : new String[] {"ahead", "back"}) {
            assertThatThrownBy(() -> emitter.emit(stencil, 1L << 33))
                    .isInstanceOf(EmissionException.class)
                    .hasMessageContaining("label offset is 8589934592");
        }
        assertThatThrownBy(() -> emitter.emit("aside", Integer.MIN_VALUE))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("label offset is 2147483648");
        emitter.emit("back", -(1L << 30));
        assertThat(Images.hex(buffer.image().code())).isEqualTo("E9 FB FF FF BF");
        assertThat(CompiledEmitter.of("Constant")
                        .stencil("ahead()", "| lea rax, [>1 + 0x200000000]\n|1: ret\n")
                        .problems())
                .singleElement()
                .asString()
                .contains("[asm/out-of-range] 8589934592 is too far from the label");
    }

    @Test
    void aReturnKeepsWhatWasEmitted() {
        CompiledEmitter compiled = CompiledEmitter.of("Early")
                .stencil("move(int from, int to)", """
                    if (from == to) {
                    | nop
                        return;
                    }
                    | mov Rq(to), Rq(from)
                    """)
                .compile();
        compiled.on(buffer).emit("move", 1, 1);
        compiled.on(buffer).emit("move", 1, 2);
        assertCode("nop; mov rdx, rcx");
    }

    @Test
    void localsOfJavaLinesAreNumbersInOperands() {
        CompiledEmitter compiled = CompiledEmitter.of("Locals")
                .stencil("saves(int p, int code, int start, int b)", """
                    int value = p * 8;
                    for (int displacement = 0; displacement < start; displacement++) {
                        long position = displacement + (long) b;
                    | mov [rsp + displacement*8 + value], Rq(position)
                    }
                    do {
                    | push code
                        code--;
                    } while (code > 0);
                    """)
                .compile();
        compiled.on(buffer).emit("saves", 1, 2, 2, 8);
        assertCode("mov [rsp + 8], r8; mov [rsp + 16], r9; push 2; push 1");
    }

    @Test
    void everyWayToWriteAChoiceWorks() {
        CompiledEmitter compiled = CompiledEmitter.of("Choices")
                .stencil("choose(int n, boolean flag)", """
                    switch (n) {
                        case 0 -> {
                    | nop
                        }
                        case 1:
                    """.replace("case 1:", "default -> {") + """
                    | ret
                        }
                    }
                    if (flag)
                    | inc eax
                    else
                    | dec eax
                    int i = 0;
                    while (i < n) {
                    | inc ecx; dec ecx
                        i++; // not here: {
                    }
                    """)
                .compile();
        compiled.on(buffer).emit("choose", 0, true);
        compiled.on(buffer).emit("choose", 2, false);
        assertCode("nop; inc eax; ret; dec eax; inc ecx; dec ecx; inc ecx; dec ecx");
    }

    @Test
    void aRunWithoutBytesIsAStatementToo() {
        CompiledEmitter compiled =
                CompiledEmitter.of("Empty").stencil("empty(boolean flag)", """
                    int count = 0;
                    if (flag) // only the text's section
                    |.cold
                    count++;
                    | mov ecx, count
                    """).compile();
        compiled.on(buffer).emit("empty", false);
        assertThat(Images.hex(buffer.image().cold())).isEqualTo(Images.assembled("mov ecx, 1"));
    }

    @Test
    void callsOfUnknownTypeAddUpInSixtyFourBits() {
        CompiledEmitter compiled = CompiledEmitter.of("Sums")
                .method("wide", ExpressionType.LONG, "default long wide() { return 3; }")
                .stencil("sums(int a, long x)", """
                    | mov rax, [rdi + a + Math.max(a, 2L)]
                    | mov rax, [rdi + Math.max(a, 2L) + Math.max(a, 3) - 0x80000000]
                    | mov rax, [rdi + Math.max(x, 2L)*8 + wide() - a]
                    | mov rcx, wide() + a
                    """)
                .compile();
        compiled.on(buffer).emit("sums", 10, 0L);
        assertCode("mov rax, [rdi + 20]; mov rax, [rdi - 0x7fffffec]; mov rax, [rdi + 9]; mov ecx, 13");
        assertThatThrownBy(() -> compiled.on(buffer).emit("sums", 1 << 30, 0L)).isInstanceOf(EmissionException.class);
    }

    @Test
    void aLabelThatTheJavaDidNotDefineIsAnErrorAtLink() {
        CompiledEmitter compiled =
                CompiledEmitter.of("Unbound").stencil("skip(boolean flag)", """
                    | jmp >1
                    if (flag) {
                    |1:
                    }
                    """).compile();
        compiled.on(buffer).emit("skip", true);
        assertThat(Images.hex(buffer.image().code())).isEqualTo("E9 00 00 00 00");
        compiled.on(buffer).emit("skip", false);
        assertThatThrownBy(buffer::image)
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("Unbound.skip (Unbound.java:1)")
                .hasMessageContaining("jmp >1");
    }

    @Test
    void aValueOutOfRangeIsNamedAndNothingIsEmitted() {
        CompiledEmitter compiled = CompiledEmitter.of("Ranges")
                .stencil("store(Label here, long offset, int to)", """
                    |=>here:
                    | mov eax, 1
                    | mov [rdi + offset*8], Rq(to)
                    |.cold
                    | ret
                    """)
                .compile();
        Label here = new Label("here");
        CompiledEmitter.Instance emitter = compiled.on(buffer);
        assertThatThrownBy(() -> emitter.emit("store", here, 1L << 28, 3))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("Ranges.store (Ranges.java:3)")
                .hasMessageContaining("mov [rdi + offset*8], Rq(to)")
                .hasMessageContaining("32-bit displacement is 2147483648")
                .hasMessageContaining("-2147483648 to 2147483647");
        assertThatThrownBy(() -> emitter.emit("store", here, 1L, 16))
                .isInstanceOf(EmissionException.class)
                .hasMessageContaining("register")
                .hasMessageContaining("16");
        assertThat(buffer.size()).isZero();
        emitter.emit("store", here, 1L, 15);
        assertCode("mov eax, 1; mov [rdi + 8], r15");
    }

    @Test
    void parametersMayHaveTheNamesOfWhatTheEmitterUses() {
        CompiledEmitter compiled = CompiledEmitter.of("Names")
                .stencil("all(int b, int p, int q, int code, int cold, int start, long value, int displacement)", """
                    | mov rax, [rdi + b + p + q]
                    | mov rcx, [rdi + code + cold + start + displacement]
                    |.cold
                    | mov rdx, value
                    """)
                .stencil(
                        "calls(long bytes, long position, int reserve, int full, int record, int listing, int put8)",
                        """
                    | mov rax, bytes
                    | push position
                    | push reserve + full + record + listing + put8
                    """)
                .compile();
        compiled.on(buffer).emit("all", 1, 2, 3, 4, 5, 6, 7L, 8);
        compiled.on(buffer).emit("calls", 1L, 2L, 3, 4, 5, 6, 7);
        assertCode("mov rax, [rdi + 6]; mov rcx, [rdi + 23]; mov eax, 1; push 2; push 25");
    }

    @Test
    void typedArgumentsStandForTheirNumbersAndBits() {
        CompiledEmitter compiled = CompiledEmitter.of("Typed")
                .stencil("all(Gpr to, Xmm x, double d, boolean flag)", """
                    | mov Rq(to), d
                    | addsd xmm(x), xmm(x)
                    | mov cl, flag
                    if (flag) {
                    | nop
                    }
                    """)
                .compile();
        compiled.on(buffer).emit("all", dev.intaglio.runtime.Gpr.R9, dev.intaglio.runtime.Xmm.XMM8, 1.5, true);
        assertCode("mov r9, 0x3FF8000000000000; addsd xmm8, xmm8; mov cl, 1; nop");
    }

    @Test
    void labelsOfAllKindsMeetInData() {
        CompiledEmitter compiled = CompiledEmitter.of("Data")
                .stencil("table(Label outside, int n)", """
                    |.data
                    |.align 8
                    |1:
                    |.qword >2, <1
                    |.dword =>outside - ., >2 - <1
                    |.word n, 0x1234
                    |.byte 1, n, -1
                    |2:
                    |.code
                    |=>outside:
                    | lea rax, [<1]
                    | mov dword [<2 + 4], 9
                    |->end:
                    | jmp ->end
                    """)
                .compile();
        long code = buffer.code().base();
        long data = buffer.data().base();
        compiled.on(buffer).emit("table", new Label(), 5);
        CodeBuffer.Image image = buffer.image();
        ByteBuffer bytes = ByteBuffer.wrap(image.data()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getLong()).isEqualTo(data + 31);
        assertThat(bytes.getLong()).isEqualTo(data);
        assertThat(bytes.getInt()).isEqualTo((int) (code - (data + 16)));
        assertThat(bytes.getInt()).isEqualTo(31);
        assertThat(bytes.getShort()).isEqualTo((short) 5);
        assertThat(bytes.getShort()).isEqualTo((short) 0x1234);
        assertThat(image.data()).hasSize(31).endsWith(1, 5, -1);
        bytes = ByteBuffer.wrap(image.code()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(code + 7 + bytes.getInt(3)).isEqualTo(data);
        assertThat(code + 17 + bytes.getInt(9)).isEqualTo(data + 31 + 4);
        assertThat(bytes.getInt(13)).isEqualTo(9);
        assertThat(Images.hex(image.code())).endsWith("EB FE");
    }

    @Test
    void localBranchesTakeTwoBytesWhereTheDistanceIsBounded() {
        CompiledEmitter compiled = CompiledEmitter.of("Near")
                .stencil("loop(int n, boolean flag)", """
                    if (flag) {
                    |1:
                    | dec Rq(n)
                    | jz >2
                    | jrcxz >2
                    | mov [Rq(n)], rax
                    | jmp <1
                    |2:
                    }
                    |1:
                    | jmp <1
                    """)
                .compile();
        compiled.on(buffer).emit("loop", 6, true);
        assertThat(Images.hex(buffer.image().code()))
                .isEqualTo(Images.assembled("dec rsi") + " 74 07 E3 05 " + Images.assembled("mov [rsi], rax")
                        + " EB F4 EB FE");
    }

    private void assertCode(String instructions) {
        assertThat(Images.hex(buffer.image().code())).isEqualTo(Images.assembled(instructions));
    }
}
