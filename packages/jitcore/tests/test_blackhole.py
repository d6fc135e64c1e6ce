"""The blackhole interpreter runs every instruction, from the start of a jitcode or from rebuilt frames."""

import pytest
from ouro.jitcore import operations as ops
from ouro.jitcore.blackhole import Blackhole
from ouro.jitcore.blackhole.handlers import HANDLERS
from ouro.jitcore.descriptors import CAN_RAISE, EffectDescriptor
from ouro.jitcore.jitcode import instructions
from ouro.jitcore.jitcode.text import decode, parse_program
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.outcome import (
    CONTINUE,
    FINISHED_FLOAT,
    FINISHED_INT,
    FINISHED_NONE,
    FINISHED_REFERENCE,
    RAISED,
)
from ouro.jitcore.resume import ResumeStore
from ouro.jitcore.text import parse_resume
from ouro.jitcore.trace import NULL_REFERENCE
from ouro.jitcore.tracer import Driver, DriverHooks
from ouro.lltype import GCREF, Float, FuncType, Ptr, Signed, cast_opaque_ptr, functionptr
from samples import ERROR, LEAF, NODE, Samples, string_of


@pytest.fixture
def samples():
    return Samples()


class World:
    """Jitcodes from text with what runs them."""

    def __init__(self, samples, text, drivers=(), virtual_reference=None):
        self.samples = samples
        self.machine = HostMachine(samples.memory)
        self.program = parse_program(text, samples.names)
        self.blackhole = Blackhole(self.machine, samples.backend, self.program, list(drivers), virtual_reference)

    def run(self, *arguments, name=None):
        """Run the first jitcode, or the one with a name; the outcome."""
        jitcode = self.program.jitcodes[0]
        if name:
            jitcode = next(one for one in self.program.jitcodes if one.name == name)
        by_kind = {"i": [], "r": [], "f": []}
        for kind, value in zip(jitcode.argument_kinds, arguments):
            by_kind[kind].append(value)
        return self.blackhole.run_jitcode(jitcode, by_kind["i"], by_kind["r"], by_kind["f"])


def result_of(outcome):
    """What a portal returned."""
    return {
        FINISHED_INT: lambda: outcome.value, FINISHED_REFERENCE: lambda: outcome.reference,
        FINISHED_FLOAT: lambda: outcome.number, FINISHED_NONE: lambda: None,
    }[outcome.what]()


def run(samples, text, *arguments):
    return result_of(World(samples, text).run(*arguments))


def test_there_is_a_handler_for_every_instruction():
    assert len(HANDLERS) == instructions.COUNT


def test_a_loop_with_a_call_of_another_jitcode(samples):
    text = """
jitcode sum(i) -> i
  int_copy 0 -> i1
L1:
  live {i0 i1}
  goto_if_not_int_gt i0, 0, L2
  inline_call_i square, [i0], [], [] -> i2
  live {i0 i1 i2}
  int_add i1, i2 -> i1
  int_sub i0, 1 -> i0
  goto L1
L2:
  int_return i1

jitcode square(i) -> i
  int_mul i0, i0 -> i0
  int_return i0
"""
    assert run(samples, text, 10) == sum(n * n for n in range(11))


@pytest.mark.parametrize("operation", [
    operation for operation in range(ops.COUNT)
    if instructions.instructions_of[operation] and set(ops.operand_kinds[operation]) <= set("if")
    and ops.has_flag(operation, ops.PURE)
], ids=lambda operation: ops.names[operation])
def test_pure_operations_compute_what_the_model_computes(samples, operation):
    name = ops.names[operation]
    kinds = ops.operand_kinds[operation]
    result = ops.result_kinds[operation]
    arguments = {"i": [9, 2, 5], "f": [2.5, -0.5]}
    values = [arguments[kind][kinds[:place].count(kind)] for place, kind in enumerate(kinds)]
    registers = [f"{kind}{kinds[:place].count(kind)}" for place, kind in enumerate(kinds)]
    word = instructions.KIND_WORDS[result]
    text = f"jitcode f({kinds}) -> {result}\n  {name} {', '.join(registers)} -> {result}7\n  {word}_return {result}7\n"
    inputs = ", ".join(f"{kind}{place}" for place, kind in enumerate(kinds))
    operands = inputs if name != "int_signext" else "i0, 2"  # how many bytes is a constant in traces
    frame = samples.run(f"[{inputs}]\n{result}9 = {name}({operands})\nfinish({result}9, done_{result})", *values)
    expected = {"i": samples.backend.value_int, "f": samples.backend.value_float,
                "r": samples.backend.value_reference}[result](frame, 0)
    assert run(samples, text, *values) == expected


@pytest.mark.parametrize("operation", [
    operation for operation in range(ops.COUNT)
    if instructions.goto_if_not_of[operation] >= 0 and set(ops.operand_kinds[operation]) <= set("if")
], ids=lambda operation: ops.names[operation])
def test_fused_jumps_go_where_the_comparison_says(samples, operation):
    name = ops.names[operation]
    kinds = ops.operand_kinds[operation]
    registers = ", ".join(f"{kind}{kinds[:place].count(kind)}" for place, kind in enumerate(kinds))
    compare = f"jitcode f({kinds}) -> i\n  {name} {registers} -> i7\n  int_return i7\n"
    jump = f"""
jitcode f({kinds}) -> i
  goto_if_not_{name} {registers}, L1
  int_return 1
L1:
  int_return 0
"""
    for first in (-1, 0, 1):
        for second in (-1, 0, 1):
            for third in (0, 2):
                values = [float(n) if kind == "f" else n for kind, n in zip(kinds, (first, second, third))]
                assert run(samples, jump, *values) == run(samples, compare, *values)


def test_jumps_on_references_and_bools(samples):
    text = """
jitcode f(rr) -> i
  goto_if_not_ptr_nonzero r0, L1
  goto_if_not_ptr_ne r0, r1, L2
  goto_if_not_instance_ptr_eq r0, r0, L1
  ptr_iszero r1 -> i0
  goto_if_not i0, L3
  int_return 4
L1:
  int_return 1
L2:
  int_return 2
L3:
  int_return 3
"""
    node, other = samples.node(), samples.node()
    assert [run(samples, text, *pair) for pair in (
        (NULL_REFERENCE, node), (node, node), (node, other), (node, NULL_REFERENCE))] == [1, 2, 3, 4]


@pytest.mark.parametrize("operation, overflowing, fine", [
    ("add", (2**63 - 1, 1), (2**63 - 2, 1)), ("sub", (-(2**63), 1), (5, 7)), ("mul", (2**62, 2), (-(2**62), 2)),
])
def test_overflow_jumps_without_a_result(samples, operation, overflowing, fine):
    text = f"""
jitcode f(ii) -> i
  int_{operation}_jump_if_overflow L1, i0, i1 -> i0
  int_return i0
L1:
  int_copy 77 -> i1
  int_return i1
"""
    assert run(samples, text, *overflowing) == 77
    exact = {"add": sum(fine), "sub": fine[0] - fine[1], "mul": fine[0] * fine[1]}
    assert run(samples, text, *fine) == exact[operation]


def test_switch_goes_on_behind_for_values_that_it_has_not(samples):
    text = """
jitcode f(i) -> i
  switch i0, {-1: L1, 7: L2}
  int_return 0
L1:
  int_return 1
L2:
  int_return 2
"""
    assert [run(samples, text, value) for value in (-1, 7, 3)] == [1, 2, 0]


def test_memory_is_read_and_written(samples):
    text = """
jitcode f(rif) -> i
  setfield_gc_i r0, i0, Node.value
  setfield_gc_f r0, f0, Node.weight
  new_with_vtable Leaf -> r1
  setfield_gc_r r0, r1, Node.next
  getfield_gc_r r0, Node.next -> r2
  setfield_gc_i r2, 5, Leaf.extra
  guard_class r2 -> i1
  new_array_clear 3, Ints -> r3
  setarrayitem_gc_i r3, 2, i0, Ints
  getarrayitem_gc_i r3, 2, Ints -> i2
  arraylen_gc r3, Ints -> i3
  int_add i2, i3 -> i2
  new_array_clear 2, Pairs -> r4
  setinteriorfield_gc_f r4, 1, f0, Pairs.ratio
  getinteriorfield_gc_f r4, 1, Pairs.ratio -> f1
  cast_float_to_int f1 -> i4
  int_add i2, i4 -> i2
  new_raw_buffer 16 -> i5
  raw_store_f i5, 8, f1, RawFloats
  raw_load_f i5, 8, RawFloats -> f2
  setfield_gc_f r0, f2, Node.weight
  goto_if_not_int_eq i1, @class.Leaf, L1
  int_return i2
L1:
  int_return -1
"""
    node = samples.node()
    assert run(samples, text, node, 20, 2.5) == 20 + 3 + 2
    node = cast_opaque_ptr(Ptr(NODE), node)
    assert (node.value, node.weight) == (20, 2.5)
    assert cast_opaque_ptr(Ptr(LEAF), samples.memory.to_trace(Ptr(NODE), node.next)).extra == 5


def test_strings_are_copied(samples):
    text = """
jitcode f(i) -> r
  newstr 2, String -> r0
  strsetitem r0, 0, 72, String
  strsetitem r0, 1, i0, String
  newstr 3, String -> r1
  strsetitem r1, 0, 33, String
  copystrcontent r0, r1, 0, 1, 2, String
  string_guard_value r1, 0, call.note -> r2
  strlen r2, String -> i0
  goto_if_not_int_eq i0, 3, L1
  reference_return r2
L1:
  reference_return null
"""
    assert string_of(run(samples, text, 105)) == "!Hi"


def test_results_of_every_kind_and_hints_that_do_nothing(samples):
    text = """
jitcode f(irf) -> f
  int_guard_value i0
  reference_guard_value r0
  float_guard_value f0
  record_exact_class r0, @class.Node
  int_record_exact_value i0, 3
  reference_record_exact_value r0, null
  keepalive r0
  loop_header 0
  hint_force_virtualizable r0
  quasi_immutable_field r0, Node.value
  int_is_constant i0 -> i1
  reference_is_constant r0 -> i2
  float_is_constant f0 -> i3
  reference_is_virtual r0 -> i4
  int_add i1, i2 -> i1
  int_add i3, i4 -> i3
  int_add i1, i3 -> i1
  goto_if_not_int_is_zero i1, L1
  virtual_ref r0 -> r1
  virtual_ref_finish r1, r0
  goto_if_not_ptr_eq r0, r1, L1
  inline_call_r same, [], [r1], [] -> r2
  live {r0 r2 f0}
  goto_if_not_ptr_eq r0, r2, L1
  inline_call_n nothing, [], [], []
  live {f0}
  inline_call_f half, [], [], [f0] -> f1
  live {f1}
  float_copy f1 -> f2
  float_return f2
L1:
  float_return -1.0

jitcode same(r) -> r
  reference_return r0

jitcode half(f) -> f
  float_mul f0, 0.5 -> f0
  float_return f0

jitcode nothing() -> n
  none_return
"""
    assert run(samples, text, 3, samples.node(), 5.0) == 2.5


CALLS = """
jitcode f(i) -> i
  residual_call_i @add, [i0, 5], [], [], call.add -> i1
  live {i1}
  residual_call_r @node_of, [i1], [], [], call.node_of -> r0
  live {i1 r0}
  indirect_call_i @value_of, [], [r0], [], call.value_of -> i2
  live {i1 i2 r0}
  residual_call_n @note, [i2], [], [], call.note
  live {i1 i2}
  residual_call_f @power, [2], [], [1.5], call.power -> f0
  live {i1 i2 f0}
  conditional_call 0, @note, [100], [], [], call.note
  live {i1 i2 f0}
  conditional_call 1, @note, [200], [], [], call.note
  live {i1 i2 f0}
  conditional_call_value_i 0, @add, [i1, i2], [], [], call.add -> i3
  live {i1 i2 i3 f0}
  conditional_call_value_i i3, @add, [0, 0], [], [], call.add -> i3
  live {i1 i2 i3 f0}
  conditional_call_value_r null, @node_of, [i3], [], [], call.node_of -> r1
  live {r1 f0}
  conditional_call_value_r r1, @node_of, [0], [], [], call.node_of -> r1
  live {r1 f0}
  getfield_gc_i r1, Node.value -> i4
  cast_float_to_int f0 -> i5
  int_mul i5, 1000 -> i5
  int_add i4, i5 -> i4
  int_return i4
"""


def test_functions_are_called(samples):
    assert run(samples, CALLS, 10) == 2 * 15 + 2000
    assert samples.calls == [15, 200]


RAISING = """
jitcode outer(i) -> i
  inline_call_i inner, [i0], [], [] -> i1
  live {i1}
  catch_exception L1
  int_return i1
L1:
  last_exception -> i2
  last_exception_value -> r0
  goto_if_exception_mismatch @class.Error, L2
  getfield_gc_i r0, Error.code -> i3
  goto_if_not_int_eq i2, @class.Error, L2
  int_add i3, 1000 -> i3
  int_return i3
L2:
  reraise

jitcode inner(i) -> i
  inline_call_i innermost, [i0], [], [] -> i1
  live {i1}
  int_add i1, 1 -> i1
  int_return i1

jitcode innermost(i) -> i
  residual_call_i @raise_if, [i0], [], [], call.raise_if -> i1
  live {i1}
  catch_exception L1
  int_return i1
L1:
  last_exception_value -> r0
  getfield_gc_i r0, Error.code -> i2
  goto_if_not_int_eq i2, 7, L2
  raise r0
L2:
  goto_if_exception_mismatch @class.Node, L3
  int_return 0
L3:
  reraise
"""


def test_exceptions_go_to_the_handler_of_a_caller(samples):
    assert run(samples, RAISING, 0) == 101
    assert run(samples, RAISING, 7) == 1007
    assert run(samples, RAISING, 8) == 1008


def test_exceptions_leave_the_portal(samples):
    outcome = World(samples, RAISING).run(5, name="inner")
    assert outcome.what == RAISED
    assert cast_opaque_ptr(Ptr(ERROR), outcome.reference).code == 5


MERGING = """
jitcode portal(iirf) -> i
L1:
  live {i0 i1 r0 f0}
  jit_merge_point 0, [i0], [r0], [], [i1], [], [f0]
  live {i0 i1 r0 f0}
  goto_if_not_int_gt i1, 0, L2
  int_sub i1, 1 -> i1
  loop_header 0
  goto L1
L2:
  int_return i0

jitcode nested(iirf) -> i
  inline_call_i portal, [i0, i1], [r0], [f0] -> i2
  live {i2}
  catch_exception L1
  int_add i2, 1 -> i2
  int_return i2
L1:
  int_return -1

jitcode recursive(iirf) -> i
  recursive_call_i 0, [i0], [r0], [], [i1], [], [f0] -> i2
  live {i2}
  catch_exception L1
  int_add i2, 2 -> i2
  int_return i2
L1:
  int_return -2
"""


class Portal:
    """A driver whose portal is a function of the test."""

    def __init__(self, samples):
        def runner(first, second, node, number):
            self.calls.append((first, second, node, number))
            return samples.memory.call(samples.names.descriptors["call.raise_if"],
                                       samples.names.integers["raise_if"], [second])

        TYPE = FuncType([Signed, Signed, GCREF, Float], Signed)
        self.calls = []
        callee = samples.memory.descriptors.call(TYPE, EffectDescriptor(CAN_RAISE))
        address = samples.memory.address_of(functionptr(TYPE, "runner", callable=runner))
        self.driver = Driver(0, "driver", "ir", "if", "i", address, callee, DriverHooks())


def test_the_portal_goes_on_outside_at_its_merge_point(samples):
    node = samples.node()
    outcome = World(samples, MERGING, [Portal(samples).driver]).run(3, 2, node, 0.5)
    assert outcome.what == CONTINUE
    assert (outcome.driver, outcome.ints, outcome.references, outcome.floats) == (0, [3, 2], [node], [0.5])


@pytest.mark.parametrize("name, more", [("nested", 1), ("recursive", 2)])
def test_a_portal_in_a_portal_is_called(samples, name, more):
    portal = Portal(samples)
    node = samples.node()
    world = World(samples, MERGING, [portal.driver])
    assert result_of(world.run(3, 0, node, 0.5, name=name)) == 100 + more
    assert result_of(world.run(3, 1, node, 0.5, name=name)) == -more
    assert portal.calls == [(3, 0, node, 0.5), (3, 1, node, 0.5)]


# ---- from rebuilt frames

TRACE = """
[i0, r1, f2, r3]
i4 = int_add(i0, 1)
guard_always_fails() {}
finish(i4, done_i)
"""


def fail(samples, program_text, resume_text, arguments, trace=TRACE, **options):
    """The outcome of going on from a guard of `trace` that failed. `@NAME:LABEL` is a position."""
    world = World(samples, program_text, **options)
    kinds = "irfr"
    parsed = samples.parse(trace, kinds, "i")
    token = samples.token
    guard = parsed.guards[0]
    described = parse_resume(resume_text, parsed, samples.names, ResumeStore())
    for name in ("values", "kinds", "store", "resume"):
        setattr(guard, name, getattr(described, name))
    samples.backend.compile_loop(parsed, token)
    frame = samples.enter(token, *arguments)
    assert frame.descriptor is guard
    return world.blackhole.resume(frame)


FRAMES = """
jitcode outer(ir) -> i
  inline_call_i inner, [i0], [r0], [] -> i1
  live {i0 i1 r0}
  catch_exception L1
  int_mul i0, 1000 -> i0
  int_add i0, i1 -> i0
  getfield_gc_i r0, Node.value -> i2
  int_mul i2, 1000000 -> i2
  int_add i0, i2 -> i0
  int_return i0
L1:
  int_return -1

jitcode inner(ir) -> i
  residual_call_i @raise_if, [i0], [], [], call.raise_if -> i1
  live {i0 i1}
  int_add i0, i1 -> i0
  live {i0}
  goto_if_not_int_gt i0, 10, L1
  int_return 1
L1:
  int_return 2
"""


def positions(samples, text):
    """Where the `live` marks of each jitcode are."""
    program = parse_program(text, samples.names)
    return {
        jitcode.name: [line.position for line in decode(program, jitcode) if line.name == "live"]
        for jitcode in program.jitcodes
    }


def test_frames_go_on_at_their_marks(samples):
    at = positions(samples, FRAMES)
    resume = f"""
        frame 0@{at["outer"][0]} (i4, _, v0)
        frame 1@{at["inner"][1]} (i0)
        v0 = instance Node (Node.value: 3)
    """
    node = samples.node()
    assert result_of(fail(samples, FRAMES, resume, (20, node, 0.0, node))) == 3000000 + 21000 + 1
    assert result_of(fail(samples, FRAMES, resume, (5, node, 0.0, node))) == 3000000 + 6000 + 2


def test_a_frame_goes_on_behind_a_call_with_or_without_its_exception(samples):
    at = positions(samples, FRAMES)
    resume = f"""
        frame 0@{at["outer"][0]} (i0, _, r1)
        frame 1@{at["inner"][0]} (i0, i4)
    """
    trace = """
[i0, r1, f2, r3]
i4 = call_i(@raise_if, i0, call.raise_if)
guard_no_exception() {}
guard_always_fails() {}
finish(i4, done_i)
"""
    node = samples.node(1)
    assert result_of(fail(samples, FRAMES, resume, (7, node, 0.0, node), trace)) == -1
