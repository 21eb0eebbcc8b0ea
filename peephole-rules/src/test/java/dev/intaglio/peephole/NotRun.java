package dev.intaglio.peephole;

import dev.intaglio.assembly.machine.RegisterClass;
import dev.intaglio.assembly.table.InstructionForm;
import dev.intaglio.assembly.table.OperandPattern;
import dev.intaglio.assembly.table.OperandType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Why a form of the table is not run by a test: where it would end the process, or prove nothing. */
enum NotRun {
    PRIVILEGED(
            "for the system only: they fault in a program",
            "in out insb insw insd outsb outsw outsd hlt cli sti clts lgdt lidt lldt ltr lmsw rdmsr wrmsr wrmsrns"
                    + " rdmsrlist wrmsrlist rdpmc invd wbinvd wbnoinvd invlpg invpcid invept invvpid invlpga invlpgb"
                    + " tlbsync swapgs sysret sysretq sysexit sysexitq rsm clac stac lkgs erets eretu monitor mwait hreset"
                    + " pconfig pbndkb xsetbv xsaves xsaves64 xrstors xrstors64 setssbsy clrssbsy wrussd wrussq getsec encls"
                    + " enclv vmcall vmlaunch vmresume vmxoff vmfunc vmclear vmptrld vmptrst vmxon vmread vmwrite tdcall"
                    + " seamcall seamops seamret vmrun vmmcall vmload vmsave stgi clgi skinit vmgexit psmash pvalidate"
                    + " rmpupdate rmpadjust rmpquery rmpread loadiwkey senduipi enqcmds"),
    REFUSABLE(
            "the system may forbid them or answer in the processor's place",
            "sgdt sidt sldt str smsw rdfsbase rdgsbase rdpru monitorx mwaitx rdpkru wrpkru mcommit enqcmd umonitor"
                    + " umwait tpause ptwrite clui stui testui incsspd incsspq rdsspd rdsspq saveprevssp rstorssp wrssd wrssq"),
    LEAVES(
            "they leave the code: system calls, traps, far transfers, transactions",
            "syscall sysenter int int1 int3 ud0 ud1 ud2 ud2a ud2b iret iretw iretd iretq retf retfq lret lretq uiret enclu"
                    + " xbegin xend xsusldtrk xresldtrk"),
    CHANGES("they load what the process lives on: segments and their bases", "lfs lgs lss wrfsbase wrgsbase"),
    DIFFERS("processors differ in what they do", "frstpm"),
    LACKED("this processor has them not", "");

    private final String reason;
    private final Set<String> mnemonics;

    NotRun(String reason, String mnemonics) {
        this.reason = reason;
        this.mnemonics = Set.of(mnemonics.split(" "));
    }

    String reason() {
        return reason;
    }

    /** Why a form is not run on a processor with these features; empty where it is. */
    static Optional<NotRun> of(InstructionForm form, CpuFlags processor) {
        if (movesOf(form, RegisterClass.CONTROL) || movesOf(form, RegisterClass.DEBUG)) {
            return Optional.of(PRIVILEGED);
        }
        for (NotRun reason : values()) {
            if (reason.mnemonics.contains(form.mnemonic())) {
                return Optional.of(reason);
            }
        }
        if (writesSegment(form)) {
            return Optional.of(CHANGES);
        }
        if (List.of("jmp", "call").contains(form.mnemonic())) {
            String target = form.explicitOperands().get(0).typeName();
            if (target.equals("m48") || target.equals("m80")) {
                return Optional.of(LEAVES);
            }
            if (target.equals("r/m16")) {
                return Optional.of(DIFFERS);
            }
        }
        return processor.has(form.cpu()) ? Optional.empty() : Optional.of(LACKED);
    }

    private static boolean movesOf(InstructionForm form, RegisterClass kind) {
        return form.operands().stream().anyMatch(operand -> isRegister(operand, kind));
    }

    private static boolean writesSegment(InstructionForm form) {
        return form.operands().stream()
                .anyMatch(operand -> operand.access().writes() && isRegister(operand, RegisterClass.SEGMENT));
    }

    private static boolean isRegister(OperandPattern operand, RegisterClass kind) {
        return operand.type() instanceof OperandType.Exactly exactly
                        && exactly.register().kind() == kind
                || operand.type() instanceof OperandType.RegisterOrMemory either
                        && either.register().map(kind::equals).orElse(false);
    }
}
