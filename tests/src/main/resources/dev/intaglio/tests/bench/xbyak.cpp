#include "workload.h"
#include <xbyak/xbyak.h>

using namespace Xbyak;

// One buffer has no sections, so cold parts are kept back and emitted behind the trace.
class Writer : CodeGenerator {
    struct Cold {
        Label entry, back;
        int exit; // of a side exit; 0 where an object is freed
    };
    Callees to;
    std::vector<Cold> cold;

    Cold &behind(int exit) {
        cold.emplace_back();
        cold.back().exit = exit;
        return cold.back();
    }

    void constant(const Reg64 &r, int64_t value) {
        if (value == 0) xor_(r.cvt32(), r.cvt32());
        else if ((uint64_t)value <= 0xffffffffu) mov(r.cvt32(), (uint32_t)value);
        else mov(r, (uint64_t)value);
    }

    void release(const Reg64 &r) {
        Cold &c = behind(0);
        dec(qword[r]);
        jz(c.entry, T_NEAR);
        L(c.back);
    }

public:
    Writer(uint8_t *memory, Callees callees) : CodeGenerator(MOST, memory), to(callees) {}

    size_t size() { return getSize(); }

    void emit(const Trace &t) {
        reset();
        cold.clear();
        cold.reserve(LENGTH);
        std::vector<Label> labels(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            int so = t.sp[i] * 8, ao = t.a[i] * 8, exit = t.exit[i];
            L(labels[i]);
            switch (t.ops[i]) {
            case LOAD: {
                Label one;
                mov(rcx, ptr[r13 + ao + 80]); test(cl, 1); jne(one, T_SHORT); inc(dword[rcx]); L(one);
                mov(ptr[rbx + so], rcx);
                break;
            }
            case STORE: {
                Label one;
                mov(rax, ptr[rbx + so]); mov(rdi, ptr[r13 + ao + 80]); mov(ptr[r13 + ao + 80], rax);
                test(rdi, rdi); je(one, T_SHORT); release(rdi); L(one);
                break;
            }
            case GUARD:
                mov(rdi, ptr[rbx + so]); constant(rax, t.ptr[i]); cmp(ptr[rdi + 8], rax);
                jne(behind(exit).entry, T_NEAR);
                break;
            case ADD:
                mov(rsi, ptr[rbx + so - 16]); mov(rdi, ptr[rbx + so - 8]); movsd(xmm0, ptr[rsi + 16]);
                addsd(xmm0, ptr[rdi + 16]); movsd(ptr[rsi + 16], xmm0); release(rdi); mov(ptr[rbx + so - 16], rsi);
                break;
            case CONSTANT:
                constant(rax, t.ptr[i]); inc(dword[rax]); mov(ptr[rbx + so], rax); mov(dword[r13 + 64], exit);
                break;
            case COMPARE:
                mov(rsi, ptr[rbx + so - 16]); mov(rdi, ptr[rbx + so - 8]); release(rdi);
                movsd(xmm0, ptr[rsi + 16]); ucomisd(xmm0, ptr[rdi + 16]); jb(labels[t.target[i]], T_NEAR);
                break;
            case LOOP:
                mov(eax, ptr[r15 + 0x1234]); test(eax, eax); jnz(behind(exit).entry, T_NEAR);
                jmp(labels[t.target[i]]);
                break;
            case EXIT:
                lea(rax, ptr[rbx + so]); mov(ptr[r13 + 72], rax); mov(eax, exit); add(rsp, 8); ret();
                break;
            case ATTRIBUTE: {
                Cold &c = behind(exit);
                mov(rdi, ptr[rbx + so]); mov(rax, ptr[rdi + 8]); cmp(dword[rax + 0x1a0], t.imm[i]);
                jne(c.entry, T_NEAR); mov(rax, ptr[rdi + ao + 16]); test(rax, rax); je(c.entry, T_NEAR);
                inc(dword[rax]); mov(ptr[rbx + so], rax);
                break;
            }
            case INTEGER:
                mov(rsi, ptr[rbx + so - 16]); mov(rax, ptr[rbx + so - 8]); mov(rcx, ptr[rsi + 24]);
                add(rcx, ptr[rax + 24]); jo(behind(exit).entry, T_NEAR); add(rcx, t.imm[i]);
                constant(rdi, t.ptr[i]); call((const void *)to.function); mov(ptr[rbx + so - 16], rax);
                break;
            }
        }
        for (Cold &c : cold) {
            L(c.entry);
            if (c.exit) {
                mov(ecx, c.exit);
                jmp((const void *)to.deopt, T_NEAR);
            } else {
                call((const void *)to.dealloc);
                jmp(c.back, T_NEAR);
            }
        }
    }
};

int main(int count, char **arguments) { return run<Writer>(count, arguments); }
