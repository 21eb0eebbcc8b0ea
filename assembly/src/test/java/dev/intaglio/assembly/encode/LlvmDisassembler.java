package dev.intaglio.assembly.encode;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * LLVM's disassembler, in process: from the jar of the Maven profile {@code llvm}, or the library that {@code -Dintaglio.llvm}
 * names. It writes Intel's syntax.
 */
final class LlvmDisassembler {
    private static final String IN_JAR = "/org/bytedeco/llvm/linux-x86_64/libLLVM.so";
    private static final int MOST_TEXT = 256;
    /** LLVMDisassembler_Option_AsmPrinterVariant. */
    private static final long INTEL = 4;

    private final Pointer context;
    private final byte[] text = new byte[MOST_TEXT];

    private LlvmDisassembler(Path library) {
        Native.register(LlvmDisassembler.class, NativeLibrary.getInstance(library.toString()));
        LLVMInitializeX86TargetInfo();
        LLVMInitializeX86TargetMC();
        LLVMInitializeX86Disassembler();
        context = LLVMCreateDisasmCPUFeatures("x86_64-unknown-linux", "", "", null, 0, null, null);
        if (context == null || LLVMSetDisasmOptions(context, INTEL) == 0) {
            throw new IllegalStateException("LLVM has no disassembler of x86-64 that writes Intel's syntax");
        }
    }

    /** The disassembler where there is one; its library is copied to the folder. */
    static Optional<LlvmDisassembler> find(Path folder) throws IOException {
        String named = System.getProperty("intaglio.llvm");
        if (named != null) {
            return Optional.of(new LlvmDisassembler(Path.of(named)));
        }
        try (InputStream in = LlvmDisassembler.class.getResourceAsStream(IN_JAR)) {
            if (in == null) {
                return Optional.empty();
            }
            Path library = folder.resolve("libLLVM.so");
            Files.copy(in, library);
            return Optional.of(new LlvmDisassembler(library));
        }
    }

    /** What the bytes are that stand there in hex; empty where they are none, or a message that there are no bytes. */
    Optional<String> readHex(String hex) {
        return hex.startsWith("error") ? Optional.empty() : read(HexFormat.of().parseHex(hex));
    }

    /** What the bytes are, prefixes that are instructions to LLVM before their instruction; empty where they are none. */
    private Optional<String> read(byte[] bytes) {
        StringBuilder line = new StringBuilder();
        int done = 0;
        while (done < bytes.length) {
            byte[] rest = Arrays.copyOfRange(bytes, done, bytes.length);
            int size = LLVMDisasmInstruction(context, rest, rest.length, 0, text, new NativeLong(MOST_TEXT))
                    .intValue();
            if (size == 0) {
                return Optional.empty();
            }
            line.append(Native.toString(text).replace('\t', ' ')).append(' ');
            done += size;
        }
        return Optional.of(line.toString().strip().replaceAll(" +", " "));
    }

    // C's names, which JNA binds by.

    private static native void LLVMInitializeX86TargetInfo();

    private static native void LLVMInitializeX86TargetMC();

    private static native void LLVMInitializeX86Disassembler();

    private static native Pointer LLVMCreateDisasmCPUFeatures(
            String triple, String cpu, String features, Pointer info, int tag, Pointer operands, Pointer symbols);

    private static native int LLVMSetDisasmOptions(Pointer context, long options);

    private static native NativeLong LLVMDisasmInstruction(
            Pointer context, byte[] bytes, long size, long address, byte[] text, NativeLong textSize);
}
