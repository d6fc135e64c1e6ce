"""The steps that random traces are made of. Host only.

Values have classes beside kinds (which objects a reference leads to), so that memory operations are valid by
construction, and nothing is done that the table of operations leaves undefined.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.generated_world import World
from ouro.jitcore.trace import NOTHING, Trace

ARRAY_LENGTH = 4
LONG_ARRAY = 300
STRING_LENGTH = 6
RAW_WORDS = 4
KIND_OF_CLASS = {
    "int": "i", "float": "f", "node": "r", "ints": "r", "floats": "r", "string": "r", "raw": "i", "nodes": "r",
    "pairs": "r", "bytes": "r", "halves": "r", "error": "r", "counter": "i", "place": "i",
}  # fmt: skip
#: What guards keep: what every backend can compare (no addresses).
COMPARABLE = ("int", "float", "node", "ints", "floats", "counter")

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



class Steps:
    """A trace in the making.

    Attributes:
        values: the values to choose from, by class.
        kept_classes: for each guard the classes of what it keeps, None for nothing.
        pending: for each guard, whether it fails with an exception pending.
    """

    def __init__(self, world: World, random: Random, rich: bool) -> None:
        self.world = world
        self.random = random
        self.trace = Trace()
        self.values: dict[str, list[int]] = {name: [] for name in KIND_OF_CLASS}
        self.kept_classes: list[list[str | None]] = []
        self.pending: list[bool] = []
        self.comparable: tuple[str, ...] = COMPARABLE
        self.steps: list[Callable[[], None]] = [
            self._int_binary, self._int_binary, self._int_unary, self._shift, self._division, self._overflow,
            self._float_binary, self._float_compare, self._float_unary, self._convert, self._between, self._call,
            self._new_node, self._new_array, self._set_field, self._get_field, self._set_item, self._get_item,
            self._compare_references, self._guard, self._guard_reference,
        ]  # fmt: skip
        if rich:
            self.steps += [
                self._new_string, self._new_string, self._get_character, self._get_character, self._new_raw,
                self._raw_store, self._raw_load, self._conditional_call, self._guard_value, self._copy,
                self._new_other_array, self._set_node_item, self._get_node_item, self._narrow_item, self._narrow_item,
                self._set_pair, self._get_pair,
            ]  # fmt: skip
            if world.raising is not None:
                self.steps += [self._raising_call] * 2
            if world.forcing is not None:
                self.steps += [self._forcing_call] * 2
            if world.callee is not None:
                self.steps += [self._loop_call] * 2

    def make_steps(self, count: int) -> None:
        """Append some random steps."""
        for _ in range(count):
            self.random.choice(self.steps)()

    def value_of_class(self, name: str) -> int:
        """A value of a class, made if there is none."""
        known = self.values[name]
        if not known:
            {"int": self._make_int, "float": self._make_float, "node": self._new_node, "ints": self._new_ints,
             "floats": self._new_floats, "string": self._new_string, "raw": self._new_raw,
             "place": self._make_place}.get(
                 name, lambda: self._new_other_array(name))()
        return self.random.choice(known)

    def _make_int(self) -> None:
        self._make("int", ops.INT_ADD, self._constant(self.word()), self._constant(1))

    def _make_float(self) -> None:
        number = self.trace.constants.of_float(self.double())
        self._make("float", ops.FLOAT_ADD, number, self.trace.constants.of_float(1.0))

    def word(self) -> int:
        random = self.random
        return random.choice(WORDS) if random.random() < 0.5 else random.getrandbits(random.choice([4, 32, 63]))

    def double(self) -> float:
        return self.random.choice([0.0, -0.0, 1.0, -2.5, 1e300, 5e-324, self.random.uniform(-1e6, 1e6)])

    def _int(self) -> int:
        if self.random.random() < 0.25:
            return self.trace.constants.of_int(self.word())
        return self.random.choice(self.values["int"]) if self.values["int"] else self.value_of_class("int")

    def _float(self) -> int:
        if self.random.random() < 0.2:
            return self.trace.constants.of_float(self.double())
        return self.random.choice(self.values["float"]) if self.values["float"] else self.value_of_class("float")

    def _make(self, name: str, opcode: int, *operands: int, descriptor: Any = None) -> int:
        number = self.trace.append_list(opcode, list(operands), descriptor)
        self.values[name].append(number)
        return number

    def count_down(self, counter: int) -> int:
        """A counter less one, which a guard says is more than 0."""
        left = self.trace.append(ops.INT_SUB, counter, self._constant(1))
        self._guard_on(self.trace.append(ops.INT_GT, left, self._constant(0)))
        return left

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
        self._append_guard(ops.GUARD_NO_OVERFLOW)

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

    def _make_place(self) -> None:
        """A small number that indices count from."""
        self._make("place", ops.INT_AND, self._int(), self._constant(1))

    def _index(self) -> int:
        choice = self.random.random()
        if choice < 0.4:
            return self._constant(self.random.randrange(ARRAY_LENGTH))
        if choice < 0.8:
            place = self.value_of_class("place")
            distance = self.random.randrange(ARRAY_LENGTH - 1)
            return self.trace.append(ops.INT_ADD, place, self._constant(distance)) if distance else place
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

    def _conditional_call(self) -> None:
        opcode, address, descriptor = self.world.calls[0]
        assert opcode == ops.CALL_I
        operands = [self._int(), self._constant(address), self._int(), self._int()]
        self._make("int", ops.COND_CALL_VALUE_I, *operands, descriptor=descriptor)

    def _copy(self) -> None:
        name = self.random.choice(["int", "float", "node"])
        opcode = {"int": ops.COPY_I, "float": ops.COPY_F, "node": ops.COPY_R}[name]
        self._make(name, opcode, self.value_of_class(name))

    # arrays of references, of small numbers, and of structures

    def _new_other_array(self, name: str = "") -> None:
        random, world = self.random, self.world
        name = name or random.choice(["nodes", "pairs", "bytes", "halves"])
        array = {"nodes": world.nodes, "pairs": world.pairs, "bytes": world.bytes, "halves": world.halves}[name]
        length = random.choice([ARRAY_LENGTH, ARRAY_LENGTH, LONG_ARRAY])
        self._make(name, ops.NEW_ARRAY_CLEAR, self._constant(length), descriptor=array)

    def _set_node_item(self) -> None:
        operands = [self.value_of_class("nodes"), self._index(), self.value_of_class("node")]
        self.trace.append_list(ops.SETARRAYITEM_GC, operands, self.world.nodes)

    def _get_node_item(self) -> None:
        array, index = self.value_of_class("nodes"), self._index()
        self._take_node(self.trace.append(ops.GETARRAYITEM_GC_R, array, index, NOTHING, self.world.nodes))

    def _take_node(self, node: int) -> None:
        """Where an array has no node yet, there is another one."""
        if self.random.random() < 0.5:
            self._append_guard(ops.GUARD_NONNULL, node)
            self.values["node"].append(node)
        else:
            self._make("int", ops.PTR_ISZERO, node)

    def _narrow_item(self) -> None:
        name = self.random.choice(["bytes", "halves"])
        array = self.world.bytes if name == "bytes" else self.world.halves
        operands = [self.value_of_class(name), self._index()]
        if self.random.random() < 0.5:
            if name == "bytes":
                value = self._byte()
            else:
                value = self._make("int", ops.INT_AND, self._int(), self._constant(0xFFFF))
            self.trace.append_list(ops.SETARRAYITEM_GC, [*operands, value], array)
        else:
            self._make("int", ops.GETARRAYITEM_GC_I, *operands, descriptor=array)

    def _byte(self) -> int:
        return self._make("int", ops.INT_SIGNEXT, self._int(), self._constant(1))

    def _set_pair(self) -> None:
        value, field = self.random.choice([
            (self._int(), self.world.left), (self._byte(), self.world.small),
            (self.value_of_class("node"), self.world.right),
        ])  # fmt: skip
        operands = [self.value_of_class("pairs"), self._index(), value]
        self.trace.append_list(ops.SETINTERIORFIELD_GC, operands, field)

    def _get_pair(self) -> None:
        array, index = self.value_of_class("pairs"), self._index()
        if self.random.random() < 0.3:
            self._take_node(self.trace.append(ops.GETINTERIORFIELD_GC_R, array, index, NOTHING, self.world.right))
        else:
            field = self.random.choice([self.world.left, self.world.small])
            self._make("int", ops.GETINTERIORFIELD_GC_I, array, index, descriptor=field)

    # strings and raw memory

    def _new_ints(self) -> None:
        self._make("ints", ops.NEW_ARRAY_CLEAR, self._constant(ARRAY_LENGTH), descriptor=self.world.ints)

    def _new_floats(self) -> None:
        self._make("floats", ops.NEW_ARRAY_CLEAR, self._constant(ARRAY_LENGTH), descriptor=self.world.floats)

    def _new_string(self) -> None:
        """A string, whose characters are written once each, as strings of programs are: some of them copied."""
        random, constant = self.random, self._constant
        known = self.values["string"]
        source = random.choice(known) if known and random.random() < 0.5 else NOTHING
        start, length = random.randrange(STRING_LENGTH), 0
        if source != NOTHING:
            length = random.randrange(STRING_LENGTH - start + 1)
        string = self._make("string", ops.NEWSTR, constant(STRING_LENGTH), descriptor=self.world.string)
        for index in range(STRING_LENGTH):
            if index == start and length:
                source_start = constant(random.randrange(STRING_LENGTH - length + 1))
                if length <= STRING_LENGTH - 3 and random.random() < 0.5:
                    source_start = self._make("int", ops.INT_AND, self._int(), constant(3))
                operands = [source, string, source_start, constant(start), constant(length)]
                self.trace.append_list(ops.COPYSTRCONTENT, operands, self.world.string)
            if not start <= index < start + length:
                character = constant(random.randrange(256))
                if random.random() < 0.3:
                    character = self._make("int", ops.INT_AND, self._int(), constant(255))
                self.trace.append_list(ops.STRSETITEM, [string, constant(index), character], self.world.string)

    def _character_index(self) -> int:
        if self.random.random() < 0.5:
            return self._constant(self.random.randrange(STRING_LENGTH))
        return self._make("int", ops.INT_AND, self._int(), self._constant(3))

    def _get_character(self) -> None:
        string = self.value_of_class("string")
        if self.random.random() < 0.2:
            self._make("int", ops.STRLEN, string, descriptor=self.world.string)
        else:
            self._make("int", ops.STRGETITEM, string, self._character_index(), descriptor=self.world.string)

    def _new_raw(self) -> None:
        raw = self._make("raw", ops.NEW_RAW_BUFFER, self._constant(8 * RAW_WORDS))
        for index in range(RAW_WORDS):
            self.trace.append(ops.RAW_STORE, raw, self._constant(8 * index), self._constant(0), self.world.raw_ints)

    def _raw_offset(self) -> int:
        if self.random.random() < 0.5:
            return self._constant(self.random.randrange(8 * RAW_WORDS - 7))
        word = self._make("int", ops.INT_AND, self._int(), self._constant(RAW_WORDS - 1))
        return self._make("int", ops.INT_LSHIFT, word, self._constant(3))

    def _raw_store(self) -> None:
        value, array = self.random.choice([(self._int(), self.world.raw_ints), (self._float(), self.world.raw_floats)])
        self.trace.append(ops.RAW_STORE, self.value_of_class("raw"), self._raw_offset(), value, array)

    def _raw_load(self) -> None:
        self._make("int", ops.RAW_LOAD_I, self.value_of_class("raw"), self._raw_offset(),
                   descriptor=self.world.raw_ints)

    # guards and what they belong to

    def _guard(self) -> None:
        low = self._make("int", ops.INT_AND, self._int(), self._constant(31))
        self._guard_on(self._make("int", ops.INT_NE, low, self._constant(self.random.randrange(32))))

    def _guard_on(self, condition: int) -> None:
        self._append_guard(ops.GUARD_TRUE, condition)

    def _guard_reference(self) -> None:
        self._append_guard(ops.GUARD_NONNULL, self.random.choice(self.values["node"]))

    def _guard_value(self) -> None:
        low = self._make("int", ops.INT_AND, self._int(), self._constant(31))
        differs = self._make("int", ops.INT_NE, low, self._constant(self.random.randrange(32)))
        self._append_guard(ops.GUARD_VALUE, differs, self._constant(1))

    def _raising_call(self) -> None:
        assert self.world.raising is not None
        address, descriptor = self.world.raising
        number = self.trace.append_list(ops.CALL_I, [self._constant(address), self._int()], descriptor)
        self._append_guard(ops.GUARD_NO_EXCEPTION, pending=True)
        self.values["int"].append(number)

    def _forcing_call(self) -> None:
        assert self.world.forcing is not None
        address, descriptor = self.world.forcing
        token = self.trace.append(ops.FORCE_TOKEN)
        operands = [self._constant(address), token, self._int()]
        number = self.trace.append_list(ops.CALL_MAY_FORCE_I, operands, descriptor)
        self._append_guard(ops.GUARD_NOT_FORCED)
        self._append_guard(ops.GUARD_NO_EXCEPTION)
        self.values["int"].append(number)

    def _loop_call(self) -> None:
        operands = [self._int(), self._int(), self._float()]
        number = self.trace.append_list(ops.CALL_ASSEMBLER_I, operands, self.world.callee)
        self._append_guard(ops.GUARD_NOT_FORCED)
        self._append_guard(ops.GUARD_NO_EXCEPTION)
        self.values["int"].append(number)

    def _append_guard(self, opcode: int, first: int = NOTHING, second: int = NOTHING, pending: bool = False) -> None:
        random = self.random
        everything = [(name, value) for name in self.comparable for value in self.values[name]]
        kept = random.sample(everything, min(len(everything), random.randint(0, 8)))
        kept = [("", NOTHING) if random.random() < 0.1 else pair for pair in kept]
        if self.values["counter"] and random.random() < 0.6 and ("counter", self.values["counter"][0]) not in kept:
            kept.append(("counter", self.values["counter"][0]))
        self.trace.append_guard(opcode, first, second, [value for _, value in kept])
        self.kept_classes.append([name or None for name, _ in kept])
        self.pending.append(pending)
