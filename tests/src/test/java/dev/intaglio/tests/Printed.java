package dev.intaglio.tests;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What an example prints. */
final class Printed {
    /** The {@code main} of an example. */
    @FunctionalInterface
    interface Program {
        void main(String[] arguments) throws InterruptedException;
    }

    private Printed() {}

    static String by(Program program) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.main(new String[0]);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
