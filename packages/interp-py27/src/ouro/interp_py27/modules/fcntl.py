"""``fcntl``: what else the system does with file descriptors."""

import fcntl as host_fcntl

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib import rposix

LONGEST_TEXT = 1024
LOCK_SH = host_fcntl.LOCK_SH
LOCK_EX = host_fcntl.LOCK_EX
LOCK_NB = host_fcntl.LOCK_NB
LOCK_UN = host_fcntl.LOCK_UN


def number_argument(w_argument):
    if space.is_float(w_argument):
        raise type_error("integer argument expected, got float")
    return space.int_w(w_argument)


def code_argument(w_code):
    """The code of an operation: any integer, as its lowest 32 bits."""
    if space.is_float(w_code):
        raise type_error("integer argument expected, got float")
    if not space.is_int(w_code) and not space.is_long(w_code):
        raise type_error("an integer is required")
    return space.bigint_w(w_code).uintmask()


@unwrap_spec(operation=int)
def fcntl(w_fd, operation, w_argument=None):
    """fcntl(fd, op, [arg])

Perform the operation op on file descriptor fd.  The values used
for op are operating system dependent, and are available
as constants in the fcntl module, using the same names as used in
the relevant C header files.  The argument arg is optional, and
defaults to 0; it may be an int or a string.  If arg is given as a string,
the return value of fcntl is a string of that length, containing the
resulting value put in the arg buffer by the operating system.  The length
of the arg string is not allowed to exceed 1024 bytes.  If the arg given
is an integer or if none is specified, the result value is an integer
corresponding to the return value of the fcntl call in the C code."""
    fd = space.descriptor_w(w_fd)
    try:
        if w_argument is not None and space.has_character_buffer(w_argument):
            text = space.buffer_str_w(w_argument)
            if len(text) > LONGEST_TEXT:
                raise value_error("fcntl string arg too long")
            return space.newstr(rposix.fcntl_memory(fd, operation, text))
        number = 0 if w_argument is None else number_argument(w_argument)
        return space.newint(rposix.fcntl(fd, operation, number))
    except OSError as error:
        raise space.ioerror(error.errno)


@unwrap_spec(mutate_flag=bool)
def ioctl(w_fd, w_operation, w_argument=None, mutate_flag=True):
    """ioctl(fd, op[, arg[, mutate_flag]])

Perform the operation op on file descriptor fd.  The values used for op
are operating system dependent, and are available as constants in the
fcntl or termios library modules, using the same names as used in the
relevant C header files.

The argument arg is optional, and defaults to 0; it may be an int or a
buffer containing character data (most likely a string or an array).\x20

If the argument is a mutable buffer (such as an array) and if the
mutate_flag argument (which is only allowed in this case) is true then the
buffer is (in effect) passed to the operating system and changes made by
the OS will be reflected in the contents of the buffer after the call has
returned.  The return value is the integer returned by the ioctl system
call.

If the argument is a mutable buffer and the mutable_flag argument is not
passed or is false, the behavior is as if a string had been passed.  This
behavior will change in future releases of Python.

If the argument is an immutable buffer (most likely a string) then a copy
of the buffer is passed to the operating system and the return value is a
string of the same length containing whatever the operating system put in
the buffer.  The length of the arg buffer in this case is not allowed to
exceed 1024 bytes.

If the arg given is an integer or if none is specified, the result value is
an integer corresponding to the return value of the ioctl call in the C
code."""
    fd = space.descriptor_w(w_fd)
    operation = code_argument(w_operation)
    try:
        if w_argument is None:
            return space.newint(rposix.ioctl_number(fd, operation, 0))
        buffer = w_argument.get_buffer()
        if buffer is None:
            return space.newint(rposix.ioctl_number(fd, operation, number_argument(w_argument)))
        text = buffer.all_text()
        if not buffer.readonly and mutate_flag:
            result, text = rposix.ioctl(fd, operation, text)
            buffer.store(0, text)
            return space.newint(result)
        if len(text) > LONGEST_TEXT:
            raise value_error("ioctl string arg too long")
        result, text = rposix.ioctl(fd, operation, text)
        return space.newstr(text)
    except OSError as error:
        raise space.ioerror(error.errno)


@unwrap_spec(operation=int)
def flock(w_fd, operation):
    """flock(fd, operation)

Perform the lock operation op on file descriptor fd.  See the Unix\x20
manual page for flock(2) for details.  (On some systems, this function is
emulated using fcntl().)"""
    fd = space.descriptor_w(w_fd)
    try:
        rposix.flock(fd, operation)
    except OSError as error:
        raise space.ioerror(error.errno)


@unwrap_spec(operation=int, whence=int)
def lockf(w_fd, operation, w_length=None, w_start=None, whence=0):
    """lockf (fd, operation, length=0, start=0, whence=0)

This is essentially a wrapper around the fcntl() locking calls.  fd is the
file descriptor of the file to lock or unlock, and operation is one of the
following values:

    LOCK_UN - unlock
    LOCK_SH - acquire a shared lock
    LOCK_EX - acquire an exclusive lock

When operation is LOCK_SH or LOCK_EX, it can also be bitwise ORed with
LOCK_NB to avoid blocking on lock acquisition.  If LOCK_NB is used and the
lock cannot be acquired, an IOError will be raised and the exception will
have an errno attribute set to EACCES or EAGAIN (depending on the operating
system -- for portability, check for either value).

length is the number of bytes to lock, with the default meaning to lock to
EOF.  start is the byte offset, relative to whence, to that the lock
starts.  whence is as with fileobj.seek(), specifically:

    0 - relative to the start of the file (SEEK_SET)
    1 - relative to the current buffer position (SEEK_CUR)
    2 - relative to the end of the file (SEEK_END)"""
    fd = space.descriptor_w(w_fd)
    if operation == LOCK_UN:
        kind = rposix.UNLOCK
    elif operation & LOCK_SH:
        kind = rposix.LOCK_SHARED
    elif operation & LOCK_EX:
        kind = rposix.LOCK_EXCLUSIVE
    else:
        raise value_error("unrecognized lockf argument")
    start = 0 if w_start is None else number_argument(w_start)
    length = 0 if w_length is None else number_argument(w_length)
    try:
        rposix.lockf(fd, kind, not operation & LOCK_NB, whence, start, length)
    except OSError as error:
        raise space.ioerror(error.errno)


NAMES = """
DN_ACCESS DN_ATTRIB DN_CREATE DN_DELETE DN_MODIFY DN_MULTISHOT DN_RENAME FASYNC FD_CLOEXEC F_DUPFD F_EXLCK F_FULLFSYNC
F_GETFD F_GETFL F_GETLEASE F_GETLK F_GETLK64 F_GETOWN F_GETSIG F_NOCACHE F_NOTIFY F_RDLCK F_SETFD F_SETFL F_SETLEASE
F_SETLK F_SETLK64 F_SETLKW F_SETLKW64 F_SETOWN F_SETSIG F_SHLCK F_UNLCK F_WRLCK LOCK_EX LOCK_MAND LOCK_NB LOCK_READ
LOCK_RW LOCK_SH LOCK_UN LOCK_WRITE
""".split()
CONSTANTS = {name: int(getattr(host_fcntl, name)) for name in NAMES if hasattr(host_fcntl, name)}
CONSTANTS["DN_MULTISHOT"] &= 0xFFFFFFFF

define_module("fcntl", dict(CONSTANTS, fcntl=fcntl, ioctl=ioctl, flock=flock, lockf=lockf), doc="""\
This module performs file control and I/O control on file\x20
descriptors.  It is an interface to the fcntl() and ioctl() Unix
routines.  File descriptors can be obtained with the fileno() method of
a file or socket object.""")
