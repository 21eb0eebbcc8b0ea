package dev.intaglio.tests.bench;

import com.sun.jna.NativeLibrary;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a command is: one bar over all that it measures, in other processes, too. */
final class Progress {
    private static final int STANDARD_ERROR = 2;

    private Progress() {}

    /** On standard error where that is a terminal; a file or a pipe gets no line of it. */
    static ProgressBar bar(String task, long steps) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .continuousUpdate();
        if (!isTerminal()) {
            builder.setConsumer(new DelegatingProgressBarConsumer(line -> {}));
        }
        return builder.build();
    }

    /** {@code System.console()} would tell of standard input and output. */
    private static boolean isTerminal() {
        return NativeLibrary.getProcess().getFunction("isatty").invokeInt(new Object[] {STANDARD_ERROR}) == 1;
    }
}
