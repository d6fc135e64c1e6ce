"""Virtualizables: objects of the interpreter (its frames) whose fields compiled code keeps in registers.

While compiled code runs, the fields in memory are out of date. Who else looks at the object first asks its *token*, a
field that the JIT adds:

    null                 memory is up to date
    the tracing token    the tracer runs a call; it clears the token if someone looks, and the tracer notices
    another reference    the force token of the compiled code that is in a call: see `forcing`
"""

from ouro.jitcore.trace import NULL_REFERENCE
from ouro.lltype import GCREF, GcStruct, Signed, cast_opaque_ptr, malloc

#: Stands for the tracer in the tokens of virtualizables and virtual references.
TRACING_TOKEN = cast_opaque_ptr(GCREF, malloc(GcStruct("tracing", ("unused", Signed)), immortal=True))



def token_of(machine, description, reference):
    """The token of a virtualizable object, whose class a `jitcode.VirtualizableDescription` describes."""
    return machine.get_field_reference(reference, description.token)


def set_token(machine, description, reference, token):
    """Write the token of an object."""
    machine.set_field_reference(reference, token, description.token)


def clear_token(machine, description, reference):
    """Say that the fields in memory are up to date."""
    machine.set_field_reference(reference, NULL_REFERENCE, description.token)


def count_values(machine, description, reference):
    """How many values of an object compiled code has, and the object itself: `VirtualizableView.count`."""
    count = 1 + len(description.fields)
    for number in range(len(description.array_fields)):
        array = machine.get_field_reference(reference, description.array_fields[number])
        count += machine.array_length(array, description.arrays[number])
    return count


def pass_values(machine, description, reference, values):
    """Add the values of an object, by position from 1 on, to `PassedValues`."""
    for field in description.fields:
        kind = field.kind
        if kind == "i":
            values.add_int(machine.get_field_int(reference, field))
        elif kind == "r":
            values.add_reference(machine.get_field_reference(reference, field))
        else:
            values.add_float(machine.get_field_float(reference, field))
    for number in range(len(description.array_fields)):
        items = machine.get_field_reference(reference, description.array_fields[number])
        array = description.arrays[number]
        length = machine.array_length(items, array)
        kind = array.kind
        if kind == "i":
            for index in range(length):
                values.add_int(machine.get_item_int(items, index, array))
        elif kind == "r":
            for index in range(length):
                values.add_reference(machine.get_item_reference(items, index, array))
        else:
            for index in range(length):
                values.add_float(machine.get_item_float(items, index, array))


class VirtualizableView:
    """The fields of one virtualizable object by position, as the values of a snapshot are.

    Position 0 is the object itself; then come `fields` of its `jitcode.VirtualizableDescription` in order, then the
    items of the first array, and so on. `count` is the number of positions. The arrays do not change as long as the
    object is used as a virtualizable.
    """

    def __init__(self, machine, description, reference):
        self.machine = machine
        self.description = description
        self.reference = reference
        self._arrays = []
        self._starts = []
        count = 1 + len(description.fields)
        for number in range(len(description.array_fields)):
            array = machine.get_field_reference(reference, description.array_fields[number])
            self._arrays.append(array)
            self._starts.append(count)
            count += machine.array_length(array, description.arrays[number])
        self.count = count

    def position_of_field(self, number):
        """The position of field number `number` of the description."""
        return 1 + number

    def position_of_item(self, array, index):
        """The position of an item of array number `array` of the description."""
        return self._starts[array] + index

    def length(self, array):
        """The number of items of array number `array`."""
        end = self.count
        if array + 1 < len(self._starts):
            end = self._starts[array + 1]
        return end - self._starts[array]

    def kind(self, position):
        """The kind, a letter, of the value at a position."""
        if position == 0:
            return "r"
        description = self.description
        if position <= len(description.fields):
            return description.fields[position - 1].kind
        return description.arrays[self._array_at(position)].kind

    def read_int(self, position):
        """The value in memory at a position of kind int."""
        description = self.description
        if position <= len(description.fields):
            return self.machine.get_field_int(self.reference, description.fields[position - 1])
        array = self._array_at(position)
        return self.machine.get_item_int(
            self._arrays[array], position - self._starts[array], description.arrays[array])

    def read_reference(self, position):
        """The value in memory at a position of kind reference."""
        if position == 0:
            return self.reference
        description = self.description
        if position <= len(description.fields):
            return self.machine.get_field_reference(self.reference, description.fields[position - 1])
        array = self._array_at(position)
        return self.machine.get_item_reference(
            self._arrays[array], position - self._starts[array], description.arrays[array])

    def read_float(self, position):
        """The value in memory at a position of kind float."""
        description = self.description
        if position <= len(description.fields):
            return self.machine.get_field_float(self.reference, description.fields[position - 1])
        array = self._array_at(position)
        return self.machine.get_item_float(
            self._arrays[array], position - self._starts[array], description.arrays[array])

    def write_int(self, position, value):
        """Write an int to memory."""
        description = self.description
        if position <= len(description.fields):
            self.machine.set_field_int(self.reference, value, description.fields[position - 1])
            return
        array = self._array_at(position)
        self.machine.set_item_int(
            self._arrays[array], position - self._starts[array], value, description.arrays[array])

    def write_reference(self, position, value):
        """Write a reference to memory. Position 0, the object itself, stays what it is."""
        if position == 0:
            return
        description = self.description
        if position <= len(description.fields):
            self.machine.set_field_reference(self.reference, value, description.fields[position - 1])
            return
        array = self._array_at(position)
        self.machine.set_item_reference(
            self._arrays[array], position - self._starts[array], value, description.arrays[array])

    def write_float(self, position, value):
        """Write a float to memory."""
        description = self.description
        if position <= len(description.fields):
            self.machine.set_field_float(self.reference, value, description.fields[position - 1])
            return
        array = self._array_at(position)
        self.machine.set_item_float(
            self._arrays[array], position - self._starts[array], value, description.arrays[array])

    def _array_at(self, position):
        array = len(self._starts) - 1
        while self._starts[array] > position:
            array -= 1
        return array
