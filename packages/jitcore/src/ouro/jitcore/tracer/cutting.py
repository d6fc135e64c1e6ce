"""A recording without its beginning: for loops that close at a merge point which tracing did not start from."""

from ouro.jitcore import operations as ops
from ouro.jitcore.trace import NO_FRAME, NO_SNAPSHOT, RecordedTrace, SnapshotReader, TraceReader


class _Copier:
    """Renames references from an old recording to a new one.

    Args:
        old: the `RecordedTrace`.
        count: how many of its first instructions are left out.
    """

    def __init__(self, old, count):
        self.old = old
        self.count = count
        self.new = RecordedTrace()
        self.new.constants = old.constants
        self.name_of_older = {}
        self.shift = 0
        self._snapshots = SnapshotReader(old)
        self._place_of_frame = {}

    def rename(self, reference):
        if reference >= self.count:
            return reference + self.shift
        if reference < 0:
            return reference
        return self.name_of_older[reference]

    def rename_all(self, references):
        result = []
        for reference in references:
            result.append(self.rename(reference))
        return result

    def snapshot(self, place):
        if place == NO_SNAPSHOT:
            return NO_SNAPSHOT
        snapshot = self._snapshots.snapshot(place)
        frame = self._frame(snapshot.frame)
        return self.new.snapshot(
            frame, self.rename_all(snapshot.virtualizable), self.rename_all(snapshot.virtual_references))

    def _frame(self, place):
        if place == NO_FRAME:
            return NO_FRAME
        known = self._place_of_frame.get(place, NO_FRAME)
        if known == NO_FRAME:
            frame = self._snapshots.frame(place)
            caller = self._frame(frame.caller)
            known = self.new.frame(caller, frame.jitcode, frame.position, self.rename_all(frame.values))
            self._place_of_frame[place] = known
        return known


def begin_at(recorded, mark, inputs, kinds):
    """A recording of what comes behind a mark.

    Args:
        recorded: the `RecordedTrace`.
        mark: what `mark` gave when the recording was there.
        inputs: references of all that is used behind the mark and made before it, each once, no constants.
        kinds: their kinds, letters.

    Returns:
        A new `RecordedTrace`, with the same constants.
    """
    copier = _Copier(recorded, mark.count)
    for position in range(len(kinds)):
        kind = kinds[position]
        if kind == "i":
            opcode = ops.INPUT_I
        elif kind == "r":
            opcode = ops.INPUT_R
        else:
            opcode = ops.INPUT_F
        copier.name_of_older[inputs[position]] = copier.new.record(opcode, [])
    copier.shift = len(kinds) - mark.count
    reader = TraceReader(recorded)
    reader.skip_to(mark)
    while reader.next():
        operands = copier.rename_all(reader.operands)
        copier.new.record(reader.opcode, operands, reader.descriptor, copier.snapshot(reader.snapshot))
    return copier.new
