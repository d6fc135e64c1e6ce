"""Types, descriptors and functions that traces in the tests use, with their names in text."""

import math

from ouro.jitcore.descriptors import (
    CAN_RAISE,
    CANNOT_RAISE,
    FORCES,
    EffectDescriptor,
    FinishDescriptor,
    LoopToken,
)
from ouro.jitcore.model import Memory, ModelBackend
from ouro.jitcore.text import Names, parse_trace
from ouro.jitcore.trace import NULL_REFERENCE
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
    Ptr,
    Signed,
    SingleFloat,
    Struct,
    UInt16,
    Unsigned,
    Void,
    cast_opaque_ptr,
    functionptr,
    malloc,
)
from ouro.rtyper import OBJECT, OBJECT_VTABLE

NODE = GcForwardReference()
NODE.become(GcStruct("Node", ("super", OBJECT), ("value", Signed), ("next", Ptr(NODE)), ("weight", Float)))
NODE = NODE.target
LEAF = GcStruct("Leaf", ("super", NODE), ("extra", Signed))
ERROR = GcStruct("Error", ("super", OBJECT), ("code", Signed))
PLAIN = GcStruct("Plain", ("flag", Bool), ("letter", Char), ("small", Int8), ("half", Int16), ("word", Int32),
                 ("uhalf", UInt16), ("big", Unsigned), ("single", SingleFloat), hints={"immutable": ("flag", "word?")})
INTS, FLOATS, NODES = GcArray(Signed), GcArray(Float), GcArray(Ptr(NODE))
BYTES = GcArray(Int8)
PAIRS = GcArray(Struct("pair", ("left", Signed), ("right", Ptr(NODE)), ("ratio", Float)))
STRING = GcStruct("string", ("hash", Signed), ("chars", Array(Char)), hints={"immutable": ("chars[*]",)})
RAW = Struct("raw", ("count", Signed), ("ratio", Float), ("letter", Char))
RAW_INTS, RAW_FLOATS = Array(Signed, hints={"nolength": True}), Array(Float, hints={"nolength": True})
RAW_NODES, HOLDER = Array(Ptr(NODE)), Struct("holder", ("node", Ptr(NODE)))
RAW_INT16 = Array(Int16, hints={"nolength": True})


def make_vtable(low, high):
    vtable = malloc(OBJECT_VTABLE, immortal=True, zero=True)
    vtable.subclass_range_min, vtable.subclass_range_max = low, high
    return vtable


class Samples:
    """One world: memory, names and the backend over them."""

    def __init__(self):
        self.vtables = {NODE: make_vtable(1, 4), LEAF: make_vtable(2, 3), ERROR: make_vtable(4, 5)}
        self.memory = self.make_memory()
        self.backend = self.make_backend()
        self.names = Names()
        self.calls = []
        self.token = None
        table, names = self.memory.descriptors, self.names
        for STRUCT in (NODE, LEAF, ERROR, PLAIN):
            names.add_descriptor(table.size(STRUCT))
            for field in table.size(STRUCT).fields:
                if field.name not in names.descriptors:
                    names.add_descriptor(field)
        for name, TYPE in {
            "Ints": INTS, "Floats": FLOATS, "Nodes": NODES, "Bytes": BYTES, "Pairs": PAIRS, "String": STRING,
            "RawInts": RAW_INTS, "RawFloats": RAW_FLOATS, "RawInt16": RAW_INT16,
        }.items():
            names.add_descriptor(table.array(TYPE), name)
        for name in ("left", "right", "ratio"):
            names.add_descriptor(table.interior_field(PAIRS, name), f"Pairs.{name}")
        for name in RAW.names:
            names.add_descriptor(table.field(RAW, name), f"raw.{name}")
        for name, STRUCT in (("Node", NODE), ("Leaf", LEAF), ("Error", ERROR)):
            names.add_integer(f"class.{name}", self.memory.address_of(self.vtables[STRUCT]))
        for kind in "irfn":
            names.add_descriptor(FinishDescriptor(f"done_{kind}", kind, False))
        names.add_descriptor(FinishDescriptor("leave", "r", True))
        self._add_functions()

    def make_memory(self):
        """Where objects are."""
        return Memory(self.vtables)

    def make_backend(self):
        """What runs traces."""
        return ModelBackend(self.memory)

    def _add_functions(self):
        def note(value):
            self.calls.append(value)

        def node_of(value):
            return self.memory.from_trace(Ptr(NODE), self.node(value))

        def raise_if(value):
            if value:
                raise self.error(value)
            return 100

        def force(token, value):
            self.calls.append(self.backend.force(token))
            return value

        node = Ptr(NODE)
        for name, arguments, result, function, extra in (
            ("note", [Signed], Void, note, CANNOT_RAISE),
            ("add", [Signed, Signed], Signed, lambda a, b: a + b, CANNOT_RAISE),
            ("node_of", [Signed], node, node_of, CANNOT_RAISE),
            ("value_of", [node], Signed, lambda n: n.value, CANNOT_RAISE),
            ("power", [Float, Signed], Float, lambda x, n: x**n, CANNOT_RAISE),
            ("narrow", [Int8, Char], Int8, lambda n, c: n, CANNOT_RAISE),
            ("raise_if", [Signed], Signed, raise_if, CAN_RAISE),
            ("raise_float", [Signed], Float, lambda n: float(raise_if(n)), CAN_RAISE),
            ("force", [GCREF, Signed], Signed, force, FORCES),
            ("force_r", [GCREF, node], node, force, FORCES),
            ("force_f", [GCREF, Float], Float, force, FORCES),
            ("force_n", [GCREF], Void, lambda token: force(token, None), FORCES),
        ):
            TYPE = FuncType(arguments, result)
            pointer = functionptr(TYPE, name, callable=function)
            self.names.add_integer(name, self.memory.address_of(pointer))
            descriptor = self.memory.descriptors.call(TYPE, EffectDescriptor(extra))
            self.names.add_descriptor(descriptor, f"call.{name}")

    def parse(self, text, kinds="", result="n", name="loop"):
        """The trace, with a token for its loop; labels get targets by name beforehand."""
        self.token = LoopToken(name, kinds, result)
        for word in ("start", "peeled"):
            target = f"{name}.{word}"
            if target in text and target not in self.names.descriptors:
                self.names.add_descriptor(self.token.new_target(target))
        return parse_trace(text, self.names)

    def compile(self, text, name="loop"):
        """Compile a loop from text; its token."""
        first = text.strip().split("\n")[0]
        kinds = "".join(word.strip()[0] for word in first.strip("[] ").split(",") if word.strip())
        ends = [word for word in ("done_i", "done_r", "done_f") if word in text]
        result = ends[0][-1] if ends else "n"
        trace = self.parse(text, kinds, result, name)
        token = self.token
        self.backend.compile_loop(trace, token)
        return token

    def run(self, text, *arguments):
        """Compile a loop and run it once."""
        return self.enter(self.compile(text), *arguments)

    def enter(self, token, *arguments):
        by_kind = {"i": [], "r": [], "f": []}
        for kind, value in zip(token.argument_kinds, arguments):
            by_kind[kind].append(value)
        return self.backend.enter(token, by_kind["i"], by_kind["r"], by_kind["f"])

    def node(self, value=0, TYPE=NODE):
        """A new instance as a GC reference."""
        return self._make(TYPE, "value", value)

    def error(self, code):
        """A new exception, to raise it."""
        return self.memory.exception_of(self._make(ERROR, "code", code))

    def _make(self, TYPE, name, value):
        table = self.memory.descriptors
        reference = self.memory.new(table.size(TYPE))
        self.memory.set_field(table.field(TYPE, name), reference, value)
        return reference


def value_of(reference):
    """The value of a node behind a GC reference."""
    return cast_opaque_ptr(Ptr(NODE), reference).value


def string_of(reference):
    """The text of a string behind a GC reference."""
    return "".join(cast_opaque_ptr(Ptr(STRING), reference).chars)


def same_float(first, second):
    """Equal, with one zero told from the other and all NaNs alike."""
    if math.isnan(first) or math.isnan(second):
        return math.isnan(first) and math.isnan(second)
    return first == second and math.copysign(1, first) == math.copysign(1, second)


NULL = NULL_REFERENCE
