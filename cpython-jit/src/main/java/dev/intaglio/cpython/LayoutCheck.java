package dev.intaglio.cpython;

import com.sun.jna.Pointer;
import dev.intaglio.stencils.Layout;

/** Compares {@link Layout} with objects of the running library whose contents are known; to be called with the GIL held. */
final class LayoutCheck {
    private static final long BIG = 5L << Layout.LONG_DIGIT_BITS | 7;

    /** The first chunk of a thread's data stack (pystate.c), which the start leaves in use. */
    private static final long DATA_CHUNK = 16 << 10;

    private final LibPython python;

    private LayoutCheck(LibPython python) {
        this.python = python;
    }

    /** Throws where a field is not where it should be. */
    static void check(LibPython python) {
        LayoutCheck check = new LayoutCheck(python);
        check.numbers();
        check.sequences();
        check.attributes();
        check.callables();
        check.code();
        check.thread();
    }

    private void numbers() {
        Pointer number = object("PyFloat_FromDouble", 2.5);
        expect("PyFloatObject.ob_fval", Double.doubleToRawLongBits(2.5), number.getLong(Layout.FLOAT_VALUE));
        expect("PyObject.ob_type", python.address("PyFloat_Type"), number.getLong(Layout.OBJECT_TYPE));
        expect("PyObject.ob_refcnt", 1, number.getLong(Layout.OBJECT_REFCNT));
        long free = interpreter().getInt(Layout.INTERPRETER_FREE_FLOATS);
        release(number);
        expect("float_state.numfree", free + 1, interpreter().getInt(Layout.INTERPRETER_FREE_FLOATS));
        expect(
                "float_state.free_list",
                Pointer.nativeValue(number),
                interpreter().getLong(Layout.INTERPRETER_FREE_FLOAT));
        Pointer integer = object("PyLong_FromLong", BIG);
        expect("PyLongObject.ob_size", 2, integer.getLong(Layout.VAR_SIZE));
        expect("PyLongObject.ob_digit", 7, integer.getInt(Layout.LONG_DIGIT));
        expect("PyLongObject.ob_digit[1]", 5, integer.getInt(Layout.LONG_DIGIT + 4));
        release(integer);
        long small = python.address("_PyRuntime") + Layout.RUNTIME_SMALL_INTS;
        Pointer seven = object("PyLong_FromLong", 7L);
        expect(
                "small_ints",
                Pointer.nativeValue(seven),
                small + (7L - Layout.SMALLEST_SMALL_INT) * Layout.SMALL_INT_BYTES);
        release(seven);
    }

    private void sequences() {
        Pointer seven = object("PyLong_FromLong", 7L);
        long address = Pointer.nativeValue(seven);
        Pointer list = object("PyList_New", 1L);
        seven.setLong(0, seven.getLong(0) + 2);
        python.callInt("PyList_SetItem", list, 0L, seven);
        expect("PyListObject.ob_size", 1, list.getLong(Layout.VAR_SIZE));
        expect(
                "PyListObject.ob_item",
                address,
                list.getPointer(Layout.LIST_ITEMS).getLong(0));
        Pointer iterator = object("PyObject_GetIter", list);
        expect("listiterobject.it_index", 0, iterator.getLong(Layout.ITERATOR_INDEX));
        expect("listiterobject.it_seq", Pointer.nativeValue(list), iterator.getLong(Layout.ITERATOR_SEQUENCE));
        Pointer tuple = object("PyTuple_New", 1L);
        python.callInt("PyTuple_SetItem", tuple, 0L, seven);
        expect("PyTupleObject.ob_item", address, tuple.getLong(Layout.TUPLE_ITEMS));
        Pointer cell = object("PyCell_New", seven);
        expect("PyCellObject.ob_ref", address, cell.getLong(Layout.CELL_CONTENTS));
        release(iterator);
        release(cell);
        release(list);
        release(tuple);
        release(seven);
        Pointer range = evaluate("iter(range(30, 90, 3))");
        expect("rangeiterobject.index", 0, range.getLong(Layout.RANGE_INDEX));
        expect("rangeiterobject.start", 30, range.getLong(Layout.RANGE_START));
        expect("rangeiterobject.step", 3, range.getLong(Layout.RANGE_STEP));
        expect("rangeiterobject.len", 20, range.getLong(Layout.RANGE_LENGTH));
        expect(
                "PyTypeObject.tp_iternext",
                1,
                range.getPointer(Layout.OBJECT_TYPE).getLong(Layout.TYPE_ITERNEXT) != 0 ? 1 : 0);
        release(range);
        Pointer dict = object("PyDict_New");
        Pointer other = object("PyDict_New");
        Pointer key = object("PyLong_FromLong", 1L);
        long before = dict.getLong(Layout.DICT_VERSION);
        python.callInt("PyDict_SetItem", dict, key, key);
        expect("PyDictObject.ma_version_tag changes", 1, before != dict.getLong(Layout.DICT_VERSION) ? 1 : 0);
        release(dict);
        release(other);
        release(key);
    }

    private void attributes() {
        Pointer made = evaluate("[(t := type('T', (), {'__slots__': ('s',)})), t.s, t(),"
                + " (u := type('U', (), {})), (o := u()), setattr(o, 'a', 7), 'a', setattr(t, '_', 1)]");
        Pointer items = made.getPointer(Layout.LIST_ITEMS);
        Pointer type = items.getPointer(0);
        Pointer slot = items.getPointer(8);
        Pointer open = items.getPointer(3 * 8L);
        Pointer object = items.getPointer(4 * 8L);
        expect(
                "PyTypeObject.tp_getattro",
                python.address("PyObject_GenericGetAttr"),
                type.getLong(Layout.TYPE_GETATTRO));
        expect(
                "PyTypeObject.tp_setattro",
                python.address("PyObject_GenericSetAttr"),
                type.getLong(Layout.TYPE_SETATTRO));
        expect("PyMemberDescrObject.d_type", Pointer.nativeValue(type), slot.getLong(Layout.DESCRIPTOR_TYPE));
        Pointer member = slot.getPointer(Layout.DESCRIPTOR_MEMBER);
        expect("PyMemberDef.type", Layout.MEMBER_OBJECT, member.getInt(Layout.MEMBER_TYPE));
        expect("PyMemberDef.offset", 2 * 8, member.getLong(Layout.MEMBER_OFFSET));
        expect("PyTypeObject.tp_dictoffset", 0, type.getLong(Layout.TYPE_DICT_OFFSET));
        expect("Py_TPFLAGS_MANAGED_DICT", 0, type.getLong(Layout.TYPE_FLAGS) & Layout.FLAG_MANAGED_DICT);
        expect(
                "Py_TPFLAGS_MANAGED_DICT",
                Layout.FLAG_MANAGED_DICT,
                open.getLong(Layout.TYPE_FLAGS) & Layout.FLAG_MANAGED_DICT);
        Pointer keys = open.getPointer(Layout.TYPE_CACHED_KEYS);
        expect("PyDictKeysObject.dk_nentries", 1, keys.getLong(Layout.KEYS_USED));
        long indices = 1L << keys.getByte(Layout.KEYS_LOG2_INDEX_BYTES);
        expect("PyDictKeysObject.dk_indices", items.getLong(6 * 8L), keys.getLong(Layout.KEYS_INDICES + indices));
        Pointer values = object.getPointer(Layout.OBJECT_VALUES);
        long seven = python.address("_PyRuntime")
                + Layout.RUNTIME_SMALL_INTS
                + (7L - Layout.SMALLEST_SMALL_INT) * Layout.SMALL_INT_BYTES;
        expect("PyDictValues.values", seven, values.getLong(0));
        expect("PyDictValues: its size", 1, values.getByte(Layout.VALUES_SIZE));
        python.call("_PyType_Lookup", open, items.getPointer(6 * 8L));
        expect(
                "Py_TPFLAGS_VALID_VERSION_TAG",
                Layout.FLAG_VALID_VERSION,
                open.getLong(Layout.TYPE_FLAGS) & Layout.FLAG_VALID_VERSION);
        int version = open.getInt(Layout.TYPE_VERSION);
        python.call("_PyType_Lookup", type, items.getPointer(6 * 8L));
        expect("PyTypeObject.tp_version_tag", version + 1L, type.getInt(Layout.TYPE_VERSION));
        release(made);
        dictionaries();
    }

    private void dictionaries() {
        Pointer own =
                evaluate("[(u := type('U', (), {})), (o := u()), (p := u()), vars(p).update(b=7), vars(p).pop('b'),"
                        + " {'b': 7}, 'b']");
        Pointer ownItems = own.getPointer(Layout.LIST_ITEMS);
        Pointer dict = ownItems.getPointer(2 * 8L).getPointer(Layout.OBJECT_DICTIONARY);
        expect("the managed dictionary", python.address("PyDict_Type"), dict.getLong(Layout.OBJECT_TYPE));
        Pointer dictKeys = ownItems.getPointer(5 * 8L).getPointer(Layout.DICT_KEYS);
        expect("PyDictKeysObject.dk_kind", Layout.KEYS_UNICODE, dictKeys.getByte(Layout.KEYS_KIND));
        expect("PyDictObject.ma_keys", 1, dictKeys.getLong(Layout.KEYS_USED));
        expect("PyDictObject.ma_values", 0, ownItems.getPointer(5 * 8L).getLong(Layout.DICT_VALUES));
        release(own);
    }

    private void callables() {
        Pointer made = evaluate("[len, list.append, ''.join, (o := type('T', (), {'m': lambda self: 0})()), o.m]");
        Pointer items = made.getPointer(Layout.LIST_ITEMS);
        Pointer method = items.getPointer(0).getPointer(Layout.NATIVE_METHOD);
        int takesOne = 8;
        expect("PyMethodDef.ml_flags", takesOne, method.getInt(Layout.METHOD_FLAGS));
        Pointer descriptor = items.getPointer(8);
        expect("PyDescrObject.d_type", python.address("PyList_Type"), descriptor.getLong(Layout.DESCRIPTOR_TYPE));
        expect(
                "PyMethodDescrObject.d_method",
                takesOne,
                descriptor.getPointer(Layout.DESCRIPTOR_METHOD).getInt(Layout.METHOD_FLAGS));
        Pointer join = items.getPointer(2 * 8L).getPointer(Layout.NATIVE_SELF);
        expect("PyCFunctionObject.m_self", python.address("PyUnicode_Type"), join.getLong(Layout.OBJECT_TYPE));
        Pointer bound = items.getPointer(4 * 8L);
        expect("PyMethodObject.im_self", items.getLong(3 * 8L), bound.getLong(Layout.METHOD_SELF));
        Pointer function = bound.getPointer(Layout.METHOD_FUNCTION);
        expect("PyMethodObject.im_func", python.address("PyFunction_Type"), function.getLong(Layout.OBJECT_TYPE));
        release(made);
    }

    /** {@code lambda a, b: a}: RESUME, LOAD_FAST, RETURN_VALUE. */
    private void code() {
        Pointer function = evaluate("lambda a, b: a");
        Pointer code = function.getPointer(Layout.FUNCTION_CODE);
        expect("PyCodeObject.ob_size", 3, code.getLong(Layout.CODE_UNITS));
        expect("PyCodeObject.co_nlocalsplus", 2, code.getInt(Layout.CODE_LOCALS_PLUS));
        expect("PyCodeObject.co_stacksize", 1, code.getInt(Layout.CODE_STACKSIZE));
        expect("PyCodeObject.co_flags", 3, code.getInt(Layout.CODE_FLAGS));
        expect("PyCodeObject.co_code_adaptive", 151, code.getByte(Layout.CODE_BYTECODE) & 0xFF);
        expect("PyCodeObject.co_code_adaptive[2]", 83, code.getByte(Layout.CODE_BYTECODE + 4) & 0xFF);
        expect("PyCodeObject.co_consts", 1, code.getPointer(Layout.CODE_CONSTS).getLong(Layout.VAR_SIZE));
        expect("PyCodeObject.co_names", 0, code.getPointer(Layout.CODE_NAMES).getLong(Layout.VAR_SIZE));
        expect("PyFunctionObject.func_closure", 0, function.getLong(Layout.FUNCTION_CLOSURE));
        expect(
                "PyFunctionObject.func_builtins",
                python.call("PyEval_GetBuiltins"),
                function.getLong(Layout.FUNCTION_BUILTINS));
        expect("PyCodeObject.co_argcount", 2, code.getInt(Layout.CODE_ARGUMENTS));
        expect("PyCodeObject.co_kwonlyargcount", 0, code.getInt(Layout.CODE_KEYWORD_ONLY));
        expect("PyCodeObject._co_firsttraceable", 0, code.getInt(Layout.CODE_FIRST_TRACEABLE));
        expect(
                "PyCodeObject.co_qualname",
                "<lambda>".length(),
                code.getPointer(Layout.CODE_QUALIFIED_NAME).getLong(Layout.ASCII_LENGTH));
        release(function);
        Pointer other = evaluate("lambda a, *, b=(7, 8): lambda c=(7, 8): a");
        expect(
                "PyCodeObject.co_kwonlyargcount",
                1,
                other.getPointer(Layout.FUNCTION_CODE).getInt(Layout.CODE_KEYWORD_ONLY));
        release(other);
        Pointer defaults = evaluate("lambda a=(7, 8): a");
        expect(
                "PyFunctionObject.func_defaults",
                1,
                defaults.getPointer(Layout.FUNCTION_DEFAULTS).getLong(Layout.VAR_SIZE));
        release(defaults);
        Pointer frame = evaluate("__import__('sys')._getframe()");
        Pointer data = frame.getPointer(Layout.FRAME_OBJECT_FRAME);
        expect(
                "PyFrameObject._f_frame_data",
                Pointer.nativeValue(frame) + Layout.FRAME_OBJECT_DATA,
                Pointer.nativeValue(data));
        expect("PyFrameObject.f_back", 0, frame.getLong(Layout.FRAME_OBJECT_BACK));
        expect("_PyInterpreterFrame.owner", Layout.OWNED_BY_FRAME_OBJECT, data.getByte(Layout.FRAME_OWNER));
        release(frame);
    }

    private void thread() {
        Pointer thread = object("PyThreadState_Get");
        expect("PyThreadState.interp", Pointer.nativeValue(interpreter()), thread.getLong(Layout.THREAD_INTERPRETER));
        int limit = python.callInt("Py_GetRecursionLimit");
        int remaining = thread.getInt(Layout.THREAD_RECURSION_REMAINING);
        expect("PyThreadState.recursion_remaining", limit, remaining);
        expect("PyThreadState.curexc_type", 0, thread.getLong(Layout.THREAD_EXCEPTION));
        expect("PyThreadState.async_exc", 0, thread.getLong(Layout.THREAD_ASYNC_EXCEPTION));
        long free = thread.getLong(Layout.THREAD_DATA_LIMIT) - thread.getLong(Layout.THREAD_DATA_TOP);
        expect("PyThreadState.datastack_top", 1, free > 0 && free <= DATA_CHUNK ? 1 : 0);
        Pointer cframe = thread.getPointer(Layout.THREAD_CFRAME);
        expect("_PyCFrame.current_frame", 0, cframe.getLong(Layout.CFRAME_CURRENT_FRAME));
        expect("ceval.eval_breaker", 0, interpreter().getInt(Layout.INTERPRETER_EVAL_BREAKER));
    }

    private Pointer interpreter() {
        return object("PyInterpreterState_Get");
    }

    private Pointer evaluate(String expression) {
        Pointer globals = object("PyDict_New");
        python.callInt("PyDict_SetItemString", globals, "__builtins__", object("PyEval_GetBuiltins"));
        int evaluationInput = 258;
        Pointer result = object("PyRun_StringFlags", expression, evaluationInput, globals, globals, Pointer.NULL);
        release(globals);
        return result;
    }

    private Pointer object(String function, Object... arguments) {
        return new Pointer(python.call(function, arguments));
    }

    private void release(Pointer object) {
        python.function("Py_DecRef").invokeVoid(new Object[] {object});
    }

    private static void expect(String field, long expected, long found) {
        if (expected != found) {
            throw new HostException("this libpython 3.11 keeps " + field + " elsewhere (expected " + expected
                    + ", found " + found + "), so nothing can be compiled for it: run it with --jit=off");
        }
    }
}
