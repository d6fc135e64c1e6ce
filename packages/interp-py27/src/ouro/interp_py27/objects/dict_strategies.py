"""How dictionaries keep their items: by the kind of their keys.

`StrStrategy` and `IntegerStrategy` look keys up unwrapped; `ObjectStrategy` uses the application's hash and
equality; `CellStrategy` (module namespaces) keeps a cell for each name, which code objects cache;
`InstanceStrategy` is the ``__dict__`` of an instance, a view of its map.
All keep the order of insertion.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_cursors import IntegerCursor, ListCursor, ObjectCursor, StrCursor
from ouro.interp_py27.objects.float_object import W_Float
from ouro.interp_py27.objects.instance_object import DICT, attribute_nodes
from ouro.interp_py27.objects.int_object import W_Int
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.str_object import W_Str
from ouro.rlib import jit
from ouro.rlib.objectmodel import (
    contains_with_hash,
    delitem_with_hash,
    iterkeys_with_hash,
    newlist_hint,
    r_dict,
    setitem_with_hash,
)
from ouro.rlib.rerased import new_static_erasing_pair
from ouro.rlib.rweakref import WeakValueDictionary


class DictStrategy:
    """What a dictionary does through its strategy. Look-ups give None for a missing key."""

    def length(self, w_dict):
        raise NotImplementedError

    def get(self, w_dict, w_key):
        raise NotImplementedError

    def get_str(self, w_dict, key):
        return self.get(w_dict, space.newstr(key))

    def set(self, w_dict, w_key, w_value):
        raise NotImplementedError

    def set_str(self, w_dict, key, w_value):
        self.set(w_dict, space.newstr(key), w_value)

    def delete(self, w_dict, w_key):
        """False if the key is missing."""
        raise NotImplementedError

    def delete_str(self, w_dict, key):
        return self.delete(w_dict, space.newstr(key))

    def take_any_key(self, w_dict):
        """Switch to a strategy for keys that are neither exact strs nor exact ints."""
        generalize(w_dict)

    def contains_with_hash(self, w_dict, w_key, key_hash):
        """Whether the key is there; an application's ``__hash__`` is not called again. So the two below."""
        if hashes_unseen(w_key):
            return self.get(w_dict, w_key) is not None
        self.take_any_key(w_dict)
        return w_dict.strategy.contains_with_hash(w_dict, w_key, key_hash)

    def set_with_hash(self, w_dict, w_key, key_hash, w_value):
        if hashes_unseen(w_key):
            self.set(w_dict, w_key, w_value)
        else:
            self.take_any_key(w_dict)
            w_dict.strategy.set_with_hash(w_dict, w_key, key_hash, w_value)

    def delete_with_hash(self, w_dict, w_key, key_hash):
        if hashes_unseen(w_key):
            return self.delete(w_dict, w_key)
        self.take_any_key(w_dict)
        return w_dict.strategy.delete_with_hash(w_dict, w_key, key_hash)

    def cursor(self, w_dict):
        """A position at the first item."""
        return ListCursor(w_dict, self.keys(w_dict))

    def setdefault(self, w_dict, w_key, w_default):
        """The value, which becomes `w_default` where there is none."""
        w_value = self.get(w_dict, w_key)
        if w_value is None:
            w_value = w_default
            w_dict.strategy.set(w_dict, w_key, w_value)
        return w_value

    def pop(self, w_dict, w_key):
        """Remove the item and return its value; None if the key is missing."""
        w_value = self.get(w_dict, w_key)
        if w_value is not None:
            w_dict.strategy.delete(w_dict, w_key)
        return w_value

    def keys(self, w_dict):
        """A new list of the keys."""
        raise NotImplementedError

    def values(self, w_dict):
        return [self.get(w_dict, w_key) for w_key in self.keys(w_dict)]

    def pop_last(self, w_dict):
        """Remove the newest item and return its key and value; the dictionary is not empty."""
        w_key = self.keys(w_dict)[-1]
        w_value = self.get(w_dict, w_key)
        self.delete(w_dict, w_key)
        return w_key, w_value

    def copy(self, w_dict):
        """A new exact dict with the same items."""
        w_copy = space.newdict()
        keys_w = self.keys(w_dict)
        values_w = self.values(w_dict)
        for i in range(len(keys_w)):
            w_copy.setitem(keys_w[i], values_w[i])
        return w_copy

    def merge(self, w_dict, w_other):
        """Add the items of `w_other`, which has the same strategy."""
        keys_w = self.keys(w_other)
        values_w = self.values(w_other)
        for i in range(len(keys_w)):
            w_dict.setitem(keys_w[i], values_w[i])

    def clear(self, w_dict):
        w_dict.strategy = EMPTY
        w_dict.storage = EMPTY.fresh()


def never_equal_to_str(w_key):
    """Keys of types whose hash and equality are known not to match a str."""
    return isinstance(w_key, W_Int) or isinstance(w_key, W_Float) or space.is_none(w_key)


def hashes_unseen(w_key):
    """Keys that may be hashed again: nobody sees it, and it costs little."""
    return isinstance(w_key, W_Str) or never_equal_to_str(w_key)


class EmptyStrategy(DictStrategy):
    """No items: the first key chooses the strategy."""

    erase, unerase = new_static_erasing_pair("empty dict")

    def fresh(self):
        return self.erase(None)

    def length(self, w_dict):
        return 0

    def get(self, w_dict, w_key):
        # Even here an unhashable key is an error.
        space.hash_int(w_key)
        return None

    def get_str(self, w_dict, key):
        return None

    def take_any_key(self, w_dict):
        switch(w_dict, OBJECTS, OBJECTS.fresh())

    def contains_with_hash(self, w_dict, w_key, key_hash):
        return False

    def delete_with_hash(self, w_dict, w_key, key_hash):
        return False

    def set(self, w_dict, w_key, w_value):
        if isinstance(w_key, W_Str):
            switch(w_dict, STRS, STRS.fresh())
        elif isinstance(w_key, W_Int):
            switch(w_dict, INTEGERS, INTEGERS.fresh())
        else:
            switch(w_dict, OBJECTS, OBJECTS.fresh())
        w_dict.strategy.set(w_dict, w_key, w_value)

    def setdefault(self, w_dict, w_key, w_default):
        self.set(w_dict, w_key, w_default)
        return w_default

    def set_str(self, w_dict, key, w_value):
        switch(w_dict, STRS, STRS.fresh())
        w_dict.strategy.set_str(w_dict, key, w_value)

    def delete(self, w_dict, w_key):
        space.hash_int(w_key)
        return False

    def delete_str(self, w_dict, key):
        return False

    def keys(self, w_dict):
        return []


def switch(w_dict, strategy, storage):
    w_dict.strategy = strategy
    w_dict.storage = storage


class StrStrategy(DictStrategy):
    """Exact strs as keys."""

    erase, unerase = new_static_erasing_pair("str dict")

    def fresh(self):
        return self.erase({})

    def length(self, w_dict):
        return len(self.unerase(w_dict.storage))

    def get(self, w_dict, w_key):
        if isinstance(w_key, W_Str):
            return self.unerase(w_dict.storage).get(w_key.value, None)
        if never_equal_to_str(w_key):
            return None
        generalize(w_dict)
        return w_dict.strategy.get(w_dict, w_key)

    def get_str(self, w_dict, key):
        return self.unerase(w_dict.storage).get(key, None)

    def set(self, w_dict, w_key, w_value):
        if isinstance(w_key, W_Str):
            self.unerase(w_dict.storage)[w_key.value] = w_value
        else:
            generalize(w_dict)
            w_dict.strategy.set(w_dict, w_key, w_value)

    def set_str(self, w_dict, key, w_value):
        self.unerase(w_dict.storage)[key] = w_value

    def delete(self, w_dict, w_key):
        if isinstance(w_key, W_Str):
            return self.delete_str(w_dict, w_key.value)
        if never_equal_to_str(w_key):
            return False
        generalize(w_dict)
        return w_dict.strategy.delete(w_dict, w_key)

    def delete_str(self, w_dict, key):
        return self.unerase(w_dict.storage).pop(key, None) is not None

    def keys(self, w_dict):
        items = self.unerase(w_dict.storage)
        result_w = newlist_hint(len(items))
        for key in items:
            result_w.append(space.newstr(key))
        return result_w

    def values(self, w_dict):
        items = self.unerase(w_dict.storage)
        result_w = newlist_hint(len(items))
        for w_value in items.values():
            result_w.append(w_value)
        return result_w

    def pop_last(self, w_dict):
        key, w_value = self.unerase(w_dict.storage).popitem()
        return space.newstr(key), w_value

    def copy(self, w_dict):
        w_copy = space.newdict()
        switch(w_copy, self, self.erase(self.unerase(w_dict.storage).copy()))
        return w_copy

    def merge(self, w_dict, w_other):
        self.unerase(w_dict.storage).update(self.unerase(w_other.storage))

    def cursor(self, w_dict):
        return StrCursor(self.unerase(w_dict.storage))


class IntegerStrategy(DictStrategy):
    """Exact ints as keys."""

    erase, unerase = new_static_erasing_pair("integer dict")

    def fresh(self):
        return self.erase({})

    def length(self, w_dict):
        return len(self.unerase(w_dict.storage))

    def get(self, w_dict, w_key):
        if isinstance(w_key, W_Int):
            return self.unerase(w_dict.storage).get(w_key.intval, None)
        if isinstance(w_key, W_Str) or space.is_none(w_key):
            return None
        generalize(w_dict)
        return w_dict.strategy.get(w_dict, w_key)

    def get_str(self, w_dict, key):
        return None

    def set(self, w_dict, w_key, w_value):
        if isinstance(w_key, W_Int):
            self.unerase(w_dict.storage)[w_key.intval] = w_value
        else:
            generalize(w_dict)
            w_dict.strategy.set(w_dict, w_key, w_value)

    def delete(self, w_dict, w_key):
        if isinstance(w_key, W_Int):
            return self.unerase(w_dict.storage).pop(w_key.intval, None) is not None
        if isinstance(w_key, W_Str) or space.is_none(w_key):
            return False
        generalize(w_dict)
        return w_dict.strategy.delete(w_dict, w_key)

    def keys(self, w_dict):
        items = self.unerase(w_dict.storage)
        result_w = newlist_hint(len(items))
        for key in items:
            result_w.append(W_Int(key))
        return result_w

    def values(self, w_dict):
        items = self.unerase(w_dict.storage)
        result_w = newlist_hint(len(items))
        for w_value in items.values():
            result_w.append(w_value)
        return result_w

    def pop_last(self, w_dict):
        key, w_value = self.unerase(w_dict.storage).popitem()
        return W_Int(key), w_value

    def copy(self, w_dict):
        w_copy = space.newdict()
        switch(w_copy, self, self.erase(self.unerase(w_dict.storage).copy()))
        return w_copy

    def merge(self, w_dict, w_other):
        self.unerase(w_dict.storage).update(self.unerase(w_other.storage))

    def cursor(self, w_dict):
        return IntegerCursor(self.unerase(w_dict.storage))


def key_equal(w_left, w_right):
    return space.eq_w(w_left, w_right)


def key_hash(w_key):
    return space.hash_int(w_key)


class ObjectStrategy(DictStrategy):
    """Any keys."""

    erase, unerase = new_static_erasing_pair("object dict")

    def fresh(self):
        return self.erase(r_dict(key_equal, key_hash))

    def length(self, w_dict):
        return len(self.unerase(w_dict.storage))

    def get(self, w_dict, w_key):
        return self.unerase(w_dict.storage).get(w_key, None)

    def set(self, w_dict, w_key, w_value):
        self.unerase(w_dict.storage)[w_key] = w_value

    def contains_with_hash(self, w_dict, w_key, key_hash):
        return contains_with_hash(self.unerase(w_dict.storage), w_key, key_hash)

    def set_with_hash(self, w_dict, w_key, key_hash, w_value):
        setitem_with_hash(self.unerase(w_dict.storage), w_key, key_hash, w_value)

    def delete_with_hash(self, w_dict, w_key, key_hash):
        try:
            delitem_with_hash(self.unerase(w_dict.storage), w_key, key_hash)
        except KeyError:
            return False
        return True

    def keys_and_hashes(self, w_dict):
        """New lists of the keys and of the hashes that the table has of them."""
        items = self.unerase(w_dict.storage)
        keys_w = newlist_hint(len(items))
        hashes = newlist_hint(len(items))
        for w_key, key_hash in iterkeys_with_hash(items):
            keys_w.append(w_key)
            hashes.append(key_hash)
        return keys_w, hashes

    def setdefault(self, w_dict, w_key, w_default):
        return self.unerase(w_dict.storage).setdefault(w_key, w_default)

    def pop(self, w_dict, w_key):
        return self.unerase(w_dict.storage).pop(w_key, None)

    def delete(self, w_dict, w_key):
        return self.unerase(w_dict.storage).pop(w_key, None) is not None

    def keys(self, w_dict):
        items = self.unerase(w_dict.storage)
        result_w = newlist_hint(len(items))
        for w_key in items:
            result_w.append(w_key)
        return result_w

    def values(self, w_dict):
        items = self.unerase(w_dict.storage)
        result_w = newlist_hint(len(items))
        for w_value in items.values():
            result_w.append(w_value)
        return result_w

    def pop_last(self, w_dict):
        return self.unerase(w_dict.storage).popitem()

    def copy(self, w_dict):
        w_copy = space.newdict()
        switch(w_copy, self, self.erase(self.unerase(w_dict.storage).copy()))
        return w_copy

    def merge(self, w_dict, w_other):
        self.unerase(w_dict.storage).update(self.unerase(w_other.storage))

    def cursor(self, w_dict):
        return ObjectCursor(self.unerase(w_dict.storage))


class W_Changing(W_Root):
    """Stands for the value of a cell that was assigned more than once."""

    _attrs_ = ()


CHANGING = W_Changing()


class Cell:
    """The value of a name in a module namespace; None while the name is unbound.

    Most names are bound once, and others change all the time. `w_constant` is the value, None too, of a name that was
    bound once at most, and so is part of compiled code that reads it; for all others it is `CHANGING`.
    """

    _attrs_ = ("w_value", "w_constant")
    _immutable_fields_ = ["w_constant?"]

    def __init__(self):
        self.w_value = None
        self.w_constant = None

    def store(self, w_value):
        self.w_value = w_value
        if self.w_constant is not CHANGING:
            self.first_or_second_store(w_value)

    def first_or_second_store(self, w_value):
        self.w_constant = w_value if self.w_constant is None else CHANGING

    def abandon(self):
        self.w_value = None
        self.w_constant = CHANGING


#: The cells of names that are not bound, and that somebody has.
UnboundCells = WeakValueDictionary("UnboundCells")

_FIRST_SORTING = 64


class Namespace:
    """The cells of a module. A cell whose name is unbound has to be the one of its name only as long as somebody has
    it: each time that the names have doubled, such cells go to `unbound`.
    """

    _attrs_ = ("cells", "unbound", "sort_at")

    def __init__(self):
        self.cells = {}
        self.unbound = None
        self.sort_at = _FIRST_SORTING

    def cell(self, key):
        """The cell of a name, made if there is none."""
        cell = self.cells.get(key, None)
        if cell is None:
            cell = self.found_or_made(key)
        return cell

    def found_or_made(self, key):
        if len(self.cells) >= self.sort_at:
            self.sort()
        cell = None
        if self.unbound is not None:
            cell = self.unbound.get(key)
            self.unbound.set(key, None)
        if cell is None:
            cell = Cell()
        self.cells[key] = cell
        return cell

    def sort(self):
        bound = {}
        if self.unbound is None:
            self.unbound = UnboundCells()
        for key, cell in self.cells.items():
            if cell.w_value is None:
                self.unbound.set(key, cell)
            else:
                bound[key] = cell
        self.cells = bound
        self.sort_at = max(2 * len(bound), _FIRST_SORTING)

    def abandon(self):
        """Let all cells be empty for good."""
        for cell in self.cells.values():
            cell.abandon()
        if self.unbound is not None:
            for cell in self.unbound.values():
                cell.abandon()


class CellStrategy(DictStrategy):
    """Names of a module: a cell for each name bound, or looked up for code that has it."""

    erase, unerase = new_static_erasing_pair("cell dict")

    def fresh(self):
        return self.erase(Namespace())

    def cells(self, w_dict):
        return self.unerase(w_dict.storage).cells

    @jit.dont_look_inside
    def cell(self, w_dict, key):
        """The cell of a name, made if there is none."""
        return self.unerase(w_dict.storage).cell(key)

    @jit.elidable
    def cell_if_module(self, w_dict, key):
        """The cell of a name if the dictionary is a module namespace, else None: always the same for compiled code,
        which is told by the cell when `abandon` makes that wrong.
        """
        return self.cell(w_dict, key) if w_dict.strategy is self else None

    def length(self, w_dict):
        count = 0
        for cell in self.cells(w_dict).values():
            if cell.w_value is not None:
                count += 1
        return count

    def get(self, w_dict, w_key):
        if isinstance(w_key, W_Str):
            return self.get_str(w_dict, w_key.value)
        if never_equal_to_str(w_key):
            return None
        self.abandon(w_dict)
        return w_dict.strategy.get(w_dict, w_key)

    def get_str(self, w_dict, key):
        cell = self.cells(w_dict).get(key, None)
        if cell is None:
            return None
        return cell.w_value

    def set(self, w_dict, w_key, w_value):
        if isinstance(w_key, W_Str):
            self.set_str(w_dict, w_key.value, w_value)
        else:
            self.abandon(w_dict)
            w_dict.strategy.set(w_dict, w_key, w_value)

    def set_str(self, w_dict, key, w_value):
        self.cell(w_dict, key).store(w_value)

    def delete(self, w_dict, w_key):
        if isinstance(w_key, W_Str):
            return self.delete_str(w_dict, w_key.value)
        if never_equal_to_str(w_key):
            return False
        self.abandon(w_dict)
        return w_dict.strategy.delete(w_dict, w_key)

    def delete_str(self, w_dict, key):
        cell = self.cells(w_dict).get(key, None)
        if cell is None or cell.w_value is None:
            return False
        cell.store(None)
        return True

    def keys(self, w_dict):
        result_w = []
        cells = self.cells(w_dict)
        for key in cells:
            if cells[key].w_value is not None:
                result_w.append(space.newstr(key))
        return result_w

    def values(self, w_dict):
        result_w = []
        for cell in self.cells(w_dict).values():
            if cell.w_value is not None:
                result_w.append(cell.w_value)
        return result_w

    def clear(self, w_dict):
        for cell in self.cells(w_dict).values():
            if cell.w_value is not None:
                cell.store(None)

    def take_any_key(self, w_dict):
        self.abandon(w_dict)

    def abandon(self, w_dict):
        """Some key is no str: from now on an ordinary dictionary. Cached cells become empty: code that has them
        then looks the name up.
        """
        namespace = self.unerase(w_dict.storage)
        generalize(w_dict)
        namespace.abandon()


class InstanceStrategy(DictStrategy):
    """The attributes of an instance, seen through its map."""

    erase, unerase = new_static_erasing_pair("instance dict")

    def length(self, w_dict):
        count = 0
        for node in attribute_nodes(self.unerase(w_dict.storage).map):
            if node.kind == DICT:
                count += 1
        return count

    def get(self, w_dict, w_key):
        if isinstance(w_key, W_Str):
            return self.get_str(w_dict, w_key.value)
        if never_equal_to_str(w_key):
            return None
        self.unerase(w_dict.storage).devolve()
        return w_dict.strategy.get(w_dict, w_key)

    def get_str(self, w_dict, key):
        return self.unerase(w_dict.storage).read(key, DICT)

    def set(self, w_dict, w_key, w_value):
        if isinstance(w_key, W_Str):
            self.set_str(w_dict, w_key.value, w_value)
        else:
            self.unerase(w_dict.storage).devolve()
            w_dict.strategy.set(w_dict, w_key, w_value)

    def set_str(self, w_dict, key, w_value):
        self.unerase(w_dict.storage).setdictvalue(key, w_value)

    def delete(self, w_dict, w_key):
        if isinstance(w_key, W_Str):
            return self.delete_str(w_dict, w_key.value)
        if never_equal_to_str(w_key):
            return False
        self.unerase(w_dict.storage).devolve()
        return w_dict.strategy.delete(w_dict, w_key)

    def delete_str(self, w_dict, key):
        return self.unerase(w_dict.storage).delete(key, DICT)

    def keys(self, w_dict):
        result_w = []
        for node in attribute_nodes(self.unerase(w_dict.storage).map):
            if node.kind == DICT:
                result_w.append(space.newstr_interned(node.name))
        return result_w

    def values(self, w_dict):
        result_w = []
        inst = self.unerase(w_dict.storage)
        for node in attribute_nodes(inst.map):
            if node.kind == DICT:
                result_w.append(inst.storage[node.index])
        return result_w

    def take_any_key(self, w_dict):
        self.unerase(w_dict.storage).devolve()

    def clear(self, w_dict):
        self.unerase(w_dict.storage).devolve()
        w_dict.strategy.clear(w_dict)


EMPTY = EmptyStrategy()
STRS = StrStrategy()
INTEGERS = IntegerStrategy()
OBJECTS = ObjectStrategy()
CELLS = CellStrategy()
INSTANCE = InstanceStrategy()


class KnownKeys:
    """The keys that a dictionary has at this moment, to be used with others: an application's ``__hash__`` is not
    called again, since the table knows what it gave.
    """

    # `hashes` is None where all keys are exact strs or ints, whose hashes nobody sees computed.
    _attrs_ = ("keys_w", "hashes")

    def __init__(self, w_dict):
        if w_dict.strategy is OBJECTS:
            self.keys_w, self.hashes = OBJECTS.keys_and_hashes(w_dict)
        else:
            self.keys_w = w_dict.strategy.keys(w_dict)
            self.hashes = None

    def hash(self, number):
        if self.hashes is None:
            return space.hash_int(self.keys_w[number])
        return self.hashes[number]

    def is_in(self, number, w_dict):
        """Whether another dictionary has the key."""
        if self.hashes is None:
            return w_dict.strategy.get(w_dict, self.keys_w[number]) is not None
        return w_dict.strategy.contains_with_hash(w_dict, self.keys_w[number], self.hashes[number])

    def store(self, number, w_dict, w_value):
        if self.hashes is None:
            w_dict.strategy.set(w_dict, self.keys_w[number], w_value)
        else:
            w_dict.strategy.set_with_hash(w_dict, self.keys_w[number], self.hashes[number], w_value)

    def remove(self, number, w_dict):
        """False where the other dictionary does not have the key."""
        if self.hashes is None:
            return w_dict.strategy.delete(w_dict, self.keys_w[number])
        return w_dict.strategy.delete_with_hash(w_dict, self.keys_w[number], self.hashes[number])


@jit.dont_look_inside
def generalize(w_dict):
    """Switch to `ObjectStrategy`."""
    keys_w = w_dict.strategy.keys(w_dict)
    values_w = w_dict.strategy.values(w_dict)
    items = r_dict(key_equal, key_hash)
    for i in range(len(keys_w)):
        items[keys_w[i]] = values_w[i]
    switch(w_dict, OBJECTS, OBJECTS.erase(items))
