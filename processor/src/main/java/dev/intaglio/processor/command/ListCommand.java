package dev.intaglio.processor.command;

import dev.intaglio.processor.OptionException;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the stencils of a source file as they will be emitted. */
@Command(
        name = "list",
        description = {
            "Prints for each stencil of a Java source file its optimized lines with their bytes, its size range and the"
                    + " rules that fired.",
            "Values known only at emission stand in braces; (a | b) are cases of which the emitter writes one."
        })
final class ListCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE.java", description = "The source file.")
    private Path file;

    @Option(
            names = {"-cp", "--class-path"},
            description = "Class path of the file; Intaglio's own annotations and runtime are always on it.")
    private String classPath = "";

    @Option(names = "--rules", description = "Peephole rules: all, none, or names to switch off: -zero-idiom,…")
    private String rules = "";

    @Option(names = "--define", description = "Options for .if: NAME=value,…")
    private String define = "";

    @Option(names = "--cpu", description = "What interfaces count on that do not say it: x86-64-v3, x86-64-v2+bmi2, …")
    private String cpu = "";

    @Override
    public Integer call() throws IOException {
        if (!Files.isReadable(file)) {
            System.err.println("intaglio: cannot read " + file);
            return 1;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            System.err.println("intaglio: this java has no compiler; a JDK is needed");
            return 1;
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        StencilLister lister = new StencilLister();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null)) {
            var task = compiler.getTask(
                    new StringWriter(), files, diagnostics, options(), null, files.getJavaFileObjects(file));
            task.setProcessors(List.of(lister));
            try {
                task.call();
            } catch (RuntimeException failed) {
                // Javac wraps what a processor throws.
                if (failed.getCause() instanceof OptionException wrong) {
                    System.err.println("intaglio: " + wrong.getMessage());
                    return 2;
                }
                throw failed;
            }
        }
        boolean wrong = false;
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            // The class that this run does not write is missing; everything else is worth telling.
            boolean ofStencils = diagnostic.getMessage(Locale.ROOT).contains("[asm/");
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR
                    && (ofStencils || lister.listings().isEmpty())) {
                System.err.println(diagnostic);
                wrong = true;
            }
        }
        System.out.print(String.join("\n", lister.listings()));
        if (!wrong && lister.listings().isEmpty()) {
            System.err.println("intaglio: " + file + " has no interface marked @Stencils");
            return 1;
        }
        return wrong ? 1 : 0;
    }

    private List<String> options() throws IOException {
        List<String> options = new ArrayList<>(List.of("-proc:only", "-implicit:none"));
        String own = System.getProperty("intaglio.stencil.path", System.getProperty("java.class.path"));
        String all = classPath.isEmpty() ? own : classPath + File.pathSeparator + own;
        options.addAll(List.of("-cp", all));
        sourceRoot().ifPresent(root -> options.addAll(List.of("-sourcepath", root.toString())));
        if (!rules.isEmpty()) {
            options.add("-Aintaglio.rules=" + rules);
        }
        if (!cpu.isEmpty()) {
            options.add("-Aintaglio.cpu=" + cpu);
        }
        if (!define.isEmpty()) {
            options.add("-Aintaglio.define=" + define);
        }
        return options;
    }

    /** The folder above the file's package, so that its neighbours are found. */
    private java.util.Optional<Path> sourceRoot() throws IOException {
        String packageName = Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("package ") && line.endsWith(";"))
                .map(line ->
                        line.substring("package ".length(), line.length() - 1).strip())
                .findFirst()
                .orElse("");
        Path root = file.toAbsolutePath().getParent();
        for (int i = 0; root != null && !packageName.isEmpty() && i < packageName.split("\\.").length; i++) {
            root = root.getParent();
        }
        return java.util.Optional.ofNullable(root);
    }
}
