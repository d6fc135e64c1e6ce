"""Random traces and their bridges end on x86 as on the model."""

import platform

import pytest
from native_worlds import Objects
from ouro.backend_x86.testing import NativeHost
from ouro.jitcore.backend.conformance import ModelHost
from ouro.jitcore.backend.generator import generate, outcomes

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="runs x86-64 code in this process")


@pytest.mark.parametrize(
    ("seeds", "length", "clears_nursery"), [(range(120), 60, True), (range(1000, 1012), 400, False)])
def test_random_traces_and_bridges_end_as_on_the_model(seeds, length, clears_nursery):
    host = NativeHost(Objects.RANGES, clears_nursery)
    native = Objects(host)
    model = Objects(ModelHost(Objects.RANGES))
    for seed in seeds:
        results = []
        for objects in (native, model):
            objects.world.generated = generated = generate(objects.world, seed, length, rich=True)
            results.append(outcomes(objects.host.backend, generated, objects.describe))
            objects.host.check()
        assert results[0] == results[1], seed
        host.backend.free(native.world.generated.token)
    assert host.process.collections > 3
    if length == 60:
        assert host.process.barriers > 0
