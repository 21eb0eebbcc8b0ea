package dev.intaglio.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a measurement was made.
 *
 * @param cpu the processor's name
 * @param processors how many the JVM may use
 * @param system the kernel and its release
 * @param jvm its name and the build of the JDK
 */
record Machine(String cpu, int processors, String system, String jvm) {

    static Machine here() {
        return new Machine(
                model(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    }

    private static String model() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown CPU");
        } catch (IOException e) {
            return "unknown CPU";
        }
    }

    @Override
    public String toString() {
        return cpu + ", " + processors + " processors, " + system + ", " + jvm;
    }
}
