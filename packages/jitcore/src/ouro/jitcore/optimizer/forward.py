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
from ouro.jitcore.optimizer.guard_data import GuardData
from ouro.jitcore.optimizer.pipeline import CHAINS
from ouro.jitcore.optimizer.verdicts import AGAIN, DONE
from ouro.jitcore.optimizer.work import Work
from ouro.jitcore.trace import NO_SNAPSHOT, NOTHING, TraceReader


class InvalidTrace(Exception):
    """A guard of the trace can never hold after those in front of it: there is nothing to compile."""


class Optimizer:
    """The state of one forward pass.

    Attributes:
        environment: what the pass may ask (`Environment`).
        enabled: bits of the optimisations that are on.
        work: all values and what is known of them.
        renaming: from the numbers of the recording to references in `work`.
        inputs: the numbers of the inputs in `work`.
        dependencies: the quasi-immutable fields that the trace depends on.
        snapshot: of the guard that is being optimised.
        future_snapshot: that of the last `guard_future_condition`: for guards that are made at the end.
    """

    def __init__(self, environment, recorded, store):
        self.environment = environment
        self.enabled = environment.options.enabled
        self.recorded = recorded
        self.constants = recorded.constants
        self.work = Work(recorded.constants)
        self.guard_data = GuardData(self, recorded, store)
        self.renaming = []
        self.inputs = []
        self.dependencies = []
        self.snapshot = NO_SNAPSHOT
        self.future_snapshot = NO_SNAPSHOT

    def add_input(self, opcode):
        """Make the next input of the recording a value of its own."""
        number = self.work.append(opcode)
        self.work.order.append(number)
        self.inputs.append(number)
        self.renaming.append(number)
        return number

    def run(self):
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
        self.emit(number)

    def emit(self, number):
        """Let an instruction stand in the trace, behind what was emitted before."""
        work = self.work
        opcode = work.opcodes[number]
        if opcode == ops.GUARD_FUTURE_CONDITION:
            self.future_snapshot = self.snapshot
            return
        if ops.is_guard(opcode):
            self.guard_data.attach(number, self.snapshot, None)
        work.order.append(number)

    def make(self, opcode, first=NOTHING, second=NOTHING, third=NOTHING, descriptor=None):
        """Add an instruction that an optimisation made up and send it through all of them; what its result is."""
        work = self.work
        number = work.append(opcode, work.resolve(first), work.resolve(second), work.resolve(third), descriptor)
        self.process(number)
        return work.resolve(number)
