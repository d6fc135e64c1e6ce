"""Allocation removal: what is allocated is not made until someone outside of the trace could see it.

The allocation is described (`virtuals`) instead of emitted; loads and stores work on the description. An operation
that needs the object itself makes the `Optimizer` force it when that operation is emitted. Guards do not need it:
resume data describe virtual objects. The idea is that of Bolz et al., "Allocation Removal by Partial Evaluation in a
Tracing JIT", PEPM 2011.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import ArrayDescriptor, FieldDescriptor, InteriorFieldDescriptor, SizeDescriptor
from ouro.jitcore.optimizer.integers import as_loaded
from ouro.jitcore.optimizer.objects import learn_class
from ouro.jitcore.optimizer.verdicts import DONE, KEEP
from ouro.jitcore.optimizer.virtuals import Buffer, BufferSlice, Items, Structure, Structures
from ouro.jitcore.optimizer.work import NONNULL
from ouro.jitcore.trace import NOTHING, is_constant

#: Longer arrays and buffers are made: describing them for every guard would cost more than it saves.
LONGEST_ARRAY = 128
LARGEST_BUFFER = 1024


def _describe(optimizer, number, virtual):
    """An object is virtual from here on."""
    work = optimizer.work
    work.virtuals[number] = virtual
    work.facts[number] |= NONNULL
    return DONE


def optimize_new(optimizer, number):
    size = optimizer.work.descriptors[number]
    assert isinstance(size, SizeDescriptor)
    if size.vtable != 0:
        learn_class(optimizer, number, size.vtable)
    return _describe(optimizer, number, Structure(size))


def optimize_new_array(optimizer, number):
    work = optimizer.work
    array = work.descriptors[number]
    assert isinstance(array, ArrayDescriptor)
    length = constant_index(optimizer, work.first[number], LONGEST_ARRAY + 1)
    if length < 0:
        return KEEP
    if array.kind == "n":
        return _describe(optimizer, number, Structures(array, length))
    return _describe(optimizer, number, Items(array, length, work.opcodes[number] == ops.NEW_ARRAY_CLEAR))


def constant_index(optimizer, reference, limit):
    """The number that a reference is, -1 if it is no constant or not below the limit."""
    if not is_constant(reference):
        return -1
    index = optimizer.constants.int_of(reference)
    if 0 <= index < limit:
        return index
    return -1


def virtual_at(optimizer, reference):
    """The description of a virtual object, None for any other value."""
    if reference < 0:
        return None
    return optimizer.work.virtuals[reference]


def load_value(optimizer, number, value):
    """A load from a virtual gives `value`, zero for `NOTHING`."""
    if value == NOTHING:
        value = optimizer.zero(ops.result_kind(optimizer.work.opcodes[number]))
    optimizer.work.forward(number, as_loaded(optimizer, number, optimizer.work.resolve(value)))
    return DONE


def optimize_getfield(optimizer, number):
    work = optimizer.work
    virtual = virtual_at(optimizer, work.first[number])
    if isinstance(virtual, Structure):
        field = work.descriptors[number]
        assert isinstance(field, FieldDescriptor)
        position = virtual.position(field)
        if position >= 0:
            return load_value(optimizer, number, virtual.values[position])
    return KEEP


def optimize_setfield(optimizer, number):
    work = optimizer.work
    virtual = virtual_at(optimizer, work.first[number])
    if isinstance(virtual, Structure):
        field = work.descriptors[number]
        assert isinstance(field, FieldDescriptor)
        position = virtual.position(field)
        if position >= 0:
            virtual.set(position, work.second[number])
            return DONE
    return KEEP


def optimize_getitem(optimizer, number):
    work = optimizer.work
    virtual = virtual_at(optimizer, work.first[number])
    if isinstance(virtual, Items):
        index = constant_index(optimizer, work.second[number], len(virtual.values))
        if index >= 0:
            return load_value(optimizer, number, virtual.values[index])
    return KEEP


def optimize_setitem(optimizer, number):
    work = optimizer.work
    virtual = virtual_at(optimizer, work.first[number])
    if isinstance(virtual, Items):
        index = constant_index(optimizer, work.second[number], len(virtual.values))
        if index >= 0:
            virtual.values[index] = work.third[number]
            return DONE
    return KEEP


def optimize_get_interior(optimizer, number):
    work = optimizer.work
    virtual = virtual_at(optimizer, work.first[number])
    if isinstance(virtual, Structures):
        index = constant_index(optimizer, work.second[number], virtual.length)
        if index >= 0:
            interior = work.descriptors[number]
            assert isinstance(interior, InteriorFieldDescriptor)
            column = virtual.column(interior)
            return load_value(optimizer, number, NOTHING if column is None else column[index])
    return KEEP


def optimize_set_interior(optimizer, number):
    work = optimizer.work
    virtual = virtual_at(optimizer, work.first[number])
    if isinstance(virtual, Structures):
        index = constant_index(optimizer, work.second[number], virtual.length)
        if index >= 0:
            interior = work.descriptors[number]
            assert isinstance(interior, InteriorFieldDescriptor)
            virtual.set(index, interior, work.third[number])
            return DONE
    return KEEP


def optimize_arraylen(optimizer, number):
    work = optimizer.work
    virtual = virtual_at(optimizer, work.first[number])
    if isinstance(virtual, Items):
        work.forward(number, optimizer.constants.of_int(len(virtual.values)))
        return DONE
    if isinstance(virtual, Structures):
        work.forward(number, optimizer.constants.of_int(virtual.length))
        return DONE
    return KEEP


# ---- outside of the heap


def optimize_new_raw_buffer(optimizer, number):
    size = constant_index(optimizer, optimizer.work.first[number], LARGEST_BUFFER + 1)
    if size < 0:
        return KEEP
    return _describe(optimizer, number, Buffer(size))


def buffer_at(optimizer, reference):
    """The virtual buffer that an address is in, None for none."""
    virtual = virtual_at(optimizer, reference)
    if isinstance(virtual, BufferSlice):
        virtual = virtual_at(optimizer, virtual.buffer)
    if isinstance(virtual, Buffer):
        return virtual
    return None


def offset_at(optimizer, reference):
    """How far into its virtual buffer an address is."""
    virtual = virtual_at(optimizer, reference)
    if isinstance(virtual, BufferSlice):
        return virtual.offset
    return 0


def optimize_add(optimizer, number):
    """An address in a virtual buffer is virtual, too."""
    work = optimizer.work
    base, offset = work.first[number], work.second[number]
    if base >= 0 and is_constant(offset) and work.virtuals[base] is not None:
        if buffer_at(optimizer, base) is not None:
            distance = optimizer.constants.int_of(offset) + offset_at(optimizer, base)
            virtual = work.virtuals[base]
            if isinstance(virtual, BufferSlice):
                base = virtual.buffer
            work.first[number] = base
            work.second[number] = optimizer.constants.of_int(distance)
            work.virtuals[number] = BufferSlice(base, distance)
            return DONE
    return KEEP


def _raw_load(optimizer, number, base, offset, array):
    buffer = buffer_at(optimizer, base)
    if buffer is None:
        return KEEP
    value = buffer.get(offset + offset_at(optimizer, base), array)
    if value == NOTHING:
        return KEEP
    return load_value(optimizer, number, value)


def _raw_store(optimizer, base, offset, array, value):
    buffer = buffer_at(optimizer, base)
    if buffer is not None and buffer.set(offset + offset_at(optimizer, base), array, value):
        return DONE
    return KEEP


def _array_of(optimizer, number):
    array = optimizer.work.descriptors[number]
    assert isinstance(array, ArrayDescriptor)
    return array


def optimize_raw_load(optimizer, number):
    work = optimizer.work
    if not is_constant(work.second[number]):
        return KEEP
    offset = optimizer.constants.int_of(work.second[number])
    return _raw_load(optimizer, number, work.first[number], offset, _array_of(optimizer, number))


def optimize_raw_store(optimizer, number):
    work = optimizer.work
    if not is_constant(work.second[number]):
        return KEEP
    offset = optimizer.constants.int_of(work.second[number])
    return _raw_store(optimizer, work.first[number], offset, _array_of(optimizer, number), work.third[number])


def optimize_raw_getitem(optimizer, number):
    work = optimizer.work
    array = _array_of(optimizer, number)
    if not is_constant(work.second[number]) or array.kind == "r":
        return KEEP
    offset = optimizer.constants.int_of(work.second[number]) * int(array.item_size) + int(array.base_size)
    return _raw_load(optimizer, number, work.first[number], offset, array)


def optimize_raw_setitem(optimizer, number):
    work = optimizer.work
    array = _array_of(optimizer, number)
    if not is_constant(work.second[number]) or array.kind == "r":
        return KEEP
    offset = optimizer.constants.int_of(work.second[number]) * int(array.item_size) + int(array.base_size)
    return _raw_store(optimizer, work.first[number], offset, array, work.third[number])


# ---- others


def optimize_keepalive(optimizer, number):
    if virtual_at(optimizer, optimizer.work.first[number]) is not None:
        return DONE
    return KEEP


def _handlers():
    handlers = {
        ops.NEW: optimize_new,
        ops.NEW_WITH_VTABLE: optimize_new,
        ops.NEW_ARRAY: optimize_new_array,
        ops.NEW_ARRAY_CLEAR: optimize_new_array,
        ops.SETFIELD_GC: optimize_setfield,
        ops.SETARRAYITEM_GC: optimize_setitem,
        ops.SETINTERIORFIELD_GC: optimize_set_interior,
        ops.ARRAYLEN_GC: optimize_arraylen,
        ops.NEW_RAW_BUFFER: optimize_new_raw_buffer,
        ops.INT_ADD: optimize_add,
        ops.RAW_STORE: optimize_raw_store,
        ops.SETARRAYITEM_RAW: optimize_raw_setitem,
        ops.KEEPALIVE: optimize_keepalive,
    }
    families = {
        "getfield_gc_": optimize_getfield, "getarrayitem_gc_": optimize_getitem,
        "getinteriorfield_gc_": optimize_get_interior, "raw_load_": optimize_raw_load,
        "getarrayitem_raw_": optimize_raw_getitem,
    }  # fmt: skip
    for opcode, name in enumerate(ops.names):
        if name[:-1] in families:
            handlers[opcode] = families[name[:-1]]
    return handlers


HANDLERS = _handlers()
