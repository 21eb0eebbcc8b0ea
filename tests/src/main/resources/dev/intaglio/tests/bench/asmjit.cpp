#include "workload.h"
#include <asmjit/x86.h>
#include <cstring>

using namespace asmjit;
using namespace asmjit::x86;

// One section, as the writer for Xbyak has: cold parts are kept back and emitted behind the trace.
class Writer {
    struct Cold {
        Label entry, back;
        int exit; // of a side exit; 0 where an object is freed
    };
    uint8_t *memory;
    Callees to;
    CodeHolder holder;
    Assembler as;
    std::vector<Cold> cold;
    std::vector<Label> labels;
    size_t bytes = 0;

    Cold &behind(int exit) {
        cold.push_back({as.newLabel(), exit ? Label() : as.newLabel(), exit});
        return cold.back();
    }

    void constant(const Gpq &r, int64_t value) {
        if (value == 0) as.xor_(r.r32(), r.r32());
        else if ((uint64_t)value <= 0xffffffffu) as.mov(r.r32(), (uint32_t)value);
        else as.mov(r, (uint64_t)value);
    }

    void release(const Gpq &r) {
        Cold &c = behind(0);
        as.dec(qword_ptr(r));
        as.long_().jz(c.entry);
        as.bind(c.back);
    }

public:
    Writer(uint8_t *memory, Callees callees) : memory(memory), to(callees) {}

    size_t size() { return bytes; }

    void emit(const Trace &t) {
        holder.reset();
        holder.init(Environment::host(), (uint64_t)memory);
        holder.attach(&as);
        cold.clear();
        cold.reserve(LENGTH);
        labels.clear();
        for (int i = 0; i < LENGTH; i++) labels.push_back(as.newLabel());
        for (int i = 0; i < LENGTH; i++) {
            int so = t.sp[i] * 8, ao = t.a[i] * 8, exit = t.exit[i];
            as.bind(labels[i]);
            switch (t.ops[i]) {
            case LOAD: {
                Label one = as.newLabel();
                as.mov(rcx, qword_ptr(r13, ao + 80)); as.test(cl, 1); as.short_().jne(one); as.inc(dword_ptr(rcx));
                as.bind(one); as.mov(qword_ptr(rbx, so), rcx);
                break;
            }
            case STORE: {
                Label one = as.newLabel();
                as.mov(rax, qword_ptr(rbx, so)); as.mov(rdi, qword_ptr(r13, ao + 80)); as.mov(qword_ptr(r13, ao + 80), rax);
                as.test(rdi, rdi); as.short_().je(one); release(rdi); as.bind(one);
                break;
            }
            case GUARD:
                as.mov(rdi, qword_ptr(rbx, so)); constant(rax, t.ptr[i]); as.cmp(qword_ptr(rdi, 8), rax);
                as.long_().jne(behind(exit).entry);
                break;
            case ADD:
                as.mov(rsi, qword_ptr(rbx, so - 16)); as.mov(rdi, qword_ptr(rbx, so - 8));
                as.movsd(xmm0, qword_ptr(rsi, 16)); as.addsd(xmm0, qword_ptr(rdi, 16)); as.movsd(qword_ptr(rsi, 16), xmm0);
                release(rdi); as.mov(qword_ptr(rbx, so - 16), rsi);
                break;
            case CONSTANT:
                constant(rax, t.ptr[i]); as.inc(dword_ptr(rax)); as.mov(qword_ptr(rbx, so), rax);
                as.mov(dword_ptr(r13, 64), exit);
                break;
            case COMPARE:
                as.mov(rsi, qword_ptr(rbx, so - 16)); as.mov(rdi, qword_ptr(rbx, so - 8)); release(rdi);
                as.movsd(xmm0, qword_ptr(rsi, 16)); as.ucomisd(xmm0, qword_ptr(rdi, 16));
                as.long_().jb(labels[t.target[i]]);
                break;
            case LOOP:
                as.mov(eax, dword_ptr(r15, 0x1234)); as.test(eax, eax); as.long_().jnz(behind(exit).entry);
                as.jmp(labels[t.target[i]]);
                break;
            case EXIT:
                as.lea(rax, ptr(rbx, so)); as.mov(qword_ptr(r13, 72), rax); as.mov(eax, exit); as.add(rsp, 8); as.ret();
                break;
            case ATTRIBUTE: {
                Label side = behind(exit).entry;
                as.mov(rdi, qword_ptr(rbx, so)); as.mov(rax, qword_ptr(rdi, 8)); as.cmp(dword_ptr(rax, 0x1a0), t.imm[i]);
                as.long_().jne(side); as.mov(rax, qword_ptr(rdi, ao + 16)); as.test(rax, rax); as.long_().je(side);
                as.inc(dword_ptr(rax)); as.mov(qword_ptr(rbx, so), rax);
                break;
            }
            case INTEGER:
                as.mov(rsi, qword_ptr(rbx, so - 16)); as.mov(rax, qword_ptr(rbx, so - 8)); as.mov(rcx, qword_ptr(rsi, 24));
                as.add(rcx, qword_ptr(rax, 24)); as.long_().jo(behind(exit).entry); as.add(rcx, t.imm[i]);
                constant(rdi, t.ptr[i]); as.call((uint64_t)to.function); as.mov(qword_ptr(rbx, so - 16), rax);
                break;
            }
        }
        for (Cold &c : cold) {
            as.bind(c.entry);
            if (c.exit) {
                as.mov(ecx, c.exit);
                as.jmp((uint64_t)to.deopt);
            } else {
                as.call((uint64_t)to.dealloc);
                as.long_().jmp(c.back);
            }
        }
        holder.flatten();
        holder.resolveUnresolvedLinks();
        holder.relocateToBase((uint64_t)memory);
        bytes = holder.codeSize();
        holder.copyFlattenedData(memory, MOST);
    }
};

int main(int count, char **arguments) { return run<Writer>(count, arguments); }
