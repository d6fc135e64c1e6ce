"""Objects that do not escape are replaced by their fields.

Needs inlining to have happened, to find much. Variables that may hold the same object are grouped
(union-find over links and pointer casts). A group is replaced when all its objects are made by `malloc` of
one structure in this graph, the object is only read, written, tested for null, compared and passed along,
and no block has two of the group's parameters (so that two names in one block never mean one object). Every
parameter of the group then becomes one parameter for each field that is read.

After the removal of allocations in PyPy, but on SSA with block parameters, where the fields are simply
renamed.
"""

from __future__ import annotations

from typing import Any

from attrs import define, field
from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.lltype import Bool, Ptr, Struct, cast_pointer, nullptr
from ouro.rtyper import TypedProgram

__all__ = ["replace_scalars"]

_MOST_ROUNDS = 8


@define(eq=False)
class _Group:
    """Variables that may hold the same object."""

    TYPE: Any = None
    escapes: bool = False
    members: list[Variable] = field(factory=list)
    fields: dict[str, Any] = field(factory=dict)
    """Key of each field that is read -> its type."""


def replace_scalars(graph: FunctionGraph, program: TypedProgram) -> bool:
    """Replace what does not escape in `graph`; whether anything did."""
    changed = False
    if not any(op.opname == "malloc" for block in graph.iterblocks() for op in block.operations):
        return False
    for _ in range(_MOST_ROUNDS):
        groups = _find_groups(graph, program)
        if not groups:
            break
        _Rewriter(graph, program, groups).run()
        changed = True
    return changed


def _is_candidate(operation: Operation, program: TypedProgram) -> bool:
    container, flavor = operation.args
    assert isinstance(container, Constant) and isinstance(flavor, Constant)
    TYPE, flags = container.value, flavor.value
    return (
        isinstance(TYPE, Struct)
        and flags.get("flavor", "gc") == "gc"
        and TYPE not in program.finalizers
        and all(not part.is_container or _is_base(part) for part in TYPE.types)
    )


def _is_base(TYPE: Any) -> bool:
    """Whether an inlined structure is a base class whose own parts are plain."""
    return isinstance(TYPE, Struct) and all(not part.is_container or _is_base(part) for part in TYPE.types)


class _Union:
    """Union-find over variables."""

    def __init__(self) -> None:
        self.parent: dict[Variable, Variable] = {}

    def find(self, variable: Variable) -> Variable:
        parent = self.parent
        root = variable
        while True:
            above = parent.get(root, root)
            if above is root:
                break
            root = above
        while variable is not root:
            parent[variable], variable = root, parent[variable]
        return root

    def join(self, first: Variable, second: Variable) -> None:
        one, other = self.find(first), self.find(second)
        if one is not other:
            self.parent[one] = other


def _find_groups(graph: FunctionGraph, program: TypedProgram) -> dict[Variable, _Group]:
    """The groups to replace, by each of their variables."""
    union = _Union()
    blocks = list(graph.iterblocks())
    for block in blocks:
        for operation in block.operations:
            if operation.opname == "cast_pointer" and isinstance(operation.args[0], Variable):
                union.join(operation.args[0], operation.result)
        for link in block.exits:
            for arg, parameter in zip(link.args, link.target.inputargs):
                if isinstance(arg, Variable) and isinstance(parameter.concretetype, Ptr):
                    union.join(arg, parameter)
    groups: dict[Variable, _Group] = {}
    for block in blocks:
        for operation in block.operations:
            if operation.opname == "malloc":
                group = groups.setdefault(union.find(operation.result), _Group())
                container: Any = operation.args[0]
                TYPE = container.value
                if group.TYPE is None and _is_candidate(operation, program):
                    group.TYPE = TYPE
                elif group.TYPE is not TYPE:
                    group.escapes = True
    if groups:
        _find_escapes(graph, blocks, union, groups, program)
    found: dict[Variable, _Group] = {}
    for group in groups.values():
        if not group.escapes:
            found.update((variable, group) for variable in group.members)
    return found


def _find_escapes(
    graph: FunctionGraph,
    blocks: list[Block],
    union: _Union,
    groups: dict[Variable, _Group],
    program: TypedProgram,
) -> None:
    def group_of(value: Any) -> _Group | None:
        return groups.get(union.find(value)) if isinstance(value, Variable) else None

    def escape(value: Any) -> None:
        group = group_of(value)
        if group is not None:
            group.escapes = True

    fixed = (graph.startblock, graph.returnblock, graph.exceptblock)
    for block in blocks:
        seen: set[int] = set()
        for variable in block.inputargs:
            group = group_of(variable)
            if group is not None:
                group.members.append(variable)
                if id(group) in seen or block in fixed:
                    group.escapes = True
                seen.add(id(group))
        for operation in block.operations:
            _visit_operation(operation, group_of, program)
        escape(block.exitswitch)
        for link in block.exits:
            escape(link.last_exception)
            escape(link.last_exc_value)
            for arg, parameter in zip(link.args, link.target.inputargs):
                if isinstance(arg, Constant):
                    escape(parameter)


def _visit_operation(operation: Operation, group_of: Any, program: TypedProgram) -> None:
    opname = operation.opname
    own = group_of(operation.result)
    if own is not None:
        own.members.append(operation.result)
        if opname not in ("malloc", "cast_pointer"):
            own.escapes = True
        elif opname == "cast_pointer" and isinstance(operation.args[0], Constant):
            own.escapes = True
    for index, arg in enumerate(operation.args):
        group = group_of(arg)
        if group is None:
            continue
        if index == 0 and opname in ("getfield", "setfield"):
            name: Any = operation.args[1]
            TYPE = arg.concretetype.TO
            if field_type(TYPE, name.value).is_container:
                group.escapes = True
            elif opname == "getfield":
                group.fields[_key(TYPE, name.value)] = operation.result.concretetype
        elif opname == "get_object_type":
            if group.TYPE not in program.instance_types:
                group.escapes = True
        elif opname not in _HARMLESS:
            group.escapes = True


_HARMLESS = frozenset(
    ["cast_pointer", "ptr_nonzero", "ptr_iszero", "ptr_eq", "ptr_ne", "keepalive", "debug_assert_not_none"]
)


def field_type(TYPE: Any, name: str) -> Any:
    """The type of a field."""
    return TYPE.types[TYPE.names.index(name)]


def _key(TYPE: Any, name: str) -> str:
    """One key for a field however far down the bases it is reached from."""
    return f"{id(TYPE)}.{name}"


class _Rewriter:
    """Rewrites one graph without the objects of some groups."""

    def __init__(self, graph: FunctionGraph, program: TypedProgram, groups: dict[Variable, _Group]) -> None:
        self.graph = graph
        self.program = program
        self.groups = groups

    def run(self) -> None:
        """Rewrite every block, then every link."""
        blocks = list(self.graph.iterblocks())
        contents: dict[Variable, dict[str, Any]] = {}
        for block in blocks:
            inputargs: list[Variable] = []
            for variable in block.inputargs:
                group = self.groups.get(variable)
                if group is None:
                    inputargs.append(variable)
                    continue
                values = {key: Variable("field", TYPE) for key, TYPE in group.fields.items()}
                contents[variable] = dict(values)
                inputargs.extend(values.values())
            self._block(block, contents)
            block.inputargs = inputargs

    def _block(self, block: Block, contents: dict[Variable, dict[str, Any]]) -> None:
        renamed: dict[Any, Any] = {}
        kept: list[Operation] = []
        objects: dict[Variable, Variable] = {}
        last = block.operations[-1] if block.exitswitch is LAST_EXCEPTION else None
        for operation in block.operations:
            if renamed:
                operation.args = [renamed.get(arg, arg) for arg in operation.args]
            if self._operation(operation, contents, objects, renamed):
                if operation is last:
                    block.exitswitch = None
                    block.exits = block.exits[:1]
            else:
                kept.append(operation)
        block.operations = kept
        if isinstance(block.exitswitch, Variable) and block.exitswitch in renamed:
            value = renamed[block.exitswitch]
            if isinstance(value, Constant):
                same = Operation("same_as", [value], Variable("test", value.concretetype))
                block.operations.append(same)
                value = same.result
            block.exitswitch = value
        for link in block.exits:
            self._link(link, contents, objects, renamed)

    def _operation(
        self,
        operation: Operation,
        contents: dict[Variable, dict[str, Any]],
        objects: dict[Variable, Variable],
        renamed: dict[Any, Any],
    ) -> bool:
        """Whether the operation is gone."""
        opname = operation.opname
        result = operation.result
        if opname == "malloc":
            group = self.groups.get(result)
            if group is None:
                return False
            contents[result] = {key: _zero(TYPE) for key, TYPE in group.fields.items()}
            return True
        first: Any = operation.args[0] if operation.args else None
        if isinstance(first, Variable):
            first = objects.get(first, first)
        group = self.groups.get(first) if isinstance(first, Variable) else None
        if group is None:
            if opname in ("ptr_eq", "ptr_ne") and operation.args[1] in self.groups:
                renamed[result] = Constant(opname == "ptr_ne", Bool)
                return True
            return False
        if opname == "cast_pointer":
            objects[result] = first
        elif opname == "getfield":
            key = self._field(operation)
            renamed[result] = contents[first][key]
        elif opname == "setfield":
            key = self._field(operation)
            if key in group.fields:
                contents[first][key] = operation.args[2]
        elif opname in ("ptr_nonzero", "ptr_iszero"):
            renamed[result] = Constant(opname == "ptr_nonzero", Bool)
        elif opname in ("ptr_eq", "ptr_ne"):
            other: Any = operation.args[1]
            same = objects.get(other, other) is first
            renamed[result] = Constant(same == (opname == "ptr_eq"), Bool)
        elif opname == "get_object_type":
            vtable = self.program.instance_types[group.TYPE]
            renamed[result] = _cast_constant(vtable, result.concretetype)
        return True

    @staticmethod
    def _field(operation: Operation) -> str:
        name: Any = operation.args[1]
        pointer: Any = operation.args[0]
        return _key(pointer.concretetype.TO, name.value)

    def _link(
        self,
        link: Link,
        contents: dict[Variable, dict[str, Any]],
        objects: dict[Variable, Variable],
        renamed: dict[Any, Any],
    ) -> None:
        args: list[Any] = []
        for arg in link.args:
            arg = renamed.get(arg, arg)
            if isinstance(arg, Variable):
                group = self.groups.get(arg)
                if group is not None:
                    args.extend(contents[objects.get(arg, arg)][key] for key in group.fields)
                    continue
            args.append(arg)
        link.args = args


def _cast_constant(vtable: Any, wanted: Any) -> Constant:
    return Constant(cast_pointer(wanted, vtable), wanted)


def _zero(TYPE: Any) -> Constant:
    """What a field holds that was not set."""
    return Constant(nullptr(TYPE.TO) if isinstance(TYPE, Ptr) else TYPE.default, TYPE)
