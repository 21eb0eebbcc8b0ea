package dev.intaglio.peephole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.encode.Encoder;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Stencils of tests: text to lines, with a few parameters that every stencil has. */
final class Stencils {
    private static final Map<String, ExpressionType> NAMES = new TreeMap<>(Map.of(
            "index", ExpressionType.INT,
            "reg", ExpressionType.INT,
            "value", ExpressionType.LONG,
            "flag", ExpressionType.BOOLEAN,
            "target", ExpressionType.LABEL,
            "other", ExpressionType.LABEL,
            "function", ExpressionType.LONG));

    private static final Scope SCOPE = new Scope() {
        @Override
        public Optional<Symbol> find(String name) {
            return Optional.ofNullable(NAMES.get(name)).map(type -> new Symbol(name, type, OptionalLong.empty()));
        }

        @Override
        public Optional<ExpressionType> method(String name) {
            return Optional.of(ExpressionType.INT);
        }

        @Override
        public Set<String> names() {
            return NAMES.keySet();
        }
    };

    private Stencils() {}

    /** The names with these values instead of being known at emission; empty where a line cannot be encoded with them. */
    static Optional<List<Line>> parse(String text, Map<String, Long> values) {
        Scope scope = new Scope() {
            @Override
            public Optional<Symbol> find(String name) {
                return Optional.ofNullable(NAMES.get(name))
                        .map(type -> new Symbol(name, type, OptionalLong.of(values.get(name))));
            }

            @Override
            public Optional<ExpressionType> method(String name) {
                return Optional.empty();
            }

            @Override
            public Set<String> names() {
                return NAMES.keySet();
            }
        };
        Diagnostics diagnostics = new Diagnostics();
        List<Line> lines = StencilParser.parse(text, scope, ParserOptions.DEFAULT, diagnostics);
        lines.forEach(line -> {
            if (line instanceof Instruction instruction) {
                Encoder.plan(instruction, false, diagnostics);
            }
        });
        return diagnostics.hasErrors() ? Optional.empty() : Optional.of(lines);
    }

    /** What the head of a stencil's text says: {@code # scratch: [r13 + 64]}, {@code # calls: sysv 2}, {@code # memory: as-written}. */
    static Contract contract(String text) {
        Contract contract = Contract.DEFAULT;
        for (String line : text.lines().filter(each -> each.startsWith("#")).toList()) {
            String value = line.substring(line.indexOf(':') + 1).strip();
            if (line.startsWith("# scratch:")) {
                contract = contract.withMemory(contract.memory()
                        .withScratch(List.of(MemoryContract.Scratch.parse(value).orElseThrow())));
            } else if (line.startsWith("# out:")) {
                contract = contract.withOut(Stream.of(value.split(", "))
                        .map(name -> Register.parse(name).orElseThrow())
                        .toList());
            } else if (line.startsWith("# calls:")) {
                contract = contract.withCalls(CallContract.parse(value).orElseThrow());
            } else if (line.startsWith("# memory:")) {
                assertThat(value).isEqualTo("as-written");
                contract = contract.withMemory(contract.memory().withAccessesAsWritten());
            }
        }
        return contract;
    }

    static List<Line> parse(String text) {
        Diagnostics diagnostics = new Diagnostics();
        List<Line> lines = StencilParser.parse(text, SCOPE, ParserOptions.DEFAULT, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return lines;
    }

    /** The optimized stencil, a line of text each. */
    static List<String> optimized(String text) {
        return PeepholeOptimizer.optimize(parse(text), RuleOptions.ALL, Contract.DEFAULT).lines().stream()
                .map(Line::toString)
                .toList();
    }

    /** The lines as they are without any rule. */
    static List<String> plain(String text) {
        return parse(text).stream().map(Line::toString).toList();
    }
}
