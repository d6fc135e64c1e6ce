"""What random traces of all operations work on: classes, structures with fields of all sizes, functions of all types.
Host only.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from ouro.jitcore.backend.generated_world import FLOATS, INTS, NODE, STRING, World
from ouro.jitcore.backend.interface import Backend
from ouro.jitcore.descriptors import (
    CAN_RAISE,
    CANNOT_RAISE,
    ELIDABLE_CANNOT_RAISE,
    FORCES,
    LOOP_INVARIANT,
    EffectDescriptor,
    FinishDescriptor,
    LoopToken,
)
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.operations import FINISH, GUARD_TRUE, INPUT_F, INPUT_I, INPUT_R, INT_AND, INT_NE, result_kind
from ouro.jitcore.trace import NOTHING, Trace
from ouro.lltype import (
    GCREF,
    Array,
    Bool,
    Char,
    Float,
    FuncType,
    GcArray,
    GcForwardReference,
    GcStruct,
    Int8,
    Int16,
    Int32,
    Pointer,
    Ptr,
    Signed,
    SingleFloat,
    Struct,
    UInt16,
    UInt32,
    Void,
    cast_opaque_ptr,
    nullptr,
)
from ouro.rlib.rarithmetic import intmask, r_singlefloat
from ouro.rtyper import OBJECT

ERROR = GcStruct("generated_error", ("super", OBJECT))
POINT = GcForwardReference()
POINT.become(GcStruct(
    "generated_point", ("super", OBJECT), ("flag", Bool), ("letter", Char), ("small", Int8), ("half", Int16),
    ("uhalf", UInt16), ("word", Int32), ("uword", UInt32), ("x", Signed), ("single", SingleFloat), ("ratio", Float),
    ("node", Ptr(NODE)), ("other", Ptr(POINT)),
))
POINT = POINT.target
COLORED = GcStruct("generated_colored", ("super", POINT), ("color", Signed))
#: The range of each class's subclasses: a colored point is a point.
RANGES: dict[Any, tuple[int, int]] = {ERROR: (1, 2), POINT: (2, 4), COLORED: (3, 4)}

RECORD = Struct("generated_record", ("count", Signed), ("ratio", Float), ("letter", Char), ("half", Int16),
                ("uword", UInt32))
MIXED = GcArray(Struct("generated_mixed", ("ratio", Float), ("byte", Int8), ("half", UInt16), ("node", Ptr(NODE))))
#: Items of a size that no address mode has.
TRIPLES = GcArray(Struct("generated_triple", ("a", Int8), ("b", Int8), ("c", Int8)))
#: Arrays of numbers by the name of the class of values that lead to them.
NUMBERS: dict[str, Any] = {
    "words": GcArray(Int32), "uwords": GcArray(UInt32), "letters": GcArray(Char), "singles": GcArray(SingleFloat),
    "shorts": GcArray(Int16),
}  # fmt: skip
RAW_NUMBERS = [Array(TYPE, hints={"nolength": True}) for TYPE in (Int8, Int16, UInt16, Int32, UInt32, Char)]

HOLDER, RAW_NODES = Struct("generated_holder", ("node", Ptr(NODE))), Array(Ptr(NODE), hints={"nolength": True})

#: What functions take and give, by the name of what a trace has for it.
TYPES: dict[str, Any] = {
    "int": Signed, "float": Float, "node": Ptr(NODE), "byte": Int8, "half": UInt16, "word": Int32, "uword": UInt32,
    "flag": Bool, "single": SingleFloat, "nothing": Void,
}  # fmt: skip


class Function:
    """One that traces call: `arguments` and `result` name its types, as in `TYPES`."""

    def __init__(self, address: int, descriptor: Any, arguments: list[str], result: str) -> None:
        self.address = address
        self.descriptor = descriptor
        self.arguments = arguments
        self.result = result


class WideWorld(World):
    """A world in which every operation of traces has something to work on.

    Args:
        table, address_of: as for `World`; the table knows the classes of `RANGES`.
        vtables: the vtable pointer of each class of `RANGES`.
        make: a new object of a type, as a typed pointer.
        make_raw: the address of new memory outside of the heap: of a type, and a number of items or None.

    Attributes:
        classes: the address of the vtable of each class.
        functions_of: for each effect the functions that have it.
        callees: by kind of the result, loops to call.
    """

    def __init__(
        self, table: DescriptorTable, address_of: Callable[[Any], int], vtables: dict[Any, Pointer],
        make: Callable[..., Pointer], make_raw: Callable[..., int],
    ) -> None:
        super().__init__(table, address_of)
        self.classes = {STRUCT: address_of(vtables[STRUCT]) for STRUCT in RANGES}
        self.point, self.colored = table.size(POINT), table.size(COLORED)
        self.point_fields = {name: table.field(POINT, name) for name in POINT.names[1:]}
        self.color = table.field(COLORED, "color")
        self.record = {name: table.field(RECORD, name) for name in RECORD.names}
        self.mixed, self.triples = table.array(MIXED), table.array(TRIPLES)
        self.mixed_fields = {name: table.interior_field(MIXED, name) for name in ("ratio", "byte", "half", "node")}
        self.triple_fields = [table.interior_field(TRIPLES, name) for name in "abc"]
        self.numbers = {name: table.array(ARRAY) for name, ARRAY in NUMBERS.items()}
        self.raw_numbers = [table.array(ARRAY) for ARRAY in RAW_NUMBERS]
        self.holder_node, self.raw_nodes = table.field(HOLDER, "node"), table.array(RAW_NODES)
        self.type_ids = [table.type_id(TYPE) for TYPE in (NODE, POINT, COLORED, INTS)]
        self.make, self.make_raw = make, make_raw
        self.functions_of: dict[str, list[Function]] = {}
        self.callees: dict[str, LoopToken] = {}
        self._exception: Callable[[], Exception] | None = None
        self._force: Callable[[Any], None] | None = None
        self._add_all_functions()

    def constant_node(self) -> Pointer:
        """A new node, as a reference."""
        return cast_opaque_ptr(GCREF, self.make(NODE))

    def raw_record(self) -> int:
        """The address of a new record outside of the heap."""
        return self.make_raw(RECORD)

    def describe_object(self, TYPE: Any, typed: Any, depth: int = 4) -> Any:
        """What is comparable of an object, a few objects deep.

        Args:
            typed: a pointer to it, of its type.
        """
        if TYPE is INTS or TYPE is FLOATS:
            return [repr(item) for item in typed]
        if TYPE is STRING:
            return "".join(typed.chars)
        if TYPE is ERROR:
            return "error"
        if TYPE is COLORED:
            return typed.color, self.describe_object(POINT, typed.super, depth)
        if TYPE is POINT:
            numbers = [int(getattr(typed, name)) for name in ("flag", "small", "half", "uhalf", "word", "uword", "x")]
            rest = [repr(typed.letter), repr(float(typed.single)), repr(typed.ratio), bool(typed.other)]
            return numbers, rest, self.describe_object(NODE, typed.node, depth)
        chain = []
        while typed and depth:
            chain.append((typed.value, repr(typed.weight)))
            typed, depth = typed.next, depth - 1
        return chain

    # ---- functions

    def _add_all_functions(self) -> None:
        random = Random(1)
        names = list(TYPES)
        for effect_name, extra, count in (
            ("plain", CANNOT_RAISE, 14), ("raising", CAN_RAISE, 8), ("pure", ELIDABLE_CANNOT_RAISE, 8),
            ("invariant", LOOP_INVARIANT, 3), ("forcing", FORCES, 10), ("releasing", CANNOT_RAISE, 6),
        ):
            effect = EffectDescriptor(extra, releases_lock=effect_name == "releasing")
            functions = self.functions_of[effect_name] = []
            for number in range(count):
                length = 0 if effect_name == "invariant" else random.choice([0, 1, 2, 3, 8, 14, 25])
                arguments = [random.choice(names[:-1]) for _ in range(length)]
                result = names[number % len(names)]
                if effect_name in ("pure", "invariant") and result == "nothing":
                    result = "half"
                if effect_name == "releasing" and result == "node":
                    result = "nothing"
                functions.append(self._add(effect_name, effect, arguments, result))

    def _add(self, effect_name: str, effect: EffectDescriptor, arguments: list[str], result: str) -> Function:
        forces = effect_name == "forcing"

        def weigh(*values: Any) -> Any:
            if forces:
                token, *values = values
            total = 1
            for position, value in enumerate(values):
                total += (position + 1) * _number_of(value)
            if forces and total & 3 == 1:
                assert self._force is not None
                self._force(token)
            if effect_name in ("forcing", "raising") and total & 15 == 3:
                assert self._exception is not None
                raise self._exception()
            return self._result(result, total, values)

        types = ([GCREF] if forces else []) + [TYPES[name] for name in arguments]
        address, descriptor = self.add_function(FuncType(types, TYPES[result]), weigh, effect)
        return Function(address, descriptor, arguments, result)

    def _result(self, result: str, total: int, values: Any) -> Any:
        if result == "nothing":
            self.noted.append(repr(total))
            return None
        if result == "float":
            return total % 100003 / 8
        if result == "single":
            return r_singlefloat(total % 4096 / 4)
        if result == "node":
            nodes = [value for value in values if isinstance(value, Pointer) and value]
            return nodes[0] if nodes else nullptr(NODE.target)
        if result == "flag":
            return bool(total & 1)
        return intmask(total) if result == "int" else TYPES[result].wrap(total)

    def let_calls_raise(self, error_class: int, exception: Callable[[], Exception]) -> None:
        super().let_calls_raise(error_class, exception)
        self._exception = exception

    def let_calls_force(self, backend: Backend, describe: Callable[[Any], Any]) -> None:
        super().let_calls_force(backend, describe)
        self._force = lambda token: self.forced.append(describe(backend.force(token)))

    def let_loops_be_called(self, backend: Backend, answer_failures: Callable[[Callable[[Any], Any]], None]) -> None:
        super().let_loops_be_called(backend, answer_failures)
        kind_of_guard: dict[Any, str] = {}
        for kind in "irfn":
            self.callees[kind], guard = self._make_callee(backend, kind)
            kind_of_guard[guard] = kind

        def answer(frame: Any) -> Any:
            kind = kind_of_guard.get(frame.descriptor)
            if kind is None:
                return backend.value_int(frame, 1) ^ backend.value_int(frame, 2)
            number = backend.value_int(frame, 0)
            if number & 28 == 4:
                assert self._exception is not None
                raise self._exception()
            if kind == "r":
                return backend.value_reference(frame, 1)
            if kind == "f":
                return backend.value_float(frame, 2) - 1.0
            self.noted.append(repr(number))
            return number if kind == "i" else None

        answer_failures(answer)

    def _make_callee(self, backend: Backend, kind: str) -> tuple[LoopToken, Any]:
        """A loop that gives one of its arguments, or fails."""
        token = LoopToken("generated_callee_" + kind, "irf", kind)
        trace = Trace()
        inputs = [trace.append(opcode) for opcode in (INPUT_I, INPUT_R, INPUT_F)]
        low = trace.append(INT_AND, inputs[0], trace.constants.of_int(3))
        holds = trace.append(INT_NE, low, trace.constants.of_int(0))
        guard = trace.append_guard(GUARD_TRUE, holds, NOTHING, inputs)
        result = [value for value in inputs if result_kind(trace.opcodes[value]) == kind]
        trace.append_list(FINISH, result, FinishDescriptor("generated_done_" + kind, kind, False))
        backend.compile_loop(trace, token)
        return token, guard


def _number_of(value: Any) -> int:
    if isinstance(value, Pointer):
        return int(value.value) if value else 7
    if isinstance(value, r_singlefloat):
        return int(float(value) * 1024)
    if isinstance(value, float):
        return int(value) % 1000 if abs(value) < 1e18 else 5
    return int(value)
