package dev.intaglio.assembly.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Recognizes the plain Java that nearly all stencils keep to: branches, loops, declarations, assignments, calls. What it
 * accepts is Java's syntax; what it does not is for the full grammar, whose parser takes longer to load than a stencil to
 * compile.
 */
final class SimpleJava {
    private static final int DEEPEST = 60;

    private static final Set<String> PRIMITIVES =
            Set.of("byte", "short", "char", "int", "long", "double", "float", "boolean");

    /** Reserved words, and those that are only sometimes names. */
    private static final Set<String> WORDS = Set.of(
            ("abstract assert break case catch class const continue default do else enum extends final finally for goto if"
                            + " implements import instanceof interface native new package private protected public return static"
                            + " strictfp super switch synchronized this throw throws transient try void volatile while _ var"
                            + " yield record sealed permits true false null byte short char int long double float boolean")
                    .split(" "));

    private static final Set<String> BINARY = Set.of(
            "+", "-", "*", "/", "%", "&", "|", "^", "&&", "||", "==", "!=", "<", ">", "<=", ">=", "<<", ">>", ">>>");
    private static final Set<String> ASSIGNMENT =
            Set.of("=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", ">>>=");
    private static final String[] OPERATORS = {
        ">>>=", ">>>", "<<=", ">>=", "->", "::", "...", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>", "++", "--",
        "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="
    };

    /** Thrown where the text is not plain; it carries nothing, so that it costs nothing. */
    private static final class NotPlain extends Exception {
        private static final long serialVersionUID = 1L;
        private static final NotPlain INSTANCE = new NotPlain();

        private NotPlain() {
            super("", null, false, false);
        }
    }

    /** What an expression is, as far as statements care. */
    private enum Kind {
        /** It may be assigned to. */
        PLACE,
        /** It may stand as a statement. */
        ACTION,
        VALUE
    }

    private final List<String> tokens;
    private int at;
    private int depth;

    private SimpleJava(List<String> tokens) {
        this.tokens = tokens;
    }

    /** Whether a text is a block of plain Java for sure. */
    static boolean isBlock(String text) {
        try {
            SimpleJava parser = new SimpleJava(tokens(text));
            parser.statement(false);
            return parser.at == parser.tokens.size();
        } catch (NotPlain other) {
            return false;
        }
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private String peek(int ahead) {
        return at + ahead < tokens.size() ? tokens.get(at + ahead) : "";
    }

    private boolean take(String token) {
        if (peek().equals(token)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String token) throws NotPlain {
        if (!take(token)) {
            throw NotPlain.INSTANCE;
        }
    }

    private void name() throws NotPlain {
        if (!isName(peek())) {
            throw NotPlain.INSTANCE;
        }
        at++;
    }

    private static boolean isName(String token) {
        return !token.isEmpty() && Character.isJavaIdentifierStart(token.charAt(0)) && !WORDS.contains(token);
    }

    private void enter() throws NotPlain {
        if (++depth > DEEPEST) {
            throw NotPlain.INSTANCE;
        }
    }

    private void statement(boolean mayDeclare) throws NotPlain {
        enter();
        switch (peek()) {
            case "{" -> {
                at++;
                while (!take("}")) {
                    statement(true);
                }
            }
            case ";" -> at++;
            case "if" -> {
                at++;
                condition();
                statement(false);
                if (take("else")) {
                    statement(false);
                }
            }
            case "while" -> {
                at++;
                condition();
                statement(false);
            }
            case "for" -> {
                at++;
                expect("(");
                forHead();
                expect(")");
                statement(false);
            }
            case "switch" -> {
                at++;
                condition();
                cases();
            }
            case "return", "break", "continue" -> {
                at++;
                expect(";");
            }
            default -> {
                if (startsDeclaration()) {
                    if (!mayDeclare) {
                        throw NotPlain.INSTANCE;
                    }
                    declaration();
                } else {
                    action();
                }
                expect(";");
            }
        }
        depth--;
    }

    private void condition() throws NotPlain {
        expect("(");
        expression();
        expect(")");
    }

    /** Cases in the old style, with colons. */
    private void cases() throws NotPlain {
        expect("{");
        while (!take("}")) {
            if (take("case")) {
                conditional();
                expect(":");
            } else if (take("default")) {
                expect(":");
            } else {
                throw NotPlain.INSTANCE;
            }
            while (!peek().equals("case") && !peek().equals("default") && !peek().equals("}")) {
                statement(true);
            }
        }
    }

    private void forHead() throws NotPlain {
        if (startsDeclaration()) {
            int start = at;
            take("final");
            type();
            name();
            if (take(":")) {
                expression();
                return;
            }
            at = start;
            declaration();
        } else if (!peek().equals(";")) {
            action();
        }
        expect(";");
        if (!peek().equals(";")) {
            expression();
        }
        expect(";");
        if (!peek().equals(")")) {
            do {
                action();
            } while (take(","));
        }
    }

    private boolean startsDeclaration() {
        String word = peek();
        if (word.equals("final") || PRIMITIVES.contains(word)) {
            return true;
        }
        if (word.equals("var")) {
            return isName(peek(1)) && (peek(2).equals("=") || peek(2).equals(":"));
        }
        if (!isName(word)) {
            return false;
        }
        int i = 1;
        while (peek(i).equals(".") && isName(peek(i + 1))) {
            i += 2;
        }
        while (peek(i).equals("[") && peek(i + 1).equals("]")) {
            i += 2;
        }
        return isName(peek(i));
    }

    private void type() throws NotPlain {
        if (take("var")) {
            return;
        }
        if (PRIMITIVES.contains(peek())) {
            at++;
        } else {
            name();
            while (take(".")) {
                name();
            }
        }
        while (peek().equals("[")) {
            at++;
            expect("]");
        }
    }

    private void declaration() throws NotPlain {
        take("final");
        boolean inferred = peek().equals("var");
        type();
        do {
            name();
            if (take("=")) {
                expression();
            } else if (inferred) {
                throw NotPlain.INSTANCE;
            }
        } while (!inferred && take(","));
    }

    /** An expression that may stand as a statement. */
    private void action() throws NotPlain {
        if (assignment() != Kind.ACTION) {
            throw NotPlain.INSTANCE;
        }
    }

    private void expression() throws NotPlain {
        assignment();
    }

    private Kind assignment() throws NotPlain {
        enter();
        Kind kind = conditional();
        if (kind == Kind.PLACE && ASSIGNMENT.contains(peek())) {
            at++;
            assignment();
            kind = Kind.ACTION;
        }
        depth--;
        return kind;
    }

    private Kind conditional() throws NotPlain {
        enter();
        Kind kind = unary();
        while (BINARY.contains(peek())) {
            at++;
            unary();
            kind = Kind.VALUE;
        }
        if (take("?")) {
            assignment();
            expect(":");
            conditional();
            kind = Kind.VALUE;
        }
        depth--;
        return kind;
    }

    private Kind unary() throws NotPlain {
        enter();
        Kind kind;
        if (take("+") || take("-") || take("!") || take("~")) {
            unary();
            kind = Kind.VALUE;
        } else if (peek().equals("++") || peek().equals("--")) {
            at++;
            if (unary() != Kind.PLACE) {
                throw NotPlain.INSTANCE;
            }
            kind = Kind.ACTION;
        } else if (peek().equals("(") && PRIMITIVES.contains(peek(1)) && peek(2).equals(")")) {
            at += 3;
            unary();
            kind = Kind.VALUE;
        } else {
            kind = postfix();
        }
        depth--;
        return kind;
    }

    private Kind postfix() throws NotPlain {
        Kind kind = primary();
        while (true) {
            if (take(".")) {
                name();
                kind = peek().equals("(") ? call() : Kind.PLACE;
            } else if (kind != Kind.VALUE && take("[")) {
                expression();
                expect("]");
                kind = Kind.PLACE;
            } else if (kind == Kind.PLACE && (take("++") || take("--"))) {
                return Kind.ACTION;
            } else {
                return kind;
            }
        }
    }

    private Kind primary() throws NotPlain {
        String token = peek();
        if (take("(")) {
            int start = at;
            expression();
            expect(")");
            // (Type) x could be meant, and (x) = 1 is nothing that anybody writes.
            boolean maybeCast = isName(tokens.get(start))
                    && !peek().isEmpty()
                    && (Character.isJavaIdentifierPart(peek().charAt(0)) || "(!~\"'".indexOf(peek().charAt(0)) >= 0);
            if (maybeCast || peek().equals(".")) {
                throw NotPlain.INSTANCE;
            }
            return Kind.VALUE;
        }
        if (isName(token)) {
            at++;
            return peek().equals("(") ? call() : Kind.PLACE;
        }
        boolean isLiteral = !token.isEmpty()
                && (Character.isDigit(token.charAt(0)) || token.charAt(0) == '"' || token.charAt(0) == '\'');
        if (isLiteral || token.equals("true") || token.equals("false") || token.equals("null")) {
            at++;
            if (peek().equals(".") && token.charAt(0) != '"') {
                throw NotPlain.INSTANCE;
            }
            return Kind.VALUE;
        }
        throw NotPlain.INSTANCE;
    }

    private Kind call() throws NotPlain {
        expect("(");
        if (!take(")")) {
            do {
                expression();
            } while (take(","));
            expect(")");
        }
        return Kind.ACTION;
    }

    // ---- tokens

    private static List<String> tokens(String text) throws NotPlain {
        List<String> tokens = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int end;
            if (c == ' ' || c == '\t' || c == '\n') {
                i++;
                continue;
            }
            if (text.startsWith("//", i)) {
                int line = text.indexOf('\n', i);
                i = line < 0 ? text.length() : line;
                continue;
            }
            if (c >= 0x7f || c < ' ' || c == '\\' || text.startsWith("/*", i)) {
                throw NotPlain.INSTANCE;
            }
            if (Character.isDigit(c)) {
                end = numberEnd(text, i);
            } else if (Character.isJavaIdentifierStart(c)) {
                end = i + 1;
                while (end < text.length()
                        && text.charAt(end) < 0x7f
                        && Character.isJavaIdentifierPart(text.charAt(end))) {
                    end++;
                }
            } else if (c == '"' || c == '\'') {
                end = literalEnd(text, i);
            } else {
                end = i + operatorLength(text, i);
            }
            tokens.add(text.substring(i, end));
            i = end;
        }
        return tokens;
    }

    /** Decimal and hexadecimal integers. */
    private static int numberEnd(String text, int start) throws NotPlain {
        boolean hexadecimal = text.startsWith("0x", start);
        int end = hexadecimal ? start + 2 : start;
        int digits = end;
        while (end < text.length() && Character.digit(text.charAt(end), hexadecimal ? 16 : 10) >= 0) {
            end++;
        }
        int count = end - digits;
        boolean octal = !hexadecimal && count > 1 && text.charAt(start) == '0';
        boolean isLong = end < text.length() && text.charAt(end) == 'L';
        int most = hexadecimal ? isLong ? 16 : 8 : isLong ? 18 : 9;
        end += isLong ? 1 : 0;
        boolean goesOn =
                end < text.length() && (Character.isJavaIdentifierPart(text.charAt(end)) || text.charAt(end) == '.');
        if (count == 0 || count > most || octal || goesOn) {
            throw NotPlain.INSTANCE;
        }
        return end;
    }

    /** Strings and chars without escapes. */
    private static int literalEnd(String text, int start) throws NotPlain {
        char quote = text.charAt(start);
        int end = start + 1;
        while (end < text.length() && text.charAt(end) != quote) {
            char c = text.charAt(end++);
            if (c < ' ' || c >= 0x7f || c == '\\') {
                throw NotPlain.INSTANCE;
            }
        }
        boolean isChar = quote == '\'';
        boolean isBlock = text.startsWith("\"\"\"", start);
        if (end >= text.length() || isBlock || isChar && end != start + 2) {
            throw NotPlain.INSTANCE;
        }
        return end + 1;
    }

    private static int operatorLength(String text, int at) throws NotPlain {
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                return operator.length();
            }
        }
        if ("(){}[];,.?:=<>!~+-*/%&|^".indexOf(text.charAt(at)) < 0) {
            throw NotPlain.INSTANCE;
        }
        return 1;
    }
}
