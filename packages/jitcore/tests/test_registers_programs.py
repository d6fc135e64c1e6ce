"""Every trace of whole programs that run with the JIT is lowered, gets registers on some machines, and is checked."""

import inspect
from functools import partial

import pytest
import test_meta_interp
from machines import machine_with
from ouro.jitcore.backend.registers import NOWHERE, allocate, decode_locations, slot
from ouro.jitcore.backend.registers.checker import check
from ouro.jitcore.backend.rewriting import rewrite
from ouro.jitcore.descriptors import GuardDescriptor, TargetToken
from ouro.jitcore.model import ModelBackend
from ouro.jitcore.testing import meta_interp
from ouro.jitcore.text import verify
from ouro.jitcore.trace import Trace
from test_rewriting import host_collector

MACHINES = [
    machine_with(4, 2),
    machine_with(6, 4, saved_integers=2, float_scratch=False),
    machine_with(14, 15, saved_integers=5),
    machine_with(30, 30, saved_integers=10, saved_floats=8, three_operands=True),
]
PROGRAMS = {
    name: function for name, function in vars(test_meta_interp).items()
    if name.startswith("test_") and not inspect.signature(function).parameters and not hasattr(function, "pytestmark")
}
#: Programs that are refused, that only ask the functions of a driver, and that have a backend of their own.
WITHOUT_TRACES = {
    "test_an_exception_leaves_compiled_code",
    "test_the_functions_of_a_driver_are_asked",
    "test_where_there_is_little_room_code_that_nobody_enters_makes_way",
}


class AllocatingBackend(ModelBackend):
    """The model, which also does with copies of the traces what a backend for a machine would."""

    compiled = 0

    def __init__(self, memory):
        super().__init__(memory)
        self.collector = host_collector(memory.descriptors)
        self.failures = [{} for _ in MACHINES]
        self.labels = [{} for _ in MACHINES]

    def compile_loop(self, trace, token):
        self.try_out(trace, None)
        super().compile_loop(trace, token)

    def compile_bridge(self, guard, trace, token):
        self.try_out(trace, guard)
        super().compile_bridge(guard, trace, token)

    def try_out(self, trace, origin):
        copy = Trace()
        copy.constants = trace.constants
        for number in range(trace.length()):
            descriptor = trace.descriptors[number]
            if isinstance(descriptor, GuardDescriptor):
                descriptor = GuardDescriptor(list(descriptor.values))
            copy.append_list(trace.opcodes[number], trace.operand_list(number), descriptor)
        originals = dict(zip(copy.guards, trace.guards))
        lowered = rewrite(copy, self.collector)
        verify(lowered, lowered=True)
        targets = [descriptor for descriptor in lowered.descriptors if isinstance(descriptor, TargetToken)]
        for machine, failures, labels in zip(MACHINES, self.failures, self.labels):
            if origin is None:
                inputs = [slot(number) for number in range(trace.input_count())]
            else:
                inputs = [place for place in decode_locations(failures[origin]) if place != NOWHERE]
            for target in targets:
                target.locations = labels.get(target, [])
            allocation = allocate(lowered, machine, inputs)
            check(lowered, machine, inputs, allocation)
            labels.update((target, target.locations) for target in targets)
            for number, guard in enumerate(lowered.descriptors):
                if isinstance(guard, GuardDescriptor):
                    failures[originals[guard]] = allocation.failures[number]
        AllocatingBackend.compiled += 1


@pytest.mark.parametrize("name", PROGRAMS)
def test_traces_of_programs(name, monkeypatch):
    monkeypatch.setattr(test_meta_interp, "meta_interp", partial(meta_interp, backend=AllocatingBackend))
    before = AllocatingBackend.compiled
    PROGRAMS[name]()
    assert (AllocatingBackend.compiled > before) == (name not in WITHOUT_TRACES)
