"""Guards that hold already are dropped, and two guards of one object become one stronger guard at the first place.

Failing earlier is always right: the interpreter then does what is between the two places itself. A guard that can
never hold ends the matter: the trace is invalid. Of guards on constants that is so whichever optimisations are on:
behind such a guard a constant may be anything, and others look into constants and make calls with them.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import ArrayDescriptor, CallDescriptor, FieldDescriptor, SizeDescriptor
from ouro.jitcore.optimizer.errors import InvalidTrace
from ouro.jitcore.optimizer.objects import (
    class_of,
    has_field,
    is_instance,
    is_nonnull,
    is_null,
    learn_class,
    learn_constant,
    learn_nonnull,
    made_here,
)
from ouro.jitcore.optimizer.verdicts import AGAIN, DONE, KEEP
from ouro.jitcore.optimizer.work import IS_INSTANCE
from ouro.jitcore.trace import NOTHING, is_constant


class GuardState:
    """What guards remember.

    Attributes:
        of_object: the last guard that is about an object alone (nonnull, class), by the number of the object.
        subclass_of: the vtable of a class that the object is of, or below it, by its number.
        type_id_of: the constant that the object was found to have as its type id, by its number.
        not_negative: the guard that an index is not negative, which may become that of both bounds, by its number.
        valid: `guard_not_invalidated` holds, because nothing since the last one can invalidate.
    """

    def __init__(self):
        self.of_object = {}
        self.subclass_of = {}
        self.type_id_of = {}
        self.not_negative = {}
        self.valid = False


def refuse_contradiction(optimizer, number):
    """A guard on a constant that can never hold ends the matter."""
    reference = optimizer.work.first[number]
    if is_constant(reference) and not _constant_holds(optimizer, number, reference):
        raise InvalidTrace
    return KEEP


def _constant_holds(optimizer, number, reference):
    work = optimizer.work
    constants, machine = optimizer.constants, optimizer.environment.machine
    opcode, wanted = work.opcodes[number], work.second[number]
    if opcode == ops.GUARD_TRUE or opcode == ops.GUARD_FALSE:
        return constants.int_of(reference) == int(opcode == ops.GUARD_TRUE)
    if opcode == ops.GUARD_VALUE:
        return reference == wanted
    if opcode == ops.GUARD_ISNULL:
        return not constants.reference_of(reference)
    value = constants.reference_of(reference)
    if opcode == ops.GUARD_NONNULL or not value:
        return bool(value)
    if opcode == ops.GUARD_GC_TYPE:
        return machine.type_id_of(value) == constants.int_of(wanted)
    if opcode == ops.GUARD_IS_OBJECT or not machine.is_instance(value):
        return machine.is_instance(value)
    if opcode == ops.GUARD_SUBCLASS:
        return machine.is_subclass(machine.class_of(value), constants.int_of(wanted))
    return machine.class_of(value) == constants.int_of(wanted)


def _holds_if(truth):
    if not truth:
        raise InvalidTrace
    return DONE


def optimize_true(optimizer, number):
    return _optimize_truth(optimizer, number, 1)


def optimize_false(optimizer, number):
    return _optimize_truth(optimizer, number, 0)


def _optimize_truth(optimizer, number, wanted):
    work = optimizer.work
    condition = work.first[number]
    if is_constant(condition):
        return DONE
    opcode = work.opcodes[condition]
    if opcode == ops.PTR_NONZERO or opcode == ops.PTR_ISZERO:
        # the guard of the object tells more, and the comparison may not be needed any more
        nonnull = (opcode == ops.PTR_NONZERO) == (wanted == 1)
        compared = work.resolve(work.first[condition])
        optimizer.settle_later(condition, optimizer.constants.of_int(wanted))
        work.rewrite(number, ops.GUARD_NONNULL if nonnull else ops.GUARD_ISNULL, compared)
        return AGAIN
    if opcode == ops.INT_IS_ZERO and _is_comparison(optimizer, work.resolve(work.first[condition])):
        work.rewrite(number, ops.GUARD_FALSE if wanted == 1 else ops.GUARD_TRUE, work.resolve(work.first[condition]))
        optimizer.settle_later(condition, optimizer.constants.of_int(wanted))
        return AGAIN
    return KEEP


def _is_comparison(optimizer, reference):
    return reference >= 0 and ops.has_flag(optimizer.work.opcodes[reference], ops.COMPARE)


def learn_true(optimizer, number):
    _learn_truth(optimizer, number, 1)


def learn_false(optimizer, number):
    _learn_truth(optimizer, number, 0)


def _learn_truth(optimizer, number, truth):
    """The condition is a constant behind the guard; so is an object that was compared with one."""
    work = optimizer.work
    condition = work.first[number]
    if condition < 0:
        return
    opcode = work.opcodes[condition]
    equal = opcode == ops.PTR_EQ or opcode == ops.INSTANCE_PTR_EQ
    if equal and truth == 1 or (opcode == ops.PTR_NE or opcode == ops.INSTANCE_PTR_NE) and truth == 0:
        first, second = work.resolve(work.first[condition]), work.resolve(work.second[condition])
        if first >= 0 and is_constant(second):
            learn_constant(optimizer, first, second)
        elif second >= 0 and is_constant(first):
            learn_constant(optimizer, second, first)
    learn_constant(optimizer, condition, optimizer.constants.of_int(truth))


def optimize_nonnull(optimizer, number):
    reference = optimizer.work.first[number]
    if is_nonnull(optimizer, reference):
        return DONE
    return KEEP


def optimize_isnull(optimizer, number):
    reference = optimizer.work.first[number]
    if is_null(optimizer, reference):
        return DONE
    if is_nonnull(optimizer, reference):
        raise InvalidTrace
    return KEEP


def optimize_class(optimizer, number):
    work = optimizer.work
    reference = work.first[number]
    wanted = optimizer.constants.int_of(work.second[number])
    known = class_of(optimizer, reference)
    if known != 0:
        return _holds_if(known == wanted)
    if work.opcodes[number] == ops.GUARD_NONNULL_CLASS:
        if is_nonnull(optimizer, reference):
            work.opcodes[number] = ops.GUARD_CLASS
    earlier = _earlier(optimizer, reference)
    if earlier != NOTHING and work.opcodes[earlier] == ops.GUARD_NONNULL:
        work.opcodes[earlier] = ops.GUARD_NONNULL_CLASS
        work.second[earlier] = work.second[number]
        learn_class(optimizer, reference, wanted)
        return DONE
    return KEEP


def _earlier(optimizer, reference):
    """The guard that can be made stronger, `NOTHING` for none."""
    if reference < 0:
        return NOTHING
    return optimizer.guards.of_object.get(reference, NOTHING)


def optimize_value(optimizer, number):
    work = optimizer.work
    reference, wanted = work.first[number], work.second[number]
    if is_constant(reference):
        return DONE
    kind = work.kind_of(reference)
    if kind == "i":
        if ops.has_flag(work.opcodes[reference], ops.COMPARE):
            value = optimizer.constants.int_of(wanted)
            if value != 0 and value != 1:
                raise InvalidTrace
            work.rewrite(number, ops.GUARD_TRUE if value == 1 else ops.GUARD_FALSE, reference)
            return AGAIN
        if work.opcodes[reference] == ops.LOAD_CLASS:
            loaded = work.resolve(work.first[reference])
            optimizer.settle_later(reference, wanted)
            work.rewrite(number, ops.GUARD_CLASS, loaded, wanted)
            return AGAIN
    elif kind == "r":
        if is_null(optimizer, wanted):
            work.rewrite(number, ops.GUARD_ISNULL, reference)
            return AGAIN
        if surely_different(optimizer, reference, wanted):
            raise InvalidTrace
        earlier = _earlier(optimizer, reference)
        if earlier != NOTHING:
            work.opcodes[earlier] = ops.GUARD_VALUE
            work.second[earlier] = wanted
            learn_constant(optimizer, reference, wanted)
            return DONE
    return KEEP


def optimize_is_object(optimizer, number):
    reference = optimizer.work.first[number]
    if is_instance(optimizer, reference) or reference in optimizer.guards.subclass_of:
        return DONE
    return KEEP


def optimize_subclass(optimizer, number):
    work = optimizer.work
    machine = optimizer.environment.machine
    known = class_of(optimizer, work.first[number])
    base = optimizer.constants.int_of(work.second[number])
    if known != 0:
        return _holds_if(machine.is_subclass(known, base))
    known = optimizer.guards.subclass_of.get(work.first[number], 0)
    if known != 0 and machine.is_subclass(known, base):
        return DONE
    return KEEP


def learn_subclass(optimizer, number):
    work = optimizer.work
    if work.first[number] >= 0:
        optimizer.guards.subclass_of[work.first[number]] = optimizer.constants.int_of(work.second[number])
        learn_object(optimizer, number)


def optimize_gc_type(optimizer, number):
    work = optimizer.work
    reference = work.first[number]
    if is_constant(reference):
        return DONE
    wanted = optimizer.constants.int_of(work.second[number])
    if made_here(optimizer, reference):
        descriptor = work.descriptors[reference]
        if isinstance(descriptor, SizeDescriptor):
            return _holds_if(descriptor.type_id == wanted)
        if isinstance(descriptor, ArrayDescriptor):
            return _holds_if(descriptor.type_id == wanted)
    known = optimizer.guards.type_id_of.get(reference, NOTHING)
    if known != NOTHING:
        return _holds_if(known == work.second[number])
    return KEEP


def learn_gc_type(optimizer, number):
    work = optimizer.work
    if work.first[number] >= 0:
        learn_nonnull(optimizer, work.first[number])
        optimizer.guards.type_id_of[work.first[number]] = work.second[number]


def learn_object(optimizer, number):
    """Behind a guard about an object alone."""
    work = optimizer.work
    reference = work.first[number]
    if reference < 0:
        return
    opcode = work.opcodes[number]
    if opcode == ops.GUARD_NONNULL:
        learn_nonnull(optimizer, reference)
    elif opcode == ops.GUARD_IS_OBJECT or opcode == ops.GUARD_SUBCLASS:
        learn_nonnull(optimizer, reference)
        work.facts[reference] |= IS_INSTANCE
        return
    else:
        learn_class(optimizer, reference, optimizer.constants.int_of(work.second[number]))
    optimizer.guards.of_object[reference] = number


def learn_isnull(optimizer, number):
    work = optimizer.work
    if work.first[number] >= 0:
        learn_constant(optimizer, work.first[number], optimizer.null)


def learn_value(optimizer, number):
    work = optimizer.work
    if work.first[number] >= 0:
        learn_constant(optimizer, work.first[number], work.second[number])


def optimize_load_class(optimizer, number):
    work = optimizer.work
    known = class_of(optimizer, work.first[number])
    if known == 0:
        return KEEP
    work.forward(number, optimizer.constants.of_int(known))
    return DONE


def optimize_record_class(optimizer, number):
    work = optimizer.work
    learn_class(optimizer, work.first[number], optimizer.constants.int_of(work.second[number]))
    return DONE


def optimize_record_value(optimizer, number):
    work = optimizer.work
    if work.first[number] >= 0:
        learn_constant(optimizer, work.first[number], work.second[number])
    return DONE


def optimize_null_test(optimizer, number):
    work = optimizer.work
    reference = work.first[number]
    if is_nonnull(optimizer, reference):
        result = work.opcodes[number] == ops.PTR_NONZERO
    elif is_null(optimizer, reference):
        result = work.opcodes[number] == ops.PTR_ISZERO
    else:
        return KEEP
    work.forward(number, optimizer.constants.of_int(int(result)))
    return DONE


def optimize_identity(optimizer, number):
    """Objects that cannot be the same: of different classes, one of them null, made at different places."""
    work = optimizer.work
    first, second = work.first[number], work.second[number]
    if first == second or not surely_different(optimizer, first, second):
        return KEEP
    result = work.opcodes[number] == ops.PTR_NE or work.opcodes[number] == ops.INSTANCE_PTR_NE
    work.forward(number, optimizer.constants.of_int(int(result)))
    return DONE


def surely_different(optimizer, first, second):
    """Are two references known to be different objects, or one of them null and the other not?"""
    work = optimizer.work
    if is_constant(first) and is_constant(second):
        return first != second
    if is_null(optimizer, first):
        return is_nonnull(optimizer, second)
    if is_null(optimizer, second):
        return is_nonnull(optimizer, first)
    if first >= 0 and work.virtuals[first] is not None or second >= 0 and work.virtuals[second] is not None:
        return first != second
    first_class, second_class = class_of(optimizer, first), class_of(optimizer, second)
    return first_class != 0 and second_class != 0 and first_class != second_class


def optimize_not_invalidated(optimizer, number):
    if optimizer.guards.valid:
        return DONE
    return KEEP


def learn_not_invalidated(optimizer, number):
    optimizer.guards.valid = True


def learn_call(optimizer, number):
    """Behind a call that is in the trace: it may have invalidated the code."""
    descriptor = optimizer.work.descriptors[number]
    if isinstance(descriptor, CallDescriptor):
        effect = descriptor.effect
        if effect.can_invalidate or effect.forces() or effect.releases_lock:
            optimizer.guards.valid = False
    else:
        optimizer.guards.valid = False


def learn_exception(optimizer, number):
    work = optimizer.work
    learn_class(optimizer, number, optimizer.constants.int_of(work.first[number]))


def optimize_quasi_immutable(optimizer, number):
    """The marker in front of the load of a quasi-immutable field: of a constant, it says what the loop depends on."""
    work = optimizer.work
    field = work.descriptors[number]
    assert isinstance(field, FieldDescriptor)
    reference = work.first[number]
    if is_constant(reference) and has_field(optimizer, optimizer.constants.reference_of(reference), field):
        optimizer.depend_on(reference, field)
    return DONE


def learn_allocation(optimizer, number):
    learn_nonnull(optimizer, number)


#: Whatever is switched off: without it, code would not be invalidated.
DEPENDENCIES = {ops.QUASIIMMUT_FIELD: optimize_quasi_immutable}

#: Whatever is switched off: no one may look into constants behind them.
CONTRADICTIONS = {
    opcode: refuse_contradiction
    for opcode in (
        ops.GUARD_TRUE, ops.GUARD_FALSE, ops.GUARD_VALUE, ops.GUARD_NONNULL, ops.GUARD_ISNULL, ops.GUARD_CLASS,
        ops.GUARD_NONNULL_CLASS, ops.GUARD_IS_OBJECT, ops.GUARD_SUBCLASS, ops.GUARD_GC_TYPE,
    )
}  # fmt: skip

HANDLERS = {
    ops.GUARD_TRUE: optimize_true,
    ops.GUARD_FALSE: optimize_false,
    ops.GUARD_NONNULL: optimize_nonnull,
    ops.GUARD_ISNULL: optimize_isnull,
    ops.GUARD_CLASS: optimize_class,
    ops.GUARD_NONNULL_CLASS: optimize_class,
    ops.GUARD_VALUE: optimize_value,
    ops.GUARD_IS_OBJECT: optimize_is_object,
    ops.GUARD_SUBCLASS: optimize_subclass,
    ops.GUARD_GC_TYPE: optimize_gc_type,
    ops.GUARD_NOT_INVALIDATED: optimize_not_invalidated,
    ops.LOAD_CLASS: optimize_load_class,
    ops.RECORD_EXACT_CLASS: optimize_record_class,
    ops.RECORD_EXACT_VALUE: optimize_record_value,
    ops.PTR_ISZERO: optimize_null_test,
    ops.PTR_NONZERO: optimize_null_test,
    ops.PTR_EQ: optimize_identity,
    ops.PTR_NE: optimize_identity,
    ops.INSTANCE_PTR_EQ: optimize_identity,
    ops.INSTANCE_PTR_NE: optimize_identity,
}

LEARNERS = {
    ops.GUARD_TRUE: learn_true,
    ops.GUARD_FALSE: learn_false,
    ops.GUARD_NONNULL: learn_object,
    ops.GUARD_CLASS: learn_object,
    ops.GUARD_NONNULL_CLASS: learn_object,
    ops.GUARD_IS_OBJECT: learn_object,
    ops.GUARD_SUBCLASS: learn_subclass,
    ops.GUARD_GC_TYPE: learn_gc_type,
    ops.GUARD_ISNULL: learn_isnull,
    ops.GUARD_VALUE: learn_value,
    ops.GUARD_EXCEPTION: learn_exception,
    ops.GUARD_NOT_INVALIDATED: learn_not_invalidated,
}
LEARNERS.update({opcode: learn_call for opcode in range(ops.COUNT) if ops.is_call(opcode)})
LEARNERS.update({
    opcode: learn_allocation
    for opcode in range(ops.COUNT)
    if ops.has_flag(opcode, ops.ALLOCATE) and ops.result_kind(opcode) == "r"
})
