"""A body that only counts does all its iterations at once."""

import random

import pytest
from optimizer_support import Optimizing, operation_names, peeled_body
from ouro.jitcore.optimizer import ALL
from ouro.jitcore.optimizer.counting import inverse
from ouro.jitcore.optimizer.options import COUNT
from ouro.jitcore.resume import rebuild
from ouro.jitcore.text import print_trace
from ouro.rlib.rarithmetic import intmask

STEP_LIMIT = 3000


def body(text, enabled=ALL):
    """The peeled body of a loop."""
    return peeled_body(Optimizing(enabled), text)


def ends(text, *arguments, enabled=ALL):
    """What the guard keeps that ends a loop."""
    world = Optimizing(enabled)
    optimized = world.loop(text)
    return kept(world, optimized, *arguments)


def kept(world, optimized, *arguments):
    """What the frame has of the values that a guard keeps; stores that wait are behind them."""
    if world.token.code is None:
        world.backend.compile_loop(optimized.trace, world.token)
    frame = world.enter(world.token, *arguments)
    materializer = rebuild(world.machine, world.backend, frame)
    reader = materializer.reader
    first = reader.frame_starts[0]
    return [materializer.int_of(token) for token in reader.tokens[first:first + reader.frame_counts[0]]]


class Loop:
    """A loop that adds constants to values: `steps` and `masks` (None for whole words), the counter first."""

    def __init__(self, steps, masks):
        self.steps, self.masks = steps, masks

    def text(self):
        inputs = [f"i{number}" for number in range(len(self.steps))]
        lines, passed = [], []
        for number, (step, mask) in enumerate(zip(self.steps, self.masks)):
            lines.append(f"i{number + 10} = int_add(i{number}, {step})")
            if mask is not None:
                lines.append(f"i{number + 20} = int_and(i{number + 10}, {mask})")
            passed.append(f"i{number + (10 if mask is None else 20)}")
        kept = ", ".join(passed)
        return "\n".join([
            f"[{', '.join(inputs)}]", *lines, f"i30 = int_is_true({passed[0]})", f"guard_true(i30) {{{kept}}}",
            f"jump({kept}, loop.start)",
        ])

    def run(self, values):
        """What the values are in the end, one iteration after the other; None if that takes too long."""
        for _ in range(STEP_LIMIT):
            values = [
                intmask(value + step) & (-1 if mask is None else mask)
                for value, step, mask in zip(values, self.steps, self.masks)
            ]
            if values[0] == 0:
                return values
        return None


COPY = Loop([-1, 1, -1, 2], [None, 255, None, 255])


def test_a_loop_that_copies_a_counter_adds_it():
    lines = body(COPY.text())
    assert operation_names(lines) == [
        "label", "int_mul", "int_sub", "int_add", "int_and", "int_sub", "int_add", "int_and", "int_is_true",
        "guard_true", "jump",
    ]
    assert ends(COPY.text(), 200, 250, -7, 3) == COPY.run([200, 250, -7, 3])


def test_its_time_is_that_of_one_iteration():
    billions = 1 << 62
    assert ends(COPY.text(), billions, 5, 0, 1) == [0, 5, -billions, 1]


def test_the_counter_may_be_negative_and_the_condition_a_test_for_zero():
    text = """
        [i0, i1]
        i2 = int_add(i0, 3)
        i3 = int_add(i1, 10)
        i4 = int_is_zero(i2)
        guard_false(i4) {i2, i3}
        jump(i2, i3, loop.start)
    """
    assert "int_mul" in operation_names(body(text))
    assert ends(text, -300, 0) == [0, 1000]


def test_switched_off_the_loop_goes_round():
    off = ALL & ~COUNT
    assert operation_names(body(COPY.text(), off)).count("int_sub") == 0
    assert ends(COPY.text(), 200, 250, -7, 3, enabled=off) == COPY.run([200, 250, -7, 3])


def test_values_of_random_loops():
    numbers = random.Random(1)
    at_once = 0
    for _ in range(150):
        world = Optimizing(ALL)
        count = numbers.randint(1, 4)
        steps = [numbers.choice([-1, 1, -1, 1, -3, 5, 2, -4, 77, 255]) for _ in range(count)]
        masks = [numbers.choice([None, 255, 255, 15, 1023]) for _ in range(count)]
        loop = Loop(steps, masks)
        values = [numbers.choice([numbers.randint(-300, 300), numbers.randint(0, 255)]) for _ in range(count)]
        expected = loop.run(values)
        if expected is None:
            continue
        optimized = world.loop(loop.text())
        printed = print_trace(optimized.trace, world.names)
        off = Optimizing(ALL & ~COUNT)
        at_once += printed != print_trace(off.loop(loop.text()).trace, off.names)
        assert kept(world, optimized, *values) == expected, (steps, masks, values, printed)
    assert at_once > 40


@pytest.mark.parametrize("step", [-1, 1, 3, -5, 127])
def test_a_byte_counts_what_is_wider(step):
    """All values of a counter that is known not to be 0 where the body begins."""
    text = f"""
        [r0, i1]
        i2 = getarrayitem_gc_i(r0, 0, Ints)
        i3 = int_add(i2, {step})
        i4 = int_and(i3, 255)
        setarrayitem_gc(r0, 0, i4, Ints)
        i5 = int_add(i1, 1)
        i6 = int_is_true(i4)
        guard_true(i6) {{i4, i5}}
        jump(r0, i5, loop.start)
    """
    assert "int_add(i6, 1)" not in "".join(body(text))
    world = Optimizing(ALL)
    array = world.names.descriptors["Ints"]
    optimized = world.loop(text)
    for start in range(256):
        loop = Loop([step, 1], [255, None])
        items = world.memory.new_array(array, 1, True)
        world.memory.set_item(array, items, 0, start)
        found = kept(world, optimized, items, 1000)
        assert found == loop.run([start, 1000])


UNCHANGED = {
    "the guard keeps what an iteration begins with": """
        [i0, i1]
        i2 = int_add(i0, -1)
        i3 = int_add(i1, 1)
        i4 = int_is_true(i2)
        guard_true(i4) {i1, i2}
        jump(i2, i3, loop.start)
    """,
    "the guard keeps a sum before its mask": """
        [i0, i1]
        i2 = int_add(i0, -1)
        i3 = int_add(i1, 1)
        i4 = int_and(i3, 255)
        i5 = int_is_true(i2)
        guard_true(i5) {i2, i3}
        jump(i2, i4, loop.start)
    """,
    "the step is even": """
        [i0, i1]
        i2 = int_add(i0, -2)
        i3 = int_add(i1, 1)
        i4 = int_is_true(i2)
        guard_true(i4) {i2, i3}
        jump(i2, i3, loop.start)
    """,
    "a byte that may be 0 counts a word": """
        [i0, i1]
        i2 = int_add(i0, -1)
        i3 = int_and(i2, 255)
        i4 = int_add(i1, 1)
        i5 = int_is_true(i3)
        guard_true(i5) {i3, i4}
        jump(i3, i4, loop.start)
    """,
    "another guard": """
        [i0, i1]
        i2 = int_add(i0, -1)
        i3 = int_add(i1, 1)
        i4 = int_is_true(i3)
        guard_true(i4) {i2, i3}
        i5 = int_is_true(i2)
        guard_true(i5) {i2, i3}
        jump(i2, i3, loop.start)
    """,
    "the mask has holes": """
        [i0, i1]
        i2 = int_add(i0, -1)
        i3 = int_add(i1, 1)
        i4 = int_and(i3, 253)
        i5 = int_is_true(i2)
        guard_true(i5) {i2, i4}
        jump(i2, i4, loop.start)
    """,
    "a value is multiplied": """
        [i0, i1]
        i2 = int_add(i0, -1)
        i3 = int_mul(i1, 3)
        i4 = int_is_true(i2)
        guard_true(i4) {i2, i3}
        jump(i2, i3, loop.start)
    """,
    "values change places": """
        [i0, i1, i2]
        i3 = int_add(i0, -1)
        i4 = int_is_true(i3)
        guard_true(i4) {i3, i1, i2}
        jump(i3, i2, i1, loop.start)
    """,
    "the loop ends where the counter is not 0": """
        [i0, i1]
        i2 = int_add(i0, -1)
        i3 = int_add(i1, 1)
        i4 = int_is_zero(i2)
        guard_true(i4) {i2, i3}
        jump(i2, i3, loop.start)
    """,
    "a call sees each iteration": """
        [i0, i1]
        i2 = int_add(i0, -1)
        call_n(@note, 1, call.note)
        i3 = int_add(i1, 1)
        i4 = int_is_true(i2)
        guard_true(i4) {i2, i3}
        jump(i2, i3, loop.start)
    """,
}


@pytest.mark.parametrize("name", UNCHANGED)
def test_other_loops_go_round(name):
    printed = []
    for enabled in (ALL, ALL & ~COUNT):
        world = Optimizing(enabled)
        printed.append(print_trace(world.loop(UNCHANGED[name]).trace, world.names))
    assert printed[0] == printed[1]


def test_the_inverse_of_odd_numbers():
    numbers = random.Random(2)
    for odd in [1, -1, 3, -3, (1 << 63) - 1, *(2 * numbers.randint(-(1 << 62), 1 << 61) + 1 for _ in range(200))]:
        assert intmask(odd * inverse(odd)) == 1
