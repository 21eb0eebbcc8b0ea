package dev.intaglio.assembly.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Values of Java expressions, by javac. */
final class Compiled {
    private static final int PER_METHOD = 100;

    private Compiled() {}

    /** The values, by way of a class in a folder. */
    static long[] values(List<String> expressions, Path folder) throws Exception {
        StringBuilder source = new StringBuilder(
                "public class Values { public static long[] values = new long[" + expressions.size() + "];\n");
        StringBuilder calls = new StringBuilder();
        for (int from = 0; from < expressions.size(); from += PER_METHOD) {
            source.append("static void part").append(from).append("() {\n");
            for (int i = from; i < Math.min(from + PER_METHOD, expressions.size()); i++) {
                source.append("values[")
                        .append(i)
                        .append("] = ")
                        .append(expressions.get(i))
                        .append(";\n");
            }
            source.append("}\n");
            calls.append("part").append(from).append("();\n");
        }
        source.append("static {\n").append(calls).append("}}\n");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Values.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> options = List.of("-d", folder.toString(), "-proc:none", "-nowarn");
        assertThat(compiler.getTask(null, null, null, options, null, List.of(file))
                        .call())
                .isTrue();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            return (long[]) loader.loadClass("Values").getField("values").get(null);
        }
    }
}
