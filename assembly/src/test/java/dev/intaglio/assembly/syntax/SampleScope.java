package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Scope;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The Java names of the tests' stencils. */
final class SampleScope implements Scope {
    static final Scope INSTANCE = new SampleScope();

    private static final Map<String, ExpressionType> VARIABLES = Map.ofEntries(
            Map.entry("i", ExpressionType.INT),
            Map.entry("index", ExpressionType.INT),
            Map.entry("slot", ExpressionType.INT),
            Map.entry("register", ExpressionType.INT),
            Map.entry("address", ExpressionType.LONG),
            Map.entry("value", ExpressionType.LONG),
            Map.entry("dealloc", ExpressionType.LONG),
            Map.entry("ratio", ExpressionType.DOUBLE),
            Map.entry("flag", ExpressionType.BOOLEAN),
            Map.entry("target", ExpressionType.LABEL),
            Map.entry("other", ExpressionType.LABEL),
            Map.entry("site", ExpressionType.PATCH_SITE),
            Map.entry("labels", ExpressionType.UNKNOWN),
            Map.entry("reg", ExpressionType.GPR),
            Map.entry("vec", ExpressionType.XMM),
            Map.entry("$d", ExpressionType.INT),
            Map.entry("dx", ExpressionType.INT));
    private static final Map<String, Long> CONSTANTS = Map.of(
            "SCALE",
            8L,
            "SLOT",
            16L,
            "LOCALS",
            80L,
            "Frame.locals",
            24L,
            "Frame.code",
            8L,
            "Frame.SIZEOF",
            32L,
            "Cell.SIZEOF",
            8L);
    private static final Map<String, ExpressionType> METHODS = Map.of(
            "offset",
            ExpressionType.INT,
            "wide",
            ExpressionType.LONG,
            "pick",
            ExpressionType.GPR,
            "label",
            ExpressionType.LABEL);

    @Override
    public Optional<Symbol> find(String name) {
        if (CONSTANTS.containsKey(name)) {
            return Optional.of(new Symbol(name, ExpressionType.INT, OptionalLong.of(CONSTANTS.get(name))));
        }
        return Optional.ofNullable(VARIABLES.get(name)).map(type -> new Symbol(name, type, OptionalLong.empty()));
    }

    @Override
    public Optional<ExpressionType> method(String name) {
        return Optional.ofNullable(METHODS.get(name));
    }

    @Override
    public Set<String> names() {
        return VARIABLES.keySet();
    }
}
