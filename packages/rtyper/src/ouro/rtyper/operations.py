"""The table of low-level operations.

Every stage that reads typed graphs (optimiser, collector transform, C generator, code writer, interpreter,
verifier, printer and parser) takes what it knows of an operation from here.  A row gives

``name``
    The operation's name in graphs and in the text form.
``operands``
    One word per operand: a type name (``Signed``), ``ptr`` (any pointer), ``gcptr``, ``number``, ``any``,
    ``void`` (a Void constant), or a trailing ``*`` word for any number of further operands of that kind.
``result``
    The result type: a type name; ``same`` (type of the first operand); ``declared`` (whatever the result
    variable says); ``void``; or ``field``, ``item``, ``call``, ``container`` for operations that read the
    type out of their operands' types.
``effects``
    * ``pure``: the result depends on the operands alone; may be folded, shared, moved and dropped;
    * ``read``: also depends on memory; may be dropped;
    * ``write``: changes memory that ``read`` operations see;
    * ``allocate``: makes a new object; may be dropped when the result is unused; may run the collector;
    * ``call``: runs arbitrary code, so everything above, and may run the collector;
    * ``effect``: has an effect outside of program memory; may not be dropped or reordered;
    * ``marker``: for the JIT generator or for debugging; later stages drop it and use the first operand in
      place of the result, where there is one.
``raises``
    Names of the exceptions that the operation itself may raise ("*" for any).
"""

from __future__ import annotations

from attrs import frozen

__all__ = ["OPERATIONS", "EFFECTS", "OperationInfo", "can_collect", "can_raise", "is_pure"]

EFFECTS = ("pure", "read", "write", "allocate", "call", "effect", "marker")


@frozen
class OperationInfo:
    """One row of the table."""

    name: str
    operands: tuple[str, ...]
    result: str
    effects: str
    raises: tuple[str, ...]
    doc: str

    @property
    def can_raise(self) -> bool:
        return bool(self.raises)

    @property
    def pure(self) -> bool:
        return self.effects == "pure"

    @property
    def removable(self) -> bool:
        """Whether the operation may be dropped when nothing uses its result."""
        return not self.raises and self.effects in ("pure", "read", "allocate")


OPERATIONS: dict[str, OperationInfo] = {}


def _row(name: str, operands: str, result: str, effects: str, doc: str, raises: str = "") -> None:
    assert name not in OPERATIONS and effects in EFFECTS
    OPERATIONS[name] = OperationInfo(
        name, tuple(operands.split()), result, effects, tuple(raises.split()), doc
    )


_INTEGERS = {
    "int": "Signed",
    "uint": "Unsigned",
    "llong": "SignedLongLong",
    "ullong": "UnsignedLongLong",
}
_COMPARISONS = {"lt": "<", "le": "<=", "eq": "==", "ne": "!=", "gt": ">", "ge": ">="}

for _prefix, _type in _INTEGERS.items():
    for _name, _doc in [
        ("add", "sum, wrapping around"),
        ("sub", "difference, wrapping around"),
        ("mul", "product, wrapping around"),
        ("and", "bitwise and"),
        ("or", "bitwise or"),
        ("xor", "bitwise exclusive or"),
        ("c_div", "quotient rounded towards zero; a zero divisor is undefined"),
        ("c_mod", "remainder with the sign of the dividend; a zero divisor is undefined"),
        ("floordiv", "quotient rounded towards minus infinity; a zero divisor is undefined"),
        ("mod", "remainder with the sign of the divisor; a zero divisor is undefined"),
    ]:
        _row(f"{_prefix}_{_name}", f"{_type} {_type}", _type, "pure", _doc)
    _row(f"{_prefix}_lshift", f"{_type} Signed", _type, "pure", "shift left; the count is below the width")
    _row(f"{_prefix}_rshift", f"{_type} Signed", _type, "pure",
         "shift right, with sign for signed types; the count is below the width")
    for _name, _sign in _COMPARISONS.items():
        _row(f"{_prefix}_{_name}", f"{_type} {_type}", "Bool", "pure", f"first {_sign} second")
    _row(f"{_prefix}_neg", _type, _type, "pure", "negation, wrapping around")
    _row(f"{_prefix}_invert", _type, _type, "pure", "bitwise complement")
    _row(f"{_prefix}_is_true", _type, "Bool", "pure", "whether not zero")
    _row(f"{_prefix}_max", f"{_type} {_type}", _type, "pure", "the larger of two")
    _row(f"{_prefix}_min", f"{_type} {_type}", _type, "pure", "the smaller of two")
    if _prefix in ("int", "llong"):
        _row(f"{_prefix}_abs", _type, _type, "pure", "magnitude, wrapping around")

for _name, _doc in [("add", "sum"), ("sub", "difference"), ("mul", "product")]:
    _row(f"int_{_name}_ovf", "Signed Signed", "Signed", "pure", f"{_doc}, or OverflowError", "OverflowError")
_row("int_neg_ovf", "Signed", "Signed", "pure", "negation, or OverflowError", "OverflowError")
_row("int_abs_ovf", "Signed", "Signed", "pure", "magnitude, or OverflowError", "OverflowError")
_row("int_between", "Signed Signed Signed", "Bool", "pure", "first <= second < third")
_row("int_force_ge_zero", "Signed", "Signed", "pure", "the operand, or 0 when it is negative")
_row("uint_mul_high", "Unsigned Unsigned", "Unsigned", "pure", "upper half of the double-width product")
_row("int_signext", "Signed Signed", "Signed", "pure", "sign-extend from the low n bytes")

for _name, _doc in [("add", "sum"), ("sub", "difference"), ("mul", "product"), ("truediv", "IEEE quotient")]:
    _row(f"float_{_name}", "Float Float", "Float", "pure", _doc)
for _name, _sign in _COMPARISONS.items():
    _row(f"float_{_name}", "Float Float", "Bool", "pure",
         f"first {_sign} second, false with a NaN but for ne")
_row("float_neg", "Float", "Float", "pure", "negation")
_row("float_abs", "Float", "Float", "pure", "magnitude")
_row("float_is_true", "Float", "Bool", "pure", "whether not zero (a NaN is true)")

for _name, _sign in _COMPARISONS.items():
    _row(f"char_{_name}", "Char Char", "Bool", "pure", f"first {_sign} second, as unsigned bytes")
_row("bool_not", "Bool", "Bool", "pure", "logical negation")

for _source, _result in [
    ("bool", "int"), ("bool", "uint"), ("bool", "llong"), ("bool", "ullong"), ("bool", "float"),
    ("char", "int"), ("int", "char"), ("int", "uint"), ("uint", "int"),
    ("int", "llong"), ("int", "ullong"), ("uint", "llong"), ("uint", "ullong"),
    ("llong", "int"), ("llong", "uint"), ("llong", "ullong"), ("ullong", "int"), ("ullong", "uint"),
    ("ullong", "llong"),
    ("int", "float"), ("uint", "float"), ("llong", "float"), ("ullong", "float"),
    ("float", "int"), ("float", "uint"), ("float", "llong"), ("float", "ullong"),
]:
    _names = {"bool": "Bool", "char": "Char", "float": "Float", **_INTEGERS}
    _row(f"cast_{_source}_to_{_result}", _names[_source], _names[_result], "pure", "C conversion")
_row("cast_primitive", "any", "declared", "pure", "C conversion between any two primitive types")
_row("float_to_bits", "Float", "SignedLongLong", "pure", "the IEEE bits of a double")
_row("float_from_bits", "SignedLongLong", "Float", "pure", "the double with these IEEE bits")
_row("single_to_bits", "SingleFloat", "Signed", "pure", "the IEEE bits of a single, not negative")
_row("single_from_bits", "Signed", "SingleFloat", "pure", "the single with these IEEE bits")
_row("same_as", "any", "same", "pure", "the operand")

_row("ptr_eq", "ptr ptr", "Bool", "pure", "whether two pointers of one type are the same")
_row("ptr_ne", "ptr ptr", "Bool", "pure", "whether two pointers of one type differ")
_row("ptr_iszero", "ptr", "Bool", "pure", "whether the pointer is null")
_row("ptr_nonzero", "ptr", "Bool", "pure", "whether the pointer is not null")
_row("cast_pointer", "ptr", "declared", "pure",
     "to a pointer to a containing or to a first inlined structure")
_row("cast_opaque_ptr", "ptr", "declared", "pure",
     "between a pointer and an opaque pointer to the same object")
_row("cast_ptr_to_int", "ptr", "Signed", "pure", "address of a raw object, or current address of a GC object")
_row("cast_int_to_ptr", "Signed", "declared", "pure", "pointer to a raw object from its address")
_row("cast_ptr_to_adr", "ptr", "Address", "pure", "address of an object")
_row("cast_adr_to_ptr", "Address", "declared", "pure", "pointer to the object at an address")
_row("cast_adr_to_int", "Address", "Signed", "pure", "address as a number")
_row("cast_int_to_adr", "Signed", "Address", "pure", "number as an address")

_row("getfield", "ptr void", "field", "read", "field of a structure; no test for null")
_row("setfield", "ptr void any", "void", "write", "set a field; the collector transform adds the barrier")
_row("getsubstruct", "ptr void", "declared", "pure", "pointer to an inlined structure or array")
_row("getarrayitem", "ptr Signed", "item", "read", "item of an array; no test of the index")
_row("setarrayitem", "ptr Signed any", "void", "write", "set an item of an array")
_row("getarraysize", "ptr", "Signed", "pure", "length of an array, fixed at its allocation")
_row("getarraysubstruct", "ptr Signed", "declared", "pure", "pointer to an item that is a structure")
_row("getinteriorfield", "ptr any*", "declared", "read",
     "part of a container reached by a path of field names (void) and indices (Signed)")
_row("setinteriorfield", "ptr any*", "void", "write", "set the part reached by a path; the value comes last")
_row("getinteriorarraysize", "ptr any*", "Signed", "pure", "length of the array reached by a path")
_row("array_copy", "ptr ptr Signed Signed Signed", "void", "write",
     "source, target, source start, target start, count: copy items of an array (or of the array that ends a "
     "structure) to one of the same type; the ranges may overlap")
_row("array_clear", "ptr Signed Signed", "void", "write", "zero the items from start, count of them")
_row("array_compare", "ptr ptr Signed Signed Signed", "Signed", "read",
     "first, second, first start, second start, count: as memcmp, over arrays of Char")
_row("array_find_char", "ptr Char Signed Signed", "Signed", "read",
     "array, character, start, stop: the first index that holds it, or -1")
_row("array_copy_to_raw", "ptr Signed Address Signed", "void", "write",
     "array, start, address, count: copy items out")
_row("array_copy_from_raw", "Address ptr Signed Signed", "void", "write",
     "address, array, start, count: copy items in")

_row("malloc", "void void", "container", "allocate",
     "new structure: type, flags {flavor, zero}", "MemoryError")
_row("malloc_varsize", "void void Signed", "container", "allocate", "new array or structure that ends in one",
     "MemoryError")
_row("free", "ptr void", "void", "effect", "give back a raw object: pointer, flags")
_row("shrink_array", "gcptr Signed", "same", "allocate",
     "an array-ended object cut to n items; maybe the same one",
     "MemoryError")

_row("direct_call", "ptr any*", "call", "call", "call a known function", "*")
_row("indirect_call", "ptr any*", "call", "call",
     "call through a pointer; the last operand is a void list of the possible graphs, or of None", "*")

_row("adr_add", "Address Signed", "Address", "pure", "address plus bytes")
_row("adr_sub", "Address Signed", "Address", "pure", "address minus bytes")
_row("adr_delta", "Address Address", "Signed", "pure", "bytes between two addresses")
for _name, _sign in _COMPARISONS.items():
    _row(f"adr_{_name}", "Address Address", "Bool", "pure", f"first {_sign} second")
_row("raw_load", "Address Signed", "declared", "read", "value at address plus offset")
_row("raw_store", "Address Signed any", "void", "write", "store at address plus offset")
_row("raw_malloc", "Signed", "Address", "effect", "bytes from the system, or NULL")
_row("raw_malloc_zeroed", "Signed", "Address", "effect", "cleared bytes from the system, or NULL")
_row("raw_realloc", "Address Signed", "Address", "effect", "resized block from the system, or NULL")
_row("raw_free", "Address", "void", "effect", "give back what raw_malloc gave")
_row("raw_memcopy", "Address Address Signed", "void", "write", "source, target, bytes; no overlap")
_row("raw_memmove", "Address Address Signed", "void", "write", "source, target, bytes; may overlap")
_row("raw_memclear", "Address Signed", "void", "write", "clear bytes")

_row("get_object_type", "gcptr", "declared", "read", "vtable of an instance, found through its type id")
_row("gc_id", "gcptr", "Signed", "call", "a number unique to the object while it lives")
_row("gc_identityhash", "gcptr", "Signed", "call", "a hash of the identity, stable when the object moves")
_row("gc_collect", "Signed", "void", "call", "collect up to this generation")
_row("gc_collect_step", "", "Bool", "call", "one increment of a major collection; whether the cycle ended")
_row("gc_set_enabled", "Bool", "void", "call", "turn automatic major collections on or off")
_row("gc_is_enabled", "", "Bool", "read", "whether automatic major collections are on")
_row("gc_pin", "gcptr", "Bool", "call", "keep an object from moving; false where that cannot be")
_row("gc_unpin", "gcptr", "void", "call", "let a pinned object move again")
_row("gc_is_pinned", "gcptr", "Bool", "read", "whether the object is pinned")
_row("gc_can_move", "gcptr", "Bool", "read", "whether the object may still move")
_row("gc_add_memory_pressure", "Signed", "void", "call", "tell of raw memory that objects keep alive")
_row("gc_statistic", "Signed", "Signed", "read", "a counter of the collector, by number")
_row("gc_find_instances", "", "Bool", "call",
     "keep all instances that can be reached for gc_next_instance; false where there is no memory")
_row("gc_next_instance", "", "declared", "call", "an instance that gc_find_instances found, or null")
_row("gc_write_barrier", "gcptr ptr", "void", "write",
     "the object may be about to refer to younger ones: object, slow path")
_row("gc_write_barrier_array", "gcptr Signed ptr", "void", "write",
     "an item of the array may be about to refer to a younger object: array, index, slow path")
_row("gc_load", "gcptr Signed", "declared", "read", "what stands in an object, so many bytes from its beginning")
_row("gc_store", "gcptr Signed any", "void", "write", "write so many bytes from the beginning of an object")
_row("gc_store_item", "gcptr Signed Signed any", "void", "write",
     "the same for an item of an array: array, index, bytes from its beginning, value")
_row("gc_type_id", "gcptr", "Signed", "read", "the type id of an object")
_row("gc_allocate", "Signed Signed", "declared", "allocate",
     "an object, all zero, without finalizer: type id, size in bytes", "MemoryError")
_row("gc_allocate_varsize", "Signed Signed Signed Signed Signed", "declared", "allocate",
     "the same that ends in an array: type id, number of items, offset of the items, their size, offset of the length",
     "MemoryError")
_row("gc_data_address", "", "Signed", "read",
     "where the words are that the collector and compiled code share (`ouro.gc`'s GC_DATA); 0 without a collector")
_row("gc_remember", "Address", "void", "write", "the slow path of gc_write_barrier, for the object at an address")
_row("gc_remember_item", "Address Signed", "void", "write", "that of gc_write_barrier_array")
_row("gc_finalizer_queue_register", "Signed gcptr", "void", "call", "queue number, object: tell when it dies")
_row("gc_finalizer_queue_next", "Signed", "declared", "call", "queue number: a dead object, or null")
_row("gc_register_finalizer", "gcptr", "void", "call", "the object's type has a finalizer to run")
_row("gc_ignore_finalizer", "gcptr", "void", "call", "the object's finalizer need not run any more")
_row("gc_thread_prepare", "Signed", "Bool", "call",
     "get a shadow stack of so many slots for a thread to come; false where there is no memory")
_row("gc_thread_forget", "Signed", "void", "call", "give back what gc_thread_prepare got: no thread came")
_row("gc_thread_start", "Signed", "void", "call", "the calling thread takes a prepared shadow stack of so many slots")
_row("gc_thread_run", "", "void", "call", "the calling thread runs again: it has got the global lock back")
_row("gc_thread_die", "", "void", "call", "the calling thread's shadow stack goes away")
_row("gc_enter_roots", "void", "void", "effect", "reserve n slots on the shadow stack")
_row("gc_save_root", "void gcptr", "void", "effect", "slot number, pointer: make it known to the collector")
_row("gc_restore_root", "void gcptr", "declared", "effect",
     "slot number, old pointer: where the object is now")
_row("gc_leave_roots", "void", "void", "effect", "give the n slots back")
_row("weakref_create", "gcptr", "declared", "allocate", "a weak reference to an object", "MemoryError")
_row("weakref_deref", "gcptr", "declared", "read", "the object, or null when it died")

_row("hint", "any void", "same", "marker", "a value with hints for the JIT (promote, ...), a dictionary")
_row("jit_marker", "void void any*", "void", "marker", "kind of marker, driver, greens and reds")
_row("jit_force_virtualizable", "ptr void void", "void", "marker",
     "a field of a virtualizable is about to be used")
_row("jit_force_virtual", "ptr", "same", "marker", "the object behind a virtual reference")
_row("jit_is_virtual", "gcptr", "Bool", "marker", "false outside of the tracer")
_row("jit_is_constant", "any", "Bool", "marker", "false outside of the tracer")
_row("jit_force_quasi_immutable", "ptr void", "void", "marker", "a quasi-immutable field is about to change")
_row("jit_record_exact_class", "ptr ptr", "void", "marker", "the object is of exactly this class")
_row("jit_record_exact_value", "any any", "void", "marker", "the first operand is equal to the second, a constant")
_row("jit_conditional_call", "Bool ptr any*", "void", "call", "call a function when the condition holds", "*")
_row("jit_conditional_call_value", "any ptr any*", "same", "call",
     "the first operand, or the function's result where it is zero or null", "*")
_row("jit_virtual_ref", "gcptr", "declared", "marker",
     "a virtual reference; outside of the JIT the object itself")
_row("jit_virtual_ref_finish", "gcptr gcptr", "void", "marker", "the virtual reference ends")
_row("jit_set_param", "void void Signed", "void", "marker", "driver, name, value")
_row("jit_call_for_events", "ptr", "void", "marker", "the function that the JIT tells of what it does")
_row("jit_ask", "Signed Signed Signed", "Signed", "call", "the JIT's answer to a question by number, with two operands")

_row("keepalive", "any", "void", "effect", "the operand is in use up to here")
_row("debug_assert", "Bool void", "void", "marker", "condition and message, tested in debug builds")
_row("debug_assert_not_none", "ptr", "void", "marker", "the pointer is known not to be null")
_row("debug_print", "any*", "void", "effect", "write the operands to the debug log")
_row("debug_start", "any", "void", "effect", "begin a section of the debug log")
_row("debug_stop", "any", "void", "effect", "end a section of the debug log")
_row("debug_enabled", "", "Bool", "read", "whether debug_print would write something here")
_row("debug_enabled_for", "any", "Bool", "read", "whether a section whose name begins with the text would be logged")
_row("debug_flush", "", "void", "effect", "flush the debug log")
_row("debug_fatalerror", "any", "void", "effect", "end the process with a message and a traceback")
_row("debug_record_traceback", "void", "void", "effect", "note the position for a fatal traceback")
_row("debug_traceback_reset", "", "void", "effect", "forget recorded positions: the exception was caught")
_row("we_are_jitted", "", "Bool", "marker", "false outside of the tracer")
_row("likely", "Bool", "Bool", "pure", "the condition, said to hold nearly always")
_row("unlikely", "Bool", "Bool", "pure", "the condition, said to hold hardly ever")

_row("threadlocal_get", "void", "declared", "read", "a thread-local by its name")
_row("threadlocal_set", "void any", "void", "write", "set a thread-local by its name")
_row("stack_current", "", "Signed", "read", "address of the current stack frame, for stack checks")
_row("memory_fence", "", "void", "effect", "full memory barrier between threads")
_row("atomic_compare_exchange", "Address Signed Signed", "Bool", "effect",
     "address, expected, new: swap if equal; whether it was")
_row("read_timestamp", "", "SignedLongLong", "effect", "a monotonic tick counter")
_row("save_errno", "", "void", "effect", "keep errno for this thread")
_row("get_saved_errno", "", "Signed", "read", "the kept errno")
_row("set_saved_errno", "Signed", "void", "effect", "set the kept errno")
_row("restore_errno", "", "void", "effect", "put the kept errno back")


def is_pure(name: str) -> bool:
    """Whether the operation depends on its operands alone and has no effect (it may still raise)."""
    return OPERATIONS[name].effects == "pure"


def can_raise(name: str) -> bool:
    """Whether the operation itself may raise."""
    return bool(OPERATIONS[name].raises)


def can_collect(name: str) -> bool:
    """Whether the operation may run the collector, so that objects may move."""
    return OPERATIONS[name].effects in ("allocate", "call")


