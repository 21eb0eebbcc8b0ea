package dev.intaglio.processor.write;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.processor.layout.Plans;
import dev.intaglio.processor.layout.Plans.Planned;
import dev.intaglio.processor.resolve.EmitterUnit;
import dev.intaglio.processor.resolve.StencilParameter;
import dev.intaglio.processor.resolve.StencilUnit;
import dev.intaglio.processor.timing.Timing;
import dev.intaglio.processor.timing.Timing.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.Generated;
import javax.lang.model.element.Modifier;

/** Writes the class of an emitter: one method a stencil, and what a listing needs to know of each. */
public final class EmitterWriter {
    /** The annotation that an emitter has where it can be seen. */
    public static final String GENERATED = "javax.annotation.processing.Generated";

    private static final String PROCESSOR = "dev.intaglio.processor.StencilProcessor";
    private static final ClassName EMITTER = ClassName.get("dev.intaglio.runtime", "Emitter");
    private static final ClassName BUFFER = ClassName.get("dev.intaglio.runtime", "CodeBuffer");
    private static final ClassName STENCIL_SOURCE = ClassName.get("dev.intaglio.runtime", "StencilSource");
    private static final ClassName STENCIL_LINE = ClassName.get("dev.intaglio.runtime", "StencilLine");

    private EmitterWriter() {}

    /** The source file of an emitter. What is wrong is reported to the stencils' diagnostics; the file is then of no use. */
    public static GeneratedSource write(EmitterUnit unit) {
        return write(unit, new Timing());
    }

    /** The source file of an emitter, with the time that it took. */
    public static GeneratedSource write(EmitterUnit unit, Timing timing) {
        List<List<Planned>> plans = timing.measure(
                Stage.ENCODE, () -> unit.stencils().stream().map(Plans::of).toList());
        return timing.measure(Stage.WRITE, () -> write(unit, plans));
    }

    private static GeneratedSource write(EmitterUnit unit, List<List<Planned>> plans) {
        String[] parts = unit.interfaceName().split("\\.");
        ClassName stencils =
                ClassName.get(unit.packageName(), parts[0], java.util.Arrays.copyOfRange(parts, 1, parts.length));
        Globals globals = new Globals();
        Set<String> members = new HashSet<>(unit.inherited().members());
        unit.stencils().forEach(stencil -> members.add(stencil.name()));
        Shapes shapes = new Shapes(members);
        ClassName emitter = ClassName.get(unit.packageName(), unit.emitterName());
        Shared shared = new Shared(emitter, globals, shapes, positionBases(unit), members);
        Alternatives alternatives = new Alternatives(unit.stencils(), members);
        List<StencilWriter> writers = new ArrayList<>();
        List<MethodSpec> methods = new ArrayList<>(alternatives.methods());
        for (StencilUnit stencil : unit.stencils()) {
            StencilWriter writer = new StencilWriter(
                    stencil, plans.get(writers.size()), alternatives.method(stencil), writers.size(), shared);
            writers.add(writer);
            methods.addAll(writer.methods());
        }
        TypeSpec.Builder type = TypeSpec.classBuilder(unit.emitterName())
                .addJavadoc("Emits the stencils of {@link $T}.\n", stencils)
                .addModifiers(Modifier.FINAL)
                .superclass(EMITTER)
                .alwaysQualify(unit.inherited().types().toArray(new String[0]))
                .addSuperinterface(stencils);
        if (unit.saysGenerated()) {
            type.addAnnotation(AnnotationSpec.builder(Generated.class)
                    .addMember("value", "$S", PROCESSOR)
                    .build());
        }
        if (!unit.suppressed().isEmpty()) {
            type.addAnnotation(AnnotationSpec.builder(SuppressWarnings.class)
                    .addMember("value", "{$L}", strings(List.copyOf(unit.suppressed())))
                    .build());
        }
        if (unit.isPublic()) {
            type.addModifiers(Modifier.PUBLIC);
        }
        if (!globals.names().isEmpty()) {
            type.addField(
                    FieldSpec.builder(String[].class, "GLOBALS", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                            .initializer("{$L}", strings(globals.names()))
                            .build());
        }
        alternatives.addTo(type);
        shapes.addTo(type);
        MethodSpec.Builder constructor = MethodSpec.constructorBuilder()
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc("An emitter that writes to {@code buffer}.\n")
                .addParameter(BUFFER, "buffer")
                .addStatement("super(buffer)");
        if (!unit.cpu().isEmpty()) {
            constructor.addStatement("require($S)", unit.cpu());
        }
        type.addMethod(constructor.addCode(alternatives.choose()).build());
        methods.forEach(type::addMethod);
        type.addMethod(accessor("sources", ArrayTypeName.of(STENCIL_SOURCE), "Sources.ALL"));
        if (!globals.names().isEmpty()) {
            type.addMethod(accessor("globals", ArrayTypeName.of(String.class), "GLOBALS"));
        }
        type.addType(sources(unit, writers));
        JavaFile.Builder file = JavaFile.builder(unit.packageName(), type.build())
                .skipJavaLangImports(true)
                .indent("    ");
        unit.staticImports()
                .forEach((owner, names) -> names.forEach(name -> file.addStaticImport(ClassName.get("", owner), name)));
        String prefix = unit.packageName().isEmpty() ? "" : unit.packageName() + ".";
        return new GeneratedSource(prefix + unit.emitterName(), file.build().toString());
    }

    /** The registers behind which stencils keep positions, a bit each. */
    private static int positionBases(EmitterUnit unit) {
        return unit.stencils().stream()
                .flatMap(stencil -> stencil.lines().stream())
                .filter(Line.Position.class::isInstance)
                .flatMap(line -> ((Line.Position) line).slot().stream())
                .mapToInt(slot -> 1 << slot.base().register().number())
                .reduce(0, (all, one) -> all | one);
    }

    private static MethodSpec accessor(String name, com.palantir.javapoet.TypeName type, String field) {
        return MethodSpec.methodBuilder(name)
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PROTECTED)
                .returns(type)
                .addStatement("return $L", field)
                .build();
    }

    /** A class of its own, which is loaded when a message or a listing asks; a method a stencil, so that none is too large. */
    private static TypeSpec sources(EmitterUnit unit, List<StencilWriter> writers) {
        TypeSpec.Builder type = TypeSpec.classBuilder("Sources")
                .addJavadoc("What messages and listings know of the stencils.\n")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL);
        Set<String> names = new LinkedHashSet<>();
        for (StencilWriter writer : writers) {
            String name = writer.methodName() + "Source";
            for (int i = 2; !names.add(name); i++) {
                name = writer.methodName() + "Source" + i;
            }
            type.addMethod(MethodSpec.methodBuilder(name)
                    .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                    .returns(STENCIL_SOURCE)
                    .addCode("return $L;\n", source(unit, writer))
                    .build());
            writer.listings().forEach(type::addMethod);
        }
        CodeBlock all = names.stream().map(name -> CodeBlock.of("$L()", name)).collect(CodeBlock.joining(", "));
        return type.addField(FieldSpec.builder(ArrayTypeName.of(STENCIL_SOURCE), "ALL", Modifier.STATIC, Modifier.FINAL)
                        .initializer("{$L}", all)
                        .build())
                .build();
    }

    private static CodeBlock source(EmitterUnit unit, StencilWriter writer) {
        StencilUnit stencil = writer.unit();
        List<String> parameters =
                stencil.parameters().stream().map(StencilParameter::name).toList();
        String simpleName = unit.interfaceName().substring(unit.interfaceName().lastIndexOf('.') + 1);
        CodeBlock.Builder source = CodeBlock.builder()
                .add(
                        "new $T($S, $S, $S, new String[] {$L}",
                        STENCIL_SOURCE,
                        simpleName,
                        stencil.text().fileName(),
                        stencil.name(),
                        strings(parameters));
        for (int i = 0; i < stencil.lines().size(); i++) {
            Planned line = writer.planned(i);
            source.add(
                    ",\n        new $T($L, $S, $S)",
                    STENCIL_LINE,
                    stencil.text().fileLine(line.line().span().start()),
                    line.section(),
                    writer.lineTexts().get(i));
        }
        return source.add(")").build();
    }

    private static CodeBlock strings(List<String> values) {
        return values.stream().map(value -> CodeBlock.of("$S", value)).collect(CodeBlock.joining(", "));
    }
}
