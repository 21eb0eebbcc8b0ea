package dev.intaglio.processor.layout;

/**
 * What of a stencil's own is on the stack.
 *
 * @param frame whether its frame is
 * @param base whether rbp is saved there
 * @param pushed bytes beside these
 */
record StackState(boolean frame, boolean base, int pushed) {
    static final StackState DOWN = new StackState(false, false, 0);
    static final StackState UP = new StackState(true, true, 0);

    boolean isDown() {
        return equals(DOWN);
    }

    StackState withPushed(int bytes) {
        return new StackState(frame, base, bytes);
    }
}
