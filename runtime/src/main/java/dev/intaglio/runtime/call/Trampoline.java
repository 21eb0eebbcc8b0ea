package dev.intaglio.runtime.call;

import java.io.ByteArrayOutputStream;

/**
 * The code between a static native method {@code (address, arguments)} and the emitted code at that address, or between one without
 * the address and the code that it is made for: it undoes what JNI put before the arguments (JNIEnv, class, address), so that they
 * lie where the System V ABI (3.2.3) wants them.
 */
final class Trampoline {
    private static final int INTEGER_REGISTERS = 6;
    private static final int SSE_REGISTERS = 8;
    /** JNIEnv and class come first. */
    private static final int BEFORE = 2;

    /** {@code mov rdi, rdx; mov rsi, rcx; mov rdx, r8; mov rcx, r9}. */
    private static final int[][] WITHOUT_ADDRESS = {
        {0x48, 0x89, 0xd7}, {0x48, 0x89, 0xce}, {0x4c, 0x89, 0xc2}, {0x4c, 0x89, 0xc9}
    };

    /** {@code mov rdi, rcx; mov rsi, r8; mov rdx, r9}. */
    private static final int[][] WITH_ADDRESS = {{0x48, 0x89, 0xcf}, {0x4c, 0x89, 0xc6}, {0x4c, 0x89, 0xca}};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int before;

    private Trampoline(int before) {
        this.before = before;
    }

    /** Whether the arguments arrive in registers; one trampoline serves all such signatures. */
    static boolean isPlain(Signature signature) {
        int integers = 0;
        int doubles = 0;
        for (Kind kind : signature.parameters()) {
            if (kind == Kind.DOUBLE) {
                doubles++;
            } else {
                integers++;
            }
        }
        return integers + BEFORE + 1 <= INTEGER_REGISTERS && doubles <= SSE_REGISTERS;
    }

    /** The trampoline of a signature; position independent, and the same for every address. */
    static byte[] of(Signature signature) {
        Trampoline trampoline = new Trampoline(BEFORE + 1);
        trampoline.put(0x48, 0x89, 0xd0); // mov rax, rdx: the address
        return trampoline.write(signature);
    }

    /** The trampoline of a signature to the code at one address. */
    static byte[] to(long address, Signature signature) {
        Trampoline trampoline = new Trampoline(BEFORE);
        trampoline.put(0x48, 0xb8); // mov rax, imm64
        trampoline.put4((int) address);
        trampoline.put4((int) (address >> Integer.SIZE));
        return trampoline.write(signature);
    }

    private byte[] write(Signature signature) {
        int integers = 0;
        int doubles = 0;
        int incoming = 0;
        int[] loads = new int[before];
        int loadCount = 0;
        int[] copies = new int[signature.parameters().size()];
        int copyCount = 0;
        for (Kind kind : signature.parameters()) {
            boolean onStack;
            boolean staysOnStack;
            if (kind == Kind.DOUBLE) {
                onStack = doubles >= SSE_REGISTERS;
                staysOnStack = onStack;
                doubles++;
            } else {
                onStack = integers + before >= INTEGER_REGISTERS;
                staysOnStack = integers >= INTEGER_REGISTERS;
                integers++;
            }
            if (staysOnStack) {
                copies[copyCount++] = incoming;
            } else if (onStack) {
                loads[loadCount++] = incoming;
            }
            incoming += onStack ? 1 : 0;
        }
        if (copyCount == 0) {
            shiftRegisters(integers);
            load(loads, loadCount, false);
            put(0xff, 0xe0); // jmp rax
        } else {
            put(0x55, 0x48, 0x89, 0xe5); // push rbp; mov rbp, rsp
            put(0x48, 0x81, 0xec); // sub rsp, imm32
            put4(8 * (copyCount + (copyCount & 1)));
            shiftRegisters(integers);
            load(loads, loadCount, true);
            for (int i = 0; i < copyCount; i++) {
                put(0x4c, 0x8b, 0x95); // mov r10, [rbp + disp32]
                put4(16 + 8 * copies[i]);
                put(0x4c, 0x89, 0x94, 0x24); // mov [rsp + disp32], r10
                put4(8 * i);
            }
            put(0xff, 0xd0, 0xc9, 0xc3); // call rax; leave; ret
        }
        return bytes.toByteArray();
    }

    /** As many as there are arguments; all where one trampoline serves many signatures, also those with fewer. */
    private void shiftRegisters(int integers) {
        int[][] shifts = before == BEFORE ? WITHOUT_ADDRESS : WITH_ADDRESS;
        int count = before == BEFORE ? Math.min(integers, shifts.length) : shifts.length;
        for (int i = 0; i < count; i++) {
            put(shifts[i]);
        }
    }

    /** The last integer arguments, two or three, come from the stack into rcx, r8, r9. */
    private void load(int[] slots, int count, boolean framed) {
        for (int i = 0; i < count; i++) {
            int last = i + BEFORE + 1 - before;
            int register = last == 0 ? 1 : last - 1; // rcx; r8 and r9 are 0 and 1 with REX.R
            put(last == 0 ? 0x48 : 0x4c, 0x8b);
            if (framed) {
                put(0x85 | register << 3); // [rbp + disp32]: behind rbp and the return address
                put4(16 + 8 * slots[i]);
            } else {
                put(0x84 | register << 3, 0x24); // [rsp + disp32]: behind the return address
                put4(8 + 8 * slots[i]);
            }
        }
    }

    private void put(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
    }

    private void put4(int value) {
        put(value, value >> 8, value >> 16, value >> 24);
    }
}
