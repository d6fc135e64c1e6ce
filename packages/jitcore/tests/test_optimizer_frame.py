"""The frame of the optimizer: entry points, switches, what stays of a recording."""

import pytest
from optimizer_support import Optimizing, record
from ouro.jitcore.optimizer import (
    ALL,
    NONE,
    optimize_bridge,
    parse_enabled,
)
from ouro.jitcore.optimizer.options import BITS, HEAP, PEEL, RANGES
from ouro.jitcore.text import parse_trace, print_trace, verify
from ouro.rlib.jit import BadParameter

LOOP = """
[i0, r1]
i2 = int_add(i0, 1)
i3 = int_lt(i2, 100)
guard_true(i3) {i2, r1}
jump(i2, r1, loop.start)
"""


def test_without_optimisations_a_loop_is_its_recording_behind_a_label():
    world = Optimizing(NONE)
    optimized = world.loop(LOOP)
    assert print_trace(optimized.trace, world.names) == world.normal("""
        [i0, r1]
        label(i0, r1, loop.start)
        i2 = int_add(i0, 1)
        i3 = int_lt(i2, 100)
        guard_true(i3) {i2, r1}
        jump(i2, r1, loop.start)
    """)


def test_a_loop_without_a_target_gets_one():
    world = Optimizing(NONE)
    world.loop("""
        [i0]
        finish(i0, done_i)
    """)
    assert len(world.token.targets) == 1


def test_the_optimised_loop_runs():
    world = Optimizing(NONE)
    optimized = world.loop(LOOP)
    world.backend.compile_loop(optimized.trace, world.token)
    frame = world.enter(world.token, 5, world.node())
    assert world.backend.value_int(frame, 0) == 100


def test_a_bridge_jumps_to_the_first_label():
    world = Optimizing(NONE)
    optimized = world.loop(LOOP)
    world.backend.compile_loop(optimized.trace, world.token)
    guard = optimized.trace.guards[0]
    other = world.token.new_target("loop.other")
    world.names.add_descriptor(other)
    recorded = record(parse_trace("""
        [i0, r1]
        i2 = int_add(i0, 1000)
        jump(i2, r1, loop.other)
    """, world.names))
    bridge = optimize_bridge(recorded, guard, world.environment()).trace
    verify(bridge)
    assert bridge.descriptors[-1] is world.token.targets[0]
    assert bridge.opcodes[0] == 0 and bridge.guards == []


def test_what_no_one_needs_is_left_out():
    Optimizing(NONE).check("""
        [i0, r1]
        i2 = int_add(i0, 1)
        i3 = int_add(i2, 1)
        r4 = new_with_vtable(Node)
        i5 = getfield_gc_i(r1, Node.value)
        i6 = int_mul(i0, 3)
        i7 = int_lt(i0, 5)
        guard_true(i7) {i6}
        finish(i0, done_i)
    """, """
        [i0, r1]
        i6 = int_mul(i0, 3)
        i7 = int_lt(i0, 5)
        guard_true(i7) {i6}
        finish(i0, done_i)
    """)


def test_optimisations_have_names():
    assert parse_enabled("all") == ALL
    assert parse_enabled("none") == NONE
    assert parse_enabled("ranges:heap") == RANGES | HEAP
    assert parse_enabled("all:-peel") == ALL & ~PEEL
    assert sum(BITS.values()) == ALL
    with pytest.raises(BadParameter):
        parse_enabled("all:-speed")
