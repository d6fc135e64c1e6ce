"""Where an unpickler reads from: a str, or anything with ``read`` and ``readline``."""

from ouro.interp_py27.modules.cPickle.opcodes import unpickling_error
from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import OperationError


def end_of_file():
    return OperationError(space.w_EOFError, None)


def truncated():
    return unpickling_error("pickle data was truncated")


class Source:
    """Reads from the str `data`."""

    def __init__(self, data):
        self.data = data
        self.position = 0

    def read(self, size):
        start = self.position
        end = start + size
        if end > len(self.data):
            raise end_of_file()
        assert 0 <= start <= end
        self.position = end
        return self.data[start:end]

    def read_opcode(self):
        position = self.position
        if position >= len(self.data):
            raise end_of_file()
        self.position = position + 1
        return self.data[position]

    def read_line(self, minimum):
        """The next line without its last character, the line end; it has at least `minimum` characters with it."""
        start = self.position
        end = self.data.find("\n", start) + 1
        if end == 0:
            end = len(self.data)
        if end - start < minimum:
            raise truncated()
        assert 0 <= start <= end - 1
        self.position = end
        return self.data[start:end - 1]


class FileSource(Source):
    """Reads no more than needed from an object, so that a file may hold other things behind the pickle."""

    def __init__(self, w_read, w_readline):
        Source.__init__(self, "")
        self.w_read = w_read
        self.w_readline = w_readline

    def read(self, size):
        data = space.bytes_w(self.w_read.call_1(space.newint(size)))
        if len(data) < size:
            raise end_of_file()
        return data

    def read_opcode(self):
        return self.read(1)[0]

    def read_line(self, minimum):
        line = space.bytes_w(self.w_readline.call_0())
        end = len(line) - 1
        if end + 1 < minimum:
            raise truncated()
        assert end >= 0
        return line[:end]
