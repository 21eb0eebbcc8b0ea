package dev.intaglio.tests.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A file to write when all is measured; whether it can be written is asked before. */
class OutputFile implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
        Path file = Path.of(text);
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw new TypeConversionException(text + " is a folder; name a file in it");
        }
        if (!Files.isDirectory(folder)) {
            throw new TypeConversionException("there is no folder " + folder + "; make it first: mkdir -p " + folder);
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw new TypeConversionException(text + " cannot be written; name another file");
        }
        return file;
    }

    /** One that says by its name what it is to be. */
    static final class Drawing extends OutputFile {
        @Override
        public Path convert(String text) {
            if (!text.endsWith(".svg") && !text.endsWith(".png")) {
                throw new TypeConversionException(text + " ends neither in .svg nor in .png, which says what is drawn");
            }
            return super.convert(text);
        }
    }
}
