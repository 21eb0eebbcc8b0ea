package dev.intaglio.tests.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** What JMH measures best: single operations, with an error. */
@Command(
        name = "jmh",
        description =
                "Runs the benchmarks of single calls and stencils by JMH, whose own options these are: -l lists them, -h helps.")
final class JmhBench implements Callable<Integer> {
    /** All that stands behind the name. */
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        System.out.println(Machine.here()); // of which JMH tells the JVM alone
        Main.main(arguments.toArray(String[]::new));
        return 0;
    }
}
