package dev.intaglio.processor;

import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.peephole.RuleOptions;
import java.util.HashMap;
import java.util.Map;

/**
 * The processor's {@code -Aintaglio.…} options.
 *
 * @param parser from {@code intaglio.define=NAME=value,…}
 * @param rules from {@code intaglio.rules=none|-name,…}
 * @param explain {@code intaglio.explain}: a note for each rewrite
 */
record ProcessorOptions(ParserOptions parser, RuleOptions rules, boolean explain) {
    static final String DEFINE = "intaglio.define";
    static final String RULES = "intaglio.rules";
    static final String EXPLAIN = "intaglio.explain";

    static ProcessorOptions of(Map<String, String> options) {
        Map<String, String> defines = new HashMap<>();
        String define = options.get(DEFINE);
        for (String pair : define == null || define.isBlank() ? new String[0] : define.split(",")) {
            int equals = pair.indexOf('=');
            defines.put(
                    (equals < 0 ? pair : pair.substring(0, equals)).trim(),
                    equals < 0 ? "1" : pair.substring(equals + 1).trim());
        }
        String rules = options.get(RULES);
        return new ProcessorOptions(
                new ParserOptions(defines),
                RuleOptions.parse(rules == null ? "" : rules),
                options.containsKey(EXPLAIN));
    }
}
