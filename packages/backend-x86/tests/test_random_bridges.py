"""Random loops with bridges, exceptions, forced frames, strings and raw memory end on x86 as on the model."""

import platform

import pytest
from native_worlds import Objects
from ouro.backend_x86.testing import NativeProcess
from ouro.jitcore.backend.generator import FLOATS, INTS, NODE, World, describe_end, generate, outcomes
from ouro.jitcore.model import Memory, ModelBackend
from ouro.lltype import GCREF, GcStruct, Ptr, cast_opaque_ptr, cast_pointer, container_of, malloc
from ouro.rtyper import OBJECT, OBJECT_POINTER, OBJECT_VTABLE, LowLevelException

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="runs x86-64 code in this process")

ERROR = GcStruct("generated_error", ("super", OBJECT))


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


def make_vtable():
    vtable = malloc(OBJECT_VTABLE, immortal=True, zero=True)
    vtable.subclass_range_min, vtable.subclass_range_max = 1, 2
    return vtable


def run_all(backend, world, describe, seed, length, check=lambda: None):
    """The outcomes of a loop and its bridges."""
    world.generated = generate(world, seed, length, rich=True)
    results = outcomes(backend, world.generated, describe)
    check()
    backend.free(world.generated.token)
    return results


def on_model(seed, length):
    vtable = make_vtable()
    memory = Memory({ERROR: vtable})
    backend, world = ModelBackend(memory), World(memory.descriptors, memory.address_of)
    world.let_calls_raise(memory.address_of(vtable), lambda: memory.exception_of(
        cast_opaque_ptr(GCREF, malloc(ERROR, zero=True))))
    world.let_calls_force(backend, lambda frame: describe_end(backend, world.generated, describe_checked, frame))
    return run_all(backend, world, describe_checked, seed, length)


@pytest.mark.parametrize(("seeds", "length"), [(range(150), 60), (range(1000, 1012), 300)])
def test_random_loops_with_bridges_end_as_on_the_model(seeds, length):
    vtable = make_vtable()
    process = NativeProcess({ERROR: vtable})
    backend, objects = process.backend, Objects(process)
    world = objects.world

    def exception():
        error = cast_opaque_ptr(Ptr(ERROR), process.new(ERROR))
        return LowLevelException(vtable, cast_pointer(OBJECT_POINTER, error))

    world.let_calls_raise(process.address_of(vtable), exception)
    world.let_calls_force(backend, lambda frame: describe_end(backend, world.generated, objects.describe, frame))
    for seed in seeds:
        result = run_all(backend, world, objects.describe, seed, length, process.check)
        assert result == on_model(seed, length), seed
