"""Tables that describe built-in types: what application code sees of an RPython class.

A type file ends with ``define_type(W_Thing, "thing", {...})``. The entries of the table are

- plain functions: methods, through `gateway` (``__new__`` becomes a static method);
- `GetSet(getter, setter, deleter)`: attributes; `Member("name")`: a W_Root field of the RPython object;
- `class_method(function)`, `static_method(function)`;
- strings (documentation, ``__module__``) and application objects.

Types that were described before the object space was ready are built by `build_types`, in order.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import attribute_error, stop_iteration, type_error
from ouro.rlib.objectmodel import not_rpython


class TypeDef:
    """The table of one built-in type, before and after its W_Type is made."""

    _immutable_fields_ = ["name", "w_type"]

    def __init__(self, cls, name, entries, base_class, module, doc, acceptable_as_base, user_class, self_class):
        self.cls = cls
        self.self_class = self_class or cls
        self.name = name
        self.entries = entries
        self.base_class = base_class
        self.base = None
        self.module = module
        self.doc = doc
        self.acceptable_as_base = acceptable_as_base
        self.user_class = user_class
        self.has_dict = "__dict__" in entries
        self.weakrefable = "__weakref__" in entries
        self.w_type = None

    @not_rpython
    def resolve_base(self, object_typedef):
        """Find the table of the base; object has none."""
        if self is not object_typedef:
            self.base = object_typedef if self.base_class is None else self.base_class.typedef
            self.has_dict = self.has_dict or self.base.has_dict
            self.weakrefable = self.weakrefable or self.base.weakrefable


class GetSet:
    """An attribute computed by interp-level functions: getter(self), setter(self, w_value), deleter(self)."""

    def __init__(self, getter, setter=None, deleter=None, doc=None):
        self.getter = getter
        self.setter = setter
        self.deleter = deleter
        self.doc = doc


class Member:
    """A read-only attribute that is a field of the RPython object, or that `getter` computes from its fields.

    `field` is the name of one that holds an application object or None. To the application it is a
    ``member_descriptor``; assigning is a TypeError.
    """

    def __init__(self, field=None, doc=None, getter=None):
        self.field = field
        self.doc = doc
        self.getter = getter


class class_method:
    def __init__(self, function):
        self.function = function


class static_method:
    def __init__(self, function):
        self.function = function


class _Waiting:
    """Tables of types that wait for the object space to be complete."""

    def __init__(self):
        self.typedefs = []
        self.object_typedef = None


_waiting = _Waiting()


@not_rpython
def define_type(cls, name, entries, base=None, module="__builtin__", doc=None, acceptable_as_base=True,
                user_class=None, exact=None, self_class=None):
    """Describe the application type of RPython class `cls`.

    `base` is the RPython class of the base type (default: object); `user_class` is the RPython class of
    instances of application subclasses, made by `instance_object.make_user_class` (None for types whose
    instances hold nothing of their own); `exact` is the leaf class of exact instances, where there is one;
    `self_class` is what methods accept as self where that is not `cls`: types that share a layout have one user class.
    """
    typedef = TypeDef(cls, name, dict(entries), base, module, doc, acceptable_as_base, user_class, self_class)
    cls.typedef = typedef
    if exact is not None:
        exact.typedef = typedef
    if name == "object":
        _waiting.object_typedef = typedef
    if _waiting.typedefs is None:
        _build([typedef])
    else:
        _waiting.typedefs.append(typedef)
    return typedef


@not_rpython
def build_types():
    """Make the W_Types of everything described so far; later ones are made at once."""
    first = _waiting.object_typedef
    typedefs = [first] + [typedef for typedef in _waiting.typedefs if typedef is not first]
    _waiting.typedefs = None
    _build(typedefs)


@not_rpython
def _build(typedefs):
    done = set()

    def make(typedef):
        if typedef in done or typedef.w_type is not None:
            return
        done.add(typedef)
        typedef.resolve_base(_waiting.object_typedef)
        if typedef.base is not None:
            make(typedef.base)
        space.make_builtin_type(typedef)

    for typedef in typedefs:
        make(typedef)
    for typedef in typedefs:
        space.fill_builtin_type(typedef)


def make_getter(cls, getter, name):
    def get(w_obj):
        if not isinstance(w_obj, cls):
            raise wrong_owner(w_obj, cls.typedef.w_type.full_name(), name)
        return space.wrap_none(getter(w_obj))

    return get


def make_setter(cls, setter, name):
    def set_(w_obj, w_value):
        if not isinstance(w_obj, cls):
            raise wrong_owner(w_obj, cls.typedef.w_type.full_name(), name)
        setter(w_obj, w_value)

    return set_


def make_deleter(cls, deleter, name):
    def delete(w_obj):
        if not isinstance(w_obj, cls):
            raise wrong_owner(w_obj, cls.typedef.w_type.full_name(), name)
        deleter(w_obj)

    return delete


def make_member_getter(cls, field, name):
    def get(w_obj):
        if not isinstance(w_obj, cls):
            raise wrong_owner(w_obj, cls.typedef.w_type.full_name(), name)
        w_value = getattr(w_obj, field)
        if w_value is None:
            return space.w_None
        return w_value

    return get


def wrong_owner(w_obj, type_name, name):
    return type_error("descriptor '%s' for '%s' objects doesn't apply to '%s' object" % (
        name, type_name, space.type_name(w_obj)))


def read_only(name, type_name):
    return attribute_error("attribute '%s' of '%s' objects is not writable" % (name, type_name))


def forward_call(self, __args__):
    """``__call__`` of a built-in callable."""
    return self.call_args(__args__)


def iterator_self(self):
    """``__iter__`` of iterators."""
    return self


def iterator_next(self):
    """``next`` of iterators that implement `iter_next`."""
    w_value = self.iter_next()
    if w_value is None:
        raise stop_iteration()
    return w_value


ITERATOR_ENTRIES = {"__iter__": iterator_self, "next": iterator_next}


@not_rpython
def open_iterator_entries(cls):
    """As `ITERATOR_ENTRIES`, for an iterator that application classes may extend.

    Their instances look ``next`` up in the class, so the one of the table must be that of `cls` itself.
    """

    def next(self):
        """x.next() -> the next value, or raise StopIteration"""
        w_value = cls.iter_next(self)
        if w_value is None:
            raise stop_iteration()
        return w_value

    return {"__iter__": iterator_self, "next": next}
