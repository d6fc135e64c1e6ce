"""Descriptors of memory: structures, their fields, arrays, and fields of structures in arrays.

Sizes and offsets count from where the reference points, the header included, in bytes. While translating they may be
symbolic: the C compiler of the target fills them in.
"""


class Descriptor:
    """What an operation refers to beside its operands. Compared by identity."""

    name = "?"


class SizeDescriptor(Descriptor):
    """A structure that is allocated as a whole.

    `vtable` is the address of the class of an instance, 0 for other structures; `fields` are those that hold
    data, in order of offset, those of the structures it begins with included.
    """

    _immutable_fields_ = ["name", "size", "type_id", "vtable", "fields?"]

    def __init__(self, name, size, type_id, vtable):
        self.name = name
        self.size = size
        self.type_id = type_id
        self.vtable = vtable
        self.fields = []

    def is_instance(self):
        """Has the structure a class?"""
        return self.vtable != 0


class FieldDescriptor(Descriptor):
    """A field. `index` is its number in the bit sets of effects; `size` is in bytes, `signed` how to widen it;
    `immutable_items`: the items of the array that it leads to never change.
    """

    _immutable_ = True

    def __init__(self, owner, name, offset, size, kind, signed, immutable, quasi_immutable, index,
                 immutable_items=False):
        self.owner = owner
        self.name = name
        self.offset = offset
        self.size = size
        self.kind = kind
        self.signed = signed
        self.immutable = immutable
        self.quasi_immutable = quasi_immutable
        self.index = index
        self.immutable_items = immutable_items


class ArrayDescriptor(Descriptor):
    """An array or a structure that ends in one, such as a string.

    `base_size` is the offset of the first item, `length_offset` that of the length, -1 where there is none. `kind` is
    that of the items, `n` for structures. `index` is its number in the bit sets of effects.
    """

    _immutable_ = True

    def __init__(self, name, base_size, item_size, length_offset, kind, signed, type_id, immutable, index):
        self.name = name
        self.base_size = base_size
        self.item_size = item_size
        self.length_offset = length_offset
        self.kind = kind
        self.signed = signed
        self.type_id = type_id
        self.immutable = immutable
        self.index = index

    def has_length(self):
        """Does the array know its length?"""
        return int(self.length_offset) >= 0


class InteriorFieldDescriptor(Descriptor):
    """A field of the structures that an array consists of."""

    _immutable_ = True

    def __init__(self, array, field):
        self.array = array
        self.field = field
        self.name = array.name + "[]." + field.name
