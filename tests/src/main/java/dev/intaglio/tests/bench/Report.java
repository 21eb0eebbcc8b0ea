package dev.intaglio.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What a benchmark prints: a table, and on request a file for programs and a chart. */
final class Report {
    @Option(
            names = "--json",
            paramLabel = "FILE",
            converter = OutputFile.class,
            description = "Write the figures as JSON, too.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--chart",
            paramLabel = "FILE",
            converter = OutputFile.Drawing.class,
            description = "Draw the figures; the name ends in .svg or .png.")
    private Optional<Path> chart = Optional.empty();

    /** Prints the figures; each is compared with the first one of its group. */
    void print(String title, List<Figure> figures) throws IOException {
        Machine machine = Machine.here();
        System.out.println(machine);
        int width = figures.stream().mapToInt(f -> f.who().length()).max().orElse(0);
        String group = "";
        double first = 0;
        for (Figure figure : figures) {
            if (!figure.group().equals(group)) {
                group = figure.group();
                first = figure.value();
                System.out.println(group);
            }
            System.out.printf(
                    Locale.ROOT,
                    "  %-" + width + "s  %12.2f %-3s %8.2f%s%n",
                    figure.who(),
                    figure.value(),
                    figure.unit(),
                    figure.value() / first,
                    figure.note().isEmpty() ? "" : "  " + figure.note());
        }
        if (json.isPresent()) {
            Files.writeString(json.get(), json(title, machine, figures));
        }
        if (chart.isPresent()) {
            Chart.write(title, machine, figures, chart.get());
        }
    }

    static String json(String title, Machine machine, List<Figure> figures) {
        return figures.stream()
                .map(f -> String.format(
                        Locale.ROOT,
                        "  {\"group\": %s, \"who\": %s, \"value\": %.4f, \"unit\": %s, \"note\": %s}",
                        quoted(f.group()),
                        quoted(f.who()),
                        f.value(),
                        quoted(f.unit()),
                        quoted(f.note())))
                .collect(Collectors.joining(
                        ",\n",
                        String.format(
                                Locale.ROOT,
                                "{\"benchmark\": %s, \"cpu\": %s, \"processors\": %d, \"system\": %s, \"jvm\": %s, \"figures\": [%n",
                                quoted(title),
                                quoted(machine.cpu()),
                                machine.processors(),
                                quoted(machine.system()),
                                quoted(machine.jvm())),
                        "\n]}\n"));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
