"""``buffer``: a read-only view of the old kind. Its length follows that of the object it looks at."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.buffers import Buffer, PartBuffer
from ouro.interp_py27.objects.int_object import COMPARISONS
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.str_object import slice_str, str_hash
from ouro.interp_py27.vm.errors import index_error, operror, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import define_type
from ouro.rlib.objectmodel import not_rpython

TO_THE_END = -1
MAX_SIZE = 2 ** 63 - 1


class ReadOnlyPart(PartBuffer):
    """Part of a buffer, not to be written."""

    _attrs_ = ()

    def __init__(self, whole, offset, size):
        PartBuffer.__init__(self, whole, offset, size)
        self.readonly = True


class ReadOnlyNumbers(ReadOnlyPart):
    """Part of memory that does not stand for text: that of an array."""

    _attrs_ = ()
    textual = False


class W_Buffer(W_Root):
    """`size` bytes of an object's memory from `offset` on, or TO_THE_END."""

    _attrs_ = ("w_object", "memory", "offset", "size")

    def __init__(self, w_object, memory: Buffer, offset, size):
        self.w_object = w_object
        self.memory = memory
        self.offset = offset
        self.size = size

    def bounds(self):
        """Start and length, as the memory is now."""
        available = self.memory.length()
        start = min(self.offset, available)
        if self.size == TO_THE_END:
            return start, available - start
        return start, min(self.size, available - start)

    def get_buffer(self):
        start, length = self.bounds()
        if self.memory.textual:
            return ReadOnlyPart(self.memory, start, length)
        return ReadOnlyNumbers(self.memory, start, length)

    def text(self):
        start, length = self.bounds()
        return self.memory.text(start, start + length)


def buffer_new(w_subtype, __args__):
    space.warn_py3k("buffer() not supported in 3.x")
    args_w = __args__.args_w
    if __args__.has_keywords():
        raise type_error("buffer() does not take keyword arguments")
    if len(args_w) == 0:
        raise type_error("buffer() takes at least 1 argument (0 given)")
    if len(args_w) > 3:
        raise type_error("buffer() takes at most 3 arguments (%d given)" % len(args_w))
    w_object = args_w[0]
    offset = 0
    size = TO_THE_END
    if len(args_w) > 1:
        offset = space.arg_int_w(args_w[1])
    if len(args_w) > 2:
        size = space.arg_int_w(args_w[2])
    memory = w_object.get_buffer()
    if memory is None or not memory.old:
        raise type_error("buffer object expected")
    if offset < 0:
        raise value_error("offset must be zero or positive")
    if size < TO_THE_END:
        raise value_error("size must be zero or positive")
    if isinstance(w_object, W_Buffer):
        return part_of_buffer(w_object, offset, size)
    return W_Buffer(w_object, memory, offset, size)


def part_of_buffer(w_base, offset, size):
    """A buffer of a buffer looks at the object itself."""
    if w_base.size != TO_THE_END:
        rest = max(w_base.size - offset, 0)
        if size == TO_THE_END or size > rest:
            size = rest
    return W_Buffer(w_base.w_object, w_base.memory, w_base.offset + offset, size)


def descr_len(self):
    _, length = self.bounds()
    return space.newint(length)


def descr_str(self):
    return space.newstr(self.text())


def descr_repr(self):
    return space.newstr("<read-only buffer for %s, size %d, offset %d at %s>" % (
        space.address_text(self.w_object), self.size, self.offset, space.address_text(self)))


def descr_hash(self):
    return space.newint(str_hash(self.text()))


def descr_getitem(self, w_index):
    start, length = self.bounds()
    if space.is_slice(w_index):
        first, step, count = space.slice_indices(w_index, length)
        return space.newstr(slice_str(self.text(), first, step, count))
    if not space.is_index(w_index):
        raise type_error("sequence index must be integer")
    index = space.index_w(w_index)
    if index < 0:
        index += length
    if index < 0 or index >= length:
        raise index_error("buffer index out of range")
    return space.newstr(self.memory.get(start + index))


@unwrap_spec(start=int, stop=int)
def descr_getslice(self, start, stop):
    return descr_getitem(self, space.slice_between(start, stop))


def descr_setitem(self, w_index, w_value):
    raise type_error("buffer is read-only")


@unwrap_spec(start=int, stop=int)
def descr_setslice(self, start, stop, w_value):
    raise type_error("buffer is read-only")


def descr_delitem(self, w_index):
    raise type_error("buffer is read-only")


@unwrap_spec(start=int, stop=int)
def descr_delslice(self, start, stop):
    raise type_error("buffer is read-only")


def descr_add(self, w_other):
    other = w_other.get_buffer()
    if other is None or not other.old:
        raise type_error("bad argument type for built-in operation")
    return space.newstr(self.text() + other.all_text())


def descr_mul(self, w_count):
    if not space.is_index(w_count):
        return space.w_NotImplemented
    text = self.text()
    count = space.index_overflow_w(w_count)
    if text != "" and count > MAX_SIZE // len(text):
        raise operror(space.w_MemoryError, "result too large")
    return space.mul(space.newstr(text), space.newint(count))


@not_rpython
def _make_comparison(name, test):
    def compare(self, w_other):
        if not isinstance(w_other, W_Buffer):
            return space.w_NotImplemented
        return space.newbool(test(self.text(), w_other.text()))

    compare.__name__ = compare.__qualname__ = "buffer_" + name
    return compare


_entries = {
    "__doc__": "buffer(object [, offset[, size]])\n\nCreate a new buffer object which references the given object.\n"
               "The buffer will reference a slice of the target object from the\n"
               "start of the object (or at the specified offset). The slice will\n"
               "extend to the end of the target object (or with the specified size).",
    "__new__": buffer_new,
    "__len__": descr_len,
    "__str__": descr_str,
    "__repr__": descr_repr,
    "__hash__": descr_hash,
    "__getitem__": descr_getitem,
    "__setitem__": descr_setitem,
    "__delitem__": descr_delitem,
    "__getslice__": descr_getslice,
    "__setslice__": descr_setslice,
    "__delslice__": descr_delslice,
    "__add__": descr_add,
    "__mul__": descr_mul,
    "__rmul__": descr_mul,
}
for _name, _test in COMPARISONS.items():
    _entries["__%s__" % _name] = _make_comparison(_name, _test)
define_type(W_Buffer, "buffer", _entries, acceptable_as_base=False)
