package dev.intaglio.cpython.jit;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.intaglio.stencils.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a {@code PyCodeObject} of these instructions into native memory; inline caches hold noise. */
final class NativeCode {
    private static final Map<String, Table> OPCODES =
            Table.read().stream().collect(Collectors.toMap(Table::name, row -> row));
    private static final int NOISE = 140; // JUMP_BACKWARD, for whoever reads it as an instruction

    private final List<int[]> units = new ArrayList<>();
    private final List<Memory> kept = new ArrayList<>();
    private int flags = 0x3;
    private long[] constants = {};
    private long[] names = {};

    /** Appends an instruction, with as many EXTENDED_ARG as its argument needs, and its inline caches. */
    NativeCode op(String name, int argument) {
        Table row = OPCODES.get(name);
        for (int shift = 24; shift > 0; shift -= 8) {
            if (argument >>> shift != 0) {
                units.add(new int[] {OPCODES.get("EXTENDED_ARG").number(), argument >>> shift & 0xFF});
            }
        }
        return raw(row.number(), argument & 0xFF, row.caches());
    }

    NativeCode op(String name) {
        return op(name, 0);
    }

    /** Appends what stands in memory: an opcode's number, an argument, and so many units of caches. */
    NativeCode raw(int number, int argument, int caches) {
        units.add(new int[] {number, argument});
        for (int i = 0; i < caches; i++) {
            units.add(new int[] {NOISE, 1});
        }
        return this;
    }

    NativeCode flags(int all) {
        flags = all;
        return this;
    }

    NativeCode constants(long... objects) {
        constants = objects;
        return this;
    }

    NativeCode names(long... objects) {
        names = objects;
        return this;
    }

    /** The number of code units so far: where the next instruction will begin. */
    int here() {
        return units.size();
    }

    CodeObject build(int locals, int stackSize) {
        Memory code = allocate(Layout.CODE_BYTECODE + 2 * units.size());
        code.setLong(Layout.CODE_UNITS, units.size());
        code.setInt(Layout.CODE_FLAGS, flags);
        code.setInt(Layout.CODE_LOCALS_PLUS, locals);
        code.setInt(Layout.CODE_STACKSIZE, stackSize);
        code.setInt(Layout.CODE_FIRST_LINE, 75);
        code.setLong(Layout.CODE_CONSTS, tuple(constants));
        code.setLong(Layout.CODE_NAMES, tuple(names));
        Memory name = allocate(Layout.ASCII_DATA + 8);
        name.setString(Layout.ASCII_DATA, "advance", "US-ASCII");
        code.setLong(Layout.CODE_QUALIFIED_NAME, Pointer.nativeValue(name));
        for (int i = 0; i < units.size(); i++) {
            code.setByte(Layout.CODE_BYTECODE + 2L * i, (byte) units.get(i)[0]);
            code.setByte(Layout.CODE_BYTECODE + 2L * i + 1, (byte) units.get(i)[1]);
        }
        return new CodeObject(Pointer.nativeValue(code));
    }

    private long tuple(long... items) {
        Memory tuple = allocate(Layout.TUPLE_ITEMS + 8 * items.length);
        tuple.setLong(Layout.VAR_SIZE, items.length);
        tuple.write(Layout.TUPLE_ITEMS, items, 0, items.length);
        return Pointer.nativeValue(tuple);
    }

    private Memory allocate(int bytes) {
        Memory memory = new Memory(bytes);
        memory.clear();
        kept.add(memory);
        return memory;
    }
}
