package dev.intaglio.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.dsl.Stencils;
import dev.intaglio.processor.StencilProcessor;
import dev.intaglio.runtime.CodeCache;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A user's program as a module of its own, and on the class path, with the flags that the documentation names. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class ModulesTest {
    private static final String MODULE = Page.of("docs/setup.md").javaBlocks().get(0);

    private static final String PROGRAM = """
            package app;

            import dev.intaglio.dsl.*;
            import dev.intaglio.runtime.*;
            import java.util.function.LongUnaryOperator;

            public final class Main {
                @Stencils
                interface Arithmetic {
                    @Stencil({"| imul rax, rdi, factor", "| add rax, addend", "| ret"})
                    void mulAdd(int factor, int addend);

                    @Stencil({"| lea rax, [rdi + rsi]", "| ret"})
                    void sum();
                }

                /** Nobody outside of the module sees it. */
                interface TwoLongs {
                    long sum(long a, long b);
                }

                public static void main(String[] arguments) {
                    try (CodeCache cache = CodeCache.create();
                            CodeBuffer buffer = cache.newBuffer()) {
                        Arithmetic ops = new Main_ArithmeticEmitter(buffer);
                        ops.mulAdd(3, 4);
                        Code first = buffer.commit("mulAdd");
                        ops.sum();
                        Code second = buffer.commit("sum");
                        System.out.println(first.bind(LongUnaryOperator.class).applyAsLong(14));
                        System.out.println(second.bind(TwoLongs.class).sum(40, 7));
                        System.out.println(Main.class.getModule());
                        first.close();
                        second.close();
                    }
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void aModuleRunsWithNativeAccessForTheRuntime() {
        String path = jars();
        compile(List.of("--module-path", path), "module-info.java", MODULE, "app/Main.java", PROGRAM);
        List<String> command = new ArrayList<>(List.of("--module-path", path + ":" + folder.resolve("classes")));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=dev.intaglio.runtime,com.sun.jna");
        }
        command.addAll(List.of("--module", "app/app.Main"));
        assertThat(run(command)).isEqualTo("46\n47\nmodule app\n");
    }

    @Test
    void aClassPathRunsWithNativeAccessForAll() {
        String path = jars();
        compile(List.of("-cp", path), "app/Main.java", PROGRAM);
        List<String> command = new ArrayList<>();
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", path + ":" + folder.resolve("classes"), "app.Main"));
        assertThat(run(command)).matches("46\n47\nunnamed module @\\w+\n");
    }

    private String jars() {
        return String.join(
                ":",
                jar("dev.intaglio.runtime", CodeCache.class).toString(),
                jar("dev.intaglio.dsl", Stencils.class).toString(),
                place(com.sun.jna.Native.class).toString());
    }

    /** The jar that a build makes of a module; where tests run before there is one, the same from its classes. */
    private Path jar(String module, Class<?> some) {
        Path place = place(some);
        if (Files.isRegularFile(place)) {
            return place;
        }
        Path jar = folder.resolve(module + ".jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Automatic-Module-Name", module);
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> classes = Files.walk(place)) {
            for (Path one : classes.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(place.relativize(one).toString()));
                Files.copy(one, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }

    private static Path place(Class<?> some) {
        try {
            return Path.of(
                    some.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private void compile(List<String> where, String... namesAndTexts) {
        try {
            List<Path> sources = new ArrayList<>();
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                Path source = folder.resolve("src").resolve(namesAndTexts[i]);
                Files.createDirectories(source.getParent());
                sources.add(Files.writeString(source, namesAndTexts[i + 1]));
            }
            List<String> options = new ArrayList<>(where);
            options.addAll(
                    List.of("-d", folder.resolve("classes").toString(), "-Xlint:all,-requires-automatic", "-Werror"));
            StringWriter messages = new StringWriter();
            JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
            try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
                JavaCompiler.CompilationTask task =
                        javac.getTask(messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources));
                task.setProcessors(List.of(new StencilProcessor()));
                assertThat(task.call()).as("%s", messages).isTrue();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a JVM prints to both of its outputs: a warning would be in it. */
    private String run(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
