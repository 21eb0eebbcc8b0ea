package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.peephole.Contract;
import dev.intaglio.peephole.RuleOptions;
import dev.intaglio.runtime.Code;
import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.CodeCache;
import dev.intaglio.runtime.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random traces of random stencils, emitted with and without what is carried from one to the next: registers and memory are the
 * same afterwards, in whatever way the trace is left.
 */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class CarriedFuzzTest {
    private static final long SEED = Long.getLong("intaglio.seed", 4711);
    private static final int STENCILS = 40;
    private static final int TRACES = Integer.getInteger("intaglio.traces", 400);
    private static final int MEMORY = 256;
    /** rbx points to memory, r10 somewhere into it, r11 counts the rounds of a loop; the others are free. */
    private static final String[] FREE = {"ax", "cx", "dx", "si", "di"};

    private static final int[] NUMBERS = {0, 1, 2, 6, 7, 8, 9};
    private static final long[] VALUES = {
        0, 1, -1, 5, 6, 100, 0x7fff_ffffL, 0x8000_0000L, 0x1_0000_0000L, 0x1_0000_0010L
    };

    private static final String PROLOGUE = """
            | push rbx
            | sub rsp, 64
            | mov rbx, memory
            | mov r10, memory
            | mov r11, 2
            | mov rax, rdi
            | mov rcx, rdi
            | mov rdx, 5
            | mov rsi, 6
            | mov r8, rdi
            | mov r9, rdi
            for (int i = 0; i < 256; i += 8) {
            | mov [rbx + i], rdi
            | add rdi, 3
            }
            for (int i = 0; i < 64; i += 8) {
            | mov [rsp + i], rdi
            | add rdi, 5
            }
            """;

    private static final String EPILOGUE = """
            | mov [rbx + 256], rax
            | mov [rbx + 264], rcx
            | mov [rbx + 272], rdx
            | mov [rbx + 280], rsi
            | mov [rbx + 288], rdi
            | mov [rbx + 296], r8
            | mov [rbx + 304], r9
            for (int i = 0; i < 64; i += 8) {
            | mov rax, [rsp + i]
            | mov [rbx + 312 + i], rax
            }
            | mov rax, left
            | add rsp, 64
            | pop rbx
            | ret
            """;

    private final Random random = new Random(SEED);

    /** A stencil to emit and its arguments. */
    private record Step(int stencil, int to, int from, int displacement, long value, boolean choice) {}

    @Test
    void whatIsCarriedIsTrue() {
        System.out.println("CarriedFuzzTest seed " + SEED);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < STENCILS; i++) {
            texts.add(stencil(i));
        }
        CompiledEmitter plain = compiled(texts, false);
        CompiledEmitter carrying = compiled(texts, true);
        long plainBytes = 0;
        long carryingBytes = 0;
        int left = 0;
        long frame;
        try (CodeCache cache = CodeCache.create();
                CodeBuffer buffer = cache.newBuffer()) {
            CompiledEmitter.Instance peeks = CompiledEmitter.of("Peek")
                    .stencil("peek()", "| mov rax, [rdi]\n| ret")
                    .compile()
                    .on(buffer);
            peeks.emit("peek");
            try (Code peekCode = buffer.commit("peek")) {
                LongUnaryOperator peek = peekCode.bind(LongUnaryOperator.class);
                try (Code empty = emit(plain, buffer, List.of(), -1)) {
                    frame = empty.size() * (long) TRACES;
                }
                for (int trace = 0; trace < TRACES; trace++) {
                    List<Step> steps = steps();
                    int loop = random.nextInt(steps.size());
                    long start = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(8);
                    try (Code one = emit(plain, buffer, steps, loop)) {
                        plainBytes += one.size();
                        List<Long> wanted = run(one, start, peek);
                        try (Code other = emit(carrying, buffer, steps, loop)) {
                            carryingBytes += other.size();
                            assertThat(run(other, start, peek))
                                    .as("seed %d, trace %d%n%s%n%s", SEED, trace, steps, text(steps, texts))
                                    .isEqualTo(wanted);
                        }
                        left += wanted.get(0) == 0 ? 0 : 1;
                    }
                }
            }
        }
        System.out.println("CarriedFuzzTest: " + (carryingBytes - frame) + " of " + (plainBytes - frame)
                + " bytes, " + left + " of "
                + TRACES + " traces left early");
        assertThat(carryingBytes - frame).as("bytes").isLessThan((plainBytes - frame) * 97 / 100);
        assertThat(left).as("traces left early").isBetween(TRACES / 20, TRACES * 19 / 20);
    }

    private static String text(List<Step> steps, List<String> texts) {
        StringBuilder all = new StringBuilder();
        steps.forEach(step -> all.append(step).append('\n').append(texts.get(step.stencil())));
        return all.toString();
    }

    private static CompiledEmitter compiled(List<String> texts, boolean carries) {
        CompiledEmitter.Builder builder =
                CompiledEmitter.of(carries ? "Carrying" : "Plain").rules(RuleOptions.NONE, Contract.DEFAULT);
        if (carries) {
            builder.carry();
        }
        builder.stencil("prologue(long memory)", PROLOGUE);
        builder.stencil("epilogue(int left)", EPILOGUE);
        builder.stencil("bind(Label label)", "|=>label:\n");
        builder.stencil("again(Label label)", "| dec r11\n| jnz =>label\n");
        for (int i = 0; i < texts.size(); i++) {
            builder.stencil(
                    "s" + i + "(int to, int from, int disp, long value, boolean choice, Label exit)", texts.get(i));
        }
        return builder.compile();
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        int size = 3 + random.nextInt(25);
        for (int i = 0; i < size; i++) {
            boolean again = i > 0 && random.nextInt(3) == 0;
            Step step = new Step(
                    random.nextInt(STENCILS),
                    NUMBERS[random.nextInt(NUMBERS.length)],
                    NUMBERS[random.nextInt(NUMBERS.length)],
                    8 * random.nextInt(4) + (random.nextInt(6) == 0 ? 4 : 0),
                    VALUES[random.nextInt(VALUES.length)],
                    random.nextBoolean());
            steps.add(again ? steps.get(random.nextInt(steps.size())) : step);
        }
        return steps;
    }

    private static Code emit(CompiledEmitter emitter, CodeBuffer buffer, List<Step> steps, int loop) {
        CompiledEmitter.Instance instance = emitter.on(buffer);
        long memory = buffer.dataAddress(2 * MEMORY, 16);
        Label exit = new Label("exit");
        Label head = new Label("head");
        instance.emit("prologue", memory);
        for (int i = 0; i < steps.size(); i++) {
            if (i == loop) {
                instance.emit("bind", head);
            }
            Step step = steps.get(i);
            instance.emit(
                    "s" + step.stencil(),
                    step.to(),
                    step.from(),
                    step.displacement(),
                    step.value(),
                    step.choice(),
                    exit);
        }
        if (loop >= 0) {
            instance.emit("again", head);
        }
        instance.emit("epilogue", 0);
        instance.emit("bind", exit);
        instance.emit("epilogue", 1);
        memoryOf = memory;
        return buffer.commit("trace");
    }

    private static long memoryOf;

    private static List<Long> run(Code code, long start, LongUnaryOperator peek) {
        List<Long> result = new ArrayList<>();
        result.add(code.bind(LongUnaryOperator.class).applyAsLong(start));
        for (int i = 0; i < 2 * MEMORY - 136; i += 8) {
            result.add(peek.applyAsLong(memoryOf + i));
        }
        return result;
    }

    // ---- stencils

    private String stencil(int number) {
        StringBuilder text = new StringBuilder();
        int size = 1 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            switch (random.nextInt(22)) {
                case 0 -> {
                    text.append("| jz >1\n");
                    lines(text);
                    text.append("|1:\n");
                }
                case 1 -> {
                    text.append("| test eax, eax\n| js >2\n|1:\n");
                    text.append("|.cold\n|2:\n");
                    lines(text);
                    text.append("| jmp <1\n|.code\n");
                }
                case 2 -> {
                    text.append("if (choice) {\n");
                    lines(text);
                    text.append("} else {\n");
                    lines(text);
                    text.append("}\n");
                }
                case 3 -> {
                    if (number > 5) {
                        text.append("s").append(random.nextInt(5)).append("(from, to, disp, value, !choice, exit);\n");
                    }
                }
                case 4 -> {
                    text.append("for (int i = 0; i < 2; i++) {\n");
                    lines(text);
                    text.append("}\n");
                }
                default -> lines(text);
            }
        }
        String made = text.toString();
        return made.startsWith("| jz") ? "| test ecx, ecx\n" + made : made.replace("\n| jz", "\n| test ecx, ecx\n| jz");
    }

    private void lines(StringBuilder text) {
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            text.append("| ").append(line()).append('\n');
        }
    }

    private String line() {
        String slot = any("rbx", "rbx", "rsp", "r10") + " + " + any("disp", "disp", "8", "16");
        return switch (random.nextInt(20)) {
            case 0, 1 -> "mov " + wide() + ", " + any("value", "value + 8", "5", "6", "0");
            case 2 -> "mov " + narrow() + ", " + any("5", "6", "100");
            case 3, 4, 5 -> "mov " + wide() + ", [" + slot + "]";
            case 6, 7, 8 -> "mov [" + slot + "], " + wide();
            case 9 -> "mov " + wide() + ", " + wide();
            case 10 -> any("add", "sub", "xor", "or", "and", "imul") + " " + wide() + ", " + wide();
            case 11 ->
                any("inc", "dec", "neg", "not") + " " + any(wide(), "qword [" + slot + "]", "dword [" + slot + "]");
            case 12 -> "mov " + any("byte", "word", "dword", "qword") + " [" + slot + "], " + any("7", "5");
            case 13 -> "mov [" + slot + "], " + any("cl", "dx", "esi", "r8d");
            case 14 -> "lea r10, [rbx + " + any("0", "4", "8", "16") + "]";
            case 15 ->
                any(
                        "mov [rbx + r11*8], " + wide(),
                        "xchg " + wide() + ", [" + slot + "]",
                        "lock add qword [" + slot + "], 3",
                        "movzx " + wide() + ", byte [" + slot + "]");
            case 16 ->
                "cmp " + any(wide(), "qword [" + slot + "]") + ", " + any("5", "6", "disp") + "\n| "
                        + any("ja", "je", "jl") + " =>exit";
            case 17 -> "test " + any("eax, eax", "rsi, rsi", "Rq(to), Rq(from)") + "\n| " + any("js", "jz") + " =>exit";
            case 18 -> "xor " + any("eax, eax", "edx, edx", "r8, r8");
            default -> "push rax\n| pop " + any("rcx", "rdi", "rax");
        };
    }

    private String wide() {
        return random.nextInt(4) == 0 ? any("Rq(to)", "Rq(from)") : any("r" + any(FREE), "r8", "r9");
    }

    private String narrow() {
        return random.nextInt(4) == 0 ? any("Rd(to)", "Rd(from)") : "e" + any(FREE);
    }

    private String any(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
