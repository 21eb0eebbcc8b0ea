package dev.intaglio.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import org.junit.jupiter.api.Test;

/** Build tools and other processors around ours. */
class EnvironmentTest {
    private static final String WRONG = """
            package p;
            @dev.intaglio.dsl.Stencils
            interface X {
                @dev.intaglio.dsl.Stencil("| nop; «bogus") void a();
            }
            """;

    /** As IntelliJ does it: the compiler's environment is a field of the handler of a proxy. */
    private record Handler(ProcessingEnvironment environment) implements InvocationHandler {
        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            try {
                return method.invoke(environment, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    /** As Gradle does it: a wrapper with the compiler's environment in a field. */
    private static class Wrapper implements ProcessingEnvironment {
        private final ProcessingEnvironment delegate;

        Wrapper(ProcessingEnvironment delegate) {
            this.delegate = delegate;
        }

        @Override
        public java.util.Map<String, String> getOptions() {
            return delegate.getOptions();
        }

        @Override
        public javax.annotation.processing.Messager getMessager() {
            return delegate.getMessager();
        }

        @Override
        public Filer getFiler() {
            return delegate.getFiler();
        }

        @Override
        public javax.lang.model.util.Elements getElementUtils() {
            return delegate.getElementUtils();
        }

        @Override
        public javax.lang.model.util.Types getTypeUtils() {
            return delegate.getTypeUtils();
        }

        @Override
        public SourceVersion getSourceVersion() {
            return delegate.getSourceVersion();
        }

        @Override
        public java.util.Locale getLocale() {
            return delegate.getLocale();
        }
    }

    private interface Wrapping {
        ProcessingEnvironment wrap(ProcessingEnvironment environment);
    }

    /** Our processor in another environment. */
    private static Processor in(Wrapping wrapping) {
        StencilProcessor processor = new StencilProcessor();
        return new AbstractProcessor() {
            @Override
            public void init(ProcessingEnvironment environment) {
                processor.init(wrapping.wrap(environment));
            }

            @Override
            public Set<String> getSupportedAnnotationTypes() {
                return processor.getSupportedAnnotationTypes();
            }

            @Override
            public SourceVersion getSupportedSourceVersion() {
                return processor.getSupportedSourceVersion();
            }

            @Override
            public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
                return processor.process(annotations, round);
            }
        };
    }

    private static ProcessingEnvironment proxy(ProcessingEnvironment environment) {
        return (ProcessingEnvironment) Proxy.newProxyInstance(
                EnvironmentTest.class.getClassLoader(),
                new Class<?>[] {ProcessingEnvironment.class},
                new Handler(environment));
    }

    @Test
    void placesAreExactInWrappedEnvironments() {
        for (Wrapping wrapping :
                new Wrapping[] {EnvironmentTest::proxy, Wrapper::new, inner -> new Wrapper(proxy(inner))}) {
            ProcessorRun run = ProcessorRun.javac(in(wrapping), WRONG);
            assertThat(run.only().getPosition()).as("%s", run.only()).isEqualTo(run.marked());
        }
    }

    @Test
    void whatWeDidNotForeseeIsAMessageNotACrash() {
        ProcessorRun run = ProcessorRun.javac(
                in(inner -> new Wrapper(inner) {
                    @Override
                    public Filer getFiler() {
                        throw new IllegalStateException("out of ink");
                    }
                }),
                WRONG.replace("; «bogus", ""));
        assertThat(run.errors())
                .singleElement()
                .asString()
                .startsWith("[asm/internal] please report this: java.lang.IllegalStateException: out of ink")
                .contains("StencilProcessor");
    }

    @Test
    void aClassOfTheEmittersNameIsNotOverwritten() {
        ProcessorRun run = ProcessorRun.javac(WRONG.replace("; «bogus", ""), "package p; class XEmitter { int mine; }");
        assertThat(run.errors()).singleElement().asString().startsWith("cannot write p.XEmitter: ");
    }

    /** Writes {@code interface Made { int MADE = 7; }} in the first round. */
    private static final class Maker extends AbstractProcessor {
        private final StencilProcessor stencils = new StencilProcessor();
        private boolean done;

        @Override
        public void init(ProcessingEnvironment environment) {
            super.init(environment);
            stencils.init(environment);
        }

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return Set.of("*");
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latestSupported();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            stencils.process(annotations, round);
            if (!done) {
                done = true;
                try (Writer writer =
                        processingEnv.getFiler().createSourceFile("p.Made").openWriter()) {
                    writer.write("package p; interface Made { int MADE = 7; }");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return false;
        }
    }

    @Test
    void aParentThatAnotherProcessorWritesIsAwaited() {
        ProcessorRun run = ProcessorRun.javac(
                new Maker(),
                WRONG.replace("interface X", "interface X extends Made").replace("nop; «bogus", "mov eax, MADE"));
        assertThat(run.errors()).isEmpty();
        assertThat(run.generated().get("p.XEmitter")).contains("mov eax, 7");
    }

    @Test
    void aParentThatNeverComesIsTheCompilersMessage() {
        ProcessorRun run = ProcessorRun.javac(WRONG.replace("interface X", "interface X extends Made"));
        assertThat(run.errors()).singleElement().asString().contains("cannot find symbol");
    }

    @Test
    void theProcessorIsRegisteredForJavacAndGradle() throws IOException {
        assertThat(resource("META-INF/services/javax.annotation.processing.Processor"))
                .isEqualTo(StencilProcessor.class.getName());
        assertThat(resource("META-INF/gradle/incremental.annotation.processors"))
                .isEqualTo(StencilProcessor.class.getName() + ",isolating");
    }

    private static String resource(String name) throws IOException {
        ClassLoader loader = StencilProcessor.class.getClassLoader();
        for (var url : java.util.Collections.list(loader.getResources(name))) {
            String text = new String(url.openStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (text.contains("intaglio")) {
                return text;
            }
        }
        return "";
    }
}
