"""``posix``: the system calls, as `os` re-exports them.

Every failing call raises OSError of the application with its errno, and the path where there is one.
"""

import os as host_os

from ouro.interp_py27.modules import posix_processes, posix_system
from ouro.interp_py27.modules.posix_files import FUNCTIONS
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.structure_object import define_structure
from ouro.interp_py27.vm.errors import OperationError, operror, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.import_lock import import_lock
from ouro.rlib import rposix
from ouro.rlib.objectmodel import not_rpython

W_StatResult = define_structure(
    "posix.stat_result",
    # The whole seconds are items without a name.
    [*"st_mode st_ino st_dev st_nlink st_uid st_gid st_size".split(), None, None, None,
     *"st_atime st_mtime st_ctime st_blksize st_blocks st_rdev".split()],
    visible=10,
    substitutes=[(10, 7), (11, 8), (12, 9)],
    doc="""\
stat_result: Result from stat or lstat.

This object may be accessed either as a tuple of
  (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime)
or via the attributes st_mode, st_ino, st_dev, st_nlink, st_uid, and so on.

Posix/windows: If your platform supports st_blksize, st_blocks, st_rdev,
or st_flags, they are available as attributes only.

See os.stat for more information.""",
)

NANOSECONDS = 1000000000
ENOTEMPTY = 39


def failed(error):
    return space.oserror(error.errno)


def failed_path(error, path):
    return space.oserror_path(error.errno, path)


def seconds(nanoseconds):
    """A float where `stat_float_times` is on, as it is by default."""
    if times_setting.as_floats:
        return space.newfloat(float(nanoseconds // NANOSECONDS) + 1e-9 * float(nanoseconds % NANOSECONDS))
    return space.newint(nanoseconds // NANOSECONDS)


class TimesSetting:
    """``os.stat_float_times()``."""

    def __init__(self):
        self.as_floats = True


times_setting = TimesSetting()


def stat_float_times(w_new=None):
    """stat_float_times([newval]) -> oldval"""
    if w_new is None:
        return space.newbool(times_setting.as_floats)
    times_setting.as_floats = space.is_true(w_new)
    return space.w_None


def stat_result(result):
    times = [result.st_atime_ns, result.st_mtime_ns, result.st_ctime_ns]
    fields_w = [
        space.newint(result.st_mode), space.newint(result.st_ino), space.newint(result.st_dev),
        space.newint(result.st_nlink), space.newint(result.st_uid), space.newint(result.st_gid),
        space.newint(result.st_size),
    ]
    for time in times:
        fields_w.append(space.newint(time // NANOSECONDS))
    for time in times:
        fields_w.append(seconds(time))
    fields_w.append(space.newint(result.st_blksize))
    fields_w.append(space.newint(result.st_blocks))
    fields_w.append(space.newint(result.st_rdev))
    return W_StatResult(fields_w[:])


@unwrap_spec(path="path")
def stat(path):
    """stat(path) -> stat result"""
    try:
        result = rposix.stat(path)
    except OSError as error:
        raise failed_path(error, path)
    return stat_result(result)


@unwrap_spec(path="path")
def lstat(path):
    """lstat(path) -> stat result"""
    try:
        result = rposix.lstat(path)
    except OSError as error:
        raise failed_path(error, path)
    return stat_result(result)


@unwrap_spec(fd="c_int")
def fstat(fd):
    """fstat(fd) -> stat result"""
    try:
        result = rposix.fstat(fd)
    except OSError as error:
        raise failed(error)
    return stat_result(result)


@unwrap_spec(path="path")
def rmdir(path):
    """rmdir(path)\n\nRemove a directory."""
    try:
        rposix.rmdir(path)
    except OSError as error:
        # Where references are counted, what dead objects leave in the directory is gone by now.
        if error.errno != ENOTEMPTY or space.collect_and_finalize() == 0:
            raise failed_path(error, path)
        remove_directory(path)


def remove_directory(path):
    try:
        rposix.rmdir(path)
    except OSError as error:
        raise failed_path(error, path)


# ---- calls of one shape


@not_rpython
def _make_path_call(name, function):
    @unwrap_spec(path="path")
    def call(path):
        try:
            function(path)
        except OSError as error:
            raise failed_path(error, path)

    call.__name__ = call.__qualname__ = name
    return call


@not_rpython
def _make_path_int_call(name, function, default=None):
    def act(path, mode):
        try:
            function(path, mode)
        except OSError as error:
            # CPython does not say which, of these alone.
            raise failed(error) if name == "mkfifo" else failed_path(error, path)

    if default is None:
        @unwrap_spec(path="path", mode="c_int")
        def call(path, mode):
            act(path, mode)
    else:
        @unwrap_spec(path="path", mode="c_int")
        def call(path, mode=default):
            act(path, mode)

    call.__name__ = call.__qualname__ = name
    return call


@not_rpython
def _make_two_paths_call(name, function):
    @unwrap_spec(path="path", other="path")
    def call(path, other):
        try:
            function(path, other)
        except OSError as error:
            raise failed(error)

    call.__name__ = call.__qualname__ = name
    return call


@not_rpython
def _make_int_call(name, function):
    @unwrap_spec(number="c_int")
    def call(number):
        try:
            function(number)
        except OSError as error:
            raise failed(error)

    call.__name__ = call.__qualname__ = name
    return call


@not_rpython
def _make_two_ints_call(name, function):
    @unwrap_spec(first="c_int", second="c_int")
    def call(first, second):
        try:
            function(first, second)
        except OSError as error:
            raise failed(error)

    call.__name__ = call.__qualname__ = name
    return call


@not_rpython
def _make_number(name, function):
    """A call without arguments that gives a number."""

    def call():
        try:
            return space.newint(function())
        except OSError as error:
            raise failed(error)

    call.__name__ = call.__qualname__ = name
    return call


@not_rpython
def _make_int_number(name, function):
    @unwrap_spec(number="c_int")
    def call(number):
        try:
            return space.newint(function(number))
        except OSError as error:
            raise failed(error)

    call.__name__ = call.__qualname__ = name
    return call


@not_rpython
def _make_status_test(name, function):
    @unwrap_spec(status="c_int")
    def call(status):
        return space.newbool(function(status))

    call.__name__ = call.__qualname__ = name
    return call


@not_rpython
def _make_status_part(name, function):
    @unwrap_spec(status="c_int")
    def call(status):
        return space.newint(function(status))

    call.__name__ = call.__qualname__ = name
    return call


# ---- files


@unwrap_spec(path="path", flags="c_int", mode="c_int")
def open(path, flags, mode=0o777):
    """open(filename, flag [, mode=0777]) -> fd"""
    try:
        return space.newint(rposix.open(path, flags, mode))
    except OSError as error:
        raise failed_path(error, path)


@unwrap_spec(fd="c_int", count="c_int")
def read(fd, count):
    """read(fd, buffersize) -> string"""
    try:
        return space.newstr(rposix.read(fd, count))
    except OSError as error:
        raise failed(error)


@unwrap_spec(fd="c_int", data="buffer")
def write(fd, data):
    """write(fd, string) -> byteswritten"""
    try:
        return space.newint(rposix.write(fd, data))
    except OSError as error:
        raise failed(error)


@unwrap_spec(fd="c_int", offset=int, how="c_int")
def lseek(fd, offset, how):
    """lseek(fd, pos, how) -> newpos"""
    try:
        return space.newint(rposix.lseek(fd, offset, how))
    except OSError as error:
        raise failed(error)


@unwrap_spec(fd="c_int")
def isatty(fd):
    """isatty(fd) -> bool"""
    return space.newbool(rposix.isatty(fd))


@unwrap_spec(fd="c_int")
def ttyname(fd):
    """ttyname(fd) -> string"""
    try:
        return space.newstr(rposix.ttyname(fd))
    except OSError as error:
        raise failed(error)


def pipe():
    """pipe() -> (read_end, write_end)"""
    try:
        first, second = rposix.pipe()
    except OSError as error:
        raise failed(error)
    return space.newtuple([space.newint(first), space.newint(second)])


@unwrap_spec(path="path", mode="c_int")
def access(path, mode):
    """access(path, mode) -> True if granted, False otherwise"""
    return space.newbool(rposix.access(path, mode))


def listdir(path):
    try:
        names = rposix.listdir(path)
    except OSError as error:
        raise failed_path(error, path)
    return space.newlist([space.newstr(name) for name in names])


def listdir_like(w_path):
    """listdir(path) -> list_of_strings; unicode names for a unicode path"""
    w_names = listdir(space.path_argument_w(w_path, "listdir() argument 1 "))
    if not space.is_unicode(w_path):
        return w_names
    result_w = []
    for w_name in space.unpack_list(w_names):
        try:
            w_name = space.decode_object(w_name, "utf-8", "strict")
        except OperationError as error:
            if not error.match(space.w_UnicodeDecodeError):
                raise
        result_w.append(w_name)
    return space.newlist(result_w)


def getcwd():
    """getcwd() -> path"""
    try:
        return space.newstr(rposix.getcwd())
    except OSError as error:
        raise failed(error)


def getcwdu():
    """getcwdu() -> path"""
    return space.decode_object(getcwd(), "utf-8", "strict")


@unwrap_spec(path="path")
def readlink(path):
    """readlink(path) -> path"""
    try:
        return space.newstr(rposix.readlink(path))
    except OSError as error:
        raise failed_path(error, path)


@unwrap_spec(path="path")
def utime(path, w_times):
    """utime(path, (atime, mtime)) or utime(path, None)"""
    accessed = modified = 0.0
    if not space.is_none(w_times):
        if not space.is_tuple(w_times) or space.len_w(w_times) != 2:
            raise type_error("utime() arg 2 must be a tuple (atime, mtime)")
        items_w = space.tuple_items(w_times)
        accessed = time_argument(items_w[0])
        modified = time_argument(items_w[1])
    try:
        if space.is_none(w_times):
            rposix.utime_now(path)
        else:
            rposix.utime(path, accessed, modified)
    except OSError as error:
        raise failed_path(error, path)


def time_argument(w_time):
    """A number of seconds, which must fit a machine word."""
    if space.is_float(w_time):
        space.arg_int_w(space.getattr_str(w_time, "__trunc__").call_0())
        return space.float_w(w_time)
    return float(space.arg_int_w(w_time))


@unwrap_spec(mask="c_int")
def umask(mask):
    """umask(new_mask) -> old_mask"""
    return space.newint(rposix.umask(mask))


# ---- processes


def fork():
    """fork() -> pid"""
    # the child must not find a module that another thread was about to import
    import_lock.acquire()
    try:
        try:
            pid = rposix.fork()
        except OSError as error:
            raise failed(error)
        if pid == 0:
            space.after_fork()
    finally:
        import_lock.release()
    return space.newint(pid)


def texts(w_sequence, what):
    """The strings of an argument list, which must be a tuple or list."""
    if not space.is_tuple(w_sequence) and not space.is_list(w_sequence):
        raise type_error(what + " must be a tuple or list")
    items_w = space.unpack_list(w_sequence)
    if len(items_w) == 0:
        raise value_error(what + " must not be empty")
    return [text_without_nul(w_item, what + " must contain only strings") for w_item in items_w]


@unwrap_spec(path="path")
def execv(path, w_args):
    """execv(path, args)"""
    arguments = texts(w_args, "execv() arg 2")
    try:
        rposix.execv(path, arguments)
    except OSError as error:
        raise failed(error)


def text_without_nul(w_text, message):
    """A string for the environment; TypeError with the message for anything else."""
    if not space.is_text(w_text):
        raise type_error(message)
    text = space.text_w(w_text)
    if "\x00" in text:
        raise type_error(message)
    return text


def environment_texts(w_environment):
    """The variables of a mapping as ``name=value``."""
    if space.findattr(w_environment, "keys") is None:
        raise type_error("execve() arg 3 must be a mapping object")
    texts = []
    for w_key in space.unpack_list(space.getattr_str(w_environment, "keys").call_0()):
        name = text_without_nul(w_key, "execve() arg 3 contains a non-string key")
        value = text_without_nul(
            space.getitem(w_environment, w_key), "execve() arg 3 contains a non-string value")
        check_variable_name(name)
        texts.append(name + "=" + value)
    return texts


def check_variable_name(name):
    if len(name) == 0 or "=" in name:
        raise value_error("illegal environment variable name")


@unwrap_spec(path="path")
def execve(path, w_args, w_environment):
    """execve(path, args, env)"""
    arguments = texts(w_args, "execve() arg 2")
    environment = environment_texts(w_environment)
    try:
        rposix.execve(path, arguments, environment)
    except OSError as error:
        raise failed(error)


@unwrap_spec(pid="c_int", options="c_int")
def waitpid(pid, options):
    """waitpid(pid, options) -> (pid, status)"""
    try:
        found, status = rposix.waitpid(pid, options)
    except OSError as error:
        raise failed(error)
    return space.newtuple([space.newint(found), space.newint(status)])


def wait():
    """wait() -> (pid, status)"""
    return waitpid(-1, 0)


@unwrap_spec(command="c_text")
def system(command):
    """system(command) -> exit_status"""
    return space.newint(rposix.system(command))


@unwrap_spec(status="c_int")
def exit_now(status):
    """_exit(status)"""
    rposix.exit_now(status)


def abort():
    """abort() -> does not return!"""
    rposix.abort()


def getgroups():
    """getgroups() -> list of group IDs"""
    return space.newlist([space.newint(group) for group in rposix.getgroups()])


def getloadavg():
    """getloadavg() -> (float, float, float)"""
    try:
        first, second, third = rposix.getloadavg()
    except OSError:
        raise operror(space.w_OSError, "Load averages are unobtainable")
    return space.newtuple([space.newfloat(first), space.newfloat(second), space.newfloat(third)])


def times():
    """times() -> (utime, stime, cutime, cstime, elapsed_time)"""
    return space.newtuple([space.newfloat(value) for value in rposix.times()])


def uname():
    """uname() -> (sysname, nodename, release, version, machine)"""
    return space.newtuple([space.newstr(text) for text in rposix.uname()])


@unwrap_spec(number="c_int")
def strerror(number):
    """strerror(code) -> string"""
    return space.newstr(rposix.strerror(number))


@unwrap_spec(count="c_int")
def urandom(count):
    """urandom(n) -> str"""
    if count < 0:
        raise value_error("negative argument not allowed")
    return space.newstr(rposix.urandom(count))


# ---- the environment


def variable_text(w_text, function_name, position):
    """An argument of ``putenv``: a string without NUL."""
    if not space.is_text(w_text):
        raise type_error("%s() argument %d must be string, not %s" % (
            function_name, position, "None" if space.is_none(w_text) else space.type_name(w_text)))
    return text_without_nul(w_text, "%s() argument %d must be string without null bytes, not %s" % (
        function_name, position, space.type_name(w_text)))


def putenv(w_name, w_value):
    """putenv(key, value)"""
    name = variable_text(w_name, "putenv", 1)
    value = variable_text(w_value, "putenv", 2)
    check_variable_name(name)
    try:
        rposix.putenv(name, value)
    except OSError as error:
        raise failed(error)


def unsetenv(w_name):
    """unsetenv(key)"""
    name = variable_text(w_name, "unsetenv", 1)
    try:
        rposix.unsetenv(name)
    except OSError as error:
        raise failed(error)


def fill_environment(w_module):
    """``environ`` and the tables: what is known at run time only."""
    w_environment = space.newdict()
    for item in rposix.environ_items():
        equals = item.find("=")
        if equals < 0:
            continue
        name = item[:equals]
        if space.finditem_str(w_environment, name) is None:
            w_environment.setitem_str(name, space.newstr(item[equals + 1:]))
    w_module.w_dict.setitem_str("environ", w_environment)
    posix_system.add_names(w_module)
    w_module.w_dict.setitem_str("error", space.w_OSError)


CONSTANTS = {
    name: getattr(host_os, name)
    for name in (
        "O_RDONLY O_WRONLY O_RDWR O_NDELAY O_NONBLOCK O_APPEND O_DSYNC O_RSYNC O_SYNC O_NOCTTY O_CREAT O_EXCL O_TRUNC "
        "O_LARGEFILE O_ASYNC O_DIRECT O_DIRECTORY O_NOFOLLOW O_NOATIME F_OK R_OK W_OK X_OK WNOHANG WCONTINUED "
        "WUNTRACED EX_OK EX_USAGE EX_DATAERR EX_NOINPUT EX_NOUSER EX_NOHOST EX_UNAVAILABLE EX_SOFTWARE EX_OSERR "
        "EX_OSFILE EX_CANTCREAT EX_IOERR EX_TEMPFAIL EX_PROTOCOL EX_NOPERM EX_CONFIG NGROUPS_MAX TMP_MAX"
    ).split()
    if hasattr(host_os, name)
}

_functions = dict(
    CONSTANTS, **FUNCTIONS, **posix_system.FUNCTIONS, **posix_processes.FUNCTIONS, rmdir=rmdir,
    stat_result=W_StatResult, stat=stat, lstat=lstat, fstat=fstat,
    stat_float_times=stat_float_times, open=open, read=read, write=write, lseek=lseek, isatty=isatty, ttyname=ttyname,
    pipe=pipe, access=access, listdir=listdir_like, getcwd=getcwd, getcwdu=getcwdu, readlink=readlink,
    utime=utime, umask=umask, fork=fork, execv=execv, execve=execve, waitpid=waitpid,
    wait=wait, system=system, _exit=exit_now, abort=abort, getgroups=getgroups, getloadavg=getloadavg, times=times,
    uname=uname, strerror=strerror, urandom=urandom, putenv=putenv, unsetenv=unsetenv,
)  # fmt: skip
for _name in "chdir unlink".split():
    _functions[_name] = _make_path_call(_name, getattr(rposix, _name))
_functions["remove"] = _make_path_call("remove", rposix.unlink)
for _name, _default in [("mkdir", 0o777), ("mkfifo", 0o666)]:
    _functions[_name] = _make_path_int_call(_name, getattr(rposix, _name), _default)
_functions["chmod"] = _make_path_int_call("chmod", rposix.chmod)
for _name in "rename link symlink".split():
    _functions[_name] = _make_two_paths_call(_name, getattr(rposix, _name))
for _name in "close fsync fdatasync fchdir".split():
    _functions[_name] = _make_int_call(_name, getattr(rposix, _name))
for _name in "dup2 ftruncate fchmod setpgid kill killpg tcsetpgrp".split():
    _functions[_name] = _make_two_ints_call(_name, getattr(rposix, _name))
for _name in "getpid getppid getuid geteuid getgid getegid getpgrp setsid".split():
    _functions[_name] = _make_number(_name, getattr(rposix, _name))
for _name in "dup getpgid getsid tcgetpgrp nice".split():
    _functions[_name] = _make_int_number(_name, getattr(rposix, _name))
for _name in "WIFEXITED WIFSIGNALED WIFSTOPPED WIFCONTINUED WCOREDUMP".split():
    _functions[_name] = _make_status_test(_name, getattr(rposix, _name))
for _name in "WEXITSTATUS WTERMSIG WSTOPSIG".split():
    _functions[_name] = _make_status_part(_name, getattr(rposix, _name))

define_module("posix", _functions, startup=fill_environment, doc=(
    "This module provides access to operating system functionality that is\nstandardized by the C Standard and the "
    "POSIX standard (a thinly\ndisguised Unix interface).  Refer to the library manual and\ncorresponding Unix manual "
    "entries for more information on calls."))
