package dev.intaglio.peephole;

import dev.intaglio.assembly.ir.Address;
import dev.intaglio.assembly.ir.Expression;
import dev.intaglio.assembly.ir.LabelReference;
import dev.intaglio.assembly.ir.Operand;
import dev.intaglio.assembly.ir.RegisterOperand;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether two operands of one window surely mean the same thing when code is emitted. No Java line stands in a window, so a
 * variable keeps its value; an opaque expression (a call, say) is never the same as another evaluation of itself.
 */
final class SameValue {
    private SameValue() {}

    static boolean operands(Operand left, Operand right) {
        if (left instanceof RegisterOperand a && right instanceof RegisterOperand b) {
            return registers(a, b);
        }
        if (left instanceof Operand.Memory a && right instanceof Operand.Memory b) {
            return addresses(a.address(), b.address());
        }
        if (left instanceof Operand.Immediate a && right instanceof Operand.Immediate b) {
            return a.width().equals(b.width()) && expressions(a.value(), b.value());
        }
        return left instanceof Operand.LabelTarget a
                && right instanceof Operand.LabelTarget b
                && labels(a.label(), b.label())
                && expressions(a.offset(), b.offset());
    }

    static boolean registers(RegisterOperand left, RegisterOperand right) {
        if (left instanceof RegisterOperand.Chosen a && right instanceof RegisterOperand.Chosen b) {
            return a.kind() == b.kind() && expressions(a.number(), b.number());
        }
        return left instanceof RegisterOperand.Fixed && left.equals(right);
    }

    static boolean expressions(Expression left, Expression right) {
        return left.equals(right) && opaque(left).findAny().isEmpty();
    }

    /** Whether two references in one place of the text name one label; numbered ones depend on the place. */
    static boolean labels(LabelReference left, LabelReference right) {
        if (left instanceof LabelReference.Given a && right instanceof LabelReference.Given b) {
            return expressions(a.label(), b.label());
        }
        return left instanceof LabelReference.Global && left.equals(right);
    }

    private static boolean addresses(Address left, Address right) {
        if (left instanceof Address.Indexed a && right instanceof Address.Indexed b) {
            return registers(a.base(), b.base())
                    && registers(a.index(), b.index())
                    && a.scale() == b.scale()
                    && expressions(a.displacement(), b.displacement());
        }
        if (left instanceof Address.RipLabel a && right instanceof Address.RipLabel b) {
            return labels(a.label(), b.label()) && expressions(a.offset(), b.offset());
        }
        if (left instanceof Address.RipAddress a && right instanceof Address.RipAddress b) {
            return expressions(a.address(), b.address());
        }
        return left instanceof Address.InSegment a
                && right instanceof Address.InSegment b
                && a.segment().equals(b.segment())
                && addresses(a.address(), b.address());
    }

    private static boolean registers(Optional<RegisterOperand> left, Optional<RegisterOperand> right) {
        return left.isEmpty() && right.isEmpty()
                || left.isPresent() && right.isPresent() && registers(left.get(), right.get());
    }

    /** The opaque expressions within an operand: each is to be evaluated exactly once. */
    static Stream<Expression> opaque(Operand operand) {
        if (operand instanceof RegisterOperand.Chosen chosen) {
            return opaque(chosen.number());
        }
        if (operand instanceof Operand.Memory memory) {
            return opaque(memory.address());
        }
        if (operand instanceof Operand.Immediate immediate) {
            return opaque(immediate.value());
        }
        return operand instanceof Operand.LabelTarget target
                ? Stream.concat(opaque(target.label()), opaque(target.offset()))
                : Stream.empty();
    }

    private static Stream<Expression> opaque(Address address) {
        if (address instanceof Address.Indexed indexed) {
            Stream<RegisterOperand> registers = Stream.concat(indexed.base().stream(), indexed.index().stream());
            return Stream.concat(registers.flatMap(SameValue::opaque), opaque(indexed.displacement()));
        }
        if (address instanceof Address.RipLabel label) {
            return Stream.concat(opaque(label.label()), opaque(label.offset()));
        }
        if (address instanceof Address.RipAddress absolute) {
            return opaque(absolute.address());
        }
        return address instanceof Address.InSegment inSegment ? opaque(inSegment.address()) : Stream.empty();
    }

    private static Stream<Expression> opaque(LabelReference label) {
        return label instanceof LabelReference.Given given ? opaque(given.label()) : Stream.empty();
    }

    private static Stream<Expression> opaque(Expression expression) {
        if (expression instanceof Expression.Conditional choice) {
            return Stream.of(choice.condition(), choice.then(), choice.otherwise())
                    .flatMap(SameValue::opaque);
        }
        if (expression instanceof Expression.Opaque) {
            return Stream.of(expression);
        }
        if (expression instanceof Expression.Sum sum) {
            return Stream.concat(opaque(sum.left()), opaque(sum.right()));
        }
        if (expression instanceof Expression.Product product) {
            return opaque(product.term());
        }
        if (expression instanceof Expression.Unary unary) {
            return opaque(unary.operand());
        }
        if (expression instanceof Expression.Binary binary) {
            return Stream.concat(opaque(binary.left()), opaque(binary.right()));
        }
        return expression instanceof Expression.Cast cast ? opaque(cast.operand()) : Stream.empty();
    }
}
