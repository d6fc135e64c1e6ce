"""``memoryview``: the memory of another object as a sequence of items."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.buffers import Buffer, PartBuffer
from ouro.interp_py27.objects.bytearray_object import W_AnyByteArray
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import index_error, operror, type_error, value_error
from ouro.interp_py27.vm.typedef import GetSet, define_type


class ViewBuffer(PartBuffer):
    """The memory that a memoryview shows."""

    _attrs_ = ()
    old = False
    textual = False


class W_MemoryView(W_Root):
    """A view of `count` items; `buffer` is their memory."""

    _attrs_ = ("buffer", "count")

    def __init__(self, buffer: Buffer):
        self.buffer = buffer
        self.count = buffer.length() // buffer.itemsize

    def get_buffer(self):
        return ViewBuffer(self.buffer, 0, self.buffer.length())

    def bytes(self):
        """Everything in view, as an interpreter string."""
        return self.buffer.text(0, self.count * self.buffer.itemsize)


def memoryview_new(w_subtype, w_object):
    if isinstance(w_object, W_MemoryView):
        return W_MemoryView(w_object.buffer)
    buffer = w_object.get_buffer()
    if buffer is None or not buffer.modern:
        raise type_error("cannot make memory view because object does not have the buffer interface")
    if isinstance(w_object, W_AnyByteArray):
        w_object.add_view(buffer)
        buffer = PartBuffer(buffer, 0, buffer.length())
    return W_MemoryView(buffer)


def value_buffer(w_value):
    """The memory of what is assigned or compared, or None."""
    buffer = w_value.get_buffer()
    if buffer is None or not buffer.modern:
        return None
    return buffer


def item_index(w_view, w_index):
    index = space.index_w(w_index)
    if index < 0:
        index += w_view.count
    if index < 0 or index >= w_view.count:
        raise index_error("index out of bounds")
    return index


def cannot_index(w_index):
    return type_error("cannot index memory using \"%s\"" % space.type_name(w_index))


def descr_len(self):
    return space.newint(self.count)


def descr_getitem(self, w_index):
    size = self.buffer.itemsize
    if space.is_slice(w_index):
        start, step, count = space.slice_indices(w_index, self.count)
        if step != 1:
            raise operror(space.w_NotImplementedError, "")
        return W_MemoryView(PartBuffer(self.buffer, start * size, count * size))
    if not space.is_index(w_index):
        raise cannot_index(w_index)
    position = item_index(self, w_index) * size
    return space.newstr(self.buffer.text(position, position + size))


def descr_setitem(self, w_index, w_value):
    if self.buffer.readonly:
        raise type_error("cannot modify read-only memory")
    if space.is_slice(w_index):
        start, step, count = space.slice_indices(w_index, self.count)
        if step != 1:
            raise operror(space.w_NotImplementedError, "")
    elif space.is_index(w_index):
        start = item_index(self, w_index)
        count = 1
    else:
        raise cannot_index(w_index)
    source = value_buffer(w_value)
    if source is None:
        raise type_error("'%s' does not have the buffer interface" % space.type_name(w_value))
    if source.length() != count * self.buffer.itemsize:
        raise value_error("cannot modify size of memoryview object")
    self.buffer.store(start * self.buffer.itemsize, source.all_text())


def descr_delitem(self, w_index):
    if self.buffer.readonly:
        raise type_error("cannot modify read-only memory")
    raise type_error("cannot delete memory")


def compared(w_view, w_other, equal):
    other = value_buffer(w_other)
    if other is None:
        return space.w_NotImplemented
    return space.newbool((w_view.bytes() == other.all_text()) == equal)


def descr_eq(self, w_other):
    return compared(self, w_other, True)


def descr_ne(self, w_other):
    return compared(self, w_other, False)


def descr_repr(self):
    return space.newstr("<memory at %s>" % space.address_text(self))


def descr_tobytes(self):
    """Return the data in the buffer as a bytestring (an object of class str)."""
    return space.newstr(self.bytes())


def descr_tolist(self):
    """Return the data in the buffer as a list of integers."""
    if self.buffer.format != "B":
        raise operror(space.w_NotImplementedError, "tolist() only supports byte views")
    return space.newlist([space.newint(ord(character)) for character in self.bytes()])


def get_format(self):
    return space.newstr(self.buffer.format)


def get_itemsize(self):
    return space.newlong_from_int(self.buffer.itemsize)


def get_ndim(self):
    return space.newlong_from_int(1)


def get_readonly(self):
    return space.newbool(self.buffer.readonly)


def get_shape(self):
    return space.newtuple([space.newlong_from_int(self.count)])


def get_strides(self):
    return space.newtuple([space.newlong_from_int(self.buffer.itemsize)])


def get_suboffsets(self):
    return space.w_None


define_type(W_MemoryView, "memoryview", {
    "__doc__": "memoryview(object)\n\nCreate a new memoryview object which references the given object.",
    "__new__": memoryview_new,
    "__len__": descr_len,
    "__getitem__": descr_getitem,
    "__setitem__": descr_setitem,
    "__delitem__": descr_delitem,
    "__eq__": descr_eq,
    "__ne__": descr_ne,
    "__hash__": None,
    "__repr__": descr_repr,
    "tobytes": descr_tobytes,
    "tolist": descr_tolist,
    "format": GetSet(get_format),
    "itemsize": GetSet(get_itemsize),
    "ndim": GetSet(get_ndim),
    "readonly": GetSet(get_readonly),
    "shape": GetSet(get_shape),
    "strides": GetSet(get_strides),
    "suboffsets": GetSet(get_suboffsets),
}, acceptable_as_base=False)
