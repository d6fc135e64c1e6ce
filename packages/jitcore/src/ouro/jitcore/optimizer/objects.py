"""What is known of objects: null or not, and the class. For the optimisations that ask, and those that learn."""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import ArrayDescriptor, InteriorFieldDescriptor
from ouro.jitcore.optimizer.work import IS_INSTANCE, NONNULL
from ouro.jitcore.trace import is_constant


def is_null(optimizer, reference):
    """Is a reference the constant null?"""
    return is_constant(reference) and not optimizer.constants.reference_of(reference)


def is_nonnull(optimizer, reference):
    """Is a reference known not to be null?"""
    if is_constant(reference):
        return bool(optimizer.constants.reference_of(reference))
    return optimizer.work.facts[reference] & NONNULL != 0


def is_instance(optimizer, reference):
    """Is a reference known to be an object with a class?"""
    if is_constant(reference):
        value = optimizer.constants.reference_of(reference)
        return bool(value) and optimizer.environment.machine.is_instance(value)
    return optimizer.work.facts[reference] & IS_INSTANCE != 0


def class_of(optimizer, reference):
    """The address of the vtable of an object, 0 where it is not known."""
    if is_constant(reference):
        value = optimizer.constants.reference_of(reference)
        if value and optimizer.environment.machine.is_instance(value):
            return optimizer.environment.machine.class_of(value)
        return 0
    return optimizer.work.classes[reference]


def has_field(optimizer, value, field):
    """Has a constant object a field?

    Memory is read while optimising only where this holds. A constant need not be what the recording had at this place:
    code may stand behind a guard, not even on the constant itself, that it never gets past.
    """
    machine = optimizer.environment.machine
    vtable = field.owner.vtable
    if not value:
        return False
    if vtable != 0:
        return machine.is_instance(value) and machine.is_subclass(machine.class_of(value), vtable)
    return machine.type_id_of(value) == field.owner.type_id


def is_array(optimizer, value, array):
    """Is a constant object an array, or a string, of a type? As `has_field`."""
    return bool(value) and optimizer.environment.machine.type_id_of(value) == array.type_id


def learn_nonnull(optimizer, reference):
    """A reference was found not to be null."""
    if reference >= 0:
        optimizer.work.facts[reference] |= NONNULL


def learn_class(optimizer, reference, class_address):
    """The class of an object was found."""
    if reference >= 0:
        optimizer.work.facts[reference] |= NONNULL | IS_INSTANCE
        optimizer.work.classes[reference] = class_address


def learn_owner(optimizer, reference, field):
    """An object has a field, because it was loaded or stored: so it is of the class that has the field, or below it; a
    structure without a class is just of that type.
    """
    vtable = field.owner.vtable
    if reference < 0 or optimizer.work.classes[reference] != 0:
        return
    if vtable == 0:
        _learn_type(optimizer, reference, field.owner.type_id)
        return
    guards = optimizer.guards
    known = guards.subclass_of.get(reference, 0)
    if known == 0 or known != vtable and optimizer.environment.machine.is_subclass(vtable, known):
        guards.subclass_of[reference] = vtable


def learn_array(optimizer, reference, descriptor):
    """An object has items, because one was loaded or stored, or its length was: it is an array of just that type."""
    if reference >= 0:
        _learn_type(optimizer, reference, array_of(descriptor).type_id)


def _learn_type(optimizer, reference, type_id):
    type_id_of = optimizer.guards.type_id_of
    if reference not in type_id_of:
        type_id_of[reference] = optimizer.constants.of_int(type_id)


def array_of(descriptor):
    """The array of an item, or of a field of one."""
    array = descriptor.array if isinstance(descriptor, InteriorFieldDescriptor) else descriptor
    assert isinstance(array, ArrayDescriptor)
    return array


def learn_constant(optimizer, reference, constant):
    """A value was found to be a constant: from now on it stands for it."""
    work = optimizer.work
    reference = work.resolve(reference)
    if reference >= 0:
        work.forward(reference, constant)


def made_here(optimizer, reference):
    """Was the object allocated in this trace? No other value can be the same object then, unless it was given on."""
    return reference >= 0 and ALLOCATES[optimizer.work.opcodes[reference]]


ALLOCATES = [ops.has_flag(opcode, ops.ALLOCATE) and ops.result_kind(opcode) == "r" for opcode in range(ops.COUNT)]
