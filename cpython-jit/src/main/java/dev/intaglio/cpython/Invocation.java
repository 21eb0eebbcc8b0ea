package dev.intaglio.cpython;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What the command line asks for. Our options stand before the script; what python3 itself understands there goes to it
 * unread, and so does everything from the script, {@code -c} or {@code -m} on.
 *
 * @param jit whether hot code is compiled
 * @param statistics whether to tell at the end what was compiled
 * @param library the libpython to use instead of the one that comes along
 * @param python what python3 gets, without its own name
 */
record Invocation(Mode jit, boolean statistics, Optional<Path> library, List<String> python) {
    private static final Set<String> PYTHON_OPTIONS_WITH_VALUE = Set.of("-W", "-X", "--check-hash-based-pycs");

    /** Parses, or ends the process after having told what is wrong. */
    static Invocation parse(String... arguments) {
        List<String> ours = new ArrayList<>();
        List<String> python = new ArrayList<>();
        int i = 0;
        while (i < arguments.length) {
            String argument = arguments[i];
            if (argument.equals("--libpython") || argument.equals("--jit")) {
                ours.add(argument);
                if (i + 1 < arguments.length) {
                    ours.add(arguments[++i]);
                }
            } else if (argument.startsWith("--") && !PYTHON_OPTIONS_WITH_VALUE.contains(argument)) {
                ours.add(argument);
            } else if (PYTHON_OPTIONS_WITH_VALUE.contains(argument)) {
                python.add(argument);
                if (i + 1 < arguments.length) {
                    python.add(arguments[++i]);
                }
            } else if (isFlag(argument)) {
                python.add(argument);
            } else {
                break;
            }
            i++;
        }
        python.addAll(List.of(arguments).subList(i, arguments.length));
        Options options = new Options();
        CommandLine line = new CommandLine(options).registerConverter(Mode.class, Mode::of);
        try {
            line.parseArgs(ours.toArray(String[]::new));
        } catch (CommandLine.ParameterException e) {
            System.err.println("intaglio python: " + e.getMessage());
            line.usage(System.err);
            System.exit(2);
        }
        if (line.isUsageHelpRequested()) {
            line.usage(System.out);
            System.exit(0);
        }
        return new Invocation(options.jit, options.statistics, Optional.ofNullable(options.library), python);
    }

    /** A group of python's one-letter flags that does not begin the program: {@code -c}, {@code -m} and {@code -} do. */
    private static boolean isFlag(String argument) {
        return argument.length() > 1
                && argument.charAt(0) == '-'
                && argument.indexOf('c') < 0
                && argument.indexOf('m') < 0;
    }

    /** How Python code runs. */
    enum Mode {
        ON("on"),
        OFF("off"),
        COPY_AND_PATCH("copy-and-patch");

        private final String option;

        Mode(String option) {
            this.option = option;
        }

        /** As the command line has it. */
        @Override
        public String toString() {
            return option;
        }

        private static Mode of(String option) {
            return Arrays.stream(values())
                    .filter(mode -> mode.option.equals(option))
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.TypeConversionException(
                            "'" + option + "' is none of on, off, copy-and-patch"));
        }
    }

    @Command(
            name = "intaglio python",
            sortOptions = false,
            description =
                    "Runs a Python program on CPython 3.11 in this process, its hot code compiled to machine code.",
            footer = {"", "Options of python3 itself (-O, -B, -u, -X dev and so on) may stand before the program."})
    private static final class Options {
        @Option(
                names = "--jit",
                paramLabel = "on|off|copy-and-patch",
                description =
                        "Compile hot code (default: on); copy-and-patch: as a compiler with fixed templates would.")
        Mode jit = Mode.ON;

        @Option(names = "--stats", description = "Tell on standard error at the end what was compiled.")
        boolean statistics;

        @Option(names = "--libpython", paramLabel = "PATH", description = "Use this libpython 3.11.")
        Path library;

        @Option(names = "--help", usageHelp = true, description = "Print this help.")
        boolean help;

        @Parameters(paramLabel = "SCRIPT|-c CMD|-m MOD ARGS…", arity = "0..*", description = "The program.")
        List<String> program;
    }
}
