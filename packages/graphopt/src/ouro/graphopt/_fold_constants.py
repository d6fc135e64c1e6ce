"""Operations on constants are done now; copies are replaced by what they copy; known branches are taken.

Needs nothing. First finds the block parameters that always get the same constant (optimistically, so
that a constant carried around a loop is found: Wegman and Zadeck 1991 without the reachability half), then
rewrites every block once.
"""

from __future__ import annotations

from typing import Any, Callable

from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Operation, Variable
from ouro.graphopt._merge_blocks import choose_exit
from ouro.lltype import (
    Bool,
    Pointer,
    Primitive,
    cast_pointer,
    container_of,
    is_uninitialized,
)
from ouro.rtyper import OPERATIONS, TypedProgram, Unfoldable, evaluate

__all__ = ["fold_constants", "same_constant"]

_VARIES = object()


def same_constant(first: Any, second: Any) -> bool:
    """Whether two constants are the same value of the same type."""
    if first is second:
        return True
    if first.concretetype != second.concretetype:
        return False
    one, other = first.value, second.value
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, Pointer):
        return container_of(one) is container_of(other) and container_of(one) is not None
    if type(one) is float:
        return repr(one) == repr(other)
    return type(one) in (int, bool, str) and bool(one == other)


def fold_constants(graph: FunctionGraph, program: TypedProgram) -> bool:
    """Fold what is constant in `graph`; whether anything changed."""
    known = _constant_parameters(graph)
    changed = False
    for block in list(graph.iterblocks()):
        if _fold_block(block, known, program):
            changed = True
    return changed


def _constant_parameters(graph: FunctionGraph) -> dict[Any, Constant]:
    values: dict[Any, Any] = {}
    for variable in graph.startblock.inputargs:
        values[variable] = _VARIES
    parameters: set[Any] = set()
    blocks = list(graph.iterblocks())
    if not any(
        isinstance(arg, Constant) and link.target.exits
        for block in blocks
        for link in block.exits
        for arg in link.args
    ):
        return {}
    for block in blocks:
        parameters.update(block.inputargs)
    pending = blocks[::-1]
    queued = set(blocks)
    while pending:
        block = pending.pop()
        queued.discard(block)
        for link in block.exits:
            lowered = False
            for arg, parameter in zip(link.args, link.target.inputargs):
                old = values.get(parameter)
                if old is _VARIES:
                    continue
                value: Any = arg
                if isinstance(arg, Variable):
                    value = values.get(arg) if arg in parameters else _VARIES
                if value is None:
                    continue
                if old is None:
                    values[parameter] = value
                    lowered = True
                elif value is _VARIES or not same_constant(old, value):
                    values[parameter] = _VARIES
                    lowered = True
            if lowered and link.target not in queued:
                queued.add(link.target)
                pending.append(link.target)
    final = {*graph.returnblock.inputargs, *graph.exceptblock.inputargs}
    return {v: c for v, c in values.items() if c is not _VARIES and v not in final}


def _fold_block(block: Block, known: dict[Any, Constant], program: TypedProgram) -> bool:
    renamed: dict[Any, Any] = {}
    for variable in block.inputargs:
        if variable in known:
            renamed[variable] = known[variable]
    changed = bool(renamed)
    get = renamed.get
    kept: list[Operation] = []
    catches = block.exitswitch is LAST_EXCEPTION
    last = block.operations[-1] if catches else None
    definitions: dict[Any, Operation] = {}
    for operation in block.operations:
        if renamed:
            operation.args = [get(arg, arg) for arg in operation.args]
        value = None
        if operation.opname in _FOLDABLE:
            value = fold_operation(operation, definitions, program)
        if value is None:
            kept.append(operation)
            definitions[operation.result] = operation
            continue
        renamed[operation.result] = value
        changed = True
        if operation is last:
            block.exitswitch = None
            block.exits = block.exits[:1]
    block.operations = kept
    block.exitswitch = get(block.exitswitch, block.exitswitch)
    for link in block.exits:
        if renamed:
            link.args = [get(arg, arg) for arg in link.args]
    switch = block.exitswitch
    if isinstance(switch, Constant):
        choose_exit(block, switch.value)
        changed = True
    elif isinstance(switch, Variable) and switch in definitions:
        changed |= _simplify_switch(block, definitions[switch])
    return changed


def _simplify_switch(block: Block, operation: Operation) -> bool:
    """A switch on `bool_not x` is one on x with the exits swapped."""
    if operation.opname != "bool_not" or not isinstance(operation.args[0], Variable):
        return False
    block.exitswitch = operation.args[0]
    for link in block.exits:
        link.exitcase = not link.exitcase
    block.exits.sort(key=lambda link: bool(link.exitcase))
    return True


def fold_operation(operation: Operation, definitions: dict[Any, Operation], program: TypedProgram) -> Any:
    """The value (Variable or Constant) that the operation's result always has, or None."""
    opname = operation.opname
    args = operation.args
    if opname == "same_as":
        return args[0]
    rule = _RULES.get(opname)
    if rule is not None:
        return rule(operation, definitions, program)
    row = OPERATIONS.get(opname)
    if row is None or row.effects != "pure":
        return None
    values = []
    for arg in args:
        if not isinstance(arg, Constant) or not isinstance(arg.concretetype, Primitive):
            return _identity(opname, args)
        if not isinstance(arg.value, (int, float, str)):
            return None
        values.append(arg.value)
    try:
        return Constant(evaluate(opname, values), operation.result.concretetype)
    except (KeyError, OverflowError, Unfoldable):
        return None


_NEUTRAL_RIGHT = {"add": 0, "sub": 0, "or": 0, "xor": 0, "lshift": 0, "rshift": 0, "mul": 1, "floordiv": 1}


def _identity(opname: str, args: list[Any]) -> Any:
    """`x + 0` and the like: x."""
    if len(args) == 2 and isinstance(args[1], Constant):
        kind, _, name = opname.partition("_")
        if kind in ("int", "uint", "llong", "ullong") and type(args[1].value) is int:
            if _NEUTRAL_RIGHT.get(name) == args[1].value:
                return args[0]
    return None


def _fold_null_test(is_zero: bool) -> Callable[..., Any]:
    def fold(operation: Operation, definitions: dict[Any, Operation], program: TypedProgram) -> Any:
        value = operation.args[0]
        if isinstance(value, Constant):
            return Constant(bool(value.value) != is_zero, Bool)
        maker = definitions.get(value)
        while maker is not None and maker.opname == "cast_pointer" and isinstance(maker.args[0], Variable):
            maker = definitions.get(maker.args[0])
        if maker is not None and maker.opname in ("malloc", "malloc_varsize"):
            return Constant(not is_zero, Bool)
        return None

    return fold


def _fold_cast_pointer(operation: Operation, definitions: dict[Any, Operation], program: TypedProgram) -> Any:
    value = operation.args[0]
    wanted = operation.result.concretetype
    if value.concretetype == wanted:
        return value
    if isinstance(value, Constant):
        return Constant(cast_pointer(wanted, value.value), wanted)
    maker = definitions.get(value)
    if maker is not None and maker.opname == "cast_pointer":
        original = maker.args[0]
        if original.concretetype == wanted:
            return original
    return None


def _fold_getfield(operation: Operation, definitions: dict[Any, Operation], program: TypedProgram) -> Any:
    """Immutable fields of prebuilt structures, those of vtables above all."""
    pointer, name = operation.args
    if not isinstance(pointer, Constant) or not pointer.value:
        return None
    assert isinstance(name, Constant)
    TYPE = pointer.concretetype.TO
    immutable = TYPE.hints.get("immutable")
    if immutable is not True and name.value not in (immutable or ()):
        return None
    value = getattr(pointer.value, name.value)
    wanted = operation.result.concretetype
    if is_uninitialized(value) or isinstance(wanted, Primitive) and not isinstance(value, (int, float, str)):
        return None
    return Constant(value, wanted)


def _fold_interior_field(
    operation: Operation, definitions: dict[Any, Operation], program: TypedProgram
) -> Any:
    """Items of arrays in prebuilt structures that are immutable: the characters of a constant string."""
    pointer, *path = operation.args
    if not isinstance(pointer, Constant) or not pointer.value or len(path) != 2:
        return None
    name, index = path
    if not isinstance(name, Constant) or not isinstance(index, Constant) or type(index.value) is not int:
        return None
    immutable = pointer.concretetype.TO.hints.get("immutable")
    if isinstance(immutable, tuple) and f"{name.value}[*]" in immutable:
        items = getattr(pointer.value, name.value)
        wanted = operation.result.concretetype
        if 0 <= index.value < len(items) and isinstance(wanted, Primitive):
            value = items[index.value]
            if isinstance(value, (int, float, str)):
                return Constant(value, wanted)
    return None


def _fold_array_length(operation: Operation, definitions: dict[Any, Operation], program: TypedProgram) -> Any:
    """The length of a prebuilt array, or of the array that ends a prebuilt structure."""
    pointer, *path = operation.args
    if not isinstance(pointer, Constant) or not pointer.value:
        return None
    array = pointer.value
    for name in path:
        if not isinstance(name, Constant) or not isinstance(name.value, str):
            return None
        array = getattr(array, name.value)
    return Constant(len(array), operation.result.concretetype)


def _fold_object_type(operation: Operation, definitions: dict[Any, Operation], program: TypedProgram) -> Any:
    """The class of an object made in the same block."""
    maker = definitions.get(operation.args[0])
    while maker is not None and maker.opname == "cast_pointer":
        maker = definitions.get(maker.args[0])
    if maker is None or maker.opname != "malloc" or not isinstance(maker.args[0], Constant):
        return None
    vtable = program.instance_types.get(maker.args[0].value)
    if vtable is None:
        return None
    wanted = operation.result.concretetype
    return Constant(cast_pointer(wanted, vtable), wanted)


def _fold_indirect_call(
    operation: Operation, definitions: dict[Any, Operation], program: TypedProgram
) -> Any:
    """A call through a known pointer is a direct one. (Changes the operation; it does not fold.)"""
    if isinstance(operation.args[0], Constant):
        operation.opname = "direct_call"
        operation.args = operation.args[:-1]
    return None


def _fold_pointer_comparison(equal: bool) -> Callable[..., Any]:
    def fold(operation: Operation, definitions: dict[Any, Operation], program: TypedProgram) -> Any:
        first, second = operation.args
        if first is second:
            return Constant(equal, Bool)
        if isinstance(first, Constant) and isinstance(second, Constant):
            return Constant((first.value == second.value) == equal, Bool)
        return None

    return fold


_RULES: dict[str, Callable[[Operation, dict[Any, Operation], TypedProgram], Any]] = {
    "ptr_nonzero": _fold_null_test(False),
    "ptr_iszero": _fold_null_test(True),
    "ptr_eq": _fold_pointer_comparison(True),
    "ptr_ne": _fold_pointer_comparison(False),
    "cast_pointer": _fold_cast_pointer,
    "getfield": _fold_getfield,
    "getinteriorfield": _fold_interior_field,
    "getarraysize": _fold_array_length,
    "getinteriorarraysize": _fold_array_length,
    "get_object_type": _fold_object_type,
    "indirect_call": _fold_indirect_call,
}

_FOLDABLE = frozenset(
    ["same_as", *_RULES, *[name for name, row in OPERATIONS.items() if row.effects == "pure"]]
)
