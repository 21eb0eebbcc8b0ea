package dev.intaglio.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a refusal, by the settings of a system that lies in a folder. */
class RefusalsTest {
    private static final String MMAP = "mmap";

    @TempDir
    private Path root;

    private void has(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    /** A line as proc(5) has it; a limit that is not told is none. */
    private void hasLimit(String name, String soft) throws IOException {
        has("proc/self/limits", """
                Limit                     Soft Limit           Hard Limit           Units
                Max cpu time              unlimited            unlimited            seconds
                %-25s %-20s unlimited            bytes
                Max nice priority         0                    0
                """.formatted(name, soft));
    }

    private String explained(String call, int number) {
        return new Refusals(root).explained(new Linux.Errno(call, number));
    }

    @Test
    void whereNoSettingExplainsItTheFailureMustDo() {
        for (int number : new int[] {1, 12, 13, 24, 27, 38, 99}) {
            Linux.Errno failure = new Linux.Errno(MMAP, number);
            assertThat(explained(MMAP, number)).isEqualTo(failure.getMessage());
        }
    }

    @Test
    void memoryFilesThatMayNotBeExecutedAreNamed() throws IOException {
        has("proc/sys/vm/memfd_noexec", "2\n");
        assertThat(explained("memfd_create", Linux.Errno.EACCES))
                .isEqualTo(
                        "memfd_create: permission denied (EACCES) because sysctl vm.memfd_noexec is 2: set it to 0 or 1");
        assertThat(explained(MMAP, Linux.Errno.EACCES)).isEqualTo("mmap: permission denied (EACCES)");
        has("proc/sys/vm/memfd_noexec", "1\n");
        assertThat(explained("memfd_create", Linux.Errno.EACCES)).isEqualTo("memfd_create: permission denied (EACCES)");
    }

    @Test
    void selinuxIsNamedWhereItIsEnforcing() throws IOException {
        has("sys/fs/selinux/enforce", "0");
        assertThat(explained("mprotect", Linux.Errno.EACCES)).doesNotContain("SELinux");
        has("sys/fs/selinux/enforce", "1");
        assertThat(explained("mprotect", Linux.Errno.EACCES))
                .isEqualTo("mprotect: permission denied (EACCES) because SELinux is enforcing: allow the domain execmem"
                        + " (setsebool -P allow_execmem 1), or mapping of tmpfs files as executable");
    }

    @Test
    void aFilterIsNamed() throws IOException {
        has("proc/self/status", "Name:\tjava\nSeccomp:\t0\nSeccomp_filters:\t2\n");
        assertThat(explained(MMAP, Linux.Errno.EPERM)).doesNotContain("seccomp");
        has("proc/self/status", "Name:\tjava\nSeccomp:\t2\nSeccomp_filters:\t1\n");
        assertThat(explained(MMAP, Linux.Errno.EPERM)).contains(" because a seccomp filter forbids mmap: look at");
        assertThat(explained("memfd_create", Linux.Errno.ENOSYS))
                .startsWith("memfd_create: the kernel does not have it (ENOSYS) because a seccomp filter forbids");
    }

    @Test
    void whatMayHaveBeenTheReasonStandsOneBehindTheOther() throws IOException {
        has("proc/sys/vm/memfd_noexec", "2");
        has("sys/fs/selinux/enforce", "1");
        has("proc/self/status", "Seccomp:\t2\n");
        assertThat(explained("memfd_create", Linux.Errno.EPERM))
                .containsSubsequence(
                        "because sysctl vm.memfd_noexec is 2",
                        "; or because SELinux is enforcing",
                        "; or because a seccomp filter forbids memfd_create");
    }

    @Test
    void aLimitOfAddressesIsNamed() throws IOException {
        hasLimit("Max address space", "unlimited");
        assertThat(explained(MMAP, Linux.Errno.ENOMEM)).doesNotContain("because");
        hasLimit("Max address space", "4294967296");
        assertThat(explained(MMAP, Linux.Errno.ENOMEM))
                .isEqualTo("mmap: out of memory or address space (ENOMEM) because the address space is limited to"
                        + " 4294967296 bytes (RLIMIT_AS, ulimit -v): raise it, or make a smaller cache with"
                        + " CodeCache.options().size(bytes)");
    }

    @Test
    void memoryThatIsRefusedBeforeItIsUsedIsNamed() throws IOException {
        has("proc/sys/vm/overcommit_memory", "1\n");
        assertThat(explained(MMAP, Linux.Errno.ENOMEM)).doesNotContain("because");
        has("proc/sys/vm/overcommit_memory", "2\n");
        assertThat(explained(MMAP, Linux.Errno.ENOMEM))
                .endsWith(
                        " because sysctl vm.overcommit_memory is 2, so that memory is refused before it is used: raise"
                                + " vm.overcommit_ratio");
    }

    @Test
    void aProcessWithTooManyMappingsIsTold() throws IOException {
        String mapping = "7f0000000000-7f0000001000 r-xp 00000000 08:01 1 /lib/libc.so.6\n";
        has("proc/sys/vm/max_map_count", "1000\n");
        has("proc/self/maps", mapping.repeat(900));
        assertThat(explained(MMAP, Linux.Errno.ENOMEM)).doesNotContain("because");
        has("proc/self/maps", mapping.repeat(901));
        assertThat(explained(MMAP, Linux.Errno.ENOMEM))
                .endsWith(" because the process has 901 mappings and sysctl vm.max_map_count is 1000: raise it");
    }

    @Test
    void aLimitOfFileSizeIsNamed() throws IOException {
        hasLimit("Max file size", "4096");
        assertThat(explained("ftruncate", Linux.Errno.EFBIG))
                .isEqualTo(
                        "ftruncate: the file would be too large (EFBIG) because files are limited to 4096 bytes"
                                + " (RLIMIT_FSIZE, ulimit -f), which goes for memory files too: raise it or make a smaller cache");
    }

    @Test
    void aLimitOfOpenFilesIsNamed() throws IOException {
        hasLimit("Max open files", "1024");
        assertThat(explained("memfd_create", Linux.Errno.EMFILE))
                .isEqualTo("memfd_create: too many open files (EMFILE) because a process may have 1024 files open"
                        + " (RLIMIT_NOFILE, ulimit -n): raise it, and close caches that are not needed");
    }

    @Test
    void aFullFileSystemIsNamedWhateverTheSettings() {
        assertThat(explained("pwrite", Linux.Errno.ENOSPC))
                .isEqualTo(
                        "pwrite: no space left (ENOSPC) because the memory for files in memory is used up: close code"
                                + " or files");
    }
}
