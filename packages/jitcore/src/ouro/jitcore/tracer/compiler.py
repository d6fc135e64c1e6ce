"""From a recording to code: closes it, has it optimised and compiled, and puts the code where it will be entered."""

from ouro.jitcore import operations as ops
from ouro.jitcore.backend import CannotCompile, NoRoomForCode
from ouro.jitcore.descriptors import FinishDescriptor, GuardDescriptor, LoopToken
from ouro.jitcore.jitcode import instructions, read_byte
from ouro.jitcore.optimizer import (
    PEEL,
    Environment,
    InvalidTrace,
    Options,
    optimize_bridge,
    optimize_loop,
    optimize_retrace,
)
from ouro.jitcore.outcome import (
    continue_at,
    finished_float,
    finished_int,
    finished_none,
    finished_reference,
    raised,
)
from ouro.jitcore.resume import VirtualizableView
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE, Trace
from ouro.jitcore.tracer import events, log, parameters, reasons, times
from ouro.jitcore.tracer.cutting import begin_at
from ouro.jitcore.tracer.ending import Aborted, Ended
from ouro.jitcore.tracer.failures import note_condition
from ouro.jitcore.tracer.meta_interpreter import MergePoint
from ouro.jitcore.tracer.virtualizables import write_back


class Compiler:
    """Has the recordings of one system compiled.

    Args:
        system: the `JitSystem`.
    """

    def __init__(self, system):
        self.system = system
        self.finish_int_descriptor = FinishDescriptor("finish_i", "i", False)
        self.finish_reference_descriptor = FinishDescriptor("finish_r", "r", False)
        self.finish_float_descriptor = FinishDescriptor("finish_f", "f", False)
        self.finish_none_descriptor = FinishDescriptor("finish_n", "n", False)
        self.finish_exception_descriptor = FinishDescriptor("finish_exception", "r", True)
        self._loops = 0
        self._guards = 0

    # ---- ends of a recording: all of them raise `Ended` or `Aborted`

    def close_loop(self, meta, merge_point, inputs, greens, reds):
        """The recording has come back to a merge point that it came by before: a loop."""
        kinds = input_kinds(meta)
        if len(merge_point.inputs) != len(inputs):
            raise Aborted(reasons.DIFFERENT_SHAPE)
        recorded = meta.recorded
        token = self._new_token(meta, merge_point.key, kinds)
        token.closes = True
        target = token.new_target(token.name + ".start")
        recorded.record(ops.JUMP, inputs, target)
        if merge_point.mark.count > len(kinds):
            recorded = begin_at(recorded, merge_point.mark, merge_point.inputs, kinds)
        self._compile_loop(meta, recorded, token, merge_point.key)
        self.system.statistics.loops += 1
        raise Ended(_continue(meta, greens, reds))

    def close_with_jump(self, meta, token, key, inputs, greens, reds):
        """The recording has come to a position that has code: go there, unless that takes one more iteration."""
        kinds = input_kinds(meta)
        if token.argument_kinds != kinds:
            raise Aborted(reasons.DIFFERENT_SHAPE)
        mark = meta.recorded.mark()
        meta.recorded.record(ops.JUMP, inputs, token.targets[0])
        if self._should_retrace(meta, token):
            meta.recorded.cut(mark)
            token.retraces += 1
            meta.retrace = MergePoint(key, mark, inputs)
            return
        self._finish_recording(meta, token)
        raise Ended(_continue(meta, greens, reds))

    def _should_retrace(self, meta, token):
        """Go on with the recording of a bridge for one more iteration, as no code of its loop takes its values?

        What was optimised to know that is in `meta.optimized` if not.
        """
        limit = meta.warm_state.parameters.get(parameters.RETRACE_LIMIT)
        if meta.guard is None or meta.guard.loop is not token or meta.retrace is not None or token.retraces >= limit:
            return False
        if not token.closes and not meta.driver.is_recursive and self._environment(meta).options.enabled & PEEL:
            # Its recording began with the last iteration, and came to the end: there is no body at all. Where a portal
            # calls itself, the code may as well be that of a function, whose loops have their own: there it only cost.
            return True
        self.system.times.enter(times.OPTIMIZING)
        try:
            optimized = optimize_bridge(meta.recorded, meta.guard, self._environment(meta))
        except InvalidTrace:
            raise Aborted(reasons.INVALID_LOOP) from None
        self.system.times.enter(times.TRACING)
        if optimized.fits:
            meta.optimized = optimized
            return False
        return True

    def close_retrace(self, meta, token, inputs, greens, reds):
        """The recording of a bridge has gone once round the loop: the iteration is a body that takes its values."""
        start = meta.retrace
        recorded = meta.recorded
        recorded.record(ops.JUMP, inputs, token.targets[0])
        iteration = begin_at(recorded, start.mark, start.inputs, token.argument_kinds)
        recorded.cut(start.mark)
        recorded.record(ops.JUMP, start.inputs, token.targets[0])
        token.closes = True
        self._compile_bridge(meta, iteration)
        self.system.statistics.bridges += 1
        raise Ended(_continue(meta, greens, reds))

    def cut(self, meta, greens, reds):
        """The recording ends here, behind a guard that always fails: what comes next becomes its bridge."""
        kind = meta.driver.result_kind
        if kind == "i":
            meta.record(ops.FINISH, [meta.constants.of_int(0)], self.finish_int_descriptor)
        elif kind == "r":
            meta.record(ops.FINISH, [meta.constants.of_reference(NULL_REFERENCE)], self.finish_reference_descriptor)
        elif kind == "f":
            meta.record(ops.FINISH, [meta.constants.of_float(0.0)], self.finish_float_descriptor)
        else:
            meta.record(ops.FINISH, [], self.finish_none_descriptor)
        self._finish_recording(meta, None)
        self.system.statistics.cuts += 1
        raise Ended(_continue(meta, greens, reds))

    def finish_int(self, meta, value, reference):
        """The portal gives an int."""
        write_back(meta)
        meta.record(ops.FINISH, [reference], self.finish_int_descriptor)
        self._finish_recording(meta, None)
        raise Ended(finished_int(value))

    def finish_reference(self, meta, value, reference):
        """The portal gives a reference."""
        write_back(meta)
        meta.record(ops.FINISH, [reference], self.finish_reference_descriptor)
        self._finish_recording(meta, None)
        raise Ended(finished_reference(value))

    def finish_float(self, meta, value, reference):
        """The portal gives a float."""
        write_back(meta)
        meta.record(ops.FINISH, [reference], self.finish_float_descriptor)
        self._finish_recording(meta, None)
        raise Ended(finished_float(value))

    def finish_none(self, meta):
        """The portal is done."""
        write_back(meta)
        meta.record(ops.FINISH, [], self.finish_none_descriptor)
        self._finish_recording(meta, None)
        raise Ended(finished_none())

    def finish_with_exception(self, meta):
        """An exception leaves the portal."""
        write_back(meta)
        reference = meta.gc_reference(meta.exception, meta.exception_in_trace)
        meta.record(ops.FINISH, [reference], self.finish_exception_descriptor)
        try:
            self._finish_recording(meta, None)
        except Aborted:
            if read_byte(meta.frame.code, meta.frame.position) == instructions.LIVE:
                # it came out of a call, which is not done again
                meta.machine.set_exception(meta.exception)
            raise
        raise Ended(raised(meta.exception))

    def _finish_recording(self, meta, jumps_to):
        """Compile a recording that begins at an entry or a guard and does not go back to its own beginning."""
        if meta.guard is not None:
            self._compile_bridge(meta)
            if jumps_to is not None:
                self.system.aging.uses(meta.guard.loop, jumps_to)
            self.system.statistics.bridges += 1
            return
        start = meta.merge_points[0]
        token = self._new_token(meta, start.key, meta.start_kinds)
        self._compile_loop(meta, meta.recorded, token, start.key)
        if jumps_to is not None:
            self.system.aging.uses(token, jumps_to)
        self.system.statistics.entry_bridges += 1

    # ---- compiling

    def _new_token(self, meta, key, kinds):
        driver = meta.driver
        self._loops += 1
        name = "loop" + str(self._loops)
        token = LoopToken(name, kinds, driver.result_kind)
        token.driver = driver.index
        token.number = self._loops
        return token

    def _environment(self, meta):
        values = meta.warm_state.parameters
        enabled = values.get(parameters.ENABLE_OPTS)
        if meta.recorded.count > values.get(parameters.DISABLE_UNROLLING):
            enabled &= ~PEEL
        options = Options(enabled, guards_may_fail=values.get(parameters.FAIL_GUARDS) > 0)
        options.entry_guards_limit = values.get(parameters.MAX_RETRACE_GUARDS)
        options.second_iterations = values.get(parameters.MAX_UNROLL_LOOPS) > 0
        return Environment(self.system.machine, options, meta.driver.virtualizable, self.system.virtual_reference)

    def _compile_loop(self, meta, recorded, token, key):
        self._before(meta)
        title = self._title(meta, token, key)
        token.title = title
        log.log_recording(recorded, title, self.system)
        self.system.times.enter(times.OPTIMIZING)
        try:
            optimized = optimize_loop(recorded, token, self._environment(meta))
        except InvalidTrace:
            raise Aborted(reasons.INVALID_LOOP) from None
        trace = optimized.trace
        self._prepare_guards(trace, token)
        log.log_trace(trace, title, self.system)
        self._count(trace)
        self._announce(events.BEFORE_COMPILE, meta, token, optimized)
        self.system.times.enter(times.ASSEMBLING)
        try:
            self.system.backend.compile_loop(trace, token)
        except NoRoomForCode:
            raise self._no_room() from None
        except CannotCompile:
            raise Aborted(reasons.CANNOT_COMPILE) from None
        self.system.times.enter(times.TRACING)
        self.system.depend(token, optimized.dependencies)
        self._collect_uses(trace, token)
        self._trim(trace)
        cell = meta.warm_state.cell_for(key, key.hash(meta.driver.index))
        old = cell.token
        meta.warm_state.give_code(cell, token, False)
        cell.aborts = 0
        cell.trace_here = False
        if old is not None and old.argument_kinds == token.argument_kinds:
            self._redirect(old, token)
        self.system.aging.compiled(token)
        self.system.events.compiling(events.AFTER_COMPILE, meta, token, trace)

    def _redirect(self, old, token):
        """Who calls the old code of a position by `call_assembler` gets the new one."""
        self.system.backend.redirect_call_assembler(old, token)
        self.system.aging.uses(old, token)

    def _compile_bridge(self, meta, iteration=None):
        self._before(meta)
        guard = meta.guard
        token = guard.loop
        title = "bridge of guard " + str(guard.number) + " of " + token.name
        log.log_recording(meta.recorded, title, self.system)
        self.system.times.enter(times.OPTIMIZING)
        try:
            optimized = meta.optimized
            if iteration is not None:
                optimized = optimize_retrace(meta.recorded, guard, iteration, token, self._environment(meta))
            if optimized is None:
                optimized = optimize_bridge(meta.recorded, guard, self._environment(meta))
        except InvalidTrace:
            raise Aborted(reasons.INVALID_LOOP) from None
        trace = optimized.trace
        self._prepare_guards(trace, token)
        log.log_trace(trace, title, self.system)
        self._count(trace)
        self._announce(events.BEFORE_BRIDGE, meta, token, optimized)
        self.system.times.enter(times.ASSEMBLING)
        try:
            self.system.backend.compile_bridge(guard, trace, token)
        except NoRoomForCode:
            raise self._no_room() from None
        except CannotCompile:
            raise Aborted(reasons.CANNOT_COMPILE) from None
        self.system.times.enter(times.TRACING)
        self.system.depend(token, optimized.dependencies)
        self._collect_uses(trace, token)
        self._trim(trace)
        self.system.aging.compiled(token)
        self.system.events.compiling(events.AFTER_BRIDGE, meta, token, trace)

    def _no_room(self):
        self.system.aging.found_no_room()
        return Aborted(reasons.NO_ROOM)

    def _announce(self, kind, meta, token, optimized):
        """Tell the program of a trace, which may change what the trace depends on."""
        if self.system.events.are_wanted():
            # what the optimizer alone has used is watched too: its dependencies are known to no one else yet
            for dependency in optimized.dependencies:
                meta.depend_on(dependency.reference, dependency.field)
            self.system.events.compiling(kind, meta, token, optimized.trace)
            if meta.stale:
                raise Aborted(reasons.INVALIDATED)

    def _before(self, meta):
        if meta.stale:
            raise Aborted(reasons.INVALIDATED)
        if meta.guard is not None and meta.guard.loop.invalidated:
            raise Aborted(reasons.INVALIDATED)
        self.system.statistics.recorded_operations += meta.recorded.count
        self.system.backend.code_limit = 1024 * meta.warm_state.parameters.get(parameters.CODE_MEMORY)

    def _title(self, meta, token, key):
        place = meta.driver.hooks.printable_location(key)
        return token.name + " (" + meta.driver.name + (" " + place if place != "" else "") + ")"

    def _count(self, trace):
        self.system.statistics.compiled_operations += trace.length()
        self.system.statistics.compiled_guards += len(trace.guards)
        if len(trace.guards) > 0:
            # the guards of one trace have one store, but that of an exception where a bridge begins
            last = trace.guards[len(trace.guards) - 1]
            if last.store is not None:
                self.system.statistics.resume_words += last.store.size_in_words()

    def _prepare_guards(self, trace, token):
        """Tell the guards where they are: what is to be done when one fails depends on it."""
        for number in range(trace.length()):
            descriptor = trace.descriptors[number]
            if isinstance(descriptor, GuardDescriptor):
                self._guards += 1
                descriptor.number = self._guards
                descriptor.loop = token
                descriptor.opcode = trace.opcodes[number]
                note_condition(trace, number, descriptor)

    def _trim(self, trace):
        """Give up what the code that is made now does not need any more.

        The backend knows where guards find what they keep; and nobody adds constants to the pools, which live on with
        what is known at the labels.
        """
        trace.constants.close()
        if not self.system.backend.reads_values_of_guards:
            for guard in trace.guards:
                guard.values = _NO_VALUES

    def _collect_uses(self, trace, token):
        """Other code that this code calls must live as long as this."""
        for number in range(trace.length()):
            descriptor = trace.descriptors[number]
            if isinstance(descriptor, LoopToken):
                self.system.aging.uses(token, descriptor)

    # ---- calls of code

    def prepare_call_assembler(self, meta, driver, key, greens, reds):
        """The token and the operands for a call of a portal.

        Args:
            driver, key: which portal, and where.
            greens, reds: `Arguments`.
        """
        warm_state = self.system.warm_states[driver.index]
        operands = []
        reds.append_to(operands, driver.red_kinds, meta.constants)
        kinds = driver.red_kinds
        if driver.virtualizable is not None:
            base = operands[driver.reds_i + driver.virtualizable_index]
            view = VirtualizableView(
                self.system.machine, driver.virtualizable, reds.references[driver.virtualizable_index])
            kinds = kinds + load_virtualizable(meta, view, base, operands)
        cell = warm_state.cell_for(key, key.hash(driver.index))
        token = cell.token
        if token is None or token.invalidated or token.argument_kinds != kinds:
            token = self._compile_stand_in(driver, greens, kinds)
            old = cell.token
            if old is None or old.invalidated:
                warm_state.give_code(cell, token, True)
                if old is not None and old.argument_kinds == kinds:
                    self._redirect(old, token)
        meta.called_loops.append(token)
        return token, operands

    def _compile_stand_in(self, driver, greens, kinds):
        """Code for a position that has none yet: it calls the portal. It is called until there is better one."""
        self._loops += 1
        token = LoopToken("stand_in" + str(self._loops), kinds, driver.result_kind)
        token.driver = driver.index
        trace = Trace()
        inputs = []
        for kind in kinds:
            if kind == "i":
                opcode = ops.INPUT_I
            elif kind == "r":
                opcode = ops.INPUT_R
            else:
                opcode = ops.INPUT_F
            inputs.append(trace.append(opcode))
        operands = [trace.constants.of_int(driver.runner)]
        _portal_arguments(trace, driver, greens, inputs, operands)
        call = trace.append_list(_CALLS[driver.result_kind], operands, driver.runner_call)
        guard = GuardDescriptor([])
        trace.append_list(ops.GUARD_NO_EXCEPTION, [], guard)
        self._prepare_guards(trace, token)
        guard.leaves_with_exception = True
        if driver.result_kind == "i":
            trace.append_list(ops.FINISH, [call], self.finish_int_descriptor)
        elif driver.result_kind == "r":
            trace.append_list(ops.FINISH, [call], self.finish_reference_descriptor)
        elif driver.result_kind == "f":
            trace.append_list(ops.FINISH, [call], self.finish_float_descriptor)
        else:
            trace.append_list(ops.FINISH, [], self.finish_none_descriptor)
        self.system.times.enter(times.ASSEMBLING)
        try:
            self.system.backend.compile_loop(trace, token)
        except NoRoomForCode:
            raise self._no_room() from None
        except CannotCompile:
            raise Aborted(reasons.CANNOT_COMPILE) from None
        self.system.times.enter(times.TRACING)
        self.system.aging.compiled(token)
        self.system.statistics.stand_ins += 1
        return token


_NO_VALUES = []

_CALLS = {"i": ops.CALL_I, "r": ops.CALL_R, "f": ops.CALL_F, "n": ops.CALL_N}


def _portal_arguments(trace, driver, greens, inputs, operands):
    """Append the arguments of a portal's runner: the greens as constants, and the reds among the inputs.

    Of each kind the greens come first; the kinds are in the order of the runner's parameters.
    """
    ints = []
    for number in greens.ints:
        ints.append(trace.constants.of_int(number))
    references = []
    for reference in greens.references:
        references.append(trace.constants.of_reference(reference))
    floats = []
    for number in greens.floats:
        floats.append(trace.constants.of_float(number))
    for position in range(len(driver.red_kinds)):
        kind = driver.red_kinds[position]
        if kind == "i":
            ints.append(inputs[position])
        elif kind == "r":
            references.append(inputs[position])
        else:
            floats.append(inputs[position])
    place_i = 0
    place_r = 0
    place_f = 0
    for kind in driver.runner_call.argument_kinds:
        if kind == "i":
            operands.append(ints[place_i])
            place_i += 1
        elif kind == "r":
            operands.append(references[place_r])
            place_r += 1
        else:
            operands.append(floats[place_f])
            place_f += 1


def load_virtualizable(meta, view, base, operands):
    """Record loads of all values of a virtualizable that is in memory, as the code of its driver is entered with them.

    Args:
        view: the object as it is now, a `VirtualizableView`.
        base: its reference in the trace.
        operands: the references of the values are appended to it.

    Returns:
        Their kinds, letters.
    """
    description = view.description
    kinds = ""
    heap = meta.heap
    for number in range(len(description.fields)):
        field = description.fields[number]
        known = heap.field(base, field)
        if known == NOTHING:
            known = meta.record(_GETFIELD[field.kind], [base], field)
            heap.field_read(base, field, known)
        operands.append(known)
        kinds += field.kind
    for number in range(len(description.array_fields)):
        field = description.array_fields[number]
        array = description.arrays[number]
        items = heap.field(base, field)
        if items == NOTHING:
            items = meta.record(ops.GETFIELD_GC_R, [base], field)
            heap.field_read(base, field, items)
        for index in range(view.length(number)):
            known = heap.item(items, index, array)
            if known == NOTHING:
                known = meta.record(_GETARRAYITEM[array.kind], [items, meta.constants.of_int(index)], array)
                heap.item_read(items, index, array, known)
            operands.append(known)
            kinds += array.kind
    return kinds


_GETFIELD = {"i": ops.GETFIELD_GC_I, "r": ops.GETFIELD_GC_R, "f": ops.GETFIELD_GC_F}
_GETARRAYITEM = {"i": ops.GETARRAYITEM_GC_I, "r": ops.GETARRAYITEM_GC_R, "f": ops.GETARRAYITEM_GC_F}


def input_kinds(meta):
    """The kinds of what loops of the traced driver carry round."""
    kinds = meta.driver.red_kinds
    view = meta.view
    if view is not None:
        for position in range(1, view.count):
            kinds += view.kind(position)
    return kinds


def _continue(meta, greens, reds):
    return continue_at(
        meta.driver.index, greens.ints + reds.ints, greens.references + reds.references, greens.floats + reds.floats)

