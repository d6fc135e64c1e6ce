"""Buffered streams over file descriptors, for Python 2's `file`.

A `Stream` reads or writes, and may change between the two at any position as long as it seeks or flushes, or even
if it does not. Universal newlines are translated as characters leave the buffer, so positions are always
those in the file.
"""

from __future__ import annotations

import errno
import os

from ouro.rlib import rposix
from ouro.rlib.rstring import StringBuilder, find_char

__all__ = [
    "DEFAULT_BUFFER",
    "NEWLINE_CR",
    "NEWLINE_CRLF",
    "NEWLINE_LF",
    "Stream",
    "StreamClosedError",
    "fdopen",
    "mode_flags",
    "open_stream",
]

DEFAULT_BUFFER = 8192

NEWLINE_CR = 1
NEWLINE_LF = 2
NEWLINE_CRLF = 4


class StreamClosedError(Exception):
    """The stream is closed already."""


class Stream:
    """A file descriptor with a buffer.

    buffering: 0 writes at once, 1 at the end of each line, a greater number when so many characters wait.
    universal: `\\r` and `\\r\\n` are read as `\\n`; `newlines` has the bits `NEWLINE_*` of what was seen.
    """

    def __init__(self, fd, readable, writable, append=False, buffering=DEFAULT_BUFFER, universal=False):
        self.fd = fd
        self.readable = readable
        self.writable = writable
        self.append = append
        self.line_buffered = buffering == 1
        self.buffer_size = DEFAULT_BUFFER if buffering == 1 else buffering
        self.universal = universal
        self.newlines = 0
        self._skip_newline = False  # a "\r" was read, a "\n" after it belongs to it
        self._input = ""
        self._position = 0
        self._output = StringBuilder()

    # ---- state

    def fileno(self):
        """The descriptor. Raises StreamClosedError."""
        if self.fd < 0:
            raise StreamClosedError()
        return self.fd

    def is_closed(self):
        """Whether the stream was closed."""
        return self.fd < 0

    def isatty(self):
        """Whether it is a terminal."""
        return rposix.isatty(self.fileno())

    def close(self):
        """Write what waits and close the descriptor, which is closed even if writing fails."""
        if self.fd < 0:
            return
        try:
            self.flush()
        finally:
            fd = self.fd
            self.fd = -1
            self._input = ""
            rposix.close(fd)

    def detach(self):
        """Forget the descriptor without closing it, and return it."""
        self.flush()
        fd = self.fileno()
        self.fd = -1
        return fd

    # ---- reading

    def _start_reading(self):
        self.fileno()
        if not self.readable:
            raise OSError(errno.EBADF, "File not open for reading")
        self.flush()

    def _fill(self):
        # more characters into the empty buffer; whether there are any
        self._input = rposix.read(self.fd, max(self.buffer_size, DEFAULT_BUFFER))
        self._position = 0
        return len(self._input) > 0

    def _take(self, count):
        # characters out of the buffer, as they are in the file
        start = self._position
        stop = min(start + count, len(self._input))
        assert 0 <= start <= stop
        self._position = stop
        return self._input[start:stop]

    def read(self, count=-1):
        """`count` characters, fewer at the end of the file only; all that are left if negative."""
        self._start_reading()
        builder = StringBuilder()
        while count < 0 or builder.getlength() < count:
            if self._position >= len(self._input) and not self._fill():
                break
            wanted = len(self._input) if count < 0 else count - builder.getlength()
            if self.universal:
                self._translate(wanted, builder)
            else:
                builder.append(self._take(wanted))
        return builder.build()

    def read_some(self, count):
        """At most `count` characters: what is in the buffer, else what one system call gives."""
        self._start_reading()
        if self._position >= len(self._input) and not self._fill():
            return ""
        return self._take(count)

    def _translate(self, count, builder):
        # at most `count` characters, translated; nothing else may be left of the buffer than was not needed
        i = self._position
        text = self._input
        taken = 0
        while taken < count and i < len(text):
            c = text[i]
            i += 1
            if self._skip_newline:
                self._skip_newline = False
                if c == "\n":
                    self.newlines |= NEWLINE_CRLF
                    continue
                self.newlines |= NEWLINE_CR
            if c == "\r":
                self._skip_newline = True
                c = "\n"
            elif c == "\n":
                self.newlines |= NEWLINE_LF
            builder.append(c)
            taken += 1
        self._position = i

    def readline(self, limit=-1):
        """Characters up to and with a newline, at most `limit` unless negative; none at the end of the file."""
        self._start_reading()
        if self.universal:
            return self._read_translated_line(limit)
        builder = StringBuilder()
        while limit < 0 or builder.getlength() < limit:
            if self._position >= len(self._input) and not self._fill():
                break
            stop = find_char(self._input, "\n", self._position, len(self._input))
            count = (len(self._input) if stop < 0 else stop + 1) - self._position
            found = stop >= 0
            if limit >= 0 and count > limit - builder.getlength():
                count = limit - builder.getlength()
                found = False
            if found and builder.getlength() == 0:
                return self._take(count)
            builder.append(self._take(count))
            if found:
                break
        return builder.build()

    def _read_translated_line(self, limit):
        builder = StringBuilder()
        while limit < 0 or builder.getlength() < limit:
            if self._position >= len(self._input) and not self._fill():
                break
            c = self._input[self._position]
            self._position += 1
            if self._skip_newline:
                self._skip_newline = False
                if c == "\n":
                    self.newlines |= NEWLINE_CRLF
                    continue
                self.newlines |= NEWLINE_CR
            if c == "\r":
                self._skip_newline = True
                c = "\n"
            elif c == "\n":
                self.newlines |= NEWLINE_LF
            builder.append(c)
            if c == "\n":
                break
        return builder.build()

    # ---- writing

    def write(self, data):
        """Write the characters, or keep them until the buffer is full."""
        self.fileno()
        if not self.writable:
            raise OSError(errno.EBADF, "File not open for writing")
        self._forget_input()
        if self.buffer_size == 0:
            self._write_out(data)
            return
        self._output.append(data)
        if self._output.getlength() >= self.buffer_size or (
            self.line_buffered and find_char(data, "\n", 0, len(data)) >= 0
        ):
            self.flush()

    def _forget_input(self):
        # after reading ahead, the descriptor goes back to where the program believes it is
        ahead = len(self._input) - self._position
        self._input = ""
        self._position = 0
        if ahead > 0 and not self.append:
            try:
                rposix.lseek(self.fd, -ahead, _SEEK_CURRENT)
            except OSError as error:
                if error.errno != errno.ESPIPE:
                    raise

    def _write_out(self, data):
        start = 0
        while start < len(data):
            try:
                start += rposix.write(self.fd, data[start : len(data)] if start else data)
            except OSError:
                # what was not written waits, so that writing can go on after a signal
                if self.buffer_size:
                    self._output.append_slice(data, start, len(data))
                raise

    def flush(self):
        """Write what waits."""
        self.fileno()
        if self._output.getlength() > 0:
            data = self._output.build()
            self._output = StringBuilder()
            self._write_out(data)

    # ---- positions

    def tell(self):
        """The position in the file."""
        position = rposix.lseek(self.fileno(), 0, _SEEK_CURRENT)
        position += self._output.getlength()
        position -= len(self._input) - self._position
        if self._skip_newline:
            # a "\n" that belongs to the "\r" before it is not to be read again
            if self._position >= len(self._input):
                self._fill()
            if self._position < len(self._input) and self._input[self._position] == "\n":
                self._position += 1
                self._skip_newline = False
                self.newlines |= NEWLINE_CRLF
                return self.tell()
        return position

    def seek(self, offset, how=0):
        """Move to a position: from the start (0), from here (1) or from the end (2)."""
        self.flush()
        if how == _SEEK_CURRENT:
            offset += self.tell()
            how = 0
        self._input = ""
        self._position = 0
        self._skip_newline = False
        rposix.lseek(self.fd, offset, how)

    def truncate(self, size):
        """Cut or extend the file; the position stays."""
        self.flush()
        position = self.tell()
        rposix.ftruncate(self.fd, size)
        self.seek(position, 0)


_SEEK_CURRENT = 1


def mode_flags(mode):
    """`(readable, writable, append, universal, flags for rposix.open)` of a mode such as `"rb+"`.

    Raises ValueError with CPython 2.7's message.
    """
    if len(mode) == 0:
        raise ValueError("empty mode string")
    kind = mode[0]
    universal = mode.find("U") >= 0
    plus = mode.find("+") >= 0
    if kind == "U":
        kind = "r"
    if universal and kind != "r":
        raise ValueError("universal newline mode can only be used with modes starting with 'r'")
    if kind == "r":
        return True, plus, False, universal, os.O_RDWR if plus else os.O_RDONLY
    flags = os.O_RDWR if plus else os.O_WRONLY
    if kind == "w":
        return plus, True, False, False, flags | os.O_CREAT | os.O_TRUNC
    if kind == "a":
        return plus, True, True, False, flags | os.O_CREAT | os.O_APPEND
    raise ValueError("mode string must begin with one of 'r', 'w', 'a' or 'U', not '%s'" % (mode,))


def open_stream(path, mode="r", buffering=-1):
    """Open a file. A negative `buffering` means the default: by lines for a terminal. Raises OSError, ValueError."""
    flags = mode_flags(mode)[4]
    return fdopen(rposix.open(path, flags, 0o666), mode, buffering)


def fdopen(fd, mode="r", buffering=-1):
    """A stream on an open descriptor."""
    readable, writable, append, universal, _ = mode_flags(mode)
    if buffering < 0:
        buffering = 1 if rposix.isatty(fd) else DEFAULT_BUFFER
    stream = Stream(fd, readable, writable, append, buffering, universal)
    if append:
        try:
            rposix.lseek(fd, 0, 2)
        except OSError as error:
            if error.errno != errno.ESPIPE:
                raise
    return stream
