"""Loads and stores: a load of what is known is not made, a store waits until someone could see that it is missing.

For each field (and each item of arrays of one type at a constant index) there is a `Cell`: what is known of the field
of each object, and one store that waits. A store that waits is dropped when the next one writes the same field of the
same object. It is emitted in front of what may read or write the field: a load from an object that may be the same, a
call whose effect says so, a guard (unless the value is virtual: then resume data do the store), the end of the trace.

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
from ouro.jitcore.optimizer.guards import surely_different
from ouro.jitcore.optimizer.integers import as_loaded
from ouro.jitcore.optimizer.objects import learn_nonnull, made_here
from ouro.jitcore.optimizer.verdicts import DONE, KEEP
from ouro.jitcore.optimizer.work import ESCAPED, in_work
from ouro.jitcore.resume import PendingStores
from ouro.jitcore.trace import NOTHING, is_constant

#: Items at constant indices from here on are treated as those at unknown ones.
INDEX_LIMIT = 256


class Cell:
    """A field, or the items of arrays of one type at one index.

    Attributes:
        field, array, interior: what it is a cell of; the others are None. `index` is -1 for fields.
        values: from the number of an object (or a constant) to what the field has.
        waiting: the number of the store that waits, or `NOTHING`.
    """

    def __init__(self, field, array, interior, index):
        self.field = field
        self.array = array
        self.interior = interior
        self.index = index
        self.values = {}
        self.waiting = NOTHING

    def descriptor(self):
        """What loads and stores of it name."""
        if self.field is not None:
            return self.field
        if self.interior is not None:
            return self.interior
        return self.array

    def is_immutable(self):
        """Can no store change what is known?"""
        if self.field is not None:
            return self.field.immutable
        return self.array is not None and self.array.immutable

    def is_read_by(self, effect):
        """May a call read it?"""
        if self.field is not None:
            return effect.reads_field(self.field)
        if self.interior is not None:
            return effect.reads_array(self.interior.array) or effect.reads_field(self.interior.field)
        return effect.reads_array(self.array)

    def is_written_by(self, effect):
        """May a call write it?"""
        if self.field is not None:
            return effect.writes_field(self.field)
        return _writes_items(effect, self.array, self.interior)


class ItemCells:
    """The cells of one type of array, or of one field of the structures in one.

    `cells` by index; `values` is what is known at indices that are no constants, from the pair of array and index.
    """

    def __init__(self, array, interior):
        self.array = array
        self.interior = interior
        self.cells = {}
        self.values = {}

    def is_written_by(self, effect):
        """May a call write an item?"""
        return _writes_items(effect, self.array, self.interior)


def _writes_items(effect, array, interior):
    if interior is not None:
        return effect.writes_array(interior.array) or effect.writes_field(interior.field)
    return effect.writes_array(array)


class HeapState:
    """All cells.

    Attributes:
        fields: by field. items: by array or interior field descriptor.
        cells: those of all kinds, in the order in which they were made.
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
        """The cell of the items at an index."""
        items = self.items_of(descriptor)
        cell = items.cells.get(index, None)
        if cell is None:
            cell = Cell(None, items.array, items.interior, index)
            items.cells[index] = cell
            self.cells.append(cell)
        return cell

    def know_field(self, reference, field, value):
        """A field has a value."""
        assert isinstance(field, FieldDescriptor)
        self.field(field).values[reference] = value

    def know_item(self, reference, array, index, value):
        """An item has a value."""
        if index < INDEX_LIMIT:
            self.item(array, index).values[reference] = value

    # ---- loads and stores

    def load(self, cell, number, reference):
        """Optimise the load `number` of a cell of an object."""
        optimizer = self.optimizer
        work = optimizer.work
        if cell.waiting != NOTHING:
            written = work.resolve(work.first[cell.waiting])
            if written == reference:
                work.forward(number, as_loaded(optimizer, number, work.resolve(self.value_of_store(cell.waiting))))
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
        if cell.waiting != NOTHING:
            if work.resolve(work.first[cell.waiting]) == reference:
                # no one saw what was written before
                cell.waiting = number
                return DONE
            self.flush(cell)
        known = cell.values.get(reference, NOTHING)
        if known != NOTHING and work.resolve(known) == value:
            self.optimizer.use(known)
            return DONE
        cell.waiting = number
        self.waiting.append(cell)
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

    def flush_real(self):
        """Emit the stores that wait, but those of virtual values."""
        if len(self.waiting) > 0:
            work = self.optimizer.work
            for cell in self.waiting[:]:
                if cell.waiting != NOTHING:
                    value = work.resolve(self.value_of_store(cell.waiting))
                    if value < 0 or work.virtuals[value] is None:
                        self.flush(cell)

    def flush_items(self, items):
        """Emit the stores to items of one type of array that wait."""
        if len(self.waiting) > 0:
            for cell in self.waiting[:]:
                if cell.waiting != NOTHING and cell.array is items.array and cell.interior is items.interior:
                    self.flush(cell)

    def pending_stores(self):
        """The stores that wait, for resume data, None for none."""
        if len(self.waiting) == 0:
            return None
        work = self.optimizer.work
        pending = PendingStores()
        for cell in self.waiting:
            number = cell.waiting
            reference = in_work(work.resolve(work.first[number]))
            value = in_work(work.resolve(self.value_of_store(number)))
            if cell.field is not None:
                pending.add_field(cell.field, reference, value)
            else:
                pending.add_item(work.descriptors[number], reference, cell.index, value)
        return pending

    # ---- in front of and behind what is emitted

    def before_guard(self, number):
        """Emit what must be done before a guard; the stores that its resume data do."""
        if len(self.waiting) == 0:
            return None
        work = self.optimizer.work
        order = work.order
        condition = work.first[number]
        if len(order) > 0 and order[-1] == condition and condition >= 0 and not self._stores(condition):
            # the comparison stays next to its guard
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
        for cell in self.waiting[:]:
            if cell.waiting != NOTHING and (cell.is_read_by(effect) or cell.is_written_by(effect)):
                self.flush(cell)

    def behind_call(self, number):
        """Forget what a call may have written."""
        descriptor = self.optimizer.work.descriptors[number]
        everything = not isinstance(descriptor, CallDescriptor) or is_random(descriptor)
        for cell in self.cells:
            if len(cell.values) > 0 and not cell.is_immutable():
                if everything or cell.is_written_by(descriptor.effect):
                    self._forget_escaped(cell)
        for items in self.items.values():
            if len(items.values) > 0:
                if everything or items.is_written_by(descriptor.effect):
                    items.values = {}

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
    if not base:
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
    return optimizer.heap.store(optimizer.heap.field(field), number, work.first[number], work.second[number])


def optimize_getitem(optimizer, number):
    work = optimizer.work
    heap = optimizer.heap
    descriptor = work.descriptors[number]
    reference, index = work.first[number], work.second[number]
    constant = constant_index(optimizer, index, INDEX_LIMIT)
    if is_constant(reference) and is_constant(index) and isinstance(descriptor, ArrayDescriptor):
        if descriptor.immutable:
            return _load_constant_item(optimizer, number, reference, optimizer.constants.int_of(index), descriptor)
    if constant >= 0:
        return heap.load(heap.item(descriptor, constant), number, reference)
    items = heap.items_of(descriptor)
    heap.flush_items(items)
    known = items.values.get((reference, index), NOTHING)
    if known != NOTHING:
        optimizer.use(known)
        work.forward(number, as_loaded(optimizer, number, work.resolve(known)))
        return DONE
    return KEEP


def _load_constant_item(optimizer, number, reference, index, array):
    machine, constants = optimizer.environment.machine, optimizer.constants
    base = constants.reference_of(reference)
    if not base or not 0 <= index < machine.array_length(base, array):
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
    heap = optimizer.heap
    reference, index = work.first[number], work.second[number]
    constant = constant_index(optimizer, index, INDEX_LIMIT)
    learn_nonnull(optimizer, reference)
    if constant >= 0:
        heap.item(work.descriptors[number], constant).values[reference] = number
    else:
        heap.items_of(work.descriptors[number]).values[(reference, index)] = number


def optimize_setitem(optimizer, number):
    work = optimizer.work
    heap = optimizer.heap
    descriptor = work.descriptors[number]
    reference = work.first[number]
    learn_nonnull(optimizer, reference)
    constant = constant_index(optimizer, work.second[number], INDEX_LIMIT)
    items = heap.items_of(descriptor)
    if len(items.values) > 0:
        items.values = {}
    if constant >= 0:
        return heap.store(heap.item(descriptor, constant), number, reference, work.third[number])
    heap.flush_items(items)
    for cell in items.cells.values():
        heap.forget_aliases(cell, reference)
    return KEEP


def learn_setitem(optimizer, number):
    """Behind a store to an item at an unknown index (the others wait, and are known when they are emitted)."""
    work = optimizer.work
    if not is_constant(work.second[number]):
        heap = optimizer.heap
        items = heap.items_of(work.descriptors[number])
        # an array that was virtual has been made for the store, and its items are known since
        for cell in items.cells.values():
            heap.forget_aliases(cell, work.first[number])
        items.values[(work.first[number], work.second[number])] = work.resolve(work.third[number])


def optimize_length(optimizer, number):
    """The length of a constant array or string, or of one that was made in this trace."""
    work = optimizer.work
    array = work.descriptors[number]
    assert isinstance(array, ArrayDescriptor)
    reference = work.first[number]
    if is_constant(reference):
        value = optimizer.constants.reference_of(reference)
        if not value:
            return KEEP
        length = optimizer.environment.machine.array_length(value, array)
        work.forward(number, optimizer.constants.of_int(length))
        return DONE
    if made_here(optimizer, reference) and isinstance(work.descriptors[reference], ArrayDescriptor):
        work.forward(number, work.resolve(work.first[reference]))
        return DONE
    return KEEP


def learn_length(optimizer, number):
    learn_nonnull(optimizer, optimizer.work.first[number])


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
LEARNERS[ops.SETARRAYITEM_GC] = learn_setitem
LEARNERS[ops.SETINTERIORFIELD_GC] = learn_setitem
