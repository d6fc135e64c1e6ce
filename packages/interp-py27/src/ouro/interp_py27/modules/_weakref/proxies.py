"""Weak proxies: objects that do everything their weakly referenced object does.

Each special method does on the objects behind its arguments what the interpreter would do on them directly.
"""

from ouro.interp_py27.modules._weakref.references import (
    W_AnyReference,
    given_callback,
    reference_error,
    require_lifeline,
    weak_root,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import stop_iteration
from ouro.interp_py27.vm.typedef import define_type, forward_call
from ouro.rlib.objectmodel import not_rpython


class W_AnyProxy(W_AnyReference):
    _attrs_ = ()

    def require(self):
        w_obj = self.dereference()
        if w_obj is None:
            raise reference_error()
        return w_obj


class W_Proxy(W_AnyProxy):
    _attrs_ = ()


class W_CallableProxy(W_AnyProxy):
    _attrs_ = ()

    def call_args(self, args):
        return self.require().call_args(args)


def new_proxy(w_obj, w_callback):
    """A proxy; without a callback there is one for each object."""
    lifeline = require_lifeline(w_obj)
    w_callback = given_callback(w_callback)
    if w_callback is None:
        w_known = lifeline.plain_proxy()
        if w_known is not None:
            return w_known
    if space.is_callable(w_obj):
        w_proxy = W_CallableProxy(w_obj, w_callback)
    else:
        w_proxy = W_Proxy(w_obj, w_callback)
    if w_callback is None:
        lifeline.plain_proxy = weak_root(w_proxy)
    lifeline.add(w_proxy)
    return w_proxy


def behind(w_obj):
    """The object behind a proxy, or `w_obj` itself."""
    if isinstance(w_obj, W_AnyProxy):
        return w_obj.require()
    return w_obj


def proxy_repr(self):
    w_obj = self.dereference()
    if w_obj is None:
        w_obj = space.w_None
    return space.newstr("<weakproxy at %s to %s at %s>" % (
        space.address_text(self), space.type_name(w_obj), space.address_text(w_obj)))


def proxy_unicode(self):
    return space.getattr_str(self.require(), "__unicode__").call_0()


def proxy_int(self):
    return space.w_int.call_1(self.require())


def proxy_long(self):
    return space.w_long.call_1(self.require())


def proxy_float(self):
    return space.w_float.call_1(self.require())


def proxy_nonzero(self):
    return space.newbool(space.is_true(self.require()))


def proxy_contains(self, w_item):
    return space.newbool(space.contains(self.require(), w_item))


def proxy_next(self):
    w_item = space.next(self.require())
    if w_item is None:
        raise stop_iteration()
    return w_item


def proxy_pow(self, w_exponent, w_modulus=None):
    return space.pow(self.require(), behind(w_exponent), behind(space.wrap_none(w_modulus)))


def proxy_rpow(self, w_base, w_modulus=None):
    return space.pow(behind(w_base), self.require(), behind(space.wrap_none(w_modulus)))


def proxy_ipow(self, w_exponent):
    return space.inplace_pow(self.require(), behind(w_exponent))


def proxy_cmp(self, w_other):
    """As in CPython, proxies compare with proxies only."""
    if not isinstance(w_other, W_AnyProxy):
        return space.w_NotImplemented
    return space.newint(space.cmp_int(self.require(), behind(w_other)))


@not_rpython
def _make_method(name, operation, arity, reflected=False, with_result=True):
    """`operation` names a function of the space, which is not complete while types are being defined."""

    if arity == 0:
        def method(self):
            return getattr(space, operation)(self.require())
    elif arity == 1 and reflected:
        def method(self, w_other):
            return getattr(space, operation)(behind(w_other), self.require())
    elif arity == 1 and with_result:
        def method(self, w_other):
            return getattr(space, operation)(self.require(), behind(w_other))
    elif arity == 1:
        def method(self, w_other):
            getattr(space, operation)(self.require(), behind(w_other))
    elif with_result:
        def method(self, w_first, w_second):
            return getattr(space, operation)(self.require(), behind(w_first), behind(w_second))
    elif arity == 2:
        def method(self, w_first, w_second):
            getattr(space, operation)(self.require(), behind(w_first), behind(w_second))
    else:
        def method(self, w_first, w_second, w_third):
            getattr(space, operation)(self.require(), behind(w_first), behind(w_second), behind(w_third))
    method.__name__ = method.__qualname__ = "proxy" + name
    return method


_entries = {
    "__hash__": None,
    "__repr__": proxy_repr,
    "__unicode__": proxy_unicode,
    "__nonzero__": proxy_nonzero,
    "__contains__": proxy_contains,
    "__int__": proxy_int,
    "__long__": proxy_long,
    "__float__": proxy_float,
    "next": proxy_next,
    "__pow__": proxy_pow,
    "__rpow__": proxy_rpow,
    "__ipow__": proxy_ipow,
    "__cmp__": proxy_cmp,
}
for _name, _operation, _arity, _with_result in [
    ("str", "str", 0, True), ("iter", "iter", 0, True), ("len", "len", 0, True), ("neg", "neg", 0, True),
    ("pos", "pos", 0, True), ("abs", "abs", 0, True), ("invert", "invert", 0, True),
    ("index", "index_object", 0, True),
    ("getattribute", "getattr", 1, True), ("setattr", "setattr", 2, False), ("delattr", "delattr", 1, False),
    ("getitem", "getitem", 1, True), ("setitem", "setitem", 2, False), ("delitem", "delitem", 1, False),
    ("getslice", "getslice", 2, True), ("setslice", "setslice", 3, False), ("delslice", "delslice", 2, False),
]:
    _entries["__%s__" % _name] = _make_method(_name, _operation, _arity, with_result=_with_result)
for _name, _operation in [
    ("add", "add"), ("sub", "sub"), ("mul", "mul"), ("div", "div"), ("floordiv", "floordiv"), ("truediv", "truediv"),
    ("mod", "mod"), ("lshift", "lshift"), ("rshift", "rshift"), ("and", "and_"), ("or", "or_"), ("xor", "xor"),
]:
    _entries["__%s__" % _name] = _make_method(_name, _operation, 1)
    _entries["__r%s__" % _name] = _make_method("r" + _name, _operation, 1, reflected=True)
    _entries["__i%s__" % _name] = _make_method("i" + _name, "inplace_" + _name, 1)
_entries["__divmod__"] = _make_method("divmod", "divmod", 1)
_entries["__rdivmod__"] = _make_method("rdivmod", "divmod", 1, reflected=True)

define_type(W_Proxy, "weakproxy", _entries, module="__builtin__", acceptable_as_base=False)
define_type(W_CallableProxy, "weakcallableproxy", dict(_entries, __call__=forward_call), acceptable_as_base=False)
