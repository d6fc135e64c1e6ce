"""What the code at loop headers and at the head of a portal calls.

The graphs of the program pass their values one by one (`push_int`, ...), so that one set of functions serves drivers of
all signatures, and read the outcome in the same way. No lock is given up and nothing of the program runs between the
first push and `enter`, or between `enter` and the last read of its outcome: there is one such object for all threads.
"""

from ouro.jitcore.outcome import NOTHING_RAN
from ouro.jitcore.tracer.greens import GreenKey


class EntryPoints:
    """Between the program and the tracer.

    Args:
        system: the tracer's `JitSystem`.
        warm_states: the `WarmState` of each driver, by its index.
    """

    def __init__(self, system, warm_states):
        self.system = system
        self.warm_states = warm_states
        self._ints = []
        self._references = []
        self._floats = []
        self._outcome = NOTHING_RAN

    def at_loop_header(self, driver_index, hash_value):
        """Is there something to do where a loop of the interpreted program begins anew?"""
        return self.warm_states[driver_index].at_loop_header(hash_value)

    def at_function_start(self, driver_index, hash_value):
        """Is there something to do where the portal begins?"""
        return self.warm_states[driver_index].at_function_start(hash_value)

    def push_int(self, value):
        """Pass the next green or red of kind int."""
        self._ints.append(value)

    def push_reference(self, value):
        """Pass the next green or red of kind reference."""
        self._references.append(value)

    def push_float(self, value):
        """Pass the next green or red of kind float."""
        self._floats.append(value)

    def enter(self, driver_index):
        """Run compiled code or trace from a merge point on, whose greens and then reds were passed.

        Returns:
            `Outcome.what`. The other functions give what belongs to it.
        """
        warm_state = self.warm_states[driver_index]
        driver = warm_state.driver
        ints, references, floats = self._ints, self._references, self._floats
        # what runs now may itself come here
        self._ints = []
        self._references = []
        self._floats = []
        key = GreenKey(ints[: driver.greens_i], references[: driver.greens_r], floats[: driver.greens_f])
        outcome = self.system.enter(
            warm_state, key, ints[driver.greens_i :], references[driver.greens_r :], floats[driver.greens_f :]
        )
        self._outcome = outcome
        return outcome.what

    def next_int(self, position):
        """Where to go on: green or red number `position` of kind int."""
        return self._outcome.ints[position]

    def next_reference(self, position):
        """Where to go on: green or red number `position` of kind reference."""
        return self._outcome.references[position]

    def next_float(self, position):
        """Where to go on: green or red number `position` of kind float."""
        return self._outcome.floats[position]

    def result_int(self):
        """What the portal gave."""
        return self._outcome.value

    def result_reference(self):
        """What the portal gave, or raised."""
        reference = self._outcome.reference
        # an outcome lives until the next one: it should not keep anything alive
        self._outcome = NOTHING_RAN
        return reference

    def result_float(self):
        """What the portal gave."""
        return self._outcome.number
