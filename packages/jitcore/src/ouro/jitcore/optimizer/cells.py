"""What is known of fields and items: a `Cell` for each field, and one for each index of the arrays of one type.

An index that is no constant is a value and what is added to it: two items at `i + 2` and `i + 3` are not the same, in
words that wrap around too. Items at indices that count from different values may be the same.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.trace import NOTHING, is_constant

#: Items at constant indices from here on are treated as those at unknown ones.
INDEX_LIMIT = 256

#: What is added to a value is looked at up to here.
LARGEST_OFFSET = 1 << 30

#: So many cells at indices that are no constants are kept for one type of array.
MOST_CELLS = 64


class Cell:
    """A field, or the items of arrays of one type at one index.

    Attributes:
        field, array, interior: what it is a cell of; the others are None.
        root: the value that the index counts from, `NOTHING` for constant indices and fields.
        index: what is added to that; -1 for fields.
        place: the index as a reference, `NOTHING` without a root.
        values: from the number of an object (or a constant) to what the field has.
        waiting: the number of the store that waits, or `NOTHING`.
        sunk: the body of a loop begins with a store to it that waits.
    """

    def __init__(self, field, array, interior, index):
        self.field = field
        self.array = array
        self.interior = interior
        self.root = NOTHING
        self.index = index
        self.place = NOTHING
        self.values = {}
        self.waiting = NOTHING
        self.sunk = False

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

    `constants` are those at constant indices, by index; `counted` the others: by root, by what is added to it.
    """

    def __init__(self, array, interior):
        self.array = array
        self.interior = interior
        self.constants = {}
        self.counted = {}
        self.count = 0

    def is_written_by(self, effect):
        """May a call write an item?"""
        return _writes_items(effect, self.array, self.interior)

    def has(self, cell):
        """Is it a cell of these?"""
        return cell.array is self.array and cell.interior is self.interior

    def is_immutable(self):
        """Can no store change what is known?"""
        return self.array is not None and self.array.immutable

    def constant(self, index):
        """The cell at a constant index, None for none."""
        return self.constants.get(index, None)

    def new_constant(self, index):
        """A new cell at a constant index."""
        cell = Cell(None, self.array, self.interior, index)
        self.constants[index] = cell
        return cell

    def counted_from(self, root, offset, place):
        """The cell at an index that counts from a value; `place` is that index."""
        group = self.counted.get(root, None)
        if group is None:
            group = {}
            self.counted[root] = group
        cell = group.get(offset, None)
        if cell is None:
            cell = Cell(None, self.array, self.interior, offset)
            cell.root = root
            cell.place = place
            group[offset] = cell
            self.count += 1
        return cell

    def find_counted(self, root, offset):
        """The cell at an index that counts from a value, None for none."""
        group = self.counted.get(root, None)
        if group is None:
            return None
        return group.get(offset, None)

    def counted_cells(self):
        """The cells at indices that are no constants."""
        return [cell for group in self.counted.values() for cell in group.values()]

    def drop_empty(self, used):
        """Drop the cells at indices that are no constants of which nothing is known and whose store does not wait;
        `used` is kept.
        """
        counted = self.counted
        self.counted = {}
        self.count = 0
        for root, group in counted.items():
            kept = {}
            for offset, cell in group.items():
                if len(cell.values) > 0 or cell.waiting != NOTHING or cell is used:
                    kept[offset] = cell
            if len(kept) > 0:
                self.counted[root] = kept
                self.count += len(kept)


def root_of(work, index):
    """What an index that is no small constant counts from."""
    if index >= 0 and offset_of(work, index) != 0:
        return work.resolve(work.first[index])
    return index


def offset_of(work, index):
    """What is added to the root of an index."""
    if index < 0:
        return 0
    opcode = work.opcodes[index]
    if opcode != ops.INT_ADD and opcode != ops.INT_ADD_OVF:
        return 0
    second = work.resolve(work.second[index])
    if not is_constant(second):
        return 0
    offset = work.constants.int_of(second)
    if -LARGEST_OFFSET <= offset <= LARGEST_OFFSET:
        return offset
    return 0


def _writes_items(effect, array, interior):
    if interior is not None:
        return effect.writes_array(interior.array) or effect.writes_field(interior.field)
    return effect.writes_array(array)
