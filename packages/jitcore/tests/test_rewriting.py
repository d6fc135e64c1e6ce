"""Lowered traces do the same, tell the collector what it must know, and no more."""

import struct

import pytest
from byte_machine import HEADER, ByteMachine, MissingBarrier, guard_number
from ouro.annotator import annotate
from ouro.jitcore import operations as ops
from ouro.jitcore.backend.generator import FLOATS, INTS, NODE, World, generate, outcome
from ouro.jitcore.backend.registers import allocate, slot
from ouro.jitcore.backend.registers.checker import check
from ouro.jitcore.backend.rewriting import CollectorDescription, rewrite
from ouro.jitcore.descriptors import (
    CANNOT_RAISE,
    ELIDABLE_MEMORY_ERROR,
    EffectDescriptor,
    FinishDescriptor,
    SizeDescriptor,
)
from ouro.jitcore.model import Memory, ModelBackend
from ouro.jitcore.text import print_trace, verify
from ouro.jitcore.trace import NULL_REFERENCE, Trace
from ouro.lltype import GCREF, Address, FuncType, GcArray, Ptr, Signed, Struct, cast_opaque_ptr, container_of
from ouro.rtyper import TypedInterpreter, specialize
from samples import Samples
from test_registers import MACHINES


def host_collector(table):
    """A collector for objects whose header stands in front, as low-level types have none."""
    collector = CollectorDescription()
    collector.header_in_front = HEADER
    effect = EffectDescriptor(ELIDABLE_MEMORY_ERROR)
    collector.allocate_descriptor = table.call(FuncType([Signed, Signed], GCREF), effect)
    collector.allocate_array_descriptor = collector.allocate_descriptor
    collector.allocate_raw_descriptor = table.call(FuncType([Signed], Address), effect)
    return collector


@pytest.fixture
def world():
    return Samples()


def lowered(world, text, kinds="", **settings):
    """The text of a lowered trace, without inputs and exits."""
    collector = host_collector(world.memory.descriptors)
    for name, value in settings.items():
        setattr(collector, name, value)
    for name in ("allocate", "allocate_array", "allocate_raw"):
        setattr(collector, name, 1000 + len(world.names.integers))
        world.names.add_integer(name, getattr(collector, name))
    world.names.add_descriptor(collector.allocate_descriptor, "call.allocate")
    world.names.add_descriptor(collector.allocate_raw_descriptor, "call.raw")
    trace = rewrite(world.parse(text, kinds), collector)
    verify(trace, lowered=True)
    return [line for line in print_trace(trace, world.names).split("\n")[1:-1] if not line.startswith("finish")]


# addresses


@pytest.mark.parametrize("operation, expected", [
    ("i2 = getfield_gc_i(r0, Node.value)", "i2 = load_indexed_i(r0, 0, 1, 0, -8)"),
    ("f2 = getfield_gc_f(r0, Node.weight)", "f2 = load_indexed_f(r0, 0, 1, 16, 8)"),
    ("i2 = getfield_gc_i(r0, Plain.half)", "i2 = load_indexed_i(r0, 0, 1, 4, -2)"),
    ("i2 = getfield_gc_i(r0, Plain.letter)", "i2 = load_indexed_i(r0, 0, 1, 1, 1)"),
    ("setfield_gc(r0, i1, Plain.small)", "store_indexed(r0, 0, i1, 1, 2, 1)"),
    ("i2 = getfield_raw_i(i1, raw.count)", "i2 = load_indexed_i(i1, 0, 1, 0, -8)"),
    ("i2 = getarrayitem_gc_i(r0, i1, Ints)", "i2 = load_indexed_i(r0, i1, 8, 8, -8)"),
    ("i2 = getarrayitem_gc_i(r0, 5, Ints)", "i2 = load_indexed_i(r0, 0, 1, 48, -8)"),
    ("i2 = getarrayitem_gc_i(r0, i1, Bytes)", "i2 = load_indexed_i(r0, i1, 1, 8, -1)"),
    ("i2 = getarrayitem_raw_i(i1, i1, RawInts)", "i2 = load_indexed_i(i1, i1, 8, 0, -8)"),
    ("setarrayitem_raw(i1, 2, i1, RawInts)", "store_indexed(i1, 0, i1, 1, 16, 8)"),
    ("i2 = raw_load_i(i1, 7, RawInt16)", "i2 = load_indexed_i(i1, 0, 1, 7, -2)"),
    ("raw_store(i1, i1, i1, RawInt16)", "store_indexed(i1, i1, i1, 1, 0, 2)"),
    ("i2 = arraylen_gc(r0, Ints)", "i2 = load_indexed_i(r0, 0, 1, 0, -8)"),
    ("i2 = strlen(r0, String)", "i2 = load_indexed_i(r0, 0, 1, 8, -8)"),
    ("i2 = strgetitem(r0, i1, String)", "i2 = load_indexed_i(r0, i1, 1, 16, 1)"),
    ("strsetitem(r0, i1, 7, String)", "store_indexed(r0, i1, 7, 1, 16, 1)"),
    ("f2 = getinteriorfield_gc_f(r0, 2, Pairs.ratio)", "f2 = load_indexed_f(r0, 0, 1, 72, 8)"),
])
def test_loads_and_stores_are_one_address_each(world, operation, expected):
    assert lowered(world, f"[r0, i1]\n{operation}\nfinish(done_n)") == [expected]


def test_additions_and_shifts_of_an_index_are_part_of_the_address(world):
    text = ("[r0, i1]\ni2 = int_add(i1, 3)\ni3 = int_sub(i2, 1)\ni4 = getarrayitem_gc_i(r0, i3, Ints)\n"
            "i5 = int_lshift(i1, 3)\ni6 = int_add(i5, 16)\ni7 = raw_load_i(i3, i6, RawInts)\nfinish(i7, done_i)")
    assert [line for line in lowered(world, text) if "load" in line] == [
        "i4 = load_indexed_i(r0, i1, 8, 24, -8)", "i7 = load_indexed_i(i1, i1, 8, 18, -8)"]


def test_an_addition_in_front_of_a_label_is_not_visible_behind_it(world):
    text = ("[r0, i1]\ni2 = int_add(i1, 3)\nlabel(r0, i2, loop.start)\ni4 = getarrayitem_gc_i(r0, i2, Ints)\n"
            "jump(r0, i4, loop.start)")
    assert "i4 = load_indexed_i(r0, i2, 8, 8, -8)" in lowered(world, text)


def test_an_index_of_structures_is_multiplied_once_for_all_fields(world):
    text = ("[r0, i1]\ni2 = getinteriorfield_gc_i(r0, i1, Pairs.left)\n"
            "r3 = getinteriorfield_gc_r(r0, i1, Pairs.right)\nfinish(i2, done_i)")
    assert lowered(world, text) == [
        "i2 = int_mul(i1, 24)", "i3 = load_indexed_i(r0, i2, 1, 8, -8)", "r4 = load_indexed_r(r0, i2, 1, 16, 8)"]


def test_an_index_of_structures_of_a_power_of_two_is_shifted(world):
    ENTRIES = GcArray(Struct("entry", ("key", Signed), ("value", Signed)))
    for name in ("key", "value"):
        world.names.add_descriptor(world.memory.descriptors.interior_field(ENTRIES, name), f"Entries.{name}")
    text = ("[r0, i1]\ni2 = getinteriorfield_gc_i(r0, i1, Entries.key)\n"
            "setinteriorfield_gc(r0, i1, i2, Entries.value)\nfinish(i2, done_i)")
    assert lowered(world, text) == [
        "i2 = int_lshift(i1, 4)", "i3 = load_indexed_i(r0, i2, 1, 8, -8)", "store_indexed(r0, i2, i3, 1, 16, 8)"]


# division


@pytest.mark.parametrize("operation, expected", [
    ("i1 = int_floordiv(i0, 8)", ["i1 = int_rshift(i0, 3)"]),
    ("i1 = int_mod(i0, 8)", ["i1 = int_and(i0, 7)"]),
    ("i1 = int_floordiv(i0, -1)", ["i1 = int_neg(i0)"]),
    ("i1 = int_floordiv(i0, -8)", ["i1 = int_floordiv(i0, -8)"]),
    ("i1 = int_mod(i0, -7)", ["i1 = int_mod(i0, -7)"]),
    ("i1 = int_floordiv(7, i0)", ["i1 = int_floordiv(7, i0)"]),
])
def test_divisions_by_powers_of_two_and_by_what_is_not_known(world, operation, expected):
    assert lowered(world, f"[i0]\n{operation}\nfinish(i1, done_i)") == expected


def test_what_has_become_a_constant_or_another_value_is_copied_for_a_label(world):
    text = ("[i0, i1]\ni2 = int_floordiv(i0, 1)\ni3 = int_mod(i0, 1)\nlabel(i0, i2, i3, i1, loop.start)\n"
            "i4 = int_add(i2, i3)\ni5 = int_lt(i4, i0)\nguard_true(i5) {i2, i3}\njump(i4, i0, i1, i3, loop.start)")
    assert lowered(world, text) == [
        "i2 = copy_i(i0)", "i3 = copy_i(0)", "label(i0, i2, i3, i1, loop.start)", "i5 = int_add(i2, i3)",
        "i6 = int_lt(i5, i0)", "guard_true(i6) {i2, i3}", "jump(i5, i0, i1, i3, loop.start)"]


def test_quotient_and_remainder_share_one_multiplication(world):
    lines = lowered(world, "[i0]\ni1 = int_floordiv(i0, 10)\ni2 = int_mod(i0, 10)\ni3 = int_add(i1, i2)\n"
                           "finish(i3, done_i)")
    assert [line.split(" = ")[1].split("(")[0] for line in lines] == [
        "int_rshift", "int_xor", "uint_mul_high", "uint_rshift", "int_xor", "int_mul", "int_sub", "int_add"]


# allocation


def test_allocations_that_follow_each_other_take_memory_at_once(world):
    text = "[i0]\nr1 = new(Plain)\nr2 = new_array_clear(2, Ints)\nsetfield_gc(r1, i0, Plain.word)\n"
    text += "r3 = new(Plain)\nfinish(r3, done_r)"
    plain, ints = (world.names.descriptors[name].type_id for name in ("Plain", "Ints"))
    assert lowered(world, text) == [
        "r1 = nursery_allocate(112)",
        "r2 = nursery_next(r1, 8)", f"store_indexed(r2, 0, {plain}, 1, -8, 4)",
        "r4 = nursery_next(r2, 40)", f"store_indexed(r4, 0, {ints}, 1, -8, 4)", "store_indexed(r4, 0, 2, 1, 0, 8)",
        "store_indexed(r2, 0, i0, 1, 8, 4)",
        "r8 = nursery_next(r4, 32)", f"store_indexed(r8, 0, {plain}, 1, -8, 4)",
    ]


def test_a_call_that_may_collect_ends_what_is_taken_at_once(world):
    text = "[i0]\nr1 = new(Plain)\ni2 = call_i(@add, i0, i0, call.add)\nr3 = new(Plain)\nfinish(r1, done_r)"
    assert [line.split("= ")[-1] for line in lowered(world, text) if "allocate" in line] == ["nursery_allocate(40)"] * 2


def test_big_objects_and_arrays_of_any_length_are_allocated_by_calls(world):
    text = "[i0]\nr1 = new_array(100, Ints)\nr2 = newstr(i0, String)\ni3 = new_raw_buffer(i0)\nfinish(r1, done_r)"
    ints, string = (world.names.descriptors[name].type_id for name in ("Ints", "String"))
    assert lowered(world, text, largest_in_nursery=500) == [
        f"r1 = call_r(@allocate_array, {ints}, 100, call.allocate)", "leave_if_null(r1)",
        f"r3 = call_r(@allocate_array, {string}, i0, call.allocate)", "leave_if_null(r3)",
        "i5 = call_i(@allocate_raw, i0, call.raw)", "leave_if_null(i5)",
    ]


def test_memory_that_is_not_clear_is_cleared(world):
    text = "[]\nr0 = new_with_vtable(Node)\nr1 = new_array(4, Ints)\nr2 = new_array(4, Nodes)\nfinish(r0, done_r)"
    cleared = [line for line in lowered(world, text, clears_nursery=False) if "zero_range" in line]
    assert cleared == ["zero_range(r1, -8, 32)", "zero_range(r4, -8, 16)", "zero_range(r8, -8, 48)"]


# barriers


def barriers(lines):
    return [line for line in lines if "barrier" in line]


def test_stores_of_references_into_old_objects_are_reported_once(world):
    text = "[r0, r1, i2]\nsetfield_gc(r0, r1, Node.next)\nsetfield_gc(r0, r0, Node.next)\n"
    text += "setfield_gc(r0, i2, Node.value)\nfinish(done_n)"
    assert barriers(lowered(world, text)) == ["write_barrier(r0)"]


def test_after_a_call_that_may_collect_they_are_reported_again(world):
    text = "[r0, r1, i2]\nsetfield_gc(r0, r1, Node.next)\ni3 = call_i(@add, i2, i2, call.add)\n"
    text += "setfield_gc(r0, r1, Node.next)\nlabel(r0, r1, loop.start)\nsetfield_gc(r0, r1, Node.next)\n"
    text += "jump(r0, r1, loop.start)"
    assert len(barriers(lowered(world, text))) == 3


def test_new_objects_and_null_are_not_reported(world):
    text = "[r0, i1]\nr2 = new_with_vtable(Node)\nsetfield_gc(r2, r0, Node.next)\nr3 = new_array(i1, Nodes)\n"
    text += "setarrayitem_gc(r3, i1, r2, Nodes)\nsetfield_gc(r0, null, Node.next)\nfinish(done_n)"
    assert barriers(lowered(world, text)) == []
    text = text.replace("[r0, i1]\n", "[r0, i1]\ndebug_merge_point(1)\n").replace("setfield_gc(r2", "setfield_gc(r0")
    assert len(barriers(lowered(Samples(), text))) == 1


def test_prebuilt_constants_are_not_reported(world):
    class Prebuilt(CollectorDescription):
        def is_never_young(self, reference):
            return reference == prebuilt

    prebuilt = world.node(3)
    world.names.add_reference("prebuilt", prebuilt)
    world.names.add_reference("other", world.node(4))
    trace = world.parse("[r0, r1]\nsetfield_gc(r0, $prebuilt, Node.next)\nsetfield_gc(r1, $other, Node.next)\n"
                        "finish(done_n)", "rr")
    result = rewrite(trace, Prebuilt())
    assert [result.first[n] for n, opcode in enumerate(result.opcodes) if opcode == ops.WRITE_BARRIER] == [1]


def test_items_of_arrays_that_may_have_cards_are_reported_one_by_one(world):
    text = "[r0, r1, i2]\nr3 = new_array(300, Nodes)\nr4 = new_array(3, Nodes)\ni5 = call_i(@add, i2, i2, call.add)\n"
    text += "".join(f"setarrayitem_gc(r{array}, i2, r1, Nodes)\nsetarrayitem_gc(r{array}, 1, r1, Nodes)\n"
                    for array in (0, 3, 4))
    text += "setinteriorfield_gc(r0, 2, r1, Pairs.right)\nfinish(done_n)"
    found = [line.split("(")[0] for line in barriers(lowered(world, text))]
    assert found == ["write_barrier_array"] * 4 + ["write_barrier", "write_barrier_array"]
    assert len(barriers(lowered(Samples(), text, cards_from=0))) == 3
    assert barriers(lowered(Samples(), text, has_barriers=False)) == []


def test_what_only_the_optimizer_reads_is_gone(world):
    text = "[r0, i1]\nrecord_exact_class(r0, @class.Node)\nenter_portal(1, i1)\nquasiimmut_field(r0, Node.next)\n"
    text += "r2 = force_token()\nr3 = virtual_ref(r0, r2)\nvirtual_ref_finish(r3, null)\nkeepalive(r3)\nfinish(done_n)"
    assert lowered(world, text) == ["r2 = force_token()", "keepalive(r0)"]


# running them


def describe_object(reference, depth=4):
    """As `describe_bytes`, of an object of the model."""
    if not reference:
        return None
    TYPE = container_of(reference).TYPE
    if TYPE is INTS or TYPE is FLOATS:
        return [repr(item) for item in cast_opaque_ptr(Ptr(TYPE), reference)]
    node, chain = cast_opaque_ptr(Ptr(NODE.target), reference), []
    while node and depth:
        chain.append((node.value, repr(node.weight)))
        node, depth = node.next, depth - 1
    return chain


def describe_bytes(machine, world, reference, depth=4):
    """What a reference leads to, a few objects deep."""
    if not reference:
        return None

    def field(place, descriptor):
        bits = machine.read(place + int(descriptor.offset), 8, True)
        return struct.unpack("<d", struct.pack("<q", bits))[0] if descriptor.kind == "f" else bits

    type_id = machine.read(reference - HEADER, 4, False)
    for array in (world.ints, world.floats):
        if type_id == array.type_id:
            words = [machine.read(reference + 8 + 8 * n, 8, True) for n in range(machine.read(reference, 8, True))]
            if array is world.ints:
                return [repr(word) for word in words]
            return [repr(struct.unpack("<d", struct.pack("<q", word))[0]) for word in words]
    chain = []
    while reference and depth:
        assert machine.read(reference - HEADER, 4, False) == world.node.type_id
        chain.append((field(reference, world.value), repr(field(reference, world.weight))))
        reference, depth = field(reference, world.next), depth - 1
    return chain


def run_lowered(world, generated, collector, seed):
    machine = ByteMachine(collector, world.functions, seed)
    for array in (world.ints, world.floats):
        machine.lengths[array.type_id] = int(array.base_size), int(array.item_size), int(array.length_offset)
    guards = list(generated.trace.guards)
    trace = rewrite(generated.trace, collector)
    verify(trace, lowered=True)
    inputs = [slot(number) for number in range(trace.input_count())]
    check(trace, MACHINES["like x86"], inputs, allocate(trace, MACHINES["like x86"], inputs))
    descriptor, values = machine.run(trace, [*generated.ints, *generated.floats])
    described = []
    for position, value in enumerate(values):
        reference = descriptor.values[position] if isinstance(descriptor, type(guards[0])) else None
        if value is None or reference is None:
            described.append(value)
        elif trace.kind_of(reference) == "r":
            described.append(describe_bytes(machine, world, value))
        elif trace.kind_of(reference) == "f":
            described.append("nan" if value != value else repr(value))
        else:
            described.append(value)
    return guard_number(guards, descriptor), *described


@pytest.mark.parametrize("clears, batch", [(True, 1024), (False, 1024), (True, 0)])
def test_lowered_random_traces_do_what_the_model_does(clears, batch):
    for seed in range(50):
        memory = Memory()
        backend, world = ModelBackend(memory), World(memory.descriptors, memory.address_of)
        generated = generate(world, seed)
        backend.compile_loop(generated.trace, generated.token)
        expected = outcome(backend, generated, describe_object)
        collector = host_collector(memory.descriptors)
        collector.clears_nursery, collector.largest_batch = clears, batch
        assert run_lowered(world, generated, collector, seed) == expected, seed


def test_the_byte_machine_sees_missing_barriers():
    missing = 0
    for seed in range(80):
        memory = Memory()
        world = World(memory.descriptors, memory.address_of)
        collector = host_collector(memory.descriptors)
        collector.has_barriers = False
        try:
            run_lowered(world, generate(world, seed), collector, seed)
        except MissingBarrier:
            missing += 1
    assert missing > 5


# translated


def test_the_rewriting_is_rpython():
    memory = Memory()
    collector = host_collector(memory.descriptors)
    done = FinishDescriptor("done", "r", False)
    effect = EffectDescriptor(CANNOT_RAISE)
    call = memory.descriptors.call(FuncType([Signed, Signed], Signed), effect)
    plain = SizeDescriptor("plain", 40, 8, 0)

    def run(number):
        trace = Trace()
        trace.constants.of_reference(NULL_REFERENCE)
        start, other = trace.append(ops.INPUT_I), trace.append(ops.INPUT_R)
        added = trace.append(ops.INT_ADD, start, trace.constants.of_int(number))
        made = trace.append(ops.NEW, -1, -1, -1, plain)
        again = trace.append(ops.NEW, -1, -1, -1, plain)
        trace.append_list(ops.CALL_I, [trace.constants.of_int(7), added, start], call)
        trace.append(ops.GUARD_NONNULL, again, -1, -1, None)
        trace.append_list(ops.FINISH, [made if number else other], done)
        result = rewrite(trace, collector)
        total = result.length()
        for opcode in result.opcodes:
            total = total * 31 % 1000003 + opcode
        return total

    program = specialize(annotate(run, [int]))
    assert TypedInterpreter(program).run(program.entry_graph, [100]) == run(100)
