"""Random traces and objects in native memory, and small traces from text, for tests of the backend."""

from ouro.backend_x86.testing import NativeProcess
from ouro.jitcore import operations as ops
from ouro.jitcore.backend.generator import World
from ouro.jitcore.descriptors import CANNOT_RAISE, CallDescriptor, EffectDescriptor, FinishDescriptor, LoopToken
from ouro.jitcore.text import Names, parse_trace
from ouro.jitcore.trace import NOTHING
from ouro.lltype import Float, Signed, cast_int_to_adr, cast_ptr_to_int, load, raw_malloc, store

HEADER = 8
_EFFECT = EffectDescriptor(CANNOT_RAISE, can_collect=False)
_NEW = CallDescriptor("new", "ii", "r", 8, False, _EFFECT)
_NEW_ARRAY = CallDescriptor("new_array", "iiiii", "r", 8, False, _EFFECT)


class Samples:
    """A process with names for the text of traces."""

    def __init__(self):
        self.process = NativeProcess()
        self.backend = self.process.backend
        self.names = Names()
        for kind in "irfn":
            self.names.add_descriptor(FinishDescriptor(f"done_{kind}", kind, False))
        self.names.add_descriptor(FinishDescriptor("leave", "r", True))

    def token(self, name, kinds, result="n", labels=("start",)):
        """A loop token with names for its labels."""
        token = LoopToken(name, kinds, result)
        for label in labels:
            self.names.add_descriptor(token.new_target(f"{name}.{label}"))
        return token

    def parse(self, text):
        """A trace from text."""
        return parse_trace(text, self.names)

    def compile(self, text, name="loop", result="n"):
        """Compile a loop; its token."""
        first = text.strip().split("\n")[0]
        kinds = "".join(word.strip()[0] for word in first.strip("[] ").split(",") if word.strip())
        token = self.token(name, kinds, result)
        self.backend.compile_loop(self.parse(text), token)
        return token

    def enter(self, token, *arguments):
        """Run a loop with arguments of all kinds; its frame."""
        by_kind = {"i": [], "r": [], "f": []}
        for kind, value in zip(token.argument_kinds, arguments):
            by_kind[kind].append(value)
        frame = self.backend.enter(token, by_kind["i"], by_kind["r"], by_kind["f"])
        self.process.check()
        return frame


class Objects:
    """Objects in native memory, made by functions that traces call instead of allocating."""

    def __init__(self, process):
        self.world = World(process.descriptors, process.address_of)
        self._types = {}
        self._new = process.native("ii", "r", self._make)
        self._new_array = process.native("iiiii", "r", self._make_array)

    def lower(self, trace):
        """Turn the allocations of a trace into calls."""
        constants = trace.constants
        for number, opcode in enumerate(trace.opcodes):
            descriptor = trace.descriptors[number]
            if opcode in (ops.NEW, ops.NEW_WITH_VTABLE):
                words, call = [self._new, descriptor.type_id, int(descriptor.size)], _NEW
                operands = []
            elif opcode in (ops.NEW_ARRAY, ops.NEW_ARRAY_CLEAR, ops.NEWSTR):
                words = [self._new_array, descriptor.type_id, int(descriptor.base_size), int(descriptor.item_size),
                         int(descriptor.length_offset)]
                operands, call = [trace.first[number]], _NEW_ARRAY
            else:
                continue
            operands = [constants.of_int(word) for word in words] + operands
            trace.opcodes[number] = ops.CALL_R
            trace.first[number] = NOTHING
            trace.extra[number] = len(trace.operands)
            trace.operands += [len(operands), *operands]
            trace.descriptors[number] = call

    def _make(self, type_id, size):
        address = raw_malloc(size + HEADER, zero=True).value
        self._types[address + HEADER] = type_id
        return address + HEADER

    def _make_array(self, type_id, base_size, item_size, length_offset, length):
        address = self._make(type_id, base_size + item_size * length)
        store(Signed, cast_int_to_adr(address + length_offset), 0, length)
        return address

    def describe(self, reference, depth=4):
        """What a reference leads to, as `test_generator.describe` says it of checked memory."""
        if not reference:
            return None
        address = cast_ptr_to_int(reference)
        for array, ITEM in ((self.world.ints, Signed), (self.world.floats, Float)):
            if self._types[address] == array.type_id:
                start = address + int(array.base_size)
                return [repr(load(ITEM, cast_int_to_adr(start + 8 * index))) for index in range(4)]
        world, chain = self.world, []
        while address and depth:
            value = load(Signed, cast_int_to_adr(address + int(world.value.offset)))
            weight = load(Float, cast_int_to_adr(address + int(world.weight.offset)))
            chain.append((value, repr(weight)))
            address = load(Signed, cast_int_to_adr(address + int(world.next.offset)))
            depth -= 1
        return chain
