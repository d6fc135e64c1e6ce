"""What the JIT remembers of the positions of one driver: counters for the many, cells for those with code.

The code that the translator puts at a loop header hashes the greens and asks `at_loop_header`, at the head of the
portal `at_function_start`: one look at a counter in nearly all cases. Where the answer is True it makes lists of the
values and calls `JitSystem.enter`.
"""

from ouro.jitcore.tracer import parameters
from ouro.jitcore.tracer.counters import increment_for
from ouro.lltype import Signed, Struct, nullptr

#: What the graphs of one driver look at in front of everything else. `loop_header_seen`: the program is on its way from
#: a loop header to the merge point. `open`: 0 where nothing can begin, so that there is nothing to hash and to count,
#: as with the JIT turned off.
GATE = Struct("jit_gate", ("loop_header_seen", Signed), ("open", Signed))

_NO_GATE = nullptr(GATE)


class Cell:
    """What is known of one position.

    Attributes:
        key: its greens.
        hash: their hash.
        token: the `LoopToken` with the code, or None.
        tracing: a trace that began here is being recorded.
        dont_inline: tracing into a call of this position made traces too long: call it instead.
        stand_in: the code does nothing but call the interpreter: it was made because other code calls this position,
            and counting goes on.
        trace_here: a trace is to begin the next time.
        aborts: how many traces that began here were given up in a row.
        last_use: how many cells had been made when this one was last asked for.
    """

    def __init__(self, key, hash_value, following):
        self.key = key
        self.hash = hash_value
        self.following = following
        self.token = None
        self.tracing = False
        self.dont_inline = False
        self.stand_in = False
        self.trace_here = False
        self.aborts = 0
        self.last_use = 0

    def says_nothing(self):
        """Is all of it as in a cell that is new?"""
        return not (self.token is not None or self.tracing or self.dont_inline or self.trace_here or self.aborts)

    def has_code(self):
        """Is there code that was compiled from a trace and may be entered?"""
        return self.token is not None and not self.token.invalidated and not self.stand_in


#: Each time that a trace is given up doubles how hot its position must become before the next attempt, up to this
#: power of two. (LuaJIT's penalties.)
MOST_PENALTY = 12

_FIRST_SIZE = 64


def _after_aborts(increment, aborts):
    """What an event counts at a place where a number of traces were given up."""
    if aborts > 0 and increment > 0:
        return max(1, increment >> min(aborts, MOST_PENALTY))
    return increment


class WarmState:
    """The state of one driver.

    Args:
        driver: the `Driver`.
        counters: the `Counters`, which all drivers share.
    """

    def __init__(self, driver, counters):
        self.driver = driver
        self.counters = counters
        self.parameters = parameters.Parameters()
        self.cell_count = 0
        self.is_off = False
        #: the `GATE` of the graphs, null where there are none
        self.gate = _NO_GATE
        self._cells = [None] * _FIRST_SIZE
        self._made = 0
        self._version = -1
        self._loop_increment = 0
        self._function_increment = 0
        self._guard_increment = 0

    def turn_off(self):
        """Nothing is ever hot."""
        self.is_off = True
        self._read_parameters()

    # asked by running code

    def at_loop_header(self, hash_value):
        """A loop of the interpreted program begins anew at the position with this hash: is there something to do?"""
        if self._version != self.parameters.version:
            self._read_parameters()
        return self._is_hot(hash_value, self._loop_increment)

    def at_function_start(self, hash_value):
        """The portal is entered at the position with this hash: is there something to do?"""
        if self._version != self.parameters.version:
            self._read_parameters()
        return self._is_hot(hash_value, self._function_increment)

    def _is_hot(self, hash_value, increment):
        cell = self._cells[hash_value & (len(self._cells) - 1)]
        while cell is not None:
            if cell.hash == hash_value:
                if cell.tracing:
                    return False
                if cell.trace_here or cell.has_code():
                    return True
                increment = _after_aborts(increment, cell.aborts)
            cell = cell.following
        return self.counters.tick(hash_value, increment)

    def guard_is_hot(self, hash_value, aborts):
        """Count a failure of a guard, whose bridge was given up some times already: is a bridge worth while?"""
        if self._version != self.parameters.version:
            self._read_parameters()
        return self.counters.tick(hash_value, _after_aborts(self._guard_increment, aborts))

    def _read_parameters(self):
        values = self.parameters
        self._version = values.version
        self._loop_increment = increment_for(values.get(parameters.THRESHOLD))
        self._function_increment = increment_for(values.get(parameters.FUNCTION_THRESHOLD))
        self._guard_increment = increment_for(values.get(parameters.TRACE_EAGERNESS))
        if self.is_off:
            self._loop_increment = 0
            self._function_increment = 0
        if self.is_off or values.get(parameters.THRESHOLD) <= 0:
            # the JIT is off: guards of code that is there may fail as often as they like
            self._guard_increment = 0
        self._move_gate()

    def parameters_changed(self):
        """A parameter was set: a closed gate may have to be opened, through which no one comes who would notice."""
        self._read_parameters()

    def _move_gate(self):
        gate = self.gate
        if gate:
            if self._loop_increment != 0 or self._function_increment != 0 or self.cell_count > 0:
                gate.open = 1
            else:
                gate.open = 0

    # cells

    def find(self, key, hash_value):
        """The cell of a position, or None."""
        cell = self._cells[hash_value & (len(self._cells) - 1)]
        while cell is not None:
            if cell.hash == hash_value and cell.key.same(key):
                return cell
            cell = cell.following
        return None

    def find_first(self, hash_value, ints, references, floats):
        """The cell of the position whose greens are the first of some values of each kind, or None."""
        cell = self._cells[hash_value & (len(self._cells) - 1)]
        while cell is not None:
            if cell.hash == hash_value and cell.key.begins(ints, references, floats):
                return cell
            cell = cell.following
        return None

    def cell_for(self, key, hash_value):
        """The cell of a position, a new one if there is none."""
        cell = self.find(key, hash_value)
        if cell is None:
            if self.cell_count >= len(self._cells):
                self._make_room()
            index = hash_value & (len(self._cells) - 1)
            cell = Cell(key, hash_value, self._cells[index])
            self._cells[index] = cell
            self.cell_count += 1
            self._made += 1
            self._move_gate()
        cell.last_use = self._made
        return cell

    def give_code(self, cell, token, stand_in):
        """A position has code, or none but a stand-in that calls the interpreter."""
        cell.token = token
        cell.stand_in = stand_in
        token.cells.append(cell)

    def forget_code(self, token):
        """The code of a token is gone, and with it the cells that say nothing else."""
        for cell in token.cells:
            if cell.token is token:
                cell.token = None
                cell.stand_in = False
                if cell.says_nothing():
                    self._remove(cell)
        token.cells = []

    def all_cells(self):
        """Every cell, in no order."""
        result = []
        for first in self._cells:
            cell = first
            while cell is not None:
                result.append(cell)
                cell = cell.following
        return result

    def _remove(self, removed):
        index = removed.hash & (len(self._cells) - 1)
        cell = self._cells[index]
        if cell is removed:
            self._cells[index] = removed.following
        else:
            while cell.following is not removed:
                cell = cell.following
            cell.following = removed.following
        removed.following = None
        self.cell_count -= 1

    def _make_room(self):
        """The table is full: forget what was noted long ago of positions without code, as the code that is tried in
        vain may be new again and again; if that is not enough the table grows.

        Long ago: as many cells were made since as code survives compilations.
        """
        longevity = self.parameters.get(parameters.LOOP_LONGEVITY)
        kept = []
        for cell in self.all_cells():
            if cell.token is not None or cell.tracing or self._made - cell.last_use < longevity:
                kept.append(cell)
        size = len(self._cells)
        if 2 * len(kept) > size:
            size *= 2
        self._cells = [None] * size
        for cell in kept:
            index = cell.hash & (size - 1)
            cell.following = self._cells[index]
            self._cells[index] = cell
        self.cell_count = len(kept)

    # decisions while tracing

    def code_at(self, key):
        """The token of the code to enter at a position, or None."""
        cell = self.find(key, key.hash(self.driver.index))
        if cell is None or not cell.has_code():
            return None
        return cell.token

    def may_inline(self, key):
        """May a call of the portal at this position be traced into?"""
        if self.parameters.get(parameters.INLINING) == 0:
            return False
        cell = self.find(key, key.hash(self.driver.index))
        if cell is not None and cell.dont_inline:
            cell.last_use = self._made
            return False
        return not self.driver.hooks.can_never_inline(key)

    def never_inline(self, key):
        """From now on call the portal at this position, and begin a trace there soon."""
        cell = self.cell_for(key, key.hash(self.driver.index))
        cell.dont_inline = True
        if cell.token is None:
            self.counters.make_hot(cell.hash)

    def trace_soon(self, key):
        """Begin a trace the next time the position is reached."""
        self.cell_for(key, key.hash(self.driver.index)).trace_here = True
