"""One run through traces: an operation at a time."""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import CallDescriptor, FinishDescriptor, GuardDescriptor, LoopToken, TargetToken
from ouro.jitcore.machine import (
    Operands,
    can_execute,
    execute_float,
    execute_int,
    execute_none,
    execute_reference,
    overflows,
)
from ouro.jitcore.outcome import FINISHED_FLOAT, FINISHED_INT, FINISHED_REFERENCE, RAISED
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE, is_constant
from ouro.rlib.rfloat import float_to_bits


class Code:
    """A trace that can be run."""

    def __init__(self, trace):
        self.trace = trace
        self.invalidated = False


class Execution:
    """A frame of a trace: the value of each reference in the list of its kind, and where the run is.

    Attributes:
        overflowed: what the last overflow operation did.
        forced: a call looked into this frame; the guard behind the call fails.
        on_purpose: see `Backend.fail_guards`.
        kept_when_forced: what `Backend.keep_forced` keeps.
    """

    def __init__(self, backend, code):
        self.backend = backend
        self.machine = backend.machine
        self.operands = Operands()
        self.overflowed = False
        self.forced = False
        self.kept_when_forced = None
        self.ended = None
        self.on_purpose = False
        self.code = code
        self.trace = code.trace
        self._clear()
        self.number = self.trace.input_count()

    def _clear(self):
        length = self.trace.length()
        self.ints = [0] * length
        self.references = [NULL_REFERENCE] * length
        self.floats = [0.0] * length

    def run(self):
        """Run until the trace finishes or a guard without bridge fails: the descriptor of where."""
        while self.ended is None:
            number = self.number
            opcode = self.trace.opcodes[number]
            self.number = number + 1
            if can_execute(opcode):
                self._compute(opcode, number)
            elif ops.is_guard(opcode) and self.backend.failing_period > 0 and self._fails_on_purpose(number):
                self.on_purpose = True
            else:
                STEPS[opcode](self, number)
        return self.ended

    def _fails_on_purpose(self, number):
        guard = self.trace.descriptors[number]
        assert isinstance(guard, GuardDescriptor)
        if not self.backend.fails_on_purpose(guard):
            return False
        self.ended = guard
        return True

    def force(self):
        """Let the guard behind the call that runs now fail; its descriptor."""
        guard = self.trace.descriptors[self.number]
        assert isinstance(guard, GuardDescriptor)
        assert self.trace.opcodes[self.number] == ops.GUARD_NOT_FORCED
        self.forced = True
        return guard

    # ---- values

    def int_of(self, reference):
        """The value of a reference of kind int."""
        if is_constant(reference):
            return self.trace.constants.int_of(reference)
        return self.ints[reference]

    def reference_of(self, reference):
        """The value of a reference of kind reference."""
        if is_constant(reference):
            return self.trace.constants.reference_of(reference)
        return self.references[reference]

    def float_of(self, reference):
        """The value of a reference of kind float."""
        if is_constant(reference):
            return self.trace.constants.float_of(reference)
        return self.floats[reference]

    def _compute(self, opcode, number):
        trace = self.trace
        operands = self.operands
        operands.clear()
        for position in range(trace.operand_count(number)):
            reference = trace.operand(number, position)
            kind = trace.kind_of(reference)
            if kind == "i":
                operands.add_int(self.int_of(reference))
            elif kind == "r":
                operands.add_reference(self.reference_of(reference))
            else:
                operands.add_float(self.float_of(reference))
        descriptor = trace.descriptors[number]
        kind = ops.result_kind(opcode)
        if kind == "i":
            if ops.has_flag(opcode, ops.OVERFLOW):
                self.overflowed = overflows(opcode, operands.ints[0], operands.ints[1])
            self.ints[number] = execute_int(self.machine, opcode, operands, descriptor)
        elif kind == "r":
            self.references[number] = execute_reference(self.machine, opcode, operands, descriptor)
        elif kind == "f":
            self.floats[number] = execute_float(self.machine, opcode, operands, descriptor)
        else:
            execute_none(self.machine, opcode, operands, descriptor)

    def first_int(self, number):
        """The first operand of an instruction, an int."""
        return self.int_of(self.trace.first[number])

    def first_reference(self, number):
        """The first operand of an instruction, a reference."""
        return self.reference_of(self.trace.first[number])

    def second_int(self, number):
        """The second operand of an instruction, an int."""
        return self.int_of(self.trace.second[number])

    # ---- where to go on

    def go_to(self, code, number, references, values):
        """Go on in a trace, where `references` have the values that `values` have here."""
        trace = self.trace
        ints, pointers, reals = self.ints, self.references, self.floats
        constants = trace.constants
        self.code = code
        self.trace = code.trace
        self._clear()
        for index in range(len(references)):
            value = values[index]
            kind = trace.kind_of(value)
            target = references[index]
            if kind == "i":
                self.ints[target] = constants.int_of(value) if is_constant(value) else ints[value]
            elif kind == "r":
                self.references[target] = constants.reference_of(value) if is_constant(value) else pointers[value]
            else:
                self.floats[target] = constants.float_of(value) if is_constant(value) else reals[value]
        self.number = number

    def check(self, number, holds):
        """A guard holds or not."""
        if holds:
            return
        guard = self.trace.descriptors[number]
        assert isinstance(guard, GuardDescriptor)
        self.forced = False
        bridge = guard.bridge
        if bridge is None:
            guard.failures += 1
            self.ended = guard
            return
        assert isinstance(bridge, Code)
        values = []
        for value in guard.values:
            if value != NOTHING:
                values.append(value)
        self.go_to(bridge, len(values), list(range(len(values))), values)

    # ---- calls

    def call(self, number, first, kind):
        """Call the function at operand `first` of an instruction with the operands behind it."""
        trace = self.trace
        callee = trace.descriptors[number]
        assert isinstance(callee, CallDescriptor)
        address = self.int_of(trace.operand(number, first))
        ints, references, floats = self._arguments(number, first + 1)
        machine = self.machine
        if kind == "i":
            self.ints[number] = machine.call_int(address, callee, ints, references, floats)
        elif kind == "r":
            self.references[number] = machine.call_reference(address, callee, ints, references, floats)
        elif kind == "f":
            self.floats[number] = machine.call_float(address, callee, ints, references, floats)
        else:
            machine.call_none(address, callee, ints, references, floats)

    def call_loop(self, number):
        """Enter the loop that an instruction names, with its operands."""
        token = self.trace.descriptors[number]
        assert isinstance(token, LoopToken)
        ints, references, floats = self._arguments(number, 0)
        outcome = self.backend.call_loop(token, ints, references, floats)
        if outcome.what == RAISED:
            self.machine.set_exception(outcome.reference)
        elif outcome.what == FINISHED_INT:
            self.ints[number] = outcome.value
        elif outcome.what == FINISHED_REFERENCE:
            self.references[number] = outcome.reference
        elif outcome.what == FINISHED_FLOAT:
            self.floats[number] = outcome.number

    def _arguments(self, number, first):
        trace = self.trace
        ints, references, floats = [], [], []
        for position in range(first, trace.operand_count(number)):
            reference = trace.operand(number, position)
            kind = trace.kind_of(reference)
            if kind == "i":
                ints.append(self.int_of(reference))
            elif kind == "r":
                references.append(self.reference_of(reference))
            else:
                floats.append(self.float_of(reference))
        return ints, references, floats


STEPS = [None] * ops.COUNT


def _step(*opcodes):
    def register(function):
        for opcode in opcodes:
            STEPS[opcode] = function
        return function

    return register


# ---- flow


@_step(ops.LABEL)
def _label(execution, number):
    # only what the label names is defined behind it; leaving the rest as it is harms no one
    pass


@_step(ops.JUMP)
def _jump(execution, number):
    trace = execution.trace
    target = trace.descriptors[number]
    assert isinstance(target, TargetToken)
    code = target.code
    assert isinstance(code, Code)
    execution.go_to(code, target.place + 1, code.trace.operand_list(target.place), trace.operand_list(number))


@_step(ops.FINISH)
def _finish(execution, number):
    descriptor = execution.trace.descriptors[number]
    assert isinstance(descriptor, FinishDescriptor)
    execution.ended = descriptor


@_step(ops.FORCE_TOKEN)
def _force_token(execution, number):
    execution.references[number] = execution.backend.force_token(execution)


@_step(ops.COPY_I)
def _copy_int(execution, number):
    execution.ints[number] = execution.first_int(number)


@_step(ops.COPY_R, ops.VIRTUAL_REF)
def _copy_reference(execution, number):
    execution.references[number] = execution.first_reference(number)


@_step(ops.COPY_F)
def _copy_float(execution, number):
    execution.floats[number] = execution.float_of(execution.trace.first[number])


def _nothing(execution, number):
    pass


for _opcode in range(ops.COUNT):
    if ops.has_flag(_opcode, ops.MARKER) and STEPS[_opcode] is None:
        STEPS[_opcode] = _nothing


# ---- calls


def _calling(kind):
    return lambda execution, number: execution.call(number, 0, kind)


for _family in ("call", "call_pure", "call_may_force", "call_loop_invariant", "call_release_lock"):
    for _kind in "irfn":
        if f"{_family}_{_kind}" in ops.by_name:
            STEPS[ops.by_name[f"{_family}_{_kind}"]] = _calling(_kind)


@_step(ops.CALL_ASSEMBLER_I, ops.CALL_ASSEMBLER_R, ops.CALL_ASSEMBLER_F, ops.CALL_ASSEMBLER_N)
def _call_assembler(execution, number):
    execution.call_loop(number)


@_step(ops.COND_CALL)
def _conditional_call(execution, number):
    if execution.int_of(execution.trace.operand(number, 0)) != 0:
        execution.call(number, 1, "n")


@_step(ops.COND_CALL_VALUE_I)
def _conditional_int(execution, number):
    value = execution.int_of(execution.trace.operand(number, 0))
    execution.ints[number] = value
    if value == 0:
        execution.call(number, 1, "i")


@_step(ops.COND_CALL_VALUE_R)
def _conditional_reference(execution, number):
    value = execution.reference_of(execution.trace.operand(number, 0))
    execution.references[number] = value
    if not value:
        execution.call(number, 1, "r")


# ---- guards


@_step(ops.GUARD_TRUE)
def _guard_true(execution, number):
    execution.check(number, execution.first_int(number) != 0)


@_step(ops.GUARD_FALSE)
def _guard_false(execution, number):
    execution.check(number, execution.first_int(number) == 0)


@_step(ops.GUARD_VALUE)
def _guard_value(execution, number):
    trace = execution.trace
    value, wanted = trace.first[number], trace.second[number]
    kind = trace.kind_of(value)
    if kind == "i":
        holds = execution.int_of(value) == execution.int_of(wanted)
    elif kind == "r":
        holds = execution.reference_of(value) == execution.reference_of(wanted)
    else:
        holds = float_to_bits(execution.float_of(value)) == float_to_bits(execution.float_of(wanted))
    execution.check(number, holds)


@_step(ops.GUARD_CLASS)
def _guard_class(execution, number):
    execution.check(
        number, execution.machine.class_of(execution.first_reference(number)) == execution.second_int(number))


@_step(ops.GUARD_NONNULL)
def _guard_nonnull(execution, number):
    execution.check(number, bool(execution.first_reference(number)))


@_step(ops.GUARD_ISNULL)
def _guard_isnull(execution, number):
    execution.check(number, not execution.first_reference(number))


@_step(ops.GUARD_NONNULL_CLASS)
def _guard_nonnull_class(execution, number):
    reference = execution.first_reference(number)
    execution.check(
        number, bool(reference) and execution.machine.class_of(reference) == execution.second_int(number))


@_step(ops.GUARD_IS_OBJECT)
def _guard_is_object(execution, number):
    execution.check(number, execution.machine.is_instance(execution.first_reference(number)))


@_step(ops.GUARD_SUBCLASS)
def _guard_subclass(execution, number):
    machine = execution.machine
    vtable = machine.class_of(execution.first_reference(number))
    execution.check(number, machine.is_subclass(vtable, execution.second_int(number)))


@_step(ops.GUARD_GC_TYPE)
def _guard_gc_type(execution, number):
    type_id = execution.machine.type_id_of(execution.first_reference(number))
    execution.check(number, type_id == execution.second_int(number))


@_step(ops.GUARD_OVERFLOW)
def _guard_overflow(execution, number):
    execution.check(number, execution.overflowed)


@_step(ops.GUARD_NO_OVERFLOW)
def _guard_no_overflow(execution, number):
    execution.check(number, not execution.overflowed)


@_step(ops.GUARD_EXCEPTION)
def _guard_exception(execution, number):
    machine = execution.machine
    exception = machine.pending_exception()
    if not exception or machine.class_of(exception) != execution.first_int(number):
        execution.check(number, False)
        return
    execution.references[number] = machine.take_exception()


@_step(ops.GUARD_NO_EXCEPTION)
def _guard_no_exception(execution, number):
    execution.check(number, not execution.machine.pending_exception())


@_step(ops.GUARD_NOT_INVALIDATED)
def _guard_not_invalidated(execution, number):
    execution.check(number, not execution.code.invalidated)


@_step(ops.GUARD_NOT_FORCED)
def _guard_not_forced(execution, number):
    execution.check(number, not execution.forced)


@_step(ops.GUARD_FUTURE_CONDITION)
def _guard_future_condition(execution, number):
    pass


@_step(ops.GUARD_ALWAYS_FAILS)
def _guard_always_fails(execution, number):
    execution.check(number, False)


def _not_here(execution, number):
    raise AssertionError("an operation that only the rewriting for other backends makes")


for _opcode in range(ops.COUNT):
    if STEPS[_opcode] is None:
        STEPS[_opcode] = _not_here
