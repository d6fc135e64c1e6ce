"""The join of two annotations, and the uniting of container definitions that follows from it.

One table, `JOINS`: a row for each pair of annotation classes that fit. A row returns its first operand
itself when
the second adds nothing. Rows are looked up in both orders and along the base classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ouro.annotator import annotations as a
from ouro.annotator._errors import Complaint
from ouro.annotator.annotations import NO_CONSTANT, Annotation
from ouro.annotator.containers import Cell, DictDefinition, ListDefinition, SetDefinition
from ouro.annotator.descriptions import ClassDescription, FrozenDescription, FunctionDescription, MethodDescription

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine

JoinRow = Callable[["Engine", Any, Any], Annotation]


class JoinError(Exception):
    """Two annotations without a join. `reason` explains, `suggestion` says what to do instead."""

    def __init__(self, left: Annotation, right: Annotation, reason: str = "", suggestion: str = "") -> None:
        super().__init__(f"{left} and {right}: {reason}")
        self.left = left
        self.right = right
        self.reason = reason
        self.suggestion = suggestion


JOINS: dict[tuple[type, type], JoinRow] = {}
_resolved: dict[tuple[type, type], JoinRow] = {}


def row(left: type, right: type) -> Callable[[JoinRow], JoinRow]:
    """Register a row of `JOINS`."""

    def register(function: JoinRow) -> JoinRow:
        JOINS[left, right] = function
        return function

    return register


def join(engine: Engine, left: Annotation, right: Annotation) -> Annotation:
    """The least annotation that covers both; `left` itself when `right` adds nothing. Raises JoinError."""
    if left is right or type(right) is a.Impossible:
        return left
    if type(left) is a.Impossible:
        return right
    key = (type(left), type(right))
    function = _resolved.get(key)
    if function is None:
        function = _resolved[key] = _resolve(key)
    return function(engine, left, right)


def _resolve(key: tuple[type, type]) -> JoinRow:
    for left in key[0].__mro__[:-1]:
        for right in key[1].__mro__[:-1]:
            found = JOINS.get((left, right))
            if found is not None:
                return found
            found = JOINS.get((right, left))
            if found is not None:
                return _swapped(found)
    return _no_join


def _swapped(function: JoinRow) -> JoinRow:
    # Rows of two different classes always answer with the first one, so never with what is `left` here.
    def swapped(engine: Engine, left: Annotation, right: Annotation) -> Annotation:
        return function(engine, right, left)

    return swapped


def _no_join(engine: Engine, left: Annotation, right: Annotation) -> Annotation:
    raise JoinError(left, right)


def equal_constants(left: Any, right: Any) -> bool:
    """Whether two constants are one value: the same object, or equal values of one immutable built-in type."""
    if left is right:
        return True
    kind = type(left)
    if kind is not type(right) or kind not in _COMPARABLE:
        return False
    if kind is float:
        return bool(repr(left) == repr(right))  # tells -0.0 from 0.0, and a nan from another value
    return bool(left == right)


_COMPARABLE = {int, bool, float, str, bytes}


def _common_constant(left: Annotation, right: Annotation) -> Any:
    constant = left.constant
    if constant is NO_CONSTANT or right.constant is NO_CONSTANT:
        return NO_CONSTANT
    return constant if equal_constants(constant, right.constant) else NO_CONSTANT


# ---- None

NULLABLE = (
    a.String, a.Bytes, a.ByteArray, a.List, a.Dict, a.Set, a.Instance, a.DescriptionSet, a.Registered,
    a.WeakReference, a.TypeOf, a.Tuple,
)  # fmt: skip
"""The annotations that have None as a value when `optional` is set."""


@row(a.NoneValue, a.NoneValue)
def _none_none(engine: Engine, left: Annotation, right: Annotation) -> Annotation:
    return left


def with_none(annotation: Annotation) -> Annotation:
    """The annotation plus None."""
    if annotation.can_be_none:
        return annotation
    if type(annotation) is a.Char:
        return a.String(True, annotation.no_nul)
    if isinstance(annotation, NULLABLE) and annotation is not a.EMPTY_TUPLE:
        return copy_with(annotation, optional=True, constant=NO_CONSTANT)  # type: ignore[no-any-return]
    if isinstance(annotation, a.Pointer):
        return a.Pointer(annotation.type)
    raise JoinError(
        annotation, a.NONE, "None cannot be stored where this type is", "use a separate flag, or a special value"
    )


def without_none(annotation: Annotation) -> Annotation:
    """The annotation minus None."""
    if type(annotation) is a.NoneValue:
        return a.IMPOSSIBLE
    if not annotation.can_be_none:
        return annotation
    if type(annotation) is a.DescriptionSet:
        return description_set(annotation.descriptions, False)
    return copy_with(annotation, optional=False)  # type: ignore[no-any-return]


def copy_with(annotation: Annotation, **changes: Any) -> Any:
    """A copy of an annotation with some fields changed; cheaper than `attrs.evolve`."""
    cls = type(annotation)
    new = cls.__new__(cls)
    for name in _fields_of(cls):
        setattr(new, name, changes[name] if name in changes else getattr(annotation, name))
    return new


_field_names: dict[type, tuple[str, ...]] = {}


def _fields_of(cls: type) -> tuple[str, ...]:
    names = _field_names.get(cls)
    if names is None:
        names = _field_names[cls] = tuple(attribute.name for attribute in cls.__attrs_attrs__)  # type: ignore[attr-defined]
    return names


for _nullable in (*NULLABLE, a.Pointer):

    @row(_nullable, a.NoneValue)
    def _nullable_none(engine: Engine, left: Annotation, right: Annotation) -> Annotation:
        return with_none(left)


del _nullable


# ---- numbers


def rank_of(kind: type) -> int:
    """The order of integer types in mixed operations: the rank of `rlib.rarithmetic`, plain `int` as `r_int`."""
    if kind is bool:
        return 0
    if kind is int:
        return 6
    return int(getattr(kind, "RANK", 0))


def is_unsigned(kind: type) -> bool:
    """Whether an integer type has no negative values."""
    return kind is not int and kind is not bool and not getattr(kind, "SIGNED", True)


@row(a.Integer, a.Integer)
def _integer_integer(engine: Engine, left: a.Integer, right: a.Integer) -> Annotation:
    if left.kind is not right.kind:
        return _mixed_integers(left, right)
    nonneg = left.nonneg and right.nonneg
    constant = _common_constant(left, right)
    if nonneg is left.nonneg and constant is left.constant:
        return left
    if constant is NO_CONSTANT and left.kind is int:
        return a.NONNEG_INTEGER if nonneg else a.INTEGER
    return a.Integer(left.kind, nonneg, constant=constant)


def _mixed_integers(left: a.Integer, right: a.Integer) -> Annotation:
    if left.kind is bool or right.kind is bool:
        number = right if left.kind is bool else left
        nonneg = number.nonneg
        if number is left and left.constant is NO_CONSTANT:
            return left
        return a.Integer(number.kind, nonneg)
    if rank_of(left.kind) < rank_of(right.kind):
        smaller, kind = left, right.kind
    else:
        smaller, kind = right, left.kind
    if is_unsigned(kind) != is_unsigned(smaller.kind) and not smaller.nonneg:
        raise JoinError(
            left,
            right,
            "a signed and an unsigned integer have no common type",
            "convert one of them: r_uint(x) or intmask(x)",
        )
    if kind is left.kind and left.constant is NO_CONSTANT and left.nonneg <= right.nonneg:
        return left
    return a.Integer(kind, left.nonneg and right.nonneg)


@row(a.Bool, a.Bool)
def _bool_bool(engine: Engine, left: a.Bool, right: a.Bool) -> Annotation:
    constant = left.constant if left.constant is right.constant else NO_CONSTANT
    narrowings = left.narrowings
    if narrowings is not None:
        narrowings = _join_narrowings(engine, narrowings, right)
    if constant is left.constant and narrowings is left.narrowings:
        return left
    if narrowings is None:
        return a.BOOL if constant is NO_CONSTANT else (a.TRUE if constant else a.FALSE)
    return a.Bool(narrowings=narrowings, constant=constant)


def _join_narrowings(engine: Engine, narrowings: a.Narrowings, right: a.Bool) -> Any:
    """What both sides say. A side that is always False says anything about the outcome True."""
    other = right.narrowings
    result: a.Narrowings = {}
    grown = False
    for outcome, known in narrowings.items():
        if right.constant is not NO_CONSTANT and bool(right.constant) is not outcome:
            result[outcome] = known
            continue
        theirs = other.get(outcome) if other is not None else None
        if theirs is None:
            grown = True
            continue
        kept = {}
        for variable, annotation in known.items():
            if variable not in theirs:
                grown = True
                continue
            try:
                joined = join(engine, annotation, theirs[variable])
            except JoinError:
                grown = True
                continue
            if joined is not annotation:
                grown = True
            kept[variable] = joined
        if kept:
            result[outcome] = kept
    if not grown:
        return narrowings
    return result or None


@row(a.Float, a.Float)
def _float_float(engine: Engine, left: Annotation, right: Annotation) -> Annotation:
    if left.constant is NO_CONSTANT:
        return left
    return left if _common_constant(left, right) is not NO_CONSTANT else a.FLOAT


@row(a.Float, a.Integer)
def _float_integer(engine: Engine, left: Annotation, right: a.Integer) -> Annotation:
    return a.FLOAT if left.constant is not NO_CONSTANT else left


@row(a.SingleFloat, a.SingleFloat)
def _single_single(engine: Engine, left: Annotation, right: Annotation) -> Annotation:
    if left.constant is NO_CONSTANT or equal_constants(left.constant, right.constant):
        return left
    return a.SINGLE_FLOAT


# ---- strings


@row(a.Char, a.Char)
def _char_char(engine: Engine, left: a.Char, right: a.Char) -> Annotation:
    constant = _common_constant(left, right)
    no_nul = left.no_nul and right.no_nul
    if constant is left.constant and no_nul is left.no_nul:
        return left
    return a.CHAR_NO_NUL if no_nul else a.CHAR


@row(a.String, a.String)
def _string_string(engine: Engine, left: a.String, right: a.String) -> Annotation:
    constant = _common_constant(left, right)
    no_nul = left.no_nul and right.no_nul
    optional = left.optional or right.optional
    if (
        type(left) is a.String
        and constant is left.constant
        and no_nul is left.no_nul
        and optional is left.optional
    ):
        return left
    if not optional and constant is NO_CONSTANT:
        return a.STRING_NO_NUL if no_nul else a.STRING
    return a.String(optional, no_nul, constant=constant)


@row(a.Bytes, a.Bytes)
def _bytes_bytes(engine: Engine, left: a.Bytes, right: a.Bytes) -> Annotation:
    constant = _common_constant(left, right)
    no_nul = left.no_nul and right.no_nul
    optional = left.optional or right.optional
    if constant is left.constant and no_nul is left.no_nul and optional is left.optional:
        return left
    return a.Bytes(optional, no_nul, constant=constant)


def _refuse_text_with_bytes(engine: Engine, left: Annotation, right: Annotation) -> Annotation:
    raise JoinError(
        left,
        right,
        "str and bytes are different types",
        "convert with .encode('latin-1') or .decode('latin-1'), which cost nothing",
    )


JOINS[a.String, a.Bytes] = _refuse_text_with_bytes


@row(a.ByteArray, a.ByteArray)
def _bytearray_bytearray(engine: Engine, left: a.ByteArray, right: a.ByteArray) -> Annotation:
    constant = left.constant if left.constant is right.constant else NO_CONSTANT
    optional = left.optional or right.optional
    if constant is left.constant and optional is left.optional:
        return left
    return a.ByteArray(optional, constant=constant)


# ---- containers


@row(a.Tuple, a.Tuple)
def _tuple_tuple(engine: Engine, left: a.Tuple, right: a.Tuple) -> Annotation:
    if len(left.items) != len(right.items):
        raise JoinError(
            left,
            right,
            f"tuples of length {len(left.items)} and {len(right.items)}",
            "use a list, or tuples of one length",
        )
    optional = left.optional or right.optional
    changed = optional is not left.optional
    items = []
    for mine, other in zip(left.items, right.items):
        joined = join(engine, mine, other)
        if joined is not mine:
            changed = True
        items.append(joined)
    constant = left.constant
    if constant is not NO_CONSTANT and constant is not right.constant:
        constant = tuple_constant(items)
        if constant is NO_CONSTANT:
            changed = True
        else:
            constant = left.constant
    if optional:
        constant = NO_CONSTANT
    return a.Tuple(tuple(items), optional, constant=constant) if changed else left


def tuple_constant(items: Any) -> Any:
    """The constant tuple that a tuple of constant items is."""
    values = []
    for item in items:
        if item.constant is NO_CONSTANT:
            return NO_CONSTANT
        values.append(item.constant)
    return tuple(values)


def _join_containers(engine: Engine, left: Any, right: Any, unite: Callable[..., None]) -> Annotation:
    unite(engine, left.definition, right.definition)
    constant = left.constant if left.constant is right.constant else NO_CONSTANT
    optional = left.optional or right.optional
    if constant is left.constant and optional is left.optional:
        return left  # type: ignore[no-any-return]
    return type(left)(left.definition.root(), optional, constant=constant)  # type: ignore[no-any-return]


@row(a.List, a.List)
def _list_list(engine: Engine, left: a.List, right: a.List) -> Annotation:
    return _join_containers(engine, left, right, unite_lists)


@row(a.Dict, a.Dict)
def _dict_dict(engine: Engine, left: a.Dict, right: a.Dict) -> Annotation:
    mine, other = left.definition.root(), right.definition.root()
    if mine.is_custom != other.is_custom:
        raise JoinError(left, right, "a dict and an r_dict are different types", "use r_dict in both places")
    return _join_containers(engine, left, right, unite_dicts)


@row(a.Set, a.Set)
def _set_set(engine: Engine, left: a.Set, right: a.Set) -> Annotation:
    return _join_containers(engine, left, right, unite_sets)


def unite_cells(engine: Engine, left: Cell, right: Cell) -> None:
    """Make two cells one; what read either sees their joined annotation."""
    left, right = left.root(), right.root()
    if left is right:
        return
    before, other = left.annotation, right.annotation
    right.forward = left  # first, so that a container that contains itself ends the recursion
    if left.origin is None:
        left.origin = right.origin
    joined = join(engine, before, other)
    left = left.root()
    if left.annotation is not before:
        joined = join(engine, left.annotation, joined)
    left.annotation = joined
    if isinstance(joined, _CONTAINERS):
        check_nesting(left)
    if joined is not before:
        engine.reflow(left.readers)
    if joined is not other:
        engine.reflow(right.readers)
    for block, index in right.readers.items():
        left.readers[block] = min(index, left.readers.get(block, index))


_CONTAINERS = (a.List, a.Dict, a.Set, a.Tuple)


def check_nesting(cell: Cell) -> None:
    """Complain if a container holds itself: its type would have no end. Instances in between give it one."""
    stack = [cell.annotation]
    seen: set[Cell] = set()
    while stack:
        annotation = stack.pop()
        if isinstance(annotation, a.Tuple):
            stack.extend(item for item in annotation.items if isinstance(item, _CONTAINERS))
        elif isinstance(annotation, (a.List, a.Dict, a.Set)):
            if isinstance(annotation, a.Dict):
                entry = annotation.definition.root()
                inside = [entry.key, entry.value]
            else:
                inside = [annotation.definition.root().item]
            for held in inside:
                held = held.root()
                if held is cell:
                    cell.annotation = a.IMPOSSIBLE  # no message can show a type without an end
                    kind = annotation.describe().partition(" ")[0]
                    raise Complaint(
                        f"a {kind} holds containers of its own kind: their type would have no end",
                        "put an instance in between: a class with an attribute for the inner container",
                    )
                if held not in seen:
                    seen.add(held)
                    stack.append(held.annotation)


def unite_lists(engine: Engine, left: ListDefinition, right: ListDefinition) -> None:
    """Make two list definitions one."""
    left, right = left.root(), right.root()
    if left is right:
        return
    right.forward = left
    if left.range_step != right.range_step:
        both = left.range_step is not None and right.range_step is not None
        engine.set_range_step(left, 0 if both else None)
    left.hinted = left.hinted or right.hinted
    left.origin = left.origin or right.origin
    left.must_not_resize = left.must_not_resize or right.must_not_resize
    left.must_not_mutate = left.must_not_mutate or right.must_not_mutate
    left.resized_from = left.resized_from or right.resized_from
    left.mutated = left.mutated or right.mutated
    left.slice_assigned = left.slice_assigned or right.slice_assigned
    left.resized = left.resized or right.resized
    engine.check_list(left)
    unite_cells(engine, left.item, right.item)


def unite_dicts(engine: Engine, left: DictDefinition, right: DictDefinition) -> None:
    """Make two dict definitions of one kind one."""
    left, right = left.root(), right.root()
    if left is right:
        return
    right.forward = left
    left.force_non_null = left.force_non_null or right.force_non_null
    left.simple_hash_eq = left.simple_hash_eq and right.simple_hash_eq
    left.origin = left.origin or right.origin
    unite_cells(engine, left.key, right.key)
    unite_cells(engine, left.value, right.value)
    if left.equality is not None and right.equality is not None:
        unite_cells(engine, left.equality, right.equality)
    if left.hashing is not None and right.hashing is not None:
        unite_cells(engine, left.hashing, right.hashing)


def unite_sets(engine: Engine, left: SetDefinition, right: SetDefinition) -> None:
    """Make two set definitions one."""
    left, right = left.root(), right.root()
    if left is right:
        return
    right.forward = left
    left.origin = left.origin or right.origin
    unite_cells(engine, left.item, right.item)


@row(a.Iterator, a.Iterator)
@row(a.View, a.View)
def _iterator_iterator(engine: Engine, left: Any, right: Any) -> Annotation:
    if left.variant != right.variant or type(left.container) is not type(right.container):
        raise JoinError(left, right, "iterators over different kinds of containers")
    container = join(engine, left.container, right.container)
    result: Annotation = left if container is left.container else type(left)(container, left.variant)
    return result


# ---- instances and descriptions


@row(a.Instance, a.Instance)
def _instance_instance(engine: Engine, left: a.Instance, right: a.Instance) -> Annotation:
    mine, other = left.class_description, right.class_description
    if mine is other or mine in other.ancestors:
        base = mine
    else:
        found = mine.common_base(other)
        if found is None:
            raise JoinError(
                left, right, "the classes have no base class in common", "give them a common base class"
            )
        base = found
    optional = left.optional or right.optional
    constant = left.constant if left.constant is right.constant else NO_CONSTANT
    flags = left.flags if left.flags == right.flags else None
    if base is mine and optional is left.optional and constant is left.constant and flags is left.flags:
        return left
    return a.Instance(base, optional, flags, constant=constant)


@row(a.DescriptionSet, a.DescriptionSet)
def _descriptions_descriptions(engine: Engine, left: a.DescriptionSet, right: a.DescriptionSet) -> Annotation:
    mine = left.descriptions
    optional = left.optional or right.optional
    for description in right.descriptions:
        if description not in mine:
            break
    else:
        return left if optional is left.optional else description_set(mine, optional)
    if left.kind is not right.kind:
        raise JoinError(left, right, "functions, classes, methods and constants are different kinds of value")
    if left.kind is MethodDescription:
        check_method_names(left, right)
    return description_set({**mine, **right.descriptions}, optional)


def check_method_names(left: a.DescriptionSet, right: a.DescriptionSet) -> None:
    """Complain about bound methods of two names: a bound method is kept as its instance, and found by its name."""
    one: Any = next(iter(left.descriptions))
    other: Any = next(iter(right.descriptions))
    if one.name != other.name:
        raise JoinError(
            left,
            right,
            f"bound methods of one name go together, not `{one.name}` and `{other.name}`",
            "call each by its name, or make classes that have one method of the same name",
        )


def description_set(descriptions: Any, optional: bool = False) -> a.DescriptionSet:
    """The annotation of a set of descriptions, constant where there is one object."""
    constant = NO_CONSTANT
    if len(descriptions) == 1 and not optional:
        description = next(iter(descriptions))
        constant = getattr(description, CONSTANT_FIELD.get(type(description), ""), NO_CONSTANT)
    return a.DescriptionSet(descriptions, optional, constant=constant)


CONSTANT_FIELD: dict[type, str] = {
    FunctionDescription: "function",
    ClassDescription: "python_class",
    FrozenDescription: "value",
}
"""Kind of description -> the field that holds the host object it stands for."""


@row(a.TypeOf, a.TypeOf)
def _type_type(engine: Engine, left: a.TypeOf, right: a.TypeOf) -> Annotation:
    base = left.base.common_base(right.base)
    if base is None:
        raise JoinError(left, right, "the classes have no base class in common")
    variables = tuple(variable for variable in left.variables if variable in right.variables)
    optional = left.optional or right.optional
    if base is left.base and len(variables) == len(left.variables) and optional is left.optional:
        return left
    return a.TypeOf(base, variables, optional=optional)


@row(a.TypeOf, a.DescriptionSet)
def _type_descriptions(engine: Engine, left: a.TypeOf, right: a.DescriptionSet) -> Annotation:
    if right.kind is not ClassDescription:
        raise JoinError(left, right)
    base: Any = left.base
    for description in right.descriptions:
        base = base.common_base(description)
        if base is None:
            raise JoinError(left, right, "the classes have no base class in common")
    optional = left.optional or right.optional
    if base is left.base and not left.variables and optional is left.optional:
        return left
    return a.TypeOf(base, optional=optional)


@row(a.Builtin, a.Builtin)
def _builtin_builtin(engine: Engine, left: a.Builtin, right: a.Builtin) -> Annotation:
    if left.constant is right.constant:
        return left
    raise JoinError(
        left, right, "two built-in functions in one variable", "wrap each in a function of your own"
    )


@row(a.BuiltinMethod, a.BuiltinMethod)
def _builtin_methods(engine: Engine, left: a.BuiltinMethod, right: a.BuiltinMethod) -> Annotation:
    if left.name != right.name:
        raise JoinError(left, right, "two methods of built-in types in one variable", "branch around the calls")
    receiver = join(engine, left.receiver, right.receiver)
    return left if receiver is left.receiver else a.BuiltinMethod(receiver, left.name)


# ---- low level


@row(a.Pointer, a.Pointer)
def _pointer_pointer(engine: Engine, left: a.Pointer, right: a.Pointer) -> Annotation:
    if left.type is not right.type and left.type != right.type:
        raise JoinError(left, right, "pointers to different types", "use cast_pointer")
    if left.constant is NO_CONSTANT or left.constant is right.constant:
        return left
    return a.Pointer(left.type)


@row(a.Address, a.Address)
def _address_address(engine: Engine, left: Annotation, right: Annotation) -> Annotation:
    return left if left.constant is NO_CONSTANT or left.constant is right.constant else a.ADDRESS


@row(a.TypedAddressAccess, a.TypedAddressAccess)
@row(a.PointerMethod, a.PointerMethod)
def _same_type(engine: Engine, left: Any, right: Any) -> Annotation:
    if left.type == right.type:
        return left  # type: ignore[no-any-return]
    raise JoinError(left, right)


@row(a.LowLevelType, a.LowLevelType)
def _types(engine: Engine, left: Annotation, right: Annotation) -> Annotation:
    if left.constant is right.constant or left.constant == right.constant:
        return left
    raise JoinError(left, right, "a low-level type must be known", "specialize the function on this argument")


@row(a.WeakReference, a.WeakReference)
def _weak_weak(engine: Engine, left: a.WeakReference, right: a.WeakReference) -> Annotation:
    mine, other = left.class_description, right.class_description
    optional = left.optional or right.optional
    base = mine if other is None else other if mine is None else mine.common_base(other)
    if base is None and mine is not None:
        raise JoinError(left, right, "the classes have no base class in common")
    constant = left.constant if left.constant is right.constant else NO_CONSTANT
    if base is mine and optional is left.optional and constant is left.constant:
        return left
    return a.WeakReference(base, optional, constant=constant)


@row(a.Registered, a.Registered)
def _registered_registered(engine: Engine, left: a.Registered, right: a.Registered) -> Annotation:
    if left.name != right.name:
        raise JoinError(left, right)
    optional = left.optional or right.optional
    constant = left.constant if left.constant is right.constant else NO_CONSTANT
    if optional is left.optional and constant is left.constant:
        return left
    return a.Registered(left.name, optional, constant=constant)
