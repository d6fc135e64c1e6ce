"""What `rffi.library` does: read C declarations, and make function pointers that also work on the host."""

from __future__ import annotations

import ctypes.util
import threading
from typing import Any, Callable

from attrs import define, field
from cffi import FFI, cparser, model
from ouro.lltype import (
    Array,
    Bool,
    Char,
    ExternalFunction,
    Float,
    FuncType,
    Int8,
    Int16,
    Int32,
    Library,
    LowLevelType,
    OpaqueType,
    Pointer,
    Ptr,
    Signed,
    SignedLongLong,
    SingleFloat,
    Struct,
    UInt8,
    UInt16,
    UInt32,
    Unsigned,
    UnsignedLongLong,
    Void,
    cast_ptr_to_int,
    functionptr,
    native_pointer,
    nullptr,
)
from ouro.rlib._host_lock import HOST_LOCK
from ouro.rlib._primitive import primitive
from ouro.rlib._probe import constant_values
from ouro.rlib.rarithmetic import LONG_BIT, r_longlong, r_uint, r_ulonglong

__all__ = ["CLibrary", "get_saved_errno", "library", "set_saved_errno"]


# ---- errno


class _ErrnoState(threading.local):
    value = 0


_errno = _ErrnoState()


@primitive
def get_saved_errno():
    """The C `errno` after the last external function that saves it, in this thread."""
    return _errno.value


@primitive
def set_saved_errno(value):
    """Set what `get_saved_errno` returns."""
    _errno.value = value


# ---- types

_PRIMITIVES: dict[str, LowLevelType] = {
    "_Bool": Bool,
    "char": Char,
    "signed char": Int8,
    "unsigned char": UInt8,
    "short": Int16,
    "unsigned short": UInt16,
    "int": Int32,
    "unsigned int": UInt32,
    "long": Signed,
    "unsigned long": Unsigned,
    "long long": SignedLongLong,
    "unsigned long long": UnsignedLongLong,
    "float": SingleFloat,
    "double": Float,
    "int8_t": Int8,
    "uint8_t": UInt8,
    "int16_t": Int16,
    "uint16_t": UInt16,
    "int32_t": Int32,
    "uint32_t": UInt32,
    "int64_t": SignedLongLong,
    "uint64_t": UnsignedLongLong,
    "intptr_t": Signed,
    "uintptr_t": Unsigned,
    "ptrdiff_t": Signed,
    "size_t": Unsigned,
    "ssize_t": Signed,
}

# as arguments and results these are plain integers: C converts
_PLAIN = (Int8, Int16, Int32, UInt8, UInt16) + ((UInt32,) if LONG_BIT == 64 else ())

_VOID_POINTER = Ptr(Array(Char, hints={"nolength": True}))


class DeclarationError(Exception):
    """The C declarations cannot be used as they are."""


def _type_in_memory(ctype: Any) -> Any:
    """The low-level type of a C type as a field or an item."""
    if isinstance(ctype, model.PrimitiveType):
        TYPE = _PRIMITIVES.get(ctype.name)
        if TYPE is None:
            raise DeclarationError("the C type %s has no low-level type" % ctype.name)
        return TYPE
    if isinstance(ctype, model.EnumType):
        return Int32
    if isinstance(ctype, model.ArrayType):
        return Array(_type_in_memory(ctype.item), hints={"nolength": True})
    if isinstance(ctype, model.StructType):
        return _struct_type(ctype)
    if isinstance(ctype, model.FunctionPtrType):
        return _VOID_POINTER
    if isinstance(ctype, model.PointerType):
        target = ctype.totype
        if isinstance(target, (model.VoidType, model.BaseFunctionType)):
            return _VOID_POINTER
        if isinstance(target, model.StructOrUnion):
            return Ptr(_type_in_memory(target))
        return Ptr(Array(_type_in_memory(target), hints={"nolength": True}))
    raise DeclarationError("the C type %s has no low-level type" % ctype)


_structs: dict[Any, Any] = {}


def _struct_type(ctype: Any) -> Any:
    known = _structs.get(ctype)
    if known is None:
        hints = {"external": "C", "c_name": ctype.get_official_name()}
        if ctype.fldnames is None or ctype.partial:
            known = OpaqueType(ctype.get_official_name(), hints=hints)
        else:
            fields = [(name, _type_in_memory(tp)) for name, tp in zip(ctype.fldnames, ctype.fldtypes)]
            known = Struct(ctype.get_official_name(), *fields, hints=hints)
        _structs[ctype] = known
    return known


def _type_in_call(ctype: Any) -> Any:
    """The low-level type of an argument or a result."""
    if isinstance(ctype, model.VoidType):
        return Void
    if isinstance(ctype, model.ArrayType):
        return Ptr(Array(_type_in_memory(ctype.item), hints={"nolength": True}))
    TYPE = _type_in_memory(ctype)
    return Signed if TYPE in _PLAIN else TYPE


# ---- calls on the host


def _to_c(ffi: FFI, TYPE: Any, ctype: Any) -> Callable[[Any], Any]:
    if isinstance(TYPE, Ptr):
        return lambda value: ffi.cast(ctype, cast_ptr_to_int(value) if value else 0)
    if TYPE is Char:
        return lambda value: value.encode("latin-1")
    if TYPE in (Float, SingleFloat):
        return float
    if TYPE in (Signed, SignedLongLong, Unsigned, UnsignedLongLong):
        return lambda value: int(ffi.cast(ctype, int(value)))
    return lambda value: value


def _from_c(ffi: FFI, TYPE: Any) -> Callable[[Any], Any]:
    if isinstance(TYPE, Ptr):

        def pointer(value: Any) -> Any:
            address = int(ffi.cast("uintptr_t", value))
            return native_pointer(TYPE, address) if address else nullptr(TYPE.TO)

        return pointer
    if TYPE is Char:
        return lambda value: value.decode("latin-1")
    known: dict[Any, Callable[[Any], Any]] = {
        Unsigned: r_uint,
        SignedLongLong: r_longlong,
        UnsignedLongLong: r_ulonglong,
        Bool: bool,
        Signed: int,
    }
    return known.get(TYPE, lambda value: value)


@define(eq=False)
class _HostCall:
    """Calls one C function through cffi; the function is looked up at the first call."""

    owner: CLibrary
    name: str
    TYPE: FuncType
    saves_errno: bool
    blocking: bool
    _call: Any = None

    def __call__(self, *args: Any) -> Any:
        if self._call is None:
            self._call = self._prepare()
        return self._call(*args)

    def _prepare(self) -> Callable[..., Any]:
        ffi = self.owner.ffi
        function = self.owner.find_on_host(self.name)
        ctypes_of_arguments = ffi.typeof(function).args
        converters = [_to_c(ffi, TYPE, ctype) for TYPE, ctype in zip(self.TYPE.ARGS, ctypes_of_arguments)]
        convert_result = _from_c(ffi, self.TYPE.RESULT)
        saves_errno = self.saves_errno

        def call(*args: Any) -> Any:
            if saves_errno:
                ffi.errno = 0
            result = function(*[convert(value) for convert, value in zip(converters, args)])
            if saves_errno:
                _errno.value = ffi.errno
            return convert_result(result)

        return _without_lock(call) if self.blocking else call


def _without_lock(call: Callable[..., Any]) -> Callable[..., Any]:
    def call_while_others_run(*args: Any) -> Any:
        HOST_LOCK.release()
        try:
            return call(*args)
        finally:
            HOST_LOCK.acquire()

    return call_while_others_run


def _host_replacement(function: Callable[..., Any], TYPE: FuncType) -> Callable[..., Any]:
    """A Python function in the place of a C function: an OSError becomes errno and the result -1 or null."""
    failed = nullptr(TYPE.RESULT.TO) if isinstance(TYPE.RESULT, Ptr) else -1

    def call(*args: Any) -> Any:
        try:
            return function(*args)
        except OSError as error:
            _errno.value = error.errno or 0
            return failed

    return call


# ---- the library


@define(eq=False)
class CLibrary:
    """Functions and constants of C as attributes. Made by `library`."""

    description: Library
    ffi: FFI
    functions: dict[str, Pointer] = field(factory=dict)
    constants: dict[str, Any] = field(factory=dict)
    types: dict[str, Any] = field(factory=dict)
    _unprobed: tuple[str, ...] = ()
    _found: dict[str, Any] = field(factory=dict)

    def _freeze_(self) -> bool:
        """A namespace of constants to the stages above."""
        return True

    def __getattr__(self, name: str) -> Any:
        for table in (self.functions, self.constants, self.types):
            if name in table:
                return table[name]
        if name in self._unprobed:
            self.constants.update(constant_values(self.description, self._unprobed))
            return self.constants[name]
        raise AttributeError("%s is not in the declarations" % name)

    def find_on_host(self, name: str) -> Any:
        """The cffi function. Raises AttributeError if the host has no such function."""
        if not self._found:
            self._find_all()
        if name in self._found:
            return self._found[name]
        raise AttributeError("the C function %s is not in this process nor in %s" % (name, self.description.libraries))

    def _find_all(self) -> None:
        # all at once: looking one up later would change what dlerror() says
        for library_name in (None, *self.description.libraries):
            path = library_name and (ctypes.util.find_library(library_name) or library_name)
            opened = self.ffi.dlopen(path)
            for name in self.functions:
                if name not in self._found:
                    try:
                        self._found[name] = getattr(opened, name)
                    except AttributeError:
                        continue


def library(
    declarations: str,
    libraries: Any = (),
    includes: Any = (),
    defines: Any = (),
    source: str = "",
    include_directories: Any = (),
    library_directories: Any = (),
    blocking: Any = (),
    saves_errno: Any = False,
    pure: Any = False,
    calls_back: Any = (),
    host: Any = None,
) -> CLibrary:
    """Declare C functions and constants.

    declarations: C, as cffi reads it: functions, structures, typedefs, and `#define NAME ...` for constants of
        which the C compiler is asked.
    libraries, includes, defines, include_directories, library_directories: for the C compiler and linker.
    source: C code compiled along, with definitions for what no library has.
    blocking: names of functions during which other threads run.
    saves_errno, pure, calls_back: names of functions that set errno, have no side effects, call the program; `True`
        means all.
    host: Python functions by name that replace C functions on the host. They get low-level values, and an OSError
        they raise turns into errno and the result -1.

    Raises DeclarationError, or cffi's error, for bad declarations.
    """
    description = Library(
        includes=tuple(includes),
        libraries=tuple(libraries),
        defines=tuple(defines),
        include_directories=tuple(include_directories),
        library_directories=tuple(library_directories),
        source=source,
    )
    replacements = host or {}
    parser = cparser.Parser()
    parser.parse(declarations)
    ffi = FFI()
    functions: dict[str, Pointer] = {}
    types: dict[str, Any] = {}
    constants: dict[str, Any] = {}
    unprobed = []
    result = CLibrary(description, ffi)
    # cffi offers no public way to list what was declared; these keys are what its own code generators use
    for key, (ctype, _) in parser._declarations.items():
        kind, _, name = key.partition(" ")
        if kind == "function":
            functions[name] = _declare(
                result,
                name,
                ctype,
                blocking=_applies(name, blocking),
                saves_errno=_applies(name, saves_errno),
                pure=_applies(name, pure),
                calls_back=_applies(name, calls_back),
                replacement=replacements.get(name),
            )
        elif kind in ("typedef", "struct"):
            if not isinstance(ctype, (model.VoidType, model.UnknownIntegerType)):
                types[name if kind == "typedef" else "struct_" + name] = _type_in_memory(ctype)
        elif kind in ("macro", "constant"):
            if isinstance(ctype, int):
                constants[name] = ctype
            else:
                unprobed.append(name)
    for name, value in getattr(parser, "_int_constants", {}).items():
        constants.setdefault(name, value)
    ffi.cdef("\n".join(line for line in declarations.splitlines() if not line.strip().startswith("#define")))
    for name, function in replacements.items():
        if name not in functions:
            raise DeclarationError("%s has a host function %r but no declaration" % (name, function))
    result.functions.update(functions)
    result.types.update(types)
    result.constants.update(constants)
    result._unprobed = tuple(unprobed)
    return result


def _applies(name: str, names: Any) -> bool:
    return names is True or (names is not False and name in names)


def _declare(
    owner: CLibrary,
    name: str,
    ctype: Any,
    blocking: bool,
    saves_errno: bool,
    pure: bool,
    calls_back: bool,
    replacement: Any,
) -> Pointer:
    if ctype.ellipsis:
        raise DeclarationError("%s: declare the arguments that are used instead of '...'" % name)
    TYPE = FuncType([_type_in_call(argument) for argument in ctype.args], _type_in_call(ctype.result))
    call: Callable[..., Any]
    if replacement is None:
        call = _HostCall(owner, name, TYPE, saves_errno, blocking)
    else:
        call = _host_replacement(replacement, TYPE)
    external = ExternalFunction(
        name=name,
        TYPE=TYPE,
        library=owner.description,
        declaration=None if owner.description.includes else _prototype(name, ctype),
        releases_gil=blocking,
        saves_errno=saves_errno,
        may_collect=calls_back,
        is_pure=pure,
        host=call,
    )
    return functionptr(TYPE, name, external=external)


def _prototype(name: str, ctype: Any) -> str:
    arguments = ", ".join(argument.get_c_name() for argument in ctype.args) or "void"
    return ctype.result.get_c_name(" " + name + "(" + arguments + ")") + ";"

