package dev.intaglio.tests.bench.formula;

import static org.objectweb.asm.Opcodes.*;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/** A formula as a hidden class of JVM bytecode, written by ASM: what is done today. */
public final class Bytecode {
    private static final String OBJECT = "java/lang/Object";

    private final MethodVisitor code;
    private final boolean doubles;

    private Bytecode(MethodVisitor code, boolean doubles) {
        this.code = code;
        this.doubles = doubles;
    }

    /** An object of the functional interface, of doubles or else longs, whose method is the formula. */
    public static <T> T compile(Expression expression, Class<T> type, boolean doubles) {
        ClassWriter file = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        String name = Bytecode.class.getPackageName().replace('.', '/') + "/Formula";
        file.visit(V17, ACC_FINAL | ACC_SUPER, name, null, OBJECT, new String[] {
            type.getName().replace('.', '/')
        });
        MethodVisitor made = file.visitMethod(0, "<init>", "()V", null, null);
        made.visitVarInsn(ALOAD, 0);
        made.visitMethodInsn(INVOKESPECIAL, OBJECT, "<init>", "()V", false);
        made.visitInsn(RETURN);
        made.visitMaxs(0, 0);
        MethodVisitor body = file.visitMethod(
                ACC_PUBLIC, doubles ? "applyAsDouble" : "applyAsLong", doubles ? "(DD)D" : "(JJ)J", null, null);
        new Bytecode(body, doubles).value(expression);
        body.visitInsn(doubles ? DRETURN : LRETURN);
        body.visitMaxs(0, 0);
        file.visitEnd();
        try {
            MethodHandles.Lookup defined = MethodHandles.lookup().defineHiddenClass(file.toByteArray(), true);
            return type.cast(defined.findConstructor(defined.lookupClass(), MethodType.methodType(void.class))
                    .invoke());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private void value(Expression expression) {
        if (expression instanceof Expression.Operation operation) {
            value(operation.left());
            value(operation.right());
            code.visitInsn(
                    switch (operation.operator()) {
                        case '+' -> doubles ? DADD : LADD;
                        case '-' -> doubles ? DSUB : LSUB;
                        default -> doubles ? DMUL : LMUL;
                    });
        } else if (expression instanceof Expression.Variable variable) {
            code.visitVarInsn(doubles ? DLOAD : LLOAD, 1 + 2 * variable.index());
        } else if (expression instanceof Expression.Constant constant) {
            if (doubles) {
                code.visitLdcInsn((double) constant.number());
            } else {
                code.visitLdcInsn((long) constant.number());
            }
        }
    }
}
