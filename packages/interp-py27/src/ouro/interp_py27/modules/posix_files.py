"""The functions of ``posix`` that make file objects, and those that make names for temporary files."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib import rposix

EEXIST = 17
EINVAL = 22
EISDIR = 21
ENOENT = 2
F_SETFD = 2
F_GETFL = 3
FD_CLOEXEC = 1
ACCESS_MODE = 3
O_RDWR = 2
OPEN_NEW = 0o302  # O_RDWR | O_CREAT | O_EXCL
NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz012345"


@unwrap_spec(fd="c_int", mode="c_text", buffering="c_int")
def fdopen(fd, mode="r", buffering=-1):
    """fdopen(fd [, mode='r' [, bufsize]]) -> file_object

Return an open file object connected to a file descriptor."""
    wanted = space.check_file_mode(mode) & ACCESS_MODE
    try:
        if rposix.fstat(fd).is_directory():
            raise space.ioerror_path(EISDIR, "<fdopen>")
        allowed = rposix.fcntl(fd, F_GETFL) & ACCESS_MODE
    except OSError as error:
        raise space.oserror(error.errno)
    if allowed != O_RDWR and allowed != wanted:
        raise space.oserror(EINVAL)
    return space.new_file(fd, "<fdopen>", mode, buffering)


@unwrap_spec(command="c_text", mode="c_text", buffering="c_int")
def popen(command, mode="r", buffering=-1):
    """popen(command [, mode='r' [, bufsize]]) -> pipe

Open a pipe to/from a command returning a file object."""
    if mode != "r" and mode != "w":
        raise space.oserror(EINVAL)
    reading = mode == "r"
    try:
        read_end, write_end = rposix.pipe()
        ours = read_end if reading else write_end
        theirs = write_end if reading else read_end
        child = rposix.fork()
    except OSError as error:
        raise space.oserror(error.errno)
    if child == 0:
        become_shell(command, theirs, 1 if reading else 0, ours)
    rposix.close(theirs)
    rposix.fcntl(ours, F_SETFD, FD_CLOEXEC)
    return space.new_pipe_file(ours, command, mode, buffering, child)


def become_shell(command, theirs, standard, ours):
    """In the child process of ``popen``."""
    try:
        rposix.close(ours)
        if theirs != standard:
            rposix.dup2(theirs, standard)
            rposix.close(theirs)
        rposix.execv("/bin/sh", ["sh", "-c", command])
    except OSError:
        # the status says it, as for a command that the shell does not find
        pass
    rposix.exit_now(127)


def tmpfile():
    """tmpfile() -> file object\n\nCreate a temporary file with no directory entries."""
    while True:
        path = fresh_name("/tmp", "tmpf")
        try:
            fd = rposix.open(path, OPEN_NEW, 0o600)
            rposix.unlink(path)
        except OSError as error:
            if error.errno != EEXIST:
                raise space.oserror(error.errno)
            continue
        return space.new_file(fd, "<tmpfile>", "w+b", -1)


def fresh_name(directory, prefix):
    """A path that does not exist now."""
    while True:
        name = directory + "/" + prefix
        for character in rposix.urandom(8):
            name += NAME_CHARACTERS[ord(character) & 31]
        try:
            rposix.lstat(name)
        except OSError as error:
            if error.errno == ENOENT:
                return name
            raise space.oserror(error.errno)


def is_directory(path):
    try:
        return rposix.stat(path).is_directory()
    except OSError:
        return False


def tempnam(w_directory=None, w_prefix=None):
    """tempnam([dir[, prefix]]) -> string

Return a unique name for a temporary file.
The directory and a prefix may be specified as strings; they may be omitted
or None if not needed."""
    space.warn("tempnam is a potential security risk to your program", space.w_RuntimeWarning)
    prefix = "file"
    if w_prefix is not None and not space.is_none(w_prefix):
        prefix = space.text_w(w_prefix)
    directory = rposix.getenv("TMPDIR")
    if directory is None or not is_directory(directory):
        directory = "/tmp"
        if w_directory is not None and not space.is_none(w_directory):
            wanted = space.path_w(w_directory)
            if is_directory(wanted):
                directory = wanted
    return space.newstr(fresh_name(directory, prefix[:5]))


def tmpnam():
    """tmpnam() -> string\n\nReturn a unique name for a temporary file."""
    space.warn("tmpnam is a potential security risk to your program", space.w_RuntimeWarning)
    return space.newstr(fresh_name("/tmp", "file"))


FUNCTIONS = {"fdopen": fdopen, "popen": popen, "tmpfile": tmpfile, "tempnam": tempnam, "tmpnam": tmpnam}
