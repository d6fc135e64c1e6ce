"""What stands at the head of a portal and at its merge point asks the tracer, and does what comes back."""

import pytest
from ouro.annotator import annotate
from ouro.jitcore.descriptors import CAN_RAISE, CallDescriptor, EffectDescriptor
from ouro.jitcore.entry_points import EntryPoints
from ouro.jitcore.model import Memory
from ouro.jitcore.outcome import NOTHING_RAN, continue_at, finished_int, finished_none, raised
from ouro.jitcore.portal import PortalError, host_links, install_entries, make_gates, split_portals
from ouro.jitcore.tracer import Counters, Driver, DriverHooks, GreenKey, WarmState, parameters
from ouro.lltype import GCREF, Array, Signed, cast_opaque_ptr, malloc
from ouro.rlib.jit import JitDriver
from ouro.rlib.rarithmetic import r_singlefloat
from ouro.rlib.unroll import unrolling_iterable
from ouro.rtyper import LowLevelException, TypedInterpreter, specialize, verify_program


class Stop(Exception):
    def __init__(self, value):
        self.value = value


class Player:
    """A `JitSystem` that answers from a script: a list of functions of key and reds, or of outcomes."""

    def __init__(self):
        self.script = []
        self.calls = []

    def enter(self, warm_state, key, ints, references, floats):
        self.calls.append((key.ints, len(key.references), ints, len(references), floats))
        answer = self.script.pop(0) if self.script else NOTHING_RAN
        return answer(ints, references, floats) if callable(answer) else answer


class Program:
    """A function with a portal whose entries lead to a `Player`."""

    def __init__(self, function, *arguments, threshold=3, function_threshold=0):
        self.program = specialize(annotate(function, [type(argument) for argument in arguments]))
        self.portals = split_portals(self.program)
        self.interpreter = TypedInterpreter(self.program)
        self.memory = Memory(self.program.instance_types, self.interpreter)
        self.player = Player()
        states = []
        for portal in self.portals:
            callee = CallDescriptor("portal", "", portal.result_kind, 8, True, EffectDescriptor(CAN_RAISE))
            driver = Driver(portal.index, portal.driver.name, portal.green_kinds, portal.red_kinds,
                            portal.result_kind, 0, callee, DriverHooks())
            state = WarmState(driver, Counters())
            state.parameters.set(parameters.THRESHOLD, threshold)
            state.parameters.set(parameters.FUNCTION_THRESHOLD, function_threshold)
            states.append(state)
        install_entries(self.program, self.portals, host_links(self.memory, EntryPoints(self.player, states)),
                        make_gates(states))
        self.states = states
        verify_program(self.program)

    def run(self, *arguments):
        return self.interpreter.run(self.program.entry_graph, list(arguments))


def make_loop(explicit=True):
    driver = JitDriver(greens=["pc"], reds=["n", "total", "scale"], name="loop")

    def loop(n, scale):
        pc, total = 0, 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n, total=total, scale=scale)
            if n == 1000:
                raise Stop(n)
            total += int(scale) * 10
            n -= 1
            if explicit:
                driver.can_enter_jit(pc=pc, n=n, total=total, scale=scale)
        return total

    return loop


@pytest.mark.parametrize("explicit", [True, False])
def test_a_loop_asks_when_it_is_hot(explicit):
    program = Program(make_loop(explicit), 1, 1.0)
    assert program.run(10, 2.0) == 200
    # nine times at the merge point behind the first; the count begins anew when it was hot
    assert [call[2] for call in program.player.calls] == [[7, 60], [4, 120], [1, 180]]
    assert all(call[0] == [0] and call[4] == [2.0] for call in program.player.calls)


def test_a_portal_that_is_entered_often_asks_at_its_head():
    program = Program(make_loop(), 1, 1.0, threshold=0, function_threshold=2)
    assert [program.run(5, 1.0) for _ in range(4)] == [50] * 4
    assert [call[2] for call in program.player.calls] == [[5, 0], [5, 0]]


def test_the_interpreter_goes_on_with_other_values_and_does_not_ask_there_again():
    program = Program(make_loop(), 1, 1.0)
    program.player.script = [continue_at(0, [0, 2, 1000], [], [5.0]), NOTHING_RAN]
    assert program.run(10, 1.0) == 1000 + 2 * 50
    assert len(program.player.calls) == 1


def test_the_portal_returns_what_compiled_code_gave():
    program = Program(make_loop(), 1, 1.0)
    program.player.script = [finished_int(77)]
    assert program.run(10, 1.0) == 77


def test_the_portal_raises_what_compiled_code_raised():
    def entry(n, scale):
        try:
            return loop(n, scale)
        except Stop as stop:
            return stop.value

    loop = make_loop()
    program = Program(entry, 1, 1.0)
    assert program.run(1000, 1.0) == 1000
    layout = next(
        TYPE for TYPE, vtable in program.program.instance_types.items() if "".join(vtable.name).endswith("Stop")
    )
    exception = malloc(layout, zero=True)
    exception.inst_value = 5
    program.player.script = [raised(cast_opaque_ptr(GCREF, exception))]
    assert program.run(10, 1.0) == 5


def test_handlers_inside_of_the_portal_do_not_see_the_exception():
    driver = JitDriver(greens=[], reds=["n"])

    def loop(n):
        while n > 0:
            driver.jit_merge_point(n=n)
            try:
                n -= 1
                driver.can_enter_jit(n=n)
                if n == 900:
                    raise Stop(n)
            except Stop:
                return 55
        return 0

    program = Program(loop, 1)
    assert program.run(901) == 55
    exception = program.interpreter.exception("OverflowError").value
    program.player.script = [raised(cast_opaque_ptr(GCREF, exception))]
    with pytest.raises(LowLevelException, match="OverflowError"):
        program.run(10)


def test_a_loop_header_may_stand_in_another_function():
    driver = JitDriver(greens=["pc"], reds=["n", "text"])

    def jump(pc, n, text):
        if n % 2:
            driver.can_enter_jit(pc=pc, n=n, text=text)
        return 3 - pc

    def loop(n, text):
        pc = 1
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n, text=text)
            n -= len(text)
            pc = jump(pc, n, text)
        return n + pc

    def entry(n):
        return loop(n, "x" * (n % 2 + 1))

    program = Program(entry, 1, threshold=1)
    assert program.run(6) == 1
    # only where the other function marked a header, with the greens of the merge point
    assert [(call[0], call[2]) for call in program.player.calls] == [([2], [5]), ([2], [3]), ([2], [1])]


def test_greens_and_reds_of_all_types_make_the_way_there_and_back():
    driver = JitDriver(greens=["flag", "letter"], reds=["n", "items", "weight"])
    ITEMS = Array(Signed)
    items = malloc(ITEMS, 3, flavor="raw", zero=True, immortal=True)
    items[1] = 40

    def loop(n, letter):
        flag, weight = n > 3, 0.5
        pointer = items
        while n > 0:
            driver.jit_merge_point(flag=flag, letter=letter, n=n, items=pointer, weight=weight)
            weight += pointer[1] + ord(letter)
            if not flag:
                weight += 1000.0
            n -= 1
        return weight

    def entry(n):
        return loop(n, chr(n + 60))

    program = Program(entry, 1, threshold=2)

    def change_greens(ints, references, floats):
        return continue_at(0, [0, ord("b"), *ints], references, floats)

    program.player.script = [change_greens]
    expected = 0.5 + 2 * (40 + 64) + 2 * (40 + ord("b") + 1000)
    assert program.run(4) == expected
    assert program.player.calls[0][0] == [1, 64]


def test_a_portal_without_result():
    driver = JitDriver(greens=[], reds=["n"])

    class Log:
        count = 0

    log = Log()

    def loop(n):
        while n > 0:
            driver.jit_merge_point(n=n)
            n -= 1
            log.count += 1

    def entry(n):
        loop(n)
        return log.count

    program = Program(entry, 1, threshold=2)
    program.player.script = [finished_none()]
    assert program.run(10) == 2


def test_a_single_float_cannot_be_red():
    driver = JitDriver(greens=[], reds=["n", "x"], name="single")

    def loop(n):
        x = r_singlefloat(1.5)
        while n > 0:
            driver.jit_merge_point(n=n, x=x)
            n -= int(float(x))
        return n

    with pytest.raises(PortalError, match="single"):
        Program(loop, 1)


def test_a_closed_gate_asks_nothing_until_a_parameter_or_a_place_to_trace_opens_it():
    program = Program(make_loop(), 1, 1.0, threshold=-1)
    (state,) = program.states
    assert program.run(20, 1.0) == 200
    assert (state.gate.open, state.gate.loop_header_seen, program.player.calls) == (0, 0, [])
    assert not any(state.counters.entries)
    state.parameters.set(parameters.THRESHOLD, 3)
    state.parameters_changed()
    assert state.gate.open == 1
    assert program.run(20, 1.0) == 200
    assert len(program.player.calls) > 0
    state.parameters.set(parameters.THRESHOLD, -1)
    state.parameters_changed()
    assert state.gate.open == 0
    state.trace_soon(GreenKey([0], [], []))
    assert state.gate.open == 1


def looks_at_a_flag(program):
    return any(
        operation.opname == "getfield" and operation.args[1].value == "loop_header_seen"
        for graph in program.program.graphs for block in graph.iterblocks() for operation in block.operations
    )


def test_merge_points_look_at_no_flag_where_the_ways_from_loop_headers_are_short():
    driver = JitDriver(greens=["pc"], reds=["n", "total"])

    def loop(n):
        pc, total = 0, 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n, total=total)
            if pc == 0:
                pc = 1
            else:
                pc = 0
                n -= 1
                if n & 1:
                    driver.can_enter_jit(pc=pc, n=n, total=total)
                    total += 1
                    if n == 5:
                        total += 100
                    n -= 1
                else:
                    driver.can_enter_jit(pc=pc, n=n, total=total)
            total += pc
        return total

    program = Program(loop, 1)
    assert not looks_at_a_flag(program)
    assert program.run(20) == 20 // 2 + 10 + 100
    # the values are those of the merge point, and the headers count together
    assert [(call[0], call[2]) for call in program.player.calls] == [([0], [14, 6]), ([0], [8, 12]), ([0], [2, 118])]
    program.player.script = [finished_int(7)]
    assert program.run(20) == 7
    program.states[0].turn_off()
    program.player.calls.clear()
    assert program.run(20) == 20 // 2 + 10 + 100
    assert program.player.calls == []


def test_merge_points_look_at_a_flag_where_a_loop_header_is_in_another_function():
    driver = JitDriver(greens=["pc"], reds=["n"])

    def step(n):
        if n > 50:
            return n - 2
        driver.can_enter_jit(pc=0, n=n - 1)
        return n - 1

    def loop(n):
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n)
            n = step(n)
        return n

    program = Program(loop, 1)
    assert looks_at_a_flag(program)
    assert program.run(8) == 0
    assert [call[2] for call in program.player.calls] == [[5], [2]]


def test_merge_points_look_at_a_flag_where_the_ways_from_loop_headers_are_long():
    driver = JitDriver(greens=["pc"], reds=["n", "total"])

    def loop(n):
        pc, total = 0, 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n, total=total)
            n -= 1
            driver.can_enter_jit(pc=pc, n=n, total=total)
            for bit in steps:
                if n & bit:
                    total += bit
        return total

    steps = unrolling_iterable([1 << number for number in range(20)])
    program = Program(loop, 1)
    assert looks_at_a_flag(program)
    assert program.run(8) == sum(range(8))
    assert len(program.player.calls) == 2
