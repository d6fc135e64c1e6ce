"""All steps of the tracer by the number of the instruction.

A step takes the `MetaInterpreter`, the innermost frame and the position of the instruction; it gives the position of
the next one, or `FRAME_CHANGED`.
"""

from ouro.jitcore.jitcode import instructions
from ouro.jitcore.tracer import call_steps, control_steps, memory_steps, plain_steps, portal_steps, virtualizables


def _collect():
    steps = {}
    for module in (plain_steps, memory_steps, control_steps, call_steps, portal_steps, virtualizables):
        steps.update(module.STEPS)
    return [steps[number] for number in range(instructions.COUNT)]


STEPS = _collect()
