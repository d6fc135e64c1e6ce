"""Random portals mean the same with the JIT as without: traced, optimized, compiled, left and entered again."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ouro.jitcore.backend.interpreting import InterpretingBackend
from random_portals import OFF, World

PARAMETERS = {
    "plain": dict(threshold=2, trace_eagerness=2, function_threshold=1000),
    "functions": dict(threshold=3, trace_eagerness=0, function_threshold=1),
    "unoptimized": dict(threshold=2, trace_eagerness=1, enable_opts=0),
    "interpreted": dict(threshold=2, trace_eagerness=1, function_threshold=2, make_backend=InterpretingBackend),
    "every guard fails": dict(threshold=1, trace_eagerness=1, function_threshold=1, fail_guards=1),
    "some guards fail": dict(threshold=2, trace_eagerness=2, function_threshold=3, fail_guards=7),
    "interpreted guards fail": dict(
        threshold=1, trace_eagerness=1, function_threshold=2, fail_guards=3, make_backend=InterpretingBackend),
    "short": dict(threshold=2, trace_eagerness=2, trace_limit=120),
}


@pytest.mark.parametrize("with_frame", [False, True], ids=["values", "frame"])
@pytest.mark.parametrize("how", PARAMETERS)
@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10**6))
@example(seed=2)  # a guard fails again while its bridge is traced
@example(seed=37)  # a bridge follows a stand-in that compiled code made
def test_a_random_portal_means_the_same_with_the_jit(how, with_frame, seed):
    plain, traced = World(seed, with_frame, **OFF), World(seed, with_frame, **PARAMETERS[how])
    # portals with frames call themselves
    for count in (8, 3, 14) if with_frame else (25, 4, 40):
        assert traced.run(count) == plain.run(count)
