"""The instructions of jitcodes: one table for tracer, blackhole interpreter, assembler and text.

The first `DERIVED` rows come from the table of trace operations: every pure, load, store and allocation operation, once
for each kind of a value that its descriptor decides (`setfield_gc_i`, `setfield_gc_r`, ...). `operation_of` gives the
trace operation of a row, -1 behind the derived ones.

An instruction is its number as one byte and then its operands, as the signature says. Letters, with their size:

    i r f    1      a register of that kind; numbers from `registers_K` of the jitcode on are its constants
    I R F    1 + n  a count and that many registers
    d        2      index of a descriptor
    j        2      index of a jitcode
    k        2      index of a constant of the jitcode, for those that no byte reaches
    c        1      a signed byte
    L        3      a target in the same jitcode
    l        3      an offset in the liveness string
    >K       1      the register of the result, always the last byte

`live` marks tell which registers are alive where the interpreter may have to go on:

* an instruction that `GUARDS` has one right in front, `LIVE_SIZE` bytes before its own position: a frame that resumes
  there does the instruction again;
* an instruction that `CALLS` has one right behind: a frame that resumes there has done the call. While the callee
  runs, the caller's position is that mark, and the result still has to go into the register in the byte before it. If
  an exception comes back instead, a `catch_exception` right behind the mark says where to go on; without one it leaves
  the frame.

A mark behind a call serves as the mark in front of the instruction that follows directly.
"""

from ouro.jitcore import operations
from ouro.jitcore.operations import ALLOCATE, COMPARE, LOAD, LOWERED, NO_DESCRIPTOR, PURE, STORE

GUARDS = 1  # may leave the trace and be done again: `live` in front
CALLS = 2  # runs other code: `live` behind
ENDS = 4  # the next instruction is only reached by jumps
JUMPS = 8  # may go to its target

LIVE_SIZE = 4
"""The bytes of a `live` mark."""

KIND_WORDS = {"i": "int", "r": "reference", "f": "float", "n": "none"}

names = []
signatures = []  # with ">" and the kind of the result
operand_letters = []  # without
result_kinds = []  # a letter of operations.KINDS
operation_of = []  # the trace operation, -1 for none
flags_of = []
docs = []
sizes = []  # bytes with the number of the instruction; -1 where there is a list


def _size_of(letters, result):
    size = 1
    for letter in letters:
        if letter in "IRF":
            return -1
        size += OPERAND_SIZES[letter]
    return size if result == "n" else size + 1


OPERAND_SIZES = {"i": 1, "r": 1, "f": 1, "c": 1, "d": 2, "j": 2, "k": 2, "L": 3, "l": 3}


def _row(name, signature, doc, flags=0, operation=-1):
    letters, _, result = signature.partition(">")
    result = result or "n"
    names.append(name)
    signatures.append(signature)
    operand_letters.append(letters)
    result_kinds.append(result)
    operation_of.append(operation)
    flags_of.append(flags)
    docs.append(doc)
    sizes.append(_size_of(letters, result))
    return len(names) - 1


def _derive(operation):
    """The rows of one operation of traces."""
    name = operations.names[operation]
    operands = operations.operand_kinds[operation]
    described = "" if operations.descriptor_classes[operation] == NO_DESCRIPTOR else "d"
    result = operations.result_kinds[operation]
    ending = "" if result == "n" else ">" + result
    doc = operations.docs[operation]
    if "v" not in operands:
        return [_row(name, operands + described + ending, doc, 0, operation)]
    kinds = "if" if operations.operand_kinds[operation].startswith("ii") and name.startswith("raw_") else "irf"
    return [
        _row(name + "_" + kind, operands.replace("v", kind) + described + ending, doc, 0, operation) for kind in kinds
    ]


def _is_derived(operation):
    flags = operations.flags_of[operation]
    return flags & (PURE | LOAD | STORE | ALLOCATE) != 0 and flags & LOWERED == 0


#: By trace operation: the instructions that do it, an empty list for operations that are no instructions.
instructions_of = [_derive(operation) if _is_derived(operation) else [] for operation in range(operations.COUNT)]

DERIVED = len(names)


def _family(name, kinds, signature, doc, flags=0):
    """A row for each kind; `K` stands for its letter, `W` in the name for its word."""
    rows = []
    for kind in kinds:
        written = signature.replace("K", kind)
        rows.append(_row(name.replace("K", kind).replace("W", KIND_WORDS[kind]), written.replace(">n", ""), doc, flags))
    return tuple(rows)


LIVE = _row("live", "l", "the registers alive here; does nothing")

INT_COPY, REFERENCE_COPY, FLOAT_COPY = _family("W_copy", "irf", "K>K", "the operand")
INT_CONSTANT, REFERENCE_CONSTANT, FLOAT_CONSTANT = _family(
    "W_constant", "irf", "k>K", "a constant that no register byte reaches")

GOTO = _row("goto", "L", "go on at the target", ENDS | JUMPS)
GOTO_IF_NOT = _row("goto_if_not", "iL", "go on at the target if the operand is 0; else it is 1", GUARDS | JUMPS)


def _fuse(operation):
    signature = operations.operand_kinds[operation] + "L"
    doc = "go on at the target unless " + operations.docs[operation]
    return _row("goto_if_not_" + operations.names[operation], signature, doc, GUARDS | JUMPS)


#: By trace operation: the instruction that compares and jumps, -1 for operations that do not compare.
goto_if_not_of = [
    _fuse(operation) if operations.has_flag(operation, COMPARE) else -1 for operation in range(operations.COUNT)
]
#: By instruction: the comparison of a fused jump, -1 for all others.
fused_comparison = [-1] * len(names)
for _operation in range(operations.COUNT):
    if goto_if_not_of[_operation] >= 0:
        fused_comparison[goto_if_not_of[_operation]] = _operation

SWITCH = _row("switch", "id", "go on where the switch descriptor says for the operand, or right behind", GUARDS)
INT_ADD_JUMP_IF_OVERFLOW = _row(
    "int_add_jump_if_overflow", "Lii>i", "the sum, or go on at the target without result", GUARDS | JUMPS)
INT_SUB_JUMP_IF_OVERFLOW = _row(
    "int_sub_jump_if_overflow", "Lii>i", "the difference, or go on at the target without result", GUARDS | JUMPS)
INT_MUL_JUMP_IF_OVERFLOW = _row(
    "int_mul_jump_if_overflow", "Lii>i", "the product, or go on at the target without result", GUARDS | JUMPS)

INT_RETURN, REFERENCE_RETURN, FLOAT_RETURN = _family("W_return", "irf", "K", "leave the jitcode with a result", ENDS)
NONE_RETURN = _row("none_return", "", "leave the jitcode without result", ENDS)

RAISE = _row("raise", "r", "raise an exception, which is not null: no handler in this jitcode is asked", GUARDS | ENDS)
RERAISE = _row("reraise", "", "raise the exception again that was caught last", ENDS)
CATCH_EXCEPTION = _row(
    "catch_exception", "L", "behind a call and its live mark: where to go on if it raised; else does nothing", JUMPS)
GOTO_IF_EXCEPTION_MISMATCH = _row(
    "goto_if_exception_mismatch", "iL",
    "go on at the target unless the exception caught last is of the class with this vtable or below it", JUMPS)
LAST_EXCEPTION = _row("last_exception", ">i", "the vtable of the exception caught last")
LAST_EXCEPTION_VALUE = _row("last_exception_value", ">r", "the exception caught last")

INLINE_CALL_I, INLINE_CALL_R, INLINE_CALL_F, INLINE_CALL_N = _family(
    "inline_call_K", "irfn", "jIRF>K", "run another jitcode: the lists are its first registers of each kind", CALLS)
RESIDUAL_CALL_I, RESIDUAL_CALL_R, RESIDUAL_CALL_F, RESIDUAL_CALL_N = _family(
    "residual_call_K", "irfn", "iIRFd>K", "call the function at an address; its descriptor orders the arguments", CALLS)
INDIRECT_CALL_I, INDIRECT_CALL_R, INDIRECT_CALL_F, INDIRECT_CALL_N = _family(
    "indirect_call_K", "irfn", "iIRFd>K",
    "the same for an address not known here: the program's table of addresses may have a jitcode to run instead",
    CALLS)
RECURSIVE_CALL_I, RECURSIVE_CALL_R, RECURSIVE_CALL_F, RECURSIVE_CALL_N = _family(
    "recursive_call_K", "irfn", "cIRFIRF>K", "enter the portal of a driver: its number, greens, reds", CALLS)
CONDITIONAL_CALL = _row(
    "conditional_call", "iiIRFd", "if the first operand is 1 call the function at the second", CALLS)
CONDITIONAL_CALL_VALUE_I = _row(
    "conditional_call_value_i", "iiIRFd>i", "the first operand; if 0 the result of the function at the second",
    CALLS)
CONDITIONAL_CALL_VALUE_R = _row(
    "conditional_call_value_r", "riIRFd>r", "the first operand; if null the result of the function at the second",
    CALLS)

GUARD_CLASS = _row(
    "guard_class", "r>i", "the vtable of an instance, which is not null: a constant from here on", GUARDS)
INT_GUARD_VALUE, REFERENCE_GUARD_VALUE, FLOAT_GUARD_VALUE = _family(
    "W_guard_value", "irf", "K", "promote: the register holds a constant from here on", GUARDS)
STRING_GUARD_VALUE = _row(
    "string_guard_value", "rid>r", "promote a string by content: string, address of the comparison, its descriptor",
    GUARDS)
INT_IS_CONSTANT, REFERENCE_IS_CONSTANT, FLOAT_IS_CONSTANT = _family(
    "W_is_constant", "irf", "K>i", "does the tracer know the operand as a constant? Elsewhere 0")
REFERENCE_IS_VIRTUAL = _row("reference_is_virtual", "r>i", "is the operand an object that the trace made? Elsewhere 0")
RECORD_EXACT_CLASS = _row("record_exact_class", "ri", "the operand is an instance with exactly this vtable")
INT_RECORD_EXACT_VALUE = _row("int_record_exact_value", "ii", "the first operand is the constant second")
REFERENCE_RECORD_EXACT_VALUE = _row("reference_record_exact_value", "rr", "the first operand is the constant second")
KEEPALIVE = _row("keepalive", "r", "the operand lives at least until here")

JIT_MERGE_POINT = _row(
    "jit_merge_point", "cIRFIRF", "the head of the interpreter's loop: number of the driver, greens, reds",
    GUARDS | CALLS)
LOOP_HEADER = _row(
    "loop_header", "c", "a loop of the interpreted program may close at the next merge point of the driver")

GETFIELD_VIRTUALIZABLE_I, GETFIELD_VIRTUALIZABLE_R, GETFIELD_VIRTUALIZABLE_F = _family(
    "getfield_virtualizable_K", "irf", "rd>K", "a field of a virtualizable", GUARDS)
SETFIELD_VIRTUALIZABLE_I, SETFIELD_VIRTUALIZABLE_R, SETFIELD_VIRTUALIZABLE_F = _family(
    "setfield_virtualizable_K", "irf", "rKd", "write a field of a virtualizable", GUARDS)
GETARRAYITEM_VIRTUALIZABLE_I, GETARRAYITEM_VIRTUALIZABLE_R, GETARRAYITEM_VIRTUALIZABLE_F = _family(
    "getarrayitem_virtualizable_K", "irf", "ridd>K",
    "an item of the array in a field of a virtualizable: object, index, field, array", GUARDS)
SETARRAYITEM_VIRTUALIZABLE_I, SETARRAYITEM_VIRTUALIZABLE_R, SETARRAYITEM_VIRTUALIZABLE_F = _family(
    "setarrayitem_virtualizable_K", "irf", "riKdd",
    "write an item of the array in a field of a virtualizable: object, index, value, field, array", GUARDS)
ARRAYLEN_VIRTUALIZABLE = _row(
    "arraylen_virtualizable", "rdd>i", "the length of the array in a field of a virtualizable: object, field, array",
    GUARDS)
HINT_FORCE_VIRTUALIZABLE = _row(
    "hint_force_virtualizable", "r", "write the fields of the virtualizable back: code outside will read them")
QUASI_IMMUTABLE_FIELD = _row(
    "quasi_immutable_field", "rd", "the next load reads this quasi-immutable field: a constant if the object is known",
    GUARDS)
FORCE_QUASI_IMMUTABLE = _row(
    "force_quasi_immutable", "rd", "this quasi-immutable field is about to change: invalidate what depends on it",
    CALLS)
VIRTUAL_REF = _row("virtual_ref", "r>r", "a stand-in for an object")
VIRTUAL_REF_FINISH = _row("virtual_ref_finish", "rr", "the stand-in is not used any more; the object")
PROMOTE_VIRTUAL_REF = _row(
    "promote_virtual_ref", "r", "is the operand a stand-in, or the object itself? A constant from here on", GUARDS)
FORCE_VIRTUAL_REF = _row("force_virtual_ref", "r>r", "the object behind a stand-in", CALLS)

COUNT = len(names)
fused_comparison.extend([-1] * (COUNT - len(fused_comparison)))

#: Number by name.
by_name = {name: number for number, name in enumerate(names)}


def has_flag(instruction, flag):
    """Has an instruction one of the flags `flag`?"""
    return flags_of[instruction] & flag != 0
