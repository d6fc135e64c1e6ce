"""Importing: ``__import__``, packages, loading what `module_search` finds.

The algorithm is that of CPython 2.7's ``import.c``: implicit relative imports first unless switched off,
``sys.modules`` with None marks for failed relative imports, ``sys.meta_path`` and ``sys.path_hooks`` (PEP 302).
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import W_Module
from ouro.interp_py27.vm import compiled_files
from ouro.interp_py27.vm.errors import OperationError, operror, type_error, value_error
from ouro.interp_py27.vm.import_lock import import_lock
from ouro.interp_py27.vm.module_search import (
    C_BUILTIN,
    PKG_DIRECTORY,
    PY_COMPILED,
    find_in_directory,
    find_module,
    import_error,
)
from ouro.interp_py27.vm.verbose import tell
from ouro.rlib.objectmodel import not_rpython

MAX_NAME_SHOWN = 200
MAX_PATH = 4096


def sys_modules():
    return space.sys_get("modules")


def import_module(name):
    """``import name`` for the interpreter's own needs; the module of the last component."""
    return import_dotted(name, None, 0).w_last


def import_name(name, w_globals, w_from, level):
    """``__import__``; one thread at a time."""
    import_lock.acquire()
    try:
        return import_locked(name, w_globals, w_from, level)
    finally:
        import_lock.release()


def import_locked(name, w_globals, w_from, level):
    if "/" in name:
        raise import_error("Import by filename is not supported.")
    package = None
    if level != 0:
        package = parent_package(w_globals, level)
    imported = import_dotted(name, package, level)
    if not wants_from(w_from):
        return imported.w_first
    ensure_from_list(imported.w_last, imported.full, w_from)
    return imported.w_last


def wants_from(w_from):
    return w_from is not None and not space.is_none(w_from) and space.is_true(w_from)


def require_loaded(name):
    w_module = space.finditem_str(sys_modules(), name)
    if w_module is None:
        raise no_module(name)
    return w_module


def no_module(name):
    return import_error("No module named " + name[:MAX_NAME_SHOWN])


def parent_package(w_globals, level):
    """The name of the package that relative names are relative to, or None; its module is loaded."""
    if w_globals is None or not space.is_dict(w_globals):
        return None
    w_package = w_globals.getitem_str("__package__")
    if w_package is not None and not space.is_none(w_package):
        if not space.is_str(w_package):
            raise value_error("__package__ set to non-string")
        name = space.text_w(w_package)
        if name == "":
            if level > 0:
                raise value_error("Attempted relative import in non-package")
            return None
    else:
        w_name = w_globals.getitem_str("__name__")
        if w_name is None or not space.is_str(w_name):
            return None
        name = space.text_w(w_name)
        if w_globals.getitem_str("__path__") is not None:
            w_globals.setitem_str("__package__", w_name)
        else:
            dot = name.rfind(".")
            if dot < 0:
                if level > 0:
                    raise value_error("Attempted relative import in non-package")
                w_globals.setitem_str("__package__", space.w_None)
                return None
            name = name[:dot]
            w_globals.setitem_str("__package__", space.newstr(name))
    for _ in range(level - 1):
        dot = name.rfind(".")
        if dot < 0:
            raise value_error("Attempted relative import beyond toplevel package")
        name = name[:dot]
    if space.finditem_str(sys_modules(), name) is None:
        if level < 1:
            space.warn("Parent module '%s' not found while handling absolute import" % name, space.w_RuntimeWarning)
            return None
        raise operror(space.w_SystemError, "Parent module '%s' not loaded, cannot perform relative import" % name)
    return name


class Imported:
    """What a dotted name led to: the modules of its first and last component, and the full name of the last."""

    def __init__(self, w_module, full):
        self.w_first = w_module
        self.w_last = w_module
        self.full = full


def import_dotted(name, package, level):
    """Import a name, below `package` unless that is None; an empty name stands for the package itself.

    With a negative `level` the name may also be an absolute one.
    """
    if name == "":
        if package is None:
            raise value_error("Empty module name")
        return Imported(require_loaded(package), package)
    dot = name.find(".")
    first = name if dot < 0 else name[:dot]
    rest = "" if dot < 0 else name[dot + 1:]
    if dot == 0:
        raise value_error("Empty module name")
    full = first
    check_length(first)
    if package is None:
        w_first = import_submodule(None, first, first)
    else:
        full = package + "." + first
        check_length(full)
        w_first = import_submodule(require_loaded(package), first, full)
        if w_first is None and level < 0:
            w_first = import_submodule(None, first, first)
            if w_first is not None:
                # Later imports need not look below the package again.
                space.setitem_str(sys_modules(), full, space.w_None)
                full = first
    if w_first is None:
        raise no_module(name)
    imported = Imported(w_first, full)
    if dot >= 0:
        import_rest(imported, rest)
    return imported


def check_length(full):
    if len(full) >= MAX_PATH:
        raise value_error("Module name too long")


def import_rest(imported, rest):
    """Import the components of the dotted name `rest` below what was imported."""
    w_module = imported.w_first
    full = imported.full
    more = True
    while more and rest != "":  # like CPython, which overlooks a dot at the end
        dot = rest.find(".")
        more = dot >= 0
        part = rest if dot < 0 else rest[:dot]
        if part == "":
            raise value_error("Empty module name")
        full = full + "." + part
        check_length(full)
        w_module = import_submodule(w_module, part, full)
        if w_module is None:
            raise no_module(rest)
        rest = rest[dot + 1:]
    imported.w_last = w_module
    imported.full = full


def ensure_from_list(w_module, full, w_from):
    """``from package import submodule`` imports the submodule."""
    if space.findattr(w_module, "__path__") is None:
        return
    ensure_names(w_module, full, w_from, True)


def ensure_names(w_module, full, w_names, with_all):
    """Import the submodules of a sequence of names; a star stands for those in ``__all__``, if that may be asked."""
    index = 0
    while True:
        try:
            w_name = space.sequence_item(w_names, index)
        except OperationError as error:
            if error.match(space.w_IndexError):
                return
            raise
        index += 1
        if not space.is_str(w_name):
            raise type_error("Item in ``from list'' must be str, not %s" % space.type_name(w_name))
        name = space.text_w(w_name)
        if name == "*":
            if with_all:
                w_all = space.findattr(w_module, "__all__")
                if w_all is not None:
                    ensure_names(w_module, full, w_all, False)
        elif space.findattr(w_module, name) is None:
            import_submodule(w_module, name, full + "." + name)


def import_submodule(w_parent, name, full):
    """The module `full`, loaded now if it was not; None if it cannot be found, or its loader gives None."""
    w_modules = sys_modules()
    w_module = space.finditem_str(w_modules, full)
    if w_module is not None:
        return None if space.is_none(w_module) else w_module
    w_path = None
    if w_parent is not None:
        w_path = space.findattr(w_parent, "__path__")
        if w_path is None:
            return None
    found = find_module(full, name, w_path)
    if found is None:
        return None
    w_module = load_module(full, found)
    if w_parent is not None:
        space.setattr_str(w_parent, name, w_module)
    return None if space.is_none(w_module) else w_module


def load_module(full, found):
    """Load what was found and enter it in ``sys.modules``."""
    if found.w_loader is not None:
        return space.getattr_str(found.w_loader, "load_module").call_1(space.newstr(full))
    if found.kind == C_BUILTIN:
        return load_builtin(full)
    if found.kind == PKG_DIRECTORY:
        return load_package(full, found.path)
    return load_file(full, found.path, found.kind)


def load_builtin(full):
    """The built-in module, entered in ``sys.modules``; one that is there already is filled anew."""
    w_modules = sys_modules()
    w_known = space.finditem_str(w_modules, full)
    if isinstance(w_known, W_Module):
        tell("import %s # previously loaded (%s)" % (full, full))
        space.builtin_module(full).restore(w_known)
        return w_known
    tell("import %s # builtin" % full)
    w_module = space.import_builtin_module(full)
    space.setitem_str(w_modules, full, w_module)
    return w_module


def add_module(full):
    """The module `full` from ``sys.modules``, made and entered if it is not there."""
    w_modules = sys_modules()
    w_module = space.finditem_str(w_modules, full)
    if w_module is None or not isinstance(w_module, W_Module):
        w_module = space.new_module(space.newstr(full), space.w_None)
        space.setitem_str(w_modules, full, w_module)
    return w_module


def load_package(full, directory):
    w_module = add_module(full)
    tell("import %s # directory %s" % (full, directory))
    w_dict = w_module.w_dict
    w_dict.setitem_str("__file__", space.newstr(directory))
    w_dict.setitem_str("__path__", space.newlist_text([directory]))
    found = find_in_directory(directory, "__init__")
    if found is None:
        return w_module
    return load_file(full, found.path, found.kind)


def load_file(full, path, kind):
    """Run the module's code, from source or compiled."""
    if kind == PY_COMPILED:
        code = space.code_from_pyc(content(path), path)
        tell("import %s # precompiled from %s" % (full, path))
        return run_module(full, code, path)
    return load_source(full, path, None)


def content(path):
    try:
        return space.read_file(path)
    except OSError as error:
        raise space.ioerror(error.errno)


def load_source(full, path, text):
    """Run a module from its source `text` (None: to be read), or from the compiled file beside it if that is of the
    same time.
    """
    source = compiled_files.source_file(path)
    if source is not None:
        code = compiled_files.read_for(path, source)
        if code is not None:
            compiled = compiled_files.compiled_path(path)
            tell("import %s # precompiled from %s" % (full, compiled))
            return run_module(full, code, compiled)
    if text is None:
        text = content(path)
    code = space.compile_file(text, path)
    tell("import %s # from %s" % (full, path))
    if source is not None:
        compiled_files.write_for(path, source, code)
    return run_module(full, code, path)


def run_module(full, code, path):
    """Run a module's code; a module that fails is taken out of ``sys.modules`` again."""
    w_modules = sys_modules()
    w_module = add_module(full)
    try:
        run_in_module(w_module, code, path)
    except OperationError:
        forget(full)
        raise
    w_loaded = space.finditem_str(w_modules, full)
    if w_loaded is None:
        raise import_error("Loaded module %s not found in sys.modules" % full)
    return w_loaded


def forget(full):
    w_modules = sys_modules()
    if space.finditem_str(w_modules, full) is not None:
        space.delitem(w_modules, space.newstr(full))


class Adaptations:
    """Functions by module name, called with modules of the library that have just been loaded."""

    def __init__(self):
        self.table = {}


adaptations = Adaptations()


@not_rpython
def adapt_library_module(name, function):
    """Call ``function(w_module)`` whenever the library's module `name` has been loaded.

    For the few modules that rely on how CPython manages memory.
    """
    adaptations.table[name] = function


def run_in_module(w_module, code, path):
    w_dict = w_module.w_dict
    space.ensure_builtins(w_dict)
    w_dict.setitem_str("__file__", space.newstr(path))
    space.run_code(code, w_dict, w_dict)
    adapt = adaptations.table.get(space.module_name(w_module), None)
    if adapt is not None:
        adapt(w_module)


def reload_module(w_module):
    """``reload()``."""
    if not isinstance(w_module, W_Module):
        raise type_error("reload() argument must be module")
    full = space.module_name(w_module)
    if space.finditem_str(sys_modules(), full) is not w_module:
        raise import_error("reload(): module %s not in sys.modules" % full)
    if full in reloads.running:
        return w_module
    reloads.running[full] = None
    try:
        return reload_known(w_module, full)
    finally:
        del reloads.running[full]


class Reloads:
    """The names of the modules that are being reloaded; they are not reloaded again inside."""

    def __init__(self):
        self.running = {}


reloads = Reloads()


def reload_known(w_module, full):
    w_path = None
    name = full
    dot = full.rfind(".")
    if dot >= 0:
        w_parent = space.finditem_str(sys_modules(), full[:dot])
        if w_parent is None:
            raise import_error("reload(): parent %s not in sys.modules" % full[:dot])
        w_path = space.findattr(w_parent, "__path__")
        name = full[dot + 1:]
    found = find_module(full, name, w_path)
    if found is None:
        raise no_module(name)
    try:
        return load_module(full, found)
    except OperationError:
        space.setitem_str(sys_modules(), full, w_module)
        raise
