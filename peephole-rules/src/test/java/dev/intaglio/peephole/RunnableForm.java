package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.Condition;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.Encoding;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A line for a form of the table that can be run, with what it uses. Its memory, if any, is at r15.
 *
 * @param uses the registers of its operands
 * @param memory the operand that is in memory
 * @param memoryIsRead whether what lies there counts
 * @param index the vector register of a gather's address
 */
record RunnableForm(
        InstructionForm form,
        String text,
        List<Use> uses,
        Optional<OperandPattern> memory,
        boolean memoryIsRead,
        Optional<Register> index) {
    /** A register of an operand, with how it is used. */
    record Use(Register register, boolean read, boolean written) {}

    /** How a form's choices are taken. */
    enum Variant {
        REGISTERS(false, "", false, false, ""),
        MEMORY(true, "", false, false, ""),
        MASKED(false, "{k}", false, false, ""),
        MASKED_MEMORY(true, "{k}", false, false, ""),
        ZEROED(false, "{k}{z}", false, false, ""),
        BROADCAST(true, "", true, false, ""),
        ROUNDED(false, "", false, true, ""),
        LOCKED(true, "", false, false, "lock"),
        REPEATED(false, "", false, false, "rep"),
        REPEATED_UNLESS_EQUAL(false, "", false, false, "repne");

        private final boolean memory;
        private final String braces;
        private final boolean broadcast;
        private final boolean rounded;
        private final String prefix;

        Variant(boolean memory, String braces, boolean broadcast, boolean rounded, String prefix) {
            this.memory = memory;
            this.braces = braces;
            this.broadcast = broadcast;
            this.rounded = rounded;
            this.prefix = prefix;
        }

        /** The word of the table that a form must have. */
        private boolean isOf(InstructionForm form) {
            return prefix.isEmpty() || form.has(prefix.startsWith("rep") ? "rep" : prefix);
        }
    }

    private static final List<Integer> GENERAL = List.of(3, 6, 9, 10, 11, 13, 14);
    private static final Map<Integer, String> SIZES = Map.of(
            0, "", 1, "byte ", 2, "word ", 4, "dword ", 8, "qword ", 10, "tword ", 16, "oword ", 32, "yword ", 64,
            "zword ");
    /** What stands for the address of the memory until the line is loaded. */
    private static final String OPERANDS_ADDRESS = "ADDRESS";

    private static final int ADDRESS_SIZE = 0x67;
    private static final Register RCX = new Register(RegisterClass.R64, 1);

    boolean isLegacy() {
        return form.encoding().scheme() == Encoding.Scheme.LEGACY;
    }

    /** Whether it works on the x87 stack, whose registers are counted from its top. */
    boolean isOfStack() {
        return form.cpu().equals("x87") || form.has("push") || form.has("pop");
    }

    /** Whether its operands and flags are all that it works on, but for x87's and MMX's state. */
    boolean tellsAll() {
        return !form.has("opaque")
                || isOfStack()
                || uses.stream().anyMatch(use -> use.register().kind() == RegisterClass.MMX);
    }

    /** Whether it may do nothing at all: with rcx zero. */
    boolean isRepeated() {
        return text.startsWith("rep");
    }

    /** Whether a 32-bit register that it writes is zero above: what may leave it alone is opaque or repeated. */
    boolean clearsUpperHalves() {
        return !isRepeated() && !form.has("opaque");
    }

    /** The size of the implicit memory. */
    int implicitBytes() {
        return form.operands().stream()
                .filter(RunnableForm::isImplicitMemory)
                .map(operand -> ((OperandType.RegisterOrMemory) operand.type())
                        .memory()
                        .orElseThrow()
                        .bytes())
                .findFirst()
                .orElse(0);
    }

    boolean hasImplicitMemory() {
        return form.operands().stream().anyMatch(RunnableForm::isImplicitMemory);
    }

    boolean writesImplicitMemory() {
        return form.operands().stream()
                .anyMatch(
                        operand -> isImplicitMemory(operand) && operand.access().writes());
    }

    static boolean isImplicitMemory(OperandPattern operand) {
        return operand.implicit() && operand.type() instanceof OperandType.RegisterOrMemory;
    }

    /** Gives a processor the line to run; a branch goes to the end of the window, whether it is taken or not. */
    void load(Processor processor) {
        if (form.explicitOperands().stream().noneMatch(operand -> operand.type() instanceof OperandType.Relative)) {
            String address = Long.toString(processor.memoryAddress() + StartingState.PLACE);
            processor.load(Stencils.parse("| " + text.replace(OPERANDS_ADDRESS, address)));
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        form.encoding().prefixes().forEach(bytes::write);
        List<Integer> opcode = form.encoding().opcode();
        opcode.subList(0, opcode.size() - 1).forEach(bytes::write);
        bytes.write(opcode.get(opcode.size() - 1)
                + form.condition()
                        .filter(unused -> form.encoding().plusCondition())
                        .map(Condition::code)
                        .orElse(0));
        form.encoding().immediates().forEach(size -> bytes.writeBytes(new byte[size]));
        processor.load(bytes.toByteArray());
    }

    /** How many bytes the memory operand has. */
    int memoryBytes() {
        return memory.map(pattern -> pattern.type() instanceof OperandType.Offset offset
                        ? offset.bytes()
                        : ((OperandType.RegisterOrMemory) pattern.type())
                                .memory()
                                .orElseThrow()
                                .bytes())
                .orElse(0);
    }

    /** The form's line; empty where it has no such variant. */
    static Optional<RunnableForm> of(InstructionForm form, Variant variant, Random random) {
        return new Writer(form, variant, random).write();
    }

    private static final class Writer {
        private final InstructionForm form;
        private final Variant variant;
        private final Random random;
        private final Map<RegisterClass, List<Integer>> free = new HashMap<>();
        private final List<Use> uses = new ArrayList<>();
        private final List<String> operands = new ArrayList<>();
        private Optional<OperandPattern> memory = Optional.empty();
        private boolean memoryIsRead;
        private Optional<Register> index = Optional.empty();

        Writer(InstructionForm form, Variant variant, Random random) {
            this.form = form;
            this.variant = variant;
            this.random = random;
        }

        Optional<RunnableForm> write() {
            boolean masks = form.explicitOperands().stream().anyMatch(OperandPattern::masked);
            boolean zeroes = form.explicitOperands().stream().anyMatch(OperandPattern::zeroed);
            boolean rounds = form.explicitOperands().stream().anyMatch(OperandPattern::rounded);
            if (!variant.isOf(form)
                    || !variant.braces.isEmpty() && !masks
                    || variant.braces.isEmpty() && isGather()
                    || variant.braces.contains("{z}") && !zeroes
                    || variant.rounded && !rounds) {
                return Optional.empty();
            }
            for (OperandPattern pattern : form.operands()) {
                if (pattern.type() instanceof OperandType.Exactly exactly) {
                    free(exactly.register().kind())
                            .remove((Integer) exactly.register().number());
                }
            }
            boolean hasBroadcast = false;
            for (OperandPattern pattern : form.operands()) {
                operand(pattern);
                hasBroadcast |= pattern.typeName().contains("bcst");
            }
            boolean memoryFits =
                    memory.isPresent() == variant.memory || memory.isPresent() && !variant.memory && isMemoryOnly();
            if (!memoryFits || variant.broadcast && !hasBroadcast || memoryIsZeroed()) {
                return Optional.empty();
            }
            if (variant.rounded) {
                boolean immediate = operands.get(operands.size() - 1).matches("\\d+");
                operands.add(operands.size() - (immediate ? 1 : 0), "{rz-sae}");
            }
            String forced = switch (form.encoding().scheme()) {
                case LEGACY -> "";
                case VEX -> "{vex} ";
                case EVEX -> "{evex} ";
            };
            if (variant.prefix.startsWith("rep")) {
                uses.replaceAll(use -> new Use(use.register(), true, use.written()));
                uses.add(new Use(RCX, true, true));
            }
            String prefix = variant.prefix.isEmpty() ? "" : variant.prefix + " ";
            String text = (prefix + forced + form.mnemonic() + " " + String.join(", ", operands)).trim();
            return Optional.of(new RunnableForm(form, text, uses, memory, memoryIsRead, index));
        }

        /** Whether the mask is not optional, and is cleared. */
        private boolean isGather() {
            return form.explicitOperands().stream().anyMatch(OperandPattern::masked)
                    && form.explicitOperands().stream()
                            .anyMatch(operand -> operand.typeName().startsWith("vm"));
        }

        private boolean memoryIsZeroed() {
            return variant.braces.contains("{z}") && operands.get(0).contains("[");
        }

        /** A form without a choice is run as the variant of registers. */
        private boolean isMemoryOnly() {
            return memory.orElseThrow().isMemoryOnly();
        }

        private void operand(OperandPattern pattern) {
            boolean first = operands.isEmpty();
            String braces = first && pattern.masked() ? braces() : "";
            boolean merges = braces.contains("{k") && !braces.contains("{z}");
            boolean reads =
                    pattern.access().reads() || merges && pattern.access().writes();
            if (isImplicitMemory(pattern)) {
                memoryIsRead |= reads;
                return;
            }
            if (pattern.type() instanceof OperandType.Relative) {
                operands.add("end");
                return;
            }
            if (pattern.type() instanceof OperandType.Offset offset) {
                memory = Optional.of(pattern);
                memoryIsRead |= reads;
                operands.add(SIZES.get(offset.bytes()) + "[" + OPERANDS_ADDRESS + "]");
                return;
            }
            if (pattern.type() instanceof OperandType.Exactly exactly) {
                uses.add(new Use(exactly.register(), reads, pattern.access().writes()));
                if (!pattern.implicit()) {
                    operands.add(exactly.register().toString());
                }
            } else if (pattern.type() instanceof OperandType.RegisterOrMemory either) {
                boolean takesMemory = either.memory().isPresent()
                        && (variant.memory || either.register().isEmpty());
                if (takesMemory) {
                    memory = Optional.of(pattern);
                    memoryIsRead |= reads;
                    operands.add(address(either.memory().get()) + braces);
                } else {
                    Register register = draw(either.register().orElseThrow());
                    uses.add(new Use(register, reads, pattern.access().writes()));
                    operands.add(register + braces);
                }
            } else {
                operands.add(
                        pattern.type() instanceof OperandType.Number number
                                ? Long.toString(number.value())
                                : Integer.toString(random.nextInt(70)));
            }
        }

        private String braces() {
            if (variant.braces.isEmpty()) {
                return "";
            }
            Register mask = draw(RegisterClass.MASK);
            uses.add(new Use(mask, true, isGather()));
            return variant.braces.replace("{k}", "{" + mask + "}");
        }

        private String address(OperandType.MemoryType type) {
            if (type.index().isPresent()) {
                Register register = draw(type.index().get());
                index = Optional.of(register);
                uses.add(new Use(register, true, false));
                return "[r15 + " + register + "]";
            }
            if (variant.broadcast && type.broadcastBytes() > 0) {
                return SIZES.get(type.broadcastBytes()) + "[r15]{1to" + type.bytes() / type.broadcastBytes() + "}";
            }
            boolean narrow = form.has("address") && form.encoding().prefixes().contains(ADDRESS_SIZE);
            return SIZES.get(type.bytes()) + (narrow ? "[r15d]" : "[r15]");
        }

        private Register draw(RegisterClass kind) {
            return new Register(kind, free(kind).remove(0));
        }

        /** The numbers that no operand has yet; the vector classes share theirs, and so do the general ones. */
        private List<Integer> free(RegisterClass kind) {
            RegisterClass file = kind.isVector() ? RegisterClass.ZMM : kind.isGeneral() ? RegisterClass.R64 : kind;
            return free.computeIfAbsent(file, unused -> {
                if (kind.isGeneral()) {
                    return new ArrayList<>(GENERAL);
                }
                int first = kind == RegisterClass.MASK ? 1 : 0;
                int end = kind.isVector() && form.encoding().scheme() == Encoding.Scheme.EVEX
                        ? 32
                        : kind.isVector() ? 16 : kind.count();
                List<Integer> numbers =
                        new ArrayList<>(IntStream.range(first, end).boxed().toList());
                Collections.shuffle(numbers, random);
                return numbers;
            });
        }
    }
}
