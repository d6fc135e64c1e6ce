"""The end of a trace that goes to a loop: which of its labels, and with what.

A label behind a first iteration relies on a state (`TargetState`). Values that have it may go there; where they could
have it, guards make sure; what the body takes besides is computed. The newest label whose state fits is taken. The
label at the beginning of the loop takes any values.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import FieldDescriptor
from ouro.jitcore.optimizer import ranges
from ouro.jitcore.optimizer.errors import InvalidTrace
from ouro.jitcore.optimizer.integers import range_of
from ouro.jitcore.optimizer.loop_state import Fitting, is_known
from ouro.jitcore.optimizer.objects import array_of, class_of, is_instance, is_nonnull
from ouro.jitcore.optimizer.options import HEAP
from ouro.jitcore.optimizer.work import IS_INSTANCE, NONNULL
from ouro.jitcore.trace import NO_SNAPSHOT, NOTHING, is_constant


def jump_to_loop(optimizer, loop, values):
    """Emit the jump at the end of a pass to a loop with a label in compiled code.

    Args:
        optimizer: at the end of its pass.
        loop: the `LoopToken`.
        values: what the recorded loop takes.

    Returns:
        False if the loop has labels that rely on a state, and none of them was fit.
    """
    can_guard = optimizer.future_snapshot != NO_SNAPSHOT
    targets = loop.targets
    for number in range(len(targets) - 1, 0, -1):
        state = targets[number].state
        if state is not None and state.has_virtuals and _jump_with_virtuals(optimizer, targets[number], values):
            return True
    optimizer.heap.flush_all()
    for with_guards in [False, True]:
        if with_guards and not can_guard:
            break
        for number in range(len(targets) - 1, 0, -1):
            target = targets[number]
            state = target.state
            if state is not None and not state.has_virtuals:
                if _jump_to(optimizer, target, values, {}, with_guards, can_guard):
                    return True
    arguments = []
    for value in values:
        arguments.append(optimizer.forced(value))
    _emit_jump(optimizer, arguments, targets[0])
    for target in targets:
        if target.state is not None:
            return False
    return True


def _emit_jump(optimizer, arguments, target):
    jump = optimizer.work.append_list(ops.JUMP, arguments, target)
    optimizer.work.order.append(jump)


def _jump_with_virtuals(optimizer, target, values):
    """Jump to a label whose body begins with stores of objects that are not made, if such stores wait here, too."""
    heap = optimizer.heap
    waiting = heap.stored_virtuals()
    if len(waiting) == 0 or optimizer.future_snapshot == NO_SNAPSHOT:
        return False
    state = target.state
    cells = {}
    virtuals = []
    for carried in state.carried:
        if carried.root >= 0:
            cell = _cell_of(optimizer, state, carried, values)
            if cell is None or cell not in waiting:
                return False
            cells[cell] = 1
            virtuals.append(heap.value_of_store(cell.waiting))
    heap.flush_all_but(cells)
    return _jump_to(optimizer, target, values + virtuals, cells, True, True)


def _cell_of(optimizer, state, carried, values):
    """The cell of a carried value if a store to its place waits, None if that is not known."""
    heap = optimizer.heap
    base = _known_operand(optimizer, state, carried.operands[0], values)
    if base == NOTHING:
        return None
    descriptor = carried.descriptor
    if isinstance(descriptor, FieldDescriptor):
        cell = heap.field(descriptor)
    else:
        cell = heap.item_at(descriptor, _known_operand(optimizer, state, carried.operands[1], values))
    if cell.waiting == NOTHING or optimizer.work.resolve(optimizer.work.first[cell.waiting]) != base:
        return None
    return cell


def _known_operand(optimizer, state, operand, values):
    """What an operand of a carried value is here, `NOTHING` where it would have to be computed."""
    if is_constant(operand):
        return optimizer.constants.from_pools(state.state.constants, operand)
    if operand & 1 == 0:
        return optimizer.work.resolve(values[operand >> 1])
    carried = state.carried[operand >> 1]
    if not carried.is_load() or carried.root >= 0 or not optimizer.enabled & HEAP:
        return NOTHING
    base = _known_operand(optimizer, state, carried.operands[0], values)
    if base == NOTHING:
        return NOTHING
    heap = optimizer.heap
    descriptor = carried.descriptor
    if isinstance(descriptor, FieldDescriptor):
        return heap.known(heap.field(descriptor), base)
    index = _known_operand(optimizer, state, carried.operands[1], values)
    if index == NOTHING:
        return NOTHING
    return heap.known(heap.item_at(descriptor, index), base)


def _jump_to(optimizer, target, values, cells, with_guards, can_guard):
    """Jump to a label if the values fit its state; False if they do not. The body makes the stores to `cells`."""
    state = target.state
    fitting = Fitting(optimizer, state.state)
    if not fitting.fits(values):
        return False
    if len(fitting.unknown) > 0 and not with_guards or len(state.carried) > 0 and not can_guard:
        return False
    if len(fitting.unknown) > optimizer.environment.options.entry_guards_limit or _varies(optimizer, state, values):
        return False
    optimizer.snapshot = optimizer.future_snapshot
    try:
        for node in fitting.unknown:
            ensure(optimizer, fitting.of_node[node], node.known)
        carried = _carried_values(optimizer, state, [fitting.of_node[node] for node in state.state.roots])
    except (InvalidTrace, ranges.EmptyRange):
        return False
    for cell in cells:
        if cell.waiting == NOTHING:
            return False
    for cell in cells:
        optimizer.heap.drop(cell)
    arguments = fitting.arguments()
    for position in state.passed:
        arguments.append(optimizer.forced(carried[position]))
    _emit_jump(optimizer, arguments, target)
    return True


def _varies(optimizer, state, values):
    """Would a guard have to make sure of the constant that the guard at the beginning of the bridge waited for?

    The guard would be made at the end, or that of the beginning again where it was a weaker one, so that a bridge of
    the same instructions would come of each failure.
    """
    if optimizer.varying == NOTHING:
        return False
    for position in range(len(state.carried)):
        carried = state.carried[position]
        if carried.constant != NOTHING and carried.root < 0:
            found = _known_operand(optimizer, state, 2 * position + 1, values)
            if found != NOTHING and optimizer.work.resolve(found) == optimizer.varying:
                return True
    return False


def _carried_values(optimizer, state, roots):
    """The values here of what the body relies on, computed or loaded."""
    work = optimizer.work
    pools = state.state.constants
    values = []
    for carried in state.carried:
        if carried.root >= 0:
            values.append(NOTHING)
            continue
        operands = []
        for operand in carried.operands:
            if is_constant(operand):
                operands.append(optimizer.constants.from_pools(pools, operand))
            elif operand & 1:
                operands.append(work.resolve(values[operand >> 1]))
            else:
                operands.append(work.resolve(roots[operand >> 1]))
        if _reads_memory(carried.opcode) and not _is_loaded(optimizer, carried, operands):
            _make_loadable(optimizer, carried.opcode, operands, carried.descriptor)
        number = work.append_list(carried.opcode, operands, carried.descriptor)
        optimizer.process(number)
        if ops.is_call(carried.opcode):
            optimizer.make(ops.GUARD_NO_EXCEPTION)
        value = work.resolve(number)
        if carried.constant != NOTHING:
            _ensure_constant(optimizer, value, optimizer.constants.from_pools(pools, carried.constant))
            value = work.resolve(value)
        elif not is_known(optimizer, value, carried.known):
            ensure(optimizer, value, carried.known)
        values.append(value)
    return values


def _reads_memory(opcode):
    return ops.has_flag(opcode, ops.LOAD) or opcode == ops.LOAD_CLASS


def _is_loaded(optimizer, carried, operands):
    """Is what a load would give known here, so that nothing has to be loaded?"""
    if not carried.is_load() or not optimizer.enabled & HEAP:
        return False
    heap = optimizer.heap
    descriptor = carried.descriptor
    if isinstance(descriptor, FieldDescriptor):
        return heap.known(heap.field(descriptor), operands[0]) != NOTHING
    return heap.known(heap.item_at(descriptor, operands[1]), operands[0]) != NOTHING


def _make_loadable(optimizer, opcode, operands, descriptor):
    """Make sure that a load is from an object that has what is loaded.

    In the loop, something that is not part of its state may have said so.
    """
    base = operands[0]
    if optimizer.work.kind_of(base) != "r" or is_virtual(optimizer, base):
        return
    if not is_nonnull(optimizer, base):
        optimizer.make(ops.GUARD_NONNULL, base)
    if opcode == ops.LOAD_CLASS:
        if not is_instance(optimizer, base):
            optimizer.make(ops.GUARD_IS_OBJECT, base)
    elif isinstance(descriptor, FieldDescriptor):
        vtable = descriptor.owner.vtable
        if vtable != 0:
            if not is_instance(optimizer, base):
                optimizer.make(ops.GUARD_IS_OBJECT, base)
            optimizer.make(ops.GUARD_SUBCLASS, base, optimizer.constants.of_int(vtable))
        else:
            # a field with erased storage may lead to another structure that looks the same
            optimizer.make(ops.GUARD_GC_TYPE, base, optimizer.constants.of_int(descriptor.owner.type_id))
    else:
        # the same goes for arrays and strings
        array = array_of(descriptor)
        optimizer.make(ops.GUARD_GC_TYPE, base, optimizer.constants.of_int(array.type_id))
        if len(operands) > 1 and array.has_length():
            of_string = opcode == ops.STRGETITEM
            length = optimizer.make(ops.STRLEN if of_string else ops.ARRAYLEN_GC, base, NOTHING, NOTHING, array)
            _guard_true(optimizer, optimizer.make(ops.UINT_LT, operands[1], length))


def is_virtual(optimizer, reference):
    """Is a value an object that is not made?"""
    return reference >= 0 and optimizer.work.virtuals[reference] is not None


def _guard_true(optimizer, condition):
    optimizer.make(ops.GUARD_TRUE, condition)


def _ensure_constant(optimizer, value, constant):
    if value == constant:
        return
    if is_constant(value):
        raise InvalidTrace
    optimizer.make(ops.GUARD_VALUE, value, constant)


def ensure(optimizer, value, known):
    """Make guards for what a value is not yet known to be."""
    constants = optimizer.constants
    work = optimizer.work
    value = work.resolve(value)
    if known.range is not None:
        found = range_of(optimizer, value)
        if found.lower < known.range.lower:
            _guard_true(optimizer, optimizer.make(ops.INT_GE, value, constants.of_int(known.range.lower)))
        if found.upper > known.range.upper:
            _guard_true(optimizer, optimizer.make(ops.INT_LE, value, constants.of_int(known.range.upper)))
        value = work.resolve(value)
        if not known.range.includes(range_of(optimizer, value)):
            bits = optimizer.make(ops.INT_AND, value, constants.of_int(~known.range.unknown))
            _guard_true(optimizer, optimizer.make(ops.INT_EQ, bits, constants.of_int(known.range.value)))
    if known.facts & NONNULL and not is_nonnull(optimizer, value) and not is_virtual(optimizer, value):
        if known.class_address == 0:
            optimizer.make(ops.GUARD_NONNULL, value)
    if known.class_address != 0 and class_of(optimizer, value) != known.class_address:
        if not is_nonnull(optimizer, value):
            optimizer.make(ops.GUARD_NONNULL, value)
        if not is_instance(optimizer, value):
            optimizer.make(ops.GUARD_IS_OBJECT, value)
        optimizer.make(ops.GUARD_CLASS, value, constants.of_int(known.class_address))
    elif known.facts & IS_INSTANCE and not is_instance(optimizer, value):
        optimizer.make(ops.GUARD_IS_OBJECT, value)
