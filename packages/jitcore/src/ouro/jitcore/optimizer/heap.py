"""Loads and stores: a load of what is known is not made, a store waits until someone could see that it is missing.

For each field (and each item of arrays of one type at one index) there is a `Cell`: what is known of the field of each
object, and one store that waits. A store that waits is dropped when the next one writes the same field of the same
object, or what memory has. It is emitted in front of what may read or write the field: a load from an object that may
be the same, a call whose effect says so, the end of the trace. In front of a guard it is emitted unless resume data do
the store: where the value is virtual, and of a few fields that were loaded or stored before in the trace, which are
likely to be stored again.

Two references may be the same object unless one of them was made in this trace and no one else has got it, or they are
different constants or of different classes.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import (
    RANDOM,
    ArrayDescriptor,
    CallDescriptor,
    FieldDescriptor,
    InteriorFieldDescriptor,
)
from ouro.jitcore.optimizer.allocation import constant_index
from ouro.jitcore.optimizer.cells import INDEX_LIMIT, MOST_CELLS, Cell, ItemCells, offset_of, root_of
from ouro.jitcore.optimizer.guards import surely_different
from ouro.jitcore.optimizer.integers import as_loaded
from ouro.jitcore.optimizer.objects import has_field, is_array, learn_array, learn_nonnull, learn_owner, made_here
from ouro.jitcore.optimizer.verdicts import DONE, KEEP
from ouro.jitcore.optimizer.virtuals import Structure
from ouro.jitcore.optimizer.work import ESCAPED, in_work
from ouro.jitcore.resume import PendingStores
from ouro.jitcore.trace import NOTHING, is_constant

#: So many stores of objects that are not made leave a loop.
MOST_VIRTUALS_SUNK = 8

#: So many stores of what is not virtual wait behind a guard, for which its resume data have to make them.
MOST_BEHIND_GUARDS = 10


class HeapState:
    """All cells.

    Attributes:
        fields: by field. items: by array or interior field descriptor.
        cells: of fields and items at constant indices, in the order in which they were made.
        waiting: the cells whose store waits.
    """

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.fields = {}
        self.items = {}
        self.cells = []
        self.waiting = []

    def field(self, field):
        """The cell of a field."""
        assert isinstance(field, FieldDescriptor)
        cell = self.fields.get(field, None)
        if cell is None:
            cell = Cell(field, None, None, -1)
            self.fields[field] = cell
            self.cells.append(cell)
        return cell

    def items_of(self, descriptor):
        """The cells of an array or interior field."""
        items = self.items.get(descriptor, None)
        if items is None:
            if isinstance(descriptor, InteriorFieldDescriptor):
                items = ItemCells(None, descriptor)
            else:
                assert isinstance(descriptor, ArrayDescriptor)
                items = ItemCells(descriptor, None)
            self.items[descriptor] = items
        return items

    def item(self, descriptor, index):
        """The cell of the items at a small constant index."""
        items = self.items_of(descriptor)
        cell = items.constant(index)
        if cell is None:
            cell = items.new_constant(index)
            self.cells.append(cell)
        return cell

    def item_at(self, descriptor, index):
        """The cell of the items at an index, a reference."""
        constant = constant_index(self.optimizer, index, INDEX_LIMIT)
        if constant >= 0:
            return self.item(descriptor, constant)
        items = self.items_of(descriptor)
        work = self.optimizer.work
        root, offset = root_of(work, index), offset_of(work, index)
        cell = items.find_counted(root, offset)
        if cell is None:
            if items.count >= MOST_CELLS:
                self._drop_counted(items)
            cell = items.counted_from(root, offset, index)
        return cell

    def _drop_counted(self, items):
        """Forget the items at indices that are no constants."""
        for cell in items.counted_cells():
            if cell.waiting != NOTHING:
                self.flush(cell)
        items.counted = {}
        items.count = 0

    def know_field(self, reference, field, value):
        """A field has a value."""
        assert isinstance(field, FieldDescriptor)
        self.field(field).values[reference] = value
        learn_owner(self.optimizer, reference, field)

    def know_item(self, reference, array, index, value):
        """An item at a constant index has a value."""
        if index < INDEX_LIMIT:
            self.item(array, index).values[reference] = value

    def know_item_at(self, reference, descriptor, index, value):
        """An item at an index, a reference, has a value."""
        self.item_at(descriptor, index).values[reference] = value

    def known(self, cell, reference):
        """What a load of a cell of an object would give, `NOTHING` where that is not known."""
        work = self.optimizer.work
        if cell.waiting != NOTHING:
            written = work.resolve(work.first[cell.waiting])
            if written == reference:
                return work.resolve(self.value_of_store(cell.waiting))
            if self.may_alias(written, reference):
                return NOTHING
        value = cell.values.get(reference, NOTHING)
        return value if value == NOTHING else work.resolve(value)

    # ---- loads and stores

    def load(self, cell, number, reference):
        """Optimise the load `number` of a cell of an object."""
        optimizer = self.optimizer
        work = optimizer.work
        if cell.waiting != NOTHING:
            written = work.resolve(work.first[cell.waiting])
            if written == reference:
                value = self.value_of_store(cell.waiting)
                optimizer.use(value)
                work.forward(number, as_loaded(optimizer, number, work.resolve(value)))
                return DONE
            if self.may_alias(written, reference):
                self.flush(cell)
        known = cell.values.get(reference, NOTHING)
        if known != NOTHING:
            optimizer.use(known)
            known = work.resolve(known)
            if work.kind_of(known) == work.kind_of(number):
                work.forward(number, as_loaded(optimizer, number, known))
                return DONE
        return KEEP

    def store(self, cell, number, reference, value):
        """Optimise the store `number` to a cell of an object: it waits, or is not needed."""
        work = self.optimizer.work
        if cell.waiting != NOTHING and work.resolve(work.first[cell.waiting]) != reference:
            self.flush(cell)
        known = cell.values.get(reference, NOTHING)
        if known != NOTHING and work.resolve(known) == value:
            self.optimizer.use(known)
            if cell.waiting != NOTHING:
                # no one saw what was written in between
                self.drop(cell)
            return DONE
        if cell.waiting == NOTHING:
            self.waiting.append(cell)
        cell.waiting = number
        return DONE

    def value_of_store(self, number):
        """What a store writes."""
        work = self.optimizer.work
        return work.operand(number, work.operand_count(number) - 1)

    def may_alias(self, first, second):
        """May two references be the same object?"""
        if first == second:
            return True
        optimizer = self.optimizer
        first_made, second_made = made_here(optimizer, first), made_here(optimizer, second)
        if first_made and second_made:
            return False
        facts = optimizer.work.facts
        if first_made and facts[first] & ESCAPED == 0 or second_made and facts[second] & ESCAPED == 0:
            return False
        return not surely_different(optimizer, first, second)

    def flush(self, cell):
        """Emit the store that waits."""
        number = cell.waiting
        cell.waiting = NOTHING
        self.waiting.remove(cell)
        optimizer = self.optimizer
        work = optimizer.work
        reference = work.resolve(work.first[number])
        self.forget_aliases(cell, reference)
        optimizer.use(self.value_of_store(number))
        optimizer.emit(number)
        cell.values[reference] = work.resolve(self.value_of_store(number))

    def forget_aliases(self, cell, reference):
        """Something may be written to the cell of an object: what is known of others that may be the same goes."""
        gone = []
        for known in cell.values:
            if self.may_alias(known, reference):
                gone.append(known)
        for known in gone:
            del cell.values[known]

    def flush_all(self):
        """Emit all stores that wait."""
        while len(self.waiting) > 0:
            self.flush(self.waiting[0])

    def begin_with_store(self, cell, number):
        """At the beginning of a body a store waits whose place may not have been written by the iteration before."""
        cell.sunk = True
        cell.waiting = number
        self.waiting.append(cell)

    def stored(self):
        """The cells whose store waits, but those of virtual values, with the object that it is to."""
        work = self.optimizer.work
        result = {}
        for cell in self.waiting:
            value = work.resolve(self.value_of_store(cell.waiting))
            if len(result) < MOST_BEHIND_GUARDS and (value < 0 or work.virtuals[value] is None):
                result[cell] = work.resolve(work.first[cell.waiting])
        return result

    def stored_virtuals(self):
        """The cells of fields and of items at constant indices for which a store of an instance or structure that is
        not made waits, with the object that it is to.
        """
        work = self.optimizer.work
        result = {}
        for cell in self.waiting:
            value = work.resolve(self.value_of_store(cell.waiting))
            if cell.root == NOTHING and value >= 0 and isinstance(work.virtuals[value], Structure):
                if len(result) < MOST_VIRTUALS_SUNK:
                    result[cell] = work.resolve(work.first[cell.waiting])
        return result

    def flush_all_but(self, kept):
        """Emit the stores that wait, but those to some cells."""
        for cell in self.waiting[:]:
            if cell.waiting != NOTHING and cell not in kept:
                self.flush(cell)

    def flush_unsunk(self):
        """Emit the stores that wait, but those that the next iteration begins with."""
        for cell in self.waiting[:]:
            if cell.waiting != NOTHING and not cell.sunk:
                self.flush(cell)

    def drop(self, cell):
        """Let the store that waits be made by someone else."""
        cell.waiting = NOTHING
        self.waiting.remove(cell)

    def flush_real(self):
        """Emit the stores that wait, but those that resume data make."""
        if len(self.waiting) > 0:
            work = self.optimizer.work
            kept = 0
            for cell in self.waiting[:]:
                if cell.waiting == NOTHING:
                    continue
                value = work.resolve(self.value_of_store(cell.waiting))
                if value >= 0 and work.virtuals[value] is not None:
                    continue
                if kept < MOST_BEHIND_GUARDS:
                    if cell.sunk or work.resolve(work.first[cell.waiting]) in cell.values:
                        kept += 1
                        continue
                self.flush(cell)

    def flush_others(self, items, cell, reference):
        """Emit the stores that wait to items at other indices that may be the same as that of a cell."""
        if len(self.waiting) > 0:
            work = self.optimizer.work
            for other in self.waiting[:]:
                if other.waiting != NOTHING and other.root != cell.root and items.has(other):
                    if self.may_alias(work.resolve(work.first[other.waiting]), reference):
                        self.flush(other)

    def forget_others(self, items, cell, reference):
        """An item is written: forget those at other indices that may be the same."""
        if cell.root != NOTHING:
            for other in items.constants.values():
                self.forget_aliases(other, reference)
        for root, group in items.counted.items():
            if root != cell.root:
                for other in group.values():
                    self.forget_aliases(other, reference)
        items.drop_empty(cell)

    def pending_stores(self):
        """The stores that wait, for resume data, None for none."""
        if len(self.waiting) == 0:
            return None
        work = self.optimizer.work
        pending = PendingStores()
        for cell in self.waiting:
            number = cell.waiting
            self.optimizer.use(self.value_of_store(number))
            reference = in_work(work.resolve(work.first[number]))
            value = in_work(work.resolve(self.value_of_store(number)))
            if cell.field is not None:
                pending.add_field(cell.field, reference, value)
            elif cell.root == NOTHING:
                pending.add_item(work.descriptors[number], reference, cell.index, value)
            else:
                place = in_work(work.resolve(work.second[number]))
                pending.add_item_at(work.descriptors[number], reference, place, value)
        return pending

    # ---- in front of and behind what is emitted

    def before_guard(self, number):
        """Emit what must be done before a guard; the stores that its resume data do."""
        if len(self.waiting) == 0:
            return None
        work = self.optimizer.work
        order = work.order
        condition = work.first[number]
        if (len(order) > 0 and order[-1] == condition and condition >= 0
                and ops.has_flag(work.opcodes[condition], ops.PURE) and not self._stores(condition)):
            # the comparison stays next to its guard; an input stays in front of everything
            order.pop()
            self.flush_real()
            order.append(condition)
        else:
            self.flush_real()
        return self.pending_stores()

    def _stores(self, reference):
        """Does a store that waits need a value?"""
        work = self.optimizer.work
        for cell in self.waiting:
            if cell.waiting != NOTHING:
                for position in range(work.operand_count(cell.waiting)):
                    if work.resolve(work.operand(cell.waiting, position)) == reference:
                        return True
        return False

    def before_call(self, number):
        """Emit the stores that a call may see, and all that its guards would need to do."""
        if len(self.waiting) == 0:
            return
        descriptor = self.optimizer.work.descriptors[number]
        if not isinstance(descriptor, CallDescriptor) or is_random(descriptor):
            self.flush_all()
            return
        effect = descriptor.effect
        if effect.can_raise() or effect.forces():
            self.flush_real()
        if effect.forces():
            # who follows a reference that was followed while tracing asks no resume data
            for field in self.optimizer.environment.forced_fields:
                cell = self.fields.get(field, None)
                if cell is not None and cell.waiting != NOTHING:
                    self.flush(cell)
        for cell in self.waiting[:]:
            if cell.waiting != NOTHING and (cell.is_read_by(effect) or cell.is_written_by(effect)):
                self.flush(cell)

    def behind_call(self, number):
        """Forget what a call may have written."""
        descriptor = self.optimizer.work.descriptors[number]
        everything = not isinstance(descriptor, CallDescriptor) or is_random(descriptor)
        if not everything and descriptor.effect.forces():
            for field in self.optimizer.environment.forced_fields:
                cell = self.fields.get(field, None)
                if cell is not None:
                    cell.values = {}
        for cell in self.cells:
            if len(cell.values) > 0 and not cell.is_immutable():
                if everything or cell.is_written_by(descriptor.effect):
                    self._forget_escaped(cell)
        for items in self.items.values():
            if items.count > 0 and not items.is_immutable():
                if everything or items.is_written_by(descriptor.effect):
                    for cell in items.counted_cells():
                        self._forget_escaped(cell)
                    items.drop_empty(None)

    def _forget_escaped(self, cell):
        kept = {}
        optimizer = self.optimizer
        for reference, value in cell.values.items():
            if made_here(optimizer, reference) and optimizer.work.facts[reference] & ESCAPED == 0:
                kept[reference] = value
        cell.values = kept


def is_random(descriptor):
    """May a call do anything to memory, whatever its sets say?"""
    return descriptor.effect.extra == RANDOM or descriptor.effect.releases_lock


def optimize_getfield(optimizer, number):
    work = optimizer.work
    field = work.descriptors[number]
    assert isinstance(field, FieldDescriptor)
    reference = work.first[number]
    if is_constant(reference) and (field.immutable or optimizer.depends_on(reference, field)):
        return _load_constant_field(optimizer, number, reference, field)
    return optimizer.heap.load(optimizer.heap.field(field), number, reference)


def _load_constant_field(optimizer, number, reference, field):
    machine, constants = optimizer.environment.machine, optimizer.constants
    base = constants.reference_of(reference)
    if not has_field(optimizer, base, field):
        return KEEP
    if field.kind == "i":
        value = constants.of_int(machine.get_field_int(base, field))
    elif field.kind == "f":
        value = constants.of_float(machine.get_field_float(base, field))
    else:
        value = constants.of_reference(machine.get_field_reference(base, field))
    optimizer.work.forward(number, value)
    return DONE


def optimize_getfield_raw(optimizer, number):
    """Fields outside of the heap are read where they cannot change: of classes, for example."""
    work = optimizer.work
    field = work.descriptors[number]
    assert isinstance(field, FieldDescriptor)
    if not field.immutable or not is_constant(work.first[number]):
        return KEEP
    machine, constants = optimizer.environment.machine, optimizer.constants
    base = constants.int_of(work.first[number])
    if field.kind == "i":
        value = constants.of_int(machine.get_raw_field_int(base, field))
    elif field.kind == "f":
        value = constants.of_float(machine.get_raw_field_float(base, field))
    else:
        value = constants.of_reference(machine.get_raw_field_reference(base, field))
    work.forward(number, value)
    return DONE


def learn_getfield(optimizer, number):
    work = optimizer.work
    optimizer.heap.know_field(work.first[number], work.descriptors[number], number)
    learn_nonnull(optimizer, work.first[number])


def optimize_setfield(optimizer, number):
    work = optimizer.work
    field = work.descriptors[number]
    assert isinstance(field, FieldDescriptor)
    learn_nonnull(optimizer, work.first[number])
    learn_owner(optimizer, work.first[number], field)
    return optimizer.heap.store(optimizer.heap.field(field), number, work.first[number], work.second[number])


def optimize_getitem(optimizer, number):
    work = optimizer.work
    heap = optimizer.heap
    descriptor = work.descriptors[number]
    reference, index = work.first[number], work.second[number]
    if is_constant(reference) and is_constant(index) and isinstance(descriptor, ArrayDescriptor):
        if descriptor.immutable:
            return _load_constant_item(optimizer, number, reference, optimizer.constants.int_of(index), descriptor)
    cell = heap.item_at(descriptor, index)
    heap.flush_others(heap.items_of(descriptor), cell, reference)
    return heap.load(cell, number, reference)


def _load_constant_item(optimizer, number, reference, index, array):
    machine, constants = optimizer.environment.machine, optimizer.constants
    base = constants.reference_of(reference)
    if not is_array(optimizer, base, array) or not 0 <= index < machine.array_length(base, array):
        return KEEP
    if array.kind == "i":
        value = constants.of_int(machine.get_item_int(base, index, array))
    elif array.kind == "f":
        value = constants.of_float(machine.get_item_float(base, index, array))
    else:
        value = constants.of_reference(machine.get_item_reference(base, index, array))
    optimizer.work.forward(number, value)
    return DONE


def learn_getitem(optimizer, number):
    work = optimizer.work
    reference = work.first[number]
    learn_nonnull(optimizer, reference)
    learn_array(optimizer, reference, work.descriptors[number])
    optimizer.heap.know_item_at(reference, work.descriptors[number], work.second[number], number)


def optimize_setitem(optimizer, number):
    work = optimizer.work
    heap = optimizer.heap
    descriptor = work.descriptors[number]
    items = heap.items_of(descriptor)
    reference = work.first[number]
    learn_nonnull(optimizer, reference)
    learn_array(optimizer, reference, descriptor)
    cell = heap.item_at(descriptor, work.second[number])
    if cell.root != NOTHING:
        # which item of an array that is not made it is, is not known; what is in it is known once it is made
        reference = optimizer.forced(reference)
    heap.flush_others(items, cell, reference)
    heap.forget_others(items, cell, reference)
    return heap.store(cell, number, reference, work.third[number])


def optimize_length(optimizer, number):
    """The length of a constant array or string, or of one that was made in this trace."""
    work = optimizer.work
    array = work.descriptors[number]
    assert isinstance(array, ArrayDescriptor)
    reference = work.first[number]
    if is_constant(reference):
        value = optimizer.constants.reference_of(reference)
        if not is_array(optimizer, value, array):
            return KEEP
        length = optimizer.environment.machine.array_length(value, array)
        work.forward(number, optimizer.constants.of_int(length))
        return DONE
    if made_here(optimizer, reference) and isinstance(work.descriptors[reference], ArrayDescriptor):
        work.forward(number, work.resolve(work.first[reference]))
        return DONE
    return KEEP


def learn_length(optimizer, number):
    work = optimizer.work
    learn_nonnull(optimizer, work.first[number])
    learn_array(optimizer, work.first[number], work.descriptors[number])


def optimize_strgetitem(optimizer, number):
    """A character of a constant string."""
    work = optimizer.work
    array = work.descriptors[number]
    assert isinstance(array, ArrayDescriptor)
    reference, index = work.first[number], work.second[number]
    if is_constant(reference) and is_constant(index):
        return _load_constant_item(optimizer, number, reference, optimizer.constants.int_of(index), array)
    return KEEP


def _families(families):
    found = {}
    for opcode, name in enumerate(ops.names):
        if name[:-1] in families:
            found[opcode] = families[name[:-1]]
    return found


HANDLERS = _families({
    "getfield_gc_": optimize_getfield, "getfield_raw_": optimize_getfield_raw, "getarrayitem_gc_": optimize_getitem,
    "getinteriorfield_gc_": optimize_getitem,
})  # fmt: skip
HANDLERS[ops.SETFIELD_GC] = optimize_setfield
HANDLERS[ops.SETARRAYITEM_GC] = optimize_setitem
HANDLERS[ops.SETINTERIORFIELD_GC] = optimize_setitem
HANDLERS[ops.ARRAYLEN_GC] = optimize_length
HANDLERS[ops.STRLEN] = optimize_length
HANDLERS[ops.STRGETITEM] = optimize_strgetitem

LEARNERS = _families({
    "getfield_gc_": learn_getfield, "getarrayitem_gc_": learn_getitem, "getinteriorfield_gc_": learn_getitem,
})
LEARNERS[ops.ARRAYLEN_GC] = learn_length
LEARNERS[ops.STRLEN] = learn_length
