package dev.intaglio.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import picocli.CommandLine.Option;

/** What a benchmark prints: a table, and on request a file for programs and a chart. */
final class Report {
    /** There is no zero on a logarithmic axis. */
    private static final double LEAST_DRAWN = 0.01;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON, too.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--chart", paramLabel = "FILE", description = "Draw the figures; the name ends in .svg or .png.")
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
            draw(title, machine, figures, chart.get());
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

    /** Who did it, and where that leaves doubt also what. */
    private static String label(Figure figure, List<Figure> all) {
        long same = all.stream().filter(f -> f.who().equals(figure.who())).count();
        return same == 1 ? figure.who() : figure.who() + ", " + figure.group();
    }

    /** One bar a figure, group by group; figures of other units than the first are left out. */
    private static void draw(String title, Machine machine, List<Figure> all, Path file) throws IOException {
        List<Figure> figures = all.stream()
                .filter(figure -> figure.unit().equals(all.get(0).unit()))
                .toList();
        System.setProperty("java.awt.headless", "true");
        CategoryChart drawn = new CategoryChartBuilder()
                .width(1000)
                .height(600)
                .title(title + " (" + machine.cpu() + ", " + machine.jvm() + ")")
                .yAxisTitle(figures.get(0).unit() + ", logarithmic")
                .build();
        drawn.getStyler().setYAxisLogarithmic(true);
        double least = figures.stream().mapToDouble(Figure::value).min().orElse(1);
        drawn.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(Math.max(least, LEAST_DRAWN)))));
        drawn.getStyler().setLegendVisible(false);
        drawn.getStyler().setXAxisLabelRotation(45);
        drawn.addSeries(
                title,
                figures.stream().map(f -> label(f, figures)).toList(),
                figures.stream().map(f -> Math.max(f.value(), LEAST_DRAWN)).toList());
        if (file.toString().endsWith(".svg")) {
            VectorGraphicsEncoder.saveVectorGraphic(
                    drawn, file.toString(), VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
        } else {
            BitmapEncoder.saveBitmap(drawn, file.toString(), BitmapEncoder.BitmapFormat.PNG);
        }
    }
}
