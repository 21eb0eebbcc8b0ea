package dev.intaglio.runtime.cpu;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The bits of CPUID that stand for features (Intel's manual, volume 2A, CPUID; AMD's, volume 3, appendix E; VIA's PadLock guide
 * for the leaves from C0000001).
 */
public final class Features {
    /** Which state the system must save before a feature's registers can be used (XCR0). */
    enum State {
        NONE(0),
        YMM(0x6),
        ZMM(0xE6);

        private final long xcr0;

        State(long xcr0) {
            this.xcr0 = xcr0;
        }

        boolean isSaved(long enabled) {
            return (enabled & xcr0) == xcr0;
        }
    }

    /**
     * @param register 0 to 3 for eax, ebx, ecx, edx
     */
    record Bit(int leaf, int subleaf, int register, int bit, State state) {}

    /** leaf, subleaf, register, state, then bits with names. */
    private static final String BITS = """
            1 0 edx none   0 x87  19 clfsh  23 mmx  24 fxsr  25 sse  26 sse2
            1 0 ecx none   0 sse3  1 pclmulqdq  3 monitor  5 vmx  6 smx  9 ssse3  13 cx16  19 sse4.1  20 sse4.2
            1 0 ecx none   22 movbe  23 popcnt  25 aes  27 xsave  30 rdrand
            1 0 ecx ymm    12 fma  28 avx  29 f16c
            7 0 ebx none   0 fsgsbase  2 sgx  3 bmi1  8 bmi2  10 invpcid  11 rtm  18 rdseed  19 adx  20 smap
            7 0 ebx none   23 clflushopt  24 clwb  29 sha
            7 0 ebx ymm    5 avx2
            7 0 ebx zmm    16 avx512f  17 avx512dq  21 avx512ifma  27 avx512er  28 avx512cd  30 avx512bw  31 avx512vl
            7 0 ecx none   0 prefetchwt1  4 pku  5 waitpkg  7 cet_ss  8 gfni  22 rdpid  23 kl  25 cldemote
            7 0 ecx none   27 movdiri  28 movdir64b  29 enqcmd
            7 0 ecx ymm    9 vaes  10 vpclmulqdq
            7 0 ecx zmm    1 avx512vbmi  6 avx512_vbmi2  11 avx512_vnni  12 avx512_bitalg  14 avx512_vpopcntdq
            7 0 edx none   5 uintr  14 serialize  16 tsxldtrk  18 pconfig
            7 0 edx zmm    8 avx512_vp2intersect  23 avx512_fp16
            7 1 eax none   3 rao-int  7 cmpccxadd  17 fred  18 lkgs  19 wrmsrns  22 hreset  27 msrlist
            7 1 eax ymm    0 sha512  1 sm3  2 sm4  4 avx-vnni  23 avx-ifma
            7 1 eax zmm    5 avx512_bf16
            7 1 ebx none   1 pbndkb
            7 1 edx none   14 prefetchi
            7 1 edx ymm    4 avx-vnni-int8  5 avx-ne-convert  10 avx-vnni-int16
            13 1 eax none  0 xsaveopt  1 xsavec  3 xsaves
            20 0 ebx none  4 ptwrite
            25 0 ebx none  0 aeskle  2 widekl
            80000001 0 ecx none  0 lahf  2 svm  5 lzcnt  6 sse4a  8 prefetchw  12 skinit  29 monitorx
            80000001 0 edx none  27 rdtscp  31 3dnow
            80000008 0 ebx none  0 clzero  3 invlpgb  4 rdpru  8 mcommit  9 wbnoinvd
            8000001f 0 eax none  1 sev  4 sev-snp
            c0000001 0 edx none  3 rng  7 ace  9 ace2  11 phe  13 pmm
            """;

    /** No bit of CPUID that a process could read tells of these, so that no CPU is known to have them. */
    private static final Set<String> WITHOUT_BIT = Set.of("tdx");

    private static final Map<String, Bit> BY_NAME = read();

    private Features() {}

    private static Map<String, Bit> read() {
        Map<String, Bit> bits = new LinkedHashMap<>();
        BITS.lines().forEach(line -> {
            String[] words = line.split(" +");
            int leaf = Integer.parseUnsignedInt(words[0], words[0].length() > 2 ? 16 : 10);
            int register = switch (words[2]) {
                case "eax" -> 0;
                case "ebx" -> 1;
                case "ecx" -> 2;
                default -> 3;
            };
            State state = switch (words[3]) {
                case "ymm" -> State.YMM;
                case "zmm" -> State.ZMM;
                default -> State.NONE;
            };
            for (int i = 4; i < words.length; i += 2) {
                Bit bit = new Bit(leaf, Integer.parseInt(words[1]), register, Integer.parseInt(words[i]), state);
                bits.put(words[i + 1], bit);
            }
        });
        return bits;
    }

    /** The names of all features. */
    public static Set<String> names() {
        Set<String> names = new LinkedHashSet<>(BY_NAME.keySet());
        names.addAll(WITHOUT_BIT);
        return names;
    }

    static Map<String, Bit> bits() {
        return BY_NAME;
    }
}
