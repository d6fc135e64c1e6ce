"""A use of the tracer with all its steps for `translatable.PARTS`: it records, has compiled, and enters what was."""

from ouro.jitcore.backend import JitFrame
from ouro.jitcore.descriptors import FinishDescriptor, GuardDescriptor
from ouro.jitcore.jitcode.text import parse_program
from ouro.jitcore.outcome import CONTINUE
from ouro.jitcore.trace import NULL_REFERENCE
from ouro.jitcore.tracer import Driver, DriverHooks, GreenKey, JitSystem
from ouro.jitcore.tracer import parameters as params
from test_tracer import COUNTING
from test_tracer_features import VIRTUALIZABLE, World
from translatable_blackhole import VIRTUAL_REFERENCE, IdleBackend, IdleMachine

SAMPLES = World()
PROGRAM = parse_program(
    COUNTING + VIRTUALIZABLE.replace("CALL", "").replace("main", "frames").replace("merge_point 0", "merge_point 1"),
    SAMPLES.names)
PROGRAM.portals = list(PROGRAM.jitcodes)
PROGRAM.virtualizables = [None, SAMPLES.description]
DONE = FinishDescriptor("done", "i", False)
CALL = SAMPLES.names.descriptors["call.add"]


class FirstGuardFails(IdleBackend):
    """Code of it leaves by the first guard twice, and finishes with 40 from then on."""

    def __init__(self):
        self.guard = None
        self.compiled = 0
        self.entered = 0

    def compile_loop(self, trace, token):
        self.compiled += trace.length()
        self.guard = trace.guards[0]

    def compile_bridge(self, guard, trace, token):
        self.compiled += 1000 * trace.length()

    def enter(self, token, ints, references, floats):
        self.entered += 1
        frame = JitFrame()
        frame.descriptor = DONE
        if self.entered <= 2:
            frame.descriptor = self.guard
        return frame

    def redirect_call_assembler(self, old, new):
        pass

    def invalidate(self, token):
        pass

    def free(self, token):
        self.compiled += 1


def use_tracer(n):
    backend = FirstGuardFails()
    driver = Driver(0, "main", "i", "ii", "i", 0, CALL, DriverHooks())
    frames = Driver(1, "frames", "i", "ir", "i", 0, CALL, DriverHooks(), 0)
    system = JitSystem(IdleMachine(), backend, PROGRAM, [driver, frames], VIRTUAL_REFERENCE)
    state = system.warm_states[0]
    state.parameters.set(params.TRACE_EAGERNESS, 2)
    result = 0
    for _ in range(4):
        outcome = system.enter(state, GreenKey([n], [], []), [50, n], [], [])
        result = result * 7 + outcome.what + outcome.value
        if outcome.what == CONTINUE:
            result += len(outcome.ints)
    outcome = system.enter(system.warm_states[1], GreenKey([n], [], []), [0], [NULL_REFERENCE], [])
    result = result * 7 + outcome.what + outcome.value
    system.depend(system.aging.tokens[0], [])
    system.quasi_immutable_changes_at(NULL_REFERENCE, 3)
    system.aging.collect_older_than(0)
    system.log_summary()
    assert isinstance(backend.guard, GuardDescriptor)
    return result * 31 + backend.compiled + system.statistics.freed_loops
