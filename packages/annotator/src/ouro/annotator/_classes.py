"""Attributes of classes: where they live, what they hold, and how reading one binds methods.

An attribute lives on the highest class that needs it: the highest ancestor whose body defines the name,
else the class of the instance it is read from or written to first. When it turns up on a base class later,
the
attributes of the same name below are merged into that one. Values come from class bodies, from
assignments and from prebuilt instances; the last are kept aside by name until the program uses the attribute.
"""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._errors import Complaint
from ouro.annotator._join import description_set, unite_cells, with_none
from ouro.annotator._values import detached
from ouro.annotator.annotations import IMPOSSIBLE, NO_CONSTANT, Annotation
from ouro.annotator.descriptions import Attribute, ClassDescription, FunctionDescription

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine

GETTER = "__getter__"
SETTER = "__setter__"
"""Suffixes of the names under which a property's functions are called as methods."""


class ClassAttributes:
    """The attributes of all classes of one analysis."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._bound: dict[Any, tuple[Annotation, int, Annotation]] = {}

    # ---- finding

    def find(self, description: ClassDescription, name: str) -> Attribute:
        """The attribute as instances of the class have it; made now if the program did not use it so far."""
        attribute = description.find_attribute(name)
        return self._create(description, name) if attribute is None else attribute

    def _create(self, description: ClassDescription, name: str) -> Attribute:
        home = description
        for ancestor in description.ancestors:
            if name in ancestor.class_dict:
                home = ancestor
        if name not in home.class_dict:
            self._check_exists(home, name)
        attribute = home.attributes[name] = Attribute(name, home)
        for derived in home.all_subclasses():
            if derived is not home:
                merged = derived.attributes.pop(name, None)
                if merged is not None:
                    self._merge(attribute, merged)
            if name in derived.class_dict and derived not in attribute.class_values:
                self._add_class_value(attribute, derived)
            for instance in derived.pending_sources.pop(name, ()):
                self._add_instance_value(attribute, instance)
        return attribute

    def _check_exists(self, description: ClassDescription, name: str) -> None:
        """Complain where a class says that it does not have this attribute, but classes derived from it do."""
        allowed = description.allowed_attributes
        if allowed is None or name in allowed:
            return
        owners = [
            derived.name
            for derived in description.all_subclasses()
            if name in derived.attributes or name in derived.class_dict or name in derived.pending_sources
            or name in (derived.allowed_attributes or ())
        ]
        if owners:
            shown = ", ".join(owners[:3]) + (", ..." if len(owners) > 3 else "")
            suggestion = f"narrow it first: assert isinstance(x, {owners[0]}); classes that have it: {shown}"
        else:
            suggestion = f"add {name!r} to them"
        own = ", ".join(sorted(allowed)) or "none"
        raise Complaint(f"{description.name} has no attribute `{name}`: its _attrs_ (__slots__) are: {own}", suggestion)

    def _merge(self, attribute: Attribute, merged: Attribute) -> None:
        attribute.readonly = attribute.readonly and merged.readonly
        attribute.class_values.update(merged.class_values)
        attribute.methods.update(merged.methods)
        attribute.written_from = attribute.written_from or merged.written_from
        attribute.fixed = attribute.fixed or merged.fixed
        unite_cells(self.engine, attribute.cell, merged.cell)

    def declare(self, description: ClassDescription, name: str, annotation: Annotation) -> None:
        """Give a class an attribute whose annotation is fixed."""
        attribute = description.attributes[name] = Attribute(name, description, readonly=False, fixed=True)
        attribute.cell.annotation = annotation

    def class_found(self, description: ClassDescription) -> None:
        """A class was described: its body may add values to attributes of its base classes."""
        base = description.base
        if base is None:
            return
        for name in description.class_dict:
            attribute = base.find_attribute(name)
            if attribute is None and name.endswith("__"):
                continue
            if attribute is not None:
                self._add_class_value(attribute, description)
            for suffix in (GETTER, SETTER):
                accessor = base.find_attribute(name + suffix)
                if accessor is not None:
                    self._add_accessor(accessor, description, name, suffix)

    def _add_class_value(self, attribute: Attribute, description: ClassDescription) -> None:
        engine = self.engine
        value = description.class_dict[attribute.name]
        if isinstance(value, types.FunctionType):
            value = engine.descriptions.of_function(value)
        if isinstance(value, FunctionDescription):
            attribute.methods[description] = value
            annotation: Annotation = description_set({value: None})
        elif isinstance(value, property):
            annotation = a.Property(value.fget, value.fset, constant=value)
        elif isinstance(value, classmethod):
            function = engine.descriptions.of_function(value.__func__)
            bound = engine.descriptions.bound_to_constant(function, description.python_class)
            annotation = description_set({bound: None})
        elif isinstance(value, staticmethod):
            annotation = engine.constant(value.__func__)
        else:
            annotation = engine.constant(value)
        attribute.class_values[description] = annotation
        self._grow(attribute, annotation, f"in the body of class {description.name}")

    def _add_instance_value(self, attribute: Attribute, instance: Any) -> None:
        attribute.readonly = False
        value = getattr(instance, attribute.name)
        annotation = self.engine.constant(value)
        self._check_immutable(attribute, annotation)
        self._grow(attribute, annotation, f"in a prebuilt instance of {type(instance).__name__}")

    def _grow(self, attribute: Attribute, annotation: Annotation, where: str = "") -> None:
        what = f"attribute `{attribute.name}` of {attribute.home.name}"
        if where:
            what = f"{where}, {what}"
        self.engine.grow(attribute.cell, annotation, what)

    # ---- prebuilt instances

    def see_instance(self, instance: Any, description: ClassDescription) -> None:
        """A prebuilt instance belongs to the program: its attributes have values from the start."""
        self.engine.descriptions.mark_instantiated(description)
        for name in instance_attribute_names(instance):
            attribute = description.find_attribute(name)
            if attribute is not None:
                self._add_instance_value(attribute, instance)
            else:
                description.pending_sources.setdefault(name, []).append(instance)

    # ---- reading and writing

    def read(self, instance: a.Instance, name: str) -> Annotation:
        """The annotation of `instance.name`; methods come bound."""
        attribute = self.find(instance.class_description, name)
        annotation = self.engine.read(attribute.cell)
        if attribute.methods:
            return self._bind(instance, attribute, annotation)
        if attribute.readonly and attribute.class_values:
            return self._visible(instance.class_description, attribute, annotation)
        return annotation

    def _relevant(self, description: ClassDescription, attribute: Attribute) -> list[ClassDescription]:
        """The classes whose bodies an instance of `description` may find the attribute in."""
        found = []
        for ancestor in description.ancestors:
            if ancestor in attribute.class_values:
                found.append(ancestor)
                break
        for owner in attribute.class_values:
            if owner is not description and description in owner.ancestors and owner not in found:
                found.append(owner)
        return found

    def _visible(self, description: ClassDescription, attribute: Attribute, annotation: Annotation) -> Annotation:
        """The join of the class-level values that instances of the class can see."""
        if type(annotation) is not a.DescriptionSet and type(annotation) is not a.Property:
            return annotation
        result: Annotation = IMPOSSIBLE
        for owner in self._relevant(description, attribute):
            result = self.engine.join(result, attribute.class_values[owner])
        return result

    def _bind(self, instance: a.Instance, attribute: Attribute, annotation: Annotation) -> Annotation:
        description = instance.class_description
        key = (description, attribute, None if instance.flags is None else tuple(sorted(instance.flags.items())))
        known = self._bound.get(key)
        if known is not None and known[0] is annotation and known[1] == len(attribute.class_values):
            return known[2]
        if not attribute.readonly:
            notes = [("assigned here", attribute.written_from)] if attribute.written_from else []
            raise Complaint(
                f"`{attribute.name}` is a method of {attribute.home.name} and is also assigned on instances",
                "use another name for the attribute, or make the class-level value None",
                notes,
            )
        descriptions = self.engine.descriptions
        methods: dict[Any, None] = {}
        plain: Annotation = IMPOSSIBLE
        for owner in self._relevant(description, attribute):
            function = attribute.methods.get(owner)
            if function is None:
                plain = self.engine.join(plain, attribute.class_values[owner])
                continue
            self_class = owner if description in owner.ancestors else description
            methods[descriptions.method(function, owner, self_class, attribute.name, instance.flags)] = None
        result: Annotation = description_set(methods) if methods else IMPOSSIBLE
        if type(plain) is a.NoneValue and methods:
            result = with_none(result)
        else:
            result = self.engine.join(result, plain)
        self._bound[key] = (annotation, len(attribute.class_values), result)
        return result

    def write(self, instance: a.Instance, name: str, annotation: Annotation) -> None:
        """`instance.name = value`."""
        description = instance.class_description
        attribute = self.find(description, name)
        if attribute.readonly:
            attribute.readonly = False
            attribute.written_from = self.engine.here_or_none()
            if attribute.methods:
                self._bind(instance, attribute, attribute.annotation)
        annotation = detached(annotation)
        if annotation.constant is not NO_CONSTANT and type(annotation) is a.Tuple:
            annotation = a.Tuple(annotation.items)
        self._check_immutable(attribute, annotation)
        self._grow(attribute, annotation)

    def _check_immutable(self, attribute: Attribute, annotation: Annotation) -> None:
        if type(annotation) is not a.List:
            return
        declarer = attribute.home
        if not declarer.immutable_fields.get(attribute.name, "").endswith("[*]"):
            for derived in attribute.home.subclasses:
                if derived.immutable_fields.get(attribute.name, "").endswith("[*]"):
                    declarer = derived
                    break
            else:
                return
        definition = annotation.definition.root()
        if definition.must_not_resize is None:
            definition.must_not_resize = declarer
            self.engine.check_list(definition)

    # ---- properties

    def accessor(self, description: ClassDescription, name: str, suffix: str) -> str:
        """The name of the method that reads (writes) property `name`, made on first use."""
        method_name = name + suffix
        if description.find_attribute(method_name) is None:
            home = self.find(description, name).home
            attribute = home.attributes[method_name] = Attribute(method_name, home)
            for derived in home.all_subclasses():
                if name in derived.class_dict:
                    self._add_accessor(attribute, derived, name, suffix)
        return method_name

    def _add_accessor(self, attribute: Attribute, description: ClassDescription, name: str, suffix: str) -> None:
        value = description.class_dict[name]
        if not isinstance(value, property):
            raise Complaint(f"`{name}` is a property in one class and another thing in {description.name}")
        function = value.fget if suffix == GETTER else value.fset
        if function is None:
            return
        member = self.engine.descriptions.of_function(function)
        attribute.methods[description] = member
        annotation = attribute.class_values[description] = description_set({member: None})
        self._grow(attribute, annotation)


def instance_attribute_names(instance: Any) -> list[str]:
    """The names of the attributes that an instance has of its own."""
    names = list(getattr(instance, "__dict__", ()))
    for cls in type(instance).__mro__:
        slots = vars(cls).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name.startswith("__") and not name.endswith("__"):
                name = f"_{cls.__name__.lstrip('_')}{name}"
            if name not in ("__dict__", "__weakref__") and hasattr(instance, name):
                names.append(name)
    return names
