package dev.intaglio.processor.write;

import dev.intaglio.assembly.encode.EncodingPlan;
import dev.intaglio.assembly.encode.EncodingPlan.Case;
import dev.intaglio.assembly.encode.EncodingPlan.Condition;
import dev.intaglio.assembly.encode.EncodingPlan.DifferenceCheck;
import dev.intaglio.assembly.encode.EncodingPlan.Part;
import dev.intaglio.assembly.encode.EncodingPlan.Piece;
import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.processor.layout.Carried;
import dev.intaglio.processor.layout.LocalLabels;
import dev.intaglio.processor.layout.Plans.Planned;
import dev.intaglio.processor.layout.Run;
import dev.intaglio.processor.layout.Strategy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the Java of one run of assembly: values and checks first, then room, then the bytes, then the positions. Whatever
 * can fail on a value has failed before the first byte.
 */
final class RunWriter {
    /** What the runtime's methods for displacements take at most. */
    private static final int LONGEST_HEAD = 7;

    private final StencilWriter stencil;
    private final Run run;
    private final Source source = new Source();
    private final Values values;
    private final Map<String, SectionState> sections = new LinkedHashMap<>();
    private final Checks checks = new Checks();
    private final NearForm near = new NearForm();
    private final StaticLabels labels;
    private final ListingMarks marks;
    private final Optional<CarriedWriter> carried;
    private final PositionWriter positions;
    private int line;

    RunWriter(StencilWriter stencil, Run run) {
        this.stencil = stencil;
        this.run = run;
        values = new Values(stencil.names());
        labels = new StaticLabels(stencil, this);
        marks = new ListingMarks(stencil);
        positions = new PositionWriter(this, stencil);
        carried = stencil.unit().carries() ? Optional.of(new CarriedWriter(this, stencil)) : Optional.empty();
    }

    /** The statements of the run. */
    String write() {
        Map<String, Integer> room = new LinkedHashMap<>();
        for (int i = run.first(); i < run.end(); i++) {
            int most = stencil.reach().maxLength(i);
            boolean marksPlace = stencil.planned(i).line() instanceof Line.LabelDefinition
                    || stencil.planned(i).line() instanceof Line.Frame
                    || stencil.planned(i).line() instanceof Line.Position;
            if (most > 0 || marksPlace) {
                room.merge(stencil.planned(i).section(), most, Integer::sum);
            }
        }
        if (room.isEmpty()) {
            return "";
        }
        room.keySet().forEach(this::open);
        for (line = run.first(); line < run.end(); line++) {
            write(stencil.planned(line));
        }
        sections.values().forEach(section -> section.flush(source));
        carried.filter(unused -> uses(Line.SectionSwitch.HOT))
                .ifPresent(carry -> carry.end(state(Line.SectionSwitch.HOT), source));
        Source head = new Source();
        values.declarations().forEach(head::line);
        boolean mayThrow = values.declarations().stream().anyMatch(StencilWriter::mayThrow);
        if (mayThrow) {
            stencil.throwsIn(run);
        }
        Source tests = new Source();
        for (Checks group : checks.groups()) {
            String method = stencil.memberName("check");
            Optional<String> begun = stencil.begunBefore(run);
            group.write(method, begun, tests);
            stencil.addMethod(group.method(method, begun));
        }
        Source begin = new Source();
        reserve(room, begin);
        Source record = new Source();
        if (!marks.isEmpty()) {
            record.open("if (isListed()) {").line(marks.call(values, run)).close();
        }
        carried.filter(unused -> uses(Line.SectionSwitch.HOT))
                .ifPresent(carry -> carry.begin(state(Line.SectionSwitch.HOT), record));
        String emission = begin.toString() + record + source + ending(marks.isEmpty() ? "" : marks.lines());
        if (mayThrow || !stencil.isOneRun()) {
            return head + tests.toString() + emission;
        }
        return near.beside(head + "", checks, tests + "", emission, begin.toString() + source + ending(""));
    }

    private void open(String name) {
        String position = switch (name) {
            case "code" -> "p";
            case "cold" -> "q";
            case "data" -> "r";
            default -> name + "Position";
        };
        sections.put(
                name, new SectionState(stencil.section(name), stencil.names().fresh(position)));
    }

    private void reserve(Map<String, Integer> room, Source whole) {
        String method = "reserve";
        for (Map.Entry<String, Integer> section : room.entrySet()) {
            SectionState state = sections.get(section.getKey());
            whole.line("long " + state.position() + " = " + method + "(" + state.section() + ", " + section.getValue()
                    + ");");
            method = "reserveMore";
        }
    }

    /** How far the sections are, two in a call; where the last call tells that somebody wants a listing, the lines are recorded. */
    private String ending(String recording) {
        Source ending = new Source();
        List<String> advances = new ArrayList<>();
        for (SectionState section : sections.values()) {
            advances.add(section.section() + ", " + section.position());
        }
        int i = 0;
        for (; i + 2 < advances.size(); i += 2) {
            ending.line("advance(" + advances.get(i) + ", " + advances.get(i + 1) + ");");
        }
        String last = "advance(" + String.join(", ", advances.subList(i, advances.size())) + ")";
        if (recording.isEmpty()) {
            return ending.line(last + ";").toString();
        }
        return ending.open("if (" + last + ") {").line(recording).close().toString();
    }

    SectionState state(String section) {
        return sections.get(section);
    }

    /** Whether the run touches a section at all. */
    boolean uses(String section) {
        return sections.containsKey(section);
    }

    Source source() {
        return source;
    }

    int line() {
        return line;
    }

    int site() {
        return stencil.site(line);
    }

    private void write(Planned planned) {
        Line what = planned.line();
        if (!(what instanceof Line.SectionSwitch) && !(what instanceof Line.BadLine)) {
            comment(what);
        }
        if (!sections.containsKey(planned.section())) {
            return;
        }
        SectionState section = sections.get(planned.section());
        marks.mark(line, section, source);
        if (what instanceof Line.LabelDefinition definition) {
            define(definition, section);
            positions.label(definition, planned.section(), source);
        } else if (what instanceof Line.Align align) {
            String method = planned.section().equals("data") ? "alignData" : "align";
            section.append(method, "", "slide(" + section.section() + "), " + align.bytes(), source);
        } else if (what instanceof Line.Data data) {
            new DataWriter(this, stencil, section).write(data);
        } else if (what instanceof Line.Enter) {
            section.append("enterFrame", section.section() + ", ", "", source);
        } else if (what instanceof Line.Leave) {
            leave(section);
        } else if (what instanceof Line.Position position) {
            positions.position(position, planned.section(), source);
        } else if (what instanceof Line.Observe observe) {
            positions.observe(observe, planned.section(), section, source);
        } else if (what instanceof Line.Frame frame) {
            source.line("needFrame(" + value(frame.bytes(), "frame") + ", " + site() + ");");
        } else if (what instanceof Line.PatchPoint patch) {
            new PatchWriter(this).write(patch, section);
        } else if (planned.plan().isPresent() && isCarried(planned)) {
            carried(planned, section);
            positions.written(what, source);
            return;
        } else if (planned.plan().isPresent()) {
            plan(planned.plan().get(), section);
            positions.written(what, source);
        }
        if (isCarried(planned) && what instanceof Line.LabelDefinition definition) {
            carried.orElseThrow().label(definition.label(), source);
        } else if (isCarried(planned)) {
            carried.orElseThrow().written(what);
        }
    }

    /** With a jump to an address behind it, both. */
    private void leave(SectionState section) {
        boolean goesOn = line + 1 < run.end()
                && stencil.planned(line + 1).line() instanceof Instruction jump
                && jump.mnemonic().equals("jmp")
                && jump.operands().get(0) instanceof Operand.Immediate;
        if (!goesOn || stencil.unit().strategy() == Strategy.COPY_AND_PATCH) {
            section.append("leaveFrame", section.section() + ", ", "", source);
            return;
        }
        line++;
        comment(stencil.planned(line).line());
        Operand.Immediate address = (Operand.Immediate)
                ((Instruction) stencil.planned(line).line()).operands().get(0);
        section.append(
                "leaveFrameFor", section.section() + ", ", value(address.value(), "address") + ", " + site(), source);
        marks.mark(line, section, source);
    }

    /** Whether a line's effect is told to the stencils behind it. */
    private boolean isCarried(Planned planned) {
        return carried.isPresent() && planned.section().equals(Line.SectionSwitch.HOT);
    }

    private void carried(Planned planned, SectionState section) {
        Runnable plain = () -> plan(planned.plan().orElseThrow(), section);
        if (!(stencil.carried().at(line).orElse(null) instanceof Carried.Branch branch)) {
            carried.orElseThrow().line(line, section, source, plain);
            return;
        }
        Planned next = stencil.planned(line + 1);
        comment(next.line());
        String place = stencil.names().fresh("branchPlace");
        section.flush(source);
        source.line("long " + place + " = " + section.position() + ";");
        carried.orElseThrow().branch(branch, section, source, plain, () -> {
            section.flush(source);
            source.line(place + " = " + section.position() + ";");
            line++;
            plan(next.plan().orElseThrow(), section);
        });
        marks.mark(line, place);
    }

    private void comment(Line what) {
        String text = stencil.text(what.span()).replace('\n', ' ').strip();
        String now = what.toString();
        boolean inserted = (what instanceof Line.Leave || what instanceof Line.Frame) && !text.startsWith(".");
        boolean changed = inserted || what instanceof Instruction && !stencil.isAsWritten(what);
        // In a Java source even a comment's unicode escapes are read.
        source.line("// | " + (changed ? now : text).replace("\\u", "\\ u"));
    }

    private void define(Line.LabelDefinition definition, SectionState section) {
        LabelReference label = definition.label();
        int number = LocalLabels.number(label);
        if (number >= 0) {
            labels.define(line, section);
            if (!stencil.labels().runtimeNumbers().contains(number)) {
                return;
            }
        }
        source.line("bind(" + label(label) + ", " + section.section() + ", " + section.here() + ", " + site() + ");");
        stencil.afterDefinition(label).ifPresent(source::line);
    }

    private void plan(EncodingPlan plan, SectionState section) {
        if (plan instanceof EncodingPlan.Branch branch) {
            new BranchWriter(this, stencil, labels).write(branch, section);
            if (stencil.reach().minLength(line) != stencil.reach().maxLength(line)) {
                section.movedSomehow();
            }
        } else if (plan instanceof EncodingPlan.LoadConstant constant) {
            loadConstant(constant, section);
            section.movedSomehow();
        } else {
            EncodingPlan.Straight straight = (EncodingPlan.Straight) plan;
            straight.checks().forEach(this::check);
            straight.differences().forEach(this::check);
            straight.parts().forEach(part -> part(part, section));
        }
    }

    /** Checks a register's number before the first byte. */
    void checkRegister(EncodingPlan.LoadConstant constant) {
        if (constant.register() instanceof RegisterOperand.Chosen chosen) {
            check(RangeCheck.within(chosen.number(), 0, 15, "register"));
        }
    }

    private void loadConstant(EncodingPlan.LoadConstant constant, SectionState section) {
        String value = value(constant.value(), "value");
        String register = "";
        if (constant.register() instanceof RegisterOperand.Fixed fixed) {
            register = Integer.toString(fixed.register().number());
        } else {
            Expression number = ((RegisterOperand.Chosen) constant.register()).number();
            checkRegister(constant);
            register = "(int) " + value(number, "register");
        }
        String method = constant.flagsDead() ? "constant" : "constantKeepingFlags";
        String address = "slide(" + section.section() + ") + " + section.here();
        section.append(method, "", address + ", " + register + ", " + value, source);
    }

    /** Writes a part: one case as bytes that wait, several as a choice. */
    private void part(Part part, SectionState section) {
        List<Case> cases = part.cases();
        if (cases.size() == 1) {
            cases.get(0).pieces().forEach(piece -> piece(piece, section));
            return;
        }
        Optional<Displaced> displaced = Displaced.match(cases);
        if (displaced.isPresent()) {
            displaced(displaced.get(), section);
            return;
        }
        CommonPieces common = CommonPieces.of(cases);
        common.before().forEach(piece -> piece(piece, section));
        ByteOrWide.match(common.cases())
                .filter(unused -> common.after().isEmpty())
                .ifPresentOrElse(immediate -> immediate(immediate, section), () -> choice(common.cases(), section));
        common.after().forEach(piece -> piece(piece, section));
    }

    /** Writes an immediate without a branch: its size often cannot be predicted. */
    private void immediate(ByteOrWide immediate, SectionState section) {
        String value = value(immediate.value(), "immediate");
        String fits = stencil.names().fresh("fits");
        source.line("long " + fits + " = (" + immediate.cast() + value + " + 128L >>> 8) - 1 >>> 63;");
        section.store(Math.max(0, 8 - immediate.head().size() - immediate.size()), source);
        Stores stores = section.stores();
        for (int i = 0; i < immediate.head().size(); i++) {
            int constant = immediate.head().get(i);
            if (i == immediate.index()) {
                stores.constant(constant, fits, immediate.bit());
            } else {
                stores.constant(constant);
            }
        }
        stores.value(immediate.size(), value);
        section.flush(" - " + (immediate.size() - 1) + " * " + fits, source);
        section.movedSomehow();
    }

    /** Writes cases as a choice; the few bytes that wait are stored with each case's own. */
    private void choice(List<Case> cases, SectionState section) {
        int longest = cases.stream().mapToInt(Case::length).max().orElse(0);
        section.store(Math.max(0, 8 - longest), source);
        Stores waiting = section.stores();
        boolean onlyLast = cases.size() == 2 && cases.get(0).pieces().isEmpty() && waiting.size() == 0;
        for (int i = onlyLast ? 1 : 0; i < cases.size(); i++) {
            Case one = cases.get(i);
            String condition = onlyLast
                    ? "!(" + condition(cases.get(0).conditions()) + ")"
                    : i == cases.size() - 1 ? "" : condition(one.conditions());
            String head = condition.isEmpty() ? "else {" : "if (" + condition + ") {";
            if (i == 0 || onlyLast) {
                source.open(head);
            } else {
                source.middle("} " + (condition.isEmpty() ? head : "else " + head));
            }
            section.resume(waiting.copy());
            one.pieces().forEach(piece -> piece(piece, section));
            section.flush(source);
        }
        source.close();
        section.movedSomehow();
    }

    private void displaced(Displaced displaced, SectionState section) {
        String displacement = value(displaced.displacement(), "displacement");
        near.addDisplacement(displacement);
        section.store(LONGEST_HEAD - displaced.head().size(), source);
        Stores head = section.stores();
        int carried = head.waiting();
        String here = Stores.at(section.position(), head.size() - carried);
        for (Object unit : displaced.head()) {
            if (unit instanceof Piece.Registers registers) {
                head.value(1, "(" + bits(registers) + ")");
            } else {
                head.constant((Integer) unit);
            }
        }
        int length = head.waiting();
        source.line(section.position() + " = " + (displaced.zeroForm() ? "displaced(" : "displacedAlways(")
                + here + ", " + head.take() + ", " + length + ", "
                + (carried + displaced.modRm()) + ", " + displacement + ");");
        section.movedSomehow();
        displaced.rest().forEach(piece -> piece(piece, section));
    }

    private String condition(List<Condition> conditions) {
        List<String> tests = new ArrayList<>();
        for (Condition condition : conditions) {
            tests.add(test(condition));
        }
        return tests.isEmpty() ? "true" : String.join(" && ", tests);
    }

    private String test(Condition condition) {
        if (condition instanceof Condition.Zero zero) {
            return value(zero.value(), "displacement") + " == 0";
        }
        if (condition instanceof Condition.Is is) {
            return value(is.value(), "immediate") + " == " + is.number();
        }
        if (condition instanceof Condition.FitsByte fits) {
            String value = value(fits.value(), "immediate");
            if (fits.unit() == 1) {
                return value + " == (byte) " + value;
            }
            String scaled = value + " / " + fits.unit();
            return value + " % " + fits.unit() + " == 0 && " + scaled + " == (byte) (" + scaled + ")";
        }
        if (condition instanceof Condition.LowBitsFitByte fits) {
            String value = value(fits.value(), "immediate");
            return (fits.bits() == 16 ? "(short) " : "(int) ") + value + " == (byte) " + value;
        }
        if (condition instanceof Condition.Bits bits) {
            return "(" + value(bits.number(), "register") + " & " + bits.mask() + ") " + (bits.negated() ? "!=" : "==")
                    + " " + bits.equal();
        }
        Condition.AllBelow below = (Condition.AllBelow) condition;
        List<String> numbers = below.numbers().stream()
                .map(number -> value(number, "register"))
                .distinct()
                .toList();
        String all = String.join(" | ", numbers);
        return (numbers.size() > 1 ? "(" + all + ")" : all) + " < " + below.limit();
    }

    /** Adds a piece to the bytes that wait. */
    void piece(Piece piece, SectionState section) {
        if (piece instanceof Piece.Fixed fixed) {
            fixed.bytes().values().forEach(section.stores()::constant);
        } else if (piece instanceof Piece.Value value) {
            String name = value(value.value(), value.size() == 1 ? "small" : "immediate");
            section.stores().value(value.size(), value.unit() == 1 ? name : "(" + name + " / " + value.unit() + ")");
        } else if (piece instanceof Piece.Registers registers) {
            section.stores().value(1, "(" + bits(registers) + ")");
        } else if (piece instanceof Piece.ToLabel toLabel) {
            toLabel(toLabel, section);
        } else {
            Piece.ToAddress toAddress = (Piece.ToAddress) piece;
            String address = value(toAddress.address(), "address");
            section.flush(source);
            source.line("relativeAddress(" + section.section() + ", " + section.position() + ", " + toAddress.trailing()
                    + ", " + address + ", " + site() + ");");
            section.advance(4, source);
        }
    }

    private void toLabel(Piece.ToLabel piece, SectionState section) {
        LabelReference label = piece.target().label();
        if (stencil.labels().isStatic(label, line)) {
            labels.refer(label, piece.target().offset(), 4, piece.trailing(), section);
            return;
        }
        String offset = value(piece.target().offset(), "offset");
        section.flush(source);
        source.line("relative(" + section.section() + ", " + section.position() + ", " + piece.trailing() + ", "
                + label(label) + ", " + offset + ", " + site() + ");");
        section.advance(4, source);
    }

    private String bits(Piece.Registers registers) {
        StringBuilder text = new StringBuilder(Stores.hex(registers.constant()));
        for (EncodingPlan.RegisterBits bits : registers.bits()) {
            String number = (bits.inverted() ? "~" : "") + value(bits.number(), "register");
            int shift = bits.left() - bits.right();
            String masked = "(" + number + " & " + bits.mask() + ")";
            text.append(" | ").append(masked).append(shift == 0 ? "" : shift > 0 ? " << " + shift : " >> " + -shift);
        }
        return text.toString();
    }

    /** The local or literal that holds an expression's value. */
    String value(Expression expression, String wish) {
        return values.name(expression, line, wish);
    }

    /** The local or literal that holds an address to which an instruction goes. */
    String address(Expression expression) {
        String address = value(expression, "address");
        near.addAddress(address);
        return address;
    }

    /** Adds a check that runs before the first byte. */
    void check(RangeCheck check) {
        if (!check.value().isConstant()) {
            boolean isRegister = check.what().contains("register");
            checks.add(check, value(check.value(), isRegister ? "register" : wish(check.what())), site());
        }
    }

    private void check(DifferenceCheck check) {
        checks.add(check, value(check.first(), "register"), value(check.second(), "register"), site());
    }

    /** What a value is called after: {@code displacement} for a 32-bit displacement. */
    private static String wish(String what) {
        String last = what.substring(what.lastIndexOf(' ') + 1);
        return last.matches("[a-z]+") ? last : "value";
    }

    /** The Java expression of a label that is no static local one. */
    String label(LabelReference label) {
        return label instanceof LabelReference.Given given
                ? values.object(given.label(), line, "Label", "label")
                : stencil.label(label);
    }

    /** The Java expression of a patch site. */
    String patchSite(Expression site) {
        return values.object(site, line, "PatchSite", "site");
    }

    /** A label's target with its offset, for calls of the runtime. */
    String target(Operand.LabelTarget target) {
        return label(target.label()) + ", " + value(target.offset(), "offset");
    }
}
