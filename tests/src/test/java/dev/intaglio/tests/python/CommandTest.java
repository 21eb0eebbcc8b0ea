package dev.intaglio.tests.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The command behaves as python3 does: arguments, standard input, exit status, options, children. */
class CommandTest {
    private static final int SIGINT_STATUS = 128 + 2;

    @Test
    void commandGetsItsArgumentsAndItsExitStatusIsTheProcesss() {
        Outcome outcome = Interpreter.COMPILED.run(
                "-O", "-c", "import sys; print(sys.argv, __debug__, __name__); sys.exit(7)", "-x", "--jit=off", "ä b");
        assertThat(outcome).isEqualTo(new Outcome(7, "['-c', '-x', '--jit=off', 'ä b'] False __main__\n", ""));
    }

    @Test
    void programIsReadFromStandardInput() {
        Outcome outcome =
                Interpreter.COMPILED.run("total = 0\nfor i in range(10):\n    total += i\nprint(total)\n", List.of());
        assertThat(outcome).isEqualTo(new Outcome(0, "45\n", ""));
    }

    @Test
    void modulesRunWithTheirInput() {
        Outcome outcome = Interpreter.COMPILED.run("[1,2.5]", List.of("-m", "json.tool", "--compact"));
        assertThat(outcome).isEqualTo(new Outcome(0, "[1,2.5]\n", ""));
    }

    @Test
    void sysExecutableStartsThisPythonAgain() {
        String program = """
                import subprocess, sys
                child = subprocess.run(
                    [sys.executable, "-c", "import sys; print(sys.version_info[:2], input()); sys.exit(4)"],
                    input="given", capture_output=True, text=True)
                print(child.returncode, child.stdout, child.stderr)
                sys.exit("a message")
                """;
        assertThat(Interpreter.COMPILED.run("-c", program))
                .isEqualTo(new Outcome(1, "4 (3, 11) given\n \n", "a message\n"));
    }

    @Test
    void uncaughtKeyboardInterruptEndsTheProcessByTheSignal() {
        String program = """
                import os, signal, threading
                def spin():
                    count = 0
                    while True:
                        count += 1
                signal.signal(signal.SIGINT, signal.default_int_handler)
                threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
                spin()
                """;
        Outcome outcome = Interpreter.COMPILED.run("-c", program);
        assertThat(outcome.status()).isEqualTo(SIGINT_STATUS);
        assertThat(outcome.err()).contains("in spin").endsWith("KeyboardInterrupt\n");
    }

    @Test
    void whatIsNoPythonIsRefusedWithTheReason() {
        Outcome outcome = Interpreter.COMPILED.run("--libpython", "/lib/x86_64-linux-gnu/libm.so.6", "-c", "print(1)");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("libm.so.6 is not a libpython");
    }

    @Test
    void missingLibraryIsRefusedWithItsName() {
        Outcome outcome = Interpreter.COMPILED.run("--libpython", "/nowhere/libpython3.12.so", "-c", "print(1)");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("cannot load /nowhere/libpython3.12.so");
    }

    @Test
    void unknownOptionsAreRefusedWithTheUsage() {
        Outcome outcome = Interpreter.COMPILED.run("--jitt=on", "-c", "print(1)");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("--jitt").contains("--jit=on|off");
    }

    @Test
    void missingScriptIsPythonsOwnError() {
        Outcome outcome = Interpreter.COMPILED.run("absent.py");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("can't open file").contains("absent.py");
    }
}
