package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The vector, mask, MMX and x87 registers in an image of XSAVE (SDM Vol. 1, 13.4): the lowest 16 bytes of a vector lie apart from
 * the upper half of ymm, and both from the upper half of zmm. x87's registers lie there in the order of the stack, its tags in
 * the order of the registers, a bit each (SDM Vol. 1, 10.5.1).
 */
final class VectorImage {
    static final int VECTOR = 64;

    /** An x87 register. */
    static final int WIDE = 10;

    private static final int STATUS_AT = 2;
    private static final int TAGS_AT = 4;
    private static final int STACK_AT = 32;
    private static final int XMM_AT = 160;
    private static final int HEADER_AT = 512;
    private static final int UPPER_YMM_AT = 576;
    private static final long[] NUMBERS = {
        0,
        -1,
        0x3FF0000000000000L,
        0xBFF8000000000000L,
        0x7FF0000000000000L,
        0x7FF8000000000000L,
        0x3F8000003F800000L,
        0xC0000000BF800000L,
        0x7F8000007FC00000L,
        0x3C00BC0044007C00L,
        0x8000000080000000L,
        0x0102030405060708L
    };

    /**
     * Where the system's processor has what.
     *
     * @param components the bits of XCR0
     */
    record Layout(int components, int masksAt, int upperZmmAt, int zmm16At) {
        boolean hasMasks() {
            return (components & 0x20) != 0;
        }

        boolean hasUpperYmm() {
            return (components & 4) != 0;
        }

        int vectors() {
            return hasMasks() ? 32 : 16;
        }
    }

    private final Layout layout;
    private final byte[] bytes;

    VectorImage(Layout layout, byte[] bytes) {
        this.layout = layout;
        this.bytes = bytes;
    }

    /** Registers drawn at random; rounding and exceptions as the ABI wants them. */
    static VectorImage random(Layout layout, Random random) {
        VectorImage image = new VectorImage(layout, new byte[Processor.IMAGE]);
        ByteBuffer header = ByteBuffer.wrap(image.bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort(0, (short) 0x37F);
        header.putInt(24, 0x1F80);
        header.putLong(HEADER_AT, layout.components());
        for (int i = 0; i < layout.vectors(); i++) {
            image.vector(i, randomBytes(random, VECTOR));
        }
        for (int i = 0; i < 8; i++) {
            image.put(new Register(RegisterClass.MMX, i), randomBytes(random, 8));
            if (layout.hasMasks()) {
                image.put(new Register(RegisterClass.MASK, i), randomBytes(random, 8));
            }
        }
        return image;
    }

    private static byte[] randomBytes(Random random, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putLong(random.nextInt(3) == 0 ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextLong());
        }
        return bytes.array();
    }

    byte[] bytes() {
        return bytes;
    }

    /** Fills x87: the stack stands anywhere, most registers are in use, and what they hold are mostly numbers. */
    void fillStack(Random random) {
        bytes[STATUS_AT + 1] = (byte) (random.nextInt(256) & 0x7F);
        bytes[TAGS_AT] = (byte) (random.nextInt(256) | random.nextInt(256));
        for (int i = 0; i < 8; i++) {
            stack(i, wide(random));
        }
    }

    private static byte[] wide(Random random) {
        ByteBuffer value = ByteBuffer.allocate(WIDE).order(ByteOrder.LITTLE_ENDIAN);
        int kind = random.nextInt(10);
        value.putLong(kind == 0 ? 0 : kind == 1 ? Long.MIN_VALUE : random.nextLong() | Long.MIN_VALUE);
        int exponent = kind == 0 ? 0 : kind == 1 || kind == 2 ? 0x7FFF : 0x3FFF - 20 + random.nextInt(60);
        value.putShort((short) (exponent | (random.nextBoolean() ? 0x8000 : 0)));
        return value.array();
    }

    /** Takes over x87's control, status and tags. */
    void putStackState(VectorImage other) {
        System.arraycopy(other.bytes, 0, bytes, 0, TAGS_AT + 1);
    }

    /** The register that is the stack's top. */
    int top() {
        return bytes[STATUS_AT + 1] >> 3 & 7;
    }

    /** The condition code C2: that a number was too large to reduce, with which nothing is done. */
    boolean isOutOfReach() {
        return (bytes[STATUS_AT + 1] & 4) != 0;
    }

    /** Whether the register of this number, whatever its place on the stack, is in use. */
    boolean isTagged(int register) {
        return (bytes[TAGS_AT] >> register & 1) != 0;
    }

    /** The x87 register of this number, whatever its place on the stack. */
    byte[] stackRegister(int register) {
        return stack(register - top() & 7);
    }

    /** The x87 register that is {@code place} below the top. */
    byte[] stack(int place) {
        return Arrays.copyOfRange(bytes, STACK_AT + place * 16, STACK_AT + place * 16 + WIDE);
    }

    void stack(int place, byte[] value) {
        System.arraycopy(value, 0, bytes, STACK_AT + place * 16, WIDE);
    }

    VectorImage copy() {
        return new VectorImage(layout, bytes.clone());
    }

    /** The bytes of a register, as many as it has. */
    byte[] get(Register register) {
        return switch (register.kind()) {
            case MASK ->
                Arrays.copyOfRange(
                        bytes, layout.masksAt() + register.number() * 8, layout.masksAt() + register.number() * 8 + 8);
            case MMX ->
                Arrays.copyOfRange(bytes, STACK_AT + register.number() * 16, STACK_AT + register.number() * 16 + 8);
            default -> Arrays.copyOf(vector(register.number()), register.kind().bytes());
        };
    }

    /** Sets the bytes of a register; a vector's upper ones stay. */
    void put(Register register, byte[] value) {
        switch (register.kind()) {
            case MASK -> System.arraycopy(value, 0, bytes, layout.masksAt() + register.number() * 8, 8);
            case MMX -> System.arraycopy(value, 0, bytes, STACK_AT + register.number() * 16, 8);
            default -> {
                byte[] whole = vector(register.number());
                System.arraycopy(value, 0, whole, 0, value.length);
                vector(register.number(), whole);
            }
        }
    }

    /** Sets the bytes of a vector register and clears those above. */
    void putAlone(Register register, byte[] value) {
        vector(register.number(), Arrays.copyOf(value, VECTOR));
    }

    /** All registers, for a comparison. */
    List<Register> registers() {
        List<Register> all = new java.util.ArrayList<>();
        for (int i = 0; i < layout.vectors(); i++) {
            all.add(new Register(layout.hasMasks() ? RegisterClass.ZMM : RegisterClass.YMM, i));
        }
        for (int i = 0; i < 8; i++) {
            all.add(new Register(RegisterClass.MMX, i));
            if (layout.hasMasks()) {
                all.add(new Register(RegisterClass.MASK, i));
            }
        }
        return all;
    }

    private byte[] vector(int number) {
        byte[] whole = new byte[VECTOR];
        if (number >= 16) {
            System.arraycopy(bytes, layout.zmm16At() + (number - 16) * 64, whole, 0, 64);
            return whole;
        }
        System.arraycopy(bytes, XMM_AT + number * 16, whole, 0, 16);
        System.arraycopy(bytes, UPPER_YMM_AT + number * 16, whole, 16, 16);
        if (layout.hasMasks()) {
            System.arraycopy(bytes, layout.upperZmmAt() + number * 32, whole, 32, 32);
        }
        return whole;
    }

    private void vector(int number, byte[] whole) {
        if (number >= 16) {
            System.arraycopy(whole, 0, bytes, layout.zmm16At() + (number - 16) * 64, 64);
            return;
        }
        System.arraycopy(whole, 0, bytes, XMM_AT + number * 16, 16);
        System.arraycopy(whole, 16, bytes, UPPER_YMM_AT + number * 16, 16);
        if (layout.hasMasks()) {
            System.arraycopy(whole, 32, bytes, layout.upperZmmAt() + number * 32, 32);
        }
    }
}
