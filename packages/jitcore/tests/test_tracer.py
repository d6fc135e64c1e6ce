"""Loops are found, traced, compiled and entered; guards that fail often get bridges; what comes out stays the same."""

import pytest
from ouro.jitcore.backend import CannotCompile
from ouro.jitcore.model import ModelBackend
from ouro.jitcore.tracer import reasons
from ouro.lltype import GCREF, cast_opaque_ptr, malloc
from samples import INTS, Samples
from traced import Traced


@pytest.fixture
def samples():
    return Samples()


COUNTING = """
jitcode main(iii) -> i
L1:
  live {i0 i1 i2}
  int_guard_value i0
  live {i0 i1 i2}
  jit_merge_point 0, [i0], [], [], [i1, i2], [], []
  live {i0 i1 i2}
  goto_if_not_int_gt i1, 0, L2
  int_add i2, i1 -> i2
  int_sub i1, 1 -> i1
  loop_header 0
  goto L1
L2:
  int_return i2
"""


def test_a_loop_is_compiled_and_run(samples):
    world = Traced(samples, COUNTING, ("main", "i", "ii", "i"), threshold=5)
    assert world.run("main", 7, 1000, 0) == 500500
    assert world.statistics.loops == 1
    assert world.interpreted < 10
    assert world.run("main", 7, 1000, 0) == 500500
    assert world.interpreted < 20


def test_the_jit_is_off_without_threshold(samples):
    world = Traced(samples, COUNTING, ("main", "i", "ii", "i"), threshold=-1, function_threshold=-1)
    assert world.run("main", 7, 1000, 0) == 500500
    assert world.statistics.recordings == 0


class NoRoom(ModelBackend):
    """Has no room for loops, or for bridges."""

    def __init__(self, memory, room_for_loops):
        super().__init__(memory)
        self.room_for_loops = room_for_loops

    def compile_loop(self, trace, token):
        if not self.room_for_loops:
            raise CannotCompile
        super().compile_loop(trace, token)

    def compile_bridge(self, guard, trace, token):
        raise CannotCompile


@pytest.mark.parametrize("room_for_loops", [False, True])
def test_the_program_goes_on_without_room_for_code(samples, room_for_loops):
    world = Traced(
        samples, COUNTING, ("main", "i", "ii", "i"), threshold=5, trace_eagerness=2,
        make_backend=lambda machine: NoRoom(samples.memory, room_for_loops))
    for _ in range(6):
        assert world.run("main", 7, 1000, 0) == 500500
    assert world.statistics.loops == int(room_for_loops) and world.statistics.bridges == 0
    assert world.statistics.aborts[reasons.CANNOT_COMPILE] > 0


HOISTED = """
jitcode main(iiir) -> i
  arraylen_gc r0, Ints -> i5
L1:
  live {i0 i1 i2 i5 r0}
  int_guard_value i0
  live {i0 i1 i2 i5 r0}
  jit_merge_point 0, [i0], [], [], [i1, i2], [r0], []
  live {i0 i1 i2 i5 r0}
  int_add i2, i5 -> i2
  int_sub i1, 1 -> i1
  live {i0 i1 i2 i5 r0}
  goto_if_not_int_gt i1, 0, L2
  int_and i1, 7 -> i0
  loop_header 0
  goto L1
L2:
  int_return i2
"""


@pytest.mark.parametrize("threshold", [2, 3, 5])
def test_what_was_taken_out_of_the_loop_is_no_part_of_its_state(samples, threshold):
    world = Traced(samples, HOISTED, ("main", "i", "iir", "i"), threshold=threshold, trace_eagerness=2)
    items = cast_opaque_ptr(GCREF, malloc(INTS, 3, zero=True))
    for _ in range(3):
        assert world.run("main", 0, 100, 0, items) == 300
    assert world.statistics.loops >= 1 and world.interpreted < 100
