"""Checked memory: containers as Python objects, and the pointers to them.

Every mistake that is silent corruption in C is an error here: use after free, an index out of bounds, a
value of the wrong type, reading what was never written; the message names the line that allocated the memory.

The checks cost nothing while all is well: freed containers lose their list of values, so that the ordinary
access fails and only then the reason is looked for.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from typing import Any, Callable

from ouro.lltype._types import (
    WEAKREF,
    WORD_BITS,
    Array,
    ContainerType,
    FixedSizeArray,
    FuncType,
    GcOpaqueType,
    LowLevelType,
    OpaqueType,
    Ptr,
    Struct,
    Void,
    is_varsize,
    resolve,
    set_null_maker,
    type_of_class,
)


class MemoryAccessError(Exception):
    """Checked memory was used in a way that would corrupt native memory."""


class Uninitialized:
    """What memory holds that was allocated without `zero=True` and not written yet."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<uninitialized>"


UNINITIALIZED = Uninitialized()


class Container:
    """A piece of checked memory. `parent` and `parent_index` say where it is inlined, if it is."""

    __slots__ = ("TYPE", "parent", "parent_index", "site", "immortal", "attributes", "__weakref__")

    TYPE: ContainerType
    parent: Container | None
    parent_index: Any
    site: Any
    immortal: bool
    attributes: Any

    def describe(self) -> str:
        """What this is and where it was allocated, for messages."""
        top = self.top()
        site = top.site
        where = f" allocated at {site[0].co_filename}:{_line_of(*site)}" if site else ""
        return f"{self.TYPE}{where}"

    def top(self) -> Container:
        """The allocation this container is inlined in; itself when it is an allocation of its own."""
        container = self
        while container.parent is not None:
            container = container.parent
        return container

    def head(self) -> Container:
        """The outermost container that begins where this one begins."""
        container = self
        while container.parent is not None and container.parent_index == 0:
            container = container.parent
        return container

    def is_freed(self) -> bool:
        """True after `free`."""
        return False

    def release(self) -> None:
        """Make every later access fail."""

    def reinterpreted(self, TYPE: ContainerType) -> Container:
        """What begins here as another type, where the memory does not say what it is.

        Raises MemoryAccessError where it does.
        """
        raise MemoryAccessError(f"a {self.describe()} is not a {TYPE}")


def _line_of(code: Any, instruction: int) -> int:
    line: int = code.co_firstlineno
    if hasattr(code, "co_lines"):
        for start, stop, number in code.co_lines():
            if start <= instruction < stop and number is not None:
                return int(number)
    return line


class StructContainer(Container):
    """A structure: `values` in field order, None after `free`."""

    __slots__ = ("values",)

    TYPE: Struct
    values: Any

    def __init__(
        self, TYPE: Struct, length: int | None, zero: bool, parent: Container | None, index: Any
    ) -> None:
        self.TYPE = TYPE
        self.parent = parent
        self.parent_index = index
        self.site = None
        self.immortal = False
        self.attributes = None
        self.values = [
            _make_place(FIELD, length, zero, self, number)
            if FIELD.is_container
            else FIELD.default_value()
            if zero
            else UNINITIALIZED
            if FIELD is not Void
            else None
            for number, FIELD in enumerate(TYPE.types)
        ]

    def is_freed(self) -> bool:
        return self.values is None

    def release(self) -> None:
        for value in self.values:
            if isinstance(value, Container):
                value.release()
        self.values = None

    def read(self, index: int) -> Any:
        """The value of field number `index`."""
        try:
            return self.values[index]
        except TypeError:
            raise MemoryAccessError(f"read of freed {self.describe()}") from None

    def write(self, index: int, value: Any) -> None:
        """Store the checked `value` in field number `index`."""
        try:
            self.values[index] = value
        except TypeError:
            raise MemoryAccessError(f"write to freed {self.describe()}") from None


class ArrayContainer(Container):
    """An array of any kind: `values` item by item, None after `free`."""

    __slots__ = ("values",)

    TYPE: Any
    values: Any

    def __init__(self, TYPE: Any, length: int, zero: bool, parent: Container | None, index: Any) -> None:
        self.TYPE = TYPE
        self.parent = parent
        self.parent_index = index
        self.site = None
        self.immortal = False
        self.attributes = None
        ITEM = TYPE.ITEM
        if ITEM.is_container:
            self.values = [_make_place(ITEM, None, zero, self, number) for number in range(length)]
        elif zero:
            self.values = [ITEM.default_value()] * length
        else:
            self.values = [UNINITIALIZED if ITEM is not Void else None] * length

    is_freed = StructContainer.is_freed
    release = StructContainer.release

    def length(self) -> int:
        """The number of items."""
        if self.values is None:
            raise MemoryAccessError(f"length of freed {self.describe()}")
        return len(self.values)

    def check_index(self, index: int) -> None:
        """Raise unless `index` is that of an item."""
        if self.values is None:
            raise MemoryAccessError(f"access to freed {self.describe()}")
        if not 0 <= index < len(self.values):
            raise MemoryAccessError(
                f"index {index} outside of {self.describe()} of length {len(self.values)}"
            )

    def read(self, index: int) -> Any:
        """The item number `index`."""
        if index < 0 or self.values is None or index >= len(self.values):
            self.check_index(index)
        return self.values[index]

    def write(self, index: int, value: Any) -> None:
        """Store the checked `value` as item number `index`."""
        if index < 0 or self.values is None or index >= len(self.values):
            self.check_index(index)
        self.values[index] = value


class FunctionContainer(Container):
    """A function: its graph, the Python function that does the same on the host, or what it is in C."""

    __slots__ = ("name", "graph", "callable", "external")

    TYPE: FuncType

    def __init__(
        self, TYPE: FuncType, name: str, graph: Any, callable: Any, external: Any, attributes: Any
    ) -> None:
        self.TYPE = TYPE
        self.parent = None
        self.parent_index = None
        self.site = None
        self.immortal = True
        self.name = name
        self.graph = graph
        self.callable = callable
        self.external = external
        self.attributes = attributes

    def describe(self) -> str:
        return f"function {self.name}"


class OpaqueContainer(Container):
    """Opaque memory; `attributes` is for its owner."""

    __slots__ = ("name",)

    TYPE: OpaqueType

    def __init__(self, TYPE: OpaqueType, name: str, attributes: Any) -> None:
        self.TYPE = TYPE
        self.parent = None
        self.parent_index = None
        self.site = None
        self.immortal = False
        self.name = name
        self.attributes = attributes


class WeakRefContainer(Container):
    """What a WEAKREF points to."""

    __slots__ = ("reference",)

    reference: Any

    def __init__(self, target: Container | None) -> None:
        self.TYPE = WEAKREF.TO
        self.parent = None
        self.parent_index = None
        self.site = None
        self.immortal = False
        self.attributes = None
        self.reference = (lambda: None) if target is None else weakref.ref(target)


def _make_place(TYPE: Any, length: int | None, zero: bool, parent: Container, index: Any) -> Container:
    if isinstance(TYPE, Struct):
        return StructContainer(TYPE, length if is_varsize(TYPE) else None, zero, parent, index)
    if isinstance(TYPE, FixedSizeArray):
        return ArrayContainer(TYPE, TYPE.length, zero, parent, index)
    if isinstance(TYPE, Array):
        assert length is not None
        return ArrayContainer(TYPE, length, zero, parent, index)
    container = OpaqueContainer(TYPE, TYPE.name, {})
    container.parent = parent
    container.parent_index = index
    return container


class Pointer:
    """A pointer value: `p.field`, `p[i]`, `len(p)`, `p(args)`; false when null; compared by where it points.

    `_T` is its Ptr type; `_obj` the container, None for null, or an odd integer (a tagged pointer).
    """

    __slots__ = ("_T", "_obj")

    _T: Ptr
    _obj: Any

    def __init__(self, TYPE: Ptr, container: Any) -> None:
        object.__setattr__(self, "_T", TYPE)
        object.__setattr__(self, "_obj", container)

    def __getattr__(self, name: str) -> Any:
        container = self._obj
        TO = self._T.TO
        try:
            index = TO.index[name]  # type: ignore[attr-defined]
            value = container.values[index]
        except (AttributeError, KeyError, TypeError):
            value = self._slow_getattr(name)
            index = TO.index[name]  # type: ignore[attr-defined]
        if value is UNINITIALIZED:
            raise MemoryAccessError(f"read of uninitialized {name!r} of {container.describe()}")
        if TO.types[index].is_container:  # type: ignore[attr-defined]
            return Pointer(Ptr(TO.types[index]), value)  # type: ignore[attr-defined]
        return value

    def _slow_getattr(self, name: str) -> Any:
        TO = self._T.TO
        if not isinstance(TO, Struct):
            raise AttributeError(f"{self._T} has no field {name!r}")
        index = TO.index.get(name)
        if index is None:
            raise AttributeError(f"{TO} has no field {name!r}")
        return self._memory("read").read(index)

    def __setattr__(self, name: str, value: Any) -> None:
        TO = self._T.TO
        if not isinstance(TO, Struct):
            raise AttributeError(f"{self._T} has no field {name!r}")
        index = TO.index.get(name)
        if index is None:
            raise AttributeError(f"{TO} has no field {name!r}")
        FIELD = TO.types[index]
        if FIELD.is_container:
            raise TypeError(f"{name!r} of {TO} is inlined and cannot be assigned as a whole")
        try:
            value = FIELD.check(value)
        except TypeError as error:
            raise TypeError(f"field {name!r} of {TO}: {error}") from None
        self._memory("write").write(index, value)

    def _memory(self, what: str) -> Any:
        container = self._obj
        if container is None:
            raise MemoryAccessError(f"{what} through a null {self._T}")
        if isinstance(container, int):
            raise MemoryAccessError(f"{what} through a tagged {self._T}")
        return container

    def __getitem__(self, index: int) -> Any:
        TO = self._T.TO
        if not isinstance(TO, (Array, FixedSizeArray)):
            raise TypeError(f"{self._T} does not point to an array")
        container = self._memory("read")
        value = container.read(index)
        if value is UNINITIALIZED:
            raise MemoryAccessError(f"read of uninitialized item {index} of {container.describe()}")
        if TO.ITEM.is_container:
            return Pointer(Ptr(TO.ITEM), value)
        return value

    def __setitem__(self, index: int, value: Any) -> None:
        TO = self._T.TO
        if not isinstance(TO, (Array, FixedSizeArray)):
            raise TypeError(f"{self._T} does not point to an array")
        if TO.ITEM.is_container:
            raise TypeError(f"the items of {TO} are inlined and cannot be assigned as a whole")
        self._memory("write").write(index, TO.ITEM.check(value))

    def __len__(self) -> int:
        TO = self._T.TO
        if isinstance(TO, Array) and not TO.has_length:
            raise TypeError(f"{TO} does not know its length")
        if not isinstance(TO, (Array, FixedSizeArray)):
            raise TypeError(f"{self._T} does not point to an array")
        length: int = self._memory("length").length()
        return length

    def __iter__(self) -> Iterator[Any]:
        for index in range(len(self)):
            yield self[index]

    def __bool__(self) -> bool:
        return self._obj is not None

    def __eq__(self, other: Any) -> bool:
        if not isinstance(other, Pointer):
            return NotImplemented
        if self._T is not other._T:
            raise TypeError(f"comparing a {self._T} with a {other._T}")
        mine, theirs = self._obj, other._obj
        if mine is theirs:
            return True
        return bool(mine == theirs)

    def __ne__(self, other: Any) -> bool:
        if not isinstance(other, Pointer):
            return NotImplemented
        return not self == other

    def __hash__(self) -> int:
        return hash(self._obj)

    def __call__(self, *args: Any) -> Any:
        TO = self._T.TO
        if not isinstance(TO, FuncType):
            raise TypeError(f"{self._T} does not point to a function")
        function = self._memory("call")
        if len(args) != len(TO.ARGS):
            raise TypeError(f"{function.name} takes {len(TO.ARGS)} arguments, not {len(args)}")
        checked = [ARG.check(value) for ARG, value in zip(TO.ARGS, args)]
        target = function.callable
        if target is None and function.external is not None:
            target = function.external.call
        if target is None:
            raise MemoryAccessError(f"{function.name} has nothing to call on the host")
        return target(*checked)

    def __repr__(self) -> str:
        if self._obj is None:
            return f"<null {self._T}>"
        if isinstance(self._obj, int):
            return f"<tagged {self._T} {self._obj}>"
        if isinstance(self._obj, FunctionContainer):
            return f"<function {self._obj.name}>"
        return f"<{self._T} {id(self._obj):#x}>"


def _make_null(TYPE: Ptr) -> Pointer:
    null = TYPE._null
    if null is None:
        null = TYPE._null = Pointer(TYPE, None)
    return null  # type: ignore[no-any-return]


set_null_maker(_make_null)


def nullptr(TYPE: Any) -> Pointer:
    """The null pointer to the container type `TYPE`."""
    return _make_null(Ptr(TYPE))


#: Makes containers in native memory instead, for types laid out by a C compiler; see `_native`.
_native_allocator: list[Callable[..., Container]] = []


def set_native_allocator(allocator: Callable[..., Container]) -> None:
    """Tell checked memory how to allocate what must live in native memory; called once, by the native
    store.
    """
    _native_allocator[:] = [allocator]


def is_native(TYPE: Any) -> bool:
    """True for types whose memory C code may see: C arrays, and structures with the hint `external`."""
    if isinstance(TYPE, Array):
        return not TYPE.has_length
    if isinstance(TYPE, FixedSizeArray):
        return False
    return bool(getattr(TYPE, "hints", {}).get("external"))


def malloc(
    TYPE: Any,
    n: int | None = None,
    flavor: str = "gc",
    zero: bool = False,
    immortal: bool = False,
) -> Pointer:
    """Allocate a container of type `TYPE` (with `n` items where its size varies) and return the pointer to
    it.

    `flavor` must be that of the type, "gc" or "raw"; immortal memory is raw memory that is never freed,
    prebuilt. Raises TypeError when type, length and flavor do not fit each other.
    """
    TYPE = resolve(TYPE)
    if not isinstance(TYPE, (Struct, Array, FixedSizeArray)):
        raise TypeError(f"{TYPE} cannot be allocated")
    if flavor == "gc" and TYPE.gckind != "gc" and not immortal:
        raise TypeError(f"{TYPE} is not a GC type; allocate it with flavor='raw' or immortal=True")
    if flavor == "raw" and TYPE.gckind == "gc":
        raise TypeError(f"{TYPE} is a GC type and cannot be allocated with flavor='raw'")
    if is_varsize(TYPE):
        if n is None:
            raise TypeError(f"{TYPE} needs a length")
        if not isinstance(n, int):
            raise TypeError(f"the length of {TYPE} must be an integer, not {n!r}")
        if n < 0:
            raise MemoryAccessError(f"negative length {n} of {TYPE}")
    elif n is not None:
        raise TypeError(f"{TYPE} has a fixed size")
    container: Container
    if _native_allocator and is_native(TYPE):
        container = _native_allocator[0](TYPE, n, zero)
    elif isinstance(TYPE, Struct):
        container = StructContainer(TYPE, n, zero, None, None)
    elif isinstance(TYPE, FixedSizeArray):
        container = ArrayContainer(TYPE, TYPE.length, zero, None, None)
    else:
        assert n is not None
        container = ArrayContainer(TYPE, n, zero, None, None)
    frame = sys._getframe(1)
    container.site = (frame.f_code, frame.f_lasti)
    container.immortal = immortal
    return Pointer(Ptr(TYPE), container)


def free(pointer: Pointer, flavor: str = "raw") -> None:
    """Free raw memory. Raises MemoryAccessError for null, memory freed before, immortal memory and inner
    pointers.
    """
    if flavor != "raw" or pointer._T.TO.gckind != "raw":
        raise TypeError(f"only raw memory is freed, not {pointer!r}")
    container = pointer._memory("free")
    if container.is_freed():
        raise MemoryAccessError(f"{container.describe()} is freed twice")
    if container.parent is not None:
        raise MemoryAccessError(f"free of {container.describe()}, which is a part of another container")
    if container.immortal:
        raise MemoryAccessError(f"free of immortal {container.describe()}")
    container.release()


def render_immortal(pointer: Pointer) -> Pointer:
    """Mark raw memory as never freed, and return the pointer."""
    pointer._memory("marking").immortal = True
    return pointer


def typeOf(value: Any) -> LowLevelType:
    """The low-level type of a host value; TypeError where it has none."""
    if type(value) is Pointer:
        return value._T
    TYPE = type_of_class(type(value))
    if TYPE is not None:
        return TYPE
    TYPE = getattr(value, "lowleveltype", None)
    if isinstance(TYPE, LowLevelType):
        return TYPE
    raise TypeError(f"{value!r} has no low-level type")


def functionptr(
    TYPE: FuncType,
    name: str,
    graph: Any = None,
    callable: Callable[..., Any] | None = None,
    external: Any = None,
    **attributes: Any,
) -> Pointer:
    """A pointer to a function.

    `graph` is its flow graph, `callable` the Python function that does the same on the host, `external` an
    `ExternalFunction`; `attributes` is whatever else stages want to attach.
    """
    if not isinstance(TYPE, FuncType):
        raise TypeError(f"{TYPE!r} is not a function type")
    return Pointer(Ptr(TYPE), FunctionContainer(TYPE, name, graph, callable, external, attributes))


def opaqueptr(TYPE: OpaqueType, name: str, **attributes: Any) -> Pointer:
    """A pointer to a new piece of opaque memory, with attributes for its owner."""
    return Pointer(Ptr(TYPE), OpaqueContainer(TYPE, name, attributes))


def cast_pointer(PTR: Ptr, pointer: Pointer) -> Pointer:
    """View a structure as one it begins with, or as one that begins with it.

    Raises TypeError when the types are unrelated and MemoryAccessError when the object is not of the type
    asked for.
    """
    if pointer._T is PTR:
        return pointer
    container = pointer._obj
    if container is None:
        _check_related(PTR, pointer._T)
        return _make_null(PTR)
    if isinstance(container, int):
        return Pointer(PTR, container)
    _check_related(PTR, pointer._T)
    return Pointer(PTR, _view(container, PTR))


def _check_related(PTR: Ptr, FROM: Ptr) -> None:
    for outer, inner in ((PTR.TO, FROM.TO), (FROM.TO, PTR.TO)):
        TYPE: Any = outer
        while TYPE is not None:
            if TYPE is inner:
                return
            TYPE = TYPE.super_type if isinstance(TYPE, Struct) else None
    raise TypeError(f"a {FROM} cannot be cast to a {PTR}")


def _view(container: Container, PTR: Ptr) -> Container:
    """The container of type PTR.TO that begins where `container` begins."""
    place: Any = container.head()
    while place.TYPE is not PTR.TO:
        if isinstance(place, StructContainer) and place.is_freed():
            raise MemoryAccessError(f"cast of freed {place.describe()}")
        if not (isinstance(place.TYPE, Struct) and place.TYPE.types and place.TYPE.types[0].is_container):
            return container.head().reinterpreted(PTR.TO)
        place = place.read(0)
    return place  # type: ignore[no-any-return]


def cast_opaque_ptr(PTR: Ptr, pointer: Pointer) -> Pointer:
    """Hide the type of what a pointer points to, or show it again.

    Raises MemoryAccessError when an opaque pointer is cast to a type that its object does not have.
    """
    if pointer._T is PTR:
        return pointer
    container = pointer._obj
    if PTR.TO.gckind != pointer._T.TO.gckind:
        raise TypeError(f"a {pointer._T} cannot be cast to a {PTR}")
    if not isinstance(PTR.TO, OpaqueType) and not isinstance(pointer._T.TO, OpaqueType):
        raise TypeError(f"neither {pointer._T} nor {PTR} is opaque")
    if container is None:
        return _make_null(PTR)
    if isinstance(container, int):
        return Pointer(PTR, container)
    if isinstance(PTR.TO, OpaqueType):
        return Pointer(PTR, container.head())
    return Pointer(PTR, _view(container, PTR))


def cast_ptr_to_int(pointer: Pointer) -> int:
    """The address of what a pointer points to: a number that identifies it while it lives; 0 for null."""
    container = pointer._obj
    if container is None:
        return 0
    if isinstance(container, int):
        return container
    address = getattr(container, "address", None)
    if isinstance(address, int):
        # a machine word with a sign, as in C: (void *)-1 is -1
        return address - (1 << WORD_BITS) if address >> (WORD_BITS - 1) else address
    return id(container.head()) & ((1 << (WORD_BITS - 1)) - 1)


def cast_int_to_ptr(PTR: Ptr, value: int) -> Pointer:
    """A tagged pointer (an odd number in the place of an address), or null for 0."""
    if value == 0:
        return _make_null(PTR)
    if value & 1:
        return Pointer(PTR, int(value))
    raise MemoryAccessError(f"{value} is neither 0 nor odd: it cannot be cast to {PTR}")


def parent_of(pointer: Pointer) -> Pointer | None:
    """The pointer to the container that this one is inlined in, None for an allocation of its own."""
    parent = pointer._memory("parent").parent
    return None if parent is None else Pointer(Ptr(parent.TYPE), parent)


def container_of(pointer: Pointer) -> Any:
    """The container behind a pointer: None for null, an integer for a tagged pointer."""
    return pointer._obj


def pointer_to(container: Container) -> Pointer:
    """The pointer to a container."""
    return Pointer(Ptr(container.TYPE), container)


def weakref_create(pointer: Pointer) -> Pointer:
    """A WEAKREF to a GC object, or to nothing for null."""
    target = pointer._obj
    return Pointer(WEAKREF, WeakRefContainer(None if target is None else target.head()))


def weakref_deref(PTR: Ptr, weak: Pointer) -> Pointer:
    """What a WEAKREF refers to as a `PTR`; null when it is gone."""
    target = weak._memory("dereference").reference()
    if target is None:
        return _make_null(PTR)
    if isinstance(PTR.TO, GcOpaqueType):
        return Pointer(PTR, target)
    return Pointer(PTR, _view(target, PTR))


def identityhash(pointer: Pointer) -> int:
    """A number that stays the same for an object all its life."""
    return cast_ptr_to_int(pointer)


def is_uninitialized(value: Any) -> bool:
    """True for what `Container.values` holds in places that were never written."""
    return value is UNINITIALIZED
