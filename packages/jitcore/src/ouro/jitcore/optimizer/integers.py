"""Ranges of integers through a trace: forward from operands to results, backward from guards to operands.

Forward: an instruction's result gets the range that the transfer function of its operation makes of the operands'; a
range of one number makes the instruction a constant. An overflow operation that cannot overflow becomes the plain one.
Backward: a guard on a comparison narrows what was compared, that in turn what it was computed from, and so on for a
few steps: enough for the checks that an interpreter makes of an index and of a small integer.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import ArrayDescriptor, CallDescriptor, FieldDescriptor, InteriorFieldDescriptor
from ouro.jitcore.machine import arithmetic
from ouro.jitcore.optimizer import ranges, words
from ouro.jitcore.optimizer.verdicts import AGAIN, DONE, KEEP
from ouro.jitcore.trace import NOTHING, is_constant

#: How far backward knowledge goes.
DEPTH = 6


def _no_range(a, b, c):
    return ranges.ANY


def _of_one(function):
    return lambda a, b, c: function(a)


def _of_two(function):
    return lambda a, b, c: function(a, b)


def _signext(a, b, c):
    return ranges.sign_extended(a, 8 * b.lower)


def _transfer_functions():
    """By opcode, as functions of three ranges of which the last ones may be ignored."""
    found = [_no_range] * ops.COUNT
    for opcode, name in enumerate(ops.names):
        if name == "int_signext":
            found[opcode] = _signext
        elif name == "int_between":
            found[opcode] = ranges.int_between
        elif name.startswith(("int_", "uint_")) and hasattr(ranges, name):
            found[opcode] = _of_one(getattr(ranges, name)) if ops.arity(opcode) == 1 else _of_two(getattr(ranges, name))
    return found


TRANSFER = _transfer_functions()

#: Operations on ints that the table of transfer functions knows.
KNOWN = [function is not _no_range for function in TRANSFER]

PLAIN = {
    ops.INT_ADD_OVF: ops.INT_ADD,
    ops.INT_SUB_OVF: ops.INT_SUB,
    ops.INT_MUL_OVF: ops.INT_MUL,
}


def range_of(optimizer, reference):
    """What is known of a value, which is an integer."""
    if reference < 0:
        if reference == NOTHING:
            return ranges.ANY
        return ranges.constant(optimizer.constants.int_of(reference))
    known = optimizer.work.ranges[reference]
    if known is None:
        return ranges.ANY
    return known


def set_range(optimizer, number, known):
    """Learn what the result of an instruction is that is not emitted yet: DONE if that is a constant."""
    work = optimizer.work
    before = work.ranges[number]
    if before is not None:
        known = ranges.intersect(before, known)
    if known.is_constant():
        work.forward(number, optimizer.constants.of_int(known.lower))
        return DONE
    if not known.is_unlimited():
        work.ranges[number] = known
    return KEEP


def optimize_computation(optimizer, number):
    work = optimizer.work
    known = TRANSFER[work.opcodes[number]](
        range_of(optimizer, work.first[number]),
        range_of(optimizer, work.second[number]),
        range_of(optimizer, work.third[number]),
    )
    return set_range(optimizer, number, known)


def optimize_overflow(optimizer, number):
    work = optimizer.work
    opcode = work.opcodes[number]
    a = range_of(optimizer, work.first[number])
    b = range_of(optimizer, work.second[number])
    if a.is_constant() and b.is_constant() and arithmetic.overflows(opcode, a.lower, b.lower):
        return KEEP
    if cannot_overflow(opcode, a, b):
        optimizer.overflow_operation = NOTHING
        work.rewrite(number, PLAIN[opcode], work.first[number], work.second[number])
        return AGAIN
    optimizer.overflow_operation = number
    return KEEP


def cannot_overflow(opcode, a, b):
    """Do all values in the ranges of the operands have a result?"""
    if opcode == ops.INT_ADD_OVF:
        return not (words.add_overflows(a.lower, b.lower) or words.add_overflows(a.upper, b.upper))
    if opcode == ops.INT_SUB_OVF:
        return not (words.sub_overflows(a.lower, b.upper) or words.sub_overflows(a.upper, b.lower))
    assert opcode == ops.INT_MUL_OVF
    return ranges.product_bounds(a, b) is not ranges.ANY


def learn_no_overflow(optimizer, number):
    """Behind `guard_no_overflow`: the operation in front of it gave the exact result."""
    operation = optimizer.overflow_operation
    if operation == NOTHING:
        return
    work = optimizer.work
    opcode = work.opcodes[operation]
    a = range_of(optimizer, work.first[operation])
    b = range_of(optimizer, work.second[operation])
    if opcode == ops.INT_ADD_OVF:
        known = ranges.add_exactly(a, b)
    elif opcode == ops.INT_SUB_OVF:
        known = ranges.sub_exactly(a, b)
    else:
        known = ranges.between(words.LOWEST, words.HIGHEST)
    if work.forwarded[operation] == NOTHING:
        constrain(optimizer, operation, known, 0)


def _range_of_item(size, signed):
    """The range of an integer that is loaded from `size` bytes."""
    if size * 8 >= words.BITS:
        return ranges.ANY
    if signed:
        half = 1 << (size * 8 - 1)
        return ranges.between(-half, half - 1)
    return ranges.between(0, (1 << (size * 8)) - 1)


def optimize_load_field(optimizer, number):
    field = optimizer.work.descriptors[number]
    assert isinstance(field, FieldDescriptor)
    return set_range(optimizer, number, _range_of_item(int(field.size), field.signed))


def optimize_load_item(optimizer, number):
    array = optimizer.work.descriptors[number]
    assert isinstance(array, ArrayDescriptor)
    return set_range(optimizer, number, _range_of_item(int(array.item_size), array.signed))


def optimize_load_interior(optimizer, number):
    interior = optimizer.work.descriptors[number]
    assert isinstance(interior, InteriorFieldDescriptor)
    return set_range(optimizer, number, _range_of_item(int(interior.field.size), interior.field.signed))


def as_loaded(optimizer, number, value):
    """What the load `number` gives of a value that was written: the bits that fit, widened."""
    work = optimizer.work
    if ops.result_kind(work.opcodes[number]) != "i":
        return value
    descriptor = work.descriptors[number]
    if isinstance(descriptor, FieldDescriptor):
        return fitted(optimizer, value, int(descriptor.size), descriptor.signed)
    if isinstance(descriptor, InteriorFieldDescriptor):
        return fitted(optimizer, value, int(descriptor.field.size), descriptor.field.signed)
    assert isinstance(descriptor, ArrayDescriptor)
    return fitted(optimizer, value, int(descriptor.item_size), descriptor.signed)


def fits(optimizer, value, descriptor):
    """Is an integer the same after it was written to a field or an item?"""
    if isinstance(descriptor, FieldDescriptor):
        known = _range_of_item(int(descriptor.size), descriptor.signed)
    elif isinstance(descriptor, InteriorFieldDescriptor):
        known = _range_of_item(int(descriptor.field.size), descriptor.field.signed)
    else:
        assert isinstance(descriptor, ArrayDescriptor)
        known = _range_of_item(int(descriptor.item_size), descriptor.signed)
    return known.includes(range_of(optimizer, value))


def fitted(optimizer, value, size, signed):
    """The low `size` bytes of a value, widened."""
    if size * 8 >= words.BITS or _range_of_item(size, signed).includes(range_of(optimizer, value)):
        return value
    constants = optimizer.constants
    if signed:
        return optimizer.make(ops.INT_SIGNEXT, value, constants.of_int(size))
    return optimizer.make(ops.INT_AND, value, constants.of_int((1 << (size * 8)) - 1))


def optimize_length(optimizer, number):
    return set_range(optimizer, number, ranges.NONNEGATIVE)


def optimize_call(optimizer, number):
    callee = optimizer.work.descriptors[number]
    assert isinstance(callee, CallDescriptor)
    return set_range(optimizer, number, _range_of_item(int(callee.result_size), callee.result_signed))


# ---- backward


def learn_true(optimizer, number):
    learn(optimizer, optimizer.work.first[number], ranges.ONE)


def learn_false(optimizer, number):
    learn(optimizer, optimizer.work.first[number], ranges.ZERO)


def optimize_record_value(optimizer, number):
    """What is known of a value says something of what it was computed from."""
    if optimizer.work.first[number] >= 0:
        learn_value(optimizer, number)
    return KEEP


def learn_value(optimizer, number):
    work = optimizer.work
    wanted = work.second[number]
    if work.kind_of(wanted) == "i":
        learn(optimizer, work.first[number], ranges.constant(optimizer.constants.int_of(wanted)))


def learn(optimizer, reference, known):
    """A value was found to be in a range."""
    constrain(optimizer, optimizer.work.resolve(reference), known, 0)


def constrain(optimizer, reference, known, depth):
    """Narrow what is known of a value, and of what it was computed from."""
    if is_constant(reference):
        if not known.contains(optimizer.constants.int_of(reference)):
            raise ranges.EmptyRange
        return
    work = optimizer.work
    before = range_of(optimizer, reference)
    narrowed = ranges.intersect(before, known)
    if narrowed.same(before):
        return
    work.ranges[reference] = narrowed
    if narrowed.is_constant() and work.virtuals[reference] is None:
        work.forward(reference, optimizer.constants.of_int(narrowed.lower))
    if depth < DEPTH:
        function = BACKWARD[work.opcodes[reference]]
        if function is not None:
            function(optimizer, reference, narrowed, depth + 1)


def _operand(optimizer, reference, known, depth):
    constrain(optimizer, optimizer.work.resolve(reference), known, depth)


def _first(optimizer, number):
    return range_of(optimizer, optimizer.work.resolve(optimizer.work.first[number]))


def _second(optimizer, number):
    return range_of(optimizer, optimizer.work.resolve(optimizer.work.second[number]))


def backward_add(optimizer, number, result, depth):
    work = optimizer.work
    _operand(optimizer, work.first[number], ranges.int_sub(result, _second(optimizer, number)), depth)
    _operand(optimizer, work.second[number], ranges.int_sub(result, _first(optimizer, number)), depth)


def backward_sub(optimizer, number, result, depth):
    work = optimizer.work
    _operand(optimizer, work.first[number], ranges.int_add(result, _second(optimizer, number)), depth)
    _operand(optimizer, work.second[number], ranges.int_sub(_first(optimizer, number), result), depth)


def backward_xor(optimizer, number, result, depth):
    work = optimizer.work
    _operand(optimizer, work.first[number], ranges.int_xor(result, _second(optimizer, number)), depth)
    _operand(optimizer, work.second[number], ranges.int_xor(result, _first(optimizer, number)), depth)


def backward_neg(optimizer, number, result, depth):
    _operand(optimizer, optimizer.work.first[number], ranges.int_neg(result), depth)


def backward_invert(optimizer, number, result, depth):
    _operand(optimizer, optimizer.work.first[number], ranges.int_invert(result), depth)


def backward_and(optimizer, number, result, depth):
    mask = _second(optimizer, number)
    if mask.is_constant():
        _operand(optimizer, optimizer.work.first[number], ranges.operand_of_and(result, mask), depth)


def backward_or(optimizer, number, result, depth):
    mask = _second(optimizer, number)
    if mask.is_constant():
        _operand(optimizer, optimizer.work.first[number], ranges.operand_of_or(result, mask), depth)


def backward_shift_left(optimizer, number, result, depth):
    count = _second(optimizer, number)
    if count.is_constant() and 0 <= count.lower < words.BITS:
        _operand(optimizer, optimizer.work.first[number], ranges.operand_of_shift_left(result, count.lower), depth)


def backward_shift_right(optimizer, number, result, depth):
    count = _second(optimizer, number)
    if count.is_constant() and 0 <= count.lower < words.BITS:
        _operand(optimizer, optimizer.work.first[number], ranges.operand_of_shift_right(result, count.lower), depth)


def backward_is_true(optimizer, number, result, depth):
    _compare_with_zero(optimizer, number, result.lower == 0, depth)


def backward_is_zero(optimizer, number, result, depth):
    _compare_with_zero(optimizer, number, result.lower == 1, depth)


def _compare_with_zero(optimizer, number, is_zero, depth):
    first = optimizer.work.first[number]
    if is_zero:
        _operand(optimizer, first, ranges.ZERO, depth)
    else:
        _operand(optimizer, first, ranges.different(_first(optimizer, number), ranges.ZERO), depth)


def _both(optimizer, number, first, second, depth):
    work = optimizer.work
    _operand(optimizer, work.first[number], first, depth)
    _operand(optimizer, work.second[number], second, depth)


def backward_eq(optimizer, number, result, depth):
    _compare_equal(optimizer, number, result.lower == 1, depth)


def backward_ne(optimizer, number, result, depth):
    _compare_equal(optimizer, number, result.lower == 0, depth)


def _compare_equal(optimizer, number, equal, depth):
    a, b = _first(optimizer, number), _second(optimizer, number)
    if equal:
        both = ranges.intersect(a, b)
        _both(optimizer, number, both, both, depth)
    else:
        _both(optimizer, number, ranges.different(a, b), ranges.different(b, a), depth)


def _less(optimizer, number, depth):
    a, b = _first(optimizer, number), _second(optimizer, number)
    _both(optimizer, number, ranges.below(a, b), ranges.above(b, a), depth)


def _less_or_equal(optimizer, number, depth):
    a, b = _first(optimizer, number), _second(optimizer, number)
    _both(optimizer, number, ranges.at_most(a, b), ranges.at_least(b, a), depth)


def _greater(optimizer, number, depth):
    a, b = _first(optimizer, number), _second(optimizer, number)
    _both(optimizer, number, ranges.above(a, b), ranges.below(b, a), depth)


def _greater_or_equal(optimizer, number, depth):
    a, b = _first(optimizer, number), _second(optimizer, number)
    _both(optimizer, number, ranges.at_least(a, b), ranges.at_most(b, a), depth)


def _less_unsigned(optimizer, number, depth):
    a, b = _first(optimizer, number), _second(optimizer, number)
    _operand(optimizer, optimizer.work.first[number], ranges.below_unsigned(a, b), depth)


def _less_or_equal_unsigned(optimizer, number, depth):
    a, b = _first(optimizer, number), _second(optimizer, number)
    _operand(optimizer, optimizer.work.first[number], ranges.at_most_unsigned(a, b), depth)


def _greater_unsigned(optimizer, number, depth):
    a, b = _first(optimizer, number), _second(optimizer, number)
    _operand(optimizer, optimizer.work.second[number], ranges.below_unsigned(b, a), depth)


def _greater_or_equal_unsigned(optimizer, number, depth):
    a, b = _first(optimizer, number), _second(optimizer, number)
    _operand(optimizer, optimizer.work.second[number], ranges.at_most_unsigned(b, a), depth)


def _truth(if_true, if_false):
    """The function for a comparison from those for its two results."""

    def backward(optimizer, number, result, depth):
        if result.lower == 1:
            if_true(optimizer, number, depth)
        elif result.upper == 0:
            if_false(optimizer, number, depth)

    return backward


def backward_between(optimizer, number, result, depth):
    if result.lower != 1:
        return
    work = optimizer.work
    a, b = _first(optimizer, number), _second(optimizer, number)
    c = range_of(optimizer, work.resolve(work.third[number]))
    narrowed = ranges.below(ranges.at_least(b, a), c)
    _operand(optimizer, work.second[number], narrowed, depth)
    _operand(optimizer, work.first[number], ranges.at_most(a, narrowed), depth)
    _operand(optimizer, work.third[number], ranges.above(c, narrowed), depth)


_BACKWARD = {
    ops.INT_ADD: backward_add,
    ops.INT_ADD_OVF: backward_add,
    ops.INT_SUB: backward_sub,
    ops.INT_SUB_OVF: backward_sub,
    ops.INT_XOR: backward_xor,
    ops.INT_NEG: backward_neg,
    ops.INT_INVERT: backward_invert,
    ops.INT_AND: backward_and,
    ops.INT_OR: backward_or,
    ops.INT_LSHIFT: backward_shift_left,
    ops.INT_RSHIFT: backward_shift_right,
    ops.UINT_RSHIFT: backward_shift_right,
    ops.INT_IS_TRUE: backward_is_true,
    ops.INT_IS_ZERO: backward_is_zero,
    ops.INT_EQ: backward_eq,
    ops.INT_NE: backward_ne,
    ops.INT_LT: _truth(_less, _greater_or_equal),
    ops.INT_LE: _truth(_less_or_equal, _greater),
    ops.INT_GT: _truth(_greater, _less_or_equal),
    ops.INT_GE: _truth(_greater_or_equal, _less),
    ops.UINT_LT: _truth(_less_unsigned, _greater_or_equal_unsigned),
    ops.UINT_LE: _truth(_less_or_equal_unsigned, _greater_unsigned),
    ops.UINT_GT: _truth(_greater_unsigned, _less_or_equal_unsigned),
    ops.UINT_GE: _truth(_greater_or_equal_unsigned, _less_unsigned),
    ops.INT_BETWEEN: backward_between,
}

#: By opcode: what a range of the result says of the operands, None for nothing.
BACKWARD = [_BACKWARD.get(opcode, None) for opcode in range(ops.COUNT)]


def _handlers():
    handlers = {opcode: optimize_computation for opcode in range(ops.COUNT) if KNOWN[opcode]}
    for opcode in PLAIN:
        handlers[opcode] = optimize_overflow
    for opcode, name in enumerate(ops.names):
        if name in ("getfield_gc_i", "getfield_raw_i"):
            handlers[opcode] = optimize_load_field
        elif name in ("getarrayitem_gc_i", "getarrayitem_raw_i", "strgetitem", "raw_load_i"):
            handlers[opcode] = optimize_load_item
        elif name == "getinteriorfield_gc_i":
            handlers[opcode] = optimize_load_interior
        elif name in ("arraylen_gc", "strlen"):
            handlers[opcode] = optimize_length
        elif ops.is_call(opcode) and ops.result_kind(opcode) == "i" and not name.startswith(
                ("call_assembler", "cond_call")):
            handlers[opcode] = optimize_call
    handlers[ops.RECORD_EXACT_VALUE] = optimize_record_value
    return handlers


HANDLERS = _handlers()

#: What is learned behind instructions that are emitted.
LEARNERS = {
    ops.GUARD_TRUE: learn_true,
    ops.GUARD_FALSE: learn_false,
    ops.GUARD_VALUE: learn_value,
    ops.GUARD_NO_OVERFLOW: learn_no_overflow,
}
