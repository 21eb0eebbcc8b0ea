package dev.intaglio.runtime.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why the system may have refused memory, found out from its settings, with what can be done about it. */
final class Refusals {
    private static final String MEMFD_NOEXEC = "proc/sys/vm/memfd_noexec";
    private static final String SELINUX = "sys/fs/selinux/enforce";
    private static final String MAX_MAPS = "proc/sys/vm/max_map_count";
    private static final String OVERCOMMIT = "proc/sys/vm/overcommit_memory";
    private static final String LIMITS = "proc/self/limits";
    private static final String MAPS = "proc/self/maps";
    private static final String STATUS = "proc/self/status";

    private static final Refusals SYSTEM = new Refusals(Path.of("/"));

    private final Path root;

    /** By the settings of a system whose root is this folder. */
    Refusals(Path root) {
        this.root = root;
    }

    /** The failure, and each setting of this system that explains it, with its remedy. */
    static String explain(Linux.Errno failure) {
        return SYSTEM.explained(failure);
    }

    /** What {@link #explain} says, of this root. */
    String explained(Linux.Errno failure) {
        List<String> causes = causes(failure);
        return failure.getMessage() + (causes.isEmpty() ? "" : " because " + String.join("; or because ", causes));
    }

    private List<String> causes(Linux.Errno failure) {
        List<String> causes = new ArrayList<>();
        switch (failure.number()) {
            case Linux.Errno.EPERM, Linux.Errno.EACCES, Linux.Errno.ENOSYS -> forbidden(failure, causes);
            case Linux.Errno.ENOMEM -> exhausted(causes);
            case Linux.Errno.EFBIG ->
                limit("Max file size")
                        .ifPresent(limit -> causes.add("files are limited to " + limit
                                + " bytes (RLIMIT_FSIZE, ulimit -f), which goes for memory files too: raise it or"
                                + " make a smaller cache"));
            case Linux.Errno.EMFILE ->
                limit("Max open files")
                        .ifPresent(limit -> causes.add("a process may have " + limit
                                + " files open (RLIMIT_NOFILE, ulimit -n): raise it, and close caches that are not"
                                + " needed"));
            case Linux.Errno.ENOSPC -> causes.add("the memory for files in memory is used up: close code or files");
            default -> {
                // The number alone must do.
            }
        }
        return causes;
    }

    private void forbidden(Linux.Errno failure, List<String> causes) {
        String noexec = read(MEMFD_NOEXEC).strip();
        if (failure.call().equals("memfd_create") && noexec.compareTo("2") >= 0) {
            causes.add("sysctl vm.memfd_noexec is " + noexec + ": set it to 0 or 1");
        }
        if (read(SELINUX).strip().equals("1")) {
            causes.add("SELinux is enforcing: allow the domain execmem (setsebool -P allow_execmem 1), or mapping of"
                    + " tmpfs files as executable");
        }
        if (field(STATUS, "Seccomp").filter("2"::equals).isPresent()) {
            causes.add("a seccomp filter forbids " + failure.call()
                    + ": look at the container's profile, or at MemoryDenyWriteExecute= and SystemCallFilter= of the"
                    + " systemd unit");
        }
    }

    private void exhausted(List<String> causes) {
        limit("Max address space")
                .ifPresent(limit -> causes.add("the address space is limited to " + limit
                        + " bytes (RLIMIT_AS, ulimit -v): raise it, or make a smaller cache with"
                        + " CodeCache.options().size(bytes)"));
        if (read(OVERCOMMIT).strip().equals("2")) {
            causes.add("sysctl vm.overcommit_memory is 2, so that memory is refused before it is used: raise"
                    + " vm.overcommit_ratio");
        }
        long maps = read(MAPS).lines().count();
        String most = read(MAX_MAPS).strip();
        if (!most.isEmpty() && maps > Long.parseLong(most) - 100) {
            causes.add("the process has " + maps + " mappings and sysctl vm.max_map_count is " + most + ": raise it");
        }
    }

    /** A limit of this process that is not unlimited. */
    private Optional<String> limit(String name) {
        Matcher line = Pattern.compile("(?m)^" + name + "\\s+(\\d+)").matcher(read(LIMITS));
        return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    }

    private Optional<String> field(String file, String name) {
        Matcher line = Pattern.compile("(?m)^" + name + ":\\s+(\\S+)").matcher(read(file));
        return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    }

    /** A setting, or nothing where the kernel has none of this name; among the mappings are names of files, of whatever bytes. */
    private String read(String file) {
        try {
            return Files.readString(root.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
