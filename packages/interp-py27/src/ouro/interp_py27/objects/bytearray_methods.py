"""The methods of ``bytearray`` that it has in common with ``str``.

Those without operands are the methods of ``str`` on the same bytes. Operands may be anything with a buffer that a
memoryview takes, and text that comes back is a new bytearray.
"""

from ouro.interp_py27.objects import space, str_methods
from ouro.interp_py27.objects.bytearray_object import (
    ENTRIES,
    W_AnyByteArray,
    W_ByteArray,
    W_ByteArrayUser,
    newbytearray,
    wide_text,
)
from ouro.interp_py27.objects.str_object import W_Str
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import define_type
from ouro.rlib import rstring
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rstring import StringBuilder

WHITE_SPACE = " \t\n\r\x0b\x0c"


def newlist_bytearrays(texts):
    return space.newlist([newbytearray(text) for text in texts])


# ---- methods of str on the same bytes


@not_rpython
def _make_changed(name, change):
    """A method whose result is text, by the function of ``str``."""

    def method(self):
        return newbytearray(space.bytes_w(change(W_Str(self.text()))))

    return _described(method, name, "B.%s() -> copy of B" % name)


@not_rpython
def _make_test(name, test):
    def method(self):
        return test(W_Str(self.text()))

    return _described(method, name, "B.%s() -> bool" % name)


@not_rpython
def _make_padding(name, pad):
    @unwrap_spec(width=int)
    def method(self, width, w_fillchar=None):
        return newbytearray(space.bytes_w(pad(W_Str(self.text()), width, w_fillchar)))

    return _described(method, name, "B.%s(width[, fillchar]) -> copy of B" % name)


@not_rpython
def _described(method, name, doc):
    method.__name__ = method.__qualname__ = "bytearray_" + name
    method.__doc__ = doc
    return method


@unwrap_spec(width=int)
def descr_zfill(self, width):
    """B.zfill(width) -> copy of B

Pad a numeric string B with zeros on the left, to fill a field
of the specified width.  B is never truncated."""
    return newbytearray(space.bytes_w(str_methods.str_zfill(W_Str(self.text()), width)))


@unwrap_spec(tabsize="c_int")
def descr_expandtabs(self, tabsize=8):
    """B.expandtabs([tabsize]) -> copy of B

Return a copy of B where all tab characters are expanded using spaces.
If tabsize is not given, a tab size of 8 characters is assumed."""
    return newbytearray(space.bytes_w(str_methods.str_expandtabs(W_Str(self.text()), tabsize)))


# ---- searching


@not_rpython
def _make_search(name, search, must_find):
    def method(self, w_sub, w_start=None, w_end=None):
        value = self.text()
        start, stop = space.search_bounds(w_start, w_end, len(value))
        sub = wide_text(w_sub)
        position = search(value, sub, start, min(stop, len(value)))
        if must_find and position < 0:
            raise value_error("subsection not found")
        return space.newint(position)

    return _described(method, name, "B.%s(sub [,start [,end]]) -> int" % name)


@not_rpython
def _make_affix(name, test):
    def has_affix(value, w_affix, start, stop):
        affix = wide_text(w_affix)
        stop = min(stop, len(value))
        if stop - start < len(affix) or start > len(value):
            return False
        return test(value, affix, start, stop)

    def method(self, w_affix, w_start=None, w_end=None):
        value = self.text()
        start, stop = space.search_bounds(w_start, w_end, len(value))
        if not space.is_tuple(w_affix):
            return space.newbool(has_affix(value, w_affix, start, stop))
        for w_item in space.tuple_items(w_affix):
            if has_affix(value, w_item, start, stop):
                return space.w_True
        return space.w_False

    return _described(method, name, "B.%s(affix[, start[, end]]) -> bool" % name)


# ---- splitting and joining


def separator_text(w_sep):
    """The separator, or None for white space."""
    if w_sep is None or space.is_none(w_sep):
        return None
    sep = wide_text(w_sep)
    if sep == "":
        raise value_error("empty separator")
    return sep


@unwrap_spec(maxsplit=int)
def descr_split(self, w_sep=None, maxsplit=-1):
    """B.split([sep[, maxsplit]]) -> list of bytearray

Return a list of the sections in B, using sep as the delimiter.
If sep is not given, B is split on ASCII whitespace characters
(space, tab, return, newline, formfeed, vertical tab).
If maxsplit is given, at most maxsplit splits are done."""
    return newlist_bytearrays(rstring.split(self.text(), separator_text(w_sep), maxsplit))


@unwrap_spec(maxsplit=int)
def descr_rsplit(self, w_sep=None, maxsplit=-1):
    """B.rsplit(sep[, maxsplit]) -> list of bytearray

Return a list of the sections in B, using sep as the delimiter,
starting at the end of B and working to the front.
If sep is not given, B is split on ASCII whitespace characters
(space, tab, return, newline, formfeed, vertical tab).
If maxsplit is given, at most maxsplit splits are done."""
    return newlist_bytearrays(rstring.rsplit(self.text(), separator_text(w_sep), maxsplit))


@unwrap_spec(keepends="c_int")
def descr_splitlines(self, keepends=0):
    """B.splitlines(keepends=False) -> list of lines

Return a list of the lines in B, breaking at line boundaries.
Line breaks are not included in the resulting list unless keepends
is given and true."""
    return newlist_bytearrays(str_methods.split_lines(self.text(), keepends))


def partition_text(w_sep):
    buffer = w_sep.get_buffer()
    if buffer is None or not buffer.modern:
        raise type_error("'%s' does not have the buffer interface" % space.type_name(w_sep))
    sep = buffer.all_text()
    if sep == "":
        raise value_error("empty separator")
    return sep


def descr_partition(self, w_sep):
    """B.partition(sep) -> (head, sep, tail)

Searches for the separator sep in B, and returns the part before it,
the separator itself, and the part after it.  If the separator is not
found, returns B and two empty bytearray objects."""
    sep = partition_text(w_sep)
    value = self.text()
    position = value.find(sep)
    if position < 0:
        return space.newtuple([newbytearray(value), newbytearray(""), newbytearray("")])
    return space.newtuple([
        newbytearray(value[:position]), newbytearray(sep), newbytearray(value[position + len(sep):])])


def descr_rpartition(self, w_sep):
    """B.rpartition(sep) -> (head, sep, tail)

Searches for the separator sep in B, starting at the end of B,
and returns the part before it, the separator itself, and the
part after it.  If the separator is not found, returns two empty
bytearray objects and B."""
    sep = partition_text(w_sep)
    value = self.text()
    position = value.rfind(sep)
    if position < 0:
        return space.newtuple([newbytearray(""), newbytearray(""), newbytearray(value)])
    return space.newtuple([
        newbytearray(value[:position]), newbytearray(sep), newbytearray(value[position + len(sep):])])


def descr_join(self, w_items):
    """B.join(iterable_of_bytes) -> bytes

Concatenates any number of bytearray objects, with B in between each pair."""
    if not space.is_iterable(w_items):
        raise type_error("can only join an iterable")
    items_w = space.unpack_list(w_items)
    value = self.text()
    builder = StringBuilder()
    for index in range(len(items_w)):
        w_item = items_w[index]
        if index > 0:
            builder.append(value)
        if isinstance(w_item, W_AnyByteArray):
            builder.append(w_item.text())
        elif space.is_str(w_item):
            builder.append(space.bytes_w(w_item))
        else:
            raise type_error("can only join an iterable of bytes (item %d has type '%s')" % (
                index, space.type_name(w_item)))
    return newbytearray(builder.build())


# ---- other


@unwrap_spec(count=int)
def descr_replace(self, w_old, w_new, count=-1):
    """B.replace(old, new[, count]) -> bytes

Return a copy of B with all occurrences of subsection
old replaced by new.  If the optional argument count is
given, only the first count occurrences are replaced."""
    return newbytearray(str_methods.replaced(self.text(), wide_text(w_old), wide_text(w_new), count))


@not_rpython
def _make_strip(name, left, right):
    def method(self, w_bytes=None):
        value = self.text()
        chars = WHITE_SPACE
        if w_bytes is not None and not space.is_none(w_bytes):
            chars = wide_text(w_bytes)
        return newbytearray(str_methods.stripped(value, chars, left, right))

    return _described(method, name, "B.%s([bytes]) -> bytearray" % name)


def descr_translate(self, w_table, w_deletechars=None):
    """B.translate(table[, deletechars]) -> bytearray

Return a copy of B, where all characters occurring in the
optional argument deletechars are removed, and the remaining
characters have been mapped through the given translation
table, which must be a bytes object of length 256."""
    table = ""
    plain = space.is_none(w_table)
    if not plain:
        table = wide_text(w_table)
        if len(table) != 256:
            raise value_error("translation table must be 256 characters long")
    deleted = ""
    if w_deletechars is not None:
        deleted = wide_text(w_deletechars)
    data = []
    for character in self.data:
        if character not in deleted:
            data.append(character if plain else table[ord(character)])
    return W_ByteArray(data)


@unwrap_spec(encoding="c_text", errors="c_text")
def descr_decode(self, encoding=None, errors="strict"):
    """B.decode([encoding[, errors]]) -> unicode object.

Decodes B using the codec registered for encoding. encoding defaults to
the default encoding. errors may be given to set a different error
handling scheme.  Default is 'strict' meaning that encoding errors raise
a UnicodeDecodeError.  Other possible values are 'ignore' and 'replace'
as well as any other name registered with codecs.register_error that is
able to handle UnicodeDecodeErrors."""
    return space.decode_object(self, space.encoding_or_default(encoding), errors)


_entries = dict(
    ENTRIES,
    find=_make_search("find", str_methods.do_find, False),
    rfind=_make_search("rfind", str_methods.do_rfind, False),
    index=_make_search("index", str_methods.do_find, True),
    rindex=_make_search("rindex", str_methods.do_rfind, True),
    count=_make_search("count", str_methods.do_count, False),
    startswith=_make_affix("startswith", rstring.startswith),
    endswith=_make_affix("endswith", rstring.endswith),
    split=descr_split,
    rsplit=descr_rsplit,
    splitlines=descr_splitlines,
    partition=descr_partition,
    rpartition=descr_rpartition,
    join=descr_join,
    replace=descr_replace,
    strip=_make_strip("strip", True, True),
    lstrip=_make_strip("lstrip", True, False),
    rstrip=_make_strip("rstrip", False, True),
    center=_make_padding("center", str_methods.str_center),
    ljust=_make_padding("ljust", str_methods.str_ljust),
    rjust=_make_padding("rjust", str_methods.str_rjust),
    zfill=descr_zfill,
    expandtabs=descr_expandtabs,
    translate=descr_translate,
    decode=descr_decode,
)
for _name in ["capitalize", "title", "upper", "lower", "swapcase"]:
    _entries[_name] = _make_changed(_name, str_methods.METHODS[_name])
for _name in ["isalnum", "isalpha", "isdigit", "islower", "isspace", "istitle", "isupper"]:
    _entries[_name] = _make_test(_name, str_methods.METHODS[_name])
define_type(W_AnyByteArray, "bytearray", _entries, user_class=W_ByteArrayUser, exact=W_ByteArray)
