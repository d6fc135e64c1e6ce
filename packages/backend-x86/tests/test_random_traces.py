"""Random traces of all operations and their bridges end on x86 as on the model.

`OURO_RANDOM_TRACES` says how many; `nox -s random-traces` runs 20,000. A failure names the seed, and the length with
which `generate` makes the trace again.
"""

import os
import platform

import pytest
from native_worlds import Objects
from ouro.backend_x86.testing import NativeHost
from ouro.jitcore.backend.conformance import ModelHost
from ouro.jitcore.backend.generator import generate, outcomes

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="runs x86-64 code in this process")

COUNT = int(os.environ.get("OURO_RANDOM_TRACES", "200"))
BATCH = 50


@pytest.mark.parametrize("first", range(0, COUNT, BATCH))
def test_random_traces_and_bridges_end_as_on_the_model(first):
    clears_nursery = first // BATCH % 3 != 1
    host = NativeHost(Objects.RANGES, clears_nursery)
    native = Objects(host)
    model = Objects(ModelHost(Objects.RANGES))
    traces = 0
    for seed in range(first, min(first + BATCH, COUNT)):
        length = 300 if seed % 25 == 7 else (20, 60, 60, 100)[seed % 4]
        results = []
        for objects in (native, model):
            objects.world.generated = generated = generate(objects.world, seed, length, rich=True)
            results.append(outcomes(objects.host.backend, generated, objects.describe))
            objects.host.check()
            traces += 1 + generated.bridge_count
        assert results[0] == results[1], (seed, length)
        host.backend.free(native.world.generated.token)
    assert host.process.collections > 3 and host.process.barriers > 0
    # the loops that others call are compiled, too
    assert host.backend.checked == traces // 2 + len(native.world.callees) + 1
