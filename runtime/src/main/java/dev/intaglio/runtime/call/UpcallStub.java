package dev.intaglio.runtime.call;

import com.sun.jna.Pointer;
import java.io.ByteArrayOutputStream;

/**
 * Code at the address of an upcall. It takes arguments by the System V ABI (3.2.3) and gives them to a static method as an array of
 * {@code jvalue} (JNI specification, CallStatic…MethodA).
 */
final class UpcallStub {
    private static final int INTEGER_REGISTERS = 6;
    private static final int SSE_REGISTERS = 8;
    private static final int JNI_VERSION = 0x0001_0008;
    /** In the table of the invocation interface. */
    private static final int GET_ENV = 6;

    private static final int EXCEPTION_CHECK = 228;

    /** REX, and the ModRM byte of {@code mov [rsp + disp32], register}: rdi, rsi, rdx, rcx, r8, r9. */
    private static final int[][] STORES = {
        {0x48, 0xbc}, {0x48, 0xb4}, {0x48, 0x94}, {0x48, 0x8c}, {0x4c, 0x84}, {0x4c, 0x8c}
    };

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private UpcallStub() {}

    /** {@code mov r11, address; jmp r11}. */
    static byte[] jump(long address) {
        UpcallStub stub = new UpcallStub();
        stub.put(0x49, 0xbb).put8(address).put(0x41, 0xff, 0xe3);
        return stub.bytes.toByteArray();
    }

    /** Gets the environment of the thread, calls the method, and returns zero where an exception is pending. */
    static byte[] throughJni(Signature signature, long javaVm, long type, long method) {
        return new UpcallStub().write(signature, javaVm, type, method);
    }

    private byte[] write(Signature signature, long javaVm, long type, long method) {
        boolean isDouble = signature.result() == Kind.DOUBLE;
        int values = 8 * signature.parameters().size();
        put(0x55, 0x48, 0x89, 0xe5); // push rbp; mov rbp, rsp
        put(0x48, 0x81, 0xec).put4(values + 16 + 15 & -16); // sub rsp, imm32
        storeArguments(signature);
        long getEnv = new Pointer(javaVm).getPointer(0).getLong(8L * GET_ENV);
        put(0x48, 0xbf).put8(javaVm); // mov rdi, imm64
        put(0x48, 0x8d, 0x75, 0xf8); // lea rsi, [rbp - 8]
        put(0xba).put4(JNI_VERSION); // mov edx, imm32
        put(0x48, 0xb8).put8(getEnv).put(0xff, 0xd0); // mov rax, imm64; call rax
        put(0x85, 0xc0, 0x74, 0x08); // test eax, eax; jz over what returns zero
        returnZero();
        checkException();
        put(0x48, 0xbe).put8(type); // mov rsi, imm64
        put(0x48, 0xba).put8(method); // mov rdx, imm64
        put(0x48, 0x89, 0xe1); // mov rcx, rsp
        call(slot(signature.result()));
        if (isDouble) {
            put(0xf2, 0x0f, 0x11, 0x45, 0xf0); // movsd [rbp - 16], xmm0
        } else {
            put(0x48, 0x89, 0x45, 0xf0); // mov [rbp - 16], rax
        }
        checkException();
        if (isDouble) {
            put(0xf2, 0x0f, 0x10, 0x45, 0xf0); // movsd xmm0, [rbp - 16]
        } else {
            put(0x48, 0x8b, 0x45, 0xf0); // mov rax, [rbp - 16]
        }
        put(0xc9, 0xc3); // leave; ret
        return bytes.toByteArray();
    }

    private void storeArguments(Signature signature) {
        int integers = 0;
        int doubles = 0;
        int onStack = 0;
        int place = 0;
        for (Kind kind : signature.parameters()) {
            if (kind == Kind.DOUBLE && doubles < SSE_REGISTERS) {
                put(0xf2, 0x0f, 0x11, 0x84 | doubles++ << 3, 0x24).put4(place); // movsd [rsp + disp32], xmmN
            } else if (kind != Kind.DOUBLE && integers < INTEGER_REGISTERS) {
                int[] store = STORES[integers++];
                put(store[0], 0x89, store[1], 0x24).put4(place);
            } else {
                put(0x48, 0x8b, 0x85).put4(16 + 8 * onStack++); // mov rax, [rbp + disp32]
                put(0x48, 0x89, 0x84, 0x24).put4(place); // mov [rsp + disp32], rax
            }
            place += 8;
        }
    }

    /** Eight bytes. */
    private void returnZero() {
        put(0x31, 0xc0, 0x66, 0x0f, 0x57, 0xc0); // xor eax, eax; xorpd xmm0, xmm0
        put(0xc9, 0xc3); // leave; ret
    }

    private void checkException() {
        call(EXCEPTION_CHECK);
        put(0x84, 0xc0, 0x74, 0x08); // test al, al; jz over what returns zero
        returnZero();
    }

    /** Calls a function of the environment, which it loads to rdi. */
    private void call(int slot) {
        put(0x48, 0x8b, 0x7d, 0xf8); // mov rdi, [rbp - 8]
        put(0x48, 0x8b, 0x07); // mov rax, [rdi]
        put(0xff, 0x90).put4(8 * slot); // call [rax + disp32]
    }

    /** Of CallStatic…MethodA. */
    private static int slot(Kind result) {
        return switch (result) {
            case BOOLEAN -> 119;
            case INT -> 131;
            case LONG -> 134;
            case DOUBLE -> 140;
            case VOID -> 143;
        };
    }

    private UpcallStub put(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    private UpcallStub put4(int value) {
        return put(value, value >> 8, value >> 16, value >> 24);
    }

    private UpcallStub put8(long value) {
        return put4((int) value).put4((int) (value >> 32));
    }
}
