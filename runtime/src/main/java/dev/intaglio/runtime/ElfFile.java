package dev.intaglio.runtime;

import dev.intaglio.runtime.memory.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * An ELF file that says what lies where in a process: no code, only the names of addresses and the lines they come from, for
 * debuggers (System V ABI, chapter 4; ELF-64 object file format).
 */
final class ElfFile {
    private static final int HEADER = 64;
    private static final int SECTION_HEADER = 64;
    private static final int SYMBOL = 24;
    private static final int EXECUTABLE = 2;
    private static final int X86_64 = 62;
    private static final int PROGBITS = 1;
    private static final int SYMBOL_TABLE = 2;
    private static final int STRING_TABLE = 3;
    private static final int NO_BITS = 8;
    private static final int ALLOCATED_AND_EXECUTABLE = 0x2 | 0x4;
    private static final int OBJECT = 1;
    private static final int FUNCTION = 2;
    private static final int GLOBAL = 1 << 4;

    private final LittleEndian symbols = new LittleEndian();
    private final LittleEndian strings = new LittleEndian();
    private final LineTable lines = new LineTable();
    /** One for each memory: what lies between two of them belongs to others. */
    private final List<Extent> extents = new ArrayList<>();

    ElfFile() {
        strings.int1(0);
        symbols.bytes(new byte[SYMBOL]);
    }

    private record Header(
            String name, int type, int flags, long address, byte[] content, long size, int link, int info, int item) {}

    /** The addresses of a section. */
    private static final class Extent {
        private long low = Long.MAX_VALUE;
        private long high = Long.MIN_VALUE;
    }

    /** What is added from now on lies in a memory of its own. */
    void startSection() {
        if (extents.isEmpty() || last().high != Long.MIN_VALUE) {
            extents.add(new Extent());
        }
    }

    private Extent last() {
        return extents.get(extents.size() - 1);
    }

    /** Names a section of a piece, and says where its bytes come from. */
    void add(String name, Code.Part part, List<Listing.Line> source) {
        boolean runs = part.region() != Region.DATA;
        symbols.int4(strings.size())
                .int1(GLOBAL | (runs ? FUNCTION : OBJECT))
                .int1(0)
                .int2(extents.size())
                .int8(part.address())
                .int8(part.length());
        strings.text(name);
        Extent extent = last();
        extent.low = Math.min(extent.low, part.address());
        extent.high = Math.max(extent.high, part.address() + part.length());
        lines.add(part, source);
    }

    /** The file. */
    byte[] toByteArray() {
        List<Header> sections = new ArrayList<>();
        sections.add(new Header("", 0, 0, 0, new byte[0], 0, 0, 0, 0));
        LittleEndian ranges = new LittleEndian();
        extents.removeIf(extent -> extent.high == Long.MIN_VALUE); // the last at most
        for (Extent extent : extents) {
            long size = extent.high - extent.low;
            String name = sections.size() == 1 ? ".text" : ".text." + sections.size();
            sections.add(new Header(name, NO_BITS, ALLOCATED_AND_EXECUTABLE, extent.low, new byte[0], size, 0, 0, 0));
            ranges.int8(extent.low).int8(extent.high);
        }
        sections.add(bits(".debug_line", lines.toByteArray()));
        sections.add(bits(".debug_abbrev", abbreviations()));
        sections.add(bits(".debug_info", unit()));
        sections.add(bits(".debug_ranges", ranges.int8(0).int8(0).toByteArray()));
        int names = sections.size() + 1;
        sections.add(
                new Header(".symtab", SYMBOL_TABLE, 0, 0, symbols.toByteArray(), symbols.size(), names, 1, SYMBOL));
        sections.add(new Header(".strtab", STRING_TABLE, 0, 0, strings.toByteArray(), strings.size(), 0, 0, 0));
        return file(sections);
    }

    private static Header bits(String name, byte[] content) {
        return new Header(name, PROGBITS, 0, 0, content, content.length, 0, 0, 0);
    }

    private static byte[] file(List<Header> sections) {
        LittleEndian names = new LittleEndian();
        List<Header> all = new ArrayList<>(sections);
        List<Integer> nameOf = new ArrayList<>();
        for (Header section : sections) {
            nameOf.add(names.size());
            names.text(section.name());
        }
        nameOf.add(names.size());
        names.text(".shstrtab");
        all.add(new Header(".shstrtab", STRING_TABLE, 0, 0, names.toByteArray(), names.size(), 0, 0, 0));
        LittleEndian content = new LittleEndian();
        LittleEndian headers = new LittleEndian();
        for (int i = 0; i < all.size(); i++) {
            Header section = all.get(i);
            content.align(Long.BYTES);
            headers.int4(nameOf.get(i))
                    .int4(section.type())
                    .int8(section.flags())
                    .int8(section.address())
                    .int8(i == 0 ? 0 : HEADER + content.size())
                    .int8(section.size())
                    .int4(section.link())
                    .int4(section.info())
                    .int8(i == 0 ? 0 : 1)
                    .int8(section.item());
            content.bytes(section.content());
        }
        content.align(Long.BYTES);
        LittleEndian file = new LittleEndian();
        file.int1(0x7f).bytes(new byte[] {'E', 'L', 'F'});
        file.int1(2).int1(1).int1(1).int1(0).int8(0); // 64 bits, little-endian, version 1, System V
        file.int2(EXECUTABLE).int2(X86_64).int4(1).int8(0).int8(0);
        file.int8(HEADER + content.size()).int4(0);
        file.int2(HEADER).int2(0).int2(0).int2(SECTION_HEADER).int2(all.size()).int2(all.size() - 1);
        return file.bytes(content.toByteArray()).bytes(headers.toByteArray()).toByteArray();
    }

    /** One kind of entry: a compilation unit with its name, its addresses (relative to 0) and its lines (DWARF 4, 7.5.3). */
    private static byte[] abbreviations() {
        return new LittleEndian()
                .unsigned(1)
                .unsigned(0x11) // DW_TAG_compile_unit
                .int1(0)
                .unsigned(0x03) // DW_AT_name
                .unsigned(0x08) // DW_FORM_string
                .unsigned(0x11) // DW_AT_low_pc
                .unsigned(0x01) // DW_FORM_addr
                .unsigned(0x55) // DW_AT_ranges
                .unsigned(0x17) // DW_FORM_sec_offset
                .unsigned(0x10) // DW_AT_stmt_list
                .unsigned(0x17) // DW_FORM_sec_offset
                .int2(0)
                .int1(0)
                .toByteArray();
    }

    private static byte[] unit() {
        LittleEndian unit = new LittleEndian()
                .int2(4)
                .int4(0)
                .int1(Long.BYTES)
                .unsigned(1)
                .text("intaglio")
                .int8(0)
                .int4(0)
                .int4(0);
        return new LittleEndian().int4(unit.size()).bytes(unit.toByteArray()).toByteArray();
    }
}
