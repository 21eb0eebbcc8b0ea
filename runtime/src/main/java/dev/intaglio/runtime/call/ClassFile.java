package dev.intaglio.runtime.call;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A writer of the two small kinds of class that binding needs (JVMS 17, chapter 4): one with a static native method, and one
 * that implements a functional interface. Their methods have no branches, so no stack map is needed.
 */
final class ClassFile {
    private static final int VERSION_17 = 61;
    private static final int FINAL = 0x0010;
    private static final int PUBLIC = 0x0001;
    private static final int PRIVATE = 0x0002;
    private static final int STATIC = 0x0008;
    private static final int SUPER = 0x0020;
    private static final int NATIVE = 0x0100;
    private static final int SYNTHETIC = 0x1000;
    private static final String OBJECT = "java/lang/Object";
    private static final String HANDLE = "java/lang/invoke/MethodHandle";

    private final Pool pool = new Pool();
    private final List<byte[]> methods = new ArrayList<>();

    private ClassFile() {}

    /** {@code final class NAME { static native R method(…); }}. */
    static byte[] withNative(String name, String method, String descriptor) {
        ClassFile file = new ClassFile();
        file.method(STATIC | NATIVE, method, descriptor, 0, 0, new byte[0]);
        return file.write(name, List.of(), false, false);
    }

    /**
     * A class that implements {@code method} of {@code type} by a method handle, the class data, of type
     * {@code (Object, parameters) result}; the object is what its constructor gets.
     */
    static byte[] implementing(String name, String type, String method, Signature signature) {
        ClassFile file = new ClassFile();
        file.constructor(name);
        file.delegate(name, method, signature);
        file.stringOfGate(name);
        return file.write(name, List.of(type), true, true);
    }

    /** {@code final class NAME { static R method(…) }}, which calls a method handle of that type, the class data. */
    static byte[] calling(String name, String method, Signature signature) {
        ClassFile file = new ClassFile();
        Code code = new Code();
        code.op(0x13).u2(file.pool.classData()); // ldc_w
        int locals = code.load(signature, 0);
        String descriptor = signature.plain().toMethodDescriptorString();
        code.op(0xb6).u2(file.pool.method(HANDLE, "invokeExact", descriptor));
        code.giveBack(signature);
        file.method(STATIC, method, descriptor, locals + 2, locals, code.bytes());
        return file.write(name, List.of(), false, true);
    }

    private void constructor(String name) {
        Code code = new Code();
        code.op(0x2a).op(0xb7).u2(pool.method(OBJECT, "<init>", "()V")); // aload_0, invokespecial
        code.op(0x2a).op(0x2b).op(0xb5).u2(pool.field(name, "gate", "L" + OBJECT + ";")); // putfield
        code.op(0xb1);
        method(PUBLIC, "<init>", "(L" + OBJECT + ";)V", 2, 2, code.bytes());
    }

    private void delegate(String name, String method, Signature signature) {
        Code code = new Code();
        code.op(0x13).u2(pool.classData()); // ldc_w
        code.op(0x2a).op(0xb4).u2(pool.field(name, "gate", "L" + OBJECT + ";")); // getfield
        int local = code.load(signature, 1);
        String exact = signature.plain().insertParameterTypes(0, Object.class).toMethodDescriptorString();
        code.op(0xb6).u2(pool.method(HANDLE, "invokeExact", exact));
        code.giveBack(signature);
        method(PUBLIC, method, signature.plain().toMethodDescriptorString(), local + 2, local, code.bytes());
    }

    private void stringOfGate(String name) {
        Code code = new Code();
        code.op(0x2a).op(0xb4).u2(pool.field(name, "gate", "L" + OBJECT + ";"));
        code.op(0xb6)
                .u2(pool.method(OBJECT, "toString", "()Ljava/lang/String;"))
                .op(0xb0);
        method(PUBLIC, "toString", "()Ljava/lang/String;", 1, 1, code.bytes());
    }

    private void method(int access, String name, String descriptor, int stack, int locals, byte[] code) {
        methods.add(written(out -> {
            out.writeShort(access);
            out.writeShort(pool.utf8(name));
            out.writeShort(pool.utf8(descriptor));
            out.writeShort(code.length == 0 ? 0 : 1);
            if (code.length > 0) {
                out.writeShort(pool.utf8("Code"));
                out.writeInt(12 + code.length);
                out.writeShort(stack);
                out.writeShort(locals);
                out.writeInt(code.length);
                out.write(code);
                out.writeShort(0);
                out.writeShort(0);
            }
        }));
    }

    private byte[] write(String name, List<String> interfaces, boolean gate, boolean classData) {
        byte[] body = written(out -> {
            out.writeShort(FINAL | SUPER | SYNTHETIC);
            out.writeShort(pool.type(name));
            out.writeShort(pool.type(OBJECT));
            out.writeShort(interfaces.size());
            for (String type : interfaces) {
                out.writeShort(pool.type(type));
            }
            out.writeShort(gate ? 1 : 0);
            if (gate) {
                out.writeShort(PRIVATE | FINAL);
                out.writeShort(pool.utf8("gate"));
                out.writeShort(pool.utf8("L" + OBJECT + ";"));
                out.writeShort(0);
            }
            out.writeShort(methods.size());
            for (byte[] method : methods) {
                out.write(method);
            }
            out.writeShort(classData ? 1 : 0);
            if (classData) {
                // One bootstrap method without arguments: MethodHandles.classData.
                out.writeShort(pool.utf8("BootstrapMethods"));
                out.writeInt(6);
                out.writeShort(1);
                out.writeShort(pool.classDataBootstrap());
                out.writeShort(0);
            }
        });
        return written(out -> {
            out.writeInt(0xCAFEBABE);
            out.writeShort(0);
            out.writeShort(VERSION_17);
            pool.writeTo(out);
            out.write(body);
        });
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    /** Instructions of one method. */
    private static final class Code {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Code op(int b) {
            bytes.write(b);
            return this;
        }

        Code u2(int value) {
            return op(value >> 8).op(value & 0xff);
        }

        /** Loads the parameters from a local variable on; returns the next free one. */
        int load(Signature signature, int first) {
            int local = first;
            for (Kind kind : signature.parameters()) {
                op(
                        switch (kind) {
                            case LONG -> 0x16;
                            case DOUBLE -> 0x18;
                            case INT, BOOLEAN, VOID -> 0x15;
                        });
                op(local);
                local += kind.slots();
            }
            return local;
        }

        void giveBack(Signature signature) {
            op(
                    switch (signature.result()) {
                        case LONG -> 0xad;
                        case DOUBLE -> 0xaf;
                        case INT, BOOLEAN -> 0xac;
                        case VOID -> 0xb1;
                    });
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }

    /** The constant pool: each entry once, in the order of first use. */
    private static final class Pool {
        private final Map<String, Integer> indexes = new LinkedHashMap<>();
        private final List<byte[]> entries = new ArrayList<>();

        int utf8(String text) {
            return entry("utf8 " + text, out -> {
                out.writeByte(1);
                out.writeUTF(text);
            });
        }

        int type(String name) {
            int text = utf8(name);
            return entry("class " + name, out -> {
                out.writeByte(7);
                out.writeShort(text);
            });
        }

        int field(String owner, String name, String descriptor) {
            return member(9, owner, name, descriptor);
        }

        int method(String owner, String name, String descriptor) {
            return member(10, owner, name, descriptor);
        }

        private int member(int tag, String owner, String name, String descriptor) {
            return pair(tag, type(owner), nameAndType(name, descriptor));
        }

        private int nameAndType(String name, String descriptor) {
            return pair(12, utf8(name), utf8(descriptor));
        }

        /** A dynamic constant that is the class data; its name must be {@code _}. */
        int classData() {
            return pair(17, 0, nameAndType("_", "L" + HANDLE + ";"));
        }

        int classDataBootstrap() {
            int method = method(
                    "java/lang/invoke/MethodHandles",
                    "classData",
                    "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;)Ljava/lang/Object;");
            return entry("handle " + method, out -> {
                out.writeByte(15);
                out.writeByte(6); // REF_invokeStatic
                out.writeShort(method);
            });
        }

        private int pair(int tag, int first, int second) {
            return entry("pair " + tag + " " + first + " " + second, out -> {
                out.writeByte(tag);
                out.writeShort(first);
                out.writeShort(second);
            });
        }

        private int entry(String key, Writing writing) {
            Integer known = indexes.get(key);
            if (known != null) {
                return known;
            }
            entries.add(written(writing));
            indexes.put(key, entries.size());
            return entries.size();
        }

        void writeTo(DataOutputStream out) throws IOException {
            out.writeShort(entries.size() + 1);
            for (byte[] entry : entries) {
                out.write(entry);
            }
        }
    }
}
