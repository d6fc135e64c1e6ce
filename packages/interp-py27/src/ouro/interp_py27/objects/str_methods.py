"""The methods of ``str``."""

from ouro.interp_py27.objects.str_object import ENTRIES, W_AnyStr, W_BaseString, W_Str, W_StrIterator, W_StrUser
from ouro.interp_py27.vm.typedef import ITERATOR_ENTRIES, define_type

define_type(W_AnyStr, "str", ENTRIES, base=W_BaseString, user_class=W_StrUser, exact=W_Str)
define_type(W_StrIterator, "iterator", dict(
    ITERATOR_ENTRIES, __length_hint__=W_StrIterator.descr_length_hint), acceptable_as_base=False)
