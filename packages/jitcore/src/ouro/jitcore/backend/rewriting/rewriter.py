"""One walk over a trace that makes another: a method for each group of operations, everything else copied.

Loads and stores become `load_indexed` and `store_indexed` with folded addresses. Allocations of a known size take
memory from the nursery, several that follow each other at once (as in PyPy's rewriting for its collectors, where the
idea comes from); the others call the collector. In front of stores of references stand write barriers, unless the
object is known to be young, or to have been reported, since the collector could last run.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.rewriting.addresses import AddressFolder
from ouro.jitcore.backend.rewriting.division import is_power_of_two, multiplier_for, trailing_zeros
from ouro.jitcore.descriptors import (
    ArrayDescriptor,
    CallDescriptor,
    FieldDescriptor,
    GuardDescriptor,
    InteriorFieldDescriptor,
    SizeDescriptor,
)
from ouro.jitcore.trace import NOTHING, Trace, is_constant


def rewrite(trace, collector):
    """Lower a trace for a collector.

    Args:
        trace: what the optimizer made. It is not to be used afterwards: its guards belong to the result, whose
            references they name then; positions of kept values stay what they are.
        collector: a `CollectorDescription`.

    Returns:
        A new `Trace` with the same constants.
    """
    rewriter = Rewriter(trace, collector)
    rewriter.run()
    return rewriter.result


class Rewriter:
    """The walk. `renamed` is the reference in the result for each in the trace; all else is about the result.

    Attributes:
        fresh: objects allocated since the collector could last run.
        reported: objects that a write barrier has reported since then.
        lengths: the lengths, where they are known, of arrays allocated here.
        quotients: by dividend and constant divisor, the quotients made since the last label.
    """

    def __init__(self, trace, collector):
        self.trace = trace
        self.collector = collector
        self.result = Trace(trace.length() + trace.length() // 4)
        self.result.constants = trace.constants
        self.addresses = AddressFolder(self.result)
        self.renamed = [NOTHING] * trace.length()
        self.fresh = {}
        self.reported = {}
        self.lengths = {}
        self.quotients = {}
        # objects taken from the nursery at once: the allocation, its size, the last object and its offset
        self.batch = NOTHING
        self.batch_size = 0
        self.batch_last = NOTHING
        self.batch_last_offset = 0

    def run(self):
        """Make the result."""
        opcodes = self.trace.opcodes
        for number in range(len(opcodes)):
            self.renamed[number] = REWRITERS[opcodes[number]](self, number)

    # what the methods use

    def operand(self, number, position):
        """An operand of an instruction as a reference in the result."""
        return self.renamed_value(self.trace.operand(number, position))

    def renamed_value(self, value):
        """A reference in the result."""
        return self.renamed[value] if value >= 0 else value

    def constant(self, value):
        """The reference of a machine word."""
        return self.result.constants.of_int(value)

    def forget(self):
        """The collector may run: what is fresh ages, what was reported counts no more."""
        self.fresh = {}
        self.reported = {}
        self.batch = NOTHING

    # operations that stay

    def copy(self, number):
        """Append the same operation."""
        trace = self.trace
        opcode = trace.opcodes[number]
        descriptor = trace.descriptors[number]
        operands = [self.renamed_value(value) for value in trace.operand_list(number)]
        if isinstance(descriptor, GuardDescriptor):
            descriptor.values = [self.renamed_value(value) for value in descriptor.values]
        if ops.is_call(opcode):
            if not isinstance(descriptor, CallDescriptor):
                self.forget()
            else:
                if descriptor.effect.can_collect:
                    self.forget()
                self.pass_singles(operands, ops.arity(opcode), descriptor)
        return self.result.append_list(opcode, operands, descriptor)

    def pass_singles(self, operands, first, callee):
        """Let the arguments of a call that are numbers of single precision be passed as floats: bits stay bits."""
        if callee.passed_kinds != callee.argument_kinds:
            kinds = callee.passed_kinds
            for position in range(len(kinds)):
                if kinds[position] != callee.argument_kinds[position]:
                    operands[first + position] = self.result.append(
                        ops.CONVERT_LONGLONG_BYTES_TO_FLOAT, operands[first + position])

    def label(self, number):
        """Append a label. What it passes are different values there: one that has become a constant, or another one, is
        copied first.
        """
        trace, result = self.trace, self.result
        passed = {}
        operands = []
        for value in trace.operand_list(number):
            reference = self.renamed[value]
            if is_constant(reference) or reference in passed:
                kind = trace.kind_of(value)
                opcode = ops.COPY_I
                if kind == "r":
                    opcode = ops.COPY_R
                elif kind == "f":
                    opcode = ops.COPY_F
                reference = result.append(opcode, reference)
                self.renamed[value] = reference
            passed[reference] = True
            operands.append(reference)
        reference = result.append_list(ops.LABEL, operands, trace.descriptors[number])
        self.forget()
        self.lengths = {}
        self.quotients = {}
        self.addresses.at_label()
        return reference

    def drop(self, number):
        """Append nothing."""
        return NOTHING

    def alias(self, number):
        """The result is the first operand."""
        return self.operand(number, 0)

    # loads and stores

    def load(self, number, index, item_size, offset, kind, size, signed):
        """Load the value of an item."""
        self.addresses.find(self.operand(number, 0), index, item_size, offset)
        if kind == "r":
            opcode = ops.LOAD_INDEXED_R
        elif kind == "f":
            opcode = ops.LOAD_INDEXED_F
        else:
            opcode = ops.LOAD_INDEXED_I
        addresses = self.addresses
        return self.result.append_list(opcode, [
            addresses.base, addresses.index, self.constant(addresses.scale), self.constant(addresses.offset),
            self.constant(-size if signed else size)])

    def store(self, base, index, value, item_size, offset, size):
        """Write a value to an item of the object (or the raw memory) `base`."""
        self.addresses.find(base, index, item_size, offset)
        addresses = self.addresses
        self.result.append_list(ops.STORE_INDEXED, [
            addresses.base, addresses.index, value, self.constant(addresses.scale), self.constant(addresses.offset),
            self.constant(size)])

    def load_field(self, number):
        field = self.trace.descriptors[number]
        assert isinstance(field, FieldDescriptor)
        return self.load(number, self.constant(0), 1, int(field.offset), field.kind, int(field.size), field.signed)

    def store_field(self, number):
        field = self.trace.descriptors[number]
        assert isinstance(field, FieldDescriptor)
        base, value = self.operand(number, 0), self.operand(number, 1)
        if self.trace.opcodes[number] == ops.SETFIELD_GC and field.kind == "r":
            self.report(base, value)
        self.store(base, self.constant(0), value, 1, int(field.offset), int(field.size))
        return NOTHING

    def load_item(self, number):
        array = self.trace.descriptors[number]
        assert isinstance(array, ArrayDescriptor)
        size = int(array.item_size)
        return self.load(number, self.operand(number, 1), size, int(array.base_size), array.kind, size, array.signed)

    def store_item(self, number):
        array = self.trace.descriptors[number]
        assert isinstance(array, ArrayDescriptor)
        base, index, value = self.operand(number, 0), self.operand(number, 1), self.operand(number, 2)
        if self.trace.opcodes[number] == ops.SETARRAYITEM_GC and array.kind == "r":
            self.report_item(base, index, value)
        size = int(array.item_size)
        self.store(base, index, value, size, int(array.base_size), size)
        return NOTHING

    def load_interior_field(self, number):
        interior = self.trace.descriptors[number]
        assert isinstance(interior, InteriorFieldDescriptor)
        array, field = interior.array, interior.field
        return self.load(number, self.operand(number, 1), int(array.item_size),
                         int(array.base_size) + int(field.offset), field.kind, int(field.size), field.signed)

    def store_interior_field(self, number):
        interior = self.trace.descriptors[number]
        assert isinstance(interior, InteriorFieldDescriptor)
        array, field = interior.array, interior.field
        base, index, value = self.operand(number, 0), self.operand(number, 1), self.operand(number, 2)
        if field.kind == "r":
            self.report_item(base, index, value)
        self.store(base, index, value, int(array.item_size), int(array.base_size) + int(field.offset), int(field.size))
        return NOTHING

    def load_raw(self, number):
        array = self.trace.descriptors[number]
        assert isinstance(array, ArrayDescriptor)
        return self.load(number, self.operand(number, 1), 1, 0, array.kind, int(array.item_size), array.signed)

    def store_raw(self, number):
        array = self.trace.descriptors[number]
        assert isinstance(array, ArrayDescriptor)
        base, index, value = self.operand(number, 0), self.operand(number, 1), self.operand(number, 2)
        self.store(base, index, value, 1, 0, int(array.item_size))
        return NOTHING

    def load_length(self, number):
        array = self.trace.descriptors[number]
        assert isinstance(array, ArrayDescriptor)
        return self.load(number, self.constant(0), 1, int(array.length_offset), "i", self.collector.word_size, True)

    # division by constants

    def divide(self, number):
        """Divide by a constant without a division; all others and negative ones stay."""
        dividend, divisor = self.operand(number, 0), self.operand(number, 1)
        if is_constant(divisor) and not is_constant(dividend):
            value = self.result.constants.int_of(divisor)
            if value == 1:
                return dividend
            if value == -1:
                return self.result.append(ops.INT_NEG, dividend)
            if value > 0:
                return self.quotient(dividend, value)
        return self.copy(number)

    def take_remainder(self, number):
        """The same for what is left."""
        dividend, divisor = self.operand(number, 0), self.operand(number, 1)
        if is_constant(divisor) and not is_constant(dividend):
            value = self.result.constants.int_of(divisor)
            if value == 1 or value == -1:
                return self.constant(0)
            if is_power_of_two(value):
                return self.result.append(ops.INT_AND, dividend, self.constant(value - 1))
            if value > 0:
                product = self.result.append(ops.INT_MUL, self.quotient(dividend, value), divisor)
                return self.result.append(ops.INT_SUB, dividend, product)
        return self.copy(number)

    def quotient(self, dividend, divisor):
        """A value divided by a constant above 1."""
        key = (dividend, divisor)
        known = self.quotients.get(key, NOTHING)
        if known == NOTHING:
            known = self.make_quotient(dividend, divisor)
            self.quotients[key] = known
        return known

    def make_quotient(self, dividend, divisor):
        result = self.result
        if is_power_of_two(divisor):
            return result.append(ops.INT_RSHIFT, dividend, self.constant(trailing_zeros(divisor)))
        word_bits = 8 * self.collector.word_size
        multiplier = multiplier_for(divisor, word_bits)
        sign = result.append(ops.INT_RSHIFT, dividend, self.constant(word_bits - 1))
        magnitude = result.append(ops.INT_XOR, dividend, sign)
        high = result.append(ops.UINT_MUL_HIGH, magnitude, self.constant(multiplier.multiplier))
        shifted = result.append(ops.UINT_RSHIFT, high, self.constant(multiplier.shift))
        return result.append(ops.INT_XOR, shifted, sign)

    # write barriers

    def report(self, base, value):
        """Report that a reference is about to be stored in an object, if anyone wants to know."""
        if self.must_report(base, value):
            self.result.append(ops.WRITE_BARRIER, base)
            self.reported[base] = True

    def report_item(self, base, index, value):
        """`report` for an item of an array."""
        if self.must_report(base, value):
            cards_from = self.collector.cards_from
            length = self.lengths.get(base, -1)
            if cards_from == 0 or 0 <= length < cards_from:
                self.result.append(ops.WRITE_BARRIER, base)
                self.reported[base] = True
            else:
                # the barrier marks one card: the next store is to be reported too
                self.result.append(ops.WRITE_BARRIER_ARRAY, base, index)

    def must_report(self, base, value):
        """May a store make an old object refer to a young one, without the collector having been told?"""
        if not self.collector.has_barriers or base in self.fresh or base in self.reported:
            return False
        if is_constant(value):
            reference = self.result.constants.reference_of(value)
            return bool(reference) and not self.collector.is_never_young(reference)
        return True

    # allocation

    def new(self, number):
        descriptor = self.trace.descriptors[number]
        assert isinstance(descriptor, SizeDescriptor)
        collector = self.collector
        type_id = int(descriptor.type_id)
        size = self.rounded(int(descriptor.size))
        if size <= collector.largest_in_nursery and not collector.must_be_registered(type_id):
            return self.take(size, type_id, int(descriptor.size))
        return self.call_allocator(collector.allocate, type_id, self.constant(size), collector.allocate_descriptor)

    def new_array(self, number):
        array = self.trace.descriptors[number]
        assert isinstance(array, ArrayDescriptor)
        collector = self.collector
        type_id = int(array.type_id)
        length = self.operand(number, 0)
        base_size = int(array.base_size)
        item_size = int(array.item_size)
        if is_constant(length):
            items = self.result.constants.int_of(length)
            if items * item_size <= collector.largest_in_nursery - base_size and items <= collector.largest_in_nursery:
                size = self.rounded(base_size + items * item_size)
                cleared = base_size + items * item_size
                if self.trace.opcodes[number] != ops.NEW_ARRAY_CLEAR and array.kind != "r" and array.kind != "n":
                    cleared = base_size
                reference = self.take(size, type_id, cleared)
                self.result.append_list(ops.STORE_INDEXED, [
                    reference, self.constant(0), length, self.constant(1), self.constant(int(array.length_offset)),
                    self.constant(collector.word_size)])
                self.lengths[reference] = items
                return reference
        reference = self.call_allocator(collector.allocate_array, type_id, length, collector.allocate_array_descriptor)
        if is_constant(length):
            self.lengths[reference] = self.result.constants.int_of(length)
        return reference

    def new_raw_buffer(self, number):
        collector = self.collector
        operands = [self.constant(collector.allocate_raw), self.operand(number, 0)]
        reference = self.result.append_list(ops.CALL_I, operands, collector.allocate_raw_descriptor)
        self.result.append(ops.LEAVE_IF_NULL, reference)
        return reference

    def rounded(self, size):
        """A size with its header as a multiple of the alignment."""
        alignment = self.collector.alignment
        return (size + self.collector.header_in_front + alignment - 1) // alignment * alignment

    def call_allocator(self, function, type_id, size, descriptor):
        """Allocate by a call; without memory the exception leaves the frame."""
        self.forget()
        reference = self.result.append_list(
            ops.CALL_R, [self.constant(function), self.constant(type_id), size], descriptor)
        self.result.append(ops.LEAVE_IF_NULL, reference)
        self.fresh[reference] = True
        return reference

    def take(self, size, type_id, cleared):
        """Take an object from the nursery, of `size` bytes with its header; `cleared` bytes from where its descriptor
        counts are to be zero.
        """
        collector, result = self.collector, self.result
        in_front = collector.header_in_front
        if self.batch != NOTHING and self.batch_size + size <= collector.largest_batch:
            distance = self.batch_size - self.batch_last_offset
            reference = result.append(ops.NURSERY_NEXT, self.batch_last, self.constant(distance))
            self.batch_last_offset = self.batch_size
            self.batch_size += size
            result.first[self.batch] = self.constant(self.batch_size)
        else:
            self.forget()
            reference = result.append(ops.NURSERY_ALLOCATE, self.constant(size))
            self.batch = reference
            self.batch_size = size
            self.batch_last_offset = 0
            if in_front > 0:
                reference = result.append(ops.NURSERY_NEXT, reference, self.constant(in_front))
        self.batch_last = reference
        self.fresh[reference] = True
        if not collector.clears_nursery:
            # the header is words: clear it with the rest
            result.append_list(ops.ZERO_RANGE, [
                reference, self.constant(-in_front), self.constant(self.rounded(cleared))])
        self.store_header(reference, type_id, collector.type_id_offset, collector.type_id_size)
        return reference

    def store_header(self, reference, value, offset, size):
        """Write a part of the header of a new object."""
        self.result.append_list(ops.STORE_INDEXED, [
            reference, self.constant(0), self.constant(value), self.constant(1),
            self.constant(offset - self.collector.header_in_front), self.constant(size)])


def _table():
    """The method for each operation, by opcode."""
    table = [Rewriter.copy] * ops.COUNT
    families = {
        "getfield_gc": Rewriter.load_field,
        "getfield_raw": Rewriter.load_field,
        "getarrayitem_gc": Rewriter.load_item,
        "getarrayitem_raw": Rewriter.load_item,
        "getinteriorfield_gc": Rewriter.load_interior_field,
        "raw_load": Rewriter.load_raw,
    }
    for opcode in range(ops.COUNT):
        name = ops.names[opcode]
        if name[:-2] in families and name[-2] == "_":
            table[opcode] = families[name[:-2]]
    for opcode in (ops.SETFIELD_GC, ops.SETFIELD_RAW):
        table[opcode] = Rewriter.store_field
    for opcode in (ops.SETARRAYITEM_GC, ops.SETARRAYITEM_RAW, ops.STRSETITEM):
        table[opcode] = Rewriter.store_item
    for opcode in (ops.ARRAYLEN_GC, ops.STRLEN):
        table[opcode] = Rewriter.load_length
    for opcode in (ops.NEW, ops.NEW_WITH_VTABLE):
        table[opcode] = Rewriter.new
    for opcode in (ops.NEW_ARRAY, ops.NEW_ARRAY_CLEAR, ops.NEWSTR):
        table[opcode] = Rewriter.new_array
    for opcode in (
        ops.QUASIIMMUT_FIELD, ops.RECORD_EXACT_CLASS, ops.RECORD_EXACT_VALUE, ops.ENTER_PORTAL, ops.LEAVE_PORTAL,
        ops.VIRTUAL_REF_FINISH,
    ):  # fmt: skip
        table[opcode] = Rewriter.drop
    table[ops.LABEL] = Rewriter.label
    table[ops.STRGETITEM] = Rewriter.load_item
    table[ops.SETINTERIORFIELD_GC] = Rewriter.store_interior_field
    table[ops.RAW_STORE] = Rewriter.store_raw
    table[ops.NEW_RAW_BUFFER] = Rewriter.new_raw_buffer
    table[ops.INT_FLOORDIV] = Rewriter.divide
    table[ops.INT_MOD] = Rewriter.take_remainder
    table[ops.VIRTUAL_REF] = Rewriter.alias
    return table


REWRITERS = _table()
