package dev.intaglio.runtime.memory;

import java.util.ArrayList;
import java.util.List;

/** The choice among the ways of having executable memory: the first that the system grants, or the one asked for. */
final class Arenas {
    /** One of {@link #WAYS}. */
    private static final String WAY = "intaglio.memory";

    private static final List<String> WAYS = List.of("file", "hardened", "anonymous", "switched");

    /** Where it is set, perf shall know the names of code. */
    private static final String PERF_MAP = "intaglio.perfMap";

    private enum Kind {
        ANONYMOUS("as anonymous memory"),
        FILE("as a memory file"),
        SWITCHED("by switching protection");

        private final String title;

        Kind(String title) {
            this.title = title;
        }
    }

    private Arenas() {}

    /** Whether perf shall know the names of code, which it does where memory has no file. */
    static boolean isForPerf() {
        return System.getProperty(WAY, "").isEmpty()
                && !System.getProperty(PERF_MAP, "").isEmpty();
    }

    /**
     * What the system granted.
     *
     * @param arena the first it had
     * @param refusals why it is not of an earlier kind
     */
    record Granted(ExecutableArena arena, List<String> refusals) {
        Granted {
            refusals = List.copyOf(refusals);
        }

        /** How memory is protected, and why not in a better way; for a person. */
        String describe() {
            return arena.describe() + (refusals.isEmpty() ? "" : " (" + String.join("; ", refusals) + ")");
        }
    }

    /**
     * Maps an arena.
     *
     * @throws MemoryRefusedException when the system grants none
     */
    static Granted open(MemoryPlan asked) {
        checkSystem();
        String way = System.getProperty(WAY, "");
        if (!way.isEmpty() && !WAYS.contains(way)) {
            throw new IllegalArgumentException("system property " + WAY + " is '" + way + "', but only '"
                    + String.join("', '", WAYS) + "' are known");
        }
        MemoryPlan plan = way.equals("hardened") ? asked.harden() : asked;
        Site site = new Site(plan.size(), plan.near());
        List<String> refusals = new ArrayList<>();
        for (Kind kind : kinds(way)) {
            if (plan.hardened() && kind != Kind.FILE) {
                refusals.add(kind.title + ": hardened memory was asked for, which is never writable");
                continue;
            }
            try {
                return new Granted(open(kind, site, plan), refusals);
            } catch (Linux.Errno e) {
                refusals.add(kind.title + ": " + Refusals.explain(e));
            }
        }
        throw new MemoryRefusedException(
                "the system grants no executable memory (" + String.join("; ", refusals)
                        + "); look at SELinux (execmem, execmod), sysctl vm.memfd_noexec, systemd's MemoryDenyWriteExecute and the"
                        + " container's seccomp profile; where that cannot change, ask CodeCache.isSupported() and run without");
    }

    private static ExecutableArena open(Kind kind, Site site, MemoryPlan plan) throws Linux.Errno {
        return switch (kind) {
            case ANONYMOUS -> AnonymousArena.open(site, plan);
            case FILE -> MemoryFileArena.open(site, plan);
            case SWITCHED -> SwitchedArena.open(site, plan);
        };
    }

    /** In the order in which they are tried. */
    private static List<Kind> kinds(String way) {
        return switch (way) {
            case "anonymous" -> List.of(Kind.ANONYMOUS);
            case "file" -> List.of(Kind.FILE);
            case "switched" -> List.of(Kind.SWITCHED);
            default ->
                isForPerf() ? List.of(Kind.ANONYMOUS, Kind.FILE, Kind.SWITCHED) : List.of(Kind.FILE, Kind.SWITCHED);
        };
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
