package dev.intaglio.assembly.encode;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.encode.EncodingPlan.Case;
import dev.intaglio.assembly.encode.EncodingPlan.Condition;
import dev.intaglio.assembly.encode.PieceList.BitByte;
import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The bytes before the opcode: legacy prefixes, then REX, VEX or EVEX (SDM Vol. 2, 2.1.1, 2.2.1, 2.3, 2.7). */
final class PrefixEncoder {
    private static final int[] SEGMENTS = {0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65};
    /** An instruction of its own: the prefixes behind it belong to the next one. */
    private static final int WAIT = 0x9B;

    private static final int OPERAND_SIZE = 0x66;

    private static final int ADDRESS_SIZE = 0x67;

    private static final Set<Integer> STORES = Set.of(0x88, 0x89, 0xC6, 0xC7);

    private static final Set<String> REPEATS =
            Set.of("rep", "repe", "repz", "repne", "repnz", "xacquire", "xrelease", "bnd");

    private final InstructionForm form;
    private final Instruction instruction;
    private final Encoding encoding;
    private final Roles roles;
    private final Optional<RegisterOperand> base;
    private final Optional<RegisterOperand> index;
    /** The register of ModRM.rm, of the base, or in the opcode: they share the extension bit B. */
    private final Optional<RegisterOperand> extendedByB;

    PrefixEncoder(InstructionForm form, Instruction instruction, Roles roles) {
        this.form = form;
        this.instruction = instruction;
        this.roles = roles;
        encoding = form.encoding();
        Optional<Address.Indexed> address = roles.rm()
                .filter(Operand.Memory.class::isInstance)
                .map(memory -> OperandMatcher.unsegmented(((Operand.Memory) memory).address()))
                .filter(Address.Indexed.class::isInstance)
                .map(Address.Indexed.class::cast);
        base = address.flatMap(Address.Indexed::base);
        index = address.flatMap(Address.Indexed::index);
        extendedByB = roles.opcodeRegister()
                .or(() -> roles.rm().filter(RegisterOperand.class::isInstance).map(RegisterOperand.class::cast))
                .or(() -> base);
    }

    List<Case> cases() throws EncodingException {
        checkGroups();
        PieceList legacy = new PieceList();
        encoding.prefixes().stream().filter(prefix -> prefix == WAIT).forEach(legacy::constant);
        segment(legacy);
        addressSize(legacy);
        List<Integer> ofEncoding =
                encoding.prefixes().stream().filter(prefix -> prefix != WAIT).toList();
        boolean sized = !instruction.prefixes().isEmpty() && ofEncoding.equals(List.of(OPERAND_SIZE));
        if (sized) {
            // The order is free; GNU as writes the operand's size before lock and rep.
            legacy.constant(OPERAND_SIZE);
        }
        repeatAndLock(legacy);
        if (!sized) {
            ofEncoding.forEach(legacy::constant);
        }
        List<EncodingPlan.Piece> before = legacy.build();
        List<Case> extension = switch (encoding.scheme()) {
            case LEGACY -> rex();
            case VEX -> vex();
            case EVEX -> evex();
        };
        return extension.stream()
                .map(one -> new Case(
                        one.conditions(),
                        new PieceList().all(before).all(one.pieces()).build()))
                .toList();
    }

    private void segment(PieceList pieces) {
        for (Operand operand : instruction.operands()) {
            if (operand instanceof Operand.Memory memory && memory.address() instanceof Address.InSegment inSegment) {
                pieces.constant(SEGMENTS[inSegment.segment().number()]);
            }
        }
    }

    /** Of two prefixes of one group the processor takes either (SDM Vol. 2, 2.1.1). */
    private void checkGroups() throws EncodingException {
        List<String> taken = new ArrayList<>();
        for (String prefix : instruction.prefixes()) {
            String group = REPEATS.contains(prefix) ? "rep" : prefix;
            int earlier = taken.indexOf(group);
            if (earlier >= 0) {
                throw new EncodingException(
                        DiagnosticCode.BAD_PREFIX,
                        "'" + prefix + "' cannot stand together with '"
                                + instruction.prefixes().get(earlier) + "'",
                        Optional.of("leave one of them out"));
            }
            taken.add(group);
        }
    }

    private void addressSize(PieceList pieces) throws EncodingException {
        boolean narrow = base.or(() -> index)
                .map(register -> register.kind() == RegisterClass.R32)
                .orElse(false);
        if (form.has("address")) {
            checkSameWidth(narrow);
            return;
        }
        boolean asked = instruction.prefixes().contains("addr32");
        if (asked && !narrow && instruction.operands().stream().anyMatch(Operand.Memory.class::isInstance)) {
            throw new EncodingException(
                    DiagnosticCode.BAD_PREFIX,
                    "'addr32' would make the processor ignore the upper half of the address in '" + instruction + "'",
                    Optional.of("write 32-bit registers between the brackets"));
        }
        if (narrow || asked) {
            pieces.constant(0x67);
        }
    }

    /** One prefix tells the width of both addresses; it stands in the encoding of the form with a 32-bit register. */
    private void checkSameWidth(boolean narrow) throws EncodingException {
        boolean prefixed = encoding.prefixes().contains(ADDRESS_SIZE);
        boolean anyWidth = roles.rm()
                .map(memory -> OperandMatcher.unsegmented(((Operand.Memory) memory).address()))
                .filter(Address.Indexed.class::isInstance)
                .map(address -> base.or(() -> index).isEmpty())
                .orElse(false);
        if (!anyWidth && narrow != prefixed || instruction.prefixes().contains("addr32")) {
            throw new EncodingException(
                    DiagnosticCode.BAD_ADDRESS,
                    "the destination of '" + instruction + "' is an address too, and both have one width",
                    Optional.of("write registers of one size, without 'addr32'"));
        }
    }

    /** Whether 66 has no meaning: REX.W has already told the size, and the opcode has no other with 66. */
    private boolean ignoresOperandSize() {
        return encoding.scheme() == Encoding.Scheme.LEGACY
                && encoding.wide()
                && encoding.prefixes().isEmpty()
                && encoding.opcode().size() == 1;
    }

    private void repeatAndLock(PieceList pieces) throws EncodingException {
        for (String prefix : instruction.prefixes()) {
            boolean toMemory = !instruction.operands().isEmpty()
                    && instruction.operands().stream().anyMatch(Operand.Memory.class::isInstance);
            boolean locks = form.has("lock") && toMemory;
            boolean branches = Set.of("jmp", "call", "ret").contains(instruction.mnemonic())
                    || instruction.mnemonic().startsWith("j");
            switch (prefix) {
                case "lock" -> pieces.constant(allowed(locks, prefix, 0xF0));
                case "rep", "repe", "repz" -> pieces.constant(allowed(form.has("rep"), prefix, 0xF3));
                case "repne", "repnz" -> pieces.constant(allowed(form.has("rep"), prefix, 0xF2));
                case "xacquire" -> pieces.constant(allowed(locks, prefix, 0xF2));
                case "xrelease" -> pieces.constant(allowed(locks || stores(), prefix, 0xF3));
                case "bnd" -> pieces.constant(allowed(branches, prefix, 0xF2));
                case "notrack" -> pieces.constant(allowed(branches, prefix, 0x3E));
                case "data16" -> pieces.constant(allowed(ignoresOperandSize(), prefix, 0x66));
                default -> {} // addr32 stands before these
            }
        }
    }

    /** Whether this is a mov to memory that may release an elided lock (SDM Vol. 2C, XACQUIRE/XRELEASE). */
    private boolean stores() {
        return instruction.mnemonic().equals("mov")
                && instruction.operands().get(0) instanceof Operand.Memory
                && STORES.contains(encoding.opcode().get(0));
    }

    private int allowed(boolean allowed, String prefix, int value) throws EncodingException {
        if (!allowed) {
            throw new EncodingException(
                    DiagnosticCode.BAD_PREFIX,
                    "'" + prefix + "' cannot stand before '" + instruction.mnemonic() + "' with these operands",
                    prefix.equals("lock")
                            ? Optional.of(
                                    "it makes a read-modify-write of memory atomic: the destination must be memory")
                            : Optional.empty());
        }
        return value;
    }

    private List<Case> rex() throws EncodingException {
        BitByte rex = new BitByte(encoding.wide() ? 0x48 : 0x40);
        roles.reg().ifPresent(register -> rex.add(register, 8, 3, 2, false));
        index.ifPresent(register -> rex.add(register, 8, 3, 1, false));
        extendedByB.ifPresent(register -> rex.add(register, 8, 3, 0, false));
        List<Expression> extended = new ArrayList<>();
        List<Expression> bytes = new ArrayList<>();
        boolean needed = encoding.wide();
        boolean forbidden = false;
        List<RegisterOperand> all = new ArrayList<>();
        roles.reg().ifPresent(all::add);
        index.ifPresent(all::add);
        extendedByB.ifPresent(all::add);
        for (RegisterOperand register : all) {
            if (register instanceof RegisterOperand.Fixed fixed) {
                needed |= fixed.register().needsRex();
                forbidden |= fixed.kind() == RegisterClass.R8H;
            } else {
                RegisterOperand.Chosen chosen = (RegisterOperand.Chosen) register;
                List<Expression> group = chosen.kind() == RegisterClass.R8 ? bytes : extended;
                if (!group.contains(chosen.number()) && hasExtension(chosen.kind())) {
                    group.add(chosen.number());
                }
            }
        }
        if (forbidden && (needed || !extended.isEmpty() || !bytes.isEmpty())) {
            throw new EncodingException(
                    DiagnosticCode.REX_CONFLICT,
                    "ah, bh, ch and dh cannot be used in an instruction that needs a REX prefix: " + instruction,
                    Optional.of("use a low byte register, or operands without 64-bit size and new registers"));
        }
        List<EncodingPlan.Piece> prefix = new PieceList().bits(rex).build();
        if (needed) {
            return List.of(new Case(List.of(), prefix));
        }
        List<Condition> conditions = new ArrayList<>();
        if (!extended.isEmpty()) {
            conditions.add(new Condition.AllBelow(List.copyOf(extended), 8));
        }
        if (!bytes.isEmpty()) {
            // Without REX the numbers 4 to 7 would mean ah, ch, dh and bh.
            conditions.add(new Condition.AllBelow(List.copyOf(bytes), 4));
        }
        Case without = new Case(conditions, List.of());
        return conditions.isEmpty() ? List.of(without) : List.of(without, new Case(List.of(), prefix));
    }

    private static boolean hasExtension(RegisterClass kind) {
        return kind.count() > 8;
    }

    private List<Case> vex() {
        int vectorBit = encoding.vectorBits() == 256 ? 4 : 0;
        BitByte last = new BitByte(vectorBit | encoding.prefixCode());
        addVvvv(last);
        PieceList three = new PieceList().constant(0xC4);
        BitByte first = new BitByte(encoding.map());
        invert(first, roles.reg(), 7);
        invert(first, index, 6);
        invert(first, extendedByB, 5);
        BitByte wideLast = last.copyWith(encoding.wide() ? 0x80 : 0);
        Case threeBytes = new Case(List.of(), three.bits(first).bits(wideLast).build());
        String forced = instruction.decoration().encoding().orElse("");
        if (encoding.map() != 1 || encoding.wide() || forced.equals("vex3")) {
            return List.of(threeBytes);
        }
        List<Expression> chosen = new ArrayList<>();
        for (Optional<RegisterOperand> register : List.of(index, extendedByB)) {
            if (register.isPresent()) {
                if (register.get() instanceof RegisterOperand.Fixed fixed) {
                    if (fixed.register().isExtended()) {
                        return List.of(threeBytes);
                    }
                } else {
                    chosen.add(((RegisterOperand.Chosen) register.get()).number());
                }
            }
        }
        invert(last, roles.reg(), 7);
        List<Condition> conditions = chosen.isEmpty() ? List.of() : List.of(new Condition.AllBelow(chosen, 8));
        Case twoBytes =
                new Case(conditions, new PieceList().constant(0xC5).bits(last).build());
        return conditions.isEmpty() ? List.of(twoBytes) : List.of(twoBytes, threeBytes);
    }

    private void addVvvv(BitByte bits) {
        if (roles.vvvv().isPresent()) {
            bits.add(roles.vvvv().get(), 15, 0, 3, true);
        } else {
            bits.set(0x78);
        }
    }

    /** An extension bit, inverted as VEX and EVEX want it; 1 where there is no register. */
    private static void invert(BitByte bits, Optional<RegisterOperand> register, int place) {
        if (register.isPresent()) {
            bits.add(register.get(), 8, 3, place, true);
        } else {
            bits.set(1 << place);
        }
    }

    private List<Case> evex() {
        Decoration decoration = instruction.decoration();
        boolean rmIsVector = roles.rm()
                .filter(RegisterOperand.class::isInstance)
                .map(register -> ((RegisterOperand) register).kind().isVector())
                .orElse(false);
        BitByte p0 = new BitByte(encoding.map());
        invert(p0, roles.reg(), 7);
        if (rmIsVector) {
            p0.add(extendedByB.orElseThrow(), 16, 4, 6, true);
        } else {
            invert(p0, index, 6);
        }
        invert(p0, extendedByB, 5);
        if (roles.reg().isPresent()) {
            p0.add(roles.reg().get(), 16, 4, 4, true);
        } else {
            p0.set(0x10);
        }
        BitByte p1 = new BitByte((encoding.wide() ? 0x80 : 0) | 0x04 | encoding.prefixCode());
        addVvvv(p1);
        int length = encoding.vectorBits() == 512 ? 2 : encoding.vectorBits() == 256 ? 1 : 0;
        boolean embedded = decoration.rounding().isPresent() || decoration.broadcast() > 0;
        if (decoration.rounding().isPresent()) {
            // The length's bits hold the rounding mode, and are 0 where there is none (sae): the length is 512 or
            // scalar.
            length = Math.max(
                    0,
                    List.of("rn-sae", "rd-sae", "ru-sae", "rz-sae")
                            .indexOf(decoration.rounding().get()));
        }
        BitByte p2 = new BitByte((decoration.zeroing() ? 0x80 : 0) | length << 5 | (embedded ? 0x10 : 0));
        Optional<RegisterOperand> highVvvv =
                index.filter(register -> register.kind().isVector()).or(roles::vvvv);
        if (highVvvv.isPresent()) {
            p2.add(highVvvv.get(), 16, 4, 3, true);
        } else {
            p2.set(0x08);
        }
        decoration.mask().ifPresent(mask -> p2.add(mask, 7, 0, 0, false));
        return List.of(new Case(
                List.of(),
                new PieceList().constant(0x62).bits(p0).bits(p1).bits(p2).build()));
    }
}
