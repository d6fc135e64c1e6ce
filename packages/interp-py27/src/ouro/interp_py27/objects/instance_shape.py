"""CPython's layout of instances, as far as programs see it.

Which classes can be bases together, and which may replace each other by assignments to ``__class__`` and ``__bases__``,
follows in CPython from sizes and offsets in its C structures. Ours differ (see `Layout`), so each type carries those
numbers beside its layout, and the rules here are those of CPython's ``typeobject.c``. They allow nothing that the real
layouts do not.
"""

from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.errors import type_error
from ouro.rlib.objectmodel import not_rpython

WORD = 8
OBJECT_SIZE = 16

#: Places of ``__dict__`` and of the weak references in built-in types: before all that a subclass adds.
BUILTIN_DICT = 4
BUILTIN_WEAKREF = 6

_ITEM_SIZES = {"str": 1, "tuple": 8, "long": 4, "type": 40}


class InstanceShape:
    """Sizes and offsets of one type.

    `item_size` is 0 unless instances have a variable part; an offset is 0 where there is nothing, and -1 behind a
    variable part. `slots` are the sorted names that ``__slots__`` adds, None without ``__slots__``.
    """

    _immutable_ = True

    def __init__(self, size, item_size, dict_offset, weakref_offset, slots):
        self.size = size
        self.item_size = item_size
        self.dict_offset = dict_offset
        self.weakref_offset = weakref_offset
        self.slots = slots


@not_rpython
def builtin_shape(w_type, w_base):
    """The shape of a built-in type, whose layout is known."""
    typedef = w_type.built_from
    if w_base is None:
        return InstanceShape(OBJECT_SIZE, 0, 0, 0, None)
    base = w_base.shape
    # These have layouts of their own here; `basestring` has no instances.
    same_size = w_type.layout is w_base.layout or typedef.name in ("basestring", "bool")
    size = base.size if same_size else base.size + WORD
    return InstanceShape(
        size, _ITEM_SIZES.get(typedef.name, base.item_size), BUILTIN_DICT if w_type.has_dict else 0,
        BUILTIN_WEAKREF if w_type.weakrefable else 0, None)


def class_shape(base, slots, adds_dict, adds_weakref):
    """The shape of a class whose best base has shape `base`."""
    size = base.size
    if slots is not None:
        size += WORD * len(slots)
    dict_offset = base.dict_offset
    if adds_dict:
        dict_offset = -1 if base.item_size else size
        size += WORD
    weakref_offset = base.weakref_offset
    if adds_weakref:
        weakref_offset = size
        size += WORD
    return InstanceShape(size, base.item_size, dict_offset, weakref_offset, slots)


def adds_fields(w_type, w_base):
    """Do instances have more than those of the base, beside ``__dict__`` and weak references at their end?"""
    shape = w_type.shape
    base = w_base.shape
    size = shape.size
    if shape.item_size or base.item_size:
        return size != base.size or shape.item_size != base.item_size
    if w_type.is_heap_type:
        if shape.weakref_offset and base.weakref_offset == 0 and shape.weakref_offset + WORD == size:
            size -= WORD
        if shape.dict_offset and base.dict_offset == 0 and shape.dict_offset + WORD == size:
            size -= WORD
    return size != base.size


def solid_base(w_type):
    """The nearest base, or the type itself, that adds fields."""
    w_base = w_type.w_base
    if w_base is None:
        return w_type
    w_solid = solid_base(w_base)
    return w_type if adds_fields(w_type, w_solid) else w_solid


def best_base(bases_w):
    """The base whose fields extend those of all others; TypeError if there is none."""
    w_best = None
    w_winner = None
    for w_base in bases_w:
        if not isinstance(w_base, W_Type):
            continue
        if not w_base.is_heap_type and not w_base.built_from.acceptable_as_base:
            raise type_error("type '%s' is not an acceptable base type" % w_base.full_name())
        w_candidate = solid_base(w_base)
        if w_winner is None or (w_candidate.issubtype(w_winner) and not w_winner.issubtype(w_candidate)):
            w_winner = w_candidate
            w_best = w_base
        elif not w_winner.issubtype(w_candidate):
            raise type_error("multiple bases have instance lay-out conflict")
    if w_best is None:
        raise type_error("a new-style class can't have only classic bases")
    return w_best


def equivalent(w_type, w_base):
    """Does the type add nothing at all to its base?"""
    if w_base is None:
        return False
    shape = w_type.shape
    base = w_base.shape
    return (shape.size == base.size and shape.item_size == base.item_size and shape.dict_offset == base.dict_offset
            and shape.weakref_offset == base.weakref_offset)


def same_fields_added(w_left, w_right):
    """Do two types add the same ``__dict__``, weak references and slots, in this order, to the base of both?"""
    w_base = w_left.w_base
    if w_base is None or w_base is not w_right.w_base:
        return False
    if equivalent(w_left, w_base) and equivalent(w_right, w_base):
        return True
    left = w_left.shape
    right = w_right.shape
    size = w_base.shape.size
    if left.dict_offset == size and right.dict_offset == size:
        size += WORD
    if left.weakref_offset == size and right.weakref_offset == size:
        size += WORD
    if left.slots is not None and right.slots is not None:
        if not same_names(left.slots, right.slots):
            return False
        size += WORD * len(left.slots)
    return size == left.size and size == right.size


def same_names(left, right):
    if len(left) != len(right):
        return False
    for i in range(len(left)):
        if left[i] != right[i]:
            return False
    return True


def check_class_replaceable(w_old, w_new):
    """Raise TypeError unless ``__class__`` of instances may change from `w_old` to `w_new`."""
    check_compatible(w_new, w_old, "__class__")


def check_base_replaceable(w_old, w_new):
    """Raise TypeError unless the best base of a class may change from `w_old` to `w_new`."""
    check_compatible(w_old, w_new, "__bases__")


def check_compatible(w_second, w_first, attribute):
    """The types must be laid out and released in the same way; they are named from the first to the second."""
    if w_first.is_heap_type and w_second.is_heap_type:
        # The collector of CPython knows the instances that have anything in them.
        same_release = (w_first.shape.size > OBJECT_SIZE) == (w_second.shape.size > OBJECT_SIZE)
    else:
        same_release = w_first.is_heap_type == w_second.is_heap_type and solid_base(w_first) is solid_base(w_second)
    if not same_release:
        raise type_error("%s assignment: '%s' deallocator differs from '%s'" % (
            attribute, w_first.full_name(), w_second.full_name()))
    w_left = w_first
    while equivalent(w_left, w_left.w_base):
        w_left = w_left.w_base
    w_right = w_second
    while equivalent(w_right, w_right.w_base):
        w_right = w_right.w_base
    if w_left is not w_right and not same_fields_added(w_left, w_right):
        raise type_error("%s assignment: '%s' object layout differs from '%s'" % (
            attribute, w_first.full_name(), w_second.full_name()))
