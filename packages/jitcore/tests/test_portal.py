"""The function with the merge point is split, and does the same."""

import pytest
from ouro.annotator import annotate
from ouro.jitcore.portal import PortalError, split_portals
from ouro.jitcore.portal.split import markers
from ouro.lltype import malloc
from ouro.rlib.jit import JitDriver
from ouro.rtyper import LowLevelException, TypedInterpreter, specialize, verify_program


def typed(function, *arguments):
    return specialize(annotate(function, [type(argument) for argument in arguments]))


def split_and_run(function, *arguments):
    """Split the portals of a program and run it; the portals and the result."""
    program = typed(function, *arguments)
    before = TypedInterpreter(typed(function, *arguments))
    portals = split_portals(program)
    verify_program(program)
    result = TypedInterpreter(program).run(program.entry_graph, list(arguments))
    assert result == before.run(before.program.entry_graph, list(arguments))
    return portals, result


class Box:
    def __init__(self, value):
        self.value = value


def counting(driver, step=1):
    def loop(n, scale):
        pc = 0
        box = Box(100)
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n, box=box, scale=scale)
            if pc == 0:
                pc = 1
            else:
                pc = 0
                box = Box(box.value + int(scale))
                driver.can_enter_jit(pc=pc, n=n, box=box, scale=scale)
            n -= step
        return box.value

    return loop


def test_the_portal_takes_greens_then_reds_each_by_kind():
    driver = JitDriver(greens=["pc"], reds=["scale", "box", "n"], name="counting")
    (portal,), result = split_and_run(counting(driver), 7, 2.5)
    assert result == 106
    assert portal.driver is driver and portal.index == 0
    assert (portal.green_names, portal.green_kinds) == (["pc"], "i")
    assert (portal.red_names, portal.red_kinds) == (["n", "box", "scale"], "irf")
    assert portal.result_kind == "i"
    assert portal.merge_block.operations[0].opname == "jit_marker"
    assert [v.name for v in portal.merge_block.inputargs] == ["pc", "n", "box", "scale"]


def test_loops_of_the_portal_come_back_to_the_merge_point():
    driver = JitDriver(greens=["pc"], reds=["scale", "box", "n"])
    (portal,), _ = split_and_run(counting(driver), 3, 1.0)
    reached = set()
    waiting = [link.target for link in portal.merge_block.exits]
    while waiting:
        block = waiting.pop()
        if block not in reached:
            reached.add(block)
            waiting.extend(link.target for link in block.exits)
    assert portal.merge_block in reached and portal.graph.startblock not in reached


def test_a_driver_that_marks_no_loops_has_one_at_every_way_back():
    driver = JitDriver(greens=[], reds=["n"])

    def loop(n):
        while n > 0:
            driver.jit_merge_point(n=n)
            if n % 3 == 0:
                n -= 2
                continue
            n -= 1
        return n

    (portal,), _ = split_and_run(loop, 10)
    marked = [block for block, _ in markers(portal.graph, "loop_header")]
    backward = [block for block in portal.graph.iterblocks()
                if any(link.target is portal.merge_block for link in block.exits)]
    assert marked and set(backward) == {portal.graph.startblock, *marked}


def test_the_portal_itself_runs_from_a_merge_point_on():
    driver = JitDriver(greens=["pc"], reds=["scale", "box", "n"])
    program = typed(counting(driver), 1, 1.0)
    (portal,) = split_portals(program)
    interpreter = TypedInterpreter(program)
    box = next(v for v in portal.graph.getargs() if v.name == "box").concretetype.TO
    start = malloc(box, zero=True)
    start.inst_value = 5
    assert interpreter.run(portal.graph, [1, 4, start, 3.0]) == 5 + 6


def test_all_that_is_alive_is_red_where_the_driver_says_so():
    driver = JitDriver(greens=["pc"], reds="auto")

    def loop(n):
        pc, total = 0, 0.5
        while n > 0:
            driver.jit_merge_point(pc=pc)
            total += n
            n -= 1
        return total

    (portal,), result = split_and_run(loop, 4)
    assert result == 10.5 and portal.red_kinds == "if" and sorted(portal.red_names) == ["n", "total"]


def test_something_alive_that_is_neither_green_nor_red_is_named():
    driver = JitDriver(greens=["pc"], reds=["n"], name="forgetful")

    def loop(n):
        pc, total = 0, 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n)
            total += n
            n -= 1
        return total

    with pytest.raises(PortalError, match="forgetful.jit_merge_point in loop.*total"):
        split_portals(typed(loop, 1))


def test_one_driver_has_one_merge_point():
    driver = JitDriver(greens=[], reds=["n"], name="shared")

    def first(n):
        while n > 0:
            driver.jit_merge_point(n=n)
            n -= 1
        return n

    def second(n):
        while n > 0:
            driver.jit_merge_point(n=n)
            n -= 2
        return n

    def both(n):
        return first(n) + second(n)

    with pytest.raises(PortalError, match="clone"):
        split_portals(typed(both, 1))


class Stop(Exception):
    pass


def test_exceptions_are_caught_inside_and_outside_of_the_portal():
    driver = JitDriver(greens=["pc"], reds=["n", "caught"])

    def step(n):
        if n == 5 or n == 1:
            raise Stop
        return n - 1

    def loop(n):
        pc, caught = 0, 0
        while True:
            driver.jit_merge_point(pc=pc, n=n, caught=caught)
            try:
                n = step(n)
            except Stop:
                if n == 1:
                    raise
                caught += 1
                n -= 1

    def entry(n):
        try:
            return loop(n)
        except Stop:
            return 77

    assert split_and_run(entry, 9)[1] == 77
    program = typed(loop, 9)
    split_portals(program)
    with pytest.raises(LowLevelException):
        TypedInterpreter(program).run(program.entry_graph, [9])


def test_a_function_that_calls_itself_calls_its_portal():
    driver = JitDriver(greens=["depth"], reds=["n", "total"])

    def loop(depth, n):
        total = 0
        while n > 0:
            driver.jit_merge_point(depth=depth, n=n, total=total)
            total += 1
            if depth > 0:
                total += loop(depth - 1, n)
            n -= 1
        return total

    portals, result = split_and_run(loop, 2, 4)
    assert result == 4 + (4 + 3 + 2 + 1) + (10 + 6 + 3 + 1)
    assert len(portals) == 1
