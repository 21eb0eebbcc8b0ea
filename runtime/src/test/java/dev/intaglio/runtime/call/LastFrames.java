package dev.intaglio.runtime.call;

/** Does something in each of the last frames of a stack, where now this, now that of what it calls overflows. */
final class LastFrames {
    static final int COUNT = 60;

    private final Runnable action;
    private int left;

    private LastFrames(Runnable action) {
        this.action = action;
    }

    /** In this thread, behind so many frames of another size, since those of recursion are alike. */
    static void visit(int others, Runnable action) {
        new LastFrames(action).descend(others, 0, 0, 0);
    }

    private void descend(int others, long a, long b, long c) {
        if (others == 0) {
            recurse();
        } else {
            descend(others - 1, a, b, c);
        }
    }

    private void recurse() {
        try {
            recurse();
        } catch (StackOverflowError end) {
            left = COUNT;
        }
        if (left > 0) {
            left--;
            try {
                action.run();
            } catch (StackOverflowError expected) {
                return;
            }
        }
    }

    /** Runs the test in a thread whose stack is small. */
    static void inThread(Runnable test) throws InterruptedException {
        Thread deep = new Thread(null, test, "deep", 256 << 10);
        deep.start();
        deep.join();
    }
}
