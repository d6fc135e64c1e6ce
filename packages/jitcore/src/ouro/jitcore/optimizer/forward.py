"""The forward pass: reads a recording once, sends each instruction through the optimisations, emits what is left.

An optimisation is a module with a class for its state and functions that each look at some operations; `pipeline`
says which functions see an operation, in which order. Such a function takes the `Optimizer` and the number of the
instruction in `Optimizer.work`, whose operands are resolved, and answers

    KEEP   go on with the next function; behind the last one the instruction is emitted
    DONE   the instruction is dealt with: dropped, delayed, or emitted already; if it has a result, the function
           forwarded it (`work.forward`) or described it (`work.virtuals`)
    AGAIN  the instruction became another operation (`work.rewrite`): begin with the functions for that one

That knowledge is per value, in lists, and that a function sees an instruction with all that is known in front of it,
makes one pass enough; loops get a second one over the same recording (`peeling`).
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.optimizer.errors import InvalidTrace
from ouro.jitcore.optimizer.guard_data import GuardData
from ouro.jitcore.optimizer.guards import GuardState
from ouro.jitcore.optimizer.heap import HeapState
from ouro.jitcore.optimizer.neighbours import CallState
from ouro.jitcore.optimizer.options import ALWAYS
from ouro.jitcore.optimizer.pipeline import CHAINS, LEARNING
from ouro.jitcore.optimizer.pure import PureTable
from ouro.jitcore.optimizer.ranges import EmptyRange
from ouro.jitcore.optimizer.rewrite import Bindings
from ouro.jitcore.optimizer.strings import make_constant, settle_unfinished
from ouro.jitcore.optimizer.texts import Text
from ouro.jitcore.optimizer.verdicts import AGAIN, DONE, HOLDS
from ouro.jitcore.optimizer.work import ESCAPED, Work
from ouro.jitcore.trace import NO_SNAPSHOT, NOTHING, NULL_REFERENCE, TraceReader

#: Flags of operations in front of which something may have to be emitted.
_NEEDS_CARE = ops.GUARD | ops.CALL | ops.OVERFLOW | ops.EXIT

#: Flags of operations that give operands to others.
_GIVES_ON = ops.STORE | ops.EXIT | ops.MARKER


class Dependency:
    """A quasi-immutable field that a trace depends on: of the object `reference`, a GCREF."""

    def __init__(self, reference, field):
        self.reference = reference
        self.field = field


class Optimizer:
    """The state of one forward pass.

    Attributes:
        environment: what the pass may ask (`Environment`).
        enabled: bits of the optimisations that are on.
        guards_may_fail: see `Options`.
        work: all values and what is known of them.
        renaming: from the numbers of the recording to references in `work`.
        inputs: the numbers of the inputs in `work`.
        dependencies: the quasi-immutable fields that the trace depends on.
        snapshot: of the guard that is being optimised.
        raw_words: from the address of a word outside of the heap to its value.
        null, zero_int, zero_float: the constants.
        importer: of a peeled body, the values that it may take from its label; None elsewhere.
        overflow_operation: the last overflow operation whose guard is still needed, or `NOTHING`.
        bindings: room for the letters of a rule.
        future_snapshot: that of the last `guard_future_condition`: for guards that are made at the end.
        varying: the input of a bridge whose `guard_value` has failed, `NOTHING` elsewhere.
    """

    def __init__(self, environment, recorded, store):
        self.environment = environment
        self.enabled = environment.options.enabled | ALWAYS
        self.guards_may_fail = environment.options.guards_may_fail
        self.recorded = recorded
        self.constants = recorded.constants
        self.work = Work(recorded.constants, recorded.count + recorded.count // 8)
        self.guard_data = GuardData(self, recorded, store)
        self.renaming = []
        self.inputs = []
        self.dependencies = []
        self.snapshot = NO_SNAPSHOT
        self.future_snapshot = NO_SNAPSHOT
        self.varying = NOTHING
        self.overflow_operation = NOTHING
        self.bindings = Bindings()
        self.guards = GuardState()
        self.calls = CallState()
        self.pure = PureTable(self.work)
        self.heap = HeapState(self)
        self.raw_words = {}
        self.importer = None
        self.settled = []
        self.settled_constants = []
        self.unfinished_texts = []
        self.unfilled = []
        self.unfilled_virtuals = []
        self.filling = False
        self.null = self.constants.of_reference(NULL_REFERENCE)
        self.zero_int = self.constants.of_int(0)
        self.zero_float = self.constants.of_float(0.0)

    def add_input(self, opcode):
        """Make the next input of the recording a value of its own."""
        number = self.work.append(opcode)
        self.work.order.append(number)
        self.inputs.append(number)
        self.renaming.append(number)
        return number

    def run(self):
        """As `walk`; what cannot be is an invalid trace."""
        try:
            return self.walk()
        except EmptyRange:
            raise InvalidTrace  # noqa: B904, RPython has no chained exceptions

    def walk(self):
        """Optimise the recording up to its last instruction, whose number in `work` is the result.

        The last instruction is not emitted. The renamings of the inputs are made already, or are made here where
        there are none.
        """
        work = self.work
        reader = TraceReader(self.recorded)
        given = len(self.renaming)
        while reader.next():
            opcode = reader.opcode
            if ops.is_input(opcode):
                if reader.number >= given:
                    self.add_input(opcode)
                continue
            operands = reader.operands
            for position in range(len(operands)):
                operands[position] = self.translate(operands[position])
            number = work.append_list(opcode, operands, reader.descriptor)
            self.renaming.append(number)
            if ops.is_exit(opcode):
                return number
            self.snapshot = reader.snapshot
            self.process(number)
            if len(self.settled) > 0:
                self._settle()
        raise InvalidTrace

    def translate(self, reference):
        """What a reference of the recording is now."""
        if reference >= 0:
            reference = self.renaming[reference]
        return self.work.resolve(reference)

    def process(self, number):
        """Send an instruction through the optimisations."""
        opcodes = self.work.opcodes
        enabled = self.enabled
        chain = CHAINS[opcodes[number]]
        position = 0
        while position < len(chain):
            step = chain[position]
            position += 1
            if enabled & step.optimization:
                verdict = step.function(self, number)
                if verdict == DONE:
                    return
                if verdict == AGAIN:
                    chain = CHAINS[opcodes[number]]
                    position = 0
                elif verdict == HOLDS:
                    self._learn(number)
                    return
        self.emit(number)
        self._learn(number)

    def _learn(self, number):
        enabled = self.enabled
        for learner in LEARNING[self.work.opcodes[number]]:
            if enabled & learner.optimization:
                learner.function(self, number)

    def emit(self, number):
        """Let an instruction stand in the trace, behind what was emitted before."""
        work = self.work
        opcode = work.opcodes[number]
        flags = ops.flags_of[opcode]
        if flags & _NEEDS_CARE != 0:
            if len(self.unfinished_texts) > 0:
                settle_unfinished(self)
            if opcode == ops.GUARD_FUTURE_CONDITION:
                self.future_snapshot = self.snapshot
                return
            if flags & ops.GUARD != 0:
                self.force_operands(number)
                self.guard_data.attach(number, self.snapshot, self.heap.before_guard(number))
                work.order.append(number)
                return
            if flags & ops.CALL != 0:
                # what the call makes real is real for the guard behind it too: its stores stand in front of the call
                self.force_operands(number)
                self.heap.before_call(number)
                self._escape(number)
                work.order.append(number)
                self.heap.behind_call(number)
                return
            if flags & ops.OVERFLOW != 0:
                # nothing may come between the operation and its guard
                self.heap.flush_real()
            elif flags & ops.EXIT != 0:
                self.heap.flush_all()
        self.force_operands(number)
        if flags & _GIVES_ON != 0:
            self._escape(number)
        work.order.append(number)

    def force_operands(self, number):
        """Make all virtual objects that an instruction uses, and let it use what stands for its operands."""
        work = self.work
        for position in range(work.operand_count(number)):
            work.set_operand(number, position, self.forced(work.operand(number, position)))

    def _escape(self, number):
        """What an instruction gives to someone else may be changed by others from now on."""
        work = self.work
        count = work.operand_count(number)
        start = 0
        if ops.has_flag(work.opcodes[number], ops.STORE):
            start = count - 1
        for position in range(start, count):
            reference = work.operand(number, position)
            if reference >= 0:
                work.facts[reference] |= ESCAPED

    def forced(self, reference):
        """What a reference stands for, made if it is virtual."""
        reference = self.work.resolve(reference)
        if reference >= 0 and self.work.virtuals[reference] is not None:
            self.force(reference)
            return self.work.resolve(reference)
        return reference

    def force(self, number):
        """Make a virtual object, and what it leads to: first it, then its contents. Of a string the contents are
        copied, so they are made first; or it is a constant.
        """
        work = self.work
        virtual = work.virtuals[number]
        if isinstance(virtual, Text):
            if not make_constant(self, number):
                work.virtuals[number] = None
                for piece in virtual.pieces:
                    if piece.source != NOTHING:
                        self.forced(piece.source)
                virtual.allocate(self, number)
                virtual.fill(self, number)
            return
        work.virtuals[number] = None
        virtual.allocate(self, number)
        self.unfilled.append(number)
        self.unfilled_virtuals.append(virtual)
        if self.filling:
            return
        self.filling = True
        while len(self.unfilled) > 0:
            filled = self.unfilled.pop()
            self.unfilled_virtuals.pop().fill(self, filled)
        self.filling = False

    def emit_new(self, opcode, first, second, third, descriptor):
        """Emit an instruction that no optimisation needs to see: a store into an object that was just made."""
        work = self.work
        number = work.append(opcode, first, second, third, descriptor)
        value = third if third != NOTHING else second
        if value >= 0:
            work.facts[value] |= ESCAPED
        work.order.append(number)

    def is_zero(self, reference):
        """Is a value the constant 0, null, or 0.0 with the sign +?"""
        return reference == self.null or reference == self.zero_int or reference == self.zero_float

    def zero(self, kind):
        """The constant that cleared memory holds."""
        if kind == "i":
            return self.zero_int
        if kind == "f":
            return self.zero_float
        return self.null

    def use(self, number):
        """A value that was computed before is used in place of a new one: a body may have to take it from its label."""
        if self.importer is not None:
            self.importer.use(number)

    def depend_on(self, reference, field):
        """The trace depends on a quasi-immutable field of a constant object."""
        if not self.depends_on(reference, field):
            self.dependencies.append(Dependency(self.constants.reference_of(reference), field))

    def depends_on(self, reference, field):
        """Does the trace depend on this field, so that it is as good as immutable?"""
        if not field.quasi_immutable:
            return False
        value = self.constants.reference_of(reference)
        for dependency in self.dependencies:
            if dependency.field is field and dependency.reference == value:
                return True
        return False

    def settle_later(self, reference, constant):
        """Once the instruction that is looked at is dealt with, a value is a constant."""
        self.settled.append(reference)
        self.settled_constants.append(constant)

    def _settle(self):
        while len(self.settled) > 0:
            reference = self.work.resolve(self.settled.pop())
            constant = self.settled_constants.pop()
            if reference >= 0:
                self.work.forward(reference, constant)

    def make(self, opcode, first=NOTHING, second=NOTHING, third=NOTHING, descriptor=None):
        """Add an instruction that an optimisation made up and send it through all of them; what its result is."""
        work = self.work
        number = work.append(opcode, work.resolve(first), work.resolve(second), work.resolve(third), descriptor)
        self.process(number)
        return work.resolve(number)
