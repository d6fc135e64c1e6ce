"""Random traces to compare backends by. Host only.

A trace is straight, or a loop that ends: inputs, a prologue, a label, a body, and a counter that a guard looks at. It
does nothing that the table of operations leaves undefined, so every backend gives the same outcome. Values have classes
beside kinds (which objects a reference leads to), so that memory operations are valid by construction.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.interface import Backend
from ouro.jitcore.descriptors import CANNOT_RAISE, EffectDescriptor, FinishDescriptor, GuardDescriptor, LoopToken
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.trace import NOTHING, Trace
from ouro.lltype import Float, FuncType, GcArray, GcForwardReference, GcStruct, Ptr, Signed, functionptr

NODE = GcForwardReference()
NODE.become(GcStruct("generated_node", ("value", Signed), ("weight", Float), ("next", Ptr(NODE))))
INTS, FLOATS = GcArray(Signed), GcArray(Float)
ARRAY_LENGTH = 4
KIND_OF_CLASS = {"int": "i", "float": "f", "node": "r", "ints": "r", "floats": "r"}

INT_BINARY = [
    ops.INT_ADD, ops.INT_SUB, ops.INT_MUL, ops.INT_AND, ops.INT_OR, ops.INT_XOR, ops.UINT_MUL_HIGH, ops.INT_LT,
    ops.INT_LE, ops.INT_EQ, ops.INT_NE, ops.INT_GT, ops.INT_GE, ops.UINT_LT, ops.UINT_LE, ops.UINT_GT, ops.UINT_GE,
]
INT_UNARY = [ops.INT_NEG, ops.INT_INVERT, ops.INT_IS_TRUE, ops.INT_IS_ZERO, ops.INT_FORCE_GE_ZERO]
SHIFTS = [ops.INT_LSHIFT, ops.INT_RSHIFT, ops.UINT_RSHIFT]
DIVISIONS = [ops.INT_FLOORDIV, ops.INT_MOD]
OVERFLOWS = [ops.INT_ADD_OVF, ops.INT_SUB_OVF, ops.INT_MUL_OVF]
FLOAT_BINARY = [ops.FLOAT_ADD, ops.FLOAT_SUB, ops.FLOAT_MUL, ops.FLOAT_TRUEDIV]
FLOAT_COMPARE = [ops.FLOAT_LT, ops.FLOAT_LE, ops.FLOAT_EQ, ops.FLOAT_NE, ops.FLOAT_GT, ops.FLOAT_GE]
FLOAT_UNARY = [ops.FLOAT_NEG, ops.FLOAT_ABS]
WORDS = [-(2**63), -(2**31) - 1, -129, -1, 0, 1, 2, 7, 255, 2**31, 2**62, 2**63 - 1]


def _mix(first: int, second: int) -> int:
    return (first ^ second) >> 1


def _blend(first: float, second: int) -> float:
    return first + second % 1000


class World:
    """What generated traces work on.

    Args:
        table: makes the descriptors; the memory of the backend must know it.
        address_of: the machine word of a function pointer.
    """

    def __init__(self, table: DescriptorTable, address_of: Callable[[Any], int]) -> None:
        effect = EffectDescriptor(CANNOT_RAISE)
        self.node = table.size(NODE)
        self.value, self.weight, self.next = (table.field(NODE, name) for name in ("value", "weight", "next"))
        self.ints, self.floats = table.array(INTS), table.array(FLOATS)
        self.calls = []
        self.functions: dict[int, Callable[..., Any]] = {}
        for opcode, TYPE, function in (
            (ops.CALL_I, FuncType([Signed, Signed], Signed), _mix),
            (ops.CALL_F, FuncType([Float, Signed], Float), _blend),
        ):
            address = address_of(functionptr(TYPE, function.__name__, callable=function))
            self.calls.append((opcode, address, table.call(TYPE, effect)))
            self.functions[address] = function
        self.done = FinishDescriptor("generated_done", "i", False)


class Generated:
    """A trace with what to enter it with."""

    def __init__(self, trace: Trace, token: LoopToken, ints: list[int], floats: list[float]) -> None:
        self.trace = trace
        self.token = token
        self.ints = ints
        self.floats = floats
        # a backend may rewrite the trace and what its guards keep
        self.guards = list(trace.guards)
        self.kept_kinds = [
            "".join("_" if value == NOTHING else trace.kind_of(value) for value in guard.values) for guard in
            trace.guards]


def generate(world: World, seed: int, length: int = 60) -> Generated:
    """A random trace of about `length` steps; the same for the same seed."""
    return _Generator(world, Random(seed)).generate(length)


def outcome(backend: Backend, generated: Generated, describe: Callable[[Any], Any]) -> tuple[Any, ...]:
    """Run a trace that is compiled; what is comparable of how it ended.

    Args:
        describe: what is comparable of a GC reference.

    Returns:
        The number of the guard that failed or -1, and the values in the frame, None for those that are not kept.
    """
    frame = backend.enter(generated.token, list(generated.ints), [], list(generated.floats))
    if not isinstance(frame.descriptor, GuardDescriptor):
        return -1, backend.value_int(frame, 0)
    number = generated.guards.index(frame.descriptor)
    values: list[Any] = []
    for position, kind in enumerate(generated.kept_kinds[number]):
        if kind == "_":
            values.append(None)
        elif kind == "i":
            values.append(backend.value_int(frame, position))
        elif kind == "f":
            value = backend.value_float(frame, position)
            values.append("nan" if value != value else repr(value))
        else:
            values.append(describe(backend.value_reference(frame, position)))
    return number, *values


class _Generator:
    def __init__(self, world: World, random: Random) -> None:
        self.world = world
        self.random = random
        self.trace = Trace()
        self.values: dict[str, list[int]] = {name: [] for name in KIND_OF_CLASS}
        self.steps = [
            self._int_binary, self._int_binary, self._int_unary, self._shift, self._division, self._overflow,
            self._float_binary, self._float_compare, self._float_unary, self._convert, self._between, self._call,
            self._new_node, self._new_array, self._set_field, self._get_field, self._set_item, self._get_item,
            self._compare_references, self._guard, self._guard_reference,
        ]  # fmt: skip

    def generate(self, length: int) -> Generated:
        random, trace = self.random, self.trace
        counter = trace.append(ops.INPUT_I)
        ints, floats = [random.randint(1, 6)], []
        for _ in range(random.randint(1, 4)):
            self.values["int"].append(trace.append(ops.INPUT_I))
            ints.append(self._word())
        for _ in range(random.randint(1, 3)):
            self.values["float"].append(trace.append(ops.INPUT_F))
            floats.append(self._double())
        token = LoopToken("generated", "".join(trace.kind_of(number) for number in range(trace.length())), "i")
        self._new_node()
        for _ in range(length // 3):
            random.choice(self.steps)()
        if random.random() < 0.8:
            self._loop(token, counter, length)
        else:
            for _ in range(length):
                random.choice(self.steps)()
            trace.append_list(ops.FINISH, [self._int()], self.world.done)
        return Generated(trace, token, ints, floats)

    def _loop(self, token: LoopToken, counter: int, length: int) -> None:
        random, trace = self.random, self.trace
        classes = []
        for name, known in self.values.items():
            self.values[name] = random.sample(known, min(len(known), random.randint(1, 4)))
            classes += [name] * len(self.values[name])
        target = token.new_target("generated.label")
        passed = [value for known in self.values.values() for value in known]
        trace.append_list(ops.LABEL, [counter, *passed], target)
        for _ in range(length):
            random.choice(self.steps)()
        left = trace.append(ops.INT_SUB, counter, trace.constants.of_int(1))
        self._guard_on(trace.append(ops.INT_GT, left, trace.constants.of_int(0)))
        trace.append_list(ops.JUMP, [left, *(random.choice(self.values[name]) for name in classes)], target)

    def _word(self) -> int:
        random = self.random
        return random.choice(WORDS) if random.random() < 0.5 else random.getrandbits(random.choice([4, 32, 63]))

    def _double(self) -> float:
        return self.random.choice([0.0, -0.0, 1.0, -2.5, 1e300, 5e-324, self.random.uniform(-1e6, 1e6)])

    def _int(self) -> int:
        if self.random.random() < 0.25:
            return self.trace.constants.of_int(self._word())
        return self.random.choice(self.values["int"])

    def _float(self) -> int:
        if self.random.random() < 0.2:
            return self.trace.constants.of_float(self._double())
        return self.random.choice(self.values["float"])

    def _make(self, name: str, opcode: int, *operands: int, descriptor: Any = None) -> int:
        number = self.trace.append_list(opcode, list(operands), descriptor)
        self.values[name].append(number)
        return number

    def _constant(self, value: int) -> int:
        return self.trace.constants.of_int(value)

    def _int_binary(self) -> None:
        self._make("int", self.random.choice(INT_BINARY), self._int(), self._int())

    def _int_unary(self) -> None:
        self._make("int", self.random.choice(INT_UNARY), self._int())

    def _shift(self) -> None:
        count = self._make("int", ops.INT_AND, self._int(), self._constant(63))
        self._make("int", self.random.choice(SHIFTS), self._int(), count)

    def _division(self) -> None:
        divisor = self._constant(self.random.choice([1, 2, 3, 7, -3, 1000, -(2**40)]))
        self._make("int", self.random.choice(DIVISIONS), self._int(), divisor)

    def _overflow(self) -> None:
        self._make("int", self.random.choice(OVERFLOWS), self._int(), self._constant(self.random.choice([0, 1, -1])))
        self.trace.append_guard(ops.GUARD_NO_OVERFLOW, NOTHING, NOTHING, self._kept())

    def _float_binary(self) -> None:
        self._make("float", self.random.choice(FLOAT_BINARY), self._float(), self._float())

    def _float_compare(self) -> None:
        self._make("int", self.random.choice(FLOAT_COMPARE), self._float(), self._float())

    def _float_unary(self) -> None:
        self._make("float", self.random.choice(FLOAT_UNARY), self._float())

    def _convert(self) -> None:
        small = self._make("int", ops.INT_SIGNEXT, self._int(), self._constant(self.random.choice([1, 2, 4])))
        number = self._make("float", ops.CAST_INT_TO_FLOAT, small)
        self._make("int", ops.CAST_FLOAT_TO_INT, number)

    def _between(self) -> None:
        self._make("int", ops.INT_BETWEEN, self._int(), self._int(), self._int())

    def _call(self) -> None:
        opcode, address, descriptor = self.random.choice(self.world.calls)
        first = self._int() if opcode == ops.CALL_I else self._float()
        name = "int" if opcode == ops.CALL_I else "float"
        self._make(name, opcode, self._constant(address), first, self._int(), descriptor=descriptor)

    def _new_node(self) -> None:
        node = self._make("node", ops.NEW, descriptor=self.world.node)
        target = self.random.choice(self.values["node"])
        self.trace.append(ops.SETFIELD_GC, node, target, NOTHING, self.world.next)

    def _new_array(self) -> None:
        name, array = self.random.choice([("ints", self.world.ints), ("floats", self.world.floats)])
        self._make(name, ops.NEW_ARRAY_CLEAR, self._constant(ARRAY_LENGTH), descriptor=array)

    def _set_field(self) -> None:
        value, field = self.random.choice([
            (self._int(), self.world.value), (self._float(), self.world.weight),
            (self.random.choice(self.values["node"]), self.world.next),
        ])  # fmt: skip
        self.trace.append(ops.SETFIELD_GC, self.random.choice(self.values["node"]), value, NOTHING, field)

    def _get_field(self) -> None:
        name, opcode, field = self.random.choice([
            ("int", ops.GETFIELD_GC_I, self.world.value), ("float", ops.GETFIELD_GC_F, self.world.weight),
            ("node", ops.GETFIELD_GC_R, self.world.next),
        ])  # fmt: skip
        self._make(name, opcode, self.random.choice(self.values["node"]), descriptor=field)

    def _array(self) -> tuple[str, int, Any] | None:
        name = self.random.choice(["ints", "floats"])
        if not self.values[name]:
            return None
        return name, self.random.choice(self.values[name]), self.world.ints if name == "ints" else self.world.floats

    def _index(self) -> int:
        if self.random.random() < 0.5:
            return self._constant(self.random.randrange(ARRAY_LENGTH))
        return self._make("int", ops.INT_AND, self._int(), self._constant(ARRAY_LENGTH - 1))

    def _set_item(self) -> None:
        chosen = self._array()
        if chosen is not None:
            name, array, descriptor = chosen
            value = self._int() if name == "ints" else self._float()
            self.trace.append(ops.SETARRAYITEM_GC, array, self._index(), value, descriptor)

    def _get_item(self) -> None:
        chosen = self._array()
        if chosen is not None:
            name, array, descriptor = chosen
            if name == "ints":
                self._make("int", ops.GETARRAYITEM_GC_I, array, self._index(), descriptor=descriptor)
            else:
                self._make("float", ops.GETARRAYITEM_GC_F, array, self._index(), descriptor=descriptor)

    def _compare_references(self) -> None:
        nodes = self.values["node"]
        opcode = self.random.choice([ops.PTR_EQ, ops.PTR_NE])
        self._make("int", opcode, self.random.choice(nodes), self.random.choice(nodes))

    def _guard(self) -> None:
        low = self._make("int", ops.INT_AND, self._int(), self._constant(31))
        self._guard_on(self._make("int", ops.INT_NE, low, self._constant(self.random.randrange(32))))

    def _guard_on(self, condition: int) -> None:
        self.trace.append_guard(ops.GUARD_TRUE, condition, NOTHING, self._kept())

    def _guard_reference(self) -> None:
        self.trace.append_guard(ops.GUARD_NONNULL, self.random.choice(self.values["node"]), NOTHING, self._kept())

    def _kept(self) -> list[int]:
        everything = [value for known in self.values.values() for value in known]
        kept = self.random.sample(everything, min(len(everything), self.random.randint(0, 8)))
        return [NOTHING if self.random.random() < 0.1 else value for value in kept]
