"""Instances of application-level classes: maps.

A *map* is the shared layout of all instances that got the same attributes in the same order: a chain of
`MapAttribute` nodes, each knowing its name, its kind and its place in the instance's `storage`, down to the
`MapTerminator` of the class. An instance is its map and its storage array. (The idea is from Self's maps,
Chambers, Ungar and Lee, OOPSLA 1989.)

Kinds keep name spaces apart: attributes of ``__dict__`` have kind `DICT`, the slot of a ``__slots__`` entry has a
number of its own, weak references and a materialised ``__dict__`` are entries too, and so cost nothing where
they are not used.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import OperationError, type_error
from ouro.rlib import jit
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.rweakref import WeakValueDictionary

DICT = 0
SPECIAL_DICT = 1
SPECIAL_WEAKREF = 2
FIRST_SLOT = 3

# Above this many attributes an instance keeps them in an ordinary dictionary.
ATTRIBUTE_LIMIT = 80


# So many layouts that follow a layout are kept with it. Names of attributes may be made up without end, so those of
# further ones live only as long as something has them.
KEPT_TRANSITIONS = 16

WeakMaps = WeakValueDictionary("WeakMaps")


class Map:
    """A layout; `terminator` leads to the class. `transitions` and `more_transitions` are the layouts with one more
    attribute: the first ones, and of those that came later the ones that are in use, by name.
    """

    _attrs_ = ("terminator", "transitions", "more_transitions", "length")
    _immutable_fields_ = ["terminator", "length"]

    def __init__(self, terminator, length):
        self.terminator = terminator
        self.transitions = None
        self.more_transitions = None
        self.length = length

    @jit.elidable
    def find(self, name, kind):
        """The MapAttribute for `name`, or None."""
        node = self
        while isinstance(node, MapAttribute):
            if node.kind == kind and (node.name is name or node.name == name):
                return node
            node = node.back
        return None

    @jit.elidable
    def extended(self, name, kind):
        """The map with one more attribute; the same object for the same arguments, as long as something has it."""
        transitions = self.transitions
        if transitions is None:
            transitions = self.transitions = []
        for node in transitions:
            if node.kind == kind and node.name == name:
                return node
        more = self.more_transitions
        if more is not None and kind == DICT:
            node = more.get(name)
            if node is not None:
                return node
        node = MapAttribute(self.terminator, self, name, kind)
        if len(transitions) < KEPT_TRANSITIONS or kind != DICT:
            transitions.append(node)
        else:
            if more is None:
                more = self.more_transitions = WeakMaps()
            more.set(name, node)
        if node.length > self.terminator.expected_length:
            self.terminator.expected_length = node.length
        return node

    @jit.elidable
    def room(self):
        """How long to make the storage of an instance that gets this layout: the attributes that are likely to follow
        have their places too. For the JIT any answer is right.
        """
        expected = self.terminator.expected_length
        return expected if expected > self.length else self.length


class MapTerminator(Map):
    """The empty layout of the instances of one class.

    `devolved`: ``__dict__`` is an ordinary dictionary, kept in the storage as `SPECIAL_DICT`.
    """

    _attrs_ = ("w_type", "expected_length", "devolved", "devolved_terminator")
    _immutable_fields_ = ["w_type", "devolved"]

    def __init__(self, w_type, devolved):
        Map.__init__(self, self, 0)
        self.w_type = w_type
        self.expected_length = 0
        self.devolved = devolved
        self.devolved_terminator = None

    def get_devolved(self):
        terminator = self.devolved_terminator
        if terminator is None:
            terminator = self.devolved_terminator = MapTerminator(self.w_type, True)
        return terminator


class MapAttribute(Map):
    """A layout whose last attribute is `name`, at `index` of the storage."""

    _attrs_ = ("back", "name", "kind", "index")
    _immutable_fields_ = ["back", "name", "kind", "index"]

    def __init__(self, terminator, back, name, kind):
        Map.__init__(self, terminator, back.length + 1)
        self.back = back
        self.name = name
        self.kind = kind
        self.index = back.length


EMPTY_STORAGE = [None] * 0


class W_Instance(W_Root):
    """An instance of an application-level class without built-in payload; also the attributes of one with."""

    _attrs_ = ("map", "storage")

    def __init__(self, map):
        self.map = map
        self.storage = EMPTY_STORAGE

    def getclass(self):
        return self.current_map().terminator.w_type

    def getmapped(self):
        return self

    def current_map(self):
        return jit.promote(self.map)

    # ---- reading and writing

    def read(self, name, kind):
        node = self.current_map().find(name, kind)
        if node is None:
            return None
        return self.storage[node.index]

    def write(self, name, kind, w_value):
        current = self.current_map()
        node = current.find(name, kind)
        if node is not None:
            self.storage[node.index] = w_value
            return
        self.append(current.extended(name, kind), w_value)

    @jit.unroll_safe
    def append(self, node, w_value):
        """Add the last attribute of map `node`, which extends the current one."""
        storage = self.storage
        index = node.index
        if index >= len(storage):
            larger = [None] * node.room()
            for i in range(index):
                larger[i] = storage[i]
            self.storage = storage = larger
        storage[index] = w_value
        self.map = node

    def delete(self, name, kind):
        """Remove an attribute by building the layout without it; False if absent."""
        current = self.current_map()
        removed = current.find(name, kind)
        if removed is None:
            return False
        nodes = attribute_nodes(current)
        old_storage = self.storage
        self.map = current.terminator
        self.storage = EMPTY_STORAGE
        for node in nodes:
            if node is not removed:
                self.append(self.map.extended(node.name, node.kind), old_storage[node.index])
        return True

    # ---- the attribute dictionary

    def getdictvalue(self, name):
        current = self.current_map()
        if current.terminator.devolved:
            return value_or_none(self.getdict(), name)
        node = current.find(name, DICT)
        if node is None:
            return None
        return self.storage[node.index]

    def setdictvalue(self, name, w_value):
        current = self.current_map()
        terminator = current.terminator
        if not terminator.w_type.has_dict:
            return False
        if terminator.devolved:
            self.getdict().setitem_str(name, w_value)
            return True
        node = current.find(name, DICT)
        if node is not None:
            self.storage[node.index] = w_value
            return True
        if current.length >= ATTRIBUTE_LIMIT:
            self.devolve()
            self.getdict().setitem_str(name, w_value)
            return True
        self.append(current.extended(name, DICT), w_value)
        return True

    def deldictvalue(self, name):
        if self.map.terminator.devolved:
            return self.getdict().delitem_str(name)
        if not self.delete(name, DICT):
            return False
        if not self.has_made_dict():
            # The last attribute is gone; the dictionary stays.
            self.getdict()
        return True

    def has_made_dict(self):
        for node in attribute_nodes(self.map):
            if node.kind == DICT or node.kind == SPECIAL_DICT:
                return True
        return False

    def getdict(self):
        """The W_Dict that shows the attributes: a view of the map as long as that serves."""
        if not self.map.terminator.w_type.has_dict:
            return None
        w_dict = self.read("dict", SPECIAL_DICT)
        if w_dict is None:
            w_dict = space.new_instance_dict(self)
            self.write("dict", SPECIAL_DICT, w_dict)
        return w_dict

    def setdict(self, w_dict):
        if not space.is_dict(w_dict):
            raise type_error("__dict__ must be set to a dictionary, not a '%s'" % space.type_name(w_dict))
        w_old = self.read("dict", SPECIAL_DICT)
        if w_old is not None:
            # The old dictionary may live on: it takes its own copy of the attributes.
            space.detach_instance_dict(w_old)
        self.drop_attributes(w_dict)

    def devolve(self):
        """Move the attributes into the ordinary dictionary that ``__dict__`` is from now on."""
        if self.map.terminator.devolved:
            return
        w_dict = self.getdict()
        space.detach_instance_dict(w_dict)
        self.drop_attributes(w_dict)

    def drop_attributes(self, w_dict):
        nodes = attribute_nodes(self.map)
        old_storage = self.storage
        self.map = self.map.terminator.get_devolved()
        self.storage = EMPTY_STORAGE
        for node in nodes:
            if node.kind != DICT and node.kind != SPECIAL_DICT:
                self.append(self.map.extended(node.name, node.kind), old_storage[node.index])
        self.write("dict", SPECIAL_DICT, w_dict)

    def change_class(self, w_type):
        """Same attributes in the layouts of `w_type`."""
        old_map = self.map
        nodes = attribute_nodes(old_map)
        old_storage = self.storage
        terminator = w_type.terminator
        if old_map.terminator.devolved:
            terminator = terminator.get_devolved()
        self.map = terminator
        self.storage = EMPTY_STORAGE
        for node in nodes:
            self.append(self.map.extended(node.name, node.kind), old_storage[node.index])

    def setclass(self, w_type):
        self.change_class(w_type)

    # ---- weak references

    def getweakref(self):
        w_holder = self.read("weakref", SPECIAL_WEAKREF)
        if w_holder is None:
            return None
        return w_holder

    def setweakref(self, lifeline):
        if not self.map.terminator.w_type.weakrefable:
            raise type_error("cannot create weak reference to '%s' object" % self.getclass().full_name())
        self.write("weakref", SPECIAL_WEAKREF, lifeline)

    def delweakref(self):
        self.delete("weakref", SPECIAL_WEAKREF)


def value_or_none(w_dict, name):
    """The value of an attribute in an ordinary ``__dict__``; as in CPython, errors of keys that compare mean none."""
    try:
        return w_dict.getitem_str(name)
    except OperationError:
        return None


def attribute_nodes(current):
    """The nodes of a map in the order of the attributes."""
    nodes = []
    node = current
    while isinstance(node, MapAttribute):
        nodes.append(node)
        node = node.back
    nodes.reverse()
    return nodes


class UserMixin:
    """What instances of application subclasses of built-in types have besides the built-in payload.

    `inst` holds the class and the attributes.
    """

    _mixin_ = True

    def getclass(self):
        return self.inst.getclass()

    def setclass(self, w_type):
        self.inst.change_class(w_type)

    def attach(self, inst):
        self.inst = inst

    def getmapped(self):
        return self.inst

    def getdict(self):
        return self.inst.getdict()

    def setdict(self, w_dict):
        self.inst.setdict(w_dict)

    def getdictvalue(self, name):
        return self.inst.getdictvalue(name)

    def setdictvalue(self, name, w_value):
        return self.inst.setdictvalue(name, w_value)

    def deldictvalue(self, name):
        return self.inst.deldictvalue(name)

    def has_made_dict(self):
        return self.inst.has_made_dict()

    def getweakref(self):
        return self.inst.getweakref()

    def setweakref(self, lifeline):
        self.inst.setweakref(lifeline)

    def delweakref(self):
        self.inst.delweakref()

    def is_same(self, w_other):
        return self is w_other

    def identity(self):
        return -1

    # Slots that a built-in class overrides and an application subclass may override again.

    def descr_get(self, w_obj, w_type):
        return W_Root.descr_get(self, w_obj, w_type)

    def is_data_descr(self):
        return W_Root.is_data_descr(self)

    def call_args(self, args):
        return W_Root.call_args(self, args)

    def call_list(self, args_w):
        return W_Root.call_list(self, args_w)

    def call_0(self):
        return W_Root.call_0(self)

    def call_1(self, w_1):
        return W_Root.call_1(self, w_1)

    def call_2(self, w_1, w_2):
        return W_Root.call_2(self, w_1, w_2)

    def call_3(self, w_1, w_2, w_3):
        return W_Root.call_3(self, w_1, w_2, w_3)

    def iter_next(self):
        return W_Root.iter_next(self)


@not_rpython
def make_user_class(base):
    """The RPython class for instances of application subclasses of built-in `base`.

    Its instances are made with ``instantiate`` or the base's constructor, then `init_user`.
    """
    namespace = {name: value for name, value in vars(UserMixin).items() if not name.startswith("__")}
    namespace.pop("_mixin_")
    namespace["_attrs_"] = ("inst",)
    namespace["__module__"] = base.__module__
    cls = type(base.__name__ + "User", (base,), namespace)
    cls.inst = None
    cls.is_user_class = True
    return cls


def new_instance(w_type):
    """A fresh instance of an application-level class."""
    w_obj = W_Instance(w_type.terminator)
    if w_type.has_del:
        space.register_del(w_obj)
    return w_obj


def attach_instance(w_obj, w_type):
    """Give a new instance of an application subclass of a built-in type its attributes."""
    w_obj.attach(W_Instance(w_type.terminator))
    if w_type.has_del:
        space.register_del(w_obj)
