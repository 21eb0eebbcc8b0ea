package dev.intaglio.processor;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.eclipse.jdt.internal.compiler.tool.EclipseCompiler;

/**
 * A compilation of sources in memory, with the processor.
 *
 * @param sources what was compiled, without markers
 * @param marked the offset of the marker in the first source, -1 where there is none
 * @param generated the sources that the processor wrote, by qualified class name
 */
record ProcessorRun(
        boolean succeeded,
        List<Diagnostic<? extends JavaFileObject>> diagnostics,
        List<String> sources,
        int marked,
        Map<String, String> generated,
        Path classes) {

    /** Stands in a source before the char that a message is to point at. */
    static final char MARKER = '«';

    private static final Pattern DECLARED = Pattern.compile("\\b(?:interface|class|record|enum|@interface)\\s+(\\w+)");
    private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);

    static ProcessorRun javac(String... sources) {
        return javac(List.of(), sources);
    }

    static ProcessorRun javac(List<String> options, String... sources) {
        List<String> all = new ArrayList<>(List.of("-Xlint:all,-processing,-options,-auxiliaryclass"));
        all.addAll(options);
        return run(ToolProvider.getSystemJavaCompiler(), all, new StencilProcessor(), sources);
    }

    static ProcessorRun javac(Processor processor, String... sources) {
        return run(ToolProvider.getSystemJavaCompiler(), List.of(), processor, sources);
    }

    static ProcessorRun eclipse(String... sources) {
        return run(new EclipseCompiler(), List.of("--release", "17"), new StencilProcessor(), sources);
    }

    private static ProcessorRun run(
            JavaCompiler compiler, List<String> options, Processor processor, String... marked) {
        int marker = marked[0].indexOf(MARKER);
        List<String> sources =
                Stream.of(marked).map(text -> text.replace(MARKER + "", "")).toList();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try {
            Path output = Files.createTempDirectory(Path.of("target"), "processor");
            Path root = Files.createTempDirectory(Path.of("target"), "sources");
            List<Path> written = new ArrayList<>();
            for (String source : sources) {
                Path file = root.resolve(file(source));
                Files.createDirectories(file.getParent());
                written.add(Files.writeString(file, source));
            }
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of("-d", output.toString(), "-s", output.toString()));
            if (!options.contains("-cp")) {
                all.addAll(List.of("-cp", System.getProperty("java.class.path")));
            }
            try (StandardJavaFileManager files =
                    compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
                JavaCompiler.CompilationTask task = compiler.getTask(
                        new StringWriter(),
                        files,
                        diagnostics,
                        all,
                        null,
                        files.getJavaFileObjects(written.toArray(Path[]::new)));
                task.setProcessors(List.of(processor));
                boolean succeeded = task.call();
                return new ProcessorRun(
                        succeeded, diagnostics.getDiagnostics(), sources, marker, generated(output), output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> generated(Path output) throws IOException {
        Map<String, String> generated = new TreeMap<>();
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String name = output.relativize(file).toString().replace(".java", "");
                generated.put(name.replace('/', '.'), Files.readString(file));
            }
        }
        return generated;
    }

    /** The messages of errors, in order. */
    List<String> errors() {
        return messages(Diagnostic.Kind.ERROR);
    }

    List<String> messages(Diagnostic.Kind kind) {
        return diagnostics.stream()
                .filter(diagnostic -> diagnostic.getKind() == kind)
                .map(ProcessorRun::text)
                .toList();
    }

    /** A message as it was given: javac indents all lines but the first. */
    static String text(Diagnostic<?> diagnostic) {
        boolean javac = diagnostic.getClass().getName().startsWith("com.sun.");
        String text = diagnostic.getMessage(Locale.ROOT);
        return javac ? text.replace("\n  ", "\n") : text;
    }

    /** The only message of processor and compiler. */
    Diagnostic<? extends JavaFileObject> only() {
        if (diagnostics.size() != 1) {
            throw new AssertionError(diagnostics.size() + " messages: " + diagnostics);
        }
        return diagnostics.get(0);
    }

    /** The line and column (counted from 1) of the marker in the first source. */
    String markedPlace() {
        String before = sources.get(0).substring(0, marked);
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        return line + ":" + (before.length() - before.lastIndexOf('\n'));
    }

    /** A class that was compiled. */
    Class<?> load(String name) {
        if (!succeeded) {
            throw new AssertionError(diagnostics);
        }
        try {
            return new URLClassLoader(new URL[] {classes.toUri().toURL()}, ProcessorRun.class.getClassLoader())
                    .loadClass(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** The file that Java wants a source to stand in. */
    private static Path file(String text) {
        Matcher declared = DECLARED.matcher(text);
        Matcher folder = PACKAGE.matcher(text);
        Path directory = Path.of(folder.find() ? folder.group(1).replace('.', '/') : "");
        if (!declared.find()) {
            throw new AssertionError("no type in " + text);
        }
        return directory.resolve(declared.group(1) + ".java");
    }
}
