package dev.intaglio.tests.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import javax.tools.ToolProvider;

/** A process of its own for one cold run of javac; its last line tells wall and CPU milliseconds. */
public final class OneCompilation {
    private OneCompilation() {}

    public static void main(String[] options) {
        long start = ManagementFactory.getRuntimeMXBean().getStartTime();
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, options);
        long wall = System.currentTimeMillis() - start;
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        System.out.println(wall + " " + system.getProcessCpuTime() / 1_000_000);
        System.exit(status);
    }
}
