"""What operations of the program that concern the JIT call (see `portal.program_operations`), and what backends ask."""

from ouro.jitcore.backend import CalledLoops
from ouro.jitcore.resume import follow_virtual_reference, force_virtualizable
from ouro.rlib.jit_hooks import QUESTIONS

AVAILABLE, STATISTIC, RELEASE_ALL, EVENT_NUMBER, EVENT_LENGTH, EVENT_CHARACTER, CALL_FOR_EVENTS, TIME = range(
    len(QUESTIONS))


class ProgramEntry:
    """From the program, wherever it runs, to the JIT.

    Args:
        system: the tracer's `JitSystem`.
    """

    def __init__(self, system):
        self.system = system

    def force_virtualizable(self, number, reference):
        """A field of a virtualizable, described by that number, is about to be used."""
        system = self.system
        force_virtualizable(system.machine, system.backend, system.program.virtualizables[number], reference)

    def quasi_immutable_changes(self, reference, index):
        """A quasi-immutable field, by its index, is about to change."""
        self.system.quasi_immutable_changes_at(reference, index)

    def follow_virtual_reference(self, reference):
        """The object behind a virtual reference."""
        system = self.system
        if system.virtual_reference is None:
            return reference
        return follow_virtual_reference(system.machine, system.backend, system.virtual_reference, reference)

    def set_parameter(self, driver_index, parameter, value):
        """The program sets a parameter of one driver, or of all (-1)."""
        self.system.set_parameter(driver_index, parameter, value)


    def ask(self, question, first, second):
        """The answer to a question of `ouro.rlib.jit_hooks`."""
        system = self.system
        if question == AVAILABLE:
            return 0 if system.is_off else 1
        if question == STATISTIC:
            return system.statistics.count_of(first)
        if question == RELEASE_ALL:
            system.aging.release_all()
        elif question == EVENT_NUMBER:
            return system.events.number(first)
        elif question == EVENT_LENGTH:
            return system.events.length(first)
        elif question == EVENT_CHARACTER:
            return system.events.character(first, second)
        elif question == CALL_FOR_EVENTS:
            system.events.hook = first
        elif question == TIME:
            return system.times.spent(first)
        return 0


class LoopsOfSystem(CalledLoops):
    """What a backend asks when a loop that other code has called was left."""

    def __init__(self, system):
        self.system = system

    def left(self, frame):
        return self.system.call_left(frame)
