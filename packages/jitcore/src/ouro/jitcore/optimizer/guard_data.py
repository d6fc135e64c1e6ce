"""What guards keep: the answers that resume data are made from, when a guard is emitted."""

from ouro.jitcore.descriptors import GuardDescriptor
from ouro.jitcore.optimizer.guard_knowledge import write_knowledge
from ouro.jitcore.optimizer.texts import Text
from ouro.jitcore.optimizer.work import IN_WORK
from ouro.jitcore.resume import ResumeBuilder, ValueSource
from ouro.jitcore.trace import NO_SNAPSHOT


class GuardData(ValueSource):
    """Answers for one forward pass what the values of a snapshot are now."""

    def __init__(self, optimizer, recorded, store):
        self.optimizer = optimizer
        self.store = store
        self.builder = ResumeBuilder(recorded, optimizer.constants, store)

    def attach(self, number, snapshot, pending):
        """Make the `GuardDescriptor` of a guard that is about to be emitted.

        Args:
            number: the guard, in `Work`.
            snapshot: its snapshot in the recording.
            pending: `PendingStores` or None.
        """
        guard = GuardDescriptor([], snapshot)
        self.builder.capture(guard, snapshot, self, pending)
        if snapshot != NO_SNAPSHOT:
            guard.knowledge = write_knowledge(self.optimizer, guard.values, self.store)
        self.optimizer.work.descriptors[number] = guard

    def _resolve(self, reference):
        if reference >= IN_WORK:
            return self.optimizer.work.resolve(reference - IN_WORK)
        return self.optimizer.translate(reference)

    def virtual_of(self, reference):
        if reference < 0:
            return -1
        value = self._resolve(reference)
        if value < 0:
            return -1
        virtual = self.optimizer.work.virtuals[value]
        if virtual is None:
            return -1
        if isinstance(virtual, Text):
            virtual.prepare(self.optimizer)
        return value

    def value_of(self, reference):
        return self._resolve(reference)

    def kind_of(self, value):
        return self.optimizer.work.kind_of(value)

    def describe(self, virtual, contents):
        return self.optimizer.work.virtuals[virtual].describe(contents)
