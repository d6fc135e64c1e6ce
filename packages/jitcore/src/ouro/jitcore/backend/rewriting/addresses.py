"""Addresses that machines have: base + index * scale + offset, from indices and what computes them."""

from ouro.jitcore import operations
from ouro.jitcore.backend.rewriting.division import is_power_of_two, trailing_zeros
from ouro.jitcore.trace import is_constant

#: Offsets beyond this are computed, not folded: they must fit the displacement of an instruction.
_FARTHEST = 1 << 30
_SCALES = (1, 2, 4, 8)
_LARGEST_SHIFT = 3


class AddressFolder:
    """Finds the parts of addresses in the trace that is being made.

    `base`, `index`, `scale` and `offset` are those of the address found last. An addition of a constant that the index
    (or a base outside of the heap) comes from is folded into the offset; its operand must be visible, so only additions
    behind the last label count.
    """

    def __init__(self, trace):
        self.trace = trace
        self.visible_from = 0
        self.base = 0
        self.index = 0
        self.scale = 1
        self.offset = 0
        # the last index that was multiplied, for the fields of one structure in an array
        self._factor = -1
        self._size = 0
        self._product = -1

    def at_label(self):
        """Behind a label only its operands are defined."""
        self.visible_from = self.trace.length()
        self._product = -1

    def find(self, base, index, item_size, offset):
        """Make the address of item `index`, of `item_size` bytes, `offset` bytes behind `base`."""
        constants = self.trace.constants
        self.base = base
        self.offset = offset
        self.scale = 1
        if self.trace.kind_of(base) == "i":
            self.base = self._without_addition(base, 1)
        if is_constant(index):
            items = constants.int_of(index)
            if -_FARTHEST <= items * item_size + self.offset <= _FARTHEST and -_FARTHEST <= items <= _FARTHEST:
                self.offset += items * item_size
                self.index = constants.of_int(0)
                return
        else:
            index = self._without_addition(index, item_size)
        if item_size in _SCALES:
            self.scale = item_size
            if item_size == 1:
                index = self._without_shift(index)
        elif not is_constant(index):
            index = self._multiplied(index, item_size)
        else:
            index = self.trace.append(operations.INT_MUL, index, constants.of_int(item_size))
        self.index = index

    def _without_addition(self, value, item_size):
        """What a constant is added to, to give a value; the offset takes the constant."""
        trace = self.trace
        while value >= self.visible_from:
            opcode = trace.opcodes[value]
            if opcode != operations.INT_ADD and opcode != operations.INT_SUB:
                break
            first, second = trace.first[value], trace.second[value]
            if opcode == operations.INT_ADD and is_constant(first):
                first, second = second, first
            if is_constant(first) or not is_constant(second):
                break
            added = trace.constants.int_of(second)
            if not -_FARTHEST <= added <= _FARTHEST:
                break
            if opcode == operations.INT_SUB:
                added = -added
            if not -_FARTHEST <= self.offset + added * item_size <= _FARTHEST:
                break
            self.offset += added * item_size
            value = first
        return value

    def _without_shift(self, index):
        """What is shifted to give an index in bytes; the scale takes the shift."""
        trace = self.trace
        if index >= self.visible_from and trace.opcodes[index] == operations.INT_LSHIFT:
            shifted, count = trace.first[index], trace.second[index]
            if is_constant(count) and not is_constant(shifted) and 0 <= trace.constants.int_of(count) <= _LARGEST_SHIFT:
                self.scale = 1 << trace.constants.int_of(count)
                return shifted
        return index

    def _multiplied(self, index, item_size):
        if self._product < 0 or self._factor != index or self._size != item_size:
            opcode = operations.INT_MUL
            factor = item_size
            if is_power_of_two(item_size):
                opcode = operations.INT_LSHIFT
                factor = trailing_zeros(item_size)
            self._product = self.trace.append(opcode, index, self.trace.constants.of_int(factor))
            self._factor = index
            self._size = item_size
        return self._product
