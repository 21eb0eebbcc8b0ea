package dev.intaglio.processor.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.LabelReferences;
import dev.intaglio.assembly.ir.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HotColdSplitTest {
    private static String split(String text) {
        return InlineColdTest.print(HotColdSplit.of(InlineColdTest.parse(text)));
    }

    @Test
    void theGateOfAReferenceCountStaysHotWhileTheCallGoes() {
        assertThat(split("""
                        | dec qword [rdi]
                        | jnz >1
                        | call rax
                        |1:
                        | mov [rbx], rsi
                        """)).isEqualTo("""
                        dec qword [rdi]
                        je >2
                        1:
                        mov [rbx], rsi
                        .cold
                        2:
                        call rax
                        jmp <1
                        .code
                        """);
    }

    @Test
    void aJoinThatOnlyColdCodeReachesGoesWithIt() {
        assertThat(split("""
                        | test rax, rax
                        | jz >1
                        | test rcx, rcx
                        | jz >2
                        | mov [rbx], rax
                        | jmp >9
                        |1:
                        | mov edi, 1
                        | jmp >3
                        |2:
                        | mov edi, 2
                        |3:
                        | call rdx
                        | ret
                        |9:
                        | inc rax
                        """)).isEqualTo("""
                        test rax, rax
                        jz >1
                        test rcx, rcx
                        jz >2
                        mov [rbx], rax
                        9:
                        inc rax
                        .cold
                        1:
                        mov edi, 1
                        jmp >3
                        2:
                        mov edi, 2
                        3:
                        call rdx
                        ret
                        .code
                        """);
    }

    @Test
    void whatOnlyFeedsAColdCallGoesWithIt() {
        assertThat(split("""
                        | test rax, rax
                        | jz >1
                        | jmp >2
                        |1:
                        | mov rdi, rbx
                        | call rdx
                        |2:
                        | inc rax
                        """)).isEqualTo("""
                        test rax, rax
                        jz >1
                        2:
                        inc rax
                        .cold
                        1:
                        mov rdi, rbx
                        call rdx
                        jmp <2
                        .code
                        """);
    }

    @Test
    void whatTheAuthorCallsUnlikelyGoes() {
        assertThat(split("""
                        | test rax, rax
                        | {unlikely} jz >1
                        | inc rcx
                        | jmp >2
                        |1:
                        | dec rcx
                        |2:
                        | mov [rbx], rcx
                        """)).isEqualTo("""
                        test rax, rax
                        {unlikely} jz >1
                        inc rcx
                        2:
                        mov [rbx], rcx
                        .cold
                        1:
                        dec rcx
                        jmp <2
                        .code
                        """);
    }

    @Test
    void whatLikelyBranchesPassOverGoes() {
        assertThat(split("""
                        | test rax, rax
                        | {likely} jnz >1
                        | inc rcx
                        |1:
                        | mov [rbx], rcx
                        """)).isEqualTo("""
                        test rax, rax
                        je >2
                        1:
                        mov [rbx], rcx
                        .cold
                        2:
                        inc rcx
                        jmp <1
                        .code
                        """);
    }

    @Test
    void aLikelyCallStays() {
        String text = "| test rax, rax\n| %s jz >1\n| call rdx\n|1:\n| inc rcx\n";
        assertThat(split(text.formatted("{unlikely}"))).contains("call rdx").doesNotContain(".cold");
        assertThat(split(text.formatted(""))).contains(".cold\n");
    }

    @Test
    void whatEveryWayPassesStays() {
        for (String text : new String[] {
            "| call rax\n| inc rcx\n",
            "|1:\n| call rax\n| dec rcx\n| jnz <1\n",
            "| test rax, rax\n| jz >1\n| ret\n|1:\n| call rdx\n| ret\n",
            "| jz >1\n| call rax\n|.cold\n|1:\n| ret\n",
            "| test rax, rax\n| jz >1\n| inc rcx\n|1:\n"
        }) {
            assertThat(split(text)).as(text).isEqualTo(InlineColdTest.print(InlineColdTest.parse(text)));
        }
    }

    /** Random flow: the instructions that run, one after the other, are the same before and after. */
    @Test
    void everyWayThroughRunsTheSameInstructions() {
        long seed = Long.getLong("intaglio.seed", 4711);
        Random random = new Random(seed);
        int changed = 0;
        for (int i = 0; i < 2000; i++) {
            List<Line> lines = InlineColdTest.parse(flow(random));
            List<Line> split = HotColdSplit.of(lines);
            changed += split.equals(lines) ? 0 : 1;
            for (int run = 0; run < 8; run++) {
                long decisions = random.nextLong();
                assertThat(trace(split, decisions))
                        .as("seed %d\n%s=>\n%s", seed, InlineColdTest.print(lines), InlineColdTest.print(split))
                        .isEqualTo(trace(lines, decisions));
            }
        }
        assertThat(changed).as("flows that were split").isGreaterThan(300);
    }

    @Test
    void onlyConditionalBranchesHaveWeights() {
        for (String text : new String[] {"| {likely} jmp >1\n|1:", "| {unlikely} inc rax", "| {likely} setz al"}) {
            dev.intaglio.assembly.diagnostic.Diagnostics diagnostics =
                    new dev.intaglio.assembly.diagnostic.Diagnostics();
            List<Line> lines = InlineColdTest.parse(text);
            Plans.of(
                    lines,
                    dev.intaglio.peephole.Contract.DEFAULT,
                    dev.intaglio.assembly.machine.CpuFeatures.ANY,
                    Strategy.OPTIMIZED,
                    diagnostics);
            assertThat(diagnostics.hasErrors()).as(text).isTrue();
        }
    }

    private static String flow(Random random) {
        StringBuilder text = new StringBuilder();
        int labels = 1 + random.nextInt(4);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < 4 + random.nextInt(12); i++) {
            parts.add(
                    switch (random.nextInt(8)) {
                        case 0 -> "| " + weight(random) + "jz >" + (1 + random.nextInt(labels));
                        case 1 -> "| " + weight(random) + "jnz >" + (1 + random.nextInt(labels));
                        case 2 -> "| jmp >" + (1 + random.nextInt(labels));
                        case 3 -> "| call rax";
                        case 4 -> random.nextInt(4) == 0 ? "| ret" : "| mov ecx, " + i;
                        default -> "| mov eax, " + i;
                    });
        }
        for (int label = 1; label <= labels; label++) {
            int last = -1;
            for (int i = 0; i < parts.size(); i++) {
                last = parts.get(i).endsWith(">" + label) ? i : last;
            }
            parts.add(last + 1 + random.nextInt(parts.size() - last), "|" + label + ":");
        }
        parts.forEach(part -> text.append(part).append('\n'));
        return text.toString();
    }

    private static String weight(Random random) {
        return List.of("", "{likely} ", "{unlikely} ").get(random.nextInt(3));
    }

    /** What runs when the nth conditional branch finds the nth bit as its zero flag; jumps themselves are not told. */
    private static List<String> trace(List<Line> lines, long decisions) {
        String section = "code";
        List<String> sections = new ArrayList<>();
        for (Line line : lines) {
            section = line instanceof Line.SectionSwitch change ? change.section() : section;
            sections.add(section);
        }
        List<String> trace = new ArrayList<>();
        int branches = 0;
        int at = 0;
        String here = "code";
        for (int steps = 0; steps < 200; steps++) {
            while (at < lines.size() && !sections.get(at).equals(here)) {
                at++;
            }
            if (at >= lines.size()) {
                trace.add(here.equals("code") ? "end" : "lost in " + here);
                return trace;
            }
            Line line = lines.get(at);
            String text = line.toString().replaceFirst("^\\{\\w+} ", "");
            boolean jumps = text.startsWith("jmp");
            if (text.startsWith("j") && !jumps) {
                boolean zero = (decisions >>> branches++ & 1) != 0;
                jumps = zero == (text.startsWith("jz") || text.startsWith("je"));
            } else if (line instanceof Instruction && !jumps) {
                trace.add(text);
                if (text.equals("ret")) {
                    return trace;
                }
            }
            int next = jumps
                    ? LocalLabels.definition(lines, LabelReferences.of(line).get(0), at)
                            .orElseThrow()
                    : at + 1;
            here = jumps ? sections.get(next) : here;
            at = next;
        }
        return trace;
    }
}
