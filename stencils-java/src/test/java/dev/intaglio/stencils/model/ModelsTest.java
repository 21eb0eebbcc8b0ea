package dev.intaglio.stencils.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.stencils.Layout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A new stencil without a model does not compile; a new interface would, so these are counted. */
class ModelsTest {
    @Test
    void everyInterfaceOfStencilsHasAModelAndItsTest() throws Exception {
        Path classes = Path.of(Layout.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve(Layout.class.getPackageName().replace('.', '/'));
        List<String> interfaces;
        try (var files = Files.list(classes)) {
            interfaces = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Emitter.class") && !name.contains("CopyAndPatch"))
                    .map(name -> name.replace("Emitter.class", ""))
                    .sorted()
                    .toList();
        }
        assertThat(interfaces).contains("Ints", "Objects");
        for (String name : interfaces) {
            Class<?> stencils = Class.forName(Layout.class.getPackageName() + "." + name);
            String model = getClass().getPackageName() + "." + name;
            assertThat(stencils).isAssignableFrom(Class.forName(model + "Model"));
            assertThat(StencilTest.class).isAssignableFrom(Class.forName(model + "Test"));
        }
    }
}
