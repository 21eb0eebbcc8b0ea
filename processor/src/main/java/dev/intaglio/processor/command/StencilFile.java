package dev.intaglio.processor.command;

import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.peephole.CallContract;
import dev.intaglio.peephole.Contract;
import dev.intaglio.peephole.MemoryContract;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A stencil in a text file: a head of lines that begin with {@code #}, then the stencil's lines.
 *
 * <pre>{@code
 * # params: int oparg, long operand0
 * # in: rdi, rsi
 * # out: rax
 * # flags: dead
 * # preserves: rbx
 * # calls: sysv 2
 * # scratch: [r13 + 64]
 * # memory: as-written
 * | mov eax, oparg
 * }</pre>
 *
 * @param text the stencil's lines, with empty ones in place of the head's so that line numbers are the file's
 */
record StencilFile(String text, Scope scope, Contract contract) {
    private static final Map<String, ExpressionType> TYPES = Map.of(
            "int", ExpressionType.INT,
            "long", ExpressionType.LONG,
            "double", ExpressionType.DOUBLE,
            "boolean", ExpressionType.BOOLEAN,
            "Label", ExpressionType.LABEL,
            "Gpr", ExpressionType.GPR,
            "Xmm", ExpressionType.XMM);

    /** A head that cannot be read: which line, and what is wrong with it. */
    static final class HeadException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HeadException(int line, String message) {
            super(line + ": error: " + message);
        }
    }

    /** Reads a file's text; other lines that begin with {@code #} are comments. */
    static StencilFile parse(String source) {
        Map<String, ExpressionType> parameters = new LinkedHashMap<>();
        Contract contract = Contract.DEFAULT;
        List<String> lines = new ArrayList<>();
        int number = 0;
        for (String line : source.lines().toList()) {
            number++;
            if (!line.startsWith("#")) {
                lines.add(line);
                continue;
            }
            lines.add("");
            String[] entry = line.substring(1).split(":", 2);
            String value = entry.length == 2 ? entry[1].strip() : "";
            switch (entry.length == 2 ? entry[0].strip().toLowerCase(Locale.ROOT) : "") {
                case "params" -> parameters.putAll(parameters(value, number));
                case "in" -> contract = contract.withIn(registers(value, number));
                case "out" -> contract = contract.withOut(registers(value, number));
                case "preserves" -> contract = contract.withPreserved(registers(value, number));
                case "calls" -> contract = calls(contract, value, number);
                case "scratch" -> contract = scratch(contract, value, number);
                case "memory" -> contract = memory(contract, value, number);
                case "flags" -> contract = flags(contract, value, number);
                default -> {
                    // A comment.
                }
            }
        }
        return new StencilFile(String.join("\n", lines) + "\n", new Parameters(parameters), contract);
    }

    private static Contract calls(Contract contract, String value, int line) {
        return contract.withCalls(CallContract.parse(value)
                .orElseThrow(() -> new HeadException(
                        line,
                        "'" + value
                                + "' tells nothing about calls; write sysv, or sysv and the most integer arguments")));
    }

    private static Contract scratch(Contract contract, String value, int line) {
        List<MemoryContract.Scratch> slots = new ArrayList<>();
        for (String one : value.split(",")) {
            slots.add(MemoryContract.Scratch.parse(one)
                    .orElseThrow(
                            () -> new HeadException(line, "'" + one.strip() + "' is no slot; write it as [r13 + 64]")));
        }
        return contract.withMemory(contract.memory().withScratch(slots));
    }

    private static Contract memory(Contract contract, String value, int line) {
        if (!value.equals("as-written")) {
            throw new HeadException(line, "memory is as-written, or not mentioned; not '" + value + "'");
        }
        return contract.withMemory(contract.memory().withAccessesAsWritten());
    }

    private static Contract flags(Contract contract, String value, int line) {
        return switch (value) {
            case "dead", "" -> contract;
            case "live" -> contract.withLiveFlags();
            default -> throw new HeadException(line, "flags are live or dead, not '" + value + "'");
        };
    }

    private static Map<String, ExpressionType> parameters(String value, int line) {
        Map<String, ExpressionType> parameters = new LinkedHashMap<>();
        for (String one : value.isEmpty() ? new String[0] : value.split(",")) {
            String[] words = one.strip().split("\\s+");
            if (words.length != 2 || !words[1].matches("[A-Za-z_$][\\w$]*")) {
                throw new HeadException(line, "expected a type and a name, found '" + one.strip() + "'");
            }
            ExpressionType type = TYPES.get(words[0]);
            if (type == null) {
                throw new HeadException(
                        line,
                        "'" + words[0] + "' is no type of a parameter; there are "
                                + TYPES.keySet().stream().sorted().collect(Collectors.joining(", ")));
            }
            if (Register.parse(words[1]).isPresent()) {
                throw new HeadException(line, "a parameter named " + words[1] + " could be the register; rename it");
            }
            parameters.put(words[1], type);
        }
        return parameters;
    }

    private static List<Register> registers(String value, int line) {
        List<Register> registers = new ArrayList<>();
        for (String name : value.isEmpty() ? new String[0] : value.split("[,\\s]+")) {
            registers.add(Register.parse(name)
                    .filter(register ->
                            register.kind().isGeneral() || register.kind().isVector())
                    .orElseThrow(() -> new HeadException(
                            line, "'" + name + "' is no general or vector register; write rax, or xmm0")));
        }
        return registers;
    }

    /** The parameters as names of expressions. */
    private record Parameters(Map<String, ExpressionType> types) implements Scope {
        @Override
        public Optional<Symbol> find(String name) {
            return Optional.ofNullable(types.get(name)).map(type -> new Symbol(name, type, OptionalLong.empty()));
        }

        @Override
        public Optional<ExpressionType> method(String name) {
            return Optional.empty();
        }

        @Override
        public Set<String> names() {
            return types.keySet();
        }
    }
}
