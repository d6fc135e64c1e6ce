"""The type ``unicode``: operators and methods that search, split and pad.

Positions in UTF-8 are found byte by byte, which is safe because no character's bytes occur inside another's; indices
are translated at the edges. What looks at the kind of a character is in `unicode_case`.
"""

from ouro.interp_py27.modules.codecs.escapes import encode_unicode_escape
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.int_object import COMPARISONS
from ouro.interp_py27.objects.iteration import ITERATOR_ENTRIES
from ouro.interp_py27.objects.str_object import W_AnyStr, W_BaseString
from ouro.interp_py27.objects.unicode_case import CASE_ENTRIES
from ouro.interp_py27.objects.unicode_object import (
    W_AnyUnicode,
    W_Unicode,
    W_UnicodeIterator,
    W_UnicodeUser,
)
from ouro.interp_py27.unicode_database import is_linebreak, is_space
from ouro.interp_py27.vm.errors import (
    OperationError,
    index_error,
    operror,
    overflow_error,
    type_error,
    value_error,
)
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import define_type
from ouro.rlib import rstring, rutf8
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rstring import StringBuilder


def coerced(w_text):
    """The unicode object of an argument that may be a str or a buffer."""
    if isinstance(w_text, W_AnyUnicode):
        return w_text
    if isinstance(w_text, W_AnyStr):
        return space.decode_default(w_text)
    if space.is_bytearray(w_text):
        raise type_error("decoding bytearray is not supported")
    if space.has_character_buffer(w_text):
        return space.decode_default(space.newstr(space.buffer_str_w(w_text)))
    raise type_error("coercing to Unicode: need string or buffer, %s found" % space.type_name(w_text))


def exact(w_unicode):
    """The object itself, or an exact copy of an instance of a subclass."""
    if isinstance(w_unicode, W_Unicode):
        return w_unicode
    return W_Unicode(w_unicode.utf8, w_unicode.length)


# ---- making


@unwrap_spec(encoding="c_text", errors="c_text")
def descr_new(w_subtype, w_string=None, encoding=None, errors=None):
    if w_string is None:
        w_text = W_Unicode("", 0)
    elif encoding is None and errors is None:
        w_text = space.unicode_from(w_string)
    else:
        w_text = decoded(w_string, encoding, errors)
    assert isinstance(w_text, W_AnyUnicode)
    if w_subtype is W_Unicode.w_builtin_type:
        return w_text
    space.check_subtype(w_subtype, W_Unicode.w_builtin_type)
    w_obj = W_UnicodeUser(w_text.utf8, w_text.length)
    space.init_user(w_obj, w_subtype)
    return w_obj


def decoded(w_string, encoding, errors):
    """``unicode(string, encoding, errors)``."""
    if isinstance(w_string, W_AnyUnicode):
        raise type_error("decoding Unicode is not supported")
    if isinstance(w_string, W_AnyStr):
        w_data = w_string
    elif space.is_bytearray(w_string):
        raise type_error("decoding bytearray is not supported")
    elif space.has_character_buffer(w_string):
        w_data = space.newstr(space.buffer_str_w(w_string))
    else:
        raise type_error("coercing to Unicode: need string or buffer, %s found" % space.type_name(w_string))
    w_result = space.decode_object(w_data, space.encoding_or_default(encoding), "strict" if errors is None else errors)
    if not isinstance(w_result, W_AnyUnicode):
        raise type_error("decoder did not return an unicode object (type=%s)" % space.type_name(w_result))
    return w_result


@unwrap_spec(encoding="c_text", errors="c_text")
def descr_encode(self, encoding=None, errors="strict"):
    """S.encode([encoding[,errors]]) -> string or unicode"""
    return space.encode_object(self, space.encoding_or_default(encoding), errors)


@unwrap_spec(encoding="c_text", errors="c_text")
def descr_decode(self, encoding=None, errors="strict"):
    """S.decode([encoding[,errors]]) -> string or unicode"""
    return space.decode_object(self, space.encoding_or_default(encoding), errors)


# ---- operators


def descr_str(self):
    return space.encode_default(self)


def unicode_repr(utf8):
    quote = "'"
    if "'" in utf8 and '"' not in utf8:
        quote = '"'
    return "u" + quote + encode_unicode_escape(utf8, quote) + quote


def descr_repr(self):
    return space.newstr(unicode_repr(self.utf8))


def descr_hash(self):
    return space.newint(self.hash())


def descr_len(self):
    return space.newint(self.length)


def unicode_iterator(w_text):
    """``iter(text)``, which the type has no ``__iter__`` for."""
    assert isinstance(w_text, W_AnyUnicode)
    return W_UnicodeIterator(w_text.utf8)


@not_rpython
def _make_comparison(name, test):
    failed = {"eq": "equal", "ne": "unequal"}.get(name, "")

    def compare(self, w_other):
        if isinstance(w_other, W_AnyUnicode):
            return space.newbool(test(self.utf8, w_other.utf8))
        if not isinstance(w_other, W_AnyStr):
            return space.w_NotImplemented
        try:
            other = space.decode_default(w_other).utf8
        except OperationError as error:
            if failed == "" or not error.match(space.w_UnicodeDecodeError):
                raise
            space.warn(
                "Unicode %s comparison failed to convert both arguments to Unicode - "
                "interpreting them as being unequal" % failed, space.w_UnicodeWarning)
            return space.newbool(failed == "unequal")
        return space.newbool(test(self.utf8, other))

    compare.__name__ = compare.__qualname__ = "unicode_" + name
    return compare


def descr_contains(self, w_item):
    if not space.is_text(w_item) and not space.has_character_buffer(w_item):
        raise type_error("coercing to Unicode: need string or buffer, %s found" % space.type_name(w_item))
    return space.newbool(self.utf8.find(coerced(w_item).utf8) >= 0)


def descr_add(self, w_other):
    if space.is_text(w_other) or space.has_character_buffer(w_other):
        w_other = coerced(w_other)
        return W_Unicode(self.utf8 + w_other.utf8, self.length + w_other.length)
    raise type_error("coercing to Unicode: need string or buffer, %s found" % space.type_name(w_other))


# Four bytes for each character, and one character more, must fit an unsigned word.
LONGEST = 2 ** 62 - 2


def descr_mul(self, w_count):
    if not space.is_index(w_count):
        return space.w_NotImplemented
    count = space.index_overflow_w(w_count)
    if count <= 0 or self.length == 0:
        return W_Unicode("", 0)
    if count > LONGEST // self.length:
        raise overflow_error("repeated string is too long")
    if count > 2 ** 46 // len(self.utf8):
        raise MemoryError
    return W_Unicode(self.utf8 * count, self.length * count)


def descr_mod(self, w_values):
    return space.format_unicode(self, w_values)


def between(w_unicode, start, stop):
    """The part from code point *start* to *stop*."""
    first = w_unicode.position(start)
    last = w_unicode.position(stop)
    assert 0 <= first <= last
    return W_Unicode(w_unicode.utf8[first:last], stop - start)


def descr_getitem(self, w_index):
    if space.is_slice(w_index):
        start, step, length = space.slice_indices(w_index, self.length)
        if step == 1:
            return between(self, start, start + length)
        builder = StringBuilder(length)
        for _ in range(length):
            rutf8.unichr_as_utf8_append(builder, self.ordinal(start), True)
            start += step
        return W_Unicode(builder.build(), length)
    if not space.is_index(w_index):
        raise type_error("string indices must be integers")
    index = space.index_w(w_index)
    if index < 0:
        index += self.length
    if index < 0 or index >= self.length:
        raise index_error("string index out of range")
    return between(self, index, index + 1)


@unwrap_spec(start=int, stop=int)
def descr_getslice(self, start, stop):
    return descr_getitem(self, space.slice_between(start, stop))


def descr_getnewargs(self):
    return space.newtuple([exact(self)])


def descr_format_spec(self, w_specification):
    return space.format_text(self, w_specification)


def descr_format(self, __args__):
    """S.format(*args, **kwargs) -> unicode"""
    return space.format_method(self, __args__)


def descr_formatter_parser(self):
    return space.formatter_parser(self)


def descr_formatter_field_name_split(self):
    return space.formatter_field_name_split(self)


# ---- searching


@not_rpython
def _make_search(name, backwards, must_be_there):
    def method(self, w_sub, w_start=None, w_end=None):
        start, stop = space.search_bounds(w_start, w_end, self.length)
        sub = coerced(w_sub).utf8
        stop = min(stop, self.length)
        found = -1
        if start <= stop:
            first = self.position(start)
            last = self.position(stop)
            if backwards:
                found = rstring.rfind(self.utf8, sub, first, last)
            else:
                found = rstring.find(self.utf8, sub, first, last)
        if found >= 0:
            found = self.index_at(found)
        elif must_be_there:
            raise value_error("substring not found")
        return space.newint(found)

    method.__name__ = method.__qualname__ = "unicode_" + name
    return method


def descr_count(self, w_sub, w_start=None, w_end=None):
    """S.count(sub[, start[, end]]) -> int"""
    start, stop = space.search_bounds(w_start, w_end, self.length)
    w_sub = coerced(w_sub)
    stop = min(stop, self.length)
    if start > stop:
        return space.newint(0)
    if w_sub.length == 0:
        return space.newint(stop - start + 1)
    return space.newint(rstring.count(self.utf8, w_sub.utf8, self.position(start), self.position(stop)))


@not_rpython
def _make_affix(name, test):
    def has_affix(w_unicode, w_affix, start, stop):
        affix = coerced(w_affix).utf8
        stop = min(stop, w_unicode.length)
        if start > stop:
            return False
        first = w_unicode.position(start)
        last = w_unicode.position(stop)
        return last - first >= len(affix) and test(w_unicode.utf8, affix, first, last)

    def method(self, w_affix, w_start=None, w_end=None):
        start, stop = space.search_bounds(w_start, w_end, self.length)
        if space.is_tuple(w_affix):
            for w_item in space.tuple_items(w_affix):
                if has_affix(self, w_item, start, stop):
                    return space.w_True
            return space.w_False
        if space.is_bytearray(w_affix) or not (space.is_text(w_affix) or space.has_character_buffer(w_affix)):
            raise type_error("%s first arg must be str, unicode, or tuple, not %s" % (name, space.type_name(w_affix)))
        return space.newbool(has_affix(self, w_affix, start, stop))

    method.__name__ = method.__qualname__ = "unicode_" + name
    return method


# ---- splitting and joining


def separator(w_sep):
    """The UTF-8 of a separator, "" for white space."""
    if w_sep is None or space.is_none(w_sep):
        return ""
    sep = coerced(w_sep).utf8
    if sep == "":
        raise value_error("empty separator")
    return sep


def unicode_list(parts):
    return space.newlist([space.newunicode(part) for part in parts])


def split_spaces(utf8, maxsplit):
    parts = []
    position = skip_spaces(utf8, 0)
    while position < len(utf8):
        if maxsplit == 0:
            parts.append(utf8[position:])
            break
        end = position
        while end < len(utf8) and not is_space(rutf8.codepoint_at_pos(utf8, end)):
            end = rutf8.next_codepoint_pos(utf8, end)
        parts.append(utf8[position:end])
        maxsplit -= 1
        position = skip_spaces(utf8, end)
    return parts


def skip_spaces(utf8, position):
    while position < len(utf8) and is_space(rutf8.codepoint_at_pos(utf8, position)):
        position = rutf8.next_codepoint_pos(utf8, position)
    return position


def skip_spaces_back(utf8, position):
    while position > 0:
        before = rutf8.prev_codepoint_pos(utf8, position)
        if not is_space(rutf8.codepoint_at_pos(utf8, before)):
            break
        position = before
    return position


def rsplit_spaces(utf8, maxsplit):
    parts = []
    end = skip_spaces_back(utf8, len(utf8))
    while end > 0:
        start = 0
        if maxsplit != 0:
            start = end
            while start > 0:
                before = rutf8.prev_codepoint_pos(utf8, start)
                if is_space(rutf8.codepoint_at_pos(utf8, before)):
                    break
                start = before
        assert 0 <= start <= end
        parts.append(utf8[start:end])
        if maxsplit == 0:
            break
        maxsplit -= 1
        end = skip_spaces_back(utf8, start)
    parts.reverse()
    return parts


@unwrap_spec(maxsplit=int)
def descr_split(self, w_sep=None, maxsplit=-1):
    """S.split([sep [,maxsplit]]) -> list of strings"""
    sep = separator(w_sep)
    if sep == "":
        return unicode_list(split_spaces(self.utf8, maxsplit))
    return unicode_list(rstring.split(self.utf8, sep, maxsplit))


@unwrap_spec(maxsplit=int)
def descr_rsplit(self, w_sep=None, maxsplit=-1):
    """S.rsplit([sep [,maxsplit]]) -> list of strings"""
    sep = separator(w_sep)
    if sep == "":
        return unicode_list(rsplit_spaces(self.utf8, maxsplit))
    return unicode_list(rstring.rsplit(self.utf8, sep, maxsplit))


@unwrap_spec(keepends="c_int")
def descr_splitlines(self, keepends=0):
    """S.splitlines(keepends=False) -> list of strings"""
    utf8 = self.utf8
    lines = []
    start = 0
    while start < len(utf8):
        end = start
        while end < len(utf8) and not is_linebreak(rutf8.codepoint_at_pos(utf8, end)):
            end = rutf8.next_codepoint_pos(utf8, end)
        following = end
        if following < len(utf8):
            following = rutf8.next_codepoint_pos(utf8, end)
            if utf8[end] == "\r" and following < len(utf8) and utf8[following] == "\n":
                following += 1
        assert 0 <= start <= end <= following
        lines.append(utf8[start:following] if keepends else utf8[start:end])
        start = following
    return unicode_list(lines)


def descr_partition(self, w_sep):
    """S.partition(sep) -> (head, sep, tail)"""
    w_sep = coerced(w_sep)
    if w_sep.length == 0:
        raise value_error("empty separator")
    position = self.utf8.find(w_sep.utf8)
    if position < 0:
        return space.newtuple([self, W_Unicode("", 0), W_Unicode("", 0)])
    return three_parts(self.utf8, position, w_sep)


def descr_rpartition(self, w_sep):
    """S.rpartition(sep) -> (head, sep, tail)"""
    w_sep = coerced(w_sep)
    if w_sep.length == 0:
        raise value_error("empty separator")
    position = self.utf8.rfind(w_sep.utf8)
    if position < 0:
        return space.newtuple([W_Unicode("", 0), W_Unicode("", 0), self])
    return three_parts(self.utf8, position, w_sep)


def three_parts(utf8, position, w_sep):
    after = position + len(w_sep.utf8)
    return space.newtuple([space.newunicode(utf8[:position]), w_sep, space.newunicode(utf8[after:])])


def descr_join(self, w_items):
    """S.join(iterable) -> unicode"""
    if not space.is_iterable(w_items):
        raise type_error("can only join an iterable")
    items_w = space.unpack_list(w_items)
    if len(items_w) == 1 and isinstance(items_w[0], W_Unicode):
        return items_w[0]
    builder = StringBuilder()
    length = 0
    for index in range(len(items_w)):
        w_item = items_w[index]
        if not (isinstance(w_item, W_AnyUnicode) or isinstance(w_item, W_AnyStr)):
            raise type_error(
                "sequence item %d: expected string or Unicode, %s found" % (index, space.type_name(w_item)))
        w_text = coerced(w_item)
        if index > 0:
            builder.append(self.utf8)
            length += self.length
        builder.append(w_text.utf8)
        length += w_text.length
    return W_Unicode(builder.build(), length)


@unwrap_spec(count=int)
def descr_replace(self, w_old, w_new, count=-1):
    """S.replace(old, new[, count]) -> unicode"""
    old = coerced(w_old)
    new = coerced(w_new)
    if old.length == 0 and not self.is_ascii():
        return space.newunicode(replace_between(self.utf8, new.utf8, count))
    try:
        return space.newunicode(rstring.replace(self.utf8, old.utf8, new.utf8, count))
    except OverflowError:
        raise operror(space.w_OverflowError, "replace string is too long")


def replace_between(utf8, new, count):
    """*new* before each character and at the end, *count* times at most."""
    builder = StringBuilder()
    position = 0
    while count != 0:
        builder.append(new)
        count -= 1
        if position >= len(utf8):
            return builder.build()
        following = rutf8.next_codepoint_pos(utf8, position)
        builder.append_slice(utf8, position, following)
        position = following
    builder.append_slice(utf8, position, len(utf8))
    return builder.build()


# ---- stripping and padding


def is_stripped(code, chars):
    """Whether a strip method removes *code*; *chars* is UTF-8, or None for white space."""
    if chars is None:
        return is_space(code)
    return rutf8.unichr_as_utf8(code, True) in chars


@not_rpython
def _make_strip(name, left, right):
    def method(self, w_chars=None):
        utf8 = self.utf8
        chars = None
        if w_chars is not None and not space.is_none(w_chars):
            if not (isinstance(w_chars, W_AnyUnicode) or isinstance(w_chars, W_AnyStr)):
                raise type_error("%s arg must be None, unicode or str" % name)
            chars = coerced(w_chars).utf8
        start = 0
        end = len(utf8)
        if left:
            while start < end and is_stripped(rutf8.codepoint_at_pos(utf8, start), chars):
                start = rutf8.next_codepoint_pos(utf8, start)
        if right:
            while end > start:
                before = rutf8.prev_codepoint_pos(utf8, end)
                if not is_stripped(rutf8.codepoint_at_pos(utf8, before), chars):
                    break
                end = before
        if start == 0 and end == len(utf8):
            return exact(self)
        assert 0 <= start <= end
        return space.newunicode(utf8[start:end])

    method.__name__ = method.__qualname__ = "unicode_" + name
    return method


def fill_character(w_fill):
    """The UTF-8 of a fill character."""
    if w_fill is None:
        return " "
    if not (isinstance(w_fill, W_AnyUnicode) or isinstance(w_fill, W_AnyStr)):
        raise type_error("The fill character cannot be converted to Unicode")
    w_text = coerced(w_fill)
    if w_text.length != 1:
        raise type_error("The fill character must be exactly one character long")
    return w_text.utf8


def padded(w_unicode, left, right, fill):
    if left == 0 and right == 0:
        return exact(w_unicode)
    if left > 2 ** 46 or right > 2 ** 46:
        raise MemoryError
    return W_Unicode(fill * left + w_unicode.utf8 + fill * right, left + w_unicode.length + right)


def missing_width(w_unicode, width):
    return width - w_unicode.length if width > w_unicode.length else 0


@unwrap_spec(width=int)
def descr_center(self, width, w_fillchar=None):
    """S.center(width[, fillchar]) -> unicode"""
    fill = fill_character(w_fillchar)
    missing = missing_width(self, width)
    left = missing // 2 + (missing & width & 1)
    return padded(self, left, missing - left, fill)


@unwrap_spec(width=int)
def descr_ljust(self, width, w_fillchar=None):
    """S.ljust(width[, fillchar]) -> unicode"""
    return padded(self, 0, missing_width(self, width), fill_character(w_fillchar))


@unwrap_spec(width=int)
def descr_rjust(self, width, w_fillchar=None):
    """S.rjust(width[, fillchar]) -> unicode"""
    return padded(self, missing_width(self, width), 0, fill_character(w_fillchar))


@unwrap_spec(width=int)
def descr_zfill(self, width):
    """S.zfill(width) -> unicode"""
    missing = missing_width(self, width)
    utf8 = self.utf8
    if missing == 0 or utf8 == "" or (utf8[0] != "+" and utf8[0] != "-"):
        return padded(self, missing, 0, "0")
    if missing > 2 ** 46:
        raise MemoryError
    return W_Unicode(utf8[0] + "0" * missing + utf8[1:], width)


@unwrap_spec(tabsize="c_int")
def descr_expandtabs(self, tabsize=8):
    """S.expandtabs([tabsize]) -> unicode"""
    builder = StringBuilder(len(self.utf8))
    column = 0
    total = 0
    for character in self.utf8:
        if character == "\t":
            if tabsize > 0:
                count = tabsize - column % tabsize
                column += count
                total += count
                if total > 2 ** 46:
                    raise operror(space.w_OverflowError, "new string is too long")
                builder.append_multiple_char(" ", count)
            continue
        builder.append(character)
        if ord(character) & 0xC0 != 0x80:
            column += 1
            total += 1
        if character == "\n" or character == "\r":
            column = 0
    return space.newunicode(builder.build())


def descr_translate(self, w_table):
    """S.translate(table) -> unicode"""
    builder = StringBuilder(len(self.utf8))
    position = 0
    while position < len(self.utf8):
        code = rutf8.codepoint_at_pos(self.utf8, position)
        position = rutf8.next_codepoint_pos(self.utf8, position)
        append_translated(builder, code, w_table)
    return space.newunicode(builder.build())


def append_translated(builder, code, w_table):
    try:
        w_value = space.getitem(w_table, space.newint(code))
    except OperationError as error:
        if not error.match(space.w_LookupError):
            raise
        rutf8.unichr_as_utf8_append(builder, code, True)
        return
    if space.is_none(w_value):
        return
    if isinstance(w_value, W_AnyUnicode):
        builder.append(w_value.utf8)
        return
    if not (space.is_int(w_value) or space.is_long(w_value)):
        raise type_error("character mapping must return integer, None or unicode")
    result = space.int_w(w_value)
    if result < 0 or result > rutf8.MAXIMUM_CODE_POINT:
        raise type_error("character mapping must be in range(0x110000)")
    rutf8.unichr_as_utf8_append(builder, result, True)


_entries = dict(
    CASE_ENTRIES,
    __doc__="unicode(object='') -> unicode object\n"
            "unicode(string[, encoding[, errors]]) -> unicode object\n\n"
            "Create a new Unicode object from the given encoded string.\n"
            "encoding defaults to the current default string encoding.\n"
            "errors can be 'strict', 'replace' or 'ignore' and defaults to 'strict'.",
    __new__=descr_new,
    __str__=descr_str,
    __repr__=descr_repr,
    __hash__=descr_hash,
    __len__=descr_len,
    __contains__=descr_contains,
    __add__=descr_add,
    __mul__=descr_mul,
    __rmul__=descr_mul,
    __mod__=descr_mod,
    __getitem__=descr_getitem,
    __getslice__=descr_getslice,
    __getnewargs__=descr_getnewargs,
    __format__=descr_format_spec,
    format=descr_format,
    _formatter_parser=descr_formatter_parser,
    _formatter_field_name_split=descr_formatter_field_name_split,
    encode=descr_encode,
    decode=descr_decode,
    find=_make_search("find", False, False),
    rfind=_make_search("rfind", True, False),
    index=_make_search("index", False, True),
    rindex=_make_search("rindex", True, True),
    count=descr_count,
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
    center=descr_center,
    ljust=descr_ljust,
    rjust=descr_rjust,
    zfill=descr_zfill,
    expandtabs=descr_expandtabs,
    translate=descr_translate,
)
for _name, _test in COMPARISONS.items():
    _entries["__%s__" % _name] = _make_comparison(_name, _test)
define_type(W_AnyUnicode, "unicode", _entries, base=W_BaseString, user_class=W_UnicodeUser, exact=W_Unicode)
define_type(W_UnicodeIterator, "iterator", ITERATOR_ENTRIES, acceptable_as_base=False)
