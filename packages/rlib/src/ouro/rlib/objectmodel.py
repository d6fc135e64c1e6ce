"""Markers about objects, functions and containers that RPython programs use everywhere.

On the host each does the plain Python thing. `README.md` of the package has the table of the attributes
that the decorators leave on functions and classes, which is all that the stages above look at.
"""

from __future__ import annotations

import math
import sys
import types

from ouro.rlib._primitive import primitive
from ouro.rlib.rarithmetic import LONG_MASK, LONG_TEST, intmask

__all__ = [
    "UnboxedValue",
    "always_inline",
    "compute_hash",
    "compute_identity_hash",
    "compute_unique_id",
    "contains_with_hash",
    "current_object_addr_as_int",
    "delitem_if_value_is",
    "delitem_with_hash",
    "dont_inline",
    "fetch_translated_config",
    "free_non_gc_object",
    "getitem_with_hash",
    "import_from_mixin",
    "instantiate",
    "iteritems_with_hash",
    "iterkeys_with_hash",
    "keepalive_until_here",
    "move_to_end",
    "never_allocate",
    "newlist_hint",
    "not_rpython",
    "prepare_dict_update",
    "r_dict",
    "r_ordereddict",
    "resizelist_hint",
    "reversed_dict",
    "setitem_with_hash",
    "specialize",
    "try_inline",
    "we_are_translated",
]


@primitive
def we_are_translated():
    """Whether this runs in a translated program. A constant for flow graphs, so the other branch
    disappears.
    """
    return False


@primitive
def fetch_translated_config():
    """The configuration of the translation; None on the host."""
    return None


# ---- decorators on functions and classes


class _Specialize:
    """Decorators that ask for one copy of a function per something instead of one for the whole program."""

    def memo(self):
        """The function is run on the host, once for each combination of its (prebuilt) arguments."""
        return self._marker("memo", ())

    def arg(self, *indices):
        """One copy for each constant value of the arguments at `indices`."""
        return self._marker("arg", indices)

    def argtype(self, *indices):
        """One copy for each type of the arguments at `indices`."""
        return self._marker("argtype", indices)

    def ll(self):
        """One copy for each combination of low-level types and constants of all arguments."""
        return self._marker("ll", ())

    def ll_and_arg(self, *indices):
        """As `ll`, and one copy for each constant value of the arguments at `indices`."""
        return self._marker("ll_and_arg", indices)

    def call_location(self):
        """One copy for each place that calls it."""
        return self._marker("call_location", ())

    @staticmethod
    def _marker(kind, indices):
        for index in indices:
            if not isinstance(index, int):
                raise TypeError("specialize.%s takes argument numbers, not %r" % (kind, index))

        def mark(function):
            if not callable(function):
                raise TypeError("specialize.%s() decorates functions, not %r" % (kind, function))
            function._specialize_ = kind
            function._specialize_args_ = tuple(indices)
            return function

        return mark


specialize = _Specialize()


def always_inline(function):
    """Inline every call of `function`."""
    function._always_inline_ = True
    return function


def try_inline(function):
    """Inline calls of `function` where that is possible, whatever its size."""
    function._always_inline_ = "try"
    return function


def dont_inline(function):
    """Never inline `function`: its callers stay small, or its frame is wanted in tracebacks."""
    function._dont_inline_ = True
    return function


def not_rpython(function):
    """`function` runs on the host only: reaching it from RPython code is an error that says so."""
    function._not_rpython_ = True
    return function


def never_allocate(cls):
    """Instances of `cls` must never be allocated: optimisation has to remove them all, or translation
    fails.
    """
    cls._never_allocate_ = True
    return cls


def import_from_mixin(mixin, special_methods=("__init__", "__del__")):
    """Copy the methods and class attributes of `mixin` into a class, as if they were written there.

    Either called in the body of the class, or as a decorator of a class at module or function level.
    Every class gets functions of its own, so they are typed separately.

    `special_methods` are the only double-underscore names that are copied. A name that the class (or a
    mixin before) already defines is an error, and so is a mixin method that uses `super()`.
    """
    namespace = sys._getframe(1).f_locals
    content = _mixin_content(mixin, special_methods)
    if "__module__" in namespace and "__qualname__" in namespace:
        _refuse_duplicates(namespace, content, mixin)
        namespace.update(content)

    def decorate(cls):
        _refuse_duplicates(vars(cls), content, mixin)
        for name, value in content.items():
            setattr(cls, name, value)
        return cls

    return decorate


def _mixin_content(mixin, special_methods):
    content = {}
    for base in reversed(mixin.__mro__):
        if base is object:
            continue
        for name, value in vars(base).items():
            if name.startswith("__") and name.endswith("__") and name not in special_methods:
                continue
            content[name] = _copy_member(value)
    return content


def _copy_member(value):
    if isinstance(value, types.FunctionType):
        return _copy_function(value)
    if isinstance(value, (staticmethod, classmethod)):
        return type(value)(_copy_function(value.__func__))
    if isinstance(value, property):
        parts = [part and _copy_function(part) for part in (value.fget, value.fset, value.fdel)]
        return property(parts[0], parts[1], parts[2], value.__doc__)
    return value


def _copy_function(function):
    if "__class__" in function.__code__.co_freevars:
        raise TypeError("%s of a mixin uses super(): name the base class instead" % function.__qualname__)
    copy = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__,
        function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__annotations__ = function.__annotations__
    copy.__dict__.update(function.__dict__)
    copy.__qualname__ = function.__qualname__
    copy.__doc__ = function.__doc__
    return copy


def _refuse_duplicates(namespace, content, mixin):
    for name in content:
        if name in namespace and name != "__doc__":
            raise TypeError("%r is in the class already and in the mixin %s" % (name, mixin.__name__))


class UnboxedValue:
    """A base, second in the list, for classes whose instances may be tagged pointers.

    Such a class has one field, an integer, named by its `__slots__`; it is never changed and the object has
    no identity. A stage may then represent the instance as a tagged word instead of an object.
    """

    _unboxed_value_ = True
    __slots__ = ()

    def __init__(self, value):
        if value != intmask(value << 1) >> 1:
            raise OverflowError("%d does not fit into a tagged word" % value)
        setattr(self, self._unboxed_field(), value)

    @classmethod
    def _unboxed_field(cls):
        slots = cls.__dict__.get("__slots__", ())
        names = (slots,) if isinstance(slots, str) else tuple(slots)
        if len(names) != 1:
            raise TypeError("%s needs __slots__ with exactly one name" % cls.__name__)
        return names[0]

    def get_untagged_value(self):
        """The integer in the one field."""
        return getattr(self, self._unboxed_field())


# ---- functions with a meaning of their own when translated


@primitive
def instantiate(cls, nonmovable=False):
    """An instance of `cls` whose `__init__` has not run. `nonmovable` asks for memory that stays where it
    is.
    """
    return cls.__new__(cls)


class _Freed:
    """What a freed object's class becomes on the host, so that using it fails."""

    def __getattr__(self, name):
        raise AssertionError("this object was freed; its attribute %r is gone" % name)


@primitive
def free_non_gc_object(instance):
    """Free an instance of a class with `_alloc_flavor_ = "raw"`."""
    if getattr(instance, "_alloc_flavor_", "gc") != "raw":
        raise TypeError("only instances of classes with _alloc_flavor_ = 'raw' are freed by hand")
    instance.__dict__.clear()
    instance.__class__ = _Freed


@primitive
def keepalive_until_here(*values):
    """Keep `values` alive, and their finalizers from running, up to this point."""


@primitive
def compute_identity_hash(x):
    """A hash of the object's identity that never changes, although the object may move in memory."""
    if x is None:
        raise TypeError("compute_identity_hash(None)")
    return intmask(object.__hash__(x))


@primitive
def compute_unique_id(x):
    """A number that no other living object has, as Python's `id()`."""
    return intmask(id(x))


@primitive
def current_object_addr_as_int(x):
    """The address of the object at this moment; it changes when the object moves. For `repr` and
    debugging.
    """
    return intmask(id(x))


@primitive
def compute_hash(x):
    """The hash that RPython dictionaries use, the same on the host and translated.

    Integers hash to themselves; strings and floats as CPython 2.7 does without randomisation; tuples mix
    the hashes of their items; None is 0; any other object has its identity hash.
    """
    if isinstance(x, (str, bytes)):
        return _hash_string(x)
    if isinstance(x, int):
        return intmask(x)
    if isinstance(x, float):
        return _hash_float(x)
    if isinstance(x, tuple):
        return _hash_tuple(x)
    if x is None:
        return 0
    return compute_identity_hash(x)


def _hash_string(s):
    characters = s.encode("latin-1") if isinstance(s, str) else s
    length = len(characters)
    if length == 0:
        return 0
    x = characters[0] << 7
    for character in characters:
        x = intmask((1000003 * x) ^ character)
    return intmask(x ^ length)


def _hash_float(f):
    if math.isinf(f):
        return 314159 if f > 0.0 else -271828
    if math.isnan(f):
        return 0
    if f == math.floor(f):
        remainder = abs(int(f)) % LONG_MASK if abs(f) > LONG_TEST else abs(int(f))
        return intmask(-remainder if f < 0.0 else remainder)
    mantissa, exponent = math.frexp(f)
    mantissa *= 2147483648.0
    high = int(mantissa)
    low = int((mantissa - high) * 2147483648.0)
    return intmask(high + low + (exponent << 15))


def _hash_tuple(items):
    x = 0x345678
    for item in items:
        x = intmask((1000003 * x) ^ compute_hash(item))
    return x


# ---- lists and dictionaries


@primitive
def newlist_hint(sizehint=0):
    """An empty list with room for `sizehint` items."""
    return []


@primitive
def resizelist_hint(items, sizehint):
    """Make the room of a list at least `sizehint` items; its length stays."""


class _ItemsView:
    """The items of an `r_dict`, looked at one by one."""

    def __init__(self, entries):
        self._entries = entries

    def __len__(self):
        return len(self._entries)

    def __iter__(self):
        for dict_key, value in self._entries.items():
            yield dict_key.key, value


class r_dict:
    """An insertion-ordered dictionary with the author's equality and hash functions for keys.

    `force_non_null`: no key is None. `simple_hash_eq`: both functions are simple enough to keep no
    traceback and may not change the dictionary, so that a lookup needs no protection against them.
    """

    def __init__(self, key_eq, key_hash, force_non_null=False, simple_hash_eq=False):
        self._dict = {}
        self.key_eq = key_eq
        self.key_hash = key_hash
        self.force_non_null = force_non_null
        self.simple_hash_eq = simple_hash_eq

    def _key(self, key):
        return _DictKey(self, key, self.key_hash(key))

    def __getitem__(self, key):
        return self._dict[self._key(key)]

    def __setitem__(self, key, value):
        self._dict[self._key(key)] = value

    def __delitem__(self, key):
        del self._dict[self._key(key)]

    def __contains__(self, key):
        return self._key(key) in self._dict

    def __len__(self):
        return len(self._dict)

    def __iter__(self):
        for dict_key in self._dict:
            yield dict_key.key

    def __reversed__(self):
        for dict_key in reversed(self._dict):
            yield dict_key.key

    def __repr__(self):
        return "%s(%r)" % (type(self).__name__, dict(self.items_list()))

    def items_list(self):
        """The items as a new list of pairs."""
        return [(dict_key.key, value) for dict_key, value in self._dict.items()]

    def get(self, key, default=None):
        return self._dict.get(self._key(key), default)

    def setdefault(self, key, default):
        return self._dict.setdefault(self._key(key), default)

    def pop(self, key, *default):
        return self._dict.pop(self._key(key), *default)

    def popitem(self):
        dict_key, value = self._dict.popitem()
        return dict_key.key, value

    def copy(self):
        result = type(self)(self.key_eq, self.key_hash, self.force_non_null, self.simple_hash_eq)
        result.update(self)
        return result

    def update(self, other):
        """Add the items of another dictionary, with the hashes that it knows."""
        for key, value, h in iteritems_with_hash(other):
            self._dict[_DictKey(self, key, h)] = value

    def keys(self):
        return [dict_key.key for dict_key in self._dict]

    def values(self):
        return list(self._dict.values())

    def items(self):
        """A view, as that of a translated dictionary: values changed meanwhile are seen."""
        return _ItemsView(self._dict)

    def iterkeys(self):
        return iter(self)

    def itervalues(self):
        return iter(self._dict.values())

    def iteritems(self):
        for dict_key, value in self._dict.items():
            yield dict_key.key, value

    def clear(self):
        self._dict.clear()


class r_ordereddict(r_dict):
    """The same as `r_dict`, which keeps order already; the name says that the program relies on it."""


class _DictKey:
    __slots__ = ("dictionary", "key", "hash")

    def __init__(self, dictionary, key, key_hash):
        self.dictionary = dictionary
        self.key = key
        self.hash = intmask(key_hash)

    def __eq__(self, other):
        return self.hash == other.hash and self.dictionary.key_eq(self.key, other.key)

    def __hash__(self):
        return hash(self.hash)


def _host_dict_and_key(d, key, key_hash):
    if isinstance(d, r_dict):
        return d._dict, _DictKey(d, key, key_hash)
    return d, key


@primitive
def getitem_with_hash(d, key, h):
    """`d[key]`, where the caller knows the hash of the key already."""
    host_dict, host_key = _host_dict_and_key(d, key, h)
    return host_dict[host_key]


@primitive
def setitem_with_hash(d, key, h, value):
    """`d[key] = value`, where the caller knows the hash of the key already."""
    host_dict, host_key = _host_dict_and_key(d, key, h)
    host_dict[host_key] = value


@primitive
def delitem_with_hash(d, key, h):
    """`del d[key]`, where the caller knows the hash of the key already."""
    host_dict, host_key = _host_dict_and_key(d, key, h)
    del host_dict[host_key]


@primitive
def contains_with_hash(d, key, h):
    """`key in d`, where the caller knows the hash of the key already."""
    host_dict, host_key = _host_dict_and_key(d, key, h)
    return host_key in host_dict


@primitive
def iterkeys_with_hash(d):
    """Iterate over pairs of a key and its hash, which is not computed again where the dictionary stores it."""
    for key, _, h in iteritems_with_hash(d):
        yield key, h


@primitive
def iteritems_with_hash(d):
    """Iterate over triples of a key, its value and its hash, which is not computed again where the dictionary
    stores it.
    """
    for host_key, value in d._dict.items() if isinstance(d, r_dict) else d.items():
        if isinstance(d, r_dict):
            yield host_key.key, value, host_key.hash
        else:
            yield host_key, value, compute_hash(host_key)


@primitive
def delitem_if_value_is(d, key, value):
    """`del d[key]` if the value there is `value`; nothing otherwise. Safe in finalizers."""
    if key in d and d[key] is value:
        del d[key]


@primitive
def move_to_end(d, key, last=True):
    """Make `key` the last item of the order, or the first one."""
    host_dict, host_key = _host_dict_and_key(d, key, d.key_hash(key) if isinstance(d, r_dict) else 0)
    value = host_dict[host_key]
    stored_key = next(k for k in host_dict if k == host_key)
    del host_dict[host_key]
    if last:
        host_dict[stored_key] = value
    else:
        rest = list(host_dict.items())
        host_dict.clear()
        host_dict[stored_key] = value
        host_dict.update(rest)


@primitive
def reversed_dict(d):
    """Iterate over the keys from the last to the first."""
    return reversed(d)


@primitive
def prepare_dict_update(d, additional):
    """Make room in `d` for `additional` more items."""

