"""What the code at loop headers and at the head of a portal calls.

The graphs of the program pass their values one by one (`push_int`, ...), so that one set of functions serves drivers of
all signatures, and read the outcome in the same way. No lock is given up and nothing of the program runs between the
first push and `enter`, or between `enter` and the last read of its outcome: there is one such object for all threads.
"""

from ouro.jitcore.outcome import CONTINUE, NOT_ENTERED, NOTHING_RAN
from ouro.jitcore.passed_values import PassedValues
from ouro.jitcore.trace import NULL_REFERENCE
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
        self._values = PassedValues()
        # of the position that was asked about last, if there is something to do
        self._hash = 0
        self._outcome = NOTHING_RAN

    def at_loop_header(self, driver_index, hash_value):
        """Is there something to do where a loop of the interpreted program begins anew?"""
        self._hash = hash_value
        return self.warm_states[driver_index].at_loop_header(hash_value)

    def at_function_start(self, driver_index, hash_value):
        """Is there something to do where the portal begins?"""
        self._hash = hash_value
        return self.warm_states[driver_index].at_function_start(hash_value)

    def push_int(self, value):
        """Pass the next green or red of kind int."""
        self._values.add_int(value)

    def push_reference(self, value):
        """Pass the next green or red of kind reference."""
        self._values.add_reference(value)

    def push_float(self, value):
        """Pass the next green or red of kind float."""
        self._values.add_float(value)

    def enter(self, driver_index):
        """Run compiled code or trace from a merge point on, whose greens and then reds were passed.

        Returns:
            `Outcome.what`. The other functions give what belongs to it.
        """
        warm_state = self.warm_states[driver_index]
        driver = warm_state.driver
        values = self._values
        outcome = NOTHING_RAN
        cell = warm_state.find_first(self._hash, values.ints, values.references, values.floats)
        if cell is not None and cell.has_code() and not driver.hooks.has_condition():
            outcome = self.system.run_passed(driver, cell.token, values)
        if outcome.what == NOT_ENTERED:
            ints, references, floats = driver.greens_i, driver.greens_r, driver.greens_f
            greens_i = values.ints_between(0, ints)
            key = GreenKey(greens_i, values.references_between(0, references), values.floats_between(0, floats))
            reds_i = values.ints_between(ints, values.int_count)
            reds_r = values.references_between(references, values.reference_count)
            reds_f = values.floats_between(floats, values.float_count)
            # what runs now may itself come here
            values.clear()
            outcome = self.system.enter(warm_state, key, reds_i, reds_r, reds_f)
        elif outcome.what == CONTINUE:
            outcome = self.system.go_on(warm_state, outcome)
        self._outcome = outcome
        return outcome.what

    def trace_next(self, driver_index):
        """Trace the next time that the position is reached whose greens were passed."""
        values = self._values
        key = GreenKey(
            values.ints_between(0, values.int_count), values.references_between(0, values.reference_count),
            values.floats_between(0, values.float_count))
        values.clear()
        self.warm_states[driver_index].trace_soon(key)

    def next_int(self, position):
        """Where to go on: green or red number `position` of kind int."""
        return self._outcome.ints[position]

    def next_reference(self, position):
        """Where to go on: green or red number `position` of kind reference. May be asked once."""
        references = self._outcome.references
        reference = references[position]
        # an outcome lives until the next one: it should not keep anything alive
        references[position] = NULL_REFERENCE
        return reference

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
