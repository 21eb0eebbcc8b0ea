package dev.intaglio.processor.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.intaglio.runtime.CodeBuffer;
import dev.intaglio.runtime.Label;
import dev.intaglio.runtime.LinkException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random stencils of labels, branches, sections and Java control flow, compiled and emitted, against a model that takes the
 * same way. Each definition stands before a {@code mov eax} with a number of its own, each reference behind a
 * {@code mov ecx}; where a branch goes is read from its bytes.
 */
class ControlFlowFuzzTest {
    private static final int STENCILS = 40;
    private static final int DEFINITION = 0x5A00_0000;
    private static final int REFERENCE = 0x5B00_0000;
    private static final int BEFORE = 0x5AFF_0001;
    private static final int AFTER = 0x5AFF_0002;
    private static final int PER_TURN = 0x1_0000;
    private static final String[] SECTIONS = {"code", "cold", "data"};
    private static final String[] BRANCHES = {
        "jmp %s", "jz %s", "call %s", "lea rax, [%s]", "mov dword [%s], 7", "mov Rd(r), [%s]"
    };

    /** What one executed line must have left in its section. */
    private record Expected(String section, Kind kind, String text, int id, int target) {}

    private enum Kind {
        BYTES,
        DEFINITION,
        REFERENCE,
        ALIGN
    }

    /** The arguments of an emission. */
    private record Arguments(int a, long wide, boolean flag, int turns, int r) {
        String in(String line) {
            return line.replaceAll("\\ba\\b", Integer.toString(a))
                    .replaceAll("\\bwide\\b", wide + "")
                    .replaceAll(
                            "Rd\\(r\\)",
                            List.of("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d")
                                    .get(r));
        }
    }

    /** A stencil's text and what it does, as a tree. */
    private sealed interface Node {
        record Bytes(String line) implements Node {}

        record Define(int number, int id) implements Node {}

        record Refer(String branch, String label, int id) implements Node {}

        record Section(String name) implements Node {}

        record Align(int bytes) implements Node {}

        record If(List<Node> then, List<Node> otherwise) implements Node {}

        record Loop(List<Node> body) implements Node {}

        record Switch(List<Node> zero, List<Node> other) implements Node {}
    }

    @Test
    void everyBranchGoesWhereTheTextSays() {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("ControlFlowFuzzTest seed " + seed);
        Random random = new Random(seed);
        CompiledEmitter.Builder builder = CompiledEmitter.of("Fuzz");
        List<List<Node>> stencils = new ArrayList<>();
        for (int i = 0; i < STENCILS; i++) {
            List<Node> nodes;
            do {
                nodes = new Generator(random).nodes(4 + random.nextInt(20), 2, false);
            } while (!isWellFormed(nodes));
            stencils.add(nodes);
            builder.stencil(
                    "s" + i + "(int a, long wide, boolean flag, int turns, int r, Label before, Label after)",
                    text(nodes));
        }
        builder.stencil("bound(Label label, int id)", "|=>label:\n| mov eax, id\n");
        CompiledEmitter compiled = builder.compile();
        int linked = 0;
        for (int i = 0; i < STENCILS; i++) {
            for (int run = 0; run < 6; run++) {
                int[] displacements = {0, 1, 15, 16, 17, 1000, -16, -17, 1 << 20};
                long[] values = {0, 1, -1, 1L << 32, Long.MIN_VALUE, 0xFFFF_FFFFL, Integer.MIN_VALUE};
                Arguments arguments = new Arguments(
                        displacements[random.nextInt(displacements.length)],
                        values[random.nextInt(values.length)],
                        random.nextBoolean(),
                        random.nextInt(4),
                        random.nextInt(10));
                String about = "seed " + seed + "\n" + text(stencils.get(i)) + "\n" + arguments + "\n";
                linked += check(compiled, i, stencils.get(i), arguments, about) ? 1 : 0;
            }
        }
        assertThat(linked).as("pieces that link").isGreaterThan(STENCILS);
    }

    private static boolean check(
            CompiledEmitter compiled, int stencil, List<Node> nodes, Arguments arguments, String about) {
        Model model = new Model(arguments);
        model.expected.add(new Expected("code", Kind.DEFINITION, "", BEFORE, 0));
        model.run(nodes);
        model.expected.add(new Expected("code", Kind.DEFINITION, "", AFTER, 0));
        CodeBuffer buffer = CodeBuffer.detached(0x7000_0000_0000L);
        Map<String, Long> bases = Map.of(
                "code", buffer.code().base(),
                "cold", buffer.cold().base(),
                "data", buffer.data().base());
        CompiledEmitter.Instance emitter = compiled.on(buffer);
        Label before = new Label();
        Label after = new Label();
        emitter.emit("bound", before, BEFORE);
        emitter.emit(
                "s" + stencil,
                arguments.a,
                arguments.wide,
                arguments.flag,
                arguments.turns,
                arguments.r,
                before,
                after);
        emitter.emit("bound", after, AFTER);
        boolean links = model.expected.stream().noneMatch(one -> one.kind == Kind.REFERENCE && one.target == 0);
        CodeBuffer.Image image;
        try {
            image = buffer.image();
        } catch (LinkException unbound) {
            assertThat(links).as(about + unbound).isFalse();
            return false;
        }
        assertThat(links)
                .as(about + "a reference without a definition must not link")
                .isTrue();
        Map<Integer, Long> definitions = new HashMap<>();
        Map<Integer, Long> targets = new HashMap<>();
        for (String section : SECTIONS) {
            byte[] bytes = section.equals("code") ? image.code() : section.equals("cold") ? image.cold() : image.data();
            Walk walk = new Walk(section, bytes, bases.get(section), definitions, targets, about);
            model.expected.stream().filter(one -> one.section.equals(section)).forEach(walk::step);
            assertThat(walk.bytes.remaining()).as(about + section).isZero();
        }
        for (Expected one : model.expected) {
            if (one.kind == Kind.REFERENCE) {
                assertThat(targets.get(one.id))
                        .as(about + "%s with number %x", one.text, one.id)
                        .isEqualTo(definitions.get(one.target));
            }
        }
        return true;
    }

    /** The text names a definition for each reference, and every loop has its numbers. */
    private static boolean isWellFormed(List<Node> nodes) {
        List<String> flat = new ArrayList<>();
        flatten(nodes, flat);
        for (int i = 0; i < flat.size(); i++) {
            String item = flat.get(i);
            if (item.startsWith("<") && !flat.subList(0, i).contains(item.substring(1))) {
                return false;
            }
            if (item.startsWith(">") && !flat.subList(i, flat.size()).contains(item.substring(1))) {
                return false;
            }
        }
        return !flat.isEmpty();
    }

    private static void flatten(List<Node> nodes, List<String> flat) {
        for (Node node : nodes) {
            if (node instanceof Node.Define define) {
                flat.add(Integer.toString(define.number));
            } else if (node instanceof Node.Refer refer) {
                flat.add(refer.label);
            } else if (node instanceof Node.If choice) {
                flatten(choice.then, flat);
                flatten(choice.otherwise, flat);
            } else if (node instanceof Node.Loop loop) {
                flatten(loop.body, flat);
            } else if (node instanceof Node.Switch choice) {
                flatten(choice.zero, flat);
                flatten(choice.other, flat);
            }
        }
    }

    private static String text(List<Node> nodes) {
        StringBuilder text = new StringBuilder();
        text(nodes, "0", text);
        return text.toString();
    }

    private static void text(List<Node> nodes, String turn, StringBuilder text) {
        for (Node node : nodes) {
            if (node instanceof Node.Bytes bytes) {
                text.append("| ").append(bytes.line).append('\n');
            } else if (node instanceof Node.Define define) {
                text.append("|").append(define.number).append(":\n| mov eax, ");
                text.append(number(DEFINITION + define.id, turn)).append('\n');
            } else if (node instanceof Node.Refer refer) {
                text.append("| mov ecx, ")
                        .append(number(REFERENCE + refer.id, turn))
                        .append("\n| ");
                text.append(String.format(refer.branch, refer.label)).append('\n');
            } else if (node instanceof Node.Section section) {
                text.append("|.").append(section.name).append('\n');
            } else if (node instanceof Node.Align align) {
                text.append("|.align ").append(align.bytes).append('\n');
            } else if (node instanceof Node.If choice) {
                text.append("if (flag) {\n");
                text(choice.then, turn, text);
                text.append("} else {\n");
                text(choice.otherwise, turn, text);
                text.append("}\n");
            } else if (node instanceof Node.Loop loop) {
                text.append("for (int i = 1; i <= turns; i++) {\n");
                text(loop.body, "i", text);
                text.append("}\n");
            } else if (node instanceof Node.Switch choice) {
                text.append("switch (turns) {\ncase 0:\n");
                text(choice.zero, turn, text);
                text.append("break;\ndefault:\n");
                text(choice.other, turn, text);
                text.append("break;\n}\n");
            }
        }
    }

    private static String number(int id, String turn) {
        return turn.equals("0") ? Integer.toString(id) : id + " + " + turn + "*" + PER_TURN;
    }

    /** Makes trees. */
    private static final class Generator {
        private final Random random;
        private int id;

        Generator(Random random) {
            this.random = random;
        }

        List<Node> nodes(int count, int depth, boolean inLoop) {
            List<Node> nodes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                nodes.add(node(depth, inLoop));
            }
            return nodes;
        }

        private String label() {
            if (random.nextInt(6) == 0) {
                return random.nextBoolean() ? "=>before" : "=>after";
            }
            return (random.nextBoolean() ? "<" : ">") + (1 + random.nextInt(3));
        }

        private Node node(int depth, boolean inLoop) {
            int inner = 1 + random.nextInt(6);
            return switch (random.nextInt(depth > 0 ? 16 : 13)) {
                case 0, 1, 2 -> new Node.Define(1 + random.nextInt(3), ++id);
                case 3, 4, 5, 6 -> new Node.Refer(BRANCHES[random.nextInt(BRANCHES.length)], label(), ++id);
                case 7, 8 -> new Node.Bytes("mov [rbx + a*8], rcx");
                case 9 -> new Node.Bytes(random.nextInt(4) == 0 ? "mov rdx, wide" : "mov Rd(r), [r13 + a]");
                case 10, 11 ->
                    random.nextInt(5) == 0
                            ? new Node.Align(1 << random.nextInt(8))
                            : new Node.Section(SECTIONS[random.nextInt(3)]);
                case 12 -> new Node.Bytes("nop");
                case 13 -> new Node.If(nodes(inner, depth - 1, inLoop), nodes(inner / 2, depth - 1, inLoop));
                case 14 -> inLoop ? new Node.Bytes("nop") : new Node.Loop(nodes(inner, depth - 1, true));
                default -> new Node.Switch(nodes(inner, depth - 1, inLoop), nodes(inner / 2, depth - 1, inLoop));
            };
        }
    }

    /** Takes the way that the Java lines take; sections follow the text. */
    private static final class Model {
        private final Arguments arguments;
        private final List<Expected> expected = new ArrayList<>();
        private final Map<Integer, Integer> last = new HashMap<>();
        private final Map<Integer, List<Integer>> waiting = new HashMap<>();
        private String section = "code";

        Model(Arguments arguments) {
            this.arguments = arguments;
        }

        void run(List<Node> nodes) {
            run(nodes, 0, true);
        }

        private void run(List<Node> nodes, int turn, boolean taken) {
            for (Node node : nodes) {
                if (node instanceof Node.Section change) {
                    section = change.name;
                } else if (node instanceof Node.If choice) {
                    run(choice.then, turn, taken && arguments.flag);
                    run(choice.otherwise, turn, taken && !arguments.flag);
                } else if (node instanceof Node.Switch choice) {
                    run(choice.zero, turn, taken && arguments.turns == 0);
                    run(choice.other, turn, taken && arguments.turns != 0);
                } else if (node instanceof Node.Loop loop) {
                    String entry = section;
                    run(loop.body, 0, false);
                    for (int i = 1; i <= arguments.turns && taken; i++) {
                        section = entry;
                        run(loop.body, i, true);
                    }
                } else if (taken) {
                    line(node, turn * PER_TURN);
                }
            }
        }

        private void line(Node node, int turn) {
            if (node instanceof Node.Bytes bytes) {
                expected.add(new Expected(section, Kind.BYTES, arguments.in(bytes.line), 0, 0));
            } else if (node instanceof Node.Align align) {
                expected.add(new Expected(section, Kind.ALIGN, "", align.bytes, 0));
            } else if (node instanceof Node.Define define) {
                int id = DEFINITION + define.id + turn;
                expected.add(new Expected(section, Kind.DEFINITION, "", id, 0));
                last.put(define.number, id);
                waiting.getOrDefault(define.number, new ArrayList<>())
                        .forEach(at -> expected.set(at, withTarget(expected.get(at), id)));
                waiting.remove(define.number);
            } else {
                Node.Refer refer = (Node.Refer) node;
                expected.add(new Expected(
                        section,
                        Kind.REFERENCE,
                        arguments.in(String.format(refer.branch, refer.label)),
                        REFERENCE + refer.id + turn,
                        target(refer.label, expected.size())));
            }
        }

        /** The number of the definition that a label means now; 0 where it is yet to come. */
        private int target(String label, int at) {
            if (label.startsWith("=>")) {
                return label.equals("=>before") ? BEFORE : AFTER;
            }
            int number = Integer.parseInt(label.substring(1));
            if (label.startsWith("<")) {
                return last.getOrDefault(number, 0);
            }
            waiting.computeIfAbsent(number, unused -> new ArrayList<>()).add(at);
            return 0;
        }

        private static Expected withTarget(Expected one, int target) {
            return new Expected(one.section, one.kind, one.text, one.id, target);
        }
    }

    /** Reads the bytes of a section, one executed line after the other. */
    private static final class Walk {
        private final String section;
        private final ByteBuffer bytes;
        private final long base;
        private final Map<Integer, Long> definitions;
        private final Map<Integer, Long> targets;
        private final String about;

        Walk(
                String section,
                byte[] bytes,
                long base,
                Map<Integer, Long> definitions,
                Map<Integer, Long> targets,
                String about) {
            this.section = section;
            this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            this.base = base;
            this.definitions = definitions;
            this.targets = targets;
            this.about = about;
        }

        void step(Expected one) {
            switch (one.kind) {
                case BYTES -> bytes(one.text);
                case ALIGN -> {
                    while ((base + bytes.position()) % one.id != 0) {
                        bytes.get();
                    }
                }
                case DEFINITION -> {
                    definitions.put(one.id, base + bytes.position());
                    marker(0xB8, one.id);
                }
                case REFERENCE -> {
                    marker(0xB9, one.id);
                    targets.put(one.id, branch(one.text));
                }
            }
        }

        private void bytes(String line) {
            String zero = line.replaceAll("^mov (\\w+), 0$", "xor $1, $1").replace("rdx, rdx", "edx, edx");
            String wanted = Images.assembled(line);
            byte[] found = new byte[Math.min(wanted.length() / 3 + 1, bytes.remaining())];
            int start = bytes.position();
            bytes.get(found);
            if (!zero.equals(line) && !Images.hex(found).equals(wanted)) {
                wanted = Images.assembled(zero);
                found = new byte[wanted.length() / 3 + 1];
                bytes.position(start).get(found);
            }
            assertThat(Images.hex(found))
                    .as(about + "%s at %d of %s", line, start, section)
                    .isEqualTo(wanted);
        }

        private void marker(int opcode, int id) {
            int at = bytes.position();
            assertThat(bytes.get() & 0xFF)
                    .as(about + "marker %x at %d of %s", id, at, section)
                    .isEqualTo(opcode);
            assertThat(bytes.getInt())
                    .as(about + "marker at %d of %s", at, section)
                    .isEqualTo(id);
        }

        private long branch(String text) {
            int opcode = bytes.get() & 0xFF;
            if (text.startsWith("jmp") && opcode == 0xEB || text.startsWith("jz") && opcode == 0x74) {
                int distance = bytes.get();
                return base + bytes.position() + distance;
            }
            int trailing = 0;
            if (text.startsWith("jz")) {
                expect(text, opcode, 0x0F);
                expect(text, bytes.get(), 0x84);
            } else if (text.startsWith("jmp")) {
                expect(text, opcode, 0xE9);
            } else if (text.startsWith("call")) {
                expect(text, opcode, 0xE8);
            } else if (text.startsWith("lea")) {
                expect(text, opcode, 0x48);
                expect(text, bytes.get(), 0x8D);
                expect(text, bytes.get(), 0x05);
            } else if (text.startsWith("mov dword")) {
                trailing = 4;
                expect(text, opcode, 0xC7);
                expect(text, bytes.get(), 0x05);
            } else {
                int register = List.of("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d")
                        .indexOf(text.substring(4, text.indexOf(',')));
                if (register > 7) {
                    expect(text, opcode, 0x44);
                    opcode = bytes.get();
                }
                expect(text, opcode, 0x8B);
                expect(text, bytes.get(), register % 8 << 3 | 5);
            }
            int distance = bytes.getInt();
            if (trailing > 0) {
                assertThat(bytes.getInt()).as(about + text).isEqualTo(7);
            }
            return base + bytes.position() + distance;
        }

        private void expect(String text, int found, int wanted) {
            if ((found & 0xFF) != wanted) {
                fail(
                        about + "%s: byte %x instead of %x before %d of %s",
                        text,
                        found,
                        wanted,
                        bytes.position(),
                        section);
            }
        }
    }
}
