"""The model runs traces: memory, calls, exceptions, guards, bridges, loops."""

import math

import pytest
from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import LoopToken
from ouro.jitcore.model import ModelError
from ouro.jitcore.model.execution import STEPS
from ouro.jitcore.text import VerificationError, parse_trace
from ouro.lltype import (
    GCREF,
    MemoryAccessError,
    Ptr,
    cast_adr_to_int,
    cast_int_to_ptr,
    cast_opaque_ptr,
    malloc,
    raw_malloc,
)
from ouro.rtyper import LowLevelException
from samples import ERROR, HOLDER, INTS, LEAF, NODES, NULL, PAIRS, RAW, RAW_NODES, STRING, Samples, string_of, value_of


@pytest.fixture
def world():
    return Samples()


def result(world, frame):
    """The result of a finished run."""
    assert frame.descriptor.name.startswith("done_"), frame.descriptor.name
    return frame.values[0] if frame.values else None


def test_every_operation_but_inputs_and_lowered_ones_has_a_step():
    assert {opcode for opcode in range(ops.COUNT) if opcode not in STEPS} == {
        opcode for opcode in range(ops.COUNT) if ops.is_input(opcode) or ops.has_flag(opcode, ops.LOWERED)}


# references


@pytest.mark.parametrize("prefix", ["ptr", "instance_ptr"])
def test_identity(world, prefix):
    one, other = world.node(), world.node()
    token = world.compile(f"[r0, r1]\ni2 = {prefix}_eq(r0, r1)\ni3 = {prefix}_ne(r0, r1)\n"
                          "i4 = int_lshift(i2, 1)\ni5 = int_or(i3, i4)\nfinish(i5, done_i)")
    assert [result(world, world.enter(token, *pair)) for pair in (
        (one, one), (one, other), (NULL, NULL), (one, NULL))] == [2, 1, 2, 1]


def test_null(world):
    token = world.compile("[r0]\ni1 = ptr_iszero(r0)\ni2 = ptr_nonzero(r0)\ni3 = int_lshift(i1, 1)\n"
                          "i4 = int_or(i3, i2)\nfinish(i4, done_i)")
    assert [result(world, world.enter(token, value)) for value in (NULL, world.node())] == [2, 1]


def test_tagged_references(world):
    text = "[i0]\nr1 = cast_int_to_ptr(i0)\ni2 = cast_ptr_to_int(r1)\nfinish(i2, done_i)"
    token = world.compile(text)
    assert [result(world, world.enter(token, number)) for number in (7, -1, 0)] == [7, -1, 0]
    with pytest.raises(MemoryAccessError, match="neither 0 nor odd"):
        world.enter(token, 8)


def test_load_class(world):
    token = world.compile("[r0]\ni1 = load_class(r0)\ni2 = int_eq(i1, @class.Leaf)\nfinish(i2, done_i)")
    assert result(world, world.enter(token, world.node(0, LEAF))) == 1
    assert result(world, world.enter(token, world.node())) == 0
    with pytest.raises(ModelError, match="no instance"):
        world.enter(token, cast_opaque_ptr(GCREF, malloc(INTS, 1)))
    with pytest.raises(ModelError, match="no object"):
        world.enter(token, cast_int_to_ptr(GCREF, 7))


# memory


@pytest.mark.parametrize("name, value, expected", [
    ("flag", 1, 1), ("letter", 200, 200), ("letter", 456, 200), ("small", -1, -1), ("small", 200, -56),
    ("half", 40000, -25536), ("uhalf", -1, 65535), ("word", 2**31, -(2**31)), ("big", -1, -1), ("single", 1, 1),
])
def test_integer_fields_keep_the_bits_that_fit(world, name, value, expected):
    frame = world.run(f"[i0]\nr1 = new(Plain)\nsetfield_gc(r1, i0, Plain.{name})\n"
                      f"i2 = getfield_gc_i(r1, Plain.{name})\nfinish(i2, done_i)", value)
    assert result(world, frame) == expected


def test_fields_of_every_kind(world):
    frame = world.run(
        "[i0, r1, f2]\nr3 = new_with_vtable(Leaf)\nsetfield_gc(r3, i0, Node.value)\nsetfield_gc(r3, r1, Node.next)\n"
        "setfield_gc(r3, f2, Node.weight)\ni4 = getfield_gc_i(r3, Node.value)\nr5 = getfield_gc_r(r3, Node.next)\n"
        "f6 = getfield_gc_f(r3, Node.weight)\ni7 = getfield_gc_i(r3, Leaf.extra)\n"
        "guard_always_fails() {i4, r5, f6, i7, r3}\nfinish(i4, done_i)", 5, world.node(9), 2.5)
    assert frame.values[0] == 5 and value_of(frame.values[1]) == 9 and frame.values[2:4] == [2.5, 0]
    assert world.memory.type_of_object(frame.values[4]) is LEAF


def test_a_field_of_null_is_an_error(world):
    with pytest.raises(MemoryAccessError):
        world.run("[r0]\ni1 = getfield_gc_i(r0, Node.value)\nfinish(i1, done_i)", NULL)


@pytest.mark.parametrize("kind, array, value", [("i", "Ints", -7), ("i", "Bytes", -3), ("f", "Floats", 1.25),
                                                ("r", "Nodes", None)])
def test_items_of_arrays(world, kind, array, value):
    value = world.node(3) if value is None else value
    frame = world.run(
        f"[i0, {kind}1]\nr2 = new_array_clear(5, {array})\nsetarrayitem_gc(r2, i0, {kind}1, {array})\n"
        f"{kind}3 = getarrayitem_gc_{kind}(r2, i0, {array})\n{kind}4 = getarrayitem_gc_{kind}(r2, 0, {array})\n"
        f"i5 = arraylen_gc(r2, {array})\nguard_always_fails() {{{kind}3, {kind}4, i5}}\nfinish(i5, done_i)",
        3, value)
    assert frame.values == [value, {"i": 0, "f": 0.0, "r": NULL}[kind], 5]


def test_a_new_array_has_undefined_numbers_and_null_references(world):
    with pytest.raises(MemoryAccessError, match="uninitialized"):
        world.run("[]\nr0 = new_array(3, Ints)\ni1 = getarrayitem_gc_i(r0, 0, Ints)\nfinish(i1, done_i)")
    frame = world.run("[]\nr0 = new_array(3, Nodes)\nr1 = getarrayitem_gc_r(r0, 2, Nodes)\nfinish(r1, done_r)")
    assert result(world, frame) == NULL


def test_an_index_outside_is_an_error(world):
    with pytest.raises(MemoryAccessError):
        world.run("[]\nr0 = new_array_clear(3, Ints)\ni1 = getarrayitem_gc_i(r0, 3, Ints)\nfinish(i1, done_i)")
    with pytest.raises(ModelError, match="-1 items"):
        world.run("[i0]\nr1 = new_array(i0, Ints)\nfinish(r1, done_r)", -1)


def test_interior_fields(world):
    frame = world.run(
        "[i0, r1, f2]\nr3 = new_array_clear(4, Pairs)\nsetinteriorfield_gc(r3, 2, i0, Pairs.left)\n"
        "setinteriorfield_gc(r3, 2, r1, Pairs.right)\nsetinteriorfield_gc(r3, 2, f2, Pairs.ratio)\n"
        "i4 = getinteriorfield_gc_i(r3, 2, Pairs.left)\nr5 = getinteriorfield_gc_r(r3, 2, Pairs.right)\n"
        "f6 = getinteriorfield_gc_f(r3, 2, Pairs.ratio)\ni7 = getinteriorfield_gc_i(r3, 1, Pairs.left)\n"
        "guard_always_fails() {i4, r5, f6, i7, r3}\nfinish(i4, done_i)", 11, world.node(12), 0.5)
    assert frame.values[0] == 11 and value_of(frame.values[1]) == 12 and frame.values[2:4] == [0.5, 0]
    assert cast_opaque_ptr(Ptr(PAIRS), frame.values[4])[2].left == 11


def test_strings(world):
    frame = world.run(
        "[i0]\nr1 = newstr(3, String)\nstrsetitem(r1, 0, 97, String)\nstrsetitem(r1, 1, i0, String)\n"
        "strsetitem(r1, 2, 99, String)\nr2 = newstr(4, String)\nstrsetitem(r2, 0, 120, String)\n"
        "strsetitem(r2, 3, 121, String)\ncopystrcontent(r1, r2, 1, 1, 2, String)\ni3 = strlen(r2, String)\n"
        "i4 = strgetitem(r2, 1, String)\nguard_always_fails() {i3, i4, r2}\nfinish(i3, done_i)", 255)
    assert frame.values[:2] == [4, 255] and string_of(frame.values[2]) == "x\xffcy"
    assert cast_opaque_ptr(Ptr(STRING), frame.values[2]).hash == 0


def test_copystrcontent_within_one_string_is_undefined(world):
    with pytest.raises(ModelError, match="of one string"):
        world.run("[]\nr0 = newstr(3, String)\ncopystrcontent(r0, r0, 0, 1, 1, String)\nfinish(done_n)")


def test_raw_structures(world):
    raw = malloc(RAW, immortal=True, zero=True)
    raw.count = 41
    frame = world.run(
        "[i0, f1]\ni2 = getfield_raw_i(i0, raw.count)\ni3 = int_add(i2, 1)\nsetfield_raw(i0, i3, raw.count)\n"
        "setfield_raw(i0, f1, raw.ratio)\nf4 = getfield_raw_f(i0, raw.ratio)\nfinish(f4, done_f)",
        world.memory.address_of(raw), 1.5)
    assert (result(world, frame), raw.count, raw.ratio) == (1.5, 42, 1.5)


def test_raw_arrays_and_buffers(world):
    address = cast_adr_to_int(raw_malloc(64))
    frame = world.run(
        "[i0, f1]\nsetarrayitem_raw(i0, 1, -5, RawInts)\nsetarrayitem_raw(i0, 2, f1, RawFloats)\n"
        "i2 = getarrayitem_raw_i(i0, 1, RawInts)\nf3 = getarrayitem_raw_f(i0, 2, RawFloats)\n"
        "i4 = raw_load_i(i0, 8, RawInt16)\nf5 = raw_load_f(i0, 16, RawFloats)\nraw_store(i0, 3, 70000, RawInt16)\n"
        "i6 = raw_load_i(i0, 3, RawInt16)\ni7 = new_raw_buffer(16)\nraw_store(i7, 8, f1, RawFloats)\n"
        "f8 = raw_load_f(i7, 8, RawFloats)\nguard_always_fails() {i2, f3, i4, f5, i6, f8}\nfinish(done_n)",
        address, 0.75)
    assert frame.values == [-5, 0.75, -5, 0.75, 70000 - 65536, 0.75]


def test_raw_access_outside_of_a_buffer_is_an_error(world):
    with pytest.raises(MemoryAccessError):
        world.run("[]\ni0 = new_raw_buffer(16)\ni1 = raw_load_i(i0, 15, RawInt16)\nfinish(i1, done_i)")
    with pytest.raises(ModelError, match="-8 bytes"):
        world.run("[]\ni0 = new_raw_buffer(-8)\nfinish(i0, done_i)")


def test_references_outside_of_the_heap(world):
    nodes = malloc(RAW_NODES, 2, immortal=True, zero=True)
    holder = malloc(HOLDER, immortal=True, zero=True)
    table = world.memory.descriptors
    world.names.add_descriptor(table.array(RAW_NODES), "RawNodes")
    world.names.add_descriptor(table.field(HOLDER, "node"), "holder.node")
    node = world.node(6)
    frame = world.run(
        "[i0, i1, r2]\nsetarrayitem_raw(i0, 1, r2, RawNodes)\nr3 = getarrayitem_raw_r(i0, 1, RawNodes)\n"
        "setfield_raw(i1, r3, holder.node)\nr4 = getfield_raw_r(i1, holder.node)\nfinish(r4, done_r)",
        world.memory.address_of(nodes), world.memory.address_of(holder), node)
    assert result(world, frame) == node


# calls

@pytest.mark.parametrize("name", ["call", "call_pure", "call_loop_invariant", "call_release_lock"])
def test_calls_of_each_kind(world, name):
    frame = world.run(f"[i0, i1]\ni2 = {name}_i(@add, i0, i1, call.add)\nf3 = cast_int_to_float(i2)\n"
                      f"f4 = {name}_f(@power, f3, 2, call.power)\nfinish(f4, done_f)", 3, 4)
    assert result(world, frame) == 49.0


@pytest.mark.parametrize("name", ["call", "call_pure", "call_loop_invariant"])
def test_calls_with_references(world, name):
    frame = world.run(f"[i0]\nr1 = {name}_r(@node_of, i0, call.node_of)\n"
                      f"i2 = {name}_i(@value_of, r1, call.value_of)\nfinish(i2, done_i)", 31)
    assert result(world, frame) == 31


@pytest.mark.parametrize("name", ["call_n", "call_release_lock_n"])
def test_calls_without_a_result(world, name):
    world.run(f"[i0]\n{name}(@note, i0, call.note)\nfinish(done_n)", 8)
    assert world.calls == [8]


def test_small_arguments_and_results_are_widened(world):
    frame = world.run("[i0]\ni1 = call_i(@narrow, i0, 300, call.narrow)\nfinish(i1, done_i)", 0x1FF)
    assert result(world, frame) == -1


def test_conditional_calls(world):
    token = world.compile("[i0]\ncond_call(i0, @note, 5, call.note)\nfinish(done_n)")
    world.enter(token, 0)
    assert world.calls == []
    world.enter(token, 2)
    assert world.calls == [5]


def test_conditional_calls_for_a_value(world):
    token = world.compile("[i0]\ni1 = cond_call_value_i(i0, @add, 20, 22, call.add)\nfinish(i1, done_i)")
    assert [result(world, world.enter(token, value)) for value in (0, 9)] == [42, 9]
    token = world.compile("[r0]\nr1 = cond_call_value_r(r0, @node_of, 3, call.node_of)\nfinish(r1, done_r)", "other")
    node = world.node(4)
    assert value_of(result(world, world.enter(token, NULL))) == 3
    assert result(world, world.enter(token, node)) == node


FORCING = {"i": ("i1", "force", "finish(i3, done_i)", 6), "r": ("r1", "force_r", "finish(r3, done_r)", None),
           "f": ("f1", "force_f", "finish(f3, done_f)", 0.5)}


@pytest.mark.parametrize("kind", "irf")
def test_forcing_shows_the_frame_and_fails_the_guard_with_the_result(world, kind):
    argument, function, finish, value = FORCING[kind]
    value = world.node() if kind == "r" else value
    frame = world.run(f"[i0, {argument}]\nr2 = force_token()\n{kind}3 = call_may_force_{kind}"
                      f"(@{function}, r2, {argument}, call.{function})\nguard_not_forced() {{i0, {kind}3}}\n"
                      f"guard_no_exception() {{}}\n{finish}",
                      77, value)
    seen = world.calls[0]
    assert seen.descriptor is frame.descriptor and seen.values[0] == 77
    assert frame.values == [77, value]


def test_forcing_a_call_without_result(world):
    frame = world.run("[i0]\nr1 = force_token()\ncall_may_force_n(@force_n, r1, call.force_n)\n"
                      "guard_not_forced() {i0}\nguard_no_exception() {}\nfinish(done_n)", 4)
    assert frame.values == [4] == world.calls[0].values


def test_a_call_that_could_force_and_does_not(world):
    frame = world.run("[i0]\ni1 = call_may_force_i(@add, i0, 1, call.add)\nguard_not_forced() {}\n"
                      "finish(i1, done_i)", 4)
    assert result(world, frame) == 5


def test_a_frame_is_forced_only_in_a_call(world):
    frame = world.run("[]\nr0 = force_token()\nfinish(r0, done_r)")
    with pytest.raises(ModelError, match="not in a call"):
        world.backend.force(frame.values[0])


# exceptions

RAISING = "[i0]\ni1 = call_i(@raise_if, i0, call.raise_if)\n"


def test_no_exception(world):
    token = world.compile(RAISING + "guard_no_exception() {i0}\nfinish(i1, done_i)")
    assert result(world, world.enter(token, 0)) == 100
    frame = world.enter(token, 3)
    assert frame.values == [3]
    error = world.backend.exception(frame)
    assert cast_opaque_ptr(Ptr(ERROR), error).code == 3
    assert world.backend.exception(world.enter(token, 0)) == NULL


def test_the_exception_that_is_expected_is_taken(world):
    token = world.compile(RAISING + "r2 = guard_exception(@class.Error) {i0}\nfinish(r2, leave)")
    frame = world.enter(token, 3)
    assert frame.descriptor.is_exception and cast_opaque_ptr(Ptr(ERROR), frame.values[0]).code == 3
    assert world.backend.exception(frame) == NULL
    assert world.enter(token, 0).values == [0]


def test_another_exception_stays_pending(world):
    frame = world.run(RAISING + "r2 = guard_exception(@class.Node) {i0}\nfinish(r2, leave)", 3)
    assert frame.values == [3] and cast_opaque_ptr(Ptr(ERROR), world.backend.exception(frame)).code == 3


def test_a_bridge_takes_the_pending_exception(world):
    token = world.compile(RAISING + "guard_no_exception() {i0}\nfinish(i1, done_i)")
    bridge = parse_trace("[i0]\nr1 = guard_exception(@class.Error) {}\ni2 = getfield_gc_i(r1, Error.code)\n"
                         "i3 = int_add(i2, i0)\nfinish(i3, done_i)", world.names)
    world.backend.compile_bridge(token.blocks[0].trace.guards[0], bridge, token)
    assert result(world, world.enter(token, 4)) == 8


def test_a_function_that_raises_against_its_effect_is_an_error(world):
    descriptor = world.names.descriptors["call.add"]
    raising = world.memory.pointer_at(Ptr(world.memory.descriptors.type_of(descriptor)),
                                      world.names.integers["add"])

    def fail(first, second):
        raise LowLevelException(world.vtables[ERROR], None)

    raising._obj.callable = fail
    with pytest.raises(ModelError, match="says that it cannot"):
        world.run("[]\ni0 = call_i(@add, 1, 2, call.add)\nfinish(i0, done_i)")


# guards


@pytest.mark.parametrize("guard, kind, holds, fails", [
    ("guard_true(i0)", "i", 1, 0), ("guard_false(i0)", "i", 0, 1), ("guard_value(i0, -7)", "i", -7, 7),
    ("guard_value(f0, -0.0)", "f", -0.0, 0.0), ("guard_value(f0, nan)", "f", math.nan, 1.0),
    ("guard_value(r0, null)", "r", NULL, "node"), ("guard_nonnull(r0)", "r", "node", NULL),
    ("guard_isnull(r0)", "r", NULL, "node"), ("guard_class(r0, @class.Node)", "r", "node", "leaf"),
    ("guard_nonnull_class(r0, @class.Leaf)", "r", "leaf", "node"),
    ("guard_nonnull_class(r0, @class.Leaf)", "r", "leaf", NULL), ("guard_is_object(r0)", "r", "node", "ints"),
    ("guard_subclass(r0, @class.Node)", "r", "leaf", "error"),
    ("guard_subclass(r0, @class.Node)", "r", "node", "error"),
    ("guard_subclass(r0, @class.Leaf)", "r", "leaf", "node"), ("guard_gc_type(r0, @type.Ints)", "r", "ints", "nodes"),
])
def test_guard(world, guard, kind, holds, fails):
    objects = {"node": world.node(), "leaf": world.node(0, LEAF), "error": cast_opaque_ptr(GCREF, malloc(ERROR)),
               "ints": cast_opaque_ptr(GCREF, malloc(INTS, 1)), "nodes": cast_opaque_ptr(GCREF, malloc(NODES, 1))}
    world.names.add_integer("type.Ints", world.memory.descriptors.type_id(INTS))
    token = world.compile(f"[{kind}0]\n{guard} {{{kind}0, _, 5}}\nfinish(1, done_i)")
    guard_descriptor = token.blocks[0].trace.guards[0]
    for _ in range(2):
        assert result(world, world.enter(token, objects.get(holds, holds) if isinstance(holds, str) else holds)) == 1
    value = objects[fails] if isinstance(fails, str) else fails
    frame = world.enter(token, value)
    assert frame.descriptor is guard_descriptor and frame.values == [value, None, 5]


def test_a_guard_of_a_bool_that_is_none_is_undefined(world):
    with pytest.raises(ModelError, match="a bool that is 2"):
        world.run("[i0]\nguard_true(i0) {}\nfinish(done_n)", 2)


def test_guards_without_operands(world):
    assert result(world, world.run("[]\nguard_future_condition() {}\nfinish(1, done_i)")) == 1
    assert world.run("[]\nguard_always_fails() {1}\nfinish(done_n)").values == [1]


def test_invalidated_code_leaves_at_its_guard(world):
    token = world.compile("[i0]\nguard_not_invalidated() {i0}\nfinish(1, done_i)")
    assert result(world, world.enter(token, 3)) == 1
    world.backend.invalidate(token)
    assert world.enter(token, 3).values == [3]


# loops and bridges

COUNTING = """[i0, i1]
label(i0, i1, loop.start)
i2 = int_add(i1, i0)
i3 = int_sub(i0, 1)
i4 = int_gt(i3, 0)
guard_true(i4) {i3, _, i2}
jump(i3, i2, loop.start)
"""


def test_a_loop_runs_until_its_guard_fails(world):
    frame = world.run(COUNTING, 10, 0)
    assert frame.values == [0, None, 55]
    assert world.backend.value_int(frame, 2) == 55
    with pytest.raises(ModelError, match="position 1"):
        world.backend.value_int(frame, 1)


def test_a_bridge_goes_on_where_a_guard_failed(world):
    token = world.compile(COUNTING)
    guard = token.blocks[0].trace.guards[0]
    bridge = parse_trace("[i0, i1]\ni2 = int_lt(i1, 100)\nguard_true(i2) {i1}\njump(10, i1, loop.start)", world.names)
    world.backend.compile_bridge(guard, bridge, token)
    assert world.enter(token, 10, 0).values == [110]


def test_a_jump_passes_all_values_at_once(world):
    frame = world.run("[i0, i1, i2]\nlabel(i0, i1, i2, loop.start)\ni3 = int_sub(i2, 1)\ni4 = int_is_true(i3)\n"
                      "guard_true(i4) {i0, i1}\njump(i1, i0, i3, loop.start)", 1, 2, 4)
    assert frame.values == [2, 1]


def test_a_jump_to_a_second_label(world):
    frame = world.run("[i0]\nlabel(i0, loop.start)\ni1 = int_add(i0, 100)\nlabel(i0, i1, loop.peeled)\n"
                      "i2 = int_add(i0, i1)\ni3 = int_lt(i2, 1000)\nguard_true(i3) {i2}\njump(i2, i1, loop.peeled)", 1)
    assert frame.values == [1011]


def test_calling_another_loop(world):
    world.names.add_descriptor(world.compile("[i0]\ni1 = int_mul(i0, i0)\nfinish(i1, done_i)", "square"))
    token = world.compile("[i0]\ni1 = call_assembler_i(i0, square)\nguard_not_forced() {}\nguard_no_exception() {}\n"
                          "finish(i1, done_i)")
    assert result(world, world.enter(token, 12)) == 144
    cube = world.compile("[i0]\ni1 = int_mul(i0, i0)\ni2 = int_mul(i1, i0)\nfinish(i2, done_i)", "cube")
    world.backend.redirect_call_assembler(world.names.descriptors["square"], cube)
    assert result(world, world.enter(token, 3)) == 27
    with pytest.raises(ModelError, match="does not take and give"):
        world.backend.redirect_call_assembler(cube, LoopToken("other", "ii", "i"))


@pytest.mark.parametrize("kind, text, value", [("r", "[r0]\nfinish(r0, done_r)", None),
                                               ("f", "[f0]\nfinish(f0, done_f)", 1.5),
                                               ("n", "[i0]\nfinish(done_n)", 1)])
def test_calling_a_loop_with_results_of_every_kind(world, kind, text, value):
    value = world.node() if value is None else value
    world.names.add_descriptor(world.compile(text, "inner"))
    operand = text[1:3]
    binding, end = ("", "finish(done_n)") if kind == "n" else (f"{kind}1 = ", f"finish({kind}1, done_{kind})")
    token = world.compile(f"[{operand}]\n{binding}call_assembler_{kind}({operand}, inner)\nguard_not_forced() {{}}\n"
                          f"guard_no_exception() {{}}\n{end}")
    assert result(world, world.enter(token, value)) == (None if kind == "n" else value)


def test_calling_a_loop_that_does_not_finish(world):
    world.names.add_descriptor(world.compile("[i0]\nguard_false(i0) {i0}\nfinish(7, done_i)", "inner"))
    token = world.compile("[i0]\ni1 = call_assembler_i(i0, inner)\nguard_not_forced() {}\nguard_no_exception() {}\n"
                          "finish(i1, done_i)")
    with pytest.raises(ModelError, match="no one said"):
        world.enter(token, 1)
    world.backend.on_assembler_failure = lambda frame: frame.values[0] + 50
    assert [result(world, world.enter(token, value)) for value in (0, 1)] == [7, 51]


def test_an_exception_leaves_a_called_loop(world):
    inner = world.compile(RAISING + "r2 = guard_exception(@class.Error) {}\nfinish(r2, leave)", "inner")
    inner.result_kind = "i"
    world.names.add_descriptor(inner)
    frame = world.run("[i0]\ni1 = call_assembler_i(i0, inner)\nguard_not_forced() {}\nguard_no_exception() {i0}\n"
                      "finish(i1, done_i)", 6)
    assert frame.values == [6] and cast_opaque_ptr(Ptr(ERROR), world.backend.exception(frame)).code == 6


def test_freed_code_is_gone(world):
    token = world.compile(COUNTING)
    world.backend.free(token)
    with pytest.raises(ModelError, match="not compiled"):
        world.enter(token, 1, 1)
    world.names.add_descriptor(LoopToken("next", "ii", "n"))
    token = LoopToken("jumping", "ii", "n")
    world.backend.compile_loop(parse_trace("[i0, i1]\njump(i0, i1, loop.start)", world.names), token)
    with pytest.raises(ModelError, match="loop.start, which is not compiled"):
        world.enter(token, 1, 1)


def test_misuse_is_reported(world):
    token = world.compile(COUNTING)
    with pytest.raises(ModelError, match="compiled already"):
        world.backend.compile_loop(token.blocks[0].trace, token)
    guard = token.blocks[0].trace.guards[0]
    with pytest.raises(ModelError, match="takes 'i', what enters it has 'ii'"):
        world.backend.compile_bridge(guard, parse_trace("[i0]\nfinish(done_n)", world.names), token)
    other = LoopToken("other", "", "n")
    with pytest.raises(ModelError, match="not compiled"):
        world.backend.compile_bridge(guard, parse_trace("[]\nfinish(done_n)", world.names), other)
    with pytest.raises(VerificationError, match="only a backend"):
        world.compile("[r0]\nwrite_barrier(r0)\nfinish(done_n)", "lowered")
    jumping = LoopToken("jumping", "i", "n")
    world.backend.compile_loop(parse_trace("[i0]\njump(i0, loop.start)", world.names), jumping)
    with pytest.raises(ModelError, match="with 'i', which takes 'ii'"):
        world.enter(jumping, 1)


def test_markers_compute_nothing(world):
    frame = world.run("[r0, i1]\ndebug_merge_point(0, 1, i1)\nenter_portal(0, 5)\nleave_portal(0)\nkeepalive(r0)\n"
                      "quasiimmut_field(r0, Node.value)\nrecord_exact_class(r0, @class.Node)\n"
                      "record_exact_value(i1, 3)\nr2 = force_token()\nr3 = virtual_ref(r0, r2)\n"
                      "virtual_ref_finish(r3, null)\nfinish(r3, done_r)", world.node(1), 3)
    assert value_of(result(world, frame)) == 1
