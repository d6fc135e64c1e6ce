"""Old-style classes and their instances.

All instances have the application type ``instance``; its special methods look their counterpart up in the
instance and the class at each call.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import OperationError, attribute_error, stop_iteration, type_error, value_error
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib.objectmodel import not_rpython


class W_OldClass(W_Root):
    """``class C:``"""

    _attrs_ = ("name", "bases_w", "w_dict", "lifeline")
    lifeline = None

    def __init__(self, name, bases_w, w_dict):
        self.name = name
        self.bases_w = bases_w
        self.w_dict = w_dict

    def getdict(self):
        return self.w_dict

    def setdict(self, w_dict):
        self.w_dict = w_dict

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    def lookup(self, name):
        """Depth first, left to right; None if there is no such attribute."""
        w_value = self.w_dict.getitem_str(name)
        if w_value is not None:
            return w_value
        for w_base in self.bases_w:
            w_value = w_base.lookup(name)
            if w_value is not None:
                return w_value
        return None

    def own_attribute(self, name):
        return self.w_dict.getitem_str(name)

    def is_subclass_of(self, w_other):
        if self is w_other:
            return True
        for w_base in self.bases_w:
            if w_base.is_subclass_of(w_other):
                return True
        return False

    def module_name(self):
        w_module = self.w_dict.getitem_str("__module__")
        if w_module is not None and space.is_str(w_module):
            return space.text_w(w_module)
        return "?"

    def call_args(self, args):
        w_instance = new_old_instance(self, space.newdict())
        w_init = w_instance.find_plain("__init__")
        if w_init is not None:
            if not space.is_none(w_init.call_args(args)):
                raise type_error("__init__() should return None")
        elif args.args_w or args.has_keywords():
            raise type_error("this constructor takes no arguments")
        return w_instance


def new_old_instance(w_class, w_dict):
    """An instance without a call of ``__init__``."""
    w_instance = W_OldInstance(w_class, w_dict)
    if w_class.lookup("__del__") is not None:
        space.register_del(w_instance)
    return w_instance


class W_OldInstance(W_Root):
    _attrs_ = ("w_class", "w_dict", "lifeline")
    lifeline = None

    def __init__(self, w_class, w_dict):
        self.w_class = w_class
        self.w_dict = w_dict

    def getdict(self):
        return self.w_dict

    def setdict(self, w_dict):
        if not space.is_dict(w_dict):
            raise type_error("__dict__ must be set to a dictionary")
        self.w_dict = w_dict

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    def finalize(self):
        lifeline = self.lifeline
        if lifeline is not None:
            lifeline.finalize()
        try:
            w_del = self.find_plain("__del__")
        except OperationError as error:
            space.write_unraisable(error, self)
            return
        if w_del is not None:
            try:
                w_del.call_0()
            except OperationError as error:
                space.write_unraisable(error, w_del)

    def find_plain(self, name):
        """An attribute of the instance or, bound, of its class; no ``__getattr__``."""
        w_value = self.w_dict.getitem_str(name)
        if w_value is not None:
            return w_value
        w_value = self.w_class.lookup(name)
        if w_value is None:
            return None
        return w_value.descr_get(self, self.w_class)

    def find(self, name):
        """As `find_plain`, then ``__getattr__``; None where either raises AttributeError."""
        w_getattr = self.w_class.lookup("__getattr__")
        try:
            w_value = self.find_plain(name)
            if w_value is not None:
                return w_value
        except OperationError as error:
            if not error.match(space.w_AttributeError):
                raise
        if w_getattr is None:
            return None
        try:
            return space.call_special_1(w_getattr, self, space.newstr(name))
        except OperationError as error:
            if not error.match(space.w_AttributeError):
                raise
            return None

    def get_attribute(self, name, w_name):
        w_getattr = self.w_class.lookup("__getattr__")
        try:
            w_value = self.find_plain(name)
            if w_value is not None:
                return w_value
        except OperationError as error:
            if w_getattr is None or not error.match(space.w_AttributeError):
                raise
        if w_getattr is not None:
            return space.call_special_1(w_getattr, self, w_name)
        raise attribute_error("%s instance has no attribute '%s'" % (self.w_class.name, space.until_nul(name)))

    def require(self, name):
        """As `find`; AttributeError if there is no such method."""
        return self.get_attribute(name, space.newstr(name))

    def call_args(self, args):
        w_call = self.find("__call__")
        if w_call is None:
            raise attribute_error("%s instance has no __call__ method" % self.w_class.name)
        return w_call.call_args(args)

    def iter_next(self):
        w_next = self.find("next")
        if w_next is None:
            raise type_error("instance has no next() method")
        try:
            return w_next.call_0()
        except OperationError as error:
            if not error.match(space.w_StopIteration):
                raise
            return None


def is_old_class(w_obj):
    return isinstance(w_obj, W_OldClass)


def is_old_instance(w_obj):
    return isinstance(w_obj, W_OldInstance)


def old_class_mro(w_class):
    """The classes in look-up order, without repetitions."""
    assert isinstance(w_class, W_OldClass)
    result_w = []
    collect_mro(w_class, result_w)
    return result_w


def collect_mro(w_class, result_w):
    for w_known in result_w:
        if w_known is w_class:
            return
    result_w.append(w_class)
    for w_base in w_class.bases_w:
        collect_mro(w_base, result_w)


# ---- the type classobj


def class_new(w_subtype, w_name, w_bases, w_namespace):
    if not space.is_str(w_name):
        raise type_error("argument 1 must be string, not %s" % space.type_name(w_name))
    if not space.is_tuple(w_bases):
        raise type_error("PyClass_New: bases must be a tuple")
    if not space.is_dict(w_namespace):
        raise type_error("PyClass_New: dict must be a dictionary")
    bases_w = []
    for w_base in space.tuple_items(w_bases):
        if not isinstance(w_base, W_OldClass):
            w_meta = w_base.getclass()
            if space.is_callable(w_meta):
                return w_meta.call_3(w_name, w_bases, w_namespace)
            raise type_error("PyClass_New: base must be a class")
        bases_w.append(w_base)
    name = space.text_w(w_name)
    if w_namespace.getitem_str("__doc__") is None:
        w_namespace.setitem_str("__doc__", space.w_None)
    if w_namespace.getitem_str("__module__") is None:
        frame = space.get_context().running_frame()
        if frame is not None:
            w_module = frame.w_globals.getitem_str("__name__")
            if w_module is not None:
                w_namespace.setitem_str("__module__", w_module)
    return W_OldClass(name, bases_w, w_namespace)


def class_getattribute(self, w_name):
    name = space.attribute_name_w(w_name)
    if name == "__dict__":
        return self.w_dict
    if name == "__name__":
        return space.newstr(self.name)
    if name == "__bases__":
        return class_bases(self)
    w_value = self.lookup(name)
    if w_value is None:
        if name == "__class__":
            return self.getclass()
        raise attribute_error("class %s has no attribute '%s'" % (self.name, space.until_nul(name)))
    return w_value.descr_get(None, self)


def class_bases(w_class):
    bases_w = []
    for w_base in w_class.bases_w:
        bases_w.append(w_base)
    return space.newtuple(bases_w)


def class_setattr(self, w_name, w_value):
    name = space.attribute_name_w(w_name)
    if name == "__dict__":
        if not space.is_dict(w_value):
            raise type_error("__dict__ must be a dictionary object")
        self.w_dict = w_value
    elif name == "__name__":
        if not space.is_str(w_value):
            raise type_error("__name__ must be a string object")
        self.name = space.text_w(w_value)
    elif name == "__bases__":
        set_bases(self, w_value)
    else:
        self.w_dict.setitem_str(name, w_value)


def set_bases(w_class, w_bases):
    if not space.is_tuple(w_bases):
        raise type_error("__bases__ must be a tuple object")
    bases_w = []
    for w_base in space.tuple_items(w_bases):
        if not isinstance(w_base, W_OldClass):
            raise type_error("__bases__ items must be classes")
        if w_base.is_subclass_of(w_class):
            raise type_error("a __bases__ item causes an inheritance cycle")
        bases_w.append(w_base)
    w_class.bases_w = bases_w


def class_delattr(self, w_name):
    name = space.attribute_name_w(w_name)
    if name == "__dict__" or name == "__name__" or name == "__bases__":
        raise type_error("%s must not be deleted" % name)
    if not self.w_dict.delitem_str(name):
        raise attribute_error("class %s has no attribute '%s'" % (self.name, space.until_nul(name)))


def class_repr(self):
    return space.newstr("<class %s.%s at %s>" % (self.module_name(), self.name, space.address_text(self)))


def class_str(self):
    module = self.module_name()
    if module == "?":
        return space.newstr(self.name)
    return space.newstr("%s.%s" % (module, self.name))


def class_call(self, __args__):
    return self.call_args(__args__)


# ---- the type instance


def instance_new(w_subtype, w_class, w_dict=None):
    if not isinstance(w_class, W_OldClass):
        raise type_error("instance() first arg must be class")
    if w_dict is None or space.is_none(w_dict):
        w_dict = space.newdict()
    elif not space.is_dict(w_dict):
        raise type_error("instance() second arg must be dictionary or None")
    return new_old_instance(w_class, w_dict)


def instance_getattribute(self, w_name):
    name = space.attribute_name_w(w_name)
    if name == "__dict__":
        return self.w_dict
    if name == "__class__":
        return self.w_class
    return self.get_attribute(name, w_name)


def instance_setattr(self, w_name, w_value):
    name = space.attribute_name_w(w_name)
    if name == "__dict__":
        self.setdict(w_value)
        return
    if name == "__class__":
        if not isinstance(w_value, W_OldClass):
            raise type_error("__class__ must be set to a class")
        self.w_class = w_value
        return
    w_setattr = self.w_class.lookup("__setattr__")
    if w_setattr is not None:
        space.call_special_2(w_setattr, self, w_name, w_value)
    else:
        self.w_dict.setitem_str(name, w_value)


def instance_delattr(self, w_name):
    name = space.attribute_name_w(w_name)
    if name == "__dict__" or name == "__class__":
        raise type_error("%s not deletable" % name)
    w_delattr = self.w_class.lookup("__delattr__")
    if w_delattr is not None:
        space.call_special_1(w_delattr, self, w_name)
    elif not self.w_dict.delitem_str(name):
        raise attribute_error("%s instance has no attribute '%s'" % (self.w_class.name, space.until_nul(name)))


def instance_repr(self):
    w_method = self.find("__repr__")
    if w_method is not None:
        return w_method.call_0()
    return space.newstr("<%s.%s instance at %s>" % (
        self.w_class.module_name(), self.w_class.name, space.address_text(self)))


def instance_str(self):
    w_method = self.find("__str__")
    if w_method is not None:
        return w_method.call_0()
    return instance_repr(self)


def instance_unicode(self):
    w_method = self.find("__unicode__")
    if w_method is not None:
        return w_method.call_0()
    return instance_str(self)


def instance_hash(self):
    w_method = self.find("__hash__")
    if w_method is not None:
        w_result = w_method.call_0()
        if not (space.is_int(w_result) or space.is_long(w_result)):
            raise type_error("__hash__() should return an int")
        return space.newint(space.hash_int(w_result))
    if self.find("__eq__") is not None or self.find("__cmp__") is not None:
        raise type_error("unhashable instance")
    return space.newint(space.identity_hash(self))


def instance_len(self):
    w_result = self.require("__len__").call_0()
    if not (space.is_int(w_result) or space.is_long(w_result)):
        raise type_error("__len__() should return an int")
    length = space.int_w(w_result)
    if length < 0:
        raise value_error("__len__() should return >= 0")
    return space.newint(length)


def instance_nonzero(self):
    w_method = self.find("__nonzero__")
    if w_method is None:
        w_method = self.find("__len__")
        if w_method is None:
            return space.w_True
    w_result = w_method.call_0()
    if not (space.is_int(w_result) or space.is_long(w_result)):
        raise type_error("__nonzero__ should return an int")
    value = space.int_w(w_result)
    if value < 0:
        raise value_error("__nonzero__ should return >= 0")
    return space.newbool(value > 0)


def instance_iter(self):
    w_method = self.find("__iter__")
    if w_method is not None:
        w_iterator = w_method.call_0()
        if space.lookup(w_iterator, "next") is None:
            raise type_error("__iter__ returned non-iterator of type '%s'" % space.type_name(w_iterator))
        return w_iterator
    if self.find("__getitem__") is None:
        raise type_error("iteration over non-sequence")
    return space.sequence_iterator(self)


def instance_next(self):
    w_value = self.iter_next()
    if w_value is None:
        raise stop_iteration()
    return w_value


def instance_contains(self, w_item):
    w_method = self.find("__contains__")
    if w_method is not None:
        return space.newbool(space.is_true(w_method.call_1(w_item)))
    w_iterator = space.iter(self)
    while True:
        w_value = w_iterator.iter_next()
        if w_value is None:
            return space.w_False
        if space.eq_w(w_value, w_item):
            return space.w_True


def instance_index(self):
    w_method = self.find("__index__")
    if w_method is None:
        raise type_error("object cannot be interpreted as an index")
    w_result = w_method.call_0()
    if not (space.is_int(w_result) or space.is_long(w_result)):
        raise type_error("__index__ returned non-(int,long) (type %s)" % space.type_name(w_result))
    return w_result


def instance_int(self):
    """``__int__``, else what ``__trunc__`` gives."""
    w_method = self.find("__int__")
    if w_method is not None:
        return w_method.call_0()
    return space.integral(self.require("__trunc__").call_0())


def instance_long(self):
    w_method = self.find("__long__")
    if w_method is not None:
        return w_method.call_0()
    return instance_int(self)


def instance_call(self, __args__):
    return self.call_args(__args__)


def coerced(w_left, w_right):
    """``__coerce__`` of the old-style instance `w_left`: the pair, or None."""
    w_coerce = w_left.find("__coerce__")
    if w_coerce is None:
        return None
    w_pair = w_coerce.call_1(w_right)
    if space.is_none(w_pair) or w_pair is space.w_NotImplemented:
        return None
    if not space.is_tuple(w_pair) or space.len_w(w_pair) != 2:
        raise type_error("coercion should return None or 2-tuple")
    return space.tuple_list(w_pair)


def instance_coerce(self, w_other):
    w_coerce = self.find("__coerce__")
    if w_coerce is None:
        return space.w_NotImplemented
    return w_coerce.call_1(w_other)


def old_instance_order(w_left, w_right):
    """The three-way comparison where one side at least is an old-style instance; see `comparison.defined_order`."""
    pair_w = space.coerced_pair(w_left, w_right)
    if pair_w is not None:
        w_left = pair_w[0]
        w_right = pair_w[1]
        if not (isinstance(w_left, W_OldInstance) or isinstance(w_right, W_OldInstance)):
            return space.cmp_int(w_left, w_right)
    if isinstance(w_left, W_OldInstance):
        order = order_by_method(w_left, w_right)
        if order != UNDEFINED:
            return order
    if isinstance(w_right, W_OldInstance):
        order = order_by_method(w_right, w_left)
        if order != UNDEFINED:
            return -order
    return UNDEFINED


UNDEFINED = 2


def order_by_method(w_instance, w_other):
    """What ``__cmp__`` of an instance says."""
    w_method = w_instance.find("__cmp__")
    if w_method is None:
        return UNDEFINED
    w_result = w_method.call_1(w_other)
    if w_result is space.w_NotImplemented:
        return UNDEFINED
    if not (space.is_int(w_result) or space.is_long(w_result)):
        raise type_error("comparison did not return an int")
    value = space.int_w(w_result)
    if value < 0:
        return -1
    return 1 if value > 0 else 0


def instance_cmp(self, w_other):
    order = old_instance_order(self, w_other)
    if order == UNDEFINED:
        return space.w_NotImplemented
    return space.newint(order)


@not_rpython
def _make_half(method_name, operation, swapped):
    """One side of a binary operation: by coercion and `operation` of the space, or by the method of that name."""

    def half(self, w_other):
        pair_w = coerced(self, w_other)
        if pair_w is not None:
            w_self = pair_w[0]
            w_other = pair_w[1]
            if not isinstance(w_self, W_OldInstance):
                context = space.get_context()
                context.enter_recursion(" after coercion")
                try:
                    if swapped:
                        return operation(w_other, w_self)
                    return operation(w_self, w_other)
                finally:
                    context.leave_recursion()
            self = w_self
        w_method = self.find(method_name)
        if w_method is None:
            return space.w_NotImplemented
        return w_method.call_1(w_other)

    half.__name__ = half.__qualname__ = "instance" + method_name
    return half


@not_rpython
def _make_power(method_name, half):
    """``pow`` and its like: with a modulus there is no coercion."""

    def power(self, w_other, w_modulus=None):
        if w_modulus is None or space.is_none(w_modulus):
            return half(self, w_other)
        return self.require(method_name).call_2(w_other, w_modulus)

    power.__name__ = power.__qualname__ = "instance_power" + method_name
    return power


@not_rpython
def _make_optional(name):
    """A binary special method without coercion; NotImplemented where the class has none."""

    def method(self, w_other):
        w_method = self.find(name)
        if w_method is None:
            return space.w_NotImplemented
        return w_method.call_1(w_other)

    method.__name__ = method.__qualname__ = "instance" + name
    return method


@not_rpython
def _make_required(name, count):
    """A special method that is an AttributeError where the class has none."""
    if count == 0:
        def method(self):
            return self.require(name).call_0()
    elif count == 1:
        def method(self, w_1):
            return self.require(name).call_1(w_1)
    else:
        def method(self, w_1, w_2):
            return self.require(name).call_2(w_1, w_2)
    method.__name__ = method.__qualname__ = "instance" + name
    return method


@not_rpython
def _make_slicing(name, item_name):
    """``__getslice__`` and its like: the class's own, else ``__getitem__`` with a slice object."""

    def find(self, w_start, w_stop):
        w_method = self.find(name)
        if w_method is not None:
            return w_method, [w_start, w_stop]
        w_slice = space.newslice(w_start, w_stop, space.w_None)
        return self.require(item_name), [w_slice]

    if item_name == "__setitem__":
        def method(self, w_start, w_stop, w_value):
            w_method, args_w = find(self, w_start, w_stop)
            return w_method.call_list(args_w + [w_value])
    else:
        def method(self, w_start, w_stop):
            w_method, args_w = find(self, w_start, w_stop)
            return w_method.call_list(args_w)
    method.__name__ = method.__qualname__ = "instance" + name
    return method



def get_class_dict(self):
    return self.w_dict


define_type(W_OldClass, "classobj", {
    "__new__": class_new,
    "__getattribute__": class_getattribute,
    "__setattr__": class_setattr,
    "__delattr__": class_delattr,
    "__repr__": class_repr,
    "__str__": class_str,
    "__call__": class_call,
    "__weakref__": None,
}, acceptable_as_base=False)

_entries = {
    "__new__": instance_new,
    "__getattribute__": instance_getattribute,
    "__setattr__": instance_setattr,
    "__delattr__": instance_delattr,
    "__repr__": instance_repr,
    "__str__": instance_str,
    "__unicode__": instance_unicode,
    "__hash__": instance_hash,
    "__len__": instance_len,
    "__nonzero__": instance_nonzero,
    "__iter__": instance_iter,
    "next": instance_next,
    "__contains__": instance_contains,
    "__index__": instance_index,
    "__int__": instance_int,
    "__long__": instance_long,
    "__call__": instance_call,
    "__coerce__": instance_coerce,
    "__cmp__": instance_cmp,

    "__getslice__": _make_slicing("__getslice__", "__getitem__"),
    "__setslice__": _make_slicing("__setslice__", "__setitem__"),
    "__delslice__": _make_slicing("__delslice__", "__delitem__"),
    "__dict__": GetSet(get_class_dict),
    "__weakref__": None,
}


@not_rpython
def _operation(name):
    """A closure over the space's function: the space is not complete while types are being defined."""

    def operate(w_left, w_right):
        return getattr(space, name)(w_left, w_right)

    return operate


for _name, _function in [
    ("add", "add"), ("sub", "sub"), ("mul", "mul"), ("div", "div"), ("floordiv", "floordiv"), ("truediv", "truediv"),
    ("mod", "mod"), ("divmod", "divmod"), ("lshift", "lshift"), ("rshift", "rshift"), ("and", "and_"), ("or", "or_"),
    ("xor", "xor"), ("pow", "power"),
]:
    _halves = [("__%s__" % _name, _function, False), ("__r%s__" % _name, _function, True)]
    if _name != "divmod":
        _halves.append(("__i%s__" % _name, "inplace_" + _name, False))
    for _method, _function, _swapped in _halves:
        _entries[_method] = _make_half(_method, _operation(_function), _swapped)
        if _name == "pow":
            _entries[_method] = _make_power(_method, _entries[_method])
for _name in ["lt", "le", "eq", "ne", "gt", "ge"]:
    _entries["__%s__" % _name] = _make_optional("__%s__" % _name)
for _name in ["neg", "pos", "abs", "invert", "float", "oct", "hex"]:
    _entries["__%s__" % _name] = _make_required("__%s__" % _name, 0)
_entries["__getitem__"] = _make_required("__getitem__", 1)
_entries["__delitem__"] = _make_required("__delitem__", 1)
_entries["__setitem__"] = _make_required("__setitem__", 2)
define_type(W_OldInstance, "instance", _entries, acceptable_as_base=False)
