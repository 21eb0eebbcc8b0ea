package dev.intaglio.processor.write;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.intaglio.processor.resolve.StencilParameter;
import dev.intaglio.processor.resolve.StencilUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * The stencils that have several texts, or one that not every CPU can run: the emitter chooses once, and the stencil's method
 * calls what was chosen.
 */
final class Alternatives {
    /**
     * @param field the number of the text that was chosen
     * @param methods of the texts, in their order
     */
    private record Choice(StencilUnit stencil, String field, List<String> methods, List<String> conditions) {}

    private final Map<StencilUnit, String> names = new LinkedHashMap<>();
    private final List<Choice> choices = new ArrayList<>();

    /**
     * @param members the names of the emitter's methods so far, to which those of the texts are added
     */
    Alternatives(List<StencilUnit> stencils, Set<String> members) {
        int i = 0;
        while (i < stencils.size()) {
            StencilUnit first = stencils.get(i);
            int end = i + 1;
            while (end < stencils.size() && stencils.get(end).isAlternativeOf(first)) {
                end++;
            }
            List<StencilUnit> texts = stencils.subList(i, end);
            if (texts.size() > 1 || first.target().isConditional()) {
                choices.add(choice(texts, members));
            }
            i = end;
        }
    }

    private Choice choice(List<StencilUnit> texts, Set<String> members) {
        StencilUnit first = texts.get(0);
        List<String> methods = new ArrayList<>();
        List<String> conditions = new ArrayList<>();
        for (StencilUnit text : texts) {
            String condition = text.target().condition();
            String wish = first.name() + (condition.isEmpty() ? "Anywhere" : "With" + camel(condition));
            String name = fresh(wish, members);
            names.put(text, name);
            methods.add(name);
            conditions.add(condition);
        }
        return new Choice(first, fresh(first.name() + "Choice", members), methods, conditions);
    }

    private static String fresh(String wish, Set<String> members) {
        String name = wish;
        for (int i = 2; !members.add(name); i++) {
            name = wish + i;
        }
        return name;
    }

    /** {@code x86-64-v3+bmi2} as a part of a name: {@code X8664V3Bmi2}. */
    private static String camel(String condition) {
        StringBuilder name = new StringBuilder();
        for (String word : condition.split("[^A-Za-z0-9]+")) {
            name.append(word.isEmpty() ? "" : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }

    /** The name of the method that a text becomes: the stencil's own where there is no choice. */
    String method(StencilUnit stencil) {
        return names.getOrDefault(stencil, stencil.name());
    }

    /** Adds fields, and the methods that call what was chosen. */
    void addTo(TypeSpec.Builder type) {
        for (Choice choice : choices) {
            type.addField(FieldSpec.builder(TypeName.INT, choice.field(), Modifier.PRIVATE, Modifier.FINAL)
                    .build());
        }
    }

    /** The statements of the constructor that choose. */
    CodeBlock choose() {
        CodeBlock.Builder code = CodeBlock.builder();
        for (Choice choice : choices) {
            CodeBlock conditions = choice.conditions().stream()
                    .map(condition -> CodeBlock.of("$S", condition))
                    .collect(CodeBlock.joining(", "));
            code.addStatement(
                    "$L = choose($S, $L)", choice.field(), choice.stencil().name(), conditions);
        }
        return code.build();
    }

    /** The stencils' own methods. */
    List<MethodSpec> methods() {
        List<MethodSpec> methods = new ArrayList<>();
        for (Choice choice : choices) {
            MethodSpec.Builder method = MethodSpec.methodBuilder(
                            choice.stencil().name())
                    .addAnnotation(Override.class)
                    .addModifiers(Modifier.PUBLIC);
            for (StencilParameter parameter : choice.stencil().parameters()) {
                method.addParameter(StencilWriter.type(parameter.javaType()), parameter.name());
            }
            methods.add(method.addCode("$L", dispatch(choice)).build());
        }
        return methods;
    }

    private static Source dispatch(Choice choice) {
        String arguments = String.join(
                ", ",
                choice.stencil().parameters().stream()
                        .map(StencilParameter::name)
                        .toList());
        // A parameter may have the field's name.
        String field = "this." + choice.field();
        Source body = new Source();
        int last = choice.methods().size() - 1;
        for (int i = 0; i < last; i++) {
            if (i == 0) {
                body.open("if (" + field + " == 0) {");
            } else {
                body.middle("} else if (" + field + " == " + i + ") {");
            }
            body.line(choice.methods().get(i) + "(" + arguments + ");");
        }
        if (last > 0) {
            body.middle("} else {");
        }
        body.line(choice.methods().get(last) + "(" + arguments + ");");
        return last > 0 ? body.close() : body;
    }
}
