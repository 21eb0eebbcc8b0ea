package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.machine.RegisterClass;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The words before a parenthesis that choose a register at emission: {@code Rq(n)}, {@code xmm(n)}. */
final class RegisterFamilies {
    private static final Map<String, RegisterClass> BY_NAME = Map.of(
            "Rb", RegisterClass.R8,
            "Rw", RegisterClass.R16,
            "Rd", RegisterClass.R32,
            "Rq", RegisterClass.R64,
            "xmm", RegisterClass.XMM,
            "ymm", RegisterClass.YMM,
            "zmm", RegisterClass.ZMM,
            "mm", RegisterClass.MMX,
            "k", RegisterClass.MASK);

    private RegisterFamilies() {}

    static Set<String> names() {
        return BY_NAME.keySet();
    }

    static Optional<RegisterClass> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
