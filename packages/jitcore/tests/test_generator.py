"""Random traces are valid, end, mean the same each time, and use what they are there for."""

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.conformance import ModelHost
from ouro.jitcore.backend.generated_wide_world import ERROR, RANGES, WideWorld
from ouro.jitcore.backend.generator import FLOATS, INTS, NODE, World, describe_end, generate, outcome, outcomes
from ouro.jitcore.model import Memory, ModelBackend
from ouro.jitcore.text import Names, parse_trace, print_trace, verify
from ouro.lltype import GCREF, Ptr, cast_opaque_ptr, container_of

SEEDS = range(200)
#: What a trace can have before a backend has rewritten it, but inputs that are references.
EVERYTHING = {
    opcode for opcode in range(ops.COUNT) if not ops.has_flag(opcode, ops.LOWERED) and opcode != ops.INPUT_R
}


def describe(reference, depth=4):
    """What a reference leads to, a few objects deep."""
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


def make():
    memory = Memory()
    return ModelBackend(memory), World(memory.descriptors, memory.address_of)


def run(seed, through_text=False):
    backend, world = make()
    generated = generate(world, seed)
    if through_text:
        names = Names()
        parsed = parse_trace(print_trace(generated.trace, names), names)
        generated.exchange(parsed)
    backend.compile_loop(generated.trace, generated.token)
    return outcome(backend, generated, describe)


def test_generated_traces_are_valid():
    _, world = make()
    for seed in SEEDS:
        verify(generate(world, seed).trace)


def test_the_same_seed_has_the_same_outcome_also_through_text():
    for seed in SEEDS[:60]:
        assert run(seed) == run(seed) == run(seed, through_text=True)


def test_runs_end_in_many_ways():
    outcomes = [run(seed) for seed in SEEDS]
    finished = sum(1 for result in outcomes if result[0] == -1)
    assert 5 < finished < 200
    assert len({result[0] for result in outcomes}) > 10
    assert len({repr(result) for result in outcomes}) > 150


def test_traces_have_guards_calls_allocations_floats_and_loops():
    _, world = make()
    used = set()
    for seed in SEEDS:
        used.update(generate(world, seed).trace.opcodes)
    names = {ops.name_of(opcode) for opcode in used}
    assert {"call_i", "call_f", "new", "new_array_clear", "setfield_gc", "getfield_gc_r", "guard_true", "label", "jump",
            "guard_nonnull", "guard_no_overflow", "float_truediv", "finish"} <= names
    assert len(names) > 55


def test_another_length_gives_a_longer_trace():
    _, world = make()
    assert generate(world, 3, 500).trace.length() > 3 * generate(world, 3, 60).trace.length()


# with bridges, exceptions, forced frames, strings and raw memory


def make_rich():
    host = ModelHost(RANGES)
    backend = host.backend
    world = WideWorld(host.descriptors, host.address_of, host.vtables, host.make, host.make_raw)

    def exception():
        return host.exception_of(cast_opaque_ptr(GCREF, host.make(ERROR)))

    def describe_wide(reference):
        TYPE = host.type_of(reference) if reference else None
        return TYPE and world.describe_object(TYPE, cast_opaque_ptr(Ptr(TYPE), reference))

    world.let_calls_raise(host.address_of(host.vtables[ERROR]), exception)
    world.let_calls_force(backend, lambda frame: describe_end(backend, world.generated, describe_wide, frame))
    world.let_loops_be_called(backend, host.set_assembler_failure)
    return backend, world, describe_wide


def run_rich(seed, length=60):
    backend, world, describe_wide = make_rich()
    world.generated = generate(world, seed, length, rich=True)
    results = outcomes(backend, world.generated, describe_wide)
    return results, world.generated


def test_rich_traces_and_their_bridges_are_valid():
    for seed in SEEDS[:40]:
        _, world, _ = make_rich()
        world.generated = generated = generate(world, seed, rich=True)
        verify(generated.trace)
        for number in range(min(5, len(generated.guards))):
            verify(generated.make_bridge(number, 20))


def test_rich_traces_have_the_same_outcomes_each_time():
    for seed in SEEDS[:25]:
        assert run_rich(seed)[0] == run_rich(seed)[0]


def test_rich_traces_run_bridges_exceptions_and_forced_frames():
    results = [run_rich(seed)[0] for seed in SEEDS[:150]]
    assert sum(len(ends) for ends in results) > 400
    assert sum(1 for ends in results if ends[-1][0][0] == -1) > 30
    assert sum(1 for ends in results for end in ends if end[2]) > 30
    assert sum(len(end[1]) for ends in results for end in ends) > 50
    back = [ends for ends in results if len(ends) > 2 and ends[1][0][0] >= 0 and ends[2][0][0] <= ends[1][0][0]]
    assert len(back) > 15


def test_rich_traces_and_their_bridges_have_all_operations():
    used = set()
    for seed in SEEDS[:100]:
        _, generated = run_rich(seed, 100)
        used.update(generated.trace.opcodes)
        if used >= EVERYTHING:
            break
    assert {ops.name_of(opcode) for opcode in EVERYTHING - used} == set()
