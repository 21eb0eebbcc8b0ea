package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random stencils with values of emission, places in memory that may be the same, parts of registers, the stack, calls, shifts, string instructions
 * and loops; little or much is live at their end; some rules, all of them or one alone are on. Another seed:
 * {@code -Dintaglio.seed=N}; more stencils: {@code -Dintaglio.stencils=N}.
 */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class StencilFuzzTest {
    private static final long SEED = Long.getLong("intaglio.seed", 4711);
    private static final int STENCILS = Integer.getInteger("intaglio.stencils", 1500);
    private static final int STATES = 6;

    private static final List<String> WIDE = List.of("rax", "rdx", "r9", "r10");
    private static final List<String> HALF = List.of("eax", "edx", "r9d", "r10d");
    private static final List<String> WORD = List.of("ax", "dx", "r9w", "r10w");
    private static final List<String> BYTE = List.of("al", "dl", "r9b", "r10b");
    private static final List<String> BASES = List.of("rbx", "rbx", "rsi", "rdi", "r12");
    private static final List<String> NUMBERS =
            List.of("0", "0", "1", "-1", "8", "100", "-128", "127", "128", "255", "65535", "2147483647", "-2147483648");
    private static final List<String> CONDITIONS =
            List.of("z", "nz", "c", "nc", "s", "ns", "o", "no", "p", "np", "be", "a", "l", "ge", "le", "g");

    private final Random random = new Random(SEED);
    private int depth;

    @Test
    void rewrittenStencilsDoTheSame() {
        Set<String> fired = new TreeSet<>();
        int run = 0;
        try (StencilRunner runner = new StencilRunner(random)) {
            for (int at = 0; at < STENCILS; at++) {
                String text = stencil();
                List<Line> lines = Stencils.parse(text);
                Contract contract = contract();
                Optimized optimized = PeepholeOptimizer.optimize(lines, options(), contract);
                boolean decided = optimized.lines().stream().anyMatch(Line.Java.class::isInstance);
                Map<String, Long> values = values();
                Optional<List<Line>> written = Stencils.parse(text, values);
                // Where a value has no encoding as it is written, there is nothing to compare.
                if (!optimized.rewrites().isEmpty() && !decided && written.isPresent()) {
                    run++;
                    optimized.rewrites().forEach(rewrite -> fired.add(rewrite.rule()));
                    String about = "seed %d, stencil %d, values %s:%n%s%nrewritten by %s to%n%s%nlive %s"
                            .formatted(
                                    SEED,
                                    at,
                                    values,
                                    text,
                                    optimized.rewrites(),
                                    optimized.lines(),
                                    contract.liveOut());
                    Optional<List<Line>> rewritten = Stencils.parse(text(optimized.lines()), values);
                    assertThat(rewritten).as(about).isPresent();
                    assertThat(runner.difference(written.get(), rewritten.get(), contract, STATES))
                            .as(about)
                            .isEmpty();
                }
            }
        }
        System.out.println(run + " of " + STENCILS + " stencils rewritten by " + fired + ", seed " + SEED);
        assertThat(run).isGreaterThan(STENCILS / 3);
        assertThat(fired).hasSizeGreaterThan(25);
    }

    /** Of what is known at emission. */
    private Map<String, Long> values() {
        return Map.of(
                "index",
                (long) random.nextInt(8),
                "value",
                random.nextBoolean() ? random.nextInt(256) - 128 : random.nextLong() >> random.nextInt(64),
                "reg",
                (long) random.nextInt(4),
                "flag",
                0L,
                "function",
                0x1000L,
                "target",
                1L,
                "other",
                2L);
    }

    private static String text(List<Line> lines) {
        return lines.stream()
                .map(line -> (line instanceof Line.LabelDefinition ? "|" : "| ") + line)
                .collect(Collectors.joining("\n"));
    }

    private RuleOptions options() {
        List<String> names = RuleOptions.names();
        int kind = random.nextInt(3);
        String alone = any(names);
        return RuleOptions.parse(names.stream()
                .filter(name -> kind == 1 && random.nextInt(5) == 0 || kind == 2 && !name.equals(alone))
                .map(name -> "-" + name)
                .collect(Collectors.joining(",")));
    }

    private Contract contract() {
        if (random.nextInt(3) == 0) {
            return random.nextBoolean() ? Contract.DEFAULT : Contract.DEFAULT.withLiveFlags();
        }
        List<Register> live = WIDE.stream()
                .filter(name -> random.nextInt(3) == 0)
                .map(name -> Register.parse(name).orElseThrow())
                .toList();
        Contract contract = Contract.DEFAULT.withOut(live);
        return random.nextInt(4) == 0 ? contract.withLiveFlags() : contract;
    }

    private String stencil() {
        List<String> lines = new ArrayList<>();
        depth = 0;
        int size = 3 + random.nextInt(10);
        for (int at = 0; at < size; at++) {
            lines.add("| " + instruction());
        }
        // No branch may pass by what moves the stack.
        if (lines.stream().anyMatch(line -> line.contains(">"))) {
            lines.removeIf(line -> line.contains("push") || line.contains("pop"));
            depth = 0;
        }
        while (depth > 0) {
            depth--;
            lines.add("| pop " + any(WIDE));
        }
        for (int label = 1; label <= 2; label++) {
            int last = -1;
            for (int at = 0; at < lines.size(); at++) {
                last = lines.get(at).endsWith(">" + label) ? at : last;
            }
            lines.add(last + 1 + random.nextInt(lines.size() - last), "|" + label + ":");
        }
        if (random.nextInt(3) == 0) {
            chain(lines);
        }
        if (random.nextInt(6) == 0) {
            lines.add(0, "| mov ebp, 3");
            lines.add(1 + random.nextInt(lines.size() - 1), "|3:");
            lines.add("| dec ebp");
            lines.add("| jnz <3");
            // Nor may a round.
            lines.removeIf(line -> line.contains("push") || line.contains("pop"));
        }
        // Flags that are live at the end must be defined there.
        lines.add("| " + any(List.of("cmp r10, r11", "add rax, rdx", "sub r9, 1", "neg rdx")));
        return String.join("\n", lines);
    }

    /** Jumps that lead to jumps, and over them. */
    private void chain(List<String> lines) {
        for (int label = 1; label <= 2; label++) {
            int at = lines.indexOf("|" + label + ":") + 1;
            String branch = random.nextBoolean() ? "jmp" : "j" + any(CONDITIONS);
            lines.add(at, "| " + branch + (random.nextBoolean() ? " >4" : " =>target"));
        }
        lines.add("| j" + any(CONDITIONS) + " >4");
        lines.add("| " + instructionWithoutBranch());
        lines.add("|4:");
        // The stack is where it was on every way out.
        lines.removeIf(line -> line.contains("push") || line.contains("pop"));
    }

    private String instructionWithoutBranch() {
        String instruction = instruction();
        return instruction.contains(">") ? "inc r10" : instruction;
    }

    private String instruction() {
        int size = random.nextInt(5);
        List<String> registers = size < 2
                ? WIDE
                : size == 2 ? HALF : size == 3 && random.nextInt(3) > 0 ? HALF : random.nextBoolean() ? WORD : BYTE;
        String word = registers == WIDE ? "qword" : registers == HALF ? "dword" : registers == WORD ? "word" : "byte";
        String to = any(registers);
        String from = any(registers);
        String memory = word + " " + address();
        return switch (random.nextInt(30)) {
            case 0, 1, 2 -> "mov " + to + ", " + from;
            case 3 -> "mov " + to + ", " + number(registers);
            case 4, 5, 6 -> "mov " + to + ", " + memory;
            case 7, 8, 9 -> "mov " + memory + ", " + from;
            case 10 -> arithmetic() + to + ", " + memory;
            case 11 -> arithmetic() + memory + ", " + from;
            case 12 -> arithmetic() + memory + ", " + number(registers);
            case 13, 14 -> arithmetic() + to + ", " + from;
            case 15, 16 -> arithmetic() + to + ", " + number(registers);
            case 17 ->
                "test " + to + ", " + (random.nextBoolean() ? to : random.nextBoolean() ? from : number(registers));
            case 18 -> any(List.of("inc ", "dec ", "not ", "neg ")) + (random.nextInt(3) == 0 ? memory : to);
            case 19 -> "set" + any(CONDITIONS) + " " + any(BYTE);
            case 20 -> registers == BYTE ? "nop" : "cmov" + any(CONDITIONS) + " " + to + ", " + from;
            case 21 -> "j" + any(CONDITIONS) + " >" + (1 + random.nextInt(2));
            case 22 -> random.nextBoolean() ? "jmp >" + (1 + random.nextInt(2)) : extension();
            case 23 -> extension();
            case 24 -> shift(to);
            case 25 ->
                "lea " + any(random.nextBoolean() ? WIDE : HALF) + ", [" + any(WIDE) + " + " + any(WIDE) + "*"
                        + any(List.of("1", "2", "4", "8")) + " + " + any(NUMBERS.subList(0, 11)) + "]";
            case 26 -> product(to, from, registers);
            case 27 -> stack();
            default -> special();
        };
    }

    private String address() {
        String base = any(BASES);
        String index = random.nextInt(5) == 0 ? " + " + any(List.of("rcx", "r8")) + "*" + any(List.of("1", "8")) : "";
        if (random.nextInt(8) == 0) {
            return "[" + base + index + any(List.of(" + index*8]", " + index + 8]", " + reg*8 + 8]"));
        }
        int displacement = random.nextInt(3) == 0 ? random.nextInt(12) : 8 * random.nextInt(3);
        return "[" + base + index + " + " + displacement + "]";
    }

    /** Locked accesses across a line of the cache are slow, and some systems forbid them. */
    private String aligned() {
        return "[rbx + " + 8 * random.nextInt(4) + "]";
    }

    private String arithmetic() {
        return any(List.of("add ", "sub ", "and ", "or ", "xor ", "cmp ", "adc ", "sbb "));
    }

    private String number(List<String> registers) {
        if (random.nextInt(8) == 0) {
            return registers == WIDE ? any(List.of("index", "value", "reg*8 + 3")) : "index";
        }
        return registers == BYTE
                ? any(NUMBERS.subList(0, 8))
                : registers == WORD ? any(NUMBERS.subList(0, 11)) : any(NUMBERS);
    }

    private String extension() {
        return switch (random.nextInt(4)) {
            case 0 -> "movzx " + any(HALF) + ", " + any(random.nextBoolean() ? BYTE : WORD);
            case 1 -> "movsx " + any(WIDE) + ", " + any(random.nextBoolean() ? BYTE : WORD);
            case 2 -> "movzx " + any(HALF) + ", " + (random.nextBoolean() ? "byte " : "word ") + address();
            default -> "movsxd " + any(WIDE) + ", " + any(HALF);
        };
    }

    /** Flags that a shift leaves undefined are the same on one processor for the same operands. */
    private String shift(String to) {
        String count = random.nextInt(4) == 0 ? "cl" : any(List.of("0", "1", "3", "8", "31", "32", "63"));
        return any(List.of("shl ", "shr ", "sar ", "rol ", "ror ", "rcl ", "rcr ")) + to + ", " + count;
    }

    private String product(String to, String from, List<String> registers) {
        if (registers == BYTE) {
            return "mul " + from;
        }
        return switch (random.nextInt(3)) {
            case 0 -> "imul " + to + ", " + from;
            case 1 -> "imul " + to + ", " + from + ", " + number(registers);
            default -> any(List.of("mul ", "imul ")) + from;
        };
    }

    private String stack() {
        if (depth > 0 && random.nextBoolean()) {
            depth--;
            return "pop " + any(WIDE);
        }
        if (random.nextInt(3) == 0) {
            return "mov " + (random.nextBoolean() ? "[rsp - 16], " + any(WIDE) : any(WIDE) + ", [rsp - 16]");
        }
        depth++;
        return "push " + any(WIDE);
    }

    private String special() {
        return switch (random.nextInt(9)) {
            case 0 -> "call function";
            case 1 -> "mov " + any(List.of("ah, al", "dl, ah", "dh, 5", "al, dh"));
            case 2 -> "xchg " + any(WIDE) + ", " + (random.nextBoolean() ? any(WIDE) : aligned());
            case 3 -> "lock " + any(List.of("add", "or", "sub")) + " qword " + aligned() + ", " + any(WIDE);
            case 4 -> any(List.of("stosq", "lodsd", "movsb", "stosb"));
            case 5 -> any(List.of("stc", "clc", "cmc", "cdq", "cqo", "lahf"));
            case 6 -> "xadd " + any(WIDE) + ", " + any(WIDE);
            case 7 -> "add " + any(List.of("rsi", "rdi", "r12")) + ", 8";
            default -> "mov " + any(List.of("rsi", "rdi", "r12")) + ", " + any(List.of("rbx", "rsi", "rdi"));
        };
    }

    private String any(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
