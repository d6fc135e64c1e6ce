"""``xxsubtype``: subtypes of list and dict that are built in; CPython's tests of types use them."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_object import W_AnyDict, update_from_arguments
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.list_object import W_AnyList, become
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, class_method, define_type, static_method
from ouro.rlib.objectmodel import not_rpython


class W_SpamList(W_AnyList):
    """A list with an integer beside its items."""

    _attrs_ = ("state",)
    state = 0


W_SpamListUser = make_user_class(W_SpamList)


def list_new(w_subtype, __args__):
    if w_subtype is W_SpamList.w_builtin_type:
        return W_SpamList([])
    space.check_subtype(w_subtype, W_SpamList.w_builtin_type)
    w_list = W_SpamListUser([])
    space.init_user(w_list, w_subtype)
    return w_list


def list_init(self, w_sequence=None):
    become(self, [])
    if w_sequence is not None:
        self.extend(w_sequence)
    self.state = 0


def class_meth(w_class, __args__):
    """classmeth(*args, **kw)"""
    return described(w_class, __args__)


def static_meth(__args__):
    """staticmeth(*args, **kw)"""
    return described(space.w_None, __args__)


def described(w_first, args):
    """`w_first`, the positional and the keyword arguments."""
    w_keywords = space.w_None
    if args.has_keywords():
        w_keywords = space.newdict()
        for i in range(len(args.keywords)):
            w_keywords.setitem_str(args.keywords[i], args.keywords_w[i])
    return space.newtuple([w_first, space.newtuple(args.args_w), w_keywords])


class W_SpamDict(W_AnyDict):
    """A dict with an integer beside its items."""

    _attrs_ = ("state",)
    state = 0


W_SpamDictUser = make_user_class(W_SpamDict)


def dict_new(w_subtype, __args__):
    if w_subtype is W_SpamDict.w_builtin_type:
        return W_SpamDict()
    space.check_subtype(w_subtype, W_SpamDict.w_builtin_type)
    w_dict = W_SpamDictUser()
    space.init_user(w_dict, w_subtype)
    return w_dict


def dict_init(self, __args__):
    update_from_arguments(self, __args__, "dict")
    self.state = 0


@not_rpython
def _make_state():
    """``getstate`` and ``setstate``; each type has functions of its own, for its own kind of `self`."""

    def get_state(self):
        """getstate() -> state"""
        return space.newint(self.state)

    @unwrap_spec(state=int)
    def set_state(self, state):
        """setstate(state)"""
        self.state = state

    def assign_state(self, w_state):
        self.state = space.int_w(w_state)

    return get_state, set_state, assign_state


@unwrap_spec(times=int)
def bench(w_object, w_name, times=1000):
    """bench(object, name[, times]): look an attribute up so many times"""
    for _ in range(times):
        space.getattr(w_object, w_name)


get_state, set_state, _ = _make_state()
define_type(W_SpamList, "spamlist", {
    "__new__": list_new,
    "__init__": list_init,
    "getstate": get_state,
    "setstate": set_state,
    "classmeth": class_method(class_meth),
    "staticmeth": static_method(static_meth),
    "state": GetSet(get_state, doc="an int variable for demonstration purposes"),
}, base=W_AnyList, module="xxsubtype", user_class=W_SpamListUser)

get_state, set_state, assign_state = _make_state()
define_type(W_SpamDict, "spamdict", {
    "__new__": dict_new,
    "__init__": dict_init,
    "getstate": get_state,
    "setstate": set_state,
    "state": GetSet(get_state, assign_state, doc="an int variable for demonstration purposes"),
}, base=W_AnyDict, module="xxsubtype", user_class=W_SpamDictUser)

define_module("xxsubtype", {"spamlist": W_SpamList, "spamdict": W_SpamDict, "bench": bench},
              doc="xxsubtype is an example module showing how to subtype builtin types from C.\n"
                  "test_descr.py in the standard test suite requires it in order to complete.\n"
                  "If you don't care about the examples, and don't intend to run the Python\n"
                  "test suite, you can recompile Python without Modules/xxsubtype.c.")
