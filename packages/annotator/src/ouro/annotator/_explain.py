"""What error messages say besides the bare fact: where values come from and who called."""

from __future__ import annotations

import ast
import difflib
import inspect
import textwrap
import types
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._errors import Place
from ouro.annotator._join import equal_constants
from ouro.annotator._sites import Site
from ouro.annotator.annotations import Annotation
from ouro.annotator.descriptions import ClassDescription
from ouro.flowspace import Block, Constant, FunctionGraph, Link, Operation, Position, Variable
from ouro.flowspace.operations import OPERATIONS

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine, GraphState

_MOST_CALLS = 12


def call_chain(engine: Engine, state: GraphState) -> list[Place]:
    """The first calls that led to a graph, innermost first."""
    chain: list[Place] = []
    seen = set()
    while state.first_call is not None and state not in seen and len(chain) < _MOST_CALLS:
        seen.add(state)
        site = state.first_call
        if is_start(site.graph):
            break
        chain.append(Place.of_site("", site))
        state = engine.states[site.graph]
    return chain


def is_start(graph: FunctionGraph) -> bool:
    """Whether a graph is the code in front of the entry point, which is not the author's."""
    return getattr(graph.func, "_start_of_program_", False)


def origins_of_link(
    engine: Engine, state: GraphState, target: Block, index: int, link: Link | None, new: Annotation
) -> list[tuple[str, Any]]:
    """Where the two values that meet in an input argument come from."""
    if target is state.graph.startblock and link is None:
        notes: list[tuple[str, Any]] = []
        if state.first_call is not None:
            old = target.inputargs[index].annotation
            notes.append((f"first called here, with {old}", state.first_call))
        if state.description is not None:
            notes += engine.definition_site(state.description)
        return notes
    notes = []
    if link is not None:
        origin = _origin(engine, state, target, index, engine.block, link.args[index])
        if origin is not None:
            notes.append((f"{new} comes from here", origin))
    for block in state.order:
        for other in block.exits:
            if other is link or other.target is not target or other not in engine.followed:
                continue
            value = other.args[index]
            if value.annotation is None:
                continue
            origin = _origin(engine, state, target, index, block, value)
            if origin is not None:
                notes.append((f"{value.annotation} comes from here", origin))
                return notes
    return notes


def _origin(engine: Engine, state: GraphState, target: Block, index: int, block: Block, value: Any) -> Any:
    """The place a value comes from: a site, or a place found in the source for a constant."""
    if isinstance(value, Constant):
        name = None if target is state.graph.returnblock else target.inputargs[index].name
        place = constant_place(state.graph, name, value.value)
        if place is not None:
            return place
    return origin_of(engine, state, block, value)


def place_of_link_constant(graph: FunctionGraph, link: Link, constant: Constant) -> Place | None:
    """Where the source has a constant that a link passes on."""
    target = link.target
    name = None if target is graph.returnblock else target.inputargs[link.args.index(constant)].name
    return constant_place(graph, name, constant.value)


def constant_place(graph: FunctionGraph, name: str | None, value: Any) -> Place | None:
    """Where the source assigns this constant to `name`, or returns it for None: graphs do not remember that."""
    try:
        tree = ast.parse(textwrap.dedent(graph.source or ""))
    except SyntaxError:
        return None
    nodes = list(ast.walk(tree))
    for node in nodes:
        if name is None:
            if not isinstance(node, ast.Return):
                continue
        elif not isinstance(node, ast.Assign) or not any(
            isinstance(target, ast.Name) and target.id == name for target in node.targets
        ):
            continue
        found = node.value
        if found is None and value is None or isinstance(found, ast.Constant) and equal_constants(found.value, value):
            return _place_of_node(graph, node)
    for node in nodes:  # a name that has the constant was passed on
        if isinstance(node, ast.Constant) and node.value is not None and equal_constants(node.value, value):
            return _place_of_node(graph, node)
    return None


def _place_of_node(graph: FunctionGraph, node: ast.stmt | ast.expr) -> Place:
    first = (graph.source or "").splitlines()[0]
    shift = len(first) - len(first.lstrip())
    end = -1 if node.end_lineno != node.lineno else (node.end_col_offset or 0) + shift
    line = node.lineno + graph.firstlineno - 1
    return Place("", graph.filename, Position(line, node.col_offset + shift, end), graph.name)


def class_place(python_class: type) -> Place:
    """Where a class is defined; its first method where the source is not in a module."""
    try:
        filename = inspect.getsourcefile(python_class)
        _, line = inspect.getsourcelines(python_class)
    except (OSError, TypeError):
        for value in vars(python_class).values():
            if isinstance(value, types.FunctionType):
                code = value.__code__
                return Place("", code.co_filename, Position(code.co_firstlineno, 0, -1), value.__name__)
        return Place("", None, None, python_class.__name__)
    return Place("", filename, Position(line, 0, -1), None)


def origin_of(engine: Engine, state: GraphState, block: Block, value: Any) -> Site | None:
    """The operation that made a value, followed back through the blocks of its graph; None for arguments."""
    seen = set()
    while True:
        if not isinstance(value, Variable):
            return _last_site(state, block)
        for operation in block.operations:
            if operation.result is value:
                return Site(state.graph, block, operation)
        if value not in block.inputargs or (block, value) in seen:
            return _last_site(state, block)
        seen.add((block, value))
        index = block.inputargs.index(value)
        for previous in state.order:
            link = next((link for link in previous.exits if link.target is block and link in engine.followed), None)
            if link is not None:
                block, value = previous, link.args[index]
                break
        else:
            return None


def _last_site(state: GraphState, block: Block) -> Site:
    return Site(state.graph, block, block.operations[-1] if block.operations else None)


def unset_attribute(description: ClassDescription, name: str, owners: set[str]) -> tuple[str, str]:
    """The message and the suggestion for an attribute that nothing assigns, unless in other classes: `owners`."""
    if name in ("__enter__", "__exit__"):
        return (
            f"{description.name} has no method `{name}`, which `with` calls",
            "write it, or use try and finally instead of `with`",
        )
    if name == "__dict__":
        return (
            "instances have no `__dict__`: their attributes are fixed",
            "name the attributes, or keep a dict of your own in one of them",
        )
    known = {known for owner in description.ancestors for known in (*owner.attributes, *owner.class_dict)}
    known.discard(name)
    close = difflib.get_close_matches(name, sorted(known), 1)
    suggestion = f"did you mean `{close[0]}`?" if close else "assign it in __init__"
    if owners:
        suggestion += f"; classes that have it: {', '.join(sorted(owners)[:3])}" + (", ..." if len(owners) > 3 else "")
    if description.is_host_exception:
        suggestion = "exceptions keep their text alone: use str(), or define an exception class with an __init__"
    return f"attribute `{name}` of {description.name} is read here, but nothing assigns it", suggestion


def none_and_number(left: Annotation, right: Annotation) -> str:
    """The suggestion where None and a number should be one value; empty for others."""
    kinds = (a.Integer, a.Float, a.Bool)
    if isinstance(left, a.NoneValue) and isinstance(right, kinds):
        return "None does not go with numbers: use a number such as -1 for it, or a bool of its own"
    return none_and_number(right, left) if isinstance(right, a.NoneValue) and isinstance(left, kinds) else ""


_PHRASES = {
    "getitem": "{0} cannot be indexed",
    "unpack": "{0} cannot be unpacked: it is no tuple, list or string",
    "setitem": "items of {0} cannot be assigned",
    "delitem": "items of {0} cannot be deleted",
    "getslice": "{0} cannot be sliced",
    "setslice": "slices of {0} cannot be assigned",
    "delslice": "slices of {0} cannot be deleted",
    "iter": "{0} cannot be iterated over",
    "next": "{0} is not an iterator",
    "len": "{0} has no length",
    "contains": "`in` does not work on {0}",
    "getattr": "{0} has no attributes",
    "setattr": "attributes of {0} cannot be assigned",
    "delattr": "attributes cannot be deleted",
    "simple_call": "{0} cannot be called",
    "type": "type() works on instances, not on {0}",
    "type_of_raised": "`raise` of {0}, which is no exception",
    "isinstance": "isinstance() does not work on {0}",
    "format_value": "{0} cannot be formatted",
}

_HELP = {
    "type_of_raised": "define a class that derives from Exception",
    "unpack": "make a list of it first: `a, b = [item for item in ...]`",
}

_OPERATOR_HELP = "operators do not call methods such as `__add__`: write a method with a name, and call that"

_NONE_HELP = "test it before: `if x is not None:` or `assert x is not None`"


def unsupported_operation(operation: Operation, operands: Sequence[Annotation]) -> tuple[str, str]:
    """The message and the suggestion for an operation that its operands do not have."""
    opname = operation.opname
    shown = [operand.describe() for operand in operands]
    suggestion = ""
    if any(isinstance(operand, a.NoneValue) for operand in operands):
        suggestion = _NONE_HELP
    elif any(isinstance(operand, a.Bytes) for operand in operands) and any(
        isinstance(operand, a.String) for operand in operands
    ):
        suggestion = "convert one of them: .encode('latin-1') or .decode('latin-1')"
    elif any(isinstance(operand, a.String) for operand in operands) and opname in ("add", "inplace_add"):
        suggestion = "convert the number first: str(x)"
    if opname in _HELP:
        suggestion = _HELP[opname]
    phrase = _PHRASES.get(opname)
    if phrase is None and any(isinstance(operand, a.Instance) for operand in operands):
        suggestion = suggestion or _OPERATOR_HELP
    if phrase is not None:
        return phrase.format(*shown), suggestion
    symbol = OPERATIONS[opname].symbol or opname
    if len(shown) == 1:
        return f"`{symbol}` does not work on {shown[0]}", suggestion
    return f"`{symbol}` does not work on {shown[0]} and {shown[1]}", suggestion
