package dev.intaglio.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.intaglio.cpython.Python;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The one jar that {@code java -jar} starts. Only builds that come to the phase package have it. */
class ProgramJarTest {
    @Test
    void itsManifestStartsPythonAndAllowsNativeAccess() throws IOException, URISyntaxException {
        Path jar = Path.of(
                Python.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        assumeTrue(Files.isRegularFile(jar), "no jar is on the class path");
        try (JarFile open = new JarFile(jar.toFile())) {
            Attributes manifest = open.getManifest().getMainAttributes();
            assertThat(manifest.getValue("Main-Class")).isEqualTo(Python.class.getName());
            assertThat(manifest.getValue("Enable-Native-Access")).isEqualTo("ALL-UNNAMED");
            assertThat(manifest.getValue("Automatic-Module-Name")).isEqualTo("dev.intaglio.cpython");
        }
    }
}
