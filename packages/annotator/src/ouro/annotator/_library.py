"""The border to the host's standard library: what belongs to it, and what a program uses instead.

The library is no part of the language: a program that used a function of it would be translated differently on each
version of the host, and most of it is not RPython, which would show in a message about the inside of the library. So
the message is about the author's own line. What has a counterpart is in `ouro.annotator.substitutes`.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import types
from typing import Any

_STDLIB = sysconfig.get_paths()["stdlib"] + os.sep
_INSTALLED = (os.path.join(_STDLIB, "site-packages"), os.path.join(_STDLIB, "dist-packages"))
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: made by a `class` statement, or by newer modules in C

_SHOWN_MODULES = {"posix": "os", "nt": "os", "posixpath": "os.path", "ntpath": "os.path", "genericpath": "os.path"}

_NO_CLASSES = "use a list, a dict, or a class of your own"
_FIELDS = "name the fields: what copies, compares or shows them all works before translation only"
_FILES = "use os.read and os.write on file descriptors, or ouro.rlib.rfile"
_THREADS = "use ouro.rlib.rthread"
_OPTIONS = "look at the items of argv in a loop"
_PATHS = "use ouro.rlib.rposix (stat, listdir, ...), and `+` to make names"

INSTEAD = {
    "argparse": _OPTIONS,
    "asyncio": _THREADS,
    "attr": _FIELDS,
    "codecs": "use .encode('latin-1') and .decode('latin-1'), or ouro.rlib.rutf8",
    "collections": _NO_CLASSES,
    "concurrent": _THREADS,
    "contextlib": "write a class with __enter__ and __exit__",
    "copy": "copy lists with items[:], and write a method that copies an instance",
    "ctypes": "use ouro.rlib.rffi",
    "dataclasses": _FIELDS,
    "datetime": "use ouro.rlib.rtime",
    "decimal": "use float, or ouro.rlib.rbigint for integers of any size",
    "enum": "use integers (RED = 1), or an IntEnum without .name and .value",
    "fractions": "use float, or ouro.rlib.rbigint for integers of any size",
    "functools": "write a function or a class with a method instead",
    "functools._lru_cache_wrapper": "call the plain function, and keep results in a dict of a prebuilt instance",
    "getopt": _OPTIONS,
    "glob": _PATHS,
    "io": _FILES,
    "itertools": "write the loops out",
    "json": "rlib has no JSON: write the part that you need, or call a C library with ouro.rlib.rffi",
    "logging": "use print, os.write(2, ...), or ouro.rlib.debug",
    "math": "use ouro.rlib.rmath or ouro.rlib.rfloat",
    "mmap": "use ouro.rlib.rmmap",
    "operator": "write the operator itself",
    "optparse": _OPTIONS,
    "os": "use the function of ouro.rlib.rposix that does this",
    "os._Environ": "use os.getenv(name), which is None where the variable is not set",
    "os.path": _PATHS,
    "pathlib": _PATHS,
    "pickle": "write the instances out by a method of your own; ouro.rlib.rstruct packs numbers",
    "queue": _THREADS,
    "random": "write a generator as a class (r_uint wraps around); os.urandom gives seeds",
    "re": "use the methods of str, or ouro.rlib.rsre for patterns that the host compiles",
    "select": "use ouro.rlib.rpoll",
    "shutil": _PATHS,
    "signal": "use ouro.rlib.rsignal",
    "sitebuiltins": "return the exit status from the entry point, or raise SystemExit(status)",
    "socket": "use ouro.rlib.rsocket",
    "string": "use the methods of str",
    "struct": "use ouro.rlib.rstruct",
    "subprocess": "use os.system, or fork and execv of ouro.rlib.rposix",
    "tempfile": _PATHS,
    "thread": _THREADS,
    "threading": _THREADS,
    "time": "use ouro.rlib.rtime",
    "types": _NO_CLASSES,
    "weakref": "use ouro.rlib.rweakref",
}
"""Module of the standard library, or a name in one -> what a program uses instead."""

_ELSEWHERE = "use the function of ouro.rlib that does this, or rffi for a C library"


def instead_of(name: str) -> str:
    """The advice for the dotted name of something in the standard library; that for the longest part of it."""
    name = name.lstrip("_")
    while name:
        found = INSTEAD.get(name)
        if found is not None:
            return found
        name = name.rpartition(".")[0]
    return _ELSEWHERE


def full_name(value: Any) -> str:
    """The dotted name of a function or class, by the module that authors know it from."""
    module = getattr(value, "__module__", None) or ""
    if not module:
        owner = getattr(value, "__objclass__", None) or type(getattr(value, "__self__", None))
        module = owner.__module__
    module = _SHOWN_MODULES.get(module, module)
    module = module.lstrip("_")
    name = getattr(value, "__qualname__", None) or repr(value)
    return name if module in ("", "builtins") else f"{module}.{name}"


def is_library_function(function: Any) -> bool:
    """Whether a Python function is part of the standard library."""
    code = getattr(function, "__code__", None)
    return code is not None and _is_library_file(code.co_filename)


def is_library_class(python_class: type) -> bool:
    """Whether a class is the host's own: built in, or made by a module of the standard library. Exceptions are not."""
    if issubclass(python_class, BaseException) or python_class is object:
        return False
    module = sys.modules.get(python_class.__module__)
    if not isinstance(module, types.ModuleType):
        return False
    filename = getattr(module, "__file__", None)
    if filename is None:
        # Classes of functions made from text without a module are said to be of `builtins` too.
        built_in = python_class.__module__ in sys.builtin_module_names
        return built_in and (python_class.__module__ != "builtins" or not python_class.__flags__ & _HEAP_TYPE)
    return _is_library_file(filename)


def _is_library_file(filename: str) -> bool:
    if filename.startswith("<frozen "):
        return True
    return filename.startswith(_STDLIB) and not filename.startswith(_INSTALLED)


def is_placeholder(value: Any) -> bool:
    """Does a default of an `__init__` that `dataclasses` or `attrs` made stand for "call the factory"?"""
    kind = type(value)
    return (kind.__module__, kind.__name__) in _PLACEHOLDERS


_PLACEHOLDERS = {("dataclasses", "_HAS_DEFAULT_FACTORY_CLASS"), ("attr._make", "_Nothing")}
