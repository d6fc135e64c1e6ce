"""Values that stay the same round the loop, computed in the first iteration: the body takes them from the label.

What a pass computed or loaded from nothing but invariant inputs and constants can be used by the body without being
computed again. Each such value is a `Carried`: an operation on constants, inputs and other carried values. The body
knows all of them (in its table of pure operations and in its heap) and takes those that it uses as further values of
the label. Who jumps to the label computes them: at the end of the body they mostly are still what they were, and a
field that was written has the value that was written; a bridge computes or loads them. So they are what PyPy calls the
short preamble.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import FieldDescriptor
from ouro.jitcore.optimizer.integers import fits
from ouro.jitcore.optimizer.loop_state import Knowledge, knowledge_of, learn_knowledge
from ouro.jitcore.optimizer.objects import learn_array, learn_owner
from ouro.jitcore.trace import NOTHING, is_constant

_GETFIELD = {"i": ops.GETFIELD_GC_I, "r": ops.GETFIELD_GC_R, "f": ops.GETFIELD_GC_F}
_GETITEM = {"i": ops.GETARRAYITEM_GC_I, "r": ops.GETARRAYITEM_GC_R, "f": ops.GETARRAYITEM_GC_F}
_GETINTERIOR = {"i": ops.GETINTERIORFIELD_GC_I, "r": ops.GETINTERIORFIELD_GC_R, "f": ops.GETINTERIORFIELD_GC_F}

#: What stores to the place that an operation loads from.
STORES = {}
STORES.update({opcode: ops.SETFIELD_GC for opcode in _GETFIELD.values()})
STORES.update({opcode: ops.SETARRAYITEM_GC for opcode in _GETITEM.values()})
STORES.update({opcode: ops.SETINTERIORFIELD_GC for opcode in _GETINTERIOR.values()})


#: Operands that are no constants: twice the number of an input, or twice the number of a carried value and 1.
def of_input(position):
    """The operand that is an input of the loop."""
    return 2 * position


def of_carried(position):
    """The operand that is another carried value."""
    return 2 * position + 1


class Carried:
    """One value.

    Attributes:
        opcode, operands, descriptor: how it is computed.
        value: what it is in the first iteration.
        constant: the constant that it is always found to be, or `NOTHING`.
        known: what is known of it.
        usable: nothing was found to stand against using it.
        sunk: the loop stores to the place that it is loaded from, and that store leaves the loop.
        root: the place of the value among the roots of the state, -1 for most. Others are objects that are not made,
            and their place is not stored to before the label: who goes there has a store that waits.
        cell: of such a value, what is stored to in the first iteration.
    """

    def __init__(self, opcode, operands, descriptor, value):
        self.opcode = opcode
        self.operands = operands
        self.descriptor = descriptor
        self.value = value
        self.constant = NOTHING
        self.known = None
        self.usable = True
        self.sunk = False
        self.root = -1
        self.cell = None

    def is_load(self):
        """Does it come from memory that may change?"""
        return ops.has_flag(self.opcode, ops.LOAD) and not ops.has_flag(self.opcode, ops.PURE) and (
            self.opcode != ops.STRGETITEM)


class _Candidate:
    def __init__(self, opcode, operands, descriptor, value):
        self.opcode = opcode
        self.operands = operands
        self.descriptor = descriptor
        self.value = value
        self.is_memory = False
        self.sunk = False
        self.virtual_in = None
        self.missing = 0


class Collector:
    """Finds what a pass computed from invariant inputs.

    Args:
        optimizer: at the end of the pass.
        roots: what the inputs of the loop are in it.
        invariant: for each input whether the loop passes it on unchanged.
        stored: cells whose store waited at the end, with the object that it is to.
        virtuals: the same of stores that still wait, of objects that are not made.
    """

    def __init__(self, optimizer, roots, invariant, stored, virtuals):
        self.optimizer = optimizer
        self.stored = stored
        self.virtuals = virtuals
        self.found = []
        self.expressed = {}
        self.waiting = {}
        self.ready = []
        for position in range(len(invariant)):
            if invariant[position] and roots[position] >= 0:
                self.expressed[roots[position]] = of_input(position)

    def collect(self):
        """The carried values, those that others are computed from first."""
        self._pure()
        self._heap()
        while len(self.ready) > 0:
            self._express(self.ready.pop())
        return self.found

    def _pure(self):
        optimizer = self.optimizer
        work = optimizer.work
        for number in optimizer.pure.slots:
            if number != NOTHING and not ops.has_flag(work.opcodes[number], ops.OVERFLOW):
                operands = []
                for position in range(work.operand_count(number)):
                    operands.append(work.resolve(work.operand(number, position)))
                self._add(work.opcodes[number], operands, work.descriptors[number], number)

    def _heap(self):
        optimizer = self.optimizer
        heap = optimizer.heap
        for cell in heap.cells:
            index = optimizer.constants.of_int(cell.index)
            if cell in self.virtuals:
                self._virtual(cell, self.virtuals[cell], index)
                continue
            for reference, value in cell.values.items():
                self._load_cell(cell, reference, index, value)
        for items in heap.items.values():
            for cell in items.counted_cells():
                index = optimizer.work.resolve(cell.place)
                for reference, value in cell.values.items():
                    self._load_cell(cell, reference, index, value)

    def _virtual(self, cell, reference, index):
        """What a store that waits writes, an object that is not made. What else the cell has may be the same place."""
        operands = [reference]
        opcode = ops.GETFIELD_GC_R
        if cell.field is None:
            operands.append(index)
            opcode = ops.GETARRAYITEM_GC_R if cell.interior is None else ops.GETINTERIORFIELD_GC_R
        value = self.optimizer.heap.value_of_store(cell.waiting)
        candidate = _Candidate(opcode, operands, cell.descriptor(), value)
        candidate.virtual_in = cell
        self._wait(candidate)

    def _load_cell(self, cell, reference, index, value):
        sunk = self.stored.get(cell, NOTHING) == reference
        if cell.field is not None:
            self._load(_GETFIELD, [reference], cell.field, value, sunk)
        elif cell.interior is not None:
            self._load(_GETINTERIOR, [reference, index], cell.interior, value, sunk)
        else:
            self._load(_GETITEM, [reference, index], cell.array, value, sunk)

    def _load(self, family, operands, descriptor, value, sunk):
        self._add(family[self.optimizer.work.kind_of(value)], operands, descriptor, value, True, sunk)

    def _add(self, opcode, operands, descriptor, value, is_memory=False, sunk=False):
        candidate = _Candidate(opcode, operands, descriptor, value)
        candidate.is_memory = is_memory
        candidate.sunk = sunk
        self._wait(candidate)

    def _wait(self, candidate):
        """Express a candidate once its operands are."""
        for reference in candidate.operands:
            if not is_constant(reference) and reference not in self.expressed:
                candidate.missing += 1
                if reference not in self.waiting:
                    self.waiting[reference] = []
                self.waiting[reference].append(candidate)
        if candidate.missing == 0:
            self.ready.append(candidate)

    def _express(self, candidate):
        optimizer = self.optimizer
        work = optimizer.work
        value = work.resolve(candidate.value)
        if value >= 0 and work.virtuals[value] is not None and candidate.virtual_in is None:
            return
        if candidate.is_memory and work.kind_of(value) == "i" and not fits(optimizer, value, candidate.descriptor):
            # a load gives only the bits that fit
            return
        operands = []
        for reference in candidate.operands:
            operands.append(reference if is_constant(reference) else self.expressed[reference])
        carried = Carried(candidate.opcode, operands, candidate.descriptor, candidate.value)
        if candidate.virtual_in is not None:
            carried.cell = candidate.virtual_in
            carried.known = Knowledge(None, 0, 0)
            self.found.append(carried)
            return
        if is_constant(value):
            carried.constant = value
        else:
            carried.sunk = candidate.sunk
        carried.known = knowledge_of(optimizer, value, work.kind_of(value))
        position = len(self.found)
        self.found.append(carried)
        if candidate.value not in self.expressed:
            self.expressed[candidate.value] = of_carried(position)
            for waiting in self.waiting.get(candidate.value, []):
                waiting.missing -= 1
                if waiting.missing == 0:
                    self.ready.append(waiting)


class Importer:
    """The carried values in a pass over the body.

    Args:
        optimizer: at the beginning of the pass.
        carried: the list of `Carried`.
        inputs: the values of the inputs of the loop in the pass.

    Attributes:
        numbers: the value of each in the pass, `NOTHING` for those that are not usable.
        used: the positions of those that the body uses, in the order of use.
        sunk, sunk_cells: the positions of those whose store leaves the loop, and the cells that are stored to.
    """

    def __init__(self, optimizer, carried, inputs):
        self.optimizer = optimizer
        self.carried = carried
        self.inputs = inputs
        self.numbers = []
        self.position_of = {}
        self.used = []
        self.sunk = []
        self.sunk_cells = []
        self.is_used = [False] * len(carried)
        for position in range(len(carried)):
            self.numbers.append(self._import(position))
        optimizer.importer = self

    def _import(self, position):
        carried = self.carried[position]
        operands = self.operands(carried, self.inputs, self.numbers)
        if not carried.usable or NOTHING in operands:
            return NOTHING
        optimizer = self.optimizer
        work = optimizer.work
        if carried.root >= 0:
            number = self.inputs[carried.root]
            self.position_of[number] = position
            self._begin_with_store(self._cell(carried, operands), position, operands, number)
            return number
        number = work.append_list(carried.opcode, operands, carried.descriptor)
        learn_knowledge(optimizer, number, carried.known)
        if carried.is_load():
            self._know(position, operands, number)
        else:
            optimizer.pure.make_key(number)
            optimizer.pure.add(number)
        if carried.constant != NOTHING:
            work.forward(number, carried.constant)
        self.position_of[number] = position
        return number

    def _know(self, position, operands, number):
        carried = self.carried[position]
        cell = self._cell(carried, operands)
        if len(operands) == 1:
            field = carried.descriptor
            assert isinstance(field, FieldDescriptor)
            learn_owner(self.optimizer, operands[0], field)
        else:
            learn_array(self.optimizer, operands[0], carried.descriptor)
        if carried.sunk and not cell.sunk:
            self._begin_with_store(cell, position, operands, number)
        else:
            cell.values[operands[0]] = number

    def _cell(self, carried, operands):
        heap = self.optimizer.heap
        if len(operands) == 1:
            return heap.field(carried.descriptor)
        return heap.item_at(carried.descriptor, operands[1])

    def _begin_with_store(self, cell, position, operands, number):
        carried = self.carried[position]
        store = self.optimizer.work.append_list(STORES[carried.opcode], operands + [number], carried.descriptor)
        self.optimizer.heap.begin_with_store(cell, store)
        self.sunk_cells.append(cell)
        self.sunk.append(position)

    def operands(self, carried, inputs, numbers):
        """The operands of a carried value, from the values of the inputs and of the carried values before it."""
        result = []
        for operand in carried.operands:
            if is_constant(operand):
                result.append(operand)
            elif operand & 1:
                number = numbers[operand >> 1]
                result.append(number if number == NOTHING else self.optimizer.work.resolve(number))
            else:
                result.append(self.optimizer.work.resolve(inputs[operand >> 1]))
        return result

    def use(self, number):
        """The body uses a value, which may be one of these."""
        position = self.position_of.get(number, -1)
        if position >= 0:
            self._use(position)

    def use_virtuals(self):
        """The body begins with stores of objects that are not made: it relies on where they go."""
        for position in self.sunk:
            if self.carried[position].root >= 0:
                self._use(position)

    def is_unused(self, number):
        """Is a value one of these that nothing relies on so far?"""
        position = self.position_of.get(number, -1)
        return position >= 0 and not self.is_used[position]

    def _use(self, position):
        if self.is_used[position]:
            return
        self.is_used[position] = True
        for operand in self.carried[position].operands:
            if not is_constant(operand) and operand & 1:
                self._use(operand >> 1)
        self.used.append(position)
