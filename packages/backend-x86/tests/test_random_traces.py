"""Random traces end on x86 as on the model."""

import platform

import pytest
from native_worlds import Objects
from ouro.backend_x86.testing import NativeProcess
from ouro.jitcore.backend.generator import FLOATS, INTS, NODE, World, generate, outcome
from ouro.jitcore.model import Memory, ModelBackend
from ouro.lltype import Ptr, cast_opaque_ptr, container_of

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="runs x86-64 code in this process")


def describe_checked(reference, depth=4):
    """What a reference to checked memory leads to, a few objects deep."""
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


def on_model(seed, length):
    memory = Memory()
    backend, world = ModelBackend(memory), World(memory.descriptors, memory.address_of)
    generated = generate(world, seed, length)
    backend.compile_loop(generated.trace, generated.token)
    return outcome(backend, generated, describe_checked)


@pytest.mark.parametrize(
    ("seeds", "length", "clears_nursery"), [(range(200), 60, True), (range(1000, 1020), 400, False)])
def test_random_traces_end_as_on_the_model(seeds, length, clears_nursery):
    process = NativeProcess(clears_nursery=clears_nursery)
    objects = Objects(process)
    for seed in seeds:
        generated = generate(objects.world, seed, length)
        process.backend.compile_loop(generated.trace, generated.token)
        result = outcome(process.backend, generated, objects.describe)
        process.check()
        assert result == on_model(seed, length), seed
        process.backend.free(generated.token)
    assert process.collections > 10
    assert process.barriers > 10
