"""Classes in memory: the structure of their instances and their vtables.

An instance of class C is a GcStruct whose first field `super` is the structure of the base class, down to
`OBJECT`, which is empty: the class of an object is found from its type id (`get_object_type`). Attributes that
some instance assigns are fields `inst_NAME` of the structure of their home class; attributes that only class
bodies define are fields `cls_NAME` of the vtable, methods among them as function pointers, one for each row of
the call family (`cls_NAME`, `cls_NAME_1`, ...). A class with virtualizable fields has one more field, `jit_token`,
which is null as long as its fields are in memory.
"""

from __future__ import annotations

from typing import Any

from attrs import define, field
from ouro.annotator._exceptions import TEXT, host_text
from ouro.annotator.descriptions import Attribute, ClassDescription
from ouro.flowspace import Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.lltype import (
    GCREF,
    Array,
    Char,
    ForwardReference,
    GcForwardReference,
    GcStruct,
    Pointer,
    Ptr,
    Struct,
    Void,
    cast_pointer,
    malloc,
)
from ouro.rtyper._program import OBJECT, OBJECT_POINTER, OBJECT_VTABLE, VTABLE_POINTER
from ouro.rtyper._representation import TyperError
from ouro.rtyper._typer import Typer

__all__ = ["ClassLayout", "RAW_OBJECT", "class_name_array", "layout_of", "method_field"]

RAW_OBJECT = Struct("raw_object", ("typeptr", VTABLE_POINTER))
"""What instances of classes with `_alloc_flavor_ = "raw"` begin with: no collector knows their type."""


def method_field(name: str, row_position: int) -> str:
    """The vtable field that holds a method's function pointer for one row of calls."""
    return f"cls_{name}" if row_position == 0 else f"cls_{name}_{row_position}"


@define(eq=False)
class ClassLayout:
    """The memory layout of one class; None stands for the common root of all classes."""

    typer: Typer
    description: ClassDescription | None
    base: ClassLayout | None
    instance_type: Any
    vtable_type: Any
    flavor: str = "gc"
    ready: bool = False
    instance_attributes: dict[str, tuple[Attribute, Any]] = field(factory=dict)
    class_attributes: dict[str, tuple[Attribute, Any]] = field(factory=dict)
    methods: dict[str, Attribute] = field(factory=dict)
    whole: bool = False
    _vtable: Any = None
    _instantiate: Any = None

    @property
    def pointer_type(self) -> Any:
        return Ptr(self.instance_type)

    @property
    def vtable(self) -> Pointer:
        """The prebuilt vtable, as a pointer to the common part."""
        identity = self.identity
        if not self.whole:
            self.whole = True
            self.typer.later(self._fill_vtable)
        return identity

    @property
    def identity(self) -> Pointer:
        """The vtable, which has just name and range as long as nothing in the program names the class itself.

        No object is of such a class, so methods would only keep graphs alive; those below it are told by the range.
        """
        if self._vtable is None:
            self.setup()
            self._vtable = malloc(self.vtable_type, flavor="raw", zero=True, immortal=True)
            description = self.description
            root = cast_pointer(VTABLE_POINTER, self._vtable)
            root.name = class_name_array(self.typer, "object" if description is None else description.name)
            if description is not None:
                self.typer.program.instance_types[self.instance_type] = root
            self.typer.cache("vtable layouts")[self] = True
        return cast_pointer(VTABLE_POINTER, self._vtable)

    # ---- types

    def setup(self) -> None:
        """Build the two structures."""
        if self.ready:
            return
        self.ready = True
        description = self.description
        assert description is not None and self.base is not None
        self.base.setup()
        typer = self.typer
        instance_fields: list[Any] = [("super", self.base.instance_type)]
        class_fields: list[Any] = [("super", self.base.vtable_type)]
        instance_reference, class_reference = self.instance_type, self.vtable_type
        for name, attribute in sorted(description.attributes.items()):
            if attribute.methods and attribute.readonly:
                self.methods[name] = attribute
                class_fields += self._method_fields(name, attribute)
                continue
            representation = typer.representation(attribute.annotation)
            if attribute.readonly and attribute.class_values:
                self.class_attributes[name] = (attribute, representation)
                if representation.lowleveltype is not Void:
                    class_fields.append((f"cls_{name}", representation.lowleveltype))
            else:
                self.instance_attributes[name] = (attribute, representation)
                if representation.lowleveltype is not Void:
                    instance_fields.append((f"inst_{name}", representation.lowleveltype))
        if self._declares_virtualizable():
            instance_fields.append(("jit_token", GCREF))
        kind: Any = GcStruct if self.flavor == "gc" else Struct
        self.instance_type = kind(description.name, *instance_fields, hints=self._hints(), unique=True)
        instance_reference.become(self.instance_type)
        self.vtable_type = Struct(
            description.name + "_vtable", *class_fields, hints={"immutable": True}, unique=True
        )
        class_reference.become(self.vtable_type)

    def _hints(self) -> dict[str, Any]:
        description = self.description
        assert description is not None
        hints: dict[str, Any] = {}
        if description.immutable:
            hints["immutable"] = True
        else:
            immutable = tuple(
                f"inst_{name}{rank}"
                for name, rank in sorted(description.immutable_fields.items())
                if name in self.instance_attributes
            )
            if immutable:
                hints["immutable"] = immutable
        if self._declares_virtualizable():
            names = hints["virtualizable"] = tuple(description.virtualizable or ())
            known = {*self.instance_attributes, *self.class_attributes, *self.methods}
            missing = tuple(name for name in names if name.removesuffix("[*]") not in known)
            if missing:
                hints["virtualizable_missing"] = missing
        return hints

    def _declares_virtualizable(self) -> bool:
        """Whether the class is virtualizable and its base is not: subclasses inherit the fields and the token."""
        description = self.description
        assert description is not None
        base = description.base
        return bool(description.virtualizable) and (base is None or not base.virtualizable)

    def _method_fields(self, name: str, attribute: Attribute) -> list[Any]:
        fields = []
        for row, functions in _rows_of(attribute):
            graph = row.graphs[functions[0]]
            fields.append((method_field(name, row.position), Ptr(self.typer.function_type(graph))))
        return fields

    def attribute_layout(self, attribute: Attribute) -> ClassLayout:
        """The layout of the class where an attribute lives."""
        return layout_of(self.typer, attribute.home)

    # ---- prebuilt data

    def chain(self) -> list[ClassLayout]:
        """This layout and those of its bases, without the root."""
        result = []
        layout: ClassLayout | None = self
        while layout is not None and layout.description is not None:
            result.append(layout)
            layout = layout.base
        return result

    def _fill_vtable(self) -> None:
        typer = self.typer
        description = self.description
        vtable = self._vtable
        if description is None:
            return
        for layout in self.chain():
            part = cast_pointer(Ptr(layout.vtable_type), vtable)
            for name, attribute in layout.methods.items():
                function = _found_in(description, attribute.methods)
                for row, _ in _rows_of(attribute):
                    graph = row.graphs.get(function)
                    if graph is not None:
                        setattr(part, method_field(name, row.position), typer.function_pointer(graph))
            for name, (attribute, representation) in layout.class_attributes.items():
                if representation.lowleveltype is Void:
                    continue
                owner = _owner(description, attribute.class_values)
                if owner is not None:
                    value = _class_value(owner, name)
                    setattr(part, f"cls_{name}", representation.constant(value))

    def defaults(self) -> list[tuple[ClassLayout, str, Any, Any]]:
        """(layout, name, representation, host value) of the fields that class bodies give a value."""
        description = self.description
        found = []
        for layout in self.chain():
            for name, (attribute, representation) in layout.instance_attributes.items():
                if representation.lowleveltype is Void or not attribute.class_values:
                    continue
                owner = _owner(description, attribute.class_values)
                if owner is not None:
                    found.append((layout, name, representation, _class_value(owner, name)))
        return found

    def prebuilt(self, instance: Any) -> Pointer:
        """The low-level form of a host instance of exactly this class, of this class's type."""
        known = self.typer.prebuilt.get(id(instance))
        if known is None:
            vtable = self.vtable
            if self.flavor == "gc":
                known = malloc(self.instance_type, zero=True)
            else:
                known = malloc(self.instance_type, flavor="raw", zero=True, immortal=True)
                cast_pointer(Ptr(RAW_OBJECT), known).typeptr = vtable
            self.typer.prebuilt[id(instance)] = known
            self.typer.keep_alive.append(instance)
            self.typer.later(lambda: self._fill_instance(known, instance))
        return known

    def _fill_instance(self, pointer: Pointer, instance: Any) -> None:
        for layout in self.chain():
            part = cast_pointer(layout.pointer_type, pointer)
            for name, (_, representation) in layout.instance_attributes.items():
                if representation.lowleveltype is Void:
                    continue
                value = host_text(instance) if name == TEXT else getattr(instance, name, _MISSING)
                if value is not _MISSING:
                    setattr(part, f"inst_{name}", representation.constant(value))

    def instantiate_pointer(self) -> Pointer:
        """A function that makes an instance without calling `__init__`, for the vtable."""
        if self._instantiate is None:
            graph = FunctionGraph(f"new_{self.instance_type.name}", Block([]))
            typer = self.typer
            operations = graph.startblock.operations
            result = self.emit_malloc(operations)
            cast = Variable("object", OBJECT_POINTER)
            operations.append(Operation("cast_pointer", [result], cast))
            graph.getreturnvar().concretetype = OBJECT_POINTER
            graph.exceptblock.inputargs[0].concretetype = VTABLE_POINTER
            graph.exceptblock.inputargs[1].concretetype = OBJECT_POINTER
            graph.startblock.exits = [Link([cast], graph.returnblock)]
            typer.program.graphs.append(graph)
            self._instantiate = typer.program.function_pointer(graph)
        return self._instantiate  # type: ignore[no-any-return]

    def emit_malloc(self, operations: list[Operation], position: Any = None) -> Variable:
        """Append the operations that make an instance with its default values."""
        self.setup()
        vtable = self.vtable
        result = Variable("instance", self.pointer_type)
        flags = Constant({"flavor": self.flavor, "zero": True}, Void)
        operations.append(Operation("malloc", [Constant(self.instance_type, Void), flags], result, position))

        def put(TYPE: Any, name: str, value: Constant) -> None:
            target = result
            if TYPE is not self.pointer_type:
                target = Variable("part", TYPE)
                operations.append(Operation("cast_pointer", [result], target, position))
            done = Variable("v", Void)
            operations.append(Operation("setfield", [target, Constant(name, Void), value], done, position))

        if self.flavor == "raw":
            put(Ptr(RAW_OBJECT), "typeptr", Constant(vtable, VTABLE_POINTER))
        for layout, name, representation, host in self.defaults():
            TYPE = representation.lowleveltype
            value = representation.constant(host)
            if value != TYPE.default_value() or _is_negative_zero(value):
                put(layout.pointer_type, f"inst_{name}", Constant(value, TYPE))
        return result


_MISSING = object()


def _is_negative_zero(value: Any) -> bool:
    return isinstance(value, float) and value == 0.0 and str(value)[0] == "-"


def _rows_of(attribute: Attribute) -> list[tuple[Any, list[Any]]]:
    """The rows through which methods of an attribute are called indirectly, with the functions in each."""
    functions = list(dict.fromkeys(attribute.methods.values()))
    families = dict.fromkeys(function.family.root() for function in functions)
    result = []
    for family in families:
        for row in family.rows:
            members = [function for function in functions if function in row.graphs]
            if members:
                result.append((row, members))
    return result


def _found_in(description: ClassDescription, owners: dict[ClassDescription, Any]) -> Any:
    owner = _owner(description, owners)
    return None if owner is None else owners[owner]


def _owner(description: Any, owners: Any) -> Any:
    """The nearest ancestor that is among the owners."""
    for ancestor in description.ancestors:
        if ancestor in owners:
            return ancestor
    return None


def _class_value(owner: ClassDescription, name: str) -> Any:
    value = owner.class_dict[name]
    if isinstance(value, (staticmethod, classmethod)):
        return getattr(owner.python_class, name)
    return value


def class_name_array(typer: Typer, name: str) -> Pointer:
    """A class's name as prebuilt raw characters."""
    cache = typer.cache("class names")
    known = cache.get(name)
    if known is None:
        known = cache[name] = malloc(Array(Char), len(name), flavor="raw", immortal=True)
        for index, char in enumerate(name):
            known[index] = char if char < "\x80" else "?"
    return known


def layout_of(typer: Typer, description: ClassDescription | None) -> ClassLayout:
    """The layout of a class; the structures are complete when the outermost call returns."""
    layouts = typer.cache("layouts")
    layout = layouts.get(description)
    if layout is not None:
        return layout  # type: ignore[no-any-return]
    if description is None:
        layout = ClassLayout(typer, None, None, OBJECT, OBJECT_VTABLE, "gc", True)
        layouts[None] = layout
        return layout
    if description.base is not None:
        base = layout_of(typer, description.base)
        if description in layouts:
            return layouts[description]  # type: ignore[no-any-return]
        if base.description is None and description.flavor == "raw":
            base = _raw_root(typer)
    else:
        base = _raw_root(typer) if description.flavor == "raw" else layout_of(typer, None)
    reference = ForwardReference() if description.flavor == "raw" else GcForwardReference()
    layout = ClassLayout(typer, description, base, reference, ForwardReference(), description.flavor)
    layouts[description] = layout
    waiting = typer.cache("waiting layouts")
    waiting[layout] = True
    if len(waiting) == 1:
        for one in iter(lambda: next((one for one in waiting if not one.ready), None), None):
            one.setup()
        waiting.clear()
    return layout


def _raw_root(typer: Typer) -> ClassLayout:
    roots = typer.cache("raw root")
    if None not in roots:
        roots[None] = ClassLayout(typer, None, None, RAW_OBJECT, OBJECT_VTABLE, "raw", True)
    return roots[None]  # type: ignore[no-any-return]


SPARE_NUMBERS = 62
"""Room in the range of each class for subclasses that come later. Even, so that the numbers are good hashes."""

LATE_SPARE_NUMBERS = 2
"""The same for those."""

_ALL_NUMBERS = 1 << 62


@define
class _Ranges:
    """The ranges given so far: (first, end) for each class, and where its spare numbers begin."""

    given: dict[Any, tuple[int, int]] = field(factory=dict)
    spare: dict[Any, int] = field(factory=dict)
    counter: int = 1


def assign_subclass_ranges(typer: Typer) -> None:
    """Number the classes so that the subclasses of each are a range.

    Helpers may bring new classes into a program that is typed, and optimised, already: numbers that were given are
    constants in its graphs, so they stay.
    """
    layouts = typer.cache("layouts")
    known = typer.cache("subclass ranges")
    ranges = known.setdefault(None, _Ranges())
    for description in layouts:
        if description is not None and description.base is None:
            _number_new(ranges, description)
    for layout in typer.cache("vtable layouts"):
        vtable = cast_pointer(VTABLE_POINTER, layout._vtable)
        low, high = (0, _ALL_NUMBERS) if layout.description is None else ranges.given[layout.description]
        vtable.subclass_range_min = low
        vtable.subclass_range_max = high


def _number_new(ranges: _Ranges, root: ClassDescription) -> None:
    """Number the classes from a root down that have no number yet."""
    if root not in ranges.given:
        ranges.counter = _number_tree(ranges, root, ranges.counter, SPARE_NUMBERS)
        return
    pending = [root]
    while pending:
        description = pending.pop()
        for subclass in description.subclasses:
            if subclass in ranges.given:
                pending.append(subclass)
                continue
            end = _number_tree(ranges, subclass, ranges.spare[description], LATE_SPARE_NUMBERS)
            if end > ranges.given[description][1]:
                raise TyperError(f"too many classes below {description.name} came into the program after it was typed")
            ranges.spare[description] = end


def _number_tree(ranges: _Ranges, root: ClassDescription, counter: int, spare: int) -> int:
    """Number a class and all below it from `counter` on; the first number behind them."""
    stack: list[tuple[Any, int]] = [(root, 0)]
    first: dict[Any, int] = {}
    while stack:
        description, index = stack.pop()
        if index == 0:
            first[description] = counter
            counter += 1
        if index < len(description.subclasses):
            stack.append((description, index + 1))
            stack.append((description.subclasses[index], 0))
        else:
            ranges.spare[description] = counter
            counter += spare
            ranges.given[description] = first[description], counter
    return counter


def settle_classes(typer: Typer) -> None:
    """What can only be known at the end: subclass ranges, finalizers."""
    # every structure that an instance begins with says by its class which objects have its fields
    for layout in list(typer.cache("vtable layouts")):
        if layout.flavor == "gc":
            for above in layout.chain():
                _ = above.identity
    assign_subclass_ranges(typer)
    program = typer.program
    for layout in list(typer.cache("vtable layouts")):
        description = layout.description
        if not layout.whole or description is None or layout.flavor == "raw":
            continue
        if layout.instance_type in program.finalizers:
            continue
        function = next((one.finalizer for one in description.ancestors if one.finalizer is not None), None)
        if function is not None and function.graphs.get(None) is not None:
            program.finalizers[layout.instance_type] = typer.function_pointer(function.graphs[None])
