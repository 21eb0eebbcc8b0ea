package dev.intaglio.stencils.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.peephole.RuleOptions;
import dev.intaglio.processor.StencilProcessor;
import dev.intaglio.runtime.CodeBuffer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * The emitters of this module as other choices of rules make them: with no rule, and with each alone. Where none makes what all
 * make, no rule finds anything, and neither does one alone. {@code -Drules.variants=all} runs the emitters made without rules in
 * any case.
 */
final class RuleVariants {
    private static final boolean ALWAYS = "all".equals(System.getProperty("rules.variants"));
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path WITH_ALL_RULES = Path.of("target/generated-sources/annotations");

    private RuleVariants() {}

    /** Emitters, by the rules that they were made with, whose code is not that of the module's own. */
    static <T> Map<String, Function<CodeBuffer, T>> of(Class<T> stencils) {
        Map<String, String> different = new LinkedHashMap<>();
        Set<String> texts = new LinkedHashSet<>();
        String own = Made.ALL.get(file(stencils));
        String none = Made.NONE.get(file(stencils));
        assertThat(own).as("what was made of %s", stencils).isNotNull();
        if (!none.equals(own)) {
            texts.add(own);
            texts.add(none);
            different.put("none", none);
            for (String rule : RuleOptions.names()) {
                String alone = generated(without(rule), Set.of(stencils.getSimpleName()))
                        .get(file(stencils));
                if (texts.add(alone)) {
                    different.put("only " + rule, alone);
                }
            }
        } else if (ALWAYS) {
            different.put("none", none);
        }
        Map<String, Function<CodeBuffer, T>> emitters = new LinkedHashMap<>();
        different.forEach((rules, text) -> emitters.put(rules, emitter(stencils, text)));
        return emitters;
    }

    private static String file(Class<?> stencils) {
        return stencils.getSimpleName() + "Emitter.java";
    }

    /** All rules but one off. */
    private static String without(String alone) {
        return RuleOptions.names().stream()
                .filter(name -> !name.equals(alone))
                .map(name -> "-" + name)
                .collect(Collectors.joining(","));
    }

    /** Made once for all tests. */
    private static final class Made {
        static final Map<String, String> ALL = read(WITH_ALL_RULES);
        static final Map<String, String> NONE = generated("none", Set.of());
    }

    /** The generated sources, by the names of their files; of these interfaces, or of all where none is named. */
    private static Map<String, String> generated(String rules, Set<String> interfaces) {
        Path output = compile(
                sources(interfaces), List.of(new StencilProcessor()), "-proc:only", "-Aintaglio.rules=" + rules);
        return read(output);
    }

    private static <T> Function<CodeBuffer, T> emitter(Class<T> stencils, String text) {
        try {
            Path source = Files.createTempDirectory(Path.of("target"), "rules").resolve(file(stencils));
            Path classes = compile(List.of(Files.writeString(source, text)), List.of(), "-proc:none");
            Class<?> emitter = new Loader(classes, stencils).loadClass(stencils.getName() + "Emitter");
            var constructor = emitter.getConstructor(CodeBuffer.class);
            return buffer -> {
                try {
                    return stencils.cast(constructor.newInstance(buffer));
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            };
        } catch (IOException | ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Has the emitter from the folder rather than the module's own. */
    private static final class Loader extends URLClassLoader {
        private final String own;

        Loader(Path classes, Class<?> stencils) throws IOException {
            super(new URL[] {classes.toUri().toURL()}, stencils.getClassLoader());
            own = stencils.getName() + "Emitter";
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(own) && findLoadedClass(name) == null) {
                return findClass(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    private static Path compile(List<Path> sources, List<Processor> processors, String... more) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try {
            Path output = Files.createTempDirectory(Path.of("target"), "rules");
            List<String> options = new ArrayList<>(List.of(more));
            options.addAll(List.of("-s", output.toString(), "-d", output.toString()));
            options.addAll(List.of("-cp", System.getProperty("java.class.path")));
            try (var files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
                var objects = files.getJavaFileObjectsFromPaths(sources);
                var task = compiler.getTask(new StringWriter(), files, diagnostics, options, null, objects);
                task.setProcessors(processors);
                task.call();
            }
            assertThat(diagnostics.getDiagnostics()).noneMatch(one -> one.getKind() == Diagnostic.Kind.ERROR);
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sources(Set<String> interfaces) {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .filter(file -> interfaces.isEmpty()
                            || interfaces.contains(file.getFileName().toString().replace(".java", "")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> read(Path output) {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }
}
