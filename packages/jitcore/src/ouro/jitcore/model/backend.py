"""The backend: tokens, code, frames, and what may be asked of them."""

from __future__ import annotations

from typing import Any

from ouro.jitcore import operations as ops
from ouro.jitcore.backend import Backend, JitFrame
from ouro.jitcore.descriptors import Descriptor, FinishDescriptor, GuardDescriptor, LoopToken
from ouro.jitcore.model.errors import ModelError
from ouro.jitcore.model.execution import Code, Execution
from ouro.jitcore.model.memory import Memory
from ouro.jitcore.text.verifier import verify
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE, Trace
from ouro.lltype import Pointer, container_of


class ModelFrame(JitFrame):
    """How a run ended: `descriptor`, the values kept (None where the guard keeps nothing) and the pending exception."""

    def __init__(self, execution: Execution, descriptor: Descriptor, values: list[Any], pending: Pointer) -> None:
        self.execution = execution
        self.descriptor = descriptor
        self.values = values
        self.pending = pending
        self.on_purpose = execution.on_purpose


class ModelBackend(Backend):
    """Runs traces on the host.

    Args:
        memory: the memory that the descriptors of the traces come from.

    Attributes:
        on_assembler_failure: what `call_assembler` asks for the result when the loop it entered did not finish: a
            function of the frame, which may raise `LowLevelException`.
    """

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.on_assembler_failure: Any = None

    def compile_loop(self, trace: Trace, token: LoopToken) -> None:
        if token.code is not None:
            raise ModelError(f"{token.name} is compiled already")
        token.code = self._compile(trace, token, token.argument_kinds)

    def compile_bridge(self, guard: GuardDescriptor, trace: Trace, token: LoopToken) -> None:
        if guard.bridge is not None:
            raise ModelError("the guard has a bridge already")
        if token.code is None:
            raise ModelError(f"{token.name} is not compiled")
        owner = next((block for block in token.blocks if any(known is guard for known in block.trace.guards)), None)
        if owner is None:
            raise ModelError(f"the guard is not in the code of {token.name}")
        kept = "".join(owner.trace.kind_of(value) for value in guard.values if value != NOTHING)
        guard.bridge = self._compile(trace, token, kept)

    def enter(self, token: LoopToken, ints: list[int], references: list[Pointer], floats: list[float]) -> ModelFrame:
        remaining = {"i": iter(ints), "r": iter(references), "f": iter(floats)}
        return self.run(token, [next(remaining[kind]) for kind in token.argument_kinds])

    def run(self, token: LoopToken, arguments: list[Any]) -> ModelFrame:
        """Enter a loop with its arguments of all kinds in one list."""
        if token.code is None:
            raise ModelError(f"{token.name} is not compiled")
        execution = Execution(self, token.code, arguments)
        descriptor = execution.run()
        values = execution.kept(descriptor)
        return ModelFrame(execution, descriptor, values, execution.exception)

    def value_int(self, frame: ModelFrame, position: int) -> int:
        return self._value(frame, position, int)

    def value_reference(self, frame: ModelFrame, position: int) -> Pointer:
        return self._value(frame, position, Pointer)

    def value_float(self, frame: ModelFrame, position: int) -> float:
        return self._value(frame, position, float)

    def exception(self, frame: ModelFrame) -> Pointer:
        return frame.pending

    def force(self, frame_token: Pointer) -> ModelFrame:
        execution = container_of(frame_token).attributes["execution"]
        guard = execution.force()
        return ModelFrame(execution, guard, execution.kept(guard), NULL_REFERENCE)

    def keep_forced(self, frame: ModelFrame, forced: Any) -> None:
        frame.execution.kept_when_forced = forced

    def forced_of(self, frame: ModelFrame) -> Any:
        return frame.execution.kept_when_forced

    def redirect_call_assembler(self, old: LoopToken, new: LoopToken) -> None:
        if old.argument_kinds != new.argument_kinds or old.result_kind != new.result_kind:
            raise ModelError(f"{new.name} does not take and give what {old.name} does")
        old.redirected = new

    def invalidate(self, token: LoopToken) -> None:
        for code in token.blocks:
            code.invalidated = True

    def free(self, token: LoopToken) -> None:
        for code in token.blocks:
            for guard in code.trace.guards:
                guard.bridge = None
        for target in token.targets:
            target.code = None
        token.code = None
        del token.blocks[:]

    def call_assembler(self, token: LoopToken, arguments: list[Any]) -> Any:
        """Enter a loop from another one; its result, None where it has none.

        Raises:
            LowLevelException: an exception left the loop.
        """
        while token.redirected is not None:
            token = token.redirected
        frame = self.run(token, arguments)
        descriptor = frame.descriptor
        if not isinstance(descriptor, FinishDescriptor):
            if self.on_assembler_failure is None:
                raise ModelError("a guard failed in a loop that was called, and no one said what to do then")
            return self.on_assembler_failure(frame)
        if descriptor.is_exception:
            raise self.memory.exception_of(frame.values[0])
        return frame.values[0] if frame.values else None

    @staticmethod
    def _compile(trace: Trace, token: LoopToken, kinds: str) -> Code:
        verify(trace)
        code = Code(trace)
        if code.input_kinds != kinds:
            raise ModelError(f"the trace takes {code.input_kinds!r}, what enters it has {kinds!r}")
        for number, opcode in enumerate(trace.opcodes):
            target = trace.descriptors[number]
            if opcode == ops.LABEL:
                if target.code is not None:
                    raise ModelError(f"the label {target.name} is compiled already")
                target.code = code
                target.place = number
        token.blocks.append(code)
        return code

    @staticmethod
    def _value(frame: ModelFrame, position: int, wanted: type) -> Any:
        value = frame.values[position]
        if not isinstance(value, wanted):
            raise ModelError(f"position {position} of the frame holds {value!r}")
        return value


