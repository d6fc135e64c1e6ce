"""The beginning of a bridge: a recording that has the values which a failed guard describes.

What the guard keeps are the inputs, in order. Virtuals are recorded as the allocations and stores that make them; the
optimizer finds them virtual again.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import ArrayDescriptor, FieldDescriptor
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
from ouro.jitcore.resume.store import KEPT, NO_CONSTANT, NO_VALUE, VIRTUAL, token_number, token_tag
from ouro.jitcore.trace import NOTHING


class BridgeRecorder:
    """References in a new recording for the values of a failed guard.

    Args:
        recorded: an empty `RecordedTrace`.
        guard: the `GuardDescriptor`.
        reader: its `ResumeReader`.
    """

    def __init__(self, recorded, guard, reader):
        self.recorded = recorded
        self.guard = guard
        self.reader = reader
        self.virtuals = [NOTHING] * reader.virtual_count()
        self._lengths = [NOTHING] * reader.virtual_count()

    def record(self):
        """Record the inputs, the virtuals and the pending stores. Call it once, before `reference_of`."""
        self.record_inputs()
        self.record_virtuals()

    def record_virtuals(self):
        """Record the virtuals and the pending stores, behind `record_inputs`."""
        reader = self.reader
        for number in range(reader.virtual_count()):
            self._allocate(number)
        for number in range(reader.virtual_count()):
            self._make_value(number)
        for number in range(reader.virtual_count()):
            self._fill(number)
        for number in range(reader.pending_count()):
            start = reader.pending_starts[number]
            index = reader.pending_indices[number]
            place = self.reference_of(reader.tokens[start + 2]) if index == NO_CONSTANT else NOTHING
            self._store(self.reference_of(reader.tokens[start]), index, reader.tokens[start + 1],
                        reader.pending_descriptors[number], place)

    def reference_of(self, token):
        """The reference of the value that a token stands for, `NOTHING` for `NO_VALUE`."""
        tag = token_tag(token)
        if tag == KEPT:
            return token_number(token)
        if tag == VIRTUAL:
            return self.virtuals[token_number(token)]
        return self.reader.store.constant_in(self.recorded.constants, token)

    def record_inputs(self):
        """Record the inputs. A guard right behind them that has no snapshot resumes as the failed guard does."""
        kinds = self.guard.kinds
        for position in range(len(kinds)):
            kind = kinds[position]
            if kind == "i":
                self._operation(ops.INPUT_I)
            elif kind == "r":
                self._operation(ops.INPUT_R)
            else:
                self._operation(ops.INPUT_F)

    def _operation(self, opcode, descriptor=None):
        return self.recorded.record(opcode, [], descriptor)

    def _word(self, value):
        return self.recorded.constants.of_int(value)

    def _content(self, number, position):
        return self.reader.tokens[self.reader.content_starts[number] + position]

    def _content_reference(self, number, position):
        return self.reference_of(self._content(number, position))

    def _allocate(self, number):
        description = self.reader.descriptions[number]
        if isinstance(description, VirtualFields):
            opcode = ops.NEW_WITH_VTABLE if description.size.is_instance() else ops.NEW
            self.virtuals[number] = self._operation(opcode, description.size)
        elif isinstance(description, VirtualArray):
            opcode = ops.NEW_ARRAY_CLEAR if description.clear else ops.NEW_ARRAY
            self.virtuals[number] = self._new(opcode, self._word(description.count), description.array)
        elif isinstance(description, VirtualStructureArray):
            self.virtuals[number] = self._new(ops.NEW_ARRAY_CLEAR, self._word(description.length), description.array)
        elif isinstance(description, VirtualRawBuffer):
            self.virtuals[number] = self._new(ops.NEW_RAW_BUFFER, self._word(description.size), None)

    def _new(self, opcode, length, descriptor):
        return self.recorded.record(opcode, [length], descriptor)

    def _make_value(self, number):
        if self.virtuals[number] != NOTHING:
            return
        description = self.reader.descriptions[number]
        if isinstance(description, VirtualString):
            self._make_string(number, description)
        elif isinstance(description, VirtualConcatenation):
            self._make_concatenation(number, description.array)
        elif isinstance(description, VirtualSlice):
            self._make_slice(number, description.array)
        else:
            assert isinstance(description, VirtualRawSlice)
            self._need(self._content(number, 0))
            base = self._content_reference(number, 0)
            self.virtuals[number] = self.recorded.record(ops.INT_ADD, [base, self._word(description.offset)])

    def _need(self, token):
        if token_tag(token) == VIRTUAL:
            self._make_value(token_number(token))

    def _make_string(self, number, description):
        array = description.array
        length = self._word(description.count)
        self._lengths[number] = length
        string = self._new(ops.NEWSTR, length, array)
        self.virtuals[number] = string
        for index in range(description.count):
            token = self._content(number, index)
            if token != NO_VALUE:
                self.recorded.record(ops.STRSETITEM, [string, self._word(index), self.reference_of(token)], array)

    def _length(self, token, array):
        if token_tag(token) == VIRTUAL and self._lengths[token_number(token)] != NOTHING:
            return self._lengths[token_number(token)]
        return self.recorded.record(ops.STRLEN, [self.reference_of(token)], array)

    def _make_concatenation(self, number, array):
        left = self._content(number, 0)
        right = self._content(number, 1)
        self._need(left)
        self._need(right)
        left_length = self._length(left, array)
        right_length = self._length(right, array)
        length = self.recorded.record(ops.INT_ADD, [left_length, right_length])
        self._lengths[number] = length
        string = self._new(ops.NEWSTR, length, array)
        self.virtuals[number] = string
        zero = self._word(0)
        self._copy(left, string, zero, zero, left_length, array)
        self._copy(right, string, zero, left_length, right_length, array)

    def _make_slice(self, number, array):
        source = self._content(number, 0)
        self._need(source)
        start = self._content_reference(number, 1)
        length = self._content_reference(number, 2)
        self._lengths[number] = length
        string = self._new(ops.NEWSTR, length, array)
        self.virtuals[number] = string
        self._copy(source, string, start, self._word(0), length, array)

    def _copy(self, source, string, start, target_start, length, array):
        self.recorded.record(
            ops.COPYSTRCONTENT, [self.reference_of(source), string, start, target_start, length], array)

    def _fill(self, number):
        description = self.reader.descriptions[number]
        base = self.virtuals[number]
        if isinstance(description, VirtualFields):
            for position in range(description.count):
                self._store(base, -1, self._content(number, position), description.fields[position])
        elif isinstance(description, VirtualArray):
            for position in range(description.count):
                self._store(base, position, self._content(number, position), description.array)
        elif isinstance(description, VirtualStructureArray):
            width = len(description.fields)
            for position in range(description.count):
                self._store(
                    base, position // width, self._content(number, position), description.fields[position % width])
        elif isinstance(description, VirtualRawBuffer):
            for position in range(description.count):
                operands = [base, self._word(description.offsets[position]), self._content_reference(number, position)]
                self.recorded.record(ops.RAW_STORE, operands, description.items[position])

    def _store(self, base, index, token, descriptor, place=NOTHING):
        if token == NO_VALUE:
            return
        value = self.reference_of(token)
        if index >= 0:
            place = self._word(index)
        if isinstance(descriptor, FieldDescriptor):
            self.recorded.record(ops.SETFIELD_GC, [base, value], descriptor)
        elif isinstance(descriptor, ArrayDescriptor):
            self.recorded.record(ops.SETARRAYITEM_GC, [base, place, value], descriptor)
        else:
            self.recorded.record(ops.SETINTERIORFIELD_GC, [base, place, value], descriptor)
