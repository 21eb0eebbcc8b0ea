package dev.intaglio.cpython.jit;

import static dev.intaglio.stencils.Layout.*;

import java.util.Optional;

/** Where an attribute of the instances of a type is, for as long as the type has this version. */
sealed interface Attribute {
    int version();

    /** Among the values of the instance. */
    record OfValues(int version, int index, Keys keys) implements Attribute {
        int displacement() {
            return 8 * index;
        }
    }

    /** In a slot of the instance, of {@code __slots__}. */
    record OfSlot(int version, int offset, boolean writable) implements Attribute {}

    /**
     * In the type, and in no instance that has these keys.
     *
     * @param object what the type has
     * @param keys the keys that all instances share, or empty where they have no attributes of their own
     */
    record OfType(int version, long object, Optional<Keys> keys) implements Attribute {
        /** Whether a call through the instance passes the instance. */
        boolean isMethod() {
            return flag(Native.word(object + OBJECT_TYPE), FLAG_METHOD);
        }

        /** Whether reading it gives it as it is. */
        boolean isPlain() {
            long type = Native.word(object + OBJECT_TYPE);
            return Native.word(type + TYPE_DESCRIPTOR_GET) == 0 && flag(type, FLAG_IMMUTABLE);
        }
    }

    /** The keys that instances of a type share: so many of them. Keys are added, never taken away. */
    record Keys(long address, int used) {
        /** The index of a name, or -1. */
        private int index(long name) {
            long entries = address + KEYS_INDICES + (1L << Native.unsignedByte(address + KEYS_LOG2_INDEX_BYTES));
            for (int i = 0; i < used; i++) {
                if (Native.word(entries + (long) KEYS_ENTRY_BYTES * i) == name) {
                    return i;
                }
            }
            return -1;
        }
    }

    /** Finds an attribute that is read; empty where only the C API can. To be called with the GIL held. */
    static Optional<Attribute> read(Api api, long type, long name) {
        return Native.word(type + TYPE_GETATTRO) == api.of("PyObject_GenericGetAttr")
                ? find(api, type, name)
                : Optional.empty();
    }

    /** Finds an attribute that is written; empty where only the C API can. To be called with the GIL held. */
    static Optional<Attribute> write(Api api, long type, long name) {
        return Native.word(type + TYPE_SETATTRO) == api.of("PyObject_GenericSetAttr")
                ? find(api, type, name)
                : Optional.empty();
    }

    private static Optional<Attribute> find(Api api, long type, long name) {
        long found = api.call("_PyType_Lookup", type, name);
        int version = Native.integer(type + TYPE_VERSION);
        if (!flag(type, FLAG_VALID_VERSION) || version == 0) {
            return Optional.empty();
        }
        boolean hasValues = flag(type, FLAG_MANAGED_DICT);
        Optional<Keys> keys = hasValues ? keys(type) : Optional.empty();
        if (hasValues && keys.isEmpty() || !hasValues && Native.word(type + TYPE_DICT_OFFSET) != 0) {
            return Optional.empty();
        }
        int index = keys.map(k -> k.index(name)).orElse(-1);
        if (found == 0) {
            return index < 0 ? Optional.empty() : Optional.of(new OfValues(version, index, keys.get()));
        }
        long kind = Native.word(found + OBJECT_TYPE);
        if (kind == api.of("PyMemberDescr_Type")) {
            return slot(api, type, found, version);
        }
        if (index >= 0 || Native.word(kind + TYPE_DESCRIPTOR_SET) != 0) {
            return Optional.empty();
        }
        return Optional.of(new OfType(version, found, keys));
    }

    private static Optional<Attribute> slot(Api api, long type, long descriptor, int version) {
        long member = Native.word(descriptor + DESCRIPTOR_MEMBER);
        int flags = Native.integer(member + MEMBER_FLAGS);
        boolean fits = Native.integer(member + MEMBER_TYPE) == MEMBER_OBJECT
                && (flags & MEMBER_RESTRICTED) == 0
                && (int) api.call("PyType_IsSubtype", type, Native.word(descriptor + DESCRIPTOR_TYPE)) != 0;
        return fits
                ? Optional.of(
                        new OfSlot(version, (int) Native.word(member + MEMBER_OFFSET), (flags & MEMBER_READ_ONLY) == 0))
                : Optional.empty();
    }

    private static Optional<Keys> keys(long type) {
        long keys = Native.word(type + TYPE_CACHED_KEYS);
        return keys == 0 || Native.unsignedByte(keys + KEYS_KIND) == KEYS_GENERAL
                ? Optional.empty()
                : Optional.of(new Keys(keys, (int) Native.word(keys + KEYS_USED)));
    }

    private static boolean flag(long type, int flag) {
        return (Native.word(type + TYPE_FLAGS) & flag) != 0;
    }
}
