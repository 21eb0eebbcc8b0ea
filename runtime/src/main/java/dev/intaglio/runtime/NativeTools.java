package dev.intaglio.runtime;

/** What is written for native tools as code is committed, where somebody asks for it; otherwise no class of it is loaded. */
final class NativeTools {
    private static final boolean PERF_MAP = isSet("intaglio.perfMap");
    private static final boolean JIT_DUMP = isSet("intaglio.jitDump");
    private static final boolean SYMBOLS = isSet("intaglio.symbols");

    private NativeTools() {}

    /** A piece lies in its place, and nobody runs it yet. */
    static void placed(Code code) {
        if (PERF_MAP) {
            PerfMap.add(code);
        }
        if (JIT_DUMP) {
            JitDump.add(code);
        }
    }

    /** A piece is among those of its cache. */
    static void committed() {
        if (SYMBOLS) {
            SymbolFile.changed();
        }
    }

    private static boolean isSet(String property) {
        String folder = System.getProperty(property);
        return folder != null && !folder.isEmpty();
    }
}
