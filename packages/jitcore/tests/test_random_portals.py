"""Random portals mean the same with the JIT as without: traced, optimized, compiled, left and entered again."""

import random

import pytest
from frame_samples import FRAME, FrameSamples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ouro.jitcore.backend.interpreting import InterpretingBackend
from ouro.jitcore.descriptors import RANDOM, EffectDescriptor
from ouro.jitcore.resume import follow_virtual_reference, force_virtualizable
from ouro.lltype import GCREF, FuncType, Ptr, Signed, cast_opaque_ptr, cast_pointer, functionptr, malloc
from ouro.rtyper import OBJECT_POINTER, LowLevelException
from random_jitcodes import FramePortalGenerator, PortalGenerator
from samples import ERROR, NODE
from traced import Traced

PARAMETERS = {
    "plain": dict(threshold=2, trace_eagerness=2, function_threshold=1000),
    "functions": dict(threshold=3, trace_eagerness=0, function_threshold=1),
    "unoptimized": dict(threshold=2, trace_eagerness=1, enable_opts=0),
    "interpreted": dict(threshold=2, trace_eagerness=1, function_threshold=2, make_backend=InterpretingBackend),
    "short": dict(threshold=2, trace_eagerness=2, trace_limit=120),
}
OFF = dict(threshold=-1, function_threshold=-1)


class World:
    """A random portal and its arguments, from a seed."""

    def __init__(self, seed, with_frame, **parameters):
        self.samples = FrameSamples()
        self.with_frame = with_frame
        memory, names = self.samples.memory, self.samples.names
        TYPE = FuncType([GCREF, GCREF, Signed], Signed)
        names.add_integer("look", memory.address_of(functionptr(TYPE, "look", callable=self.look)))
        names.add_descriptor(memory.descriptors.call(TYPE, EffectDescriptor(RANDOM)), "call.look")
        generator = FramePortalGenerator if with_frame else PortalGenerator
        self.text = generator(random.Random(seed)).program()
        driver = ("f0", "i", "iiiiiirrrrff", "i")
        if with_frame:
            driver = ("f0", "i", "iiiiiirrrrrff", "i", None, 4)
        self.traced = Traced(
            self.samples, self.text, driver, virtualizables=[self.samples.description if with_frame else None],
            virtual_reference=self.samples.virtual_reference, **parameters)
        self.machine = self.traced.machine
        numbers = random.Random(seed + 1)
        self.words = [numbers.choice([0, 1, 5, -3, 2**40, -(2**63)]) for _ in range(5)]
        self.node = self.samples.node(numbers.randrange(10))
        cast_opaque_ptr(Ptr(NODE), self.node).next = cast_opaque_ptr(Ptr(NODE), self.node)
        self.ints = self.machine.new_array(names.descriptors["Ints"], 3, True)
        self.string = self.machine.new_array(names.descriptors["String"], 1, True)
        self.frame = self.samples.frame()

    def look(self, reference, stand_in, mode):
        """Perhaps look into a frame, write to it, follow a virtual reference, and raise."""
        backend = self.samples.backend
        if mode < 4:
            self.samples.calls.append(mode)
            return mode
        force_virtualizable(self.machine, backend, self.samples.description, reference)
        frame = cast_opaque_ptr(Ptr(FRAME), reference)
        self.samples.calls.append(("pc", frame.pc, frame.counts[0], frame.top.value if frame.top else None))
        if mode & 1:
            frame.pc = (frame.pc + 1) & 0xFFFF
        if mode == 6 and stand_in:
            found = follow_virtual_reference(self.machine, backend, self.samples.virtual_reference, stand_in)
            self.samples.calls.append(("object", cast_opaque_ptr(Ptr(NODE), found).value))
        if mode == 7:
            error = malloc(ERROR, zero=True)
            error.code = 77
            raise LowLevelException(self.samples.vtables[ERROR], cast_pointer(OBJECT_POINTER, error))
        return frame.counts[0]

    def run(self, count):
        """What a run that goes round so often gives, what it called, and what is in the frame then."""
        null = self.machine.pending_exception()
        del self.samples.calls[:]
        arguments = [self.node, null, self.ints, self.string]
        if self.with_frame:
            arguments.append(cast_opaque_ptr(GCREF, self.frame))
        result = self.traced.run("f0", 0, count, *self.words, *arguments, 0.5, 2.5)
        if isinstance(result, tuple):
            result = "raised", cast_opaque_ptr(Ptr(ERROR), result[1]).code
        node, frame = cast_opaque_ptr(Ptr(NODE), self.node), self.frame
        if frame.token:
            force_virtualizable(
                self.machine, self.samples.backend, self.samples.description, cast_opaque_ptr(GCREF, frame))
        items = [item.value if item else None for item in (frame.top, *frame.items)]
        return result, list(self.samples.calls), node.value, node.weight, frame.pc, frame.ratio, frame.counts[0], items


@pytest.mark.parametrize("with_frame", [False, True], ids=["values", "frame"])
@pytest.mark.parametrize("how", PARAMETERS)
@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10**6))
@example(seed=2)  # a guard fails again while its bridge is traced
@example(seed=37)  # a bridge follows a stand-in that compiled code made
def test_a_random_portal_means_the_same_with_the_jit(how, with_frame, seed):
    plain, traced = World(seed, with_frame, **OFF), World(seed, with_frame, **PARAMETERS[how])
    # portals with frames call themselves
    for count in (8, 3, 14) if with_frame else (25, 4, 40):
        assert traced.run(count) == plain.run(count)
