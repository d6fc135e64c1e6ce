"""What holds for every trace, between all parts: the invariants, one function each.

They hold for unoptimised and optimised traces; operations of the kind `LOWERED` are only in those that a backend
has rewritten.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import (
    ArrayDescriptor,
    CallDescriptor,
    FieldDescriptor,
    FinishDescriptor,
    GuardDescriptor,
    InteriorFieldDescriptor,
    LoopToken,
    SizeDescriptor,
    TargetToken,
)
from ouro.jitcore.text.names import Names
from ouro.jitcore.text.printer import print_instruction
from ouro.jitcore.text.resume_verifier import resume_problems
from ouro.jitcore.trace import NOTHING, Trace, constant_index, constant_kind, is_constant

DESCRIPTOR_CLASSES = {
    ops.NO_DESCRIPTOR: type(None),
    ops.SIZE: SizeDescriptor,
    ops.FIELD: FieldDescriptor,
    ops.ARRAY: ArrayDescriptor,
    ops.INTERIOR: InteriorFieldDescriptor,
    ops.CALLEE: CallDescriptor,
    ops.FAILURE: GuardDescriptor,
    ops.TARGET: TargetToken,
    ops.RESULT: FinishDescriptor,
    ops.LOOP: LoopToken,
}

#: Operations some of whose operands must be constants, by position.
CONSTANT_OPERANDS = {
    ops.INT_SIGNEXT: (1,),
    ops.GUARD_VALUE: (1,),
    ops.GUARD_CLASS: (1,),
    ops.GUARD_NONNULL_CLASS: (1,),
    ops.GUARD_SUBCLASS: (1,),
    ops.GUARD_GC_TYPE: (1,),
    ops.GUARD_EXCEPTION: (0,),
    ops.RECORD_EXACT_CLASS: (1,),
    ops.RECORD_EXACT_VALUE: (1,),
    ops.NURSERY_ALLOCATE: (0,),
    ops.NURSERY_NEXT: (1,),
    ops.LOAD_INDEXED_I: (2, 3, 4),
    ops.LOAD_INDEXED_R: (2, 3, 4),
    ops.LOAD_INDEXED_F: (2, 3, 4),
    ops.STORE_INDEXED: (3, 4, 5),
    ops.LOAD_EFFECTIVE_ADDRESS: (2, 3),
}

#: Operations whose two operands have one kind.
SAME_KIND = (ops.GUARD_VALUE, ops.RECORD_EXACT_VALUE)

#: Operations that load or store a value of the kind that the descriptor names.
TYPED_MEMORY = (ops.FIELD, ops.ARRAY, ops.INTERIOR)

MAY_FORCE = tuple(
    opcode for opcode in range(ops.COUNT) if ops.names[opcode].startswith(("call_may_force", "call_assembler"))
)
OVERFLOW_GUARDS = (ops.GUARD_OVERFLOW, ops.GUARD_NO_OVERFLOW)
EXCEPTION_GUARDS = (ops.GUARD_EXCEPTION, ops.GUARD_NO_EXCEPTION)


class VerificationError(Exception):
    """A trace that breaks its contract; the message lists how."""


def verify(trace: Trace, lowered: bool = False) -> None:
    """Check a trace.

    Args:
        trace: any trace that goes from one part to the next.
        lowered: a backend has rewritten it.

    Raises:
        VerificationError: with every broken invariant and its instruction.
    """
    found = list(problems(trace, lowered))
    if found:
        raise VerificationError("\n".join(found))


def problems(trace: Trace, lowered: bool = False) -> Iterator[str]:
    """What is wrong with a trace, a line each."""
    broken = False
    for number, message in _shape(trace, lowered):
        broken = True
        yield f"instruction {number}, {ops.name_of(trace.opcodes[number])}: {message}"
    if not trace.opcodes:
        yield "the trace is empty"
    elif not broken:
        names = Names()
        found = [_calls(trace, lowered)]
        found += [invariant(trace) for invariant in (
            _visible, _kinds, _constants, _neighbours, _labels, _finish, _flow, _resume)]
        for number, message in chain.from_iterable(found):
            yield f"{print_instruction(trace, number, names)}: {message}"


def _shape(trace: Trace, lowered: bool) -> Iterator[tuple[int, str]]:
    """Inputs first, descriptors of the right class, operands that name something."""
    inputs = trace.input_count()
    guards = []
    for number, opcode in enumerate(trace.opcodes):
        descriptor = trace.descriptors[number]
        if number >= inputs and ops.is_input(opcode):
            yield number, "an input behind the beginning"
        if not isinstance(descriptor, DESCRIPTOR_CLASSES[ops.descriptor_classes[opcode]]):
            wanted = DESCRIPTOR_CLASSES[ops.descriptor_classes[opcode]].__name__
            yield number, f"its descriptor is a {type(descriptor).__name__}, not a {wanted}"
        if ops.has_flag(opcode, ops.LOWERED) and not lowered:
            yield number, "only a backend makes this operation"
        if isinstance(descriptor, GuardDescriptor):
            guards.append(descriptor)
        pools = (trace.constants.ints, trace.constants.references, trace.constants.floats)
        kept = descriptor.values if isinstance(descriptor, GuardDescriptor) else []
        for reference in [*trace.operand_list(number), *kept]:
            if is_constant(reference):
                kind = constant_kind(reference)
                if kind >= len(pools) or constant_index(reference) >= len(pools[kind]):
                    yield number, f"there is no constant {reference}"
            elif reference >= number:
                yield number, f"operand {reference} is not computed before"
        if NOTHING in trace.operand_list(number):
            yield number, "an operand is missing"
    if len({id(guard) for guard in guards}) != len(guards):
        yield len(trace.opcodes) - 1, "two guards share a descriptor"
    if [id(guard) for guard in guards] != [id(guard) for guard in trace.guards]:
        yield len(trace.opcodes) - 1, "the list of guards is not that of the instructions"


def _visible(trace: Trace) -> Iterator[tuple[int, str]]:
    """Operands have values, and behind a label only those that it names."""
    visible: set[int] = set()
    for number, opcode in enumerate(trace.opcodes):
        descriptor = trace.descriptors[number]
        kept = descriptor.values if isinstance(descriptor, GuardDescriptor) else []
        if opcode == ops.GUARD_EXCEPTION and number in kept:
            yield number, "a guard keeps its own result"
        for reference in [*trace.operand_list(number), *kept]:
            if reference < 0:
                continue
            if trace.kind_of(reference) == "n":
                yield number, f"instruction {reference} has no result"
            elif reference not in visible:
                yield number, f"{trace.kind_of(reference)}{reference} is not passed by the label in front"
        if opcode == ops.LABEL:
            visible = set(trace.operand_list(number))
        visible.add(number)


def _wanted_kinds(trace: Trace, number: int) -> str:
    """The kinds of the operands that the table fixes, `a` for any."""
    opcode = trace.opcodes[number]
    kinds = ops.operand_kinds[opcode]
    return kinds.replace("v", memory_kind(trace.descriptors[number])) if "v" in kinds else kinds


def memory_kind(descriptor: object) -> str:
    """The kind of value that a field, array or interior field holds."""
    if isinstance(descriptor, InteriorFieldDescriptor):
        descriptor = descriptor.field
    assert isinstance(descriptor, (FieldDescriptor, ArrayDescriptor))
    return descriptor.kind


def _kinds(trace: Trace) -> Iterator[tuple[int, str]]:
    """Operands and results have the kinds that the table and the descriptor ask for."""
    for number, opcode in enumerate(trace.opcodes):
        operands = trace.operand_list(number)
        for position, (kind, reference) in enumerate(zip(_wanted_kinds(trace, number), operands)):
            if kind != "a" and trace.kind_of(reference) != kind:
                yield number, f"operand {position + 1} is of kind {trace.kind_of(reference)}, not {kind}"
        if opcode in SAME_KIND and trace.kind_of(operands[0]) != trace.kind_of(operands[1]):
            yield number, "the operands are of different kinds"
        descriptor = trace.descriptors[number]
        name = ops.name_of(opcode)
        is_typed_load = ops.has_flag(opcode, ops.LOAD) and not ops.is_pure(opcode) and name != "strgetitem"
        if is_typed_load and ops.descriptor_classes[opcode] in TYPED_MEMORY:
            if memory_kind(descriptor) != ops.result_kind(opcode):
                yield number, f"{descriptor.name} holds values of kind {memory_kind(descriptor)}"
        if opcode in (ops.NEW, ops.NEW_WITH_VTABLE) and descriptor.is_instance() != (opcode == ops.NEW_WITH_VTABLE):
            yield number, "new_with_vtable makes instances, new all other structures"
        if opcode == ops.ARRAYLEN_GC and not descriptor.has_length():
            yield number, f"{descriptor.name} has no length"


def _constants(trace: Trace) -> Iterator[tuple[int, str]]:
    """Operands that must be known are constants."""
    for number, opcode in enumerate(trace.opcodes):
        for position in CONSTANT_OPERANDS.get(opcode, ()):
            if not is_constant(trace.operand(number, position)):
                yield number, f"operand {position + 1} is no constant"
            elif opcode == ops.INT_SIGNEXT and trace.constants.int_of(trace.operand(number, 1)) not in (1, 2, 4):
                yield number, "the number of bytes is not 1, 2 or 4"


def _calls(trace: Trace, lowered: bool) -> Iterator[tuple[int, str]]:
    """Arguments and results of calls are those of the descriptor; lowered ones take singles as floats."""
    for number, opcode in enumerate(trace.opcodes):
        if not ops.is_call(opcode):
            continue
        descriptor = trace.descriptors[number]
        given = "".join(trace.kind_of(reference) for reference in trace.operand_list(number)[ops.arity(opcode) :])
        wanted = descriptor.argument_kinds
        if lowered and isinstance(descriptor, CallDescriptor):
            wanted = descriptor.passed_kinds
        if given != wanted:
            yield number, f"arguments of kinds {given!r} for parameters {wanted!r}"
        if ops.result_kind(opcode) != descriptor.result_kind:
            yield number, f"{descriptor.name} gives a result of kind {descriptor.result_kind}"
        if opcode == ops.COND_CALL and descriptor.effect.can_raise():
            yield number, "a conditional call without a result cannot raise"


def can_raise(trace: Trace, number: int) -> bool:
    """May an instruction leave an exception pending?"""
    descriptor = trace.descriptors[number]
    if not ops.has_flag(trace.opcodes[number], ops.RAISES):
        return False
    return not isinstance(descriptor, CallDescriptor) or descriptor.effect.can_raise()


def _neighbours(trace: Trace) -> Iterator[tuple[int, str]]:
    """What must stand right behind an operation does, and nowhere else."""
    previous = ops.INPUT_I
    pending = called = worked = False
    for number, opcode in enumerate(trace.opcodes):
        if ops.has_flag(previous, ops.OVERFLOW) != (opcode in OVERFLOW_GUARDS):
            yield number, "a guard of overflow stands behind an operation that can overflow, and nowhere else"
        if (previous in MAY_FORCE) != (opcode == ops.GUARD_NOT_FORCED):
            yield number, "guard_not_forced stands behind a call that may force, and nowhere else"
        harmless = ops.has_flag(opcode, ops.MARKER) or opcode == ops.GUARD_NOT_FORCED or opcode in EXCEPTION_GUARDS
        if opcode == ops.LEAVE_IF_NULL:
            pending = False
        if opcode in EXCEPTION_GUARDS and worked and not called:
            yield number, "the exception that a bridge begins with is guarded before the bridge does anything"
        called = called or ops.has_flag(opcode, ops.RAISES) or opcode in EXCEPTION_GUARDS
        worked = worked or not harmless and not ops.is_input(opcode)
        if pending and not harmless:
            yield number, "an exception may be pending: a guard of it must come before"
        if not harmless or opcode in EXCEPTION_GUARDS:
            pending = False
        pending = pending or can_raise(trace, number)
        previous = opcode


def _labels(trace: Trace) -> Iterator[tuple[int, str]]:
    """Labels name distinct values; a jump in the same trace passes values of their kinds."""
    kinds = {}
    for number, opcode in enumerate(trace.opcodes):
        if opcode not in (ops.LABEL, ops.JUMP):
            continue
        operands = trace.operand_list(number)
        passed = "".join(trace.kind_of(reference) for reference in operands)
        target = trace.descriptors[number]
        if opcode == ops.LABEL:
            if any(is_constant(reference) for reference in operands) or len(set(operands)) != len(operands):
                yield number, "the operands of a label are different values"
            if target in kinds:
                yield number, f"a second label {target.name}"
            kinds[target] = passed
        elif kinds.get(target, passed) != passed:
            yield number, f"{target.name} takes values of kinds {kinds[target]!r}, not {passed!r}"


def _finish(trace: Trace) -> Iterator[tuple[int, str]]:
    """A finish has the result that its descriptor says."""
    for number, opcode in enumerate(trace.opcodes):
        if opcode == ops.FINISH:
            descriptor = trace.descriptors[number]
            given = "".join(trace.kind_of(reference) for reference in trace.operand_list(number)) or "n"
            if given != descriptor.kind:
                yield number, f"the result is of kind {given}, not {descriptor.kind}"
            if descriptor.is_exception and given != "r":
                yield number, "an exception is a reference"


def _flow(trace: Trace) -> Iterator[tuple[int, str]]:
    """One exit, at the end."""
    last = trace.length() - 1
    for number, opcode in enumerate(trace.opcodes):
        if ops.is_exit(opcode) != (number == last):
            yield number, "a trace ends with jump or finish, and only there"


def _resume(trace: Trace) -> Iterator[tuple[int, str]]:
    """What guards have as resume data names what they keep."""
    for number, guard in enumerate(trace.descriptors):
        if isinstance(guard, GuardDescriptor) and guard.store is not None:
            for message in resume_problems(trace, guard):
                yield number, message
