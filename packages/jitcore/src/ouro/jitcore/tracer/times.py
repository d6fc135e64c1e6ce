"""How long the JIT takes: every nanosecond since the program began belongs to one phase.

Who begins something else says so, and sets the phase back that it found. What the program itself does in the middle of
a recording (calls that are done while tracing, hooks) counts as the program's. A reading of the clock takes some 25 ns;
there are four for each trace, and two for each call that is done while tracing. Time, and not processor time, because
the clock of the latter is a system call.
"""

from ouro.rlib.jit_hooks import TIMES
from ouro.rlib.rtime import clock_ns

#: The numbers of the phases, in the order of `ouro.rlib.jit_hooks.TIMES`.
PROGRAM, TRACING, OPTIMIZING, ASSEMBLING = range(len(TIMES))


class Times:
    """The phase that the process is in, and how long it was in each."""

    def __init__(self):
        self._spent = [0] * len(TIMES)
        self._phase = PROGRAM
        self._since = 0

    def start(self):
        """The program begins."""
        self._since = clock_ns()

    def enter(self, phase):
        """Something else is done from now on. Returns the phase until now."""
        now = clock_ns()
        previous = self._phase
        self._spent[previous] += now - self._since
        self._since = now
        self._phase = phase
        return previous

    def spent(self, phase):
        """The nanoseconds in a phase so far; 0 for a number that is none."""
        if not 0 <= phase < len(TIMES):
            return 0
        self.enter(self._phase)
        return self._spent[phase]

    def lines(self):
        """A line of text for each phase: milliseconds, and the share of the time since the program began."""
        self.enter(self._phase)
        total = 0
        for spent in self._spent:
            total += spent
        lines = []
        for phase in range(len(TIMES)):
            spent = self._spent[phase]
            tenths = 1000 * spent // max(total, 1)
            lines.append(
                "time of " + TIMES[phase] + ": " + str(spent // 1000000) + " ms, " + str(tenths // 10) + "."
                + str(tenths % 10) + " %")
        return lines
