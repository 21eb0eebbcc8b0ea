package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.R12;
import static dev.intaglio.stencils.model.Machine.R13;
import static dev.intaglio.stencils.model.Machine.R14;
import static dev.intaglio.stencils.model.Machine.R15;
import static dev.intaglio.stencils.model.Machine.RAX;
import static dev.intaglio.stencils.model.Machine.RBP;
import static dev.intaglio.stencils.model.Machine.RBX;
import static dev.intaglio.stencils.model.Machine.RCX;
import static dev.intaglio.stencils.model.Machine.RDI;
import static dev.intaglio.stencils.model.Machine.RDX;
import static dev.intaglio.stencils.model.Machine.RSI;
import static dev.intaglio.stencils.model.Machine.RSP;

import dev.intaglio.runtime.Label;
import dev.intaglio.stencils.Frames;

/** {@link Frames} in plain Java. */
record FramesModel(Machine m) implements Frames {
    private static final int[] SAVED = {RBP, RBX, R12, R13, R14, R15};

    @Override
    public void evaluate(int index, int warm, long interpreter, long compile, long allocate, long setExtra) {
        long frame = m.get(RSI);
        if ((int) m.get(RDX) != 0) {
            throw m.jump(interpreter);
        }
        long code = m.load(frame + FRAME_CODE);
        long extra = m.load(code + CODE_EXTRA);
        m.scratch(RAX, RCX);
        long block = extra != 0 && m.load(extra + EXTRA_SIZE) > index ? m.load(extra + EXTRA_ITEMS + index * 8L) : 0;
        if (block == 0) {
            block = newBlock(code, index, warm, allocate, setExtra);
        }
        if (block == 0) {
            throw m.jump(interpreter);
        }
        if (m.load(block + BLOCK_ENTRY) == 0) {
            m.add(block + BLOCK_COUNTER, -1);
            if (m.load(block + BLOCK_COUNTER) == 0) {
                call(compile, code, block, 0, 3);
            }
        }
        long entry = m.load(block + BLOCK_ENTRY);
        throw m.jump(entry == 0 ? interpreter : entry);
    }

    private long newBlock(long code, int index, int warm, long allocate, long setExtra) {
        long block = call(allocate, 1, BLOCK_BYTES, m.get(RDX), 3);
        if (block != 0) {
            m.store(block + BLOCK_COUNTER, hasLoop(code) ? 1 : warm);
            call(setExtra, code, index, block, 3);
        }
        return block;
    }

    private boolean hasLoop(long code) {
        for (long unit = 0; unit < m.load(code + CODE_UNITS); unit++) {
            int opcode = m.load1(code + CODE_BYTECODE + 2 * unit);
            if (opcode == JUMP_BACKWARD
                    || (opcode >= FIRST_CONDITIONAL_BACKWARD && opcode <= LAST_CONDITIONAL_BACKWARD)) {
                return true;
            }
        }
        return false;
    }

    /** Calls with rdi and rsi kept on the stack, which is so many registers deeper then; a throwflag of 0 remains. */
    private long call(long function, long a, long b, long c, int pushed) {
        long thread = m.get(RDI);
        long frame = m.get(RSI);
        m.set(RDI, a);
        m.set(RSI, b);
        m.set(RDX, c);
        m.set(RSP, m.get(RSP) - 8L * pushed);
        long result = m.call(function);
        m.set(RSP, m.get(RSP) + 8L * pushed);
        m.set(RDI, thread);
        m.set(RSI, frame);
        m.set(RDX, 0);
        m.scratch(RAX, RCX);
        return result;
    }

    @Override
    public void release(Label here, long forget, long free) {
        long block = m.get(RDI);
        if (m.load(block + BLOCK_ID) != 0) {
            m.push(block);
            m.call(forget);
            m.set(RDI, m.pop());
            m.scratch(RAX);
        }
        throw m.jump(free);
    }

    @Override
    public void enter(Label here, int bytes, long interpreter) {
        long thread = m.get(RDI);
        long frame = m.get(RSI);
        if (m.load4(thread + THREAD_RECURSION_REMAINING) <= 0) {
            throw m.jump(interpreter);
        }
        long cFrame = m.load(thread + THREAD_CFRAME);
        m.scratch(RAX);
        if (m.load1(cFrame + CFRAME_USE_TRACING) != 0) {
            throw m.jump(interpreter);
        }
        for (int register : SAVED) {
            m.push(m.get(register));
        }
        m.set(RSP, m.get(RSP) - bytes);
        m.set(R13, frame);
        m.set(R15, thread);
        m.set(RBX, m.load(thread + THREAD_INTERPRETER));
        m.add4(thread + THREAD_RECURSION_REMAINING, -1);
        long ours = m.get(RSP);
        m.store1(ours + CFRAME_USE_TRACING, 0);
        m.store(ours + CFRAME_PREVIOUS, cFrame);
        m.store(ours + CFRAME_CURRENT_FRAME, frame);
        m.store(frame + FRAME_PREVIOUS, m.load(cFrame + CFRAME_CURRENT_FRAME));
        m.store1(frame + FRAME_IS_ENTRY, 1);
        m.store(thread + THREAD_CFRAME, ours);
        m.scratch(RCX);
    }

    @Override
    public void leave(Label here, int bytes) {
        unlink();
        restore(bytes);
        m.scratch(RCX, RDX);
        throw m.ret();
    }

    private void unlink() {
        long ours = m.get(RSP);
        long thread = m.get(R15);
        long previous = m.load(ours + CFRAME_PREVIOUS);
        m.add4(thread + THREAD_RECURSION_REMAINING, 1);
        m.store(thread + THREAD_CFRAME, previous);
        m.store1(previous + CFRAME_USE_TRACING, m.load1(ours + CFRAME_USE_TRACING));
    }

    private void restore(int bytes) {
        m.set(RSP, m.get(RSP) + bytes);
        for (int i = SAVED.length - 1; i >= 0; i--) {
            m.set(SAVED[i], m.pop());
        }
    }

    @Override
    public void giveUp(Label here, int bytes, long interpreter) {
        m.store(m.get(R13) + FRAME_INSTRUCTION, m.get(RAX));
        unlink();
        m.set(RDI, m.get(R15));
        m.set(RSI, m.get(R13));
        restore(bytes);
        m.scratch(RAX, RCX);
        throw m.jump(interpreter);
    }

    @Override
    public void surrender(Label here, long counter, int stacktop, long instruction, boolean thrown, Label giveUp) {
        if (counter != 0) {
            m.add(counter, 1);
        }
        m.store4(m.get(R13) + FRAME_STACKTOP, stacktop);
        m.set(RAX, instruction);
        m.set4(RDX, thrown ? 1 : 0);
        throw m.leave(giveUp);
    }

    @Override
    public void gate(Label here, long processId, int ours, long function) {
        long first = m.get(RDI);
        long second = m.get(RSI);
        m.set(RSP, m.get(RSP) - 24);
        int process = (int) m.call(processId);
        m.set(RSP, m.get(RSP) + 24);
        m.set(RDI, first);
        m.set(RSI, second);
        m.scratch(RAX, RCX);
        throw process == ours ? m.jump(function) : m.ret();
    }
}
