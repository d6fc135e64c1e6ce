"""Making the rows of call families uniform.

A set of functions is called through pointers of one type, so all graphs in one row of a family need equal
argument
and result annotations. Differences that change the representation (int and float, a character and a string,
None and an
instance) grow into the analysis itself; the remaining ones (a narrower class, a constant) are bridged when
it is
over: a new start block takes the general arguments and links to the old one, where the rtyper converts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._arguments import plan_for
from ouro.annotator._errors import AnnotatorError, Place
from ouro.annotator._join import JoinError
from ouro.annotator.annotations import IMPOSSIBLE, Annotation
from ouro.annotator.descriptions import CallFamily, CallRow, CallSite, FunctionDescription
from ouro.flowspace import Block, Constant, FunctionGraph, Link, Operation, Variable

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine

_GROWN = (a.Integer, a.Float, a.SingleFloat, a.String, a.Bytes, a.Tuple, a.NoneValue)
"""Annotations whose differences matter to the caller's side, so that they must grow while the analysis runs."""


def collect_rows(engine: Engine) -> None:
    """Sort the indirect call sites into the rows of their families.

    Rows that were finished stay as they are, since later stages refer to them; until then they are made anew
    each time, since families still unite.
    """
    finished = engine.finished_rows
    families: dict[CallFamily, list[CallSite]] = {}
    for site in engine.indirect_sites.values():
        if site.row is None or site.row not in finished:
            family = next(iter(site.graphs)).family.root()
            families.setdefault(family, []).append(site)
    for family, sites in families.items():
        family.rows = [row for row in family.rows if row in finished]
        for site in sites:
            site.family = family
            site.row = _row_for(engine, family, site)


def _row_for(engine: Engine, family: CallFamily, site: CallSite) -> CallRow:
    for row in family.rows:
        if row.shape != site.shape or row.star_length != site.star_length:
            continue
        graphs = engine.finished_rows.get(row)
        if graphs is not None:
            if all(graphs.get(function) is graph for function, graph in site.graphs.items()):
                break
        elif all(row.graphs.get(function, graph) is graph for function, graph in site.graphs.items()):
            row.graphs.update(site.graphs)
            break
    else:
        row = CallRow(site.shape, site.star_length, dict(site.graphs), position=len(family.rows))
        family.rows.append(row)
    row.sites[site.operation] = None
    return row


def all_rows(engine: Engine) -> list[CallRow]:
    """Every row with more than one function."""
    rows: dict[CallRow, None] = {}
    for site in engine.indirect_sites.values():
        if site.row is not None and len(site.row.graphs) > 1:
            rows[site.row] = None
    return list(rows)


def normalise_rows(engine: Engine) -> bool:
    """Grow arguments and results that differ in representation. Whether anything was scheduled."""
    collect_rows(engine)
    before = engine.processed_blocks
    pending = False
    for row in all_rows(engine):
        if row in engine.finished_rows:
            continue
        try:
            pending = _grow_row(engine, row) or pending
        except JoinError as error:
            raise _row_error(engine, row, error) from None
    return pending or engine.processed_blocks != before


def _inputs(
    engine: Engine, row: CallRow, function: FunctionDescription, graph: FunctionGraph, receiver: bool
) -> list[Any]:
    """The graph's input variables that take arguments of the call, with the position in the call."""
    plan = plan_for(engine, function, row.shape, row.star_length, receiver)
    result: dict[Any, Variable] = {}
    for source, variable in zip(plan, graph.getargs()):
        if source.kind in ("argument", "star", "receiver"):
            result[source.kind, source.index] = variable
    return [(slot, variable) for slot, variable in result.items()]


def row_has_receiver(engine: Engine, row: CallRow) -> bool:
    """Whether the functions of a row are called as methods (or are the `__init__`s of classes)."""
    operation = next(iter(row.sites))
    annotation = operation.args[0].annotation
    return isinstance(annotation, a.DescriptionSet) and any(
        not isinstance(description, FunctionDescription) for description in annotation.descriptions
    )


def _grow_row(engine: Engine, row: CallRow) -> bool:
    slots: dict[Any, list[tuple[FunctionGraph, Variable]]] = {}
    receiver = row_has_receiver(engine, row)
    for function, graph in row.graphs.items():
        for slot, variable in _inputs(engine, row, function, graph, receiver):
            slots.setdefault(slot, []).append((graph, variable))
    grown = False
    for slot, variables in slots.items():
        if slot[0] == "receiver":
            continue
        joined = engine.join_all(variable.annotation for _, variable in variables)
        for graph, variable in variables:
            if _must_grow(variable.annotation, joined):
                variable.annotation = joined
                engine.schedule(graph.startblock)
                grown = True
    results = [graph.getreturnvar() for graph in row.graphs.values()]
    joined = engine.join_all(variable.annotation for variable in results)
    for graph, variable in zip(row.graphs.values(), results):
        if variable.annotation is not IMPOSSIBLE and _must_grow(variable.annotation, joined):
            variable.annotation = joined
            state = engine.states[graph]
            engine.result_grown(state)
            grown = grown or bool(state.callers) or bool(state.groups)
    return grown


def _must_grow(own: Annotation, joined: Annotation) -> bool:
    if own is joined or not isinstance(own, _GROWN):
        return False
    if isinstance(own, a.NoneValue):
        return not isinstance(joined, a.NoneValue)
    if isinstance(own, a.Tuple):
        return isinstance(joined, a.Tuple) and any(map(_must_grow, own.items, joined.items))
    if isinstance(own, a.Integer) and isinstance(joined, a.Integer):
        return own.kind is not joined.kind
    return type(own) is not type(joined)


def _row_error(engine: Engine, row: CallRow, error: JoinError) -> AnnotatorError:
    names = " and ".join(sorted(function.name for function in row.graphs)[:4])
    differ = f"{error.left} and {error.right}"
    message = f"{names} are called from one place, but their arguments or results differ: {differ}"
    notes = []
    for function in list(row.graphs)[:4]:
        for why, place in engine.definition_site(function):
            place.why = why
            notes.append(place)
    operation = next(iter(row.sites))
    for block, state in engine.owner.items():
        if operation in block.operations:
            place = Place("", state.graph.filename, operation.position, state.graph.name)
            return AnnotatorError(message, place, notes, [], error.suggestion)
    return AnnotatorError(message, None, notes, [], error.suggestion)


# ---- after the analysis


def finish_rows(engine: Engine) -> None:
    """Give all graphs of every row the same arguments and result."""
    for row in all_rows(engine):
        if row not in engine.finished_rows:
            engine.finished_rows[row] = dict(row.graphs)
            _finish_row(engine, row)


def _finish_row(engine: Engine, row: CallRow) -> None:
    receiver = row_has_receiver(engine, row)
    for function, graph in list(row.graphs.items()):
        plan = plan_for(engine, function, row.shape, row.star_length, receiver)
        if [(source.kind, source.index) for source in plan] != _plain_plan(row, receiver):
            row.graphs[function] = _adapter(engine, row, function, graph, plan, receiver)
    graphs = list(dict.fromkeys(row.graphs.values()))
    arguments = [
        engine.join_all(graph.getargs()[index].annotation for graph in graphs)
        for index in range(len(graphs[0].getargs()))
    ]
    result = engine.join_all(graph.getreturnvar().annotation for graph in graphs)
    for graph in graphs:
        _generalise_arguments(engine, graph, arguments)
        graph.getreturnvar().annotation = result


def _plain_plan(row: CallRow, receiver: bool) -> list[tuple[str, int]]:
    plan = [("receiver", 0)] if receiver else []
    plan += [("argument", index) for index in range(row.shape.positional)]
    plan += [("star", index) for index in range(row.star_length)]
    plan += [("argument", row.shape.positional + index) for index in range(len(row.shape.keywords))]
    return plan


def _generalise_arguments(engine: Engine, graph: FunctionGraph, arguments: list[Annotation]) -> None:
    old = graph.startblock
    if all(variable.annotation is general for variable, general in zip(old.inputargs, arguments)):
        return
    inputs = []
    for variable, general in zip(old.inputargs, arguments):
        new = Variable(variable.name)
        new.annotation = general
        inputs.append(new)
    block = Block(inputs, old.position)
    link = Link(list(inputs), old)
    block.exits = [link]
    graph.startblock = block
    engine.owner[block] = engine.states[graph]
    engine.followed.add(link)
    engine.stopped[block] = -1


def _adapter(
    engine: Engine,
    row: CallRow,
    function: FunctionDescription,
    graph: FunctionGraph,
    plan: list[Any],
    receiver: bool,
) -> FunctionGraph:
    """A graph that takes the row's arguments and calls the function with them, its defaults added."""
    inputs = {}
    for kind, index in _plain_plan(row, receiver):
        inputs[kind, index] = Variable(kind)
    block = Block(list(inputs.values()))
    adapter = FunctionGraph(f"{graph.name}_adapter", block)
    adapter.filename, adapter.firstlineno = graph.filename, graph.firstlineno
    adapter.module = graph.module

    def value_of(source: Any) -> Any:
        if source.kind == "default":
            constant = Constant(source.value)
            constant.annotation = engine.constant(source.value)
            return constant
        if source.kind == "tuple":
            result = Variable("star")
            parts = [value_of(part) for part in source.parts]
            result.annotation = a.Tuple(tuple(part.annotation for part in parts))
            block.operations.append(Operation("newtuple", parts, result))
            return result
        return inputs[source.kind, source.index]

    for source, parameter in zip(plan, graph.getargs()):
        if (source.kind, source.index) in inputs and source.kind not in ("default", "tuple"):
            inputs[source.kind, source.index].annotation = parameter.annotation
    arguments = [value_of(source) for source in plan]
    target = Constant(function.function)
    target.annotation = a.DescriptionSet({function: None}, constant=function.function)
    result = Variable("result")
    result.annotation = adapter.getreturnvar().annotation = graph.getreturnvar().annotation
    call = Operation("simple_call", [target, *arguments], result)
    block.operations.append(call)
    link = Link([result], adapter.returnblock)
    block.exits = [link]
    state = engine.add_graph(adapter, None)
    adapter.getreturnvar().annotation = result.annotation
    engine.followed.add(link)
    engine.stopped[block] = -1
    state.callers.update(engine.states[graph].callers)
    engine.call_sites[call] = CallSite(call, row.shape._replace(positional=len(arguments)), 0, {function: graph})
    return adapter
