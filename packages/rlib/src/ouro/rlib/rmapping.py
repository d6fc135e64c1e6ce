"""Files and anonymous memory mapped into the memory of the process."""

from __future__ import annotations

from ouro.lltype import cast_ptr_to_int, native_pointer
from ouro.rlib._system_errors import last_error
from ouro.rlib.rarithmetic import intmask, r_uint
from ouro.rlib.rffi import CCHARP, NULL_CHARP, charpsize2str, library, ptr_as_int, scoped_str2charp

__all__ = ["Mapping", "map_memory"]

_SOURCE = r"""
char *ouro_memory_at(char *memory, long offset)
{
    return memory + offset;
}
"""


def _host_memory_at(memory, offset):
    return native_pointer(CCHARP, int(cast_ptr_to_int(memory)) + int(offset))


_libc = library(
    """
    #define MREMAP_MAYMOVE ...
    #define MS_SYNC ...
    char *ouro_memory_at(char *, long);
    void *mmap(void *, size_t, int, int, int, long);
    int munmap(void *, size_t);
    void *mremap(void *, size_t, size_t, int);
    int msync(void *, size_t, int);
    void *memchr(const void *, int, size_t);
    void *memmem(const void *, size_t, const void *, size_t);
    void *memmove(void *, const void *, size_t);
    """,
    includes=["string.h", "sys/mman.h"],
    defines=["_GNU_SOURCE"],
    source=_SOURCE,
    blocking=["msync"],
    saves_errno=["mmap", "munmap", "mremap", "msync"],
    host={"ouro_memory_at": _host_memory_at},
)

_MAYMOVE = int(_libc.MREMAP_MAYMOVE)
_MS_SYNC = int(_libc.MS_SYNC)
_FAILED = -1


class Mapping:
    """`size` bytes of mapped memory. Offsets are checked by the caller; nothing but `close` works after `close`."""

    def __init__(self, memory, size):
        self.memory = memory
        self.size = size

    def is_open(self):
        return bool(self.memory)

    def get(self, index):
        """The character at an index."""
        return self.memory[index]

    def set(self, index, character):
        """Store a character, a string of length 1."""
        self.memory[index] = character[0]

    def text(self, start, stop):
        """The characters from `start` to `stop`."""
        return charpsize2str(_libc.ouro_memory_at(self.memory, start), stop - start)

    def store(self, start, data):
        """Store all characters of a string from `start` on."""
        memory = self.memory
        for i in range(len(data)):
            memory[start + i] = data[i]

    def move(self, target, source, count):
        """Copy `count` characters; the two places may overlap."""
        _libc.memmove(
            _libc.ouro_memory_at(self.memory, target), _libc.ouro_memory_at(self.memory, source), r_uint(count)
        )

    def find_character(self, character, start, stop):
        """The first index of the character between `start` and `stop`, or -1."""
        found = _libc.memchr(_libc.ouro_memory_at(self.memory, start), ord(character), r_uint(stop - start))
        return ptr_as_int(found) - ptr_as_int(self.memory) if found else -1

    def find(self, text, start, stop):
        """The first index of the string that lies between `start` and `stop`, or -1."""
        if stop - start < len(text):
            return -1
        with scoped_str2charp(text) as wanted:
            found = _libc.memmem(
                _libc.ouro_memory_at(self.memory, start), r_uint(stop - start), wanted, r_uint(len(text))
            )
        return ptr_as_int(found) - ptr_as_int(self.memory) if found else -1

    def rfind(self, text, start, stop):
        """The last index of the string that lies between `start` and `stop`, or -1."""
        memory = self.memory
        length = len(text)
        position = stop - length
        while position >= start:
            i = 0
            while i < length and memory[position + i] == text[i]:
                i += 1
            if i == length:
                return position
            position -= 1
        return -1

    def flush(self, start, size):
        """Write what was changed to the file. Raises OSError."""
        if _libc.msync(_libc.ouro_memory_at(self.memory, start), r_uint(size), _MS_SYNC) < 0:
            raise last_error()

    def resize(self, size):
        """Make the mapping smaller or larger; it may move. The file is the caller's business. Raises OSError."""
        memory = _libc.mremap(self.memory, r_uint(self.size), r_uint(size), _MAYMOVE)
        if ptr_as_int(memory) == _FAILED:
            raise last_error()
        self.memory = memory
        self.size = size

    def close(self):
        """Give the memory back."""
        if self.memory:
            _libc.munmap(self.memory, r_uint(self.size))
            self.memory = NULL_CHARP


def map_memory(fd, size, protection, flags, offset):
    """A Mapping of `size` bytes of a file, or of no file with MAP_ANONYMOUS and -1. Raises OSError."""
    memory = _libc.mmap(NULL_CHARP, r_uint(size), protection, flags, fd, intmask(offset))
    if ptr_as_int(memory) == _FAILED:
        raise last_error()
    return Mapping(memory, size)
