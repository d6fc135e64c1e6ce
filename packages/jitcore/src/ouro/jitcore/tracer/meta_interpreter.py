"""The tracer: interprets jitcodes and records what they do.

What an instruction does is in the modules `*_steps`, a function each (see `dispatch`). Here are the frames, the
guards with their snapshots, exceptions, and the beginning and end of a recording.

Every value is computed right away, with the data of the program; what depends on constants alone is not recorded. So
tracing goes on in the program itself: when it is given up, the blackhole interpreter takes over the frames as they are.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.jitcode import instructions, read_byte, read_offset
from ouro.jitcore.resume import TRACING_TOKEN, clear_token, token_of
from ouro.jitcore.trace import NO_FRAME, NOTHING, NULL_REFERENCE, RecordedTrace
from ouro.jitcore.tracer import parameters, reasons
from ouro.jitcore.tracer.ending import Aborted
from ouro.jitcore.tracer.frames import CONSTANT, TraceFrame
from ouro.jitcore.tracer.heap_cache import CLASS_KNOWN, IS_NULL, NOT_NULL, VALUE_KNOWN, HeapCache

LIVE_SIZE = instructions.LIVE_SIZE

#: What a step gives instead of the next position when the innermost frame is another one now, or has a new position.
FRAME_CHANGED = -1

#: By instruction: does it only allocate?
ALLOCATES = [opcode >= 0 and ops.has_flag(opcode, ops.ALLOCATE) for opcode in instructions.operation_of]


class MergePoint:
    """A merge point that the recording came by.

    Attributes:
        key: its greens.
        mark: where the recording was then.
        inputs: references of what is carried round a loop that begins there: reds, then the virtualizable's values.
        unrolled: the recording has gone round once more because the driver asked for it.
    """

    def __init__(self, key, mark, inputs):
        self.key = key
        self.mark = mark
        self.inputs = inputs
        self.unrolled = False


class MetaInterpreter:
    """One recording.

    Args:
        system: the `JitSystem`.
        warm_state: of the driver whose portal is traced.

    Attributes:
        frame: the innermost frame.
        recorded: the `RecordedTrace`, and `constants` its pools.
        heap: the `HeapCache`.
        view: the virtualizable (a `VirtualizableView`) or None; `virtualizable_in_trace` the references of its values.
            In memory it is always up to date, so that the values themselves need not be kept here.
        virtual_references: pairs of references, stand-in and object; `stand_ins` and `referents` the objects.
        portal_depth: how many calls of the portal are inlined.
        exception, exception_in_trace: the exception caught last.
        loop_header_seen: number of the driver whose loop may close at the next merge point, or -1.
        guard: that failed, if this is a bridge, else None; `start_key` and `start_kinds` are the position that any
            other recording begins at, and the kinds of its inputs.
        called_loops: the tokens that the recording calls, or will call once the call that is being made has ended: what
            it runs may age them.
        optimized: the `OptimizedTrace` of a bridge, if it was needed before the end.
        stale: a quasi-immutable field that the recording depends on has changed.
    """

    def __init__(self, system, warm_state):
        self.system = system
        self.machine = system.machine
        self.program = system.program
        self.liveness = system.program.liveness
        self.warm_state = warm_state
        self.driver = warm_state.driver
        self.frame = None
        self.recorded = RecordedTrace()
        self.constants = self.recorded.constants
        self.heap = HeapCache()
        self.view = None
        self.virtualizable_in_trace = []
        self.virtualizable_forced = False
        self.virtual_references = []
        self.stand_ins = []
        self.referents = []
        self.portal_depth = 0
        self.exception = NULL_REFERENCE
        self.exception_in_trace = CONSTANT
        self.loop_header_seen = -1
        self.merge_points = []
        self.retrace = None
        self.optimized = None
        self.start_key = None
        self.start_kinds = ""
        self.stale = False
        self.depended_objects = []
        self.depended_fields = []
        self.guard = None
        self.called_loops = []
        self.limit = warm_state.parameters.get(parameters.TRACE_LIMIT)
        self.begun = 0
        self.recursions = {}
        self.inlined_sizes = {}
        self.inlined_keys = []
        self.inlined_drivers = []
        self.loop_invariants = {}
        # references of constant arrays whose items never change
        self.fixed_arrays = {}
        self.returned_int = 0
        self.returned_reference = NULL_REFERENCE
        self.returned_float = 0.0
        self.returned_in_trace = CONSTANT

    # ---- recording

    def int_reference(self, value, reference):
        """The reference to record for an int."""
        if reference == CONSTANT:
            return self.constants.of_int(value)
        return reference

    def gc_reference(self, value, reference):
        """The reference to record for a GC reference."""
        if reference == CONSTANT:
            return self.constants.of_reference(value)
        return reference

    def float_reference(self, value, reference):
        """The reference to record for a float."""
        if reference == CONSTANT:
            return self.constants.of_float(value)
        return reference

    def int_register(self, register):
        """The reference to record for an int register of the innermost frame."""
        frame = self.frame
        reference = frame.ints_in_trace[register]
        if reference == CONSTANT:
            return self.constants.of_int(frame.ints[register])
        return reference

    def gc_register(self, register):
        """The reference to record for a register of GC references."""
        frame = self.frame
        reference = frame.references_in_trace[register]
        if reference == CONSTANT:
            return self.constants.of_reference(frame.references[register])
        return reference

    def float_register(self, register):
        """The reference to record for a float register."""
        frame = self.frame
        reference = frame.floats_in_trace[register]
        if reference == CONSTANT:
            return self.constants.of_float(frame.floats[register])
        return reference

    def record(self, opcode, operands, descriptor=None):
        """Append an instruction that is no guard; the reference of its result."""
        return self.recorded.record(opcode, operands, descriptor)

    def guard_at(self, opcode, operands, position):
        """Append a guard. If it fails, the innermost frame goes on at the live mark `position`."""
        self.system.statistics.recorded_guards += 1
        return self.recorded.record(opcode, operands, None, self.capture(position))

    def guard_before(self, opcode, operands):
        """Append a guard. If it fails, the innermost frame does the current instruction again."""
        return self.guard_at(opcode, operands, self.frame.position - LIVE_SIZE)

    def length(self):
        """How many operations were recorded. What a recording begins with does not count: it must get somewhere, or it
        would be cut at its beginning for ever.
        """
        return self.recorded.count - self.begun

    def check_length(self):
        """Give up if the recording is much too long: merge points, where it could have been cut, do not come."""
        if self.length() > 2 * self.limit:
            raise Aborted(reasons.TOO_LONG)

    # ---- snapshots

    def capture(self, position):
        """A snapshot of all frames, the innermost one at the live mark `position`."""
        frame = self.frame
        caller = self._capture_callers(frame.caller)
        values = self._live_values(frame, position, "n", -1)
        place = self.recorded.frame(caller, frame.jitcode.index, position, values)
        return self.recorded.snapshot(place, self._virtualizable_values(), self.virtual_references)

    def _capture_callers(self, frame):
        missing = []
        while frame is not None and frame.snapshot == NO_FRAME:
            missing.append(frame)
            frame = frame.caller
        place = NO_FRAME
        if frame is not None:
            place = frame.snapshot
        for number in range(len(missing) - 1, -1, -1):
            frame = missing[number]
            result = -1
            if frame.awaits != "n":
                result = read_byte(frame.code, frame.position - 1)
            values = self._live_values(frame, frame.position, frame.awaits, result)
            place = self.recorded.frame(place, frame.jitcode.index, frame.position, values)
            frame.snapshot = place
        return place

    def _live_values(self, frame, position, awaited, result):
        """The references of the registers alive at a live mark, but `NOTHING` for the one that waits for a result."""
        assert read_byte(frame.code, position) == instructions.LIVE
        liveness = self.liveness
        offset = read_offset(frame.code, position + 1)
        count_i = ord(liveness[offset])
        count_r = ord(liveness[offset + 1])
        count_f = ord(liveness[offset + 2])
        place = offset + 3
        values = []
        for index in range(count_i):
            bits = ord(liveness[place + index])
            register = 8 * index
            while bits:
                if bits & 1:
                    if register == result and awaited == "i":
                        values.append(NOTHING)
                    else:
                        reference = frame.ints_in_trace[register]
                        if reference == CONSTANT:
                            reference = self.constants.of_int(frame.ints[register])
                        values.append(reference)
                bits >>= 1
                register += 1
        place += count_i
        for index in range(count_r):
            bits = ord(liveness[place + index])
            register = 8 * index
            while bits:
                if bits & 1:
                    if register == result and awaited == "r":
                        values.append(NOTHING)
                    else:
                        reference = frame.references_in_trace[register]
                        if reference == CONSTANT:
                            reference = self.constants.of_reference(frame.references[register])
                        values.append(reference)
                bits >>= 1
                register += 1
        place += count_r
        for index in range(count_f):
            bits = ord(liveness[place + index])
            register = 8 * index
            while bits:
                if bits & 1:
                    if register == result and awaited == "f":
                        values.append(NOTHING)
                    else:
                        reference = frame.floats_in_trace[register]
                        if reference == CONSTANT:
                            reference = self.constants.of_float(frame.floats[register])
                        values.append(reference)
                bits >>= 1
                register += 1
        return values

    def _virtualizable_values(self):
        """The references of the virtualizable's values with constants in the pools."""
        if self.view is None or self.virtualizable_forced:
            return []
        values = []
        for position in range(len(self.virtualizable_in_trace)):
            values.append(self.virtualizable_reference(position))
        return values

    def virtualizable_reference(self, position):
        """The reference to record for a value of the virtualizable."""
        reference = self.virtualizable_in_trace[position]
        if reference != CONSTANT:
            return reference
        kind = self.view.kind(position)
        if kind == "i":
            return self.constants.of_int(self.view.read_int(position))
        if kind == "r":
            return self.constants.of_reference(self.view.read_reference(position))
        return self.constants.of_float(self.view.read_float(position))

    # ---- knowledge about values

    def promote_int(self, register):
        """The register of the innermost frame holds a constant from here on; the current instruction may guard it."""
        frame = self.frame
        reference = frame.ints_in_trace[register]
        if reference == CONSTANT:
            return
        if not self.heap.knows(reference, VALUE_KNOWN):
            self.guard_before(ops.GUARD_VALUE, [reference, self.constants.of_int(frame.ints[register])])
            self.heap.learn(reference, VALUE_KNOWN)
        frame.ints_in_trace[register] = CONSTANT

    def promote_reference(self, register):
        """As `promote_int`, for a GC reference."""
        frame = self.frame
        reference = frame.references_in_trace[register]
        if reference == CONSTANT:
            return
        if not self.heap.knows(reference, VALUE_KNOWN):
            value = frame.references[register]
            if not value and not self.heap.knows(reference, IS_NULL):
                self.guard_before(ops.GUARD_ISNULL, [reference])
            elif value:
                self.guard_before(ops.GUARD_VALUE, [reference, self.constants.of_reference(value)])
            self.heap.learn(reference, VALUE_KNOWN)
        frame.references_in_trace[register] = CONSTANT

    def promote_float(self, register):
        """As `promote_int`, for a float."""
        frame = self.frame
        reference = frame.floats_in_trace[register]
        if reference == CONSTANT:
            return
        if not self.heap.knows(reference, VALUE_KNOWN):
            self.guard_before(ops.GUARD_VALUE, [reference, self.constants.of_float(frame.floats[register])])
            self.heap.learn(reference, VALUE_KNOWN)
        frame.floats_in_trace[register] = CONSTANT

    def guard_class_of(self, value, reference):
        """Let the trace know the class of an instance; the address of its vtable."""
        vtable = self.machine.class_of(value)
        if reference != CONSTANT and not self.heap.knows(reference, CLASS_KNOWN | VALUE_KNOWN):
            self.guard_before(ops.GUARD_CLASS, [reference, self.constants.of_int(vtable)])
            self.heap.learn(reference, CLASS_KNOWN | NOT_NULL)
        return vtable

    def guard_truth(self, reference, holds):
        """Record that a condition (0 or 1) was as it is."""
        self.guard_before(ops.GUARD_TRUE if holds else ops.GUARD_FALSE, [reference])

    # ---- frames

    def push(self, jitcode):
        """Enter a jitcode; its arguments have to be put into its registers. The caller's position must stand already
        at the live mark behind the call.
        """
        caller = self.frame
        if caller is not None:
            caller.snapshot = NO_FRAME
            caller.awaits = jitcode.result_kind
        frame = TraceFrame(jitcode, caller)
        self.frame = frame
        return frame

    def pop(self):
        """Leave the innermost frame; the frame below, None where there is none."""
        frame = self.frame
        if frame.inlined_driver >= 0:
            self.left_portal(frame)
        self.frame = frame.caller
        if self.frame is not None:
            self.frame.snapshot = NO_FRAME
        return self.frame

    def left_portal(self, frame):
        """An inlined call of the portal ends: remember how much it has added to the recording."""
        self.portal_depth -= 1
        self.record(ops.LEAVE_PORTAL, [self.constants.of_int(frame.inlined_driver)])
        if frame.key is not None:
            self.note_inlined(frame)

    def note_inlined(self, frame):
        """Add the length of the recording since an inlined call of the portal to what its position is blamed for."""
        hash_value = frame.key.hash(frame.inlined_driver)
        length = self.recorded.count - frame.start
        if hash_value not in self.inlined_sizes:
            self.inlined_keys.append(frame.key)
            self.inlined_drivers.append(frame.inlined_driver)
            self.inlined_sizes[hash_value] = length
        else:
            self.inlined_sizes[hash_value] += length

    # ---- exceptions

    def set_exception(self, value, reference):
        """An exception was raised or caught."""
        self.exception = value
        self.exception_in_trace = reference

    def unwind(self):
        """The exception comes out of a call whose live mark is where the innermost frame stands. Find the handler."""
        frame = self.frame
        while frame is not None:
            place = frame.position + LIVE_SIZE
            code = frame.code
            if place < len(code) and read_byte(code, place) == instructions.CATCH_EXCEPTION:
                frame.position = read_offset(code, place + 1)
                return
            frame = self.leave_by_exception()

    def leave_by_exception(self):
        """The exception leaves the innermost frame; the frame below. The outermost frame ends the trace."""
        frame = self.pop_or_end()
        if frame is None:
            self.system.compiler.finish_with_exception(self)
        return frame

    def pop_or_end(self):
        """Leave the innermost frame unless it is the outermost one; the frame below or None."""
        if self.frame.caller is None:
            return None
        return self.pop()

    # ---- running

    def run(self):
        """Interpret until `Ended` or `Aborted`."""
        self.begun = self.recorded.count
        steps = self.system.steps
        try:
            while True:
                frame = self.frame
                code = frame.code
                position = frame.position
                while position >= 0:
                    frame.position = position
                    position = steps[ord(code[position])](self, frame, position)
        except MemoryError:
            if not ALLOCATES[read_byte(self.frame.code, self.frame.position)]:
                raise
            # it has done nothing so far: who does it again raises the exception where the program catches it
            raise Aborted(reasons.NO_MEMORY) from None

    # ---- quasi-immutable fields

    def depend_on(self, reference, field):
        """The recording uses the value of a quasi-immutable field as a constant."""
        self.depended_objects.append(reference)
        self.depended_fields.append(field.index)

    def depends_on(self, reference, index):
        """Does it depend on the field with an index of an object?"""
        for number in range(len(self.depended_objects)):
            if self.depended_fields[number] == index and self.depended_objects[number] == reference:
                return True
        return False

    # ---- virtual references

    def watch_virtual_reference(self, stand_in, value, reference, value_in_trace):
        """A stand-in for an object was made, and is not finished: it says by its token that no one has followed it."""
        description = self.system.virtual_reference
        self.stand_ins.append(stand_in)
        self.referents.append(value)
        self.virtual_references = self.virtual_references + [reference, value_in_trace]
        self.machine.set_field_reference(stand_in, value, description.object_field)
        self.machine.set_field_reference(stand_in, TRACING_TOKEN, description.token_field)

    def drop_virtual_reference(self, number):
        """Stop to watch pair number `number`; the stand-in leads to its object."""
        stand_in = self.stand_ins[number]
        self.system.virtual_reference.set_object(self.machine, stand_in, self.referents[number])
        del self.stand_ins[number]
        del self.referents[number]
        pairs = self.virtual_references
        self.virtual_references = pairs[: 2 * number] + pairs[2 * number + 2 :]

    def drop_tokens(self):
        """The recording is over: calls need not be watched any more."""
        while self.stand_ins:
            self.drop_virtual_reference(len(self.stand_ins) - 1)
        if self.view is not None and token_of(self.machine, self.view.description, self.view.reference):
            clear_token(self.machine, self.view.description, self.view.reference)
