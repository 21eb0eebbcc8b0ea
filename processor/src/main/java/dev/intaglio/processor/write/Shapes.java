package dev.intaglio.processor.write;

import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** The comparisons and branches of an emitter that need not be made twice, each with the field that holds its number. */
final class Shapes {
    private final Set<String> members;
    private final Map<String, String> fields = new LinkedHashMap<>();

    /**
     * @param members the names of the emitter's members
     */
    Shapes(Set<String> members) {
        this.members = members;
    }

    /** The field for lines. */
    String field(String lines) {
        return fields.computeIfAbsent(lines, unused -> {
            int number = fields.size() + 1;
            String name = "shape" + number;
            while (!members.add(name)) {
                name = "shape" + ++number;
            }
            return "this." + name;
        });
    }

    void addTo(TypeSpec.Builder type) {
        fields.forEach((lines, field) -> type.addField(
                FieldSpec.builder(int.class, field.substring("this.".length()), Modifier.PRIVATE, Modifier.FINAL)
                        .initializer("known.shape($S)", lines)
                        .build()));
    }
}
