package dev.intaglio.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which line of which source file each address comes from, as debuggers read it ({@code .debug_line} of DWARF 4, section 6.2). */
final class LineTable {
    private static final int VERSION = 4;
    private static final int OPCODE_BASE = 13;
    private static final int COPY = 1;
    private static final int ADVANCE_PC = 2;
    private static final int ADVANCE_LINE = 3;
    private static final int SET_FILE = 4;
    private static final int END_SEQUENCE = 1;
    private static final int SET_ADDRESS = 2;
    /** The number of operands of the opcodes 1 to 12. */
    private static final byte[] STANDARD_LENGTHS = {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1};

    private final Map<String, Integer> files = new LinkedHashMap<>();
    private final LittleEndian program = new LittleEndian();

    /** Adds the lines of one section of a piece. */
    void add(Code.Part part, List<Listing.Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        long address = part.address() + lines.get(0).position();
        program.int1(0).unsigned(1 + Long.BYTES).int1(SET_ADDRESS).int8(address);
        int line = 1;
        int file = 1;
        for (Listing.Line one : lines) {
            CodePlace.Source source = one.place();
            int number = files.computeIfAbsent(source.file(), unused -> files.size() + 1);
            if (number != file) {
                program.int1(SET_FILE).unsigned(number);
                file = number;
            }
            long here = part.address() + one.position();
            program.int1(ADVANCE_PC).unsigned(here - address);
            program.int1(ADVANCE_LINE).signed(source.line() - line);
            program.int1(COPY);
            address = here;
            line = source.line();
        }
        program.int1(ADVANCE_PC).unsigned(part.address() + part.length() - address);
        program.int1(0).unsigned(1).int1(END_SEQUENCE);
    }

    /** The whole section. */
    byte[] toByteArray() {
        LittleEndian header = new LittleEndian();
        header.int1(1).int1(1).int1(1).int1(-5).int1(14).int1(OPCODE_BASE).bytes(STANDARD_LENGTHS);
        header.int1(0); // no folders
        files.keySet().forEach(name -> header.text(name).unsigned(0).unsigned(0).unsigned(0));
        header.int1(0);
        LittleEndian unit = new LittleEndian();
        unit.int2(VERSION).int4(header.size()).bytes(header.toByteArray()).bytes(program.toByteArray());
        return new LittleEndian().int4(unit.size()).bytes(unit.toByteArray()).toByteArray();
    }
}
