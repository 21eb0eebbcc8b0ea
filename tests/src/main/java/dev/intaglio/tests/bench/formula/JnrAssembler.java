package dev.intaglio.tests.bench.formula;

import java.nio.ByteBuffer;
import jnr.x86asm.Asm;
import jnr.x86asm.Assembler;
import jnr.x86asm.Immediate;
import jnr.x86asm.Register;
import jnr.x86asm.XMMRegister;

/**
 * The instructions of {@link DoubleStencils} and {@link LongStencils} by jnr-x86asm, one method call and some objects each. Version 1.0.2
 * never makes an assembler's first 128 bytes more, so a formula takes one after the other; without labels that is the same code.
 */
public final class JnrAssembler implements Target {
    private static final int MOST = 128 - 16;
    private static final int LONGEST = 4096;

    private final ByteBuffer bytes = ByteBuffer.allocate(LONGEST);
    private final boolean doubles;
    private Assembler assembler = new Assembler(Asm.X86_64);

    /** For one formula of doubles, or else longs. */
    public JnrAssembler(boolean doubles) {
        this.doubles = doubles;
    }

    /** The bytes so far, good at any address. */
    public ByteBuffer bytes() {
        assembler.relocCode(bytes, 0);
        return bytes.flip();
    }

    private void ensureRoom() {
        if (assembler.codeSize() > MOST) {
            assembler.relocCode(bytes, 0);
            assembler = new Assembler(Asm.X86_64);
        }
    }

    @Override
    public void copy(int to, int from) {
        ensureRoom();
        if (doubles) {
            assembler.movapd(XMMRegister.xmm(to), XMMRegister.xmm(from));
        } else {
            assembler.mov(Register.gpq(to), Register.gpq(from));
        }
    }

    @Override
    public void constant(int to, int number) {
        ensureRoom();
        if (doubles) {
            assembler.mov(Asm.rax, Immediate.imm(Double.doubleToRawLongBits(number)));
            ensureRoom();
            assembler.movq(XMMRegister.xmm(to), Asm.rax);
        } else {
            assembler.mov(Register.gpq(to), Immediate.imm(number));
        }
    }

    @Override
    public void apply(int operator, int to, int from) {
        ensureRoom();
        if (doubles) {
            XMMRegister target = XMMRegister.xmm(to);
            XMMRegister source = XMMRegister.xmm(from);
            switch (operator) {
                case '+' -> assembler.addsd(target, source);
                case '-' -> assembler.subsd(target, source);
                default -> assembler.mulsd(target, source);
            }
        } else {
            Register target = Register.gpq(to);
            Register source = Register.gpq(from);
            switch (operator) {
                case '+' -> assembler.add(target, source);
                case '-' -> assembler.sub(target, source);
                default -> assembler.imul(target, source);
            }
        }
    }

    @Override
    public void giveBack(int from) {
        ensureRoom();
        if (doubles) {
            assembler.movapd(Asm.xmm0, XMMRegister.xmm(from));
        } else {
            assembler.mov(Asm.rax, Register.gpq(from));
        }
        assembler.ret();
    }
}
