package dev.intaglio.processor.write;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.diagnostic.Span;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.peephole.Liveness;
import dev.intaglio.processor.layout.CarriedLines;
import dev.intaglio.processor.layout.LocalLabels;
import dev.intaglio.processor.layout.Plans.Planned;
import dev.intaglio.processor.layout.Reach;
import dev.intaglio.processor.layout.Run;
import dev.intaglio.processor.resolve.StencilParameter;
import dev.intaglio.processor.resolve.StencilUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

/** Writes the method of one stencil. */
final class StencilWriter {
    private static final Pattern CONTROL = Pattern.compile("\\b(if|for|while|switch|return|catch)\\s*\\(");
    /** Calls, array accesses, divisions and throws. */
    private static final Pattern THROWING = Pattern.compile("[\\w>]\\s*\\(|\\[|[^/]/[^/]|%|\\bthrow\\b");

    private static final Map<String, String> RUNTIME_SECTIONS = Map.of("code", "code", "cold", "cold", "data", "data");

    private static final Pattern CAST = Pattern.compile("\\(\\s*(byte|short|char|int|long|float|double)\\s*\\)");

    private static final Pattern LOOP = Pattern.compile("\\b(for|while|do)\\b");

    private final StencilUnit stencil;
    private final String methodName;
    private final int index;
    private final Shared shared;
    private final List<Planned> planned;
    private final LocalLabels labels;
    private final List<Run> runs;
    private final CarriedLines carried;
    private final Reach reach;
    private final Names names;
    private final Holes holes = new Holes();
    private final List<String> lineTexts = new ArrayList<>();
    private final Map<Integer, String[]> runtimeLabels = new LinkedHashMap<>();
    private final Map<String, String> userSections = new LinkedHashMap<>();
    private final Map<String, String> sectionTitles = new HashMap<>();

    private final boolean hasInnerCode;

    /** The variable that tells whether a run has emitted something, where one may be refused behind another. */
    private final String begun;

    private boolean refusesLate;
    private boolean throwsLate;
    private final List<String> given;
    private final List<MethodSpec> methods = new ArrayList<>();
    private final List<MethodSpec> listings = new ArrayList<>();

    /**
     * @param planned the stencil's lines with their plans
     * @param methodName the stencil's name, or another where it is one of several texts
     */
    StencilWriter(StencilUnit stencil, List<Planned> planned, String methodName, int index, Shared shared) {
        this.shared = shared;
        this.methodName = methodName;
        this.stencil = stencil;
        this.index = index;
        this.planned = planned;
        runs = Run.of(stencil.lines());
        labels = new LocalLabels(planned, runs);
        carried = stencil.carries()
                ? CarriedLines.of(planned, labels, stencil.contract())
                : CarriedLines.none(planned, labels);
        reach = new Reach(planned, labels, carried::mayVanish);
        names = new Names(stencil);
        hasInnerCode = hasInnerCode(stencil);
        begun = names.fresh("begun");
        given = given();
        for (int i = 0; i < planned.size(); i++) {
            lineTexts.add(holes.text(planned.get(i).line(), i));
        }
        planned.forEach(line -> section(line.section()));
        for (int number : labels.runtimeNumbers()) {
            runtimeLabels.put(number, labelPair(number));
        }
    }

    /** The last and the next label of a number: variables, or elements of an array where a lambda must change them. */
    private String[] labelPair(int number) {
        if (hasInnerCode) {
            String array = names.fresh("labels" + number);
            return new String[] {array + "[0]", array + "[1]"};
        }
        return new String[] {names.fresh("last" + number), names.fresh("next" + number)};
    }

    /** Whether assembly may stand in a lambda or an anonymous class, which cannot use variables that change. */
    private static boolean hasInnerCode(StencilUnit stencil) {
        return stencil.lines().stream()
                .anyMatch(line -> line instanceof Line.Java java
                        && (java.source().contains("->") || java.source().matches(".*\\bnew\\b.*\\{.*")));
    }

    /** What listings show of the parameters: what was given, also where Java lines change them. */
    private List<String> given() {
        List<String> given = new ArrayList<>();
        for (String parameter : parameterNames()) {
            String changed =
                    "(?<![\\w.$])" + Pattern.quote(parameter) + "\\s*([-+*/%&|^]|<<|>>>?)?=(?!=).*|.*(\\+\\+|--)\\s*"
                            + Pattern.quote(parameter) + "(?![\\w$]).*|.*(?<![\\w.$])" + Pattern.quote(parameter)
                            + "\\s*(\\+\\+|--).*";
            boolean changes = hasInnerCode
                    && stencil.lines().stream()
                            .anyMatch(line -> line instanceof Line.Java java
                                    && Pattern.compile(changed)
                                            .matcher(java.source())
                                            .find());
            given.add(changes ? names.fresh(parameter + "Given") : parameter);
        }
        return given;
    }

    /** The stencil's method, and those that it calls. */
    List<MethodSpec> methods() {
        MethodSpec main = method();
        List<MethodSpec> all = new ArrayList<>(List.of(main));
        all.addAll(methods);
        return all;
    }

    void addMethod(MethodSpec method) {
        methods.add(method);
    }

    /** The methods that record the lines of its runs; they stand apart, in a class that is loaded when somebody lists. */
    List<MethodSpec> listings() {
        return listings;
    }

    void addListing(MethodSpec method) {
        listings.add(method);
    }

    /** The emitter's class. */
    ClassName emitter() {
        return shared.emitter();
    }

    /** The name of a method that this stencil's calls: {@code checkLoadFast}. */
    String memberName(String verb) {
        String wish = verb + methodName.substring(0, 1).toUpperCase(Locale.ROOT) + methodName.substring(1);
        String name = wish;
        for (int i = 2; !shared.members().add(name); i++) {
            name = wish + i;
        }
        return name;
    }

    /** The method, with plain text where JavaPoet would want types only for the runtime's. */
    private MethodSpec method() {
        MethodSpec.Builder method = MethodSpec.methodBuilder(methodName);
        if (methodName.equals(stencil.name())) {
            method.addAnnotation(Override.class).addModifiers(Modifier.PUBLIC);
        } else {
            method.addModifiers(Modifier.PRIVATE);
        }
        for (StencilParameter parameter : stencil.parameters()) {
            method.addParameter(type(parameter.javaType()), parameter.name());
        }
        if (CAST.matcher(stencil.text().value()).find()
                || stencil.lines().stream()
                        .filter(line -> isRewritten(line) || line instanceof Line.Java)
                        .anyMatch(line -> CAST.matcher(line.toString()).find())) {
            // Whether the author's casts are needed is the author's affair; folded values may be narrow already.
            method.addAnnotation(AnnotationSpec.builder(SuppressWarnings.class)
                    .addMember("value", "$S", "cast")
                    .build());
        }
        return method.addCode(body()).build();
    }

    /** Whether the stencil is assembly alone, without sections of its own and labels that are known at emission only. */
    boolean isOneRun() {
        return runs.size() == 1
                && !hasJava()
                && !stencil.carries()
                && runtimeLabels.isEmpty()
                && userSections.isEmpty()
                && given.equals(parameterNames());
    }

    static TypeName type(String name) {
        return switch (name) {
            case "int" -> TypeName.INT;
            case "long" -> TypeName.LONG;
            case "double" -> TypeName.DOUBLE;
            case "boolean" -> TypeName.BOOLEAN;
            default -> ClassName.bestGuess(name);
        };
    }

    private CodeBlock body() {
        Map<Integer, Run> runAt = new HashMap<>();
        Map<Integer, String> written = new HashMap<>();
        for (Run run : runs) {
            runAt.put(run.first(), run);
            Set<String> outside = names.taken();
            written.put(run.first(), new RunWriter(this, run).write());
            names.restore(outside);
        }
        boolean tells = (refusesLate || throwsLate) && !hasInnerCode;
        Source body = new Source();
        boolean hasJava = hasJava();
        int i = 0;
        while (i < planned.size()) {
            if (planned.get(i).line() instanceof Line.Java java) {
                java(java.source(), body);
                i++;
                continue;
            }
            Run run = runAt.get(i);
            String statements = written.get(i);
            if (!statements.isEmpty() || awaitsStatement(i)) {
                boolean needsBlock = hasJava && !isBlock(run);
                if (needsBlock) {
                    body.open("{");
                }
                statements.lines().forEach(body::line);
                if (tells && !statements.isEmpty()) {
                    body.line(begun + " = true;");
                }
                if (needsBlock) {
                    body.close();
                }
            }
            i = run.end();
        }
        Source head = new Source();
        userSections.forEach((section, local) -> head.line("Section " + local + " = section(\"" + section + "\");"));
        for (int k = 0; k < given.size(); k++) {
            if (!given.get(k).equals(parameterNames().get(k))) {
                head.line("var " + given.get(k) + " = " + parameterNames().get(k) + ";");
            }
        }
        runtimeLabels.forEach((number, pair) -> {
            if (hasInnerCode) {
                String array = pair[0].substring(0, pair[0].indexOf('['));
                head.line("Label[] " + array + " = {new Label(\"<" + number + "\"), new Label(\"" + number + "\")};");
                return;
            }
            head.line("Label " + pair[0] + " = new Label(\"<" + number + "\");");
            head.line("Label " + pair[1] + " = new Label(\"" + number + "\");");
        });
        if (tells) {
            head.line("boolean " + begun + " = false;");
        }
        String text = head + (mayFail() || throwsLate ? guarded(body.toString()) : body.toString());
        checkSize(MethodSize.estimate(text));
        return JavaText.of(text, stencil);
    }

    /** Whether something that does not look at {@link #begun} may throw when a part of the stencil has been emitted. */
    private boolean mayFail() {
        boolean untold = (refusesLate || throwsLate) && hasInnerCode;
        return untold || callsJava();
    }

    /** Whether Java may throw, or emit other stencils. */
    static boolean mayThrow(String java) {
        return THROWING.matcher(CONTROL.matcher(java).replaceAll("")).find();
    }

    /** The body with a note to the buffer that it was left by an exception. */
    private String guarded(String body) {
        boolean counts = mayFail();
        String before = counts ? names.fresh("before") : begun;
        String thrown = names.fresh("thrown");
        Source guarded = new Source();
        if (counts) {
            guarded.line("int " + before + " = emitted();");
        }
        guarded.open("try {");
        body.lines().forEach(guarded::raw);
        guarded.middle("} catch (RuntimeException | Error " + thrown + ") {");
        halt(before, thrown, guarded);
        return guarded.toString();
    }

    /** Ends a handler of what leaves a stencil: the buffer is told whether something was emitted, and first that it may not be told. */
    static void halt(String before, String thrown, Source handler) {
        handler.line("this.left[0] = true;"); // a parameter or value may be called left
        handler.line("halted(" + before + ", " + thrown + ");");
        handler.line("throw " + thrown + ";");
        handler.close();
    }

    private void checkSize(int bytes) {
        String method = "the method that emits '" + stencil.name() + "' has about " + bytes + " bytes of bytecode";
        if (bytes > MethodSize.LARGEST) {
            report(
                    DiagnosticCode.TOO_LARGE,
                    0,
                    method + ", more than a class file can hold",
                    "split the stencil, and call its parts one after the other in a Java line");
        } else if (bytes > MethodSize.LARGEST_COMPILED) {
            report(
                    DiagnosticCode.LARGE_STENCIL,
                    0,
                    method + "; HotSpot compiles none above " + MethodSize.LARGEST_COMPILED + ", so emission is slow",
                    "split the stencil, and call its parts one after the other in a Java line");
        }
    }

    /** Whether the Java lines around a run make a block of it. */
    private boolean isBlock(Run run) {
        return run.first() > 0
                && planned.get(run.first() - 1).line() instanceof Line.Java before
                && before.source().endsWith("{")
                && run.end() < planned.size()
                && planned.get(run.end()).line() instanceof Line.Java behind
                && behind.source().startsWith("}");
    }

    /** Whether the Java before a line still lacks the statement that it governs: {@code if (x)}, {@code else}, {@code do}. */
    private boolean awaitsStatement(int line) {
        if (line == 0 || !(planned.get(line - 1).line() instanceof Line.Java java)) {
            return false;
        }
        String code = java.source().replaceAll("//.*|/\\*.*?\\*/", "").strip();
        return code.endsWith(")") || code.endsWith("else") || code.endsWith("do");
    }

    /** A Java line at its depth: braces tell. */
    private static void java(String line, Source body) {
        int opened = (int) line.chars().filter(c -> c == '{').count();
        int closed = (int) line.chars().filter(c -> c == '}').count();
        boolean closesFirst = line.startsWith("}");
        if (closesFirst) {
            body.indent(-1);
        }
        body.raw(line);
        body.indent(opened - closed + (closesFirst ? 1 : 0));
    }

    // ---- what the writers of runs ask

    Planned planned(int line) {
        return planned.get(line);
    }

    /** The variable that tells whether something was emitted before a run that is about to refuse a value, if that may be. */
    Optional<String> begunBefore(Run run) {
        boolean mayBeBehind = mayBeBehindAnother(run);
        refusesLate |= mayBeBehind;
        return mayBeBehind && !hasInnerCode ? Optional.of(begun) : Optional.empty();
    }

    /** The values of a run are computed in a way that may throw. */
    void throwsIn(Run run) {
        throwsLate |= mayBeBehindAnother(run);
    }

    private boolean mayBeBehindAnother(Run run) {
        return !run.equals(runs.get(0))
                || planned.subList(0, run.first()).stream()
                        .anyMatch(before -> before.line() instanceof Line.Java java
                                && LOOP.matcher(java.source()).find());
    }

    LocalLabels labels() {
        return labels;
    }

    Reach reach() {
        return reach;
    }

    CarriedLines carried() {
        return carried;
    }

    /** Whether lines of Java stand between those of assembly. */
    boolean hasJava() {
        return stencil.lines().stream().anyMatch(Line.Java.class::isInstance);
    }

    /** Whether assembly may stand in a lambda or an anonymous class. */
    boolean hasInnerCode() {
        return hasInnerCode;
    }

    /** Whether somebody may look at the position in this stencil. */
    boolean observes() {
        return stencil.lines().stream().anyMatch(Line.Observe.class::isInstance);
    }

    /** The registers behind which the emitter's stencils keep positions, a bit each. */
    int positionBases() {
        return shared.positionBases();
    }

    /** Whether nothing reads flags behind a line. */
    boolean flagsDeadBehind(int line) {
        List<Line> lines = planned.stream().map(Planned::line).toList();
        return Liveness.of(lines, stencil.contract()).flagsDeadAfter(line).containsAll(FlagSet.ARITHMETIC);
    }

    /** Whether the author's Java may emit other stencils. */
    boolean callsJava() {
        return stencil.lines().stream().anyMatch(line -> line instanceof Line.Java java && mayThrow(java.source()));
    }

    /** The field that holds the number of a comparison and its branch. */
    String shape(String lines) {
        return shared.shapes().field(lines);
    }

    Names names() {
        return names;
    }

    Holes holes() {
        return holes;
    }

    int index() {
        return index;
    }

    /** The texts of all lines, with numbered holes. */
    List<String> lineTexts() {
        return lineTexts;
    }

    StencilUnit unit() {
        return stencil;
    }

    String methodName() {
        return methodName;
    }

    /** The variables that hold the arguments as they were given. */
    List<String> givenNames() {
        return given;
    }

    List<String> parameterNames() {
        return stencil.parameters().stream().map(StencilParameter::name).toList();
    }

    int site(int line) {
        return index << 16 | line;
    }

    String text(Span span) {
        return stencil.text().text(span);
    }

    /** Whether a line is what its author wrote: a rule may have changed it. */
    boolean isAsWritten(Line line) {
        String written = text(line.span()).replaceAll("\\s+", "");
        return line.toString().replaceAll("\\s+", "").equalsIgnoreCase(written) || !isRewritten(line);
    }

    private static boolean isRewritten(Line line) {
        return line instanceof dev.intaglio.assembly.ir.Instruction instruction
                && instruction.operandSpans().isEmpty()
                && !instruction.operands().isEmpty();
    }

    /** The Java expression of a section. */
    String section(String name) {
        String field = RUNTIME_SECTIONS.get(name);
        String java = field != null ? names.member(field) : userSections.computeIfAbsent(name, names::fresh);
        sectionTitles.put(java, name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
        return java;
    }

    /** A section's name as part of a local's. */
    String sectionTitle(String java) {
        return sectionTitles.get(java);
    }

    /** The Java expression of a label that is neither given nor a static local one. */
    String label(LabelReference label) {
        if (label instanceof LabelReference.Global global) {
            return "global(" + shared.globals().index(global.name()) + ")";
        }
        String[] pair = runtimeLabels.get(LocalLabels.number(label));
        return label instanceof LabelReference.Last ? pair[0] : pair[1];
    }

    /** What follows the definition of a runtime local label: the next one is a new label. */
    Optional<String> afterDefinition(LabelReference label) {
        int number = LocalLabels.number(label);
        if (number < 0) {
            return Optional.empty();
        }
        String[] pair = runtimeLabels.get(number);
        return Optional.of(pair[0] + " = " + pair[1] + "; " + pair[1] + " = new Label(\"" + number + "\");");
    }

    /** The number of the local label that a line defines. */
    int localNumber(int definition) {
        return LocalLabels.number(
                ((Line.LabelDefinition) planned.get(definition).line()).label());
    }

    boolean isInSameSection(LabelReference label, int line) {
        OptionalInt definition = labels.definition(label, line);
        return definition.isPresent()
                && planned.get(definition.getAsInt())
                        .section()
                        .equals(planned.get(line).section());
    }

    void report(DiagnosticCode code, int line, String message, String help) {
        stencil.diagnostics().report(code, planned.get(line).line().span(), message, help);
    }
}
