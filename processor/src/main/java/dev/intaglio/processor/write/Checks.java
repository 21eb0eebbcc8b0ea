package dev.intaglio.processor.write;

import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import dev.intaglio.assembly.encode.EncodingPlan.DifferenceCheck;
import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.ir.ExpressionType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/**
 * The checks of a run's values, made before the first byte: one test of them all, and a method that is called when it fails
 * and finds out which value it is.
 */
final class Checks {
    /** What is tested; two lines that ask the same of a value are one check, and the first is blamed. */
    private interface Test {
        /** The locals that are tested. */
        List<String> names();

        /** A number that is 0 where the value is good; empty where it takes a comparison. */
        Optional<String> bits();

        /** A variable from which it is told sooner, though maybe in vain, that the value is good. */
        default Optional<LinearInt> early() {
            return Optional.empty();
        }

        /** A condition that holds where the value is bad, beyond what the bits tell. */
        Optional<String> comparison();
    }

    /** That two registers differ; one of them may be a number. */
    private record Difference(String first, String second) implements Test {
        @Override
        public List<String> names() {
            return Stream.of(first, second)
                    .filter(name -> Character.isJavaIdentifierStart(name.charAt(0)))
                    .toList();
        }

        @Override
        public Optional<String> bits() {
            return Optional.empty();
        }

        @Override
        public Optional<String> comparison() {
            return Optional.of(first + " == " + second);
        }
    }

    /** That a value lies in a range. */
    private record Limits(
            String name, long minimum, long maximum, long excluded, boolean isRegister, Optional<LinearInt> early)
            implements Test {
        boolean isOfInt() {
            return isInt(minimum, maximum) && excluded < 0;
        }

        @Override
        public List<String> names() {
            return List.of(name);
        }

        @Override
        public Optional<String> bits() {
            if (isRegister && Long.bitCount(maximum + 1) == 1) {
                return Optional.of("(" + name + " & ~" + maximum + "L)");
            }
            if (isInt(minimum, maximum)) {
                return Optional.of("(" + name + " ^ (int) " + name + ")");
            }
            if (minimum == 0 && maximum > 0 && Long.bitCount(maximum + 1) == 1) {
                return Optional.of("(" + name + " & ~" + Stores.hex(maximum) + ")");
            }
            return Optional.empty();
        }

        @Override
        public Optional<String> comparison() {
            if (bits().isPresent()) {
                return excluded >= 0 ? Optional.of(name + " == " + excluded) : Optional.empty();
            }
            String limits = name + " < " + Values.literal(minimum) + " | " + name + " > " + Values.literal(maximum);
            return Optional.of(excluded >= 0 ? limits + " | " + name + " == " + excluded : limits);
        }
    }

    /** A method takes at most 255 slots, and a long is two. */
    private static final int MOST_VALUES = 100;

    private final Map<Test, String> statements = new LinkedHashMap<>();
    private final Set<String> names = new LinkedHashSet<>();

    /** The same checks in groups that a method each can take. */
    List<Checks> groups() {
        List<Checks> groups = new ArrayList<>();
        statements.forEach((test, statement) -> {
            if (groups.isEmpty() || groups.get(groups.size() - 1).names.size() >= MOST_VALUES) {
                groups.add(new Checks());
            }
            Checks group = groups.get(groups.size() - 1);
            group.statements.put(test, statement);
            group.names.addAll(test.names());
        });
        return groups;
    }

    /** Whether all that is checked is that some of these locals fit 32 bits. */
    boolean areOfInts(Set<String> locals) {
        return statements.keySet().stream()
                .allMatch(test -> test instanceof Limits limits && limits.isOfInt() && locals.contains(limits.name()));
    }

    /** Adds what must hold of the value that a local holds. */
    void add(RangeCheck check, String name, int site) {
        if (!canFail(check)) {
            return;
        }
        boolean isRegister = check.what().contains("register");
        long excluded = isRegister && check.excludesOne() ? check.excluded() : -1;
        boolean isEarly = isInt(check.minimum(), check.maximum()) && !check.excludesOne();
        Optional<LinearInt> early = isEarly ? LinearInt.of(check.value()) : Optional.empty();
        Test test = new Limits(name, check.minimum(), check.maximum(), excluded, isRegister, early);
        String place = site + ", \"" + check.what() + "\", " + name + ", ";
        String statement = isRegister
                ? "checkRegister(" + place + (check.maximum() + 1) + ", " + excluded + ");"
                : "checkRange(" + place + Values.literal(check.minimum()) + ", " + Values.literal(check.maximum())
                        + ");";
        statements.putIfAbsent(test, statement);
        names.add(name);
    }

    /** Adds that two register numbers differ. */
    void add(DifferenceCheck check, String first, String second, int site) {
        Test test = new Difference(first, second);
        statements.putIfAbsent(
                test, "checkDifferent(" + site + ", \"" + check.what() + "\", " + first + ", " + second + ");");
        names.addAll(test.names());
    }

    private static boolean isInt(long minimum, long maximum) {
        return minimum == Integer.MIN_VALUE && maximum == Integer.MAX_VALUE;
    }

    /** An int cannot miss a field of 32 bits. */
    private static boolean canFail(RangeCheck check) {
        boolean plainInt =
                check.value().type() == ExpressionType.INT || check.value().type() == ExpressionType.BOOLEAN;
        return !plainInt
                || check.minimum() > Integer.MIN_VALUE
                || check.maximum() < Integer.MAX_VALUE
                || check.excludesOne();
    }

    /**
     * The test that stands at the head of the run. The method it calls looks again, at each value, so the test may be one of fewer
     * instructions that some good values fail, which are far from those that displacements and immediates have.
     *
     * @param begun the variable that tells whether the stencil has emitted something by then, if it may have
     */
    void write(String method, Optional<String> begun, Source source) {
        List<String> conditions = new ArrayList<>();
        List<LinearInt> early = statements.keySet().stream()
                .flatMap(test -> test.early().stream())
                .toList();
        if (!early.isEmpty()) {
            int n = early.stream().mapToInt(LinearInt::bits).min().orElseThrow();
            List<String> shifted =
                    early.stream().map(value -> value.shifted(n)).distinct().toList();
            String all = String.join(" | ", shifted);
            conditions.add(String.format(Locale.ROOT, "((%s) & 0x%X) != 0", all, -2 << n));
        }
        List<String> bits = statements.keySet().stream()
                .filter(test -> test.early().isEmpty())
                .flatMap(test -> test.bits().stream())
                .distinct()
                .toList();
        if (!bits.isEmpty()) {
            conditions.add(bits.size() == 1 ? bits.get(0) + " != 0" : "(" + String.join(" | ", bits) + ") != 0");
        }
        statements.keySet().stream()
                .flatMap(test -> test.comparison().stream())
                .distinct()
                .forEach(conditions::add);
        source.open("if (" + String.join(" | ", conditions) + ") {");
        List<String> arguments = new ArrayList<>(names);
        begun.ifPresent(arguments::add);
        source.line(method + "(" + String.join(", ", arguments) + ");");
        source.close();
    }

    /** The method that names the value that is wrong; with a variable that tells so the piece is good for a reset only. */
    MethodSpec method(String name, Optional<String> begun) {
        MethodSpec.Builder method = MethodSpec.methodBuilder(name).addModifiers(Modifier.PRIVATE);
        names.forEach(value -> method.addParameter(TypeName.LONG, value));
        Source body = new Source();
        if (begun.isEmpty()) {
            statements.values().forEach(body::line);
            return method.addCode("$L", body).build();
        }
        method.addParameter(TypeName.BOOLEAN, begun.get());
        body.open("try {");
        statements.values().forEach(body::line);
        body.middle("} catch (RuntimeException refused) {");
        StencilWriter.halt(begun.get(), "refused", body);
        return method.addCode("$L", body).build();
    }
}
