"""Random traces are valid, end, mean the same each time, and use what they are there for."""

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.generator import FLOATS, INTS, NODE, Generated, World, generate, outcome
from ouro.jitcore.model import Memory, ModelBackend
from ouro.jitcore.text import Names, parse_trace, print_trace, verify
from ouro.lltype import Ptr, cast_opaque_ptr, container_of

SEEDS = range(300)


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
        generated = Generated(parsed, generated.token, generated.ints, generated.floats)
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
    assert 10 < finished < 200
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
