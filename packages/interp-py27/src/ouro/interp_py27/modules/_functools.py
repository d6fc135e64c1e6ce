"""``_functools``: ``partial`` and ``reduce``."""

from ouro.interp_py27.modules.builtins import builtin_reduce
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_object import W_AnyDict, W_Dict, update
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Dictful
from ouro.interp_py27.vm.argument import Arguments, arguments_with_dict
from ouro.interp_py27.vm.errors import type_error
from ouro.interp_py27.vm.typedef import GetSet, Member, define_type
from ouro.rlib import jit


class W_Partial(W_Dictful):
    """partial(func, *args, **keywords) - new function with partial application
    of the given arguments and keywords.
"""

    # `w_arguments` is the tuple and `w_keywords` the dict that the attributes show; `args_w` the items of the tuple.
    _attrs_ = ("w_function", "args_w", "w_arguments", "w_keywords", "lifeline")
    lifeline = None

    def set_state(self, w_function, w_arguments, w_keywords):
        self.w_function = w_function
        self.w_arguments = w_arguments
        self.args_w = space.tuple_items(w_arguments)
        self.w_keywords = w_keywords

    def setdict(self, w_dict):
        if not space.is_dict(w_dict):
            raise type_error("setting partial object's dictionary to a non-dict")
        self.w_dict = w_dict

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    def call_args(self, args):
        args_w = args.args_w
        if len(self.args_w) > 0:
            args_w = self.args_w + args_w
        if self.w_keywords.length() == 0:
            return self.w_function.call_args(Arguments(args_w, args.keywords, args.keywords_w, args.names_w))
        return self.w_function.call_args(self.with_keywords(args_w, args))

    def with_keywords(self, args_w, args):
        """The whole call: keywords given now take the place of those kept."""
        w_keywords = self.w_keywords
        if args.has_keywords():
            w_keywords = space.newdict()
            update(w_keywords, self.w_keywords)
            for k in range(len(args.keywords)):
                args.store_keyword(k, w_keywords)
        return arguments_with_dict(args_w, w_keywords)

    def call_list(self, args_w):
        if self.w_keywords.length() == 0:
            return self.w_function.call_list(self.args_w + args_w)
        return self.w_function.call_args(self.with_keywords(self.args_w + args_w, Arguments([])))

    @jit.unroll_safe
    def call_0(self):
        args_w = self.args_w
        if self.w_keywords.length() == 0:
            if len(args_w) == 1:
                return self.w_function.call_1(args_w[0])
            if len(args_w) == 2:
                return self.w_function.call_2(args_w[0], args_w[1])
        return W_Partial.call_list(self, [])

    def call_1(self, w_1):
        args_w = self.args_w
        if self.w_keywords.length() == 0:
            if len(args_w) == 1:
                return self.w_function.call_2(args_w[0], w_1)
            if len(args_w) == 2:
                return self.w_function.call_3(args_w[0], args_w[1], w_1)
        return W_Partial.call_list(self, [w_1])


W_PartialUser = make_user_class(W_Partial)


def partial_new(w_subtype, __args__):
    if len(__args__.args_w) < 1:
        raise type_error("type 'partial' takes at least one argument")
    w_function = __args__.args_w[0]
    if not space.is_callable(w_function):
        raise type_error("the first argument must be callable")
    if w_subtype is W_Partial.w_builtin_type:
        w_partial = W_Partial()
    else:
        space.check_subtype(w_subtype, W_Partial.w_builtin_type)
        w_partial = W_PartialUser()
        space.init_user(w_partial, w_subtype)
    w_keywords = space.newdict()
    if __args__.has_keywords():
        for i in range(len(__args__.keywords)):
            __args__.store_keyword(i, w_keywords)
    w_partial.set_state(w_function, space.newtuple(__args__.args_w[1:]), w_keywords)
    return w_partial


def partial_call(self, __args__):
    return W_Partial.call_args(self, __args__)


def partial_reduce(self):
    w_dict = space.w_None
    if isinstance(self, W_PartialUser) or self.w_dict is not None:
        w_dict = self.getdict()
    return space.newtuple([
        self.getclass(), space.newtuple([self.w_function]),
        space.newtuple([self.w_function, self.w_arguments, self.w_keywords, w_dict])])


def partial_setstate(self, w_state):
    if not space.is_tuple(w_state) or space.len_w(w_state) != 4:
        raise type_error("invalid partial state")
    w_function, w_arguments, w_keywords, w_dict = space.fixed_unpack(w_state, 4)
    if not space.is_callable(w_function) or not space.is_tuple(w_arguments):
        raise type_error("invalid partial state")
    if space.is_none(w_keywords):
        w_keywords = space.newdict()
    elif not isinstance(w_keywords, W_AnyDict):
        raise type_error("invalid partial state")
    elif not isinstance(w_keywords, W_Dict):
        w_copy = space.newdict()
        update(w_copy, w_keywords)
        w_keywords = w_copy
    if w_arguments.getclass() is not space.w_tuple:
        w_arguments = space.newtuple(space.unpack_list(w_arguments)[:])
    self.set_state(w_function, w_arguments, w_keywords)
    if space.is_none(w_dict):
        self.setdict(space.newdict())
    else:
        self.setdict(w_dict)


def get_dict(self):
    return self.getdict()


def set_dict(self, w_dict):
    if not space.is_dict(w_dict):
        raise type_error("setting partial object's dictionary to a non-dict")
    self.setdict(w_dict)


def delete_dict(self):
    raise type_error("a partial object's dictionary may not be deleted")


define_type(W_Partial, "partial", {
    "__doc__": W_Partial.__doc__,
    "__new__": partial_new,
    "__call__": partial_call,
    "__reduce__": partial_reduce,
    "__setstate__": partial_setstate,
    "__dict__": GetSet(get_dict, set_dict, delete_dict),
    "__weakref__": None,
    "func": Member("w_function", "function object to use in future partial calls"),
    "args": Member("w_arguments", "tuple of arguments to future partial calls"),
    "keywords": Member("w_keywords", "dictionary of keyword arguments to future partial calls"),
}, module="functools", user_class=W_PartialUser)


def reduce(w_function, w_sequence, w_initial=None):
    """reduce(function, sequence[, initial]) -> value

Apply a function of two arguments cumulatively to the items of a sequence,
from left to right, so as to reduce the sequence to a single value.
For example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5]) calculates
((((1+2)+3)+4)+5).  If initial is present, it is placed before the items
of the sequence in the calculation, and serves as a default when the
sequence is empty."""
    return builtin_reduce(w_function, w_sequence, w_initial)


define_module("_functools", {"partial": W_Partial, "reduce": reduce}, doc="Tools that operate on functions.")
