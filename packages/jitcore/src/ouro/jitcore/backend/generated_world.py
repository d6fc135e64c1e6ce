"""What random traces work on: types, functions, and what the functions have done. Host only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.interface import Backend
from ouro.jitcore.descriptors import CAN_RAISE, CANNOT_RAISE, FORCES, EffectDescriptor, FinishDescriptor, LoopToken
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.trace import NOTHING, Trace
from ouro.lltype import (
    GCREF,
    Array,
    Char,
    Float,
    FuncType,
    GcArray,
    GcForwardReference,
    GcStruct,
    Int8,
    Ptr,
    Signed,
    Struct,
    UInt16,
    functionptr,
)

NODE = GcForwardReference()
NODE.become(GcStruct("generated_node", ("value", Signed), ("weight", Float), ("next", Ptr(NODE))))
INTS, FLOATS = GcArray(Signed), GcArray(Float)
STRING = GcStruct("generated_string", ("hash", Signed), ("chars", Array(Char)))
NODES, BYTES, HALVES = GcArray(Ptr(NODE)), GcArray(Int8), GcArray(UInt16)
PAIRS = GcArray(Struct("generated_pair", ("left", Signed), ("right", Ptr(NODE)), ("small", Int8)))
RAW_INTS, RAW_FLOATS = Array(Signed, hints={"nolength": True}), Array(Float, hints={"nolength": True})


def _mix(first: int, second: int) -> int:
    return (first ^ second) >> 1


def _blend(first: float, second: int) -> float:
    return first + second % 1000


class World:
    """What generated traces work on.

    Args:
        table: makes the descriptors; the memory of the backend must know it.
        address_of: the machine word of a function pointer.

    Attributes:
        functions: address to Python function.
        forced: what frames held that calls have forced.
        noted: what functions without a result were called with.
    """

    def __init__(self, table: DescriptorTable, address_of: Callable[[Any], int]) -> None:
        effect = EffectDescriptor(CANNOT_RAISE)
        self.node = table.size(NODE)
        self.value, self.weight, self.next = (table.field(NODE, name) for name in ("value", "weight", "next"))
        self.ints, self.floats, self.string = table.array(INTS), table.array(FLOATS), table.array(STRING)
        self.nodes, self.bytes, self.halves, self.pairs = (table.array(T) for T in (NODES, BYTES, HALVES, PAIRS))
        self.left, self.right, self.small = (table.interior_field(PAIRS, name) for name in ("left", "right", "small"))
        self.raw_ints, self.raw_floats = table.array(RAW_INTS), table.array(RAW_FLOATS)
        self.calls = []
        self.functions: dict[int, Callable[..., Any]] = {}
        self._table, self._address_of = table, address_of
        for opcode, TYPE, function in (
            (ops.CALL_I, FuncType([Signed, Signed], Signed), _mix),
            (ops.CALL_F, FuncType([Float, Signed], Float), _blend),
        ):
            self.calls.append((opcode, *self.add_function(TYPE, function, effect)))
        self.done = FinishDescriptor("generated_done", "i", False)
        self.error_class = 0
        self.raising: tuple[int, Any] | None = None
        self.forcing: tuple[int, Any] | None = None
        self.forced: list[Any] = []
        self.noted: list[str] = []
        self.callee: LoopToken | None = None

    def add_function(self, TYPE: FuncType, function: Callable[..., Any], effect: EffectDescriptor) -> tuple[int, Any]:
        """The address and the call descriptor of a function."""
        address = self._address_of(functionptr(TYPE, function.__name__, callable=function))
        self.functions[address] = function
        return address, self._table.call(TYPE, effect)

    def let_calls_raise(self, error_class: int, exception: Callable[[], Exception]) -> None:
        """Have calls that raise in traces.

        Args:
            error_class: the address of the class of the exceptions.
            exception: a new `LowLevelException` of that class.
        """

        def raise_some(value: int) -> int:
            if value & 3 == 1:
                raise exception()
            return int(value) >> 1

        self.error_class = error_class
        self.raising = self.add_function(FuncType([Signed], Signed), raise_some, EffectDescriptor(CAN_RAISE))

    def let_calls_force(self, backend: Backend, describe: Callable[[Any], Any]) -> None:
        """Have calls that force the frame of their caller in traces.

        Args:
            backend: the backend that runs them.
            describe: what is comparable of the frame that `Backend.force` gives.
        """

        def force_some(token: Any, value: int) -> int:
            if value & 3 == 3:
                self.forced.append(describe(backend.force(token)))
            return int(value) ^ 1

        self.forcing = self.add_function(FuncType([GCREF, Signed], Signed), force_some, EffectDescriptor(FORCES))

    def let_loops_be_called(self, backend: Backend, answer_failures: Callable[[Callable[[Any], Any]], None]) -> None:
        """Have calls of another loop in traces, which fails now and then.

        Args:
            backend: the backend that runs them.
            answer_failures: takes the function that gives the result then, from the frame.
        """
        token = LoopToken("generated_callee", "iif", "i")
        trace = Trace()
        constants = trace.constants
        first, second, weight = (trace.append(opcode) for opcode in (ops.INPUT_I, ops.INPUT_I, ops.INPUT_F))
        mixed = trace.append(ops.INT_XOR, first, second)
        doubled = trace.append(ops.FLOAT_ADD, weight, weight)
        low = trace.append(ops.INT_AND, mixed, constants.of_int(3))
        holds = trace.append(ops.INT_NE, low, constants.of_int(2))
        trace.append_guard(ops.GUARD_TRUE, holds, NOTHING, [doubled, mixed, second])
        result = trace.append(ops.INT_SUB, mixed, constants.of_int(1))
        trace.append_list(ops.FINISH, [result], self.done)
        backend.compile_loop(trace, token)
        answer_failures(lambda frame: backend.value_int(frame, 1) ^ backend.value_int(frame, 2))
        self.callee = token
