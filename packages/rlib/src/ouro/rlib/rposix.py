"""The operating system, in the shape of Python's `os`: 8-bit strings, file descriptors, and OSError with errno.

Paths are strings without NUL. Every function raises OSError where the system call fails, EINTR included, so that
the caller can look at its signals first.
"""

from __future__ import annotations

import errno
import fcntl as host_fcntl
import os as host_os

from ouro.lltype import free, malloc, nullptr
from ouro.rlib._posix_calls import FSTAT, LSTAT, MEMORY_ARGUMENT, STAT, STAT_FIELDS, libc
from ouro.rlib._system_errors import checked, checked_at, last_error, last_error_at, strerror, system_error
from ouro.rlib.objectmodel import specialize
from ouro.rlib.rarithmetic import r_uint
from ouro.rlib.rffi import (
    CCHARP,
    DOUBLEP,
    INTP,
    LONGLONGP,
    LONGP,
    charp2str,
    charpp2liststr,
    charpsize2str,
    free_charpp,
    get_saved_errno,
    liststr2charpp,
    scoped_alloc_buffer,
    scoped_str2charp,
    set_saved_errno,
    str2chararray,
)

__all__ = [
    "LOCK_EXCLUSIVE",
    "LOCK_SHARED",
    "MEMORY_ARGUMENT",
    "StatResult",
    "UNLOCK",
    "WCOREDUMP",
    "WEXITSTATUS",
    "WIFCONTINUED",
    "WIFEXITED",
    "WIFSIGNALED",
    "WIFSTOPPED",
    "WSTOPSIG",
    "WTERMSIG",
    "abort",
    "access",
    "chdir",
    "chmod",
    "chown",
    "close",
    "dup",
    "dup2",
    "environ_items",
    "execv",
    "execve",
    "exit_now",
    "fchdir",
    "fchmod",
    "fchown",
    "fcntl",
    "fcntl_memory",
    "fdatasync",
    "flock",
    "fork",
    "fstat",
    "fsync",
    "ftruncate",
    "get_saved_errno",
    "getcwd",
    "getegid",
    "getenv",
    "geteuid",
    "getgid",
    "getgroups",
    "getloadavg",
    "getpgid",
    "getpgrp",
    "getpid",
    "getppid",
    "getsid",
    "getuid",
    "ioctl",
    "ioctl_number",
    "isatty",
    "kill",
    "killpg",
    "lchown",
    "link",
    "listdir",
    "lseek",
    "lstat",
    "mkdir",
    "mkfifo",
    "nice",
    "open",
    "pipe",
    "putenv",
    "read",
    "readlink",
    "rename",
    "rmdir",
    "set_blocking",
    "set_saved_errno",
    "setegid",
    "seteuid",
    "setgid",
    "setpgid",
    "setregid",
    "setreuid",
    "setsid",
    "setuid",
    "stat",
    "strerror",
    "symlink",
    "sysconf",
    "system",
    "tcgetpgrp",
    "tcsetpgrp",
    "times",
    "ttyname",
    "umask",
    "uname",
    "unlink",
    "unsetenv",
    "urandom",
    "utime",
    "utime_now",
    "waitpid",
    "write",
]

_PATH_SIZE = 4096


# ---- files


def open(path, flags, mode=0o777):
    """A file descriptor."""
    with scoped_str2charp(path) as name:
        result = libc.open(name, flags, mode)
    return checked_at(result, path)


def close(fd):
    """Close the file descriptor."""
    checked(libc.close(fd))


def read(fd, count):
    """At most `count` characters; none at the end of the file."""
    if count < 0:
        raise system_error(_EINVAL)
    # not cleared before: it may be large, and what is read is all that is looked at
    buffer = malloc(CCHARP.TO, count, flavor="raw")
    try:
        return charpsize2str(buffer, checked(libc.read(fd, buffer, count)))
    finally:
        free(buffer, flavor="raw")


def read_to(fd, builder, count):
    """The same, appended to a StringBuilder; returns how many characters."""
    buffer = malloc(CCHARP.TO, count, flavor="raw")
    try:
        size = checked(libc.read(fd, buffer, count))
        builder.append_charpsize(buffer, size)
    finally:
        free(buffer, flavor="raw")
    return size


def write(fd, data):
    """Write some of the characters; returns how many."""
    with scoped_str2charp(data) as buffer:
        result = libc.write(fd, buffer, len(data))
    return checked(result)


def lseek(fd, offset, how):
    """Move the position; returns the new one."""
    return checked(libc.lseek(fd, offset, how))


def ftruncate(fd, length):
    """Cut or extend the file to the length."""
    checked(libc.ftruncate(fd, length))


def fsync(fd):
    """Write the file to the disk."""
    checked(libc.fsync(fd))


def fdatasync(fd):
    """Write the contents of the file to the disk."""
    checked(libc.fdatasync(fd))


def dup(fd):
    """A new descriptor for the same file."""
    return checked(libc.dup(fd))


def dup2(fd, other):
    """Make `other` a descriptor for the same file as `fd`."""
    checked(libc.dup2(fd, other))


def pipe():
    """`(descriptor to read from, descriptor to write to)`."""
    pair = malloc(INTP.TO, 2, flavor="raw", zero=True)
    try:
        checked(libc.pipe(pair))
        return int(pair[0]), int(pair[1])
    finally:
        free(pair, flavor="raw")


def isatty(fd):
    """Whether it is a terminal."""
    return libc.isatty(fd) != 0


def ttyname(fd):
    """The name of the terminal."""
    result = libc.ttyname(fd)
    if not result:
        raise last_error()
    return charp2str(result)


def fcntl(fd, operation, argument=0):
    """`fcntl()` with an integer argument."""
    return checked(libc.fcntl(fd, operation, argument))


def fcntl_memory(fd, operation, argument):
    """`fcntl()` with a pointer to at most `MEMORY_ARGUMENT` characters; what they are after the call."""
    with scoped_alloc_buffer(MEMORY_ARGUMENT) as buffer:
        str2chararray(argument, buffer.raw, MEMORY_ARGUMENT)
        checked(libc.ouro_fcntl_memory(fd, operation, buffer.raw))
        return buffer.str(len(argument))


UNLOCK = 0
LOCK_SHARED = 1
LOCK_EXCLUSIVE = 2


def lockf(fd, kind, wait, whence, start, length):
    """Lock or unlock a part of a file; `kind` is one of the three constants above."""
    checked(libc.ouro_lockf(fd, kind, 1 if wait else 0, whence, start, length))


def set_blocking(fd, blocking):
    """Whether reading and writing the descriptor wait."""
    flags = fcntl(fd, _F_GETFL)
    wanted = flags & ~_O_NONBLOCK if blocking else flags | _O_NONBLOCK
    if wanted != flags:
        fcntl(fd, _F_SETFL, wanted)


def flock(fd, operation):
    """Lock or unlock the file."""
    checked(libc.flock(fd, operation))


def ioctl(fd, operation, argument):
    """`(result, what the argument is after the call)`, for a string as argument."""
    # the system may take more than it is given
    with scoped_alloc_buffer(max(MEMORY_ARGUMENT, len(argument))) as buffer:
        str2chararray(argument, buffer.raw, len(argument))
        result = checked(libc.ioctl(fd, r_uint(operation), buffer.raw))
        return result, buffer.str(len(argument))


def ioctl_number(fd, operation, argument):
    """`ioctl()` with an integer argument."""
    return checked(libc.ouro_ioctl_number(fd, r_uint(operation), argument))


# ---- paths


@specialize.arg(0)
def _path_call(function, path):
    with scoped_str2charp(path) as name:
        result = function(name)
    checked_at(result, path)


@specialize.arg(0)
def _path_int_call(function, path, argument):
    with scoped_str2charp(path) as name:
        result = function(name, argument)
    checked_at(result, path)


@specialize.arg(0)
def _two_paths_call(function, path, other):
    with scoped_str2charp(path) as name:
        with scoped_str2charp(other) as other_name:
            result = function(name, other_name)
    checked_at(result, path)


def access(path, mode):
    """Whether the file may be accessed so."""
    with scoped_str2charp(path) as name:
        return libc.access(name, mode) == 0


def mkdir(path, mode=0o777):
    """Make a directory."""
    _path_int_call(libc.mkdir, path, mode)


def rmdir(path):
    """Remove an empty directory."""
    _path_call(libc.rmdir, path)


def unlink(path):
    """Remove a file."""
    _path_call(libc.unlink, path)


def rename(path, other):
    """Rename a file, replacing what has the new name."""
    _two_paths_call(libc.rename, path, other)


def link(path, other):
    """Make a hard link."""
    _two_paths_call(libc.link, path, other)


def symlink(path, other):
    """Make a symbolic link to `path` at `other`."""
    _two_paths_call(libc.symlink, path, other)


def readlink(path):
    """Where the symbolic link leads."""
    size = _PATH_SIZE
    while True:
        with scoped_alloc_buffer(size) as buffer:
            with scoped_str2charp(path) as name:
                length = libc.readlink(name, buffer.raw, size)
            if checked_at(length, path) < size:
                return buffer.str(length)
        size *= 2


def chmod(path, mode):
    """Change the permissions."""
    _path_int_call(libc.chmod, path, mode)


def fchmod(fd, mode):
    """Change the permissions of an open file."""
    checked(libc.fchmod(fd, mode))


def chown(path, uid, gid):
    """Change the owner."""
    with scoped_str2charp(path) as name:
        result = libc.chown(name, uid, gid)
    checked_at(result, path)


def lchown(path, uid, gid):
    """Change the owner of a symbolic link itself."""
    with scoped_str2charp(path) as name:
        result = libc.lchown(name, uid, gid)
    checked_at(result, path)


def fchown(fd, uid, gid):
    """Change the owner of an open file."""
    checked(libc.fchown(fd, uid, gid))


def mkfifo(path, mode=0o666):
    """Make a named pipe."""
    _path_int_call(libc.mkfifo, path, mode)


def chdir(path):
    """Change the working directory."""
    _path_call(libc.chdir, path)


def fchdir(fd):
    """Change the working directory to an open one."""
    checked(libc.fchdir(fd))


def getcwd():
    """The working directory."""
    size = _PATH_SIZE
    while True:
        with scoped_alloc_buffer(size) as buffer:
            result = libc.getcwd(buffer.raw, size)
            if result:
                return charp2str(buffer.raw)
        if get_saved_errno() != _ERANGE:
            raise last_error()
        size *= 2


def umask(mask):
    """Set the mask of permissions for new files; returns the old one."""
    return libc.umask(mask)


def listdir(path):
    """The names in the directory, without `.` and `..`."""
    length = malloc(LONGP.TO, 1, flavor="raw", zero=True)
    try:
        with scoped_str2charp(path) as name:
            names = libc.ouro_listdir(name, length)
        size = length[0]
    finally:
        free(length, flavor="raw")
    if size < 0:
        raise last_error_at(path)
    text = charpsize2str(names, size)
    libc.ouro_free(names)
    return _split_names(text)


def _split_names(text):
    result = []
    start = 0
    for i in range(len(text)):
        if text[i] == "\x00":
            result.append(text[start:i])
            start = i + 1
    return result


class StatResult:
    """What `stat` tells; times in nanoseconds since 1970, all are machine words."""

    _immutable_ = True

    def __init__(self, raw):
        # in the order of STAT_FIELDS
        self.st_mode = int(raw[0])
        self.st_ino = int(raw[1])
        self.st_dev = int(raw[2])
        self.st_nlink = int(raw[3])
        self.st_uid = int(raw[4])
        self.st_gid = int(raw[5])
        self.st_size = int(raw[6])
        self.st_blksize = int(raw[7])
        self.st_blocks = int(raw[8])
        self.st_rdev = int(raw[9])
        self.st_atime_ns = int(raw[10])
        self.st_mtime_ns = int(raw[11])
        self.st_ctime_ns = int(raw[12])

    def is_directory(self):
        """Whether it is a directory."""
        return self.st_mode & 0o170000 == 0o040000

    def is_regular(self):
        """Whether it is a regular file."""
        return self.st_mode & 0o170000 == 0o100000

    def is_link(self):
        """Whether it is a symbolic link."""
        return self.st_mode & 0o170000 == 0o120000


def _stat(kind, path, fd):
    raw = malloc(LONGLONGP.TO, len(STAT_FIELDS), flavor="raw", zero=True)
    try:
        with scoped_str2charp(path) as name:
            result = libc.ouro_stat(kind, name, fd, raw)
        if result < 0:
            if kind == FSTAT:
                raise last_error()
            raise last_error_at(path)
        return StatResult(raw)
    finally:
        free(raw, flavor="raw")


def stat(path):
    """What the system knows of the file, through symbolic links."""
    return _stat(STAT, path, -1)


def lstat(path):
    """What the system knows of the file or the symbolic link."""
    return _stat(LSTAT, path, -1)


def fstat(fd):
    """What the system knows of the open file."""
    return _stat(FSTAT, "", fd)


def utime(path, atime, mtime):
    """Set the times of access and modification, in seconds."""
    with scoped_str2charp(path) as name:
        result = libc.ouro_utime(name, atime, mtime)
    checked_at(result, path)


def utime_now(path):
    """Set the times of access and modification to now."""
    _path_call(libc.ouro_utime_now, path)


# ---- processes


def getpid():
    """The number of this process."""
    return libc.getpid()


def getppid():
    """The number of the parent."""
    return libc.getppid()


def getuid():
    """The real user."""
    return libc.getuid()


def geteuid():
    """The effective user."""
    return libc.geteuid()


def getgid():
    """The real group."""
    return libc.getgid()


def getegid():
    """The effective group."""
    return libc.getegid()


def setuid(uid):
    """Set the user."""
    checked(libc.setuid(uid))


def seteuid(uid):
    """Set the effective user."""
    checked(libc.seteuid(uid))


def setgid(gid):
    """Set the group."""
    checked(libc.setgid(gid))


def setegid(gid):
    """Set the effective group."""
    checked(libc.setegid(gid))


def setreuid(real, effective):
    """Set both users."""
    checked(libc.setreuid(real, effective))


def setregid(real, effective):
    """Set both groups."""
    checked(libc.setregid(real, effective))


def getgroups():
    """The further groups."""
    count = checked(libc.getgroups(0, nullptr(INTP.TO)))
    groups = malloc(INTP.TO, count + 1, flavor="raw", zero=True)
    try:
        count = checked(libc.getgroups(count, groups))
        return [int(groups[i]) for i in range(count)]
    finally:
        free(groups, flavor="raw")


def getpgrp():
    """The process group."""
    return libc.getpgrp()


def getpgid(pid):
    """The process group of a process."""
    return checked(libc.getpgid(pid))


def setpgid(pid, group):
    """Set the process group of a process."""
    checked(libc.setpgid(pid, group))


def getsid(pid):
    """The session of a process."""
    return checked(libc.getsid(pid))


def setsid():
    """Start a session."""
    return checked(libc.setsid())


def tcgetpgrp(fd):
    """The foreground process group of a terminal."""
    return checked(libc.tcgetpgrp(fd))


def tcsetpgrp(fd, group):
    """Set the foreground process group of a terminal."""
    checked(libc.tcsetpgrp(fd, group))


def nice(increment):
    """Add to the niceness; returns the new one."""
    set_saved_errno(0)
    result = libc.nice(increment)
    if result == -1 and get_saved_errno() != 0:
        raise last_error()
    return result


def kill(pid, signal):
    """Send a signal."""
    checked(libc.kill(pid, signal))


def killpg(group, signal):
    """Send a signal to a process group."""
    checked(libc.killpg(group, signal))


def fork():
    """Split the process: the number of the child in the parent, 0 in the child."""
    return checked(libc.fork())


def execv(path, args):
    """Become another program."""
    with scoped_str2charp(path) as name:
        raw_args = liststr2charpp(args)
        libc.execv(name, raw_args)
        free_charpp(raw_args)
    raise last_error_at(path)


def execve(path, args, environment):
    """Become another program, with an environment of `NAME=value` strings."""
    with scoped_str2charp(path) as name:
        raw_args = liststr2charpp(args)
        raw_environment = liststr2charpp(environment)
        libc.execve(name, raw_args, raw_environment)
        free_charpp(raw_args)
        free_charpp(raw_environment)
    raise last_error_at(path)


def waitpid(pid, options):
    """`(process, status)` of a child that ended or stopped; process 0 where there is none yet."""
    status = malloc(INTP.TO, 1, flavor="raw", zero=True)
    try:
        result = checked(libc.waitpid(pid, status, options))
        return result, int(status[0])
    finally:
        free(status, flavor="raw")


def WIFEXITED(status):
    """Whether the child exited by itself."""
    return status & 0x7F == 0


def WEXITSTATUS(status):
    """Its exit status."""
    return (status >> 8) & 0xFF


def WIFSIGNALED(status):
    """Whether a signal ended the child."""
    return status & 0x7F != 0 and status & 0x7F != 0x7F


def WTERMSIG(status):
    """That signal."""
    return status & 0x7F


def WIFSTOPPED(status):
    """Whether the child is stopped."""
    return status & 0xFF == 0x7F


def WSTOPSIG(status):
    """The signal that stopped it."""
    return (status >> 8) & 0xFF


def WIFCONTINUED(status):
    """Whether the child was continued."""
    return status == 0xFFFF


def WCOREDUMP(status):
    """Whether the child left a core dump."""
    return status & 0x80 != 0


def system(command):
    """Run a command by the shell; returns its status as `waitpid` does."""
    with scoped_str2charp(command) as raw:
        return libc.system(raw)


def exit_now(status):
    """End the process without any clean-up."""
    libc._exit(status)


def abort():
    """End the process with SIGABRT."""
    libc.abort()


def sysconf(name):
    """A system limit by number."""
    set_saved_errno(0)
    result = libc.sysconf(name)
    if result == -1 and get_saved_errno() != 0:
        raise last_error()
    return result


def getloadavg():
    """The load over one, five and fifteen minutes."""
    loads = malloc(DOUBLEP.TO, 3, flavor="raw", zero=True)
    try:
        if libc.getloadavg(loads, 3) != 3:
            raise system_error(_EINVAL)
        return loads[0], loads[1], loads[2]
    finally:
        free(loads, flavor="raw")


def times():
    """Seconds: `(user, system, children's user, children's system, elapsed)`."""
    values = malloc(DOUBLEP.TO, 4, flavor="raw", zero=True)
    try:
        elapsed = libc.ouro_times(values)
        return values[0], values[1], values[2], values[3], elapsed
    finally:
        free(values, flavor="raw")


def uname():
    """`[system, node, release, version, machine]`."""
    with scoped_alloc_buffer(2048) as buffer:
        checked(libc.ouro_uname(buffer.raw, 2048))
        return _split_names(buffer.str(2048))[:5]


def urandom(count):
    """`count` random characters from the system."""
    fd = open("/dev/urandom", _O_RDONLY, 0)
    try:
        result = ""
        while len(result) < count:
            result += read(fd, count - len(result))
        return result
    finally:
        close(fd)


# ---- the environment


def getenv(name):
    """The value of the variable, or None."""
    with scoped_str2charp(name) as raw:
        result = libc.getenv(raw)
    if not result:
        return None
    return charp2str(result)


def putenv(name, value):
    """Set the variable."""
    with scoped_str2charp(name) as raw_name:
        with scoped_str2charp(value) as raw_value:
            result = libc.setenv(raw_name, raw_value, 1)
    checked(result)


def unsetenv(name):
    """Remove the variable."""
    with scoped_str2charp(name) as raw_name:
        result = libc.unsetenv(raw_name)
    checked(result)


def environ_items():
    """The environment as `NAME=value` strings."""
    return charpp2liststr(libc.ouro_environ())


_O_RDONLY = host_os.O_RDONLY
_O_NONBLOCK = host_os.O_NONBLOCK
_F_GETFL = host_fcntl.F_GETFL
_F_SETFL = host_fcntl.F_SETFL
_EINVAL = errno.EINVAL
_ERANGE = errno.ERANGE
