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
 * that implements a functional interface.
 */
final class ClassFile {
    /** The native method of a class that binds natively. */
    static final String CALL = "call-emitted"; // no name in Java, so it hides nothing

    private static final int VERSION_17 = 61;
    private static final int FINAL = 0x0010;
    private static final int PUBLIC = 0x0001;
    private static final int PRIVATE = 0x0002;
    private static final int PROTECTED = 0x0004;
    private static final int STATIC = 0x0008;
    private static final int SUPER = 0x0020;
    private static final int NATIVE = 0x0100;
    private static final int SYNTHETIC = 0x1000;
    private static final String OBJECT = "java/lang/Object";
    private static final String BOUND = "dev/intaglio/runtime/call/Bound";
    private static final String GATE = "dev/intaglio/runtime/call/Gate";
    private static final String HANDLE = "java/lang/invoke/MethodHandle";

    private final Pool pool = new Pool();
    private final List<byte[]> methods = new ArrayList<>();

    private ClassFile() {}

    /** {@code final class NAME { static native R method(…); }}. */
    static byte[] withNative(String name, String method, String descriptor) {
        ClassFile file = new ClassFile();
        file.method(STATIC | NATIVE, method, descriptor, 0, 0, new byte[0]);
        return file.write(name, OBJECT, List.of(), false);
    }

    /**
     * A {@link Bound} that implements {@code method} of {@code type}. It calls emitted code by a static native method of its own,
     * to be registered as {@link #CALL}, or else by a method handle, the class data; both of type {@link Signature#addressed}.
     */
    static byte[] implementing(String name, String type, String method, Signature signature, boolean natively) {
        ClassFile file = new ClassFile();
        file.initializer(name);
        file.constructor();
        file.another(name);
        file.guarded(name, method, signature, natively);
        if (natively) {
            String descriptor = signature.addressed().toMethodDescriptorString();
            file.method(PRIVATE | STATIC | NATIVE, CALL, descriptor, 0, 0, new byte[0]);
        }
        return file.write(name, BOUND, List.of(type), !natively);
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
        return file.write(name, OBJECT, List.of(), true);
    }

    /** {@code static { Bound.first(new NAME(null)); }}. */
    private void initializer(String name) {
        Code code = new Code();
        code.op(0xbb).u2(pool.type(name)).op(0x59).op(0x01); // new, dup, aconst_null
        code.op(0xb7).u2(pool.method(name, "<init>", "(L" + GATE + ";)V"));
        code.op(0xb8).u2(pool.method(BOUND, "first", "(L" + BOUND + ";)V")).op(0xb1);
        method(STATIC, "<clinit>", "()V", 3, 0, code.bytes());
    }

    private void constructor() {
        Code code = new Code();
        code.op(0x2a).op(0x2b).op(0xb7).u2(pool.method(BOUND, "<init>", "(L" + GATE + ";)V")); // aload_0, aload_1
        code.op(0xb1);
        method(PRIVATE, "<init>", "(L" + GATE + ";)V", 2, 2, code.bytes());
    }

    /** {@code protected Bound to(Gate other) { return new NAME(other); }}. */
    private void another(String name) {
        Code code = new Code();
        code.op(0xbb).u2(pool.type(name)).op(0x59).op(0x2b); // new, dup, aload_1
        code.op(0xb7).u2(pool.method(name, "<init>", "(L" + GATE + ";)V")).op(0xb0);
        method(PROTECTED, "to", "(L" + GATE + ";)L" + BOUND + ";", 3, 2, code.bytes());
    }

    /**
     * In, call, and out whatever happens. The way of the gate's owner and the way of all others have a call each, so that
     * nothing needs to be remembered over the call:
     *
     * <pre>{@code
     * if (gate.enterOwned()) {
     *     try { result = call(gate.entry(), arguments) } finally { gate.exitOwned() }
     * } else {
     *     address = gate.enter();
     *     try { result = call(address, arguments) } finally { gate.exit() }
     * }
     * return result;
     * }</pre>
     */
    private void guarded(String name, String method, Signature signature, boolean natively) {
        int locals = signature.slots() + 1;
        Code code = new Code();
        gate(code, name, "enterOwned", "()Z");
        int branch = code.size();
        code.op(0x99).u2(0); // ifeq
        int ownedFrom = code.size();
        call(code, name, "entry", signature, natively, locals);
        int ownedTo = code.size();
        gate(code, name, "exitOwned", "()V");
        code.giveBack(signature);
        int otherwise = code.size();
        code.u2(branch + 1, otherwise - branch);
        gate(code, name, "enter", "()J");
        code.op(0x37).op(locals); // lstore
        int sharedFrom = code.size();
        call(code, name, "", signature, natively, locals);
        int sharedTo = code.size();
        gate(code, name, "exit", "()V");
        code.giveBack(signature);
        int ownedHandler = code.size();
        gate(code, name, "exitOwned", "()V");
        code.op(0xbf); // athrow
        int sharedHandler = code.size();
        gate(code, name, "exit", "()V");
        code.op(0xbf);
        int throwable = pool.type("java/lang/Throwable");
        int frames = pool.utf8("StackMapTable");
        method(
                PUBLIC,
                method,
                signature.plain().toMethodDescriptorString(),
                locals + 4,
                locals + 2,
                code.bytes(),
                out -> {
                    out.writeShort(2);
                    for (int place :
                            new int[] {ownedFrom, ownedTo, ownedHandler, 0, sharedFrom, sharedTo, sharedHandler, 0}) {
                        out.writeShort(place);
                    }
                    out.writeShort(1);
                    out.writeShort(frames);
                    out.writeInt(2 + 3 + 6 + 6);
                    out.writeShort(3);
                    out.writeByte(251); // same_frame_extended: the locals are the parameters, the stack is empty
                    out.writeShort(otherwise);
                    for (int distance : new int[] {ownedHandler - otherwise - 1, sharedHandler - ownedHandler - 1}) {
                        out.writeByte(247); // same_locals_1_stack_item_frame_extended
                        out.writeShort(distance);
                        out.writeByte(7); // an object
                        out.writeShort(throwable);
                    }
                });
    }

    /** Calls a method of the gate without arguments. */
    private void gate(Code code, String name, String method, String descriptor) {
        code.op(0x2a).op(0xb4).u2(pool.field(name, "gate", "L" + GATE + ";")); // aload_0, getfield
        code.op(0xb6).u2(pool.method(GATE, method, descriptor)); // invokevirtual
    }

    /** Calls the emitted code at an address from the gate, or else from a local variable. */
    private void call(Code code, String name, String address, Signature signature, boolean natively, int local) {
        String descriptor = signature.addressed().toMethodDescriptorString();
        if (!natively) {
            code.op(0x13).u2(pool.classData()); // ldc_w
        }
        if (address.isEmpty()) {
            code.op(0x16).op(local); // lload
        } else {
            gate(code, name, address, "()J");
        }
        code.load(signature, 1);
        if (natively) {
            code.op(0xb8).u2(pool.method(name, CALL, descriptor)); // invokestatic
        } else {
            code.op(0xb6).u2(pool.method(HANDLE, "invokeExact", descriptor));
        }
    }

    private void method(int access, String name, String descriptor, int stack, int locals, byte[] code) {
        method(access, name, descriptor, stack, locals, code, out -> {
            out.writeShort(0);
            out.writeShort(0);
        });
    }

    /** {@code behind} writes exception table and attributes. */
    private void method(
            int access, String name, String descriptor, int stack, int locals, byte[] code, Writing behind) {
        methods.add(written(out -> {
            out.writeShort(access);
            out.writeShort(pool.utf8(name));
            out.writeShort(pool.utf8(descriptor));
            out.writeShort(code.length == 0 ? 0 : 1);
            if (code.length > 0) {
                out.writeShort(pool.utf8("Code"));
                byte[] rest = written(behind);
                out.writeInt(8 + code.length + rest.length);
                out.writeShort(stack);
                out.writeShort(locals);
                out.writeInt(code.length);
                out.write(code);
                out.write(rest);
            }
        }));
    }

    private byte[] write(String name, String parent, List<String> interfaces, boolean classData) {
        byte[] body = written(out -> {
            out.writeShort(FINAL | SUPER | SYNTHETIC);
            out.writeShort(pool.type(name));
            out.writeShort(pool.type(parent));
            out.writeShort(interfaces.size());
            for (String type : interfaces) {
                out.writeShort(pool.type(type));
            }
            out.writeShort(0); // no fields
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
        private final Map<Integer, Byte> changes = new LinkedHashMap<>();

        Code op(int b) {
            bytes.write(b);
            return this;
        }

        Code u2(int value) {
            return op(value >> 8).op(value & 0xff);
        }

        /** Stores two bytes where some were. */
        void u2(int place, int value) {
            changes.put(place, (byte) (value >> 8));
            changes.put(place + 1, (byte) value);
        }

        int size() {
            return bytes.size();
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
            byte[] all = bytes.toByteArray();
            changes.forEach((place, value) -> all[place] = value);
            return all;
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
