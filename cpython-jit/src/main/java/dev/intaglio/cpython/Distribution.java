package dev.intaglio.cpython;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The CPython that comes along: libpython and the standard library, unpacked from their jar to a folder of the user's cache.
 *
 * @param home what Python takes as its home
 * @param library libpython
 */
record Distribution(Path home, Path library) {
    private static final String ROOT = "org/bytedeco/cpython/linux-x86_64/";
    private static final String LIBRARY = "libpython3.11.so.1.0";
    private static final String FFI = "libffi.so.6";
    private static final List<String> WANTED = List.of("lib/", LIBRARY, FFI);
    private static final int RTLD_LAZY = 0x1;
    private static final List<String> BYTECODE = List.of(".pyc");

    /** The unpacked distribution; it is unpacked by the first who asks. */
    static Distribution unpacked() {
        Path jar = jar();
        Path home = cache().resolve(jar.getFileName().toString().replaceAll("(-linux-x86_64)?\\.jar$", ""));
        if (!Files.isDirectory(home)) {
            unpack(jar, home);
        }
        return new Distribution(home, home.resolve(LIBRARY));
    }

    /** Loads, for good, what extension modules ask for by its bare name: the loader then finds that it is there. */
    void loadCompanions() {
        NativeLibrary.getProcess()
                .getFunction("dlopen")
                .invokePointer(new Object[] {home.resolve(FFI).toString(), RTLD_LAZY});
    }

    /** {@code $XDG_CACHE_HOME/intaglio}, or {@code ~/.cache/intaglio}. */
    static Path cache() {
        String folder = System.getenv("XDG_CACHE_HOME");
        Path base = folder == null || !Path.of(folder).isAbsolute()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(folder);
        return base.resolve("intaglio");
    }

    private static Path jar() {
        URL library = Distribution.class.getClassLoader().getResource(ROOT + LIBRARY);
        if (library == null) {
            throw new HostException("org.bytedeco:cpython (linux-x86_64) is not on the class path;"
                    + " add it, or name a libpython 3.11 with --libpython");
        }
        String text = library.toString();
        try {
            return Path.of(new java.net.URI(text.substring("jar:".length(), text.indexOf("!/"))));
        } catch (URISyntaxException e) {
            throw new HostException("cannot read the place of CPython's jar: " + text, e);
        }
    }

    /** Unpacks into a folder of its own and renames it: another process sees all of it or nothing. */
    private static void unpack(Path jar, Path home) {
        System.err.println("intaglio: unpacking CPython to " + home + " (first use)");
        try {
            Files.createDirectories(home.getParent());
            Path folder = Files.createTempDirectory(home.getParent(), "unpacking-");
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                Enumeration<? extends ZipEntry> entries = zip.entries();
                while (entries.hasMoreElements()) {
                    unpack(zip, entries.nextElement(), folder);
                }
            }
            try {
                Files.move(folder, home, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
                delete(folder);
            }
        } catch (IOException e) {
            throw new HostException(
                    "cannot unpack CPython to " + home + ": " + e.getMessage()
                            + "; make room there, or set XDG_CACHE_HOME",
                    e);
        }
    }

    private static void unpack(ZipFile zip, ZipEntry entry, Path folder) throws IOException {
        String name = entry.getName();
        if (entry.isDirectory() || !name.startsWith(ROOT)) {
            return;
        }
        String relative = name.substring(ROOT.length());
        if (WANTED.stream().noneMatch(relative::startsWith) || BYTECODE.stream().anyMatch(relative::endsWith)) {
            return;
        }
        Path file = folder.resolve(relative).normalize();
        if (!file.startsWith(folder)) {
            throw new IOException("the entry " + name + " leads out of the jar's folder");
        }
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, file);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
