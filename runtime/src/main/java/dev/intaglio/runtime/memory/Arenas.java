package dev.intaglio.runtime.memory;

import java.util.ArrayList;
import java.util.List;

/** The choice among the ways of having executable memory: the first that the system grants, or the one asked for. */
final class Arenas {
    /** {@code file}, {@code hardened} or {@code switched}. */
    private static final String WAY = "intaglio.memory";

    private Arenas() {}

    /**
     * Maps an arena.
     *
     * @throws MemoryRefusedException when the system grants none
     */
    static ExecutableArena open(MemoryPlan asked) {
        checkSystem();
        String way = System.getProperty(WAY, "");
        if (!List.of("", "file", "hardened", "switched").contains(way)) {
            throw new IllegalArgumentException("system property " + WAY + " is '" + way
                    + "', but only 'file', 'hardened' or 'switched' are known");
        }
        MemoryPlan plan = way.equals("hardened") ? asked.harden() : asked;
        Site site = new Site(plan.size(), plan.near());
        List<String> refusals = new ArrayList<>();
        if (!way.equals("switched")) {
            try {
                return MemoryFileArena.open(site, plan);
            } catch (Linux.Errno e) {
                refusals.add("as a memory file: " + Refusals.explain(e));
            }
        }
        if (plan.hardened()) {
            refusals.add("by switching protection: hardened memory was asked for, which is never writable");
        } else if (!way.equals("file")) {
            try {
                return SwitchedArena.open(site, plan);
            } catch (Linux.Errno e) {
                refusals.add("by switching protection: " + Refusals.explain(e));
            }
        }
        throw new MemoryRefusedException(
                "the system grants no executable memory (" + String.join("; ", refusals)
                        + "); look at SELinux (execmem, execmod), sysctl vm.memfd_noexec, systemd's MemoryDenyWriteExecute and the"
                        + " container's seccomp profile; where that cannot change, ask CodeCache.isSupported() and run without");
    }

    private static void checkSystem() {
        String system = System.getProperty("os.name");
        String machine = System.getProperty("os.arch");
        if (!system.equals("Linux") || !machine.equals("amd64")) {
            throw new MemoryRefusedException("code is emitted for x86-64 on Linux, but this is " + system + " on "
                    + machine + "; ask CodeCache.isSupported() and run without");
        }
        NativeAccess.require();
        Cores.canSynchronize(); // asks for it
    }
}
