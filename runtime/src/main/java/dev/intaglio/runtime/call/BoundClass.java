package dev.intaglio.runtime.call;

import dev.intaglio.runtime.call.ClassFile.Bytes;
import dev.intaglio.runtime.call.ClassFile.Code;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The class files of {@link Bound} objects. Each calls emitted code by a static native method of its own, to be registered as
 * {@link ClassFile#CALL}, or else by a method handle, the class data; both of type {@link Signature#addressed}, but for the native method
 * of a class for one permanent piece, which is of type {@link Signature#plain}.
 *
 * <p>What all classes of a name have in common is written once, with the first of them: the interpreter runs this, and the first piece of a
 * JVM waits for it.
 */
final class BoundClass {
    /** Stack slots, 8 KiB: more than a caller that leaves needs. */
    private static final int RESERVE = 1024;

    /** A verification type that a class follows (JVM specification 4.7.4). */
    private static final int OBJECT = 7;

    private static final String BOUND = "dev/intaglio/runtime/call/Bound";
    private static final String GATE = "dev/intaglio/runtime/call/Gate";
    private static final String CALLER = "dev/intaglio/runtime/call/Caller";
    private static final String HELD = "dev/intaglio/runtime/call/HeldAddress";
    private static final String REFERENCE = "java/lang/ref/Reference";

    private static final Map<String, BoundClass> BEGUN = new ConcurrentHashMap<>();

    private final String name;
    private final boolean natively;
    private final Lifetime lifetime;
    private final ClassFile file = new ClassFile();

    // Indexes in the pool of constants.
    private final int attend;
    private final int codeAddress;
    private final int enterOwned;
    private final int inside;
    private final int enter;
    private final int exit;
    private final int self;
    private final int caller;
    private final int throwable;
    private final int frames;

    private BoundClass(String name, boolean natively, Lifetime lifetime) {
        this.name = name;
        this.natively = natively;
        this.lifetime = lifetime;
        initializer();
        constructor();
        another();
        attend = file.pool.method(name, "attend", "()V");
        codeAddress = file.pool.field(name, "address", "J");
        enterOwned = file.pool.method(name, "enterOwned", "()J");
        inside = file.pool.field(name, "inside", "Z");
        enter = lifetime == Lifetime.COUNTED ? reserving() : 0;
        exit = file.pool.method(name, "exit", "(L" + CALLER + ";)V");
        self = file.pool.type(name);
        caller = file.pool.type(CALLER);
        throwable = file.pool.type("java/lang/Throwable");
        frames = file.pool.utf8("StackMapTable");
    }

    /** A class of this name that implements {@code method} of {@code type}. */
    static byte[] implementing(
            String name, String type, String method, Signature signature, boolean natively, Lifetime lifetime) {
        String key = natively ? name.concat(" natively") : name;
        key = key.concat(lifetime.name());
        BoundClass begun = BEGUN.get(key);
        if (begun == null) {
            begun = new BoundClass(name, natively, lifetime);
            BEGUN.put(key, begun);
        }
        return begun.implementing(type, method, signature);
    }

    private byte[] implementing(String type, String method, Signature signature) {
        ClassFile whole = new ClassFile(file);
        String addressed = signature.descriptor(!(natively && lifetime == Lifetime.PERMANENT));
        int called = natively
                ? whole.pool.method(name, ClassFile.CALL, addressed)
                : whole.pool.method(ClassFile.HANDLE, "invokeExact", addressed);
        switch (lifetime) {
            case COUNTED -> guarded(whole, method, signature, called);
            case COLLECTED -> holding(whole, method, signature, called);
            case PERMANENT -> unguarded(whole, method, signature, called);
        }
        if (natively) {
            whole.method(
                    ClassFile.PRIVATE | ClassFile.STATIC | ClassFile.NATIVE,
                    ClassFile.CALL,
                    addressed,
                    0,
                    0,
                    new byte[0]);
        }
        return whole.write(name, BOUND, List.of(type), !natively);
    }

    /** {@code static { Bound.first(new NAME(null)); }}. */
    private void initializer() {
        Code code = new Code();
        code.op(0xbb).u2(file.pool.type(name)).op(0x59).op(0x01); // new, dup, aconst_null
        code.op(0xb7).u2(file.pool.method(name, "<init>", "(L" + GATE + ";)V"));
        code.op(0xb8).u2(file.pool.method(BOUND, "first", "(L" + BOUND + ";)V")).op(0xb1);
        file.method(ClassFile.STATIC, "<clinit>", "()V", 3, 0, code.bytes());
    }

    private void constructor() {
        Code code = new Code();
        code.op(0x2a).op(0x2b); // aload_0, aload_1
        code.op(0xb7).u2(file.pool.method(BOUND, "<init>", "(L" + GATE + ";)V")).op(0xb1);
        file.method(ClassFile.PRIVATE, "<init>", "(L" + GATE + ";)V", 2, 2, code.bytes());
    }

    /** {@code protected Bound to(Gate other) { return new NAME(other); }}. */
    private void another() {
        Code code = new Code();
        code.op(0xbb).u2(file.pool.type(name)).op(0x59).op(0x2b); // new, dup, aload_1
        code.op(0xb7).u2(file.pool.method(name, "<init>", "(L" + GATE + ";)V")).op(0xb0);
        file.method(ClassFile.PROTECTED, "to", "(L" + GATE + ";)L" + BOUND + ";", 3, 2, code.bytes());
    }

    /**
     * {@code private Caller reserve() { return enter(); }}, in a frame that takes more of the stack than the way out: a caller near the
     * end of its stack is refused before it is counted, since it could not be counted out. In the interpreter the local variables
     * are that large; compiled code asks for the operands that it would have in the interpreter.
     */
    private int reserving() {
        Code code = new Code();
        String descriptor = "()L" + CALLER + ";";
        own(code, file.pool.method(name, "enter", descriptor));
        code.op(0xb0); // areturn
        file.method(ClassFile.PRIVATE, "reserve", descriptor, RESERVE, RESERVE, code.bytes());
        return file.pool.method(name, "reserve", descriptor);
    }

    /**
     * {@code result = call(address, arguments); attend(); return result;}: the code is there whatever happens. A native method knows the
     * address.
     */
    private void unguarded(ClassFile whole, String method, Signature signature, int called) {
        Code code = new Code();
        target(whole, code);
        if (!natively) {
            address(code);
        }
        call(code, signature, called);
        own(code, attend);
        code.giveBack(signature);
        String descriptor = signature.descriptor(false);
        int locals = signature.slots() + 1;
        whole.method(ClassFile.PUBLIC, method, descriptor, locals + 6, locals, code.bytes());
    }

    /**
     * {@code held = hold(); result = call(held.address, arguments); attend(); Reference.reachabilityFence(held); return result;}: nothing is
     * stored for others to see. Where the call throws, the code has been left.
     */
    private void holding(ClassFile whole, String method, Signature signature, int called) {
        int local = signature.slots() + 1;
        Code code = new Code();
        own(code, whole.pool.method(name, "hold", "()L" + HELD + ";"));
        code.op(0x3a).op(local); // astore
        target(whole, code);
        code.op(0x19).op(local).op(0xb4).u2(whole.pool.field(HELD, "address", "J")); // aload, getfield
        call(code, signature, called);
        own(code, attend);
        code.op(0x19).op(local).op(0xb8).u2(whole.pool.method(REFERENCE, "reachabilityFence", "(Ljava/lang/Object;)V"));
        code.giveBack(signature);
        whole.method(ClassFile.PUBLIC, method, signature.descriptor(false), local + 6, local + 1, code.bytes());
    }

    /**
     * In, call, and out whatever happens. The way of the owner and the way of all others have a call each, so that
     * the owner need not remember anything over the call:
     *
     * <pre>{@code
     * address = enterOwned();
     * if (address != 0) {
     *     try { result = call(address, arguments) } finally { inside = false; attend() }
     * } else {
     *     caller = reserve();
     *     try { result = call(this.address, arguments) } finally { exit(caller) }
     * }
     * return result;
     * }</pre>
     */
    private void guarded(ClassFile whole, String method, Signature signature, int called) {
        int local = signature.slots() + 1; // the address or the caller
        Code code = new Code();
        own(code, enterOwned);
        code.op(0x5c).op(0x37).op(local).op(0x09).op(0x94); // dup2, lstore, lconst_0, lcmp
        int branch = code.size();
        code.op(0x99).u2(0); // ifeq
        int ownedFrom = code.size();
        target(whole, code);
        code.op(0x16).op(local); // lload
        call(code, signature, called);
        int ownedTo = code.size();
        leaveOwned(code);
        code.giveBack(signature);
        int otherwise = code.size();
        code.u2(branch + 1, otherwise - branch);
        own(code, enter);
        code.op(0x3a).op(local); // astore
        int sharedFrom = code.size();
        target(whole, code);
        address(code);
        call(code, signature, called);
        int sharedTo = code.size();
        leaveShared(code, local);
        code.giveBack(signature);
        int ownedHandler = code.size();
        leaveOwned(code);
        code.op(0xbf); // athrow
        int sharedHandler = code.size();
        leaveShared(code, local);
        code.op(0xbf);
        Bytes behind = new Bytes();
        behind.u2(2);
        for (int place : new int[] {ownedFrom, ownedTo, ownedHandler, 0, sharedFrom, sharedTo, sharedHandler, 0}) {
            behind.u2(place);
        }
        byte[] last = catching(sharedHandler - ownedHandler - 1, signature);
        behind.u2(1).u2(frames).u4(2 + 3 + 6 + last.length).u2(3);
        behind.u1(251).u2(otherwise); // same_frame_extended: the locals are the parameters, the stack is empty
        behind.u1(247).u2(ownedHandler - otherwise - 1); // same_locals_1_stack_item_frame_extended
        behind.u1(OBJECT).u2(throwable);
        behind.all(last);
        String descriptor = signature.descriptor(false);
        whole.method(ClassFile.PUBLIC, method, descriptor, local + 6, local + 2, code.bytes(), behind);
    }

    /** A full_frame where the parameters and the caller are known, and the stack has what was thrown. */
    private byte[] catching(int distance, Signature signature) {
        Bytes frame = new Bytes();
        frame.u1(255)
                .u2(distance)
                .u2(signature.parameters().size() + 2)
                .u1(OBJECT)
                .u2(self);
        for (Kind kind : signature.parameters()) {
            frame.u1(
                    switch (kind) {
                        case LONG -> 4;
                        case DOUBLE -> 3;
                        case INT, BOOLEAN, VOID -> 1;
                    });
        }
        return frame.u1(OBJECT).u2(caller).u2(1).u1(OBJECT).u2(throwable).all();
    }

    /** {@code inside = false; attend();}. */
    private void leaveOwned(Code code) {
        code.op(0x2a).op(0x03).op(0xb5).u2(inside); // aload_0, iconst_0, putfield
        own(code, attend);
    }

    /** {@code exit(caller);}. */
    private void leaveShared(Code code, int caller) {
        code.op(0x2a).op(0x19).op(caller).op(0xb6).u2(exit); // aload_0, aload, invokevirtual
    }

    /** The address of the code. */
    private void address(Code code) {
        code.op(0x2a).op(0xb4).u2(codeAddress); // aload_0, getfield
    }

    /** Calls a method of {@link Bound} without arguments. */
    private static void own(Code code, int method) {
        code.op(0x2a).op(0xb6).u2(method); // aload_0, invokevirtual
    }

    /** What is called, where it is not the native method. */
    private void target(ClassFile whole, Code code) {
        if (!natively) {
            code.op(0x13).u2(whole.pool.classData()); // ldc_w
        }
    }

    /** Calls the emitted code at the address on the stack. */
    private void call(Code code, Signature signature, int called) {
        code.load(signature, 1);
        code.op(natively ? 0xb8 : 0xb6).u2(called); // invokestatic, invokevirtual
    }
}
