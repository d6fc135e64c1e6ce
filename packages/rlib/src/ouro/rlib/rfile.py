"""Buffered streams over file descriptors, for Python 2's `file`.

A `Stream` reads or writes, and may change between the two at any position as long as it seeks or flushes, or even
if it does not. Universal newlines are translated as characters leave the buffer, so positions are always
those in the file.

Other threads run during system calls only. A stream marks itself busy then, and whoever comes meanwhile waits, so
that what a stream knows is never seen half changed. A system call that a signal interrupts is repeated after
`Stream.interrupted`, where the program looks at its signals and may raise.
"""

from __future__ import annotations

import errno
import os

from ouro.rlib import rposix, rthread, rtime
from ouro.rlib.rstring import StringBuilder, find_char

__all__ = [
    "DEFAULT_BUFFER",
    "NEWLINE_CR",
    "NEWLINE_CRLF",
    "NEWLINE_LF",
    "ModeError",
    "Stream",
    "StreamClosedError",
    "attach",
    "fdopen",
    "flush_all",
    "flush_waiting",
    "mode_flags",
    "open_stream",
]

DEFAULT_BUFFER = 8192
# Much of a large file comes in parts of this size: memory for the whole is taken once, and a part stays in the caches.
_PART = 1 << 17
_QUICK_TURNS = 100
_SLOW_TURN = 0.001

NEWLINE_CR = 1
NEWLINE_LF = 2
NEWLINE_CRLF = 4

_EAGAIN = errno.EAGAIN
_EBADF = errno.EBADF
_EINTR = errno.EINTR
_ESPIPE = errno.ESPIPE


class StreamClosedError(Exception):
    """The stream is closed already."""


class ModeError(ValueError):
    """The mode is none that files have."""

    def __init__(self, message):
        self.message = message


class _Pending:
    """The streams that hold characters to be written, as a chain: they are flushed when the program ends."""

    def __init__(self):
        self.first = None


_pending = _Pending()


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
        self.busy = False  # in a system call
        self._skip_newline = False  # a "\r" was read, a "\n" after it belongs to it
        self._input = ""
        self._position = 0
        self._reading = False  # checked: it may be read, and nothing waits to be written
        self._writing = False  # checked: it may be written, and nothing was read ahead
        self._output = StringBuilder()
        self._output_length = 0
        self._previous_pending = None
        self._next_pending = None

    # ---- state

    def fileno(self):
        """The descriptor. Raises StreamClosedError."""
        if self.busy:
            self._wait()
        if self.fd < 0:
            raise StreamClosedError()
        return self.fd

    def is_closed(self):
        """Whether the stream was closed."""
        return self.fd < 0

    def isatty(self):
        """Whether it is a terminal."""
        return rposix.isatty(self.fileno())

    def interrupted(self):
        """A signal arrived during a system call, which is repeated unless this raises. For subclasses."""

    def _wait(self):
        # Another thread is in a system call on this stream. That is rare enough to ask again and again.
        turns = 0
        while self.busy:
            turns += 1
            if turns < _QUICK_TURNS:
                rthread.yield_thread()
                continue
            try:
                rtime.sleep(_SLOW_TURN)
            except OSError:
                self.interrupted()

    def close(self):
        """Write what waits and close the descriptor, which is closed even if writing fails."""
        if self.busy:
            self._wait()
        if self.fd < 0:
            return
        try:
            self._flush()
        finally:
            fd = self.fd
            self._forget()
            rposix.close(fd)

    def detach(self):
        """Forget the descriptor without closing it, and return it."""
        fd = self.fileno()
        self._flush()
        self._forget()
        return fd

    def _forget(self):
        self.fd = -1
        self._reading = False
        self._writing = False
        self._input = ""
        self._position = 0
        self._drop_output()

    # ---- reading

    def _start_reading(self):
        self.fileno()
        if not self.readable:
            raise OSError(_EBADF, "File not open for reading")
        self._flush()
        self._writing = False
        self._reading = True

    def _read(self, count):
        # what one system call gives, once it is not interrupted
        if self.line_buffered:
            _flush_line_buffered()
        while True:
            self.busy = True
            try:
                return rposix.read(self.fd, count)
            except OSError as error:
                if error.errno != _EINTR:
                    raise
            finally:
                self.busy = False
            self.interrupted()

    def _fill(self):
        # more characters into the empty buffer, one where there is no buffer; whether there are any
        text = self._read(max(self.buffer_size, 1))
        return self._take_over(text)

    def _take(self, count):
        # characters out of the buffer, as they are in the file
        start = self._position
        stop = min(start + count, len(self._input))
        assert 0 <= start <= stop
        self._position = stop
        text = self._input
        if start == 0 and stop == len(text):
            self._input = ""
            self._position = 0
            return text
        return text[start:stop]

    def _size_left(self):
        # how much is between the position and the end of a regular file, as a guess; else a buffer's size
        try:
            status = rposix.fstat(self.fd)
            if status.is_regular():
                left = status.st_size - rposix.lseek(self.fd, 0, _SEEK_CURRENT)
                if left > 0:
                    # one more, so that the end of the file shows at once
                    return left + 1
        except OSError:
            # then the read fails and says why
            pass
        return DEFAULT_BUFFER

    def read(self, count=-1):
        """`count` characters, fewer at the end of the file only; all that are left if negative.

        Where the descriptor does not block, fewer may come, but OSError is raised where none come.
        """
        if self.busy:
            self._wait()
        if not self._reading:
            self._start_reading()
        if not self.universal:
            if count < 0:
                return self._read_rest()
            ahead = len(self._input) - self._position
            if count <= ahead:
                return self._take(count)
            if count > _PART:
                left = self._size_left() - 1
                if left > _PART:
                    text = self._read_parts(self._take(ahead), min(count, ahead + left))
                    if len(text) == count or text == "":
                        return text
                    # the file has grown, or is no longer that long
                    more = self.read(count - len(text))
                    return text if more == "" else text + more
        builder = StringBuilder(self._size_left() if count < 0 else min(count, DEFAULT_BUFFER))
        while count < 0 or builder.getlength() < count:
            if self._position >= len(self._input):
                try:
                    if not self._fill_for(count - builder.getlength() if count >= 0 else -1):
                        break
                except OSError as error:
                    if error.errno != _EAGAIN or builder.getlength() == 0:
                        raise
                    break
            wanted = len(self._input) if count < 0 else count - builder.getlength()
            if self.universal:
                self._translate(wanted, builder)
            elif builder.getlength() == 0 and 0 <= count <= len(self._input) - self._position:
                return self._take(wanted)
            else:
                builder.append(self._take(wanted))
        return builder.build()

    def _read_parts(self, text, count):
        # `text` and as many characters as are there, at most `count` of both
        builder = StringBuilder(count)
        builder.append(text)
        while builder.getlength() < count:
            try:
                if not self._read_part(builder, min(count - builder.getlength(), _PART)):
                    break
            except OSError as error:
                if error.errno != _EAGAIN or builder.getlength() == 0:
                    raise
                break
        return builder.build()

    def _read_part(self, builder, count):
        # as `_read`; whether there was something
        if self.line_buffered:
            _flush_line_buffered()
        while True:
            self.busy = True
            try:
                return rposix.read_to(self.fd, builder, count) > 0
            except OSError as error:
                if error.errno != _EINTR:
                    raise
            finally:
                self.busy = False
            self.interrupted()

    def _read_rest(self):
        # mostly all comes at once, and need not be put together from parts
        text = self._take(len(self._input) - self._position)
        left = self._size_left() - 1
        if left > _PART:
            text = self._read_parts(text, len(text) + left)
        while self._fill_rest(text):
            if text != "":
                return self._read_rest_after(text)
            text = self._take(len(self._input))
        return text

    def _read_rest_after(self, text):
        builder = StringBuilder()
        builder.append(text)
        builder.append(self._take(len(self._input)))
        while self._fill_rest(text):
            builder.append(self._take(len(self._input)))
        return builder.build()

    def _fill_rest(self, text):
        # more for the empty buffer; where that would block, what was read before is enough
        try:
            return self._fill_for(-1)
        except OSError as error:
            if error.errno != _EAGAIN or text == "":
                raise
            return False

    def _fill_for(self, count):
        # as `_fill`; a large read needs no detour through small buffers
        if count < 0:
            count = self._size_left()
        if count <= self.buffer_size:
            return self._fill()
        text = self._read(min(count, _PART))
        return self._take_over(text)

    def _take_over(self, text):
        # what the system gave is the buffer now; whether it was something
        self._input = text
        self._position = 0
        if text == "" and self._skip_newline:
            self.newlines |= NEWLINE_CR
        return len(text) > 0

    def read_some(self, count):
        """At most `count` characters: what is in the buffer, else what one system call gives."""
        if self.busy:
            self._wait()
        if not self._reading:
            self._start_reading()
        if self._position >= len(self._input) and not self._fill():
            return ""
        return self._take(count)

    def _translate(self, count, builder):
        # at most `count` characters, translated; nothing else may be left of the buffer than was not needed
        i = self._position
        text = self._input
        taken = 0
        if not self._skip_newline:
            # mostly there are no carriage returns, and nothing to translate
            stop = min(i + count, len(text))
            assert i >= 0
            end = find_char(text, "\r", i, stop)
            if end < 0:
                end = stop
            if find_char(text, "\n", i, end) >= 0:
                self.newlines |= NEWLINE_LF
            builder.append_slice(text, i, end)
            taken = end - i
            i = end
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
        if self.busy:
            self._wait()
        if not self._reading:
            self._start_reading()
        if self.universal:
            return self._read_translated_line(limit)
        if limit < 0:
            stop = find_char(self._input, "\n", self._position, len(self._input))
            if stop >= 0:
                start = self._position
                assert start >= 0
                self._position = stop + 1
                return self._input[start : stop + 1]
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
            text = self._input
            start = self._position
            assert start >= 0
            if self._skip_newline:
                self._skip_newline = False
                if text[start] == "\n":
                    self.newlines |= NEWLINE_CRLF
                    self._position = start + 1
                    continue
                self.newlines |= NEWLINE_CR
            stop = len(text)
            if limit >= 0:
                stop = min(stop, start + limit - builder.getlength())
            i = start
            while i < stop and text[i] != "\n" and text[i] != "\r":
                i += 1
            builder.append_slice(text, start, i)
            if i == stop:
                self._position = i
                continue
            self._position = i + 1
            builder.append("\n")
            if text[i] == "\r":
                self._skip_newline = True
            else:
                self.newlines |= NEWLINE_LF
            break
        return builder.build()

    # ---- writing

    def _start_writing(self):
        self.fileno()
        if not self.writable:
            raise OSError(_EBADF, "File not open for writing")
        self._forget_input()
        self._reading = False
        self._writing = True

    def write(self, data):
        """Write the characters, or keep them until the buffer is full."""
        if self.busy:
            self._wait()
        if not self._writing:
            self._start_writing()
        length = self._output_length
        if length == 0:
            if len(data) >= self.buffer_size:
                self._write_out(data)
                return
            if len(data) == 0:
                return
            self._add_to_pending()
        length += len(data)
        self._output_length = length
        self._output.append(data)
        if length >= self.buffer_size:
            self._flush()
        elif self.line_buffered and find_char(data, "\n", 0, len(data)) >= 0:
            self._flush_line()

    def _flush_line(self):
        try:
            self._flush()
        except OSError as error:
            # the caller is told that the line was not written, and does not expect it to be written later
            if error.errno != _EAGAIN:
                self._drop_output()
            raise

    def _forget_input(self):
        # after reading ahead, the descriptor goes back to where the program believes it is
        ahead = len(self._input) - self._position
        self._input = ""
        self._position = 0
        if ahead > 0 and not self.append:
            try:
                rposix.lseek(self.fd, -ahead, _SEEK_CURRENT)
            except OSError as error:
                if error.errno != _ESPIPE:
                    raise

    def _write_out(self, data, keeping=False):
        # What a failed write leaves is lost, as in the C library, so that the error is told once: closing the stream
        # does not write it again. It waits where nobody was told (`keeping`) or writing can go on later.
        start = 0
        while start < len(data):
            self.busy = True
            try:
                start += rposix.write(self.fd, data[start : len(data)] if start else data)
                continue
            except OSError as error:
                if error.errno != _EINTR:
                    if keeping or error.errno == _EAGAIN:
                        self._keep_output(data, start)
                    raise
            finally:
                self.busy = False
            try:
                self.interrupted()
            except Exception:
                self._keep_output(data, start)
                raise

    def _keep_output(self, data, start):
        if self.buffer_size and start < len(data):
            if self._output_length == 0:
                self._add_to_pending()
            assert start >= 0
            self._output.append_slice(data, start, len(data))
            self._output_length += len(data) - start

    def flush(self):
        """Write what waits."""
        self.fileno()
        self._flush()

    def _flush(self, keeping=False):
        if self._output_length > 0:
            data = self._output.build()
            self._drop_output()
            self._write_out(data, keeping)

    def _drop_output(self):
        if self._output_length > 0:
            self._output = StringBuilder()
            self._output_length = 0
            self._remove_from_pending()

    def _add_to_pending(self):
        following = _pending.first
        self._next_pending = following
        if following is not None:
            following._previous_pending = self
        _pending.first = self

    def _remove_from_pending(self):
        previous = self._previous_pending
        following = self._next_pending
        if previous is None:
            _pending.first = following
        else:
            previous._next_pending = following
        if following is not None:
            following._previous_pending = previous
        self._previous_pending = None
        self._next_pending = None

    # ---- positions

    def tell(self):
        """The position in the file."""
        fd = self.fileno()
        if self.append:
            self._flush()
        position = rposix.lseek(fd, 0, _SEEK_CURRENT)
        position += self._output_length
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
        fd = self.fileno()
        self._flush()
        if how == _SEEK_CURRENT:
            offset += self.tell()
            how = 0
        rposix.lseek(fd, offset, how)
        self._input = ""
        self._position = 0
        self._skip_newline = False

    def truncate(self, size):
        """Cut or extend the file; the position stays."""
        self.fileno()
        self._flush()
        position = self.tell()
        while True:
            self.busy = True
            try:
                rposix.ftruncate(self.fd, size)
                break
            except OSError as error:
                if error.errno != _EINTR:
                    raise
            finally:
                self.busy = False
            self.interrupted()
        self.seek(position, 0)


_SEEK_CURRENT = 1


def flush_all():
    """Write what waits in all streams, at the end of the program; what cannot be written is lost.

    The error numbers of the streams that failed.
    """
    failures = []
    while True:
        stream = _pending.first
        if stream is None:
            return failures
        try:
            stream.flush()
        except OSError as error:
            failures.append(error.errno)
        stream._drop_output()


def flush_waiting():
    """Write what waits in all streams; what cannot be written still waits."""
    _flush_pending(False)


def _flush_line_buffered():
    # what was written to a terminal without a newline, a question say, is shown before something is read from one
    _flush_pending(True)


def _flush_pending(only_line_buffered):
    stream = _pending.first
    while stream is not None:
        following = stream._next_pending
        if (stream.line_buffered or not only_line_buffered) and not stream.busy:
            try:
                stream._flush(True)
            except OSError:
                # it still waits, and the next who writes is told
                pass
        stream = following


def mode_flags(mode):
    """`(readable, writable, append, universal, flags for rposix.open)` of a mode such as `"rb+"`.

    Raises ModeError with CPython 2.7's message.
    """
    if len(mode) == 0:
        raise ModeError("empty mode string")
    kind = mode[0]
    universal = mode.find("U") >= 0
    plus = mode.find("+") >= 0
    if universal:
        if kind == "U" and len(mode) > 1:
            kind = mode[1]
        if kind == "w" or kind == "a":
            raise ModeError("universal newline mode can only be used with modes starting with 'r'")
        kind = "r"
    if kind == "r":
        return True, plus, False, universal, os.O_RDWR if plus else os.O_RDONLY
    flags = os.O_RDWR if plus else os.O_WRONLY
    if kind == "w":
        return plus, True, False, False, flags | os.O_CREAT | os.O_TRUNC
    if kind == "a":
        return plus, True, True, False, flags | os.O_CREAT | os.O_APPEND
    raise ModeError("mode string must begin with one of 'r', 'w', 'a' or 'U', not '%s'" % (mode,))


def open_stream(path, mode="r", buffering=-1):
    """Open a file. A negative `buffering` means the default: by lines for a terminal. Raises OSError, ModeError."""
    flags = mode_flags(mode)[4]
    return fdopen(rposix.open(path, flags, 0o666), mode, buffering)


def fdopen(fd, mode="r", buffering=-1):
    """A stream on an open descriptor."""
    stream = Stream(fd, False, False)
    attach(stream, mode, buffering)
    return stream


def attach(stream, mode, buffering):
    """Complete a new Stream, of a subclass perhaps, on an open descriptor, by a mode."""
    readable, writable, append, universal, _ = mode_flags(mode)
    if buffering < 0:
        buffering = 1 if rposix.isatty(stream.fd) else DEFAULT_BUFFER
    stream.readable = readable
    stream.writable = writable
    stream.append = append
    stream.universal = universal
    stream.line_buffered = buffering == 1
    stream.buffer_size = DEFAULT_BUFFER if buffering == 1 else buffering
    if append:
        try:
            rposix.lseek(stream.fd, 0, 2)
        except OSError as error:
            if error.errno != _ESPIPE:
                raise
