"""``array``: compact sequences of machine numbers and characters.

What application code sees is one type, whose methods are written against `W_Array`; `storage` has the kinds of arrays.
"""

from ouro.interp_py27.modules.array.storage import KINDS, MAKERS, USER_KINDS, USER_MAKERS, W_Array
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.int_object import COMPARISONS
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import OperationError, index_error, operror, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.loop_drivers import loop_over
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, GetSet, define_type
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rstring import StringBuilder

# ---- making and filling


def array_new(w_subtype, __args__):
    args_w = __args__.args_w
    if len(args_w) == 0:
        raise type_error("array() takes at least 1 argument (0 given)")
    if len(args_w) > 2:
        raise type_error("array() takes at most 2 arguments (%d given)" % len(args_w))
    if __args__.has_keywords() and w_subtype is W_Array.w_builtin_type:
        raise type_error("array.array() does not take keyword arguments")
    w_typecode = args_w[0]
    if space.is_unicode(w_typecode) and space.len_w(w_typecode) == 1 and space.unicode_ordinal(w_typecode, 0) < 256:
        w_typecode = space.newstr(chr(space.unicode_ordinal(w_typecode, 0)))
    if not space.is_str(w_typecode) or len(space.bytes_w(w_typecode)) != 1:
        raise type_error(
            "array() argument 1 or typecode must be char (string or ascii-unicode with length 1), not %s" % (
                space.type_name(w_typecode)))
    typecode = space.bytes_w(w_typecode)
    if typecode not in MAKERS:
        raise value_error("bad typecode (must be c, b, B, u, h, H, i, I, l, L, f or d)")
    if w_subtype is W_Array.w_builtin_type:
        w_array = MAKERS[typecode]()
    else:
        space.check_subtype(w_subtype, W_Array.w_builtin_type)
        w_array = USER_MAKERS[typecode]()
        space.init_user(w_array, w_subtype)
    if len(args_w) == 2:
        fill(w_array, args_w[1])
    return w_array


def fill(w_array, w_initial):
    """The items of the second argument of ``array``."""
    if space.is_str(w_initial):
        descr_fromstring(w_array, w_initial)
    else:
        append_all(w_array, w_initial)


append_driver = loop_over("array.extend")


def append_all(w_array, w_iterable):
    append_items(w_array, space.iter(w_iterable))


def append_items(w_array, w_iterator):
    shape = w_iterator.iteration_shape()
    while True:
        append_driver.jit_merge_point(shape=shape)
        w_item = w_iterator.iter_next()
        if w_item is None:
            return
        w_array.append(w_item)


def same_kind(w_array, w_other):
    return isinstance(w_other, W_Array) and w_other.typecode == w_array.typecode


def descr_append(self, w_item):
    """Append new value x to the end of the array."""
    self.append(w_item)


def descr_extend(self, w_iterable):
    """Append items to the end of the array."""
    if isinstance(w_iterable, W_Array):
        if not same_kind(self, w_iterable):
            raise type_error("can only extend with array of same kind")
        self.append_from(w_iterable, 0, 1, w_iterable.length())
    else:
        append_all(self, w_iterable)


def descr_fromlist(self, w_list):
    """Append items to array from list."""
    if not space.is_list(w_list):
        raise type_error("arg must be list")
    before = self.length()
    try:
        append_all(self, w_list)
    except OperationError:
        while self.length() > before:
            self.delete(self.length() - 1)
        raise


def descr_fromstring(self, w_data):
    """Appends items from the string, interpreting it as an array of machine values."""
    if w_data is self:
        raise value_error("array.fromstring(x): x cannot be self")
    data = fixed_text(w_data)
    if len(data) % self.itemsize != 0:
        raise value_error("string length not a multiple of item size")
    self.unpack(data)


def fixed_text(w_data):
    """The bytes of a str or of memory that is not locked while in use."""
    if space.is_text(w_data):
        return space.text_w(w_data)
    buffer = w_data.get_buffer()
    if buffer is None or not buffer.old or space.is_bytearray(w_data):
        raise type_error(
            "fromstring() argument 1 must be string or read-only buffer, not %s" % space.type_name(w_data))
    return buffer.all_text()


def descr_fromunicode(self, w_text):
    """Extends this array with data from the unicode string."""
    if self.typecode != "u":
        raise value_error("fromunicode() may only be called on type 'u' arrays")
    if not space.is_unicode(w_text):
        raise type_error("must be unicode, not %s" % space.type_name(w_text))
    append_all(self, w_text)


@unwrap_spec(count=int)
def descr_fromfile(self, w_file, count):
    """Read n objects from the file object f and append them to the end of the array."""
    if not space.is_file(w_file):
        raise type_error("arg1 must be open file")
    wanted = count * self.itemsize
    data = space.text_w(space.getattr_str(w_file, "read").call_1(space.newint(wanted)))
    whole = len(data) - len(data) % self.itemsize
    assert whole >= 0
    self.unpack(data[:whole])
    if len(data) < wanted:
        raise operror(space.w_EOFError, "not enough items in file")


def descr_tofile(self, w_file):
    """Write all items (as machine values) to the file object f."""
    if not space.is_file(w_file):
        raise type_error("arg must be open file")
    space.getattr_str(w_file, "write").call_1(space.newstr(self.pack(0, self.length())))


def descr_tostring(self):
    """Convert the array to an array of machine values and return the string representation."""
    return space.newstr(self.pack(0, self.length()))


def descr_tolist(self):
    """Convert array to an ordinary list with the same items."""
    return space.newlist([self.item(index) for index in range(self.length())])


def descr_tounicode(self):
    """Convert the array to a unicode string."""
    if self.typecode != "u":
        raise value_error("tounicode() may only be called on type 'u' arrays")
    return unicode_text(self)


def unicode_text(w_array):
    builder = StringBuilder()
    for index in range(w_array.length()):
        builder.append(space.utf8_w(w_array.item(index)))
    return space.newunicode(builder.build())


# ---- as a sequence


def descr_len(self):
    return space.newint(self.length())


def checked_index(w_array, w_index, message):
    index = space.index_w(w_index)
    if index < 0:
        index += w_array.length()
    if index < 0 or index >= w_array.length():
        raise index_error(message)
    return index


def descr_getitem(self, w_index):
    if space.is_slice(w_index):
        start, step, count = space.slice_indices(w_index, self.length())
        w_result = self.new_empty()
        w_result.append_from(self, start, step, count)
        return w_result
    if not space.is_index(w_index):
        raise type_error("array indices must be integers")
    return self.item(checked_index(self, w_index, "array index out of range"))


def descr_setitem(self, w_index, w_value):
    if space.is_slice(w_index):
        set_slice(self, w_index, w_value)
        return
    if not space.is_index(w_index):
        raise type_error("array indices must be integer")
    self.set_item(checked_index(self, w_index, "array assignment index out of range"), w_value)


def set_slice(w_array, w_slice, w_value):
    if not isinstance(w_value, W_Array):
        raise type_error("can only assign array (not \"%s\") to array slice" % space.type_name(w_value))
    if not same_kind(w_array, w_value):
        raise type_error("bad argument type for built-in operation")
    start, step, count = space.slice_indices(w_slice, w_array.length())
    if step == 1:
        w_array.replace(start, start + count, w_value)
        return
    if w_value.length() != count:
        raise value_error("attempt to assign array of size %d to extended slice of size %d" % (w_value.length(), count))
    w_copy = w_value.new_empty()
    w_copy.append_from(w_value, 0, 1, w_value.length())
    w_array.set_from(start, step, w_copy)


def descr_delitem(self, w_index):
    if not space.is_slice(w_index):
        if not space.is_index(w_index):
            raise type_error("array indices must be integer")
        self.delete(checked_index(self, w_index, "array assignment index out of range"))
        return
    start, step, count = space.slice_indices(w_index, self.length())
    if step == 1:
        self.replace(start, start + count, self.new_empty())
        return
    if step < 0:
        start += (count - 1) * step
        step = -step
    index = start + (count - 1) * step
    for _ in range(count):
        self.delete(index)
        index -= step


@unwrap_spec(start=int, stop=int)
def descr_getslice(self, start, stop):
    return descr_getitem(self, space.slice_between(start, stop))


@unwrap_spec(start=int, stop=int)
def descr_setslice(self, start, stop, w_value):
    set_slice(self, space.slice_between(start, stop), w_value)


@unwrap_spec(start=int, stop=int)
def descr_delslice(self, start, stop):
    descr_delitem(self, space.slice_between(start, stop))


def find(w_array, w_item):
    for index in range(w_array.length()):
        if space.eq_w(w_array.item(index), w_item):
            return index
    return -1


def descr_contains(self, w_item):
    return space.newbool(find(self, w_item) >= 0)


def descr_index(self, w_item):
    """Return index of first occurrence of x in the array."""
    index = find(self, w_item)
    if index < 0:
        raise value_error("array.index(x): x not in list")
    return space.newint(index)


def descr_count(self, w_item):
    """Return number of occurrences of x in the array."""
    count = 0
    for index in range(self.length()):
        if space.eq_w(self.item(index), w_item):
            count += 1
    return space.newint(count)


def descr_remove(self, w_item):
    """Remove the first occurrence of x in the array."""
    index = find(self, w_item)
    if index < 0:
        raise value_error("array.remove(x): x not in list")
    self.delete(index)


@unwrap_spec(index="index")
def descr_pop(self, index=-1):
    """Return the i-th element and delete it from the array. i defaults to -1."""
    if self.length() == 0:
        raise index_error("pop from empty array")
    if index < 0:
        index += self.length()
    if index < 0 or index >= self.length():
        raise index_error("pop index out of range")
    w_item = self.item(index)
    self.delete(index)
    return w_item


@unwrap_spec(index=int)
def descr_insert(self, index, w_item):
    """Insert a new item x into the array before position i."""
    if index < 0:
        index = max(index + self.length(), 0)
    self.insert(min(index, self.length()), w_item)


def descr_reverse(self):
    """Reverse the order of the items in the array."""
    self.reverse()


def descr_byteswap(self):
    """Byteswap all items of the array."""
    size = self.itemsize
    if size != 1 and size != 2 and size != 4 and size != 8:
        raise operror(space.w_RuntimeError, "don't know how to byteswap this array type")
    self.swap_bytes()


def descr_buffer_info(self):
    """Return a tuple (address, length) of the array's memory."""
    return space.newtuple([space.newint(space.address_of(self)), space.newint(self.length())])


def descr_add(self, w_other):
    if not isinstance(w_other, W_Array):
        raise type_error("can only append array (not \"%s\") to array" % space.type_name(w_other))
    if not same_kind(self, w_other):
        raise type_error("bad argument type for built-in operation")
    w_result = self.new_empty()
    w_result.append_from(self, 0, 1, self.length())
    w_result.append_from(w_other, 0, 1, w_other.length())
    return w_result


def descr_iadd(self, w_other):
    if not isinstance(w_other, W_Array):
        raise type_error("can only extend array with array (not \"%s\")" % space.type_name(w_other))
    descr_extend(self, w_other)
    return self


def descr_mul(self, w_count):
    if not space.is_index(w_count):
        return space.w_NotImplemented
    w_result = self.new_empty()
    w_result.append_from(self, 0, 1, self.length())
    return descr_imul(w_result, w_count)


def descr_imul(self, w_count):
    if not space.is_index(w_count):
        return space.w_NotImplemented
    count = space.index_overflow_w(w_count)
    if count > 0 and self.length() > 2**46 // count:
        raise MemoryError
    self.repeat(count)
    return self


@not_rpython
def _make_comparison(name, test):
    only_equality = name in ("eq", "ne")

    def compare(self, w_other):
        if not isinstance(w_other, W_Array):
            return space.w_NotImplemented
        left = self.length()
        right = w_other.length()
        if only_equality and left != right:
            return space.newbool(name == "ne")
        if same_kind(self, w_other):
            index = self.first_difference(w_other)
            if index < min(left, right):
                if only_equality:
                    return space.newbool(name == "ne")
                return space.newbool(test(1, 0) if w_other.is_less(index, self) else test(0, 1))
            return space.newbool(test(left, right))
        for index in range(min(left, right)):
            w_left = self.item(index)
            w_right = w_other.item(index)
            if not space.eq_w(w_left, w_right):
                if only_equality:
                    return space.newbool(name == "ne")
                return space.newbool(test(1, 0) if space.lt_w(w_right, w_left) else test(0, 1))
        return space.newbool(test(left, right))

    compare.__name__ = compare.__qualname__ = "array_" + name
    return compare


def descr_repr(self):
    if self.length() == 0:
        return space.newstr("array('%s')" % self.typecode)
    if self.typecode == "c":
        return space.newstr("array('c', %s)" % space.repr_text(descr_tostring(self)))
    if self.typecode == "u":
        return space.newstr("array('u', %s)" % space.repr_text(unicode_text(self)))
    return space.newstr("array('%s', %s)" % (self.typecode, space.repr_text(descr_tolist(self))))


def descr_copy(self):
    """Return a copy of the array."""
    w_result = self.new_empty()
    w_result.append_from(self, 0, 1, self.length())
    return w_result


def descr_deepcopy(self, w_memo):
    """Return a copy of the array."""
    return descr_copy(self)


def descr_reduce(self):
    """Return state information for pickling."""
    w_dict = self.getdict()
    if w_dict is None:
        w_dict = space.w_None
    w_items = descr_tolist(self)
    return space.newtuple([self.getclass(), space.newtuple([space.newstr(self.typecode), w_items]), w_dict])


def get_typecode(self):
    return space.newstr(self.typecode)


def get_itemsize(self):
    return space.newint(self.itemsize)


class W_ArrayIterator(W_Root):
    _attrs_ = ("w_array", "position")

    def __init__(self, w_array):
        self.w_array = w_array
        self.position = 0

    def iter_next(self):
        position = self.position
        if position >= self.w_array.length():
            return None
        self.position = position + 1
        return self.w_array.item(position)


def descr_iter(self):
    return W_ArrayIterator(self)


ARRAY_DOC = """array(typecode [, initializer]) -> array

Return a new array whose items are restricted by typecode, and
initialized from the optional initializer value, which must be a list,
string or iterable over elements of the appropriate type.

Arrays represent basic values and behave very much like lists, except
the type of objects stored in them is constrained: a character (typecode
'c'), a Unicode character ('u'), a signed or unsigned integer of one ('b',
'B'), two ('h', 'H'), four ('i', 'I') or eight bytes ('l', 'L'), or a
floating point number of four ('f') or eight bytes ('d').

Attributes:

typecode -- the typecode character used to create the array
itemsize -- the length in bytes of one array item
"""

_entries = {
    "__doc__": ARRAY_DOC,
    "__new__": array_new,
    "__len__": descr_len,
    "__getitem__": descr_getitem,
    "__setitem__": descr_setitem,
    "__delitem__": descr_delitem,
    "__getslice__": descr_getslice,
    "__setslice__": descr_setslice,
    "__delslice__": descr_delslice,
    "__contains__": descr_contains,
    "__iter__": descr_iter,
    "__add__": descr_add,
    "__iadd__": descr_iadd,
    "__mul__": descr_mul,
    "__rmul__": descr_mul,
    "__imul__": descr_imul,
    "__repr__": descr_repr,
    "__copy__": descr_copy,
    "__deepcopy__": descr_deepcopy,
    "__reduce__": descr_reduce,
    "__hash__": None,
    "__weakref__": None,
    "append": descr_append,
    "extend": descr_extend,
    "fromlist": descr_fromlist,
    "fromstring": descr_fromstring,
    "fromunicode": descr_fromunicode,
    "fromfile": descr_fromfile,
    "read": descr_fromfile,
    "tofile": descr_tofile,
    "write": descr_tofile,
    "tostring": descr_tostring,
    "tolist": descr_tolist,
    "tounicode": descr_tounicode,
    "index": descr_index,
    "count": descr_count,
    "remove": descr_remove,
    "pop": descr_pop,
    "insert": descr_insert,
    "reverse": descr_reverse,
    "byteswap": descr_byteswap,
    "buffer_info": descr_buffer_info,
    "typecode": GetSet(get_typecode),
    "itemsize": GetSet(get_itemsize),
}
for _name, _test in COMPARISONS.items():
    _entries["__%s__" % _name] = _make_comparison(_name, _test)
define_type(W_Array, "array", _entries, module="array", user_class=USER_KINDS[0])
for _kind in KINDS:
    _kind.typedef = W_Array.typedef
define_type(W_ArrayIterator, "arrayiterator", ITERATOR_ENTRIES, acceptable_as_base=False)

define_module("array", {"array": W_Array, "ArrayType": W_Array}, doc="Compact sequences of machine values.")
