"""Descriptions: what the annotator knows of each function, class, method and frozen constant.

A description stands for one host object for the whole analysis. `DescriptionSet` annotations refer to them,
and they
are grouped into families by use:

* a **call family** holds all functions that flow to the same call sites. Its rows say which graph each
function
  has for one shape of call, so that a set of functions can be represented as a table of pointers;
* an **attribute family** (access set) holds all classes, or all frozen constants, whose attributes are read
  through one variable, with the annotations of those attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, ClassVar

from attrs import define, field
from ouro.annotator.annotations import Annotation
from ouro.annotator.containers import Cell
from ouro.flowspace import CallShape, FunctionGraph, Operation, Signature

if TYPE_CHECKING:
    from ouro.annotator._sites import Site


@define(eq=False)
class Description:
    """Base. `kind` is the class that all members of one `DescriptionSet` share."""

    kind: ClassVar[type]

    def describe(self) -> str:
        """In the words of error messages."""
        raise NotImplementedError


@define(eq=False)
class CallRow:
    """For one shape of call, one graph for each function of a family.

    All graphs of a row with more than one have equal argument and result annotations in the end, so that one
    low-level function type fits them. `position` is the row's index in its family.
    """

    shape: CallShape
    star_length: int = 0
    graphs: dict[FunctionDescription, FunctionGraph] = field(factory=dict)
    sites: dict[Operation, None] = field(factory=dict)
    position: int = -1


@define(eq=False)
class CallFamily:
    """Functions (or classes) that flow to the same call sites. Union-find: use `root()`."""

    descriptions: dict[Description, None] = field(factory=dict)
    rows: list[CallRow] = field(factory=list)
    forward: CallFamily | None = None

    def root(self) -> CallFamily:
        family = self
        while family.forward is not None:
            family = family.forward
        return family


@define(eq=False)
class AttributeFamily:
    """Classes or frozen constants whose attributes are read through one variable. Union-find."""

    descriptions: dict[Description, None] = field(factory=dict)
    attributes: dict[str, Cell] = field(factory=dict)
    forward: AttributeFamily | None = None

    def root(self) -> AttributeFamily:
        family = self
        while family.forward is not None:
            family = family.forward
        return family


@define(eq=False)
class FunctionDescription(Description):
    """A function of the program.

    `graphs`: its graphs by specialisation key; a function that is not specialised has the key None.
    `specialisation` is None or (name, argument indices), as `rlib.objectmodel.specialize` leaves it.
    `build(function)` gives a fresh flow graph; None for functions made up by later stages.
    """

    function: Callable[..., Any]
    name: str
    signature: Signature
    specialisation: tuple[str, tuple[int, ...]] | None = None
    graphs: dict[Any, FunctionGraph] = field(factory=dict)
    family: CallFamily = field(init=False)
    hints: dict[str, Any] | None = None

    def __attrs_post_init__(self) -> None:
        self.family = CallFamily({self: None})

    def describe(self) -> str:
        return f"function {self.name}"


@define(eq=False)
class Attribute:
    """An attribute of a class and of all classes derived from it: it lives on the highest class that needs
    it.

    `cell` is the annotation of the value. `readonly`: no instance ever assigns it, so it may be a field of
    the
    class (vtable); otherwise it is a field of each instance. `class_values` are the values found in the
    bodies of classes: (class, value annotation); `written_from` is the first place that assigns it.
    """

    name: str
    home: ClassDescription
    cell: Cell = field(factory=Cell)
    readonly: bool = True
    class_values: dict[ClassDescription, Annotation] = field(factory=dict)
    methods: dict[ClassDescription, FunctionDescription] = field(factory=dict)
    """Those of the class values that are functions, to be bound when read from an instance."""
    written_from: Site | None = None
    fixed: bool = False
    """Declared by `_annotations_of_attributes_` or an exception class of the host: cannot grow."""

    @property
    def annotation(self) -> Annotation:
        return self.cell.root().annotation


@define(eq=False)
class ClassDescription(Description):
    """A class of the program, exceptions included.

    `base` is its one base class of the program (mixins are copied in, `object` does not count).
    `class_dict` is the class's own namespace, with that of its mixins. `attributes` are those that live here.
    `instantiated`: instances of exactly this class may exist. `allowed_attributes`: None or the names that
    `_attrs_` or
    `__slots__` allow on instances. `immutable_fields` maps a field name to its rank: `""`, `"[*]"`, `"?"`,
    `"?[*]"`.
    `finalizer` is the `FunctionDescription` of `__del__`, or None. `flavor` is `"gc"` or `"raw"`.
    """

    python_class: type
    name: str
    base: ClassDescription | None
    class_dict: dict[str, Any]
    subclasses: list[ClassDescription] = field(factory=list)
    attributes: dict[str, Attribute] = field(factory=dict)
    pending_sources: dict[str, list[Any]] = field(factory=dict)
    ancestors: dict[ClassDescription, None] = field(factory=dict)
    depth: int = 0
    instantiated: bool = False
    allowed_attributes: frozenset[str] | None = None
    immutable_fields: dict[str, str] = field(factory=dict)
    immutable: bool = False
    virtualizable: tuple[str, ...] | None = None
    flavor: str = "gc"
    is_exception: bool = False
    is_host_exception: bool = False
    unboxed: bool = False
    finalizer: FunctionDescription | None = None
    family: CallFamily = field(init=False)
    attribute_family: AttributeFamily = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.family = CallFamily({self: None})
        self.attribute_family = AttributeFamily({self: None})
        self.ancestors = {self: None}
        if self.base is not None:
            self.ancestors.update(self.base.ancestors)
            self.depth = self.base.depth + 1
            self.base.subclasses.append(self)

    def describe(self) -> str:
        return f"class {self.name}"

    def is_subclass(self, other: ClassDescription) -> bool:
        return other in self.ancestors

    def common_base(self, other: ClassDescription) -> ClassDescription | None:
        """The most derived class both derive from."""
        if self in other.ancestors:
            return self
        for ancestor in self.ancestors:
            if ancestor in other.ancestors:
                return ancestor
        return None

    def lookup(self, name: str) -> tuple[ClassDescription, Any] | None:
        """The class whose body defines `name` for this class, and the value there."""
        for ancestor in self.ancestors:
            if name in ancestor.class_dict:
                return ancestor, ancestor.class_dict[name]
        return None

    def find_attribute(self, name: str) -> Attribute | None:
        """The attribute `name` as instances of this class have it, if the program uses it."""
        for ancestor in self.ancestors:
            attribute = ancestor.attributes.get(name)
            if attribute is not None:
                return attribute
        return None

    def all_subclasses(self) -> list[ClassDescription]:
        """This class and every class derived from it."""
        result = [self]
        for description in result:
            result.extend(description.subclasses)
        return result


@define(eq=False)
class MethodDescription(Description):
    """A bound method: `function` as found in the class `origin`, on an instance of `self_class`."""

    function: FunctionDescription
    origin: ClassDescription
    self_class: ClassDescription
    name: str
    flags: dict[str, bool] | None = None

    def describe(self) -> str:
        return f"method {self.self_class.name}.{self.name}"


@define(eq=False)
class FrozenDescription(Description):
    """A prebuilt object whose class says that it never changes: `_freeze_()` returned True.

    Modules and other namespaces of constants are treated the same. Its attributes are read when needed.
    """

    value: Any
    attribute_family: AttributeFamily = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.attribute_family = AttributeFamily({self: None})

    def describe(self) -> str:
        return f"constant {type(self.value).__name__}"


@define(eq=False)
class FrozenMethodDescription(Description):
    """A method of a frozen object, a class method, a bound method of a prebuilt instance.

    A function with a constant first argument: `receiver` is the host object.
    """

    function: FunctionDescription
    receiver: Any

    def describe(self) -> str:
        return f"method {self.function.name} of a constant"


for _kind in (FunctionDescription, ClassDescription, MethodDescription, FrozenDescription,
FrozenMethodDescription):
    _kind.kind = _kind
del _kind


@define(eq=False)
class CallSite:
    """What one call operation calls, by description, in the end.

    `graphs`: for each called `FunctionDescription` its graph (for classes: their `__init__`s). `row` is the
    row of
    the family they are in. `memo` is set for calls of `specialize.memo` functions: the results by the
    constant
    arguments' descriptions. `shape` and `star_length` say how the operation passes its arguments;
    `ouro.annotator.plan_arguments` gives the argument of each parameter.
    """

    operation: Operation
    shape: CallShape
    star_length: int = 0
    graphs: dict[FunctionDescription, FunctionGraph] = field(factory=dict)
    row: CallRow | None = None
    family: CallFamily | None = None
    memo: MemoTable | None = None


@define(eq=False)
class MemoTable:
    """The results of a `specialize.memo` function for every combination of its arguments met so far.

    Keys are tuples of the host objects' ids paired with the objects in `arguments`; `results` are host
    objects.
    """

    function: FunctionDescription
    arguments: dict[tuple[int, ...], tuple[Any, ...]] = field(factory=dict)
    results: dict[tuple[int, ...], Any] = field(factory=dict)
    cell: Cell = field(factory=Cell)
