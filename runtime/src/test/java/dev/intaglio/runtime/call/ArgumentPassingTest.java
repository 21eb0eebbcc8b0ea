package dev.intaglio.runtime.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import dev.intaglio.runtime.memory.CodeMemory;
import dev.intaglio.runtime.memory.Cores;
import dev.intaglio.runtime.memory.MemoryPlan;
import dev.intaglio.runtime.memory.Region;
import dev.intaglio.runtime.memory.Window;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every argument arrives where the System V ABI says, for all short signatures and many long ones, in every way to call. */
class ArgumentPassingTest {
    private static final CodeMemory MEMORY = CodeMemory.open(new MemoryPlan("intaglio-test", 1 << 20, 64, false));
    private static final Window CODE = MEMORY.acquire(Region.HOT, 4096).orElseThrow();
    private static final Window DATA = MEMORY.acquire(Region.DATA, 4096).orElseThrow();
    private static final List<Kind> PASSED = List.of(Kind.LONG, Kind.INT, Kind.DOUBLE, Kind.BOOLEAN);

    @AfterAll
    static void unmap() {
        MEMORY.close();
    }

    static Stream<String> ways() {
        return Runtime.version().feature() >= 22 ? Stream.of("natives", "ffm", "jna") : Stream.of("natives", "jna");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everyArgumentArrives(String way) throws Throwable {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("ArgumentPassingTest " + way + " seed " + seed);
        Random random = new Random(seed);
        Calls calls = Calls.named(way);
        for (List<Kind> parameters : signatures(random, way.equals("natives") ? 200 : 60)) {
            check(calls.caller(new Signature(Kind.VOID, parameters)), parameters, random, seed);
        }
    }

    @Test
    void everyArgumentArrivesInPermanentCode() throws Throwable {
        long seed = Long.getLong("intaglio.seed", 4711);
        System.out.println("ArgumentPassingTest permanent, seed " + seed);
        Random random = new Random(seed);
        RegisteredNatives natives = new RegisteredNatives();
        for (List<Kind> parameters : signatures(random, 200)) {
            Signature signature = new Signature(Kind.VOID, parameters);
            String name = "dev/intaglio/runtime/call/Test";
            byte[] written = ClassFile.withNative(name, ClassFile.CALL, signature.descriptor(false));
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(written, true);
            Gate gate = new Gate("test", CODE.address(), () -> {});
            long trampoline = natives.trampolineTo(gate, signature).orElseThrow();
            natives.registerPermanent(lookup.lookupClass(), signature, trampoline);
            MethodHandle caller = lookup.findStatic(lookup.lookupClass(), ClassFile.CALL, signature.plain());
            check(MethodHandles.dropArguments(caller, 0, long.class), parameters, random, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void resultsComeBackWhateverTheUpperBitsAre(String way) throws Throwable {
        Calls calls = Calls.named(way);
        run("48b8efcdab8967452301c3"); // mov rax, imm64; ret
        assertThat(calls.caller(new Signature(Kind.LONG, List.of())).invokeWithArguments(CODE.address()))
                .isEqualTo(0x0123456789abcdefL);
        assertThat(calls.caller(new Signature(Kind.INT, List.of())).invokeWithArguments(CODE.address()))
                .isEqualTo(0x89abcdef);
        run("b801ffff7fc3"); // mov eax, 0x7fffff01; ret
        assertThat(calls.caller(new Signature(Kind.BOOLEAN, List.of())).invokeWithArguments(CODE.address()))
                .isEqualTo(true);
        run("b800ffff7fc3");
        assertThat(calls.caller(new Signature(Kind.BOOLEAN, List.of())).invokeWithArguments(CODE.address()))
                .isEqualTo(false);
        run("48b8182d4454fb21094066480f6ec0c3"); // mov rax, pi; movq xmm0, rax; ret
        assertThat(calls.caller(new Signature(Kind.DOUBLE, List.of())).invokeWithArguments(CODE.address()))
                .isEqualTo(Math.PI);
    }

    private static List<List<Kind>> signatures(Random random, int longOnes) {
        List<List<Kind>> all = new ArrayList<>();
        all.add(List.of());
        for (Kind a : PASSED) {
            all.add(List.of(a));
            for (Kind b : PASSED) {
                all.add(List.of(a, b));
                for (Kind c : PASSED) {
                    all.add(List.of(a, b, c));
                }
            }
        }
        for (int n = 0; n < longOnes; n++) {
            List<Kind> one = new ArrayList<>();
            int length = 4 + random.nextInt(n % 2 == 0 ? 5 : 20);
            for (int i = 0; i < length; i++) {
                one.add(PASSED.get(random.nextInt(PASSED.size())));
            }
            all.add(one);
        }
        all.add(Collections.nCopies(9, Kind.LONG));
        all.add(Collections.nCopies(11, Kind.DOUBLE));
        return all;
    }

    /** {@code caller} takes an address first. */
    private static void check(MethodHandle caller, List<Kind> parameters, Random random, long seed) throws Throwable {
        run(storeArguments(parameters));
        List<Object> arguments = new ArrayList<>();
        arguments.add(CODE.address());
        for (Kind kind : parameters) {
            arguments.add(
                    switch (kind) {
                        case LONG -> random.nextLong();
                        case INT -> random.nextInt();
                        case DOUBLE -> random.nextGaussian();
                        default -> random.nextBoolean();
                    });
        }
        caller.invokeWithArguments(arguments);
        Pointer seen = new Pointer(DATA.address());
        for (int i = 0; i < parameters.size(); i++) {
            Object arrived = switch (parameters.get(i)) {
                case LONG -> seen.getLong(8L * i);
                case INT -> seen.getInt(8L * i);
                case DOUBLE -> seen.getDouble(8L * i);
                default -> seen.getByte(8L * i) != 0;
            };
            assertThat(arrived)
                    .as("argument %d of %s, seed %d", i, parameters, seed)
                    .isEqualTo(arguments.get(i + 1));
        }
        assertThat(seen.getLong(8L * parameters.size()) & 15)
                .as("alignment of the stack at the call")
                .isEqualTo(8);
    }

    /** Code that stores its arguments, found by the ABI's rules, and the stack pointer to the data window. */
    private static byte[] storeArguments(List<Kind> parameters) {
        // mov [rax + disp32], rdi rsi rdx rcx r8 r9
        String[] stores = {"4889b8", "4889b0", "488990", "488988", "4c8980", "4c8988"};
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        code.writeBytes(hex("48b8"));
        for (int i = 0; i < 8; i++) {
            code.write((int) (DATA.address() >> 8 * i));
        }
        int integers = 0;
        int doubles = 0;
        int stack = 8;
        for (int i = 0; i < parameters.size(); i++) {
            boolean isDouble = parameters.get(i) == Kind.DOUBLE;
            if (isDouble && doubles < 8) {
                code.writeBytes(hex("f20f11")); // movsd [rax + disp32], xmmN
                code.write(0x80 | doubles++ << 3);
            } else if (!isDouble && integers < 6) {
                code.writeBytes(hex(stores[integers++]));
            } else {
                code.writeBytes(hex("4c8b9424")); // mov r10, [rsp + disp32]
                write4(code, stack);
                stack += 8;
                code.writeBytes(hex("4c8990")); // mov [rax + disp32], r10
            }
            write4(code, 8 * i);
        }
        code.writeBytes(hex("4889a0")); // mov [rax + disp32], rsp
        write4(code, 8 * parameters.size());
        code.write(0xc3);
        return code.toByteArray();
    }

    private static void write4(ByteArrayOutputStream code, int value) {
        for (int i = 0; i < 4; i++) {
            code.write(value >> 8 * i);
        }
    }

    private static void run(String hex) {
        run(hex(hex));
    }

    private static void run(byte[] code) {
        MEMORY.write(CODE, ByteBuffer.wrap(code));
        Cores.synchronize();
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
