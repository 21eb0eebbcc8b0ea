package dev.intaglio.cpython.jit;

import com.sun.jna.Memory;
import java.util.HashSet;
import java.util.Set;

/**
 * What plain code notes of one code object, in memory that it writes itself: types by instruction, entries and back edges
 * counted, the places of fast code.
 */
final class Profile {
    /** What is noted of an instruction. */
    enum Note {
        LEFT,
        RIGHT,
        RESULT
    }

    /** Nothing was noted: the instruction has not run. */
    static final long NEVER = 0;

    /** Types differ. */
    static final long MANY = 1;

    private static final int CELLS = 4;
    private static final int OFTEN = 4;

    private final CodeObject code;
    private final Memory notes;
    private final Memory loops;
    private final Memory globals;
    private final Memory counters = new Memory(16);
    private final Memory sites;
    private final Set<Integer> refused = new HashSet<>();
    private final Set<Integer> dictionaries = new HashSet<>();

    Profile(CodeObject code, int entries, int exits) {
        this.code = code;
        notes = zeroed(code.units() * 8L * CELLS);
        loops = zeroed((code.units() + 1) * 16L);
        globals = zeroed(code.units() * 24L);
        sites = zeroed(code.units() * 8L);
        counters.setLong(0, entries);
        counters.setLong(8, exits);
    }

    private static Memory zeroed(long bytes) {
        Memory memory = new Memory(bytes);
        memory.clear();
        return memory;
    }

    private static long address(Memory memory) {
        return com.sun.jna.Pointer.nativeValue(memory);
    }

    /** The cell of a note. */
    long cell(Instruction instruction, Note note) {
        return address(notes) + 8L * (CELLS * instruction.start() + note.ordinal());
    }

    /** The type noted, {@link #NEVER} or {@link #MANY}; what failed too often before counts as many. */
    long type(Instruction instruction, Note note) {
        if (refused.contains(instruction.start())) {
            return MANY;
        }
        return notes.getLong(8L * (CELLS * instruction.start() + note.ordinal()));
    }

    boolean refused(Instruction instruction) {
        return refused.contains(instruction.start());
    }

    /** Lets fast code believe nothing any more of this instruction. */
    void refuse(int unit) {
        refused.add(unit);
    }

    /** Where the address of fast code for a loop stands, a counter of back edges behind it. */
    long loop(int unit) {
        return address(loops) + 16L * unit;
    }

    void loopEntry(int unit, long entry) {
        loops.setLong(16L * unit, entry);
    }

    void backEdges(int count) {
        for (int unit = 0; unit < code.units(); unit++) {
            loops.setLong(16L * unit + 8, count);
        }
    }

    /** The cache of LOAD_GLOBAL. */
    long global(Instruction instruction) {
        return address(globals) + 24L * instruction.start();
    }

    /** The number of an exit: two an instruction, one of them for objects that keep their attributes in a dictionary. */
    static int site(Instruction instruction, Reason reason) {
        return 2 * instruction.start() + (reason == Reason.DICTIONARY ? 1 : 0);
    }

    /** Where exits are counted by their number. */
    long sites() {
        return address(sites);
    }

    /** Whether fast code was left often at this instruction; notes where dictionaries were the reason. */
    boolean leftOften(Instruction instruction) {
        int others = sites.getInt(8L * instruction.start());
        int forDictionaries = sites.getInt(8L * instruction.start() + 4);
        if (forDictionaries >= OFTEN) {
            dictionaries.add(instruction.start());
        }
        return others + forDictionaries >= OFTEN;
    }

    void forgetExits() {
        sites.clear();
    }

    /** Whether objects came here that keep their attributes in a dictionary. */
    boolean metDictionaries(Instruction instruction) {
        return dictionaries.contains(instruction.start());
    }

    /** Where fast code remembers at which entry of a dictionary the attribute of an instruction was. */
    long hint(Instruction instruction) {
        return global(instruction);
    }

    long entryCounter() {
        return address(counters);
    }

    long exitCounter() {
        return address(counters) + 8;
    }

    void exits(int count) {
        counters.setLong(8, count);
    }
}
