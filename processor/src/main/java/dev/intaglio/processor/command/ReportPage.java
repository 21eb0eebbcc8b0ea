package dev.intaglio.processor.command;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.processor.command.SizeOfStencil.Range;
import dev.intaglio.processor.command.StencilReporter.Entry;
import dev.intaglio.processor.layout.Plans;
import dev.intaglio.processor.layout.Plans.Planned;
import dev.intaglio.processor.layout.Strategy;
import dev.intaglio.processor.resolve.StencilUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The report as one HTML page without anything beside it. */
final class ReportPage {
    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 78rem; padding: 0 1rem; color: #1c2430; }
            h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
            table { border-collapse: collapse; } td, th { padding: .2rem .9rem .2rem 0; text-align: right; }
            td:first-child, th:first-child { text-align: left; }
            details { border-top: 1px solid #d7dde5; padding: .45rem 0; } summary { cursor: pointer; }
            summary b { display: inline-block; min-width: 14rem; } .sizes { color: #5b6777; }
            .bar { display: inline-block; height: .7rem; background: #d9e2ec; vertical-align: middle; width: 12rem; }
            .bar i { display: inline-block; height: 100%; vertical-align: top; background: #c8553d; }
            .bar i.cold { background: #7aa6c2; }
            .columns { display: grid; grid-template-columns: 2fr 3fr; gap: 1.5rem; }
            pre { font: 13px/1.45 ui-monospace, monospace; overflow-x: auto; background: #f6f8fa; padding: .6rem; margin: .3rem 0; }
            .hot { color: #9c2f18; } .cold { color: #2f6686; } .bytes { color: #5b6777; } .java { color: #6f42a1; }
            .rule { background: #eef3e6; border-radius: .3rem; padding: 0 .4rem; margin-right: .4rem; font-size: .85rem; }
            """;
    private static final int TEXT = 46;

    private final StringBuilder html = new StringBuilder();
    private final List<Entry> entries;

    private ReportPage(List<Entry> entries) {
        this.entries = entries;
    }

    static String of(String title, List<Entry> entries) {
        return new ReportPage(entries).page(title);
    }

    private String page(String title) {
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escaped(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(escaped(title))
                .append("</h1>\n<p>")
                .append(entries.size())
                .append(
                        " stencils. Bytes depend on the values that are emitted: the fewest and the most, each line counted once."
                                + " <span class=\"hot\">Hot</span> and <span class=\"cold\">cold</span> lines are coloured.</p>\n");
        totals(entries);
        rules();
        Map<String, List<Entry>> interfaces = entries.stream()
                .collect(Collectors.groupingBy(Entry::interfaceName, TreeMap::new, Collectors.toList()));
        interfaces.forEach((name, stencils) -> {
            html.append("<h2>").append(escaped(name)).append("</h2>\n");
            totals(stencils);
            stencils.forEach(this::stencil);
        });
        return html.append("</body></html>\n").toString();
    }

    private void totals(List<Entry> some) {
        Map<Strategy, SizeOfStencil> totals = new EnumMap<>(Strategy.class);
        for (Entry entry : some) {
            entry.sizes().forEach((strategy, size) -> totals.merge(strategy, size, SizeOfStencil::plus));
        }
        Range all = totals.get(Strategy.COPY_AND_PATCH).all();
        html.append("<table><tr><th></th><th>instructions</th><th>hot bytes</th><th>cold bytes</th><th>hot, of all of"
                + " copy-and-patch</th><th>all, of copy-and-patch</th></tr>\n");
        totals.forEach((strategy, size) -> html.append("<tr><td>")
                .append(strategy)
                .append("</td><td>")
                .append(size.instructions())
                .append("</td><td>")
                .append(size.hot())
                .append("</td><td>")
                .append(size.other())
                .append("</td><td>")
                .append(share(size.hot(), all))
                .append("</td><td>")
                .append(share(size.all(), all))
                .append("</td></tr>\n"));
        html.append("</table>\n");
    }

    private static String share(Range part, Range whole) {
        return whole.least() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%.2f\u2013%.2f",
                        (double) part.least() / whole.least(),
                        (double) part.most() / whole.most());
    }

    private void rules() {
        Map<String, Long> fired = entries.stream()
                .flatMap(entry -> entry.optimized().rewrites().stream())
                .collect(Collectors.groupingBy(rewrite -> rewrite.rule(), TreeMap::new, Collectors.counting()));
        html.append("<p>");
        fired.forEach((rule, times) -> html.append("<span class=\"rule\">")
                .append(rule)
                .append(" \u00d7 ")
                .append(times)
                .append("</span> "));
        html.append("</p>\n");
    }

    private void stencil(Entry entry) {
        StencilUnit stencil = entry.optimized().unit();
        SizeOfStencil now = entry.sizes().get(Strategy.OPTIMIZED);
        SizeOfStencil copied = entry.sizes().get(Strategy.COPY_AND_PATCH);
        int whole = Math.max(1, copied.all().most());
        html.append("<details><summary><b>")
                .append(escaped(stencil.name()))
                .append("</b> <span class=\"bar\"><i style=\"width:")
                .append(percent(now.hot().most(), whole))
                .append("%\"></i><i class=\"cold\" style=\"width:")
                .append(percent(now.other().most(), whole))
                .append("%\"></i></span> <span class=\"sizes\">hot ")
                .append(now.hot())
                .append(", cold ")
                .append(now.other())
                .append("; copy-and-patch ")
                .append(copied.all())
                .append("</span> ");
        entry.optimized().rewrites().stream()
                .map(rewrite -> rewrite.rule())
                .distinct()
                .forEach(rule ->
                        html.append("<span class=\"rule\">").append(rule).append("</span>"));
        html.append("</summary>\n<div class=\"columns\"><pre>")
                .append(escaped(stencil.text().value().stripTrailing()))
                .append("</pre><pre>");
        Plans.of(stencil.lines(), stencil.contract(), stencil.target().allowed(), stencil.strategy(), new Diagnostics())
                .forEach(this::line);
        html.append("</pre></div></details>\n");
    }

    private static int percent(int part, int whole) {
        return Math.min(100, 100 * part / whole);
    }

    private void line(Planned planned) {
        boolean java = planned.line() instanceof Line.Java;
        String text = java ? ((Line.Java) planned.line()).source() : "| " + planned.line();
        String bytes = planned.plan().map(EncodingPlan::toString).orElse("");
        html.append("<span class=\"")
                .append(java ? "java" : planned.section().equals("code") ? "hot" : "cold")
                .append("\">")
                .append(escaped(text))
                .append("</span>")
                .append(" ".repeat(Math.max(1, TEXT - text.length())))
                .append("<span class=\"bytes\">")
                .append(escaped(bytes))
                .append("</span>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
