"""``unicode``: text as UTF-8 in an interpreter string, with its length in code points.

The searching and transforming methods are in `unicode_methods`.
"""

from ouro.interp_py27.objects.buffers import code_point_buffer
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.rlib import rutf8


class W_AnyUnicode(W_Root):
    """A unicode object or an instance of a subclass.

    `index` (a `rutf8.Utf8Index`, made when first needed) turns code point indices into byte positions.
    """

    _attrs_ = ("utf8", "length", "index")
    _immutable_fields_ = ["utf8", "length"]
    index = None

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
        if self.index is None:
            self.index = rutf8.Utf8Index(self.utf8, self.length)
        return self.index.position(self.utf8, index)

    def index_at(self, position):
        """The code point index of a byte position."""
        if self.is_ascii():
            return position
        if self.index is None:
            self.index = rutf8.Utf8Index(self.utf8, self.length)
        return self.index.index(self.utf8, position)

    def ordinal(self, index):
        return rutf8.codepoint_at_pos(self.utf8, self.position(index))


class W_Unicode(W_AnyUnicode):
    """An exact unicode object."""

    def is_same(self, w_other):
        return isinstance(w_other, W_Unicode) and self.length <= 1 and self.utf8 == w_other.utf8 or self is w_other


W_UnicodeUser = make_user_class(W_AnyUnicode)


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
