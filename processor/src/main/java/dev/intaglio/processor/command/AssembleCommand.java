package dev.intaglio.processor.command;

import dev.intaglio.assembly.diagnostic.Diagnostic;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.encode.Assembler;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;

/** Reads one instruction a line from standard input; prints its bytes, or what is wrong, line for line. */
@Command(
        name = "assemble",
        description = {
            "Reads one instruction a line from standard input and prints, line for line, its bytes in lower-case hex,"
                    + " or `error: [code] message`. A blank line gives a blank line.",
            "Operands stand in the order in which they are written; stencils exchange sources where that saves a byte.",
            "Exit status 1 if any line failed."
        })
final class AssembleCommand implements Callable<Integer> {
    /** What some reader takes for the end of a line. */
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\x85\\u2028\\u2029]");

    @Override
    public Integer call() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 16);
        // System.out would flush each line.
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                false,
                StandardCharsets.UTF_8);
        return assemble(in, out) ? 0 : 1;
    }

    /** Answers line for line; whether none failed. */
    static boolean assemble(BufferedReader in, PrintStream out) throws IOException {
        boolean right = true;
        String line;
        while ((line = in.readLine()) != null) {
            String result = assemble(line);
            right &= !result.startsWith("error:");
            out.print(result);
            out.print('\n');
            // Whoever waits for an answer before writing on gets it: a person, or a program at the other end of a pipe.
            if (!in.ready()) {
                out.flush();
            }
        }
        out.flush();
        return right;
    }

    /** The line of output for a line of input. */
    static String assemble(String line) {
        String text = line.strip();
        Diagnostics diagnostics = new Diagnostics();
        if (text.startsWith("|")) {
            text = text.substring(1);
        }
        List<Line> lines = StencilParser.parseAssembly(text, Scope.EMPTY, ParserOptions.DEFAULT, diagnostics);
        StringBuilder hex = new StringBuilder();
        for (Line parsed : lines) {
            if (parsed instanceof Instruction instruction) {
                Optional<byte[]> bytes = Assembler.assembleInOrder(instruction, diagnostics);
                bytes.ifPresent(some -> hex.append(HexFormat.of().formatHex(some)));
            } else if (!(parsed instanceof Line.BadLine)) {
                diagnostics.report(
                        DiagnosticCode.UNEXPECTED_TOKEN,
                        new Span(0, 0),
                        "expected an instruction, found '" + parsed + "': labels and directives need a stencil");
            }
        }
        List<Diagnostic> mistakes = diagnostics.all();
        if (mistakes.isEmpty()) {
            return hex.toString();
        }
        Diagnostic first = mistakes.get(0);
        StringBuilder message = new StringBuilder("error: ").append(first.headline());
        first.help().ifPresent(help -> message.append("; ").append(help));
        return CONTROLS.matcher(message).replaceAll(" ");
    }
}
