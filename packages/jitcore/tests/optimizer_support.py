"""Text traces through the optimizer: what tests of optimisations share."""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import (
    CANNOT_RAISE,
    ELIDABLE_CAN_RAISE,
    ELIDABLE_CANNOT_RAISE,
    FORCES,
    LOOP_INVARIANT,
    RANDOM,
    EffectDescriptor,
    GuardDescriptor,
)
from ouro.jitcore.descriptors.calls import make_bit_set
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.optimizer import ALL, Environment, Options, optimize_bridge, optimize_loop
from ouro.jitcore.optimizer.options import BITS, PEEL
from ouro.jitcore.text import parse_trace, print_trace, verify
from ouro.jitcore.trace import NO_FRAME, RecordedTrace
from ouro.lltype import GCREF, FuncType, Signed, Void
from samples import Samples


def record(trace):
    """A trace as a recording: what a guard keeps becomes the one frame of its snapshot, labels are left out."""
    recorded = RecordedTrace()
    recorded.constants = trace.constants
    renaming = {}

    def renamed(references):
        return [renaming.get(reference, reference) for reference in references]

    for number, opcode in enumerate(trace.opcodes):
        if opcode == ops.LABEL:
            continue
        operands = renamed(trace.operand_list(number))
        descriptor = trace.descriptors[number]
        if isinstance(descriptor, GuardDescriptor):
            frame = recorded.frame(NO_FRAME, 0, 0, renamed(descriptor.values))
            renaming[number] = recorded.record(opcode, operands, None, recorded.snapshot(frame, [], []))
        else:
            renaming[number] = recorded.record(opcode, operands, descriptor)
    return recorded


def bits(names):
    """The bits of optimisations by name, separated by spaces."""
    result = 0
    for name in names.split():
        result |= BITS[name]
    return result


def peeled_body(world, text):
    """The lines of the peeled body of a loop."""
    printed = print_trace(world.loop(text).trace, world.names)
    labels = [line for line in printed.split("\n") if line.startswith("label(")]
    assert len(labels) == 2, printed
    return printed[printed.index(labels[1]):].strip().split("\n")


def operation_names(lines):
    """The operations in lines."""
    return [line.split("(")[0].split(" = ")[-1] for line in lines]


class Optimizing(Samples):
    """Samples with an optimizer: `enabled` says which optimisations are on, `guards_may_fail` is that of `Options`."""

    def __init__(self, enabled=ALL & ~PEEL, guards_may_fail=False):
        super().__init__()
        self.enabled = enabled
        self.guards_may_fail = guards_may_fail
        self.machine = HostMachine(self.memory)
        self._add_effects()

    def _add_effects(self):
        """Calls of `add`, `raise_if` and `note` with other effects."""
        table, names = self.memory.descriptors, self.names
        value = make_bit_set([names.descriptors["Node.value"].index])
        ints = make_bit_set([names.descriptors["Ints"].index])
        add, raise_if = FuncType([Signed, Signed], Signed), FuncType([Signed], Signed)
        note = FuncType([Signed], Void)
        for name, TYPE, effect in (
            ("pure_add", add, EffectDescriptor(ELIDABLE_CANNOT_RAISE)),
            ("pure_raise_if", raise_if, EffectDescriptor(ELIDABLE_CAN_RAISE)),
            ("invariant", raise_if, EffectDescriptor(LOOP_INVARIANT)),
            ("reads_value", note, EffectDescriptor(CANNOT_RAISE, reads_fields=value)),
            ("writes_value", note, EffectDescriptor(CANNOT_RAISE, writes_fields=value)),
            ("writes_ints", note, EffectDescriptor(CANNOT_RAISE, writes_arrays=ints)),
            ("random", note, EffectDescriptor(RANDOM, can_invalidate=True)),
            ("look_at", FuncType([GCREF], Void), EffectDescriptor(FORCES)),
        ):
            names.add_descriptor(table.call(TYPE, effect), f"call.{name}")

    def environment(self):
        return Environment(self.machine, Options(self.enabled, guards_may_fail=self.guards_may_fail))

    def loop(self, text):
        """The optimised trace of a text; its token is `self.token`."""
        first = text.strip().split("\n")[0]
        kinds = "".join(word.strip()[0] for word in first.strip("[] ").split(",") if word.strip())
        ends = [kind for kind in "irf" if f"done_{kind}" in text]
        trace = self.parse(text, kinds, ends[0] if ends else "n")
        optimized = optimize_loop(record(trace), self.token, self.environment())
        verify(optimized.trace)
        return optimized

    def bridge(self, text, guard):
        """The optimised trace of the text of a bridge."""
        optimized = optimize_bridge(record(parse_trace(text, self.names)), guard, self.environment())
        verify(optimized.trace)
        return optimized

    def normal(self, text):
        """A text with its values numbered as the printer does."""
        return print_trace(parse_trace(text, self.names), self.names)

    def text(self, before):
        """The optimised trace as text, numbered as the printer does."""
        return print_trace(self.loop(before).trace, self.names)

    def check(self, before, after):
        """The optimizer makes `after` of `before`: both texts without the label in front, unless `after` has one."""
        optimized = self.loop(before)
        text = print_trace(optimized.trace, self.names)
        if "label(" not in after:
            lines = text.split("\n")
            text = self.normal("\n".join(line for line in lines if not line.startswith("label(")))
        assert text == self.normal(after)
