package dev.intaglio.assembly.machine;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A register with a fixed name.
 *
 * @param kind the register file and operand size
 * @param number the encoded number; ah, ch, dh and bh are 4 to 7 of {@link RegisterClass#R8H}
 */
public record Register(RegisterClass kind, int number) {
    private static final String[] LEGACY_64 = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi"};
    private static final String[] LEGACY_8 = {"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil"};
    private static final String[] HIGH_8 = {"ah", "ch", "dh", "bh"};
    private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs"};
    private static final Map<String, Register> BY_NAME = names();

    public static final Register RAX = new Register(RegisterClass.R64, 0);
    public static final Register RCX = new Register(RegisterClass.R64, 1);
    public static final Register RDX = new Register(RegisterClass.R64, 2);
    public static final Register RSP = new Register(RegisterClass.R64, 4);

    public Register {
        if (number < 0 || number >= kind.count() || kind == RegisterClass.R8H && number < 4) {
            throw new IllegalArgumentException("no register " + number + " of class " + kind);
        }
    }

    /** The register of this name, whatever its case; {@code r8b} and {@code r8l} alike. */
    public static Optional<Register> parse(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
    }

    /** All names that {@link #parse} knows. */
    public static Set<String> allNames() {
        return BY_NAME.keySet();
    }

    /** Whether the number needs a REX, VEX or EVEX extension bit. */
    public boolean isExtended() {
        return number >= 8;
    }

    /** Whether the name can only be written with a REX prefix: spl, bpl, sil, dil and all extended ones. */
    public boolean needsRex() {
        return isExtended() || kind == RegisterClass.R8 && number >= 4;
    }

    /** The name a person would write. */
    @Override
    public String toString() {
        return switch (kind) {
            case R8 -> number < 8 ? LEGACY_8[number] : "r" + number + "b";
            case R8H -> HIGH_8[number - 4];
            case R16 -> number < 8 ? LEGACY_64[number].substring(1) : "r" + number + "w";
            case R32 -> number < 8 ? "e" + LEGACY_64[number].substring(1) : "r" + number + "d";
            case R64 -> number < 8 ? LEGACY_64[number] : "r" + number;
            case X87 -> "st" + number;
            case MMX -> "mm" + number;
            case XMM -> "xmm" + number;
            case YMM -> "ymm" + number;
            case ZMM -> "zmm" + number;
            case MASK -> "k" + number;
            case SEGMENT -> SEGMENTS[number];
            case CONTROL -> "cr" + number;
            case DEBUG -> "dr" + number;
            case BOUND -> "bnd" + number;
        };
    }

    private static Map<String, Register> names() {
        Map<String, Register> names = new HashMap<>();
        for (RegisterClass kind : RegisterClass.values()) {
            for (int number = kind == RegisterClass.R8H ? 4 : 0; number < kind.count(); number++) {
                Register register = new Register(kind, number);
                names.put(register.toString(), register);
            }
        }
        for (int number : List.of(8, 9, 10, 11, 12, 13, 14, 15)) {
            names.put("r" + number + "l", new Register(RegisterClass.R8, number));
        }
        for (int number = 0; number < 8; number++) {
            names.put("st(" + number + ")", new Register(RegisterClass.X87, number));
        }
        names.put("st", new Register(RegisterClass.X87, 0));
        return Map.copyOf(names);
    }
}
