"""Dynamic libraries at run time."""

from __future__ import annotations

from ouro.rlib.rffi import charp2str, library, scoped_str2charp

__all__ = ["DynamicLibraryError", "RTLD_GLOBAL", "RTLD_LAZY", "RTLD_LOCAL", "RTLD_NOW", "dlclose", "dlopen", "dlsym"]

RTLD_LOCAL = 0
RTLD_LAZY = 1
RTLD_NOW = 2
RTLD_GLOBAL = 0x100

_libdl = library(
    """
    void *dlopen(const char *, int);
    void *dlsym(void *, const char *);
    int dlclose(void *);
    char *dlerror(void);
    """,
    includes=["dlfcn.h"],
    libraries=["dl"],
    blocking=["dlopen", "dlclose"],
)


class DynamicLibraryError(Exception):
    """The library or the symbol was not found; `message` is the system's."""

    def __init__(self, message):
        self.message = message


def _error():
    text = _libdl.dlerror()
    if not text:
        return DynamicLibraryError("unknown error")
    return DynamicLibraryError(charp2str(text))


def dlopen(name, mode=RTLD_NOW):
    """Open a library; None is the program itself. Raises DynamicLibraryError."""
    with scoped_str2charp(name) as raw:
        handle = _libdl.dlopen(raw, mode)
    if not handle:
        raise _error()
    return handle


def dlsym(handle, name):
    """The address of a symbol. Raises DynamicLibraryError."""
    with scoped_str2charp(name) as raw:
        address = _libdl.dlsym(handle, raw)
    if not address:
        raise _error()
    return address


def dlclose(handle):
    """Close the library. Raises DynamicLibraryError."""
    if _libdl.dlclose(handle) != 0:
        raise _error()
