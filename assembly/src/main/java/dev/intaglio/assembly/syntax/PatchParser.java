package dev.intaglio.assembly.syntax;

import dev.intaglio.assembly.diagnostic.DiagnosticCode;
import dev.intaglio.assembly.ir.Decoration;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.ExpressionType;
import dev.intaglio.assembly.ir.Instruction;
import dev.intaglio.assembly.ir.Line;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import dev.intaglio.assembly.machine.RegisterClass;
import java.util.List;

/** Parses {@code .patch site, instruction}. */
final class PatchParser {
    private final OperandParser operands;
    private final InstructionParser instructions;

    PatchParser(OperandParser operands) {
        this.operands = operands;
        this.instructions = new InstructionParser(operands);
    }

    Line.PatchPoint parse(Text argument, Text statement) throws SyntaxError {
        Text first = Scanner.split(argument, ',').get(0);
        if (first.length() == argument.length() || first.isBlank()) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    statement.span(),
                    ".patch takes a PatchSite and an instruction",
                    ".patch site, jmp =>target");
        }
        Expression site = operands.expressions().plain(first);
        if (site.type() != ExpressionType.PATCH_SITE && site.type() != ExpressionType.UNKNOWN) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_EXPRESSION,
                    first.strip().span(),
                    "'" + site + "' is " + Typer.described(site) + " and no patch site",
                    "give the stencil a parameter of type dev.intaglio.runtime.PatchSite");
        }
        Text text = argument.from(first.length() + 1).strip();
        if (text.length() == 0) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    statement.span(),
                    "expected an instruction after the site, found nothing",
                    ".patch " + site + ", jmp =>target");
        }
        Instruction instruction = instructions.parse(text);
        if (!isBranch(instruction) && !isConstant(instruction)) {
            throw new SyntaxError(
                    DiagnosticCode.BAD_DIRECTIVE,
                    text.span(),
                    "'" + instruction + "' cannot be patched",
                    "what can is jmp, call or jcc to a label or an address, and mov of a number to a register of 32"
                            + " or 64 bits");
        }
        return new Line.PatchPoint(site, instruction, statement.span());
    }

    private static boolean isPlain(Instruction instruction) {
        return instruction.prefixes().isEmpty() && instruction.decoration().equals(Decoration.NONE);
    }

    private static boolean isBranch(Instruction instruction) {
        String mnemonic = instruction.mnemonic();
        boolean branches = mnemonic.equals("jmp")
                || mnemonic.equals("call")
                || instruction.branchCondition().isPresent();
        return branches
                && isPlain(instruction)
                && instruction.operands().size() == 1
                && (instruction.operands().get(0) instanceof Operand.LabelTarget
                        || instruction.operands().get(0) instanceof Operand.Immediate);
    }

    private static boolean isConstant(Instruction instruction) {
        List<Operand> all = instruction.operands();
        return instruction.mnemonic().equals("mov")
                && isPlain(instruction)
                && all.size() == 2
                && all.get(0) instanceof RegisterOperand register
                && (register.kind() == RegisterClass.R32 || register.kind() == RegisterClass.R64)
                && all.get(1) instanceof Operand.Immediate;
    }
}
