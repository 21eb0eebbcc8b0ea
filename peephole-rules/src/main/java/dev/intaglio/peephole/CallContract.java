package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.FlagSet;
import dev.intaglio.assembly.machine.Register;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.List;
import java.util.Optional;

/**
 * What the calls of a stencil read and leave, as far as they go to functions outside of it. Where nothing is said they read all
 * registers and keep none for sure.
 *
 * @param reads what a call may read
 * @param kills what has no defined value behind it
 */
public record CallContract(Locations reads, Locations kills) {
    /** A call may read everything, and may leave every register as it was; only flags are undefined behind it. */
    public static final CallContract UNKNOWN = new CallContract(Locations.AT_EXIT, Locations.of(FlagSet.ARITHMETIC));

    /** rdi, rsi, rdx, rcx, r8 and r9, in the order of the arguments. */
    private static final List<Integer> ARGUMENTS = List.of(7, 6, 2, 1, 8, 9);
    /** rax, rcx, rdx, rsi, rdi and r8 to r11: what a function may change. */
    static final List<Integer> CHANGED = List.of(0, 1, 2, 6, 7, 8, 9, 10, 11);
    /** rbx, rsp, rbp and r12 to r15. */
    private static final List<Integer> SAVED = List.of(3, 4, 5, 12, 13, 14, 15);

    /**
     * By the System V ABI for x86-64 (section 3.2): a function reads its arguments, rax (which tells a variadic one how many
     * vector registers it has), xmm0 to xmm7, r10 (a static chain) and what it saves; it leaves no other register a defined value.
     *
     * @param arguments how many integer arguments are read at most, 0 to 6
     */
    public static CallContract systemV(int arguments) {
        if (arguments < 0 || arguments > ARGUMENTS.size()) {
            throw new IllegalArgumentException("calls read 0 to 6 integer arguments, not " + arguments);
        }
        Locations saved =
                Contract.registers(SAVED.stream().map(CallContract::general).toList());
        Locations reads = saved.plus(Contract.registers(ARGUMENTS.subList(0, arguments).stream()
                        .map(CallContract::general)
                        .toList()))
                .plus(Contract.registers(List.of(general(0), general(10))))
                .plus(new Locations(0, 0xff, FlagSet.parse("d")));
        Locations kept = saved.plus(Locations.of(FlagSet.parse("d")));
        return new CallContract(reads, kept.complement());
    }

    /** {@code sysv}, or {@code sysv 2} for functions with at most two integer arguments; empty for other words. */
    public static Optional<CallContract> parse(String text) {
        String[] words = text.strip().split("\\s+");
        if (!words[0].equals("sysv") || words.length > 2 || words.length == 2 && !words[1].matches("[0-6]")) {
            return Optional.empty();
        }
        return Optional.of(systemV(words.length == 2 ? Integer.parseInt(words[1]) : ARGUMENTS.size()));
    }

    private static Register general(int number) {
        return new Register(RegisterClass.R64, number);
    }
}
