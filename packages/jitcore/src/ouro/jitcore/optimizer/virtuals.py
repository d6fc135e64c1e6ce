"""Objects that are not made: what they would consist of. One class for each kind of object.

A virtual belongs to the number of the instruction that would allocate it (`Work.virtuals`). Its contents are
references in `Work`, `NOTHING` for what was not written: zero, or undefined. When the object is needed after all,
`Optimizer.force` emits the allocation and then what `fill` says.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.optimizer.work import in_work
from ouro.jitcore.resume import (
    VirtualArray,
    VirtualFields,
    VirtualRawBuffer,
    VirtualRawSlice,
    VirtualStructureArray,
)
from ouro.jitcore.trace import NOTHING


class Virtual:
    """What an object that is not made consists of."""

    def describe(self, contents):
        """The shape, for resume data; appends the contents, as resume data name references."""
        raise NotImplementedError

    def fill(self, optimizer, number):
        """Emit the stores into the object, which was just allocated."""
        raise NotImplementedError

    def allocate(self, optimizer, number):
        """Emit the allocation."""
        optimizer.work.order.append(number)

    def append_contents(self, contents):
        """Append all contents, in a fixed order, to a list."""
        raise NotImplementedError


class Structure(Virtual):
    """An instance or a structure. `values` are parallel to `size.fields`."""

    def __init__(self, size):
        self.size = size
        self.values = [NOTHING] * len(size.fields)
        self.description = None

    def position(self, field):
        """The place of a field, -1 if the structure has none such."""
        fields = self.size.fields
        for position in range(len(fields)):
            if fields[position] is field:
                return position
        return -1

    def set(self, position, value):
        """Write a field."""
        if self.values[position] == NOTHING:
            self.description = None
        self.values[position] = value

    def describe(self, contents):
        for value in self.values:
            if value != NOTHING:
                contents.append(in_work(value))
        if self.description is None:
            fields = []
            for position in range(len(self.values)):
                if self.values[position] != NOTHING:
                    fields.append(self.size.fields[position])
            self.description = VirtualFields(self.size, fields)
        return self.description

    def fill(self, optimizer, number):
        for position in range(len(self.values)):
            field = self.size.fields[position]
            value = self.values[position]
            if value != NOTHING and not optimizer.is_zero(value):
                value = optimizer.forced(value)
                optimizer.emit_new(ops.SETFIELD_GC, number, value, NOTHING, field)
            else:
                value = optimizer.zero(field.kind)
            optimizer.heap.know_field(number, field, value)

    def append_contents(self, contents):
        contents.extend(self.values)


class Items(Virtual):
    """An array of known length. `clear` says that what is not written is zero."""

    def __init__(self, array, length, clear):
        self.array = array
        self.clear = clear or array.kind == "r"
        self.values = [NOTHING] * length
        self.description = VirtualArray(array, length, clear)

    def describe(self, contents):
        for value in self.values:
            contents.append(in_work(value))
        return self.description

    def fill(self, optimizer, number):
        for position in range(len(self.values)):
            value = self.values[position]
            if value == NOTHING:
                if self.clear:
                    optimizer.heap.know_item(number, self.array, position, optimizer.zero(self.array.kind))
                continue
            if not self.clear or not optimizer.is_zero(value):
                value = optimizer.forced(value)
                optimizer.emit_new(ops.SETARRAYITEM_GC, number, optimizer.constants.of_int(position), value, self.array)
            optimizer.heap.know_item(number, self.array, position, value)

    def append_contents(self, contents):
        contents.extend(self.values)


class Structures(Virtual):
    """An array of structures. `fields` are those that were written (`InteriorFieldDescriptor`); `columns` has the
    values of each, one for every item.
    """

    def __init__(self, array, length):
        self.array = array
        self.length = length
        self.fields = []
        self.columns = []

    def column(self, interior):
        """The values of a field, None where it was not written."""
        for position in range(len(self.fields)):
            if self.fields[position] is interior:
                return self.columns[position]
        return None

    def set(self, index, interior, value):
        """Write a field of an item."""
        column = self.column(interior)
        if column is None:
            column = [NOTHING] * self.length
            self.fields.append(interior)
            self.columns.append(column)
        column[index] = value

    def describe(self, contents):
        for index in range(self.length):
            for column in self.columns:
                contents.append(in_work(column[index]))
        return VirtualStructureArray(self.array, self.fields[:], self.length)

    def fill(self, optimizer, number):
        for position in range(len(self.fields)):
            column = self.columns[position]
            for index in range(self.length):
                if column[index] != NOTHING and not optimizer.is_zero(column[index]):
                    value = optimizer.forced(column[index])
                    optimizer.emit_new(
                        ops.SETINTERIORFIELD_GC, number, optimizer.constants.of_int(index), value, self.fields[position]
                    )

    def append_contents(self, contents):
        for column in self.columns:
            contents.extend(column)


class Buffer(Virtual):
    """`size` bytes outside of the heap. What is written stands in parallel lists, in order of `offsets`; `items` are
    the array descriptors that say how wide each value is.
    """

    def __init__(self, size):
        self.size = size
        self.offsets = []
        self.items = []
        self.values = []

    def get(self, offset, array):
        """What was written at an offset with the same width and kind, or `NOTHING`."""
        for position in range(len(self.offsets)):
            if self.offsets[position] == offset and _same_item(self.items[position], array):
                return self.values[position]
        return NOTHING

    def set(self, offset, array, value):
        """Write; False where that overlaps a part of another value."""
        size = int(array.item_size)
        if offset < 0 or offset + size > self.size:
            return False
        place = 0
        while place < len(self.offsets) and self.offsets[place] < offset:
            place += 1
        if place > 0 and self.offsets[place - 1] + int(self.items[place - 1].item_size) > offset:
            return False
        if place < len(self.offsets):
            if self.offsets[place] == offset:
                if int(self.items[place].item_size) != size:
                    return False
                self.items[place] = array
                self.values[place] = value
                return True
            if offset + size > self.offsets[place]:
                return False
        self.offsets.insert(place, offset)
        self.items.insert(place, array)
        self.values.insert(place, value)
        return True

    def describe(self, contents):
        for value in self.values:
            contents.append(in_work(value))
        return VirtualRawBuffer(self.size, self.offsets[:], self.items[:])

    def fill(self, optimizer, number):
        for position in range(len(self.offsets)):
            value = optimizer.forced(self.values[position])
            offset = optimizer.constants.of_int(self.offsets[position])
            optimizer.emit_new(ops.RAW_STORE, number, offset, value, self.items[position])

    def append_contents(self, contents):
        contents.extend(self.values)


def _same_item(first, second):
    return (
        first.kind == second.kind and first.signed == second.signed and int(first.item_size) == int(second.item_size)
    )


class BufferSlice(Virtual):
    """The address `offset` bytes into a virtual buffer: the sum of both until the buffer is made."""

    def __init__(self, buffer, offset):
        self.buffer = buffer
        self.offset = offset

    def describe(self, contents):
        contents.append(in_work(self.buffer))
        return VirtualRawSlice(self.offset)

    def allocate(self, optimizer, number):
        optimizer.forced(self.buffer)
        optimizer.work.order.append(number)

    def fill(self, optimizer, number):
        """The sum is all there is to make."""

    def append_contents(self, contents):
        contents.append(self.buffer)
