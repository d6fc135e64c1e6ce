"""Random programs of a small interpreter give the same with the JIT as without."""

from bytecode import FUNCTIONS, GREENS, INTERPRETER, REDS, assemble, cost, statements
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ouro.jitcore.tracer import reasons
from ouro.lltype import GCREF, cast_opaque_ptr, malloc
from samples import NULL, STRING, Samples
from traced import Traced


def string(text):
    result = malloc(STRING, len(text), zero=True)
    for index, character in enumerate(text):
        result.chars[index] = character
    return cast_opaque_ptr(GCREF, result)


def run(code, times, **parameters):
    """What the program gives, several times, and the world."""
    world = Traced(Samples(), INTERPRETER, ("main", GREENS, REDS, "i"), **parameters)
    program = string(code)
    results = [world.run("main", 0, program, number, 3, 0, 0, NULL, 0.0) for number in range(times)]
    return results, world


def program_of(outer, functions):
    """The random program, if it is short enough."""
    assume(cost(outer, functions) < 400)
    code = assemble(outer, functions)
    assume(len(code) < 256)
    return code


OFF = {"threshold": -1, "function_threshold": -1}


def same_as_interpreted(code, times=2, **parameters):
    expected, _ = run(code, times, **OFF)
    results, world = run(code, times, **parameters)
    assert results == expected
    return world


def test_nested_loops():
    world = same_as_interpreted("a\x01c\x0ad\x0cAMa\x02D\x06C\x04ee", threshold=3)
    assert world.statistics.loops >= 1 and world.statistics.entry_bridges + world.statistics.bridges >= 1


def test_a_long_loop_is_traced_in_pieces():
    world = same_as_interpreted("c\x1e" + "AMw" * 30 + "C\x02ee", threshold=3, trace_limit=60, trace_eagerness=2)
    assert world.statistics.cuts >= 2 and world.statistics.bridges >= 2
    assert not world.statistics.aborts[reasons.TOO_LONG]
    assert world.interpreted < 1500


def test_a_call_that_makes_a_trace_too_long_is_compiled_by_itself():
    code = "c\x1el\x08C\x02ee" + "AMw" * 30 + "ee"
    world = same_as_interpreted(code, threshold=3, trace_limit=60, trace_eagerness=2, function_threshold=1000)
    assert world.statistics.aborts[reasons.TOO_LONG] >= 1 and world.statistics.loops == 1
    lines = [line for trace in world.traces() for line in trace]
    assert any("call_assembler_i(" in line for line in lines)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(statements(3), FUNCTIONS, st.integers(2, 4), st.integers(1, 3))
def test_random_programs(outer, functions, threshold, eagerness):
    code = program_of(outer, functions)
    same_as_interpreted(code, threshold=threshold, trace_eagerness=eagerness, function_threshold=3)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(statements(3), FUNCTIONS, st.integers(2, 4), st.integers(20, 300))
def test_random_programs_whose_traces_become_too_long(outer, functions, threshold, limit):
    code = program_of(outer, functions)
    same_as_interpreted(code, threshold=threshold, trace_eagerness=2, function_threshold=3, trace_limit=limit)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(statements(3), FUNCTIONS, st.integers(2, 4), st.integers(1, 4))
def test_random_programs_whose_code_ages(outer, functions, threshold, longevity):
    code = program_of(outer, functions)
    same_as_interpreted(code, threshold=threshold, trace_eagerness=2, function_threshold=3, loop_longevity=longevity)
