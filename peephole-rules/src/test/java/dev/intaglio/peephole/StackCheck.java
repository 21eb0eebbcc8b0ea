package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.RegisterClass;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;

/** Compares the x87 stack before and after a line with the table: where its top is, what is in use, what its registers hold. */
final class StackCheck {
    /** They do nothing where st0 is too large (SDM Vol. 2A, FPTAN, FSINCOS). */
    private static final Set<String> LIMITED = Set.of("fptan", "fsincos");

    private final RunnableForm line;
    private final VectorImage before;
    private final VectorImage after;
    private final Consumer<String> report;

    StackCheck(RunnableForm line, VectorImage before, VectorImage after, Consumer<String> report) {
        this.line = line;
        this.before = before;
        this.after = after;
        this.report = report;
    }

    void run() {
        boolean nothingDone = LIMITED.contains(line.form().mnemonic()) && after.isOutOfReach();
        int pushed = line.form().has("push") && !nothingDone ? 1 : 0;
        int popped = line.form().has("pop2") ? 2 : line.form().has("pop") ? 1 : 0;
        int top = before.top();
        note(after.top() == (top - pushed + popped & 7), "moves the stack as the table does not tell");
        for (int register = 0; register < 8; register++) {
            int place = register - top & 7;
            boolean isPushed = pushed == 1 && place == 7;
            boolean isPopped = place < popped;
            boolean isWritten = line.uses().stream()
                    .anyMatch(use -> use.written()
                            && use.register().kind() == RegisterClass.X87
                            && use.register().number() == place);
            String name = "st" + place;
            boolean kept = Arrays.equals(before.stackRegister(register), after.stackRegister(register));
            note(isPushed || isWritten || kept, "does to " + name + " what the table does not tell");
            if (isPopped || isPushed) {
                note(after.isTagged(register) == isPushed, "leaves the tag of " + name + " wrong");
            } else if (!isWritten) {
                note(after.isTagged(register) == before.isTagged(register), "changes the tag of " + name);
            }
        }
    }

    private void note(boolean right, String message) {
        if (!right) {
            report.accept(message);
        }
    }
}
