"""``file``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rposix


class W_File(W_Root):
    """An open file descriptor."""

    _attrs_ = ("fd", "name", "softspace")

    def __init__(self, fd, name):
        self.fd = fd
        self.name = name
        self.softspace = 0

    def write(self, text):
        while text:
            try:
                count = rposix.write(self.fd, text)
            except OSError as error:
                raise space.ioerror(error.errno)
            assert count >= 0
            text = text[count:]


def is_file(w_obj):
    return isinstance(w_obj, W_File)


def standard_file(fd, name):
    """The file object of ``sys.stdin`` and its like."""
    return W_File(fd, "<%s>" % name)


@unwrap_spec(text="buffer")
def file_write(self, text):
    self.write(text)


def file_flush(self):
    pass


def get_softspace(self):
    return space.newint(self.softspace)


def set_softspace(self, w_value):
    self.softspace = space.int_w(w_value)


define_type(W_File, "file", {
    "write": file_write,
    "flush": file_flush,
    "softspace": GetSet(get_softspace, set_softspace),
})
