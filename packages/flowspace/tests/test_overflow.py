"""`ovfcheck` raises wherever it stands; other checks of operations only where they are caught."""

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


def test_division_by_zero_has_no_exit_of_its_own():
    def divide(a, b):
        return ovfcheck(a // b)

    exits = [link.exitcase for block in build_flow(divide).iterblocks() for link in block.exits]
    assert OverflowError in exits and ZeroDivisionError not in exits
