"""Random portals mean the same when their traces run as machine code: guards fail, get bridges, frames are forced."""

import pytest
from frame_samples import FRAME, STAND_IN, FrameSamples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from native_memory import NativeMemory
from ouro.backend_x86.testing import NativeProcess
from random_portals import OFF, World
from samples import make_vtable


class NativeSamples(FrameSamples):
    """The types and functions of the random portals in a process of their own."""

    def make_memory(self):
        for STRUCT, low in ((FRAME, 10), (STAND_IN, 12)):
            self.vtables[STRUCT] = make_vtable(low, low + 1)
        self.process = NativeProcess(self.vtables)
        return NativeMemory(self.process)

    def make_backend(self):
        return self.process.backend


PARAMETERS = {
    "plain": dict(threshold=2, trace_eagerness=2, function_threshold=1000),
    "every guard fails": dict(threshold=1, trace_eagerness=1, function_threshold=1, fail_guards=1),
    "some guards fail": dict(threshold=2, trace_eagerness=2, function_threshold=3, fail_guards=7),
    "little code": dict(threshold=2, trace_eagerness=2, function_threshold=3, code_memory=1),
    "functions": dict(threshold=3, trace_eagerness=0, function_threshold=1),
}


@pytest.mark.parametrize("with_frame", [False, True], ids=["values", "frame"])
@pytest.mark.parametrize("how", PARAMETERS)
@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10**6))
@example(seed=200166)  # a store in front of a guard of the last input
@example(seed=3)  # a call of a loop with more operands than registers
def test_a_random_portal_means_the_same_as_machine_code(how, with_frame, seed):
    plain, traced = World(seed, with_frame, **OFF), World(seed, with_frame, NativeSamples, **PARAMETERS[how])
    for count in (8, 3, 14) if with_frame else (25, 4, 40):
        assert traced.run(count) == plain.run(count)
        traced.samples.process.check()
