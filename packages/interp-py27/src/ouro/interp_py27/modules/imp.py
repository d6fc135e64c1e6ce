"""``imp``: the parts of ``import`` for programs that import in a way of their own."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm import importing
from ouro.interp_py27.vm.compiled_files import pyc_format
from ouro.interp_py27.vm.errors import overflow_error, runtime_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.import_lock import import_lock
from ouro.interp_py27.vm.module_search import (
    C_BUILTIN,
    C_EXTENSION,
    IMP_HOOK,
    PKG_DIRECTORY,
    PY_COMPILED,
    PY_FROZEN,
    PY_SOURCE,
    SUFFIXES,
    W_NullImporter,
    find_module,
    import_error,
)

MAX_NAME_LENGTH = 4096


def new_description(suffix, mode, kind):
    return space.newtuple([space.newstr(suffix), space.newstr(mode), space.newint(kind)])


def get_suffixes():
    """get_suffixes() -> [(suffix, mode, type), ...]
Return a list of (suffix, mode, type) tuples describing the files
that find_module() looks for."""
    suffixes_w = []
    for suffix, mode, kind in SUFFIXES:
        suffixes_w.append(new_description(suffix, mode, kind))
    return space.newlist(suffixes_w)


def get_magic():
    """get_magic() -> string
Return the magic number for .pyc or .pyo files."""
    return space.newstr(pyc_format.magic)


@unwrap_spec(name="c_text")
def imp_find_module(name, w_path=None):
    """find_module(name, [path]) -> (file, filename, (suffix, mode, type))
Search for a module.  If path is omitted or None, search for a
built-in, frozen or special module and continue search in sys.path.
The module name cannot contain '.'; to search for a submodule of a
package, pass the submodule name and the package's __path__."""
    if len(name) > MAX_NAME_LENGTH:
        raise overflow_error("module name is too long")
    if w_path is not None and space.is_none(w_path):
        w_path = None
    found = find_module(name, name, w_path, False)
    if found is None:
        raise import_error("No module named " + name)
    for suffix, mode, kind in SUFFIXES:
        if kind == found.kind:
            w_path_of_file = space.newstr(found.path)
            w_file = space.w_file.call_2(w_path_of_file, space.newstr(mode))
            return space.newtuple([w_file, w_path_of_file, new_description(suffix, mode, kind)])
    return space.newtuple([space.w_None, space.newstr(found.path), new_description("", "", found.kind)])


@unwrap_spec(name="c_text", path="c_text")
def imp_load_module(name, w_file, path, w_description):
    """load_module(name, file, filename, (suffix, mode, type)) -> module
Load a module, given information returned by find_module().
The module name must include the full package name, if any."""
    description_w = space.fixed_unpack(w_description, 3)
    mode = space.text_w(description_w[1])
    kind = space.arg_int_w(description_w[2])
    if mode != "" and (not (mode[0] == "r" or mode[0] == "U") or "+" in mode):
        raise value_error("invalid file open mode " + mode)
    if not space.is_none(w_file) and not space.is_file(w_file):
        raise value_error("load_module arg#2 should be a file or None")
    if kind == PY_SOURCE or kind == PY_COMPILED:
        if space.is_none(w_file):
            raise value_error("file object required for import (type code %d)" % kind)
        if kind == PY_SOURCE:
            return imp_load_source(name, path, w_file)
        return imp_load_compiled(name, path, w_file)
    if kind == PKG_DIRECTORY:
        return imp_load_package(name, path)
    if kind == C_BUILTIN:
        if path == "":
            path = name
        w_module = imp_init_builtin(path)
        if w_module is None:
            raise import_error("Purported builtin module %s not found" % path)
        return w_module
    raise import_error("Don't know how to import %s (type code %d)" % (name, kind))


def read_all(w_file):
    return space.text_w(space.getattr_str(w_file, "read").call_0())


@unwrap_spec(name="c_text", path="c_text")
def imp_load_source(name, path, w_file=None):
    text = None
    if w_file is not None:
        text = read_all(w_file)
    import_lock.acquire()
    try:
        return importing.load_source(name, path, text)
    finally:
        import_lock.release()


@unwrap_spec(name="c_text", path="c_text")
def imp_load_compiled(name, path, w_file=None):
    if w_file is None:
        data = importing.content(path)
    else:
        data = read_all(w_file)
    import_lock.acquire()
    try:
        return importing.run_module(name, space.code_from_pyc(data, path), path)
    finally:
        import_lock.release()


@unwrap_spec(name="c_text", path="c_text")
def imp_load_package(name, path):
    import_lock.acquire()
    try:
        return importing.load_package(name, path)
    finally:
        import_lock.release()


@unwrap_spec(name="c_text")
def imp_init_builtin(name):
    if not space.is_builtin_module(name):
        return None
    return importing.load_builtin(name)


@unwrap_spec(name="c_text")
def imp_init_frozen(name):
    return None


@unwrap_spec(name="c_text")
def imp_get_frozen_object(name):
    raise import_error("No such frozen object named " + name)


@unwrap_spec(name="c_text")
def imp_is_builtin(name):
    if not space.is_builtin_module(name):
        return space.newint(0)
    if name in ("sys", "__builtin__", "__main__", "exceptions"):
        return space.newint(-1)
    return space.newint(1)


@unwrap_spec(name="c_text")
def imp_is_frozen(name):
    return space.w_False


@unwrap_spec(name="c_text")
def new_module(name):
    """new_module(name) -> module
Create a new module.  Do not enter it in sys.modules.
The module name must include the full package name, if any."""
    return space.new_module(space.newstr(name), space.w_None)


def lock_held():
    """lock_held() -> boolean
Return True if the import lock is currently held, else False.
On platforms without threads, return False."""
    return space.newbool(import_lock.is_held())


def acquire_lock():
    """acquire_lock() -> None
Acquires the interpreter's import lock for the current thread.
This lock should be used by import hooks to ensure thread-safety
when importing modules.
On platforms without threads, this function does nothing."""
    import_lock.acquire()


def release_lock():
    """release_lock() -> None
Release the interpreter's import lock.
On platforms without threads, this function does nothing."""
    if not import_lock.release():
        raise runtime_error("not holding the import lock")


def imp_reload(w_module):
    """reload(module) -> module

Reload the module.  The module must have been successfully imported before."""
    return space.reload_module(w_module)


_entries = {
    "find_module": imp_find_module,
    "load_module": imp_load_module,
    "load_source": imp_load_source,
    "load_compiled": imp_load_compiled,
    "load_package": imp_load_package,
    "init_builtin": imp_init_builtin,
    "init_frozen": imp_init_frozen,
    "get_frozen_object": imp_get_frozen_object,
    "is_builtin": imp_is_builtin,
    "is_frozen": imp_is_frozen,
    "reload": imp_reload,
    "SEARCH_ERROR": 0,
    "PY_SOURCE": PY_SOURCE,
    "PY_COMPILED": PY_COMPILED,
    "C_EXTENSION": C_EXTENSION,
    "PY_RESOURCE": 4,
    "PKG_DIRECTORY": PKG_DIRECTORY,
    "C_BUILTIN": C_BUILTIN,
    "PY_FROZEN": PY_FROZEN,
    "PY_CODERESOURCE": 8,
    "IMP_HOOK": IMP_HOOK,
    "NullImporter": W_NullImporter,
}
for _function in [get_suffixes, get_magic, new_module, lock_held, acquire_lock, release_lock]:
    _entries[_function.__name__] = _function
define_module("imp", _entries, doc="This module provides the components needed to build your own\n"
              "__import__ function.  Undocumented functions are obsolete.")
