"""Tells the program what the JIT does, if it asked for that (`ouro.rlib.jit_hooks`). Run time.

The hook is a function of the program that is called in the middle of compiling. What it runs may be traced and compiled
as well; that is not reported again.
"""

from ouro.jitcore.tracer import log, reasons, times
from ouro.jitcore.tracer.driver import Location

#: As in `ouro.rlib.jit_hooks`.
BEFORE_COMPILE, AFTER_COMPILE, BEFORE_BRIDGE, AFTER_BRIDGE, ABORT = range(5)


class Events:
    """Of one system.

    Args:
        system: the `JitSystem`.

    Attributes:
        hook: the address of the program's function, 0 for none.
        hook_call: its `CallDescriptor`, which the translator gives; None where the program has no hooks.
    """

    def __init__(self, system):
        self.system = system
        self.hook = 0
        self.hook_call = None
        self._numbers = []
        self._texts = []
        self._lines = ""
        self._reporting = False

    def are_wanted(self):
        """Is anybody to be told?"""
        return self.hook != 0 and not self._reporting

    def compiling(self, kind, meta, token, trace):
        """A trace goes to the backend, or has been there."""
        if not self.are_wanted():
            return
        backend = self.system.backend
        after = kind == AFTER_COMPILE or kind == AFTER_BRIDGE
        address = backend.code_address if after else 0
        size = backend.code_size if after else 0
        if not after:
            # the backend rewrites traces
            self._lines = "\n".join(log.trace_lines(trace, self.system))
        self._report(kind, meta, token.number, "", address, size, self._lines)

    def aborted(self, meta, reason):
        """A recording was given up."""
        if self.are_wanted():
            lines = "\n".join(log.recording_lines(meta.recorded, self.system))
            self._report(ABORT, meta, 0, reasons.NAMES[reason], 0, 0, lines)

    def _report(self, kind, meta, loop, reason, address, size, lines):
        self._reporting = True
        hooks = meta.driver.hooks
        place = ""
        location = Location()
        key = meta.start_key
        if key is not None:
            place = hooks.printable_location(key)
            location = hooks.location_of(key)
        guard = -1 if meta.guard is None else meta.guard.number
        if meta.guard is not None and loop == 0:
            loop = meta.guard.loop.number
        self._numbers = [kind, loop, guard, address, size, location.line, location.position]
        self._texts = [meta.driver.name, place, reason, location.filename, location.function, location.opcode, lines]
        machine = self.system.machine
        pending = machine.take_exception()
        phase = self.system.times.enter(times.PROGRAM)
        machine.call_none(self.hook, self.hook_call, [kind], [], [])
        self.system.times.enter(phase)
        # a hook has nobody whom its exceptions could tell something
        machine.take_exception()
        machine.set_exception(pending)
        self._texts = []
        self._reporting = False

    def number(self, which):
        """A number of the event that is reported, 0 for what there is not."""
        if 0 <= which < len(self._numbers):
            return self._numbers[which]
        return 0

    def length(self, which):
        """The length of a text of the event."""
        if 0 <= which < len(self._texts):
            return len(self._texts[which])
        return 0

    def character(self, which, index):
        """A character of a text."""
        return ord(self._texts[which][index])
