"""All handlers, in the order of the table of instructions."""

from ouro.jitcore.blackhole import calls, control, hints
from ouro.jitcore.blackhole.operands import executing
from ouro.jitcore.jitcode import instructions
from ouro.jitcore.machine import EXECUTE
from ouro.jitcore.machine.execution import NO_VALUE
from ouro.jitcore.operations import operand_kinds
from ouro.rlib.unroll import unrolling_iterable


def _handler(instruction):
    operation = instructions.operation_of[instruction]
    if operation >= 0:
        place = operand_kinds[operation].find("v")
        kind = NO_VALUE if place < 0 else instructions.operand_letters[instruction][place]
        return executing(EXECUTE[operation, kind], instruction)
    name = instructions.names[instruction]
    for module in (calls, control, hints):
        if name in module.HANDLERS:
            return module.HANDLERS[name]
    raise AssertionError("no handler for " + name)


#: By number of the instruction.
HANDLERS = [_handler(instruction) for instruction in range(instructions.COUNT)]

#: The same for the loop that is translated: a case for each.
CASES = unrolling_iterable(enumerate(HANDLERS))
