"""One computation for equal ones: pure operations, overflow operations whose guard held, pure calls, and guards that
ask the same of the same value.

A hash table of the numbers of instructions, with open addressing over lists of ints. A key is the operation with its
operands and its descriptor; comparisons are looked up with their operands in one order.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import CallDescriptor
from ouro.jitcore.optimizer.objects import made_here
from ouro.jitcore.optimizer.verdicts import AGAIN, DONE, KEEP
from ouro.jitcore.trace import NOTHING, is_constant
from ouro.rlib.rarithmetic import intmask

#: The comparison that says the same with its operands exchanged; an operation that commutes is its own.
_EXCHANGED = {
    ops.INT_GT: ops.INT_LT, ops.INT_GE: ops.INT_LE, ops.UINT_GT: ops.UINT_LT, ops.UINT_GE: ops.UINT_LE,
    ops.FLOAT_GT: ops.FLOAT_LT, ops.FLOAT_GE: ops.FLOAT_LE,
}  # fmt: skip
EXCHANGED = [_EXCHANGED.get(opcode, -1) for opcode in range(ops.COUNT)]
COMMUTES = [ops.has_flag(opcode, ops.COMMUTES) for opcode in range(ops.COUNT)]


#: Of the comparisons that are kept: `a < b` is the opposite of `b <= a`, and the other way round.
_OPPOSITE = {
    ops.INT_LT: ops.INT_LE, ops.INT_LE: ops.INT_LT, ops.UINT_LT: ops.UINT_LE, ops.UINT_LE: ops.UINT_LT,
}  # fmt: skip
OPPOSITE = [_OPPOSITE.get(EXCHANGED[opcode] if EXCHANGED[opcode] >= 0 else opcode, -1) for opcode in range(ops.COUNT)]


class PureTable:
    """The instructions that can be found again. `work` is where they are.

    `raising_call` is a call in the trace that can be used again if it turns out not to have raised, or `NOTHING`.
    """

    def __init__(self, work):
        self.work = work
        self.slots = [NOTHING] * 64
        self.count = 0
        self.key = []
        self.raising_call = NOTHING

    def make_key(self, number):
        """Fill `key` for an instruction: the operation and its operands, resolved, in a fixed order."""
        work = self.work
        key = self.key
        del key[:]
        opcode = work.opcodes[number]
        exchanged = EXCHANGED[opcode]
        if exchanged >= 0:
            key.append(exchanged)
            key.append(work.resolve(work.second[number]))
            key.append(work.resolve(work.first[number]))
            return
        key.append(opcode)
        for position in range(work.operand_count(number)):
            key.append(work.resolve(work.operand(number, position)))
        if COMMUTES[opcode] and key[1] < key[2]:
            key[1], key[2] = key[2], key[1]

    def find(self, number):
        """The instruction that computed the same before, or `NOTHING`."""
        self.make_key(number)
        return self._find_key(self.work.descriptors[number])

    def find_comparison(self, opcode, first, second):
        """The comparison of these operands by `opcode`, one of those that are kept, or `NOTHING`."""
        key = self.key
        del key[:]
        key.append(opcode)
        key.append(first)
        key.append(second)
        return self._find_key(None)

    def _find_key(self, descriptor):
        mask = len(self.slots) - 1
        slot = self._hash() & mask
        while True:
            found = self.slots[slot]
            if found == NOTHING:
                return NOTHING
            if self._same(found, descriptor):
                return found
            slot = (slot + 1) & mask

    def add(self, number):
        """Remember an instruction, for whose key `find` has just been called or `make_key`."""
        if self.count * 2 >= len(self.slots):
            self._grow()
            self.make_key(number)
        mask = len(self.slots) - 1
        slot = self._hash() & mask
        while self.slots[slot] != NOTHING:
            slot = (slot + 1) & mask
        self.slots[slot] = number
        self.count += 1

    def _grow(self):
        numbers = [number for number in self.slots if number != NOTHING]
        self.slots = [NOTHING] * (len(self.slots) * 4)
        self.count = 0
        for number in numbers:
            self.make_key(number)
            self.add(number)

    def _hash(self):
        result = 0
        for part in self.key:
            result = intmask(result * 1000003) ^ part
        return intmask(result ^ (result >> 15))

    def _same(self, found, descriptor):
        work = self.work
        if work.descriptors[found] is not descriptor:
            return False
        key = self.key
        opcode = work.opcodes[found]
        exchanged = EXCHANGED[opcode]
        if exchanged >= 0:
            return (
                key[0] == exchanged
                and key[1] == work.resolve(work.second[found])
                and key[2] == work.resolve(work.first[found])
            )
        if key[0] != opcode:
            return False
        if COMMUTES[opcode]:
            first, second = work.resolve(work.first[found]), work.resolve(work.second[found])
            return key[1] == first and key[2] == second or key[1] == second and key[2] == first
        if len(key) != work.operand_count(found) + 1:
            return False
        for position in range(len(key) - 1):
            if key[position + 1] != work.resolve(work.operand(found, position)):
                return False
        return True


def optimize_pure(optimizer, number):
    found = optimizer.pure.find(number)
    if found != NOTHING:
        optimizer.use(found)
        optimizer.work.forward(number, found)
        return DONE
    if OPPOSITE[optimizer.work.opcodes[number]] >= 0:
        truth = _told_by_opposite(optimizer, number)
        if truth >= 0:
            optimizer.work.forward(number, optimizer.constants.of_int(truth))
            return DONE
        optimizer.pure.make_key(number)
    optimizer.pure.add(number)
    return KEEP


def _told_by_opposite(optimizer, number):
    """What a comparison gives, if a guard has told of the opposite one of the same operands; else -1.

    That is how two checks of an index against a bound become one.
    """
    pure = optimizer.pure
    opcode, first, second = pure.key[0], pure.key[1], pure.key[2]
    opposite = OPPOSITE[opcode]
    truth = _known_truth(optimizer, pure.find_comparison(opposite, second, first))
    if truth >= 0:
        return 1 - truth
    # what is less is at most as much, and not greater
    strict = opcode == ops.INT_LT or opcode == ops.UINT_LT
    telling = 0 if strict else 1
    if _known_truth(optimizer, pure.find_comparison(opposite, first, second)) == telling:
        return telling
    if _known_truth(optimizer, pure.find_comparison(opcode, second, first)) == 1 - telling:
        return telling
    return -1


def _known_truth(optimizer, found):
    if found == NOTHING:
        return -1
    value = optimizer.work.resolve(found)
    if not is_constant(value):
        return -1
    optimizer.use(found)
    return optimizer.constants.int_of(value)


def optimize_character(optimizer, number):
    """A character of a string that is not new does not change."""
    if made_here(optimizer, optimizer.work.first[number]):
        return KEEP
    return optimize_pure(optimizer, number)


def optimize_overflow(optimizer, number):
    """The same operation that did not overflow before will not now."""
    found = optimizer.pure.find(number)
    if found != NOTHING:
        optimizer.overflow_operation = NOTHING
        optimizer.use(found)
        optimizer.work.forward(number, found)
        return DONE
    return KEEP


def learn_no_overflow(optimizer, number):
    """Behind the guard: from now on the result can be used again."""
    operation = optimizer.overflow_operation
    if operation != NOTHING:
        optimizer.pure.make_key(operation)
        optimizer.pure.add(operation)


def optimize_pure_call(optimizer, number):
    """A call with constant arguments is made now; one that was made before is not made again."""
    work = optimizer.work
    callee = work.descriptors[number]
    assert isinstance(callee, CallDescriptor)
    constant = constant_result(optimizer, number, callee)
    if constant != NOTHING:
        optimizer.calls.drop()
        work.forward(number, constant)
        return DONE
    return _find_call(optimizer, number)


def _find_call(optimizer, number):
    found = optimizer.pure.find(number)
    if found != NOTHING:
        optimizer.calls.drop()
        optimizer.use(found)
        optimizer.work.forward(number, found)
        return DONE
    callee = optimizer.work.descriptors[number]
    assert isinstance(callee, CallDescriptor)
    if callee.effect.can_raise():
        optimizer.pure.raising_call = number
    else:
        optimizer.pure.add(number)
    return KEEP


def learn_no_exception(optimizer, number):
    """Behind the guard: the result of the call can be used again."""
    pure = optimizer.pure
    if pure.raising_call != NOTHING:
        pure.make_key(pure.raising_call)
        pure.add(pure.raising_call)
        pure.raising_call = NOTHING


def forget_call(optimizer, number):
    """Another call is in the trace, or the last one raised."""
    if optimizer.pure.raising_call != number:
        optimizer.pure.raising_call = NOTHING


def optimize_loop_invariant_call(optimizer, number):
    return _find_call(optimizer, number)


def constant_result(optimizer, number, callee):
    """The constant that a pure call gives, `NOTHING` if its arguments are not all constants or it raises."""
    work = optimizer.work
    count = work.operand_count(number)
    for position in range(count):
        if not is_constant(work.operand(number, position)):
            return NOTHING
    constants = optimizer.constants
    ints, references, floats = [], [], []
    kinds = callee.argument_kinds
    for position in range(len(kinds)):
        argument = work.operand(number, position + 1)
        kind = kinds[position]
        if kind == "i":
            ints.append(constants.int_of(argument))
        elif kind == "f":
            floats.append(constants.float_of(argument))
        else:
            references.append(constants.reference_of(argument))
    address = constants.int_of(work.operand(number, 0))
    machine = optimizer.environment.machine
    if callee.result_kind == "i":
        result = constants.of_int(machine.call_int(address, callee, ints, references, floats))
    elif callee.result_kind == "f":
        result = constants.of_float(machine.call_float(address, callee, ints, references, floats))
    else:
        result = constants.of_reference(machine.call_reference(address, callee, ints, references, floats))
    if machine.take_exception():
        return NOTHING
    return result


def optimize_elidable_call(optimizer, number):
    """A plain call of an elidable function is a pure one."""
    work = optimizer.work
    callee = work.descriptors[number]
    assert isinstance(callee, CallDescriptor)
    if callee.effect.is_elidable():
        work.opcodes[number] = PURE_CALL[work.opcodes[number]]
        return AGAIN
    return KEEP


PURE_CALL = [
    ops.by_name.get(name.replace("call_", "call_pure_"), -1) if name in ("call_i", "call_r", "call_f") else -1
    for name in ops.names
]


def _handlers():
    handlers = {}
    for opcode, name in enumerate(ops.names):
        if ops.has_flag(opcode, ops.PURE) and not ops.has_flag(opcode, ops.LOWERED):
            handlers[opcode] = optimize_pure
        elif opcode == ops.STRGETITEM:
            handlers[opcode] = optimize_character
        elif opcode == ops.FORCE_TOKEN:
            handlers[opcode] = optimize_pure  # a run of compiled code has one
        elif ops.has_flag(opcode, ops.OVERFLOW):
            handlers[opcode] = optimize_overflow
        elif name.startswith("call_pure"):
            handlers[opcode] = optimize_pure_call
        elif name.startswith("call_loop_invariant"):
            handlers[opcode] = optimize_loop_invariant_call
        elif PURE_CALL[opcode] >= 0:
            handlers[opcode] = optimize_elidable_call
    return handlers


HANDLERS = _handlers()
LEARNERS = {opcode: forget_call for opcode in range(ops.COUNT) if ops.is_call(opcode)}
LEARNERS[ops.GUARD_NO_OVERFLOW] = learn_no_overflow
LEARNERS[ops.GUARD_NO_EXCEPTION] = learn_no_exception
LEARNERS[ops.GUARD_EXCEPTION] = forget_call
