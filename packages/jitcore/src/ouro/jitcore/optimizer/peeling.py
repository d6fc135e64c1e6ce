"""Loop peeling: the first iteration apart, then a body that begins with what the first one found out.

The recording is optimised twice. The first pass ends where the loop jumps; its values there have a state
(`loop_state`), and it has computed values that do not change (`invariants`). The second pass begins with that state, so
that objects that go round the loop stay virtual and what was checked or computed once is not checked or computed again.
Behind it the values must have the same state again. If they do not, the state that both have in common takes its place
and the body is optimised anew; in the last resort that is the state in which nothing is known.

    inputs
    label(inputs, start)        others come in here
    first iteration (rarely two)
    label(values, peeled)       and here, if their values fit the state
    body
    jump(values, peeled)

The idea is that of Ardö, Bolz, Fijałkowski, "Loop-Aware Optimizations in PyPy's Tracing JIT", DLS 2012; that the body
is made by a second pass over the same instructions is LuaJIT's, too.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.optimizer.closing import jump_to_loop
from ouro.jitcore.optimizer.counting import run_at_once
from ouro.jitcore.optimizer.errors import InvalidTrace
from ouro.jitcore.optimizer.forward import Optimizer
from ouro.jitcore.optimizer.invariants import Carried, Collector, Importer
from ouro.jitcore.optimizer.loop_state import Fitting, Knowledge, enter, export_state, is_known, merge, plain_state
from ouro.jitcore.optimizer.options import COUNT
from ouro.jitcore.optimizer.output import find_needed
from ouro.jitcore.optimizer.ranges import EmptyRange
from ouro.jitcore.trace import NOTHING, is_constant

#: How often the body is optimised before less is asked of it.
ATTEMPTS = 5

#: How often it is tried to let the stores of objects that are not made leave the loop.
ATTEMPTS_WITH_VIRTUALS = 3

#: A recording of more instructions gets no second iteration in front of the body.
LONGEST_WITH_MIDDLE = 3000


class TargetState:
    """What a jump to a label must bring along: kept with its `TargetToken`.

    Attributes:
        state: the `LoopState` of the values of the recorded loop.
        carried: the `Carried` values that the body relies on, those that others are computed from first.
        passed: the positions of those that the label takes, in its order.
        has_virtuals: some of them are objects that are not made, whose store must wait.
    """

    def __init__(self, state, carried, passed):
        self.has_virtuals = False
        for value in carried:
            if value.root >= 0:
                self.has_virtuals = True
        self.state = state
        self.carried = carried
        self.passed = passed


class Body:
    """A peeled body that is done.

    Attributes:
        optimizer: its pass; the jump is the last instruction of it.
        inputs: the numbers of the values that the label takes.
        taken: the positions in `carried` of the carried values among them, the last ones.
        carried: all carried values.
        target_state: what others must bring along.
        makes_objects: something is made at its end that was no new object in the iteration before.
        middle: the iteration between the first one and the body, None mostly.
        virtuals: values in the first iteration that the label takes besides what the recorded loop passes on: objects
            that are not made, whose store the body begins with.
    """

    def __init__(self, optimizer, inputs, taken, carried, target_state, makes_objects):
        self.optimizer = optimizer
        self.inputs = inputs
        self.taken = taken
        self.carried = carried
        self.target_state = target_state
        self.makes_objects = makes_objects
        self.middle = None
        self.virtuals = []

    def arguments(self, first, values):
        """What the iteration in front passes to the label.

        Args:
            first: the pass over that iteration.
            values: what the recorded loop passes on there.
        """
        fitting = Fitting(first, self.target_state.state)
        fits = fitting.fits(values + self.virtuals)
        assert fits
        passed = fitting.arguments()
        for position in self.taken:
            passed.append(first.forced(self.carried[position].value))
        return passed


class Middle:
    """A second iteration in front of the body.

    Attributes:
        optimizer: its pass.
        numbers: what it takes from the first iteration.
        roots: what the inputs of the loop are in it.
        values: what it passes on, once it is run.
        state, carried: those of the first iteration, to find what `numbers` are there.
    """

    def __init__(self, optimizer, numbers, roots, state, carried):
        self.optimizer = optimizer
        self.numbers = numbers
        self.roots = roots
        self.values = []
        self.state = state
        self.carried = carried

    def given(self, first, values):
        """What the first iteration has for `numbers`."""
        fitting = Fitting(first, self.state)
        fits = fitting.fits(values)
        assert fits
        result = fitting.arguments()
        for carried in self.carried:
            result.append(first.forced(carried.value))
        return result


class _Mismatch(Exception):
    """The end of the body does not fit its beginning; less is asked of the next attempt."""


class Peeler:
    """Makes the body for a first iteration.

    Args:
        first: the `Optimizer` of the first iteration at its end.
        values: what it passes on.
        roots: what the inputs of the loop are in it.
        invariant: for each input whether the loop passes it on as it is.
        recorded: the recording of the loop.
    """

    def __init__(self, first, values, roots, invariant, recorded):
        self.first = first
        self.values = values
        self.recorded = recorded
        self.roots = roots
        self.invariant = invariant
        self.carried = []
        self.state = None
        self.virtuals = []
        # the cells whose store waits, before they are emitted
        self.stored = first.heap.stored()

    def peel(self):
        """The `Body`, or None where the loop is better off without.

        If the body has to make objects at its end because what they stand for came from outside in the first
        iteration, a second iteration in front of the body may help: then they are new in both.
        """
        body = self._with_virtual_stores()
        if body is not None:
            return body
        self.virtuals = []
        body = self.attempts()
        may_be_longer = self.first.environment.options.second_iterations and self.recorded.count <= LONGEST_WITH_MIDDLE
        if body is not None and body.makes_objects and may_be_longer:
            longer = self._with_middle()
            if longer is not None and not longer.makes_objects:
                return longer
        return body

    def _with_virtual_stores(self):
        """The `Body` if it can begin with the stores of objects that are not made which wait at the end of the first
        iteration, so that these need not be made in the loop. None if not.
        """
        heap = self.first.heap
        while True:
            sunk = heap.stored_virtuals()
            if len(sunk) == 0:
                return None
            heap.flush_all_but(sunk)
            if len(heap.stored_virtuals()) < len(sunk):
                continue
            self.carried = Collector(self.first, self.roots, self.invariant, self.stored, sunk).collect()
            self.virtuals = []
            expressed = {}
            for carried in self.carried:
                cell = carried.cell
                if cell is not None:
                    carried.root = len(self.values) + len(self.virtuals)
                    self.virtuals.append(heap.value_of_store(cell.waiting))
                    expressed[cell] = 1
            if len(expressed) == len(sunk):
                break
            heap.flush_all_but(expressed)
        self.state = export_state(self.first, self.values + self.virtuals)
        for _ in range(ATTEMPTS_WITH_VIRTUALS):
            try:
                body = self._attempt()
            except _Mismatch:
                if not self._has_virtuals():
                    return None
                continue
            except InvalidTrace:
                return None
            except EmptyRange:
                return None
            if body.makes_objects:
                return None
            body.virtuals = self.virtuals
            for cell in sunk:
                heap.drop(cell)
            return body
        return None

    def _has_virtuals(self):
        """Can all stores of objects that are not made still leave the loop?"""
        for carried in self.carried:
            if carried.root >= 0:
                if not carried.usable or not self.state.roots[carried.root].is_virtual():
                    return False
        return True

    def reach(self, loop):
        """One more iteration at whose end the values fit a label of a loop that relies on a state, with a jump there:
        a `Middle`. None if they fit none. What waits in front has to be made, whether they do or not.
        """
        self.first.heap.flush_all()
        store = self.first.environment.new_store()
        behind = self._iteration_behind(store)
        try:
            behind.values = behind.optimizer.work.operand_list(behind.optimizer.run())
            fits = jump_to_loop(behind.optimizer, loop, behind.values)
        except InvalidTrace:
            return None
        store.close()
        return behind if fits else None

    def peel_behind_iteration(self):
        """The `Body` with an iteration between it and what is in front; None where there is no such body."""
        self.first.heap.flush_all()
        return self._with_middle()

    def _iteration_behind(self, store):
        """A pass over an iteration that takes the values of the first one, a `Middle` that is not yet run."""
        middle = Optimizer(self.first.environment, self.recorded, store)
        middle.dependencies = self.first.dependencies
        state = export_state(self.first, self.values)
        carried = Collector(self.first, self.roots, self.invariant, {}, {}).collect()
        entered = enter(middle, state)
        middle.renaming = entered.roots[:]
        importer = Importer(middle, carried, entered.roots)
        return Middle(middle, entered.inputs + importer.numbers, entered.roots, state, carried)

    def _with_middle(self):
        store = self.first.environment.new_store()
        middle = self._iteration_behind(store)
        optimizer = middle.optimizer
        try:
            middle.values = optimizer.work.operand_list(optimizer.run())
        except InvalidTrace:
            return None
        invariant = unchanged(optimizer, middle.roots, middle.values)
        body = Peeler(optimizer, middle.values, middle.roots, invariant, self.recorded).attempts()
        store.close()
        if body is not None:
            body.middle = middle
        return body

    def attempts(self):
        """The `Body` for this iteration in front, or None."""
        first = self.first
        first.heap.flush_all()
        self.state = export_state(first, self.values)
        self.carried = Collector(first, self.roots, self.invariant, self.stored, {}).collect()
        for attempt in range(3 * ATTEMPTS):
            if attempt == ATTEMPTS:
                self.carried = []
            elif attempt == 2 * ATTEMPTS:
                letters = [first.work.kind_of(value) for value in self.values]
                self.state = plain_state(first.constants, letters)
            try:
                return self._attempt()
            except _Mismatch:
                continue
            except InvalidTrace:
                return None
            except EmptyRange:
                return None
        return None

    def _attempt(self):
        environment = self.first.environment
        store = environment.new_store()
        body = Optimizer(environment, self.recorded, store)
        body.dependencies = self.first.dependencies
        entered = enter(body, self.state)
        body.renaming = entered.roots[:len(self.values)]
        body.inputs = entered.inputs
        importer = Importer(body, self.carried, entered.roots)
        importer.use_virtuals()
        starts = body.work.ranges[:]
        last = body.run()
        body.heap.flush_unsunk()
        values = body.work.operand_list(last) + self._stored_at_end(body, importer)
        fitting = Fitting(body, self.state)
        if not fitting.fits(values) or len(fitting.unknown) > 0:
            self.state = merge(body, self.state, export_state(body, values))
            raise _Mismatch
        passed = self._pass_on(body, importer, fitting, entered)
        store.close()
        makes_objects = fitting.makes_objects()
        return self._close(body, importer, fitting.arguments(), passed, last, starts, makes_objects)

    def _stored_at_end(self, body, importer):
        """What the stores write that wait at the end for the objects that are not made at the beginning."""
        result = []
        for place in range(len(importer.sunk)):
            carried = self.carried[importer.sunk[place]]
            if carried.root >= 0:
                cell = importer.sunk_cells[place]
                if cell.waiting == NOTHING:
                    carried.usable = False
                    raise _Mismatch
                result.append(body.heap.value_of_store(cell.waiting))
        if len(result) < len(self.virtuals):
            # the place of one is computed from what does not last
            raise InvalidTrace
        return result

    def _pass_on(self, body, importer, fitting, entered):
        """The values at the end of the body of the carried values that it uses, by position. All that stands against
        this attempt is found, so that the next one need not find the rest.
        """
        fits = True
        ends = [NOTHING] * len(self.carried)
        roots = []
        for node in self.state.roots:
            roots.append(fitting.of_node[node] if node in fitting.of_node else NOTHING)
        done = 0
        while True:
            if done == len(importer.used):
                self._sink(body, importer, ends, roots, entered.roots)
                if done == len(importer.used):
                    break
            position = importer.used[done]
            done += 1
            carried = self.carried[position]
            operands = importer.operands(carried, roots, ends)
            at_start = importer.operands(carried, entered.roots, importer.numbers)
            for place in range(len(operands)):
                if operands[place] != at_start[place]:
                    # an operand of it changes: so may it, and nothing says that it can be computed then
                    carried.usable = False
            if carried.root >= 0:
                fits = fits and carried.usable
            elif carried.usable:
                end = self._end(body, carried, importer.numbers[position], operands)
                if not _is_as_known(body, carried, end):
                    fits = False
                ends[position] = end
            else:
                fits = False
        if not fits:
            raise _Mismatch
        return ends

    def _sink(self, body, importer, ends, roots, roots_at_start):
        """Of the stores that wait at the end, those are not made that the next iteration begins with."""
        heap = body.heap
        for place in range(len(importer.sunk)):
            cell = importer.sunk_cells[place]
            is_virtual = self.carried[importer.sunk[place]].root >= 0
            if cell.waiting != NOTHING and self._is_sunk(body, importer, ends, roots, roots_at_start, place):
                heap.drop(cell)
            elif is_virtual:
                self.carried[importer.sunk[place]].usable = False
                raise _Mismatch
            elif cell.waiting != NOTHING:
                heap.flush(cell)

    def _is_sunk(self, body, importer, ends, roots, roots_at_start, place):
        work = body.work
        position = importer.sunk[place]
        number = importer.sunk_cells[place].waiting
        at_start = importer.operands(self.carried[position], roots_at_start, importer.numbers)
        if work.resolve(work.first[number]) != at_start[0]:
            return False
        if self.carried[position].root >= 0:
            return self._ends_in_place(importer, position, ends, roots, at_start)
        value = work.resolve(body.heap.value_of_store(number))
        if value >= 0 and work.virtuals[value] is not None:
            return False
        if ends[position] != NOTHING:
            return value == ends[position]
        # The place is written in the next iteration before anyone looks at it, if it is the same place there.
        return self._ends_in_place(importer, position, ends, roots, at_start)

    def _ends_in_place(self, importer, position, ends, roots, at_start):
        """Are the operands of a carried value at the end what they were?"""
        at_end = importer.operands(self.carried[position], roots, ends)
        for operand in range(len(at_start)):
            if at_end[operand] != at_start[operand]:
                return False
        return True

    def _end(self, body, carried, number, operands):
        work = body.work
        if not carried.is_load():
            return work.resolve(number)
        load = work.append_list(carried.opcode, operands, carried.descriptor)
        body.process(load)
        end = work.resolve(load)
        if end >= 0 and work.virtuals[end] is not None:
            end = body.forced(end)
        return end

    def _close(self, body, importer, arguments, ends, last, starts, makes_objects):
        """Put the jump at the end of the body, with those carried values that are worth a register; the `Body`."""
        work = body.work
        taken = []
        is_taken = [False] * len(self.carried)
        work.order.append(work.append_list(ops.JUMP, arguments, work.descriptors[last]))
        while True:
            # a value that only goes round is not needed
            needed = find_needed(work)
            known = len(taken)
            for position in importer.used:
                carried = self.carried[position]
                if is_taken[position] or carried.root >= 0 or carried.constant != NOTHING:
                    continue
                if needed[importer.numbers[position]]:
                    is_taken[position] = True
                    taken.append(position)
                    arguments.append(ends[position])
            if len(taken) == known:
                break
            work.order.pop()
            work.order.append(work.append_list(ops.JUMP, arguments, work.descriptors[last]))
        inputs = body.inputs[:]
        for position in taken:
            inputs.append(importer.numbers[position])
        if body.enabled & COUNT:
            run_at_once(work, inputs, starts, needed)
        target_state = self._target_state(importer.used, taken)
        return Body(body, inputs, taken, self.carried, target_state, makes_objects)

    def _target_state(self, used, taken):
        place_of = [NOTHING] * len(self.carried)
        carried = []
        for place in range(len(used)):
            place_of[used[place]] = place
            carried.append(_renumbered(self.carried[used[place]], place_of))
        return TargetState(self.state, carried, [place_of[position] for position in taken])


def _is_as_known(body, carried, end):
    """Is a carried value at the end what was known of it? If not, less is known of it from now on."""
    if carried.constant != NOTHING and end != carried.constant:
        carried.constant = NOTHING
    elif is_known(body, end, carried.known):
        return True
    carried.known = Knowledge(None, 0, 0)
    return False


def unchanged(optimizer, roots, values):
    """For each input of a loop whether an iteration passes it on as it is."""
    result = []
    for position in range(len(values)):
        root = roots[position]
        result.append(root >= 0 and values[position] == optimizer.work.resolve(root))
    return result


def _renumbered(carried, place_of):
    """A carried value whose operands name others by their place among those that are kept."""
    from_carried = []
    for operand in carried.operands:
        if not is_constant(operand) and operand & 1:
            operand = 2 * place_of[operand >> 1] + 1
        from_carried.append(operand)
    result = Carried(carried.opcode, from_carried, carried.descriptor, NOTHING)
    result.constant = carried.constant
    result.root = carried.root
    result.known = carried.known
    return result
