"""Register allocation: what the symbolic checker says of any trace on any machine, and what the code is like."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from machines import machine_with
from ouro.annotator import annotate
from ouro.jitcore import operations as ops
from ouro.jitcore.backend.conformance import CLASS_RANGES, ModelHost, Runner, all_cases
from ouro.jitcore.backend.frames import make_gc_map, words_of_gc_map
from ouro.jitcore.backend.generator import World, generate
from ouro.jitcore.backend.registers import (
    FIRST_FLOAT,
    NOWHERE,
    AllocationError,
    allocate,
    decode_locations,
    encode_locations,
    float_register,
    is_memory,
    is_register,
    is_slot,
    slot,
)
from ouro.jitcore.backend.registers.checker import CheckError, check
from ouro.jitcore.backend.registers.moves import MoveList
from ouro.jitcore.backend.registers.printer import print_allocation
from ouro.jitcore.descriptors import GuardDescriptor, LoopToken, TargetToken
from ouro.jitcore.model import Memory, ModelBackend
from ouro.jitcore.text import Names
from ouro.jitcore.trace import NULL_REFERENCE, ConstantPools, Trace, is_constant
from ouro.rtyper import TypedInterpreter, specialize
from samples import Samples

MACHINES = {
    "two": machine_with(2, 2),
    "three": machine_with(3, 2, saved_integers=1),
    "six": machine_with(6, 4, saved_integers=2, saved_floats=1, float_scratch=False),
    "like x86": machine_with(14, 15, saved_integers=5),
    "many": machine_with(30, 30, saved_integers=10, saved_floats=8, three_operands=True),
}


def slots_of_inputs(trace):
    return [slot(number) for number in range(trace.input_count())]


def allocated(trace, machine, inputs=None):
    """An allocation that has been checked."""
    inputs = slots_of_inputs(trace) if inputs is None else inputs
    allocation = allocate(trace, machine, inputs)
    check(trace, machine, inputs, allocation)
    return allocation


@pytest.fixture
def world():
    return Samples()


def moves_in(allocation, first, last):
    """The moves in front of instructions `first` to `last`."""
    start, end = allocation.first_move[first], allocation.first_move[last + 1]
    return list(zip(allocation.move_sources[start:end], allocation.move_targets[start:end]))


def stores(moves):
    return [(source, target) for source, target in moves if is_memory(target)]


# any trace, any machine


@pytest.mark.parametrize("name", MACHINES)
def test_random_traces_compute_the_same_on_every_machine(name):
    memory = Memory()
    world = World(memory.descriptors, memory.address_of)
    for seed in range(45):
        allocated(generate(world, seed, 20 + seed % 5 * 40).trace, MACHINES[name])


@pytest.mark.parametrize("name", MACHINES)
def test_random_bridges_start_from_their_guards(name):
    machine = MACHINES[name]
    for seed in range(15):
        memory = Memory()
        world = World(memory.descriptors, memory.address_of)
        # calls that no one makes here
        world.let_calls_raise(1, Exception)
        world.let_calls_force(ModelBackend(memory), repr)
        generated = generate(world, seed, 50, rich=True)
        traces = [(generated.trace, allocated(generated.trace, machine))]
        for _ in range(4):
            places = {}
            for trace, allocation in traces:
                for number, descriptor in enumerate(trace.descriptors):
                    if isinstance(descriptor, GuardDescriptor):
                        places[descriptor] = allocation.failure_locations(number)
            number = (seed * 7 + len(traces)) % len(generated.guards)
            inputs = [place for place in places[generated.guards[number]] if place != NOWHERE]
            bridge = generated.make_bridge(number, 20)
            traces.append((bridge, allocated(bridge, machine, inputs)))


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 31), st.integers(2, 31), st.data())
def test_machines_of_any_size(integers, floats, data):
    saved = data.draw(st.integers(0, integers - 2)), data.draw(st.integers(0, floats - 2))
    machine = machine_with(integers, floats, *saved, data.draw(st.booleans()), data.draw(st.booleans()))
    memory = Memory()
    seed, length = data.draw(st.integers(0, 10**6)), data.draw(st.integers(1, 150))
    allocated(generate(World(memory.descriptors, memory.address_of), seed, length).trace, machine)


def test_a_bridge_starts_where_its_guard_leaves_the_values(world):
    loop = world.parse("[i0, i1, f2, r3]\nlabel(i0, i1, f2, r3, loop.start)\ni4 = int_add(i0, i1)\n"
                       "f5 = float_add(f2, f2)\ni6 = int_lt(i4, 100)\nguard_true(i6) {i4, _, f5, r3, i1}\n"
                       "jump(i4, i1, f5, r3, loop.start)", "iifr")
    bridge = world.parse("[i0, f1, r2, i3]\ni4 = int_sub(i0, i3)\njump(i3, i4, f1, r2, loop.start)", "ifri", name="x")
    for machine in MACHINES.values():
        allocation = allocated(loop, machine)
        guard = loop.opcodes.index(ops.GUARD_TRUE)
        inputs = [place for place in allocation.failure_locations(guard) if place != NOWHERE]
        assert len(inputs) == 4
        allocated(bridge, machine, inputs)


def test_a_bridge_may_get_one_value_several_times(world):
    for name, machine in MACHINES.items():
        for places in ([0, 0, 32, 32], [slot(0), slot(0), slot(1), slot(1)], [1, 1, slot(1), slot(1)]):
            bridge = world.parse(f"[i0, i1, f2, f3]\nlabel(i0, i1, f2, f3, {name[:3]}.start)\ni4 = int_add(i0, 1)\n"
                                 f"f5 = float_add(f2, f3)\njump(i4, i1, f5, f3, {name[:3]}.start)", "iiff",
                                 name=name[:3])
            allocated(bridge, machine, places)
            world.names.descriptors.pop(f"{name[:3]}.start")


def test_a_bridge_may_jump_to_a_loop_with_a_bigger_frame(world):
    values = ", ".join(f"i{number}" for number in range(9))
    loop = world.parse(f"[{values}]\nlabel({values}, loop.start)\njump({values}, loop.start)", "i" * 9)
    allocated(loop, MACHINES["two"])
    bridge = world.parse("[i0]\njump(i0, 1, i0, 3, i0, 5, 6000000000, 7, i0, loop.start)", "i", name="x")
    assert allocated(bridge, MACHINES["two"], [0]).slots >= 7


# what the code is like


def test_the_loop_of_a_counter_has_no_moves(world):
    trace = world.parse("[i0]\nlabel(i0, loop.start)\ni1 = int_add(i0, 1)\ni2 = int_lt(i1, 1000)\n"
                        "guard_true(i2) {i1}\njump(i1, loop.start)", "i")
    for machine in MACHINES.values():
        allocation = allocated(trace, machine)
        assert moves_in(allocation, 1, 1) == [(slot(0), trace.descriptors[1].locations[0])]
        assert moves_in(allocation, 2, 5) == []


def test_values_that_change_places_in_a_loop_are_moved_at_once(world):
    trace = world.parse("[i0, i1, f2, f3]\nlabel(i0, i1, f2, f3, loop.start)\ni4 = int_lt(i0, i1)\n"
                        "f5 = float_add(f2, f3)\nguard_true(i4) {f5}\njump(i1, i0, f3, f2, loop.start)", "iiff")
    allocation = allocated(trace, MACHINES["like x86"])
    assert len(moves_in(allocation, 8, 8)) == 6  # two swaps through the scratch registers
    assert not stores(moves_in(allocation, 5, 8))


def test_what_a_loop_does_not_change_is_stored_in_front_of_it(world):
    text = "[i0, i1, i2, i3]\ni4 = int_add(i1, i2)\ni5 = int_add(i2, i3)\nlabel(i0, i4, i5, i1, loop.start)\n"
    text += "i6 = int_add(i0, i4)\ni7 = int_xor(i6, i5)\ni8 = int_sub(i7, i1)\ni9 = int_lt(i8, i4)\n"
    text += "guard_true(i9) {i8, i5}\njump(i8, i4, i5, i1, loop.start)"
    trace = world.parse(text, "iiii")
    label = trace.opcodes.index(ops.LABEL)
    for name in ("two", "three"):
        allocation = allocated(trace, MACHINES[name])
        assert not stores(moves_in(allocation, label + 1, trace.length() - 1)), name


def test_a_comparison_is_made_at_the_guard_that_is_its_only_use(world):
    trace = world.parse("[i0, i1]\ni2 = int_lt(i0, i1)\ni3 = int_add(i0, 1)\nguard_true(i2) {i3}\n"
                        "i4 = int_eq(i3, 5)\nguard_false(i4) {i4}\ni5 = int_gt(i0, 3)\nfinish(i5, done_i)", "ii", "i")
    allocation = allocated(trace, MACHINES["six"])
    assert [allocation.fused[4], allocation.fused[6]] == [2, -1]
    assert allocation.skipped[2] and not allocation.skipped[5] and not allocation.skipped[7]
    assert allocation.result(2) == NOWHERE and is_register(allocation.result(5))


def test_what_no_one_uses_is_not_computed(world):
    trace = world.parse("[i0, r1]\ni2 = int_add(i0, 1)\ni3 = int_mul(i2, i2)\ni4 = getfield_gc_i(r1, Node.value)\n"
                        "finish(i0, done_i)", "ir", "i")
    assert allocated(trace, MACHINES["six"]).skipped == [True] * 5 + [False]


def test_constants_are_made_again_and_never_stored(world):
    wide = [str((1 << 40) + number) for number in range(6)]
    lines = ["[i0]"] + [f"i{n + 1} = int_xor(i{n}, {wide[n % 6]})" for n in range(18)] + ["finish(i18, done_i)"]
    trace = world.parse("\n".join(lines), "i", "i")
    for name in ("two", "six"):
        allocation = allocated(trace, MACHINES[name])
        assert not stores(zip(allocation.move_sources, allocation.move_targets))
    loaded = [source for source in allocated(trace, MACHINES["like x86"]).move_sources if is_constant(source)]
    assert len(loaded) == len(set(loaded)) == 6


def test_integers_survive_calls_in_registers_and_references_in_slots(world):
    trace = world.parse("[i0, r1]\ni2 = int_add(i0, 5)\nr3 = call_r(@node_of, i0, call.node_of)\n"
                        "i4 = int_add(i2, 1)\nguard_nonnull(r3) {i4, r1}\nfinish(r3, done_r)", "ir", "r")
    machine = MACHINES["like x86"]
    allocation = allocated(trace, machine)
    call = trace.opcodes.index(ops.CALL_R)
    assert allocation.result(2) == allocation.location(4, 0) >= 9
    assert words_of_gc_map(allocation.gc_maps[call]) == [machine.frame_word(slot(1))]
    assert not stores(zip(allocation.move_sources, allocation.move_targets))


def test_a_value_is_computed_where_the_call_wants_it(world):
    trace = world.parse("[i0, i1]\ni2 = int_add(i0, 5)\ni3 = int_sub(i1, i2)\ni4 = call_i(@add, i2, i3, call.add)\n"
                        "finish(i4, done_i)", "ii", "i")
    allocation = allocated(trace, MACHINES["like x86"])
    assert (allocation.result(2), allocation.result(3)) == (0, 1)
    assert moves_in(allocation, 4, 4) == []


def test_what_a_forced_frame_keeps_is_in_slots(world):
    trace = world.parse("[i0, f1, r2]\nr3 = force_token()\ni4 = int_add(i0, 1)\ni5 = call_may_force_i(@force, r3, i4, "
                        "call.force)\nguard_not_forced() {i5, i4, f1, r2}\nguard_no_exception() {}\n"
                        "i6 = int_add(i4, i5)\nfinish(i6, done_i)", "ifr", "i")
    for machine in MACHINES.values():
        places = allocated(trace, machine).failure_locations(6)
        assert is_register(places[0]) and all(is_slot(place) for place in places[1:])


def test_a_value_kept_alive_has_a_place_until_then(world):
    trace = world.parse("[r0, i1]\ni2 = call_i(@add, i1, i1, call.add)\nkeepalive(r0)\nfinish(i2, done_i)", "ri", "i")
    allocation = allocated(trace, MACHINES["six"])
    assert words_of_gc_map(allocation.gc_maps[2]) == [MACHINES["six"].frame_word(slot(0))]


def test_a_load_that_only_keeps_alive_is_made(world):
    trace = world.parse("[r0, i1]\nr2 = getfield_gc_r(r0, Node.next)\ni3 = call_i(@add, i1, i1, call.add)\n"
                        "keepalive(r2)\nfinish(i3, done_i)", "ri", "i")
    allocation = allocated(trace, MACHINES["six"])
    assert not allocation.skipped[2]
    assert len(words_of_gc_map(allocation.gc_maps[3])) == 1


def test_operands_that_must_swap_registers(world):
    # i2 sits where the dividend must be, the dividend where the remainder comes out
    trace = world.parse("[i0, i1]\ni2 = int_add(i0, 3)\ni3 = int_floordiv(i1, i2)\ni4 = int_mod(i2, i3)\n"
                        "i5 = int_lshift(i4, i3)\ni6 = int_add(i5, i2)\nfinish(i6, done_i)", "ii", "i")
    for name in ("three", "six", "like x86"):
        for inputs in ([0, 1], [1, 0], [2, 1], [slot(0), 0]):
            allocated(trace, MACHINES[name], inputs)


def test_an_instruction_that_wants_too_much_is_an_error(world):
    trace = world.parse("[i0, i1]\ni2 = int_between(6000000000, i1, 7000000000)\ni3 = int_add(i2, i0)\n"
                        "finish(i3, done_i)", "ii", "i")
    machine = machine_with(2, 2)
    machine.row(ops.INT_BETWEEN, [3, 1, 1], temporaries="i")
    with pytest.raises(AllocationError, match="more registers"):
        allocate(trace, machine, [slot(0), slot(1)])


def test_an_operation_that_a_machine_has_not_is_an_error(world):
    trace = world.parse("[i0]\ni1 = int_neg(i0)\nfinish(i1, done_i)", "i", "i")
    machine = machine_with(3, 3)
    machine.known[ops.INT_NEG] = False
    with pytest.raises(AllocationError, match="no row"):
        allocate(trace, machine, [slot(0)])


def test_what_stays_in_its_slot_all_through_a_loop_is_not_loaded_for_a_guard(world):
    trace = world.parse("[r0, i1]\nlabel(r0, i1, loop.start)\ni2 = call_i(@add, i1, i1, call.add)\n"
                        "guard_nonnull(r0) {i2}\njump(r0, i2, loop.start)", "ri")
    for machine in MACHINES.values():
        allocation = allocated(trace, machine)
        assert allocation.location(trace.opcodes.index(ops.GUARD_NONNULL), 0) == slot(0)


def test_slots_are_used_again(world):
    lines, number = ["[i0]"], 0
    for _ in range(30):
        lines.append(f"i{number + 1} = int_add(i0, {number})")
        lines.append(f"i{number + 2} = call_i(@add, i0, i0, call.add)")
        lines.append(f"i{number + 3} = int_add(i{number + 1}, i{number + 2})")
        number += 3
    trace = world.parse("\n".join([*lines, f"finish(i{number}, done_i)"]), "i", "i")
    assert allocated(trace, MACHINES["two"]).slots <= 3


# moves


def locations_for_moves():
    registers, doubles = range(4), [float_register(number) for number in range(3)]
    return st.sampled_from([*registers, *doubles, *map(slot, range(4))])


@settings(max_examples=200, deadline=None)
@given(st.data(), st.booleans())
def test_moves_at_once_are_the_same_one_after_the_other(data, float_scratch):
    machine = machine_with(4, 3, float_scratch=float_scratch)
    constants = ConstantPools()
    targets = data.draw(st.lists(locations_for_moves(), unique=True, max_size=11))
    pool = [constants.of_int(5), constants.of_int(1 << 40), constants.of_reference(NULL_REFERENCE)]
    sources = []
    for target in targets:
        if FIRST_FLOAT <= target < slot(0):
            choice = [*map(float_register, range(3)), *map(slot, range(4)), constants.of_float(1.5)]
        else:
            choice = [*range(4), *map(slot, range(4)), *pool]
            if is_slot(target):
                choice += [*map(float_register, range(3)), constants.of_float(2.5)]
        sources.append(data.draw(st.sampled_from(choice)))
    moves = MoveList(machine, constants)
    spare = slot(9)
    used = moves.parallel(sources, targets, spare)
    contents = {place: place for place in [*range(4), *map(float_register, range(3)), *map(slot, range(4))]}
    expected = dict(contents)
    expected.update((target, contents.get(source, source)) for source, target in zip(sources, targets))
    touched = set()
    for source, target in zip(moves.sources, moves.targets):
        assert not (is_memory(source) and is_memory(target))
        if is_register(source) and is_register(target):
            assert (source >= FIRST_FLOAT) == (target >= FIRST_FLOAT)
        contents[target] = contents.get(source, source) if not is_constant(source) else source
        touched.add(target)
    assert {place: contents[place] for place in expected} == expected
    assert (spare in touched) == used
    assert touched <= {*targets, machine.scratch, machine.float_scratch, spare}


# encodings


@given(st.lists(st.integers(-1, 9000)))
def test_locations_through_text(locations):
    assert decode_locations(encode_locations(locations)) == locations


@given(st.sets(st.integers(0, 3000)))
def test_gc_maps_through_text(words):
    assert words_of_gc_map(make_gc_map(sorted(words))) == sorted(words)


# the checker itself


def break_move(choose, allocation):
    place = choose.randrange(len(allocation.move_sources))
    allocation.move_targets[place] = slot(allocation.slots + 1)


def break_location(choose, allocation):
    place = choose.randrange(len(allocation.locations))
    old = allocation.locations[place]
    allocation.locations[place] = slot(allocation.slots) if is_register(old) else 5


def break_result(choose, allocation):
    place = choose.choice([n for n, result in enumerate(allocation.results) if is_register(result)])
    allocation.results[place] = float_register(1) if allocation.results[place] < FIRST_FLOAT else 2


def break_failure(choose, allocation):
    place = choose.choice([n for n, text in enumerate(allocation.failures) if text])
    places = allocation.failure_locations(place)
    places[choose.randrange(len(places))] = slot(allocation.slots)
    allocation.failures[place] = encode_locations(places)


def break_gc_map(choose, allocation):
    place = choose.choice([n for n, text in enumerate(allocation.gc_maps) if text])
    words = words_of_gc_map(allocation.gc_maps[place])
    allocation.gc_maps[place] = make_gc_map([*words, words[-1] + 60])


def drop_instruction(choose, allocation):
    place = choose.choice([n for n, result in enumerate(allocation.results) if is_register(result)])
    allocation.skipped[place] = True


@pytest.mark.parametrize(
    "change", [break_move, break_location, break_result, break_failure, break_gc_map, drop_instruction])
def test_the_checker_sees_broken_allocations(change):
    memory = Memory()
    world = World(memory.descriptors, memory.address_of)
    choose, machine = random.Random(5), MACHINES["six"]
    for seed in range(30):
        trace = generate(world, seed).trace
        inputs = slots_of_inputs(trace)
        allocation = allocated(trace, machine)
        before = print_allocation(trace, allocation, Names())
        change(choose, allocation)
        assert print_allocation(trace, allocation, Names()) != before
        with pytest.raises(CheckError):
            check(trace, machine, inputs, allocation)


# the traces of the conformance suite


class CheckingHost(ModelHost):
    """Allocates registers for every trace that runs, on all machines."""

    def lower(self, trace):
        for name, machine in MACHINES.items():
            # a bridge is tried with its inputs in slots, though its guard has them elsewhere
            targets = [d for d in trace.descriptors if isinstance(d, TargetToken)]
            if name == "two" and any(opcode in THREE_OPERANDS for opcode in trace.opcodes):
                continue
            if trace.opcodes[-1] == ops.JUMP and ops.LABEL not in trace.opcodes:
                kinds = [trace.kind_of(value) for value in trace.operand_list(trace.length() - 1)]
                targets[-1].locations = [slot(number) for number in range(len(kinds))]
            allocated(trace, machine)
        return trace


THREE_OPERANDS = (ops.COPYSTRCONTENT, ops.SETARRAYITEM_GC, ops.SETARRAYITEM_RAW, ops.SETINTERIORFIELD_GC,
                  ops.STRSETITEM, ops.RAW_STORE, ops.INT_BETWEEN)


@pytest.mark.parametrize("file", ["calls", "guards", "memory"])
def test_the_traces_of_the_conformance_suite(file):
    for case in all_cases():
        if case.file.stem == file:
            Runner(CheckingHost(CLASS_RANGES)).run(case)


# translated


def test_the_allocator_is_rpython():
    machine = MACHINES["six"]

    def run(limit):
        trace = Trace()
        trace.constants.of_reference(NULL_REFERENCE)
        target = LoopToken("loop", "ir", "n").new_target("start")
        start, other = trace.append(ops.INPUT_I), trace.append(ops.INPUT_R)
        trace.append_list(ops.LABEL, [start, other], target)
        added = trace.append(ops.INT_ADD, start, trace.constants.of_int(1))
        divided = trace.append(ops.INT_FLOORDIV, added, trace.constants.of_int(1 << 40))
        made = trace.append(ops.NEW)
        less = trace.append(ops.INT_LT, divided, trace.constants.of_int(limit))
        trace.append_guard(ops.GUARD_TRUE, less, -1, [added, made])
        trace.append_list(ops.JUMP, [divided, made], target)
        allocation = allocate(trace, machine, [slot(0), slot(1)])
        total = allocation.slots + 100 * len(allocation.move_sources)
        for place in allocation.locations:
            total = total * 31 % 1000003 + place
        for character in "".join(allocation.failures) + "".join(allocation.gc_maps):
            total = total * 31 % 1000003 + ord(character)
        return total

    program = specialize(annotate(run, [int]))
    assert TypedInterpreter(program).run(program.entry_graph, [100]) == run(100)

