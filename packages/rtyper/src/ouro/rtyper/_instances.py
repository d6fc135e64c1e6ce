"""Instances and classes as values: attributes, class tests, comparisons."""

from __future__ import annotations

from typing import Any

from ouro.annotator import annotations as a
from ouro.annotator.descriptions import ClassDescription
from ouro.flowspace import Constant
from ouro.lltype import (
    Bool,
    Ptr,
    Signed,
    Void,
    cast_pointer,
    nullptr,
)
from ouro.rtyper import _object_helpers as helpers
from ouro.rtyper._classes import RAW_OBJECT, ClassLayout, layout_of
from ouro.rtyper._context import OperationContext
from ouro.rtyper._pointers import NullableRepresentation, pointer_comparison
from ouro.rtyper._program import OBJECT_POINTER, VTABLE_POINTER
from ouro.rtyper._representation import (
    Representation,
    TyperError,
    VoidRepresentation,
    conversion,
    representation_for,
    rule,
)

__all__ = [
    "ClassRepresentation",
    "InstanceRepresentation",
    "OneClassRepresentation",
    "class_description_of",
    "class_representation",
    "instance_representation",
    "object_type",
]


class InstanceRepresentation(NullableRepresentation):
    """A pointer to the structure of the class; null for None."""

    optional = True

    def __init__(self, typer: Any, description: ClassDescription | None) -> None:
        super().__init__(typer)
        self.description = description
        self.layout: ClassLayout = layout_of(typer, description)
        self.lowleveltype = self.layout.pointer_type

    @property
    def storage(self) -> Representation:
        if self.layout.flavor == "raw":
            return self
        return instance_representation(self.typer, None)

    def constant(self, value: Any) -> Any:
        TYPE: Any = self.lowleveltype
        if value is None:
            return nullptr(TYPE.TO)
        description = self.typer.annotated.class_description(type(value))
        return cast_pointer(TYPE, layout_of(self.typer, description).prebuilt(value))

    def equality(self) -> Any:
        return None

    def hashing(self) -> Any:
        return helpers.identity_hash


class ClassRepresentation(NullableRepresentation):
    """A class as a value: its vtable."""

    optional = True
    lowleveltype = VTABLE_POINTER

    def constant(self, value: Any) -> Any:
        if value is None:
            return nullptr(VTABLE_POINTER.TO)
        return layout_of(self.typer, self.typer.annotated.class_description(value)).vtable

    def equality(self) -> Any:
        return None

    def hashing(self) -> Any:
        return helpers.vtable_hash


class OneClassRepresentation(VoidRepresentation):
    """One known class."""

    def __init__(self, typer: Any, description: ClassDescription) -> None:
        super().__init__(typer)
        self.description = description


def instance_representation(typer: Any, description: ClassDescription | None) -> InstanceRepresentation:
    """The representation of instances of a class; of any instance for None."""
    made: Any = typer.registered(
        "root instance" if description is None else ("instance", description),
        lambda: InstanceRepresentation(typer, description),
    )
    return made  # type: ignore[no-any-return]


def class_representation(typer: Any) -> ClassRepresentation:
    """The representation of classes that are known only at run time."""
    made: Any = typer.registered("root class", lambda: ClassRepresentation(typer))
    return made  # type: ignore[no-any-return]


@representation_for(a.Instance)
def _instance(typer: Any, annotation: Any) -> Any:
    description = annotation.class_description
    return ("instance", description), lambda: InstanceRepresentation(typer, description)


@representation_for(a.TypeOf)
def _type_of(typer: Any, annotation: Any) -> Any:
    return "root class", lambda: ClassRepresentation(typer)


# ---- conversions


@conversion(InstanceRepresentation, InstanceRepresentation)
def _between_instances(context: Any, value: Any, source: Any, target: Any) -> Any:
    TYPE = target.lowleveltype
    if source.lowleveltype is TYPE:
        return value
    if type(value) is Constant:
        return Constant(cast_pointer(TYPE, value.value), TYPE)
    return context.emit("cast_pointer", [value], TYPE)


@conversion(OneClassRepresentation, ClassRepresentation)
def _class_to_value(context: Any, value: Any, source: Any, target: Any) -> Any:
    return context.constant(layout_of(context.typer, source.description).vtable, VTABLE_POINTER)


@conversion(ClassRepresentation, OneClassRepresentation)
def _value_to_class(context: Any, value: Any, source: Any, target: Any) -> Any:
    return context.constant(None, Void)


# ---- classes of objects


def object_type(context: Any, value: Any, layout: ClassLayout, TYPE: Any = VTABLE_POINTER) -> Any:
    """Emit the vtable of an instance, as a pointer of a vtable type."""
    if layout.flavor == "gc":
        if value.concretetype is not OBJECT_POINTER:
            value = context.emit("cast_pointer", [value], OBJECT_POINTER)
        return context.emit("get_object_type", [value], TYPE)
    value = context.emit("cast_pointer", [value], Ptr(RAW_OBJECT))
    vtable = context.emit("getfield", [value, "typeptr"], VTABLE_POINTER)
    if TYPE is VTABLE_POINTER:
        return vtable
    return context.emit("cast_pointer", [vtable], TYPE)


@rule("type type_of_raised", InstanceRepresentation)
def _type(context: OperationContext) -> Any:
    if context.result.lowleveltype is Void:
        return None
    return object_type(context, context.arg(0), context.representation(0).layout)


def class_description_of(context: OperationContext, index: int) -> ClassDescription | None:
    """The description of an operand that is one known class; None when it is known only at run time."""
    representation = context.representation(index)
    if isinstance(representation, OneClassRepresentation):
        return representation.description
    return None


@rule("isinstance", InstanceRepresentation)
def _isinstance(context: OperationContext) -> Any:
    if context.is_constant(1) and isinstance(context.host(1), tuple):
        result: Any = None
        for cls in context.host(1):
            one = _isinstance_of(context, context.typer.annotated.class_description(cls))
            if result is None:
                result = one
            else:
                as_int = [context.emit("cast_bool_to_int", [value], Signed) for value in (result, one)]
                both = context.emit("int_or", as_int, Signed)
                result = context.emit("int_is_true", [both], Bool)
        return result if result is not None else context.constant(False, Bool)
    description = class_description_of(context, 1)
    if description is None and context.is_constant(1):
        description = context.typer.annotated.class_description(context.host(1))
    if description is None:
        vtable = context.arg(1, class_representation(context.typer))
        value = context.arg(0, instance_representation(context.typer, None))
        return context.helper(helpers.isinstance_nullable, [value, vtable], Bool)
    return _isinstance_of(context, description)


def _isinstance_of(context: OperationContext, description: ClassDescription) -> Any:
    source = context.representation(0)
    nullable = context.annotation(0).can_be_none
    if source.description is not None and description in source.description.ancestors:
        if nullable:
            return context.emit("ptr_nonzero", [context.arg(0)], Bool)
        return context.constant(True, Bool)
    vtable = Constant(layout_of(context.typer, description).vtable, VTABLE_POINTER)
    value = context.arg(0)
    if source.layout.flavor == "raw":
        typeptr = object_type(context, value, source.layout)
        return context.helper(helpers.is_subclass, [typeptr, vtable], Bool)
    value = context.arg(0, instance_representation(context.typer, None))
    if description.subclasses:
        function = helpers.isinstance_nullable if nullable else helpers.isinstance_non_null
    else:
        function = helpers.exact_class_nullable if nullable else helpers.exact_class_non_null
    return context.helper(function, [value, vtable], Bool)


@rule("isinstance", Representation)
def _isinstance_by_annotation(context: OperationContext) -> Any:
    constant = context.result_annotation.constant
    if constant is not a.NO_CONSTANT:
        return context.constant(bool(constant), Bool)
    if isinstance(context.representation(0), NullableRepresentation):
        return context.emit("ptr_nonzero", [context.arg(0)], Bool)
    raise TyperError(f"isinstance of {context.annotation(0)} is not known")


# ---- comparisons


@rule("eq ne is_", InstanceRepresentation, InstanceRepresentation)
def _compare(context: OperationContext) -> Any:
    left, right = context.representation(0), context.representation(1)
    if left.lowleveltype is right.lowleveltype:
        return pointer_comparison(context, left)
    return pointer_comparison(context, instance_representation(context.typer, None))


@rule("eq ne is_", ClassRepresentation, ClassRepresentation)
@rule("eq ne is_", ClassRepresentation, OneClassRepresentation)
@rule("eq ne is_", OneClassRepresentation, ClassRepresentation)
def _compare_classes(context: OperationContext) -> Any:
    return pointer_comparison(context, class_representation(context.typer))


@rule("eq is_", OneClassRepresentation, OneClassRepresentation)
def _same_class(context: OperationContext) -> Any:
    return context.constant(class_description_of(context, 0) is class_description_of(context, 1), Bool)


@rule("ne", OneClassRepresentation, OneClassRepresentation)
def _other_class(context: OperationContext) -> Any:
    return context.constant(class_description_of(context, 0) is not class_description_of(context, 1), Bool)


# ---- attributes


@rule("getattr", InstanceRepresentation)
def _getattr(context: OperationContext) -> Any:
    name = context.host(1)
    if name == "__class__":
        return _type(context)
    receiver = getattr(context.result, "receiver", None)
    if receiver is not None:
        return context.arg(0, receiver)
    if context.result.lowleveltype is Void:
        return None
    source = context.representation(0)
    attribute = source.description.find_attribute(name)
    if attribute is None:
        raise TyperError(f"{source.description.name} has no attribute {name!r}")
    home = layout_of(context.typer, attribute.home)
    if name in home.class_attributes:
        representation = home.class_attributes[name][1]
        if representation.lowleveltype is Void:
            return context.convert_result(context.void(None), representation)
        vtable = object_type(context, context.arg(0), source.layout, Ptr(home.vtable_type))
        value = context.emit("getfield", [vtable, f"cls_{name}"], representation.lowleveltype)
        return context.convert_result(value, representation)
    representation = home.instance_attributes[name][1]
    if representation.lowleveltype is Void:
        return context.convert_result(context.void(None), representation)
    target = context.arg(0, instance_representation(context.typer, attribute.home))
    _mark_virtualizable(context, target, attribute.home, name)
    value = context.emit("getfield", [target, f"inst_{name}"], representation.lowleveltype)
    return context.convert_result(value, representation)


@rule("setattr", InstanceRepresentation)
def _setattr(context: OperationContext) -> Any:
    name = context.host(1)
    source = context.representation(0)
    attribute = source.description.find_attribute(name)
    if attribute is None:
        raise TyperError(f"{source.description.name} has no attribute {name!r}")
    home = layout_of(context.typer, attribute.home)
    if name not in home.instance_attributes:
        return None
    representation = home.instance_attributes[name][1]
    if representation.lowleveltype is Void:
        return None
    target = context.arg(0, instance_representation(context.typer, attribute.home))
    value = context.arg(2, representation)
    _mark_virtualizable(context, target, attribute.home, name)
    if attribute.home.immutable_fields.get(name, "").startswith("?"):
        context.emit("jit_force_quasi_immutable", [target, f"inst_{name}"])
    context.emit("setfield", [target, f"inst_{name}", value])
    return None


def _mark_virtualizable(context: OperationContext, target: Any, home: ClassDescription, name: str) -> None:
    """Tell the JIT generator of an access to a field of a virtualizable."""
    if home.virtualizable is None:
        return
    flags = getattr(context.annotation(0), "flags", None) or {}
    names = {field.rstrip("[*]") for field in home.virtualizable}
    if name in names and not flags.get("access_directly"):
        context.emit("jit_force_virtualizable", [target, f"inst_{name}", dict(flags)])


@rule("getattr", ClassRepresentation)
def _getattr_of_class(context: OperationContext) -> Any:
    name = context.host(1)
    if context.result.lowleveltype is Void:
        return None
    annotation = context.annotation(0)
    if isinstance(annotation, a.TypeOf):
        description = annotation.base
    else:
        description = _common_base(list(annotation.descriptions))
    if name == "__name__":
        return context.helper(helpers.class_name, [context.arg(0)])
    attribute = description.find_attribute(name)
    if attribute is None:
        raise TyperError(f"class {description.name} has no attribute {name!r}")
    home = layout_of(context.typer, attribute.home)
    if name not in home.class_attributes:
        raise TyperError(f"attribute {name!r} of class {description.name} is not a constant of the class")
    representation = home.class_attributes[name][1]
    vtable = context.emit("cast_pointer", [context.arg(0)], Ptr(home.vtable_type))
    value = context.emit("getfield", [vtable, f"cls_{name}"], representation.lowleveltype)
    return context.convert_result(value, representation)


def _common_base(descriptions: list[ClassDescription]) -> ClassDescription:
    result = descriptions[0]
    for other in descriptions[1:]:
        common = result.common_base(other)
        if common is None:
            raise TyperError(f"{result.name} and {other.name} have no common base class")
        result = common
    return result


@rule("getattr", VoidRepresentation)
def _getattr_of_constant(context: OperationContext) -> Any:
    constant = context.result_annotation.constant
    if constant is not a.NO_CONSTANT:
        return context.typer.constant(constant, context.result)
    if context.result.lowleveltype is Void:
        return None
    if context.is_constant(0):
        return context.typer.constant(getattr(context.host(0), context.host(1)), context.result)
    single = context.annotation(0)
    if isinstance(single, a.DescriptionSet) and single.single() is not None:
        description: Any = single.single()
        return context.typer.constant(getattr(description.value, context.host(1)), context.result)
    raise TyperError(f"attribute {context.host(1)!r} of {context.annotation(0)} is not known")
