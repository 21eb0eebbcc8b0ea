package dev.intaglio.processor;

import dev.intaglio.assembly.machine.CpuFeatures;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.table.InstructionTable;
import dev.intaglio.peephole.RuleOptions;
import dev.intaglio.processor.layout.Strategy;
import dev.intaglio.processor.resolve.Targets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.lang.model.SourceVersion;

/**
 * The processor's {@code -Aintaglio.…} options.
 *
 * @param parser from {@code intaglio.define=NAME=value,…}
 * @param rules from {@code intaglio.rules=none|-name,…}
 * @param cpu from {@code intaglio.cpu}: what an interface counts on that says nothing
 * @param strategies from {@code intaglio.strategy=optimized,copy-and-patch}: an emitter is written for each
 * @param split {@code intaglio.split}: what is seldom run goes to the cold section
 * @param explain {@code intaglio.explain}: a note for each rewrite
 * @param timing {@code intaglio.timing}: a note of how long the stages took
 */
record ProcessorOptions(
        ParserOptions parser,
        RuleOptions rules,
        CpuFeatures cpu,
        Set<Strategy> strategies,
        boolean split,
        boolean explain,
        boolean timing) {
    static final String DEFINE = "intaglio.define";
    static final String RULES = "intaglio.rules";
    static final String CPU = "intaglio.cpu";
    static final String STRATEGY = "intaglio.strategy";
    static final String SPLIT = "intaglio.split";
    static final String EXPLAIN = "intaglio.explain";
    static final String TIMING = "intaglio.timing";

    /** Reads the processor's options. */
    static ProcessorOptions of(Map<String, String> options) {
        return new ProcessorOptions(
                new ParserOptions(defines(text(options, DEFINE))),
                rules(text(options, RULES)),
                cpu(text(options, CPU)),
                strategies(text(options, STRATEGY)),
                isOn(options, SPLIT),
                isOn(options, EXPLAIN),
                isOn(options, TIMING));
    }

    /** An option without a value is there with null. */
    private static boolean isOn(Map<String, String> options, String option) {
        return options.containsKey(option) && !"false".equals(options.get(option));
    }

    private static String text(Map<String, String> options, String option) {
        String value = options.get(option);
        return value == null ? "" : value.strip();
    }

    private static Map<String, String> defines(String value) {
        Map<String, String> defines = new HashMap<>();
        for (String pair : value.isEmpty() ? new String[0] : value.split(",")) {
            String[] parts = pair.strip().split("\\s*=\\s*", 2);
            if (!SourceVersion.isIdentifier(parts[0])) {
                throw new OptionException(
                        DEFINE, value, "'" + parts[0] + "' is no name; expected NAME=value,NAME=value");
            }
            defines.put(parts[0], parts.length == 1 ? "1" : parts[1]);
        }
        return defines;
    }

    private static RuleOptions rules(String value) {
        RuleOptions rules;
        try {
            rules = RuleOptions.parse(value);
        } catch (IllegalArgumentException wrong) {
            throw new OptionException(RULES, value, wrong.getMessage());
        }
        return rules;
    }

    private static Set<Strategy> strategies(String value) {
        Set<Strategy> strategies = EnumSet.noneOf(Strategy.class);
        for (String name : value.isEmpty() ? new String[] {Strategy.OPTIMIZED.toString()} : value.split(",")) {
            strategies.add(Arrays.stream(Strategy.values())
                    .filter(strategy -> strategy.toString().equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new OptionException(
                            STRATEGY,
                            value,
                            "'" + name.strip() + "' is none; there are " + Arrays.toString(Strategy.values()))));
        }
        return strategies;
    }

    private static CpuFeatures cpu(String value) {
        if (value.isEmpty()) {
            return CpuFeatures.ANY;
        }
        Set<String> known = InstructionTable.x86_64().features();
        try {
            return CpuFeatures.parse(value, known);
        } catch (IllegalArgumentException unknown) {
            throw new OptionException(
                    CPU,
                    value,
                    "'" + unknown.getMessage() + "' is neither a level nor a feature; "
                            + Targets.remedy(unknown.getMessage(), known));
        }
    }
}
