"""The operations of traces: one table, from which every part takes what it needs to know of an operation.

A row gives the name, the kinds of the operands, the kind of the result, what the descriptor is, flags and what
the operation does; its value is the opcode. Kinds are letters: `i` machine word, `r` GC reference, `f` double, `n`
none. Among operands `v` is a value of the kind that the descriptor names, `a` a value of any kind, and a final `*`
any number of further values of any kind (a call descriptor or a label says which).

Machine words are signed numbers that wrap around; `uint_*` looks at the same bits as unsigned. What a row calls
undefined is never executed: the tracer records a guard or a call in front of it.

A number that is stored in a field or an item smaller than a word is one that fits there, as in the program: a backend
stores the low bits, and the optimizer may take a load for what was stored.
"""

PURE = 1
OVERFLOW = 2  # computes and nothing else; guard_overflow or guard_no_overflow stands right behind it
GUARD = 4
EXIT = 8  # ends the trace
CALL = 16
LOAD = 32
STORE = 64
ALLOCATE = 128
COMPARE = 256  # the result is 0 or 1
RAISES = 512  # the next operation that looks at exceptions is guard_exception or guard_no_exception
COMMUTES = 1024
LOWERED = 2048  # only behind the rewriting for a backend
MARKER = 4096  # tells something to the optimizer or the tools and computes nothing

#: What the descriptor of an operation is.
NO_DESCRIPTOR, SIZE, FIELD, ARRAY, INTERIOR, CALLEE, FAILURE, TARGET, RESULT, LOOP = range(10)

KINDS = "irfn"

names = []
operand_kinds = []  # without the final star
result_kinds = []
descriptor_classes = []
flags_of = []
docs = []
arities = []
takes_more = []  # True where the operands end in a star


def _row(name, operands, result, flags=0, descriptor=NO_DESCRIPTOR, doc=""):
    names.append(name)
    takes_more.append(operands.endswith("*"))
    operand_kinds.append(operands.rstrip("*"))
    arities.append(len(operands.rstrip("*")))
    result_kinds.append(result)
    flags_of.append(flags)
    descriptor_classes.append(descriptor)
    docs.append(doc)
    return len(names) - 1


def _pure(name, operands, result, doc, flags=0):
    return _row(name, operands, result, PURE | flags, NO_DESCRIPTOR, doc)


def _compare(name, operands, doc, flags=0):
    return _pure(name, operands, "i", doc, COMPARE | flags)


def _family(name, kinds, operands, flags, descriptor, doc):
    return tuple([_row(f"{name}_{kind}", operands, kind, flags, descriptor, doc) for kind in kinds])


def _guard(name, operands, doc, result="n"):
    return _row(name, operands, result, GUARD, FAILURE, doc)


INPUT_I, INPUT_R, INPUT_F = _family("input", "irf", "", 0, NO_DESCRIPTOR, "a value that the trace is entered with")

INT_ADD = _pure("int_add", "ii", "i", "a + b", COMMUTES)
INT_SUB = _pure("int_sub", "ii", "i", "a - b")
INT_MUL = _pure("int_mul", "ii", "i", "a * b", COMMUTES)
INT_AND = _pure("int_and", "ii", "i", "a & b", COMMUTES)
INT_OR = _pure("int_or", "ii", "i", "a | b", COMMUTES)
INT_XOR = _pure("int_xor", "ii", "i", "a ^ b", COMMUTES)
INT_LSHIFT = _pure("int_lshift", "ii", "i", "a << b; undefined unless 0 <= b < word bits")
INT_RSHIFT = _pure("int_rshift", "ii", "i", "a >> b with copies of the sign; undefined as int_lshift")
UINT_RSHIFT = _pure("uint_rshift", "ii", "i", "a >> b with zeros; undefined as int_lshift")
INT_NEG = _pure("int_neg", "i", "i", "-a")
INT_INVERT = _pure("int_invert", "i", "i", "~a")
INT_SIGNEXT = _pure("int_signext", "ii", "i", "the sign-extended low b bytes of a; b is a constant 1, 2 or 4")
INT_IS_TRUE = _compare("int_is_true", "i", "a != 0")
INT_IS_ZERO = _compare("int_is_zero", "i", "a == 0")
INT_LT = _compare("int_lt", "ii", "a < b")
INT_LE = _compare("int_le", "ii", "a <= b")
INT_EQ = _compare("int_eq", "ii", "a == b", COMMUTES)
INT_NE = _compare("int_ne", "ii", "a != b", COMMUTES)
INT_GT = _compare("int_gt", "ii", "a > b")
INT_GE = _compare("int_ge", "ii", "a >= b")
UINT_LT = _compare("uint_lt", "ii", "a < b, unsigned")
UINT_LE = _compare("uint_le", "ii", "a <= b, unsigned")
UINT_GT = _compare("uint_gt", "ii", "a > b, unsigned")
UINT_GE = _compare("uint_ge", "ii", "a >= b, unsigned")
UINT_MUL_HIGH = _pure("uint_mul_high", "ii", "i", "the high word of the unsigned product", COMMUTES)
INT_FLOORDIV = _pure("int_floordiv", "ii", "i", "a // b, floored; undefined for b == 0 and where it overflows")
INT_MOD = _pure("int_mod", "ii", "i", "a % b with the sign of b; undefined as int_floordiv")
INT_ADD_OVF = _row("int_add_ovf", "ii", "i", OVERFLOW | COMMUTES, NO_DESCRIPTOR, "a + b, and whether it overflowed")
INT_SUB_OVF = _row("int_sub_ovf", "ii", "i", OVERFLOW, NO_DESCRIPTOR, "a - b, and whether it overflowed")
INT_MUL_OVF = _row("int_mul_ovf", "ii", "i", OVERFLOW | COMMUTES, NO_DESCRIPTOR, "a * b, and whether it overflowed")
INT_FORCE_GE_ZERO = _pure("int_force_ge_zero", "i", "i", "a, or 0 where a is negative")
INT_BETWEEN = _compare("int_between", "iii", "a <= b < c")

FLOAT_ADD = _pure("float_add", "ff", "f", "a + b", COMMUTES)
FLOAT_SUB = _pure("float_sub", "ff", "f", "a - b")
FLOAT_MUL = _pure("float_mul", "ff", "f", "a * b", COMMUTES)
FLOAT_TRUEDIV = _pure("float_truediv", "ff", "f", "a / b as IEEE 754 says, for b == 0 too")
FLOAT_NEG = _pure("float_neg", "f", "f", "-a: flips the sign bit")
FLOAT_ABS = _pure("float_abs", "f", "f", "abs(a): clears the sign bit")
FLOAT_LT = _compare("float_lt", "ff", "a < b")
FLOAT_LE = _compare("float_le", "ff", "a <= b")
FLOAT_EQ = _compare("float_eq", "ff", "a == b", COMMUTES)
FLOAT_NE = _compare("float_ne", "ff", "a != b", COMMUTES)
FLOAT_GT = _compare("float_gt", "ff", "a > b")
FLOAT_GE = _compare("float_ge", "ff", "a >= b")
CAST_FLOAT_TO_INT = _pure("cast_float_to_int", "f", "i", "towards zero; undefined where that is no machine word")
CAST_INT_TO_FLOAT = _pure("cast_int_to_float", "i", "f", "the nearest double")
CONVERT_FLOAT_BYTES_TO_LONGLONG = _pure("convert_float_bytes_to_longlong", "f", "i", "the same bits")
CONVERT_LONGLONG_BYTES_TO_FLOAT = _pure("convert_longlong_bytes_to_float", "i", "f", "the same bits")

PTR_EQ = _compare("ptr_eq", "rr", "the same object", COMMUTES)
PTR_NE = _compare("ptr_ne", "rr", "not the same object", COMMUTES)
PTR_ISZERO = _compare("ptr_iszero", "r", "a is null")
PTR_NONZERO = _compare("ptr_nonzero", "r", "a is not null")
INSTANCE_PTR_EQ = _compare("instance_ptr_eq", "rr", "ptr_eq of two instances or null", COMMUTES)
INSTANCE_PTR_NE = _compare("instance_ptr_ne", "rr", "ptr_ne of two instances or null", COMMUTES)
CAST_PTR_TO_INT = _pure("cast_ptr_to_int", "r", "i", "the word of a tagged or null reference; no object moves under it")
CAST_INT_TO_PTR = _pure("cast_int_to_ptr", "i", "r", "the reference that is an odd word, or null for 0")
LOAD_CLASS = _pure("load_class", "r", "i", "the address of the vtable of an instance")

GETFIELD_GC_I, GETFIELD_GC_R, GETFIELD_GC_F = _family("getfield_gc", "irf", "r", LOAD, FIELD, "a field of an object")
GETFIELD_RAW_I, GETFIELD_RAW_R, GETFIELD_RAW_F = _family(
    "getfield_raw", "irf", "i", LOAD, FIELD, "a field of a structure outside of the heap")
SETFIELD_GC = _row("setfield_gc", "rv", "n", STORE, FIELD, "write a field of an object")
SETFIELD_RAW = _row("setfield_raw", "iv", "n", STORE, FIELD, "write a field of a structure outside of the heap")
GETARRAYITEM_GC_I, GETARRAYITEM_GC_R, GETARRAYITEM_GC_F = _family(
    "getarrayitem_gc", "irf", "ri", LOAD, ARRAY, "an item of an array: a[b]")
GETARRAYITEM_RAW_I, GETARRAYITEM_RAW_R, GETARRAYITEM_RAW_F = _family(
    "getarrayitem_raw", "irf", "ii", LOAD, ARRAY, "an item of an array outside of the heap")
SETARRAYITEM_GC = _row("setarrayitem_gc", "riv", "n", STORE, ARRAY, "a[b] = c")
SETARRAYITEM_RAW = _row("setarrayitem_raw", "iiv", "n", STORE, ARRAY, "a[b] = c outside of the heap")
GETINTERIORFIELD_GC_I, GETINTERIORFIELD_GC_R, GETINTERIORFIELD_GC_F = _family(
    "getinteriorfield_gc", "irf", "ri", LOAD, INTERIOR, "a field of the structure a[b]")
SETINTERIORFIELD_GC = _row("setinteriorfield_gc", "riv", "n", STORE, INTERIOR, "write a field of the structure a[b]")
ARRAYLEN_GC = _row("arraylen_gc", "r", "i", LOAD | PURE, ARRAY, "the number of items")
STRLEN = _row("strlen", "r", "i", LOAD | PURE, ARRAY, "the number of characters")
STRGETITEM = _row("strgetitem", "ri", "i", LOAD, ARRAY, "the character a[b], unsigned")
STRSETITEM = _row("strsetitem", "rii", "n", STORE, ARRAY, "a[b] = c, from 0 to 255, in a new string")
COPYSTRCONTENT = _row("copystrcontent", "rriii", "n", STORE, ARRAY,
                      "copy e characters from a[c] on to b[d] on; a and b are different")
RAW_LOAD_I, RAW_LOAD_F = _family("raw_load", "if", "ii", LOAD, ARRAY, "an item-sized value at a + b bytes")
RAW_STORE = _row("raw_store", "iiv", "n", STORE, ARRAY, "write an item-sized value at a + b bytes")

NEW = _row("new", "", "r", ALLOCATE, SIZE, "a structure without vtable, all zero")
NEW_WITH_VTABLE = _row("new_with_vtable", "", "r", ALLOCATE, SIZE, "an instance, all zero")
NEW_ARRAY = _row("new_array", "i", "r", ALLOCATE, ARRAY, "an array of a >= 0 items; only references in it are null")
NEW_ARRAY_CLEAR = _row("new_array_clear", "i", "r", ALLOCATE, ARRAY, "an array of a >= 0 items that are zero")
NEWSTR = _row("newstr", "i", "r", ALLOCATE, ARRAY, "a string of a >= 0 characters; what they are is undefined")
NEW_RAW_BUFFER = _row("new_raw_buffer", "i", "i", ALLOCATE, NO_DESCRIPTOR, "a >= 0 bytes outside of the heap")

CALL_I, CALL_R, CALL_F, CALL_N = _family(
    "call", "irfn", "i*", CALL | RAISES, CALLEE, "call the function at address a")
CALL_PURE_I, CALL_PURE_R, CALL_PURE_F = _family(
    "call_pure", "irf", "i*", CALL | RAISES, CALLEE, "a call whose result depends only on its arguments")
CALL_MAY_FORCE_I, CALL_MAY_FORCE_R, CALL_MAY_FORCE_F, CALL_MAY_FORCE_N = _family(
    "call_may_force", "irfn", "i*", CALL | RAISES, CALLEE, "a call that may force this frame; guard_not_forced follows")
CALL_LOOP_INVARIANT_I, CALL_LOOP_INVARIANT_R, CALL_LOOP_INVARIANT_F = _family(
    "call_loop_invariant", "irf", "i*", CALL | RAISES, CALLEE, "a call that gives the same result all through the loop")
CALL_RELEASE_LOCK_I, CALL_RELEASE_LOCK_F, CALL_RELEASE_LOCK_N = _family(
    "call_release_lock", "ifn", "i*", CALL | RAISES, CALLEE, "a call of a C function without the global lock")
CALL_ASSEMBLER_I, CALL_ASSEMBLER_R, CALL_ASSEMBLER_F, CALL_ASSEMBLER_N = _family(
    "call_assembler", "irfn", "*", CALL | RAISES, LOOP, "enter another loop; guard_not_forced follows")
COND_CALL = _row("cond_call", "ii*", "n", CALL, CALLEE, "call the function at address b if a is not 0")
COND_CALL_VALUE_I = _row("cond_call_value_i", "ii*", "i", CALL | RAISES, CALLEE, "a, or the result of b(...) if a is 0")
COND_CALL_VALUE_R = _row(
    "cond_call_value_r", "ri*", "r", CALL | RAISES, CALLEE, "a, or the result of b(...) if a is null")

GUARD_TRUE = _guard("guard_true", "i", "a is 1; a is the result of a comparison or a bool")
GUARD_FALSE = _guard("guard_false", "i", "a is 0")
GUARD_VALUE = _guard("guard_value", "aa", "a is the constant b; doubles compare by their bits")
GUARD_CLASS = _guard("guard_class", "ri", "the vtable of the instance a is the constant b; a is not null")
GUARD_NONNULL = _guard("guard_nonnull", "r", "a is not null")
GUARD_ISNULL = _guard("guard_isnull", "r", "a is null")
GUARD_NONNULL_CLASS = _guard("guard_nonnull_class", "ri", "a is not null and its vtable is the constant b")
GUARD_IS_OBJECT = _guard("guard_is_object", "r", "a, which is not null, is an instance")
GUARD_SUBCLASS = _guard("guard_subclass", "ri", "the class of the instance a is b or below it")
GUARD_GC_TYPE = _guard("guard_gc_type", "ri", "the type id of a is the constant b")
GUARD_OVERFLOW = _guard("guard_overflow", "", "the operation before overflowed")
GUARD_NO_OVERFLOW = _guard("guard_no_overflow", "", "the operation before did not overflow")
GUARD_EXCEPTION = _guard("guard_exception", "i", "an exception of exactly class a is pending: take it", "r")
GUARD_NO_EXCEPTION = _guard("guard_no_exception", "", "no exception is pending")
GUARD_NOT_INVALIDATED = _guard("guard_not_invalidated", "", "this code has not been invalidated")
GUARD_NOT_FORCED = _guard("guard_not_forced", "", "the call before did not force this frame")
GUARD_FUTURE_CONDITION = _guard("guard_future_condition", "", "gives resume data to guards that are made later; holds")
GUARD_ALWAYS_FAILS = _guard("guard_always_fails", "", "fails")

LABEL = _row("label", "*", "n", 0, TARGET, "jumps come here; only its operands are defined behind it")
JUMP = _row("jump", "*", "n", EXIT, TARGET, "go to a label, with new values for its operands")
FINISH = _row("finish", "*", "n", EXIT, RESULT, "leave; the operand is the result, or the exception that leaves")

COPY_I, COPY_R, COPY_F = tuple([
    _row(f"copy_{kind}", kind, kind, 0, NO_DESCRIPTOR, "a; in front of a label, which names each value once")
    for kind in "irf"
])

FORCE_TOKEN = _row("force_token", "", "r", 0, NO_DESCRIPTOR, "what Backend.force takes for this frame")
VIRTUAL_REF = _row("virtual_ref", "rr", "r", MARKER, NO_DESCRIPTOR, "a stand-in for the object a; b is a force token")
VIRTUAL_REF_FINISH = _row("virtual_ref_finish", "rr", "n", MARKER, NO_DESCRIPTOR,
                          "the stand-in a is not used any more; b is the object or null")
KEEPALIVE = _row("keepalive", "r", "n", MARKER, NO_DESCRIPTOR, "a lives at least until here")
DEBUG_MERGE_POINT = _row("debug_merge_point", "*", "n", MARKER, NO_DESCRIPTOR, "driver, depth and greens: where we are")
QUASIIMMUT_FIELD = _row("quasiimmut_field", "r", "n", MARKER, FIELD, "the code depends on this field of a not changing")
RECORD_EXACT_CLASS = _row("record_exact_class", "ri", "n", MARKER, NO_DESCRIPTOR, "the vtable of a is known to be b")
RECORD_EXACT_VALUE = _row("record_exact_value", "aa", "n", MARKER, NO_DESCRIPTOR, "a is known to be the constant b")
ENTER_PORTAL = _row("enter_portal", "ii", "n", MARKER, NO_DESCRIPTOR, "driver a begins to run the code with id b")
LEAVE_PORTAL = _row("leave_portal", "i", "n", MARKER, NO_DESCRIPTOR, "driver a leaves what it entered last")

NURSERY_ALLOCATE = _row("nursery_allocate", "i", "r", ALLOCATE | LOWERED, NO_DESCRIPTOR, "a constant number of bytes")
NURSERY_NEXT = _row("nursery_next", "ri", "r", ALLOCATE | LOWERED, NO_DESCRIPTOR,
                    "the object a constant b bytes behind a, allocated with it")
LEAVE_IF_NULL = _row("leave_if_null", "a", "n", LOWERED, NO_DESCRIPTOR,
                     "if a is null, or 0, leave the frame with the pending exception")
ZERO_RANGE = _row("zero_range", "rii", "n", STORE | LOWERED, NO_DESCRIPTOR, "clear c bytes of a from byte b on")
WRITE_BARRIER = _row("write_barrier", "r", "n", LOWERED, NO_DESCRIPTOR, "a is about to be written to")
WRITE_BARRIER_ARRAY = _row("write_barrier_array", "ri", "n", LOWERED, NO_DESCRIPTOR, "a[b] is about to be written to")
LOAD_INDEXED_I, LOAD_INDEXED_R, LOAD_INDEXED_F = _family(
    "load_indexed", "irf", "aiiii", LOAD | LOWERED, NO_DESCRIPTOR,
    "e bytes at a + b * c + d, e negative if signed; c, d, e constant")
STORE_INDEXED = _row("store_indexed", "aiaiii", "n", STORE | LOWERED, NO_DESCRIPTOR,
                     "write c to f bytes at a + b * d + e; d, e, f constant")
LOAD_EFFECTIVE_ADDRESS = _row(
    "load_effective_address", "aiii", "i", PURE | LOWERED, NO_DESCRIPTOR, "a + (b << c) + d; c, d constant")
INCREMENT_DEBUG_COUNTER = _row(
    "increment_debug_counter", "i", "n", LOWERED, NO_DESCRIPTOR, "add 1 to the word at address a")

COUNT = len(names)

#: Opcode by name, for what reads text.
by_name = {name: opcode for opcode, name in enumerate(names)}


def name_of(opcode):
    """The name of an operation."""
    return names[opcode]


def has_flag(opcode, flag):
    """Does an operation have one of the flags `flag`?"""
    return flags_of[opcode] & flag != 0


def is_guard(opcode):
    """Does an operation leave the trace where something does not hold?"""
    return flags_of[opcode] & GUARD != 0


def is_exit(opcode):
    """Is an operation the end of a trace?"""
    return flags_of[opcode] & EXIT != 0


def is_call(opcode):
    """Does an operation call a function or a loop?"""
    return flags_of[opcode] & CALL != 0


def is_pure(opcode):
    """May an operation be repeated, moved and dropped, its result depending only on its operands?"""
    return flags_of[opcode] & PURE != 0


def is_input(opcode):
    """Is an operation one of the inputs of the trace?"""
    return opcode <= INPUT_F


def result_kind(opcode):
    """The kind of the result, a letter of `KINDS`."""
    return result_kinds[opcode]


def arity(opcode):
    """The number of operands that an operation has at least; exactly, unless `has_more(opcode)`."""
    return arities[opcode]


def has_more(opcode):
    """May an operation have more operands than `arity(opcode)`?"""
    return takes_more[opcode]
