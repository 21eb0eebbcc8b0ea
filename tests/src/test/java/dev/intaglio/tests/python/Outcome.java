package dev.intaglio.tests.python;

/** How a program ended and what it wrote. */
record Outcome(int status, String out, String err) {
    /** As a text, so that a difference shows as lines. */
    @Override
    public String toString() {
        return "status " + status + "\n--- out\n" + out + "--- err\n" + err;
    }
}
