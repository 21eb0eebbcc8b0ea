package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.z3.ArrayExpr;
import com.microsoft.z3.BitVecExpr;
import com.microsoft.z3.BitVecSort;
import com.microsoft.z3.BoolExpr;
import com.microsoft.z3.Expr;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.machine.Flag;
import dev.intaglio.peephole.proof.Logic;
import dev.intaglio.peephole.proof.Side;
import dev.intaglio.peephole.proof.State;
import dev.intaglio.peephole.proof.Ways;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The semantics that the proofs of rules rest on, with concrete values, against the processor: each instruction, width and kind of
 * operand from random and boundary states. {@code -Dintaglio.seed=N} sets the seed, {@code -Drules.states=N} how many states.
 */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
class SemanticsRunTest {
    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final long SEED = Long.getLong("intaglio.seed", 4711);
    private static final int STATES = Integer.getInteger("rules.states", 3);
    private static final int BASE = 3;
    private static final int BYTES = 32;
    private static final long[] BOUNDARIES = {
        0,
        1,
        2,
        -1,
        8,
        9,
        31,
        32,
        33,
        0x7F,
        0x80,
        0xFF,
        0x7FFF,
        0x8000,
        0x7FFF_FFFFL,
        0x8000_0000L,
        1L << 63,
        ~(1L << 63)
    };
    private static final List<String> SIZES = List.of("byte", "word", "dword", "qword");
    private static final List<List<String>> REGISTERS = List.of(
            List.of("al", "cl", "sil", "r9b"),
            List.of("ax", "cx", "si", "r9w"),
            List.of("eax", "ecx", "esi", "r9d"),
            List.of("rax", "rcx", "rsi", "r9"));
    private static final List<String> CONDITIONS =
            List.of("o", "no", "c", "nc", "z", "nz", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g");

    private final Random random = new Random(SEED);
    private final Set<String> wrong = new LinkedHashSet<>();
    private final TableFacts facts = new TableFacts();
    private int flagsCompared;

    @Test
    void theModelComputesWhatTheProcessorDoes() throws IOException {
        assumeTrue(Files.isReadable(CPU), "which features the processor has is read from " + CPU);
        List<String> texts = instructions(features());
        Set<String> mnemonics = new TreeSet<>();
        try (Processor processor = new Processor();
                Logic logic = new Logic()) {
            for (String text : texts) {
                mnemonics.add(text.split(" ")[0]);
                compare(processor, logic, text);
            }
        }
        System.out.println(
                texts.size() + " lines of " + mnemonics.size() + " mnemonics from " + STATES + " states, seed " + SEED);
        assertThat(wrong).as("seed %d", SEED).isEmpty();
        assertThat(mnemonics).hasSizeGreaterThan(80);
        assertThat(flagsCompared).isGreaterThan(texts.size() * STATES * 4);
    }

    private static Set<String> features() throws IOException {
        return Files.readAllLines(CPU).stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.of(line.split("\\s+")))
                .orElse(Set.of());
    }

    private static List<String> instructions(Set<String> features) {
        List<String> all = new ArrayList<>();
        for (int size = 0; size < 4; size++) {
            String d = REGISTERS.get(size).get(0);
            String s = REGISTERS.get(size).get(2);
            String m = SIZES.get(size) + " [rbx + 16]";
            for (String each : "mov add adc sub sbb cmp and or xor test".split(" ")) {
                String load = each.equals("test") ? m + ", " + d : d + ", " + m;
                Stream.of(d + ", " + s, load, m + ", " + s, d + ", -5", m + ", 99", s + ", " + s)
                        .forEach(operands -> all.add(each + " " + operands));
            }
            for (String each : "inc dec neg not".split(" ")) {
                all.addAll(List.of(each + " " + d, each + " " + m));
            }
            for (String each : "shl shr sar rol ror rcl rcr".split(" ")) {
                for (int count : new int[] {0, 1, 3, 7, 8, 9, 16, 17, 31, 32, 33, 63, 64}) {
                    all.add(each + " " + (count % 2 == 0 ? d : m) + ", " + count);
                }
                all.addAll(List.of(each + " " + d + ", cl", each + " " + m + ", cl"));
            }
            all.addAll(List.of("mul " + s, "imul " + m, "mul " + d, "xchg " + d + ", " + s, "xchg " + m + ", " + s));
            if (size > 0) {
                wide(all, d, s, m, size);
                bits(all, d, s, m, size, features);
            }
        }
        all.addAll(List.of("cbw", "cwde", "cdqe", "cwd", "cdq", "cqo", "stc", "clc", "cmc", "nop", "lahf", "sahf"));
        all.addAll(List.of("mov ah, cl", "add ch, ah", "xor al, dh", "movzx esi, ah", "movsxd rax, ecx", "inc dh"));
        all.addAll(List.of("movsxd rax, dword [rbx + 8]", "bswap eax", "bswap r9", "lea ax, [rcx + rsi*2 + 9]"));
        all.addAll(List.of("lea eax, [rcx + rsi*8 - 9]", "lea rax, [ecx + esi*4 + 77]", "lea r9, [rbx + 1000]"));
        all.addAll(List.of("push rax\n| pop rcx", "push -7\n| pop r9", "mov rax, 0x123456789abcdef0"));
        all.add("push qword [rbx + 8]\n| push rax\n| pop rdi\n| pop rsi");
        for (String condition : CONDITIONS) {
            all.addAll(List.of("set" + condition + " al", "set" + condition + " byte [rbx + 8]"));
            all.addAll(List.of("cmov" + condition + " eax, ecx", "cmov" + condition + " r9, [rbx + 8]"));
            all.addAll(List.of("cmov" + condition + " ax, si", "j" + condition + " >1\n| not rax\n|1:"));
        }
        return all;
    }

    private static void wide(List<String> all, String d, String s, String m, int size) {
        all.addAll(List.of("imul " + d + ", " + s, "imul " + d + ", " + m, "imul " + d + ", " + s + ", -77"));
        for (String each : List.of("movzx ", "movsx ")) {
            all.addAll(List.of(each + d + ", cl", each + d + ", byte [rbx + 5]"));
            if (size > 1) {
                all.addAll(List.of(each + d + ", si", each + d + ", word [rbx + 6]"));
            }
        }
    }

    private static void bits(List<String> all, String d, String s, String m, int size, Set<String> features) {
        for (String each : "bt bts btr btc".split(" ")) {
            all.addAll(List.of(each + " " + d + ", " + s, each + " " + d + ", 13"));
        }
        if (size != 2) {
            all.addAll(List.of("bsf " + d + ", " + s, "bsr " + d + ", " + m));
        }
        counts(all, "bmi1", "tzcnt", d, s, m, features);
        counts(all, "abm", "lzcnt", d, s, m, features);
        counts(all, "popcnt", "popcnt", d, s, m, features);
        if (size == 1) {
            return;
        }
        String third = REGISTERS.get(size).get(1);
        if (features.contains("bmi1")) {
            all.addAll(List.of("andn " + d + ", " + s + ", " + third, "andn " + d + ", " + s + ", " + m));
            all.addAll(List.of("bextr " + d + ", " + s + ", " + third, "bextr " + d + ", " + m + ", " + third));
            for (String each : "blsi blsr blsmsk".split(" ")) {
                all.addAll(List.of(each + " " + d + ", " + s, each + " " + d + ", " + m));
            }
        }
        if (features.contains("bmi2")) {
            all.addAll(List.of("bzhi " + d + ", " + s + ", " + third, "rorx " + d + ", " + s + ", 39"));
            all.addAll(List.of("mulx " + d + ", " + s + ", " + third, "mulx " + d + ", " + d + ", " + m));
            for (String each : "shlx shrx sarx".split(" ")) {
                all.addAll(List.of(each + " " + d + ", " + s + ", " + third, each + " " + d + ", " + m + ", " + third));
            }
        }
    }

    private static void counts(
            List<String> all, String feature, String mnemonic, String d, String s, String m, Set<String> features) {
        if (features.contains(feature)) {
            all.addAll(List.of(mnemonic + " " + d + ", " + s, mnemonic + " " + d + ", " + m));
        }
    }

    private void compare(Processor processor, Logic logic, String text) {
        List<Line> lines = Stencils.parse("| " + text);
        processor.load(lines);
        for (int at = 0; at < STATES; at++) {
            Processor.State before = state(processor);
            Processor.State after = processor.run(before);
            Side side = new Side(logic, "");
            State model = Ways.through(lines, 0, state(logic, before), side)
                    .get(Ways.NEXT)
                    .state();
            String about =
                    text + " from " + List.of(before.registers()[0], before.registers()[1], before.registers()[6]);
            for (int number = 0; number < 16; number++) {
                if (number != 4) {
                    same(model.register64(number), after.registers()[number], about + ": register " + number);
                }
            }
            for (int place = 0; text.contains("[") && place < BYTES; place++) {
                BitVecExpr address = logic.number(before.registers()[BASE] + place, 64);
                same(model.peek(address, 8), after.memory()[place] & 0xFF, about + ": memory at " + place);
            }
            for (Flag flag : Flag.values()) {
                sameFlag(lines, model, flag, after.flags(), about);
            }
        }
    }

    private void same(BitVecExpr model, long found, String about) {
        Expr<?> value = model.isNumeral() ? model : model.simplify();
        String wanted = Long.toUnsignedString(found);
        if (!value.isNumeral() || !value.toString().equals(wanted)) {
            wrong.add(about + " is " + wanted + ", by the model " + value);
        }
    }

    /** Where the model leaves a flag open, the table must say that it is undefined. */
    private void sameFlag(List<Line> lines, State model, Flag flag, long flags, String about) {
        Expr<?> value = model.flag(flag).simplify();
        boolean set = (flags >> RuleExecutionTest.bitNumber(flag) & 1) != 0;
        if (value.isTrue() || value.isFalse()) {
            flagsCompared++;
            if (value.isTrue() != set) {
                wrong.add(about + ": " + flag + " is " + set);
            }
            return;
        }
        var told = facts.of((Instruction) lines.get(0)).orElseThrow().flags();
        if (!told.undefined().contains(flag) && !told.maybe().contains(flag)) {
            wrong.add(about + ": " + flag + " is open, which the table does not say");
        }
    }

    private static State state(Logic logic, Processor.State before) {
        State state = new State(logic, State.Pages.ALL);
        for (int number = 0; number < 16; number++) {
            state.register64(number, logic.number(before.registers()[number], 64));
        }
        state.register64(4, logic.number(0x7000_0000, 64));
        for (Flag flag : Flag.values()) {
            BoolExpr value = logic.truth((before.flags() >> RuleExecutionTest.bitNumber(flag) & 1) != 0);
            state.flag(flag, value);
        }
        ArrayExpr<BitVecSort, BitVecSort> memory = state.memory();
        for (int place = 0; place < BYTES; place++) {
            BitVecExpr address = logic.number(before.registers()[BASE] + place, 64);
            memory = logic.z3().mkStore(memory, address, logic.number(before.memory()[place], 8));
        }
        state.memory(memory);
        return state;
    }

    private Processor.State state(Processor processor) {
        long[] registers = new long[16];
        for (int number = 0; number < 16; number++) {
            registers[number] =
                    random.nextBoolean() ? BOUNDARIES[random.nextInt(BOUNDARIES.length)] : random.nextLong();
        }
        registers[BASE] = processor.memoryAddress();
        byte[] memory = new byte[Processor.MEMORY];
        if (random.nextInt(3) > 0) {
            random.nextBytes(memory);
        }
        return new Processor.State(registers, random.nextLong() & Processor.FLAG_BITS, memory, 0);
    }
}
