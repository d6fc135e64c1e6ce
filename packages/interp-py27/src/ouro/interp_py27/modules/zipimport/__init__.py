"""``zipimport``: modules in zip archives."""

from ouro.interp_py27.modules.zipimport.archive import BadArchive, file_data, read_archive
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.support import new_exception_class
from ouro.interp_py27.vm.compiled_files import HEADER_SIZE, header_time, pyc_format
from ouro.interp_py27.vm.errors import OperationError, operror
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.interp_py27.vm.verbose import tell
from ouro.rlib import rposix

w_ZipImportError = new_exception_class("zipimport.ZipImportError", space.w_ImportError)
w_directory_cache = space.newdict()

S_IFMT = 0o170000
S_IFREG = 0o100000

# What a module can be in an archive, in order of preference: end of the path, package, byte code.
SEARCH_ORDER = (
    ("/__init__.pyc", True, True),
    ("/__init__.pyo", True, True),
    ("/__init__.py", True, False),
    (".pyc", False, True),
    (".pyo", False, True),
    (".py", False, False),
)
SUFFIXES = [row[0] for row in SEARCH_ORDER]
IS_PACKAGE = [row[1] for row in SEARCH_ORDER]
IS_BYTECODE = [row[2] for row in SEARCH_ORDER]


def zip_import_error(message):
    return operror(w_ZipImportError, message)


class ArchiveCache:
    """Archives that have been read, by path; those that a program takes from the directory cache are read again."""

    def __init__(self):
        self.archives = {}


cache = ArchiveCache()


def _archive(path):
    archive = cache.archives.get(path, None)
    if archive is None or w_directory_cache.getitem(space.newstr(path)) is None:
        try:
            archive = read_archive(path)
        except BadArchive as problem:
            raise zip_import_error(problem.message) from None
        cache.archives[path] = archive
        w_directory_cache.setitem(space.newstr(path), _directory_dict(archive))
    return archive


def _directory_dict(archive):
    w_files = space.newdict()
    for name in archive.entries:
        entry = archive.entries[name]
        w_files.setitem(space.newstr(name), space.newtuple([
            space.newstr(entry.path), space.newint(entry.compression), space.newint(entry.data_size),
            space.newint(entry.file_size), space.newint(entry.offset), space.newint(entry.time),
            space.newint(entry.date), space.newint(entry.checksum)]))
    return w_files


class W_ZipImporter(W_Root):
    """zipimporter(archivepath) -> zipimporter object\n\nCreate a new zipimporter instance. 'archivepath' must be a path
to a zipfile, or to a specific path inside a zipfile. For example, it can be
'/tmp/myimport.zip', or '/tmp/myimport.zip/mydirectory', if mydirectory is a
valid directory inside the archive.

'ZipImportError is raised if 'archivepath' doesn't point to a valid Zip\narchive.

The 'archive' attribute of zipimporter objects contains the name of the\nzipfile targeted."""

    _attrs_ = ("archive", "prefix")

    def __init__(self):
        self.archive = None
        self.prefix = ""

    def opened(self):
        archive = self.archive
        if archive is None:
            raise operror(space.w_ValueError, "zipimporter.__init__() wasn't called")
        return archive

    def find(self, full):
        """Which row of SEARCH_ORDER the module is found by, or -1."""
        path = self.path_of(full)
        entries = self.opened().entries
        for i in range(len(SUFFIXES)):
            if path + SUFFIXES[i] in entries:
                return i
        return -1

    def path_of(self, full):
        return self.prefix + full[full.rfind(".") + 1:]

    def require(self, full):
        row = self.find(full)
        if row < 0:
            raise zip_import_error("can't find module '%s'" % full)
        return row

    def data(self, name):
        archive = self.opened()
        try:
            return file_data(archive.path, archive.entries[name])
        except BadArchive as problem:
            raise zip_import_error(problem.message) from None

    def load_code(self, full):
        """The code of a module; byte code of another time than its source, or not ours, is passed over."""
        path = self.path_of(full)
        entries = self.opened().entries
        for i in range(len(SUFFIXES)):
            name = path + SUFFIXES[i]
            if name not in entries:
                continue
            if not IS_BYTECODE[i]:
                return self._loaded(space.compile_text(self.data(name), entries[name].path, "exec", 0), i)
            text = self.data(name)
            source_name = name[:len(name) - 1]
            if source_name in entries and not is_of_time(text, entries[source_name].seconds()):
                continue
            if text.startswith(pyc_format.magic):
                return self._loaded(space.code_from_pyc(text, entries[name].path), i)
        raise zip_import_error("can't find module '%s'" % full)

    def _loaded(self, code, row):
        return LoadedCode(code, row)


def is_of_time(data, seconds):
    """Whether a compiled file is of a source of that time, within the step of the times in archives."""
    if len(data) < HEADER_SIZE:
        return False
    difference = header_time(data) - (seconds & 0xFFFFFFFF)
    return -1 <= difference <= 1


class LoadedCode:
    def __init__(self, code, row):
        self.code = code
        self.row = row


W_ZipImporterUser = make_user_class(W_ZipImporter)


def importer_new(w_subtype, __args__):
    if w_subtype is W_ZipImporter.w_builtin_type:
        return W_ZipImporter()
    space.check_subtype(w_subtype, W_ZipImporter.w_builtin_type)
    w_importer = W_ZipImporterUser()
    space.init_user(w_importer, w_subtype)
    return w_importer


@unwrap_spec(path="c_text")
def importer_init(self, path):
    if path == "":
        raise zip_import_error("archive path is empty")
    archive_path = path
    while not _is_regular_file(archive_path):
        slash = archive_path.rfind("/")
        if slash <= 0 or _exists(archive_path):
            raise zip_import_error("not a Zip file")
        archive_path = archive_path[:slash]
    self.archive = _archive(archive_path)
    prefix = path[len(archive_path):]
    if prefix.startswith("/"):
        prefix = prefix[1:]
    if prefix != "" and not prefix.endswith("/"):
        prefix += "/"
    self.prefix = prefix


def _exists(path):
    try:
        rposix.stat(path)
    except OSError:
        return False
    return True


def _is_regular_file(path):
    try:
        return rposix.stat(path).st_mode & S_IFMT == S_IFREG
    except OSError:
        return False


def importer_repr(self):
    archive = self.archive
    if archive is None:
        return space.newstr("<zipimporter object \"???\">")
    if self.prefix != "":
        return space.newstr("<zipimporter object \"%s/%s\">" % (archive.path, self.prefix))
    return space.newstr("<zipimporter object \"%s\">" % archive.path)


@unwrap_spec(fullname=str)
def find_module(self, fullname, w_path=None):
    """find_module(fullname, path=None) -> self or None."""
    if self.find(fullname) < 0:
        return None
    return self


@unwrap_spec(fullname=str)
def load_module(self, fullname):
    """load_module(fullname) -> module."""
    loaded = self.load_code(fullname)
    w_module = space.add_module(fullname)
    w_module.w_dict.setitem_str("__loader__", self)
    path = self.opened().path + "/" + self.path_of(fullname)
    if IS_PACKAGE[loaded.row]:
        w_module.w_dict.setitem_str("__path__", space.newlist_text([path]))
    try:
        space.run_in_module(w_module, loaded.code, path + SUFFIXES[loaded.row])
    except OperationError:
        space.forget(fullname)
        raise
    tell("import %s # loaded from Zip %s" % (fullname, path + SUFFIXES[loaded.row]))
    w_loaded = space.finditem_str(space.sys_modules(), fullname)
    if w_loaded is None:
        raise operror(space.w_ImportError, "Loaded module %s not found in sys.modules" % fullname)
    return w_loaded


@unwrap_spec(fullname=str)
def get_code(self, fullname):
    """get_code(fullname) -> code object."""
    return self.load_code(fullname).code


@unwrap_spec(fullname=str)
def get_filename(self, fullname):
    """get_filename(fullname) -> filename string.\n\nReturn the filename for the specified module."""
    row = self.load_code(fullname).row
    return space.newstr(self.opened().path + "/" + self.path_of(fullname) + SUFFIXES[row])


@unwrap_spec(fullname=str)
def get_source(self, fullname):
    """get_source(fullname) -> source string."""
    row = self.require(fullname)
    path = self.path_of(fullname)
    name = path + ("/__init__.py" if IS_PACKAGE[row] else ".py")
    if name not in self.opened().entries:
        return None
    return space.newstr(self.data(name))


@unwrap_spec(fullname=str)
def is_package(self, fullname):
    """is_package(fullname) -> bool."""
    return space.newbool(IS_PACKAGE[self.require(fullname)])


@unwrap_spec(pathname="path")
def get_data(self, pathname):
    """get_data(pathname) -> string with file data."""
    archive = self.opened()
    name = pathname
    if name.startswith(archive.path + "/"):
        name = name[len(archive.path) + 1:]
    if name not in archive.entries:
        # CPython reports an error of the system, of which there was none.
        w_arguments = space.newtuple([space.newint(0), space.newstr("Error"), space.newstr(pathname)])
        raise OperationError(space.w_IOError, w_arguments)
    return space.newstr(self.data(name))


def get_archive(self):
    return space.newstr(self.opened().path)


def get_prefix(self):
    self.opened()
    return space.newstr(self.prefix)


def get_files(self):
    w_files = w_directory_cache.getitem(space.newstr(self.opened().path))
    if w_files is None:
        return _directory_dict(self.opened())
    return w_files


define_type(W_ZipImporter, "zipimporter", {
    "__doc__": W_ZipImporter.__doc__,
    "__new__": importer_new,
    "__init__": importer_init,
    "__repr__": importer_repr,
    "find_module": find_module,
    "load_module": load_module,
    "get_code": get_code,
    "get_data": get_data,
    "get_filename": get_filename,
    "get_source": get_source,
    "is_package": is_package,
    "archive": GetSet(get_archive),
    "prefix": GetSet(get_prefix),
    "_files": GetSet(get_files),
}, module="zipimport", user_class=W_ZipImporterUser)

define_module("zipimport", {
    "zipimporter": W_ZipImporter, "ZipImportError": w_ZipImportError, "_zip_directory_cache": w_directory_cache,
}, doc="""zipimport provides support for importing Python modules from Zip archives.

This module exports three objects:
- zipimporter: a class; its constructor takes a path to a Zip archive.
- ZipImportError: exception raised by zipimporter objects. It's a
  subclass of ImportError, so it can be caught as ImportError, too.
- _zip_directory_cache: a dict, mapping archive paths to zip directory
  info dicts, as used in zipimporter._files.

It is usually not needed to use the zipimport module explicitly; it is
used by the builtin import mechanism for sys.path items that are paths
to Zip archives.""")
