package dev.intaglio.runtime.call;

import dev.intaglio.runtime.memory.Stores;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A writer of the few small kinds of class that are needed at run time (JVMS 17, chapter 4): one with a static native method, one
 * that implements a functional interface, one that calls what javac warns of.
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
    private static final String STORES = "dev/intaglio/runtime/memory/Stores";
    private static final String NATIVE_STORES = "dev/intaglio/runtime/call/NativeStores";
    private static final String SEGMENT = "java/lang/foreign/MemorySegment";
    private static final String LAYOUT = "java/lang/foreign/ValueLayout";
    private static final String UNSAFE = "sun/misc/Unsafe";
    private static final String HANDLE = "java/lang/invoke/MethodHandle";

    private final Pool pool = new Pool();
    private final List<byte[]> fields = new ArrayList<>();
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

    /** A {@link Stores} that stores through a segment or through {@code sun.misc.Unsafe}, which it has in a constant. */
    static byte[] storing(String name, boolean foreign) {
        ClassFile file = new ClassFile();
        Pool pool = file.pool;
        String type = foreign ? SEGMENT : UNSAFE;
        file.field(PRIVATE | STATIC | FINAL, "MEMORY", "L" + type + ";");
        Code made = new Code();
        if (foreign) {
            made.op(0xb2).u2(pool.field(SEGMENT, "NULL", "L" + SEGMENT + ";")); // getstatic
            made.op(0x14).u2(pool.number(Long.MAX_VALUE)); // ldc2_w
            made.op(0xb9).u2(pool.interfaceMethod(SEGMENT, "reinterpret", "(J)L" + SEGMENT + ";")); // invokeinterface
            made.op(3).op(0);
        } else {
            made.op(0xb8).u2(pool.method(NATIVE_STORES, "unsafe", "()L" + OBJECT + ";")); // invokestatic
            made.op(0xc0).u2(pool.type(UNSAFE)); // checkcast
        }
        made.op(0xb3).u2(pool.field(name, "MEMORY", "L" + type + ";")); // putstatic
        made.op(0xbb).u2(pool.type(name)).op(0x59).op(0xb7).u2(pool.method(name, "<init>", "()V")); // new, dup
        made.op(0xb8).u2(pool.method(STORES, "first", "(L" + STORES + ";)V")).op(0xb1);
        file.method(STATIC, "<clinit>", "()V", 3, 0, made.bytes());
        Code constructor = new Code();
        constructor.op(0x2a).op(0xb7).u2(pool.method(STORES, "<init>", "()V")).op(0xb1);
        file.method(PRIVATE, "<init>", "()V", 1, 1, constructor.bytes());
        file.store(name, "1", "Byte", 'B', foreign);
        file.store(name, "2", "Short", 'S', foreign);
        file.store(name, "4", "Int", 'I', foreign);
        file.store(name, "8", "Long", 'J', foreign);
        return file.write(name, STORES, List.of(), false);
    }

    /** {@code public void putN(long address, T value)}. */
    private void store(String name, String width, String value, char type, boolean foreign) {
        Code code = new Code();
        code.op(0xb2).u2(pool.field(name, "MEMORY", "L" + (foreign ? SEGMENT : UNSAFE) + ";")); // getstatic
        if (foreign) {
            String layout = LAYOUT + "$Of" + value;
            String constant = "JAVA_" + value.toUpperCase(Locale.ROOT) + (type == 'B' ? "" : "_UNALIGNED");
            code.op(0xb2).u2(pool.field(LAYOUT, constant, "L" + layout + ";"));
            operands(code, type);
            code.op(0xb9).u2(pool.interfaceMethod(SEGMENT, "set", "(L" + layout + ";J" + type + ")V"));
            code.op(type == 'J' ? 6 : 5).op(0); // words on the stack
        } else {
            operands(code, type);
            code.op(0xb6).u2(pool.method(UNSAFE, "put" + value, "(J" + type + ")V")); // invokevirtual
        }
        code.op(0xb1);
        method(PUBLIC, "put" + width, "(J" + type + ")V", 6, 5, code.bytes());
    }

    private static void operands(Code code, char type) {
        code.op(0x1f).op(type == 'J' ? 0x21 : 0x1d); // lload_1, then lload_3 or iload_3
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
     * In, call, and out whatever happens. The way of the owner and the way of all others have a call each, so that
     * nothing needs to be remembered over the call:
     *
     * <pre>{@code
     * address = enterOwned();
     * if (address != 0) {
     *     try { result = call(address, arguments) } finally { exitOwned() }
     * } else {
     *     address = enter();
     *     try { result = call(address, arguments) } finally { exit() }
     * }
     * return result;
     * }</pre>
     */
    private void guarded(String name, String method, Signature signature, boolean natively) {
        int address = signature.slots() + 1;
        Code code = new Code();
        own(code, name, "enterOwned", "()J");
        code.op(0x5c).op(0x37).op(address).op(0x09).op(0x94); // dup2, lstore, lconst_0, lcmp
        int branch = code.size();
        code.op(0x99).u2(0); // ifeq
        int ownedFrom = code.size();
        call(code, name, signature, natively, address);
        int ownedTo = code.size();
        own(code, name, "exitOwned", "()V");
        code.giveBack(signature);
        int otherwise = code.size();
        code.u2(branch + 1, otherwise - branch);
        own(code, name, "enter", "()J");
        code.op(0x37).op(address); // lstore
        int sharedFrom = code.size();
        call(code, name, signature, natively, address);
        int sharedTo = code.size();
        own(code, name, "exit", "()V");
        code.giveBack(signature);
        int ownedHandler = code.size();
        own(code, name, "exitOwned", "()V");
        code.op(0xbf); // athrow
        int sharedHandler = code.size();
        own(code, name, "exit", "()V");
        code.op(0xbf);
        Bytes behind = new Bytes();
        behind.u2(2);
        for (int place : new int[] {ownedFrom, ownedTo, ownedHandler, 0, sharedFrom, sharedTo, sharedHandler, 0}) {
            behind.u2(place);
        }
        behind.u2(1).u2(pool.utf8("StackMapTable")).u4(2 + 3 + 6 + 6).u2(3);
        behind.u1(251).u2(otherwise); // same_frame_extended: the locals are the parameters, the stack is empty
        int throwable = pool.type("java/lang/Throwable");
        for (int distance : new int[] {ownedHandler - otherwise - 1, sharedHandler - ownedHandler - 1}) {
            behind.u1(247).u2(distance).u1(7).u2(throwable); // same_locals_1_stack_item_frame_extended, an object
        }
        String descriptor = signature.plain().toMethodDescriptorString();
        method(PUBLIC, method, descriptor, address + 6, address + 2, code.bytes(), behind);
    }

    /** Calls a method of {@link Bound} without arguments. */
    private void own(Code code, String name, String method, String descriptor) {
        code.op(0x2a).op(0xb6).u2(pool.method(name, method, descriptor)); // aload_0, invokevirtual
    }

    /** Calls the emitted code whose address a local variable has. */
    private void call(Code code, String name, Signature signature, boolean natively, int address) {
        String descriptor = signature.addressed().toMethodDescriptorString();
        if (!natively) {
            code.op(0x13).u2(pool.classData()); // ldc_w
        }
        code.op(0x16).op(address); // lload
        code.load(signature, 1);
        if (natively) {
            code.op(0xb8).u2(pool.method(name, CALL, descriptor)); // invokestatic
        } else {
            code.op(0xb6).u2(pool.method(HANDLE, "invokeExact", descriptor));
        }
    }

    private void field(int access, String name, String descriptor) {
        fields.add(new Bytes()
                .u2(access)
                .u2(pool.utf8(name))
                .u2(pool.utf8(descriptor))
                .u2(0)
                .all());
    }

    private void method(int access, String name, String descriptor, int stack, int locals, byte[] code) {
        method(access, name, descriptor, stack, locals, code, new Bytes().u2(0).u2(0));
    }

    /** {@code behind} has exception table and attributes. */
    private void method(int access, String name, String descriptor, int stack, int locals, byte[] code, Bytes behind) {
        Bytes out = new Bytes();
        out.u2(access).u2(pool.utf8(name)).u2(pool.utf8(descriptor)).u2(code.length == 0 ? 0 : 1);
        if (code.length > 0) {
            byte[] rest = behind.all();
            out.u2(pool.utf8("Code")).u4(8 + code.length + rest.length);
            out.u2(stack).u2(locals).u4(code.length).all(code).all(rest);
        }
        methods.add(out.all());
    }

    private byte[] write(String name, String parent, List<String> interfaces, boolean classData) {
        Bytes body = new Bytes();
        body.u2(FINAL | SUPER | SYNTHETIC).u2(pool.type(name)).u2(pool.type(parent));
        body.u2(interfaces.size());
        for (String type : interfaces) {
            body.u2(pool.type(type));
        }
        body.u2(fields.size());
        for (byte[] field : fields) {
            body.all(field);
        }
        body.u2(methods.size());
        for (byte[] method : methods) {
            body.all(method);
        }
        body.u2(classData ? 1 : 0);
        if (classData) {
            // One bootstrap method without arguments: MethodHandles.classData.
            body.u2(pool.utf8("BootstrapMethods"))
                    .u4(6)
                    .u2(1)
                    .u2(pool.classDataBootstrap())
                    .u2(0);
        }
        Bytes file = new Bytes().u4(0xCAFEBABE).u2(0).u2(VERSION_17);
        pool.writeTo(file);
        return file.all(body.all()).all();
    }

    /** Big-endian numbers. No lambdas here and in what binding calls: the first ones of a JVM cost tens of milliseconds. */
    private static final class Bytes {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Bytes u1(int value) {
            bytes.write(value);
            return this;
        }

        Bytes u2(int value) {
            return u1(value >> 8).u1(value);
        }

        Bytes u4(int value) {
            return u2(value >> 16).u2(value);
        }

        Bytes all(byte[] some) {
            bytes.writeBytes(some);
            return this;
        }

        byte[] all() {
            return bytes.toByteArray();
        }
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
            for (Map.Entry<Integer, Byte> change : changes.entrySet()) {
                all[change.getKey()] = change.getValue();
            }
            return all;
        }
    }

    /** The constant pool: each entry once, in the order of first use. */
    private static final class Pool {
        private final Map<String, Integer> indexes = new LinkedHashMap<>();
        private final List<byte[]> entries = new ArrayList<>();

        int utf8(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8); // as class files have it, but for NUL and pairs
            return entry("utf8 " + text, new Bytes().u1(1).u2(bytes.length).all(bytes));
        }

        int type(String name) {
            int text = utf8(name);
            return entry("class " + name, new Bytes().u1(7).u2(text));
        }

        int field(String owner, String name, String descriptor) {
            return member(9, owner, name, descriptor);
        }

        int method(String owner, String name, String descriptor) {
            return member(10, owner, name, descriptor);
        }

        int interfaceMethod(String owner, String name, String descriptor) {
            return member(11, owner, name, descriptor);
        }

        /** A long, which takes two indexes. */
        int number(long value) {
            int index = entry(
                    "long " + value, new Bytes().u1(5).u4((int) (value >> 32)).u4((int) value));
            entry("behind " + value, new Bytes());
            return index;
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
            return entry("handle " + method, new Bytes().u1(15).u1(6).u2(method)); // REF_invokeStatic
        }

        private int pair(int tag, int first, int second) {
            return entry(
                    "pair " + tag + " " + first + " " + second,
                    new Bytes().u1(tag).u2(first).u2(second));
        }

        private int entry(String key, Bytes entry) {
            Integer known = indexes.get(key);
            if (known != null) {
                return known;
            }
            entries.add(entry.all());
            indexes.put(key, entries.size());
            return entries.size();
        }

        void writeTo(Bytes out) {
            out.u2(entries.size() + 1);
            for (byte[] entry : entries) {
                out.all(entry);
            }
        }
    }
}
