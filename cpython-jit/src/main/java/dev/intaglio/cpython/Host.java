package dev.intaglio.cpython;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import dev.intaglio.cpython.Invocation.Mode;
import dev.intaglio.cpython.jit.CopyAndPatchEmitters;
import dev.intaglio.cpython.jit.Emitters;
import dev.intaglio.cpython.jit.Jit;
import dev.intaglio.stencils.Layout;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts CPython in this process as {@code python3} starts itself, and runs a program to its end. */
final class Host {
    /** PyConfig of 3.11 is 424 bytes; a later patch release may have more. */
    private static final int CONFIG_BYTES = 8192;

    private final Invocation invocation;

    Host(Invocation invocation) {
        this.invocation = invocation;
    }

    /** Runs the program; returns its exit status. To be called once in a process, on the thread that is to be Python's main. */
    int run() {
        Optional<Distribution> own =
                invocation.library().isPresent() ? Optional.empty() : Optional.of(Distribution.unpacked());
        Path path = invocation.library().orElseGet(() -> own.orElseThrow().library());
        LibPython python = LibPython.load(path);
        restorePreload();
        own.ifPresent(Distribution::loadCompanions);
        initialize(python, own.map(Distribution::home));
        Optional<Jit> jit = invocation.jit() == Mode.OFF ? Optional.empty() : Optional.of(install(python));
        SignalRouting.toThisThread();
        int status = python.callInt("Py_RunMain");
        if (invocation.statistics()) {
            jit.ifPresent(compiler -> compiler.printStatistics(System.err));
        }
        return status;
    }

    /** What was preloaded into this process for the JVM's sake is not meant for the program's children. */
    private static void restorePreload() {
        String before = System.getProperty("intaglio.preload");
        if (before != null) {
            NativeLibrary libc = NativeLibrary.getInstance("c");
            if (before.isEmpty()) {
                libc.getFunction("unsetenv").invokeInt(new Object[] {"LD_PRELOAD"});
            } else {
                libc.getFunction("setenv").invokeInt(new Object[] {"LD_PRELOAD", before, 1});
            }
        }
    }

    private Jit install(LibPython python) {
        LayoutCheck.check(python);
        long emptyString = python.call("PyUnicode_FromStringAndSize", 0L, 0L);
        Jit jit = new Jit(
                name -> name.equals("empty string") ? emptyString : python.address(name),
                invocation.jit() == Mode.ON ? Emitters.GENERATED : new CopyAndPatchEmitters(),
                invocation.statistics());
        long evaluator = jit.evaluator(free -> python.callInt("_PyEval_RequestCodeExtraIndex", new Pointer(free)));
        python.function("_PyInterpreterState_SetEvalFrameFunc")
                .invokeVoid(new Object[] {python.call("PyInterpreterState_Get"), evaluator});
        return jit;
    }

    private void initialize(LibPython python, Optional<Path> home) {
        Path executable = Executable.script();
        Memory config = new Memory(CONFIG_BYTES);
        config.clear();
        List<Pointer> arguments = new ArrayList<>();
        arguments.add(bytes(executable.toString()));
        for (String argument : invocation.python()) {
            arguments.add(bytes(argument));
        }
        Memory vector = new Memory((arguments.size() + 1L) * 8);
        for (int i = 0; i < arguments.size(); i++) {
            vector.setPointer(i * 8L, arguments.get(i));
        }
        Memory early = new Memory(CONFIG_BYTES);
        early.clear();
        python.function("PyPreConfig_InitPythonConfig").invokeVoid(new Object[] {early});
        check(python, python.function("Py_PreInitializeFromBytesArgs").invoke(Status.class, new Object[] {
            early, (long) arguments.size(), vector
        }));
        python.function("PyConfig_InitPythonConfig").invokeVoid(new Object[] {config});
        set(python, config, Layout.CONFIG_PROGRAM_NAME, executable);
        set(python, config, Layout.CONFIG_EXECUTABLE, executable);
        home.ifPresent(folder -> set(python, config, Layout.CONFIG_HOME, folder));
        check(python, python.function("PyConfig_SetBytesArgv").invoke(Status.class, new Object[] {
            config, (long) arguments.size(), vector
        }));
        check(python, python.function("Py_InitializeFromConfig").invoke(Status.class, new Object[] {config}));
        python.function("PyConfig_Clear").invokeVoid(new Object[] {config});
    }

    private static void set(LibPython python, Memory config, int field, Path value) {
        check(python, python.function("PyConfig_SetBytesString").invoke(Status.class, new Object[] {
            config, config.share(field), bytes(value.toString())
        }));
    }

    /** A C string in the encoding in which the command line was decoded. */
    private static Pointer bytes(String text) {
        byte[] encoded = text.getBytes(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
        Memory memory = new Memory(encoded.length + 1L);
        memory.write(0, encoded, 0, encoded.length);
        memory.setByte(encoded.length, (byte) 0);
        return memory;
    }

    /** An exit that Python asked for while starting ({@code -V}, {@code -h}), or an error, which Python itself tells. */
    private static void check(LibPython python, Object status) {
        if (((Status) status).type != 0) {
            python.function("Py_ExitStatusException").invokeVoid(new Object[] {status});
        }
    }

    /** {@code PyStatus}, returned by value. */
    @FieldOrder({"type", "function", "message", "exitCode"})
    public static final class Status extends Structure implements Structure.ByValue {
        public int type;
        public Pointer function;
        public Pointer message;
        public int exitCode;
    }
}
