"""What virtual objects look like: the shape without the values.

A virtual is an object that compiled code never allocates; a guard that needs it says of what it would consist. The
shape (a `VirtualDescription`) is the same for most guards of a loop, so each is made once per trace; what differs,
the values, is numbered with the frames (see `store`). The values of a virtual, its *contents*, are in the order that
its description states.
"""

(
    INSTANCE,
    STRUCTURE,
    ARRAY,
    STRUCTURE_ARRAY,
    RAW_BUFFER,
    RAW_SLICE,
    STRING,
    STRING_CONCATENATION,
    STRING_SLICE,
) = range(9)

SHAPE_NAMES = [
    "instance", "structure", "array", "structures", "raw_buffer", "raw_slice", "string", "concatenation", "slice",
]


class VirtualDescription:
    """A shape. `shape` is its number (`INSTANCE`, ...), for fast tests; `count` the number of contents."""

    shape = -1
    count = 0

    def same(self, other):
        """Is `other` the same shape?"""
        raise NotImplementedError

    def hash(self):
        """A number that is the same for the same shapes."""
        raise NotImplementedError

    def kind_of(self, position):
        """The kind, a letter, of content number `position`."""
        raise NotImplementedError

    def is_word(self):
        """Is the virtual a machine word (an address) and no reference?"""
        return False


class VirtualFields(VirtualDescription):
    """A structure whose `fields` (a list of `FieldDescriptor`) have values; all others are zero.

    `size` is a `SizeDescriptor`: one with a vtable makes an `INSTANCE`, one without a `STRUCTURE`.
    """

    def __init__(self, size, fields):
        self.shape = INSTANCE if size.is_instance() else STRUCTURE
        self.size = size
        self.fields = fields
        self.count = len(fields)

    def same(self, other):
        return (
            isinstance(other, VirtualFields)
            and other.size is self.size
            and _same_fields(self.fields, other.fields)
        )

    def hash(self):
        result = self.shape + self.size.type_id * 16
        for field in self.fields:
            result = _mix(result, field.index)
        return result

    def kind_of(self, position):
        return self.fields[position].kind


class VirtualArray(VirtualDescription):
    """An array of `length` values. `clear` says that it was made by `new_array_clear`."""

    def __init__(self, array, length, clear):
        self.shape = ARRAY
        self.array = array
        self.count = length
        self.clear = clear

    def same(self, other):
        return (
            isinstance(other, VirtualArray)
            and other.array is self.array
            and other.count == self.count
            and other.clear == self.clear
        )

    def hash(self):
        return _mix(self.shape + self.array.index * 16, self.count)

    def kind_of(self, position):
        return self.array.kind


class VirtualStructureArray(VirtualDescription):
    """An array of `length` structures. The contents are the `fields` (a list of `InteriorFieldDescriptor`) of item 0,
    then those of item 1, and so on.
    """

    def __init__(self, array, fields, length):
        self.shape = STRUCTURE_ARRAY
        self.array = array
        self.fields = fields
        self.length = length
        self.count = length * len(fields)

    def same(self, other):
        if not isinstance(other, VirtualStructureArray) or other.array is not self.array:
            return False
        if other.length != self.length or len(other.fields) != len(self.fields):
            return False
        for position in range(len(self.fields)):
            if self.fields[position] is not other.fields[position]:
                return False
        return True

    def hash(self):
        return _mix(self.shape + self.array.index * 16, self.count)

    def kind_of(self, position):
        return self.fields[position % len(self.fields)].field.kind


class VirtualRawBuffer(VirtualDescription):
    """`size` bytes outside of the heap, of which some are written.

    `offsets` (bytes from the start, growing) and `items` (a list of `ArrayDescriptor` whose item says how wide a value
    is) go with the contents. Its value is a machine word.
    """

    def __init__(self, size, offsets, items):
        self.shape = RAW_BUFFER
        self.size = size
        self.offsets = offsets
        self.items = items
        self.count = len(offsets)

    def same(self, other):
        if not isinstance(other, VirtualRawBuffer) or other.size != self.size or other.count != self.count:
            return False
        for position in range(self.count):
            if self.offsets[position] != other.offsets[position]:
                return False
            if self.items[position] is not other.items[position]:
                return False
        return True

    def hash(self):
        result = _mix(self.shape, self.size)
        for offset in self.offsets:
            result = _mix(result, offset)
        return result

    def kind_of(self, position):
        return self.items[position].kind

    def is_word(self):
        return True


class VirtualRawSlice(VirtualDescription):
    """An address `offset` bytes into a virtual buffer, its only content."""

    def __init__(self, offset):
        self.shape = RAW_SLICE
        self.offset = offset
        self.count = 1

    def same(self, other):
        return isinstance(other, VirtualRawSlice) and other.offset == self.offset

    def hash(self):
        return _mix(self.shape, self.offset)

    def kind_of(self, position):
        return "i"

    def is_word(self):
        return True


class VirtualString(VirtualDescription):
    """A string of `length` characters, the contents, of which some may be `NOTHING`: not written yet.

    `array` is the descriptor of the type of string, so that this stands for byte strings and wider ones alike.
    """

    def __init__(self, array, length):
        self.shape = STRING
        self.array = array
        self.count = length

    def same(self, other):
        return isinstance(other, VirtualString) and other.array is self.array and other.count == self.count

    def hash(self):
        return _mix(self.shape + self.array.index * 16, self.count)

    def kind_of(self, position):
        return "i"


class VirtualConcatenation(VirtualDescription):
    """A string that consists of two others, the contents."""

    def __init__(self, array):
        self.shape = STRING_CONCATENATION
        self.array = array
        self.count = 2

    def same(self, other):
        return isinstance(other, VirtualConcatenation) and other.array is self.array

    def hash(self):
        return self.shape + self.array.index * 16

    def kind_of(self, position):
        return "r"


class VirtualSlice(VirtualDescription):
    """A part of a string. The contents are the string, the start and the length of the part."""

    def __init__(self, array):
        self.shape = STRING_SLICE
        self.array = array
        self.count = 3

    def same(self, other):
        return isinstance(other, VirtualSlice) and other.array is self.array

    def hash(self):
        return self.shape + self.array.index * 16

    def kind_of(self, position):
        return "r" if position == 0 else "i"


def _same_fields(first, second):
    if first is second:
        return True
    if len(first) != len(second):
        return False
    for position in range(len(first)):
        if first[position] is not second[position]:
            return False
    return True


def _mix(number, further):
    return (number * 31 + further) & 0x3FFFFFFF


def same_description(first, second):
    """Are two shapes the same? For tables of shapes."""
    return first.same(second)


def hash_of_description(description):
    """The hash of a shape, for tables of shapes."""
    return description.hash()
