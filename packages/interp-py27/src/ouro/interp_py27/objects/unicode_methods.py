"""The methods of ``unicode``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.str_object import W_BaseString
from ouro.interp_py27.objects.unicode_object import W_AnyUnicode, W_Unicode, W_UnicodeIterator, W_UnicodeUser
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, define_type


def descr_len(self):
    return space.newint(self.length)


def descr_iter(self):
    return W_UnicodeIterator(self.utf8)


define_type(W_AnyUnicode, "unicode", {
    "__len__": descr_len,
    "__iter__": descr_iter,
}, base=W_BaseString, user_class=W_UnicodeUser, exact=W_Unicode)
define_type(W_UnicodeIterator, "iterator", ITERATOR_ENTRIES, acceptable_as_base=False)
