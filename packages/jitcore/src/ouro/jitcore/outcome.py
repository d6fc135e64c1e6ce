"""How an attempt to leave the interpreter for compiled code ended: what tracer and blackhole interpreter answer."""

from ouro.jitcore.trace import NULL_REFERENCE

#: Nothing ran: the interpreter goes on where it is.
NOT_ENTERED = 0
#: The portal begins again at a merge point with the greens and reds of the outcome.
CONTINUE = 1
#: The portal has returned; the letter of the kind says which value.
FINISHED_INT, FINISHED_REFERENCE, FINISHED_FLOAT, FINISHED_NONE = 2, 3, 4, 5
#: The portal has raised `reference`.
RAISED = 6


# of outcomes without values: no one changes them
_NO_INTS = []
_NO_REFERENCES = []
_NO_FLOATS = []


class Outcome:
    """What became of it: `what` is one of the numbers above.

    `value`, `reference` and `number` hold the result of kind int, reference or float. For `CONTINUE`, `ints`,
    `references` and `floats` are the greens and then the reds of each kind and `driver` the number of the driver.
    """

    def __init__(self, what):
        self.what = what
        self.value = 0
        self.reference = NULL_REFERENCE
        self.number = 0.0
        self.driver = -1
        self.ints = _NO_INTS
        self.references = _NO_REFERENCES
        self.floats = _NO_FLOATS


def finished_int(value):
    """The portal gave an integer."""
    outcome = Outcome(FINISHED_INT)
    outcome.value = value
    return outcome


def finished_reference(value):
    """The portal gave a reference."""
    outcome = Outcome(FINISHED_REFERENCE)
    outcome.reference = value
    return outcome


def finished_float(value):
    """The portal gave a float."""
    outcome = Outcome(FINISHED_FLOAT)
    outcome.number = value
    return outcome


def finished_none():
    """The portal has no result."""
    return Outcome(FINISHED_NONE)


def raised(exception):
    """An exception left the portal."""
    outcome = Outcome(RAISED)
    outcome.reference = exception
    return outcome


def continue_at(driver_index, ints, references, floats):
    """The portal is to begin again, with greens and reds."""
    outcome = Outcome(CONTINUE)
    outcome.driver = driver_index
    outcome.ints = ints
    outcome.references = references
    outcome.floats = floats
    return outcome


#: For those who only need to know that nothing happened.
NOTHING_RAN = Outcome(NOT_ENTERED)
