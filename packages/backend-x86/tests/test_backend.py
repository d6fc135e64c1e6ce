"""Code memory, frames and patches: what the backend manages beside emitting code."""

import platform
import random

import pytest
from native_worlds import Samples
from ouro.backend_x86 import OutOfCodeMemory
from ouro.backend_x86.emitter import WITHOUT_CODE
from ouro.backend_x86.exits import Exits
from ouro.backend_x86.frame_layout import INFORMATION_FREE, LENGTH_WORD
from ouro.backend_x86.machine import MACHINE
from ouro.jitcore import operations as ops
from ouro.jitcore.backend import CalledLoops
from ouro.jitcore.outcome import finished_int
from ouro.lltype import GCREF, GcStruct, Signed, cast_ptr_to_int
from ouro.rlib import rmmap

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="runs x86-64 code in this process")

COUNT_DOWN = """[i0, i1]
label(i0, i1, loop.start)
i2 = int_add(i1, i0)
i3 = int_sub(i0, 1)
i4 = int_gt(i3, 0)
guard_true(i4) {i2, i3}
jump(i3, i2, loop.start)"""


@pytest.fixture
def samples():
    return Samples()


def many_values(count):
    """Lines that make many values and then need them all, and the last of them."""
    lines = [f"i{number + 10} = int_add(i0, {number})" for number in range(count)]
    lines.append(f"i{count + 10} = int_add(i10, i11)")
    for number in range(2, count):
        lines.append(f"i{count + 9 + number} = int_add(i{count + 8 + number}, i{number + 10})")
    return "\n".join(lines), f"i{2 * count + 8}"


def sum_of_many(value, count):
    return sum(value + number for number in range(count))


def state(backend):
    """What must not change where compiling fails."""
    return backend.memory.free_bytes(), len([number for number in range(200) if _is_used(backend, number)])


def _is_used(backend, number):
    try:
        return backend.exits.descriptor(number) is not None
    except IndexError:
        return False


def test_every_operation_has_a_row_and_code_or_needs_none():
    assert {ops.name_of(opcode) for opcode in WITHOUT_CODE if MACHINE.known[opcode]} == {
        "input_i", "input_r", "input_f", "virtual_ref_finish", "keepalive", "debug_merge_point", "quasiimmut_field",
        "record_exact_class", "record_exact_value", "enter_portal", "leave_portal"}
    unknown = {ops.name_of(opcode) for opcode in range(ops.COUNT) if not MACHINE.known[opcode]}
    assert unknown == {"new", "new_with_vtable", "new_array", "new_array_clear", "newstr", "new_raw_buffer"}


def test_a_bridge_is_entered_without_leaving_the_code(samples):
    token = samples.compile(COUNT_DOWN)
    guard = samples.enter(token, 10, 0).descriptor
    assert guard.failures == 1
    samples.backend.compile_bridge(guard, samples.parse("[i0, i1]\ni2 = int_add(i0, i1)\nfinish(i2, done_i)"), token)
    frame = samples.enter(token, 100, 0)
    assert frame.descriptor.name == "done_i" and frame.number == 5050 and guard.failures == 1


@pytest.mark.parametrize("before", [2, 5, 40])
def test_the_label_that_a_trace_jumps_back_to_begins_a_line_of_the_cache(samples, before):
    lines, last = many_values(before)
    token = samples.compile(f"[i0]\n{lines}\nlabel({last}, loop.start)\ni1 = int_add({last}, -1)\n"
                            "i2 = int_gt(i1, 0)\nguard_true(i2) {i1}\njump(i1, loop.start)")
    assert token.targets[0].place % 64 == 0
    assert samples.enter(token, 3).ints[0] == 0


def test_there_is_no_more_code_than_allowed(samples):
    backend = samples.backend
    token = samples.compile(COUNT_DOWN)
    text, last = many_values(60)
    samples.compile("[i0]\nfinish(i0, done_i)", "small")
    backend.code_limit = backend.memory.used_bytes() + 100
    before = state(backend)
    with pytest.raises(OutOfCodeMemory):
        samples.compile(f"[i0]\n{text}\nfinish({last}, done_i)", "filler")
    assert state(backend) == before
    backend.free(token)
    backend.code_limit = 0
    assert samples.enter(samples.compile(f"[i0]\n{text}\nfinish({last}, done_i)", "filler"), 1).number == \
        sum_of_many(1, 60)


def test_a_full_code_memory_is_an_error_that_changes_nothing(samples):
    backend = samples.backend
    token = samples.compile(COUNT_DOWN)
    guard = samples.enter(token, 1, 0).descriptor
    text, last = many_values(60)
    fillers = []
    with pytest.raises(OutOfCodeMemory):
        for number in range(3000):
            before = state(backend)
            fillers.append(samples.compile(f"[i0]\n{text}\nfinish({last}, done_i)", f"filler{number}"))
    assert state(backend) == before
    with pytest.raises(OutOfCodeMemory):
        backend.compile_bridge(guard, samples.parse(f"[i0, i1]\n{text}\nfinish({last}, done_i)"), token)
    assert state(backend) == before and guard.bridge is None
    assert samples.enter(token, 3, 0).ints[:2] == [6, 0]
    calling = samples.token("calling", "i", "i")
    samples.names.add_descriptor(calling, "calling")
    trace = samples.parse(f"[i0]\n{text}\ni500 = call_assembler_i(i0, calling)\nguard_not_forced() {{i500}}\n"
                          f"guard_no_exception() {{}}\nfinish({last}, done_i)")
    with pytest.raises(OutOfCodeMemory):
        backend.compile_loop(trace, calling)
    assert state(backend) == before and calling.code is None
    for filler in fillers:
        backend.free(filler)
    backend.compile_bridge(guard, samples.parse(f"[i0, i1]\n{text}\nfinish({last}, done_i)"), token)
    assert samples.enter(token, 3, 0).number == sum_of_many(6, 60)


def test_a_system_that_refuses_to_patch_leaves_the_guard_as_it_was(samples, monkeypatch):
    backend = samples.backend
    token = samples.compile(COUNT_DOWN)
    guard = samples.enter(token, 1, 0).descriptor
    samples.compile("[i0]\nfinish(i0, done_i)", "other")  # the finish has its exit from now on
    before = state(backend)
    calls = []
    allowed = rmmap.protect

    def refuse(start, size, protection):
        calls.append(protection)
        if len(calls) == 3:  # the bridge has been installed: this is the patch
            raise OSError(12, "mprotect failed")
        allowed(start, size, protection)

    bridge = samples.parse("[i0, i1]\nfinish(i0, done_i)")
    with monkeypatch.context() as patch:
        patch.setattr(rmmap, "protect", refuse)
        with pytest.raises(OutOfCodeMemory):
            backend.compile_bridge(guard, bridge, token)
    assert state(backend) == before
    assert samples.enter(token, 4, 0).descriptor is guard


def test_freed_code_gives_back_memory_exits_and_frames(samples):
    backend = samples.backend
    samples.enter(samples.compile("[i0]\nguard_true(i0) {i0}\nfinish(i0, done_i)", "other"), 1)
    before = state(backend)
    for number in range(5):
        name = f"loop{number}"
        token = samples.compile(COUNT_DOWN.replace("loop.", name + "."), name)
        guard = samples.enter(token, 5, 0).descriptor
        backend.compile_bridge(guard, samples.parse("[i0, i1]\nguard_false(i0) {i0}\nfinish(i1, done_i)"), token)
        samples.enter(token, 5, 0)
        assert state(backend) != before
        backend.free(token)
        assert state(backend) == before
        assert guard.bridge is None and token.targets[0].place == -1


def test_frames_are_used_again_and_grow_for_bridges_that_need_more(samples):
    backend = samples.backend
    token = samples.compile(COUNT_DOWN)
    frames, information = backend.frames, backend.loop_information(token)
    guard = samples.enter(token, 1, 0).descriptor
    first = frames.word(information, INFORMATION_FREE)
    length = frames.word(first, LENGTH_WORD)
    samples.enter(token, 1, 0)
    assert frames.word(information, INFORMATION_FREE) == first
    text, last = many_values(80)
    bridge = samples.parse(f"[i0, i1]\n{text}\nguard_always_fails() {{{last}, i0, i20}}\nfinish({last}, done_i)")
    entered = frames.take_frame(information)
    backend.compile_bridge(guard, bridge, token)
    # one frame was in use while the loop got its bridge, and is too short
    frames.give_back(entered)
    assert samples.enter(token, 1, 0).ints == [sum_of_many(1, 80), 1, 11]
    assert frames.word(frames.word(information, INFORMATION_FREE), LENGTH_WORD) > length


def test_a_frame_that_a_run_has_already_grows_on_the_way(samples):
    backend, process = samples.backend, samples.process
    text, last = many_values(80)
    grown = []
    token = None

    def compile_bridge(value):
        # the guard that fails next gets a long bridge while its frame is in use
        guard = token.blocks[0].guards[0]
        if guard.bridge is None:
            bridge = samples.parse(f"[i0, i1]\n{text}\nguard_always_fails() {{{last}, i1}}\nfinish(i0, done_i)")
            backend.compile_bridge(guard, bridge, token)
        return value

    original = backend.frames.grow
    backend.frames.grow = lambda frame, words: grown.append(words) or original(frame, words)
    samples.names.add_integer("compile", process.native("i", "i", compile_bridge))
    samples.names.add_descriptor(samples.call_descriptor("i", "i"), "call")
    token = samples.compile("[i0, i1]\ni2 = call_i(@compile, i0, call)\ni3 = int_lt(i2, 0)\nguard_true(i3) {i2, i1}\n"
                            "finish(i2, done_i)")
    assert samples.enter(token, 7, 99).ints == [sum_of_many(7, 80), 99]
    assert len(grown) == 1
    assert samples.enter(token, 8, 98).ints == [sum_of_many(8, 80), 98]
    assert len(grown) == 1


def test_a_frame_grows_while_an_exception_is_pending(samples):
    backend, process = samples.backend, samples.process
    raised_class = 1 << 40

    def fail(value):
        process.pending[0] = raised_class
        return value

    samples.names.add_integer("fail", process.native("i", "i", fail))
    samples.names.add_integer("raised", raised_class)
    samples.names.add_descriptor(samples.call_descriptor("i", "i"), "call")
    token = samples.compile("[i0]\ni1 = call_i(@fail, i0, call)\nguard_no_exception() {i0}\nfinish(i1, done_i)")
    guard = samples.enter(token, 1).descriptor
    short = backend.frames.take_frame(backend.loop_information(token))
    text, last = many_values(80)
    bridge = samples.parse(f"[i0]\nr1 = guard_exception(@raised) {{}}\n{text}\n"
                           f"guard_always_fails() {{{last}}}\nfinish(i0, done_i)")
    backend.compile_bridge(guard, bridge, token)
    # a run that began before there was a bridge
    backend.frames.take_frame = lambda information: short
    assert samples.enter(token, 5).ints == [sum_of_many(5, 80)]


def test_invalidated_code_leaves_at_the_guard_which_may_get_a_bridge(samples):
    backend = samples.backend
    token = samples.compile("[i0]\nguard_not_invalidated() {i0}\ni1 = int_add(i0, 1)\n"
                            "guard_not_invalidated() {i1}\nfinish(i1, done_i)")
    assert samples.enter(token, 5).descriptor.name == "done_i"
    backend.invalidate(token)
    frame = samples.enter(token, 5)
    assert frame.descriptor is token.blocks[0].guards[0] and frame.ints == [5]
    backend.compile_bridge(frame.descriptor, samples.parse("[i0]\ni1 = int_neg(i0)\nfinish(i1, done_i)"), token)
    assert samples.enter(token, 5).number == -5


def test_a_forced_frame_does_not_hold_what_its_call_will_return(samples):
    """In the word for the result there may be anything, such as a reference of an earlier run that has moved since."""
    backend, process = samples.backend, samples.process
    seen = []

    def force(token, reference):
        forced = backend.force(process.pointer(GCREF, token))
        seen.append([bool(value) for value in forced.references])
        return reference

    samples.names.add_integer("force", process.native("rr", "r", force))
    samples.names.add_descriptor(samples.call_descriptor("rr", "r"), "call")
    token = samples.compile("[r0]\nr1 = force_token()\nr2 = call_may_force_r(@force, r1, r0, call)\n"
                            "guard_not_forced() {r0, r2}\nguard_no_exception() {}\nfinish(r2, done_r)")
    reference = process.new(GcStruct("held", ("value", Signed)))
    for _ in range(2):
        frame = samples.enter(token, reference)
        assert [cast_ptr_to_int(value) for value in frame.references] == 2 * [cast_ptr_to_int(reference)]
    assert seen == [[True, False], [True, False]]


class Answer(CalledLoops):
    def left(self, frame):
        return finished_int(1000 + frame.ints[0])


def test_called_loops_may_be_redirected_to_one_with_longer_frames(samples):
    backend = samples.backend
    backend.called_loops = Answer()
    old = samples.compile("[i0]\nguard_false(i0) {i0}\nfinish(i0, done_i)", "old", "i")
    text, last = many_values(70)
    new = samples.compile(f"[i0]\n{text}\nfinish({last}, done_i)", "new", "i")
    samples.names.add_descriptor(old, "old")
    caller = samples.compile("[i0]\ni1 = call_assembler_i(i0, old)\nguard_not_forced() {i1}\nguard_no_exception() {}\n"
                             "finish(i1, done_i)", "caller")
    assert [samples.enter(caller, value).number for value in (0, 1, 0)] == [0, 1001, 0]
    in_use = backend.frames.take_frame(backend.loop_information(old))
    backend.redirect_call_assembler(old, new)
    backend.frames.give_back(in_use)
    assert [samples.enter(caller, value).number for value in (0, 3)] == [sum_of_many(0, 70), sum_of_many(3, 70)]


def test_numbers_of_exits_do_not_fragment_however_much_code_comes_and_goes():
    exits = Exits()
    randomness = random.Random(5)
    rows = []
    for _ in range(20000):
        if len(rows) == 40:
            first, count = rows.pop(randomness.randrange(40))
            exits.give_back(first, count)
        count = randomness.choice([0, 1, 2, 5, 13, 30, 70, 130])
        first = exits.take(count)
        taken = set(range(first, first + count))
        assert not any(taken & set(range(other, other + length)) for other, length in rows)
        rows.append((first, count))
        for number in taken:
            exits.assign(number, None, rows)
    assert exits.take(8 * 1024) < 40 * (1 + 2 + 5 + 14 + 32 + 80 + 160)
