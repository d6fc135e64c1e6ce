"""``bytearray``: a mutable sequence of bytes, kept as characters in one list.

The methods of text are in `bytearray_methods`.

A bytearray that a `memoryview` looks at cannot change its length. There are no reference counts to tell whether a
view is still in use, so the views are known by weak references and looked for, with the collector's help, only when a
length is about to change.
"""

import weakref

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.buffers import BytesBuffer
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.int_object import COMPARISONS
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import OperationError, index_error, operror, overflow_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, class_method, define_type
from ouro.rlib import rgc
from ouro.rlib.objectmodel import newlist_hint, not_rpython
from ouro.rlib.rstring import StringBuilder

MAXIMUM_LENGTH = 2 ** 46
YOUNG_GENERATION = 0


class W_AnyByteArray(W_Root):
    """A bytearray or an instance of a subclass. `views` are weak references to the memoryviews of it, or None."""

    _attrs_ = ("data", "views")
    views = None

    def __init__(self, data):
        self.data = data

    def get_buffer(self):
        return BytesBuffer(self)

    def text(self):
        """The bytes as an interpreter string."""
        return "".join(self.data)

    def add_view(self, view):
        """A memoryview that keeps the length as it is while it lives."""
        if self.views is None:
            self.views = []
        self.views.append(weakref.ref(view))

    def check_resizable(self):
        """BufferError where a memoryview lives."""
        if self.views is None:
            return
        if self.is_viewed():
            rgc.collect(YOUNG_GENERATION)
            if self.is_viewed():
                rgc.collect()
                if self.is_viewed():
                    raise operror(
                        space.w_BufferError, "Existing exports of data: object cannot be re-sized")
        self.views = None

    def is_viewed(self):
        for reference in self.views:
            if reference() is not None:
                return True
        return False


class W_ByteArray(W_AnyByteArray):
    """An exact bytearray."""


W_ByteArrayUser = make_user_class(W_AnyByteArray)


def characters(text):
    """The characters of a string as a list that can grow."""
    data = newlist_hint(len(text))
    data += text
    return data


def newbytearray(text):
    """A bytearray with the bytes of an interpreter string."""
    return W_ByteArray(characters(text))


def is_bytearray(w_obj):
    return isinstance(w_obj, W_AnyByteArray)


def wide_text(w_obj):
    """The bytes of another operand: anything a memoryview can be made of, which unicode is not."""
    if isinstance(w_obj, W_AnyByteArray):
        return w_obj.text()
    buffer = w_obj.get_buffer()
    if buffer is None or not buffer.modern:
        raise type_error("Type %s doesn't support the buffer API" % space.type_name(w_obj))
    return buffer.all_text()


def byte_value(w_item):
    """The character of an item: an integer in range, or a str of length 1."""
    if space.is_str(w_item) and w_item.getclass() is space.w_str:
        text = space.bytes_w(w_item)
        if len(text) != 1:
            raise value_error("string must be of size 1")
        return text[0]
    if not space.is_int(w_item) and not space.is_long(w_item):
        if not space.is_index(w_item):
            raise type_error("an integer or string of size 1 is required")
        w_item = space.index_object(w_item)
    value = -1
    if space.is_int(w_item):
        value = space.int_w(w_item)
    else:
        big = space.bigint_w(w_item)
        if big.fits_int():
            value = big.toint()
    if not 0 <= value < 256:
        raise value_error("byte must be in range(0, 256)")
    return chr(value)


# ---- making


def descr_new(w_subtype, __args__):
    if w_subtype is W_ByteArray.w_builtin_type:
        return W_ByteArray([])
    space.check_subtype(w_subtype, W_ByteArray.w_builtin_type)
    w_obj = W_ByteArrayUser([])
    space.init_user(w_obj, w_subtype)
    return w_obj


@unwrap_spec(encoding="c_text", errors="c_text")
def descr_init(self, w_source=None, encoding=None, errors=None):
    if len(self.data) != 0:
        self.check_resizable()
        self.data = []
    fill(self, w_source, encoding, errors)


def fill(w_bytearray, w_source, encoding, errors):
    """Add what the arguments of the constructor stand for to an empty bytearray."""
    coded = encoding is not None or errors is not None
    if w_source is None:
        if coded:
            raise type_error("encoding or errors without sequence argument")
        return
    if space.is_text(w_source):
        if encoding is not None:
            w_source = space.encode_object(w_source, encoding, "strict" if errors is None else errors)
        elif space.is_unicode(w_source):
            raise type_error("unicode argument without an encoding")
        w_bytearray.data += space.bytes_w(w_source)
        return
    if coded:
        raise type_error("encoding or errors without a string argument")
    if space.is_index(w_source):
        try:
            count = space.index_overflow_w(w_source)
        except OperationError as error:
            if not error.match(space.w_TypeError):
                raise
            extend(w_bytearray, w_source)
            return
        if count < 0:
            raise value_error("negative count")
        if count > MAXIMUM_LENGTH:
            raise MemoryError
        w_bytearray.data = ["\x00"] * count
        return
    extend(w_bytearray, w_source)


def extend(w_bytearray, w_source):
    """Add a buffer, or the byte values of an iterable one by one: the iterator may look at the bytearray."""
    buffer = w_source.get_buffer()
    if buffer is not None and buffer.modern:
        text = buffer.all_text()
        if text != "":
            w_bytearray.check_resizable()
            w_bytearray.data += text
        return
    w_iterator = space.iter(w_source)
    while True:
        w_item = w_iterator.iter_next()
        if w_item is None:
            return
        character = byte_value(w_item)
        w_bytearray.check_resizable()
        w_bytearray.data.append(character)


def assigned_data(w_value):
    """The characters to put in place of a slice."""
    if isinstance(w_value, W_AnyByteArray):
        return w_value.data[:]
    if space.is_number(w_value) or space.is_unicode(w_value):
        raise type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)")
    w_new = W_ByteArray([])
    extend(w_new, w_value)
    return w_new.data


def hex_digit(character):
    if "0" <= character <= "9":
        return ord(character) - ord("0")
    if "a" <= character <= "f":
        return ord(character) - ord("a") + 10
    if "A" <= character <= "F":
        return ord(character) - ord("A") + 10
    return -1


@unwrap_spec(string=str)
def descr_fromhex(w_class, string):
    """bytearray.fromhex(string) -> bytearray

Create a bytearray object from a string of hexadecimal numbers.
Spaces between two numbers are accepted.
Example: bytearray.fromhex('B9 01EF') -> bytearray(b'\\xb9\\x01\\xef')."""
    builder = StringBuilder(len(string) // 2)
    position = 0
    while True:
        while position < len(string) and string[position] == " ":
            position += 1
        if position >= len(string):
            break
        high = hex_digit(string[position])
        low = -1
        if position + 1 < len(string):
            low = hex_digit(string[position + 1])
        if high < 0 or low < 0:
            raise value_error("non-hexadecimal number found in fromhex() arg at position %d" % position)
        builder.append(chr(high * 16 + low))
        position += 2
    w_result = newbytearray(builder.build())
    if w_class is W_ByteArray.w_builtin_type:
        return w_result
    return w_class.call_1(w_result)


# ---- as text of the program


def descr_repr(self):
    builder = StringBuilder(len(self.data) + 14)
    builder.append("bytearray(b")
    quote = "'"
    if "'" in self.data and '"' not in self.data:
        quote = '"'
    builder.append(quote)
    for character in self.data:
        if character == "'" or character == "\\":
            builder.append("\\")
            builder.append(character)
        elif " " <= character < "\x7f":
            builder.append(character)
        elif character == "\t":
            builder.append("\\t")
        elif character == "\n":
            builder.append("\\n")
        elif character == "\r":
            builder.append("\\r")
        else:
            code = ord(character)
            builder.append("\\x" + "0123456789abcdef"[code >> 4] + "0123456789abcdef"[code & 15])
    builder.append(quote)
    builder.append(")")
    return space.newstr(builder.build())


def descr_str(self):
    return space.newstr(self.text())


def descr_reduce(self):
    """Return state information for pickling."""
    w_dict = self.getdict()
    if w_dict is None:
        w_dict = space.w_None
    w_text = space.decode_object(space.newstr(self.text()), "latin-1", "strict")
    return space.newtuple([
        self.getclass(), space.newtuple([w_text, space.newstr("latin-1")]), w_dict])


def descr_sizeof(self):
    """B.__sizeof__() -> int\n\nReturns the size of B in memory, in bytes"""
    return space.newint(48 + allocated(self))


def allocated(w_bytearray):
    """The bytes that CPython would hold, a NUL behind the last included."""
    return len(w_bytearray.data) + 1


def descr_alloc(self):
    """B.__alloc__() -> int\n\nReturns the number of bytes actually allocated."""
    return space.newint(allocated(self))


@not_rpython
def _make_comparison(name, test):
    only_equality = name in ("eq", "ne")

    def compare(self, w_other):
        if space.is_unicode(w_other):
            if name == "eq" and space.state.bytes_warning:
                space.warn("Comparison between bytearray and unicode", space.w_BytesWarning)
            return space.w_NotImplemented
        if isinstance(w_other, W_AnyByteArray):
            if only_equality and len(self.data) != len(w_other.data):
                return space.newbool(name == "ne")
            return space.newbool(test(self.text(), w_other.text()))
        buffer = w_other.get_buffer()
        if buffer is None or not buffer.modern:
            return space.w_NotImplemented
        return space.newbool(test(self.text(), buffer.all_text()))

    compare.__name__ = compare.__qualname__ = "bytearray_" + name
    return compare


# ---- as a sequence


def descr_len(self):
    return space.newint(len(self.data))


def item_index(w_bytearray, w_index):
    index = space.index_w(w_index)
    if index < 0:
        index += len(w_bytearray.data)
    if index < 0 or index >= len(w_bytearray.data):
        raise index_error("bytearray index out of range")
    return index


def slice_data(data, start, step, count):
    if step == 1:
        assert start >= 0
        stop = start + count
        assert stop >= start
        return data[start:stop]
    result = newlist_hint(count)
    for _ in range(count):
        result.append(data[start])
        start += step
    return result


def descr_getitem(self, w_index):
    if space.is_slice(w_index):
        start, step, count = space.slice_indices(w_index, len(self.data))
        return W_ByteArray(slice_data(self.data, start, step, count))
    if not space.is_index(w_index):
        raise type_error("bytearray indices must be integers")
    return space.newint(ord(self.data[item_index(self, w_index)]))


def descr_setitem(self, w_index, w_value):
    if not space.is_slice(w_index):
        if not space.is_index(w_index):
            raise type_error("bytearray indices must be integer")
        index = item_index(self, w_index)
        self.data[index] = byte_value(w_value)
        return
    space.slice_indices(w_index, len(self.data))
    new = assigned_data(w_value)
    # Making the value may have changed the bytearray.
    start, step, count = space.slice_indices(w_index, len(self.data))
    if step == 1:
        if len(new) != count:
            self.check_resizable()
        assert start >= 0
        stop = start + count
        assert stop >= start
        self.data[start:stop] = new
        return
    if len(new) == 0:
        delete_slice(self, start, step, count)
        return
    if len(new) != count:
        raise value_error("attempt to assign bytes of size %d to extended slice of size %d" % (len(new), count))
    for index in range(count):
        self.data[start] = new[index]
        start += step


def delete_slice(w_bytearray, start, step, count):
    if count == 0:
        return
    w_bytearray.check_resizable()
    data = w_bytearray.data
    if step < 0:
        start += (count - 1) * step
        step = -step
    assert start >= 0
    if step == 1:
        stop = start + count
        assert stop >= start
        del data[start:stop]
        return
    kept = newlist_hint(len(data) - count)
    following = start
    last = start + (count - 1) * step
    for index in range(len(data)):
        if index == following and index <= last:
            following += step
        else:
            kept.append(data[index])
    w_bytearray.data = kept


def descr_delitem(self, w_index):
    if space.is_slice(w_index):
        start, step, count = space.slice_indices(w_index, len(self.data))
        delete_slice(self, start, step, count)
        return
    if not space.is_index(w_index):
        raise type_error("bytearray indices must be integer")
    index = item_index(self, w_index)
    self.check_resizable()
    del self.data[index]


def descr_contains(self, w_item):
    if space.is_index(w_item):
        return space.newbool(byte_value(w_item) in self.data)
    return space.newbool(self.text().find(wide_text(w_item)) >= 0)


def concatenated(w_left, w_right):
    """``w_left + w_right`` where one of them is a bytearray."""
    if not space.has_modern_buffer(w_left) or not space.has_modern_buffer(w_right):
        raise type_error("can't concat %s to %s" % (space.type_name(w_left), space.type_name(w_right)))
    data = characters(wide_text(w_left))
    data += wide_text(w_right)
    return W_ByteArray(data)


def descr_add(self, w_other):
    return concatenated(self, w_other)


def descr_iadd(self, w_other):
    if isinstance(w_other, W_AnyByteArray):
        extra = w_other.text()
    else:
        buffer = w_other.get_buffer()
        if buffer is None or not buffer.modern:
            raise type_error("can't concat %s to %s" % (space.type_name(w_other), space.type_name(self)))
        extra = buffer.all_text()
    if extra != "":
        self.check_resizable()
        self.data += extra
    return self


def checked_count(w_bytearray, w_count):
    count = max(space.index_overflow_w(w_count), 0)
    if len(w_bytearray.data) > 0 and count > MAXIMUM_LENGTH // len(w_bytearray.data):
        raise MemoryError
    return count


def descr_mul(self, w_count):
    if not space.is_index(w_count):
        return space.w_NotImplemented
    return W_ByteArray(self.data * checked_count(self, w_count))


def descr_imul(self, w_count):
    if not space.is_index(w_count):
        return space.w_NotImplemented
    count = checked_count(self, w_count)
    if count != 1:
        self.check_resizable()
        self.data = self.data * count
    return self


# ---- as a list


def descr_append(self, w_item):
    """B.append(int) -> None\n\nAppend a single item to the end of B."""
    character = byte_value(w_item)
    self.check_resizable()
    self.data.append(character)


def descr_extend(self, w_items):
    """B.extend(iterable int) -> None\n
Append all the elements from the iterator or sequence to the\nend of B."""
    w_new = W_ByteArray([])
    if not space.has_buffer(w_items):
        space.length_hint(w_items, 32)
    extend(w_new, w_items)
    if len(w_new.data) > 0:
        self.check_resizable()
        self.data += w_new.data


def insertion_index(w_bytearray, w_index):
    index = space.index_w(w_index)
    length = len(w_bytearray.data)
    if index < 0:
        index += length
    return min(max(index, 0), length)


def descr_insert(self, w_index, w_item):
    """B.insert(index, int) -> None\n\nInsert a single item into the bytearray before the given index."""
    index = insertion_index(self, w_index)
    character = byte_value(w_item)
    if len(self.data) >= MAXIMUM_LENGTH:
        raise overflow_error("cannot add more objects to bytearray")
    self.check_resizable()
    assert index >= 0
    self.data.insert(index, character)


@unwrap_spec(index="index")
def descr_pop(self, index=-1):
    """B.pop([index]) -> int\n\nRemove and return a single item from B. If no index\n
argument is given, will pop the last value."""
    length = len(self.data)
    if length == 0:
        raise index_error("pop from empty bytearray")
    if index < 0:
        index += length
    if index < 0 or index >= length:
        raise index_error("pop index out of range")
    self.check_resizable()
    value = ord(self.data[index])
    del self.data[index]
    return space.newint(value)


def descr_remove(self, w_item):
    """B.remove(int) -> None\n\nRemove the first occurrence of a value in B."""
    character = byte_value(w_item)
    for index in range(len(self.data)):
        if self.data[index] == character:
            self.check_resizable()
            del self.data[index]
            return
    raise value_error("value not found in bytearray")


def descr_reverse(self):
    """B.reverse() -> None\n\nReverse the order of the values in B in place."""
    self.data.reverse()


class W_ByteArrayIterator(W_Root):
    _attrs_ = ("w_bytearray", "position")

    def __init__(self, w_bytearray):
        self.w_bytearray = w_bytearray
        self.position = 0

    def iter_next(self):
        w_bytearray = self.w_bytearray
        if w_bytearray is None:
            return None
        position = self.position
        if position >= len(w_bytearray.data):
            self.w_bytearray = None
            return None
        self.position = position + 1
        return space.newint(ord(w_bytearray.data[position]))

    def descr_length_hint(self):
        """Private method returning an estimate of len(list(it))."""
        if self.w_bytearray is None:
            return space.newint(0)
        return space.newint(len(self.w_bytearray.data) - self.position)


def descr_iter(self):
    return W_ByteArrayIterator(self)


ENTRIES = {
    "__doc__": "bytearray(iterable_of_ints) -> bytearray.\n"
               "bytearray(string, encoding[, errors]) -> bytearray.\n"
               "bytearray(bytes_or_bytearray) -> mutable copy of bytes_or_bytearray.\n"
               "bytearray(memory_view) -> bytearray.\n\n"
               "Construct a mutable bytearray object from:\n"
               "  - an iterable yielding integers in range(256)\n"
               "  - a text string encoded using the specified encoding\n"
               "  - a bytes or a bytearray object\n"
               "  - any object implementing the buffer API.\n\n"
               "bytearray(int) -> bytearray.\n\n"
               "Construct a zero-initialized bytearray of the given length.",
    "__new__": descr_new,
    "__init__": descr_init,
    "__repr__": descr_repr,
    "__str__": descr_str,
    "__reduce__": descr_reduce,
    "__sizeof__": descr_sizeof,
    "__alloc__": descr_alloc,
    "__hash__": None,
    "__len__": descr_len,
    "__getitem__": descr_getitem,
    "__setitem__": descr_setitem,
    "__delitem__": descr_delitem,
    "__contains__": descr_contains,
    "__iter__": descr_iter,
    "__add__": descr_add,
    "__iadd__": descr_iadd,
    "__mul__": descr_mul,
    "__rmul__": descr_mul,
    "__imul__": descr_imul,
    "append": descr_append,
    "extend": descr_extend,
    "insert": descr_insert,
    "pop": descr_pop,
    "remove": descr_remove,
    "reverse": descr_reverse,
    "fromhex": class_method(descr_fromhex),
}
for _name, _test in COMPARISONS.items():
    ENTRIES["__%s__" % _name] = _make_comparison(_name, _test)
define_type(W_ByteArrayIterator, "bytearray_iterator", dict(
    ITERATOR_ENTRIES, __length_hint__=W_ByteArrayIterator.descr_length_hint), acceptable_as_base=False)
# `bytearray_methods` adds the rest of the entries and describes the type.
