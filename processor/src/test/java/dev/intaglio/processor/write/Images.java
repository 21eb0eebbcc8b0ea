package dev.intaglio.processor.write;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.Assembler;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Optional;

/** Bytes to compare with. */
final class Images {
    private static final HexFormat HEX = HexFormat.of().withDelimiter(" ").withUpperCase();

    private Images() {}

    /** The bytes of instructions in which all values are written out, separated by semicolons. */
    static String assembled(String instructions) {
        Diagnostics diagnostics = new Diagnostics();
        return assembled(instructions, diagnostics)
                .orElseThrow(() -> new AssertionError(instructions + ": " + diagnostics.all()));
    }

    /** The bytes, if the assembler takes the instructions. */
    static Optional<String> assembledOrEmpty(String instructions) {
        return assembled(instructions, new Diagnostics());
    }

    private static Optional<String> assembled(String instructions, Diagnostics diagnostics) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Line line : StencilParser.parseAssembly(instructions, Scope.EMPTY, ParserOptions.DEFAULT, diagnostics)) {
            if (line instanceof Instruction instruction) {
                Assembler.assemble(instruction, diagnostics).ifPresent(bytes::writeBytes);
            }
        }
        return diagnostics.hasErrors() ? Optional.empty() : Optional.of(hex(bytes.toByteArray()));
    }

    static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }
}
