"""Random portals mean the same with the JIT as without: traced, optimized, compiled, left and entered again."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ouro.jitcore.descriptors import ArrayDescriptor
from ouro.lltype import Ptr, cast_opaque_ptr
from random_jitcodes import PortalGenerator
from samples import ERROR, NODE, Samples
from traced import Traced

PARAMETERS = {
    "plain": dict(threshold=2, trace_eagerness=2, function_threshold=1000),
    "functions": dict(threshold=3, trace_eagerness=0, function_threshold=1),
    "unoptimized": dict(threshold=2, trace_eagerness=1, enable_opts=0),
    "short": dict(threshold=2, trace_eagerness=2, trace_limit=120),
}
OFF = dict(threshold=-1, function_threshold=-1)


class World:
    """A random portal and its arguments, from a seed."""

    def __init__(self, seed, **parameters):
        self.samples = Samples()
        text = PortalGenerator(random.Random(seed)).program()
        self.traced = Traced(self.samples, text, ("f0", "i", "iiiiiirrrrff", "i"), **parameters)
        numbers = random.Random(seed + 1)
        self.words = [numbers.choice([0, 1, 5, -3, 2**40, -(2**63)]) for _ in range(5)]
        self.node = self.samples.node(numbers.randrange(10))
        cast_opaque_ptr(Ptr(NODE), self.node).next = cast_opaque_ptr(Ptr(NODE), self.node)
        machine, descriptors = self.traced.machine, self.samples.names.descriptors
        assert isinstance(descriptors["Ints"], ArrayDescriptor)
        self.ints = machine.new_array(descriptors["Ints"], 3, True)
        self.string = machine.new_array(descriptors["String"], 1, True)

    def run(self, count):
        """What a run that goes round so often gives, and what it called."""
        null = self.traced.machine.pending_exception()
        del self.samples.calls[:]
        result = self.traced.run("f0", 0, count, *self.words, self.node, null, self.ints, self.string, 0.5, 2.5)
        if isinstance(result, tuple):
            result = "raised", cast_opaque_ptr(Ptr(ERROR), result[1]).code
        node = cast_opaque_ptr(Ptr(NODE), self.node)
        return result, list(self.samples.calls), node.value, node.weight


@pytest.mark.parametrize("how", PARAMETERS)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_random_portal_means_the_same_with_the_jit(how, seed):
    plain, traced = World(seed, **OFF), World(seed, **PARAMETERS[how])
    for count in (25, 4, 40):
        assert traced.run(count) == plain.run(count)
