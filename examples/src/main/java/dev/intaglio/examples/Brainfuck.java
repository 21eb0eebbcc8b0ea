package dev.intaglio.examples;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.intaglio.dsl.Stencil;
import dev.intaglio.dsl.Stencils;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Label;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/** A Brainfuck compiler: runs of equal commands become one instruction, loops become labels, output calls libc. */
public final class Brainfuck {
    private static final String HELLO =
            "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++."
                    + "------.--------.>>+.>++.";
    private static final int CELLS = 30_000;

    /** rbx holds the address of the current cell; the C library keeps it across calls. */
    @Stencils
    interface Commands {
        @Stencil("""
            | push rbx
            | mov  rbx, rdi
            """)
        void enter();

        @Stencil("""
            | pop  rbx
            | ret
            """)
        void leave();

        @Stencil("""
            | add  rbx, cells
            """)
        void move(int cells);

        @Stencil("""
            | add  byte [rbx], value
            """)
        void change(int value);

        @Stencil("""
            | movzx edi, byte [rbx]
            | call  putchar
            """)
        void print(long putchar);

        @Stencil("""
            | cmp  byte [rbx], 0
            | je   =>end
            |=>start:
            """)
        void begin(Label start, Label end);

        @Stencil("""
            | cmp  byte [rbx], 0
            | jne  =>start
            |=>end:
            """)
        void end(Label start, Label end);
    }

    public static void main(String[] arguments) {
        String program = arguments.length > 0 ? arguments[0] : HELLO;
        NativeLibrary libc = NativeLibrary.getInstance("c");
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer();
                Code code = compile(program, buffer, Pointer.nativeValue(libc.getFunction("putchar")));
                Memory cells = new Memory(CELLS)) {
            cells.clear();
            code.bind(LongConsumer.class).accept(Pointer.nativeValue(cells));
        }
        libc.getFunction("fflush").invoke(new Object[] {Pointer.NULL});
    }

    static Code compile(String program, CodeBuffer buffer, long putchar) {
        record Loop(Label start, Label end) {}
        Commands ops = new Brainfuck_CommandsEmitter(buffer);
        Deque<Loop> open = new ArrayDeque<>();
        ops.enter();
        for (int i = 0; i < program.length(); i++) {
            char command = program.charAt(i);
            int run = i;
            while ("+-<>".indexOf(command) >= 0 && i + 1 < program.length() && program.charAt(i + 1) == command) {
                i++;
            }
            int count = i - run + 1;
            switch (command) {
                case '+' -> ops.change((byte) count);
                case '-' -> ops.change((byte) -count);
                case '>' -> ops.move(count);
                case '<' -> ops.move(-count);
                case '.' -> ops.print(putchar);
                case '[' -> {
                    open.push(new Loop(new Label("["), new Label("]")));
                    ops.begin(open.peek().start(), open.peek().end());
                }
                case ']' -> {
                    if (open.isEmpty()) {
                        throw new IllegalArgumentException("column " + (i + 1) + ": ] without [");
                    }
                    Loop loop = open.pop();
                    ops.end(loop.start(), loop.end());
                }
                default -> {} // everything else is a comment
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException(open.size() + " [ without ]");
        }
        ops.leave();
        return buffer.commit("brainfuck");
    }

    private Brainfuck() {}
}
