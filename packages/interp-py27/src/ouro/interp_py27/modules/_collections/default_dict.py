"""``defaultdict``: a dict that makes what is missing."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_object import W_AnyDict, update_from_arguments
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.vm.argument import Arguments
from ouro.interp_py27.vm.errors import key_error, type_error
from ouro.interp_py27.vm.typedef import GetSet, define_type


class W_DefaultDict(W_AnyDict):
    """defaultdict(default_factory[, ...]) --> dict with default factory

The default factory is called without arguments to produce
a new value when a key is not present, in __getitem__ only.
A defaultdict compares equal to a dict with the same items.
All remaining arguments are treated the same as if they were
passed to the dict constructor, including keyword arguments.
"""

    _attrs_ = ("w_factory",)
    w_factory = None


W_DefaultDictUser = make_user_class(W_DefaultDict)


def defaultdict_new(w_subtype, __args__):
    if w_subtype is W_DefaultDict.w_builtin_type:
        return W_DefaultDict()
    space.check_subtype(w_subtype, W_DefaultDict.w_builtin_type)
    w_dict = W_DefaultDictUser()
    space.init_user(w_dict, w_subtype)
    return w_dict


def defaultdict_init(self, __args__):
    args_w = __args__.args_w
    w_factory = None
    if len(args_w) > 0:
        w_factory = args_w[0]
        if space.is_none(w_factory):
            w_factory = None
        elif not space.is_callable(w_factory):
            raise type_error("first argument must be callable or None")
        args_w = args_w[1:]
    self.w_factory = w_factory
    update_from_arguments(self, Arguments(args_w, __args__.keywords, __args__.keywords_w, __args__.names_w), "dict")


def defaultdict_missing(self, w_key):
    """__missing__(key) # Called by __getitem__ for missing key; pseudo-code:
  if self.default_factory is None: raise KeyError((key,))
  self[key] = value = self.default_factory()
  return value
"""
    if self.w_factory is None:
        raise key_error(w_key)
    w_value = self.w_factory.call_0()
    if isinstance(self, W_DefaultDictUser):
        space.setitem(self, w_key, w_value)
    else:
        self.setitem(w_key, w_value)
    return w_value


def defaultdict_repr(self):
    contents = space.text_w(space.w_dict.lookup("__repr__").call_1(self))
    w_factory = self.w_factory
    if w_factory is None:
        factory = "None"
    elif not space.enter_repr(w_factory):
        # A method of this very object, for one, shows it again.
        factory = "..."
    else:
        try:
            factory = space.repr_text(w_factory)
        finally:
            space.leave_repr(w_factory)
    return space.newstr("defaultdict(%s, %s)" % (factory, contents))


def defaultdict_copy(self):
    """D.copy() -> a shallow copy of D."""
    return self.getclass().call_2(space.wrap_none(self.w_factory), self)


def defaultdict_reduce(self):
    """Return state information for pickling."""
    arguments_w = [] if self.w_factory is None else [self.w_factory]
    return space.newtuple([
        self.getclass(), space.newtuple(arguments_w), space.w_None, space.w_None,
        space.getattr_str(self, "iteritems").call_0()])


def get_factory(self):
    return self.w_factory


def set_factory(self, w_factory):
    self.w_factory = None if space.is_none(w_factory) else w_factory


def delete_factory(self):
    self.w_factory = None


define_type(W_DefaultDict, "defaultdict", {
    "__doc__": W_DefaultDict.__doc__,
    "__new__": defaultdict_new,
    "__init__": defaultdict_init,
    "__missing__": defaultdict_missing,
    "__repr__": defaultdict_repr,
    "__copy__": defaultdict_copy,
    "copy": defaultdict_copy,
    "__reduce__": defaultdict_reduce,
    "default_factory": GetSet(
        get_factory, set_factory, delete_factory, "Factory for default value called by __missing__()."),
}, base=W_AnyDict, module="collections", user_class=W_DefaultDictUser)
