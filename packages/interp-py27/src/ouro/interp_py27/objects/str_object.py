"""``str``: 8-bit strings. Methods that search and transform are in `str_methods`."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.buffers import TextBuffer
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.int_object import COMPARISONS
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import index_error, overflow_error, type_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import define_type
from ouro.rlib.objectmodel import compute_hash, compute_unique_id, not_rpython
from ouro.rlib.rarithmetic import intmask
from ouro.rlib.rstring import StringBuilder


class W_BaseString(W_Root):
    """``basestring``: never instantiated."""


def basestring_new(w_subtype, __args__):
    raise type_error("The basestring type cannot be instantiated")


define_type(W_BaseString, "basestring", {
    "__doc__": "Type basestring cannot be instantiated; it is the base for str and unicode.",
    "__new__": basestring_new,
})


class W_AnyStr(W_Root):
    """A str or an instance of a subclass.

    `text` is the interpreter's string, or None in a W_Concatenation that nobody has looked at; `value` is it always.
    """

    _attrs_ = ("text",)
    _immutable_fields_ = ["text"]

    def __init__(self, value: str):
        self.text = value

    @property
    def value(self):
        text = self.text
        if text is None:
            text = self.join()
        return text

    def join(self):
        """Make `text` where it is None."""
        raise NotImplementedError

    def length(self):
        return len(self.value)

    def get_buffer(self):
        return TextBuffer(self.value)


class W_Str(W_AnyStr):
    """An exact str; the same interpreter string makes the same object."""

    def getitem_int(self, index):
        value = self.value
        if index < 0:
            index += len(value)
        if index < 0 or index >= len(value):
            raise index_error("string index out of range")
        return W_Str(value[index])

    def is_same(self, w_other):
        if not isinstance(w_other, W_Str):
            return False
        if self is w_other:
            return True
        if len(self.value) <= 1:
            return self.value == w_other.value
        return self.value is w_other.value

    def identity(self):
        value = self.value
        if len(value) == 0:
            return 257 * 16 + 7
        if len(value) == 1:
            return ord(value[0]) * 16 + 7
        return compute_unique_id(value)


class W_Concatenation(W_Str):
    """``a + b`` for a long `a`, put together when somebody looks at it or adds to it.

    At first it is `left` and `right`; when more is added it becomes the first `size` characters of what `builder`
    holds.
    ``text += more`` in a loop appends to the same builder each time, as long as only the last result goes on, so that
    building a text in that way takes time in proportion to its length.
    """

    _attrs_ = ("left", "right", "builder", "size")

    def __init__(self, left, right, builder, size):
        self.text = None
        self.left = left
        self.right = right
        self.builder = builder
        self.size = size

    def join(self):
        builder = self.builder
        if builder is None:
            text = self.left + self.right
        else:
            text = builder.build()
            if builder.getlength() != self.size:
                text = text[:self.size]
        self.text = text
        self.left = None
        self.right = None
        self.builder = None
        return text

    def length(self):
        return self.size

    def followed_by(self, added):
        """The concatenation with a str; None if that is not to be had without copying."""
        builder = self.builder
        if builder is None:
            builder = StringBuilder(self.size + len(added))
            builder.append(self.left)
            builder.append(self.right)
            self.builder = builder
            self.left = None
            self.right = None
        elif builder.getlength() != self.size:
            return None
        builder.append(added)
        return W_Concatenation(None, None, builder, self.size + len(added))


# Shorter strings are added at once.
LONG_TEXT = 256

# CPython's str has its characters behind a header in one piece of memory.
LONGEST = 2 ** 63 - 1 - 37


def concatenate(w_left, w_right):
    """``w_left + w_right`` for strs."""
    length = w_left.length()
    added = w_right.value
    if length < LONG_TEXT or len(added) > length:
        return W_Str(w_left.value + added)
    if isinstance(w_left, W_Concatenation) and w_left.text is None:
        w_result = w_left.followed_by(added)
        if w_result is not None:
            return w_result
    return W_Concatenation(w_left.value, added, None, length + len(added))


W_StrUser = make_user_class(W_AnyStr)


class HashSecret:
    """``-R``: what goes into every hash of a string, so that nobody outside can foresee it."""

    def __init__(self):
        self.used = False
        self.prefix = 0
        self.suffix = 0


hash_secret = HashSecret()


def str_hash(value):
    if hash_secret.used:
        h = secret_hash(value)
    else:
        h = intmask(compute_hash(value))
    return -2 if h == -1 else h


def secret_hash(value):
    """As CPython's, from the secret on."""
    if value == "":
        return 0
    h = hash_secret.prefix ^ (ord(value[0]) << 7)
    for character in value:
        h = intmask(h * 1000003) ^ ord(character)
    return h ^ len(value) ^ hash_secret.suffix


def set_hash_secret(data):
    """Use a secret of 16 bytes from now on."""
    prefix = 0
    suffix = 0
    for i in range(8):
        prefix |= ord(data[i]) << (8 * i)
        suffix |= ord(data[8 + i]) << (8 * i)
    hash_secret.prefix = intmask(prefix)
    hash_secret.suffix = intmask(suffix)
    hash_secret.used = True


def secret_from_seed(seed):
    """The secret that CPython makes of a ``PYTHONHASHSEED``: bytes of a linear congruential generator."""
    state = seed
    characters = []
    for _ in range(16):
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        characters.append(chr(state >> 16 & 0xFF))
    return "".join(characters)


class W_StrIterator(W_Root):
    _attrs_ = ("value", "position")

    def __init__(self, value):
        self.value = value
        self.position = 0

    def iter_next(self):
        position = self.position
        if position >= len(self.value):
            return None
        self.position = position + 1
        return W_Str(self.value[position])

    def descr_length_hint(self):
        return space.newint(len(self.value) - self.position)


def descr_new(w_subtype, w_object=None):
    if w_object is None:
        w_text = W_Str("")
    else:
        w_text = space.str(w_object)
    if w_subtype is W_Str.w_builtin_type:
        return w_text
    space.check_subtype(w_subtype, W_Str.w_builtin_type)
    w_obj = W_StrUser(space.bytes_w(w_text))
    space.init_user(w_obj, w_subtype)
    return w_obj


def descr_str(self):
    """The exact str."""
    if isinstance(self, W_Str):
        return self
    return W_Str(self.value)


def descr_len(self):
    return space.newint(self.length())


def descr_iter(self):
    return W_StrIterator(self.value)


def descr_hash(self):
    return space.newint(str_hash(self.value))


def str_repr(value):
    """The literal: single quotes unless only those occur in it."""
    quote = "'"
    if "'" in value and '"' not in value:
        quote = '"'
    builder = StringBuilder(len(value) + 2)
    builder.append(quote)
    start = 0
    for i in range(len(value)):
        character = value[i]
        if character == quote or character == "\\":
            escaped = "\\" + character
        elif " " <= character < "\x7f":
            continue
        elif character == "\n":
            escaped = "\\n"
        elif character == "\t":
            escaped = "\\t"
        elif character == "\r":
            escaped = "\\r"
        else:
            code = ord(character)
            escaped = "\\x" + "0123456789abcdef"[code >> 4] + "0123456789abcdef"[code & 15]
        builder.append_slice(value, start, i)
        builder.append(escaped)
        start = i + 1
    builder.append_slice(value, start, len(value))
    builder.append(quote)
    return builder.build()


def descr_repr(self):
    return space.newstr(str_repr(self.value))


@not_rpython
def _make_comparison(name, test):
    def compare(self, w_other):
        if not isinstance(w_other, W_AnyStr):
            return space.w_NotImplemented
        return space.newbool(test(self.value, w_other.value))

    compare.__name__ = compare.__qualname__ = "str_" + name
    return compare


def descr_getitem(self, w_index):
    value = self.value
    if space.is_slice(w_index):
        start, step, length = space.slice_indices(w_index, len(value))
        return W_Str(slice_str(value, start, step, length))
    if not space.is_index(w_index):
        raise type_error("string indices must be integers, not %s" % space.type_name(w_index))
    index = space.index_w(w_index)
    if index < 0:
        index += len(value)
    if index < 0 or index >= len(value):
        raise index_error("string index out of range")
    return W_Str(value[index])


def slice_str(value, start, step, length):
    if step == 1:
        assert start >= 0
        stop = start + length
        assert stop >= start
        return value[start:stop]
    builder = StringBuilder(length)
    for _ in range(length):
        builder.append(value[start])
        start += step
    return builder.build()


@unwrap_spec(start=int, stop=int)
def descr_getslice(self, start, stop):
    return descr_getitem(self, space.slice_between(start, stop))


def descr_contains(self, w_item):
    if isinstance(w_item, W_AnyStr):
        return space.newbool(self.value.find(w_item.value) >= 0)
    if space.is_unicode(w_item):
        return space.newbool(space.contains(space.decode_default(self), w_item))
    raise type_error("'in <string>' requires string as left operand, not %s" % space.type_name(w_item))


def descr_add(self, w_other):
    if isinstance(w_other, W_AnyStr):
        return concatenate(self, w_other)
    if space.is_unicode(w_other):
        return space.add(space.decode_default(self), w_other)
    if space.is_bytearray(w_other):
        return space.concatenated(self, w_other)
    return space.w_NotImplemented


def descr_mul(self, w_count):
    if not space.is_index(w_count):
        return space.w_NotImplemented
    count = space.index_overflow_w(w_count)
    value = self.value
    if count <= 0 or len(value) == 0:
        return W_Str("")
    if count == 1 and isinstance(self, W_Str):
        return self
    if count > LONGEST // len(value):
        raise overflow_error("repeated string is too long")
    if count > 2 ** 48 // len(value):
        raise MemoryError
    return W_Str(value * count)


def descr_mod(self, w_values):
    return space.format_str(self, w_values)


def descr_getnewargs(self):
    return space.newtuple([W_Str(self.value)])


def descr_format_spec(self, w_specification):
    return space.format_text(self, w_specification)


ENTRIES = {
    "__doc__": "str(object='') -> string\n\nReturn a nice string representation of the object.\n"
               "If the argument is a string, the return value is the same object.",
    "__new__": descr_new,
    "__str__": descr_str,
    "__len__": descr_len,
    "__hash__": descr_hash,
    "__repr__": descr_repr,
    "__getitem__": descr_getitem,
    "__getslice__": descr_getslice,
    "__contains__": descr_contains,
    "__add__": descr_add,
    "__mul__": descr_mul,
    "__rmul__": descr_mul,
    "__mod__": descr_mod,
    "__getnewargs__": descr_getnewargs,
    "__format__": descr_format_spec,
}
for _name, _test in COMPARISONS.items():
    ENTRIES["__%s__" % _name] = _make_comparison(_name, _test)
# `str_methods` adds the rest of the entries and describes the type.
