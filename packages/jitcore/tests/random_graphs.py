"""Random typed graphs that end: for what happens to values across blocks, which no small function shows.

A graph has a number of blocks, each with parameters of all types; any block may lead to any other with any values, and
a counter that every edge counts down ends the run. Calls go to graphs made before, so that nothing recurses.
"""

from __future__ import annotations

import random
from typing import Any

from ouro.annotator import annotate
from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.lltype import Bool, Float, GcForwardReference, GcStruct, Ptr, Signed, Void, nullptr
from ouro.rtyper import OBJECT_POINTER, VTABLE_POINTER, TypedProgram, specialize, verify_program

CELL = GcForwardReference()
CELL.become(GcStruct("cell", ("number", Signed), ("other", Ptr(CELL)), ("ratio", Float)))
CELL = CELL.target
CELL_POINTER = Ptr(CELL)

TYPES = (Signed, Float, CELL_POINTER)
INT_OPERATIONS = (
    "int_add", "int_sub", "int_mul", "int_and", "int_or", "int_xor", "int_max", "int_min", "int_c_div_by", "int_mod_by")
COMPARISONS = ("int_lt", "int_le", "int_eq", "int_ne", "int_gt", "int_ge")
FLOAT_OPERATIONS = ("float_add", "float_sub", "float_mul")
FUEL = 30


def _raising(n: int) -> int:
    """Brings the standard exceptions into the program."""
    if n == 0:
        raise ZeroDivisionError
    if n == 1:
        raise OverflowError
    if n == 2:
        raise BaseException
    return n


def random_program(seed: int, graphs: int = 3, blocks: int = 6) -> TypedProgram:
    """A program whose entry graph takes two ints and gives one, or raises."""
    program = specialize(annotate(_raising, [int]))
    made: list[FunctionGraph] = [program.entry_graph] if program.entry_graph is not None else []
    chance = random.Random(seed)
    for number in range(graphs):
        graph = _Generator(chance, program, made, number, blocks).make()
        program.graphs.append(graph)
        made.append(graph)
    program.entry_graph = made[-1]
    verify_program(program)
    return program


class _Generator:
    def __init__(
        self, chance: random.Random, program: TypedProgram, callees: list[FunctionGraph], number: int, blocks: int
    ) -> None:
        self.chance = chance
        self.program = program
        self.callees = callees
        self.blocks = [self._new_block() for _ in range(blocks)]
        start = Block([Variable("a", Signed), Variable("b", Signed)])
        self.graph = FunctionGraph(f"random_{number}", start)
        self.graph.returnblock.inputargs[0].concretetype = Signed
        for variable, TYPE in zip(self.graph.exceptblock.inputargs, (VTABLE_POINTER, OBJECT_POINTER)):
            variable.concretetype = TYPE
        self.block = start
        self.values: dict[Any, list[Any]] = {}

    def make(self) -> FunctionGraph:
        for block in [self.graph.startblock, *self.blocks]:
            self._fill(block)
        return self.graph

    def _new_block(self) -> Block:
        most = {Signed: 5, Float: 3, CELL_POINTER: 3}
        counts = {TYPE: self.chance.randint(0, count) for TYPE, count in most.items()}
        variables = [Variable(f"v{n}", TYPE) for TYPE, count in counts.items() for n in range(count)]
        self.chance.shuffle(variables)
        return Block([Variable("fuel", Signed), *variables])

    def _emit(self, opname: str, TYPE: Any, *args: Any) -> Variable:
        result = Variable(opname, TYPE)
        self.block.operations.append(Operation(opname, list(args), result))
        if TYPE in self.values:
            self.values[TYPE].append(result)
        return result

    def _value(self, TYPE: Any) -> Any:
        known = self.values[TYPE]
        if known and self.chance.random() < 0.85:
            return self.chance.choice(known)
        if TYPE is Signed:
            return Constant(self.chance.choice([0, 1, 2, 7, -3, 1 << 40, -(1 << 63), (1 << 63) - 1]), Signed)
        if TYPE is Float:
            return Constant(self.chance.choice([0.0, 1.5, -2.25]), Float)
        return Constant(nullptr(CELL), CELL_POINTER)

    def _cell(self) -> Any:
        """A cell that is not null."""
        made = Variable("cell", CELL_POINTER)
        flags = Constant({"flavor": "gc", "zero": True}, Void)
        self.block.operations.append(Operation("malloc", [Constant(CELL, Void), flags], made))
        self.values[CELL_POINTER].append(made)
        return made

    def _fill(self, block: Block) -> None:
        self.block = block
        self.values = {TYPE: [v for v in block.inputargs if v.concretetype is TYPE] for TYPE in TYPES}
        if block is self.graph.startblock:
            self.fuel: Any = Constant(FUEL, Signed)
        else:
            self.values[Signed].remove(block.inputargs[0])
            less = Variable("less", Signed)
            block.operations.append(Operation("int_sub", [block.inputargs[0], Constant(1, Signed)], less))
            self.fuel = less
        cells = []
        for _ in range(self.chance.randint(0, 8)):
            self._operation(cells)
        self._exits()

    def _operation(self, cells: list[Any]) -> None:
        pick = self.chance.randrange(10)
        if pick < 4:
            name = self.chance.choice(INT_OPERATIONS)
            second = self._value(Signed)
            if name.endswith("_by"):
                name, second = name[:-3], Constant(self.chance.choice([3, -7, 16]), Signed)
            self._emit(name, Signed, self._value(Signed), second)
        elif pick == 4:
            self._emit(self.chance.choice(FLOAT_OPERATIONS), Float, self._value(Float), self._value(Float))
        elif pick == 5:
            small = self._emit("int_and", Signed, self._value(Signed), Constant(1023, Signed))
            self._emit("cast_int_to_float", Float, small)
        elif pick == 6 or not cells:
            cells.append(self._cell())
        elif pick == 7:
            name, TYPE = self.chance.choice([("number", Signed), ("ratio", Float), ("other", CELL_POINTER)])
            cell, value = self.chance.choice(cells), self._value(TYPE)
            self.block.operations.append(
                Operation("setfield", [cell, Constant(name, Void), value], Variable("nothing", Void)))
        elif pick == 8:
            name, TYPE = self.chance.choice([("number", Signed), ("ratio", Float), ("other", CELL_POINTER)])
            self._emit("getfield", TYPE, self.chance.choice(cells), Constant(name, Void))
        else:
            test = self._emit("ptr_nonzero", Bool, self._value(CELL_POINTER))
            self._emit("cast_bool_to_int", Signed, test)

    # ---- exits

    def _link(self, exitcase: Any = None) -> Link:
        """To a random block, with random values; out of the function at times."""
        if self.chance.random() < 0.1:
            return Link([self._value(Signed)], self.graph.returnblock, exitcase)
        target = self.chance.choice(self.blocks)
        return Link([self.fuel, *[self._value(v.concretetype) for v in target.inputargs[1:]]], target, exitcase)

    def _exits(self) -> None:
        block = self.block
        if block is not self.graph.startblock:
            # every block but the first asks whether the run must end; the rest goes on in a block of its own
            more = self._emit("int_gt", Bool, self.fuel, Constant(0, Signed))
            passed = list(dict.fromkeys(
                [self.fuel, *[v for values in self.values.values() for v in values if isinstance(v, Variable)]]))
            rest = Block([v.copy() for v in passed])
            renamed = dict(zip(passed, rest.inputargs))
            block.exitswitch = more
            block.exits = [Link([self._value(Signed)], self.graph.returnblock, False), Link(list(passed), rest, True)]
            self.fuel = renamed[self.fuel]
            self.values = {TYPE: [renamed[v] for v in values] for TYPE, values in self.values.items()}
            self.block = block = rest
        pick = self.chance.randrange(5)
        if pick == 0:
            block.exits = [self._link()]
        elif pick == 1:
            name = self.chance.choice(COMPARISONS)
            block.exitswitch = self._emit(name, Bool, self._value(Signed), self._value(Signed))
            block.exits = [self._link(False), self._link(True)]
        elif pick == 2:
            block.exitswitch = self._emit("int_and", Signed, self._value(Signed), Constant(3, Signed))
            block.exits = [self._link(0), self._link(2), self._link("default")]
        else:
            self._raising_exit(pick == 3)

    def _raising_exit(self, overflow: bool) -> None:
        block = self.block
        before = {TYPE: list(values) for TYPE, values in self.values.items()}
        if overflow:
            self._emit(self.chance.choice(["int_add_ovf", "int_mul_ovf", "int_sub_ovf"]), Signed,
                       self._value(Signed), self._value(Signed))
        else:
            callee = self.chance.choice(self.callees)
            arguments = [self._value(v.concretetype) for v in callee.getargs()]
            self._emit("direct_call", Signed, self.program.function_constant(callee), *arguments)
        if self.chance.random() < 0.2:
            block.exits = [self._link()]
            return
        block.exitswitch = LAST_EXCEPTION
        block.exits = [self._link()]
        self.values = before  # what raised has no result
        vtables = self.program.exceptions.vtables
        handled = [vtables["OverflowError"], vtables["ZeroDivisionError"], self._root()]
        for vtable in handled[self.chance.randrange(3):]:
            link = self._link(Constant(vtable, VTABLE_POINTER))
            link.last_exception = Variable("type", VTABLE_POINTER)
            link.last_exc_value = Variable("value", OBJECT_POINTER)
            if self.chance.random() < 0.3:
                link.target, link.args = self.graph.exceptblock, [link.last_exception, link.last_exc_value]
            block.exits.append(link)

    def _root(self) -> Any:
        return next(
            vtable for STRUCT, vtable in self.program.instance_types.items() if STRUCT.name == "BaseException")
