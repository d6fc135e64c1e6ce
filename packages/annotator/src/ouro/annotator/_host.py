"""From host objects to descriptions: functions, classes, methods and frozen constants, each described once."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Callable

from ouro.annotator import annotations as a
from ouro.annotator._classes import ClassAttributes
from ouro.annotator._contracts import resolve_hints
from ouro.annotator._errors import Complaint
from ouro.annotator._exceptions import (
    EXCEPTION_METHODS,
    HOST_EXCEPTION_ATTRIBUTES,
    TEXT,
    is_host_exception,
    kept_arguments,
)
from ouro.annotator._library import full_name, instead_of, is_library_class, is_library_function, is_placeholder
from ouro.annotator._specialise import key_of
from ouro.annotator.annotations import Annotation
from ouro.annotator.descriptions import (
    ClassDescription,
    Description,
    FrozenDescription,
    FrozenMethodDescription,
    FunctionDescription,
    MethodDescription,
)
from ouro.flowspace import FunctionGraph, Signature, build_flow
from ouro.rlib.objectmodel import UnboxedValue

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine

MODULE_KINDS = (types.ModuleType, types.SimpleNamespace)
_IGNORED_BASES = (object, UnboxedValue)
_NOT_MEMBERS = frozenset(
    "__module__ __doc__ __dict__ __weakref__ __qualname__ __slots__ __annotations__ __firstlineno__ "
    "__static_attributes__ __parameters__ __orig_bases__ __attrs_attrs__ __dataclass_fields__ __dataclass_params__ "
    "__match_args__ __annotate__ __annotate_func__ __abstractmethods__ __attrs_props__ "
    "__attrs_own_setattr__ _abc_impl".split()
)


class Descriptions:
    """All descriptions of one analysis."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.functions: dict[Any, FunctionDescription] = {}
        self.classes: dict[type, ClassDescription] = {}
        self.class_list: list[ClassDescription] = []
        self.attributes = ClassAttributes(engine)
        self._owners: dict[Any, type] = {}
        self._frozen: dict[int, FrozenDescription] = {}
        self._methods: dict[Any, MethodDescription] = {}
        self._frozen_methods: dict[Any, FrozenMethodDescription] = {}

    def of(self, value: Any) -> Description:
        """The description of any describable object. Raises Complaint."""
        if isinstance(value, types.FunctionType):
            return self.of_function(value)
        if isinstance(value, type):
            return self.of_class(value)
        if isinstance(value, types.MethodType):
            return self.of_bound_method(value)
        return self.of_frozen(value)

    # ---- functions

    def of_function(self, function: Callable[..., Any]) -> FunctionDescription:
        """The description of a function."""
        description = self.functions.get(function)
        if description is None:
            description = self.functions[function] = self._describe_function(function)
        return description

    def _describe_function(self, function: Any) -> FunctionDescription:
        name = getattr(function, "__name__", repr(function))
        specialisation = None
        kind = getattr(function, "_specialize_", None)
        if kind is not None:
            specialisation = (kind, tuple(getattr(function, "_specialize_args_", ())))
        signature = signature_of(function)
        made = tuple(
            index for index, known in enumerate(signature.all_names) if is_placeholder(signature.defaults.get(known))
        )
        if specialisation is None and made:
            specialisation = ("given", made)
        return FunctionDescription(
            function, name, signature, specialisation, hints=resolve_hints(function)
        )

    def graph_of(self, description: FunctionDescription, key: Any, low_level: bool = False) -> FunctionGraph:
        """The graph of a function for a specialisation key, flowed when first needed."""
        graph = description.graphs.get(key)
        if graph is None:
            function = description.function
            if getattr(function, "_not_rpython_", False):
                raise Complaint(
                    f"{description.name}() is marked not_rpython: it runs on the host only",
                    "call it before translation, from module-level code",
                    notes=self.engine.definition_site(description),
                )
            if is_library_function(function):
                name = full_name(function)
                message = f"{name}() belongs to Python's standard library, which is not RPython"
                raise Complaint(message, instead_of(name))
            graph = build_flow(function)
            description.graphs[key] = graph
            if graph.signature is not None:
                description.signature = graph.signature
            caller = self.engine.state
            self.engine.add_graph(graph, description, low_level or (caller is not None and caller.low_level))
        return graph

    def helper_graph(self, description: FunctionDescription, arguments: Sequence[Annotation]) -> FunctionGraph:
        """The graph of a helper of a later stage: one for each combination of types and constants."""
        key = ("ll", *[key_of(self.engine, annotation, True) for annotation in arguments])
        return self.graph_of(description, key, True)

    # ---- classes

    def of_class(self, python_class: type) -> ClassDescription:
        """The description of a class; describes its bases first."""
        description = self.classes.get(python_class)
        if description is None:
            description = self._describe_class(python_class)
        return description

    def _describe_class(self, python_class: type) -> ClassDescription:
        host_exception = is_host_exception(python_class)
        mixins: list[type] = []
        bases = []
        for base in python_class.__bases__:
            if base in _IGNORED_BASES or base.__module__ in ("typing", "abc"):
                continue
            if "_mixin_" in vars(base) and vars(base)["_mixin_"]:
                mixins.append(base)
            else:
                bases.append(base)
        for base in () if host_exception else bases:
            if base.__module__ == "builtins" and not issubclass(base, BaseException) and is_library_class(base):
                raise Complaint(
                    f"class {python_class.__name__} derives from {base.__name__}, a built-in type of the host",
                    "keep the value in an attribute; instead of a named tuple write a class with __init__",
                )
        if len(bases) > 1 and not host_exception:
            names = " and ".join(base.__name__ for base in bases)
            raise Complaint(
                f"class {python_class.__name__} derives from {names}: one base class can have state",
                "make the others mixins: set `_mixin_ = True` in them, or use @import_from_mixin",
            )
        base_description = self.of_class(bases[0]) if bases else None
        description = ClassDescription(
            python_class,
            python_class.__name__,
            base_description,
            self._class_dict(python_class, mixins),
            is_exception=issubclass(python_class, BaseException),
            is_host_exception=host_exception,
            unboxed=issubclass(python_class, UnboxedValue),
        )
        self.classes[python_class] = description
        self.class_list.append(description)
        if python_class is BaseException:
            self.attributes.declare(description, TEXT, a.OPTIONAL_STRING)
        if host_exception:
            for name, annotation in HOST_EXCEPTION_ATTRIBUTES.get(python_class, {}).items():
                self.attributes.declare(description, name, annotation)
        else:
            read_class_hints(description)
        self.attributes.class_found(description)
        return description

    def _class_dict(self, python_class: type, mixins: list[type]) -> dict[str, Any]:
        if is_host_exception(python_class):
            return dict(EXCEPTION_METHODS) if python_class is BaseException else {}
        result: dict[str, Any] = {}
        for mixin in reversed(mixins):
            for base in reversed(mixin.__mro__):
                if base is object:
                    continue
                for name, value in vars(base).items():
                    if name in _NOT_MEMBERS or name == "_mixin_":
                        continue
                    if isinstance(value, types.FunctionType):
                        value = self._describe_function(value)
                    result[name] = value
        members = {
            name: self._own_function(python_class, value)
            for name, value in vars(python_class).items()
            if name not in _NOT_MEMBERS and not self._is_unused_text(python_class, name, value)
        }
        slots = vars(python_class).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            members.pop(name, None)
            if name.startswith("__") and not name.endswith("__"):
                members.pop(f"_{python_class.__name__.lstrip('_')}{name}", None)
        result.update(members)
        return result

    def _is_unused_text(self, python_class: type, name: str, value: Any) -> bool:
        """Whether this is a `__str__` of an exception that nothing calls: every exception has another one.

        That is for the host alone, or of a class that a stage after this one brings in: what asks for the text of any
        exception is done by then.
        """
        if name != "__str__" or not issubclass(python_class, BaseException):
            return False
        return self.engine.is_finished or hasattr(value, "_not_rpython_")

    def _own_function(self, python_class: type, value: Any) -> Any:
        """A function that stands in the bodies of unrelated classes is typed for each of them."""
        if not isinstance(value, types.FunctionType):
            return value
        owner = self._owners.setdefault(value, python_class)
        return value if issubclass(python_class, owner) else self._describe_function(value)

    def member(self, owner: ClassDescription, value: Any) -> Any:
        """A value of a class body: a `FunctionDescription` for functions, else the value itself."""
        if isinstance(value, types.FunctionType):
            return self.of_function(value)
        return value

    def mark_instantiated(self, description: ClassDescription) -> None:
        """Instances of exactly this class may exist from now on."""
        if not description.instantiated:
            description.instantiated = True
            found = description.lookup("__del__")
            if found is not None:
                function = self.member(found[0], found[1])
                description.finalizer = function
                graph = self.graph_of(function, None)
                self.engine.later(lambda: self._call_finalizer(graph, description))

    def _call_finalizer(self, graph: FunctionGraph, description: ClassDescription) -> None:
        self.engine.call_graph(graph, [a.Instance(description)])

    # ---- methods and constants

    def method(
        self,
        function: FunctionDescription,
        origin: ClassDescription,
        self_class: ClassDescription,
        name: str,
        flags: Any = None,
    ) -> MethodDescription:
        """The description of a method bound to instances of a class."""
        key = (function, origin, self_class, name, None if flags is None else tuple(sorted(flags.items())))
        description = self._methods.get(key)
        if description is None:
            description = self._methods[key] = MethodDescription(function, origin, self_class, name, flags)
        return description

    def bound_to_constant(self, function: FunctionDescription, receiver: Any) -> FrozenMethodDescription:
        """A function whose first argument is a constant: a method of a frozen object, or a class method."""
        key = (function, id(receiver))
        description = self._frozen_methods.get(key)
        if description is None:
            description = self._frozen_methods[key] = FrozenMethodDescription(function, receiver)
        return description

    def of_bound_method(self, method: types.MethodType) -> Description:
        """A bound method found as a constant."""
        receiver, function = method.__self__, method.__func__
        if not isinstance(function, types.FunctionType):
            raise Complaint(f"{method!r} is not a method of a class of the program")
        if isinstance(receiver, type) or is_frozen(receiver) or self.engine.constants.is_registered(receiver):
            return self.bound_to_constant(self.of_function(function), receiver)
        self_class = self.of_class(type(receiver))
        self.engine.constant(receiver)
        found = self_class.lookup(function.__name__)
        member = self.of_function(function)
        if found is not None and isinstance(found[1], FunctionDescription):
            member = found[1]
        return self.bound_to_constant(member, receiver)

    def of_frozen(self, value: Any) -> FrozenDescription:
        """The description of an object that never changes."""
        description = self._frozen.get(id(value))
        if description is None:
            description = self._frozen[id(value)] = FrozenDescription(value)
        return description

    def keep_arguments(
        self, description: ClassDescription, arguments: Sequence[Annotation], has_initialiser: bool = False
    ) -> None:
        """`ValueError("text")`: exceptions of the host take any arguments, and keep some."""
        instance = a.Instance(description)
        for name, index in kept_arguments(description, arguments, has_initialiser):
            self.attributes.write(instance, name, arguments[index])


def is_frozen(value: Any) -> bool:
    """Whether an object says of itself that it never changes."""
    if isinstance(value, MODULE_KINDS):
        return True
    freeze = getattr(type(value), "_freeze_", None)
    return freeze is not None and bool(value._freeze_())


def signature_of(function: Any) -> Signature:
    """The signature of a Python function, as flow graphs of it have."""
    code = getattr(function, "__code__", None)
    if code is None:
        raise Complaint(f"{function!r} is not a Python function", "register what it means to the annotator")
    names = code.co_varnames
    count = code.co_argcount
    keyword_only = names[count : count + code.co_kwonlyargcount]
    defaults = dict(zip(names[:count][::-1], (function.__defaults__ or ())[::-1]))
    defaults.update(function.__kwdefaults__ or {})
    vararg = names[count + len(keyword_only)] if code.co_flags & 0x04 else None
    return Signature(names[:count], keyword_only, vararg, defaults, getattr(code, "co_posonlyargcount", 0))


def _names_in(description: ClassDescription, attribute: str) -> Any:
    """The names that a class body lists in an attribute, None where it has none."""
    names = vars(description.python_class).get(attribute)
    if names is not None and (isinstance(names, str) or not all(isinstance(name, str) for name in names)):
        raise Complaint(f"{attribute} of {description.name} is {names!r}: it is a list of names of attributes")
    return names


def read_class_hints(description: ClassDescription) -> None:
    """Take over what the class body declares: `_attrs_`, `__slots__`, `_immutable_fields_`, `_virtualizable_`, ..."""
    namespace = vars(description.python_class)
    base = description.base
    names = namespace.get("_attrs_", namespace.get("__slots__"))
    if names is not None:
        own = (names,) if isinstance(names, str) else tuple(names)
        inherited = frozenset() if base is None else base.allowed_attributes
        if inherited is not None:
            description.allowed_attributes = frozenset(own) | inherited
    inherited_ranks = base.immutable_fields if base is not None else {}
    description.immutable_fields = dict(inherited_ranks)
    for text in _names_in(description, "_immutable_fields_") or ():
        name = text.rstrip("[*]?")
        description.immutable_fields[name] = text[len(name) :]
    description.immutable = bool(namespace.get("_immutable_", base is not None and base.immutable))
    names = _names_in(description, "_virtualizable_")
    if names is not None:
        description.virtualizable = tuple(names)
    elif base is not None:
        description.virtualizable = base.virtualizable
    description.flavor = namespace.get("_alloc_flavor_", base.flavor if base is not None else "gc")
