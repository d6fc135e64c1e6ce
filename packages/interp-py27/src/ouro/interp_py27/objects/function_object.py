"""Functions, built-in functions, methods and cells."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Dictful, W_Root
from ouro.interp_py27.objects.specials import special
from ouro.interp_py27.vm.argument import Arguments, match_signature
from ouro.interp_py27.vm.errors import operror, type_error
from ouro.interp_py27.vm.typedef import GetSet, Member, define_type, forward_call
from ouro.rlib import jit
from ouro.rlib.objectmodel import import_from_mixin

GET = special("__get__")


class W_Cell(W_Root):
    """A variable shared between a function and the functions nested in it; None while unbound."""

    _attrs_ = ("w_value",)

    def __init__(self, w_value=None):
        self.w_value = w_value

    def descr_repr(self):
        if self.w_value is None:
            content = "empty"
        else:
            content = "%s object at %s" % (space.type_name(self.w_value), space.address_text(self.w_value))
        return space.newstr("<cell at %s: %s>" % (space.address_text(self), content))

    def descr_contents(self):
        if self.w_value is None:
            raise operror(space.w_ValueError, "Cell is empty")
        return self.w_value


def cell_compare(self, w_other):
    if not isinstance(w_other, W_Cell):
        raise space.wrong_cmp_operand(self, "cell", w_other)
    if self.w_value is None or w_other.w_value is None:
        left = 0 if self.w_value is None else 1
        right = 0 if w_other.w_value is None else 1
        return space.newint(left - right)
    return space.newint(space.cmp_int(self.w_value, w_other.w_value))


class W_Function(W_Dictful):
    """A function written in Python."""

    _attrs_ = ("code", "w_globals", "defaults_w", "closure", "name", "w_doc", "w_module", "lifeline")
    _immutable_fields_ = ["code?", "w_globals?", "closure?[*]", "defaults_w?[*]"]
    lifeline = None

    def __init__(self, code, w_globals, defaults_w, closure):
        self.code = code
        self.w_globals = w_globals
        self.defaults_w = defaults_w[:]
        self.closure = closure
        self.name = code.name
        self.w_doc = code.w_doc
        self.w_module = None
        self.w_dict = None

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    # ---- calls

    def call_shape(self):
        return self.code

    def call_0(self):
        code = jit.promote(self.code)
        if code.fast_arity == 0:
            return space.new_frame(code, self.w_globals, self.closure).run()
        return self.call_list([])

    def call_1(self, w_1):
        code = jit.promote(self.code)
        if code.fast_arity == 1:
            frame = space.new_frame(code, self.w_globals, self.closure)
            frame.stack_w[0] = w_1
            return frame.run()
        return self.call_list([w_1])

    def call_2(self, w_1, w_2):
        code = jit.promote(self.code)
        if code.fast_arity == 2:
            frame = space.new_frame(code, self.w_globals, self.closure)
            stack_w = frame.stack_w
            stack_w[0] = w_1
            stack_w[1] = w_2
            return frame.run()
        return self.call_list([w_1, w_2])

    def call_3(self, w_1, w_2, w_3):
        code = jit.promote(self.code)
        if code.fast_arity == 3:
            frame = space.new_frame(code, self.w_globals, self.closure)
            stack_w = frame.stack_w
            stack_w[0] = w_1
            stack_w[1] = w_2
            stack_w[2] = w_3
            return frame.run()
        return self.call_list([w_1, w_2, w_3])

    def call_4(self, w_1, w_2, w_3, w_4):
        code = jit.promote(self.code)
        if code.fast_arity == 4:
            frame = space.new_frame(code, self.w_globals, self.closure)
            stack_w = frame.stack_w
            stack_w[0] = w_1
            stack_w[1] = w_2
            stack_w[2] = w_3
            stack_w[3] = w_4
            return frame.run()
        return self.call_list([w_1, w_2, w_3, w_4])

    @jit.unroll_safe
    def call_list(self, args_w):
        code = jit.promote(self.code)
        arity = code.simple_arity
        given = len(args_w)
        if given <= arity and arity - given <= len(self.defaults_w):
            frame = space.new_frame(code, self.w_globals, self.closure)
            stack_w = frame.stack_w
            for i in range(given):
                stack_w[i] = args_w[i]
            self.fill_defaults(stack_w, given, arity)
            frame.init_cells()
            return frame.run()
        return self.call_args(Arguments(args_w))

    @jit.unroll_safe
    def fill_defaults(self, stack_w, given, arity):
        defaults_w = self.defaults_w
        first = arity - len(defaults_w)
        for i in range(given, arity):
            stack_w[i] = defaults_w[i - first]

    @jit.unroll_safe
    def call_from_stack(self, caller, w_self, count):
        """Call with `count` arguments on the stack of frame `caller`, after `w_self` if that is not None."""
        code = jit.promote(self.code)
        arity = code.simple_arity
        given = count if w_self is None else count + 1
        if given <= arity and arity - given <= len(self.defaults_w):
            frame = space.new_frame(code, self.w_globals, self.closure)
            stack_w = frame.stack_w
            caller_w = caller.stack_w
            target = 0
            if w_self is not None:
                stack_w[0] = w_self
                target = 1
            base = caller.depth - count
            for i in range(count):
                stack_w[target + i] = caller_w[base + i]
            if given < arity:
                self.fill_defaults(stack_w, given, arity)
            if code.fast_arity < 0:
                frame.init_cells()
            return frame.run()
        args_w = caller.peek_list(count)
        if w_self is not None:
            args_w = [w_self] + args_w
        return self.call_args(Arguments(args_w))

    def call_args(self, args):
        code = jit.promote(self.code)
        frame = space.new_frame(code, self.w_globals, self.closure)
        match_signature(args, code.signature, self.defaults_w, frame.stack_w, self.name)
        frame.init_cells()
        return frame.run()

    # ---- the descriptor protocol

    def descr_get(self, w_obj, w_type):
        if w_obj is None:
            return W_Method(self, None, w_type)
        return W_Method(self, w_obj, w_type)

    def is_data_descr(self):
        return False


def function_get(self, w_obj, w_type=None):
    if space.is_none(w_obj) and (w_type is None or not space.is_none_type(w_type)):
        return W_Method(self, None, w_type)
    return W_Method(self, w_obj, w_type)


def wrong_closure(code, given):
    return operror(space.w_ValueError, "%s requires closure of length %d, not %d" % (
        code.name, len(code.freevars), given))


def function_new(w_subtype, w_code, w_globals, w_name=None, w_argdefs=None, w_closure=None):
    code = space.code_of(w_code)
    if code is None:
        raise type_error("function() argument 1 must be code, not %s" % space.type_name(w_code))
    if not space.is_dict(w_globals):
        raise type_error("function() argument 2 must be dict, not %s" % space.type_name(w_globals))
    if w_argdefs is None or space.is_none(w_argdefs):
        defaults_w = []
    elif space.is_tuple(w_argdefs):
        defaults_w = space.tuple_list(w_argdefs)
    else:
        raise type_error("arg 4 (defaults) must be None or tuple")
    closure = None
    cells = []
    wanted = len(code.freevars)
    if w_closure is not None and not space.is_none(w_closure):
        if not space.is_tuple(w_closure):
            raise type_error("arg 5 (closure) must be tuple")
        if len(space.tuple_items(w_closure)) != wanted:
            raise wrong_closure(code, len(space.tuple_items(w_closure)))
        for w_cell in space.tuple_items(w_closure):
            if not isinstance(w_cell, W_Cell):
                raise type_error("arg 5 (closure) expected cell, found %s" % space.type_name(w_cell))
            cells.append(w_cell)
        closure = cells[:]
    elif wanted > 0:
        raise type_error("arg 5 (closure) must be tuple")
    function = W_Function(code, w_globals, defaults_w, closure)
    if w_name is not None and not space.is_none(w_name):
        if not space.is_str(w_name):
            raise type_error("arg 3 (name) must be None or string")
        function.name = space.text_w(w_name)
    return function


def function_repr(self):
    return space.newstr("<function %s at %s>" % (self.name, space.address_text(self)))


def function_get_doc(self):
    return self.w_doc


def function_set_doc(self, w_doc):
    self.w_doc = w_doc


def function_del_doc(self):
    self.w_doc = space.w_None


def function_get_name(self):
    return space.newstr(self.name)


def function_set_name(self, w_name):
    if not space.is_str(w_name):
        raise type_error("__name__ must be set to a string object")
    self.name = space.text_w(w_name)


def function_get_code(self):
    return self.code


def function_set_code(self, w_code):
    code = space.code_of(w_code)
    if code is None:
        raise type_error("__code__ must be set to a code object")
    free = 0 if self.closure is None else len(self.closure)
    if free != len(code.freevars):
        raise operror(space.w_ValueError, "%s() requires a code object with %d free vars, not %d" % (
            self.name, free, len(code.freevars)))
    self.code = code


def function_get_defaults(self):
    if not self.defaults_w:
        return space.w_None
    return space.newtuple(self.defaults_w[:])


def function_set_defaults(self, w_defaults):
    if space.is_none(w_defaults):
        self.defaults_w = []
    elif space.is_tuple(w_defaults):
        self.defaults_w = space.tuple_list(w_defaults)[:]
    else:
        raise type_error("__defaults__ must be set to a tuple object")


def function_del_defaults(self):
    self.defaults_w = []


def function_get_globals(self):
    return self.w_globals


def function_get_closure(self):
    if self.closure is None or len(self.closure) == 0:
        return space.w_None
    cells_w = [None] * len(self.closure)
    for i in range(len(self.closure)):
        cells_w[i] = self.closure[i]
    return space.newtuple(cells_w)


def function_get_module(self):
    w_module = self.w_module
    if w_module is None:
        w_module = self.w_globals.getitem_str("__name__")
        if w_module is None:
            w_module = space.w_None
        self.w_module = w_module
    return w_module


def function_set_module(self, w_module):
    self.w_module = w_module


def function_del_module(self):
    self.w_module = space.w_None


def function_get_dict(self):
    return self.getdict()


def function_set_dict(self, w_dict):
    if not space.is_dict(w_dict):
        raise type_error("setting function's dictionary to a non-dict")
    self.w_dict = w_dict


def function_del_dict(self):
    raise type_error("function's dictionary may not be deleted")


class CallsCode:
    """Calls pass their arguments to the code as they are."""

    def call_0(self):
        return self.code.call_0()

    def call_1(self, w_1):
        return self.code.call_1(w_1)

    def call_2(self, w_1, w_2):
        return self.code.call_2(w_1, w_2)

    def call_3(self, w_1, w_2, w_3):
        return self.code.call_3(w_1, w_2, w_3)

    def call_4(self, w_1, w_2, w_3, w_4):
        return self.code.call_4(w_1, w_2, w_3, w_4)

    def call_list(self, args_w):
        return self.code.call_list(args_w)

    def call_args(self, args):
        return self.code.call_args(args)


class W_AnyBuiltin(W_Root):
    """``builtin_function_or_method``: `w_self` is the object a method is bound to, or None."""

    _attrs_ = ("code", "w_self")
    _immutable_fields_ = ["code", "w_self"]

    def __init__(self, code, w_self):
        self.code = code
        self.w_self = w_self

    def descr_get(self, w_obj, w_type):
        return self

    def is_data_descr(self):
        return False

    def module_name(self):
        return None


class W_BuiltinFunction(W_AnyBuiltin):
    """A function of a built-in module, or ``__new__`` of a built-in type."""

    _attrs_ = ("module",)
    _immutable_fields_ = ["module"]

    def __init__(self, code, module=None, w_self=None):
        W_AnyBuiltin.__init__(self, code, w_self)
        self.module = module

    def module_name(self):
        return self.module

    def call_shape(self):
        # The functions of modules are few; those that are bound to an object come and go.
        return self if self.w_self is None else self.getclass()

    def shape_name(self):
        return self.code.name

    import_from_mixin(CallsCode)


def builtin_repr(self):
    if self.w_self is not None:
        return space.newstr("<built-in method %s of %s object at %s>" % (
            self.code.name, space.type_name(self.w_self), space.address_text(self.w_self)))
    return space.newstr("<built-in function %s>" % self.code.name)


def builtin_get_name(self):
    return space.newstr(self.code.name)


def builtin_get_doc(self):
    return space.newtext_or_none(self.code.doc)


def builtin_get_module(self):
    return space.newtext_or_none(self.module_name())


def builtin_get_self(self):
    return space.w_None if self.w_self is None else self.w_self


class W_MethodDescr(W_Root):
    """A method of a built-in type, found in the dictionary of the type."""

    _attrs_ = ("code", "w_objclass")
    _immutable_fields_ = ["code", "w_objclass"]

    def __init__(self, code, w_objclass):
        self.code = code
        self.w_objclass = w_objclass

    import_from_mixin(CallsCode)

    def descr_get(self, w_obj, w_type):
        if w_obj is None:
            return self
        return W_BuiltinMethod(self.code, w_obj, self.w_objclass)

    def is_data_descr(self):
        return False


class W_SlotWrapper(W_MethodDescr):
    """A special method of a built-in type (a kind of its own, as in CPython)."""

    def descr_get(self, w_obj, w_type):
        if w_obj is None:
            return self
        return W_MethodWrapper(self.code, w_obj, self.w_objclass)


def method_descr_get(self, w_obj, w_type=None):
    if space.is_none(w_obj) and (w_type is None or not space.is_none_type(w_type)):
        return self
    if not space.isinstance_w(w_obj, self.w_objclass):
        raise type_error("descriptor '%s' for '%s' objects doesn't apply to '%s' object" % (
            self.code.name, self.w_objclass.name, space.type_name(w_obj)))
    return self.descr_get(w_obj, w_type)


def method_descr_repr(self):
    return space.newstr("<method '%s' of '%s' objects>" % (self.code.name, self.w_objclass.full_name()))


def slot_wrapper_repr(self):
    return space.newstr("<slot wrapper '%s' of '%s' objects>" % (self.code.name, self.w_objclass.full_name()))


def method_descr_name(self):
    return space.newstr(self.code.name)


def method_descr_doc(self):
    return space.newtext_or_none(self.code.doc)


class W_BuiltinMethod(W_AnyBuiltin):
    """A method of a built-in type bound to an object."""

    _attrs_ = ("w_objclass",)
    _immutable_fields_ = ["w_objclass"]

    def __init__(self, code, w_self, w_objclass):
        W_AnyBuiltin.__init__(self, code, w_self)
        self.w_objclass = w_objclass

    def call_0(self):
        return self.code.call_1(self.w_self)

    def call_1(self, w_1):
        return self.code.call_2(self.w_self, w_1)

    def call_2(self, w_1, w_2):
        return self.code.call_3(self.w_self, w_1, w_2)

    def call_3(self, w_1, w_2, w_3):
        return self.code.call_4(self.w_self, w_1, w_2, w_3)

    def call_list(self, args_w):
        return self.code.call_list([self.w_self] + args_w)

    def call_args(self, args):
        return self.code.call_args(args.prepend(self.w_self))


def is_builtin_callable(w_function):
    """Whether it is what CPython makes from a C function: no type, and no special method."""
    return isinstance(w_function, W_AnyBuiltin) and not isinstance(w_function, W_MethodWrapper)


class W_MethodWrapper(W_BuiltinMethod):
    """A special method of a built-in type bound to an object."""

    def call_1(self, w_1):
        return space.check_sequence_slot(self, self.w_self, w_1, self.code.call_2(self.w_self, w_1))

    def call_list(self, args_w):
        if len(args_w) == 1:
            return self.call_1(args_w[0])
        return W_BuiltinMethod.call_list(self, args_w)

    def call_args(self, args):
        if args.has_keywords():
            return W_BuiltinMethod.call_args(self, args)
        return self.call_list(args.args_w)


def method_wrapper_repr(self):
    return space.newstr("<method-wrapper '%s' of %s object at %s>" % (
        self.code.name, space.type_name(self.w_self), space.address_text(self.w_self)))


def same_builtin(left, right):
    """The same function of ours, under whatever name.

    Method-wrappers compare their objects by value, the other built-in methods by identity.
    """
    if left.code.implementation != right.code.implementation:
        return False
    if left.w_self is right.w_self:
        return True
    if isinstance(left, W_MethodWrapper) and isinstance(right, W_MethodWrapper):
        return space.eq_w(left.w_self, right.w_self)
    return False


def builtin_method_eq(self, w_other):
    if not isinstance(w_other, W_AnyBuiltin):
        return space.w_NotImplemented
    return space.newbool(same_builtin(self, w_other))


def builtin_method_ne(self, w_other):
    if not isinstance(w_other, W_AnyBuiltin):
        return space.w_NotImplemented
    return space.newbool(not same_builtin(self, w_other))


def builtin_method_hash(self):
    own = 0 if self.w_self is None else space.hash_int(self.w_self)
    return space.newint(own ^ (self.code.implementation << 4))


def method_wrapper_hash(self):
    return space.newint(space.hash_int(self.w_self) ^ space.str_hash(self.code.name))


class W_Method(W_Root):
    """``instancemethod``: any callable bound to an object, or unbound (`w_self` None) with a class check."""

    _attrs_ = ("w_function", "w_self", "w_class", "lifeline")
    _immutable_fields_ = ["w_function", "w_self", "w_class"]
    lifeline = None

    def __init__(self, w_function, w_self, w_class):
        self.w_function = w_function
        self.w_self = w_self
        self.w_class = w_class

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    def call_shape(self):
        w_function = self.w_function
        if isinstance(w_function, W_Function):
            return w_function.code
        return self.getclass()

    def call_0(self):
        if self.w_self is not None:
            return self.w_function.call_1(self.w_self)
        return self.call_list([])

    def call_1(self, w_1):
        if self.w_self is not None:
            return self.w_function.call_2(self.w_self, w_1)
        self.check_first(w_1, True)
        return self.w_function.call_1(w_1)

    def call_2(self, w_1, w_2):
        if self.w_self is not None:
            return self.w_function.call_3(self.w_self, w_1, w_2)
        self.check_first(w_1, True)
        return self.w_function.call_2(w_1, w_2)

    def call_3(self, w_1, w_2, w_3):
        if self.w_self is not None:
            return self.w_function.call_4(self.w_self, w_1, w_2, w_3)
        self.check_first(w_1, True)
        return self.w_function.call_3(w_1, w_2, w_3)

    def call_list(self, args_w):
        if self.w_self is not None:
            return self.w_function.call_list([self.w_self] + args_w)
        self.check_first_of(args_w)
        return self.w_function.call_list(args_w)

    def call_args(self, args):
        if self.w_self is not None:
            return self.w_function.call_args(args.prepend(self.w_self))
        self.check_first_of(args.args_w)
        return self.w_function.call_args(args)

    def check_first_of(self, args_w):
        if args_w:
            self.check_first(args_w[0], True)
        else:
            self.check_first(space.w_None, False)

    def check_first(self, w_first, given):
        w_class = self.w_class
        if given and (w_class is None or space.is_none(w_class) or space.isinstance_real(w_first, w_class)):
            return
        what = "nothing" if not given else "%s instance" % space.class_name_of(w_first)
        raise type_error("unbound method %s() must be called with %s instance as first argument (got %s instead)" % (
            space.callable_name(self.w_function), space.name_of_class(w_class), what))

    def is_data_descr(self):
        return False

    def descr_get(self, w_obj, w_type):
        return method_get(self, w_obj, w_type)


def method_get(self, w_obj, w_type=None):
    if self.w_self is not None:
        return self
    if w_obj is None or space.is_none(w_obj):
        return self
    # An unbound method binds only to instances of a subclass of its class.
    if self.w_class is not None and not space.is_none(self.w_class) and w_type is not None:
        if not space.issubtype_allow_override(w_type, self.w_class):
            return self
        return W_Method(self.w_function, w_obj, w_type)
    return W_Method(self.w_function, w_obj, self.w_class)


def method_new(w_subtype, w_function, w_instance, w_class=None):
    if not space.is_callable(w_function):
        raise type_error("first argument must be callable")
    if space.is_none(w_instance):
        if w_class is None:
            raise type_error("unbound methods must have non-NULL im_class")
        return W_Method(w_function, None, w_class)
    return W_Method(w_function, w_instance, w_class)


def method_repr(self):
    name = space.callable_name(self.w_function)
    class_name = "?"
    if self.w_class is not None and not space.is_none(self.w_class):
        class_name = space.name_of_class(self.w_class)
    if self.w_self is None:
        return space.newstr("<unbound method %s.%s>" % (class_name, name))
    return space.newstr("<bound method %s.%s of %s>" % (class_name, name, space.repr_text(self.w_self)))


def method_eq(self, w_other):
    if not isinstance(w_other, W_Method):
        return space.w_NotImplemented
    if (self.w_self is None) != (w_other.w_self is None):
        return space.w_False
    if self.w_self is not None and not space.eq_w(self.w_self, w_other.w_self):
        return space.w_False
    return space.newbool(space.eq_w(self.w_function, w_other.w_function))


def method_ne(self, w_other):
    w_equal = method_eq(self, w_other)
    if w_equal is space.w_NotImplemented:
        return w_equal
    return space.newbool(w_equal is space.w_False)


def method_hash(self):
    h = space.hash_int(space.w_None if self.w_self is None else self.w_self)
    return space.newint(h ^ space.hash_int(self.w_function))


def method_getattribute(self, w_name):
    name = space.attribute_name_w(w_name)
    w_descr = self.getclass().lookup(name)
    if w_descr is not None:
        return w_descr.descr_get(self, self.getclass())
    return space.getattr(self.w_function, w_name)


def method_get_doc(self):
    return space.getattr_str(self.w_function, "__doc__")


define_type(W_Cell, "cell", {
    "__repr__": W_Cell.descr_repr,
    "__cmp__": cell_compare,
    "__hash__": None,
    "cell_contents": GetSet(W_Cell.descr_contents),
}, acceptable_as_base=False)

define_type(W_Function, "function", {
    "__new__": function_new,
    "__get__": function_get,
    "__call__": forward_call,
    "__repr__": function_repr,
    "__doc__": GetSet(function_get_doc, function_set_doc, function_del_doc),
    "__name__": GetSet(function_get_name, function_set_name),
    "__code__": GetSet(function_get_code, function_set_code),
    "__defaults__": GetSet(function_get_defaults, function_set_defaults, function_del_defaults),
    "__globals__": Member(getter=function_get_globals),
    "__closure__": Member(getter=function_get_closure),
    "__module__": GetSet(function_get_module, function_set_module, function_del_module),
    "__dict__": GetSet(function_get_dict, function_set_dict, function_del_dict),
    "__weakref__": None,
    "func_doc": GetSet(function_get_doc, function_set_doc, function_del_doc),
    "func_name": GetSet(function_get_name, function_set_name),
    "func_code": GetSet(function_get_code, function_set_code),
    "func_defaults": GetSet(function_get_defaults, function_set_defaults, function_del_defaults),
    "func_globals": Member(getter=function_get_globals),
    "func_closure": Member(getter=function_get_closure),
    "func_dict": GetSet(function_get_dict, function_set_dict, function_del_dict),
}, acceptable_as_base=False)

define_type(W_AnyBuiltin, "builtin_function_or_method", {
    "__call__": forward_call,
    "__repr__": builtin_repr,
    "__eq__": builtin_method_eq,
    "__ne__": builtin_method_ne,
    "__hash__": builtin_method_hash,
    "__name__": GetSet(builtin_get_name),
    "__doc__": GetSet(builtin_get_doc),
    "__module__": Member(getter=builtin_get_module),
    "__self__": GetSet(builtin_get_self),
}, acceptable_as_base=False)

define_type(W_MethodDescr, "method_descriptor", {
    "__call__": forward_call,
    "__get__": method_descr_get,
    "__repr__": method_descr_repr,
    "__name__": GetSet(method_descr_name),
    "__doc__": GetSet(method_descr_doc),
    "__objclass__": Member("w_objclass"),
}, acceptable_as_base=False)

define_type(W_SlotWrapper, "wrapper_descriptor", {
    "__call__": forward_call,
    "__get__": method_descr_get,
    "__repr__": slot_wrapper_repr,
    "__name__": Member(getter=method_descr_name),
    "__doc__": GetSet(method_descr_doc),
    "__objclass__": Member("w_objclass"),
}, acceptable_as_base=False)

define_type(W_MethodWrapper, "method-wrapper", {
    "__call__": forward_call,
    "__repr__": method_wrapper_repr,
    "__eq__": builtin_method_eq,
    "__ne__": builtin_method_ne,
    "__hash__": method_wrapper_hash,
    "__name__": GetSet(builtin_get_name),
    "__doc__": GetSet(builtin_get_doc),
    "__self__": GetSet(builtin_get_self),
    "__objclass__": Member("w_objclass"),
}, acceptable_as_base=False)

define_type(W_Method, "instancemethod", {
    "__new__": method_new,
    "__call__": forward_call,
    "__get__": method_get,
    "__repr__": method_repr,
    "__eq__": method_eq,
    "__ne__": method_ne,
    "__hash__": method_hash,
    "__getattribute__": method_getattribute,
    "__doc__": GetSet(method_get_doc),
    "__func__": Member("w_function"),
    "__self__": Member("w_self"),
    "im_func": Member("w_function"),
    "im_self": Member("w_self"),
    "im_class": Member("w_class"),
    "__weakref__": None,
}, acceptable_as_base=False)
