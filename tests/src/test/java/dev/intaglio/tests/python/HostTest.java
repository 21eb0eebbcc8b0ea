package dev.intaglio.tests.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hosted Python behaves as {@code python3} on the command line. */
class HostTest {
    @TempDir
    Path folder;

    @Test
    void argumentsBehindTheCommandBelongToTheProgram() {
        Outcome run = Interpreter.HOSTED.run("-c", "import sys; print(sys.argv)", "--jit=off", "-x", "ü");
        assertThat(run.out()).isEqualTo("['-c', '--jit=off', '-x', 'ü']\n");
        assertThat(run.status()).isZero();
    }

    @Test
    void theExitStatusIsTheProgramsOwn() {
        assertThat(Interpreter.HOSTED.run("-c", "raise SystemExit(41)").status())
                .isEqualTo(41);
    }

    @Test
    void anUncaughtExceptionIsToldAndEndsWithOne() {
        Outcome run = Interpreter.HOSTED.run("-c", "1 / 0");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).endsWith("ZeroDivisionError: division by zero\n");
    }

    @Test
    void standardInputIsRead() {
        Outcome run = Interpreter.HOSTED.run("one\ntwo\n", List.of("-c", "print(input() + input())"));
        assertThat(run.out()).isEqualTo("onetwo\n");
    }

    @Test
    void aProgramComesFromStandardInputToo() {
        Outcome run = Interpreter.HOSTED.run("print(6 * 7)\n", List.of("-"));
        assertThat(run.out()).isEqualTo("42\n");
    }

    @Test
    void aModuleRunsByName() throws Exception {
        Files.writeString(folder.resolve("greet.py"), "import sys\nprint(__name__, sys.argv[1:])\n");
        Outcome run = Interpreter.HOSTED.run(
                "-c",
                "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('greet', run_name='__main__')",
                folder.toString(),
                "a");
        assertThat(run.out()).isEqualTo("__main__ ['a']\n");
        assertThat(Interpreter.HOSTED.run("-m", "calendar", "2024", "2").out()).contains("February 2024");
    }

    @Test
    void pythonsOwnOptionsPassThrough() {
        Outcome run = Interpreter.HOSTED.run(
                "-O", "--jit=on", "-X", "utf8", "-c", "import sys; print(sys.flags.optimize, sys.flags.utf8_mode)");
        assertThat(run.out()).isEqualTo("1 1\n");
    }

    @Test
    void aFolderWhoseNameIsNoTextInTheLocaleDoesNoHarm() throws Exception {
        Path odd = Files.createDirectory(folder.resolve("d\u00e9j\u00e0"));
        List<String> command = Interpreter.HOSTED.line("-c", "print(6 * 7)");
        command.add(1, "-Dintaglio.launcher=intaglio");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(odd.toFile()).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        assertThat(new String(process.getInputStream().readAllBytes())).isEqualTo("42\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void theExecutableStartsChildren() {
        Outcome run = Interpreter.HOSTED.run(
                "-c",
                "import subprocess, sys\n"
                        + "print(subprocess.run([sys.executable, '-c', 'import sys; print(sys.version_info[:2])'],"
                        + " capture_output=True, text=True).stdout)");
        assertThat(run.out()).isEqualTo("(3, 11)\n\n");
    }

    @Test
    void aForkedChildRunsOnWithoutTheCompiler() {
        Outcome run = Interpreter.HOSTED.run("-c", """
                import os
                def total(n):
                    s = 0
                    for i in range(n):
                        s += i
                    return s
                pid = os.fork()
                if pid == 0:
                    raise SystemExit(total(1000) % 256)
                print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), total(1000))
                """);
        assertThat(run.out()).isEqualTo(499500 % 256 + " 499500\n");
    }

    @Test
    void aForkedChildRunsCodeThatItsParentHasFreed() {
        Outcome run = Interpreter.HOSTED.run("-c", """
                import os
                names = {}
                exec('''
                def total(n):
                    s = 0
                    for i in range(n):
                        s += i
                    return s
                ''', names)
                names["total"](100000)
                reading, writing = os.pipe()
                pid = os.fork()
                if pid == 0:
                    os.read(reading, 1)
                    raise SystemExit(names["total"](1000) % 256)
                names.clear()
                os.write(writing, b"!")
                print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                """);
        assertThat(run.out()).isEqualTo(499500 % 256 + "\n");
    }

    @Test
    void anInterruptReachesAHotLoop() throws Exception {
        Path ready = folder.resolve("ready");
        Process process = new ProcessBuilder(Interpreter.HOSTED.line("-c", """
                        import signal, sys
                        signal.signal(signal.SIGINT, signal.default_int_handler)
                        def spin():
                            n = 0.0
                            while n >= 0.0:
                                n = n + 1.0
                                if n == 1e6:
                                    open(sys.argv[1], "w").close()
                        try:
                            spin()
                        except KeyboardInterrupt:
                            print("interrupted")
                            raise
                        """, ready.toString())).start();
        for (int i = 0; i < 600 && !Files.exists(ready); i++) {
            Thread.sleep(50);
        }
        assertThat(ready).exists();
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(process.getInputStream().readAllBytes())).isEqualTo("interrupted\n");
        assertThat(process.exitValue()).isEqualTo(130);
    }

    @Test
    void aLibraryThatIsNoPythonIsRefused() {
        Outcome run = Interpreter.HOSTED.run("--libpython", "/lib/x86_64-linux-gnu/libm.so.6", "-c", "pass");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("is not a libpython");
    }

    @Test
    void anUnknownOptionIsTold() {
        Outcome run = Interpreter.HOSTED.run("--jti=on", "-c", "pass");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--jti=on");
    }
}
