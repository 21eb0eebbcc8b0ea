package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.encode.EncodingPlan.Case;
import dev.intaglio.assembly.encode.EncodingPlan.Condition;
import dev.intaglio.assembly.encode.EncodingPlan.Piece;
import dev.intaglio.assembly.encode.EncodingPlan.RangeCheck;
import dev.intaglio.assembly.encode.PieceList.BitByte;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.OperandType;
import java.util.ArrayList;
import java.util.List;

/** Encodes an instruction by one form: the cases of its prefixes, the cases of the rest, and what must be checked. */
final class FormEncoder {
    private final InstructionForm form;
    private final Instruction instruction;
    private final Encoding encoding;
    private final Roles roles;
    private final List<RangeCheck> checks = new ArrayList<>();
    private final List<Case> prefixes;
    private final List<Case> rest;
    private final List<Condition> when;

    FormEncoder(InstructionForm form, Instruction instruction) throws EncodingException {
        this.form = form;
        this.instruction = instruction;
        encoding = form.encoding();
        RegisterRules.check(form, instruction);
        roles = Roles.of(form, instruction);
        prefixes = new PrefixEncoder(form, instruction, roles).cases();
        rest = encodeRest();
        checkRegisters();
        checkImmediates();
        when = form.has("distinct") ? distinctRegisters() : List.of();
    }

    private FormEncoder(FormEncoder other, List<Case> prefixes, List<Condition> when) {
        form = other.form;
        instruction = other.instruction;
        encoding = other.encoding;
        roles = other.roles;
        checks.addAll(other.checks);
        this.prefixes = prefixes;
        this.when = when;
        rest = other.rest;
    }

    /** The same, for the registers only with which the prefix is shortest. */
    FormEncoder withShortestPrefix() {
        return new FormEncoder(this, prefixes.subList(0, 1), when);
    }

    /** The same behind other prefixes, which must give the same bytes where the conditions hold. */
    FormEncoder withPrefixes(List<Case> others) {
        return new FormEncoder(this, others, when);
    }

    /** The same, to be taken only where the condition holds too. */
    FormEncoder onlyIf(Condition condition) {
        List<Condition> all = new ArrayList<>(List.of(condition));
        all.addAll(when);
        return new FormEncoder(this, prefixes, all);
    }

    InstructionForm form() {
        return form;
    }

    /** The instruction as this form takes it: perhaps with its sources swapped. */
    Instruction instruction() {
        return instruction;
    }

    List<Case> prefixes() {
        return prefixes;
    }

    List<Case> rest() {
        return rest;
    }

    /** Of two registers one is chosen at emission, and must not be the other. */
    private List<Condition> distinctRegisters() {
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            if (instruction.operands().get(i) instanceof RegisterOperand.Chosen chosen
                    && instruction.operands().get(1 - i) instanceof RegisterOperand.Fixed fixed) {
                conditions.add(
                        new Condition.Bits(chosen.number(), 15, fixed.register().number(), true));
            }
        }
        return conditions;
    }

    private List<Case> encodeRest() throws EncodingException {
        PieceList opcode = new PieceList();
        if (encoding.scheme() == Encoding.Scheme.LEGACY) {
            encoding.opcode().subList(0, encoding.opcode().size() - 1).forEach(opcode::constant);
        }
        int last = encoding.opcode().get(encoding.opcode().size() - 1);
        if (encoding.plusCondition()) {
            last += form.condition().orElseThrow().code();
        }
        BitByte lastByte = new BitByte(last);
        roles.opcodeRegister().ifPresent(register -> lastByte.add(register, 7, 0, 0, false));
        opcode.bits(lastByte);
        List<Piece> before = opcode.build();
        List<Piece> after = immediates();
        if (!encoding.hasModRm()) {
            return List.of(
                    new Case(List.of(), new PieceList().all(before).all(after).build()));
        }
        int trailing = after.stream().mapToInt(Piece::size).sum();
        List<Case> cases = new ArrayList<>();
        for (Case address : modRm(trailing)) {
            cases.add(new Case(
                    address.conditions(),
                    new PieceList().all(before).all(address.pieces()).all(after).build()));
        }
        return cases;
    }

    List<RangeCheck> checks() {
        return checks;
    }

    /** A measure for comparing forms: shorter is better, in the best and in the worst case. */
    int weight() {
        int weight = 0;
        for (List<Case> part : List.of(prefixes, rest)) {
            weight += part.stream().mapToInt(Case::length).min().orElse(0)
                    + part.stream().mapToInt(Case::length).max().orElse(0);
        }
        return weight;
    }

    private List<Case> modRm(int trailing) throws EncodingException {
        BitByte fields = new BitByte(0);
        if (encoding.digit().isPresent()) {
            fields = new BitByte(encoding.digit().getAsInt() << 3);
        } else if (roles.reg().isPresent()) {
            fields.add(roles.reg().get(), 7, 0, 3, false);
        }
        Operand rm = roles.rm().orElseThrow();
        if (rm instanceof RegisterOperand register) {
            BitByte modRm = fields.copyWith(0xC0).add(register, 7, 0, 0, false);
            return List.of(new Case(List.of(), new PieceList().bits(modRm).build()));
        }
        return new AddressEncoder((Operand.Memory) rm, fields, displacementUnit((Operand.Memory) rm), trailing, checks)
                .cases();
    }

    /** What an 8-bit displacement is multiplied by: N of EVEX's disp8*N (SDM Vol. 2, 2.7.5). */
    private int displacementUnit(Operand.Memory memory) {
        if (encoding.scheme() != Encoding.Scheme.EVEX) {
            return 1;
        }
        for (var pattern : form.explicitOperands()) {
            if (pattern.type() instanceof OperandType.RegisterOrMemory either
                    && either.memory().isPresent()) {
                OperandType.MemoryType type = either.memory().get();
                if (instruction.decoration().broadcast() > 0) {
                    return type.broadcastBytes();
                }
                return encoding.displacementUnit().orElse(Math.max(1, type.bytes()));
            }
        }
        return 1;
    }

    private List<Piece> immediates() {
        PieceList pieces = new PieceList();
        for (int i = 0; i < roles.immediates().size(); i++) {
            pieces.value(
                    roles.immediates().get(i).value(),
                    roles.immediateTypes().get(i).bytes(),
                    1);
        }
        if (roles.registerImmediate().isPresent()) {
            pieces.bits(new BitByte(0).add(roles.registerImmediate().get(), 15, 0, 4, false));
        }
        encoding.trailing().forEach(pieces::constant);
        return pieces.build();
    }

    private void checkRegisters() {
        for (int i = 0; i < instruction.operands().size(); i++) {
            if (instruction.operands().get(i) instanceof RegisterOperand.Chosen chosen) {
                boolean written = form.explicitOperands().get(i).access().writes();
                checks.addAll(RegisterRules.ranges(chosen, written, highest(chosen.kind())));
            }
        }
        instruction.decoration().mask().ifPresent(mask -> {
            if (mask instanceof RegisterOperand.Chosen chosen) {
                checks.add(new RangeCheck(chosen.number(), 0, 7, 0, "mask register")); // k0 would mean none
            }
        });
    }

    private long highest(RegisterClass kind) {
        if (kind.isVector() && encoding.scheme() != Encoding.Scheme.EVEX) {
            return 15;
        }
        return kind.count() - 1L;
    }

    private void checkImmediates() {
        for (int i = 0; i < roles.immediates().size(); i++) {
            Expression value = roles.immediates().get(i).value();
            OperandType.Immediate type = roles.immediateTypes().get(i);
            ImmediateRange range = ImmediateRange.of(type, form);
            if (!value.isConstant() && type.bytes() < 8) {
                checks.add(RangeCheck.within(
                        value, range.minimum(), range.maximum(), type.bytes() * 8 + "-bit immediate"));
            }
        }
    }

    /** The condition under which the form can take a value that is open; empty where its field takes all that others do. */
    List<Condition> conditions() {
        List<Condition> conditions = new ArrayList<>(when);
        for (int i = 0; i < roles.immediates().size(); i++) {
            OperandType.Immediate type = roles.immediateTypes().get(i);
            Expression value = roles.immediates().get(i).value();
            if (!value.isConstant() && type.bytes() == 1 && type.range() == OperandType.Range.SIGNED) {
                conditions.add(fitsByte(value));
            }
        }
        return conditions;
    }

    /** An operand of fewer than 64 bits takes unsigned values too, of which the greatest are small negative numbers. */
    private Condition fitsByte(Expression value) {
        int bits = ImmediateRange.operandBytes(form) * 8;
        boolean unsigned = bits < 32 || bits == 32 && value.type() != ExpressionType.INT;
        return unsigned ? new Condition.LowBitsFitByte(value, bits) : new Condition.FitsByte(value, 1);
    }
}
