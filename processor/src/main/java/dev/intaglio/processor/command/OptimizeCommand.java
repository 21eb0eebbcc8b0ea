package dev.intaglio.processor.command;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import dev.intaglio.peephole.ContractCheck;
import dev.intaglio.peephole.Optimized;
import dev.intaglio.peephole.PeepholeOptimizer;
import dev.intaglio.peephole.Rewrite;
import dev.intaglio.peephole.RuleOptions;
import dev.intaglio.processor.layout.LocalLabels;
import dev.intaglio.processor.layout.Plans;
import dev.intaglio.processor.layout.Plans.Planned;
import dev.intaglio.processor.layout.Reach;
import dev.intaglio.processor.layout.Run;
import dev.intaglio.processor.layout.Strategy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what the optimizer makes of a stencil in a text file. */
@Command(
        name = "optimize",
        description = {
            "Optimizes a stencil of a text file and prints its lines.",
            "The file may begin with lines that say what surrounds the stencil:",
            "  # params: int oparg, long operand0     values known at emission",
            "  # in: rdi, rsi                         registers that have a value at the beginning",
            "  # out: rax                             registers that are looked at afterwards (default: all)",
            "  # flags: live                          whether the flags are, too (default: dead)",
            "Then come the stencil's lines, each behind a |."
        })
final class OptimizeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The text file.")
    private Path file;

    @Option(names = "--rules", description = "Rules: all, none, or names to switch off: -zero-idiom,…")
    private String rules = "";

    @Option(names = "--explain", description = "Print each rewrite: rule, lines before, lines after.")
    private boolean explain;

    @Option(names = "--stats", description = "Print instructions and bytes before and after.")
    private boolean stats;

    @Override
    public Integer call() throws IOException {
        if (!Files.isReadable(file)) {
            System.err.println("intaglio: cannot read " + file);
            return 1;
        }
        RuleOptions options;
        StencilFile stencil;
        try {
            options = RuleOptions.parse(rules);
        } catch (IllegalArgumentException wrong) {
            System.err.println("intaglio: " + wrong.getMessage());
            return 2;
        }
        try {
            stencil = StencilFile.parse(Files.readString(file));
        } catch (StencilFile.HeadException wrong) {
            System.err.println(file + ":" + wrong.getMessage());
            return 1;
        }
        Diagnostics diagnostics = new Diagnostics();
        List<Line> lines = StencilParser.parse(stencil.text(), stencil.scope(), ParserOptions.DEFAULT, diagnostics);
        Size before = size(lines, stencil, diagnostics);
        if (diagnostics.hasErrors()) {
            diagnostics.all().forEach(mistake -> tell(mistake, "error", stencil.text(), System.err));
            return 1;
        }
        Diagnostics broken = new Diagnostics();
        ContractCheck.check(lines, stencil.contract(), broken);
        broken.all().forEach(mistake -> tell(mistake, "warning", stencil.text(), System.err));
        Optimized optimized = PeepholeOptimizer.optimize(lines, options, stencil.contract());
        optimized.lines().forEach(line -> System.out.println(text(line)));
        if (explain) {
            optimized.rewrites().forEach(OptimizeCommand::print);
        }
        if (stats) {
            print(before, size(optimized.lines(), stencil, new Diagnostics()), optimized.rewrites());
        }
        return 0;
    }

    static String text(Line line) {
        if (line instanceof Line.Java java) {
            return java.source();
        }
        boolean beginsTheLine = line instanceof Line.LabelDefinition || line instanceof Line.SectionSwitch;
        return (beginsTheLine ? "|" : "| ") + line;
    }

    private static void print(Rewrite rewrite) {
        System.out.println("rule " + rewrite.rule());
        rewrite.before().forEach(line -> System.out.println("  " + text(line)));
        System.out.println("=>");
        rewrite.after().forEach(line -> System.out.println("  " + text(line)));
    }

    /** How many instructions, and the fewest and the most bytes. */
    private record Size(int instructions, int least, int most) {
        @Override
        public String toString() {
            return instructions + " instructions, " + (least == most ? "" : least + " to ") + most + " bytes";
        }
    }

    private static Size size(List<Line> lines, StencilFile stencil, Diagnostics diagnostics) {
        List<Planned> planned = Plans.of(lines, stencil.contract(), CpuFeatures.ANY, Strategy.OPTIMIZED, diagnostics);
        Reach reach = new Reach(planned, new LocalLabels(planned, Run.of(lines)), unused -> false);
        int least = 0;
        int most = 0;
        for (int i = 0; i < lines.size(); i++) {
            least += reach.minLength(i);
            most += reach.maxLength(i);
        }
        int instructions =
                (int) lines.stream().filter(Instruction.class::isInstance).count();
        return new Size(instructions, least, most);
    }

    private static void print(Size before, Size after, List<Rewrite> rewrites) {
        System.out.println("before: " + before);
        System.out.println("after:  " + after);
        Map<String, Long> fired =
                rewrites.stream().collect(Collectors.groupingBy(Rewrite::rule, TreeMap::new, Collectors.counting()));
        fired.forEach((rule, times) -> System.out.println("rule " + rule + ": " + times));
    }

    /** A mistake as a compiler tells it: file, line and column, the line, a caret, the remedy. */
    private void tell(Diagnostic mistake, String kind, String text, PrintStream err) {
        int at = Math.min(mistake.span().start(), Math.max(0, text.length() - 1));
        int start = text.lastIndexOf('\n', at - 1) + 1;
        int end = text.indexOf('\n', at);
        long line = text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        err.println(file + ":" + line + ":" + (at - start + 1) + ": " + kind + ": " + mistake.headline());
        err.println("    " + text.substring(start, end < 0 ? text.length() : end));
        err.println("    " + " ".repeat(at - start) + "^");
        mistake.details().forEach(err::println);
        mistake.help().ifPresent(help -> err.println("help: " + help));
    }
}
