"""What the tracer does with virtualizables, quasi-immutable fields, recursion, exceptions and hints."""

import io
import re

import pytest
from ouro.jitcore.descriptors import (
    CANNOT_RAISE,
    ELIDABLE_CAN_RAISE,
    ELIDABLE_CANNOT_RAISE,
    FORCES,
    LOOP_INVARIANT,
    EffectDescriptor,
)
from ouro.jitcore.jitcode import VirtualizableDescription
from ouro.jitcore.resume import force_virtualizable
from ouro.jitcore.tracer import DriverHooks, reasons
from ouro.lltype import GCREF, FuncType, GcArray, GcStruct, Ptr, Signed, Void, cast_opaque_ptr, functionptr, malloc
from ouro.rlib import debug
from ouro.rtyper import OBJECT
from samples import NODE, NULL, PLAIN, STRING, Samples, make_vtable
from traced import Traced

COUNTS = GcArray(Signed)
FRAME = GcStruct("Frame", ("super", OBJECT), ("token", GCREF), ("pc", Signed), ("top", Ptr(NODE)),
                 ("counts", Ptr(COUNTS)))


class World(Samples):
    """Samples with further functions, and a class whose instances are virtualizable."""

    def __init__(self):
        super().__init__()
        self.vtables[FRAME] = make_vtable(10, 11)
        table, names = self.memory.descriptors, self.names
        names.add_descriptor(table.size(FRAME))
        for name in FRAME.names[1:]:
            names.add_descriptor(table.field(FRAME, name))
        names.add_descriptor(table.array(COUNTS), "Counts")
        field = names.descriptors
        self.description = VirtualizableDescription(
            "Frame", field["Frame"], [field["Frame.pc"], field["Frame.top"]], [field["Frame.counts"]],
            [table.array(COUNTS)], field["Frame.token"])
        self.traced = None
        self.called = []

    def function(self, name, arguments, result, function, extra, **effect):
        """Let texts call a function."""
        TYPE = FuncType(arguments, result)
        self.names.add_integer(name, self.memory.address_of(functionptr(TYPE, name, callable=function)))
        self.names.add_descriptor(self.memory.descriptors.call(TYPE, EffectDescriptor(extra, **effect)), f"call.{name}")

    def frame(self, size=1):
        """A new frame, and the reference of it."""
        frame = malloc(FRAME, zero=True)
        frame.counts = malloc(COUNTS, size, zero=True)
        return frame, cast_opaque_ptr(GCREF, frame)

    def trace(self, text, *drivers, **options):
        """The program with its JIT."""
        self.traced = Traced(self, text, *drivers, **options)
        return self.traced


@pytest.fixture
def world():
    return World()


def operations_in(trace):
    """How often each operation is in the lines of a trace."""
    counts = {}
    for line in trace[1:]:
        name = line.partition("(")[0].rpartition(" ")[2]
        counts[name] = counts.get(name, 0) + 1
    return counts


VIRTUALIZABLE = """
jitcode main(iir) -> i
L1:
  live {i0 i1 r0}
  int_guard_value i0
  live {i0 i1 r0}
  jit_merge_point 0, [i0], [], [], [i1], [r0], []
  live {i0 i1 r0}
  goto_if_not_int_gt i1, 0, L2
  live {i0 i1 r0}
  getfield_virtualizable_i r0, Frame.pc -> i2
  int_add i2, i1 -> i2
  live {i0 i1 i2 r0}
  setfield_virtualizable_i r0, i2, Frame.pc
  live {i0 i1 r0}
  getarrayitem_virtualizable_i r0, 0, Frame.counts, Counts -> i3
  int_add i3, 1 -> i3
  live {i0 i1 i3 r0}
  setarrayitem_virtualizable_i r0, 0, i3, Frame.counts, Counts
  live {i0 i1 r0}
  arraylen_virtualizable r0, Frame.counts, Counts -> i4
  CALL
  int_sub i1, i4 -> i1
  loop_header 0
  goto L1
L2:
  live {i0 i1 r0}
  getfield_virtualizable_i r0, Frame.pc -> i2
  int_return i2
"""
LOOKING = """
  residual_call_i @look, [i1], [r0], [], call.look -> i5
  live {i0 i1 i4 i5 r0}
  live {i0 i1 i4 i5 r0}
  getfield_virtualizable_i r0, Frame.pc -> i2
  int_add i2, i5 -> i2
  live {i0 i1 i2 i4 r0}
  setfield_virtualizable_i r0, i2, Frame.pc
"""


def test_a_virtualizable_lives_in_registers(world):
    traced = world.trace(VIRTUALIZABLE.replace("CALL", ""), ("main", "i", "ir", "i", None, 0),
                         virtualizables=[world.description], threshold=3)
    frame, reference = world.frame()
    assert traced.run("main", 0, 100, reference) == 5050
    assert (frame.pc, frame.counts[0], frame.token) == (5050, 100, NULL)
    assert traced.statistics.loops == 1 and traced.interpreted < 10
    loop = operations_in(traced.traces()[0])
    assert not any("field" in name or "item" in name for name in loop)


@pytest.mark.parametrize("eagerness", [2, 1000])
def test_calls_that_look_at_the_virtualizable_see_its_fields(world, eagerness):
    def look(frame, number):
        if number % 7 == 0:
            force_virtualizable(traced.machine, world.backend, world.description, frame)
            instance = cast_opaque_ptr(Ptr(FRAME), frame)
            world.called.append((number, instance.pc, instance.counts[0]))
            return 1
        return 0

    world.function("look", [GCREF, Signed], Signed, look, FORCES)
    traced = world.trace(VIRTUALIZABLE.replace("CALL", LOOKING), ("main", "i", "ir", "i", None, 0),
                         virtualizables=[world.description], threshold=3, trace_eagerness=eagerness)
    frame, reference = world.frame()
    result = traced.run("main", 0, 50, reference)
    sums, expected = 0, []
    for count, number in enumerate(range(50, 0, -1)):
        sums += number
        if number % 7 == 0:
            expected.append((number, sums, count + 1))
            sums += 1
    assert world.called == expected
    assert result == sums == frame.pc
    assert frame.counts[0] == 50 and not frame.token
    assert traced.statistics.loops == 1


def test_tracing_is_given_up_when_a_call_looks(world):
    def look(frame, number):
        force_virtualizable(traced.machine, world.backend, world.description, frame)
        return 0

    world.function("look", [GCREF, Signed], Signed, look, FORCES)
    traced = world.trace(VIRTUALIZABLE.replace("CALL", LOOKING), ("main", "i", "ir", "i", None, 0),
                         virtualizables=[world.description], threshold=3)
    frame, reference = world.frame()
    assert traced.run("main", 0, 60, reference) == 1830
    assert traced.statistics.loops == 0
    # and is not tried again and again
    assert 1 <= traced.statistics.aborts[reasons.ESCAPED] <= 10
    assert traced.statistics.forced_virtualizables == traced.statistics.aborts[reasons.ESCAPED]


FRAMES = """
jitcode main(iir) -> i
L1:
  live {i0 i1 r0}
  int_guard_value i0
  live {i0 i1 r0}
  jit_merge_point 0, [i0], [], [], [i1], [r0], []
  live {i0 i1 r0}
  goto_if_not_int_is_zero i0, L3
  live {i0 i1 r0}
  goto_if_not_int_gt i1, 0, L2
  new_with_vtable Frame -> r1
  new_array_clear 1, Counts -> r2
  setfield_gc_r r1, r2, Frame.counts
  recursive_call_i 0, [1], [], [], [i1], [r1], [] -> i2
  live {i0 i1 i2 r0}
  live {i0 i1 i2 r0}
  getfield_virtualizable_i r0, Frame.pc -> i3
  int_add i2, i3 -> i3
  live {i0 i1 i3 r0}
  setfield_virtualizable_i r0, i3, Frame.pc
  int_sub i1, 1 -> i1
  loop_header 0
  goto L1
L3:
  live {i1 r0}
  setfield_virtualizable_i r0, i1, Frame.pc
  live {i1 r0}
  getfield_virtualizable_i r0, Frame.pc -> i3
  int_mul i3, 2 -> i3
  live {i3 r0}
  setarrayitem_virtualizable_i r0, 0, i3, Frame.counts, Counts
  live {r0}
  getarrayitem_virtualizable_i r0, 0, Frame.counts, Counts -> i3
  int_return i3
L2:
  live {r0}
  getfield_virtualizable_i r0, Frame.pc -> i3
  int_return i3
"""


@pytest.mark.parametrize("inlining", [0, 1])
def test_calls_of_the_portal_have_virtualizables_of_their_own(world, inlining):
    traced = world.trace(FRAMES, ("main", "i", "ir", "i", None, 0), virtualizables=[world.description], threshold=4,
                         function_threshold=6, inlining=inlining)
    frame, reference = world.frame()
    assert traced.run("main", 0, 60, reference) == 2 * 1830
    assert traced.statistics.loops == 1
    loop = operations_in(traced.traces()[-1])
    if inlining:
        # the frame of the inlined call is made nowhere
        assert not any("call" in name or "new" in name for name in loop)


QUASI_IMMUTABLE = """
jitcode main(iiir) -> i
L1:
  live {i0 i1 i2 r0}
  int_guard_value i0
  live {i0 i1 i2 r0}
  jit_merge_point 0, [i0], [], [], [i1, i2], [r0], []
  live {i0 i1 i2 r0}
  goto_if_not_int_gt i1, 0, L2
  live {i0 i1 i2 r0}
  reference_guard_value r0
  live {i0 i1 i2 r0}
  quasi_immutable_field r0, Plain.word
  getfield_gc_i r0, Plain.word -> i3
  int_add i2, i3 -> i2
  residual_call_n @change, [i1], [r0], [], call.change
  live {i0 i1 i2 r0}
  int_sub i1, 1 -> i1
  loop_header 0
  goto L1
L2:
  int_return i2
"""


@pytest.mark.parametrize("period", [1000, 30, 1])
def test_code_that_depends_on_a_quasi_immutable_field_is_invalidated(world, period):
    def change(reference, number):
        if number % period == 0:
            traced.system.quasi_immutable_changes_at(reference, world.names.descriptors["Plain.word"].index)
            cast_opaque_ptr(Ptr(PLAIN), reference).word += 1

    world.function("change", [GCREF, Signed], Void, change, CANNOT_RAISE,
                   can_invalidate=True)
    traced = world.trace(QUASI_IMMUTABLE, ("main", "i", "iir", "i"), threshold=3, trace_eagerness=2)
    plain = malloc(PLAIN, zero=True)
    plain.word = 5
    expected, word = 0, 5
    for number in range(100, 0, -1):
        expected += word
        word += number % period == 0
    assert traced.run("main", 0, 100, 0, cast_opaque_ptr(GCREF, plain)) == expected
    if period == 1000:
        assert traced.statistics.loops == 1 and not traced.statistics.invalidated_loops
        assert traced.system.dependencies.count() == 1
        traced.system.aging.collect_older_than(0)
        assert traced.system.dependencies.count() == 0
    elif period == 30:
        assert traced.statistics.invalidated_loops >= 3 and traced.statistics.loops >= 3
        traced.system.aging.collect_older_than(1000)
        assert traced.statistics.freed_loops == traced.statistics.invalidated_loops
    else:
        assert traced.statistics.aborts[reasons.INVALIDATED] >= 1 and traced.statistics.loops == 0


FIBONACCI = """
jitcode main(ii) -> i
  live {i0 i1}
  int_guard_value i0
  live {i0 i1}
  jit_merge_point 0, [i0], [], [], [i1], [], []
  live {i0 i1}
  goto_if_not_int_gt i1, 1, L1
  int_sub i1, 1 -> i2
  recursive_call_i 0, [i0], [], [], [i2], [], [] -> i2
  live {i0 i1 i2}
  int_sub i1, 2 -> i3
  recursive_call_i 0, [i0], [], [], [i3], [], [] -> i3
  live {i2 i3}
  int_add i2, i3 -> i2
  int_return i2
L1:
  int_return i1
"""


@pytest.mark.parametrize("limit", [6000, 40])
@pytest.mark.parametrize("inlining", [0, 1])
def test_a_function_that_calls_itself(world, inlining, limit):
    traced = world.trace(FIBONACCI, ("main", "i", "i", "i"), function_threshold=5, trace_eagerness=3, threshold=100,
                         inlining=inlining, trace_limit=limit)
    assert traced.run("main", 0, 14) == 377
    assert traced.statistics.entry_bridges >= 1
    assert any(name.startswith("call_assembler") for trace in traced.traces() for name in operations_in(trace))


def test_code_that_a_recording_calls_is_kept_while_the_recording_lasts(world):
    """What a recorded call runs may compile so much that the code which was recorded first is old."""
    def release(number):
        traced.system.aging.release_all()

    world.function("release", [Signed], Void, release, CANNOT_RAISE)
    text = FIBONACCI.replace("  live {i2 i3}\n  int_add", """  live {i2 i3}
  residual_call_n @release, [i3], [], [], call.release
  live {i2 i3}
  int_add""")
    traced = world.trace(text, ("main", "i", "i", "i"), function_threshold=5, trace_eagerness=3, inlining=0)
    assert traced.run("main", 0, 12) == 144
    assert traced.statistics.freed_loops


RAISING = """
jitcode main(ii) -> i
L1:
  live {i0 i1}
  int_guard_value i0
  live {i0 i1}
  jit_merge_point 0, [i0], [], [], [i1], [], []
  live {i0 i1}
  goto_if_not_int_gt i1, 0, L2
  int_sub i1, 1 -> i1
  loop_header 0
  goto L1
L2:
  residual_call_i @raise_if, [7], [], [], call.raise_if -> i1
  live {i1}
  int_return i1

jitcode caller(ii) -> i
L1:
  live {i0 i1}
  int_guard_value i0
  live {i0 i1}
  jit_merge_point 1, [i0], [], [], [i1], [], []
  live {i0 i1}
  recursive_call_i 0, [0], [], [], [5], [], [] -> i2
  live {i0 i1 i2}
  catch_exception L2
  int_return -1
L2:
  last_exception_value -> r0
  goto_if_exception_mismatch @class.Error, L3
  int_sub i1, 1 -> i1
  live {i0 i1 r0}
  goto_if_not_int_gt i1, 0, L3
  loop_header 1
  goto L1
L3:
  getfield_gc_i r0, Error.code -> i0
  int_return i0
"""


def test_exceptions_leave_compiled_code(world):
    traced = world.trace(RAISING, ("main", "i", "i", "i"), ("caller", "i", "i", "i"), threshold=6, trace_eagerness=2,
                         function_threshold=4)
    for _ in range(20):
        what, error = traced.run("main", 0, 20)
        assert what == "raised" and traced.machine.class_of(error) == world.names.integers["class.Error"]
    assert traced.interpreted < 60
    assert any("finish_exception" in line for trace in traced.traces() for line in trace)
    # a second driver, whose loop calls the first one and catches what comes out
    assert traced.run("caller", 0, 30) == 7
    assert traced.statistics.loops == 2


CALLS = """
jitcode main(iiirr) -> i
L1:
  live {i0 i1 i2 r0 r1}
  int_guard_value i0
  live {i0 i1 i2 r0 r1}
  jit_merge_point 0, [i0], [], [], [i1, i2], [r0, r1], []
  live {i0 i1 i2 r0 r1}
  goto_if_not_int_gt i1, 0, L2
  residual_call_i @pure, [i0, 3], [], [], call.pure -> i3
  live {i0 i1 i2 i3 r0 r1}
  residual_call_i @invariant, [], [], [], call.invariant -> i4
  live {i0 i1 i2 i3 i4 r0 r1}
  residual_call_i @invariant, [], [], [], call.invariant -> i5
  live {i0 i1 i2 i3 i4 i5 r0 r1}
  int_add i2, i3 -> i2
  int_add i2, i4 -> i2
  int_add i2, i5 -> i2
  int_and i1, 1 -> i6
  conditional_call i6, @note, [i1], [], [], call.note
  live {i0 i1 i2 i6 r0 r1}
  conditional_call_value_i i6, @add, [i1, 5], [], [], call.add -> i7
  live {i0 i1 i2 i7 r0 r1}
  int_add i2, i7 -> i2
  live {i0 i1 i2 r0 r1}
  string_guard_value r1, @same, call.same -> r2
  strgetitem r2, 0, String -> i8
  int_is_constant i8 -> i9
  int_add i2, i9 -> i2
  live {i0 i1 i2 r0 r1}
  guard_class r0 -> i8
  int_is_constant i8 -> i9
  int_add i2, i9 -> i2
  int_copy @next -> i8
  indirect_call_i i8, [i1], [], [], call.next -> i1
  live {i0 i1 i2 r0 r1}
  loop_header 0
  goto L1
L2:
  int_return i2

jitcode next(i) -> i
  int_sub i0, 1 -> i0
  int_return i0
"""


def test_calls_that_promise_something_and_hints(world):
    def same(first, second):
        return int(list(cast_opaque_ptr(Ptr(STRING), first).chars) == list(cast_opaque_ptr(Ptr(STRING), second).chars))

    world.function("pure", [Signed, Signed], Signed, lambda a, b: a * 10 + b, ELIDABLE_CANNOT_RAISE)
    world.function("invariant", [], Signed, lambda: world.called.append(1) or 4, LOOP_INVARIANT)
    world.function("same", [GCREF, GCREF], Signed, same, ELIDABLE_CANNOT_RAISE)
    world.function("next", [Signed], Signed, lambda n: n - 1, CANNOT_RAISE)
    traced = world.trace(CALLS, ("main", "i", "iirr", "i"), threshold=3)
    traced.program.called_addresses.append(world.names.integers["next"])
    traced.program.called_jitcodes.append(traced.program.jitcodes[1])
    strings = []
    for _ in range(2):
        text = malloc(STRING, 3, zero=True)
        for index in range(3):
            text.chars[index] = "abc"[index]
        strings.append(cast_opaque_ptr(GCREF, text))
    plain = 0
    for number in range(40, 0, -1):
        plain += 13 + 8 + (1 if number & 1 else number + 5)
    first = traced.run("main", 1, 40, 0, world.node(1), strings[0])
    # `is_constant` says so in compiled code alone
    assert plain < first <= plain + 80
    assert world.calls == list(range(39, 0, -2))
    again = traced.run("main", 1, 40, 0, world.node(1), strings[1])
    assert again == plain + 80
    loop = operations_in(next(trace for trace in traced.traces() if "jump" in operations_in(trace)))
    assert loop["cond_call"] == 2 and "cond_call_value_i" in loop  # in the first iteration and in those that follow
    assert loop.get("call_pure_i", 0) <= 1 and "call_i" not in loop


def test_exceptions_of_elidable_calls_are_raised_where_they_belong(world):
    def pure(number):
        return raise_if(number)

    raise_if = world.memory.pointer_at(
        Ptr(FuncType([Signed], Signed)), world.names.integers["raise_if"])
    world.function("pure", [Signed], Signed, pure, ELIDABLE_CAN_RAISE)
    traced = world.trace(RAISING.replace("raise_if", "pure"), ("main", "i", "i", "i"), ("caller", "i", "i", "i"),
                         threshold=3, function_threshold=3, trace_eagerness=2)
    assert traced.run("caller", 0, 30) == 7


def test_a_driver_may_ask_for_one_iteration_more(world):
    class Hooks(DriverHooks):
        def should_unroll_one_iteration(self, key):
            return key.ints[0] == 1

    from test_tracer import COUNTING

    lengths = []
    for key in (0, 1):
        world = World()
        traced = world.trace(COUNTING, ("main", "i", "ii", "i", Hooks()), threshold=3, enable_opts=0)
        assert traced.run("main", key, 50, 0) == 1275
        lengths.append(operations_in(traced.traces()[0])["int_sub"])
    assert lengths == [1, 2]


def test_drivers_may_refuse(world):
    class Hooks(DriverHooks):
        def may_enter(self, key, ints, references, floats):
            return ints[0] > 30

        def printable_location(self, key):
            return "at %d" % key.ints[0]

    from test_tracer import COUNTING

    traced = world.trace(COUNTING, ("main", "i", "ii", "i", Hooks()), threshold=3)
    assert traced.run("main", 0, 25, 0) == 325
    assert traced.statistics.recordings == 0
    assert traced.run("main", 0, 100, 0) == 5050
    assert traced.statistics.loops == 1


def test_the_log_says_what_was_recorded_compiled_and_left(world, monkeypatch):
    class Hooks(DriverHooks):
        def printable_location(self, key):
            return "at %d" % key.ints[0]

    from test_tracer import COUNTING

    written = io.StringIO()
    monkeypatch.setattr(debug._log, "destination", written)
    monkeypatch.setattr(debug._log, "prefixes", ("jit-",))
    traced = world.trace(COUNTING, ("main", "i", "ii", "i", Hooks()), threshold=3)
    assert traced.run("main", 12, 100, 0) == 5050
    traced.system.log_summary()
    lines = written.getvalue().splitlines()
    starts = [index for index, line in enumerate(lines) if line.endswith("{jit-log-opt")]
    assert lines[starts[0] + 1 : starts[0] + 4] == [
        "# loop1 (main at 12)", "[i0, i1]", "label(i0, i1, loop1.start)"]
    assert "debug_merge_point(0, 0, 12)  # at 12" in lines
    assert any(re.fullmatch(r"guard_true\(i\d+\) {i\d+, i\d+}  # guard 1", line) for line in lines)
    for text in ("loops: 1", "runs of compiled code: 1", "guard failures without bridge: 1"):
        assert text in lines
    assert any(re.fullmatch(r"guard \d of loop1: 1", line) for line in lines)
    # an invariant for tools: sections open and close
    opened = [line.partition("{")[2] for line in lines if "] {" in line]
    closed = [line.partition("] ")[2][:-1] for line in lines if line.startswith("[") and line.endswith("}")]
    assert sorted(opened) == sorted(closed) and "jit-tracing" in opened


DROPPING = """
jitcode main(iir) -> i
L1:
  live {i0 i1 r0}
  int_guard_value i0
  live {i0 i1 r0}
  jit_merge_point 0, [i0], [], [], [i1], [r0], []
  live {i0 i1 r0}
  residual_call_n @look, [i1], [], [], call.look
  live {i0 i1 r0}
  goto_if_not_int_gt i1, 0, L2
  getfield_gc_r r0, Node.next -> r1
  residual_call_n @use, [], [r1], [], call.use
  live {i0 i1 r0}
  int_sub i1, 1 -> i1
  int_and i1, 3 -> i2
  int_is_zero i2 -> i2
  live {i0 i1 i2 r0}
  goto_if_not_int_is_true i2, L1
  loop_header 0
  goto L1
L2:
  int_return i1
"""


def test_the_tracer_keeps_nothing_that_is_dead_at_a_merge_point(world):
    """A recording goes by several merge points; weak references would tell of objects in its registers."""
    seen = []

    def look(number):
        seen.extend(meta.frame.references[1] for meta in traced.system._recordings)

    world.function("look", [Signed], Void, look, CANNOT_RAISE)
    world.function("use", [GCREF], Void, lambda reference: None, CANNOT_RAISE)
    traced = world.trace(DROPPING, ("main", "i", "ir", "i"), threshold=2)
    node = world.node(1)
    world.memory.set_field(world.names.descriptors["Node.next"], node, world.node(2))
    assert traced.run("main", 0, 30, node) == 0
    assert traced.statistics.loops == 1 and len(seen) >= 2
    assert not any(seen)
