"""Runs jitcodes where compiled code was left, until compiled code may be entered again.

A guard failed: the frames are rebuilt and run, the innermost first, until the outermost one, the portal, reaches its
merge point or ends. Nothing is recorded; the operations are those of `machine`, which the tracer uses, too. The loop is
one function over the opcode, with a case for each instruction.

The name and the plan are those of PyPy's blackhole interpreter: what happens in there is not seen by the tracer.
"""

from ouro.jitcore.blackhole.calls import call_float, call_int, call_none, call_reference
from ouro.jitcore.blackhole.frame import BlackholeFrame
from ouro.jitcore.blackhole.handlers import CASES, HANDLERS
from ouro.jitcore.blackhole.operands import FRAME_CHANGED
from ouro.jitcore.descriptors import FieldDescriptor
from ouro.jitcore.jitcode import instructions, read_byte, read_offset
from ouro.jitcore.outcome import continue_at, finished_float, finished_int, finished_none, finished_reference, raised
from ouro.jitcore.resume import force_virtualizable, rebuild
from ouro.rlib.objectmodel import we_are_translated


class Blackhole:
    """What all runs of the blackhole interpreter share.

    Args:
        machine: the `Machine`.
        backend: the `Backend`, for frames that failed or are forced.
        program: the `JitProgram`.
        drivers: the tracer's `Driver`s by number: `runner` and `runner_call` run the portal from its merge point on.
        virtual_reference: the `VirtualReferenceDescription` of the program, or None.
    """

    def __init__(self, machine, backend, program, drivers, virtual_reference=None):
        self.machine = machine
        self.backend = backend
        self.program = program
        self.drivers = drivers
        self.virtual_reference = virtual_reference
        self._virtualizable_of = {}
        for description in program.virtualizables:
            if description is not None:
                for field in description.fields:
                    self._virtualizable_of[field] = description
                for field in description.array_fields:
                    self._virtualizable_of[field] = description

    def resume(self, frame):
        """Go on where a guard failed.

        Args:
            frame: the `JitFrame`.

        Returns:
            An `Outcome`: the portal ended, or goes on at its merge point.
        """
        exception = self.backend.exception(frame)
        materializer = rebuild(self.machine, self.backend, frame)
        run = BlackholeInterpreter(self)
        innermost = run.rebuild_frames(materializer)
        if exception:
            return run.run_with_exception(innermost, exception)
        return run.run(innermost)

    def run_jitcode(self, jitcode, ints, references, floats):
        """Run a jitcode from its beginning, with its arguments of each kind; an `Outcome`."""
        run = BlackholeInterpreter(self)
        run.enter(jitcode, None, ints, references, floats)
        return run.run(run.frame)

    def virtualizable_of(self, field):
        """The description of the virtualizable that has a field."""
        return self._virtualizable_of[field]

    def quasi_immutable_changes(self, reference, field):
        """A quasi-immutable field is about to change: for who keeps the code that depends on it, in a subclass."""


class BlackholeInterpreter:
    """One run. `frame` is the frame that runs, None when the run is over; `outcome` says then how it ended."""

    def __init__(self, shared):
        self.shared = shared
        self.machine = shared.machine
        self.program = shared.program
        self.drivers = shared.drivers
        self.frame = None
        self.outcome = None

    def rebuild_frames(self, materializer):
        """The innermost of the frames that resume data describe."""
        reader = materializer.reader
        frame = None
        for number in range(reader.frame_count()):
            frame = BlackholeFrame(self.program.jitcodes[reader.jitcodes[number]], frame)
            frame.position = reader.positions[number]
            self._fill(frame, materializer, reader.frame_starts[number], reader.frame_counts[number])
        return frame

    def run(self, frame):
        """Run from the position of a frame on; an `Outcome`. A failing allocation leaves its frame as an exception."""
        self.frame = frame
        while frame is not None:
            try:
                self._run_frame(frame, frame.jitcode.code)
            except MemoryError:
                self.raise_from(frame, self.machine.memory_error())
            frame = self.frame
        return self.outcome

    def run_with_exception(self, frame, exception):
        """Run from a call on that raised, behind which the position of a frame is; an `Outcome`."""
        self.frame = frame
        frame.position = self.catch_or_leave(frame, frame.jitcode.code, frame.position, exception)
        return self.run(self.frame)

    def _fill(self, frame, materializer, start, count):
        code = frame.jitcode.code
        assert read_byte(code, frame.position) == instructions.LIVE
        liveness = self.program.liveness
        offset = read_offset(code, frame.position + 1)
        count_i, count_r, count_f = ord(liveness[offset]), ord(liveness[offset + 1]), ord(liveness[offset + 2])
        tokens = materializer.reader.tokens
        end = start + count
        place = offset + 3
        for index in range(count_i):
            bits = ord(liveness[place + index])
            register = 8 * index
            while bits:
                if bits & 1:
                    frame.registers_i[register] = materializer.int_of(tokens[start])
                    start += 1
                bits >>= 1
                register += 1
        place += count_i
        for index in range(count_r):
            bits = ord(liveness[place + index])
            register = 8 * index
            while bits:
                if bits & 1:
                    frame.registers_r[register] = materializer.reference_of(tokens[start])
                    start += 1
                bits >>= 1
                register += 1
        place += count_r
        for index in range(count_f):
            bits = ord(liveness[place + index])
            register = 8 * index
            while bits:
                if bits & 1:
                    frame.registers_f[register] = materializer.float_of(tokens[start])
                    start += 1
                bits >>= 1
                register += 1
        assert start == end

    def _run_frame(self, frame, code):
        position = frame.position
        if not we_are_translated():
            while position >= 0:
                position = HANDLERS[ord(code[position])](self, frame, code, position)
            return
        while position >= 0:
            instruction = ord(code[position])
            for number, handle in CASES:
                if instruction == number:
                    position = handle(self, frame, code, position)
                    break

    # ---- what handlers ask for

    def enter(self, jitcode, caller, ints, references, floats):
        """Let a jitcode run, with its arguments of each kind."""
        frame = BlackholeFrame(jitcode, caller)
        for register in range(len(ints)):
            frame.registers_i[register] = ints[register]
        for register in range(len(references)):
            frame.registers_r[register] = references[register]
        for register in range(len(floats)):
            frame.registers_f[register] = floats[register]
        self.frame = frame

    def after_call(self, frame, code, position):
        """Where a frame goes on behind a call, at whose `live` mark `position` is."""
        exception = self.machine.take_exception()
        if exception:
            return self.catch_or_leave(frame, code, position, exception)
        return position + instructions.LIVE_SIZE

    def catch_or_leave(self, frame, code, position, exception):
        """Where a frame goes on behind a call that raised."""
        handler = position + instructions.LIVE_SIZE
        if read_byte(code, handler) != instructions.CATCH_EXCEPTION:
            return self.raise_from(frame, exception)
        frame.exception = exception
        return read_offset(code, handler + 1)

    def raise_from(self, frame, exception):
        """An exception leaves a frame."""
        caller = frame.caller
        if caller is None:
            return self._end(raised(exception))
        self.frame = caller
        position = self.catch_or_leave(caller, caller.jitcode.code, caller.position, exception)
        if position >= 0:
            caller.position = position
        return FRAME_CHANGED

    def leave_int(self, frame, value):
        """A frame returns an int."""
        caller = frame.caller
        if caller is None:
            return self._end(finished_int(value))
        caller.registers_i[self._result_register(caller)] = value
        return self._go_on_in(caller)

    def leave_reference(self, frame, value):
        """A frame returns a reference."""
        caller = frame.caller
        if caller is None:
            return self._end(finished_reference(value))
        caller.registers_r[self._result_register(caller)] = value
        return self._go_on_in(caller)

    def leave_float(self, frame, value):
        """A frame returns a float."""
        caller = frame.caller
        if caller is None:
            return self._end(finished_float(value))
        caller.registers_f[self._result_register(caller)] = value
        return self._go_on_in(caller)

    def leave_none(self, frame):
        """A frame returns."""
        caller = frame.caller
        if caller is None:
            return self._end(finished_none())
        return self._go_on_in(caller)

    def at_merge_point(self, frame, number, arguments):
        """A frame is at the merge point of driver `number`, with greens and reds.

        The outermost one is the portal, which goes on outside of here. Any other is a portal that was inlined: it is
        run as a call from here on.
        """
        if frame.caller is None:
            return self._end(continue_at(number, arguments.ints, arguments.references, arguments.floats))
        driver = self.drivers[number]
        kind = driver.result_kind
        if kind == "i":
            value = call_int(self, driver.runner, driver.runner_call, arguments)
            return self._leave_portal(frame) or self.leave_int(frame, value)
        if kind == "r":
            reference = call_reference(self, driver.runner, driver.runner_call, arguments)
            return self._leave_portal(frame) or self.leave_reference(frame, reference)
        if kind == "f":
            result = call_float(self, driver.runner, driver.runner_call, arguments)
            return self._leave_portal(frame) or self.leave_float(frame, result)
        call_none(self, driver.runner, driver.runner_call, arguments)
        return self._leave_portal(frame) or self.leave_none(frame)

    def _leave_portal(self, frame):
        """`FRAME_CHANGED` if an exception left the portal that was called, else 0."""
        exception = self.machine.take_exception()
        if exception:
            return self.raise_from(frame, exception)
        return 0

    def force_fields(self, reference, field):
        """A field of a virtualizable is about to be used, which other compiled code may have in registers."""
        assert isinstance(field, FieldDescriptor)
        shared = self.shared
        force_virtualizable(self.machine, shared.backend, shared.virtualizable_of(field), reference)

    def _result_register(self, caller):
        return read_byte(caller.jitcode.code, caller.position - 1)

    def _go_on_in(self, caller):
        self.frame = caller
        return FRAME_CHANGED

    def _end(self, outcome):
        self.outcome = outcome
        self.frame = None
        return FRAME_CHANGED
