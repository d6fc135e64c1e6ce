"""What the optimizer knows where a guard stands, for the bridge that may begin there.

A record in the `ResumeStore` of the trace, in terms of the positions that the guard keeps; guards that know the same
share it. It says of each kept value its class, that it is not null, the range of an integer, and which fields and
items of kept objects have a kept or constant value.

    record: number of values, for each: position, flags, [class], [lower, upper, value, unknown]
            number of fields and items, for each: descriptor, position of the object, index, value
    index:  0 for a field, constant index * 2 + 1, position of an index * 2 + 2
    value:  a position * 2, or a token of a constant * 2 + 1
"""

from ouro.jitcore.descriptors import FieldDescriptor
from ouro.jitcore.optimizer import ranges
from ouro.jitcore.optimizer.loop_state import Knowledge, knowledge_of, learn_knowledge
from ouro.jitcore.optimizer.options import HEAP
from ouro.jitcore.trace import NOTHING, is_constant
from ouro.jitcore.trace.numbers import NumberReader, append_signed, append_unsigned

_CLASS, _RANGE, _FACTS = 1, 2, 4

#: How many entries of the heap are looked at for one guard.
LOOKED_AT = 96


def write_knowledge(optimizer, values, builder):
    """The place of a record about what a guard keeps, -1 where nothing is known.

    Args:
        optimizer: what knows.
        values: what the guard keeps.
        builder: the `ResumeBuilder` that made the data of the guard just now.
    """
    store = builder.store
    characters = store.characters
    start = len(characters)
    known = []
    positions = []
    work = optimizer.work
    for position in range(len(values)):
        value = values[position]
        if work.ranges[value] is None and work.facts[value] == 0 and work.classes[value] == 0:
            continue
        one = knowledge_of(optimizer, value, work.kind_of(value))
        if not one.is_empty():
            known.append(one)
            positions.append(position)
    cells = _Cells(optimizer, builder)
    if optimizer.enabled & HEAP:
        cells.find()
    if len(known) == 0 and len(cells.descriptors) == 0:
        return -1
    append_unsigned(characters, len(known))
    for number in range(len(known)):
        append_unsigned(characters, positions[number])
        _append_known(characters, known[number])
    append_unsigned(characters, len(cells.descriptors))
    for number in range(len(cells.descriptors)):
        append_unsigned(characters, cells.descriptors[number])
        append_unsigned(characters, cells.objects[number])
        append_unsigned(characters, cells.indices[number])
        append_unsigned(characters, cells.tokens[number])
    return store.end_record(start)


def _append_known(characters, known):
    flags = known.facts * _FACTS
    if known.class_address != 0:
        flags |= _CLASS
    if known.range is not None:
        flags |= _RANGE
    append_unsigned(characters, flags)
    if known.class_address != 0:
        append_signed(characters, known.class_address)
    if known.range is not None:
        append_signed(characters, known.range.lower)
        append_signed(characters, known.range.upper)
        append_signed(characters, known.range.value)
        append_signed(characters, known.range.unknown)


class _Cells:
    """The known fields and items of kept objects: parallel lists."""

    def __init__(self, optimizer, builder):
        self.optimizer = optimizer
        self.builder = builder
        self.store = builder.store
        self.limit = optimizer.environment.options.bridge_facts_limit
        self.descriptors = []
        self.objects = []
        self.indices = []
        self.tokens = []
        self.looked_at = 0

    def find(self):
        heap = self.optimizer.heap
        for cell in heap.cells:
            if cell.field is not None:
                self._add_all(cell, 0)
            else:
                self._add_all(cell, 2 * cell.index + 1)
        for items in heap.items.values():
            for group in items.counted.values():
                for cell in group.values():
                    position = self.builder.position_of(self.optimizer.work.resolve(cell.place))
                    if position >= 0:
                        self._add_all(cell, 2 * position + 2)

    def _add_all(self, cell, index):
        """Add what is known of the cell of some objects."""
        for reference, value in cell.values.items():
            if self.looked_at >= LOOKED_AT:
                return
            self.looked_at += 1
            self._add(cell, index, reference, value)

    def _add(self, cell, index, reference, value):
        work = self.optimizer.work
        position = self.builder.position_of(reference)
        if len(self.descriptors) >= self.limit or position < 0:
            return
        importer = self.optimizer.importer
        if importer is not None and importer.is_unused(value):
            return
        value = work.resolve(value)
        if is_constant(value):
            token = 2 * self.store.token_of_constant(self.optimizer.constants, value) + 1
        else:
            of_value = self.builder.position_of(value)
            if of_value < 0:
                return
            token = 2 * of_value
        self.descriptors.append(self.store.add_descriptor(cell.descriptor()))
        self.objects.append(position)
        self.indices.append(index)
        self.tokens.append(token)


def read_knowledge(optimizer, inputs, guard):
    """Begin the pass over a bridge with what was known at its guard.

    Args:
        optimizer: with nothing but the inputs.
        inputs: what the guard keeps.
        guard: the `GuardDescriptor`.
    """
    if guard.knowledge < 0:
        return
    store = guard.store
    numbers = NumberReader(store.characters, guard.knowledge)
    for _ in range(numbers.unsigned()):
        number = inputs[numbers.unsigned()]
        learn_knowledge(optimizer, number, _read_known(numbers))
    for _ in range(numbers.unsigned()):
        descriptor = store.descriptors[numbers.unsigned()]
        reference = inputs[numbers.unsigned()]
        index = numbers.unsigned()
        token = numbers.unsigned()
        value = inputs[token >> 1] if token & 1 == 0 else store.constant_in(optimizer.constants, token >> 1)
        if value == NOTHING or not optimizer.enabled & HEAP:
            continue
        if isinstance(descriptor, FieldDescriptor):
            optimizer.heap.know_field(reference, descriptor, value)
        elif index & 1:
            optimizer.heap.know_item(reference, descriptor, index >> 1, value)
        else:
            optimizer.heap.know_item_at(reference, descriptor, inputs[(index >> 1) - 1], value)


def _read_known(numbers):
    flags = numbers.unsigned()
    class_address = numbers.signed() if flags & _CLASS else 0
    known = None
    if flags & _RANGE:
        lower = numbers.signed()
        upper = numbers.signed()
        value = numbers.signed()
        known = ranges.make(lower, upper, value, numbers.signed())
    return Knowledge(known, class_address, flags // _FACTS)
