package dev.intaglio.stencils;

/**
 * Where CPython 3.11 keeps what compiled code touches: byte offsets into its structs on x86-64 Linux, by header file. They
 * are the same in 3.11.2 and 3.11.3, as printed by a C program that includes those headers; the host compares them with the
 * running library before it compiles anything.
 */
public interface Layout {
    // cpython/initconfig.h: PyConfig
    int CONFIG_PROGRAM_NAME = 264;
    int CONFIG_HOME = 280;
    int CONFIG_EXECUTABLE = 328;

    // object.h: PyObject, PyVarObject
    int OBJECT_REFCNT = 0;
    int OBJECT_TYPE = 8;
    int VAR_SIZE = 16;

    // cpython/object.h: PyTypeObject
    int TYPE_NAME = 24;
    int TYPE_GETATTRO = 144;
    int TYPE_SETATTRO = 152;
    int TYPE_FLAGS = 168;
    int TYPE_ITERNEXT = 224;
    int TYPE_DESCRIPTOR_GET = 272;
    int TYPE_DESCRIPTOR_SET = 280;
    int TYPE_DICT_OFFSET = 288;
    int TYPE_VERSION = 384;

    // object.h: Py_TPFLAGS_*
    int FLAG_MANAGED_DICT = 1 << 4;
    int FLAG_IMMUTABLE = 1 << 8;
    int FLAG_METHOD = 1 << 17;
    int FLAG_VALID_VERSION = 1 << 19;

    // cpython/object.h: PyHeapTypeObject
    int TYPE_CACHED_KEYS = 872;

    // internal/pycore_object.h: where an instance with a managed dictionary keeps its values (in front of the object)
    int OBJECT_VALUES = -32;
    int OBJECT_DICTIONARY = -24;
    int DICT_KEYS = 32;
    int DICT_VALUES = 40;

    // internal/pycore_dict.h: PyDictKeysObject with entries of key and value; PyDictValues, whose size is in front of
    // it
    int KEYS_LOG2_INDEX_BYTES = 9;
    int KEYS_KIND = 10;
    int KEYS_USED = 24;
    int KEYS_INDICES = 32;
    int KEYS_GENERAL = 0;
    int KEYS_UNICODE = 1;
    int KEYS_ENTRY_BYTES = 16;
    int VALUES_SIZE = -2;

    // descrobject.h: PyMemberDescrObject; structmember.h: PyMemberDef, T_OBJECT_EX, READONLY, READ_RESTRICTED
    int DESCRIPTOR_TYPE = 16;
    int DESCRIPTOR_MEMBER = 40;
    int MEMBER_TYPE = 8;
    int MEMBER_OFFSET = 16;
    int MEMBER_FLAGS = 24;
    int MEMBER_OBJECT = 16;
    int MEMBER_READ_ONLY = 1;
    int MEMBER_RESTRICTED = 2 | 4;

    // cpython/dictobject.h: PyDictObject; the version changes with every change of any dictionary
    int DICT_USED = 16;
    int DICT_VERSION = 24;

    // cpython/floatobject.h: PyFloatObject; a free float is linked through its type field (floatobject.c)
    int FLOAT_VALUE = 16;
    int FLOAT_NEXT_FREE = 8;
    int FLOAT_MOST_FREE = 100;

    // cpython/longintrepr.h: PyLongObject; the sign is that of ob_size
    int LONG_DIGIT = 24;
    int LONG_DIGIT_BITS = 30;

    // cpython/listobject.h, cpython/tupleobject.h, cpython/cellobject.h, cpython/bytesobject.h
    int LIST_ITEMS = 24;
    int TUPLE_ITEMS = 24;
    int CELL_CONTENTS = 16;

    // cpython/unicodeobject.h: PyASCIIObject
    int ASCII_LENGTH = 16;
    int ASCII_DATA = 48;

    // Objects/listobject.c, tupleobject.c: the iterators; Objects/rangeobject.c: _PyRangeIterObject
    int ITERATOR_INDEX = 16;
    int ITERATOR_SEQUENCE = 24;
    int RANGE_INDEX = 16;
    int RANGE_START = 24;
    int RANGE_STEP = 32;
    int RANGE_LENGTH = 40;

    // cpython/funcobject.h: PyFunctionObject
    int FUNCTION_GLOBALS = 16;
    int FUNCTION_BUILTINS = 24;
    int FUNCTION_CODE = 48;
    int FUNCTION_DEFAULTS = 56;
    int FUNCTION_KEYWORD_DEFAULTS = 64;
    int FUNCTION_CLOSURE = 72;
    int FUNCTION_ANNOTATIONS = 112;

    // cpython/classobject.h: PyMethodObject
    int METHOD_FUNCTION = 16;
    int METHOD_SELF = 24;

    // cpython/methodobject.h: PyCFunctionObject; descrobject.h: PyMethodDescrObject; methodobject.h: PyMethodDef
    int NATIVE_METHOD = 16;
    int NATIVE_SELF = 24;
    int DESCRIPTOR_METHOD = 40;
    int METHOD_CODE = 8;
    int METHOD_FLAGS = 16;

    // cpython/code.h: PyCodeObject; a code unit is two bytes, opcode and argument
    int CODE_UNITS = 16;
    int CODE_CONSTS = 24;
    int CODE_NAMES = 32;
    int CODE_EXCEPTION_TABLE = 40;
    int CODE_FLAGS = 48;
    int CODE_ARGUMENTS = 56;
    int CODE_KEYWORD_ONLY = 64;
    int CODE_STACKSIZE = 68;
    int CODE_FIRST_LINE = 72;
    int CODE_LOCALS_PLUS = 76;
    int CODE_QUALIFIED_NAME = 128;
    int CODE_FIRST_TRACEABLE = 168;
    int CODE_EXTRA = 176;
    int CODE_BYTECODE = 184;

    // Objects/codeobject.c: _PyCodeObjectExtra
    int EXTRA_SIZE = 0;
    int EXTRA_ITEMS = 8;

    // internal/pycore_frame.h: _PyInterpreterFrame
    int FRAME_FUNCTION = 0;
    int FRAME_GLOBALS = 8;
    int FRAME_BUILTINS = 16;
    int FRAME_NAMES = 24;
    int FRAME_CODE = 32;
    int FRAME_OBJECT = 40;
    int FRAME_PREVIOUS = 48;
    int FRAME_INSTRUCTION = 56;
    int FRAME_STACKTOP = 64;
    int FRAME_IS_ENTRY = 68;
    int FRAME_OWNER = 69;
    int FRAME_SLOTS = 72;
    int OWNED_BY_FRAME_OBJECT = 2;

    // internal/pycore_frame.h: PyFrameObject
    int FRAME_OBJECT_BACK = 16;
    int FRAME_OBJECT_FRAME = 24;
    int FRAME_OBJECT_DATA = 48;

    // cpython/pystate.h: PyThreadState, _PyCFrame
    int THREAD_INTERPRETER = 16;
    int THREAD_RECURSION_REMAINING = 32;
    int THREAD_CFRAME = 56;
    int THREAD_EXCEPTION = 96;
    int THREAD_ASYNC_EXCEPTION = 144;
    int THREAD_DATA_TOP = 304;
    int THREAD_DATA_LIMIT = 312;
    int CFRAME_USE_TRACING = 0;
    int CFRAME_CURRENT_FRAME = 8;
    int CFRAME_PREVIOUS = 16;
    int CFRAME_BYTES = 24;

    // internal/pycore_interp.h: PyInterpreterState
    int INTERPRETER_EVAL_BREAKER = 100;
    int INTERPRETER_FREE_FLOATS = 3608;
    int INTERPRETER_FREE_FLOAT = 3616;

    // internal/pycore_runtime.h, pycore_global_objects.h: the small ints from -5 to 256, 32 bytes each
    int RUNTIME_SMALL_INTS = 680;
    int SMALL_INT_BYTES = 32;
    int SMALLEST_SMALL_INT = -5;
    int SMALL_INTS = 262;

    // What is ours: the block that hangs in co_extra of each code object that has run.
    int BLOCK_ENTRY = 0;
    int BLOCK_COUNTER = 8;
    int BLOCK_ID = 16;
    /** How many arguments it takes by position, and the size of its frame: 0 where compiled code must not push one itself. */
    int BLOCK_ARGUMENTS = 24;

    int BLOCK_FRAME_BYTES = 28;
    int BLOCK_BYTES = 32;
}
