"""Optimised programs do what they did before: typed interpreter against the host."""

import pytest
from hypothesis import HealthCheck, given, settings
from ouro.annotator import annotate
from ouro.graphopt import PASSES, optimize
from ouro.rlib.objectmodel import always_inline, dont_inline
from ouro.rlib.source import execute_source
from ouro.rtyper import (
    LowLevelException,
    TypedInterpreter,
    parse_program,
    print_program,
    specialize,
    verify_program,
)
from program_corpus import load_program, outcome, programs
from program_generator import programs as generated_programs


def entries():
    """Entry functions whose arguments are passed as they are (strings are not)."""
    for path in programs():
        for function, calls in load_program(path).ENTRIES:
            if not any(isinstance(argument, str) for arguments in calls for argument in arguments):
                yield pytest.param(function, calls, id=f"{path.stem}.{function.__name__}")


def typed(function, arguments):
    return specialize(annotate(function, [type(argument) for argument in arguments]))


def result_of(program, arguments):
    try:
        value = TypedInterpreter(program).run(program.entry_graph, list(arguments))
    except LowLevelException as exception:
        return "raises", exception.class_name
    if hasattr(value, "chars"):
        value = "".join(value.chars)
    return "returns", value


def check(function, calls, passes):
    expected = [outcome(lambda arguments=arguments: function(*arguments)) for arguments in calls]
    program = optimize(typed(function, calls[0]), passes)
    verify_program(program)
    assert [result_of(program, arguments) for arguments in calls] == expected
    if passes is None:
        parse_program(print_program(program))


@pytest.mark.parametrize("function, calls", list(entries()))
def test_optimised_programs_agree_with_the_host(function, calls):
    check(function, calls, None)


@pytest.mark.parametrize("name", sorted(PASSES))
def test_each_pass_alone_keeps_what_programs_do(name):
    for parameter in list(entries())[::6]:
        check(*parameter.values, [name])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(generated_programs())
def test_optimised_generated_programs_agree_with_the_host(program):
    a, b, text = program.arguments[0]
    source = f"{program.source}\n\ndef start(a, b):\n    return entry(a, b, {text!r})\n"
    start = execute_source(source, {"__name__": "generated"})["start"]
    check(start, [(a, b) for a, b, _ in program.arguments], None)


@always_inline
def large_but_always_inlined(n):
    for i in range(n):
        n += i * n % 7 - (n >> 3) + (n << 2) % 1001 + (i ^ n) % 77 - (n & 255) * 3 + (n | 1) % 5
        n ^= i * n % 7 - (n >> 3) + (n << 2) % 1001 + (i ^ n) % 77 - (n & 255) * 3 + (n | 1) % 5
    return n


@dont_inline
def small_but_never_inlined(n):
    return n + 1


def hinted(n):
    return large_but_always_inlined(n) + large_but_always_inlined(n + 1) + small_but_never_inlined(n)


def test_hints_decide_what_is_inlined():
    program = optimize(typed(hinted, (5,)))
    names = {graph.name for graph in program.graphs}
    assert "small_but_never_inlined" in names and "large_but_always_inlined" not in names


def test_an_unknown_pass_is_an_error():
    with pytest.raises(KeyError):
        optimize(typed(hinted, (5,)), ["no_such_pass"])


def checked(n):
    assert n > 0, "a positive number"
    return n * 2


def test_assertions_are_for_debug_builds():
    released = optimize(typed(checked, (5,)))
    assert result_of(released, (-3,)) == ("returns", -6)
    assert len(list(released.entry_graph.iterblocks())) == 2
    debugged = optimize(typed(checked, (5,)), keep_checks=True)
    assert result_of(debugged, (-3,)) == ("raises", "AssertionError")
