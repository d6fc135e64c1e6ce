"""Random traces mean the same optimised: where they end, with which values, objects made again from resume data."""

import pytest
from ouro.jitcore import operations as ops
from ouro.jitcore.backend.generator import FLOATS, INTS, NODE, World, generate, outcome
from ouro.jitcore.descriptors import GuardDescriptor, LoopToken
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.model import Memory, ModelBackend
from ouro.jitcore.optimizer import ALL, NONE, Environment, InvalidTrace, Options, optimize_loop
from ouro.jitcore.optimizer.options import BITS, PEEL
from ouro.jitcore.resume import rebuild
from ouro.jitcore.text import Names, print_trace, verify
from ouro.jitcore.trace import NO_FRAME, NOTHING, RecordedTrace, Trace
from ouro.lltype import Ptr, cast_opaque_ptr, container_of


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


class Case:
    """A generated trace in two parts: what is in front of its label, and the loop as a recording."""

    def __init__(self, generated):
        trace = generated.trace
        self.generated = generated
        labels = [number for number, opcode in enumerate(trace.opcodes) if opcode == ops.LABEL]
        self.start = labels[0] if labels else trace.input_count() - 1
        passed = trace.operand_list(self.start) if labels else list(range(trace.input_count()))
        kinds = "".join(trace.kind_of(reference) for reference in passed)
        self.token = LoopToken("loop", kinds, "i")
        self.target = self.token.new_target("loop.start")
        self.front = Trace()
        self.front.constants = trace.constants
        for number in range(self.start if labels else trace.input_count()):
            descriptor = trace.descriptors[number]
            if isinstance(descriptor, GuardDescriptor):
                descriptor = GuardDescriptor(descriptor.values)
            self.front.append_list(trace.opcodes[number], trace.operand_list(number), descriptor)
        self.front.append_list(ops.JUMP, passed, self.target)
        self.recorded = self.record(trace, passed)

    def record(self, trace, passed):
        recorded = RecordedTrace()
        recorded.constants = trace.constants
        renaming = {}
        for reference in passed:
            renaming[reference] = recorded.record(ops.by_name["input_" + trace.kind_of(reference)], [])
        for number in range(self.start + 1, trace.length()):
            opcode, descriptor = trace.opcodes[number], trace.descriptors[number]
            operands = [renaming.get(reference, reference) for reference in trace.operand_list(number)]
            if isinstance(descriptor, GuardDescriptor):
                values = [renaming.get(reference, reference) for reference in descriptor.values]
                frame = recorded.frame(NO_FRAME, trace.guards.index(descriptor), 0, values)
                renaming[number] = recorded.record(opcode, operands, None, recorded.snapshot(frame, [], []))
            elif opcode == ops.JUMP:
                renaming[number] = recorded.record(opcode, operands, self.target)
            else:
                renaming[number] = recorded.record(opcode, operands, descriptor)
        return recorded

    def outcome(self, backend, memory, enabled):
        """As `generator.outcome`, of the optimised trace; and the trace."""
        machine = HostMachine(memory)
        optimized = optimize_loop(self.recorded, self.token, Environment(machine, Options(enabled)))
        verify(optimized.trace)
        backend.compile_loop(optimized.trace, self.token)
        entry = LoopToken("front", self.generated.token.argument_kinds, "i")
        backend.compile_loop(self.front, entry)
        frame = backend.enter(entry, list(self.generated.ints), [], list(self.generated.floats))
        original = self.generated.trace
        if not isinstance(frame.descriptor, GuardDescriptor):
            return (-1, backend.value_int(frame, 0)), optimized.trace
        if frame.descriptor.store is None:
            number = self.front.guards.index(frame.descriptor)
            return (number, None), optimized.trace
        materializer = rebuild(machine, backend, frame)
        reader = materializer.reader
        number = reader.jitcodes[0]
        values = []
        for position, reference in enumerate(original.guards[number].values):
            token = reader.tokens[reader.frame_starts[0] + position]
            if reference == NOTHING:
                values.append(None)
                continue
            kind = original.kind_of(reference)
            if kind == "i":
                values.append(materializer.int_of(token))
            elif kind == "f":
                value = materializer.float_of(token)
                values.append("nan" if value != value else repr(value))
            else:
                values.append(describe(materializer.reference_of(token)))
        return (number, *values), optimized.trace


def check(seed, enabled, length=60):
    memory = Memory()
    backend, world = ModelBackend(memory), World(memory.descriptors, memory.address_of)
    generated = generate(world, seed, length)
    case = Case(generated)
    backend.compile_loop(generated.trace, generated.token)
    expected = outcome(backend, generated, describe)
    try:
        found, trace = case.outcome(backend, memory, enabled)
    except InvalidTrace:
        # a guard of the loop can never hold
        assert expected[0] >= 0
        return None
    if found[1:] == (None,):
        assert found[0] == expected[0]
    else:
        assert found == expected, (seed, print_trace(generated.trace, Names()), print_trace(trace, Names()))
    return generated.trace.length(), trace.length()


@pytest.mark.parametrize("enabled", [NONE, *BITS.values()], ids=["none", *BITS])
def test_each_optimisation_alone(enabled):
    for seed in range(40):
        check(seed, enabled)


@pytest.mark.parametrize("enabled", [ALL, ALL & ~PEEL], ids=["all", "without_peeling"])
def test_all_together(enabled):
    invalid = sum(check(seed, enabled) is None for seed in range(100, 200))
    assert invalid < 40


@pytest.mark.parametrize("name", BITS)
def test_all_but_one(name):
    for seed in range(500, 530):
        check(seed, ALL & ~BITS[name])


def test_long_traces():
    for seed in range(1000, 1005):
        check(seed, ALL, 400)


def test_optimised_traces_are_shorter():
    lengths = [check(seed, ALL & ~PEEL) for seed in range(300, 330)]
    before, after = (sum(pair[side] for pair in lengths if pair is not None) for side in (0, 1))
    assert after < 0.8 * before
