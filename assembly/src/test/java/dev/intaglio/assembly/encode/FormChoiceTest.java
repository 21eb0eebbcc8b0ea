package dev.intaglio.assembly.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.intaglio.assembly.diagnostic.Diagnostics;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Scope;
import dev.intaglio.assembly.syntax.ParserOptions;
import dev.intaglio.assembly.syntax.StencilParser;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where several forms fit, or one fits that must not be taken. */
class FormChoiceTest {
    /** The bytes are those of GNU as 2.40, but for cmpzxadd (not known there). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // 90 with eax twice would be nop, which keeps the upper half
                "xchg eax, eax                          | 87c0",
                // only the accumulator has addresses of 64 bits, and what fits 32 bits is shorter without
                "mov rax, [0x123456789abcdef0]          | 48a1f0debc9a78563412",
                "mov eax, fs:[0x80000000]               | 64a10000008000000000",
                "mov [0x80000000], al                   | a20000008000000000",
                "mov rax, [0x7fffffff]                  | 488b0425ffffff7f",
                "movabs rax, [0x10]                     | 48a11000000000000000",
                "int 3                                  | cc",
                "int 4                                  | cd04",
                // 66 tells nothing beside REX.W
                "data16 lea rdi, [rip + 5]              | 66488d3d05000000",
                "addr32 call rax                        | 67ffd0",
                "xacquire lock add [rax], ebx           | f2f00118",
                "xchg ecx, eax                          | 91",
                "xchg rax, rax                          | 90",
                "mov64 rax, 5                           | 48b80500000000000000",
                "movabs rcx, -1                         | 48b9ffffffffffffffff",
                "movsd                                  | a5",
                "movsd xmm1, xmm2                       | f20f10ca",
                "imul eax, 5                            | 6bc005",
                "shl eax, 1                             | d1e0",
                "adc ax, 127                            | 6683d07f",
                "adc ax, 128                            | 66158000",
                "test qword [rax], rcx                  | 488508",
                "mov rbx, cs                            | 8ccb",
                "umonitor eax                           | 67f30faef0",
                "fstsw word [r8]                        | 9b41dd38",
                // the storing form is shorter, for only its source is an extended register
                "vmovdqa ymm2, ymm10                    | c57d7fd2",
                "vaddps xmm1, xmm2, [rax+0x100]         | c5e8588800010000",
                "vaddps xmm1, xmm2, xmm19               | 62b16c0858cb",
                "vpdpbusd xmm1, xmm2, xmm3              | 62f26d0850cb",
                "{vex} vpdpbusd xmm1, xmm2, xmm3        | c4e26950cb",
                "vmaskmovps [rax], xmm2, xmm3           | c4e2692e18",
                "cmpzxadd [rax], ecx, edx               | c4e269e408",
                "vpcompressb [rax+4]{k1}, zmm2          | 62f27d49635004",
                "vpcompressw [rax+4]{k1}, zmm2          | 62f2fd49635002",
                "vcompresspd [rax+8]{k1}, zmm2          | 62f2fd498a5001",
                "movd xmm1, [rax]                       | 660f6e08",
                "movd rdx, xmm1                         | 66480f7eca",
                "movq rax, rbx                          | 4889d8",
                "lar rcx, sp                            | 480f02cc",
                "fsub                                   | dee9",
                "prefetcht0 yword [rbp]                 | 0f184d00",
                "xrelease mov dword [rax], ecx          | f38908",
                "lock add qword fs:[r8d+r9d*4+0x12345678], 0x12345678 | 6467f04b8184887856341278563412",
                "movdir64b esi, [ebx]                   | 67660f38f833",
                "movdir64b rsi, [rbx]                   | 660f38f833",
                // integer and logical sources may be swapped, which saves a byte of VEX; not those of floats: of two
                // NaNs the
                // first is the result
                "vpaddd xmm1, xmm2, xmm10               | c5a9feca",
                "{vex3} vpaddd xmm1, xmm2, xmm10        | c4c169feca",
                "vpaddd xmm1, xmm12, xmm10              | c4c119feca",
                "vpsubd xmm1, xmm2, xmm10               | c4c169faca",
                "vaddps xmm1, xmm2, xmm10               | c4c16858ca",
                "vandps xmm1, xmm2, xmm10               | c5a854ca",
                "vminps zmm1, zmm2, zmm3, {sae}         | 62f16c185dcb",
                "vaddps zmm1, zmm2, zmm3, {rz-sae}      | 62f16c7858cb",
            })
    void theFormTakenIsTheOneOthersTake(String line, String bytes) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(Assembler.assemble(parse(line, diagnostics), diagnostics).map(HexFormat.of()::formatHex))
                .as("%s", diagnostics.all())
                .hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vgatherdps zmm1, [rax+zmm2]",
                "vgatherdps zmm1{k0}, [rax+zmm2]",
                "vgatherdps xmm1, [rax+xmm17], xmm2",
                "vaddps zmm1{k0}, zmm2, zmm3",
                "vpmovdb dword [rax]{k1}{z}, xmm2",
                "vaddps ymm1, ymm2, ymm3, {rz-sae}",
                "mov ah, r8b",
                "bswap ax",
                "push eax",
                "addps xmm16, xmm1",
                "movq xmm0, eax",
                "lock lock add [rax], rbx",
                "rep repne movsb",
                "data16 add eax, ebx",
                "addr32 mov rax, [rbx]",
                "addr32 mov rax, [rip + 5]",
                "bnd jmp 0x1000",
                "jmp dword 0x1000",
                "mov rax, [byte 5]",
                "mov rax, [byte rbx*2 + 5]",
                "xacquire lock add qword fs:[r8d+r9d*4+0x12345678], 0x12345678",
                "xrelease mov eax, [rcx]",
                "fxsave dword [rax]",
                "xsave [rax]{1to4}",
                "lgdt fword [rax]",
                "xacquire mov [rcx], eax",
                "movdir64b esi, [rbx]",
                "movdir64b rsi, [ebx]",
                "enqcmd eax, [rip + 5]",
                "addr32 movdir64b rsi, [5]",
                "mov cs, ax",
                "mov cs, [rax]",
                "mov rax, cr1",
                "mov cr9, rax",
                "mov rax, dr8",
                "mov dr15, rax",
                "vfcmaddcph xmm1, xmm1, xmm2",
                "vfmaddcsh xmm1{k1}, xmm2, xmm1",
                "vfcmulcph zmm7, zmm7, [rax]",
                "vfmulcsh xmm1, xmm1, xmm2",
            })
    void whatCannotBeEncodedIsRefusedOnce(String line) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(Assembler.assemble(parse(line, diagnostics), diagnostics)).isEmpty();
        assertThat(diagnostics.all()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shl eax, cx             | of registers only cl may stand in the place of 'cx'",
                "in al, cx               | of registers only dx may stand in the place of 'cx'",
                "mov rax, ->name         | its address is loaded by lea rax, [->name]",
                "add rax, ->name         | what lies there is [->name]; its address is loaded by lea rax, [->name]",
                "add rax, ecx            | operands must be of one size; movzx, movsx and movsxd convert",
                "mov rax, cr1            | there are cr0, cr2, cr3, cr4 and cr8",
                "vfmulcph xmm1, xmm1, xmm2 | use another register",
            })
    void theRemedyFitsTheMistake(String line, String remedy) {
        Diagnostics diagnostics = new Diagnostics();
        Instruction instruction = parse(line, diagnostics);
        diagnostics = new Diagnostics();
        Assembler.assemble(instruction, diagnostics);
        assertThat(diagnostics.all().get(0).help()).hasValue(remedy);
    }

    private static Instruction parse(String line, Diagnostics diagnostics) {
        List<Line> lines = StencilParser.parseAssembly(line, Scope.EMPTY, ParserOptions.DEFAULT, diagnostics);
        return (Instruction) lines.get(0);
    }
}
