"""The body of a loop begins with what the first iteration found out; bridges go where their values fit."""

import pytest
from optimizer_support import Optimizing, bits, operation_names, peeled_body, record
from ouro.jitcore import operations as ops
from ouro.jitcore.optimizer import ALL, optimize_bridge, optimize_loop
from ouro.jitcore.resume import rebuild
from ouro.jitcore.text import parse_trace, print_trace, verify
from ouro.jitcore.trace import NULL_REFERENCE
from ouro.jitcore.tracer.failures import note_condition


@pytest.fixture
def world():
    return Optimizing(ALL)


BOXED = """
[r0, i1]
guard_class(r0, @class.Node) {r0, i1}
i2 = getfield_gc_i(r0, Node.value)
i3 = int_lt(i2, i1)
guard_true(i3) {r0, i1}
i4 = int_add_ovf(i2, 1)
guard_no_overflow() {r0, i1}
r5 = new_with_vtable(Node)
setfield_gc(r5, i4, Node.value)
guard_future_condition() {r5, i1}
jump(r5, i1, loop.start)
"""


def test_a_boxed_counter_goes_round_unboxed(world):
    assert operation_names(peeled_body(world, BOXED)) == ["label", "int_lt", "guard_true", "int_add", "jump"]


def test_the_loop_gives_back_the_box(world):
    optimized = world.loop(BOXED)
    world.backend.compile_loop(optimized.trace, world.token)
    frame = world.enter(world.token, world.node(3), 10)
    materializer = rebuild(world.machine, world.backend, frame)
    node = materializer.reference_of(materializer.reader.tokens[materializer.reader.frame_starts[0]])
    assert world.machine.get_field_int(node, world.names.descriptors["Node.value"]) == 10


def test_what_does_not_change_is_checked_and_computed_once(world):
    lines = peeled_body(world, """
        [i0, i1, r2]
        guard_nonnull_class(r2, @class.Node) {i0}
        i3 = getfield_gc_i(r2, Node.value)
        i4 = int_gt(i3, 5)
        guard_true(i4) {i0}
        i5 = int_mul(i1, i3)
        i6 = call_pure_i(@add, i5, 2, call.pure_add)
        i7 = int_add(i0, i6)
        i8 = int_lt(i7, 100)
        guard_true(i8) {i7}
        jump(i7, i1, r2, loop.start)
    """)
    assert operation_names(lines) == ["label", "int_add", "int_lt", "guard_true", "jump"]


def test_a_field_that_the_body_writes_is_passed_on(world):
    lines = peeled_body(world, """
        [i0, r1]
        guard_nonnull(r1) {i0}
        i2 = getfield_gc_i(r1, Node.value)
        i3 = int_add(i2, i0)
        setfield_gc(r1, i3, Node.value)
        i4 = int_lt(i3, 100)
        guard_true(i4) {i0}
        jump(i0, r1, loop.start)
    """)
    assert operation_names(lines) == ["label", "int_add", "int_lt", "guard_true", "jump"]


def test_a_store_that_leaves_the_loop_is_made_in_front_of_a_call_that_reads_it(world):
    lines = peeled_body(world, """
        [i0, r1]
        guard_nonnull(r1) {i0}
        i2 = getfield_gc_i(r1, Node.value)
        call_n(@note, 1, call.reads_value)
        i3 = int_add(i2, i0)
        setfield_gc(r1, i3, Node.value)
        i4 = int_lt(i3, 100)
        guard_true(i4) {i0}
        jump(i0, r1, loop.start)
    """)
    assert operation_names(lines) == ["label", "setfield_gc", "call_n", "int_add", "int_lt", "guard_true", "jump"]


def test_stores_of_neighbours_leave_the_loop(world):
    lines = peeled_body(world, """
        [r0, i1, i2]
        i3 = int_add(i1, 2)
        i4 = getarrayitem_gc_i(r0, i1, Ints)
        i5 = getarrayitem_gc_i(r0, i3, Ints)
        i6 = int_add(i5, i4)
        i7 = int_sub(i4, 1)
        setarrayitem_gc(r0, i1, i7, Ints)
        setarrayitem_gc(r0, i3, i6, Ints)
        i8 = int_gt(i7, 0)
        guard_true(i8) {}
        jump(r0, i1, i2, loop.start)
    """)
    assert operation_names(lines) == ["label", "int_add", "int_add", "int_is_true", "guard_true", "jump"]


def test_a_store_to_another_place_in_each_iteration_stays(world):
    lines = peeled_body(world, """
        [r0, i1]
        i2 = getarrayitem_gc_i(r0, i1, Ints)
        i3 = int_add(i2, 1)
        setarrayitem_gc(r0, i1, i3, Ints)
        i4 = int_add(i1, 1)
        i5 = int_lt(i4, 3)
        guard_true(i5) {}
        jump(r0, i4, loop.start)
    """)
    assert operation_names(lines) == ["label", "getarrayitem_gc_i", "int_add", "int_add", "int_lt", "guard_true",
                            "setarrayitem_gc", "jump"]


def test_a_field_that_a_call_may_write_is_loaded_again(world):
    lines = peeled_body(world, """
        [i0, r1]
        guard_nonnull(r1) {i0}
        i2 = getfield_gc_i(r1, Node.value)
        i3 = int_lt(i2, 100)
        guard_true(i3) {i0}
        call_n(@note, i2, call.writes_value)
        jump(i0, r1, loop.start)
    """)
    assert operation_names(lines).count("getfield_gc_i") == 1


def test_a_constant_that_goes_round_is_no_argument(world):
    lines = peeled_body(world, """
        [i0, i1]
        guard_value(i1, 7) {i0, i1}
        i2 = int_add(i0, i1)
        i3 = int_lt(i2, 100)
        guard_true(i3) {i2}
        jump(i2, i1, loop.start)
    """)
    assert operation_names(lines) == ["label", "int_add", "int_lt", "guard_true", "jump"]
    assert lines[0].count("i") == 1


def test_values_that_change_places(world):
    text = """
        [i0, i1, i2]
        i3 = int_sub(i2, 1)
        i4 = int_gt(i3, 0)
        guard_true(i4) {i0, i1, i3}
        jump(i1, i0, i3, loop.start)
    """
    optimized = world.loop(text)
    world.backend.compile_loop(optimized.trace, world.token)
    for count in (1, 2, 3, 4):
        frame = world.enter(world.token, 10, 20, count)
        first, second = world.backend.value_int(frame, 0), world.backend.value_int(frame, 1)
        assert (first, second) == ((10, 20) if count % 2 else (20, 10))


def test_an_object_that_comes_from_outside_once_is_not_made_for_that(world):
    # at the end of the first iteration one value is the object from outside: a second iteration stands in front
    text = """
        [r0, r1, i2]
        r3 = new_with_vtable(Node)
        setfield_gc(r3, i2, Node.value)
        i4 = int_sub(i2, 1)
        i5 = int_gt(i4, 0)
        guard_true(i5) {r0, r1}
        jump(r1, r3, i4, loop.start)
    """
    optimized = world.loop(text)
    assert optimized.trace.opcodes.count(ops.NEW_WITH_VTABLE) == 0
    assert optimized.trace.opcodes.count(ops.INT_GT) == 3
    world.backend.compile_loop(optimized.trace, world.token)
    frame = world.enter(world.token, world.node(1), world.node(2), 5)
    materializer = rebuild(world.machine, world.backend, frame)
    start = materializer.reader.frame_starts[0]
    nodes = [materializer.reference_of(materializer.reader.tokens[start + n]) for n in range(2)]
    field = world.names.descriptors["Node.value"]
    assert [world.machine.get_field_int(node, field) for node in nodes] == [3, 2]


def test_second_iterations_may_be_forbidden(world):
    environment = world.environment()
    environment.options.second_iterations = False
    trace = world.parse("""
        [r0, r1, i2]
        r3 = new_with_vtable(Node)
        i4 = int_sub(i2, 1)
        i5 = int_gt(i4, 0)
        guard_true(i5) {r0, r1}
        jump(r1, r3, i4, loop.start)
    """, "rri", "n")
    optimized = optimize_loop(record(trace), world.token, environment)
    assert optimized.trace.opcodes.count(ops.INT_GT) == 2


def test_an_object_that_is_new_every_other_time_is_made(world):
    optimized = world.loop("""
        [r0, r1, i2]
        r3 = new_with_vtable(Node)
        setfield_gc(r3, i2, Node.value)
        i4 = getfield_gc_i(r0, Node.value)
        i5 = int_gt(i4, 0)
        guard_true(i5) {r0, r1}
        r6 = getfield_gc_r(r0, Node.next)
        setfield_gc(r6, r3, Node.next)
        jump(r1, r3, i4, loop.start)
    """)
    verify(optimized.trace)
    assert optimized.trace.opcodes.count(ops.NEW_WITH_VTABLE) >= 2


def test_what_differs_from_one_iteration_to_the_next_is_no_part_of_the_state(world):
    text = """
        [r0, i1]
        i2 = ptr_iszero(r0)
        guard_true(i2) {r0, i1}
        r3 = getfield_gc_r(r0, Node.next)
        jump(r3, i1, loop.start)
    """
    optimized = world.loop(text)
    verify(optimized.trace)


def test_a_loop_whose_body_cannot_be_goes_back_to_its_beginning(world):
    trace = world.loop("""
        [i0, i1]
        guard_value(i0, 1) {i0}
        guard_value(i1, 5) {i0}
        jump(2, i1, loop.start)
    """).trace
    assert trace.descriptors[-1] is world.token.targets[0]
    assert trace.opcodes.count(ops.LABEL) == 1


def test_one_value_for_two_arguments_of_the_body(world):
    text = """
        [i0, i1, i2]
        i3 = int_add(i0, i1)
        i4 = int_sub(i2, 1)
        i5 = int_gt(i4, 0)
        guard_true(i5) {i0, i1, i3}
        jump(i3, i3, i4, loop.start)
    """
    optimized = world.loop(text)
    world.backend.compile_loop(optimized.trace, world.token)
    frame = world.enter(world.token, 1, 2, 4)
    assert frame.descriptor in optimized.trace.guards


class Bridge:
    """A bridge from a guard of a compiled loop."""

    def __init__(self, world, loop, guard, text):
        self.world = world
        self.optimized = world.loop(loop)
        world.backend.compile_loop(self.optimized.trace, world.token)
        self.guard = self.optimized.trace.guards[guard]
        number = self.optimized.trace.descriptors.index(self.guard)
        self.guard.opcode = self.optimized.trace.opcodes[number]
        note_condition(self.optimized.trace, number, self.guard)
        if "loop.start" not in world.names.descriptors:
            world.names.add_descriptor(world.token.targets[0], "loop.start")
        recorded = record(parse_trace(text, world.names))
        self.trace = optimize_bridge(recorded, self.guard, world.environment()).trace
        verify(self.trace)
        world.backend.compile_bridge(self.guard, self.trace, world.token)

    def operation_names(self):
        return [ops.name_of(opcode) for opcode in self.trace.opcodes]


LIST = """
[r0, i1]
guard_nonnull_class(r0, @class.Node) {r0, i1}
i2 = getfield_gc_i(r0, Node.value)
i3 = int_add(i1, i2)
i4 = int_and(i3, 1)
i5 = int_is_zero(i4)
guard_true(i5) {r0, i3}
guard_future_condition() {r0, i3}
jump(r0, i3, loop.start)
"""


def test_a_bridge_knows_the_class_and_the_fields_that_its_guard_knew(world):
    bridge = Bridge(world, LIST, 1, """
        [r0, i1]
        guard_class(r0, @class.Node) {r0, i1}
        i2 = getfield_gc_i(r0, Node.value)
        i3 = int_add(i1, 1)
        guard_future_condition() {r0, i3}
        jump(r0, i3, loop.start)
    """)
    assert "guard_class" not in bridge.operation_names()


def test_a_bridge_goes_to_the_body_if_its_values_fit(world):
    bridge = Bridge(world, LIST, 1, """
        [r0, i1]
        i3 = int_add(i1, 1)
        guard_future_condition() {r0, i3}
        jump(r0, i3, loop.start)
    """)
    assert bridge.trace.descriptors[-1] is world.token.targets[1]
    assert not any(ops.is_guard(opcode) for opcode in bridge.trace.opcodes)
    node = world.node(3)
    frame = world.enter(world.token, node, 0)
    assert frame.descriptor in world.token.blocks[0].trace.guards
    assert frame.descriptor is not bridge.guard


def test_a_bridge_makes_sure_of_what_it_does_not_know(world):
    bridge = Bridge(world, LIST, 1, """
        [r0, i1]
        r2 = getfield_gc_r(r0, Node.next)
        i3 = int_add(i1, 1)
        guard_future_condition() {r2, i3}
        jump(r2, i3, loop.start)
    """)
    assert bridge.trace.descriptors[-1] is world.token.targets[1]
    assert "guard_class" in bridge.operation_names() or "guard_nonnull_class" in bridge.operation_names()
    assert "getfield_gc_i" in bridge.operation_names()
    frame = world.enter(world.token, world.node(3), 0)
    assert frame.descriptor in bridge.trace.guards
    materializer = rebuild(world.machine, world.backend, frame)
    assert materializer.reference_of(materializer.reader.tokens[materializer.reader.frame_starts[0]]) == NULL_REFERENCE


@pytest.mark.parametrize(("limit", "label"), [(1, 1), (0, 0)])
def test_a_bridge_guards_no_more_values_for_a_body_than_allowed(world, limit, label):
    environment = world.environment()
    environment.options.entry_guards_limit = limit
    world.environment = lambda: environment
    bridge = Bridge(world, LIST, 1, """
        [r0, i1]
        r2 = getfield_gc_r(r0, Node.next)
        guard_future_condition() {r2, i1}
        jump(r2, i1, loop.start)
    """)
    assert bridge.trace.descriptors[-1] is world.token.targets[label]
    assert ("guard_nonnull_class" in bridge.operation_names()) == (label == 1)


def test_a_bridge_that_can_make_no_guards_goes_to_the_beginning(world):
    bridge = Bridge(world, LIST, 1, """
        [r0, i1]
        r2 = getfield_gc_r(r0, Node.next)
        jump(r2, i1, loop.start)
    """)
    assert bridge.trace.descriptors[-1] is world.token.targets[0]


def test_a_bridge_passes_the_contents_of_a_box(world):
    bridge = Bridge(world, BOXED, 2, """
        [i0, i1]
        r2 = new_with_vtable(Node)
        setfield_gc(r2, 5, Node.value)
        guard_future_condition() {r2, i1}
        jump(r2, 20, loop.start)
    """)
    assert bridge.trace.descriptors[-1] is world.token.targets[1]
    assert "new_with_vtable" not in bridge.operation_names()


def test_a_bridge_makes_the_calls_that_the_body_relies_on(world):
    bridge = Bridge(world, """
        [r0, i1, i2]
        i3 = call_pure_i(@raise_if, i1, call.pure_raise_if)
        guard_no_exception() {i2}
        i4 = load_class(r0)
        i5 = int_add(i3, i4)
        i6 = int_add(i2, i5)
        i7 = int_and(i6, 1)
        i8 = int_is_zero(i7)
        guard_true(i8) {r0, i1, i6}
        guard_future_condition() {r0, i1, i6}
        jump(r0, i1, i6, loop.start)
    """, 1, """
        [r0, i1, i2]
        r3 = getfield_gc_r(r0, Node.next)
        guard_future_condition() {r3, i1, i2}
        jump(r3, i2, i2, loop.start)
    """)
    assert bridge.trace.descriptors[-1] is world.token.targets[1]
    assert ["guard_nonnull", "guard_is_object", "load_class"] == [
        name for name in bridge.operation_names() if name in ("guard_nonnull", "guard_is_object", "load_class")]
    names = bridge.operation_names()
    assert names[names.index("call_pure_i") + 1] == "guard_no_exception"


def test_a_bridge_with_another_class_goes_to_the_beginning(world):
    bridge = Bridge(world, LIST, 1, """
        [r0, i1]
        r2 = new_with_vtable(Leaf)
        guard_future_condition() {r2, i1}
        jump(r2, i1, loop.start)
    """)
    assert bridge.trace.descriptors[-1] is world.token.targets[0]
    assert "new_with_vtable" in bridge.operation_names()


FIELD_OF_BOXES = """
[r0, i1]
r2 = getfield_gc_r(r0, Node.next)
guard_nonnull_class(r2, @class.Node) {r0, i1}
i3 = getfield_gc_i(r2, Node.value)
i4 = int_add(i3, i1)
r5 = new_with_vtable(Node)
setfield_gc(r5, i4, Node.value)
setfield_gc(r0, r5, Node.next)
i6 = int_lt(i4, 100)
guard_true(i6) {r0, i1}
guard_future_condition() {r0, i1}
jump(r0, i1, loop.start)
"""


def test_an_object_that_is_stored_in_each_iteration_is_made_where_the_loop_is_left(world):
    optimized = world.loop(FIELD_OF_BOXES)
    printed = print_trace(optimized.trace, world.names)
    assert operation_names(printed[printed.rindex("label("):].strip().split("\n")) == [
        "label", "int_add", "int_lt", "guard_true", "jump"]
    assert "new_with_vtable" not in printed
    world.backend.compile_loop(optimized.trace, world.token)
    first, following = world.node(7), world.node(10)
    node_next, node_value = world.names.descriptors["Node.next"], world.names.descriptors["Node.value"]
    world.machine.set_field_reference(first, following, node_next)
    rebuild(world.machine, world.backend, world.enter(world.token, first, 25))
    made = world.machine.get_field_reference(first, node_next)
    assert made != following
    assert world.machine.get_field_int(made, node_value) == 110
    assert world.machine.get_field_int(following, node_value) == 10


def test_a_bridge_that_stores_such_an_object_goes_to_the_loop_without_making_it(world):
    bridge = Bridge(world, FIELD_OF_BOXES, -1, """
        [r0, i1, i2]
        r3 = new_with_vtable(Node)
        i4 = int_sub(i2, 50)
        setfield_gc(r3, i4, Node.value)
        setfield_gc(r0, r3, Node.next)
        i5 = int_gt(i1, 1)
        guard_true(i5) {r0, i1}
        guard_future_condition() {r0, i1}
        i6 = int_sub(i1, 1)
        jump(r0, i6, loop.start)
    """)
    assert bridge.trace.descriptors[-1] is world.token.targets[1]
    assert "new_with_vtable" not in bridge.operation_names() and "setfield_gc" not in bridge.operation_names()
    first = world.node(7)
    node_next, node_value = world.names.descriptors["Node.next"], world.names.descriptors["Node.value"]
    world.machine.set_field_reference(first, world.node(10), node_next)
    frame = world.enter(world.token, first, 2)
    assert frame.descriptor in bridge.trace.guards
    rebuild(world.machine, world.backend, frame)
    # two at a time up to 100, one at a time from 50 on
    assert world.machine.get_field_int(world.machine.get_field_reference(first, node_next), node_value) == 50


def test_a_bridge_without_such_an_object_goes_to_the_start(world):
    bridge = Bridge(world, FIELD_OF_BOXES, -1, """
        [r0, i1, i2]
        guard_future_condition() {r0, i1}
        jump(r0, i1, loop.start)
    """)
    assert bridge.trace.descriptors[-1] is world.token.targets[0]


def test_where_an_object_has_to_be_made_other_stores_leave_the_loop_all_the_same(world):
    lines = peeled_body(world, """
        [r0, r1, i2]
        i3 = getfield_gc_i(r0, Node.value)
        i4 = int_add(i3, i2)
        setfield_gc(r0, i4, Node.value)
        r5 = new_with_vtable(Leaf)
        setfield_gc(r1, r5, Node.next)
        i6 = int_lt(i4, 100)
        guard_true(i6) {r0, i2}
        jump(r0, r5, i2, loop.start)
    """)
    assert operation_names(lines) == [
        "label", "int_add", "int_lt", "guard_true", "new_with_vtable", "setfield_gc", "jump"]


def test_a_run_has_one_token(world):
    """A loop takes the token that its first iteration made, for every frame that is inlined in it."""
    text = """
        [r0, i1]
        r2 = force_token()
        i3 = int_lt(i1, 100)
        guard_true(i3) {r0, i1, r2}
        r4 = force_token()
        i5 = int_add(i1, 1)
        i6 = int_lt(i5, 90)
        guard_true(i6) {r0, i5, r4}
        jump(r0, i5, loop.start)
    """
    assert operation_names(peeled_body(world, text)).count("force_token") == 0
    assert print_trace(world.loop(text).trace, world.names).count("force_token") == 1


OF_STRUCTURE = """
[r0, i1, r9]
i2 = getfield_gc_i(r0, Plain.big)
i3 = int_add(i1, i2)
i4 = int_and(i3, 1)
i5 = int_is_zero(i4)
guard_true(i5) {r0, i3, r9}
guard_future_condition() {r0, i3, r9}
jump(r0, i3, r9, loop.start)
"""
OF_ARRAY = OF_STRUCTURE.replace("getfield_gc_i(r0, Plain.big)", "getarrayitem_gc_i(r0, 2, Ints)")


@pytest.mark.parametrize(("loop", "load", "guards"), [
    (OF_STRUCTURE, "", 1), (OF_STRUCTURE, "i3 = getfield_gc_i(r2, Plain.small)\n", 0),
    (OF_ARRAY, "", 1), (OF_ARRAY, "i3 = arraylen_gc(r2, Ints)\n", 0),
    (OF_ARRAY, "setarrayitem_gc(r2, 0, 5, Ints)\n", 0),
])  # fmt: skip
def test_a_bridge_makes_sure_of_the_type_of_what_has_no_class(world, loop, load, guards):
    """The same address may be that of something that looks the same, whose stores are to fields of its own."""
    bridge = Bridge(world, loop, 0, f"""
        [r0, i1, r9]
        r2 = getfield_gc_r(r9, Node.next)
        guard_nonnull(r2) {{r0, i1, r9}}
        {load}guard_future_condition() {{r2, i1, r9}}
        jump(r2, i1, r9, loop.start)
    """)
    assert bridge.trace.descriptors[-1] is world.token.targets[1]
    assert bridge.operation_names().count("guard_gc_type") == guards


def test_a_bridge_makes_sure_of_the_class_of_what_has_one(world):
    """The field may be that of a base: what is below it has it, too."""
    bridge = Bridge(world, OF_STRUCTURE.replace("Plain.big", "Node.value"), 0, """
        [r0, i1, r9]
        r2 = getfield_gc_r(r9, Node.next)
        guard_future_condition() {r2, i1, r9}
        jump(r2, i1, r9, loop.start)
    """)
    assert bridge.trace.descriptors[-1] is world.token.targets[1]
    guards = [name for name in bridge.operation_names() if name.startswith("guard")]
    assert guards == ["guard_nonnull", "guard_is_object", "guard_subclass"]


@pytest.mark.parametrize(("value", "guards"), [("r2", []), ("r4", ["guard_value"])])
def test_a_bridge_does_not_ask_again_for_the_constant_that_was_not_there(world, value, guards):
    """The body takes the field for a constant: what was found to be another object is not guarded once more."""
    world.names.add_reference("node", world.node(5))
    bridge = Bridge(world, """
        [r0, i1]
        r2 = getfield_gc_r(r0, Node.next)
        guard_value(r2, $node) {r0, i1, r2}
        i3 = int_add(i1, 1)
        i4 = int_lt(i3, 100)
        guard_true(i4) {r0, i3}
        guard_future_condition() {r0, i3}
        jump(r0, i3, loop.start)
    """, 0, f"""
        [r0, i1, r2]
        r4 = getfield_gc_r(r2, Node.next)
        setfield_gc(r0, {value}, Node.next)
        guard_future_condition() {{r0, i1}}
        jump(r0, i1, loop.start)
    """)
    assert [name for name in bridge.operation_names() if name == "guard_value"] == guards
    assert bridge.trace.descriptors[-1] is world.token.targets[len(guards)]


def test_a_body_that_cannot_be_entered_is_none_though_guards_are_not_optimized():
    world = Optimizing(bits("rewrite heap peel"))
    descriptors = world.names.descriptors
    world.names.add_reference("node", world.node(5))
    plain = world.machine.type_id_of(world.machine.new(descriptors["Plain"]))
    printed = print_trace(world.loop(f"""
        [r0, i1]
        guard_gc_type(r0, {plain}) {{i1}}
        i2 = getfield_gc_i(r0, Plain.flag)
        i3 = int_add(i1, i2)
        guard_future_condition() {{r0, i3}}
        jump($node, i3, loop.start)
    """).trace, world.names)
    assert printed.count("label(") == 1
