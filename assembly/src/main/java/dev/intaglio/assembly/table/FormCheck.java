package dev.intaglio.assembly.table;

import dev.intaglio.assembly.machine.RegisterClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether a form can be true: its operands and its encoding have the same fields. A message quotes what is wrong. */
final class FormCheck {
    private final InstructionForm form;
    private final Encoding encoding;
    private final List<OperandPattern> fields = new ArrayList<>();
    private final List<Integer> immediates = new ArrayList<>();

    private FormCheck(InstructionForm form) {
        this.form = form;
        encoding = form.encoding();
        for (OperandPattern operand : form.explicitOperands()) {
            if (operand.type() instanceof OperandType.RegisterOrMemory) {
                fields.add(operand);
            } else if (operand.type() instanceof OperandType.Immediate immediate) {
                immediates.add(immediate.bytes());
            } else if (operand.type() instanceof OperandType.Offset) {
                immediates.add(Long.BYTES);
            } else if (operand.type() instanceof OperandType.Relative relative) {
                immediates.add(relative.bytes());
            }
        }
    }

    /** Throws an IllegalArgumentException with the first thing that is wrong. */
    static void check(InstructionForm form) {
        FormCheck check = new FormCheck(form);
        check.immediates();
        check.registers();
        check.memory();
        check.vectors();
        check.words();
    }

    private void immediates() {
        require(
                immediates.equals(encoding.immediates()),
                "the operands have immediates of %s bytes, '%s' has fields of %s",
                immediates,
                encoding,
                encoding.immediates());
    }

    private void registers() {
        int most = 0;
        if (encoding.hasModRm()) {
            most = encoding.digit().isPresent() || form.has("twice") ? 1 : 2;
            most += encoding.scheme() == Encoding.Scheme.LEGACY ? 0 : 1;
        }
        most += (encoding.plusRegister() ? 1 : 0) + (encoding.registerImmediate() ? 1 : 0);
        boolean vectors = encoding.scheme() != Encoding.Scheme.LEGACY;
        boolean enough = fields.size() == most || vectors && fields.size() == most - 1 && !fields.isEmpty();
        require(enough, "'%s' has places for %s registers or addresses, there are %s", encoding, most, fields.size());
    }

    private void memory() {
        for (OperandPattern operand : fields) {
            OperandType.RegisterOrMemory type = (OperandType.RegisterOrMemory) operand.type();
            require(
                    type.memory().isEmpty() || encoding.hasModRm(),
                    "'%s' may be memory, and '%s' has no ModRM byte for it",
                    operand.typeName(),
                    encoding);
        }
        long addresses = fields.stream()
                .filter(operand ->
                        ((OperandType.RegisterOrMemory) operand.type()).memory().isPresent())
                .count();
        require(addresses < 2, "'%s' has %s operands that may be memory", form.mnemonic(), addresses);
    }

    private void vectors() {
        for (OperandPattern operand : fields) {
            OperandType.RegisterOrMemory type = (OperandType.RegisterOrMemory) operand.type();
            boolean needsEvex = operand.masked()
                            && type.register().map(kind -> kind.isVector()).orElse(true)
                    || operand.zeroed()
                    || operand.rounded()
                    || operand.suppressed()
                    || operand.typeName().contains("bcst")
                    || type.register().map(RegisterClass.ZMM::equals).orElse(false);
            require(
                    !needsEvex || encoding.scheme() == Encoding.Scheme.EVEX,
                    "'%s' needs EVEX, and there is '%s'",
                    operand.typeName(),
                    encoding);
            require(
                    !operand.zeroed() || operand.masked(),
                    "'%s' is zeroed by a mask, and takes none: {z} without {k}",
                    operand.typeName());
        }
    }

    private void words() {
        boolean firstInMemory = !fields.isEmpty()
                && fields.stream()
                        .anyMatch(operand -> operand.access().writes()
                                && ((OperandType.RegisterOrMemory) operand.type())
                                        .memory()
                                        .isPresent());
        require(!form.has("lock") || firstInMemory, "'lock' needs memory that is written");
        require(
                !form.has("mvr") || fields.size() == 3,
                "'mvr' tells the order of three operands, there are %s",
                fields.size());
        require(
                encoding.plusCondition() == form.mnemonic().contains("cc")
                        || form.condition().isPresent(),
                "'+cc' in the encoding and cc in '%s' belong together",
                form.mnemonic());
    }

    private static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, message, arguments));
        }
    }
}
