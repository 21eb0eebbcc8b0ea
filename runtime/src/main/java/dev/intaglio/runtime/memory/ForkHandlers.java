package dev.intaglio.runtime.memory;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * What the C library runs before a fork, and after it in the parent and in the child (pthread_atfork(3)): machine code, because
 * the child has one thread and no Java any more, and system calls only, because the C library's locks may be held by threads
 * that the child lacks. {@link Forks} tells what the state is.
 */
final class ForkHandlers {
    private static final int MMAP = 9;
    private static final int MPROTECT = 10;
    private static final int MUNMAP = 11;
    private static final int SCHED_YIELD = 24;
    private static final int MREMAP = 25;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private ForkHandlers() {}

    /** Has the handlers run at each fork from now on, until the process ends. */
    static void register(long state) {
        ForkHandlers code = new ForkHandlers();
        code.before(state);
        int parent = code.bytes.size();
        code.inParent(state);
        int child = code.bytes.size();
        code.inChild(state);
        Optional<CodePage> page = CodePage.of(code.bytes.toByteArray());
        Optional<Function> register = function();
        if (page.isPresent() && register.isPresent()) {
            long at = page.get().address();
            register.get().invokeInt(new Object[] {at, at + parent, at + child, 0L});
        }
    }

    /** The same function in glibc, where it has one parameter more, and in musl. */
    private static Optional<Function> function() {
        for (String name : new String[] {"__register_atfork", "pthread_atfork"}) {
            try {
                return Optional.of(NativeLibrary.getProcess().getFunction(name));
            } catch (UnsatisfiedLinkError unknown) {
                continue;
            }
        }
        return Optional.empty();
    }

    /** Lets nobody write, and copies all ranges, to addresses that are writable until the child makes them executable. */
    private void before(long state) {
        put(0x53); //                                   push rbx
        put(0x48, 0xbb); //                             mov rbx, state
        put8(state);
        put(0x83, 0x7b, 0x04, 0x00); //                 cmp dword [rbx + 4], 0: what a child runs is its own
        put(0x75, 0x68); //                             jne >9
        put(0xf0, 0x0f, 0xba, 0x2b, 0x00); //       1:  lock bts dword [rbx], 0
        put(0x73, 0x09); //                             jnc >2
        call(SCHED_YIELD); //                           another thread forks
        put(0xeb, 0xf0); //                             jmp <1
        put(0xbe, 0x00, 0x00, 0x10, 0x00); //       2:  mov esi, 1 << 20
        put(0x83, 0x7b, 0x08, 0x00); //             3:  cmp dword [rbx + 8], 0
        put(0x74, 0x0b); //                             je >4
        call(SCHED_YIELD); //                           a thread writes; not for ever: it may be this one, crashed
        put(0xff, 0xce); //                             dec esi
        put(0x75, 0xef); //                             jnz <3
        put(0x48, 0x83, 0xc3, 0x10); //             4:  add rbx, 16
        put(0x48, 0x8b, 0x73, 0x08); //             5:  mov rsi, [rbx + 8]
        put(0x48, 0x85, 0xf6); //                       test rsi, rsi
        put(0x74, 0x35); //                             jz >9
        put(0x31, 0xff); //                             xor edi, edi
        put(0xba, 0x03, 0x00, 0x00, 0x00); //           mov edx, PROT_READ | PROT_WRITE
        put(0x41, 0xba, 0x22, 0x80, 0x00, 0x00); //     mov r10d, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE
        put(0x49, 0x83, 0xc8, 0xff); //                 or r8, -1
        put(0x45, 0x31, 0xc9); //                       xor r9d, r9d
        call(MMAP);
        put(0x48, 0x89, 0x43, 0x10); //                 mov [rbx + 16], rax: the copy, or an error below 0
        put(0x48, 0x85, 0xc0); //                       test rax, rax
        put(0x78, 0x0b); //                             js >6
        put(0x48, 0x89, 0xc7); //                       mov rdi, rax
        put(0x48, 0x89, 0xf1); //                       mov rcx, rsi
        put(0x48, 0x8b, 0x33); //                       mov rsi, [rbx]
        put(0xf3, 0xa4); //                             rep movsb
        put(0x48, 0x83, 0xc3, 0x18); //             6:  add rbx, 24
        put(0xeb, 0xc2); //                             jmp <5
        put(0x5b, 0xc3); //                         9:  pop rbx; ret
    }

    /** Drops the copies, and lets threads write. */
    private void inParent(long state) {
        put(0x49, 0xb9); //                             mov r9, state
        put8(state);
        put(0x41, 0x83, 0x79, 0x04, 0x00); //           cmp dword [r9 + 4], 0
        put(0x75, 0x29); //                             jne >9
        put(0x4d, 0x8d, 0x41, 0x10); //                 lea r8, [r9 + 16]
        put(0x49, 0x8b, 0x70, 0x08); //             1:  mov rsi, [r8 + 8]
        put(0x48, 0x85, 0xf6); //                       test rsi, rsi
        put(0x74, 0x16); //                             jz >3
        put(0x49, 0x8b, 0x78, 0x10); //                 mov rdi, [r8 + 16]
        put(0x48, 0x85, 0xff); //                       test rdi, rdi
        put(0x78, 0x07); //                             js >2
        call(MUNMAP);
        put(0x49, 0x83, 0xc0, 0x18); //             2:  add r8, 24
        put(0xeb, 0xe1); //                             jmp <1
        put(0xf0, 0x41, 0x0f, 0xba, 0x31, 0x00); // 3:  lock btr dword [r9], 0
        put(0xc3); //                               9:  ret
    }

    /** Has the copies take the place of the code. */
    private void inChild(long state) {
        put(0x49, 0xb9); //                             mov r9, state
        put8(state);
        put(0x41, 0x0f, 0xba, 0x69, 0x04, 0x00); //     bts dword [r9 + 4], 0
        put(0x72, 0x3f); //                             jc >9
        put(0x49, 0x83, 0xc1, 0x10); //                 add r9, 16
        put(0x49, 0x8b, 0x71, 0x08); //             1:  mov rsi, [r9 + 8]
        put(0x48, 0x85, 0xf6); //                       test rsi, rsi
        put(0x74, 0x32); //                             jz >9
        put(0x49, 0x8b, 0x79, 0x10); //                 mov rdi, [r9 + 16]
        put(0x48, 0x85, 0xff); //                       test rdi, rdi
        put(0x78, 0x23); //                             js >2
        put(0xba, 0x05, 0x00, 0x00, 0x00); //           mov edx, PROT_READ | PROT_EXEC
        call(MPROTECT);
        put(0x85, 0xc0); //                             test eax, eax
        put(0x75, 0x13); //                             jnz >2
        put(0x48, 0x89, 0xf2); //                       mov rdx, rsi
        put(0x41, 0xba, 0x03, 0x00, 0x00, 0x00); //     mov r10d, MREMAP_MAYMOVE | MREMAP_FIXED
        put(0x4d, 0x8b, 0x01); //                       mov r8, [r9]
        call(MREMAP);
        put(0x49, 0x83, 0xc1, 0x18); //             2:  add r9, 24
        put(0xeb, 0xc5); //                             jmp <1
        put(0xc3); //                               9:  ret
    }

    /** {@code mov eax, number; syscall}: changes rax, rcx and r11 alone. */
    private void call(int number) {
        put(0xb8, number, 0, 0, 0, 0x0f, 0x05);
    }

    private void put8(long value) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes.write((int) (value >> shift));
        }
    }

    private void put(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
    }
}
