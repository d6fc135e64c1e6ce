"""Steps of loads, stores, allocations and comparisons of references, for which the heap cache is asked."""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import ArrayDescriptor, FieldDescriptor, SizeDescriptor
from ouro.jitcore.jitcode import instructions, read_index
from ouro.jitcore.machine.execution import EXECUTE, NO_VALUE
from ouro.jitcore.trace import NOTHING, is_constant
from ouro.jitcore.tracer.access import PUT, REFERENCE, VALUE
from ouro.jitcore.tracer.frames import CONSTANT
from ouro.jitcore.tracer.heap_cache import CLASS_KNOWN, IS_NULL, NOT_NULL, UNESCAPED, VALUE_KNOWN


def known_to_frame(meta, reference):
    """What a register holds for a reference that the heap cache knows."""
    if is_constant(reference) or meta.heap.knows(reference, VALUE_KNOWN):
        return CONSTANT
    return reference


def load_field(meta, frame, register, field, opcode):
    """The reference of the value of a field of the object in a register; records a load unless the value is known."""
    constant = frame.references_in_trace[register] == CONSTANT
    if constant and field.immutable:
        return CONSTANT
    heap = meta.heap
    base = meta.gc_register(register)
    if constant and field.quasi_immutable and heap.quasi_immutable_is_checked(base, field):
        return CONSTANT
    known = heap.field(base, field)
    if known != NOTHING:
        return known_to_frame(meta, known)
    result = meta.record(opcode, [base], field)
    heap.field_read(base, field, result)
    heap.learn(base, NOT_NULL)
    return result


def _make_getfield(number, opcode):
    execute = EXECUTE[opcode, NO_VALUE]
    put = PUT[instructions.result_kinds[number]]

    def step(meta, frame, position):
        code = frame.code
        register = ord(code[position + 1])
        field = meta.program.descriptors[read_index(code, position + 2)]
        assert isinstance(field, FieldDescriptor)
        value = execute(meta.machine, frame.references[register], field)
        put(frame, ord(code[position + 4]), value, load_field(meta, frame, register, field, opcode))
        return position + 5

    def reference_step(meta, frame, position):
        code = frame.code
        register = ord(code[position + 1])
        field = meta.program.descriptors[read_index(code, position + 2)]
        assert isinstance(field, FieldDescriptor)
        value = execute(meta.machine, frame.references[register], field)
        reference = load_field(meta, frame, register, field, opcode)
        if reference == CONSTANT and field.immutable_items:
            # an array that is known, and what is in it too
            meta.fixed_arrays[meta.constants.of_reference(value)] = True
        frame.set_reference(ord(code[position + 4]), value, reference)
        return position + 5

    return reference_step if instructions.result_kinds[number] == "r" else step


def _make_setfield(number, opcode):
    kind = instructions.operand_letters[number][1]
    execute = EXECUTE[opcode, kind]
    value_of = VALUE[kind]
    reference_of = REFERENCE[kind]

    def step(meta, frame, position):
        code = frame.code
        register = ord(code[position + 1])
        stored = ord(code[position + 2])
        field = meta.program.descriptors[read_index(code, position + 3)]
        assert isinstance(field, FieldDescriptor)
        execute(meta.machine, frame.references[register], value_of(frame, stored), field)
        base = meta.gc_register(register)
        reference = reference_of(meta, stored)
        if meta.heap.field(base, field) != reference:
            meta.record(opcode, [base, reference], field)
            meta.heap.field_written(base, field, reference)
            meta.heap.learn(base, NOT_NULL)
        return position + 5

    return step


def _make_getarrayitem(number, opcode):
    execute = EXECUTE[opcode, NO_VALUE]
    put = PUT[instructions.result_kinds[number]]

    def step(meta, frame, position):
        code = frame.code
        register = ord(code[position + 1])
        index = ord(code[position + 2])
        array = meta.program.descriptors[read_index(code, position + 3)]
        assert isinstance(array, ArrayDescriptor)
        value = execute(meta.machine, frame.references[register], frame.ints[index], array)
        put(frame, ord(code[position + 5]), value, load_item(meta, frame, register, index, array, opcode))
        return position + 6

    return step


def load_item(meta, frame, register, index, array, opcode):
    """The reference of the value of an item; records a load unless the value is known."""
    heap = meta.heap
    if frame.ints_in_trace[index] != CONSTANT:
        base = meta.gc_register(register)
        heap.learn(base, NOT_NULL)
        heap.some_item_read(base)
        return meta.record(opcode, [base, frame.ints_in_trace[index]], array)
    base = meta.gc_register(register)
    if frame.references_in_trace[register] == CONSTANT and (array.immutable or base in meta.fixed_arrays):
        return CONSTANT
    place = frame.ints[index]
    known = heap.item(base, place, array)
    if known != NOTHING:
        return known_to_frame(meta, known)
    result = meta.record(opcode, [base, meta.int_register(index)], array)
    heap.item_read(base, place, array, result)
    heap.learn(base, NOT_NULL)
    return result


def _make_setarrayitem(number, opcode):
    kind = instructions.operand_letters[number][2]
    execute = EXECUTE[opcode, kind]
    value_of = VALUE[kind]
    reference_of = REFERENCE[kind]

    def step(meta, frame, position):
        code = frame.code
        register = ord(code[position + 1])
        index = ord(code[position + 2])
        stored = ord(code[position + 3])
        array = meta.program.descriptors[read_index(code, position + 4)]
        assert isinstance(array, ArrayDescriptor)
        execute(meta.machine, frame.references[register], frame.ints[index], value_of(frame, stored), array)
        base = meta.gc_register(register)
        reference = reference_of(meta, stored)
        heap = meta.heap
        if frame.ints_in_trace[index] != CONSTANT:
            meta.record(opcode, [base, frame.ints_in_trace[index], reference], array)
            heap.some_item_written(base, array, reference)
        elif heap.item(base, frame.ints[index], array) != reference:
            meta.record(opcode, [base, meta.int_register(index), reference], array)
            heap.item_written(base, frame.ints[index], array, reference)
        heap.learn(base, NOT_NULL)
        return position + 6

    return step


def _set_interior_reference(meta, frame, position):
    code = frame.code
    register = ord(code[position + 1])
    index = ord(code[position + 2])
    stored = ord(code[position + 3])
    interior = meta.program.descriptors[read_index(code, position + 4)]
    _SET_INTERIOR_REFERENCE(
        meta.machine, frame.references[register], frame.ints[index], frame.references[stored], interior)
    value = meta.gc_register(stored)
    meta.heap.escape(value)
    meta.record(ops.SETINTERIORFIELD_GC, [meta.gc_register(register), meta.int_register(index), value], interior)
    return position + 6


_SET_INTERIOR_REFERENCE = EXECUTE[ops.SETINTERIORFIELD_GC, "r"]


def _make_length(opcode):
    execute = EXECUTE[opcode, NO_VALUE]

    def step(meta, frame, position):
        code = frame.code
        register = ord(code[position + 1])
        array = meta.program.descriptors[read_index(code, position + 2)]
        value = execute(meta.machine, frame.references[register], array)
        frame.set_int(ord(code[position + 4]), value, length_of(meta, frame, register, array, opcode))
        return position + 5

    return step


def length_of(meta, frame, register, array, opcode):
    """The reference of the length of an array or a string."""
    if frame.references_in_trace[register] == CONSTANT:
        return CONSTANT
    base = frame.references_in_trace[register]
    known = meta.heap.length(base)
    if known != NOTHING:
        return known_to_frame(meta, known)
    result = meta.record(opcode, [base], array)
    meta.heap.length_read(base, result)
    meta.heap.learn(base, NOT_NULL)
    return result


def _string_item(meta, frame, position):
    code = frame.code
    register = ord(code[position + 1])
    index = ord(code[position + 2])
    array = meta.program.descriptors[read_index(code, position + 3)]
    value = _STRING_ITEM(meta.machine, frame.references[register], frame.ints[index], array)
    reference = CONSTANT
    if frame.references_in_trace[register] != CONSTANT or frame.ints_in_trace[index] != CONSTANT:
        reference = meta.record(ops.STRGETITEM, [meta.gc_register(register), meta.int_register(index)], array)
    frame.set_int(ord(code[position + 5]), value, reference)
    return position + 6


_STRING_ITEM = EXECUTE[ops.STRGETITEM, NO_VALUE]


def _make_new(opcode):
    def step(meta, frame, position):
        code = frame.code
        size = meta.program.descriptors[read_index(code, position + 1)]
        assert isinstance(size, SizeDescriptor)
        reference = meta.record(opcode, [], size)
        meta.heap.made(reference, size.is_instance())
        frame.set_reference(ord(code[position + 3]), meta.machine.new(size), reference)
        return position + 4

    return step


def _make_new_array(opcode):
    execute = EXECUTE[opcode, NO_VALUE]

    def step(meta, frame, position):
        code = frame.code
        length = ord(code[position + 1])
        array = meta.program.descriptors[read_index(code, position + 2)]
        made = execute(meta.machine, frame.ints[length], array)
        length_reference = meta.int_register(length)
        reference = meta.record(opcode, [length_reference], array)
        meta.heap.made_array(reference, length_reference)
        frame.set_reference(ord(code[position + 4]), made, reference)
        return position + 5

    return step


# ---- comparisons

UNKNOWN = -1


def known_identity(meta, frame, a, b):
    """Whether two registers hold the same object: 1 or 0 where that is known, else `UNKNOWN`."""
    first = frame.references_in_trace[a]
    second = frame.references_in_trace[b]
    same = int(frame.references[a] == frame.references[b])
    if first == second:
        # both constants, or the same value
        return same
    heap = meta.heap
    if first != CONSTANT and second != CONSTANT:
        if heap.knows(first, UNESCAPED) or heap.knows(second, UNESCAPED):
            return 0
        if heap.knows(first, VALUE_KNOWN) and heap.knows(second, VALUE_KNOWN):
            return same
        return UNKNOWN
    # one is a constant
    other = second if first == CONSTANT else first
    constant = frame.references[a] if first == CONSTANT else frame.references[b]
    if heap.knows(other, UNESCAPED | VALUE_KNOWN):
        return same
    if not constant and heap.knows(other, NOT_NULL | IS_NULL):
        return same
    return UNKNOWN


def _make_identity(opcode, negated):
    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        b = ord(code[position + 2])
        value = int(frame.references[a] == frame.references[b]) ^ negated
        reference = CONSTANT
        if known_identity(meta, frame, a, b) == UNKNOWN:
            reference = meta.record(opcode, [meta.gc_register(a), meta.gc_register(b)])
        frame.set_int(ord(code[position + 3]), value, reference)
        return position + 4

    return step


def is_null_known(meta, frame, register):
    """Is it known whether a register holds null?"""
    reference = frame.references_in_trace[register]
    return reference == CONSTANT or meta.heap.knows(reference, NOT_NULL | IS_NULL | VALUE_KNOWN)


def _make_null_test(opcode, of_null):
    def step(meta, frame, position):
        code = frame.code
        register = ord(code[position + 1])
        value = of_null if not frame.references[register] else 1 - of_null
        reference = CONSTANT
        if not is_null_known(meta, frame, register):
            reference = meta.record(opcode, [meta.gc_register(register)])
        frame.set_int(ord(code[position + 2]), value, reference)
        return position + 3

    return step


def _load_class(meta, frame, position):
    code = frame.code
    register = ord(code[position + 1])
    reference = frame.references_in_trace[register]
    value = meta.machine.class_of(frame.references[register])
    result = CONSTANT
    if reference != CONSTANT and not meta.heap.knows(reference, CLASS_KNOWN):
        result = meta.record(ops.LOAD_CLASS, [reference])
        meta.heap.learn(reference, NOT_NULL)
    frame.set_int(ord(code[position + 2]), value, result)
    return position + 3


def _collect():
    steps = {}

    def add(opcode, make):
        for number in instructions.instructions_of[opcode]:
            steps[number] = make(number, opcode)

    for opcode in (ops.GETFIELD_GC_I, ops.GETFIELD_GC_R, ops.GETFIELD_GC_F):
        add(opcode, _make_getfield)
    for opcode in (ops.GETARRAYITEM_GC_I, ops.GETARRAYITEM_GC_R, ops.GETARRAYITEM_GC_F):
        add(opcode, _make_getarrayitem)
    add(ops.SETFIELD_GC, _make_setfield)
    add(ops.SETARRAYITEM_GC, _make_setarrayitem)
    for opcode in (ops.ARRAYLEN_GC, ops.STRLEN):
        add(opcode, lambda number, opcode: _make_length(opcode))
    for opcode in (ops.NEW, ops.NEW_WITH_VTABLE):
        add(opcode, lambda number, opcode: _make_new(opcode))
    for opcode in (ops.NEW_ARRAY, ops.NEW_ARRAY_CLEAR, ops.NEWSTR):
        add(opcode, lambda number, opcode: _make_new_array(opcode))
    for opcode in (ops.PTR_EQ, ops.INSTANCE_PTR_EQ):
        add(opcode, lambda number, opcode: _make_identity(opcode, 0))
    for opcode in (ops.PTR_NE, ops.INSTANCE_PTR_NE):
        add(opcode, lambda number, opcode: _make_identity(opcode, 1))
    add(ops.PTR_ISZERO, lambda number, opcode: _make_null_test(opcode, 1))
    add(ops.PTR_NONZERO, lambda number, opcode: _make_null_test(opcode, 0))
    add(ops.STRGETITEM, lambda number, opcode: _string_item)
    add(ops.LOAD_CLASS, lambda number, opcode: _load_class)
    steps[instructions.by_name["setinteriorfield_gc_r"]] = _set_interior_reference
    return steps


STEPS = _collect()
