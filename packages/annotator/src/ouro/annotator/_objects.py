"""Attributes, identity, classes and truth of instances, functions, classes and frozen constants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._calls import no_method, rewrite_as_call
from ouro.annotator._classes import GETTER, SETTER
from ouro.annotator._dispatch import find_handler, find_method, handler, raises
from ouro.annotator._equality import check_equality
from ouro.annotator._errors import Complaint
from ouro.annotator._join import description_set, join, without_none
from ouro.annotator.annotations import BOOL, FALSE, IMPOSSIBLE, NO_CONSTANT, NONE, STRING_NO_NUL, TRUE, Annotation
from ouro.annotator.descriptions import (
    AttributeFamily,
    ClassDescription,
    FrozenDescription,
    FunctionDescription,
)
from ouro.flowspace import Operation
from ouro.rlib.rarithmetic import MachineInteger

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine


def attribute_name(name: Annotation) -> str:
    """The constant name of an attribute operation."""
    if not isinstance(name, a.String) or name.constant is NO_CONSTANT:
        raise Complaint(
            "the name of an attribute must be a constant", "branch on the name, or specialize on the argument"
        )
    return str(name.constant)


# ---- None: reached with nothing but None so far; the block goes on when there is more

_STUCK = (
    "getattr setattr delattr getitem setitem delitem getslice setslice delslice simple_call call_args iter next len "
    "contains type type_of_raised unpack"
)


@handler(_STUCK, a.NoneValue)
def _none(engine: Engine, operation: Operation, value: Annotation, *rest: Annotation) -> Annotation:
    return IMPOSSIBLE


# ---- getattr, setattr


@handler("getattr", a.Instance)
def _getattr_instance(engine: Engine, operation: Operation, value: a.Instance, name: Annotation) -> Annotation:
    attribute = attribute_name(name)
    if attribute == "__class__":
        return a.TypeOf(value.class_description, (operation.args[0],))
    result = engine.descriptions.attributes.read(value, attribute)
    if type(result) is a.Property:
        method_name = engine.descriptions.attributes.accessor(value.class_description, attribute, GETTER)
        return rewrite_as_call(engine, operation, method_name, [])
    if result is IMPOSSIBLE:
        engine.unset_attributes.setdefault((value.class_description, attribute), engine.here())
    return result


@handler("setattr", a.Instance)
def _setattr_instance(
    engine: Engine, operation: Operation, value: a.Instance, name: Annotation, item: Annotation
) -> Annotation:
    attribute = attribute_name(name)
    attributes = engine.descriptions.attributes
    found = value.class_description.lookup(attribute)
    if found is not None and isinstance(found[1], property):
        method_name = attributes.accessor(value.class_description, attribute, SETTER)
        if found[1].fset is None:
            raise Complaint(f"property `{attribute}` of {found[0].name} cannot be assigned: it has no setter")
        return rewrite_as_call(engine, operation, method_name, [operation.args[2]])
    attributes.write(value, attribute, item)
    return NONE


@handler("delattr", Annotation)
def _delattr(engine: Engine, operation: Operation, value: Annotation, name: Annotation) -> Annotation:
    raise Complaint("attributes cannot be deleted", "assign None instead")


@handler("getattr", Annotation)
def _getattr_builtin(engine: Engine, operation: Operation, value: Annotation, name: Annotation) -> Annotation:
    attribute = attribute_name(name)
    if find_method(value, attribute) is None:
        raise no_method(value, attribute)
    return a.BuiltinMethod(value, attribute)


@handler("setattr", Annotation)
def _setattr_other(
    engine: Engine, operation: Operation, value: Annotation, name: Annotation, item: Annotation
) -> Annotation:
    if isinstance(value, a.DescriptionSet):
        raise Complaint(
            f"`{attribute_name(name)}` of {value.describe()} is assigned: classes and modules do not "
            "change in RPython",
            "keep such state in a prebuilt instance",
        )
    raise engine.unsupported(operation, (value, name, item))


@handler("getattr", a.Builtin)
def _getattr_host(engine: Engine, operation: Operation, value: a.Builtin, name: Annotation) -> Annotation:
    return engine.constant(getattr(value.constant, attribute_name(name)))


@handler("getattr", a.DescriptionSet)
def _getattr_descriptions(
    engine: Engine, operation: Operation, value: a.DescriptionSet, name: Annotation
) -> Annotation:
    attribute = attribute_name(name)
    kind = value.kind
    if kind is FunctionDescription:
        if attribute in ("__name__", "func_name"):
            single = value.single()
            return engine.constant(single.name) if single is not None else STRING_NO_NUL  # type: ignore[attr-defined]
        raise Complaint(f"functions have no attribute `{attribute}` in RPython")
    if kind not in (FrozenDescription, ClassDescription):
        raise Complaint(f"{value.describe()} has no attribute `{attribute}`")
    family = _unite_attribute_families(value)
    result: Annotation = IMPOSSIBLE
    for description in value.descriptions:
        result = engine.join(result, _prebuilt_attribute(engine, description, attribute))
    if len(value.descriptions) > 1:
        cell = family.attributes.get(attribute)
        if cell is None:
            cell = family.attributes[attribute] = engine.new_cell()
        engine.grow(cell, result, f"attribute `{attribute}`")
    return result


def _prebuilt_attribute(engine: Engine, description: Any, name: str) -> Annotation:
    if isinstance(description, ClassDescription):
        if name == "__name__":
            return engine.constant(description.name)
        host: Any = description.python_class
    else:
        host = description.value
    try:
        value = getattr(host, name)
    except AttributeError:
        raise Complaint(f"{description.describe()} has no attribute `{name}`") from None
    return engine.constant(value)


def _unite_attribute_families(value: a.DescriptionSet) -> AttributeFamily:
    family: AttributeFamily | None = None
    for description in value.descriptions:
        other = description.attribute_family.root()  # type: ignore[attr-defined]
        if family is None:
            family = other
        elif other is not family:
            family.descriptions.update(other.descriptions)
            for name, cell in other.attributes.items():
                family.attributes.setdefault(name, cell)
            other.forward = family
    assert family is not None
    return family


@handler("getattr", a.TypeOf)
def _getattr_type(engine: Engine, operation: Operation, value: a.TypeOf, name: Annotation) -> Annotation:
    attribute = attribute_name(name)
    if attribute == "__name__":
        return STRING_NO_NUL
    found = engine.descriptions.attributes.find(value.base, attribute)
    if not found.readonly or found.methods:
        raise Complaint(f"`{attribute}` of a class that is not known is no class constant", "read it from an instance")
    return engine.read(found.cell)


# ---- calls of operations by name


def _rewritten(opname: str, name: str) -> None:
    def rewrite(engine: Engine, operation: Operation, value: a.Instance, *rest: Annotation) -> Annotation:
        if value.class_description.lookup(name) is None:
            raise engine.unsupported(operation, (value, *rest))
        return rewrite_as_call(engine, operation, name, list(operation.args[1:]))

    handler(opname, a.Instance)(rewrite)


for _opname, _name in (
    ("getitem", "__getitem__"),
    ("setitem", "__setitem__"),
    ("delitem", "__delitem__"),
    ("contains", "__contains__"),
    ("iter", "__iter__"),
    ("next", "__next__"),
    ("len", "__len__"),
):
    _rewritten(_opname, _name)


# ---- truth


@handler("bool", a.Instance)
def _bool_instance(engine: Engine, operation: Operation, value: a.Instance) -> Annotation:
    for name in ("__bool__", "__len__"):
        if value.class_description.lookup(name) is not None:
            raise Complaint(
                f"the truth of {value} depends on its {name} method",
                f"call it by name, or write `is not None` where that is meant (class {value.class_description.name})",
            )
    return truth(operation, value)


@handler("bool", a.DescriptionSet)
@handler("bool", a.Registered)
@handler("bool", a.WeakReference)
@handler("bool", a.TypeOf)
def _bool_optional(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return truth(operation, value)


def truth(operation: Operation, value: Annotation) -> Annotation:
    """The truth of a value that is false only if it is None."""
    if not value.can_be_none:
        return TRUE
    subject = operation.args[0]
    return a.Bool(narrowings={True: {subject: without_none(value)}, False: {subject: NONE}})


@handler("bool", a.NoneValue)
def _bool_none(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return FALSE


@handler("bool", a.Builtin)
@handler("bool", a.BuiltinMethod)
def _bool_always(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return TRUE


@handler("not_", Annotation)
def _not(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return inverted(find_handler("bool", type(value))(engine, operation, value))


def inverted(value: Annotation) -> Annotation:
    """The opposite of a truth value, with its narrowings."""
    if value.constant is not NO_CONSTANT:
        return FALSE if value.constant else TRUE
    narrowings = value.narrowings  # type: ignore[attr-defined]
    if narrowings is None:
        return BOOL
    return a.Bool(narrowings={not outcome: known for outcome, known in narrowings.items()})


# ---- identity


@handler("is_", Annotation, Annotation)
def _is(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    if isinstance(left, a.NoneValue):
        return is_none(operation.args[1], right)
    if isinstance(right, a.NoneValue):
        return is_none(operation.args[0], left)
    if isinstance(left, a.Instance) and isinstance(right, a.Instance):
        return _same_instance(engine, operation, left, right)
    return BOOL


def is_none(subject: Any, value: Annotation) -> Annotation:
    """The outcome of `subject is None`."""
    if isinstance(value, a.NoneValue):
        return TRUE
    if isinstance(value, (a.Pointer, a.PointerMethod)):
        return BOOL
    if not value.can_be_none:
        return FALSE
    return a.Bool(narrowings={True: {subject: NONE}, False: {subject: without_none(value)}})


def _same_instance(engine: Engine, operation: Operation, left: a.Instance, right: a.Instance) -> Annotation:
    mine, other = left.class_description, right.class_description
    if left.optional or right.optional:
        return BOOL
    if mine.is_subclass(other):
        narrowed: Any = {operation.args[1]: a.Instance(mine)} if mine is not other else {}
    elif other.is_subclass(mine):
        narrowed = {operation.args[0]: a.Instance(other)}
    else:
        return FALSE
    return a.Bool(narrowings={True: narrowed}) if narrowed else BOOL


@handler("is_", a.DescriptionSet, a.DescriptionSet)
def _is_descriptions(
    engine: Engine, operation: Operation, left: a.DescriptionSet, right: a.DescriptionSet
) -> Annotation:
    common = [one for one in left.descriptions if one in right.descriptions]
    nullable = left.optional and right.optional
    if not common and not nullable:
        return FALSE
    if left.constant is not NO_CONSTANT and left.constant is right.constant:
        return TRUE
    if isinstance(left.single(), FrozenDescription) and left.single() is right.single():
        return BOOL if left.optional or right.optional else TRUE
    narrowings: dict[bool, dict[Any, Annotation]] = {}
    if common and not nullable:
        both = description_set(dict.fromkeys(common))
        narrowings[True] = {operation.args[0]: both, operation.args[1]: both}
    for subject, mine, other in ((0, left, right), (1, right, left)):
        if other.constant is not NO_CONSTANT:
            rest = {one: None for one in mine.descriptions if one not in other.descriptions}
            if rest:
                narrowings.setdefault(False, {})[operation.args[subject]] = description_set(rest, mine.optional)
            elif mine.optional:
                narrowings.setdefault(False, {})[operation.args[subject]] = NONE
    return a.Bool(narrowings=narrowings) if narrowings else BOOL


@handler("is_", a.TypeOf, a.DescriptionSet)
@handler("eq", a.TypeOf, a.DescriptionSet)
def _is_type(engine: Engine, operation: Operation, left: a.TypeOf, right: a.DescriptionSet) -> Annotation:
    single = right.single()
    if right.kind is not ClassDescription:
        return FALSE
    if single is None:
        return BOOL
    assert isinstance(single, ClassDescription)
    if not single.is_subclass(left.base):
        return FALSE
    known: dict[Any, Annotation] = {variable: a.Instance(single) for variable in left.variables}
    return a.Bool(narrowings={True: known}) if known else BOOL


@handler("is_", a.DescriptionSet, a.TypeOf)
@handler("eq", a.DescriptionSet, a.TypeOf)
def _is_type_swapped(engine: Engine, operation: Operation, left: a.DescriptionSet, right: a.TypeOf) -> Annotation:
    return _is_type(engine, operation, right, left)


@handler("ne", a.TypeOf, a.DescriptionSet)
def _is_not_type(engine: Engine, operation: Operation, left: a.TypeOf, right: a.DescriptionSet) -> Annotation:
    return inverted(_is_type(engine, operation, left, right))


@handler("eq", Annotation, Annotation)
def _eq(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    if isinstance(left, a.NoneValue) or isinstance(right, a.NoneValue):
        return _is(engine, operation, left, right)
    join(engine, left, right)  # complains where the two can never be equal
    check_equality(engine, left, right)
    return find_handler("is_", (type(left), type(right)))(engine, operation, left, right)


@handler("ne", Annotation, Annotation)
def _ne(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return inverted(_eq(engine, operation, left, right))


# ---- type and isinstance


@handler("type", a.Instance)
def _type(engine: Engine, operation: Operation, value: a.Instance) -> Annotation:
    return a.TypeOf(value.class_description, (operation.args[0],))


@handler("type_of_raised", a.Instance)
def _type_of_raised(engine: Engine, operation: Operation, value: a.Instance) -> Annotation:
    if not value.class_description.is_exception:
        raise engine.unsupported(operation, (value,))
    return _type(engine, operation, value)


_HOST_TYPES: dict[type, Any] = {
    bool: a.Bool,
    float: a.Float,
    str: a.String,
    bytes: a.Bytes,
    bytearray: a.ByteArray,
    list: a.List,
    dict: a.Dict,
    set: a.Set,
    tuple: a.Tuple,
    type(None): a.NoneValue,
}


@handler("isinstance", Annotation)
def _isinstance(engine: Engine, operation: Operation, value: Annotation, classes: Annotation) -> Annotation:
    if isinstance(classes, a.TypeOf):
        return BOOL
    if isinstance(classes, a.DescriptionSet) and classes.constant is NO_CONSTANT:
        return BOOL
    if classes.constant is NO_CONSTANT:
        raise Complaint(f"the second argument of isinstance() must be a class, not {classes}")
    subject = operation.args[0]
    result: Annotation = FALSE
    wanted = classes.constant if isinstance(classes.constant, tuple) else (classes.constant,)
    for python_class in wanted:
        one = _isinstance_one(engine, subject, value, python_class)
        if one is TRUE:
            return TRUE
        if result is FALSE:
            result = one
        elif one is not FALSE:
            result = _either(engine, subject, result, one)
    return result


def _either(engine: Engine, subject: Any, first: Any, second: Any) -> Annotation:
    """The truth of `first or second`: what the outcome True says is covered by either."""
    known = [test.narrowings[True].get(subject) for test in (first, second) if test.narrowings]
    if len(known) == 2 and None not in known:
        return a.Bool(narrowings={True: {subject: engine.join(known[0], known[1])}})
    return BOOL


def _isinstance_one(engine: Engine, subject: Any, value: Annotation, python_class: Any) -> Annotation:
    if not isinstance(python_class, type):
        raise Complaint(f"{python_class!r} is not a class")
    if isinstance(value, a.Instance):
        return _isinstance_class(engine, subject, value, python_class)
    if isinstance(value, a.Integer):
        if python_class is int:
            fits = value.kind in (int, bool)
        else:
            fits = issubclass(value.kind, python_class)
        return TRUE if fits or (python_class is int and issubclass(value.kind, MachineInteger)) else FALSE
    kind = _HOST_TYPES.get(python_class)
    if kind is None or not isinstance(value, kind):
        return FALSE
    if value.can_be_none and kind is not a.NoneValue:
        return a.Bool(narrowings={True: {subject: without_none(value)}, False: {subject: NONE}})
    return TRUE


def _isinstance_class(engine: Engine, subject: Any, value: a.Instance, python_class: type) -> Annotation:
    if python_class is object:
        return TRUE if not value.optional else truth_of(subject, value)
    if python_class in _HOST_TYPES or issubclass(python_class, int):
        return FALSE
    mine = value.class_description
    wanted = engine.descriptions.of_class(python_class)
    if mine.is_subclass(wanted):
        if not value.optional:
            return TRUE
        return truth_of(subject, value)
    if wanted.is_subclass(mine):
        return a.Bool(narrowings={True: {subject: a.Instance(wanted, False, value.flags)}})
    return FALSE


def truth_of(subject: Any, value: Annotation) -> Annotation:
    """The outcome of a test that is False for None only."""
    return a.Bool(narrowings={True: {subject: without_none(value)}, False: {subject: NONE}})


@handler("same_as")
def _same_as(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return value


# Operations that run the author's code are rewritten as calls; what is left of these cannot raise.
raises("getattr setattr len iter contains format_value", Annotation)
raises("format_value", a.Float, OverflowError, ValueError)
raises("next", Annotation, StopIteration)
