"""The methods of ``str``.

Where an argument is a unicode object the method is that of ``unicode``, on the decoded string.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.list_object import W_List
from ouro.interp_py27.objects.list_strategies import STRS
from ouro.interp_py27.objects.str_object import (
    ENTRIES,
    LONGEST,
    W_AnyStr,
    W_BaseString,
    W_Str,
    W_StrIterator,
    W_StrUser,
)
from ouro.interp_py27.vm.errors import operror, overflow_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec, wrong_kind
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, define_type
from ouro.rlib import jit, rstring
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rstring import StringBuilder

WHITE_SPACE = " \t\n\r\x0b\x0c"


def as_unicode(w_str, name, args_w):
    """Call method `name` of ``unicode`` on the decoded string."""
    return space.getattr_str(space.decode_default(w_str), name).call_list(args_w)


def optional_list(args_w):
    """The arguments up to the first that was not passed."""
    result_w = []
    for w_arg in args_w:
        if w_arg is None:
            break
        result_w.append(w_arg)
    return result_w


def buffer_text(w_obj, what):
    """The characters of a str or buffer."""
    if space.is_str(w_obj):
        return space.bytes_w(w_obj)
    buffer = w_obj.get_buffer()
    if buffer is None or not buffer.textual:
        raise type_error("expected a string or other character buffer object")
    return buffer.all_text()


# ---- searching


@not_rpython
def _make_search(name, search):
    """`search(value, sub, start, stop)` gives an int."""

    def method(self, w_sub, w_start=None, w_end=None):
        start, stop = space.search_bounds(w_start, w_end, len(self.value))
        if space.is_unicode(w_sub):
            return as_unicode(self, name, [w_sub, space.newint(start), space.newint(stop)])
        sub = buffer_text(w_sub, name)
        return space.newint(search(self.value, sub, start, min(stop, len(self.value))))

    method.__name__ = method.__qualname__ = "str_" + name
    return method


def do_find(value, sub, start, stop):
    if start > len(value) or start > stop:
        return -1
    return rstring.find(value, sub, start, stop)


def do_rfind(value, sub, start, stop):
    if start > len(value) or start > stop:
        return -1
    return rstring.rfind(value, sub, start, stop)


def do_index(value, sub, start, stop):
    position = do_find(value, sub, start, stop)
    if position < 0:
        raise value_error("substring not found")
    return position


def do_rindex(value, sub, start, stop):
    position = do_rfind(value, sub, start, stop)
    if position < 0:
        raise value_error("substring not found")
    return position


def do_count(value, sub, start, stop):
    if start > len(value) or start > stop:
        return 0
    return rstring.count(value, sub, start, stop)


@not_rpython
def _make_affix(name, test):
    def method(self, w_affix, w_start=None, w_end=None):
        start, stop = space.search_bounds(w_start, w_end, len(self.value))
        if space.is_tuple(w_affix):
            return space.newbool(has_some_affix(self, space.tuple_items(w_affix), w_start, w_end, start, stop))
        if not space.is_text(w_affix) and not space.has_character_buffer(w_affix):
            raise type_error("%s first arg must be str, unicode, or tuple, not %s" % (
                name, space.type_name(w_affix)))
        return space.newbool(has_affix(self, w_affix, w_start, w_end, start, stop))

    @jit.look_inside_iff(lambda w_str, affixes_w, w_start, w_end, start, stop: jit.loop_unrolling_heuristic(
        affixes_w, len(affixes_w), 8))
    def has_some_affix(w_str, affixes_w, w_start, w_end, start, stop):
        for w_affix in affixes_w:
            if has_affix(w_str, w_affix, w_start, w_end, start, stop):
                return True
        return False

    def has_affix(w_str, w_affix, w_start, w_end, start, stop):
        if space.is_unicode(w_affix):
            return space.is_true(as_unicode(w_str, name, optional_list([w_affix, w_start, w_end])))
        affix = buffer_text(w_affix, name)
        stop = min(stop, len(w_str.value))
        if stop - start < len(affix) or start > len(w_str.value):
            return False
        return test(w_str.value, affix, start, stop)

    method.__name__ = method.__qualname__ = "str_" + name
    return method


# ---- splitting and joining


def split_arguments(w_sep):
    if w_sep is None or space.is_none(w_sep):
        return None
    sep = buffer_text(w_sep, "split")
    if sep == "":
        raise value_error("empty separator")
    return sep


@unwrap_spec(maxsplit=int)
def str_split(self, w_sep=None, maxsplit=-1):
    """S.split([sep [,maxsplit]]) -> list of strings"""
    if w_sep is not None and space.is_unicode(w_sep):
        return as_unicode(self, "split", [w_sep, space.newint(maxsplit)])
    return space.newlist_text(rstring.split(self.value, split_arguments(w_sep), maxsplit))


@unwrap_spec(maxsplit=int)
def str_rsplit(self, w_sep=None, maxsplit=-1):
    """S.rsplit([sep [,maxsplit]]) -> list of strings"""
    if w_sep is not None and space.is_unicode(w_sep):
        return as_unicode(self, "rsplit", [w_sep, space.newint(maxsplit)])
    return space.newlist_text(rstring.rsplit(self.value, split_arguments(w_sep), maxsplit))


@unwrap_spec(keepends="c_int")
def str_splitlines(self, keepends=0):
    """S.splitlines(keepends=False) -> list of strings"""
    return space.newlist_text(split_lines(self.value, keepends))


def split_lines(value, keepends):
    """The lines of an interpreter string."""
    lines = []
    position = 0
    while position < len(value):
        end = position
        while end < len(value) and value[end] != "\n" and value[end] != "\r":
            end += 1
        following = end
        if following < len(value):
            following += 1
            if value[end] == "\r" and following < len(value) and value[following] == "\n":
                following += 1
        lines.append(value[position:following] if keepends else value[position:end])
        position = following
    return lines


def separator_text(self, w_sep):
    sep = buffer_text(w_sep, "partition")
    if sep == "":
        raise value_error("empty separator")
    return sep


def str_partition(self, w_sep):
    """S.partition(sep) -> (head, sep, tail)"""
    if space.is_unicode(w_sep):
        return as_unicode(self, "partition", [w_sep])
    sep = separator_text(self, w_sep)
    position = self.value.find(sep)
    if position < 0:
        return space.newtuple([self, space.newstr(""), space.newstr("")])
    return space.newtuple([
        space.newstr(self.value[:position]), w_sep, space.newstr(self.value[position + len(sep):])])


def str_rpartition(self, w_sep):
    """S.rpartition(sep) -> (head, sep, tail)"""
    if space.is_unicode(w_sep):
        return as_unicode(self, "rpartition", [w_sep])
    sep = separator_text(self, w_sep)
    position = self.value.rfind(sep)
    if position < 0:
        return space.newtuple([space.newstr(""), space.newstr(""), self])
    return space.newtuple([
        space.newstr(self.value[:position]), w_sep, space.newstr(self.value[position + len(sep):])])


def str_join(self, w_items):
    """S.join(iterable) -> string"""
    if not space.is_iterable(w_items):
        raise type_error("can only join an iterable")
    if isinstance(w_items, W_List) and w_items.strategy is STRS:
        return space.newstr(self.value.join(STRS.unerase(w_items.storage)))
    items_w = space.unpack_list(w_items)
    if len(items_w) == 1 and space.is_str(items_w[0]) and items_w[0].getclass() is space.w_str:
        return items_w[0]
    size = 0
    for i in range(len(items_w)):
        w_item = items_w[i]
        if space.is_unicode(w_item):
            return as_unicode(self, "join", [space.newlist(items_w)])
        if not isinstance(w_item, W_AnyStr):
            raise type_error("sequence item %d: expected string, %s found" % (i, space.type_name(w_item)))
        size += len(w_item.value) + len(self.value)
    builder = StringBuilder(size)
    for i in range(len(items_w)):
        if i > 0 and self.value != "":
            builder.append(self.value)
        w_item = items_w[i]
        assert isinstance(w_item, W_AnyStr)
        builder.append(w_item.value)
    return space.newstr(builder.build())


@unwrap_spec(count=int)
def str_replace(self, w_old, w_new, count=-1):
    """S.replace(old, new[, count]) -> string"""
    if space.is_unicode(w_old):
        return as_unicode(self, "replace", [w_old, w_new, space.newint(count)])
    old = buffer_text(w_old, "replace")
    if space.is_unicode(w_new):
        return as_unicode(self, "replace", [w_old, w_new, space.newint(count)])
    new = buffer_text(w_new, "replace")
    return space.newstr(replaced(self.value, old, new, count))


def replaced(value, old, new, count):
    """An interpreter string with `old` replaced by `new`, at most `count` times where that is not negative."""
    try:
        return rstring.replace(value, old, new, count)
    except OverflowError:
        raise operror(space.w_OverflowError, "replace string is too long")


# ---- stripping and padding


def stripped(value, chars, left, right):
    """An interpreter string without the characters at its ends that are in `chars`."""
    start = 0
    end = len(value)
    if left:
        while start < end and value[start] in chars:
            start += 1
    if right:
        while end > start and value[end - 1] in chars:
            end -= 1
    if start == 0 and end == len(value):
        return value
    return value[start:end]


@not_rpython
def _make_strip(name, left, right):
    def method(self, w_chars=None):
        value = self.value
        if w_chars is None or space.is_none(w_chars):
            chars = WHITE_SPACE
        elif space.is_unicode(w_chars):
            return as_unicode(self, name, [w_chars])
        elif space.is_str(w_chars):
            chars = space.bytes_w(w_chars)
        else:
            raise type_error("%s arg must be None, str or unicode" % name)
        text = stripped(value, chars, left, right)
        if len(text) == len(value) and isinstance(self, W_Str):
            return self
        return space.newstr(text)

    method.__name__ = method.__qualname__ = "str_" + name
    return method


def fill_character(w_fill, name):
    if w_fill is None:
        return " "
    if not space.is_str(w_fill) or len(space.bytes_w(w_fill)) != 1:
        raise wrong_kind("%s() argument 2 " % name, "char", w_fill)
    return space.bytes_w(w_fill)


def padded(w_str, left, right, fill):
    value = w_str.value
    if left == 0 and right == 0 and isinstance(w_str, W_Str):
        return w_str
    check_padding(left + right, len(value))
    return space.newstr(fill * left + value + fill * right)


def missing_width(w_str, width):
    length = len(w_str.value)
    return width - length if width > length else 0


def check_padding(missing, length):
    """A result of `missing` more characters must fit CPython's strings, and memory."""
    if missing > LONGEST - length:
        raise overflow_error("string is too large")
    if missing > 2 ** 48:
        raise MemoryError


@unwrap_spec(width=int)
def str_center(self, width, w_fillchar=None):
    """S.center(width[, fillchar]) -> string"""
    fill = fill_character(w_fillchar, "center")
    missing = missing_width(self, width)
    left = missing // 2 + (missing & width & 1)
    return padded(self, left, missing - left, fill)


@unwrap_spec(width=int)
def str_ljust(self, width, w_fillchar=None):
    """S.ljust(width[, fillchar]) -> string"""
    fill = fill_character(w_fillchar, "ljust")
    return padded(self, 0, missing_width(self, width), fill)


@unwrap_spec(width=int)
def str_rjust(self, width, w_fillchar=None):
    """S.rjust(width[, fillchar]) -> string"""
    fill = fill_character(w_fillchar, "rjust")
    return padded(self, missing_width(self, width), 0, fill)


@unwrap_spec(width=int)
def str_zfill(self, width):
    """S.zfill(width) -> string"""
    value = self.value
    missing = missing_width(self, width)
    if missing == 0:
        return padded(self, 0, 0, "0")
    check_padding(missing, len(value))
    if value != "" and (value[0] == "+" or value[0] == "-"):
        return space.newstr(value[0] + "0" * missing + value[1:])
    return space.newstr("0" * missing + value)


@unwrap_spec(tabsize="c_int")
def str_expandtabs(self, tabsize=8):
    """S.expandtabs([tabsize]) -> string"""
    builder = StringBuilder(len(self.value))
    column = 0
    total = 0
    for character in self.value:
        if character == "\t":
            if tabsize > 0:
                count = tabsize - column % tabsize
                column += count
                total += count
                if total > 2 ** 48:
                    raise operror(space.w_OverflowError, "new string is too long")
                builder.append_multiple_char(" ", count)
        else:
            builder.append(character)
            column += 1
            total += 1
            if character == "\n" or character == "\r":
                column = 0
    return space.newstr(builder.build())


# ---- case and character classes


def is_upper(character):
    return "A" <= character <= "Z"


def is_lower(character):
    return "a" <= character <= "z"


def is_digit(character):
    return "0" <= character <= "9"


def is_space(character):
    return character == " " or "\t" <= character <= "\r"


def to_upper(character):
    if is_lower(character):
        return chr(ord(character) - 32)
    return character


def to_lower(character):
    if is_upper(character):
        return chr(ord(character) + 32)
    return character


def swap_case(character):
    if is_upper(character):
        return to_lower(character)
    return to_upper(character)


@not_rpython
def _make_mapping(name, change):
    def method(self):
        value = self.value
        builder = StringBuilder(len(value))
        for character in value:
            builder.append(change(character))
        return space.newstr(builder.build())

    method.__name__ = method.__qualname__ = "str_" + name
    return method


def str_capitalize(self):
    """S.capitalize() -> string"""
    value = self.value
    builder = StringBuilder(len(value))
    for i in range(len(value)):
        builder.append(to_upper(value[i]) if i == 0 else to_lower(value[i]))
    return space.newstr(builder.build())


def str_title(self):
    """S.title() -> string"""
    builder = StringBuilder(len(self.value))
    inside = False
    for character in self.value:
        if is_upper(character) or is_lower(character):
            builder.append(to_lower(character) if inside else to_upper(character))
            inside = True
        else:
            builder.append(character)
            inside = False
    return space.newstr(builder.build())


@not_rpython
def _make_all(name, test):
    """All characters, and at least one."""

    def method(self):
        if self.value == "":
            return space.w_False
        for character in self.value:
            if not test(character):
                return space.w_False
        return space.w_True

    method.__name__ = method.__qualname__ = "str_" + name
    return method


def str_isupper(self):
    """S.isupper() -> bool"""
    found = False
    for character in self.value:
        if is_lower(character):
            return space.w_False
        found = found or is_upper(character)
    return space.newbool(found)


def str_islower(self):
    """S.islower() -> bool"""
    found = False
    for character in self.value:
        if is_upper(character):
            return space.w_False
        found = found or is_lower(character)
    return space.newbool(found)


def str_istitle(self):
    """S.istitle() -> bool"""
    found = False
    inside = False
    for character in self.value:
        if is_upper(character):
            if inside:
                return space.w_False
            inside = True
            found = True
        elif is_lower(character):
            if not inside:
                return space.w_False
        else:
            inside = False
    return space.newbool(found)


def str_translate(self, w_table, w_deletechars=None):
    """S.translate(table [,deletechars]) -> string"""
    if space.is_unicode(w_table):
        if w_deletechars is not None:
            raise type_error("deletions are implemented differently for unicode")
        return as_unicode(self, "translate", [w_table])
    plain = space.is_none(w_table)
    table = ""
    if not plain:
        table = buffer_text(w_table, "translate")
        if len(table) != 256:
            raise value_error("translation table must be 256 characters long")
    deleted = ""
    if w_deletechars is not None:
        if space.is_unicode(w_deletechars):
            raise type_error("deletions are implemented differently for unicode")
        deleted = buffer_text(w_deletechars, "translate")
    builder = StringBuilder(len(self.value))
    for character in self.value:
        if character in deleted:
            continue
        builder.append(character if plain else table[ord(character)])
    return space.newstr(builder.build())


@unwrap_spec(encoding="c_text", errors="c_text")
def str_encode(self, encoding=None, errors="strict"):
    """S.encode([encoding[,errors]]) -> object"""
    return space.encode_object(self, space.encoding_or_default(encoding), errors)


@unwrap_spec(encoding="c_text", errors="c_text")
def str_decode(self, encoding=None, errors="strict"):
    """S.decode([encoding[,errors]]) -> object"""
    return space.decode_object(self, space.encoding_or_default(encoding), errors)


def str_format(self, __args__):
    """S.format(*args, **kwargs) -> string"""
    return space.format_method(self, __args__)


def str_formatter_parser(self):
    return space.formatter_parser(self)


def str_formatter_field_name_split(self):
    return space.formatter_field_name_split(self)


METHODS = dict(
    ENTRIES,
    find=_make_search("find", do_find),
    rfind=_make_search("rfind", do_rfind),
    index=_make_search("index", do_index),
    rindex=_make_search("rindex", do_rindex),
    count=_make_search("count", do_count),
    startswith=_make_affix("startswith", rstring.startswith),
    endswith=_make_affix("endswith", rstring.endswith),
    split=str_split,
    rsplit=str_rsplit,
    splitlines=str_splitlines,
    partition=str_partition,
    rpartition=str_rpartition,
    join=str_join,
    replace=str_replace,
    strip=_make_strip("strip", True, True),
    lstrip=_make_strip("lstrip", True, False),
    rstrip=_make_strip("rstrip", False, True),
    center=str_center,
    ljust=str_ljust,
    rjust=str_rjust,
    zfill=str_zfill,
    expandtabs=str_expandtabs,
    upper=_make_mapping("upper", to_upper),
    lower=_make_mapping("lower", to_lower),
    swapcase=_make_mapping("swapcase", swap_case),
    capitalize=str_capitalize,
    title=str_title,
    isalpha=_make_all("isalpha", lambda c: is_upper(c) or is_lower(c)),
    isalnum=_make_all("isalnum", lambda c: is_upper(c) or is_lower(c) or is_digit(c)),
    isdigit=_make_all("isdigit", is_digit),
    isspace=_make_all("isspace", is_space),
    isupper=str_isupper,
    islower=str_islower,
    istitle=str_istitle,
    translate=str_translate,
    encode=str_encode,
    decode=str_decode,
    format=str_format,
    _formatter_parser=str_formatter_parser,
    _formatter_field_name_split=str_formatter_field_name_split,
)
define_type(W_AnyStr, "str", METHODS, base=W_BaseString, user_class=W_StrUser, exact=W_Str)
define_type(W_StrIterator, "iterator", dict(
    ITERATOR_ENTRIES, __length_hint__=W_StrIterator.descr_length_hint), acceptable_as_base=False)
