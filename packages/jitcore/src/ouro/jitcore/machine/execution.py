"""Executes operations one by one: pure ones, loads, stores and allocations, each through one function.

`EXECUTE` is for those that make a dispatch loop: the function of an operation takes the machine, the operands and, if
the operation has one, the descriptor. Who has an opcode at run time fills an `Operands` and calls `execute_int` or one
of the others, by the kind of the result. Calls and guards are no part of it.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import ArrayDescriptor, FieldDescriptor, InteriorFieldDescriptor, SizeDescriptor
from ouro.jitcore.machine import arithmetic
from ouro.jitcore.trace.constants import NULL_REFERENCE

_KIND_WORDS = {"i": "int", "r": "reference", "f": "float"}

#: What `EXECUTE` has of operations without an operand of the kind that the descriptor names.
NO_VALUE = "n"


def _field_load(method):
    def load(machine, base, field):
        assert isinstance(field, FieldDescriptor)
        return method(machine, base, field)

    return load


def _field_store(method):
    def store(machine, base, value, field):
        assert isinstance(field, FieldDescriptor)
        method(machine, base, value, field)

    return store


def _item_load(method):
    def load(machine, base, index, array):
        assert isinstance(array, ArrayDescriptor)
        return method(machine, base, index, array)

    return load


def _item_store(method):
    def store(machine, base, index, value, array):
        assert isinstance(array, ArrayDescriptor)
        method(machine, base, index, value, array)

    return store


def _interior_load(method):
    def load(machine, base, index, interior):
        assert isinstance(interior, InteriorFieldDescriptor)
        return method(machine, base, index, interior)

    return load


def _interior_store(method):
    def store(machine, base, index, value, interior):
        assert isinstance(interior, InteriorFieldDescriptor)
        method(machine, base, index, value, interior)

    return store


def _method(name):
    """A call of a method of the machine, which is found by what the machine is."""

    def two(machine, a, b):
        return getattr(machine, name)(a, b)

    def three(machine, a, b, c):
        return getattr(machine, name)(a, b, c)

    def four(machine, a, b, c, d):
        return getattr(machine, name)(a, b, c, d)

    return two, three, four


def load_class(machine, reference):
    return machine.class_of(reference)


def array_length(machine, reference, array):
    assert isinstance(array, ArrayDescriptor)
    return machine.array_length(reference, array)


def copy_string_content(machine, source, target, source_start, target_start, length, array):
    assert isinstance(array, ArrayDescriptor)
    machine.copy_string_content(source, target, source_start, target_start, length, array)


def new(machine, size):
    assert isinstance(size, SizeDescriptor)
    return machine.new(size)


def new_array(machine, length, array):
    assert isinstance(array, ArrayDescriptor)
    return machine.new_array(array, length, False)


def new_array_clear(machine, length, array):
    assert isinstance(array, ArrayDescriptor)
    return machine.new_array(array, length, True)


def new_raw_buffer(machine, size):
    return machine.new_raw_buffer(size)


#: Families of loads and stores: name of the operation, name of the method, the function that calls it.
_LOADS = [
    ("getfield_gc", "get_field", _field_load, 0),
    ("getfield_raw", "get_raw_field", _field_load, 0),
    ("getarrayitem_gc", "get_item", _item_load, 1),
    ("getarrayitem_raw", "get_raw_item", _item_load, 1),
    ("getinteriorfield_gc", "get_interior_field", _interior_load, 1),
    ("raw_load", "raw_load", _item_load, 1),
]
_STORES = [
    ("setfield_gc", "set_field", _field_store, 1, "irf"),
    ("setfield_raw", "set_raw_field", _field_store, 1, "irf"),
    ("setarrayitem_gc", "set_item", _item_store, 2, "irf"),
    ("setarrayitem_raw", "set_raw_item", _item_store, 2, "irf"),
    ("setinteriorfield_gc", "set_interior_field", _interior_store, 2, "irf"),
    ("raw_store", "raw_store", _item_store, 2, "if"),
]
_OTHERS = {
    ops.LOAD_CLASS: load_class,
    ops.ARRAYLEN_GC: array_length,
    ops.STRLEN: array_length,
    ops.STRGETITEM: _item_load(_method("get_item_int")[1]),
    ops.STRSETITEM: _item_store(_method("set_item_int")[2]),
    ops.COPYSTRCONTENT: copy_string_content,
    ops.NEW: new,
    ops.NEW_WITH_VTABLE: new,
    ops.NEW_ARRAY: new_array,
    ops.NEW_ARRAY_CLEAR: new_array_clear,
    ops.NEWSTR: new_array,
    ops.NEW_RAW_BUFFER: new_raw_buffer,
}


def _without_machine(function, arity):
    """A function that only computes, with a machine that it does not need."""
    if arity == 1:
        return lambda machine, a: function(a)
    if arity == 2:
        return lambda machine, a, b: function(a, b)
    assert arity == 3
    return lambda machine, a, b, c: function(a, b, c)


def _collect():
    found = {}
    for opcode, function in arithmetic.FUNCTIONS.items():
        found[opcode, NO_VALUE] = _without_machine(function, ops.arity(opcode))
    for opcode, function in _OTHERS.items():
        found[opcode, NO_VALUE] = function
    for name, method, make, arity in _LOADS:
        for kind, word in _KIND_WORDS.items():
            if f"{name}_{kind}" in ops.by_name:
                found[ops.by_name[f"{name}_{kind}"], NO_VALUE] = make(_method(f"{method}_{word}")[arity])
    for name, method, make, arity, kinds in _STORES:
        for kind in kinds:
            found[ops.by_name[name], kind] = make(_method(f"{method}_{_KIND_WORDS[kind]}")[arity])
    return found


#: (opcode, kind of the operand `v` or `NO_VALUE`) to the function that executes the operation.
EXECUTE = _collect()


class Operands:
    """The operands of one operation by kind, in order; made once and filled again and again."""

    def __init__(self):
        self.ints = [0, 0, 0]
        self.references = [NULL_REFERENCE, NULL_REFERENCE]
        self.floats = [0.0, 0.0]
        self._ints = 0
        self._references = 0
        self._floats = 0

    def clear(self):
        """Begin with the operands of another operation."""
        self._ints = 0
        self._references = 0
        self._floats = 0

    def add_int(self, value):
        """The next operand is an int."""
        self.ints[self._ints] = value
        self._ints += 1

    def add_reference(self, value):
        """The next operand is a reference."""
        self.references[self._references] = value
        self._references += 1

    def add_float(self, value):
        """The next operand is a float."""
        self.floats[self._floats] = value
        self._floats += 1


def _reader(kind, number):
    if kind == "i":
        return lambda operands: operands.ints[number]
    if kind == "r":
        return lambda operands: operands.references[number]
    return lambda operands: operands.floats[number]


def _on_operands(function, kinds, has_descriptor):
    """The function, taking its operands out of an `Operands`."""
    readers = [_reader(kind, kinds[:position].count(kind)) for position, kind in enumerate(kinds)]
    count = len(readers)
    first, second, third = (readers + [None] * 3)[:3]
    if count == 5:
        fourth, fifth = readers[3:]
        assert has_descriptor
        return lambda machine, operands, descriptor: function(
            machine, first(operands), second(operands), third(operands), fourth(operands), fifth(operands), descriptor
        )
    if has_descriptor:
        return [
            lambda machine, operands, descriptor: function(machine, descriptor),
            lambda machine, operands, descriptor: function(machine, first(operands), descriptor),
            lambda machine, operands, descriptor: function(machine, first(operands), second(operands), descriptor),
            lambda machine, operands, descriptor: function(
                machine, first(operands), second(operands), third(operands), descriptor
            ),
        ][count]
    return [
        None,
        lambda machine, operands, descriptor: function(machine, first(operands)),
        lambda machine, operands, descriptor: function(machine, first(operands), second(operands)),
        lambda machine, operands, descriptor: function(machine, first(operands), second(operands), third(operands)),
    ][count]


def _none(machine, operands, descriptor):
    raise AssertionError("no operation without result, or not one that can be executed by itself")


def _int(machine, operands, descriptor):
    raise AssertionError("no operation whose result is an int, or not one that can be executed by itself")


def _reference(machine, operands, descriptor):
    raise AssertionError("no operation whose result is a reference, or not one that can be executed by itself")


def _float(machine, operands, descriptor):
    raise AssertionError("no operation whose result is a float, or not one that can be executed by itself")


def _by_opcode(result, value, nothing):
    table = [nothing] * ops.COUNT
    for (opcode, value_kind), function in EXECUTE.items():
        if ops.result_kinds[opcode] == result and value_kind in (value, NO_VALUE):
            kinds = ops.operand_kinds[opcode].replace("v", value)
            table[opcode] = _on_operands(function, kinds, ops.descriptor_classes[opcode] != ops.NO_DESCRIPTOR)
    return table


_INT = _by_opcode("i", NO_VALUE, _int)
_REFERENCE = _by_opcode("r", NO_VALUE, _reference)
_FLOAT = _by_opcode("f", NO_VALUE, _float)
_STORE_INT = _by_opcode("n", "i", _none)
_STORE_REFERENCE = _by_opcode("n", "r", _none)
_STORE_FLOAT = _by_opcode("n", "f", _none)


def can_execute(opcode):
    """Can an operation be executed by itself? (Calls, guards, labels and the like cannot.)"""
    return _EXECUTABLE[opcode]


_EXECUTABLE = [(opcode, NO_VALUE) in EXECUTE or (opcode, "i") in EXECUTE for opcode in range(ops.COUNT)]


def stored_kind(descriptor):
    """The kind of what a descriptor says is in a field or an item."""
    if isinstance(descriptor, FieldDescriptor):
        return descriptor.kind
    if isinstance(descriptor, ArrayDescriptor):
        return descriptor.kind
    assert isinstance(descriptor, InteriorFieldDescriptor)
    return descriptor.field.kind


def execute_int(machine, opcode, operands, descriptor=None):
    """Execute an operation whose result is an int."""
    return _INT[opcode](machine, operands, descriptor)


def execute_reference(machine, opcode, operands, descriptor=None):
    """Execute an operation whose result is a reference."""
    return _REFERENCE[opcode](machine, operands, descriptor)


def execute_float(machine, opcode, operands, descriptor=None):
    """Execute an operation whose result is a float."""
    return _FLOAT[opcode](machine, operands, descriptor)


def execute_none(machine, opcode, operands, descriptor):
    """Execute a store."""
    kind = stored_kind(descriptor)
    if kind == "i":
        _STORE_INT[opcode](machine, operands, descriptor)
    elif kind == "r":
        _STORE_REFERENCE[opcode](machine, operands, descriptor)
    else:
        _STORE_FLOAT[opcode](machine, operands, descriptor)
