package dev.intaglio.stencils.model;

import static dev.intaglio.stencils.model.Machine.BYTES;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Label;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs stencils on native memory: fills it and the registers from a {@link Machine}, runs the code on a stack of its own,
 * and reads everything back. Functions that the code calls only note their arguments and reply as told.
 */
final class Bench implements AutoCloseable {
    private static final int SLACK = 1 << 16;
    private static final int LOG = 512;
    private static final int CELLS = LOG + 8 + Probe.LOG_ENTRIES * Probe.LOG_ENTRY_BYTES;
    private static final int MOST_FUNCTIONS = 64;
    private static final List<Integer> CHANGED_BY_C = List.of(1, 2, 6, 7, 8, 9, 10, 11);

    private final CodeCache cache = CodeCache.create();
    private final CodeBuffer buffer = cache.newBuffer();
    private final CodeBuffer outside = cache.newBuffer();
    private final Probe probe = new ProbeEmitter(buffer);
    private final Probe outsideProbe = new ProbeEmitter(outside);
    private final Memory world = new Memory(SLACK + BYTES + 4096);
    private final long base = (Pointer.nativeValue(world) + SLACK + 4095) & -4096;
    private final Pointer state = new Pointer(base);
    private final Memory control = new Memory(CELLS + (long) MOST_FUNCTIONS * Probe.CELL_BYTES + 8);
    private final long block = Pointer.nativeValue(control);
    private final Map<String, Foreign> functions = new LinkedHashMap<>();
    private final Map<Long, Foreign> byAddress = new HashMap<>();
    private final Map<String, Code> doors = new HashMap<>();
    private final Map<Long, String> doorNames = new HashMap<>();
    private final List<String> waysOut = new ArrayList<>(List.of(Machine.END, Machine.END_OF_COLD));
    private final byte[] noise = new byte[2 * BYTES];

    Bench(long seed) {
        new Random(seed).nextBytes(noise);
    }

    /** A machine with noise everywhere but where the thread, the interpreter, the frame and the stack are. */
    Machine machine(Random random) {
        int from = random.nextInt(BYTES);
        byte[] bytes = new byte[BYTES];
        System.arraycopy(noise, from, bytes, 0, BYTES);
        Machine m = new Machine(base, bytes, byAddress, doorNames);
        for (int i = 0; i < 16; i++) {
            m.set(i, random.nextLong());
            m.setBits(i, random.nextLong());
        }
        m.set(Machine.RSP, base + Machine.STACK_TOP);
        m.set(Machine.R13, base + Machine.FRAME);
        m.set(Machine.R15, base + Machine.THREAD);
        m.set(Machine.RBX, base + Machine.INTERPRETER);
        return m;
    }

    /** A C function's address; {@code arguments} are registers, xmm registers counted from 16. */
    long function(String name, Integer... arguments) {
        return function(name, List.of(arguments), CHANGED_BY_C, true);
    }

    /** A routine that keeps all registers but these. */
    long routine(String name, List<Integer> arguments, Integer... changed) {
        return function(name, arguments, List.of(changed), false);
    }

    private long function(String name, List<Integer> arguments, List<Integer> changed, boolean isC) {
        Foreign known = functions.get(name);
        if (known != null) {
            return known.address();
        }
        int id = functions.size();
        if (id == MOST_FUNCTIONS) {
            throw new IllegalStateException("a bench has room for " + MOST_FUNCTIONS + " functions");
        }
        outsideProbe.note(block + LOG, id, cell(id));
        changed.forEach(outsideProbe::spoil);
        if (isC) {
            for (int i = 1; i < 16; i++) {
                outsideProbe.spoilFloat(i);
            }
            outsideProbe.resultIsDoubleToo();
        }
        outsideProbe.ret();
        Code code = outside.commit(name);
        doors.put("function " + name, code);
        Foreign function = new Foreign(name, id, code.address(), arguments, changed, isC);
        functions.put(name, function);
        byAddress.put(code.address(), function);
        return code.address();
    }

    /** An address where code may jump to, elsewhere. */
    long door(String name) {
        return doors.computeIfAbsent(name, n -> {
                    outsideProbe.exit(new Label(n), block, wayOut(n));
                    Code code = outside.commit(n);
                    doorNames.put(code.address(), n);
                    return code;
                })
                .address();
    }

    private int wayOut(String name) {
        int known = waysOut.indexOf(name);
        if (known >= 0) {
            return known;
        }
        waysOut.add(name);
        return waysOut.size() - 1;
    }

    private long cell(int id) {
        return block + CELLS + (long) id * Probe.CELL_BYTES;
    }

    /** The state after the code that {@code emission} writes was run from this state. */
    Machine run(Machine start, Consumer<CodeBuffer> emission) {
        Label end = new Label(Machine.END);
        Label endOfCold = new Label(Machine.END_OF_COLD);
        buffer.reset();
        probe.enter(block);
        if (start.beginsInCold()) {
            probe.toCold(new Label("cold"));
        }
        emission.accept(buffer);
        probe.exit(end, block, 0);
        start.labels.forEach((name, label) -> probe.exit(label, block, wayOut(name)));
        probe.exit(endOfCold, block, 1);
        probe.endOfCold(endOfCold);
        try (Code code = buffer.commit("test")) {
            put(start);
            code.call();
            return read(start);
        }
    }

    private void put(Machine m) {
        state.write(0, m.memory.array(), 0, BYTES);
        control.write(0, m.general, 0, 16);
        control.write(Probe.XMMS, m.floats, 0, 16);
        control.setLong(LOG, 0);
        long nowhere = block + control.size() - 8;
        functions.forEach((name, function) -> {
            long cell = cell(function.id()) - block;
            control.setLong(cell, 0);
            List<Machine.Reply> replies = m.replies.getOrDefault(name, List.of());
            for (int i = 0; i < Probe.CALLS; i++) {
                Machine.Reply reply = i < replies.size() ? replies.get(i) : new Machine.Reply(0, 0, 0);
                control.setLong(cell + 8 + i * 24L, reply.result());
                control.setLong(cell + 16 + i * 24L, reply.place() == 0 ? nowhere : reply.place());
                control.setLong(cell + 24 + i * 24L, reply.value());
            }
        });
    }

    private Machine read(Machine start) {
        Machine end = start.copy();
        state.read(0, end.memory.array(), 0, BYTES);
        control.read(0, end.general, 0, 16);
        control.read(Probe.XMMS, end.floats, 0, 16);
        end.leftTo(waysOut.get((int) control.getLong(Probe.WAY_OUT)));
        long count = Math.min(control.getLong(LOG), Probe.LOG_ENTRIES);
        for (long i = 0; i < count; i++) {
            long entry = LOG + 8 + i * Probe.LOG_ENTRY_BYTES;
            Foreign function = List.copyOf(functions.values()).get((int) control.getLong(entry));
            end.note(
                    function,
                    register -> control.getLong(entry + logged(register)),
                    xmm -> control.getLong(entry + (xmm == 0 ? Probe.LOG_XMM0 : Probe.LOG_XMM1)),
                    control.getLong(entry + Probe.LOG_RSP));
        }
        return end;
    }

    private static int logged(int register) {
        return switch (register) {
            case Machine.RAX -> Probe.LOG_RAX;
            case Machine.RCX -> Probe.LOG_RCX;
            case Machine.RDX -> Probe.LOG_RDX;
            case Machine.RSI -> Probe.LOG_RSI;
            case Machine.RDI -> Probe.LOG_RDI;
            case Machine.RBP -> Probe.LOG_RBP;
            case Machine.R14 -> Probe.LOG_R14;
            default -> throw new IllegalArgumentException(Machine.name(register) + " is not noted by functions");
        };
    }

    @Override
    public void close() {
        doors.values().forEach(Code::close);
        buffer.close();
        outside.close();
        cache.close();
        world.close();
        control.close();
    }
}
