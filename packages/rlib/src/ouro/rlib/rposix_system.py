"""What `rposix` leaves out: limits of the system and of files, users and groups, devices, pseudo-terminals.

As there, every function raises OSError where the system call fails.
"""

from __future__ import annotations

import os as host_os

from ouro.lltype import free, malloc
from ouro.rlib._system_errors import checked, checked_at, last_error, last_error_at, system_error
from ouro.rlib._usage import FILL_USAGE, USAGE_COUNTS, host_fill_usage, usage_of
from ouro.rlib.rarithmetic import r_uint
from ouro.rlib.rffi import (
    DOUBLEP,
    INTP,
    LONGP,
    charp2str,
    get_saved_errno,
    library,
    scoped_alloc_buffer,
    scoped_str2charp,
)

__all__ = [
    "chroot",
    "confstr",
    "ctermid",
    "forkpty",
    "fpathconf",
    "fstatvfs",
    "getlogin",
    "getresgid",
    "getresuid",
    "initgroups",
    "lchmod",
    "major",
    "makedev",
    "minor",
    "mknod",
    "openpty",
    "pathconf",
    "setgroups",
    "setresgid",
    "setresuid",
    "statvfs",
    "wait4",
]

_STATVFS_FIELDS = 10
_LONGEST_LOGIN = 256
_LONGEST_TERMINAL = 256

_SOURCE = FILL_USAGE + r"""
static int ouro_fill_statvfs(int result, struct statvfs *found, long *out)
{
    if (result != 0)
        return -1;
    out[0] = (long)found->f_bsize;
    out[1] = (long)found->f_frsize;
    out[2] = (long)found->f_blocks;
    out[3] = (long)found->f_bfree;
    out[4] = (long)found->f_bavail;
    out[5] = (long)found->f_files;
    out[6] = (long)found->f_ffree;
    out[7] = (long)found->f_favail;
    out[8] = (long)found->f_flag;
    out[9] = (long)found->f_namemax;
    return 0;
}

int ouro_statvfs(const char *path, long *out)
{
    struct statvfs found;
    return ouro_fill_statvfs(statvfs(path, &found), &found, out);
}

int ouro_fstatvfs(int fd, long *out)
{
    struct statvfs found;
    return ouro_fill_statvfs(fstatvfs(fd, &found), &found, out);
}

int ouro_wait4(int pid, int options, int *status, double *seconds, long *counts)
{
    struct rusage usage;
    int result = (int)wait4(pid, status, options, &usage);
    if (result <= 0)
        return result;
    ouro_fill_usage(&usage, seconds, counts);
    return result;
}

long ouro_device_part(int kind, unsigned long device)
{
    return kind == 0 ? (long)major(device) : (long)minor(device);
}

unsigned long ouro_makedev(long major_number, long minor_number)
{
    return (unsigned long)makedev((unsigned int)major_number, (unsigned int)minor_number);
}

int ouro_getres(int kind, long *out)
{
    uid_t ids[3];
    int result = kind == 0 ? getresuid(&ids[0], &ids[1], &ids[2]) : getresgid(&ids[0], &ids[1], &ids[2]);
    if (result == 0) {
        out[0] = ids[0];
        out[1] = ids[1];
        out[2] = ids[2];
    }
    return result;
}

int ouro_openpty(int *out)
{
    return openpty(&out[0], &out[1], NULL, NULL, NULL);
}

int ouro_forkpty(int *out)
{
    return (int)forkpty(&out[0], NULL, NULL, NULL);
}
"""


def _host_fill_statvfs(found, out):
    out[0], out[1], out[2], out[3], out[4] = found[:5]
    out[5], out[6], out[7], out[8], out[9] = found[5:10]
    return 0


def _host_statvfs(path, out):
    return _host_fill_statvfs(host_os.statvfs(charp2str(path).encode("latin-1")), out)


def _host_fstatvfs(fd, out):
    return _host_fill_statvfs(host_os.fstatvfs(fd), out)


def _host_wait4(pid, options, status, seconds, counts):
    found, status[0], usage = host_os.wait4(pid, options)
    host_fill_usage(usage, seconds, counts)
    return found


def _host_device_part(kind, device):
    return host_os.major(int(device)) if kind == 0 else host_os.minor(int(device))


def _host_makedev(major_number, minor_number):
    return r_uint(host_os.makedev(major_number & 0xFFFFFFFF, minor_number & 0xFFFFFFFF))


def _host_getres(kind, out):
    out[0], out[1], out[2] = host_os.getresuid() if kind == 0 else host_os.getresgid()
    return 0


def _host_openpty(out):
    out[0], out[1] = host_os.openpty()
    return 0


def _host_forkpty(out):
    pid, out[0] = host_os.forkpty()
    return pid


_libc = library(
    """
    int chroot(const char *);
    int lchmod(const char *, unsigned int);
    int mknod(const char *, unsigned int, unsigned long);
    long pathconf(const char *, int);
    long fpathconf(int, int);
    size_t confstr(int, char *, size_t);
    int setresuid(unsigned int, unsigned int, unsigned int);
    int setresgid(unsigned int, unsigned int, unsigned int);
    int setgroups(size_t, const int *);
    int initgroups(const char *, unsigned int);
    int getlogin_r(char *, size_t);
    char *ctermid(char *);

    int ouro_getres(int, long *);
    int ouro_statvfs(const char *, long *);
    int ouro_fstatvfs(int, long *);
    int ouro_wait4(int, int, int *, double *, long *);
    long ouro_device_part(int, unsigned long);
    unsigned long ouro_makedev(long, long);
    int ouro_openpty(int *);
    int ouro_forkpty(int *);
    """,
    libraries=["util"],
    includes=[
        "grp.h", "pty.h", "stdio.h", "stddef.h", "sys/resource.h", "sys/stat.h", "sys/statvfs.h", "sys/sysmacros.h",
        "sys/time.h", "sys/types.h", "sys/wait.h", "unistd.h",
    ],
    defines=["_GNU_SOURCE"],
    source=_SOURCE,
    blocking=["ouro_wait4", "ouro_statvfs", "ouro_fstatvfs"],
    saves_errno=True,
    host={
        "ouro_statvfs": _host_statvfs,
        "ouro_fstatvfs": _host_fstatvfs,
        "ouro_wait4": _host_wait4,
        "ouro_device_part": _host_device_part,
        "ouro_makedev": _host_makedev,
        "ouro_getres": _host_getres,
        "ouro_openpty": _host_openpty,
        "ouro_forkpty": _host_forkpty,
    },
)  # fmt: skip


# ---- limits


def pathconf(path, name):
    """A limit of a file by number; -1 where there is none."""
    with scoped_str2charp(path) as raw:
        result = _libc.pathconf(raw, name)
    if result == -1 and get_saved_errno() != 0:
        raise last_error_at(path)
    return result


def fpathconf(fd, name):
    """The same of an open file."""
    result = _libc.fpathconf(fd, name)
    if result == -1 and get_saved_errno() != 0:
        raise last_error()
    return result


def confstr(name):
    """A text of the system's configuration by number; None where it has no value."""
    with scoped_alloc_buffer(1) as nothing:
        length = int(_libc.confstr(name, nothing.raw, r_uint(0)))
        number = get_saved_errno()
    if length == 0:
        if number != 0:
            raise system_error(number)
        return None
    with scoped_alloc_buffer(length) as buffer:
        _libc.confstr(name, buffer.raw, r_uint(length))
        return buffer.str(length - 1)


def statvfs(path):
    """The ten numbers of `struct statvfs`, `f_fsid` left out."""
    out = malloc(LONGP.TO, _STATVFS_FIELDS, flavor="raw", zero=True)
    try:
        with scoped_str2charp(path) as raw:
            checked_at(_libc.ouro_statvfs(raw, out), path)
        return [out[i] for i in range(_STATVFS_FIELDS)]
    finally:
        free(out, flavor="raw")


def fstatvfs(fd):
    """The same for the file system of an open file."""
    out = malloc(LONGP.TO, _STATVFS_FIELDS, flavor="raw", zero=True)
    try:
        checked(_libc.ouro_fstatvfs(fd, out))
        return [out[i] for i in range(_STATVFS_FIELDS)]
    finally:
        free(out, flavor="raw")


# ---- files and devices


def chroot(path):
    """Change the root directory of the process."""
    with scoped_str2charp(path) as raw:
        checked_at(_libc.chroot(raw), path)


def lchmod(path, mode):
    """Change the mode of a link itself, where the system can."""
    with scoped_str2charp(path) as raw:
        checked_at(_libc.lchmod(raw, mode), path)


def mknod(path, mode, device):
    """Make a node of the file system."""
    with scoped_str2charp(path) as raw:
        checked_at(_libc.mknod(raw, mode, device), path)


def major(device):
    """The major number of a device (`r_uint`)."""
    return _libc.ouro_device_part(0, device)


def minor(device):
    """The minor number of a device (`r_uint`)."""
    return _libc.ouro_device_part(1, device)


def makedev(major_number, minor_number):
    """The number of a device, `r_uint`."""
    return _libc.ouro_makedev(major_number, minor_number)


# ---- users, groups, processes


def _three_ids(kind):
    out = malloc(LONGP.TO, 3, flavor="raw", zero=True)
    try:
        checked(_libc.ouro_getres(kind, out))
        return out[0], out[1], out[2]
    finally:
        free(out, flavor="raw")


def getresuid():
    """The real, effective and saved user."""
    return _three_ids(0)


def getresgid():
    """The real, effective and saved group."""
    return _three_ids(1)


def setresuid(real, effective, saved):
    """Set them; -1 leaves one as it is."""
    checked(_libc.setresuid(real, effective, saved))


def setresgid(real, effective, saved):
    """Set them; -1 leaves one as it is."""
    checked(_libc.setresgid(real, effective, saved))


def setgroups(groups):
    """Set the further groups of the process."""
    array = malloc(INTP.TO, len(groups) + 1, flavor="raw", zero=True)
    try:
        for i in range(len(groups)):
            array[i] = groups[i]
        checked(_libc.setgroups(r_uint(len(groups)), array))
    finally:
        free(array, flavor="raw")


def initgroups(name, group):
    """Set the further groups to those of a user, and one more."""
    with scoped_str2charp(name) as raw:
        checked(_libc.initgroups(raw, group))


def getlogin():
    """The name of the user at the controlling terminal."""
    with scoped_alloc_buffer(_LONGEST_LOGIN) as buffer:
        number = _libc.getlogin_r(buffer.raw, r_uint(_LONGEST_LOGIN))
        if number != 0:
            raise system_error(number)
        return charp2str(buffer.raw)


def wait4(pid, options):
    """`(pid, status, Usage)` of a child that ended; pid 0 where none did and WNOHANG was given."""
    status = malloc(INTP.TO, 1, flavor="raw", zero=True)
    seconds = malloc(DOUBLEP.TO, 2, flavor="raw", zero=True)
    counts = malloc(LONGP.TO, USAGE_COUNTS, flavor="raw", zero=True)
    try:
        found = checked(_libc.ouro_wait4(pid, options, status, seconds, counts))
        return found, int(status[0]), usage_of(seconds, counts)
    finally:
        free(counts, flavor="raw")
        free(seconds, flavor="raw")
        free(status, flavor="raw")


# ---- pseudo-terminals


def ctermid():
    """The name of the controlling terminal."""
    with scoped_alloc_buffer(_LONGEST_TERMINAL) as buffer:
        _libc.ctermid(buffer.raw)
        return charp2str(buffer.raw)


def openpty():
    """The two descriptors of a new pseudo-terminal."""
    pair = malloc(INTP.TO, 2, flavor="raw", zero=True)
    try:
        checked(_libc.ouro_openpty(pair))
        return int(pair[0]), int(pair[1])
    finally:
        free(pair, flavor="raw")


def forkpty():
    """`(pid, fd)`: fork, the child at a new pseudo-terminal."""
    master = malloc(INTP.TO, 1, flavor="raw", zero=True)
    try:
        pid = checked(_libc.ouro_forkpty(master))
        return pid, int(master[0])
    finally:
        free(master, flavor="raw")
