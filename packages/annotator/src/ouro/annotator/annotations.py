"""The lattice: what the annotator can know about a value.

An annotation says which values a variable may hold, from `IMPOSSIBLE` (no value has been seen yet) upwards.
`ouro.annotator.join` computes the least annotation that covers two others; a pair without one is an error
of the program.

Annotations never change once made (they are not declared frozen only because frozen attrs classes take
three times as long to construct, and this stage constructs millions). What *does* change while the analysis
learns more are the things annotations refer to: list, dict and set definitions (`ouro.annotator.containers`)
and class descriptions (`ouro.annotator.descriptions`).

Two conventions keep joins cheap: `join(a, b)` returns `a` itself when `b` adds nothing, so "did it grow" is
an identity test; and there is one instance of each annotation without parameters (`INTEGER`, `FLOAT`, ...).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from attrs import define, field

if TYPE_CHECKING:
    from ouro.annotator.containers import DictDefinition, ListDefinition, SetDefinition
    from ouro.annotator.descriptions import ClassDescription, Description


_SHOWN_CONSTANTS = (int, bool, float, str, bytes)


class _NoConstant:
    """The type of `NO_CONSTANT`, with a readable repr."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NO_CONSTANT"


NO_CONSTANT: Any = _NoConstant()


@define(eq=False)
class Annotation:
    """Base of the lattice.

    `constant` is the only value there can be, or `NO_CONSTANT`. Test it with `is`: any value, `None` and
    objects with a strange `__eq__` included, may be a constant.
    """

    constant: Any = field(default=NO_CONSTANT, kw_only=True)

    @property
    def is_constant(self) -> bool:
        return self.constant is not NO_CONSTANT

    @property
    def can_be_none(self) -> bool:
        return getattr(self, "optional", False)

    def __str__(self) -> str:
        if type(self.constant) in _SHOWN_CONSTANTS:
            text = repr(self.constant)
            if len(text) <= 60:
                return f"{self.describe()} (always {text})"
        return self.describe()

    def describe(self) -> str:
        """In the words of error messages: `int`, `list of str`, `Point or None`."""
        return type(self).__name__


@define(eq=False)
class Impossible(Annotation):
    """No value: code that has not been reached yet, or never returns, or the item of an always empty list."""

    def describe(self) -> str:
        return "no value"


@define(eq=False)
class NoneValue(Annotation):
    """Always `None`."""

    def describe(self) -> str:
        return "None"

    def __str__(self) -> str:
        return "None"

    @property
    def can_be_none(self) -> bool:
        return True


@define(eq=False)
class SingleFloat(Annotation):
    """`r_singlefloat`: storage only, arithmetic converts to float first."""

    def describe(self) -> str:
        return "r_singlefloat"


@define(eq=False)
class Float(Annotation):
    """A C double."""

    def describe(self) -> str:
        return "float"


@define(eq=False)
class Integer(Annotation):
    """An integer of one machine type.

    `kind` is the host class: `int` for a signed machine word, or one of the classes of `rlib.rarithmetic`
    (`r_uint`, `r_longlong`, ...). `nonneg` says that a signed value is known not to be negative.
    """

    kind: type = int
    nonneg: bool = False

    def describe(self) -> str:
        if self.kind is int:
            return "non-negative int" if self.nonneg else "int"
        return self.kind.__name__


Narrowings = dict[bool, dict[Any, Annotation]]
"""For each outcome of a test, what it says about variables of the same block."""


@define(eq=False)
class Bool(Integer):
    """A truth value. `narrowings` says what either outcome tells about variables of the same block."""

    kind: type = bool
    nonneg: bool = True
    narrowings: Narrowings | None = None

    def describe(self) -> str:
        return "bool"


@define(eq=False)
class String(Annotation):
    """A `str` of 8-bit characters. `no_nul`: contains no NUL character, fit to be passed to the system."""

    optional: bool = False
    no_nul: bool = False

    def describe(self) -> str:
        return "str or None" if self.optional else "str"


@define(eq=False)
class Char(String):
    """A `str` of length one; never None."""

    def describe(self) -> str:
        return "str of length 1"


@define(eq=False)
class Bytes(Annotation):
    """`bytes`: the same storage as `str`, another type on the host; items are ints."""

    optional: bool = False
    no_nul: bool = False

    def describe(self) -> str:
        return "bytes or None" if self.optional else "bytes"


@define(eq=False)
class ByteArray(Annotation):
    """A mutable `bytearray`."""

    optional: bool = False

    def describe(self) -> str:
        return "bytearray or None" if self.optional else "bytearray"


@define(eq=False)
class Tuple(Annotation):
    """A tuple: fixed length, each item with its own annotation. The empty tuple cannot be None."""

    items: tuple[Annotation, ...] = ()
    optional: bool = False

    def describe(self) -> str:
        name = "tuple (" + ", ".join(item.describe() for item in self.items) + ")"
        return name + " or None" if self.optional else name


@define(eq=False)
class List(Annotation):
    """A list; everything else about it is in its (shared, growing) definition."""

    definition: ListDefinition = field()
    optional: bool = False

    @property
    def item(self) -> Annotation:
        return self.definition.root().item.root().annotation

    def describe(self) -> str:
        root = self.definition.root()
        name = "range" if root.range_step is not None else f"list of {_describe_inside(root, root.item)}"
        return name + " or None" if self.optional else name


@define(eq=False)
class Dict(Annotation):
    """A dict, or an `r_dict` when the definition has a custom equality."""

    definition: DictDefinition = field()
    optional: bool = False

    @property
    def key(self) -> Annotation:
        return self.definition.root().key.root().annotation

    @property
    def value(self) -> Annotation:
        return self.definition.root().value.root().annotation

    def describe(self) -> str:
        root = self.definition.root()
        name = f"dict from {_describe_inside(root, root.key)} to {_describe_inside(root, root.value)}"
        return name + " or None" if self.optional else name


@define(eq=False)
class Set(Annotation):
    """A set (or frozenset) of one kind of item."""

    definition: SetDefinition = field()
    optional: bool = False

    @property
    def item(self) -> Annotation:
        return self.definition.root().item.root().annotation

    def describe(self) -> str:
        root = self.definition.root()
        name = f"set of {_describe_inside(root, root.item)}"
        return name + " or None" if self.optional else name


@define(eq=False)
class Iterator(Annotation):
    """An iterator over `container`.

    `variant` is one of `ITERATOR_VARIANTS`. For `"enumerate"` and `"reversed"` the container is what is
    iterated over; for `"zip"` it is a `Tuple` of the iterated containers; for `"enumerate"` an extra
    `start` argument is held by the low-level iterator, not here.
    """

    container: Annotation = field()
    variant: str = "items"

    def describe(self) -> str:
        return f"iterator over {self.container.describe()}"


ITERATOR_VARIANTS = {
    "items": "the items of a list, tuple, string, bytes or set; the keys of a dict",
    "values": "the values of a dict",
    "pairs": "(key, value) tuples of a dict",
    "hashed keys": "(key, hash) tuples of a dict",
    "hashed pairs": "(key, value, hash) tuples of a dict",
    "enumerate": "(index, item) tuples",
    "reversed": "items from last to first",
    "zip": "tuples of one item from each of several containers; `container` is a Tuple of them",
}


@define(eq=False)
class View(Annotation):
    """`d.keys()`, `d.values()`, `d.items()`, `enumerate(x)`, `reversed(x)`, `zip(...)`: only to be iterated.

    `variant` is as for `Iterator`; `iter(view)` is `Iterator(view.container, view.variant)`.
    """

    container: Annotation = field()
    variant: str = "items"

    def describe(self) -> str:
        return f"{self.variant} view of {self.container.describe()}"


@define(eq=False)
class Instance(Annotation):
    """An instance of a class of the program, or of a subclass.

    `flags` are the hints attached to the reference (`access_directly`, `fresh_virtualizable`), a dict or
    None.
    """

    class_description: ClassDescription = field()
    optional: bool = False
    flags: dict[str, bool] | None = None

    def describe(self) -> str:
        name = self.class_description.name
        return name + " or None" if self.optional else name


@define(eq=False)
class DescriptionSet(Annotation):
    """One of a known set of prebuilt things: functions, classes, methods, or frozen constants.

    All descriptions are of one kind (`kind`, the class of the descriptions). A set of one description that
    is not optional is a constant, and `constant` holds the host object, except for methods, whose receiver
    is a value of the run time.
    """

    descriptions: dict[Description, None] = field()
    optional: bool = False

    @property
    def kind(self) -> type:
        return next(iter(self.descriptions)).kind

    def single(self) -> Description | None:
        """The only description, or None where there are several."""
        if len(self.descriptions) == 1:
            return next(iter(self.descriptions))
        return None

    def describe(self) -> str:
        names = sorted(description.describe() for description in self.descriptions)
        text = " or ".join(names[:3]) + (" or ..." if len(names) > 3 else "")
        return text + " or None" if self.optional else text


@define(eq=False)
class TypeOf(Annotation):
    """The class of an instance, known only at run time: `type(x)`, the type of a caught exception.

    `base` is the class it is or derives from; `variables` are the variables of the same block whose class
    it is, so that a test of the class narrows them too.
    """

    base: ClassDescription = field()
    optional: bool = field(default=False, kw_only=True)
    variables: tuple[Any, ...] = ()

    def describe(self) -> str:
        name = f"class derived from {self.base.name}"
        return name + " or None" if self.optional else name


@define(eq=False)
class Builtin(Annotation):
    """A function of the host that the annotator's registry knows: `len`, `r_uint`, `lltype.malloc`, ...

    `constant` is the function; `handler(context, *arguments)` gives the result's annotation.
    """

    handler: Callable[..., Annotation] = field()
    name: str = ""

    def describe(self) -> str:
        return f"built-in {self.name}"


@define(eq=False)
class BuiltinMethod(Annotation):
    """A method of a built-in type, bound to a receiver: `s.find`, `l.append`."""

    receiver: Annotation = field()
    name: str = ""

    def describe(self) -> str:
        return f"method {self.name} of {self.receiver.describe()}"


@define(eq=False)
class Property(Annotation):
    """A property found on a class; its functions are called on getattr and setattr."""

    getter: Any = None
    setter: Any = None


@define(eq=False)
class Pointer(Annotation):
    """A low-level pointer: `type` is an `lltype.Ptr`. Null is a value of it, None is accepted for null."""

    type: Any = field()

    def describe(self) -> str:
        return f"pointer {self.type}"


@define(eq=False)
class PointerMethod(Annotation):
    """`p.method` of an ADT method defined on a low-level type: called with the pointer as first argument."""

    type: Any = field()
    method: Any = None


@define(eq=False)
class Address(Annotation):
    """A machine address."""

    def describe(self) -> str:
        return "address"


@define(eq=False)
class TypedAddressAccess(Annotation):
    """`address.signed`, `address.char`: indexing it loads or stores one value of low-level type `type`."""

    type: Any = field()


@define(eq=False)
class LowLevelType(Annotation):
    """A low-level type as a value: always constant, `constant` is the `LowLevelType` object."""


@define(eq=False)
class WeakReference(Annotation):
    """`weakref.ref(x)`; dead ones give None. `class_description` None: a reference that is always dead."""

    class_description: ClassDescription | None = None
    optional: bool = False

    def describe(self) -> str:
        of = self.class_description.name if self.class_description else "nothing"
        return f"weak reference to {of}"


@define(eq=False)
class Registered(Annotation):
    """A value of a type of `rlib` with its own operations: `StringBuilder`, an erased object, a lock, ...

    `name` finds its row in `ouro.annotator.registry.REGISTERED_TYPES`; equal names join, others do not.
    """

    name: str = ""
    optional: bool = False

    def describe(self) -> str:
        return self.name + " or None" if self.optional else self.name


IMPOSSIBLE = Impossible()
NONE = NoneValue(constant=None)
BOOL = Bool()
TRUE = Bool(constant=True)
FALSE = Bool(constant=False)
INTEGER = Integer()
NONNEG_INTEGER = Integer(nonneg=True)
FLOAT = Float()
SINGLE_FLOAT = SingleFloat()
STRING = String()
STRING_NO_NUL = String(no_nul=True)
OPTIONAL_STRING = String(optional=True)
CHAR = Char()
CHAR_NO_NUL = Char(no_nul=True)
BYTES = Bytes()
BYTES_NO_NUL = Bytes(no_nul=True)
BYTEARRAY = ByteArray()
ADDRESS = Address()
EMPTY_TUPLE = Tuple((), constant=())

_describing: set[int] = set()


def _describe_inside(owner: Any, cell: Any) -> str:
    """The description of a container's item; `...` for a list that contains itself."""
    if id(owner) in _describing:
        return "..."
    _describing.add(id(owner))
    try:
        text: str = cell.root().annotation.describe()
        return text
    finally:
        _describing.discard(id(owner))
