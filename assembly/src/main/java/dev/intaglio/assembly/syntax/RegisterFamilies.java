package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.machine.RegisterClass;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The words before a parenthesis that choose a register at emission: {@code Rq(n)}, {@code xmm(n)}. */
final class RegisterFamilies {
    private static final Map<String, RegisterClass> BY_NAME = Map.ofEntries(
            Map.entry("Rb", RegisterClass.R8),
            Map.entry("Rw", RegisterClass.R16),
            Map.entry("Rd", RegisterClass.R32),
            Map.entry("Rq", RegisterClass.R64),
            Map.entry("xmm", RegisterClass.XMM),
            Map.entry("ymm", RegisterClass.YMM),
            Map.entry("zmm", RegisterClass.ZMM),
            Map.entry("mm", RegisterClass.MMX),
            Map.entry("k", RegisterClass.MASK),
            Map.entry("st", RegisterClass.X87),
            Map.entry("sreg", RegisterClass.SEGMENT),
            Map.entry("cr", RegisterClass.CONTROL),
            Map.entry("dr", RegisterClass.DEBUG));

    private RegisterFamilies() {}

    static Set<String> names() {
        return BY_NAME.keySet();
    }

    static Optional<RegisterClass> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
