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

/** Runs windows on the real processor: all registers but rsp, the flags and some memory are set before and read after. */
final class Processor implements AutoCloseable {
    static final int MEMORY = 256;

    private static final int PAGES = 1 << 16;
    private static final int READ_WRITE = 3;
    private static final int READ_EXECUTE = 5;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final int FLAGS_AT = 16 * 8;
    private static final int EXIT_AT = FLAGS_AT + 8;
    private static final int MEMORY_AT = 256;
    /** The arithmetic flags; the bits that are always set or that the system needs are added when they are loaded. */
    static final long FLAG_BITS = 0x8D5;

    private static final NativeLibrary C = NativeLibrary.getInstance("c");

    /** Images of XSAVE: what is loaded before the window, what is stored behind it, and the caller's. */
    private static final int LOADED_AT = 0x1000;

    private static final int STORED_AT = 0x2000;
    private static final int CALLERS_AT = 0x3000;
    /** The bytes of an image that are used: all up to zmm31. */
    static final int IMAGE = 2688;

    private final int components;
    private final Pointer code;
    private final Pointer state;

    Processor() {
        this(0);
    }

    /** @param components what is set and read beside general registers and flags, by the bits of XCR0 */
    Processor(int components) {
        this.components = components;
        code = map();
        state = map();
    }

    /** The address of the memory that a {@link State} holds. */
    long memoryAddress() {
        return Pointer.nativeValue(state) + MEMORY_AT;
    }

    /**
     * @param registers by number; rsp is neither set nor read
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
        assertThat(C.getFunction("mprotect").invokeInt(new Object[] {code, (long) PAGES, READ_WRITE}))
                .isZero();
        byte[] bytes = new Program(window, components).bytes();
        code.write(0, bytes, 0, bytes.length);
        assertThat(C.getFunction("mprotect").invokeInt(new Object[] {code, (long) PAGES, READ_EXECUTE}))
                .isZero();
    }

    State run(State before) {
        for (int number = 0; number < 16; number++) {
            state.setLong(number * 8L, before.registers()[number]);
        }
        state.setLong(FLAGS_AT, before.flags() & FLAG_BITS | 0x202);
        state.write(MEMORY_AT, before.memory(), 0, MEMORY);
        state.write(LOADED_AT, before.image(), 0, before.image().length);
        Function.getFunction(code).invokeVoid(new Object[] {state});
        long[] registers = state.getLongArray(0, 16);
        registers[4] = 0;
        return new State(
                registers,
                state.getLong(FLAGS_AT) & FLAG_BITS,
                state.getByteArray(MEMORY_AT, MEMORY),
                state.getLong(EXIT_AT),
                components == 0 ? new byte[0] : state.getByteArray(STORED_AT, IMAGE));
    }

    @Override
    public void close() {
        C.getFunction("munmap").invokeInt(new Object[] {code, (long) PAGES});
        C.getFunction("munmap").invokeInt(new Object[] {state, (long) PAGES});
    }

    private static Pointer map() {
        Pointer mapped = C.getFunction("mmap")
                .invokePointer(new Object[] {Pointer.NULL, (long) PAGES, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L});
        assertThat(Pointer.nativeValue(mapped)).isNotEqualTo(-1);
        return mapped;
    }

    /** Saves what the ABI wants saved, loads the state, runs the window, stores the state. rsp stays the stack's. */
    private static final class Program {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final Map<LabelReference, Integer> bound = new HashMap<>();
        private final Map<LabelReference, List<Integer>> sites = new LinkedHashMap<>();
        private static final LabelReference SAVE = new LabelReference.Global("save");

        Program(List<Line> window, int components) {
            List.of("push rbx", "push rbp", "push r12", "push r13", "push r14", "push r15", "push rdi")
                    .forEach(this::line);
            if (components != 0) {
                exchange(components, CALLERS_AT, LOADED_AT);
            }
            line("push qword [rdi + " + FLAGS_AT + "]");
            line("popfq");
            for (int number = 0; number < 16; number++) {
                if (number != 4 && number != 7) {
                    line("mov " + name(number) + ", [rdi + " + number * 8 + "]");
                }
            }
            line("mov rdi, [rdi + 56]");
            window.forEach(this::add);
            line("push 0");
            jump(new byte[] {(byte) 0xE9}, SAVE);
            int exit = 1;
            for (LabelReference label : List.copyOf(sites.keySet())) {
                if (!bound.containsKey(label)) {
                    bound.put(label, out.size());
                    line("push " + exit++);
                    jump(new byte[] {(byte) 0xE9}, SAVE);
                }
            }
            bound.put(SAVE, out.size());
            line("pushfq");
            line("push rdi");
            line("mov rdi, [rsp + 24]");
            for (int number = 0; number < 16; number++) {
                if (number != 4 && number != 7) {
                    line("mov [rdi + " + number * 8 + "], " + name(number));
                }
            }
            for (int at : new int[] {56, FLAGS_AT, EXIT_AT}) {
                line("pop rax");
                line("mov [rdi + " + at + "], rax");
            }
            if (components != 0) {
                exchange(components, STORED_AT, CALLERS_AT);
            }
            List.of("pop rdi", "pop r15", "pop r14", "pop r13", "pop r12", "pop rbp", "pop rbx", "cld", "ret")
                    .forEach(this::line);
        }

        /** Stores the registers beyond the general ones in one image and loads those of another. */
        private void exchange(int components, int stored, int loaded) {
            line("mov eax, " + components);
            line("xor edx, edx");
            line("xsave64 [rdi + " + stored + "]");
            line("xrstor64 [rdi + " + loaded + "]");
        }

        byte[] bytes() {
            ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
            sites.forEach(
                    (label, places) -> places.forEach(place -> bytes.putInt(place, bound.get(label) - place - 4)));
            return bytes.array();
        }

        private void line(String text) {
            Stencils.parse("| " + text).forEach(this::add);
        }

        private void add(Line line) {
            if (line instanceof Line.LabelDefinition label) {
                bound.put(label.label(), out.size());
                return;
            }
            Instruction instruction = (Instruction) line;
            if (!instruction.operands().isEmpty()
                    && instruction.operands().get(0) instanceof Operand.LabelTarget target) {
                jump(opcode(instruction.mnemonic()), target.label());
                return;
            }
            Diagnostics diagnostics = new Diagnostics();
            byte[] bytes = Assembler.assemble(instruction, diagnostics)
                    .orElseThrow(() -> new AssertionError(instruction + ": " + diagnostics.all()));
            out.writeBytes(bytes);
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
            sites.computeIfAbsent(label, none -> new ArrayList<>()).add(out.size());
            out.writeBytes(new byte[4]);
        }

        private static String name(int number) {
            return new Register(RegisterClass.R64, number).toString();
        }
    }
}
