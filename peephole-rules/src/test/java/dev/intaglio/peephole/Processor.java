package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.Assembler;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs windows on the real processor: all registers, the flags and some memory are set before and read after. */
final class Processor implements AutoCloseable {
    static final int MEMORY = 1024;

    private static final int PAGES = 1 << 16;
    private static final int READ_WRITE = 3;
    private static final int READ_EXECUTE = 5;
    /** Private, anonymous, and there or nowhere (MAP_FIXED_NOREPLACE). */
    private static final int ANONYMOUS_THERE = 0x100022;
    /** Where it may be: below 2 GiB, since what is saved then needs no register for its address. */
    private static final long LOWEST = 0x1000_0000;

    private static final long HIGHEST = 0x7000_0000;
    private static final long STEP = 0x10_0000;

    private static final int RSP = 4;
    private static final int FLAGS_AT = 16 * 8;
    private static final int EXIT_AT = FLAGS_AT + 8;
    private static final int CALLERS_STACK_AT = EXIT_AT + 8;
    /** Half of the block: the system may write a signal's frame below the stack's end. */
    private static final int MEMORY_AT = 0x8000;
    /** The bytes below the memory in which rsp points at the beginning. */
    private static final int STACK = 256;
    /** The arithmetic flags; the bits that are always set or that the system needs are added when they are loaded. */
    static final long FLAG_BITS = 0x8D5;

    static final long DIRECTION = 0x400;

    private static final NativeLibrary C = NativeLibrary.getInstance("c");

    /** Images of XSAVE: what is loaded before the window, what is stored behind it, and the caller's. */
    private static final int LOADED_AT = 0x1000;

    private static final int STORED_AT = 0x2000;
    private static final int CALLERS_AT = 0x3000;
    /** The bytes of an image that are used: all up to zmm31. */
    static final int IMAGE = 2688;

    private final int components;
    private final long flagBits;
    private final Pointer code;
    private final Pointer state;
    private long end;

    Processor() {
        this(0);
    }

    /**
     * @param components what is set and read beside general registers and flags, by the bits of XCR0; with any of them rsp
     *     and the direction flag are set and read too
     */
    Processor(int components) {
        this.components = components;
        flagBits = components == 0 ? FLAG_BITS : FLAG_BITS | DIRECTION;
        code = map();
        state = map();
    }

    /** The address of the memory that a {@link State} holds. */
    long memoryAddress() {
        return Pointer.nativeValue(state) + MEMORY_AT;
    }

    /** Where a window that was loaded ends: what jumps there has run to its end. */
    long endOfWindow() {
        return Pointer.nativeValue(code) + end;
    }

    /**
     * @param registers by number; rsp is neither set nor read where the processor was made without components
     * @param flags the bits of RFLAGS
     * @param exit 0 where the window ran to its end, else the number of the label that it jumped to
     * @param image the other registers as XSAVE stores them; empty where the processor was made without them
     */
    record State(long[] registers, long flags, byte[] memory, long exit, byte[] image) {
        State(long[] registers, long flags, byte[] memory, long exit) {
            this(registers, flags, memory, exit, new byte[0]);
        }
    }

    /** Writes the code around and of a window; it is run with {@link #run} afterwards. */
    void load(List<Line> window) {
        load(program -> window.forEach(program::add));
    }

    /** The same for an instruction in bytes. */
    void load(byte[] window) {
        load(program -> program.out.writeBytes(window));
    }

    private void load(Consumer<Program> window) {
        assertThat(C.getFunction("mprotect").invokeInt(new Object[] {code, (long) PAGES, READ_WRITE}))
                .isZero();
        Program program = new Program(Pointer.nativeValue(state), components);
        end = program.around(window);
        byte[] bytes = program.bytes();
        code.write(0, bytes, 0, bytes.length);
        assertThat(C.getFunction("mprotect").invokeInt(new Object[] {code, (long) PAGES, READ_EXECUTE}))
                .isZero();
    }

    State run(State before) {
        for (int number = 0; number < 16; number++) {
            state.setLong(number * 8L, before.registers()[number]);
        }
        if (components == 0) {
            state.setLong(RSP * 8L, memoryAddress() - 64);
        }
        state.setLong(FLAGS_AT, before.flags() & flagBits | 0x202);
        state.setMemory(MEMORY_AT - STACK, STACK, (byte) 0); // what the last run left there is part of no state
        state.write(MEMORY_AT, before.memory(), 0, MEMORY);
        state.write(LOADED_AT, before.image(), 0, before.image().length);
        Function.getFunction(code).invokeVoid(new Object[] {state});
        long[] registers = state.getLongArray(0, 16);
        if (components == 0) {
            registers[RSP] = 0;
        }
        return new State(
                registers,
                state.getLong(FLAGS_AT) & flagBits,
                state.getByteArray(MEMORY_AT, MEMORY),
                state.getLong(EXIT_AT),
                components == 0 ? new byte[0] : state.getByteArray(STORED_AT, IMAGE));
    }

    @Override
    public void close() {
        C.getFunction("munmap").invokeInt(new Object[] {code, (long) PAGES});
        C.getFunction("munmap").invokeInt(new Object[] {state, (long) PAGES});
    }

    /**
     * Maps memory below 2 GiB. The system is asked place by place: its MAP_32BIT looks only above 1 GiB, where since Java 22 a JVM may by
     * chance have put all of its class space.
     */
    private static Pointer map() {
        for (long at = LOWEST; at < HIGHEST; at += STEP) {
            Pointer mapped = C.getFunction("mmap")
                    .invokePointer(new Object[] {new Pointer(at), (long) PAGES, READ_WRITE, ANONYMOUS_THERE, -1, 0L});
            if (Pointer.nativeValue(mapped) == at) {
                return mapped;
            }
            if (Pointer.nativeValue(mapped) != -1) {
                C.getFunction("munmap").invokeInt(new Object[] {mapped, (long) PAGES}); // a kernel before 4.17
            }
        }
        throw new AssertionError("no memory is free below 2 GiB");
    }

    /** Saves what the ABI wants saved, loads the state, runs the window, stores the state. */
    private static final class Program {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final Map<LabelReference, Integer> bound = new HashMap<>();
        private final Map<LabelReference, List<Integer>> sites = new LinkedHashMap<>();
        /** The lines around windows: the same for each. */
        private static final Map<String, byte[]> LINES = new HashMap<>();

        /** The lines around every window. */
        private static final Map<String, List<Line>> PARSED = new HashMap<>();

        private static final LabelReference SAVE = new LabelReference.Global("save");

        private final long state;
        private final int components;

        Program(long state, int components) {
            this.state = state;
            this.components = components;
        }

        /** The offset of the window's end. */
        int around(Consumer<Program> window) {
            List.of("push rbx", "push rbp", "push r12", "push r13", "push r14", "push r15")
                    .forEach(this::line);
            line("mov " + at(CALLERS_STACK_AT) + ", rsp");
            if (components != 0) {
                exchange(CALLERS_AT, LOADED_AT);
            }
            line("push " + at(FLAGS_AT));
            line("popfq");
            for (int number = 0; number < 16; number++) {
                line("mov " + name(number) + ", " + at(number * 8));
            }
            window.accept(this);
            int end = out.size();
            line("mov " + at(EXIT_AT) + ", 0");
            jump(new byte[] {(byte) 0xE9}, SAVE);
            int exit = 1;
            for (LabelReference label : List.copyOf(sites.keySet())) {
                if (!bound.containsKey(label)) {
                    bound.put(label, out.size());
                    line("mov " + at(EXIT_AT) + ", " + exit++);
                    jump(new byte[] {(byte) 0xE9}, SAVE);
                }
            }
            bound.put(SAVE, out.size());
            for (int number = 0; number < 16; number++) {
                line("mov " + at(number * 8) + ", " + name(number));
            }
            line("mov rsp, " + at(CALLERS_STACK_AT));
            line("pushfq");
            line("pop " + at(FLAGS_AT));
            if (components != 0) {
                exchange(STORED_AT, CALLERS_AT);
            }
            List.of("pop r15", "pop r14", "pop r13", "pop r12", "pop rbp", "pop rbx", "cld", "ret")
                    .forEach(this::line);
            return end;
        }

        /** Stores the registers beyond the general ones in one image and loads those of another. */
        private void exchange(int stored, int loaded) {
            line("mov eax, " + components);
            line("xor edx, edx");
            line("xsave64 [" + (state + stored) + "]");
            line("xrstor64 [" + (state + loaded) + "]");
        }

        private String at(int offset) {
            return "qword [" + (state + offset) + "]";
        }

        byte[] bytes() {
            ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
            sites.forEach(
                    (label, places) -> places.forEach(place -> bytes.putInt(place, bound.get(label) - place - 4)));
            return bytes.array();
        }

        private void line(String text) {
            out.writeBytes(LINES.computeIfAbsent(text, Program::assembled));
        }

        private static byte[] assembled(String text) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Stencils.parse("| " + text).forEach(line -> bytes.writeBytes(assembled((Instruction) line)));
            return bytes.toByteArray();
        }

        private void add(Line line) {
            if (line instanceof Line.LabelDefinition label) {
                bound.put(label.label(), out.size());
                return;
            }
            Instruction instruction = (Instruction) line;
            if (!instruction.operands().isEmpty()
                    && instruction.operands().get(0) instanceof Operand.LabelTarget target) {
                jump(opcode(instruction.mnemonic()), defined(target.label()));
                return;
            }
            out.writeBytes(assembled(instruction));
        }

        private static byte[] assembled(Instruction instruction) {
            Diagnostics diagnostics = new Diagnostics();
            return Assembler.assemble(instruction, diagnostics)
                    .orElseThrow(() -> new AssertionError(instruction + ": " + diagnostics.all()));
        }

        /** The label as its definition names it; a window defines each number once. */
        private static LabelReference defined(LabelReference label) {
            return label instanceof LabelReference.Last last ? new LabelReference.Next(last.number()) : label;
        }

        private static byte[] opcode(String mnemonic) {
            return mnemonic.equals("jmp")
                    ? new byte[] {(byte) 0xE9}
                    : new byte[] {
                        0x0F,
                        (byte) (0x80
                                + Condition.parse(mnemonic.substring(1))
                                        .orElseThrow()
                                        .code())
                    };
        }

        private void jump(byte[] opcode, LabelReference label) {
            out.writeBytes(opcode);
            // The definition before is the one that the map holds now, whatever comes of its number later.
            LabelReference place =
                    label instanceof LabelReference.Last last ? fixed(new LabelReference.Next(last.number())) : label;
            sites.computeIfAbsent(place, none -> new ArrayList<>()).add(out.size());
            out.writeBytes(new byte[4]);
        }

        /** A name of its own for where a label is bound now. */
        private LabelReference fixed(LabelReference label) {
            int at = bound.get(label);
            LabelReference place = new LabelReference.Global("at " + at);
            bound.put(place, at);
            return place;
        }

        private static String name(int number) {
            return new Register(RegisterClass.R64, number).toString();
        }
    }
}
