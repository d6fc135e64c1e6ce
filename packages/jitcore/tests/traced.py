"""Portals from text that run under the tracer, with the model backend: for tests of the tracer."""

from ouro.jitcore.blackhole import BlackholeInterpreter
from ouro.jitcore.descriptors import RANDOM, EffectDescriptor
from ouro.jitcore.jitcode import instructions
from ouro.jitcore.jitcode.text import decode, parse_program
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.outcome import CONTINUE, FINISHED_FLOAT, FINISHED_INT, FINISHED_REFERENCE, NOT_ENTERED, RAISED
from ouro.jitcore.program_entry import LoopsOfSystem
from ouro.jitcore.trace import NULL_REFERENCE
from ouro.jitcore.tracer import Driver, DriverHooks, GreenKey, JitSystem
from ouro.jitcore.tracer import parameters as params
from ouro.lltype import GCREF, Float, FuncType, Signed, Void, functionptr

TYPES = {"i": Signed, "r": GCREF, "f": Float, "n": Void}


class Portal:
    """The portal of one driver: how the program calls it.

    Args:
        world: the `Traced` that it is in.
        index, name: of the driver; the jitcode `name` is its portal.
        greens, reds, result: letters.
    """

    def __init__(self, world, index, name, greens, reds, result, hooks=None, virtualizable_index=-1):
        self.world = world
        self.kinds = greens + reds
        memory = world.samples.memory
        arguments = "".join(sorted(self.kinds, key="irf".index))
        self.by_kind = "".join(sorted(greens, key="irf".index)) + "".join(sorted(reds, key="irf".index))
        TYPE = FuncType([TYPES[kind] for kind in self.by_kind], TYPES[result])
        runner = memory.address_of(functionptr(TYPE, name, callable=self._called))
        call = memory.descriptors.call(TYPE, EffectDescriptor(RANDOM))
        self.driver = Driver(
            index, name, greens, reds, result, runner, call, hooks or DriverHooks(), virtualizable_index)
        self.name = name
        assert len(arguments) == len(self.kinds)

    def _called(self, *values):
        outcome = self.run(*values)
        if outcome.what == RAISED:
            raise self.world.samples.memory.exception_of(outcome.reference)
        return result_of(outcome)

    def run(self, *values):
        """Call the portal with greens and reds, by kind of each; the outcome."""
        by_kind = {"i": [], "r": [], "f": []}
        for kind, value in zip(self.by_kind, values):
            by_kind[kind].append(value)
        return self._loop(by_kind["i"], by_kind["r"], by_kind["f"])

    def _loop(self, ints, references, floats):
        system, driver = self.world.system, self.driver
        warm_state = system.warm_states[driver.index]
        ask = warm_state.at_function_start
        while True:
            key = GreenKey(ints[: driver.greens_i], references[: driver.greens_r], floats[: driver.greens_f])
            outcome = None
            if ask(key.hash(driver.index)):
                outcome = system.enter(warm_state, key, ints[driver.greens_i :], references[driver.greens_r :],
                                       floats[driver.greens_f :])
            if outcome is None or outcome.what == NOT_ENTERED:
                outcome = self._interpret(ints, references, floats)
            if outcome.what != CONTINUE:
                return outcome
            ints, references, floats = outcome.ints, outcome.references, outcome.floats
            ask = warm_state.at_loop_header

    def _interpret(self, ints, references, floats):
        """Run the portal from its merge point to the next one."""
        world = self.world
        run = BlackholeInterpreter(world.system.blackhole)
        run.enter(self.driver.portal, None, ints, references, floats)
        merge = next(one for one in decode(world.program, self.driver.portal)
                     if one.number == instructions.JIT_MERGE_POINT)
        frame = run.frame
        assert run.run(frame).what == CONTINUE
        frame.position = merge.end
        world.interpreted += 1
        # what runs for ever in tests is a defect, and stops hypothesis from finding a smaller one
        assert world.interpreted < world.longest
        return run.run(frame)


class Traced:
    """A program from text with its JIT.

    Args:
        samples: `Samples`.
        text: the jitcodes.
        drivers: for each driver (name, greens, reds, result) and perhaps hooks.
        make_backend: makes a backend for the machine; that of the samples is taken without.
        parameters: of all drivers, by name.

    Attributes:
        portals: by name.
        interpreted: how often a portal was interpreted from one merge point to the next; at most `longest`.
    """

    def __init__(self, samples, text, *drivers, virtualizables=None, virtual_reference=None, make_backend=None,
                 **parameters):
        self.samples = samples
        self.machine = HostMachine(samples.memory)
        if make_backend is not None:
            samples.backend = make_backend(self.machine)
        self.program = parse_program(text, samples.names)
        self.portals = {}
        self.interpreted = 0
        self.longest = 100000
        for index, (name, *rest) in enumerate(drivers):
            self.portals[name] = Portal(self, index, name, *rest)
        self.program.portals = [
            next(code for code in self.program.jitcodes if code.name == name) for name in self.portals]
        self.program.virtualizables = virtualizables or [None] * len(self.portals)
        self.system = JitSystem(
            self.machine, samples.backend, self.program, [portal.driver for portal in self.portals.values()],
            virtual_reference)
        samples.backend.on_assembler_failure = self._call_left
        samples.backend.called_loops = LoopsOfSystem(self.system)
        for name, value in parameters.items():
            self.system.set_parameter(-1, params.number_of(name), value)

    def _call_left(self, frame):
        outcome = self.system.call_left(frame)
        if outcome.what == RAISED:
            raise self.samples.memory.exception_of(outcome.reference)
        return result_of(outcome)

    def run(self, name, *values):
        """Call a portal; what it gives, or ("raised", exception)."""
        outcome = self.portals[name].run(*values)
        assert not self.machine.pending_exception()
        if outcome.what == RAISED:
            return "raised", outcome.reference
        return result_of(outcome)

    @property
    def statistics(self):
        return self.system.statistics

    def traces(self):
        """All compiled traces, as lines of text."""
        from ouro.jitcore.tracer.log import trace_lines

        result = []
        for token in self.system.aging.tokens:
            for block in token.blocks:
                result.append(trace_lines(block.trace, self.system))
        return result


def result_of(outcome):
    """What a portal returned."""
    if outcome.what == FINISHED_INT:
        return outcome.value
    if outcome.what == FINISHED_REFERENCE:
        return outcome.reference
    return outcome.number if outcome.what == FINISHED_FLOAT else None


NULL = NULL_REFERENCE
