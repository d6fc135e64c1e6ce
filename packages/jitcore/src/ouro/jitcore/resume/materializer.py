"""Makes the values that resume data describe, with all the virtuals among them."""

from ouro.jitcore.descriptors import ArrayDescriptor, FieldDescriptor, InteriorFieldDescriptor
from ouro.jitcore.resume.descriptions import (
    VirtualArray,
    VirtualConcatenation,
    VirtualFields,
    VirtualRawBuffer,
    VirtualRawSlice,
    VirtualSlice,
    VirtualString,
    VirtualStructureArray,
)
from ouro.jitcore.resume.store import KEPT, NO_CONSTANT, NO_VALUE, SMALL, VIRTUAL, small_value, token_number, token_tag
from ouro.jitcore.resume.virtualizable import clear_token
from ouro.jitcore.trace import KIND_FLOAT, KIND_INT, NULL_REFERENCE


class Materializer:
    """The values of one failed guard.

    Virtuals are allocated first and filled then, so that they may name each other in circles; strings are made from
    their parts, which is never circular.

    Args:
        machine: the `Machine`.
        backend: the `Backend` that `frame` is from.
        frame: the `JitFrame`.
        reader: the `ResumeReader` of the guard.
    """

    def __init__(self, machine, backend, frame, reader):
        self.machine = machine
        self.backend = backend
        self.frame = frame
        self.reader = reader
        self.references = [NULL_REFERENCE] * reader.virtual_count()
        self.words = [0] * reader.virtual_count()
        self._made = [False] * reader.virtual_count()

    # ---- values

    def int_of(self, token):
        """The machine word that a token stands for; 0 for `NO_VALUE`."""
        tag = token_tag(token)
        if tag == KEPT:
            return self.backend.value_int(self.frame, token_number(token))
        if tag == SMALL:
            return small_value(token)
        if tag == VIRTUAL:
            return self.words[token_number(token)]
        if token == NO_VALUE:
            return 0
        assert token >> 2 & 3 == KIND_INT
        return self.reader.store.ints[token >> 4]

    def reference_of(self, token):
        """The reference that a token stands for; null for `NO_VALUE`."""
        tag = token_tag(token)
        if tag == KEPT:
            return self.backend.value_reference(self.frame, token_number(token))
        if tag == VIRTUAL:
            return self.references[token_number(token)]
        if token == NO_VALUE:
            return NULL_REFERENCE
        return self.reader.store.references[token >> 4]

    def float_of(self, token):
        """The double that a token stands for; 0.0 for `NO_VALUE`."""
        if token_tag(token) == KEPT:
            return self.backend.value_float(self.frame, token_number(token))
        if token == NO_VALUE:
            return 0.0
        assert token >> 2 & 3 == KIND_FLOAT
        return self.reader.store.floats[token >> 4]

    # ---- virtuals

    def make_virtuals(self):
        """Allocate and fill all virtuals."""
        reader = self.reader
        for number in range(reader.virtual_count()):
            self._allocate(number)
        for number in range(reader.virtual_count()):
            self._make_value(number)
        for number in range(reader.virtual_count()):
            self._fill(number)

    def _content(self, number, position):
        return self.reader.tokens[self.reader.content_starts[number] + position]

    def _allocate(self, number):
        description = self.reader.descriptions[number]
        machine = self.machine
        if isinstance(description, VirtualFields):
            self.references[number] = machine.new(description.size)
        elif isinstance(description, VirtualArray):
            self.references[number] = machine.new_array(description.array, description.count, description.clear)
        elif isinstance(description, VirtualStructureArray):
            self.references[number] = machine.new_array(description.array, description.length, True)
        elif isinstance(description, VirtualRawBuffer):
            self.words[number] = machine.new_raw_buffer(description.size)
        else:
            return
        self._made[number] = True

    def _make_value(self, number):
        """Make a virtual that needs the values of its contents: a string, or an address in a buffer."""
        if self._made[number]:
            return
        self._made[number] = True
        description = self.reader.descriptions[number]
        if isinstance(description, VirtualString):
            self._make_string(number, description)
        elif isinstance(description, VirtualConcatenation):
            self._make_concatenation(number, description)
        elif isinstance(description, VirtualSlice):
            self._make_slice(number, description)
        else:
            assert isinstance(description, VirtualRawSlice)
            self._need(self._content(number, 0))
            self.words[number] = self.int_of(self._content(number, 0)) + description.offset

    def _need(self, token):
        if token_tag(token) == VIRTUAL:
            self._make_value(token_number(token))

    def _make_string(self, number, description):
        string = self.machine.new_array(description.array, description.count, False)
        for index in range(description.count):
            token = self._content(number, index)
            if token != NO_VALUE:
                self.machine.set_item_int(string, index, self.int_of(token), description.array)
        self.references[number] = string

    def _make_concatenation(self, number, description):
        machine = self.machine
        array = description.array
        self._need(self._content(number, 0))
        self._need(self._content(number, 1))
        left_length = machine.array_length(self.reference_of(self._content(number, 0)), array)
        right_length = machine.array_length(self.reference_of(self._content(number, 1)), array)
        string = machine.new_array(array, left_length + right_length, False)
        left = self.reference_of(self._content(number, 0))
        right = self.reference_of(self._content(number, 1))
        machine.copy_string_content(left, string, 0, 0, left_length, array)
        machine.copy_string_content(right, string, 0, left_length, right_length, array)
        self.references[number] = string

    def _make_slice(self, number, description):
        machine = self.machine
        self._need(self._content(number, 0))
        start = self.int_of(self._content(number, 1))
        length = self.int_of(self._content(number, 2))
        string = machine.new_array(description.array, length, False)
        source = self.reference_of(self._content(number, 0))
        machine.copy_string_content(source, string, start, 0, length, description.array)
        self.references[number] = string

    def _fill(self, number):
        description = self.reader.descriptions[number]
        if isinstance(description, VirtualFields):
            for position in range(description.count):
                self._store(
                    self.references[number], -1, self._content(number, position), description.fields[position])
        elif isinstance(description, VirtualArray):
            for position in range(description.count):
                self._store(self.references[number], position, self._content(number, position), description.array)
        elif isinstance(description, VirtualStructureArray):
            width = len(description.fields)
            for position in range(description.count):
                self._store(self.references[number], position // width, self._content(number, position),
                            description.fields[position % width])
        elif isinstance(description, VirtualRawBuffer):
            self._fill_buffer(number, description)

    def _fill_buffer(self, number, description):
        address = self.words[number]
        for position in range(description.count):
            token = self._content(number, position)
            item = description.items[position]
            if item.kind == "f":
                self.machine.raw_store_float(address, description.offsets[position], self.float_of(token), item)
            else:
                self.machine.raw_store_int(address, description.offsets[position], self.int_of(token), item)

    # ---- what else the guard left to do

    def store_pending(self):
        """Do the stores that the trace has not done."""
        reader = self.reader
        for number in range(reader.pending_count()):
            start = reader.pending_starts[number]
            index = reader.pending_indices[number]
            if index == NO_CONSTANT:
                index = self.int_of(reader.tokens[start + 2])
            self._store(self.reference_of(reader.tokens[start]), index, reader.tokens[start + 1],
                        reader.pending_descriptors[number])

    def write_virtual_references(self):
        """Let the virtual references that compiled code made lead to their objects.

        The values are pairs of a stand-in and its object.
        """
        description = self.reader.store.virtual_reference
        for number in range(self.reader.references_count // 2):
            start = self.reader.references_start + 2 * number
            reference = self.reference_of(self.reader.tokens[start])
            if description.is_stand_in(self.machine, reference):
                description.set_object(self.machine, reference, self.reference_of(self.reader.tokens[start + 1]))

    def write_virtualizable(self):
        """Bring the fields of the virtualizable up to date, if there is one."""
        reader = self.reader
        if reader.virtualizable_count == 0:
            return
        start = reader.virtualizable_start
        description = reader.store.virtualizable
        machine = self.machine
        reference = self.reference_of(reader.tokens[start])
        position = start + 1
        for field in description.fields:
            self._store(reference, -1, reader.tokens[position], field)
            position += 1
        for number in range(len(description.array_fields)):
            array = description.arrays[number]
            items = machine.get_field_reference(reference, description.array_fields[number])
            length = machine.array_length(items, array)
            if array.kind == "r":
                for index in range(length):
                    token = reader.tokens[position + index]
                    if token != NO_VALUE:
                        machine.set_item_reference(items, index, self.reference_of(token), array)
            else:
                for index in range(length):
                    self._store(items, index, reader.tokens[position + index], array)
            position += length
        assert position == start + reader.virtualizable_count
        clear_token(machine, description, reference)

    def _store(self, base, index, token, descriptor):
        machine = self.machine
        if token == NO_VALUE:
            return
        if isinstance(descriptor, FieldDescriptor):
            if descriptor.kind == "i":
                machine.set_field_int(base, self.int_of(token), descriptor)
            elif descriptor.kind == "r":
                machine.set_field_reference(base, self.reference_of(token), descriptor)
            else:
                machine.set_field_float(base, self.float_of(token), descriptor)
        elif isinstance(descriptor, ArrayDescriptor):
            if descriptor.kind == "i":
                machine.set_item_int(base, index, self.int_of(token), descriptor)
            elif descriptor.kind == "r":
                machine.set_item_reference(base, index, self.reference_of(token), descriptor)
            else:
                machine.set_item_float(base, index, self.float_of(token), descriptor)
        else:
            assert isinstance(descriptor, InteriorFieldDescriptor)
            kind = descriptor.field.kind
            if kind == "i":
                machine.set_interior_field_int(base, index, self.int_of(token), descriptor)
            elif kind == "r":
                machine.set_interior_field_reference(base, index, self.reference_of(token), descriptor)
            else:
                machine.set_interior_field_float(base, index, self.float_of(token), descriptor)
