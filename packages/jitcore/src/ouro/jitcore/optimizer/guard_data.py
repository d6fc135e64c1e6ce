"""What guards keep: the part of a guard that resuming needs, made when the guard is emitted."""

from ouro.jitcore.descriptors import GuardDescriptor
from ouro.jitcore.trace import NO_SNAPSHOT


class SnapshotResume:
    """Keeps the values of the snapshot as they are, each once, and names the snapshot by its number.

    What `trace.expand` does, for optimised traces without virtual objects: tests of single optimisations use it.
    """

    def attach(self, optimizer, number, snapshot):
        """Make the `GuardDescriptor` of a guard that is about to be emitted."""
        values = []
        if snapshot != NO_SNAPSHOT:
            seen = {}
            for reference in optimizer.reader.read_snapshot(snapshot).all_values():
                value = optimizer.translate(reference)
                if value >= 0 and value not in seen:
                    seen[value] = True
                    values.append(value)
        optimizer.work.descriptors[number] = GuardDescriptor(values, snapshot)
