"""``_weakref``: weak references and proxies."""

from ouro.interp_py27.modules._weakref.proxies import W_CallableProxy, W_Proxy, new_proxy
from ouro.interp_py27.modules._weakref.references import W_Reference, lifeline_of
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm.errors import type_error


def getweakrefcount(w_object):
    """getweakrefcount(object) -- return the number of weak references
to 'object'."""
    lifeline = lifeline_of(w_object)
    if lifeline is None:
        return space.newint(0)
    return space.newint(len(lifeline.alive()))


def getweakrefs(w_object):
    """getweakrefs(object) -- return a list of all weak reference objects
that point to 'object'."""
    references_w = []
    lifeline = lifeline_of(w_object)
    if lifeline is not None:
        for w_reference in lifeline.alive():
            references_w.append(w_reference)
    return space.newlist(references_w)


def proxy(w_object, w_callback=None):
    """proxy(object[, callback]) -- create a proxy object that weakly
references 'object'.  'callback', if given, is called with a
reference to the proxy when 'object' is about to be finalized."""
    return new_proxy(w_object, w_callback)


def remove_dead_weakref(w_dict, w_key):
    """_remove_dead_weakref(dict, key) -- atomically remove key from dict
if it points to a dead weakref."""
    if not space.is_dict(w_dict):
        raise type_error("_remove_dead_weakref() argument 1 must be dict, not %s" % space.type_name(w_dict))
    w_reference = w_dict.getitem(w_key)
    if w_reference is None:
        return
    if not isinstance(w_reference, W_Reference):
        raise type_error("not a weakref")
    if w_reference.dereference() is None:
        w_dict.delitem(w_key)


define_module("_weakref", {
    "getweakrefcount": getweakrefcount,
    "getweakrefs": getweakrefs,
    "proxy": proxy,
    "_remove_dead_weakref": remove_dead_weakref,
    "ref": W_Reference,
    "ReferenceType": W_Reference,
    "ProxyType": W_Proxy,
    "CallableProxyType": W_CallableProxy,
}, doc="Weak-reference support module.")
