"""Constant folding, and the rules of `rules` matched against what an instruction is computed from."""

from ouro.jitcore import operations as ops
from ouro.jitcore.machine import arithmetic
from ouro.jitcore.optimizer import ranges
from ouro.jitcore.optimizer.integers import KNOWN, PLAIN, TRANSFER, range_of
from ouro.jitcore.optimizer.rule_tables import (
    CONSTANT,
    FLOAT,
    LOG2,
    NULL,
    NUMBER,
    OPERATION,
    POWER_OF_TWO,
    TABLES,
    VALUE,
)
from ouro.jitcore.optimizer.verdicts import AGAIN, DONE, KEEP
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE, is_constant
from ouro.rlib.rfloat import float_to_bits


class Bindings:
    """What the letters of a rule stand for while it is matched."""

    def __init__(self):
        self.values = [NOTHING] * TABLES.letter_count

    def clear(self):
        for number in range(len(self.values)):
            self.values[number] = NOTHING


# ---- matching


def matches(optimizer, node, reference):
    """Does a value fit a tree of a pattern? Binds letters."""
    kind = TABLES.kinds[node]
    if kind == OPERATION:
        work = optimizer.work
        if reference < 0 or work.opcodes[reference] != TABLES.data[node]:
            return False
        return _operands_match(optimizer, TABLES.children[node], reference)
    if kind == VALUE or kind == CONSTANT:
        if kind == CONSTANT and not is_constant(reference):
            return False
        values = optimizer.bindings.values
        bound = values[TABLES.data[node]]
        if bound == NOTHING:
            values[TABLES.data[node]] = reference
            return True
        return bound == reference
    if not is_constant(reference):
        return False
    constants = optimizer.constants
    if kind == NUMBER:
        return constants.int_of(reference) == TABLES.data[node]
    if kind == FLOAT:
        return float_to_bits(constants.float_of(reference)) == float_to_bits(TABLES.floats[node])
    assert kind == NULL
    return not constants.reference_of(reference)


def _operands_match(optimizer, children, reference):
    work = optimizer.work
    for position in range(len(children)):
        if not matches(optimizer, children[position], work.resolve(work.operand(reference, position))):
            return False
    return True


def holds(optimizer, node):
    """Is a condition certain?"""
    return range_of_tree(optimizer, node).lower > 0


def range_of_tree(optimizer, node):
    """What is known of the value of a tree over integers."""
    kind = TABLES.kinds[node]
    children = TABLES.children[node]
    if kind == VALUE or kind == CONSTANT:
        return range_of(optimizer, optimizer.bindings.values[TABLES.data[node]])
    if kind == NUMBER:
        return ranges.constant(TABLES.data[node])
    a = range_of_tree(optimizer, children[0])
    if kind == POWER_OF_TWO:
        return ranges.ONE if a.lower > 0 and a.lower & (a.lower - 1) == 0 else ranges.ZERO
    assert kind == OPERATION
    b = range_of_tree(optimizer, children[1]) if len(children) > 1 else ranges.ANY
    c = range_of_tree(optimizer, children[2]) if len(children) > 2 else ranges.ANY
    return TRANSFER[TABLES.data[node]](a, b, c)


# ---- what comes instead


def build(optimizer, node):
    """The value of a tree of a result: a letter or a constant; `NOTHING` where it is not defined."""
    kind = TABLES.kinds[node]
    constants = optimizer.constants
    if kind == VALUE or kind == CONSTANT:
        return optimizer.bindings.values[TABLES.data[node]]
    if kind == NUMBER:
        return constants.of_int(TABLES.data[node])
    if kind == FLOAT:
        return constants.of_float(TABLES.floats[node])
    if kind == NULL:
        return constants.of_reference(NULL_REFERENCE)
    operands = build_operands(optimizer, node)
    if kind == LOG2:
        return constants.of_int(log2(constants.int_of(operands[0])))
    return fold(optimizer, TABLES.data[node], operands[0], operands[1], operands[2])


def build_operands(optimizer, node):
    """The values of the children of a tree, three of them with `NOTHING` for those that there are not."""
    operands = [NOTHING, NOTHING, NOTHING]
    children = TABLES.children[node]
    for position in range(len(children)):
        operands[position] = build(optimizer, children[position])
    return operands


def log2(number):
    """The place of the only bit of a number."""
    place = 0
    while number & 1 == 0:
        number >>= 1
        place += 1
    return place


def optimize(optimizer, number):
    """Fold an operation on constants, or rewrite it by the first rule that fits."""
    work = optimizer.work
    opcode = work.opcodes[number]
    first, second = work.first[number], work.second[number]
    if _COMMUTES[opcode] and is_constant(first) and not is_constant(second):
        work.first[number] = second
        work.second[number] = first
        first, second = second, first
    folded = fold(optimizer, opcode, first, second, work.third[number])
    if folded != NOTHING:
        return _replace(optimizer, number, opcode, folded)
    rows = TABLES.by_opcode[opcode]
    if len(rows) == 0:
        return KEEP
    for row in rows:
        optimizer.bindings.clear()
        if _operands_match(optimizer, TABLES.children[TABLES.patterns[row]], number):
            if _conditions_hold(optimizer, TABLES.conditions[row]):
                return _apply(optimizer, number, opcode, TABLES.results[row])
    return KEEP


def optimize_copy(optimizer, number):
    """A copy in a recording hides a constant from the tracer; here it is what it was made of."""
    optimizer.work.forward(number, optimizer.work.first[number])
    return DONE


def _conditions_hold(optimizer, conditions):
    for condition in conditions:
        if not holds(optimizer, condition):
            return False
    return True


def _apply(optimizer, number, opcode, result):
    if TABLES.kinds[result] != OPERATION:
        return _replace(optimizer, number, opcode, build(optimizer, result))
    operands = build_operands(optimizer, result)
    for position in range(len(TABLES.children[result])):
        if operands[position] == NOTHING:
            return KEEP
    optimizer.work.rewrite(number, TABLES.data[result], operands[0], operands[1], operands[2])
    return AGAIN


def _replace(optimizer, number, opcode, reference):
    if opcode in PLAIN:
        optimizer.overflow_operation = NOTHING
    optimizer.work.forward(number, reference)
    return DONE


def fold(optimizer, opcode, first, second, third):
    """The constant that an operation on constants gives, `NOTHING` where it is none."""
    if not is_constant(first):
        return NOTHING
    if second != NOTHING and not is_constant(second) or third != NOTHING and not is_constant(third):
        return NOTHING
    shape = _SHAPES[opcode]
    constants = optimizer.constants
    if shape == _NONE:
        return NOTHING
    if shape == _INTS:
        a = constants.int_of(first)
        b = constants.int_of(second) if second != NOTHING else 0
        c = constants.int_of(third) if third != NOTHING else 0
        if not arithmetic.is_defined(opcode, a, b):
            return NOTHING
        if opcode in PLAIN and arithmetic.overflows(opcode, a, b):
            return NOTHING
        return constants.of_int(arithmetic.compute_int(opcode, a, b, c))
    if shape == _FLOATS:
        return constants.of_float(
            arithmetic.compute_float(
                opcode, constants.float_of(first), constants.float_of(second) if second != NOTHING else 0.0
            )
        )
    if shape == _INT_OF_FLOATS:
        a_float = constants.float_of(first)
        if not arithmetic.is_defined_of_float(opcode, a_float):
            return NOTHING
        b_float = constants.float_of(second) if second != NOTHING else 0.0
        return constants.of_int(arithmetic.compute_int_of_floats(opcode, a_float, b_float))
    if shape == _FLOAT_OF_INT:
        return constants.of_float(arithmetic.compute_float_of_int(opcode, constants.int_of(first)))
    a_reference = constants.reference_of(first)
    b_reference = constants.reference_of(second) if second != NOTHING else NULL_REFERENCE
    return constants.of_int(arithmetic.compute_int_of_references(opcode, a_reference, b_reference))


_NONE, _INTS, _FLOATS, _INT_OF_FLOATS, _FLOAT_OF_INT, _INT_OF_REFERENCES = range(6)


def _shape(opcode):
    if not ops.has_flag(opcode, ops.PURE | ops.OVERFLOW) or ops.has_flag(opcode, ops.LOAD | ops.LOWERED):
        return _NONE
    if opcode in (ops.LOAD_CLASS, ops.CAST_PTR_TO_INT, ops.CAST_INT_TO_PTR):
        return _NONE
    operands, result = ops.operand_kinds[opcode][0], ops.result_kind(opcode)
    return {
        ("i", "i"): _INTS, ("f", "f"): _FLOATS, ("f", "i"): _INT_OF_FLOATS, ("i", "f"): _FLOAT_OF_INT,
        ("r", "i"): _INT_OF_REFERENCES,
    }[operands, result]  # fmt: skip


_SHAPES = [_shape(opcode) for opcode in range(ops.COUNT)]
_COMMUTES = [ops.has_flag(opcode, ops.COMMUTES) for opcode in range(ops.COUNT)]

HANDLERS = {
    opcode: optimize
    for opcode in range(ops.COUNT)
    if _SHAPES[opcode] != _NONE or TABLES.by_opcode[opcode] or KNOWN[opcode]
}
HANDLERS[ops.COPY_I] = optimize_copy
HANDLERS[ops.COPY_R] = optimize_copy
HANDLERS[ops.COPY_F] = optimize_copy
