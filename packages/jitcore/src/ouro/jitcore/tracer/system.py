"""The JIT of one program: all its parts, and the way from the interpreter into compiled code and back."""

from ouro.jitcore import operations as ops
from ouro.jitcore.blackhole import Blackhole, BlackholeFrame, BlackholeInterpreter
from ouro.jitcore.descriptors import FinishDescriptor, GuardDescriptor
from ouro.jitcore.outcome import (
    CONTINUE,
    NOT_ENTERED,
    NOTHING_RAN,
    finished_float,
    finished_int,
    finished_none,
    finished_reference,
    raised,
)
from ouro.jitcore.passed_values import PassedValues
from ouro.jitcore.resume import VirtualizableView, count_values, force_virtualizable, pass_values, token_of
from ouro.jitcore.tracer import dispatch, log, parameters, reasons, times
from ouro.jitcore.tracer.aging import Aging
from ouro.jitcore.tracer.blame import blame
from ouro.jitcore.tracer.bridges import begin_bridge
from ouro.jitcore.tracer.compiler import Compiler
from ouro.jitcore.tracer.counters import Counters, mix
from ouro.jitcore.tracer.dependencies import Dependencies
from ouro.jitcore.tracer.ending import Aborted, Ended
from ouro.jitcore.tracer.events import Events
from ouro.jitcore.tracer.frames import CONSTANT, TraceFrame
from ouro.jitcore.tracer.greens import hash_of_first
from ouro.jitcore.tracer.meta_interpreter import MergePoint, MetaInterpreter
from ouro.jitcore.tracer.statistics import Statistics
from ouro.jitcore.tracer.times import Times
from ouro.jitcore.tracer.warm_state import WarmState
from ouro.rlib.debug import debug_start, debug_stop, have_debug_prints_for
from ouro.rlib.rarithmetic import intmask
from ouro.rlib.rfloat import float_to_bits


class Helpers:
    """Functions of the run-time parts that traces call, as addresses with their `CallDescriptor`s; 0 where the program
    has no use for them.

    follow_virtual_reference(stand-in) -> object; quasi_immutable_changes(object, index of the field).
    """

    def __init__(self):
        self.follow_virtual_reference = 0
        self.follow_virtual_reference_call = None
        self.quasi_immutable_changes = 0
        self.quasi_immutable_changes_call = None


class _BlackholeOfSystem(Blackhole):
    """The blackhole interpreter, which tells the system of changes."""

    def __init__(self, system):
        Blackhole.__init__(
            self, system.machine, system.backend, system.program, system.drivers, system.virtual_reference)
        self.system = system

    def quasi_immutable_changes(self, reference, field):
        self.system.quasi_immutable_changes(reference, field)


class JitSystem:
    """All of it.

    Args:
        machine: the `Machine`.
        backend: the `Backend`, or None: then `start` gives it before anything is entered.
        program: the `JitProgram`.
        drivers: list of `Driver`, by number; their `portal` is set here.
        virtual_reference: the `VirtualReferenceDescription` or None.

    Attributes:
        warm_states: of the drivers, by number.
        helpers: `Helpers`, which the translator fills.
    """

    def __init__(self, machine, backend, program, drivers, virtual_reference=None):
        self.machine = machine
        self.backend = backend
        self.program = program
        self.drivers = drivers
        self.virtual_reference = virtual_reference
        self.helpers = Helpers()
        self.steps = dispatch.STEPS
        self.statistics = Statistics()
        self.times = Times()
        if backend is not None:
            self.times.start()
        self.counters = Counters()
        self.warm_states = []
        for driver in drivers:
            driver.portal = program.portals[driver.index]
            driver.virtualizable = program.virtualizables[driver.index]
            self.warm_states.append(WarmState(driver, self.counters))
        self.compiler = Compiler(self)
        self.aging = Aging(self)
        self.events = Events(self)
        self.dependencies = Dependencies()
        self.blackhole = _BlackholeOfSystem(self)
        self.is_off = False
        self._recordings = []
        self._values = PassedValues()

    def start(self, backend):
        """Give the backend, where it is made in the process that runs the program."""
        self.backend = backend
        self.blackhole.backend = backend
        self.times.start()

    def turn_off(self):
        """Neither trace nor enter code, whatever the parameters say later."""
        self.is_off = True
        for warm_state in self.warm_states:
            warm_state.turn_off()

    def set_parameter(self, driver_index, parameter, value):
        """Set a parameter of one driver, or of all (-1)."""
        for warm_state in self.warm_states:
            if driver_index < 0 or warm_state.driver.index == driver_index:
                warm_state.parameters.set(parameter, value)
                warm_state.parameters_changed()
        if parameter == parameters.FAIL_GUARDS and self.backend is not None:
            self.backend.fail_guards(value)

    def driver_of(self, jitcode):
        """The number of the driver whose portal a jitcode is, -1 if it is none."""
        for driver in self.drivers:
            if driver.portal is jitcode:
                return driver.index
        return -1

    # ---- from the interpreter

    def enter(self, warm_state, key, ints, references, floats):
        """The interpreter is at a merge point that is hot, or has code.

        Args:
            warm_state: of the driver.
            key: the greens, a `GreenKey`.
            ints, references, floats: the reds, lists by kind.

        Returns:
            An `Outcome`.
        """
        driver = warm_state.driver
        self.aging.collect()
        if not driver.hooks.may_enter(key, ints, references, floats):
            return NOTHING_RAN
        cell = warm_state.cell_for(key, key.hash(driver.index))
        if cell.has_code():
            values = self._values
            values.add_lists(key.ints, key.references, key.floats)
            values.add_lists(ints, references, floats)
            outcome = self.run_passed(driver, cell.token, values)
            values.clear()
        elif cell.tracing:
            return NOTHING_RAN
        else:
            outcome = self._trace(warm_state, cell, ints, references, floats)
        return self.go_on(warm_state, outcome)

    def go_on(self, warm_state, outcome):
        """Run the code of the positions at which the interpreter would go on, as long as there is some.

        No trace begins here: code is left in many places where none ever will.
        """
        driver = warm_state.driver
        while outcome.what == CONTINUE and outcome.driver == driver.index:
            ints, references, floats = outcome.ints, outcome.references, outcome.floats
            cell = warm_state.find_first(hash_of_first(driver, ints, references, floats), ints, references, floats)
            if cell is None or not cell.has_code():
                return outcome
            if driver.hooks.has_condition() and not driver.hooks.may_enter(
                cell.key, ints[driver.greens_i:], references[driver.greens_r:], floats[driver.greens_f:]
            ):
                return outcome
            values = self._values
            values.add_lists(ints, references, floats)
            following = self.run_passed(driver, cell.token, values)
            values.clear()
            if following.what == NOT_ENTERED:
                return outcome
            outcome = following
        return outcome

    def run_passed(self, driver, token, values):
        """Run compiled code, and whatever follows up to the next merge point.

        Args:
            driver, token: whose code.
            values: the greens and reds, `PassedValues`, which are empty when the code begins to run.

        Returns:
            An `Outcome`; `NOT_ENTERED` where the virtualizable has not as many values as the code was made for.
        """
        description = driver.virtualizable
        if description is not None:
            reference = values.references[driver.greens_r + driver.virtualizable_index]
            count = len(driver.red_kinds) + count_values(self.machine, description, reference) - 1
            if count != len(token.argument_kinds):
                return NOTHING_RAN
            if token_of(self.machine, description, reference):
                force_virtualizable(self.machine, self.backend, description, reference)
            pass_values(self.machine, description, reference, values)
        self.statistics.entered += 1
        self.aging.entered(token)
        try:
            frame = self.backend.enter_passed(token, values, driver.greens_i, driver.greens_r, driver.greens_f)
            outcome = self.leave(frame)
        finally:
            self.aging.left(token)
        self.aging.collect()
        return outcome

    # ---- where compiled code was left

    def leave(self, frame):
        """Go on behind compiled code: with its result, in a bridge that is traced, or in the blackhole interpreter.

        Args:
            frame: the `JitFrame`.

        Returns:
            An `Outcome`, not `NOT_ENTERED`.
        """
        descriptor = frame.descriptor
        if isinstance(descriptor, FinishDescriptor):
            return self._finished(descriptor, frame)
        assert isinstance(descriptor, GuardDescriptor)
        self.statistics.guard_failures += 1
        if descriptor.failures == 1 and have_debug_prints_for("jit-guards"):
            self.statistics.failed_guards.append(descriptor)
        if descriptor.leaves_with_exception:
            return raised(self.backend.exception(frame))
        warm_state = self.warm_states[descriptor.loop.driver]
        if not frame.on_purpose and self._wants_bridge(warm_state, descriptor, frame):
            return self._trace_bridge(warm_state, descriptor, frame)
        return self.blackhole.resume(frame)

    def _finished(self, descriptor, frame):
        if descriptor.is_exception:
            return raised(self.backend.value_reference(frame, 0))
        kind = descriptor.kind
        if kind == "i":
            return finished_int(self.backend.value_int(frame, 0))
        if kind == "r":
            return finished_reference(self.backend.value_reference(frame, 0))
        if kind == "f":
            return finished_float(self.backend.value_float(frame, 0))
        return finished_none()

    def call_left(self, frame):
        """A loop that other code has called was left: run the portal to its end.

        Returns:
            An `Outcome` with the result of the portal, or `RAISED`.
        """
        outcome = self.leave(frame)
        if outcome.what == CONTINUE:
            return self._call_portal(self.drivers[outcome.driver], outcome)
        return outcome

    def _call_portal(self, driver, outcome):
        machine = self.machine
        callee = driver.runner_call
        kind = driver.result_kind
        if kind == "i":
            result = finished_int(machine.call_int(
                driver.runner, callee, outcome.ints, outcome.references, outcome.floats))
        elif kind == "r":
            result = finished_reference(machine.call_reference(
                driver.runner, callee, outcome.ints, outcome.references, outcome.floats))
        elif kind == "f":
            result = finished_float(machine.call_float(
                driver.runner, callee, outcome.ints, outcome.references, outcome.floats))
        else:
            machine.call_none(driver.runner, callee, outcome.ints, outcome.references, outcome.floats)
            result = finished_none()
        exception = machine.take_exception()
        if exception:
            return raised(exception)
        return result

    def _wants_bridge(self, warm_state, guard, frame):
        if guard.opcode == ops.GUARD_NOT_FORCED or guard.opcode == ops.GUARD_NOT_INVALIDATED:
            return False
        if guard.loop.invalidated or guard.bridge is not None or guard.store is None:
            return False
        for meta in self._recordings:
            if meta.guard is guard:
                # its bridge is being traced, and what that calls has come here
                return False
        hash_value = mix(guard.number, ops.COUNT)
        if guard.tested >= 0 and guard.opcode == ops.GUARD_VALUE:
            # each value has a bridge of its own, if it comes often
            kind = guard.kinds[guard.tested]
            if kind == "i":
                hash_value = mix(hash_value, self.backend.value_int(frame, guard.tested))
            elif kind == "f":
                bits = float_to_bits(self.backend.value_float(frame, guard.tested))
                hash_value = mix(hash_value, intmask(bits))
            else:
                reference = self.backend.value_reference(frame, guard.tested)
                if reference:
                    hash_value = mix(hash_value, self.machine.identity_hash(reference))
        return warm_state.guard_is_hot(hash_value, guard.aborts)

    # ---- tracing

    def _trace(self, warm_state, cell, ints, references, floats):
        """Trace from a merge point."""
        self.backend.settle(cell.key.references)
        meta = MetaInterpreter(self, warm_state)
        driver = warm_state.driver
        meta.start_key = cell.key
        if driver.virtualizable is not None:
            reference = references[driver.virtualizable_index]
            if token_of(self.machine, driver.virtualizable, reference):
                force_virtualizable(self.machine, self.backend, driver.virtualizable, reference)
        _begin_loop(meta, cell.key, ints, references, floats)
        cell.tracing = True
        cell.trace_here = False
        try:
            outcome = self._record(meta)
        finally:
            cell.tracing = False
        if cell.token is None or cell.stand_in:
            cell.aborts += 1
        return outcome

    def _trace_bridge(self, warm_state, guard, frame):
        """Trace from a guard that failed."""
        meta = MetaInterpreter(self, warm_state)
        meta.guard = guard
        outcome = self._record(meta, frame)
        if guard.bridge is None:
            guard.aborts += 1
        return outcome

    def _record(self, meta, frame=None):
        """Run the tracer to its end.

        Args:
            frame: the `JitFrame` that a bridge begins with.

        Returns:
            An `Outcome`.
        """
        self.counters.decay(meta.warm_state.parameters.get(parameters.DECAY))
        self.statistics.recordings += 1
        self._recordings.append(meta)
        phase = self.times.enter(times.TRACING)
        debug_start("jit-tracing")
        try:
            try:
                if frame is not None:
                    begin_bridge(meta, frame)
                meta.run()
            except Aborted as end:
                return self._give_up(meta, end.reason)
        except Ended as end:
            return end.outcome
        finally:
            meta.drop_tokens()
            debug_stop("jit-tracing")
            self.times.enter(phase)
            self._recordings.remove(meta)
        raise AssertionError("the tracer stopped by itself")

    def _give_up(self, meta, reason):
        """Leave the frames of the tracer to the blackhole interpreter."""
        self.statistics.aborts[reason] += 1
        log.log_abort(reason, meta)
        self.events.aborted(meta, reason)
        if reason == reasons.TOO_LONG:
            blame(meta)
        meta.drop_tokens()
        self.times.enter(times.PROGRAM)
        return self._run_blackhole(meta)

    def _run_blackhole(self, meta):
        frames = []
        frame = meta.frame
        while frame is not None:
            frames.append(frame)
            frame = frame.caller
        innermost = None
        for number in range(len(frames) - 1, -1, -1):
            innermost = _blackhole_frame(frames[number], innermost)
        innermost.exception = meta.exception
        run = BlackholeInterpreter(self.blackhole)
        pending = self.machine.take_exception()
        if pending:
            return run.run_with_exception(innermost, pending)
        return run.run(innermost)

    def add_tokens_of_recordings(self, tokens):
        """Append the tokens whose code the traces will call, or be a bridge of, that are being recorded."""
        for meta in self._recordings:
            if meta.guard is not None:
                tokens.append(meta.guard.loop)
            tokens.extend(meta.called_loops)

    # ---- quasi-immutable fields

    def depend(self, token, dependencies):
        """The code of a token is right only as long as some quasi-immutable fields do not change."""
        for dependency in dependencies:
            self.dependencies.add(dependency.reference, dependency.field.index, token)

    def quasi_immutable_changes(self, reference, field):
        """A quasi-immutable field of an object is about to change."""
        self.quasi_immutable_changes_at(reference, field.index)

    def quasi_immutable_changes_at(self, reference, index):
        """The same, with the index of the field: what the program calls before it writes."""
        for meta in self._recordings:
            if meta.depends_on(reference, index):
                meta.stale = True
        tokens = self.dependencies.take(reference, index)
        if tokens is None:
            return
        for token in tokens:
            if not token.invalidated:
                token.invalidated = True
                self.statistics.invalidated_loops += 1
                self.backend.invalidate(token)

    def log_summary(self):
        """Write the summary into the log, at the end of the program."""
        log.log_summary(self.statistics, self.times)


def _begin_loop(meta, key, ints, references, floats):
    """Set up a `MetaInterpreter` at the beginning of a portal: the reds are the inputs."""
    driver = meta.driver
    frame = TraceFrame(driver.portal, None)
    meta.frame = frame
    for number in range(len(key.ints)):
        frame.set_int(number, key.ints[number], CONSTANT)
    for number in range(len(key.references)):
        frame.set_reference(number, key.references[number], CONSTANT)
    for number in range(len(key.floats)):
        frame.set_float(number, key.floats[number], CONSTANT)
    inputs = []
    for number in range(len(ints)):
        reference = meta.record(ops.INPUT_I, [])
        frame.set_int(len(key.ints) + number, ints[number], reference)
        inputs.append(reference)
    for number in range(len(references)):
        reference = meta.record(ops.INPUT_R, [])
        frame.set_reference(len(key.references) + number, references[number], reference)
        inputs.append(reference)
    for number in range(len(floats)):
        reference = meta.record(ops.INPUT_F, [])
        frame.set_float(len(key.floats) + number, floats[number], reference)
        inputs.append(reference)
    kinds = driver.red_kinds
    if driver.virtualizable is not None:
        place = driver.virtualizable_index
        view = VirtualizableView(meta.machine, driver.virtualizable, references[place])
        meta.view = view
        meta.virtualizable_in_trace = [inputs[driver.reds_i + place]]
        for position in range(1, view.count):
            kind = view.kind(position)
            if kind == "i":
                reference = meta.record(ops.INPUT_I, [])
            elif kind == "r":
                reference = meta.record(ops.INPUT_R, [])
            else:
                reference = meta.record(ops.INPUT_F, [])
            meta.virtualizable_in_trace.append(reference)
            inputs.append(reference)
            kinds += kind
    meta.start_kinds = kinds
    meta.heap.reset(meta.recorded.count)
    meta.merge_points.append(MergePoint(key, meta.recorded.mark(), inputs))


def _blackhole_frame(frame, caller):
    """A frame of the tracer as one of the blackhole interpreter."""
    result = BlackholeFrame(frame.jitcode, caller)
    result.position = frame.position
    for register in range(frame.jitcode.registers_i):
        result.registers_i[register] = frame.ints[register]
    for register in range(frame.jitcode.registers_r):
        result.registers_r[register] = frame.references[register]
    for register in range(frame.jitcode.registers_f):
        result.registers_f[register] = frame.floats[register]
    return result
