"""Makes resume data: from a snapshot of the recording and what the optimizer knows at the guard."""

from ouro.jitcore import operations
from ouro.jitcore.descriptors import GuardDescriptor
from ouro.jitcore.resume.store import NO_CONSTANT, kept_token, virtual_token
from ouro.jitcore.trace import NO_FRAME, NO_SNAPSHOT, NOTHING, SnapshotReader, is_constant
from ouro.jitcore.trace.numbers import append_unsigned


class ValueSource:
    """What the values of a snapshot are where a guard is emitted. The optimizer answers.

    References that are asked for are those of the recording, and those that `describe` gave as contents: the source
    decides what these mean.
    """

    def virtual_of(self, reference):
        """The number of the virtual that a value is, -1 for any other value. Numbers are small; two references that
        are the same object have the same number.
        """
        raise NotImplementedError

    def value_of(self, reference):
        """What a value that is no virtual is in the new trace: a result or a constant."""
        raise NotImplementedError

    def kind_of(self, value):
        """The kind, a letter, of a result of the new trace."""
        raise NotImplementedError

    def describe(self, virtual, contents):
        """The shape of a virtual, a `VirtualDescription`; appends the references of its contents to a list."""
        raise NotImplementedError


class RecordedValues(ValueSource):
    """The source of a trace that is not optimized: values are what they were, nothing is virtual."""

    def __init__(self, trace):
        self.trace = trace

    def kind_of(self, value):
        return self.trace.kind_of(value)

    def virtual_of(self, reference):
        return -1

    def value_of(self, reference):
        return reference

    def describe(self, virtual, contents):
        raise AssertionError("nothing is virtual")


class PendingStores:
    """Stores that the trace has not done where a guard stands, and resuming does: parallel lists.

    `descriptors` is what is written: a `FieldDescriptor`, or an `ArrayDescriptor` or `InteriorFieldDescriptor` with
    the index in `indices`, or, where that is `NO_CONSTANT`, in `places`. `bases`, `places` and `values` are references
    as in snapshots, virtuals included.
    """

    def __init__(self):
        self.descriptors = []
        self.bases = []
        self.indices = []
        self.places = []
        self.values = []

    def add_field(self, descriptor, base, value):
        """A field that was not written yet."""
        self.add_item(descriptor, base, -1, value)

    def add_item(self, descriptor, base, index, value):
        """An item that was not written yet, or a field of one. `index` is the index itself, an int."""
        self._add(descriptor, base, index, NOTHING, value)

    def add_item_at(self, descriptor, base, place, value):
        """An item that was not written yet, or a field of one, at an index that is a reference."""
        self._add(descriptor, base, NO_CONSTANT, place, value)

    def _add(self, descriptor, base, index, place, value):
        self.descriptors.append(descriptor)
        self.bases.append(base)
        self.indices.append(index)
        self.places.append(place)
        self.values.append(value)

    def length(self):
        """How many stores there are."""
        return len(self.descriptors)


class ResumeBuilder:
    """Writes the resume data of the guards of a new trace.

    Args:
        recorded: the `RecordedTrace` that the snapshots are in.
        constants: the pools of the trace that the guards are emitted to.
        store: the `ResumeStore` of the new trace; `close` it when the trace is done.
    """

    def __init__(self, recorded, constants, store):
        self.constants = constants
        self.store = store
        self._snapshots = SnapshotReader(recorded)
        self._source = None
        self._places = []
        # of the guard that is made: what it keeps, and its virtuals. Of the lists the first so many items count: lists
        # that are emptied and filled again would be allocated again and again.
        self._kept = []
        self._kept_count = 0
        self._virtuals = []
        self._virtual_count = 0
        self._contents = []
        self._kinds = ""
        # result or virtual -> its position or number, where the stamp is that of the guard
        self._stamp = 0
        room = recorded.count + recorded.count // 4
        self._stamp_of_kept = [0] * room
        self._position_of_kept = [0] * room
        self._stamp_of_virtual = [0] * room
        self._number_of_virtual = [0] * room

    def capture(self, guard, snapshot, source, pending=None):
        """Write what a guard needs and fill its descriptor: `values`, `kinds`, `store`, `resume`.

        Args:
            guard: a `GuardDescriptor`.
            snapshot: what `RecordedTrace.snapshot` gave, or `NO_SNAPSHOT` for a guard that no one resumes from.
            source: the `ValueSource`, as things stand at the guard.
            pending: `PendingStores` or None.
        """
        self._start(source)
        if snapshot != NO_SNAPSHOT:
            guard.resume = self._record(snapshot, pending)
            guard.store = self.store
        guard.values = self._kept[: self._kept_count]
        guard.kinds = self._kinds_of(guard.values, source)

    def position_of(self, value):
        """The position of a result in what the guard that was made last keeps, -1 if it does not keep it."""
        if 0 <= value < len(self._stamp_of_kept) and self._stamp_of_kept[value] == self._stamp:
            return self._position_of_kept[value]
        return -1

    def _kinds_of(self, values, source):
        """The kinds of values; the string of the guard before if it is the same, as it often is."""
        kinds = self._kinds
        position = 0
        if len(values) == len(kinds):
            while position < len(kinds) and source.kind_of(values[position]) == kinds[position]:
                position += 1
            if position == len(kinds):
                return kinds
        letters = []
        for reference in values:
            letters.append(source.kind_of(reference))
        self._kinds = "".join(letters)
        return self._kinds

    def _start(self, source):
        self._source = source
        self._stamp += 1
        self._kept_count = 0
        self._virtual_count = 0

    def _record(self, snapshot, pending):
        snapshots = self._snapshots
        characters = self.store.characters
        places = self._places
        del places[:]
        whole = snapshots.snapshot(snapshot)
        frame = whole.frame
        while frame != NO_FRAME:
            places.append(frame)
            frame = snapshots.frame(frame).caller
        written = NO_FRAME
        for number in range(len(places) - 1, -1, -1):
            frame_values = snapshots.frame(places[number])
            start = len(characters)
            append_unsigned(characters, written + 1)
            append_unsigned(characters, frame_values.jitcode)
            append_unsigned(characters, frame_values.position)
            known_virtuals = self._virtual_count
            self._values(characters, frame_values.values)
            self._define(characters, known_virtuals)
            written = self.store.end_record(start)
        start = len(characters)
        append_unsigned(characters, written + 1)
        known_virtuals = self._virtual_count
        self._values(characters, whole.virtualizable)
        self._values(characters, whole.virtual_references)
        self._pending(characters, pending)
        self._define(characters, known_virtuals)
        return self.store.end_record(start)

    def _define(self, characters, known_virtuals):
        """Write the definitions of the virtuals after the first `known_virtuals`, and of those that turn up there."""
        number = known_virtuals
        contents = self._contents
        while number < self._virtual_count:
            del contents[:]
            description = self._source.describe(self._virtuals[number], contents)
            assert len(contents) == description.count
            append_unsigned(characters, self.store.add_description(description))
            for reference in contents:
                append_unsigned(characters, self._token(reference))
            number += 1

    def _values(self, characters, values):
        append_unsigned(characters, len(values))
        for reference in values:
            append_unsigned(characters, self._token(reference))

    def _pending(self, characters, pending):
        if pending is None:
            append_unsigned(characters, 0)
            return
        append_unsigned(characters, pending.length())
        for number in range(pending.length()):
            append_unsigned(characters, self.store.add_descriptor(pending.descriptors[number]))
            append_unsigned(characters, self._token(pending.bases[number]))
            append_unsigned(characters, pending.indices[number] - NO_CONSTANT)
            append_unsigned(characters, self._token(pending.values[number]))
            if pending.indices[number] == NO_CONSTANT:
                append_unsigned(characters, self._token(pending.places[number]))

    def _token(self, reference):
        if reference == NOTHING:
            return self.store.token_of_constant(self.constants, NOTHING)
        virtual = self._source.virtual_of(reference)
        if virtual >= 0:
            return self._virtual(virtual)
        value = self._source.value_of(reference)
        if value == NOTHING or is_constant(value):
            return self.store.token_of_constant(self.constants, value)
        return self._keep(value)

    def _keep(self, value):
        while len(self._stamp_of_kept) <= value:
            self._stamp_of_kept.append(0)
            self._position_of_kept.append(0)
        if self._stamp_of_kept[value] != self._stamp:
            self._stamp_of_kept[value] = self._stamp
            self._position_of_kept[value] = self._kept_count
            if self._kept_count == len(self._kept):
                self._kept.append(value)
            else:
                self._kept[self._kept_count] = value
            self._kept_count += 1
        return kept_token(self._position_of_kept[value])

    def _virtual(self, virtual):
        while len(self._stamp_of_virtual) <= virtual:
            self._stamp_of_virtual.append(0)
            self._number_of_virtual.append(0)
        if self._stamp_of_virtual[virtual] != self._stamp:
            self._stamp_of_virtual[virtual] = self._stamp
            self._number_of_virtual[virtual] = self._virtual_count
            if self._virtual_count == len(self._virtuals):
                self._virtuals.append(virtual)
            else:
                self._virtuals[self._virtual_count] = virtual
            self._virtual_count += 1
        return virtual_token(self._number_of_virtual[virtual])


def capture_all(recorded, trace, store):
    """Give every guard of `expand(recorded)` its resume data: what a trace that is not optimized has."""
    builder = ResumeBuilder(recorded, trace.constants, store)
    source = RecordedValues(trace)
    for number in range(trace.length()):
        if operations.is_guard(trace.opcodes[number]):
            guard = trace.descriptors[number]
            assert isinstance(guard, GuardDescriptor)
            builder.capture(guard, guard.resume, source)
    store.close()
