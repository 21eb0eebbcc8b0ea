package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Scope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** {@code .if}, {@code .elif}, {@code .else}, {@code .endif} over the processor's options. */
final class Conditionals {
    private static final class Block {
        private final Span start;
        private final boolean enclosingActive;
        private boolean active;
        private boolean decided;
        private boolean inElse;

        Block(Span start, boolean enclosingActive) {
            this.start = start;
            this.enclosingActive = enclosingActive;
        }
    }

    private final Deque<Block> open = new ArrayDeque<>();
    private final ExpressionParser expressions;

    Conditionals(Map<String, String> defines) {
        expressions = ExpressionParser.ofOptions(new OptionScope(defines));
    }

    /** Whether lines at this place count. */
    boolean isActive() {
        return open.isEmpty() || open.peek().active;
    }

    /** How many conditions surround this place. */
    int depth() {
        return open.size();
    }

    /** Forgets the innermost conditions until {@code depth} are left. */
    void closeTo(int depth) {
        while (open.size() > depth) {
            open.pop();
        }
    }

    /** The places of each {@code .if} without {@code .endif}. */
    List<Span> unclosed() {
        return open.stream().map(block -> block.start).toList();
    }

    /** Takes a directive if it is one of the four; false otherwise. */
    boolean take(String directive, Text argument, Span place) throws SyntaxError {
        switch (directive) {
            case "if" -> {
                Block block = new Block(place, isActive());
                open.push(block);
                decide(block, argument);
            }
            case "elif" -> {
                Block block = current(directive, place);
                requireBeforeElse(block, directive, place);
                if (block.decided) {
                    block.active = false;
                } else {
                    decide(block, argument);
                }
            }
            case "else" -> {
                Block block = current(directive, place);
                requireBeforeElse(block, directive, place);
                requireNothing(directive, argument);
                block.inElse = true;
                block.active = block.enclosingActive && !block.decided;
            }
            case "endif" -> {
                current(directive, place);
                open.pop();
                requireNothing(directive, argument);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void decide(Block block, Text condition) throws SyntaxError {
        boolean holds = block.enclosingActive && holds(condition);
        block.active = holds;
        block.decided |= holds;
    }

    private boolean holds(Text condition) throws SyntaxError {
        Expression value = expressions.plain(condition);
        if (!value.isConstant()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    condition.strip().span(),
                    "the condition of .if must be known to the processor: numbers and options only",
                    "decide what is known only at emission with a Java line: if (…) {");
        }
        return !value.isZero();
    }

    private Block current(String directive, Span place) throws SyntaxError {
        if (open.isEmpty()) {
            throw new SyntaxError(DiagnosticCode.BAD_DIRECTIVE, place, "." + directive + " without .if");
        }
        return open.peek();
    }

    private static void requireNothing(String directive, Text argument) throws SyntaxError {
        if (!argument.isBlank()) {
            throw new SyntaxError(
                    DiagnosticCode.UNEXPECTED_TOKEN,
                    argument.strip().span(),
                    "expected nothing after ." + directive + ", found '" + argument.strip() + "'");
        }
    }

    private static void requireBeforeElse(Block block, String directive, Span place) throws SyntaxError {
        if (block.inElse) {
            throw new SyntaxError(DiagnosticCode.BAD_DIRECTIVE, place, "." + directive + " after .else");
        }
    }

    /** The options as names; one that is not given is 0. */
    private record OptionScope(Map<String, String> defines) implements Scope {
        @Override
        public Optional<Symbol> find(String name) {
            String text = defines.getOrDefault(name, "0");
            if (text.equals("true") || text.equals("false")) {
                return Optional.of(
                        new Symbol(name, ExpressionType.BOOLEAN, OptionalLong.of(text.equals("true") ? 1 : 0)));
            }
            long value = text.isEmpty() ? 1 : parse(text);
            return Optional.of(new Symbol(name, ExpressionType.LONG, OptionalLong.of(value)));
        }

        private static long parse(String text) {
            try {
                return Long.decode(text);
            } catch (NumberFormatException notANumber) {
                return 1; // an option that is given as a word is set
            }
        }

        @Override
        public Optional<ExpressionType> method(String name) {
            return Optional.empty();
        }

        @Override
        public Set<String> names() {
            return defines.keySet();
        }
    }
}
