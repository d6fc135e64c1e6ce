"""Finding modules: hooks, built-in modules, and directories of ``sys.path``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import OperationError, operror
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import define_type
from ouro.interp_py27.vm.verbose import tell_tried
from ouro.rlib import rposix

PY_SOURCE = 1
PY_COMPILED = 2
C_EXTENSION = 3
PKG_DIRECTORY = 5
C_BUILTIN = 6
PY_FROZEN = 7
IMP_HOOK = 9

# Suffix, mode for open(), kind; in the order in which they are tried.
SUFFIXES = [(".py", "U", PY_SOURCE), (".pyc", "rb", PY_COMPILED)]


class Found:
    """A module that a search found: where, and what kind."""

    def __init__(self, kind, path):
        self.kind = kind
        self.path = path
        self.w_loader = None


def found_loader(w_loader):
    found = Found(IMP_HOOK, "")
    found.w_loader = w_loader
    return found


def import_error(message):
    return operror(space.w_ImportError, message)


class W_NullImporter(W_Root):
    """The importer of path entries that are no directories: it finds nothing, without asking the system again."""

    _attrs_ = ()


@unwrap_spec(path=str)
def null_importer_new(w_subtype, path):
    if path == "":
        raise import_error("empty pathname")
    if is_directory(path):
        raise import_error("existing directory")
    return W_NullImporter()


def null_importer_find_module(self, w_fullname, w_path=None):
    """Always return None"""
    return space.w_None


define_type(W_NullImporter, "NullImporter", {
    "__new__": null_importer_new,
    "find_module": null_importer_find_module,
}, module="imp", doc="Null importer object", acceptable_as_base=False)


def find_module(full, name, w_path, with_hooks=True):
    """The module `full`, whose last component is `name`, along the path; None if it is not there.

    `w_path` None means the built-in modules and then ``sys.path``.
    `with_hooks` is false for ``imp.find_module``, which looks at files only.
    """
    if with_hooks:
        found = ask_meta_path(full, w_path)
        if found is not None:
            return found
    if w_path is None:
        if space.is_builtin_module(full):
            return Found(C_BUILTIN, full)
        w_path = space.sys_get("path")
    if w_path is None or not space.is_list(w_path):
        raise operror(space.w_RuntimeError, "sys.path must be a list of directory names")
    for w_entry in space.unpack_list(w_path):
        if not space.is_text(w_entry):
            continue
        if with_hooks:
            w_importer = path_importer(w_entry)
            if w_importer is not None and not space.is_none(w_importer):
                w_loader = space.getattr_str(w_importer, "find_module").call_1(space.newstr(full))
                if not space.is_none(w_loader):
                    return found_loader(w_loader)
                continue
        directory = entry_path(w_entry)
        if "\0" in directory:
            continue
        found = find_in_directory(directory, name)
        if found is not None:
            return found
    return None


def ask_meta_path(full, w_path):
    """What the finders of ``sys.meta_path`` find, or None."""
    w_meta_path = space.sys_get("meta_path")
    if w_meta_path is None or not space.is_list(w_meta_path):
        raise operror(space.w_RuntimeError, "sys.meta_path must be a list of import hooks")
    if space.len_w(w_meta_path) == 0:
        return None
    for w_finder in space.unpack_list(w_meta_path):
        w_loader = space.getattr_str(w_finder, "find_module").call_2(space.newstr(full), space.wrap_none(w_path))
        if not space.is_none(w_loader):
            return found_loader(w_loader)
    return None


def entry_path(w_entry):
    """The directory that an entry of ``sys.path`` names."""
    if space.is_unicode(w_entry):
        return space.encode_filename(w_entry)
    return space.text_w(w_entry)


def path_importer(w_entry):
    """What ``sys.path_hooks`` make of a path entry; None for the ordinary file system."""
    w_hooks = space.sys_get("path_hooks")
    if w_hooks is None or not space.is_list(w_hooks):
        raise operror(space.w_RuntimeError, "sys.path_hooks must be a list of import hooks")
    w_cache = space.sys_get("path_importer_cache")
    if w_cache is None or not space.is_dict(w_cache):
        raise operror(space.w_RuntimeError, "sys.path_importer_cache must be a dict")
    w_importer = w_cache.getitem(w_entry)
    if w_importer is not None:
        return w_importer
    # The place is taken meanwhile, so that a hook that imports does not come back here for the same entry.
    w_cache.setitem(w_entry, space.w_None)
    w_importer = space.w_None
    for w_hook in space.unpack_list(w_hooks):
        try:
            w_importer = w_hook.call_1(w_entry)
            break
        except OperationError as error:
            if not error.match(space.w_ImportError):
                raise
    if space.is_none(w_importer):
        path = entry_path(w_entry)
        if path != "" and "\0" not in path and not is_directory(path):
            w_importer = W_NullImporter()
    if not space.is_none(w_importer):
        w_cache.setitem(w_entry, w_importer)
    return w_importer


def file_mode(path):
    """The mode of what `path` names, 0 where there is nothing."""
    try:
        return rposix.stat(path).st_mode
    except OSError:
        return 0


def is_file(path):
    return file_mode(path) & 0o170000 == 0o100000


def is_directory(path):
    return file_mode(path) & 0o170000 == 0o040000


def joined(directory, name):
    if directory == "":
        return name
    if directory.endswith("/"):
        return directory + name
    return directory + "/" + name


def find_in_directory(directory, name):
    """A package or a file of that name in the directory, or None."""
    base = joined(directory, name)
    if is_directory(base):
        if is_file(base + "/__init__.py") or is_file(base + "/__init__.pyc"):
            return Found(PKG_DIRECTORY, base)
        space.warn("Not importing directory '%s': missing __init__.py" % base, space.w_ImportWarning)
    tell_tried(base + ".py")
    if is_file(base + ".py"):
        return Found(PY_SOURCE, base + ".py")
    tell_tried(base + ".pyc")
    if is_file(base + ".pyc"):
        return Found(PY_COMPILED, base + ".pyc")
    return None
