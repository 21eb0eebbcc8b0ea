package dev.intaglio.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The C++ assemblers of the emission benchmark run where they are installed, and where not, the reason is told. */
class NativeEmissionTest {
    @TempDir
    Path folder;

    @BeforeEach
    void gnuCompiler() throws Exception {
        assumeTrue(Compiler.complaint(List.of("g++", "--version"), folder).isEmpty(), "no g++");
    }

    @Test
    void installedAssemblersWriteTheSameBytesAndTellTheirTime() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/include/xbyak/xbyak.h")), "no libxbyak-dev");
        assumeTrue(Files.exists(Path.of("/usr/include/asmjit/x86.h")), "no libasmjit-dev");
        Sampling sampling = CommandLine.populateCommand(new Sampling(), "--samples=1", "--millis=1");
        try (ProgressBar bar = Progress.bar("emission", NativeEmission.COMPILATION);
                NativeEmission peers = new NativeEmission(Optional.empty(), Optional.empty(), bar)) {
            assertThat(peers.missing()).containsExactly("DynASM: wants LuaJIT's sources (--dynasm FOLDER)");
            List<Figure> figures = peers.figures(sampling, bar);
            assertThat(figures)
                    .extracting(Figure::who)
                    .contains(
                            "Xbyak in C++",
                            "AsmJit in C++",
                            "Xbyak in C++, emission of a process's first trace",
                            "AsmJit in C++, emission of a process's first trace");
            // Less than a cycle, or a hundred microseconds, cannot be what an instruction took.
            assertThat(figures)
                    .filteredOn(figure -> figure.unit().equals("ns"))
                    .hasSize(4)
                    .allSatisfy(figure -> {
                        assertThat(figure.value()).isBetween(0.1, 1e5);
                        assertThat(figure.note()).matches("[1-9]\\d* MB/s");
                    });
        }
    }

    @Test
    void aFailedCompilationIsToldInTheCompilersWords() throws Exception {
        header("xbyak/xbyak.h", "#error this header is broken\n");
        header("asmjit/x86.h", "namespace asmjit { namespace x86 {} }\nint broken = nothing;\n");
        assertThat(missing(Optional.empty()))
                .anyMatch(line -> line.startsWith("Xbyak: not compiled: ")
                        && line.endsWith("xbyak/xbyak.h:1:2: error: #error this header is broken"))
                .anyMatch(line -> line.startsWith("AsmJit: not compiled: ")
                        && line.endsWith("asmjit/x86.h:2:14: error: 'nothing' was not declared in this scope"));
    }

    @Test
    void onlyAHeaderThatIsMissingNamesThePackage() throws Exception {
        header("xbyak/xbyak.h", "#include <xbyak/missing.h>\n");
        header("asmjit/x86.h", "#include <missing.h>\n");
        assertThat(missing(Optional.empty()))
                .contains("Xbyak: xbyak/missing.h was not found (Debian has it in libxbyak-dev;"
                        + " --include FOLDER names another place)")
                .anyMatch(
                        line -> line.startsWith("AsmJit: not compiled: ") && line.contains("missing.h: No such file"));
    }

    @Test
    void withoutItsSourcesDynasmSaysWhatItWants() throws Exception {
        header("xbyak/xbyak.h", "#error\n");
        header("asmjit/x86.h", "#error\n");
        assertThat(missing(Optional.of(folder)))
                .contains("DynASM: there is no " + folder.resolve("dynasm/dynasm.lua")
                        + " (--dynasm FOLDER wants LuaJIT's sources)");
        Files.createDirectories(folder.resolve("dynasm"));
        Files.createDirectories(folder.resolve("src/host"));
        Files.createFile(folder.resolve("dynasm/dynasm.lua"));
        Files.writeString(folder.resolve("src/host/minilua.c"), "int main(void) { return missing; }\n");
        assertThat(missing(Optional.of(folder)))
                .anyMatch(line -> line.startsWith("DynASM: not translated: ")
                        && line.contains("minilua.c:1:25: error: 'missing' undeclared"));
    }

    @Test
    void aLibraryThatIsMissingIsFoundInTheLinkersWords() throws Exception {
        Path source = Files.writeString(folder.resolve("empty.cpp"), "int main() {}\n");
        String complaint = Compiler.complaint(List.of("g++", source.toString(), "-lasmjitt"), folder)
                .orElseThrow();
        assertThat(Compiler.absent(complaint)).contains("-lasmjitt");
    }

    private void header(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<String> missing(Optional<Path> dynasm) throws IOException, InterruptedException {
        try (ProgressBar bar = Progress.bar("emission", NativeEmission.COMPILATION);
                NativeEmission peers = new NativeEmission(Optional.of(folder), dynasm, bar)) {
            return peers.missing();
        }
    }
}
