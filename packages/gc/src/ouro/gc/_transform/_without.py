"""Allocation for programs without a collector: memory is never given back.

The graphs are made by hand, so that a program needs no typing stage for them.
"""

from __future__ import annotations

from typing import Any

from attrs import define, field
from ouro.flowspace import Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.gc._header import TYPE_ID_OFFSET
from ouro.lltype import NULL, Address, Bool, Ptr, Signed, UInt32, Unsigned, Void
from ouro.rtyper import TypedProgram

__all__ = ["PlainAllocator"]

#: More items than any machine has bytes; a length above it, or below zero, is refused before multiplying.
_MOST_ITEMS = 1 << 40


@define(eq=False)
class PlainAllocator:
    """The two allocating functions, made when they are first asked for, by the names of entry points."""

    program: TypedProgram
    _constants: dict[str, Constant] = field(factory=dict)

    def __getitem__(self, name: str) -> Constant:
        """The function pointer of `allocate` or `allocate_varsize`."""
        constant = self._constants.get(name)
        if constant is None:
            constant = self._constants[name] = _MAKERS[name](self.program)
        return constant


class _GraphMaker:
    """Makes a graph that is a straight line with ways out to MemoryError."""

    def __init__(self, program: TypedProgram, name: str, arguments: tuple[str, ...]) -> None:
        self.program = program
        self.block = Block([Variable(argument, Signed) for argument in arguments])
        self.graph = FunctionGraph(name, self.block)
        self.graph.getreturnvar().concretetype = Address
        exceptions = program.exceptions
        for variable, TYPE in zip(
            self.graph.exceptblock.inputargs, (exceptions.vtable_type, exceptions.object_type)
        ):
            variable.concretetype = Ptr(TYPE)

    def emit(self, opname: str, args: list[Any], TYPE: Any = Void) -> Variable:
        result = Variable("v", TYPE)
        self.block.operations.append(Operation(opname, args, result))
        return result

    def check(self, condition: Variable, live: list[Variable]) -> list[Variable]:
        """Raise MemoryError unless the condition holds; the result are the `live` variables behind that."""
        exceptions = self.program.exceptions
        after = Block([variable.copy() for variable in live])
        raised = [
            Constant(value, value._T)
            for value in (exceptions.vtables["MemoryError"], exceptions.instances["MemoryError"])
        ]
        self.block.exitswitch = condition
        self.block.exits = [
            Link(list[Any](raised), self.graph.exceptblock, False),
            Link(list[Any](live), after, True),
        ]
        self.block = after
        return after.inputargs

    def finish(self, result: Variable) -> Constant:
        """End the graph with its result and add it to the program."""
        self.block.exits = [Link([result], self.graph.returnblock)]
        self.program.graphs.append(self.graph)
        return self.program.function_constant(self.graph)


def _make_allocate(program: TypedProgram) -> Constant:
    maker = _GraphMaker(program, "allocate", ("type_id", "size"))
    type_id, size = maker.block.inputargs
    address = maker.emit("raw_malloc_zeroed", [size], Address)
    found = maker.emit("adr_ne", [address, Constant(NULL, Address)], Bool)
    type_id, address = maker.check(found, [type_id, address])
    _store_type_id(maker, address, type_id)
    return maker.finish(address)


def _make_allocate_varsize(program: TypedProgram) -> Constant:
    names = ("type_id", "count", "fixed_size", "item_size", "length_offset")
    maker = _GraphMaker(program, "allocate_varsize", names)
    count = maker.block.inputargs[1]
    unsigned = maker.emit("cast_int_to_uint", [count], Unsigned)
    possible = maker.emit("uint_le", [unsigned, Constant(_MOST_ITEMS, Unsigned)], Bool)
    type_id, count, fixed_size, item_size, length_offset = maker.check(
        possible, list(maker.block.inputargs)
    )
    items = maker.emit("int_mul", [count, item_size], Signed)
    size = maker.emit("int_add", [items, fixed_size], Signed)
    address = maker.emit("raw_malloc_zeroed", [size], Address)
    found = maker.emit("adr_ne", [address, Constant(NULL, Address)], Bool)
    type_id, count, length_offset, address = maker.check(found, [type_id, count, length_offset, address])
    _store_type_id(maker, address, type_id)
    maker.emit("raw_store", [address, length_offset, count])
    return maker.finish(address)


def _store_type_id(maker: _GraphMaker, address: Variable, type_id: Variable) -> None:
    narrow = maker.emit("cast_primitive", [type_id], UInt32)
    maker.emit("raw_store", [address, Constant(TYPE_ID_OFFSET, Signed), narrow])


_MAKERS = {"allocate": _make_allocate, "allocate_varsize": _make_allocate_varsize}
