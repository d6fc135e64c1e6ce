"""The backend: what it keeps for tokens, guards and frames."""

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.interface import Backend, JitFrame
from ouro.jitcore.backend.interpreting.execution import Code, Execution
from ouro.jitcore.descriptors import FinishDescriptor, GuardDescriptor, TargetToken
from ouro.jitcore.outcome import (
    finished_float,
    finished_int,
    finished_none,
    finished_reference,
    raised,
)
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE
from ouro.rlib.rgc import cast_gcref_to_instance, cast_instance_to_gcref


class InterpretedFrame(JitFrame):
    """How a run ended: the values kept, each in the list of its kind at its position, and the pending exception."""

    def __init__(self, execution, descriptor, pending):
        self.execution = execution
        self.descriptor = descriptor
        self.pending = pending
        self.on_purpose = execution.on_purpose
        self.ints = []
        self.references = []
        self.floats = []

    def keep(self, references):
        """Keep the values of some references of the trace."""
        execution = self.execution
        trace = execution.trace
        for reference in references:
            number = 0
            pointer = NULL_REFERENCE
            real = 0.0
            if reference != NOTHING:
                kind = trace.kind_of(reference)
                if kind == "i":
                    number = execution.int_of(reference)
                elif kind == "r":
                    pointer = execution.reference_of(reference)
                else:
                    real = execution.float_of(reference)
            self.ints.append(number)
            self.references.append(pointer)
            self.floats.append(real)


class InterpretingBackend(Backend):
    """Runs traces.

    Args:
        machine: the `Machine`.
    """

    def __init__(self, machine):
        self.machine = machine

    def compile_loop(self, trace, token):
        code = _compile(trace)
        token.code = code
        token.blocks.append(code)

    def compile_bridge(self, guard, trace, token):
        code = _compile(trace)
        guard.bridge = code
        token.blocks.append(code)

    def enter(self, token, ints, references, floats):
        while token.redirected is not None:
            token = token.redirected
        execution = Execution(self, token.code)
        i, r, f = 0, 0, 0
        trace = execution.trace
        for number in range(trace.input_count()):
            kind = trace.kind_of(number)
            if kind == "i":
                execution.ints[number] = ints[i]
                i += 1
            elif kind == "r":
                execution.references[number] = references[r]
                r += 1
            else:
                execution.floats[number] = floats[f]
                f += 1
        return self._finish(execution, execution.run())

    def _finish(self, execution, descriptor):
        frame = InterpretedFrame(execution, descriptor, self.machine.take_exception())
        if isinstance(descriptor, GuardDescriptor):
            frame.keep(descriptor.values)
        else:
            frame.keep(execution.trace.operand_list(execution.number - 1))
        return frame

    def value_int(self, frame, position):
        assert isinstance(frame, InterpretedFrame)
        return frame.ints[position]

    def value_reference(self, frame, position):
        assert isinstance(frame, InterpretedFrame)
        return frame.references[position]

    def value_float(self, frame, position):
        assert isinstance(frame, InterpretedFrame)
        return frame.floats[position]

    def exception(self, frame):
        assert isinstance(frame, InterpretedFrame)
        return frame.pending

    # ---- forcing

    def force_token(self, execution):
        """What `force_token` gives in a run."""
        return cast_instance_to_gcref(execution)

    def force(self, frame_token):
        execution = cast_gcref_to_instance(Execution, frame_token)
        assert execution is not None
        guard = execution.force()
        frame = InterpretedFrame(execution, guard, NULL_REFERENCE)
        frame.keep(guard.values)
        return frame

    def keep_forced(self, frame, forced):
        assert isinstance(frame, InterpretedFrame)
        frame.execution.kept_when_forced = forced

    def forced_of(self, frame):
        assert isinstance(frame, InterpretedFrame)
        return frame.execution.kept_when_forced

    # ---- loops

    def call_loop(self, token, ints, references, floats):
        """Enter a loop from another one; an `Outcome` that says `FINISHED_...` or `RAISED`."""
        frame = self.enter(token, ints, references, floats)
        descriptor = frame.descriptor
        if not isinstance(descriptor, FinishDescriptor):
            return self.called_loops.left(frame)
        if descriptor.is_exception:
            return raised(frame.references[0])
        if descriptor.kind == "i":
            return finished_int(frame.ints[0])
        if descriptor.kind == "r":
            return finished_reference(frame.references[0])
        if descriptor.kind == "f":
            return finished_float(frame.floats[0])
        return finished_none()

    def redirect_call_assembler(self, old, new):
        old.redirected = new

    def invalidate(self, token):
        for code in token.blocks:
            code.invalidated = True

    def free(self, token):
        for code in token.blocks:
            for guard in code.trace.guards:
                guard.bridge = None
        for target in token.targets:
            target.code = None
        token.code = None
        del token.blocks[:]


def _compile(trace):
    code = Code(trace)
    for number in range(trace.length()):
        if trace.opcodes[number] == ops.LABEL:
            target = trace.descriptors[number]
            assert isinstance(target, TargetToken)
            target.code = code
            target.place = number
    return code
