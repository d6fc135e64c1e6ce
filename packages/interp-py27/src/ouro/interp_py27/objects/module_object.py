"""Module objects, and built-in modules made from tables."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_object import global_value, new_module_dict
from ouro.interp_py27.objects.function_object import W_BuiltinFunction
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import type_error
from ouro.interp_py27.vm.gateway import make_builtin_code
from ouro.interp_py27.vm.typedef import Member, define_type
from ouro.rlib.objectmodel import not_rpython


class W_Module(W_Root):
    _attrs_ = ("w_dict",)
    _immutable_fields_ = ["w_dict"]

    def __init__(self):
        self.w_dict = new_module_dict()

    def getdict(self):
        return self.w_dict

    def getdictvalue(self, name):
        return global_value(self.w_dict, name)


class W_ComputingModule(W_Module):
    """A built-in module with attributes that are not in its namespace: `compute(name)` gives one, or None."""

    _attrs_ = ("compute",)
    _immutable_fields_ = ["compute"]

    def __init__(self, compute):
        W_Module.__init__(self)
        self.compute = compute

    def getdictvalue(self, name):
        w_value = global_value(self.w_dict, name)
        if w_value is None:
            w_value = self.compute(name)
        return w_value


W_ModuleUser = make_user_class(W_Module)
# The namespace of a module is its own, in subclasses too.
for _name in ["getdict", "setdict", "getdictvalue", "setdictvalue", "deldictvalue"]:
    setattr(W_ModuleUser, _name, getattr(W_Module, _name))


def new_module(w_name, w_doc):
    """A module as imports make them."""
    return named_module(W_Module(), w_name, w_doc)


def named_module(w_module, w_name, w_doc):
    """`w_module`, with the names that every module has."""
    w_module.w_dict.setitem_str("__name__", w_name)
    w_module.w_dict.setitem_str("__doc__", w_doc)
    w_module.w_dict.setitem_str("__package__", space.w_None)
    return w_module


def module_new(w_subtype, __args__):
    if w_subtype is W_Module.w_builtin_type:
        return W_Module()
    space.check_subtype(w_subtype, W_Module.w_builtin_type)
    w_module = W_ModuleUser()
    space.init_user(w_module, w_subtype)
    return w_module


def module_init(self, w_name, w_doc=None):
    if not space.is_str(w_name):
        raise type_error("module.__init__() argument 1 must be string, not %s" % space.type_name(w_name))
    self.w_dict.setitem_str("__name__", w_name)
    self.w_dict.setitem_str("__doc__", space.wrap_none(w_doc))


def module_name(w_module):
    w_name = w_module.w_dict.getitem_str("__name__")
    if w_name is None or not space.is_str(w_name):
        return "?"
    return space.text_w(w_name)


def module_repr(self):
    name = module_name(self)
    w_file = self.w_dict.getitem_str("__file__")
    if w_file is None or not space.is_str(w_file):
        return space.newstr("<module '%s' (built-in)>" % name)
    return space.newstr("<module '%s' from '%s'>" % (name, space.text_w(w_file)))


def get_dict(self):
    return self.w_dict


define_type(W_Module, "module", {
    "__doc__": "module(name[, doc])\n\nCreate a module object.\nThe name must be a string; the optional doc argument "
               "can have any type.",
    "__new__": module_new,
    "__init__": module_init,
    "__repr__": module_repr,
    "__dict__": Member(getter=get_dict),
}, user_class=W_ModuleUser)


class BuiltinModule:
    """A built-in module: its table and, once imported, its W_Module.

    `startup` is an interp-level function called with the W_Module when the module is first imported, for what can
    only be known at run time. `compute` is None or as in `W_ComputingModule`.
    """

    def __init__(self, name, doc, startup, compute):
        self.name = name
        self.doc = doc
        self.startup = startup
        self.compute = compute
        self.names = []
        self.values_w = []
        self.w_module = None
        self.w_initial = None

    def load(self):
        """The module; made on the first call."""
        w_module = self.w_module
        if w_module is None:
            w_module = self.new_module()
            self.w_module = w_module
            for i in range(len(self.names)):
                w_module.w_dict.setitem_str(self.names[i], self.values_w[i])
            startup = self.startup
            if startup is not None:
                startup(w_module)
            self.w_initial = space.newdict()
            space.update(self.w_initial, w_module.w_dict)
        return w_module

    def new_module(self):
        w_module = W_Module() if self.compute is None else W_ComputingModule(self.compute)
        return named_module(w_module, space.newstr(self.name), space.newtext_or_none(self.doc))

    def fresh(self):
        """A module as it was when first imported; it shares the objects, not the namespace."""
        if self.w_module is None:
            return self.load()
        w_module = self.new_module()
        self.restore(w_module)
        return w_module

    def restore(self, w_module):
        """Give the names of the module the values that they had first."""
        w_initial = self.w_initial
        if w_initial is not None:
            space.update(w_module.w_dict, w_initial)


class BuiltinModules:
    """All built-in modules by name."""

    def __init__(self):
        self.table = {}


builtin_modules = BuiltinModules()


@not_rpython
def define_module(name, entries, doc=None, startup=None, compute=None):
    """Describe a built-in module.

    `entries` maps names to interp-level functions (exposed through `gateway`), RPython classes with a TypeDef
    (their types), strings, ints, floats, None, or application objects.
    """
    module = BuiltinModule(name, doc, startup, compute)
    for key, entry in entries.items():
        module.names.append(key)
        module.values_w.append(_wrap(name, key, entry))
    builtin_modules.table[name] = module
    return module


@not_rpython
def _wrap(module_name, key, entry):
    if isinstance(entry, W_Root):
        return entry
    if isinstance(entry, type) and issubclass(entry, W_Root):
        return entry.typedef.w_type
    if entry is None:
        return space.w_None
    if isinstance(entry, bool):
        return space.newbool(entry)
    if isinstance(entry, int):
        return space.newint(entry)
    if isinstance(entry, float):
        return space.newfloat(entry)
    if isinstance(entry, str):
        return space.newstr(entry)
    return W_BuiltinFunction(make_builtin_code(entry, key, owner=module_name), module_name)


def find_builtin_module(name):
    """The W_Module of a built-in module, or None."""
    module = builtin_modules.table.get(name, None)
    if module is None:
        return None
    return module.load()


def import_builtin_module(name):
    """A built-in module for ``sys.modules``, where it is not: ``sys`` and ``__builtin__`` are there once."""
    module = builtin_modules.table[name]
    if name == "sys" or name == "__builtin__":
        return module.load()
    return module.fresh()


def builtin_module(name):
    return builtin_modules.table[name]


def new_main_module():
    """A fresh ``__main__``."""
    w_module = new_module(space.newstr("__main__"), space.w_None)
    w_module.w_dict.setitem_str("__builtins__", space.state.w_builtin_module)
    return w_module


def is_builtin_module(name):
    return name in builtin_modules.table
