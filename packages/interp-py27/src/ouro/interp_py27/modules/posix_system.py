"""The part of ``posix`` about limits of the system, users and groups, devices and pseudo-terminals."""

import errno
import os as host_os

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.structure_object import define_structure
from ouro.interp_py27.vm.errors import overflow_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib import rposix, rposix_system
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rarithmetic import r_uint

EINVAL = errno.EINVAL
LARGEST_ID = 2 ** 32 - 1
NO_DEVICE = r_uint(0)

W_StatvfsResult = define_structure(
    "posix.statvfs_result",
    "f_bsize f_frsize f_blocks f_bfree f_bavail f_files f_ffree f_favail f_flag f_namemax".split(),
)


def failed(error):
    return space.oserror(error.errno)


def failed_path(error, path):
    return space.oserror_path(error.errno, path)


# ---- limits

SYSCONF_NAMES = dict(host_os.sysconf_names)
CONFSTR_NAMES = dict(host_os.confstr_names)
PATHCONF_NAMES = dict(host_os.pathconf_names)


@not_rpython
def _make_name_reader(table):
    def read_name(w_name):
        if space.is_int(w_name):
            return space.int_w(w_name)
        if not space.is_str(w_name):
            raise type_error("configuration names must be strings or integers")
        name = space.bytes_w(w_name)
        if name not in table:
            raise value_error("unrecognized configuration name")
        return table[name]

    return read_name


sysconf_name = _make_name_reader(SYSCONF_NAMES)
confstr_name = _make_name_reader(CONFSTR_NAMES)
pathconf_name = _make_name_reader(PATHCONF_NAMES)


def sysconf(w_name):
    """sysconf(name) -> integer\n\nReturn an integer-valued system configuration variable."""
    number = sysconf_name(w_name)
    try:
        return space.newint(rposix.sysconf(number))
    except OSError as error:
        raise failed(error)


def confstr(w_name):
    """confstr(name) -> string\n\nReturn a string-valued system configuration variable."""
    number = confstr_name(w_name)
    try:
        return space.newtext_or_none(rposix_system.confstr(number))
    except OSError as error:
        raise failed(error)


@unwrap_spec(path="path")
def pathconf(path, w_name):
    """pathconf(path, name) -> integer

Return the configuration limit name for the file or directory path.
If there is no limit, return -1."""
    number = pathconf_name(w_name)
    try:
        return space.newint(rposix_system.pathconf(path, number))
    except OSError as error:
        if error.errno == EINVAL:
            raise failed(error)  # the name is wrong, not the path
        raise failed_path(error, path)


@unwrap_spec(fd="c_int")
def fpathconf(fd, w_name):
    """fpathconf(fd, name) -> integer

Return the configuration limit name for the file descriptor fd.
If there is no limit, return -1."""
    number = pathconf_name(w_name)
    try:
        return space.newint(rposix_system.fpathconf(fd, number))
    except OSError as error:
        raise failed(error)


def statvfs_result(numbers):
    return W_StatvfsResult([space.newint(number) for number in numbers][:])


@unwrap_spec(path="path")
def statvfs(path):
    """statvfs(path) -> statvfs result\n\nPerform a statvfs system call on the given path."""
    try:
        return statvfs_result(rposix_system.statvfs(path))
    except OSError as error:
        raise failed_path(error, path)


@unwrap_spec(fd="c_int")
def fstatvfs(fd):
    """fstatvfs(fd) -> statvfs result\n\nPerform an fstatvfs system call on the given fd."""
    try:
        return statvfs_result(rposix_system.fstatvfs(fd))
    except OSError as error:
        raise failed(error)


# ---- files and devices


@unwrap_spec(low="c_int", high="c_int")
def closerange(low, high):
    """closerange(fd_low, fd_high)\n\nCloses all file descriptors in [fd_low, fd_high), ignoring errors."""
    for fd in range(low, high):
        try:
            rposix.close(fd)
        except OSError:
            pass


@unwrap_spec(path="path")
def chroot(path):
    """chroot(path)\n\nChange root directory to path."""
    try:
        rposix_system.chroot(path)
    except OSError as error:
        raise failed_path(error, path)


@unwrap_spec(path="path", mode="c_int")
def lchmod(path, mode):
    """lchmod(path, mode)

Change the access permissions of a file. If path is a symlink, this
affects the link itself rather than the target."""
    try:
        rposix_system.lchmod(path, mode)
    except OSError as error:
        raise failed_path(error, path)


def device_argument(w_device):
    """The number of a device: not negative."""
    if not space.is_int(w_device) and not space.is_long(w_device):
        raise type_error("an integer is required")
    big = space.bigint_w(w_device)
    if big.sign < 0:
        raise overflow_error("can't convert negative number to unsigned long")
    try:
        return big.touint()
    except OverflowError:
        raise overflow_error("Python int too large to convert to C unsigned long")


@unwrap_spec(path="path", mode="c_int")
def mknod(path, mode=0o600, w_device=None):
    """mknod(filename [, mode=0600, device])

Create a filesystem node (file, device special file or named pipe)
named filename. mode specifies both the permissions to use and the
type of node to be created, being combined (bitwise OR) with one of
S_IFREG, S_IFCHR, S_IFBLK, and S_IFIFO. For S_IFCHR and S_IFBLK,
device defines the newly created device special file (probably using
os.makedev()), otherwise it is ignored."""
    device = NO_DEVICE if w_device is None else device_argument(w_device)
    try:
        rposix_system.mknod(path, mode, device)
    except OSError as error:
        raise failed(error)


def major(w_device):
    """major(device) -> major number\nExtracts a device major number from a raw device number."""
    return space.newint(rposix_system.major(device_argument(w_device)))


def minor(w_device):
    """minor(device) -> minor number\nExtracts a device minor number from a raw device number."""
    return space.newint(rposix_system.minor(device_argument(w_device)))


@unwrap_spec(major_number=int, minor_number=int)
def makedev(major_number, minor_number):
    """makedev(major, minor) -> device number
Composes a raw device number from the major and minor device numbers."""
    return space.newint_from_uint(rposix_system.makedev(major_number, minor_number))


# ---- users, groups, processes


def id_argument(w_id, what, wrong_type):
    """The number of a user or group; -1 where nothing is to be changed."""
    if not space.is_int(w_id) and not space.is_long(w_id):
        raise type_error(wrong_type)
    big = space.bigint_w(w_id)
    number = big.toint() if big.bit_length() < 40 else LARGEST_ID + 1 if big.sign > 0 else -2
    if number > LARGEST_ID:
        raise overflow_error(what + " id is greater than maximum")
    if number < -1:
        raise overflow_error(what + " id is less than minimum")
    return number


def three_ids(ids):
    real, effective, saved = ids
    return space.newtuple([space.newint(real), space.newint(effective), space.newint(saved)])


def getresuid():
    """getresuid() -> (ruid, euid, suid)

Get tuple of the current process's real, effective, and saved user ids."""
    try:
        return three_ids(rposix_system.getresuid())
    except OSError as error:
        raise failed(error)


def getresgid():
    """getresgid() -> (rgid, egid, sgid)

Get tuple of the current process's real, effective, and saved group ids."""
    try:
        return three_ids(rposix_system.getresgid())
    except OSError as error:
        raise failed(error)


NOT_AN_INTEGER = "an integer is required"


def setresuid(w_real, w_effective, w_saved):
    """setresuid(ruid, euid, suid)

Set the current process's real, effective, and saved user ids."""
    real = id_argument(w_real, "user", NOT_AN_INTEGER)
    effective = id_argument(w_effective, "user", NOT_AN_INTEGER)
    saved = id_argument(w_saved, "user", NOT_AN_INTEGER)
    try:
        rposix_system.setresuid(real, effective, saved)
    except OSError as error:
        raise failed(error)


def setresgid(w_real, w_effective, w_saved):
    """setresgid(rgid, egid, sgid)

Set the current process's real, effective, and saved group ids."""
    real = id_argument(w_real, "group", NOT_AN_INTEGER)
    effective = id_argument(w_effective, "group", NOT_AN_INTEGER)
    saved = id_argument(w_saved, "group", NOT_AN_INTEGER)
    try:
        rposix_system.setresgid(real, effective, saved)
    except OSError as error:
        raise failed(error)


@not_rpython
def _make_id_call(name, function, what):
    def call(w_id):
        number = id_argument(w_id, what, NOT_AN_INTEGER)
        try:
            function(number)
        except OSError as error:
            raise failed(error)

    call.__name__ = name
    call.__doc__ = "%s(id)\n\nSet the current process's %s id." % (name, what)
    return call


@not_rpython
def _make_two_ids_call(name, function, what):
    def call(w_real, w_effective):
        real = id_argument(w_real, what, NOT_AN_INTEGER)
        effective = id_argument(w_effective, what, NOT_AN_INTEGER)
        try:
            function(real, effective)
        except OSError as error:
            raise failed(error)

    call.__name__ = name
    call.__doc__ = "%s(real, effective)\n\nSet the current process's real and effective %s ids." % (name, what)
    return call


@unwrap_spec(path="path")
def chown(path, w_uid, w_gid):
    """chown(path, uid, gid)\n\nChange the owner and group id of path to the numeric uid and gid."""
    uid, gid = id_argument(w_uid, "user", NOT_AN_INTEGER), id_argument(w_gid, "group", NOT_AN_INTEGER)
    try:
        rposix.chown(path, uid, gid)
    except OSError as error:
        raise failed_path(error, path)


@unwrap_spec(path="path")
def lchown(path, w_uid, w_gid):
    """lchown(path, uid, gid)\n\nChange the owner and group id of path, which is not followed where it is a link."""
    uid, gid = id_argument(w_uid, "user", NOT_AN_INTEGER), id_argument(w_gid, "group", NOT_AN_INTEGER)
    try:
        rposix.lchown(path, uid, gid)
    except OSError as error:
        raise failed_path(error, path)


@unwrap_spec(fd="c_int")
def fchown(fd, w_uid, w_gid):
    """fchown(fd, uid, gid)\n\nChange the owner and group id of an open file."""
    uid, gid = id_argument(w_uid, "user", NOT_AN_INTEGER), id_argument(w_gid, "group", NOT_AN_INTEGER)
    try:
        rposix.fchown(fd, uid, gid)
    except OSError as error:
        raise failed(error)


def setpgrp():
    """setpgrp()\n\nMake this process the process group leader."""
    try:
        rposix.setpgid(0, 0)
    except OSError as error:
        raise failed(error)


FUNCTIONS = dict(
    sysconf=sysconf, confstr=confstr, pathconf=pathconf, fpathconf=fpathconf, statvfs=statvfs, fstatvfs=fstatvfs,
    closerange=closerange, chroot=chroot, lchmod=lchmod, mknod=mknod, major=major, minor=minor, makedev=makedev,
    getresuid=getresuid, getresgid=getresgid, setresuid=setresuid, setresgid=setresgid, setpgrp=setpgrp,
    statvfs_result=W_StatvfsResult, chown=chown, lchown=lchown, fchown=fchown,
)  # fmt: skip
for _name in ("setuid", "seteuid"):
    FUNCTIONS[_name] = _make_id_call(_name, getattr(rposix, _name), "user")
for _name in ("setgid", "setegid"):
    FUNCTIONS[_name] = _make_id_call(_name, getattr(rposix, _name), "group")
FUNCTIONS["setreuid"] = _make_two_ids_call("setreuid", rposix.setreuid, "user")
FUNCTIONS["setregid"] = _make_two_ids_call("setregid", rposix.setregid, "group")

NAMES = [
    ("sysconf_names", sorted(SYSCONF_NAMES.items())),
    ("confstr_names", sorted(CONFSTR_NAMES.items())),
    ("pathconf_names", sorted(PATHCONF_NAMES.items())),
]


def add_names(w_module):
    """The tables of names, which are dictionaries of the application."""
    for table, items in NAMES:
        w_names = space.newdict()
        for name, number in items:
            w_names.setitem_str(name, space.newint(number))
        w_module.w_dict.setitem_str(table, w_names)
