package dev.intaglio.tests.bench;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What it costs to make emitted bytes executable and to free them again. */
@Command(
        name = "commit",
        description = {
            "Commits and closes pieces of three sizes in each kind of memory that Intaglio has; emission is taken off. CPU time of the thread.",
            "Beside them a plain copy of as many bytes, and what programs do without a code cache: mmap, copy, mprotect, munmap."
        })
final class CommitBench implements Callable<Integer> {
    private static final int[] SIZES = {64, 4096, 65536};
    private static final List<String> KINDS = List.of("file", "hardened", "switched");
    private static final int PROT_READ_WRITE = 3;
    private static final int PROT_READ_EXEC = 5;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    @Mixin
    private Help help = new Help();

    @Mixin
    private Report report = new Report();

    @Mixin
    private Sampling sampling = new Sampling();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        long works = (KINDS.size() + 1) * 2L * SIZES.length;
        try (ProgressBar bar = Progress.bar("commit", works * sampling.samples())) {
            for (String kind : KINDS) {
                bar.setExtraMessage(kind + " memory");
                figures.addAll(ChildRun.figures(
                        OneKind.class, List.of("-Dintaglio.memory=" + kind), sampling.arguments(), bar));
            }
            bar.setExtraMessage("others");
            Stopwatch watch = sampling.watch(bar::step);
            for (int size : SIZES) {
                ByteBuffer bytes = ByteBuffer.allocateDirect(size);
                ByteBuffer memory = ByteBuffer.allocateDirect(size);
                figures.add(new Figure(group(size), "copy alone", watch.nanos(n -> copy(bytes, memory, n)), "ns"));
                figures.add(
                        new Figure(group(size), "mmap, copy, mprotect, munmap", watch.nanos(n -> map(bytes, n)), "ns"));
            }
            bar.setExtraMessage("");
        }
        figures.sort(Comparator.comparingInt(f -> Integer.parseInt(f.group().split(" ")[0]))); // stable
        report.print("Commit and close", figures);
        return 0;
    }

    private static String group(int size) {
        return size + " bytes";
    }

    /** Much code in little time, since what a commit takes is a difference of times. */
    @Stencils
    interface Filling {
        int BYTES = 64;

        @Stencil("| .space BYTES, 0x90")
        void nops();
    }

    /** In the kind of memory that this JVM has. */
    List<Figure> measure() {
        String kind = System.getProperty("intaglio.memory", "file");
        List<Figure> figures = new ArrayList<>();
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            Stopwatch watch = sampling.watch(ChildRun::step);
            Filling ops = new CommitBench_FillingEmitter(buffer);
            for (int size : SIZES) {
                double emitted = watch.nanos(n -> {
                    for (int i = 0; i < n; i++) {
                        emit(ops, size);
                        buffer.link();
                        buffer.reset();
                    }
                });
                double committed = watch.nanos(n -> {
                    for (int i = 0; i < n; i++) {
                        emit(ops, size);
                        try (Code code = buffer.commit("piece")) {
                            if (code.size() < size) {
                                throw new IllegalStateException(code.size() + " bytes were committed");
                            }
                        }
                    }
                });
                double difference = Math.max(0, committed - emitted);
                figures.add(new Figure(group(size), "Intaglio, " + kind + " memory", difference, "ns"));
            }
        }
        return figures;
    }

    private static void emit(Filling ops, int size) {
        for (int bytes = 0; bytes < size; bytes += Filling.BYTES) {
            ops.nops();
        }
    }

    private static void copy(ByteBuffer bytes, ByteBuffer memory, int n) {
        for (int i = 0; i < n; i++) {
            memory.put(0, bytes, 0, bytes.capacity());
        }
    }

    private static void map(ByteBuffer bytes, int n) {
        NativeLibrary process = NativeLibrary.getProcess();
        Function mmap = process.getFunction("mmap");
        Function mprotect = process.getFunction("mprotect");
        Function munmap = process.getFunction("munmap");
        long size = Math.max(bytes.capacity(), 4096);
        for (int i = 0; i < n; i++) {
            long address = mmap.invokeLong(new Object[] {0L, size, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L});
            copy(bytes, new Pointer(address).getByteBuffer(0, bytes.capacity()), 1);
            if (mprotect.invokeInt(new Object[] {address, size, PROT_READ_EXEC}) != 0) {
                throw new IllegalStateException("mprotect failed");
            }
            munmap.invokeInt(new Object[] {address, size});
        }
    }

    /** A JVM with one kind of memory. */
    static final class OneKind {
        private OneKind() {}

        public static void main(String[] arguments) {
            CommitBench bench = new CommitBench();
            new CommandLine(bench).parseArgs(arguments);
            bench.measure().forEach(figure -> System.out.println(figure.line()));
        }
    }
}
