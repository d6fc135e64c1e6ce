"""``unicode``: text as UTF-8 in an interpreter string, with its length in code points.

The searching and transforming methods are in `unicode_methods`.
"""

from ouro.interp_py27.objects.buffers import code_point_buffer
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.str_object import hash_secret, str_hash
from ouro.rlib import rutf8
from ouro.rlib.rarithmetic import intmask

NO_HASH = -1


class NonAscii:
    """What has been found out about a text that is not ASCII.

    Attributes:
        index: a `rutf8.Utf8Index`, which turns code point indices into byte positions, or None.
        hash: the hash, or NO_HASH.
    """

    def __init__(self):
        self.index = None
        self.hash = NO_HASH


class W_AnyUnicode(W_Root):
    """A unicode object or an instance of a subclass.

    `known` (a `NonAscii`, made when first needed) is None for ASCII text, which needs nothing of it.
    """

    _attrs_ = ("utf8", "length", "known")
    _immutable_fields_ = ["utf8", "length"]
    known = None

    def __init__(self, utf8, length):
        self.utf8 = utf8
        self.length = length

    def get_buffer(self):
        return code_point_buffer(self.utf8)

    def is_ascii(self):
        return self.length == len(self.utf8)

    def position(self, index):
        """The byte position of code point `index` (0 to length)."""
        if self.is_ascii():
            return index
        return self.code_point_index().position(self.utf8, index)

    def index_at(self, position):
        """The code point index of a byte position."""
        if self.is_ascii():
            return position
        return self.code_point_index().index(self.utf8, position)

    def what_is_known(self):
        known = self.known
        if known is None:
            self.known = known = NonAscii()
        return known

    def code_point_index(self):
        known = self.what_is_known()
        index = known.index
        if index is None:
            known.index = index = rutf8.Utf8Index(self.utf8, self.length)
        return index

    def hash(self):
        """That of the str with the same characters for ASCII; else of the code points."""
        if self.is_ascii():
            return str_hash(self.utf8)
        known = self.what_is_known()
        if known.hash == NO_HASH:
            known.hash = code_points_hash(self.utf8, self.length)
        return known.hash

    def ordinal(self, index):
        return rutf8.codepoint_at_pos(self.utf8, self.position(index))


class W_Unicode(W_AnyUnicode):
    """An exact unicode object."""

    def is_same(self, w_other):
        return isinstance(w_other, W_Unicode) and self.length <= 1 and self.utf8 == w_other.utf8 or self is w_other


W_UnicodeUser = make_user_class(W_AnyUnicode)


def code_points_hash(utf8, length):
    """The hash of text that is not empty, as CPython's with four bytes a character."""
    h = hash_secret.prefix ^ (rutf8.codepoint_at_pos(utf8, 0) << 7)
    position = 0
    while position < len(utf8):
        h = intmask(h * 1000003) ^ rutf8.codepoint_at_pos(utf8, position)
        position = rutf8.next_codepoint_pos(utf8, position)
    h ^= length ^ hash_secret.suffix
    return -2 if h == -1 else h


def unicode_ordinal(w_unicode, index):
    """The code point at `index`."""
    assert isinstance(w_unicode, W_AnyUnicode)
    return w_unicode.ordinal(index)


class W_UnicodeIterator(W_Root):
    _attrs_ = ("utf8", "position")

    def __init__(self, utf8):
        self.utf8 = utf8
        self.position = 0

    def iter_next(self):
        position = self.position
        if position >= len(self.utf8):
            return None
        following = rutf8.next_codepoint_pos(self.utf8, position)
        assert position >= 0
        self.position = following
        return W_Unicode(self.utf8[position:following], 1)
