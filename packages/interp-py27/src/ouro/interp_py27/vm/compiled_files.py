"""``.pyc`` files: the same format and the same instructions as CPython 2.7's, so that both can share a library.

A file begins with the magic number and the modification time of the source it was compiled from, four bytes each; the
marshalled code object follows.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import OperationError, operror, runtime_error
from ouro.interp_py27.vm.marshalling import code_from_marshal, marshal_dump
from ouro.interp_py27.vm.verbose import tell
from ouro.rlib import rposix

HEADER_SIZE = 8
NEW_FILE = 0o1 | 0o100 | 0o200 | 0o1000  # O_WRONLY, O_CREAT, O_EXCL, O_TRUNC
NO_TIME = -1


class PycFormat:
    """The magic number of the files that this run writes and reads."""

    def __init__(self):
        self.magic = "\x03\xf3\r\n"

    def set_all_unicode(self):
        """``-U``: other runs must not take its code for theirs, nor the reverse."""
        self.magic = "\x04\xf3\r\n"


pyc_format = PycFormat()


def code_from_pyc(data, path):
    """The code object in the content of a ``.pyc`` file that is imported."""
    if not data.startswith(pyc_format.magic):
        raise operror(space.w_ImportError, "Bad magic number in " + path)
    if len(data) < HEADER_SIZE:
        raise operror(space.w_EOFError, "EOF read where object expected")
    code = code_from_marshal(data, HEADER_SIZE)
    if code is None:
        raise operror(space.w_ImportError, "Non-code object in " + path)
    return code


def is_compiled(path, data):
    """Whether a script with this content is to be run as a ``.pyc`` file."""
    return path.endswith(".pyc") or data.startswith(pyc_format.magic[:2])


def code_of_script(data):
    """The code object in the content of a ``.pyc`` file that is run."""
    if not data.startswith(pyc_format.magic):
        raise runtime_error("Bad magic number in .pyc file")
    code = None
    if len(data) > HEADER_SIZE:
        try:
            code = code_from_marshal(data, HEADER_SIZE)
        except OperationError as error:
            if not error.match(space.w_Exception):
                raise
    if code is None:
        raise runtime_error("Bad code object in .pyc file")
    return code


def time_text(mtime):
    """The time as the header has it: the low four bytes."""
    return chr(mtime & 0xFF) + chr(mtime >> 8 & 0xFF) + chr(mtime >> 16 & 0xFF) + chr(mtime >> 24 & 0xFF)


def header_time(data):
    """The time in the header of a compiled file."""
    return ord(data[4]) | ord(data[5]) << 8 | ord(data[6]) << 16 | ord(data[7]) << 24


class SourceFile:
    """What is known of a source file: its modification time in seconds, and its mode."""

    def __init__(self, mtime, mode):
        self.mtime = mtime
        self.mode = mode


def source_file(path):
    """The SourceFile at `path`; None if it cannot be asked."""
    try:
        status = rposix.stat(path)
    except OSError:
        return None
    return SourceFile(status.st_mtime_ns // 1000000000, status.st_mode)


def read_for(path, source):
    """The code of source file `path` from the compiled file beside it; None if that is missing or of another time."""
    try:
        data = space.read_file(compiled_path(path))
    except OSError:
        return None
    if not data.startswith(pyc_format.magic):
        tell("# %s has bad magic" % compiled_path(path))
        return None
    if len(data) < HEADER_SIZE or not data.startswith(pyc_format.magic + time_text(source.mtime)):
        tell("# %s has bad mtime" % compiled_path(path))
        return None
    tell("# %s matches %s" % (compiled_path(path), path))
    code = code_from_marshal(data, HEADER_SIZE)
    if code is None:
        raise operror(space.w_ImportError, "Non-code object in " + compiled_path(path))
    return code.with_filename(path)


def compiled_path(path):
    return path + ("o" if space.compiler_state.options.optimize else "c")


def write_for(path, source, code):
    """Keep the compiled code beside source file `path`, unless that is unwanted or impossible.

    The name appears only with the whole content, so that another process never reads half a file.
    """
    w_unwanted = space.sys_get("dont_write_bytecode")
    if w_unwanted is not None and space.is_true(w_unwanted):
        return
    try:
        data = pyc_format.magic + time_text(source.mtime) + marshal_dump(code, 2)
    except OperationError as error:
        if not error.match(space.w_ValueError):
            raise
        return
    target = compiled_path(path)
    draft = "%s.%d" % (target, rposix.getpid())
    try:
        write_new(draft, source.mode & 0o666, data)
        rposix.rename(draft, target)
    except OSError:
        tell("# can't create %s" % target)
        remove(draft)
        return
    tell("# wrote " + target)


def write_new(path, mode, data):
    fd = rposix.open(path, NEW_FILE, mode)
    try:
        while data != "":
            count = rposix.write(fd, data)
            assert count >= 0
            data = data[count:]
    finally:
        rposix.close(fd)


def remove(path):
    try:
        rposix.unlink(path)
    except OSError:
        return
