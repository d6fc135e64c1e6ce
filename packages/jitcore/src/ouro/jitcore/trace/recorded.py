"""What the tracer appends to: a stream of variable-length integers, and its one reader.

A recording is long and mostly thrown away (aborted traces) or read once (by the optimizer), so it is characters, not
objects: an instruction takes three or four. Operands are distances back, which are small. Snapshots are a second
stream: a frame names its caller's frame by position, so that all guards in a function share what is above it.

    instruction: opcode, [number of operands where it varies], operands, [descriptor], [snapshot + 1 of a guard]
    frame: caller's position + 1, jitcode, position in it, number of values, values
    snapshot: frame position + 1, number of virtualizable values, values, number of virtual reference values, values
"""

from ouro.jitcore import operations
from ouro.jitcore.operations import FAILURE, NO_DESCRIPTOR
from ouro.jitcore.trace.constants import ConstantPools
from ouro.jitcore.trace.numbers import NumberReader, append_signed, append_unsigned
from ouro.jitcore.trace.references import NOTHING
from ouro.rlib.objectmodel import newlist_hint

NO_SNAPSHOT = -1

# what most recordings need
_ROOM = 4096
NO_FRAME = -1


class Mark:
    """A place in a recording to go back to."""

    def __init__(self, length, snapshot_length, count):
        self.length = length
        self.snapshot_length = snapshot_length
        self.count = count


class RecordedTrace:
    """A trace while it is recorded. `count` is the number of instructions so far, `constants` the pools."""

    def __init__(self):
        self.characters = newlist_hint(_ROOM)
        self.snapshot_characters = newlist_hint(_ROOM)
        self.constants = ConstantPools()
        self.descriptors = []
        self._index_of_descriptor = {}
        self.count = 0

    def record(self, opcode, operands, descriptor=None, snapshot=NO_SNAPSHOT):
        """Append an instruction.

        Args:
            opcode: its number in the table of operations.
            operands: list of references.
            descriptor: what the table asks for; None for guards.
            snapshot: of a guard, what `snapshot` gave.

        Returns:
            The reference of its result.
        """
        characters = self.characters
        characters.append(chr(opcode))
        if operations.has_more(opcode):
            append_unsigned(characters, len(operands))
        else:
            assert len(operands) == operations.arity(opcode)
        number = self.count
        for reference in operands:
            if reference < 0:
                append_signed(characters, reference)
            else:
                append_signed(characters, number - 1 - reference)
        kind = operations.descriptor_classes[opcode]
        if kind == FAILURE:
            append_unsigned(characters, snapshot + 1)
        elif kind != NO_DESCRIPTOR:
            append_unsigned(characters, self._descriptor(descriptor))
        self.count = number + 1
        return number

    def frame(self, caller, jitcode, position, values):
        """Append a frame for snapshots.

        Args:
            caller: what `frame` gave for the function that called this one, or `NO_FRAME`.
            jitcode: number of the code.
            position: where the code goes on.
            values: references of the live registers, `NOTHING` allowed.
        """
        characters = self.snapshot_characters
        start = len(characters)
        append_unsigned(characters, caller + 1)
        append_unsigned(characters, jitcode)
        append_unsigned(characters, position)
        self._values(values)
        return start

    def snapshot(self, frame, virtualizable, virtual_references):
        """Append a snapshot: the innermost frame, and the references of the values outside of the frames."""
        start = len(self.snapshot_characters)
        append_unsigned(self.snapshot_characters, frame + 1)
        self._values(virtualizable)
        self._values(virtual_references)
        return start

    def mark(self):
        """Where the recording is now, for `cut`."""
        return Mark(len(self.characters), len(self.snapshot_characters), self.count)

    def cut(self, mark):
        """Forget what was recorded since `mark`. Constants stay in the pools."""
        del self.characters[mark.length:]
        del self.snapshot_characters[mark.snapshot_length:]
        self.count = mark.count

    def _values(self, values):
        append_unsigned(self.snapshot_characters, len(values))
        for reference in values:
            append_signed(self.snapshot_characters, reference)

    def _descriptor(self, descriptor):
        index = self._index_of_descriptor.get(descriptor, -1)
        if index < 0:
            index = len(self.descriptors)
            self.descriptors.append(descriptor)
            self._index_of_descriptor[descriptor] = index
        return index


class SnapshotFrame:
    """One frame of a snapshot: number of the jitcode, position in it, references of the live registers."""

    def __init__(self, jitcode, position, values):
        self.jitcode = jitcode
        self.position = position
        self.values = values


class Snapshot:
    """What a guard needs to resume: `frames`, the innermost first, and the values outside of them."""

    def __init__(self, frames, virtualizable, virtual_references):
        self.frames = frames
        self.virtualizable = virtualizable
        self.virtual_references = virtual_references

    def all_values(self):
        """All references in it, frames first, each as often as it stands there."""
        result = []
        for frame in self.frames:
            result.extend(frame.values)
        result.extend(self.virtualizable)
        result.extend(self.virtual_references)
        return result


class TraceReader:
    """Walks once over a recording. After `next()`: `number`, `opcode`, `operands`, `descriptor`, `snapshot`.

    `operands` is one list that every step fills anew.
    """

    def __init__(self, recorded):
        self.recorded = recorded
        self._numbers = NumberReader(recorded.characters, 0)
        self.number = -1
        self.opcode = 0
        self.operands = []
        self.descriptor = None
        self.snapshot = NO_SNAPSHOT

    def skip_to(self, mark):
        """Leave out everything that was recorded before a mark."""
        self._numbers.position = mark.length
        self.number = mark.count - 1

    def next(self):
        """Go to the next instruction; False where there is none."""
        numbers = self._numbers
        if numbers.at_end():
            return False
        self.number += 1
        opcode = self.opcode = numbers.character()
        count = numbers.unsigned() if operations.has_more(opcode) else operations.arity(opcode)
        operands = self.operands
        del operands[:]
        for _ in range(count):
            value = numbers.signed()
            if value < 0:
                operands.append(value)
            else:
                operands.append(self.number - 1 - value)
        self.descriptor = None
        self.snapshot = NO_SNAPSHOT
        kind = operations.descriptor_classes[opcode]
        if kind == FAILURE:
            self.snapshot = numbers.unsigned() - 1
        elif kind != NO_DESCRIPTOR:
            self.descriptor = self.recorded.descriptors[numbers.unsigned()]
        return True

    def read_snapshot(self, snapshot):
        """The snapshot that a guard named."""
        numbers = NumberReader(self.recorded.snapshot_characters, snapshot)
        frame = numbers.unsigned() - 1
        virtualizable = _read_values(numbers)
        virtual_references = _read_values(numbers)
        frames = []
        while frame != NO_FRAME:
            numbers = NumberReader(self.recorded.snapshot_characters, frame)
            frame = numbers.unsigned() - 1
            jitcode = numbers.unsigned()
            position = numbers.unsigned()
            frames.append(SnapshotFrame(jitcode, position, _read_values(numbers)))
        return Snapshot(frames, virtualizable, virtual_references)


class RecordedFrame:
    """A frame as it was recorded. `caller` is what `SnapshotReader.frame` takes, or `NO_FRAME`."""

    def __init__(self, caller, jitcode, position, values):
        self.caller = caller
        self.jitcode = jitcode
        self.position = position
        self.values = values


class RecordedSnapshot:
    """A snapshot as it was recorded: its innermost frame, and the values outside of the frames."""

    def __init__(self, frame, virtualizable, virtual_references):
        self.frame = frame
        self.virtualizable = virtualizable
        self.virtual_references = virtual_references


class SnapshotReader:
    """Reads snapshots one after the other. Frames that they share are read once."""

    def __init__(self, recorded):
        self.recorded = recorded
        self._frames = {}

    def snapshot(self, snapshot):
        """What `RecordedTrace.snapshot` was given."""
        numbers = NumberReader(self.recorded.snapshot_characters, snapshot)
        frame = numbers.unsigned() - 1
        virtualizable = _read_values(numbers)
        return RecordedSnapshot(frame, virtualizable, _read_values(numbers))

    def frame(self, place):
        """What `RecordedTrace.frame` was given."""
        known = self._frames.get(place, None)
        if known is None:
            numbers = NumberReader(self.recorded.snapshot_characters, place)
            caller = numbers.unsigned() - 1
            jitcode = numbers.unsigned()
            position = numbers.unsigned()
            known = RecordedFrame(caller, jitcode, position, _read_values(numbers))
            self._frames[place] = known
        return known


def _read_values(numbers):
    values = []
    for _ in range(numbers.unsigned()):
        values.append(numbers.signed())
    return values


def used_values(snapshot):
    """The references to results in a snapshot, each once, in order: what a guard must keep."""
    seen = {}
    result = []
    for reference in snapshot.all_values():
        if reference > NOTHING and reference not in seen:
            seen[reference] = True
            result.append(reference)
    return result
