"""Memory mappings of the system: pages to put machine code in."""

from __future__ import annotations

from ouro.rlib._system_errors import last_error
from ouro.rlib.rarithmetic import r_uint
from ouro.rlib.rffi import VOIDP, cast_ptr_to_int, library, nullptr

__all__ = ["PROT_EXEC", "PROT_NONE", "PROT_READ", "PROT_WRITE", "map_anonymous", "page_size", "protect", "unmap"]

_libc = library(
    """
    #define PROT_NONE ...
    #define PROT_READ ...
    #define PROT_WRITE ...
    #define PROT_EXEC ...
    #define MAP_PRIVATE ...
    #define MAP_ANONYMOUS ...
    #define MAP_NORESERVE ...
    #define _SC_PAGESIZE ...
    void *mmap(void *, size_t, int, int, int, long);
    int munmap(void *, size_t);
    int mprotect(void *, size_t, int);
    long sysconf(int);
    """,
    includes=["sys/mman.h", "unistd.h"],
    defines=["_GNU_SOURCE"],
    saves_errno=["mmap", "munmap", "mprotect"],
)

PROT_NONE = _libc.PROT_NONE
PROT_READ = _libc.PROT_READ
PROT_WRITE = _libc.PROT_WRITE
PROT_EXEC = _libc.PROT_EXEC
_MAP_FLAGS = _libc.MAP_PRIVATE | _libc.MAP_ANONYMOUS | _libc.MAP_NORESERVE
_SC_PAGESIZE = _libc._SC_PAGESIZE
_FAILED = -1


def page_size():
    """The unit of protection, in bytes."""
    return _libc.sysconf(_SC_PAGESIZE)


def map_anonymous(size, protection):
    """New pages of zeros of this process alone, as a raw `char *`; untouched they cost nothing. Raises OSError."""
    memory = _libc.mmap(nullptr(VOIDP.TO), r_uint(size), protection, _MAP_FLAGS, -1, 0)
    if cast_ptr_to_int(memory) == _FAILED:
        raise last_error()
    return memory


def protect(memory, size, protection):
    """Change what may be done with whole pages. Raises OSError."""
    if _libc.mprotect(memory, r_uint(size), protection) != 0:
        raise last_error()


def unmap(memory, size):
    """Give pages back. Raises OSError."""
    if _libc.munmap(memory, r_uint(size)) != 0:
        raise last_error()
