"""Types: attribute look-up along the method resolution order, with version tags and caches.

A type's `version` is an object that is replaced whenever an attribute look-up on it may give a new result: by an
assignment to the type or to any base. Caches compare versions by identity. Under the JIT the version of a
promoted type is a constant and look-ups fold.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.specials import COUNT, NAMES, special
from ouro.rlib import jit

DELETE = special("__delete__")
GET = special("__get__")
SET = special("__set__")


class VersionTag:
    """A state of a type."""

    _attrs_ = ()


class W_Unknown(W_Root):
    """Stands in the caches for "not looked up yet"."""


UNKNOWN = W_Unknown()
ALL_UNKNOWN = [UNKNOWN] * COUNT
_special_names = NAMES[:]


class W_AttributeCell(W_Root):
    """Stands in a namespace for an attribute that was assigned again: a counter, for example.

    Assignments to it change no version, since a cell only holds what is no descriptor and never becomes one. (PyPy does
    so, too.)
    """

    _attrs_ = ("w_value",)

    def __init__(self, w_value):
        self.w_value = w_value


def entry_value(w_entry):
    """What an entry of a namespace, or None, says."""
    if isinstance(w_entry, W_AttributeCell):
        return w_entry.w_value
    return w_entry


@jit.elidable
def is_special_name(name):
    """Special methods are looked up in ways of their own."""
    return name.startswith("__") or name == "next"


def fits_cell(name, w_value):
    """May an attribute be in a cell?"""
    if is_special_name(name):
        return False
    w_type = w_value.getclass()
    return (not w_type.is_heap_type and w_type.lookup_special(GET) is None and w_type.lookup_special(SET) is None
            and w_type.lookup_special(DELETE) is None)


class Layout:
    """What instances are made of: decides which types can be bases together, and ``__class__`` assignment.

    `typedef` describes the built-in part, `slots` counts the ``__slots__`` added since `base`.
    """

    _immutable_ = True

    def __init__(self, typedef, base, slots):
        self.typedef = typedef
        self.base = base
        self.slots = slots

    def extends(self, other):
        layout = self
        while layout is not None:
            if layout is other:
                return True
            layout = layout.base
        return False


#: A type remembers so many names at most, which somebody may make up without end.
CACHE_LIMIT = 1024


class W_Type(W_Root):
    """A new-style class. `dict_w` is its namespace; for built-in types filled from the TypeDef."""

    _attrs_ = ("name", "bases_w", "mro_w", "dict_w", "version", "specials", "cache", "layout", "is_heap_type",
               "has_dict", "weakrefable", "has_del", "subclasses_w", "w_base", "terminator", "weakref_lifeline",
               "flag_abstract",
               "has_getattribute", "has_custom_new", "built_from", "module", "doc", "shape", "fast_init_version",
               "w_fast_init", "needs_metaclass_call", "uses_object_getattribute")
    _immutable_fields_ = ["version?", "is_heap_type", "layout?", "terminator?", "mro_w?[*]", "has_dict?", "has_del?",
                          "w_fast_init?", "flag_abstract?", "weakrefable?"]

    def __init__(self, name, bases_w, is_heap_type):
        self.name = name
        self.bases_w = bases_w
        self.mro_w = [self]
        self.dict_w = {}
        self.version = VersionTag()
        self.specials = ALL_UNKNOWN
        self.cache = {}
        self.layout = None
        self.is_heap_type = is_heap_type
        self.has_dict = False
        self.weakrefable = False
        self.has_del = False
        self.subclasses_w = []
        self.w_base = None
        self.terminator = None
        self.weakref_lifeline = None
        self.flag_abstract = False
        self.built_from = None
        self.module = None
        self.doc = None
        self.shape = None
        self.fast_init_version = None
        self.w_fast_init = None

    def call_shape(self):
        return self

    def shape_name(self):
        return self.name

    def full_name(self):
        """The name as messages show it: types of built-in modules have that of the module before it."""
        if self.is_heap_type or self.module is None or self.module == "__builtin__":
            return self.name
        return self.module + "." + self.name

    # ---- look-up

    def lookup(self, name):
        """The attribute `name` found along the MRO, or None."""
        return entry_value(self.lookup_entry(name))

    def lookup_entry(self, name):
        """As `lookup`; a W_AttributeCell for an attribute that may change while the type keeps its version."""
        if jit.we_are_jitted():
            promoted = jit.promote(self)
            version = jit.promote(promoted.version)
            return promoted.pure_lookup(name, version)
        cache = self.cache
        w_value = cache.get(name, UNKNOWN)
        if w_value is UNKNOWN:
            w_value = self.lookup_in_mro(name)
            if len(cache) >= CACHE_LIMIT:
                cache = self.cache = {}
            cache[name] = w_value
        return w_value

    @jit.elidable
    def pure_lookup(self, name, version):
        return self.lookup_in_mro(name)

    def lookup_in_mro(self, name):
        for w_class in self.mro_w:
            w_value = w_class.own_entry(name)
            if w_value is not None:
                return w_value
        return None

    def lookup_where(self, name):
        """As `lookup`, but gives the class where the attribute was found, or None."""
        for w_class in self.mro_w:
            if w_class.own_attribute(name) is not None:
                return w_class
        return None

    def own_attribute(self, name):
        return entry_value(self.dict_w.get(name, None))

    def own_entry(self, name):
        return self.dict_w.get(name, None)

    @jit.elidable
    def pure_own_entry(self, name, version):
        return self.dict_w.get(name, None)

    def lookup_special(self, number):
        """The special method with that number (see `specials`), or None."""
        if jit.we_are_jitted():
            promoted = jit.promote(self)
            return promoted.pure_lookup_special(number, jit.promote(promoted.version))
        w_value = self.specials[number]
        if w_value is UNKNOWN:
            w_value = self.fill_special(number)
        return w_value

    @jit.elidable
    def pure_lookup_special(self, number, version):
        return self.lookup_in_mro(_special_names[number])

    def fill_special(self, number):
        w_value = self.lookup_in_mro(_special_names[number])
        if self.specials is ALL_UNKNOWN:
            self.specials = [UNKNOWN] * COUNT
        self.specials[number] = w_value
        return w_value

    def lookup_after(self, w_start, name):
        """``super``: look up in the MRO behind `w_start`."""
        if jit.we_are_jitted():
            promoted = jit.promote(self)
            version = jit.promote(promoted.version)
            return entry_value(promoted.pure_lookup_after(jit.promote(w_start), name, version))
        return entry_value(self.lookup_in_mro_after(w_start, name))

    @jit.elidable
    def pure_lookup_after(self, w_start, name, version):
        return self.lookup_in_mro_after(w_start, name)

    def lookup_in_mro_after(self, w_start, name):
        found = False
        for w_class in self.mro_w:
            if found:
                w_value = w_class.own_entry(name)
                if w_value is not None:
                    return w_value
            elif w_class is w_start:
                found = True
        return None

    # ---- changes

    def mutated(self):
        """An attribute, the bases or the MRO changed: caches of this type and its subclasses are void."""
        self.version = VersionTag()
        self.specials = ALL_UNKNOWN
        self.cache = {}
        self.w_fast_init = None
        for w_sub in self.live_subclasses():
            w_sub.mutated()

    def set_attribute(self, name, w_value):
        if jit.we_are_jitted():
            promoted = jit.promote(self)
            w_entry = promoted.pure_own_entry(name, jit.promote(promoted.version))
        else:
            w_entry = self.dict_w.get(name, None)
        if isinstance(w_entry, W_AttributeCell) and fits_cell(name, w_value):
            w_entry.w_value = w_value
        else:
            self.replace_attribute(name, w_entry, w_value)

    @jit.dont_look_inside
    def replace_attribute(self, name, w_entry, w_value):
        if w_entry is not None and fits_cell(name, w_value) and fits_cell(name, w_entry):
            w_value = W_AttributeCell(w_value)
        self.dict_w[name] = w_value
        if name == "__del__":
            self.has_del = True
        self.mutated()

    def delete_attribute(self, name):
        """False if there is no such attribute."""
        if name not in self.dict_w:
            return False
        del self.dict_w[name]
        self.mutated()
        return True

    def live_subclasses(self):
        result = []
        for ref in self.subclasses_w:
            w_sub = ref()
            if w_sub is not None:
                result.append(w_sub)
        return result

    def add_subclass(self, w_sub):
        alive = []
        for ref in self.subclasses_w:
            if ref() is not None:
                alive.append(ref)
        alive.append(space.weak_reference(w_sub))
        self.subclasses_w = alive

    def remove_subclass(self, w_sub):
        alive = []
        for ref in self.subclasses_w:
            w_other = ref()
            if w_other is not None and w_other is not w_sub:
                alive.append(ref)
        self.subclasses_w = alive

    # ---- relations

    def issubtype(self, w_other):
        if self is w_other:
            return True
        if jit.we_are_jitted():
            promoted = jit.promote(self)
            return promoted.pure_issubtype(jit.promote(w_other), jit.promote(promoted.version))
        return self.in_mro(w_other)

    @jit.elidable
    def pure_issubtype(self, w_other, version):
        return self.in_mro(w_other)

    def in_mro(self, w_other):
        for w_class in self.mro_w:
            if w_class is w_other:
                return True
        return False

    def getweakref(self):
        return self.weakref_lifeline

    def setweakref(self, lifeline):
        self.weakref_lifeline = lifeline

    def delweakref(self):
        self.weakref_lifeline = None

    # ---- calls

    def call_args(self, args):
        return space.call_type(self, args)

    def call_list(self, args_w):
        return space.call_type_list(self, args_w)

    def call_0(self):
        w_init = self.fast_init()
        if w_init is None:
            return space.call_type_list(self, [])
        w_obj = space.new_instance(self)
        if w_init is not UNKNOWN:
            space.check_init_result(w_init.call_1(w_obj))
        return w_obj

    def call_1(self, w_1):
        w_init = self.fast_init()
        if w_init is None or w_init is UNKNOWN:
            return space.call_type_1(self, w_1)
        w_obj = space.new_instance(self)
        space.check_init_result(w_init.call_2(w_obj, w_1))
        return w_obj

    def call_2(self, w_1, w_2):
        w_init = self.fast_init()
        if w_init is None or w_init is UNKNOWN:
            return space.call_type_list(self, [w_1, w_2])
        w_obj = space.new_instance(self)
        space.check_init_result(w_init.call_3(w_obj, w_1, w_2))
        return w_obj

    def call_3(self, w_1, w_2, w_3):
        w_init = self.fast_init()
        if w_init is None or w_init is UNKNOWN:
            return space.call_type_list(self, [w_1, w_2, w_3])
        w_obj = space.new_instance(self)
        space.check_init_result(w_init.call_4(w_obj, w_1, w_2, w_3))
        return w_obj

    def fast_init(self):
        """The function to initialise instances with, if making one is plain: ``object.__new__`` and ``__init__``.

        UNKNOWN if ``__init__`` is object's too; None if making an instance is not plain.
        """
        w_init = self.w_fast_init
        if w_init is None and self.is_heap_type:
            w_init = space.find_fast_init(self)
            self.w_fast_init = w_init
        if w_init is space.w_None:
            return None
        return w_init


