"""The backend without machine code passes the conformance suite, and is RPython."""

import pytest
from ouro.jitcore.backend import CalledLoops
from ouro.jitcore.backend.conformance import CLASS_RANGES, ModelHost, Runner, all_cases
from ouro.jitcore.backend.interpreting import InterpretingBackend
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.outcome import finished_float, finished_int, finished_none, finished_reference, raised
from ouro.lltype import GCREF, cast_opaque_ptr
from ouro.rtyper import LowLevelException

CASES = all_cases()


class Left(CalledLoops):
    """Asks a function for what a loop that was left gives."""

    def __init__(self, function):
        self.function = function

    def left(self, frame):
        try:
            value = self.function(frame)
        except LowLevelException as exception:
            return raised(cast_opaque_ptr(GCREF, exception.value))
        if value is None:
            return finished_none()
        if isinstance(value, float):
            return finished_float(value)
        return finished_int(value) if isinstance(value, int) else finished_reference(value)


class InterpretingHost(ModelHost):
    def __init__(self, ranges):
        super().__init__(ranges)
        self.backend = InterpretingBackend(HostMachine(self.memory))

    def set_assembler_failure(self, function):
        self.backend.called_loops = Left(function)


@pytest.mark.parametrize("name", sorted({case.file.stem for case in CASES}))
def test_the_backend_gives_what_the_suite_expects(name):
    for case in CASES:
        if case.file.stem == name:
            runner = Runner(InterpretingHost(CLASS_RANGES))
            runner.run(case, True)
