"""``property`` and ``super``."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.errors import attribute_error, type_error
from ouro.interp_py27.vm.typedef import Member, define_type


class W_Property(W_Root):
    """``property(fget, fset, fdel, doc)``; functions not given are None."""

    _attrs_ = ("w_fget", "w_fset", "w_fdel", "w_doc", "doc_from_getter")
    _immutable_fields_ = ["w_fget?", "w_fset?", "w_fdel?"]
    w_fget = None
    w_fset = None
    w_fdel = None
    w_doc = None

    def is_data_descr(self):
        return True

    def descr_get(self, w_obj, w_type):
        if w_obj is None or space.is_none(w_obj):
            return self
        if self.w_fget is None:
            raise attribute_error("unreadable attribute")
        return self.w_fget.call_1(w_obj)


W_PropertyUser = make_user_class(W_Property)


def none_or(w_value):
    if w_value is None or space.is_none(w_value):
        return None
    return w_value


def property_new(w_subtype, __args__):
    if w_subtype is W_Property.w_builtin_type:
        return W_Property()
    space.check_subtype(w_subtype, W_Property.w_builtin_type)
    w_property = W_PropertyUser()
    space.init_user(w_property, w_subtype)
    return w_property


def property_init(self, w_fget=None, w_fset=None, w_fdel=None, w_doc=None):
    self.w_fget = none_or(w_fget)
    self.w_fset = none_or(w_fset)
    self.w_fdel = none_or(w_fdel)
    self.w_doc = none_or(w_doc)
    self.doc_from_getter = False
    if self.w_doc is None and self.w_fget is not None:
        w_getter_doc = space.findattr(self.w_fget, "__doc__")
        if w_getter_doc is not None:
            self.w_doc = w_getter_doc
            self.doc_from_getter = True
            if not isinstance(self, W_Property) or self.getclass() is not W_Property.w_builtin_type:
                # The class of the instance may have a __doc__ that hides the attribute.
                space.setattr_str(self, "__doc__", w_getter_doc)


def property_get(self, w_obj, w_type=None):
    return W_Property.descr_get(self, w_obj, w_type)


def property_set(self, w_obj, w_value):
    if self.w_fset is None:
        raise attribute_error("can't set attribute")
    self.w_fset.call_2(w_obj, w_value)


def property_delete(self, w_obj):
    if self.w_fdel is None:
        raise attribute_error("can't delete attribute")
    self.w_fdel.call_1(w_obj)


def changed(w_property, w_fget, w_fset, w_fdel):
    """A property like `w_property` with the functions that are given."""
    if w_fget is None:
        w_fget = w_property.w_fget
    if w_fset is None:
        w_fset = w_property.w_fset
    if w_fdel is None:
        w_fdel = w_property.w_fdel
    w_doc = w_property.w_doc
    if w_property.doc_from_getter:
        w_doc = None
    return w_property.getclass().call_4(
        space.wrap_none(w_fget), space.wrap_none(w_fset), space.wrap_none(w_fdel), space.wrap_none(w_doc))


def property_getter(self, w_function):
    return changed(self, w_function, None, None)


def property_setter(self, w_function):
    return changed(self, None, w_function, None)


def property_deleter(self, w_function):
    return changed(self, None, None, w_function)



define_type(W_Property, "property", {
    "__new__": property_new,
    "__init__": property_init,
    "__get__": property_get,
    "__set__": property_set,
    "__delete__": property_delete,
    "__doc__": Member("w_doc"),
    "fget": Member("w_fget"),
    "fset": Member("w_fset"),
    "fdel": Member("w_fdel"),
    "getter": property_getter,
    "setter": property_setter,
    "deleter": property_deleter,
}, user_class=W_PropertyUser)


class W_Super(W_Root):
    """``super(type, object)``; `w_self` is None while unbound, `w_self_class` the class whose MRO is searched."""

    _attrs_ = ("w_start", "w_self", "w_self_class")
    w_start = None
    w_self = None
    w_self_class = None

    def descr_get(self, w_obj, w_type):
        return super_get(self, w_obj, w_type)

    def is_data_descr(self):
        return False


W_SuperUser = make_user_class(W_Super)


def super_check(w_start, w_obj):
    """The class in whose MRO to search."""
    if isinstance(w_obj, W_Type) and w_obj.issubtype(w_start):
        return w_obj
    if w_obj.getclass().issubtype(w_start):
        return w_obj.getclass()
    w_class = space.findattr(w_obj, "__class__")
    if isinstance(w_class, W_Type) and w_class is not w_obj.getclass() and w_class.issubtype(w_start):
        return w_class
    raise type_error("super(type, obj): obj must be an instance or subtype of type")


def super_new(w_subtype, __args__):
    if w_subtype is W_Super.w_builtin_type:
        return W_Super()
    space.check_subtype(w_subtype, W_Super.w_builtin_type)
    w_super = W_SuperUser()
    space.init_user(w_super, w_subtype)
    return w_super


def super_init(self, w_type, w_obj=None):
    if not isinstance(w_type, W_Type):
        raise type_error("super() argument 1 must be type, not %s" % space.type_name(w_type))
    self.w_start = w_type
    self.w_self = none_or(w_obj)
    self.w_self_class = None
    if self.w_self is not None:
        self.w_self_class = super_check(w_type, self.w_self)


def super_getattribute(self, w_name):
    name = space.attribute_name_w(w_name)
    if self.w_self_class is not None and name != "__class__":
        w_value = self.w_self_class.lookup_after(self.w_start, name)
        if w_value is not None:
            # Bound to the object, unless the object is the class itself.
            w_obj = self.w_self
            if w_obj is self.w_self_class:
                w_obj = None
            return w_value.descr_get(w_obj, self.w_self_class)
    w_value = space.object_getattribute(self, self.getclass(), name)
    if w_value is None:
        raise space.no_attribute(self, name)
    return w_value


def super_get(self, w_obj, w_type=None):
    if w_obj is None or space.is_none(w_obj) or self.w_self is not None:
        return self
    if self.getclass() is not W_Super.w_builtin_type:
        return self.getclass().call_2(self.w_start, w_obj)
    w_bound = W_Super()
    w_bound.w_start = self.w_start
    w_bound.w_self = w_obj
    w_bound.w_self_class = super_check(self.w_start, w_obj)
    return w_bound


def super_repr(self):
    start = "NULL" if self.w_start is None else self.w_start.name
    if self.w_self_class is None:
        return space.newstr("<super: <class '%s'>, NULL>" % start)
    return space.newstr("<super: <class '%s'>, <%s object>>" % (start, self.w_self_class.name))


define_type(W_Super, "super", {
    "__new__": super_new,
    "__init__": super_init,
    "__getattribute__": super_getattribute,
    "__get__": super_get,
    "__repr__": super_repr,
    "__thisclass__": Member("w_start"),
    "__self__": Member("w_self"),
    "__self_class__": Member("w_self_class"),
}, user_class=W_SuperUser)
