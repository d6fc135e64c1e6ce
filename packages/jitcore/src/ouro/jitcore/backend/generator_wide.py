"""Steps of random traces for every operation that there is. Host only.

What `generator_steps` has are steps with numbers, nodes, strings; here are instances, structures of all kinds, calls of
functions of all types, and guards of every kind.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ouro.jitcore import operations as ops
from ouro.jitcore.backend.generated_wide_world import (
    HOLDER,
    POINT,
    RANGES,
    RAW_NODES,
    Function,
    WideWorld,
)
from ouro.jitcore.backend.generator_steps import ARRAY_LENGTH, COMPARABLE, KIND_OF_CLASS, LONG_ARRAY, RAW_WORDS, Steps
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE

KIND_OF_CLASS.update({
    "point": "r", "colored": "r", "mixed": "r", "triples": "r", "record": "i", "tagged": "r", "words": "r",
    "uwords": "r", "letters": "r", "singles": "r", "shorts": "r",
})  # fmt: skip

#: How often in a thousand a step that ends the trace is made.
_RARELY = 30
#: Numbers of single precision up to this word are finite.
_FINITE_SINGLE = 0x3FFFFFFF
#: The bytes of an item of each of `WideWorld.raw_numbers`.
_RAW_SIZES = (1, 2, 2, 4, 4, 1)


class WideSteps(Steps):
    """A trace in the making."""

    world: WideWorld

    def __init__(self, world: WideWorld, random: Random, rich: bool) -> None:
        super().__init__(world, random, rich)
        self.comparable = (*COMPARABLE, "point", "colored", "error")
        more: list[Callable[[], None]] = [
            self._new_point, self._new_point, self._set_point, self._set_point, self._set_point, self._get_point,
            self._get_point, self._get_point, self._set_color, self._get_color, self._guard_point, self._guard_point,
            self._guard_nullable, self._guard_class_of_anything, self._compare_points, self._new_record,
            self._set_record, self._get_record, self._raw_item, self._raw_number, self._new_numbers, self._set_number,
            self._get_number, self._set_mixed, self._get_mixed, self._triple, self._unclear_array, self._measure,
            self._guard_false, self._guard_constant, self._any_overflow, self._bits, self._tag, self._markers,
            self._constant_node, self._stay_valid, self._conditional_calls, self._raw_references, self._new_colored,
        ]  # fmt: skip
        calls: list[Callable[[], None]] = [
            self._plain_call, self._plain_call, self._pure_call, self._invariant_call, self._releasing_call,
        ]  # fmt: skip
        if world.raising is not None:
            calls += [self._raising_call_of_any_kind, self._raising_call_of_any_kind, self._expected_exception]
        if world.forcing is not None:
            calls += [self._forcing_call_of_any_kind] * 2
        if world.callees:
            calls += [self._loop_call_of_any_kind] * 2
        if rich:
            self.steps += more + calls

    def value_of_class(self, name: str) -> int:
        if not self.values[name]:
            make = {
                "point": self._new_point, "colored": self._new_colored, "record": self._new_record,
                "tagged": self._tag, "error": self._make_error,
            }.get(name, lambda: self._new_wide_array(name) if name in self._arrays() else None)
            if make is not None:
                make()
        return super().value_of_class(name)

    def _arrays(self) -> dict[str, object]:
        world = self.world
        return {"mixed": world.mixed, "triples": world.triples, **world.numbers}

    def _new_wide_array(self, name: str) -> None:
        length = self._constant(self.random.choice([ARRAY_LENGTH, ARRAY_LENGTH, LONG_ARRAY]))
        if self.random.random() < 0.4:
            # a length that only the run knows
            length = self.trace.append(ops.INT_ADD, self.value_of_class("place"), self._constant(ARRAY_LENGTH))
        self._make(name, ops.NEW_ARRAY_CLEAR, length, descriptor=self._arrays()[name])

    def _argument(self, name: str) -> int:
        """A value that may be passed or stored as a type of `generated_wide_world.TYPES`."""
        if name == "int":
            return self._int()
        if name == "float":
            return self._float()
        if name == "node":
            if self.random.random() < 0.1:
                return self.trace.constants.of_reference(NULL_REFERENCE)
            return self.value_of_class("node")
        if name == "flag":
            return self._make("int", ops.INT_LT, self._int(), self._int())
        if name == "single":
            return self._make("int", ops.INT_AND, self._int(), self._constant(_FINITE_SINGLE))
        if name in ("byte", "word"):
            size = 1 if name == "byte" else 4
            return self._make("int", ops.INT_SIGNEXT, self._int(), self._constant(size))
        return self._make("int", ops.INT_AND, self._int(), self._constant(0xFFFF if name == "half" else 0xFFFFFFFF))

    # ---- instances

    def _point(self) -> int:
        """A point, colored or not."""
        return self.value_of_class("colored" if self.random.random() < 0.3 else "point")

    def _new_point(self) -> None:
        point = self._make("point", ops.NEW_WITH_VTABLE, descriptor=self.world.point)
        node = self.world.point_fields["node"]
        self.trace.append(ops.SETFIELD_GC, point, self.value_of_class("node"), NOTHING, node)

    def _new_colored(self) -> None:
        point = self._make("colored", ops.NEW_WITH_VTABLE, descriptor=self.world.colored)
        node = self.world.point_fields["node"]
        self.trace.append(ops.SETFIELD_GC, point, self.value_of_class("node"), NOTHING, node)

    def _set_point(self) -> None:
        name = self.random.choice(list(self.world.point_fields))
        point = self._point()
        value = {
            "flag": lambda: self._argument("flag"), "single": lambda: self._argument("single"),
            "ratio": self._float, "node": lambda: self.value_of_class("node"),
            "other": lambda: self.random.choice(
                [self._point(), self.trace.constants.of_reference(NULL_REFERENCE)]),
        }.get(name, self._int)()
        self.trace.append(ops.SETFIELD_GC, point, value, NOTHING, self.world.point_fields[name])

    def _get_point(self) -> None:
        name = self.random.choice(list(self.world.point_fields))
        field = self.world.point_fields[name]
        point = self._point()
        if name == "node":
            self._make("node", ops.GETFIELD_GC_R, point, descriptor=field)
        elif name == "other":
            other = self.trace.append(ops.GETFIELD_GC_R, point, NOTHING, NOTHING, field)
            if self.random.random() < 0.5:
                self._append_guard(ops.GUARD_NONNULL, other)
                self.values["point"].append(other)
            else:
                self._make("int", self.random.choice([ops.PTR_ISZERO, ops.PTR_NONZERO]), other)
        elif name == "ratio":
            self._make("float", ops.GETFIELD_GC_F, point, descriptor=field)
        else:
            self._make("int", ops.GETFIELD_GC_I, point, descriptor=field)

    def _set_color(self) -> None:
        self.trace.append(ops.SETFIELD_GC, self.value_of_class("colored"), self._int(), NOTHING, self.world.color)

    def _get_color(self) -> None:
        self._make("int", ops.GETFIELD_GC_I, self.value_of_class("colored"), descriptor=self.world.color)

    def _class(self) -> int:
        return self._constant(self.world.classes[self.random.choice(list(RANGES)[1:])])

    def _guard_point(self) -> None:
        point = self._point()
        if self.random.random() < 0.5:
            self._append_guard(self.random.choice([ops.GUARD_CLASS, ops.GUARD_NONNULL_CLASS]), point, self._class())
        else:
            # mostly true
            choice = self.random.random()
            wanted = self.world.classes[POINT] if choice < 0.7 else self.world.classes[list(RANGES)[2]]
            self._append_guard(ops.GUARD_SUBCLASS, point, self._constant(wanted))

    def _guard_nullable(self) -> None:
        field = self.world.point_fields["other"]
        other = self.trace.append(ops.GETFIELD_GC_R, self._point(), NOTHING, NOTHING, field)
        opcode = self.random.choice([ops.GUARD_ISNULL, ops.GUARD_NONNULL, ops.GUARD_NONNULL_CLASS])
        self._append_guard(opcode, other, self._class() if opcode == ops.GUARD_NONNULL_CLASS else NOTHING)

    def _guard_class_of_anything(self) -> None:
        name = self.random.choice(["node", "point", "colored", "ints", "mixed"])
        value = self.value_of_class(name)
        if self.random.random() < 0.5:
            self._append_guard(ops.GUARD_IS_OBJECT, value)
        else:
            self._append_guard(ops.GUARD_GC_TYPE, value, self._constant(self.random.choice(self.world.type_ids)))

    def _compare_points(self) -> None:
        points = [self._point(), self._point()]
        opcode = self.random.choice([ops.INSTANCE_PTR_EQ, ops.INSTANCE_PTR_NE])
        same = self._make("int", opcode, *points)
        if self.random.random() < 0.3:
            self._append_guard(self.random.choice([ops.GUARD_TRUE, ops.GUARD_FALSE]), same)
        classes = [self.trace.append(ops.LOAD_CLASS, point) for point in points]
        self._make("int", ops.INT_EQ, *classes)

    # ---- memory outside of the heap

    def _new_record(self) -> None:
        address = self._constant(self.world.raw_record())
        self._make("record", ops.INT_ADD, address, self._constant(0))

    def _set_record(self) -> None:
        name = self.random.choice(list(self.world.record))
        value = self._float() if name == "ratio" else self._int()
        self.trace.append(ops.SETFIELD_RAW, self.value_of_class("record"), value, NOTHING, self.world.record[name])

    def _get_record(self) -> None:
        name = self.random.choice(list(self.world.record))
        kind, opcode = ("float", ops.GETFIELD_RAW_F) if name == "ratio" else ("int", ops.GETFIELD_RAW_I)
        self._make(kind, opcode, self.value_of_class("record"), descriptor=self.world.record[name])

    def _raw_item(self) -> None:
        world, raw, index = self.world, self.value_of_class("raw"), self._index()
        if self.random.random() < 0.5:
            value, array = self.random.choice([(self._int(), world.raw_ints), (self._float(), world.raw_floats)])
            self.trace.append(ops.SETARRAYITEM_RAW, raw, index, value, array)
        else:
            self._make("int", ops.GETARRAYITEM_RAW_I, raw, index, descriptor=world.raw_ints)

    def _raw_number(self) -> None:
        place = self.random.randrange(len(self.world.raw_numbers))
        array, raw = self.world.raw_numbers[place], self.value_of_class("raw")
        if self.random.random() < 0.3:
            # what was an integer may be no number: it is only stored again
            number = self.trace.append(ops.RAW_LOAD_F, raw, self._raw_offset(), NOTHING, self.world.raw_floats)
            self.trace.append(ops.RAW_STORE, raw, self._raw_offset(), number, self.world.raw_floats)
        if self.random.random() < 0.5:
            self.trace.append(ops.RAW_STORE, raw, self._raw_offset(), self._int(), array)
        else:
            offset = self._constant(self.random.randrange(8 * RAW_WORDS - _RAW_SIZES[place] + 1))
            self._make("int", ops.RAW_LOAD_I, raw, offset, descriptor=array)

        if self.random.random() < 0.3:
            number = self.trace.append(ops.GETARRAYITEM_RAW_F, raw, self._index(), NOTHING, self.world.raw_floats)
            self.trace.append(ops.SETARRAYITEM_RAW, raw, self._index(), number, self.world.raw_floats)

    def _raw_references(self) -> None:
        world, trace = self.world, self.trace
        holder, nodes = self._constant(world.make_raw(HOLDER)), self._constant(world.make_raw(RAW_NODES, ARRAY_LENGTH))
        trace.append(ops.SETFIELD_RAW, holder, self.value_of_class("node"), NOTHING, world.holder_node)
        self._make("node", ops.GETFIELD_RAW_R, holder, descriptor=world.holder_node)
        trace.append(ops.SETARRAYITEM_RAW, nodes, self._index(), self.value_of_class("node"), world.raw_nodes)
        self._take_node(trace.append(ops.GETARRAYITEM_RAW_R, nodes, self._index(), NOTHING, world.raw_nodes))

    # ---- arrays

    def _new_numbers(self) -> None:
        self._new_wide_array(self.random.choice(list(self._arrays())))

    def _set_number(self) -> None:
        name = self.random.choice(list(self.world.numbers))
        value = self._argument("single") if name == "singles" else self._int()
        operands = [self.value_of_class(name), self._index(), value]
        self.trace.append_list(ops.SETARRAYITEM_GC, operands, self.world.numbers[name])

    def _get_number(self) -> None:
        name = self.random.choice(list(self.world.numbers))
        array, index = self.value_of_class(name), self._index()
        self._make("int", ops.GETARRAYITEM_GC_I, array, index, descriptor=self.world.numbers[name])

    def _set_mixed(self) -> None:
        name = self.random.choice(list(self.world.mixed_fields))
        value = {"ratio": self._float, "node": lambda: self.value_of_class("node")}.get(name, self._int)()
        operands = [self.value_of_class("mixed"), self._index(), value]
        self.trace.append_list(ops.SETINTERIORFIELD_GC, operands, self.world.mixed_fields[name])

    def _get_mixed(self) -> None:
        name = self.random.choice(list(self.world.mixed_fields))
        array, index, field = self.value_of_class("mixed"), self._index(), self.world.mixed_fields[name]
        if name == "node":
            self._take_node(self.trace.append(ops.GETINTERIORFIELD_GC_R, array, index, NOTHING, field))
        elif name == "ratio":
            self._make("float", ops.GETINTERIORFIELD_GC_F, array, index, descriptor=field)
        else:
            self._make("int", ops.GETINTERIORFIELD_GC_I, array, index, descriptor=field)

    def _triple(self) -> None:
        field = self.random.choice(self.world.triple_fields)
        array, index = self.value_of_class("triples"), self._index()
        if self.random.random() < 0.5:
            self.trace.append_list(ops.SETINTERIORFIELD_GC, [array, index, self._int()], field)
        else:
            self._make("int", ops.GETINTERIORFIELD_GC_I, array, index, descriptor=field)

    def _unclear_array(self) -> None:
        name = self.random.choice(["ints", "floats"])
        array = self.world.ints if name == "ints" else self.world.floats
        new = self.trace.append(ops.NEW_ARRAY, self._constant(ARRAY_LENGTH), NOTHING, NOTHING, array)
        for index in range(ARRAY_LENGTH):
            value = self._int() if name == "ints" else self._float()
            self.trace.append(ops.SETARRAYITEM_GC, new, self._constant(index), value, array)
        self.values[name].append(new)

    def _measure(self) -> None:
        arrays = {"ints": self.world.ints, "nodes": self.world.nodes, "pairs": self.world.pairs, **self._arrays()}
        name = self.random.choice(list(arrays))
        self._make("int", ops.ARRAYLEN_GC, self.value_of_class(name), descriptor=arrays[name])

    # ---- numbers

    def _guard_false(self) -> None:
        low = self._make("int", ops.INT_AND, self._int(), self._constant(31))
        same = self._make("int", ops.INT_EQ, low, self._constant(self.random.randrange(32)))
        self._append_guard(ops.GUARD_FALSE, same)

    def _guard_constant(self) -> None:
        choice = self.random.random()
        if choice < 0.4:
            number = self._float()
            if number >= 0:
                self._append_guard(ops.GUARD_VALUE, number, self.trace.constants.of_float(self.double()))
        elif choice < 0.7:
            self._append_guard(ops.GUARD_VALUE, self._argument("flag"), self._constant(self.random.randrange(2)))
        else:
            node = self.trace.constants.of_reference(self.world.constant_node())
            self._append_guard(ops.GUARD_VALUE, self.value_of_class("node"), node)

    def _any_overflow(self) -> None:
        opcode = self.random.choice([ops.INT_ADD_OVF, ops.INT_SUB_OVF, ops.INT_MUL_OVF])
        number = self.trace.append(opcode, self._int(), self._int())
        self._append_guard(self.random.choice([ops.GUARD_OVERFLOW, ops.GUARD_NO_OVERFLOW, ops.GUARD_NO_OVERFLOW]))
        self.values["int"].append(number)

    def _bits(self) -> None:
        # no bits of what may be no number, which are not the same everywhere
        number = self.trace.append(ops.CAST_INT_TO_FLOAT, self._int())
        bits = self._make("int", ops.CONVERT_FLOAT_BYTES_TO_LONGLONG, number)
        if self.random.random() < 0.5:
            self._make("float", ops.CONVERT_LONGLONG_BYTES_TO_FLOAT, bits)

    def _tag(self) -> None:
        odd = self.trace.append(ops.INT_OR, self._int(), self._constant(1))
        tagged = self._make("tagged", ops.CAST_INT_TO_PTR, odd)
        self._make("int", ops.CAST_PTR_TO_INT, self.random.choice(self.values["tagged"]))
        self._make("int", ops.PTR_EQ, tagged, self.random.choice(self.values["tagged"]))

    # ---- the rest

    def _markers(self) -> None:
        trace = self.trace
        trace.append(ops.KEEPALIVE, self.value_of_class("node"))
        token = trace.append(ops.FORCE_TOKEN)
        stand_in = self._make("point", ops.VIRTUAL_REF, self._point(), token)
        trace.append(ops.VIRTUAL_REF_FINISH, stand_in, trace.constants.of_reference(NULL_REFERENCE))
        trace.append(ops.ENTER_PORTAL, self._constant(0), self._constant(1))
        trace.append_list(ops.DEBUG_MERGE_POINT, [self._constant(0), self._constant(0), self._constant(7)])
        trace.append(ops.LEAVE_PORTAL, self._constant(0))
        known = trace.append(ops.CAST_PTR_TO_INT, trace.constants.of_reference(NULL_REFERENCE))
        trace.append(ops.RECORD_EXACT_VALUE, known, self._constant(0))
        colored = self.value_of_class("colored")
        trace.append(ops.RECORD_EXACT_CLASS, colored, self._constant(self.world.classes[list(RANGES)[2]]))
        trace.append(ops.QUASIIMMUT_FIELD, colored, NOTHING, NOTHING, self.world.color)

    def _constant_node(self) -> None:
        """An object that code has the address of."""
        trace, world = self.trace, self.world
        node = trace.constants.of_reference(world.constant_node())
        trace.append(ops.SETFIELD_GC, node, self._int(), NOTHING, world.value)
        trace.append(ops.SETFIELD_GC, node, self.value_of_class("node"), NOTHING, world.next)
        self._make("node", ops.GETFIELD_GC_R, node, descriptor=world.next)
        self._make("int", ops.GETFIELD_GC_I, node, descriptor=world.value)
        nodes = self.value_of_class("nodes")
        trace.append_list(ops.SETARRAYITEM_GC, [nodes, self._index(), node], world.nodes)

    def _stay_valid(self) -> None:
        self._append_guard(self.random.choice([ops.GUARD_NOT_INVALIDATED, ops.GUARD_FUTURE_CONDITION]))
        if self.random.randrange(1000) < _RARELY:
            self._append_guard(ops.GUARD_ALWAYS_FAILS)

    # ---- calls

    def _function(self, effect: str, results: tuple[str, ...] = ()) -> Function:
        return self.random.choice([one for one in self.world.functions_of[effect]
                                   if not results or one.result in results])

    def _call_any(self, family: str, function: Function, leading: tuple[int, ...] = ()) -> int:
        kind = self._result_kind(function)
        operands = [self._constant(function.address), *leading, *(self._argument(name) for name in function.arguments)]
        return self.trace.append_list(ops.by_name[f"{family}_{kind}"], operands, function.descriptor)

    @staticmethod
    def _result_kind(function: Function) -> str:
        return {"float": "f", "node": "r", "nothing": "n"}.get(function.result, "i")

    def _take_result(self, function: Function, number: int) -> None:
        kind = self._result_kind(function)
        if kind == "r":
            self._take_node(number)
        elif kind != "n":
            self.values["float" if kind == "f" else "int"].append(number)

    def _plain_call(self) -> None:
        function = self._function("plain")
        self._take_result(function, self._call_any("call", function))

    def _pure_call(self) -> None:
        function = self._function("pure")
        self._take_result(function, self._call_any("call_pure", function))

    def _invariant_call(self) -> None:
        function = self._function("invariant")
        self._take_result(function, self._call_any("call_loop_invariant", function))

    def _releasing_call(self) -> None:
        function = self._function("releasing")
        self._take_result(function, self._call_any("call_release_lock", function))

    def _raising_call_of_any_kind(self) -> None:
        function = self._function("raising")
        number = self._call_any("call", function)
        self._append_guard(ops.GUARD_NO_EXCEPTION, pending=True)
        self._take_result(function, number)

    def _expected_exception(self) -> None:
        """A call that raises, now and then."""
        if self.random.random() < 0.5:
            self._call_raising(self._make("int", ops.INT_OR, self._int(), self._constant(1)))

    def _make_error(self) -> None:
        self._call_raising(self._constant(1))

    def _call_raising(self, number: int) -> None:
        assert self.world.raising is not None
        address, descriptor = self.world.raising
        self.trace.append_list(ops.CALL_I, [self._constant(address), number], descriptor)
        error = self.trace.length()
        self._append_guard(ops.GUARD_EXCEPTION, self._constant(self.world.error_class))
        self.values["error"].append(error)

    def _forcing_call_of_any_kind(self) -> None:
        function = self._function("forcing")
        token = self.trace.append(ops.FORCE_TOKEN)
        number = self._call_any("call_may_force", function, (token,))
        self._append_guard(ops.GUARD_NOT_FORCED)
        self._append_guard(ops.GUARD_NO_EXCEPTION, pending=True)
        self._take_result(function, number)

    def _loop_call_of_any_kind(self) -> None:
        kind = self.random.choice("irfn")
        operands = [self._int(), self.value_of_class("node"), self._float()]
        number = self.trace.append_list(ops.by_name["call_assembler_" + kind], operands, self.world.callees[kind])
        self._append_guard(ops.GUARD_NOT_FORCED)
        self._append_guard(ops.GUARD_NO_EXCEPTION, pending=True)
        if kind != "n":
            self.values[{"i": "int", "r": "node", "f": "float"}[kind]].append(number)

    def _conditional_calls(self) -> None:
        world, trace = self.world, self.trace
        function = self._function("plain", ("nothing",))
        condition = self._argument("flag")
        arguments = [self._argument(name) for name in function.arguments]
        trace.append_list(ops.COND_CALL, [condition, self._constant(function.address), *arguments],
                          function.descriptor)
        function = self._function("plain", ("node",))
        array, index = self.value_of_class("nodes"), self._index()
        node = trace.append(ops.GETARRAYITEM_GC_R, array, index, NOTHING, world.nodes)
        arguments = [self._argument(name) for name in function.arguments]
        operands = [node, self._constant(function.address), *arguments]
        self._take_node(trace.append_list(ops.COND_CALL_VALUE_R, operands, function.descriptor))
