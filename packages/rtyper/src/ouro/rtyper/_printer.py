"""Typed programs as text: see `_parser` for the grammar by example."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ouro.flowspace import LAST_EXCEPTION, Block, Constant, FunctionGraph, Link, Variable
from ouro.lltype import (
    AddressOffset,
    Array,
    ArrayContainer,
    Bool,
    Char,
    Container,
    FixedSizeArray,
    Float,
    FunctionContainer,
    LowLevelType,
    OpaqueContainer,
    Pointer,
    Ptr,
    Signed,
    SingleFloat,
    Struct,
    StructContainer,
    Void,
    WeakRefContainer,
    contained_types,
    container_of,
    is_uninitialized,
    is_varsize,
)
from ouro.rtyper._components import strongly_connected
from ouro.rtyper._program import TypedProgram
from ouro.rtyper._typetext import TypeNames

__all__ = ["print_program", "print_typed_graph"]

_NOT_IDENTIFIER = re.compile(r"[^A-Za-z0-9_]")


class _Printer:
    def __init__(self, positions: bool) -> None:
        self.types = TypeNames()
        self.positions = positions
        self._graph_names: dict[FunctionGraph, str] = {}
        self._data_names: dict[Container, str] = {}
        self._extern_names: dict[Container, str] = {}
        self._used: dict[str, int] = {}
        self.pending_data: list[Any] = []
        self.pending_externs: list[tuple[str, FunctionContainer]] = []

    def _unique(self, prefix: str, base: str) -> str:
        base = _NOT_IDENTIFIER.sub("_", base) or "x"
        key = prefix + base
        count = self._used.get(key, 0)
        self._used[key] = count + 1
        return key if count == 0 else f"{key}.{count}"

    def graph_name(self, graph: FunctionGraph) -> str:
        known = self._graph_names.get(graph)
        if known is None:
            known = self._graph_names[graph] = self._unique("@", graph.name)
        return known

    # ---- values

    def pointer(self, pointer: Pointer) -> str:
        """A pointer value whose type is known from where it stands."""
        container = container_of(pointer)
        if container is None:
            return "null"
        if isinstance(container, int):
            return f"tagged {container}"
        if isinstance(container, FunctionContainer):
            if container.graph is not None:
                return self.graph_name(container.graph)
            known = self._extern_names.get(container)
            if known is None:
                known = self._extern_names[container] = self._unique("@", container.name)
                self.pending_externs.append((known, container))
            return known
        return self.data(container)

    def data(self, container: Container) -> str:
        if container.parent is not None:
            parent = self.data(container.parent)
            index = container.parent_index
            if isinstance(container.parent, ArrayContainer):
                return f"{parent}[{index}]"
            assert isinstance(container.parent, StructContainer)
            return f"{parent}:{container.parent.TYPE.names[index]}"
        known = self._data_names.get(container)
        if known is None:
            base = getattr(container.TYPE, "name", None) or "array"
            known = self._data_names[container] = self._unique("$", base)
            self.pending_data.append(container)
        return known

    def plain(self, value: Any, TYPE: LowLevelType) -> str:
        """A value whose type is known from where it stands."""
        if is_uninitialized(value):
            return "?"
        if isinstance(TYPE, Ptr):
            return self.pointer(value)
        if isinstance(value, AddressOffset):
            return f"offset({value!r})"
        if TYPE is Char:
            return repr(value)
        if TYPE is Bool:
            return "True" if value else "False"
        if TYPE is Float or TYPE is SingleFloat:
            return repr(float(value))
        if TYPE is Void:
            return self.void(value)
        if isinstance(value, int):
            return repr(int(value))
        return f"opaque({str(value)!r})"

    def void(self, value: Any) -> str:
        if value is None:
            return "None"
        if isinstance(value, LowLevelType):
            return f"type {self.types.text(value)}"
        if isinstance(value, str):
            return f".{value}" if value.isidentifier() else f"void {value!r}"
        if type(value) in (list, tuple) and value and isinstance(value[0], FunctionGraph):
            return "graphs(" + ", ".join(self.graph_name(graph) for graph in value) + ")"
        if isinstance(value, (bool, int, float, dict, tuple, list)) and _is_literal(value):
            return f"void {value!r}"
        return f"opaque({getattr(value, '__name__', None) or type(value).__name__!r})"

    def constant(self, constant: Constant) -> str:
        """An operand: with its type, where the form does not tell it."""
        TYPE = constant.concretetype
        text = self.plain(constant.value, TYPE)
        if TYPE in (Signed, Bool, Char, Float, Void) and not text.startswith(("offset", "opaque")):
            return text
        return f"({self.types.text(TYPE)} {text})"

    # ---- sections

    def graph(self, graph: FunctionGraph) -> list[str]:
        names: dict[Variable, str] = {}
        used: dict[str, int] = {}

        def name(variable: Variable) -> str:
            known = names.get(variable)
            if known is None:
                base = _NOT_IDENTIFIER.sub("_", variable.name) or "v"
                if base[0].isdigit() or base in _RESERVED:
                    base = "v" + base
                count = used.get(base, 0)
                used[base] = count + 1
                known = names[variable] = base if count == 0 else f"{base}.{count}"
            return known

        def operand(value: Any) -> str:
            return name(value) if isinstance(value, Variable) else self.constant(value)

        def typed(variable: Variable) -> str:
            return f"{name(variable)}: {self.types.text(variable.concretetype)}"

        blocks = list(graph.iterblocks())
        labels: dict[Block, str] = {graph.returnblock: "return", graph.exceptblock: "raise"}
        for block in blocks:
            if block not in labels:
                labels[block] = f"block{len(labels) - 2}"

        def target(link: Link) -> str:
            return f"{labels[link.target]}({', '.join(operand(value) for value in link.args)})"

        result = self.types.text(graph.getreturnvar().concretetype)
        tags = {tag: value for tag, value in graph.tags.items() if _is_literal(value)}
        suffix = f" tags {tags!r}" if tags else ""
        if graph.filename:
            suffix += f" file {graph.filename!r} {graph.firstlineno}"
        lines = [f"graph {self.graph_name(graph)}{suffix} -> {result} {{"]
        for block in blocks:
            if block is graph.returnblock or block is graph.exceptblock:
                continue
            lines.append(f"  {labels[block]}({', '.join(typed(variable) for variable in block.inputargs)}):")
            for operation in block.operations:
                text = f"{operation.opname}({', '.join(operand(value) for value in operation.args)})"
                if operation.result.concretetype is not Void:
                    text = f"{typed(operation.result)} = {text}"
                position = operation.position
                if self.positions and position is not None:
                    where = f" {position.filename!r}" if position.filename else ""
                    text += f" !{position.line}:{position.column}:{position.end_column}{where}"
                lines.append("    " + text)
            if block.exitswitch is None:
                lines.append(f"    goto {target(block.exits[0])}" if block.exits else "    stop")
            elif block.exitswitch is LAST_EXCEPTION:
                lines.append(f"    try -> {target(block.exits[0])}")
                for link in block.exits[1:]:
                    pair = [
                        typed(value) if isinstance(value, Variable) else "_"
                        for value in (link.last_exception, link.last_exc_value)
                    ]
                    lines.append(f"    except {operand(link.exitcase)} ({', '.join(pair)}) -> {target(link)}")
            else:
                lines.append(f"    switch {operand(block.exitswitch)}")
                for link in block.exits:
                    case = "default" if link.exitcase == "default" else repr(link.exitcase)
                    lines.append(f"    case {case} -> {target(link)}")
        lines.append("}")
        return lines

    def contents(self, container: Any) -> str:
        TYPE = container.TYPE
        if isinstance(TYPE, Struct):
            parts = []
            for name, FIELD, value in zip(TYPE.names, TYPE.types, _values(container)):
                text = self.contents(value) if FIELD.is_container else self.plain(value, FIELD)
                parts.append(f"{name}: {text}")
            return "{" + ", ".join(parts) + "}"
        if isinstance(TYPE, (Array, FixedSizeArray)):
            ITEM = TYPE.ITEM
            values = _values(container)
            if ITEM.is_container:
                return "[" + ", ".join(self.contents(value) for value in values) + "]"
            if ITEM is Char and not any(is_uninitialized(value) for value in values):
                return repr("".join(values))
            return "[" + ", ".join(self.plain(value, ITEM) for value in values) + "]"
        if isinstance(container, WeakRefContainer):
            target = container.reference()
            return "weak null" if target is None else f"weak {self.data(target)}"
        assert isinstance(container, OpaqueContainer)
        return f"opaque {container.name!r}"

    def datum(self, container: Container) -> str:
        TYPE: Any = container.TYPE
        length = ""
        if is_varsize(TYPE):
            array: Any = container
            while isinstance(array.TYPE, Struct):
                array = _values(array)[-1]
            length = f"[{len(_values(array))}]"
        typed = f"{self._data_names[container]}: {self.types.text(TYPE)}{length}"
        return f"data {typed} = {self.contents(container)}"

    def extern(self, name: str, container: FunctionContainer) -> str:
        attributes: dict[str, Any] = {"name": container.name}
        external = container.external
        if external is not None:
            attributes["external"] = external.name
            for flag in ("releases_gil", "saves_errno", "may_collect", "is_pure"):
                if getattr(external, flag):
                    attributes[flag] = True
            if external.declaration:
                attributes["declaration"] = external.declaration
            for part in ("includes", "libraries", "defines"):
                if getattr(external.library, part):
                    attributes[part] = tuple(getattr(external.library, part))
        return f"extern {name}: {self.types.text(container.TYPE)} {attributes!r}"


def _values(container: Any) -> list[Any]:
    """The values of the fields or items of a container, of native memory too; containers where those are inlined."""
    if isinstance(container, (StructContainer, ArrayContainer)):
        return list(container.values)
    TYPE = container.TYPE
    if isinstance(TYPE, Struct):
        count = len(TYPE.types)
    else:
        count = TYPE.length if isinstance(TYPE, FixedSizeArray) else container.length()
    return [container.read(index) for index in range(count)]


_RESERVED = {
    "null", "tagged", "type", "void", "opaque", "offset", "graphs", "goto", "switch", "try", "except", "case",
    "stop", "True", "False", "None", "inf", "nan", "weak",
}


def _is_literal(value: Any) -> bool:
    if value is None or type(value) in (bool, int, float, str):
        return True
    if type(value) in (tuple, list):
        return all(_is_literal(item) for item in value)
    if type(value) is dict:
        return all(_is_literal(key) and _is_literal(item) for key, item in value.items())
    return False


def _ordered_definitions(types: TypeNames) -> list[str]:
    """Definitions with every structure after those that it mentions, but for cycles.

    Within a cycle of types, structures come after those that they inline; only pointers refer forward.
    """
    texts: dict[Any, str] = {}
    position = 0
    while position < len(types.pending):
        TYPE = types.pending[position]
        texts[TYPE] = types.definition(TYPE)
        position += 1
    mentioned = {TYPE: _mentioned(TYPE) for TYPE in texts}
    lines: list[str] = []
    for component in strongly_connected(list(texts), mentioned.__getitem__):
        members = set(component)
        inlined = {TYPE: [needed for needed in _inlined(TYPE) if needed in members] for TYPE in component}
        for (TYPE,) in strongly_connected(component, inlined.__getitem__):
            lines.append(f"type {types.name(TYPE)} = {texts[TYPE]}")
    return lines


def _inlined(TYPE: Any) -> list[Struct]:
    """Structures inlined in a structure, through arrays too."""
    found = []
    for FIELD in TYPE.types:
        while hasattr(FIELD, "ITEM"):
            FIELD = FIELD.ITEM
        if isinstance(FIELD, Struct):
            found.append(FIELD)
    return found


def _mentioned(TYPE: Any) -> list[Struct]:
    """Structures that the definition of a structure names."""
    found = []
    stack: list[Any] = list(TYPE.types)
    while stack:
        part = stack.pop()
        if isinstance(part, Struct):
            found.append(part)
        else:
            stack.extend(contained_types(part))
    return found


def print_program(
    program: TypedProgram, graphs: Iterable[FunctionGraph] | None = None, positions: bool = False
) -> str:
    """The text of a program: types, external functions, data, graphs.

    `graphs` restricts it to some graphs (what they name is still listed). With `positions` each operation
    carries its place in the source.
    """
    printer = _Printer(positions)
    graph_lines: list[str] = []
    if program.entry_graph is not None:
        printer.graph_name(program.entry_graph)
    for graph in program.graphs if graphs is None else graphs:
        printer.graph_name(graph)
    for graph in program.graphs if graphs is None else graphs:
        graph_lines += printer.graph(graph)
    footer: list[str] = []
    if program.entry_graph is not None:
        footer.append(f"entry {printer.graph_name(program.entry_graph)}")
    exceptions = program.exceptions
    for name, instance in exceptions.instances.items():
        vtable = exceptions.vtables[name]
        footer.append(f"exception {name} {printer.pointer(instance)} {printer.pointer(vtable)}")
    for TYPE, vtable in program.instance_types.items():
        footer.append(f"instance {printer.types.text(TYPE)} {printer.pointer(vtable)}")
    for TYPE, finalizer in program.finalizers.items():
        footer.append(f"finalizer {printer.types.text(TYPE)} {printer.pointer(finalizer)}")
    for number, trigger in program.finalizer_triggers.items():
        footer.append(f"trigger {number} {printer.pointer(trigger)}")
    data_lines = []
    position = 0
    while position < len(printer.pending_data):
        data_lines.append(printer.datum(printer.pending_data[position]))
        position += 1
    extern_lines = [printer.extern(name, container) for name, container in printer.pending_externs]
    type_lines = _ordered_definitions(printer.types)
    return "\n".join([*type_lines, *extern_lines, *data_lines, *graph_lines, *footer]) + "\n"


def print_typed_graph(graph: FunctionGraph, positions: bool = False) -> str:
    """The text of one graph, without the types and data it names."""
    return "\n".join(_Printer(positions).graph(graph)) + "\n"
