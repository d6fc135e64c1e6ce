"""What guards keep: the answers that resume data are made from, when a guard is emitted."""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import GuardDescriptor
from ouro.jitcore.optimizer.guard_knowledge import write_knowledge
from ouro.jitcore.optimizer.texts import Text
from ouro.jitcore.optimizer.work import IN_WORK
from ouro.jitcore.resume import ResumeBuilder, ValueSource
from ouro.jitcore.trace import NO_SNAPSHOT, NOTHING


class GuardData(ValueSource):
    """Answers for one forward pass what the values of a snapshot are now."""

    def __init__(self, optimizer, recorded, store):
        self.optimizer = optimizer
        self.store = store
        self.failed_guard = None
        self.inputs = []
        self.condition = NOTHING
        self.failed_condition = NOTHING
        self.keeps_condition = False
        self.builder = ResumeBuilder(recorded, optimizer.constants, store)

    def attach(self, number, snapshot, pending):
        """Make the `GuardDescriptor` of a guard that is about to be emitted.

        Args:
            number: the guard, in `Work`.
            snapshot: its snapshot in the recording; a guard of a bridge that has none is in front of all that the
                bridge does.
            pending: `PendingStores` or None.
        """
        guard = GuardDescriptor([], snapshot)
        # what the last guard keeps may say what its condition is
        self.keeps_condition = self.optimizer.guards_may_fail
        if snapshot == NO_SNAPSHOT and self.failed_guard is not None:
            self._resume_as_failed_guard(guard)
            self.optimizer.work.descriptors[number] = guard
            return
        self._note_condition(number)
        self.builder.capture(guard, snapshot, self, pending)
        if snapshot != NO_SNAPSHOT:
            guard.knowledge = write_knowledge(self.optimizer, guard.values, self.builder)
        self.optimizer.work.descriptors[number] = guard

    def begin_bridge(self, failed_guard, inputs):
        """The recording begins where a guard failed, with what it keeps as inputs, numbers in `Work`."""
        self.failed_guard = failed_guard
        self.inputs = inputs

    def _resume_as_failed_guard(self, guard):
        """A guard that stands in front of all that a bridge does shares the data of the guard that it begins at."""
        failed = self.failed_guard
        guard.values = self.inputs[:]
        guard.kinds = failed.kinds
        guard.store = failed.store
        guard.resume = failed.resume
        guard.knowledge = failed.knowledge

    def _note_condition(self, number):
        """Where a guard on a truth value fails, the value is the other one: no need to keep it."""
        work = self.optimizer.work
        opcode = work.opcodes[number]
        self.condition = NOTHING
        if self.optimizer.guards_may_fail:
            return
        if opcode == ops.GUARD_TRUE or opcode == ops.GUARD_FALSE:
            self.condition = work.first[number]
            self.failed_condition = self.optimizer.constants.of_int(int(opcode == ops.GUARD_FALSE))

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
        value = self._resolve(reference)
        if value == self.condition:
            self.keeps_condition = True
            return self.failed_condition
        return value

    def kind_of(self, value):
        return self.optimizer.work.kind_of(value)

    def describe(self, virtual, contents):
        return self.optimizer.work.virtuals[virtual].describe(contents)
