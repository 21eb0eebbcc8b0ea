package dev.intaglio.runtime.call;

import dev.intaglio.runtime.memory.Stores;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A writer of the few small kinds of class that are needed at run time (JVMS 17, chapter 4): one with a static native method, one
 * that calls a method handle, one that calls what javac warns of; {@link BoundClass} writes those that implement interfaces.
 */
final class ClassFile {
    /** The native method of a class that binds natively. */
    static final String CALL = "call-emitted"; // no name in Java, so it hides nothing

    private static final int VERSION_17 = 61;
    private static final int FINAL = 0x0010;
    static final int PUBLIC = 0x0001;
    static final int PRIVATE = 0x0002;
    static final int PROTECTED = 0x0004;
    static final int STATIC = 0x0008;
    private static final int SUPER = 0x0020;
    static final int NATIVE = 0x0100;
    private static final int SYNTHETIC = 0x1000;
    private static final String OBJECT = "java/lang/Object";
    private static final String STORES = "dev/intaglio/runtime/memory/Stores";
    private static final String STACK_ROOM = "dev/intaglio/runtime/call/StackRoom";
    private static final String NATIVE_STORES = "dev/intaglio/runtime/call/NativeStores";
    private static final String SEGMENT = "java/lang/foreign/MemorySegment";
    private static final String LAYOUT = "java/lang/foreign/ValueLayout";
    private static final String UNSAFE = "sun/misc/Unsafe";
    /** Of a process under Linux, with five levels of page tables, too. */
    private static final long USER_ADDRESS_BITS = (1L << 56) - 1;

    private static final String BUFFER = "java/nio/Buffer";
    private static final String FIELD = "java/lang/reflect/Field";
    static final String HANDLE = "java/lang/invoke/MethodHandle";

    final Pool pool;
    private final Table fields = new Table();
    private final Table methods = new Table();

    ClassFile() {
        pool = new Pool();
    }

    /** Goes on where another one is, which stays as it is. */
    ClassFile(ClassFile begun) {
        pool = new Pool(begun.pool);
        fields.all(begun.fields);
        methods.all(begun.methods);
    }

    /** {@code final class NAME { static native R method(…); }}. */
    static byte[] withNative(String name, String method, String descriptor) {
        ClassFile file = new ClassFile();
        file.method(STATIC | NATIVE, method, descriptor, 0, 0, new byte[0]);
        return file.write(name, OBJECT, List.of(), false);
    }

    /** {@code final class NAME { static R method(…) }}, which calls a method handle of that type, the class data. */
    static byte[] calling(String name, String method, Signature signature) {
        ClassFile file = new ClassFile();
        Code code = new Code();
        code.op(0x13).u2(file.pool.classData()); // ldc_w
        int locals = code.load(signature, 0);
        String descriptor = signature.descriptor(false);
        code.op(0xb6).u2(file.pool.method(HANDLE, "invokeExact", descriptor));
        code.giveBack(signature);
        file.method(STATIC, method, descriptor, locals + 2, locals, code.bytes());
        return file.write(name, OBJECT, List.of(), true);
    }

    /** A {@link StackRoom} whose frame has so many slots. */
    static byte[] taking(String name, int slots) {
        ClassFile file = new ClassFile();
        file.single(new Code(), name, STACK_ROOM);
        Code take = new Code();
        take.op(0xb8).u2(file.pool.method(STACK_ROOM, "touch", "()V")).op(0xb1); // invokestatic
        file.method(PROTECTED, "take", "()V", slots, slots, take.bytes());
        return file.write(name, STACK_ROOM, List.of(), false);
    }

    /** A constructor, and behind what else initializes the class {@code PARENT.first(new NAME())}. */
    private void single(Code initializer, String name, String parent) {
        initializer.op(0xbb).u2(pool.type(name)).op(0x59); // new, dup
        initializer.op(0xb7).u2(pool.method(name, "<init>", "()V"));
        initializer
                .op(0xb8)
                .u2(pool.method(parent, "first", "(L" + parent + ";)V"))
                .op(0xb1);
        method(STATIC, "<clinit>", "()V", 3, 0, initializer.bytes());
        Code constructor = new Code();
        constructor.op(0x2a).op(0xb7).u2(pool.method(parent, "<init>", "()V")).op(0xb1); // aload_0, invokespecial
        method(PRIVATE, "<init>", "()V", 1, 1, constructor.bytes());
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
        int memory = pool.field(name, "MEMORY", "L" + type + ";");
        made.op(0xb3).u2(memory); // putstatic
        Code address = new Code();
        if (foreign) {
            address.op(0x2b); // aload_1
            String descriptor = "(L" + BUFFER + ";)L" + SEGMENT + ";";
            address.op(0xb8).u2(pool.interfaceMethod(SEGMENT, "ofBuffer", descriptor)); // invokestatic
            address.op(0xb9)
                    .u2(pool.interfaceMethod(SEGMENT, "address", "()J"))
                    .op(1)
                    .op(0);
        } else {
            file.field(PRIVATE | STATIC | FINAL, "ADDRESS", "J");
            int field = pool.field(name, "ADDRESS", "J");
            made.op(0xb2).u2(memory);
            made.op(0xb8).u2(pool.method(NATIVE_STORES, "addressField", "()L" + FIELD + ";"));
            made.op(0xb6).u2(pool.method(UNSAFE, "objectFieldOffset", "(L" + FIELD + ";)J")); // invokevirtual
            made.op(0xb3).u2(field);
            address.op(0xb2).u2(memory).op(0x2b).op(0xb2).u2(field);
            address.op(0xb6).u2(pool.method(UNSAFE, "getLong", "(L" + OBJECT + ";J)J"));
        }
        file.method(
                PUBLIC, "address", "(L" + BUFFER + ";)J", 4, 2, address.op(0xad).bytes());
        file.single(made, name, STORES);
        Code bits = new Code().op(0x14).u2(pool.number(foreign ? USER_ADDRESS_BITS : -1)); // ldc2_w
        file.method(PUBLIC, "addressBits", "()J", 2, 1, bits.op(0xad).bytes());
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

    private void field(int access, String name, String descriptor) {
        fields.add(new Bytes()
                .u2(access)
                .u2(pool.utf8(name))
                .u2(pool.utf8(descriptor))
                .u2(0));
    }

    void method(int access, String name, String descriptor, int stack, int locals, byte[] code) {
        method(access, name, descriptor, stack, locals, code, new Bytes().u2(0).u2(0));
    }

    /** {@code behind} has exception table and attributes. */
    void method(int access, String name, String descriptor, int stack, int locals, byte[] code, Bytes behind) {
        Bytes out = new Bytes();
        out.u2(access).u2(pool.utf8(name)).u2(pool.utf8(descriptor)).u2(code.length == 0 ? 0 : 1);
        if (code.length > 0) {
            out.u2(pool.utf8("Code")).u4(8 + code.length + behind.size);
            out.u2(stack).u2(locals).u4(code.length).all(code).all(behind);
        }
        methods.add(out);
    }

    byte[] write(String name, String parent, List<String> interfaces, boolean classData) {
        Bytes body = new Bytes();
        body.u2(FINAL | SUPER | SYNTHETIC).u2(pool.type(name)).u2(pool.type(parent));
        body.u2(interfaces.size());
        for (String type : interfaces) {
            body.u2(pool.type(type));
        }
        fields.writeTo(body);
        methods.writeTo(body);
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
        return file.all(body).all();
    }

    /**
     * Big-endian numbers. Whoever binds the first piece of a JVM waits for the interpreter here: so no lambdas, whose first ones cost
     * tens of milliseconds, and no streams, which take a lock for each byte.
     */
    static final class Bytes {
        private byte[] bytes = new byte[128];
        private int size;

        Bytes u1(int value) {
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * size);
            }
            bytes[size++] = (byte) value;
            return this;
        }

        Bytes u2(int value) {
            return u1(value >> 8).u1(value);
        }

        Bytes u4(int value) {
            return u2(value >> 16).u2(value);
        }

        Bytes all(byte[] some) {
            return all(some, some.length);
        }

        Bytes all(Bytes some) {
            return all(some.bytes, some.size);
        }

        private Bytes all(byte[] some, int length) {
            if (size + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + length));
            }
            System.arraycopy(some, 0, bytes, size, length);
            size += length;
            return this;
        }

        byte[] all() {
            return Arrays.copyOf(bytes, size);
        }
    }

    /** Entries one behind the other, and how many. */
    private static final class Table {
        private final Bytes entries = new Bytes();
        private int count;

        void add(Bytes entry) {
            entries.all(entry);
            count++;
        }

        void all(Table others) {
            entries.all(others.entries);
            count += others.count;
        }

        void writeTo(Bytes out) {
            out.u2(count).all(entries);
        }
    }

    /** Instructions of one method. */
    static final class Code {
        private final Bytes bytes = new Bytes();

        Code op(int b) {
            bytes.u1(b);
            return this;
        }

        Code u2(int value) {
            bytes.u2(value);
            return this;
        }

        /** Stores two bytes where some were. */
        void u2(int place, int value) {
            bytes.bytes[place] = (byte) (value >> 8);
            bytes.bytes[place + 1] = (byte) value;
        }

        int size() {
            return bytes.size;
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
            return bytes.all();
        }
    }

    /**
     * The constant pool: each entry once, in the order of first use. One that continues another looks up classes only, since the hidden
     * class itself must be there but once; other entries may be there twice without harm, and in the interpreter a look-up takes longer
     * than an entry.
     */
    static final class Pool {
        private final Map<String, Integer> indexes = new HashMap<>();
        private final Table entries = new Table();
        /** The indexes of the one that this continues, which no longer change; not copied, which would take longer than all else. */
        private final Map<String, Integer> begun;

        Pool() {
            begun = indexes;
        }

        Pool(Pool other) {
            begun = other.indexes;
            entries.all(other.entries);
        }

        int utf8(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8); // as class files have it, but for NUL and pairs
            Bytes entry = new Bytes().u1(1).u2(bytes.length).all(bytes);
            return isFirst() ? entry("utf8 " + text, entry) : add(entry);
        }

        int type(String name) {
            String key = "class ".concat(name);
            Integer known = begun.get(key);
            return known != null ? known : entry(key, new Bytes().u1(7).u2(utf8(name)));
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
            Bytes entry = new Bytes().u1(tag).u2(first).u2(second);
            return isFirst() ? entry("pair " + tag + " " + first + " " + second, entry) : add(entry);
        }

        private int entry(String key, Bytes entry) {
            Integer known = indexes.get(key);
            if (known != null) {
                return known;
            }
            int index = add(entry);
            indexes.put(key, index);
            return index;
        }

        private boolean isFirst() {
            return begun == indexes;
        }

        private int add(Bytes entry) {
            entries.add(entry);
            return entries.count;
        }

        void writeTo(Bytes out) {
            out.u2(entries.count + 1).all(entries.entries); // entry 0 is none
        }
    }
}
