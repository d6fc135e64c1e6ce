"""Calls of one of several functions.

A method that many classes override is called from many places. Flowing the arguments of each place into each
override takes the product of the two; instead, all places that call the same set of functions share a *group*: the
arguments of the places are joined there, and flow on into the functions only when that join grows, and the
results of the functions are joined there, and flow back only when that join grows. So the cost is the sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field
from ouro.annotator import annotations as a
from ouro.annotator._arguments import Arguments, bind, plan_for
from ouro.annotator._errors import Complaint
from ouro.annotator._join import JoinError
from ouro.annotator._sites import Site
from ouro.annotator.annotations import IMPOSSIBLE, Annotation
from ouro.annotator.descriptions import CallFamily, CallSite, Description, FunctionDescription, MethodDescription
from ouro.flowspace import Block, CallShape, FunctionGraph, Operation

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine


@define(eq=False)
class CallGroup:
    """The places that call one set of functions in one way.

    `targets` are the functions with their graphs and plans, `graphs` the same as the call sites show it. `values` are
    the joined arguments, those of `*args` last. `callers` are the blocks to analyse again when `result` grows.
    """

    shape: CallShape
    star_length: int
    site: Site
    descriptions: dict[Description, None] = field(factory=dict)
    targets: list[tuple[FunctionGraph, Any, Annotation | None]] = field(factory=list)
    graphs: dict[FunctionDescription, FunctionGraph] = field(factory=dict)
    values: list[Annotation] = field(factory=list)
    result: Annotation = IMPOSSIBLE
    callers: dict[Block, int] = field(factory=dict)
    family: CallFamily | None = None


def call_group(
    engine: Engine,
    operation: Operation,
    site: CallSite,
    descriptions: dict[Description, None],
    arguments: Arguments,
) -> Annotation | None:
    """Call several functions or methods; None if some of them need more than their arguments flowed into them."""
    key = (id(descriptions), site.shape, site.star_length)
    group = engine.call_groups.get(key)
    if group is None:
        if engine.state is not None and engine.state.low_level:
            return None
        if not all(_is_plain(description) for description in descriptions):
            return None
        group = engine.groups_of_sites.get(site)
        if group is None or not group.descriptions.keys() <= descriptions.keys():
            group = CallGroup(site.shape, site.star_length, engine.here())
        engine.call_groups[key] = group
        engine.kept_alive.append(descriptions)
    engine.groups_of_sites[site] = group
    _join_arguments(engine, group, [*arguments.values, *arguments.star])
    if len(group.descriptions) < len(descriptions):
        _add_targets(engine, group, descriptions)
    callers = group.callers
    if callers.get(engine.block, engine.index) >= engine.index:
        callers[engine.block] = engine.index
    if site.graphs is not group.graphs:
        site.graphs = group.graphs
    site.family = group.family
    engine.indirect_sites[operation] = site
    return group.result


def _is_plain(description: Description) -> bool:
    """Whether a call only flows the arguments into the function's one graph."""
    function = description.function if isinstance(description, MethodDescription) else description
    return (
        isinstance(function, FunctionDescription)
        and function.specialisation is None
        and function.signature.vararg is None
        and not function.hints
    )


def _join_arguments(engine: Engine, group: CallGroup, values: list[Annotation]) -> None:
    if not group.targets:
        group.values = values
        return
    grown = False
    for index, (old, new) in enumerate(zip(group.values, values)):
        if old is new:
            continue
        try:
            joined = engine.join(old, new)
        except JoinError as error:
            raise _arguments_differ(engine, group, index, old, new, error) from None
        if joined is not old:
            group.values[index] = joined
            grown = True
    if grown:
        for graph, plan, receiver in group.targets:
            _flow(engine, group, graph, plan, receiver)


def _flow(engine: Engine, group: CallGroup, graph: FunctionGraph, plan: Any, receiver: Annotation | None) -> None:
    count = len(group.values) - group.star_length
    arguments = Arguments(group.shape, group.values[:count], tuple(group.values[count:]))
    state = engine.states[graph]
    if state.first_call is None:
        state.first_call = engine.here()
    engine.merge_into(graph.startblock, bind(engine, plan, receiver, arguments), state, None)


def _add_targets(engine: Engine, group: CallGroup, descriptions: dict[Description, None]) -> None:
    for description in list(descriptions):
        if description in group.descriptions:
            continue
        group.descriptions[description] = None
        receiver: Annotation | None = None
        function: Any = description
        if isinstance(description, MethodDescription):
            receiver = a.Instance(description.self_class, False, description.flags)
            function = description.function
        plan = plan_for(engine, function, group.shape, group.star_length, receiver is not None)
        graph = engine.descriptions.graph_of(function, None)
        group.targets.append((graph, plan, receiver))
        group.graphs[function] = graph
        _unite(group, function)
        engine.states[graph].groups[group] = None
        _flow(engine, group, graph, plan, receiver)
        try:
            group.result = engine.join(group.result, graph.getreturnvar().annotation)
        except JoinError as error:
            raise results_differ(engine, group.graphs, error) from None


def _unite(group: CallGroup, function: FunctionDescription) -> None:
    other = function.family.root()
    family = group.family.root() if group.family is not None else other
    if other is not family:
        family.descriptions.update(other.descriptions)
        other.forward = family
    group.family = family


def group_result_grown(engine: Engine, group: CallGroup, annotation: Annotation) -> None:
    """One of the functions of a group returns more than before."""
    try:
        joined = engine.join(group.result, annotation)
    except JoinError as error:
        complaint = results_differ(engine, group.graphs, error)
        complaint.site = group.site
        raise complaint from None
    if joined is not group.result:
        group.result = joined
        engine.reflow(group.callers)


def _arguments_differ(
    engine: Engine, group: CallGroup, index: int, old: Annotation, new: Annotation, error: JoinError
) -> Complaint:
    function = next(iter(group.graphs))
    _, plan, _ = group.targets[0]
    name = str(index)
    for source, parameter in zip(plan, function.signature.all_names):
        if source.kind == "argument" and source.index == index:
            name = parameter
    message = f"argument `{name}` of {function.name}() is {new} here, but {old} in another call"
    if error.reason:
        message += f": {error.reason}"
    notes = [(f"first called here, with {old}", group.site), *engine.definition_site(function)]
    return Complaint(message, error.suggestion or "use different names for the two, or one type", notes)


def results_differ(engine: Engine, graphs: dict[FunctionDescription, FunctionGraph], error: JoinError) -> Complaint:
    """The complaint about functions of one call that return different types."""
    notes = [note for function in list(graphs)[:4] for note in engine.definition_site(function)]
    return Complaint(
        f"the functions called here return different types: {error.left} and {error.right}",
        error.suggestion or "make all of them return one type",
        notes,
    )


def unite_families(engine: Engine, site: CallSite) -> None:
    """All functions that a site calls are one family."""
    family: CallFamily | None = None
    for description in site.graphs:
        other = description.family.root()
        if family is None:
            family = other
        elif other is not family:
            family.descriptions.update(other.descriptions)
            other.forward = family
    site.family = family
    if len(site.graphs) > 1:
        engine.indirect_sites[site.operation] = site
