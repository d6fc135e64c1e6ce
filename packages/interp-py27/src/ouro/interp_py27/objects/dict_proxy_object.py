"""``dictproxy``: the read-only view of a class's namespace."""

from ouro.interp_py27.objects import comparison, space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import key_error
from ouro.interp_py27.vm.typedef import define_type
from ouro.rlib.objectmodel import not_rpython


class W_DictProxy(W_Root):
    _attrs_ = ("w_type",)

    def __init__(self, w_type):
        self.w_type = w_type

    def find(self, w_key):
        if not space.is_str(w_key):
            return None
        return self.w_type.own_attribute(space.text_w(w_key))

    def as_dict(self):
        """A dictionary with the same items."""
        w_dict = space.newdict()
        w_type = self.w_type
        for name in w_type.dict_w:
            w_dict.setitem_str(name, w_type.own_attribute(name))
        return w_dict


def new_dict_proxy(w_type):
    return W_DictProxy(w_type)


def proxy_len(self):
    return space.newint(len(self.w_type.dict_w))


def proxy_getitem(self, w_key):
    w_value = self.find(w_key)
    if w_value is None:
        raise key_error(w_key)
    return w_value


def proxy_contains(self, w_key):
    return space.newbool(self.find(w_key) is not None)


def proxy_get(self, w_key, w_default=None):
    w_value = self.find(w_key)
    return w_default if w_value is None else w_value


def proxy_repr(self):
    return space.newstr("dict_proxy(%s)" % space.repr_text(self.as_dict()))


def proxy_str(self):
    return space.repr(self.as_dict())


@not_rpython
def _make_forward(name):
    """A method that the dictionary with the same items has."""

    def method(self):
        return space.getattr_str(self.as_dict(), name).call_0()

    method.__name__ = method.__qualname__ = "proxy_" + name
    return method


def proxy_cmp(self, w_other):
    if isinstance(w_other, W_DictProxy):
        w_other = w_other.as_dict()
    return space.newint(space.cmp_int(self.as_dict(), w_other))


@not_rpython
def _make_comparison(name, operation):
    def compare(self, w_other):
        if isinstance(w_other, W_DictProxy):
            w_other = w_other.as_dict()
        return operation(self.as_dict(), w_other)

    compare.__name__ = compare.__qualname__ = "proxy_" + name
    return compare


_entries = {
    "__len__": proxy_len,
    "__getitem__": proxy_getitem,
    "__contains__": proxy_contains,
    "__repr__": proxy_repr,
    "__str__": proxy_str,
    "__iter__": _make_forward("__iter__"),
    "__cmp__": proxy_cmp,
    "get": proxy_get,
    "has_key": proxy_contains,
}
for _name in ["keys", "values", "items", "iterkeys", "itervalues", "iteritems", "copy"]:
    _entries[_name] = _make_forward(_name)
for _name, _operation in [
    ("eq", comparison.eq), ("ne", comparison.ne), ("lt", comparison.lt), ("le", comparison.le), ("gt", comparison.gt),
    ("ge", comparison.ge),
]:
    _entries["__%s__" % _name] = _make_comparison(_name, _operation)
define_type(W_DictProxy, "dictproxy", _entries, acceptable_as_base=False)
