"""`ovfcheck` raises wherever it stands."""

from ouro.flowspace import FlowInterpreter, build_flow, verify
from ouro.rlib.rarithmetic import ovfcheck

GREAT = 2**62


def uncaught(a, b):
    return ovfcheck(a * b) + 1


def caught_by_another(a, b):
    try:
        return ovfcheck(a + b)
    except KeyError:
        return -1


def caught(a, b):
    try:
        return ovfcheck(a - b)
    except ArithmeticError:
        return -1


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except OverflowError:
        return OverflowError


def test_overflow_is_as_on_the_host_with_and_without_a_clause():
    interpreter = FlowInterpreter()
    for function, great in [(uncaught, (GREAT, 4)), (caught_by_another, (GREAT, GREAT)), (caught, (-GREAT - 3, GREAT))]:
        graph = build_flow(function)
        verify(graph)
        for arguments in [(3, 4), great]:
            assert outcome(lambda g=graph, a=arguments: interpreter.run(g, list(a))) == outcome(function, *arguments)
