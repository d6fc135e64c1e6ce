"""Weak references: ``ref``, and the lifelines that connect an object with its references.

An object with weak references holds its lifeline, which knows the references weakly; they know the object weakly. If a
reference has a callback, the lifeline is registered with `vm/finalizers.py`: it dies with its object, is handed back,
and calls the callbacks of those references that are still alive.
"""

import weakref

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Lifeline, W_Root
from ouro.interp_py27.vm.errors import OperationError, operror, type_error
from ouro.interp_py27.vm.typedef import define_type
from ouro.rlib.rweakref import dead_ref

FIRST_CLEANING = 8
NO_HASH = -1


class Lifeline(W_Lifeline):
    """The weak references to one object, oldest first; `plain` and `plain_proxy` are those that are shared."""

    _attrs_ = ("references", "plain", "plain_proxy", "registered", "clean_at")

    def __init__(self):
        self.references = []
        self.plain = dead_ref
        self.plain_proxy = dead_ref
        self.registered = False
        self.clean_at = FIRST_CLEANING

    def alive(self):
        """The references that still exist."""
        result_w = []
        for entry in self.references:
            w_reference = entry()
            if w_reference is not None:
                assert isinstance(w_reference, W_AnyReference)
                result_w.append(w_reference)
        return result_w

    def any_reference(self):
        references_w = self.alive()
        if len(references_w) == 0:
            return space.w_None
        return references_w[len(references_w) - 1]

    def add(self, w_reference):
        if len(self.references) >= self.clean_at:
            kept = []
            for entry in self.references:
                if entry() is not None:
                    kept.append(entry)
            self.references = kept
            self.clean_at = 2 * len(kept) + FIRST_CLEANING
        self.references.append(weak_root(w_reference))
        if w_reference.w_callback is not None and not self.registered:
            self.registered = True
            space.register_finalizer(self)

    def finalize(self):
        """Clear the references and call their callbacks, newest first."""
        references_w = self.alive()
        self.references = []
        for w_reference in references_w:
            w_reference.target = dead_ref
        for i in range(len(references_w) - 1, -1, -1):
            references_w[i].call_back()


def weak_root(w_obj):
    """A weak reference to any application object."""
    assert isinstance(w_obj, W_Root)
    return weakref.ref(w_obj)


def lifeline_of(w_obj):
    """The Lifeline of an object, or None."""
    lifeline = w_obj.getweakref()
    if lifeline is None:
        return None
    assert isinstance(lifeline, Lifeline)
    return lifeline


def require_lifeline(w_obj):
    """The Lifeline of an object, made now if need be; TypeError for objects that cannot have one."""
    lifeline = lifeline_of(w_obj)
    if lifeline is None:
        lifeline = Lifeline()
        w_obj.setweakref(lifeline)
    return lifeline


class W_AnyReference(W_Root):
    """A reference or a proxy; `target` is an interp-level weak reference."""

    _attrs_ = ("target", "w_callback")

    def __init__(self, w_obj, w_callback):
        self.target = weak_root(w_obj)
        self.w_callback = w_callback

    def dereference(self):
        """The object, or None if it is gone."""
        return self.target()

    def call_back(self):
        w_callback = self.w_callback
        self.w_callback = None
        if w_callback is not None:
            try:
                w_callback.call_1(self)
            except OperationError as error:
                space.write_unraisable(error, w_callback)


class W_Reference(W_AnyReference):
    """``weakref.ref``; `hash` is kept, so that it outlives the object."""

    _attrs_ = ("hash",)

    def __init__(self, w_obj, w_callback):
        W_AnyReference.__init__(self, w_obj, w_callback)
        self.hash = NO_HASH

    def call_0(self):
        return space.wrap_none(self.target())

    def call_args(self, args):
        if args.has_keywords():
            raise type_error("__call__() takes no keyword arguments")
        count = len(args.args_w)
        if count > 0:
            raise type_error("__call__() takes at most 0 arguments (%d given)" % count)
        return space.wrap_none(self.target())


W_ReferenceUser = make_user_class(W_Reference)


def given_callback(w_callback):
    if w_callback is None or space.is_none(w_callback):
        return None
    return w_callback


def check_count(args_w, name):
    if len(args_w) < 1:
        raise type_error("%s expected at least 1 arguments, got 0" % name)
    if len(args_w) > 2:
        raise type_error("%s expected at most 2 arguments, got %d" % (name, len(args_w)))


def reference_new(w_subtype, __args__):
    args_w = __args__.args_w
    exact = w_subtype is W_Reference.w_builtin_type
    if exact and __args__.has_keywords():
        raise type_error("ref() does not take keyword arguments")
    check_count(args_w, "__new__")
    w_obj = args_w[0]
    w_callback = given_callback(args_w[1]) if len(args_w) > 1 else None
    lifeline = require_lifeline(w_obj)
    if exact:
        return new_reference(lifeline, w_obj, w_callback)
    space.check_subtype(w_subtype, W_Reference.w_builtin_type)
    w_reference = W_ReferenceUser(w_obj, w_callback)
    space.init_user(w_reference, w_subtype)
    lifeline.add(w_reference)
    return w_reference


def new_reference(lifeline, w_obj, w_callback):
    """A reference of the exact type; without a callback there is one for each object."""
    if w_callback is None:
        w_known = lifeline.plain()
        if w_known is not None:
            return w_known
    w_reference = W_Reference(w_obj, w_callback)
    if w_callback is None:
        lifeline.plain = weak_root(w_reference)
    lifeline.add(w_reference)
    return w_reference


def reference_init(self, __args__):
    check_count(__args__.args_w, "__init__")


def reference_call(self, __args__):
    return W_Reference.call_args(self, __args__)


def reference_hash(self):
    if self.hash == NO_HASH:
        w_obj = self.dereference()
        if w_obj is None:
            raise type_error("weak object has gone away")
        self.hash = space.hash_int(w_obj)
    return space.newint(self.hash)


def reference_eq(self, w_other):
    """As in CPython, references of different types are different."""
    if not isinstance(w_other, W_Reference) or self.getclass() is not w_other.getclass():
        return space.w_NotImplemented
    w_left = self.dereference()
    w_right = w_other.dereference()
    if w_left is None or w_right is None:
        return space.newbool(self is w_other)
    return space.eq(w_left, w_right)


def reference_ne(self, w_other):
    if not isinstance(w_other, W_Reference) or self.getclass() is not w_other.getclass():
        return space.w_NotImplemented
    w_left = self.dereference()
    w_right = w_other.dereference()
    if w_left is None or w_right is None:
        return space.newbool(self is not w_other)
    return space.ne(w_left, w_right)


def reference_repr(self):
    w_obj = self.dereference()
    if w_obj is None:
        return space.newstr("<weakref at %s; dead>" % space.address_text(self))
    text = "<weakref at %s; to '%s' at %s" % (
        space.address_text(self), space.type_name(w_obj), space.address_text(w_obj))
    w_name = space.findattr(w_obj, "__name__")
    if w_name is not None and space.is_str(w_name):
        text += " (%s)" % space.text_w(w_name)
    return space.newstr(text + ">")


define_type(W_Reference, "weakref", {
    "__new__": reference_new,
    "__init__": reference_init,
    "__call__": reference_call,
    "__hash__": reference_hash,
    "__eq__": reference_eq,
    "__ne__": reference_ne,
    "__repr__": reference_repr,
}, user_class=W_ReferenceUser)


def reference_error():
    return operror(space.w_ReferenceError, "weakly-referenced object no longer exists")
