"""What the traces of the suite work on: types, functions, and their names in text."""

from __future__ import annotations

import math
import re
import struct
from typing import Any

from ouro.jitcore.backend.conformance.hosts import Host, view
from ouro.jitcore.descriptors import (
    CAN_RAISE,
    CANNOT_RAISE,
    ELIDABLE_CANNOT_RAISE,
    FORCES,
    LOOP_INVARIANT,
    EffectDescriptor,
    FinishDescriptor,
    GuardDescriptor,
    LoopToken,
)
from ouro.jitcore.operations import GUARD_NOT_FORCED
from ouro.jitcore.text import Names
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE, Trace
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
    Unsigned,
    Void,
    cast_adr_to_int,
    cast_opaque_ptr,
    cast_pointer,
    functionptr,
    nullptr,
    raw_malloc,
)
from ouro.rlib.rarithmetic import r_singlefloat
from ouro.rtyper import OBJECT, LowLevelException

NODE: Any = GcForwardReference()
NODE.become(GcStruct("Node", ("super", OBJECT), ("value", Signed), ("next", Ptr(NODE)), ("weight", Float)))
NODE = NODE.target
LEAF = GcStruct("Leaf", ("super", NODE), ("extra", Signed))
ERROR = GcStruct("Error", ("super", OBJECT), ("code", Signed))
PLAIN = GcStruct(
    "Plain", ("flag", Bool), ("letter", Char), ("small", Int8), ("half", Int16), ("uhalf", UInt16), ("word", Int32),
    ("uword", UInt32), ("big", Unsigned), ("single", SingleFloat), ("node", Ptr(NODE)),
)  # fmt: skip
INTS, FLOATS, NODES = GcArray(Signed), GcArray(Float), GcArray(Ptr(NODE))
BYTES, HALVES, WORDS, LETTERS = GcArray(Int8), GcArray(UInt16), GcArray(Int32), GcArray(Char)
PAIRS = GcArray(Struct("pair", ("left", Signed), ("right", Ptr(NODE)), ("ratio", Float), ("byte", Int8)))
STRING = GcStruct("string", ("hash", Signed), ("chars", Array(Char)), hints={"immutable": ("chars[*]",)})
RAW = Struct("raw", ("count", Signed), ("ratio", Float), ("letter", Char), ("half", Int16))
RAW_ARRAYS = {
    "RawInts": Array(Signed, hints={"nolength": True}), "RawFloats": Array(Float, hints={"nolength": True}),
    "RawInt8": Array(Int8, hints={"nolength": True}), "RawInt16": Array(Int16, hints={"nolength": True}),
    "RawUInt16": Array(UInt16, hints={"nolength": True}), "RawInt32": Array(Int32, hints={"nolength": True}),
    "RawUInt32": Array(UInt32, hints={"nolength": True}), "RawChars": Array(Char, hints={"nolength": True}),
}  # fmt: skip
ARRAYS = {
    "Ints": INTS, "Floats": FLOATS, "Nodes": NODES, "Bytes": BYTES, "Halves": HALVES, "Words": WORDS,
    "Letters": LETTERS, "Pairs": PAIRS, "String": STRING,
}  # fmt: skip

RAW_NODES, HOLDER = Array(Ptr(NODE), hints={"nolength": True}), Struct("holder", ("node", Ptr(NODE)))

#: The range of each class's subclasses: a leaf is a node.
CLASS_RANGES: dict[Any, tuple[int, int]] = {NODE: (1, 3), LEAF: (2, 3), ERROR: (3, 4)}

_LOW_LEVEL_TYPES = {"i": Signed, "f": Float, "r": Ptr(NODE), "n": Void}
_WEIGH = re.compile(r"@(weigh\.([irf]*)\.([irfn]))")


def bits_of(value: float) -> int:
    """The bits of a double as a signed number."""
    return int(struct.unpack("<q", struct.pack("<d", value))[0])


class World:
    """Names and functions over one host, and what the functions have noted.

    Attributes:
        noted: what `note` was called with, as text.
        forced: for each frame that a call forced, what it held, as text.
        bound: the names of values that a test has given, by `let`.
        guard_kinds: a letter for each value that a guard keeps, `_` where it keeps nothing.
        result_positions: where a guard behind a call that may force keeps the result of the call.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self.names = Names()
        self.noted: list[str] = []
        self.forced: list[str] = []
        self.bound: dict[str, Any] = {}
        self.tokens: dict[str, LoopToken] = {}
        self.guard_kinds: dict[Any, str] = {}
        self.result_positions: dict[Any, int] = {}
        self._pointers: list[Any] = []
        self._name_types()
        self._add_functions()

    def _name_types(self) -> None:
        table, names = self.host.descriptors, self.names
        for STRUCT in (NODE, LEAF, ERROR, PLAIN):
            size = table.size(STRUCT)
            names.add_descriptor(size)
            for field in size.fields:
                if field.name not in names.descriptors:
                    names.add_descriptor(field)
            if STRUCT is not PLAIN:
                names.add_integer(f"class.{STRUCT.name}", self.host.address_of(self.host.vtables[STRUCT]))
            names.add_integer(f"type.{STRUCT.name}", size.type_id)
        for name, ARRAY in {**ARRAYS, **RAW_ARRAYS}.items():
            names.add_descriptor(table.array(ARRAY), name)
        for name in ("left", "right", "ratio", "byte"):
            names.add_descriptor(table.interior_field(PAIRS, name), f"Pairs.{name}")
        names.add_descriptor(table.array(RAW_NODES), "RawNodes")
        names.add_descriptor(table.field(HOLDER, "node"), "holder.node")
        for name in RAW.names:
            names.add_descriptor(table.field(RAW, name), f"raw.{name}")
        for kind in "irfn":
            names.add_descriptor(FinishDescriptor(f"done_{kind}", kind, False))
        names.add_descriptor(FinishDescriptor("leave", "r", True))

    # functions

    def add_function(self, name: str, arguments: list[Any], result: Any, function: Any, extra: int) -> None:
        """Name a function `@name` and the descriptor of its calls `call.name`."""
        TYPE = FuncType(arguments, result)
        pointer = functionptr(TYPE, name, callable=function)
        self._pointers.append(pointer)
        self.names.add_integer(name, self.host.address_of(pointer))
        self.names.add_descriptor(self.host.descriptors.call(TYPE, EffectDescriptor(extra)), f"call.{name}")

    def _add_functions(self) -> None:
        node, string = Ptr(NODE), Ptr(STRING)

        def note(value: int) -> None:
            self.noted.append(str(int(value)))

        def raise_if(value: int) -> int:
            if value:
                raise self.error(int(value))
            return 100

        def weight_of(one: Any) -> float:
            if not one:
                raise self.error(77)
            return one.weight

        def length_of(text: Any) -> int:
            return len(text.chars)

        def scale(first: Any, number: int, second: Any) -> Any:
            return r_singlefloat(float(first) * int(number) + float(second))

        def twice_or_raise(value: int) -> int:
            if value < 0:
                raise self.error(-int(value))
            return 2 * int(value)

        for name, arguments, result, function, extra in (
            ("note", [Signed], Void, note, CANNOT_RAISE),
            ("add", [Signed, Signed], Signed, lambda a, b: int(a) + int(b), CANNOT_RAISE),
            ("pure_add", [Signed, Signed], Signed, lambda a, b: int(a) + int(b), ELIDABLE_CANNOT_RAISE),
            ("pure_half", [Float], Float, lambda a: a / 2, ELIDABLE_CANNOT_RAISE),
            ("pure_node", [node], node, lambda one: one, ELIDABLE_CANNOT_RAISE),
            ("invariant_i", [Signed], Signed, lambda a: int(a) + 1, LOOP_INVARIANT),
            ("invariant_r", [node], node, lambda one: one, LOOP_INVARIANT),
            ("invariant", [Signed], Float, lambda a: int(a) / 2, LOOP_INVARIANT),
            ("node_of", [Signed], node, self.node_of, CANNOT_RAISE),
            ("value_of", [node], Signed, lambda one: one.value, CANNOT_RAISE),
            ("raise_if", [Signed], Signed, raise_if, CAN_RAISE),
            ("twice_or_raise", [Signed], Signed, twice_or_raise, CAN_RAISE),
            ("weight_of", [node], Float, weight_of, CAN_RAISE),
            ("length_of", [string], Signed, length_of, CANNOT_RAISE),
            ("narrow", [Int8, Char, Bool], Int8, lambda a, b, c: int(a) + int(c), CANNOT_RAISE),
            ("letter", [Signed], Char, lambda a: chr(int(a) & 0xFF), CANNOT_RAISE),
            ("scale", [SingleFloat, Signed, SingleFloat], SingleFloat, scale, CANNOT_RAISE),
            ("is_odd", [Signed], Bool, lambda a: bool(int(a) & 1), CANNOT_RAISE),
            ("unsigned16", [Signed], UInt16, lambda a: UInt16.wrap(int(a)), CANNOT_RAISE),
            ("force_i", [GCREF, Signed], Signed, self._force, FORCES),
            ("force_r", [GCREF, node], node, self._force, FORCES),
            ("force_f", [GCREF, Float], Float, self._force, FORCES),
            ("force_n", [GCREF], Void, lambda token: self._force(token, None), FORCES),
            ("look_away", [GCREF, Signed], Signed, lambda token, value: value, FORCES),
            ("force_and_raise", [GCREF, Signed], Signed, self._force_and_raise, FORCES),
        ):
            self.add_function(name, arguments, result, function, extra)

    def add_weighing_functions(self, text: str) -> None:
        """Add the functions `weigh.ARGUMENTS.RESULT` that a text names: each argument counts times its position."""
        for name, arguments, result in set(_WEIGH.findall(text)):
            if name in self.names.integers:
                continue

            def weigh(*values: Any, result: str = result) -> Any:
                total: float = 0
                for position, value in enumerate(values):
                    if isinstance(value, Pointer):
                        value = value.value if value else 0
                    total += (position + 1) * (value if isinstance(value, float) else int(value))
                if result == "n":
                    self.noted.append(repr(total))
                    return None
                if result == "f":
                    return float(total)
                return int(total) if result == "i" else self.node_of(int(total))

            types = [_LOW_LEVEL_TYPES[kind] for kind in arguments]
            self.add_function(name, types, _LOW_LEVEL_TYPES[result], weigh, CANNOT_RAISE)

    def _force(self, token: Pointer, value: Any) -> Any:
        frame = self.host.backend.force(token)
        # the call that is running has no result yet
        self.forced.append(self.describe_frame(frame, self.result_positions.get(frame.descriptor)))
        return value

    def _force_and_raise(self, token: Pointer, value: int) -> int:
        self._force(token, value)
        raise self.error(int(value))

    def error(self, code: int) -> LowLevelException:
        """A new exception."""
        error = self.host.make(ERROR)
        error.code = code
        return self.host.exception_of(cast_opaque_ptr(GCREF, error))

    # values as text

    def node_of(self, value: int, following: Any = None, weight: float = 0.0) -> Pointer:
        """A new node."""
        node = self.host.make(NODE)
        node.value, node.weight = int(value), weight
        if following is not None:
            node.next = following
        return node

    def value(self, text: str) -> Any:
        """The value that a text means, as a trace takes it: a number, or a GCREF."""
        made = self._evaluate(text)
        return cast_opaque_ptr(GCREF, made) if isinstance(made, Pointer) and made._T is not GCREF else made

    def _evaluate(self, text: str) -> Any:
        def typed(reference: Any) -> Any:
            if isinstance(reference, Pointer) and reference._T is GCREF:
                return view(NODE, reference) if reference else nullptr(NODE)
            return reference

        def node(value: int = 0, next: Any = None, weight: float = 0.0) -> Pointer:
            return self.node_of(value, None if next is None else typed(next), weight)

        def leaf(value: int = 0, extra: int = 0) -> Pointer:
            made = self.host.make(LEAF)
            cast_pointer(Ptr(NODE), made).value = value
            made.extra = extra
            return made

        def error(code: int) -> Pointer:
            made = self.host.make(ERROR)
            made.code = code
            return made

        def array_of(TYPE: Any) -> Any:
            def make(*items: Any) -> Pointer:
                made = self.host.make(TYPE, len(items))
                for index, item in enumerate(items):
                    made[index] = float(item) if TYPE is FLOATS else typed(item)
                return made

            return make

        def string(content: str) -> Pointer:
            made = self.host.make(STRING, len(content))
            for index, character in enumerate(content):
                made.chars[index] = character
            return made

        names = {
            "nan": math.nan, "inf": math.inf, "null": NULL_REFERENCE, "node": node, "leaf": leaf, "error": error,
            "string": string, "ints": array_of(INTS), "floats": array_of(FLOATS), "nodes": array_of(NODES),
            "plain": lambda: self.host.make(PLAIN), "pairs": lambda count: self.host.make(PAIRS, count),
            "raw": lambda size: cast_adr_to_int(raw_malloc(size, zero=True)),
            "raw_nodes": lambda count: self.host.make_raw(RAW_NODES, count),
            "holder": lambda: self.host.make_raw(HOLDER),
            "address": lambda name: self.names.integers[name],
            **self.bound,
        }  # fmt: skip
        return eval(text, {"__builtins__": {}}, names)  # the text comes with the suite

    def describe(self, kind: str, value: Any, depth: int = 4) -> str:
        """A value of a trace as text, as the expectations of the suite write it."""
        if kind == "i":
            return str(int(value))
        if kind == "f":
            return "nan" if value != value else repr(float(value))
        if not value:
            return "null"
        for name, known in self.bound.items():
            if isinstance(known, Pointer) and known == value:
                return name
        return self._describe_object(value, depth)

    def _describe_object(self, reference: Pointer, depth: int) -> str:
        TYPE = self.host.type_of(reference)
        typed = view(TYPE, reference)
        if TYPE is STRING:
            return f'string("{"".join(typed.chars)}")'
        for name, ARRAY in (("ints", INTS), ("floats", FLOATS)):
            if TYPE is ARRAY:
                return f"{name}({', '.join(self.describe('f' if name == 'floats' else 'i', item) for item in typed)})"
        if TYPE is NODES:
            items = [self.describe("r", cast_opaque_ptr(GCREF, item), depth - 1) for item in typed]
            return f"nodes({', '.join(items)})"
        if TYPE is ERROR:
            return f"error({typed.code})"
        if TYPE is LEAF:
            return f"leaf({cast_pointer(Ptr(NODE), typed).value}, extra={typed.extra})"
        if TYPE is not NODE:
            return f"{TYPE}"
        rest = ""
        if typed.next:
            following = cast_opaque_ptr(GCREF, typed.next)
            rest = f", next={self.describe('r', following, depth - 1)}" if depth else ", next=..."
        if bits_of(typed.weight):
            rest += f", weight={self.describe('f', typed.weight)}"
        return f"node({typed.value}{rest})"

    def know_guards(self, trace: Trace) -> None:
        """Remember what the guards of a trace keep, before a backend uses it up."""
        for number, guard in enumerate(trace.descriptors):
            if isinstance(guard, GuardDescriptor):
                values = guard.values
                self.guard_kinds[guard] = "".join("_" if v == NOTHING else trace.kind_of(v) for v in values)
                if trace.opcodes[number] == GUARD_NOT_FORCED and number - 1 in values:
                    self.result_positions[guard] = values.index(number - 1)

    def describe_frame(self, frame: Any, skipped: int | None = None) -> str:
        """What a guard has kept, as text; `...` for what is not there yet."""
        backend, parts = self.host.backend, []
        for position, kind in enumerate(self.guard_kinds[frame.descriptor]):
            if kind == "_" or position == skipped:
                parts.append("_" if kind == "_" else "...")
            elif kind == "i":
                parts.append(self.describe("i", backend.value_int(frame, position)))
            elif kind == "f":
                parts.append(self.describe("f", backend.value_float(frame, position)))
            else:
                parts.append(self.describe("r", backend.value_reference(frame, position)))
        return "{" + ", ".join(parts) + "}"
