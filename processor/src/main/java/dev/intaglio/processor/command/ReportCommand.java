package dev.intaglio.processor.command;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a page about all stencils of a source tree. */
@Command(
        name = "report",
        description = {
            "Writes an HTML page: every stencil with its source, optimized lines, bytes, rules fired, hot and cold coloured, and"
                    + " totals beside the same stencils without the optimizer and as copy-and-patch would emit them."
        })
final class ReportCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "FOLDER",
            arity = "0..1",
            description = "A source folder (default: the interpreter's stencils).")
    private Path folder = Path.of(System.getProperty("intaglio.root", "."), "stencils-java", "src", "main", "java");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE.html",
            description = "Where the page goes (default: ${DEFAULT-VALUE}).")
    private Path output = Path.of("report.html");

    @Option(
            names = {"-cp", "--class-path"},
            description = "Class path of the sources; Intaglio's own annotations and runtime are always on it.")
    private String classPath = "";

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            System.err.println("intaglio: " + folder + " is no folder");
            return 2;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            System.err.println("intaglio: this java has no compiler; a JDK is needed");
            return 1;
        }
        List<Path> sources = sources();
        if (sources.isEmpty()) {
            System.err.println("intaglio: no file in " + folder + " has an interface marked @Stencils");
            return 1;
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        StencilReporter reporter = new StencilReporter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
            var task = compiler.getTask(
                    new StringWriter(),
                    files,
                    diagnostics,
                    options(),
                    null,
                    files.getJavaFileObjectsFromPaths(sources));
            task.setProcessors(List.of(reporter));
            task.call();
        }
        List<? extends Diagnostic<?>> mistakes = diagnostics.getDiagnostics().stream()
                .filter(one -> one.getKind() == Diagnostic.Kind.ERROR
                        && (one.getMessage(Locale.ROOT).contains("[asm/")
                                || reporter.entries().isEmpty()))
                .toList();
        mistakes.forEach(System.err::println);
        if (reporter.entries().isEmpty()) {
            System.err.println("intaglio: no stencil was found in " + folder);
            return 1;
        }
        Files.writeString(output, ReportPage.of("Stencils of " + folder.normalize(), reporter.entries()));
        System.out.println(reporter.entries().size() + " stencils, written to " + output);
        return mistakes.isEmpty() ? 0 : 1;
    }

    private List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> found = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                if (Files.readString(file).contains("@Stencils")) {
                    found.add(file);
                }
            }
            return found;
        }
    }

    private List<String> options() {
        String own = System.getProperty("intaglio.stencil.path", System.getProperty("java.class.path"));
        String all = classPath.isEmpty() ? own : classPath + java.io.File.pathSeparator + own;
        return List.of("-proc:only", "-implicit:none", "-cp", all, "-sourcepath", folder.toString());
    }
}
