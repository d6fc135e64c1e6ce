"""``staticmethod``, ``classmethod``, and the class methods of built-in types."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.function_object import W_BuiltinMethod, W_Method
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.errors import runtime_error, type_error
from ouro.interp_py27.vm.typedef import GetSet, Member, define_type


class W_StaticMethod(W_Root):
    """`w_function` is None until ``__init__`` was called."""

    _attrs_ = ("w_function",)
    _immutable_fields_ = ["w_function?"]

    def __init__(self, w_function=None):
        self.w_function = w_function

    def descr_get(self, w_obj, w_type):
        if self.w_function is None:
            raise runtime_error("uninitialized staticmethod object")
        return self.w_function

    def is_data_descr(self):
        return False


W_StaticMethodUser = make_user_class(W_StaticMethod)


def static_method_new(w_subtype, __args__):
    if w_subtype is W_StaticMethod.w_builtin_type:
        return W_StaticMethod()
    space.check_subtype(w_subtype, W_StaticMethod.w_builtin_type)
    w_obj = W_StaticMethodUser()
    space.init_user(w_obj, w_subtype)
    return w_obj


def static_method_init(self, args_w):
    self.w_function = one_argument(args_w, "staticmethod")


def one_argument(args_w, name):
    if len(args_w) != 1:
        raise type_error("%s expected 1 arguments, got %d" % (name, len(args_w)))
    return args_w[0]


def static_method_get(self, w_obj, w_type=None):
    return W_StaticMethod.descr_get(self, w_obj, w_type)


class W_ClassMethod(W_Root):
    """`w_function` is None until ``__init__`` was called."""

    _attrs_ = ("w_function",)
    _immutable_fields_ = ["w_function?"]

    def __init__(self, w_function=None):
        self.w_function = w_function

    def descr_get(self, w_obj, w_type):
        if self.w_function is None:
            raise runtime_error("uninitialized classmethod object")
        if w_type is None:
            w_type = w_obj.getclass()
        return W_Method(self.w_function, w_type, w_type.getclass())

    def is_data_descr(self):
        return False


W_ClassMethodUser = make_user_class(W_ClassMethod)


def class_method_new(w_subtype, __args__):
    if w_subtype is W_ClassMethod.w_builtin_type:
        return W_ClassMethod()
    space.check_subtype(w_subtype, W_ClassMethod.w_builtin_type)
    w_obj = W_ClassMethodUser()
    space.init_user(w_obj, w_subtype)
    return w_obj


def class_method_init(self, args_w):
    self.w_function = one_argument(args_w, "classmethod")


def class_method_get(self, w_obj, w_type=None):
    if w_type is None or space.is_none(w_type):
        w_type = w_obj.getclass()
    return W_ClassMethod.descr_get(self, w_obj, w_type)


class W_ClassMethodDescr(W_Root):
    """A class method of a built-in type, found in the dictionary of the type; bound, it is a built-in method."""

    _attrs_ = ("code", "w_objclass")
    _immutable_fields_ = ["code", "w_objclass"]

    def __init__(self, code, w_objclass):
        self.code = code
        self.w_objclass = w_objclass

    def descr_get(self, w_obj, w_type):
        if w_type is None:
            w_type = w_obj.getclass()
        return W_BuiltinMethod(self.code, w_type, None)

    def is_data_descr(self):
        return False

    def call_args(self, args):
        if len(args.args_w) == 0:
            raise type_error("descriptor '%s' of '%s' object needs an argument" % (
                self.code.name, self.w_objclass.name))
        w_type = args.args_w[0]
        if not isinstance(w_type, W_Type):
            raise type_error("descriptor '%s' requires a type but received a '%s'" % (
                self.code.name, space.type_name(w_type)))
        if not w_type.issubtype(self.w_objclass):
            raise type_error("descriptor '%s' requires a subtype of '%s' but received '%s" % (
                self.code.name, self.w_objclass.name, w_type.name))
        return self.code.call_args(args)


def class_method_descr_get(self, w_obj, w_type=None):
    name = self.code.name
    owner = self.w_objclass.name
    if w_type is None:
        if space.is_none(w_obj):
            raise type_error("descriptor '%s' for type '%s' needs either an object or a type" % (name, owner))
        w_type = w_obj.getclass()
    if not isinstance(w_type, W_Type):
        raise type_error("descriptor '%s' for type '%s' needs a type, not a '%s' as arg 2" % (
            name, owner, space.type_name(w_type)))
    if not w_type.issubtype(self.w_objclass):
        raise type_error("descriptor '%s' for type '%s' doesn't apply to type '%s'" % (name, owner, w_type.name))
    return self.descr_get(w_obj, w_type)


def class_method_descr_call(self, __args__):
    return self.call_args(__args__)


def class_method_descr_repr(self):
    return space.newstr("<method '%s' of '%s' objects>" % (self.code.name, self.w_objclass.full_name()))


def class_method_descr_name(self):
    return space.newstr(self.code.name)


def class_method_descr_doc(self):
    return space.newtext_or_none(self.code.doc)


define_type(W_StaticMethod, "staticmethod", {
    "__new__": static_method_new,
    "__init__": static_method_init,
    "__get__": static_method_get,
    "__func__": Member("w_function"),
}, user_class=W_StaticMethodUser, doc="""\
staticmethod(function) -> method

Convert a function to be a static method.

A static method does not receive an implicit first argument.""")

define_type(W_ClassMethod, "classmethod", {
    "__new__": class_method_new,
    "__init__": class_method_init,
    "__get__": class_method_get,
    "__func__": Member("w_function"),
}, user_class=W_ClassMethodUser, doc="""\
classmethod(function) -> method

Convert a function to be a class method.

A class method receives the class as implicit first argument,
just like an instance method receives the instance.""")

define_type(W_ClassMethodDescr, "classmethod_descriptor", {
    "__call__": class_method_descr_call,
    "__get__": class_method_descr_get,
    "__repr__": class_method_descr_repr,
    "__name__": GetSet(class_method_descr_name),
    "__doc__": GetSet(class_method_descr_doc),
    "__objclass__": Member("w_objclass"),
}, acceptable_as_base=False)
