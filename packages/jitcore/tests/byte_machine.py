"""Runs lowered traces over bytes: references are addresses, and stores that a collector is not told of are errors.

Stands in for a machine and a generational collector in tests of the rewriting: now and then, where the collector may
run, all objects grow old. Nothing moves.
"""

import struct
from random import Random

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import GuardDescriptor
from ouro.jitcore.model.arithmetic import COMPUTE, HIGHEST, LOWEST, OVERFLOWING, bits_of, wrap
from ouro.jitcore.trace import NOTHING, is_constant

HEADER = 8
NEEDS_BARRIER = 1
CARD_ITEMS = 128
CALLS = [opcode for opcode in range(ops.COUNT) if ops.is_call(opcode)]


class MissingBarrier(AssertionError):
    """A reference to a young object was stored in an old one, and no barrier said so."""


class ByteMachine:
    """Memory, the functions at addresses, and one run.

    Args:
        collector: the description that the trace was rewritten for; its functions get addresses here.
        functions: address to Python function.
    """

    def __init__(self, collector, functions, seed):
        self.collector = collector
        self.random = Random(seed)
        self.memory = bytearray(b"\xaa" * (1 << 18))
        self.free = 4096
        self.starts = []  # addresses of objects
        self.young = set()
        self.cards = set()
        self.functions = dict(functions)
        self.allocators = []
        for name, function in (("allocate", self.allocate), ("allocate_array", self.allocate_array),
                               ("allocate_raw", self.take)):
            address = 101 + 2 * len(self.functions)
            setattr(collector, name, address)
            self.functions[address] = function
            self.allocators.append(address)
        self.lengths = {}  # type id -> base size, item size, length offset

    def take(self, size):
        """Memory; zero only if the collector says so."""
        start = self.free
        self.free += (size + 7) // 8 * 8
        content = b"\0" if self.collector.clears_nursery else b"\xbb"
        self.memory[start : self.free] = content * (self.free - start)
        return start

    def allocate(self, type_id, size):
        self.age()
        start = self.take(size)
        self.memory[start : self.free] = bytes(self.free - start)
        self.write(start, type_id, 4)
        self.know(start + HEADER)
        return start + HEADER

    def allocate_array(self, type_id, length):
        base, item, place = self.lengths[type_id]
        reference = self.allocate(type_id, base + length * item + HEADER)
        self.write(reference + place, length, 8)
        return reference

    def know(self, reference):
        self.starts.append(reference)
        self.young.add(reference)

    def age(self):
        """The collector may run."""
        if self.random.random() < 0.6:
            for reference in self.starts:
                self.write(reference - HEADER + 4, self.read(reference - HEADER + 4, 4, False) | NEEDS_BARRIER, 4)
            self.young.clear()
            self.cards.clear()

    def read(self, address, size, signed):
        assert 4096 <= address <= self.free - size, hex(address)
        return int.from_bytes(self.memory[address : address + size], "little", signed=signed)

    def write(self, address, value, size):
        assert 4096 <= address <= self.free - size, hex(address)
        self.memory[address : address + size] = (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")

    # a run

    def run(self, trace, arguments):
        """Run a lowered trace; the descriptor where it ends, and the values there (None for those not kept)."""
        self.trace = trace
        self.values = dict(enumerate(arguments))
        number, overflowed = len(arguments), False
        while True:
            opcode, descriptor = trace.opcodes[number], trace.descriptors[number]
            operands = [self.value(reference) for reference in trace.operand_list(number)]
            if opcode in COMPUTE:
                self.values[number] = COMPUTE[opcode](*operands)
            elif opcode in OVERFLOWING:
                exact = OVERFLOWING[opcode](*operands)
                overflowed = not LOWEST <= exact <= HIGHEST
                self.values[number] = wrap(exact)
            elif ops.is_guard(opcode):
                if not self.holds(opcode, operands, overflowed):
                    return descriptor, [None if v == NOTHING else self.value(v) for v in descriptor.values]
            elif opcode == ops.JUMP:
                number = next(n for n, d in enumerate(trace.descriptors) if d is descriptor)
                self.values = dict(zip(trace.operand_list(number), operands))
            elif opcode == ops.FINISH:
                return descriptor, operands
            elif opcode == ops.LABEL:
                self.values = dict(zip(trace.operand_list(number), operands))
            else:
                self.values[number] = self.other(number, opcode, operands)
            number += 1

    def value(self, reference):
        if not is_constant(reference):
            return self.values[reference]
        constants, kind = self.trace.constants, self.trace.kind_of(reference)
        if kind == "i":
            return wrap(constants.int_of(reference))
        if kind == "f":
            return constants.float_of(reference)
        assert not constants.reference_of(reference)
        return 0

    @staticmethod
    def holds(opcode, operands, overflowed):
        tests = {
            ops.GUARD_TRUE: lambda: operands[0] == 1, ops.GUARD_FALSE: lambda: operands[0] == 0,
            ops.GUARD_NO_OVERFLOW: lambda: not overflowed, ops.GUARD_OVERFLOW: lambda: overflowed,
            ops.GUARD_NONNULL: lambda: operands[0] != 0, ops.GUARD_ISNULL: lambda: operands[0] == 0,
            ops.GUARD_VALUE: lambda: operands[0] == operands[1], ops.GUARD_ALWAYS_FAILS: lambda: False,
            ops.GUARD_NOT_INVALIDATED: lambda: True, ops.GUARD_FUTURE_CONDITION: lambda: True,
            ops.GUARD_NO_EXCEPTION: lambda: True, ops.GUARD_NOT_FORCED: lambda: True,
        }  # fmt: skip
        return tests[opcode]()

    def other(self, number, opcode, operands):
        name = ops.name_of(opcode)
        if name.startswith("load_indexed"):
            base, index, scale, offset, size = operands
            bits = self.read(base + index * scale + offset, abs(size), size < 0 or abs(size) == 8)
            if name[-1] == "f":
                return struct.unpack("<d", struct.pack("<q", bits))[0]
            return bits
        if opcode == ops.STORE_INDEXED:
            return self.store(number, *operands)
        if opcode == ops.NURSERY_ALLOCATE:
            self.age()
            start = self.take(operands[0])
            self.end = self.free
            return start
        if opcode == ops.NURSERY_NEXT:
            assert operands[0] + operands[1] <= self.end
            self.know(operands[0] + operands[1])
            return operands[0] + operands[1]
        if opcode == ops.COPYSTRCONTENT:
            source, target, source_start, target_start, length = operands
            base = int(self.trace.descriptors[number].base_size)
            start = source + base + source_start
            content = self.memory[start : start + length]
            self.memory[target + base + target_start : target + base + target_start + length] = content
            return None
        if opcode == ops.COND_CALL_VALUE_I and operands[0]:
            return operands[0]
        if opcode == ops.COND_CALL_VALUE_I:
            self.age()
            return self.functions[operands[1]](*operands[2:])
        if opcode == ops.ZERO_RANGE:
            start = operands[0] + operands[1]
            assert start + operands[2] <= self.free
            self.memory[start : start + operands[2]] = bytes(operands[2])
            return None
        if opcode == ops.LEAVE_IF_NULL:
            assert operands[0]
            return None
        if opcode in (ops.WRITE_BARRIER, ops.WRITE_BARRIER_ARRAY):
            return self.barrier(opcode, operands)
        if opcode in CALLS:
            result = self.functions[operands[0]](*operands[1:])
            if self.trace.descriptors[number].effect.can_collect and operands[0] not in self.allocators:
                self.age()
            return result
        if opcode in (ops.PTR_EQ, ops.PTR_NE, ops.INSTANCE_PTR_EQ, ops.INSTANCE_PTR_NE):
            return int((operands[0] == operands[1]) == (opcode in (ops.PTR_EQ, ops.INSTANCE_PTR_EQ)))
        if opcode in (ops.PTR_ISZERO, ops.PTR_NONZERO):
            return int((operands[0] == 0) == (opcode == ops.PTR_ISZERO))
        if name.startswith("copy_"):
            return operands[0]
        assert ops.has_flag(opcode, ops.MARKER), name
        return None

    def store(self, number, base, index, value, scale, offset, size):
        kind = self.trace.kind_of(self.trace.operand(number, 2))
        address = base + index * scale + offset
        if kind == "r" and value in self.young and base not in self.young:
            flags = self.read(base - HEADER + 4, 4, False)
            if flags & NEEDS_BARRIER and (base, index // CARD_ITEMS) not in self.cards:
                raise MissingBarrier(f"instruction {number}")
        self.write(address, bits_of(value) if kind == "f" else value, size)

    def barrier(self, opcode, operands):
        flags = self.read(operands[0] - HEADER + 4, 4, False)
        if flags & NEEDS_BARRIER:
            if opcode == ops.WRITE_BARRIER_ARRAY:
                self.cards.add((operands[0], operands[1] // CARD_ITEMS))
            else:
                self.write(operands[0] - HEADER + 4, flags & ~NEEDS_BARRIER, 4)


def guard_number(guards, descriptor):
    """The number of a guard in a list, -1 for what is none."""
    if not isinstance(descriptor, GuardDescriptor):
        return -1
    return next(number for number, guard in enumerate(guards) if guard is descriptor)
