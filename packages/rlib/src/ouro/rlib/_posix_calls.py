"""The C functions under `rposix`, and what replaces our own C helpers on the host.

A helper is there where a structure or a macro would have to be known otherwise: it fills plain arrays. Its host
function below does the same with the `os` module.
"""

from __future__ import annotations

import fcntl as host_fcntl
import os

from ouro.lltype import free, malloc, render_immortal
from ouro.rlib.rffi import CCHARP, charp2str, library, liststr2charpp

__all__ = ["FSTAT", "LSTAT", "MEMORY_ARGUMENT", "STAT", "STAT_FIELDS", "libc"]

STAT = 0
LSTAT = 1
FSTAT = 2
#: Bytes behind a pointer that `fcntl` and `ioctl` get.
MEMORY_ARGUMENT = 1024

STAT_FIELDS = (
    "st_mode",
    "st_ino",
    "st_dev",
    "st_nlink",
    "st_uid",
    "st_gid",
    "st_size",
    "st_blksize",
    "st_blocks",
    "st_rdev",
    "st_atime_ns",
    "st_mtime_ns",
    "st_ctime_ns",
)

_DECLARATIONS = """
int open(const char *, int, int);
int close(int);
long read(int, char *, long);
long write(int, const char *, long);
long lseek(int, long, int);
int ftruncate(int, long);
int fsync(int);
int fdatasync(int);
int dup(int);
int dup2(int, int);
int pipe(int *);
int isatty(int);
char *ttyname(int);
int fcntl(int, int, long);
int flock(int, int);
int ouro_fcntl_memory(int, int, char *);
int ouro_ioctl_number(int, unsigned long, long);
int ouro_lockf(int, int, int, int, long, long);
int ioctl(int, unsigned long, char *);

int access(const char *, int);
int mkdir(const char *, int);
int rmdir(const char *);
int unlink(const char *);
int rename(const char *, const char *);
int link(const char *, const char *);
int symlink(const char *, const char *);
long readlink(const char *, char *, long);
int chmod(const char *, int);
int fchmod(int, int);
int chown(const char *, int, int);
int lchown(const char *, int, int);
int fchown(int, int, int);
int mkfifo(const char *, int);
int chdir(const char *);
int fchdir(int);
char *getcwd(char *, long);
int umask(int);

int getpid(void);
int getppid(void);
int getuid(void);
int geteuid(void);
int getgid(void);
int getegid(void);
int setuid(int);
int seteuid(int);
int setgid(int);
int setegid(int);
int setreuid(int, int);
int setregid(int, int);
int getpgrp(void);
int getpgid(int);
int setpgid(int, int);
int getsid(int);
int setsid(void);
int tcgetpgrp(int);
int tcsetpgrp(int, int);
int getgroups(int, int *);
int nice(int);
int kill(int, int);
int killpg(int, int);
int fork(void);
int execv(const char *, char **);
int execve(const char *, char **, char **);
int waitpid(int, int *, int);
int system(const char *);
void _exit(int);
void abort(void);
long sysconf(int);
int getloadavg(double *, int);

char *getenv(const char *);
int setenv(const char *, const char *, int);
int unsetenv(const char *);

int ouro_stat(int, const char *, int, long long *);
char *ouro_listdir(const char *, long *);
void ouro_free(char *);
double ouro_times(double *);
int ouro_uname(char *, long);
int ouro_utime(const char *, double, double);
int ouro_utime_now(const char *);
char **ouro_environ(void);
"""

_SOURCE = r"""
int ouro_stat(int kind, const char *path, int fd, long long *out)
{
    struct stat st;
    int result = kind == 0 ? stat(path, &st) : kind == 1 ? lstat(path, &st) : fstat(fd, &st);
    if (result < 0)
        return result;
    out[0] = st.st_mode;
    out[1] = st.st_ino;
    out[2] = st.st_dev;
    out[3] = st.st_nlink;
    out[4] = st.st_uid;
    out[5] = st.st_gid;
    out[6] = st.st_size;
    out[7] = st.st_blksize;
    out[8] = st.st_blocks;
    out[9] = st.st_rdev;
#ifdef __APPLE__
    out[10] = st.st_atimespec.tv_sec * 1000000000LL + st.st_atimespec.tv_nsec;
    out[11] = st.st_mtimespec.tv_sec * 1000000000LL + st.st_mtimespec.tv_nsec;
    out[12] = st.st_ctimespec.tv_sec * 1000000000LL + st.st_ctimespec.tv_nsec;
#else
    out[10] = st.st_atim.tv_sec * 1000000000LL + st.st_atim.tv_nsec;
    out[11] = st.st_mtim.tv_sec * 1000000000LL + st.st_mtim.tv_nsec;
    out[12] = st.st_ctim.tv_sec * 1000000000LL + st.st_ctim.tv_nsec;
#endif
    return 0;
}

/* All names but . and .., each with its NUL, in memory from malloc; *length is their size, or -1. */
char *ouro_listdir(const char *path, long *length)
{
    long size = 0, room = 1024;
    char *names;
    struct dirent *entry;
    DIR *dir = opendir(path);
    *length = -1;
    if (dir == NULL)
        return NULL;
    names = malloc(room);
    while (names != NULL) {
        long count;
        errno = 0;
        entry = readdir(dir);
        if (entry == NULL)
            break;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count = (long)strlen(entry->d_name) + 1;
        if (size + count > room) {
            char *larger;
            room = 2 * room + count;
            larger = realloc(names, room);
            if (larger == NULL)
                free(names);
            names = larger;
            if (names == NULL)
                break;
        }
        memcpy(names + size, entry->d_name, count);
        size += count;
    }
    if (names == NULL)
        errno = ENOMEM;
    if (errno != 0) {
        int saved = errno;
        free(names);
        closedir(dir);
        errno = saved;
        return NULL;
    }
    closedir(dir);
    *length = size;
    return names;
}

void ouro_free(char *p)
{
    free(p);
}

double ouro_times(double *out)
{
    struct tms t;
    double ticks = (double)sysconf(_SC_CLK_TCK);
    clock_t elapsed = times(&t);
    out[0] = t.tms_utime / ticks;
    out[1] = t.tms_stime / ticks;
    out[2] = t.tms_cutime / ticks;
    out[3] = t.tms_cstime / ticks;
    return elapsed / ticks;
}

/* The five names, each with its NUL. */
int ouro_uname(char *out, long size)
{
    struct utsname u;
    const char *parts[5];
    int i;
    if (uname(&u) < 0)
        return -1;
    parts[0] = u.sysname;
    parts[1] = u.nodename;
    parts[2] = u.release;
    parts[3] = u.version;
    parts[4] = u.machine;
    for (i = 0; i < 5; i++) {
        long count = (long)strlen(parts[i]) + 1;
        if (count > size) {
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(out, parts[i], count);
        out += count;
        size -= count;
    }
    return 0;
}

static struct timeval ouro_timeval(double seconds)
{
    struct timeval result;
    double whole = floor(seconds);
    result.tv_sec = (time_t)whole;
    result.tv_usec = (suseconds_t)((seconds - whole) * 1e6);
    return result;
}

int ouro_utime(const char *path, double atime, double mtime)
{
    struct timeval times[2];
    times[0] = ouro_timeval(atime);
    times[1] = ouro_timeval(mtime);
    return utimes(path, times);
}

int ouro_utime_now(const char *path)
{
    return utimes(path, NULL);
}

int ouro_fcntl_memory(int fd, int operation, char *argument)
{
    return fcntl(fd, operation, argument);
}

int ouro_ioctl_number(int fd, unsigned long operation, long argument)
{
    return ioctl(fd, operation, argument);
}

/* kind: 0 unlock, 1 shared, 2 exclusive. */
int ouro_lockf(int fd, int kind, int wait, int whence, long start, long length)
{
    struct flock lock;
    memset(&lock, 0, sizeof lock);
    lock.l_type = kind == 0 ? F_UNLCK : kind == 1 ? F_RDLCK : F_WRLCK;
    lock.l_whence = (short)whence;
    lock.l_start = start;
    lock.l_len = length;
    return fcntl(fd, wait ? F_SETLKW : F_SETLK, &lock);
}

extern char **environ;

char **ouro_environ(void)
{
    return environ;
}
"""


def _host_stat(kind, path, fd, out):
    if kind == FSTAT:
        result = os.fstat(fd)
    elif kind == STAT:
        result = os.stat(_name(path))
    else:
        result = os.lstat(_name(path))
    for index, name in enumerate(STAT_FIELDS):
        out[index] = getattr(result, name)
    return 0


def _name(path):
    return charp2str(path).encode("latin-1")


def _host_listdir(path, length):
    length[0] = -1
    names = b"".join(name + b"\x00" for name in os.listdir(_name(path)))
    buffer = malloc(CCHARP.TO, max(len(names), 1), flavor="raw")
    for i, byte in enumerate(names):
        buffer[i] = chr(byte)
    length[0] = len(names)
    return buffer


def _host_times(out):
    result = os.times()
    for i in range(4):
        out[i] = result[i]
    return result[4]


def _host_uname(out, size):
    text = "".join(part + "\x00" for part in os.uname())
    for i, character in enumerate(text):
        out[i] = character
    return 0


def _host_utime(path, atime, mtime):
    os.utime(_name(path), (atime, mtime))
    return 0


def _host_utime_now(path):
    os.utime(_name(path))
    return 0


def _host_fcntl_memory(fd, operation, argument):
    # the host's function takes bytes with a length: as many as the system may want
    data = bytes(ord(argument[i]) for i in range(MEMORY_ARGUMENT))
    for i, byte in enumerate(host_fcntl.fcntl(fd, operation, data)):
        argument[i] = chr(byte)
    return 0


def _host_lockf(fd, kind, wait, whence, start, length):
    operation = (host_fcntl.LOCK_UN, host_fcntl.LOCK_SH, host_fcntl.LOCK_EX)[kind]
    host_fcntl.lockf(fd, operation if wait or kind == 0 else operation | host_fcntl.LOCK_NB, length, start, whence)
    return 0


def _host_environ():
    items = [(key + b"=" + value).decode("latin-1") for key, value in os.environb.items()]
    return render_immortal(liststr2charpp(items))


libc = library(
    _DECLARATIONS,
    includes=[
        "dirent.h",
        "errno.h",
        "fcntl.h",
        "math.h",
        "signal.h",
        "stdlib.h",
        "string.h",
        "sys/file.h",
        "sys/ioctl.h",
        "sys/stat.h",
        "sys/time.h",
        "sys/times.h",
        "sys/types.h",
        "sys/utsname.h",
        "sys/wait.h",
        "unistd.h",
    ],
    libraries=["m"],
    defines=["_GNU_SOURCE", "_DARWIN_C_SOURCE"],
    source=_SOURCE,
    saves_errno=True,
    blocking=[
        "close",
        "dup2",
        "execv",
        "execve",
        "fcntl",
        "fdatasync",
        "flock",
        "ouro_fcntl_memory",
        "ouro_lockf",
        "fsync",
        "ftruncate",
        "open",
        "ouro_listdir",
        "ouro_stat",
        "read",
        "system",
        "waitpid",
        "write",
    ],
    host={
        "fork": os.fork,
        "_exit": os._exit,
        "ouro_environ": _host_environ,
        "ouro_fcntl_memory": _host_fcntl_memory,
        "ouro_ioctl_number": lambda fd, operation, argument: host_fcntl.ioctl(fd, int(operation), argument),
        "ouro_lockf": _host_lockf,
        "ouro_free": free,
        "ouro_listdir": _host_listdir,
        "ouro_stat": _host_stat,
        "ouro_times": _host_times,
        "ouro_uname": _host_uname,
        "ouro_utime": _host_utime,
        "ouro_utime_now": _host_utime_now,
    },
)
"""The functions and the errno of all of them."""
