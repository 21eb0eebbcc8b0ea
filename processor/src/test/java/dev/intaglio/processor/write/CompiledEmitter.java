package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import dev.intaglio.peephole.Contract;
import dev.intaglio.peephole.PeepholeOptimizer;
import dev.intaglio.peephole.RuleOptions;
import dev.intaglio.processor.layout.Arrangement;
import dev.intaglio.processor.layout.Strategy;
import dev.intaglio.processor.resolve.EmitterUnit;
import dev.intaglio.processor.resolve.References;
import dev.intaglio.processor.resolve.StencilParameter;
import dev.intaglio.processor.resolve.StencilText;
import dev.intaglio.processor.resolve.StencilUnit;
import dev.intaglio.processor.resolve.Target;
import dev.intaglio.runtime.CodeBuffer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** An emitter written, compiled with all of javac's warnings as errors, and loaded in this process. */
final class CompiledEmitter {
    private final Class<?> emitter;
    private final String source;

    private CompiledEmitter(Class<?> emitter, String source) {
        this.emitter = emitter;
        this.source = source;
    }

    /** The Java that the writer wrote. */
    String source() {
        return source;
    }

    /** An emitter on a buffer. */
    Instance on(CodeBuffer buffer) {
        try {
            return new Instance(emitter.getConstructor(CodeBuffer.class).newInstance(buffer));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** An emitter whose stencils are called by name. */
    record Instance(Object emitter) {
        void emit(String stencil, Object... arguments) {
            Method method = Arrays.stream(emitter.getClass().getDeclaredMethods())
                    .filter(candidate -> candidate.getName().equals(stencil))
                    .findFirst()
                    .orElseThrow();
            try {
                method.invoke(emitter, arguments);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException thrown) {
                    throw thrown;
                }
                throw new AssertionError(e.getCause());
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The interface and its stencils. */
    static Builder of(String interfaceName) {
        return new Builder(interfaceName);
    }

    /** Collects what the interface declares. */
    static final class Builder {
        private record Declared(String name, List<StencilParameter> parameters, String text) {}

        private final String interfaceName;
        private final List<Declared> stencils = new ArrayList<>();
        private final StringBuilder members = new StringBuilder();
        private final Map<String, ExpressionType> methods = new LinkedHashMap<>();
        private final Map<String, Scope.Symbol> constants = new TreeMap<>();

        private Strategy strategy = Strategy.OPTIMIZED;
        private boolean carries;
        private Arrangement arrangement = Arrangement.NONE;
        private RuleOptions rules = RuleOptions.NONE;
        private Contract contract = Contract.DEFAULT;

        private Builder(String interfaceName) {
            this.interfaceName = interfaceName;
        }

        /** A stencil: {@code "load(int index, Label target)"} and its text. */
        Builder stencil(String signature, String text) {
            String name = signature.substring(0, signature.indexOf('('));
            List<StencilParameter> parameters = new ArrayList<>();
            for (String parameter : signature
                    .substring(name.length() + 1, signature.length() - 1)
                    .split(",")) {
                String[] words = parameter.strip().split(" ");
                if (words.length == 2) {
                    parameters.add(new StencilParameter(words[1], type(words[0]), qualified(words[0])));
                }
            }
            stencils.add(new Declared(name, parameters, text));
            members.append("    void ").append(signature).append(";\n");
            return this;
        }

        /** How the lines become bytes. */
        Builder strategy(Strategy other) {
            strategy = other;
            return this;
        }

        /** Lets stencils use what those before them have left. */
        Builder carry() {
            carries = true;
            return this;
        }

        /** Has stencils share a frame. */
        Builder oneFrame() {
            arrangement = new Arrangement(false, true, false);
            return this;
        }

        /** Has stencils share equal cold code. */
        Builder share() {
            arrangement = new Arrangement(false, false, true);
            return this;
        }

        /** The rules that rewrite the lines; none unless this is called. */
        Builder rules(RuleOptions allowed, Contract ofAll) {
            rules = allowed;
            contract = ofAll;
            return this;
        }

        /** A default or static method. */
        Builder method(String name, ExpressionType result, String declaration) {
            methods.put(name, result);
            members.append("    ").append(declaration).append('\n');
            return this;
        }

        Builder constant(String name, long value) {
            constants.put(name, new Scope.Symbol(name, ExpressionType.INT, OptionalLong.of(value)));
            members.append("    int ").append(name).append(" = ").append(value).append(";\n");
            return this;
        }

        /** Writes, compiles and loads the emitter. */
        CompiledEmitter compile() {
            EmitterUnit unit = unit();
            String source = print(unit);
            for (StencilUnit stencil : unit.stencils()) {
                assertThat(stencil.diagnostics().all())
                        .as(source)
                        .allMatch(diagnostic -> diagnostic.code().isWarning());
            }
            String declaration = "package generated;\nimport dev.intaglio.runtime.*;\npublic interface " + interfaceName
                    + " {\n" + members + "}\n";
            return new CompiledEmitter(
                    load(
                            unit.emitterName(),
                            new SourceText(interfaceName, declaration),
                            new SourceText(unit.emitterName(), source)),
                    source);
        }

        /** What is reported of the stencils. */
        List<String> problems() {
            EmitterUnit unit = unit();
            EmitterWriter.write(unit);
            return unit.stencils().stream()
                    .flatMap(stencil -> stencil.diagnostics().all().stream())
                    .map(Object::toString)
                    .toList();
        }

        private EmitterUnit unit() {
            List<StencilUnit> units = new ArrayList<>();
            for (Declared declared : stencils) {
                Diagnostics diagnostics = new Diagnostics();
                List<Line> lines = StencilParser.parse(
                        declared.text(), new Names(declared.parameters()), ParserOptions.DEFAULT, diagnostics);
                units.add(new StencilUnit(
                        declared.name(),
                        declared.parameters(),
                        arrangement.behind(
                                PeepholeOptimizer.optimize(
                                                strategy.arranged(arrangement.before(lines, diagnostics)),
                                                rules,
                                                contract)
                                        .lines(),
                                Set.of()),
                        new StencilText(interfaceName + ".java", 1, declared.text()),
                        References.NONE,
                        Target.ANY,
                        contract,
                        strategy,
                        carries,
                        diagnostics));
            }
            return new EmitterUnit("generated", interfaceName, interfaceName + "Emitter", true, units);
        }

        private static String print(EmitterUnit unit) {
            return EmitterWriter.write(unit).text();
        }

        private static ExpressionType type(String name) {
            return switch (name) {
                case "int" -> ExpressionType.INT;
                case "long" -> ExpressionType.LONG;
                case "double" -> ExpressionType.DOUBLE;
                case "boolean" -> ExpressionType.BOOLEAN;
                case "Label" -> ExpressionType.LABEL;
                case "Gpr" -> ExpressionType.GPR;
                case "Xmm" -> ExpressionType.XMM;
                case "PatchSite" -> ExpressionType.PATCH_SITE;
                default -> ExpressionType.UNKNOWN;
            };
        }

        private static String qualified(String name) {
            return Character.isUpperCase(name.charAt(0)) ? "dev.intaglio.runtime." + name : name;
        }

        private final class Names implements Scope {
            private final Map<String, Symbol> symbols = new TreeMap<>(constants);

            Names(List<StencilParameter> parameters) {
                parameters.forEach(parameter -> symbols.put(
                        parameter.name(), new Symbol(parameter.name(), parameter.type(), OptionalLong.empty())));
            }

            @Override
            public Optional<Symbol> find(String name) {
                return Optional.ofNullable(symbols.get(name));
            }

            @Override
            public Optional<ExpressionType> method(String name) {
                return Optional.ofNullable(methods.get(name));
            }

            @Override
            public Set<String> names() {
                return symbols.keySet();
            }
        }
    }

    private static final class SourceText extends SimpleJavaFileObject {
        private final String text;

        SourceText(String simpleName, String text) {
            super(URI.create("string:///generated/" + simpleName + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static Class<?> load(String emitterName, SourceText... sources) {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (CompiledClasses classes = new CompiledClasses(javac.getStandardFileManager(null, null, null))) {
            boolean compiled = javac.getTask(
                            messages,
                            classes,
                            null,
                            List.of("-Xlint:all", "-Werror", "-proc:none"),
                            null,
                            List.of(sources))
                    .call();
            assertThat(compiled)
                    .as("%s%n%s", messages, sources[sources.length - 1].text)
                    .isTrue();
            return classes.loader().loadClass("generated." + emitterName);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
