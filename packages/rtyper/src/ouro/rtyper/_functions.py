"""Functions, methods and other prebuilt things as values, and calls of them.

One known function is nothing at run time and its call is direct. A variable that holds one of several functions
is a pointer to a function; if the functions are called in several ways (rows of the call family) it is a pointer
to a table of such pointers. A bound method is its receiver; which functions it may call is known.
"""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotations as a
from ouro.annotator._exceptions import kept_arguments
from ouro.annotator.calls import plan_arguments
from ouro.annotator.descriptions import (
    ClassDescription,
    FrozenDescription,
    FrozenMethodDescription,
    FunctionDescription,
    MethodDescription,
)
from ouro.flowspace import CallShape
from ouro.lltype import Bool, ExternalFunction, FuncType, Ptr, Struct, Void, functionptr, malloc, nullptr
from ouro.rtyper._classes import layout_of, method_field
from ouro.rtyper._context import Operand, OperationContext
from ouro.rtyper._instances import (
    ClassRepresentation,
    OneClassRepresentation,
    instance_representation,
    object_type,
)
from ouro.rtyper._lowlevel import call_external
from ouro.rtyper._pointers import NullableRepresentation, pointer_comparison
from ouro.rtyper._registry import BUILTIN_RULES, PRIMITIVE_RULES, find_method
from ouro.rtyper._representation import (
    Representation,
    TyperError,
    VoidRepresentation,
    conversion,
    representation_for,
    rule,
)

__all__ = ["FunctionRepresentation", "FrozenRepresentation", "MethodRepresentation", "call_arguments"]

NOTHING = Ptr(FuncType([], Void))
"""The type of function values that nobody calls."""


class OneFunctionRepresentation(VoidRepresentation):
    """One known function."""

    def __init__(self, typer: Any, description: FunctionDescription) -> None:
        super().__init__(typer)
        self.description = description


class FunctionRepresentation(NullableRepresentation):
    """One of several functions: a pointer, or a pointer to a table with one pointer for each row of calls."""

    optional = True

    def __init__(self, typer: Any, family: Any) -> None:
        super().__init__(typer)
        self.family = family
        self.rows = family.rows
        self.field_types = [Ptr(typer.function_type(next(iter(row.graphs.values())))) for row in self.rows]
        self._tables: dict[Any, Any] = {}
        if not self.rows:
            self.lowleveltype = NOTHING
        elif len(self.rows) == 1:
            self.lowleveltype = self.field_types[0]
        else:
            fields = [(f"row{index}", TYPE) for index, TYPE in enumerate(self.field_types)]
            self.lowleveltype = Ptr(Struct("functions", *fields, hints={"immutable": True}))

    def constant(self, value: Any) -> Any:
        TYPE: Any = self.lowleveltype
        if value is None:
            return nullptr(TYPE.TO)
        return self.pointer_for(self.typer.annotated.describe(value))

    def pointer_for(self, description: Any) -> Any:
        """The value that stands for a function."""
        TYPE: Any = self.lowleveltype
        known = self._tables.get(description)
        if known is not None:
            return known
        if not self.rows:
            known = functionptr(TYPE.TO, description.name, callable=None)
        elif len(self.rows) == 1:
            known = self._row_pointer(0, description)
        else:
            known = malloc(TYPE.TO, flavor="raw", zero=True, immortal=True)
            for index in range(len(self.rows)):
                if description in self.rows[index].graphs:
                    setattr(known, f"row{index}", self._row_pointer(index, description))
        self._tables[description] = known
        return known

    def _row_pointer(self, index: int, description: FunctionDescription) -> Any:
        graph = self.rows[index].graphs.get(description)
        if graph is None:
            TYPE: Any = self.field_types[index]
            return functionptr(TYPE.TO, description.name)
        return self.typer.function_pointer(graph)

    def equality(self) -> Any:
        return None


class MethodRepresentation(NullableRepresentation):
    """A bound method: its receiver."""

    def __init__(self, typer: Any, descriptions: Any) -> None:
        super().__init__(typer)
        methods = list(descriptions)
        self.name = methods[0].name
        base = methods[0].self_class
        for method in methods[1:]:
            base = base.common_base(method.self_class) or base
        self.self_class = base
        self.receiver = instance_representation(typer, base)
        self.lowleveltype = self.receiver.lowleveltype

    def constant(self, value: Any) -> Any:
        return self.receiver.constant(None if value is None else value.__self__)


class FrozenRepresentation(NullableRepresentation):
    """One of several frozen constants: a pointer to a prebuilt structure of the attributes that are read."""

    optional = True

    def __init__(self, typer: Any, family: Any) -> None:
        super().__init__(typer)
        self.family = family
        self._fields: Any = None
        self._values: dict[int, Any] = {}
        fields = []
        self.attributes: dict[str, Representation] = {}
        for name, cell in sorted(family.attributes.items()):
            representation = typer.representation(cell.root().annotation)
            self.attributes[name] = representation
            if representation.lowleveltype is not Void:
                fields.append((f"pbc_{name}", representation.lowleveltype))
        self.STRUCT = Struct("constants", *fields, hints={"immutable": True}, unique=True)
        self.lowleveltype = Ptr(self.STRUCT)

    def constant(self, value: Any) -> Any:
        if value is None:
            return nullptr(self.STRUCT)
        known = self._values.get(id(value))
        if known is None:
            known = self._values[id(value)] = malloc(self.STRUCT, flavor="raw", zero=True, immortal=True)
            self.typer.keep_alive.append(value)
            self.typer.later(lambda: self._fill(known, value))
        return known

    def _fill(self, pointer: Any, value: Any) -> None:
        for name, representation in self.attributes.items():
            if representation.lowleveltype is not Void and hasattr(value, name):
                setattr(pointer, f"pbc_{name}", representation.constant(getattr(value, name)))

    def equality(self) -> Any:
        return None


class OneFrozenRepresentation(VoidRepresentation):
    """One known frozen constant, or a method of one."""


class BuiltinRepresentation(VoidRepresentation):
    """A function of the host with a rule of its own."""


class BuiltinMethodRepresentation(Representation):
    """A method of a builtin type: its receiver."""

    def __init__(self, typer: Any, receiver: Representation, annotation: Any) -> None:
        super().__init__(typer)
        self.receiver = receiver
        self.name = annotation.name
        self.lowleveltype = receiver.lowleveltype


@representation_for(a.DescriptionSet)
def _description_set(typer: Any, annotation: Any) -> Any:
    descriptions = annotation.descriptions
    first = next(iter(descriptions))
    single = len(descriptions) == 1 and not annotation.optional
    kind = annotation.kind
    if kind is FunctionDescription:
        if single:
            return ("function", first), lambda: OneFunctionRepresentation(typer, first)
        family = first.family.root()
        return ("functions", family), lambda: FunctionRepresentation(typer, family)
    if kind is MethodDescription:
        classes = frozenset(method.self_class for method in descriptions)
        return ("method", first.name, classes), lambda: MethodRepresentation(typer, descriptions)
    if kind is ClassDescription:
        if single:
            return ("class", first), lambda: OneClassRepresentation(typer, first)
        return "root class", lambda: ClassRepresentation(typer)
    if kind is FrozenDescription:
        if single:
            return ("frozen", first), lambda: OneFrozenRepresentation(typer)
        attributes = first.attribute_family.root()
        return ("frozens", attributes), lambda: FrozenRepresentation(typer, attributes)
    if single:
        return ("frozen method", first), lambda: OneFrozenRepresentation(typer)
    raise TyperError(f"{annotation} has several values; a method of one constant out of several is not possible")


@representation_for(a.Builtin)
def _builtin(typer: Any, annotation: Any) -> Any:
    return "builtin", lambda: BuiltinRepresentation(typer)


@representation_for(a.BuiltinMethod)
def _builtin_method(typer: Any, annotation: Any) -> Any:
    receiver = typer.representation(annotation.receiver)
    return (
        ("builtin method", receiver, annotation.name),
        lambda: BuiltinMethodRepresentation(typer, receiver, annotation),
    )


@representation_for(a.Property)
def _property(typer: Any, annotation: Any) -> Any:
    return "property", lambda: VoidRepresentation(typer)


# ---- conversions


@conversion(OneFunctionRepresentation, FunctionRepresentation)
def _function_to_pointer(context: Any, value: Any, source: Any, target: Any) -> Any:
    return context.constant(target.pointer_for(source.description), target.lowleveltype)


@conversion(MethodRepresentation, MethodRepresentation)
def _between_methods(context: Any, value: Any, source: Any, target: Any) -> Any:
    return context.convert(value, source.receiver, target.receiver)


@conversion(VoidRepresentation, VoidRepresentation)
def _between_constants(context: Any, value: Any, source: Any, target: Any) -> Any:
    return context.constant(None, Void)


@conversion(Representation, VoidRepresentation)
def _to_constant(context: Any, value: Any, source: Any, target: Any) -> Any:
    return context.constant(None, Void)


# ---- attributes of frozen constants and builtin values


@rule("getattr", FrozenRepresentation)
def _getattr_frozen(context: OperationContext) -> Any:
    name = context.host(1)
    source = context.representation(0)
    if context.result.lowleveltype is Void:
        return None
    representation = source.attributes[name]
    value = context.emit("getfield", [context.arg(0), f"pbc_{name}"], representation.lowleveltype)
    return context.convert_result(value, representation)


@rule("getattr", Representation)
def _getattr_builtin(context: OperationContext) -> Any:
    if isinstance(context.result, BuiltinMethodRepresentation):
        return context.arg(0, context.result.receiver)
    raise TyperError(f"{context.annotation(0)} has no attribute {context.host(1)!r}")


@rule("eq ne is_", FunctionRepresentation, FunctionRepresentation)
@rule("eq ne is_", FunctionRepresentation, OneFunctionRepresentation)
@rule("eq ne is_", FrozenRepresentation, FrozenRepresentation)
@rule("eq ne is_", FrozenRepresentation, OneFrozenRepresentation)
def _compare_first(context: OperationContext) -> Any:
    return pointer_comparison(context, context.representation(0))


@rule("eq ne is_", OneFunctionRepresentation, FunctionRepresentation)
@rule("eq ne is_", OneFrozenRepresentation, FrozenRepresentation)
def _compare_second(context: OperationContext) -> Any:
    return pointer_comparison(context, context.representation(1))


@rule("is_", OneFrozenRepresentation, OneFrozenRepresentation)
@rule("is_", Representation, OneFrozenRepresentation)
@rule("is_", OneFrozenRepresentation, Representation)
def _is_one_constant(context: OperationContext) -> Any:
    return context.constant(context.representation(0) is context.representation(1), Bool)


# ---- calls


def call_arguments(context: OperationContext) -> tuple[CallShape, list[Operand]]:
    """How the arguments of a call are passed, and the operands: positional, `*args` items, keywords."""
    if context.opname == "simple_call":
        operands = context.operands[1:]
        return CallShape(len(operands)), operands
    shape = context.host(1)
    operands = context.operands[2:]
    return shape, operands


def _star_items(context: OperationContext, shape: CallShape, operands: list[Operand]) -> list[Operand]:
    if not shape.star:
        return []
    star = operands.pop()
    return star.representation.unpack(context, star)  # type: ignore[attr-defined,no-any-return]


def _bind(
    context: OperationContext, sources: Any, operands: list[Operand], star: list[Operand], receiver: Any
) -> list[Operand]:
    typer = context.typer
    bound = []
    for source in sources:
        kind = source.kind
        if kind == "argument":
            bound.append(operands[source.index])
        elif kind == "star":
            bound.append(star[source.index])
        elif kind == "receiver":
            bound.append(receiver)
        elif kind == "default":
            annotation = typer.annotated.annotation_of_constant(source.value)
            bound.append(Operand(annotation, typer.representation(annotation), None, source.value))
        else:
            parts = _bind(context, source.parts, operands, star, receiver)
            annotation = a.Tuple(tuple(part.annotation for part in parts))
            representation: Any = typer.representation(annotation)
            value = representation.build(context, [context.operand_as(p, r) for p, r in
                                                   zip(parts, representation.items)])
            bound.append(Operand(annotation, representation, value, a.NO_CONSTANT))
    return bound


def _call_graph(context: OperationContext, function: Any, graph: Any, receiver: Operand | None) -> Any:
    """Emit a direct call of one graph of a function with the arguments of the operation."""
    shape, operands = call_arguments(context)
    operands = list(operands)
    star = _star_items(context, shape, operands)
    plan = plan_arguments(function.name, function.signature, shape, len(star), receiver is not None)
    bound = _bind(context, plan, operands, star, receiver)
    representation = context.typer.representation
    args = [
        context.operand_as(operand, representation(variable.annotation))
        for operand, variable in zip(bound, graph.getargs())
    ]
    return context.call_graph(graph, args), representation(graph.getreturnvar().annotation)


def _call_row(context: OperationContext, pointer: Any, row: Any, receiver: Operand | None, graphs: Any) -> Any:
    """Emit a call through a pointer."""
    shape, operands = call_arguments(context)
    operands = list(operands)
    star = _star_items(context, shape, operands)
    positional = operands[: shape.positional]
    bound = ([receiver] if receiver is not None else []) + positional + star + operands[shape.positional :]
    typer = context.typer
    graph = next(iter(row.graphs.values()))
    representation = typer.representation
    args = [
        context.operand_as(operand, representation(variable.annotation))
        for operand, variable in zip(bound, graph.getargs())
    ]
    targets = context.void([typer.typed_graph(one) for one in graphs])
    result = representation(graph.getreturnvar().annotation)
    value = context.emit("indirect_call", [pointer, *args, targets], result.lowleveltype)
    return value, result


def _finish_call(context: OperationContext, outcome: Any) -> Any:
    value, representation = outcome
    if context.result.lowleveltype is Void:
        return None
    return context.convert(value, representation, context.result)


def _site(context: OperationContext) -> Any:
    site = context.typer.annotated.call_sites.get(context.source)
    if site is None:
        raise TyperError("the annotator knows nothing of this call")
    return site


def _memo_result(context: OperationContext, site: Any) -> Any:
    """The result of a call of a memo function whose arguments are constants."""
    constant = context.result_annotation.constant
    if constant is not a.NO_CONSTANT:
        return context.typer.constant(constant, context.result)
    if context.result.lowleveltype is Void:
        return None
    _, operands = call_arguments(context)
    values = []
    for operand in operands:
        host = operand.host
        if host is a.NO_CONSTANT and isinstance(operand.annotation, a.DescriptionSet):
            single: Any = operand.annotation.single()
            if single is not None and operand.annotation.constant is not a.NO_CONSTANT:
                host = operand.annotation.constant
        if host is a.NO_CONSTANT:
            return _memo_table(context, site, operands)
        values.append(host)
    return context.typer.constant(site.memo.function.function(*values), context.result)


def _memo_table(context: OperationContext, site: Any, operands: list[Operand]) -> Any:
    """The result of a memo function with one argument that is known only at run time: a chain of tests."""
    varying = [operand for operand in operands if operand.host is a.NO_CONSTANT]
    if len(varying) != 1:
        raise TyperError("a memo function is called with more than one argument that is not constant")
    memo = site.memo
    index = operands.index(varying[0])
    representation = varying[0].representation
    value = context.operand_as(varying[0], representation)
    keys, results = [], []
    for key, arguments in memo.arguments.items():
        keys.append(representation.constant(arguments[index]))
        results.append(context.result.constant(memo.results[key]))
    return context.choose(value, keys, results, context.result.lowleveltype)


@rule("simple_call call_args", OneFunctionRepresentation)
def _call_function(context: OperationContext) -> Any:
    site = _site(context)
    if site.memo is not None:
        return _memo_result(context, site)
    function = context.representation(0).description
    graph = site.graphs[function]
    return _finish_call(context, _call_graph(context, function, graph, None))


@rule("simple_call call_args", FunctionRepresentation)
def _call_functions(context: OperationContext) -> Any:
    site = _site(context)
    if len(site.graphs) == 1:
        ((function, graph),) = site.graphs.items()
        return _finish_call(context, _call_graph(context, function, graph, None))
    source = context.representation(0)
    row = site.row
    pointer = context.arg(0)
    if len(source.rows) > 1:
        TYPE = source.field_types[row.position]
        pointer = context.emit("getfield", [pointer, f"row{row.position}"], TYPE)
    return _finish_call(context, _call_row(context, pointer, row, None, list(row.graphs.values())))


@rule("simple_call call_args", MethodRepresentation)
def _call_method(context: OperationContext) -> Any:
    site = _site(context)
    source = context.representation(0)
    value = context.arg(0)
    receiver = Operand(a.Instance(source.self_class), source.receiver, value, a.NO_CONSTANT)
    functions = site.graphs
    if len(functions) == 1:
        ((function, graph),) = functions.items()
        return _finish_call(context, _call_graph(context, function, graph, receiver))
    row = site.row
    attribute = source.self_class.find_attribute(source.name)
    home = layout_of(context.typer, attribute.home)
    name = method_field(source.name, row.position)
    vtable = object_type(context, value, source.receiver.layout, Ptr(home.vtable_type))
    TYPE = home.vtable_type.field_type(name)
    pointer = context.emit("getfield", [vtable, name], TYPE)
    graphs = [row.graphs[function] for function in functions if function in row.graphs]
    return _finish_call(context, _call_row(context, pointer, row, receiver, graphs))


@rule("simple_call call_args", OneClassRepresentation)
def _call_class(context: OperationContext) -> Any:
    description = context.representation(0).description
    return _instantiate(context, description)


def _instantiate(context: OperationContext, description: ClassDescription) -> Any:
    typer = context.typer
    representation = instance_representation(typer, description)
    layout = layout_of(typer, description)
    instance = layout.emit_malloc(context.operations, context.position)
    found = description.lookup("__init__")
    receiver = Operand(a.Instance(description), representation, instance, a.NO_CONSTANT)
    if description.is_exception:
        keep_arguments(context, description, receiver, _positional_arguments(context), found is not None)
    if found is None:
        return context.convert_result(instance, representation)
    site = _site(context)
    ((function, graph),) = site.graphs.items()
    _call_graph(context, function, graph, receiver)
    return context.convert_result(instance, representation)


def keep_arguments(
    context: OperationContext,
    description: ClassDescription,
    instance: Operand,
    arguments: list[Operand],
    has_initialiser: bool = False,
) -> None:
    """Store what an exception keeps of the arguments of its class, or of the host's `__init__`."""
    annotations = [argument.annotation for argument in arguments]
    for name, index in kept_arguments(description, annotations, has_initialiser):
        attribute = description.find_attribute(name)
        if attribute is None:
            continue
        representation = layout_of(context.typer, attribute.home).instance_attributes[name][1]
        target = context.operand_as(instance, instance_representation(context.typer, attribute.home))
        value = context.operand_as(arguments[index], representation)
        context.emit("setfield", [target, f"inst_{name}", value])


def _positional_arguments(context: OperationContext) -> list[Operand]:
    shape, operands = call_arguments(context)
    operands = list(operands)
    star = _star_items(context, shape, operands)
    return [*operands[: shape.positional], *star]


@rule("simple_call call_args", ClassRepresentation)
def _call_classes(context: OperationContext) -> Any:
    """Make an instance of one of several classes: through the vtable, then call `__init__` through a pointer."""
    typer = context.typer
    descriptions = list(context.annotation(0).descriptions)
    vtable = context.arg(0)
    for description in descriptions:
        layout = layout_of(typer, description)
        layout.vtable.instantiate = layout.instantiate_pointer()
    TYPE = vtable.concretetype.TO.field_type("instantiate")
    function = context.emit("getfield", [vtable, "instantiate"], TYPE)
    graphs = [layout_of(typer, description).instantiate_pointer()._obj.graph for description in descriptions]
    root = instance_representation(typer, None)
    instance = context.emit("indirect_call", [function, context.void(graphs)], root.lowleveltype)
    site = _site(context)
    result = context.convert(instance, root, context.result)
    functions = site.graphs
    operand = Operand(context.result_annotation, root, instance, a.NO_CONSTANT)
    if all(description.is_exception for description in descriptions):
        keep_arguments(context, descriptions[0], operand, _positional_arguments(context), True)
    if not functions:
        return result
    if len(functions) == 1:
        ((init, graph),) = functions.items()
        _call_graph(context, init, graph, operand)
        return result
    row = site.row
    pointers = {}
    for description in descriptions:
        found = description.lookup("__init__")
        if found is not None:
            init = typer.annotated.engine.descriptions.member(found[0], found[1])
            pointers[description] = typer.function_pointer(row.graphs[init])
    keys = [layout_of(typer, description).vtable for description in pointers]
    values = list(pointers.values())
    pointer = context.choose(vtable, keys, values, values[0]._T)
    _call_row(context, pointer, row, operand, list(row.graphs.values()))
    return result


@rule("simple_call call_args", OneFrozenRepresentation)
def _call_frozen(context: OperationContext) -> Any:
    single: Any = context.annotation(0).single()
    if not isinstance(single, FrozenMethodDescription):
        raise TyperError(f"{context.annotation(0)} cannot be called")
    site = _site(context)
    if site.memo is not None:
        return _memo_result(context, site)
    annotation = context.typer.annotated.annotation_of_constant(single.receiver)
    representation = context.typer.representation(annotation)
    receiver = Operand(annotation, representation, None, single.receiver)
    graph = site.graphs[single.function]
    return _finish_call(context, _call_graph(context, single.function, graph, receiver))


@rule("simple_call call_args", BuiltinRepresentation)
def _call_builtin(context: OperationContext) -> Any:
    function = context.annotation(0).constant
    known = BUILTIN_RULES.get(id(function))
    if known is not None:
        found = known[1]
    else:
        name = getattr(function, "_primitive_", None) or getattr(
            getattr(function, "__func__", None), "_primitive_", None
        )
        if name is None and hasattr(function, "_erasing_kind_"):
            name = "rerased." + function._erasing_kind_
        found = PRIMITIVE_RULES.get(name) if name is not None else None
    if found is None and isinstance(function, ExternalFunction):
        return _call_rule(context, lambda inner: call_external(inner, function), [])
    if found is None:
        raise TyperError(f"no rule for calling {context.annotation(0)}")
    context.extra = {"function": function}
    return _call_rule(context, found, [])


def _call_rule(context: OperationContext, found: Any, first: list[Operand]) -> Any:
    shape, operands = call_arguments(context)
    operands = list(operands)
    star = _star_items(context, shape, operands)
    extra = context.extra if context.extra is not None else {}
    extra.update(zip(shape.keywords, operands[shape.positional :]))
    context.extra = extra
    context.operands = [*first, *operands[: shape.positional], *star]
    return found(context)


@rule("simple_call call_args", BuiltinMethodRepresentation)
def _call_builtin_method(context: OperationContext) -> Any:
    source = context.representation(0)
    found = find_method(type(source.receiver), source.name)
    if found is None:
        raise TyperError(f"no rule for method {source.name} of {source.receiver}")
    operand = context.operands[0]
    annotation = context.annotation(0).receiver
    host = annotation.constant
    if host is a.NO_CONSTANT and operand.host is not a.NO_CONSTANT and operand.value is None:
        host = getattr(operand.host, "__self__", a.NO_CONSTANT)
    receiver = Operand(annotation, source.receiver, operand.value, host)
    return _call_rule(context, found, [receiver])
