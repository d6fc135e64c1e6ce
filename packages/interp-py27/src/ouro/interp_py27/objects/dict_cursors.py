"""Positions in the tables of dictionaries and sets, for their iterators.

A cursor goes over the table of one storage without copying it. Nothing breaks where items come or go meanwhile: the
iterators notice that by the length.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.int_object import W_Int
from ouro.interp_py27.objects.root import W_Root


class DictCursor:
    """The base; each method gives None at the end and otherwise goes one item on."""

    _attrs_ = ()

    def next_key(self):
        raise NotImplementedError

    def next_value(self):
        raise NotImplementedError

    def next_item(self):
        """A tuple of key and value."""
        raise NotImplementedError


class StrCursor(DictCursor):
    """Over a table with unwrapped strs as keys."""

    _attrs_ = ("iterator",)

    def __init__(self, items):
        self.iterator = iter(items.items())

    def next_key(self):
        try:
            key, _ = next(self.iterator)
        except StopIteration:
            return None
        return space.newstr(key)

    def next_value(self):
        try:
            _, w_value = next(self.iterator)
        except StopIteration:
            return None
        return w_value

    def next_item(self):
        try:
            key, w_value = next(self.iterator)
        except StopIteration:
            return None
        return space.newtuple_2(space.newstr(key), w_value)


class IntegerCursor(DictCursor):
    """Over a table with machine integers as keys."""

    _attrs_ = ("iterator",)

    def __init__(self, items):
        self.iterator = iter(items.items())

    def next_key(self):
        try:
            key, _ = next(self.iterator)
        except StopIteration:
            return None
        return W_Int(key)

    def next_value(self):
        try:
            _, w_value = next(self.iterator)
        except StopIteration:
            return None
        return w_value

    def next_item(self):
        try:
            key, w_value = next(self.iterator)
        except StopIteration:
            return None
        return space.newtuple_2(W_Int(key), w_value)


class ObjectCursor(DictCursor):
    """Over a table with application objects as keys."""

    _attrs_ = ("iterator",)

    def __init__(self, items):
        self.iterator = iter(items.items())

    def next_key(self):
        try:
            w_key, _ = next(self.iterator)
        except StopIteration:
            return None
        return w_key

    def next_value(self):
        try:
            _, w_value = next(self.iterator)
        except StopIteration:
            return None
        return w_value

    def next_item(self):
        try:
            w_key, w_value = next(self.iterator)
        except StopIteration:
            return None
        return space.newtuple_2(w_key, w_value)


class ListCursor(DictCursor):
    """Over the keys there were at the start: for storages that are no tables."""

    _attrs_ = ("w_dict", "keys_w", "position")

    def __init__(self, w_dict, keys_w):
        self.w_dict = w_dict
        self.keys_w = keys_w
        self.position = 0

    def next_key(self):
        while self.position < len(self.keys_w):
            w_key = self.keys_w[self.position]
            self.position += 1
            if self.w_dict.getitem(w_key) is not None:
                return w_key
        return None

    def next_value(self):
        w_key = self.next_key()
        if w_key is None:
            return None
        return self.w_dict.getitem(w_key)

    def next_item(self):
        w_key = self.next_key()
        if w_key is None:
            return None
        return space.newtuple_2(w_key, self.w_dict.getitem(w_key))


class W_TableIterator(W_Root):
    """Over the table of a dictionary; begins again at the same place where the storage is replaced."""

    _attrs_ = ("cursor", "storage", "passed", "length")

    def __init__(self, w_dict):
        self.length = w_dict.length()
        self.passed = 0
        self.start(w_dict)

    def start(self, w_dict):
        self.storage = w_dict.storage
        self.cursor = w_dict.strategy.cursor(w_dict)

    def let_go(self, storage):
        """At the end: hold on to nothing but an empty storage."""
        self.storage = storage
        self.cursor = None

    def moved(self, w_dict):
        """The cursor, after making sure that it is one of the storage that `w_dict` has now."""
        if w_dict.storage is not self.storage:
            self.start_again(w_dict)
        self.passed += 1
        return self.cursor

    def start_again(self, w_dict):
        self.start(w_dict)
        for _ in range(self.passed):
            self.cursor.next_key()
