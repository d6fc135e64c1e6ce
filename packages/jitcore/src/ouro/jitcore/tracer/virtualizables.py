"""Virtualizables and virtual references while tracing.

The values of the driver's virtualizable are known by their references; loads and stores of them are not recorded. In
memory they are up to date all the time, for the calls that tracing makes: what compiled code will hide in registers
behind the force token, the tracer hides behind nothing, but a call that looks at the object is noticed by its token
(`TRACING_TOKEN`), because in compiled code it would force the frame.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import ArrayDescriptor, FieldDescriptor
from ouro.jitcore.jitcode import instructions, read_index
from ouro.jitcore.machine.execution import EXECUTE, NO_VALUE
from ouro.jitcore.resume import TRACING_TOKEN, clear_token, force_virtualizable, set_token, token_of
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE
from ouro.jitcore.tracer.access import PUT, REFERENCE, VALUE
from ouro.jitcore.tracer.frames import CONSTANT
from ouro.jitcore.tracer.heap_cache import IS_NULL, NOT_THE_VIRTUALIZABLE, UNESCAPED, VALUE_KNOWN
from ouro.jitcore.tracer.memory_steps import known_to_frame

STEPS = {}

_GETFIELD = {"i": ops.GETFIELD_GC_I, "r": ops.GETFIELD_GC_R, "f": ops.GETFIELD_GC_F}
_GETARRAYITEM = {"i": ops.GETARRAYITEM_GC_I, "r": ops.GETARRAYITEM_GC_R, "f": ops.GETARRAYITEM_GC_F}


# ---- calls that may look at the virtualizable


def before_residual_call(meta):
    """A call that may force is about to be recorded, and to be made."""
    view = meta.view
    if view is not None and not meta.virtualizable_forced:
        token = meta.record(ops.FORCE_TOKEN, [])
        base = meta.virtualizable_reference(0)
        meta.record(ops.SETFIELD_GC, [base, token], view.description.token)
        meta.heap.field_written(base, view.description.token, token)
        set_token(meta.machine, view.description, view.reference, TRACING_TOKEN)


def finish_seen_references(meta):
    """A call that may force has been made, and is recorded next: from here on the virtual references that it followed
    lead to their objects, so that compiled code need not be forced for them.
    """
    number = 0
    while number < len(meta.stand_ins):
        description = meta.system.virtual_reference
        if description.token_of(meta.machine, meta.stand_ins[number]) == TRACING_TOKEN:
            number += 1
            continue
        reference, value = meta.virtual_references[2 * number], meta.virtual_references[2 * number + 1]
        meta.record(ops.VIRTUAL_REF_FINISH, [reference, value])
        meta.heap.escape(value)
        meta.drop_virtual_reference(number)


def after_residual_call(meta):
    """The call has been made: did it look at the virtualizable?"""
    view = meta.view
    if view is None or meta.virtualizable_forced:
        return False
    if token_of(meta.machine, view.description, view.reference) != TRACING_TOKEN:
        meta.system.statistics.forced_virtualizables += 1
        return True
    clear_token(meta.machine, view.description, view.reference)
    return False


def write_back(meta):
    """Record the stores that bring the virtualizable in memory up to date: compiled code does not look after it any
    more. Nothing needs to be stored while tracing.
    """
    view = meta.view
    if view is None or meta.virtualizable_forced:
        return
    description = view.description
    base = meta.virtualizable_reference(0)
    for number in range(len(description.fields)):
        value = meta.virtualizable_reference(view.position_of_field(number))
        meta.heap.escape(value)
        meta.record(ops.SETFIELD_GC, [base, value], description.fields[number])
    for number in range(len(description.array_fields)):
        array = meta.record(ops.GETFIELD_GC_R, [base], description.array_fields[number])
        for index in range(view.length(number)):
            value = meta.virtualizable_reference(view.position_of_item(number, index))
            meta.heap.escape(value)
            operands = [array, meta.constants.of_int(index), value]
            meta.record(ops.SETARRAYITEM_GC, operands, description.arrays[number])
    meta.record(ops.SETFIELD_GC, [base, meta.constants.of_reference(NULL_REFERENCE)], description.token)
    meta.virtualizable_forced = True


# ---- which object is it?


def is_the_virtualizable(meta, frame, register):
    """Does a register hold the driver's virtualizable, and do its values live in registers? Guards the answer."""
    view = meta.view
    if view is None or meta.virtualizable_forced:
        return False
    reference = frame.references_in_trace[register]
    own = meta.virtualizable_in_trace[0]
    same = bool(frame.references[register] == view.reference)
    if reference == own:
        return same
    if same and reference != CONSTANT and meta.heap.knows(reference, VALUE_KNOWN) and own == CONSTANT:
        return True
    if reference != CONSTANT and meta.heap.knows(reference, NOT_THE_VIRTUALIZABLE | UNESCAPED):
        return False
    answer = meta.record(ops.PTR_EQ, [meta.gc_register(register), meta.virtualizable_reference(0)])
    meta.guard_truth(answer, same)
    if same:
        frame.references_in_trace[register] = own
    elif reference != CONSTANT:
        meta.heap.learn(reference, NOT_THE_VIRTUALIZABLE)
    return same


def make_current(meta, frame, register, description):
    """The fields of another virtualizable object are about to be used in memory: no other code may have them in
    registers. Guards that.
    """
    reference = frame.references_in_trace[register]
    if reference != CONSTANT and meta.heap.knows(reference, UNESCAPED):
        return
    value = frame.references[register]
    if token_of(meta.machine, description, value):
        force_virtualizable(meta.machine, meta.system.backend, description, value)
    base = meta.gc_register(register)
    token = meta.heap.field(base, description.token)
    if token == NOTHING:
        token = meta.record(ops.GETFIELD_GC_R, [base], description.token)
        meta.heap.field_read(base, description.token, token)
    if token > NOTHING and not meta.heap.knows(token, IS_NULL):
        meta.guard_before(ops.GUARD_ISNULL, [token])
        meta.heap.learn(token, IS_NULL | VALUE_KNOWN)


def _description_of(meta, field):
    """The description of the virtualizable class that has a field."""
    for description in meta.program.virtualizables:
        if description is not None and description.has_field(field):
            return description
    raise AssertionError("not a field of a virtualizable")


# ---- fields


def _make_getfield(kind):
    opcode = _GETFIELD[kind]
    execute = EXECUTE[opcode, NO_VALUE]
    put = PUT[kind]

    def step(meta, frame, position):
        code = frame.code
        register = ord(code[position + 1])
        field = meta.program.descriptors[read_index(code, position + 2)]
        assert isinstance(field, FieldDescriptor)
        if is_the_virtualizable(meta, frame, register):
            place = meta.view.position_of_field(meta.view.description.index_of_field(field))
            reference = meta.virtualizable_in_trace[place]
        else:
            make_current(meta, frame, register, _description_of(meta, field))
            base = meta.gc_register(register)
            known = meta.heap.field(base, field)
            if known == NOTHING:
                known = meta.record(opcode, [base], field)
                meta.heap.field_read(base, field, known)
            reference = known_to_frame(meta, known)
        put(frame, ord(code[position + 4]), execute(meta.machine, frame.references[register], field), reference)
        return position + 5

    return step


def _make_setfield(kind):
    execute = EXECUTE[ops.SETFIELD_GC, kind]
    value_of = VALUE[kind]
    reference_of = REFERENCE[kind]

    def step(meta, frame, position):
        code = frame.code
        register = ord(code[position + 1])
        stored = ord(code[position + 2])
        field = meta.program.descriptors[read_index(code, position + 3)]
        assert isinstance(field, FieldDescriptor)
        if is_the_virtualizable(meta, frame, register):
            place = meta.view.position_of_field(meta.view.description.index_of_field(field))
            meta.virtualizable_in_trace[place] = _in_trace(frame, kind, stored)
        else:
            make_current(meta, frame, register, _description_of(meta, field))
            base = meta.gc_register(register)
            reference = reference_of(meta, stored)
            meta.record(ops.SETFIELD_GC, [base, reference], field)
            meta.heap.field_written(base, field, reference)
        execute(meta.machine, frame.references[register], value_of(frame, stored), field)
        return position + 5

    return step


def _in_trace(frame, kind, register):
    if kind == "i":
        return frame.ints_in_trace[register]
    if kind == "r":
        return frame.references_in_trace[register]
    return frame.floats_in_trace[register]


# ---- items


def _make_getarrayitem(kind):
    opcode = _GETARRAYITEM[kind]
    execute = EXECUTE[opcode, NO_VALUE]
    put = PUT[kind]

    def step(meta, frame, position):
        code = frame.code
        register = ord(code[position + 1])
        index = ord(code[position + 2])
        field = meta.program.descriptors[read_index(code, position + 3)]
        array = meta.program.descriptors[read_index(code, position + 5)]
        assert isinstance(field, FieldDescriptor)
        assert isinstance(array, ArrayDescriptor)
        if is_the_virtualizable(meta, frame, register):
            meta.promote_int(index)
            number = meta.view.description.index_of_array(field)
            reference = meta.virtualizable_in_trace[meta.view.position_of_item(number, frame.ints[index])]
        else:
            make_current(meta, frame, register, _description_of(meta, field))
            items = _array_in(meta, register, field)
            reference = _load_item(meta, frame, items, index, array, opcode)
        value = execute(meta.machine, meta.machine.get_field_reference(frame.references[register], field),
                        frame.ints[index], array)
        put(frame, ord(code[position + 7]), value, reference)
        return position + 8

    return step


def _array_in(meta, register, field):
    base = meta.gc_register(register)
    known = meta.heap.field(base, field)
    if known == NOTHING:
        known = meta.record(ops.GETFIELD_GC_R, [base], field)
        meta.heap.field_read(base, field, known)
    return known


def _load_item(meta, frame, items, index, array, opcode):
    if frame.ints_in_trace[index] != CONSTANT:
        meta.heap.some_item_read(items)
        return meta.record(opcode, [items, frame.ints_in_trace[index]], array)
    known = meta.heap.item(items, frame.ints[index], array)
    if known == NOTHING:
        known = meta.record(opcode, [items, meta.int_register(index)], array)
        meta.heap.item_read(items, frame.ints[index], array, known)
    return known_to_frame(meta, known)


def _make_setarrayitem(kind):
    execute = EXECUTE[ops.SETARRAYITEM_GC, kind]
    value_of = VALUE[kind]
    reference_of = REFERENCE[kind]

    def step(meta, frame, position):
        code = frame.code
        register = ord(code[position + 1])
        index = ord(code[position + 2])
        stored = ord(code[position + 3])
        field = meta.program.descriptors[read_index(code, position + 4)]
        array = meta.program.descriptors[read_index(code, position + 6)]
        assert isinstance(field, FieldDescriptor)
        assert isinstance(array, ArrayDescriptor)
        if is_the_virtualizable(meta, frame, register):
            meta.promote_int(index)
            number = meta.view.description.index_of_array(field)
            place = meta.view.position_of_item(number, frame.ints[index])
            meta.virtualizable_in_trace[place] = _in_trace(frame, kind, stored)
        else:
            make_current(meta, frame, register, _description_of(meta, field))
            items = _array_in(meta, register, field)
            reference = reference_of(meta, stored)
            meta.record(ops.SETARRAYITEM_GC, [items, meta.int_register(index), reference], array)
            if frame.ints_in_trace[index] == CONSTANT:
                meta.heap.item_written(items, frame.ints[index], array, reference)
            else:
                meta.heap.some_item_written(items, array, reference)
        execute(meta.machine, meta.machine.get_field_reference(frame.references[register], field),
                frame.ints[index], value_of(frame, stored), array)
        return position + 8

    return step


def _array_length(meta, frame, position):
    code = frame.code
    register = ord(code[position + 1])
    field = meta.program.descriptors[read_index(code, position + 2)]
    array = meta.program.descriptors[read_index(code, position + 4)]
    assert isinstance(field, FieldDescriptor)
    assert isinstance(array, ArrayDescriptor)
    machine = meta.machine
    value = machine.array_length(machine.get_field_reference(frame.references[register], field), array)
    reference = CONSTANT
    if not is_the_virtualizable(meta, frame, register):
        make_current(meta, frame, register, _description_of(meta, field))
        items = _array_in(meta, register, field)
        known = meta.heap.length(items)
        if known == NOTHING:
            known = meta.record(ops.ARRAYLEN_GC, [items], array)
            meta.heap.length_read(items, known)
        reference = known_to_frame(meta, known)
    frame.set_int(ord(code[position + 6]), value, reference)
    return position + 7


def _force(meta, frame, position):
    if is_the_virtualizable_without_guard(meta, frame, ord(frame.code[position + 1])):
        write_back(meta)
    return position + 2


def is_the_virtualizable_without_guard(meta, frame, register):
    """Is it known that a register holds the driver's virtualizable?"""
    if meta.view is None or meta.virtualizable_forced or frame.references[register] != meta.view.reference:
        return False
    return frame.references_in_trace[register] == meta.virtualizable_in_trace[0]


# ---- virtual references


def _virtual_ref(meta, frame, position):
    """Compiled code makes a stand-in, and so does the tracer, to see whether someone follows it. In a program that has
    no class of stand-ins the reference is the object itself.
    """
    register = ord(frame.code[position + 1])
    description = meta.system.virtual_reference
    if description is None:
        reference = frame.references_in_trace[register]
        frame.set_reference(ord(frame.code[position + 2]), frame.references[register], reference)
        return position + 3
    token = meta.record(ops.FORCE_TOKEN, [])
    made = meta.gc_register(register)
    reference = meta.record(ops.VIRTUAL_REF, [made, token])
    stand_in = description.make(meta.machine, NULL_REFERENCE)
    meta.watch_virtual_reference(stand_in, frame.references[register], reference, made)
    frame.set_reference(ord(frame.code[position + 2]), stand_in, reference)
    return position + 3


def _virtual_ref_finish(meta, frame, position):
    if meta.system.virtual_reference is None:
        return position + 3
    register = ord(frame.code[position + 1])
    reference = frame.references_in_trace[register]
    pairs = meta.virtual_references
    for number in range(0, len(pairs), 2):
        if pairs[number] == reference:
            meta.record(ops.VIRTUAL_REF_FINISH, [reference, meta.constants.of_reference(NULL_REFERENCE)])
            meta.drop_virtual_reference(number // 2)
            return position + 3
    # someone has followed it, or it was made before the recording began: it leads to its object
    return position + 3


def _collect():
    names = instructions.by_name
    for kind in "irf":
        STEPS[names["getfield_virtualizable_" + kind]] = _make_getfield(kind)
        STEPS[names["setfield_virtualizable_" + kind]] = _make_setfield(kind)
        STEPS[names["getarrayitem_virtualizable_" + kind]] = _make_getarrayitem(kind)
        STEPS[names["setarrayitem_virtualizable_" + kind]] = _make_setarrayitem(kind)
    STEPS[instructions.ARRAYLEN_VIRTUALIZABLE] = _array_length
    STEPS[instructions.HINT_FORCE_VIRTUALIZABLE] = _force
    STEPS[instructions.VIRTUAL_REF] = _virtual_ref
    STEPS[instructions.VIRTUAL_REF_FINISH] = _virtual_ref_finish


_collect()
