"""``set`` and ``frozenset``: a dictionary with keys only."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_object import W_Dict
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root


class W_AnySet(W_Root):
    """A set, frozenset or instance of a subclass; `items` is a W_Dict whose keys are the elements."""

    _attrs_ = ("items", "lifeline")
    lifeline = None

    def __init__(self):
        self.items = W_Dict()

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    def add(self, w_item):
        self.items.setitem(w_item, space.w_None)

    def contains(self, w_item):
        return self.items.getitem(w_item) is not None

    def discard(self, w_item):
        """False if the item was not there."""
        return self.items.delitem(w_item)

    def items_list(self):
        return self.items.keys_list()

    def length(self):
        return self.items.length()


class W_AnyMutableSet(W_AnySet):
    """A set or an instance of a subclass."""


class W_Set(W_AnyMutableSet):
    """An exact set."""


class W_AnyFrozenSet(W_AnySet):
    """A frozenset or an instance of a subclass; the hash is -1 until somebody asks for it."""

    _attrs_ = ("cached_hash",)
    cached_hash = -1


class W_FrozenSet(W_AnyFrozenSet):
    """An exact frozenset."""


W_SetUser = make_user_class(W_AnyMutableSet)
W_FrozenSetUser = make_user_class(W_AnyFrozenSet)


def newset(items_w):
    w_set = W_Set()
    for w_item in items_w:
        w_set.add(w_item)
    return w_set


def set_add(w_set, w_item):
    """SET_ADD: the target is an exact set."""
    assert isinstance(w_set, W_AnySet)
    w_set.add(w_item)
